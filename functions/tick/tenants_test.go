package tick_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/tick"
	"kindlyweekly/report/delivery"
)

// What became of one report cannot be read: the tenant's others are queued all the same, and what
// is too late is missed.
func TestTick_OneUnreadableRecord(t *testing.T) {
	const two = acme + "  - {id: help, name: Kundeservice, channels: C0ACMECH02}\n"
	for name, test := range map[string]struct {
		when   string
		counts tick.Counts
		queued string
	}{
		"due": {"2026-11-16 08:00", tick.Counts{Tenants: 1, Queued: 1, Failed: 1},
			"acme/help/2026-W46"},
		"too late": {"2026-11-19 08:15", tick.Counts{Tenants: 1, Missed: 1, Failed: 1}, ""},
	} {
		w := begin(t)
		w.config("acme", two)
		w.queues("2026-11-13 12:00", "")
		w.store.Plant("acme/ledger/2026-W46/nettbutikk/slack-C0ACMECH01.json", []byte("{}"))
		w.store.fails = func(method, key string) error {
			if method == "get" && strings.HasPrefix(key, "acme/ledger/2026-W46/nettbutikk/") {
				return errors.New("S3 answered 503")
			}
			return nil
		}
		w.clock = at(test.when)
		counts, err := w.Handle(t.Context(), tick.Tick{Time: w.clock})
		var queued []string
		for _, j := range w.queued {
			queued = append(queued, j.String())
		}
		var trouble *tick.PartialError
		if got := strings.Join(queued, " "); counts != test.counts || got != test.queued ||
			!errors.As(err, &trouble) {
			t.Errorf("%s: %+v, queued %q, %v; want %+v, %q", name, counts, got, err, test.counts,
				test.queued)
		}
		w.store.fails = func(string, string) error { return nil }
		w.config("acme", two)
	}
}

// Of a tenant of whose configuration no version was ever good everything is known: it has no
// reports. What went on before is over, and the operator's receipt neither waits for it nor names
// it.
func TestTick_TenantWithoutGoodConfiguration(t *testing.T) {
	w := begin(t)
	w.Notifier.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
	w.config("acme", acme)
	w.config("beta", "bots: [{id: nettbutikk, tz: Mars/Olympus}]\n")
	w.queues("2026-11-13 12:00", "")
	w.store.fails = func(_, key string) error {
		if key == "config/beta.yaml" {
			return errors.New("S3 answered 503")
		}
		return nil
	}
	ticks := func(from, to string) (said string) {
		before := len(w.said)
		for now := at(from); !now.After(at(to)); now = now.Add(15 * time.Minute) {
			w.clock = now
			_, _ = w.Handle(t.Context(), tick.Tick{Time: now}) // says so
			w.work(func(d delivery.Delivery) error { return w.done(d) })
		}
		return strings.Join(w.said[before:], "\n")
	}
	if said := ticks("2026-11-13 12:15", "2026-11-13 13:00"); !strings.Contains(said,
		"the tick could not process all of beta") {
		t.Errorf("said %q", said)
	}
	w.store.fails = func(string, string) error { return nil }
	if said := ticks("2026-11-13 13:15", "2026-11-13 14:00"); !strings.Contains(said,
		"Resolved: beta: the tick could not process all of beta") {
		t.Errorf("the trouble goes on; said %q", said)
	}
	if said := ticks("2026-11-16 07:45", "2026-11-16 23:45"); !strings.Contains(said,
		"Receipt for week 2026-W46") || strings.Contains(said, "No receipt") {
		t.Errorf("the operator's receipt is not there on Monday, or names beta; said %q", said)
	}
}

// Another tick is at what is too late of one tenant, and conflicts. What is too late of the other
// is recorded and marked.
func TestMissed_ConflictOfAnotherTenant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the ledger waits between its tries
		w := twoTenants(t)
		w.store.fails = func(method, key string) error {
			if method == "put" && strings.HasPrefix(key, "acme/ledger/2026-W46/") {
				return delivery.ErrConflict
			}
			return nil
		}
		w.clock = at("2026-11-19 08:00")
		counts, err := w.Handle(t.Context(), tick.Tick{Time: w.clock})
		if want := (tick.Counts{Tenants: 2, Missed: 1, Failed: 1}); counts != want ||
			!errors.Is(err, delivery.ErrConflict) {
			t.Errorf("%+v, %v; want %+v", counts, err, want)
		}
		// the marker, and that it is wrong
		for tenant, want := range map[string]int{"acme": 0, "beta": 2} {
			if marks, err := w.store.List(t.Context(), tenant+"/done/"); err != nil ||
				len(marks) != want {
				t.Errorf("%s: %q, %v", tenant, marks, err)
			}
		}
		w.store.fails = func(string, string) error { return nil }
		if queued, missed := w.tick("2026-11-19 08:15"); queued != "" || missed != 1 {
			t.Errorf("then queued %q, missed %d", queued, missed)
		}
	})
}
