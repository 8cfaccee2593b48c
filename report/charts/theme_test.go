package charts

import (
	"image/color"
	"testing"

	"github.com/wcharczuk/go-chart/v2/drawing"
)

// Which colours can be told apart and read is held by package design; here, that a picture has them as they are.
func TestPureColoursComeFirst(t *testing.T) {
	for _, accent := range []string{"", "#ffd500", "#000000", "#ff00ff"} {
		theme := newTheme(accent)
		for i, c := range []drawing.Color{paper, ink, muted, grid, axis, theme.accent, previous, edge, theme.warning, theme.hatching} {
			if theme.palette[i] != (color.RGBA{c.R, c.G, c.B, 0xff}) {
				t.Errorf("brand %q: colour %d of the palette is %v, want %v", accent, i, theme.palette[i], c)
			}
		}
		if len(theme.palette) > 256 {
			t.Errorf("brand %q: the palette has %d colours, more than a byte can name", accent, len(theme.palette))
		}
	}
}
