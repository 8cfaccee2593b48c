package figures_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

// baselineBot is a bot with some 200 chats on each of the 84 days, which waver a little, four
// messages a chat, of which a tenth is not understood, two requests for a human while closed a day,
// and five ratings, four of them positive. Its week is 9 to 15 November 2026.
func baselineBot(t testing.TB) figures.Answers {
	w := week(t, testWeek)
	a := figures.Answers{
		Bot: figures.Bot{ID: "bot", Name: "Bot", TZ: "Europe/Oslo"}, Period: w, Locale: "en",
		FetchedAt: time.Date(2026, time.November, 16, 6, 0, 0, 0, time.UTC),
	}
	for i := range figures.HistoryDays {
		day := w.To().Add(i - figures.HistoryDays).UTC()
		n := 200 + 5*(i*7%11) - 25
		a.Chats = append(a.Chats, figures.Point{Time: day, Count: n})
		a.Messages = append(a.Messages, figures.Point{Time: day, Count: 4 * n})
		a.FallbackDays.Value = append(a.FallbackDays.Value,
			ratePoint(day, n*4*(98+i*5%7)/1000, 4*n))
		a.Handovers.Value = append(a.Handovers.Value,
			figures.StagePoint{Time: day, Requests: 8, RequestsWhileClosed: 2})
	}
	for i := range figures.TrendPeriods {
		refreshFallbacks(&a, i)
	}
	thumbs := func(weeks int) figures.Ratings {
		return figures.Ratings{Binary: []figures.Rating{{Rating: 1, Count: 7 * weeks},
			{Rating: 2, Count: 28 * weeks}}}
	}
	a.Feedback.This.Value, a.Feedback.Previous.Value = thumbs(1), thumbs(1)
	a.FeedbackBefore = []figures.Answer[figures.Ratings]{{Value: thumbs(11)}}
	for range figures.TrendPeriods - 2 {
		a.FeedbackTrend = append(a.FeedbackTrend, figures.Answer[figures.Ratings]{Value: thumbs(1)})
	}
	return a
}

func ratePoint(day time.Time, fallbacks, replies int) figures.RatePoint {
	fallbacks = min(fallbacks, replies)
	if replies == 0 {
		return figures.RatePoint{Time: day}
	}
	return figures.RatePoint{Time: day, Count: fallbacks,
		Rate: new(float64(fallbacks) / float64(replies))}
}

// refreshFallbacks makes the weekly fallbacks those of the days.
func refreshFallbacks(a *figures.Answers, place int) {
	count, replies := 0, 0
	for d := range 7 {
		p := a.FallbackDays.Value[7*place+d]
		count, replies = count+p.Count, replies+a.Messages[7*place+d].Count
	}
	p := ratePoint(a.FallbackDays.Value[7*place].Time, count, replies)
	if len(a.FallbackTrend.Value) <= place {
		a.FallbackTrend.Value = append(a.FallbackTrend.Value, p)
	}
	a.FallbackTrend.Value[place] = p
	total := figures.Fallback{Count: p.Count, Rate: p.Rate}
	switch place {
	case figures.TrendPeriods - 1:
		a.Fallbacks.This.Value = total
	case figures.TrendPeriods - 2:
		a.Fallbacks.Previous.Value = total
	}
}

const thisWeek = figures.TrendPeriods - 1 // its place among the 12

// times multiplies the chats and messages of a week.
func times(place int, factor float64) func(*figures.Answers) {
	return func(a *figures.Answers) {
		for d := range 7 {
			for _, points := range [][]figures.Point{a.Chats, a.Messages} {
				points[7*place+d].Count = int(factor * float64(points[7*place+d].Count))
			}
			p := &a.FallbackDays.Value[7*place+d]
			p.Count = int(factor * float64(p.Count))
		}
		refreshFallbacks(a, place)
	}
}

// even gives every day 200 chats.
func even(a *figures.Answers) {
	for i := range a.Chats {
		a.Chats[i].Count = 200
	}
}

// rateTimes multiplies the fallbacks of a day of a week, 0 for its Monday, or of all of them for
// -1.
func rateTimes(place, day int, factor float64) func(*figures.Answers) {
	return func(a *figures.Answers) {
		for d := range 7 {
			if day >= 0 && d != day {
				continue
			}
			i := 7*place + d
			p := a.FallbackDays.Value[i]
			a.FallbackDays.Value[i] = ratePoint(p.Time, int(factor*float64(p.Count)),
				a.Messages[i].Count)
		}
		refreshFallbacks(a, place)
	}
}

