package charts

import (
	"image"
	"math"
	"slices"
	"strings"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/theme"
)

// missing is a missing value, which is not zero.
var missing = math.NaN()

func isMissing(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }

// category is the name of a column, in full and for narrow places.
type category struct{ long, short string }

// columns is what charts of columns share: categories along the foot, values up the side.
type columns struct {
	categories []category
	axis       func(float64) string // writes a tick's value
	value      func(float64) string // writes a mark's value
	least      float64              // the axis's smallest step
	none       string               // written where a value is missing
	special    []span               // special days or weeks
	below      []string             // last week's values, under the categories; may be empty
}

// span is neighboring columns with the same holiday or note.
type span struct {
	first, last int
	text        string // empty: the legend says it
}

// frame is the room for marks between the axes.
type frame struct {
	plot  image.Rectangle
	scale scale
	n     int
	bands []image.Rectangle // of special columns
}

// frame draws the axes of a scale into an area.
func (cs columns) frame(c canvas, area image.Rectangle, s scale) frame {
	ticks := s.ticks()
	names := make([]string, len(ticks))
	for i, v := range ticks {
		names[i] = cs.axis(v)
	}
	labels := c.widest(axisStyle, names)
	f := frame{scale: s, n: len(cs.categories)}
	f.plot = image.Rect(
		area.Min.X+labels+18, area.Min.Y+axisStyle.capital()+14, // room for the highest value
		area.Max.X, area.Max.Y)
	named := cs.named(c, f)
	f.plot.Max.Y -= axisStyle.capital() + 24 + cs.belowHeight() + named.height()
	foot := f.plot.Max.Y + axisStyle.capital() + 15 // the names' baseline
	for _, s := range cs.special {
		band := image.Rect(f.edge(s.first), area.Min.Y, f.edge(s.last+1), f.plot.Max.Y)
		if !band.Empty() {
			f.bands = append(f.bands, band)
			c.fill(band, special)
		}
	}
	// On a very low plot only some of the ticks are named.
	every := 1
	for every < len(ticks) && every*f.plot.Dy()/(len(ticks)-1) < axisStyle.capital()+8 {
		every++
	}
	for i, v := range ticks {
		y := f.plot.Max.Y - i*f.plot.Dy()/(len(ticks)-1)
		if v > 0 {
			c.fill(image.Rect(f.plot.Min.X, y, f.plot.Max.X, y+2), grid)
		}
		if i%every == 0 {
			c.middle(axisStyle, names[i], area.Min.X+labels, y, right)
		}
	}
	cs.names(c, f, foot)
	cs.belows(c, f, foot+cs.belowHeight(), area.Min.X+labels)
	named.draw(c, f, foot+cs.belowHeight())
	return f
}

const (
	belowLeading   = 28
	specialLeading = 24
)

// belowHeight returns the height of the second line under the categories.
func (cs columns) belowHeight() int {
	if len(cs.below) == 0 {
		return 0
	}
	return belowLeading
}

// belows writes the second line under the categories, after a sample of last week's bars, if all of
// it fits.
func (cs columns) belows(c canvas, f frame, y, left int) {
	if len(cs.below) == 0 || c.widest(besideStyle, cs.below) > f.plot.Dx()/max(1, f.n)-6 {
		return
	}
	top := y - besideStyle.capital()/2 - markerSize/2
	c.lastWeek(image.Rect(left-markerSize, top, left, top+markerSize), rounded)
	for i, text := range cs.below {
		c.text(besideStyle, text, f.middle(i), y, center)
	}
}

// specialNames is the names of the special columns, in the lines that fit under them. If one does
// not fit, each has a letter instead, and a legend below has the names. A cut name would say less
// than a letter, and a number would look like a count.
type specialNames struct {
	spans  []span
	texts  [][]string // lines of each
	legend []string   // lines under all columns
}

// height returns the height of the names and their brackets.
func (n specialNames) height() int {
	lines := 0
	for _, text := range n.texts {
		lines = max(lines, len(text))
	}
	if lines == 0 {
		return 0
	}
	return 6 + (lines+len(n.legend))*specialLeading
}

