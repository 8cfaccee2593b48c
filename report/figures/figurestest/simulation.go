package figurestest

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/holidays"
	"kindlyweekly/report/period"
)

// Simulated is a bot's life, made by other means than the demo's: nothing here is counted chat by
// chat.
//
// Days have negative binomial counts around a weekday pattern, in weeks that drift and waver
// together. Fallbacks, handovers and ratings are beta-binomial: their rate differs from day to day
// by more than chance would make it. Items of lists are as popular as a Zipf law says, and each
// week's popularity is another. Public holidays and campaigns change how many come and what they
// come for. Nothing else happens: whatever stands out, but on such days, is a false alarm.
type Simulated struct {
	rng  *rand.Rand
	mean float64 // chats on an average day

	weekdays       [7]float64
	spread         float64 // of a day's chats, as the coefficient of variation beyond chance
	wavers         float64 // of a week, which its days share
	growth         float64 // a week
	onHoliday      float64
	perChat        float64 // messages
	fallback       float64
	rateSpread     float64 // coefficient of variation of a day's fallback rate beyond chance
	rateDrift      float64 // of a week, as a random walk
	weekend        float64 // the fallback rate of Saturday and Sunday, relative
	handover       float64
	rating         [2]float64 // per chat, thumbs and faces
	positive       [2]float64
	feedbackSpread float64    // of the positive part, from day to day
	items          [3]int     // in the lists
	popularity     [3]float64 // coefficient of variation of an item's popularity from week to week

	Days    []SimulatedDay // from the first Monday on
	first   period.Period
	lists   [][3][]int // by week, list and item
	special []figures.Special
}

// whileClosed is the part of the handover requests that come while closed.
const whileClosed = 0.3

// SimulatedDay is what is counted on a day, and the truth that it is drawn from.
type SimulatedDay struct {
	Chats, Messages, Replies, Fallbacks, Open, Closed int
	Ratings                                           [2]figures.Share // thumbs and faces
	Doubled                                           int              // at twice the rate
	// the true fallback rate of the day
	Rate float64
	// what chats and Rate vary around
	Volume, Fallback float64
	// Varies is the variance of the fallbacks divided by the replies, beyond that of independent
	// replies, relative to Fallback. The second one is that of a day with the doubled rate.
	Varies [2]float64
}

// someBot makes a bot without days.
func someBot(rng *rand.Rand, mean, restless float64, first period.Period) *Simulated {
	between := func(low, high float64) float64 { return low + (high-low)*rng.Float64() }
	s := &Simulated{
		rng: rng, mean: mean, first: first,
		spread: restless * between(0.05, 0.25), wavers: restless * between(0.01, 0.06),
		growth: between(-0.008, 0.008), onHoliday: between(0.15, 0.8),
		perChat: between(2.5, 5), fallback: between(0.03, 0.2),
		rateSpread: restless * between(0.03, 0.15), rateDrift: restless * between(0.005, 0.02),
		feedbackSpread: restless * 0.06,
		weekend:        between(0.85, 1.25), handover: between(0.02, 0.2),
		rating:   [2]float64{between(0.01, 0.08), between(0.01, 0.08)},
		positive: [2]float64{between(0.5, 0.9), between(0.4, 0.85)},
	}
	closedAtWeekend := between(0.1, 1.2)
	for i := range s.weekdays {
		s.weekdays[i] = between(0.9, 1.15)
		if i > 4 {
			s.weekdays[i] *= closedAtWeekend
		}
	}
	scale := 0.0
	for _, w := range s.weekdays {
		scale += w / 7
	}
	for i := range s.weekdays {
		s.weekdays[i] /= scale
	}
	for i := range s.items {
		s.items[i] = 20 + rng.IntN(200)
		s.popularity[i] = restless * between(0.05, 0.25)
	}
	return s
}

// Simulate simulates a bot with mean chats a day for the given number of weeks. Everything that
// varies in an ordinary bot varies restless times as much.
func Simulate(rng *rand.Rand, mean, restless float64, first period.Period, weeks int) *Simulated {
	s := someBot(rng, mean, restless, first)
	s.calendar(weeks)
	week, rate := 0.0, 0.0
	for w := range weeks {
		week = 0.5*week + s.wavers*math.Sqrt(1-0.25)*rng.NormFloat64()
		rate += s.rateDrift * rng.NormFloat64()
		rate = min(0.7, max(-0.7, rate))
		name := first.Add(w)
		total := 0
		for d, date := range name.Days() {
			volume := s.mean * s.weekdays[d] * math.Exp(week+s.growth*float64(w))
			fallback := s.fallback * math.Exp(rate)
			if d > 4 {
				fallback *= s.weekend
			}
			for _, special := range s.special {
				switch {
				case !special.On(date):
				case special.Kind == figures.Holiday:
					volume *= s.onHoliday
					fallback *= 1.15
				default:
					volume *= 1.6
					fallback *= 1.2
				}
			}
			day := s.day(volume, min(0.6, fallback))
			total += day.Chats
			s.Days = append(s.Days, day)
		}
		s.addLists(total)
	}
	return s
}