// note makes a day special: so many days after this week's Monday.
func note(day int) func(*figures.Answers) {
	return func(a *figures.Answers) {
		date := a.Period.From().Add(day)
		a.Special = append(a.Special, figures.Special{First: date, Last: date, Kind: figures.Note,
			Name: "Campaign"})
	}
}

func targets(t figures.Targets) func(*figures.Answers) {
	return func(a *figures.Answers) { a.Targets = t }
}

// began lets the bot's history begin so many weeks before this week.
func began(weeks int) func(*figures.Answers) {
	return func(a *figures.Answers) {
		first := a.Period.Add(-weeks).From()
		before := func(t time.Time) bool { return period.DateOf(t).Before(first) }
		a.Chats = slices.DeleteFunc(a.Chats, func(p figures.Point) bool { return before(p.Time) })
		a.Messages = slices.DeleteFunc(a.Messages,
			func(p figures.Point) bool { return before(p.Time) })
		a.FallbackDays.Value = slices.DeleteFunc(a.FallbackDays.Value,
			func(p figures.RatePoint) bool { return before(p.Time) })
		a.FallbackTrend.Value = slices.DeleteFunc(a.FallbackTrend.Value,
			func(p figures.RatePoint) bool { return before(p.Time) })
		a.Handovers.Value = slices.DeleteFunc(a.Handovers.Value,
			func(p figures.StagePoint) bool { return before(p.Time) })
	}
}

func report(t testing.TB, changes ...func(*figures.Answers)) *figures.Report {
	t.Helper()
	a := baselineBot(t)
	for _, change := range changes {
		change(&a)
	}
	if hours := a.HandoverHours.Value; a.Hours.Value == nil && a.Hours.Failed == "" {
		if allHours(&a); len(hours) > 0 {
			a.HandoverHours.Value = hours
		}
	}
	r := compute(t, a)
	roundTrip(t, r)
	return r
}

