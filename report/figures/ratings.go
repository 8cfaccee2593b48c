package figures

import (
	"maps"
	"slices"

	"kindlyweekly/report/period"
)

// FeedbackPeriod is how much of a week's ratings was positive. Null: not available.
type FeedbackPeriod struct {
	Period period.Period `json:"week"`
	Binary *Share        `json:"binary"`
	Emojis *Share        `json:"emojis"`
}

// Share is how many ratings were positive, of how many.
type Share struct {
	Positive int `json:"positive"`
	Total    int `json:"total"`
}

// Stretches returns the eleven weeks before one, without those in which something was special, in stretches of weeks that
// follow each other, the oldest first: their feedback can be asked for in so many questions.
func Stretches(w period.Period, special []Special) [][]period.Period {
	var stretches [][]period.Period
	follows := false
	for i := range TrendPeriods - 1 {
		before := w.Add(i + 1 - TrendPeriods)
		switch {
		case slices.ContainsFunc(special, func(s Special) bool { return s.in(before) }):
			follows = false
			continue
		case !follows:
			stretches = append(stretches, nil)
		}
		last := &stretches[len(stretches)-1]
		*last, follows = append(*last, before), true
	}
	return stretches
}

// together adds up ratings of the same kind, the lowest rating first.
func together(all ...[]Rating) []Rating {
	if len(all) == 1 {
		return present(all[0])
	}
	counts, total := make(map[int]int), 0
	for _, ratings := range all {
		for _, v := range ratings {
			counts[v.Rating], total = plus(counts[v.Rating], v.Count), plus(total, v.Count)
		}
	}
	sum := []Rating{}
	for _, rating := range slices.Sorted(maps.Keys(counts)) {
		v := Rating{Rating: rating, Count: counts[rating]}
		if total > 0 {
			v.Ratio = float64(v.Count) / float64(total)
		}
		sum = append(sum, v)
	}
	return sum
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
	case place == TrendPeriods-1:
		return [2]*Share{share(f.Binary, 2), share(f.Emojis, 5)}
	case place == TrendPeriods-2:
		return [2]*Share{share(f.PreviousBinary, 2), share(f.PreviousEmojis, 5)}
	case len(f.Trend) == TrendPeriods:
		return [2]*Share{f.Trend[place].Binary, f.Trend[place].Emojis}
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
