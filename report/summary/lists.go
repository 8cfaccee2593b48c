package summary

import (
	"slices"
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/wording"
)

// list is a list of which the report shows the first items.
type list struct {
	section string // in package figures
	title   wording.Key
	chart   *Chart // with its name and rank
	table   *Table // with its name, ranks and columns
	items   []listItem
	all     int    // how many items there are
	part    string // a sentence that says that items may be missing; empty: none
}

// listItem is an item of a list.
type listItem struct {
	cells  []string // that name it in the table
	name   string   // in texts about the chart
	short  string   // in the chart
	count  int
	atMost bool // the count is an upper bound
	figures.Past
	more []string // cells after the change
}

// listSection fills in the chart and the table of a list.
func (w *writer) listSection(l list) Section {
	c, t := l.chart, l.table
	c.Kind, c.Tabled = Ranking, SameTable
	t.Title, t.Missing = w.Say(l.title), w.unavailable[l.section]
	bounds := false
	for _, i := range l.items {
		last, change := w.pastCells(i)
		t.Rows = append(t.Rows, slices.Concat(i.cells,
			[]string{w.atMost(i.count, i.atMost), last, change}, i.more))
		bounds = bounds || i.atMost || i.PreviousAtMost && w.r.HasPrevious
		c.AtMost = c.AtMost || i.atMost || i.PreviousAtMost
	}
	var notes []string
	if t.Missing == "" {
		notes = append(notes, w.topNote(l.section, l.all))
	}
	if bounds {
		notes = append(notes, w.Say(wording.AtMostMeans))
	}
	t.Note = strings.TrimSpace(strings.Join(append(notes, l.part), " "))
	if w.titled(c, l.title, l.section) {
		w.describeList(c, l)
	}
	return Section{Lists, c, t}
}

func (w *writer) describeList(c *Chart, l list) {
	var series Series
	var texts []string
	finding := w.Say(wording.NothingHappened)
	for n, i := range l.items {
		count := w.atMost(i.count, i.atMost)
		p := Point{Name: i.short, Count: &i.count, Text: count}
		if w.r.HasPrevious && i.Previous != nil {
			p.Last, c.Compared = i.Previous, true
		}
		series.Points = append(series.Points, p)
		name := wording.Name(names.Cut(i.name, 60))
		texts = append(texts, w.item(name, count))
		if n == 0 {
			finding = w.Say(wording.SubtitleFirst, name, count)
		}
	}
	if l.part != "" {
		finding += ". " + l.part
	}
	if len(l.items) > 0 {
		c.Series = []Series{series}
	}
	w.describe(c, finding, texts)
}

// top returns the first items of a list, all that are shown.
func top[T any](list []T) []T { return list[:min(len(list), Top)] }

// topNote says how much of a list is shown.
func (w *writer) topNote(section string, items int) string {
	switch {
	case items == 0:
		return w.Say(wording.NothingHappened)
	case w.r.IsFull(section, items):
		return w.Say(wording.TopOfFull, min(Top, items), items)
	case items <= Top:
		return ""
	}
	return w.Say(wording.TopOf, Top, items)
}

// pastCells returns a list item's cells of last week and of the change. There is no percentage
// between counts of which one is an upper bound.
func (w *writer) pastCells(i listItem) (last, percent string) {
	if i.BelowLimit && w.r.HasPrevious {
		return w.Say(wording.BelowLimit, w.Count(figures.ListLimit)), w.Say(wording.Missing)
	}
	last, percent = w.changeCells(i.count, i.Previous, i.Change)
	if w.r.HasPrevious && i.PreviousAtMost {
		last = w.atMost(*i.Previous, true)
	}
	if i.atMost || i.PreviousAtMost {
		percent = w.Say(wording.Missing)
	}
	return last, percent
}

// atMost writes a count that may be an upper bound.
func (w *writer) atMost(count int, atMost bool) string { return w.Written(bound(count, atMost)) }

// bound returns a count, which may be an upper bound, as an argument of a message.
func bound(count int, atMost bool) any {
	if atMost {
		return wording.UpTo(count)
	}
	return count
}

// labelSection is the labels that were added most.
func (w *writer) labelSection() Section {
	var items []listItem
	for _, l := range top(w.r.Labels) {
		name := w.name(l.Text)
		items = append(items, listItem{cells: []string{name}, name: name, short: name,
			count: l.Count, Past: l.Past})
	}
	return w.listSection(list{
		section: figures.SectionLabels, title: wording.ChartLabelsTitle, items: items,
		all:   len(w.r.Labels),
		chart: &Chart{Name: ChartLabels, Rank: 3},
		table: &Table{Name: TableLabels, Rank: 3, Room: 900, Columns: w.columns(
			[]wording.Key{wording.ColumnLabel}, wording.ColumnThis, wording.ColumnLast,
			wording.ColumnChange)},
	})
}

func (w *writer) labelNumbers() {
	for _, l := range w.r.Labels {
		ids := strings.Join(append([]string{l.ID}, l.OtherIDs...), " ")
		w.addItem(ofLabels, Number{Section: "labels", Item: w.name(l.Text), Detail: ids},
			measure{name: "count", value: decimal(&l.Count)}, l.Past)
	}
}

// buttonSection is the buttons that were clicked most.
func (w *writer) buttonSection() Section {
	var items []listItem
	for _, b := range top(w.r.Buttons) {
		name := w.buttonName(b.Text, b.Dialogue)
		items = append(items, listItem{cells: []string{w.name(b.Text), w.name(b.Dialogue)},
			name: name, short: name, count: b.Count, Past: b.Past})
	}
	return w.listSection(list{
		section: figures.SectionButtons, title: wording.ChartButtonsTitle, items: items,
		all:   len(w.r.Buttons),
		chart: &Chart{Name: ChartButtons},
		table: &Table{Name: TableButtons, Rank: 4, Room: 800, Columns: w.columns(
			[]wording.Key{wording.ColumnButton, wording.ColumnDialogue},
			wording.ColumnClicks, wording.ColumnLast, wording.ColumnChange)},
	})
}

