package figures_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/figures"
)

func incidents(r *figures.Report) string {
	var said []string
	for _, v := range r.Fallbacks.Incidents {
		said = append(said, fmt.Sprintf("%s %d of %d, %.3f against %.3f", v.Date.Weekday(), v.Count,
			v.Replies, v.Rate, v.Baseline))
	}
	return strings.Join(said, "; ")
}

func TestIncidents(t *testing.T) {
	small := func(factor float64) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for place := range figures.TrendPeriods {
				times(place, factor)(a)
			}
		}
	}
	fallbacks := func(a *figures.Answers, i, messages, fallbacks int) {
		a.Messages[i].Count = messages
		a.FallbackDays.Value[i] = ratePoint(a.FallbackDays.Value[i].Time, fallbacks, messages)
	}
	// so many messages and fallbacks on every day
	alike := func(messages, n int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for i := range a.Messages {
				fallbacks(a, i, messages, n)
			}
		}
	}
	only := func(messages, n int) func(*figures.Answers) { // on this week's Wednesday
		return func(a *figures.Answers) { fallbacks(a, 79, messages, n) }
	}
	do := func(changes ...func(*figures.Answers)) []func(*figures.Answers) { return changes }
	for _, c := range []struct {
		what    string
		changes []func(*figures.Answers)
		want    string
	}{
		{"none", nil, ""},
		{"a doubled rate", do(rateTimes(thisWeek, 2, 2)),
			"Wednesday 152 of 760, 0.200 against 0.100"},
		{"two days, in their order", do(rateTimes(thisWeek, 2, 2), rateTimes(thisWeek, 5, 3)),
			"Wednesday 152 of 760, 0.200 against 0.100; Saturday 225 of 740, 0.304 against 0.101"},
		{"half as much again is not enough", do(rateTimes(thisWeek, 2, 1.45)), ""},
		{"a week of them is no jump of a day, but each is", do(rateTimes(thisWeek, -1, 2)),
			"seven"},
		{"five chats a day, of which every reply is a fallback",
			do(small(5.0/200), rateTimes(thisWeek, 2, 20)), ""},
		{"seven chats", do(small(7.0/200), rateTimes(thisWeek, 2, 20)),
			"Wednesday 26 of 26, 1.000 against 0.101"},
		{"40 chats, and the rate is four times as high",
			do(small(40.0/200), rateTimes(thisWeek, 2, 4)),
			"Wednesday 60 of 152, 0.395 against 0.101"},
		{"Wednesdays were always so", do(everyWednesday(2), rateTimes(thisWeek, 2, 2)), ""},
		{"the last four weeks were all so", do(rateTimes(7, -1, 2), rateTimes(8, -1, 2),
			rateTimes(9, -1, 2), rateTimes(10, -1, 2), rateTimes(thisWeek, 2, 2)), ""},
		{"an incident of before does not hide this one",
			do(rateTimes(6, 2, 4), rateTimes(9, 2, 4), rateTimes(thisWeek, 2, 2)),
			"Wednesday 152 of 760, 0.200 against 0.103"},
		{"a special week", do(rateTimes(thisWeek, 2, 2), note(6)), ""},
		{"eight fallbacks of a hundred replies, where one is usual",
			do(alike(100, 1), only(100, 8)), ""},
		{"twelve", do(alike(100, 1), only(100, 12)), "Wednesday 12 of 100, 0.120 against 0.010"},
		{"days of 19 replies do not say what is ordinary", do(alike(19, 2), only(400, 160)), ""},
		{"days of 20 do", do(alike(20, 2), only(400, 160)),
			"Wednesday 160 of 400, 0.400 against 0.101"},
		{"four ordinary weeks", do(rateTimes(thisWeek, 2, 2), began(4)),
			"Wednesday 152 of 760, 0.200 against 0.100"},
		{"three", do(rateTimes(thisWeek, 2, 2), began(3)), ""},
		{"the days are not available", do(rateTimes(thisWeek, 2, 2),
			func(a *figures.Answers) { a.FallbackDays.Failed = "gone" }), ""},
	} {
		got := incidents(report(t, c.changes...))
		if c.want == "seven" && strings.Count(got, ";") == 6 {
			continue
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func everyWednesday(factor float64) func(*figures.Answers) {
	return func(a *figures.Answers) {
		for place := range thisWeek {
			rateTimes(place, 2, factor)(a)
		}
	}
}

// A day wavers as much as the days did: where they always wavered, a jump has to be larger.
func TestIncidents_VaryingDays(t *testing.T) {
	itemVariation := func(a *figures.Answers) {
		for i := range a.FallbackDays.Value {
			rateTimes(i/7, i%7, []float64{0.5, 1, 1.6}[i*5%3])(a)
		}
	}
	if got := incidents(report(t, itemVariation, rateTimes(thisWeek, 2, 1.4))); got != "" {
		t.Errorf("among days that waver by half: %s", got)
	}
}

// A fallback rate without a fallback says nothing about of how many replies it is.
func TestReplies(t *testing.T) {
	r := report(t, func(a *figures.Answers) {
		for i := range a.FallbackDays.Value {
			a.FallbackDays.Value[i].Count, a.FallbackDays.Value[i].Rate = 0, new(0.0)
		}
		a.FallbackDays.Value[79] = figures.RatePoint{Time: a.FallbackDays.Value[79].Time, Count: 40,
			Rate: new(0.05)}
		for i := range figures.TrendPeriods {
			refreshFallbacks(a, i)
		}
	})
	v := r.Fallbacks.Incidents
	if len(v) != 1 || v[0].Replies != 800 || v[0].Baseline > 0.001 {
		t.Errorf("%+v: want 40 of 800, against next to nothing", v)
	}
}

// kinds are those of the insights, with what they are about.
func kinds(r *figures.Report) (all []string) {
	for _, i := range r.Insights {
		s := i.Kind
		switch {
		case i.Target != nil:
			s += " " + i.Target.Name + " " + i.Target.State
		case i.Record != nil:
			s += fmt.Sprint(" ", i.Record.Measure, " highest=", i.Record.Highest)
		case i.Streak != nil:
			s += fmt.Sprint(" ", i.Streak.Measure, " up=", i.Streak.Up, " ", i.Streak.Periods)
		case i.Mover != nil:
			s += " " + i.Mover.List + " " + i.Mover.Name
		case i.Incident != nil:
			s += " " + i.Incident.Date.Weekday().String()
		case i.Feedback != nil:
			s += fmt.Sprint(" ", i.Feedback.Steps)
		}
		all = append(all, s)
	}
	return all
}

func has(r *figures.Report, kind string) bool {
	return slices.ContainsFunc(kinds(r), func(s string) bool { return strings.HasPrefix(s, kind) })
}

func TestInsights_Order(t *testing.T) {
	hours := func(a *figures.Answers) {
		for h := 8; h < 18; h++ {
			for d := range 7 {
				a.Hours.Value = append(a.Hours.Value,
					figures.Point{Time: at(t, fmt.Sprintf("2026-11-%02d %02d:00", 9+d, h)),
						Count: 7 + h})
			}
		}
	}
	expect(t, "an ordinary week", kinds(report(t, hours)), []string{"closed", "days", "hours"})

	everything := []func(*figures.Answers){
		hours, rateTimes(thisWeek, 2, 2), rateTimes(thisWeek, 4, 3), rateTimes(thisWeek, 5, 2.5),
		targets(figures.Targets{FallbackRate: new(0.09), HandoverRate: new(0.01),
			RequestsWhileClosed: new(1)}),
		func(a *figures.Answers) {
			a.Feedback.This.Value.Binary = []figures.Rating{{Rating: 1, Count: 30},
				{Rating: 2, Count: 5}}
		},
	}
	expect(t, "the worst incidents, two targets, then feedback", kinds(report(t, everything...)),
		[]string{
			"incident Friday", "incident Saturday", "target fallback_rate missed",
			"target handover_rate missed", "feedback 2",
		})
	expect(t, "in a special week only what is no comparison",
		kinds(report(t, append(everything, note(0))...)), []string{
			"target fallback_rate missed", "target handover_rate missed", "fallback_day Friday",
			"fallback_day Saturday", "closed",
		})
}

func TestRecords(t *testing.T) {
	for _, c := range []struct {
		what    string
		changes []func(*figures.Answers)
		want    bool
	}{
		{"most", []func(*figures.Answers){times(thisWeek, 1.4)}, true},
		{"fewest", []func(*figures.Answers){times(thisWeek, 0.6)}, true},
		{"the highest by a hair is chance", []func(*figures.Answers){times(thisWeek, 1.06)}, false},
		{"a little more than another high week",
			[]func(*figures.Answers){times(thisWeek, 1.4), times(5, 1.39)}, false},
		{"this week is special", []func(*figures.Answers){times(thisWeek, 1.4), note(2)}, false},
		{"so is one of the eleven", []func(*figures.Answers){times(thisWeek, 1.4), note(-70)},
			false},
		{"one before the twelve", []func(*figures.Answers){times(thisWeek, 1.4), note(-78)}, true},
		{"eleven weeks of history", []func(*figures.Answers){times(thisWeek, 1.4), began(10)},
			false},
	} {
		r := report(t, c.changes...)
		expect(t, c.what, has(r, figures.KindRecord), c.want)
	}
	// Without a single fallback this week's rate is the lowest, but not where another week had none
	// either, of fewer messages.
	clean := func(place int) func(*figures.Answers) { return rateTimes(place, -1, 0) }
	expect(t, "no fallback at all", has(report(t, clean(thisWeek)), figures.KindRecord), true)
	expect(t, "nor in another week", has(report(t, clean(thisWeek), times(4, 0.1), clean(4)),
		figures.KindRecord), false)

	rec := report(t, times(thisWeek, 1.4), times(5, 1.2)).Headline.Record
	expect(t, "the record that was", fmt.Sprint(rec.WasIn, " ", rec.Periods, " ", rec.Highest, " ",
		rec.Value > rec.Was), "2026-W40 12 true true")
	expect(t, "no chats", has(report(t, times(thisWeek, 0)), figures.KindRecord), false)
}

func TestStreaks(t *testing.T) {
	climb := func(from int, factor float64) []func(*figures.Answers) {
		var changes []func(*figures.Answers)
		for f := factor; from <= thisWeek; from++ {
			changes = append(changes, times(from, f))
			f *= factor
		}
		return changes
	}
	streak := func(changes ...func(*figures.Answers)) string {
		for _, i := range report(t, changes...).Insights {
			if s := i.Streak; s != nil {
				return fmt.Sprint(s.Measure, " up=", s.Up, " ", s.Periods, " since ", s.Since)
			}
		}
		return ""
	}
	// Another week is special, so that this one is no record as well, which would be said instead.
	expect(t, "four weeks up", streak(append(climb(8, 1.08), note(-70))...),
		"chats up=true 4 since 2026-W42")
	expect(t, "four weeks down", streak(append(climb(8, 0.93), note(-70), times(6, 0.9))...),
		"chats up=false 4 since 2026-W42")
	expect(t, "three weeks are chance", streak(append(climb(9, 1.08), note(-70),
		times(7, 1.05))...), "")
	expect(t, "a step of nearly nothing ends the row",
		streak(even, times(8, 1.08), times(9, 1.16), times(10, 1.165), times(11, 1.25), note(-70)),
		"")
	expect(t, "a tenth in four weeks is not worth a word",
		streak(even, times(8, 1.025), times(9, 1.05), times(10, 1.075), times(11, 1.1), note(-70)),
		"")
	// of the last weeks, after weeks with 30 chats a day
	totals := func(counts ...int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for i := range a.Chats {
				a.Chats[i].Count = 30
			}
			for i, n := range counts {
				a.Chats[7*(figures.TrendPeriods-len(counts)+i)].Count += n - 210
			}
		}
	}
	expect(t, "a sixth of a few is chance", streak(totals(218, 226, 234, 243), note(-70)), "")
	expect(t, "two fifths of a few is not", streak(totals(230, 250, 270, 295), note(-70)),
		"chats up=true 4 since 2026-W42")
	expect(t, "a special week ends the row", streak(append(climb(6, 1.08), note(-70),
		note(-14))...), "")
	expect(t, "and so does the week that it set out from",
		streak(append(climb(8, 1.08), note(-70), note(-25))...), "")
}

func TestShifts(t *testing.T) {
	thumbs := func(low, high int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Feedback.This.Value.Binary = []figures.Rating{{Rating: 1, Count: low},
				{Rating: 2, Count: high}}
		}
	}
	before := func(low, high int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.FeedbackBefore[0].Value.Binary = []figures.Rating{{Rating: 1, Count: low},
				{Rating: 2, Count: high}}
		}
	}
	again := func(a *figures.Answers) {
		a.FeedbackBefore = append(a.FeedbackBefore,
			a.FeedbackBefore[0])
	}
	for _, c := range []struct {
		what    string
		changes []func(*figures.Answers)
		want    bool
	}{
		{"four of five as ever", []func(*figures.Answers){thumbs(7, 28)}, false},
		{"half of forty", []func(*figures.Answers){thumbs(20, 20)}, true},
		{"none of nineteen is too few", []func(*figures.Answers){thumbs(19, 0)}, false},
		{"none of twenty", []func(*figures.Answers){thumbs(20, 0)}, true},
		{"a little less of very many is not worth a word",
			[]func(*figures.Answers){thumbs(2400, 7600)}, false},
		{"all of many", []func(*figures.Answers){thumbs(0, 100)}, true},
		{"59 before", []func(*figures.Answers){thumbs(20, 20), before(2, 57)}, false},
		{"60 before", []func(*figures.Answers){thumbs(20, 20), before(2, 58)}, true},
		{"a special week", []func(*figures.Answers){thumbs(20, 20), note(0)}, false},
		{"no baseline", []func(*figures.Answers){thumbs(20, 20), began(0)}, false},
		{"half of forty, beside two stretches of weeks around a special one",
			[]func(*figures.Answers){thumbs(20, 20), before(20, 80), again}, true},
		{"a part of the weeks before is not available",
			[]func(*figures.Answers){thumbs(20, 20), again,
				func(a *figures.Answers) { a.FeedbackBefore[1].Failed = "gone" }}, false},
		{"all of the weeks before are special",
			[]func(*figures.Answers){thumbs(20, 20),
				func(a *figures.Answers) { a.FeedbackBefore = nil }}, false},
		{"the weeks before are not available",
			[]func(*figures.Answers){thumbs(20, 20),
				func(a *figures.Answers) { a.FeedbackBefore[0].Failed = "gone" }}, false},
	} {
		expect(t, c.what, has(report(t, c.changes...), figures.KindFeedback), c.want)
	}
}

