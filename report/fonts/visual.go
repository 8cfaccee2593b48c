package fonts

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// Visual makes a line drawable as [Clean] does, and puts its characters in the order in which they
// are drawn from left to right. Renderers know neither the direction of Hebrew and Arabic nor the
// forms in which Arabic letters join. Only a function that measures or draws a line needs it. Texts
// are cut and broken in the order in which they are read.
//
// It follows Unicode's bidirectional algorithm (UAX 9) as far as a name in a report needs it. There
// are no embeddings, since Clean removes their marks, and the only isolates are those around names.
// It differs in two rules, since most lines are sentences from left to right with a name in them.
// First, a line is read from right to left only if no letter in it is read from left to right.
// Second, a sentence goes on from left to right after a comma or the like. Otherwise "chats in a
// week with שלום; 11.8% of" would have its number before the name.
func Visual(s string) string {
	s = Clean(s)
	if !strings.ContainsFunc(s, rightToLeft) {
		return unisolated.Replace(s)
	}
	// A name is one character of the line around it. The other letters decide the line's direction.
	var line []rune
	var names []string
	for s != "" {
		before, name, after := isolated(s)
		line = append(line, []rune(before)...)
		if name != "" {
			line = append(line, place+rune(len(names)))
			names = append(names, name)
		}
		s = after
	}
	var b strings.Builder
	for _, r := range ordered(joined(line), baseOf(line)) {
		if r < place {
			b.WriteRune(r)
			continue
		}
		name := []rune(names[r-place])
		b.WriteString(string(ordered(joined(name), firstOf(name))))
	}
	return b.String()
}

// place and the characters after it are placeholders for names. Unicode has no letters there, so
// Clean leaves none.
const place = 0xf0000

// ordered puts characters in the order in which they are drawn, in a line from left to right if
// base is 0 and from right to left if it is 1.
func ordered(runes []rune, base int) []rune {
	if len(runes) == 0 {
		return nil
	}
	levels := classesOf(runes, base).levels(base)
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
	return runes
}

var mirrors = map[rune]rune{
	'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<',
	'«': '»', '»': '«', '‹': '›', '›': '‹', '≤': '≥', '≥': '≤',
}

func rightToLeft(r rune) bool {
	if r < 0x590 || r >= place {
		return false
	}
	class := classOf(r)
	return class == bidi.R || class == bidi.AL
}

