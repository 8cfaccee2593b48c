package figures

import (
	"math"
	"slices"
)

// Statuses of a week, the one with the most to do for the reader first.
const (
	NeedsLook  = "needs_a_look" // something went wrong, beyond chance
	Incomplete = "incomplete"   // numbers are missing that would say whether something did
	TooFew     = "too_few"      // too little is known of this week or of others to judge it
	GoodWeek   = "good"         // something got better, beyond chance, and nothing went wrong
	UsualWeek  = "usual"
)

// Rules of the verdict. The rows of rules say what each needs.
const (
	VerdictDead     = "dead"
	VerdictIncident = "incident"
	VerdictRising   = "rising"
	VerdictRate     = "rate" // of a good week too
	VerdictMissed   = "missed"
	VerdictFeedback = "feedback" // of a good week too
	VerdictFell     = "fell"
	VerdictCore     = "core"
	VerdictSection  = "section"
	VerdictMessages = "messages"
	VerdictSpecial  = "special"
	VerdictWeeks    = "weeks"
	VerdictMet      = "met"
	VerdictUsual    = "usual"
)

// What a verdict can be about.
const (
	AboutFallbacks = "fallbacks"
	AboutChats     = "chats"
	AboutHandovers = "handovers"
	AboutFeedback  = "feedback"
)

// Verdict says whether the week was good. Everything that an edition says first follows from it. A
// report from before this key has none, and its editions give no status.
type Verdict struct {
	Status string `json:"status"` // one of the statuses
	Rule   string `json:"rule"`   // the row of the table that decided
	About  string `json:"about"`  // one of the About constants: what to show first
	// Without is the week's fallback rate without the days of Fallbacks.Incidents. Null: there are
	// no such days or no others, or the days do not add up to the week.
	Without *float64 `json:"without,omitempty"`
}

// rule is a row of the table.
type rule struct {
	status, name string
	applies      func(*Report) bool
	about        func(*Report) string
}

// rules is the table of verdicts. The first row that applies is the verdict; the last one always
// does. What went wrong comes first, even if other numbers are missing, since they would not change
// it.
//
// A target that was missed by no more than chance is no reason for a look. A special week is
// compared with no other. So of the rows that need a look, only those of a dead week and of targets
// apply to it.
var rules = []rule{
	{NeedsLook, VerdictDead, (*Report).dead, always(AboutChats)},
	{NeedsLook, VerdictIncident, (*Report).jumped, always(AboutFallbacks)},
	{NeedsLook, VerdictRising, (*Report).crept, always(AboutFallbacks)},
	{NeedsLook, VerdictRate, (*Report).rateHigher, always(AboutFallbacks)},
	{NeedsLook, VerdictMissed, (*Report).missedClearly, (*Report).aboutMissed},
	{NeedsLook, VerdictFeedback, (*Report).feedbackFell, always(AboutFeedback)},
	{NeedsLook, VerdictFell, (*Report).chatsFell, always(AboutChats)},

	{Incomplete, VerdictCore, (*Report).LacksCore, (*Report).aboutKnown},
	{Incomplete, VerdictSection, (*Report).lacksTarget, (*Report).aboutKnown},

	{TooFew, VerdictMessages, (*Report).fewMessages, always(AboutChats)},
	{TooFew, VerdictSpecial, (*Report).special, always(AboutChats)},
	{TooFew, VerdictWeeks, (*Report).fewWeeks, always(AboutChats)},

	{GoodWeek, VerdictRate, good((*Report).rateLower), always(AboutFallbacks)},
	{GoodWeek, VerdictFeedback, good((*Report).feedbackRose), always(AboutFeedback)},
	{GoodWeek, VerdictMet, good((*Report).metAgainClearly), (*Report).aboutMet},

	{UsualWeek, VerdictUsual, func(*Report) bool { return true }, (*Report).aboutUsual},
}

// verdict sets the verdict. Everything that it depends on must be set before.
func (r *Report) verdict() {
	for _, row := range rules {
		if row.applies(r) {
			r.Verdict = &Verdict{Status: row.status, Rule: row.name, About: row.about(r),
				Without: r.withoutIncidents()}
			return
		}
	}
}

// dead reports whether nothing happened in a week in which something usually does.
func (r *Report) dead() bool {
	return r.Dead() && !r.unproven() && r.Baseline != nil && r.Baseline.Chats.Median >= 1
}

// unproven reports whether nothing happened and the report has a filter that Kindly does not know.
// Its zero proves nothing.
func (r *Report) unproven() bool { return r.Dead() && r.UnknownFilters != nil }

func (r *Report) jumped() bool     { return len(r.Fallbacks.Incidents) > 0 }
func (r *Report) crept() bool      { return r.Fallbacks.Rising != nil }
func (r *Report) rateHigher() bool { return r.Fallbacks.StandsOut == Higher }
func (r *Report) rateLower() bool  { return r.Fallbacks.StandsOut == Lower }