// calendar puts Norway's public holidays into the bot's life, and three campaigns a year.
func (s *Simulated) calendar(weeks int) {
	to := s.first.Add(weeks).From()
	for _, h := range holidays.Between("NO", s.first.From(), to) {
		s.special = append(s.special, figures.Special{First: h.Date, Last: h.Date,
			Kind: figures.Holiday, Name: h.Name})
	}
	for range (3*weeks + 51) / 52 {
		day := s.first.From().Add(s.rng.IntN(7 * weeks))
		s.special = append(s.special, figures.Special{First: day, Last: day.Add(s.rng.IntN(7)),
			Kind: figures.Note, Name: "Campaign"})
	}
}

func (s *Simulated) day(volume, fallback float64) (d SimulatedDay) {
	d.Volume, d.Fallback = volume, fallback
	d.Chats = s.poisson(volume * s.gamma(s.spread))
	d.Messages = d.Chats + s.poisson(float64(d.Chats)*(s.perChat-1)*s.gamma(0.05))
	d.Replies = s.binomial(d.Messages, 0.97)
	d.Rate = min(0.9, s.beta(fallback, s.rateSpread))
	d.Fallbacks = s.binomial(d.Replies, d.Rate)
	d.Doubled = s.binomial(d.Replies, min(0.95, 2*d.Rate))
	d.Varies = [2]float64{s.rateSpread * s.rateSpread, s.rateSpread * s.rateSpread}
	s.visitors(&d)
	return d
}

// visitors draws the day's requests for a human and ratings.
func (s *Simulated) visitors(d *SimulatedDay) {
	requests := s.binomial(d.Chats, s.beta(s.handover, 0.15))
	d.Closed = s.binomial(requests, whileClosed)
	d.Open = requests - d.Closed
	for kind := range d.Ratings {
		d.Ratings[kind].Total = s.binomial(d.Chats, s.rating[kind])
		d.Ratings[kind].Positive = s.binomial(d.Ratings[kind].Total,
			s.beta(s.positive[kind], s.feedbackSpread))
	}
}

// Double is the day with its fallback rate doubled.
func (s *Simulated) Double(d SimulatedDay) SimulatedDay {
	d.Fallbacks = d.Doubled
	return d
}

// Limits are targets that one of the bot's weeks is within in truth, by a fraction of its true
// values. With 0 it is exactly at its limits, so that chance alone decides whether it meets them.
func (s *Simulated) Limits(week int, within float64) figures.Targets {
	var replies, fallbacks, chats float64
	for _, d := range s.Days[7*week : 7*week+7] {
		replies, fallbacks = replies+float64(d.Replies), fallbacks+float64(d.Replies)*d.Fallback
		chats += d.Volume
	}
	t := figures.Targets{HandoverRate: new((1 + within) * s.handover),
		Feedback:            new((1 - within) * min(s.positive[0], s.positive[1])),
		RequestsWhileClosed: new(int(math.Round((1 + within) * chats * s.handover * whileClosed)))}
	if replies > 0 {
		t.FallbackRate = new((1 + within) * fallbacks / replies)
	}
	return t
}

// addLists makes the lists of the next week, which has the given number of chats.
func (s *Simulated) addLists(chats int) {
	var lists [3][]int
	for l := range lists {
		lists[l] = s.list(l, chats)
	}
	s.lists = append(s.lists, lists)
}

// list shares a week's events out among the items of a list.
func (s *Simulated) list(which, chats int) []int {
	counts := make([]int, s.items[which])
	weights, total := make([]float64, len(counts)), 0.0
	for i := range weights {
		weights[i] = s.gamma(s.popularity[which]) / math.Pow(float64(i)+1.5, 0.85)
		total += weights[i]
	}
	for i, w := range weights {
		counts[i] = s.poisson(0.7 * float64(chats) * w / total)
	}
	return counts
}

// gamma draws a factor around 1 with the coefficient of variation, so that a Poisson count of it is
// negative binomial.
func (s *Simulated) gamma(cv float64) float64 {
	shape := 1 / (cv * cv)
	return s.gammaOf(shape) / shape
}

// gammaOf draws from a gamma distribution of scale 1 (Marsaglia and Tsang, 2000).
func (s *Simulated) gammaOf(shape float64) float64 {
	if shape < 1 {
		return s.gammaOf(shape+1) * math.Pow(s.rng.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := s.rng.NormFloat64()
		v := math.Pow(1+c*x, 3)
		if v > 0 && math.Log(s.rng.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// beta draws a fraction around the mean with the coefficient of variation.
func (s *Simulated) beta(mean, cv float64) float64 {
	size := (1-mean)/(mean*cv*cv) - 1
	a, b := s.gammaOf(mean*size), s.gammaOf((1-mean)*size)
	return a / (a + b)
}

func (s *Simulated) poisson(mean float64) int {
	if mean > 500 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*s.rng.NormFloat64())))
	}
	limit, n := math.Exp(-mean), 0
	for p := s.rng.Float64(); p > limit; p *= s.rng.Float64() {
		n++
	}
	return n
}

