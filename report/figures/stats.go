package figures

import (
	"math"
	"slices"
)

// median returns the middle of one value or more. Of an even number it is the mean of the middle
// two.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// mad returns the median absolute deviation from the center.
func mad(values []float64, center float64) float64 {
	away := make([]float64, len(values))
	for i, v := range values {
		away[i] = math.Abs(v - center)
	}
	return median(away)
}

// spread estimates the standard deviation of the values, without the outliers among them.
func spread(values []float64) float64 {
	return normal * smallSample(len(values)) * mad(values, median(values))
}

// normal is the standard deviation of normally distributed values whose median absolute deviation
// is 1.
const normal = 1.4826

// smallSample returns the factor that corrects the median absolute deviation of n values. Of few
// values it is too small on average (Croux and Rousseeuw, 1992).
func smallSample(n int) float64 {
	factors := [...]float64{0, 1, 1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107}
	if n < len(factors) {
		return factors[n]
	}
	return float64(n) / (float64(n) - 0.8)
}

// medianError returns the factor by which a standard deviation grows where the center is the
// median of n values: that median has an error of its own.
func medianError(n int) float64 { return math.Sqrt(1 + math.Pi/2/float64(n)) }

// root puts a count on the scale on which counts of independent events all have the standard
// deviation 1.
func root(count float64) float64 { return 2 * math.Sqrt(count) }

// angle puts a part of a whole on the scale on which the variance of a fraction depends on the
// whole alone. It returns that variance too (Anscombe, 1948).
func angle(count, of int) (y, variance float64) {
	y = math.Asin(math.Sqrt((float64(count) + 3.0/8) / (float64(of) + 3.0/4)))
	return y, 1 / (4*float64(of) + 2)
}

// ofFraction puts a fraction on the scale of angle. It takes one below 0 for 0, and one above 1 for
// 1.
func ofFraction(f float64) float64 { return math.Asin(math.Sqrt(min(1, max(0, f)))) }

// deviation is how far a value is from its center, and the variance that chance alone gives it. A
// variation of x adds x²·weight to that variance.
type deviation struct{ away, variance, weight float64 }

// variation estimates by how much values vary beside chance. It is the least x from 0 to most with
// which half of the deviations are within 0.6745 standard deviations.
func variation(most float64, all []deviation) float64 {
	return solve(most, func(x float64) float64 {
		levels := make([]float64, len(all))
		for i, d := range all {
			levels[i] = math.Abs(d.away) / math.Sqrt(d.variance+x*x*d.weight)
		}
		return median(levels)
	})
}

// solve returns the least x from 0 to most for which a falling function is at most the median
// absolute deviation of normally distributed values with the standard deviation 1.
func solve(most float64, falling func(x float64) float64) float64 {
	if falling(0) <= 1/normal {
		return 0
	}
	low, high := 0.0, most
	for range 30 {
		if middle := (low + high) / 2; falling(middle) > 1/normal {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}
