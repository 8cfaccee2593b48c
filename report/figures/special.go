package figures

import (
	"cmp"
	"slices"

	"kindlyweekly/report/period"
)

// Kinds of special days.
const (
	Holiday = "holiday" // a public holiday of the bot's country
	Note    = "note"    // a note in the bot's configuration, such as a campaign
)

// Special is why some days are unlike others. A week with such a day is not part of the baseline. A
// comparison with it has no percentage, raises no alarm and sets no record.
type Special struct {
	First period.Date `json:"first"`
	Last  period.Date `json:"last"` // inclusive
	Kind  string      `json:"kind"` // holiday or note
	Name  string      `json:"name"` // of a holiday mostly in its country's language
}

// On reports whether the date is one of the days.
func (s Special) On(date period.Date) bool { return !date.Before(s.First) && !s.Last.Before(date) }

// in reports whether one of the days is in the week.
func (s Special) in(w period.Period) bool {
	return s.First.Before(w.To()) && !s.Last.Before(w.From())
}

// SpecialIn returns what is special in a week, in the order of the days. It knows the 12 weeks and
// the week a year ago.
func (r *Report) SpecialIn(w period.Period) []Special {
	return slices.DeleteFunc(slices.Clone(r.Special), func(s Special) bool { return !s.in(w) })
}

// isSpecial reports whether a week has something special.
func (r *Report) isSpecial(w period.Period) bool {
	return slices.ContainsFunc(r.Special, func(s Special) bool { return s.in(w) })
}

// specials keeps what is in the 12 weeks or the week a year ago, in the order of the days.
func (r *Report) specials(all []Special) {
	r.Special = []Special{}
	first := r.Period.Name.Add(1 - TrendPeriods).From()
	for _, s := range all {
		s.Name = valid(s.Name)
		inTrend := s.First.Before(r.Period.To) && !s.Last.Before(first)
		if inTrend || s.in(r.Period.Name.YearAgo()) {
			r.Special = append(r.Special, s)
		}
	}
	slices.SortStableFunc(r.Special, func(a, b Special) int {
		return cmp.Or(a.First.Sub(b.First), a.Last.Sub(b.Last))
	})
}
