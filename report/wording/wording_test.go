package wording

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestNumbers(t *testing.T) {
	w := in(t, "en")
	for _, tc := range []struct{ what, got, want string }{
		{"a count", w.Count(0), "0"},
		{"thousands", w.Count(8031), "8,031"},
		{"a huge count", w.Count(math.MaxInt64), "9,223,372,036,854,775,807"},
		{"a percentage", w.Percent(0.118), "11.8%"},
		{"a percentage keeps its decimal", w.Percent(0.12), "12.0%"},
		{"a percentage rounds half up", w.Percent(0.1185), "11.9%"},
		{"a negative nothing", w.Percent(-0.0001), "0.0%"},
		{"no decimals", w.Percent0(0.7371), "74%"},
		{"more", w.Change(0.054), "+5.4%"},
		{"less, with a true minus", w.Change(-0.2), "−20.0%"},
		{"neither", w.Change(0.0004), "±0.0%"},
		{"neither, from below", w.Change(-0.0004), "±0.0%"},
		{"much more", w.Change(12.3456), "+1,234.6%"},
		{"points", w.Points(1.4), "+1.4 points"},
		{"points down", w.Points(-0.26), "−0.3 points"},
		{"no points", w.Points(0.04), "±0.0 points"},
		{"an axis", w.Compact(1500), "1,500"},
		{"an axis of thousands", w.Compact(12500), "12.5k"},
		{"an axis of millions", w.Compact(3.4e6), "3.4M"},
		{"an axis beyond reason", w.Compact(9.2e18), "9,200qn"},
		{"an axis just below a million", w.Compact(999_949), "999.9k"},
		{"an axis that rounds to a million", w.Compact(999_950), "1M"},
		{"an axis just below ten thousand", w.Compact(9999), "9,999"},
		{"an axis of fractions", w.Compact(0.5), "0.5"},
	} {
		if got := strings.ReplaceAll(tc.got, "\u00a0", " "); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.what, got, tc.want)
		}
	}
}

func TestDates(t *testing.T) {
	w := in(t, "en")
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, tc := range []struct{ first, last, dates, withYear, short string }{
		{"2026-11-09", "2026-11-15", "9–15 November", "9–15 November 2026", "9–15 Nov"},
		{"2026-06-29", "2026-07-05", "29 June – 5 July", "29 June – 5 July 2026", "29 Jun – 5 Jul"},
		{"2026-12-28", "2027-01-03", "28 December 2026 – 3 January 2027", "28 December 2026 – 3 January 2027", "28 Dec – 3 Jan"},
	} {
		first, last := day(tc.first), day(tc.last)
		if got := w.Dates(first, last); got != tc.dates {
			t.Errorf("Dates = %q, want %q", got, tc.dates)
		}
		if got := w.DatesYear(first, last); got != tc.withYear {
			t.Errorf("DatesYear = %q, want %q", got, tc.withYear)
		}
		if got := w.DatesShort(first, last); got != tc.short {
			t.Errorf("DatesShort = %q, want %q", got, tc.short)
		}
	}
	at := day("2026-11-16").Add(8*time.Hour + 2*time.Minute)
	for _, tc := range []struct{ got, want string }{
		{w.Day(at), "Mon 16"},
		{w.DayMonth(at), "16 Nov"},
		{w.WeekdayDate(at), "Monday 16 November 2026"},
		{w.Time(at), "16 November 2026, 08:02"},
		{w.Hour(9), "09:00"},
		{w.List(nil), ""},
		{w.List([]string{"web"}), "web"},
		{w.List([]string{"web", "app", "test"}), "web, app and test"},
	} {
		if tc.got != tc.want {
			t.Errorf("%q, want %q", tc.got, tc.want)
		}
	}
}

func TestPlurals(t *testing.T) {
	w := in(t, "en")
	for n, want := range map[int]string{0: "0 chats", 1: "1 chat", 2: "2 chats", 1001: "1,001 chats"} {
		if got := w.Say(ChatCount, n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got, want := w.Say(Ratings, 1, 1), "1 of 1 rating positive"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestFor_Locales(t *testing.T) {
	want := `there is no wording for the locale "tlh": there is ` + strings.Join(Locales(), ", ")
	if _, err := For("tlh"); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if w, err := For(""); err != nil || w.Locale() != Default {
		t.Errorf("no locale: %v", err)
	}
}

// Each key has a message, and each message a key.
func TestKeys_HaveMessages(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "en.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := make(map[Key]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != "Key" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		if declared[Key(value)] {
			t.Errorf("two keys are called %q", value)
		}
		declared[Key(value)] = true
		return true
	})
	if len(declared) < 100 {
		t.Fatalf("only %d keys found in en.go", len(declared))
	}
	for key := range declared {
		if english.texts[key] == "" {
			t.Errorf("English has no message %q", key)
		}
	}
	for key := range english.texts {
		if !declared[key] {
			t.Errorf("English has a message %q that no key names", key)
		}
	}
}

func TestSentence(t *testing.T) {
	for s, want := range map[string]string{"nobody wrote": "Nobody wrote", "åpent": "Åpent", "8,031": "8,031", "": "", "\xff": "\xff"} {
		if got := in(t, "en").Sentence(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// A text that a person typed is an argument, and its verbs have no meaning.
func TestSay_ArgumentsAreNotFormats(t *testing.T) {
	got := in(t, "en").Say(InsightLabelNew, "100%d %s %[9]v", 3)
	if want := "Label “100%d %s %[9]v” was added 3 times, and not once the week before."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
