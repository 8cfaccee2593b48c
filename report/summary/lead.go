package summary

import (
	"cmp"
	"math"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
)

// leadLabels are the measures of charts that can have a finding about their days.
var leadLabels = map[string]wording.Key{
	ChartFallbacks: wording.LabelFallbacks, ChartChats: wording.LabelChats,
}

// leadDays says what the days of the verdict's chart add to the verdict. It compares a day that
// jumped with the other days, or says on how many days the measure was beyond its limit or beyond
// what is usual. It returns "" if the days add nothing.
func (w *writer) leadDays(c *Chart) string {
	v := w.r.Verdict
	if v == nil || c.Name != w.lead() || leadLabels[c.Name] == "" || len(c.Series) != 1 {
		return ""
	}
	days := c.Series[0].Points
	usual := func(p Point) *float64 { return p.Usual }
	switch v.Rule {
	case figures.VerdictIncident:
		return w.besideJumps(days)
	case figures.VerdictMissed:
		if t := w.target(figures.TargetFallbackRate); t != nil && c.Target != nil {
			_, limit := w.targetValues(*t)
			n, known := daysBeyond(days, func(Point) *float64 { return &t.Limit }, 1)
			if n > 0 {
				return w.Say(wording.ChartAboveLimitTitle, limit, n, known)
			}
		}
	case figures.VerdictRate, figures.VerdictRising, figures.VerdictFell:
		side, key := 1, wording.ChartAboveTitle
		if v.Rule == figures.VerdictFell || v.Status == figures.GoodWeek {
			side, key = -1, wording.ChartBelowTitle
		}
		if n, known := daysBeyond(days, usual, side); n > 0 {
			return w.Say(key, n, known)
		}
	}
	return ""
}

// besideJumps says the rates of the days that jumped, and those of the others. It returns "" if
// fewer than two others are known.
func (w *writer) besideJumps(days []Point) string {
	jumps := w.r.Fallbacks.Incidents
	if len(jumps) > mostNames {
		return ""
	}
	worst, least, most, others := 0.0, math.Inf(1), math.Inf(-1), 0
	for i, p := range days {
		switch {
		case p.Rate == nil:
		case w.jumpedOn(w.r.Fallbacks.Daily[i].Date) != nil:
			worst = max(worst, *p.Rate)
		default:
			least, most, others = min(least, *p.Rate), max(most, *p.Rate), others+1
		}
	}
	if others < 2 {
		return ""
	}
	rest := w.Percent(most)
	if tenths(least) != tenths(most) {
		low, _ := w.Decimals(tenths(least), tenths(least))
		rest = w.Say(wording.ChartDaysRange, low, rest)
	}
	var names []string
	for _, jump := range jumps {
		names = append(names, w.WeekdayShort(jump.Date.Weekday()))
	}
	key := wording.ChartDayTitle
	if len(jumps) > 1 {
		key = wording.ChartDaysTitle
	}
	return w.Say(key, w.List(names), w.Percent(worst), rest)
}

// daysBeyond returns on how many days a number is above (side 1) or below (side -1) what it is
// compared with, and on how many days both are known. It compares them as they are printed.
func daysBeyond(days []Point, of func(Point) *float64, side int) (n, known int) {
	for _, p := range days {
		compared := of(p)
		if compared == nil || math.IsNaN(p.Value()) {
			continue
		}
		known++
		printed := math.Round
		if p.Rate != nil {
			printed = tenths
		}
		if cmp.Compare(printed(p.Value()), printed(*compared)) == side {
			n++
		}
	}
	return n, known
}
