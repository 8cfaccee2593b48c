package wording

import (
	"strings"

	"golang.org/x/text/language"
)

// Pseudo is a language for tests: English with accents, longer by four tenths, and in brackets: [Çĥáţš ~~]. A word
// without accents in an edition does not come from a catalogue, and what fits in it fits in German. No configuration may
// name it.
const Pseudo = "en-XA"

func pseudo() lang {
	l := lang{tag: language.English, messages: make(map[Key]*text), names: calendar{}}
	for key, t := range english {
		l.messages[key] = &text{t.by, stretch(t.one), stretch(t.other)}
	}
	for from, to := range map[*[7]string]*[7]string{
		&englishNames.weekdays: &l.names.weekdays, &englishNames.weekdaysShort: &l.names.weekdaysShort,
	} {
		for i, name := range from {
			to[i] = accents.Replace(name)
		}
	}
	for from, to := range map[*[12]string]*[12]string{
		&englishNames.months: &l.names.months, &englishNames.monthsShort: &l.names.monthsShort,
	} {
		for i, name := range from {
			to[i] = accents.Replace(name)
		}
	}
	return l
}

// stretch makes a message longer, but for what stands between its letters and for those that have none.
func stretch(s string) string {
	var b strings.Builder
	letters := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%': // up to its verb, as it is
			start := i
			for i++; i < len(s) && !isLetter(s[i]) && s[i] != '%'; i++ {
			}
			b.WriteString(s[start:min(i+1, len(s))])
		case s[i] == '`': // what is typed is the same in every language
			end := strings.IndexByte(s[i+1:], '`')
			b.WriteString(s[i : i+end+2])
			i += end + 1
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
	"a", "á", "b", "ƀ", "c", "ç", "d", "ð", "e", "é", "f", "ƒ", "g", "ğ", "h", "ĥ", "i", "í", "j", "ĵ", "k", "ķ", "l", "ļ", "m", "m",
	"n", "ñ", "o", "ó", "p", "þ", "q", "ǫ", "r", "ŕ", "s", "š", "t", "ţ", "u", "ú", "v", "ṽ", "w", "ŵ", "x", "ẋ", "y", "ý", "z", "ž",
	"A", "Á", "B", "Ɓ", "C", "Ç", "D", "Ð", "E", "É", "F", "Ƒ", "G", "Ğ", "H", "Ĥ", "I", "Í", "J", "Ĵ", "K", "Ķ", "L", "Ļ", "M", "M",
	"N", "Ñ", "O", "Ó", "P", "Þ", "Q", "Ǫ", "R", "Ŕ", "S", "Š", "T", "Ţ", "U", "Ú", "V", "Ṽ", "W", "Ŵ", "X", "Ẋ", "Y", "Ý", "Z", "Ž",
)
