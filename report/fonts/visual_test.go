package fonts_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"

	"kindlyweekly/report/fonts"
	"kindlyweekly/report/names"
)

// What is wanted is written here as it is drawn, from left to right, with a Latin letter for each
// letter. An upper case one is a Hebrew one: A for alef, B for bet, and so on. < and > are
// isolates.
func TestVisual_Order(t *testing.T) {
	hebrew := func(s string) string {
		var out []rune
		for _, r := range s {
			if r >= 'A' && r <= 'Z' {
				r += 0x5d0 - 'A'
			}
			out = append(out, r)
		}
		return strings.NewReplacer("<", "\u2068", ">", "\u2069").Replace(string(out))
	}
	for _, test := range []struct{ in, want string }{
		{"plain", "plain"},
		{"ABC", "CBA"},
		{"ABC DEF", "FED CBA"},
		{"one ABC two", "one CBA two"},
		{"one ABC DEF two", "one FED CBA two"},
		{"ABC (DEF)?", "?(FED) CBA"}, // a name by itself: its question mark is on the left
		{"one ABC?", "one CBA?"},
		{"ABC oslo 24/7", "CBA oslo 24/7"},
		{"ABC 24 DEF", "FED 24 CBA"},
		{"one ABC 12:30 DEF two", "one FED 12:30 CBA two"},
		{"one ABC 12% two", "one 12% CBA two"},
		{"AB", "BA"},
		{"9 ABC", "CBA 9"},
		{"“ABC” one", "“CBA” one"},
		{"«ABC DEF» one", "«FED CBA» one"},
		{"«ABC»", "«CBA»"},
		{"chats with ABC; 11.8% of", "chats with CBA; 11.8% of"},
		{"ABC, 9–15 november", "CBA, 9–15 november"},
		{"ABC, DEF", "FED ,CBA"},
		// Isolated, a name keeps its brackets and its question mark.
		{"one <ABC (DEF)?> two", "one ?(FED) CBA two"},
		{"one <ABC (DEF)?> (12%), two", "one ?(FED) CBA (12%), two"},
		{"one <ABC oslo 24/7> two", "one oslo 24/7 CBA two"},
		{"one <oslo ABC?> two", "one oslo CBA? two"},
		{"<ABC>: 12, <DEF!>: 3", "CBA: 12, !FED: 3"},
		{"GHI <ABC?> JKL", "LKJ ?CBA IHG"},
		{"<plain>", "plain"},
		// Brackets stay a pair.
		{"one (ABC) DEF", "one (CBA) FED"},
		{"one ABC (two) DEF", "one CBA (two) FED"},
		{"ABC [two] DEF", "CBA [two] FED"},
		{"ABC (12) DEF", "FED (12) CBA"},
		{"ABC) DEF", "FED (CBA"},
		{"one ABC [(DEF] two", "one [FED)] CBA two"},
		{"one ABC ≤ DEF two", "one FED ≥ CBA two"},
		// Signs belong to their numbers.
		{"ABC 12$ DEF", "FED 12$ CBA"},
		{"ABC 12.5-13 DEF", "FED 12.5-13 CBA"},
		{"ABC ٣٫٥% DEF", "FED %٣٫٥ CBA"}, // Arabic digits
		{"ABC ٣,٥ DEF", "FED ٣,٥ CBA"},
	} {
		if got := fonts.Visual(hebrew(test.in)); got != hebrew(test.want) {
			t.Errorf("Visual of %q is %q, want %q", test.in, got, hebrew(test.want))
		}
	}
}

// Paragraph of golang.org/x/text/unicode/bidi returns the direction of each run in reading order,
// and no levels. So the parts of a Hebrew name on both sides of a number are drawn in the wrong
// order. It also takes the direction of a line from the first letter and ignores the one that is
// set. If this test fails, Paragraph may be able to replace Visual.
func TestVisual_ParagraphLosesLevels(t *testing.T) {
	byParagraph := func(s string) string {
		var p bidi.Paragraph
		if _, err := p.SetString(s, bidi.DefaultDirection(bidi.LeftToRight)); err != nil {
			t.Fatal(err)
		}
		order, err := p.Order()
		if err != nil {
			t.Fatal(err)
		}
		drawn := ""
		for i := range order.NumRuns() {
			run := order.Run(i)
			text := run.String()
			if run.Direction() == bidi.RightToLeft {
				text = bidi.ReverseString(text)
			}
			if order.Direction() == bidi.RightToLeft {
				drawn = text + drawn
			} else {
				drawn += text
			}
		}
		return drawn
	}
	for _, test := range []struct{ in, want, paragraph string }{
		{"a א1ב", "a ב1א", "a א1ב"},
		{"אב a", "בא a", "a בא"},
		{"a «א ב»", "a «ב א»", "a «ב א»"}, // Paragraph is right here
	} {
		if got := fonts.Visual(test.in); got != test.want {
			t.Errorf("Visual of %q is %q, want %q", test.in, got, test.want)
		}
		if got := byParagraph(test.in); got != test.paragraph {
			t.Errorf("Paragraph orders %q as %q, not as %q", test.in, got, test.paragraph)
		}
	}
}

