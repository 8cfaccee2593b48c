// Package command answers the slash command: it finds out who asks, what is meant and whether it is allowed, and queues
// the request. The worker makes the report.
//
// A request is somebody's only if it is signed with the signing secret of the tenant whose Slack workspace it names.
// Whoever is a stranger, or asks twice with one signature, learns nothing. Whoever is known learns of those bots alone
// that he may ask for: the others do not exist for him, in no list, no guess and no refusal.
//
// Slack waits three seconds. Before the answer stand only the configurations and the signing secret, both remembered,
// one conditional put that makes a replay do nothing, and one message to the queue. The configurations are read side by
// side; the secret comes after them, on a cold start, because its id stands in them.
package command

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"kindlyweekly/functions/logs"
	"kindlyweekly/functions/queues"
	"kindlyweekly/functions/vault"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// Tenants finds the tenants of a Slack workspace; none is no error. See tenants.Loader.
type Tenants interface {
	ByTeam(ctx context.Context, team string) ([]*bots.Tenant, error)
}

// Secrets gives signing secrets. Refetch asks again where a signature failed, which may be because the secret is new,
// and does so once a minute at most. See vault.Vault.
type Secrets interface {
	Get(ctx context.Context, id string) (string, error)
	Refetch(ctx context.Context, id string) (string, error)
}

// Seen remembers which requests were answered. A delivery.Store does.
type Seen interface {
	Put(ctx context.Context, key string, o delivery.Object, c delivery.Condition) (etag string, err error)
}

// Requests takes what the worker is to make.
type Requests interface {
	Send(ctx context.Context, q queues.Request) error
}

// Handler answers the slash command.
type Handler struct {
	Tenants      Tenants
	Secrets      Secrets
	SecretPrefix string // the deployment's: of the secrets below it a tenant may name his own, see vault.Own
	Seen         Seen
	Requests     Requests
	Now          func() time.Time
	Log          *slog.Logger

	directories directories
}

const (
	patience = 2 * time.Second // for all that stands before the answer; Slack waits three
	largest  = 64 << 10        // bytes of a request; Slack's have hardly a thousand
)

// Handle answers a request of API Gateway's HTTP API. There is no error but a tenant's locale that has no wording, which
// bots.Parse does not let through.
func (h *Handler) Handle(ctx context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	body, err := raw(r)
	if err != nil || len(body) > largest {
		return h.stranger(ctx, "no body that Slack would send")
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return h.stranger(ctx, "no form")
	}
	signed := signature{r.Headers["x-slack-request-timestamp"], r.Headers["x-slack-signature"]}
	at, ok := signed.at(h.Now())
	if !ok {
		return h.stranger(ctx, "no timestamp of these minutes")
	}
	tenant, err := h.signer(ctx, form, body, signed)
	switch {
	case err != nil:
		h.Log.ErrorContext(ctx, "a slash command could not be verified", "error", err)
		return h.trouble(wording.Default)
	case tenant == nil:
		return h.stranger(ctx, "no team and signature that belong together")
	}

	ctx = logs.With(ctx, slog.String(logs.Tenant, tenant.Name))
	switch first, err := h.first(ctx, tenant, at, signed); {
	case err != nil:
		h.Log.ErrorContext(ctx, "a slash command could not be noted as seen", "error", err)
		return h.trouble(tenant.Locale)
	case !first:
		h.Log.WarnContext(ctx, "a slash command was sent again; nothing is done")
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, nil
	}
	return h.answer(ctx, tenant, form)
}

