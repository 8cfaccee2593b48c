package figures_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/period"
)

// The tests' week is 9 to 15 November 2026; its baseline is 2 to 8 November.
const testWeek = "2026-W46"

func week(t testing.TB, name string) period.Period {
	t.Helper()
	w, err := period.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// at is a point's time: what the clocks on the bot's wall show, without a zone.
func at(t testing.TB, wall string) time.Time {
	t.Helper()
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04"} {
		if v, err := time.Parse(layout, wall); err == nil {
			return v
		}
	}
	t.Fatalf("%q is no time", wall)
	return time.Time{}
}

// steady is a bot with 10 chats and 40 messages on each of the 84 days, and nothing else.
func steady(t testing.TB, name, zone string) figures.Answers {
	w := week(t, name)
	a := figures.Answers{
		Bot: figures.Bot{ID: "bot", Name: "Bot", TZ: zone}, Period: w, Locale: "en",
		FetchedAt: time.Date(2026, time.November, 16, 6, 0, 0, 0, time.UTC),
	}
	for i := range figures.HistoryDays {
		day := w.To().Add(i - figures.HistoryDays).UTC()
		a.Chats = append(a.Chats, figures.Point{Time: day, Count: 10})
		a.Messages = append(a.Messages, figures.Point{Time: day, Count: 40})
	}
	allHours(&a)
	return a
}

// allHours spreads this week's chats, and requests for a human, over all hours alike.
func allHours(a *figures.Answers) {
	loc, err := time.LoadLocation(a.Bot.TZ)
	if err != nil {
		panic(err)
	}
	at := 0
	shown := make(map[time.Time][24]int)
	next := func(day time.Time) time.Time {
		if _, known := shown[day]; !known {
			shown[day] = period.DateOf(day).HoursShown(loc)
		}
		for at++; shown[day][at%24] == 0; at++ {
		}
		return day.Add(time.Duration(at%24) * time.Hour)
	}
	chats := make(map[time.Time]int)
	var order []time.Time
	for _, p := range a.Chats[max(0, len(a.Chats)-7):] {
		for range min(p.Count, 500) {
			hour := next(p.Time)
			if chats[hour]++; chats[hour] == 1 {
				order = append(order, hour)
			}
		}
	}
	a.Hours.Value = nil
	for _, hour := range order {
		a.Hours.Value = append(a.Hours.Value, figures.Point{Time: hour, Count: chats[hour]})
	}
	a.HandoverHours.Value = nil
	for _, p := range a.Handovers.Value[max(0, len(a.Handovers.Value)-7):] {
		for range p.RequestsWhileClosed {
			a.HandoverHours.Value = append(a.HandoverHours.Value,
				figures.StagePoint{Time: next(p.Time), RequestsWhileClosed: 1})
		}
	}
}

