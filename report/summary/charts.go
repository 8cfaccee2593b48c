package summary

import (
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

func (w *writer) charts() []Chart {
	return []Chart{
		w.volumeChart(ChartChats, figures.SectionChats, wording.ChartChatsTitle, w.r.Chats.Volume),
		w.volumeChart(ChartMessages, figures.SectionMessages, wording.ChartMessagesTitle, w.r.Messages),
		w.fallbackChart(),
		w.handoverChart(),
		w.trendChart(),
		w.hourChart(),
		w.feedbackChart(),
		w.listChart(ChartLabels, figures.SectionLabels, wording.ChartLabelsTitle, w.labelTable(), nil),
		w.listChart(ChartButtons, figures.SectionButtons, wording.ChartButtonsTitle, w.buttonTable(), w.buttonNames()),
		w.listChart(ChartPages, figures.SectionPages, wording.ChartPagesTitle, w.pageTable(), nil),
	}
}

// chart puts a chart's words together. items are its numbers, said one by one for whoever cannot see it.
func (w *writer) chart(name string, title wording.Key, finding string, items []string) Chart {
	c := Chart{Name: name, Title: w.Say(title), Subtitle: w.Sentence(finding), Items: items}
	c.Alt = names.Cut(w.Say(wording.Alt, c.Title, w.dates, strings.TrimSuffix(finding, "."), strings.Join(items, "; ")), 1000)
	if len(items) == 0 {
		c.Alt = names.Cut(w.Say(wording.AltShort, c.Title, w.dates, strings.TrimSuffix(finding, ".")), 1000)
	}
	return c
}

func (w *writer) missingChart(name, section string, title wording.Key) (Chart, bool) {
	reason, missing := w.unavailable[section]
	if !missing {
		return Chart{}, false
	}
	c := w.chart(name, title, w.Say(wording.NotAvailableReason, reason), nil)
	c.Missing = reason
	return c, true
}

func (w *writer) item(name, number string) string { return w.Say(wording.AltItem, name, number) }

// compared is a finding: the number, last week's where there is one to compare with, and the change where it may be
// printed.
func (w *writer) compared(v figures.Volume) string {
	switch this := v.This(); {
	case this.MissingDays == 7:
		return w.Say(wording.NotKnown)
	case !this.Known():
		return w.Say(wording.ChatsPartial, w.Count(v.Total), w.Count(7-this.MissingDays))
	case !w.r.Baseline || !v.LastWeek().Known():
		return w.Count(v.Total)
	case v.Change != nil && w.r.Comparable(v.Total, v.Previous):
		return w.Say(wording.SubtitleChange, w.Count(v.Total), w.Count(v.Previous), w.Change(*v.Change))
	}
	return w.Say(wording.SubtitleLast, w.Count(v.Total), w.Count(v.Previous))
}

// day is a day's count, or that it is not known.
func (w *writer) day(d figures.DayCount) string {
	if !d.Known() {
		return w.Say(wording.NotKnown)
	}
	return w.Count(d.Count)
}

func (w *writer) volumeChart(name, section string, title wording.Key, v figures.Volume) Chart {
	if c, missing := w.missingChart(name, section, title); missing && v.LastWeek().MissingDays == 7 {
		return c // else last week's days are there to draw
	}
	marks := w.dayMarks()
	var items []string
	for i, d := range v.Daily {
		number := w.day(d)
		if w.r.Baseline && len(v.PreviousDaily) == len(v.Daily) { // the picture has both
			number = w.Say(wording.SubtitleLast, number, w.day(v.PreviousDaily[i]))
		}
		items = append(items, w.item(w.marked(w.Day(d.Date.UTC()), i, marks), number))
	}
	finding := w.compared(v)
	if name == ChartChats { // it is the first of those that have days; the others have the marks
		finding = w.with(finding)
	}
	return w.dated(w.chart(name, title, finding, items), marks)
}

// with adds to a finding about this week's days what was special about them.
func (w *writer) with(finding string) string {
	if special := w.specialNames(w.r.SpecialIn(w.r.Week.Name)); special != "" {
		return w.Say(wording.SubtitleWith, finding, special)
	}
	return finding
}

// dated gives a chart its marks.
func (w *writer) dated(c Chart, marks []Mark) Chart {
	c.Marks = marks
	return c
}

// CountsFallbacks reports whether a week has so few messages that every edition counts its fallbacks, day by day too: of a
// handful a percentage says too much.
func CountsFallbacks(r *figures.Report) bool {
	return r.Fallbacks.Count != nil && r.Fallbacks.Rate != nil && !r.EnoughMessages()
}

// DayRates are the fallback rates by day, as every edition shows them: nil where there is none, and where people wrote only a
// handful of messages.
func DayRates(r *figures.Report) []*float64 {
	rates := make([]*float64, len(r.Fallbacks.Daily))
	for i, d := range r.Fallbacks.Daily {
		if !CountsFallbacks(r) && r.EnoughOfDay(i) {
			rates[i] = d.Rate
		}
	}
	return rates
}

func (w *writer) fallbackChart() Chart {
	title := wording.ChartFallbacksTitle
	if CountsFallbacks(w.r) {
		title = wording.ChartFallbackCountsTitle
	}
	if c, missing := w.missingChart(ChartFallbacks, figures.SectionFallbacks, title); missing {
		return c
	}
	if c, missing := w.missingChart(ChartFallbacks, figures.SectionFallbacksDaily, title); missing {
		return c
	}
	f := w.r.Fallbacks
	marks := w.dayMarks()
	var items []string
	rates := DayRates(w.r)
	for i, d := range f.Daily {
		number := w.Say(wording.AltGap)
		switch {
		case rates[i] != nil:
			number = w.Percent(*rates[i])
		case CountsFallbacks(w.r) && d.Count != nil:
			number = w.Count(*d.Count)
		}
		items = append(items, w.item(w.marked(w.Day(d.Date.UTC()), i, marks), number))
	}
	finding := w.noRate()
	switch {
	case f.Rate == nil:
	case !w.r.EnoughMessages(): // as on its tile
		finding = w.Say(wording.FallbacksOf, *f.Count)
		if w.r.Baseline && f.PreviousCount != nil {
			finding = w.Say(wording.SubtitleLast, finding, w.Count(*f.PreviousCount))
		}
	case w.r.FallbacksComparable():
		finding = w.Say(wording.SubtitleChange, w.Percent(*f.Rate), w.Percent(*f.PreviousRate), w.Points(*f.ChangePP))
	case w.r.Baseline && f.PreviousRate != nil:
		finding = w.Say(wording.SubtitleLast, w.Percent(*f.Rate), w.Percent(*f.PreviousRate))
	default:
		finding = w.Percent(*f.Rate)
	}
	return w.dated(w.chart(ChartFallbacks, title, finding, items), marks)
}

func (w *writer) handoverChart() Chart {
	if c, missing := w.missingChart(ChartHandovers, figures.SectionHandovers, wording.ChartHandoversTitle); missing {
		return c
	}
	h := w.r.Handovers
	both := func(c figures.HandoverCounts) string {
		if c.Requests == nil || c.RequestsWhileClosed == nil {
			return w.Say(wording.NotKnown)
		}
		return w.Say(wording.SubtitleHandovers, w.Count(*c.Requests), w.Count(*c.RequestsWhileClosed))
	}
	marks := w.dayMarks()
	var items []string
	for i, d := range h.Daily {
		items = append(items, w.item(w.marked(w.Day(d.Date.UTC()), i, marks), both(d.HandoverCounts)))
	}
	return w.dated(w.chart(ChartHandovers, wording.ChartHandoversTitle, both(h.HandoverCounts), items), marks)
}

// weekDates writes a week by its days: 2–8 Nov.
func (w *writer) weekDates(week period.Week) string {
	return w.DatesShort(week.From().UTC(), week.To().Add(-1).UTC())
}

// week is a week's count, or as much of it as is known.
func (w *writer) week(c figures.WeekCount) string {
	switch {
	case c.MissingDays == 7:
		return w.Say(wording.NotKnown)
	case !c.Known():
		return w.Say(wording.ChatsPartial, w.Count(c.Count), w.Count(7-c.MissingDays))
	}
	return w.Count(c.Count)
}

func (w *writer) trendChart() Chart {
	weekly := w.r.Chats.Weekly
	// Weeks before the bot's history are not weeks without chats.
	whole := true
	if from := w.r.HistoryFrom; from != nil {
		for len(weekly) > 1 && !from.Before(weekly[0].Week.To()) {
			weekly = weekly[1:]
		}
		whole = len(weekly) == figures.TrendWeeks
	}
	marks := w.weekMarks(weekly)
	var items []string
	highest := weekly[0]
	for i, c := range weekly {
		items = append(items, w.item(w.marked(w.weekDates(c.Week), i, marks), w.week(c)))
		if c.Known() && c.Count >= highest.Count {
			highest = c
		}
	}
	this := weekly[len(weekly)-1]
	var rec *figures.Record
	for _, i := range w.r.Insights {
		if i.Kind == figures.KindRecord && i.Record.Measure == figures.MeasureChats {
			rec = i.Record
		}
	}
	finding := w.Say(wording.SubtitleTrend, w.Count(this.Count), w.Count(highest.Count), w.weekDates(highest.Week))
	switch {
	case !this.Known():
		finding = w.week(this)
	case highest.Count == 0:
		return w.dated(w.chart(ChartTrend, wording.ChartTrendTitle, w.Say(wording.NothingHappened), items), marks)
	case w.special():
		finding = w.Count(this.Count)
	case rec != nil && rec.Highest:
		finding = w.Say(wording.SubtitleTrendHighest, w.Count(this.Count), w.Count(rec.Weeks))
	case rec != nil:
		finding = w.Say(wording.SubtitleTrendLowest, w.Count(this.Count), w.Count(rec.Weeks))
	case w.r.Ordinary != nil:
		finding = w.Say(wording.SubtitleTrendUsual, w.Count(this.Count), w.middle(w.r.Ordinary.Chats.Median))
	case !whole:
		finding = w.Say(wording.SubtitleTrendNew, w.Count(this.Count), w.Date(w.r.HistoryFrom.UTC()))
	case highest == this || !highest.Known():
		finding = w.Count(this.Count)
	}
	if y := w.r.YearAgo; y != nil {
		finding = w.Say(wording.SubtitleTrendYear, finding, w.yearAgo(w.Count(y.Chats)))
	}
	return w.dated(w.chart(ChartTrend, wording.ChartTrendTitle, finding, items), marks)
}

func (w *writer) hourChart() Chart {
	if c, missing := w.missingChart(ChartHours, figures.SectionHours, wording.ChartHoursTitle); missing {
		return c
	}
	var week peak
	day := 0
	var items []string
	for i, hours := range w.r.Chats.Hourly {
		var most peak
		for hour, n := range hours {
			if n == nil {
				continue
			}
			most.see(hour, *n)
			if week.see(hour, *n) {
				day = i
			}
		}
		weekday := w.Weekday(w.r.Chats.Daily[i].Date.Weekday())
		switch {
		case !w.r.KnowsHours(i) && most.count == 0:
			items = append(items, w.item(weekday, w.Say(wording.NotKnown)))
		case most.tied:
			items = append(items, w.item(weekday, w.Say(wording.AltPeakTied, w.Count(most.count))))
		case most.count > 0:
			items = append(items, w.item(weekday, w.Say(wording.AltPeak, w.Hour(most.hour), w.Count(most.count))))
		}
	}
	finding := w.Say(wording.NothingHappened)
	switch {
	case week.tied:
		finding = w.Say(wording.SubtitleHoursTied, w.Say(wording.ChatCount, week.count))
	case week.count > 0:
		finding = w.Say(wording.SubtitleHoursPeak, w.Weekday(w.r.Chats.Daily[day].Date.Weekday()), w.Hour(week.hour), w.Say(wording.ChatCount, week.count))
	}
	if known := w.knownHours(); known < 7 {
		finding = w.Say(wording.Clauses, finding, w.Say(wording.OnDays, w.Count(known)))
	}
	return w.chart(ChartHours, wording.ChartHoursTitle, finding, items)
}

// knownHours is of how many days the chats by hour are known.
func (w *writer) knownHours() (days int) {
	for day := range 7 {
		if w.r.KnowsHours(day) {
			days++
		}
	}
	return days
}

// peak is the hour with the most, and whether another had as many.
type peak struct {
	hour, count int
	tied        bool
}

// see reports whether the hour is the new peak.
func (p *peak) see(hour, n int) bool {
	if n > p.count {
		*p = peak{hour: hour, count: n}
		return true
	}
	p.tied = p.tied || n > 0 && n == p.count
	return false
}

func (w *writer) feedbackChart() Chart {
	if c, missing := w.missingChart(ChartFeedback, figures.SectionFeedback, wording.ChartFeedbackTitle); missing {
		return c
	}
	f := w.r.Feedback
	var findings, items []string
	for _, kind := range []struct {
		ratings []figures.Rating
		steps   int
		name    wording.Key
	}{{f.Binary, 2, wording.LegendBinary}, {f.Emojis, 5, wording.LegendEmojis}} {
		if _, total := figures.Positive(kind.ratings, kind.steps); total == 0 {
			continue
		}
		findings = append(findings, w.Say(wording.RatingsBoth, w.Say(kind.name), w.ratings(kind.ratings, kind.steps)))
		for _, rating := range kind.ratings {
			items = append(items, w.item(w.Rating(rating.Rating, kind.steps), w.Count(rating.Count)))
		}
	}
	finding := w.Say(wording.RatingsNone)
	if len(findings) > 0 {
		finding = strings.Join(findings, "; ")
	}
	return w.chart(ChartFeedback, wording.ChartFeedbackTitle, finding, items)
}

// buttonNames are those of the buttons in their table.
func (w *writer) buttonNames() []string {
	var all []string
	for _, b := range w.r.Buttons[:min(Top, len(w.r.Buttons))] {
		all = append(all, ButtonName(w.Wording, w.r, b.Text, b.Dialogue))
	}
	return all
}

// listChart says the items of a list's table, by their titles or, without any, by their first cells.
func (w *writer) listChart(name, section string, title wording.Key, table Table, titles []string) Chart {
	if c, missing := w.missingChart(name, section, title); missing {
		return c
	}
	number := 0 // the first column of numbers is the one that the bars show
	for !table.Columns[number].Numbers {
		number++
	}
	var said []string
	for i, row := range table.Rows {
		if i >= len(titles) {
			titles = append(titles, row[0])
		}
		said = append(said, w.item(wording.Name(names.Cut(titles[i], 60)), row[number]))
	}
	finding := w.Say(wording.NothingHappened)
	if len(table.Rows) > 0 {
		finding = w.Say(wording.SubtitleFirst, wording.Name(names.Cut(titles[0], 60)), table.Rows[0][number])
		if section == figures.SectionPages && w.partOfPages() {
			finding += ". " + w.Say(wording.TopAddresses, w.Count(figures.ListLimit))
		}
	}
	return w.chart(name, title, finding, said)
}
