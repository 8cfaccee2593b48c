package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// ErrNoDM is in Private's error for whoever the app cannot write to.
var ErrNoDM = errors.New("no direct message")

// answered is how long ago an answer may be, at most, for Private not to give it again. Slack takes no answer to a slash
// command for longer.
const answered = 30 * time.Minute

// Private sends the report to a user as a direct message, the PDF in its thread. The message's Destination does not
// matter. A report with the same key that was just sent there is not sent again; if that cannot be found out, it is:
// somebody is waiting. The digest counts: the PDF is tried once, and no error. ErrNoDM is in the error where another way
// has to be taken.
func (c *Client) Private(ctx context.Context, t *config.Tenant, user string, m delivery.Message) error {
	ts := ""
	err := c.with(ctx, t, func(s *session) error {
		var dm *slack.Channel
		err := stubbornly(ctx, func() (err error) {
			dm, _, _, err = s.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
			return err
		})
		if err != nil {
			f := s.explain(ctx, err, user)
			var refused slack.SlackErrorResponse
			if errors.As(err, &refused) && !isTokenRefused(err) && !isPassing(err) {
				f.Err = fmt.Errorf("%w: %w", ErrNoDM, f.Err)
			}
			return f
		}
		if _, found, _ := s.find(ctx, dm.ID, m, time.Now().Add(-answered)); found {
			return nil
		}
		m.Destination = config.Destination{Medium: config.Slack, To: dm.ID, Charts: m.Bot.Charts}
		if ts, err = s.digest(ctx, m); isCode(err, "messages_tab_disabled", "channel_not_found", "is_archived", "restricted_action") {
			return &delivery.Failure{Err: fmt.Errorf("%w: %w", ErrNoDM, err), Cause: asFailure(err).Cause, Permanent: true}
		}
		return err
	})
	if ts == "" { // it was there, or could not be posted
		return err
	}
	_, _ = c.SendReplies(ctx, m, ts, "", true, func(string) error { return nil }) // it has logged what is missing
	return nil
}

// hooks is where Slack's response URLs lead.
const hooks = "https://hooks.slack.com"

// Respond answers a slash command; only whoever typed it sees that. text is Slack's mrkdwn, in which &, < and > of
// strangers are to be escaped. With blocks it is only what the notification shows. Slack takes five answers in 30
// minutes. Nothing is sent to a response URL that is not Slack's.
func (c *Client) Respond(ctx context.Context, responseURL, text string, blocks ...slack.Block) error {
	base := hooks
	if c.HooksURL != "" {
		base = strings.TrimSuffix(c.HooksURL, "/")
	}
	u, err := url.Parse(responseURL)
	if err != nil || u.User != nil || u.Scheme+"://"+u.Host != base {
		return &delivery.Failure{Err: errors.New("the response_url is not one of Slack's, nothing was sent to it"), Permanent: true}
	}
	message := &slack.WebhookMessage{ResponseType: slack.ResponseTypeEphemeral, Text: text}
	if len(blocks) > 0 {
		message.Blocks = &slack.Blocks{BlockSet: blocks}
	}
	err = c.respond(ctx, responseURL, message)
	if message.Blocks != nil && isNotFound(err) { // so Slack answers, too, where it refuses blocks
		message.Blocks = nil
		err = c.respond(ctx, responseURL, message)
	}
	if err == nil {
		return nil
	}
	f := &delivery.Failure{Err: fmt.Errorf("answer to the slash command: %w", redact(err)), MaybeSent: isDoubtful(err)}
	if isNotFound(err) {
		f.Permanent, f.Remedy = true, "type the command again: Slack takes five answers in 30 minutes"
	}
	return f
}

func (c *Client) respond(ctx context.Context, to string, message *slack.WebhookMessage) error {
	return patiently(ctx, func() error { return slack.PostWebhookCustomHTTPContext(ctx, to, c.http(), message) })
}

func isNotFound(err error) bool {
	var status slack.StatusCodeError
	errors.As(err, &status)
	return status.Code == http.StatusNotFound
}

// Scopes returns what the app's token must be allowed to do, sorted.
func Scopes() []string {
	return []string{
		"channels:history", "channels:read", // Find; Check, and a channel's name for an error
		"chat:write",
		"commands",
		"files:read", "files:write",
		"groups:history", "groups:read", // as of channels
		"im:history", "im:write", // Private
	}
}

// A Problem is something that would keep reports from being sent.
type Problem struct {
	Subject string // "token", "scopes" or a channel's id
	Reason  string
	Remedy  string
}

// Check finds out whether the token is good, is of the tenant's workspace and has the Scopes, and whether the app can
// post to the channels. It sends nothing. Without a good token the channels are not looked at.
func (c *Client) Check(ctx context.Context, t *config.Tenant, channels []string) []Problem {
	var problems []Problem
	err := c.with(ctx, t, func(s *session) error {
		add := func(subject, reason, cure string) { problems = append(problems, Problem{subject, reason, cure}) }
		var identity *slack.AuthTestResponse
		err := stubbornly(ctx, func() (err error) {
			identity, err = s.AuthTestContext(ctx)
			return err
		})
		if err != nil {
			return s.explain(ctx, err, "")
		}
		if t.Slack.Team != "" && identity.TeamID != t.Slack.Team {
			add("token", fmt.Sprintf("it is of the workspace %s (%s), and not of %s", identity.TeamID, identity.Team, t.Slack.Team),
				"correct slack.team in the configuration, or store the bot token of the right workspace")
		}
		granted := strings.FieldsFunc(identity.Header.Get("X-OAuth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
		missing := slices.DeleteFunc(Scopes(), func(scope string) bool { return slices.Contains(granted, scope) })
		if len(missing) > 0 {
			says, cure := explanations["missing_scope"].about("", strings.Join(missing, ", "))
			add("scopes", says, cure)
		}
		for _, id := range channels {
			var channel *slack.Channel
			err := stubbornly(ctx, func() (err error) {
				channel, err = s.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
				return err
			})
			switch {
			case err != nil:
				f := s.explain(ctx, err, id)
				add(id, f.Err.Error(), f.Remedy)
			case channel.IsArchived:
				says, cure := explanations["is_archived"].about(nameOf(channel), "")
				add(id, says, cure)
			case !channel.IsMember:
				says, cure := explanations["not_in_channel"].about(nameOf(channel), "")
				add(id, says, cure)
			}
		}
		return nil
	})
	if err != nil {
		var f *delivery.Failure
		errors.As(err, &f)
		problems = append(problems, Problem{"token", f.Err.Error(), f.Remedy})
	}
	return problems
}
