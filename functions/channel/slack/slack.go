// Package slack sends reports to Slack with slack-go. A [Client] is a [delivery.Replier]:
//
//   - [Client.Send] posts a digest, a portfolio or a notice; [Client.Find] looks for one;
//   - [Client.SendReplies] posts the details and the PDF in the digest's thread, and the PDF in the
//     portfolio's;
//   - [Client.Private] sends a report to one person, as a direct message;
//   - [Client.Respond] answers a slash command at its response URL;
//   - [Client.Preflight] checks, without sending, what would keep reports from being sent;
//   - [Client.Connect] returns a [Workspace], in which setup finds people and channels.
//
// # The digest
//
// The digest has charts and tables that Slack draws. If Slack refuses these blocks, or if the
// destination wants images, the charts are pictures.
//
// Links to the archive expire, so pictures are uploaded first and shared with no channel. Slack
// processes uploads later and refuses a message with a picture that it has not processed. So
// files.info is polled until it reports a mimetype. A picture that fails is logged and left out.
//
// If Slack refuses a digest with pictures, it is posted without the pictures that Slack names, then
// without any, then as text. Each follows only an answer that proves that nothing was posted.
//
// # Which messages count as sent
//
// A message's metadata has the event type kindly_weekly, the delivery's key and the deployment. Any
// app can write that. So a message counts as sent by this deployment only if Slack says that its
// app posted it: the app of the token, or one that a claim in the ledger recorded. Claims of an
// earlier version of this program record neither deployment nor app. For them a message with the
// key counts if the token's app posted it. If another app did, that may be the former app, and Find
// fails.
//
// # The thread
//
// A report is sent once its digest is posted. The thread is a step of its own, which the ledger
// repeats until it is done: the details in one reply, then the PDF, or a reply that the PDF is
// missing. That reply is posted if the PDF cannot be shared at all, if a person has to act first,
// such as where the workspace allows no uploads, or if the last attempt failed. Details that cannot
// be posted are logged; the PDF has the same content.
//
// Nothing is posted twice. The replies have keys of their own, the delivery's with /details or
// /pdf-missing. An attempt notes in the ledger what it begins, and the next one looks for it in the
// thread. The PDF is uploaded while the digest is posted. Slack gives a file its ID before it is
// shared, and no one sees it until then. The ID is noted, and the next attempt asks files.info,
// then the thread. Only what is not there is posted. A deleted digest gets nothing. One gap
// remains: a reply that Slack shows only after it was looked for.
//
// Once the PDF is in the thread, chat.update adds a link to the digest as Slack returns it. If that
// fails, it is logged.
//
// # Errors
//
// An error of Slack becomes a [delivery.Failure] with a remedy and a cause; see explanations.go,
// and testdata/failures.txt for the texts. If a post or a share gets no answer, or an answer that
// leaves open what was done, the Failure is MaybeSent and the call is not repeated here. After
// 429s the call is repeated as Slack allows it, for at most a minute in all and not beyond the
// context's deadline. If Slack refuses a token, it is fetched again once, since it may have been
// replaced.
//
// Errors and log lines never contain a token, an upload address or a response URL.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel"
	"kindlyweekly/functions/connection"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Client calls Slack for all tenants. Set its fields before its first use. It is safe for
// concurrent use.
type Client struct {
	// Token returns the tenant's bot token.
	Token func(ctx context.Context, t *config.Tenant) (string, error)
	// Refetch makes Token read its secret again, after Slack refused the token; may be nil.
	Refetch func(ctx context.Context, t *config.Tenant) error
	// Deployment distinguishes messages from those of other deployments. It is in each message's
	// metadata, which everyone in the workspace can read.
	Deployment string
	URL        string       // of the Web API, with a slash at its end; default: Slack's
	HooksURL   string       // scheme and host of response URLs; default: https://hooks.slack.com
	HTTP       *http.Client // default: one with a timeout
	Log        *slog.Logger // default: none

	apps    sync.Map // by token, the app's ID
	uploads uploads
}

// New returns the client of a deployment. A message comes from the app whose token is the secret
// that the tenant names. SLACK_API_URL, which only tests set, is the address of the Web API;
// response URLs are on the same host. New fails if that is not a URL.
func New(e channel.Env) (*Client, error) {
	api, hooks := e.Getenv("SLACK_API_URL"), ""
	if api != "" {
		u, err := url.Parse(api)
		if err != nil {
			return nil, fmt.Errorf("SLACK_API_URL: %w", err)
		}
		hooks = u.Scheme + "://" + u.Host
	}
	return &Client{
		Token: func(ctx context.Context, t *config.Tenant) (string, error) {
			return e.Secrets.Get(ctx, t.Name, t.Slack.TokenSecret)
		},
		Refetch: func(ctx context.Context, t *config.Tenant) error {
			_, err := e.Secrets.Refetch(ctx, t.Name, t.Slack.TokenSecret)
			return err
		},
		Deployment: e.Deployment, URL: api, HooksURL: hooks, HTTP: e.HTTP, Log: e.Log,
	}, nil
}

var (
	_ delivery.Replier = (*Client)(nil)
	_ delivery.Signer  = (*Client)(nil)
)

// answerTime is how long Slack may take for one answer if Client.HTTP is nil.
const answerTime = 30 * time.Second

// session is the Web API with one tenant's token.
type session struct {
	*slack.Client
	token  string
	client *Client
	log    *slog.Logger
}

// withSession calls do with the tenant's token, and once more with a new token if Slack refuses the
// first. do posts nothing before Slack has accepted its token.
func (c *Client) withSession(
	ctx context.Context, t *config.Tenant, do func(*session) error,
) error {
	s, err := c.session(ctx, t)
	if err != nil {
		return err
	}
	err = do(s)
	if c.Refetch == nil || !isTokenRefused(err) {
		return err
	}
	if err := c.Refetch(ctx, t); err != nil {
		return tokenFailure(t, err)
	}
	again, failed := c.session(ctx, t)
	if failed != nil {
		return failed
	}
	if again.token == s.token {
		return err
	}
	return do(again)
}

func (c *Client) session(ctx context.Context, t *config.Tenant) (*session, error) {
	token, err := c.Token(ctx, t)
	if err != nil {
		return nil, tokenFailure(t, err)
	}
	return c.sessionOf(token, c.logger().With("tenant", t.Name)), nil
}

func (c *Client) sessionOf(token string, log *slog.Logger) *session {
	options := []slack.Option{slack.OptionHTTPClient(connection.Client{HTTP: c.http()})}
	if c.URL != "" {
		options = append(options, slack.OptionAPIURL(c.URL))
	}
	return &session{slack.New(token, options...), token, c, log}
}

// tokenFailure returns the failure of a token that could not be read, with the secret's remedy.
func tokenFailure(t *config.Tenant, err error) error {
	f := &delivery.Failure{Cause: causeToken}
	var secret *secrets.Error
	if errors.As(err, &secret) {
		f.Cause, f.Remedy = delivery.CauseSecret.With(secret.Secret), secret.Remedy
		err = fmt.Errorf("secret %s: %w", secret.Secret, secret.Err)
	}
	f.Err = fmt.Errorf("the Slack token of %s cannot be read (%w)", t.Name, err)
	return f
}

// http returns the HTTP client. It follows no redirect, which would send the token elsewhere.
func (c *Client) http() *http.Client {
	client := http.Client{Timeout: answerTime}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}
	return &client
}

func (c *Client) logger() *slog.Logger {
	if c.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Log
}
