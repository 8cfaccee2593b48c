package slack

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
)

// The metadata of posted messages. Everyone in the workspace can read it. The version before wrote
// and read the key alone.
const (
	eventType         = "kindly_weekly"
	payloadKey        = "key"
	payloadDeployment = "deployment"
)

// withKey is metadata by which the message can be found.
func (s *session) withKey(key string) slack.MsgOption {
	payload := map[string]any{payloadKey: key}
	if s.client.Deployment != "" {
		payload[payloadDeployment] = s.client.Deployment
	}
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: eventType, EventPayload: payload})
}

// Sign returns the message's key, the client's deployment, and the ID by which Slack names the app
// as the author of messages. It fails if auth.test does.
func (c *Client) Sign(
	ctx context.Context, m delivery.Message,
) (signature delivery.Signature, err error) {
	err = c.withSession(ctx, m.Tenant, func(s *session) error {
		signature, err = s.sign(ctx, m.Key)
		return err
	})
	return signature, err
}

func (s *session) sign(ctx context.Context, key string) (delivery.Signature, error) {
	app, err := s.app(ctx)
	return delivery.Signature{Key: key, Deployment: s.client.Deployment, App: app}, err
}

// app returns the token's app. It asks Slack once for each token. The ID is a bot_id, since the
// app_id needs another scope.
func (s *session) app(ctx context.Context) (string, error) {
	if id, ok := s.client.apps.Load(s.token); ok {
		return id.(string), nil
	}
	identity, err := s.authTest(ctx)
	if err != nil {
		return "", s.explain(ctx, fmt.Errorf("auth.test: %w", err), "")
	}
	s.client.apps.Store(s.token, identity.BotID)
	return identity.BotID, nil
}

func (s *session) authTest(ctx context.Context) (identity *slack.AuthTestResponse, err error) {
	err = retryTransient(ctx, func() error {
		identity, err = s.AuthTestContext(ctx)
		return err
	})
	return identity, err
}

// A search looks for a message of ours, a digest or a reply in its thread.
type search struct {
	session *session
	of      delivery.Message
	mine    delivery.Signature // of what this session posts
	suffix  string             // of the key

	unknown string // the ts of a message that may be ours; empty: none was found
}

// search returns a search for a delivery's message, or for the reply whose key has the suffix.
func (s *session) search(
	ctx context.Context, of delivery.Message, suffix string,
) (*search, error) {
	mine, err := s.sign(ctx, of.Key)
	if err != nil {
		return nil, err
	}
	return &search{session: s, of: of, mine: mine, suffix: suffix}, nil
}

// isOurs reports whether a message is certainly ours. It keeps one that may be, see ambiguous.
func (f *search) isOurs(m slack.Message) bool {
	switch f.author(m) {
	case ours:
		return true
	case unknown:
		f.unknown = m.Timestamp
	}
	return false
}

// authorship says who posted a message.
type authorship int

const (
	notOurs authorship = iota
	ours
	unknown
)

// author compares the key, the deployment and the app that posted the message.
func (f *search) author(m slack.Message) authorship {
	if m.Metadata.EventType != eventType {
		return notOurs
	}
	key, _ := m.Metadata.EventPayload[payloadKey].(string)
	deployment, _ := m.Metadata.EventPayload[payloadDeployment].(string)
	found := notOurs
	for _, s := range append([]delivery.Signature{f.mine}, f.of.Signed...) {
		switch {
		case key != s.Key+f.suffix || deployment != s.Deployment:
		case m.BotID == "" || s.App == "":
			found = unknown
		case m.BotID == s.App:
			return ours
		}
	}
	isMine := deployment == "" || deployment == f.mine.Deployment
	if f.of.Unsigned && key == f.of.Key+f.suffix && isMine {
		if found = unknown; m.BotID != "" && m.BotID == f.mine.App {
			found = ours
		}
	}
	return found
}

// ambiguous returns the error of a search that found no message of ours: nil, unless one may be
// ours.
func (f *search) ambiguous(ctx context.Context, channel string) error {
	if f.unknown == "" {
		return nil
	}
	link := ""
	at := &slack.PermalinkParameters{Channel: channel, Ts: f.unknown}
	if l, err := f.session.GetPermalinkContext(ctx, at); err == nil {
		link = ", " + l
	}
	return &delivery.Failure{
		Err: fmt.Errorf("a message in %s has the key %s, but Slack does not say"+
			" that this app or a recorded one posted it",
			f.session.name(ctx, channel), f.of.Key+f.suffix),
		Remedy: "look at the message" + link + ": delete it if it is not the report",
		Cause:  causeChannel.With(channel),
	}
}
