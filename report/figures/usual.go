package figures

import (
	"math"
	"slices"
	"time"
)

// What is assumed about a bot before its days are known, and how fast it may change.
const (
	rateHalfLife  = 28.0 // days, after which a day says half as much about the usual rate
	usualSpread   = 0.13 // standard deviation of a day's rate beyond chance, relative to the rate
	spreadDoubt   = 0.4  // standard deviation of the logarithm of that
	weekendSpread = 0.2  // by how much the weekend's rate differs from that of the other days
	weekdaySpread = 0.02 // by how much weekdays differ in addition, at least
	drift         = 0.02 // by how much the usual rate changes from one week to the next
	farthest      = 3.0  // standard deviations; a day that is farther off counts as this far
	highestRate   = 0.95 // higher rates count as this one
	learningSteps = 3    // each begins with what the one before learned
)

// rateDay is a day's fallbacks and replies.
type rateDay struct {
	fallbacks, replies float64
	weekday            time.Weekday
	age                int // days before the first day that is judged, at least 1
}

// usualRates is what the fallback rate of a bot's days is usually like. Variances are relative: of
// the rate divided by the usual rate.
type usualRates struct {
	level    float64    // the rate of a weekday with the factor 1
	factors  [7]float64 // by weekday, Sunday first
	spread   float64    // variance of a day's rate beyond chance
	doubt    float64    // variance of the level as it is learned
	doubtful [7]float64 // variance of the factors as they are learned
}

// rate returns the usual rate of a weekday.
func (u *usualRates) rate(d time.Weekday) float64 {
	return min(highestRate, u.level*u.factors[d])
}

// varies returns by how much a weekday's rate is expected to vary beyond chance, as a variance. It
// includes the uncertainty of the usual rate.
func (u *usualRates) varies(d time.Weekday) float64 {
	return u.spread + u.doubt + u.doubtful[d] + drift*drift
}

// expect returns the mean and the variance of the fallbacks of a day.
func (u *usualRates) expect(d rateDay) (mean, variance float64) {
	p := u.rate(d.weekday)
	mean = p * d.replies
	return mean, mean*(1-p) + u.spread*mean*mean
}

// clipped returns the fallbacks of a day, limited to the given number of standard deviations from
// the mean. So a day that jumped in the past changes what is usual only a little.
func (u *usualRates) clipped(d rateDay, deviations float64) float64 {
	mean, variance := u.expect(d)
	away := deviations * math.Sqrt(variance)
	return min(mean+away, max(mean-away, d.fallbacks))
}

// learnUsual returns what is usual by a bot's days. There must be at least one.
//
// The level is the mean of the days, in which recent days weigh more. The weekend has a factor, and
// so has each weekday. Each factor is shrunk: the fewer fallbacks it is learned from, the closer it
// is to 1. The spread is shrunk towards that of other bots. It includes everything that makes days
// differ: replies of one chat are not independent, so a day has fewer independent ones than
// replies.
func learnUsual(days []rateDay) usualRates {
	u := usualRates{level: 0.5, spread: usualSpread * usualSpread}
	for d := range u.factors {
		u.factors[d] = 1
	}
	u.learnLevel(days, math.Inf(1))
	for range learningSteps {
		u.learnLevel(days, farthest)
		u.learnSpread(days, 1+u.learnFactors(days))
	}
	return u
}

// learnLevel sets the level and its variance.
func (u *usualRates) learnLevel(days []rateDay, deviations float64) {
	fallbacks, replies, variance := 0.5, 1.0, 0.0 // half a fallback, so that no rate is zero
	for _, d := range days {
		weight := math.Exp2(-float64(d.age) / rateHalfLife)
		fallbacks += weight * u.clipped(d, deviations)
		replies += weight * d.replies * u.factors[d.weekday]
		_, v := u.expect(d)
		variance += weight * weight * v
	}
	u.level = min(highestRate, fallbacks/replies)
	u.doubt = variance / (fallbacks * fallbacks)
}

// counted are fallbacks, and their expected mean and variance.
type counted struct{ fallbacks, mean, variance float64 }

func (c *counted) add(o counted) {
	c.fallbacks, c.mean, c.variance = c.fallbacks+o.fallbacks, c.mean+o.mean, c.variance+o.variance
}

// beside returns how many more fallbacks than expected there are, as a fraction, and its variance.
func (c counted) beside() (more, variance float64) {
	return c.fallbacks/c.mean - 1, c.variance / (c.mean * c.mean)
}

