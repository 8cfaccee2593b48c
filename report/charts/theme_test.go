package charts

import (
	"image/color"
	"testing"

	"kindlyweekly/report/theme"
)

// Which colors can be told apart and read is held by package theme; here, that a picture has them
// as they are.
func TestPalette_PureColorsFirst(t *testing.T) {
	for _, accent := range []string{"", "#ffd500", "#000000", "#ff00ff"} {
		scheme := newScheme(accent)
		for i, c := range []theme.Color{paper, ink, muted, grid, axis, scheme.Accent, previous,
			edge, scheme.Warning, scheme.Hatching} {
			if scheme.palette[i] != (color.RGBA{c.R, c.G, c.B, 0xff}) {
				t.Errorf("brand %q: color %d of the palette is %v, want %v", accent, i,
					scheme.palette[i], c)
			}
		}
		if len(scheme.palette) > 255 {
			t.Errorf("brand %q: the palette has %d colors, more than blends can name", accent,
				len(scheme.palette))
		}
	}
}
