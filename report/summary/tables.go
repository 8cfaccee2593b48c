package summary

import (
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/wording"
)

func (w *writer) tables() []Table {
	var tables []Table
	if len(w.r.Targets) > 0 {
		tables = append(tables, w.targetTable())
	}
	tables = append(tables, w.dayTable(), w.handoverTable(), w.feedbackTable(), w.labelTable(), w.buttonTable(), w.pageTable())
	if movers := w.moverTable(); len(movers.Rows) > 0 {
		tables = append(tables, movers)
	}
	return tables
}

func (w *writer) columns(text []wording.Key, numbers ...wording.Key) []Column {
	var columns []Column
	for _, key := range text {
		columns = append(columns, Column{Title: w.Say(key)})
	}
	for _, key := range numbers {
		columns = append(columns, Column{Title: w.Say(key), Numbers: true})
	}
	return columns
}

// number writes a count, and a missing one as missing.
func (w *writer) number(n *int) string {
	if n == nil {
		return w.Say(wording.Missing)
	}
	return w.Count(*n)
}

func (w *writer) rate(rate *float64) string {
	if rate == nil {
		return w.Say(wording.Missing)
	}
	return w.Percent(*rate)
}

// known writes a count that is known, and another as missing.
func (w *writer) known(known bool, n int) string {
	if !known {
		return w.Say(wording.Missing)
	}
	return w.Count(n)
}

// dayTable is the week day by day. Handovers and rates that could not be fetched are missing in it, as their notices
// say; so are chats and messages that are not known.
func (w *writer) dayTable() Table {
	r := w.r
	column, rates, whole := wording.LabelFallbacks, DayRates(r), w.rate(r.Fallbacks.Rate)
	fallbacks := func(day int) string { return w.rate(rates[day]) }
	if CountsFallbacks(r) {
		column, whole = wording.ColumnFallbacks, w.number(r.Fallbacks.Count)
		fallbacks = func(day int) string { return w.number(r.Fallbacks.Daily[day].Count) }
	}
	t := Table{Name: TableDays, Title: w.Say(wording.TableDays), Columns: w.columns([]wording.Key{wording.ColumnDay},
		wording.LabelChats, wording.ColumnMessages, column, wording.LabelHandovers, wording.LabelClosed)}
	for i, day := range r.Chats.Daily {
		handovers := r.Handovers.Daily[i]
		t.Rows = append(t.Rows, []string{w.Day(day.Date.UTC()), w.known(day.Known(), day.Count), w.known(r.Messages.Daily[i].Known(), r.Messages.Daily[i].Count),
			fallbacks(i), w.number(handovers.Requests), w.number(handovers.RequestsWhileClosed)})
	}
	// A sum of some days stands nowhere as the week's.
	t.Total = []string{w.Say(wording.TotalRow), w.known(r.Chats.This().Known(), r.Chats.Total), w.known(r.Messages.This().Known(), r.Messages.Total),
		whole, w.number(r.Handovers.Requests), w.number(r.Handovers.RequestsWhileClosed)}
	return t
}

// changeCells are the cells of last week and of the change.
func (w *writer) changeCells(this int, previous *int, change *float64) (last, percent string) {
	none := w.Say(wording.Missing)
	if !w.r.Baseline || previous == nil {
		return none, none
	}
	if change == nil || !w.r.Comparable(this, *previous) {
		return w.Count(*previous), none
	}
	return w.Count(*previous), w.Change(*change)
}

func (w *writer) handoverTable() Table {
	h := w.r.Handovers
	t := Table{Name: TableHandovers, Title: w.Say(wording.TableHandovers), Missing: w.unavailable[figures.SectionHandovers],
		Columns: w.columns([]wording.Key{wording.ColumnStage}, wording.ColumnThis, wording.ColumnLast, wording.ColumnChange)}
	if h.Requests == nil {
		return t
	}
	for _, stage := range []struct {
		label          wording.Key
		this, previous *int
		change         *float64
	}{
		{wording.LabelHandovers, h.Requests, h.Previous.Requests, h.Change.Requests},
		{wording.LabelClosed, h.RequestsWhileClosed, h.Previous.RequestsWhileClosed, h.Change.RequestsWhileClosed},
		{wording.LabelStarted, h.Started, h.Previous.Started, h.Change.Started},
		{wording.LabelEnded, h.Ended, h.Previous.Ended, h.Change.Ended},
	} {
		last, change := w.changeCells(*stage.this, stage.previous, stage.change)
		t.Rows = append(t.Rows, []string{w.Say(stage.label), w.Count(*stage.this), last, change})
	}
	return t
}

