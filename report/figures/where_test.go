package figures_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
)

// How often the place of an incident must be right, and may be wrong, for bots of all sizes
// together. leastRight is for slices that have at most half of the bot's chats. The excess of a
// slice that has nearly all of them hardly differs from one that is spread evenly. Hours are right
// if they have half in common.
const (
	leastRight = 0.9
	mostWrong  = 0.02
)

// The right slice is named, and no wrong one. Bots have days whose fallback rate doubled. The
// excess lies in one source, in one language or in some hours, is spread evenly, or comes with a
// new label. Run it in full with
//
//	go test ./report/figures -run TestWhere_Simulated -v -simulate 40
func TestWhere_Simulated(t *testing.T) {
	seed := theSeed()
	if testing.Short() || raceEnabled {
		t.Skip("many incidents take seconds")
	}
	sizes, outcomes := simulateWhere([]float64{200, 500}, seed,
		func(rng *rand.Rand, size float64, outcomes map[string]*outcome) {
			incidentsOf(t, rng, size, outcomes)
		})
	t.Logf("seed %d, which -seed sets; how many bots -simulate sets", seed)
	t.Log(printWhere("incidents", sizes, outcomes))
	rightly(t, outcomes)
}

// The same for weeks that stand out. Each of their days has a third more fallbacks, so that no day
// jumps.
//
//	go test ./report/figures -run TestWhere_SimulatedWeeks -v -simulate 40
func TestWhere_SimulatedWeeks(t *testing.T) {
	seed := theSeed()
	if testing.Short() || raceEnabled {
		t.Skip("many weeks take seconds")
	}
	sizes, outcomes := simulateWhere([]float64{500}, seed,
		func(rng *rand.Rand, size float64, outcomes map[string]*outcome) {
			weeksOf(t, rng, size, outcomes)
		})
	t.Logf("seed %d, which -seed sets; how many bots -simulate sets", seed)
	t.Log(printWhere("weeks", sizes, outcomes))
	rightly(t, outcomes)
}

// simulateWhere simulates bots of each size. In a short run it simulates two bots of each of the
// sizes some.
func simulateWhere(some []float64, seed uint64,
	see func(rng *rand.Rand, size float64, outcomes map[string]*outcome)) (
	sizes []float64, outcomes []map[string]*outcome) {
	sizes, bots := []float64{50, 100, 200, 500, 1000}, *simulateBots
	if bots == 0 {
		sizes, bots = some, 2
	}
	outcomes = make([]map[string]*outcome, len(sizes))
	var wait sync.WaitGroup
	for i, size := range sizes {
		outcomes[i] = make(map[string]*outcome)
		wait.Go(func() {
			for b := range bots {
				see(rand.New(rand.NewPCG(seed, uint64(i)<<32|uint64(b))), size, outcomes[i])
			}
		})
	}
	wait.Wait()
	return sizes, outcomes
}

// rightly checks leastRight and mostWrong.
func rightly(t *testing.T, outcomes []map[string]*outcome) {
	all, found := make(map[string]*outcome), 0
	for _, o := range outcomes {
		for what, v := range o {
			outcomeOf(all, what).add(*v)
		}
	}
	margin := func(p float64, n int) float64 { return deviations() * math.Sqrt(p*(1-p)/float64(n)) }
	for what, o := range all {
		found += o.of
		if o.of == 0 {
			continue
		}
		wrong := float64(o.wrong) / float64(o.of)
		if wrong > mostWrong+margin(mostWrong, o.of) {
			t.Errorf("%s: something wrong named in %.1f%% of %d, want %v at most", what, 100*wrong,
				o.of, mostWrong)
		}
		right := float64(o.right) / float64(o.of)
		if what != "even" && !strings.Contains(what, "most") &&
			right < leastRight-margin(leastRight, o.of) {
			t.Errorf("%s: the right one named in %.1f%% of %d, want %v", what, 100*right, o.of,
				leastRight)
		}
	}
	if found == 0 {
		t.Error("none was found")
	}
}

