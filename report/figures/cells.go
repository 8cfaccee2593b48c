package figures

import (
	"cmp"
	"math"
	"slices"
	"time"

	"kindlyweekly/report/period"
)

// How the usual rate of a slice is estimated.
const (
	pooledReplies = 30.0 // of the bot's own rate, added to those of a slice
	trimmed       = 0.05 // of the days: the most unusual ones, which are left out of the spread
	trimmedMean   = 0.76 // the part of the squares of normally distributed values that is left
	// spreadDays days with a spread of 1 are added to those that the spread is estimated from.
	spreadDays = 20
)

// tally is what was counted of something in a span: events, and out of how many. For fallbacks, of
// is the number of replies, and for chats it is 1. The zero tally: not known.
type tally struct{ events, of float64 }

// history is a slice in the span of a doubt, and in those that it is compared with.
type history struct {
	name   string
	this   tally
	before []tally // of 0 where it is not known
}

// sliceCells returns the cells of the sources or the languages. What is in none of them is a cell
// of its own. It returns nil if fewer than two are known.
func (r *Report) sliceCells(d Doubt, kind string, parts []part, whole int) *cells {
	if len(parts) < 2 {
		return nil
	}
	var all []history
	for _, p := range parts {
		if h, ok := r.sliceHistory(d, p); ok {
			all = append(all, h)
		}
	}
	if len(all) == 0 {
		return nil
	}
	rest := r.wholeHistory(d)
	sum := 0.0
	for _, h := range all {
		sum += h.this.events
		rest.this = rest.this.less(h.this, d.Measure)
		for i := range rest.before {
			rest.before[i] = rest.before[i].less(h.before[i], d.Measure)
		}
	}
	if sum > float64(whole)+max(fewEvents, float64(whole)/maxOverlap) {
		return nil // the filter was ignored
	}
	if rest.this.events > max(fewEvents, float64(whole)/restShare) {
		// A slice without an event may be part of the rest, and is not known.
		all = slices.DeleteFunc(all, func(h history) bool { return h.this.events == 0 })
	}
	c := &cells{kind: kind, limited: d.Measure == MeasureFallbackRate}
	for _, h := range all {
		c.names = append(c.names, h.name)
	}
	c.all = cellsOf(d.Measure, append(all, rest))
	return c
}

// less returns what is left of a whole without a part.
func (t tally) less(o tally, measure string) tally {
	left := tally{max(0, t.events-o.events), t.of}
	if measure == MeasureFallbackRate {
		left.of = max(0, t.of-o.of)
	}
	return left
}

// baseRuns returns what the span of a doubt is compared with in the history. For the fallback rate
// of a day, it is all days of the baseline's weeks. For the chats of a day, it is the same weekday.
// For a week, it is the weeks.
func (r *Report) baseRuns(d Doubt) (runs []run) {
	weeks := r.baselineWeeks()
	switch {
	case !d.Span.Day():
		for _, i := range weeks {
			runs = append(runs, r.span(i))
		}
	case d.Measure == MeasureChats:
		for _, day := range r.sameWeekday(weeks, d.Span.From.Weekday()) {
			runs = append(runs, run{day, day})
		}
	default:
		for _, i := range weeks {
			for day := r.span(i).first; day <= r.span(i).last; day++ {
				runs = append(runs, run{day, day})
			}
		}
	}
	return runs
}

// wholeHistory returns the history of the whole bot.
func (r *Report) wholeHistory(d Doubt) (h history) {
	of := func(days run) tally {
		if d.Measure == MeasureChats {
			n := 0
			for i := days.first; i <= days.last; i++ {
				if !r.History[i].KnowsChats() {
					return tally{}
				}
				n = plus(n, r.History[i].Chats)
			}
			return tally{float64(n), 1}
		}
		if d.Span.Day() {
			f := r.Fallbacks.History[days.first]
			if f.Count == nil {
				return tally{}
			}
			return tally{float64(*f.Count),
				float64(replies(*f.Count, f.Rate, r.History[days.first].Messages))}
		}
		for i, f := range r.Fallbacks.Trend {
			if r.span(i) == days && f.Count != nil {
				return tally{float64(*f.Count),
					float64(replies(*f.Count, f.Rate, r.Messages.Trend[i].Count))}
			}
		}
		return tally{}
	}
	h.this = of(r.places(d.Span))
	for _, days := range r.baseRuns(d) {
		h.before = append(h.before, of(days))
	}
	return h
}