func (w *writer) feedbackTable() Table {
	f := w.r.Feedback
	t := Table{Name: TableFeedback, Title: w.Say(wording.ChartFeedbackTitle), Missing: w.unavailable[figures.SectionFeedback],
		Columns: w.columns([]wording.Key{wording.ColumnRating}, wording.ColumnCount, wording.ColumnShare)}
	for _, kind := range []struct {
		ratings []figures.Rating
		steps   int
	}{{f.Binary, 2}, {f.Emojis, 5}} {
		_, total := figures.Positive(kind.ratings, kind.steps)
		for _, rating := range kind.ratings {
			if total == 0 {
				break
			}
			share := w.Say(wording.Missing) // of a handful a percentage says too much
			if total >= figures.MinRatings {
				share = w.Percent0(float64(rating.Count) / float64(total))
			}
			t.Rows = append(t.Rows, []string{w.Rating(rating.Rating, kind.steps), w.Count(rating.Count), share})
		}
	}
	if len(t.Rows) == 0 && t.Missing == "" {
		t.Note = w.Say(wording.RatingsNone)
	}
	return t
}

// pastCells are a list item's cells of last week and of the change. Between counts of which one may be less there is no
// percentage.
func (w *writer) pastCells(this int, atMost bool, past figures.Past) (last, percent string) {
	if past.BelowLimit && w.r.Baseline {
		return w.Say(wording.BelowLimit, w.Count(figures.ListLimit)), w.Say(wording.Missing)
	}
	last, percent = w.changeCells(this, past.Previous, past.Change)
	if w.r.Baseline && past.PreviousAtMost {
		last = AtMost(w.Wording, *past.Previous, true)
	}
	if atMost || past.PreviousAtMost {
		percent = w.Say(wording.Missing)
	}
	return last, percent
}

// AtMost writes a count that may be less, as that of [figures.Page] may.
func AtMost(words *wording.Wording, count int, atMost bool) string {
	if atMost {
		return words.Say(wording.AtMost, words.Count(count))
	}
	return words.Count(count)
}

// topNote says how much of a list is shown.
func (w *writer) topNote(section string, items int) string {
	switch {
	case items == 0:
		return w.Say(wording.NothingHappened)
	case w.r.IsFull(section, items):
		return w.Say(wording.TopOfFull, w.Count(min(Top, items)), w.Count(items))
	case items <= Top:
		return ""
	}
	return w.Say(wording.TopOf, w.Count(Top), w.Count(items))
}

func (w *writer) listTable(name, section string, title wording.Key, columns []Column, items int) Table {
	t := Table{Name: name, Title: w.Say(title), Columns: columns, Missing: w.unavailable[section]}
	if t.Missing == "" {
		t.Note = w.topNote(section, items)
	}
	return t
}

func (w *writer) labelTable() Table {
	t := w.listTable(TableLabels, figures.SectionLabels, wording.ChartLabelsTitle, w.columns([]wording.Key{wording.ColumnLabel},
		wording.ColumnThis, wording.ColumnLast, wording.ColumnChange), len(w.r.Labels))
	for _, l := range w.r.Labels[:min(Top, len(w.r.Labels))] {
		last, change := w.pastCells(l.Count, false, l.Past)
		t.Rows = append(t.Rows, []string{w.name(l.Text), w.Count(l.Count), last, change})
	}
	return t
}

