package slack

import (
	"context"
	"errors"
	"slices"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel"
	"kindlyweekly/report/config"
)

// Preflight checks each tenant's app, see [Client.Check], and the channels that its configuration names. It
// posts nothing.
func (c *Client) Preflight(ctx context.Context, tenants []*config.Tenant) []channel.Finding {
	var all []channel.Finding
	for _, t := range tenants {
		all = append(all, c.preflight(ctx, t)...)
	}
	return all
}

func (c *Client) preflight(ctx context.Context, t *config.Tenant) []channel.Finding {
	var channels []string
	for _, d := range t.DestinationsOf(config.Slack) {
		channels = append(channels, d.To)
	}
	subject := t.Name + ": Slack "
	if t.Slack.TokenSecret == "" {
		if len(channels) == 0 {
			return nil
		}
		return []channel.Finding{{Subject: subject + "token", State: "channels are configured, but no token",
			Remedy: "add slack: {token_secret: ID} to the configuration"}}
	}
	if _, err := c.Token(ctx, t); err != nil {
		f := channel.Finding{Subject: subject + "token", State: err.Error()}
		if secret := new(secrets.Error); errors.As(err, &secret) {
			f.State, f.Remedy = secret.Reason(), secret.Remedy
		}
		return []channel.Finding{f}
	}
	problems := make(map[string]Problem)
	for _, p := range c.Check(ctx, t, channels) {
		problems[p.Subject] = p
	}
	_, noToken := problems["token"]
	var all []channel.Finding
	for _, what := range slices.Concat([]string{"token", "scopes"}, channels) {
		f := channel.Finding{Subject: subject + what, State: channel.OK}
		if p, wrong := problems[what]; wrong {
			f.State, f.Remedy = p.Reason, p.Remedy
		} else if noToken {
			f.State = channel.NotChecked
		}
		all = append(all, f)
	}
	return all
}
