package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"kindlyweekly/functions/connection"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// ErrNoDM is in Private's error if the app cannot send direct messages to the user.
var ErrNoDM = errors.New("no direct message")

// privateWindow is how long Private looks back for the same report. Slack takes answers to a slash
// command for as long.
const privateWindow = 30 * time.Minute

// Private sends the report to a user as a direct message, with the PDF in its thread. Of the
// message's Destination only Charts counts. It does not repeat a report with the same key that it
// finds there, but sends it if the lookup fails, since a person is waiting. The digest decides: the
// PDF is tried once, and its failure is only logged. The error contains ErrNoDM if the report has
// to take another way.
func (c *Client) Private(
	ctx context.Context, t *config.Tenant, user string, m delivery.Message,
) error {
	ts := ""
	err := c.withSession(ctx, t, func(s *session) error {
		dm, err := s.openDM(ctx, user)
		if err != nil {
			return err
		}
		if _, found, _ := s.find(ctx, dm, m, time.Now().Add(-privateWindow)); found {
			return nil
		}
		m.Destination = config.Destination{
			Medium: config.Slack, To: dm, Charts: m.Destination.Charts,
		}
		ts, err = s.postMessage(ctx, m)
		if isCode(err, "messages_tab_disabled", "channel_not_found", "is_archived",
			"restricted_action") {
			return &delivery.Failure{Err: fmt.Errorf("%w: %w", ErrNoDM, err),
				Cause: asFailure(err).Cause, Permanent: true}
		}
		return err
	})
	if ts == "" { // found, or not posted
		return err
	}
	note := func(string) error { return nil }
	_, _ = c.SendReplies(ctx, m, ts, "", true, note) // it logs what fails
	return nil
}

// openDM returns the channel of direct messages to the user.
func (s *session) openDM(ctx context.Context, user string) (channel string, err error) {
	var dm *slack.Channel
	err = retryTransient(ctx, func() (err error) {
		dm, _, _, err = s.OpenConversationContext(ctx,
			&slack.OpenConversationParameters{Users: []string{user}})
		return err
	})
	if err == nil {
		return dm.ID, nil
	}
	f := s.explain(ctx, err, user)
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) && !isTokenRefused(err) && !isTransient(err) {
		f.Err = fmt.Errorf("%w: %w", ErrNoDM, f.Err)
	}
	return "", f
}

// hooks is the scheme and host of Slack's response URLs.
const hooks = "https://hooks.slack.com"

// Respond answers a slash command; only the person who typed it sees the answer. text is Slack's
// mrkdwn, in which the caller has escaped &, < and >. With blocks it is the notification alone.
// Slack takes five answers within 30 minutes. Respond sends nothing to a URL that is not Slack's.
func (c *Client) Respond(
	ctx context.Context, responseURL, text string, blocks ...slack.Block,
) error {
	base := hooks
	if c.HooksURL != "" {
		base = strings.TrimSuffix(c.HooksURL, "/")
	}
	u, err := url.Parse(responseURL)
	if err != nil || u.User != nil || u.Scheme+"://"+u.Host != base {
		return &delivery.Failure{Permanent: true,
			Err: errors.New("the response_url is not one of Slack's, nothing was sent to it")}
	}
	message := &slack.WebhookMessage{ResponseType: slack.ResponseTypeEphemeral, Text: text}
	if len(blocks) > 0 {
		message.Blocks = &slack.Blocks{BlockSet: blocks}
	}
	err = c.respond(ctx, responseURL, message)
	if message.Blocks != nil && isNotFound(err) { // which Slack also answers to blocks it refuses
		message.Blocks = nil
		err = c.respond(ctx, responseURL, message)
	}
	if err == nil {
		return nil
	}
	f := &delivery.Failure{Err: fmt.Errorf("the slash command was not answered (%w)", redact(err)),
		MaybeSent: isDoubtful(err)}
	if isNotFound(err) {
		f.Permanent = true
		f.Remedy = "type the command again: Slack takes five answers in 30 minutes"
	}
	return f
}

func (c *Client) respond(ctx context.Context, to string, message *slack.WebhookMessage) error {
	ctx, watch := connection.Follow(ctx)
	return watch.Error(retryRateLimit(ctx, func() error {
		return slack.PostWebhookCustomHTTPContext(ctx, to, c.http(), message)
	}))
}

func isNotFound(err error) bool {
	var status slack.StatusCodeError
	errors.As(err, &status)
	return status.Code == http.StatusNotFound
}
