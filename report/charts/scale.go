package charts

import "math"

// scale is a value axis from zero to a round number.
type scale struct {
	top, step float64
}

// least is the smallest step of an axis: a count has no halves.
const (
	leastCount = 1
	leastRate  = 0.005
)

// huge bounds what is drawn; beyond it the sums of an axis would no longer be finite.
const huge = 1e18

// newScale returns an axis for the greatest of the values with three to five steps. Where there is nothing above zero
// it has a single least step, so that a week of zeros is still an axis.
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
			continue // 2.5 only where it prints as short as its neighbors
		}
		if greatest/step <= 5 {
			break
		}
	}
	step = math.Max(step, least)
	return scale{top: step * math.Max(1, math.Ceil(greatest/step-1e-9)), step: step}
}

// ticks returns the axis's values, zero first.
func (s scale) ticks() []float64 {
	n := int(math.Round(s.top / s.step))
	ticks := make([]float64, n+1)
	for i := range ticks {
		ticks[i] = s.step * float64(i)
	}
	return ticks
}

// length returns how much of the given length a value takes. What is above zero takes at least two, to be seen.
func (s scale) length(v float64, whole int) int {
	v = level(v)
	if v == 0 {
		return 0
	}
	return max(2, min(whole, int(math.Round(v/s.top*float64(whole)))))
}

// level is the value as far as it can be drawn: nothing for a missing or negative one.
func level(v float64) float64 {
	if math.IsNaN(v) || v < 0 {
		return 0
	}
	return math.Min(v, huge)
}
