package figures_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/figures"
)

// gaps says what is not known: of this week, and of the weeks before.
func gaps(r *figures.Report) string {
	var all []string
	for _, u := range r.Unavailable {
		var days []string
		for _, d := range u.Days {
			days = append(days, d.Weekday().String()[:3])
		}
		all = append(all, strings.TrimSpace(fmt.Sprint(u.Section, " ", u.Cause.Kind, " ",
			strings.Join(days, " "))))
	}
	for _, c := range r.Contradictions {
		all = append(all, fmt.Sprint("before: ", c.Section, " ", c.Cause.Kind, " ", c.First, " ",
			c.Last.Sub(c.First)+1))
	}
	return strings.Join(all, "; ")
}

// on changes the points of a day, so many after this week's Monday.
func on[P any](points *[]P, day int, change func(p P) []P) {
	i := figures.HistoryDays - 7 + day
	*points = slices.Concat((*points)[:i:i], change((*points)[i]), (*points)[i+1:])
}

func gone[P any](P) []P { return nil }

func twice[P any](p P) []P { return []P{p, p} }

func more(p figures.Point) []figures.Point {
	other := p
	other.Count++
	return []figures.Point{p, other}
}

func moreStages(p figures.StagePoint) []figures.StagePoint {
	other := p
	other.Ended++
	return []figures.StagePoint{p, other}
}

func moreRate(p figures.RatePoint) []figures.RatePoint {
	other := p
	other.Count++
	return []figures.RatePoint{p, other}
}

// nextYear moves points out of what was asked for.
func nextYear(points []figures.Point) {
	for i := range points {
		points[i].Time = points[i].Time.AddDate(1, 0, 0)
	}
}