func compute(t testing.TB, a figures.Answers) *figures.Report {
	t.Helper()
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// only keeps the points of days from from on.
func only(t testing.TB, points []figures.Point, from string) []figures.Point {
	first := at(t, from)
	return slices.DeleteFunc(slices.Clone(points),
		func(p figures.Point) bool { return p.Time.Before(first) })
}

// show prints what may be missing: "–" for nil.
func show[T any](p *T) string {
	if p == nil {
		return "–"
	}
	return fmt.Sprint(*p)
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestCompute_TotalsAreSumsOfDays(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	a.Chats = []figures.Point{
		{at(t, "2026-08-24"), 7},  // the first of the 84 days
		{at(t, "2026-11-02"), 20}, // Monday of the week before
		{at(t, "2026-11-08"), 30}, // its Sunday
		{at(t, "2026-11-09"), 40}, // Monday of the week
		{at(t, "2026-11-15"), 35}, // its Sunday
	}
	chats := compute(t, a).Chats

	expect(t, "total", chats.Total, 40+35)
	expect(t, "previous", chats.Previous, 20+30)
	expect(t, "change", show(chats.Change), "0.5")
	var daily, previous, weekly []int
	for i := range 7 {
		daily = append(daily, chats.Daily[i].Count)
		previous = append(previous, chats.PreviousDaily[i].Count)
	}
	for _, w := range chats.Trend {
		weekly = append(weekly, w.Count)
	}
	// A day that Sage leaves out had no chats: a true zero.
	expect(t, "daily", daily, []int{40, 0, 0, 0, 0, 0, 35})
	expect(t, "previous_daily", previous, []int{20, 0, 0, 0, 0, 0, 30})
	expect(t, "weekly", weekly, []int{7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50, 75})
	expect(t, "first week", chats.Trend[0].Period.String(), "2026-W35")
}

func TestCompute_ChangeNeedsHistory(t *testing.T) {
	for _, c := range []struct {
		name                string
		first               string   // the bot's history begins on this day
		none                []string // days without chats
		historyFrom, change string   // of chats
		hasPrevious         bool
	}{
		{name: "history reaches back", first: "2026-08-24", historyFrom: "2026-08-24",
			hasPrevious: true, change: "0"},
		{name: "history begins with the week before", first: "2026-11-02",
			historyFrom: "2026-11-02", hasPrevious: true, change: "0"},
		{name: "history begins within the week before", first: "2026-11-03",
			historyFrom: "2026-11-03", change: "–"},
		{name: "history begins with the week", first: "2026-11-09", historyFrom: "2026-11-09",
			change: "–"},
		{name: "history begins on its last day", first: "2026-11-15", historyFrom: "2026-11-15",
			change: "–"},
		{name: "no history", first: "2026-11-16", historyFrom: "–", change: "–"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := steady(t, testWeek, "Europe/Oslo")
			a.Chats, a.Messages = only(t, a.Chats, c.first), only(t, a.Messages, c.first)
			r := compute(t, a)
			expect(t, "history_from", show(r.HistoryFrom), c.historyFrom)
			expect(t, "baseline", r.HasPrevious, c.hasPrevious)
			expect(t, "change of chats", show(r.Chats.Change), c.change)
			expect(t, "change of messages", show(r.Messages.Change), c.change)
		})
	}

	t.Run("a chat is history too", func(t *testing.T) {
		a := steady(t, testWeek, "Europe/Oslo")
		a.Messages = only(t, a.Messages, "2026-11-09")
		expect(t, "history_from", show(compute(t, a).HistoryFrom), "2026-08-24")
	})
	t.Run("a message is history too", func(t *testing.T) {
		a := steady(t, testWeek, "Europe/Oslo")
		a.Chats = only(t, a.Chats, "2026-11-09")
		r := compute(t, a)
		expect(t, "history_from", show(r.HistoryFrom), "2026-08-24")
		expect(t, "change of chats: of nothing there is none", show(r.Chats.Change), "–")
		expect(t, "change of messages", show(r.Messages.Change), "0")
	})
}

func TestCompute_DropsPointsForOtherTimes(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	strange := []figures.Point{{at(t, "2026-08-23"), 1000}, {at(t, "2026-11-16"), 1000}}
	a.Chats = append(a.Chats, strange...)
	a.Messages = append(a.Messages, strange[1])
	a.Hours.Value = []figures.Point{
		{at(t, "2026-11-08 23:00"), 1000}, {at(t, "2026-11-09 00:00"), 1},
		{at(t, "2026-11-15 23:00"), 2}, {at(t, "2026-11-16 00:00"), 1000},
	}
	a.Fallbacks.This.Value = figures.Fallback{Count: 4, Rate: new(0.1)}
	a.Handovers.Value = []figures.StagePoint{{Time: at(t, "2026-08-23"), Requests: 1000},
		{Time: at(t, "2026-08-24"), Requests: 3}}
	rate := new(0.1)
	a.FallbackDays.Value = []figures.RatePoint{{at(t, "2026-08-23"), 1000, rate},
		{at(t, "2026-08-24"), 28, rate}, {at(t, "2026-11-09"), 4, rate},
		{at(t, "2026-11-16"), 1000, rate}}
	a.HandoverHours.Value = []figures.StagePoint{{Time: at(t, "2026-11-08 23:00"),
		RequestsWhileClosed: 1000}, {Time: at(t, "2026-11-09 00:00"), RequestsWhileClosed: 5}}
	a.FallbackTrend.Value = []figures.RatePoint{{at(t, "2026-08-17"), 1000, rate},
		{at(t, "2026-08-24"), 28, rate}}
	r := compute(t, a)

	expect(t, "dropped", r.Dropped, []figures.Dropped{
		{Section: "chats", Points: 2}, {Section: "messages", Points: 1},
		{Section: "hours", Points: 2},
		{Section: "fallbacks.daily", Points: 2}, {Section: "fallbacks.weekly", Points: 1},
		{Section: "handovers", Points: 1},
		{Section: "handovers.hourly", Points: 1},
	})
	expect(t, "chats", r.Chats.Total, 70)
	expect(t, "messages", r.Messages.Total, 280)
	expect(t, "first hour", show(r.Chats.Hourly[0][0]), "1")
	expect(t, "last hour", show(r.Chats.Hourly[6][23]), "2")
	expect(t, "fallbacks on Monday", show(r.Fallbacks.Daily[0].Count), "4")
	expect(t, "fallbacks on the first of the 84 days", show(r.Fallbacks.History[0].Count), "28")
	expect(t, "requests while closed in the first hour", show(r.Handovers.HourlyWhileClosed[0][0]),
		"5")
	expect(t, "fallbacks in the first week", show(r.Fallbacks.Trend[0].Count), "28")
	expect(t, "handovers in the first week", show(r.Handovers.Trend[0].Requests), "3")
}

// If Sage's weeks began on Sundays, our weeks would not have been left out for being empty: they
// are missing.
func TestCompute_WeeksFromSunday(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	a.FallbackTrend.Value = []figures.RatePoint{{at(t, "2026-10-18"), 12, new(0.1)},
		{at(t, "2026-10-25"), 12, new(0.1)}, {at(t, "2026-10-26"), 8, new(0.1)},
		{at(t, "2026-11-09"), 9, new(0.2)}}
	a.FallbackDays.Value = []figures.RatePoint{{at(t, "2026-10-20"), 12, new(0.1)},
		{at(t, "2026-10-26"), 8, new(0.1)}, {at(t, "2026-11-09"), 9, new(0.1)}}
	a.Fallbacks.This.Value = figures.Fallback{Count: 9, Rate: new(0.2)}
	r := compute(t, a)
	expect(t, "dropped", r.Dropped, []figures.Dropped{{Section: "fallbacks.weekly", Points: 2}})
	expect(t, "not known", gaps(r), "")
	expect(t, "a week in the past", show(r.Fallbacks.Trend[7].Count), "–")
	expect(t, "one that came all the same", show(r.Fallbacks.Trend[9].Count), "8")
	expect(t, "this week, from its total", show(r.Fallbacks.Trend[11].Count), "9")
}

func TestCompute_Fallbacks(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	a.Messages = slices.DeleteFunc(a.Messages,
		func(p figures.Point) bool { return p.Time.Equal(at(t, "2026-11-14")) })
	a.Fallbacks.This.Value = figures.Fallback{Count: 30, Rate: new(0.125)}
	a.Fallbacks.Previous.Value = figures.Fallback{Count: 20, Rate: new(0.0625)}
	a.FallbackDays.Value = []figures.RatePoint{
		{at(t, "2026-10-26"), 25, new(0.5)},
		{at(t, "2026-11-02"), 20, new(0.5)},
		{at(t, "2026-11-09"), 27, new(0.5)},
		{at(t, "2026-11-10"), 0, new(0.0)}, // every reply understood
		{at(t, "2026-11-14"), 0, new(0.0)}, // no message: 0 % would praise
		{at(t, "2026-11-15"), 3, nil},
	}
	a.FallbackTrend.Value = []figures.RatePoint{
		{at(t, "2026-10-26"), 25, new(0.25)}, {at(t, "2026-11-02"), 1, new(0.9)},
		{at(t, "2026-11-09"), 2, new(0.9)},
	}
	f := compute(t, a).Fallbacks

	expect(t, "this week", show(f.Count)+" "+show(f.Rate), "30 0.125")
	expect(t, "the week before", show(f.PreviousCount)+" "+show(f.PreviousRate), "20 0.0625")
	expect(t, "change in percentage points", show(f.ChangePP), "6.25")
	var daily, weekly []string
	for _, d := range f.Daily {
		daily = append(daily, show(d.Count)+" "+show(d.Rate))
	}
	for _, w := range f.Trend {
		weekly = append(weekly, show(w.Count)+" "+show(w.Rate))
	}
	// Days that Sage left out: no fallbacks, and a gap in the rate.
	expect(t, "daily", daily, []string{"27 0.5", "0 0", "0 –", "0 –", "0 –", "0 –", "3 –"})
	// The trend ends in the totals, so that no two numbers disagree.
	expect(t, "weekly", weekly, []string{"0 –", "0 –", "0 –", "0 –", "0 –", "0 –", "0 –", "0 –",
		"0 –", "25 0.25", "20 0.0625", "30 0.125"})
}

func TestCompute_FallbackChangeNeedsTwoRates(t *testing.T) {
	for _, c := range []struct {
		name             string
		this, previous   *float64
		first            string
		change           string
		comparable       bool
		messagesPrevious int // a day
	}{
		{"both", new(0.5), new(0.25), "2026-08-24", "25", true, 40},
		{"none this week", nil, new(0.25), "2026-08-24", "–", false, 40},
		{"none the week before", new(0.5), nil, "2026-08-24", "–", false, 40},
		{"no baseline", new(0.5), new(0.25), "2026-11-04", "–", false, 40},
		{"98 messages in the week before", new(0.5), new(0.25), "2026-08-24", "25", false, 14},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := steady(t, testWeek, "Europe/Oslo")
			a.Chats, a.Messages = only(t, a.Chats, c.first), only(t, a.Messages, c.first)
			for i, p := range a.Messages {
				if p.Time.Before(at(t, "2026-11-09")) {
					a.Messages[i].Count = c.messagesPrevious
				}
			}
			a.Fallbacks.This.Value = figures.Fallback{Count: 5, Rate: c.this}
			a.Fallbacks.Previous.Value = figures.Fallback{Count: 5, Rate: c.previous}
			r := compute(t, a)
			expect(t, "change_pp", show(r.Fallbacks.ChangePP), c.change)
			expect(t, "may be printed", r.FallbacksComparable(), c.comparable)
		})
	}
}

