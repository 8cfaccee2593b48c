package sage

import (
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// MaxText is the most characters (code points) of a text that the client passes on: a page's path, a button, a
// label, an id, the name of a source. The texts of the service are far shorter. One that is longer is cut between
// two graphemes and ends in an ellipsis, so that no answer can grow what is made of it.
const MaxText = 1000

const ellipsis = "…"

// shorten returns s if it has at most so many characters. Otherwise it returns the beginning of s and an ellipsis,
// together at most so many characters. It cuts a grapheme in two only if nothing else fits.
func shorten(s string, characters int) string {
	if len(s) <= characters || utf8.RuneCountInString(s) <= characters {
		return s
	}
	end, last := 0, 0 // of the beginning, and of its last character
	for range characters {
		_, size := utf8.DecodeRuneInString(s[end:])
		last, end = end, end+size
	}
	// The grapheme that the beginning ends with may go on behind it, so it is left out.
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
