package tick_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
)

// Of these bots the one in New York is due last, at 14:00 by clocks in Oslo.
const many = `
ops: {channels: C0ACMEOPS1}
portfolio: {channels: C0ACMEALL1}
defaults: {tz: Europe/Oslo}
bots:
  - {id: nettbutikk, channels: C0ACMECH01}
  - {id: bakeri, tz: America/New_York, channels: [C0ACMECH02, C0ACMECH03]}
  - {id: julebot, paused: true, channels: C0ACMECH04}
  - {id: internt}
`

const (
	shop46   = "acme/nettbutikk/2026-W46"
	bakery46 = "acme/bakeri/2026-W46"
	all46    = "acme/_portfolio/2026-W46"
)

func TestTick_QueuesThePortfolioAfterAllBots(t *testing.T) {
	w := begin(t)
	w.config("acme", many)
	w.queues("2026-11-12 12:00", "")
	w.queues("2026-11-16 08:00", shop46)
	w.work(w.done)
	w.queues("2026-11-16 08:15", "") // the bot in New York is not due yet
	w.queues("2026-11-16 14:00", bakery46)
	w.queues("2026-11-16 14:15", bakery46)
	w.work(w.done)
	w.queues("2026-11-16 14:30", all46)
	w.queues("2026-11-16 14:45", all46) // a worker that died has left it undone
	w.portfolios(w.done)
	w.queues("2026-11-16 15:00", "")
	w.queues("2026-11-16 20:00", "")
	w.queues("2026-11-17 08:00", "")
	w.queues("2026-11-23 08:00", "acme/nettbutikk/2026-W47")
}

func TestTick_QueuesThePortfolioAfterSixHours(t *testing.T) {
	w := begin(t)
	w.config("acme", many)
	w.queues("2026-11-12 12:00", "")
	w.queues("2026-11-16 08:00", shop46)
	w.work(w.done)
	w.queues("2026-11-16 14:00", bakery46) // and no worker comes to it
	w.queues("2026-11-16 19:45", bakery46)
	w.queues("2026-11-16 20:00", all46+" "+bakery46)
	w.portfolios(w.done)
	w.queued = nil
	w.queues("2026-11-16 20:15", bakery46)
	w.work(w.done) // it comes in late, and the portfolio is not sent again
	w.queues("2026-11-16 20:30", "")
}

// What cannot be made any more is waited for no longer; nor is a bot that is in, though one of its
// channels refuses it.
func TestTick_BotsOfThePortfolio(t *testing.T) {
	for name, c := range map[string]struct {
		say  func(w *world, d delivery.Delivery) error
		want string
	}{
		"failed for good": {func(w *world, d delivery.Delivery) error {
			_, err := w.Ledger.Fail(w.Context(), d,
				&delivery.Failure{Err: errors.New("archived"), Permanent: true})
			return err
		}, all46},
		"its report is made, and one of two channels refuses it": {func(w *world,
			d delivery.Delivery) error {
			m := delivery.Message{Key: d.Key(), Destination: d.Destination, Build: "b1",
				Payload: &delivery.Editions{Report: new(figures.Report)}}
			if d.Destination.To == "C0ACMECH02" {
				_, err := w.Ledger.Deliver(w.Context(), d, m, refusing{}, w.clock.Add(time.Minute))
				return err
			}
			return nil
		}, all46},
		"its report cannot be made yet": {func(w *world, d delivery.Delivery) error {
			_, err := w.Ledger.Fail(w.Context(), d,
				&delivery.Failure{Err: errors.New("Sage answered 502")})
			return err
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t)
			w.config("acme", many)
			w.queues("2026-11-12 12:00", "")
			w.queues("2026-11-16 08:00", shop46)
			w.work(w.done)
			w.queues("2026-11-16 14:00", bakery46)
			w.work(func(d delivery.Delivery) error { return c.say(w, d) })
			got, _ := w.tick("2026-11-16 14:01")
			got = strings.TrimSpace(strings.Replace(got, bakery46, "", 1))
			if got != c.want {
				t.Errorf("queued %q, want %q", got, c.want)
			}
		})
	}
}

func TestTick_NewPortfolioGetsNothingOld(t *testing.T) {
	w := begin(t)
	w.config("acme", strings.Replace(many, "portfolio", "#portfolio", 1))
	w.queues("2026-11-12 12:00", "")
	w.queues("2026-11-16 08:00", shop46)
	w.work(w.done)
	w.queues("2026-11-16 14:00", bakery46)
	w.work(w.done)
	w.config("acme", many)
	w.queues("2026-11-16 14:15", "")
	w.queues("2026-11-16 20:00", "")
	w.queues("2026-11-23 08:00", "acme/nettbutikk/2026-W47")
}

func TestTick_NoPortfolioWithoutSendingBots(t *testing.T) {
	w := begin(t)
	w.config("acme", strings.Replace(strings.ReplaceAll(many, "{id: ", "{paused: true, id: "),
		"julebot, paused: true,", "julebot,", 1))
	w.queues("2026-11-12 12:00", "")
	w.queues("2026-11-16 14:00", "")
	w.queues("2026-11-16 20:00", "")
}

// While it waits for its bots, ops are not told that it is late, and where it is missed ops are told.
func TestTick_TellsOpsOfAMissingPortfolio(t *testing.T) {
	w := begin(t)
	w.config("acme", many)
	w.queues("2026-11-12 12:00", "")
	w.queues("2026-11-16 08:00", shop46)
	w.work(w.done)
	w.queues("2026-11-16 14:00", bakery46)
	w.work(w.done)
	for _, when := range []string{"2026-11-16 14:15", "2026-11-16 14:30", "2026-11-16 17:00"} {
		w.queues(when, all46)
	}
	if said := strings.Join(w.said, "\n"); strings.Contains(said, "_portfolio") {
		t.Errorf("ops were told: %q", said)
	}
	w.queues("2026-11-16 21:15", all46)
	w.queues("2026-11-16 21:30", all46)
	if said := strings.Join(w.said, "\n"); !strings.Contains(said, "_portfolio") {
		t.Errorf("an hour after it was due ops were not told of it: %q", said)
	}
	if queued, missed := w.tick("2026-11-19 20:00"); queued != "" || missed != 1 {
		t.Errorf("queued %q and missed %d", queued, missed)
	}
	if said := strings.Join(w.said, "\n"); !strings.Contains(said, "--bot _portfolio") {
		t.Errorf("ops were not told how to send it again: %q", said)
	}
}

// portfolios does the portfolios that are queued.
func (w *world) portfolios(say func(delivery.Delivery) error) {
	w.Helper()
	for _, j := range w.queued {
		t, err := w.Tenants.Get(w.Context(), j.Tenant)
		if err != nil {
			w.Fatal(err)
		}
		if j.Bot != config.PortfolioID {
			continue
		}
		o, err := t.Subject(j.Bot)
		if err != nil {
			w.Fatal(err)
		}
		for _, to := range o.Destinations {
			if err := say(delivery.Planned(t.Name, o, j.Period, to)); err != nil {
				w.Error(err)
			}
		}
	}
	w.queued = nil
}

// refusing takes nothing, for now.
type refusing struct{}

func (refusing) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, nil
}

func (refusing) Send(context.Context, delivery.Message) (string, error) {
	return "", &delivery.Failure{Err: errors.New("not_in_channel"), Remedy: "invite the app"}
}
