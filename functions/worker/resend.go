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

// ResendResult is the result of a resend to one destination.
type ResendResult struct {
	// The delivery of the resend. If nothing was sent again, it is the delivery that is unfinished
	// or was found.
	delivery.Delivery
	Record delivery.Record
	Until  time.Time // until when an unfinished planned delivery is tried automatically
	Err    error     // why the search for an earlier message failed, so that nothing was sent

	planned delivery.Status
	earlier []delivery.Status // resends
	expired bool              // the catch-up window of the planned delivery has ended
	found   bool              // an earlier message was found; only its replies may be missing
}

// NotSent reports whether the report was not sent again: the planned delivery is unfinished, or an
// earlier message was found or may exist.
func (r ResendResult) NotSent() bool { return r.Extra == "" || r.Err != nil || r.found }

// Resend sends a report again to destinations of its bot, with the numbers that the others have.
// Each resend is a delivery of its own. An unfinished resend is continued. The results are in the
// order of the destinations.
//
// Resend leaves a planned delivery that is still tried automatically. It records one that is not
// tried any more as missed, so that no worker with another catch-up window sends it too. If an
// earlier message may exist, Resend searches for it first, and sends nothing if it is found or the
// search fails.
//
// An error without results says why nothing was sent, with the remedy; that is not recorded. An
// error with results is the store's.
func (w *Worker) Resend(
	ctx context.Context, j config.Job, to []config.Destination,
) ([]ResendResult, error) {
	ctx = withJob(ctx, j)
	found, all, err := w.planResend(ctx, j, to)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(all, func(r ResendResult) bool { return !r.NotSent() }) {
		return all, nil
	}
	e, err := found.forResend(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.markMissed(ctx, all); err != nil {
		return nil, err
	}
	w.lookUp(ctx, found.tenant, all, e)
	again := pending{begun: make(map[string]bool)}
	for _, r := range all {
		if r.NotSent() && !r.found {
			continue
		}
		again.all = append(again.all, r.Delivery)
		again.begun[r.Delivery.ID()] = r.found
	}
	failed := w.send(ctx, found.tenant, e, again)
	// The results are read even if ctx has ended.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordMargin)
	defer cancel()
	for i, r := range all {
		all[i].Record, err = w.Ledger.Read(ctx, j, r.ID())
		if !errors.Is(err, delivery.ErrNotFound) {
			failed = errors.Join(failed, storeError(err))
		}
	}
	return all, failed
}

// PlanResend returns what Resend would do now. The Record of a resend is that of its earlier try.
func (w *Worker) PlanResend(
	ctx context.Context, j config.Job, to []config.Destination,
) ([]ResendResult, error) {
	_, all, err := w.planResend(withJob(ctx, j), j, to)
	return all, err
}

func (w *Worker) planResend(
	ctx context.Context, j config.Job, to []config.Destination,
) (*work, []ResendResult, error) {
	found, gone, err := w.findWork(ctx, j)
	if gone != "" {
		err = fmt.Errorf("%s: %s", j, gone)
	}
	if err != nil {
		return nil, nil, err
	}
	h, err := w.Ledger.History(ctx, j)
	if err != nil {
		return nil, nil, storeError(err)
	}
	seen, _, err := w.Ledger.FirstSeen(ctx, j.Tenant)
	if err != nil {
		return nil, nil, storeError(err)
	}
	var all []ResendResult
	now := w.Now()
	for _, dest := range to {
		planned := h.Status(delivery.Planned(j.Tenant, found.subject, j.Period, dest))
		eligibility := seen.Eligibility(planned.Delivery, now, w.CatchUp)
		busy := planned.Record.State == delivery.Claimed && now.Before(planned.Record.Until)
		// What waits for bots is sent automatically when all have arrived.
		early := found.subject.Wait > 0 && eligibility == delivery.NotDue
		if !planned.Over && (busy || early || eligibility == delivery.Expected) {
			r := ResendResult{planned: planned}
			all = append(all, r.notSent(planned.Record, w.CatchUp))
			continue
		}
		next := h.Status(h.NextResend(planned.Delivery))
		r := ResendResult{
			Delivery: next.Delivery, Record: next.Record, planned: planned,
			expired: eligibility == delivery.GivenUp,
		}
		for n := range h.Resends(planned.Delivery) {
			r.earlier = append(r.earlier, h.Status(planned.Delivery.Resend(n+1)))
		}
		all = append(all, r)
	}
	return found, all, nil
}

// notSent returns the planned delivery as the result. window is the catch-up window.
func (r ResendResult) notSent(record delivery.Record, window time.Duration) ResendResult {
	return ResendResult{
		Delivery: r.planned.Delivery, Record: record, Until: r.planned.Due.Add(window),
		planned: r.planned,
	}
}

// markMissed records as missed the planned deliveries that are unfinished and not tried any more.
// It leaves one that a worker is sending after all. The error is the store's.
func (w *Worker) markMissed(ctx context.Context, all []ResendResult) error {
	for i, r := range all {
		planned := []delivery.Status{r.planned}
		neverPlanned := r.planned.Record.State == "" && !r.expired
		if r.NotSent() || r.planned.Over || neverPlanned {
			continue
		}
		if _, err := w.Ledger.MarkMissed(ctx, planned); err != nil {
			return storeError(err)
		}
		if planned[0].Failed {
			all[i].planned = planned[0]
			continue
		}
		all[i] = r.notSent(planned[0].Record, w.CatchUp)
	}
	return nil
}

// lookUp searches for messages of the planned deliveries and of earlier resends that may exist. A
// message that is found replaces its resend; so does a search that failed.
func (w *Worker) lookUp(
	ctx context.Context, t *config.Tenant, all []ResendResult, e editions,
) {
	for i, r := range all {
		for _, s := range append([]delivery.Status{r.planned}, r.earlier...) {
			if !s.Record.InDoubt() {
				continue
			}
			m, problem := w.message(t, s.Delivery, e)
			if problem != nil {
				break // the resend fails in the same way
			}
			record, err := w.Ledger.LookUp(ctx, s.Delivery, m, w.Senders[m.Destination.Medium])
			if found := record.State == delivery.Sent; err != nil || found {
				all[i] = r.notSent(record, w.CatchUp)
				all[i].Delivery, all[i].Err, all[i].found = s.Delivery, err, found
				break
			}
		}
	}
}

// forResend returns the current build, whatever has changed in the configuration since: the
// others have its numbers. If it lacks something, Sage is asked for a new revision. A period
// without a build is built. The error is a *buildError or the store's.
func (w botSource) forResend(ctx context.Context) (editions, error) {
	m, err := w.Archive.Manifest(ctx, w.job)
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		return nil, storeError(err)
	}
	known := m.Schema == figures.Schema // else there is none, or none that this program can read
	if known && (m.Complete || !matchesIncomplete(m, w.bot)) {
		return w.loadEditions(ctx, m)
	}
	b, err := w.build(ctx, w.bot, w.job, m, neverWait)
	var failed *buildError
	switch {
	case known && errors.As(err, &failed):
		w.Log.WarnContext(ctx, "sent without the missing sections",
			"because", failed.Error(), "error", failed.cause)
		return w.loadEditions(ctx, m)
	case err != nil:
		return nil, err
	}
	return w.newEditions(w.bot, b), nil
}

// loadEditions returns the editions of an archived build. The error is the store's.
func (w botSource) loadEditions(ctx context.Context, m delivery.Manifest) (editions, error) {
	b, err := w.Archive.LoadBuild(ctx, m)
	return w.newEditions(w.bot, b), storeError(err)
}