// The headline's rules, one by one, from the top; each case that breaks a rule by a hair goes on to
// a rule below.
func TestHeadline_Rules(t *testing.T) {
	fallbackTarget := func(limit float64) func(*figures.Answers) { return targets(figures.Targets{FallbackRate: &limit}) }
	noChats := func(a *figures.Answers) {
		a.Chats, a.Messages, a.FallbackDays.Value, a.Handovers.Value = a.Chats[:77],
			a.Messages[:77], a.FallbackDays.Value[:77], a.Handovers.Value[:77]
		a.Fallbacks.This.Value, a.Hours.Value, a.Feedback.This.Value = figures.Fallback{},
			[]figures.Point{}, figures.Ratings{}
	}
	few := func(a *figures.Answers) { // ratings of the week's first minutes
		a.Feedback.This.Value.Binary = []figures.Rating{{Rating: 1, Count: 20}}
	}
	for _, c := range []struct {
		what    string
		changes []func(*figures.Answers)
		want    string
	}{
		{"an ordinary week", nil, figures.HeadlineBaseline},
		{"no chats", []func(*figures.Answers){noChats}, figures.HeadlineNothing},
		{"no chats, and a target is missed",
			[]func(*figures.Answers){noChats, few, targets(figures.Targets{Feedback: new(0.5)})},
			figures.HeadlineNothing},

		{"a day's fallback rate doubled", []func(*figures.Answers){rateTimes(thisWeek, 2, 2)},
			figures.HeadlineIncident},
		{"and a target is missed", []func(*figures.Answers){rateTimes(thisWeek, 2, 2),
			fallbackTarget(0.01)}, figures.HeadlineIncident},
		{"it rose by a third", []func(*figures.Answers){rateTimes(thisWeek, 2, 1.33)},
			figures.HeadlineBaseline},
		{"it doubled in a special week", []func(*figures.Answers){rateTimes(thisWeek, 2, 2),
			note(5)}, figures.HeadlineSpecial},
		{"it doubled the week before", []func(*figures.Answers){rateTimes(thisWeek-1, 2, 2)},
			figures.HeadlineBaseline},

		{"a target is missed", []func(*figures.Answers){fallbackTarget(0.09)},
			figures.HeadlineMissed},
		{"also in a special week", []func(*figures.Answers){fallbackTarget(0.09), note(5)},
			figures.HeadlineMissed},
		{"and it is a record", []func(*figures.Answers){times(thisWeek, 1.5),
			targets(figures.Targets{RequestsWhileClosed: new(13)})}, figures.HeadlineMissed},
		{"a target is met", []func(*figures.Answers){fallbackTarget(0.11)},
			figures.HeadlineBaseline},
		{"a target is met again", []func(*figures.Answers){fallbackTarget(0.11),
			rateTimes(thisWeek-1, -1, 1.3)}, figures.HeadlineAgain},
		{"one is missed, another met again", []func(*figures.Answers){
			targets(figures.Targets{FallbackRate: new(0.11), RequestsWhileClosed: new(13)}),
			rateTimes(thisWeek-1, -1, 1.3)}, figures.HeadlineMissed},

		{"half as many again, the most of twelve weeks",
			[]func(*figures.Answers){times(thisWeek, 1.5)}, figures.HeadlineRecord},
		{"half as many", []func(*figures.Answers){times(thisWeek, 0.5)}, figures.HeadlineRecord},
		{"the highest fallback rate", []func(*figures.Answers){rateTimes(thisWeek, -1, 1.4)},
			figures.HeadlineRecord},
		{"one week of the eleven is special",
			[]func(*figures.Answers){times(thisWeek, 1.5), note(-20)}, figures.HeadlineUnusual},
		{"the week itself is special", []func(*figures.Answers){times(thisWeek, 1.5), note(0)},
			figures.HeadlineSpecial},
		{"another week had more", []func(*figures.Answers){times(thisWeek, 1.5), times(4, 1.6)},
			figures.HeadlineUnusual},
		{"the history is too short for twelve weeks",
			[]func(*figures.Answers){times(thisWeek, 1.5), began(6)}, figures.HeadlineUnusual},
		{"a tenth more", []func(*figures.Answers){times(thisWeek, 1.1)}, figures.HeadlineBaseline},
		{"an eighth more, of a bot as even as a machine",
			[]func(*figures.Answers){even, times(thisWeek, 1.125)}, figures.HeadlineBaseline},
		{"a fifth more is its record", []func(*figures.Answers){even, times(thisWeek, 1.21)},
			figures.HeadlineRecord},
		{"a sixth more is not", []func(*figures.Answers){even, times(thisWeek, 1.17)},
			figures.HeadlineBaseline},
		{"but nothing unusual", []func(*figures.Answers){even, times(thisWeek, 1.17), note(-20)},
			figures.HeadlineBaseline},
		{"which a quarter more is", []func(*figures.Answers){even, times(thisWeek, 1.25),
			note(-20)}, figures.HeadlineUnusual},
		{"every other week has twice as many", []func(*figures.Answers){
			times(0, 2), times(2, 2), times(4, 2), times(6, 2), times(8, 2), times(10, 2),
			times(thisWeek, 2.2)}, figures.HeadlineBaseline},

		{"a special week", []func(*figures.Answers){note(6)}, figures.HeadlineSpecial},
		{"a special week before", []func(*figures.Answers){note(-1)}, figures.HeadlineBaseline},
		{"four weeks before", []func(*figures.Answers){began(4)}, figures.HeadlineBaseline},
		{"three weeks before", []func(*figures.Answers){began(3)}, figures.HeadlinePrevious},
		{"three ordinary weeks, the last one special", []func(*figures.Answers){began(3), note(-1)},
			figures.HeadlineAlone},
		{"this week is the first", []func(*figures.Answers){began(0)}, figures.HeadlineAlone},
	} {
		if got := report(t, c.changes...).Headline.Rule; got != c.want {
			t.Errorf("%s: the headline is about %q, want %q", c.what, got, c.want)
		}
	}
}

// Of two records the headline tells that of the fallback rate, which a person may have to look at.
func TestHeadline_TwoRecords(t *testing.T) {
	rec := report(t, times(thisWeek, 1.5), rateTimes(thisWeek, -1, 1.4)).Headline.Record
	if rec == nil || rec.Measure != figures.MeasureFallbackRate {
		t.Errorf("%+v: want the fallback rate's", rec)
	}
}

