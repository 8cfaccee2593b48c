package figures

import (
	"cmp"
	"math"
	"slices"
)

// What makes an item of a list a mover. Each was chosen by the simulation in alarms_test.go.
const (
	moverRatio    = 1.5  // times as many, for one that is neither
	moverLeast    = 20   // events that such a one moved by
	moverLevel    = 4.0  // standard deviations
	moverStrong   = 5.5  // standard deviations, to be an insight
	moverFew      = 10   // items in both lists that say how much items waver
	moverCounts   = 5    // events that such an item has at least, in each week
	moverWavers   = 0.25 // how much they do where there are fewer
	moverSteadies = 0.1  // and the least that they do
	moversKept    = 10   // of each list
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
func (c counts) level(grown, wavers float64) float64 {
	this, expected := float64(c.this), grown*float64(c.previous)
	return (root(this) - root(expected)) / math.Sqrt(1+grown+wavers*wavers*(this+expected))
}

// wavering estimates how much the popularity of a list's items wavers, as a standard deviation relative to it, by the
// items that are in both lists: so that half of them lie within 0.6745 standard deviations. What is usual in one bot's
// list is a stir in another's.
func wavering(items []counts, grown float64) float64 {
	items = slices.DeleteFunc(items, func(c counts) bool { return min(c.this, c.previous) < moverCounts })
	if len(items) < moverFew {
		return moverWavers
	}
	return max(moverSteadies, solve(2, func(wavers float64) float64 {
		levels := make([]float64, len(items))
		for i, c := range items {
			levels[i] = math.Abs(c.level(grown, wavers))
		}
		return median(levels)
	}))
}

// moved is how far an item moved; the direction is that of its own count, and it moved both against that of last week and
// against what the whole would have made of it.
func (c counts) moved(grown, wavers float64) float64 {
	if c.this < c.previous {
		return -max(c.level(grown, wavers), c.level(1, wavers))
	}
	return min(c.level(grown, wavers), c.level(1, wavers))
}

// jumped reports whether an item that is in both lists is far more or less frequent, in itself and as a part of the whole.
func (c counts) jumped(grown float64) bool {
	this, previous := float64(c.this), float64(c.previous)
	return math.Abs(this-previous) >= moverLeast &&
		(this >= moverRatio*previous*max(1, grown) || previous*min(1, grown) >= moverRatio*this)
}

// movers finds the movers of all lists.
func (r *Report) movers(a Answers) {
	r.Movers = &Movers{
		Labels: moversOf(r, a.Labels, func(l Label) (any, Mover) {
			l.ID, l.Text = valid(l.ID), valid(l.Text)
			return labelKey(l), Mover{Name: l.Text, Count: l.Count}
		}),
		Buttons: moversOf(r, a.Buttons, func(b Button) (any, Mover) {
			b.Text, b.Dialogue = valid(b.Text), valid(b.Dialogue)
			return buttonKey(b), Mover{Name: b.Text, Dialogue: b.Dialogue, Count: b.Count}
		}),
		Pages: moversOf(r, a.Pages, func(p Page) (any, Mover) {
			p.Host, p.Path = valid(p.Host), valid(p.Path)
			return pageKey(p), Mover{Name: p.Host + p.Path, Count: p.Sessions}
		}),
	}
}

// pairable reports whether this week and the week before may be held against each other.
func (r *Report) pairable() bool {
	return r.Baseline && !r.isSpecial(r.Week.Name) && !r.isSpecial(r.Week.Name.Previous())
}

func moversOf[T any](r *Report, a Pair[[]T], read func(T) (any, Mover)) []Mover {
	// Where a day's chats are not known, it is not known by how much the whole has grown.
	known := r.Chats.This().Known() && r.Chats.LastWeek().Known()
	if !known || !r.pairable() || a.This.Failed != "" || a.Previous.Failed != "" {
		return nil
	}
	grown := 1.0
	if r.Chats.Total > 0 && r.Chats.Previous > 0 {
		grown = float64(r.Chats.Total) / float64(r.Chats.Previous)
	}
	// Rows that cannot be told apart are added up: which is which does not matter to how often the name came.
	type both struct{ this, previous *Mover }
	items := make(map[any]*both)
	var keys []any
	collect := func(list []T, of func(*both) **Mover) {
		for _, v := range list {
			key, m := read(v)
			if items[key] == nil {
				items[key] = &both{}
				keys = append(keys, key)
			}
			if at := of(items[key]); *at == nil {
				*at = &m
			} else {
				(*at).Count = plus((*at).Count, m.Count)
			}
		}
	}
	collect(a.This.Value, func(b *both) **Mover { return &b.this })
	collect(a.Previous.Value, func(b *both) **Mover { return &b.previous })

	movers := []Mover{}
	var inBoth []counts
	for _, key := range keys {
		if b := items[key]; b.this != nil && b.previous != nil {
			inBoth = append(inBoth, counts{b.this.Count, b.previous.Count})
		}
	}
	wavers := wavering(inBoth, grown)
	least := func(list []T) int {
		if len(list) == 0 {
			return 0
		}
		_, m := read(slices.MinFunc(list, func(x, y T) int {
			_, a := read(x)
			_, b := read(y)
			return cmp.Compare(a.Count, b.Count)
		}))
		return m.Count
	}
	leastThis, leastPrevious := least(a.This.Value), least(a.Previous.Value)
	for _, key := range keys {
		b := items[key]
		var m Mover
		switch {
		case b.previous == nil && len(a.Previous.Value) < ListLimit:
			if b.this.Count < Handful {
				continue
			}
			m = *b.this
			m.Kind = New
		case b.this == nil && len(a.This.Value) < ListLimit:
			if b.previous.Count < Handful {
				continue
			}
			m = *b.previous
			m.Kind, m.Count, m.Previous = Gone, 0, b.previous.Count
		default:
			c := counts{leastThis, leastPrevious} // what is below the end of a full list is no more than its end
			if b.previous != nil {
				m, c.previous = *b.previous, b.previous.Count
			}
			if b.this != nil {
				m, c.this = *b.this, b.this.Count
			}
			if !c.jumped(grown) {
				continue
			}
			m.Count, m.Previous, m.BelowLimit = c.this, c.previous, b.this == nil || b.previous == nil
			m.Kind = Risen
			if c.this < c.previous {
				m.Kind = Fallen
			}
		}
		if m.Level = (counts{m.Count, m.Previous}).moved(grown, wavers); m.Level >= moverLevel {
			movers = append(movers, m)
		}
	}
	slices.SortStableFunc(movers, func(x, y Mover) int {
		return cmp.Or(cmp.Compare(y.Level, x.Level), cmp.Compare(max(y.Count, y.Previous), max(x.Count, x.Previous)), cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.Dialogue, y.Dialogue))
	})
	return movers[:min(len(movers), moversKept)]
}
