package figures

import (
	"fmt"
	"math"
	"testing"
)

// The rate without the days that jumped is known if the days add up to the week and enough messages
// remain.
func TestVerdict_WithoutIsKnown(t *testing.T) {
	const of = 1000 // replies of the week; a tenth was not understood
	for _, c := range []struct {
		what           string
		count, replies int // of the day that jumped
		other          int // fallbacks of the other days
		change         func(r *Report)
		want           string
	}{
		{"the rest of the week", 90, 300, 10, nil, "10 of 700"},
		{"as many messages as it takes", 90, of - MinMessages, 10, nil, "10 of 100"},
		{"one fewer", 90, of - MinMessages + 1, 10, nil, ""},
		{"no fallback is left", 100, 300, 0, nil, "0 of 700"},
		{"fewer than none", 101, 300, -1, nil, ""},
		{"every reply that is left", 0, of - 100, 100, nil, "100 of 100"},
		{"more than are left", 0, of - MinMessages, MinMessages + 1, nil, ""},
		{"the days have one more", 90, 300, 11, nil, ""},
		{"nothing jumped", 90, 300, 10, func(r *Report) { r.Fallbacks.Incidents = nil }, ""},
		{"the week has no rate", 90, 300, 10, func(r *Report) { r.Fallbacks.Rate = nil }, ""},
		{"messages of a day are not known", 90, 300, 10,
			func(r *Report) { r.Messages.Trend[TrendPeriods-1].MissingDays = 1 }, ""},
		{"fallbacks of a day are not", 90, 300, 10,
			func(r *Report) { r.Fallbacks.Daily[2].Count = nil }, ""},
		{"replies without number", 0, 0, 100,
			func(r *Report) { r.Fallbacks.Rate = new(1e-12) }, ""},
	} {
		r := plain()
		r.Messages.Total = of
		r.Fallbacks.Count, r.Fallbacks.Rate = new(100), new(0.1)
		if c.other > 100 {
			r.Fallbacks.Count, r.Fallbacks.Rate = new(c.other), new(float64(c.other)/of)
		}
		r.Fallbacks.Daily = []FallbackDay{{Count: new(c.count)}, {Count: new(c.other)},
			{Count: new(0)}}
		r.Fallbacks.Incidents = []Incident{{Count: c.count, Replies: c.replies}}
		if c.change != nil {
			c.change(r)
		}
		got := ""
		if v := r.withoutIncidents(); v != nil {
			var count, of int
			fmt.Sscanf(c.want, "%d of %d", &count, &of)
			if got = fmt.Sprint(*v); *v == float64(count)/float64(of) {
				got = c.want
			}
		}
		same(t, c.what, got, c.want)
	}
}

// Which missing numbers make a week incomplete, and what its verdict is about.
func TestReport_LacksCore(t *testing.T) {
	for section, want := range map[string]bool{
		SectionChats: true, SectionMessages: true, SectionFallbacks: true,
		SectionFallbacksDaily: true, SectionFallbacksDays: true,
		SectionFallbacksPrevious: false, SectionFallbacksTrend: false, SectionHandovers: false,
		SectionHours: false, SectionFeedback: false, SectionPages: false,
	} {
		r := plain()
		same(t, "nothing, not "+section, r.LacksCore(), false)
		r.Unavailable = []Unavailable{{Section: SectionLabels}, {Section: section}}
		same(t, section, r.LacksCore(), want)
	}
	for _, c := range []struct {
		what    string
		missing int // days whose chats are not known
		rate    *float64
		want    string
	}{
		{"everything is known", 0, new(0.1), AboutChats},
		{"a day's chats are", 6, new(0.1), AboutChats},
		{"the rate alone", 7, new(0.1), AboutFallbacks},
		{"neither", 7, nil, AboutChats},
	} {
		r := plain()
		r.Chats.Trend[TrendPeriods-1].MissingDays, r.Fallbacks.Rate = c.missing, c.rate
		same(t, c.what, r.aboutKnown(), c.want)
	}
	for _, c := range []struct {
		what      string
		rate      *float64
		standsOut string
		want      string
	}{
		{"a usual week", new(0.1), "", AboutFallbacks},
		{"with many chats", new(0.1), Higher, AboutChats},
		{"without a rate", nil, "", AboutChats},
	} {
		r := plain()
		r.Fallbacks.Rate, r.Chats.StandsOut = c.rate, c.standsOut
		same(t, c.what, r.aboutUsual(), c.want)
	}
}