// The bot has some 200 chats and 800 messages a day, 80 of the replies fallbacks.
func TestContradictions(t *testing.T) {
	all := func(changes ...func(*figures.Answers)) func(*figures.Answers) {
		return func(a *figures.Answers) {
			for _, change := range changes {
				change(a)
			}
		}
	}
	noChats := func(a *figures.Answers) { allHours(a); a.Chats = nil }
	noMessages := func(a *figures.Answers) { a.Messages = nil }
	silent := func(a *figures.Answers) {
		a.Chats, a.Messages, a.FallbackDays.Value, a.Handovers.Value = a.Chats[:77],
			a.Messages[:77], a.FallbackDays.Value[:77], a.Handovers.Value[:77]
		a.Hours.Value, a.Fallbacks.This.Value, a.Feedback.This.Value = []figures.Point{},
			figures.Fallback{}, figures.Ratings{}
	}
	fail := func(a *figures.Answers) {
		const why = "gone"
		a.Fallbacks.This.Failed, a.FallbackDays.Failed, a.Handovers.Failed,
			a.Feedback.This.Failed = why, why, why, why
		a.Pages.This.Failed, a.Buttons.This.Failed, a.Labels.This.Failed = why, why, why
	}
	hoursOf := func(changes ...func(*figures.Answers)) func(*figures.Answers) {
		return all(append([]func(*figures.Answers){allHours}, changes...)...)
	}
	for _, c := range []struct {
		what   string
		change func(*figures.Answers)
		want   string
	}{
		{"nothing is missing", all(), ""},

		{"a day is missing from the chats, and its hours have them",
			hoursOf(func(a *figures.Answers) { on(&a.Chats, 2, gone) }), "chats contradicted Wed"},
		{"a day is zero", hoursOf(func(a *figures.Answers) {
			on(&a.Chats, 2,
				func(p figures.Point) []figures.Point { return []figures.Point{{Time: p.Time}} })
		}), "chats contradicted Wed"},
		{"two days", hoursOf(func(a *figures.Answers) {
			on(&a.Chats, 4, gone)
			on(&a.Chats, 2,
				gone)
		}), "chats contradicted Wed Fri"},
		{"without the hours its messages tell",
			hoursOf(func(a *figures.Answers) { on(&a.Chats, 2, gone); a.Hours.Failed = "gone" }),
			"chats contradicted Wed; hours"},
		{"a day of the week before is missing, which makes this one no less complete",
			hoursOf(func(a *figures.Answers) { on(&a.Chats, -3, gone) }),
			"before: chats contradicted 2026-11-06 1"},
		{"the week's chats are missing",
			hoursOf(func(a *figures.Answers) { a.Chats = a.Chats[:77] }), "chats contradicted"},
		{"all chats are missing", noChats,
			"chats contradicted; before: chats contradicted 2026-08-24 77"},
		{"all chats and messages are missing", all(noChats, noMessages),
			"chats contradicted; messages contradicted; before: chats contradicted 2026-08-24 77; before: messages contradicted 2026-08-24 77"},
		{"the week's messages are missing, and fallbacks were not asked for",
			hoursOf(func(a *figures.Answers) {
				a.Messages = a.Messages[:77]
				a.Fallbacks.This.Failed, a.FallbackDays.Failed = "gone", "gone"
			}), "messages contradicted; fallbacks"},
		{"the chats are of another year", hoursOf(func(a *figures.Answers) { nextYear(a.Chats) }),
			"chats discarded; before: chats discarded 2026-08-24 77"},
		{"chats and messages are of another year",
			hoursOf(func(a *figures.Answers) { nextYear(a.Chats); nextYear(a.Messages) }),
			"chats discarded; messages discarded; before: chats discarded 2026-08-24 77; before: messages discarded 2026-08-24 77"},
		{"the hours are of another year",
			hoursOf(func(a *figures.Answers) { nextYear(a.Hours.Value) }), "hours discarded"},
		{"the year ago is of this year", func(a *figures.Answers) {
			a.YearAgo.Chats.Value = []figures.Point{{Time: a.Period.From().UTC(), Count: 12}}
		}, "year_ago discarded"},

		{"no chats, by all accounts", silent, ""},
		{"there were no chats, and nothing else was answered", all(silent, fail),
			"chats unproven; messages unproven; fallbacks; handovers; feedback; pages; buttons; labels"},
		{"there were no chats, and one thing else was answered",
			all(silent, fail, func(a *figures.Answers) { a.Labels.This.Failed = "" }),
			"fallbacks; handovers; feedback; pages; buttons"},
		{"there were no chats, but a day's chats are not known",
			all(silent, fail, func(a *figures.Answers) {
				wednesday := a.Period.From().Add(2).UTC()
				a.Chats = append(a.Chats, figures.Point{Time: wednesday, Count: 3},
					figures.Point{Time: wednesday, Count: 4})
			}), "chats repeated Wed; fallbacks; handovers; feedback; pages; buttons; labels"},
		{"one came, and nothing else was answered", all(silent, fail, func(a *figures.Answers) {
			a.Chats = append(a.Chats, figures.Point{Time: a.Period.From().UTC(), Count: 1})
		}), "fallbacks; handovers; feedback; pages; buttons; labels"},
		{"a message came, and nothing else was answered",
			all(silent, fail, func(a *figures.Answers) {
				a.Messages = append(a.Messages, figures.Point{Time: a.Period.From().UTC(), Count: 1})
			}), "fallbacks; handovers; feedback; pages; buttons; labels"},
		{"there were no chats, but there are clicks",
			all(silent, func(a *figures.Answers) { a.Buttons.This.Value = []figures.Button{{Text: "Yes", Count: 600}} }), "chats contradicted"},
		{"there were no chats but a few over midnight", all(silent, func(a *figures.Answers) {
			on(&a.Messages, -1, func(p figures.Point) []figures.Point {
				return []figures.Point{p, {Time: p.Time.AddDate(0, 0, 1), Count: 20}}
			})
		}), ""},

		{"a day's hours are missing", hoursOf(func(a *figures.Answers) {
			a.Hours.Value = slices.DeleteFunc(a.Hours.Value,
				func(p figures.Point) bool { return p.Time.Weekday() == time.Thursday })
		}), "hours.days contradicted Thu"},
		{"a day has one hour, twice, different", hoursOf(func(a *figures.Answers) {
			a.Hours.Value = slices.DeleteFunc(a.Hours.Value,
				func(p figures.Point) bool { return p.Time.Weekday() == time.Thursday })
			hour := a.Period.From().Add(3).UTC().Add(9 * time.Hour)
			a.Hours.Value = append(a.Hours.Value, figures.Point{Time: hour, Count: 3},
				figures.Point{Time: hour, Count: 4})
		}), "hours.days repeated Thu"},
		{"an hour of each day is there twice, different", hoursOf(func(a *figures.Answers) {
			for i := range 7 {
				hour := a.Period.From().Add(i).UTC().Add(9 * time.Hour)
				a.Hours.Value = append(a.Hours.Value, figures.Point{Time: hour, Count: 300})
			}
		}), "hours repeated"},
		{"all hours are missing",
			hoursOf(func(a *figures.Answers) { a.Hours.Value = []figures.Point{} }),
			"hours contradicted"},
		{"days of fallbacks are missing, which the week has", hoursOf(func(a *figures.Answers) {
			on(&a.FallbackDays.Value, 2, gone)
			on(&a.FallbackDays.Value, 1, gone)
		}), "fallbacks.days contradicted Tue Wed"},
		{"all days of fallbacks are missing",
			hoursOf(func(a *figures.Answers) { a.FallbackDays.Value = nil }),
			"fallbacks.daily contradicted; before: fallbacks.daily contradicted 2026-08-24 77"},
		{"all days of handovers are missing, and the hours have them",
			hoursOf(func(a *figures.Answers) { a.Handovers.Value = nil }),
			"handovers contradicted"},
		{"a day of them", hoursOf(func(a *figures.Answers) {
			a.HandoverHours.Value[2].Requests += 2
			on(&a.Handovers.Value, 1, gone)
		}), "handovers.days contradicted Tue"},
		{"no more of them than may cross midnight", hoursOf(func(a *figures.Answers) {
			a.HandoverHours.Value[2].Requests++
			on(&a.Handovers.Value, 1, gone)
		}), ""},
		{"all hours of handovers are missing, and the days have them",
			hoursOf(func(a *figures.Answers) { a.HandoverHours.Value = []figures.StagePoint{} }),
			"handovers.hourly contradicted"},
		{"the handovers are of another year", hoursOf(func(a *figures.Answers) {
			for i := range a.Handovers.Value {
				a.Handovers.Value[i].Time = a.Handovers.Value[i].Time.AddDate(1, 0, 0)
			}
		}), "handovers discarded"},
		{"a stretch of weeks ago has a rating twice, different",
			hoursOf(note(-30), func(a *figures.Answers) {
				bad := figures.Ratings{Binary: []figures.Rating{{Rating: 1, Count: 3},
					{Rating: 1, Count: 4}}}
				a.FeedbackBefore = []figures.Answer[figures.Ratings]{{Value: bad},
					{Value: a.FeedbackBefore[0].Value}}
			}), "before: feedback.before repeated 2026-08-24 42"},
		{"the week's fallbacks are zero, and the days have them",
			hoursOf(func(a *figures.Answers) { a.Fallbacks.This.Value = figures.Fallback{Rate: new(0.0)} }),
			"fallbacks contradicted"},
		{"a week's fallbacks are missing, and the days have them",
			hoursOf(func(a *figures.Answers) { a.FallbackTrend.Value = slices.Delete(a.FallbackTrend.Value, 4, 5) }),
			"before: fallbacks.weekly contradicted 2026-09-21 7"},

		{"a day of chats twice, equal", hoursOf(func(a *figures.Answers) {
			on(&a.Chats, 2,
				twice)
		}), ""},
		{"a day of chats twice, different", hoursOf(func(a *figures.Answers) {
			on(&a.Chats, 2,
				more)
		}), "chats repeated Wed"},
		{"of the week before", hoursOf(func(a *figures.Answers) { on(&a.Chats, -7, more) }),
			"before: chats repeated 2026-11-02 1"},
		{"a day of messages", hoursOf(func(a *figures.Answers) { on(&a.Messages, 6, more) }),
			"messages repeated Sun"},
		{"a day of fallbacks", hoursOf(func(a *figures.Answers) {
			on(&a.FallbackDays.Value, 1,
				moreRate)
		}), "fallbacks.days repeated Tue"},
		{"of the week before", hoursOf(func(a *figures.Answers) {
			on(&a.FallbackDays.Value, -1,
				moreRate)
		}), "before: fallbacks.daily repeated 2026-11-08 1"},
		{"a week of fallbacks", hoursOf(func(a *figures.Answers) {
			a.FallbackTrend.Value = append(a.FallbackTrend.Value,
				moreRate(a.FallbackTrend.Value[3])[1])
		}), "before: fallbacks.weekly repeated 2026-09-14 7"},
		{"a day of handovers", hoursOf(func(a *figures.Answers) {
			on(&a.Handovers.Value, 0,
				moreStages)
		}), "handovers.days repeated Mon"},
		{"of the week before", hoursOf(func(a *figures.Answers) {
			on(&a.Handovers.Value, -7,
				moreStages)
		}), "before: handovers repeated 2026-11-02 1"},
		{"an hour of chats",
			hoursOf(func(a *figures.Answers) {
				a.Hours.Value = append(a.Hours.Value,
					more(a.Hours.Value[30])[1])
			}), "hours.days repeated Tue"},
		{"an hour of handovers", hoursOf(func(a *figures.Answers) {
			a.HandoverHours.Value = append(a.HandoverHours.Value,
				moreStages(a.HandoverHours.Value[0])[1])
		}), "handovers.hourly repeated Mon"},
		{"a rating", hoursOf(func(a *figures.Answers) {
			a.Feedback.This.Value.Binary = append(a.Feedback.This.Value.Binary,
				figures.Rating{Rating: 1, Count: 999})
		}), "feedback repeated"},
		{"a rating of weeks ago", hoursOf(func(a *figures.Answers) {
			r := &a.FeedbackTrend[3].Value
			r.Binary = append(slices.Clone(r.Binary), figures.Rating{Rating: 1, Count: 999})
		}), "before: feedback.weekly repeated 2026-09-14 7"},
		{"a day a year ago", hoursOf(func(a *figures.Answers) {
			p := figures.Point{Time: a.Period.YearAgo().From().UTC(), Count: 12}
			a.YearAgo.Chats.Value = more(p)
		}), "before: year_ago repeated 2025-11-10 7"},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := report(t, c.change) // which reads it back from JSON
			expect(t, "not known", gaps(r), c.want)
		})
	}
}

