package summary

import (
	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// statistic is a subject of the report.
type statistic struct {
	section string      // in package figures; empty: none of its own
	name    wording.Key // what notices call the section
	// says returns the subject's section; nil: it has none.
	says func(*writer) Section
	// list adds the subject's numbers; nil: it has no others than its chart.
	list func(*writer)
}

// statistics returns all subjects in reading order. It is a function, since a subject's sentences
// may name another subject.
func statistics() []statistic {
	return []statistic{
		{figures.SectionChats, wording.SectionChats, (*writer).chatSection, (*writer).chatNumbers},
		{figures.SectionMessages, wording.SectionMessages, (*writer).messageSection,
			(*writer).messageNumbers},
		{figures.SectionFallbacks, wording.SectionFallbacks, (*writer).fallbackSection,
			(*writer).fallbackNumbers},
		{figures.SectionHandovers, wording.SectionHandovers, (*writer).handoverSection,
			(*writer).handoverNumbers},
		{"", "", (*writer).weekSection, nil},
		{"", "", (*writer).trendSection, nil},
		{figures.SectionHours, wording.SectionHours, (*writer).hourSection, (*writer).hourNumbers},
		{"", "", (*writer).sourceSection, (*writer).sliceNumbers},
		{"", "", (*writer).languageSection, nil},
		{figures.SectionFeedback, wording.SectionFeedback, (*writer).feedbackSection,
			(*writer).feedbackNumbers},
		{figures.SectionLabels, wording.SectionLabels, (*writer).labelSection,
			(*writer).labelNumbers},
		{figures.SectionButtons, wording.SectionButtons, (*writer).buttonSection,
			(*writer).buttonNumbers},
		{figures.SectionPages, wording.SectionPages, (*writer).pageSection, (*writer).pageNumbers},
		{"", "", (*writer).moverSection, nil},
		{"", "", nil, (*writer).historyNumbers},
		{figures.SectionYearAgo, wording.SectionYearAgo, nil, (*writer).yearAgoNumbers},
		{"", "", nil, (*writer).baselineNumbers},
		{"", "", nil, (*writer).targetNumbers},
		{"", "", nil, (*writer).specialNumbers},
	}
}
