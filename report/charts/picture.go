package charts

import (
	"fmt"
	"image"

	"kindlyweekly/report/theme"
)

// Width and Height are the size of a picture as a PNG, in logical units. A unit has scaling pixels.
const (
	Width, Height = 700, 440
	scaling       = 1.5
)

// The least size that a picture can be drawn at, in logical units.
const MinWidth, MinHeight = 320, 200

// Picture is one chart, ready to be drawn at any size, on any renderer.
type Picture struct {
	Name     string // the chart's name in the summary, which names its file
	Title    string
	Subtitle string // the finding
	Alt      string // for screen readers

	scheme *scheme // nil: the report's own
	legend legend
	plot   plot // nil: there is nothing to draw, and the subtitle says why
}

// plot draws itself into an area. It stays inside whatever its values are.
type plot interface {
	draw(c canvas, area image.Rectangle)
}

// Draw draws the picture with its title, subtitle and legend. The sizes of texts are constant in
// logical units, and the plot takes the rest. It fails if width or height is below the least, or if
// drawing panics.
func (p Picture) Draw(r Renderer, width, height int) error {
	return p.draw(r, width, height, func(c canvas) {
		const margin, leading = 24, 33
		area := image.Rect(margin, 8, width-margin, height-12)
		for _, line := range c.wrap(titleStyle, p.Title, area.Dx(), 2) {
			area.Min.Y += leading
			c.text(titleStyle, line, area.Min.X, area.Min.Y, left)
		}
		if p.plot != nil {
			for _, line := range c.wrap(subtitleStyle, p.Subtitle, area.Dx(), 2) {
				area.Min.Y += leading
				c.text(subtitleStyle, line, area.Min.X, area.Min.Y, left)
			}
		}
		area.Min.Y += 16
		p.body(c, p.legend.above(c, area))
	})
}

// DrawPlot draws the plot and the legend without margins, for a page that has the title and
// subtitle as its own text. It fails as Draw does.
func (p Picture) DrawPlot(r Renderer, width, height int) error {
	return p.draw(r, width, height, func(c canvas) {
		p.body(c, p.legend.above(c, image.Rect(0, 4, width, height-4)))
	})
}

// draw turns a panic into an error, so that a chart cannot stop the program.
func (p Picture) draw(r Renderer, width, height int, do func(canvas)) (err error) {
	if width < MinWidth || height < MinHeight {
		return fmt.Errorf("chart %s: %d x %d is too small: make it at least %d x %d", p.Name, width,
			height, MinWidth, MinHeight)
	}
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("chart %s: %v", p.Name, cause)
		}
	}()
	do(canvas{r, p.colors()})
	return nil
}

func (p Picture) colors() *scheme {
	if p.scheme == nil {
		return own
	}
	return p.scheme
}

func (p Picture) body(c canvas, area image.Rectangle) {
	if p.plot != nil {
		p.plot.draw(c, area)
		return
	}
	c.round(area, panel, corners{10, 10, 10, 10})
	const leading = 38
	lines := c.wrap(messageStyle, p.Subtitle, area.Dx()-60, max(1, min(4, area.Dy()/leading)))
	y := (area.Min.Y+area.Max.Y)/2 - leading*(len(lines)-1)/2
	for _, line := range lines {
		c.middle(messageStyle, line, (area.Min.X+area.Max.X)/2, y, center)
		y += leading
	}
}

// legend explains the marks of a plot.
type legend []legendItem

// legendItem is a sample of a mark and its meaning.
type legendItem struct {
	marker marker
	lead   string // before the sample; only a ramp has one
	text   string
}

// marker is the kind of a sample.
type marker int

const (
	thisWeek marker = iota
	lastWeek
	lastWeekThin // a thin bar
	whileClosed
	usually // a line across a bar
	dashed  // a line
	hatched // what is missing
	band    // special days
	ramp    // the steps of a heatmap between two texts
)

const (
	markerSize = 18
	markerGap  = 9  // between a sample and its text
	itemGap    = 28 // between items
)

func (i legendItem) markerWidth() int {
	switch i.marker {
	case usually, dashed:
		return 2 * markerSize
	case ramp:
		return theme.HeatSteps * (markerSize + 2)
	}
	return markerSize
}

// before returns the width of the lead.
func (i legendItem) before(c canvas) int {
	if i.lead == "" {
		return 0
	}
	return c.width(legendStyle, i.lead) + markerGap
}

func (i legendItem) width(c canvas) int {
	return i.before(c) + i.markerWidth() + markerGap + c.width(legendStyle, i.text)
}

// above draws the legend at the top of an area and returns the rest.
func (l legend) above(c canvas, area image.Rectangle) image.Rectangle {
	if len(l) == 0 {
		return area
	}
	l.draw(c, area.Min.X, area.Min.Y+12, area.Dx())
	area.Min.Y += 32
	return area
}

// draw draws the legend from x, centered on y. It cuts or leaves out items that do not fit into
// room.
func (l legend) draw(c canvas, x, y, room int) {
	end, gap, width := x+room, itemGap, -itemGap
	for _, item := range l {
		width += item.width(c) + itemGap
	}
	if width > room {
		gap = itemGap / 2
	}
	for _, item := range l {
		sample := x + item.before(c)
		words := sample + item.markerWidth() + markerGap
		if words > end {
			return
		}
		c.middle(legendStyle, item.lead, x, y, left)
		item.draw(c, sample, y)
		c.middle(legendStyle, c.fit(legendStyle, item.text, end-words), words, y, left)
		x += item.width(c) + gap
	}
}

func (i legendItem) draw(c canvas, x, y int) {
	area := image.Rect(x, y-markerSize/2, x+i.markerWidth(), y+markerSize/2)
	switch i.marker {
	case thisWeek:
		c.thisWeek(area, rounded)
	case lastWeek:
		c.lastWeek(area, rounded)
	case lastWeekThin:
		c.round(image.Rect(area.Min.X, y-3, area.Max.X, y+3), edge, thin)
	case whileClosed:
		c.closed(area, rounded)
	case usually:
		c.fill(image.Rect(area.Min.X, y-2, area.Max.X, y+2), ink)
	case dashed:
		c.line(muted, 3, dashes, image.Pt(area.Min.X, y), image.Pt(area.Max.X, y))
	case hatched:
		c.hatch(area)
	case band:
		c.fill(area, special)
		c.fill(image.Rect(area.Min.X, area.Max.Y-2, area.Max.X, area.Max.Y), edge)
	case ramp:
		for n, color := range c.Heat {
			step := x + n*(markerSize+2)
			c.fill(image.Rect(step, area.Min.Y, step+markerSize, area.Max.Y), color)
		}
	}
}

var dashes = []float64{9, 6}
