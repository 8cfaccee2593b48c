package wording

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/feature/plural"
)

func in(t *testing.T, locale string) *Wording {
	t.Helper()
	w, err := For(locale)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// all are the languages of reports and that of tests.
func all() []*language { return append(slices.Clone(languages), pseudo()) }

var choices = regexp.MustCompile(`\{(\d+)\|([^}]*)\}`)

// formsOf returns a text with the first form of each of its choices, with the second, and so on.
func formsOf(text string) (all []string) {
	most := 1
	for _, m := range choices.FindAllStringSubmatch(text, -1) {
		most = max(most, len(strings.Split(m[2], "|")))
	}
	for i := range most {
		all = append(all, choices.ReplaceAllStringFunc(text, func(choice string) string {
			forms := strings.Split(choices.FindStringSubmatch(choice)[2], "|")
			return forms[min(i, len(forms)-1)]
		}))
	}
	return all
}

// selecting returns the arguments of a text that select forms.
func selecting(text string) (all []int) {
	for _, m := range choices.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		all = append(all, n)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// inEnglish is the last form of a message in English.
func inEnglish(key Key) string {
	all := formsOf(english.texts[key])
	return all[len(all)-1]
}

func TestLanguages_NoTextIsMissing(t *testing.T) {
	for _, l := range languages {
		for _, key := range slices.Sorted(maps.Keys(english.texts)) {
			if l.texts[key] == "" {
				t.Errorf("%s lacks %q: %s", l.locale, key, inEnglish(key))
			}
		}
		for key := range l.texts {
			if english.texts[key] == "" {
				t.Errorf("%s has %q, which English lacks", l.locale, key)
			}
		}
	}
}

// Every form of a message is there and not empty, and every number has one.
func TestLanguages_Plurals(t *testing.T) {
	for _, l := range append(all(), polish()) {
		for key, msg := range l.texts {
			for _, m := range choices.FindAllStringSubmatch(msg, -1) {
				forms := strings.Split(m[2], "|")
				if n := len(forms); n != 1 && n != len(l.plurals) {
					t.Errorf("%s %q has %d forms of %s, want %d", l.locale, key, n, m[0],
						len(l.plurals))
				}
				if strings.Join(forms, "") == "" {
					t.Errorf("%s %q has only empty forms", l.locale, key)
				}
			}
			if rest := choices.ReplaceAllString(msg, ""); strings.ContainsAny(rest, "{|}") {
				t.Errorf("%s %q has a brace too many: %s", l.locale, key, msg)
			}
		}
		for n := range 2_000_001 {
			if n > 1000 && n%1000 > 1 {
				continue
			}
			if form := l.plural(n); !slices.Contains(l.plurals, form) {
				t.Fatalf("%s has no form for %d, which CLDR calls %d", l.locale, n, form)
			}
		}
	}
}

// polish has what the languages of reports lack: three plural forms, which CLDR calls one, few and
// many, cases after numbers and prepositions, and months in the genitive.
func polish() *language {
	return &language{
		locale:  "pl",
		plurals: []plural.Form{plural.One, plural.Few, plural.Many},
		weekdays: [7]string{
			"niedziela", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota",
		},
		onWeekdays: [7]string{
			"w niedzielę", "w poniedziałek", "we wtorek",
			"w środę", "w czwartek", "w piątek", "w sobotę",
		},
		months: [12]string{
			"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
			"lipca", "sierpnia", "września", "października", "listopada", "grudnia",
		},
		texts: map[Key]string{
			AtMost:           "najwyżej %s",
			ChatCount:        "{1|%d czat|%d czaty|%d czatów}",
			DateDayOnly:      "%s",
			DateDayMonth:     "%s %s",
			DateDayMonthYear: "%s %s %s",
			DateWeekday:      "%s %s",
			DateWeekdays:     "%s – %s",
			RatingsCount:     "%[1]d z {2|%[2]d oceny|%[2]d ocen|%[2]d ocen}",
			InsightClosed: "{1|Użytkownik poprosił o rozmowę z człowiekiem raz poza godzinami pracy." +
				"|Użytkownicy poprosili o rozmowę z człowiekiem %d razy poza godzinami pracy." +
				"|Użytkownicy poprosili o rozmowę z człowiekiem %d razy poza godzinami pracy.}",
			PortfolioVolume: "%[1]s u %[2]d z {3|%[3]d bota|%[3]d botów|%[3]d botów}",
			PortfolioMoreAtMost: "i {1|%[1]d bot|%[1]d boty|%[1]d botów} więcej, po najwyżej " +
				"{2|%[2]d czacie|%[2]d czaty|%[2]d czatów}",
		},
	}
}

// A language with other forms than the languages of reports is one value of language.
func TestSay_ThreePluralForms(t *testing.T) {
	w := polish().wording()
	for n, want := range map[int]string{
		0: "0 czatów", 1: "1 czat", 2: "2 czaty", 4: "4 czaty", 5: "5 czatów", 12: "12 czatów",
		21: "21 czatów", 22: "22 czaty", 112: "112 czatów", 123: "123 czaty",
		10_000: "10\u00a0000 czatów",
	} {
		if got := w.Say(ChatCount, n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct{ what, got, want string }{
		{"a bound selects as its number", w.Say(ChatCount, UpTo(22)), "najwyżej 22 czaty"},
		{"the second of two numbers", w.Say(RatingsCount, 1, 1), "1 z 1 oceny"},
		{"its other form", w.Say(RatingsCount, 1, 22), "1 z 22 ocen"},
		{"two numbers, two selections", w.Say(PortfolioMoreAtMost, 1, 5),
			"i 1 bot więcej, po najwyżej 5 czatów"},
		{"the other way round", w.Say(PortfolioMoreAtMost, 5, 2),
			"i 5 botów więcej, po najwyżej 2 czaty"},
		{"a sentence with a word for one", w.Say(InsightClosed, 1),
			"Użytkownik poprosił o rozmowę z człowiekiem raz poza godzinami pracy."},
		{"a day as a time", w.OnWeekday(time.Tuesday), "we wtorek"},
		{"a month in the genitive", w.WeekdayDates(at, at.AddDate(0, 0, 6)),
			"poniedziałek 23 – niedziela 29 listopada 2026"},
		{"a missing message is English", w.Say(MoverGone), english.wording().Say(MoverGone)},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %q, want %q", tc.what, tc.got, tc.want)
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?(.)`)

// arguments returns the arguments of a form, from 1, and their verbs.
func arguments(form string) (map[int]string, error) {
	all, n := make(map[int]string), 0
	for _, m := range verb.FindAllStringSubmatch(form, -1) {
		if m[2] == "%" {
			continue
		}
		n++
		switch {
		case m[2] != "s" && m[2] != "d":
			return nil, fmt.Errorf("%s is neither %%s nor %%d", m[0])
		case m[1] != "":
			n, _ = strconv.Atoi(m[1])
		case strings.Contains(form, "%["):
			return nil, errors.New("some arguments have a number and some not")
		}
		if all[n] != "" && all[n] != m[2] {
			return nil, fmt.Errorf("argument %d is a text and a number", n)
		}
		all[n] = m[2]
	}
	return all, nil
}

// The last form of a message has the arguments of English. Another form may say as a word the
// number that selects it.
func TestLanguages_ArgumentsAreThoseOfEnglish(t *testing.T) {
	for _, l := range all() {
		for key, msg := range l.texts {
			want, err := arguments(inEnglish(key))
			if key == DateHour || err != nil { // an hour is 09 or 9
				continue
			}
			forms := formsOf(msg)
			for i, form := range forms {
				got, err := arguments(form)
				for _, n := range selecting(msg) {
					if i < len(forms)-1 && got[n] == "" && want[n] != "" {
						got[n] = want[n]
					}
				}
				if err != nil || !maps.Equal(got, want) {
					t.Errorf("%s %q: %q has the arguments %v, %v, in English %v", l.locale, key,
						form, got, err, want)
				}
			}
		}
	}
}

// What a person types is the same in every language, except for a week: package reference tests that.
func TestLanguages_CommandsAreNotTranslated(t *testing.T) {
	command := regexp.MustCompile("`[^`]*`")
	for _, l := range all() {
		for key, msg := range l.texts {
			forms := formsOf(msg)
			for _, form := range forms {
				got := command.FindAllString(form, -1)
				want := command.FindAllString(inEnglish(key), -1)
				if key != SlashUsageWeek && !slices.Equal(got, want) {
					t.Errorf("%s %q: %s, in English %s", l.locale, key, got, want)
				}
			}
		}
	}
}

// The layout is the edition's: a message has no space around it, and ends as the English one does.
func TestLanguages_MessagesEndAsInEnglish(t *testing.T) {
	for _, l := range languages {
		for key, msg := range l.texts {
			if strings.HasPrefix(string(key), "compact.") || key == DateDayOnly || key == PercentagePoints || key == WholePoints || key == TermPercentage || key == ColumnMessages { // which languages abbreviate
				continue
			}
			forms := formsOf(msg)
			for _, form := range forms {
				if form != strings.TrimSpace(form) || strings.Contains(form, "  ") {
					t.Errorf("%s %q has a space too many: %q", l.locale, key, form)
				}
				for _, end := range []string{".", ":", "?"} {
					if strings.HasSuffix(form, end) != strings.HasSuffix(inEnglish(key), end) {
						t.Errorf("%s %q ends otherwise than English: %q", l.locale, key, form)
					}
				}
			}
		}
	}
}

func TestLanguages_Numbers(t *testing.T) {
	for _, tc := range []struct{ locale, count, percent, change, points, axis, axis2 string }{
		{"en", "8,031", "5.6%", "−1,234.6%", "+1.4 points", "12.5k", "3.4M"},
		{"nb", "8 031", "5,6 %", "−1 234,6 %", "+1,4 prosentpoeng", "12,5k", "3,4 mill."},
		{"sv", "8 031", "5,6 %", "−1 234,6 %", "+1,4 procentenheter", "12,5 tn", "3,4 mn"},
		{"da", "8.031", "5,6 %", "−1.234,6 %", "+1,4 procentpoint", "12,5 t", "3,4 mio."},
		{"de", "8.031", "5,6 %", "−1.234,6 %", "+1,4 %-Pkt.", "12,5 Tsd.", "3,4 Mio."},
	} {
		w := in(t, tc.locale)
		for got, want := range map[string]string{
			w.Count(8031): tc.count, w.Percent(0.056): tc.percent, w.Change(-12.3456): tc.change, w.Points(1.4): tc.points,
			w.Compact(12500): tc.axis, w.Compact(3.4e6): tc.axis2,
		} {
			if strings.Contains(got, " ") && tc.locale != "en" {
				t.Errorf("%s: a line may break inside %q", tc.locale, got)
			}
			if got = strings.ReplaceAll(got, "\u00a0", " "); got != want {
				t.Errorf("%s: %q, want %q", tc.locale, got, want)
			}
		}
	}
}

func TestLanguages_Dates(t *testing.T) {
	tuesday := time.Date(2026, 11, 10, 8, 2, 0, 0, time.UTC)
	for _, tc := range []struct{ locale, day, weekday, at, dates, months, short, years, hour, list string }{
		{"en", "Tue 10", "Tuesday 10 November 2026", "10 November 2026, 08:02", "10–16 November", "29 June – 5 July", "29 Jun – 5 Jul",
			"28 December 2026 – 3 January 2027", "09:00", "a, b and c"},
		{"nb", "tir 10", "tirsdag 10. november 2026", "10. november 2026 kl. 08.02", "10.–16. november", "29. juni – 5. juli", "29. juni – 5. juli",
			"28. desember 2026 – 3. januar 2027", "09.00", "a, b og c"},
		{"sv", "tis 10", "tisdag 10 november 2026", "10 november 2026 kl. 08:02", "10–16 november", "29 juni – 5 juli", "29 juni – 5 juli",
			"28 december 2026 – 3 januari 2027", "09:00", "a, b och c"},
		{"da", "tir 10", "tirsdag den 10. november 2026", "10. november 2026 kl. 08.02", "10.–16. november", "29. juni – 5. juli", "29. juni – 5. juli",
			"28. december 2026 – 3. januar 2027", "09.00", "a, b og c"},
		{"de", "Di 10", "Dienstag, 10. November 2026", "10. November 2026, 08:02 Uhr", "10.–16. November", "29. Juni – 5. Juli", "29. Jun – 5. Jul",
			"28. Dezember 2026 – 3. Januar 2027", "09:00", "a, b und c"},
	} {
		w := in(t, tc.locale)
		day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
		for _, texts := range [][2]string{
			{w.Day(tuesday), tc.day}, {w.WeekdayDate(tuesday), tc.weekday}, {w.Time(tuesday), tc.at},
			{w.Dates(tuesday, day(2026, 11, 16)), tc.dates}, {w.Dates(day(2026, 6, 29), day(2026, 7, 5)), tc.months},
			{w.DatesShort(day(2026, 6, 29), day(2026, 7, 5)), tc.short}, {w.Dates(day(2026, 12, 28), day(2027, 1, 3)), tc.years},
			{w.Hour(9), tc.hour}, {w.List([]string{"a", "b", "c"}), tc.list},
		} {
			if got := strings.ReplaceAll(texts[0], "\u00a0", " "); got != texts[1] {
				t.Errorf("%s: %q, want %q", tc.locale, got, texts[1])
			}
		}
	}
}

func TestChatCount(t *testing.T) {
	for locale, want := range map[string][2]string{
		"en": {"1 chat", "0 chats"}, "nb": {"1 samtale", "0 samtaler"}, "sv": {"1 chatt", "0 chattar"},
		"da": {"1 samtale", "0 samtaler"}, "de": {"1 Chat", "0 Chats"},
	} {
		w := in(t, locale)
		if got := [2]string{w.Say(ChatCount, 1), w.Say(ChatCount, 0)}; got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}

// Each day and each month has a name, and no two have the same.
func TestLanguages_Calendars(t *testing.T) {
	for _, l := range all() {
		for _, names := range [][]string{
			l.weekdays[:], l.onWeekdays[:], l.weekdaysShort[:], l.months[:], l.monthsShort[:],
		} {
			seen := make(map[string]bool)
			for _, name := range names {
				if name == "" || seen[name] {
					t.Errorf("%s: %q is missing or twice in %q", l.locale, name, names)
				}
				seen[name] = true
			}
		}
	}
}

func TestPseudo(t *testing.T) {
	w := in(t, Pseudo)
	for _, texts := range [][2]string{
		{w.Say(ChatCount, 8031), "[8,031 çĥáţš~~]"},
		{w.Say(SlashUsageLast, "/kindly-report"), "[`/kindly-report BOT` šéñðš ýóú ţĥé ŕéþóŕţ óƒ ţĥé ļášţ çómþļéţé ŵééķ~~~~~~~~~~~~~~~~]"},
		{w.Weekday(time.Monday), "Móñðáý"}, {w.Percent(0.1), "10.0%"}, {w.Say(DateRange, "a", "b"), "a – b"},
	} {
		if texts[0] != texts[1] {
			t.Errorf("%q, want %q", texts[0], texts[1])
		}
	}
	if slices.Contains(Locales(), Pseudo) {
		t.Error("a configuration can name Pseudo")
	}
}

// What people type is in lower case, and each language has some of it.
func TestLanguages_WhatPeopleType(t *testing.T) {
	for _, l := range languages {
		for field, words := range map[string][]string{"names": l.names, "week": l.week, "last": l.last} {
			if len(words) == 0 {
				t.Errorf("%s has no %s", l.locale, field)
			}
			for _, word := range words {
				if word != strings.ToLower(word) || word != strings.TrimSpace(word) {
					t.Errorf("%s: %q of %s is not in lower case, or has spaces around it", l.locale, word, field)
				}
			}
		}
		if got := LocaleOf(l.names[0]); got != l.locale {
			t.Errorf("LocaleOf(%q) = %q, want %q", l.names[0], got, l.locale)
		}
	}
}

func TestLocaleOf(t *testing.T) {
	for name, want := range map[string]string{
		"nb": "nb", "Norsk": "nb", "DK": "da", "tysk": "de", "us": "en", "fi": "", "": "",
	} {
		if got := LocaleOf(name); got != want {
			t.Errorf("LocaleOf(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestWeekdayOf(t *testing.T) {
	for name, want := range map[string]time.Weekday{
		"mandag": time.Monday, "MÅNDAG": time.Monday, "Di": time.Tuesday, "tors": time.Thursday, "Sun": time.Sunday,
	} {
		if got, ok := WeekdayOf(name); !ok || got != want {
			t.Errorf("WeekdayOf(%q) = %s, %v, want %s", name, got, ok, want)
		}
	}
	if got, ok := WeekdayOf("poniedziałek"); ok {
		t.Errorf("WeekdayOf of a language that is not listed is %s", got)
	}
}