func TestBaseline_Medians(t *testing.T) {
	r := report(t)
	expect(t, "weeks", len(r.Baseline.Periods), 11)
	expect(t, "of the first", r.Baseline.Periods[0].String(), "2026-W35")

	var chats []float64
	for _, w := range r.Chats.Trend[:11] {
		chats = append(chats, float64(w.Count))
	}
	slices.Sort(chats)
	expect(t, "median", r.Baseline.Chats.Median, chats[5])
	var mondays []float64
	for i := range 11 {
		mondays = append(mondays, float64(r.History[7*i].Chats))
	}
	slices.Sort(mondays)
	expect(t, "median of the Mondays", r.Baseline.Days[0].Chats, mondays[5])
	expect(t, "requests while closed", r.Baseline.RequestsWhileClosed.Median, 14.0)
	expect(t, "feedback", r.Baseline.Feedback.Median, 0.8)

	// A week with a tenfold of everything does not matter, and one with something special in it is
	// left out.
	r = report(t, times(3, 10), note(-13), note(-12))
	expect(t, "weeks without the special one", len(r.Baseline.Periods), 10)
	if slices.Contains(r.Baseline.Periods, week(t, "2026-W44")) {
		t.Error("the ordinary week is made of a special one too")
	}
	if m := r.Baseline.Chats.Median; m < 1350 || m > 1450 {
		t.Errorf("median %v, with one week of ten times as many", m)
	}

	r = report(t, began(4))
	expect(t, "weeks of a bot that began four weeks ago", len(r.Baseline.Periods), 4)
	if r = report(t, began(3)); r.Baseline != nil {
		t.Error("three weeks are an ordinary one")
	}
	if r = report(t, began(5), note(-1), note(-8)); r.Baseline != nil {
		t.Error("five weeks, two of them special, are an ordinary one")
	}
	// A bot that began on a Tuesday has no whole week there.
	a := baselineBot(t)
	began(4)(&a)
	a.Chats, a.Messages = a.Chats[1:], a.Messages[1:]
	if compute(t, a).Baseline != nil {
		t.Error("a week that began on Tuesday is whole")
	}
}

func TestBaseline_RatesNeedEvents(t *testing.T) {
	few := func(a *figures.Answers) {
		for i := range a.Chats {
			a.Chats[i].Count, a.Messages[i].Count = 4, 14 // 28 chats a week, and 98 messages
		}
	}
	o := report(t, few).Baseline
	if o == nil || o.FallbackRate != nil || o.HandoverRate != nil {
		t.Errorf("%+v: want counts without rates", o)
	}
	// A weekday's rate is of days on which at least 30 messages came, of which there are four.
	quiet := func(day, messages int, places ...int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for _, place := range places {
				a.Messages[7*place+day].Count = messages
			}
		}
	}
	o = report(t, quiet(0, 29, 0, 1, 2, 3, 4, 5, 6, 7), quiet(1, 30, 0, 1, 2, 3, 4, 5, 6, 7),
		quiet(2, 29, 0, 1, 2, 3, 4, 5, 6)).Baseline
	expect(t, "a rate for Monday, Tuesday and Wednesday",
		[]bool{o.Days[0].FallbackRate != nil, o.Days[1].FallbackRate != nil,
			o.Days[2].FallbackRate != nil},
		[]bool{false, true, true})
	// The share of a week's ratings is of 20 at least.
	rated := func(weeks, n int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for i := range weeks {
				a.FeedbackTrend[i].Value.Binary = []figures.Rating{{Rating: 2, Count: n}}
			}
		}
	}
	if f := report(t, rated(8, 19)).Baseline.Feedback; f != nil { // three weeks are left
		t.Errorf("%+v: want no feedback of weeks with 19 ratings", f)
	}
	expect(t, "weeks with 20", report(t, rated(8, 20)).Baseline.Feedback,
		&figures.Typical{Median: 1, MAD: 0, Periods: 11})
	// It is that of the kind of ratings that this week has more of.
	faces := func(a *figures.Answers) {
		a.Feedback.This.Value.Emojis = []figures.Rating{{Rating: 5, Count: 36}}
		for i := range a.FeedbackTrend {
			a.FeedbackTrend[i].Value.Emojis = []figures.Rating{{Rating: 1, Count: 18},
				{Rating: 5, Count: 18}}
		}
	}
	expect(t, "of faces", report(t, faces).Baseline.Feedback,
		&figures.Typical{Median: 0.5, MAD: 0, Periods: 10})
	unavailable := func(a *figures.Answers) {
		a.Fallbacks.This.Failed, a.Handovers.Failed, a.Feedback.This.Failed = "gone", "gone", "gone"
	}
	o = report(t, unavailable).Baseline
	if o == nil || o.FallbackRate != nil || o.HandoverRate != nil || o.Feedback != nil ||
		o.RequestsWhileClosed != nil || o.Days[0].FallbackRate != nil {
		t.Errorf("%+v: want nothing of what was not available", o)
	}
}

