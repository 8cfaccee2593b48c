package figures

import (
	"cmp"
	"slices"

	"kindlyweekly/report/period"
)

// Limits of what Sage is asked further about.
const (
	maxDoubts   = 2 // days or weeks
	doubtWeeks  = 4 // of the baseline, the last ones, whose lists and hours are compared
	doubtSource = 2 // the fewest weeks before that must be known
)

// Doubt is a day, or the whole week, that stands out. Sage is asked further about it: where the
// excess lies, and what coincides with it.
type Doubt struct {
	Measure string // MeasureFallbackRate or MeasureChats
	Span    Span
	Before  []Span          // compared with these: the same weekday, or weeks, the last first
	Weeks   []period.Period // of Before

	usual float64 // events in the span
}

// Span is some days. To is exclusive.
type Span struct{ From, To period.Date }

// Day reports whether it is a single day.
func (s Span) Day() bool { return s.To.Sub(s.From) == 1 }

// Doubts returns what stands out in a report, at most two. First are the days whose fallback rate
// jumped, or else the week's rate; then the chats of the week or of a day. It returns none in a
// quiet week, and none in one that is compared with no other.
func (r *Report) Doubts() (all []Doubt) {
	if r.Baseline == nil || r.Empty() || r.isSpecial(r.Period.Name) {
		return nil
	}
	weeks := r.baselineWeeks()
	slices.Reverse(weeks)
	weeks = weeks[:min(len(weeks), doubtWeeks)]
	add := func(measure string, usual float64, day *period.Date) {
		d := Doubt{Measure: measure, usual: usual, Span: Span{r.Period.From, r.Period.To}}
		if day != nil {
			d.Span = Span{*day, day.Add(1)}
		}
		for _, i := range weeks {
			w := r.Chats.Trend[i].Period
			before := Span{w.From(), w.To()}
			if day != nil {
				from := w.From().Add(day.Sub(r.Period.From))
				before = Span{from, from.Add(1)}
			}
			d.Before, d.Weeks = append(d.Before, before), append(d.Weeks, w)
		}
		if len(all) < maxDoubts {
			all = append(all, d)
		}
	}
	incidents := slices.SortedStableFunc(slices.Values(r.Fallbacks.Incidents),
		func(a, b Incident) int { return cmp.Compare(b.Level, a.Level) })
	for _, v := range incidents {
		add(MeasureFallbackRate, v.Baseline*float64(v.Replies), &v.Date)
	}
	if len(incidents) == 0 && r.fallbacksInDoubt() {
		f, c := r.Fallbacks, r.compare(r.fallbackSeries())
		if of := replies(*f.Count, f.Rate, r.Messages.Total); c.weeks > 0 && of > 0 {
			add(MeasureFallbackRate, c.baseline*float64(of), nil)
		}
	}
	if r.Chats.StandsOut != "" {
		add(MeasureChats, r.Baseline.Chats.Median, nil)
	} else if d := r.unusualDays(); d != nil {
		for _, note := range []*DayNote{d.Most, d.Fewest} {
			if note != nil {
				add(MeasureChats, *note.Baseline, &note.Date)
			}
		}
	}
	return all
}

// fallbacksInDoubt reports whether the week's fallback rate is higher than it should be, by more
// than chance, or has crept up.
func (r *Report) fallbacksInDoubt() bool {
	if r.Fallbacks.Count == nil || r.Fallbacks.Rate == nil {
		return false
	}
	missed := func(t Target) bool {
		return t.Name == TargetFallbackRate && t.State == Missed && t.StandsOut
	}
	return r.Fallbacks.StandsOut == Higher || r.Fallbacks.Rising != nil ||
		slices.ContainsFunc(r.Targets, missed)
}

// wavers returns by how much the measure of a doubt usually varies beyond chance, as a standard
// deviation relative to it.
func (r *Report) wavers(d Doubt) float64 {
	h := r.wholeHistory(d)
	usual := ratio(sumOf(h.before))
	var all []deviation
	for _, t := range h.before {
		if mean := usual * t.of; mean > 0 {
			all = append(all, deviation{root(t.events) - root(mean), 1, mean})
		}
	}
	if len(all) == 0 {
		return mostWavers
	}
	return min(mostWavers, max(leastWavers, variation(mostWavers, all)))
}

// What the measure varies at least, and at most.
const leastWavers, mostWavers = 0.07, 0.5