func classOf(r rune) bidi.Class {
	if r >= place {
		return bidi.ON
	}
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

// baseOf returns the direction of a line: 1, from right to left, if all of its letters are.
func baseOf(runes []rune) int {
	isLeftToRight := func(r rune) bool { return classOf(r) == bidi.L }
	if !slices.ContainsFunc(runes, rightToLeft) || slices.ContainsFunc(runes, isLeftToRight) {
		return 0
	}
	return 1
}

// firstOf returns the direction of an isolated name, which is that of its first letter.
func firstOf(runes []rune) int {
	for _, r := range runes {
		switch {
		case rightToLeft(r):
			return 1
		case classOf(r) == bidi.L:
			return 0
		}
	}
	return 0
}

// classes are the classes of a line's characters.
type classes []bidi.Class

// classesOf returns the classes after the rules W1 to W7: whether digits and signs are a number
// depends on what is before them.
func classesOf(runes []rune, base int) classes {
	cs := make(classes, len(runes))
	letter := [...]bidi.Class{bidi.L, bidi.R}[base] // the last one
	for i, r := range runes {
		cs[i] = classOf(r)
		if base == 0 && strings.ContainsRune(",;:.!?", r) && i+1 < len(runes) && runes[i+1] == ' ' {
			cs[i] = bidi.L
		}
		switch {
		case cs[i] == bidi.L, cs[i] == bidi.R:
			letter = cs[i]
		case cs[i] == bidi.AL:
			letter, cs[i] = bidi.AL, bidi.R
		case cs[i] == bidi.EN && letter == bidi.AL:
			cs[i] = bidi.AN
		case cs[i] == bidi.EN && letter == bidi.L:
			cs[i] = bidi.L
		}
	}
	for i, class := range cs {
		switch {
		case (class == bidi.CS || class == bidi.ES) && cs.isNumber(i-1) && cs.isNumber(i+1):
			cs[i] = cs[i-1] // 12:00, 1,284
		case class == bidi.ET && cs.isNumber(i-1):
			cs[i] = cs[i-1] // 12%
		}
	}
	for i := len(cs) - 2; i >= 0; i-- {
		if cs[i] == bidi.ET && cs[i+1] == bidi.EN { // +12
			cs[i] = bidi.EN
		}
	}
	return cs
}

func (cs classes) isNumber(i int) bool {
	return i >= 0 && i < len(cs) && (cs[i] == bidi.EN || cs[i] == bidi.AN)
}

// direction returns 0 for left to right and 1 for right to left. That of a place outside is base.
func (cs classes) direction(i, base int) int {
	switch {
	case i < 0 || i >= len(cs):
		return base
	case cs[i] == bidi.L:
		return 0
	}
	return 1
}

// levels returns the levels by the rules I1 and I2. Other characters (N1, N2) have the direction of
// what is on both sides of them, or else that of the line.
func (cs classes) levels(base int) []int {
	levels := make([]int, len(cs))
	for i := 0; i < len(cs); i++ {
		switch {
		case cs[i] == bidi.L:
			levels[i] = 2 * base
		case cs[i] == bidi.R:
			levels[i] = 1
		case cs.isNumber(i):
			levels[i] = 2
		default:
			end := i
			for end < len(cs) && cs[end] != bidi.L && cs[end] != bidi.R && !cs.isNumber(end) {
				end++
			}
			level := base
			if before := cs.direction(i-1, base); before == cs.direction(end, base) {
				level = max(before, 2*base*(1-before))
			}
			for j := i; j < end; j++ {
				levels[j] = level
			}
			i = end - 1
		}
	}
	return levels
}

// forms are the forms of Arabic letters by letter: isolated, final, initial, medial. A letter that
// joins only the one before it has the first two. One that joins none has the first.
var forms = sync.OnceValue(func() map[rune][]rune {
	all := make(map[rune][]rune)
	// Unicode lists the forms of a letter in this order.
	for _, block := range [][2]rune{{0xfb50, 0xfbe7}, {0xfbfc, 0xfbff}, {0xfe80, 0xfef4}} {
		for r := block[0]; r <= block[1]; r++ {
			letter := []rune(norm.NFKC.String(string(r)))
			if len(letter) == 1 && letter[0] != r && inFonts(r) {
				all[letter[0]] = append(all[letter[0]], r)
			}
		}
	}
	return all
})

// lams are the forms of a lam and the alef after it, which are one glyph: isolated and final.
var lams = map[rune][]rune{
	'آ': {0xfef5, 0xfef6}, 'أ': {0xfef7, 0xfef8}, 'إ': {0xfef9, 0xfefa}, 'ا': {0xfefb, 0xfefc},
}

// A tatweel is a line between two letters.
const lam, tatweel = 'ل', 'ـ'

// joined replaces Arabic letters by the forms that they have in their places.
func joined(runes []rune) []rune {
	joins := func(i, shapes int) bool { // whether the letter has at least so many forms
		return i >= 0 && i < len(runes) &&
			(runes[i] == tatweel || len(forms()[runes[i]]) >= shapes)
	}
	drawn := make([]rune, 0, len(runes))
	for i := 0; i < len(runes); i++ {
		shapes := forms()[runes[i]]
		if len(shapes) == 0 {
			drawn = append(drawn, runes[i])
			continue
		}
		form := 0
		if len(shapes) >= 2 && joins(i-1, 4) { // the letter before joins on both sides
			form = 1
		}
		if i+1 < len(runes) && runes[i] == lam {
			if pair, ok := lams[runes[i+1]]; ok {
				drawn = append(drawn, pair[form])
				i++
				continue
			}
		}
		if len(shapes) >= 4 && joins(i+1, 2) {
			form += 2
		}
		drawn = append(drawn, shapes[form])
	}
	return drawn
}

// Undrawn reports whether the fonts lack a character of a text, so that Clean puts a box in its
// place.
func Undrawn(s string) bool {
	return strings.ContainsRune(Clean(s), box) && !strings.ContainsRune(s, box)
}
