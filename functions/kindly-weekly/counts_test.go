package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/tick"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

// Every state that a delivery of week 46 can be in, by its channel: what is done about it, an
// outcome for each try, the first one of the plan and the others by hand; and how it counts on the
// Monday afternoon and after the time to catch up.
var everyState = []struct{ channel, tries, monday, thursday string }{
	{"C0SENT0001", "sent", "delivered", "delivered"},
	{"C0LACKS001", "lacks", "delivered", "delivered"},
	{"C0FOLLOWS1", "follows", "delivered", "delivered"},
	{"C0NEVER001", "never", "failed", "failed"},
	{"C0BOUNCED1", "bounced", "failed", "failed"},
	{"C0WAITS001", "waits", "waiting", "failed"},
	{"C0UNTRIED1", "", "waiting", "failed"},
	{"C0SKIPPED1", "skipped", "skipped", "skipped"},
	{"C0MADEGOOD", "never sent", "delivered", "delivered"},
	{"C0WAITGOOD", "waits sent", "delivered", "delivered"},
	{"C0AGAINNEV", "never never", "failed", "failed"},
	// it arrived, whatever became of the second one
	{"C0SENTNEVE", "sent never", "delivered", "delivered"},
	{"C0LACKSNEV", "lacks never", "delivered", "delivered"},  // likewise
	{"C0NEVERLAC", "never lacks", "delivered", "delivered"},  // it is there, though without its PDF
	{"C0GAPS0001", "gaps", "incomplete", "incomplete"},       // sent, and its chats are not known
	{"C0GAPSSENT", "gaps sent", "delivered", "delivered"},    // and again when they were
	{"C0GAPSNEVE", "gaps never", "incomplete", "incomplete"}, // in vain
	{"C0NEVERGAP", "never gaps", "incomplete", "incomplete"},
	{"C0SENTGAPS", "sent gaps", "incomplete", "incomplete"}, // what arrived last
	{"C0SKIPNEVE", "skipped never", "skipped", "skipped"},   // not wanted
	// of a destination that was taken out and put back
	{"C0NEWTRIED", "never", "failed", "failed"},
	{"C0NEWWAITS", "waits", "failed", "failed"}, // likewise, and not retried
	// of a destination that was not known then
	{"C0NEWNOTHI", "", "", ""},
}

// What the other bots add.
var otherBots = map[string]struct{ config, monday, thursday string }{
	// after it was sent
	"rested": {"{id: rested, channels: C024BE91L, paused: true}", "delivered", "delivered"},
	"paused": {"{id: paused, channels: C024BE91L, paused: true}", "", ""},
	// its record cannot be read
	"broken": {"{id: broken, channels: C024BE91L}", "waiting", "waiting"},
	"later":  {"{id: later, channels: C024BE91L, send: {day: tuesday}}", "", "failed"},
}

// The receipt and status count the same deliveries, each once and alike, at whatever instant both
// are asked.
func TestStatus_CountsLikeTheReceipt(t *testing.T) {
	for name, tc := range map[string]struct {
		at       string
		thursday bool
		tuesday  bool   // there is a bot that sends then, so that the overview falls due then too
		earlier  string // what else fell due since the receipt before
	}{
		"Monday, when the receipt waits no more": {"2026-11-16T15:00:00Z", false, false, ""},
		"the same with a bot that sends later": {"2026-11-16T15:00:00Z", false, true,
			"3 due, 1 delivered, 2 failed"}, // the overview was missed
		"after the time to catch up": {"2026-11-20T15:00:00Z", true, true,
			"3 due, 1 delivered, 2 failed"},
	} {
		t.Run(name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, tc.at)
			if err != nil {
				t.Fatal(err)
			}
			c := newCounting(t, tc.tuesday)
			want := alerting.Counts{}
			count := func(monday, thursday string) {
				what := monday
				if tc.thursday {
					what = thursday
				}
				if what == "incomplete" {
					what = "delivered"
					want.Gaps++
				}
				if what != "" {
					want.Due++
					*map[string]*int{"delivered": &want.Delivered, "failed": &want.Failed,
						"waiting": &want.Waiting, "skipped": &want.Skipped}[what]++
				}
			}
			for _, s := range everyState {
				count(s.monday, s.thursday)
			}
			for id, b := range otherBots {
				if id != "later" || tc.tuesday {
					count(b.monday, b.thursday)
				}
			}
			for range 2 { // the places of the overview, which waits for bots until it is missed
				if !tc.tuesday {
					count("waiting", "failed")
				} else {
					count("", "failed")
				}
			}

			var before, receipt, earlier string
			// the first tick after an outage may be in doubt
			for _, c.now = range []time.Time{at, at.Add(15 * time.Minute)} {
				before = c.status()
				if receipt, earlier = c.tick(); receipt != "" {
					break
				}
			}
			after := c.status()
			if before != want.String() || receipt != want.String() || after != want.String() {
				t.Errorf("status, the receipt and status after it:\n%s\n%s\n%s\nwant\n%s", before,
					receipt, after, want)
			}
			if earlier != tc.earlier {
				t.Errorf("of earlier weeks: %q, want %q", earlier, tc.earlier)
			}
		})
	}
}

