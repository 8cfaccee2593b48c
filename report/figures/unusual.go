package figures

import (
	"math"

	"kindlyweekly/report/period"
)

// What makes a week unusual, a record or a streak. Each was chosen by the simulation in alarms_test.go.
const (
	unusualLevel = 4.0  // standard deviations from the median of the ordinary weeks
	unusualLeast = 0.2  // of the median, so that a bot as even as a machine does not make news of 3 %
	recordLevel  = 3.0  // standard deviations from the median
	recordMargin = 0.5  // standard deviations beyond the record that was
	recordLeast  = 0.15 // of the median
	streakWeeks  = 4    // steps in the same direction
	streakStep   = 0.5  // standard deviations that each step has at least
	streakLevel  = 3.0  // standard deviations from the first week of the streak to the last
	streakLeast  = 0.15 // of the first week's value
)

// Measures of which there are records and streaks.
const (
	MeasureChats        = "chats"
	MeasureFallbackRate = "fallback_rate"
)

// Record is a week that is the highest or the lowest of the twelve, by more than chance.
type Record struct {
	Measure  string        `json:"measure"` // one of the Measure constants
	Highest  bool          `json:"highest"` // else lowest
	Value    float64       `json:"value"`   // a count, or a fraction
	Baseline float64       `json:"ordinary"`
	Was      float64       `json:"was"` // the highest or lowest of the eleven weeks before
	WasIn    period.Period `json:"was_week"`
	Periods  int           `json:"weeks"` // of how many weeks it is the record, this one included
	Level    float64       `json:"level"` // how many standard deviations it lies from the ordinary week
}

// Streak is a row of weeks of which each was higher than the one before, or each lower, by more than chance.
type Streak struct {
	Measure string        `json:"measure"`
	Up      bool          `json:"up"`
	Periods int           `json:"weeks"` // how many times in a row it rose or fell
	Since   period.Period `json:"since"` // the week that it rose or fell from
	From    float64       `json:"from"`  // that week's value
	Value   float64       `json:"value"` // this week's
}

// series is a measure over the 12 weeks, on a scale on which it wavers as much whether it is high or low.
type series struct {
	measure string
	value   []float64 // as it is read
	y       []float64 // on the scale; NaN where there is none
	chance  float64   // the least standard deviation that chance alone gives a week, on the scale
}

func (r *Report) chatSeries() series {
	s := series{measure: MeasureChats, chance: 1}
	for _, w := range r.Chats.Trend {
		if !w.Known() {
			s.value, s.y = append(s.value, math.NaN()), append(s.y, math.NaN())
			continue
		}
		s.value, s.y = append(s.value, float64(w.Count)), append(s.y, root(float64(w.Count)))
	}
	s.chance = max(s.chance, r.dayToDay())
	return s
}

// A pastDay is a day's chats beside the median of its weekday.
type pastDay struct{ chats, median float64 }

// away is how far the day is from its median, on the scale of roots.
func (d pastDay) away() float64 { return root(d.chats) - root(d.median) }

// pastDays returns the days of the ordinary weeks of which the chats are known, and how many weeks these are.
func (r *Report) pastDays() (days []pastDay, of int) {
	weeks := r.baselineWeeks()
	if len(weeks) < MinPeriods {
		return nil, 0
	}
	for d := range 7 {
		var chats []float64
		for _, i := range weeks {
			if day := r.History[7*i+d]; day.KnowsChats() {
				chats = append(chats, float64(day.Chats))
			}
		}
		for _, n := range chats {
			days = append(days, pastDay{n, median(chats)})
		}
	}
	return days, len(weeks)
}

// dayToDay returns the standard deviation of a day's chats around its weekday's median, on the scale of roots. If days
// knew nothing of each other a week's chats would waver by as much on that scale, and they do not waver by less.
func (r *Report) dayToDay() float64 {
	days, of := r.pastDays()
	if len(days) == 0 {
		return 0
	}
	away := make([]float64, len(days))
	for i, d := range days {
		away[i] = d.away()
	}
	return normal * smallSample(of) * mad(away, 0)
}

// dayVariation returns by how much a day's chats waver beyond chance, as a standard deviation relative to them. So a busy
// weekday wavers by more chats than a quiet one.
func (r *Report) dayVariation() float64 {
	days, of := r.pastDays()
	if len(days) == 0 {
		return 0
	}
	return smallSample(of) * solve(2, func(variation float64) float64 {
		away := make([]float64, len(days))
		for i, d := range days {
			away[i] = math.Abs(d.away()) / math.Sqrt(1+variation*variation*d.median)
		}
		return median(away)
	})
}

func (r *Report) fallbackSeries() series {
	s := series{measure: MeasureFallbackRate}
	for i, w := range r.Fallbacks.Trend {
		if r.fallbackRate(i) == nil { // one that is not nil has a count
			s.value, s.y = append(s.value, math.NaN()), append(s.y, math.NaN())
			continue
		}
		y, variance := angle(*w.Count, replies(*w.Count, w.Rate, r.Messages.Trend[i].Count))
		s.value, s.y = append(s.value, *w.Rate), append(s.y, y)
		s.chance = max(s.chance, math.Sqrt(variance))
	}
	return s
}

