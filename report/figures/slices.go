package figures

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Slices are the week by source and by language. A kind is null if the bot has only one of it, if
// the filters select only one, or if Sage's answers about it are missing or contradict each other.
type Slices struct {
	Sources   *Sliced `json:"sources"`
	Languages *Sliced `json:"languages"`
}

// Sliced is the week by source, or by language. An event has at most one source and one language,
// so slices add up, unless Sage counts otherwise. Rest is what the rows lack of the whole. Overlap
// is how many more chats than the whole they have.
type Sliced struct {
	Slices  []Slice   `json:"slices"` // the most chats first
	Rest    SliceRest `json:"rest"`
	Overlap int       `json:"overlap,omitempty"`
}

// Slice is the week's numbers of one source or language, each with its median of the baseline's
// weeks. Null: not asked for, not available, or contradicted by other numbers.
type Slice struct {
	Name      string     `json:"name"` // of a source, or the code of a language
	Chats     SliceCount `json:"chats"`
	Fallbacks SliceRate  `json:"fallbacks"`
	Requests  SliceCount `json:"requests"` // for a human, open and closed
}

// SliceCount is a count of this week.
type SliceCount struct {
	Count    *int     `json:"count"`
	Baseline *float64 `json:"ordinary"` // null: fewer than MinPeriods weeks are known
}

// SliceRate is the fallbacks of this week. A rate is of at least MinEvents replies.
type SliceRate struct {
	Count    *int     `json:"count"`
	Rate     *float64 `json:"rate"`
	Baseline *float64 `json:"ordinary"` // of the rate
}

// SliceRest is how much of the whole is in no slice, such as chats without a language. Null: a
// slice or the whole is not known.
type SliceRest struct {
	Chats     *int `json:"chats"`
	Fallbacks *int `json:"fallbacks"`
	Requests  *int `json:"requests"`
}

// Conditions under which the numbers of slices are used.
const (
	maxOverlap = 10 // the slices are at most a whole and a tenth
	restShare  = 20 // with more than a twentieth in no slice, a slice without an event is not known
	fewEvents  = 3  // a difference of at most this many events is no contradiction
)

// SliceAnswers is what Sage answered about one source or language. Nil: not asked for.
type SliceAnswers struct {
	Name         string
	Chats        *Answer[[]Point]      // by day, 84 days
	Fallbacks    *Answer[[]RatePoint]  // by week, 12 weeks
	Handovers    *Answer[[]StagePoint] // by day, 84 days
	FallbackDays *Answer[[]RatePoint]  // by day, 84 days
}

// SliceNames returns the sources and the languages to ask for one by one, in the order of o. If f
// leaves fewer than two of a kind, it returns none of it. Names that a request cannot contain are
// left out.
func (f Filters) SliceNames(o Options) (sources, languages []string) {
	included := f.Included()
	sources, languages = included.Sources, included.Languages
	if len(sources) == 0 {
		sources = o.Sources
	}
	if len(languages) == 0 {
		for _, code := range o.Languages {
			languages = append(languages, language(code))
		}
	}
	var names [2][]string
	for i, kind := range []struct {
		all []string
		ok  func(string) bool
	}{
		{sources, func(s string) bool {
			return askable.MatchString(s) && len(s) <= maxKnownName &&
				!slices.Contains(f.Sources, "-"+s)
		}},
		{languages, func(s string) bool { return len(s) == 2 && askable.MatchString(s) }},
	} {
		for _, name := range kind.all {
			if kind.ok(name) && !slices.Contains(names[i], name) {
				names[i] = append(names[i], name)
			}
		}
		if len(names[i]) < 2 {
			names[i] = nil
		}
	}
	return names[0], names[1]
}

// askable matches the names that a request can contain.
var askable = regexp.MustCompile(`^[^-\s\pC,][^\s\pC,]*$`)

// part is the numbers of one slice, by day and by week. Nil: not known.
type part struct {
	name          string
	chats         *placed[int]
	fallbackWeeks *placed[rated]
	fallbackDays  *placed[rated]
	handovers     *placed[stages]
}

