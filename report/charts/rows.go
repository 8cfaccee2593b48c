package charts

import "image"

// rows are lying bars with their names and values, in groups; all share a scale.
type rows struct {
	groups []rowGroup
}

type rowGroup struct {
	heading string // may be empty
	rows    []row
}

// row is one bar; before is drawn as a thin bar under it, missing where there is none.
type row struct {
	name          string
	value, before float64
	text          string // the value as written
}

const (
	lowest  = 30 // a row's least height: what does not fit is not drawn
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
			c.text(headingStyle, c.fit(headingStyle, g.heading, area.Dx()), area.Min.X, y+height-(height-headingStyle.capital())/2, left)
			y += height
		}
		for _, r := range g.rows {
			if y+height > area.Max.Y {
				return
			}
			bar, before := image.Rect(bars.Min.X, y+height/5, bars.Min.X, y+height*4/5), image.Rectangle{}
			if compared {
				bar.Min.Y, bar.Max.Y = y+height*3/20, y+height*13/20
				before = image.Rect(bars.Min.X, bar.Max.Y+2, bars.Min.X+s.length(r.before, bars.Dx()), y+height*17/20)
			}
			bar.Max.X = bar.Min.X + s.length(r.value, bars.Dx())
			middle := (bar.Min.Y + bar.Max.Y) / 2
			c.middle(nameStyle, c.fit(nameStyle, r.name, nameWidth), bars.Min.X-16, middle, right)
			c.round(before, edge, thin)
			c.thisWeek(bar, lying)
			c.middle(valueStyle, c.fit(valueStyle, r.text, textWidth), bar.Max.X+12, middle, left)
			y += height
		}
	}
}

// scale is without round numbers: there is no axis, the longest bar fills the room.
func (p rows) scale() scale {
	s := scale{}
	for _, g := range p.groups {
		for _, r := range g.rows {
			s.top = max(s.top, level(r.value), level(r.before))
		}
	}
	return s
}
