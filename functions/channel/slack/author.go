package slack

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
)

// The metadata of what is posted. Everybody in the workspace can read it. The version before writes the key alone, and looks
// for nothing else.
const (
	eventType         = "kindly_weekly"
	payloadKey        = "key"
	payloadDeployment = "deployment"
)

// withKey names a message, so that it can be looked for.
func (s *session) withKey(key string) slack.MsgOption {
	payload := map[string]any{payloadKey: key}
	if s.client.Deployment != "" {
		payload[payloadDeployment] = s.client.Deployment
	}
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: eventType, EventPayload: payload})
}

// Sign returns the message's key, the client's deployment, and the id by which Slack names the app as the author of messages.
func (c *Client) Sign(ctx context.Context, m delivery.Message) (signature delivery.Signature, err error) {
	err = c.with(ctx, m.Tenant, func(s *session) error {
		signature, err = s.sign(ctx, m.Key)
		return err
	})
	return signature, err
}

func (s *session) sign(ctx context.Context, key string) (delivery.Signature, error) {
	app, err := s.app(ctx)
	return delivery.Signature{Key: key, Deployment: s.client.Deployment, App: app}, err
}

// app asks once for each token whose it is. The id is a bot_id: a token does not tell the app_id without a further scope.
func (s *session) app(ctx context.Context) (string, error) {
	if id, ok := s.client.apps.Load(s.token); ok {
		return id.(string), nil
	}
	var identity *slack.AuthTestResponse
	err := stubbornly(ctx, func() (err error) {
		identity, err = s.AuthTestContext(ctx)
		return err
	})
	if err != nil {
		return "", s.explain(ctx, fmt.Errorf("auth.test: %w", err), "")
	}
	s.client.apps.Store(s.token, identity.BotID)
	return identity.BotID, nil
}

// A search is for messages of ours, such as a digest or a reply of its thread.
type search struct {
	session *session
	of      delivery.Message
	mine    delivery.Signature // as this session would post
	suffix  string             // of the key

	unknown string // the ts of a message that may be ours; empty: there was none
}

// search returns a search for a delivery's message, or for the reply whose key has the suffix.
func (s *session) search(ctx context.Context, of delivery.Message, suffix string) (*search, error) {
	mine, err := s.sign(ctx, of.Key)
	if err != nil {
		return nil, err
	}
	return &search{session: s, of: of, mine: mine, suffix: suffix}, nil
}

// isOurs reports whether a message is certainly ours. One that may be is remembered, see doubt.
func (f *search) isOurs(m slack.Message) bool {
	switch f.whose(m) {
	case ours:
		return true
	case unknown:
		f.unknown = m.Timestamp
	}
	return false
}

// authorship says whose a message is.
type authorship int

const (
	another authorship = iota
	ours
	unknown // perhaps ours
)

// whose goes by the key, the deployment and the app that posted the message, all three.
func (f *search) whose(m slack.Message) authorship {
	if m.Metadata.EventType != eventType {
		return another
	}
	key, _ := m.Metadata.EventPayload[payloadKey].(string)
	deployment, _ := m.Metadata.EventPayload[payloadDeployment].(string)
	found := another
	for _, s := range append([]delivery.Signature{f.mine}, f.of.Signed...) {
		switch {
		case key != s.Key+f.suffix || deployment != s.Deployment:
		case m.BotID == "" || s.App == "":
			found = unknown
		case m.BotID == s.App:
			return ours
		}
	}
	if f.of.Unsigned && key == f.of.Key+f.suffix && (deployment == "" || deployment == f.mine.Deployment) {
		if found = unknown; m.BotID != "" && m.BotID == f.mine.App {
			found = ours
		}
	}
	return found
}

// doubt is the error of a search that has found nothing of ours: nil, unless a message may be.
func (f *search) doubt(ctx context.Context, channel string) error {
	if f.unknown == "" {
		return nil
	}
	at := ""
	if link, err := f.session.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: channel, Ts: f.unknown}); err == nil {
		at = ", " + link
	}
	return &delivery.Failure{
		Err:    fmt.Errorf("a message in %s has the key %s, but Slack does not say that this app or a recorded one posted it", f.session.name(ctx, channel), f.of.Key+f.suffix),
		Remedy: "look at the message" + at + ": delete it if it is not the report",
		Cause:  causeChannel.With(channel),
	}
}