// counting is a deployment in a folder.
type counting struct {
	*testing.T
	cli.Host
	dir    string
	now    time.Time
	ledger *delivery.Ledger
	tenant *config.Tenant
	out    *lockedBuffer
}

var due = time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)

func newCounting(t *testing.T, tuesday bool) *counting {
	var channels, others []string
	for _, s := range everyState {
		channels = append(channels, s.channel)
	}
	for id, b := range otherBots {
		if id != "later" || tuesday {
			others = append(others, "  - "+b.config)
		}
	}
	text := "ops: {channels: C0ACMEOPS1}\nmail: {from: weekly@example.com}\nportfolio: {name: All, channels: C0BOSSES01, recipients: boss@example.com}\n" +
		"defaults: {tz: Europe/Oslo}\nbots:\n  - {id: states, channels: [" +
		strings.Join(channels, ", ") + "]}\n" + strings.Join(others, "\n") + "\n"
	c := &counting{T: t}
	c.dir, c.Host, c.out, _ = deployed(t, text, func(*http.Request) {})
	c.Host.Now = func() time.Time { return c.now }
	c.ledger = &delivery.Ledger{Store: store.Folder{Dir: c.dir}, Now: c.Host.Now}
	var err error
	if c.tenant, err = config.Parse("config/acme.yaml", []byte(text)); err != nil {
		t.Fatal(err)
	}

	// All is known for long, but for two channels that were put back after the reports fell due,
	// and one that is new.
	c.now = due.AddDate(0, 0, -14)
	_, known := delivery.Plan(c.tenant, nil, c.now, time.Hour)
	for channel := range known["states"] {
		if strings.HasPrefix(channel, "slack-C0NEW") {
			known["states"][channel] = due.Add(time.Minute)
		}
	}
	if err := c.ledger.SaveFirstSeen(t.Context(), "acme", known, ""); err != nil {
		t.Fatal(err)
	}

	week, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	if tuesday {
		c.now = due.AddDate(0, 0, -6)
		c.deliver("later", "C024BE91L", week.Previous(), "sent")
	}
	c.now = due
	for _, s := range everyState {
		c.deliver("states", s.channel, week, strings.Fields(s.tries)...)
	}
	c.deliver("rested", "C024BE91L", week, "sent")
	broken := filepath.Join(c.dir, filepath.FromSlash(c.deliver("broken", "C024BE91L", week,
		"waits")))
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

// deliver lets tries end so, the first one of the plan, and returns the record's key.
func (c *counting) deliver(id, channel string, week period.Period, outcomes ...string) string {
	c.Helper()
	bot, err := c.tenant.Find(id)
	if err != nil {
		c.Fatal(err)
	}
	job := config.Job{Tenant: "acme", Bot: id, Period: week}
	for n, outcome := range outcomes {
		d := delivery.Planned("acme", bot.Subject(), week,
			config.Destination{Medium: config.Slack, To: channel, When: config.Always})
		if n > 0 {
			d = d.Resend(n)
		}
		if outcome == "skipped" {
			_, err = c.ledger.Skip(c.Context(), d, "nothing to alert of")
		} else {
			r := new(figures.Report)
			if outcome == "gaps" {
				r.Unavailable = []figures.Unavailable{{Section: figures.SectionChats,
					Reason: "they contradict"}}
			}
			m := delivery.Message{Key: d.Key(), Payload: &delivery.Editions{Report: r}}
			_, err = c.ledger.Deliver(c.Context(), d, m, ending(outcome), c.now.Add(time.Minute))
		}
		if outcome == "bounced" && err == nil {
			_, err = c.ledger.RecordMailEvent(c.Context(), job, d.ID(), delivery.Bounced, "ref",
				&delivery.Failure{Err: errors.New("unknown")})
		}
		if err != nil {
			c.Fatal(err)
		}
	}
	return delivery.KeysOf("acme").Records(week, id) + "slack-" + channel + ".json"
}

// ending is a sender whose sendings end so.
type ending string

func (ending) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, delivery.ErrCannotSearch
}