// Equal points count once, in every series, and are told.
func TestPlace_EqualPoints(t *testing.T) {
	once := report(t, allHours)
	double := func(a *figures.Answers) {
		allHours(a)
		a.Chats, a.Messages = append(a.Chats, a.Chats...), append(a.Messages, a.Messages[3])
		a.Hours.Value, a.HandoverHours.Value = append(a.Hours.Value, a.Hours.Value...),
			append(a.HandoverHours.Value, a.HandoverHours.Value[2])
		a.FallbackDays.Value, a.FallbackTrend.Value = append(a.FallbackDays.Value,
			a.FallbackDays.Value[70]), append(a.FallbackTrend.Value, a.FallbackTrend.Value[1])
		a.Handovers.Value = append(a.Handovers.Value, a.Handovers.Value...)
		a.Feedback.This.Value.Binary = append(slices.Clone(a.Feedback.This.Value.Binary),
			a.Feedback.This.Value.Binary[1])
	}
	r := report(t, double)
	expect(t, "not known", gaps(r), "")
	var told []string
	for _, v := range r.Repeated {
		told = append(told, fmt.Sprint(v.Section, " ", v.Points))
	}
	expect(t, "told", told, []string{"chats 84", "messages 1", "hours 168", "fallbacks.daily 1",
		"fallbacks.weekly 1", "handovers 84", "handovers.hourly 1", "feedback 1"})
	r.Repeated, r.ID, once.ID = nil, "", ""
	expect(t, "the numbers", string(encode(t, r)), string(encode(t, once)))
}

