package figurestest

import (
	"cmp"
	"math"
	"slices"
	"time"

	"kindlyweekly/report/figures"
)

// Ruled is a week, and the row of the table of verdicts that applies to it.
type Ruled struct {
	Status, Rule string
	Name         string // the rule, and how the week differs from others of it
	Report       *figures.Report
}

// Verdicts returns a week for each row of the table of verdicts, in its order. Rows whose sentences
// depend on more have several.
func Verdicts() []Ruled {
	var all []Ruled
	add := func(status, rule, differs string, changes ...func(*figures.Answers)) {
		a := quiet()
		a.Bot.Name = "Nettbutikk"
		for _, change := range changes {
			change(&a)
		}
		name := rule
		if status == figures.GoodWeek {
			name = "good " + rule
		}
		if differs != "" {
			name += ", " + differs
		}
		all = append(all, Ruled{status, rule, name, compute(a)})
	}
	const look, good = figures.NeedsLook, figures.GoodWeek

	add(look, figures.VerdictDead, "", nobody)

	add(look, figures.VerdictIncident, "", limit(0.103), misunderstood(2, 0.205))
	add(look, figures.VerdictIncident, "within its limit", misunderstood(2, 0.171))
	add(look, figures.VerdictIncident, "two days, no limit", noTargets, misunderstood(2, 0.171),
		misunderstood(3, 0.23))
	add(look, figures.VerdictRising, "", limit(0.13), creeping)
	add(look, figures.VerdictRate, "", every(0.136))
	add(look, figures.VerdictMissed, "", limit(0.09))
	add(look, figures.VerdictMissed, "two of them", limit(0.09), closedLimit(60))
	add(look, figures.VerdictMissed, "and one by chance", limit(0.1005), closedLimit(60))
	add(look, figures.VerdictMissed, "feedback that fell", thumbs(122, 110))
	add(look, figures.VerdictFeedback, "", thumbs(122, 110),
		func(a *figures.Answers) { a.Targets.Feedback = new(0.45) })
	add(look, figures.VerdictFeedback, "no target", noTargets, thumbs(122, 110))
	add(look, figures.VerdictFell, "", chats(0.4))

	add(figures.Incomplete, figures.VerdictCore, "", func(a *figures.Answers) {
		a.Messages = slices.Delete(a.Messages, len(a.Messages)-5, len(a.Messages)-4)
	})
	add(figures.Incomplete, figures.VerdictSection, "", func(a *figures.Answers) {
		fail("Sage answered 503 Service Unavailable to 5 tries",
			figures.Cause{Kind: figures.CauseStatus, Who: "Sage", Status: 503}, &a.Feedback.This)
	})

	add(figures.TooFew, figures.VerdictMessages, "", small)
	add(figures.TooFew, figures.VerdictSpecial, "", func(a *figures.Answers) {
		a.Special = []figures.Special{{First: a.Period.From().Add(4), Last: a.Period.From().Add(4),
			Kind: figures.Note, Name: "Black Friday"}}
	})
	add(figures.TooFew, figures.VerdictWeeks, "", began(2))
	add(figures.TooFew, figures.VerdictWeeks, "the first week", began(0))

	add(good, figures.VerdictRate, "", every(0.071))
	add(good, figures.VerdictFeedback, "", thumbs(30, 202))
	add(good, figures.VerdictMet, "", closedLimit(160), func(a *figures.Answers) {
		for week := 2; week < 5; week++ { // weeks before this one
			a.Handovers.Value[len(a.Handovers.Value)-7*week].RequestsWhileClosed = 140
		}
	})

	add(figures.UsualWeek, figures.VerdictUsual, "")
	add(figures.UsualWeek, figures.VerdictUsual, "no targets", noTargets)
	add(figures.UsualWeek, figures.VerdictUsual, "a target missed by chance", limit(0.1005))
	add(figures.UsualWeek, figures.VerdictUsual, "two of three by chance", limit(0.1005),
		closedLimit(113))
	add(figures.UsualWeek, figures.VerdictUsual, "many chats", chats(1.6))
	return all
}

