package names

import (
	"strings"
	"unicode"
)

// drawn are the scripts that the typeface of the report draws. The other ones need shaping.
var drawn = []*unicode.RangeTable{unicode.Common, unicode.Inherited, unicode.Latin, unicode.Greek,
	unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Han, unicode.Hiragana,
	unicode.Katakana, unicode.Bopomofo, unicode.Hangul}

// Boxed returns the parts of a text that a picture shows as boxes: those in scripts that the
// typeface of the report lacks, such as Thai and Devanagari. Words with a space between them are
// one part. It is for editions that have no typeface of their own. A few signs are boxes, too, of
// which only package fonts knows.
func Boxed(s string) (parts []string) {
	begin, end := -1, 0 // the part that is open, without what may follow
	for at, r := range s {
		switch {
		case r >= 0x370 && !unicode.In(r, drawn...):
			if begin < 0 {
				begin = at
			}
			end = at + len(string(r))
		case begin >= 0 && r != ' ' && !unicode.IsMark(r) && !blank(r):
			parts = append(parts, s[begin:end])
			begin = -1
		}
	}
	if begin >= 0 {
		parts = append(parts, s[begin:end])
	}
	for i, part := range parts {
		parts[i] = strings.Join(strings.Fields(Strip(part)), " ")
	}
	return parts
}
