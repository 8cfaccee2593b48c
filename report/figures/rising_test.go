package figures

import (
	"fmt"
	"math"
	"testing"

	"kindlyweekly/report/period"
)

// weekly sets the fallbacks per thousand replies on each day of the weeks. The last week is this
// one.
func weekly(rates ...int) *Report {
	r := days(200, 1000, 100)
	for i, n := range rates {
		r.fallbacksOf(TrendPeriods-len(rates)+i, n)
	}
	return r
}

// fallbacksOf sets the fallbacks per thousand replies on each day of a week.
func (r *Report) fallbacksOf(place, n int) {
	rate := float64(n) / 1000
	span := r.span(place)
	for i := span.first; i <= span.last; i++ {
		r.Fallbacks.History[i].Count, r.Fallbacks.History[i].Rate = &n, &rate
	}
	r.Fallbacks.Trend[place].Count, r.Fallbacks.Trend[place].Rate = new(7*n), &rate
}

func TestRising(t *testing.T) {
	even := []int{100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100}
	with := func(last ...int) []int {
		return append(append([]int{}, even[len(last):]...), last...)
	}
	for _, c := range []struct {
		what string
		r    *Report
		want string
	}{
		{"the same every week", weekly(with()...), "none"},
		{"four weeks of small steps", weekly(with(104, 108, 112, 118)...),
			"4 weeks since 2026-W43, 0.1 to 0.118"},
		{"six", weekly(with(104, 108, 112, 116, 120, 124)...), "none"}, // proven the week before
		{"a sixth at the most", weekly(with(103, 106, 109, 114)...), "none"},
		{"a rate that falls", weekly(with(96, 92, 88, 84, 80)...), "none"},
		{"weeks that vary as much", weekly(96, 108, 92, 104, 90, 112, 97, 95, 106, 104, 112, 119),
			"none"},
		{"this week jumped, and those before rose a little",
			weekly(with(100, 100, 101, 103, 120)...), "none"},
		{"it has stayed high for weeks", weekly(with(105, 110, 115, 120, 120, 120, 120)...), "none"},
	} {
		got := "none"
		if v := c.r.rising(); v != nil {
			got = fmt.Sprintf("%d weeks since %s, %v to %v", v.Periods, v.Since, v.From, v.To)
		}
		same(t, c.what, got, c.want)
	}
}

// The rise is the one that the weeks prove best. Only eleven weeks count.
func TestRisingIn(t *testing.T) {
	last := TrendPeriods - 1
	for _, c := range []struct {
		what string
		r    *Report
		want string
	}{
		{"six steps, of a line that begins a week before", weekly(98, 100, 102, 100, 98, 100, 104, 108, 112, 116, 120, 124),
			"7 weeks since 2026-W40, 0.1 to 0.124"},
		{"eight weeks", weekly(100, 98, 100, 102, 104, 107, 111, 114, 118, 121, 125, 128),
			"8 weeks since 2026-W39, 0.1 to 0.128"},
		{"whatever was twelve weeks ago",
			weekly(300, 100, 100, 100, 100, 100, 100, 100, 104, 108, 112, 118),
			"4 weeks since 2026-W43, 0.1 to 0.118"},
		{"a rise of less than a seventh by the line",
			weekly(100, 100, 100, 100, 100, 100, 100, 106, 108, 109, 110, 116), "none"},
	} {
		got := "none"
		if v := c.r.risingIn(last); v != nil {
			got = fmt.Sprintf("%d weeks since %s, %v to %v", v.Periods, v.Since, v.From, v.To)
		}
		same(t, c.what, got, c.want)
	}
}

// A rate is relative to what is usual, at any number of replies, and each week may vary by itself.
func TestLogRates(t *testing.T) {
	r := days(200, 1000, 100)
	for i := range r.Fallbacks.History[weekStart-21:] { // twice as many replies since three weeks
		r.Fallbacks.History[weekStart-21+i].Count = new(200)
	}
	rates := r.logRates(append(r.baselineWeeks(), TrendPeriods-1))
	same(t, "weeks", len(rates), TrendPeriods)
	for _, v := range rates {
		within(t, fmt.Sprint("week ", v.week), v.y, -0.001, 0.001)
		within(t, fmt.Sprint("the weight of week ", v.week), v.weight, 100, 1/(weekDrift*weekDrift))
	}
	for known, want := range map[int]int{27: 0, 28: TrendPeriods} {
		r := days(200, 1000, 100)
		r.known(known)
		same(t, fmt.Sprint("weeks if ", known, " days are known"),
			len(r.logRates(append(r.baselineWeeks(), TrendPeriods-1))), want)
	}
}

// It is reported in one week, the first that proves it.
func TestRising_Once(t *testing.T) {
	rates := []int{100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, // and then it creeps
		104, 108, 112, 116, 120, 124, 128, 128, 128, 128, 128, 128, 128, 128}
	told := 0
	for w := TrendPeriods; w <= len(rates); w++ {
		if v := weekly(rates[w-TrendPeriods : w]...).rising(); v != nil {
			told++
			same(t, "since", v.Since.String(), period.WeekOf(v.Since.From()).String())
		}
	}
	same(t, "times", told, 1)
}

