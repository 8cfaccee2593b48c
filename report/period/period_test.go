package period

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct{ name, from, to, err string }{
		{name: "2026-W46", from: "2026-11-09", to: "2026-11-16"},
		{name: "2026-W01", from: "2025-12-29", to: "2026-01-05"}, // begins in the year before
		{name: "2026-W53", from: "2026-12-28", to: "2027-01-04"}, // a year of 53 weeks
		{name: "2021-W01", from: "2021-01-04", to: "2021-01-11"}, // 1 January belongs to 2020-W53
		{name: "2025-W53", err: "there is no week 53 in 2025: its weeks are 1 to 52"},
		{name: "2026-W00", err: "there is no week 0 in 2026: its weeks are 1 to 53"},
		{name: "2026-W54", err: "there is no week 54 in 2026: its weeks are 1 to 53"},
		{name: "2026-46", err: `"2026-46" is not a week such as 2026-W46`},
		{name: "2026-W4", err: `"2026-W4" is not a week such as 2026-W46`},
		{name: " 2026-W46", err: `" 2026-W46" is not a week such as 2026-W46`},
		{name: "", err: `"" is not a week such as 2026-W46`},
	} {
		w, err := Parse(tc.name)
		if tc.err != "" {
			if err == nil || err.Error() != tc.err {
				t.Errorf("Parse(%q): error %v, want %s", tc.name, err, tc.err)
			}
			continue
		}
		if err != nil || w.From().String() != tc.from || w.To().String() != tc.to ||
			w.String() != tc.name {
			t.Errorf("Parse(%q) = %v, %s to %s, %v; want %s to %s", tc.name, w, w.From(), w.To(),
				err, tc.from, tc.to)
		}
	}
}

func TestParseDate_Errors(t *testing.T) {
	for _, s := range []string{"", "2026-02-30", "2026-13-01", "9.11.2026", "2026-11-09T00:00:00"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", s, d)
		}
	}
}

func TestJSON(t *testing.T) {
	type pair struct {
		Week Period
		Date Date
	}
	for _, text := range []string{`{"Week":"2026-W46","Date":"2026-11-09"}`,
		`{"Week":"","Date":""}`} {
		var p pair
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		if got, _ := json.Marshal(p); string(got) != text {
			t.Errorf("%s came back as %s", text, got)
		}
	}
	p := pair{WeekOf(NewDate(2026, time.November, 9)), NewDate(2026, time.November, 9)}
	if err := json.Unmarshal([]byte(`{"Week":"","Date":""}`), &p); err != nil || p != (pair{}) {
		t.Errorf("empty texts give %v, %v", p, err)
	}
	for _, text := range []string{`{"Week":"46"}`, `{"Date":"today"}`} {
		if err := json.Unmarshal([]byte(text), &p); err == nil {
			t.Errorf("%s was taken for %v", text, p)
		}
	}
}

func TestPeriod_Days(t *testing.T) {
	w, err := Parse("2027-W01")
	if err != nil {
		t.Fatal(err)
	}
	monday, sunday := NewDate(2027, time.January, 4), NewDate(2027, time.January, 10)
	if w.From() != monday || w.Last() != sunday || w.To() != sunday.Add(1) || w.Len() != 7 {
		t.Errorf("%v is %v to %v, before %v, %d days", w, w.From(), w.Last(), w.To(), w.Len())
	}
	days := w.Days()
	if len(days) != 7 || days[0] != monday || days[6] != sunday {
		t.Errorf("days %v", days)
	}
	for d, want := range map[Date]bool{
		monday.Add(-1): false, monday: true, sunday: true, sunday.Add(1): false,
	} {
		if w.Has(d) != want {
			t.Errorf("%v has %v: %v", w, d, !want)
		}
	}
}

func TestPeriod_Trail(t *testing.T) {
	for _, tc := range []struct {
		name string
		n    int
		want string
	}{
		{"2027-W02", 4, "[2026-W52 2026-W53 2027-W01 2027-W02]"},
		{"2027-W02", 1, "[2027-W02]"},
		{"2027-W02", 0, "[]"},
	} {
		w, err := Parse(tc.name)
		if got := fmt.Sprint(w.Trail(tc.n)); err != nil || got != tc.want {
			t.Errorf("Trail(%d) of %s is %s, %v; want %s", tc.n, tc.name, got, err, tc.want)
		}
	}
}

func TestPeriod_YearAgo(t *testing.T) {
	for name, want := range map[string]string{
		"2026-W46": "2025-W46",
		"2027-W01": "2026-W01",
		"2026-W53": "2026-W01", // 2025 has 52 weeks
		"2021-W52": "2020-W52",
	} {
		w, err := Parse(name)
		if got := w.YearAgo().String(); err != nil || got != want {
			t.Errorf("a year before %s was %s, %v; want %s", name, got, err, want)
		}
	}
}

func TestLastComplete(t *testing.T) {
	oslo, auckland := zone(t, "Europe/Oslo"), zone(t, "Pacific/Auckland")
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tc := range []struct {
		now  string
		loc  *time.Location
		want string
	}{
		{"2026-11-16T00:00:00+01:00", oslo, "2026-W46"},
		{"2026-11-15T23:59:59+01:00", oslo, "2026-W45"},
		{"2026-11-15T12:00:00Z", auckland, "2026-W46"}, // already Monday there
		{"2027-01-03T12:00:00Z", oslo, "2026-W52"},     // Sunday of 2026-W53
	} {
		if got := LastComplete(at(tc.now), tc.loc); got.String() != tc.want {
			t.Errorf("LastComplete(%s, %s) = %s, want %s", tc.now, tc.loc, got, tc.want)
		}
	}
}

