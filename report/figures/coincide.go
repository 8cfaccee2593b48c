package figures

import (
	"cmp"
	"math"
	"slices"
)

// coinciding is an item of a list in the span of a doubt, and in those before.
type coinciding struct {
	list   string
	name   Mover
	count  int       // at least
	before []float64 // at most
}

// coincide returns the items that were far more frequent than usual, the one with the most evidence
// first.
func (r *Report) coincide(d Doubt, lists CloserLists) []WhereItem {
	growth := r.growth(d)
	if growth == 0 {
		return []WhereItem{}
	}
	items := [3][]coinciding{
		againstBefore(r, lists.Labels, SectionLabels, lists.labels),
		againstBefore(r, lists.Buttons, SectionButtons, lists.buttons),
		againstBefore(r, lists.Pages, SectionPages, lists.pages),
	}
	found, looked := []WhereItem{}, 0
	for _, list := range items {
		looked += len(list)
	}
	for _, list := range items {
		varies := itemsVary(list, growth)
		var best *WhereItem
		for _, it := range list {
			w := WhereItem{List: it.list, Name: it.name.Name, Dialogue: it.name.Dialogue,
				Count: it.count, Baseline: median(it.before)}
			evidence := it.evidence(growth, varies) - math.Log(float64(looked))
			w.Evidence = evidence / math.Ln10
			if expected := growth * w.Baseline; evidence < math.Log(coincides) ||
				float64(w.Count) < itemRatio*max(expected, w.Baseline) ||
				float64(w.Count)-max(expected, w.Baseline) < itemLeast {
				continue
			}
			if best == nil || w.Evidence > best.Evidence {
				best = &w
			}
		}
		if best != nil {
			found = append(found, *best)
		}
	}
	slices.SortStableFunc(found, func(a, b WhereItem) int {
		return cmp.Compare(b.Evidence, a.Evidence)
	})
	return found[:min(len(found), itemsKept)]
}

// growth returns how many times as many chats as before a doubt has, 0 if that is not known.
func (r *Report) growth(d Doubt) float64 {
	chats := func(s Span) (n int, known bool) {
		days := r.places(s)
		for i := days.first; i <= days.last; i++ {
			if !r.History[i].KnowsChats() {
				return 0, false
			}
			n = plus(n, r.History[i].Chats)
		}
		return n, true
	}
	this, known := chats(d.Span)
	sum, of := 0, 0
	for _, s := range d.Before {
		if n, ok := chats(s); ok {
			sum, of = plus(sum, n), of+1
		}
	}
	if !known || sum == 0 {
		return 0
	}
	return float64(this) * float64(of) / float64(sum)
}

// againstBefore returns the items of the list of a span, each with its counts in the spans before.
func againstBefore[T any](r *Report, a Against[T], section string,
	of func(r *Report, p Pair[[]T]) list[T]) (items []coinciding) {
	if a.This.Failed != "" {
		return nil
	}
	at := make(map[any]int)
	past := 0
	for _, before := range a.Before {
		if before.Failed != "" {
			continue
		}
		past++
		l := of(r, Pair[[]T]{a.This, before})
		for _, row := range l.this.Value {
			it := l.read(&row)
			i, seen := at[it.key]
			if !seen {
				if past > 1 {
					continue // its name differs by the other list
				}
				i = len(items)
				at[it.key] = i
				items = append(items, coinciding{list: section, name: it.mover,
					count: l.bounds(l.this, it.key).low})
			}
			high := min(l.bounds(l.previous, it.key).high, math.MaxInt32)
			items[i].before = append(items[i].before, float64(high))
		}
	}
	if past < doubtSource {
		return nil
	}
	return slices.DeleteFunc(items, func(c coinciding) bool { return len(c.before) < past })
}

func (CloserLists) labels(r *Report, p Pair[[]Label]) list[Label] {
	return r.listsOf(Answers{Labels: p}).labels
}

func (CloserLists) buttons(r *Report, p Pair[[]Button]) list[Button] {
	return r.listsOf(Answers{Buttons: p}).buttons
}

func (CloserLists) pages(r *Report, p Pair[[]Page]) list[Page] {
	return r.listsOf(Answers{Pages: p}).pages
}

// usual returns the mean count to expect and its relative variance. They are those of a gamma
// distribution with half an event more than was counted.
func (c coinciding) usual(growth float64) (mean, variance float64) {
	sum := 0.5
	for _, n := range c.before {
		sum += n
	}
	return growth * sum / float64(len(c.before)), 1 / sum
}

// itemsVary estimates how much the popularity of items varies beyond chance.
func itemsVary(items []coinciding, growth float64) float64 {
	var all []deviation
	for _, c := range items {
		if mean, variance := c.usual(growth); mean >= moverCounts {
			all = append(all,
				deviation{root(float64(c.count)) - root(mean), 1 + variance*mean, mean})
		}
	}
	if len(all) < moverFew {
		return moverVariation
	}
	return max(moverLeastVariation, variation(2, all))
}

// evidence returns the logarithm of how many times more likely the count is if the item has another
// popularity. Counts are negative binomial.
func (c coinciding) evidence(growth, varies float64) float64 {
	mean, variance := c.usual(growth)
	n := float64(c.count)
	if n <= mean {
		return 0
	}
	size := 1 / (variance + varies*varies)
	// The binomial coefficients are the same and cancel out.
	logOf := func(mean float64) float64 {
		return n*math.Log(mean/(mean+size)) - size*math.Log1p(mean/size)
	}
	return logOf(n) - logOf(mean)
}