func TestYearAgo(t *testing.T) {
	ago := func(a *figures.Answers) {
		a.YearAgo.Chats.Value = []figures.Point{{at(t, "2025-11-09"), 1000},
			{at(t, "2025-11-10"), 5}, {at(t, "2025-11-16"), 7}}
		a.YearAgo.Messages.Value = []figures.Point{{at(t, "2025-11-10"), 20}}
		a.YearAgo.Fallbacks.Value = figures.Fallback{Count: 2, Rate: new(0.1)}
	}
	r := report(t, ago)
	y := r.YearAgo
	expect(t, "a year ago", fmt.Sprint(y.Period, " ", y.Chats, " ", y.Messages, " ",
		show(y.FallbackCount), " ", show(y.FallbackRate)), "2025-W46 12 20 2 0.1")
	expect(t, "its days", fmt.Sprint(y.Daily[0], y.Daily[6]),
		"{2025-11-10 5 20 false false} {2025-11-16 7 0 false false}")
	expect(t, "dropped", r.Dropped, []figures.Dropped{{Section: "year_ago", Points: 1}})

	if r := report(t); r.YearAgo != nil || len(r.Unavailable) > 0 {
		t.Error("a week without anything in it is no year ago, nor is it missing")
	}
	r = report(t, ago, func(a *figures.Answers) { a.YearAgo.Fallbacks.Failed = "gone" })
	expect(t, "without fallbacks", show(r.YearAgo.FallbackCount), "–")
	expect(t, "unavailable", r.Unavailable, []figures.Unavailable{{Section: "year_ago.fallbacks",
		Reason: "gone"}})
	r = report(t, ago, func(a *figures.Answers) { a.YearAgo.Messages.Failed = "gone" })
	expect(t, "unavailable", r.Unavailable, []figures.Unavailable{{Section: "year_ago",
		Reason: "gone"}})
	if r.YearAgo != nil {
		t.Error("a year ago is there without its messages")
	}
}

func TestSpecial_Kept(t *testing.T) {
	a := baselineBot(t)
	add := func(first, last, name string) {
		a.Special = append(a.Special, figures.Special{First: day(t, first), Last: day(t, last),
			Kind: figures.Note, Name: name})
	}
	add("2026-11-10", "2026-11-10", "this week")
	add("2026-08-23", "2026-08-24", "into the first of twelve")
	add("2026-08-20", "2026-08-23", "before them")
	add("2026-11-16", "2026-11-20", "after them")
	add("2025-11-01", "2025-11-10", "into the week a year ago")
	add("2025-11-17", "2025-11-17", "after it")
	r := compute(t, a)
	var names []string
	for _, s := range r.Special {
		names = append(names, s.Name)
	}
	expect(t, "special", names, []string{"into the week a year ago", "into the first of twelve",
		"this week"})
	in := func(w string) int { return len(r.SpecialIn(week(t, w))) }
	expect(t, "by week", []int{in("2026-W46"), in("2026-W45"), in("2026-W35"), in("2025-W46")},
		[]int{1, 0, 1, 1})
}

