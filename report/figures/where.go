package figures

import (
	"cmp"
	"math"
	"slices"

	"kindlyweekly/report/period"
)

// Thresholds of where an excess lies and of what coincides, chosen by the simulation in
// where_test.go.
const (
	// How many times more likely the data must be if the excess lies in one slice than if it is
	// spread evenly. Each slice has the same prior probability.
	whereEvidence = 20.0
	whereRival    = 8.0 // than if it lies in another slice
	whereTrim     = 1.5 // by how much less likely, as a logarithm, a shorter range of hours may be
	wherePart     = 0.7 // of the excess that the slice holds
	whereMost     = 0.9 // of what is usual: a slice with more is nearly the whole
	whereHours    = 12  // the longest range of hours

	// How many times more likely the count of an item, or of requests, must be if it is not a usual
	// one.
	coincides = 50.0

	itemRatio = 2.0 // times its usual count
	itemLeast = 10  // more than usual
	itemsKept = 2
	askedMore = 1.25 // times the usual requests for a human
)

// Where says where the excess of a day or of the week lies, and what coincides. It claims no cause.
// It has only what reaches the evidence.
type Where struct {
	Measure  string       `json:"measure"`  // MeasureFallbackRate or MeasureChats
	Date     *period.Date `json:"date"`     // null: the week
	Count    int          `json:"count"`    // fallbacks or chats
	Baseline float64      `json:"ordinary"` // what is usual; of fallbacks, for as many replies

	Slices   []WhereSlice   `json:"slices"` // at most one of each kind, in the order of the kinds
	Items    []WhereItem    `json:"items"`  // at most two, of different lists, the clearest first
	Requests *WhereRequests `json:"requests"`
}

// Kinds of slices.
const (
	SliceSource   = "source"
	SliceLanguage = "language"
	SliceHours    = "hours"
)

// WhereSlice is a slice that holds nearly all of the excess, or of what is missing.
type WhereSlice struct {
	Kind     string  `json:"kind"`
	Name     string  `json:"name,omitempty"` // of a source, or the code of a language
	From     int     `json:"from,omitempty"` // of hours: the first, 0 to 23
	To       int     `json:"to,omitempty"`   // of hours: exclusive, 1 to 24
	Count    int     `json:"count"`
	Baseline float64 `json:"ordinary"`
	Part     float64 `json:"part"` // of the excess
	// Evidence is the decimal logarithm of a ratio: how many times more likely the data are than if
	// the excess were spread evenly. It is averaged over the slices that were looked at.
	Evidence float64 `json:"evidence"`
}

// WhereItem is an item of a list that was far more frequent than usual.
type WhereItem struct {
	List     string  `json:"list"`
	Name     string  `json:"name"`
	Dialogue string  `json:"dialogue,omitempty"`
	Count    int     `json:"count"`
	Baseline float64 `json:"ordinary"` // the median of the days or weeks compared with
	// Evidence is the decimal logarithm of how many times more likely the count is than if it were
	// a usual one, divided by the number of items that were looked at.
	Evidence float64 `json:"evidence"`
}

// WhereRequests is how often people asked for a human, open and closed, if that is beyond chance.
type WhereRequests struct {
	Count    int     `json:"count"`
	Baseline float64 `json:"ordinary"`
}

// Closer is what Sage answered about the Doubts of the report.
type Closer struct {
	Hours []CloserHours // of this week, and of the weeks that it is compared with
	Lists []CloserLists // of the Doubts, in their order
}

// CloserHours is a week by hour. Nil: not asked for.
type CloserHours struct {
	Period    period.Period
	Fallbacks *Answer[[]RatePoint]
	Messages  *Answer[[]Point]
	Chats     *Answer[[]Point]
}

// CloserLists is the lists of a Doubt.
type CloserLists struct {
	Labels  Against[Label]
	Buttons Against[Button]
	Pages   Against[Page]
}

// Against is a list of the span of a Doubt, and of each of those before.
type Against[T any] struct {
	This   Answer[[]T]
	Before []Answer[[]T]
}

// cell is one slice of a span: what was counted, of how many replies, and what is usual. Its counts
// vary spread times as much as counts of independent events.
type cell struct {
	count, of, usual, spread float64
}

// cells are the slices of one kind. The last may be what is in no slice, which has no name.
type cells struct {
	kind  string
	names []string
	all   []cell
	// limited says that a slice cannot have more events than replies.
	limited bool
}

