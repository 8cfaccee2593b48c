package figures

import (
	"slices"
	"time"

	"kindlyweekly/report/period"
)

// placed is a series of points, each in its place: a day, a week or an hour.
type placed[V comparable] struct {
	value   []V    // the zero value without a point
	there   []bool // whether a point came for the place
	differs []bool // whether points contradict each other: the value is unknown, and zero here

	points   int // how many came
	dropped  int // how many of them are for times without a place
	repeated int // how many of them repeat another
}

// places are those of a series. at returns the place of a time. points returns how many points a
// place has: 1, but of hours 2 where clocks are set back.
type places struct {
	n      int
	at     func(time.Time) (place int, ok bool)
	points func(place int) int
}

// place puts points into their places. If a place has one point, equal ones count once, and
// different ones make its value unknown. If it has two, they add up, and more than two make it
// unknown.
func place[P interface{ at() time.Time }, V comparable](
	points []P, in places, value func(P) V, add func(a, b V) V) placed[V] {
	s := placed[V]{value: make([]V, in.n), there: make([]bool, in.n), differs: make([]bool, in.n),
		points: len(points)}
	found := make(map[int][]V)
	for _, p := range points {
		if i, ok := in.at(p.at()); ok {
			found[i] = append(found[i], value(p))
		} else {
			s.dropped++
		}
	}
	for i, values := range found {
		s.there[i] = true
		switch equal := len(slices.Compact(slices.Clone(values))) == 1; {
		case len(values) <= in.points(i):
			for _, v := range values {
				s.value[i] = add(s.value[i], v)
			}
		case equal && in.points(i) == 1:
			s.value[i] = values[0]
			s.repeated += len(values) - 1
		default:
			s.differs[i] = true
		}
	}
	return s
}

// discarded reports whether points came, and none for a time that was asked for.
func (s placed[V]) discarded() bool { return s.points > 0 && s.dropped == s.points }

// rated is the value of a RatePoint, comparable.
type rated struct {
	count   int
	rate    float64
	hasRate bool
}

func ratedOf(p RatePoint) rated {
	if p.Rate == nil {
		return rated{count: p.Count}
	}
	return rated{p.Count, *p.Rate, true}
}

// rateOf returns the rate, nil without one.
func (v rated) rateOf() *float64 {
	if !v.hasRate {
		return nil
	}
	return &v.rate
}

// addRated returns b, since a place of rates has one point.
func addRated(_, b rated) rated { return b }

// stages is the value of a StagePoint.
type stages struct{ requests, closed, started, ended int }

func stagesOf(p StagePoint) stages {
	return stages{p.Requests, p.RequestsWhileClosed, p.Started, p.Ended}
}

func (v stages) plus(w stages) stages {
	return stages{plus(v.requests, w.requests), plus(v.closed, w.closed),
		plus(v.started, w.started), plus(v.ended, w.ended)}
}

// asked returns how often people asked for a human.
func (v stages) asked() int { return plus(v.requests, v.closed) }

func countOf(p Point) int { return p.Count }

// allSeries are the series of all answers. Those of an answer that failed have no points.
type allSeries struct {
	chats, messages       placed[int]    // by day of the history
	hours                 placed[int]    // 24 for each day of the week
	fallbackDays          placed[rated]  // by day of the history
	fallbackWeeks         placed[rated]  // by week
	handovers             placed[stages] // by day of the history
	handoverHours         placed[stages] // 24 for each day of the week
	agoChats, agoMessages placed[int]    // by day of the week a year ago

	spans []run // the days of each week in the history

	otherWeeks bool // fallbackWeeks had points for weeks that begin on another day than ours
}