// A week is dead if it has no chat and usually has some. Its chats fell if they are fewer than half
// of the usual ones. A zero proves nothing for a filter that Kindly does not know.
func TestReport_DeadOrFell(t *testing.T) {
	for _, c := range []struct {
		what            string
		chats, messages int
		usual           float64
		unknownFilters  bool
		dead, fell      bool
	}{
		{"nothing, and usually one", 0, 0, 1, false, true, true},
		{"usually less", 0, 0, 0.9, false, false, true},
		{"messages without a chat", 0, 1, 10, false, false, true},
		{"one chat", 1, 0, 10, false, false, true},
		{"half of the usual ones", 5, 20, 10, false, false, false},
		{"fewer", 4, 20, 10, false, false, true},
		{"nothing, of a filter that is not known", 0, 0, 10, true, false, false},
		{"a chat, of such a filter", 1, 0, 10, true, false, true},
	} {
		r := plain()
		r.Chats.Total, r.Messages.Total = c.chats, c.messages
		r.Chats.StandsOut, r.Baseline = Lower, &Baseline{Chats: Typical{Median: c.usual}}
		if c.unknownFilters {
			r.UnknownFilters = &UnknownFilters{}
		}
		same(t, c.what, fmt.Sprint(r.dead(), r.chatsFell()), fmt.Sprint(c.dead, c.fell))
		r.Chats.StandsOut = Higher
		same(t, c.what+", and chats are many", r.chatsFell(), false)
		r.Baseline = nil
		same(t, c.what+", without a baseline", r.dead(), false)
	}
}

// Requests for a human are reported if they rise by more than chance, by ten and by a quarter.
func TestAsking(t *testing.T) {
	weeks := func(n float64) []float64 { return []float64{n, n, n, n} }
	for _, c := range []struct {
		what   string
		count  *int
		usual  float64
		before []float64
		want   bool
	}{
		{"far more", new(100), 20, weeks(20), true},
		{"as usual", new(20), 20, weeks(20), false},
		{"far fewer", new(0), 100, weeks(100), false},
		{"not known", nil, 20, weeks(20), false},
		{"too few weeks before", new(100), 20, weeks(20)[:MinPeriods-1], false},
		{"ten more than none", new(10), 0, weeks(0), true},
		{"nine", new(9), 0, weeks(0), false},
		{"ten more than one", new(11), 1, weeks(1), true},
		{"nine", new(10), 1, weeks(1), false},
		{"forty more of a hundred are chance", new(140), 100, weeks(100), false},
		{"thirty are", new(130), 100, weeks(100), false},
		{"a quarter more of very many", new(125_000), 100_000, weeks(100_000), true},
		{"one fewer than that", new(124_999), 100_000, weeks(100_000), false},
		{"more than the weeks vary by", new(200), 100, weeks(100), true},
		{"not more, since they vary more", new(200), 100, []float64{30, 60, 140, 250}, false},
	} {
		got := asking(c.count, c.usual, c.before)
		same(t, c.what, got != nil, c.want)
		if got != nil {
			same(t, c.what, *got, WhereRequests{*c.count, c.usual})
		}
	}
}

// A doubt counts fallbacks or chats, of the week or of a day.
func TestReport_Counted(t *testing.T) {
	r := plain()
	r.History = make([]HistoryDay, HistoryDays)
	r.Fallbacks.History = make([]FallbackDay, HistoryDays)
	tuesday := Span{r.Period.From.Add(1), r.Period.From.Add(2)}
	week := Span{r.Period.From, r.Period.To}
	at := HistoryDays - 6
	r.History[at].Chats, r.Fallbacks.History[at].Count = 7, new(3)
	r.Chats.Total, r.Fallbacks.Count = 50, new(20)
	type counted struct {
		n     int
		known bool
	}
	all := func() (got []counted) {
		for _, d := range []Doubt{{Measure: MeasureChats, Span: tuesday},
			{Measure: MeasureChats, Span: week}, {Measure: MeasureFallbackRate, Span: tuesday},
			{Measure: MeasureFallbackRate, Span: week}} {
			n, known := r.counted(d)
			got = append(got, counted{n, known})
		}
		return got
	}
	same(t, "all known", fmt.Sprint(all()), "[{7 true} {50 true} {3 true} {20 true}]")
	r.History[at].ChatsMissing, r.Chats.Trend[TrendPeriods-1].MissingDays = true, 1
	r.Fallbacks.History[at].Count, r.Fallbacks.Count = nil, nil
	same(t, "none", fmt.Sprint(all()), "[{7 false} {50 false} {0 false} {0 false}]")
	same(t, "the places of a day", r.places(tuesday), run{at, at})
	same(t, "the places of the week", r.places(week), run{HistoryDays - 7, HistoryDays - 1})
	same(t, "a day", fmt.Sprint(tuesday.Day(), week.Day(), Span{}.Day()), "true false false")
}

