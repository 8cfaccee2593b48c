// Package names says when a name can be seen, and when two names are the same to a reader. The configuration, the slash
// command and every edition use these two definitions, so that they agree.
//
// Names come from people: bots.yaml, and the buttons, labels, dialogues and pages of a bot. They are copied from
// documents and chats, and carry what cannot be seen there.
package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Visible reports whether a reader sees anything of s. Spaces, control characters and characters without a glyph of
// their own are not seen: zero-width characters, joiners, soft hyphens, variation selectors, tags, fillers such as
// U+3164, the blank Braille pattern U+2800, characters for private use, and combining marks, which need a letter to
// stand on. A character that is unknown here, such as a new emoji, is drawn at least as a box, so it is visible.
func Visible(s string) bool { return strings.ContainsFunc(s, visible) }

// Or returns s if it is visible, and otherwise the fallback.
func Or(s, fallback string) string {
	if Visible(s) {
		return s
	}
	return fallback
}

// Strip returns s without the characters that have no glyph. Spaces and combining marks stay; a blank Braille pattern is a
// space. Strip leaves something visible of what is visible.
func Strip(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u2800':
			return ' '
		case blank(r):
			return -1
		}
		return r
	}, s)
}

// Plain returns s as it would be typed on a keyboard: with plain spaces, quotes and dashes, without what cannot be seen and
// without spaces and quotes at either end.
func Plain(s string) string { return trim(strings.Map(plain, s)) }

func visible(r rune) bool { return !unicode.IsSpace(r) && !blank(r) && !unicode.IsMark(r) }

// blank reports whether r has no glyph and is no space that Unicode knows.
func blank(r rune) bool {
	switch r {
	case '\u2800', '\U0001d159': // the blank Braille pattern, a notehead without a note
		return true
	}
	return !unicode.IsSpace(r) && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Noncharacter_Code_Point)
}

// Fold returns a form of s that is equal for names that readers take for the same, for comparing and never for showing.
// It ignores
//   - the encoding: å is one character or two (NFC)
//   - spaces: which kind, how many, and at either end
//   - what cannot be seen
//   - the kind of quotes, apostrophes and dashes, and quotes at either end; three dots are the character …
//   - case, by Unicode's full case folding: STRASSE is Straße. A Turkish i is an i, with or without its dot.
//
// Fold of an invisible s is empty, and only that. Folding twice changes nothing.
func Fold(s string) string {
	if ascii, ok := foldASCII(s); ok {
		return ascii
	}
	if !Visible(s) {
		return ""
	}
	s = strings.Map(func(r rune) rune { return plain(cherokee(r)) }, cases.Fold().String(norm.NFD.String(s)))
	// Decomposed again, since what is dropped no longer keeps a letter and its mark apart. An İ is an i and a dot then.
	s = dotless(norm.NFD.String(s))
	s = norm.NFC.String(strings.ReplaceAll(s, "…", "..."))
	return trim(s)
}

// cherokee returns the upper case of a Cherokee letter, to which Unicode folds it. Package cases turns each case into the other.
func cherokee(r rune) rune {
	switch {
	case 0xab70 <= r && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case 0x13f8 <= r && r <= 0x13fd:
		return r - 8
	}
	return r
}

// dotless makes every i of a decomposed text the same, with a dot or without.
func dotless(s string) string {
	last := rune(0)
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'ı':
			r = 'i'
		case r == '\u0307' && last == 'i':
			return -1
		}
		last = r
		return r
	}, s)
}

// foldASCII is Fold for what consists of printable ASCII and spaces, as most names do.
func foldASCII(s string) (string, bool) {
	for i := range len(s) {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\t' {
			return "", false
		}
	}
	return trim(strings.ToLower(strings.ReplaceAll(s, "`", "'"))), true
}

// plain returns the character that would be typed for r, -1 for none.
func plain(r rune) rune {
	switch r {
	case '‘', '’', '‚', '‛', '′', '´', '`', 'ʼ', 'ʹ', '‹', '›':
		return '\''
	case '“', '”', '„', '‟', '″', '«', '»', '＂':
		return '"'
	case '‐', '‑', '‒', '–', '—', '−':
		return '-'
	case '\u2800':
		return ' '
	}
	switch {
	case unicode.IsSpace(r):
		return ' '
	case blank(r):
		return -1
	}
	return r
}

// trim leaves one space between words and no quotes at the ends, unless there is nothing else.
func trim(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if bare := strings.Trim(s, `"' `); Visible(bare) {
		return bare
	}
	return s
}

// Look returns a form of s that is equal for names that look alike, for comparing and never for showing. It ignores what Fold
// does but case, quotes, and dashes: returns and Returns are two names, which a reader can tell apart.
//
// Look of an invisible s is empty, and only that.
func Look(s string) string {
	if !Visible(s) {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\u2800':
			return ' '
		case blank(r):
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}
