package figures

import (
	"maps"
	"slices"

	"kindlyweekly/report/period"
)

// FeedbackPeriod is how much of a week's ratings was positive. Nil: not available.
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

// Stretches returns the eleven weeks before w without the special ones, in runs of consecutive
// weeks, the oldest first. The feedback of a run takes one request.
func Stretches(w period.Period, special []Special) [][]period.Period {
	var stretches [][]period.Period
	follows := false
	for _, before := range w.Trail(TrendPeriods)[:TrendPeriods-1] {
		if slices.ContainsFunc(special, func(s Special) bool { return s.in(before) }) {
			follows = false
			continue
		}
		if !follows {
			stretches = append(stretches, nil)
		}
		last := &stretches[len(stretches)-1]
		*last, follows = append(*last, before), true
	}
	return stretches
}

// together adds up ratings of the same kind, the lowest rating first. It keeps the ratios of a
// single list as they are.
func together(all ...[]Rating) []Rating {
	if len(all) == 1 {
		return present(all[0])
	}
	counts, total := make(map[int]int), 0
	for _, v := range slices.Concat(all...) {
		counts[v.Rating], total = plus(counts[v.Rating], v.Count), plus(total, v.Count)
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

// sharesOf returns the shares of both kinds of ratings, nil for a kind that is nil.
func sharesOf(binary, emojis []Rating) [2]*Share {
	return [2]*Share{share(binary, 2), share(emojis, 5)}
}

func share(ratings []Rating, steps int) *Share {
	if ratings == nil {
		return nil
	}
	positive, total := Positive(ratings, steps)
	return &Share{positive, total}
}

// shares returns both kinds of ratings of one of the 12 weeks, nil for what is unknown.
func (r *Report) shares(place int) [2]*Share {
	switch f := r.Feedback; {
	case place == TrendPeriods-1:
		return sharesOf(f.Binary, f.Emojis)
	case place == TrendPeriods-2:
		return sharesOf(f.PreviousBinary, f.PreviousEmojis)
	case f.Trend != nil:
		return [2]*Share{f.Trend[place].Binary, f.Trend[place].Emojis}
	}
	return [2]*Share{}
}

// moreRatings returns the steps of the kind that has more ratings this week: 2 or 5.
func (r *Report) moreRatings() int {
	_, binary := Positive(r.Feedback.Binary, 2)
	if _, emojis := Positive(r.Feedback.Emojis, 5); emojis > binary {
		return 5
	}
	return 2
}
