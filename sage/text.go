package sage

import (
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// MaxText is the most characters (code points) of a text that the client returns, so that no answer
// can make a report large. A longer text is cut between two graphemes and ends in an ellipsis.
const MaxText = 1000

const ellipsis = "…"

// shorten returns s if it has at most so many characters, and otherwise its beginning and an
// ellipsis, together at most as many. It cuts a grapheme in two only if nothing else fits.
func shorten(s string, characters int) string {
	if len(s) <= characters || utf8.RuneCountInString(s) <= characters {
		return s
	}
	end, last := 0, 0 // of the beginning, and of its last character
	for range characters {
		_, size := utf8.DecodeRuneInString(s[end:])
		last, end = end, end+size
	}
	// The last grapheme of the beginning may continue after it, so it is left out.
	begins, state := 0, -1
	for rest := s[:end]; rest != ""; {
		begins = end - len(rest)
		_, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
	}
	if begins == 0 {
		begins = last
	}
	return s[:begins] + ellipsis
}
