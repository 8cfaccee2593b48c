package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/log"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
)

// sendConcurrency is the number of destinations that a report is sent to at a time.
const sendConcurrency = 4

// Times of an invocation.
const (
	sendTimeout  = 5 * time.Minute  // for sending, if ctx has no deadline
	recordMargin = 10 * time.Second // from the last send until ctx ends
	minSendTime  = 20 * time.Second // with less time left, no send begins
	tickInterval = 15 * time.Minute
)

// Deliver delivers the report, or the portfolio, of a job to every destination that wants it and
// has not received it. It does nothing if the tenant or the bot is gone, the bot is paused, the
// catch-up window has ended, or all destinations have received it, are being sent it or wait for
// their next try. The error is the store's.
func (w *Worker) Deliver(ctx context.Context, job queues.Job) error {
	j, begun := job.Job, w.Now()
	ctx = withJob(ctx, j)
	found, skip, err := w.findWork(ctx, j)
	var p pending
	switch {
	case err != nil:
		return err
	case skip != "":
	case found.subject.IsPaused(begun):
		skip = "the bot is paused"
	default:
		if p, err = w.findPending(ctx, found.tenant, j, begun); err != nil {
			return err
		}
		if len(p.all) == 0 {
			skip = "no destination is waiting for it"
		}
	}
	if skip != "" {
		w.Log.InfoContext(ctx, "nothing to do", "because", skip, "reason", job.Reason)
		return nil
	}
	defer func() { w.measure(ctx, "", log.Took(log.Duration, w.Now().Sub(begun))) }()

	defer w.meetSenders(ctx, found.tenant, p)()
	e, err := found.forDelivery(ctx, p)
	if e == nil {
		return err
	}
	return w.send(ctx, found.tenant, e, p)
}

// meetSenders lets the senders of the pending deliveries ask who they are, while the report is
// made. They remember it. If one fails, the delivery asks again and records why. met waits for the
// answers.
func (w *Worker) meetSenders(ctx context.Context, t *config.Tenant, p pending) (met func()) {
	var asking sync.WaitGroup
	asked := make(map[config.Medium]bool)
	for _, d := range p.all {
		to := d.Destination
		if w.Divert != nil {
			to = *w.Divert
		}
		signer, ok := w.Senders[to.Medium].(delivery.Signer)
		if !ok || asked[to.Medium] {
			continue
		}
		asked[to.Medium] = true
		asking.Go(func() {
			defer func() { _ = recover() }() // the delivery panics too
			_, _ = signer.Sign(ctx, delivery.Message{Tenant: t, Destination: to})
		})
	}
	return asking.Wait
}

// botSource is the source of a bot's report.
type botSource struct {
	*Worker
	bot config.Bot
	job config.Job
}

func (w botSource) forDelivery(ctx context.Context, p pending) (editions, error) {
	b, err := w.loadOrBuild(ctx, w.bot, w.job, p.sent, func(missing []figures.Unavailable) bool {
		return mayArrive(missing) && w.mayWait(w.bot.SendAt(w.job.Period), p)
	})
	var (
		waits  *waitError
		failed *buildError
	)
	switch {
	case errors.As(err, &waits):
		failure := &delivery.Failure{Err: waits, Cause: delivery.CauseSage}
		return nil, w.recordWaiting(ctx, p, failure)
	case errors.As(err, &failed):
		w.Log.ErrorContext(ctx, "not built", "because", failed.Error(), "error", failed.cause)
		w.measure(ctx, failed.reason, log.Count(log.Failed, 1))
		return nil, p.record(func(d delivery.Delivery) error {
			_, err := w.Ledger.Fail(ctx, d, failed.failure)
			return err
		})
	case err != nil:
		return nil, err
	}
	return w.newEditions(w.bot, b), nil
}

// pending is the deliveries of a job that are to be tried now.
type pending struct {
	all []delivery.Delivery
	// sent is the build that was sent to some destination of the job, pending or not, or may have
	// been; empty: none was.
	sent string
	// since is when the first delivery of the job was first tried; zero: none was.
	since time.Time
	// begun has the IDs of deliveries that were sent or may have been. They cannot be skipped.
	begun map[string]bool
}

// findPending returns the pending deliveries of a job. It logs a record that cannot be read and
// leaves its delivery to the tick, unless it could read none.
func (w *Worker) findPending(
	ctx context.Context, t *config.Tenant, j config.Job, now time.Time,
) (pending, error) {
	p := pending{begun: make(map[string]bool)}
	seen, _, err := w.Ledger.FirstSeen(ctx, t.Name)
	if err != nil {
		return p, storeError(err)
	}
	planned, next := delivery.Plan(t, seen, now, w.CatchUp)
	var due []delivery.Delivery
	for _, d := range append(planned, delivery.Early(t, next, now)...) {
		if d.Job == j {
			due = append(due, d)
		}
	}
	statuses, err := w.Ledger.Statuses(ctx, t.Name, due)
	if p.all = delivery.Ready(statuses, w.Ledger.Now()); len(p.all) == 0 {
		return p, storeError(err)
	}
	if err != nil {
		w.Log.ErrorContext(ctx, "some destinations are left for later", "error", err)
	}
	for _, s := range statuses {
		record, err := w.Ledger.RecordOf(ctx, s)
		if err != nil {
			w.Log.ErrorContext(ctx, "a record cannot be read",
				log.Destination, s.Destination.ID(), "error", err)
		}
		if p.sent == "" || record.Ref != "" { // which is certain
			p.sent = record.Build
		}
		if f := record.First; !f.IsZero() && (p.since.IsZero() || f.Before(p.since)) {
			p.since = f
		}
		if record.MaybeSent || record.Ref != "" {
			p.begun[s.ID()] = true
		}
	}
	return p, nil
}

