package pdf

import (
	"testing"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

// BenchmarkRender draws the busy bot's report, whose numbers and pictures are there already.
func BenchmarkRender(b *testing.B) {
	r := figurestest.Busy()
	s, err := summary.Of(r)
	if err != nil {
		b.Fatal(err)
	}
	pictures := charts.All(s, r.Brand)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Render(r, s, pictures); err != nil {
			b.Fatal(err)
		}
	}
}
