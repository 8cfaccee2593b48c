package settings

import (
	"context"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/aws/store"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Another process writes between the read and the write.
func TestPush_ConcurrentChangeIsRefused(t *testing.T) {
	ctx := context.Background()
	conf := configuration{store.Folder{Dir: t.TempDir()}, delivery.KeysOf("acme")}
	seen := delivery.Object{} // nothing yet
	for i, texts := range [][2]string{{"first", "also first"}, {"second", "also second"}} {
		if _, number, err := conf.replace(ctx, seen, version{Text: texts[0]}); err != nil ||
			number != i+1 {
			t.Fatalf("%q became version %d: %v", texts[0], number, err)
		}
		if _, _, err := conf.replace(ctx, seen, version{Text: texts[1]}); err == nil ||
			!strings.Contains(err.Error(), "has just changed") {
			t.Errorf("%q went over %q: %v", texts[1], texts[0], err)
		}
		var err error
		if seen, err = conf.now(ctx); err != nil || string(seen.Data) != texts[0] {
			t.Errorf("%q is in force, not %q: %v", seen.Data, texts[0], err)
		}
	}
	versions, err := conf.versions(ctx)
	if err != nil || len(versions) != 2 || versions[0].Text != "first" ||
		versions[1].Text != "second" {
		t.Errorf("the log is %v: %v", versions, err)
	}
}

// now is a Monday morning at which every test takes place.
var now = time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)

func TestNextSend(t *testing.T) {
	for _, tc := range []struct{ name, bot, want string }{
		{"today, in an hour", "send: {time: 09:00}", "Mon 16 Nov 2026 09:00 CET (2026-W46)"},
		{"today, but it has been", "send: {time: 08:00}", "Mon 23 Nov 2026 08:00 CET (2026-W47)"},
		{"on another day", "send: {day: friday}", "Fri 20 Nov 2026 08:00 CET (2026-W46)"},
		{"paused over its time", "paused_until: 2026-11-24",
			"Mon 30 Nov 2026 08:00 CET (2026-W48)"},
		{"paused over the change of clocks", "paused_until: 2027-04-01",
			"Mon 5 Apr 2027 08:00 CEST (2027-W13)"},
		{"paused without an end", "paused: true", "none: paused"},
		{"paused for good", "paused_until: 2099-01-01", "none: paused until 2099-01-01"},
		{"no recipients", "recipients: []", "none: no recipients"},
	} {
		tenant, err := config.Parse("acme.yaml",
			[]byte("defaults: {tz: Europe/Oslo, recipients: kari@example.com}\nbots:\n  - id: bakeri\n    "+tc.bot+"\n"))
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if got := nextSend(tenant.Bots[0].Subject(), now); got != tc.want {
			t.Errorf("%s: %s, not %s", tc.name, got, tc.want)
		}
	}
	tenant, err := config.Parse("acme.yaml", []byte(`
portfolio: {recipients: kari@example.com}
defaults: {tz: Europe/Oslo, channels: C024BE91L}
bots: [{id: bakeri, paused: true}, {id: kiosk, paused_until: 2099-01-01}]`))
	if err != nil {
		t.Fatal(err)
	}
	all, _ := tenant.AllBots()
	if got := nextSend(all, now); got != "none: paused until 2099-01-01" {
		t.Errorf("a portfolio of paused bots: %s", got)
	}
}
