package summary

import (
	"slices"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// fallbackSection is the fallback rate by day, or the fallbacks themselves if there are few
// messages.
func (w *writer) fallbackSection() Section {
	return Section{Chapter: Quality, Chart: w.fallbackChart()}
}

// standsOut is the tone of a fallback rate that stands out, by the side on which it does.
var standsOut = map[string]Tone{figures.Higher: Bad, figures.Lower: Good}

// noRate says why there is no fallback rate. It may be that users wrote to humans only.
func (w *writer) noRate() string {
	switch messages := w.r.Messages.This(); {
	case messages.Count > 0:
		return w.Say(wording.NoReplies)
	case !messages.Known():
		return w.Say(wording.NotKnown)
	}
	return w.Say(wording.NobodyWrote)
}

// countsFallbacks reports whether the week has so few messages that its fallbacks are counted,
// since a percentage would say too much.
func (w *writer) countsFallbacks() bool {
	return w.r.Fallbacks.Count != nil && w.r.Fallbacks.Rate != nil && !w.r.EnoughMessages()
}

// dayRates returns the fallback rates by day, nil if there is none or if users wrote only a handful
// of messages.
func (w *writer) dayRates() []*float64 {
	rates := make([]*float64, len(w.r.Fallbacks.Daily))
	for i, d := range w.r.Fallbacks.Daily {
		if !w.countsFallbacks() && w.r.EnoughOfDay(i) {
			rates[i] = d.Rate
		}
	}
	return rates
}

func (w *writer) fallbackChart() *Chart {
	f, counts := w.r.Fallbacks, w.countsFallbacks()
	c := &Chart{Name: ChartFallbacks, Kind: Columns, Rates: true, Rank: 2, Tabled: WhollyTabled,
		Half: true}
	title := wording.ChartFallbacksTitle
	if counts {
		title, c.Rates, c.Few = wording.ChartFallbackCountsTitle, false, true
	}
	if !w.titled(c, title, figures.SectionFallbacks, figures.SectionFallbacksDaily) {
		return c
	}
	c.Marks = w.dayMarks()
	this := Series{Name: w.Say(wording.LabelFallbacks)}
	var items []string
	rates := w.dayRates()
	for i, d := range f.Daily {
		p := w.point(d.Date)
		p.Rate = rates[i]
		if counts {
			p.Count = d.Count
		} else {
			p.Usual = w.usualRate(i, d.Date)
			p.Marked = w.warnsOf(d.Date)
		}
		number := w.Say(wording.AltGap)
		switch {
		case p.Rate != nil:
			number = w.Percent(*p.Rate)
		case p.Count != nil:
			number = w.Count(*p.Count)
		case d.Count == nil:
			number = w.Say(wording.NotKnown)
		}
		number = w.besideUsual(c, number, p.Usual, w.Percent)
		this.Points = append(this.Points, p)
		items = append(items, w.item(w.marked(p.Name, i, c.Marks), number))
	}
	c.Series = []Series{this}
	if !counts {
		c.Target = w.limit(figures.TargetFallbackRate, 0)
	}
	w.describe(c, w.fallbackFinding(), items)
	return c
}

// usualRate returns the fallback rate that is usual on a day. If the day jumped, it is the one that
// it was compared with.
func (w *writer) usualRate(day int, date period.Date) *float64 {
	if jump := w.jumpedOn(date); jump != nil {
		return &jump.Baseline
	}
	return w.usualOfDay(day, func(d figures.BaselineDay) *float64 { return d.FallbackRate })
}

// jumpedOn returns the jump of a day, or nil if it did not jump.
func (w *writer) jumpedOn(date period.Date) *figures.Incident {
	all := w.r.Fallbacks.Incidents
	if i := slices.IndexFunc(all, func(j figures.Incident) bool { return j.Date == date }); i >= 0 {
		return &all[i]
	}
	return nil
}

// warnsOf reports whether the verdict is about a jump on that day.
func (w *writer) warnsOf(date period.Date) bool {
	return w.needsLook() && w.jumpedOn(date) != nil
}

func (w *writer) fallbackFinding() string {
	f := w.r.Fallbacks
	switch {
	case f.Rate == nil:
		return w.noRate()
	case !w.r.EnoughMessages(): // as on the tile
		finding := w.Say(wording.FallbacksOf, *f.Count)
		if w.r.HasPrevious && f.PreviousCount != nil && !w.special() {
			finding = w.Say(wording.SubtitleLast, finding, w.Count(*f.PreviousCount))
		}
		return finding
	case w.baselineRate() != nil:
		return w.Say(wording.SubtitleUsual, w.Percent(*f.Rate), w.Percent(*w.baselineRate()))
	case w.r.FallbacksComparable():
		return w.Say(wording.SubtitleChange, w.Percent(*f.Rate), w.Percent(*f.PreviousRate),
			w.Points(*f.ChangePP))
	case w.r.HasPrevious && f.PreviousRate != nil && !w.special():
		return w.Say(wording.SubtitleLast, w.Percent(*f.Rate), w.Percent(*f.PreviousRate))
	}
	return w.Percent(*f.Rate)
}

func (w *writer) fallbackNumbers() {
	both := func(count *int, rate *float64, lastCount *int, lastRate *float64) []measure {
		return []measure{{"count", decimal(count), decimal(lastCount)},
			{"rate", fraction(rate), fraction(lastRate)}}
	}
	f := w.r.Fallbacks
	w.add(ofWeek, w.thisWeek("fallbacks"),
		both(f.Count, f.Rate, f.PreviousCount, f.PreviousRate)...)
	for _, d := range f.Daily {
		w.add(ofDays, day("fallbacks", d.Date), both(d.Count, d.Rate, nil, nil)...)
	}
	for _, c := range f.Trend {
		w.add(weeksBefore, whole("fallbacks", c.Period),
			both(c.Count, c.Rate, nil, nil)...)
	}
	for _, d := range f.History {
		w.add(daysBefore, day("fallbacks", d.Date), both(d.Count, d.Rate, nil, nil)...)
	}
}
