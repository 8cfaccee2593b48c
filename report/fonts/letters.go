package fonts

import (
	"slices"

	"golang.org/x/text/unicode/norm"
)

// Letters returns the text that a character of [Visual] means. It is an emoji, or the Arabic
// letters of a joined form, in drawing order. It returns "" if r means itself. A document needs
// this text for search and copying.
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
