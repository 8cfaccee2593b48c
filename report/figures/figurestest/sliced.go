package figurestest

import (
	"math"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

// Sliced is the busy bot with its sources and languages. Nearly all of Thursday's excess lies on
// the web in Norwegian, between 9 and 14. A label coincides with it.
func Sliced() *figures.Report { return compute(SlicedAnswers()) }

// SlicedAnswers is what Sage answers for [Sliced].
func SlicedAnswers() figures.Answers {
	a := busy()
	thursday := a.Period.From().Add(3)
	a.Handovers.Value[figures.HistoryDays-4].Requests = 160
	for i, s := range []struct {
		name     string
		from, to float64 // the part of the chats
		fails    bool    // on Thursday
	}{{"web", 0, 0.78, true}, {"app", 0.78, 0.93, false}, {"facebook", 0.93, 1, false},
		{"nb", 0, 0.8, true}, {"en", 0.8, 0.92, false}, {"sv", 0.92, 1, false}} {
		if v := slice(a, s.name, s.from, s.to, s.fails, thursday); i < 3 {
			a.Sources = append(a.Sources, v)
		} else {
			a.Languages = append(a.Languages, v)
		}
	}
	for ago := range 5 {
		a.Closer.Hours = append(a.Closer.Hours, hours(a.Period.Add(-ago), thursday))
	}
	labels := func(trouble int) figures.Answer[[]figures.Label] {
		return figures.Answer[[]figures.Label]{Value: []figures.Label{
			{ID: "t", Text: "Betaling feiler 💳", Count: trouble},
			{ID: "l0", Text: "Levering", Count: 190}}}
	}
	lists := figures.CloserLists{}
	lists.Labels.This = labels(210)
	for _, n := range []int{2, 1, 2, 3} {
		lists.Labels.Before = append(lists.Labels.Before, labels(n))
	}
	a.Closer.Lists = []figures.CloserLists{lists}
	return a
}

// usualOn is the usual number of fallbacks of 5,000 replies on the day of the incident.
const usualOn = 505

// slice returns the answers about a part of the bot's chats and fallbacks. If fails is true, it has
// the incident's fallbacks.
func slice(a figures.Answers, name string, from, to float64, fails bool, day period.Date,
) figures.SliceAnswers {
	s := figures.SliceAnswers{Name: name, Chats: new(figures.Answer[[]figures.Point]),
		Fallbacks:    new(figures.Answer[[]figures.RatePoint]),
		FallbackDays: new(figures.Answer[[]figures.RatePoint]),
		Handovers:    new(figures.Answer[[]figures.StagePoint])}
	part := to - from
	of := func(n int) int { // slices add up
		return int(math.Round(to*float64(n)) - math.Round(from*float64(n)))
	}
	for _, p := range a.Chats {
		p.Count = of(p.Count)
		s.Chats.Value = append(s.Chats.Value, p)
	}
	for i, p := range a.FallbackTrend.Value {
		replies := part * float64(p.Count) / *p.Rate
		if p.Count = of(p.Count); i == figures.TrendPeriods-1 {
			all, excess := a.Fallbacks.This.Value, 935-usualOn
			replies = part * float64(all.Count) / *all.Rate
			if p.Count = of(all.Count - excess); fails {
				p.Count += excess
			}
		}
		p.Rate = new(float64(p.Count) / replies)
		s.Fallbacks.Value = append(s.Fallbacks.Value, p)
	}
	for _, p := range a.FallbackDays.Value {
		replies := part * float64(p.Count) / *p.Rate
		if count := p.Count; p.Time.Equal(day.UTC()) {
			if p.Count = of(usualOn); fails {
				p.Count += count - usualOn
			}
		} else {
			p.Count = of(count)
		}
		p.Rate = new(float64(p.Count) / replies)
		s.FallbackDays.Value = append(s.FallbackDays.Value, p)
	}
	for _, p := range a.Handovers.Value {
		p.Requests, p.RequestsWhileClosed = of(p.Requests), of(p.RequestsWhileClosed)
		s.Handovers.Value = append(s.Handovers.Value, p)
	}
	return s
}

// hours returns the hours of a week, in which a tenth of the replies are fallbacks, except in the
// incident.
func hours(week period.Period, day period.Date) figures.CloserHours {
	h := figures.CloserHours{Period: week, Fallbacks: new(figures.Answer[[]figures.RatePoint]),
		Messages: new(figures.Answer[[]figures.Point])}
	for _, date := range week.Days() {
		for hour := range 24 {
			replies := 20 + 35*min(hour, 24-hour)
			count := replies / 10
			if date == day && 9 <= hour && hour < 14 {
				count += 86
			}
			h.Messages.Value = append(h.Messages.Value,
				figures.Point{Time: at(date, hour), Count: replies})
			h.Fallbacks.Value = append(h.Fallbacks.Value, figures.RatePoint{Time: at(date, hour),
				Count: count, Rate: new(float64(count) / float64(replies))})
		}
	}
	return h
}
