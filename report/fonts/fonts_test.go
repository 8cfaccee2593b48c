package fonts_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/golang/freetype/truetype"
	"golang.org/x/text/unicode/norm"

	"kindlyweekly/report/fonts"
)

func TestFonts_SameCharacters(t *testing.T) {
	n := 0
	for r := rune(0); r <= 0xFFFF; r++ {
		regular, semiBold := fonts.Regular.Font().Index(r) != 0, fonts.SemiBold.Font().Index(r) != 0
		if regular != semiBold {
			t.Errorf("%U: regular has it: %v, semibold: %v", r, regular, semiBold)
		}
		if regular {
			n++
		}
	}
	if n < 2200 {
		t.Errorf("the fonts have %d characters, want over 2200", n)
	}
}

// Only Emoji has private-use characters: in a line in drawing order these are emoji.
func TestFonts_PrivateUse(t *testing.T) {
	for _, face := range []*fonts.Face{fonts.Regular, fonts.SemiBold, fonts.CJK} {
		for r := rune(0xE000); r <= 0xF8FF; r++ {
			if face.Font().Index(r) != 0 {
				t.Errorf("%s has %U", face.Name(), r)
			}
		}
	}
}

func TestFonts_NeededCharacters(t *testing.T) {
	const text = "ABCxyz0123456789 ÆØÅæøåÄÖÜäöüßéèñçłşğıžőțΑΒΓαβγώЖжЩщёіїñĐđ ẞ" +
		"–—‘’“”•…−·←↑→↓□▲▼≤≥≈€£$¥%+✓✗★\u00a0\u202f" + "אבםתابپچگیے؟٣" +
		"₂²⁻əŋʃ⅔⅛№℃①⑨ⅣᾳἈῶ∞∑√⇒▶◀○♥❤✔✘☐☑☒ײ־ۀۓ"
	for _, r := range text {
		for weight, f := range map[string]*truetype.Font{"regular": fonts.Regular.Font(),
			"semibold": fonts.SemiBold.Font()} {
			if f.Index(r) == 0 {
				t.Errorf("%s lacks %q (%U)", weight, r, r)
			}
		}
	}
}