// named breaks the names of the special columns into lines.
func (cs columns) named(c canvas, f frame) (n specialNames) {
	whole := true
	for _, s := range cs.special {
		if s.text == "" || f.n == 0 {
			continue
		}
		n.spans = append(n.spans, s)
		lines := c.wrap(specialStyle, s.text, f.edge(s.last+1)-f.edge(s.first)-8, 2)
		n.texts = append(n.texts, lines)
		whole = whole && strings.Join(lines, " ") == strings.Join(fonts.Words(clean(s.text)), " ")
	}
	if !whole {
		n.letter(c, f.plot.Dx())
	}
	return n
}

// letter replaces names by letters, and adds a legend of lines of at most width.
func (n *specialNames) letter(c canvas, width int) {
	const most, gap = 3, " · "
	letters := make(map[string]string)
	for i, s := range n.spans {
		letter, known := letters[s.text]
		if !known {
			letter = string(rune('a' + len(letters)))
			letters[s.text] = letter
			item := c.fit(specialStyle, letter+": "+clean(s.text), width)
			last := len(n.legend) - 1
			switch {
			case last >= 0 && c.width(specialStyle, n.legend[last]+gap+item) <= width:
				n.legend[last] += gap + item
			case len(n.legend) < most:
				n.legend = append(n.legend, item)
			}
		}
		n.texts[i] = []string{letter}
	}
}

// draw writes the names under brackets as wide as their columns.
func (n specialNames) draw(c canvas, f frame, y int) {
	first := y + specialStyle.capital() + 15 // baseline
	for i, s := range n.spans {
		left, right := f.edge(s.first)+4, f.edge(s.last+1)-4
		c.fill(image.Rect(left, y+7, right, y+9), edge)
		for j, line := range n.texts[i] {
			c.text(specialStyle, line, (left+right)/2, first+j*specialLeading, center)
		}
	}
	for i, line := range n.legend {
		c.text(specialStyle, line, f.plot.Min.X, first+(i+1)*specialLeading, left)
	}
}

// edge returns where the ith column begins.
func (f frame) edge(i int) int { return f.plot.Min.X + i*f.plot.Dx()/max(1, f.n) }

// names writes the categories: in full, else short, else every second or third one. The last one is
// always written.
func (cs columns) names(c canvas, f frame, y int) {
	const gap = 10
	if f.n == 0 {
		return
	}
	// At the edge, a name that is wider than its column is moved inside.
	room := func(every int) int {
		if every == 1 {
			return f.plot.Dx()/f.n - gap
		}
		return ((2*every+1)*f.plot.Dx()/(2*f.n) - gap) * 2 / 3
	}
	fits := func(name func(category) string, every int) bool {
		return !slices.ContainsFunc(cs.categories, func(k category) bool {
			return c.width(axisStyle, name(k)) > room(every)
		})
	}
	long := func(k category) string { return k.long }
	short := func(k category) string { return k.short }
	name, every := long, 1
	if !fits(long, 1) {
		name = short
	}
	for !fits(name, every) && every < f.n {
		every++
	}
	for i, k := range cs.categories {
		if (f.n-1-i)%every != 0 {
			continue
		}
		text := c.fit(axisStyle, name(k), room(every))
		half := c.width(axisStyle, text)/2 + 1
		x := min(max(f.middle(i), half), f.plot.Max.X-half)
		c.text(axisStyle, text, x, y, center)
	}
}

// foot draws the axis at zero.
func (f frame) foot(c canvas) {
	c.fill(image.Rect(f.plot.Min.X, f.plot.Max.Y, f.plot.Max.X, f.plot.Max.Y+2), axis)
}

// middle returns the center of the ith column.
func (f frame) middle(i int) int { return f.plot.Min.X + (2*i+1)*f.plot.Dx()/(2*f.n) }

// width returns a share of a column's width, up to a limit.
func (f frame) width(share float64, limit int) int {
	return max(2, min(limit, int(share*float64(f.plot.Dx())/float64(f.n))))
}

// y returns the y coordinate of a value.
func (f frame) y(v float64) int { return f.plot.Max.Y - f.scale.length(v, f.plot.Dy()) }

// bar returns the rectangle of a value.
func (f frame) bar(x, width int, v float64) image.Rectangle {
	return image.Rect(x, f.y(v), x+width, f.plot.Max.Y)
}

// bounds returns the area in which values are written.
func (f frame) bounds() image.Rectangle {
	return image.Rect(f.plot.Min.X, f.plot.Min.Y-axisStyle.capital()-14, f.plot.Max.X, f.plot.Max.Y)
}

