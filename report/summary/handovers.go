package summary

import (
	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// handoverSection is the requests for a human by day, with a table of the stages of handovers.
func (w *writer) handoverSection() Section {
	return Section{Quality, w.handoverChart(), w.handoverTable()}
}

func (w *writer) handoverChart() *Chart {
	c := &Chart{Name: ChartHandovers, Kind: Stacked, Half: true, Tabled: WhollyTabled}
	if !w.titled(c, wording.ChartHandoversTitle, figures.SectionHandovers) {
		return c
	}
	both := func(c figures.HandoverCounts) string {
		if c.Requests == nil || c.RequestsWhileClosed == nil {
			return w.Say(wording.NotKnown)
		}
		return w.Say(wording.SubtitleHandovers, *c.Requests, *c.RequestsWhileClosed)
	}
	c.Marks = w.dayMarks()
	open, closed := Series{Name: w.Say(wording.LegendRequested)},
		Series{Name: w.Say(wording.LegendClosed)}
	var items []string
	for i, d := range w.r.Handovers.Daily {
		p := w.point(d.Date)
		p.Count = d.Requests
		p.Usual = w.usualOfDay(i, func(d figures.BaselineDay) *float64 { return d.Requests })
		if p.Usual != nil {
			c.Usual = w.Say(wording.TermBaseline)
		}
		open.Points = append(open.Points, p)
		p.Count, p.Usual = d.RequestsWhileClosed, nil
		closed.Points = append(closed.Points, p)
		items = append(items, w.item(w.marked(p.Name, i, c.Marks), both(d.HandoverCounts)))
	}
	c.Series = []Series{open, closed}
	w.describe(c, both(w.r.Handovers.HandoverCounts), items)
	return c
}

func (w *writer) handoverTable() *Table {
	h := w.r.Handovers
	t := &Table{Name: TableHandovers, Title: w.Say(wording.TableHandovers), Room: 450,
		Missing: w.unavailable[figures.SectionHandovers],
		Columns: w.columns([]wording.Key{wording.ColumnStage}, wording.ColumnThis,
			wording.ColumnLast, wording.ColumnChange)}
	if h.Requests == nil {
		return t
	}
	for _, stage := range []struct {
		label          wording.Key
		this, previous *int
		change         *float64
	}{
		{wording.LabelHandovers, h.Requests, h.Previous.Requests, h.Change.Requests},
		{wording.LabelClosed, h.RequestsWhileClosed, h.Previous.RequestsWhileClosed,
			h.Change.RequestsWhileClosed},
		{wording.LabelStarted, h.Started, h.Previous.Started, h.Change.Started},
		{wording.LabelEnded, h.Ended, h.Previous.Ended, h.Change.Ended},
	} {
		last, change := w.changeCells(*stage.this, stage.previous, stage.change)
		t.Rows = append(t.Rows, []string{w.Say(stage.label), w.Count(*stage.this), last, change})
	}
	if least, _ := w.leastWithoutHuman(); least != "" {
		t.Note = w.Say(wording.HandoversAtLeast, least)
	}
	return t
}

func (w *writer) handoverNumbers() {
	stages := func(now, last figures.HandoverCounts) []measure { // which are never added up
		return []measure{
			{"requests", decimal(now.Requests), decimal(last.Requests)},
			{"requests_while_closed", decimal(now.RequestsWhileClosed),
				decimal(last.RequestsWhileClosed)},
			{"started", decimal(now.Started), decimal(last.Started)},
			{"ended", decimal(now.Ended), decimal(last.Ended)},
		}
	}
	h, none := w.r.Handovers, figures.HandoverCounts{}
	w.add(ofWeek, w.thisWeek("handovers"), stages(h.HandoverCounts, h.Previous)...)
	for _, d := range h.Daily {
		w.add(ofDays, day("handovers", d.Date), stages(d.HandoverCounts, none)...)
	}
	for _, c := range h.Trend {
		w.add(weeksBefore, whole("handovers", c.Period),
			stages(c.HandoverCounts, none)...)
	}
}