func (w *writer) buttonTable() Table {
	t := w.listTable(TableButtons, figures.SectionButtons, wording.ChartButtonsTitle, w.columns([]wording.Key{wording.ColumnButton, wording.ColumnDialogue},
		wording.ColumnClicks, wording.ColumnLast, wording.ColumnChange), len(w.r.Buttons))
	for _, b := range w.r.Buttons[:min(Top, len(w.r.Buttons))] {
		last, change := w.pastCells(b.Count, false, b.Past)
		t.Rows = append(t.Rows, []string{w.name(b.Text), w.name(b.Dialogue), w.Count(b.Count), last, change})
	}
	return t
}

func (w *writer) pageTable() Table {
	t := w.listTable(TablePages, figures.SectionPages, wording.ChartPagesTitle, w.columns([]wording.Key{wording.ColumnPage},
		wording.LabelChats, wording.ColumnLast, wording.ColumnChange, wording.ColumnMessages), len(w.r.Pages))
	atMost := false
	for _, p := range w.r.Pages[:min(Top, len(w.r.Pages))] {
		last, change := w.pastCells(p.Sessions, p.AtMost, p.Past)
		atMost = atMost || p.AtMost || p.PreviousAtMost && w.r.Baseline
		t.Rows = append(t.Rows, []string{w.name(p.Host + p.Path), AtMost(w.Wording, p.Sessions, p.AtMost), last, change, w.Count(p.Messages)})
	}
	notes := []string{t.Note}
	if atMost {
		notes = append(notes, w.Say(wording.AtMostMeans))
	}
	if len(t.Rows) > 0 && w.partOfPages() {
		notes = append(notes, w.Say(wording.TopAddresses, w.Count(figures.ListLimit)))
	}
	t.Note = strings.TrimSpace(strings.Join(notes, " "))
	return t
}

// ByPath is the table of pages by their paths, which are what tells them apart, where all that are shown share a host: it stands
// once, in the note, and leaves its room to them.
func ByPath(t Table, r *figures.Report) Table {
	shown := r.Pages[:min(len(r.Pages), len(t.Rows))]
	if len(shown) < 2 || !names.Visible(shown[0].Host) || len(shown[0].Host) > 100 { // which would take the note's room
		return t
	}
	rows := make([][]string, len(shown))
	for i, p := range shown {
		if p.Host != shown[0].Host || !strings.HasPrefix(p.Path, "/") || t.Rows[i][0] != p.Host+p.Path {
			return t
		}
		rows[i] = append([]string{p.Path}, t.Rows[i][1:]...)
	}
	t.Rows = rows
	t.Note = strings.TrimSuffix(shown[0].Host+". "+t.Note, ". ")
	return t
}

// partOfPages reports whether addresses of pages in the report may be missing, since they were below the end of a list.
func (w *writer) partOfPages() bool {
	return slices.Contains(w.r.Full, figures.SectionPages) || slices.Contains(w.r.Full, figures.SectionPagesPrevious)
}

// mostMovers is how many items of each list are spoken of.
const mostMovers = 3

// moverTable is what is new, gone, risen or fallen, the three of each list that moved the furthest.
func (w *writer) moverTable() Table {
	t := Table{Name: TableMovers, Title: w.Say(wording.TableMovers), Columns: w.columns([]wording.Key{wording.ColumnName, wording.ColumnWhat},
		wording.ColumnThis, wording.ColumnLast)}
	if w.r.Movers == nil {
		return t
	}
	states := map[string]wording.Key{figures.New: wording.MoverNew, figures.Gone: wording.MoverGone, figures.Risen: wording.MoverRisen, figures.Fallen: wording.MoverFallen}
	for _, list := range []struct {
		what   wording.Key
		movers []figures.Mover
	}{{wording.ColumnLabel, w.r.Movers.Labels}, {wording.ColumnButton, w.r.Movers.Buttons}, {wording.ColumnPage, w.r.Movers.Pages}} {
		for _, m := range list.movers[:min(len(list.movers), mostMovers)] {
			this, previous := w.moverCounts(m)
			t.Rows = append(t.Rows, []string{w.moverName(m), w.Say(wording.WhatState, w.Say(list.what), w.Say(states[m.Kind])), this, previous})
		}
	}
	return t
}
