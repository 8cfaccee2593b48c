package charts

import (
	"cmp"
	"image"
	"slices"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/theme"
)

// canvas draws the shapes that charts are made of, on any renderer.
type canvas struct {
	Renderer
	*scheme
}

// Style is how a text is set.
type Style struct {
	Face  *fonts.Face // fonts.Regular or fonts.SemiBold
	Size  float64     // the height of the em in logical units
	Color theme.Color
}

// scales are the sizes of texts. A phone shows a chart at about half its size.
var scales = theme.ScaleOf(24)

// The type scale.
var (
	titleStyle    = Style{fonts.SemiBold, scales.Lead, ink}
	subtitleStyle = Style{fonts.Regular, scales.Body, muted}
	legendStyle   = Style{fonts.Regular, scales.Body, muted}
	axisStyle     = Style{fonts.Regular, scales.Body, muted}
	nameStyle     = Style{fonts.Regular, scales.Body, ink}
	headingStyle  = Style{fonts.SemiBold, scales.Body, muted}
	valueStyle    = Style{fonts.SemiBold, scales.Body, ink}
	specialStyle  = Style{fonts.Regular, scales.Small, ink} // names of special days
	messageStyle  = Style{fonts.Regular, scales.Body, muted}
)

// small returns the style at the least size of any text.
func (s Style) small(color theme.Color) Style { return Style{s.Face, scales.Small, color} }

// capital returns the height of a capital or a digit of Inter.
func (s Style) capital() int { return int(s.Size*0.727 + 0.5) }

// clean makes a text drawable. It drops what no picture has room for.
func clean(text string) string {
	const longest = 2000 // bytes
	return fonts.Clean(text[:min(len(text), longest)])
}

// align says which point of a text has the coordinates.
type align int

const (
	left align = iota
	center
	right
)

// text draws one line with its baseline at y.
func (c canvas) text(s Style, text string, x, y int, a align) {
	text = clean(text)
	if text == "" {
		return
	}
	switch a {
	case center:
		x -= c.width(s, text) / 2
	case right:
		x -= c.width(s, text)
	}
	c.Text(s, text, x, y)
}

// middle draws one line whose capitals are centered on y.
func (c canvas) middle(s Style, text string, x, y int, a align) {
	c.text(s, text, x, y+s.capital()/2, a)
}

func (c canvas) width(s Style, text string) int { return c.Width(s, clean(text)) }

// widest returns the width of the widest of the texts.
func (c canvas) widest(s Style, texts []string) int {
	w := 0
	for _, text := range texts {
		w = max(w, c.width(s, text))
	}
	return w
}

// fit cuts a text to a width.
func (c canvas) fit(s Style, text string, width int) string {
	measure := func(text string) float64 { return float64(c.width(s, text)) }
	return fonts.Fit(clean(text), float64(width), measure)
}

// wrap breaks a text between words into at most so many lines. It cuts what is left over.
func (c canvas) wrap(s Style, text string, width, lines int) []string {
	measure := func(text string) float64 { return float64(c.width(s, text)) }
	return fonts.Wrap(clean(text), float64(width), lines, measure)
}

// corners are the radii of a rectangle's corners, clockwise from the upper left one.
type corners [4]int

// Bars are rounded at their far ends: vertical ones above, horizontal ones at the right.
var (
	standing = corners{7, 7, 0, 0}
	lying    = corners{0, 5, 5, 0}
	thin     = corners{0, 3, 3, 0}
	rounded  = corners{4, 4, 4, 4}
)

// fill paints a rectangle.
func (c canvas) fill(area image.Rectangle, color theme.Color) { c.round(area, color, corners{}) }

// round paints a rectangle with rounded corners. It paints nothing if the rectangle is empty.
func (c canvas) round(area image.Rectangle, color theme.Color, radii corners) {
	if area.Empty() {
		return
	}
	limit := min(area.Dx(), area.Dy()) / 2
	at := [4]image.Point{
		area.Min, {X: area.Max.X, Y: area.Min.Y}, area.Max, {X: area.Min.X, Y: area.Max.Y},
	}
	// the direction from each corner to the next
	along := [4]image.Point{{X: 1}, {Y: 1}, {X: -1}, {Y: -1}}
	var outline [4]Corner
	for i, corner := range at {
		radius := min(radii[i], limit)
		begin, end := corner.Sub(along[(i+3)%4].Mul(radius)), corner.Add(along[i].Mul(radius))
		outline[i] = Corner{begin, corner, end}
	}
	c.Fill(outline, color)
}

// line strokes straight pieces between points.
func (c canvas) line(color theme.Color, width float64, dashes []float64, points ...image.Point) {
	c.Stroke(points, width, dashes, color)
}

// thisWeek paints a bar of this week's.
func (c canvas) thisWeek(area image.Rectangle, radii corners) { c.round(area, c.Accent, radii) }

// lastWeek paints a bar of last week's: light, with an edge. A vertical bar has no edge at its
// foot.
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

