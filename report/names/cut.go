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
	// uniseg.Graphemes would link the rules of words, sentences and lines too.
	rest, left, state := s, most-1, -1
	for rest != "" {
		cluster, after, _, next := uniseg.FirstGraphemeClusterInString(rest, state)
		if left -= utf8.RuneCountInString(cluster); left < 0 {
			break
		}
		rest, state = after, next
	}
	return strings.TrimRight(s[:len(s)-len(rest)], " ") + "…"
}
