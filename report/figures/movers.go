package figures

import (
	"cmp"
	"math"
	"slices"
)

// Thresholds of movers, chosen by the simulation in alarms_test.go.
const (
	moverRatio          = 1.5  // times as many, for an item in both lists
	moverLeast          = 20   // events more or fewer, for an item in both lists
	moverLevel          = 4.0  // standard deviations
	moverStrong         = 5.5  // standard deviations, for an insight
	moverFew            = 10   // items in both lists, to estimate how much items vary
	moverCounts         = 5    // events in each week, of each of these items
	moverVariation      = 0.25 // how much items vary if there are fewer
	moverLeastVariation = 0.1  // how much items vary at least
	moversKept          = 10   // of each list
)

// Kinds of movers.
const (
	New    = "new"    // in this week's list only; the other list was not full
	Gone   = "gone"   // in the other list only; this week's was not full
	Risen  = "risen"  // far more frequent
	Fallen = "fallen" // far less frequent
)

// Movers are the items of each list that came, went or jumped since the week before, the one that
// moved the furthest beyond chance first. At most 10 of a list are kept. A list is null if it or
// last week's is not available, or if the two weeks may not be compared. It is empty if nothing
// moved.
type Movers struct {
	Labels  []Mover `json:"labels"`
	Buttons []Mover `json:"buttons"`
	Pages   []Mover `json:"pages"`
}

// Names of lists.
const (
	ListLabels  = "labels"
	ListButtons = "buttons"
	ListPages   = "pages"
)

type namedMovers struct {
	name   string
	movers []Mover
}

func (m *Movers) lists() []namedMovers {
	return []namedMovers{{ListLabels, m.Labels}, {ListButtons, m.Buttons}, {ListPages, m.Pages}}
}

// Mover is an item that came, went or jumped.
type Mover struct {
	Kind     string `json:"kind"` // new, gone, risen or fallen
	Name     string `json:"name"` // a label's or a button's text, a page's host and path
	Dialogue string `json:"dialogue,omitempty"`
	Count    int    `json:"count"` // of a page its sessions
	Previous int    `json:"previous"`
	// AtMost and PreviousAtMost say that the count of a page is an upper bound.
	AtMost         bool `json:"at_most,omitempty"`
	PreviousAtMost bool `json:"previous_at_most,omitempty"`
	// BelowLimit says that one of the two lists was full and does not have the item. The count for
	// that week is then an upper bound: the least count in that list.
	BelowLimit bool    `json:"below_limit,omitempty"`
	Level      float64 `json:"level"` // how many standard deviations it moved by
}

// counts are an item's counts in the two weeks.
type counts struct{ this, previous int }

// deviation returns how far an item moved from what the growth of the whole explains: with growth
// times as many chats, growth times as many of everything is expected.
func (c counts) deviation(growth float64) deviation {
	this, expected := float64(c.this), growth*float64(c.previous)
	return deviation{root(this) - root(expected), 1 + growth, this + expected}
}

// level returns by how many standard deviations an item moved. Beside chance, the popularity of an
// item varies from week to week by itself.
func (c counts) level(growth, variation float64) float64 {
	d := c.deviation(growth)
	return d.away / math.Sqrt(d.variance+variation*variation*d.weight)
}

// itemVariation estimates how much the popularity of a list's items varies, as a standard deviation
// relative to it, by the items that are frequent in both weeks.
func itemVariation(items []counts, growth float64) float64 {
	var all []deviation
	for _, c := range items {
		if min(c.this, c.previous) >= moverCounts {
			all = append(all, c.deviation(growth))
		}
	}
	if len(all) < moverFew {
		return moverVariation
	}
	return max(moverLeastVariation, variation(2, all))
}

// distance returns how far an item moved in both respects: against its own count of the week
// before, and against what the growth of the whole makes of that. It is not positive where the two
// point in different directions.
func (c counts) distance(growth, variation float64) float64 {
	whole, alone := c.level(growth, variation), c.level(1, variation)
	return max(min(whole, alone), -max(whole, alone))
}