func TestCompute_Handovers(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	a.Handovers.Value = []figures.StagePoint{
		{Time: at(t, "2026-11-03"), Requests: 4, RequestsWhileClosed: 0, Started: 2, Ended: 1},
		{Time: at(t, "2026-11-09"), Requests: 5, RequestsWhileClosed: 7, Started: 3, Ended: 1},
		{Time: at(t, "2026-11-11"), Requests: 1, RequestsWhileClosed: 2, Started: 1, Ended: 1},
	}
	h := compute(t, a).Handovers
	stages := func(c figures.HandoverCounts) string {
		return fmt.Sprint(show(c.Requests), " ", show(c.RequestsWhileClosed), " ", show(c.Started),
			" ", show(c.Ended))
	}
	expect(t, "this week", stages(h.HandoverCounts), "6 9 4 2")
	expect(t, "the week before", stages(h.Previous), "4 0 2 1")
	expect(t, "Monday", stages(h.Daily[0].HandoverCounts), "5 7 3 1")
	expect(t, "Tuesday, which Sage left out", stages(h.Daily[1].HandoverCounts), "0 0 0 0")
	expect(t, "the trend's last week", stages(h.Trend[11].HandoverCounts), "6 9 4 2")
	expect(t, "its first", stages(h.Trend[0].HandoverCounts), "0 0 0 0")
	expect(t, "change", fmt.Sprint(show(h.Change.Requests), " ", show(h.Change.RequestsWhileClosed),
		" ", show(h.Change.Started), " ", show(h.Change.Ended)),
		"0.5 – 1 1")
}

