package fonts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// inCJK reports whether CJK draws r, since Inter lacks it.
func inCJK(r rune) bool { return isCJK(r) && !Regular.has(r) && CJK.has(r) }

// isCJK reports whether r is of a script that Inter lacks and CJK may have: Han, kana, bopomofo,
// Hangul, and the punctuation between them.
func isCJK(r rune) bool {
	return 0x3001 <= r && r <= 0x9fff || 0xac00 <= r && r <= 0xd7a3 || 0xff01 <= r && r <= 0xffe6
}

// Chinese and Japanese have no spaces, so a line may end between most of their characters. It may
// not end after opening punctuation. It may not begin with closing punctuation, a small kana, or a
// sign that belongs to the character before it.
const (
	opening = "「『（［｛〈《【〔〖〘〚｢"
	closing = "」』）］｝〉》】〕〗〙〛｣、。，．・：；？！％～〜｡､･：ー々〻ゝゞヽヾ" +
		"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶｧｨｩｪｫｬｭｮｯｰﾞﾟ"
)

// endsBetween reports whether a line may end between two characters without a space. It returns
// false for Korean, which has spaces.
func endsBetween(a, b rune) bool {
	without := func(r rune) bool { return isCJK(r) && !unicode.Is(unicode.Hangul, r) }
	return without(a) && without(b) && !strings.ContainsRune(opening, a) &&
		!strings.ContainsRune(closing, b)
}

// Gap returns the text between a line of [Wrap] and the next line. It is a space, or "" between two
// characters of Chinese or Japanese. If the text has a space between these two, Wrap keeps it at
// the end of the line, and Gap returns "".
func Gap(line, next string) string {
	if strings.HasSuffix(line, " ") {
		return ""
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, endIsolate))
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(next, isolate))
	if endsBetween(last, first) {
		return ""
	}
	return " "
}
