package pdf

import (
	"image"
	"math"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/theme"
)

// vectors is a charts.Renderer onto a part of a page, at some number of points for a logical unit.
type vectors struct {
	*sheet
	x, y  float64 // the upper left corner on the page
	scale float64 // points for a logical unit
}

var _ charts.Renderer = vectors{}

// point is on the page.
type point struct{ x, y float64 }

func (v vectors) at(p image.Point) point { return v.offset(float64(p.X), float64(p.Y)) }

func (v vectors) offset(x, y float64) point { return point{v.x + x*v.scale, v.y + y*v.scale} }

// moveTo, lineTo and curveTo write steps of a path. A PDF allows nothing else before the path is
// painted.
func (v vectors) moveTo(p point) { v.pdf.MoveTo(p.x, p.y) }
func (v vectors) lineTo(p point) { v.pdf.LineTo(p.x, p.y) }
func (v vectors) curveTo(a, b, end point) {
	v.pdf.CurveBezierCubicTo(a.x, a.y, b.x, b.y, end.x, end.y)
}

func (v vectors) Fill(outline [4]charts.Corner, color theme.Color) {
	v.doc.Paint()
	v.pdf.SetFillColor(channels(color))
	for i, c := range outline {
		if i == 0 {
			v.moveTo(v.at(c.Begin))
		} else {
			v.lineTo(v.at(c.Begin))
		}
		if c.Begin != c.End {
			v.bend(v.at(c.Begin), v.at(c.At), v.at(c.End))
		}
	}
	v.close()
}

// bend draws a quadratic curve as a cubic one, since a PDF has no quadratic curves.
func (v vectors) bend(begin, at, end point) {
	towards := func(p point) point { return point{p.x + (at.x-p.x)*2/3, p.y + (at.y-p.y)*2/3} }
	v.curveTo(towards(begin), towards(end), end)
}

// close closes a path and fills it.
func (v vectors) close() {
	v.pdf.ClosePath()
	v.pdf.DrawPath("f")
}

func (v vectors) Stroke(
	points []image.Point, width float64, dashes []float64, color theme.Color,
) {
	v.doc.Paint()
	v.pdf.SetDrawColor(channels(color))
	v.pdf.SetLineWidth(width * v.scale)
	v.pdf.SetLineJoinStyle("round")
	if dashes != nil {
		scaled := make([]float64, len(dashes))
		for i, d := range dashes {
			scaled[i] = d * v.scale
		}
		v.pdf.SetDashPattern(scaled, 0)
		defer v.pdf.SetDashPattern(nil, 0)
	}
	for i, p := range points {
		if i == 0 {
			v.moveTo(v.at(p))
		} else {
			v.lineTo(v.at(p))
		}
	}
	v.pdf.DrawPath("S")
}

func (v vectors) Text(s charts.Style, text string, x, y int) {
	p := v.at(image.Pt(x, y))
	v.words(style{s.Face, s.Size * v.scale, s.Color}, text, p.x, p.y)
}

func (v vectors) Width(s charts.Style, text string) int {
	return int(math.Ceil(style{face: s.Face, size: s.Size}.width(text)))
}
