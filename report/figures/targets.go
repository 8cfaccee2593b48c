package figures

import (
	"math"

	"kindlyweekly/report/period"
)

// targetLevel is how many standard deviations a value lies beyond its limit, to be so by more than chance.
const targetLevel = 3.0

// Names of targets, as bots.yaml writes them.
const (
	TargetFallbackRate        = "fallback_rate"
	TargetHandoverRate        = "handover_rate"
	TargetFeedback            = "feedback"
	TargetRequestsWhileClosed = "requests_while_closed"
)

// Targets are what a bot is held to; nil where there is no target.
type Targets struct {
	FallbackRate        *float64 // at most: fallbacks per reply
	HandoverRate        *float64 // at most: handover requests, open and closed, per chat
	Feedback            *float64 // at least: positive ratings per rating
	RequestsWhileClosed *int     // at most, in a week
}

// States of a target.
const (
	Met     = "met" // a value that just reaches its limit has met it
	Missed  = "missed"
	Unknown = "unknown" // it was not fetched, or is of too few events to be judged
)

// Target is a limit, and whether the week kept it. Unlike a comparison with other weeks it holds in every week, with a
// holiday in it or not.
type Target struct {
	Name    string  `json:"name"`     // one of the Target constants
	Limit   float64 `json:"limit"`    // a fraction; of requests_while_closed a count
	AtLeast bool    `json:"at_least"` // whether the value is to be no less than the limit; else no more
	// Value is null where it was not fetched, or there was nothing that it could be of.
	Value *float64 `json:"value"`
	// Steps says which kind of ratings the value of feedback is of: 2 for thumbs, 5 for faces. Zero, and no key, in others.
	Steps int `json:"steps,omitempty"`
	// Of is how many events the value is of: messages, chats, ratings. Null where not known, and where the value is a count.
	Of    *int   `json:"of"`
	State string `json:"state"` // met, missed or unknown
	// StandsOut is whether the value lies beyond the limit, on the side that State says, by more than chance. It is what
	// gives a target its sign. It is false, as in a report that was written before there was this key, where chance alone
	// may have decided, and where too few weeks are known to tell.
	StandsOut bool `json:"stands_out,omitempty"`
	// Periods is for how many weeks in a row, this one included, the state has been what it is; 0 where it is unknown. A
	// week of which it is unknown ends the row, and 12 are as far as is known.
	Periods int `json:"weeks"`
	// Before is the state in which the week before was, and BeforePeriods for how many weeks in a row.
	Before        string         `json:"before"`
	BeforePeriods int            `json:"before_weeks"`
	Trend         []TargetPeriod `json:"weekly,omitempty"` // 12, this week last; not in an insight
}

// TargetPeriod is a week's value and what became of the target.
type TargetPeriod struct {
	Period period.Period `json:"week"`
	Value  *float64      `json:"value"`
	State  string        `json:"state"`
}

// Judge holds the report's weeks to targets, in the order in which Targets names them.
//
// What was not fetched is not known to have missed. Nor is a rate of a handful of events, for the reason for which no
// percentage is printed of it: fewer than [MinMessages] messages for fallbacks, [MinEvents] chats for handovers,
// [MinRatings] ratings for feedback.
func (r *Report) Judge(t Targets) []Target {
	targets := []Target{}
	add := func(name string, limit float64, atLeast bool, m measure) {
		targets = append(targets, r.judge(Target{Name: name, Limit: limit, AtLeast: atLeast}, m))
	}
	if t.FallbackRate != nil {
		add(TargetFallbackRate, *t.FallbackRate, false, measure{r.measureFallbacks, ofFraction})
	}
	if t.HandoverRate != nil {
		add(TargetHandoverRate, *t.HandoverRate, false, measure{r.measureHandovers, root})
	}
	if t.Feedback != nil {
		add(TargetFeedback, *t.Feedback, true, measure{r.measureFeedback, ofFraction})
	}
	if t.RequestsWhileClosed != nil {
		add(TargetRequestsWhileClosed, float64(*t.RequestsWhileClosed), false, measure{r.measureClosed, root})
	}
	return targets
}

// measure is what a target is about. week returns one of the 12 weeks; of ratings, those of so many steps, or of either
// for 0. scale puts a limit on the scale of measured.y.
type measure struct {
	week  func(place, steps int) measured
	scale func(limit float64) float64
}

