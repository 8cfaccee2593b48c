package deployment

import (
	"context"
	"errors"
	"log/slog"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Channels returns the environment of senders, with the operator's credentials. Senders do not send
// to addresses that are blocked in store. store may be nil.
func Channels(h cli.Host, store Store, logger *slog.Logger) channel.Env {
	e := channel.Env{
		Getenv: h.Getenv, AWS: h.AWS, HTTP: h.Slack, Log: logger,
		Secrets: secrets.Tenants{Secrets: &Secrets{Host: h}, Prefix: h.SecretPrefix()},
	}
	if store != nil {
		e.Store, e.Deployment = store, store.Deployment()
	}
	return e
}

// PostWith makes the Slack sender s use the token own instead of the tenant's. If own is empty it
// uses the tenant's, and its errors name both.
func PostWith(s delivery.Sender, own string) {
	client := s.(*slack.Client)
	secret := client.Token
	client.Refetch = nil
	client.Token = func(ctx context.Context, t *config.Tenant) (string, error) {
		switch {
		case own != "":
			return own, nil
		case t.Slack.TokenSecret == "":
			return "", errors.New("set SLACK_BOT_TOKEN, or name slack.token_secret in the " +
				"configuration")
		}
		return secret(ctx, t)
	}
}
