package theme

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FileName returns the name of a report's file without its ending: nettbutikk-2026-W46. It begins
// with the bot's ID if that is a word. Numbers and hashes are not: then it begins with the bot's
// name, in letters and digits that every file system and mail client takes, or with the ID if that
// is empty.
func FileName(id, name, week string) string {
	for _, stem := range []string{word(id), plain(name), plain(id)} {
		if stem != "" {
			return stem + "-" + week
		}
	}
	return "report-" + week
}

// word returns an ID of one or several words, and nothing for one with digits.
func word(id string) string {
	if strings.ContainsFunc(id, unicode.IsDigit) {
		return ""
	}
	return plain(id)
}

// special replaces letters that do not consist of a letter and an accent.
var special = strings.NewReplacer("æ", "ae", "ø", "o", "œ", "oe", "ß", "ss", "đ", "d", "ð", "d",
	"þ", "th", "ł", "l", "ı", "i")

// plain writes a text in a to z, 0 to 9, with a hyphen for anything between them. It returns
// nothing for a text with letters of another script.
func plain(text string) string {
	const most = 60
	var b strings.Builder
	text = special.Replace(strings.ToLower(strings.ToValidUTF8(text, "")))
	for _, r := range strings.ToLower(norm.NFKD.String(text)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r):
		case unicode.IsLetter(r):
			return ""
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	return strings.TrimRight(name[:min(len(name), most)], "-")
}
