package figures

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// wavering is a report whose days have 180 chats in five weeks, 220 in five others, and 200 in one
// and in this week.
func unsteady() *Report {
	r := days(200, 800, 80)
	for i := range r.History[:weekStart] {
		switch week := i / 7; {
		case week < 5:
			r.History[i].Chats = 180
		case week < 10:
			r.History[i].Chats = 220
		}
	}
	r.Handovers.Trend = make([]HandoverPeriod, TrendPeriods)
	return r
}

func TestDayVariation(t *testing.T) {
	r := unsteady()
	away := root(220) - root(200)
	near(t, "from day to day", r.dayToDay(), normal*smallSample(11)*away)
	if got, want := r.dayVariation(),
		smallSample(11)*math.Sqrt((away*normal*away*normal-1)/200); math.Abs(got-want) > 1e-6 {
		t.Errorf("beyond chance: %v, want %v", got, want)
	}
	near(t, "of a week, the more of the two", r.chatSeries().chance, normal*smallSample(11)*away)
	near(t, "of an even bot, by chance", days(200, 800, 80).chatSeries().chance, 1)

	of := func(weeks int) *Report {
		r := unsteady()
		begun := r.Period.From.Add(-7 * weeks)
		r.HistoryFrom = &begun
		return r
	}
	for weeks, want := range map[int]int{3: 0, 4: 28, 11: 77} {
		got, n := of(weeks).pastDays()
		same(t, fmt.Sprintf("days of %d weeks", weeks), len(got), want)
		same(t, fmt.Sprintf("weeks of %d", weeks), n, want/7)
	}
	near(t, "from day to day, of three weeks", of(3).dayToDay(), 0)
	near(t, "beyond chance, of three weeks", of(3).dayVariation(), 0)
	r.History[5].ChatsMissing = true
	past, _ := r.pastDays()
	same(t, "days that are known", len(past), 76)
}

func TestSeries_Gaps(t *testing.T) {
	r := days(200, 800, 80)
	r.Chats.Trend[3] = PeriodCount{Period: r.Chats.Trend[3].Period, MissingDays: 1}
	for i := range r.Fallbacks.Trend {
		r.Fallbacks.Trend[i].Count, r.Fallbacks.Trend[i].Rate = new(560), new(0.1)
	}
	r.Fallbacks.Trend[3].Rate = nil
	r.Messages.Trend[5].Count = 99
	chats, fallbacks := r.chatSeries(), r.fallbackSeries()
	for i := range TrendPeriods {
		same(t, fmt.Sprint("chats of week ", i), math.IsNaN(chats.y[i]), i == 3)
		same(t, fmt.Sprint("fallbacks of week ", i), math.IsNaN(fallbacks.y[i]), i == 3 || i == 5)
	}
	same(t, "weeks", fmt.Sprint(len(chats.value), len(fallbacks.value)), "12 12")
	near(t, "chats", chats.value[4], 1400)
	near(t, "on their scale", chats.y[4], 2*math.Sqrt(1400))
	y, variance := angle(560, 5600)
	near(t, "fallbacks", fallbacks.value[4], 0.1)
	near(t, "on their scale", fallbacks.y[4], y)
	near(t, "their chance", fallbacks.chance, math.Sqrt(variance))
}

func TestBaseline_UnknownWeeks(t *testing.T) {
	baseline := func(change func(r *Report)) *Baseline {
		r := unsteady()
		for i := range r.Fallbacks.Trend {
			r.Fallbacks.Trend[i].Count, r.Fallbacks.Trend[i].Rate = new(560), new(0.1)
		}
		change(r)
		r.baseline()
		return r.Baseline
	}
	unknown := func(weekly func(r *Report) []PeriodCount, weeks int) func(r *Report) {
		return func(r *Report) {
			for i := range weeks {
				weekly(r)[i].MissingDays = 1
			}
		}
	}
	chats := func(r *Report) []PeriodCount { return r.Chats.Trend }
	messages := func(r *Report) []PeriodCount { return r.Messages.Trend }
	for _, c := range []struct {
		what   string
		change func(r *Report)
		want   string
	}{
		{"all", func(*Report) {}, "11 11 11"},
		{"a week of chats is not known", unknown(chats, 1), "10 10 11"},
		{"a week of messages is not known", unknown(messages, 1), "11 11 10"},
		{"seven weeks of chats", unknown(chats, 7), "4 4 11"},
		{"eight weeks of chats", unknown(chats, 8), "none"},
		{"seven weeks of messages", unknown(messages, 7), "11 11 4"},
		{"eight weeks of messages", unknown(messages, 8), "none"},
	} {
		got := "none"
		if o := baseline(c.change); o != nil {
			got = fmt.Sprint(len(o.Periods), o.Chats.Periods, o.Messages.Periods)
		}
		same(t, c.what, got, c.want)
	}
	o := baseline(func(r *Report) {
		// Mondays: six of 100 chats and messages, five of which nothing is known
		for week := range 11 {
			d := &r.History[7*week]
			if d.Chats, d.Messages = 100, 100; week < 5 {
				d.Chats, d.Messages, d.ChatsMissing, d.MessagesMissing = 0, 0, true, true
			}
		}
	})
	same(t, "a weekday", fmt.Sprint(o.Days[0].Chats, o.Days[0].Messages, o.Days[1].Messages),
		"100 100 800")
	near(t, "its rate", *o.Days[0].FallbackRate, 0.1)
}

