// Package tick queues the reports that are due, every 15 minutes, and alerts people of those that
// do not arrive.
//
// A tick remembers nothing but what the store holds. So a tick may be missed, late, repeated or run
// beside another: the next one finds every delivery that is still open within the catch-up window.
// The scheduled time of the tick decides what is due, not the clock.
//
// For each tenant, in this order: plan what is due, read the status of each delivery, queue what is
// to be tried, record as missed what is too late, and record what ops must know. The portfolio of a
// tenant, see [config.Tenant.AllBots], is queued like a report: six hours after its last bot
// was due, or before that at the first tick that finds all bots ready. Then the tick writes which
// Slack team each tenant has, see [tenantconfig.Loader.SaveIndex], notifies the ops of each tenant,
// and last the operator of the deployment. Before all that it writes what the deployment is, see
// [about.Deployment]. If it cannot write one of these two, the tick goes on.
//
// # Time and memory
//
// A tick handles tenants at the same time as long as they have at most [config.MostDeliveries]
// together, and the others one after the other. Of a tenant it keeps what notices say of each
// report that has not arrived, a quarter of a kilobyte, and drops the rest. It reads three objects
// of each tenant and the records of what has begun and is not over, and lists two prefixes for each
// week that is not over. make bench-tick prints what that costs. It is linear in the number of
// bots: 50,000 bots with two recipients each take 2 s of a processor and 136 MB on Monday at 08:00,
// and 200,000 take 8 s and 470 MB.
//
// By that and the time that the AWS SDK takes, one tick of 512 MB is enough for about 150,000 bots.
// Above that, more memory is more processor too. Where that is not enough, ticks share the tenants.
// That is designed, and not built:
//
//   - The schedule sends {"time": …, "part": 2, "of": 8}, once for each part. A tick visits the
//     tenants whose name has that part as the remainder of its hash. All that a tick does for a
//     tenant is the tenant's own, so parts need not know of each other.
//   - Only the operator's notices need all tenants. Each part writes its findings to
//     _deployment/ops/parts/2.json: causes with counts and their first 300 reports, the receipts of
//     its tenants, and its time. Part 0 reads those of the same time, waits for the others until
//     the next tick, and then treats their tenants as unknown: no cause of theirs is over.
//   - The metrics and the alarm on a missing tick count part 0.
package tick

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Tick is the input of the schedule, which is {"time": "<aws.scheduler.scheduled-time>"}.
type Tick struct {
	Time time.Time `json:"time"`
}

// Queue sends jobs to the worker.
type Queue interface {
	// Send queues the jobs of one tenant. If it queues only some of them, the error is a
	// *queues.UnsentError.
	Send(ctx context.Context, jobs []queues.Job) error
}

// Handler queues what is due.
type Handler struct {
	Tenants  *tenantconfig.Loader
	Ledger   *delivery.Ledger
	Queue    Queue
	Notifier *alerting.Notifier
	Window   time.Duration // how long after its send time a report is still sent
	Log      *slog.Logger

	// Describe writes what the deployment is to the store, for the commands of its operator. It
	// may be nil.
	Describe func(context.Context) error
}

// Counts is what a tick did.
type Counts struct {
	Tenants int `json:"tenants"`
	Broken  int `json:"broken"` // tenants whose configuration is not valid
	Queued  int `json:"queued"` // jobs
	Missed  int `json:"missed"` // deliveries whose window has ended
	Failed  int `json:"failed"` // tenants for which something failed
}

func (c *Counts) add(other Counts) {
	c.Broken += other.Broken
	c.Queued += other.Queued
	c.Missed += other.Missed
	c.Failed += other.Failed
}

// PartialError is the error of a tick that failed for some tenants and not for others. Its text
// does not name them: the log does.
type PartialError struct {
	Tenants int // of all
	Errs    []error
}

func (e *PartialError) Error() string {
	return fmt.Sprintf("failed for %d of %d tenants: see the log for the error of each",
		len(e.Errs), e.Tenants)
}

