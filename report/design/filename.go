package design

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FileName is what people see of a report's file, without its ending: nettbutikk-2026-W46. It begins with the bot's id where
// that is a word; what looks like a number or a hash says nothing to anybody, so that the bot's name stands in its place, as
// far as it can be written in letters that every file system and mail client takes.
func FileName(id, name, week string) string {
	for _, stem := range []string{word(id), plain(name), plain(id), "report"} {
		if stem != "" {
			return stem + "-" + week
		}
	}
	return week // never reached
}

// word is the id if it is one, or several.
func word(id string) string {
	if strings.ContainsFunc(id, unicode.IsDigit) {
		return ""
	}
	return plain(id)
}

var (
	strange = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

	// special are letters that are not an accent on another.
	special = strings.NewReplacer("æ", "ae", "Æ", "Ae", "ø", "o", "Ø", "O", "ß", "ss", "ð", "d", "Ð", "D", "þ", "th", "Þ", "Th",
		"đ", "d", "Đ", "D", "ł", "l", "Ł", "L", "œ", "oe", "Œ", "Oe", "ı", "i")
)

// plain writes a text in ASCII, in lower case, with hyphens between its words.
func plain(s string) string {
	const most = 60
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(special.Replace(strings.ToValidUTF8(s, ""))))
	s = strings.ToLower(strange.ReplaceAllString(s, "-"))
	return strings.Trim(s[:min(len(s), most)], "-._")
}
