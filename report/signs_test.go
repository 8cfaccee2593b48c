package report_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/summary"
)

// The measure of the rule that a sign means something: bots are simulated in whose year nothing
// happens but holidays and campaigns that the report is told of, and what their editions sign in
// all other weeks is counted. Run it in full, which takes minutes, with
//
//	go test ./report -run 'TestSigns|TestTargetSigns' -v -simulate 100
var (
	simulateBots = flag.Int("simulate", 0,
		"how many bots of each size to simulate; 0: one of a few sizes, which takes seconds")
	simulateRestless = flag.Float64("restless", 1,
		"how many times as much everything wavers; what is promised holds for 1")
	simulateSeed = flag.Uint64("seed", 0,
		"seed of the simulation; 0: 1, or with -simulate a new one, which is printed")
)

// What is promised of weeks in which nothing happens.
const (
	mostSigned    = 0.02 // of the weeks of bots of each size have any sign, targets apart
	mostPortfolio = 0.02 // of the portfolios say that any bot needs a look, however many there are
	// of the weeks sign a target as missed, of bots that are exactly at their limit
	mostAtLimit = 0.02
)

// theSeed is that of all simulations of one run. Without a flag they are the same each time.
var theSeed = sync.OnceValue(func() uint64 {
	if *simulateSeed == 0 && *simulateBots > 0 {
		return rand.Uint64()
	}
	return max(1, *simulateSeed)
})

// unlikely is the chance at which a check fails of a program that keeps its promise.
const unlikely = 1e-6

// share is how many of how many.
type share struct{ hits, of int }

func (s *share) see(hit bool) {
	s.of++
	if hit {
		s.hits++
	}
}

func (s *share) add(o share) { s.hits, s.of = s.hits+o.hits, s.of+o.of }

func (s share) String() string {
	if s.of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f%%", 100*float64(s.hits)/float64(s.of))
}

// check fails where so many hits are next to impossible of what happens at most so often.
func (s share) check(t *testing.T, what string, most float64) {
	t.Helper()
	if p := atLeast(s.hits, s.of, most); p < unlikely {
		t.Errorf("%s: %d of %d, which is %v, want %.0f%% at most, or a few more by chance", what,
			s.hits, s.of, s, 100*most)
	}
}

// atLeast is the chance of k hits or more of n that each happen with the chance p.
func atLeast(k, n int, p float64) float64 {
	if k == 0 {
		return 1
	}
	gamma := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	sum := 0.0
	for ; k <= n; k++ {
		sum += math.Exp(gamma(n) - gamma(k) - gamma(n-k) + float64(k)*math.Log(p) +
			float64(n-k)*math.Log1p(-p))
	}
	return sum
}

func TestAtLeast(t *testing.T) {
	for _, c := range []struct {
		k, n int
		p    float64
		want float64
	}{{0, 5, 0.1, 1}, {1, 1, 0.25, 0.25}, {2, 3, 0.5, 0.5}, {3, 3, 0.1, 0.001}} {
		if got := atLeast(c.k, c.n, c.p); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%d or more of %d at %v: %v, want %v", c.k, c.n, c.p, got, c.want)
		}
	}
}

// simulated lets bots of several sizes live for a year, and calls see for each week.
func simulated(t *testing.T, sizes []float64,
	see func(size int, s *figurestest.Simulated, week int, rng *rand.Rand)) {
	if testing.Short() || raceEnabled {
		t.Skip("a year of many bots takes seconds")
	}
	seed := theSeed()
	bots := max(1, *simulateBots)
	t.Logf("seed %d, %d bots of each size", seed, bots)
	first, err := period.Parse("2026-W01")
	if err != nil {
		t.Fatal(err)
	}
	const before, year = figures.TrendPeriods - 1, 52
	var wait sync.WaitGroup
	for i, size := range sizes {
		wait.Go(func() {
			for b := range bots {
				rng := rand.New(rand.NewPCG(seed, uint64(i)<<32|uint64(b)))
				s := figurestest.Simulate(rng, size, *simulateRestless, first.Add(-before),
					before+year)
				for w := before; w < before+year; w++ {
					see(i, s, w, rng)
				}
			}
		})
	}
	wait.Wait()
}

