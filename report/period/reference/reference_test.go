package reference

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"kindlyweekly/report/wording"
)

// Monday 16 November 2026, in week 47. The last complete week is 46, 9 to 15 November.
func TestParseAt(t *testing.T) {
	for want, spellings := range map[string]string{
		"2026-W46": `last|Last|LAST WEEK|last week.|previous week|previous|"last week"
			siste uke|sist uke|forrige uke|Forrige Uke|forrige|siste|førre veke|siste veke
			förra veckan|forra veckan|Förra veckan|FÖRRA VECKAN|senaste veckan
			sidste uge|forrige uge|seneste uge|Sidste uge,
			letzte Woche|letzter Woche|vorige Woche|vergangene Woche|Vorwoche
			46|46.|46,| 46 |４６
			W46|w46|w 46|w.46|W. 46|wk46|wk 46|wk. 46|week 46|Week46|WEEK 46|Ｗ４６
			uke 46|uke46|Uke 46.|UKE 46|u46|u. 46|veke 46
			vecka 46|Vecka46|v46|v 46|v.46|v. 46|V. 46,
			uge 46|Uge46|UGE 46
			Woche 46|woche46|KW 46|kw46|KW. 46|Kalenderwoche 46
			2026-W46|2026-w46|2026W46|2026w46|2026 W46|2026 w 46|2026–W46|２０２６－Ｗ４６|` + "`2026-W46`" + `
			2026-46|2026/46|2026 46|2026 uke 46|2026-KW46|2026, week 46
			46/2026|46-2026|46 2026|46, 2026|46 / 2026|W46/2026|KW 46/2026|uke 46 2026|vecka 46, 2026|week 46, 2026.
			2026-11-09|2026-11-11|2026-11-15|2026/11/11|2026.11.11|２０２６－１１－１１
			11.11.2026|9.11.2026|09.11.2026|15.11.2026.|11. 11. 2026|11/11/2026|13/11/2026|11/13/2026|13-11-2026`,
		"2026-W01": "1|01|w1|W01|uke 1|v. 1|2026-W1|2026W01|week 1 2026|KW 1/2026|2025-12-29|1.1.2026",
		"2026-W07": "7|07|uke 7|uke 07|7.|2026-W7|2026 W07|uke 7/2026",
		"2025-W47": "2025-W47|47/2025|2025 47",
		"2025-W48": "48|uke 48", // this year's is still to come
		"2020-W53": "53|KW 53|2020-W53|53/2020|1.1.2021|2020-12-31",
		"2000-W01": "2000-W01|W1 2000|2000-01-03",
	} {
		for line := range strings.Lines(spellings) {
			for text := range strings.SplitSeq(strings.Trim(line, "\t\n"), "|") {
				if text == "" {
					continue
				}
				if got, err := ParseAt(text, monday, time.UTC); err != nil || got.String() != want {
					t.Errorf("ParseAt(%q) = %v, %v; want %s", text, got, err, want)
				}
			}
		}
	}
}

var monday = time.Date(2026, time.November, 16, 0, 0, 0, 0, time.UTC)