// What was rated in a special week is not asked for, so that it cannot be what a week is held
// against.
func TestStretches_SpecialWeeks(t *testing.T) {
	stretches := func(changes ...func(*figures.Answers)) string {
		a := baselineBot(t)
		for _, change := range changes {
			change(&a)
		}
		var all []string
		for _, weeks := range figures.Stretches(a.Period, a.Special) {
			all = append(all, fmt.Sprint(weeks[0], " to ", weeks[len(weeks)-1], ": ", len(weeks)))
		}
		return strings.Join(all, ", ")
	}
	expect(t, "none", stretches(), "2026-W35 to 2026-W45: 11")
	expect(t, "this week", stretches(note(0)), "2026-W35 to 2026-W45: 11")
	expect(t, "the week before", stretches(note(-1)), "2026-W35 to 2026-W44: 10")
	expect(t, "two", stretches(note(-14), note(-30)),
		"2026-W35 to 2026-W40: 6, 2026-W42 to 2026-W43: 2, 2026-W45 to 2026-W45: 1")
	expect(t, "all", stretches(func(a *figures.Answers) {
		a.Special = []figures.Special{{First: day(t, "2026-08-01"), Last: day(t, "2026-11-08"),
			Kind: figures.Note, Name: "Summer"}}
	}), "")

	before := report(t, func(a *figures.Answers) {
		a.FeedbackBefore = append(a.FeedbackBefore,
			figures.Answer[figures.Ratings]{Value: figures.Ratings{
				Binary: []figures.Rating{{Rating: 2, Count: 15}},
				Emojis: []figures.Rating{{Rating: 4, Count: 3}},
			}})
	}).Feedback
	expect(t, "added up", before.BeforeBinary,
		[]figures.Rating{{Rating: 1, Count: 77, Ratio: 0.1925},
			{Rating: 2, Count: 323, Ratio: 0.8075}})
	expect(t, "of the other kind", before.BeforeEmojis,
		[]figures.Rating{{Rating: 4, Count: 3, Ratio: 1}})
}

