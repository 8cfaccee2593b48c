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

// columns is what all charts of columns have: categories along the foot, what is usual at each, and
// the line of the target across all.
type columns struct {
	categories []category
	value      func(float64) string // writes a mark's value
	none       string               // written where a value is missing
	usual      []float64            // may be empty
	joined     bool                 // the usual values are one line, and not one at each column
	target     float64              // may be missing
	special    []span               // special days or weeks
}

// span is neighboring columns with the same holiday or note.
type span struct {
	first, last int
	text        string // empty: the legend says it
}

// frame is the room for marks above the names.
type frame struct {
	plot  image.Rectangle
	scale scale
	n     int
	bands []image.Rectangle // of special columns
}

// frame writes the names into an area. The longest bar is the greatest of the values.
func (cs columns) frame(c canvas, area image.Rectangle, values ...[]float64) frame {
	values = append(values, cs.usual, []float64{cs.target})
	f := frame{scale: newScale(values...), n: len(cs.categories)}
	f.plot = area
	f.plot.Min.Y += valueStyle.capital() + 14 // room for the highest value
	named := cs.named(c, f)
	f.plot.Max.Y -= axisStyle.capital() + 24 + named.height()
	foot := f.plot.Max.Y + axisStyle.capital() + 15 // the names' baseline
	for _, s := range cs.special {
		band := image.Rect(f.edge(s.first), area.Min.Y, f.edge(s.last+1), f.plot.Max.Y)
		if !band.Empty() {
			f.bands = append(f.bands, band)
			c.fill(band, special)
		}
	}
	cs.names(c, f, foot)
	named.draw(c, f, foot)
	return f
}

const specialLeading = 24

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
		whole = whole && spaceless(strings.Join(lines, " ")) == spaceless(clean(s.text))
	}
	if !whole {
		n.letter(c, f.plot.Dx())
	}
	return n
}

// spaceless returns a cleaned text without the spaces where a line may end.
func spaceless(text string) string { return strings.Join(fonts.Words(fonts.Bare(text)), "") }

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
	return image.Rect(f.plot.Min.X, f.plot.Min.Y-valueStyle.capital()-14, f.plot.Max.X,
		f.plot.Max.Y)
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

// usually returns where the line of what is usual at a column is. It is empty if that is not known,
// or if it is zero, where the foot is.
func (cs columns) usually(f frame, i int, bar image.Rectangle) image.Rectangle {
	const overhang = 8
	v := at(cs.usual, i)
	if level(v) == 0 {
		return image.Rectangle{}
	}
	y := f.plot.Max.Y - f.scale.length(v, f.plot.Dy())
	left, right := bar.Min.X-overhang, bar.Max.X+overhang
	if cs.joined {
		left, right = f.edge(i), f.edge(i+1)
	}
	return image.Rect(left, y-usualWidth/2, right, y+usualWidth/2)
}

// usualWidth is the width of a line of what is usual, with the background around it.
const usualWidth = 8

// usually draws lines of what is usual over bars. Those that touch are one line.
func (c canvas) usually(lines []image.Rectangle) {
	for _, line := range lines {
		c.fill(line, paper)
	}
	for _, line := range lines {
		if !line.Empty() {
			line.Min.Y += (usualWidth - 4) / 2
			line.Max.Y = line.Min.Y + 4
			c.fill(line, ink)
		}
	}
}

// valueRoom is the least room between two lines for a value.
const valueRoom = 28

// isNear reports whether a line is so close above a bar that the bar's value can be above both.
func isNear(bar, line image.Rectangle) bool {
	const apart = 40
	return line.Min.Y < bar.Min.Y && bar.Min.Y-line.Min.Y < apart
}

// limitAt returns where the line of the target is at a column. It is empty if there is none.
func (cs columns) limitAt(f frame, i int) image.Rectangle {
	if isMissing(cs.target) {
		return image.Rectangle{}
	}
	y := f.y(cs.target)
	return image.Rect(f.edge(i), y-2, f.edge(i+1), y+2)
}

