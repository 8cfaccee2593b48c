package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel"
	"kindlyweekly/report/config"
)

// Scopes returns the scopes that the app's token needs to send reports, sorted. Setup needs the
// SetupScopes, too.
func Scopes() []string {
	return []string{
		"channels:history", "channels:read", // Find; Preflight, and a channel's name for an error
		"chat:write",
		"commands",
		"files:read", "files:write",
		"groups:history", "groups:read", // as of channels
		"im:history", "im:write", // Private
	}
}

// Preflight checks each tenant's app and the channels that its configuration names: whether the
// token is valid, belongs to the tenant's workspace and has the Scopes, and whether the app can
// post to the channels. It posts nothing. If the token is not valid, the rest is
// channel.NotChecked.
func (c *Client) Preflight(ctx context.Context, tenants []*config.Tenant) []channel.Finding {
	var all []channel.Finding
	for _, t := range tenants {
		all = append(all, c.preflight(ctx, t)...)
	}
	return all
}

func (c *Client) preflight(ctx context.Context, t *config.Tenant) (all []channel.Finding) {
	about := func(subject string) func(state, remedy string) {
		return func(state, remedy string) {
			all = append(all, channel.Finding{
				Subject: t.Name + ": Slack " + subject, State: state, Remedy: remedy})
		}
	}
	channels := t.DestinationsOf(config.Slack)
	if t.Slack.TokenSecret == "" {
		if len(channels) > 0 {
			about("token")("channels are configured, but no token",
				"add slack: {token_secret: ID} to the configuration")
		}
		return all
	}
	if _, err := c.Token(ctx, t); err != nil {
		if secret := new(secrets.Error); errors.As(err, &secret) {
			about("token")(secret.Reason(), secret.Remedy)
		} else {
			about("token")(err.Error(), "")
		}
		return all
	}
	err := c.withSession(ctx, t, func(s *session) error {
		identity, err := s.authTest(ctx)
		if err != nil {
			return s.explain(ctx, err, "")
		}
		about("token")(checkTeam(identity, t.Slack.Team))
		about("scopes")(checkScopes(identity))
		for _, d := range channels {
			about(d.To)(s.checkChannel(ctx, d.To))
		}
		return nil
	})
	if err != nil {
		f := asFailure(err)
		about("token")(f.Err.Error(), f.Remedy)
		about("scopes")(channel.NotChecked, "")
		for _, d := range channels {
			about(d.To)(channel.NotChecked, "")
		}
	}
	return all
}

// checkTeam checks that the token is of the workspace that the tenant names, if it names one.
func checkTeam(identity *slack.AuthTestResponse, team string) (state, remedy string) {
	if team == "" || identity.TeamID == team {
		return channel.OK, ""
	}
	return fmt.Sprintf("it is of the workspace %s (%s), not of %s",
			identity.TeamID, identity.Team, team),
		"correct slack.team in the configuration, or store the bot token of the right workspace"
}

func checkScopes(identity *slack.AuthTestResponse) (state, remedy string) {
	missing := lacking(scopesOf(identity), Scopes())
	if len(missing) == 0 {
		return channel.OK, ""
	}
	return explanations["missing_scope"].about("", strings.Join(missing, ", "))
}

// scopesOf returns the scopes of the token.
func scopesOf(identity *slack.AuthTestResponse) []string {
	return strings.FieldsFunc(identity.Header.Get("X-OAuth-Scopes"),
		func(r rune) bool { return r == ',' || r == ' ' })
}

// lacking returns the needed scopes that are not granted.
func lacking(granted, needed []string) []string {
	return slices.DeleteFunc(needed,
		func(scope string) bool { return slices.Contains(granted, scope) })
}

// checkChannel checks that the app can post to a channel, or that direct messages are its own.
func (s *session) checkChannel(ctx context.Context, id string) (state, remedy string) {
	if isDM(id) {
		if err := s.checkDM(ctx, id); err != nil {
			f := s.explain(ctx, err, id)
			return f.Err.Error(), f.Remedy
		}
		return channel.OK, ""
	}
	info, err := s.channel(ctx, id)
	switch {
	case err != nil:
		f := s.explain(ctx, err, id)
		return f.Err.Error(), f.Remedy
	case info.IsArchived:
		return explanations["is_archived"].about(nameOf(info), "")
	case !info.IsMember:
		return explanations["not_in_channel"].about(nameOf(info), "")
	}
	return channel.OK, ""
}

// checkDM reads direct messages as Find does: conversations.info needs another scope for them.
func (s *session) checkDM(ctx context.Context, id string) error {
	return retryTransient(ctx, func() error {
		_, err := s.GetConversationHistoryContext(ctx,
			&slack.GetConversationHistoryParameters{ChannelID: id, Limit: 1})
		return err
	})
}