// Locate names the slice with nearly all of the excess, and none if it may be in two.
func TestCells_Locate(t *testing.T) {
	even := func(n int, count, of float64) (all []cell) {
		for range n {
			all = append(all, cell{count, of, count, 1})
		}
		return all
	}
	more := func(all []cell, by map[int]float64) []cell {
		for i, n := range by {
			all[i].count += n
		}
		return all
	}
	ab := []string{"a", "b", "c"}
	for _, c := range []struct {
		what string
		cells
		want string
	}{
		{"all in a", cells{kind: SliceSource, names: ab,
			all: more(even(3, 50, 500), map[int]float64{0: 100})}, "a 150 50 1.0"},
		{"all in c", cells{kind: SliceSource, names: ab,
			all: more(even(3, 50, 500), map[int]float64{2: 100})}, "c 150 50 1.0"},
		{"none", cells{kind: SliceSource, names: ab, all: even(3, 50, 500)}, ""},
		{"spread evenly", cells{kind: SliceSource, names: ab,
			all: more(even(3, 50, 500), map[int]float64{0: 50, 1: 50, 2: 50})}, ""},
		{"too few to tell", cells{kind: SliceSource, names: ab,
			all: more(even(3, 10, 500), map[int]float64{0: 9})}, ""},
		{"in a, whose counts vary as much", cells{kind: SliceSource, names: ab,
			all: []cell{{150, 500, 50, 30}, {50, 500, 50, 1}, {50, 500, 50, 1}}}, ""},
		{"seven tenths in a", cells{kind: SliceSource, names: ab,
			all: more(even(3, 50, 500), map[int]float64{0: 140, 1: 30, 2: 30})}, "a 190 50 0.7"},
		{"less than that", cells{kind: SliceSource, names: ab,
			all: more(even(3, 50, 500), map[int]float64{0: 136, 1: 32, 2: 32})}, ""},
		{"all in what has no name", cells{kind: SliceSource, names: ab[:2],
			all: more(even(3, 50, 500), map[int]float64{2: 100})}, ""},
		{"a single slice", cells{kind: SliceSource, names: ab,
			all: more(even(1, 50, 500), map[int]float64{0: 100})}, ""},
		{"a has nine tenths of all", cells{kind: SliceSource, names: ab, all: []cell{
			{9000, 60000, 3600, 1}, {400, 6000, 400, 1}}}, "a 9000 3600 1.0"},
		{"a has more than that", cells{kind: SliceSource, names: ab, all: []cell{
			{9000, 60000, 3601, 1}, {400, 6000, 400, 1}}}, ""},
		{"a has fewer replies than the excess", cells{kind: SliceSource, names: ab, limited: true,
			all: more([]cell{{50, 69, 50, 1}, {50, 500, 50, 1}, {50, 500, 50, 1}},
				map[int]float64{0: 100})}, ""},
		{"a has as many as nearly all of it", cells{kind: SliceSource, names: ab, limited: true,
			all: more([]cell{{50, 70, 50, 1}, {50, 500, 50, 1}, {50, 500, 50, 1}},
				map[int]float64{0: 100})}, "a 150 50 1.0"},
		{"fewer in b", cells{kind: SliceSource, names: ab,
			all: more(even(3, 100, 500), map[int]float64{1: -90})}, "b 10 100 1.0"},
		{"in a, but b is nearly as likely", cells{kind: SliceSource, names: ab,
			all: []cell{{22, 500, 10, 1}, {5, 500, 1, 1}, {200, 5000, 200, 1}}}, ""},
		{"in a, and b is not", cells{kind: SliceSource, names: ab,
			all: []cell{{26, 500, 10, 1}, {5, 500, 1, 1}, {200, 5000, 200, 1}}}, "a 26 10 0.8"},
		{"an hour with hardly any at the end", cells{kind: SliceHours,
			all: more(append(append(even(12, 10, 100), cell{2, 10, 0.5, 1}), even(11, 10, 100)...),
				map[int]float64{9: 40, 10: 40, 11: 40})}, "9-12 150 30 1.0"},
		{"hours in the middle", cells{kind: SliceHours,
			all: more(even(24, 10, 100), map[int]float64{9: 40, 10: 40, 11: 40})},
			"9-12 150 30 1.0"},
		{"the first hours", cells{kind: SliceHours,
			all: more(even(24, 10, 100), map[int]float64{0: 40, 1: 40})}, "0-2 100 20 1.0"},
		{"the last hour", cells{kind: SliceHours,
			all: more(even(24, 10, 100), map[int]float64{23: 80})}, "23-24 90 10 1.0"},
	} {
		got := ""
		if s, ok := c.locate(leastWavers); ok {
			place := s.Name
			if c.kind == SliceHours {
				place = fmt.Sprintf("%d-%d", s.From, s.To)
			}
			got = fmt.Sprintf("%s %d %.0f %.1f", place, s.Count, s.Baseline, s.Part)
		}
		same(t, c.what, got, c.want)
	}
	// The data are 10^15.6 times more likely if the excess is in a, one of three slices.
	found, _ := (&cells{kind: SliceSource, names: ab,
		all: more(even(3, 50, 500), map[int]float64{0: 100})}).locate(leastWavers)
	if math.Abs(found.Evidence-15.63) > 0.01 {
		t.Errorf("the evidence is %v, want 15.63", found.Evidence)
	}
	c := cells{kind: SliceHours, all: more(even(24, 10, 100), map[int]float64{9: 40})}
	near(t, "the rate of hours", c.rate(WhereSlice{From: 9, To: 11}), 60.0/200)
	c = cells{kind: SliceSource, names: ab, all: []cell{{5, 10, 0, 1}, {1, 10, 0, 1}, {0, 10, 0, 1},
		{9, 10, 0, 1}}}
	near(t, "the rate of a source", c.rate(WhereSlice{Name: "b"}), 0.1)
	near(t, "the rate of none", c.rate(WhereSlice{Name: "d"}), 0)
	scaled := c.scaled(8, 2)
	same(t, "without usual counts", fmt.Sprint(scaled.all[0]), "{5 10 0 2}")
	c.all[0].usual, c.all[1].usual = 1, 3
	same(t, "to a sum", fmt.Sprint(c.scaled(8, 2).all[:2]), "[{5 10 2 2} {1 10 6 2}]")
	same(t, "a copy", fmt.Sprint(c.all[:2]), "[{5 10 1 1} {1 10 3 1}]")
}