func (r *Report) missedClearly() bool   { return r.firstTarget(missedClearly) != nil }
func (r *Report) metAgainClearly() bool { return r.firstTarget(metAgainClearly) != nil }

func missedClearly(t Target) bool   { return t.State == Missed && t.StandsOut }
func metAgainClearly(t Target) bool { return t.metAgain() && t.StandsOut }

// firstTarget returns the first target of which is is true, or nil.
func (r *Report) firstTarget(is func(Target) bool) *Target {
	if i := slices.IndexFunc(r.Targets, is); i >= 0 {
		return &r.Targets[i]
	}
	return nil
}

func (r *Report) feedbackFell() bool { return r.shifted(false) }
func (r *Report) feedbackRose() bool { return r.shifted(true) }

// shifted reports whether one kind of feedback rose, or fell, by more than chance.
func (r *Report) shifted(rose bool) bool {
	return slices.ContainsFunc(r.shifts(),
		func(i Insight) bool { return i.Feedback.Rose() == rose })
}

// chatsFell reports whether chats are unusually few, and fewer than half of the baseline's.
func (r *Report) chatsFell() bool {
	return r.Chats.StandsOut == Lower && float64(r.Chats.Total) < r.Baseline.Chats.Median/2 &&
		!r.unproven()
}

// LacksCore reports whether chats, messages or fallbacks of the week or of some of its days are not
// known. Then something may have gone wrong that the report does not show.
func (r *Report) LacksCore() bool {
	return r.unproven() || slices.ContainsFunc(r.Unavailable, func(u Unavailable) bool {
		switch u.Section {
		case SectionChats, SectionMessages,
			SectionFallbacks, SectionFallbacksDaily, SectionFallbacksDays:
			return true
		}
		return false
	})
}

// lacksTarget reports whether the section of a target is missing.
func (r *Report) lacksTarget() bool { return r.firstTarget(r.LacksTarget) != nil }

// LacksTarget reports whether a target cannot be judged because its numbers are missing, not
// because there are too few events.
func (r *Report) LacksTarget(t Target) bool {
	if t.State != Unknown || t.Value != nil {
		return false
	}
	switch t.Name {
	case TargetFallbackRate:
		return r.Fallbacks.Count == nil
	case TargetHandoverRate:
		return r.Handovers.Requests == nil || !r.Chats.This().Known()
	case TargetRequestsWhileClosed:
		return r.Handovers.Requests == nil
	case TargetFeedback:
		return r.Feedback.Binary == nil
	}
	return false // a later program's
}

func (r *Report) fewMessages() bool { return !r.EnoughMessages() }
func (r *Report) special() bool     { return r.isSpecial(r.Period.Name) }
func (r *Report) fewWeeks() bool    { return r.Baseline == nil }

// good is a condition of a good week: no target was missed, not even by chance.
func good(condition func(*Report) bool) func(*Report) bool {
	return func(r *Report) bool {
		missed := r.firstTarget(func(t Target) bool { return t.State == Missed })
		return missed == nil && condition(r)
	}
}

func always(about string) func(*Report) string { return func(*Report) string { return about } }

// aboutTargets is what each target is about.
var aboutTargets = map[string]string{
	TargetFallbackRate: AboutFallbacks, TargetHandoverRate: AboutHandovers,
	TargetFeedback: AboutFeedback, TargetRequestsWhileClosed: AboutHandovers,
}

func (r *Report) aboutMissed() string { return aboutTargets[r.firstTarget(missedClearly).Name] }
func (r *Report) aboutMet() string    { return aboutTargets[r.firstTarget(metAgainClearly).Name] }

// aboutKnown is the chats, or if their days are not known, the fallbacks.
func (r *Report) aboutKnown() string {
	if r.Chats.This().KnownDays() == 0 && r.Fallbacks.Rate != nil {
		return AboutFallbacks
	}
	return AboutChats
}

// aboutUsual is the fallbacks, unless the number of chats stands out or there is no rate.
func (r *Report) aboutUsual() string {
	if r.Fallbacks.Rate == nil || r.Chats.StandsOut != "" {
		return AboutChats
	}
	return AboutFallbacks
}

// withoutIncidents returns the week's fallback rate without the days that jumped. It returns nil if
// there are none, if no day is left, or if the days do not add up to the week. They do not if a day
// is unknown, or if Sage counts the week otherwise.
func (r *Report) withoutIncidents() *float64 {
	f := r.Fallbacks
	if len(f.Incidents) == 0 || f.Rate == nil || !r.Messages.This().Known() {
		return nil
	}
	sum := 0
	for _, d := range f.Daily {
		if d.Count == nil {
			return nil
		}
		sum = plus(sum, *d.Count)
	}
	count, of := *f.Count, replies(*f.Count, f.Rate, r.Messages.Total)
	if sum != count {
		return nil
	}
	for _, i := range f.Incidents {
		count, of = count-i.Count, of-i.Replies
	}
	if count < 0 || of < max(count, MinMessages) || of == math.MaxInt32 {
		return nil
	}
	return new(float64(count) / float64(of))
}
