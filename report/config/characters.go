package config

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"kindlyweekly/report/names"
)

// odd says which character of s, a copied text, a keyboard does not type. plain is s as typed.
func odd(s, plain string) string {
	if firstOdd(s) == 0 {
		return fmt.Sprintf("has a space too many: did you mean %q?", plain)
	}
	return fmt.Sprintf("contains %s: did you mean %q?", called(firstOdd(s)), plain)
}

// oddKey says the same of a key.
func oddKey(key, plain string) string {
	c := firstOdd(key)
	if !unicode.IsSpace(c) && names.Visible(string(c)) {
		return quote(key) + " " + odd(key, plain)
	}
	where := "in"
	if strings.HasPrefix(key, string(c)) {
		where = "before"
	} else if strings.HasSuffix(key, string(c)) {
		where = "after"
	}
	return fmt.Sprintf("%s is %s %s: %s", called(c), where, plain, retype(c))
}

// plainOf returns what a keyboard types in place of c, between letters.
func plainOf(c rune) string {
	plain := strings.TrimPrefix(names.Plain("a"+string(c)+"a"), "a")
	return strings.TrimSuffix(plain, "a")
}

// firstOdd returns the first character of s that a keyboard does not type, or else the first quote
// or tab. It returns 0 if there is none.
func firstOdd(s string) rune {
	for _, c := range s {
		if c > '~' && plainOf(c) != string(c) {
			return c
		}
	}
	if i := strings.IndexAny(s, "'\"\t"); i >= 0 {
		return rune(s[i])
	}
	return 0
}

// spaces are the names of spaces and invisible characters that copied text has.
var spaces = map[rune]string{
	'\t': "a tab", '\n': "a line break", '\r': "a line break", '\f': "a form feed",
	'\u0085': "a line break", '\u2028': "a line break", '\u2029': "a line break",
	'\u00a0': "a no-break space", '\u202f': "a narrow no-break space",
	'\u2007': "a figure space", '\u2009': "a thin space", '\u3000': "a wide space",
	'\u00ad': "a soft hyphen", '\u200b': "a zero-width space",
	'\u200c': "a zero-width non-joiner", '\u200d': "a zero-width joiner",
	'\u2060': "a word joiner", '\ufeff': "a byte order mark", '\ufe0f': "a variation selector",
}

// called returns the name of a character that is invisible or easily confused.
func called(c rune) string {
	name := "a quote"
	switch plain := plainOf(c); {
	case unicode.IsSpace(c):
		name = "a special space"
	case unicode.Is(unicode.Bidi_Control, c):
		name = "a mark of writing direction"
	case !names.Visible(string(c)):
		name = "an invisible character"
	case strings.ContainsRune(bullets, c) && plain != "-":
		name = "a bullet"
	case plain == "-":
		name = "a dash or hyphen that is not the keyboard's"
	case c > '~':
		name = "a quote that is not the keyboard's"
	}
	return fmt.Sprintf("%s (%U)", cmp.Or(spaces[c], name), c)
}

// retype says what to do about an odd character.
func retype(c rune) string {
	switch plain := plainOf(c); {
	case plain == " ":
		return "type a normal space"
	case plain == "":
		return "remove it"
	case strings.ContainsRune(bullets, c):
		return "type -"
	default:
		return "type " + plain
	}
}
