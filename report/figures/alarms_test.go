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

// The proof that the report cries wolf at most once a year, and that a doubled fallback rate is
// found: simulated bots live for a year in which nothing happens, and each week's report is made.
// Whatever is said to stand out is a false alarm. Then something is made to happen. Run it in full,
// which takes some minutes, with
//
//	go test ./report/figures -run TestAlarms -v -simulate 100
//
// The thresholds of incidents.go, unusual.go, movers.go and insights.go were chosen by what it
// prints.
var (
	simulateBots = flag.Int("simulate", 0,
		"how many bots of each size to simulate; 0: one of a few sizes, which takes seconds")
	simulateRestless = flag.Float64("restless", 1,
		"how many times as much everything wavers; what is promised holds for 1")
	simulateSeed = flag.Uint64("seed", 0,
		"seed of the simulations; 0: 1, or with -simulate or -consistent a new one, which is printed")
)

// sizes are the simulated bots' chats a day, on average over a year.
var sizes = []float64{2, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000}

// What is promised. Over 90 % of the days with a doubled fallback rate are found of a bot of that
// size, and where an ordinary day has so many fallbacks.
const (
	mostAlarms    = 1.0 // false ones per bot and year, of all kinds together
	leastFound    = 0.9
	foundFrom     = 500 // chats a day
	foundFallback = 80  // fallbacks on such a day, of which there were twice as many
)

// theSeed is that of all simulations of one run. Without a flag they are the same each time.
var theSeed = sync.OnceValue(func() uint64 {
	if *simulateSeed == 0 && fresh() {
		return rand.Uint64()
	}
	return max(1, *simulateSeed)
})

// fresh reports whether a run is a long one, which draws its seed. One that is the same each time
// cannot fail by chance.
func fresh() bool { return *simulateBots > 0 || *consistentBots > 0 }

// deviations are how many standard deviations chance has: in a long run so many that it fails one
// in a million.
func deviations() float64 {
	if fresh() {
		return 4.8
	}
	return 3
}

// alarmKinds are the kinds of insights that say that something happened. A target that was missed
// is none: that it was is a fact, whatever chance had to do with it.
var alarmKinds = []string{figures.KindIncident, figures.KindFeedback, figures.KindRecord,
	figures.KindStreak, figures.KindMover}

// tally counts what was said of bots of one size.
type tally struct {
	size     float64
	bots     int
	said     map[string]int
	alarms   int // insights of alarmKinds
	headline int // that raise one of them, or an unusual volume
	tables   int // lists of which an item stands among the movers
	told     int // headlines, where holidays and notes were not given

	any, working rate // doubled days that were found; working are those of Monday to Friday
	// by how many fallbacks the day would have had: to 5, 10, 20 and so on, and more
	byFallbacks [8]rate
	other       [3][2]rate // see others
}

// rate is how many of how many.
type rate struct{ hits, of int }

func (r *rate) see(hit bool) {
	r.of++
	if hit {
		r.hits++
	}
}

func (r *rate) add(o rate) { r.hits, r.of = r.hits+o.hits, r.of+o.of }

func (r rate) String() string {
	if r.of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100*r.share())
}

func (r rate) share() float64 { return float64(r.hits) / float64(r.of) }

func (t *tally) see(r *figures.Report) {
	switch r.Headline.Rule {
	case figures.HeadlineIncident, figures.HeadlineRecord, figures.HeadlineUnusual:
		t.headline++
		t.said["headline: "+r.Headline.Rule]++
	}
	for _, i := range r.Insights {
		if slices.Contains(alarmKinds, i.Kind) {
			t.alarms++
		}
		if i.Kind == figures.KindDays && !i.Days.Against {
			continue // the busiest day, which there always is
		}
		t.said[i.Kind]++
	}
	for _, list := range [][]figures.Mover{r.Movers.Labels, r.Movers.Buttons, r.Movers.Pages} {
		if len(list) > 0 {
			t.tables++
		}
	}
}