// An hour that clocks repeat is there twice, and no more often.
func TestPlace_RepeatedHours(t *testing.T) {
	hour := func(name, zone string, day int, wall string, counts ...int) string {
		a := steady(t, name, zone)
		a.Hours.Value = slices.DeleteFunc(a.Hours.Value,
			func(p figures.Point) bool { return p.Time.Equal(at(t, wall)) })
		for _, n := range counts {
			a.Hours.Value = append(a.Hours.Value, figures.Point{Time: at(t, wall), Count: n})
		}
		r := compute(t, a)
		return show(r.Chats.Hourly[day][at(t, wall).Hour()]) + " " + gaps(r)
	}
	expect(t, "once", hour("2026-W43", "Europe/Oslo", 6, "2026-10-25 02:00", 3), "3 ")
	expect(t, "twice", hour("2026-W43", "Europe/Oslo", 6, "2026-10-25 02:00", 3, 4), "7 ")
	expect(t, "twice, equal", hour("2026-W43", "Europe/Oslo", 6, "2026-10-25 02:00", 3, 3), "6 ")
	expect(t, "three times", hour("2026-W43", "Europe/Oslo", 6, "2026-10-25 02:00", 3, 3, 3),
		"– hours.days repeated Sun")
	expect(t, "the hour after", hour("2026-W43", "Europe/Oslo", 6, "2026-10-25 03:00", 3, 4),
		"– hours.days repeated Sun")
	expect(t, "the same hour of another day",
		hour("2026-W43", "Europe/Oslo", 5, "2026-10-24 02:00", 3, 4), "– hours.days repeated Sat")
	expect(t, "half an hour comes twice", hour("2026-W14", "Australia/Lord_Howe", 6,
		"2026-04-05 01:00", 3, 4), "7 ")
}