// place puts the points of all answers into their places. It makes an answer fail if all of its
// points are for other times.
func (r *Report) place(a *Answers, loc *time.Location) allSeries {
	var s allSeries
	once := func(int) int { return 1 }
	for i := range TrendPeriods {
		s.spans = append(s.spans, r.span(i))
	}
	days := places{s.spans[TrendPeriods-1].last + 1, r.day, once}
	s.chats = place(a.Chats, days, countOf, plus)
	s.messages = place(a.Messages, days, countOf, plus)
	s.fallbackDays = place(a.FallbackDays.Value, days, ratedOf, addRated)
	s.handovers = place(a.Handovers.Value, days, stagesOf, stages.plus)

	s.fallbackWeeks = place(a.FallbackTrend.Value, r.weekPlaces(&s.otherWeeks), ratedOf, addRated)

	shown := make([]int, 24*r.Period.Name.Len())
	for i, date := range r.Period.Name.Days() {
		times := date.HoursShown(loc)
		copy(shown[24*i:], times[:])
	}
	hours := places{len(shown), func(t time.Time) (int, bool) {
		i := 24*period.DateOf(t).Sub(r.Period.From) + t.Hour()
		return i, 0 <= i && i < len(shown) && shown[i] > 0
	}, func(i int) int { return shown[i] }}
	s.hours = place(a.Hours.Value, hours, countOf, plus)
	s.handoverHours = place(a.HandoverHours.Value, hours, stagesOf, stages.plus)

	yearAgo := r.Period.Name.YearAgo()
	ago := places{yearAgo.Len(), func(t time.Time) (int, bool) {
		date := period.DateOf(t)
		return date.Sub(yearAgo.From()), yearAgo.Has(date)
	}, once}
	s.agoChats = place(a.YearAgo.Chats.Value, ago, countOf, plus)
	s.agoMessages = place(a.YearAgo.Messages.Value, ago, countOf, plus)

	discard(&a.Hours, &s.hours)
	discard(&a.FallbackDays, &s.fallbackDays)
	discard(&a.FallbackTrend, &s.fallbackWeeks)
	discard(&a.Handovers, &s.handovers)
	discard(&a.HandoverHours, &s.handoverHours)
	discard(&a.YearAgo.Chats, &s.agoChats)
	discard(&a.YearAgo.Messages, &s.agoMessages)
	r.noteLeftOut(a, s)
	return s
}

// weekPlaces are the 12 weeks. It sets other if a point is for a week that begins on another day.
func (r *Report) weekPlaces(other *bool) places {
	return places{TrendPeriods, func(t time.Time) (int, bool) {
		day, ok := r.day(t) // a week's point carries its first day
		for i := range TrendPeriods {
			if ok && r.span(i).first == day {
				return i, true
			}
		}
		*other = *other || ok
		return 0, false
	}, func(int) int { return 1 }}
}

// discard makes an answer fail if none of its points is for a time that was asked for.
func discard[P any, V comparable](a *Answer[[]P], s *placed[V]) {
	if s.discarded() {
		a.Cause = Cause{Kind: CauseDiscarded, Who: "Sage"}
		a.Failed = a.Cause.reason()
		s.dropped = 0 // the answer's failure says it
	}
}

// noteLeftOut counts the points that are left out of the sections that are shown.
func (r *Report) noteLeftOut(a *Answers, s allSeries) {
	note := func(section string, dropped, repeated int) {
		if dropped > 0 {
			r.Dropped = append(r.Dropped, Dropped{section, dropped})
		}
		if repeated > 0 {
			r.Repeated = append(r.Repeated, Repeated{section, repeated})
		}
	}
	note(SectionChats, s.chats.dropped, s.chats.repeated)
	note(SectionMessages, s.messages.dropped, s.messages.repeated)
	note(SectionHours, s.hours.dropped, s.hours.repeated)
	if a.Fallbacks.This.Failed == "" { // else no part of the section is shown
		note(SectionFallbacksDaily, s.fallbackDays.dropped, s.fallbackDays.repeated)
		note(SectionFallbacksTrend, s.fallbackWeeks.dropped, s.fallbackWeeks.repeated)
	}
	note(SectionHandovers, s.handovers.dropped, s.handovers.repeated)
	if a.Handovers.Failed == "" {
		note(SectionHandoversHourly, s.handoverHours.dropped, s.handoverHours.repeated)
	}
	if a.YearAgo.Chats.Failed == "" && a.YearAgo.Messages.Failed == "" {
		note(SectionYearAgo, s.agoChats.dropped+s.agoMessages.dropped,
			s.agoChats.repeated+s.agoMessages.repeated)
	}
}

// reason returns one of this package's own causes in the English of report.json and of logs.
func (c Cause) reason() string {
	switch c.Kind {
	case CauseContradicted:
		return "Sage's " + c.By + " show events on days that it leaves out"
	case CauseRepeated:
		return "Sage gave different numbers for the same time"
	case CauseDiscarded:
		return "Sage answered only for times that were not asked for"
	}
	return "Sage has no events, and answered nothing else that could confirm it"
}
