package figures

import (
	"time"

	"kindlyweekly/report/period"
)

// Answers is all that was asked of Sage for one report. Times of points are wall-clock times in the bot's zone, carried
// in time.UTC, as Sage sends them without a zone.
type Answers struct {
	Bot       Bot
	Week      period.Week
	Locale    string
	FetchedAt time.Time
	Filters   Filters

	PageQueries string // PageQueriesKeep, or empty: pages are listed without what WithoutQuery cuts

	Special []Special // what is special about days of the 12 weeks and of the week a year ago; others are left out
	Targets Targets   // what the bot is held to

	// Options is what Sage knows to filter by; nil where the filters count nothing alone, so that it was not asked for.
	Options *Answer[Options]

	Chats, Messages []Point              // by day, 84 days; a report without them is not made
	Hours           Answer[[]Point]      // chats by hour, this week
	Fallbacks       Pair[Fallback]       // totals
	FallbackDays    Answer[[]RatePoint]  // by day, 84 days
	FallbackWeeks   Answer[[]RatePoint]  // by week, 12 weeks
	Handovers       Answer[[]StagePoint] // by day, 84 days
	HandoverHours   Answer[[]StagePoint] // by hour, this week
	Feedback        Pair[Ratings]
	// FeedbackBefore is of the eleven weeks before this one, without those with something special in them: an answer for each
	// of their Stretches.
	FeedbackBefore []Answer[Ratings]
	// FeedbackWeeks are those from the first of the 12 to the one before the last but one, so 10; nil where the bot has no
	// target that needs them.
	FeedbackWeeks []Answer[Ratings]
	Pages         Pair[[]Page]
	Buttons       Pair[[]Button]
	Labels        Pair[[]Label]
	YearAgo       LastYear
}

// LastYear is what was asked of the week a year ago, YearBefore.
type LastYear struct {
	Chats, Messages Answer[[]Point]  // by day
	Fallbacks       Answer[Fallback] // total
}

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
