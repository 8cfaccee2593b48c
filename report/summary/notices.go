package summary

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// discarded reports whether a section is missing because all its points were for other dates.
func (w *writer) discarded(section string) bool {
	return slices.ContainsFunc(w.r.Unavailable, func(u figures.Unavailable) bool {
		return u.Section == section && u.Cause.Kind == figures.CauseDiscarded
	})
}

func (w *writer) notices() []string {
	notices := w.unknownFilters()
	r := w.r
	// Notices do not repeat the verdict and its facts.
	saysWeeks, saysSpecial := w.decides(figures.VerdictWeeks), w.decides(figures.VerdictSpecial)
	switch {
	case r.HasPrevious, saysWeeks, w.doubtsHistory():
	case w.noHistory():
		notices = append(notices,
			w.Say(wording.NoticeNoHistory, figures.TrendPeriods-1))
	default:
		notices = append(notices, w.Say(wording.NoticeNoBaseline, w.Date(r.HistoryFrom.UTC())))
	}
	if special := w.datedNames(w.specials, r.Period.Name); saysSpecial {
	} else if special != "" {
		notices = append(notices, w.Say(wording.NoticeSpecial, special))
	} else if special := w.datedNames(r.SpecialIn(r.Period.Name.Previous()),
		r.Period.Name.Previous()); special != "" && r.HasPrevious {
		notices = append(notices, w.Say(wording.NoticeSpecialLast, special))
	}
	// Sections with the same reason share a notice.
	var reasons, doubts []string
	sections := make(map[string][]string)
	contradicted := make(map[string]bool) // the notice refers to the names
	for _, u := range r.Unavailable {
		reason := Reason(w.Wording, u)
		contradicted[reason] = u.Cause.Kind == figures.CauseContradicted
		if sections[reason] == nil {
			if u.Cause.Doubtful() {
				doubts = append(doubts, reason)
			} else {
				reasons = append(reasons, reason)
			}
		}
		sections[reason] = append(sections[reason], w.ofDays(u))
	}
	gaps := ""
	if w.decides(figures.VerdictCore) || w.decides(figures.VerdictSection) {
		gaps = w.ListSome(w.gapNames(), mostNames)
	}
	for _, reason := range doubts {
		notice, names := w.FullStop(w.Sentence(reason)), w.List(sections[reason])
		if names != gaps || contradicted[reason] { // otherwise the verdict names them
			notice = w.Say(wording.NoticeUnknown, names, notice)
		}
		notices = append(notices, notice)
	}
	for _, reason := range reasons {
		notices = append(notices, w.Sentence(w.Say(wording.NoticeMissing, w.List(sections[reason]),
			strings.TrimSuffix(reason, "."))))
	}
	for _, d := range r.Dropped {
		if w.discarded(d.Section) {
			continue // the reason says more
		}
		notices = append(notices, w.Say(wording.NoticeDropped, d.Points, w.section(d.Section)))
	}
	for _, d := range r.Repeated {
		notices = append(notices, w.Say(wording.NoticeRepeated, d.Points, w.section(d.Section)))
	}
	notices = append(notices, w.leftOut()...)
	return append(notices, w.surplus()...)
}

// decides reports whether the verdict follows from a rule.
func (w *writer) decides(rule string) bool {
	return w.words.label != "" && w.r.Verdict.Rule == rule
}

// noHistory reports whether nothing is known of the bot before the week.
func (w *writer) noHistory() bool {
	return w.r.HistoryFrom == nil || !w.r.HistoryFrom.Before(w.r.Period.From)
}

// sinceWhen says since when the bot has a history. It returns "" if that is not known.
func (w *writer) sinceWhen() string {
	switch {
	case w.doubtsHistory():
		return ""
	case w.noHistory():
		return w.Say(wording.FactNoHistory, figures.TrendPeriods-1)
	}
	return w.Say(wording.FactHistory, w.Date(w.r.HistoryFrom.UTC()))
}

// ofDays names a section, and the days that are not known of it.
func (w *writer) ofDays(u figures.Unavailable) string {
	if len(u.Days) == 0 {
		return w.section(u.Section)
	}
	var days []time.Weekday
	for _, d := range u.Days {
		days = append(days, d.Weekday())
	}
	return w.Say(wording.PartDays, w.section(u.Section), w.OnWeekdays(days))
}

// doubtsHistory reports whether chats or messages of the weeks before are not known. Then the
// beginning of the bot's history is not known either.
func (w *writer) doubtsHistory() bool {
	return slices.ContainsFunc(w.r.Contradictions, func(c figures.Contradiction) bool {
		return c.Section == figures.SectionChats || c.Section == figures.SectionMessages
	})
}

// stretch writes a range of days: "31 Oct", "24 Aug – 8 Nov".
func (w *writer) stretch(first, last period.Date) string {
	if first == last {
		return w.DayMonth(first.UTC())
	}
	return w.DatesShort(first.UTC(), last.UTC())
}