// parts puts the answers about slices into their places. Of slices of one name it keeps the first.
func (r *Report) parts(answers []SliceAnswers) (all []part) {
	once := func(int) int { return 1 }
	days := places{r.span(TrendPeriods-1).last + 1, r.day, once}
	for _, a := range answers {
		name := valid(a.Name)
		if slices.ContainsFunc(all, func(p part) bool { return p.name == name }) {
			continue
		}
		var other bool
		p := part{
			name:          name,
			chats:         placeAnswer(a.Chats, days, countOf, plus),
			fallbackWeeks: placeAnswer(a.Fallbacks, r.weekPlaces(&other), ratedOf, addRated),
			fallbackDays:  placeAnswer(a.FallbackDays, days, ratedOf, addRated),
			handovers:     placeAnswer(a.Handovers, days, stagesOf, stages.plus),
		}
		if other {
			p.fallbackWeeks = nil
		}
		all = append(all, p)
	}
	return all
}

// placeAnswer returns nil if there is no answer that can be used.
func placeAnswer[P interface{ at() time.Time }, V comparable](
	a *Answer[[]P], in places, value func(P) V, add func(a, b V) V) *placed[V] {
	if a == nil || a.Failed != "" {
		return nil
	}
	s := place(a.Value, in, value, add)
	if s.discarded() {
		return nil
	}
	return &s
}

// in returns the sum over a run of days, and nil if one of them is not known.
func in[V comparable](s *placed[V], days run, count func(V) int) *int {
	if s == nil || slices.Contains(s.differs[days.first:days.last+1], true) {
		return nil
	}
	return new(days.sum(func(day int) int { return count(s.value[day]) }))
}

func self(n int) int { return n }

// chatsIn returns the part's chats in one of the 12 weeks, and requestsIn how often people asked
// for a human. Nil: not known.
func (r *Report) chatsIn(p part, week int) *int { return in(p.chats, r.span(week), self) }

func (r *Report) requestsIn(p part, week int) *int {
	return in(p.handovers, r.span(week), stages.asked)
}

// fallbacksIn returns the part's fallbacks in one of the 12 weeks, or nil if they are not known.
// The rate is nil if there is none. of is the number of replies. Without a fallback it is the
// number of chats, which is smaller.
func (r *Report) fallbacksIn(p part, week int) (count *int, rate *float64, of int) {
	if p.fallbackWeeks == nil || p.fallbackWeeks.differs[week] {
		return nil, nil, 0
	}
	v := p.fallbackWeeks.value[week]
	if chats := r.chatsIn(p, week); chats != nil {
		of = *chats
	}
	return &v.count, v.rateOf(), replies(v.count, v.rateOf(), of)
}

// slices sets the slices.
func (r *Report) slices(sources, languages []part) {
	s := Slices{r.sliced(sources), r.sliced(languages)}
	if s.Sources != nil || s.Languages != nil {
		r.Slices = &s
	}
}

// sliced returns the rows of a kind. A slice that has nothing, this week and usually, is no row. It
// returns nil if fewer than two rows remain.
func (r *Report) sliced(parts []part) *Sliced {
	if len(parts) < 2 {
		return nil
	}
	s := &Sliced{}
	for _, p := range parts {
		s.Slices = append(s.Slices, r.slice(p))
	}
	var chats, requests *int
	if v := r.Chats.This(); v.Known() {
		chats = &v.Count
	}
	if n, known := r.Handovers.AllRequests(); known {
		requests = &n
	}
	var overlap [3]int
	s.Rest.Chats, overlap[0] = s.fit(chats, func(v *Slice) **int { return &v.Chats.Count })
	s.Rest.Fallbacks, overlap[1] = s.fit(r.Fallbacks.Count,
		func(v *Slice) **int { return &v.Fallbacks.Count })
	s.Rest.Requests, overlap[2] = s.fit(requests, func(v *Slice) **int { return &v.Requests.Count })
	s.Overlap = overlap[0]
	s.Slices = slices.DeleteFunc(s.Slices, Slice.empty)
	rows := len(s.Slices)
	if s.Rest.Chats != nil && *s.Rest.Chats > 0 {
		rows++
	}
	if rows < 2 || !slices.ContainsFunc(s.Slices, Slice.known) {
		return nil
	}
	for i := range s.Slices {
		if v := &s.Slices[i]; v.Fallbacks.Count == nil {
			v.Fallbacks.Rate = nil
		}
	}
	slices.SortStableFunc(s.Slices, func(a, b Slice) int {
		return cmp.Or(cmp.Compare(orNone(b.Chats.Count), orNone(a.Chats.Count)),
			strings.Compare(a.Name, b.Name))
	})
	return s
}