func TestParseAt_Errors(t *testing.T) {
	const notOver = "2026-W47 is not over: it ends on Monday 23 November 2026 at 00:00 UTC; the last complete week is 2026-W46"
	for _, tc := range []struct{ text, want string }{
		{"47", notOver + "; week 47 before that is 2025-W47"},
		{"uke 47", notOver + "; week 47 before that is 2025-W47"},
		{"2026-W47", notOver},
		{"2026-11-16", notOver},
		{"22.11.2026", notOver},
		{"2026-W48", "2026-W48 is not over: it ends on Monday 30 November 2026 at 00:00 UTC; the last complete week is 2026-W46"},
		{"9999-W52", "9999-W52 is not over: it ends on Monday 3 January 10000 at 00:00 UTC; the last complete week is 2026-W46"},

		{"0", "there is no week 0: weeks are 1 to 53"},
		{"uke 00", "there is no week 0: weeks are 1 to 53"},
		{"54", "there is no week 54: weeks are 1 to 53"},
		{"99", "there is no week 99: weeks are 1 to 53"},
		{"2025-W53", "there is no week 53 in 2025: its weeks are 1 to 52"},
		{"53/2025", "there is no week 53 in 2025: its weeks are 1 to 52"},
		{"2026-W54", "there is no week 54 in 2026: its weeks are 1 to 53"},
		{"2026-00", "there is no week 0 in 2026: its weeks are 1 to 53"},
		{"2026-02-30", "there is no day 2026-02-30"},
		{"2026-13-01", "there is no day 2026-13-01"},
		{"31.11.2026", "there is no day 31.11.2026"},
		{"11.13.2026", "there is no day 11.13.2026"}, // points put the day first
		{"30/02/2026", "there is no day 30/02/2026"},

		{"1999-W52", "1999-W52 is before 2000-W01, the first week that can be asked for"},
		{"46/1999", "46/1999 is before 2000-W01, the first week that can be asked for"},
		{"0000-W01", "0000-W01 is before 2000-W01, the first week that can be asked for"},
		{"1026-W46", "1026-W46 is before 2000-W01, the first week that can be asked for"},
		{"1999-11-11", "1999-11-11 is before 2000-W01, the first week that can be asked for"},
		// a Sunday in 1999-W52
		{"2000-01-02", "2000-01-02 is before 2000-W01, the first week that can be asked for"},
		{"0000-01-02", "0000-01-02 is before 2000-W01, the first week that can be asked for"},

		{"2026-07", `"2026-07" is unclear: write 2026-W07`},
		{"7/2026", `"7/2026" is unclear: write 2026-W07`},
		{"2026 7", `"2026 7" is unclear: write 2026-W07`},
		{"11-2026", `"11-2026" is unclear: write 2026-W11`},
		{"11/12/2025", `"11/12/2025" is unclear: write 2025-12-11 or 2025-11-12`},
		{"11-12-2025", `"11-12-2025" is unclear: write 2025-12-11 or 2025-11-12`},
		{"11.11.", `"11.11." is unclear: write 2026-11-11`},
		{"17.11", `"17.11" is unclear: write 2025-11-17`}, // this year's is tomorrow
		{"29.2.", `"29.2." is unclear: write 2024-02-29`},
		{"11/12", `"11/12" is unclear: write 2025-12-11 or 2026-11-12`},
		{"11.11.26", `"11.11.26" is unclear: write 2026-11-11`},
		{"26-11-12", `"26-11-12" is unclear: write 2012-11-26 or 2026-11-12`},
	} {
		if got, err := ParseAt(tc.text, monday, time.UTC); err == nil || err.Error() != tc.want {
			t.Errorf("ParseAt(%q) = %v, %v; want the error %s", tc.text, got, err, tc.want)
		}
	}
}

