package figures

import (
	"cmp"
	"slices"

	"kindlyweekly/report/period"
)

// Which zeros are believed.
//
// Sage's answers overlap: a message is sent in a chat, a fallback is a reply to a message, and the
// hours of a day are that day. So a day without an event in one answer and with events in another
// is a contradiction, unless chats across midnight explain it. Sage may count such a chat on both
// days or on the first, and what happens after midnight counts on the second. For the same reason,
// unequal sums are no contradiction.
//
// Days without an event are checked in runs: chats cross into a run once, at its start. How many
// cross follows from the day before. How much happens in them is generous, for a bot of two chats a
// day and for one of a thousand. contradictions_sim_test.go simulates bots with consistent answers,
// and prints how many weeks are flagged, and how many of the days taken out of an answer are found.
const (
	crossingLeast = 2  // chats that may cross midnight after any day
	crossingShare = 15 // and one more for so many chats on the day before

	// The most that happens in each chat that crosses midnight.
	eachHours     = 3 // hours in which it counts
	eachMessages  = 8
	eachFallbacks = 3
	eachRequests  = 2 // for a human
	eachClicks    = 8
	eachLabels    = 4
	eachRatings   = 3
	eachPages     = 3 // on which it counts

	// A day's chats alone contradict a day without messages if the other days give so many chats a
	// chance of less than e^-14 to have none.
	noMessagesLevel = 14
	noMessagesDays  = 7 // other days that it takes

	// The days of a week may have fewer fallbacks than the week: by shortLeast, and by one for
	// shortShare fallbacks.
	shortLeast = 3
	shortShare = 15
)

// crossing returns how many chats cross midnight at most, after a day with so many.
func crossing(before int) int {
	return crossingLeast + (before+crossingShare-1)/crossingShare
}

// unknowns are the places of each series whose value is not known, with the cause. The zero Cause:
// it is known.
type unknowns struct {
	chats, messages, fallbackDays, handovers []Cause // by day of the history
	fallbackWeeks                            []Cause // by week
	hours, handoverHours                     []Cause // by day of this week; not single hours
	yearAgo                                  Cause
}

// evidence is what another answer shows of a run of days.
type evidence struct {
	section  string
	shows    int               // events
	limit    int               // events that are no contradiction
	daily    func(day int) int // events on a day; nil for an answer about the week
	frequent bool              // if it shows enough events, its own zeros are believed
}

// on returns the events on a day, 0 for evidence about the week.
func (e evidence) on(day int) int {
	if e.daily == nil {
		return 0
	}
	return e.daily(day)
}

func (e evidence) contradicts() bool { return e.shows > e.limit }

// run is some days in a row, by the places of the first and the last.
type run struct{ first, last int }

// zeros returns the runs of places without an event, from a place on.
func zeros[V comparable](s placed[V], from int) (all []run) {
	var none V
	for i := from; i < len(s.value); i++ {
		switch n := len(all) - 1; {
		case s.value[i] != none || s.differs[i]:
		case n >= 0 && all[n].last == i-1:
			all[n].last = i
		default:
			all = append(all, run{i, i})
		}
	}
	return all
}

func (w run) sum(of func(day int) int) (n int) {
	for i := w.first; i <= w.last; i++ {
		n = plus(n, of(i))
	}
	return n
}

// covers reports whether a run has all days of another.
func (w run) covers(days run) bool { return w.first <= days.first && w.last >= days.last }

// countUnknown returns how many days of the run are not known.
func (w run) countUnknown(marks []Cause) int { return countUnknown(marks[w.first : w.last+1]) }

// evidence returns what an answer by day shows of the run.
func (w run) evidence(section string, limit int, daily func(int) int, frequent bool) evidence {
	return evidence{section, w.sum(daily), limit, daily, frequent}
}

// ofWeek returns what an answer about the week shows.
func ofWeek(section string, shows, limit int) evidence {
	return evidence{section: section, shows: shows, limit: limit}
}