// sliceHistory returns the history of a slice. ok is false if its numbers in the span are not
// known.
func (r *Report) sliceHistory(d Doubt, p part) (h history, ok bool) {
	perChat := r.repliesPerChat()
	chats := func(days run) *int { return in(p.chats, days, self) }
	of := func(days run) (tally, bool) {
		n := chats(days)
		if d.Measure == MeasureChats {
			if n == nil {
				return tally{}, false
			}
			return tally{float64(*n), 1}, true
		}
		var v rated
		if d.Span.Day() {
			if p.fallbackDays == nil || p.fallbackDays.differs[days.first] {
				return tally{}, false
			}
			v = p.fallbackDays.value[days.first]
		} else {
			week := slices.IndexFunc(r.Chats.Trend, func(c PeriodCount) bool {
				return r.places(Span{c.Period.From(), c.Period.To()}) == days
			})
			if p.fallbackWeeks == nil || week < 0 || p.fallbackWeeks.differs[week] {
				return tally{}, false
			}
			v = p.fallbackWeeks.value[week]
		}
		about := 0 // replies, where they do not follow from the rate
		if n != nil {
			about = int(math.Round(perChat * float64(*n)))
		}
		return tally{float64(v.count), float64(replies(v.count, v.rateOf(), about))}, true
	}
	h.name = p.name
	if h.this, ok = of(r.places(d.Span)); !ok {
		return h, false
	}
	for _, days := range r.baseRuns(d) {
		t, _ := of(days)
		h.before = append(h.before, t)
	}
	return h, true
}

// repliesPerChat is the bot's mean in the weeks of the baseline.
func (r *Report) repliesPerChat() float64 {
	var all, chats float64
	for _, i := range r.baselineWeeks() {
		f := r.Fallbacks.Trend[i]
		if f.Count != nil && r.Chats.Trend[i].Known() {
			all += float64(replies(*f.Count, f.Rate, r.Messages.Trend[i].Count))
			chats += float64(r.Chats.Trend[i].Count)
		}
	}
	if chats == 0 {
		return 1
	}
	return all / chats
}

// cellsOf returns the cells of slices. Together, the slices are the whole.
func cellsOf(measure string, all []history) (out []cell) {
	var whole history
	whole.before = make([]tally, len(all[0].before))
	for _, h := range all {
		whole.this = whole.this.plus(h.this)
		for i, t := range h.before {
			whole.before[i] = whole.before[i].plus(t)
		}
	}
	rates, rate := make([]float64, len(all)), ratio(sumOf(whole.before))
	for s, h := range all {
		sum := sumOf(h.before)
		if measure == MeasureChats {
			rates[s] = (sum.events + 0.5) / max(1, sum.of)
		} else {
			rates[s] = (sum.events + pooledReplies*rate) / (sum.of + pooledReplies)
		}
	}
	expected := func(s int, t tally) float64 { return rates[s] * t.of }
	for s, h := range all {
		// How far the slice is from its part of the whole, in the spans before.
		var squares []square
		for i, t := range h.before {
			sum := 0.0
			for o := range all {
				sum += expected(o, all[o].before[i])
			}
			if sum <= 0 || whole.before[i].events == 0 {
				continue
			}
			e := expected(s, t) * whole.before[i].events / sum
			squares = append(squares,
				square{(t.events - e) * (t.events - e), e, sum / (sum - min(e, 0.9*sum))})
		}
		out = append(out,
			cell{h.this.events, h.this.of, max(expected(s, h.this), 1e-6), spreadOf(squares)})
	}
	return out
}

func (t tally) plus(o tally) tally { return tally{t.events + o.events, t.of + o.of} }

func sumOf(all []tally) (sum tally) {
	for _, t := range all {
		sum = sum.plus(t)
	}
	return sum
}

func ratio(t tally) float64 {
	if t.of == 0 {
		return 0
	}
	return t.events / t.of
}

// square is a squared deviation, and the mean that chance gives it. The slice is a part of the
// whole that it is compared with, and factor corrects for that.
type square struct{ away, mean, factor float64 }

