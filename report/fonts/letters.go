package fonts

import (
	"slices"

	"golang.org/x/text/unicode/norm"
)

// Letters returns what a character of [Visual] means: the letters of which it is the joined form, in
// the order in which they are drawn, or the emoji. It returns "" if r is itself. A document says so
// of its characters, so that its text can be searched and copied.
func Letters(r rune) string {
	if isCode(r) {
		return emojiOf(r)
	}
	if r < 0xFB50 || r > 0xFDFF && r < 0xFE70 || r > 0xFEFC {
		return ""
	}
	letters := []rune(norm.NFKC.String(string(r)))
	if letters[0] == r {
		return ""
	}
	slices.Reverse(letters)
	return string(letters)
}
