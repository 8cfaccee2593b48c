package figures

import (
	"cmp"
	"slices"

	"kindlyweekly/report/period"
)

// Which zeros are doubted.
//
// Answers overlap: whoever writes a message is in a chat, a fallback is a reply to a message, and the hours of a day are that
// day. So a day without an event in one answer and with events in another is a contradiction, unless chats that cross the
// day's boundary explain it: Sage may count such a chat in both days or only where it began, and what happens in it after
// midnight counts on the day after. Unequal sums are none, for the same reason.
//
// Days without an event are looked at in runs, since what crosses into a run of them does so once, at its beginning. How many
// chats can have crossed follows from the day before; how much can have happened in them is generous, for a bot of two chats
// a day as for one of a thousand. contradictions_sim_test.go simulates bots of which nothing is missing and prints how many weeks are
// flagged, and how many of the days that were taken out of an answer are found.
const (
	crossingLeast = 2  // chats that may cross a boundary however few there were on the day before
	crossingShare = 15 // and one in so many of those

	// What may have happened, at most, in each chat that crossed the boundary.
	eachHours     = 3 // hours in which it counts
	eachMessages  = 8 // messages
	eachFallbacks = 3
	eachRequests  = 2 // requests for a human
	eachClicks    = 8
	eachLabels    = 4
	eachRatings   = 3
	eachPages     = 3 // pages on which it counts

	// A day without messages is doubted for its chats alone where the bot's other days leave a chance of less than e^-14
	// that so many chats had none.
	noMessagesLevel = 14
	noMessagesDays  = 7 // days that say so at least
	// Where the fallbacks of a week's days fall short of the week's, some of them are missing: beyond so many, and beyond a
	// day's crossing.
	shortLeast = 3
	shortShare = 15 // one in so many
)

// crossing is how many chats may have begun before a day and gone on in it, by the number of the day before.
func crossing(before int) int { return crossingLeast + (before+crossingShare-1)/crossingShare }

// unknowns are the places of each series whose value is not known, with the cause; the zero Cause: it is known.
type unknowns struct {
	chats, messages, fallbackDays, handovers []Cause // by day of the history
	fallbackWeeks                            []Cause // by week
	hours, handoverHours                     []Cause // by day of the week; single hours of which different points came are in the series
	yearAgo                                  Cause
}

// evidence is what another answer shows of a run of days.
type evidence struct {
	section  string
	shows    int
	limit    int
	daily    func(day int) int // nil: it says nothing of single days
	frequent bool              // where it shows events in the run, its own zeros on single days are to be believed
}

// run is some days, first to last, by their places.
type run struct{ first, last int }

// zeros are the runs of places that have no event.
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

