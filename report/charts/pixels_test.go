package charts

import (
	"image"
	"image/color"
	"io"
	"math"
	"testing"

	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"

	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/fonts"
)

func TestPixelsFillByWinding(t *testing.T) {
	p := newPixels(40, 40, 1)
	p.SetFillColor(own.accent)
	for _, r := range []image.Rectangle{image.Rect(5, 5, 25, 25), image.Rect(15, 15, 35, 35)} {
		p.MoveTo(r.Min.X, r.Min.Y)
		p.LineTo(r.Max.X, r.Min.Y)
		p.LineTo(r.Max.X, r.Max.Y)
		p.LineTo(r.Min.X, r.Max.Y)
		p.Close()
	}
	p.Fill()
	for at, want := range map[image.Point]drawing.Color{{X: 10, Y: 10}: own.accent, {X: 20, Y: 20}: own.accent, {X: 30, Y: 30}: own.accent, {X: 30, Y: 10}: paper} {
		if got := p.img.RGBAAt(at.X, at.Y); got != (color.RGBA{want.R, want.G, want.B, 0xff}) {
			t.Errorf("at %v: %v, want %v", at, got, want)
		}
	}
}

func TestPixelsBlendTranslucentColours(t *testing.T) {
	p := newPixels(10, 10, 1)
	p.SetFillColor(drawing.Color{R: 0, G: 0, B: 0, A: 0x80})
	canvas{p, own}.fill(image.Rect(0, 0, 10, 10), p.fill)
	if got := p.img.RGBAAt(5, 5); got != (color.RGBA{0x7f, 0x7f, 0x7f, 0xff}) {
		t.Errorf("half black on white is %v", got)
	}
}

// A size is in pixels: the capital of Inter is 0.727 of it high.
func TestPixelsSetTextInPixels(t *testing.T) {
	p := newPixels(200, 200, 1)
	p.SetFont(fonts.RegularFont())
	p.SetFontSize(100)
	p.Text("H", 50, 150)
	top, bottom := 200, 0
	for y := range 200 {
		for x := range 200 {
			if p.img.RGBAAt(x, y).R < 0x80 {
				top, bottom = min(top, y), max(bottom, y+1)
			}
		}
	}
	if height := bottom - top; height < 72 || height > 74 || bottom != 150 {
		t.Errorf("a capital of 100 pixels is %d high and stands at %d", height, bottom)
	}
	if w := p.MeasureText("HH").Width() - p.MeasureText("H").Width(); w < 70 || w > 80 {
		t.Errorf("H takes %d of 100 pixels", w)
	}
}

// What the library hangs or panics on must not reach it.
func TestPixelsOutliveAnything(t *testing.T) {
	p := newPixels(50, 50, 1)
	nan, inf := math.NaN(), math.Inf(1)
	p.Text("no font", 1, 1)
	p.SetFont(fonts.RegularFont())
	for _, size := range []float64{nan, -1, 0} {
		p.SetFontSize(size)
		p.Text("no size", 1, 1)
		if w := p.MeasureText("no size").Width(); w != 0 {
			t.Errorf("text of size %v is %d wide", size, w)
		}
	}
	p.LineTo(1, 1)
	p.Close()
	p.Stroke()
	p.QuadCurveTo(1, 1, 2, 2)
	p.FillStroke()
	p.Close()
	p.Fill()
	for _, v := range []float64{nan, inf, -inf, 1e300} {
		p.ArcTo(1, 1, v, v, v, v)
		p.Circle(v, 1, 1)
		p.Fill()
	}
	for _, dashes := range [][]float64{{0}, {0, 0}, {-1}, {nan}, {3, 2}, nil} {
		p.SetStrokeDashArray(dashes)
		p.MoveTo(math.MinInt, math.MinInt)
		p.LineTo(math.MaxInt, math.MaxInt)
		p.Stroke()
	}
	p.SetFontSize(10)
	p.SetTextRotation(1)
	p.Text("aslant", math.MaxInt, math.MinInt)
	p.ResetStyle()
	if err := p.Save(io.Discard); err != nil {
		t.Error(err)
	}
}

// The drawing code knows the interface only, so go-chart's own renderers take it too.
func TestPicturesAreDrawnOnAnyRenderer(t *testing.T) {
	for name, provider := range map[string]chart.RendererProvider{"PNG": chart.PNG, "SVG": chart.SVG} {
		for _, p := range pictures(t, figurestest.Busy()) {
			r, err := provider(Width, Height)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Draw(r, Width, Height); err != nil {
				t.Errorf("%s of %s: %v", name, p.Name, err)
			}
		}
	}
}
