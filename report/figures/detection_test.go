package figures_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

// These tests measure how often a doubled fallback rate and one that creeps up are found, compared
// with the most that any test can find. They also count the false alarms of bots to which nothing
// happens. The bots are simulated by laws that the thresholds were not chosen with, those of
// figurestest.Generators. Run them in full, which takes many minutes, with
//
//	go test ./report/figures -run TestDetection -v -detect 100
//
// The bound is the exact Neyman-Pearson test of each day's law, which knows the usual rate and by
// how much days vary. Its threshold is set so that it makes as many false alarms as the report
// made. No test that has to learn the usual rate can find more.
var detectBots = flag.Int("detect", 0,
	"how many bots of each size and law to simulate for detection; 0: some, which takes seconds")

// Limits that must hold. Those of false alarms are for each size where days vary by 10 %, and for
// all bots together.
const (
	mostIncidents = 0.5  // false ones a bot and year
	mostSigns     = 1.0  // all false signs together a bot and year
	leastRising   = 0.8  // of the rates that creep up by 30 % in six weeks at 200 chats a day
	belowBound    = 0.05 // at most, where days vary by 15 %
	usualFallback = 0.08
)

// leastIncidents is the fraction of the days with a doubled rate that must be found, by chats a
// day, where days vary by 10 %.
var leastIncidents = map[float64]float64{50: 0.5, 100: 0.75, 200: 0.9, 500: 0.98}

// detected is what was found in bots of one law and size.
type detected struct {
	law          string
	varies, size float64
	bots         int
	days, found  int // with a doubled rate
	incidents    int // false ones
	weeks        int // quiet ones with any
	rising       int // false ones
	// likelihoods of quiet days and of those that doubled, by the bound, and by a test that has to
	// learn by how much days vary
	null, double               []float64
	learnedNull, learnedDouble []float64
}

// rates makes the report of a week from its chats, messages and fallbacks alone, which is faster.
func rates(t *testing.T, s *figurestest.Simulated, week int) *figures.Report {
	a := s.Answers(week)
	r, err := figures.Compute(figures.Answers{Bot: a.Bot, Period: a.Period, Locale: a.Locale,
		FetchedAt: a.FetchedAt, Chats: a.Chats, Messages: a.Messages, Fallbacks: a.Fallbacks,
		FallbackDays: a.FallbackDays, FallbackTrend: a.FallbackTrend})
	if err != nil {
		t.Error(err)
		return &figures.Report{}
	}
	return r
}

const (
	weeksBefore = figures.TrendPeriods - 1
	weeksOfYear = 52
)

func usualRate(int) float64 { return usualFallback }

func TestDetection_Incidents(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("a year of many bots takes seconds")
	}
	all := detect(t, max(2, *detectBots), func(d *detected, law figurestest.Generator,
		rng *rand.Rand) {
		first := week(t, "2026-W01").Add(-weeksBefore)
		s := law.Life(rng, d.size, d.varies, first, weeksBefore+weeksOfYear, usualRate)
		for w := weeksBefore; w < weeksBefore+weeksOfYear; w++ {
			r := rates(t, s, w)
			d.incidents += len(r.Fallbacks.Incidents)
			if r.Fallbacks.Rising != nil {
				d.rising++
			}
			if len(r.Fallbacks.Incidents) > 0 || r.Fallbacks.Rising != nil {
				d.weeks++
			}
			at, learned := rng.IntN(7), learnedLikelihood(s.Days[7*(w-weeksBefore):7*w])
			for i := range 7 {
				day := s.Days[7*w+i]
				d.null = append(d.null, likelihood(day))
				d.learnedNull = append(d.learnedNull, learned(day))
				if i == at {
					day = s.Double(day)
					d.double = append(d.double, likelihood(day))
					d.learnedDouble = append(d.learnedDouble, learned(day))
				}
			}
			kept := s.Days[7*w+at]
			s.Days[7*w+at] = s.Double(kept)
			r = rates(t, s, w)
			s.Days[7*w+at] = kept
			d.days++
			if slices.ContainsFunc(r.Fallbacks.Incidents, func(v figures.Incident) bool {
				return v.Date == r.Period.From.Add(at)
			}) {
				d.found++
			}
		}
	})

	var b strings.Builder
	fmt.Fprintf(&b, "days with a doubled fallback rate; false ones a bot and year\n"+
		"%8s%8s%8s%8s%8s%11s%14s%8s\n", "law", "vary", "chats", "found", "bound", "incidents",
		"at .5: bound", "rising")
	incidents, bots := 0, 0
	for _, d := range all {
		n := float64(d.bots)
		found := float64(d.found) / float64(d.days)
		bound := d.bound(float64(d.incidents))
		fmt.Fprintf(&b, "%8s%8.2f%8v%7.1f%%%7.1f%%%11.2f%13.1f%%%8.2f\n", d.law, d.varies, d.size,
			100*found, 100*bound, float64(d.incidents)/n, 100*d.bound(0.5*n),
			float64(d.rising)/n)
		incidents, bots = incidents+d.incidents, bots+d.bots
		least := bound - belowBound
		if d.varies == 0.1 {
			least = leastIncidents[d.size]
		}
		margin := 4.8*math.Sqrt(least*(1-least)/float64(d.days)) + 0.05*math.Sqrt(2/n)
		if found < least-margin {
			t.Errorf("%s, days vary by %v, %v chats a day: %.1f%% found, want %.1f%%", d.law,
				d.varies, d.size, 100*found, 100*least)
		}
		if d.varies == 0.1 && d.incidents > atMost(mostIncidents*n) {
			t.Errorf("%s, days vary by %v, %v chats a day: %d false incidents of %d bots", d.law,
				d.varies, d.size, d.incidents, d.bots)
		}
	}
	if incidents > atMost(mostIncidents*float64(bots)) {
		t.Errorf("%d false incidents of %d bots", incidents, bots)
	}
	fmt.Fprintf(&b, "together %.2f false incidents a bot and year\n",
		float64(incidents)/float64(bots))
	t.Log(b.String())
	t.Log(printLearned(all))
}

