package figures

import (
	"math"
	"slices"
)

// median returns the middle of the values, of which there is at least one; of an even number, half way between the two.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// mad returns the median absolute deviation from the centre.
func mad(values []float64, centre float64) float64 {
	away := make([]float64, len(values))
	for i, v := range values {
		away[i] = math.Abs(v - centre)
	}
	return median(away)
}

// spread estimates the standard deviation that the values would have without the outliers among them.
func spread(values []float64) float64 {
	return normal * smallSample(len(values)) * mad(values, median(values))
}

// normal is the standard deviation of normally distributed values whose median absolute deviation is 1.
const normal = 1.4826

// smallSample makes up for the median absolute deviation of few values being too small on average (Croux and Rousseeuw, 1992).
func smallSample(n int) float64 {
	factors := [...]float64{0, 1, 1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107}
	if n < len(factors) {
		return factors[n]
	}
	return float64(n) / (float64(n) - 0.8)
}

// medianError is by how much more a value lies away from the median of n others than from where that median would be if there
// were many: the median of a few is not sure itself.
func medianError(n int) float64 { return math.Sqrt(1 + math.Pi/2/float64(n)) }

// root puts a count on the scale on which counts of events that know nothing of each other all have the standard
// deviation 1.
func root(count float64) float64 { return 2 * math.Sqrt(count) }

// angle puts so many of so many on the scale on which fractions have a variance that depends on the number only; it
// returns that variance too (Anscombe, 1948).
func angle(count, of int) (y, variance float64) {
	return math.Asin(math.Sqrt((float64(count) + 3.0/8) / (float64(of) + 3.0/4))), 1 / (4*float64(of) + 2)
}

// solve returns the least x from 0 to most for which a falling function is at most what the median absolute deviation of
// normally distributed values of standard deviation 1 is: so it finds the spread that explains how far values lie apart.
func solve(most float64, apart func(x float64) float64) float64 {
	if apart(0) <= 1/normal {
		return 0
	}
	low, high := 0.0, most
	for range 30 {
		if middle := (low + high) / 2; apart(middle) > 1/normal {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}
