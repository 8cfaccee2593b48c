package figures

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/period"
)

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(run{}, counts{}, bounds{}, rated{}, stages{},
		Cause{})); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// near expects a number to nine digits.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestSpread_IgnoresOutliers(t *testing.T) {
	near(t, "median of one", median([]float64{7}), 7)
	near(t, "median of an odd number", median([]float64{9, 1, 4}), 4)
	near(t, "median of an even number", median([]float64{10, 1, 3, 2}), 2.5)
	near(t, "deviation from 3", mad([]float64{1, 2, 4, 9}, 3), 1.5)
	near(t, "spread, in spite of an outlier", spread([]float64{1, 2, 3, 4, 100}), 1.4826*1.206)
	for n, want := range map[int]float64{1: 1, 2: 1.196, 3: 1.495, 4: 1.363, 9: 1.107, 10: 10 / 9.2,
		77: 77 / 76.2} {
		near(t, fmt.Sprint("factor for ", n), smallSample(n), want)
	}
	near(t, "a median of four is not sure", medianError(4), 1.180126722728845)
	near(t, "nor is one of eleven", medianError(11), 1.0690180850071074)
}

func TestScales(t *testing.T) {
	near(t, "root", root(9), 6)
	y, variance := angle(10, 100)
	near(t, "angle", y, 0.32668100131003147)
	near(t, "its variance", variance, 1.0/402)
	near(t, "half", ofFraction(0.5), math.Pi/4)
	near(t, "below nothing", ofFraction(-1), 0)
	near(t, "above all", ofFraction(2), math.Pi/2)
}

func TestSolve(t *testing.T) {
	falling := func(x float64) float64 { return 2 / (1 + x) }
	if x := solve(4, falling); math.Abs(falling(x)-1/normal) > 1e-6 {
		t.Errorf("at %v it is %v, want %v", x, falling(x), 1/normal)
	}
	near(t, "beyond the most", solve(1, falling), 1)
	level := func(float64) float64 { return 1 / normal }
	same(t, "at once", solve(4, level), 0.0)
	if x := solve(4, func(x float64) float64 { return max(1/normal, 1-x*1e9) }); x > 1e-6 {
		t.Errorf("the least is %v, want next to 0", x)
	}
}

func TestPlus_StaysAtTheLargest(t *testing.T) {
	for _, c := range [][3]int{{2, 3, 5}, {2, 0, 2}, {3, -1, 2}, {math.MaxInt, 1, math.MaxInt},
		{math.MaxInt - 1, 1, math.MaxInt}, {math.MaxInt - 1, 2, math.MaxInt},
		{math.MaxInt, 0, math.MaxInt}} {
		same(t, fmt.Sprint(c[0], " and ", c[1]), plus(c[0], c[1]), c[2])
	}
}

func TestCounts_Level(t *testing.T) {
	for _, c := range []struct {
		c                 counts
		growth, variation float64
		level, moved      float64
	}{
		{counts{30, 20}, 1, 0, 1.4214113720780748, 1.4214113720780748},
		{counts{30, 20}, 2, 0, -0.9784121130654566, -0.9784121130654566},
		{counts{30, 20}, 1, 0.25, 0.8879486446747124, 0.8879486446747124},
		{counts{60, 40}, 1.2, 0, 1.1026720274035955, 1.1026720274035955},
		{counts{40, 60}, 0.8, 0, -0.8998651740658102, 0.8998651740658102},
		{counts{40, 40}, 1, 0, 0, 0},
	} {
		near(t, fmt.Sprint(c.c, " level"), c.c.level(c.growth, c.variation), c.level)
		near(t, fmt.Sprint(c.c, " moved"), c.c.distance(c.growth, c.variation), c.moved)
	}
	near(t, "more of a whole that shrank: against last week alone", counts{60, 40}.distance(0.5, 0),
		counts{60, 40}.level(1, 0))
	near(t, "less of a whole that grew: against last week alone", counts{40, 60}.distance(2, 0),
		-counts{40, 60}.level(1, 0))
	for _, c := range []struct {
		c      counts
		growth float64
		want   bool
	}{
		{counts{60, 40}, 1, true}, // exactly half as many again, by exactly 20
		{counts{59, 40}, 1, false},
		{counts{30, 11}, 1, false}, // nearly three times as many, by 19
		{counts{80, 60}, 1, false},
		{counts{40, 60}, 1, true},
		{counts{41, 60}, 1, false},
		{counts{60, 80}, 1, false},
		{counts{150, 100}, 1.25, false}, // where the whole has grown by a quarter
		{counts{188, 100}, 1.25, true},
		{counts{150, 100}, 0.5, true}, // where the whole has shrunk it counts by itself
		{counts{64, 120}, 0.75, false},
		{counts{60, 120}, 0.75, true},
		{counts{80, 120}, 2, true},
	} {
		same(t, fmt.Sprint(c.c, " of a whole that grew ", c.growth, " times"), c.c.jumped(c.growth),
			c.want)
	}
}

