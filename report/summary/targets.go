package summary

import (
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
	section := map[string]string{
		figures.TargetFallbackRate:        figures.SectionFallbacks,
		figures.TargetHandoverRate:        figures.SectionHandovers,
		figures.TargetFeedback:            figures.SectionFeedback,
		figures.TargetRequestsWhileClosed: figures.SectionHandovers,
	}[t.Name]
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
				w.Say(wording.TargetHandoversOf, w.Count(all), *t.Of))
		}
	case figures.TargetFeedback:
		ratings := w.r.Feedback.Binary
		if t.Steps == 5 {
			ratings = w.r.Feedback.Emojis
		}
		if positive, total := figures.Positive(ratings, t.Steps); total == *t.Of {
			return w.Say(wording.TargetParts, name,
				w.Say(wording.RatingsCount, w.Count(positive), total))
		}
	}
	return name
}

func (w *writer) targetName(t figures.Target) string {
	return w.Say(targetKey(t, map[string]wording.Key{
		figures.TargetFallbackRate: wording.TargetFallbackRate,
		figures.TargetHandoverRate: wording.TargetHandoverRate,
		figures.TargetFeedback:     wording.TargetFeedback, thumbs: wording.TargetThumbs,
		steps:                             wording.TargetSteps,
		figures.TargetRequestsWhileClosed: wording.TargetRequestsWhileClosed,
	}))
}

// The kinds of ratings that a target for feedback is about, if that is known. Each has its own
// percentage, and the tile may show the other one.
const thumbs, steps = "thumbs", "steps"

// targetKey chooses among the messages of targets.
func targetKey(t figures.Target, keys map[string]wording.Key) wording.Key {
	switch {
	case t.Name == figures.TargetFeedback && t.Steps == 2:
		return keys[thumbs]
	case t.Name == figures.TargetFeedback && t.Steps == 5:
		return keys[steps]
	}
	return keys[t.Name]
}

func (w *writer) targetNames(all []figures.Target) (names []string) {
	for _, t := range all {
		names = append(names, w.targetName(t))
	}
	return names
}

// targetValues writes a value and its limit: rates as percentages, handovers per 100 chats, counts.
// They have so many decimals that they look different if they are.
func (w *writer) targetValues(t figures.Target) (value, limit string) {
	v := t.Limit
	if t.Value != nil {
		v = *t.Value
	}
	switch t.Name {
	case figures.TargetRequestsWhileClosed:
		value, limit = w.middle(v), w.middle(t.Limit)
	case figures.TargetHandoverRate:
		value, limit = w.Decimals(100*v, 100*t.Limit)
	case figures.TargetFeedback:
		value, limit = w.Percents0(v, t.Limit)
	default:
		value, limit = w.Percents(v, t.Limit)
	}
	if t.Value == nil {
		value = w.Say(wording.Missing)
	}
	return value, limit
}

// missedTarget says how a target was missed, as a clause.
func (w *writer) missedTarget(t figures.Target) string {
	return w.targetSays(t, t.Periods, map[string]wording.Key{
		figures.TargetFallbackRate: wording.MissedFallbackRate,
		figures.TargetHandoverRate: wording.MissedHandoverRate,
		figures.TargetFeedback:     wording.MissedFeedback, thumbs: wording.MissedThumbs,
		steps:                             wording.MissedSteps,
		figures.TargetRequestsWhileClosed: wording.MissedRequestsWhileClosed,
	})
}

// metAgain says how a target that was missed is met again, as a clause.
func (w *writer) metAgain(t figures.Target) string {
	return w.targetSays(t, t.BeforePeriods, map[string]wording.Key{
		figures.TargetFallbackRate: wording.AgainFallbackRate,
		figures.TargetHandoverRate: wording.AgainHandoverRate,
		figures.TargetFeedback:     wording.AgainFeedback, thumbs: wording.AgainThumbs,
		steps:                             wording.AgainSteps,
		figures.TargetRequestsWhileClosed: wording.AgainRequestsWhileClosed,
	})
}

func (w *writer) targetSays(t figures.Target, weeks int, keys map[string]wording.Key) string {
	if t.Value == nil {
		return "" // the report was edited
	}
	value, limit := w.targetValues(t)
	return w.Say(targetKey(t, keys), weeks, value, limit)
}