func noTargets(a *figures.Answers) { a.Targets = figures.Targets{} }

func limit(rate float64) func(*figures.Answers) {
	return func(a *figures.Answers) { a.Targets.FallbackRate = &rate }
}

func closedLimit(requests int) func(*figures.Answers) {
	return func(a *figures.Answers) { a.Targets.RequestsWhileClosed = &requests }
}

// nobody removes all that happened in the week.
func nobody(a *figures.Answers) {
	a.Chats, a.Messages = a.Chats[:len(a.Chats)-7], a.Messages[:len(a.Messages)-7]
	a.FallbackDays.Value = a.FallbackDays.Value[:len(a.FallbackDays.Value)-7]
	a.Handovers.Value = a.Handovers.Value[:len(a.Handovers.Value)-7]
	a.FallbackTrend.Value = a.FallbackTrend.Value[:len(a.FallbackTrend.Value)-1]
	a.Hours.Value, a.HandoverHours.Value = nil, nil
	a.Fallbacks.This.Value, a.Feedback.This.Value = figures.Fallback{}, figures.Ratings{}
	a.Labels.This.Value, a.Buttons.This.Value, a.Pages.This.Value = nil, nil, nil
}

// began removes all weeks before but the last ones.
func began(weeks int) func(*figures.Answers) {
	return func(a *figures.Answers) {
		from := len(a.Chats) - 7*(weeks+1)
		a.Chats, a.Messages = a.Chats[from:], a.Messages[from:]
		a.FallbackDays.Value = a.FallbackDays.Value[from:]
		a.Handovers.Value = a.Handovers.Value[from:]
		a.FallbackTrend.Value = a.FallbackTrend.Value[len(a.FallbackTrend.Value)-weeks-1:]
		for i := range a.FeedbackTrend {
			if i < len(a.FeedbackTrend)+1-weeks {
				a.FeedbackTrend[i].Value = figures.Ratings{}
			}
		}
		a.FeedbackBefore[0].Value = figures.Ratings{}
		if weeks == 0 {
			a.Feedback.Previous.Value = figures.Ratings{}
			a.Fallbacks.Previous.Value = figures.Fallback{}
			a.Labels.Previous.Value, a.Buttons.Previous.Value = nil, nil
			a.Pages.Previous.Value = nil
		}
		a.YearAgo.Chats.Value, a.YearAgo.Messages.Value = nil, nil
		a.YearAgo.Fallbacks.Value = figures.Fallback{}
	}
}

// small makes the bot one with a few chats a day.
func small(a *figures.Answers) {
	shrink(a, math.MaxInt)
	for i := range a.Chats {
		a.Chats[i].Count, a.Messages[i].Count = 3+i%2, 9+3*(i%2)
		a.FallbackDays.Value[i].Count = 1
		a.FallbackDays.Value[i].Rate = new(1 / float64(a.Messages[i].Count))
	}
	for place := range figures.TrendPeriods {
		week(a, place)
	}
	a.Hours.Value = nil
	for i, p := range a.Chats[len(a.Chats)-7:] {
		a.Hours.Value = append(a.Hours.Value,
			figures.Point{Time: p.Time.Add(time.Duration(9+i) * time.Hour), Count: p.Count})
	}
}

func every(rate float64) func(*figures.Answers) {
	return func(a *figures.Answers) { understood(a, rate) }
}

// misunderstood sets the rate of a day of the week, and that of the week.
func misunderstood(day int, rate float64) func(*figures.Answers) {
	return func(a *figures.Answers) {
		i := len(a.FallbackDays.Value) - 7 + day
		setRate(a, i, rate)
		week(a, figures.TrendPeriods-1)
	}
}