func TestItemVariation(t *testing.T) {
	items := func(n int, c ...counts) (all []counts) {
		for i := range n {
			all = append(all, c[i%len(c)])
		}
		return all
	}
	near(t, "too few to tell", itemVariation(items(9, counts{100, 100}), 1), 0.25)
	near(t, "steady", itemVariation(items(10, counts{100, 100}), 1), 0.1)
	near(t, "one of them is too rare this week",
		itemVariation(append(items(9, counts{100, 100}), counts{4, 100}), 1), 0.25)
	near(t, "one the week before", itemVariation(append(items(9, counts{100, 100}), counts{100, 4}),
		1), 0.25)
	near(t, "just frequent enough", itemVariation(append(items(9, counts{100, 100}), counts{5, 5}),
		1), 0.1)
	restless := items(20, counts{200, 100}, counts{100, 200})
	w := itemVariation(restless, 1)
	near(t, "half of the restless are within", math.Round(1e6*restless[0].level(1, w)),
		math.Round(1e6/normal))
	near(t, "all grew as the whole did", itemVariation(items(20, counts{200, 100}), 2), 0.1)
}

func TestCrossing(t *testing.T) {
	for before, want := range map[int]int{0: 2, 1: 3, 15: 3, 16: 4, 200: 16} {
		same(t, fmt.Sprint("after a day of ", before), crossing(before), want)
	}
}

func TestZeros_Runs(t *testing.T) {
	s := placed[int]{value: []int{0, 3, 0, 0, 5, 0, 0}, differs: make([]bool, 7)}
	same(t, "all", zeros(s, 0), []run{{0, 0}, {2, 3}, {5, 6}})
	same(t, "from the fourth on", zeros(s, 3), []run{{3, 3}, {5, 6}})
	s.differs[5] = true // which is no zero
	same(t, "one is not known", zeros(s, 0), []run{{0, 0}, {2, 3}, {6, 6}})
	same(t, "sum", run{1, 3}.sum(func(day int) int { return 10 * day }), 60)
	week := silentWeek(0)
	for w, want := range map[run]bool{{77, 83}: true, {70, 83}: true, {78, 83}: false,
		{77, 82}: false} {
		same(t, fmt.Sprint(w, " covers the week"), w.covers(week.thisWeek()), want)
	}
}

func TestBefore_UnknownDay(t *testing.T) {
	s := allSeries{chats: placed[int]{value: []int{100, 0, 10, 10, 20}}}
	same(t, "a day", s.before(1), 100)
	same(t, "the first day: the median of those that had any", s.before(0), 15)
	same(t, "after a day without", s.before(2), 15)
	s.chats.value = make([]int, 5)
	same(t, "no chats at all", s.before(2), 0)
}

func TestMarkContradicted(t *testing.T) {
	on := func(counts ...int) func(int) int { return func(day int) int { return counts[day] } }
	daily := func(section string, limit int, frequent bool, counts ...int) evidence {
		return evidence{section, run{0, len(counts) - 1}.sum(on(counts...)), limit, on(counts...),
			frequent}
	}
	for _, c := range []struct {
		what string
		all  []evidence
		want string
	}{
		{"none", nil, "–, –"},
		{"at the limit", []evidence{daily("hours", 10, true, 5, 5)}, "–, –"},
		{"beyond it", []evidence{daily("hours", 10, true, 5, 6)}, "hours 5, hours 6"},
		{"a day that is silent by its own zeros", []evidence{daily("hours", 10, true, 0, 11)},
			"–, hours 11"},
		{"not by the zeros of what is rare", []evidence{daily("handovers", 10, false, 0, 11)},
			"handovers 0, handovers 11"},
		{"whatever rare things are looked at after it",
			[]evidence{daily("hours", 10, true, 0, 11), daily("handovers", 10, false, 0, 11)},
			"–, hours 11"},
		{"nor of what is no evidence", []evidence{daily("hours", 10, true, 0, 10),
			daily("handovers", 10, false, 0, 11)}, "handovers 0, handovers 11"},
		{"the first that has events on the day",
			[]evidence{daily("hours", 1, true, 0, 2), daily("handovers", 10, false, 1, 11)},
			"handovers 1, hours 2"},
		{"of the week alone", []evidence{{section: "pages", shows: 40, limit: 10},
			{section: "labels", shows: 30, limit: 5}}, "labels 30, labels 30"},
		{"of the week alone, the other way round",
			[]evidence{{section: "labels", shows: 30, limit: 5},
				{section: "pages", shows: 40, limit: 10}}, "labels 30, labels 30"},
		{"by the worst where none has events on the day",
			[]evidence{daily("handovers", 1, false, 0, 2),
				{section: "labels", shows: 30, limit: 5}}, "labels 30, handovers 2"},
	} {
		marks := make([]Cause, 2)
		run{0, 1}.markContradicted(c.all, marks)
		got := ""
		for i, m := range marks {
			if i > 0 {
				got += ", "
			}
			if m.Kind == "" {
				got += "–"
			} else {
				got += fmt.Sprint(m.By, " ", m.Shows)
			}
		}
		same(t, c.what, got, c.want)
	}
}