// over returns the spots for the value of a bar: over the bar, beside taller neighbors, over them.
func over(bar image.Rectangle, labelWidth int, neighbors ...image.Rectangle) []image.Point {
	const gap = 8
	x, y := (bar.Min.X+bar.Max.X)/2, bar.Min.Y-gap
	spots := []image.Point{{X: x, Y: y}, {X: max(x, bar.Min.X+labelWidth/2+6), Y: y}}
	for _, n := range neighbors {
		spots = append(spots, image.Pt(x, min(y, n.Min.Y-gap)))
	}
	return spots
}

// at returns the ith value, missing if there is none.
func at(values []float64, i int) float64 {
	if i >= len(values) || isMissing(values[i]) {
		return missing
	}
	return values[i]
}

// compared is counts by day beside last week's.
type compared struct {
	columns
	now, before []float64 // before may be empty
}

func (p compared) draw(c canvas, area image.Rectangle) {
	f := p.frame(c, area, newScale(p.least, p.now, p.before))
	var bars []image.Rectangle
	var tags []tag
	for i := range p.categories {
		x, width := f.middle(i), f.width(0.5, 110)
		now := f.bar(x-width/2, width, at(p.now, i))
		var neighbors []image.Rectangle
		if len(p.before) > 0 {
			width = f.width(0.34, 84)
			before := f.bar(x-width-2, width, at(p.before, i))
			c.lastWeek(before, standing)
			bars = append(bars, before)
			neighbors = append(neighbors, before)
			now = f.bar(x+2, width, at(p.now, i))
		}
		c.thisWeek(now, standing)
		bars = append(bars, now)
		tags = append(tags, p.tag(c, now, at(p.now, i), neighbors...))
	}
	f.foot(c)
	c.tags(f, bars, tags)
}

// tag returns the tag of a bar.
func (cs columns) tag(c canvas, bar image.Rectangle, v float64, neighbors ...image.Rectangle) tag {
	text := cs.none
	if !isMissing(v) {
		text = cs.value(v)
	}
	spots := over(bar, c.width(valueStyle, text), neighbors...)
	return tag{text: text, rank: level(v), spots: spots}
}

// stacked is two counts by day, one on top of the other, with their sum above.
type stacked struct {
	columns
	lower, upper []float64
}

func (p stacked) draw(c canvas, area image.Rectangle) {
	sums := make([]float64, len(p.categories))
	for i := range sums {
		sums[i] = p.sum(i)
	}
	f := p.frame(c, area, newScale(p.least, sums))
	var bars []image.Rectangle
	var tags []tag
	for i, sum := range sums {
		width := f.width(0.5, 110)
		whole := f.bar(f.middle(i)-width/2, width, sum)
		lower := f.bar(whole.Min.X, width, at(p.lower, i))
		upper := image.Rect(whole.Min.X, whole.Min.Y, whole.Max.X, lower.Min.Y)
		if level(at(p.upper, i)) == 0 {
			lower, upper = whole, image.Rectangle{}
		} else if upper.Dy() < 2 { // a small part is still visible
			upper.Max.Y = upper.Min.Y + 2
			lower.Min.Y = upper.Max.Y
		}
		if upper.Empty() {
			c.thisWeek(lower, standing)
		} else {
			if upper.Dy() > 6 {
				lower.Min.Y += 3 // paper between the two, for gray print
			}
			c.thisWeek(lower, corners{})
			c.closed(upper, standing)
		}
		p.inside(c, lower, at(p.lower, i), c.OnAccent, c.Accent)
		p.inside(c, upper, at(p.upper, i), c.OnWarning, c.Warning)
		bars = append(bars, whole)
		tags = append(tags, p.tag(c, whole, sum))
	}
	f.foot(c)
	c.tags(f, bars, tags)
}

// inside writes a part's value if it fits, on a ground without hatching.
func (p stacked) inside(c canvas, part image.Rectangle, v float64, color, ground theme.Color) {
	s := axisStyle.small(color)
	if level(v) == 0 || part.Dy() < s.capital()+12 {
		return
	}
	text := p.value(v)
	width := c.width(s, text)
	if width+8 > part.Dx() {
		return
	}
	middle := part.Min.Add(part.Max).Div(2)
	half := image.Pt(width/2+4, s.capital()/2+4)
	c.fill(image.Rectangle{Min: middle.Sub(half), Max: middle.Add(half)}.Intersect(part), ground)
	c.middle(s, text, middle.X, middle.Y, center)
}

