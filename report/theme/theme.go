package theme

import "math"

// A Theme is the colors of a page, each for a task.
type Theme struct {
	// Grounds and lines.
	Page  Color // around what is said
	Card  Color // under what is said
	Panel Color // a tile, a box that explains
	Line  Color // between rows, behind bars; hardly there
	Rule  Color // an axis, a table's head

	// Texts, on any of these grounds.
	Ink   Color
	Muted Color // what may be skipped

	// The accent: this week, and where to click.
	Accent     Color // marks and surfaces, seen on Card
	OnAccent   Color // text on it
	AccentText Color // the accent as text
	AccentTint Color // a ground for AccentText

	// The warning color: what came while closed, bad news.
	Warning     Color // marks and surfaces
	OnWarning   Color // text on it
	WarningText Color
	WarningTint Color // a ground for WarningText

	// Good news is the accent, unless that is red or orange, which nobody takes for good news, or looks like the warning; then
	// it is ink.
	GoodText Color
	GoodTint Color
	Tint     Color // behind what is neither good nor bad
}

// Paper is the theme of what is printed and of every picture, by day and by night, with what charts are drawn in.
type Paper struct {
	Theme

	// Last week, and what else is not this week. It is light, and has an edge, so that it is told from this week in gray
	// print, and from the paper.
	Last     Color
	LastEdge Color

	Hatching Color // lines on the warning color, which tell it apart where colors do not
	Special  Color // behind a day that is not like others

	// Heat is how many: none at all, then few to many, in even steps of lightness.
	Heat [HeatSteps]Color
}

// HeatSteps is how many steps a heat map has, that of nothing at all among them.
const HeatSteps = 8

// Accent is the report's own.
const Accent = "#2563eb"

// What text needs on its ground, and what a mark does (WCAG 2, AA).
const (
	TextContrast = 4.5
	MarkContrast = 3
)

var (
	white = rgb(0xffffff)
	ink   = rgb(0x0f172a)

	// amber is the warning color. Beside an accent that looks like it plum takes its place, and in the dark orchid.
	amber  = rgb(0xe8930c)
	plum   = rgb(0x7a1f6e)
	orchid = rgb(0xe79be0)
)

// near is the distance below which an accent looks like a warning.
const near = 0.12

// Light returns the theme of a light page, for a brand's accent as #rrggbb; of the report's own where it is empty.
func Light(accent string) Theme {
	return Theme{
		Page: rgb(0xeef2f7), Card: white, Panel: rgb(0xf4f7fb), Line: rgb(0xe2e8f0), Rule: rgb(0xb6c2d3),
		Ink: ink, Muted: rgb(0x4b586e), Tint: rgb(0xeaeff5),
	}.with(accent)
}

// Dark returns the theme of a screen in the dark.
func Dark(accent string) Theme {
	return Theme{
		Page: rgb(0x0b1120), Card: rgb(0x131c2e), Panel: rgb(0x1c2740), Line: rgb(0x2d3b55), Rule: rgb(0x4a5a78),
		Ink: rgb(0xf1f5f9), Muted: rgb(0xb4c0d4), Tint: rgb(0x24314b),
	}.with(accent)
}

// with fills in what follows from the accent.
func (t Theme) with(accent string) Theme {
	brand, ok := Parse(accent)
	if !ok {
		brand, _ = Parse(Accent)
	}
	t.Accent = brand.On(t.Card, MarkContrast)
	t.OnAccent = readable(t.Accent)
	t.AccentTint = mix(t.Card, t.Accent, 0.12)
	t.AccentText = t.text(brand, t.AccentTint)

	t.Warning = amber
	if Apart(t.Accent, amber) < near {
		t.Warning = plum
		if t.Card.Luminance() < 0.18 {
			t.Warning = orchid
		}
	}
	t.OnWarning = readable(t.Warning)
	t.WarningTint = mix(t.Card, t.Warning, 0.18)
	t.WarningText = t.text(t.Warning, t.WarningTint)

	t.GoodText, t.GoodTint = t.AccentText, t.AccentTint
	if alarming(brand) || Apart(t.AccentText, t.WarningText) < near {
		t.GoodText, t.GoodTint = t.Ink, t.Tint
	}
	return t
}