func (e *PartialError) Unwrap() []error { return e.Errs }

// visit is the visit of a tick to one tenant.
type visit struct {
	found  *alerting.Tenant
	counts Counts
	err    error
}

// Handle queues one job for every bot and period with an open delivery, for every tenant. The error
// is a *PartialError, or says why the tick handled no tenant.
func (h *Handler) Handle(ctx context.Context, tick Tick) (Counts, error) {
	if tick.Time.IsZero() {
		return Counts{}, errors.New("the tick has no time: the schedule's input must be " +
			`{"time": "<aws.scheduler.scheduled-time>"}`)
	}
	if h.Describe != nil {
		if err := recovered(func() error { return h.Describe(ctx) }); err != nil {
			h.Log.ErrorContext(ctx, "the deployment is not described", "error", err)
		}
	}
	names, err := h.Tenants.Names(ctx)
	if err != nil {
		return Counts{}, err
	}
	watched, err := h.Notifier.Watched(ctx)
	if err != nil { // then no cause of the operator's is over at this tick
		h.Log.ErrorContext(ctx, "what the operator knows cannot be read", "error", err)
	}
	visits := h.visitAll(ctx, names, watched, tick.Time)
	if err := recovered(func() error { return h.Tenants.SaveIndex(ctx, names) }); err != nil {
		h.Log.WarnContext(ctx, "the index of Slack teams is not saved; slash commands read more "+
			"configurations until a tick saves it", "error", err)
	}

	var (
		group errgroup.Group
		all   []*alerting.Tenant
	)
	group.SetLimit(concurrency)
	for _, v := range visits { // now that all reports are queued: a slow notice delays none
		all = append(all, v.found)
		group.Go(func() error {
			h.try(ctx, v, func(ctx context.Context) error {
				return h.Notifier.Notify(ctx, v.found)
			})
			return nil
		})
	}
	_ = group.Wait() // each error is in its visit

	sum := Counts{Tenants: len(all)}
	var failed []error
	for _, v := range visits {
		sum.add(v.counts)
		if v.err != nil {
			failed = append(failed, v.err)
		}
	}
	h.Log.InfoContext(ctx, "tick", "scheduled", tick.Time.UTC(), "tenants", sum.Tenants,
		"broken", sum.Broken, "queued", sum.Queued, "missed", sum.Missed, "failed", sum.Failed)
	if err = h.Notifier.NotifyOperator(ctx, all, tick.Time); err != nil {
		h.Log.ErrorContext(ctx, "the operator was not notified", "error", err)
	}
	if len(failed) > 0 {
		err = errors.Join(err, &PartialError{Tenants: len(all), Errs: failed})
	}
	return sum, err
}

// concurrency is the largest number of tenants that are handled at a time.
const concurrency = 16

// visitAll does everything for every tenant but notify its ops. It returns the visits in the order
// of the names, without tenants that were removed since they were listed.
func (h *Handler) visitAll(
	ctx context.Context, names []string, watched map[string]bool, now time.Time,
) []*visit {
	var (
		visits []*visit
		group  errgroup.Group
	)
	group.SetLimit(concurrency)
	memory := semaphore.NewWeighted(config.MostDeliveries)
	for loaded := range h.load(ctx, names) {
		name := loaded.Name
		if errors.Is(loaded.Err, delivery.ErrNotFound) {
			continue
		}
		v := &visit{found: &alerting.Tenant{Name: name, Tenant: loaded.Tenant, Unknown: true,
			Watched: watched}}
		visits = append(visits, v)
		weight := deliveriesOf(loaded.Tenant)
		_ = memory.Acquire(context.WithoutCancel(ctx), weight) // its holders end with ctx
		group.Go(func() error {
			defer memory.Release(weight)
			h.try(ctx, v, func(ctx context.Context) error { return h.tenant(ctx, loaded, v, now) })
			h.try(ctx, v, func(ctx context.Context) error {
				return h.Notifier.Record(ctx, v.found, now)
			})
			return nil
		})
	}
	_ = group.Wait() // each error is in its visit
	return visits
}

