package fonts_test

import (
	"cmp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"kindlyweekly/report/fonts"
)

// said returns the text of a line in drawing order, as a document has it.
func said(line string) string {
	var b strings.Builder
	for _, r := range fonts.Visual(line) {
		b.WriteString(cmp.Or(fonts.Letters(r), string(r)))
	}
	return b.String()
}

// An emoji is drawn as one character, and copied from a document as it was typed.
func TestVisual_Emoji(t *testing.T) {
	const vs, zwj = "\ufe0f", "\u200d"
	for _, test := range []struct {
		name, typed, copied string
		emoji               int // how many are drawn
	}{
		{"a picture", "Sale 🎉 now", "Sale 🎉 now", 1},
		{"with a selector that it does not need", "🎉" + vs + "!", "🎉!", 1},
		{"a sign of text that Inter has", "Ferdig ✔ ♥", "Ferdig ✔ ♥", 0},
		{"with a selector", "Ferdig ✔" + vs + " ♥" + vs, "Ferdig ✔" + vs + " ♥" + vs, 2},
		{"a sign of text that Inter lacks", "✈ ⛔", "✈ ⛔", 2},
		{"with a selector", "✈" + vs, "✈" + vs, 1},
		{"with the selector of text", "✈\ufe0e ✔\ufe0e", "✈ ✔", 1},
		{"a tone of skin", "👍🏽👍", "👍🏽👍", 2},
		{"a family", "👨" + zwj + "👩" + zwj + "👧" + zwj + "👦",
			"👨" + zwj + "👩" + zwj + "👧" + zwj + "👦", 1},
		{"a person with tone, gender and selector", "🙋🏽" + zwj + "♀" + vs, "🙋🏽" + zwj + "♀" + vs, 1},
		{"without the selector", "🙋🏽" + zwj + "♀", "🙋🏽" + zwj + "♀", 1},
		{"a pair with two tones", "👩🏿" + zwj + "❤" + vs + zwj + "💋" + zwj + "👨🏻",
			"👩🏿" + zwj + "❤" + vs + zwj + "💋" + zwj + "👨🏻", 1},
		{"flags", "🇳🇴🇸🇪 🏴󠁧󠁢󠁷󠁬󠁳󠁿 🏳" + vs + zwj + "🌈", "🇳🇴🇸🇪 🏴󠁧󠁢󠁷󠁬󠁳󠁿 🏳" + vs + zwj + "🌈", 4},
		{"keycaps", "1" + vs + "\u20e3 #\u20e3 10", "1" + vs + "\u20e3 #\u20e3 10", 2},
		{"a number with a selector", "1" + vs, "1", 0},
		{"an unknown family is its members", "👩" + zwj + "💩", "👩💩", 2},
		{"an unknown flag is its letters", "🇽🇽", "🇽🇽", 2},
		{"a new emoji is a box", "🎉\U0001faf5\U0001faff!", "🎉\U0001faf5□!", 2},
		{"an accent over an emoji", "👩\u0301" + zwj + "🚀", "👩🚀", 2},
		{"a joiner at the end", "👩" + zwj, "👩", 1},
		{"in Hebrew, from the right", "שלום 👩" + zwj + "🚀!", "!👩" + zwj + "🚀 םולש", 1},
		{"strangers' private use", "\ue000\ue123 \uf8ff", "□ □", 0},
	} {
		t.Run(test.name+" "+test.typed, func(t *testing.T) {
			if got := said(test.typed); got != test.copied {
				t.Errorf("copied as %+q, want %+q", got, test.copied)
			}
			n := 0
			for _, run := range fonts.Runs(fonts.Regular, test.typed) {
				if run.Face == fonts.Emoji {
					n += utf8.RuneCountInString(run.Text)
				}
			}
			if n != test.emoji {
				t.Errorf("%d emoji are drawn, want %d", n, test.emoji)
			}
		})
	}
}

