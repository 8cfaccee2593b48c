package wording

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// The characters around a text that has a direction of its own.
const (
	isolate    = '\u2068' // FIRST STRONG ISOLATE
	endIsolate = '\u2069' // POP DIRECTIONAL ISOLATE
)

// Name returns a stranger's text as it stands inside a sentence. One that is written from right to left, or in part, is
// isolated, so that it turns round neither the number behind it nor the full stop. Others stay as they are: no client
// needs to know what an isolate is for them. What the text has brought along to turn others round with is left out.
func Name(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	if !strings.ContainsFunc(s, rightToLeft) {
		return s
	}
	return string(isolate) + s + string(endIsolate)
}

// Isolates leaves those marks of direction in a text that [Name] has set and that are whole. An edition calls it once it has
// cut a text: an isolate that does not end would turn round what follows, and one that ends before it began would let go of
// what it stands in. All other marks of direction are left out.
func Isolates(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
		return s
	}
	runes := []rune(s)
	keep := make([]bool, len(runes))
	open := -1
	for i, r := range runes {
		switch {
		case !unicode.Is(unicode.Bidi_Control, r):
			keep[i] = true
		case r == isolate:
			open = i
		case r == endIsolate && open >= 0:
			keep[open], keep[i], open = true, true, -1
		}
	}
	i := -1
	return string(slices.DeleteFunc(runes, func(rune) bool { i++; return !keep[i] }))
}

func rightToLeft(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}
