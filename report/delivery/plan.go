package delivery

import (
	"cmp"
	"fmt"
	"maps"
	"strings"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
)

// FirstSeen is since when each bot's destinations are known: by bot and by the destination's ID, in
// UTC. A destination gets what falls due after that.
type FirstSeen map[string]map[string]time.Time

// Equal reports whether both have the same destinations since the same instants.
func (k FirstSeen) Equal(other FirstSeen) bool {
	return maps.EqualFunc(k, other, func(a, b map[string]time.Time) bool {
		return maps.EqualFunc(a, b, time.Time.Equal)
	})
}

// Delivery is one week of one subject to one destination.
type Delivery struct {
	Job         config.Job
	Subject     config.Subject
	Destination config.Destination
	Due         time.Time // UTC
	Extra       string    // resend-2, asked-5d41402abc4b2a76; empty: planned
}

// Planned returns the delivery of a subject's report to one of its destinations.
func Planned(
	tenant string, s config.Subject, p period.Period, to config.Destination,
) Delivery {
	return Delivery{
		Job:     config.Job{Tenant: tenant, Bot: s.ID, Period: p},
		Subject: s, Destination: to, Due: s.SendAt(p).UTC(),
	}
}

// Resend returns the nth resend of the delivery, from 1. It is a delivery with a key and a record
// of its own.
func (d Delivery) Resend(n int) Delivery {
	d.Extra = fmt.Sprintf("%s%d", resend, n)
	return d
}

const resend = "resend-"

// Key names the delivery for later searches, such as in Slack's message metadata:
// acme/nettbutikk/2026-W46/slack-C024BE91L. Everyone in the workspace can see it, so it holds no
// secret.
func (d Delivery) Key() string {
	key := d.Job.String() + "/" + d.Destination.ID()
	if d.Extra != "" {
		key += "/" + d.Extra
	}
	return key
}

// ID names the delivery among those of its bot and week: slack-C024BE91L, slack-C024BE91L.resend-2.
func (d Delivery) ID() string {
	if d.Extra != "" {
		return d.Destination.ID() + "." + d.Extra
	}
	return d.Destination.ID()
}

func (d Delivery) slot() slot { return slotOf(d.Job, d.ID()) }

// slotOf returns the slot of the job's delivery with the ID.
func slotOf(j config.Job, id string) slot {
	keys := KeysOf(j.Tenant)
	at := slot{keys.record(j.Period, j.Bot, id), keys.done(j.Period, j.Bot, id)}
	if strings.Contains(id, ".asked-") { // the person repeats it: the tick does not
		at.done = ""
	}
	return at
}

// begin sets what a record says of the delivery.
func (d Delivery) begin(r Record) Record {
	r.Job, r.Destination, r.Extra, r.Due = d.Job, d.Destination.ID(), d.Extra, d.Due
	return r
}

// Plan returns the deliveries that fell due within the window that ends at now, in the order of the
// configuration and the oldest week of each bot first. It also returns the new FirstSeen, which the
// caller saves if it differs.
//
// A new destination is known since now. A removed one is forgotten, so it is new if it comes back.
// While a bot is paused, each send time that passes moves its destinations to now, so what fell due
// before or in a pause is not caught up. A week is due when today's configuration says: moving the
// send time back sends a week that was not sent and is within the window.
func Plan(t *config.Tenant, known FirstSeen, now time.Time, window time.Duration) (
	due []Delivery, next FirstSeen) {
	next = FirstSeen{}
	for _, b := range t.Subjects() {
		if len(b.Destinations) == 0 {
			continue
		}
		paused := b.IsPaused(now)
		next[b.ID] = make(map[string]time.Time, len(b.Destinations))
		for _, d := range b.Destinations {
			id := d.ID()
			since, ok := known[b.ID][id]
			if !ok || paused && lastSend(b, now).After(since) {
				since = now.UTC()
			}
			next[b.ID][id] = since
		}
		due = appendDeliveries(due, t, b, next, now, window, b.Due(now, window), Expected)
	}
	return due, next
}

// Lookback is for how long after its window a delivery is looked at. If all ticks fail for that
// long, a missed delivery is not recorded.
const Lookback = 8 * 24 * time.Hour // a receipt counts what was due since the last Monday

// Late returns the deliveries whose window ended within [Lookback] before now. Those that are not
// over are missed, see [Ledger.MarkMissed]. known is what [Plan] returned as next.
func Late(t *config.Tenant, known FirstSeen, now time.Time, window time.Duration) []Delivery {
	var late []Delivery
	for _, b := range t.Subjects() {
		weeks := b.Due(now, window+Lookback)
		late = appendDeliveries(late, t, b, known, now, window, weeks, GivenUp)
	}
	return late
}

// Excluded returns the deliveries of the same time as [Plan] and [Late] that the tick does not
// send: their bot is paused, or their destination was added later. They may have been sent before.
// known is what [Plan] returned as next.
func Excluded(t *config.Tenant, known FirstSeen, now time.Time, window time.Duration) []Delivery {
	var aside []Delivery
	for _, b := range t.Subjects() {
		weeks := b.Due(now, window+Lookback)
		aside = appendDeliveries(aside, t, b, known, now, window, weeks, Paused)
		aside = appendDeliveries(aside, t, b, known, now, window, weeks, AddedLater)
	}
	return aside
}

