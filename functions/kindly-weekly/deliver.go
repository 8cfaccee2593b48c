package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// deliver brings a bot's week to the destinations that the deployment's configuration names, and prints what the ledger
// says of each. It is the deployment's own worker that does it: the numbers that the archive has frozen are sent, and to
// each destination once, whoever sends them.
func (h host) deliver(ctx context.Context, d deployment, t *config.Tenant, bot config.Bot, week period.Week) error {
	if err := sendable(t, bot, bot.SendAt(week), h.now(), week.String()); err != nil {
		return err
	}
	if err := h.hasKey(ctx, d.prefix, t, bot); err != nil {
		return err
	}
	builder, err := h.worker(ctx, d, t, bot)
	if err != nil {
		return err
	}
	fmt.Fprintf(h.err, "delivering %s of %s to %s\n", week, bot.ID, counted(len(bot.Destinations), "destination", "destinations"))
	h.unheard(bot.Destinations, builder.Divert)
	all, err := h.bring(ctx, builder, config.Job{Tenant: t.Name, Bot: bot.ID, Week: week}, bot)
	if err != nil {
		return err
	}
	return h.print(all)
}

// unheard warns of mail of which nobody will hear that it came back.
func (h host) unheard(to []config.Destination, divert *config.Destination) {
	if divert != nil {
		to = []config.Destination{*divert}
	}
	mail := slices.ContainsFunc(to, func(d config.Destination) bool { return d.Medium == config.Mail })
	if mail && h.getenv("SES_CONFIGURATION_SET") == "" {
		fmt.Fprintln(h.err, "SES_CONFIGURATION_SET is not set, so nobody will hear of mail that comes back: set it to the stack's MailConfigurationSet")
	}
}

// bring has the worker deliver a job to the bot's destinations, whether or not the tick knew them when it fell due: the tick
// sends nothing old to a destination that it has just seen, but here it is the operator who wants the week there.
func (h host) bring(ctx context.Context, builder *worker.Worker, job config.Job, bot config.Bot) ([]outcome, error) {
	ledger, window := builder.Ledger, builder.CatchUp
	known, _, err := ledger.Known(ctx, job.Tenant)
	if err != nil {
		return nil, err
	}
	before, err := ledger.History(ctx, job)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*sendTime)
	defer cancel()
	now, due := h.now(), bot.SendAt(job.Week).UTC()
	asked := *builder
	asked.Ledger = &delivery.Ledger{Store: askedFor{ledger.Store, job.Tenant, bot}, Now: h.now}
	asked.CatchUp = max(window, now.Sub(due)+time.Minute) // however late it is
	if err := asked.Deliver(ctx, queues.Job{Job: job, Reason: "by hand"}); err != nil {
		return nil, err
	}
	after, err := ledger.History(ctx, job)
	if err != nil {
		return nil, err
	}
	var all []outcome
	for _, to := range bot.Destinations {
		d := delivery.Delivery{Job: job, Bot: bot, Destination: to, Due: due}
		o := outcome{Delivery: d, record: after.Standing(d).Record}
		if known.Prospect(d, h.now(), window) == delivery.Expected {
			o.until = due.Add(window)
		}
		switch {
		case before.Standing(d).Over:
			o.note = "before; nothing was sent now"
		case !o.record.State.Final() && o.record.State != delivery.Claimed && o.until.IsZero():
			o.note = "nobody tries it again but you"
			if next := o.record.NextTry; next.After(h.now()) {
				o.note += ", after " + next.In(bot.Location).Format(shortTime)
			}
		}
		all = append(all, o)
	}
	return all, nil
}

// deployment is what a command says of the one that it works with.
type deployment struct {
	store    bucket
	window   time.Duration     // within which it catches up
	prefix   string            // what the ids of its secrets begin with
	commands alerting.Commands // which its worker tells operators to type
	verbose  bool              // whether its worker's log is shown
}

// worker is the deployment's, with the operator's credentials. Where nobody says where the bot's key is, that is told when it is
// needed.
func (h host) worker(ctx context.Context, d deployment, t *config.Tenant, bot config.Bot) (*worker.Worker, error) {
	divert, err := h.divert()
	if err != nil {
		return nil, err
	}
	deployed := &secretStore{host: h}
	mail, err := h.mailer(ctx, d.store)
	if err != nil {
		return nil, err
	}
	slack := h.slackClient(deployed, h.getenv("SLACK_BOT_TOKEN"))
	builder := &worker.Worker{
		Tenants:      just{t},
		Ledger:       &delivery.Ledger{Store: d.store, Now: h.now},
		Archive:      delivery.Archive{Store: d.store},
		Secrets:      deployed,
		SecretPrefix: d.prefix,
		Commands:     d.commands,
		Senders:      map[config.Medium]delivery.Sender{config.Slack: slack, config.Mail: mail},
		Slack:        slack,
		Permalink:    slack.Permalink,
		SageURL:      h.getenv("SAGE_URL"),
		KindlyURL:    h.getenv("KINDLY_API_URL"),
		CatchUp:      d.window,
		Divert:       divert,
		Now:          h.now,
		Log:          slog.New(slog.DiscardHandler),
		Metrics:      &log.Metrics{Writer: io.Discard, Now: h.now},
	}
	slack.Deployment = d.store.Deployment()
	if d.verbose {
		builder.Log = log.New(h.err, slog.LevelDebug)
		slack.Log = builder.Log
	}
	id := secrets.KeyID(d.prefix, t.Name, bot)
	if key, err := h.key(ctx, bot.ID); err == nil {
		builder.Secrets = given{id, key}
	} else if h.hasKey(ctx, d.prefix, t, bot) != nil {
		builder.Secrets = nowhere{bot.ID}
	}
	return builder, nil
}

// hasKey says what is missing to find a bot's API key.
func (h host) hasKey(ctx context.Context, prefix string, t *config.Tenant, bot config.Bot) error {
	if _, err := h.key(ctx, bot.ID); err == nil {
		return nil
	}
	_, err := keyID(prefix, t.Name, bot)
	return err
}

// just is the one tenant that a command is about.
type just struct{ *config.Tenant }

func (j just) Get(_ context.Context, name string) (*config.Tenant, error) {
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

// nowhere is an API key of which nobody says where it is.
type nowhere struct{ bot string }

func (n nowhere) Get(_ context.Context, id string) (string, error) {
	return "", &secrets.Error{Secret: id, Err: errors.New("nobody says where it is"), Permanent: true,
		Cure: fmt.Sprintf("set KINDLY_API_KEY_%s, or say with --secrets what the ids of the deployment's secrets begin with: SecretPrefix of its stack", n.bot)}
}

func (n nowhere) Refetch(ctx context.Context, id string) (string, error) { return n.Get(ctx, id) }

// askedFor is a store in which a bot's destinations have always been known.
type askedFor struct {
	delivery.Store
	tenant string
	bot    config.Bot
}

func (s askedFor) Get(ctx context.Context, key string) (delivery.Object, error) {
	if key != delivery.KeysOf(s.tenant).Known() {
		return s.Store.Get(ctx, key)
	}
	since := make(map[string]time.Time)
	for _, d := range s.bot.Destinations {
		since[d.ID()] = time.Unix(0, 0)
	}
	data, err := json.Marshal(delivery.Known{s.bot.ID: since})
	return delivery.Object{Data: data}, err
}
