// Package slash answers the slash command. It finds out who asks, which report is meant and whether
// that is allowed, and queues the request. The worker makes the report.
//
// A request belongs to a tenant if it names the tenant's Slack workspace and is signed with its
// signing secret. All other requests get the same answer, 401 without a body: from an unknown team,
// with a wrong signature, or for a tenant whose configuration or secret cannot be read. What cannot
// be read is an error in the log, which an alarm counts. A person learns only of bots that they may
// ask for: the others are in no list, suggestion or refusal.
//
// # Several tenants
//
// A workspace has several tenants if its departments have a configuration each. If each has its own
// Slack app, the signature identifies the tenant. With one app the secrets have the same value, and
// a request belongs to all of them: it finds the bots of all that the person may ask for. A name
// that two tenants have is ambiguous, and "tenant/id" is not. A tenant of an Enterprise Grid, by
// the enterprise's ID, answers in workspaces without a tenant of their own.
//
// A configuration that cannot be read, without a known earlier version, might belong to the same
// workspace. Then tenants of the grid do not answer, and those of the workspace answer only if
// they find the bot.
//
// # Time
//
// Slack waits three seconds. Before the answer, Handle lists the configurations and reads the
// tick's index of their teams at the same time. Then it reads those that may be of the request's
// workspace, concurrently, and the signing secret that they name. All are cached. After a minute,
// Handle lists the configurations again, and reads what has changed. It does one conditional put,
// so that a replay does nothing, and sends one message to the queue.
//
// With 500 tenants, and 25 ms for each request to AWS, a function that starts waits 125 ms before
// its first answer. Without the index it would read all configurations and wait for half a second.
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

// Tenants returns the tenants of a Slack workspace, which may be none. With an error there may be
// more. See tenantconfig.Loader.
type Tenants interface {
	ByTeam(ctx context.Context, team string) ([]*config.Tenant, error)
}

// Secrets returns signing secrets. Refetch asks again after a signature failed, since the secret
// may be new, but at most once a minute. See secrets.Manager.
type Secrets interface {
	Get(ctx context.Context, id string) (string, error)
	Refetch(ctx context.Context, id string) (string, error)
}

// Seen records which requests were answered. A delivery.Store implements it.
type Seen interface {
	Put(context.Context, string, delivery.Object, delivery.Condition) (etag string, err error)
}

// Requests queues a request for the worker.
type Requests interface {
	Send(ctx context.Context, q queues.Request) error
}

// Handler answers the slash command.
type Handler struct {
	Tenants      Tenants
	Secrets      Secrets
	SecretPrefix string // the deployment's, see secrets.CheckTenant
	Seen         Seen
	Requests     Requests
	Now          func() time.Time
	Log          *slog.Logger

	directories directories
	failures    sync.Map // secretFailure, by the ID of a secret that could not be read
}

// A secretFailure is why and when a secret could not be read.
type secretFailure struct {
	at  time.Time
	err error
}

const (
	timeLimit   = 2 * time.Second // before the answer; Slack waits three
	maxBody     = 64 << 10        // bytes; Slack sends about a thousand
	secretPause = 5 * time.Second // before a secret that could not be read is asked for again
)

type (
	request  = events.APIGatewayV2HTTPRequest
	response = events.APIGatewayV2HTTPResponse
)

// Handle answers a request of API Gateway's HTTP API. It fails only for a tenant's locale that has
// no wording, which config.Parse refuses.
func (h *Handler) Handle(ctx context.Context, r request) (response, error) {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()

	body, err := raw(r)
	if err != nil {
		return h.unauthorized(ctx, "the body is too long or not base64")
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return h.unauthorized(ctx, "the body is not a form")
	}
	signed := signature{r.Headers["x-slack-request-timestamp"], r.Headers["x-slack-signature"]}
	at, ok := signed.at(h.Now())
	if !ok {
		return h.unauthorized(ctx, "the timestamp is missing or not current")
	}
	of, unread := h.signers(ctx, form, body, signed)
	if len(of) == 0 {
		return h.unauthorized(ctx, "the signature is of no tenant of the team")
	}

	ctx = of.log(ctx)
	switch first, err := h.first(ctx, of, at, signed); {
	case err != nil:
		h.Log.ErrorContext(ctx, "a slash command could not be recorded as seen", "error", err)
		return h.failed(of[0].Locale)
	case !first:
		h.Log.WarnContext(ctx, "a slash command was sent again and is ignored")
		return response{StatusCode: http.StatusOK}, nil
	}
	return h.answer(ctx, of, unread, form)
}

