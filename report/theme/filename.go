package theme

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FileName is what people see of a report's file, without its ending: nettbutikk-2026-W46. It begins with the bot's id where
// that is a word; what looks like a number or a hash says nothing to anybody, so that the bot's name stands in its place, in
// letters and digits that every file system and mail client takes. Where nothing is left of that, the id it is after all.
func FileName(id, name, week string) string {
	for _, stem := range []string{word(id), plain(name), plain(id)} {
		if stem != "" {
			return stem + "-" + week
		}
	}
	return "report-" + week
}

// word is the id if it is one, or several.
func word(id string) string {
	if strings.ContainsFunc(id, unicode.IsDigit) {
		return ""
	}
	return plain(id)
}

// special are letters that no accent makes.
var special = strings.NewReplacer("æ", "ae", "ø", "o", "œ", "oe", "ß", "ss", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ı", "i")

// plain writes a text in a to z, 0 to 9, and a hyphen for all between. A text in another script, of which only a part could be
// written so, is left out.
func plain(text string) string {
	const most = 60
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(special.Replace(strings.ToLower(strings.ToValidUTF8(text, ""))))) {
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
