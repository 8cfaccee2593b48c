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
	case figures.HeadlineNothing: // has no clause about the volume, which names what was special
		clauses = append(clauses, w.nothing())
		if w.special() {
			clauses = append(clauses, w.Say(wording.HeadlineWith, w.specialNames(w.specials)))
		}
	case figures.HeadlineIncident:
		clauses = append(clauses, w.jumped(r.Fallbacks.Incidents), w.volume())
	case figures.HeadlineMissed:
		clauses = append(clauses, w.missed(), w.volume())
	case figures.HeadlineAgain:
		clauses = append(clauses, w.again(), w.volume())
	case figures.HeadlineRecord:
		rec := *r.Headline.Record
		clauses = append(clauses, w.recordHeadline(rec), w.volume())
		if rec.Measure == figures.MeasureChats {
			clauses[1] = w.fallbackClause()
		}
	default:
		clauses = append(clauses, w.volume(), w.fallbackClause())
	}
	return w.clauses(clauses...)
}

// clauses joins the clauses that are not empty into a sentence.
func (w *writer) clauses(all ...string) string {
	return w.FullStop(w.Sentence(w.beside(all)))
}

func (w *writer) nothing() string {
	if w.r.UnknownFilters != nil {
		return w.Say(wording.HeadlineNoneUnknown)
	}
	if b := w.r.Baseline; b != nil && !w.special() && b.Chats.Median >= 1 {
		return w.Say(wording.HeadlineNoneBaseline, w.Median(b.Chats.Median))
	}
	return w.Say(wording.HeadlineNone)
}

// jumped names the days whose fallback rate jumped.
func (w *writer) jumped(days []figures.Incident) string {
	worst := days[0]
	var names []string
	for _, d := range days {
		names = append(names, w.onDay(d.Date))
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
	missed := w.targets(func(t figures.Target) bool { return t.State == figures.Missed })
	switch len(missed) {
	case 0:
		return "" // the report was edited
	case 1:
		return w.missedTarget(missed[0])
	}
	return w.Say(wording.HeadlineMissed, len(missed), len(w.r.Targets),
		w.List(w.targetNames(missed)))
}

// again names the targets that are met again.
func (w *writer) again() string {
	again := w.targets(func(t figures.Target) bool {
		return t.State == figures.Met && t.Before == figures.Missed
	})
	switch len(again) {
	case 0:
		return ""
	case 1:
		return w.metAgain(again[0])
	}
	return w.Say(wording.HeadlineAgain, len(again), w.List(w.targetNames(again)))
}

func (w *writer) targets(are func(figures.Target) bool) (all []figures.Target) {
	for _, t := range w.r.Targets {
		if are(t) {
			all = append(all, t)
		}
	}
	return all
}

func (w *writer) recordHeadline(rec figures.Record) string {
	if rec.Measure == figures.MeasureFallbackRate {
		key := either(rec.Highest, wording.HeadlineHighest, wording.HeadlineLowest)
		return w.Say(key, w.Percent(rec.Value), rec.Periods, w.Percent(rec.Baseline))
	}
	key := either(rec.Highest, wording.HeadlineMost, wording.HeadlineFewest)
	return w.Say(key, w.chats(), rec.Periods, w.Median(rec.Baseline))
}

// either returns a if it is true, and else b.
func either(is bool, a, b wording.Key) wording.Key {
	if is {
		return a
	}
	return b
}

// chats says how many chats there were, or of how many days that is known.
func (w *writer) chats() string {
	switch this := w.r.Chats.This(); {
	case this.KnownDays() == 0:
		return w.Say(wording.ChatsUnknown)
	case !this.Known():
		return w.Say(wording.ChatsPartial, w.Say(wording.ChatCount, this.Count),
			this.KnownDays())
	}
	return w.Say(wording.ChatCount, w.r.Chats.Total)
}

// volume says how many chats there were, beside the ordinary week, or if there is none, the week
// before. A special week is compared with nothing.
func (w *writer) volume() string {
	r, chats := w.r, w.r.Chats
	switch this := chats.This(); {
	case this.KnownDays() == 0:
		return w.Say(wording.HeadlineUnknown)
	case !this.Known():
		return w.Say(wording.HeadlinePartial, w.Say(wording.ChatCount, this.Count),
			this.KnownDays())
	case w.special():
		return w.Say(wording.HeadlineSpecial, w.chats(), w.specialNames(w.specials))
	case r.Baseline != nil:
		return w.besideBaseline(r.Baseline.Chats)
	case !r.HasPrevious || !chats.Before().Known() ||
		len(r.SpecialIn(r.Period.Name.Previous())) > 0:
		return w.Say(wording.HeadlineAlone, w.chats())
	case chats.Change == nil || !r.Comparable(chats.Total, chats.Previous):
		return w.Say(wording.HeadlineFew, w.chats(), w.Count(chats.Previous))
	case math.Abs(*chats.Change) >= 0.0005: // else it is written as 0.0%
		key := either(*chats.Change > 0, wording.HeadlineMore, wording.HeadlineFewer)
		return w.Say(key, w.chats(), w.Percent(math.Abs(*chats.Change)))
	}
	return w.Say(wording.HeadlineSame, w.chats())
}

func (w *writer) besideBaseline(b figures.Typical) string {
	r, usual := w.r, w.Median(b.Median)
	change, ok := b.Change(float64(r.Chats.Total))
	size := w.Percent(math.Abs(change))
	switch {
	case ok && r.Headline != nil && r.Headline.Rule == figures.HeadlineUnusual:
		key := either(change > 0, wording.HeadlineUnusualMore, wording.HeadlineUnusualFewer)
		return w.Say(key, w.Count(r.Chats.Total), size, usual)
	case !ok || r.Chats.Total < figures.MinEvents || b.Median < figures.MinEvents:
		return w.Say(wording.HeadlineBaselineFew, w.chats(), usual)
	case math.Abs(change) >= aboutAsMany:
		key := either(change > 0, wording.HeadlineBaselineMore, wording.HeadlineBaselineFewer)
		return w.Say(key, w.chats(), size, usual)
	}
	return w.Say(wording.HeadlineBaseline, w.chats(), usual)
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
	if o == nil || o.FallbackRate == nil || w.special() {
		return nil
	}
	return &o.FallbackRate.Median
}
