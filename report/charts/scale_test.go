package charts

import (
	"math"
	"testing"
)

func TestScale(t *testing.T) {
	tests := []struct {
		greatest, value float64
		want            int // of 400
	}{
		{0, 0, 0},
		{10, 10, 400},
		{10, 5, 200},
		{10, 0.001, 2},
		{10, -5, 0},
		{10, math.NaN(), 0},
		{math.NaN(), 1, 0},
		{math.MaxFloat64, math.MaxFloat64, 400},
		{0.187, 0.0935, 200},
	}
	for _, test := range tests {
		s := newScale([]float64{test.greatest, 0}, nil)
		if got := s.length(test.value, 400); got != test.want {
			t.Errorf("%v of %v takes %d of 400, want %d", test.value, test.greatest, got, test.want)
		}
	}
}

func FuzzScale(f *testing.F) {
	f.Add(1530.0, 12.0)
	f.Add(0.118, 0.2)
	f.Add(math.MaxFloat64, math.Inf(1))
	f.Add(math.SmallestNonzeroFloat64, 1.0)
	f.Fuzz(func(t *testing.T, greatest, value float64) {
		s := newScale([]float64{greatest})
		if n := s.length(value, 400); n < 0 || n > 400 {
			t.Errorf("%v of %v takes %d of 400", value, greatest, n)
		}
	})
}
