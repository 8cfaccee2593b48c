package fonts

import (
	"slices"

	"golang.org/x/text/unicode/norm"
)

// Letters returns the letters of which r is the joined form that [Visual] draws, in the order in
// which they are drawn, and "" if r is a letter itself. A document says so of its characters, so
// that its text can be searched and copied.
func Letters(r rune) string {
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