// orNone returns a count, or -1 for nil.
func orNone(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

// known reports whether anything is known of the slice in this week.
func (v Slice) known() bool {
	return v.Chats.Count != nil || v.Fallbacks.Count != nil || v.Requests.Count != nil
}

// empty reports whether the slice is known to have nothing, this week and usually.
func (v Slice) empty() bool {
	none := func(n *int) bool { return n == nil || *n == 0 }
	usual := v.Chats.Baseline
	return v.Chats.Count != nil && *v.Chats.Count == 0 && (usual == nil || *usual == 0) &&
		none(v.Fallbacks.Count) && none(v.Requests.Count)
}

// fit compares a count of all slices with the whole. It returns what is in no slice, and how much
// more than the whole the slices have. If they have far more, Sage ignored the filter of the
// request. If much is in no slice, a zero proves nothing. Such counts become nil.
func (s *Sliced) fit(whole *int, count func(*Slice) **int) (rest *int, overlap int) {
	if whole == nil {
		return nil, 0
	}
	sum, complete := 0, true
	for i := range s.Slices {
		if n := *count(&s.Slices[i]); n != nil {
			sum = plus(sum, *n)
		} else {
			complete = false
		}
	}
	drop := func(doubtful func(n int) bool) {
		for i := range s.Slices {
			if n := count(&s.Slices[i]); *n != nil && doubtful(**n) {
				*n, complete = nil, false
			}
		}
	}
	if overlap = sum - *whole; overlap > max(fewEvents, *whole/maxOverlap) {
		drop(func(int) bool { return true })
		return nil, 0
	}
	if overlap < 0 && -overlap > max(fewEvents, *whole/restShare) {
		drop(func(n int) bool { return n == 0 })
	}
	if !complete {
		return nil, max(0, overlap)
	}
	return new(max(0, -overlap)), max(0, overlap)
}

// slice returns the numbers of one slice.
func (r *Report) slice(p part) Slice {
	const this = TrendPeriods - 1
	v := Slice{Name: p.name}
	v.Chats.Count, v.Requests.Count = r.chatsIn(p, this), r.requestsIn(p, this)
	var of int
	v.Fallbacks.Count, v.Fallbacks.Rate, of = r.fallbacksIn(p, this)
	if of < MinEvents {
		v.Fallbacks.Rate = nil
	}
	none := v.Chats.Count != nil && *v.Chats.Count == 0
	if none && (v.Fallbacks.Count != nil && *v.Fallbacks.Count > fewEvents ||
		v.Requests.Count != nil && *v.Requests.Count > fewEvents) {
		v.Chats.Count = nil
	}
	if r.Baseline == nil {
		return v
	}
	weeks := r.baselineWeeks()
	usual := func(value func(week int) *float64) *float64 {
		if t := optionalTypical(knownOf(weeks, value)); t != nil {
			return &t.Median
		}
		return nil
	}
	count := func(week func(part, int) *int) func(int) *float64 {
		return func(i int) *float64 {
			if n := week(p, i); n != nil {
				return new(float64(*n))
			}
			return nil
		}
	}
	v.Chats.Baseline, v.Requests.Baseline = usual(count(r.chatsIn)), usual(count(r.requestsIn))
	v.Fallbacks.Baseline = usual(func(i int) *float64 {
		if _, rate, of := r.fallbacksIn(p, i); of >= MinEvents {
			return rate
		}
		return nil
	})
	return v
}
