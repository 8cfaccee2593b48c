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

// How well a doubled fallback rate and one that creeps up are found, near the limit of what can be
// found, and how often the same is said of bots of which nothing happens. The bots live by laws
// that the thresholds were not chosen with: those of figurestest.Generators. Run it in full, which
// takes many minutes, with
//
//	go test ./report/figures -run TestDetection -v -detect 100
//
// The bound is the exact Neyman-Pearson test of each day's law, which knows the usual rate and by
// how much days vary. Its threshold makes it as many false alarms as the report made. No test that
// has to learn the usual rate can find more.
var detectBots = flag.Int("detect", 0,
	"how many bots of each size and law to simulate for detection; 0: some, which takes seconds")

// What is promised: of false alarms, for each size where days vary by 10 %, and of all bots together.
const (
	mostIncidents = 0.5  // false ones a bot and year
	mostSigns     = 1.0  // all false signs together a bot and year
	leastRising   = 0.8  // of the rates that creep up by 30 % in six weeks at 200 chats a day
	belowBound    = 0.05 // at most, where days vary by 15 %
	usualFallback = 0.08
)

// leastIncidents is which part of the days with a doubled rate is found, by chats a day, where
// days vary by 10 %.
var leastIncidents = map[float64]float64{50: 0.5, 100: 0.75, 200: 0.9, 500: 0.98}

// detected is what was found of bots of one law and size.
type detected struct {
	law          string
	varies, size float64
	bots         int
	days, found  int       // with a doubled rate
	incidents    int       // false ones
	weeks        int       // quiet ones with any
	rising       int       // false ones
	null, double []float64 // of the bound: likelihoods of quiet days and of those that doubled
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
			at := rng.IntN(7)
			for i := range 7 {
				day := s.Days[7*w+i]
				d.null = append(d.null, likelihood(day))
				if i == at {
					d.double = append(d.double, likelihood(s.Double(day)))
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
		"%8s%8s%8s%8s%8s%10s%12s%8s\n", "law", "vary", "chats", "found", "bound", "incidents",
		"at .5: bound", "rising")
	incidents, bots := 0, 0
	for _, d := range all {
		n := float64(d.bots)
		found := float64(d.found) / float64(d.days)
		bound := d.bound(float64(d.incidents))
		fmt.Fprintf(&b, "%8s%8.2f%8v%7.1f%%%7.1f%%%10.2f%11.1f%%%8.2f\n", d.law, d.varies, d.size,
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
		for _, varies := range []float64{0.1, 0.15} {
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

// bound returns which part of the doubled days the best test finds with so many false alarms.
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

// likelihood is the logarithm of how many times as likely the day's fallbacks are if its rate
// doubled, by its true law.
func likelihood(d figurestest.SimulatedDay) float64 {
	p := d.Fallback
	of := func(p, variance float64) float64 {
		size := (1-p)/(p*variance) - 1
		a, b := p*size, (1-p)*size
		k, n := float64(d.Fallbacks), float64(d.Replies)
		return logGamma(k+a) - logGamma(a) + logGamma(n-k+b) - logGamma(b) + logGamma(size) -
			logGamma(n+size)
	}
	return of(2*p, d.Varies[1]) - of(p, d.Varies[0])
}

func logGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// A rate creeps up by 30 % within six weeks, and then stays. It is found if a report of these weeks
// or of the two after them says so.
func TestDetection_Rising(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("months of many bots take seconds")
	}
	const creeps, stays = 6, 8
	type creeping struct{ bySix, byEight, said, higher, first int }
	var lock sync.Mutex
	found := make(map[detectedKey]*creeping)
	all := detect(t, max(6, 2**detectBots), func(d *detected, law figurestest.Generator,
		rng *rand.Rand) {
		s := law.Life(rng, d.size, d.varies, week(t, "2026-W01"), weeksBefore+creeps+stays,
			func(day int) float64 {
				part := float64(day-7*weeksBefore) / (7 * creeps)
				return usualFallback * (1 + 0.3*min(1, max(0, part)))
			})
		var c creeping
		for w := range creeps + stays {
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
	})
	var b strings.Builder
	fmt.Fprintf(&b, "rates that creep up by 30 %% in six weeks\n%8s%8s%8s%12s%12s%10s%10s%10s\n",
		"law", "vary", "chats", "in 6 weeks", "in 8 weeks", "times", "week", "higher")
	for _, d := range all {
		c, n := found[detectedKey{d.law, d.varies, d.size}], float64(d.bots)
		fmt.Fprintf(&b, "%8s%8.2f%8v%11.1f%%%11.1f%%%10.2f%10.1f%10.2f\n", d.law, d.varies, d.size,
			100*float64(c.bySix)/n, 100*float64(c.byEight)/n, float64(c.said)/n,
			float64(c.first)/n, float64(c.higher)/n)
		margin := 4.8 * math.Sqrt(leastRising*(1-leastRising)/n)
		if got := float64(c.byEight) / n; d.size == 200 && got < leastRising-margin {
			t.Errorf("%s, days vary by %v: %.0f%% found, want %.0f%%", d.law, d.varies, 100*got,
				100*leastRising)
		}
	}
	t.Log(b.String())
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

// All signs together, of bots that are a quarter within their targets.
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
