package names

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Cut returns s if it has at most that many characters, and else its beginning and "…", together at
// most as many. It cuts between grapheme clusters: a flag, a joined emoji, or a letter and its
// marks stays whole or is left out.
func Cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	var b strings.Builder
	left := most - 1
	for g := uniseg.NewGraphemes(s); g.Next() && len(g.Runes()) <= left; {
		left -= len(g.Runes())
		b.WriteString(g.Str())
	}
	return strings.TrimRight(b.String(), " ") + "…"
}
