package sagefake

import (
	"testing"
	"time"
)

func TestHolidays(t *testing.T) {
	for date, want := range map[string]struct{ norway, america bool }{
		"2026-01-01": {true, true},
		"2024-03-31": {true, false}, // Easter Sundays, early and late
		"2019-04-21": {true, false},
		"2038-04-25": {true, false},
		"2027-03-29": {true, false}, // Easter Monday
		"2027-03-30": {false, false},
		"2027-03-25": {true, false}, // Maundy Thursday
		"2027-03-24": {false, false},
		"2027-05-06": {true, false}, // Ascension
		"2027-05-17": {true, false}, // the 17th of May, and Whit Monday
		"2027-05-18": {false, false},
		"2026-07-04": {false, true},
		"2026-11-26": {false, true}, // Thanksgiving
		"2026-11-19": {false, false},
		"2026-12-25": {true, true},
		"2026-12-26": {true, false},
	} {
		at, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		norway, america := norwegianHoliday(at.Date()), americanHoliday(at.Date())
		if norway != want.norway || america != want.america {
			t.Errorf("%s: in Norway %t, in America %t, want %t and %t", date, norway, america,
				want.norway, want.america)
		}
	}
}
