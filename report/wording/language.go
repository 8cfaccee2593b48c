package wording

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	xlanguage "golang.org/x/text/language"
)

// languages are those that a configuration may name, in the order in which they are offered.
var languages = []*language{english, norwegian, swedish, danish, german}

// Default is the locale of a report that names none.
const Default = "en"

// A language is everything that depends on the language of a report. Each is written in a file of
// its own, and listed in languages.
type language struct {
	// locale is a BCP 47 tag. It selects CLDR's rules for numbers and plurals.
	locale string

	// names are what people call the language, in lower case. Where two languages share a name,
	// the one that is listed later in languages has it.
	names []string

	// plurals are the forms of a counted noun: One and Other in English, One, Few and Many in
	// Polish. A text lists its forms in this order.
	plurals []plural.Form

	weekdays, weekdaysShort [7]string // Sunday first, as in time.Weekday
	// onWeekdays say when something happened: on Monday, am Montag, w poniedziałek.
	onWeekdays [7]string
	// months are in the form that they have in a date, such as the genitive in Polish.
	months, monthsShort [12]string

	// A person types one of week before the number of a week, and one of last for the last
	// complete week, alone or before one of week. They are in lower case.
	week, last []string

	// tongues are the languages of chats, separated by commas, in the order of tongueCodes. They
	// are written as within a sentence.
	tongues string

	// scripts are the names of scriptCodes, in their order, separated by commas. They are written
	// as in a list of scripts.
	scripts string

	// texts are the messages, with verbs for their arguments: %s for a text and %d for a number, or
	// %[2]s and %[2]d for the second argument. What agrees with a number is in braces, after the
	// number's place among the arguments, with a form for each of plurals:
	//
	//	{1|%d chat|%d chats} with {2|%d bot|%d bots}
	//
	// So each number selects its own forms, which can be words, sentences or empty. A single form,
	// {1|%d mål}, is of a noun that does not inflect.
	texts map[Key]string
}

// tongueCodes are the languages of chats that have a name.
const tongueCodes = "nb,nn,no,en,sv,da,de,fi,is,se,fr,es,pt,it,nl,pl,uk,ru,lt,lv,et,ro,hu,cs,sk,bg," +
	"hr,sr,bs,sq,el,tr,ar,he,fa,ps,ur,hi,bn,ta,pa,so,ti,am,sw,zh,ja,ko,vi,th,id,tl"

// LanguageName returns the name of the language of a code, as within a sentence after
// WhereLanguage. A code that is not in tongueCodes is its own name.
func (w *Wording) LanguageName(code string) string {
	names := strings.Split(w.tongues, ",")
	if i := slices.Index(strings.Split(tongueCodes, ","), code); 0 <= i && i < len(names) {
		return names[i]
	}
	return strings.ToUpper(code)
}

// scriptCodes are the scripts that have a name, by their names in package unicode.
const scriptCodes = "Thai,Lao,Khmer,Myanmar,Devanagari,Bengali,Gurmukhi,Gujarati,Oriya,Tamil," +
	"Telugu,Kannada,Malayalam,Sinhala,Tibetan,Armenian,Georgian,Ethiopic,Syriac,Han,Hangul"

// ScriptName returns the name of the script that package unicode calls code, as in a list. For a
// script that is not in scriptCodes it returns the words for other characters.
func (w *Wording) ScriptName(code string) string {
	names := strings.Split(w.scripts, ",")
	if i := slices.Index(strings.Split(scriptCodes, ","), code); 0 <= i && i < len(names) {
		return names[i]
	}
	return w.Say(OtherCharacters)
}

// choose returns a text with the forms that its arguments select.
func (l *language) choose(text string, args []any) string {
	var b strings.Builder
	for rest := text; ; {
		before, choice, found := strings.Cut(rest, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		choice, rest, _ = strings.Cut(choice, "}")
		forms := strings.Split(choice, "|")
		nth, _ := strconv.Atoi(forms[0])
		b.WriteString(l.pick(forms[1:], args[nth-1:]))
	}
}

// pick returns the form for the first of args.
func (l *language) pick(forms []string, args []any) string {
	if len(args) > 0 && len(forms) > 1 {
		switch n := args[0].(type) {
		case int:
			return forms[slices.Index(l.plurals, l.plural(n))]
		case UpTo:
			return forms[slices.Index(l.plurals, l.plural(int(n)))]
		}
	}
	return forms[len(forms)-1]
}

// plural returns the plural form of a noun after n.
func (l *language) plural(n int) plural.Form {
	return plural.Cardinal.MatchPlural(xlanguage.Make(l.locale), max(n, -n), 0, 0, 0, 0)
}

// Locales returns the locales that a configuration may name.
func Locales() []string {
	locales := make([]string, len(languages))
	for i, l := range languages {
		locales[i] = l.locale
	}
	return locales
}

// find returns the language of a locale, or nil.
func find(locale string) *language {
	if locale == Pseudo {
		return pseudo()
	}
	for _, l := range languages {
		if l.locale == locale {
			return l
		}
	}
	return nil
}

// LocaleOf returns the locale of the language that people call name: nb for Norsk. It returns "" if
// there is none.
func LocaleOf(name string) string {
	name = strings.ToLower(name)
	for _, l := range slices.Backward(languages) {
		if l.locale == name || slices.Contains(l.names, name) {
			return l.locale
		}
	}
	return ""
}

// WeekdayOf returns the day that a language calls name, or abbreviates so: Thursday for torsdag,
// tors and tor. It reports whether there is one.
func WeekdayOf(name string) (time.Weekday, bool) {
	name = strings.ToLower(name)
	for _, l := range languages {
		for day, own := range l.weekdays {
			begun := len(name) > 2 && strings.HasPrefix(strings.ToLower(own), name)
			if begun || strings.ToLower(l.weekdaysShort[day]) == name {
				return time.Weekday(day), true
			}
		}
	}
	return 0, false
}

// WeekWords returns what people type before the number of a week, such as uke, and for the last
// week, such as forrige. They are in lower case, in all languages.
func WeekWords() (week, last []string) {
	for _, l := range languages {
		week, last = append(week, l.week...), append(last, l.last...)
	}
	return week, last
}