// Where clocks change, a day has an hour too few (null: there was no such hour) or one that came
// twice (both in one).
func TestCompute_HoursWhenClocksChange(t *testing.T) {
	for _, c := range []struct {
		name, week, zone string
		points           []figures.Point
		day              int
		want             string // the first four hours of that day
		dropped          []figures.Dropped
	}{
		{
			name: "summer time begins in Oslo: 02:00 is skipped", week: "2026-W13",
			zone: "Europe/Oslo", day: 6,
			points: []figures.Point{{at(t, "2026-03-29 01:00"), 3}, {at(t, "2026-03-29 03:00"), 5}},
			want:   "0 3 – 5", dropped: []figures.Dropped{},
		},
		{
			name: "a point in the skipped hour belongs nowhere", week: "2026-W13",
			zone: "Europe/Oslo", day: 6,
			points: []figures.Point{{at(t, "2026-03-29 02:00"), 9}, {at(t, "2026-03-29 12:00"), 9}},
			want:   "0 0 – 0", dropped: []figures.Dropped{{Section: "hours", Points: 1}},
		},
		{
			name: "summer time ends in Oslo: 02:00 comes twice", week: "2026-W43",
			zone: "Europe/Oslo", day: 6,
			points: []figures.Point{{at(t, "2026-10-25 02:00"), 3}, {at(t, "2026-10-25 02:00"), 4},
				{at(t, "2026-10-25 03:00"), 5}},
			want: "0 0 7 5", dropped: []figures.Dropped{},
		},
		{
			name: "Santiago goes to summer time at midnight: Sunday begins at 01:00",
			week: "2026-W36", zone: "America/Santiago", day: 6,
			points: []figures.Point{{at(t, "2026-09-06 01:00"), 3}},
			want:   "– 3 0 0", dropped: []figures.Dropped{},
		},
		{
			name: "an ordinary day in the same week", week: "2026-W36", zone: "America/Santiago",
			day:    5,
			points: []figures.Point{{at(t, "2026-09-05 00:00"), 2}},
			want:   "2 0 0 0", dropped: []figures.Dropped{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := steady(t, c.week, c.zone)
			a.Hours.Value = c.points
			r := compute(t, a)
			h := r.Chats.Hourly[c.day]
			expect(t, "hours", fmt.Sprint(show(h[0]), " ", show(h[1]), " ", show(h[2]), " ",
				show(h[3])), c.want)
			expect(t, "dropped", r.Dropped, c.dropped)
			// The days have no such trouble: a day is a date, whenever it begins.
			expect(t, "chats", r.Chats.Total, 70)
		})
	}
}

// In Santiago the day's point may carry 01:00, the hour at which the day began.
func TestCompute_DaysWithoutMidnight(t *testing.T) {
	a := steady(t, "2026-W36", "America/Santiago")
	a.Chats[len(a.Chats)-1] = figures.Point{Time: at(t, "2026-09-06 01:00"), Count: 17}
	r := compute(t, a)
	expect(t, "Sunday", r.Chats.Daily[6].Count, 17)
	expect(t, "dropped", r.Dropped, []figures.Dropped{})
}

func TestCompute_ListsWithPreviousCounts(t *testing.T) {
	label := func(id, text string, n int) figures.Label {
		return figures.Label{ID: id, Text: text,
			Count: n}
	}
	full := func(first ...figures.Label) []figures.Label {
		for i := len(first); i < figures.ListLimit; i++ {
			first = append(first, label(fmt.Sprint("other", i), "Other", 5))
		}
		return first
	}
	for _, c := range []struct {
		name     string
		this     []figures.Label
		previous figures.Answer[[]figures.Label]
		want     []string // each item's previous count and change
	}{
		{
			name: "listed in both weeks", this: []figures.Label{label("1", "Returns", 60)},
			previous: figures.Answer[[]figures.Label]{Value: []figures.Label{label("1", "Returns",
				40)}},
			want: []string{"40 0.5"},
		},
		{
			name:     "not listed, and the list was not full: zero",
			this:     []figures.Label{label("1", "Returns", 60)},
			previous: figures.Answer[[]figures.Label]{Value: full(label("2", "Sizes", 9))[:99]},
			want:     []string{"0 –"},
		},
		{
			name:     "not listed in a full list: below the top 100, never zero",
			this:     []figures.Label{label("1", "Returns", 60)},
			previous: figures.Answer[[]figures.Label]{Value: full(label("2", "Sizes", 9))},
			want:     []string{"below the top 100"},
		},
		{
			name: "listed in a full list", this: []figures.Label{label("2", "Sizes", 18)},
			previous: figures.Answer[[]figures.Label]{Value: full(label("2", "Sizes", 9))},
			want:     []string{"9 1"},
		},
		{
			name:     "last week's list is not available",
			this:     []figures.Label{label("1", "Returns", 60)},
			previous: figures.Answer[[]figures.Label]{Failed: "Sage answered 503"},
			want:     []string{"– –"},
		},
		{
			name: "a label that was renamed is the same",
			this: []figures.Label{label("1", "Returns", 60)},
			previous: figures.Answer[[]figures.Label]{Value: []figures.Label{label("1",
				"Sending back", 30)}},
			want: []string{"30 1"},
		},
		{
			name: "renamed within the week before: both its rows",
			this: []figures.Label{label("1", "Returns", 60)},
			previous: figures.Answer[[]figures.Label]{Value: []figures.Label{label("1", "Returns",
				30), label("1", "Sending back", 10)}},
			want: []string{"40 0.5"},
		},
		{
			name: "renamed within the week: both its rows beside both its rows",
			this: []figures.Label{label("1", "Returns", 50), label("1", "Sending back", 10)},
			previous: figures.Answer[[]figures.Label]{Value: []figures.Label{label("1",
				"Sending back", 30)}},
			want: []string{"30 1"},
		},
		{
			name: "another label of the same name, which a reader cannot tell apart",
			this: []figures.Label{label("2", "Returns", 60)},
			previous: figures.Answer[[]figures.Label]{Value: []figures.Label{label("1", "Returns",
				30)}},
			want: []string{"30 1"},
		},
		{
			name: "a new label of the name that another had until it was renamed",
			this: []figures.Label{label("1", "Sending back", 60), label("2", "Returns", 20)},
			previous: figures.Answer[[]figures.Label]{Value: []figures.Label{label("1", "Returns",
				30)}},
			want: []string{"30 1", "0 –"},
		},
		{
			name: "without ids the name counts", this: []figures.Label{label("", "Returns", 60)},
			previous: figures.Answer[[]figures.Label]{Value: []figures.Label{label("", "Returns",
				30), label("", "Sizes", 1)}},
			want: []string{"30 1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := steady(t, testWeek, "Europe/Oslo")
			a.Labels.This.Value, a.Labels.Previous = c.this, c.previous
			var got []string
			for _, l := range compute(t, a).Labels {
				if l.BelowLimit {
					expect(t, "previous and change of what is below the limit",
						show(l.Previous)+" "+show(l.Change), "– –")
					got = append(got, "below the top 100")
					continue
				}
				got = append(got, show(l.Previous)+" "+show(l.Change))
			}
			expect(t, "previous and change", got, c.want)
		})
	}
}

