package config

import (
	"strings"
	"testing"
)

func TestParseDestination(t *testing.T) {
	for s, want := range map[string]Destination{
		"slack:C024BE91L":       {Medium: Slack, To: "C024BE91L", When: Always},
		"slack:D024BE91L":       {Medium: Slack, To: "D024BE91L", When: Always},
		"mail:kari@example.com": {Medium: Mail, To: "kari@example.com", When: Always},
	} {
		if got, err := ParseDestination(s); err != nil || got != want {
			t.Errorf("%s: %+v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "slack", "slack:", "slack:#ops", "slack:kari@example.com",
		"mail:C024BE91L", "mail:Kari <kari@example.com>", "fax:12", "C024BE91L"} {
		if got, err := ParseDestination(s); err == nil || !strings.Contains(err.Error(),
			"slack:C024BE91L") {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
}