// Where is frozen in the report, and has no more than is known.
func TestWhere(t *testing.T) {
	const thursday = figures.HistoryDays - 4 // the busy bot's rate jumped
	days := func(a figures.Answers, share func(day int) float64) *figures.Answer[[]figures.RatePoint] {
		var all figures.Answer[[]figures.RatePoint]
		for i, p := range a.FallbackDays.Value {
			replies := float64(p.Count) / *p.Rate * 0.6
			p.Count = int(share(i) * float64(p.Count))
			p.Rate = new(float64(p.Count) / replies)
			all.Value = append(all.Value, p)
		}
		return &all
	}
	usual := func(int) float64 { return 0.6 }
	for _, c := range []struct {
		name   string
		share  func(day int) float64 // of the fallbacks that are in a, which has 0.6 of the chats
		change func(*figures.Answers)
		want   string
	}{
		{"the excess is in a", func(day int) float64 {
			if day == thursday {
				return 0.785
			}
			return 0.6
		}, nil, "source a"},
		{"it is spread evenly", usual, nil, ""},
		{"a failed", usual, func(a *figures.Answers) {
			a.Sources[0].FallbackDays = &figures.Answer[[]figures.RatePoint]{Failed: "late"}
		}, ""},
		{"the filter was ignored", func(int) float64 { return 1 }, func(a *figures.Answers) {
			a.Sources[1].FallbackDays = a.Sources[0].FallbackDays
		}, ""},
		{"nothing was asked", usual, func(a *figures.Answers) { a.Sources = nil }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := figurestest.BusyAnswers()
			a.Sources = []figures.SliceAnswers{sliceOf(a, "a", 0.6), sliceOf(a, "b", 0.4)}
			a.Sources[0].FallbackDays = days(a, c.share)
			a.Sources[1].FallbackDays = days(a, func(day int) float64 { return 1 - c.share(day) })
			for i, p := range a.Sources[1].FallbackDays.Value {
				a.Sources[1].FallbackDays.Value[i].Rate = new(*p.Rate * 0.6 / 0.4)
			}
			if c.change != nil {
				c.change(&a)
			}
			r, err := figures.Compute(a)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, w := range r.Where {
				if w.Date == nil || w.Date.String() != "2026-11-12" || w.Requests != nil {
					t.Errorf("where: %+v", w)
				}
				for _, s := range w.Slices {
					said += s.Kind + " " + s.Name
				}
			}
			if said != c.want {
				t.Errorf("named %q, want %q", said, c.want)
			}
			data, err := r.Encode()
			if err != nil {
				t.Fatal(err)
			}
			again, err := figures.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(again.Where, r.Where) {
				t.Errorf("read back: %+v", again.Where)
			}
		})
	}
}

// Chats that are far more, or far fewer, in one source.
func TestWhere_Chats(t *testing.T) {
	for _, c := range []struct {
		name string
		days []int   // places in the history
		by   float64 // times as many chats in b, which has most
		date string  // empty: the week
		want string
	}{
		{"a day with more", []int{figures.HistoryDays - 5}, 2, "2026-11-11", "b"},
		{"a week with fewer", []int{77, 78, 79, 80, 81, 82, 83}, 0.02, "", "b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := figurestest.BusyAnswers()
			for i := range 7 { // an even rate, so that it is about the chats
				p := &a.FallbackDays.Value[figures.HistoryDays-7+i]
				p.Count, p.Rate = 500, new(0.1)
			}
			a.Targets = figures.Targets{}
			a.Sources = []figures.SliceAnswers{sliceOf(a, "a", 0.3), sliceOf(a, "b", 0.7)}
			for _, day := range c.days {
				b := &a.Sources[1].Chats.Value[day]
				more := int(c.by*float64(b.Count)) - b.Count
				b.Count += more
				a.Chats[day].Count += more
			}
			r, err := figures.Compute(a)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(r.Where, func(w figures.Where) bool {
				return w.Measure == figures.MeasureChats && len(w.Slices) > 0
			})
			if i < 0 {
				t.Fatalf("nothing named of %+v: %+v", r.Doubts(), r.Where)
			}
			w, date := r.Where[i], ""
			if w.Date != nil {
				date = w.Date.String()
			}
			if w.Slices[0].Name != c.want || date != c.date {
				t.Errorf("named %+v on %q, want %s on %q", w.Slices, date, c.want, c.date)
			}
		})
	}
}