func (p stacked) sum(i int) float64 {
	lower, upper := at(p.lower, i), at(p.upper, i)
	if isMissing(lower) || isMissing(upper) {
		return missing
	}
	return lower + upper
}

// emphasized is counts by week, of which the last is this week's.
type emphasized struct {
	columns
	values []float64
}

func (p emphasized) draw(c canvas, area image.Rectangle) {
	f := p.frame(c, area, newScale(p.least, p.values))
	var bars []image.Rectangle
	var tags []tag
	for i := range p.categories {
		width := f.width(0.62, 80)
		bar := f.bar(f.middle(i)-width/2, width, at(p.values, i))
		t := p.tag(c, bar, at(p.values, i))
		if i == len(p.categories)-1 {
			c.thisWeek(bar, standing)
			t.rank = huge * 2 // this week's value is written before any other
		} else {
			c.lastWeek(bar, standing)
		}
		bars = append(bars, bar)
		tags = append(tags, t)
	}
	f.foot(c)
	c.tags(f, bars, tags)
}

// rated is rates by day. The line has a gap where a rate is missing.
type rated struct {
	columns
	rates     []float64
	reference float64 // a line across; may be missing
}

func (p rated) scale() scale { return newScale(p.least, p.rates, []float64{p.reference}) }

func (p rated) draw(c canvas, area image.Rectangle) {
	f := p.frame(c, area, p.scale())
	f.foot(c)
	if !isMissing(p.reference) {
		y := f.y(p.reference)
		c.line(edge, 3, dashes, image.Pt(f.plot.Min.X, y), image.Pt(f.plot.Max.X, y))
	}

	var points []image.Point // of the run being drawn
	var dots, lines []image.Rectangle
	flush := func() {
		if len(points) > 1 {
			c.line(c.Accent, 5, nil, points...)
		}
		points = nil
	}
	for i := range p.categories {
		v := at(p.rates, i)
		if isMissing(v) {
			flush()
			continue
		}
		at := image.Pt(f.middle(i), f.y(v))
		if n := len(points); n > 0 {
			lines = append(lines, along(points[n-1], at)...)
		}
		points = append(points, at)
		dots = append(dots, image.Rect(at.X-10, at.Y-10, at.X+10, at.Y+10))
	}
	flush()

	var tags []tag
	n := 0
	for i := range p.categories {
		v := at(p.rates, i)
		if isMissing(v) {
			spot := image.Pt(f.middle(i), f.plot.Max.Y-8)
			tags = append(tags, tag{text: p.none, rank: -1, spots: []image.Point{spot}})
			continue
		}
		dot := dots[n]
		n++
		c.dot(c.Accent, 8, dot.Min.Add(image.Pt(10, 10)))
		spots := p.around(dot, c.width(valueStyle, p.value(v)), f)
		tags = append(tags, tag{text: p.value(v), rank: v, spots: spots})
	}
	c.tags(f, append(lines, dots...), tags)
}

// along covers a line with small rectangles, which values must not touch.
func along(a, b image.Point) []image.Rectangle {
	const pieces = 16
	var covered []image.Rectangle
	for i := range pieces {
		p := a.Add(b.Sub(a).Mul(i).Div(pieces))
		q := a.Add(b.Sub(a).Mul(i + 1).Div(pieces))
		covered = append(covered, image.Rectangle{Min: p, Max: q}.Canon().Inset(-4))
	}
	return covered
}

// around returns the spots for a value at a point: above, below, and at both sides of these. Those
// that do not touch the reference line come first.
func (p rated) around(dot image.Rectangle, width int, f frame) []image.Point {
	x := (dot.Min.X + dot.Max.X) / 2
	above, below := dot.Min.Y-7, dot.Max.Y+7+valueStyle.capital()
	side := width/2 + 4
	spots := []image.Point{
		{X: x, Y: above}, {X: x, Y: below},
		{X: x + side, Y: above}, {X: x - side, Y: above},
		{X: x + side, Y: below}, {X: x - side, Y: below},
		{X: x, Y: above - 16}, {X: x, Y: below + 16},
	}
	if isMissing(p.reference) {
		return spots
	}
	line := f.y(p.reference)
	onLine := func(spot image.Point) int {
		if line > spot.Y-valueStyle.capital()-6 && line < spot.Y+6 {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(spots, func(a, b image.Point) int { return onLine(a) - onLine(b) })
	return spots
}
