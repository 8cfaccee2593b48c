package theme

import "math"

// A Scale is sizes of type and of space. They grow from the size of what is read, in steps of a minor third, 6 to 5, so that
// one looks larger than the other and all look related. The unit is the medium's: points, pixels, units of a chart.
type Scale struct {
	Small   float64 // feet, axes, what may be skipped
	Body    float64 // what is read
	Lead    float64 // a section's title
	Title   float64 // a headline
	Value   float64 // a figure on a tile
	Display float64 // what a page begins with

	Space  float64 // of which distances are multiples
	Radius float64 // of corners
}

// ScaleOf returns the scale of a medium whose body text has the size. Sizes are whole halves.
func ScaleOf(body float64) Scale {
	step := func(n float64) float64 { return half(body * math.Pow(6.0/5, n)) }
	return Scale{Small: step(-1), Body: body, Lead: step(1), Title: step(2), Value: step(4), Display: step(5), Space: half(body * 0.4), Radius: half(body * 0.5)}
}

func half(v float64) float64 { return math.Round(v*2) / 2 }
