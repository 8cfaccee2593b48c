package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
)

// Resent is what became of a destination to which a week was to be sent again.
type Resent struct {
	// The delivery by which it was sent again. Where what was planned is not over, and nothing was sent, it is that.
	delivery.Delivery
	Record delivery.Record
	Until  time.Time // where what was planned is not over: until when it is tried by itself
	Err    error     // why it cannot be known whether what was sent before is there, so that nothing was sent

	planned delivery.Status
	before  []delivery.Status // what was sent again before
	givenUp bool              // the time has ended to catch up what was planned
	found   bool              // what was sent before is there, so that only what belongs under it may be missing
}

// Left reports whether the week was not sent again: what was planned is not over, or it is there, or what was sent may be.
func (r Resent) Left() bool { return r.Extra == "" || r.Err != nil || r.found }

// Resend sends a week again to destinations of its bot, because an operator says so: to each as a delivery of its own, by the
// ledger, and with the numbers that the others have. A resend that is not over goes on as the same. What was planned and is
// still tried by itself is left. What nobody tries any more is given up first, so that no worker of another mind takes it up
// meanwhile; and what was given up in doubt is looked for, so that it is not sent beside what is there all the same. The
// results are in the order of the destinations.
//
// An error beside no results says why nothing was sent, with the cure; nothing is recorded of that. An error beside them is
// the store's.
func (w *Worker) Resend(ctx context.Context, j config.Job, to []config.Destination) ([]Resent, error) {
	ctx = about(ctx, j)
	t, bot, all, err := w.resends(ctx, j, to)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(all, func(r Resent) bool { return !r.Left() }) {
		return all, nil
	}
	drawn := new(editions)
	if j.Bot == config.PortfolioID {
		drawn.portfolio, err = w.portfolio(ctx, t, bot, j, anyway)
	} else {
		var b delivery.Build
		b, err = w.counting(ctx, bot, j)
		drawn = w.newEditions(b)
	}
	if err != nil {
		return nil, err
	}
	if err := w.giveUp(ctx, all); err != nil {
		return nil, err
	}
	w.lookFor(ctx, t, bot, all, drawn)
	again := open{begun: make(map[string]bool)}
	for _, r := range all {
		if r.Left() && !r.found {
			continue
		}
		again.all = append(again.all, r.Delivery)
		again.begun[r.Delivery.ID()] = r.found
	}
	failed := w.send(ctx, t, bot, drawn, again)
	reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime) // so that it is known what was sent when ctx ended
	defer cancel()
	for i := range all {
		record, err := w.Ledger.Read(reading, j, all[i].ID())
		if err != nil && !errors.Is(err, delivery.ErrNotFound) {
			failed = errors.Join(failed, storeError(err))
		}
		all[i].Record = record
	}
	return all, failed
}

// giveUp records as missed what was planned, is not over, and is not tried any more. Where somebody is at it after all, it is
// left to him.
func (w *Worker) giveUp(ctx context.Context, all []Resent) error {
	for i, r := range all {
		p := []delivery.Status{r.planned}
		if r.Left() || r.planned.Over || r.planned.Record.State == "" && !r.givenUp {
			continue
		}
		if _, err := w.Ledger.MarkMissed(ctx, p); err != nil {
			return storeError(err)
		}
		if p[0].Over && p[0].Failed {
			all[i].planned = p[0]
			continue
		}
		all[i] = r.left(p[0].Record, w.CatchUp)
	}
	return nil
}

// left is what was planned, instead of its resend.
func (r Resent) left(record delivery.Record, window time.Duration) Resent {
	return Resent{Delivery: r.planned.Delivery, Record: record, Until: r.planned.Due.Add(window), planned: r.planned}
}

// lookFor looks for what was given up in doubt: the planned, or what was sent again before. What is there takes the place of
// its resend, and so does what may be there.
func (w *Worker) lookFor(ctx context.Context, t *config.Tenant, bot config.Bot, all []Resent, drawn *editions) {
	for i, r := range all {
		for _, sent := range append([]delivery.Status{r.planned}, r.before...) {
			if !sent.Record.InDoubt() {
				continue
			}
			m, problem := w.message(t, bot, sent.Delivery, drawn)
			if problem != nil {
				break // its resend meets the same, and says so
			}
			record, err := w.Ledger.LookUp(ctx, sent.Delivery, m, w.Senders[m.Destination.Medium])
			if found := record.State == delivery.Sent; err != nil || found {
				all[i] = r.left(record, w.CatchUp)
				all[i].Delivery, all[i].Err, all[i].found = sent.Delivery, err, found
				break
			}
		}
	}
}

// Resends says what Resend would do now: by which deliveries it would send, and what it would leave. The record of the former
// is what became of them before, if anything has.
func (w *Worker) Resends(ctx context.Context, j config.Job, to []config.Destination) ([]Resent, error) {
	_, _, all, err := w.resends(about(ctx, j), j, to)
	return all, err
}

func (w *Worker) resends(ctx context.Context, j config.Job, to []config.Destination) (*config.Tenant, config.Bot, []Resent, error) {
	t, bot, gone, err := w.find(ctx, j)
	if gone != "" {
		err = fmt.Errorf("%s: %s", j, gone)
	}
	if err != nil {
		return nil, bot, nil, err
	}
	h, err := w.Ledger.History(ctx, j)
	if err != nil {
		return nil, bot, nil, storeError(err)
	}
	known, _, err := w.Ledger.FirstSeen(ctx, j.Tenant)
	if err != nil {
		return nil, bot, nil, storeError(err)
	}
	var all []Resent
	now, due := w.Now(), bot.SendAt(j.Period).UTC()
	for _, dest := range to {
		planned := h.Status(delivery.Delivery{Job: j, Bot: bot, Destination: dest, Due: due})
		busy := planned.Record.State == delivery.Claimed && now.Before(planned.Record.Until)
		prospect := known.Eligibility(planned.Delivery, now, w.CatchUp)
		early := len(bot.Of) > 0 && prospect == delivery.NotDue // the overview is sent by itself once all bots are in
		if !planned.Over && (busy || prospect == delivery.Expected || early) {
			all = append(all, Resent{planned: planned}.left(planned.Record, w.CatchUp))
			continue
		}
		again := h.Status(h.NextResend(planned.Delivery))
		r := Resent{Delivery: again.Delivery, Record: again.Record, planned: planned, givenUp: prospect == delivery.GivenUp}
		for n := range h.Resends(planned.Delivery) {
			r.before = append(r.before, h.Status(planned.Delivery.Resend(n+1)))
		}
		all = append(all, r)
	}
	return t, bot, all, nil
}

// counting returns the build that counts, whatever has changed in the configuration since: its numbers are what the others
// read. What it lacks Sage is asked for, for a new revision. A week that the archive does not hold is built.
func (w *Worker) counting(ctx context.Context, bot config.Bot, j config.Job) (delivery.Build, error) {
	m, err := w.Archive.Manifest(ctx, j)
	switch {
	case err != nil && !errors.Is(err, delivery.ErrNotFound):
		return delivery.Build{}, storeError(err)
	case m.Schema != figures.Schema: // there is none, or none that this program can read
		return w.build(ctx, bot, j, m, never)
	case !m.Complete && asConfigured(m, bot):
		b, err := w.build(ctx, bot, j, m, never)
		var stuck *obstacle
		if !errors.As(err, &stuck) {
			return b, err
		}
		w.Log.WarnContext(ctx, "sent as it stands, without what it lacks", "because", stuck.Error(), "error", stuck.cause)
	}
	b, err := w.Archive.LoadBuild(ctx, m)
	return b, storeError(err)
}