func TestCompute_EqualButtonsAndPages(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	a.Buttons.This.Value = []figures.Button{{Text: "Yes", Dialogue: "Returns", Count: 9},
		{Text: "Yes", Dialogue: "Sizes", Count: 8}}
	a.Buttons.Previous.Value = []figures.Button{{Text: "Yes", Dialogue: "Sizes", Count: 4}}
	a.Pages.This.Value = []figures.Page{
		{Host: "shop.example", Path: "/", Sessions: 6, Messages: 99},
		{Host: "blog.example", Path: "/", Sessions: 5},
		{Host: "shop.example", Path: "/cart", Sessions: 4},
	}
	a.Pages.Previous.Value = []figures.Page{{Host: "blog.example", Path: "/", Sessions: 10,
		Messages: 1}}
	r := compute(t, a)
	expect(t, "the same text in two dialogues is two buttons",
		show(r.Buttons[0].Previous)+", "+show(r.Buttons[1].Previous), "0, 4")
	expect(t, "the same path on two hosts is two pages",
		show(r.Pages[0].Previous)+", "+show(r.Pages[1].Previous)+", "+show(r.Pages[2].Previous),
		"0, 10, 0")
	expect(t, "a page's change is that of its sessions", show(r.Pages[1].Change), "-0.5")
}

// Pages that came by messages, say, stand in the report by the chats that their title speaks of.
func TestCompute_ListsAreSorted(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	a.Pages.This.Value = []figures.Page{
		{Path: "/a", Sessions: 2, Messages: 99}, {Path: "/b", Sessions: 5, Messages: 9},
		{Path: "/c", Sessions: 5, Messages: 8},
	}
	a.Pages.Previous.Value = []figures.Page{{Path: "/b", Sessions: 4}}
	var got []string
	for _, p := range compute(t, a).Pages {
		got = append(got, p.Path+" "+show(p.Previous))
	}
	expect(t, "pages", got, []string{"/b 4", "/c 0", "/a 0"})
	expect(t, "the answers, which are the caller's", a.Pages.This.Value[0].Path, "/a")
}

func TestPositive(t *testing.T) {
	step := func(rating, count int) figures.Rating {
		return figures.Rating{Rating: rating,
			Count: count}
	}
	for _, c := range []struct {
		name            string
		ratings         []figures.Rating
		steps           int
		positive, total int
	}{
		{"thumbs", []figures.Rating{step(1, 1), step(2, 3)}, 2, 3, 4},
		{"faces: the upper two of five", []figures.Rating{step(1, 1), step(2, 2), step(3, 4),
			step(4, 8), step(5, 16)}, 5, 24, 31},
		{"a rating without a count is left out", []figures.Rating{step(5, 2)}, 5, 2, 2},
		{"none", nil, 5, 0, 0},
		{"more than an integer holds", []figures.Rating{step(1, math.MaxInt), step(2, math.MaxInt)},
			2, math.MaxInt, math.MaxInt},
	} {
		t.Run(c.name, func(t *testing.T) {
			positive, total := figures.Positive(c.ratings, c.steps)
			expect(t, "positive", positive, c.positive)
			expect(t, "total", total, c.total)
		})
	}
}

func TestComparable(t *testing.T) {
	for _, c := range []struct {
		this, previous    int
		hasPrevious, want bool
	}{
		{30, 30, true, true}, {29, 30, true, false}, {30, 29, true, false},
		{3000, 2000, true, true}, {3000, 2000, false, false},
	} {
		r := figures.Report{HasPrevious: c.hasPrevious}
		expect(t, fmt.Sprintf("%d after %d, baseline %v", c.this, c.previous, c.hasPrevious),
			r.Comparable(c.this, c.previous), c.want)
	}
}

func TestFallbacksComparable(t *testing.T) {
	for _, c := range []struct {
		this, previous    int
		hasPrevious, want bool
	}{
		{100, 100, true, true}, {99, 100, true, false}, {100, 99, true, false},
		{100, 100, false, false},
	} {
		r := figures.Report{
			HasPrevious: c.hasPrevious, Messages: figures.Volume{Total: c.this,
				Previous: c.previous},
			Fallbacks: figures.Fallbacks{ChangePP: new(1.0)},
		}
		expect(t, fmt.Sprintf("%d after %d, baseline %v", c.this, c.previous, c.hasPrevious),
			r.FallbacksComparable(), c.want)
		r.Fallbacks.ChangePP = nil
		expect(t, "without a change", r.FallbacksComparable(), false)
	}
}