// where sets what is known about each doubt, if anything.
func (r *Report) where(a Answers, s allSeries, u unknowns, sources, languages []part) {
	for i, d := range r.Doubts() {
		w := Where{Measure: d.Measure, Baseline: d.usual, Slices: []WhereSlice{},
			Items: []WhereItem{}}
		if d.Span.Day() {
			w.Date = &d.Span.From
		}
		var known bool
		w.Count, known = r.counted(d)
		fewer := d.Measure == MeasureFallbackRate && float64(w.Count) <= d.usual
		if !known || fewer { // a rate that crept up can still be a usual one
			continue
		}
		w.Slices = r.locate(d, []*cells{
			r.sliceCells(d, SliceSource, sources, w.Count),
			r.sliceCells(d, SliceLanguage, languages, w.Count),
			r.hourCells(d, a),
		})
		if i < len(a.Closer.Lists) {
			w.Items = r.coincide(d, a.Closer.Lists[i])
		}
		w.Requests = asking(s.requests(r, d, u.handovers))
		if len(w.Slices)+len(w.Items) > 0 || w.Requests != nil {
			r.Where = append(r.Where, w)
		}
	}
}

// counted returns the events of a doubt.
func (r *Report) counted(d Doubt) (n int, known bool) {
	days := r.places(d.Span)
	switch {
	case d.Measure == MeasureChats && d.Span.Day():
		day := r.History[days.first]
		return day.Chats, day.KnowsChats()
	case d.Measure == MeasureChats:
		return r.Chats.Total, r.Chats.This().Known()
	case d.Span.Day():
		if c := r.Fallbacks.History[days.first].Count; c != nil {
			return *c, true
		}
	case r.Fallbacks.Count != nil:
		return *r.Fallbacks.Count, true
	}
	return 0, false
}

// places returns the days of a span in the history.
func (r *Report) places(s Span) run {
	first := s.From.Sub(firstDay(r.Period.Name))
	return run{first, first + s.To.Sub(s.From) - 1}
}

// scaled returns the cells with usual counts that add up to usual, and with spread times as much
// spread.
func (c *cells) scaled(usual, spread float64) *cells {
	sum, out := 0.0, *c
	for _, v := range c.all {
		sum += v.usual
	}
	out.all = slices.Clone(c.all)
	for i := range out.all {
		if sum > 0 {
			out.all[i].usual *= usual / sum
		}
		out.all[i].spread *= spread
	}
	return &out
}

// rate returns the fraction of a slice's replies that were fallbacks.
func (c *cells) rate(s WhereSlice) float64 {
	var count, of float64
	for i, v := range c.all {
		if c.kind == SliceHours && s.From <= i && i < s.To ||
			c.kind != SliceHours && i < len(c.names) && c.names[i] == s.Name {
			count, of = count+v.count, of+v.of
		}
	}
	return ratio(tally{count, of})
}

// sums adds up cells, each weighted by its spread.
type sums struct{ count, of, usual, weighedCount, weighedUsual float64 }

func (s sums) add(v cell) sums {
	return sums{s.count + v.count, s.of + v.of, s.usual + v.usual,
		s.weighedCount + v.count/v.spread, s.weighedUsual + v.usual/v.spread}
}

func (s sums) less(o sums) sums {
	return sums{s.count - o.count, s.of - o.of, s.usual - o.usual,
		s.weighedCount - o.weighedCount, s.weighedUsual - o.weighedUsual}
}

// free returns the log likelihood of the cells if all have the same multiple of their usual counts,
// the one that fits best. It is up to a constant.
func (s sums) free() float64 {
	if s.weighedCount <= 0 || s.weighedUsual <= 0 {
		return 0
	}
	return s.weighedCount*math.Log(s.weighedCount/s.weighedUsual) - s.weighedCount
}

// usually returns the log likelihood of the cells if they have their usual counts, times a factor
// close to 1 by which the whole varies.
func (s sums) usually(wavers float64) float64 {
	u := 0.0
	for range 20 { // Newton's method for the logarithm of the factor
		slope := s.weighedCount - s.weighedUsual*math.Exp(u) - u/(wavers*wavers)
		bend := s.weighedUsual*math.Exp(u) + 1/(wavers*wavers)
		u = min(3, max(-3, u+slope/bend))
	}
	return s.weighedCount*u - s.weighedUsual*math.Exp(u) - u*u/(2*wavers*wavers)
}

