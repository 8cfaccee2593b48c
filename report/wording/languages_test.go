package wording

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/period"
)

func in(t *testing.T, locale string) *Wording {
	t.Helper()
	w, err := For(locale)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// A message that a language lacks would be said in English, and one that English lacks by nobody.
func TestEveryLanguageSaysEverything(t *testing.T) {
	for _, locale := range Locales() {
		l, _ := find(locale)
		for _, key := range slices.Sorted(maps.Keys(english)) {
			if l.messages[key] == nil {
				t.Errorf("%s lacks %q: %s", locale, key, english[key].other)
			}
		}
		for key := range l.messages {
			if english[key] == nil {
				t.Errorf("%s has %q, which English has not", locale, key)
			}
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-z%])`)

// arguments lists which arguments a form says and as what: {1: s, 2: d}.
func arguments(form string) map[string]string {
	said := make(map[string]string)
	next := 1
	for _, m := range verb.FindAllStringSubmatch(form, -1) {
		switch {
		case m[2] == "%":
		case m[1] != "":
			said[m[1]] = m[2]
		default:
			said[fmt.Sprint(next)] = m[2]
			next++
		}
	}
	return said
}

// hours may be said as 09 or as 9, and once may be said as a word.
var freer = []Key{DateHour}

func TestEveryLanguageTakesTheArgumentsOfEnglish(t *testing.T) {
	for _, locale := range append(Locales(), Pseudo) {
		l, _ := find(locale)
		for key, msg := range l.messages {
			if slices.Contains(freer, key) || english[key] == nil {
				continue
			}
			en := english[key]
			if msg.by != en.by {
				t.Errorf("%s %q chooses its form by argument %d, English by %d", locale, key, msg.by, en.by)
			}
			if got, want := arguments(msg.other), arguments(en.other); !maps.Equal(got, want) {
				t.Errorf("%s %q says %v, English %v", locale, key, got, want)
			}
			if got, want := arguments(msg.one), arguments(en.one); !maps.Equal(got, want) {
				t.Errorf("%s %q says of one %v, English %v", locale, key, got, want)
			}
			// Once an argument is named by its place, those after it have to be.
			for _, form := range []string{msg.one, msg.other} {
				if strings.Contains(form, "%[") && regexp.MustCompile(`%[a-z]`).MatchString(form) {
					t.Errorf("%s %q names some arguments by their place and some not: %s", locale, key, form)
				}
			}
		}
	}
}

// What is typed is the same in every language, and so is what marks it. A week may be written in the language's own way.
func TestCommandsAreNotTranslated(t *testing.T) {
	typed := regexp.MustCompile("`[^`]*`")
	now := time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC) // the last week is 47
	week := func(command string) string {
		w, err := period.ParseWeek(strings.Trim(command, "`"), now, time.UTC)
		if err != nil {
			return command
		}
		return "`" + w.String() + "`"
	}
	for _, locale := range append(Locales(), Pseudo) {
		l, _ := find(locale)
		for key, msg := range l.messages {
			got := typed.ReplaceAllStringFunc(strings.Join(typed.FindAllString(msg.other, -1), " "), week)
			if want := typed.ReplaceAllStringFunc(strings.Join(typed.FindAllString(english[key].other, -1), " "), week); got != want {
				t.Errorf("%s %q: %s, in English %s", locale, key, got, want)
			}
		}
	}
}

// A message is laid out by others: it brings no space or line of its own, and ends as the English one does.
func TestMessagesEndAsInEnglish(t *testing.T) {
	for _, locale := range Locales() {
		l, _ := find(locale)
		for key, msg := range l.messages {
			if strings.HasPrefix(string(key), "compact.") || key == PercentagePoints || key == TermPercentage || key == ColumnMessages { // which languages abbreviate
				continue
			}
			for _, forms := range [][2]string{{msg.one, english[key].one}, {msg.other, english[key].other}} {
				if forms[0] != strings.TrimSpace(forms[0]) || strings.Contains(forms[0], "  ") {
					t.Errorf("%s %q has a space too many: %q", locale, key, forms[0])
				}
				for _, end := range []string{".", ":", "?"} {
					if strings.HasSuffix(forms[0], end) != strings.HasSuffix(forms[1], end) {
						t.Errorf("%s %q ends otherwise than English: %q", locale, key, forms[0])
					}
				}
			}
		}
	}
}

func TestNumbersOfEachLanguage(t *testing.T) {
	for _, tc := range []struct{ locale, count, percent, change, points, axis, axis2 string }{
		{"en", "8,031", "5.6%", "−1,234.6%", "+1.4 pp", "12.5k", "3.4M"},
		{"nb", "8 031", "5,6 %", "−1 234,6 %", "+1,4 pp", "12,5k", "3,4 mill."},
		{"sv", "8 031", "5,6 %", "−1 234,6 %", "+1,4 p.e.", "12,5 tn", "3,4 mn"},
		{"da", "8.031", "5,6 %", "−1.234,6 %", "+1,4 pp", "12,5k", "3,4 mio."},
		{"de", "8.031", "5,6 %", "−1.234,6 %", "+1,4 PP", "12,5 Tsd.", "3,4 Mio."},
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

func TestDatesOfEachLanguage(t *testing.T) {
	tuesday := time.Date(2026, 11, 10, 8, 2, 0, 0, time.UTC)
	for _, tc := range []struct{ locale, day, weekday, at, dates, months, short, years, hour, list string }{
		{"en", "Tue 10", "Tuesday 10 November 2026", "10 November 2026, 08:02", "10–16 November", "29 June – 5 July", "29 Jun – 5 Jul",
			"28 December 2026 – 3 January 2027", "09:00", "a, b and c"},
		{"nb", "tir 10", "tirsdag 10. november 2026", "10. november 2026 kl. 08.02", "10.–16. november", "29. juni – 5. juli", "29. juni – 5. juli",
			"28. desember 2026 – 3. januar 2027", "09", "a, b og c"},
		{"sv", "tis 10", "tisdag 10 november 2026", "10 november 2026 kl. 08:02", "10–16 november", "29 juni – 5 juli", "29 juni – 5 juli",
			"28 december 2026 – 3 januari 2027", "09", "a, b och c"},
		{"da", "tir 10", "tirsdag den 10. november 2026", "10. november 2026 kl. 08.02", "10.–16. november", "29. juni – 5. juli", "29. juni – 5. juli",
			"28. december 2026 – 3. januar 2027", "09", "a, b og c"},
		{"de", "Di 10", "Dienstag, 10. November 2026", "10. November 2026, 08:02 Uhr", "10.–16. November", "29. Juni – 5. Juli", "29. Juni – 5. Juli",
			"28. Dezember 2026 – 3. Januar 2027", "9", "a, b und c"},
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

func TestPluralsOfEachLanguage(t *testing.T) {
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

// Every name of a day and a month is there, and none is there twice.
func TestCalendars(t *testing.T) {
	for _, locale := range append(Locales(), Pseudo) {
		l, _ := find(locale)
		for _, names := range [][]string{l.names.weekdays[:], l.names.weekdaysShort[:], l.names.months[:], l.names.monthsShort[:]} {
			seen := make(map[string]bool)
			for _, name := range names {
				if name == "" || seen[name] {
					t.Errorf("%s: %q is missing or stands twice in %q", locale, name, names)
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
		t.Error("a configuration may name the language of tests")
	}
}