func TestMovers(t *testing.T) {
	label := func(name string, n int) figures.Label { return figures.Label{Text: name, Count: n} }
	// Thirty labels that waver by a tenth, so that a list has something to be held against.
	steady := func(week int) (all []figures.Label) {
		for i := range 30 {
			all = append(all, label(fmt.Sprint("label ", i), 200-5*i+[]int{-8, 0, 8}[(i*week)%3]))
		}
		return all
	}
	labels := func(previous, this []figures.Label) func(*figures.Answers) {
		return func(a *figures.Answers) {
			a.Labels.This.Value, a.Labels.Previous.Value = slices.Concat(steady(1), this),
				slices.Concat(steady(2), previous)
		}
	}
	full := make([]figures.Label, figures.ListLimit-30)
	for i := range full {
		full[i] = label(fmt.Sprint("more ", i), 30)
	}
	of := func(all ...figures.Label) []figures.Label { return all }
	for _, c := range []struct {
		what    string
		changes []func(*figures.Answers)
		want    string
	}{
		{"nothing moved", []func(*figures.Answers){labels(nil, nil)}, ""},
		{"new", []func(*figures.Answers){labels(nil, of(label("a", 40)))}, "new a 40 0"},
		{"new, ten times", []func(*figures.Answers){labels(nil, of(label("a", 10)))}, "new a 10 0"},
		{"new, nine times", []func(*figures.Answers){labels(nil, of(label("a", 9)))}, ""},
		{"gone", []func(*figures.Answers){labels(of(label("a", 40)), nil)}, "gone a 0 40"},
		{"gone, ten times", []func(*figures.Answers){labels(of(label("a", 10)), nil)},
			"gone a 0 10"},
		{"gone, nine times", []func(*figures.Answers){labels(of(label("a", 9)), nil)}, ""},
		{"not new: it may have been below the end of last week's list",
			[]func(*figures.Answers){labels(full, append(of(label("a", 40)), full[1:]...))}, ""},
		{"but it had no more than the end of that list, so it has risen",
			[]func(*figures.Answers){labels(full, append(of(label("a", 140)), full[1:]...))},
			"risen a 140 30 or less"},
		{"not gone: it may be below the end of this week's",
			[]func(*figures.Answers){labels(append(of(label("a", 40)), full[1:]...), full)}, ""},
		{"but it has fallen", []func(*figures.Answers){labels(append(of(label("a", 140)),
			full[1:]...), full)}, "fallen a 30 140 or less"},
		{"risen", []func(*figures.Answers){labels(of(label("a", 60)), of(label("a", 180)))},
			"risen a 180 60"},
		{"fallen", []func(*figures.Answers){labels(of(label("a", 180)), of(label("a", 60)))},
			"fallen a 60 180"},
		{"four tenths more", []func(*figures.Answers){labels(of(label("a", 400)),
			of(label("a", 560)))}, ""},
		{"three times a handful", []func(*figures.Answers){labels(of(label("a", 9)),
			of(label("a", 27)))}, ""},
		{"from two to twenty", []func(*figures.Answers){labels(of(label("a", 2)),
			of(label("a", 20)))}, ""},
		{"from two to 22", []func(*figures.Answers){labels(of(label("a", 2)), of(label("a", 22)))},
			"risen a 22 2"},
		{"twice as often", []func(*figures.Answers){labels(of(label("a", 300)),
			of(label("a", 600)))}, "risen a 600 300"},
		{"twice as much of everything is no mover",
			[]func(*figures.Answers){labels(of(label("a", 300)), of(label("a", 600))),
				times(thisWeek, 2)}, "not a"},
		{"as much as ever of twice as much has not fallen",
			[]func(*figures.Answers){labels(of(label("a", 100)), of(label("a", 100))),
				times(thisWeek, 2)}, "not a"},
		{"the furthest first", []func(*figures.Answers){labels(of(label("b", 100)),
			of(label("a", 90), label("b", 250)))}, "new a 90 0; risen b 250 100"},
		{"a special week", []func(*figures.Answers){labels(nil, of(label("a", 40))), note(0)},
			"null"},
		{"a special week before", []func(*figures.Answers){labels(nil, of(label("a", 40))),
			note(-1)}, "null"},
		{"no baseline", []func(*figures.Answers){labels(nil, of(label("a", 40))), began(0)},
			"null"},
		{"a day of last week is not known", []func(*figures.Answers){labels(nil,
			of(label("a", 40))), func(a *figures.Answers) {
			on(&a.Chats, -3, more)
		}}, "null"},
		{"last week had no chats", []func(*figures.Answers){labels(nil, of(label("a", 40))),
			times(thisWeek-1, 0),
			func(a *figures.Answers) { a.Handovers.Value = nil }}, "new a 40 0"},
		{"this week had none", []func(*figures.Answers){func(a *figures.Answers) {
			a.Labels.Previous.Value, a.Handovers.Value = of(label("a", 40)), nil
		}, times(thisWeek, 0)}, "gone a 0 40"},
		{"this week's list is not available",
			[]func(*figures.Answers){labels(of(label("a", 40)), nil), func(a *figures.Answers) {
				a.Labels.This.Failed = "gone"
			}}, "null"},
		{"last week's list is not available",
			[]func(*figures.Answers){labels(nil, of(label("a", 40))), func(a *figures.Answers) {
				a.Labels.Previous.Failed = "gone"
			}}, "null"},
	} {
		movers := report(t, c.changes...).Movers.Labels
		var all []string
		for _, m := range movers {
			s := fmt.Sprint(m.Kind, " ", m.Name, " ", m.Count, " ", m.Previous)
			if m.BelowLimit {
				s += " or less"
			}
			all = append(all, s)
		}
		got := strings.Join(all, "; ")
		if movers == nil {
			got = "null"
		}
		if not, ok := strings.CutPrefix(c.want, "not "); ok {
			if strings.Contains(got, " "+not+" ") {
				t.Errorf("%s: %q", c.what, got)
			}
		} else if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	var dozen []figures.Label
	for i := range 12 {
		dozen = append(dozen, label(fmt.Sprint("new ", i), 40+i))
	}
	kept := report(t, labels(nil, dozen)).Movers.Labels
	expect(t, "of a dozen", fmt.Sprint(len(kept), " from ", kept[0].Name, " to ", kept[9].Name),
		"10 from new 11 to new 2")

	// Where labels always jump, a jump has to be larger.
	restless := func(a *figures.Answers) {
		for i := range 30 {
			a.Labels.Previous.Value = append(a.Labels.Previous.Value, label(fmt.Sprint(i), 100))
			a.Labels.This.Value = append(a.Labels.This.Value,
				label(fmt.Sprint(i), []int{40, 60, 100, 160, 250}[i%5]))
		}
	}
	expect(t, "movers of a list in which everything moves", len(report(t, restless).Movers.Labels),
		0)

	r := report(t, func(a *figures.Answers) {
		a.Buttons.This.Value = []figures.Button{{Text: "Yes", Dialogue: "Returns", Count: 90}}
		a.Pages.Previous.Value = []figures.Page{{Host: "shop.example", Path: "/cart", Sessions: 90}}
	})
	expect(t, "a button", fmt.Sprint(r.Movers.Buttons[0].Name, r.Movers.Buttons[0].Dialogue),
		"YesReturns")
	expect(t, "a page", fmt.Sprint(r.Movers.Pages[0].Kind, r.Movers.Pages[0].Name),
		"goneshop.example/cart")
}

func TestClosed(t *testing.T) {
	points := func(add map[string]int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			days := make(map[string]int)
			for when, n := range add {
				a.HandoverHours.Value = append(a.HandoverHours.Value,
					figures.StagePoint{Time: at(t, when), RequestsWhileClosed: n})
				days[when[:10]] += n
			}
			for day, n := range days {
				a.Handovers.Value = append(a.Handovers.Value,
					figures.StagePoint{Time: at(t, day), RequestsWhileClosed: n})
			}
		}
	}
	closed := func(changes ...func(*figures.Answers)) string {
		for _, i := range report(t, changes...).Insights {
			if c := i.Closed; c != nil {
				s := fmt.Sprint(c.Count, " previous ", show(c.Previous), " ordinary ",
					show(c.Baseline))
				if c.Hours != nil {
					s += fmt.Sprintf(" %d-%d %d", c.Hours.From, c.Hours.To, c.Hours.Count)
				}
				if c.Day != nil {
					s += fmt.Sprint(" ", c.Day.Date.Weekday(), " ", c.Day.Count)
				}
				return s
			}
		}
		return "none"
	}
	none := func(a *figures.Answers) { a.Handovers.Value = nil }
	evening := map[string]int{"2026-11-10 18:00": 10, "2026-11-14 19:00": 12, "2026-11-14 09:00": 5}
	expect(t, "in the evening, and on Saturday", closed(none, points(evening)),
		"27 previous 0 ordinary 0 18-20 22 Saturday 17")
	expect(t, "over midnight", closed(none, points(map[string]int{"2026-11-10 23:00": 9,
		"2026-11-11 00:00": 9, "2026-11-11 12:00": 1})),
		"19 previous 0 ordinary 0 23-1 18 Wednesday 10")
	expect(t, "nine are too few", closed(none, points(map[string]int{"2026-11-10 18:00": 9})),
		"none")
	expect(t, "two days alike", closed(none, points(map[string]int{"2026-11-10 18:00": 9,
		"2026-11-11 18:00": 9})), "18 previous 0 ordinary 0 18-19 18")
	expect(t, "the hours are not available", closed(none, points(evening),
		func(a *figures.Answers) { a.HandoverHours.Failed = "gone" }),
		"27 previous 0 ordinary 0 Saturday 17")
	days := func(requests int) func(*figures.Answers) { // more than in the hours
		return func(a *figures.Answers) {
			for i := range a.Handovers.Value {
				a.Handovers.Value[i].RequestsWhileClosed += requests
			}
		}
	}
	expect(t, "hours with half of the days' requests",
		closed(none, points(evening), days(8)), "43 previous 0 ordinary 0 18-20 22 Saturday 25")
	expect(t, "hours with less than half of them",
		closed(none, points(evening), days(9)), "45 previous 0 ordinary 0 Saturday 26")
	expect(t, "hours with more requests than the days",
		closed(none, points(map[string]int{"2026-11-10 18:00": 20}), days(-5)),
		"15 previous 0 ordinary 0 Tuesday 15")
	expect(t, "hours of which some are not known", closed(none, points(evening),
		func(a *figures.Answers) {
			again := a.HandoverHours.Value[0]
			again.RequestsWhileClosed++
			a.HandoverHours.Value = append(a.HandoverHours.Value, again)
		}), "27 previous 0 ordinary 0 Saturday 17")
	expect(t, "a special week is compared with none", closed(none, points(evening), note(0)),
		"27 previous – ordinary – 18-20 22 Saturday 17")
	expect(t, "none", closed(none), "none")
	spread := map[string]int{}
	for h := range 24 {
		spread[fmt.Sprintf("2026-11-10 %02d:00", h)] = 2
	}
	expect(t, "all day long", closed(none, points(spread)), "48 previous 0 ordinary 0 Tuesday 48")
}

