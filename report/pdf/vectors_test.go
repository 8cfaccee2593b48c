package pdf

import (
	"bytes"
	"image"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/jung-kurt/gofpdf"

	"kindlyweekly/report/charts"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/fonts"
	"kindlyweekly/report/theme"
)

// drawn returns what a drawing writes to a page. The renderer's corner is 100 points from the
// page's left and upper edges, and two logical units are a point: (0, 0) is (100.00, 741.89) in a
// PDF, whose y grows upwards.
func drawn(t *testing.T, draw func(r charts.Renderer)) string {
	t.Helper()
	r := figurestest.Tiny()
	d := newDocument(r, summarise(t, r), nil)
	d.pdf.SetCompression(false)
	d.newPage()
	d.doc.Artifact(func() { draw(vectors{d.sheet, 100, 100, 0.5}) })
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(b.String(), "stream\n")
	page, _, _ = strings.Cut(page, "endstream")
	_, page, _ = strings.Cut(page, "0.000 G\n0.000 g\n") // gofpdf's own opening of a page
	page = strings.ReplaceAll(page, "/Artifact BMC\n", "")
	return strings.TrimSuffix(page, "\n")
}

func TestVectors(t *testing.T) {
	red := theme.Color{R: 255}
	square := [4]charts.Corner{}
	for i, p := range []image.Point{{}, {X: 2}, {X: 2, Y: 2}, {Y: 2}} {
		square[i] = charts.Corner{Begin: p, At: p, End: p}
	}
	round := square
	round[1] = charts.Corner{Begin: image.Pt(0, 0), At: image.Pt(30, 0), End: image.Pt(30, 30)}
	tests := []struct {
		name string
		draw func(r charts.Renderer)
		want string
	}{
		{"a line", func(r charts.Renderer) {
			r.Stroke([]image.Point{{}, {X: 20, Y: 10}}, 3, nil, red)
		}, "1.000 0.000 0.000 RG\n1.50 w\n1 j\n100.00 741.89 m\n110.00 736.89 l\nS\n"},
		{"a line with dashes, which end with it", func(r charts.Renderer) {
			r.Stroke([]image.Point{{}, {X: 2}}, 1, []float64{4, 2}, red)
		}, "1.000 0.000 0.000 RG\n0.50 w\n1 j\n[2.00 1.00] 0.00 d\n100.00 741.89 m\n101.00 741.89 l\nS\n[] 0.00 d\n"},
		{"a surface", func(r charts.Renderer) { r.Fill(square, red) },
			"1.000 0.000 0.000 rg\n100.00 741.89 m\n101.00 741.89 l\n101.00 740.89 l\n100.00 740.89 l\nh\nf\n"},
		{"a quadratic curve as a cubic one", func(r charts.Renderer) { r.Fill(round, red) },
			"1.000 0.000 0.000 rg\n100.00 741.89 m\n100.00 741.89 l\n" +
				"110.00000 741.89000 115.00000 736.89000 115.00000 726.89000 c\n101.00 740.89 l\n100.00 740.89 l\nh\nf\n"},
		{"a text in which nothing can be seen", func(r charts.Renderer) {
			r.Text(charts.Style{Face: fonts.Regular, Size: 10, Color: red}, "\u200b", 0, 0)
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

func TestVectors_Text(t *testing.T) {
	page := drawn(t, func(r charts.Renderer) {
		r.Text(charts.Style{Face: fonts.SemiBold, Size: 24, Color: theme.Color{B: 255}},
			"Ærø", 10, 20)
	})
	got := strings.TrimSpace(regexp.MustCompile(`/F\w+`).ReplaceAllString(page, "/F"))
	want := "BT /F 12.00 Tf ET\nq 0.000 0.000 1.000 rg BT 105.00 731.89 Td (" + wide("Ærø ") +
		") Tj ET Q"
	if got != want {
		t.Errorf("the page has %q, want %q", got, want)
	}
}

func TestVectors_WidthIsThatOfGofpdf(t *testing.T) {
	v := vectors{scale: 0.425}
	pdf := gofpdf.New("P", "pt", "A4", "")
	for _, text := range []string{"8,031", "Hvor er pakken min?", "Αλλαγή κωδικού", "Статус заказа",
		"WWW iii", ""} {
		for _, f := range []face{regular, semiBold} {
			pdf.AddUTF8FontFromBytes(f.Name(), "", f.File())
			pdf.SetFont(f.Name(), "", 24)
			width := float64(v.Width(charts.Style{Face: f, Size: 24}, text))
			if exact := pdf.GetStringWidth(text); math.Abs(width-exact) > 1.1 ||
				width < exact-0.1 {
				t.Errorf("%q is %v wide, gofpdf says %.2f", text, width, exact)
			}
		}
	}
}

// Between the beginning of a path and its painting a PDF allows nothing but the path.
func TestVectors_PicturesAreValidPDF(t *testing.T) {
	construction := regexp.MustCompile(`^[-0-9. ]+ [mlc]$|^h$`)
	for name, r := range figurestest.Cases() {
		pictures := charts.All(summarise(t, r), r.Brand)
		page := drawn(t, func(r charts.Renderer) {
			for _, p := range pictures {
				if err := p.Draw(r, 1200, 560); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
		for _, p := range pictures {
			if !strings.Contains(page, "("+wide(p.Title+" ")+") Tj") {
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
