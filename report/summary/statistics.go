package summary

import (
	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// statistic is what the report says about one subject.
type statistic struct {
	tiles   []Tile
	section Section
}

// statistics returns all subjects of the report in reading order.
func (w *writer) statistics() []statistic {
	return []statistic{
		w.chatSection(),
		w.messageSection(),
		w.fallbackSection(),
		w.handoverSection(),
		w.trendSection(),
		w.hourSection(),
		w.feedbackSection(),
		w.labelSection(),
		w.buttonSection(),
		w.pageSection(),
		w.moverSection(),
	}
}

// statisticData adds the numbers of all subjects, in the order of report.csv.
func (w *writer) statisticData() {
	w.chatData()
	w.messageData()
	w.fallbackData()
	w.handoverData()
	w.feedbackData()
	w.hourData()
	w.pageData()
	w.buttonData()
	w.labelData()
}

// sectionNames are what notices call the sections of package figures.
var sectionNames = map[string]wording.Key{
	figures.SectionChats:     wording.SectionChats,
	figures.SectionMessages:  wording.SectionMessages,
	figures.SectionHours:     wording.SectionHours,
	figures.SectionFallbacks: wording.SectionFallbacks,
	figures.SectionHandovers: wording.SectionHandovers,
	figures.SectionFeedback:  wording.SectionFeedback,
	figures.SectionPages:     wording.SectionPages,
	figures.SectionButtons:   wording.SectionButtons,
	figures.SectionLabels:    wording.SectionLabels,
	figures.SectionYearAgo:   wording.SectionYearAgo,
}
