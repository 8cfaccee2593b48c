package holidays_test

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine
	"unicode"

	"golang.org/x/text/language"

	"kindlyweekly/report/holidays"
	"kindlyweekly/report/period"
)

func date(t *testing.T, s string) period.Date {
	t.Helper()
	d, err := period.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// between lists holidays as "2026-05-17 Grunnlovsdag", one to a line.
func between(t *testing.T, country, from, to string) string {
	t.Helper()
	var lines []string
	for _, h := range holidays.Between(country, date(t, from), date(t, to)) {
		lines = append(lines, h.Date.String()+" "+h.Name)
	}
	return strings.Join(lines, "\n")
}

func TestBetween(t *testing.T) {
	for _, c := range []struct{ what, country, from, to, want string }{
		{"a year in Norway", "NO", "2026-01-01", "2027-01-01", `
2026-01-01 Første nyttårsdag
2026-04-02 Skjærtorsdag
2026-04-03 Langfredag
2026-04-05 Første påskedag
2026-04-06 Andre påskedag
2026-05-01 Arbeidernes dag
2026-05-14 Kristi Himmelfartsdag
2026-05-17 Grunnlovsdag
2026-05-24 Første pinsedag
2026-05-25 Andre pinsedag
2026-12-25 Første juledag
2026-12-26 Andre juledag`},
		{"Whit Sunday in Denmark", "DK", "2026-05-18", "2026-05-25", "\n2026-05-24 Pinsedag"},
		{"two on a day", "NO", "2008-05-01", "2008-05-02", "\n2008-05-01 Arbeidernes " +
			"dag\n2008-05-01 Kristi Himmelfartsdag"},
		{"the end is exclusive", "NO", "2026-05-17", "2026-05-17", "\n"},
		{"the first day is inclusive", "NO", "2026-05-17", "2026-05-18",
			"\n2026-05-17 Grunnlovsdag"},
		{"over New Year", "NO", "2026-12-26", "2027-01-02",
			"\n2026-12-26 Andre juledag\n2027-01-01 Første nyttårsdag"},
		{"eves are no public holidays", "SE", "2026-12-21", "2026-12-28",
			"\n2026-12-25 Juldagen\n2026-12-26 Annandag jul"},
		{"a bank holiday is one", "GB", "2026-08-24", "2026-09-07",
			"\n2026-08-31 Summer Bank Holiday"},
		{"a Saturday, observed on the Friday before", "US", "2026-06-29", "2026-07-06",
			"\n2026-07-03 Independence Day\n2026-07-04 Independence Day"},
		{"New Year's Day, observed in the year before", "US", "2021-12-27", "2022-01-03",
			"\n2021-12-31 New Year's Day\n2022-01-01 New Year's Day"},
		{"one year only", "GB", "2023-05-01", "2023-05-15", "\n2023-05-01 Early May\n2023-05-08 " +
			"Coronation of King Charles III"},
		{"not the holidays of one state", "AU", "2026-10-01", "2026-12-26",
			"\n2026-12-25 Christmas Day"},
		{"no country", "ZZ", "2026-01-01", "2027-01-01", "\n"},
	} {
		if got := "\n" + between(t, c.country, c.from, c.to); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
	}
}

// Every country is one, and has holidays in every year, in their order, with names that can be
// printed.
func TestCountries(t *testing.T) {
	countries := holidays.Countries()
	if !slices.IsSorted(countries) || len(countries) < 30 || !slices.Contains(countries, "NO") {
		t.Errorf("countries: %q", countries)
	}
	for _, country := range countries {
		region, err := language.ParseRegion(country)
		if err != nil || !region.IsCountry() || region.Canonicalize().String() != country {
			t.Errorf("%s is no country", country)
		}
		for year := 2024; year < 2032; year++ {
			all := holidays.Between(country, period.NewDate(year, time.January, 1),
				period.NewDate(year+1, time.January, 1))
			if len(all) < 5 || len(all) > 40 {
				t.Errorf("%s has %d holidays in %d: %v", country, len(all), year, all)
			}
			for i, h := range all {
				if h.Date.UTC().Year() != year || i > 0 && h.Date.Before(all[i-1].Date) {
					t.Errorf("%s: %v in the list of %d", country, h, year)
				}
				if strings.TrimSpace(h.Name) == "" || strings.ContainsFunc(h.Name,
					unicode.IsControl) {
					t.Errorf("%s: the name %q of %s", country, h.Name, h.Date)
				}
			}
		}
	}
}

// The machine's zone does not matter. In Paraguay, 3 October 1999 had no midnight: it began at
// 01:00.
func TestBetween_ZoneOfTheMachine(t *testing.T) {
	if os.Getenv("TZ") == "America/Asuncion" {
		if got, want := between(t, "DE", "1999-10-01",
			"1999-10-31"), "1999-10-03 Tag der Deutschen Einheit"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		return
	}
	again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), "TZ=America/Asuncion")
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("in Asuncion: %v\n%s", err, out)
	}
}

func ExampleBetween() {
	for _, h := range holidays.Between("NO", period.NewDate(2026, time.May, 11),
		period.NewDate(2026, time.May, 18)) {
		fmt.Println(h.Date, h.Name)
	}
	// Output:
	// 2026-05-14 Kristi Himmelfartsdag
	// 2026-05-17 Grunnlovsdag
}
