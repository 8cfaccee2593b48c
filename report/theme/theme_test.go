package theme

import (
	"fmt"
	"math"
	"testing"
)

// brands are accents all over the color space, with those that are hard: none, white, black, grays,
// pure hues, amber.
func brands() []string {
	all := []string{"", "#e8930c", "#b97509", "#777777", "#808080", "#fefefe", "#010101"}
	for r := 0; r <= 255; r += 51 {
		for g := 0; g <= 255; g += 51 {
			for b := 0; b <= 255; b += 51 {
				all = append(all, fmt.Sprintf("#%02x%02x%02x", r, g, b))
			}
		}
	}
	return all
}

// Every text can be read on every ground, by day, by night and on paper, whatever the brand.
func TestTheme_TextContrast(t *testing.T) {
	for _, accent := range brands() {
		for name, pairs := range map[string][]pair{"light": Light(accent).pairs(),
			"dark": Dark(accent).pairs(), "paper": OnPaper(accent).pairs()} {
			for _, p := range pairs {
				if c := Contrast(p.Text, p.Ground); c < TextContrast {
					t.Errorf("%s, brand %q: %s, %s on %s: %.2f to 1, want %v", name, accent, p.Name,
						p.Text, p.Ground, c, TextContrast)
				}
			}
		}
	}
}

// Marks that mean something stand out from the paper, and from each other, in every sight.
func TestMarks_ColorVision(t *testing.T) {
	for _, accent := range brands() {
		p := OnPaper(accent)
		for name, c := range map[string]float64{
			"this week":        Contrast(p.Accent, p.Card),
			"last week's edge": Contrast(p.LastEdge, p.Card),
			"what is hatched":  max(Contrast(p.Warning, p.Card), Contrast(p.Hatching, p.Card)),
		} {
			if c < markContrast {
				t.Errorf("brand %q: %s on paper: %.2f to 1, want %v", accent, name, c, markContrast)
			}
		}
		for name, pair := range map[string][2]Color{
			"this week and last week": {p.Accent, p.Last},
			"open and closed":         {p.Accent, p.Warning},
			"closed and its hatching": {p.Warning, p.Hatching},
			"last week and its edge":  {p.Last, p.LastEdge},
			"good news and bad news":  {p.GoodText, p.WarningText},
		} {
			for i := range colorVisions {
				s := colorVision(i)
				if d := s.distance(pair[0], pair[1]); d < near {
					t.Errorf("brand %q: %s, %s and %s, with color vision %d: %.3f apart, want %v",
						accent, name, pair[0], pair[1], s, d, near)
				}
			}
		}
		if good, bad := Dark(accent).GoodText, Dark(accent).WarningText; apart(good, bad) < near {
			t.Errorf("brand %q: good news and bad news in the dark, %s and %s: %.3f apart", accent,
				good, bad, apart(good, bad))
		}
	}
}

// Good news is never written in a color that means trouble to most people, whatever the brand.
func TestTheme_GoodNewsIsNotRed(t *testing.T) {
	for accent, want := range map[string]bool{"": true, "#7a1f6e": true, "#00a6d6": true,
		"#d00000": false, "#e8590c": false, "#e8930c": false, "#ff6b6b": false} {
		for name, theme := range map[string]Theme{"light": Light(accent), "dark": Dark(accent)} {
			if got := theme.GoodText != theme.Ink; got != want {
				t.Errorf("%s, brand %q: good news is %s; is it the brand's? %v, want %v", name,
					accent, theme.GoodText, got, want)
			}
		}
	}
}

// In gray print lightness is all there is. That of the report's own colors is enough to tell them
// apart; a brand's may be that of the warning color, which is hatched.
func TestMarks_Gray(t *testing.T) {
	own := OnPaper("")
	if c := Contrast(own.Accent, own.Warning); c < 2 {
		t.Errorf("open and closed: %.2f to 1", c)
	}
	for _, accent := range brands() {
		p := OnPaper(accent)
		for name, pair := range map[string][2]Color{"this week and last week": {p.Accent, p.Last},
			"the hatching": {p.Warning, p.Hatching}, "last week's edge": {p.Last, p.LastEdge}} {
			if c := Contrast(pair[0], pair[1]); c < 2 {
				t.Errorf("brand %q: %s, %s on %s: %.2f to 1, want 2", accent, name, pair[0],
					pair[1], c)
			}
		}
	}
}

// A heat map's steps go one way, and each can be told from the next.
func TestTheme_HeatSteps(t *testing.T) {
	for _, accent := range brands() {
		p := OnPaper(accent)
		for i := 1; i < HeatSteps; i++ {
			a, b := p.Heat[i-1], p.Heat[i]
			if b.luminance() >= a.luminance() || apart(a, b) < 0.03 {
				t.Errorf("brand %q: steps %d and %d, %s and %s: %.3f apart", accent, i-1, i, a, b,
					apart(a, b))
			}
		}
	}
}

