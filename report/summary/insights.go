package summary

import (
	"cmp"
	"slices"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// standsOut is how far above the week's fallback rate a day has to be to be named.
const standsOut = 1.5

// insights are the sentences that the figures bear, the most important first. Each is silent where there are too few
// events to say anything.
func (w *writer) insights() []string {
	var said []string
	for _, insight := range []func() string{w.fallbackDay, w.closed, w.mover, w.busiestDay, w.busiestHour, w.topLabel} {
		if s := insight(); s != "" && len(said) < 5 {
			said = append(said, s)
		}
	}
	return said
}

// fallbackDay names the day whose fallback rate stands out from the week's.
func (w *writer) fallbackDay() string {
	week := w.r.Fallbacks.Rate
	if week == nil {
		return ""
	}
	worst := -1
	for i, d := range w.r.Fallbacks.Daily {
		if d.Rate == nil || *d.Count < figures.MinEvents || w.r.Messages.Daily[i].Count < figures.MinMessages || *d.Rate < standsOut**week {
			continue
		}
		if worst < 0 || *d.Rate > *w.r.Fallbacks.Daily[worst].Rate {
			worst = i
		}
	}
	if worst < 0 {
		return ""
	}
	d := w.r.Fallbacks.Daily[worst]
	return w.Say(wording.InsightFallbackDay, w.Weekday(d.Date.Weekday()), w.Percent(*d.Rate), w.Percent(*week))
}

func (w *writer) closed() string {
	h := w.r.Handovers
	switch {
	case h.RequestsWhileClosed == nil || *h.RequestsWhileClosed == 0:
		return ""
	case w.r.Baseline:
		return w.Say(wording.InsightClosedLast, *h.RequestsWhileClosed, w.Count(*h.Previous.RequestsWhileClosed))
	}
	return w.Say(wording.InsightClosed, *h.RequestsWhileClosed)
}

// busiestDay names the busiest day and the quietest, each where it is one alone: of two equal ones neither is.
func (w *writer) busiestDay() string {
	if w.r.Chats.Total < figures.MinEvents {
		return ""
	}
	days := slices.SortedFunc(slices.Values(w.r.Chats.Daily), func(a, b figures.DayCount) int { return cmp.Compare(b.Count, a.Count) })
	most, least := days[0], days[len(days)-1]
	if most.Count == days[1].Count {
		return ""
	}
	day, chats := w.Weekday(most.Date.Weekday()), w.Say(wording.ChatCount, most.Count)
	from := w.r.HistoryFrom
	if least.Count == days[len(days)-2].Count || from != nil && least.Date.Before(*from) {
		return w.Say(wording.InsightDay, day, chats)
	}
	return w.Say(wording.InsightDays, day, chats, w.Weekday(least.Date.Weekday()), w.Count(least.Count))
}

// busiestHour is silent where two hours had as many.
func (w *writer) busiestHour() string {
	var hours [24]int
	for _, day := range w.r.Chats.Hourly {
		for hour, n := range day {
			if n != nil {
				hours[hour] += *n
			}
		}
	}
	var most peak
	for hour, n := range hours {
		most.see(hour, n)
	}
	if most.count < figures.MinEvents || most.tied {
		return ""
	}
	return w.Say(wording.InsightHour, w.Hour(most.hour), w.Hour((most.hour+1)%24), w.Say(wording.ChatCount, most.count))
}

// topLabel is silent where two labels were as frequent, and where the mover is the top label.
func (w *writer) topLabel() string {
	labels := w.r.Labels
	if len(labels) == 0 || labels[0].Count < figures.MinEvents || len(labels) > 1 && labels[1].Count == labels[0].Count {
		return ""
	}
	if place, moved := w.furthest(); moved && place == 0 {
		return ""
	}
	top := labels[0]
	if w.r.Baseline && top.Previous != nil {
		return w.Say(wording.InsightLabelLast, w.short(top.Text), top.Count, w.Count(*top.Previous))
	}
	return w.Say(wording.InsightLabel, w.short(top.Text), top.Count)
}

// mover is the label whose count moved the furthest, one that was not there last week included.
func (w *writer) mover() string {
	place, moved := w.furthest()
	if !moved {
		return ""
	}
	l := w.r.Labels[place]
	switch {
	case l.BelowLimit:
		return w.Say(wording.InsightMoverBelow, w.short(l.Text), l.Count, w.Say(wording.BelowLimit, w.Count(figures.ListLimit)))
	case l.Count > *l.Previous:
		return w.Say(wording.InsightMoverUp, w.short(l.Text), w.compared(l.Count, *l.Previous, l.Change))
	}
	return w.Say(wording.InsightMoverDown, w.short(l.Text), w.compared(l.Count, *l.Previous, l.Change))
}

// furthest finds the label that moved the furthest, and by enough to be spoken of. There is none where another moved as
// far, or may have moved further because its count of last week is not known.
func (w *writer) furthest() (place int, moved bool) {
	if !w.r.Baseline {
		return 0, false
	}
	most, alone := 0, false
	for i, l := range w.r.Labels {
		by, known := l.Count, l.Previous != nil || l.BelowLimit // from below the top, by as much at most
		if l.Previous != nil {
			by = max(l.Count-*l.Previous, *l.Previous-l.Count)
		}
		switch {
		case by > most:
			place, most, alone = i, by, known
		case by == most:
			alone = false
		}
	}
	return place, alone && most >= figures.MinEvents
}

// short is a name that may stand inside a sentence.
func (w *writer) short(name string) string { return cut(w.name(name), 80) }
