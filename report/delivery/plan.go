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

// FirstSeen says since when each bot's destinations are known: bot, destination's ID, instant in UTC. A destination is only
// sent what falls due after that.
type FirstSeen map[string]map[string]time.Time

// Equal reports whether both know the same since the same instants.
func (k FirstSeen) Equal(other FirstSeen) bool {
	return maps.EqualFunc(k, other, func(a, b map[string]time.Time) bool {
		return maps.EqualFunc(a, b, time.Time.Equal)
	})
}

// Delivery is one week of one bot to one destination.
type Delivery struct {
	Job         config.Job
	Bot         config.Bot
	Destination config.Destination
	Due         time.Time // UTC
	Extra       string    // what tells it from the one that is planned: resend-2, asked-5d41402abc4b2a76; empty: it is that
}

// Resend returns the nth time, from 1, that an operator sends the delivery again. It is another delivery: it has a key
// and a record of its own.
func (d Delivery) Resend(n int) Delivery {
	d.Extra = fmt.Sprintf("%s%d", resend, n)
	return d
}

const resend = "resend-"

// Key names the delivery to whoever looks for it later, such as Slack's message metadata. It is visible to everyone in
// the workspace and holds no secret: acme/nettbutikk/2026-W46/slack-C024BE91L.
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

// slotOf is where the delivery of a job is kept that has the ID.
func slotOf(j config.Job, id string) slot {
	keys := KeysOf(j.Tenant)
	at := slot{keys.record(j.Period, j.Bot, id), keys.done(j.Period, j.Bot, id)}
	if strings.Contains(id, ".asked-") { // whoever asked will ask again: the tick need not know
		at.done = ""
	}
	return at
}

// begin fills in what a record says of the delivery.
func (d Delivery) begin(r Record) Record {
	r.Job, r.Destination, r.Extra, r.Due = d.Job, d.Destination.ID(), d.Extra, d.Due
	return r
}

// Plan returns the deliveries that fell due within the window that ends at now, in the order of the configuration and
// each bot's oldest week first, and what is to be known from now on, which is to be saved where it differs.
//
// A destination that is seen for the first time is known since now; one that has gone is forgotten, so that it is new
// if it comes back. While a bot is paused, each send time that passes moves its destinations to now: what fell due
// before a pause, or in it, is not caught up. A week is due when today's configuration says, so moving the send time
// back sends a week that has not been sent and is still within the window.
func Plan(t *config.Tenant, known FirstSeen, now time.Time, window time.Duration) (due []Delivery, next FirstSeen) {
	next = FirstSeen{}
	for _, b := range t.Reports() {
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
		due = append(due, deliveries(t, b, next, now, window, b.Due(now, window), Expected)...)
	}
	return due, next
}

// Lookback is for how long after its window a delivery is looked at. An outage as long as this after the window goes
// unrecorded.
const Lookback = 8 * 24 * time.Hour // so that a Monday's receipt can tell of all that fell due since the last

// Late returns the deliveries whose window ended, within [Lookback] before now. Those that are not over are missed, see
// [Ledger.MarkMissed]. known is what [Plan] returned as next.
func Late(t *config.Tenant, known FirstSeen, now time.Time, window time.Duration) []Delivery {
	var late []Delivery
	for _, b := range t.Reports() {
		late = append(late, deliveries(t, b, known, now, window, b.Due(now, window+Lookback), GivenUp)...)
	}
	return late
}

// Excluded returns the deliveries that fell due within the window and [Lookback] before it and that are not sent by themselves: their
// bot is paused, or their destination was not known. They may have been sent before. known is what [Plan] returned as next.
func Excluded(t *config.Tenant, known FirstSeen, now time.Time, window time.Duration) []Delivery {
	var aside []Delivery
	for _, b := range t.Reports() {
		weeks := b.Due(now, window+Lookback)
		aside = append(aside, deliveries(t, b, known, now, window, weeks, Paused)...)
		aside = append(aside, deliveries(t, b, known, now, window, weeks, AddedLater)...)
	}
	return aside
}

