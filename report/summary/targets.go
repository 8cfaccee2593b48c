package summary

import (
	"math"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// targetTable says of each target its value, its limit, whether it was met, and for how long. It is
// nil if the bot has no targets.
func (w *writer) targetTable() *Table {
	if len(w.r.Targets) == 0 {
		return nil
	}
	t := &Table{Name: TableTargets, Title: w.Say(wording.TableTargets), Columns: w.columns(
		[]wording.Key{wording.ColumnTarget}, wording.ColumnThis, wording.ColumnLimit,
		wording.ColumnState)}
	for i := range t.Columns {
		t.Columns[i].Texts = Phrases
	}
	for _, target := range w.r.Targets {
		value, limit := w.targetValues(target)
		if target.State == figures.Unknown {
			value = w.Say(wording.Missing) // a rate of a handful says too much
		}
		key := wording.TargetAtMost
		if target.AtLeast {
			key = wording.TargetAtLeast
		}
		state, tone := w.targetState(target)
		t.Rows = append(t.Rows, []string{w.Sentence(w.scoreName(target)), value, w.Say(key, limit),
			state})
		t.Tones = append(t.Tones, tone)
	}
	return t
}

// targetState says whether a target was met and for how long. It has a tone if it was met or missed
// by more than chance.
func (w *writer) targetState(t figures.Target) (state string, tone Tone) {
	switch {
	case t.State == figures.Met:
		state, tone = w.Say(wording.TargetMet), Good
	case t.State == figures.Missed:
		state, tone = w.Say(wording.TargetMissed), Bad
	case w.targetUnavailable(t):
		state = w.Say(wording.NotAvailable)
	default:
		state = w.Say(wording.TargetTooFew)
	}
	if !t.StandsOut {
		tone = Neutral
	}
	switch {
	case t.Periods >= figures.TrendPeriods: // the history ends there
		state = w.Say(wording.WhatState, state, w.Say(wording.TargetWeeksAtLeast, t.Periods))
	case t.Periods > 0:
		state = w.Say(wording.WhatState, state, w.Say(wording.TargetWeeks, t.Periods))
	}
	return state, tone
}

// targetUnavailable reports whether the section of the target is missing.
func (w *writer) targetUnavailable(t figures.Target) bool {
	section := kindOf(t).section
	_, missing := w.unavailable[section]
	// A rate of handovers needs the chats too.
	return missing || t.Name == figures.TargetHandoverRate && !w.r.Chats.This().Known() ||
		section == figures.SectionHandovers && w.r.Handovers.Requests == nil
}

// scoreName names a target, and the counts of which its value is made if the report has them. Sage
// does not say of how many replies a fallback rate is.
func (w *writer) scoreName(t figures.Target) string {
	name := w.targetName(t)
	if t.Value == nil || t.Of == nil || t.State == figures.Unknown {
		return name
	}
	switch t.Name {
	case figures.TargetHandoverRate:
		if all, ok := w.r.Handovers.AllRequests(); ok {
			return w.Say(wording.TargetParts, name,
				w.Say(wording.TargetHandoversOf, all, *t.Of))
		}
	case figures.TargetFeedback:
		ratings := w.r.Feedback.Binary
		if t.Steps == 5 {
			ratings = w.r.Feedback.Emojis
		}
		if positive, total := figures.Positive(ratings, t.Steps); total == *t.Of {
			return w.Say(wording.TargetParts, name,
				w.Say(wording.RatingsCount, positive, total))
		}
	}
	return name
}

// targetKind is how a kind of target is written.
type targetKind struct {
	section             string      // in package figures
	name, missed, again wording.Key // missed and again are clauses
	// values writes a value and its limit with so many decimals that they look different if they
	// are.
	values func(w *wording.Wording, value, limit float64) (string, string)
}

var targetKinds = map[string]targetKind{
	figures.TargetFallbackRate: {figures.SectionFallbacks, wording.TargetFallbackRate,
		wording.MissedFallbackRate, wording.AgainFallbackRate, (*wording.Wording).Percents},
	figures.TargetHandoverRate: {figures.SectionHandovers, wording.TargetHandoverRate,
		wording.MissedHandoverRate, wording.AgainHandoverRate,
		func(w *wording.Wording, value, limit float64) (string, string) { // per 100 chats
			return w.Decimals(100*value, 100*limit)
		}},
	figures.TargetFeedback: {figures.SectionFeedback, wording.TargetFeedback,
		wording.MissedFeedback, wording.AgainFeedback, (*wording.Wording).Percents0},
	figures.TargetRequestsWhileClosed: {figures.SectionHandovers,
		wording.TargetRequestsWhileClosed, wording.MissedRequestsWhileClosed,
		wording.AgainRequestsWhileClosed,
		func(w *wording.Wording, value, limit float64) (string, string) {
			return w.Median(value), w.Median(limit)
		}},
}

// ratingKinds are the kinds of ratings that a target for feedback is about, by their steps, if that
// is known. Each has its own percentage, and the tile may show the other one.
var ratingKinds = map[int]targetKind{
	2: {figures.SectionFeedback, wording.TargetThumbs, wording.MissedThumbs, wording.AgainThumbs,
		(*wording.Wording).Percents0},
	5: {figures.SectionFeedback, wording.TargetSteps, wording.MissedSteps, wording.AgainSteps,
		(*wording.Wording).Percents0},
}

func kindOf(t figures.Target) targetKind {
	if kind, ok := ratingKinds[t.Steps]; ok && t.Name == figures.TargetFeedback {
		return kind
	}
	return targetKinds[t.Name]
}

func (w *writer) targetName(t figures.Target) string { return w.Say(kindOf(t).name) }

func (w *writer) targetNames(all []figures.Target) (names []string) {
	for _, t := range all {
		names = append(names, w.targetName(t))
	}
	return names
}

// targetValues writes a value, a dash if it is missing, and its limit.
func (w *writer) targetValues(t figures.Target) (value, limit string) {
	if t.Value == nil {
		_, limit = kindOf(t).values(w.Wording, t.Limit, t.Limit)
		return w.Say(wording.Missing), limit
	}
	return kindOf(t).values(w.Wording, *t.Value, t.Limit)
}

// missedTarget says how a target was missed, as a clause.
func (w *writer) missedTarget(t figures.Target) string {
	return w.targetSays(t, t.Periods, kindOf(t).missed)
}

// metAgain says how a target that was missed is met again, as a clause.
func (w *writer) metAgain(t figures.Target) string {
	return w.targetSays(t, t.BeforePeriods, kindOf(t).again)
}

func (w *writer) targetSays(t figures.Target, weeks int, key wording.Key) string {
	if t.Value == nil {
		return "" // the report was edited
	}
	value, limit := w.targetValues(t)
	if t.Name == figures.TargetRequestsWhileClosed { // a count
		return w.Say(key, weeks, int(math.Round(*t.Value)), limit)
	}
	return w.Say(key, weeks, value, limit)
}