// Sums of cells and their likelihoods: at the multiple of the usual counts that fits best, and at a
// multiple close to 1.
func TestSums(t *testing.T) {
	all := sums{}.add(cell{6, 20, 4, 2}).add(cell{3, 10, 1, 1})
	same(t, "added up", fmt.Sprint(all), "{9 30 5 6 3}")
	same(t, "less one of them", fmt.Sprint(all.less(sums{}.add(cell{3, 10, 1, 1}))),
		"{6 20 4 3 2}")
	near(t, "of any multiple", all.free(), 6*math.Log(2)-6)
	near(t, "without a count", sums{weighedUsual: 3}.free(), 0)
	near(t, "without a usual one", sums{weighedCount: 3}.free(), 0)
	for _, c := range []struct{ count, usual, wavers float64 }{
		{100, 100, 0.1}, {150, 100, 0.1}, {60, 100, 0.1}, {150, 100, 0.5}, {3, 1, 0.07}, {0, 5, 0.3},
	} {
		s, most := sums{weighedCount: c.count, weighedUsual: c.usual}, math.Inf(-1)
		for u := -3.0; u <= 3; u += 1e-4 {
			most = max(most, c.count*u-c.usual*math.Exp(u)-u*u/(2*c.wavers*c.wavers))
		}
		if got := s.usually(c.wavers); math.Abs(got-most) > 1e-5*max(1, math.Abs(most)) {
			t.Errorf("%v: the likelihood is %v, want %v", c, got, most)
		}
	}
}