func TestShortest(t *testing.T) {
	hours := func(counts map[int]int) (h [24]int) {
		for hour, n := range counts {
			h[hour] = n
		}
		return h
	}
	spread := func(from, to int) map[int]int {
		m := make(map[int]int)
		for h := from; h < to; h++ {
			m[h] = 1
		}
		return m
	}
	for _, c := range []struct {
		what   string
		counts map[int]int
		whole  int
		want   *Stretch
	}{
		{"none", nil, 0, nil},
		{"one hour", map[int]int{9: 5}, 0, &Stretch{9, 10, 5}},
		{"exactly half in one", map[int]int{9: 5, 14: 3, 20: 2}, 0, &Stretch{9, 10, 5}},
		{"less than half in one", map[int]int{9: 5, 10: 1, 14: 3, 20: 2}, 0, &Stretch{9, 11, 6}},
		{"of two stretches the one with more", map[int]int{9: 5, 10: 4, 14: 5, 15: 3}, 0,
			&Stretch{9, 11, 9}},
		{"of two alike the earliest", map[int]int{9: 5, 14: 5}, 0, &Stretch{9, 10, 5}},
		{"over midnight", map[int]int{23: 5, 0: 5, 12: 6, 17: 2}, 0, &Stretch{23, 1, 10}},
		{"ten hours are worth naming", spread(0, 20), 0, &Stretch{0, 10, 10}},
		{"eleven are not", spread(0, 21), 0, nil},
		{"half of a whole of which the hours lack some", map[int]int{9: 5, 10: 2, 14: 1}, 14,
			&Stretch{9, 11, 7}},
		{"less than half of it", map[int]int{9: 5, 10: 2, 14: 1}, 17, nil},
		{"half of hours with more than the whole", map[int]int{9: 5, 14: 3, 20: 2}, 6,
			&Stretch{9, 10, 5}},
		{"none of a whole", nil, 5, nil},
	} {
		same(t, c.what, shortest(hours(c.counts), c.whole), c.want)
	}
	one, two := 1, 2
	days := [][]*int{{&one, nil, &two}, {&two}}
	same(t, "hours of all days", byHour(days), hours(map[int]int{0: 3, 2: 2}))
}

func TestLastState(t *testing.T) {
	weeks := func(states ...string) (all []TargetPeriod) {
		for _, s := range states {
			all = append(all, TargetPeriod{State: s})
		}
		return all
	}
	for _, c := range []struct {
		weeks []TargetPeriod
		state string
		n     int
	}{
		{weeks(Met), Met, 1},
		{weeks(Missed, Met), Met, 1},
		{weeks(Met, Missed, Missed), Missed, 2},
		{weeks(Met, Unknown, Met), Met, 1},
		{weeks(Met, Met, Met), Met, 3},
		{weeks(Met, Unknown), Unknown, 0},
	} {
		state, n := lastState(c.weeks)
		same(t, fmt.Sprint(c.weeks), fmt.Sprint(state, n), fmt.Sprint(c.state, c.n))
	}
}

