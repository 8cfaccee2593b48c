package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"text/tabwriter"
	"time"

	"kindlyweekly/functions/logs"
	"kindlyweekly/functions/queues"
	"kindlyweekly/functions/vault"
	"kindlyweekly/functions/work"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// deliver brings a bot's week to the destinations that the deployment's configuration names, and prints what the ledger
// says of each. It is the deployment's own worker that does it: the numbers that the archive has frozen are sent, and to
// each destination once, whoever sends them.
func (h host) deliver(ctx context.Context, store delivery.Store, t *bots.Tenant, bot bots.Bot, week period.Week, prefix string, verbose bool) error {
	now := h.now()
	at := bot.SendAt(week)
	switch {
	case len(bot.Destinations) == 0:
		return fmt.Errorf("the configuration of %s names no channels and no recipients of %s: add them with local config push, or send to yourself with --to", t.Name, bot.ID)
	case bot.IsPaused(now):
		return fmt.Errorf("%s is paused: resume it with local config push, or send to yourself with --to", bot.ID)
	case at.After(now):
		return fmt.Errorf("%s of %s is due on %s: wait until then, or send to yourself with --to", week, bot.ID, at.Format(longTime))
	}
	worker, err := h.worker(ctx, store, t, bot, prefix, verbose)
	if err != nil {
		return err
	}
	worker.CatchUp = now.Sub(at) + time.Hour // the operator has asked for this week, however late it is
	job := bots.Job{Tenant: t.Name, Bot: bot.ID, Week: week}
	before, err := records(ctx, worker.Ledger, job, bot)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*sendTime)
	defer cancel()
	fmt.Fprintf(h.err, "delivering %s of %s to %s\n", week, bot.ID, counted(len(bot.Destinations), "destination", "destinations"))
	if err := worker.Deliver(ctx, queues.Job{Job: job, Reason: "by hand"}); err != nil {
		return err
	}
	after, err := records(ctx, worker.Ledger, job, bot)
	if err != nil {
		return err
	}
	return h.delivered(bot, before, after)
}

// records returns what the ledger says of each of the bot's destinations; the zero Record where it says nothing.
func records(ctx context.Context, l *delivery.Ledger, job bots.Job, bot bots.Bot) ([]delivery.Record, error) {
	all := make([]delivery.Record, len(bot.Destinations))
	for i, d := range bot.Destinations {
		var err error
		if all[i], err = l.Read(ctx, job, d.ID()); err != nil && !errors.Is(err, delivery.ErrNotFound) {
			return nil, err
		}
	}
	return all, nil
}

// worker is the deployment's, with the operator's credentials.
func (h host) worker(ctx context.Context, store delivery.Store, t *bots.Tenant, bot bots.Bot, prefix string, verbose bool) (*work.Worker, error) {
	var divert *bots.Destination
	if s := h.getenv("DIVERT_TO"); s != "" {
		d, err := bots.ParseDestination(s)
		if err != nil {
			return nil, fmt.Errorf("%w: DIVERT_TO: %w", errUsage, err)
		}
		divert = &d
	}
	deployed := &secrets{host: h}
	mail, err := h.mailer(ctx, store)
	if err != nil {
		return nil, err
	}
	slack := h.slackClient(deployed, h.getenv("SLACK_BOT_TOKEN"))
	worker := &work.Worker{
		Tenants:      just{t},
		Ledger:       &delivery.Ledger{Store: askedFor{store, t, bot}, Now: h.now},
		Archive:      delivery.Archive{Store: store},
		Secrets:      deployed,
		SecretPrefix: prefix,
		Senders:      map[bots.Medium]delivery.Sender{bots.Slack: slack, bots.Mail: mail},
		Slack:        slack,
		SageURL:      h.getenv("SAGE_URL"),
		KindlyURL:    h.getenv("KINDLY_API_URL"),
		Divert:       divert,
		Now:          h.now,
		Log:          slog.New(slog.DiscardHandler),
		Metrics:      &logs.Metrics{Writer: io.Discard, Now: h.now},
	}
	if verbose {
		worker.Log = logs.New(h.err, slog.LevelDebug)
		slack.Log = worker.Log
	}
	if key, err := h.key(ctx, bot.ID); err == nil {
		worker.Secrets = given{vault.KeyID(prefix, t.Name, bot), key}
	} else if _, err := keyID(prefix, t.Name, bot); err != nil {
		return nil, err
	}
	return worker, nil
}

// longTime is how an instant is told to an operator.
const longTime = "Monday 2 January 2006 at 15:04 MST"

// delivered prints what has become of a week's deliveries.
func (h host) delivered(bot bots.Bot, before, after []delivery.Record) error {
	table := tabwriter.NewWriter(h.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DESTINATION\tSTATE\tWHEN AND WHY")
	undone := 0
	for i, d := range bot.Destinations {
		r := after[i]
		state, what := string(r.State), r.Reason
		switch {
		case r.State == "":
			state, what = "not sent", "it could not be begun; --verbose tells why"
		case r.State == delivery.Claimed:
			what = "somebody is at it until " + r.Until.In(bot.Location).Format(longTime)
		case r.Reason == "":
			what = r.At.In(bot.Location).Format(longTime)
		}
		if r.Cure != "" {
			what += ": " + r.Cure
		}
		if r.State == delivery.Failed {
			what += "; the deployment tries again on " + r.NextTry.In(bot.Location).Format(longTime)
		}
		if before[i].State.Final() {
			what += " (before; nothing was sent now)"
		}
		if !slices.Contains([]delivery.State{delivery.Accepted, delivery.Delivered, delivery.Skipped}, r.State) {
			undone++
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", label(d), state, what)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if undone > 0 {
		fmt.Fprintf(h.err, "local: %s\n", counted(undone, "destination has not got it", "destinations have not got it"))
		return errTold
	}
	return nil
}

// just is the one tenant that a command is about.
type just struct{ *bots.Tenant }

func (j just) Get(_ context.Context, name string) (*bots.Tenant, error) {
	if name != j.Name {
		return nil, delivery.ErrNotFound
	}
	return j.Tenant, nil
}

// given is an API key out of the environment, in the place of the deployment's.
type given struct{ id, key string }

func (g given) Get(_ context.Context, id string) (string, error) {
	if id != g.id {
		return "", fmt.Errorf("the environment holds no secret %s", id)
	}
	return g.key, nil
}

func (g given) Refetch(ctx context.Context, id string) (string, error) { return g.Get(ctx, id) }

// askedFor is a store in which the bot's destinations have always been known. The tick sends nothing to a destination
// that fell due before the tick first saw it; but here it is the operator who wants the week there.
type askedFor struct {
	delivery.Store
	tenant *bots.Tenant
	bot    bots.Bot
}

func (s askedFor) Get(ctx context.Context, key string) (delivery.Object, error) {
	if key != delivery.KeysOf(s.tenant.Name).Known() {
		return s.Store.Get(ctx, key)
	}
	since := make(map[string]time.Time)
	for _, d := range s.bot.Destinations {
		since[d.ID()] = time.Unix(0, 0)
	}
	data, err := json.Marshal(delivery.Known{s.bot.ID: since})
	return delivery.Object{Data: data}, err
}
