package summary

import (
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// trendSection is chats by week over twelve weeks.
func (w *writer) trendSection() Section {
	return Section{Chapter: Volume, Chart: w.trendChart()}
}

func (w *writer) trendChart() *Chart {
	c := &Chart{Name: ChartTrend, Kind: Periods, Rank: 5}
	w.titled(c, wording.ChartTrendTitle)
	all, first := w.r.Chats.Trend, w.firstWeek()
	// Without any history all weeks are zeros after all.
	if c.Start = first; w.r.HistoryFrom == nil {
		c.Start = len(all)
	}
	c.Marks = w.weekMarks(all, first)
	usual := w.usualOfWeek(func(b *figures.Baseline) *figures.Typical { return &b.Chats })
	weeks := Series{Name: w.Say(wording.LabelChats)}
	var items []string
	highest := all[first]
	for i, week := range all {
		p := w.weekPoint(week.Period)
		if i >= first && week.Known() {
			p.Count = &week.Count
		}
		w.ofWeek(c, &p, i, usual, w.lead() == c.Name || w.lead() == ChartChats)
		weeks.Points = append(weeks.Points, p)
		if i < first {
			continue
		}
		items = append(items, w.item(w.marked(p.Name, i, c.Marks), w.week(week)))
		if week.Known() && week.Count >= highest.Count {
			highest = week
		}
	}
	c.Series = []Series{weeks}
	w.describe(c, w.trendFinding(highest, first == 0), items)
	return c
}

// trendFinding is this week's chats beside the most telling of: a record, the ordinary week, the
// beginning of the bot's history, the highest week. whole says that the history has all weeks.
func (w *writer) trendFinding(highest figures.PeriodCount, whole bool) string {
	this := w.r.Chats.This()
	count := w.Count(this.Count)
	finding := w.Say(wording.SubtitleTrend, count, w.Count(highest.Count),
		w.weekDates(highest.Period))
	rec := w.chatRecord()
	switch {
	case !this.Known():
		finding = w.week(this)
	case highest.Count == 0:
		return w.Say(wording.NothingHappened)
	case w.special():
		finding = count
	case rec != nil && rec.Highest:
		finding = w.Say(wording.SubtitleTrendHighest, count, rec.Periods)
	case rec != nil:
		finding = w.Say(wording.SubtitleTrendLowest, count, rec.Periods)
	case w.r.Baseline != nil:
		finding = w.Say(wording.SubtitleTrendUsual, count, w.Median(w.r.Baseline.Chats.Median))
	case !whole:
		finding = w.Say(wording.SubtitleTrendNew, count, w.Date(w.r.HistoryFrom.UTC()))
	case highest == this || !highest.Known():
		finding = count
	}
	if y := w.r.YearAgo; y != nil {
		finding = w.Say(wording.SubtitleTrendYear, finding, w.yearAgo(w.Count(y.Chats)))
	}
	return finding
}

// chatRecord returns the record that this week's chats set, or nil.
func (w *writer) chatRecord() (rec *figures.Record) {
	for _, i := range w.r.Insights {
		if i.Kind == figures.KindRecord && i.Record.Measure == figures.MeasureChats {
			rec = i.Record
		}
	}
	return rec
}

// weekDates writes a week by its days: 2–8 Nov.
func (w *writer) weekDates(week period.Period) string {
	return w.DatesShort(week.From().UTC(), week.Last().UTC())
}

// week writes a week's count, or as much of it as is known.
func (w *writer) week(c figures.PeriodCount) string {
	switch {
	case c.KnownDays() == 0:
		return w.Say(wording.NotKnown)
	case !c.Known():
		return w.Say(wording.ChatsPartial, w.Count(c.Count), c.KnownDays())
	}
	return w.Count(c.Count)
}

// hourSection is chats by weekday and hour.
func (w *writer) hourSection() Section {
	return Section{Chapter: Volume, Chart: w.hourChart()}
}

func (w *writer) hourChart() *Chart {
	c := &Chart{Name: ChartHours, Kind: Heatmap, Rank: 4}
	if !w.titled(c, wording.ChartHoursTitle, figures.SectionHours) {
		return c
	}
	var items []string
	var week peak
	busiest, known := "", 0
	skipped, unknown := false, false
	for i, hours := range w.r.Chats.Hourly {
		day := w.r.Period.From.Add(i).Weekday()
		row, most := Series{Name: w.WeekdayShort(day)}, peak{}
		knows := w.r.KnowsHours(i)
		if knows {
			known++
		}
		for hour, n := range hours {
			row.Points = append(row.Points, Point{Name: w.Hour(hour), Count: n})
			if n == nil {
				skipped, unknown = skipped || knows, unknown || !knows
				continue
			}
			most.see(hour, *n)
			if week.see(hour, *n) {
				busiest = w.OnWeekday(day)
			}
		}
		c.Series = append(c.Series, row)
		if knows || most.count > 0 {
			items = w.addPeak(items, day, most)
		} else {
			items = append(items, w.item(w.Weekday(day), w.Say(wording.NotKnown)))
		}
	}
	if skipped { // in the week in which the clocks go forward
		c.Gaps = append(c.Gaps, w.Say(wording.LegendSkipped))
	}
	if unknown {
		c.Gaps = append(c.Gaps, w.Say(wording.LegendUnknown))
	}
	finding := w.hourFinding(week, busiest)
	if known < len(w.r.Chats.Hourly) {
		finding = w.Say(wording.Clauses, finding, w.Say(wording.OnDays, known))
	}
	w.describe(c, finding, items)
	return c
}

// addPeak adds a text about the hour of a day with the most chats, if there were any.
func (w *writer) addPeak(items []string, day time.Weekday, most peak) []string {
	switch name := w.Weekday(day); {
	case most.tied:
		return append(items, w.item(name, w.Say(wording.AltPeakTied, most.count)))
	case most.count > 0:
		return append(items, w.item(name,
			w.Say(wording.AltPeak, w.Hour(most.hour), most.count)))
	}
	return items
}

func (w *writer) hourFinding(week peak, busiest string) string {
	switch {
	case week.tied:
		return w.Say(wording.SubtitleHoursTied, week.count)
	case week.count > 0:
		return w.Say(wording.SubtitleHoursPeak, busiest, w.Hour(week.hour), week.count)
	}
	return w.Say(wording.NothingHappened)
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

func (w *writer) hourNumbers() {
	for i, hours := range w.r.Chats.Hourly {
		for hour, n := range hours {
			if n != nil {
				w.add(ofHours, Number{Section: "chats", Per: "hour", Date: w.r.Period.From.Add(i),
					Hour: decimal(&hour)}, measure{name: "count", value: decimal(n)})
			}
		}
	}
}