// jumped reports whether an item that is in both lists is far more or far less frequent, both by
// its count and as a part of the whole.
func (c counts) jumped(growth float64) bool {
	this, previous := float64(c.this), float64(c.previous)
	return math.Abs(this-previous) >= moverLeast &&
		(this >= moverRatio*previous*max(1, growth) || previous*min(1, growth) >= moverRatio*this)
}

// movers finds the movers of all lists.
func (r *Report) movers(l lists) {
	r.Movers = &Movers{
		Labels: moversOf(r, l.labels), Buttons: moversOf(r, l.buttons), Pages: moversOf(r, l.pages),
	}
}

// previousComparable reports whether this week and the week before may be compared.
func (r *Report) previousComparable() bool {
	return r.HasPrevious && !r.isSpecial(r.Period.Name) && !r.isSpecial(r.Period.Name.Previous())
}

// moversOf returns the movers of one list, nil where the two weeks may not be compared.
func moversOf[T any](r *Report, l list[T]) []Mover {
	// With a day unknown, the growth of the whole is unknown.
	known := r.Chats.This().Known() && r.Chats.Before().Known()
	if !known || !r.previousComparable() || l.this.Failed != "" || l.previous.Failed != "" {
		return nil
	}
	growth := 1.0
	if r.Chats.Total > 0 && r.Chats.Previous > 0 {
		growth = float64(r.Chats.Total) / float64(r.Chats.Previous)
	}
	keys := l.keys()
	var items []counts
	for _, key := range keys {
		items = append(items, counts{l.this.items[key].count, l.previous.items[key].count})
	}
	variation := itemVariation(items, growth)
	movers := []Mover{}
	for _, key := range keys {
		m, least, ok := l.moved(key, growth)
		m.Level = least.distance(growth, variation)
		if ok && m.Level >= moverLevel {
			movers = append(movers, m)
		}
	}
	slices.SortStableFunc(movers, func(x, y Mover) int {
		return cmp.Or(
			cmp.Compare(y.Level, x.Level),
			cmp.Compare(max(y.Count, y.Previous), max(x.Count, x.Previous)),
			cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.Dialogue, y.Dialogue))
	})
	return movers[:min(len(movers), moversKept)]
}

// keys returns the keys of the items in either week, in the order of this week's list and then of
// the other.
func (l list[T]) keys() (keys []any) {
	for _, w := range []rows[T]{l.this, l.previous} {
		for _, v := range w.Value {
			if key := l.read(&v).key; !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// moved returns what became of an item, and the counts between which it moved the least: a count
// may be an upper bound, or miss rows below the end of a full list. ok is false if it is not
// certain that the item came, went or jumped.
func (l list[T]) moved(key any, growth float64) (m Mover, least counts, ok bool) {
	this, inThis := l.this.items[key]
	previous, inPrevious := l.previous.items[key]
	m = previous.mover
	if inThis {
		m = this.mover
	}
	m.Count, m.AtMost = this.count, this.atMost
	m.Previous, m.PreviousAtMost = previous.count, previous.atMost
	now, before := l.bounds(l.this, key), l.bounds(l.previous, key)
	switch {
	case !inPrevious && !l.previous.full:
		m.Kind = New
		return m, counts{now.low, 0}, now.low >= MinCount
	case !inThis && !l.this.full:
		m.Kind = Gone
		return m, counts{0, before.low}, before.low >= MinCount
	case now.low > before.high: // so it is in this week's list
		m.Kind, least = Risen, counts{now.low, before.high}
		if !inPrevious {
			m.BelowLimit, m.Previous = true, least.previous
		}
	case now.high < before.low: // so it is in the other list
		m.Kind, least = Fallen, counts{now.high, before.low}
		if !inThis {
			m.BelowLimit, m.Count = true, least.this
		}
	}
	return m, least, least.jumped(growth)
}
