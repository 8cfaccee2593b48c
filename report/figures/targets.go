package figures

import (
	"kindlyweekly/report/period"
)

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
	// Weeks is for how many weeks in a row, this one included, the state has been what it is; 0 where it is unknown. A
	// week of which it is unknown ends the row, and 12 are as far as is known.
	Weeks int `json:"weeks"`
	// Before is the state in which the week before was, and BeforeWeeks for how many weeks in a row.
	Before      string       `json:"before"`
	BeforeWeeks int          `json:"before_weeks"`
	Weekly      []TargetWeek `json:"weekly,omitempty"` // 12, this week last; not in an insight
}

// TargetWeek is a week's value and what became of the target.
type TargetWeek struct {
	Week  period.Week `json:"week"`
	Value *float64    `json:"value"`
	State string      `json:"state"`
}

// Judge holds the report's weeks to targets, in the order in which Targets names them.
//
// What was not fetched is not known to have missed. Nor is a rate of a handful of events, for the reason for which no
// percentage is printed of it: fewer than [MinMessages] messages for fallbacks, [MinEvents] chats for handovers,
// [MinRatings] ratings for feedback.
func (r *Report) Judge(t Targets) []Target {
	targets := []Target{}
	add := func(name string, limit float64, atLeast bool, value func(place int) measured) {
		targets = append(targets, r.judge(Target{Name: name, Limit: limit, AtLeast: atLeast}, value))
	}
	if t.FallbackRate != nil {
		add(TargetFallbackRate, *t.FallbackRate, false, r.measureFallbacks)
	}
	if t.HandoverRate != nil {
		add(TargetHandoverRate, *t.HandoverRate, false, r.measureHandovers)
	}
	if t.Feedback != nil {
		add(TargetFeedback, *t.Feedback, true, r.measureFeedback)
	}
	if t.RequestsWhileClosed != nil {
		add(TargetRequestsWhileClosed, float64(*t.RequestsWhileClosed), false, r.measureClosed)
	}
	return targets
}

// measured is a value that a target can be held against, and of how many events it is.
type measured struct {
	value  *float64
	of     *int
	enough bool
	steps  int // of ratings
}

func (r *Report) judge(t Target, value func(place int) measured) Target {
	for place := range TrendWeeks {
		m := value(place)
		week := TargetWeek{Week: r.Chats.Weekly[place].Week, Value: m.value, State: Unknown}
		if m.value != nil && m.enough && r.begun(place) {
			week.State = Met
			if *m.value > t.Limit && !t.AtLeast || *m.value < t.Limit && t.AtLeast {
				week.State = Missed
			}
		}
		t.Weekly = append(t.Weekly, week)
		t.Value, t.Of, t.Steps = m.value, m.of, m.steps // at the end, this week's
	}
	t.State, t.Weeks = row(t.Weekly)
	t.Before, t.BeforeWeeks = row(t.Weekly[:TrendWeeks-1])
	return t
}

// begun reports whether the bot's history had begun by the end of one of the 12 weeks.
func (r *Report) begun(place int) bool {
	return place == TrendWeeks-1 || r.HistoryFrom != nil && r.HistoryFrom.Before(r.Chats.Weekly[place].Week.To())
}

// row returns the last week's state and for how many weeks it has been that.
func row(weeks []TargetWeek) (state string, n int) {
	state = weeks[len(weeks)-1].State
	if state == Unknown {
		return state, 0
	}
	for n < len(weeks) && weeks[len(weeks)-1-n].State == state {
		n++
	}
	return state, n
}

func (r *Report) measureFallbacks(place int) measured {
	m := measured{value: r.Fallbacks.Weekly[place].Rate, enough: r.enoughMessages(place)}
	if messages := r.Messages.Weekly[place]; messages.Known() {
		m.of = &messages.Count
	}
	return m
}

func (r *Report) measureHandovers(place int) measured {
	if !r.Chats.Weekly[place].Known() {
		return measured{}
	}
	chats, h := r.Chats.Weekly[place].Count, r.Handovers.Weekly[place]
	m := measured{of: &chats, enough: chats >= MinEvents}
	if h.Requests != nil && h.RequestsWhileClosed != nil && chats > 0 {
		m.value = new(float64(plus(*h.Requests, *h.RequestsWhileClosed)) / float64(chats))
	}
	return m
}

func (r *Report) measureClosed(place int) measured {
	m := measured{enough: true}
	if n := r.Handovers.Weekly[place].RequestsWhileClosed; n != nil {
		m.value = new(float64(*n))
	}
	return m
}

// measureFeedback takes the kind of ratings that was less positive, of those of which there are enough: both are held to
// the target. They are asked in different ways and are never added up.
func (r *Report) measureFeedback(place int) measured {
	var lowest measured
	for i, s := range r.shares(place) {
		if s == nil || s.Total == 0 {
			continue
		}
		m := measured{new(float64(s.Positive) / float64(s.Total)), &s.Total, s.Total >= MinRatings, [...]int{2, 5}[i]}
		if lowest.value == nil || m.enough && !lowest.enough || m.enough == lowest.enough && *m.value < *lowest.value {
			lowest = m
		}
	}
	return lowest
}
