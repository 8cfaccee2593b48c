package report

import (
	"kindlyweekly/report/bots"
	"kindlyweekly/report/figures"
)

// Names of targets, as bots.yaml writes them.
const (
	TargetFallbackRate        = "fallback_rate"
	TargetHandoverRate        = "handover_rate"
	TargetFeedback            = "feedback"
	TargetRequestsWhileClosed = "requests_while_closed"
)

// Missed names the targets that the week missed, in the order above. A destination that wants only alerts gets the
// report when there is one; a bot without targets never alerts.
//
// What was not fetched is not known to have missed. Nor is a rate of a handful of events, for the reason for which no
// percentage is printed of it: fewer than [figures.MinMessages] messages for fallbacks, [figures.MinEvents] chats for
// handovers, [figures.MinRatings] ratings for feedback. A value that just meets its target has not missed it.
//
// It stands here and not in figures because the figures of a week do not depend on what somebody wishes they were.
func Missed(targets bots.Targets, r *figures.Report) []string {
	var missed []string
	check := func(name string, is bool) {
		if is {
			missed = append(missed, name)
		}
	}
	if target, rate := targets.FallbackRate, r.Fallbacks.Rate; target != nil && rate != nil {
		check(TargetFallbackRate, r.Messages.Total >= figures.MinMessages && *rate > *target)
	}
	open, closed := r.Handovers.Requests, r.Handovers.RequestsWhileClosed
	if target := targets.HandoverRate; target != nil && open != nil && closed != nil {
		chats := r.Chats.Total
		check(TargetHandoverRate, chats >= figures.MinEvents && float64(*open+*closed)/float64(chats) > *target)
	}
	if target := targets.Feedback; target != nil {
		check(TargetFeedback, below(*target, r.Feedback.Binary, 2) || below(*target, r.Feedback.Emojis, 5))
	}
	if target := targets.RequestsWhileClosed; target != nil && closed != nil {
		check(TargetRequestsWhileClosed, *closed > *target)
	}
	return missed
}

// below reports whether enough ratings were given in so many steps, and too few of them positive. The two kinds of
// ratings are asked in different ways and are never added up.
func below(target float64, ratings []figures.Rating, steps int) bool {
	positive, total := figures.Positive(ratings, steps)
	return total >= figures.MinRatings && float64(positive)/float64(total) < target
}
