package config_test

import (
	"testing"

	"kindlyweekly/report/config"
)

func TestFindZone(t *testing.T) {
	for _, test := range []struct {
		typed, zone string
		usable      bool
	}{
		{"Europe/Oslo", "Europe/Oslo", true},
		{" europe/oslo\n", "Europe/Oslo", true},
		{"Oslo", "Europe/Oslo", true},
		{"new york", "America/New_York", true},
		{"America/new york", "America/New_York", true},
		{"kolkata", "Asia/Kolkata", true},
		{"utc", "UTC", true},
		{"Etc/UTC", "Etc/UTC", true},
		{"CET", "CET", true}, // changes its clocks as places do

		// Likely, so a person has to say yes.
		{"Norway", "Europe/Oslo", false},
		{"Sverige", "Europe/Stockholm", false},
		{"Bergen", "Europe/Oslo", false},
		{"Osl", "Europe/Oslo", false},
		{"Europe/Olso", "Europe/Oslo", false},
		{"EST", "America/New_York", false},
		{"Istanbul", "Asia/Istanbul", false}, // Europe/Istanbul, too
		{"pst", "America/Los_Angeles", false},

		{"", "", false},
		{"UTC+1", "", false},
		{"Local", "", false},
		{"the moon", "", false},
		{"../../etc/passwd", "", false},
	} {
		if zone, usable := config.FindZone(test.typed); zone != test.zone || usable != test.usable {
			t.Errorf("%q: %q, %v; want %q, %v", test.typed, zone, usable, test.zone, test.usable)
		}
	}
}
