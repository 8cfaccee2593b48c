package summary

import (
	"slices"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// weekSection is the verdict's measure over twelve weeks. If that is chats, it is empty, since
// chats have their own chart of weeks.
func (w *writer) weekSection() Section {
	return Section{Chapter: Quality, Chart: w.weekChart()}
}

// weekly is a measure week by week.
type weekly struct {
	label wording.Key
	rates bool
	whole bool // of the rates, see [Chart.Whole]
	// count or rate returns a week's value, nil if it is not known.
	count func(week int) *int
	rate  func(week int) *float64
	usual *float64
	limit *Reference
}

// weekChart returns nil if the weeks are not known, such as those of feedback without a target.
func (w *writer) weekChart() *Chart {
	m := w.measure()
	if m == nil {
		return nil
	}
	c := &Chart{Name: ChartWeeks, Kind: Periods, Rates: m.rates, Whole: m.whole, Target: m.limit,
		Half: true, Start: w.firstWeek(), This: w.this, Before: w.before}
	c.Topic = w.Say(wording.ChartWeeksTitle, w.Say(m.label))
	c.Title = c.Topic
	c.Marks = w.weekMarks(w.r.Chats.Trend, c.Start)
	weeks := Series{Name: w.Say(m.label)}
	var items []string
	known, number := false, ""
	for i, week := range w.r.Chats.Trend {
		p := w.weekPoint(week.Period)
		if i >= c.Start {
			if m.rates {
				p.Rate = m.rate(i)
			} else {
				p.Count = m.count(i)
			}
		}
		w.ofWeek(c, &p, i, m.usual, w.r.Verdict.Rule != figures.VerdictIncident)
		weeks.Points = append(weeks.Points, p)
		number = w.Say(wording.NotKnown)
		switch {
		case p.Rate != nil:
			number = c.RateText(w.Wording, *p.Rate)
		case p.Count != nil:
			number = w.Count(*p.Count)
		}
		known = known || p.Rate != nil || p.Count != nil
		if i >= c.Start {
			items = append(items, w.item(w.marked(p.Name, i, c.Marks), number))
		}
	}
	if !known {
		return nil
	}
	c.Series = []Series{weeks}
	finding := number
	if m.usual != nil {
		usual := w.Median(*m.usual)
		if m.rates {
			usual = c.RateText(w.Wording, *m.usual)
		}
		finding = w.Say(wording.SubtitleTrendUsual, number, usual)
	}
	w.describe(c, finding, items)
	return c
}

// measure returns what the verdict is about, or nil if that is the chats or nothing.
func (w *writer) measure() *weekly {
	v := w.r.Verdict
	if v == nil {
		return nil
	}
	switch h := w.r.Handovers.Trend; v.About {
	case figures.AboutFallbacks:
		return &weekly{label: wording.LabelFallbacks, rates: true, rate: w.rateOfWeek,
			usual: w.usualOfWeek(func(b *figures.Baseline) *figures.Typical {
				return b.FallbackRate
			}),
			limit: w.limit(figures.TargetFallbackRate, 0)}
	case figures.AboutHandovers:
		closed := slices.ContainsFunc(w.r.Targets, func(t figures.Target) bool {
			return t.Name == figures.TargetRequestsWhileClosed && t.StandsOut
		})
		if closed {
			return &weekly{label: wording.LabelClosed,
				count: func(week int) *int { return h[week].RequestsWhileClosed },
				usual: w.usualOfWeek(func(b *figures.Baseline) *figures.Typical {
					return b.RequestsWhileClosed
				}),
				limit: w.limit(figures.TargetRequestsWhileClosed, 0)}
		}
		return &weekly{label: wording.LabelHuman, count: func(week int) *int {
			if n, known := h[week].AllRequests(); known {
				return &n
			}
			return nil
		}, usual: w.usualOfWeek(func(b *figures.Baseline) *figures.Typical { return b.Requests })}
	case figures.AboutFeedback:
		return w.ratingsByWeek()
	}
	return nil
}

// ratingsByWeek returns the share of positive ratings, of the kind that the tile shows.
func (w *writer) ratingsByWeek() *weekly {
	trend := w.r.Feedback.Trend
	if len(trend) == 0 || w.r.Feedback.Binary == nil {
		return nil
	}
	kind, _ := w.shownRatings()
	rate := func(week int) *float64 {
		s := trend[week].Binary
		if kind.steps == 5 {
			s = trend[week].Emojis
		}
		if s == nil || s.Total < figures.MinRatings {
			return nil
		}
		return new(share(s.Positive, s.Total))
	}
	return &weekly{label: wording.LabelFeedback, rates: true, whole: true, rate: rate,
		usual: w.usualShare(kind.steps), limit: w.limit(figures.TargetFeedback, kind.steps)}
}

// rateOfWeek returns the fallback rate of one of the 12 weeks, or nil if it is of too few messages.
func (w *writer) rateOfWeek(week int) *float64 {
	if m := w.r.Messages.Trend[week]; m.Known() && m.Count < figures.MinMessages {
		return nil
	}
	return w.r.Fallbacks.Trend[week].Rate
}

// firstWeek returns the place of the first of the 12 weeks in the bot's history. The weeks before
// it are missing, and not weeks without events.
func (w *writer) firstWeek() int {
	first := 0
	for from := w.r.HistoryFrom; from != nil && first < figures.TrendPeriods-1 &&
		!from.Before(w.r.Chats.Trend[first].Period.To()); {
		first++
	}
	return first
}

func (w *writer) weekPoint(week period.Period) Point {
	return Point{Name: w.weekDates(week), Short: w.DayMonth(week.From().UTC())}
}

// usualOfWeek returns the median of a measure, or nil if the week is not compared with other weeks.
func (w *writer) usualOfWeek(of func(*figures.Baseline) *figures.Typical) *float64 {
	if w.r.Baseline == nil || w.special() {
		return nil
	}
	if t := of(w.r.Baseline); t != nil {
		return &t.Median
	}
	return nil
}

// ofWeek adds what is usual to the point of a week, and marks this week's if the verdict is about
// the week as a whole.
func (w *writer) ofWeek(c *Chart, p *Point, place int, usual *float64, whole bool) {
	if usual != nil && place >= c.Start {
		p.Usual, c.Usual = usual, w.Say(wording.TermBaseline)
	}
	p.Marked = whole && place == figures.TrendPeriods-1 && w.needsLook()
}

// needsLook reports whether the verdict warns of something.
func (w *writer) needsLook() bool {
	return w.r.Verdict != nil && w.r.Verdict.Status == figures.NeedsLook
}

// weeksOf returns the name of the chart that has the 12 weeks of the verdict's measure.
func (w *writer) weeksOf(s *Summary) string {
	name := ChartWeeks
	if lead := w.lead(); lead == ChartChats || lead == ChartTrend || w.r.Verdict == nil {
		name = ChartTrend
	}
	for _, c := range s.Charts() {
		if c.Name == name {
			return name
		}
	}
	return ""
}
