package charts

import (
	"image/color"
	"testing"

	"github.com/wcharczuk/go-chart/v2/drawing"
)

// Which colours can be told apart and read is held by package theme; here, that a picture has them as they are.
func TestPureColoursComeFirst(t *testing.T) {
	for _, accent := range []string{"", "#ffd500", "#000000", "#ff00ff"} {
		scheme := newTheme(accent)
		for i, c := range []drawing.Color{paper, ink, muted, grid, axis, scheme.accent, previous, edge, scheme.warning, scheme.hatching} {
			if scheme.palette[i] != (color.RGBA{c.R, c.G, c.B, 0xff}) {
				t.Errorf("brand %q: colour %d of the palette is %v, want %v", accent, i, scheme.palette[i], c)
			}
		}
		if len(scheme.palette) > 256 {
			t.Errorf("brand %q: the palette has %d colours, more than a byte can name", accent, len(scheme.palette))
		}
	}
}