// Early returns the deliveries of the tenant's portfolio that may be sent before they are due: the
// last of its bots was due, and the time that the portfolio waits for them has not ended. Send them
// if [BotsReady] says so. known is what [Plan] returned as next.
func Early(t *config.Tenant, known FirstSeen, now time.Time) []Delivery {
	o, ok := t.AllBots()
	if !ok {
		return nil
	}
	const soon = config.PortfolioWait
	weeks := o.Due(now.Add(soon), soon)
	return appendDeliveries(nil, t, o, known, now.Add(soon), 2*soon, weeks, Expected)
}

// BotsReady reports whether each bot that was due in the week has its numbers frozen, or is not
// tried any more, so that a portfolio of them cannot change. Whether each report was delivered does
// not matter. It returns false if a status is not known, and if no bot was due.
func BotsReady(w period.Period, all []Status) bool {
	in := make(map[string]bool)
	over := make(map[string]bool)
	for _, s := range all {
		bot := s.Job.Bot
		if s.Job.Period != w || bot == config.PortfolioID {
			continue
		}
		if _, ok := over[bot]; !ok {
			over[bot] = true
		}
		over[bot] = over[bot] && s.Over && s.Err == nil
		in[bot] = in[bot] || s.Err == nil && (s.Record.Build != "" || s.Over && !s.Failed)
	}
	for bot, settled := range over {
		if !settled && !in[bot] {
			return false
		}
	}
	return len(over) > 0
}

// appendDeliveries appends the deliveries of the weeks that have the eligibility.
func appendDeliveries(all []Delivery, t *config.Tenant, b config.Subject, known FirstSeen,
	now time.Time, window time.Duration, weeks []period.Period, e Eligibility) []Delivery {
	for _, w := range weeks {
		d := Planned(t.Name, b, w, config.Destination{})
		for _, d.Destination = range b.Destinations {
			if known.Eligibility(d, now, window) == e {
				all = append(all, d)
			}
		}
	}
	return all
}

// Eligibility says whether the tick sends a delivery that is not over.
type Eligibility string

// The eligibilitys of a delivery.
const (
	NotDue     Eligibility = "not due"
	Paused     Eligibility = "paused"    // its bot is, or was when it fell due
	AddedLater Eligibility = "not known" // its destination was not, when it fell due
	Expected   Eligibility = "expected"  // it is tried until its window ends
	GivenUp    Eligibility = "given up"  // its window has ended
)

// Eligibility returns that of a planned delivery at an instant, whatever its record says.
func (k FirstSeen) Eligibility(d Delivery, now time.Time, window time.Duration) Eligibility {
	since, known := k[d.Job.Bot][d.Destination.ID()]
	switch {
	// paused_until says so even where no tick came during the pause. A pause has no beginning: what
	// is paused now was when it fell due.
	case d.Subject.IsPaused(d.Due):
		return Paused
	case d.Due.After(now):
		return NotDue
	case !known, !d.Opens().After(since):
		return AddedLater
	case now.Sub(d.Due) >= window:
		return GivenUp
	}
	return Expected
}

// DueStatus returns a status as it will be after the next tick: what that tick will record as
// missed is over. It returns false if the delivery does not count: it is not due, or was never
// tried and is not eligible. A portfolio is due with the last of its bots, since it may be sent
// from then on.
//
// Receipts and the command status count what DueStatus returns.
func (k FirstSeen) DueStatus(s Status, now time.Time, window time.Duration) (Status, bool) {
	eligibility := k.Eligibility(s.Delivery, now, window)
	switch {
	case s.Over, s.Record.live(now):
		return s, true
	case s.Err != nil:
		return s, eligibility == Expected || eligibility == GivenUp
	}
	dropped := eligibility == AddedLater && s.Record.State != "" // tried, removed, added again
	if eligibility == GivenUp || dropped {
		s.Over, s.Failed = true, true
		if s.Record.Ref != "" {
			s.Arrived, s.Gaps = true, s.Record.Gaps != "" && !s.Arrived // by a resend
			s.Record.Missing = cmp.Or(s.Record.Reason, "there was no time left for it")
		}
	}
	opened := !s.Opens().After(now) && k.Eligibility(s.Delivery, s.Due, window) == Expected
	return s, s.Over || s.Record.Ref != "" || opened
}

// Opens returns when the last of the subject's bots fell due, see [config.Subject.OpensAt].
func (d Delivery) Opens() time.Time { return d.Due.Add(-d.Subject.Wait) }

// lastSend returns the last send time that is not after now.
func lastSend(b config.Subject, now time.Time) time.Time {
	weeks := b.Due(now, 15*24*time.Hour) // two weeks and a day hold at least one
	return b.SendAt(weeks[len(weeks)-1])
}