func TestDate_Start_ClocksChange(t *testing.T) {
	for _, tc := range []struct {
		zone, date, start string
		hours             float64
	}{
		{"Europe/Oslo", "2026-03-29", "2026-03-29T00:00:00+01:00", 23},
		{"Europe/Oslo", "2026-10-25", "2026-10-25T00:00:00+02:00", 25},
		{"Europe/Oslo", "2026-11-09", "2026-11-09T00:00:00+01:00", 24},
		// midnight does not come
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00", 23},
		{"America/Santiago", "2026-04-04", "2026-04-04T00:00:00-03:00", 25}, // 23:00 comes twice
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00", 25},   // midnight comes twice
		{"America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00", 23},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00", 23},
		{"Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00:00+10:30", 23.5},
		// changed at 23:30 the day before
		{"Asia/Pyongyang", "2018-05-05", "2018-05-05T00:00:00+09:00", 24},
		{"Asia/Kathmandu", "2026-11-09", "2026-11-09T00:00:00+05:45", 24},
	} {
		d, err := ParseDate(tc.date)
		if err != nil {
			t.Fatal(err)
		}
		loc := zone(t, tc.zone)
		if got := d.Start(loc).Format(time.RFC3339); got != tc.start {
			t.Errorf("%s in %s starts at %s, want %s", tc.date, tc.zone, got, tc.start)
		}
		if got := d.Hours(loc); got != tc.hours {
			t.Errorf("%s in %s has %v hours, want %v", tc.date, tc.zone, got, tc.hours)
		}
	}
}

func TestDate_HoursShown(t *testing.T) {
	for _, c := range []struct {
		date  Date
		zone  string
		other map[int]int // hours that are not shown once
	}{
		{NewDate(2026, time.November, 9), "Europe/Oslo", nil},
		{NewDate(2026, time.March, 29), "Europe/Oslo", map[int]int{2: 0}},
		{NewDate(2026, time.October, 25), "Europe/Oslo", map[int]int{2: 2}},
		// it begins at 01:00
		{NewDate(2026, time.September, 6), "America/Santiago", map[int]int{0: 0}},
		// at midnight clocks go back
		{NewDate(2026, time.April, 4), "America/Santiago", map[int]int{23: 2}},
		// of which half an hour comes twice
		{NewDate(2026, time.April, 5), "Australia/Lord_Howe", map[int]int{1: 2}},
		// half of 02 is skipped
		{NewDate(2026, time.October, 4), "Australia/Lord_Howe", nil},
	} {
		for hour, got := range c.date.HoursShown(zone(t, c.zone)) {
			want, other := c.other[hour]
			if !other {
				want = 1
			}
			if got != want {
				t.Errorf("%s in %s shows %02d:00 %d times, want %d", c.date, c.zone, hour, got,
					want)
			}
		}
	}
}

// From 2015 to 2035, in each zone of the tz database, weeks follow one another without gap or
// overlap, and so do their days. The first instant of a day is on that day, and the instant before
// is not.
func TestWeek_EveryZone(t *testing.T) {
	first, last := WeekOf(NewDate(2015, time.January, 1)), WeekOf(NewDate(2035, time.December, 31))
	zones := allZones(t)
	if len(zones) < 400 {
		t.Fatalf("only %d zones in the tz database", len(zones))
	}
	for _, name := range zones {
		loc := zone(t, name)
		var end time.Time
		for w := first; !last.Next().From().Before(w.To()); w = w.Next() {
			parsed, err := Parse(w.String())
			if err != nil || parsed != w || w.Next().Previous() != w {
				t.Fatalf("%v: Parse gives %v, %v", w, parsed, err)
			}
			from, to := w.Bounds(loc)
			if !end.IsZero() && !from.Equal(end) {
				t.Errorf("%s: %v begins at %v, the week before ended at %v", name, w, from, end)
			}
			end = to
			if h := to.Sub(from).Hours(); h < 7*24-25 || h > 7*24+25 {
				t.Errorf("%s: %v has %v hours", name, w, h)
			}
			begin := from
			for _, d := range w.Days() {
				start := d.Start(loc)
				if !start.Equal(begin) {
					t.Errorf("%s: %v starts at %v, the day before ended at %v", name, d, start,
						begin)
				}
				if got := DateOf(start.In(loc)); got != d {
					t.Errorf("%s: the first instant of %v is on %v", name, d, got)
				}
				if got := DateOf(start.Add(-time.Nanosecond).In(loc)); got == d {
					t.Errorf("%s: %v has begun before its first instant, %v", name, d, start)
				}
				begin = d.Add(1).Start(loc)
			}
		}
	}
	t.Logf("%d zones", len(zones))
}

// allZones lists the zones of Go's tz database, which time/tzdata embeds.
func allZones(t *testing.T) (names []string) {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	database, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time",
		"zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	for _, f := range database.File {
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	return names
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func FuzzParse(f *testing.F) {
	f.Add("2026-W46")
	f.Add("0000-W01")
	f.Add("9999-W53")
	f.Fuzz(func(t *testing.T, name string) {
		if w, err := Parse(name); err == nil && w.String() != name {
			t.Errorf("Parse(%q) prints as %s", name, w)
		}
	})
}
