package sage

import "context"

var feedback = endpoint{path: "feedback/summary"}

// Feedback has the users' ratings of their chats. A bot uses one of the two scales. Both lists are
// empty if there are no ratings, or if feedback is off in Kindly Chat: the service does not say
// which.
type Feedback struct {
	Binary []Rating // two steps, 1 is the lower
	Emojis []Rating // five steps, 1 is the lowest
}

// A Rating is one step of a scale and how often it was chosen.
type Rating struct {
	Rating int
	Count  int
	Ratio  float64 // the fraction, 0 to 1, of the ratings on this scale
}

// Feedback returns the ratings of the range (feedback/summary).
func (c *Client) Feedback(ctx context.Context, bot string, q Query) (Feedback, error) {
	return ask(ctx, c, feedback, bot, q, one(feedbackSummary))
}

func feedbackSummary(r *record) Feedback {
	return Feedback{
		Binary: scale(r, "binary", 2),
		Emojis: scale(r, "emojis", 5),
	}
}

// scale returns the ratings of a scale, at most one for each step.
func scale(r *record, key string, steps int) []Rating {
	ratings := sublist(r, key, rating)
	if len(ratings) > steps {
		r.unexpected("at most %d ratings under %q", steps, key)
	}
	return ratings
}

func rating(r *record) Rating {
	step := r.count("rating")
	if step < 1 || step > 5 {
		r.unexpected("a rating from 1 to 5")
	}
	count := r.count("count")
	return Rating{Rating: step, Count: count, Ratio: r.ratioOf("ratio", count)}
}