// quiet computes a week, and reports whether nothing happened in it, neither holiday nor campaign.
func quiet(t *testing.T, a figures.Answers) (*figures.Report, bool) {
	r, err := figures.Compute(a)
	if err != nil {
		t.Error(err)
		return nil, false
	}
	return r, len(r.SpecialIn(r.Period.Name)) == 0
}

// signKinds are where an edition can have a sign, in the order of the table.
var signKinds = []string{"subject", "headline", "status", "tile", "insight", "scorecard", "chart", "words",
	"mail", "portfolio"}

// What never is a sign. Whatever else a later program says in a headline or an insight counts as
// one.
var (
	neutralHeadlines = []string{figures.HeadlineNothing, figures.HeadlineSpecial,
		figures.HeadlineBaseline, figures.HeadlinePrevious, figures.HeadlineAlone}
	neutralInsights = []string{figures.KindFallbackDay, figures.KindClosed, figures.KindHours}
)

// signWords are the words of signs in any edition's text, in small letters.
var signWords = []string{"⚠", "✓", "jumped", "unusual", "far more", "far fewer", "the highest in",
	"the lowest in", "the most in", "the fewest in",
	"highest share in", "lowest share in", "in a row", "thumbs up rose", "thumbs up fell",
	"ratings rose", "ratings fell", "” rose", "” fell", "up from", "down from",
	"not once the week before", "none the week before",
	"was not added", "got no clicks", "had no chats", "needs a look", "good week",
	"as often as usual", "more often than usual", "less often than usual",
	"more chats than usual", "fewer chats than usual"}

// signMarkup are the colors and signs of the mail.
var signMarkup = []string{"⚠", "✓", `class="bad"`, `class="good"`, `class="notice"`}

// contains reports whether a text has one of the signs.
func contains(text string, signs []string) bool {
	return slices.ContainsFunc(signs, func(sign string) bool {
		return strings.Contains(text,
			sign)
	})
}

// says reports whether a text has one of the words of signs, across the ends of its lines.
func says(text string) bool {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	return contains(strings.ReplaceAll(text, "nothing unusual", ""), signWords)
}

// signs returns the kinds of signs that the editions of a report have.
func signs(t *testing.T, r *figures.Report) map[string]bool {
	s, err := summary.Of(r)
	if err != nil {
		t.Error(err)
		return nil
	}
	has := map[string]bool{
		"subject":  says(s.Subject),
		"headline": !slices.Contains(neutralHeadlines, r.Headline.Rule) || says(s.Headline),
		"status":   s.Status.Tone != summary.Neutral || says(strings.Join(s.Facts, "\n")),
		"tile": slices.ContainsFunc(s.Tiles,
			func(t summary.Tile) bool { return t.Tone != summary.Neutral }),
		"insight": slices.ContainsFunc(r.Insights, func(i figures.Insight) bool {
			return !slices.Contains(neutralInsights, i.Kind) &&
				!(i.Kind == figures.KindDays && !i.Days.Against)
		}) || says(strings.Join(s.Insights, "\n")),
		"scorecard": s.Targets != nil && slices.ContainsFunc(s.Targets.Tones,
			func(t summary.Tone) bool { return t != summary.Neutral }),
		"chart": slices.ContainsFunc(s.Charts(),
			func(c *summary.Chart) bool { return says(c.Subtitle) }),
		"words": says(digest.Text(s, digest.MaxWidth)),
	}
	page, err := mail.HTML(r, s, func(string) string { return "" })
	if err != nil {
		t.Error(err)
	}
	has["mail"] = contains(page, signMarkup)
	o, p := portfolioOf(t, r.Period.Name, []*portfolio.Numbers{portfolio.Read(r)})
	has["portfolio"] = len(o.Grouped(portfolio.GroupLook)) > 0 || says(p.Headline) ||
		contains(mail.PortfolioHTML(p), signMarkup)
	return has
}