// By how much days vary.
const little, much = 0.1, 0.15

// learnedLikelihood returns the likelihood of days by a test that knows the usual rate. It has to
// learn from the days before whether days vary by little or by much.
func learnedLikelihood(before []figurestest.SimulatedDay) func(figurestest.SimulatedDay) float64 {
	odds := 0.0 // logarithm
	for _, d := range before {
		odds += betaBinomial(d, 1, much*much) - betaBinomial(d, 1, little*little)
	}
	p := 1 / (1 + math.Exp(-odds))
	return func(d figurestest.SimulatedDay) float64 {
		base := betaBinomial(d, 1, little*little)
		of := func(times float64) float64 {
			return (1-p)*math.Exp(betaBinomial(d, times, little*little)-base) +
				p*math.Exp(betaBinomial(d, times, much*much)-base)
		}
		return math.Log(of(2) / of(1))
	}
}

// printLearned prints how many false alarms that test makes if it finds as many incidents as
// leastIncidents where days vary by little.
func printLearned(all []detected) string {
	var b strings.Builder
	fmt.Fprintf(&b, "a test that knows the usual rate, and learns whether days vary by 10 or 15 %%\n"+
		"%8s%8s%8s%18s%14s\n", "law", "chats", "found", "false where 10 %", "where 15 %")
	for _, d := range all {
		i := slices.IndexFunc(all, func(o detected) bool {
			return o.law == d.law && o.size == d.size && o.varies == much
		})
		if d.varies != little {
			continue
		}
		least := leastIncidents[d.size]
		double := slices.Sorted(slices.Values(d.learnedDouble))
		threshold := double[int((1-least)*float64(len(double)))]
		alarms := func(d detected) (n float64) {
			for _, v := range d.learnedNull {
				if v >= threshold {
					n += 1 / float64(d.bots)
				}
			}
			return n
		}
		fmt.Fprintf(&b, "%8s%8v%7.0f%%%17.2f%14.2f\n", d.law, d.size, 100*least, alarms(d),
			alarms(all[i]))
	}
	return b.String()
}

// detect simulates bots of each law, spread and size.
func detect(t *testing.T, bots int,
	see func(d *detected, law figurestest.Generator, rng *rand.Rand)) []detected {
	sizes := []float64{50, 100, 200, 500}
	if *detectBots == 0 {
		sizes = []float64{50, 200}
	}
	seed := theSeed()
	t.Logf("seed %d, %d bots of each", seed, bots)
	var all []detected
	for _, law := range figurestest.Generators {
		for _, varies := range []float64{little, much} {
			for _, size := range sizes {
				all = append(all, detected{law: law.Name, varies: varies, size: size, bots: bots})
			}
		}
	}
	var wait sync.WaitGroup
	for i := range all {
		law := figurestest.Generators[i/(len(all)/len(figurestest.Generators))]
		wait.Go(func() {
			for b := range bots {
				see(&all[i], law, rand.New(rand.NewPCG(seed, uint64(i)<<32|uint64(b))))
			}
		})
	}
	wait.Wait()
	return all
}

// bound returns the fraction of the doubled days that the best test finds with the given number of
// false alarms.
func (d *detected) bound(alarms float64) float64 {
	null := slices.Sorted(slices.Values(d.null))
	threshold := null[max(0, len(null)-1-int(alarms))]
	found := 0
	for _, v := range d.double {
		if v > threshold {
			found++
		}
	}
	return float64(found) / float64(len(d.double))
}