// plain is a report of the week 2026-W46 whose history covers all 12 weeks.
func plain() *Report {
	week := period.WeekOf(period.NewDate(2026, 11, 9))
	first := week.Add(1 - TrendPeriods).From()
	r := &Report{Period: Period{Name: week, From: week.From(), To: week.To()}, HistoryFrom: &first,
		HasPrevious: true}
	for i := range TrendPeriods {
		w := week.Add(i + 1 - TrendPeriods)
		r.Chats.Trend = append(r.Chats.Trend, PeriodCount{Period: w})
		r.Messages.Trend = append(r.Messages.Trend, PeriodCount{Period: w})
		r.Fallbacks.Trend = append(r.Fallbacks.Trend, FallbackPeriod{Period: w})
	}
	return r
}

// evenly is a series of a value that is even but for its last weeks. Beside eleven weeks its
// standard deviation is 1.
func evenly(measure string, value, y float64, last ...[2]float64) series {
	s := series{measure: measure, chance: 1 / medianError(TrendPeriods-1)}
	for i := range TrendPeriods {
		s.value, s.y = append(s.value, value), append(s.y, y)
		if j := i - (TrendPeriods - len(last)); j >= 0 {
			s.value[i], s.y[i] = last[j][0], last[j][1]
		}
	}
	return s
}

func TestRecord_Thresholds(t *testing.T) {
	for _, c := range []struct {
		what string
		s    series
		want string
	}{
		{"four standard deviations, a fifth more",
			evenly(MeasureChats, 100, 0, [2]float64{120, 4}), "highest 120, was 100"},
		{"a little less by chance", evenly(MeasureChats, 100, 0, [2]float64{120, 3.99}), ""},
		{"a little less of it", evenly(MeasureChats, 100, 0, [2]float64{119.9, 4}), ""},
		{"four below", evenly(MeasureChats, 100, 0, [2]float64{80, -4}), "lowest 80, was 100"},
		{"a little less below", evenly(MeasureChats, 100, 0, [2]float64{80.1, -4}), ""},
		{"the week before was as high", evenly(MeasureChats, 100, 0, [2]float64{130, 5},
			[2]float64{130, 5}), ""},
		{"it was half a standard deviation less",
			evenly(MeasureChats, 100, 0, [2]float64{128, 4.5}, [2]float64{130, 5}),
			"highest 130, was 128"},
		{"it was a little less than that", evenly(MeasureChats, 100, 0, [2]float64{128, 4.51},
			[2]float64{130, 5}), ""},
		{"it was the lowest", evenly(MeasureChats, 100, 0, [2]float64{50, -4}, [2]float64{40, -5}),
			"lowest 40, was 50"},
		{"a bot of 30 chats", evenly(MeasureChats, 30, 0, [2]float64{60, 5}), "highest 60, was 30"},
		{"one of 29", evenly(MeasureChats, 29, 0, [2]float64{60, 5}), ""},
		{"there were no chats", evenly(MeasureChats, 30, 0, [2]float64{0, -5}), ""},
		{"no fallback at all", evenly(MeasureFallbackRate, 0.1, 0, [2]float64{0, -5}),
			"lowest 0, was 0.1"},
	} {
		got := ""
		if rec := plain().record(c.s); rec != nil {
			got = fmt.Sprint(map[bool]string{true: "highest ", false: "lowest "}[rec.Highest],
				rec.Value, ", was ", rec.Was)
			same(t, c.what+": of weeks", rec.Periods, TrendPeriods)
		}
		same(t, c.what, got, c.want)
	}
	rec := plain().record(evenly(MeasureChats, 100, 0, [2]float64{60, -6}, [2]float64{150, 4}))
	near(t, "level", rec.Level, 4)
	same(t, "the record that was", fmt.Sprint(rec.Was, rec.WasIn), "100 2026-W35")
	near(t, "level below", plain().record(evenly(MeasureChats, 100, 0, [2]float64{50, -4})).Level,
		4)

	special := plain()
	day := special.Period.From.Add(-20)
	special.Special = []Special{{First: day, Last: day}}
	if rec := special.record(evenly(MeasureChats, 100, 0, [2]float64{150, 9})); rec != nil {
		t.Errorf("a record among weeks of which one was special: %+v", rec)
	}
}