// mayWait reports whether what is due at an instant may wait for what is missing: it has not waited
// for sectionTimeout yet, and a tick looks at it again before its catch-up window ends.
func (w *Worker) mayWait(due time.Time, p pending) bool {
	again := w.Now().Add(sectionRetry)
	return again.Add(tickInterval).Sub(due) < w.CatchUp &&
		(p.since.IsZero() || again.Sub(p.since) <= sectionTimeout)
}

// recordWaiting records at every pending delivery why it waits.
func (w *Worker) recordWaiting(ctx context.Context, p pending, why *delivery.Failure) error {
	w.Log.WarnContext(ctx, "waiting", "because", why.Err)
	again := w.Now().Add(sectionRetry)
	return p.record(func(d delivery.Delivery) error {
		_, err := w.Ledger.Wait(ctx, d, why, again)
		return err
	})
}

// record calls as for each pending delivery. It leaves those that another worker is sending or has
// recorded meanwhile.
func (p pending) record(as func(delivery.Delivery) error) error {
	var errs []error
	for _, d := range p.all {
		if err := as(d); !isTaken(err) {
			errs = append(errs, storeError(err))
		}
	}
	return errors.Join(errs...)
}

// isTaken reports whether an error of the ledger means that another worker has the delivery.
func isTaken(err error) bool {
	return errors.Is(err, delivery.ErrBusy) || errors.Is(err, delivery.ErrEarly)
}

// loadOrBuild returns the build that every destination gets. A build that was sent, or may have
// been, stays, whatever has changed: all readers get the same numbers, even if a request has since
// made a new revision. Before that, a build that a request made is replaced if it lacks a section
// or was made with other filters.
//
// wait reports whether missing sections are waited for before the report is archived without them.
func (w *Worker) loadOrBuild(
	ctx context.Context, bot config.Bot, j config.Job, sent string, wait waitFunc,
) (delivery.Build, error) {
	m, err := w.Archive.Manifest(ctx, j)
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		return delivery.Build{}, storeError(err)
	}
	load, _ := m.ForBuild(sent)
	switch {
	case load.Schema == figures.Schema:
	case sent != "" && m.Schema == figures.Schema, matches(m, bot):
		load = m
	default: // also if there is none
		return w.build(ctx, bot, j, m, wait)
	}
	b, err := w.Archive.LoadBuild(ctx, load)
	return b, storeError(err)
}

// send sends the editions to the pending destinations, a few at a time. A failure of one does not
// affect the others.
func (w *Worker) send(
	ctx context.Context, t *config.Tenant, e editions, p pending,
) error {
	deadline := w.deadline(ctx)
	var (
		mu    sync.Mutex
		errs  []error
		group errgroup.Group
	)
	group.SetLimit(sendConcurrency)
	for _, d := range p.all {
		group.Go(func() error {
			ctx := log.With(ctx, slog.String(log.Destination, d.Destination.ID()))
			if err := w.sendOne(ctx, t, d, e, p.begun[d.ID()], deadline); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, fmt.Errorf("%s: %w", d.Destination.ID(), err))
			}
			return nil
		})
	}
	_ = group.Wait() // the errors are in errs
	return errors.Join(errs...)
}

// deadline returns the last moment at which something may be sent.
func (w *Worker) deadline(ctx context.Context) time.Time {
	if end, limited := ctx.Deadline(); limited {
		return end.Add(-recordMargin)
	}
	return w.Now().Add(sendTimeout)
}

// sendOne sends to one destination. The error is the store's, or a panic.
func (w *Worker) sendOne(
	ctx context.Context, t *config.Tenant, d delivery.Delivery, e editions, begun bool,
	deadline time.Time,
) (err error) {
	defer func() { // no caller of this goroutine recovers
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			w.Log.ErrorContext(ctx, "crashed while sending",
				"error", err, "stack", string(debug.Stack()))
		}
	}()
	if deadline.Sub(w.Now()) < minSendTime {
		w.Log.WarnContext(ctx, "left to the tick", "because", "too little time is left to send")
		return nil
	}
	var r delivery.Record
	if why := e.unwanted(d.Destination); why != "" && !begun {
		r, err = w.Ledger.Skip(ctx, d, why)
	} else if m, problem := w.message(t, d, e); problem != nil {
		r, err = w.Ledger.Fail(ctx, d, problem)
	} else {
		r, err = w.Ledger.Deliver(ctx, d, m, w.Senders[m.Destination.Medium], deadline)
	}
	switch {
	case isTaken(err):
		w.Log.InfoContext(ctx, "left to another worker", "because", err)
		return nil
	case err != nil:
		return storeError(err)
	}
	switch r.State {
	case delivery.Accepted, delivery.Delivered:
		w.Log.InfoContext(ctx, "delivered",
			"ref", r.Ref, "attempts", r.Attempts, "missing", r.Missing)
		w.measure(ctx, "", log.Count(log.Delivered, 1))
	case delivery.Skipped:
		w.Log.InfoContext(ctx, "skipped", "because", r.Reason)
	default:
		w.Log.WarnContext(ctx, "not delivered", "state", string(r.State),
			"because", r.Reason, "remedy", r.Remedy, "next_try", r.NextTry)
		w.measure(ctx, string(d.Destination.Medium), log.Count(log.Failed, 1))
	}
	return nil
}
