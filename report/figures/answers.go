package figures

import "time"

// Answer is one answer of Sage, or the reason why there is none.
type Answer[T any] struct {
	Value   T
	Failed  string // why there is no Value; empty if there is
	Refused bool   // Sage refused the request, and would refuse it again
	Cause   Cause  // why it failed; zero if that is unknown
	Surplus int    // items beyond the limit that came, and are not in Value
}

// Pair is the answer for this week and the one for the week before.
type Pair[T any] struct{ This, Previous Answer[T] }

// Point is a count at a time.
type Point struct {
	Time  time.Time
	Count int
}

func (p Point) at() time.Time { return p.Time }

// RatePoint is a count and a rate at a time. Rate is nil if there is none.
type RatePoint struct {
	Time  time.Time
	Count int
	Rate  *float64
}

func (p RatePoint) at() time.Time { return p.Time }

// StagePoint is the stages of handovers at a time.
type StagePoint struct {
	Time                                          time.Time
	Requests, RequestsWhileClosed, Started, Ended int
}

func (p StagePoint) at() time.Time { return p.Time }

// Fallback is the fallbacks of a whole interval. Rate is nil if there is none.
type Fallback struct {
	Count int
	Rate  *float64
}

// Ratings is the feedback of an interval.
type Ratings struct{ Binary, Emojis []Rating }
