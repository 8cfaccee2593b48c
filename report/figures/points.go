package figures

import (
	"slices"
	"time"

	"kindlyweekly/report/period"
)

// placed is a series of points, each in its place: a day, a week or an hour.
type placed[V comparable] struct {
	value   []V    // the zero value without a point
	there   []bool // a point came for the place
	differs []bool // more points came than there can be, and not all equal: the value is not known, and zero here

	points   int // that came
	dropped  int // of those, for times that are no place
	repeated int // of those, that say once more what another says
}

// place puts points into so many places. In a place of which times says 1 there is one point. Equal ones count once;
// different ones make its value unknown. Where times says 2, as of an hour that clocks repeat, up to two points add up; of
// more than two it is not known which are meant.
func place[P any, V comparable](points []P, places int, where func(P) (int, bool), value func(P) V, times func(place int) int, add func(a, b V) V) placed[V] {
	s := placed[V]{value: make([]V, places), there: make([]bool, places), differs: make([]bool, places), points: len(points)}
	found := make(map[int][]V)
	for _, p := range points {
		i, ok := where(p)
		if !ok {
			s.dropped++
			continue
		}
		found[i] = append(found[i], value(p))
	}
	for i, values := range found {
		s.there[i] = true
		switch equal := len(slices.Compact(slices.Clone(values))) == 1; {
		case len(values) <= times(i):
			for _, v := range values {
				s.value[i] = add(s.value[i], v)
			}
		case equal && times(i) == 1:
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

// once is the number of points that a day or a week has.
func once(int) int { return 1 }

// rated is what a point of fallbacks says, comparable.
type rated struct {
	count int
	rate  float64
	has   bool // a rate
}

func ratedOf(p RatePoint) rated {
	if p.Rate == nil {
		return rated{count: p.Count}
	}
	return rated{p.Count, *p.Rate, true}
}

// rateOf returns the rate, nil without one.
func (v rated) rateOf() *float64 {
	if !v.has {
		return nil
	}
	return &v.rate
}

// addRated is only called for the one point of a place.
func addRated(_, b rated) rated { return b }

// stages is what a point of handovers says.
type stages struct{ requests, closed, started, ended int }

func stagesOf(p StagePoint) stages {
	return stages{p.Requests, p.RequestsWhileClosed, p.Started, p.Ended}
}

func (v stages) plus(w stages) stages {
	return stages{plus(v.requests, w.requests), plus(v.closed, w.closed), plus(v.started, w.started), plus(v.ended, w.ended)}
}

// asked is how often people asked for a human.
func (v stages) asked() int { return plus(v.requests, v.closed) }

func countOf(p Point) int { return p.Count }

// series are all the series of a report's answers, in their places. Those of an answer that failed have no points.
type allSeries struct {
	chats, messages       placed[int]    // 84 days
	hours                 placed[int]    // 7 times 24 hours
	fallbackDays          placed[rated]  // 84 days
	fallbackWeeks         placed[rated]  // 12 weeks
	handovers             placed[stages] // 84 days
	handoverHours         placed[stages] // 7 times 24 hours
	agoChats, agoMessages placed[int]    // 7 days of the week a year ago

	otherWeeks bool // fallbackWeeks had points for days on which no week of ours begins
}

// place puts the points of all answers into their places. Of an answer whose points were all for other times it makes one
// that failed.
func (r *Report) place(a *Answers, loc *time.Location) allSeries {
	var s allSeries
	day := func(t time.Time) (int, bool) { return r.day(t) }
	s.chats = place(a.Chats, HistoryDays, func(p Point) (int, bool) { return day(p.Time) }, countOf, once, plus)
	s.messages = place(a.Messages, HistoryDays, func(p Point) (int, bool) { return day(p.Time) }, countOf, once, plus)
	s.fallbackDays = place(a.FallbackDays.Value, HistoryDays, func(p RatePoint) (int, bool) { return day(p.Time) }, ratedOf, once, addRated)
	s.handovers = place(a.Handovers.Value, HistoryDays, func(p StagePoint) (int, bool) { return day(p.Time) }, stagesOf, once, stages.plus)
	s.fallbackWeeks = place(a.FallbackTrend.Value, TrendPeriods, func(p RatePoint) (int, bool) {
		i, ok := day(p.Time) // a week's point carries its first day
		s.otherWeeks = s.otherWeeks || ok && i%7 != 0
		return i / 7, ok && i%7 == 0
	}, ratedOf, once, addRated)

	var shown [7 * 24]int
	for i, date := range r.Period.Name.Days() {
		times := date.HoursShown(loc)
		copy(shown[24*i:], times[:])
	}
	hour := func(t time.Time) (int, bool) {
		i := 24*period.DateOf(t).Sub(r.Period.From) + t.Hour()
		return i, 0 <= i && i < len(shown) && shown[i] > 0
	}
	times := func(i int) int { return shown[i] }
	s.hours = place(a.Hours.Value, len(shown), func(p Point) (int, bool) { return hour(p.Time) }, countOf, times, plus)
	s.handoverHours = place(a.HandoverHours.Value, len(shown), func(p StagePoint) (int, bool) { return hour(p.Time) }, stagesOf, times, stages.plus)

	ago := func(p Point) (int, bool) {
		i := period.DateOf(p.Time).Sub(r.Period.Name.YearAgo().From())
		return i, 0 <= i && i < 7
	}
	s.agoChats = place(a.YearAgo.Chats.Value, 7, ago, countOf, once, plus)
	s.agoMessages = place(a.YearAgo.Messages.Value, 7, ago, countOf, once, plus)

	discard(&a.Hours, s.hours)
	discard(&a.FallbackDays, s.fallbackDays)
	discard(&a.FallbackTrend, s.fallbackWeeks)
	discard(&a.Handovers, s.handovers)
	discard(&a.HandoverHours, s.handoverHours)
	discard(&a.YearAgo.Chats, s.agoChats)
	discard(&a.YearAgo.Messages, s.agoMessages)

	note(r, SectionChats, true, s.chats)
	note(r, SectionMessages, true, s.messages)
	note(r, SectionHours, a.Hours.Failed == "", s.hours)
	fallbacks := a.Fallbacks.This.Failed == "" // without which no part of them is shown
	note(r, SectionFallbacksDaily, fallbacks && a.FallbackDays.Failed == "", s.fallbackDays)
	note(r, SectionFallbacksTrend, fallbacks && a.FallbackTrend.Failed == "", s.fallbackWeeks)
	note(r, SectionHandovers, a.Handovers.Failed == "", s.handovers)
	note(r, SectionHandoversHourly, a.Handovers.Failed == "" && a.HandoverHours.Failed == "", s.handoverHours)
	both := s.agoChats
	both.dropped, both.repeated = both.dropped+s.agoMessages.dropped, both.repeated+s.agoMessages.repeated
	note(r, SectionYearAgo, a.YearAgo.Chats.Failed == "" && a.YearAgo.Messages.Failed == "", both)
	return s
}

// discard makes an answer of which no point is for a time that was asked for one that failed.
func discard[P any, V comparable](a *Answer[[]P], s placed[V]) {
	if a.Failed == "" && s.discarded() {
		a.Cause = Cause{Kind: CauseDiscarded, Who: "Sage"}
		a.Failed = a.Cause.reason()
	}
}

// note keeps count of the points that are left out of a section that is shown.
func note[V comparable](r *Report, section string, shown bool, s placed[V]) {
	if !shown {
		return
	}
	if s.dropped > 0 {
		r.Dropped = append(r.Dropped, Dropped{section, s.dropped})
	}
	if s.repeated > 0 {
		r.Repeated = append(r.Repeated, Repeated{section, s.repeated})
	}
}

// reason says one of this package's own causes in the English of report.json and of logs.
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
