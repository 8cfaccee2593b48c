package deployment

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// SlackClient reaches Slack with a token of the operator's, if there is one, else with the deployment's. What it posts is of no
// deployment.
func SlackClient(h cli.Host, s *Secrets, own string) *slack.Client {
	return &slack.Client{HTTP: h.Slack, Token: func(ctx context.Context, t *config.Tenant) (string, error) {
		switch {
		case own != "":
			return own, nil
		case t.Slack.TokenSecret == "":
			return "", errors.New("set SLACK_BOT_TOKEN, or name slack.token_secret in the configuration")
		}
		return s.Get(ctx, t.Slack.TokenSecret)
	}}
}

// Mailer reaches SES with the operator's AWS credentials. With a store it keeps off the addresses that are blocked there.
func Mailer(ctx context.Context, h cli.Host, store delivery.Store) (*email.Sender, error) {
	cfg, err := h.AWS(ctx)
	if err != nil {
		return nil, err
	}
	return &email.Sender{Client: sesv2.NewFromConfig(cfg), ConfigurationSet: h.Getenv("SES_CONFIGURATION_SET"), Store: store}, nil
}