// load returns the tenants' configurations in the order of the names. It reads a few ahead, so that
// the store's latency does not add up.
func (h *Handler) load(ctx context.Context, names []string) iter.Seq[tenantconfig.Loaded] {
	const ahead = 8
	load := func(name string) tenantconfig.Loaded {
		loaded := tenantconfig.Loaded{Name: name}
		if err := recovered(func() error {
			loaded = h.Tenants.Load(ctx, name)
			return nil
		}); err != nil {
			loaded.Err = err
		}
		return loaded
	}
	return func(yield func(tenantconfig.Loaded) bool) {
		var pending []chan tenantconfig.Loaded
		for len(names) > 0 || len(pending) > 0 {
			for len(names) > 0 && len(pending) < ahead {
				one := make(chan tenantconfig.Loaded, 1)
				go func(name string) { one <- load(name) }(names[0])
				pending, names = append(pending, one), names[1:]
			}
			loaded := <-pending[0]
			if pending = pending[1:]; !yield(loaded) {
				return
			}
		}
	}
}

// try calls do, and logs and records its error, or its panic, as one of this tenant.
func (h *Handler) try(ctx context.Context, v *visit, do func(context.Context) error) {
	ctx = log.With(ctx, slog.String(log.Tenant, v.found.Name))
	if err := recovered(func() error { return do(ctx) }); err != nil {
		v.counts.Failed, v.err = 1, errors.Join(v.err, err)
		v.found.AddTickError(err)
		h.Log.ErrorContext(ctx, "tick failed for this tenant, wholly or in part", "error", err)
	}
}

// deliveriesOf returns how many deliveries a period of a tenant has, at least 1. The memory that a
// tick needs grows with it.
func deliveriesOf(t *config.Tenant) int64 {
	if t == nil {
		return 1
	}
	n := len(t.Portfolio.Destinations)
	for _, b := range t.Bots {
		n += len(b.Destinations)
	}
	return int64(min(max(n, 1), config.MostDeliveries))
}

// recovered calls do and returns a panic as an error, so that it fails one tenant alone.
func recovered(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do()
}

// tenant does everything for a tenant but notify its ops. It fills in what v has found, as far as
// it gets.
func (h *Handler) tenant(
	ctx context.Context, loaded tenantconfig.Loaded, v *visit, now time.Time,
) error {
	found := v.found
	if loaded.Err != nil {
		return loaded.Err
	}
	inForce := loaded.Tenant != nil
	if loaded.Mistakes != nil {
		v.counts.Broken = 1
		mistakes := loaded.ExplainMistakes()
		h.Log.WarnContext(ctx, "the configuration is not valid",
			"in_force", inForce, "mistakes", mistakes)
		found.More = append(found.More, alerting.BrokenConfig(
			loaded.Name, loaded.ETag, mistakes, inForce, h.Notifier.Commands))
	}
	if warnings := loaded.ExplainWarnings(); warnings != "" {
		h.Log.WarnContext(ctx, "the configuration breaks new rules and stays in force",
			"over_limit", loaded.Tenant.Cut, "warnings", warnings)
		rules := alerting.OutdatedConfig(loaded.Name, warnings, h.Notifier.Commands)
		rules.Notify = loaded.Mistakes == nil // else the mistakes are told, and fixed with them
		if loaded.Tenant.Cut {
			rules = alerting.OverLimit(loaded.Name, warnings, h.Notifier.Commands)
		}
		found.More = append(found.More, rules)
	}
	if !inForce {
		found.Unknown = false
		return nil
	}
	return h.deliveries(ctx, loaded.Tenant, v, now)
}

