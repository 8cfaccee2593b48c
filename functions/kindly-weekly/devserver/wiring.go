package devserver

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/slash"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/tick"
	"kindlyweekly/functions/wire"
	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// wire writes the configuration into the folder and creates the functions.
func (o *server) wire(ctx context.Context, name string, text []byte) (err error) {
	o.ctx = ctx
	keys := delivery.KeysOf(name)
	if o.tenant, _, err = config.ParseInForce(keys.Config(), text); err != nil {
		return err
	}
	if o.tenant.Slack.Team == "" || o.tenant.Slack.SigningSecret == "" {
		return fmt.Errorf("the slash command needs slack: {team: T…, token_secret: ID, signing_secret: ID} in the configuration of %s; serve does not read these secrets", name)
	}
	store := store.Folder{Dir: o.dir}
	local := about.LocalFolder("serve", deployment.ServeCatchUp)
	if err := local.Save(ctx, store); err != nil {
		return err
	}
	if _, err := store.Put(ctx, keys.Config(), delivery.Object{Data: text},
		delivery.Condition{}); err != nil {
		return err
	}

	if err := os.MkdirAll(o.outbox(), 0o755); err != nil {
		return err
	}
	o.slack = slackfake.New(slackfake.Workspace{Team: o.tenant.Slack.Team, Name: "local",
		Token: botToken, Scopes: slack.Scopes()})
	o.slack.Processing = 0 // uploads are ready at once
	for _, d := range o.tenant.DestinationsOf(config.Slack) {
		o.slack.SetChannel(slackfake.Channel{ID: d.To, Team: o.tenant.Slack.Team,
			Name: o.channelName(d), Member: true})
	}

	logger := log.New(o.Err, slog.LevelInfo)
	slack := &slack.Client{Deployment: store.Deployment(), HTTP: o.slack.Client(), Log: logger,
		Token: func(context.Context, *config.Tenant) (string, error) { return botToken, nil }}
	mail := &email.Sender{Client: &fileMailer{dir: o.outbox()}, Store: store}
	wired := &sending.Deployment{
		Base: wire.Base{Getenv: o.variable, Store: store, Secrets: fakeSecrets{o},
			Prefix: keyPrefix, Now: o.Now, Log: logger},
		Senders: map[config.Medium]delivery.Sender{config.Slack: slack, config.Mail: mail},
		CatchUp: deployment.ServeCatchUp,
		// the keys are in the environment
		Commands: alerting.Commands{Name: o.Name, Store: cli.ShortPath(o.dir)},
		Metrics:  io.Discard,
	}
	loader := &tenantconfig.Loader{Store: store}
	o.command = &slash.Handler{Tenants: loader, Secrets: fakeSecrets{o}, Seen: store,
		Requests: requestQueue{o}, Now: o.Now, Log: logger}
	if o.worker, err = worker.New(wired); err != nil {
		return err
	}
	o.tick = tick.New(wired, jobQueue{o})
	o.tick.Tenants = loader
	o.worker.Permalink = nil // the workspace is not real
	// The destinations count as known for long, so that the first tick sends something.
	return wired.Ledger().SaveFirstSeen(ctx, name, o.firstSeen(deployment.ServeCatchUp), "")
}

// variable returns the variables with the addresses of the statistics service, and no others.
func (o *server) variable(name string) string {
	switch name {
	case "SAGE_URL", "KINDLY_API_URL":
		return cmp.Or(o.sage, o.Getenv(name))
	}
	return ""
}

// firstSeen returns destinations that a deployment has known for as long as the window.
func (o *server) firstSeen(window time.Duration) delivery.FirstSeen {
	known := delivery.FirstSeen{}
	for _, b := range o.tenant.Bots {
		known[b.ID] = make(map[string]time.Time)
		for _, d := range b.Destinations {
			known[b.ID][d.ID()] = o.Now().Add(-window).UTC()
		}
	}
	// since the last week of which every bot's report is caught up
	if all, ok := o.tenant.AllBots(); ok {
		known[all.ID] = make(map[string]time.Time)
		since := o.Now().UTC()
		for w := period.LastComplete(o.Now(),
			time.UTC).Add(-1); !all.OpensAt(w).After(o.Now()); w = w.Next() {
			if !slices.ContainsFunc(all.Schedules,
				func(b config.Schedule) bool { return o.Now().Sub(b.SendAt(w)) >= window }) {
				since = all.OpensAt(w).Add(-time.Second).UTC()
				break
			}
		}
		for _, d := range all.Destinations {
			known[all.ID][d.ID()] = since
		}
	}
	return known
}

// channelName returns the ID of the bot that reports to d.
func (o *server) channelName(d config.Destination) string {
	for _, b := range o.tenant.Subjects() {
		if slices.ContainsFunc(b.Destinations,
			func(own config.Destination) bool { return own.ID() == d.ID() }) {
			return strings.TrimPrefix(b.ID, "_")
		}
	}
	return "ops"
}