// Words and numbers that can be part of a bot's name, and forms that are unclear.
func TestParse_NotAWeek(t *testing.T) {
	for _, text := range []string{"", " ", ".", "week", "uke", "kw.", "w", "first", "lastly",
		"blast", "next week", "this week", "today", "the day before",
		"046", "146", "4217", "2026", "202646", "20261111", "2026-W", "2026-W461", "10000-W01",
		"12026-W46", "-46", "+46", "4 6", "4.6.1", "46%", "46/26",
		"46.2026", "W-46", "46W", "46 uke", "46 share", "uke 46 uke 46", "46 46", "2026-11/11",
		"11.11/2026", "32.12", "11.11.2026.12", "11 November 2026",
		"last 46", "last week 46", "weeks 46", "butikk46", "x46", "٤٦", "四六", "\xff46"} {
		if r, err := Parse(text); err == nil {
			w, err := r.At(monday, time.UTC)
			t.Errorf("Parse(%q) is taken for a week: %v, %v", text, w, err)
		}
	}
	_, err := ParseAt("next week", monday, time.UTC)
	const want = `"next week" is not a week: write 46, W46, week 46, 2026-W46, 46/2026, a day such as 2026-11-11, or last`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// The forms that errors list are understood.
func TestForms(t *testing.T) {
	for _, form := range strings.Split(strings.NewReplacer("a day such as ", "", "or ",
		"").Replace(Forms), ", ") {
		if got, err := ParseAt(form, monday, time.UTC); err != nil || got.String() != "2026-W46" {
			t.Errorf("ParseAt(%q) = %v, %v", form, got, err)
		}
	}
}

// On a Monday morning the last complete week depends on the zone.
func TestReference_At_Zone(t *testing.T) {
	oslo, auckland, honolulu := zone(t, "Europe/Oslo"), zone(t, "Pacific/Auckland"),
		zone(t, "Pacific/Honolulu")
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.November, day, hour, minute, 0, 0, time.UTC)
	}
	for _, tc := range []struct {
		text string
		now  time.Time
		loc  *time.Location
		want string
	}{
		{"last", at(15, 22, 59), oslo, "2026-W45"}, // Sunday, 23:59
		{"last", at(15, 23, 0), oslo, "2026-W46"},
		{"last", at(16, 7, 0), oslo, "2026-W46"},
		{"last", at(16, 9, 59), honolulu, "2026-W45"},
		{"last", at(16, 10, 0), honolulu, "2026-W46"},
		{"last", at(15, 11, 0), auckland, "2026-W46"},
		{"46", at(15, 22, 59), oslo,
			"2026-W46 is not over: it ends on Monday 16 November 2026 at 00:00 CET; the last complete week is 2026-W45; week 46 before that is 2025-W46"},
		{"46", at(15, 23, 0), oslo, "2026-W46"},
		{"2026-11-15", at(15, 23, 0), oslo, "2026-W46"},
		{"2026-11-16", at(15, 23, 0), oslo,
			"2026-W47 is not over: it ends on Monday 23 November 2026 at 00:00 CET; the last complete week is 2026-W46"},
		{"2026-11-15", at(16, 9, 59), honolulu,
			"2026-W46 is not over: it ends on Monday 16 November 2026 at 00:00 HST; the last complete week is 2026-W45"},
		{"53", time.Date(2027, time.January, 4, 8, 0, 0, 0, time.UTC), oslo, "2026-W53"},
		{"1", time.Date(2027, time.January, 4, 8, 0, 0, 0, time.UTC), oslo,
			"2027-W01 is not over: it ends on Monday 11 January 2027 at 00:00 CET; the last complete week is 2026-W53; week 1 before that is 2026-W01"},
	} {
		got, err := ParseAt(tc.text, tc.now, tc.loc)
		if said := fmt.Sprint(got); err == nil && said != tc.want || err != nil &&
			err.Error() != tc.want {
			t.Errorf("%s at %s in %s: %v, %v; want %s", tc.text, tc.now, tc.loc, got, err, tc.want)
		}
	}
}

// Any week that is returned is complete, not before FirstYear, and its name means the same week.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"46", "uke 46", "2026-W46", "11.11.2026", "11/12", "last week",
		"29.2.", "0000-00-00", "9999-W53", "31/12/99"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		w, err := r.At(monday, time.UTC)
		if err != nil {
			if err.Error() == "" || !w.IsZero() {
				t.Fatalf("%q: %v, %v", text, w, err)
			}
			return
		}
		year, _ := w.ISO()
		again, err := ParseAt(w.String(), monday, time.UTC)
		if year < FirstYear || w.To().Start(time.UTC).After(monday) || err != nil || again != w {
			t.Errorf("%q is %v, which is %v, %v", text, w, again, err)
		}
	})
}

// The spellings that the slash command's help shows are understood, in every language.
func TestParseAt_Help(t *testing.T) {
	command := regexp.MustCompile("`[^`]*`")
	for _, locale := range wording.Locales() {
		words, err := wording.For(locale)
		if err != nil {
			t.Fatal(err)
		}
		help := words.Say(wording.SlashUsageWeek, "/report", "2026-W46", "2026-11-11")
		shown := command.FindAllString(help, -1)
		if len(shown) != 6 || shown[0] != "`/report BOT 46`" {
			t.Errorf("%s shows %q", locale, shown)
			continue
		}
		for _, text := range shown[1:] {
			if got, err := ParseAt(text, monday, time.UTC); err != nil || got.String() != "2026-W46" {
				t.Errorf("%s: ParseAt(%q) = %v, %v", locale, text, got, err)
			}
		}
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}