// limit draws the line of the target.
func (cs columns) limit(c canvas, f frame) {
	if !isMissing(cs.target) {
		y := f.y(cs.target)
		c.line(muted, 3, dashes, image.Pt(f.plot.Min.X, y), image.Pt(f.plot.Max.X, y))
	}
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

// standings has a number for each day or week, or two. Last week's is on the left.
type standings struct {
	columns
	now, before []float64 // before may be empty
	marked      []bool    // what the verdict warns of; may be empty
	last        bool      // only the last one is this week's
}

func (p standings) draw(c canvas, area image.Rectangle) {
	f := p.frame(c, area, p.now, p.before)
	var bars, lines []image.Rectangle
	var tags []tag
	for i := range p.categories {
		x, width := f.middle(i), f.width(0.76, 110)
		now := f.bar(x-width/2, width, at(p.now, i))
		var neighbors []image.Rectangle
		if len(p.before) > 0 {
			width = f.width(0.36, 84)
			before := f.bar(x-width-2, width, at(p.before, i))
			c.lastWeek(before, standing)
			neighbors = append(neighbors, before)
			now = f.bar(x+2, width, at(p.now, i))
		}
		on := c.OnAccent
		switch {
		case i < len(p.marked) && p.marked[i]:
			c.round(now, c.Warning, standing)
			on = c.OnWarning
		case p.last && i < len(p.categories)-1:
			c.lastWeek(now, standing)
			on = ink
		default:
			c.thisWeek(now, standing)
		}
		var across []image.Rectangle
		top := now.Min.Y
		if line := p.usually(f, i, now); !line.Empty() {
			lines, across = append(lines, line), append(across, line)
			if !p.joined || isNear(now, line) || i == len(p.categories)-1 {
				neighbors, top = append(neighbors, line), min(top, line.Min.Y)
			}
		}
		if line := p.limitAt(f, i); !line.Empty() {
			bars, across = append(bars, line), append(across, line)
			if isNear(now, line) && top-line.Max.Y < valueRoom {
				neighbors = append(neighbors, line)
			}
		}
		t := p.tag(c, now, at(p.now, i), neighbors...)
		if len(p.before) == 0 {
			t.bar, t.across, t.color = now, across, on
		}
		if i < len(p.marked) && p.marked[i] || p.last && i == len(p.categories)-1 {
			t.rank = huge * 2 // written before any other
		}
		bars, tags = append(append(bars, now), neighbors...), append(tags, t)
	}
	f.foot(c)
	p.limit(c, f)
	c.usually(lines)
	c.tags(f, append(bars, lines...), tags)
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
	f := p.frame(c, area, sums)
	var bars, lines []image.Rectangle
	var tags []tag
	var parts []part
	for i, sum := range sums {
		width := f.width(0.56, 110)
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
			c.thisWeek(lower, corners{})
			c.closed(upper, standing)
		}
		bars = append(bars, whole)
		var neighbors []image.Rectangle
		line := p.usually(f, i, whole)
		if !line.Empty() {
			lines, neighbors = append(lines, line), append(neighbors, line)
		}
		parts = append(parts, part{lower, line, at(p.lower, i), c.OnAccent, c.Accent},
			part{upper, line, at(p.upper, i), ink, previous})
		tags = append(tags, p.tag(c, whole, sum, neighbors...))
	}
	f.foot(c)
	c.usually(lines)
	for _, part := range parts {
		p.inside(c, part)
	}
	c.tags(f, append(bars, lines...), tags)
}

// part is one of the counts of a bar.
type part struct {
	area, line    image.Rectangle // the line of what is usual for the bar; may be empty
	value         float64
	color, ground theme.Color
}

// inside writes a part's value above or below the line if it fits, on a background without
// hatching.
func (p stacked) inside(c canvas, part part) {
	s := axisStyle.small(part.color)
	text := p.value(part.value)
	width := c.width(s, text)
	if level(part.value) == 0 || width+8 > part.area.Dx() {
		return
	}
	above, below := part.area, part.area
	if part.line.Overlaps(part.area) {
		above.Max.Y, below.Min.Y = part.line.Min.Y, part.line.Max.Y
	}
	room := above
	if below.Dy() > above.Dy() {
		room = below
	}
	if room.Dy() < s.capital()+12 {
		return
	}
	middle := room.Min.Add(room.Max).Div(2)
	half := image.Pt(width/2+4, s.capital()/2+4)
	c.fill(image.Rectangle{Min: middle.Sub(half), Max: middle.Add(half)}.Intersect(room),
		part.ground)
	c.middle(s, text, middle.X, middle.Y, center)
}

func (p stacked) sum(i int) float64 {
	lower, upper := at(p.lower, i), at(p.upper, i)
	if isMissing(lower) || isMissing(upper) {
		return missing
	}
	return lower + upper
}
