package summary

import (
	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// Score is a target on the scorecard.
type Score struct {
	Target string // its name: "Fallback rate"
	Value  string // "11.8%"; "–" where there is none, or too few for one
	Limit  string // "at most 10.0%"
	State  string // "met", "missed", "too few to judge", "not available"
	For    string // for how long it has been so: "3 weeks"; empty where it is not known
	Tone   Tone   // Good where it was met by more than chance, Bad where it was missed by more than chance
}

func (w *writer) scorecard() []Score {
	var card []Score
	for _, t := range w.r.Targets {
		value, limit := w.targetValues(t)
		if t.State == figures.Unknown {
			value = w.Say(wording.Missing) // a rate of a handful is not printed here either
		}
		s := Score{Target: w.Sentence(w.scoreName(t)), Value: value, Limit: w.Say(wording.TargetAtMost, limit)}
		if t.AtLeast {
			s.Limit = w.Say(wording.TargetAtLeast, limit)
		}
		switch {
		case t.State == figures.Met:
			s.State = w.Say(wording.TargetMet)
			if t.StandsOut {
				s.Tone = Good
			}
		case t.State == figures.Missed:
			s.State = w.Say(wording.TargetMissed)
			if t.StandsOut {
				s.Tone = Bad
			}
		case w.targetUnavailable(t):
			s.State = w.Say(wording.NotAvailable)
		default:
			s.State = w.Say(wording.TargetTooFew)
		}
		switch {
		case t.Weeks >= figures.TrendWeeks: // as far as is known
			s.For = w.Say(wording.TargetWeeksAtLeast, t.Weeks)
		case t.Weeks > 0:
			s.For = w.Say(wording.TargetWeeks, t.Weeks)
		}
		card = append(card, s)
	}
	return card
}

// targetUnavailable reports whether what the target is about could not be fetched.
func (w *writer) targetUnavailable(t figures.Target) bool {
	section := map[string]string{
		figures.TargetFallbackRate: figures.SectionFallbacks, figures.TargetHandoverRate: figures.SectionHandovers,
		figures.TargetFeedback: figures.SectionFeedback, figures.TargetRequestsWhileClosed: figures.SectionHandovers,
	}[t.Name]
	_, missing := w.unavailable[section]
	// Per chat, and chats or handovers of a day are not known.
	return missing || t.Name == figures.TargetHandoverRate && !w.r.Chats.This().Known() ||
		section == figures.SectionHandovers && w.r.Handovers.Requests == nil
}

// targetTable is the scorecard as a table, nil if the bot has no targets.
func (w *writer) targetTable() *Table {
	if len(w.r.Targets) == 0 {
		return nil
	}
	t := &Table{Name: TableTargets, Title: w.Say(wording.TableTargets), Columns: w.columns(
		[]wording.Key{wording.ColumnTarget}, wording.ColumnThis, wording.ColumnLimit, wording.ColumnState)}
	for i := range t.Columns {
		t.Columns[i].Texts = Phrases
	}
	for _, s := range w.scorecard() {
		state := s.State
		if s.For != "" {
			state = w.Say(wording.WhatState, state, s.For)
		}
		t.Rows = append(t.Rows, []string{s.Target, s.Value, s.Limit, state})
		t.Tones = append(t.Tones, s.Tone)
	}
	return t
}

// scoreName names a target and, where the report holds them, the counts that its value is of, so that a reader can compute
// it again. The service does not say how many replies a fallback rate is of.
func (w *writer) scoreName(t figures.Target) string {
	name := w.targetName(t)
	if t.Value == nil || t.Of == nil || t.State == figures.Unknown {
		return name
	}
	switch t.Name {
	case figures.TargetHandoverRate:
		if all, ok := w.r.Handovers.AllRequests(); ok {
			return w.Say(wording.TargetParts, name, w.Say(wording.TargetHandoversOf, w.Count(all), *t.Of))
		}
	case figures.TargetFeedback:
		ratings := w.r.Feedback.Binary
		if t.Steps == 5 {
			ratings = w.r.Feedback.Emojis
		}
		if positive, total := figures.Positive(ratings, t.Steps); total == *t.Of {
			return w.Say(wording.TargetParts, name, w.Say(wording.RatingsCount, w.Count(positive), total))
		}
	}
	return name
}

func (w *writer) targetName(t figures.Target) string {
	return w.Say(targetKey(t, map[string]wording.Key{
		figures.TargetFallbackRate: wording.TargetFallbackRate, figures.TargetHandoverRate: wording.TargetHandoverRate,
		figures.TargetFeedback: wording.TargetFeedback, thumbs: wording.TargetThumbs, steps: wording.TargetSteps,
		figures.TargetRequestsWhileClosed: wording.TargetRequestsWhileClosed,
	}))
}

// What a target for feedback was held against, where it is known: the two kinds of ratings have percentages of their own,
// of which the tile shows the other perhaps.
const thumbs, steps = "thumbs", "steps"

// targetKey chooses the words of a target.
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

// targetValues writes a value and its limit as one reads them: rates as percentages, handovers per 100 chats, counts. What
// missed its limit by a hair does not look like it.
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
	return w.targetSays(t, t.Weeks, map[string]wording.Key{
		figures.TargetFallbackRate: wording.MissedFallbackRate, figures.TargetHandoverRate: wording.MissedHandoverRate,
		figures.TargetFeedback: wording.MissedFeedback, thumbs: wording.MissedThumbs, steps: wording.MissedSteps,
		figures.TargetRequestsWhileClosed: wording.MissedRequestsWhileClosed,
	})
}

// metAgain says how a target that was missed is met again, as a clause.
func (w *writer) metAgain(t figures.Target) string {
	return w.targetSays(t, t.BeforeWeeks, map[string]wording.Key{
		figures.TargetFallbackRate: wording.AgainFallbackRate, figures.TargetHandoverRate: wording.AgainHandoverRate,
		figures.TargetFeedback: wording.AgainFeedback, thumbs: wording.AgainThumbs, steps: wording.AgainSteps,
		figures.TargetRequestsWhileClosed: wording.AgainRequestsWhileClosed,
	})
}

func (w *writer) targetSays(t figures.Target, weeks int, keys map[string]wording.Key) string {
	if t.Value == nil {
		return "" // of a report that somebody changed
	}
	value, limit := w.targetValues(t)
	return w.Say(targetKey(t, keys), weeks, value, limit)
}