func TestUnusual_Thresholds(t *testing.T) {
	for _, c := range []struct {
		at   comparison
		want string
	}{
		{comparison{value: 120, baseline: 100, level: 4}, Higher},
		{comparison{value: 120, baseline: 100, level: 3.99}, ""},
		{comparison{value: 119, baseline: 100, level: 9}, ""},
		{comparison{value: 80, baseline: 100, level: -4}, Lower},
		{comparison{value: 81, baseline: 100, level: -9}, ""},
	} {
		same(t, fmt.Sprintf("%+v", c.at), c.at.standsOut(), c.want)
	}
	for _, c := range []struct {
		baseline, this int
		want           bool
	}{{30, 2, true}, {29, 2, false}, {5, 30, true}, {5, 29, false}, {100, 100, false}} {
		r := plain()
		for i := range r.Chats.Trend {
			r.Chats.Trend[i].Count = c.baseline
		}
		r.Chats.Trend[TrendPeriods-1].Count = c.this
		r.History = make([]HistoryDay, HistoryDays)
		same(t, fmt.Sprint(c.this, " chats beside ", c.baseline), r.chatsStandOut() != "", c.want)
	}
	r := plain()
	at := r.compare(evenly(MeasureChats, 100, 10, [2]float64{150, 13}))
	same(t, "weeks", at.weeks, 11)
	near(t, "ordinary", at.baseline, 100)
	near(t, "median", at.median, 10)
	near(t, "spread", at.spread, 1)
	near(t, "level", at.level, 3)
	s := evenly(MeasureChats, 100, 10, [2]float64{150, 13})
	s.chance = 0
	at = r.compare(s)
	near(t, "level of what does not waver", at.level, 0)
	for i := range 7 {
		s.y[i] = math.NaN()
	}
	same(t, "weeks, of four", r.compare(s).weeks, 4)
	s.y[7] = math.NaN()
	same(t, "weeks, of three", r.compare(s).weeks, 0)
}

func TestStreak_Thresholds(t *testing.T) {
	// The steps before go up and down by 1, so weeks waver by about 1.
	stairs := func(measure string, steps, values []float64) series {
		s := series{measure: measure, chance: 1}
		y := 0.0
		n := TrendPeriods - len(steps)
		for i := range n {
			if y = float64(i % 2); steps[0] > 0 {
				y = 1 - y // the last step before goes the other way
			}
			s.value, s.y = append(s.value, values[0]), append(s.y, y)
		}
		for i, step := range steps {
			y += step
			s.value, s.y = append(s.value, values[min(i+1, len(values)-1)]), append(s.y, y)
		}
		s.value[n-1] = values[0]
		return s
	}
	up := []float64{100, 110, 120, 130, 140}
	variation := func(s series) float64 {
		var steps []float64
		for i := 1; i < TrendPeriods; i++ {
			steps = append(steps, s.y[i]-s.y[i-1])
		}
		return max(spread(steps)/math.Sqrt2, s.chance)
	}
	for _, c := range []struct {
		what    string
		measure string
		steps   []float64
		values  []float64
		want    string
	}{
		{"four up", MeasureChats, []float64{2, 2, 2, 2}, up, "up 4 from 100 to 140"},
		{"three up", MeasureChats, []float64{-1, 4, 4, 4}, up, ""},
		{"four down", MeasureChats, []float64{-2, -2, -2, -2}, []float64{140, 130, 120, 110, 100},
			"down 4 from 140 to 100"},
		{"one of them is next to nothing", MeasureChats, []float64{4, 4, 0.1, 4}, up, ""},
		{"by a seventh", MeasureChats, []float64{2, 2, 2, 2}, []float64{100, 105, 110, 112, 115},
			"up 4 from 100 to 115"},
		{"by less", MeasureChats, []float64{2, 2, 2, 2}, []float64{100, 105, 110, 112, 114}, ""},
		{"to 30 chats from more", MeasureChats, []float64{-2, -2, -2, -2},
			[]float64{60, 50, 40, 35, 30}, "down 4 from 60 to 30"},
		{"to 29", MeasureChats, []float64{-2, -2, -2, -2}, []float64{60, 50, 40, 35, 29}, ""},
		{"from 29", MeasureChats, []float64{2, 2, 2, 2}, []float64{29, 50, 60, 70, 80}, ""},
		{"rates are no chats", MeasureFallbackRate, []float64{2, 2, 2, 2},
			[]float64{0.1, 0.12, 0.14, 0.16, 0.18}, "up 4 from 0.1 to 0.18"},
	} {
		got := ""
		s := stairs(c.measure, c.steps, c.values)
		if k := plain().streak(s); k != nil {
			got = fmt.Sprint(map[bool]string{true: "up ", false: "down "}[k.Up], k.Periods,
				" from ", k.From, " to ", k.Value)
		}
		same(t, fmt.Sprintf("%s, where weeks waver by %.2f", c.what, variation(s)), got, c.want)
	}
}