// What is not known is no record, no quiet day, and no part of what is ordinary.
func TestUnknownDays(t *testing.T) {
	whole := report(t, allHours)
	missing := func(day int) func(*figures.Answers) {
		return func(a *figures.Answers) { allHours(a); on(&a.Chats, day, gone) }
	}
	r := report(t, missing(2))
	week := r.Chats.This()
	expect(t, "the week", fmt.Sprint(week.Count, " ", week.MissingDays, " ", week.Known()),
		fmt.Sprint(whole.Chats.Total-whole.Chats.Daily[2].Count, " 1 false"))
	expect(t, "the day", fmt.Sprint(r.Chats.Daily[2].Count, r.Chats.Daily[2].Known(),
		r.History[79].KnowsChats(), r.History[79].KnowsMessages()), "0 false false true")
	expect(t, "the headline", r.Headline.Rule, figures.HeadlineAlone)
	for _, i := range r.Insights {
		if i.Kind == figures.KindRecord || i.Kind == figures.KindDays ||
			i.Kind == figures.KindStreak {
			t.Errorf("an insight of the kind %s: %+v", i.Kind, i)
		}
	}
	expect(t, "empty", r.Empty(), false)

	r = report(t, missing(-5))
	expect(t, "this week is complete", len(r.Unavailable), 0)
	expect(t, "the headline", r.Headline.Rule, figures.HeadlineBaseline)
	expect(t, "weeks of an ordinary one", len(r.Baseline.Periods), len(whole.Baseline.Periods)-1)
	if got, want := r.Baseline.Days[2].Chats, whole.Baseline.Days[2].Chats; got < 0.9*want {
		t.Errorf("an ordinary Wednesday has %v chats, and with all of them known %v", got, want)
	}

	r = report(t, func(a *figures.Answers) { allHours(a); a.Chats = a.Chats[:77] })
	expect(t, "a week of which nothing is known is not empty", r.Empty(), false)
	expect(t, "nor is its headline that there were no chats", r.Headline.Rule, figures.HeadlineAlone)
	expect(t, "its target of handovers per chat",
		r.EvaluateTargets(figures.Targets{HandoverRate: new(0.1)})[0].State, figures.Unknown)
}
