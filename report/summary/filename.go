package summary

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kindlyweekly/report/figures"
)

// PDFName is the PDF's name where people see it: nettbutikk-2026-W46.pdf. It begins with the bot's id where that is a word;
// what has digits in it says nothing to anybody, so that the bot's name stands in its place, in letters and digits that every
// file system takes. Where nothing is left of that, the id it is after all.
func PDFName(r *figures.Report) string {
	id := simple(r.Bot.ID)
	word := id
	if strings.ContainsAny(id, "0123456789") {
		word = ""
	}
	for _, name := range []string{word, simple(r.Bot.Name), id, "report"} {
		if name != "" {
			return fmt.Sprintf("%s-%s.pdf", name, r.Week.Name)
		}
	}
	return ""
}

// written are letters that no accent makes.
var written = strings.NewReplacer("æ", "ae", "ø", "o", "œ", "oe", "ß", "ss", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ı", "i")

// simple writes a text in a to z, 0 to 9, and a hyphen for all between. A text in another script, of which only a part could be
// written so, is left out.
func simple(text string) string {
	const most = 60
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(written.Replace(strings.ToLower(text)))) {
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