func TestDays(t *testing.T) {
	chats := func(counts ...int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for i, n := range counts {
				a.Chats[77+i].Count = n
			}
		}
	}
	quietSundays := func(a *figures.Answers) {
		for i := 6; i < 84; i += 7 {
			a.Chats[i].Count = 40 + i%5
		}
	}
	days := func(changes ...func(*figures.Answers)) string {
		for _, i := range report(t, changes...).Insights {
			if d := i.Days; d != nil {
				s := fmt.Sprint("against=", d.Against)
				for _, n := range []*figures.DayNote{d.Most, d.Fewest} {
					if n != nil {
						s += fmt.Sprint(" ", n.Date.Weekday(), " ", n.Chats)
					}
				}
				return s
			}
		}
		return "none"
	}
	expect(t, "nothing unusual: the busiest and the quietest",
		days(chats(200, 210, 205, 195, 204, 203, 190)), "against=false Tuesday 210 Sunday 190")
	expect(t, "a Sunday with as many as other days",
		days(quietSundays, chats(200, 210, 205, 195, 204, 203, 120)), "against=true Sunday 120")
	expect(t, "a Monday with few, and a Friday with many",
		days(chats(90, 210, 205, 195, 400, 203, 204)), "against=true Friday 400 Monday 90")
	many := func(a *figures.Answers) {
		for i := range a.Chats {
			a.Chats[i].Count = 10_000
		}
	}
	expect(t, "nine in a hundred more of very many",
		days(many, chats(9999, 10_000, 10_900, 10_000, 10_000, 10_000, 9998)),
		"against=false Wednesday 10900 Sunday 9998")
	expect(t, "eleven in a hundred", days(many,
		chats(9999, 10_000, 11_100, 10_000, 10_000, 10_000, 9998)), "against=true Wednesday 11100")
	five := func(a *figures.Answers) {
		for i := range a.Chats {
			a.Chats[i].Count = 5
		}
	}
	expect(t, "five times as many of a few", days(five, chats(5, 5, 25, 5, 5, 5, 4)),
		"against=false Wednesday 25 Sunday 4")
	expect(t, "six times as many are 30", days(five, chats(5, 5, 30, 5, 5, 5, 4)),
		"against=true Wednesday 30")
	tuesday := func(a *figures.Answers) {
		a.Chats, a.Messages, a.FallbackDays.Value, a.Handovers.Value = a.Chats[78:],
			a.Messages[78:], a.FallbackDays.Value[78:], a.Handovers.Value[78:]
		a.FallbackTrend.Value = nil
	}
	expect(t, "the bot began on Tuesday, and Monday is not its quietest day",
		days(chats(0, 210, 205, 195, 204, 203, 190), tuesday), "against=false Tuesday 210")
	expect(t, "in a special week by count alone",
		days(chats(90, 210, 205, 195, 400, 203, 204), note(1)),
		"against=false Friday 400 Monday 90")
	expect(t, "two busiest days", days(chats(210, 210, 205, 195, 204, 203, 190)), "none")
	expect(t, "two quietest days", days(chats(200, 210, 205, 190, 204, 203, 190)),
		"against=false Tuesday 210")
	expect(t, "29 chats", days(func(a *figures.Answers) { a.Chats = a.Chats[:77] },
		func(a *figures.Answers) {
			a.Chats = append(a.Chats, figures.Point{Time: at(t, "2026-11-09"), Count: 29})
		}), "none")
}

