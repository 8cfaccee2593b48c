package deployment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
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
	"kindlyweekly/sage"
)

// Deployment describes the deployment that a command works with.
type Deployment struct {
	Store    Store
	Window   time.Duration     // how long it catches up on late deliveries
	Prefix   string            // what the ids of its secrets begin with
	Commands alerting.Commands // that its worker tells operators to type
	Verbose  bool              // whether its worker's log is shown
}

// NewWorker returns the deployment's worker, with the operator's credentials, for one of the
// tenant's subjects. If the API key of that bot cannot be located, the worker's first use of it
// fails with the remedy. A portfolio needs none.
func NewWorker(
	ctx context.Context, h cli.Host, d Deployment, t *config.Tenant, subject string,
) (*worker.Worker, error) {
	divert, err := h.Divert()
	if err != nil {
		return nil, err
	}
	wired := &sending.Deployment{
		Base: wire.Base{
			Getenv: h.Getenv, Store: d.Store, Secrets: &Secrets{Host: h}, Prefix: d.Prefix,
			Now: h.Now, Log: slog.New(slog.DiscardHandler),
		},
		CatchUp: d.Window, Divert: divert, Commands: d.Commands, Metrics: io.Discard,
	}
	if d.Verbose {
		wired.Log = log.New(h.Err, slog.LevelDebug)
	}
	if wired.Senders, err = registry.Senders(ctx, Channels(h, d.Store, wired.Log)); err != nil {
		return nil, err
	}
	PostWith(wired.Senders[config.Slack], h.Getenv("SLACK_BOT_TOKEN"))
	builder, err := worker.New(wired)
	if err != nil {
		return nil, err
	}
	builder.Tenants = oneTenant{t}
	var once sync.Once
	var spelled sage.Spelling
	builder.Spelling = func(ctx context.Context) sage.Spelling {
		once.Do(func() { spelled = Spelling(ctx, h, d.Store) })
		return spelled
	}
	bot, err := t.Find(subject)
	if err != nil {
		return builder, nil
	}
	if key, err := h.APIKey(ctx, bot.ID); err == nil {
		keyID := secrets.KeyID(d.Prefix, t.Name, bot)
		builder.Secrets = keyFunc(func(id string) (string, error) {
			if id != keyID {
				return "", fmt.Errorf("the environment has no secret %s", id)
			}
			return key, nil
		})
	} else if checkKey(ctx, h, d.Prefix, t, bot) != nil {
		builder.Secrets = keyFunc(func(id string) (string, error) {
			return "", &secrets.Error{
				Secret: id, Err: errors.New("its id is unknown"), Permanent: true,
				Remedy: fmt.Sprintf("set KINDLY_API_KEY_%s, or name the deployment with --stack",
					bot.ID),
			}
		})
	}
	return builder, nil
}

// checkKey returns an error if a bot's API key cannot be located.
func checkKey(
	ctx context.Context, h cli.Host, prefix string, t *config.Tenant, bot config.Bot,
) error {
	if _, err := h.APIKey(ctx, bot.ID); err == nil {
		return nil
	}
	_, err := KeyID(prefix, t.Name, bot)
	return err
}

// oneTenant provides the tenant that a command is for.
type oneTenant struct{ *config.Tenant }

func (j oneTenant) Get(_ context.Context, name string) (*config.Tenant, error) {
	if name != j.Name {
		return nil, delivery.ErrNotFound
	}
	return j.Tenant, nil
}

// A keyFunc provides a bot's API key, the only secret that a command's worker reads.
type keyFunc func(id string) (string, error)

func (k keyFunc) Get(_ context.Context, id string) (string, error) { return k(id) }

func (k keyFunc) Refetch(_ context.Context, id string) (string, error) { return k(id) }
