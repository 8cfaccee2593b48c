package summary

import (
	"strings"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/names"
	"kindlyweekly/report/wording"
)

// insights returns the insights of package figures as sentences. It leaves out kinds that this
// version of the program does not know. It also leaves out what the verdict, the facts or an older
// report's headline already say.
func (w *writer) insights(told *told) []string {
	if w.decides(figures.VerdictDead) { // the verdict says that there was nothing
		return nil
	}
	var all []string
	for _, i := range w.r.Insights {
		// In many languages, a weekday at the beginning has a small letter.
		if s := w.insight(i); s != "" && !w.isSaid(i, told) {
			all = append(all, w.Sentence(s))
		}
	}
	return all
}

// isSaid reports whether an insight is said already.
func (w *writer) isSaid(i figures.Insight, told *told) bool {
	if w.words.label == "" {
		return i.Kind == figures.KindTarget &&
			strings.HasPrefix(w.headline(), w.Sentence(w.targetClause(*i.Target)))
	}
	switch i.Kind {
	case figures.KindIncident, figures.KindTarget:
		return true
	case figures.KindFeedback:
		return told.feedback
	case figures.KindMover:
		return w.coincided(*i.Mover)
	case figures.KindRecord:
		return told.rate && i.Record.Measure == figures.MeasureFallbackRate ||
			told.chats && i.Record.Measure == figures.MeasureChats
	case figures.KindStreak:
		return told.rate && i.Streak.Measure == figures.MeasureFallbackRate ||
			told.chats && i.Streak.Measure == figures.MeasureChats
	}
	return false
}

// targetClause says how a target was missed, or is met again.
func (w *writer) targetClause(t figures.Target) string {
	if t.State == figures.Missed {
		return w.missedTarget(t)
	}
	return w.metAgain(t)
}

func (w *writer) insight(i figures.Insight) string {
	switch i.Kind {
	case figures.KindIncident:
		d := i.Incident
		return w.Say(wording.InsightIncident, w.onDay(d.Date), w.Percent(d.Rate),
			d.Count, d.Replies, w.Percent(d.Baseline))
	case figures.KindFallbackDay:
		if week := w.r.Fallbacks.Rate; week != nil {
			return w.Say(wording.InsightFallbackDay, w.onDay(i.Incident.Date),
				w.Percent(i.Incident.Rate), w.Percent(*week))
		}
	case figures.KindTarget:
		return w.clauses(w.targetClause(*i.Target))
	case figures.KindFeedback:
		return w.shift(*i.Feedback)
	case figures.KindRecord:
		return w.record(*i.Record)
	case figures.KindStreak:
		return w.streak(*i.Streak)
	case figures.KindMover:
		return w.mover(*i.Mover)
	case figures.KindClosed:
		return w.closed(*i.Closed)
	case figures.KindDays:
		return w.days(*i.Days)
	case figures.KindHours:
		return w.hours(*i.Hours)
	}
	return ""
}

func (w *writer) shift(s figures.Shift) string {
	share := func(positive, total int) float64 { return float64(positive) / float64(total) }
	now, before := share(s.Positive, s.Total), share(s.BeforePositive, s.BeforeTotal)
	key := either(now > before, wording.InsightThumbsRose, wording.InsightThumbsFell)
	if s.Steps == 5 {
		key = either(now > before, wording.InsightStepsRose, wording.InsightStepsFell)
	}
	return w.Say(key, w.Percent0(now), s.Positive, s.Total, w.Percent0(before),
		s.BeforePositive, s.BeforeTotal)
}

func (w *writer) record(rec figures.Record) string {
	when := w.weekDates(rec.WasIn)
	if rec.Measure == figures.MeasureFallbackRate {
		key := either(rec.Highest, wording.InsightHighest, wording.InsightLowest)
		rate, was := w.Percents(rec.Value, rec.Was)
		return w.Say(key, rate, rec.Periods, was, when)
	}
	key := either(rec.Highest, wording.InsightMost, wording.InsightFewest)
	return w.Say(key, w.chats(), rec.Periods, w.Median(rec.Was), when)
}

func (w *writer) streak(s figures.Streak) string {
	if s.Measure == figures.MeasureFallbackRate {
		key := either(s.Up, wording.InsightRateUp, wording.InsightRateDown)
		return w.Say(key, s.Periods, w.Percent(s.From), w.Percent(s.Value))
	}
	key := either(s.Up, wording.InsightChatsUp, wording.InsightChatsDown)
	return w.Say(key, s.Periods, w.Median(s.From), w.Median(s.Value))
}

// moverKeys are the sentences of each list, by what became of the item.
var moverKeys = map[string]map[string]wording.Key{
	figures.ListLabels: {
		figures.New: wording.InsightLabelNew, figures.Gone: wording.InsightLabelGone,
		figures.Risen: wording.InsightLabelRisen, figures.Fallen: wording.InsightLabelFallen,
	},
	figures.ListButtons: {
		figures.New: wording.InsightButtonNew, figures.Gone: wording.InsightButtonGone,
		figures.Risen: wording.InsightButtonRisen, figures.Fallen: wording.InsightButtonFallen,
	},
	figures.ListPages: {
		figures.New: wording.InsightPageNew, figures.Gone: wording.InsightPageGone,
		figures.Risen: wording.InsightPageRisen, figures.Fallen: wording.InsightPageFallen,
	},
}