func TestComingHours(t *testing.T) {
	hours := func(counts map[int]int) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for h, n := range counts {
				a.Hours.Value = append(a.Hours.Value,
					figures.Point{Time: at(t, fmt.Sprintf("2026-11-09 %02d:00", h)), Count: n})
			}
			monday := -6
			for _, n := range counts {
				monday += n
			}
			for i := range a.Chats[77:] { // so few that the hours may belong to other days
				a.Chats[77+i].Count = 1
			}
			a.Chats[77].Count = monday
		}
	}
	come := func(counts map[int]int) string {
		for _, i := range report(t, hours(counts)).Insights {
			if h := i.Hours; h != nil {
				s := fmt.Sprintf("%d-%d %d of %d", h.Half.From, h.Half.To, h.Half.Count, h.Total)
				if h.Busiest != nil {
					s += fmt.Sprintf(", most %d %d", h.Busiest.From, h.Busiest.Count)
				}
				return s
			}
		}
		return "none"
	}
	expect(t, "in the morning", come(map[int]int{8: 20, 9: 40, 10: 50, 11: 30, 15: 20}),
		"9-11 90 of 160, most 10 50")
	expect(t, "at night", come(map[int]int{22: 30, 23: 31, 0: 30, 12: 20}),
		"22-0 61 of 111, most 23 31")
	expect(t, "exactly half", come(map[int]int{9: 30, 14: 15, 20: 15}), "9-10 30 of 60, most 9 30")
	expect(t, "the busiest hour is one of a handful", come(map[int]int{9: 29, 10: 20, 15: 5}),
		"9-10 29 of 54")
	expect(t, "two busiest hours", come(map[int]int{9: 30, 10: 30, 20: 10}), "9-11 60 of 70")
	expect(t, "29 chats", come(map[int]int{9: 29}), "none")
	even := map[int]int{}
	for h := range 24 {
		even[h] = 10
	}
	expect(t, "whenever", come(even), "none")
}