// deliveries queues what is to be tried and records what is too late.
func (h *Handler) deliveries(
	ctx context.Context, t *config.Tenant, v *visit, now time.Time,
) error {
	p, err := h.plan(ctx, t, now)
	if err != nil {
		return err
	}
	statuses, unread := h.Ledger.Statuses(ctx, t.Name, slices.Concat(p.due, p.late, p.early))
	if len(statuses) == 0 && unread != nil {
		return unread
	}
	v.found.Statuses, v.found.Unknown = statuses, false
	v.found.DueStatuses = func() ([]delivery.Status, error) {
		return h.Ledger.DueStatuses(ctx, t, p.seen, statuses, now, h.Window)
	}
	errs := []error{unread} // the statuses that could be read are used all the same

	onTime := len(p.due)
	opened := onTime + len(p.late)
	waiting := slices.Clip(statuses[:onTime]) // append copies it
	for _, s := range statuses[opened:] {
		if delivery.BotsReady(s.Job.Period, statuses) {
			waiting = append(waiting, s)
		}
	}
	v.counts.Queued, err = h.queue(ctx, jobsOf(delivery.Ready(waiting, h.Ledger.Now())))
	errs = append(errs, err)

	missed, err := h.Ledger.MarkMissed(ctx, statuses[onTime:opened])
	for _, r := range missed {
		h.Log.ErrorContext(ctx, "missed: the catch-up window has ended",
			log.Bot, r.Job.Bot, log.Period, r.Job.Period.String(), log.Destination, r.Destination,
			"attempts", r.Attempts, "reason", cmp.Or(r.Reason, r.Missing), "remedy", r.Remedy)
	}
	v.counts.Missed = len(missed)
	return errors.Join(append(errs, err)...)
}

// queue sends jobs to the worker, and returns how many the queue has taken.
func (h *Handler) queue(ctx context.Context, jobs []queues.Job) (int, error) {
	err := h.Queue.Send(ctx, jobs)
	if unsent := new(queues.UnsentError); errors.As(err, &unsent) {
		jobs = slices.DeleteFunc(jobs, func(j queues.Job) bool {
			return slices.Contains(unsent.Jobs, j)
		})
	} else if err != nil {
		jobs = nil
	}
	for _, j := range jobs {
		h.Log.InfoContext(ctx, "queued", log.Bot, j.Bot, log.Period, j.Period.String())
	}
	return len(jobs), err
}

// plan is what a tick has to look at for a tenant.
type plan struct {
	due, late []delivery.Delivery
	early     []delivery.Delivery // may be sent before they are due
	seen      delivery.FirstSeen
}

// plan returns the plan of a tenant, and saves which destinations it has seen.
func (h *Handler) plan(ctx context.Context, t *config.Tenant, now time.Time) (p plan, err error) {
	const tries = 5
	for range tries {
		seen, etag, err := h.Ledger.FirstSeen(ctx, t.Name)
		if err != nil {
			return p, err
		}
		p.due, p.seen = delivery.Plan(t, seen, now, h.Window)
		if !p.seen.Equal(seen) {
			err = h.Ledger.SaveFirstSeen(ctx, t.Name, p.seen, etag)
		}
		switch {
		case err == nil:
			p.late = delivery.Late(t, p.seen, now, h.Window)
			p.early = delivery.Early(t, p.seen, now)
			return p, nil
		case !errors.Is(err, delivery.ErrConflict):
			return p, err
		}
		// Another tick has saved what it saw: plan again with that.
	}
	return p, fmt.Errorf("known destinations of %s: %w, %d times in a row",
		t.Name, delivery.ErrConflict, tries)
}

// jobsOf returns one job for every bot and period, in the order of the deliveries.
func jobsOf(open []delivery.Delivery) []queues.Job {
	var jobs []queues.Job
	queued := make(map[config.Job]bool)
	for _, d := range open {
		if !queued[d.Job] {
			queued[d.Job] = true
			jobs = append(jobs, queues.Job{Job: d.Job, Reason: "due"})
		}
	}
	return jobs
}
