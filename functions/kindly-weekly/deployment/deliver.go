package deployment

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/outcome"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Deliver sends a bot's week to its configured destinations, and prints the state of each delivery.
// The deployment's own worker sends it: the archived numbers, and once to each destination.
func Deliver(
	ctx context.Context, h cli.Host, d Deployment, t *config.Tenant, bot config.Bot,
	week period.Period,
) error {
	subject := bot.Subject()
	if err := CheckSendable(t, subject, bot.SendAt(week), h.Now(), week.String()); err != nil {
		return err
	}
	if err := checkKey(ctx, h, d.Prefix, t, bot); err != nil {
		return err
	}
	builder, err := NewWorker(ctx, h, d, t, bot.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(h.Err, "delivering %s of %s to %s\n", week, bot.ID,
		cli.Count(len(bot.Destinations), "destination", "destinations"))
	job := config.Job{Tenant: t.Name, Bot: bot.ID, Period: week}
	all, err := DeliverJob(ctx, h, builder, job, subject)
	if err != nil {
		return err
	}
	return outcome.Print(h, all)
}

// DeliverJob has the worker deliver a job to the bot's destinations and returns the outcome of
// each. Unlike the tick it also sends an old week to a destination that is new.
func DeliverJob(
	ctx context.Context, h cli.Host, builder *worker.Worker, job config.Job, bot config.Subject,
) ([]outcome.Outcome, error) {
	ledger, window := builder.Ledger, builder.CatchUp
	known, _, err := ledger.FirstSeen(ctx, job.Tenant)
	if err != nil {
		return nil, err
	}
	before, err := ledger.History(ctx, job)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*SendTime)
	defer cancel()
	now, due := h.Now(), bot.SendAt(job.Period).UTC()
	asked := *builder
	asked.Ledger = &delivery.Ledger{Store: knownStore{ledger.Store, job.Tenant, bot}, Now: h.Now}
	asked.CatchUp = max(window, now.Sub(due)+time.Minute) // also if it is late
	if err := asked.Deliver(ctx, queues.Job{Job: job, Reason: "by hand"}); err != nil {
		return nil, err
	}
	after, err := ledger.History(ctx, job)
	if err != nil {
		return nil, err
	}
	var all []outcome.Outcome
	for _, to := range bot.Destinations {
		d := delivery.Planned(job.Tenant, bot, job.Period, to)
		o := outcome.Outcome{Delivery: d, Record: after.Status(d).Record}
		if known.Eligibility(d, h.Now(), window) == delivery.Expected {
			o.Until = due.Add(window)
		}
		switch {
		case before.Status(d).Over:
			o.Note = "earlier; nothing was sent now"
		case !o.Record.State.Final() && o.Record.State != delivery.Claimed && o.Until.IsZero():
			o.Note = "it is not retried automatically"
			if next := o.Record.NextTry; next.After(h.Now()) {
				o.Note += ", after " + next.In(bot.Location).Format(outcome.ShortTime)
			}
		}
		all = append(all, o)
	}
	return all, nil
}

// knownStore is a store that says that a bot's destinations were always known.
type knownStore struct {
	delivery.Store
	tenant string
	bot    config.Subject
}

func (s knownStore) Get(ctx context.Context, key string) (delivery.Object, error) {
	if key != delivery.KeysOf(s.tenant).FirstSeen() {
		return s.Store.Get(ctx, key)
	}
	since := make(map[string]time.Time)
	for _, d := range s.bot.Destinations {
		since[d.ID()] = time.Unix(0, 0)
	}
	data, err := json.Marshal(delivery.FirstSeen{s.bot.ID: since})
	return delivery.Object{Data: data}, err
}

// SendTime limits how long sending one report may take.
const SendTime = 5 * time.Minute

// CheckSendable returns an error if what, due at at, cannot be sent to the subject's destinations.
func CheckSendable(t *config.Tenant, s config.Subject, at, now time.Time, what string) error {
	const instead = "send it to yourself with the command report, --send and --to"
	switch {
	case len(s.Destinations) == 0:
		return fmt.Errorf("the configuration of %s has no channels or recipients for %s: add "+
			"them, or %s", t.Name, s.ID, instead)
	case s.IsPaused(now):
		return fmt.Errorf("%s is paused: resume it in the configuration, or %s", s.ID, instead)
	case at.After(now):
		return fmt.Errorf("%s of %s is due on %s: wait until then, or %s", what, s.ID,
			at.Format(outcome.LongTime), instead)
	}
	return nil
}

// Names lists destinations, and the one that they are diverted to.
func Names(to []config.Destination, divert *config.Destination) string {
	var all []string
	for _, d := range to {
		all = append(all, d.String())
	}
	list := strings.Join(all, ", ")
	if divert != nil && list != divert.String() {
		list += ", all of it diverted to " + divert.String()
	}
	return list
}