// markContradicted marks the days of a run that evidence contradicts. A day of it on which nothing happened by an answer that has
// events on the others stays a zero.
func (w run) markContradicted(all []evidence, marks []Cause) {
	var found []evidence
	for _, e := range all {
		if e.shows > e.limit {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		return
	}
	worst := slices.MaxFunc(found, func(a, b evidence) int {
		return cmp.Compare(float64(a.shows)/float64(a.limit), float64(b.shows)/float64(b.limit))
	})
	for i := w.first; i <= w.last; i++ {
		events, silent := 0, false
		for _, e := range all {
			if e.daily != nil {
				events, silent = plus(events, e.daily(i)), silent || e.frequent && e.shows > e.limit
			}
		}
		if events == 0 && silent {
			continue
		}
		// The first that has events on the very day tells of it, and else the worst of all.
		by := worst
		for _, e := range slices.Backward(found) {
			if e.daily != nil && e.daily(i) > 0 {
				by = e
			}
		}
		marks[i] = Cause{Kind: CauseContradicted, Who: "Sage", By: by.section, Shows: by.shows} // of a week
		if by.daily != nil {
			marks[i].Shows = by.daily(i)
		}
	}
}

// differing marks the places for which different points came.
func differing[V comparable](s placed[V]) []Cause {
	marks := make([]Cause, len(s.value))
	for i, differs := range s.differs {
		if differs {
			marks[i] = Cause{Kind: CauseRepeated, Who: "Sage"}
		}
	}
	return marks
}

// mark marks all places.
func mark(marks []Cause, kind string) {
	for i := range marks {
		marks[i] = Cause{Kind: kind, Who: "Sage"}
	}
}

// thisWeek returns the places of this week's days in the history.
func (s *allSeries) thisWeek() run { return s.spans[len(s.spans)-1] }

// findUnknown finds what is not known. Totals of fallbacks that the days contradict become answers that failed.
func (s *allSeries) findUnknown(a *Answers) unknowns {
	d := unknowns{
		chats: differing(s.chats), messages: differing(s.messages), fallbackDays: differing(s.fallbackDays),
		handovers: differing(s.handovers), fallbackWeeks: differing(s.fallbackWeeks),
		hours: make([]Cause, len(s.hours.value)/24), handoverHours: make([]Cause, len(s.handoverHours.value)/24),
	}
	switch {
	case s.chats.discarded():
		mark(d.chats, CauseDiscarded)
	default:
		s.checkChats(*a, d.chats)
	}
	switch {
	case s.messages.discarded():
		mark(d.messages, CauseDiscarded)
	default:
		s.checkMessages(*a, d)
	}
	if a.FallbackDays.Failed == "" {
		s.checkFallbacks(a, d)
	}
	if a.Hours.Failed == "" {
		s.checkHours(d)
	}
	if a.Handovers.Failed == "" && a.HandoverHours.Failed == "" {
		s.checkHandovers(d)
	}
	s.checkYearAgo(*a, &d)

	this := s.thisWeek()
	none := func(n []int, marks []Cause) bool {
		return this.sum(func(day int) int { return n[day] }) == 0 && this.countUnknown(marks) == 0
	}
	if !a.confirms() && none(s.chats.value, d.chats) && none(s.messages.value, d.messages) {
		mark(d.chats[this.first:], CauseUnproven)
		mark(d.messages[this.first:], CauseUnproven)
	}
	return d
}

// countUnknown counts the places that are not known.
func countUnknown(marks []Cause) (n int) {
	for _, m := range marks {
		if m.Kind != "" {
			n++
		}
	}
	return n
}

// countUnknown counts the days that are not known.
func (w run) countUnknown(marks []Cause) int { return countUnknown(marks[w.first : w.last+1]) }

// confirms reports whether anything was answered of this week by another part of Sage than the one that counts chats and
// messages, so that it could have contradicted a zero.
func (a *Answers) confirms() bool {
	for _, failed := range []string{a.Fallbacks.This.Failed, a.FallbackDays.Failed, a.Handovers.Failed, a.Feedback.This.Failed,
		a.Pages.This.Failed, a.Buttons.This.Failed, a.Labels.This.Failed} {
		if failed == "" {
			return true
		}
	}
	return false
}

// hoursOn are this week's chats by hour, added up over a day of the history.
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

// before is how many chats there were on the day before a run. Where that is not among the days, or had none or is not known,
// a middling day stands in for it.
func (s *allSeries) before(w run) int {
	if w.first > 0 && s.chats.value[w.first-1] > 0 {
		return s.chats.value[w.first-1]
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

// wholeWeek is what is known of this week as a whole, of a run that covers it.
func (s *allSeries) wholeWeek(w run, all ...evidence) []evidence {
	if this := s.thisWeek(); w.first <= this.first && w.last == this.last {
		return all
	}
	return nil
}

// checkChats holds days without chats against whatever happens in chats.
func (s *allSeries) checkChats(a Answers, marks []Cause) {
	for _, w := range zeros(s.chats, 0) {
		most := crossing(s.before(w))
		all := []evidence{
			{SectionHours, w.sum(s.hoursOn), eachHours * most, s.hoursOn, true},
			{SectionMessages, w.sum(s.messagesOn), eachMessages * most, s.messagesOn, true},
			{SectionFallbacksDaily, w.sum(s.fallbacksOn), eachFallbacks * most, s.fallbacksOn, false},
			{SectionHandovers, w.sum(s.requestsOn), eachRequests * most, s.requestsOn, false},
		}
		sessions, messages := 0, 0
		for _, p := range a.Pages.This.Value {
			sessions, messages = plus(sessions, p.Sessions), plus(messages, p.Messages)
		}
		all = append(all, s.wholeWeek(w,
			evidence{section: SectionFallbacks, shows: a.Fallbacks.This.Value.Count, limit: eachFallbacks * most},
			evidence{section: SectionPages, shows: sessions, limit: eachPages * most},
			evidence{section: SectionPages, shows: messages, limit: eachMessages * most},
			evidence{section: SectionButtons, shows: total(a.Buttons.This.Value, func(b Button) int { return b.Count }), limit: eachClicks * most},
			evidence{section: SectionLabels, shows: total(a.Labels.This.Value, func(l Label) int { return l.Count }), limit: eachLabels * most},
			evidence{section: SectionFeedback, shows: plus(total(a.Feedback.This.Value.Binary, ratingCount), total(a.Feedback.This.Value.Emojis, ratingCount)),
				limit: eachRatings * most},
		)...)
		w.markContradicted(all, marks)
	}
}

func ratingCount(r Rating) int { return r.Count }

func total[T any](list []T, count func(T) int) (n int) {
	for _, v := range list {
		n = plus(n, count(v))
	}
	return n
}

// checkMessages holds days without messages against the bot's replies that did not understand one, and against chats: there
// are chats without a message, such as those of clicks only, so it depends on how many messages the bot's chats have.
func (s *allSeries) checkMessages(a Answers, d unknowns) {
	chatsOn := func(day int) int {
		if d.chats[day].Kind != "" {
			return s.hoursOn(day) / eachHours
		}
		return s.chats.value[day]
	}
	for _, w := range zeros(s.messages, 0) {
		most := crossing(s.before(w))
		all := []evidence{{SectionFallbacksDaily, w.sum(s.fallbacksOn), eachFallbacks * most, s.fallbacksOn, false}}
		messages := total(a.Pages.This.Value, func(p Page) int { return p.Messages })
		all = append(all, s.wholeWeek(w,
			evidence{section: SectionFallbacks, shows: a.Fallbacks.This.Value.Count, limit: eachFallbacks * most},
			evidence{section: SectionPages, shows: messages, limit: eachMessages * most},
		)...)
		if messageProbability := s.messageProbability(d, w); messageProbability > 0 {
			all = append(all, evidence{SectionChats, w.sum(chatsOn), most + int(noMessagesLevel/messageProbability), chatsOn, true})
		}
		w.markContradicted(all, d.messages)
	}
}

// messageProbability returns the least likelihood that a chat has a message, by the days outside a run of
// them; 0 if too few days tell. Of counts with mean m and variance v, at least m²/(m²+v) are not
// zero (Paley and Zygmund). The variance of a chat's messages follows from how far days are from
// the mean.
func (s *allSeries) messageProbability(d unknowns, beside run) float64 {
	var chats, messages float64
	var days []int
	for i := range s.chats.value {
		if (i < beside.first || i > beside.last) && d.chats[i].Kind == "" && !s.messages.differs[i] && s.chats.value[i] > 0 {
			days = append(days, i)
			chats, messages = chats+float64(s.chats.value[i]), messages+float64(s.messages.value[i])
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

// checkFallbacks holds the days of each week against the week's own count, and that against the days. A fallback happens at
// one time, so that no boundary moves more than a few.
func (s *allSeries) checkFallbacks(a *Answers, d unknowns) {
	for week, days := range s.spans {
		sum := days.sum(s.fallbacksOn)
		count, known, by := s.fallbackWeeks.value[week].count, a.FallbackTrend.Failed == "" && !s.otherWeeks && !s.fallbackWeeks.differs[week], SectionFallbacksTrend
		var answer *Answer[Fallback]
		switch week {
		case TrendPeriods - 1:
			answer, by = &a.Fallbacks.This, SectionFallbacks
		case TrendPeriods - 2:
			answer, by = &a.Fallbacks.Previous, SectionFallbacksPrevious
		}
		if answer != nil {
			count, known = answer.Value.Count, answer.Failed == ""
		}
		if !known || days.countUnknown(d.fallbackDays) > 0 {
			continue
		}
		limit := shortLeast + max(sum, count)/shortShare
		if count == 0 && sum > limit {
			cause := Cause{Kind: CauseContradicted, Who: "Sage", By: SectionFallbacksDaily, Shows: sum}
			if answer != nil {
				*answer = Answer[Fallback]{Failed: cause.reason(), Cause: cause}
			} else {
				d.fallbackWeeks[week] = cause
			}
		}
		if count-sum <= limit {
			continue
		}
		for i := days.first; i <= days.last; i++ {
			silent := d.messages[i].Kind == "" && s.messages.value[i] == 0
			if s.fallbackDays.value[i].count == 0 && !s.fallbackDays.differs[i] && !silent {
				d.fallbackDays[i] = Cause{Kind: CauseContradicted, Who: "Sage", By: by, Shows: count - sum}
			}
		}
	}
}

// byDay returns the days of a series by hour.
func byDay[V comparable](s placed[V], none func(day int) bool) placed[bool] {
	n := len(s.value) / 24
	days := placed[bool]{value: make([]bool, n), there: make([]bool, n), differs: make([]bool, n)}
	for i := range n {
		days.value[i] = !none(i)
		for hour := range 24 {
			days.differs[i] = days.differs[i] || s.differs[24*i+hour]
		}
	}
	return days
}

// checkHours holds days without an hour that had chats against the chats of the day.
func (s *allSeries) checkHours(d unknowns) {
	start := s.thisWeek().first
	days := byDay(s.hours, func(day int) bool { return s.hoursOn(start+day) == 0 })
	chatsOn := func(day int) int {
		if d.chats[start+day].Kind != "" {
			return 0
		}
		return s.chats.value[start+day]
	}
	for _, w := range zeros(days, 0) {
		most := crossing(s.before(run{start + w.first, start + w.last}))
		w.markContradicted([]evidence{{SectionChats, w.sum(chatsOn), most, chatsOn, true}}, d.hours)
	}
}

// checkHandovers holds this week's days of handovers against its hours and the other way round. A request is made at one time.
func (s *allSeries) checkHandovers(d unknowns) {
	hoursOn := func(day int) (n int) {
		for _, v := range s.handoverHours.value[24*day : 24*(day+1)] {
			n = plus(n, v.asked())
		}
		return n
	}
	start := s.thisWeek().first
	for _, w := range zeros(s.handovers, start) {
		on := func(day int) int { return hoursOn(day - start) }
		w.markContradicted([]evidence{{SectionHandoversHourly, w.sum(on), shortLeast, on, true}}, d.handovers)
	}
	days := byDay(s.handoverHours, func(day int) bool { return hoursOn(day) == 0 })
	for _, w := range zeros(days, 0) {
		on := func(day int) int { return s.requestsOn(start + day) }
		w.markContradicted([]evidence{{SectionHandovers, w.sum(on), shortLeast, on, true}}, d.handoverHours)
	}
}

// checkYearAgo looks for anything of the week a year ago that is not known; then that week is not shown.
func (s *allSeries) checkYearAgo(a Answers, d *unknowns) {
	if a.YearAgo.Chats.Failed != "" || a.YearAgo.Messages.Failed != "" {
		return
	}
	chats, messages := differing(s.agoChats), differing(s.agoMessages)
	middle := 0
	for _, n := range s.agoChats.value {
		middle = max(middle, n)
	}
	before := func(w run) int {
		if w.first > 0 {
			return s.agoChats.value[w.first-1]
		}
		return middle
	}
	messagesOn := func(day int) int { return s.agoMessages.value[day] }
	whole := run{0, len(s.agoChats.value) - 1}
	for _, w := range zeros(s.agoChats, 0) {
		most := crossing(before(w))
		all := []evidence{{SectionMessages, w.sum(messagesOn), eachMessages * most, messagesOn, true}}
		if w == whole {
			all = append(all, evidence{section: SectionFallbacks, shows: a.YearAgo.Fallbacks.Value.Count, limit: eachFallbacks * most})
		}
		w.markContradicted(all, chats)
	}
	for _, w := range zeros(s.agoMessages, 0) {
		if w == whole {
			w.markContradicted([]evidence{{section: SectionFallbacks, shows: a.YearAgo.Fallbacks.Value.Count, limit: eachFallbacks * crossing(before(w))}}, messages)
		}
	}
	for _, c := range slices.Concat(chats, messages) {
		if c.Kind != "" {
			d.yearAgo = c
			return
		}
	}
}

// gaps writes down what is not known of a series by day: the days of this week as unavailable, those before as
// contradictions. whole is the section's name where no day of this week is known.
func (r *Report) gaps(whole, some string, marks []Cause) {
	start := len(marks) - r.Period.Name.Len()
	r.unavailable(whole, some, marks[start:])
	r.contradicted(whole, marks[:start], func(i int) (first, last period.Date) {
		date := r.Period.From.Add(i - start)
		return date, date
	})
}

// unavailable writes down the days of this week that are not known, by their causes; where none is known, the whole.
func (r *Report) unavailable(whole, some string, marks []Cause) {
	rest := slices.Clone(marks)
	for i, c := range marks {
		if rest[i].Kind == "" {
			continue
		}
		u := Unavailable{Section: some, Cause: c, Reason: c.reason()}
		u.Cause.Shows = 0
		for j, other := range rest {
			if all := countUnknown(marks) == len(marks); all || other.Kind == c.Kind && other.By == c.By {
				u.Days = append(u.Days, r.Period.From.Add(j))
				u.Cause.Shows = r.addShown(u.Cause, other)
				rest[j] = Cause{}
			}
		}
		if len(u.Days) == len(marks) {
			u.Section, u.Days = whole, nil
		}
		r.Unavailable = append(r.Unavailable, u)
	}
}

// addShown adds up what is shown of single days; what is shown of a whole stands for each of its days.
func (r *Report) addShown(sum, c Cause) int {
	if sum.By != c.By {
		return sum.Shows
	}
	switch c.By {
	case SectionPages, SectionButtons, SectionLabels, SectionFeedback, SectionFallbacks, SectionFallbacksPrevious, SectionFallbacksTrend:
		return max(sum.Shows, c.Shows)
	}
	return plus(sum.Shows, c.Shows)
}

// contradicted writes down the days before this week that are not known, in stretches of the same kind of cause. days returns
// those of a mark.
func (r *Report) contradicted(section string, marks []Cause, days func(i int) (first, last period.Date)) {
	open := false
	for i, c := range marks {
		first, last := days(i)
		n := len(r.Contradictions) - 1
		switch {
		case c.Kind == "":
			open = false
		case open && r.Contradictions[n].Cause.Kind == c.Kind: // By may change, from the weeks to the week before
			r.Contradictions[n].Last = last
			r.Contradictions[n].Cause.Shows = r.addShown(r.Contradictions[n].Cause, c)
		default:
			r.Contradictions = append(r.Contradictions, Contradiction{section, first, last, c})
			open = true
		}
	}
}
