package charts

import "math"

// scale maps values to lengths, from zero to the greatest of them.
type scale struct{ top float64 }

// huge limits the values that are drawn, so that sums are finite.
const huge = 1e18

// newScale returns a scale for values. If none is above zero, nothing has a length.
func newScale(series ...[]float64) (s scale) {
	for _, values := range series {
		for _, v := range values {
			s.top = math.Max(s.top, level(v))
		}
	}
	return s
}

// length returns the length of a value. The greatest value has the whole length. A value above zero
// has at least two units, so that it is visible.
func (s scale) length(v float64, whole int) int {
	v = level(v)
	if v == 0 || s.top == 0 {
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
