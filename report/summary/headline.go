package summary

import (
	"math"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// aboutAsMany is the largest change from the ordinary week that is called "about as many".
const aboutAsMany = 0.05

// headline is one sentence of a few clauses: what the rule of package figures says it is about, how
// many chats there were, and what was special about the week. A report written before there were
// rules is compared with last week.
func (w *writer) headline() string {
	r := w.r
	rule := figures.HeadlinePrevious
	if r.Headline != nil {
		rule = r.Headline.Rule
	} else if r.Empty() && r.Messages.Total == 0 {
		rule = figures.HeadlineNothing
	}
	var clauses []string
	switch rule {
	case figures.HeadlineNothing:
		clauses = append(clauses, w.nothing())
	case figures.HeadlineIncident:
		clauses = append(clauses, w.jumped(r.Fallbacks.Incidents), w.volume())
	case figures.HeadlineMissed:
		clauses = append(clauses, w.missed(), w.volume())
	case figures.HeadlineAgain:
		clauses = append(clauses, w.again(), w.volume())
	case figures.HeadlineRecord:
		if rec := *r.Headline.Record; rec.Measure == figures.MeasureChats {
			clauses = append(clauses, w.recordHeadline(rec), w.fallbackClause())
		} else {
			clauses = append(clauses, w.recordHeadline(rec), w.volume())
		}
	default:
		clauses = append(clauses, w.volume(), w.fallbackClause())
	}
	if special := w.specialNames(r.SpecialIn(r.Period.Name)); special != "" && !w.namesSpecial(rule) {
		clauses = append(clauses, w.Say(wording.HeadlineWith, special))
	}
	return w.clauses(clauses)
}

// namesSpecial reports whether the clause about the volume names what was special.
func (w *writer) namesSpecial(rule string) bool { return rule != figures.HeadlineNothing }

// clauses joins the clauses that are not empty into a sentence.
func (w *writer) clauses(all []string) string {
	sentence := ""
	for _, c := range all {
		switch {
		case c == "":
		case sentence == "":
			sentence = w.Sentence(c)
		default:
			sentence = w.Say(wording.Clauses, sentence, c)
		}
	}
	return w.FullStop(sentence)
}

func (w *writer) nothing() string {
	if w.r.UnknownFilters != nil {
		return w.Say(wording.HeadlineNoneUnknown)
	}
	if o := w.r.Baseline; o != nil && len(w.r.SpecialIn(w.r.Period.Name)) == 0 &&
		o.Chats.Median >= 1 {
		return w.Say(wording.HeadlineNoneBaseline, w.middle(o.Chats.Median))
	}
	return w.Say(wording.HeadlineNone)
}

// middle writes the median of counts, which may lie halfway between two.
func (w *writer) middle(median float64) string {
	return w.Count(int(math.Min(math.Round(median), math.MaxInt64/2)))
}

// jumped names the days whose fallback rate jumped.
func (w *writer) jumped(days []figures.Incident) string {
	worst := days[0]
	var names []string
	for _, d := range days {
		names = append(names, w.Weekday(d.Date.Weekday()))
		if d.Rate > worst.Rate {
			worst = d
		}
	}
	key := wording.HeadlineIncident
	if len(days) > 1 {
		key = wording.HeadlineIncidents
	}
	return w.Say(key, w.List(names), w.Percent(worst.Rate), w.Percent(worst.Baseline))
}

// missed names the targets that were missed.
func (w *writer) missed() string {
	var missed []figures.Target
	for _, t := range w.r.Targets {
		if t.State == figures.Missed {
			missed = append(missed, t)
		}
	}
	switch len(missed) {
	case 0:
		return "" // the report was edited
	case 1:
		return w.missedTarget(missed[0])
	}
	return w.Say(wording.HeadlineMissed, w.Count(len(missed)), w.Count(len(w.r.Targets)),
		w.List(w.targetNames(missed)))
}

func (w *writer) again() string {
	var again []figures.Target
	for _, t := range w.r.Targets {
		if t.State == figures.Met && t.Before == figures.Missed {
			again = append(again, t)
		}
	}
	switch len(again) {
	case 0:
		return ""
	case 1:
		return w.metAgain(again[0])
	}
	return w.Say(wording.HeadlineAgain, w.Count(len(again)), w.List(w.targetNames(again)))
}

func (w *writer) recordHeadline(rec figures.Record) string {
	weeks := w.Count(rec.Periods)
	switch {
	case rec.Measure == figures.MeasureFallbackRate && rec.Highest:
		return w.Say(wording.HeadlineHighest, w.Percent(rec.Value), weeks, w.Percent(rec.Baseline))
	case rec.Measure == figures.MeasureFallbackRate:
		return w.Say(wording.HeadlineLowest, w.Percent(rec.Value), weeks, w.Percent(rec.Baseline))
	case rec.Highest:
		return w.Say(wording.HeadlineMost, w.chats(), weeks, w.middle(rec.Baseline))
	}
	return w.Say(wording.HeadlineFewest, w.chats(), weeks, w.middle(rec.Baseline))
}

// chats says how many chats there were, or of how many days that is known.
func (w *writer) chats() string {
	switch this := w.r.Chats.This(); {
	case this.KnownDays() == 0:
		return w.Say(wording.ChatsUnknown)
	case !this.Known():
		return w.Say(wording.ChatsPartial, w.Say(wording.ChatCount, this.Count),
			w.Count(this.KnownDays()))
	}
	return w.Say(wording.ChatCount, w.r.Chats.Total)
}

// volume says how many chats there were, beside the ordinary week, or if there is none, the week
// before. A special week is compared with nothing.
func (w *writer) volume() string {
	r, chats := w.r, w.r.Chats
	special := r.SpecialIn(r.Period.Name)
	switch this := chats.This(); {
	case this.KnownDays() == 0:
		return w.Say(wording.HeadlineUnknown)
	case !this.Known():
		return w.Say(wording.HeadlinePartial, w.Say(wording.ChatCount, this.Count),
			w.Count(this.KnownDays()))
	case len(special) > 0:
		return w.Say(wording.HeadlineSpecial, w.chats(), w.specialNames(special))
	case r.Baseline != nil:
		return w.besideBaseline(r.Baseline.Chats)
	case !r.HasPrevious || !chats.Before().Known() || len(r.SpecialIn(r.Period.Name.Previous())) > 0:
		return w.Say(wording.HeadlineAlone, w.chats())
	case chats.Change == nil || !r.Comparable(chats.Total, chats.Previous):
		return w.Say(wording.HeadlineFew, w.chats(), w.Count(chats.Previous))
	case *chats.Change >= 0.0005:
		return w.Say(wording.HeadlineMore, w.chats(), w.Percent(*chats.Change))
	case *chats.Change <= -0.0005:
		return w.Say(wording.HeadlineFewer, w.chats(), w.Percent(-*chats.Change))
	}
	return w.Say(wording.HeadlineSame, w.chats())
}

func (w *writer) besideBaseline(o figures.Typical) string {
	r := w.r
	middle := w.middle(o.Median)
	change, ok := o.Change(float64(r.Chats.Total))
	unusual := r.Headline != nil && r.Headline.Rule == figures.HeadlineUnusual
	switch {
	case ok && unusual && change > 0:
		return w.Say(wording.HeadlineUnusualMore, w.Count(r.Chats.Total), w.Percent(change), middle)
	case ok && unusual:
		return w.Say(wording.HeadlineUnusualFewer, w.Count(r.Chats.Total), w.Percent(-change),
			middle)
	case !ok || r.Chats.Total < figures.MinEvents || o.Median < figures.MinEvents:
		return w.Say(wording.HeadlineBaselineFew, w.chats(), middle)
	case change >= aboutAsMany:
		return w.Say(wording.HeadlineBaselineMore, w.chats(), w.Percent(change), middle)
	case change <= -aboutAsMany:
		return w.Say(wording.HeadlineBaselineFewer, w.chats(), w.Percent(-change), middle)
	}
	return w.Say(wording.HeadlineBaseline, w.chats(), middle)
}

// fallbackClause is the part of the headline about fallbacks. It is empty if there are too few
// replies for a rate.
func (w *writer) fallbackClause() string {
	f := w.r.Fallbacks
	switch baseline := w.baselineRate(); {
	case f.Rate == nil || !w.r.EnoughMessages():
		return ""
	case baseline != nil:
		return w.Say(wording.HeadlineFallbackUsual, w.Percent(*f.Rate), w.Percent(*baseline))
	case w.r.FallbacksComparable():
		return w.Say(wording.HeadlineFallbackPP, w.Percent(*f.Rate), w.Points(*f.ChangePP))
	}
	return w.Say(wording.HeadlineFallbacks, w.Percent(*f.Rate))
}

// baselineRate returns the fallback rate of the baseline, nil if this week is not compared
// with it.
func (w *writer) baselineRate() *float64 {
	o := w.r.Baseline
	if o == nil || o.FallbackRate == nil || len(w.r.SpecialIn(w.r.Period.Name)) > 0 {
		return nil
	}
	return &o.FallbackRate.Median
}
