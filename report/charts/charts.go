// Package charts draws a report's pictures.
//
// [All] turns the charts of a summary into [Picture] values: a title, a finding, a text for screen
// readers, and a plot. A plot is numbers and the code that draws them onto a [Renderer], so that
// one drawing serves two media: [Picture.PNG] draws onto pixels, for Slack and the mail, and the
// PDF passes a renderer of vectors.
//
// There is a plot for each [summary.Kind]: columns beside last week's (compared), columns on top of
// each other (stacked), a line (rated), weeks of which the last stands out (emphasized), a heatmap,
// and horizontal bars (rows) for rankings and shares. A chart is drawn by its kind, whatever it is
// about.
//
// # Rules for every chart
//
// Axes begin at zero and have three to five steps of round numbers. Values are written at their
// marks, as large as fits without touching. A missing value is never drawn as zero: a dash takes
// its place, a line does not cross it, an hour that did not exist is hatched. A chart whose section
// could not be fetched says so in place of its plot. No text is smaller than 20 units on a picture
// 1200 units wide, so that it can be read on a phone. Text keeps its size in a smaller picture,
// which shows less of it.
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
	case summary.Columns:
		return b.compared()
	case summary.Stacked:
		return b.stacked()
	case summary.Line:
		return b.rated()
	case summary.Periods:
		return b.emphasized()
	case summary.Heatmap:
		return b.heatmap()
	}
	return b.rows()
}

// columns returns the frame of a chart of columns, with an axis of counts.
func (b builder) columns() columns {
	cs := columns{
		axis:    b.axis,
		value:   b.value,
		least:   leastCount,
		none:    b.Say(wording.Missing),
		special: b.special(),
	}
	for _, p := range b.Series[0].Points {
		cs.categories = append(cs.categories, category{p.Name, p.Short})
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

// value writes a count in full if it fits over a bar.
func (b builder) value(v float64) string {
	if v >= 1e6 {
		return b.Compact(v)
	}
	return b.Count(int(v))
}

// axis writes a tick in full if it has up to five digits.
func (b builder) axis(v float64) string {
	if v >= 1e5 {
		return b.Compact(v)
	}
	return b.Count(int(v))
}

// special returns the columns that have a mark. Neighbors with the same mark are one span, since a
// name has more room under all of them.
func (b builder) special() []span {
	var spans []span
	for _, m := range b.Marks {
		if n := len(spans) - 1; n >= 0 && spans[n].text == m.Text && spans[n].last == m.At-1 {
			spans[n].last = m.At
			continue
		}
		spans = append(spans, span{m.At, m.At, m.Text})
	}
	return spans
}

// comparing is the legend of a chart that has last week's numbers, drawn as before.
func (b builder) comparing(before marker) legend {
	return legend{
		{marker: before, text: b.Before},
		{marker: thisWeek, text: b.This},
	}
}

func (b builder) compared() (plot, legend) {
	p := compared{columns: b.columns(), now: values(b.Series[0])}
	if !b.Compared {
		return p, nil
	}
	for _, point := range b.Series[0].Points {
		before, text := last(point), p.none
		if !isMissing(before) {
			text = b.value(before)
		}
		p.before, p.below = append(p.before, before), append(p.below, text)
	}
	return p, b.comparing(lastWeek)
}

func (b builder) stacked() (plot, legend) {
	lower, upper := b.Series[0], b.Series[1]
	return stacked{columns: b.columns(), lower: values(lower), upper: values(upper)},
		legend{{marker: thisWeek, text: lower.Name}, {marker: whileClosed, text: upper.Name}}
}

func (b builder) rated() (plot, legend) {
	p := rated{columns: b.columns(), rates: values(b.Series[0]), reference: missing}
	if !slices.ContainsFunc(p.rates, func(v float64) bool { return !isMissing(v) }) {
		return nil, nil
	}
	if b.Reference != nil {
		p.reference = b.Reference.Value
	}
	p.least, p.value, p.axis = leastRate, b.Percent, b.Percent0
	if s := p.scale(); s.step*100 != float64(int(s.step*100+0.5)) {
		p.axis = b.Percent
	}
	if isMissing(p.reference) {
		return p, nil
	}
	return p, legend{{marker: dashed, text: b.Reference.Text}}
}

func (b builder) emphasized() (plot, legend) {
	p := emphasized{columns: b.columns(), values: values(b.Series[0])}
	for i := range p.categories {
		p.categories[i].long = p.categories[i].short // there is no room for the last day of a week
	}
	if len(p.special) == 0 {
		return p, nil
	}
	// A week is too narrow for names, which the text beside the chart has.
	for i := range p.special {
		p.special[i].text = ""
	}
	return p, legend{{marker: band, text: b.Say(wording.LegendSpecial)}}
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
			g.rows = append(g.rows, row{point.Name, point.Value(), last(point), point.Text})
		}
		p.groups = append(p.groups, g)
	}
	if b.Compared {
		return p, b.comparing(lastWeekThin)
	}
	return p, nil
}
