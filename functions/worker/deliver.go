package worker

import (
	"cmp"
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
	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/wording"
)

// atOnce is to how many destinations a report is sent at a time.
const atOnce = 4

// Times of an invocation.
const (
	sendTime   = 5 * time.Minute  // for sending, where the invocation has no end
	recordTime = 10 * time.Second // between the last moment of sending and the invocation's end
	leastTime  = 20 * time.Second // without which no sending is begun
	tickTime   = 15 * time.Minute // between two ticks
)

// Deliver does a job: the report of a week, or the overview of all bots, to every destination that has not got it and wants it. Its error is the
// store's. Nothing is to be done for a tenant or a bot that is gone, a bot that is paused, a week outside the catch-up
// window, or destinations that have the report, are being sent it, or wait for their next try.
func (w *Worker) Deliver(ctx context.Context, job queues.Job) error {
	j := job.Job
	ctx = about(ctx, j)
	begun := w.Now()
	t, bot, nothing, err := w.find(ctx, j)
	if err != nil {
		return err
	}
	if nothing == "" && bot.IsPaused(begun) {
		nothing = "the bot is paused"
	}
	var deliveries open
	if nothing == "" {
		if deliveries, err = w.open(ctx, t, j, begun); err != nil {
			return err
		}
		if len(deliveries.all) == 0 {
			nothing = "no destination is waiting for it"
		}
	}
	if nothing != "" {
		w.Log.InfoContext(ctx, "nothing to do", "because", nothing, "reason", job.Reason)
		return nil
	}
	defer func() { w.measure(ctx, "", log.Took(log.Duration, w.Now().Sub(begun))) }()

	if j.Bot == config.PortfolioID {
		return w.deliverPortfolio(ctx, t, bot, j, deliveries)
	}
	b, err := w.frozen(ctx, bot, j, deliveries.sent, func(missing []figures.Unavailable) bool {
		again := w.Now().Add(sectionAgain)
		return awaited(missing) && again.Add(tickTime).Sub(bot.SendAt(j.Period)) < w.CatchUp && // or nobody would look again
			(deliveries.since.IsZero() || again.Sub(deliveries.since) <= sectionTime)
	})
	var (
		early *unfinished
		stuck *obstacle
	)
	switch {
	case errors.As(err, &early):
		return w.wait(ctx, deliveries, early)
	case errors.As(err, &stuck):
		return w.fail(ctx, deliveries, stuck)
	case err != nil:
		return err
	}
	return w.send(ctx, t, bot, w.newEditions(b), deliveries)
}

// open are the deliveries of a job that are to be tried now.
type open struct {
	all []delivery.Delivery
	// sent is the build of this week that has been sent, or may have been, to some destination, open or not; empty: none.
	sent string
	// since is when the first of them was tried for the first time; zero: none was.
	since time.Time
	// begun are the IDs of those that have been sent, or may have been, so that it is too late not to want them.
	begun map[string]bool
}

// open asks the ledger. A destination whose record cannot be read is left out, for the tick to queue again; it must not
// keep the others waiting.
func (w *Worker) open(ctx context.Context, t *config.Tenant, j config.Job, now time.Time) (open, error) {
	o := open{begun: make(map[string]bool)}
	known, _, err := w.Ledger.FirstSeen(ctx, t.Name)
	if err != nil {
		return o, storeError(err)
	}
	planned, next := delivery.Plan(t, known, now, w.CatchUp)
	var due []delivery.Delivery
	for _, d := range append(planned, delivery.Early(t, next, now)...) {
		if d.Job == j {
			due = append(due, d)
		}
	}
	o.all, err = w.Ledger.Open(ctx, t.Name, due)
	if len(o.all) == 0 {
		return o, storeError(err)
	}
	if err != nil {
		w.Log.ErrorContext(ctx, "some destinations are left for later", "error", err)
	}
	for _, d := range due {
		record, err := w.Ledger.Read(ctx, j, d.ID())
		if err != nil && !errors.Is(err, delivery.ErrNotFound) {
			w.Log.ErrorContext(ctx, "a record cannot be read", log.Destination, d.Destination.ID(), "error", err)
		}
		if o.sent == "" || record.Ref != "" { // which is certain
			o.sent = record.Build
		}
		if f := record.First; !f.IsZero() && (o.since.IsZero() || f.Before(o.since)) {
			o.since = f
		}
		if record.MaybeSent || record.Ref != "" {
			o.begun[d.ID()] = true
		}
	}
	return o, nil
}

