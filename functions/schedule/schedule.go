// Package schedule answers the tick: every quarter of an hour it finds what is due and not done, and queues it.
//
// Nothing of a tick is remembered but what delivery.Known holds, so a tick may be missed, late, repeated or run beside
// another. The next one finds whatever is still open within the window. What is due the tick's scheduled time decides,
// never the clock.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/functions/logs"
	"kindlyweekly/functions/queues"
	"kindlyweekly/functions/tenants"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/wording"
)

// A Tick is the input of EventBridge Scheduler. The schedule's Input is {"time": "<aws.scheduler.scheduled-time>"}.
type Tick struct {
	Time time.Time `json:"time"`
}

// Queue takes the jobs of one tenant. Where it did not take some of them its error is a *queues.Unsent.
type Queue interface {
	Send(ctx context.Context, jobs []queues.Job) error
}

// Slack tells a tenant's ops something in a channel.
type Slack interface {
	Tell(ctx context.Context, t *bots.Tenant, channel, text string) error
}

// Mail tells a tenant's ops something by mail.
type Mail interface {
	Tell(ctx context.Context, t *bots.Tenant, address, subject, text string) error
}

// Handler queues what is due.
type Handler struct {
	Tenants *tenants.Loader
	Ledger  *delivery.Ledger
	Queue   Queue
	Slack   Slack
	Mail    Mail
	Divert  *bots.Destination // who is told everything instead of ops; nil: ops
	Window  time.Duration     // within which what is late is caught up
	Log     *slog.Logger
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
	c.Tenants += other.Tenants
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
	all, err := h.Tenants.All(ctx)
	if err != nil {
		return Counts{}, err
	}
	counts, failed := make([]Counts, len(all)), make([]error, len(all))
	var group errgroup.Group
	group.SetLimit(16)
	for i, loaded := range all {
		group.Go(func() error {
			ctx := logs.With(ctx, slog.String(logs.Tenant, loaded.Name))
			if counts[i], failed[i] = h.guarded(ctx, loaded, tick.Time); failed[i] != nil {
				counts[i].Failed = 1
				h.Log.ErrorContext(ctx, "tick failed for this tenant, wholly or in part", "error", failed[i])
			}
			return nil
		})
	}
	_ = group.Wait() // each error stays with its tenant

	sum := Counts{Tenants: len(all)}
	for _, c := range counts {
		sum.add(c)
	}
	h.Log.InfoContext(ctx, "tick", "scheduled", tick.Time.UTC(), "tenants", sum.Tenants, "broken", sum.Broken,
		"queued", sum.Queued, "missed", sum.Missed, "failed", sum.Failed)
	if failed = slices.DeleteFunc(failed, func(err error) bool { return err == nil }); len(failed) > 0 {
		return sum, &Trouble{Tenants: len(all), Errs: failed}
	}
	return sum, nil
}

// guarded is tenant, and lets a programming error that one tenant's configuration meets fail that tenant alone.
func (h *Handler) guarded(ctx context.Context, loaded tenants.Loaded, now time.Time) (c Counts, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return h.tenant(ctx, loaded, now)
}

func (h *Handler) tenant(ctx context.Context, loaded tenants.Loaded, now time.Time) (c Counts, err error) {
	if loaded.Err != nil {
		return c, loaded.Err
	}
	var errs []error
	if loaded.Broken != nil {
		c.Broken = 1
		errs = append(errs, h.broken(ctx, loaded))
	}
	if loaded.Tenant == nil {
		return c, errors.Join(errs...)
	}
	due, late, err := h.plan(ctx, loaded.Tenant, now)
	if err != nil {
		return c, errors.Join(append(errs, err)...)
	}

	standings, err := h.Ledger.Survey(ctx, loaded.Name, late)
	errs = append(errs, err)
	missed, err := h.Ledger.Miss(ctx, standings)
	for _, r := range missed {
		h.Log.ErrorContext(ctx, "missed: the window in which it could be caught up has ended", logs.Bot, r.Job.Bot, logs.Period, r.Job.Week.String(),
			logs.Destination, r.Destination, "attempts", r.Attempts, "reason", r.Reason, "cure", r.Cure)
	}
	c.Missed = len(missed)
	errs = append(errs, err)

	open, err := h.Ledger.Open(ctx, loaded.Name, due)
	errs = append(errs, err) // what it is sure of is queued all the same
	jobs := jobsOf(open)
	if len(jobs) == 0 {
		return c, errors.Join(errs...)
	}
	err = h.Queue.Send(ctx, jobs)
	c.Queued = len(jobs)
	if unsent := new(queues.Unsent); errors.As(err, &unsent) {
		jobs = slices.DeleteFunc(jobs, func(j queues.Job) bool { return slices.Contains(unsent.Jobs, j) })
		c.Queued = len(jobs)
	} else if err != nil {
		jobs, c.Queued = nil, 0
	}
	for _, j := range jobs {
		h.Log.InfoContext(ctx, "queued", logs.Bot, j.Bot, logs.Period, j.Week.String())
	}
	return c, errors.Join(append(errs, err)...)
}