// likelihood returns the logarithm of how many times as likely the day's fallbacks are if its rate
// doubled, by its true law.
func likelihood(d figurestest.SimulatedDay) float64 {
	return betaBinomial(d, 2, d.Varies[1]) - betaBinomial(d, 1, d.Varies[0])
}

// betaBinomial returns the logarithm of the probability of the day's fallbacks, up to a constant,
// if the rate is the usual one times the given factor.
func betaBinomial(d figurestest.SimulatedDay, times, variance float64) float64 {
	p := times * d.Fallback
	size := (1-p)/(p*variance) - 1
	a, b := p*size, (1-p)*size
	k, n := float64(d.Fallbacks), float64(d.Replies)
	return logGamma(k+a) - logGamma(a) + logGamma(n-k+b) - logGamma(b) + logGamma(size) -
		logGamma(n+size)
}

func logGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// A rate creeps up by 30 % within six weeks, and then stays. It counts as found if a report of
// these weeks or of the two after them says so.
func TestDetection_Rising(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("months of many bots take seconds")
	}
	const creeps, stays = 6, 8
	type creeping struct {
		bySix, byEight, said, higher, first int
		best                                [][]float64 // of the bound: by bot and week
		quiet                               []float64   // of quiet weeks
	}
	var lock sync.Mutex
	found := make(map[detectedKey]*creeping)
	all := detect(t, max(6, 2**detectBots), func(d *detected, law figurestest.Generator,
		rng *rand.Rand) {
		s := law.Life(rng, d.size, d.varies, week(t, "2026-W01"), weeksBefore+creeps+stays,
			func(day int) float64 { return usualFallback * crept(day-7*weeksBefore) })
		quiet := law.Life(rng, d.size, d.varies, week(t, "2026-W01"), weeksBefore+weeksOfYear,
			usualRate)
		var c creeping
		for w := range weeksOfYear {
			c.quiet = append(c.quiet, creepLikelihood(quiet, weeksBefore+w, nil))
		}
		c.best = append(c.best, nil)
		for w := range creeps + stays {
			if w < creeps+2 {
				c.best[0] = append(c.best[0], creepLikelihood(s, weeksBefore+w,
					func(day int) float64 { return crept(day - 7*weeksBefore) }))
			}
			r := rates(t, s, weeksBefore+w)
			if r.Fallbacks.StandsOut == figures.Higher {
				c.higher++
			}
			if r.Fallbacks.Rising == nil {
				continue
			}
			c.said++
			if c.first == 0 {
				c.first = w + 1
			}
			if w < creeps {
				c.bySix = 1
			}
			if w < creeps+2 {
				c.byEight = 1
			}
		}
		lock.Lock()
		defer lock.Unlock()
		k := detectedKey{d.law, d.varies, d.size}
		if found[k] == nil {
			found[k] = &creeping{}
		}
		f := found[k]
		f.bySix, f.byEight = f.bySix+c.bySix, f.byEight+c.byEight
		f.said, f.higher, f.first = f.said+c.said, f.higher+c.higher, f.first+c.first
		f.best, f.quiet = append(f.best, c.best...), append(f.quiet, c.quiet...)
	})
	var b strings.Builder
	fmt.Fprintf(&b, "rates that creep up by 30 %% in six weeks; bounds with 0.5 false ones a year\n"+
		"%8s%8s%8s%12s%8s%12s%8s%8s%8s%8s\n", "law", "vary", "chats", "in 6 weeks", "bound",
		"in 8 weeks", "bound", "times", "week", "higher")
	for _, d := range all {
		c, n := found[detectedKey{d.law, d.varies, d.size}], float64(d.bots)
		slices.Sort(c.quiet)
		threshold := c.quiet[len(c.quiet)-1-int(0.5*n)]
		bound := func(weeks int) (share float64) {
			for _, best := range c.best {
				if slices.Max(best[:weeks]) > threshold {
					share += 1 / n
				}
			}
			return share
		}
		fmt.Fprintf(&b, "%8s%8.2f%8v%11.1f%%%7.1f%%%11.1f%%%7.1f%%%8.2f%8.1f%8.2f\n", d.law,
			d.varies, d.size, 100*float64(c.bySix)/n, 100*bound(creeps), 100*float64(c.byEight)/n,
			100*bound(creeps+2), float64(c.said)/n, float64(c.first)/n, float64(c.higher)/n)
		margin := 4.8 * math.Sqrt(leastRising*(1-leastRising)/n)
		if got := float64(c.byEight) / n; d.size == 200 && got < leastRising-margin {
			t.Errorf("%s, days vary by %v: %.0f%% found, want %.0f%%", d.law, d.varies, 100*got,
				100*leastRising)
		}
	}
	t.Log(b.String())
}