// frozen returns the build that everybody gets. Once one has been sent to anybody it stays, whatever has changed, so that
// all read the same numbers, even where somebody has since asked for the week and got a new revision. Before that, a build
// that somebody asked for early, and that lacks a section or was made with other filters, is made anew.
//
// wait says of the sections that Sage did not give whether they are asked for again before the report is frozen without.
func (w *Worker) frozen(ctx context.Context, bot config.Bot, j config.Job, sent string, wait waits) (delivery.Build, error) {
	m, err := w.Archive.Manifest(ctx, j)
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		return delivery.Build{}, storeError(err)
	}
	stands, _ := m.ForBuild(sent)
	switch {
	case stands.Schema == figures.Schema:
	case sent != "" && m.Schema == figures.Schema, serves(m, bot):
		stands = m
	default: // also where the week has none
		return w.build(ctx, bot, j, m, wait)
	}
	b, err := w.Archive.LoadBuild(ctx, stands)
	return b, storeError(err)
}

// unwanted says why a destination does not want the week; empty: it does. An overview is always wanted.
func (e *editions) unwanted(bot config.Bot, d config.Destination) string {
	r := e.build.Report
	switch {
	case e.portfolio != nil:
	case bot.SkipIfEmpty && r.Empty() && r.UnknownFilters == nil: // a filter that is unknown finds nothing, whatever the week
		return "no chats were recorded, and the bot has skip_if_empty"
	case d.When == config.OnAlert && len(report.Alerts(bot.Targets, r)) == 0:
		return "no target was missed and no incident found, and the destination is on_alert"
	}
	return ""
}

