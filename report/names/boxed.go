package names

import (
	"strings"
	"unicode"
)

// drawn are the scripts that package fonts draws.
var drawn = []*unicode.RangeTable{unicode.Common, unicode.Inherited, unicode.Latin, unicode.Greek,
	unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Han, unicode.Hiragana,
	unicode.Katakana, unicode.Bopomofo, unicode.Hangul}

// Boxed returns the parts of a text that pictures show as boxes: those in scripts that package
// fonts cannot draw, such as Thai and Devanagari. Consecutive words are one part. Boxed is for
// editions that do not use package fonts themselves. It leaves out a few signs that are boxes too:
// only package fonts knows them.
func Boxed(s string) (parts []string) {
	begin, end := -1, 0 // of the current part; begin -1: there is none
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
