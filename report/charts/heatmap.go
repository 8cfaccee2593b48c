package charts

import (
	"image"
	"math"

	"kindlyweekly/report/theme"
)

// heatmap is counts by weekday and hour. The cell of a missing value is hatched.
type heatmap struct {
	days  []string
	hours []string // written under the cells that have room
	cells [][]float64
	value func(float64) string
}

func (p heatmap) draw(c canvas, area image.Rectangle) {
	if len(p.days) == 0 || len(p.hours) == 0 {
		return
	}
	const gap = 3
	edge := area.Min.X + c.widest(axisStyle, p.days) + 16
	field := image.Rect(edge, area.Min.Y, area.Max.X, area.Max.Y-axisStyle.capital()-18)
	columnX := func(i int) int { return field.Min.X + i*field.Dx()/len(p.hours) }
	rowY := func(i int) int { return field.Min.Y + i*field.Dy()/len(p.days) }

	greatest, busiestDay, busiestHour := 0.0, -1, -1
	for day := range p.days {
		for hour := range p.hours {
			if v := level(p.cell(day, hour)); v > greatest {
				greatest, busiestDay, busiestHour = v, day, hour
			}
		}
	}
	for day, name := range p.days {
		c.middle(axisStyle, name, edge-16, (rowY(day)+rowY(day+1)-gap)/2, right)
		for hour := range p.hours {
			cell := image.Rect(columnX(hour), rowY(day), columnX(hour+1)-gap, rowY(day+1)-gap)
			v := p.cell(day, hour)
			if isMissing(v) {
				c.hatch(cell)
				continue
			}
			step := warmth(v, greatest)
			c.fill(cell, c.Heat[step])
			if day == busiestDay && hour == busiestHour {
				s := valueStyle.small(c.OnHeat(step))
				text := p.value(v)
				if c.width(s, text)+4 <= cell.Dx() && s.capital()+4 <= cell.Dy() {
					c.middle(s, text, (cell.Min.X+cell.Max.X)/2, (cell.Min.Y+cell.Max.Y)/2, center)
				}
			}
		}
	}
	every := 1
	for need := c.widest(axisStyle, p.hours) + 44; need > every*field.Dx()/len(p.hours) &&
		every < len(p.hours); {
		every++
		for len(p.hours)%every != 0 {
			every++ // the steps are equal over the day
		}
	}
	for hour := 0; hour < len(p.hours); hour += every {
		// An hour begins at its cell's left edge.
		x := columnX(hour)
		text := c.fit(axisStyle, p.hours[hour], columnX(min(hour+every, len(p.hours)))-x)
		c.text(axisStyle, text, x, area.Max.Y-6, left)
	}
}

func (p heatmap) cell(day, hour int) float64 {
	if day >= len(p.cells) {
		return missing
	}
	return at(p.cells[day], hour)
}

// warmth returns the step of a value: 0 for zero, and even steps up to the greatest.
func warmth(v, greatest float64) int {
	if v = level(v); v == 0 {
		return 0
	}
	const steps = theme.HeatSteps - 1
	return min(steps, max(1, int(math.Ceil(v/greatest*steps))))
}
