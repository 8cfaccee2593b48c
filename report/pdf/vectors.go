package pdf

import (
	"fmt"
	"io"
	"math"

	"github.com/golang/freetype/truetype"
	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/theme"
)

// vectors is go-chart's Renderer onto a part of a page. Its logical units are scaled to points; a font size is the
// em's height in logical units, text is measured by its advance, fills wind.
//
// A path is kept until it is painted, since a PDF allows nothing else between the beginning of a path and its end.
type vectors struct {
	*sheet
	x, y  float64 // the upper left corner on the page
	scale float64 // points for a logical unit

	path  []segment
	begun bool // there is a current point

	stroke, fillColour, fontColour drawing.Color
	strokeWidth                    float64
	dashes                         []float64
	face                           face
	size, rotation                 float64 // logical units, radians
}

var _ chart.Renderer = (*vectors)(nil)

func newVectors(s *sheet, x, y, scale float64) *vectors {
	v := &vectors{sheet: s, x: x, y: y, scale: scale}
	v.ResetStyle()
	return v
}

// segment is a step of a path: a move, a line, a curve or the way back.
type segment struct {
	kind   byte // m, l, c, h, as in a PDF
	points [3]point
}

// point is on the page.
type point struct{ x, y float64 }

func (v *vectors) ResetStyle() {
	v.path, v.begun = nil, false
	v.stroke, v.fillColour, v.fontColour = drawing.ColorBlack, drawing.ColorBlack, drawing.ColorBlack
	v.strokeWidth, v.dashes, v.face, v.size, v.rotation = 1, nil, face{}, 0, 0
}

// GetDPI is 72: a point of a font size is a logical unit.
func (v *vectors) GetDPI() float64 { return 72 }

func (v *vectors) SetDPI(float64)                      {}
func (v *vectors) SetClassName(string)                 {}
func (v *vectors) SetStrokeColor(c drawing.Color)      { v.stroke = c }
func (v *vectors) SetFillColor(c drawing.Color)        { v.fillColour = c }
func (v *vectors) SetStrokeWidth(width float64)        { v.strokeWidth = width }
func (v *vectors) SetStrokeDashArray(dashes []float64) { v.dashes = dashes }
func (v *vectors) SetFontColor(c drawing.Color)        { v.fontColour = c }
func (v *vectors) SetFontSize(size float64)            { v.size = size }
func (v *vectors) SetTextRotation(radians float64)     { v.rotation = radians }
func (v *vectors) ClearTextRotation()                  { v.rotation = 0 }

// SetFont takes the report's semi-bold; whatever else it is given is set in the regular weight.
func (v *vectors) SetFont(f *truetype.Font) {
	v.face = regular
	if f == fonts.SemiBoldFont() {
		v.face = semiBold
	}
}

// at is a logical point on the page. Far outside of it one place is as good as another.
func (v *vectors) at(x, y float64) point {
	const reach = 1 << 14
	clamp := func(f float64) float64 {
		if math.IsNaN(f) {
			return 0
		}
		return min(max(f, -reach), reach)
	}
	return point{v.x + clamp(x)*v.scale, v.y + clamp(y)*v.scale}
}

func (v *vectors) add(kind byte, points ...point) {
	s := segment{kind: kind}
	copy(s.points[:], points)
	v.path = append(v.path, s)
	v.begun = true
}

func (v *vectors) MoveTo(x, y int) { v.add('m', v.at(float64(x), float64(y))) }

func (v *vectors) LineTo(x, y int) { v.lineTo(v.at(float64(x), float64(y))) }

func (v *vectors) lineTo(p point) {
	if !v.begun {
		v.add('m', p)
		return
	}
	v.add('l', p)
}

// QuadCurveTo draws the cubic curve that is the same; a PDF has no quadratic ones.
func (v *vectors) QuadCurveTo(cx, cy, x, y int) {
	c, end := v.at(float64(cx), float64(cy)), v.at(float64(x), float64(y))
	if !v.begun {
		v.add('m', c)
	}
	start := v.current()
	towards := func(p point) point { return point{p.x + (c.x-p.x)*2/3, p.y + (c.y-p.y)*2/3} }
	v.add('c', towards(start), towards(end), end)
}

// current is where the path has come to.
func (v *vectors) current() point {
	s := v.path[len(v.path)-1]
	switch s.kind {
	case 'c':
		return s.points[2]
	case 'h':
		for i := len(v.path) - 1; i >= 0; i-- {
			if v.path[i].kind == 'm' {
				return v.path[i].points[0]
			}
		}
	}
	return s.points[0]
}

