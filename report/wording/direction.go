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

// Name returns a text that a person wrote, such as the name of a bot, for use inside a sentence. A
// text with letters that are written from right to left is isolated, so that the number or full
// stop behind it keeps its place. Other texts have no isolate, which some clients do not know.
// Direction marks in s are removed.
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

// Isolates removes direction marks from s, except pairs that [Name] has set. An edition calls it
// after it has cut a text: half a pair would change the direction of what is around it.
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