func day(t testing.TB, s string) period.Date {
	t.Helper()
	d, err := period.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// No percentage is printed of a change from or to a week with something special in it.
func TestComparable_SpecialWeeks(t *testing.T) {
	for _, c := range []struct {
		what string
		day  int
		want bool
	}{{"none", -8, true}, {"the week before", -7, false}, {"this week", 0, false},
		{"its Sunday", 6, false}, {"the next", 7, true}} {
		r := report(t, note(c.day))
		expect(t, c.what+": counts", r.Comparable(100, 100), c.want)
		expect(t, c.what+": fallbacks", r.FallbacksComparable(), c.want)
		if r.Chats.Change == nil {
			t.Errorf("%s: report.json lacks the change", c.what)
		}
	}
}

func TestTargets(t *testing.T) {
	all := figures.Targets{FallbackRate: new(0.101), HandoverRate: new(0.06), Feedback: new(0.8),
		RequestsWhileClosed: new(13)}
	said := func(r *figures.Report) string {
		var lines []string
		for _, t := range r.Targets {
			lines = append(lines, fmt.Sprintf("%s %s %d, before %s %d", t.Name, t.State, t.Periods,
				t.Before, t.BeforePeriods))
		}
		return strings.Join(lines, "\n")
	}
	for _, c := range []struct {
		what    string
		changes []func(*figures.Answers)
		want    string
	}{
		{"none", nil, ""},
		{"all, for as long as is known", []func(*figures.Answers){targets(all)}, `
fallback_rate met 12, before met 11
handover_rate met 12, before met 11
feedback met 12, before met 11
requests_while_closed missed 12, before missed 11`},
		{"missed for two weeks, but for the one between",
			[]func(*figures.Answers){targets(figures.Targets{FallbackRate: new(0.11)}),
				rateTimes(thisWeek, -1, 1.2), rateTimes(thisWeek-1, -1, 1.2), rateTimes(thisWeek-3, -1, 1.2)}, `
fallback_rate missed 2, before missed 1`},
		{"met again after three weeks",
			[]func(*figures.Answers){targets(figures.Targets{FallbackRate: new(0.11)}),
				rateTimes(thisWeek-1, -1, 1.2), rateTimes(thisWeek-2, -1, 1.2), rateTimes(thisWeek-3, -1, 1.2)}, `
fallback_rate met 1, before missed 3`},
		{"not before the bot's history", []func(*figures.Answers){targets(figures.Targets{RequestsWhileClosed: new(20)}), began(3)}, `
requests_while_closed met 4, before met 3`},
		{"a week of which nothing is known ends the row",
			[]func(*figures.Answers){targets(figures.Targets{Feedback: new(0.7)}),
				func(a *figures.Answers) {
					a.FeedbackTrend[7].Failed = "gone"
				}}, `
feedback met 4, before met 3`},
		{"unknown", []func(*figures.Answers){targets(all), func(a *figures.Answers) {
			a.Fallbacks.This.Failed, a.Handovers.Failed, a.Feedback.This.Failed = "gone", "gone",
				"gone"
		}}, `
fallback_rate unknown 0, before unknown 0
handover_rate unknown 0, before unknown 0
feedback unknown 0, before unknown 0
requests_while_closed unknown 0, before unknown 0`},
	} {
		if got := said(report(t, c.changes...)); got != strings.TrimPrefix(c.want, "\n") {
			t.Errorf("%s:\n%s\nwant%s", c.what, got, c.want)
		}
	}
	closed := targets(figures.Targets{RequestsWhileClosed: new(1)})
	expect(t, "with four weeks before, a miss stands out",
		report(t, closed, began(4)).Targets[0].StandsOut, true)
	expect(t, "with three weeks before", report(t, closed, began(3)).Targets[0].StandsOut, false)
	unknown := func(a *figures.Answers) { on(&a.Messages, 2, more) }
	expect(t, "messages of an unknown day", show(report(t, targets(all), unknown).Targets[0].Of),
		"–")
	h := report(t, targets(all)).Targets[1]
	expect(t, "handover rate", fmt.Sprint(h.Limit, " ", *h.Value == 70.0/float64(*h.Of), " ",
		h.AtLeast), "0.06 true false")
	expect(t, "weeks of it", len(h.Trend), 12)

	// Both kinds of ratings are held to the target, and the one that is worse is named; one with
	// too few of them is not.
	faces := func(low, high int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Feedback.This.Value.Emojis = []figures.Rating{{Rating: 1, Count: low},
				{Rating: 5, Count: high}}
		}
	}
	feedback := func(changes ...func(*figures.Answers)) string {
		f := report(t, append(changes, targets(figures.Targets{Feedback: new(0.7)}))...).Targets[0]
		return fmt.Sprint(f.Steps, " ", show(f.Value), " ", show(f.Of), " ", f.State)
	}
	expect(t, "thumbs alone", feedback(), "2 0.8 35 met")
	expect(t, "faces are worse", feedback(faces(10, 10)), "5 0.5 20 missed")
	expect(t, "faces are better", feedback(faces(2, 18)), "2 0.8 35 met")
	expect(t, "faces are too few", feedback(faces(10, 9)), "2 0.8 35 met")
	thumbs := func(low, high int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Feedback.This.Value.Binary = []figures.Rating{{Rating: 1, Count: low},
				{Rating: 2, Count: high}}
		}
	}
	expect(t, "thumbs are too few", feedback(thumbs(4, 1), faces(2, 18)), "5 0.9 20 met")
	expect(t, "both are", feedback(thumbs(10, 9), faces(9, 10)), "2 0.47368421052631576 19 unknown")
	if steps := report(t, targets(all)).Targets[0].Steps; steps != 0 {
		t.Errorf("fallbacks are rated in %d steps", steps)
	}
}
