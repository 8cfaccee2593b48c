package pdf

import (
	"testing"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/csv"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/pdf/tagged"
	"kindlyweekly/report/summary"
)

// BenchmarkRender draws the report of the busy bot, without and with embedded data. The numbers and
// pictures are made before.
func BenchmarkRender(b *testing.B) {
	r := figurestest.Busy()
	s, err := summary.Of(r)
	if err != nil {
		b.Fatal(err)
	}
	numbers, err := r.Encode()
	if err != nil {
		b.Fatal(err)
	}
	pictures := charts.All(s, r.Brand)
	for _, c := range []struct {
		name  string
		files []tagged.File
	}{
		{"bare", nil},
		{"data", []tagged.File{
			{Name: "report.json", Type: "application/json", Data: numbers},
			{Name: "report.csv", Type: "text/csv", Data: csv.CSV(r, s)},
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Render(r, s, pictures, c.files...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
