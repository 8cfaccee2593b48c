// Package charts draws a report's pictures.
//
// [All] turns the charts of a summary into [Picture] values: a title, a finding, a text for screen
// readers, and a plot. A plot is numbers and the code that draws them onto a [Renderer], so that
// one drawing serves two media: [Picture.PNG] draws onto pixels, for Slack and the mail, and the
// PDF passes a renderer of vectors.
//
// There is a plot for each [summary.Kind]: columns by day or by week (standings), columns on top of
// each other (stacked), a heatmap, and horizontal bars (rows) for rankings and shares. A chart's
// kind alone decides how it is drawn, not its subject.
//
// # Rules for every chart
//
// This week has the accent color, other weeks are light, and last week is on the left of this week.
// Only what the verdict warns of has the warning color. A short line across a bar shows what is
// usual there. A dashed line across all bars shows the target.
//
// Bars begin at zero. There is no axis: values are written at their marks, as large as they can be
// without touching each other. If lines are in the way above the bars, values are in the bars. A
// missing value is never drawn as zero: it is shown as a dash, and an hour that did not exist is
// hatched. A chart whose section could not be fetched says so in place of its plot. No text is
// smaller than 20 units on a picture 700 units wide, which is 11 pixels on a phone 390 pixels wide.
// Text keeps its size in a smaller picture, which shows less of it.
//
// # How a PNG is made
//
// A pixel is the index of its color in a palette, which has the colors of the picture and the steps
// between those that meet. What covers a pixel in part makes it the nearest color of the palette;
// the result is computed once for each coverage and pair of colors. A letter is drawn once for each
// size. The rows are compressed as they are. Canvases are kept for the next picture. This takes 15
// ms for the ten pictures of a report, a third of what full colors take.
//
// # Bad numbers
//
// Numbers may be anything: infinities and NaN are missing, negative numbers have no bar, and names
// are cut by their measured width.
package charts

