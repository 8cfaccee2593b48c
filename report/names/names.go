// Package names compares and cuts names: of bots, labels, buttons, dialogues and pages. It says
// which names have no visible character, and which names look the same. The configuration, the
// slash command and all editions use it, so they agree. Names that are copied from documents and
// chats often contain invisible characters.
package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Visible reports whether s has a visible character. These are not visible: spaces, control
// characters, combining marks, which need a letter, and characters without a glyph, such as
// zero-width characters, joiners, soft hyphens, variation selectors, tags, fillers such as U+3164,
// the blank Braille pattern U+2800 and characters for private use. An unknown character, such as a
// new emoji, is visible: it is drawn as a box.
func Visible(s string) bool { return strings.ContainsFunc(s, visible) }

// Or returns s if it is visible, and else the fallback.
func Or(s, fallback string) string {
	if Visible(s) {
		return s
	}
	return fallback
}

// Strip returns s without characters that have no glyph. Spaces and combining marks stay. A blank
// Braille pattern becomes a space. If s is visible, so is the result.
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

// Plain returns s as typed on a keyboard: with ASCII spaces, quotes and dashes, without invisible
// characters, and without spaces and quotes at either end.
func Plain(s string) string { return trim(strings.Map(plain, s)) }

func visible(r rune) bool { return !unicode.IsSpace(r) && !blank(r) && !unicode.IsMark(r) }

// blank reports whether r has no glyph and is not one of Unicode's spaces.
func blank(r rune) bool {
	if ' ' <= r && r <= '~' { // most are, and tables take time
		return false
	}
	switch r {
	case '\u2800', '\U0001d159': // the blank Braille pattern, a notehead without a note
		return true
	}
	return !unicode.IsSpace(r) && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
		unicode.Noncharacter_Code_Point)
}

// Fold returns a form of s that is equal for names that readers take for the same. It is for
// comparison, not for display. It ignores
//   - the encoding: å is one character or two (NFC)
//   - the kind and number of spaces, and spaces at either end
//   - invisible characters
//   - the kind of quotes, apostrophes and dashes, and quotes at either end; "..." is "…"
//   - case, by Unicode's full case folding: STRASSE is Straße, and a Turkish i is an i
//
// Fold of s is empty if and only if s is not visible. Fold of Fold is Fold.
func Fold(s string) string {
	if ascii, ok := foldASCII(s); ok {
		return ascii
	}
	if !Visible(s) {
		return ""
	}
	s = cases.Fold().String(norm.NFD.String(s))
	s = strings.Map(func(r rune) rune { return plain(cherokee(r)) }, s)
	// Decompose again: a character that was between a letter and its mark may be gone. An İ is an i
	// and a dot then.
	s = dotless(norm.NFD.String(s))
	s = norm.NFC.String(strings.ReplaceAll(s, "…", "..."))
	return trim(s)
}

// cherokee returns a Cherokee letter in upper case, to which Unicode folds it. Package cases
// exchanges the two cases instead.
func cherokee(r rune) rune {
	switch {
	case 0xab70 <= r && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case 0x13f8 <= r && r <= 0x13fd:
		return r - 8
	}
	return r
}

// dotless returns a decomposed text in which each i has the same form, with a dot or without.
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

// foldASCII is Fold for printable ASCII and spaces, as in most names. It reports whether s is that.
func foldASCII(s string) (string, bool) {
	for i := range len(s) {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\t' {
			return "", false
		}
	}
	return trim(strings.ToLower(strings.ReplaceAll(s, "`", "'"))), true
}

// plain returns the character that a keyboard types for r, or -1 for none.
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

// trim returns s with single spaces and without quotes at the ends, unless s is all quotes.
func trim(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if bare := strings.Trim(s, `"' `); Visible(bare) {
		return bare
	}
	return s
}

// Look returns a form of s that is equal for names that look alike. It is for comparison, not for
// display. It ignores what Fold does, except case, quotes and dashes: returns and Returns differ.
//
// Look of s is empty if and only if s is not visible.
func Look(s string) string {
	if !Visible(s) {
		return ""
	}
	s = Strip(norm.NFD.String(s))
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}