// learnFactors sets the factors and their variances. It returns their degrees of freedom: the more
// they are shrunk, the fewer there are.
func (u *usualRates) learnFactors(days []rateDay) (free float64) {
	var all [7]counted
	for _, d := range days {
		_, variance := u.expect(d)
		all[d.weekday].add(counted{u.clipped(d, farthest), u.level * d.replies, variance})
	}
	var week, end counted
	for d, c := range all {
		if atWeekend(time.Weekday(d)) {
			end.add(c)
		} else {
			week.add(c)
		}
	}
	for d := range u.factors {
		u.factors[d], u.doubtful[d] = 1, 0
	}
	if week.fallbacks == 0 {
		return 0
	}
	weekend := 1.0
	if end.mean > 0 {
		_, variance := end.beside()
		_, others := week.beside()
		ratio := end.fallbacks / end.mean / (week.fallbacks / week.mean)
		shrink := weekendSpread * weekendSpread / (weekendSpread*weekendSpread + variance + others)
		weekend, free = 1+shrink*(ratio-1), shrink
	}
	var more, variance [7]float64
	differ, of := 0.0, 0.0
	for d, c := range all {
		if atWeekend(time.Weekday(d)) {
			u.factors[d] = weekend
		}
		if c.mean > 0 {
			// Factors are relative to the five days from Monday to Friday, at any level.
			c.mean *= u.factors[d] * week.fallbacks / week.mean
			more[d], variance[d] = c.beside()
			differ, of = differ+more[d]*more[d]-variance[d], of+1
		}
	}
	between := max(weekdaySpread*weekdaySpread, differ/max(1, of))
	for d, c := range all {
		if c.mean > 0 {
			shrink := between / (between + variance[d])
			u.factors[d] *= 1 + shrink*more[d]
			u.doubtful[d] = shrink * variance[d]
			free += shrink * 6 / 7 // the level has the seventh
		}
	}
	return free
}

func atWeekend(d time.Weekday) bool { return d == time.Saturday || d == time.Sunday }

// spreads are the values of the spread that are tried, as standard deviations.
var spreads = [...]float64{0.02, 0.03, 0.045, 0.06, 0.08, 0.1, 0.125, 0.15, 0.19, 0.25, 0.35, 0.5}

// clippedAway corrects squared deviations, which are clipped at farthest. This leaves out a little
// of the variance.
const clippedAway = 1.03

// learnSpread sets the spread to its mean given the days. free is how many numbers were learned
// from the same days. Such days are closer to the mean than others.
func (u *usualRates) learnSpread(days []rateDay, free float64) {
	n := float64(len(days))
	larger := clippedAway * n / max(1, n-free)
	var likely [len(spreads)]float64 // logarithms
	for i, s := range spreads {
		away := math.Log(s/usualSpread) / spreadDoubt
		likely[i] = -away * away / 2
	}
	for _, d := range days {
		p := u.rate(d.weekday)
		mean := p * d.replies
		away := larger * (d.fallbacks - mean) * (d.fallbacks - mean)
		for i, s := range spreads {
			variance := mean*(1-p) + s*s*mean*mean
			likely[i] -= (math.Log(variance) + min(away/variance, farthest*farthest)) / 2
		}
	}
	most, sum := slices.Max(likely[:]), 0.0
	u.spread = 0
	for i, s := range spreads {
		weight := math.Exp(likely[i] - most)
		sum += weight
		u.spread += weight * s * s
	}
	u.spread /= sum
}

// evidence returns the logarithm of how many times as likely the day's fallbacks are on a day whose
// rate doubled as on a usual day. Both distributions are beta-binomial. A rate above a third is not
// doubled. In its place, half of the replies that are usually understood are understood.
func (u *usualRates) evidence(d rateDay) float64 {
	p := u.rate(d.weekday)
	varies := u.varies(d.weekday)
	return logBetaBinomial(d.fallbacks, d.replies, min(2*p, (1+p)/2), varies) -
		logBetaBinomial(d.fallbacks, d.replies, p, varies)
}

// logBetaBinomial returns the logarithm of the probability of k of n, up to a term that is the same
// for each p. The fraction varies around p with the relative variance.
func logBetaBinomial(k, n, p, variance float64) float64 {
	size := max(1, (1-p)/(p*variance)-1)
	a, b := p*size, (1-p)*size
	return logGamma(k+a) - logGamma(a) + logGamma(n-k+b) - logGamma(b) + logGamma(size) -
		logGamma(n+size)
}

func logGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
