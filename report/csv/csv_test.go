package csv_test

import (
	"bytes"
	stdcsv "encoding/csv"
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/csv"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// draw returns the file's rows, after checking what is true of the whole file.
func draw(t *testing.T, r *figures.Report) [][]string {
	t.Helper()
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	data := csv.CSV(r, s)
	if again := csv.CSV(r, s); !bytes.Equal(data, again) {
		t.Error("not the same bytes for the same report")
	}
	table, marked := bytes.CutPrefix(data, []byte("\ufeff"))
	if !marked {
		t.Error("no byte order mark")
	}
	if lf, crlf := bytes.Count(table, []byte("\n")),
		bytes.Count(table, []byte("\r\n")); lf != crlf {
		t.Errorf("of %d lines %d end in CRLF", lf, crlf)
	}
	rows, err := stdcsv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(rows[0], ","),
		"bot,week,section,per,date,hour,item,detail,measure,value,last_week,note,at_most"; got != want {
		t.Fatalf("columns %s, want %s", got, want)
	}
	return rows[1:]
}

// The golden files have neither byte order mark nor CR, so that they can be read; nor the summary's
// sentences, which TestSentences holds.
func TestGolden(t *testing.T) {
	for name, r := range map[string]*figures.Report{
		"tiny": figurestest.Tiny(), "unavailable": figurestest.Unavailable(),
		"hostile": figurestest.Hostile(),
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			w := stdcsv.NewWriter(&b)
			for _, row := range draw(t, r) {
				section, item := row[2], row[6]
				if section == "about" && item == "" || name == "hostile" && item == "" {
					continue
				}
				if err := w.Write(row); err != nil {
					t.Fatal(err)
				}
			}
			w.Flush()
			golden := "testdata/" + name + ".csv"
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// The verdict, the notices and the provenance are at the end.
func TestSentences(t *testing.T) {
	r := figurestest.New()
	r.Repeated = []figures.Repeated{{Section: figures.SectionMessages, Points: 1}}
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"verdict: " + s.Headline}
	var got []string
	for _, row := range draw(t, r) {
		if row[2] == "about" {
			got = append(got, row[8]+": "+row[11])
		}
	}
	for _, notice := range s.Notices {
		want = append(want, "notice: "+notice)
	}
	for _, line := range s.Provenance {
		want = append(want, "source: "+line)
	}
	if len(s.Notices) == 0 {
		t.Error("the case has no notices to show")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// gaps reports whether any number of a section is not known.
func gaps(r *figures.Report, section string) bool {
	return slices.ContainsFunc(r.Unavailable,
		func(u figures.Unavailable) bool { return u.Section == section }) ||
		slices.ContainsFunc(r.Contradictions,
			func(c figures.Contradiction) bool { return c.Section == section })
}

// The numbers are the report's: days add up to the week, and 84 days and 12 weeks are there, and
// those of a year ago where they are known.
func TestNumbers(t *testing.T) {
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) {
			totals, sums, count := map[string]int{}, map[string]int{}, map[string]int{}
			for _, row := range draw(t, r) {
				section, per, date, measure, value := row[2], row[3], row[4], row[8], row[9]
				if measure != "count" || section != "chats" && section != "messages" {
					continue
				}
				n, err := strconv.Atoi(value)
				if value == "" && gaps(r, section) {
					n, err = 0, nil
				}
				if err != nil {
					t.Fatal(row)
				}
				count[section+per]++
				switch thisWeek := date >= r.Period.From.String(); {
				case thisWeek && per == "week":
					totals[section] = n
				case thisWeek && per == "day":
					sums[section] += n
				}
			}
			want := map[string]int{"chats": r.Chats.Total, "messages": r.Messages.Total}
			if diff := cmp.Diff(want, sums); diff != "" {
				t.Errorf("sums of days, -want +got:\n%s", diff)
			}
			for section, v := range map[string]figures.Volume{"chats": r.Chats.Volume,
				"messages": r.Messages} {
				if !v.This().Known() {
					want[section] = 0 // a sum of some days is no week's
				}
			}
			if diff := cmp.Diff(want, totals); diff != "" {
				t.Errorf("totals, -want +got:\n%s", diff)
			}
			for key, want := range map[string]int{"chatsday": 84, "messagesday": 84,
				"chatsweek": 12, "messagesweek": 12} {
				if r.YearAgo != nil {
					want += want / 12
				}
				if count[key] != want {
					t.Errorf("%d rows of %s, want %d", count[key], key, want)
				}
			}
			checkCells(t, draw(t, r))
		})
	}
}

// What is ordinary, the targets and what was special stand in the file, by the names that
// report.json gives them.
func TestNotices_ComparedWeeks(t *testing.T) {
	has := func(rows [][]string, want ...string) {
		t.Helper()
		for _, row := range rows {
			if strings.Join(row[2:10], "|") == strings.Join(want, "|") {
				return
			}
		}
		t.Errorf("no row %q", want)
	}
	rows := draw(t, figurestest.Busy())
	has(rows, "ordinary", "week", "2026-11-09", "", "chats", "", "median", "6555")
	has(rows, "ordinary", "day", "2026-11-12", "", "messages", "", "median", "4566")
	has(rows, "targets", "week", "2026-11-09", "", "fallback_rate", "", "limit", "0.1")
	has(rows, "targets", "week", "2026-11-09", "", "fallback_rate", "missed", "value", "0.118")
	has(rows, "targets", "week", "2026-11-09", "", "fallback_rate", "missed", "weeks", "12")
	has(rows, "chats", "week", "2025-11-10", "", "", "", "count", "6422")
	has(rows, "fallbacks", "day", "2026-08-24", "", "", "", "count", "485")
	has(draw(t, figurestest.Special()), "special", "day", "2026-11-09", "", "Andre pinsedag",
		"holiday", "days", "1")
}

// A missing value is an empty cell and a true zero is 0.
func TestCSV_MissingIsNotZero(t *testing.T) {
	find := func(rows [][]string, section, measure string) (value, last string) {
		t.Helper()
		for _, row := range rows {
			if row[2] == section && row[3] == "week" && row[8] == measure &&
				row[4] == "2026-11-09" {
				return row[9], row[10]
			}
		}
		t.Fatalf("no row %s %s", section, measure)
		return "", ""
	}
	empty, unavailable, fresh := draw(t, figurestest.Empty()), draw(t, figurestest.Unavailable()),
		draw(t, figurestest.New())
	for _, c := range []struct {
		what             string
		rows             [][]string
		section, measure string
		value, last      string
	}{
		{"no chats", empty, "chats", "count", "0", "35"},
		{"no fallbacks without chats", empty, "fallbacks", "count", "0", "10"},
		{"no rate without messages", empty, "fallbacks", "rate", "", "0.1"},
		{"Sage did not answer", unavailable, "fallbacks", "count", "", ""},
		{"Sage did not answer", unavailable, "handovers", "requests", "", ""},
		{"history begins within last week", fresh, "fallbacks", "count", "90", ""},
	} {
		if value, last := find(c.rows, c.section, c.measure); value != c.value || last != c.last {
			t.Errorf("%s: %s %s is %q, last week %q; want %q, %q", c.what, c.section, c.measure,
				value, last, c.value, c.last)
		}
	}
}

// Columns of texts and of numbers.
var texts, numbers = []int{0, 1, 2, 3, 4, 6, 7, 8, 11}, []int{5, 9, 10}

// checkCells holds that no cell runs as a formula, whatever a spreadsheet skips before it, and that
// numbers are plain.
func checkCells(t *testing.T, rows [][]string) {
	t.Helper()
	for _, row := range rows {
		for _, i := range texts {
			if strings.ContainsFunc(row[i], unicode.IsControl) {
				t.Errorf("a control character in %q", row[i])
			}
			// which separates cells too, in half of Europe
			for cell := range strings.SplitSeq(row[i], ";") {
				visible := strings.TrimLeftFunc(cell, func(c rune) bool {
					return unicode.In(c, unicode.Z, unicode.C, unicode.Cf) || unicode.IsSpace(c)
				})
				for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
					if strings.HasPrefix(visible, sign) {
						t.Errorf("%q runs as a formula", row[i])
					}
				}
			}
		}
		for _, i := range numbers {
			if row[i] == "" {
				continue
			}
			if _, err := strconv.ParseFloat(row[i], 64); err != nil ||
				strings.Trim(row[i], "0123456789.") != "" {
				t.Errorf("%q is no plain number", row[i])
			}
		}
	}
}