// ArcTo draws an arc around a centre, by a line to where it starts; angles grow clockwise.
func (v *vectors) ArcTo(cx, cy int, rx, ry, startAngle, delta float64) {
	for _, f := range []float64{rx, ry, startAngle, delta} {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return
		}
	}
	delta = min(max(delta, -2*math.Pi), 2*math.Pi)
	on := func(angle float64) point {
		return v.at(float64(cx)+rx*math.Cos(angle), float64(cy)+ry*math.Sin(angle))
	}
	v.lineTo(on(startAngle))
	pieces := int(math.Ceil(math.Abs(delta) / (math.Pi / 2)))
	for i := range pieces {
		from := startAngle + delta*float64(i)/float64(pieces)
		to := startAngle + delta*float64(i+1)/float64(pieces)
		// The handles of the cubic curve that lies closest to an arc.
		handle := 4.0 / 3 * math.Tan((to-from)/4) * v.scale
		p, q := on(from), on(to)
		v.add('c',
			point{p.x - handle*rx*math.Sin(from), p.y + handle*ry*math.Cos(from)},
			point{q.x + handle*rx*math.Sin(to), q.y - handle*ry*math.Cos(to)}, q)
	}
}

// Circle adds a circle to the path.
func (v *vectors) Circle(radius float64, x, y int) {
	if !(radius > 0) || math.IsInf(radius, 0) {
		return
	}
	v.add('m', v.at(float64(x)+radius, float64(y)))
	v.ArcTo(x, y, radius, radius, 0, 2*math.Pi)
	v.Close()
}

func (v *vectors) Close() {
	if v.begun {
		v.add('h')
	}
}

func (v *vectors) Stroke()     { v.paint(false, true) }
func (v *vectors) Fill()       { v.paint(true, false) }
func (v *vectors) FillStroke() { v.paint(true, true) }

// paint writes the path to the page and begins a new one. What has no colour or no width is not painted.
func (v *vectors) paint(fill, stroke bool) {
	path := v.path
	v.path, v.begun = nil, false
	if len(path) == 0 {
		return
	}
	if fill && v.fillColour.A > 0 {
		v.pdf.SetFillColor(channels(opaque(v.fillColour)))
		v.trace(path, v.fillColour, "f")
	}
	if stroke && v.stroke.A > 0 && v.strokeWidth > 0 && !math.IsInf(v.strokeWidth, 0) {
		v.pdf.SetDrawColor(channels(opaque(v.stroke)))
		v.pdf.SetLineWidth(v.strokeWidth * v.scale)
		v.pdf.SetLineJoinStyle("round")
		if dashes := v.scaledDashes(); dashes != nil {
			v.pdf.SetDashPattern(dashes, 0)
			defer v.pdf.SetDashPattern(nil, 0)
		}
		v.trace(path, v.stroke, "S")
	}
}

// scaledDashes returns the dashes in points; dashes without length are none.
func (v *vectors) scaledDashes() []float64 {
	var scaled []float64
	for _, d := range v.dashes {
		if !(d > 0) || math.IsInf(d, 0) {
			return nil
		}
		scaled = append(scaled, d*v.scale)
	}
	return scaled
}

func (v *vectors) trace(path []segment, colour drawing.Color, operator string) {
	if colour.A < 0xff {
		v.pdf.SetAlpha(float64(colour.A)/0xff, "Normal")
		defer v.pdf.SetAlpha(1, "Normal")
	}
	for _, s := range path {
		p := s.points
		switch s.kind {
		case 'm':
			v.pdf.MoveTo(p[0].x, p[0].y)
		case 'l':
			v.pdf.LineTo(p[0].x, p[0].y)
		case 'c':
			v.pdf.CurveBezierCubicTo(p[0].x, p[0].y, p[1].x, p[1].y, p[2].x, p[2].y)
		case 'h':
			v.pdf.ClosePath()
		}
	}
	v.pdf.DrawPath(operator)
}

// style is the text style on the page.
func (v *vectors) style() style { return style{v.face, v.size * v.scale, opaque(v.fontColour)} }

// opaque is a colour of go-chart's without its alpha.
func opaque(c drawing.Color) theme.Colour { return theme.Colour{R: c.R, G: c.G, B: c.B} }

func (v *vectors) legible() bool {
	return v.face.font != nil && v.size > 0 && !math.IsInf(v.size, 0)
}

// Text writes a line with the baseline's left end at x, y.
func (v *vectors) Text(body string, x, y int) {
	if !v.legible() || v.fontColour.A == 0 {
		return
	}
	p := v.at(float64(x), float64(y))
	if v.rotation != 0 && !math.IsNaN(v.rotation) && !math.IsInf(v.rotation, 0) {
		v.pdf.TransformBegin()
		v.pdf.TransformRotate(-v.rotation*180/math.Pi, p.x, p.y) // gofpdf turns the other way round
		// The font that is set in here is forgotten at the end.
		v.set = style{}
		defer func() {
			v.pdf.TransformEnd()
			v.set = style{}
		}()
	}
	v.text(v.style(), body, p.x, p.y)
}

// MeasureText returns the advance's width and the em's height, rounded up.
func (v *vectors) MeasureText(body string) chart.Box {
	if !v.legible() {
		return chart.Box{}
	}
	return chart.Box{Right: int(math.Ceil(v.style().sized(v.size).width(body))), Bottom: int(math.Ceil(v.size))}
}

// Save is for renderers that are a file of their own; this one is a part of a page.
func (v *vectors) Save(io.Writer) error {
	return fmt.Errorf("a chart on a page is saved with its document")
}
