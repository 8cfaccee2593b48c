package figures

import (
	"math"

	"kindlyweekly/report/period"
)

// Thresholds of a rate that creeps up, chosen by simulation; see detection_test.go.
const (
	risingLevel   = 3.3  // standard deviations
	risingLeast   = 0.15 // of the rate before, by the line and by the week itself
	risingWeeks   = 11   // this week and those before it
	risingLongest = 8    // weeks
	risingDays    = 2.5  // standard deviations; a day that is farther off counts as this far
	weekDrift     = 0.02 // standard deviation of a week's rate beyond that of its days, relative
)

// Rising is a fallback rate that has crept up. For some weeks it rose in small steps, which
// together are more than chance, although no day has to have jumped.
//
// It is reported once, in the week whose numbers first prove it. If the rate stays high, it becomes
// part of the baseline. If it goes on rising, [Fallbacks.StandsOut] and records report it. A week
// in which a day jumped has none. The week after reports it if it is proven without that day. A
// rate that rose within two or three weeks and stayed looks much the same, and is reported as well.
// One that rose only in this week is not.
type Rising struct {
	Since   period.Period `json:"since"` // the first week in which it rose
	Periods int           `json:"weeks"` // for how many weeks, this one included; 4 to 8
	From    float64       `json:"from"`  // the median rate of the weeks before, a fraction
	To      float64       `json:"to"`    // this week's rate
	Level   float64       `json:"level"` // standard deviations
}

// rising returns the rise that this week proves. It returns nil if there is none, or if the week
// before proved it.
func (r *Report) rising() *Rising {
	last := TrendPeriods - 1
	rise := r.risingIn(last)
	if rise == nil || r.risingIn(last-1) != nil {
		return nil
	}
	return rise
}

// risingIn returns the rise that one of the 12 weeks proves together with the weeks before it, or
// nil.
//
// It fits a line to the logarithm of the weekly rate. The line is level at first and rises from one
// of the weeks on. Its rise is compared with its standard error, which is estimated from the bot's
// days and weeks.
func (r *Report) risingIn(place int) (best *Rising) {
	if r.isSpecial(r.Chats.Trend[place].Period) || !r.covered(place) || !r.enoughMessages(place) ||
		r.Fallbacks.Trend[place].Rate == nil {
		return nil
	}
	var weeks []int
	for _, week := range append(r.baselineWeeks(), TrendPeriods-1) {
		if place-risingWeeks < week && week <= place {
			weeks = append(weeks, week)
		}
	}
	rates := r.logRates(weeks)
	for length := MinPeriods; length <= risingLongest; length++ {
		first := place - length + 1 // of the weeks in which it rises
		l, ok := fitRise(rates, first, place)
		if !ok || l.rise < math.Log1p(risingLeast) || l.level < risingLevel ||
			best != nil && l.level <= best.Level || !crept(rates, first, place, l) {
			continue
		}
		before := knownOf(weeks, func(week int) *float64 {
			if week >= first {
				return nil
			}
			return r.measureFallbacks(week, 0).reliable()
		})
		to := *r.Fallbacks.Trend[place].Rate
		if len(before) == 0 || to < (1+risingLeast)*median(before) {
			continue
		}
		best = &Rising{Since: r.Chats.Trend[first].Period, Periods: length, From: median(before),
			To: to, Level: l.level}
	}
	if best != nil && len(r.jumps(place)) > 0 {
		return nil
	}
	return best
}

// logRate is the logarithm of a week's fallback rate relative to what is usual for its weekdays.
// Its weight is one divided by its variance.
type logRate struct {
	week      int // its place among the 12
	y, weight float64
}

// logRates returns the rates of weeks that have fallbacks. Single days that are far off count less.
func (r *Report) logRates(weeks []int) (rates []logRate) {
	days := r.rateDays(weeks)
	if len(days) < incidentDays {
		return nil
	}
	usual := learnUsual(days)
	var all [TrendPeriods]counted
	end := r.span(weeks[len(weeks)-1]).last + 1
	for _, d := range days {
		mean, variance := usual.expect(d)
		week := TrendPeriods - 1 - (r.span(TrendPeriods-1).last-(end-d.age))/7
		all[week].add(counted{usual.clipped(d, risingDays), mean, variance})
	}
	for week, c := range all {
		if c.fallbacks > 0 {
			variance := c.variance/(c.fallbacks*c.fallbacks) + weekDrift*weekDrift
			rates = append(rates, logRate{week, math.Log(c.fallbacks / c.mean), 1 / variance})
		}
	}
	return rates
}

// crept reports whether the weeks before the last one rose as well, by at least half of the rise.
// If they did not, the last week rose alone, and the rate did not creep up.
func crept(rates []logRate, first, last int, l risen) bool {
	return fitLine(rates[:len(rates)-1], first, last).rise >= l.rise/2
}

// line is level before the week first, and from then on rises by rise until the week last.
type line struct {
	start, rise float64
	information float64 // 1 divided by the variance of the rise
	first, last int
}

// at returns which part of the rise is over in the middle of a week.
func (l line) at(week int) float64 {
	return max(0, float64(week-l.first)+0.5) / (float64(l.last-l.first) + 0.5)
}

// fitLine fits a line to weeks. There must be some on both sides of the week first.
func fitLine(rates []logRate, first, last int) line {
	l := line{first: first, last: last}
	var weight, x, y, xx, xy float64
	for _, v := range rates {
		at := l.at(v.week)
		weight += v.weight
		x, y = x+v.weight*at, y+v.weight*v.y
		xx, xy = xx+v.weight*at*at, xy+v.weight*at*v.y
	}
	l.information = xx - x*x/weight
	l.rise = (xy - x*y/weight) / l.information
	l.start = (y - l.rise*x) / weight
	return l
}

// risen is by how much a line rises, and how many standard errors that is.
type risen struct{ rise, level float64 }

// fitRise fits a line to weeks that rises from the week first until the week last. ok is false if
// there are fewer than three weeks on either side.
func fitRise(rates []logRate, first, last int) (r risen, ok bool) {
	before := 0
	for before < len(rates) && rates[before].week < first {
		before++
	}
	if before < 3 || len(rates) < before+3 || rates[len(rates)-1].week != last {
		return r, false
	}
	l := fitLine(rates, first, last)
	// Weeks may vary more than their days show. A few weeks are too few to estimate by how much, so
	// five are added that vary just as much.
	const added = 5
	squares := float64(added)
	for _, v := range rates {
		away := v.y - l.start - l.rise*l.at(v.week)
		squares += v.weight * away * away
	}
	varies := max(1, squares/float64(len(rates)-2+added))
	return risen{l.rise, l.rise * math.Sqrt(l.information/varies)}, true
}
