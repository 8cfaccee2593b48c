package charts

import (
	"math"
	"testing"
)

func TestScale_IsRound(t *testing.T) {
	tests := []struct {
		greatest, least float64
		top, step       float64
	}{
		{0, leastCount, 1, 1},
		{1, leastCount, 1, 1},
		{3, leastCount, 3, 1},
		{5, leastCount, 5, 1},
		{6, leastCount, 6, 2},
		{12, leastCount, 15, 5},
		{24, leastCount, 25, 5},
		{98, leastCount, 100, 20},
		{110, leastCount, 125, 25},
		{1530, leastCount, 2000, 500},
		{2000, leastCount, 2000, 500},
		{1e12, leastCount, 1e12, 2e11},
		{0, leastRate, 0.005, 0.005},
		{0.012, leastRate, 0.015, 0.005},
		{0.118, leastRate, 0.15, 0.05},
		{0.187, leastRate, 0.2, 0.05},
		{1, leastRate, 1, 0.2},
		{math.NaN(), leastCount, 1, 1},
		{-4, leastCount, 1, 1},
	}
	for _, test := range tests {
		s := newScale(test.least, []float64{test.greatest})
		if !close(s.top, test.top) || !close(s.step, test.step) {
			t.Errorf("newScale(%v, %v) = %+v, want top %v, step %v", test.least, test.greatest, s,
				test.top, test.step)
		}
	}
}

func close(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Abs(b) }

func FuzzScale(f *testing.F) {
	f.Add(1530.0, true)
	f.Add(0.118, false)
	f.Add(math.MaxFloat64, true)
	f.Add(math.SmallestNonzeroFloat64, false)
	f.Fuzz(func(t *testing.T, greatest float64, counts bool) {
		least := leastRate
		if counts {
			least = leastCount
		}
		s := newScale(least, []float64{greatest})
		ticks := s.ticks()
		if len(ticks) < 2 || len(ticks) > 6 || ticks[0] != 0 {
			t.Fatalf("the axis for %v has the ticks %v", greatest, ticks)
		}
		if last := ticks[len(ticks)-1]; last < level(greatest)*(1-1e-9) || !(last < math.Inf(1)) {
			t.Errorf("the axis for %v ends at %v", greatest, last)
		}
		if n := s.length(greatest, 400); n < 0 || n > 400 {
			t.Errorf("%v takes %d of 400", greatest, n)
		}
	})
}
