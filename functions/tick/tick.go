// Package tick answers the tick: every quarter of an hour it finds what is due and not done, queues it, and lets
// people know of what does not arrive.
//
// Nothing of a tick is remembered but what the store holds, so a tick may be missed, late, repeated or run beside
// another. The next one finds whatever is still open within the window. What is due the tick's scheduled time decides,
// never the clock.
//
// For each tenant, in this order: plan what is due; see how each delivery stands; queue what is to be tried; record as
// missed what is too late; note what the tenant's ops are to hear. The overview of a tenant's bots, see [config.Tenant.PortfolioBot],
// is queued like a report: six hours after the last of them was due, or before that at the first tick that finds all of them in.
// Then each tenant's ops are told, and in the end whoever runs the deployment, of all tenants at once, also of one for whom
// something of this went wrong at two ticks in a row.
//
// A tick takes no more memory than the largest tenant that there can be: it sees to tenants at the same time as long as they have
// [config.MostDeliveries] together, to the others one after the other, and lets go of what it has read of each.
package tick

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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

// A Tick is the input of EventBridge Scheduler. The schedule's Input is {"time": "<aws.scheduler.scheduled-time>"}.
type Tick struct {
	Time time.Time `json:"time"`
}

// Queue takes the jobs of one tenant, or none. Where it did not take some of them its error is a *queues.Unsent.
type Queue interface {
	Send(ctx context.Context, jobs []queues.Job) error
}

// Handler queues what is due.
type Handler struct {
	Tenants  *tenantconfig.Loader
	Ledger   *delivery.Ledger
	Queue    Queue
	Notifier *alerting.Notifier // tells people
	Window   time.Duration      // within which what is late is caught up
	Log      *slog.Logger
}

// Counts are what a tick did.
type Counts struct {
	Tenants int `json:"tenants"`
	Broken  int `json:"broken"` // tenants whose configuration has mistakes
	Queued  int `json:"queued"` // jobs
	Missed  int `json:"missed"` // deliveries whose window has ended
	Failed  int `json:"failed"` // tenants with trouble
}

func (c *Counts) add(other Counts) {
	c.Broken += other.Broken
	c.Queued += other.Queued
	c.Missed += other.Missed
	c.Failed += other.Failed
}

// A Trouble is what went wrong for some tenants while the others were served. Its text names none of them: each has his
// own lines in the log.
type Trouble struct {
	Tenants int // of all
	Errs    []error
}

func (e *Trouble) Error() string {
	return fmt.Sprintf("%d of %d tenants had trouble; the log says what, for each by name", len(e.Errs), e.Tenants)
}

func (e *Trouble) Unwrap() []error { return e.Errs }