// What is counted below is found where it is, and not where it is not.
func TestEditions_ShowSigns(t *testing.T) {
	calm := func(r *figures.Report) { // the busy week without what happened in it
		r.Fallbacks.Incidents, r.Insights, r.Headline = nil, nil,
			&figures.Headline{Rule: figures.HeadlineBaseline}
		r.Verdict = &figures.Verdict{Status: figures.UsualWeek, Rule: figures.VerdictUsual,
			About: figures.AboutFallbacks}
		for i := range r.Targets {
			r.Targets[i].StandsOut = false
		}
	}
	record := figures.Record{Measure: figures.MeasureChats, Highest: true, Value: 8031,
		Baseline: 6555, Was: 7607, WasIn: figurestest.Busy().Period.Name.Previous(), Periods: 12}
	for _, c := range []struct {
		what   string
		change func(*figures.Report)
		want   string
	}{
		{"nothing", calm, ""},
		{"a day's rate that jumped", func(r *figures.Report) {
			jumps, verdict := r.Fallbacks.Incidents, r.Verdict
			calm(r)
			r.Fallbacks.Incidents, r.Verdict = jumps, verdict
			r.Headline.Rule, r.Insights = figures.HeadlineIncident,
				[]figures.Insight{{Kind: figures.KindIncident, Incident: &jumps[0]}}
		}, "subject headline status insight words mail portfolio"},
		{"a rate that stands out",
			func(r *figures.Report) { calm(r); r.Fallbacks.StandsOut = figures.Higher },
			"tile mail"},
		{"also if it is lower",
			func(r *figures.Report) { calm(r); r.Fallbacks.StandsOut = figures.Lower },
			"tile mail"},
		{"a target missed by more than chance",
			func(r *figures.Report) { calm(r); r.Targets[0].StandsOut = true },
			"scorecard portfolio"},
		{"a record", func(r *figures.Report) {
			calm(r)
			r.Headline, r.Insights = &figures.Headline{Rule: figures.HeadlineRecord,
				Record: &record}, []figures.Insight{{Kind: figures.KindRecord, Record: &record}}
		}, "headline insight chart words"},
		{"an unusual week",
			func(r *figures.Report) {
				calm(r)
				r.Headline.Rule, r.Targets = figures.HeadlineUnusual, nil
				r.Chats.StandsOut = figures.Higher
			}, "headline"},
		{"a kind of a later program",
			func(r *figures.Report) { calm(r); r.Insights = []figures.Insight{{Kind: "later"}} },
			"insight"},
	} {
		r := figurestest.Busy()
		c.change(r)
		has := signs(t, r)
		var got []string
		for _, kind := range signKinds {
			if has[kind] {
				got = append(got, kind)
			}
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// portfolioOf is the portfolio of bots with these numbers.
func portfolioOf(t *testing.T, week period.Period,
	all []*portfolio.Numbers) (*portfolio.Portfolio, *portfolio.Page) {
	var bots []portfolio.Bot
	for i, n := range all {
		bots = append(bots, portfolio.Bot{ID: fmt.Sprint("bot", i), Name: fmt.Sprint("Bot ", i),
			State: portfolio.In, Numbers: n})
	}
	o, err := portfolio.Of("Simulated", week, "en", week.To().UTC(), bots)
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.Page()
	if err != nil {
		t.Fatal(err)
	}
	return o, p
}

// portfolioSizes are of how many bots the simulated portfolios are.
var portfolioSizes = []int{10, 50, 200}

func TestSigns(t *testing.T) {
	sizes := []float64{2, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000}
	if *simulateBots == 0 {
		sizes = []float64{5, 30, 100, 500, 1000}
	}
	type tally struct {
		by      map[string]*share
		any     share
		numbers []*portfolio.Numbers // of the quiet weeks, for portfolios
		day     []*portfolio.Numbers // of weeks of which a day's fallback rate was doubled
		week    []*portfolio.Numbers // of weeks of which each day's was
	}
	tallies := make([]tally, len(sizes))
	for i := range tallies {
		tallies[i].by = make(map[string]*share)
		for _, kind := range signKinds {
			tallies[i].by[kind] = &share{}
		}
	}
	simulated(t, sizes, func(size int, s *figurestest.Simulated, w int, rng *rand.Rand) {
		tl := &tallies[size]
		r, ok := quiet(t, s.Answers(w))
		if !ok {
			return
		}
		has, any := signs(t, r), false
		for _, kind := range signKinds {
			tl.by[kind].see(has[kind])
			any = any || has[kind]
		}
		tl.any.see(any)
		tl.numbers = append(tl.numbers, portfolio.Read(r))
		if w%4 != 0 || sizes[size] < 100 {
			return
		}
		kept := slices.Clone(s.Days[7*w : 7*w+7])
		d := rng.IntN(7)
		s.Days[7*w+d] = s.Double(kept[d])
		if r, ok := quiet(t, s.Answers(w)); ok {
			tl.day = append(tl.day, portfolio.Read(r))
		}
		for i, day := range kept {
			s.Days[7*w+i] = s.Double(day)
		}
		if r, ok := quiet(t, s.Answers(w)); ok {
			tl.week = append(tl.week, portfolio.Read(r))
		}
		copy(s.Days[7*w:], kept)
	})

	var b strings.Builder
	fmt.Fprintf(&b, "signs in quiet weeks, in %% of them\n%8s%8s", "a day", "weeks")
	for _, kind := range signKinds {
		fmt.Fprintf(&b, "%11s", kind)
	}
	fmt.Fprintf(&b, "%11s\n", "any")
	var all share
	for i, tl := range tallies {
		fmt.Fprintf(&b, "%8v%8d", sizes[i], tl.any.of)
		for _, kind := range signKinds {
			fmt.Fprintf(&b, "%11v", *tl.by[kind])
		}
		fmt.Fprintf(&b, "%11v\n", tl.any)
		all.add(tl.any)
		if *simulateRestless == 1 {
			tl.any.check(t, fmt.Sprint("weeks with a sign of bots with ", sizes[i], " chats a day"),
				mostSigned)
		}
	}
	fmt.Fprintf(&b, "%8s%8d%*v\n", "all", all.of, 11*(len(signKinds)+1), all)
	t.Log(b.String())
	if *simulateRestless == 1 {
		all.check(t, "weeks with a sign", mostSigned)
	}

	var numbers []*portfolio.Numbers
	for _, tl := range tallies {
		numbers = append(numbers, tl.numbers...)
	}
	rng := rand.New(rand.NewPCG(theSeed(), 2))
	rng.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
	numbers = slices.DeleteFunc(numbers, func(n *portfolio.Numbers) bool {
		return n.Verdict.Status == figures.TooFew
	})
	week := period.WeekOf(period.NewDate(2026, 11, 9))
	b.Reset()
	fmt.Fprintf(&b, "portfolios of quiet bots that say that one needs a look\n%8s%12s%12s%12s%12s\n", "bots",
		"portfolios", "need a look", "may be", "bots alone")
	alone := share{}
	for _, n := range numbers {
		alone.see(n.Verdict.Status == figures.NeedsLook)
	}
	for _, size := range portfolioSizes {
		var false, chance share
		for rest := numbers; len(rest) >= size; rest = rest[size:] {
			o, p := portfolioOf(t, week, rest[:size])
			look := len(o.Grouped(portfolio.GroupLook))
			if said := strings.Contains(p.Headline, "need"); said != (look > 0) {
				t.Errorf("%d bots need a look, and the headline is %s", look, p.Headline)
			}
			false.see(look > 0)
			chance.see(len(o.Grouped(portfolio.GroupChance)) > 0)
		}
		fmt.Fprintf(&b, "%8d%12d%12v%12v%12v\n", size, false.of, false, chance, alone)
		if *simulateRestless == 1 {
			false.check(t, fmt.Sprint("portfolios of ", size, " quiet bots that say that one needs a look"),
				mostPortfolio)
		}
	}
	fmt.Fprintf(&b, "one bot whose fallback rate doubled, found among so many\n%8s%8s%9s", "a day",
		"", "alone")
	for _, size := range portfolioSizes {
		fmt.Fprintf(&b, "%9d", size)
	}
	b.WriteString("\n")
	for i, tl := range tallies {
		for _, doubled := range []struct {
			what string
			all  []*portfolio.Numbers
		}{{"day", tl.day}, {"week", tl.week}} {
			if len(doubled.all) == 0 {
				continue
			}
			fmt.Fprintf(&b, "%8v%8s", sizes[i], doubled.what)
			for _, size := range append([]int{1}, portfolioSizes...) {
				var found share
				for _, n := range doubled.all {
					if len(numbers) < size {
						break
					}
					o, _ := portfolioOf(t, week,
						append([]*portfolio.Numbers{n}, numbers[:size-1]...))
					found.see(o.Affected(o.Bots[0]))
				}
				fmt.Fprintf(&b, "%9v", found)
			}
			b.WriteString("\n")
		}
	}
	t.Log(b.String())
}

// A target that is missed by chance alone has no sign, though its words say that it was missed.
func TestTargetSigns(t *testing.T) {
	sizes := []float64{5, 30, 100, 1000}
	type place struct {
		size   int
		name   string
		within float64
	}
	type signed struct{ missed, bad, good share }
	var lock sync.Mutex
	seen := make(map[place]*signed)
	simulated(t, sizes, func(size int, s *figurestest.Simulated, w int, _ *rand.Rand) {
		for _, within := range []float64{0, 0.25} {
			a := s.Answers(w)
			a.Targets = s.Limits(w, within)
			r, ok := quiet(t, a)
			if !ok {
				return
			}
			sum, err := summary.Of(r)
			if err != nil {
				t.Error(err)
				return
			}
			lock.Lock()
			for i, target := range r.Targets {
				state, tone := sum.Targets.Rows[i][3], sum.Targets.Tones[i]
				if target.State == figures.Unknown {
					continue
				}
				at := place{size, target.Name, within}
				if seen[at] == nil {
					seen[at] = &signed{}
				}
				if missed := target.State == figures.Missed; missed != strings.HasPrefix(state,
					"missed") {
					t.Errorf("%s is %s, and the scorecard says %s", target.Name, target.State,
						state)
				}
				seen[at].missed.see(target.State == figures.Missed)
				seen[at].bad.see(tone == summary.Bad)
				seen[at].good.see(tone == summary.Good)
			}
			lock.Unlock()
		}
	})
	var b strings.Builder
	fmt.Fprintf(&b,
		"targets of bots that are in truth at their limit, and a quarter within it, in %% of the weeks\n%8s%24s%10s%9s%12s%9s\n",
		"a day", "target", "within", "missed", "signed so", "tick")
	for i, size := range sizes {
		for _, name := range []string{figures.TargetFallbackRate, figures.TargetHandoverRate,
			figures.TargetFeedback, figures.TargetRequestsWhileClosed} {
			for _, within := range []float64{0, 0.25} {
				s := seen[place{i, name, within}]
				if s == nil {
					continue
				}
				fmt.Fprintf(&b, "%8v%24s%10v%9v%12v%9v\n", size, name, within, s.missed, s.bad,
					s.good)
				if *simulateRestless == 1 {
					s.bad.check(t, fmt.Sprint(name, " signed as missed by a bot with ", size,
						" chats a day, ", within, " within its limit"), mostAtLimit)
				}
			}
		}
	}
	t.Log(b.String())
}
