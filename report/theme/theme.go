package theme

import "math"

// A Theme is the colors of a page, each for a task.
type Theme struct {
	// Grounds and lines.
	Page  Color // around the content
	Card  Color // behind the content
	Panel Color // a tile, a box that explains
	Line  Color // faint, between rows and behind bars
	Rule  Color // an axis, a table's head

	// Texts, on any of these grounds.
	Ink   Color
	Muted Color // what readers may skip

	// The accent: this week, and where to click.
	Accent     Color // marks and surfaces, seen on Card
	OnAccent   Color // text on it
	AccentText Color // the accent as text
	AccentTint Color // a ground for AccentText

	// The warning color: requests outside opening hours, bad news.
	Warning     Color // marks and surfaces
	OnWarning   Color // text on it
	WarningText Color
	WarningTint Color // a ground for WarningText

	// Good news is the accent, or ink if the accent is red or orange or looks like the warning.
	GoodText Color
	GoodTint Color
	Tint     Color // behind neutral news
}

// Paper is the theme of print and of every picture, with the colors of charts.
type Paper struct {
	Theme

	// Last week, and other weeks. It is light with an edge, so that gray print shows it between
	// this week and the paper.
	Last     Color
	LastEdge Color

	Hatching Color // lines on the warning color, for gray print
	Special  Color // behind a special day

	// Heat is the steps of a heatmap: zero, then few to many in even steps of lightness.
	Heat [HeatSteps]Color
}

// HeatSteps is the number of steps of a heatmap, with that of zero.
const HeatSteps = 8

// Accent is the report's own accent.
const Accent = "#2563eb"

// The contrast that a text and a mark need on their grounds (WCAG 2, AA).
const (
	TextContrast = 4.5
	markContrast = 3
)

var (
	white = rgb(0xffffff)
	ink   = rgb(0x0f172a)

	// amber is the warning color. If the accent looks like it, plum or, on a dark page, orchid is.
	amber  = rgb(0xe8930c)
	plum   = rgb(0x7a1f6e)
	orchid = rgb(0xe79be0)
)

// near is the distance below which an accent looks like a warning.
const near = 0.12

// Light returns the theme of a light page. accent is a brand's, as #rrggbb. If it is empty or no
// color, the accent is the report's own.
func Light(accent string) Theme {
	return Theme{
		Page: rgb(0xeef2f7), Card: white, Panel: rgb(0xf4f7fb), Line: rgb(0xe2e8f0),
		Rule: rgb(0xb6c2d3), Ink: ink, Muted: rgb(0x4b586e), Tint: rgb(0xeaeff5),
	}.with(accent)
}

// Dark returns the theme of a dark page.
func Dark(accent string) Theme {
	return Theme{
		Page: rgb(0x0b1120), Card: rgb(0x131c2e), Panel: rgb(0x1c2740), Line: rgb(0x2d3b55),
		Rule: rgb(0x4a5a78), Ink: rgb(0xf1f5f9), Muted: rgb(0xb4c0d4), Tint: rgb(0x24314b),
	}.with(accent)
}

// with fills in the colors that depend on the accent.
func (t Theme) with(accent string) Theme {
	brand, ok := Parse(accent)
	if !ok {
		brand, _ = Parse(Accent)
	}
	t.Accent = brand.On(t.Card, markContrast)
	t.OnAccent = readable(t.Accent)
	t.AccentTint = mix(t.Card, t.Accent, 0.12)
	t.AccentText = t.text(brand, t.AccentTint)

	t.Warning = amber
	if apart(t.Accent, amber) < near {
		t.Warning = plum
		if t.Card.isDark() {
			t.Warning = orchid
		}
	}
	t.OnWarning = readable(t.Warning)
	t.WarningTint = mix(t.Card, t.Warning, 0.18)
	t.WarningText = t.text(t.Warning, t.WarningTint)

	t.GoodText, t.GoodTint = t.AccentText, t.AccentTint
	if alarming(brand) || apart(t.AccentText, t.WarningText) < near {
		t.GoodText, t.GoodTint = t.Ink, t.Tint
	}
	return t
}

// alarming reports whether a color is between pink and amber.
func alarming(c Color) bool {
	lab := c.linear().oklab()
	return lab[1] > 0.03 && lab[2] > 0.03
}

// text returns the nearest shade of c that is readable on all grounds of the theme and on a tint.
func (t Theme) text(c, tint Color) Color {
	for _, ground := range []Color{t.Card, t.Panel, t.Page, tint} {
		c = c.On(ground, TextContrast)
	}
	return c
}

// readable returns the color of text on a surface: white, ink or black, the first that is readable.
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
	p := &Paper{Theme: Light(accent),
		Last: rgb(0xd7dfea), LastEdge: rgb(0x76859c), Special: rgb(0xeef1f5)}
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

// OnHeat returns the color of text on a step of Heat.
func (p *Paper) OnHeat(step int) Color { return readable(p.Heat[step]) }