func TestRising_Missing(t *testing.T) {
	creeping := func() *Report {
		return weekly(100, 100, 100, 100, 100, 100, 100, 100, 104, 108, 112, 118)
	}
	if creeping().rising() == nil {
		t.Fatal("it does not rise")
	}
	last := TrendPeriods - 1
	special := func(place int) func(r *Report) {
		return func(r *Report) {
			day := r.Chats.Trend[place].Period.From()
			r.Special = append(r.Special, Special{First: day, Last: day})
		}
	}
	for _, c := range []struct {
		what   string
		change func(r *Report)
		want   bool
	}{
		{"this week is special", special(last), false},
		{"a week before is", special(4), true},
		{"the bot began eight weeks ago", func(r *Report) {
			begun := r.Chats.Trend[4].Period.From()
			r.HistoryFrom = &begun
		}, true},
		{"six", func(r *Report) {
			begun := r.Chats.Trend[6].Period.From()
			r.HistoryFrom = &begun
		}, false},
		{"the bot has no history", func(r *Report) { r.HistoryFrom = nil }, false},
		{"few messages", func(r *Report) { r.Messages.Trend[last].Count = MinMessages - 1 }, false},
		{"the week's rate is not known", func(r *Report) { r.Fallbacks.Trend[last].Rate = nil },
			false},
		{"the days are not known", func(r *Report) {
			for i := range r.Fallbacks.History {
				r.Fallbacks.History[i].Count, r.Fallbacks.History[i].Rate = nil, nil
			}
		}, false},
		{"this week's days are not", func(r *Report) {
			for i := weekStart; i < HistoryDays; i++ {
				r.Fallbacks.History[i].Count, r.Fallbacks.History[i].Rate = nil, nil
			}
		}, false},
		{"the weeks before have no rate", func(r *Report) {
			for i := range 8 {
				r.Fallbacks.Trend[i].Rate = nil
			}
		}, false},
		{"by the days, but not by the week", func(r *Report) {
			r.Fallbacks.Trend[last].Rate = new(0.114)
		}, false},
		{"a day jumped", func(r *Report) { r.wednesday(300, 1000) }, false},
		{"a day jumped, and the week would not rise without it", func(r *Report) {
			r.fallbacksOf(last, 100)
			r.wednesday(900, 1000)
		}, false},
	} {
		r := creeping()
		c.change(r)
		same(t, c.what, r.rising() != nil, c.want)
	}
	// The week before had proven it, but did not report it, since it had an incident or was
	// special.
	r := weekly(100, 100, 100, 100, 100, 100, 100, 104, 108, 112, 118, 122)
	same(t, "the week before told it", r.rising() == nil, true)
	n, rate := 300, 0.3
	day := &r.Fallbacks.History[r.span(last-1).first]
	day.Count, day.Rate = &n, &rate
	same(t, "the week before had an incident", r.rising() != nil, true)
}

// known keeps the numbers of the given number of days, two or three in each week, and removes the
// others.
func (r *Report) known(days int) {
	kept := 0
	for _, weekday := range []int{0, 3, 5} {
		for week := TrendPeriods - 1; week >= 0; week-- {
			if kept++; kept > days {
				d := &r.Fallbacks.History[7*week+weekday]
				d.Count, d.Rate = nil, nil
			}
		}
	}
	for i := range r.Fallbacks.History {
		if i%7 != 0 && i%7 != 3 && i%7 != 5 {
			r.Fallbacks.History[i].Count, r.Fallbacks.History[i].Rate = nil, nil
		}
	}
}

func TestFitRise(t *testing.T) {
	line := func(rise float64, noise ...float64) (rates []logRate) {
		for week := 1; week < TrendPeriods; week++ {
			y := rise * max(0, float64(week-7)-0.5) / 3.5
			if len(noise) > 0 {
				y += noise[week%len(noise)]
			}
			rates = append(rates, logRate{week, y, 400})
		}
		return rates
	}
	l, ok := fitRise(line(0.35), 8, 11)
	same(t, "four weeks", ok, true)
	near(t, "the rise", l.rise, 0.35)
	noisy, _ := fitRise(line(0.35, 0.2, -0.2), 8, 11)
	// The residuals' squares are 16 a week. 5 are added to them, and 5 to the 9 degrees of freedom.
	within(t, "by how much weeks vary", math.Pow(l.level/l.rise/(noisy.level/noisy.rise), 2), 12, 13)
	if noisy.level > l.level/2 {
		t.Errorf("level %v, and %v if weeks vary by four standard deviations", l.level, noisy.level)
	}
	quiet, _ := fitRise(line(0.35, 0.01, -0.01), 8, 11)
	if math.Abs(quiet.level/quiet.rise-l.level/l.rise) > 1e-9 {
		t.Errorf("weeks that vary by less than chance: %+v, and if not at all: %+v", quiet, l)
	}
	for what, rates := range map[string][]logRate{
		"three weeks before":      line(0.35)[4:],
		"three weeks in the rise": append(append([]logRate{}, line(0.35)[:8]...), line(0.35)[9:]...),
	} {
		_, ok := fitRise(rates, 8, 11)
		same(t, what, ok, true)
	}
	for what, rates := range map[string][]logRate{
		"two weeks before":      line(0.35)[5:],
		"two weeks in the rise": append(append([]logRate{}, line(0.35)[:7]...), line(0.35)[9:]...),
		"without the last week": line(0.35)[:10],
		"none":                  nil,
	} {
		_, ok := fitRise(rates, 8, 11)
		same(t, what, ok, false)
	}
}
