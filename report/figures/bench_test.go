package figures_test

import (
	"math/rand/v2"
	"testing"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
)

func BenchmarkCompute(b *testing.B) {
	s := figurestest.Simulate(rand.New(rand.NewPCG(1, 1)), 200, 1,
		figurestest.Busy().Period.Name, figures.TrendPeriods)
	a := s.Answers(figures.TrendPeriods - 1)
	for b.Loop() {
		if _, err := figures.Compute(a); err != nil {
			b.Fatal(err)
		}
	}
}