// Handle queues one job for every bot and week that has an open delivery, for every tenant. The error is a *Trouble, or
// says why no tenant was served.
func (h *Handler) Handle(ctx context.Context, tick Tick) (Counts, error) {
	if tick.Time.IsZero() {
		return Counts{}, errors.New(`the tick has no time: the schedule's input must be {"time": "<aws.scheduler.scheduled-time>"}`)
	}
	names, err := h.Tenants.Names(ctx)
	if err != nil {
		return Counts{}, err
	}
	counts, failed, found := make([]Counts, len(names)), make([]error, len(names)), make([]*alerting.Tenant, len(names))
	see := func(ctx context.Context, i int, do func(ctx context.Context) error) {
		ctx = log.With(ctx, slog.String(log.Tenant, names[i]))
		if err := guarded(func() error { return do(ctx) }); err != nil {
			counts[i].Failed, failed[i] = 1, errors.Join(failed[i], err)
			found[i].AddTickError(err)
			h.Log.ErrorContext(ctx, "tick failed for this tenant, wholly or in part", "error", err)
		}
	}
	var group errgroup.Group
	group.SetLimit(16)
	room := semaphore.NewWeighted(config.MostDeliveries)
	for i, name := range names {
		loaded := tenantconfig.Loaded{Name: name}
		if err := guarded(func() error { loaded = h.Tenants.Load(ctx, name); return nil }); err != nil {
			loaded.Err = err
		}
		if errors.Is(loaded.Err, delivery.ErrNotFound) {
			continue // removed since they were listed
		}
		found[i] = &alerting.Tenant{Name: name, Tenant: loaded.Tenant, Unknown: true}
		weight := weigh(loaded.Tenant)
		_ = room.Acquire(context.WithoutCancel(ctx), weight) // what holds it ends with ctx
		group.Go(func() error {
			defer room.Release(weight)
			see(ctx, i, func(ctx context.Context) error { return h.tenant(ctx, loaded, tick.Time, &counts[i], found[i]) })
			see(ctx, i, func(ctx context.Context) error { return h.Notifier.Record(ctx, found[i], tick.Time) })
			return nil
		})
	}
	_ = group.Wait()          // each error stays with its tenant
	for i, t := range found { // only now: no ops who take their time keep a report back
		if t != nil {
			group.Go(func() error {
				see(ctx, i, func(ctx context.Context) error { return h.Notifier.Notify(ctx, t) })
				return nil
			})
		}
	}
	_ = group.Wait()

	all := slices.DeleteFunc(found, func(t *alerting.Tenant) bool { return t == nil })
	sum := Counts{Tenants: len(all)}
	for _, c := range counts {
		sum.add(c)
	}
	h.Log.InfoContext(ctx, "tick", "scheduled", tick.Time.UTC(), "tenants", sum.Tenants, "broken", sum.Broken,
		"queued", sum.Queued, "missed", sum.Missed, "failed", sum.Failed)
	failed = slices.DeleteFunc(failed, func(err error) bool { return err == nil })
	if err = h.Notifier.NotifyOperator(ctx, all, tick.Time); err != nil {
		h.Log.ErrorContext(ctx, "the operator is not told", "error", err)
	}
	if len(failed) > 0 {
		err = errors.Join(err, &Trouble{Tenants: len(all), Errs: failed})
	}
	return sum, err
}

// weigh returns how many deliveries a week of a tenant there may be, at least 1: what a tick needs of memory goes by it.
func weigh(t *config.Tenant) int64 {
	if t == nil {
		return 1
	}
	n := len(t.Portfolio.Destinations)
	for _, b := range t.Bots {
		n += len(b.Destinations)
	}
	return int64(min(max(n, 1), config.MostDeliveries))
}

// guarded lets a programming error that one tenant's configuration meets fail that tenant alone.
func guarded(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do()
}

// tenant does everything for a tenant but tell his ops. found is filled in with what was found, as far as it got.
func (h *Handler) tenant(ctx context.Context, loaded tenantconfig.Loaded, now time.Time, c *Counts, found *alerting.Tenant) error {
	if loaded.Err != nil {
		return loaded.Err
	}
	if loaded.Mistakes != nil {
		c.Broken = 1
		h.Log.WarnContext(ctx, "the configuration has mistakes", "in_force", loaded.Tenant != nil, "mistakes", loaded.ExplainMistakes())
		found.More = append(found.More,
			alerting.BrokenConfig(loaded.Name, loaded.ETag, loaded.ExplainMistakes(), loaded.Tenant != nil, h.Notifier.Commands))
	}
	if warnings := loaded.ExplainWarnings(); warnings != "" {
		h.Log.WarnContext(ctx, "the configuration breaks rules that are new, and stays in force", "over_limit", loaded.Tenant.Cut, "warnings", warnings)
		rules := alerting.OutdatedConfig(loaded.Name, warnings, h.Notifier.Commands)
		rules.Notify = loaded.Mistakes == nil // or the mistakes are told, and these may be mended with them
		if loaded.Tenant.Cut {
			rules = alerting.OverLimit(loaded.Name, warnings, h.Notifier.Commands)
		}
		found.More = append(found.More, rules)
	}
	if loaded.Tenant == nil {
		found.Unknown = false
		return nil
	}
	return h.deliveries(ctx, loaded.Tenant, now, c, found)
}