// answer does what a verified request asks for. With unread the request may belong to more tenants.
func (h *Handler) answer(
	ctx context.Context, of signers, unread error, form url.Values,
) (response, error) {
	who := caller{of[0].Slack.Team, form.Get("channel_id"), form.Get("user_id")}
	seen := h.directories.visible(of, who)
	locale := of[0].Locale
	if len(seen) > 0 {
		locale = seen[0].tenant.Locale
	}
	s, err := newReplies(locale, form.Get("command"))
	if err != nil {
		return response{}, err
	}
	now := h.Now()
	asked, refusal := s.parse(form.Get("text"), seen, who, now)
	switch {
	case asked == nil && unread != nil:
		return h.failed(locale)
	case asked == nil:
		h.Log.InfoContext(ctx, "slash command answered at once", "user", who.user)
		return ephemeral(refusal)
	}
	t := asked.bot.tenant
	ctx = signers{t}.log(ctx)
	q := queues.Request{
		Tenant: t.Name, Bot: asked.bot.ID, Period: asked.week,
		Team: who.team, Channel: who.channel, User: who.user, Share: asked.share,
		ResponseURL: form.Get("response_url"), At: now.UTC(),
	}
	ctx = log.With(ctx, slog.String(log.Bot, q.Bot), slog.String(log.Period, q.Period.String()))
	if err := h.Requests.Send(ctx, q); err != nil {
		h.Log.ErrorContext(ctx, "a slash command could not be queued", "error", err)
		return h.failed(t.Locale)
	}
	h.Log.InfoContext(ctx, "slash command queued",
		"user", who.user, "channel", who.channel, "share", asked.share)
	return ephemeral(s.of(asked.bot).making(*asked, now))
}

var errTooLong = errors.New("the body is too long")

// raw returns the body as Slack signed it. It fails if the body is too long, or not base64.
func raw(r request) ([]byte, error) {
	body := []byte(r.Body)
	if r.IsBase64Encoded {
		if len(r.Body) > base64.StdEncoding.EncodedLen(maxBody) {
			return nil, errTooLong
		}
		var err error
		if body, err = base64.StdEncoding.DecodeString(r.Body); err != nil {
			return nil, err
		}
	}
	if len(body) > maxBody {
		return nil, errTooLong
	}
	return body, nil
}

// signers are the tenants of one workspace to which a request belongs, by name.
type signers []*config.Tenant

// log returns a context whose log lines name the tenants.
func (s signers) log(ctx context.Context) context.Context {
	names := make([]string, len(s))
	for i, t := range s {
		names[i] = t.Name
	}
	return log.With(ctx, slog.String(log.Tenant, strings.Join(names, " ")))
}

// signers returns the tenants to which the request belongs: those of its team with whose secrets it
// is signed. With unread there may be more. It logs what else could not be read, which the answer
// hides.
func (h *Handler) signers(
	ctx context.Context, form url.Values, body []byte, signed signature,
) (verified signers, unread error) {
	candidates, unread := h.Tenants.ByTeam(ctx, form.Get("team_id"))
	if grid := form.Get("enterprise_id"); len(candidates) == 0 && unread == nil && grid != "" {
		candidates, unread = h.Tenants.ByTeam(ctx, grid)
	}
	if unread != nil {
		h.Log.ErrorContext(ctx,
			"a slash command may belong to a tenant whose configuration cannot be read",
			"error", unread)
	}
	failed := make(map[*config.Tenant]error)
	candidates = slices.DeleteFunc(slices.Clone(candidates), func(t *config.Tenant) bool {
		if t.Slack.SigningSecret == "" {
			return true
		}
		failed[t] = secrets.CheckTenant(h.SecretPrefix, t.Name, t.Slack.SigningSecret)
		return failed[t] != nil
	})
	// First with cached secrets, then with current ones, since a secret may have been replaced. So
	// that the time tells nothing, each pass signs at least once, also without a tenant or a
	// secret.
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
			ctx := signers{t}.log(ctx)
			h.Log.ErrorContext(ctx, "a tenant's slash command is not answered", "error", err)
		}
	}
	return verified, unread
}

// get returns a signing secret. After a failure it waits before it asks again, since the request
// may not be Slack's.
func (h *Handler) get(ctx context.Context, id string) (string, error) {
	if err := h.recentFailure(id); err != nil {
		return "", err
	}
	s, err := h.Secrets.Get(ctx, id)
	if err != nil {
		h.failures.Store(id, secretFailure{h.Now(), err})
	}
	return s, err
}

// refetch returns the current signing secret, if get has returned one.
func (h *Handler) refetch(ctx context.Context, id string) (string, error) {
	if err := h.recentFailure(id); err != nil {
		return "", err
	}
	return h.Secrets.Refetch(ctx, id)
}

// recentFailure returns why a secret could not be read a moment ago, or nil.
func (h *Handler) recentFailure(id string) error {
	f, ok := h.failures.Load(id)
	if ok && h.Now().Sub(f.(secretFailure).at) < secretPause {
		return f.(secretFailure).err
	}
	return nil
}

// first reports whether the request was not answered before, and records it for each of its
// tenants.
func (h *Handler) first(
	ctx context.Context, of signers, at time.Time, signed signature,
) (bool, error) {
	first := true
	for _, t := range of {
		// The day is the signature's, so that a replay after midnight has the same key.
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

// unauthorized is the answer to every request that is not verified.
func (h *Handler) unauthorized(ctx context.Context, why string) (response, error) {
	h.Log.WarnContext(ctx, "a slash command was refused", "why", why)
	return response{StatusCode: http.StatusUnauthorized}, nil
}

// failed is the answer after a failure on our side.
func (h *Handler) failed(locale string) (response, error) {
	w, err := wording.For(locale)
	if err != nil {
		return response{}, err
	}
	return ephemeral(w.Say(wording.SlashTrouble))
}

// ephemeral is an answer that only the person who asked sees. The text is mrkdwn.
func ephemeral(text string) (response, error) {
	body, err := json.Marshal(map[string]string{"response_type": "ephemeral", "text": text})
	if err != nil {
		return response{}, err
	}
	return response{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"content-type": "application/json; charset=utf-8"},
		Body:       string(body),
	}, nil
}
