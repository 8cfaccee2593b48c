package figurestest

import (
	"slices"

	"kindlyweekly/report/figures"
)

// Gallery returns the weeks that `make gallery` renders, for people to look at when editions
// change.
func Gallery() []Exhibit {
	return []Exhibit{
		{"busy", "A busy bot with an incident", Busy()},
		{"sliced", "A busy bot, and where it happened", Sliced()},
		{"quiet", "A busy bot in a quiet week", Quiet()},
		{"small", "A small bot in a quiet week", Small()},
		{"tiny", "A tiny bot", Tiny()},
		{"empty", "An empty week", Empty()},
		{"new", "A new bot without history", New()},
		{"unavailable", "Every section unavailable", Unavailable()},
		{"long", "Names of 300 characters", Named(long...)},
		{"scripts", "Right-to-left and CJK names", Scripts()},
		{"branded", "A brand's colour and logo", Branded()},
		{"special", "A holiday and a campaign", Special()},
		{"gap", "Days that are not known", Gap()},
		{"unknown", "A week that is not known", Unknown()},
		{"good", "A rate lower than usual", Good()},
		{"worse", "A rate higher than usual", Worse()},
		{"missed", "A target missed week after week", Missed()},
		{"displeased", "Fewer thumbs up", Displeased()},
	}
}

// Exhibit is a week of the gallery.
type Exhibit struct {
	Name, Title string // Name is that of its folder
	Report      *figures.Report
}

// Quiet is the busy bot in a week like any other: nothing stands out, and both targets are met.
func Quiet() *figures.Report { return compute(quiet()) }

// Small is a bot with some 57 chats a day in a quiet week.
func Small() *figures.Report {
	a := quiet()
	a.Bot.ID, a.Bot.Name = "klinikk", "Klinikken"
	shrink(&a, 20)
	return compute(a)
}

// Scripts is the busy bot with names that are written from right to left, and names in scripts that
// the fonts lack.
func Scripts() *figures.Report { return Named(scripts...) }

// Good is the quiet bot in a week in which it did not understand far less often than usual.
func Good() *figures.Report {
	a := quiet()
	understood(&a, 0.071)
	return compute(a)
}

// Missed is the quiet bot with a limit that its usual fallback rate exceeds, week after week.
func Missed() *figures.Report {
	a := quiet()
	a.Targets.FallbackRate = new(0.09)
	return compute(a)
}

// Worse is the quiet bot in a week whose fallback rate is higher on every day.
func Worse() *figures.Report {
	a := quiet()
	a.Targets = figures.Targets{}
	understood(&a, 0.136)
	return compute(a)
}

// Displeased is the quiet bot in a week with far fewer thumbs up.
func Displeased() *figures.Report {
	a := quiet()
	a.Targets.Feedback = nil
	a.Feedback.This.Value.Binary = []figures.Rating{{Rating: 1, Count: 122, Ratio: 0.526},
		{Rating: 2, Count: 110, Ratio: 0.474}}
	return compute(a)
}