// broken lets a tenant's ops know that the configuration has mistakes, once for each version.
func (h *Handler) broken(ctx context.Context, loaded tenants.Loaded) error {
	t := loaded.Tenant
	h.Log.WarnContext(ctx, "the configuration has mistakes", "in_force", t != nil, "mistakes", loaded.Explain())
	if t == nil {
		return nil // nobody knows whom to tell; the log does
	}
	w, err := wording.For(t.Locale)
	if err != nil {
		return err
	}
	subject, text := w.Say(wording.OpsConfigSubject, t.Name), w.Say(wording.OpsConfigBroken, t.Name, loaded.Explain())
	return h.Tenants.Tell(ctx, loaded, func(ctx context.Context) error { return h.tell(ctx, t, subject, text) })
}

// tell tells a tenant's ops. They can be told in several places, and one of them is enough.
func (h *Handler) tell(ctx context.Context, t *bots.Tenant, subject, text string) error {
	ops := t.Ops
	if h.Divert != nil {
		ops = []bots.Destination{*h.Divert}
	}
	if len(ops) == 0 {
		h.Log.ErrorContext(ctx, "nobody is told, since the tenant has no ops", "subject", subject)
	}
	var errs []error
	for _, to := range ops {
		var err error
		if to.Medium == bots.Slack {
			err = h.Slack.Tell(ctx, t, to.To, subject+"\n"+text)
		} else {
			err = h.Mail.Tell(ctx, t, to.To, subject, text)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("tell ops (%s) of the configuration: %w", to.ID(), err))
		}
	}
	err := errors.Join(errs...)
	if err != nil && len(errs) < len(ops) {
		h.Log.ErrorContext(ctx, "ops were told, but not everywhere", "error", err)
		return nil
	}
	return err
}

// plan returns what is due and what is too late, having saved which destinations are known from now on.
func (h *Handler) plan(ctx context.Context, t *bots.Tenant, now time.Time) (due, late []delivery.Delivery, err error) {
	const tries = 5
	for range tries {
		known, etag, err := h.Ledger.Known(ctx, t.Name)
		if err != nil {
			return nil, nil, err
		}
		due, next := delivery.Plan(t, known, now, h.Window)
		if next.Equal(known) {
			return due, delivery.Late(t, next, now, h.Window), nil
		}
		switch err := h.Ledger.SaveKnown(ctx, t.Name, next, etag); {
		case err == nil:
			return due, delivery.Late(t, next, now, h.Window), nil
		case !errors.Is(err, delivery.ErrConflict):
			return nil, nil, err
		}
		// Another tick has saved what it saw: plan with that.
	}
	return nil, nil, fmt.Errorf("known destinations of %s: %w, %d times in a row", t.Name, delivery.ErrConflict, tries)
}

// jobsOf returns one job for every bot and week, in the order of the deliveries.
func jobsOf(open []delivery.Delivery) []queues.Job {
	var jobs []queues.Job
	queued := make(map[bots.Job]bool)
	for _, d := range open {
		if !queued[d.Job] {
			queued[d.Job] = true
			jobs = append(jobs, queues.Job{Job: d.Job, Reason: "due"})
		}
	}
	return jobs
}