// comparison is how this week stands among the ordinary weeks before it. value and ordinary are as they are read; median
// and spread are on the scale of the series, and level is in standard deviations.
type comparison struct {
	value, baseline       float64
	median, spread, level float64
	weeks                 []int
}

// compare holds this week's value against those of the ordinary weeks. Where there are too few of them ok is false, and value
// and level are zero.
func (r *Report) compare(s series) (at comparison, ok bool) {
	var values, ys []float64
	for _, i := range r.baselineWeeks() {
		if !math.IsNaN(s.y[i]) {
			values, ys, at.weeks = append(values, s.value[i]), append(ys, s.y[i]), append(at.weeks, i)
		}
	}
	last := TrendPeriods - 1
	if len(ys) < MinPeriods || math.IsNaN(s.y[last]) || r.isSpecial(r.Period.Name) {
		return at, false
	}
	at.value, at.baseline, at.median = s.value[last], median(values), median(ys)
	at.spread = max(spread(ys), s.chance) * medianError(len(ys))
	if at.spread > 0 {
		at.level = (s.y[last] - at.median) / at.spread
	}
	return at, true
}

// Sides on which a week stands out from the ordinary weeks.
const (
	Higher = "higher"
	Lower  = "lower"
)

// standsOut returns the side on which the week stands out: beyond chance and by enough to be worth a word. It is empty
// where the week does not.
func (at comparison) standsOut() string {
	switch away := at.value - at.baseline; {
	case math.Abs(at.level) < unusualLevel || math.Abs(away) < unusualLeast*at.baseline:
		return ""
	case away > 0:
		return Higher
	}
	return Lower
}

// unusual reports whether the week's chats are far from those of an ordinary week.
func (r *Report) unusual() bool {
	at, _ := r.compare(r.chatSeries())
	return max(at.value, at.baseline) >= MinEvents && at.standsOut() != ""
}

// fallbacksStandOut returns the side on which the week's fallback rate stands out, empty where it does not or may not be
// compared.
func (r *Report) fallbacksStandOut() string {
	at, _ := r.compare(r.fallbackSeries())
	return at.standsOut()
}

// record looks at this week among all eleven before it, none of which may be special.
func (r *Report) record(s series) *Record {
	at, ok := r.compare(s)
	last := TrendPeriods - 1
	value := s.value[last]
	if !ok || len(at.weeks) < last || s.measure == MeasureChats && (at.baseline < MinEvents || value == 0) {
		return nil // that nobody came at all is no record, but the headline
	}
	rec := Record{Measure: s.measure, Highest: at.level > 0, Value: value, Baseline: at.baseline, Periods: TrendPeriods, Level: math.Abs(at.level)}
	sign := 1.0
	if !rec.Highest {
		sign = -1
	}
	was := 0
	for i := range last {
		if sign*s.value[i] > sign*s.value[was] {
			was = i
		}
	}
	rec.Was, rec.WasIn = s.value[was], r.Chats.Trend[was].Period
	if rec.Level < recordLevel || sign*(value-rec.Was) <= 0 || sign*(s.y[last]-s.y[was]) < recordMargin*at.spread ||
		math.Abs(value-at.baseline) < recordLeast*at.baseline {
		return nil
	}
	return &rec
}

// streak looks for weeks in a row, up to this one, that each rose or each fell. None of them may be special, nor the one
// that they set out from.
func (r *Report) streak(s series) *Streak {
	last := TrendPeriods - 1
	var steps []float64
	for i := 1; i <= last; i++ {
		if !math.IsNaN(s.y[i]) && !math.IsNaN(s.y[i-1]) && r.covered(i-1) {
			steps = append(steps, s.y[i]-s.y[i-1])
		}
	}
	if len(steps) < 2*streakWeeks {
		return nil
	}
	// The steps of weeks that know nothing of each other waver by √2 times what the weeks do. Around their median, since
	// a bot that grows has steps that are all a little above zero.
	variation := max(spread(steps)/math.Sqrt2, s.chance)
	sign := 1.0
	if s.y[last] < s.y[last-1] {
		sign = -1
	}
	n := 0
	for i := last; i > 0; i-- {
		week, before := r.Chats.Trend[i].Period, r.Chats.Trend[i-1].Period
		if !r.covered(i-1) || r.isSpecial(week) || r.isSpecial(before) {
			break
		}
		if step := sign * (s.y[i] - s.y[i-1]); math.IsNaN(step) || step < streakStep*variation {
			break
		}
		n++
	}
	from := last - n
	if n < streakWeeks || sign*(s.y[last]-s.y[from]) < streakLevel*variation ||
		math.Abs(s.value[last]-s.value[from]) < streakLeast*s.value[from] ||
		s.measure == MeasureChats && min(s.value[last], s.value[from]) < MinEvents {
		return nil
	}
	return &Streak{Measure: s.measure, Up: sign > 0, Periods: n, Since: r.Chats.Trend[from].Period, From: s.value[from], Value: s.value[last]}
}