// edgeKeys are those of an item that rose from below the end of a list, or fell to there.
var edgeKeys = map[string]map[string]wording.Key{
	figures.ListLabels: {
		figures.Risen: wording.InsightLabelFrom, figures.Fallen: wording.InsightLabelTo,
	},
	figures.ListButtons: {
		figures.Risen: wording.InsightButtonFrom, figures.Fallen: wording.InsightButtonTo,
	},
	figures.ListPages: {
		figures.Risen: wording.InsightPageFrom, figures.Fallen: wording.InsightPageTo,
	},
}

func (w *writer) mover(m figures.Moved) string {
	keys := moverKeys[m.List]
	if m.BelowLimit {
		keys = edgeKeys[m.List]
	}
	name := w.short(w.moverName(m.Mover))
	if m.Kind == figures.New {
		return w.Say(keys[m.Kind], name, bound(m.Count, m.AtMost))
	}
	this, previous := w.moverCounts(m.Mover)
	return w.Say(keys[m.Kind], name, this, previous)
}

// moverName returns an item's name, with the dialogue of a button if another one has its text.
func (w *writer) moverName(m figures.Mover) string {
	if m.Dialogue == "" {
		return w.name(m.Name)
	}
	return w.buttonName(m.Name, m.Dialogue)
}

// moverCounts returns an item's counts of both weeks as arguments of a message. If an item is below
// the end of a list, the argument is a text.
func (w *writer) moverCounts(m figures.Mover) (this, previous any) {
	this, previous = bound(m.Count, m.AtMost), bound(m.Previous, m.PreviousAtMost)
	below := w.Say(wording.BelowLimit, w.Count(figures.ListLimit))
	switch {
	case m.BelowLimit && m.Kind == figures.Risen:
		previous = below
	case m.BelowLimit:
		this = below
	}
	return this, previous
}

// closed says how often users asked for a human outside opening hours, and in a second sentence
// when.
func (w *writer) closed(c figures.Closed) string {
	said := w.Say(wording.InsightClosed, c.Count)
	switch {
	case c.Baseline != nil:
		said = w.Say(wording.InsightClosedUsual, c.Count, w.Median(*c.Baseline))
	case c.Previous != nil:
		said = w.Say(wording.InsightClosedLast, c.Count, *c.Previous)
	}
	var when string
	switch {
	case c.Hours != nil && c.Day != nil:
		when = w.Say(wording.InsightClosedWhen, c.Hours.Count, w.Hour(c.Hours.From),
			w.Hour(c.Hours.To), w.onDay(c.Day.Date), c.Day.Count)
	case c.Hours != nil:
		when = w.Say(wording.InsightClosedHours, c.Hours.Count, w.Hour(c.Hours.From),
			w.Hour(c.Hours.To))
	case c.Day != nil:
		when = w.Say(wording.InsightClosedDay, w.onDay(c.Day.Date), c.Day.Count)
	default:
		return said
	}
	return said + " " + when
}

func (w *writer) days(d figures.Days) string {
	on := func(n *figures.DayNote) string { return w.onDay(n.Date) }
	switch {
	case d.Against && d.Most != nil && d.Fewest != nil:
		return w.Say(wording.InsightDayBoth,
			on(d.Most), d.Most.Chats, w.Median(*d.Most.Baseline),
			on(d.Fewest), d.Fewest.Chats, w.Median(*d.Fewest.Baseline))
	case d.Against && d.Most != nil:
		return w.Say(wording.InsightDayMore, on(d.Most), d.Most.Chats,
			w.Median(*d.Most.Baseline))
	case d.Against:
		return w.Say(wording.InsightDayFewer, on(d.Fewest), d.Fewest.Chats,
			w.Median(*d.Fewest.Baseline))
	case d.Fewest != nil:
		return w.Say(wording.InsightDays, on(d.Most), d.Most.Chats,
			on(d.Fewest), d.Fewest.Chats)
	}
	return w.Say(wording.InsightDay, on(d.Most), d.Most.Chats)
}

func (w *writer) hours(h figures.Hours) string {
	share := w.Percent0(min(1, float64(h.Half.Count)/float64(h.Total)))
	from, to := w.Hour(h.Half.From), w.Hour(h.Half.To)
	if h.Busiest == nil || h.Half.To == (h.Half.From+1)%24 { // the half is that hour
		return w.Say(wording.InsightHalf, share, from, to)
	}
	return w.Say(wording.InsightHalfHour, share, from, to, w.Hour(h.Busiest.From),
		w.Hour(h.Busiest.To), h.Busiest.Count)
}

// short returns a name, cut so that it can stand inside a sentence.
func (w *writer) short(name string) string { return wording.Name(names.Cut(w.name(name), 80)) }
