package figures

import (
	"cmp"
	"slices"

	"kindlyweekly/report/period"
)

// Kinds of special days.
const (
	Holiday = "holiday" // a public holiday of the bot's country
	Note    = "note"    // a note of the bot's configuration, such as a campaign
)

// Special says why some days were not like others. A week with such a day in it is no measure for other weeks, nor are
// others for it: it leaves the ordinary week, and what is compared with it or against it is printed without a
// percentage, raises no alarm and sets no record.
type Special struct {
	First period.Date `json:"first"`
	Last  period.Date `json:"last"` // inclusive; of a single day it is First
	Kind  string      `json:"kind"` // holiday or note
	Name  string      `json:"name"` // a holiday's mostly in the language of its country
}

// On reports whether the date is one of the days.
func (s Special) On(date period.Date) bool { return !date.Before(s.First) && !s.Last.Before(date) }

// in reports whether one of the days lies in the week.
func (s Special) in(w period.Period) bool { return s.First.Before(w.To()) && !s.Last.Before(w.From()) }

// SpecialIn returns what was special in a week, in the order of the days. It is known of the 12 weeks and of the week a
// year ago.
func (r *Report) SpecialIn(w period.Period) []Special {
	var found []Special
	for _, s := range r.Special {
		if s.in(w) {
			found = append(found, s)
		}
	}
	return found
}

// isSpecial reports whether there was anything special in a week.
func (r *Report) isSpecial(w period.Period) bool { return len(r.SpecialIn(w)) > 0 }

// specials keeps what touches the 12 weeks or the week a year ago, in the order of the days.
func (r *Report) specials(all []Special) {
	r.Special = []Special{}
	first := r.Period.Name.Add(1 - TrendPeriods)
	for _, s := range all {
		s.Name = valid(s.Name)
		touches := s.First.Before(r.Period.To) && !s.Last.Before(first.From())
		if touches || s.in(r.Period.Name.YearAgo()) {
			r.Special = append(r.Special, s)
		}
	}
	slices.SortStableFunc(r.Special, func(a, b Special) int { return cmp.Or(a.First.Sub(b.First), a.Last.Sub(b.Last)) })
}