func TestStreak_Gaps(t *testing.T) {
	steady := func(from int) series {
		s := series{measure: MeasureFallbackRate, chance: 1}
		for i := range TrendPeriods {
			y := float64(max(0, i-7)) * 2
			if s.value, s.y = append(s.value, 0.1+y/10), append(s.y, y); i < from {
				s.value[i], s.y[i] = math.NaN(), math.NaN()
			}
		}
		return s
	}
	for from, want := range map[int]bool{0: true, 3: true, 4: false} {
		same(t, fmt.Sprintf("the first %d weeks are not known", from),
			plain().streak(steady(from)) != nil, want)
		r := plain()
		begun := r.Chats.Trend[from].Period.From()
		r.HistoryFrom = &begun
		same(t, fmt.Sprintf("the bot began in week %d", from), r.streak(steady(0)) != nil, want)
	}
	gap := steady(0)
	gap.y[3] = math.NaN()
	same(t, "a week is not known", plain().streak(gap) != nil, true)
	gap.y[5] = math.NaN()
	same(t, "two weeks are not known", plain().streak(gap) != nil, false)
	gap = steady(0)
	gap.y[9] = math.NaN()
	same(t, "one within the streak is not known", plain().streak(gap) != nil, false)
	for day, want := range map[int]bool{-29: true, -28: false, -1: false, 0: false} {
		r := plain()
		date := r.Period.From.Add(day)
		r.Special = []Special{{First: date, Last: date}}
		same(t, fmt.Sprintf("day %d was special", day), r.streak(steady(0)) != nil, want)
	}
}

func TestStreak_Bounds(t *testing.T) {
	repeat := func(n int, step float64) []float64 { return slices.Repeat([]float64{step}, n) }
	rising := func(chance float64, steps []float64) series {
		s := series{measure: MeasureFallbackRate, chance: chance}
		y := 0.0
		for i := range TrendPeriods {
			if at := i - (TrendPeriods - len(steps)); at >= 0 {
				y += steps[at]
			}
			s.add(0.1+y/10, y)
		}
		return s
	}
	all := plain().Chats.Trend
	for _, c := range []struct {
		what   string
		began  int // the first week that the history covers
		chance float64
		steps  []float64
		want   int
	}{
		{"four standard deviations in all", 0, 1, repeat(4, 1), 4},
		{"less", 0, 1, repeat(4, 0.99), 0},
		{"half a standard deviation in each step", 0, 1, repeat(8, 0.5), 8},
		{"more chance, four standard deviations", 0, 2, repeat(4, 2), 4},
		{"more chance, less", 0, 2, repeat(4, 1.2), 0},
		{"more chance, and one small step", 0, 2, []float64{4, 4, 0.9, 4}, 0},
		{"all eleven steps", 0, 1, repeat(11, 2), 11},
		{"eleven steps, eight of them in the history", 3, 1, repeat(11, 2), 8},
	} {
		r := plain()
		began := all[c.began].Period.From()
		r.HistoryFrom = &began
		got := 0
		if s := r.streak(rising(c.chance, c.steps)); s != nil {
			got = s.Periods
		}
		same(t, c.what, got, c.want)
	}
}

func TestYearAgo_Nothing(t *testing.T) {
	for _, c := range []struct {
		what            string
		chats, messages int
		doubt           Cause
		want            bool
	}{
		{"nothing", 0, 0, Cause{}, false},
		{"chats alone", 3, 0, Cause{}, true},
		{"messages alone", 0, 3, Cause{}, true},
		{"what is not believed", 3, 3, Cause{Kind: CauseRepeated}, false},
	} {
		r := plain()
		week := func(n int) placed[int] { return placed[int]{value: []int{n, 0, 0, 0, 0, 0, 0}} }
		r.yearAgo(LastYear{}, allSeries{agoChats: week(c.chats), agoMessages: week(c.messages)},
			unknowns{yearAgo: c.doubt})
		same(t, c.what, r.YearAgo != nil, c.want)
	}
}
