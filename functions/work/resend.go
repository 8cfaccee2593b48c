package work

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
)

// Resent is what became of a destination to which a week was to be sent again.
type Resent struct {
	// The delivery by which it was sent again. Where what was planned is not over, and nothing was sent, it is that.
	delivery.Delivery
	Record delivery.Record
	Until  time.Time // where nothing was sent: until when what was planned is tried by itself
}

// Left reports whether the week was not sent again, since what was planned is not over.
func (r Resent) Left() bool { return r.Extra == "" }

// Resend sends a week again to destinations of its bot, because an operator says so: to each as a delivery of its own, by the
// ledger, and with the numbers that the others have. A resend that is not over goes on as the same. What was planned and is
// still tried by itself is left. The results are in the order of the destinations.
//
// An error beside no results says why nothing was sent, with the cure; nothing is recorded of that. An error beside them is
// the store's.
func (w *Worker) Resend(ctx context.Context, j bots.Job, to []bots.Destination) ([]Resent, error) {
	ctx = about(ctx, j)
	t, bot, all, err := w.resends(ctx, j, to)
	if err != nil {
		return nil, err
	}
	var again open
	for _, r := range all {
		if !r.Left() {
			again.all = append(again.all, r.Delivery)
		}
	}
	if len(again.all) == 0 {
		return all, nil
	}
	b, err := w.counting(ctx, bot, j)
	if err != nil {
		return nil, err
	}
	failed := w.send(ctx, t, bot, b, again)
	for i := range all {
		if all[i].Left() {
			continue
		}
		record, err := w.Ledger.Read(context.WithoutCancel(ctx), j, all[i].ID())
		if err != nil && !errors.Is(err, delivery.ErrNotFound) {
			failed = errors.Join(failed, storeError(err))
		}
		all[i].Record = record
	}
	return all, failed
}

// Resends says what Resend would do now: by which deliveries it would send, and what it would leave. The record of the former
// is what became of them before, if anything has.
func (w *Worker) Resends(ctx context.Context, j bots.Job, to []bots.Destination) ([]Resent, error) {
	_, _, all, err := w.resends(about(ctx, j), j, to)
	return all, err
}

func (w *Worker) resends(ctx context.Context, j bots.Job, to []bots.Destination) (*bots.Tenant, bots.Bot, []Resent, error) {
	t, bot, gone, err := w.find(ctx, j)
	if err == nil && gone != "" {
		err = fmt.Errorf("%s: %s", j, gone)
	}
	if err != nil {
		return nil, bot, nil, err
	}
	h, err := w.Ledger.History(ctx, j)
	if err != nil {
		return nil, bot, nil, storeError(err)
	}
	known, _, err := w.Ledger.Known(ctx, j.Tenant)
	if err != nil {
		return nil, bot, nil, storeError(err)
	}
	var all []Resent
	now, due := w.Now(), bot.SendAt(j.Week).UTC()
	for _, dest := range to {
		planned := h.Standing(delivery.Delivery{Job: j, Bot: bot, Destination: dest, Due: due})
		busy := planned.Record.State == delivery.Claimed && now.Before(planned.Record.Until)
		expected := known.Prospect(planned.Delivery, now, w.CatchUp) == delivery.Expected
		if !planned.Over && (busy || expected) {
			all = append(all, Resent{planned.Delivery, planned.Record, due.Add(w.CatchUp)})
			continue
		}
		again := h.Standing(h.Again(planned.Delivery))
		all = append(all, Resent{Delivery: again.Delivery, Record: again.Record})
	}
	return t, bot, all, nil
}

// counting returns the build that counts, whatever has changed in the configuration since: its numbers are what the others
// read. What it lacks Sage is asked for, for a new revision. A week that the archive does not hold is built.
func (w *Worker) counting(ctx context.Context, bot bots.Bot, j bots.Job) (delivery.Build, error) {
	m, err := w.Archive.Manifest(ctx, j)
	switch none := errors.Is(err, delivery.ErrNotFound); {
	case err != nil && !none:
		return delivery.Build{}, storeError(err)
	case none, m.Schema != figures.Schema: // which this program cannot read
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
