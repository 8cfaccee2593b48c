package config

import (
	"fmt"
	"strings"
	"unicode"

	"kindlyweekly/report/names"
)

// odd says which character of s, which is text copied from a document or a chat, is not what a keyboard types, where plain is
// what was meant.
func odd(s, plain string) string {
	if firstOdd(s) == 0 {
		return fmt.Sprintf("has a space too many: did you mean %q?", plain)
	}
	return fmt.Sprintf("holds %s: did you mean %q?", called(firstOdd(s)), plain)
}

// oddKey says the same of a key.
func oddKey(key, plain string) string {
	c := firstOdd(key)
	if unicode.IsSpace(c) || !names.Visible(string(c)) {
		where := "in"
		if strings.HasPrefix(key, string(c)) {
			where = "before"
		} else if strings.HasSuffix(key, string(c)) {
			where = "after"
		}
		return fmt.Sprintf("%s stands %s %s: %s", called(c), where, plain, retype(c))
	}
	return quote(key) + " " + odd(key, plain)
}

// firstOdd returns the first character of s that is not what a keyboard types; 0 if there is none.
func firstOdd(s string) rune {
	for _, c := range s {
		if c > '~' && names.Plain("a"+string(c)+"a") != "a"+string(c)+"a" {
			return c
		}
	}
	for _, c := range s {
		if c == '\'' || c == '"' || c == '\t' {
			return c
		}
	}
	return 0
}

// oddSpaces are the spaces and invisible characters that text brings along.
var oddSpaces = map[rune]string{
	'\t': "a tab", '\n': "a line break", '\r': "a line break", '\f': "a form feed", '\u0085': "a line break", '\u2028': "a line break", '\u2029': "a line break",
	'\u00a0': "a no-break space", '\u202f': "a narrow no-break space", '\u2007': "a figure space", '\u2009': "a thin space", '\u3000': "a wide space",
	'\u00ad': "a soft hyphen", '\u200b': "a zero-width space", '\u200c': "a zero-width non-joiner", '\u200d': "a zero-width joiner",
	'\u2060': "a word joiner", '\ufeff': "a byte order mark", '\ufe0f': "a variation selector",
}

// called names a character that cannot be seen or is easily taken for another one.
func called(c rune) string {
	name := oddSpaces[c]
	switch {
	case name != "":
	case unicode.IsSpace(c):
		name = "a special space"
	case unicode.Is(unicode.Bidi_Control, c):
		name = "a mark of writing direction"
	case !names.Visible(string(c)):
		name = "an invisible character"
	case strings.ContainsRune(bullets, c) && names.Plain("a"+string(c)+"a") != "a-a":
		name = "a bullet"
	case names.Plain("a"+string(c)+"a") == "a-a":
		name = "a dash or hyphen that is not the keyboard's"
	case c > '~':
		name = "a quote that is not the keyboard's"
	default:
		name = "a quote"
	}
	return fmt.Sprintf("%s (%U)", name, c)
}

// retype says what to do about an odd character.
func retype(c rune) string {
	switch plain := names.Plain("a" + string(c) + "a"); {
	case plain == "a a":
		return "type a normal space"
	case plain == "aa":
		return "remove it"
	case strings.ContainsRune(bullets, c):
		return "type -"
	default:
		return "type " + strings.Trim(plain, "a")
	}
}