// What is missing keeps its place and its dates, and says why.
func TestCompute_UnavailableSections(t *testing.T) {
	const why = "Sage answered 503 Service Unavailable"
	for _, c := range []struct {
		section string
		fail    func(*figures.Answers)
		missing func(*figures.Report) bool
		remains func(*figures.Report) bool
	}{
		{"hours", func(a *figures.Answers) { a.Hours.Failed = why },
			func(r *figures.Report) bool {
				return len(r.Chats.Hourly) == 7 &&
					r.Chats.Hourly[3][12] == nil
			},
			func(r *figures.Report) bool { return r.Chats.Total == 8031 }},
		{"fallbacks", func(a *figures.Answers) { a.Fallbacks.This.Failed = why },
			func(r *figures.Report) bool {
				f := r.Fallbacks
				return f.Count == nil && f.Rate == nil && f.ChangePP == nil &&
					f.PreviousCount == nil && f.Daily[6].Count == nil && f.Trend[11].Count == nil
			},
			func(r *figures.Report) bool { return r.Fallbacks.Daily[6].Date.String() == "2026-11-15" }},
		{"fallbacks.previous", func(a *figures.Answers) { a.Fallbacks.Previous.Failed = why },
			func(r *figures.Report) bool {
				return r.Fallbacks.PreviousCount == nil &&
					r.Fallbacks.ChangePP == nil
			},
			func(r *figures.Report) bool {
				return *r.Fallbacks.Count == 3712 && *r.Fallbacks.Trend[10].Count == 3100
			}},
		{"fallbacks.daily", func(a *figures.Answers) { a.FallbackDays.Failed = why },
			func(r *figures.Report) bool {
				return r.Fallbacks.Daily[0].Count == nil && r.Fallbacks.Daily[0].Rate == nil &&
					r.Fallbacks.History[0].Count == nil && len(r.Fallbacks.Incidents) == 0
			},
			func(r *figures.Report) bool { return r.Fallbacks.ChangePP != nil }},
		{"fallbacks.weekly", func(a *figures.Answers) { a.FallbackTrend.Failed = why },
			func(r *figures.Report) bool { return r.Fallbacks.Trend[9].Count == nil },
			func(r *figures.Report) bool {
				return *r.Fallbacks.Trend[10].Count == 3080 && *r.Fallbacks.Trend[11].Count == 3712
			}},
		{"handovers", func(a *figures.Answers) { a.Handovers.Failed = why },
			func(r *figures.Report) bool {
				h := r.Handovers
				return h.Requests == nil && h.Previous.Ended == nil && h.Change.Started == nil &&
					h.Daily[0].Requests == nil && h.Trend[0].Started == nil &&
					h.HourlyWhileClosed[0][18] == nil
			},
			func(r *figures.Report) bool {
				return len(r.Handovers.Daily) == 7 &&
					len(r.Handovers.Trend) == 12
			}},
		{"handovers.hourly", func(a *figures.Answers) { a.HandoverHours.Failed = why },
			func(r *figures.Report) bool {
				return len(r.Handovers.HourlyWhileClosed) == 7 &&
					r.Handovers.HourlyWhileClosed[0][18] == nil
			},
			func(r *figures.Report) bool { return *r.Handovers.RequestsWhileClosed == 124 }},
		{"feedback.before", func(a *figures.Answers) { a.FeedbackBefore[0].Failed = why },
			func(r *figures.Report) bool {
				return r.Feedback.BeforeBinary == nil &&
					r.Feedback.BeforeEmojis == nil
			},
			func(r *figures.Report) bool {
				return r.Feedback.PreviousBinary != nil && r.Feedback.Trend[0].Binary != nil
			}},
		{"feedback.weekly", func(a *figures.Answers) {
			a.FeedbackTrend[2].Failed,
				a.FeedbackTrend[3].Failed = why, "another"
		},
			func(r *figures.Report) bool {
				return r.Feedback.Trend[2].Binary == nil && r.Feedback.Trend[3].Emojis == nil
			},
			func(r *figures.Report) bool {
				return r.Feedback.Trend[4].Binary != nil && r.Targets[2].State == figures.Met
			}},
		{"year_ago", func(a *figures.Answers) { a.YearAgo.Chats.Failed = why },
			func(r *figures.Report) bool { return r.YearAgo == nil },
			func(r *figures.Report) bool { return r.Baseline != nil }},
		{"year_ago.fallbacks", func(a *figures.Answers) { a.YearAgo.Fallbacks.Failed = why },
			func(r *figures.Report) bool {
				return r.YearAgo.FallbackCount == nil &&
					r.YearAgo.FallbackRate == nil
			},
			func(r *figures.Report) bool { return r.YearAgo.Chats == 6422 }},
		{"feedback", func(a *figures.Answers) { a.Feedback.This.Failed = why },
			func(r *figures.Report) bool {
				return r.Feedback.Binary == nil &&
					r.Feedback.Emojis == nil
			},
			func(r *figures.Report) bool { return len(r.Labels) == 100 }},
		{"feedback.previous", func(a *figures.Answers) { a.Feedback.Previous.Failed = why },
			func(r *figures.Report) bool {
				return r.Feedback.PreviousBinary == nil && r.Feedback.PreviousEmojis == nil
			},
			func(r *figures.Report) bool { return len(r.Feedback.Binary) == 2 }},
		{"pages", func(a *figures.Answers) { a.Pages.This.Failed = why },
			func(r *figures.Report) bool { return r.Pages == nil },
			func(r *figures.Report) bool { return len(r.Buttons) == 8 }},
		{"pages.previous", func(a *figures.Answers) { a.Pages.Previous.Failed = why },
			func(r *figures.Report) bool {
				return r.Pages[0].Previous == nil &&
					!r.Pages[0].BelowLimit
			},
			func(r *figures.Report) bool { return r.Pages[0].Sessions == 2600 }},
		{"buttons", func(a *figures.Answers) { a.Buttons.This.Failed = why },
			func(r *figures.Report) bool { return r.Buttons == nil },
			func(r *figures.Report) bool { return len(r.Pages) == 8 }},
		{"buttons.previous", func(a *figures.Answers) { a.Buttons.Previous.Failed = why },
			func(r *figures.Report) bool { return r.Buttons[0].Previous == nil },
			func(r *figures.Report) bool { return r.Buttons[0].Count == 1400 }},
		{"labels", func(a *figures.Answers) { a.Labels.This.Failed = why },
			func(r *figures.Report) bool { return r.Labels == nil },
			func(r *figures.Report) bool { return len(r.Pages) == 8 }},
		{"labels.previous", func(a *figures.Answers) { a.Labels.Previous.Failed = why },
			func(r *figures.Report) bool {
				return r.Labels[0].Previous == nil &&
					!r.Labels[4].BelowLimit
			},
			func(r *figures.Report) bool { return r.Labels[0].Count == 1820 }},
	} {
		t.Run(c.section, func(t *testing.T) {
			a := figurestest.BusyAnswers()
			c.fail(&a)
			r := compute(t, a)
			expect(t, "unavailable", r.Unavailable,
				[]figures.Unavailable{{Section: c.section, Reason: why}})
			reason, unavailable := r.Reason(c.section)
			expect(t, "reason", reason, why)
			expect(t, "is unavailable", unavailable, true)
			if !c.missing(r) {
				t.Error("the section has numbers")
			}
			if !c.remains(r) {
				t.Error("something else is missing")
			}
			roundTrip(t, r)
		})
	}
}

