package charts

import (
	"image/color"

	"kindlyweekly/report/theme"
)

// The colors that no brand changes.
var (
	own      = newScheme("")
	paper    = own.Card
	ink      = own.Ink   // titles and values
	muted    = own.Muted // axes, names, subtitles
	grid     = own.Line
	axis     = own.Rule
	panel    = own.Panel    // behind a message in the place of a chart
	previous = own.Last     // last week
	edge     = own.LastEdge // around last week's bars
	special  = own.Special  // behind a special day
)

// scheme is the colors of a picture, and its palette.
type scheme struct {
	*theme.Paper
	palette color.Palette
}

func newScheme(accent string) *scheme {
	s := &scheme{Paper: theme.OnPaper(accent)}
	s.palette = s.colors()
	return s
}

// colors returns the palette: first the scheme's colors, so that flat areas are exact, and then the
// steps between colors that meet at smoothed edges.
func (s *scheme) colors() color.Palette {
	pure := append([]theme.Color{
		s.Card, s.Ink, s.Muted, s.Line, s.Rule, s.Accent, s.Last, s.LastEdge, s.Warning, s.Hatching,
		s.Panel, s.Special, s.OnAccent, s.OnWarning,
	}, s.Heat[:]...)
	edges := []struct {
		from, to theme.Color
		steps    int
	}{
		{s.Card, s.Ink, 6}, {s.Card, s.Muted, 6}, {s.Card, s.Accent, 8}, {s.Card, s.LastEdge, 6},
		{s.Card, s.Warning, 8}, {s.Card, s.Rule, 4}, {s.Last, s.LastEdge, 4},
		{s.Warning, s.Hatching, 6}, {s.Warning, s.OnWarning, 6}, {s.Accent, s.OnAccent, 6},
		{s.Panel, s.Muted, 8}, {s.Special, s.Ink, 6}, {s.Special, s.Accent, 6}, {s.Line, s.Ink, 8},
		{s.Line, s.Accent, 8},
	}
	var p color.Palette
	seen := map[theme.Color]bool{}
	add := func(c theme.Color) {
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
	top := len(s.Heat) - 1
	for i := 1; i < 6; i++ {
		add(between(s.Heat[top], s.OnHeat(top), float64(i)/6))
	}
	return p
}

// between returns the color between from, at t = 0, and to, at t = 1, as at a smoothed edge.
func between(from, to theme.Color, t float64) theme.Color {
	channel := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*t + 0.5) }
	return theme.Color{R: channel(from.R, to.R), G: channel(from.G, to.G), B: channel(from.B, to.B)}
}