func TestAlarms(t *testing.T) {
	seed := theSeed()
	if testing.Short() || raceEnabled {
		t.Skip("a year of many bots takes seconds")
	}
	t.Logf("seed %d, which -seed sets; how many bots -simulate sets", seed)
	sizes, bots := sizes, *simulateBots
	if bots == 0 {
		sizes, bots = []float64{5, 30, 100, 500, 1000}, 1
	}
	tallies := make([]tally, len(sizes))
	var wait sync.WaitGroup
	for i, size := range sizes {
		wait.Go(func() {
			tallies[i].size, tallies[i].said = size, make(map[string]int)
			for b := range bots {
				tallies[i].live(t, rand.New(rand.NewPCG(seed, uint64(i)<<32|uint64(b))), size)
			}
		})
	}
	wait.Wait()
	t.Log(printAlarms(tallies))
	t.Log(printFound(tallies))

	if *simulateRestless != 1 {
		return
	}
	// The margins are for chance, which passes them less than once in a million runs.
	n := float64(bots)
	within := func(what string, alarms int, mean float64) {
		if alarms > atMost(mean) {
			t.Errorf("%s: %d false alarms, want %v at most, or a few more by chance", what, alarms,
				mean)
		}
	}
	alarms, headlines := 0, 0
	for _, tl := range tallies {
		within(fmt.Sprint("insights of bots with ", tl.size, " chats a day"), tl.alarms,
			mostAlarms*n)
		within(fmt.Sprint("headlines of bots with ", tl.size, " chats a day"), tl.headline,
			mostAlarms*n)
		alarms, headlines = alarms+tl.alarms, headlines+tl.headline
	}
	within("insights of all bots", alarms, mostAlarms*n*float64(len(sizes)))
	within("headlines of all bots", headlines, mostAlarms*n*float64(len(sizes)))
	// Bots differ by more than days do: one whose rate wavers the most, or that has hardly any
	// fallbacks, is found less often.
	margin := func(r rate, bots float64) float64 {
		return deviations() * (math.Sqrt(leastFound*(1-leastFound)/float64(r.of)) +
			0.15/math.Sqrt(bots))
	}
	var large, many rate
	for _, tl := range tallies {
		if tl.size >= foundFrom {
			large.add(tl.any)
		}
		for k, r := range tl.byFallbacks {
			if 5<<k > foundFallback {
				many.add(r)
			}
		}
	}
	if large.share() < leastFound-margin(large, 2*n) {
		t.Errorf("%v of the doubled days of bots with %d chats a day and more were found, want %v",
			large, foundFrom, leastFound)
	}
	if many.share() < leastFound-margin(many, 2*n) {
		t.Errorf("%v of the doubled days with more than %d fallbacks were found, want %v", many,
			foundFallback, leastFound)
	}
}

// live lets a bot live for a year, and looks at every week of it.
func (tl *tally) live(t *testing.T, rng *rand.Rand, size float64) {
	const before, year = figures.TrendPeriods - 1, 52
	s := figurestest.Simulate(rng, size, *simulateRestless, week(t, "2026-W01").Add(-before),
		before+year)
	tl.bots++
	for w := before; w < before+year; w++ {
		a := s.Answers(w)
		r, err := figures.Compute(a)
		if err != nil {
			t.Error(err)
			return
		}
		tl.see(r)
		a.Special = nil
		if r, err := figures.Compute(a); err != nil {
			t.Error(err)
		} else if rule := r.Headline.Rule; rule == figures.HeadlineIncident ||
			rule == figures.HeadlineRecord || rule == figures.HeadlineUnusual {
			tl.told++
		}
		if len(r.SpecialIn(r.Period.Name)) > 0 {
			continue
		}
		tl.double(t, s, w, rng.IntN(7))
		if w%4 == 0 {
			tl.others(t, s, w)
		}
	}
}

// double makes the report of a week with a day on which the fallback rate was doubled.
func (tl *tally) double(t *testing.T, s *figurestest.Simulated, w, d int) {
	kept := s.Days[7*w+d]
	s.Days[7*w+d] = s.Double(kept)
	r, err := figures.Compute(s.Answers(w))
	s.Days[7*w+d] = kept
	if err != nil {
		t.Error(err)
		return
	}
	found := slices.ContainsFunc(r.Fallbacks.Incidents,
		func(v figures.Incident) bool { return v.Date == r.Period.From.Add(d) })
	tl.any.see(found)
	if d < 5 {
		tl.working.see(found)
	}
	bucket := 0
	for expected := float64(kept.Replies) * kept.Rate; bucket < len(tl.byFallbacks)-1 &&
		expected > float64(int(5)<<bucket); bucket++ {
	}
	tl.byFallbacks[bucket].see(found)
}