// markContradicted marks the days of the run that evidence contradicts. A day stays a zero if
// frequent evidence contradicts the run, and no evidence has events on that day.
func (w run) markContradicted(all []evidence, marks []Cause) {
	found := slices.DeleteFunc(slices.Clone(all), func(e evidence) bool { return !e.contradicts() })
	if len(found) == 0 {
		return
	}
	worst := slices.MaxFunc(found, func(a, b evidence) int {
		return cmp.Compare(float64(a.shows)/float64(a.limit), float64(b.shows)/float64(b.limit))
	})
	zerosBelieved := slices.ContainsFunc(found, func(e evidence) bool { return e.frequent })
	for i := w.first; i <= w.last; i++ {
		hasEvents := func(e evidence) bool { return e.on(i) > 0 }
		if zerosBelieved && !slices.ContainsFunc(all, hasEvents) {
			continue
		}
		// The cause is the first answer with events on the day, else the worst.
		marks[i] = contradictedBy(worst.section, worst.shows)
		if j := slices.IndexFunc(found, hasEvents); j >= 0 {
			marks[i] = contradictedBy(found[j].section, found[j].on(i))
		} else if worst.daily != nil {
			marks[i].Shows = 0
		}
	}
}

func contradictedBy(section string, shows int) Cause {
	return Cause{Kind: CauseContradicted, Who: "Sage", By: section, Shows: shows}
}

// differing marks the places with contradictory points.
func differing[V comparable](s placed[V]) []Cause {
	marks := make([]Cause, len(s.value))
	for i, differs := range s.differs {
		if differs {
			marks[i] = Cause{Kind: CauseRepeated, Who: "Sage"}
		}
	}
	return marks
}

// markAll marks all places.
func markAll(marks []Cause, kind string) {
	for i := range marks {
		marks[i] = Cause{Kind: kind, Who: "Sage"}
	}
}

// thisWeek returns the places of this week's days in the history.
func (s *allSeries) thisWeek() run { return s.spans[len(s.spans)-1] }

// findUnknown returns what is not known. It makes total fallbacks that the days contradict an
// answer that failed.
func (s *allSeries) findUnknown(a *Answers) unknowns {
	u := unknowns{
		chats: differing(s.chats), messages: differing(s.messages),
		fallbackDays: differing(s.fallbackDays), fallbackWeeks: differing(s.fallbackWeeks),
		handovers: differing(s.handovers), hours: make([]Cause, len(s.hours.value)/24),
		handoverHours: make([]Cause, len(s.handoverHours.value)/24),
	}
	if s.chats.discarded() {
		markAll(u.chats, CauseDiscarded)
	} else {
		s.checkChats(*a, u.chats)
	}
	if s.messages.discarded() {
		markAll(u.messages, CauseDiscarded)
	} else {
		s.checkMessages(*a, u)
	}
	s.checkFallbacks(a, u)
	s.checkHours(u)
	s.checkHandovers(u)
	u.yearAgo = s.checkYearAgo(*a)

	this := s.thisWeek()
	none := func(n []int, marks []Cause) bool {
		return slices.Max(n[this.first:]) == 0 && this.countUnknown(marks) == 0
	}
	if !a.confirms() && none(s.chats.value, u.chats) && none(s.messages.value, u.messages) {
		markAll(u.chats[this.first:], CauseUnproven)
		markAll(u.messages[this.first:], CauseUnproven)
	}
	return u
}

// countUnknown returns how many places are not known.
func countUnknown(marks []Cause) (n int) {
	for _, m := range marks {
		if m.Kind != "" {
			n++
		}
	}
	return n
}

// confirms reports whether Sage answered anything about this week that could have contradicted a
// zero of chats and messages.
func (a *Answers) confirms() bool {
	return slices.Contains([]string{
		a.Fallbacks.This.Failed, a.FallbackDays.Failed, a.Handovers.Failed, a.Feedback.This.Failed,
		a.Pages.This.Failed, a.Buttons.This.Failed, a.Labels.This.Failed,
	}, "")
}

// hoursOn returns the sum of the hours with chats on a day of the history, 0 before this week.
func (s *allSeries) hoursOn(day int) (n int) {
	if day -= s.thisWeek().first; day < 0 {
		return 0
	}
	for _, h := range s.hours.value[24*day : 24*(day+1)] {
		n = plus(n, h)
	}
	return n
}

