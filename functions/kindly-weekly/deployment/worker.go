package deployment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel/registry"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/wire"
	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Deployment is what a command says of the one that it works with.
type Deployment struct {
	Store    Store
	Window   time.Duration     // within which it catches up
	Prefix   string            // what the ids of its secrets begin with
	Commands alerting.Commands // which its worker tells operators to type
	Verbose  bool              // whether its worker's log is shown
}

// NewWorker returns the deployment's worker, with the operator's credentials. If it is not known
// where the bot's API key is, asking for the key says so.
func NewWorker(ctx context.Context, h cli.Host, d Deployment, t *config.Tenant, bot config.Bot) (*worker.Worker, error) {
	divert, err := h.Divert()
	if err != nil {
		return nil, err
	}
	wired := &sending.Deployment{
		Base: wire.Base{Getenv: h.Getenv, Store: d.Store, Secrets: &Secrets{Host: h}, Prefix: d.Prefix,
			Now: h.Now, Log: slog.New(slog.DiscardHandler)},
		CatchUp: d.Window, Divert: divert, Commands: d.Commands, Metrics: io.Discard,
	}
	if d.Verbose {
		wired.Log = log.New(h.Err, slog.LevelDebug)
	}
	if wired.Senders, err = registry.Senders(ctx, Channels(h, d.Store, wired.Log)); err != nil {
		return nil, err
	}
	PostWith(wired.Senders[config.Slack], h.Getenv("SLACK_BOT_TOKEN"))
	builder := worker.New(wired)
	builder.Tenants = oneTenant{t}
	id := secrets.KeyID(d.Prefix, t.Name, bot)
	if key, err := h.APIKey(ctx, bot.ID); err == nil {
		builder.Secrets = givenKey{id, key}
	} else if checkKey(ctx, h, d.Prefix, t, bot) != nil {
		builder.Secrets = unknownKey{bot.ID}
	}
	return builder, nil
}

// checkKey says what is missing to find a bot's API key.
func checkKey(ctx context.Context, h cli.Host, prefix string, t *config.Tenant, bot config.Bot) error {
	if _, err := h.APIKey(ctx, bot.ID); err == nil {
		return nil
	}
	_, err := KeyID(prefix, t.Name, bot)
	return err
}

// oneTenant is the one tenant that a command is about.
type oneTenant struct{ *config.Tenant }

func (j oneTenant) Get(_ context.Context, name string) (*config.Tenant, error) {
	if name != j.Name {
		return nil, delivery.ErrNotFound
	}
	return j.Tenant, nil
}

// givenKey is an API key out of the environment, in the place of the deployment's.
type givenKey struct{ id, key string }

func (g givenKey) Get(_ context.Context, id string) (string, error) {
	if id != g.id {
		return "", fmt.Errorf("the environment holds no secret %s", id)
	}
	return g.key, nil
}

func (g givenKey) Refetch(ctx context.Context, id string) (string, error) { return g.Get(ctx, id) }

// unknownKey is an API key of which nobody says where it is.
type unknownKey struct{ bot string }

func (n unknownKey) Get(_ context.Context, id string) (string, error) {
	return "", &secrets.Error{Secret: id, Err: errors.New("nobody says where it is"), Permanent: true,
		Remedy: fmt.Sprintf("set KINDLY_API_KEY_%s, or say with --secrets what the ids of the deployment's secrets begin with: SecretPrefix of its stack", n.bot)}
}

func (n unknownKey) Refetch(ctx context.Context, id string) (string, error) { return n.Get(ctx, id) }