// alarming reports whether a color is one of those from pink over red to amber.
func alarming(c Color) bool {
	lab := c.linear().oklab()
	return lab[1] > 0.03 && lab[2] > 0.03
}

// text is the nearest shade of c that can be read on all of the theme's grounds, and on one more.
func (t Theme) text(c, tint Color) Color {
	for _, ground := range []Color{t.Card, t.Panel, t.Page, tint} {
		c = c.On(ground, TextContrast)
	}
	return c
}

// readable is what text is on a surface: white or ink, or black where neither can be read.
func readable(surface Color) Color {
	for _, text := range []Color{white, ink} {
		if Contrast(text, surface) >= TextContrast {
			return text
		}
	}
	return Color{}
}

// OnPaper returns the theme of paper.
func OnPaper(accent string) *Paper {
	p := &Paper{Theme: Light(accent), Last: rgb(0xd7dfea), LastEdge: rgb(0x76859c), Special: rgb(0xeef1f5)}
	p.Hatching = mix(p.Warning, p.OnWarning, 0.55)

	// From a tint of the accent to a shade of it.
	const few, many = 0.93, 0.34 // lightnesses
	lightness := p.Accent.linear().oklab()[0]
	most := min(many, lightness)
	p.Heat[0] = p.Panel
	for i := 1; i < HeatSteps; i++ {
		want := few + (most-few)*float64(i-1)/(HeatSteps-2)
		if want >= lightness {
			p.Heat[i] = mix(p.Card, p.Accent, (1-want)/(1-lightness))
		} else {
			p.Heat[i] = fromLinear(p.Accent.linear().scaled(math.Pow(want/lightness, 3)))
		}
	}
	return p
}

// OnHeat is what text is on a step of the heat.
func (p *Paper) OnHeat(step int) Color { return readable(p.Heat[step]) }

// A Pair is a text and a ground that it stands on in some edition.
type Pair struct {
	Name         string
	Text, Ground Color
}

// Pairs lists every text with every ground that it may stand on.
func (t Theme) Pairs() []Pair {
	pairs := []Pair{
		{"text on the accent", t.OnAccent, t.Accent},
		{"text on the warning color", t.OnWarning, t.Warning},
		{"accent on its tint", t.AccentText, t.AccentTint},
		{"ink on the accent's tint", t.Ink, t.AccentTint},
		{"warning on its tint", t.WarningText, t.WarningTint},
		{"ink on the warning's tint", t.Ink, t.WarningTint},
		{"muted on the warning's tint", t.Muted, t.WarningTint},
		{"a warning's sign", t.WarningTint, t.WarningText},
		{"good news on its tint", t.GoodText, t.GoodTint},
		{"a change on its tint", t.Ink, t.Tint},
		{"muted on a tint", t.Muted, t.Tint},
	}
	for _, text := range []Pair{{Name: "ink", Text: t.Ink}, {Name: "muted", Text: t.Muted}, {Name: "accent", Text: t.AccentText},
		{Name: "warning", Text: t.WarningText}, {Name: "good news", Text: t.GoodText}} {
		for _, ground := range []Pair{{Name: "page", Ground: t.Page}, {Name: "card", Ground: t.Card}, {Name: "panel", Ground: t.Panel}} {
			pairs = append(pairs, Pair{text.Name + " on " + ground.Name, text.Text, ground.Ground})
		}
	}
	return pairs
}

// Pairs lists those of paper too.
func (p *Paper) Pairs() []Pair {
	pairs := append(p.Theme.Pairs(), Pair{"ink on a special day", p.Ink, p.Special}, Pair{"muted on a special day", p.Muted, p.Special})
	for i := range p.Heat {
		pairs = append(pairs, Pair{"a number in the heat", p.OnHeat(i), p.Heat[i]})
	}
	return pairs
}