func (s *allSeries) messagesOn(day int) int  { return s.messages.value[day] }
func (s *allSeries) fallbacksOn(day int) int { return s.fallbackDays.value[day].count }
func (s *allSeries) requestsOn(day int) int  { return s.handovers.value[day].asked() }

// before returns the chats on the day before the first of a run. For a day before the history,
// without chats, or not known, it returns the median of the days with chats.
func (s *allSeries) before(first int) int {
	if first > 0 && s.chats.value[first-1] > 0 {
		return s.chats.value[first-1]
	}
	var days []float64
	for _, n := range s.chats.value {
		if n > 0 {
			days = append(days, float64(n))
		}
	}
	if len(days) == 0 {
		return 0
	}
	return int(median(days))
}

// checkChats compares days without chats with everything that happens in chats.
func (s *allSeries) checkChats(a Answers, marks []Cause) {
	pages, feedback := a.Pages.This.Value, a.Feedback.This.Value
	clicks := total(a.Buttons.This.Value, func(b Button) int { return b.Count })
	labels := total(a.Labels.This.Value, func(l Label) int { return l.Count })
	ratings := func(all []Rating) int { return total(all, func(r Rating) int { return r.Count }) }
	weekly := []struct {
		section     string
		shows, each int
	}{
		{SectionFallbacks, a.Fallbacks.This.Value.Count, eachFallbacks},
		{SectionPages, total(pages, func(p Page) int { return p.Sessions }), eachPages},
		{SectionPages, total(pages, func(p Page) int { return p.Messages }), eachMessages},
		{SectionButtons, clicks, eachClicks},
		{SectionLabels, labels, eachLabels},
		{SectionFeedback, plus(ratings(feedback.Binary), ratings(feedback.Emojis)), eachRatings},
	}
	for _, w := range zeros(s.chats, 0) {
		most := crossing(s.before(w.first))
		all := []evidence{
			w.evidence(SectionHours, eachHours*most, s.hoursOn, true),
			w.evidence(SectionMessages, eachMessages*most, s.messagesOn, true),
			w.evidence(SectionFallbacksDaily, eachFallbacks*most, s.fallbacksOn, false),
			w.evidence(SectionHandovers, eachRequests*most, s.requestsOn, false),
		}
		if w.covers(s.thisWeek()) {
			for _, e := range weekly {
				all = append(all, ofWeek(e.section, e.shows, e.each*most))
			}
		}
		w.markContradicted(all, marks)
	}
}

func total[T any](list []T, count func(T) int) (n int) {
	for _, v := range list {
		n = plus(n, count(v))
	}
	return n
}

// checkMessages compares days without messages with fallbacks, which are replies to messages, and
// with chats. Some chats have no message, such as those of clicks only; how many depends on the
// bot.
func (s *allSeries) checkMessages(a Answers, u unknowns) {
	chatsOn := func(day int) int {
		if u.chats[day].Kind != "" {
			return s.hoursOn(day) / eachHours
		}
		return s.chats.value[day]
	}
	onPages := total(a.Pages.This.Value, func(p Page) int { return p.Messages })
	for _, w := range zeros(s.messages, 0) {
		most := crossing(s.before(w.first))
		limit := eachFallbacks * most
		all := []evidence{w.evidence(SectionFallbacksDaily, limit, s.fallbacksOn, false)}
		if w.covers(s.thisWeek()) {
			all = append(all,
				ofWeek(SectionFallbacks, a.Fallbacks.This.Value.Count, limit),
				ofWeek(SectionPages, onPages, eachMessages*most))
		}
		if p := s.messageProbability(u, w); p > 0 {
			limit := most + int(noMessagesLevel/p)
			all = append(all, w.evidence(SectionChats, limit, chatsOn, true))
		}
		w.markContradicted(all, u.messages)
	}
}

