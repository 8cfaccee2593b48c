package pdf

import (
	"strings"
	"testing"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

// BenchmarkRender draws the busy bot's report, whose numbers and pictures are there already: with
// names in letters alone, with emoji in two of them, and with Chinese in one more.
func BenchmarkRender(b *testing.B) {
	for _, names := range []struct {
		of string
		*strings.Replacer
	}{
		{"letters", strings.NewReplacer(" 🎁", "", " 🇳🇴", "")},
		{"emoji", strings.NewReplacer()},
		{"Chinese", strings.NewReplacer("Gavekort", "礼品卡")},
	} {
		b.Run(names.of, func(b *testing.B) {
			a := figurestest.BusyAnswers()
			for _, labels := range [][]figures.Label{a.Labels.This.Value, a.Labels.Previous.Value} {
				for i := range labels {
					labels[i].Text = names.Replace(labels[i].Text)
				}
			}
			for _, buttons := range [][]figures.Button{a.Buttons.This.Value,
				a.Buttons.Previous.Value} {
				for i := range buttons {
					buttons[i].Text = names.Replace(buttons[i].Text)
				}
			}
			r, err := figures.Compute(a)
			if err != nil {
				b.Fatal(err)
			}
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
		})
	}
}
