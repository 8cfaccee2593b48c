package tick_test

import (
	"errors"
	"strings"
	"testing"

	"kindlyweekly/report/delivery"
)

// A tick writes of which Slack team each tenant is, after it has queued what is due. If it cannot
// write it, it warns and does everything else, and the next tick writes it.
func TestTick_IndexOfTeams(t *testing.T) {
	for _, c := range []struct {
		what    string
		fails   func(method string) error // of the index
		written bool
	}{
		{"written", func(string) error { return nil }, true},
		{"the read fails", func(method string) error {
			return map[string]error{"get": errors.New("S3 answered 503")}[method]
		}, false},
		{"the write fails", func(method string) error {
			return map[string]error{"put": errors.New("S3 answered 503")}[method]
		}, false},
		{"a panic", func(string) error { panic("a fault") }, false},
	} {
		w := begin(t)
		w.config("acme", "slack: {team: T0ACME001}\n"+acme)
		w.queues("2026-11-13 12:00", "")
		w.store.Expire(func(key string) bool { return key == delivery.TeamsKey })
		w.store.fails = func(method, key string) error {
			if key != delivery.TeamsKey {
				return nil
			}
			if len(w.queued) == 0 {
				t.Errorf("%s: %s before the jobs are queued", c.what, method)
			}
			return c.fails(method)
		}
		written := func() bool {
			o, err := w.store.Memory.Get(t.Context(), delivery.TeamsKey)
			return err == nil && strings.Contains(string(o.Data), "T0ACME001")
		}
		w.queues("2026-11-16 08:00", "acme/nettbutikk/2026-W46")
		if got := written(); got != c.written {
			t.Errorf("%s: written %v", c.what, got)
		}
		warnings := 1
		if c.written {
			warnings = 0
		}
		w.logs("the index of Slack teams is not saved", warnings)
		w.logs(`"level":"ERROR"`, 0)

		w.store.fails = func(string, string) error { return nil }
		w.queues("2026-11-16 08:15", "acme/nettbutikk/2026-W46")
		if !written() {
			t.Errorf("%s: the next tick has not written it", c.what)
		}
	}
}

// A tick writes the index if it has changed, and not otherwise.
func TestTick_IndexIsWrittenOnce(t *testing.T) {
	w := begin(t)
	puts := 0
	w.store.fails = func(method, key string) error {
		if method == "put" && key == delivery.TeamsKey {
			puts++
		}
		return nil
	}
	for _, c := range []struct {
		when, file string
		want       int
	}{
		{"2026-11-13 12:00", "slack: {team: T0ACME001}\n" + acme, 1},
		{"2026-11-13 12:15", "", 0},
		{"2026-11-13 12:30", "slack: {team: T0ACME002}\n" + acme, 1},
		{"2026-11-13 12:45", "", 0},
		{"2026-11-13 13:00", "slack: {team: T0ACME003}\n", 1}, // mistakes
		{"2026-11-13 13:15", "", 0},
	} {
		puts = 0
		if c.file != "" {
			w.config("acme", c.file)
		}
		w.queues(c.when, "")
		if puts != c.want {
			t.Errorf("%s: %d writes, want %d", c.when, puts, c.want)
		}
	}
}
