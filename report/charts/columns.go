package charts

import (
	"image"
	"math"
	"slices"
	"strings"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/theme"
)

// missing is a value that there is none of, told from zero.
var missing = math.NaN()

func isMissing(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }

// category is what a column stands for, in full and for narrow places.
type category struct{ long, short string }

// columns are what charts of standing marks share: categories along the foot, values up the side.
type columns struct {
	categories []category
	axis       func(float64) string // writes a tick's value
	value      func(float64) string // writes a mark's value
	least      float64              // the axis's scales.Small step
	none       string               // written where a value is missing
	special    []span               // columns that are not like others
	below      []string             // a second line under the categories: last week's values; none where it is empty
}

// span is columns that something special is said of.
type span struct {
	first, last int
	text        string // may be empty, where the legend says it for all
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
		area.Min.X+labels+18, area.Min.Y+axisStyle.capital()+14, // room for a value over the tallest mark
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

// belowHeight is the room of the second line under the categories.
func (cs columns) belowHeight() int {
	if len(cs.below) == 0 {
		return 0
	}
	return belowLeading
}

// belows writes the second line under the categories, behind the sign of last week, if there is room for all of it.
func (cs columns) belows(c canvas, f frame, y, left int) {
	if len(cs.below) == 0 || c.widest(besideStyle, cs.below) > f.plot.Dx()/max(1, f.n)-6 {
		return
	}
	sign := image.Rect(left-markSize, y-besideStyle.capital()/2-markSize/2, left, y-besideStyle.capital()/2+markSize/2)
	c.lastWeek(sign, rounded)
	for i, text := range cs.below {
		c.text(besideStyle, text, f.middle(i), y, center)
	}
}

// specialNames are the names of the special columns as they fit under them. Where one of them does not, each has a letter
// instead, and the names stand under all columns: a name that is cut says less than a letter, and a number could be a count.
type specialNames struct {
	spans  []span
	texts  [][]string // lines of each
	legend []string   // lines under all columns
}

// height is the room of them and their brackets.
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

// named breaks the names of the special columns into lines as wide as these.
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

// letter sets letters under the columns, and what they stand for into lines of the width.
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

// draw writes the names under a bracket that says how far they reach.
func (n specialNames) draw(c canvas, f frame, y int) {
	for i, s := range n.spans {
		left, right := f.edge(s.first)+4, f.edge(s.last+1)-4
		c.fill(image.Rect(left, y+7, right, y+9), edge)
		for j, line := range n.texts[i] {
			c.text(specialStyle, line, (left+right)/2, y+specialStyle.capital()+15+j*specialLeading, center)
		}
	}
	for i, line := range n.legend {
		c.text(specialStyle, line, f.plot.Min.X, y+specialStyle.capital()+15+(i+1)*specialLeading, left)
	}
}

// edge is where the ith column begins.
func (f frame) edge(i int) int { return f.plot.Min.X + i*f.plot.Dx()/max(1, f.n) }

// names writes the categories in full, or short, or every second, third or further one, as they fit. The last is
// always there.
func (cs columns) names(c canvas, f frame, y int) {
	const gap = 10
	if f.n == 0 {
		return
	}
	// A name that is wider than its column may have to move aside at the edge, by as much as it is too wide.
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

// foot draws the line that the marks stand on.
func (f frame) foot(c canvas) {
	c.fill(image.Rect(f.plot.Min.X, f.plot.Max.Y, f.plot.Max.X, f.plot.Max.Y+2), axis)
}

// middle is the center of the ith column.
func (f frame) middle(i int) int { return f.plot.Min.X + (2*i+1)*f.plot.Dx()/(2*f.n) }

// width is a mark's width for a share of a column, up to a limit.
func (f frame) width(share float64, limit int) int {
	return max(2, min(limit, int(share*float64(f.plot.Dx())/float64(f.n))))
}

// y is the height at which a value stands.
func (f frame) y(v float64) int { return f.plot.Max.Y - f.scale.length(v, f.plot.Dy()) }

// bar is the rectangle of a value, standing on the foot.
func (f frame) bar(x, width int, v float64) image.Rectangle {
	return image.Rect(x, f.y(v), x+width, f.plot.Max.Y)
}

// bounds is where values may be written.
func (f frame) bounds() image.Rectangle {
	return image.Rect(f.plot.Min.X, f.plot.Min.Y-axisStyle.capital()-14, f.plot.Max.X, f.plot.Max.Y)
}

// over returns the spots for a value over a bar: on it, then beside taller neighbors, then over them.
func over(bar image.Rectangle, labelWidth int, neighbors ...image.Rectangle) []image.Point {
	const gap = 8
	x, y := (bar.Min.X+bar.Max.X)/2, bar.Min.Y-gap
	spots := []image.Point{{X: x, Y: y}, {X: max(x, bar.Min.X+labelWidth/2+6), Y: y}}
	for _, n := range neighbors {
		spots = append(spots, image.Pt(x, min(y, n.Min.Y-gap)))
	}
	return spots
}

// at returns the ith value, missing where the series is too short.
func at(values []float64, i int) float64 {
	if i >= len(values) || isMissing(values[i]) {
		return missing
	}
	return values[i]
}

// compared is a count by day beside that of the week before.
type compared struct {
	columns
	now, before []float64 // before is empty where there is nothing to compare with
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

// tag is the value over a bar.
func (cs columns) tag(c canvas, bar image.Rectangle, v float64, neighbors ...image.Rectangle) tag {
	text := cs.none
	if !isMissing(v) {
		text = cs.value(v)
	}
	return tag{text: text, rank: level(v), spots: over(bar, c.width(valueStyle, text), neighbors...)}
}

// stacked is two counts by day, one on the other, with their sum over them.
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
		} else if upper.Dy() < 2 { // a little on much is still there
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

// inside writes a part's value where the part is large enough, on a ground that interrupts its hatching.
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
	c.fill(image.Rect(middle.X-width/2-4, middle.Y-s.capital()/2-4, middle.X+width/2+4, middle.Y+s.capital()/2+4).Intersect(part), ground)
	c.middle(s, text, middle.X, middle.Y, center)
}

func (p stacked) sum(i int) float64 {
	lower, upper := at(p.lower, i), at(p.upper, i)
	if isMissing(lower) || isMissing(upper) {
		return missing
	}
	return lower + upper
}

// emphasized is a count by week; the last one is this week's.
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

// rated is a rate by day. A day without one is a gap that no line crosses.
type rated struct {
	columns
	rates     []float64
	reference float64 // last week's rate, a line across; missing where there is none
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
			tags = append(tags, tag{text: p.none, rank: -1, spots: []image.Point{{X: f.middle(i), Y: f.plot.Max.Y - 8}}})
			continue
		}
		dot := dots[n]
		n++
		c.dot(c.Accent, 8, dot.Min.Add(image.Pt(10, 10)))
		tags = append(tags, tag{text: p.value(v), rank: v, spots: p.around(dot, c.width(valueStyle, p.value(v)), f)})
	}
	c.tags(f, append(lines, dots...), tags)
}

// along covers a stroke with small rectangles, as an obstacle for values.
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

// around returns the spots for a value at a point: over it, under it, and to both sides of these, those first that leave
// the reference line alone.
func (p rated) around(dot image.Rectangle, width int, f frame) []image.Point {
	x := (dot.Min.X + dot.Max.X) / 2
	above, below := dot.Min.Y-7, dot.Max.Y+7+valueStyle.capital()
	side := width/2 + 4
	spots := []image.Point{
		{X: x, Y: above}, {X: x, Y: below},
		{X: x + side, Y: above}, {X: x - side, Y: above}, {X: x + side, Y: below}, {X: x - side, Y: below},
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