// closed paints a bar of requests outside opening hours: like other weeks, and hatched.
func (c canvas) closed(area image.Rectangle, radii corners) {
	c.lastWeek(area, radii)
	c.lines(area.Inset(2), 13, 2.5, edge)
}

// hatch fills a rectangle with diagonals, for a missing value.
func (c canvas) hatch(area image.Rectangle) { c.lines(area, 9, 1.5, axis) }

// lines draws diagonals over a rectangle.
func (c canvas) lines(area image.Rectangle, gap int, width float64, color theme.Color) {
	if area.Empty() {
		return
	}
	for d := gap; d < area.Dx()+area.Dy(); d += gap {
		// from the left or the lower edge up to the upper or the right one
		from := image.Pt(area.Min.X+max(0, d-area.Dy()), area.Min.Y+min(d, area.Dy()))
		to := image.Pt(area.Min.X+min(d, area.Dx()), area.Min.Y+max(0, d-area.Dx()))
		c.line(color, width, nil, from, to)
	}
}

// tag is a value written at its mark. spots are the places for the middle of its baseline, the best
// first. Tags of a higher rank are placed first.
type tag struct {
	text  string
	spots []image.Point
	rank  float64

	bar    image.Rectangle   // in which the value may be; empty: it may not
	across []image.Rectangle // lines across the bar
	color  theme.Color       // of a value in the bar
}

// placed is a tag with the room that it takes.
type placed struct {
	tag
	box    image.Rectangle
	inside bool // in its bar
}

// tags writes values at their marks, at the largest size at which all fit into the frame without
// touching each other or the marks. Each is right over its bar. If lines are in the way, all are in
// their bars, or else where there is room. If they do not fit at the smallest size, it leaves out
// those of low rank. It paints the background behind each, so that no line crosses it.
func (c canvas) tags(f frame, marks []image.Rectangle, tags []tag) {
	slices.SortStableFunc(tags, func(a, b tag) int { return cmp.Compare(b.rank, a.rank) })
	var done []placed
	var s Style
	for _, way := range []way{rightOver, within, anywhere} {
		for size := valueStyle.Size; size >= scales.Small; size -= 2 {
			s = Style{valueStyle.Face, size, valueStyle.Color}
			if done = c.place(s, f, marks, tags, way); len(done) == len(tags) {
				c.write(s, f, done)
				return
			}
		}
	}
	c.write(s, f, done)
}

// way is where values may be.
type way int

const (
	rightOver way = iota // over their bars, before all other spots
	within               // in their bars, or right over those that are too low
	anywhere             // at any of their spots
)

const besideTag, belowTag = 4, 3 // paper around a value

// place finds places for tags. It leaves out those without one.
func (c canvas) place(
	s Style, f frame, marks []image.Rectangle, tags []tag, way way,
) (done []placed) {
	bounds := f.bounds()
	taken := slices.Clone(marks)
	for _, t := range tags {
		width, spots := c.width(s, t.text)+2, t.spots
		if way == within {
			box, high := t.inside(width+2, s.capital()+2+belowTag)
			if high {
				if !box.Empty() {
					done = append(done, placed{t, box, true})
				}
				continue
			}
		}
		if way != anywhere {
			spots = spots[:1]
		}
		half := width/2 + besideTag
		for _, spot := range spots {
			x := max(min(spot.X, bounds.Max.X-half), bounds.Min.X+half)
			box := image.Rect(x-half, spot.Y-s.capital()-2, x+half, spot.Y+belowTag)
			if !box.In(bounds) || slices.ContainsFunc(taken, box.Overlaps) {
				continue
			}
			taken = append(taken, box)
			done = append(done, placed{t, box, false})
			break
		}
	}
	return done
}

// inside returns the highest area of the given size in the bar that no line crosses. It is empty if
// the bar is too narrow. high reports whether the bar is high enough.
func (t tag) inside(width, height int) (room image.Rectangle, high bool) {
	const gap = 5 // to the edge of the bar and to a line
	x := (t.bar.Min.X + t.bar.Max.X - width) / 2
	room = image.Rect(x, t.bar.Min.Y+gap, x+width, t.bar.Min.Y+gap+height)
	for range t.across {
		for _, line := range t.across {
			if line.Inset(1 - gap).Overlaps(room) {
				room = room.Add(image.Pt(0, line.Max.Y+gap-room.Min.Y))
			}
		}
	}
	high = room.Max.Y+gap <= t.bar.Max.Y
	if width > t.bar.Dx() {
		room = image.Rectangle{}
	}
	return room, high
}

func (c canvas) write(s Style, f frame, tags []placed) {
	for _, p := range tags {
		style := s
		if p.inside {
			style.Color = p.color
		} else {
			c.fill(p.box, paper)
			for _, band := range f.bands {
				c.fill(p.box.Intersect(band), special)
			}
		}
		c.text(style, p.text, (p.box.Min.X+p.box.Max.X)/2, p.box.Max.Y-belowTag, center)
	}
}
