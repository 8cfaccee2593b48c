package figurestest

import (
	"math"
	"math/rand/v2"

	"kindlyweekly/report/period"
)

// Generator simulates bots by other laws than [Simulate], so that thresholds chosen with one law
// are measured with others. There are no holidays and no campaigns.
type Generator struct {
	Name string
	days func(s *Simulated, varies float64, n int, usual func(day int) float64) []SimulatedDay
}

// Generators are the laws.
//
// Levels: chats are Poisson counts around a level that drifts (AR(1), 0.7 from day to day). The
// logarithm of the odds of a fallback has a normal distribution. Two fifths of its variance drift
// as well, 0.85 from day to day.
//
// Chats: chats are negative binomial, and follow a weekday pattern. The replies of a chat are
// correlated by 0.03, and the fallbacks of each chat are drawn separately. The usual rate has a
// trend, and another level at the weekend.
var Generators = []Generator{{"levels", levels}, {"chats", withinChats}}

// Life simulates a bot with the given number of chats on an average day. Its daily fallback rate is
// around usual. It varies beyond chance by the coefficient of variation varies, in which all causes
// are included.
func (g Generator) Life(rng *rand.Rand, chats, varies float64, first period.Period, weeks int,
	usual func(day int) float64) *Simulated {
	s := someBot(rng, chats, 1, first)
	s.Days = g.days(s, varies, 7*weeks, usual)
	for w := range weeks {
		total := 0
		for i := range 7 {
			d := &s.Days[7*w+i]
			s.visitors(d)
			total += d.Chats
		}
		s.addLists(total)
	}
	return s
}

// repliesPerChat is the mean number of replies of a chat, where no other number is drawn.
const repliesPerChat = 3.64

func levels(s *Simulated, varies float64, n int, usual func(int) float64) (days []SimulatedDay) {
	const (
		volumeStays, volumeVaries = 0.7, 0.1
		rateStays, ratePart       = 0.85, 0.4
	)
	next := func(level *float64, stays, varies float64) float64 {
		*level = stays**level + varies*math.Sqrt(1-stays*stays)*s.rng.NormFloat64()
		return *level
	}
	volume, rate := volumeVaries*s.rng.NormFloat64(),
		math.Sqrt(ratePart)*varies*s.rng.NormFloat64()
	for i := range n {
		d := SimulatedDay{Fallback: usual(i), Varies: [2]float64{varies * varies, varies * varies}}
		d.Volume = s.mean * math.Exp(next(&volume, volumeStays, volumeVaries))
		d.Chats = s.poisson(d.Volume)
		d.Messages = d.Chats + s.poisson(float64(d.Chats)*(repliesPerChat-1))
		d.Replies = d.Messages
		p := d.Fallback
		away := next(&rate, rateStays, math.Sqrt(ratePart)*varies) +
			math.Sqrt(1-ratePart)*varies*s.rng.NormFloat64()
		d.Rate = 1 / (1 + (1-p)/p*math.Exp(-away/(1-p)))
		d.Fallbacks = s.binomial(d.Replies, d.Rate)
		d.Doubled = s.binomial(d.Replies, min(0.95, 2*d.Rate))
		days = append(days, d)
	}
	return days
}

func withinChats(s *Simulated, varies float64, n int,
	usual func(int) float64) (days []SimulatedDay) {
	const correlated = 0.03
	between := func(low, high float64) float64 { return low + (high-low)*s.rng.Float64() }
	var weekdays [7]float64
	sum := 0.0
	for i := range weekdays {
		if weekdays[i] = between(0.9, 1.1); i > 4 {
			weekdays[i] *= between(0.5, 1)
		}
		sum += weekdays[i] / 7
	}
	weekend, trend := between(0.85, 1.2), between(-0.004, 0.004)
	fallbacks := func(replies int, p float64) int {
		size := 1/correlated - 1
		a, b := s.gammaOf(p*size), s.gammaOf((1-p)*size)
		return s.binomial(replies, a/(a+b))
	}
	for i := range n {
		d := SimulatedDay{Fallback: usual(i) * math.Exp(trend*float64(i)/7)}
		if i%7 > 4 {
			d.Fallback *= weekend
		}
		d.Volume = s.mean * weekdays[i%7] / sum
		// within is how much days vary because replies of one chat are correlated. It is part of
		// varies.
		within := func(p, chats, pairs float64) float64 {
			return (1 - p) / p * correlated * pairs / (chats * chats)
		}
		p, replies := d.Fallback, d.Volume*repliesPerChat
		pairs := (repliesPerChat - 1) * (repliesPerChat + 1) * d.Volume // of one chat, on average
		spread := math.Sqrt(max(0.0004, varies*varies-within(p, replies, pairs)))
		d.Rate = min(0.9, s.beta(p, spread))
		d.Chats = s.poisson(d.Volume * s.gamma(0.15))
		pairs = 0
		for range d.Chats {
			of := 1 + s.poisson(repliesPerChat-1)
			pairs += float64(of * (of - 1))
			d.Replies += of
			d.Fallbacks += fallbacks(of, d.Rate)
			d.Doubled += fallbacks(of, min(0.95, 2*d.Rate))
		}
		d.Messages = d.Replies
		if d.Replies > 0 {
			of := float64(d.Replies)
			d.Varies = [2]float64{spread*spread + within(p, of, pairs),
				spread*spread + within(min(0.95, 2*p), of, pairs)}
		}
		days = append(days, d)
	}
	return days
}
