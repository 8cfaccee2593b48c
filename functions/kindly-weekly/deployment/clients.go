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

// Channels returns what senders are made of, with the rights of the operator. They send nothing to
// addresses that are blocked in the store, which may be nil.
func Channels(h cli.Host, store Store, logger *slog.Logger) channel.Env {
	e := channel.Env{
		Getenv: h.Getenv, AWS: h.AWS, HTTP: h.Slack, Secrets: secrets.Tenants{Secrets: &Secrets{Host: h}}, Log: logger,
	}
	if store != nil {
		e.Store, e.Deployment = store, store.Deployment()
	}
	return e
}

// PostWith makes a sender to Slack post with the token own, if it is not empty.
func PostWith(s delivery.Sender, own string) {
	client := s.(*slack.Client)
	secret := client.Token
	client.Refetch = nil
	client.Token = func(ctx context.Context, t *config.Tenant) (string, error) {
		switch {
		case own != "":
			return own, nil
		case t.Slack.TokenSecret == "":
			return "", errors.New("set SLACK_BOT_TOKEN, or name slack.token_secret in the configuration")
		}
		return secret(ctx, t)
	}
}
