package figures

import "time"

// Answer is one answer, or the reason why there is none.
type Answer[T any] struct {
	Value   T
	Failed  string // empty: Value holds
	Refused bool   // it failed by Sage's own word, and asking again brings the same
	Cause   Cause  // why it failed; zero where that is not known
	Surplus int    // items beyond the limit that came all the same; they are not in Value
}

// Pair is the same question for this week and the week before.
type Pair[T any] struct{ This, Previous Answer[T] }

// Point is a count at a time.
type Point struct {
	Time  time.Time
	Count int
}

// RatePoint is a count and a rate at a time.
type RatePoint struct {
	Time  time.Time
	Count int
	Rate  *float64
}

// StagePoint is the stages of handovers at a time.
type StagePoint struct {
	Time                                          time.Time
	Requests, RequestsWhileClosed, Started, Ended int
}

// Fallback is a whole interval's fallbacks.
type Fallback struct {
	Count int
	Rate  *float64
}

// Ratings is a week's feedback.
type Ratings struct{ Binary, Emojis []Rating }