import (
	"slices"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// All returns the pictures of a summary's charts in reading order, in a brand's colors. A nil brand
// has none.
func All(s *summary.Summary, brand *figures.Brand) []Picture {
	scheme := own
	if brand != nil && brand.Accent != "" {
		scheme = newScheme(brand.Accent)
	}
	var pictures []Picture
	for _, chart := range s.Charts() {
		p := Picture{
			Name: chart.Name, Title: chart.Title, Subtitle: chart.Subtitle, Alt: chart.Alt,
			scheme: scheme,
		}
		if chart.Missing == "" {
			p.plot, p.legend = builder{s.Words, chart}.plot()
		}
		pictures = append(pictures, p)
	}
	return pictures
}

// builder makes the plot of a chart.
type builder struct {
	*wording.Wording
	*summary.Chart
}

// plot returns the chart's plot and legend. The plot is nil if there is nothing to draw.
func (b builder) plot() (plot, legend) {
	switch b.Kind {
	case summary.Columns, summary.Periods:
		return b.standings()
	case summary.Stacked:
		return b.stacked()
	case summary.Heatmap:
		return b.heatmap()
	}
	return b.rows()
}

// columns returns the part of the plot that all charts of columns have.
func (b builder) columns() columns {
	cs := columns{value: b.value, none: b.Say(wording.Missing), special: b.special(),
		target: missing}
	if b.Rates {
		cs.value = func(rate float64) string { return b.RateText(b.Wording, rate) }
	}
	if b.Target != nil {
		cs.target = b.Target.Value
	}
	for _, p := range b.Series[0].Points {
		cs.categories = append(cs.categories, category{p.Name, p.Short})
		if b.Usual != "" {
			cs.usual = append(cs.usual, usual(p))
		}
	}
	return cs
}

// values returns the values of a series, with NaN for missing ones.
func values(s summary.Series) []float64 {
	var values []float64
	for _, p := range s.Points {
		values = append(values, p.Value())
	}
	return values
}

// last returns last week's value of a point.
func last(p summary.Point) float64 { return summary.Point{Count: p.Last}.Value() }

// usual returns what is usual at a point.
func usual(p summary.Point) float64 { return summary.Point{Rate: p.Usual}.Value() }

// value writes a count in full if it fits over a bar.
func (b builder) value(v float64) string {
	if v >= 1e6 {
		return b.Compact(v)
	}
	return b.Count(int(v))
}

// special returns the columns that have a mark. Neighbors with the same mark are one span, since a
// name has more room under all of them.
func (b builder) special() []span {
	var spans []span
	for _, m := range b.Marks {
		text := wording.Name(m.Text)
		if n := len(spans) - 1; n >= 0 && spans[n].text == text && spans[n].last == m.At-1 {
			spans[n].last = m.At
			continue
		}
		spans = append(spans, span{m.At, m.At, text})
	}
	return spans
}

// lines returns the legend of the lines across bars.
func (b builder) lines() (l legend) {
	if b.hasUsual() {
		l = append(l, legendItem{marker: usually, text: b.Usual})
	}
	if b.Target != nil {
		l = append(l, legendItem{marker: dashed, text: b.Target.Text})
	}
	return l
}

// hasUsual reports whether there is a line of what is usual.
func (b builder) hasUsual() bool {
	return b.Usual != "" && slices.ContainsFunc(b.Series, func(s summary.Series) bool {
		return slices.ContainsFunc(s.Points, func(p summary.Point) bool { return usual(p) > 0 })
	})
}

// comparing returns the legend of a chart that has last week's numbers. before is their marker.
func (b builder) comparing(before marker) legend {
	return legend{
		{marker: before, text: b.Before},
		{marker: thisWeek, text: b.This},
	}
}

func (b builder) standings() (plot, legend) {
	if b.Rates && b.Blank() {
		return nil, nil
	}
	p, l := standings{columns: b.columns(), now: values(b.Series[0])}, b.lines()
	for _, point := range b.Series[0].Points {
		p.marked = append(p.marked, point.Marked)
		if b.Compared {
			p.before = append(p.before, last(point))
		}
	}
	if b.Compared {
		l = append(b.comparing(lastWeek), l...)
	}
	if b.Kind != summary.Periods {
		return p, l
	}
	p.last, p.joined = true, true
	for i := range p.categories {
		p.categories[i].long = p.categories[i].short // there is no room for the last day of a week
	}
	// A week is too narrow for names, which the text beside the chart has.
	for i := range p.special {
		p.special[i].text = ""
	}
	if len(p.special) > 0 {
		l = append(l, legendItem{marker: band, text: b.Say(wording.LegendSpecial)})
	}
	return p, l
}

func (b builder) stacked() (plot, legend) {
	lower, upper := b.Series[0], b.Series[1]
	l := legend{{marker: thisWeek, text: lower.Name}, {marker: whileClosed, text: upper.Name}}
	return stacked{columns: b.columns(), lower: values(lower), upper: values(upper)},
		append(l, b.lines()...)
}

func (b builder) heatmap() (plot, legend) {
	p := heatmap{value: b.value}
	for i, day := range b.Series {
		p.days, p.cells = append(p.days, day.Name), append(p.cells, values(day))
		for _, hour := range day.Points {
			if i == 0 {
				p.hours = append(p.hours, hour.Name)
			}
		}
	}
	var l legend
	for _, gap := range b.Gaps {
		l = append(l, legendItem{marker: hatched, text: gap})
	}
	return p, append(l, legendItem{ramp, b.Say(wording.LegendFewer), b.Say(wording.LegendMore)})
}

func (b builder) rows() (plot, legend) {
	if len(b.Series) == 0 {
		return nil, nil
	}
	var p rows
	for _, s := range b.Series {
		g := rowGroup{heading: s.Name}
		for _, point := range s.Points {
			g.rows = append(g.rows, row{point.Name, point.Value(), last(point),
				usual(point), point.Text, point.Marked})
		}
		p.groups = append(p.groups, g)
	}
	if b.Compared {
		return p, b.comparing(lastWeekThin)
	}
	return p, b.lines()
}
