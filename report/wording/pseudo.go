package wording

import "strings"

// Pseudo is a language for tests: English with accents, in brackets, and longer by 40 %, as in
// [Çĥáţš ~~]. A word without accents in an edition does not come from this package, and what fits
// in Pseudo fits in German. A configuration cannot name it.
const Pseudo = "en-XA"

func pseudo() *language {
	l := *english
	l.locale, l.texts = Pseudo, make(map[Key]string)
	for key, t := range english.texts {
		l.texts[key] = stretch(t)
	}
	l.tongues, l.scripts = accents.Replace(l.tongues), accents.Replace(l.scripts)
	for _, names := range [][]string{
		l.weekdays[:], l.onWeekdays[:], l.weekdaysShort[:], l.months[:], l.monthsShort[:],
	} {
		for i, name := range names {
			names[i] = accents.Replace(name)
		}
	}
	return &l
}

// stretch returns a message with accents, in brackets, and longer by 40 %. Verbs and commands stay.
// A message of fewer than two letters has no brackets.
func stretch(s string) string {
	var b strings.Builder
	letters, before := 0, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%': // up to its verb
			start := i
			for i++; i < len(s) && !isLetter(s[i]) && s[i] != '%'; i++ {
			}
			b.WriteString(s[start:min(i+1, len(s))])
		case s[i] == '`': // a command
			end := strings.IndexByte(s[i+1:], '`')
			b.WriteString(s[i : i+end+2])
			i += end + 1
		case s[i] == '{':
			before = letters
			b.WriteByte(s[i])
		case s[i] == '|': // one form of several is printed
			letters = before
			b.WriteByte(s[i])
		case isLetter(s[i]):
			letters++
			b.WriteString(accents.Replace(s[i : i+1]))
		default:
			b.WriteByte(s[i])
		}
	}
	if letters < 2 {
		return b.String()
	}
	return "[" + b.String() + strings.Repeat("~", (letters*4+9)/10) + "]"
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

var accents = strings.NewReplacer(
	"a", "á", "b", "ƀ", "c", "ç", "d", "ð", "e", "é", "f", "ƒ", "g", "ğ",
	"h", "ĥ", "i", "í", "j", "ĵ", "k", "ķ", "l", "ļ", "m", "m", "n", "ñ",
	"o", "ó", "p", "þ", "q", "ǫ", "r", "ŕ", "s", "š", "t", "ţ", "u", "ú",
	"v", "ṽ", "w", "ŵ", "x", "ẋ", "y", "ý", "z", "ž", "A", "Á", "B", "Ɓ",
	"C", "Ç", "D", "Ð", "E", "É", "F", "Ƒ", "G", "Ğ", "H", "Ĥ", "I", "Í",
	"J", "Ĵ", "K", "Ķ", "L", "Ļ", "M", "M", "N", "Ñ", "O", "Ó", "P", "Þ",
	"Q", "Ǫ", "R", "Ŕ", "S", "Š", "T", "Ţ", "U", "Ú", "V", "Ṽ", "W", "Ŵ",
	"X", "Ẋ", "Y", "Ý", "Z", "Ž",
)