// Arabic letters are drawn as they join. The wanted forms are in reading order, as in tables of
// Unicode's presentation forms.
func TestVisual_ArabicJoins(t *testing.T) {
	reversed := func(s string) string {
		runes := []rune(s)
		for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
			runes[i], runes[j] = runes[j], runes[i]
		}
		return string(runes)
	}
	for _, test := range []struct{ name, in, want string }{
		{"alone", "ب", "\ufe8f"},
		{"beginning and end", "بب", "\ufe91\ufe90"},
		{"beginning, middle and end", "ببب", "\ufe91\ufe92\ufe90"},
		{"alef joins only what is before it", "باب", "\ufe91\ufe8e\ufe8f"},
		{"dal too", "درس", "\ufea9\ufead\ufeb1"},
		{"a hamza joins nothing", "بءب", "\ufe8f\ufe80\ufe8f"},
		{"lam and alef are one", "لا", "\ufefb"},
		{"and join what is before them", "بلا", "\ufe91\ufefc"},
		{"words end", "بب بب", "\ufe91\ufe90 \ufe91\ufe90"},
		{"a tatweel joins on both sides", "بـب", "\ufe91ـ\ufe90"},
		{"Persian letters", "گچ", "\ufb94\ufb7b"},
		{"vowels are left out", "بَب", "\ufe91\ufe90"},
	} {
		if got := fonts.Visual(test.in); got != reversed(test.want) {
			t.Errorf("%s: Visual(%q) = %+q, want %+q", test.name, test.in, got, reversed(test.want))
		}
	}
}

func TestUndrawn(t *testing.T) {
	for _, test := range []struct{ in, drawn, undrawn string }{
		{"", "", ""},
		{"plain", "plain", ""},
		{"Ærø ™ ½", "Ærø ™ ½", ""},
		{"□", "□", ""}, // typed as a box
		{"Order สวัสดี now", "Order □ now", "สวัสดี"},
		{"ก ข", "□ □", "ก ข"},
		{"กखগ", "□", "กखগ"},
		{"□ก", "□", "ก"},
		{"\u2068ก\u2069 a", "□ a", "ก"},
		{"a\uffffb\xffc", "ab□c", ""},
		{"שלום ก", "□ םולש", "ก"},
		{"z ก\u0e34\u0e48", "z □", "ก\u0e34\u0e48"}, // with its vowel and tone
	} {
		if got := fonts.Visual(test.in); got != test.drawn {
			t.Errorf("Visual(%q) = %q, want %q", test.in, got, test.drawn)
		}
		if got := strings.Join(fonts.Undrawn(test.in), " "); got != test.undrawn {
			t.Errorf("Undrawn(%q) = %q, want %q", test.in, got, test.undrawn)
		}
	}
}

func TestUndrawnScripts(t *testing.T) {
	for s, want := range map[string][]string{
		"":              nil,
		"Ærø שלום 订单 🎉": nil,
		"สวัสดี ครับ":   {"Thai"},
		"नमस्ते ก\u0301 दुनिया": {"Devanagari", "Thai"}, // in their order, without accents
		"𝄞 ไทย": {"Common", "Thai"},
		"𞤀":     {"Adlam"},
	} {
		if got := fonts.UndrawnScripts(s); !slices.Equal(got, want) {
			t.Errorf("UndrawnScripts(%q) = %q, want %q", s, got, want)
		}
	}
}

// names.Boxed and the fonts agree about the scripts that are drawn.
func TestUndrawn_Scripts(t *testing.T) {
	for name, script := range unicode.Scripts {
		boxed, undrawn := true, true // all of its letters
		for _, r := range script.R16 {
			for c := rune(r.Lo); c <= rune(r.Hi); c += rune(r.Stride) {
				if unicode.IsLetter(c) && norm.NFKC.IsNormalString(string(c)) {
					boxed = boxed && names.Boxed(string(c)) != nil
					undrawn = undrawn && fonts.Undrawn(string(c)) != nil
				}
			}
		}
		if name != "Common" && boxed != undrawn {
			t.Errorf("%s: Boxed returns it: %v, the fonts lack it: %v", name, boxed, undrawn)
		}
	}
}

// Whatever is put in, nothing is lost but what Clean takes, and all of it can be drawn.
func FuzzVisual(f *testing.F) {
	for _, seed := range []string{"", "plain", "שלום (דחוף)?", "متى يصل طلبي؟ 12:30", "a שb ت 1,2%",
		"لا", "\u202eאב"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		letters := func(s string) string { // in no order, whatever their shapes
			runes := []rune(norm.NFKD.String(strings.NewReplacer(")", "(", "]", "[", "}", "{", ">",
				"<", "»", "«", "›", "‹", "≥", "≤").Replace(s)))
			slices.Sort(runes)
			return string(runes)
		}
		clean, got := strings.ReplaceAll(fonts.Clean(s), "□", ""), fonts.Visual(s)
		for _, part := range fonts.Undrawn(s) {
			clean = strings.Replace(clean, part, "", 1)
		}
		for _, r := range got {
			if 0xe000 <= r && r <= 0xf8ff {
				got = strings.ReplaceAll(got, string(r), fonts.Letters(r))
			}
		}
		if letters(strings.ReplaceAll(got, "□", "")) != letters(clean) {
			t.Errorf("Visual(%q) = %q, which does not have the characters of %q", s, got, clean)
		}
		for _, run := range fonts.Runs(fonts.SemiBold, s) {
			for _, r := range run.Text {
				if run.Face.Font().Index(r) == 0 {
					t.Errorf("Visual(%q) = %q: %U cannot be drawn", s, got, r)
				}
			}
		}
	})
}
