package charts

import (
	"image/color"

	"github.com/wcharczuk/go-chart/v2/drawing"
)

// The colours. This week against last week, and open against closed, differ in lightness as well as in hue, so that
// they are told apart in grey print and by the colour-blind; text has a contrast of at least 4.5 to 1 on white.
var (
	paper     = rgb(0xffffff)
	ink       = rgb(0x0f172a) // titles and values
	muted     = rgb(0x526077) // axes, names, subtitles
	grid      = rgb(0xe2e8f0)
	axis      = rgb(0xb6c2d3)
	accent    = rgb(0x2563eb) // this week
	previous  = rgb(0xb9c7dc) // last week
	reference = rgb(0x7c8ba3) // last week's level, a thin line
	warning   = rgb(0xe8930c) // requests while closed
	panel     = rgb(0xf4f7fb) // behind a message that stands for a chart
)

// heat are the steps of the heat map: none at all, then few to many.
var heat = []drawing.Color{
	rgb(0xf1f5f9),
	rgb(0xdbeafe), rgb(0xbcd7fe), rgb(0x8fbcfd), rgb(0x5b93f7), rgb(0x2f69e6), rgb(0x2149b8), rgb(0x1b3181),
}

func rgb(hex uint32) drawing.Color {
	return drawing.Color{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// palette holds the theme's colours first, so that flat areas are exact, and then the steps between the pairs of
// colours that meet at smoothed edges.
var palette = func() color.Palette {
	pure := append([]drawing.Color{paper, ink, muted, grid, axis, accent, previous, reference, warning, panel}, heat...)
	edges := []struct {
		from, to drawing.Color
		steps    int
	}{
		{paper, ink, 6}, {paper, muted, 6}, {paper, accent, 8}, {paper, previous, 6}, {paper, warning, 8},
		{paper, axis, 4}, {paper, heat[len(heat)-1], 16}, {panel, muted, 8}, {warning, ink, 8}, {grid, ink, 8}, {grid, accent, 8},
	}
	var p color.Palette
	seen := map[drawing.Color]bool{}
	add := func(c drawing.Color) {
		if !seen[c] {
			seen[c] = true
			p = append(p, color.RGBA{R: c.R, G: c.G, B: c.B, A: 0xff})
		}
	}
	for _, c := range pure {
		add(c)
	}
	for _, e := range edges {
		for i := 1; i < e.steps; i++ {
			add(mix(e.from, e.to, float64(i)/float64(e.steps)))
		}
	}
	return p
}()

// mix returns the colour at t between from (0) and to (1).
func mix(from, to drawing.Color, t float64) drawing.Color {
	between := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*t + 0.5) }
	return drawing.Color{R: between(from.R, to.R), G: between(from.G, to.G), B: between(from.B, to.B), A: 0xff}
}