// messageProbability returns a lower bound of the probability that a chat has a message, estimated
// from the days outside a run. It is 0 if too few days tell. Of counts with mean m and variance v,
// at least m²/(m²+v) are not zero (Paley and Zygmund). The variance of a chat's messages follows
// from how far days are from the mean.
func (s *allSeries) messageProbability(u unknowns, outside run) float64 {
	var chats, messages float64
	var days []int
	for i := range s.chats.value {
		inside := outside.first <= i && i <= outside.last
		known := u.chats[i].Kind == "" && !s.messages.differs[i]
		if !inside && known && s.chats.value[i] > 0 {
			days = append(days, i)
			chats += float64(s.chats.value[i])
			messages += float64(s.messages.value[i])
		}
	}
	if len(days) < noMessagesDays || chats < MinEvents || messages == 0 {
		return 0
	}
	mean, variance := messages/chats, 0.0
	for _, i := range days {
		n := float64(s.chats.value[i])
		away := float64(s.messages.value[i]) - mean*n
		variance += away * away / n / float64(len(days)-1)
	}
	return mean * mean / (mean*mean + variance)
}

// checkFallbacks compares each week's fallbacks with the sum of its days, both ways. A fallback has
// one time, so no day's boundary moves more than a few.
func (s *allSeries) checkFallbacks(a *Answers, u unknowns) {
	for week, days := range s.spans {
		count := s.fallbackWeeks.value[week].count
		known, by := !s.otherWeeks && !s.fallbackWeeks.differs[week], SectionFallbacksTrend
		var answer *Answer[Fallback] // this week and the one before have their own
		switch week {
		case TrendPeriods - 1:
			answer, by = &a.Fallbacks.This, SectionFallbacks
		case TrendPeriods - 2:
			answer, by = &a.Fallbacks.Previous, SectionFallbacksPrevious
		}
		if answer != nil {
			count, known = answer.Value.Count, answer.Failed == ""
		}
		if !known || days.countUnknown(u.fallbackDays) > 0 {
			continue
		}
		sum := days.sum(s.fallbacksOn)
		limit := shortLeast + max(sum, count)/shortShare
		if cause := contradictedBy(SectionFallbacksDaily, sum); count == 0 && sum > limit {
			if answer != nil {
				*answer = Answer[Fallback]{Failed: cause.reason(), Cause: cause}
			} else {
				u.fallbackWeeks[week] = cause
			}
		}
		if count-sum > limit {
			s.markFallbackDays(days, contradictedBy(by, count-sum), u)
		}
	}
}

// markFallbackDays marks the days without a fallback, except days known to have no messages.
func (s *allSeries) markFallbackDays(days run, cause Cause, u unknowns) {
	for i := days.first; i <= days.last; i++ {
		noMessages := u.messages[i].Kind == "" && s.messages.value[i] == 0
		if s.fallbacksOn(i) == 0 && !noMessages {
			u.fallbackDays[i] = cause
		}
	}
}

// byDay returns a series of the days of one by hour.
func byDay[V comparable](s placed[V], none func(day int) bool) placed[bool] {
	n := len(s.value) / 24
	days := placed[bool]{value: make([]bool, n), differs: make([]bool, n)}
	for i := range n {
		days.value[i] = !none(i)
		days.differs[i] = slices.Contains(s.differs[24*i:24*(i+1)], true)
	}
	return days
}

// checkHours compares days without an hour with chats with the chats of the day.
func (s *allSeries) checkHours(u unknowns) {
	start := s.thisWeek().first
	days := byDay(s.hours, func(day int) bool { return s.hoursOn(start+day) == 0 })
	chatsOn := func(day int) int {
		if u.chats[start+day].Kind != "" {
			return 0
		}
		return s.chats.value[start+day]
	}
	for _, w := range zeros(days, 0) {
		limit := crossing(s.before(start + w.first))
		chats := w.evidence(SectionChats, limit, chatsOn, true)
		w.markContradicted([]evidence{chats}, u.hours)
	}
}

// checkHandovers compares this week's days of handovers with its hours, both ways. A request has
// one time.
func (s *allSeries) checkHandovers(u unknowns) {
	hoursOn := func(day int) int {
		return total(s.handoverHours.value[24*day:24*(day+1)], stages.asked)
	}
	start := s.thisWeek().first
	for _, w := range zeros(s.handovers, start) {
		on := func(day int) int { return hoursOn(day - start) }
		hours := w.evidence(SectionHandoversHourly, shortLeast, on, true)
		w.markContradicted([]evidence{hours}, u.handovers)
	}
	days := byDay(s.handoverHours, func(day int) bool { return hoursOn(day) == 0 })
	for _, w := range zeros(days, 0) {
		on := func(day int) int { return s.requestsOn(start + day) }
		handovers := w.evidence(SectionHandovers, shortLeast, on, true)
		w.markContradicted([]evidence{handovers}, u.handoverHours)
	}
}