// leftOut names what is not known of the weeks before, once for each reason. It leaves out how many
// events contradict it, which would be news of other weeks.
func (w *writer) leftOut() []string {
	type part struct{ reason, section string }
	var reasons, notices []string
	var parts []part
	dates := make(map[part][]string)
	for _, c := range w.r.Contradictions {
		cause := c.Cause
		cause.By, cause.Shows = "", 0
		p := part{Reason(w.Wording, figures.Unavailable{Cause: cause}), w.section(c.Section)}
		if !slices.Contains(reasons, p.reason) {
			reasons = append(reasons, p.reason)
		}
		if dates[p] == nil {
			parts = append(parts, p)
		}
		dates[p] = append(dates[p], w.stretch(c.First, c.Last))
	}
	for _, reason := range reasons {
		var names []string
		for _, p := range parts {
			if p.reason == reason {
				names = append(names, w.Say(wording.PartDates, p.section,
					w.ListSome(dates[p], mostNames)))
			}
		}
		notices = append(notices, w.Say(wording.NoticeLeftOut, w.List(names),
			w.FullStop(w.Sentence(reason))))
	}
	return notices
}

func (w *writer) section(name string) string { return section(w.Wording, name) }

// section names a section, or a part of one.
func section(w *wording.Wording, name string) string {
	name, part, _ := strings.Cut(name, ".")
	if name == figures.SectionYearAgo && part == figures.SectionFallbacks {
		return w.Say(wording.PartYearAgo, w.Say(wording.SectionFallbacks))
	}
	text := name // if a later version of the program wrote it
	for _, s := range statistics() {
		if s.section == name && s.name != "" {
			text = w.Say(s.name)
		}
	}
	if key, ok := partKeys[part]; ok {
		return w.Say(key, text)
	}
	return text // the caller names the days of the part "days"
}

var partKeys = map[string]wording.Key{
	"previous": wording.PartPrevious, "daily": wording.PartDaily, "weekly": wording.PartWeekly,
	"hourly": wording.PartHourly, "before": wording.PartBefore,
}

func (w *writer) provenance() ([]string, error) {
	loc, err := w.r.Location()
	if err != nil {
		return nil, fmt.Errorf("time zone of the report: %w", err)
	}
	lines := []string{w.Say(wording.ProvenanceDays, w.WeekdayDates(w.r.Period.From.UTC(),
		w.r.Period.To.Add(-1).UTC()), w.r.Bot.TZ, w.r.Period.Name.String())}
	if w.r.Bot.DefaultTZ {
		lines = append(lines, w.Say(wording.ProvenanceZone))
	}
	var only, not []string
	for _, source := range w.r.Filters.Sources {
		if excluded, ok := strings.CutPrefix(source, "-"); ok {
			not = append(not, excluded)
		} else {
			only = append(only, source)
		}
	}
	if len(only) > 0 {
		lines = append(lines, w.Say(wording.ProvenanceOnly, w.List(only)))
	}
	switch {
	case len(not) == 1 && not[0] == "test":
		lines = append(lines, w.Say(wording.ProvenanceNoTest))
	case len(not) > 0:
		lines = append(lines, w.Say(wording.ProvenanceNot, w.List(not)))
	case len(only) == 0:
		lines = append(lines, w.Say(wording.ProvenanceAll))
	}
	if len(w.r.Filters.Languages) > 0 {
		lines = append(lines, w.Say(wording.ProvenanceLanguage, w.List(w.r.Filters.Languages)))
	}
	if w.r.UncheckedFilters != nil {
		lines = append(lines, w.Say(wording.ProvenanceUnchecked))
	}
	if o := w.r.Baseline; o != nil {
		lines = append(lines, w.Say(wording.ProvenanceBaseline, len(o.Periods),
			w.Date(o.Periods[0].From().UTC())))
	}
	return append(lines,
		w.Say(wording.ProvenanceFetched, w.Time(w.r.FetchedAt.In(loc)), w.r.Bot.TZ),
		w.Say(wording.ProvenanceID, w.r.ID)), nil
}

func (w *writer) glossary() []Term {
	var terms []Term
	for _, t := range []struct{ term, means wording.Key }{
		{wording.TermChat, wording.TermChatMeans},
		{wording.TermMessage, wording.TermMessageMeans},
		{wording.TermFallback, wording.TermFallbackMeans},
		{wording.TermHandover, wording.TermHandoverMeans},
		{wording.TermClosed, wording.TermClosedMeans},
		{wording.TermBaseline, wording.TermBaselineMeans},
		{wording.TermPercentage, wording.TermPercentageMeans},
	} {
		terms = append(terms, Term{w.Say(t.term), w.Say(t.means)})
	}
	return terms
}
