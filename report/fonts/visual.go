package fonts

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// Visual makes a line drawable as [Clean] does, and puts its characters in the order in which they stand from left to right:
// those who draw know nothing of Hebrew and Arabic, whose letters they would set the wrong way round, nor of the shapes by
// which Arabic letters join. It is for whoever measures or draws a line, and for nothing else: what is cut or broken into
// lines is so in the order in which it is read.
//
// It follows Unicode's bidirectional algorithm (UAX 9) as far as a name in a report needs it. Embeddings and isolates there are
// none, since Clean takes their marks out. In two things it goes its own way, since most lines are sentences of a report that
// reads from left to right, with a stranger's name in them. A line reads from right to left only where no letter of it reads
// the other way. And a sentence goes on from left to right after a comma or the like: "chats in a week with שלום; 11.8% of"
// would else have its number before the name.
func Visual(s string) string {
	s = Clean(s)
	if !strings.ContainsFunc(s, rightToLeft) {
		return s
	}
	runes := joined([]rune(s))
	levels := levelsOf(runes)
	for level := slices.Max(levels); level > 0; level-- { // UAX 9, L2
		for from := 0; from < len(runes); from++ {
			to := from
			for to < len(runes) && levels[to] >= level {
				to++
			}
			if to > from {
				slices.Reverse(runes[from:to])
				slices.Reverse(levels[from:to])
				from = to
			}
		}
	}
	for i, level := range levels {
		if mirror, ok := mirrors[runes[i]]; ok && level%2 == 1 {
			runes[i] = mirror
		}
	}
	return string(runes)
}

var mirrors = map[rune]rune{'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<', '«': '»', '»': '«', '‹': '›', '›': '‹', '≤': '≥', '≥': '≤'}

func rightToLeft(r rune) bool {
	if r < 0x590 {
		return false
	}
	class := classOf(r)
	return class == bidi.R || class == bidi.AL
}

func classOf(r rune) bidi.Class {
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

// levelsOf are the levels of a line's characters: even ones read from left to right, odd ones from right to left.
func levelsOf(runes []rune) []int {
	base := 1
	if slices.ContainsFunc(runes, func(r rune) bool { return classOf(r) == bidi.L }) {
		base = 0
	}
	// The weak types (W1 to W7): what is a number depends on the letter before it.
	classes := make([]bidi.Class, len(runes))
	letter := bidi.L
	if base == 1 {
		letter = bidi.R
	}
	for i, r := range runes {
		classes[i] = classOf(r)
		if base == 0 && strings.ContainsRune(",;:.!?", r) && i+1 < len(runes) && runes[i+1] == ' ' {
			classes[i] = bidi.L
		}
		switch classes[i] {
		case bidi.L, bidi.R:
			letter = classes[i]
		case bidi.AL:
			letter, classes[i] = bidi.AL, bidi.R
		case bidi.EN:
			if letter == bidi.AL {
				classes[i] = bidi.AN
			} else if letter == bidi.L {
				classes[i] = bidi.L
			}
		}
	}
	number := func(i int) bool {
		return i >= 0 && i < len(classes) && (classes[i] == bidi.EN || classes[i] == bidi.AN)
	}
	for i, class := range classes {
		switch {
		case (class == bidi.CS || class == bidi.ES) && number(i-1) && number(i+1): // 12:00, 1,284
			classes[i] = classes[i-1]
		case class == bidi.ET && number(i-1): // 12%
			classes[i] = classes[i-1]
		}
	}
	for i := len(classes) - 2; i >= 0; i-- {
		if classes[i] == bidi.ET && classes[i+1] == bidi.EN { // +12
			classes[i] = bidi.EN
		}
	}
	// The others (N1, N2) read as what is on both sides of them, or as the line does.
	side := func(i int) int { // 0 or 1
		if i < 0 || i >= len(classes) {
			return base
		}
		if classes[i] == bidi.L {
			return 0
		}
		return 1
	}
	known := func(i int) bool { return classes[i] == bidi.L || classes[i] == bidi.R || number(i) }
	levels := make([]int, len(runes))
	for i := 0; i < len(runes); i++ {
		switch {
		case classes[i] == bidi.L:
			levels[i] = 2 * base
		case classes[i] == bidi.R:
			levels[i] = 1
		case number(i):
			levels[i] = 2
		default:
			end := i
			for end < len(runes) && !known(end) {
				end++
			}
			level := base
			if before := side(i - 1); before == side(end) {
				level = max(before, 2*base*(1-before)) // 1 among right to left; else 0, or 2 in a line that reads the other way
			}
			for j := i; j < end; j++ {
				levels[j] = level
			}
			i = end - 1
		}
	}
	return levels
}

// forms are the shapes of Arabic letters by letter: alone, at the end of a word, at its beginning, in its middle. A letter
// that joins only the one before it has the first two, one that joins none the first alone.
var forms = sync.OnceValue(func() map[rune][]rune {
	all := make(map[rune][]rune)
	for _, block := range [][2]rune{{0xfb50, 0xfbe7}, {0xfbfc, 0xfbff}, {0xfe80, 0xfef4}} { // Unicode lists them in this order
		for r := block[0]; r <= block[1]; r++ {
			if letter := []rune(norm.NFKC.String(string(r))); len(letter) == 1 && letter[0] != r && inFonts(r) {
				all[letter[0]] = append(all[letter[0]], r)
			}
		}
	}
	return all
})

// lams are a lam and the alef after it, which are drawn as one: alone, and at the end.
var lams = map[rune][]rune{'آ': {0xfef5, 0xfef6}, 'أ': {0xfef7, 0xfef8}, 'إ': {0xfef9, 0xfefa}, 'ا': {0xfefb, 0xfefc}}

const lam, tatweel = 'ل', 'ـ' // a tatweel is a line between two letters

// joined replaces Arabic letters by the shapes that they have where they stand.
func joined(runes []rune) []rune {
	joins := func(i, shapes int) bool { // whether the letter has so many shapes
		return i >= 0 && i < len(runes) && (runes[i] == tatweel || len(forms()[runes[i]]) >= shapes)
	}
	drawn := make([]rune, 0, len(runes))
	for i := 0; i < len(runes); i++ {
		shapes := forms()[runes[i]]
		if len(shapes) == 0 {
			drawn = append(drawn, runes[i])
			continue
		}
		before := len(shapes) >= 2 && joins(i-1, 4) // one that joins on both sides
		if i+1 < len(runes) && runes[i] == lam {
			if pair, ok := lams[runes[i+1]]; ok {
				if before {
					drawn = append(drawn, pair[1])
				} else {
					drawn = append(drawn, pair[0])
				}
				i++
				continue
			}
		}
		after := len(shapes) >= 4 && joins(i+1, 2)
		switch {
		case before && after:
			drawn = append(drawn, shapes[3])
		case after:
			drawn = append(drawn, shapes[2])
		case before:
			drawn = append(drawn, shapes[1])
		default:
			drawn = append(drawn, shapes[0])
		}
	}
	return drawn
}

// Undrawn reports whether the fonts lack some of a text, for which Clean puts a box.
func Undrawn(s string) bool {
	return strings.ContainsFunc(Clean(s), func(r rune) bool { return r == box }) && !strings.ContainsRune(s, box)
}
