package charts

import "math"

// scale is a value axis from zero to a round number.
type scale struct {
	top, step float64
}

// The smallest steps of axes. A count has no halves.
const (
	leastCount = 1
	leastRate  = 0.005
)

// huge bounds what is drawn, so that the sums of an axis are finite.
const huge = 1e18

// newScale returns an axis of three to five steps for the greatest of the values. If no value is
// above zero, the axis has one step, the least.
func newScale(least float64, series ...[]float64) scale {
	greatest := 0.0
	for _, values := range series {
		for _, v := range values {
			greatest = math.Max(greatest, level(v))
		}
	}
	if greatest == 0 {
		return scale{top: least, step: least}
	}
	step := least
	magnitude := math.Pow(10, math.Floor(math.Log10(greatest/5)))
	for _, factor := range []float64{1, 2, 2.5, 5, 10} {
		step = factor * magnitude
		if step < least || factor == 2.5 && step < 25*least {
			continue // 2.5 is longer in print than its neighbors
		}
		if greatest/step <= 5 {
			break
		}
	}
	step = math.Max(step, least)
	return scale{top: step * math.Max(1, math.Ceil(greatest/step-1e-9)), step: step}
}

// ticks returns the values of the axis, from zero.
func (s scale) ticks() []float64 {
	n := int(math.Round(s.top / s.step))
	ticks := make([]float64, n+1)
	for i := range ticks {
		ticks[i] = s.step * float64(i)
	}
	return ticks
}

// length returns the length of a value on an axis of length whole. A value above zero has at least
// two units, so that it is visible.
func (s scale) length(v float64, whole int) int {
	v = level(v)
	if v == 0 {
		return 0
	}
	return max(2, min(whole, int(math.Round(v/s.top*float64(whole)))))
}

// level returns the value to draw: zero for a missing or negative one, and at most huge.
func level(v float64) float64 {
	if math.IsNaN(v) || v < 0 {
		return 0
	}
	return math.Min(v, huge)
}
