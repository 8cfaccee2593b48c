package charts

import "image"

// rows is horizontal bars with names and values, in groups with one scale.
type rows struct {
	groups []rowGroup
}

type rowGroup struct {
	heading string // may be empty
	rows    []row
}

// row is one bar. before is a thin bar below it, and may be missing.
type row struct {
	name          string
	value, before float64
	usual         float64 // a line across the bar; may be missing
	text          string  // the value as written
	marked        bool    // the verdict warns of it
}

const (
	lowest  = 30 // least height of a row; rows that do not fit are left out
	highest = 64
)

func (p rows) draw(c canvas, area image.Rectangle) {
	lines, compared := 0, false
	var names, texts []string
	for _, g := range p.groups {
		if g.heading != "" {
			lines++
		}
		lines += len(g.rows)
		for _, r := range g.rows {
			names = append(names, r.name)
			texts = append(texts, r.text)
			compared = compared || level(r.before) > 0
		}
	}
	if lines == 0 {
		return
	}
	height := min(highest, max(lowest, area.Dy()/lines))
	nameWidth := min(c.widest(nameStyle, names), area.Dx()*2/5)
	textWidth := min(c.widest(valueStyle, texts), area.Dx()*2/5)
	bars := image.Rect(area.Min.X+nameWidth+16, 0, area.Max.X-textWidth-12, 0)

	s := p.scale()
	y := area.Min.Y
	for _, g := range p.groups {
		if g.heading != "" {
			if y+height > area.Max.Y {
				return
			}
			baseline := y + height - (height-headingStyle.capital())/2
			heading := c.fit(headingStyle, g.heading, area.Dx())
			c.text(headingStyle, heading, area.Min.X, baseline, left)
			y += height
		}
		for _, r := range g.rows {
			if y+height > area.Max.Y {
				return
			}
			x := bars.Min.X
			bar, before := image.Rect(x, y+height/5, x, y+height*4/5), image.Rectangle{}
			if compared {
				bar.Min.Y, bar.Max.Y = y+height*3/20, y+height*13/20
				length := s.length(r.before, bars.Dx())
				before = image.Rect(x, bar.Max.Y+2, x+length, y+height*17/20)
			}
			bar.Max.X = bar.Min.X + s.length(r.value, bars.Dx())
			middle, end := (bar.Min.Y+bar.Max.Y)/2, bar.Max.X
			if line := x + s.length(r.usual, bars.Dx()); !isMissing(r.usual) &&
				line > end-8 && line < end+c.width(valueStyle, r.text)+24 {
				end = min(line+4, bars.Max.X) // the value is after the line
			}
			c.middle(nameStyle, c.fit(nameStyle, r.name, nameWidth), bars.Min.X-16, middle, right)
			c.round(before, edge, thin)
			if r.marked {
				c.round(bar, c.Warning, lying)
			} else {
				c.thisWeek(bar, lying)
			}
			if !isMissing(r.usual) {
				at := x + s.length(r.usual, bars.Dx())
				c.fill(image.Rect(at-4, bar.Min.Y-4, at+4, bar.Max.Y+4), paper)
				c.fill(image.Rect(at-2, bar.Min.Y-4, at+2, bar.Max.Y+4), ink)
			}
			c.middle(valueStyle, c.fit(valueStyle, r.text, textWidth), end+12, middle, left)
			y += height
		}
	}
}

// scale returns a scale on which the longest bar fills the room. There is no axis.
func (p rows) scale() scale {
	s := scale{}
	for _, g := range p.groups {
		for _, r := range g.rows {
			s.top = max(s.top, level(r.value), level(r.before), level(r.usual))
		}
	}
	return s
}
