package alerting_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/delivery"
)

// when returns at what times a notice was told whose subject begins so.
func (s *story) when(subject string) (all []string) {
	for _, told := range s.phone.told {
		if at, text, _ := strings.Cut(told, "\n"); strings.HasPrefix(text, subject) {
			all = append(all, at)
		}
	}
	return all
}

// What people have to cure they are told at once; what passes only when it has not for an hour.
func TestTold_WhenThereIsARemedy(t *testing.T) {
	for name, c := range map[string]struct {
		fails *delivery.Failure
		at    string
	}{
		"with a remedy": {invite, "Mon 08:00 to C0ACMEOPS1"},
		"without": {&delivery.Failure{Err: errors.New("the app is not in #help (C0HELP0001)"),
			Cause: invite.Cause}, "Mon 09:00 to C0ACMEOPS1"},
	} {
		tell(t, map[string]string{"acme": acme}, func(s *story) {
			s.worker(at("C0HELP0001", c.fails))
			s.ticks(2 * time.Hour)
			if got := s.when("The app is not in #help (C0HELP0001)"); len(got) != 1 ||
				got[0] != c.at {
				s.Errorf("%s: told %q, want %q", name, got, c.at)
			}
		})
	}
}

// An ops channel that waits for people, since the app was not invited, is told of as one that is
// dead is. One that fails in passing is not.
func TestTold_OpsChannelThatWaitsForPeople(t *testing.T) {
	config := strings.Replace(acme, "C0ACMEOPS1}",
		"C0ACMEOPS1, recipients: ops@example.com}\nmail: {from: weekly@example.com}", 1)
	for name, c := range map[string]struct {
		cure string
		told int
	}{"with a remedy": {"invite the app", 1}, "without": {"", 0}} {
		tell(t, map[string]string{"acme": config}, func(s *story) {
			s.phone.fails["C0ACMEOPS1"] = &delivery.Failure{Err: errors.New("the app is not in #ops"), Remedy: c.cure}
			s.worker(at("C0SHOP0001", archived))
			s.ticks(time.Hour)
			if got := s.when("Ops cannot be notified at slack:C0ACMEOPS1, because the app is not in #ops"); len(got) != c.told {
				s.Errorf("%s: told %q, want %d", name, got, c.told)
			}
		})
	}
}

// The receipt of a Monday waits for its last bot that sends.
func TestReceipt_WaitsForTheLastBot(t *testing.T) {
	evening := func(more string) string {
		return strings.Replace(acme, "{id: help,", "{id: help, send: {time: 18:00},"+more, 1)
	}
	for name, c := range map[string]struct{ config, at string }{
		"paused":     {evening(" paused: true,"), "Mon 10:00 to C0ACMEOPS1"},
		"not paused": {evening(""), "Mon 18:00 to C0ACMEOPS1"},
		"on Thursdays": {strings.Replace(acme, "{id: help,", "{id: help, send: {day: thursday},",
			1), "Mon 10:00 to C0ACMEOPS1"},
		"sent nowhere": {strings.Replace(evening(""), ", channels: [C0HELP0001, C0SHOP0001]", "",
			1), "Mon 10:00 to C0ACMEOPS1"},
	} {
		tell(t, map[string]string{"acme": c.config}, func(s *story) {
			for range 12 {
				s.worker(all(nil))
				s.ticks(time.Hour)
			}
			if got := s.when("Receipt for acme, week 2026-W46"); len(got) != 1 || got[0] != c.at {
				s.Errorf("%s: told %q, want %q", name, got, c.at)
			}
		})
	}
}
