package charts

import (
	"image/color"
	"math"
	"testing"

	"github.com/wcharczuk/go-chart/v2/drawing"
)

func TestPureColoursComeFirst(t *testing.T) {
	for i, c := range []drawing.Color{paper, ink, muted, grid, axis, accent, previous} {
		if palette[i] != (color.RGBA{c.R, c.G, c.B, 0xff}) {
			t.Errorf("colour %d of the palette is %v, want %v", i, palette[i], c)
		}
	}
}

// Contrasts are those of WCAG 2: 4.5 for text, and enough between two marks to be told apart without their hue.
func TestColoursAreToldApart(t *testing.T) {
	tests := []struct {
		what string
		a, b drawing.Color
		want float64
	}{
		{"values on paper", ink, paper, 7},
		{"axes on paper", muted, paper, 4.5},
		{"a message on its panel", muted, panel, 4.5},
		{"the busiest hour's value", paper, heat[len(heat)-1], 4.5},
		{"this week against last week", accent, previous, 2.5},
		{"open against closed", accent, warning, 2},
		{"this week on paper", accent, paper, 3},
		{"last week's level on paper", reference, paper, 3},
	}
	for _, test := range tests {
		if got := contrast(test.a, test.b); got < test.want {
			t.Errorf("%s: contrast %.2f, want %v", test.what, got, test.want)
		}
	}
}

func TestHeatGrowsDarkerStepByStep(t *testing.T) {
	for i := 1; i < len(heat); i++ {
		if c := contrast(heat[i-1], heat[i]); luminance(heat[i]) >= luminance(heat[i-1]) || c < 1.08 {
			t.Errorf("steps %d and %d of the heat map: contrast %.2f", i-1, i, c)
		}
	}
}

func contrast(a, b drawing.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(c drawing.Color) float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		} else {
			return s / 12.92
		}
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
