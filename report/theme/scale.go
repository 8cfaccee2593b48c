package theme

import "math"

// A Scale is font sizes. Each is larger than the one before by a minor third, 6 to 5, or several.
// The unit is the medium's: points, pixels, units of a chart.
type Scale struct {
	Small   float64 // feet, axes, what readers may skip
	Body    float64 // what they read
	Lead    float64 // a section's title
	Title   float64 // a headline
	Value   float64 // a figure on a tile
	Display float64 // the top of a page
}

// ScaleOf returns the scale of a medium with body text of a size, in halves of the unit.
func ScaleOf(body float64) Scale {
	step := func(n float64) float64 { return math.Round(body*math.Pow(6.0/5, n)*2) / 2 }
	return Scale{step(-1), body, step(1), step(2), step(4), step(5)}
}
