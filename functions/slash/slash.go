// Package slash answers the slash command: it finds out who asks, what is meant and whether it is allowed, and queues
// the request. The worker makes the report.
//
// A request is of a tenant if it names the tenant's Slack workspace and is signed with its signing secret. Everything
// else gets the same answer, 401 without a body: a stranger, a workspace that is known with a wrong signature, a tenant
// whose configuration or secret cannot be read. Those that cannot be read are errors in the log, which an alarm counts.
// A person learns only of bots that they may ask for: the others are in no list, no guess and no refusal.
//
// # Several tenants
//
// A workspace has several tenants if its departments have a configuration each. With an app each, the signatures tell
// them apart. With one app the secrets have the same value and a request is of all of them: the bots that the person may
// ask for are found in all, a name that is in two tenants is answered as ambiguous, and "tenant/id" tells them apart.
// A tenant of a grid, by the id of the enterprise, answers in a workspace that has no tenant of its own.
//
// A configuration that cannot be read, and of which no earlier version is known, may be of the same workspace. The grid's
// tenants are silent then, and those of the workspace answer only for a bot that is found.
//
// # Time
//
// Slack waits three seconds. Before the answer stand only the configurations and the signing secret, both remembered,
// one conditional put that makes a replay do nothing, and one message to the queue. The configurations are read side by
// side; the secret comes after them, on a cold start, because its id stands in them.
package slash

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/log"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// Tenants finds the tenants of a Slack workspace; none is no error. Beside an error there may be more of them than were
// found. See tenants.Loader.
type Tenants interface {
	ByTeam(ctx context.Context, team string) ([]*config.Tenant, error)
}

// Secrets gives signing secrets. Refetch asks again where a signature failed, which may be because the secret is new,
// and does so once a minute at most. See secrets.Manager.
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
	SecretPrefix string // the deployment's: of the secrets below it a tenant may name his own, see secrets.CheckTenant
	Seen         Seen
	Requests     Requests
	Now          func() time.Time
	Log          *slog.Logger

	directories directories
	failures    sync.Map // failure, by the id of a secret that could not be read
}

// A failure is why a secret could not be read, and when that was.
type failure struct {
	at  time.Time
	err error
}

const (
	patience = 2 * time.Second // for all that stands before the answer; Slack waits three
	largest  = 64 << 10        // bytes of a request; Slack's have hardly a thousand
	silence  = 5 * time.Second // for which a secret that could not be read is not asked for again
)