// A week in which nothing stands out, and one that is compared with no other, has no doubts.
func TestReport_NoDoubts(t *testing.T) {
	for name, r := range map[string]*figures.Report{"tiny": figurestest.Tiny(),
		"empty": figurestest.Empty(), "new": figurestest.New(), "special": figurestest.Special(),
		"unavailable": figurestest.Unavailable()} {
		if d := r.Doubts(); len(d)+len(r.Where) > 0 {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// outcome is what was named of the incidents that were found.
type outcome struct {
	right, wrong, of, days int
	best                   []guess // of the bound, one of each incident
}

func (o *outcome) add(v outcome) {
	o.right, o.wrong, o.of, o.days = o.right+v.right, o.wrong+v.wrong, o.of+v.of, o.days+v.days
	o.best = append(o.best, v.best...)
}

// named returns for how many incidents the bound names the right place, and for how many a wrong
// one, at a threshold of the odds.
func (o *outcome) named(threshold float64) (right, wrong int) {
	for _, g := range o.best {
		switch {
		case g.odds < threshold:
		case g.right:
			right++
		default:
			wrong++
		}
	}
	return right, wrong
}

func outcomeOf(all map[string]*outcome, what string) *outcome {
	if all[what] == nil {
		all[what] = &outcome{}
	}
	return all[what]
}

// The kinds of incidents, in the order in which they are printed.
var incidentKinds = []string{"even", "even, with a label", "one source", "one source with most",
	"one language", "one language with most", "some hours"}

func printWhere(what string, sizes []float64, outcomes []map[string]*outcome) string {
	var b strings.Builder
	var all outcome
	for _, kinds := range outcomes {
		for _, o := range kinds {
			all.add(*o)
		}
	}
	threshold := 0.0
	for _, wrong := all.named(threshold); float64(wrong) > mostWrong*float64(all.of); {
		threshold += 0.1
		_, wrong = all.named(threshold)
	}
	fmt.Fprintf(&b, "what is named of the %s that were found\n%26s%8s%8s%8s%8s%8s%8s%8s%8s\n",
		what, "excess", "a day", "of", "found", "right", "bound", "wrong", "bound", "none")
	for _, kind := range incidentKinds {
		for i, size := range sizes {
			o := outcomeOf(outcomes[i], kind)
			if o.days == 0 {
				continue
			}
			share := func(n int) string { return rate{n, o.of}.String() }
			right, wrong := o.named(threshold)
			fmt.Fprintf(&b, "%26s%8v%8d%8d%8s%8s%8s%8s%8s\n", kind, size, o.days, o.of,
				share(o.right), share(right), share(o.wrong), share(wrong),
				share(o.of-o.right-o.wrong))
		}
	}
	return b.String()
}

// slicedBot is a simulated bot. Each of its chats has a source, a language and an hour.
type slicedBot struct {
	*figurestest.Simulated
	rng                *rand.Rand
	first              period.Period
	sources, languages []float64 // shares
	hours              []float64
	rates              [3][]float64 // relative fallback rates of sources, languages and hours
	days               map[int]*slicedDay
	items              []float64 // popularity of labels
}

// slicedDay is the chats of a day, each with its place and what happened in it.
type slicedDay struct {
	place              [][3]int // source, language, hour
	replies, fallbacks []int
	labels             map[string]int
	counts             map[[2]int]counted // by kind of place and place, once they were asked for
}

// counted is what happened in a part of a day.
type counted struct{ chats, replies, fallbacks int }

func newSlicedBot(rng *rand.Rand, size float64, first period.Period, weeks int) *slicedBot {
	s := &slicedBot{Simulated: figurestest.Simulate(rng, size, 1, first, weeks), rng: rng, first: first,
		days: make(map[int]*slicedDay)}
	shares := func(n int) []float64 {
		all := make([]float64, n)
		for i := range all {
			all[i] = 0.08 + rng.ExpFloat64()
		}
		return all
	}
	s.sources, s.languages = shares(2+rng.IntN(4)), shares(2+rng.IntN(5))
	s.hours = make([]float64, 24)
	for h := range s.hours {
		s.hours[h] = 0.05 + math.Exp(-math.Pow(float64(h)-13.5, 2)/30)
	}
	for k, all := range [][]float64{s.sources, s.languages, s.hours} {
		for range all {
			s.rates[k] = append(s.rates[k], 0.75+0.55*rng.Float64())
		}
	}
	for i := range 120 {
		s.items = append(s.items, 1/math.Pow(float64(i)+1.5, 0.85))
	}
	return s
}

// picker picks places by their weights.
func picker(rng *rand.Rand, weights []float64) func() int {
	sums, total := make([]float64, len(weights)), 0.0
	for i, w := range weights {
		total += w
		sums[i] = total
	}
	return func() int {
		i, _ := slices.BinarySearch(sums, rng.Float64()*total)
		return min(i, len(sums)-1)
	}
}

// waver returns the weights of a day, which differ a little from those of other days.
func (s *slicedBot) waver(weights []float64, by float64) []float64 {
	out := slices.Clone(weights)
	for i := range out {
		out[i] *= math.Exp(by * s.rng.NormFloat64())
	}
	return out
}

// day distributes the events of a day among its chats. A chat often has several fallbacks: with a
// chance of 0.3 the next one is in the same chat.
func (s *slicedBot) day(i int) *slicedDay {
	if s.days[i] == nil {
		s.days[i] = s.share(s.Days[i])
	}
	return s.days[i]
}

func (s *slicedBot) share(v figurestest.SimulatedDay) *slicedDay {
	d := &slicedDay{labels: make(map[string]int)}
	pick := [3]func() int{}
	for k, w := range [][]float64{s.waver(s.sources, 0.1), s.waver(s.languages, 0.1),
		s.waver(s.hours, 0.1)} {
		pick[k] = picker(s.rng, w)
	}
	var rates [3][]float64
	for k := range rates {
		rates[k] = s.waver(s.rates[k], 0.08)
	}
	weights := make([]float64, v.Chats)
	d.replies, d.fallbacks = make([]int, v.Chats), make([]int, v.Chats)
	for range v.Chats {
		p := [3]int{pick[0](), pick[1](), pick[2]()}
		d.place = append(d.place, p)
	}
	for r := range v.Replies {
		if r < v.Chats {
			d.replies[r]++
		} else if v.Chats > 0 {
			d.replies[s.rng.IntN(v.Chats)]++
		}
	}
	for c, p := range d.place {
		weights[c] = float64(d.replies[c]) * rates[0][p[0]] * rates[1][p[1]] * rates[2][p[2]]
	}
	d.fail(s.rng, v.Fallbacks, weights)
	item := picker(s.rng, s.waver(s.items, 0.2))
	for range int(0.7 * float64(v.Chats)) {
		d.labels[fmt.Sprint("item ", item())]++
	}
	return d
}

// fail makes the given number of further replies fallbacks, in chats drawn by their weights.
func (d *slicedDay) fail(rng *rand.Rand, n int, weights []float64) (failed int) {
	if len(weights) == 0 || slices.Max(weights) == 0 {
		return 0
	}
	pick, last := picker(rng, weights), -1
	for try := 0; failed < n && try < 20*n; try++ {
		c := last
		if c < 0 || rng.Float64() > 0.3 {
			c = pick()
		}
		if last = c; weights[c] > 0 && d.fallbacks[c] < d.replies[c] {
			d.fallbacks[c]++
			failed++
		}
	}
	return failed
}

// count adds up the chats with a place of a kind: 0 for sources, 1 for languages, 2 for hours.
func (d *slicedDay) count(kind, place int) counted {
	if d.counts == nil {
		d.counts = make(map[[2]int]counted)
		for c, p := range d.place {
			for kind, place := range p {
				n := d.counts[[2]int{kind, place}]
				d.counts[[2]int{kind, place}] = counted{n.chats + 1, n.replies + d.replies[c],
					n.fallbacks + d.fallbacks[c]}
			}
		}
	}
	return d.counts[[2]int{kind, place}]
}

// slice returns the answers about the chats with a place.
func (s *slicedBot) slice(name string, week, kind, place int) figures.SliceAnswers {
	a := figures.SliceAnswers{Name: name, Chats: &figures.Answer[[]figures.Point]{},
		Fallbacks:    &figures.Answer[[]figures.RatePoint]{},
		FallbackDays: &figures.Answer[[]figures.RatePoint]{}}
	var sum counted // of the week
	for i := 7 * (week - figures.TrendPeriods + 1); i < 7*(week+1); i++ {
		at := s.first.From().Add(i).UTC()
		n := s.day(i).count(kind, place)
		a.Chats.Value = append(a.Chats.Value, figures.Point{Time: at, Count: n.chats})
		a.FallbackDays.Value = append(a.FallbackDays.Value,
			ratePointOf(at, n.fallbacks, n.replies))
		sum.fallbacks, sum.replies = sum.fallbacks+n.fallbacks, sum.replies+n.replies
		if i%7 == 6 {
			a.Fallbacks.Value = append(a.Fallbacks.Value,
				ratePointOf(at.AddDate(0, 0, -6), sum.fallbacks, sum.replies))
			sum = counted{}
		}
	}
	return a
}

func ratePointOf(at time.Time, fallbacks, replies int) figures.RatePoint {
	p := figures.RatePoint{Time: at, Count: fallbacks, Rate: new(0.0)}
	if replies > 0 {
		p.Rate = new(float64(fallbacks) / float64(replies))
	}
	return p
}

// answers returns the answers of a week, and of the further questions about it.
func (s *slicedBot) answers(t *testing.T, week int) (figures.Answers, *figures.Report) {
	a := s.Answers(week)
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	doubts := r.Doubts()
	if len(doubts) == 0 {
		return a, r
	}
	for i := range s.sources {
		a.Sources = append(a.Sources, s.slice(fmt.Sprint("s", i), week, 0, i))
	}
	for i := range s.languages {
		a.Languages = append(a.Languages, s.slice(fmt.Sprint("l", i), week, 1, i))
	}
	for _, w := range append([]period.Period{a.Period}, doubts[0].Weeks...) {
		h := figures.CloserHours{Period: w, Fallbacks: &figures.Answer[[]figures.RatePoint]{},
			Messages: &figures.Answer[[]figures.Point]{}}
		for _, date := range w.Days() {
			day := s.day(date.Sub(s.first.From()))
			for hour := range 24 {
				at := date.UTC().Add(time.Duration(hour) * time.Hour)
				if n := day.count(2, hour); n.replies > 0 {
					h.Fallbacks.Value = append(h.Fallbacks.Value,
						ratePointOf(at, n.fallbacks, n.replies))
					h.Messages.Value = append(h.Messages.Value,
						figures.Point{Time: at, Count: n.replies})
				}
			}
		}
		a.Closer.Hours = append(a.Closer.Hours, h)
	}
	for _, d := range doubts {
		var lists figures.CloserLists
		lists.Labels.This.Value = s.labels(d.Span)
		for _, before := range d.Before {
			lists.Labels.Before = append(lists.Labels.Before,
				figures.Answer[[]figures.Label]{Value: s.labels(before)})
		}
		a.Closer.Lists = append(a.Closer.Lists, lists)
	}
	if r, err = figures.Compute(a); err != nil {
		t.Fatal(err)
	}
	return a, r
}

func (s *slicedBot) labels(span figures.Span) (list []figures.Label) {
	for name, n := range s.day(span.From.Sub(s.first.From())).labels {
		list = append(list, figures.Label{ID: name, Text: name, Count: n})
	}
	slices.SortFunc(list, func(a, b figures.Label) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list[:min(len(list), figures.ListLimit)]
}

// excess is where more fallbacks than usual lie.
type excess struct {
	what  string // for the table
	kind  int
	slice int    // of a source or language
	hours [2]int // of hours
	in    func(place [3]int) bool
}

// Kinds of excesses. Those of sources, languages and hours are the kinds of places, and two more.
const (
	evenly = iota
	evenWithLabel
	inSource
	inLanguage
	inHours
)

// excess draws an excess of a kind.
func (s *slicedBot) excess(kind int) excess {
	x := excess{what: incidentKinds[0], kind: kind, in: func([3]int) bool { return true }}
	one := func(shares []float64, what int) {
		x.slice = s.rng.IntN(len(shares))
		x.in = func(place [3]int) bool { return place[kind-inSource] == x.slice }
		total := 0.0
		for _, v := range shares {
			total += v
		}
		if x.what = incidentKinds[what]; shares[x.slice] > total/2 {
			x.what = incidentKinds[what+1]
		}
	}
	switch kind {
	case evenWithLabel:
		x.what = incidentKinds[1]
	case inSource:
		one(s.sources, 2)
	case inLanguage:
		one(s.languages, 4)
	case inHours:
		x.what = incidentKinds[6]
		from := 8 + s.rng.IntN(8)
		x.hours = [2]int{from, from + 3 + s.rng.IntN(4)}
		x.in = func(place [3]int) bool { return x.hours[0] <= place[2] && place[2] < x.hours[1] }
	}
	return x
}

// is reports whether the excess lies in the given place.
func (x excess) is(kind, slice int, hours [2]int) bool {
	switch x.kind {
	case inSource, inLanguage:
		return kind == x.kind-inSource && slice == x.slice
	case inHours:
		return kind == 2 && alike(hours, x.hours)
	}
	return false
}

// named reports whether slices name the right place, and whether they name a wrong one.
func (x excess) named(all []figures.WhereSlice) (right, wrong bool) {
	kinds := []string{figures.SliceSource, figures.SliceLanguage, figures.SliceHours}
	for _, v := range all {
		slice, _ := strconv.Atoi(strings.TrimLeft(v.Name, "sl"))
		if x.is(slices.Index(kinds, v.Kind), slice, [2]int{v.From, v.To}) {
			right = true
		} else {
			wrong = true
		}
	}
	return right, wrong
}

// broken returns a day with an excess, times as large as its usual fallbacks, and the number of
// fallbacks that were added.
func (s *slicedBot) broken(v figurestest.SimulatedDay, d *slicedDay, x excess, times float64) (
	*slicedDay, int) {
	b := &slicedDay{place: d.place, replies: d.replies, fallbacks: slices.Clone(d.fallbacks),
		labels: d.labels}
	weights := make([]float64, len(b.place))
	for c, p := range b.place {
		if x.in(p) {
			weights[c] = float64(b.replies[c])
		}
	}
	return b, b.fail(s.rng, int(times*float64(v.Replies)*v.Rate), weights)
}

// incidentsOf makes incidents of a bot, and adds to the outcomes what is named for those that are
// found.
func incidentsOf(t *testing.T, rng *rand.Rand, size float64, outcomes map[string]*outcome) {
	const before, weeks = figures.TrendPeriods - 1, 8
	s := newSlicedBot(rng, size, week(t, "2026-W33").Add(-before), before+weeks)
	for w := before; w < before+weeks; w++ {
		for range 6 {
			day, x := 7*w+rng.IntN(7), s.excess(rng.IntN(5))
			kept, shared := s.Days[day], s.day(day)
			broken, n := s.broken(kept, shared, x, 1)
			if x.kind == evenWithLabel {
				broken.labels = map[string]int{"trouble": n / 2}
				for name, n := range shared.labels {
					broken.labels[name] = n
				}
			}
			s.Days[day].Fallbacks += n
			s.days[day] = broken
			_, r := s.answers(t, w)
			s.Days[day], s.days[day] = kept, shared

			o := outcomeOf(outcomes, x.what)
			o.days++
			date := s.first.From().Add(day)
			if !slices.ContainsFunc(r.Fallbacks.Incidents,
				func(v figures.Incident) bool { return v.Date == date }) {
				continue
			}
			o.of++
			g := s.guess(broken, kept, 1)
			g.right = x.is(g.kind, g.from, [2]int{g.from, g.to})
			o.best = append(o.best, g)
			i := slices.IndexFunc(r.Where, func(v figures.Where) bool {
				return v.Date != nil && *v.Date == date && v.Measure == figures.MeasureFallbackRate
			})
			if i < 0 {
				continue
			}
			right, wrong := x.named(r.Where[i].Slices)
			for _, v := range r.Where[i].Items {
				if x.kind == evenWithLabel && v.Name == "trouble" {
					right = true
				} else {
					wrong = true
				}
			}
			if wrong {
				o.wrong++
			} else if right {
				o.right++
			}
		}
	}
}

// weeksOf makes weeks of a bot whose rate is higher, and adds to the outcomes what is named for
// those that are found.
func weeksOf(t *testing.T, rng *rand.Rand, size float64, outcomes map[string]*outcome) {
	const before, weeks, more = figures.TrendPeriods - 1, 8, 0.35
	s := newSlicedBot(rng, size, week(t, "2026-W33").Add(-before), before+weeks)
	for w := before; w < before+weeks; w++ {
		for range 3 {
			kind := []int{evenly, inSource, inLanguage}[rng.IntN(3)]
			x := s.excess(kind)
			kept := slices.Clone(s.Days)
			shared := make(map[int]*slicedDay)
			whole, usual := &slicedDay{}, figurestest.SimulatedDay{}
			for i := 7 * w; i < 7*(w+1); i++ {
				shared[i] = s.day(i)
				d, n := s.broken(kept[i], shared[i], x, more)
				s.Days[i].Fallbacks += n
				s.days[i] = d
				whole.place = append(whole.place, d.place...)
				whole.replies = append(whole.replies, d.replies...)
				whole.fallbacks = append(whole.fallbacks, d.fallbacks...)
				usual.Rate += kept[i].Rate * float64(kept[i].Replies) // divided below
				usual.Replies += kept[i].Replies
			}
			usual.Rate /= float64(usual.Replies)
			_, r := s.answers(t, w)
			copy(s.Days, kept)
			for i, d := range shared {
				s.days[i] = d
			}

			o := outcomeOf(outcomes, x.what)
			o.days++
			found := slices.ContainsFunc(r.Doubts(), func(d figures.Doubt) bool {
				return d.Measure == figures.MeasureFallbackRate && !d.Span.Day()
			})
			if !found {
				continue
			}
			o.of++
			g := s.guess(whole, usual, more)
			g.right = x.is(g.kind, g.from, [2]int{g.from, g.to})
			o.best = append(o.best, g)
			var named []figures.WhereSlice
			for _, v := range r.Where {
				if v.Date == nil && v.Measure == figures.MeasureFallbackRate {
					named = append(named, v.Slices...)
				}
			}
			right, wrong := x.named(named)
			if wrong {
				o.wrong++
			} else if right {
				o.right++
			}
		}
	}
}

// alike reports whether two ranges of hours have half in common.
func alike(a, b [2]int) bool {
	both := min(a[1], b[1]) - max(a[0], b[0])
	return 2*both >= max(a[1], b[1])-min(a[0], b[0])
}

// guess is the slice that the bound would name, and the logarithm of its odds.
type guess struct {
	kind, from, to int // of hours to, exclusive
	odds           float64
	right          bool
}

// guess returns the most likely slice by a test that knows everything except the place. It knows
// the usual rates of all slices, that the excess is times as large as the usual fallbacks, and how
// often an excess lies in a slice of each kind. No test that has to learn them can name more with
// as few wrong ones.
func (s *slicedBot) guess(d *slicedDay, usual figurestest.SimulatedDay, times float64) guess {
	const rows = 1.3 / 0.7 // times as much variance as independent fallbacks have
	type hypothesis struct {
		kind, from, to int
		likely         float64 // logarithm, relative to an even excess
	}
	all := []hypothesis{{-1, 0, 0, math.Log(2)}} // twice as often as one in a source
	for kind, rates := range s.rates {
		var replies, weights, fallbacks []float64
		of, sum := 0.0, 0.0
		for place, rate := range rates {
			n := d.count(kind, place)
			replies = append(replies, float64(n.replies))
			weights = append(weights, float64(n.replies)*rate)
			fallbacks = append(fallbacks, float64(n.fallbacks))
			of, sum = of+replies[place], sum+weights[place]
		}
		mean := float64(usual.Replies) * usual.Rate
		add := func(from, to int, ranges float64) {
			in := 0.0
			for _, n := range replies[from:to] {
				in += n
			}
			more := min(times*mean, in) // a slice cannot have more than its replies
			if in == 0 {
				return
			}
			likely := 0.0
			for place, n := range fallbacks {
				even := mean*weights[place]/sum + times*mean*replies[place]/of
				here := mean * weights[place] / sum
				if from <= place && place < to {
					here += more * replies[place] / in
				}
				if n > 0 {
					likely += n * math.Log(here/(mean+more)/(even/(mean+times*mean)))
				}
			}
			all = append(all, hypothesis{kind, from, to, likely/rows - math.Log(ranges)})
		}
		if kind < 2 {
			for place := range rates {
				add(place, place+1, float64(len(rates)))
			}
			continue
		}
		for from := 8; from < 16; from++ {
			for length := 3; length < 7; length++ {
				add(from, from+length, 8*4)
			}
		}
	}
	best := slices.MaxFunc(all[1:], func(a, b hypothesis) int { return cmp.Compare(a.likely, b.likely) })
	same, others := 0.0, 0.0
	for _, h := range all {
		likely := math.Exp(h.likely - best.likely)
		if h.kind == best.kind && alike([2]int{h.from, h.to}, [2]int{best.from, best.to}) {
			same += likely
		} else {
			others += likely
		}
	}
	return guess{kind: best.kind, from: best.from, to: best.to, odds: math.Log(same / others)}
}
