package figures

import (
	"kindlyweekly/report/period"
)

// FeedbackWeek is how much of a week's ratings was positive. Null: not available.
type FeedbackWeek struct {
	Week   period.Week `json:"week"`
	Binary *Share      `json:"binary"`
	Emojis *Share      `json:"emojis"`
}

// Share is how many ratings were positive, of how many.
type Share struct {
	Positive int `json:"positive"`
	Total    int `json:"total"`
}

func share(ratings []Rating, steps int) *Share {
	if ratings == nil {
		return nil
	}
	positive, total := Positive(ratings, steps)
	return &Share{positive, total}
}

// shares returns both kinds of ratings of one of the 12 weeks, nil where they are not known.
func (r *Report) shares(place int) [2]*Share {
	f := r.Feedback
	switch {
	case place == TrendWeeks-1:
		return [2]*Share{share(f.Binary, 2), share(f.Emojis, 5)}
	case place == TrendWeeks-2:
		return [2]*Share{share(f.PreviousBinary, 2), share(f.PreviousEmojis, 5)}
	case len(f.Weekly) == TrendWeeks:
		return [2]*Share{f.Weekly[place].Binary, f.Weekly[place].Emojis}
	}
	return [2]*Share{}
}

// MoreRatings returns of how many steps the kind of ratings is that there are more of this week: 2 or 5.
func (r *Report) moreRatings() int {
	_, binary := Positive(r.Feedback.Binary, 2)
	if _, emojis := Positive(r.Feedback.Emojis, 5); emojis > binary {
		return 5
	}
	return 2
}

// positive returns the part of a week's ratings that was positive, nil where it is not known or of too few ratings.
func (r *Report) positive(place, steps int) *float64 {
	s := r.shares(place)[steps/5]
	if s == nil || s.Total < MinRatings {
		return nil
	}
	return new(float64(s.Positive) / float64(s.Total))
}