// send sends what was drawn to those who want it, a few at a time. What happens to one touches no other.
func (w *Worker) send(ctx context.Context, t *config.Tenant, bot config.Bot, drawn *editions, o open) error {
	deadline := w.deadline(ctx)
	var (
		mu    sync.Mutex
		errs  []error
		group errgroup.Group
	)
	group.SetLimit(atOnce)
	for _, d := range o.all {
		group.Go(func() error {
			ctx := log.With(ctx, slog.String(log.Destination, d.Destination.ID()))
			if err := w.sendOne(ctx, t, bot, d, drawn, o.begun[d.ID()], deadline); err != nil {
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

// deadline is the last moment of sending.
func (w *Worker) deadline(ctx context.Context) time.Time {
	if end, limited := ctx.Deadline(); limited {
		return end.Add(-recordTime)
	}
	return w.Now().Add(sendTime)
}

// sendOne sends to one destination. An error is the ledger's, or a panic.
func (w *Worker) sendOne(ctx context.Context, t *config.Tenant, bot config.Bot, d delivery.Delivery, drawn *editions, begun bool, deadline time.Time) (err error) {
	defer func() { // on a goroutine of its own, where nobody further up would recover it
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			w.Log.ErrorContext(ctx, "crashed while sending", "error", err, "stack", string(debug.Stack()))
		}
	}()
	if deadline.Sub(w.Now()) < leastTime {
		w.Log.WarnContext(ctx, "left for the tick to queue again", "because", "too little time is left to send")
		return nil
	}
	var record delivery.Record
	if why := drawn.unwanted(bot, d.Destination); why != "" && !begun {
		record, err = w.Ledger.Skip(ctx, d, why)
	} else if m, problem := w.message(t, bot, d, drawn); problem != nil {
		record, err = w.Ledger.Fail(ctx, d, problem)
	} else {
		record, err = w.Ledger.Deliver(ctx, d, m, w.Senders[m.Destination.Medium], deadline)
	}
	switch {
	case errors.Is(err, delivery.ErrBusy), errors.Is(err, delivery.ErrEarly):
		w.Log.InfoContext(ctx, "left alone", "because", err)
		return nil
	case err != nil:
		return storeError(err)
	}
	switch record.State {
	case delivery.Accepted, delivery.Delivered:
		w.Log.InfoContext(ctx, "delivered", "ref", record.Ref, "attempts", record.Attempts, "lacks", record.Missing)
		w.measure(ctx, "", log.Count(log.Delivered, 1))
	case delivery.Skipped:
		w.Log.InfoContext(ctx, "skipped", "because", record.Reason)
	default:
		w.Log.WarnContext(ctx, "not delivered", "state", string(record.State), "because", record.Reason, "cure", record.Remedy, "next_try", record.NextTry)
		w.measure(ctx, string(d.Destination.Medium), log.Count(log.Failed, 1))
	}
	return nil
}

// message is a build on its way to a destination, in its language, or to whoever gets everything.
func (w *Worker) message(t *config.Tenant, bot config.Bot, d delivery.Delivery, drawn *editions) (delivery.Message, *delivery.Failure) {
	m, err := w.diverted(delivery.Message{
		Key: d.Key(), Tenant: t, Bot: bot, Destination: d.Destination, Build: drawn.name(),
	}, drawn)
	if w.Senders[m.Destination.Medium] == nil {
		return m, &delivery.Failure{Err: fmt.Errorf("there is no way to send to %s", m.Destination.Medium)}
	}
	if err != nil {
		return m, &delivery.Failure{Err: fmt.Errorf("the report could not be drawn in %q: %w", m.Destination.Locale, err)}
	}
	return m, nil
}

// diverted puts the report into a message, in its destination's language. Where everything is diverted, it goes to
// another destination, looks as it would at its own, and says for whom it was meant; its key stays.
func (w *Worker) diverted(m delivery.Message, drawn *editions) (delivery.Message, error) {
	intended := ""
	if w.Divert != nil {
		intended = m.Destination.To
		looks := m.Destination
		m.Destination = *w.Divert
		m.Destination.Locale, m.Destination.Charts = looks.Locale, looks.Charts
	}
	if drawn.portfolio != nil {
		o := *drawn.portfolio
		o.Locale = cmp.Or(m.Destination.Locale, m.Bot.Locale, o.Locale)
		if intended != "" {
			o.Name = words(o.Locale).Say(wording.Diverted, intended, o.Name)
		}
		m.Portfolio = &o
		return m, nil
	}
	var err error
	m.Report, m.Files, err = drawn.in(m.Destination.Locale, intended)
	return m, err
}

// editions has a build for its readers, in each language. What was not drawn when it was built, since it was wanted by
// nobody, is drawn once. Of an overview, which is drawn by whoever sends it, it holds that alone.
type editions struct {
	portfolio *portfolio.Portfolio

	build delivery.Build
	draw  func(*figures.Report) ([]delivery.File, error)
	mu    sync.Mutex
	drawn map[[2]string]delivery.Build
}

// name names what is drawn.
func (e *editions) name() string {
	if e.portfolio != nil {
		return e.portfolio.ID
	}
	return e.build.Manifest.Build
}

func (w *Worker) newEditions(b delivery.Build) *editions {
	return &editions{build: b, draw: w.draw, drawn: make(map[[2]string]delivery.Build)}
}

// in returns the report in a language, the build's own where locale is empty. intended is for whom a diverted report
// was meant: it stands before the bot's name, wherever that stands. Frozen editions that show queries of pages, from before
// those were cut, are sent to no one: they are drawn anew.
func (e *editions) in(locale, intended string) (*figures.Report, []delivery.File, error) {
	if locale == "" {
		locale = e.build.Report.Locale
	}
	asFrozen := intended == "" && !e.build.Report.Cut
	if locale == e.build.Report.Locale && asFrozen {
		return e.build.Report, delivery.WithoutLocales(e.build.Files), nil
	}
	if frozen := delivery.InLocale(locale, e.build.Files); frozen != nil && asFrozen {
		r := *e.build.Report
		r.Locale = locale
		return &r, frozen, nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if b, ok := e.drawn[[2]string{locale, intended}]; ok {
		return b.Report, b.Files, nil
	}
	r := *e.build.Report
	r.Locale = locale
	if intended != "" {
		r.Bot.Name = words(locale).Say(wording.Diverted, intended, r.Bot.Name)
	}
	files, err := e.draw(&r)
	if err != nil {
		return nil, nil, err
	}
	e.drawn[[2]string{locale, intended}] = delivery.Build{Report: &r, Files: files}
	return &r, files, nil
}

// wait records at every open destination that the report waits for its sections.
func (w *Worker) wait(ctx context.Context, o open, early *unfinished) error {
	w.Log.WarnContext(ctx, "waits", "because", early.Error())
	again := w.Now().Add(sectionAgain)
	return o.record(func(d delivery.Delivery) (delivery.Record, error) {
		return w.Ledger.Wait(ctx, d, &delivery.Failure{Err: early, Cause: delivery.CauseSage}, again)
	})
}

// fail records at every open destination that there is nothing to send yet.
func (w *Worker) fail(ctx context.Context, o open, stuck *obstacle) error {
	w.Log.ErrorContext(ctx, "not built", "because", stuck.Error(), "error", stuck.cause)
	w.measure(ctx, stuck.reason, log.Count(log.Failed, 1))
	return o.record(func(d delivery.Delivery) (delivery.Record, error) { return w.Ledger.Fail(ctx, d, stuck.failure) })
}

// record records something of each delivery that nobody else is at.
func (o open) record(as func(delivery.Delivery) (delivery.Record, error)) error {
	var errs []error
	for _, d := range o.all {
		if _, err := as(d); err != nil && !errors.Is(err, delivery.ErrBusy) && !errors.Is(err, delivery.ErrEarly) {
			errs = append(errs, storeError(err))
		}
	}
	return errors.Join(errs...)
}
