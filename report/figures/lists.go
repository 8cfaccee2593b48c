package figures

import (
	"cmp"
	"slices"
)

// lists sets each item beside the same item of the week before.
func (r *Report) lists(a Answers) {
	r.Pages = list(r, SectionPages, SectionPagesPrevious, a.Pages, func(p *Page) item {
		p.Host, p.Path = valid(p.Host), valid(p.Path)
		return item{pageKey(*p), p.Sessions, &p.Past}
	})
	r.Buttons = list(r, SectionButtons, SectionButtonsPrevious, a.Buttons, func(b *Button) item {
		b.Text, b.Dialogue = valid(b.Text), valid(b.Dialogue)
		return item{buttonKey(*b), b.Count, &b.Past}
	})
	r.Labels = list(r, SectionLabels, SectionLabelsPrevious, a.Labels, func(l *Label) item {
		l.ID, l.Text = valid(l.ID), valid(l.Text)
		return item{labelKey(*l), l.Count, &l.Past}
	})
}

// What is equal for the same thing in both weeks.

func pageKey(p Page) any { return [2]string{p.Host, p.Path} }

func buttonKey(b Button) any { return [2]string{b.Text, b.Dialogue} }

func labelKey(l Label) any {
	if l.ID != "" {
		return Label{ID: l.ID} // a label that was renamed is still the same
	}
	return Label{Text: l.Text}
}

// item is what the items of all lists have.
type item struct {
	key   any // equal for the same thing in both weeks
	count int
	past  *Past
}

func list[T any](r *Report, section, sectionPrevious string, a Pair[[]T], read func(*T) item) []T {
	if a.This.Failed != "" {
		missing(r, section, a.This)
		return nil
	}
	items := append([]T{}, a.This.Value...)
	rows := make(map[any]int)
	for i := range items {
		it := read(&items[i])
		*it.past = Past{}
		rows[it.key]++
	}
	// By which of its numbers Sage calls a page frequent is not known.
	slices.SortStableFunc(items, func(x, y T) int { return cmp.Compare(read(&y).count, read(&x).count) })
	if a.Previous.Failed != "" {
		missing(r, sectionPrevious, a.Previous)
		return items
	}
	before := make(map[any]int)
	for _, v := range a.Previous.Value {
		it := read(&v)
		before[it.key] = plus(before[it.key], it.count)
	}
	for i := range items {
		it := read(&items[i])
		previous, listed := before[it.key]
		switch {
		case rows[it.key] > 1:
			// Two rows that cannot be told apart, such as a label before and after it was renamed: which part of
			// last week's count belongs to which is not known.
		case !listed && len(a.Previous.Value) >= ListLimit:
			it.past.BelowLimit = true
		default:
			it.past.Previous, it.past.Change = &previous, r.change(it.count, previous)
		}
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