func (s *Simulated) binomial(n int, p float64) int {
	if mean := float64(n) * p; mean > 100 && float64(n)*(1-p) > 100 {
		return min(n, max(0, int(math.Round(mean+math.Sqrt(mean*(1-p))*s.rng.NormFloat64()))))
	}
	k := 0
	for range n {
		if s.rng.Float64() < p {
			k++
		}
	}
	return k
}

// Answers is what Sage would say of one of the bot's weeks, of which there are eleven before.
func (s *Simulated) Answers(week int) figures.Answers {
	a := figures.Answers{
		Bot: figures.Bot{ID: "simulated", TZ: "Europe/Oslo"}, Period: s.first.Add(week),
		Locale:    "en",
		FetchedAt: s.first.Add(week + 1).From().UTC().Add(7 * time.Hour), Special: s.special,
	}
	total := func(from, to int) (f figures.Fallback) {
		replies := 0
		for _, d := range s.Days[7*from : 7*to] {
			f.Count += d.Fallbacks
			replies += d.Replies
		}
		if replies > 0 {
			f.Rate = new(float64(f.Count) / float64(replies))
		}
		return f
	}
	ratings := func(from, to int) (r figures.Ratings) {
		var sums [2]figures.Share
		for _, d := range s.Days[7*from : 7*to] {
			for kind := range sums {
				sums[kind].Positive += d.Ratings[kind].Positive
				sums[kind].Total += d.Ratings[kind].Total
			}
		}
		r.Binary = []figures.Rating{{Rating: 1, Count: sums[0].Total - sums[0].Positive},
			{Rating: 2, Count: sums[0].Positive}}
		r.Emojis = []figures.Rating{{Rating: 2, Count: sums[1].Total - sums[1].Positive},
			{Rating: 5, Count: sums[1].Positive}}
		return r
	}
	for w := week - figures.TrendPeriods + 1; w <= week; w++ {
		f := total(w, w+1)
		a.FallbackTrend.Value = append(a.FallbackTrend.Value,
			figures.RatePoint{Time: s.first.Add(w).From().UTC(), Count: f.Count, Rate: f.Rate})
		for i, date := range s.first.Add(w).Days() {
			d, at := s.Days[7*w+i], date.UTC()
			a.Chats = append(a.Chats, figures.Point{Time: at, Count: d.Chats})
			a.Messages = append(a.Messages, figures.Point{Time: at, Count: d.Messages})
			point := figures.RatePoint{Time: at, Count: d.Fallbacks}
			if d.Replies > 0 {
				point.Rate = new(float64(d.Fallbacks) / float64(d.Replies))
			}
			a.FallbackDays.Value = append(a.FallbackDays.Value, point)
			a.Handovers.Value = append(a.Handovers.Value,
				figures.StagePoint{Time: at, Requests: d.Open, RequestsWhileClosed: d.Closed,
					Started: d.Open, Ended: d.Open})
		}
	}
	for w := week - figures.TrendPeriods + 1; w < week-1; w++ {
		a.FeedbackTrend = append(a.FeedbackTrend,
			figures.Answer[figures.Ratings]{Value: ratings(w, w+1)})
	}
	a.Fallbacks.This.Value, a.Fallbacks.Previous.Value = total(week, week+1), total(week-1, week)
	a.Feedback.This.Value, a.Feedback.Previous.Value = ratings(week, week+1), ratings(week-1, week)
	for _, weeks := range figures.Stretches(a.Period, s.special) {
		from := weeks[0].From().Sub(s.first.From()) / 7
		a.FeedbackBefore = append(a.FeedbackBefore,
			figures.Answer[figures.Ratings]{Value: ratings(from, from+len(weeks))})
	}
	for i, pair := range []*figures.Answer[[]figures.Label]{&a.Labels.Previous, &a.Labels.This} {
		pair.Value = top(s.lists[week-1+i][0],
			func(item, n int) figures.Label {
				return figures.Label{ID: name(item), Text: name(item),
					Count: n}
			},
			func(l figures.Label) int { return l.Count })
	}
	for i, pair := range []*figures.Answer[[]figures.Button]{&a.Buttons.Previous, &a.Buttons.This} {
		pair.Value = top(s.lists[week-1+i][1],
			func(item, n int) figures.Button { return figures.Button{Text: name(item), Count: n} },
			func(b figures.Button) int { return b.Count })
	}
	for i, pair := range []*figures.Answer[[]figures.Page]{&a.Pages.Previous, &a.Pages.This} {
		pair.Value = top(s.lists[week-1+i][2],
			func(item, n int) figures.Page { return figures.Page{Path: name(item), Sessions: n} },
			func(p figures.Page) int { return p.Sessions })
	}
	return a
}

func name(item int) string { return fmt.Sprint("item ", item) }

// top lists the items that happened at all, the most frequent first, as far as a list goes.
func top[T any](counts []int, item func(i, n int) T, count func(T) int) []T {
	var list []T
	for i, n := range counts {
		if n > 0 {
			list = append(list, item(i, n))
		}
	}
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(count(b), count(a)) })
	return list[:min(len(list), figures.ListLimit)]
}