// A report of a bot without a target for feedback has no weeks of it, and one whose weeks stop
// short has those.
func TestCompute_FeedbackTrend(t *testing.T) {
	a := figurestest.BusyAnswers()
	a.FeedbackTrend = a.FeedbackTrend[:9]
	weekly := compute(t, a).Feedback.Trend
	expect(t, "the ninth, the tenth, and last week",
		fmt.Sprint(weekly[8].Binary != nil, weekly[9].Binary != nil, weekly[10].Binary != nil),
		"true false true")
	a.FeedbackTrend = nil
	if weekly := compute(t, a).Feedback.Trend; weekly != nil {
		t.Errorf("weeks that were not asked for: %v", weekly)
	}
}

// What is not known of a few days is null there, and there alone.
func TestCompute_UnknownDaysKeepOthers(t *testing.T) {
	oneHour := report(t, allHours, func(a *figures.Answers) {
		a.Hours.Value = append(a.Hours.Value,
			more(a.Hours.Value[30])[1])
	})
	known, unknown := 0, 0
	for _, n := range oneHour.Chats.Hourly[1] {
		if n != nil {
			known++
		} else {
			unknown++
		}
	}
	expect(t, "hours of Tuesday that are known, and not", fmt.Sprint(known, unknown), "23 1")

	all := report(t, allHours, func(a *figures.Answers) { a.FallbackDays.Value = nil }).Fallbacks
	expect(t, "days of fallbacks that are missing by themselves",
		fmt.Sprint(all.Daily[0].Missing, all.History[76].Missing, all.History[77].Missing),
		"false true false")
	some := report(t, allHours, func(a *figures.Answers) {
		on(&a.FallbackDays.Value, 0,
			moreRate)
	}).Fallbacks
	expect(t, "one of them", fmt.Sprint(some.Daily[0].Missing,
		some.Daily[1].Missing)+" "+show(some.Daily[0].Count), "true false –")
	week := report(t, allHours,
		func(a *figures.Answers) {
			a.FallbackTrend.Value = slices.Delete(a.FallbackTrend.Value, 4,
				5)
		}).Fallbacks
	expect(t, "a week of fallbacks that is missing",
		show(week.Trend[4].Count)+" "+fmt.Sprint(week.Trend[5].Rate != nil), "– true")
	silent := report(t, allHours, func(a *figures.Answers) {
		on(&a.Messages, 2, more)
		on(&a.FallbackDays.Value, 2,
			func(p figures.RatePoint) []figures.RatePoint {
				return []figures.RatePoint{{p.Time, 0,
					new(0.0)}}
			})
		a.Fallbacks.This.Value.Count -= 60
	}).Fallbacks
	expect(t, "no fallback on a day of which it is not known whether anybody wrote",
		show(silent.Daily[2].Rate), "0")
}

func TestCompute_EmptyIsNotMissing(t *testing.T) {
	r := compute(t, steady(t, testWeek, "Europe/Oslo"))
	if r.Feedback.Binary == nil || r.Feedback.Emojis == nil || r.Pages == nil || r.Buttons == nil ||
		r.Labels == nil {
		t.Error("an empty answer is null, which means not available")
	}
	expect(t, "unavailable", r.Unavailable, []figures.Unavailable{})
}

func TestCompute_ID(t *testing.T) {
	id := func(change func(*figures.Answers)) string {
		a := figurestest.BusyAnswers()
		change(&a)
		return compute(t, a).ID
	}
	first := id(func(*figures.Answers) {})
	expect(t, "id of the same answers", id(func(*figures.Answers) {}), first)
	expect(t, "what it begins with", first[:len("nettbutikk-2026-W46-")], "nettbutikk-2026-W46-")
	for name, change := range map[string]func(*figures.Answers){
		"one chat more":    func(a *figures.Answers) { a.Chats[83].Count++ },
		"one label less":   func(a *figures.Answers) { a.Labels.This.Value[99].Count-- },
		"a missing list":   func(a *figures.Answers) { a.Pages.Previous.Failed = "Sage answered 500" },
		"another filter":   func(a *figures.Answers) { a.Filters.Languages = []string{"nb"} },
		"another time":     func(a *figures.Answers) { a.FetchedAt = a.FetchedAt.Add(time.Second) },
		"another language": func(a *figures.Answers) { a.Locale = "nb" },
	} {
		if id(change) == first {
			t.Errorf("%s: the id is the same", name)
		}
	}
	expect(t, "id after a fraction of a second",
		id(func(a *figures.Answers) { a.FetchedAt = a.FetchedAt.Add(time.Millisecond) }), first)
}

