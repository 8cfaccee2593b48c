package fonts

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// Visual cleans a line, see [Clean], and puts its characters into drawing order: from left to
// right, with the joined forms of Arabic letters. Renderers do neither. Each emoji becomes one
// private-use character, see [Letters]. What the fonts lack becomes boxes: □. Call Visual only to
// measure or draw a line. Cut and break texts before, in reading order.
//
// Visual follows Unicode's bidirectional algorithm (UAX 9). Clean removes the marks of embeddings,
// and the only isolates are those around names. Visual differs in two rules, since most lines are
// sentences from left to right with a name in them. First, a line has the direction right to left
// only if all its letters have it. Second, a sentence continues from left to right after a comma or
// similar. Otherwise "chats in a week with שלום; 11.8% of" would have its number before the name.
func Visual(s string) string {
	if isPlain(s) {
		return s
	}
	s = boxed(encoded(Clean(s)))
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
	levels := levelsOf(runes, base)
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
		if level%2 == 1 {
			runes[i] = mirrored(runes[i])
		}
	}
	return runes
}

// mirrored returns the mirror image of r, such as ) for (.
func mirrored(r rune) rune {
	switch r {
	case '«':
		return '»'
	case '»':
		return '«'
	case '‹':
		return '›'
	case '›':
		return '‹'
	case '<':
		return '>'
	case '>':
		return '<'
	case '≤':
		return '≥'
	case '≥':
		return '≤'
	}
	return counterpart(r)
}

// counterpart returns the other bracket of a pair, or r if r is not a bracket.
func counterpart(r rune) rune {
	for _, other := range bidi.ReverseString(string(r)) {
		return other
	}
	return r
}

func rightToLeft(r rune) bool {
	if r < 0x590 || r >= place {
		return false
	}
	class := classOf(r)
	return class == bidi.R || class == bidi.AL
}

func classOf(r rune) bidi.Class {
	if r >= place || isCode(r) {
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

// levelsOf returns the embedding level of each character of a line.
func levelsOf(runes []rune, base int) []int {
	cs := classesOf(runes, base)
	cs.brackets(runes, base)
	cs.neutrals(base)
	levels := make([]int, len(runes))
	for i, class := range cs { // I1, I2
		switch class {
		case bidi.R:
			levels[i] = 1
		case bidi.L:
			levels[i] = 2 * base
		default:
			levels[i] = 2 // a number
		}
	}
	return levels
}

// classes has the bidirectional class of each character of a line: L, R, EN, AN, or ON for all
// others.
type classes []bidi.Class

// classesOf returns the classes after the rules W1 to W7: whether digits and signs are a number
// depends on what is before them.
func classesOf(runes []rune, base int) classes {
	cs := make(classes, len(runes))
	letter := direction(base) // the last one
	for i, r := range runes {
		cs[i] = classOf(r)
		if base == 0 && strings.ContainsRune(",;:.!?", r) && i+1 < len(runes) && runes[i+1] == ' ' {
			cs[i] = bidi.L
		}
		switch cs[i] {
		case bidi.L, bidi.R, bidi.AL:
			letter = cs[i]
		case bidi.EN:
			if letter == bidi.AL { // W2
				cs[i] = bidi.AN
			}
		}
	}
	for i := 1; i+1 < len(cs); i++ { // W4: 12:00, 1,284
		before, after := cs[i-1], cs[i+1]
		if before == after && (before == bidi.EN && (cs[i] == bidi.CS || cs[i] == bidi.ES) ||
			before == bidi.AN && cs[i] == bidi.CS) {
			cs[i] = before
		}
	}
	for from := 0; from < len(cs); from++ { // W5: $12, 12%
		if cs[from] != bidi.ET {
			continue
		}
		to := from
		for to < len(cs) && cs[to] == bidi.ET {
			to++
		}
		if from > 0 && cs[from-1] == bidi.EN || to < len(cs) && cs[to] == bidi.EN {
			cs.fill(from, to, bidi.EN)
		}
		from = to - 1
	}
	letter = direction(base)
	for i, class := range cs {
		switch class {
		case bidi.L, bidi.R:
			letter = class
		case bidi.AL: // W3
			letter, cs[i] = bidi.R, bidi.R
		case bidi.EN:
			if letter == bidi.L { // W7
				cs[i] = bidi.L
			}
		case bidi.AN:
		default: // W6
			cs[i] = bidi.ON
		}
	}
	return cs
}

func (cs classes) fill(from, to int, class bidi.Class) {
	for i := from; i < to; i++ {
		cs[i] = class
	}
}

// direction returns the class of letters of the direction base: 0 is left to right, 1 right to
// left.
func direction(base int) bidi.Class { return [...]bidi.Class{bidi.L, bidi.R}[base] }

// strong returns the direction of a character, or ON if it has none. Numbers count as right to left
// (N0, N1). A place outside of the line has the direction base.
func (cs classes) strong(i, base int) bidi.Class {
	switch {
	case i < 0 || i >= len(cs):
		return direction(base)
	case cs[i] == bidi.EN || cs[i] == bidi.AN:
		return bidi.R
	}
	return cs[i]
}

// brackets gives both brackets of a pair one direction (N0). It is the line's if a character
// between them has that. Otherwise it is that of the characters between them, if the character
// before the pair has it too.
func (cs classes) brackets(runes []rune, base int) {
	own := direction(base)
	for _, p := range pairsOf(runes, cs) {
		within := bidi.Class(bidi.ON)
		for i := p.open + 1; i < p.close && within != own; i++ {
			if strong := cs.strong(i, base); strong != bidi.ON {
				within = strong
			}
		}
		if within == bidi.ON {
			continue
		}
		if within != own {
			before := p.open - 1
			for before >= 0 && cs.strong(before, base) == bidi.ON {
				before--
			}
			within = cs.strong(before, base)
		}
		cs[p.open], cs[p.close] = within, within
	}
}

type pair struct{ open, close int }

// pairsOf returns the pairs of brackets in the order in which they open.
func pairsOf(runes []rune, cs classes) (pairs []pair) {
	var opened []int
	for i, r := range runes {
		p, _ := bidi.LookupRune(r)
		switch {
		case r >= place || cs[i] != bidi.ON || !p.IsBracket():
		case p.IsOpeningBracket():
			opened = append(opened, i)
		default:
			for n := len(opened) - 1; n >= 0; n-- {
				if runes[opened[n]] == counterpart(r) {
					pairs = append(pairs, pair{opened[n], i})
					opened = opened[:n]
					break
				}
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return a.open - b.open })
	return pairs
}

// neutrals gives the other characters the direction that both of their sides have, or else that of
// the line (N1, N2).
func (cs classes) neutrals(base int) {
	for from := 0; from < len(cs); from++ {
		if cs[from] != bidi.ON {
			continue
		}
		to := from
		for to < len(cs) && cs[to] == bidi.ON {
			to++
		}
		class := cs.strong(from-1, base)
		if class != cs.strong(to, base) {
			class = direction(base)
		}
		cs.fill(from, to, class)
		from = to - 1
	}
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
