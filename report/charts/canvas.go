package charts

import (
	"cmp"
	"image"
	"slices"
	"strings"

	"github.com/golang/freetype/truetype"
	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/theme"
)

// canvas is the handful of shapes that the charts are made of, on any renderer.
type canvas struct {
	r chart.Renderer
	*scheme
}

// style is how a text is set. Sizes are the em's height in logical units.
type style struct {
	font   *truetype.Font
	size   float64
	colour drawing.Color
}

// scales are the sizes of everything. A chart is read on a phone, where it is shown at a third of its size.
var scales = theme.ScaleOf(24)

// smallest is the least size of any text.
var smallest = scales.Small

// The type scale.
var (
	titleStyle    = style{fonts.SemiBoldFont(), scales.Title, ink}
	subtitleStyle = style{fonts.RegularFont(), scales.Body, muted}
	legendStyle   = style{fonts.RegularFont(), scales.Body, muted}
	axisStyle     = style{fonts.RegularFont(), scales.Body, muted}
	nameStyle     = style{fonts.RegularFont(), scales.Body, ink}
	headingStyle  = style{fonts.SemiBoldFont(), scales.Body, muted}
	valueStyle    = style{fonts.SemiBoldFont(), scales.Body, ink}
	besideStyle   = style{fonts.RegularFont(), scales.Small, muted} // last week's values
	specialStyle  = style{fonts.RegularFont(), scales.Small, ink}   // names of special days
	messageStyle  = style{fonts.RegularFont(), scales.Body, muted}
)

func (s style) sized(size float64) style            { s.size = size; return s }
func (s style) coloured(colour drawing.Color) style { s.colour = colour; return s }

// capital is the height of a capital or a figure, of Inter.
func (s style) capital() int { return int(s.size*0.727 + 0.5) }

// clean makes a text drawable. Of a text that no picture could hold only the beginning is looked at.
func clean(text string) string {
	const longest = 2000 // bytes
	return fonts.Clean(text[:min(len(text), longest)])
}

// align says which point of a text is given.
type align int

const (
	left align = iota
	centre
	right
)

// text draws one line with its baseline at y.
func (c canvas) text(s style, text string, x, y int, a align) {
	text = clean(text)
	if text == "" {
		return
	}
	switch a {
	case centre:
		x -= c.width(s, text) / 2
	case right:
		x -= c.width(s, text)
	}
	c.set(s)
	c.r.SetFontColor(s.colour)
	c.r.Text(text, x, y)
}

// middle draws one line whose capitals are centred on y.
func (c canvas) middle(s style, text string, x, y int, a align) {
	c.text(s, text, x, y+s.capital()/2, a)
}

func (c canvas) set(s style) {
	c.r.SetFont(s.font)
	c.r.SetFontSize(s.size)
}

func (c canvas) width(s style, text string) int {
	c.set(s)
	return c.r.MeasureText(clean(text)).Width()
}

// widest returns the width of the widest of the texts.
func (c canvas) widest(s style, texts []string) int {
	w := 0
	for _, text := range texts {
		w = max(w, c.width(s, text))
	}
	return w
}

// fit cuts a text to a width.
func (c canvas) fit(s style, text string, width int) string {
	return fonts.Fit(clean(text), float64(width), func(text string) float64 { return float64(c.width(s, text)) })
}

// wrap breaks a text between words into at most the given number of lines; what is left over is cut.
func (c canvas) wrap(s style, text string, width, lines int) []string {
	words := fonts.Words(clean(text))
	var out []string
	for len(words) > 0 {
		if len(out) == lines-1 {
			return append(out, c.fit(s, strings.Join(words, " "), width))
		}
		n := 1
		for n < len(words) && c.width(s, strings.Join(words[:n+1], " ")) <= width {
			n++
		}
		out = append(out, c.fit(s, strings.Join(words[:n], " "), width))
		words = words[n:]
	}
	return out
}

// corners are the radii of a rectangle's corners, clockwise from the upper left one.
type corners [4]int

// Bars are rounded at their far ends: standing ones above, lying ones at the right.
var (
	standing = corners{7, 7, 0, 0}
	lying    = corners{0, 5, 5, 0}
	thin     = corners{0, 3, 3, 0}
	rounded  = corners{4, 4, 4, 4}
)

// fill paints a rectangle.
func (c canvas) fill(area image.Rectangle, colour drawing.Color) { c.round(area, colour, corners{}) }

// round paints a rectangle with rounded corners. An empty one is not there.
func (c canvas) round(area image.Rectangle, colour drawing.Color, radii corners) {
	if area.Empty() {
		return
	}
	limit := min(area.Dx(), area.Dy()) / 2
	at := [4]image.Point{area.Min, {X: area.Max.X, Y: area.Min.Y}, area.Max, {X: area.Min.X, Y: area.Max.Y}}
	along := [4]image.Point{{X: 1}, {Y: 1}, {X: -1}, {Y: -1}} // the direction that leaves each corner
	c.r.SetFillColor(colour)
	for i, corner := range at {
		radius := min(radii[i], limit)
		begin, end := corner.Sub(along[(i+3)%4].Mul(radius)), corner.Add(along[i].Mul(radius))
		if i == 0 {
			c.r.MoveTo(begin.X, begin.Y)
		} else {
			c.r.LineTo(begin.X, begin.Y)
		}
		if radius > 0 {
			c.r.QuadCurveTo(corner.X, corner.Y, end.X, end.Y)
		}
	}
	c.r.Close()
	c.r.Fill()
}