// Handle answers a request of API Gateway's HTTP API. There is no error but a tenant's locale that has no wording, which
// config.Parse does not let through.
func (h *Handler) Handle(ctx context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	body, err := raw(r)
	if err != nil {
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
	of, unread := h.signers(ctx, form, body, signed)
	if len(of) == 0 {
		return h.stranger(ctx, "no team and signature that belong together")
	}

	ctx = of.log(ctx)
	switch first, err := h.first(ctx, of, at, signed); {
	case err != nil:
		h.Log.ErrorContext(ctx, "a slash command could not be noted as seen", "error", err)
		return h.trouble(of[0].Locale)
	case !first:
		h.Log.WarnContext(ctx, "a slash command was sent again; nothing is done")
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, nil
	}
	return h.answer(ctx, of, unread, form)
}

// answer does what a verified request asks for. With unread there may be more tenants that the request is of.
func (h *Handler) answer(ctx context.Context, of signers, unread error, form url.Values) (events.APIGatewayV2HTTPResponse, error) {
	who := place{of[0].Slack.Team, form.Get("channel_id"), form.Get("user_id")}
	seen := h.directories.visible(of, who)
	locale := of[0].Locale
	if len(seen) > 0 {
		locale = seen[0].tenant.Locale
	}
	s, err := speak(locale, form.Get("command"))
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	now := h.Now()
	asked, refusal := s.understand(form.Get("text"), seen, who, now)
	switch {
	case asked == nil && unread != nil:
		return h.trouble(locale)
	case asked == nil:
		h.Log.InfoContext(ctx, "slash command answered at once", "user", who.user)
		return ephemeral(refusal)
	}
	t := asked.bot.tenant
	ctx = signers{t}.log(ctx)
	request := queues.Request{
		Tenant: t.Name, Bot: asked.bot.ID, Period: asked.week,
		Team: who.team, Channel: who.channel, User: who.user, Share: asked.share,
		ResponseURL: form.Get("response_url"), At: now.UTC(),
	}
	ctx = log.With(ctx, slog.String(log.Bot, request.Bot), slog.String(log.Period, request.Period.String()))
	if err := h.Requests.Send(ctx, request); err != nil {
		h.Log.ErrorContext(ctx, "a slash command could not be queued", "error", err)
		return h.trouble(t.Locale)
	}
	h.Log.InfoContext(ctx, "slash command queued", "user", who.user, "channel", who.channel, "share", asked.share)
	return ephemeral(s.of(asked.bot).making(*asked, now))
}

var errTooLong = errors.New("the body is too long")

// raw returns the body as Slack signed it. One that is too long is an error, and is not decoded.
func raw(r events.APIGatewayV2HTTPRequest) ([]byte, error) {
	body := []byte(r.Body)
	if r.IsBase64Encoded {
		if len(r.Body) > base64.StdEncoding.EncodedLen(largest) {
			return nil, errTooLong
		}
		var err error
		if body, err = base64.StdEncoding.DecodeString(r.Body); err != nil {
			return nil, err
		}
	}
	if len(body) > largest {
		return nil, errTooLong
	}
	return body, nil
}

// signers are tenants of one workspace that a request is of, by name.
type signers []*config.Tenant

// log returns a context whose lines name the tenants.
func (s signers) log(ctx context.Context) context.Context {
	names := make([]string, len(s))
	for i, t := range s {
		names[i] = t.Name
	}
	return log.With(ctx, slog.String(log.Tenant, strings.Join(names, " ")))
}

// signers returns the tenants that the request is of: all of the team that it names with whose secrets it is signed. With
// unread there may be more. What else could not be found out is logged here: the answer does not show it.
func (h *Handler) signers(ctx context.Context, form url.Values, body []byte, signed signature) (verified signers, unread error) {
	candidates, unread := h.Tenants.ByTeam(ctx, form.Get("team_id"))
	if grid := form.Get("enterprise_id"); len(candidates) == 0 && unread == nil && grid != "" {
		candidates, unread = h.Tenants.ByTeam(ctx, grid)
	}
	if unread != nil {
		h.Log.ErrorContext(ctx, "a slash command may be of a tenant whose configuration cannot be read", "error", unread)
	}
	failed := make(map[*config.Tenant]error)
	candidates = slices.DeleteFunc(slices.Clone(candidates), func(t *config.Tenant) bool {
		if t.Slack.SigningSecret == "" {
			return true
		}
		failed[t] = secrets.CheckTenant(h.SecretPrefix, t.Name, t.Slack.SigningSecret)
		return failed[t] != nil
	})
	// First with what is remembered, then with what Secrets Manager says now: the secret may have been replaced. Each time
	// the work is the same for a team of no tenant, and for a tenant whose secret cannot be read, as for one that is.
	for _, secret := range []func(context.Context, string) (string, error){h.get, h.refetch} {
		for _, t := range candidates {
			var s string
			s, failed[t] = secret(ctx, t.Slack.SigningSecret)
			if signed.of(body, s) && s != "" && failed[t] == nil {
				verified = append(verified, t)
			}
		}
		if len(candidates) == 0 {
			signed.of(body, "")
		}
		if len(verified) > 0 {
			break
		}
	}
	for t, err := range failed {
		if err != nil {
			h.Log.ErrorContext(signers{t}.log(ctx), "a tenant's slash command is not answered", "error", err)
		}
	}
	return verified, unread
}

// get returns a signing secret. One that could not be read is not asked for again for a while: nobody has proved yet that
// the request is Slack's.
func (h *Handler) get(ctx context.Context, id string) (string, error) {
	if err := h.silent(id); err != nil {
		return "", err
	}
	s, err := h.Secrets.Get(ctx, id)
	if err != nil {
		h.failures.Store(id, failure{h.Now(), err})
	}
	return s, err
}

// refetch returns a signing secret as it is now, if get has returned one.
func (h *Handler) refetch(ctx context.Context, id string) (string, error) {
	if err := h.silent(id); err != nil {
		return "", err
	}
	return h.Secrets.Refetch(ctx, id)
}

// silent returns why a secret is not asked for.
func (h *Handler) silent(id string) error {
	if f, ok := h.failures.Load(id); ok && h.Now().Sub(f.(failure).at) < silence {
		return f.(failure).err
	}
	return nil
}

// first reports whether the request was not answered before, and remembers it for each tenant that it is of.
func (h *Handler) first(ctx context.Context, of signers, at time.Time, signed signature) (bool, error) {
	first := true
	for _, t := range of {
		// The day is the signature's own, so that a replay after midnight meets the same key.
		key := delivery.KeysOf(t.Name).Seen(period.DateOf(at), signed.hash())
		_, err := h.Seen.Put(ctx, key, delivery.Object{Type: "text/plain"}, delivery.Absent())
		switch {
		case errors.Is(err, delivery.ErrConflict):
			first = false
		case err != nil:
			return false, err
		}
	}
	return first, nil
}

// stranger is the answer to every request that is not verified: the same for all.
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
