package names_test

import (
	"testing"
	"unicode/utf8"

	"kindlyweekly/report/names"
)

// Characters that are no name alone are none beside each other or in spaces either, and hide no
// letter beside them.
func TestVisible(t *testing.T) {
	for _, c := range []struct{ what, s string }{
		{"nothing", ""},
		{"space", " "},
		{"line break", "\n"},
		{"no-break space", "\u00a0"},
		{"narrow no-break space", "\u202f"},
		{"ideographic space", "\u3000"},
		{"Ogham space", "\u1680"},
		{"line separator", "\u2028"},
		{"control character", "\x07"},
		{"soft hyphen", "\u00ad"},
		{"zero-width space", "\u200b"},
		{"zero-width non-joiner", "\u200c"},
		{"zero-width joiner", "\u200d"},
		{"left-to-right mark", "\u200e"},
		{"right-to-left override", "\u202e"},
		{"word joiner", "\u2060"},
		{"byte order mark", "\ufeff"},
		{"Mongolian vowel separator", "\u180e"},
		{"combining grapheme joiner", "\u034f"},
		{"Arabic letter mark", "\u061c"},
		{"Hangul choseong filler", "\u115f"},
		{"Hangul jungseong filler", "\u1160"},
		{"Hangul filler", "\u3164"},
		{"halfwidth Hangul filler", "\uffa0"},
		{"Khmer inherent vowel", "\u17b4"},
		{"Mongolian variation selector", "\u180b"},
		{"text variation selector", "\ufe0e"},
		{"emoji variation selector", "\ufe0f"},
		{"variation selector supplement", "\U000e0100"},
		{"tag", "\U000e0061"},
		{"cancel tag", "\U000e007f"},
		{"reserved, to be ignored", "\U000e0fff"},
		{"invisible times", "\u2062"},
		{"musical beam", "\U0001d173"},
		{"null notehead", "\U0001d159"},
		{"blank Braille pattern", "\u2800"},
		{"combining accent", "\u0301"},
		{"spacing mark", "\u093f"},
		{"private use, such as Apple's logo", "\uf8ff"},
		{"enclosing keycap", "\u20e3"},
		{"noncharacter", "\uffff"},
	} {
		for _, s := range []string{c.s, c.s + c.s, " " + c.s + " ", c.s + "\u200b\ufe0f"} {
			if names.Visible(s) || names.Or(s, "4217") != "4217" {
				t.Errorf("%s: %q is taken for a name", c.what, s)
			}
			if got := names.Fold(s); got != "" {
				t.Errorf("%s: Fold(%q) is %q, of what cannot be seen", c.what, s, got)
			}
		}
		if s := names.Strip(c.s); names.Visible(s) || names.Strip(s) != s {
			t.Errorf("%s: Strip leaves %q", c.what, s)
		}
		if s := c.s + "a" + c.s; !names.Visible(s) || names.Or(s, "") != s || !names.Visible(names.Strip(s)) {
			t.Errorf("%s: hides the letter in %q", c.what, s)
		}
	}
	for _, c := range []struct{ what, s string }{
		{"digit", "7"},
		{"dash", "-"},
		{"full stop", "."},
		{"emoji", "🛟"},
		{"emoji in text style", "☎\ufe0e"},
		{"family, joined", "👨\u200d👩\u200d👧"},
		{"flag of letters", "🇳🇴"},
		{"flag of tags", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"},
		{"keycap", "1\ufe0f\u20e3"},
		{"Arabic", "بوت"},
		{"Devanagari", "कि"},
		{"Hangul", "봇"},
		{"a letter and its accent", "e\u0301"},
		{"replacement character", "\ufffd"},
		{"bytes that are no UTF-8", "\xff"},
		{"an emoji of Unicode's next version", "\U0001faff"},
	} {
		if !names.Visible(c.s) || names.Fold(c.s) == "" {
			t.Errorf("%s: %q is taken for no name", c.what, c.s)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct {
		what string
		same []string
	}{
		{"case", []string{"Ola", "ola", "OLA"}},
		{"quotes around", []string{"Ola", `"Ola"`, "'Ola'", "“Ola”", "„Ola“", "«Ola»", "»Ola«", "‘Ola’", "`Ola`", `"'Ola'"`, `" Ola "`, `"Ola`}},
		{"quotes inside", []string{`Kari "KJ" Jensen`, "Kari “KJ” Jensen", "Kari „KJ“ Jensen", "Kari «KJ» Jensen"}},
		{"apostrophe", []string{"Ola's bot", "Ola’s bot", "Ola`s bot", "Ola´s bot", "Olaʼs bot"}},
		{"only quotes", []string{`"`, "“", "«"}},
		{"encoding", []string{"Påske-bot", "Pa\u030aske-bot", "PÅSKE-BOT", "PA\u030aSKE-BOT", "På\u200bske-bot", "Pa\u200d\u030aske-bot"}},
		{"the ångström sign", []string{"\u212bl", "Ål"}},
		{"spaces", []string{"Shop Oslo", "  Shop   Oslo ", "Shop\tOslo", "Shop\u00a0Oslo", "Shop\u202fOslo", "Shop\u2009Oslo", "Shop\u3000Oslo", "Shop\u2800Oslo"}},
		{"invisible characters", []string{"Oslo", "Os\u00adlo", "\ufeffOslo", "Os\u200blo", "\u2066Oslo\u2069", "Oslo\ufe0f", "Os\u034flo"}},
		{"emoji styles", []string{"Hjelp ❤", "Hjelp ❤\ufe0f"}},
		{"dashes", []string{"Chat-bot", "Chat‑bot", "Chat–bot", "Chat—bot", "Chat−bot"}},
		{"dots", []string{"Mer...", "Mer…"}},
		{"sharp s", []string{"Straße", "STRASSE", "strasse", "STRAẞE"}},
		{"ligature of a PDF", []string{"Profil", "Pro\ufb01l"}},
		{"Turkish i", []string{"İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "I\u0307stanbul", "İ\u0307stanbul"}},
		{"Cherokee", []string{"ᏍᎩ Ᏸ", "ꮝꭹ ᏸ", "Ꮝꭹ ᏸ"}},
		{"final sigma", []string{"Οδυσσεύς", "ΟΔΥΣΣΕΎΣ"}},
	} {
		for _, s := range c.same {
			if got, want := names.Fold(s), names.Fold(c.same[0]); got != want {
				t.Errorf("%s: Fold(%q) is %q, and Fold(%q) is %q", c.what, s, got, c.same[0], want)
			}
		}
	}
	different := []string{"Ola", "Kari", "Ole", "O la", "Ola 2", "Ola²", "Olá", "Ola!", "О\u043bа", "Paske", "Påske", "Pæske", "🛟", "🆘", "-", `"`, "'", "4217", "421 7"}
	for i, a := range different {
		for _, b := range different[:i] {
			if names.Fold(a) == names.Fold(b) {
				t.Errorf("%q and %q are taken for the same", a, b)
			}
		}
	}
}

func TestLook(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		alike bool
	}{
		{"Påske", "Pa\u030aske", true},
		{" My  parcel ", "My\u00a0parcel", true},
		{"Oslo", "\ufeffOs\u200blo", true},
		{"", "\u3164", true},
		{"Oslo", "oslo", false},
		{"Chat-bot", "Chat–bot", false},
		{`"Ola"`, "Ola", false},
		{"Ola", "Olá", false},
	} {
		if alike := names.Look(c.a) == names.Look(c.b); alike != c.alike {
			t.Errorf("%q and %q look alike: %v", c.a, c.b, alike)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Påske-bot", `"“Ola”"`, "İı\u0307", "\u115f", "ß\u0345", "…", "\xff\u0301", "ᾳ\u0301", "\u00a8 \u0307i", "Ꮍꮍ", "İ\u0307"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := names.Fold(s)
		if twice := names.Fold(once); twice != once {
			t.Errorf("Fold(%q) is %q, and its Fold %q", s, once, twice)
		}
		if (once != "") != names.Visible(s) {
			t.Errorf("%q is visible: %v; Fold is %q", s, names.Visible(s), once)
		}
		if !utf8.ValidString(once) {
			t.Errorf("Fold(%q) is %q", s, once)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for _, s := range []string{"Kundeservice Oslo", "Påske-bot Ålesund"} {
		b.Run(s, func(b *testing.B) {
			for b.Loop() {
				names.Fold(s)
			}
		})
	}
}
