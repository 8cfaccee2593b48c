package figures

import (
	"math"
	"time"

	"kindlyweekly/report/period"
)

// Thresholds of unusual weeks, records and streaks, chosen by the simulation in alarms_test.go.
const (
	unusualLevel = 4.0  // standard deviations from the baseline
	unusualLeast = 0.2  // of the baseline, so that 3 % of a very even bot is no news
	recordLevel  = 4.0  // standard deviations from the baseline
	recordMargin = 0.5  // standard deviations more than the record before
	recordLeast  = 0.2  // of the baseline
	streakWeeks  = 4    // steps in the same direction
	streakStep   = 0.5  // standard deviations of each step
	streakLevel  = 4.0  // standard deviations from the streak's first week to its last
	streakLeast  = 0.15 // of the first week's value
)

// Measures of records and streaks.
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
	Level    float64       `json:"level"` // how many standard deviations from the baseline it lies
}

// Streak is a row of weeks, each higher than the one before, or each lower, by more than chance.
type Streak struct {
	Measure string        `json:"measure"`
	Up      bool          `json:"up"`
	Periods int           `json:"weeks"` // how many times in a row it rose or fell
	Since   period.Period `json:"since"` // the week that it rose or fell from
	From    float64       `json:"from"`  // that week's value
	Value   float64       `json:"value"` // this week's
}

// series is a measure over the 12 weeks, also on a scale on which high and low values vary alike.
type series struct {
	measure string
	value   []float64 // NaN if not known
	y       []float64 // the value on the scale
	chance  float64   // the least standard deviation of a week on the scale
}

func (s *series) add(value, y float64) {
	s.value, s.y = append(s.value, value), append(s.y, y)
}

func (r *Report) chatSeries() series {
	s := series{measure: MeasureChats, chance: max(1, r.dayToDay())}
	for _, w := range r.Chats.Trend {
		value := math.NaN()
		if w.Known() {
			value = float64(w.Count)
		}
		s.add(value, root(value))
	}
	return s
}

func (r *Report) fallbackSeries() series {
	s := series{measure: MeasureFallbackRate}
	for i := range r.Fallbacks.Trend {
		if m := r.measureFallbacks(i, 0); m.reliable() != nil {
			s.add(*m.value, m.y)
			s.chance = max(s.chance, m.chance)
		} else {
			s.add(math.NaN(), math.NaN())
		}
	}
	return s
}

// pastDays returns how far the chats of the days in the baseline's weeks are from the median of
// their weekday, on the scale of root, and how many weeks these are. Both are zero with fewer than
// MinPeriods.
func (r *Report) pastDays() (days []deviation, of int) {
	weeks := r.baselineWeeks()
	if len(weeks) < MinPeriods {
		return nil, 0
	}
	for d := range time.Weekday(7) {
		chats := r.chatsOn(r.sameWeekday(weeks, d))
		for _, n := range chats {
			usual := median(chats)
			days = append(days, deviation{root(n) - root(usual), 1, usual})
		}
	}
	return days, len(weeks)
}

// dayToDay returns the standard deviation of a day's chats from its weekday's median, on the scale
// of root. If days are independent, a week's chats have the same one on that scale; else they have
// more.
func (r *Report) dayToDay() float64 {
	days, of := r.pastDays()
	if len(days) == 0 {
		return 0
	}
	away := make([]float64, len(days))
	for i, d := range days {
		away[i] = d.away
	}
	return normal * smallSample(of) * mad(away, 0)
}

// dayVariation returns by how much a day's chats vary beside chance, as a standard deviation
// relative to them.
func (r *Report) dayVariation() float64 {
	days, of := r.pastDays()
	if len(days) == 0 {
		return 0
	}
	return smallSample(of) * variation(2, days)
}

// comparison compares this week with the baseline's weeks. value and baseline are as they are read;
// median and spread are on the scale of the series, and level is in standard deviations.
type comparison struct {
	value, baseline       float64
	median, spread, level float64
	weeks                 int // of the baseline; 0 if there is no comparison
}