// line strokes straight pieces between points.
func (c canvas) line(colour drawing.Color, width float64, dashes []float64, points ...image.Point) {
	c.r.SetStrokeColor(colour)
	c.r.SetStrokeWidth(width)
	c.r.SetStrokeDashArray(dashes)
	c.r.MoveTo(points[0].X, points[0].Y)
	for _, p := range points[1:] {
		c.r.LineTo(p.X, p.Y)
	}
	c.r.Stroke()
	c.r.SetStrokeDashArray(nil)
}

// dot paints a disc with a rim in the paper's colour.
func (c canvas) dot(colour drawing.Color, radius float64, at image.Point) {
	c.r.SetFillColor(paper)
	c.r.Circle(radius+3, at.X, at.Y)
	c.r.Fill()
	c.r.SetFillColor(colour)
	c.r.Circle(radius, at.X, at.Y)
	c.r.Fill()
}

// thisWeek paints a bar of this week's.
func (c canvas) thisWeek(area image.Rectangle, radii corners) { c.round(area, c.accent, radii) }

// lastWeek paints a bar of last week's: light, with an edge, which a bar that stands has not where it stands.
func (c canvas) lastWeek(area image.Rectangle, radii corners) {
	const rim = 2
	c.round(area, edge, radii)
	area.Min = area.Min.Add(image.Pt(rim, rim))
	area.Max.X -= rim
	if radii != standing {
		area.Max.Y -= rim
	}
	for i := range radii {
		radii[i] = max(0, radii[i]-rim)
	}
	c.round(area, previous, radii)
}

// closed paints a bar of what came while closed: in the warning colour, and hatched.
func (c canvas) closed(area image.Rectangle, radii corners) {
	c.round(area, c.warning, radii)
	c.lines(area.Inset(1), 13, 2.5, c.hatching)
}

// hatch fills a rectangle with diagonals: there is nothing here that could be counted.
func (c canvas) hatch(area image.Rectangle) { c.lines(area, 9, 1.5, axis) }

// lines draws diagonals over a rectangle.
func (c canvas) lines(area image.Rectangle, gap int, width float64, colour drawing.Color) {
	if area.Empty() {
		return
	}
	for d := gap; d < area.Dx()+area.Dy(); d += gap {
		// from the left or the lower edge up to the upper or the right one
		from := image.Pt(area.Min.X+max(0, d-area.Dy()), area.Min.Y+min(d, area.Dy()))
		to := image.Pt(area.Min.X+min(d, area.Dx()), area.Min.Y+max(0, d-area.Dx()))
		c.line(colour, width, nil, from, to)
	}
}

// tag is a value written at a mark. Spots are where its baseline's middle may stand, the best first; tags of a higher
// rank choose before others.
type tag struct {
	text  string
	spots []image.Point
	rank  float64
}

// tags writes values beside their marks at the greatest size at which all of them find a place in the frame, clear of
// the obstacles and of each other. If not even the smallest size allows that, those of the highest rank are written.
// Each interrupts what it stands on: grid lines would strike it through.
func (c canvas) tags(f frame, obstacles []image.Rectangle, tags []tag) {
	bounds := f.bounds()
	slices.SortStableFunc(tags, func(a, b tag) int { return cmp.Compare(b.rank, a.rank) })
	type placed struct {
		text string
		box  image.Rectangle
	}
	const beside, below = 4, 3 // paper around a value
	for size := valueStyle.size; size >= smallest; size -= 2 {
		s := valueStyle.sized(size)
		var done []placed
		taken := slices.Clone(obstacles)
		for _, t := range tags {
			half := c.width(s, t.text)/2 + 1 + beside
			for _, spot := range t.spots {
				x := max(min(spot.X, bounds.Max.X-half), bounds.Min.X+half)
				box := image.Rect(x-half, spot.Y-s.capital()-2, x+half, spot.Y+below)
				if !box.In(bounds) || slices.ContainsFunc(taken, box.Overlaps) {
					continue
				}
				taken = append(taken, box)
				done = append(done, placed{t.text, box})
				break
			}
		}
		if len(done) < len(tags) && size > smallest {
			continue
		}
		for _, p := range done {
			c.fill(p.box, paper)
			for _, band := range f.bands {
				c.fill(p.box.Intersect(band), special)
			}
			c.text(s, p.text, (p.box.Min.X+p.box.Max.X)/2, p.box.Max.Y-below, centre)
		}
		return
	}
}