// checkYearAgo returns the cause of the first unknown number of the week a year ago; the report
// then leaves the week out. It is zero if all numbers are known.
func (s *allSeries) checkYearAgo(a Answers) Cause {
	chats, messages := differing(s.agoChats), differing(s.agoMessages)
	before := func(w run) int {
		if w.first > 0 {
			return s.agoChats.value[w.first-1]
		}
		return slices.Max(s.agoChats.value)
	}
	week := run{0, len(s.agoChats.value) - 1}
	fallbacks := func(most int) evidence {
		return ofWeek(SectionFallbacks, a.YearAgo.Fallbacks.Value.Count, eachFallbacks*most)
	}
	messagesOn := func(day int) int { return s.agoMessages.value[day] }
	for _, w := range zeros(s.agoChats, 0) {
		most := crossing(before(w))
		all := []evidence{w.evidence(SectionMessages, eachMessages*most, messagesOn, true)}
		if w == week {
			all = append(all, fallbacks(most))
		}
		w.markContradicted(all, chats)
	}
	for _, w := range zeros(s.agoMessages, 0) {
		if w == week {
			w.markContradicted([]evidence{fallbacks(crossing(before(w)))}, messages)
		}
	}
	for _, c := range slices.Concat(chats, messages) {
		if c.Kind != "" {
			return c
		}
	}
	return Cause{}
}

// gaps adds what is not known of a series by day: this week's days to Unavailable, the days before
// to Contradictions. If no day of this week is known, the section is whole, else some.
func (r *Report) gaps(whole, some string, marks []Cause) {
	start := len(marks) - r.Period.Name.Len()
	r.unavailable(whole, some, marks[start:])
	r.contradicted(whole, marks[:start], func(i int) (first, last period.Date) {
		date := r.Period.From.Add(i - start)
		return date, date
	})
}

// unavailable adds the unknown days of this week, one entry for each cause. If no day is known,
// there is one entry, for the section whole.
func (r *Report) unavailable(whole, some string, marks []Cause) {
	all := countUnknown(marks) == len(marks)
	rest := slices.Clone(marks)
	for i, c := range marks {
		if rest[i].Kind == "" {
			continue
		}
		u := Unavailable{Section: some, Cause: c, Reason: c.reason()}
		u.Cause.Shows = 0
		for j, other := range rest {
			if all || other.Kind == c.Kind && other.By == c.By {
				u.Days = append(u.Days, r.Period.From.Add(j))
				u.Cause.Shows = addShown(u.Cause, other)
				rest[j] = Cause{}
			}
		}
		if len(u.Days) == len(marks) {
			u.Section, u.Days = whole, nil
		}
		r.Unavailable = append(r.Unavailable, u)
	}
}

// addShown returns what two causes by the same section show together. What an answer about a week
// shows is the same for each of its days, so it is not added.
func addShown(sum, c Cause) int {
	switch {
	case sum.By != c.By:
		return sum.Shows
	case slices.Contains(weekSections, c.By):
		return max(sum.Shows, c.Shows)
	}
	return plus(sum.Shows, c.Shows)
}

// weekSections are the sections whose answer is about a week, not about its days.
var weekSections = []string{SectionPages, SectionButtons, SectionLabels, SectionFeedback,
	SectionFallbacks, SectionFallbacksPrevious, SectionFallbacksTrend}

// contradicted adds the unknown days before this week, one entry for each stretch of one kind of
// cause. days returns the days of a mark.
func (r *Report) contradicted(
	section string, marks []Cause, days func(i int) (first, last period.Date)) {
	open := false
	for i, c := range marks {
		first, last := days(i)
		n := len(r.Contradictions) - 1
		switch {
		case c.Kind == "":
			open = false
		case open && r.Contradictions[n].Cause.Kind == c.Kind: // By may differ
			r.Contradictions[n].Last = last
			r.Contradictions[n].Cause.Shows = addShown(r.Contradictions[n].Cause, c)
		default:
			r.Contradictions = append(r.Contradictions, Contradiction{section, first, last, c})
			open = true
		}
	}
}