// compare returns the zero comparison for a special week, and with too few weeks.
func (r *Report) compare(s series) (c comparison) {
	var values, ys []float64
	for _, i := range r.baselineWeeks() {
		if !math.IsNaN(s.y[i]) {
			values, ys = append(values, s.value[i]), append(ys, s.y[i])
		}
	}
	last := TrendPeriods - 1
	if len(ys) < MinPeriods || math.IsNaN(s.y[last]) || r.isSpecial(r.Period.Name) {
		return c
	}
	c.value, c.baseline, c.median, c.weeks = s.value[last], median(values), median(ys), len(ys)
	c.spread = max(spread(ys), s.chance) * medianError(len(ys))
	if c.spread > 0 {
		c.level = (s.y[last] - c.median) / c.spread
	}
	return c
}

// Sides on which a week stands out from the baseline.
const (
	Higher = "higher"
	Lower  = "lower"
)

// standsOut returns the side on which the week stands out: beyond chance, and by enough to be
// reported. It is empty if the week does not.
func (c comparison) standsOut() string {
	switch away := c.value - c.baseline; {
	case math.Abs(c.level) < unusualLevel || math.Abs(away) < unusualLeast*c.baseline:
		return ""
	case away > 0:
		return Higher
	}
	return Lower
}

// chatsStandOut returns the side on which the week's chats are far from the baseline, Higher or
// Lower. It returns "" if they are not, or may not be compared.
func (r *Report) chatsStandOut() string {
	c := r.compare(r.chatSeries())
	if max(c.value, c.baseline) < MinEvents {
		return ""
	}
	return c.standsOut()
}

// fallbacksStandOut returns the side on which the week's fallback rate stands out. It is empty if
// it does not, or may not be compared.
func (r *Report) fallbacksStandOut() string { return r.compare(r.fallbackSeries()).standsOut() }

// record compares this week with all eleven before it, none of which may be special. It returns nil
// if this week is no record.
func (r *Report) record(s series) *Record {
	last := TrendPeriods - 1
	c := r.compare(s)
	switch {
	case c.weeks < last:
		return nil
	case s.measure == MeasureChats && (c.baseline < MinEvents || c.value == 0):
		return nil // a week without chats has a headline of its own
	}
	sign := math.Copysign(1, c.level)
	was := 0
	for i := range last {
		if sign*s.value[i] > sign*s.value[was] {
			was = i
		}
	}
	rec := Record{
		Measure: s.measure, Highest: sign > 0, Value: c.value, Baseline: c.baseline,
		Was: s.value[was], WasIn: r.Chats.Trend[was].Period,
		Periods: TrendPeriods, Level: math.Abs(c.level),
	}
	if rec.Level < recordLevel || sign*(rec.Value-rec.Was) <= 0 ||
		sign*(s.y[last]-s.y[was]) < recordMargin*c.spread ||
		math.Abs(rec.Value-c.baseline) < recordLeast*c.baseline {
		return nil
	}
	return &rec
}

// streak returns the weeks in a row, up to this one, that each rose or each fell. It is nil if
// there are too few of them or if they differ too little. The row begins after a special week, and
// after one that the history does not cover.
func (r *Report) streak(s series) *Streak {
	last := TrendPeriods - 1
	var steps []float64
	for i := range last {
		if step := s.y[i+1] - s.y[i]; !math.IsNaN(step) && r.covered(i) {
			steps = append(steps, step)
		}
	}
	if len(steps) < 2*streakWeeks || r.isSpecial(r.Period.Name) {
		return nil
	}
	// Steps between independent weeks vary √2 times as much as the weeks. They are compared with
	// their median, since all steps of a growing bot are a little above zero.
	variation := max(spread(steps)/math.Sqrt2, s.chance)
	sign := math.Copysign(1, s.y[last]-s.y[last-1])
	from := last
	for from > 0 && sign*(s.y[from]-s.y[from-1]) >= streakStep*variation && // false of NaN
		r.covered(from-1) && !r.isSpecial(r.Chats.Trend[from-1].Period) {
		from--
	}
	streak := &Streak{
		Measure: s.measure, Up: sign > 0, Periods: last - from, Since: r.Chats.Trend[from].Period,
		From: s.value[from], Value: s.value[last],
	}
	if streak.Periods < streakWeeks || sign*(s.y[last]-s.y[from]) < streakLevel*variation ||
		math.Abs(streak.Value-streak.From) < streakLeast*streak.From ||
		s.measure == MeasureChats && min(streak.Value, streak.From) < MinEvents {
		return nil
	}
	return streak
}