// quiet returns the answers for the busy bot in a week like any other.
func quiet() figures.Answers {
	a := busy()
	week := [2][7]int{{1189, 1256, 1316, 1306, 1244, 590, 606},
		{1204, 1232, 1337, 1290, 1198, 602, 588}}
	for i := range a.Chats {
		n := week[i/7%2][i%7] + 4*(i/7*5%7-3) // no two weeks are the same
		a.Chats[i].Count, a.Messages[i].Count = n, n*37/10+i%5
		h := &a.Handovers.Value[i]
		h.Requests, h.RequestsWhileClosed = n/21, n/70+6*(i%7/5)
		h.Started, h.Ended = n/24, n/25
	}
	for i := range a.FallbackTrend.Value {
		a.FallbackTrend.Value[i].Rate = new(0.101 + float64(i*5%9-4)/2000)
	}
	a.Fallbacks.Previous.Value = figures.Fallback{Count: 2750, Rate: new(0.102)}
	understood(&a, 0.101)
	a.Targets = figures.Targets{FallbackRate: new(0.12), Feedback: new(0.6)}
	a.FeedbackBefore[0].Value.Emojis = []figures.Rating{{Rating: 1, Count: 210, Ratio: 0.175},
		{Rating: 3, Count: 180, Ratio: 0.15}, {Rating: 5, Count: 810, Ratio: 0.675}}
	a.Feedback.Previous.Value.Emojis = []figures.Rating{{Rating: 1, Count: 18, Ratio: 0.18},
		{Rating: 3, Count: 14, Ratio: 0.14}, {Rating: 5, Count: 68, Ratio: 0.68}}
	a.Labels.Previous.Value = slices.Clone(a.Labels.This.Value)
	a.Buttons.Previous.Value = slices.Clone(a.Buttons.This.Value)
	return a
}

// understood sets the week's fallback rate, which is about the same on each of its days. The rates
// of the days before vary around 10 %.
func understood(a *figures.Answers, rate float64) {
	days := a.FallbackDays.Value
	replies := 0
	for i := range days {
		n := a.Messages[i].Count
		of := 0.101 + float64(i*5%9-4)/1000
		if i >= len(days)-7 {
			of += rate - 0.101
			replies += n
		}
		days[i].Count, days[i].Rate = int(of*float64(n)), new(of)
	}
	this := figures.Fallback{Count: int(rate * float64(replies)), Rate: new(rate)}
	a.Fallbacks.This.Value = this
	last := &a.FallbackTrend.Value[len(a.FallbackTrend.Value)-1]
	last.Count, last.Rate = this.Count, this.Rate
}

// shrink divides all counts.
func shrink(a *figures.Answers, by int) {
	for _, points := range [][]figures.Point{a.Chats, a.Messages, a.Hours.Value,
		a.YearAgo.Chats.Value, a.YearAgo.Messages.Value} {
		for i := range points {
			points[i].Count /= by
		}
	}
	for _, points := range [][]figures.RatePoint{a.FallbackDays.Value, a.FallbackTrend.Value} {
		for i := range points {
			points[i].Count /= by
		}
	}
	for _, f := range []*figures.Fallback{&a.Fallbacks.This.Value, &a.Fallbacks.Previous.Value,
		&a.YearAgo.Fallbacks.Value} {
		f.Count /= by
	}
	for _, points := range [][]figures.StagePoint{a.Handovers.Value, a.HandoverHours.Value} {
		for i := range points {
			p := &points[i]
			p.Requests, p.RequestsWhileClosed = p.Requests/by, p.RequestsWhileClosed/by
			p.Started, p.Ended = p.Started/by, p.Ended/by
		}
	}
	ratings := []*figures.Ratings{&a.Feedback.This.Value, &a.Feedback.Previous.Value}
	for _, answers := range [][]figures.Answer[figures.Ratings]{a.FeedbackBefore, a.FeedbackTrend} {
		for i := range answers {
			ratings = append(ratings, &answers[i].Value)
		}
	}
	for _, r := range ratings {
		for _, scale := range [][]figures.Rating{r.Binary, r.Emojis} {
			for i := range scale {
				scale[i].Count /= by
			}
		}
	}
	for _, labels := range [][]figures.Label{a.Labels.This.Value, a.Labels.Previous.Value} {
		for i := range labels {
			labels[i].Count /= by
		}
	}
	for _, buttons := range [][]figures.Button{a.Buttons.This.Value, a.Buttons.Previous.Value} {
		for i := range buttons {
			buttons[i].Count /= by
		}
	}
	for _, pages := range [][]figures.Page{a.Pages.This.Value, a.Pages.Previous.Value} {
		for i := range pages {
			pages[i].Sessions, pages[i].Messages = pages[i].Sessions/by, pages[i].Messages/by
		}
	}
}