// answer does what a verified request asks for.
func (h *Handler) answer(ctx context.Context, t *bots.Tenant, form url.Values) (events.APIGatewayV2HTTPResponse, error) {
	s, err := speak(t.Locale, form.Get("command"))
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	now := h.Now()
	who := place{t.Slack.Team, form.Get("channel_id"), form.Get("user_id")}
	asked, refusal := s.understand(form.Get("text"), h.directories.of(t), t, who, now)
	if asked == nil {
		h.Log.InfoContext(ctx, "slash command answered at once", "user", who.user)
		return ephemeral(refusal)
	}
	request := queues.Request{
		Tenant: t.Name, Bot: asked.bot.ID, Week: asked.week,
		Team: who.team, Channel: who.channel, User: who.user, Share: asked.share,
		ResponseURL: form.Get("response_url"), At: now.UTC(),
	}
	ctx = logs.With(ctx, slog.String(logs.Bot, request.Bot), slog.String(logs.Period, request.Week.String()))
	if err := h.Requests.Send(ctx, request); err != nil {
		h.Log.ErrorContext(ctx, "a slash command could not be queued", "error", err)
		return h.trouble(t.Locale)
	}
	h.Log.InfoContext(ctx, "slash command queued", "user", who.user, "channel", who.channel, "share", asked.share)
	return ephemeral(s.of(asked.bot).making(*asked, now))
}

// raw returns the body as Slack signed it.
func raw(r events.APIGatewayV2HTTPRequest) ([]byte, error) {
	if r.IsBase64Encoded {
		return base64.StdEncoding.DecodeString(r.Body)
	}
	return []byte(r.Body), nil
}

// signer returns the tenant of the team that the request names, if the request was signed with his secret; else nil.
// An error says that this could not be found out.
func (h *Handler) signer(ctx context.Context, form url.Values, body []byte, signed signature) (*bots.Tenant, error) {
	of, err := h.Tenants.ByTeam(ctx, form.Get("team_id"))
	if grid := form.Get("enterprise_id"); len(of) == 0 && err == nil && grid != "" {
		of, err = h.Tenants.ByTeam(ctx, grid)
	}
	if err != nil {
		return nil, err
	}
	of = slices.DeleteFunc(of, func(t *bots.Tenant) bool {
		if t.Slack.SigningSecret == "" {
			return true
		}
		err := vault.Own(h.SecretPrefix, t.Name, t.Slack.SigningSecret)
		if err != nil {
			h.Log.ErrorContext(logs.With(ctx, slog.String(logs.Tenant, t.Name)), "a tenant's slash command is not answered", "error", err)
		}
		return err != nil
	})
	signed.of(body, "of a team that is unknown: the same work as for one that is known")
	// First with what is remembered, then with what Secrets Manager says now: the secret may have been replaced.
	var failed error
	for _, secret := range []func(context.Context, string) (string, error){h.Secrets.Get, h.Secrets.Refetch} {
		for _, t := range of {
			s, err := secret(ctx, t.Slack.SigningSecret)
			switch {
			case err != nil:
				failed = err
			case s != "" && signed.of(body, s):
				return t, nil
			}
		}
	}
	return nil, failed
}

// first reports whether the request was not answered before, and remembers it.
func (h *Handler) first(ctx context.Context, t *bots.Tenant, at time.Time, signed signature) (bool, error) {
	// The day is the signature's own, so that a replay after midnight meets the same key.
	key := delivery.KeysOf(t.Name).Seen(period.DateOf(at), signed.hash())
	_, err := h.Seen.Put(ctx, key, delivery.Object{Type: "text/plain"}, delivery.Absent())
	if errors.Is(err, delivery.ErrConflict) {
		return false, nil
	}
	return err == nil, err
}

// stranger is the answer to whoever is not proved to be somebody: the same for all.
func (h *Handler) stranger(ctx context.Context, why string) (events.APIGatewayV2HTTPResponse, error) {
	h.Log.WarnContext(ctx, "a slash command was refused", "why", why)
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusUnauthorized}, nil
}

// trouble is the answer where something did not answer us.
func (h *Handler) trouble(locale string) (events.APIGatewayV2HTTPResponse, error) {
	w, err := wording.For(locale)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	return ephemeral(w.Say(wording.SlashTrouble))
}

// ephemeral is an answer that only whoever asked can see. The text is mrkdwn.
func ephemeral(text string) (events.APIGatewayV2HTTPResponse, error) {
	body, err := json.Marshal(map[string]string{"response_type": "ephemeral", "text": text})
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	return events.APIGatewayV2HTTPResponse{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"content-type": "application/json; charset=utf-8"},
		Body:       string(body),
	}, nil
}