// Each emoji that Unicode lists is drawn as one glyph, copied as it was typed, and never cut.
func TestVisual_AllEmoji(t *testing.T) {
	wide, drawn := fonts.Width(fonts.SemiBold, "🎉"), 0
	for typed := range strings.Lines(fonts.EmojiFile) {
		typed = strings.TrimSuffix(typed, "\n")
		if cluster, rest, _, _ := uniseg.FirstGraphemeClusterInString(typed, -1); rest != "" {
			t.Errorf("%+q is not a character of its own, but %+q is", typed, cluster)
		}
		if got := said(typed); got != typed {
			t.Errorf("%+q is copied as %+q", typed, got)
		}
		switch runs := fonts.Runs(fonts.SemiBold, typed); {
		case len(runs) != 1:
			t.Errorf("%+q has the runs %v", typed, runs)
		case runs[0].Face == fonts.Emoji:
			drawn++
			if index := fonts.Emoji.Font().Index([]rune(runs[0].Text)[0]); index == 0 ||
				runs[0].Width() != wide {
				t.Errorf("%+q has the glyph %d and is %v wide", typed, index, runs[0].Width())
			}
		case utf8.RuneCountInString(typed) > 1:
			t.Errorf("%+q is not drawn as one glyph", typed)
		}
	}
	if drawn < 5000 {
		t.Errorf("%d emoji are drawn", drawn)
	}
}

// A line is cut between emoji, never in one.
func TestFit_Emoji(t *testing.T) {
	measure := func(s string) float64 { return fonts.Width(fonts.Regular, s) }
	const family, flag = "👨\u200d👩\u200d👧", "🇳🇴"
	emoji, dots := measure("🎉"), measure("…")
	for _, test := range []struct {
		in    string
		width float64
		want  string
	}{
		{family + flag + "👍🏽", 3 * emoji, family + flag + "👍🏽"},
		{family + flag + "👍🏽", 2*emoji + dots, family + flag + "…"},
		{family + flag + "👍🏽", 1.9*emoji + dots, family + "…"},
		{family + flag + "👍🏽", 0.9*emoji + dots, "…"},
	} {
		if got := fonts.Fit(test.in, test.width, measure); got != test.want {
			t.Errorf("%.2f wide: %+q, want %+q", test.width, got, test.want)
		}
	}
}

// Width uses the units of each face: an emoji and a Chinese character are about as wide as high.
func TestWidth(t *testing.T) {
	h := fonts.Width(fonts.Regular, "H")
	for text, want := range map[string]float64{"": 0, "HH": 2 * h, "🎉": 1.27, "订": 1, "한": 1,
		"H🎉H订": 2*h + 1.27 + 1} {
		if got := fonts.Width(fonts.Regular, text); got < want-0.01 || got > want+0.01 {
			t.Errorf("%q is %.3f wide, want %.3f", text, got, want)
		}
	}
}

// Clean is idempotent. If a line from left to right can be drawn, text copied from it is the
// cleaned text.
func FuzzVisual_Emoji(f *testing.F) {
	parts := []string{"👩", "🚀", "🇳", "🇴", "🏽", "\u200d", "\ufe0f", "\u20e3", "1", "a", " ", "\u0301",
		"❤", "♀", "订", "\ue000", "\u200b", "🏴", "\U000e0067", "\U000e007f", "\u0338", "↔", "♥"}
	f.Add([]byte{0, 5, 1})
	f.Add([]byte{2, 16, 3, 2})
	f.Add([]byte{8, 16, 6, 7})
	f.Add([]byte{17, 18, 18, 19})
	f.Fuzz(func(t *testing.T, picks []byte) {
		s := ""
		for _, pick := range picks {
			s += parts[int(pick)%len(parts)]
		}
		clean := fonts.Clean(s)
		if again := fonts.Clean(clean); again != clean {
			t.Errorf("Clean(%+q) = %+q, and again %+q", s, clean, again)
		}
		if got := said(s); got != clean && len(fonts.Undrawn(clean)) == 0 {
			t.Errorf("%+q is copied as %+q, not %+q", s, got, clean)
		}
	})
}
