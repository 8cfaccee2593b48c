package summary

import (
	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// chatSection is chats by day, with a table of the days.
func (w *writer) chatSection() Section {
	chart := &Chart{Name: ChartChats, Rank: 1, Tabled: PartlyTabled}
	w.volumeChart(chart, figures.SectionChats, wording.ChartChatsTitle, w.r.Chats.Volume,
		func(d figures.BaselineDay) *float64 { return &d.Chats })
	return Section{Volume, chart, w.dayTable()}
}

// messageSection is the users' messages by day.
func (w *writer) messageSection() Section {
	chart := &Chart{Name: ChartMessages, Tabled: PartlyTabled}
	w.volumeChart(chart, figures.SectionMessages, wording.ChartMessagesTitle, w.r.Messages,
		func(d figures.BaselineDay) *float64 { return &d.Messages })
	return Section{Chapter: Volume, Chart: chart}
}

// volumeChart shows a count by day, with the usual one of each weekday, or without a baseline that
// of the week before. The finding of the first chart of days names what was special. The others
// have marks.
func (w *writer) volumeChart(c *Chart, section string, title wording.Key, v figures.Volume,
	usual func(figures.BaselineDay) *float64) {
	if !w.titled(c, title, section) {
		if v.Before().KnownDays() == 0 {
			return
		}
		c.Missing = "" // last week's days are there to draw
	}
	c.Kind, c.Marks = Columns, w.dayMarks()
	c.Compared = w.r.HasPrevious && (w.r.Baseline == nil || w.special())
	this := Series{Name: w.this}
	var items []string
	for i, d := range v.Daily {
		p := w.point(d.Date)
		p.Count, p.Usual = count(d), w.usualOfDay(i, usual)
		number := w.besideUsual(c, w.day(p.Count), p.Usual, w.Median)
		if c.Compared && len(v.PreviousDaily) == len(v.Daily) {
			p.Last = count(v.PreviousDaily[i])
			number = w.Say(wording.SubtitleLast, number, w.day(p.Last))
		}
		this.Points = append(this.Points, p)
		items = append(items, w.item(w.marked(p.Name, i, c.Marks), number))
	}
	c.Series = []Series{this}
	finding := w.volumeFinding(v, w.usualOfWeek(func(b *figures.Baseline) *figures.Typical {
		if c.Name == ChartChats {
			return &b.Chats
		}
		return &b.Messages
	}))
	if special := w.specialNames(w.specials); special != "" && c.Name == ChartChats {
		finding = w.Say(wording.SubtitleWith, finding, special)
	}
	w.describe(c, finding, items)
}

// volumeFinding returns the count, and the usual one. Without a baseline, it compares with the week
// before if that is possible, and gives the change if it may be printed.
func (w *writer) volumeFinding(v figures.Volume, usual *float64) string {
	switch this := v.This(); {
	case this.KnownDays() == 0:
		return w.Say(wording.NotKnown)
	case !this.Known():
		return w.Say(wording.ChatsPartial, w.Count(v.Total), this.KnownDays())
	case usual != nil:
		return w.Say(wording.SubtitleUsual, w.Count(v.Total), w.Median(*usual))
	case w.special() || !w.r.HasPrevious || !v.Before().Known():
		return w.Count(v.Total)
	case v.Change != nil && w.r.Comparable(v.Total, v.Previous):
		return w.Say(wording.SubtitleChange, w.Count(v.Total), w.Count(v.Previous),
			w.Change(*v.Change))
	}
	return w.Say(wording.SubtitleLast, w.Count(v.Total), w.Count(v.Previous))
}

// day writes a day's count, or that it is not known.
func (w *writer) day(n *int) string {
	if n == nil {
		return w.Say(wording.NotKnown)
	}
	return w.Count(*n)
}

// dayTable is the week day by day. Numbers that could not be fetched or are not known are missing
// in it, as the notices say.
func (w *writer) dayTable() *Table {
	r := w.r
	column, rates, whole := wording.LabelFallbacks, w.dayRates(), w.rate(r.Fallbacks.Rate)
	fallbacks := func(day int) string { return w.rate(rates[day]) }
	if w.countsFallbacks() {
		column, whole = wording.ColumnFallbacks, w.number(r.Fallbacks.Count)
		fallbacks = func(day int) string { return w.number(r.Fallbacks.Daily[day].Count) }
	}
	t := &Table{Name: TableDays, Title: w.Say(wording.TableDays), Rank: 1, Room: 1050,
		Columns: w.columns([]wording.Key{wording.ColumnDay},
			wording.LabelChats, wording.ColumnMessages, column, wording.LabelHandovers,
			wording.LabelClosed)}
	t.Columns[0].Texts = Brief
	for i, day := range r.Chats.Daily {
		handovers := r.Handovers.Daily[i]
		t.Rows = append(t.Rows, []string{
			w.Day(day.Date.UTC()), w.number(count(day)), w.number(count(r.Messages.Daily[i])),
			fallbacks(i), w.number(handovers.Requests), w.number(handovers.RequestsWhileClosed)})
	}
	// The sum of some days is not the week's.
	t.Total = []string{
		w.Say(wording.TotalRow), w.number(total(r.Chats.Volume)), w.number(total(r.Messages)),
		whole, w.number(r.Handovers.Requests), w.number(r.Handovers.RequestsWhileClosed)}
	return t
}

// total returns a week's count, nil if that of a day is not known.
func total(v figures.Volume) *int {
	if !v.This().Known() {
		return nil
	}
	return &v.Total
}

func (w *writer) chatNumbers()    { w.volumeNumbers("chats", w.r.Chats.Volume) }
func (w *writer) messageNumbers() { w.volumeNumbers("messages", w.r.Messages) }

func (w *writer) volumeNumbers(section string, v figures.Volume) {
	w.add(ofWeek, w.thisWeek(section), measure{"count", weekCount(v.This()), weekCount(v.Before())})
	for i, d := range v.Daily {
		w.add(ofDays, day(section, d.Date),
			measure{"count", decimal(count(d)), decimal(count(v.PreviousDaily[i]))})
	}
	for _, c := range v.Trend {
		w.add(weeksBefore, whole(section, c.Period),
			measure{name: "count", value: weekCount(c)})
	}
}

// weekCount writes a week's count, and nothing if that of a day is not known.
func weekCount(c figures.PeriodCount) string {
	if !c.Known() {
		return ""
	}
	return decimal(&c.Count)
}