func (w *writer) buttonNumbers() {
	for _, b := range w.r.Buttons {
		w.addItem(ofButtons,
			Number{Section: "buttons", Item: w.name(b.Text), Detail: w.name(b.Dialogue)},
			measure{name: "count", value: decimal(&b.Count)}, b.Past,
			measure{name: "ratio", value: fraction(&b.Ratio)})
	}
}

// buttonName returns a button's text, with its dialogue if another button looks like it.
func (w *writer) buttonName(text, dialogue string) string {
	look := func(s string) string { return names.Look(w.name(s)) }
	name, in := look(text), look(dialogue)
	twin := func(text, dialogue string) bool { return look(text) == name && look(dialogue) != in }
	twins := slices.ContainsFunc(w.r.Buttons, func(b figures.Button) bool {
		return twin(b.Text, b.Dialogue)
	})
	if w.r.Movers != nil {
		twins = twins || slices.ContainsFunc(w.r.Movers.Buttons, func(m figures.Mover) bool {
			return twin(m.Name, m.Dialogue)
		})
	}
	if !twins || in == look("") {
		return w.name(text)
	}
	return w.Say(wording.ButtonIn, w.name(text), dialogue)
}

// pageSection is the web pages on which most chats took place.
func (w *writer) pageSection() Section {
	pages := top(w.r.Pages)
	another := func(p figures.Page) bool { return p.Host != pages[0].Host }
	oneHost := !slices.ContainsFunc(pages, another)
	var items []listItem
	for _, p := range pages {
		name := w.name(p.Host + p.Path)
		short := name
		if oneHost && names.Visible(p.Path) {
			short = p.Path // the host would take the room of what differs
		}
		items = append(items, listItem{cells: []string{name}, name: name, short: short,
			count: p.Sessions, atMost: p.AtMost, Past: p.Past, more: []string{w.Count(p.Messages)}})
	}
	l := list{
		section: figures.SectionPages, title: wording.ChartPagesTitle, items: items,
		all:   len(w.r.Pages),
		chart: &Chart{Name: ChartPages},
		table: &Table{Name: TablePages, Rank: 5, Room: 1000, Common: commonHost(pages),
			Columns: w.columns([]wording.Key{wording.ColumnPage}, wording.LabelChats,
				wording.ColumnLast, wording.ColumnChange, wording.ColumnMessages)},
	}
	l.table.Columns[0].Texts = Addresses
	// Some addresses of these pages may have been below the end of a list.
	full := slices.Contains(w.r.Full, figures.SectionPages) ||
		slices.Contains(w.r.Full, figures.SectionPagesPrevious)
	if full && len(items) > 0 {
		l.part = w.Say(wording.TopAddresses, figures.ListLimit)
	}
	return w.listSection(l)
}

// commonHost returns the host of all pages if a table can say it once: if there are several, and
// their paths name them.
func commonHost(pages []figures.Page) string {
	if len(pages) < 2 {
		return ""
	}
	host := pages[0].Host
	if !names.Visible(host) || len(host) > 100 { // a longer one would take the room of the note
		return ""
	}
	for _, p := range pages {
		if p.Host != host || !strings.HasPrefix(p.Path, "/") {
			return ""
		}
	}
	return host
}

func (w *writer) pageNumbers() {
	for _, p := range w.r.Pages {
		n := Number{Section: "pages", Item: p.Host, Detail: p.Path,
			AtMost: bounds(p.AtMost, p.PreviousAtMost && w.r.HasPrevious)}
		if !names.Visible(p.Host + p.Path) {
			n.Item = w.name("")
		}
		w.addItem(ofPages, n, measure{name: "sessions", value: decimal(&p.Sessions)}, p.Past,
			measure{name: "messages", value: decimal(&p.Messages)})
	}
}

// moversOfEach is how many items of each list the table of movers has.
const moversOfEach = 3

// moverSection is what is new, gone, risen or fallen: of each list the items that moved the
// furthest.
func (w *writer) moverSection() Section {
	if w.r.Movers == nil {
		return Section{}
	}
	t := &Table{Name: TableMovers, Title: w.Say(wording.TableMovers), Rank: 2, Room: 400,
		Told: true, Columns: w.columns([]wording.Key{wording.ColumnName, wording.ColumnWhat},
			wording.ColumnThis, wording.ColumnLast)}
	states := map[string]wording.Key{
		figures.New: wording.MoverNew, figures.Gone: wording.MoverGone,
		figures.Risen: wording.MoverRisen, figures.Fallen: wording.MoverFallen,
	}
	for _, list := range []struct {
		what   wording.Key
		movers []figures.Mover
	}{
		{wording.ColumnLabel, w.r.Movers.Labels}, {wording.ColumnButton, w.r.Movers.Buttons},
		{wording.ColumnPage, w.r.Movers.Pages},
	} {
		for _, m := range list.movers[:min(len(list.movers), moversOfEach)] {
			this, previous := w.moverCounts(m)
			what := w.Say(wording.WhatState, w.Say(list.what), w.Say(states[m.Kind]))
			t.Rows = append(t.Rows,
				[]string{w.moverName(m), what, w.Written(this), w.Written(previous)})
		}
	}
	if len(t.Rows) == 0 {
		return Section{}
	}
	return Section{Chapter: Lists, Table: t}
}