// deliveries queues what is to be tried, and records what is too late.
func (h *Handler) deliveries(ctx context.Context, t *config.Tenant, now time.Time, c *Counts, found *alerting.Tenant) error {
	due, late, early, known, err := h.plan(ctx, t, now)
	if err != nil {
		return err
	}
	standings, unread := h.Ledger.Statuses(ctx, t.Name, slices.Concat(due, late, early))
	if len(standings) == 0 && unread != nil {
		return unread
	}
	found.Statuses, found.Unknown = standings, false
	found.DueStatuses = func() ([]delivery.Status, error) {
		return h.Ledger.DueStatuses(ctx, t, known, standings, now, h.Window)
	}
	errs := []error{unread} // what could be read is worked with all the same

	waiting := slices.Clip(standings[:len(due)]) // what is appended does not touch them
	for _, s := range standings[len(due)+len(late):] {
		if delivery.BotsReady(s.Job.Period, standings) {
			waiting = append(waiting, s)
		}
	}
	jobs, err := h.queue(ctx, jobsOf(delivery.Ready(waiting, h.Ledger.Now())))
	c.Queued = len(jobs)
	errs = append(errs, err)

	missed, err := h.Ledger.MarkMissed(ctx, standings[len(due):len(due)+len(late)])
	for _, r := range missed {
		h.Log.ErrorContext(ctx, "missed: the window in which it could be caught up has ended", log.Bot, r.Job.Bot, log.Period, r.Job.Period.String(),
			log.Destination, r.Destination, "attempts", r.Attempts, "reason", cmp.Or(r.Reason, r.Missing), "cure", r.Remedy)
	}
	c.Missed = len(missed)
	return errors.Join(append(errs, err)...)
}

// queue sends jobs to the worker, and returns those that the queue has taken.
func (h *Handler) queue(ctx context.Context, jobs []queues.Job) ([]queues.Job, error) {
	err := h.Queue.Send(ctx, jobs)
	if unsent := new(queues.UnsentError); errors.As(err, &unsent) {
		jobs = slices.DeleteFunc(jobs, func(j queues.Job) bool { return slices.Contains(unsent.Jobs, j) })
	} else if err != nil {
		jobs = nil
	}
	for _, j := range jobs {
		h.Log.InfoContext(ctx, "queued", log.Bot, j.Bot, log.Period, j.Period.String())
	}
	return jobs, err
}

// plan returns what is due, what is too late, and what may be sent before it is due, having saved which destinations are known
// from now on, which it returns too.
func (h *Handler) plan(ctx context.Context, t *config.Tenant, now time.Time) (due, late, early []delivery.Delivery, next delivery.FirstSeen, err error) {
	const tries = 5
	for range tries {
		known, etag, err := h.Ledger.FirstSeen(ctx, t.Name)
		if err != nil {
			return nil, nil, nil, nil, err
		}
		due, next := delivery.Plan(t, known, now, h.Window)
		if next.Equal(known) {
			return due, delivery.Late(t, next, now, h.Window), delivery.Early(t, next, now), next, nil
		}
		switch err := h.Ledger.SaveFirstSeen(ctx, t.Name, next, etag); {
		case err == nil:
			return due, delivery.Late(t, next, now, h.Window), delivery.Early(t, next, now), next, nil
		case !errors.Is(err, delivery.ErrConflict):
			return nil, nil, nil, nil, err
		}
		// Another tick has saved what it saw: plan with that.
	}
	return nil, nil, nil, nil, fmt.Errorf("known destinations of %s: %w, %d times in a row", t.Name, delivery.ErrConflict, tries)
}

// jobsOf returns one job for every bot and week, in the order of the deliveries.
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
