package figures

import (
	"cmp"
	"math"
	"slices"

	"kindlyweekly/report/names"
)

// lists are those of a report. Rows that a reader cannot tell apart are one in them: labels of the same look, whatever their
// ids; buttons of the same look in dialogues of the same look; addresses of the same page. A label that was renamed is still
// the same, and is called as it was last.
type lists struct {
	pages   list[Page]
	buttons list[Button]
	labels  list[Label]
}

// list is one list in both weeks.
type list[T any] struct {
	section, previousSection string
	read                     func(*T) item
	this, previous           rows[T]
	parts                    map[any]bool // of what was found to have several rows, so that there may be more of them
}

// rows are a list in one week.
type rows[T any] struct {
	Answer[[]T] // added up

	full  bool         // Sage gave as many rows as it was asked for, so there may be more
	end   int          // the least count of a row: what is below the end of a full list has no more
	items map[any]item // by key
	least map[any]int  // the least that each can be, where some chats may count twice
	added bool         // rows were added up, or cut to what they are a part of
}

// item is what the items of all lists have.
type item struct {
	key    any // equal for what a reader cannot tell apart, in both weeks
	count  int
	atMost bool // some of the count may be counted twice
	past   *Past
	mover  Mover // its name alone
}

// listsOf reads the lists of both weeks and adds up what a reader cannot tell apart.
func (r *Report) listsOf(a Answers) lists {
	page := func(p Page) (Page, bool) {
		p.Host, p.Path = valid(p.Host), valid(p.Path)
		if r.PageQueries == PageQueriesKeep {
			return p, false
		}
		bare := p.withoutQuery()
		return bare, !bare.sameAddress(p)
	}
	button := func(b Button) (Button, bool) {
		b.Text, b.Dialogue = valid(b.Text), valid(b.Dialogue)
		return b, false
	}
	called := callings(a.Labels)
	label := func(l Label) (Label, bool) {
		l.ID, l.Text = valid(l.ID), valid(l.Text)
		if l.ID != "" {
			l.Text = called[l.ID]
		}
		return l, false
	}
	return lists{
		pages: listOf(a.Pages, SectionPages, SectionPagesPrevious, page, (*Page).add, func(p *Page) item {
			return item{pageKey(*p), p.Sessions, p.AtMost, &p.Past, Mover{Name: p.Host + p.Path}}
		}),
		buttons: listOf(a.Buttons, SectionButtons, SectionButtonsPrevious, button, (*Button).add, func(b *Button) item {
			return item{buttonKey(*b), b.Count, false, &b.Past, Mover{Name: b.Text, Dialogue: b.Dialogue}}
		}),
		labels: listOf(a.Labels, SectionLabels, SectionLabelsPrevious, label, (*Label).add, func(l *Label) item {
			return item{labelKey(*l), l.Count, false, &l.Past, Mover{Name: l.Text}}
		}),
	}
}

// What is equal for the same thing in both weeks.

func pageKey(p Page) any { return [2]string{p.Host, p.Path} }

func buttonKey(b Button) any { return [2]string{names.Look(b.Text), names.Look(b.Dialogue)} }

func labelKey(l Label) any { return names.Look(l.Text) }

// callings are the names of labels by their ids: this week's, or last week's of a label that was not added in this one. Of a
// label that was renamed within a week it is the one by which it was added the most often.
func callings(a Pair[[]Label]) map[string]string {
	called := make(map[string]string)
	for _, week := range [][]Label{a.Previous.Value, a.This.Value} {
		most := make(map[string]int)
		for _, l := range week {
			id := valid(l.ID)
			if n, seen := most[id]; !seen || l.Count > n {
				most[id], called[id] = l.Count, valid(l.Text)
			}
		}
	}
	return called
}

func (b *Button) add(other Button) {
	b.Count, b.Ratio = plus(b.Count, other.Count), min(1, b.Ratio+other.Ratio)
}

func (l *Label) add(other Label) {
	l.Count = plus(l.Count, other.Count)
	if other.ID != l.ID && other.ID != "" && !slices.Contains(l.OtherIDs, other.ID) {
		l.OtherIDs = append(l.OtherIDs, other.ID)
	}
}

