package pdf

import (
	"bytes"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/fonts"
)

// drawn returns what a drawing writes to a page. The renderer's corner is 100 points from the page's left and upper
// edges, and two logical units are a point: (0, 0) is (100.00, 741.89) in a PDF, whose y grows upwards.
func drawn(t *testing.T, draw func(r chart.Renderer)) string {
	t.Helper()
	r := figurestest.Tiny()
	d := newDocument(r, summarise(t, r), nil)
	d.pdf.SetCompression(false)
	d.newPage()
	draw(newVectors(d.sheet, 100, 100, 0.5))
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(b.String(), "stream\n")
	page, _, _ = strings.Cut(page, "endstream")
	_, page, _ = strings.Cut(page, "0.000 G\n0.000 g\n") // gofpdf's own opening of a page
	return strings.TrimSuffix(page, "\n")
}

func TestVectors(t *testing.T) {
	red := drawing.Color{R: 255, A: 255}
	tests := []struct {
		name string
		draw func(r chart.Renderer)
		want string
	}{
		{"a line", func(r chart.Renderer) {
			r.SetStrokeColor(red)
			r.SetStrokeWidth(3)
			r.MoveTo(0, 0)
			r.LineTo(20, 10)
			r.Stroke()
		}, "1.000 0.000 0.000 RG\n1.50 w\n1 j\n100.00 741.89 m\n110.00 736.89 l\nS\n"},
		{"a line with dashes, which end with it", func(r chart.Renderer) {
			r.SetStrokeColor(red)
			r.SetStrokeDashArray([]float64{4, 2})
			r.LineTo(0, 0) // begins where it leads to
			r.LineTo(2, 0)
			r.Stroke()
		}, "1.000 0.000 0.000 RG\n0.50 w\n1 j\n[2.00 1.00] 0.00 d\n100.00 741.89 m\n101.00 741.89 l\nS\n[] 0.00 d\n"},
		{"dashes without length are none", func(r chart.Renderer) {
			r.SetStrokeColor(red)
			r.SetStrokeDashArray([]float64{0, math.NaN()})
			r.MoveTo(0, 0)
			r.LineTo(2, 0)
			r.Stroke()
		}, "1.000 0.000 0.000 RG\n0.50 w\n1 j\n100.00 741.89 m\n101.00 741.89 l\nS\n"},
		{"a surface", func(r chart.Renderer) {
			r.MoveTo(0, 0)
			r.LineTo(2, 0)
			r.SetFillColor(red) // may come late: a path is kept until it is painted
			r.LineTo(2, 2)
			r.Close()
			r.Fill()
		}, "1.000 0.000 0.000 rg\n100.00 741.89 m\n101.00 741.89 l\n101.00 740.89 l\nh\nf\n"},
		{"a quadratic curve as a cubic one", func(r chart.Renderer) {
			r.SetFillColor(red)
			r.MoveTo(0, 0)
			r.QuadCurveTo(30, 0, 30, 30)
			r.Fill()
		}, "1.000 0.000 0.000 rg\n100.00 741.89 m\n110.00000 741.89000 115.00000 736.89000 115.00000 726.89000 c\nf\n"},
		{"a quarter of a circle, clockwise from the right", func(r chart.Renderer) {
			r.SetFillColor(red)
			r.MoveTo(0, 0)
			r.ArcTo(0, 0, 20, 20, 0, math.Pi/2)
			r.Fill()
		}, "1.000 0.000 0.000 rg\n100.00 741.89 m\n110.00 741.89 l\n110.00000 736.36715 105.52285 731.89000 100.00000 731.89000 c\nf\n"},
		{"fill and stroke", func(r chart.Renderer) {
			r.SetFillColor(red)
			r.SetStrokeColor(drawing.Color{B: 255, A: 255})
			r.MoveTo(0, 0)
			r.LineTo(2, 0)
			r.FillStroke()
		}, "1.000 0.000 0.000 rg\n100.00 741.89 m\n101.00 741.89 l\nf\n0.000 0.000 1.000 RG\n0.50 w\n1 j\n100.00 741.89 m\n101.00 741.89 l\nS\n"},
		{"a colour that is half there", func(r chart.Renderer) {
			r.SetFillColor(drawing.Color{R: 255, A: 51})
			r.MoveTo(0, 0)
			r.LineTo(2, 0)
			r.Fill()
		}, "1.000 0.000 0.000 rg\n/GS1 gs\n100.00 741.89 m\n101.00 741.89 l\nf\n/GS2 gs\n"},
		{"no colour, no width, no size, no text, no path", func(r chart.Renderer) {
			r.SetFillColor(drawing.Color{})
			r.MoveTo(0, 0)
			r.LineTo(2, 0)
			r.Fill()
			r.SetStrokeWidth(math.NaN())
			r.MoveTo(0, 0)
			r.LineTo(2, 0)
			r.Stroke()
			r.Close()
			r.Circle(math.NaN(), 0, 0)
			r.ArcTo(0, 0, math.Inf(1), 1, 0, 1)
			r.Fill()
			r.Text("no font", 0, 0)
			r.SetFont(fonts.RegularFont())
			r.SetFontSize(math.NaN())
			r.Text("no size", 0, 0)
			r.SetFontSize(10)
			r.Text("\u200b", 0, 0)
			r.SetFontColor(drawing.Color{})
			r.Text("no colour", 0, 0)
		}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := drawn(t, test.draw); got != test.want {
				t.Errorf("the page has\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestVectorsText(t *testing.T) {
	font := regexp.MustCompile(`/F\w+`)
	write := func(rotation float64) []string {
		page := drawn(t, func(r chart.Renderer) {
			r.SetFont(fonts.SemiBoldFont())
			r.SetFontSize(24)
			r.SetFontColor(drawing.Color{B: 255, A: 255})
			r.SetTextRotation(rotation)
			r.Text("Ærø", 10, 20)
			r.ClearTextRotation()
		})
		return strings.Split(strings.TrimSpace(font.ReplaceAllString(page, "/F")), "\n")
	}
	text := "q 0.000 0.000 1.000 rg BT 105.00 731.89 Td (" + wide("Ærø") + ") Tj ET Q"
	want := []string{"BT /F 12.00 Tf ET", text}
	if got := write(0); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("level: %q, want %q", got, want)
	}
	// A quarter of a turn clockwise about the text's left end: what went right now goes down.
	want = []string{"q", "0.00000 -1.00000 1.00000 0.00000 -626.89000 836.89000 cm", "BT /F 12.00 Tf ET", text, "Q"}
	if got := write(math.Pi / 2); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("turned: %q, want %q", got, want)
	}
}

func TestVectorsMeasureAsGofpdf(t *testing.T) {
	r := figurestest.Tiny()
	d := newDocument(r, summarise(t, r), nil)
	d.newPage()
	v := newVectors(d.sheet, 0, 0, 0.425)
	for _, text := range []string{"8,031", "Hvor er pakken min?", "Αλλαγή κωδικού", "Статус заказа", "WWW iii", ""} {
		for _, f := range []face{regular, semiBold} {
			v.SetFont(f.font)
			v.SetFontSize(24)
			d.pdf.SetFont(family, f.gofpdf, 24)
			box := v.MeasureText(text)
			if exact := d.pdf.GetStringWidth(text); math.Abs(float64(box.Width())-exact) > 1.1 || float64(box.Width()) < exact-0.1 {
				t.Errorf("%q is %d wide, gofpdf says %.2f", text, box.Width(), exact)
			}
			if box.Height() != 24 {
				t.Errorf("%q is %d high, want 24", text, box.Height())
			}
		}
	}
	if box := newVectors(d.sheet, 0, 0, 1).MeasureText("no font"); box != (chart.Box{}) {
		t.Errorf("without a font: %v", box)
	}
}

// Between the beginning of a path and its painting a PDF allows nothing but the path.
func TestVectorsDrawPicturesThatArePDF(t *testing.T) {
	construction := regexp.MustCompile(`^[-0-9. ]+ [mlc]$|^h$`)
	for name, r := range figurestest.Cases() {
		pictures := charts.All(summarise(t, r), r.Brand)
		page := drawn(t, func(r chart.Renderer) {
			for _, p := range pictures {
				if err := p.Draw(r, 1200, 560); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
		for _, p := range pictures {
			if !strings.Contains(page, "("+wide(p.Title)+") Tj") {
				t.Errorf("%s, %s: the title is not there as text", name, p.Name)
			}
		}
		inPath := false
		for operation := range strings.SplitSeq(page, "\n") {
			switch {
			case strings.Contains(operation, "NaN") || strings.Contains(operation, "Inf"):
				t.Errorf("%s: %q", name, operation)
			case construction.MatchString(operation):
				inPath = true
			case operation == "f" || operation == "S":
				inPath = false
			case inPath:
				t.Errorf("%s: %q inside a path", name, operation)
			}
		}
	}
}

func TestVectorsAreNotAFile(t *testing.T) {
	var b bytes.Buffer
	if err := newVectors(nil, 0, 0, 1).Save(&b); err == nil || b.Len() > 0 {
		t.Errorf("Save = %v, wrote %d bytes", err, b.Len())
	}
}
