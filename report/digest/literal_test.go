package digest

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestLiteral(t *testing.T) {
	for in, want := range map[string]string{
		"Hvor er pakken min?":            "Hvor er pakken min?",
		"a\tb\r\nc\x00d":                 "a b c d",
		"\x1b[2J\x1b]0;owned\x07":        "[2J ]0;owned",
		"\u009b31mred":                   "31mred",
		"  two   spaces ":                "two spaces",
		"8\u00a0031 chats":               "8\u00a0031 chats", // how some languages group digits
		"\u202eevil\u202c \u2066a\u2069": "evil a",
		"line\u2028para\u2029graph":      "line para graph",
		"\xff\xfe ugyldig":               "\ufffd ugyldig",
		"🙋🏽\u200d♀\ufe0f 🇳🇴":             "🙋🏽\u200d♀\ufe0f 🇳🇴",
		"\u200b\ufeff":                   "",
	} {
		if got := literal(in); got != want {
			t.Errorf("literal(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		in      string
		room    int
		measure func(string) int
		want    string
	}{
		{"whole", 5, units, "whole"},
		{"cut off", 6, units, "cut o…"},
		{"no space", 4, units, "no…"},
		{"🎁🎁🎁", 6, units, "🎁🎁🎁"},
		{"🎁🎁🎁", 5, units, "🎁🎁…"},
		{"🇳🇴🇳🇴", 5, units, "🇳🇴…"},
		{"🙋🏽\u200d♀\ufe0f!", 6, units, "…"}, // one character as one sees it
		{"e\u0301e\u0301", 3, units, "e\u0301…"},
		{"a&b", 7, escapedUnits, "a&b"},
		{"a&b", 6, escapedUnits, "a…"}, // &amp; has no room
		{"none", 0, units, "…"},
	} {
		if got := fit(c.in, c.room, c.measure); got != c.want {
			t.Errorf("fit(%q, %d) = %q, want %q", c.in, c.room, got, c.want)
		}
	}
}

func TestShare(t *testing.T) {
	long := strings.Repeat("a", 500)
	for _, c := range []struct {
		name  string
		texts []string
		room  int
		want  []int // lengths
	}{
		{"all fit", []string{"one", "two"}, 200, []int{3, 3}},
		{"short ones leave room", []string{"one", long}, 200, []int{3, 195}},
		{"alike", []string{long, long}, 200, []int{99, 99}},
		{"too many", slices.Repeat([]string{long}, 9), 200, []int{49, 49, 49, 1}},
		{"none", nil, 200, nil},
	} {
		var got []int
		total := 0
		for _, text := range share(c.texts, c.room) {
			got = append(got, units(text))
			total += units(text) + 1
		}
		if !slices.Equal(got, c.want) || total > c.room {
			t.Errorf("%s: %v, %d of %d; want %v", c.name, got, total, c.room, c.want)
		}
	}
}

func TestBlocks(t *testing.T) {
	for _, c := range []struct {
		value float64
		cells int
		want  string
	}{
		{100, 4, "████"},
		{50, 4, "██"},
		{40, 4, "█▋"},
		{3.2, 4, "▏"},
		{0.001, 4, "▏"}, // something is there
		{0, 4, ""},
		{-5, 4, ""},
		{math.NaN(), 4, ""},
		{100, 0, ""},
	} {
		if got := blocks(c.value, 100, c.cells); got != c.want {
			t.Errorf("blocks(%v of 100 in %d) = %q, want %q", c.value, c.cells, got, c.want)
		}
	}
}