// listOf adds up the rows of both weeks. clean returns a row as the report has it, and whether it is a part of what it then
// stands for, of which others may be below the end of the list.
func listOf[T any](a Pair[[]T], section, previousSection string, clean func(T) (T, bool), add func(*T, T), read func(*T) item) list[T] {
	l := list[T]{section: section, previousSection: previousSection, read: read, parts: make(map[any]bool)}
	addUp := func(a Answer[[]T]) rows[T] {
		w := rows[T]{Answer: a, full: len(a.Value) >= ListLimit, items: make(map[any]item), least: make(map[any]int)}
		w.Value = make([]T, 0, len(a.Value))
		at := make(map[any]int)
		for i, row := range a.Value {
			row, part := clean(row)
			it := read(&row)
			*it.past = Past{}
			if w.end = min(w.end, it.count); i == 0 {
				w.end = it.count
			}
			w.least[it.key] = max(w.least[it.key], it.count)
			first, again := at[it.key]
			if part || again {
				l.parts[it.key], w.added = true, true
			}
			if again {
				add(&w.Value[first], row)
				continue
			}
			at[it.key] = len(w.Value)
			w.Value = append(w.Value, row)
		}
		for _, row := range w.Value {
			it := read(&row)
			if w.items[it.key] = it; !it.atMost {
				w.least[it.key] = it.count
			}
		}
		return w
	}
	l.this, l.previous = addUp(a.This), addUp(a.Previous)
	return l
}

// bounds are what an item's count in a week can be.
type bounds struct{ low, high int }

func (l list[T]) bounds(w rows[T], key any) bounds {
	b := bounds{w.least[key], w.items[key].count}
	switch _, listed := w.items[key]; {
	case w.full && l.parts[key]: // any number of its rows may be below the end
		b.high = math.MaxInt
	case w.full && !listed:
		b.high = w.end
	}
	return b
}

// setLists sets each item beside the same item of the week before.
func (r *Report) setLists(l lists) {
	r.Pages, r.Buttons, r.Labels = setList(r, l.pages), setList(r, l.buttons), setList(r, l.labels)
}

func setList[T any](r *Report, l list[T]) []T {
	if l.this.Failed != "" {
		missing(r, l.section, l.this.Answer)
		return nil
	}
	items := l.this.Value
	// By which of its numbers Sage calls a page frequent is not known.
	slices.SortStableFunc(items, func(x, y T) int { return cmp.Compare(l.read(&y).count, l.read(&x).count) })
	r.noteFull(l.section, l.this.full && l.this.added)
	if l.previous.Failed != "" {
		missing(r, l.previousSection, l.previous.Answer)
		return items
	}
	r.noteFull(l.previousSection, l.previous.full && l.previous.added)
	for i := range items {
		it := l.read(&items[i])
		previous, listed := l.previous.items[it.key]
		if !listed && l.previous.full {
			it.past.BelowLimit = true
			continue
		}
		it.past.Previous, it.past.PreviousAtMost = &previous.count, previous.atMost
		it.past.Change = r.change(&it.count, &previous.count)
	}
	return items
}

// surplus notes which lists came longer than was asked for.
func (r *Report) surplus(a Answers) {
	for _, list := range []Surplus{
		{SectionPages, a.Pages.This.Surplus}, {SectionPagesPrevious, a.Pages.Previous.Surplus},
		{SectionButtons, a.Buttons.This.Surplus}, {SectionButtonsPrevious, a.Buttons.Previous.Surplus},
		{SectionLabels, a.Labels.This.Surplus}, {SectionLabelsPrevious, a.Labels.Previous.Surplus},
	} {
		if list.Items > 0 {
			r.Surplus = append(r.Surplus, list)
		}
	}
}

// noteFull notes that a list was full before rows of it were added up.
func (r *Report) noteFull(section string, full bool) {
	if full {
		r.Full = append(r.Full, section)
	}
}

// IsFull reports whether there may be more in this week's list of a section than the report has: Sage gave as many rows as it
// was asked for.
func (r *Report) IsFull(section string, items int) bool {
	return items >= ListLimit || slices.Contains(r.Full, section)
}