// creeping makes the rates rise by a fifth in four weeks.
func creeping(a *figures.Answers) {
	steps := map[int]float64{8: 1.05, 9: 1.09, 10: 1.14, 11: 1.19}
	for place := range figures.TrendPeriods {
		factor := cmp.Or(steps[place], 1)
		for i := 7 * place; i < 7*place+7; i++ {
			j := len(a.FallbackDays.Value) - 7*figures.TrendPeriods + i
			setRate(a, j, *a.FallbackDays.Value[j].Rate*factor)
		}
		week(a, place)
	}
}

func setRate(a *figures.Answers, i int, rate float64) {
	n := a.Messages[i].Count
	a.FallbackDays.Value[i].Count = int(math.Round(rate * float64(n)))
	a.FallbackDays.Value[i].Rate = new(float64(a.FallbackDays.Value[i].Count) / float64(n))
}

// week sets the fallbacks of one of the 12 weeks to the sum of those of its days.
func week(a *figures.Answers, place int) {
	count, replies := 0, 0
	for i := range 7 {
		j := len(a.FallbackDays.Value) - 7*(figures.TrendPeriods-place) + i
		count += a.FallbackDays.Value[j].Count
		replies += a.Messages[j].Count
	}
	f := figures.Fallback{Count: count, Rate: new(float64(count) / float64(replies))}
	a.FallbackTrend.Value[place].Count, a.FallbackTrend.Value[place].Rate = f.Count, f.Rate
	switch place {
	case figures.TrendPeriods - 1:
		a.Fallbacks.This.Value = f
	case figures.TrendPeriods - 2:
		a.Fallbacks.Previous.Value = f
	}
}

// thumbs sets the thumbs down and up of the week.
func thumbs(down, up int) func(*figures.Answers) {
	return func(a *figures.Answers) {
		all := float64(down + up)
		a.Feedback.This.Value.Binary = []figures.Rating{
			{Rating: 1, Count: down, Ratio: float64(down) / all},
			{Rating: 2, Count: up, Ratio: float64(up) / all}}
	}
}

// chats multiplies all counts of the week.
func chats(by float64) func(*figures.Answers) {
	return func(a *figures.Answers) {
		times := func(n int) int { return int(math.Round(by * float64(n))) }
		for _, points := range [][]figures.Point{a.Chats[len(a.Chats)-7:],
			a.Messages[len(a.Messages)-7:], a.Hours.Value} {
			for i := range points {
				points[i].Count = times(points[i].Count)
			}
		}
		days := a.FallbackDays.Value[len(a.FallbackDays.Value)-7:]
		for i := range days {
			days[i].Count = times(days[i].Count)
		}
		for _, stages := range [][]figures.StagePoint{a.Handovers.Value[len(a.Handovers.Value)-7:],
			a.HandoverHours.Value} {
			for i := range stages {
				s := &stages[i]
				s.Requests, s.RequestsWhileClosed = times(s.Requests), times(s.RequestsWhileClosed)
				s.Started, s.Ended = times(s.Started), times(s.Ended)
			}
		}
		for _, scale := range [][]figures.Rating{a.Feedback.This.Value.Binary,
			a.Feedback.This.Value.Emojis} {
			for i := range scale {
				scale[i].Count = times(scale[i].Count)
			}
		}
		for i := range a.Labels.This.Value {
			a.Labels.This.Value[i].Count = times(a.Labels.This.Value[i].Count)
		}
		for i := range a.Buttons.This.Value {
			a.Buttons.This.Value[i].Count = times(a.Buttons.This.Value[i].Count)
		}
		for i := range a.Pages.This.Value {
			p := &a.Pages.This.Value[i]
			p.Sessions, p.Messages = times(p.Sessions), times(p.Messages)
		}
		week(a, figures.TrendPeriods-1)
	}
}

// fail makes answers fail.
func fail[T any](reason string, cause figures.Cause, answers ...*figures.Answer[T]) {
	for _, a := range answers {
		a.Failed, a.Cause = reason, cause
	}
}