// spreadOf returns how many times more counts vary than counts of independent events, at least 1.
// It leaves out the most unusual ones.
func spreadOf(all []square) float64 {
	if len(all) == 0 {
		return 1
	}
	level := func(s square) float64 { return s.away / max(s.mean, 0.5) }
	slices.SortFunc(all, func(a, b square) int { return cmp.Compare(level(a), level(b)) })
	kept := all[:len(all)-int(math.Ceil(trimmed*float64(len(all))))]
	var away, mean float64
	for _, s := range kept {
		away += s.away * min(s.factor, 3)
		mean += s.mean
	}
	if mean == 0 {
		return 1
	}
	n := float64(len(kept))
	estimate := away / mean / trimmedMean
	return max(1, (n*estimate+spreadDays)/(n+spreadDays))
}

// hourCells returns the cells of the hours of a day. It returns nil for a week, and if the hours
// are not known.
func (r *Report) hourCells(d Doubt, a Answers) *cells {
	if !d.Span.Day() {
		return nil
	}
	all := make([]history, 24)
	weeks := 0
	for _, h := range a.Closer.Hours {
		this := h.Period == r.Period.Name
		fallbacks := dayHours(h.Fallbacks, h.Period, ratedOf)
		messages := dayHours(h.Messages, h.Period, countOf)
		chats := dayHours(h.Chats, h.Period, countOf)
		if this && h.Chats == nil && a.Hours.Failed == "" {
			chats = dayHours(&a.Hours, h.Period, countOf)
		}
		if d.Measure == MeasureChats && chats == nil ||
			d.Measure != MeasureChats && (fallbacks == nil || messages == nil) {
			if this {
				return nil
			}
			continue
		}
		weeks++
		for i, date := range h.Period.Days() {
			if d.Measure == MeasureChats && date.Weekday() != d.Span.From.Weekday() {
				continue
			}
			doubted := this && date != d.Span.From
			if doubted && (d.Measure == MeasureChats || r.isIncident(date)) {
				continue
			}
			for hour := range 24 {
				var t tally
				if at := 24*i + hour; d.Measure == MeasureChats {
					t = tally{float64(sumInts(chats[at])), 1}
				} else {
					for _, v := range fallbacks[at] {
						t.events += float64(v.count)
						t.of += float64(replies(v.count, v.rateOf(), sumInts(messages[at])))
					}
				}
				if date == d.Span.From {
					all[hour].this = t
				} else {
					all[hour].before = append(all[hour].before, t)
				}
			}
		}
	}
	if weeks < 1+doubtSource {
		return nil
	}
	c := &cells{kind: SliceHours, all: cellsOf(d.Measure, all),
		limited: d.Measure == MeasureFallbackRate}
	// Hours vary alike.
	spread, n := 0.0, 0.0
	for _, v := range c.all {
		spread, n = spread+v.spread*v.usual, n+v.usual
	}
	for i := range c.all {
		c.all[i].spread = max(1, spread/max(n, 1e-6))
	}
	return c
}

// isIncident reports whether a day of this week is an incident.
func (r *Report) isIncident(day period.Date) bool {
	return slices.ContainsFunc(r.Fallbacks.Incidents,
		func(v Incident) bool { return v.Date == day })
}

func sumInts(all []int) (n int) {
	for _, v := range all {
		n = plus(n, v)
	}
	return n
}

// dayHours returns the values of each hour of a week, nil without an answer.
func dayHours[P interface{ at() time.Time }, V any](
	a *Answer[[]P], week period.Period, value func(P) V) [][]V {
	if a == nil || a.Failed != "" || len(a.Value) == 0 {
		return nil
	}
	hours := make([][]V, 24*week.Len())
	for _, p := range a.Value {
		at := p.at()
		if i := 24*period.DateOf(at).Sub(week.From()) + at.Hour(); 0 <= i && i < len(hours) {
			hours[i] = append(hours[i], value(p))
		}
	}
	return hours
}

// requests returns how often people asked for a human in the span of a doubt, and usually.
func (s allSeries) requests(r *Report, d Doubt, marks []Cause) (
	count *int, usual float64, before []float64) {
	of := func(days run) *int {
		if days.countUnknown(marks) > 0 {
			return nil
		}
		return new(days.sum(s.requestsOn))
	}
	same := d
	same.Measure = MeasureChats // the same weekday
	for _, days := range r.baseRuns(same) {
		if n := of(days); n != nil {
			before = append(before, float64(*n))
		}
	}
	if len(before) == 0 {
		return nil, 0, nil
	}
	return of(r.places(d.Span)), median(before), before
}