func TestCompute_Errors(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*figures.Answers)
		want   string
	}{
		{"zone", func(a *figures.Answers) { a.Bot.TZ = "Europe/Olso" },
			`figures of bot nettbutikk: unknown time zone "Europe/Olso"; use a name such as Europe/Oslo`},
		{"no zone", func(a *figures.Answers) { a.Bot.TZ = "" },
			`figures of bot nettbutikk: unknown time zone ""; use a name such as Europe/Oslo`},
		{"this machine's zone", func(a *figures.Answers) { a.Bot.TZ = "Local" },
			`figures of bot nettbutikk: unknown time zone "Local"; use a name such as Europe/Oslo`},
		{"bot", func(a *figures.Answers) { a.Bot.ID = "" }, `figures of bot : bot.id is missing`},
		{"week", func(a *figures.Answers) { a.Period = period.Period{} },
			`figures of bot nettbutikk: week.name is missing`},
		{"time", func(a *figures.Answers) { a.FetchedAt = a.FetchedAt.AddDate(9000, 0, 0) },
			`figures of bot nettbutikk: year 11026, of the week or of fetched_at, cannot be written`},
		{"negative count", func(a *figures.Answers) { a.Labels.This.Value[2].Count = -1 },
			`figures of bot nettbutikk: labels[99].count is -1, which is negative`},
		{"infinite ratio", func(a *figures.Answers) { a.Buttons.This.Value[1].Ratio = math.Inf(1) },
			`figures of bot nettbutikk: buttons[1].ratio is +Inf, but a fraction is from 0 to 1`},
		{"rate that is no number",
			func(a *figures.Answers) { a.Fallbacks.This.Value.Rate = new(math.NaN()) },
			`figures of bot nettbutikk: fallbacks.rate is NaN, but a fraction is from 0 to 1`},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := figurestest.BusyAnswers()
			c.change(&a)
			r, err := figures.Compute(a)
			if err == nil {
				t.Fatalf("no error, but report %s", r.ID)
			}
			expect(t, "error", err.Error(), c.want)
		})
	}
}

// No true count comes near; what matters is that the sum does not turn negative.
func TestCompute_HugeCounts(t *testing.T) {
	a := steady(t, testWeek, "Europe/Oslo")
	for i := range a.Chats {
		a.Chats[i].Count, a.Messages[i].Count = math.MaxInt, math.MaxInt
		a.Handovers.Value = append(a.Handovers.Value,
			figures.StagePoint{Time: a.Chats[i].Time, Requests: math.MaxInt})
	}
	a.Hours.Value = []figures.Point{{at(t, "2026-11-09 10:00"), math.MaxInt},
		{at(t, "2026-11-09 10:00"), math.MaxInt}}
	a.Labels.This.Value = []figures.Label{{ID: "1", Count: math.MaxInt}}
	a.Labels.Previous.Value = []figures.Label{{ID: "1", Count: math.MaxInt},
		{ID: "1", Count: math.MaxInt}}
	r := compute(t, a)
	expect(t, "chats", r.Chats.Total, math.MaxInt)
	expect(t, "change of chats", show(r.Chats.Change), "0")
	expect(t, "handovers", *r.Handovers.Requests, math.MaxInt)
	expect(t, "hour", *r.Chats.Hourly[0][10], math.MaxInt)
	expect(t, "label's previous", *r.Labels[0].Previous, math.MaxInt)
	expect(t, "history_from", show(r.HistoryFrom), "2026-08-24")
	roundTrip(t, r)
}

// Compute replaces invalid UTF-8, so that a report read back is the same as the one written.
func TestCompute_InvalidUTF8(t *testing.T) {
	const bad, good = "Caf\xe9 \xff\xfe", "Caf\uFFFD \uFFFD"
	a := steady(t, testWeek, "Europe/Oslo")
	a.Bot.ID, a.Bot.Name, a.Bot.Link, a.Locale = bad, bad, bad, bad
	a.Filters = figures.Filters{Sources: []string{bad}, Languages: []string{bad}}
	a.Hours.Failed = bad
	a.Labels.This.Value = []figures.Label{{ID: bad, Text: bad, Count: 2}}
	a.Labels.Previous.Value = []figures.Label{{ID: good, Text: good, Count: 1}}
	a.Buttons.This.Value = []figures.Button{{Text: bad, Dialogue: bad}}
	a.Pages.This.Value = []figures.Page{{Host: bad, Path: bad}}
	r := compute(t, a)
	expect(t, "bot", r.Bot, figures.Bot{ID: good, Name: good, Link: good, TZ: "Europe/Oslo"})
	expect(t, "locale", r.Locale, good)
	expect(t, "filters", r.Filters, figures.Filters{Sources: []string{good},
		Languages: []string{good}})
	expect(t, "reason", r.Unavailable[0].Reason, good)
	expect(t, "label",
		r.Labels[0].ID+", "+r.Labels[0].Text+", last week "+show(r.Labels[0].Previous),
		good+", "+good+", last week 1")
	expect(t, "button", r.Buttons[0].Text+", "+r.Buttons[0].Dialogue, good+", "+good)
	expect(t, "page", r.Pages[0].Host+", "+r.Pages[0].Path, good+", "+good)
	expect(t, "the answers, which are the caller's", a.Labels.This.Value[0].Text, bad)
	roundTrip(t, r)
}