// Whatever people call things, the file reads back, and nothing in it runs.
func FuzzNames(f *testing.F) {
	for _, name := range figurestest.Names() {
		f.Add(name, "x")
		f.Add("x", " "+name)
	}
	for _, name := range []string{"\ufeff=1", "\u200b\u00a0+1", "\ufe0f=1", "\u2800=1", "\u3164@x",
		"＝1", "'=1", "\t-1", "\r\n@x", "\"=1", ",=1", "\u2028=1", "\x00=1", "\xff=1",
		"a; =cmd|' /C calc'!A0;b"} {
		f.Add(name, name)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		r := figurestest.Tiny()
		r.Bot.Name = a
		r.Labels = []figures.Label{{ID: b, Text: a, Count: 1}}
		r.Buttons = []figures.Button{{Text: a, Dialogue: b, Count: 1}}
		r.Pages = []figures.Page{{Host: a, Path: b, Sessions: 1}}
		r.Unavailable = append(r.Unavailable,
			figures.Unavailable{Section: figures.SectionHours, Reason: b})
		checkCells(t, draw(t, r))
	})
}

// The number of a page that was added up may be less, and a formula can see which.
func TestCSV_AtMost(t *testing.T) {
	page := func(path string, n int) figures.Page {
		return figures.Page{Host: "shop.example", Path: path, Sessions: n, Messages: n}
	}
	a := figurestest.BusyAnswers()
	a.Pages.This.Value = []figures.Page{page("/a?u=1", 9), page("/a?u=2", 8), page("/b?u=1", 7),
		page("/c?u=1", 3), page("/c?u=2", 3), page("/d", 5)}
	a.Pages.Previous.Value = []figures.Page{page("/b?u=3", 6), page("/b?u=4", 5), page("/c?u=1", 3),
		page("/c?u=2", 3), page("/d", 5)}
	a.Labels.This.Value = []figures.Label{{ID: "7", Text: "Returns", Count: 2},
		{ID: "12", Text: "Returns", Count: 1}}
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range draw(t, r) {
		if row[2] == "pages" && row[8] == "sessions" || row[2] == "labels" {
			got = append(got, strings.Join([]string{row[7], row[9], row[10], row[12]}, ","))
		}
	}
	want := []string{"/a,17,0,value", "/b,7,11,last_week", "/c,6,6,value last_week", "/d,5,5,",
		"7 12,3,,"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What looks like a date or a number stands in the file as it was typed, and what would run as a
// formula does not.
func TestCSV_NamesAsTyped(t *testing.T) {
	a := figurestest.BusyAnswers()
	a.Labels.This.Value = nil
	typed := []string{"1/2", "00123", "2-3", "1E5", "3,50", "TRUE", "12:30", "=1+1",
		"+47 22 33 44 55", "-1", "@sum", "＝1+1", " =2+2", "a;=1+1", "\t=1"}
	for i, text := range typed {
		a.Labels.This.Value = append(a.Labels.This.Value,
			figures.Label{ID: strconv.Itoa(i), Text: text, Count: 100 - i})
	}
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range draw(t, r) {
		if row[2] == "labels" {
			got = append(got, row[6])
		}
	}
	want := []string{"1/2", "00123", "2-3", "1E5", "3,50", "TRUE", "12:30", "'=1+1",
		"'+47 22 33 44 55", "'-1", "'@sum", "'＝1+1", "' =2+2", "a;'=1+1", "' =1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
