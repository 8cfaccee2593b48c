package summary

import (
	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// standsOut is how far above the week's fallback rate a day has to be to be named.
const standsOut = 1.5

// insights are the sentences that the figures bear, the most important first. Each is silent where there are too few
// events to say anything.
func (w *writer) insights() []string {
	var said []string
	for _, insight := range []func() string{w.fallbackDay, w.closed, w.busiestDay, w.busiestHour, w.topLabel, w.mover} {
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
		if d.Rate == nil || w.r.Messages.Daily[i].Count < figures.MinMessages || *d.Rate < standsOut**week {
			continue
		}
		if worst < 0 || *d.Rate > *w.r.Fallbacks.Daily[worst].Rate {
			worst = i
		}
	}
	if worst < 0 || *w.r.Fallbacks.Daily[worst].Count < figures.MinEvents {
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

func (w *writer) busiestDay() string {
	if w.r.Chats.Total < figures.MinEvents {
		return ""
	}
	days := w.r.Chats.Daily
	most, least := days[0], days[0]
	for _, d := range days {
		if d.Count > most.Count {
			most = d
		}
		if d.Count < least.Count {
			least = d
		}
	}
	if most.Count == least.Count {
		return ""
	}
	return w.Say(wording.InsightDays, w.Weekday(most.Date.Weekday()), w.Say(wording.ChatCount, most.Count),
		w.Weekday(least.Date.Weekday()), w.Count(least.Count))
}

func (w *writer) busiestHour() string {
	var hours [24]int
	busiest := 0
	for _, day := range w.r.Chats.Hourly {
		for hour, n := range day {
			if n != nil {
				hours[hour] += *n
			}
		}
	}
	for hour, n := range hours {
		if n > hours[busiest] {
			busiest = hour
		}
	}
	if hours[busiest] < figures.MinEvents {
		return ""
	}
	return w.Say(wording.InsightHour, w.Hour(busiest), w.Hour((busiest+1)%24), w.Say(wording.ChatCount, hours[busiest]))
}

func (w *writer) topLabel() string {
	if len(w.r.Labels) == 0 || w.r.Labels[0].Count < figures.MinEvents {
		return ""
	}
	top := w.r.Labels[0]
	if w.r.Baseline && top.Previous != nil {
		return w.Say(wording.InsightLabelLast, w.short(top.Text), top.Count, w.Count(*top.Previous))
	}
	return w.Say(wording.InsightLabel, w.short(top.Text), top.Count)
}

// mover is the label whose count moved the furthest, where a percentage of it may be printed.
func (w *writer) mover() string {
	var mover *figures.Label
	moved := func(l *figures.Label) int { return max(l.Count-*l.Previous, *l.Previous-l.Count) }
	for i := range w.r.Labels {
		l := &w.r.Labels[i]
		if l.Previous == nil || l.Change == nil || !w.r.Comparable(l.Count, *l.Previous) || moved(l) == 0 {
			continue
		}
		if mover == nil || moved(l) > moved(mover) {
			mover = l
		}
	}
	if mover == nil {
		return ""
	}
	key := wording.InsightMoverUp
	if mover.Count < *mover.Previous {
		key = wording.InsightMoverDown
	}
	return w.Say(key, w.short(mover.Text), w.Count(mover.Count), w.Count(*mover.Previous), w.Change(*mover.Change))
}

// short is a name that may stand inside a sentence.
func (w *writer) short(name string) string { return cut(w.name(name), 80) }
