package charts

import (
	"image/color"

	"github.com/wcharczuk/go-chart/v2/drawing"

	"kindlyweekly/report/theme"
)

// The colours that no brand changes.
var (
	own      = newTheme("")
	paper    = of(own.Card)
	ink      = of(own.Ink)   // titles and values
	muted    = of(own.Muted) // axes, names, subtitles
	grid     = of(own.Line)
	axis     = of(own.Rule)
	panel    = of(own.Panel)    // behind a message that stands for a chart
	previous = of(own.Last)     // last week
	edge     = of(own.LastEdge) // around it; last week's level, a thin line
	special  = of(own.Special)  // behind a day that is not like others
)

// scheme is the colours of a picture: those above, and those that a brand changes.
type scheme struct {
	*theme.Paper

	accent, onAccent             drawing.Color // this week
	warning, onWarning, hatching drawing.Color // requests while closed
	heat, onHeat                 [theme.HeatSteps]drawing.Color

	palette color.Palette
}

func newTheme(accent string) *scheme {
	t := &scheme{Paper: theme.OnPaper(accent)}
	t.accent, t.onAccent = of(t.Accent), of(t.OnAccent)
	t.warning, t.onWarning, t.hatching = of(t.Warning), of(t.OnWarning), of(t.Hatching)
	for i := range t.Heat {
		t.heat[i], t.onHeat[i] = of(t.Heat[i]), of(t.OnHeat(i))
	}
	t.palette = t.colours()
	return t
}

// of is a colour as renderers take it.
func of(c theme.Colour) drawing.Color { return drawing.Color{R: c.R, G: c.G, B: c.B, A: 0xff} }

// colours is the palette. It holds the scheme's colours first, so that flat areas are exact, and then the steps between the
// pairs of colours that meet at smoothed edges.
func (t *scheme) colours() color.Palette {
	pure := []theme.Colour{t.Card, t.Ink, t.Muted, t.Line, t.Rule, t.Accent, t.Last, t.LastEdge, t.Warning, t.Hatching, t.Panel, t.Special, t.OnAccent, t.OnWarning}
	edges := []struct {
		from, to theme.Colour
		steps    int
	}{
		{t.Card, t.Ink, 6}, {t.Card, t.Muted, 6}, {t.Card, t.Accent, 8}, {t.Card, t.LastEdge, 6}, {t.Card, t.Warning, 8}, {t.Card, t.Rule, 4},
		{t.Last, t.LastEdge, 4}, {t.Warning, t.Hatching, 6}, {t.Warning, t.OnWarning, 6}, {t.Accent, t.OnAccent, 6},
		{t.Panel, t.Muted, 8}, {t.Special, t.Ink, 6}, {t.Special, t.Accent, 6}, {t.Line, t.Ink, 8}, {t.Line, t.Accent, 8},
	}
	for i := range t.Heat {
		pure = append(pure, t.Heat[i])
	}
	var p color.Palette
	seen := map[theme.Colour]bool{}
	add := func(c theme.Colour) {
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
			add(between(e.from, e.to, float64(i)/float64(e.steps)))
		}
	}
	top := len(t.Heat) - 1
	for i := 1; i < 6; i++ {
		add(between(t.Heat[top], t.OnHeat(top), float64(i)/6))
	}
	return p
}

// between returns the colour at t between from (0) and to (1), as a smoothed edge has it.
func between(from, to theme.Colour, t float64) theme.Colour {
	channel := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*t + 0.5) }
	return theme.Colour{R: channel(from.R, to.R), G: channel(from.G, to.G), B: channel(from.B, to.B)}
}