func (e ending) Send(context.Context, delivery.Message) (string, error) {
	switch e {
	case "never":
		return "", &delivery.Failure{Err: errors.New("it is archived"), Permanent: true}
	case "waits":
		return "", &delivery.Failure{Err: errors.New("Slack is busy")}
	}
	return "ref", nil
}

func (e ending) SendReplies(context.Context, delivery.Message, string, string, bool,
	func(string) error) (*delivery.Failure, error) {
	switch e {
	case "lacks":
		return &delivery.Failure{Err: errors.New("no files")}, nil
	case "follows":
		return nil, &delivery.Failure{Err: errors.New("Slack is busy")}
	}
	return nil, nil
}

// status returns how status counts the tenant's week 46.
func (c *counting) status() string {
	c.Helper()
	c.out = &lockedBuffer{}
	c.Host.Out = c.out
	run(context.Background(), c.Host, []string{"status", "--store", c.dir, "--tenant", "acme",
		"--week", "46"})
	m := regexp.MustCompile(`(?m)^\d+ due.*$`).FindString(c.out.String())
	if m == "" {
		c.Fatalf("status counts nothing: %s", c.out.String())
	}
	return m
}

// tick lets the tick come, and returns how the receipt that it makes counts week 46 and the earlier
// ones.
func (c *counting) tick() (receipt, other string) {
	c.Helper()
	told := make(chan string, 100)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	h := &tick.Handler{
		Tenants: &tenantconfig.Loader{Store: c.ledger.Store, Now: c.Host.Now}, Ledger: c.ledger,
		Queue: noQueue{}, Window: 72 * time.Hour, Log: log,
		Notifier: &alerting.Notifier{Ledger: c.ledger,
			Senders: map[config.Medium]delivery.Sender{config.Slack: listener(told)},
			Window:  72 * time.Hour, Log: log},
	}
	if _, err := h.Handle(c.Context(), tick.Tick{Time: c.now}); err != nil &&
		!strings.Contains(err.Error(), "failed for 1 of 1 tenants") { // the broken record
		c.Fatal(err)
	}
	close(told)
	for text := range told {
		if m := regexp.MustCompile(`^Receipt for acme, week 2026-W46: (.*)\n(?:Of earlier weeks, due since the last receipt: (.*)\.)?`).FindStringSubmatch(text); m != nil {
			return m[1], m[2]
		}
	}
	return "", ""
}

type noQueue struct{}

func (noQueue) Send(context.Context, []queues.Job) error { return nil }

// listener is who of ops is told.
type listener chan string

func (listener) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, nil
}

func (l listener) Send(_ context.Context, m delivery.Message) (string, error) {
	n := m.Payload.(*delivery.Notice)
	l <- fmt.Sprintf("%s\n%s\n", n.Subject, n.Text)
	return "ref", nil
}
