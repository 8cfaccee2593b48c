package figures

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

// rateDaysOf makes eleven weeks of days. The last one is the day before those that are judged.
// fallbacks and replies get the age of each day.
func rateDaysOf(fallbacks, replies func(age int) float64) (days []rateDay) {
	for age := 77; age >= 1; age-- {
		days = append(days, rateDay{fallbacks(age), replies(age),
			time.Weekday((7*11 - age + 1) % 7), age}) // the first is a Monday
	}
	return days
}

func always1(v float64) func(int) float64 { return func(int) float64 { return v } }

func within(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %v, want %v to %v", what, got, low, high)
	}
}

func TestUsual_Level(t *testing.T) {
	even := learnUsual(rateDaysOf(always1(80), always1(1000)))
	within(t, "eight of a hundred", even.rate(time.Monday), 0.0799, 0.0801)

	old := learnUsual(rateDaysOf(func(age int) float64 {
		if age > 28 {
			return 80
		}
		return 100
	}, always1(1000)))
	within(t, "of which the last four weeks had ten", old.rate(time.Monday), 0.0905, 0.094)

	jumped := learnUsual(rateDaysOf(func(age int) float64 {
		if age == 10 {
			return 900
		}
		return 80
	}, always1(1000)))
	within(t, "and one day ninety", jumped.rate(time.Monday), 0.08, 0.083)
	fell := learnUsual(rateDaysOf(func(age int) float64 {
		if age == 10 {
			return 0
		}
		return 80
	}, always1(1000)))
	within(t, "and one day none", fell.rate(time.Monday), 0.077, 0.08)

	none := learnUsual(rateDaysOf(always1(0), always1(1000)))
	within(t, "none", none.rate(time.Monday), 1e-6, 1e-4)
	all := learnUsual(rateDaysOf(always1(1000), always1(1000)))
	same(t, "all", all.rate(time.Monday), highestRate)
}

func TestUsual_Weekdays(t *testing.T) {
	on := func(factor float64, days ...time.Weekday) func(int) float64 {
		return func(age int) float64 {
			for _, d := range days {
				if time.Weekday((7*11-age+1)%7) == d {
					return 80 * factor
				}
			}
			return 80
		}
	}
	weekend := learnUsual(rateDaysOf(on(1.5, time.Saturday, time.Sunday), always1(1000)))
	within(t, "Saturday", weekend.rate(time.Saturday), 0.117, 0.121)
	within(t, "Sunday", weekend.rate(time.Sunday), 0.117, 0.121)
	within(t, "Friday", weekend.rate(time.Friday), 0.0795, 0.082)

	monday := learnUsual(rateDaysOf(on(2, time.Monday), always1(1000)))
	within(t, "Monday", monday.rate(time.Monday), 0.15, 0.161)
	within(t, "Tuesday", monday.rate(time.Tuesday), 0.079, 0.084)
	within(t, "Sunday then", monday.rate(time.Sunday), 0.079, 0.084)

	// A third more on one weekday is partly attributed to chance.
	some := learnUsual(rateDaysOf(on(1.3, time.Monday), always1(1000)))
	within(t, "Monday with a third more", some.factors[time.Monday], 1.185, 1.203)

	weekdays := slices.DeleteFunc(rateDaysOf(always1(80), always1(1000)),
		func(d rateDay) bool { return atWeekend(d.weekday) })
	never := learnUsual(weekdays)
	within(t, "a Saturday of a bot that has none", never.rate(time.Saturday), 0.079, 0.081)

	// A few fallbacks say little about a weekday.
	few := learnUsual(rateDaysOf(func(age int) float64 { return on(2, time.Monday)(age) / 80 },
		always1(25)))
	within(t, "Monday of few", few.rate(time.Monday), 0.042, 0.065)
	within(t, "its doubt", few.doubtful[time.Monday], 1e-5, 0.1)

	closed := rateDaysOf(always1(80), always1(1000))
	n := 0
	for _, d := range closed {
		if !atWeekend(d.weekday) {
			closed[n], n = d, n+1
		}
	}
	u := learnUsual(closed[:n])
	within(t, "a weekend without days", u.rate(time.Sunday), 0.0795, 0.0805)
}

func TestUsual_Spread(t *testing.T) {
	spread := func(replies, cv float64) float64 {
		u := learnUsual(rateDaysOf(func(age int) float64 {
			return 0.08 * replies * (1 + cv*math.Sqrt2*math.Sin(float64(age)*2.4))
		}, always1(replies)))
		return math.Sqrt(u.spread)
	}
	within(t, "days of many replies that do not vary", spread(100_000, 0.001), 0.019, 0.03)
	within(t, "by a tenth", spread(100_000, 0.1), 0.09, 0.11)
	within(t, "by a quarter", spread(100_000, 0.25), 0.22, 0.28)
	within(t, "days of few replies, shrunk to that of other bots", spread(30, 0.01), 0.09, 0.15)
	u := learnUsual(rateDaysOf(always1(80), always1(1000)))
	within(t, "with what is not known", u.varies(time.Monday)-u.spread, drift*drift, 0.002)
}

// The evidence is the logarithm of a ratio of probabilities. The probabilities of each add up to
// one.
func TestUsual_Evidence(t *testing.T) {
	const n, variance = 50, 0.04
	for _, p := range []float64{0.05, 0.3, 0.9} {
		sum, mean, squares := 0.0, 0.0, 0.0
		for k := range n + 1 {
			of := logGamma(n+1) - logGamma(float64(k)+1) - logGamma(float64(n-k)+1)
			q := math.Exp(of + logBetaBinomial(float64(k), n, p, variance))
			sum, mean = sum+q, mean+q*float64(k)
			squares += q * (float64(k) - n*p) * (float64(k) - n*p)
		}
		near(t, fmt.Sprint("the probabilities for ", p), sum, 1)
		near(t, fmt.Sprint("the mean for ", p), mean, n*p)
		near(t, fmt.Sprint("the variance for ", p), squares, n*p*(1-p)+n*(n-1)*p*p*variance)
	}
	u := usualRates{level: 0.1, factors: [7]float64{1, 1, 1, 1, 1, 1, 1}, spread: variance}
	day := func(k float64) float64 { return u.evidence(rateDay{fallbacks: k, replies: 1000}) }
	within(t, "a usual day", day(100), -15, -3)
	within(t, "a doubled one", day(200), 3, 10)
	for k := 20.0; k < 1000; k++ {
		if day(k+1) < day(k) {
			t.Fatalf("%v fallbacks are more evidence than %v", k, k+1)
		}
	}
	u.level = 0.5
	within(t, "of a rate that cannot double", u.evidence(rateDay{fallbacks: 760, replies: 1000}),
		1, 20)
}
