package charts

import (
	"image"
	"image/color"
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
		if got := p.img.RGBAAt(at.X, at.Y); got != (color.RGBA{want.R, want.G, want.B, 0xff}) {
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
			if p.img.RGBAAt(x, y).R < 0x80 {
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