// Early returns the deliveries of the tenant's portfolio that may be sent although they are not due: the last of its bots has
// fallen due, and its patience with them has not ended. They are to be sent where all bots are in, see [BotsReady]. known is what
// [Plan] returned as next.
func Early(t *config.Tenant, known FirstSeen, now time.Time) []Delivery {
	o, ok := t.PortfolioBot()
	if !ok {
		return nil
	}
	const soon = config.PortfolioWait
	weeks := o.Due(now.Add(soon), soon) // due after now, and opened by now: a portfolio is due when its patience has ended
	return deliveries(t, o, known, now.Add(soon), 2*soon, weeks, Expected)
}

// BotsReady reports whether every bot of which a report of the week was due is in, or will not be: its numbers are frozen, so that
// a portfolio of them cannot change, or nothing is tried for it any more. Whether they have reached everybody does not matter
// to a portfolio; a mailbox that refuses mail keeps none back. What is not known is not in, and where no bot's report was due
// there is nothing to be in.
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

// deliveries returns those of the weeks' that have a prospect.
func deliveries(t *config.Tenant, b config.Bot, known FirstSeen, now time.Time, window time.Duration, weeks []period.Period, p Eligibility) []Delivery {
	var all []Delivery
	for _, w := range weeks {
		at := b.SendAt(w).UTC()
		for _, to := range b.Destinations {
			d := Delivery{Job: config.Job{Tenant: t.Name, Bot: b.ID, Period: w}, Bot: b, Destination: to, Due: at}
			if known.Eligibility(d, now, window) == p {
				all = append(all, d)
			}
		}
	}
	return all
}

// Eligibility says whether a delivery that is not over is still sent by itself.
type Eligibility string

// The prospects of a delivery.
const (
	NotDue     Eligibility = "not due"
	Paused     Eligibility = "paused"    // its bot is, or was when it fell due
	AddedLater Eligibility = "not known" // its destination was not, when it fell due
	Expected   Eligibility = "expected"  // it is tried until its window ends
	GivenUp    Eligibility = "given up"  // its window has ended
)

// Eligibility returns that of a planned delivery at an instant, whatever has become of it.
func (k FirstSeen) Eligibility(d Delivery, now time.Time, window time.Duration) Eligibility {
	since, known := k[d.Job.Bot][d.Destination.ID()]
	switch {
	// paused_until says so even where no tick came during the pause. A pause has no beginning: what
	// is paused now was when it fell due.
	case d.Bot.IsPaused(d.Due):
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

// DueStatuses returns how a delivery stands at an instant for a reader who does not wait for the tick: what the tick is going to
// record as missed is over. It returns false if the delivery does not count, since it has not fallen due, or since nothing has
// become of it and it is not sent by itself. A portfolio falls due with the last of its bots: from then on it may be sent.
//
// What is counted of a week, in a receipt and by status, is what DueStatus returns.
func (k FirstSeen) DueStatus(s Status, now time.Time, window time.Duration) (Status, bool) {
	prospect := k.Eligibility(s.Delivery, now, window)
	switch {
	case s.Over, s.Record.live(now):
		return s, true
	case s.Err != nil:
		return s, prospect == Expected || prospect == GivenUp
	}
	dropped := prospect == AddedLater && s.Record.State != "" // tried before it was taken out and put back
	if prospect == GivenUp || dropped {
		s.Over, s.Failed = true, true
		if s.Record.Ref != "" {
			s.Arrived, s.Gaps = true, s.Record.Gaps != "" && !s.Arrived // by a resend
			s.Record.Missing = cmp.Or(s.Record.Reason, "there was no time left for it")
		}
	}
	opened := !s.Opens().After(now) && k.Eligibility(s.Delivery, s.Due, window) == Expected // or is due
	return s, s.Over || s.Record.Ref != "" || opened
}

// Opens is when the delivery fell due or, of a portfolio, the last of its bots did: whoever was not known then has missed
// some of the reports that it is about.
func (d Delivery) Opens() time.Time {
	if len(d.Bot.Of) == 0 {
		return d.Due
	}
	return d.Bot.OpensAt(d.Job.Period)
}

// lastSend returns the last send time that is not after now.
func lastSend(b config.Bot, now time.Time) time.Time {
	weeks := b.Due(now, 15*24*time.Hour) // two weeks and a day hold at least one
	return b.SendAt(weeks[len(weeks)-1])
}