// crept returns by what factor a rate has crept up after the given number of days: by 30 % within
// six weeks.
func crept(days int) float64 { return 1 + 0.3*min(1, max(0, float64(days)/42)) }

// creepLikelihood returns the logarithm of how many times as likely a week and those before it are
// if the rate crept up as if it did not. The test knows the usual rate and how rates creep, but not
// in which of the last weeks it began. by is the factor by which the simulated rate creeps up, or
// nil.
func creepLikelihood(s *figurestest.Simulated, week int, by func(day int) float64) float64 {
	best := math.Inf(-1)
	for length := 4; length <= 8; length++ {
		first, sum := 7*(week-length+1), 0.0
		for i := first; i < 7*(week+1); i++ {
			d := s.Days[i]
			if by != nil {
				d.Fallback /= by(i)
			}
			sum += betaBinomial(d, crept(i-first), d.Varies[0]) - betaBinomial(d, 1, d.Varies[0])
		}
		best = max(best, sum)
	}
	return best
}

// signKinds are the kinds of signs, in the order of the table.
var signKinds = []string{"incident", "rising", "rate", "chats", "target", "feedback", "record",
	"streak", "mover", "days"}

// signsOf returns the kinds of signs of a report.
func signsOf(r *figures.Report) (kinds []string) {
	add := func(kind string, has bool) {
		if has {
			kinds = append(kinds, kind)
		}
	}
	add("incident", len(r.Fallbacks.Incidents) > 0)
	add("rising", r.Fallbacks.Rising != nil)
	add("rate", r.Fallbacks.StandsOut != "")
	add("chats", r.Chats.StandsOut != "")
	add("target", slices.ContainsFunc(r.Targets, func(t figures.Target) bool {
		return t.State == figures.Missed && t.StandsOut
	}))
	for _, kind := range []string{figures.KindFeedback, figures.KindRecord, figures.KindStreak,
		figures.KindMover} {
		add(kind, said(r, kind))
	}
	add("days", slices.ContainsFunc(r.Insights, func(i figures.Insight) bool {
		return i.Kind == figures.KindDays && i.Days.Against
	}))
	return kinds
}

// All signs together, of bots whose rates are a quarter below their limits.
func TestDetection_Signs(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("a year of many bots takes seconds")
	}
	type signs struct {
		weeks int
		of    map[string]int
	}
	var lock sync.Mutex
	found := make(map[detectedKey]*signs)
	all := detect(t, max(1, *detectBots/2), func(d *detected, law figurestest.Generator,
		rng *rand.Rand) {
		first := week(t, "2026-W01").Add(-weeksBefore)
		s := law.Life(rng, d.size, d.varies, first, weeksBefore+weeksOfYear, usualRate)
		weeks, of := 0, make(map[string]int)
		for w := weeksBefore; w < weeksBefore+weeksOfYear; w++ {
			a := s.Answers(w)
			a.Targets = s.Limits(w, 0.25)
			r, err := figures.Compute(a)
			if err != nil {
				t.Error(err)
				return
			}
			kinds := signsOf(r)
			for _, kind := range kinds {
				of[kind]++
			}
			if len(kinds) > 0 {
				weeks++
			}
		}
		lock.Lock()
		defer lock.Unlock()
		k := detectedKey{d.law, d.varies, d.size}
		if found[k] == nil {
			found[k] = &signs{of: make(map[string]int)}
		}
		found[k].weeks += weeks
		for kind, n := range of {
			found[k].of[kind] += n
		}
	})
	var b strings.Builder
	fmt.Fprintf(&b, "weeks with false signs a bot and year\n%8s%8s%8s%8s", "law", "vary", "chats",
		"any")
	for _, kind := range signKinds {
		fmt.Fprintf(&b, "%10s", kind)
	}
	weeks, bots := 0, 0
	for _, d := range all {
		s, n := found[detectedKey{d.law, d.varies, d.size}], float64(d.bots)
		fmt.Fprintf(&b, "\n%8s%8.2f%8v%8.2f", d.law, d.varies, d.size, float64(s.weeks)/n)
		for _, kind := range signKinds {
			fmt.Fprintf(&b, "%10.2f", float64(s.of[kind])/n)
		}
		weeks, bots = weeks+s.weeks, bots+d.bots
		if d.varies == 0.1 && s.weeks > atMost(mostSigns*n) {
			t.Errorf("%s, days vary by %v, %v chats a day: %d weeks with signs of %d bots", d.law,
				d.varies, d.size, s.weeks, d.bots)
		}
	}
	fmt.Fprintf(&b, "\ntogether %.2f\n", float64(weeks)/float64(bots))
	t.Log(b.String())
	if weeks > atMost(mostSigns*float64(bots)) {
		t.Errorf("%d weeks with signs of %d bots", weeks, bots)
	}
}

type detectedKey struct {
	law          string
	varies, size float64
}
