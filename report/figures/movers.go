package figures

import (
	"cmp"
	"math"
	"slices"
)

// What makes an item of a list a mover. Each was chosen by the simulation in alarms_test.go.
const (
	moverRatio          = 1.5  // times as many, for one that is neither
	moverLeast          = 20   // events that such a one moved by
	moverLevel          = 4.0  // standard deviations
	moverStrong         = 5.5  // standard deviations, to be an insight
	moverFew            = 10   // items in both lists that say how much items waver
	moverCounts         = 5    // events that such an item has at least, in each week
	moverVariation      = 0.25 // how much they do where there are fewer
	moverLeastVariation = 0.1  // and the least that they do
	moversKept          = 10   // of each list
)

// What became of an item.
const (
	New    = "new"    // in this week's list, not in the other, which was not full
	Gone   = "gone"   // the other way round
	Risen  = "risen"  // far more often
	Fallen = "fallen" // far more seldom
)

// Movers are the items of each list that came, went or jumped, against the week before; the one first that moved the
// furthest beyond chance. A list is null where it or last week's is not available, or where the two weeks may not be
// compared, and empty where nothing moved. At most 10 are kept.
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

// Mover is such an item.
type Mover struct {
	Kind     string `json:"kind"` // new, gone, risen or fallen
	Name     string `json:"name"` // a label's or a button's text, a page's host and path
	Dialogue string `json:"dialogue,omitempty"`
	Count    int    `json:"count"` // of a page its sessions
	Previous int    `json:"previous"`
	// AtMost and PreviousAtMost are those of a page, whose count in the week may be less.
	AtMost         bool `json:"at_most,omitempty"`
	PreviousAtMost bool `json:"previous_at_most,omitempty"`
	// BelowLimit says that the item was not in the other week's list, which was full: it has risen from, or fallen to, at
	// most the count that is given for that week, which is the least in that list.
	BelowLimit bool    `json:"below_limit,omitempty"`
	Level      float64 `json:"level"` // how many standard deviations it moved by, the wavering of the others among them
}

// counts are those of one item in the two weeks.
type counts struct{ this, previous int }

// level returns by how many standard deviations an item moved. The whole changes too: where grown times as many chats
// were held, grown times as many of everything is no news. Beside chance an item's popularity wavers from week to week
// by itself.
func (c counts) level(growth, variation float64) float64 {
	this, expected := float64(c.this), growth*float64(c.previous)
	return (root(this) - root(expected)) / math.Sqrt(1+growth+variation*variation*(this+expected))
}

// itemVariation estimates how much the popularity of a list's items wavers, as a standard deviation relative to it, by the
// items that are in both lists: so that half of them lie within 0.6745 standard deviations. What is usual in one bot's
// list is a stir in another's.
func itemVariation(items []counts, growth float64) float64 {
	items = slices.DeleteFunc(items, func(c counts) bool { return min(c.this, c.previous) < moverCounts })
	if len(items) < moverFew {
		return moverVariation
	}
	return max(moverLeastVariation, solve(2, func(variation float64) float64 {
		levels := make([]float64, len(items))
		for i, c := range items {
			levels[i] = math.Abs(c.level(growth, variation))
		}
		return median(levels)
	}))
}

// distance is how far an item moved; the direction is that of its own count, and it moved both against that of last week and
// against what the whole would have made of it.
func (c counts) distance(growth, variation float64) float64 {
	if c.this < c.previous {
		return -max(c.level(growth, variation), c.level(1, variation))
	}
	return min(c.level(growth, variation), c.level(1, variation))
}

// jumped reports whether an item that is in both lists is far more or less frequent, in itself and as a part of the whole.
func (c counts) jumped(growth float64) bool {
	this, previous := float64(c.this), float64(c.previous)
	return math.Abs(this-previous) >= moverLeast &&
		(this >= moverRatio*previous*max(1, growth) || previous*min(1, growth) >= moverRatio*this)
}

// movers finds the movers of all lists.
func (r *Report) movers(l lists) {
	r.Movers = &Movers{Labels: moversOf(r, l.labels), Buttons: moversOf(r, l.buttons), Pages: moversOf(r, l.pages)}
}

// previousComparable reports whether this week and the week before may be held against each other.
func (r *Report) previousComparable() bool {
	return r.HasPrevious && !r.isSpecial(r.Period.Name) && !r.isSpecial(r.Period.Name.Previous())
}

// moversOf finds those of one list. What may be less than its count, or more since rows of it may be below the end of a full
// list, is a mover only if it is one whatever it truly was.
func moversOf[T any](r *Report, l list[T]) []Mover {
	// Where a day's chats are not known, it is not known by how much the whole has grown.
	known := r.Chats.This().Known() && r.Chats.Before().Known()
	if !known || !r.previousComparable() || l.this.Failed != "" || l.previous.Failed != "" {
		return nil
	}
	growth := 1.0
	if r.Chats.Total > 0 && r.Chats.Previous > 0 {
		growth = float64(r.Chats.Total) / float64(r.Chats.Previous)
	}
	var keys []any
	for _, w := range []rows[T]{l.this, l.previous} {
		for _, v := range w.Value {
			if key := l.read(&v).key; !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	var inBoth []counts
	for _, key := range keys {
		this, inThis := l.this.items[key]
		if previous, inPrevious := l.previous.items[key]; inThis && inPrevious {
			inBoth = append(inBoth, counts{this.count, previous.count})
		}
	}
	variation := itemVariation(inBoth, growth)
	movers := []Mover{}
	for _, key := range keys {
		this, inThis := l.this.items[key]
		previous, inPrevious := l.previous.items[key]
		m := previous.mover
		if inThis {
			m = this.mover
		}
		m.Count, m.AtMost, m.Previous, m.PreviousAtMost = this.count, this.atMost, previous.count, previous.atMost
		now, then := l.bounds(l.this, key), l.bounds(l.previous, key)
		var c counts // those between which it moved the least
		switch {
		case !inPrevious && !l.previous.full:
			if m.Kind, c = New, (counts{now.low, 0}); c.this < MinCount {
				continue
			}
		case !inThis && !l.this.full:
			if m.Kind, c = Gone, (counts{0, then.low}); c.previous < MinCount {
				continue
			}
		case now.low > then.high:
			m.Kind, c = Risen, counts{now.low, then.high}
		case now.high < then.low:
			m.Kind, c = Fallen, counts{now.high, then.low}
		default:
			continue
		}
		if m.Kind == Risen || m.Kind == Fallen {
			if !c.jumped(growth) {
				continue
			}
			switch m.BelowLimit = !inThis || !inPrevious; {
			case !inThis:
				m.Count = c.this
			case !inPrevious:
				m.Previous = c.previous
			}
		}
		if m.Level = c.distance(growth, variation); m.Level >= moverLevel {
			movers = append(movers, m)
		}
	}
	slices.SortStableFunc(movers, func(x, y Mover) int {
		return cmp.Or(cmp.Compare(y.Level, x.Level), cmp.Compare(max(y.Count, y.Previous), max(x.Count, x.Previous)), cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.Dialogue, y.Dialogue))
	})
	return movers[:min(len(movers), moversKept)]
}