// measured is a value that a target can be held against, and of how many events it is. On the scale of y chance alone
// gives it the same standard deviation whether it is high or low.
type measured struct {
	value     *float64
	of        *int
	enough    bool
	steps     int // of ratings
	y, chance float64
}


// standsOut reports whether this week lies beyond the limit, on whichever side, by more than chance. What chance does is
// the larger of what it gives so many events and of what the bot's ordinary weeks wavered by.
func (r *Report) standsOut(m measure, limit float64) bool {
	this := m.week(TrendPeriods-1, 0)
	if this.value == nil || !this.enough {
		return false
	}
	var ys []float64
	for _, place := range r.baselineWeeks() {
		if week := m.week(place, this.steps); week.value != nil && week.enough {
			ys = append(ys, week.y)
		}
	}
	return len(ys) >= MinPeriods && math.Abs(this.y-m.scale(limit)) >= targetLevel*max(spread(ys), this.chance)
}

func (r *Report) judge(t Target, of measure) Target {
	for place := range TrendPeriods {
		m := of.week(place, 0)
		week := TargetPeriod{Period: r.Chats.Trend[place].Period, Value: m.value, State: Unknown}
		if m.value != nil && m.enough && r.begun(place) {
			week.State = Met
			if *m.value > t.Limit && !t.AtLeast || *m.value < t.Limit && t.AtLeast {
				week.State = Missed
			}
		}
		t.Trend = append(t.Trend, week)
		t.Value, t.Of, t.Steps = m.value, m.of, m.steps // at the end, this week's
	}
	t.State, t.Periods = lastState(t.Trend)
	t.Before, t.BeforePeriods = lastState(t.Trend[:TrendPeriods-1])
	t.StandsOut = t.State != Unknown && r.standsOut(of, t.Limit)
	return t
}

// begun reports whether the bot's history had begun by the end of one of the 12 weeks.
func (r *Report) begun(place int) bool {
	return place == TrendPeriods-1 || r.HistoryFrom != nil && r.HistoryFrom.Before(r.Chats.Trend[place].Period.To())
}

// lastState returns the last week's state and for how many weeks it has been that.
func lastState(weeks []TargetPeriod) (state string, n int) {
	state = weeks[len(weeks)-1].State
	if state == Unknown {
		return state, 0
	}
	for n < len(weeks) && weeks[len(weeks)-1-n].State == state {
		n++
	}
	return state, n
}

func (r *Report) measureFallbacks(place, _ int) measured {
	f, messages := r.Fallbacks.Trend[place], r.Messages.Trend[place]
	m := measured{value: f.Rate, enough: r.enoughMessages(place)}
	if messages.Known() {
		m.of = &messages.Count
	}
	if f.Rate != nil && f.Count != nil {
		y, variance := angle(*f.Count, replies(*f.Count, f.Rate, messages.Count))
		m.y, m.chance = y, math.Sqrt(variance)
	}
	return m
}

func (r *Report) measureHandovers(place, _ int) measured {
	if !r.Chats.Trend[place].Known() {
		return measured{}
	}
	chats := r.Chats.Trend[place].Count
	m := measured{of: &chats, enough: chats >= MinEvents}
	if requests, known := r.Handovers.Trend[place].AllRequests(); known && chats > 0 {
		m.value = new(float64(requests) / float64(chats))
		m.y, m.chance = root(*m.value), 1/math.Sqrt(float64(chats)) // a chat may have several, so they are counts
	}
	return m
}

func (r *Report) measureClosed(place, _ int) measured {
	m := measured{enough: true}
	if n := r.Handovers.Trend[place].RequestsWhileClosed; n != nil {
		m.value = new(float64(*n))
		m.y, m.chance = root(*m.value), 1
	}
	return m
}

// measureFeedback takes the kind of ratings that was less positive, of those of which there are enough: both are held to
// the target. They are asked in different ways and are never added up.
func (r *Report) measureFeedback(place, steps int) measured {
	var lowest measured
	for i, s := range r.shares(place) {
		kind := [...]int{2, 5}[i]
		if s == nil || s.Total == 0 || steps != 0 && steps != kind {
			continue
		}
		y, variance := angle(s.Positive, s.Total)
		m := measured{value: new(float64(s.Positive) / float64(s.Total)), of: &s.Total, enough: s.Total >= MinRatings, steps: kind,
			y: y, chance: math.Sqrt(variance)}
		if lowest.value == nil || m.enough && !lowest.enough || m.enough == lowest.enough && *m.value < *lowest.value {
			lowest = m
		}
	}
	return lowest
}