// others are the other things that can happen: a week with as many chats more, feedback that falls
// by so many points, a label that becomes so many times as frequent, each a little and by much.
// Nothing was promised of them; they show that what is said so seldom is said at all.
func (tl *tally) others(t *testing.T, s *figurestest.Simulated, w int) {
	see := func(what, size int, change func(*figures.Answers), found func(*figures.Report) bool) {
		a := s.Answers(w)
		change(&a)
		r, err := figures.Compute(a)
		if err != nil {
			t.Error(err)
			return
		}
		tl.other[what][size].see(found(r))
	}
	for size, more := range []float64{0.3, 0.6} {
		see(0, size, func(a *figures.Answers) {
			for i := range a.Chats[len(a.Chats)-7:] {
				a.Chats[len(a.Chats)-7+i].Count = int((1 +
					more) * float64(a.Chats[len(a.Chats)-7+i].Count))
			}
		}, func(r *figures.Report) bool {
			return r.Headline.Rule == figures.HeadlineRecord ||
				r.Headline.Rule == figures.HeadlineUnusual
		})
	}
	for size, less := range []float64{0.1, 0.2} {
		see(1, size, func(a *figures.Answers) {
			b := a.Feedback.This.Value.Binary
			moved := min(b[1].Count, int(math.Round(less*float64(b[0].Count+b[1].Count))))
			b[0].Count, b[1].Count = b[0].Count+moved, b[1].Count-moved
		}, func(r *figures.Report) bool { return said(r, figures.KindFeedback) })
	}
	for size, factor := range []int{2, 4} {
		see(2, size, func(a *figures.Answers) {
			if labels := a.Labels.This.Value; len(labels) > 4 {
				labels[4].Count *= factor
			}
		}, func(r *figures.Report) bool { return said(r, figures.KindMover) })
	}
}

func said(r *figures.Report, kind string) bool {
	return slices.ContainsFunc(r.Insights, func(i figures.Insight) bool { return i.Kind == kind })
}

func printAlarms(tallies []tally) string {
	var b strings.Builder
	fmt.Fprintf(&b, "false alarms per bot and year\n%8s", "a day")
	for _, k := range alarmKinds {
		fmt.Fprintf(&b, "%10s", k)
	}
	fmt.Fprintf(&b, "%10s |%10s%10s%10s%10s |%14s%8s%13s%12s\n", "all", "headline", "incident",
		"record", "unusual", "fallback_day*", "days**", "in tables***", "untold****")
	for _, tl := range tallies {
		per := func(n int) float64 { return float64(n) / float64(tl.bots) }
		fmt.Fprintf(&b, "%8v", tl.size)
		for _, k := range alarmKinds {
			fmt.Fprintf(&b, "%10.2f", per(tl.said[k]))
		}
		fmt.Fprintf(&b, "%10.2f |%10.2f%10.2f%10.2f%10.2f |%14.2f%8.2f%13.2f%12.2f\n",
			per(tl.alarms), per(tl.headline), per(tl.said["headline: incident"]),
			per(tl.said["headline: record"]), per(tl.said["headline: unusual"]),
			per(tl.said[figures.KindFallbackDay]), per(tl.said[figures.KindDays]),
			per(tl.tables), per(tl.told))
	}
	b.WriteString("on_alert is sent for an incident, and for a target missed, which is none by chance.\n" +
		"*    in weeks with a holiday or a campaign, in which the simulation has more fallbacks: no alarm\n" +
		"**   a day far from what its weekday ordinarily has: no alarm\n" +
		"***  lists of which an item stands in the table of movers, which is no insight\n" +
		"**** headlines, of a bot whose configuration does not tell of holidays and campaigns\n")
	return b.String()
}

func printFound(tallies []tally) string {
	var b strings.Builder
	fmt.Fprintf(&b,
		"found of the days on which the fallback rate doubled, and of other things\n%8s%12s%12s |%12s%12s%12s%12s%12s%12s\n",
		"a day", "any day", "Mon to Fri", "chats +30%", "+60%", "ratings -10", "-20 points",
		"a label x2", "x4")
	var byFallbacks [8]rate
	for _, tl := range tallies {
		fmt.Fprintf(&b, "%8v%12v%12v |", tl.size, tl.any, tl.working)
		for _, what := range tl.other {
			fmt.Fprintf(&b, "%12v%12v", what[0], what[1])
		}
		b.WriteString("\n")
		for k, r := range tl.byFallbacks {
			byFallbacks[k].add(r)
		}
	}
	b.WriteString("by how many fallbacks the day would have had\n")
	for k, r := range byFallbacks {
		limit := fmt.Sprintf("to %d", 5<<k)
		if k == len(byFallbacks)-1 {
			limit = "more"
		}
		fmt.Fprintf(&b, "%8s%12v\n", limit, r)
	}
	return b.String()
}