func TestOn(t *testing.T) {
	white, night := Color{0xff, 0xff, 0xff}, rgb(0x131c2e)
	for _, test := range []struct {
		in     string
		ground Color
		least  float64
		want   string
	}{
		{"#2563eb", white, 4.5, "#2563eb"}, // has it
		{"#ffd500", white, 3, "#b09200"},
		{"#ffd500", white, 4.5, "#8d7400"},
		{"#ffd500", night, 4.5, "#ffd500"},
		{"#001f5c", night, 4.5, "#808395"},
		{"#ffffff", white, 4.5, "#767676"},
		{"#000000", night, 4.5, "#848484"},
		{"#00ff00", white, 30, "#000000"}, // nothing has
	} {
		c, ok := Parse(test.in)
		if !ok {
			t.Fatalf("%s is no color", test.in)
		}
		if got := c.On(test.ground, test.least); got.String() != test.want {
			t.Errorf("%s on %s at %v: %s (%.2f to 1), want %s", test.in, test.ground, test.least,
				got, Contrast(got, test.ground), test.want)
		}
	}
}

// The values are those of WCAG's own definition, of its examples and of Oklab's.
func TestColor_Definitions(t *testing.T) {
	if c := Contrast(rgb(0x767676), rgb(0xffffff)); math.Abs(c-4.54) > 0.005 {
		t.Errorf("#767676 on white: %.3f, want 4.54", c)
	}
	if c := Contrast(rgb(0), rgb(0xffffff)); math.Abs(c-21) > 1e-9 {
		t.Errorf("black on white: %v, want 21", c)
	}
	if d := trichromacy.distance(rgb(0), rgb(0xffffff)); math.Abs(d-1) > 0.001 {
		t.Errorf("black and white are %v apart, want 1", d)
	}
	// Red is (0.62796, 0.22486, 0.12585) in Oklab.
	for i, want := range (vector{0.62796, 0.22486, 0.12585}) {
		if got := rgb(0xff0000).linear().oklab()[i]; math.Abs(got-want) > 0.0005 {
			t.Errorf("red's number %d: %v, want %v", i, got, want)
		}
	}
	for _, hex := range []uint32{0, 0xffffff, 0x2563eb, 0xe8930c, 0x00ff7f, 0x808080} {
		if c := rgb(hex); fromOklab(c.linear().oklab()) != c || fromLinear(c.linear()) != c {
			t.Errorf("%s does not come back", c)
		}
	}
	// Without green, these look much alike.
	red, green := rgb(0xc0392b), rgb(0x6b8e23)
	if all, none := trichromacy.distance(red, green),
		deuteranopia.distance(red, green); none > all/2 {
		t.Errorf("red and green: %.3f apart, and %.3f without green", all, none)
	}
}

func TestParse(t *testing.T) {
	for _, s := range []string{"", "2563eb", "#25", "#2563ebf", "#2563eg", "#+12345", "#-12345",
		"blue"} {
		if c, ok := Parse(s); ok {
			t.Errorf("Parse(%q) = %s", s, c)
		}
	}
	if c, ok := Parse("#2563EB"); !ok || c.String() != Accent {
		t.Errorf("Parse = %s, %v", c, ok)
	}
}

func TestScale(t *testing.T) {
	for body, want := range map[float64]Scale{
		10: {Small: 8.5, Body: 10, Lead: 12, Title: 14.5, Value: 20.5, Display: 25},
		24: {Small: 20, Body: 24, Lead: 29, Title: 34.5, Value: 50, Display: 59.5},
	} {
		if got := ScaleOf(body); got != want {
			t.Errorf("ScaleOf(%v) = %+v, want %+v", body, got, want)
		}
	}
}

// pair is a text and a ground that it stands on in some edition.
type pair struct {
	Name         string
	Text, Ground Color
}

// pairs lists every text with every ground that it may stand on.
func (t Theme) pairs() []pair {
	pairs := []pair{
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
	for _, text := range []pair{{Name: "ink", Text: t.Ink}, {Name: "muted", Text: t.Muted},
		{Name: "accent", Text: t.AccentText},
		{Name: "warning", Text: t.WarningText}, {Name: "good news", Text: t.GoodText}} {
		for _, ground := range []pair{{Name: "page", Ground: t.Page},
			{Name: "card", Ground: t.Card}, {Name: "panel", Ground: t.Panel}} {
			pairs = append(pairs, pair{text.Name + " on " + ground.Name, text.Text, ground.Ground})
		}
	}
	return pairs
}

// pairs lists those of paper too.
func (p *Paper) pairs() []pair {
	pairs := append(p.Theme.pairs(), pair{"ink on a special day", p.Ink, p.Special},
		pair{"muted on a special day", p.Muted, p.Special})
	for i := range p.Heat {
		pairs = append(pairs, pair{"a number in the heat", p.OnHeat(i), p.Heat[i]})
	}
	return pairs
}