func TestFonts_SmallTrueTypeFiles(t *testing.T) {
	for weight, ttf := range map[string][]byte{"regular": fonts.Regular.File(),
		"semibold": fonts.SemiBold.File()} {
		if len(ttf) > 150_000 {
			t.Errorf("%s: %d bytes, want at most 150,000", weight, len(ttf))
		}
		if string(ttf[:4]) != "\x00\x01\x00\x00" {
			t.Errorf("%s: starts with % x: not TrueType outlines", weight, ttf[:4])
		}
	}
}

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"plain", "Order status", "Order status"},
		{"Norwegian", "Levering til Ærø", "Levering til Ærø"},
		{"Greek and Cyrillic", "Αλλαγή Статус", "Αλλαγή Статус"},
		{"Vietnamese", "Tiếng Việt", "Tiếng Việt"},
		{"Azerbaijani", "Göndərmə qaydaları", "Göndərmə qaydaları"},
		{"ancient Greek", "Ἐν ἀρχῇ ἦν ὁ λόγος", "Ἐν ἀρχῇ ἦν ὁ λόγος"},
		{"phonetic", "ˈtɛləˌvɪʒən", "ˈtɛləˌvɪʒən"},
		{"indices and fractions", "CO₂-avtrykk 10⁻³ ⅔ rabatt", "CO₂-avtrykk 10⁻³ ⅔ rabatt"},
		{"signs", "Ferdig ✔ ♥ ① ☐ ⇒ ∞ ▶", "Ferdig ✔ ♥ ① ☐ ⇒ ∞ ▶"},
		{"Yiddish", "ייִדיש ײ־װ", "יידיש ײ־װ"},
		{"decomposed letters are joined", "A\u030arhus", "Århus"},
		{"an accent no letter has is dropped", "x\u0301y", "xy"},
		{"a heap of accents leaves the letter", "z" + strings.Repeat("\u0335\u0489", 50) + "algo",
			"zalgo"},
		{"a lone accent is nothing", "\u0301", ""},
		{"line breaks and tabs are spaces", "one\r\ntwo\tthree", "one two three"},
		{"one space for a run", "a  \n\n b", "a b"},
		{"spaces the fonts lack", "a\u2003b\u2028c\u3000d", "a b c d"},
		{"no-break spaces stay", "1\u00a0000\u202f000", "1\u00a0000\u202f000"},
		{"control characters", "a\x00b\x1b[31mc\u0085d\x7f", "ab[31mc d"},
		{"bidi overrides", "abc\u202egpj.exe\u2066x\u2069\u200f", "abcgpj.exex"},
		{"isolates around a name stay", "a \u2068b\u2069 c", "a \u2068b\u2069 c"},
		{"halves of pairs and pairs around nothing", "\u2069a\u2068b\u2068c\u2069\u2068\u2069\u2068", "ab\u2068c\u2069"},
		{"zero-width characters", "a\u200bb\u200dc\ufeffd\u00ade", "abcde"},
		{"variation selectors", "✓\ufe0f a\U000e0101", "✓ a"},
		{"emoji", "Sale 🎉 now", "Sale 🎉 now"},
		{"a family of emoji", "👨\u200d👩\u200d👧\u200d👦!", "👨\u200d👩\u200d👧\u200d👦!"},
		{"skin tone, flag and keycap", "👍🏽 🇳🇴 1\ufe0f\u20e3", "👍🏽 🇳🇴 1\ufe0f\u20e3"},
		{"Chinese, Japanese and Korean", "订单 ご注文（済） 주문", "订单 ご注文（済） 주문"},
		{"Arabic and Hebrew", "حالة الطلب שלום", "حالة الطلب שלום"},
		{"Devanagari", "नमस्ते", "नमस्ते"},
		{"Thai", "สวัสดี ครับ", "สวัสดี ครับ"},
		{"invalid UTF-8", "a\xff\xfeb\xc3", "a□b□"},
		{"the replacement character", "a\ufffdb", "a□b"},
		{"a box stays a box", "□□", "□"},
		{"what is unassigned may get a glyph", "x\U0001faff", "x\U0001faff"},
		{"private use is not one of our emoji", "\ue000\uf8ffx\U000f0000\U0010fffd", "□x□"},
		{"fillers", "a\u3164\u115f\uffa0\u2065b\u2800c", "ab c"},
		{"ligatures", "ﬁnal oﬃce ﬆ", "final office st"},
		{"full width", "ＦＡＱ　（１２％）", "FAQ （12％）"},
		{"units", "12 ㎡, 3 ㎏, 5 ㏄", "12 m2, 3 kg, 5 cc"},
		{"mathematical letters", "𝐒𝐚𝐥𝐞 𝟐𝟎 🄰", "Sale 20 A"},
		{"what the fonts have stays", "™ ½ ² ₂ ① Ⅳ … № ª ﷼", "™ ½ ² ₂ ① Ⅳ … № ª ریال"},
		{"an Arabic phrase in one character", "ﷺ", "صلى الله عليه وسلم"},
		{"a variant of nothing visible", "a\ufe70b", "a\ufe70b"},
		{"Hebrew points and Arabic vowels are dropped", "שָׁלוֹם حُبّ", "שלום حب"},
		{"markup is only text", "<b>&amp;</b>", "<b>&amp;</b>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := fonts.Clean(test.in); got != test.want {
				t.Errorf("Clean(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

// runes measures a text by its length, one for each rune.
func runes(s string) float64 { return float64(utf8.RuneCountInString(s)) }

// Texts of common characters are not cleaned at all. That is the same as cleaning them, which a
// Chinese character beside them requires.
func TestClean_CommonCharacters(t *testing.T) {
	const han = "字"
	for r := rune(1); r < 0x3000; r++ {
		for _, s := range []string{"a" + string(r), "a " + string(r) + " 1", "a" + string(r) + string(r)} {
			if got, want := fonts.Clean(s), fonts.Clean(s+han); got+han != want {
				t.Errorf("%U: Clean(%q) is %q, and with a Chinese character %q", r, s, got, want)
			}
			if unicode.IsMark(r) || !unicode.In(r, unicode.Latin, unicode.Common) {
				continue
			}
			if got, want := fonts.Visual(s), fonts.Visual(s+han); got+han != want {
				t.Errorf("%U: Visual(%q) is %q, and with a Chinese character %q", r, s, got, want)
			}
		}
	}
}

func TestFit(t *testing.T) {
	tests := []struct {
		in    string
		width float64
		want  string
	}{
		{"Opening hours", 13, "Opening hours"},
		{"Opening hours", 12, "Opening hou…"},
		{"Opening hours", 9, "Opening…"}, // no space before the ellipsis
		{"Opening hours", 2, "O…"},
		{"Opening hours", 1, "…"},
		{"Opening hours", 0.5, ""},
		{"Opening hours", -1, ""},
		{"", 0, ""},
		{"", -1, ""},
		{"ae\u0301\u0323e", 3, "a…"}, // a letter keeps its accents or goes with them
		{"🇳🇴🇸🇪🇩🇰", 5, "🇳🇴🇸🇪…"},
	}
	for _, test := range tests {
		if got := fonts.Fit(test.in, test.width, runes); got != test.want {
			t.Errorf("Fit(%q, %v) = %q, want %q", test.in, test.width, got, test.want)
		}
	}
}

// A name that goes over lines, or is cut, is isolated on each line.
func TestWrap_IsolatedNames(t *testing.T) {
	measure := func(s string) float64 {
		return runes(strings.NewReplacer("\u2068", "", "\u2069", "").Replace(s))
	}
	for _, test := range []struct {
		width float64
		lines int
		want  []string
	}{
		{40, 9, []string{"A week with <אבג דהו (זחט)?> is alike."}},
		{20, 9, []string{"A week with <אבג דהו>", "<(זחט)?> is alike."}},
		{15, 9, []string{"A week with <אבג>", "<דהו (זחט)?> is", "alike."}},
		{7, 9, []string{"A week", "with", "<אבג דהו>", "<(זחט)?>", "is", "alike."}},
		{17, 1, []string{"A week with <אבג…>"}},
		{2, 9, []string{"A", "w…", "w…", "<א…>", "<ד…>", "<(…>", "is", "a…"}},
	} {
		marks := strings.NewReplacer("<", "\u2068", ">", "\u2069")
		got := fonts.Wrap(marks.Replace("A week with <אבג דהו (זחט)?> is alike."), test.width,
			test.lines, measure)
		for i, line := range got {
			got[i] = strings.NewReplacer("\u2068", "<", "\u2069", ">").Replace(line)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%v wide: %q, want %q", test.width, got, test.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{
		"", "Order status", "A\u030a", "e\u202e\u0301", "a\r\n\n\tb", "👨\u200d👩\u200d👧 x",
		"\xff\xc3(", "한국어 ᄒ",
		"\u0301x", "🇳🇴🇳", "ﾡￂ", "ﬁ\u0301", "Ａ\u030aก\u0301", "\ufe70", "１㎡", "กขa ค", "नमस्ते", "\u00a0 \u2003", "□\u0301□", "\u1100\u1161", "1\ufe0f\u20e3",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := fonts.Clean(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Clean(%q) = %q is not valid UTF-8", s, got)
		}
		if !norm.NFC.IsNormalString(got) {
			t.Errorf("Clean(%q) = %q is not NFC", s, got)
		}
		for _, r := range got {
			if r == '\u2068' || r == '\u2069' {
				continue
			}
			if unicode.IsControl(r) || unicode.Is(unicode.Co, r) {
				t.Errorf("Clean(%q) = %q has %U", s, got, r)
			}
		}
		if strings.Contains(got, "□□") || strings.Contains(got, "  ") {
			t.Errorf("Clean(%q) = %q has a run of boxes or spaces", s, got)
		}
		if again := fonts.Clean(got); again != got {
			t.Errorf("Clean(%q) = %q, and again %q", s, got, again)
		}
	})
}

func FuzzFit(f *testing.F) {
	f.Add("Opening hours", 9.0)
	f.Add("🇳🇴🇸🇪", 2.5)
	f.Add("\xffe\u0301", 0.0)
	f.Add("a b c", -1.0)
	f.Fuzz(func(t *testing.T, s string, width float64) {
		got := fonts.Fit(s, width, runes)
		if got != "" && !(runes(got) <= width) {
			t.Errorf("Fit(%q, %v) = %q is too wide", s, width, got)
		}
		if runes(s) <= width && got != s {
			t.Errorf("Fit(%q, %v) = %q though it fits whole", s, width, got)
		}
		if kept, cut := strings.CutSuffix(strings.TrimSuffix(got, "\u2069"), "…"); got != s &&
			(got != "" && !cut || !strings.HasPrefix(s, kept)) {
			t.Errorf("Fit(%q, %v) = %q is not a beginning with an ellipsis", s, width, got)
		}
	})
}
