package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/functions/connection"
	"kindlyweekly/report/delivery"
)

// explain turns an error into words for an operator.
func (s *session) explain(ctx context.Context, err error, channel string) *delivery.Failure {
	var known *delivery.Failure
	if errors.As(err, &known) {
		return known
	}
	f := &delivery.Failure{Cause: delivery.CauseSlack}
	var refused slack.SlackErrorResponse
	var limited *slack.RateLimitedError
	switch {
	case errors.Is(err, errNoTime):
		f.Err = err
	case errors.As(err, &limited):
		// Slack's own text has the time, which differs each time.
		f.Err, f.RetryAfter = errors.New("too many calls to Slack (429)"), limited.RetryAfter
	case errors.As(err, &refused):
		e, ok := explanations[refused.Err]
		switch {
		case !ok:
			e.says = "Slack refuses"
		case e.remedy == remedySee && isDM(channel):
			e.says, e.remedy = "the app cannot see the direct messages {channel}", remedyDM
		}
		name := ""
		if strings.Contains(e.says+e.remedy, "{channel}") {
			name = s.name(ctx, channel)
		}
		says, remedy := e.about(name, refused.Needed)
		f.Err, f.Remedy = fmt.Errorf("%s (%w)", says, err), remedy
		f.Cause, f.Permanent = e.cause, e.kind == permanent
		if e.cause == causeChannel || e.cause == causeUser {
			f.Cause = e.cause.With(channel)
		}
	default:
		f.Err = fmt.Errorf("no valid answer from Slack (%w)", redact(err))
	}
	return f
}

// name returns the name that people know a channel by, and its ID; the ID alone if Slack gives no
// name.
func (s *session) name(ctx context.Context, id string) string {
	if isDM(id) {
		return id
	}
	info, err := s.channel(ctx, id)
	if err != nil {
		return id
	}
	return nameOf(info)
}

// isDM reports whether a channel is a person's direct messages.
func isDM(id string) bool { return strings.HasPrefix(id, "D") }

func (s *session) channel(ctx context.Context, id string) (info *slack.Channel, err error) {
	err = retryTransient(ctx, func() error {
		info, err = s.GetConversationInfoContext(ctx,
			&slack.GetConversationInfoInput{ChannelID: id})
		return err
	})
	return info, err
}

func nameOf(c *slack.Channel) string {
	if c.Name == "" {
		return c.ID
	}
	return "#" + c.Name + " (" + c.ID + ")"
}

// redact removes URLs and network addresses from an error. With the URL of an upload or a response
// anyone can use it, and network addresses differ each time.
func redact(err error) error {
	var network *url.Error
	if !errors.As(err, &network) {
		return err
	}
	host := "Slack"
	if u, err := url.Parse(network.URL); err == nil {
		host = u.Host
	}
	cause := network.Err
	var operation *net.OpError
	if errors.As(cause, &operation) {
		cause = operation.Err
	}
	return fmt.Errorf("%s %s: %w", strings.ToLower(network.Op), host, cause)
}

// isCode reports whether err is one of these error codes of Slack.
func isCode(err error, codes ...string) bool {
	var refused slack.SlackErrorResponse
	errors.As(err, &refused)
	return slices.Contains(codes, refused.Err)
}

func isTokenRefused(err error) bool {
	return isCode(err, "invalid_auth", "token_revoked", "token_expired")
}

// isLayoutRefused reports whether a message was not posted because of its layout.
func isLayoutRefused(err error) bool {
	return isCode(err, "invalid_blocks", "invalid_blocks_format", "invalid_attachments",
		"msg_blocks_too_long", "msg_too_long", "slack_connect_file_link_sharing_blocked")
}

// isDoubtful reports whether a call that failed may have been done. The error is not nil.
func isDoubtful(err error) bool {
	var refused slack.SlackErrorResponse
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	switch {
	case errors.As(err, &limited), errors.Is(err, errNoTime), connection.IsFailed(err):
		return false
	case errors.As(err, &refused):
		return explanations[refused.Err].kind == doubtful
	case errors.As(err, &status):
		return status.Code >= 500
	}
	return true // the answer was lost, or is not Slack's
}

// isTransient reports whether calling again may help. The error is not nil, and not a rate limit.
func isTransient(err error) bool {
	return isDoubtful(err) || connection.IsFailed(err) ||
		isCode(err, "ratelimited", "rate_limited", "request_timeout", "service_unavailable")
}
