package figures

import (
	"math"

	"kindlyweekly/report/period"
)

// targetLevel is how many standard deviations a value that stands out is from its limit.
const targetLevel = 3.0

// Names of targets, as in bots.yaml.
const (
	TargetFallbackRate        = "fallback_rate"
	TargetHandoverRate        = "handover_rate"
	TargetFeedback            = "feedback"
	TargetRequestsWhileClosed = "requests_while_closed"
)

// Targets are the limits of a bot. Nil: it has no such target.
type Targets struct {
	FallbackRate        *float64 // at most: fallbacks per reply
	HandoverRate        *float64 // at most: handover requests, open and closed, per chat
	Feedback            *float64 // at least: positive ratings per rating
	RequestsWhileClosed *int     // at most, in a week
}

// States of a target.
const (
	Met     = "met" // also if the value equals the limit
	Missed  = "missed"
	Unknown = "unknown" // the value is not available, or is of too few events
)

// Target is a limit, and whether the week met it. It is compared with no other week, so it counts
// in weeks with a holiday too.
type Target struct {
	Name    string  `json:"name"`     // one of the Target constants
	Limit   float64 `json:"limit"`    // a fraction; of requests_while_closed a count
	AtLeast bool    `json:"at_least"` // the value is to be at least the limit; else at most
	// Value is null if it is not available, or is a fraction of nothing.
	Value *float64 `json:"value"`
	// Steps says of which ratings the value of feedback is: 2 for thumbs, 5 for faces. Other
	// targets have 0, and no key.
	Steps int `json:"steps,omitempty"`
	// Of is how many events the value is of: messages, chats, ratings. Null: not known, or the
	// value is a count.
	Of    *int   `json:"of"`
	State string `json:"state"` // met, missed or unknown
	// StandsOut says that the value is beyond the limit, on the side that State says, by more than
	// chance. Only then a target has a sign. It is false if too few weeks are known to tell, and in
	// a report from before this key.
	StandsOut bool `json:"stands_out,omitempty"`
	// Periods is for how many weeks in a row the state is the same, this week included, up to 12.
	// It is 0 for an unknown state.
	Periods int `json:"weeks"`
	// Before is the state of the week before, and BeforePeriods for how many weeks in a row.
	Before        string         `json:"before"`
	BeforePeriods int            `json:"before_weeks"`
	Trend         []TargetPeriod `json:"weekly,omitempty"` // 12, this week last; not in an insight
}

// metAgain reports whether the target is met, and was missed the week before.
func (t Target) metAgain() bool { return t.State == Met && t.Before == Missed }

// TargetPeriod is a week's value and state.
type TargetPeriod struct {
	Period period.Period `json:"week"`
	Value  *float64      `json:"value"`
	State  string        `json:"state"`
}

// EvaluateTargets compares the report's weeks with targets, in the order of the fields of Targets.
//
// The state of a value that is not available is unknown. So is that of a rate of few events: fewer
// than [MinMessages] messages for fallbacks, [MinEvents] chats for handovers, [MinRatings] ratings
// for feedback.
func (r *Report) EvaluateTargets(t Targets) []Target {
	var closed *float64
	if t.RequestsWhileClosed != nil {
		closed = new(float64(*t.RequestsWhileClosed))
	}
	targets := []Target{}
	for _, k := range []struct {
		name    string
		limit   *float64
		atLeast bool
		measure measure
	}{
		{TargetFallbackRate, t.FallbackRate, false, measure{r.measureFallbacks, ofFraction}},
		{TargetHandoverRate, t.HandoverRate, false, measure{r.measureHandovers, root}},
		{TargetFeedback, t.Feedback, true, measure{r.measureFeedback, ofFraction}},
		{TargetRequestsWhileClosed, closed, false, measure{r.measureClosed, root}},
	} {
		if k.limit != nil {
			target := Target{Name: k.name, Limit: *k.limit, AtLeast: k.atLeast}
			targets = append(targets, r.evaluate(target, k.measure))
		}
	}
	return targets
}

// measure is what a target is about. week returns its value in one of the 12 weeks; of ratings, of
// those with so many steps, or of either kind for 0. scale puts a limit on the scale of measured.y.
type measure struct {
	week  func(place, steps int) measured
	scale func(limit float64) float64
}

// measured is a week's value, and of how many events it is. On the scale of y, chance alone gives
// it the same standard deviation whether it is high or low.
type measured struct {
	value     *float64
	of        *int
	enough    bool // it is of enough events
	steps     int  // of ratings
	y, chance float64
}

// reliable returns the value, nil if it is of too few events.
func (m measured) reliable() *float64 {
	if !m.enough {
		return nil
	}
	return m.value
}

// standsOut reports whether this week's value, which is known, is far from the limit, on either
// side, by more than chance. That is the larger of what chance gives so many events and of what the
// weeks of the baseline vary by.
func (r *Report) standsOut(m measure, limit float64) bool {
	this := m.week(TrendPeriods-1, 0)
	var ys []float64
	for _, place := range r.baselineWeeks() {
		if week := m.week(place, this.steps); week.reliable() != nil {
			ys = append(ys, week.y)
		}
	}
	return len(ys) >= MinPeriods &&
		math.Abs(this.y-m.scale(limit)) >= targetLevel*max(spread(ys), this.chance)
}

func (r *Report) evaluate(t Target, of measure) Target {
	for place := range TrendPeriods {
		m := of.week(place, 0)
		week := TargetPeriod{Period: r.Chats.Trend[place].Period, Value: m.value, State: Unknown}
		if v := m.reliable(); v != nil && r.begun(place) {
			week.State = Met
			if t.AtLeast && *v < t.Limit || !t.AtLeast && *v > t.Limit {
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

// begun reports whether the bot's history began before the end of one of the 12 weeks.
func (r *Report) begun(place int) bool {
	return place == TrendPeriods-1 ||
		r.HistoryFrom != nil && r.HistoryFrom.Before(r.Chats.Trend[place].Period.To())
}

// lastState returns the last week's state, and how many weeks in a row have it.
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
	if f.Rate != nil { // with a rate there is a count
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
		// A chat may have several requests, so they are counts.
		m.y, m.chance = root(*m.value), 1/math.Sqrt(float64(chats))
	}
	return m
}

func (r *Report) measureRequests(place, _ int) (m measured) {
	if n, known := r.Handovers.Trend[place].AllRequests(); known {
		m.value, m.enough = new(float64(n)), true
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

// measureFeedback takes the kind of ratings that was less positive, of those with enough ratings:
// both are to meet the target. Users are asked for them in different ways, so they are not added
// up.
func (r *Report) measureFeedback(place, steps int) measured {
	var lowest measured
	for i, s := range r.shares(place) {
		kind := [...]int{2, 5}[i]
		if s == nil || s.Total == 0 || steps != 0 && steps != kind {
			continue
		}
		m := measured{of: &s.Total, enough: s.Total >= MinRatings, steps: kind}
		m.value = new(float64(s.Positive) / float64(s.Total))
		y, variance := angle(s.Positive, s.Total)
		m.y, m.chance = y, math.Sqrt(variance)
		if lowest.value == nil || m.enough && !lowest.enough ||
			m.enough == lowest.enough && *m.value < *lowest.value {
			lowest = m
		}
	}
	return lowest
}
