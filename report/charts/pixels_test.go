package charts

import (
	"hash/adler32"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/theme"
)

func TestPixels_Fill(t *testing.T) {
	p := newPixels(40, 40, 1)
	canvas{p, own}.round(image.Rect(5, 5, 35, 35), own.Accent, corners{10, 0, 10, 0})
	for at, want := range map[image.Point]theme.Color{
		{X: 20, Y: 20}: own.Accent, // inside
		{X: 2, Y: 20}:  paper,      // outside
		{X: 6, Y: 6}:   paper,      // outside a rounded corner
		{X: 33, Y: 6}:  own.Accent, // in a sharp one
		{X: 6, Y: 33}:  own.Accent,
		{X: 33, Y: 33}: paper,
	} {
		if got := p.color(at); got != (color.RGBA{want.R, want.G, want.B, 0xff}) {
			t.Errorf("at %v: %v, want %v", at, got, want)
		}
	}
}

// A size is in pixels: the capital of Inter is 0.727 of it high.
func TestPixels_Text(t *testing.T) {
	p := newPixels(100, 100, 1)
	s := Style{fonts.Regular, 50, ink}
	p.Text(s, "H", 25, 75)
	top, bottom := 100, 0
	for y := range 100 {
		for x := range 100 {
			if p.color(image.Pt(x, y)).R < 0x80 {
				top, bottom = min(top, y), max(bottom, y+1)
			}
		}
	}
	if height := bottom - top; height < 36 || height > 37 || bottom != 75 {
		t.Errorf("a capital of 50 pixels is %d high and stands at %d", height, bottom)
	}
	if w := p.Width(s, "HH") - p.Width(s, "H"); w < 35 || w > 40 {
		t.Errorf("H takes %d of 50 pixels", w)
	}
}

// color returns the color of a pixel.
func (p *pixels) color(at image.Point) color.RGBA {
	return p.blends.palette[p.row(at.Y, at.X, at.X+1)[0]].(color.RGBA)
}

// A color that covers a pixel in part gives the color of the palette that is nearest to the mix, as
// far as the steps of coverage allow.
func TestBlends(t *testing.T) {
	var b blends
	for _, palette := range []color.Palette{own.palette, newScheme("#f97316").palette} {
		b.use(palette)
		for _, above := range []theme.Color{own.Ink, own.Warning, {R: 1, G: 2, B: 3}} {
			o := b.over(above)
			for under := range palette {
				for _, coverage := range []uint32{0, 0x80, 0x4000, 0x8000, 0xc000, 0xff00, 0xffff} {
					row := []uint8{uint8(under), uint8(under)}
					o.paint(row, coverage)
					below := palette[under].(color.RGBA)
					if coverage < 0x81 {
						if row[0] != uint8(under) {
							t.Errorf("coverage %d of %v changes it", coverage, below)
						}
						continue
					}
					got := palette[row[1]].(color.RGBA)
					best := palette.Convert(exactly(above, below, coverage)).(color.RGBA)
					if d := distance(got, exactly(above, below, coverage)) -
						distance(best, exactly(above, below, coverage)); d > 3 {
						t.Errorf("%#x of %v over %v is %v, %.1f farther than %v", coverage, above, below,
							got, d, best)
					}
				}
			}
		}
	}
}

func exactly(above theme.Color, below color.RGBA, coverage uint32) color.RGBA {
	mix := func(a, b uint8) uint8 {
		return uint8((uint32(a)*coverage + uint32(b)*(0xffff-coverage) + 0x7fff) / 0xffff)
	}
	return color.RGBA{mix(above.R, below.R), mix(above.G, below.G), mix(above.B, below.B), 0xff}
}

func distance(a, b color.RGBA) float64 {
	sq := func(a, b uint8) float64 { return (float64(a) - float64(b)) * (float64(a) - float64(b)) }
	return math.Sqrt(sq(a.R, b.R) + sq(a.G, b.G) + sq(a.B, b.B))
}

func TestChecksum(t *testing.T) {
	rows := slices.Repeat([]uint8{0, 200, 7, 255}, 3000)
	rows = append(rows, slices.Repeat([]uint8{0, 255, 255, 255}, 90_000)...)
	for _, width := range []int{4, 1000, 46_500, len(rows)} {
		if got, want := checksum(rows, width), adler32.Checksum(rows); got != want {
			t.Errorf("rows of %d: %#x, want %#x", width, got, want)
		}
	}
}