// locate returns the slices that hold nearly all of the excess of a doubt, in the order of kinds.
//
// The slice with the most evidence is found first. If nearly all replies in it are fallbacks, each
// of its chats has several. The search for the others then assumes as much more spread, since a few
// chats can lie in the same hours by chance.
func (r *Report) locate(d Doubt, kinds []*cells) []WhereSlice {
	wavers, perChat, rows := r.wavers(d), r.repliesPerChat(), 1.0
	found := make([]*WhereSlice, len(kinds))
	for range kinds {
		best, of := WhereSlice{}, -1
		for i, c := range kinds {
			if c == nil || found[i] != nil {
				continue
			}
			s, ok := c.scaled(d.usual, rows).locate(wavers)
			if ok && (of < 0 || s.Evidence > best.Evidence) {
				best, of = s, i
			}
		}
		if of < 0 {
			break
		}
		found[of] = &best
		if d.Measure == MeasureFallbackRate {
			rows = max(rows, 1+(perChat-1)*kinds[of].rate(best))
		}
	}
	all := []WhereSlice{}
	for _, s := range found {
		if s != nil {
			all = append(all, *s)
		}
	}
	return all
}

// locate returns the slice that holds nearly all of the excess. It compares the data under two
// hypotheses. By one, all slices have the same multiple of their usual counts. By the other, one
// slice has, and the others are as usual. Counts are taken to be Poisson counts that vary spread
// times as much.
func (c *cells) locate(wavers float64) (found WhereSlice, ok bool) {
	var whole sums
	for _, v := range c.all {
		whole = whole.add(v)
	}
	excess := whole.count - whole.usual
	type candidate struct {
		from, to int
		in       sums
		ratio    float64 // log likelihood ratio
	}
	var all []candidate
	consider := func(from, to int, in sums) {
		if in.usual > whereMost*whole.usual || c.limited && in.of < wherePart*excess {
			return // nearly everything, or too small for the excess
		}
		rest := whole.less(in)
		v := candidate{from, to, in, in.free() + rest.usually(wavers) - whole.free()}
		all = append(all, v)
	}
	if c.kind == SliceHours {
		for from := range c.all {
			var in sums
			for to := from + 1; to <= min(len(c.all), from+whereHours); to++ {
				in = in.add(c.all[to-1])
				consider(from, to, in)
			}
		}
	} else {
		for i := range c.all {
			consider(i, i+1, sums{}.add(c.all[i]))
		}
	}
	if len(all) == 0 || len(c.all) < 2 || excess == 0 {
		return found, false
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.ratio, a.ratio) })
	best, narrow := all[0], all[0]
	mean := 0.0 // of the ratios, relative to the best; ranges of hours overlap
	for _, v := range all {
		mean += math.Exp(v.ratio-best.ratio) / float64(len(all))
	}
	evidence := best.ratio + math.Log(mean)
	// The shortest range that is not much less likely. Hours at the ends with hardly any events
	// only make a range longer.
	for _, v := range all[1:] {
		if c.kind == SliceHours && v.ratio > best.ratio-whereTrim && best.from <= v.from &&
			v.to <= best.to && v.to-v.from < narrow.to-narrow.from {
			narrow = v
		}
	}
	rival := c.kind != SliceHours && len(all) > 1 &&
		best.ratio-all[1].ratio < math.Log(whereRival)
	best = narrow
	part := (best.in.count - best.in.usual) / excess
	if evidence < math.Log(whereEvidence) || rival || part < wherePart ||
		c.kind != SliceHours && best.from >= len(c.names) {
		return found, false
	}
	found = WhereSlice{Kind: c.kind, Count: int(math.Round(best.in.count)),
		Baseline: best.in.usual, Part: min(1, part), Evidence: evidence / math.Ln10}
	if c.kind == SliceHours {
		found.From, found.To = best.from, best.to
	} else {
		found.Name = c.names[best.from]
	}
	return found, true
}

// asking returns how often people asked for a human, or nil if that is within chance.
func asking(count *int, usual float64, before []float64) *WhereRequests {
	if count == nil || len(before) < MinPeriods {
		return nil
	}
	n, wavers := float64(*count), max(leastWavers, variation(2, usualDeviations(before, usual)))
	level := (root(n) - root(usual)) / (math.Sqrt(1+wavers*wavers*usual) * medianError(len(before)))
	if n-usual < MinCount || n < askedMore*usual || level*level/2 < math.Log(coincides) {
		return nil
	}
	return &WhereRequests{*count, usual}
}

func usualDeviations(values []float64, usual float64) (all []deviation) {
	for _, v := range values {
		all = append(all, deviation{root(v) - root(usual), 1, usual})
	}
	return all
}
