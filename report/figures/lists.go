package figures

import (
	"cmp"
	"math"
	"slices"

	"kindlyweekly/report/names"
)

// lists are those of a report. Rows that look alike are one: labels of equal text, whatever their
// ids; buttons of equal text and dialogue; addresses of one page. A renamed label has its last
// name.
type lists struct {
	pages   list[Page]
	buttons list[Button]
	labels  list[Label]
}

// list is one list in both weeks.
type list[T any] struct {
	section        string
	read           func(*T) item
	this, previous rows[T]
	parts          map[any]bool // items that consist of several rows, and may have more
}

// rows are a list in one week.
type rows[T any] struct {
	Answer[[]T] // added up

	full  bool         // Sage sent as many rows as were asked for, so there may be more
	end   int          // the least count of a row, and the most of one beyond a full list
	items map[any]item // by key
	least map[any]int  // the least true count, if chats may count twice
	added bool         // an item is a sum, or may be a part of one
}

// item is what the items of all lists have.
type item struct {
	key    any // equal in both weeks, and for what looks alike
	count  int
	atMost bool // chats may count twice
	past   *Past
	mover  Mover // its name alone
}

// listsOf reads the lists of both weeks, and adds up what looks alike.
func (r *Report) listsOf(a Answers) lists {
	page := func(p *Page) (part bool) {
		p.Host, p.Path = valid(p.Host), valid(p.Path)
		return r.PageQueries != PageQueriesKeep && p.cutQuery()
	}
	button := func(b *Button) (part bool) {
		b.Text, b.Dialogue = valid(b.Text), valid(b.Dialogue)
		return false
	}
	names := labelNames(a.Labels)
	label := func(l *Label) (part bool) {
		l.ID, l.Text = valid(l.ID), valid(l.Text)
		if l.ID != "" {
			l.Text = names[l.ID]
		}
		return false
	}
	return lists{
		pages: listOf(a.Pages, SectionPages, page, (*Page).add, func(p *Page) item {
			return item{p.key(), p.Sessions, p.AtMost, &p.Past, Mover{Name: p.Host + p.Path}}
		}),
		buttons: listOf(a.Buttons, SectionButtons, button, (*Button).add, func(b *Button) item {
			return item{b.key(), b.Count, false, &b.Past, Mover{Name: b.Text, Dialogue: b.Dialogue}}
		}),
		labels: listOf(a.Labels, SectionLabels, label, (*Label).add, func(l *Label) item {
			return item{l.key(), l.Count, false, &l.Past, Mover{Name: l.Text}}
		}),
	}
}

func (p *Page) key() any   { return [2]string{p.Host, p.Path} }
func (b *Button) key() any { return [2]string{names.Look(b.Text), names.Look(b.Dialogue)} }
func (l *Label) key() any  { return names.Look(l.Text) }

// labelNames returns the names of labels by their ids: this week's, or last week's if the label is
// not in this one. If a label was renamed within a week, it is the name with the most chats.
func labelNames(a Pair[[]Label]) map[string]string {
	names := make(map[string]string)
	for _, week := range [][]Label{a.Previous.Value, a.This.Value} {
		most := make(map[string]int)
		for _, l := range week {
			id := valid(l.ID)
			if n, seen := most[id]; !seen || l.Count > n {
				most[id], names[id] = l.Count, valid(l.Text)
			}
		}
	}
	return names
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

// listOf adds up the rows of both weeks. clean makes a row what the report has, and returns whether
// it then is a part of an item, whose other parts may be beyond the end of the list.
func listOf[T any](a Pair[[]T], section string, clean func(*T) bool, add func(*T, T),
	read func(*T) item) list[T] {
	l := list[T]{section: section, read: read, parts: make(map[any]bool)}
	addUp := func(a Answer[[]T]) rows[T] {
		w := rows[T]{Answer: a, full: len(a.Value) >= ListLimit, end: math.MaxInt,
			items: make(map[any]item), least: make(map[any]int)}
		w.Value = make([]T, 0, len(a.Value))
		at := make(map[any]int)
		for _, row := range a.Value {
			part := clean(&row)
			it := read(&row)
			w.end, w.least[it.key] = min(w.end, it.count), max(w.least[it.key], it.count)
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

// bounds are the least and the most that an item's count in a week can be.
type bounds struct{ low, high int }

func (l list[T]) bounds(w rows[T], key any) bounds {
	b := bounds{w.least[key], w.items[key].count}
	switch _, listed := w.items[key]; {
	case w.full && l.parts[key]: // other parts may be beyond the end
		b.high = math.MaxInt
	case w.full && !listed:
		b.high = w.end
	}
	return b
}

// setLists sets the lists, with each item's count in the week before.
func (r *Report) setLists(l lists) {
	r.Pages, r.Buttons, r.Labels = setList(r, l.pages), setList(r, l.buttons), setList(r, l.labels)
}

func setList[T any](r *Report, l list[T]) []T {
	previousSection := l.section + ".previous"
	r.noteSurplus(l.section, l.this.Surplus)
	r.noteSurplus(previousSection, l.previous.Surplus)
	if !came(r, l.section, l.this.Answer) {
		return nil
	}
	items := l.this.Value
	// Sage may have sorted pages by another of their numbers.
	slices.SortStableFunc(items, func(x, y T) int {
		return cmp.Compare(l.read(&y).count, l.read(&x).count)
	})
	r.noteFull(l.section, l.this.full && l.this.added)
	if !came(r, previousSection, l.previous.Answer) {
		return items
	}
	r.noteFull(previousSection, l.previous.full && l.previous.added)
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

// noteSurplus notes that a list came longer than was asked for.
func (r *Report) noteSurplus(section string, items int) {
	if items > 0 {
		r.Surplus = append(r.Surplus, Surplus{section, items})
	}
}

// noteFull notes that a list was full before rows of it were added up.
func (r *Report) noteFull(section string, full bool) {
	if full {
		r.Full = append(r.Full, section)
	}
}

// IsFull reports whether there may be more in this week's list of a section, of which the report
// has so many items: Sage sent as many rows as were asked for.
func (r *Report) IsFull(section string, items int) bool {
	return items >= ListLimit || slices.Contains(r.Full, section)
}
