// Package slack brings reports to Slack, over slack-go. [Client] is a [delivery.Replier], and does what else the
// worker and the local command want of Slack:
//
//   - [Client.Send] posts a report's digest or a notice to a channel, [Client.Find] looks whether that was done;
//   - [Client.Follow] brings the details and the PDF into the digest's thread;
//   - [Client.Private] sends a report to one person, as a direct message;
//   - [Client.Respond] answers a slash command by its response URL;
//   - [Client.Check] finds out, sending nothing, what would keep reports from being sent.
//
// # A report in Slack
//
// The digest is posted with charts and tables that Slack draws, for which nothing is uploaded: there is less that can fail. Where
// Slack refuses its layout, since it has not brought such blocks to the workspace yet or for anything else, and where the
// destination wants images, the charts are pictures. Slack does not show a picture by a link that dies, so they are uploaded
// first, shared with nobody. Slack processes what is uploaded in its own time, and refuses a message with a picture that it has
// not processed yet, so files.info is asked until it tells the mimetype. A picture that cannot be had is logged and left out. If
// Slack refuses the digest for a picture, it is posted again without the pictures that Slack named, then without any, then as
// text. Each of these comes only after an answer that says for certain that the one before was not posted.
//
// The message's metadata has the event type kindly_weekly, the delivery's key and the deployment. Any app can write that, so a
// message is taken for ours only if Slack says, too, that an app of ours posted it: the one whose token this is, or one that a
// claim has recorded. Of a claim of a version that recorded neither, the message has the key, and names no deployment; if another
// app posted it, it may be one that was replaced since, and the lookup fails.
//
// # The thread
//
// The digest counts: once it is posted, the report is sent. What belongs under it is a step of its own, which the ledger tries
// until the thread has it: the details, one reply that is laid out as the digest is, and then the PDF, or a reply that it is
// missing. That is said where the PDF cannot come at all or not before somebody acts on a cure, such as where the workspace
// allows no uploads, and where it was tried in vain for long enough. What keeps both from the thread, such as that the app was
// thrown out, is waited out like any other cure. Details that cannot come are logged; the PDF has all that they have.
//
// None of them comes twice, nor PDF and reply both, as far as can be known. The replies have metadata with keys of their own,
// the delivery's and /details or /pdf-missing; that one is begun is noted in the ledger first, and the next attempt looks for it
// in the thread. Slack shares a file in its own time, too, and takes no name of ours for that message; but it gives a file its id
// before it is shared. So the id is noted first, and the next attempt asks for it: files.info, and where that does not tell, the
// thread. Only what is not there is begun anew. A digest that people have deleted gets nothing. What remains: what Slack shows in
// the thread only after it was looked for.
//
// Once the PDF is in the thread, the digest gets a link to it, by chat.update of what Slack says that it posted, so that no
// attempt has to know in which layout another one did. A link that fails is logged and no more.
//
// # Errors
//
// An error of Slack's becomes a [delivery.Failure] in words that tell an operator what to do, and with a cause by which
// failures belong together; explanations.go is the list, testdata/failures.txt shows it. A post or a share whose answer was
// lost, or whose answer leaves open what was done, is MaybeSent and is never made again here. A 429 is waited out where it
// asks for no more than a minute and the context has the time. A token that Slack refuses is fetched once more: it may have
// been rotated.
//
// No error and no log line has a token, the address of an upload, or a response URL in it.
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
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Client speaks to Slack for every tenant. Its fields are set before its first use; it may be used by many goroutines.
type Client struct {
	Token func(ctx context.Context, t *config.Tenant) (string, error) // the tenant's bot token
	// Deployment names whose messages these are, among those of other deployments. It is shown to everybody in the workspace.
	Deployment string
	Refetch    func(ctx context.Context, t *config.Tenant) error // makes Token forget what Slack refused; may be nil
	URL        string                                            // the API's, with a slash at its end; empty: Slack's
	HooksURL   string                                            // scheme and host of response URLs; empty: https://hooks.slack.com
	HTTP       *http.Client                                      // nil: one with a timeout
	Log        *slog.Logger                                      // hears of what a report was sent without; nil: nobody

	apps sync.Map // by token, the app's id
}

// New returns the client of a deployment. Its messages come from the app whose token is the secret that the
// tenant names. SLACK_API_URL, which only tests set, is the address of the Web API; response URLs are on the
// same host.
func New(e channel.Env) (*Client, error) {
	api := e.Getenv("SLACK_API_URL")
	hooks, err := hooksBeside(api)
	if err != nil {
		return nil, fmt.Errorf("SLACK_API_URL: %w", err)
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

// hooksBeside returns the scheme and host of response URLs: those of api, or none for Slack's own.
func hooksBeside(api string) (string, error) {
	if api == "" {
		return "", nil
	}
	u, err := url.Parse(api)
	if err != nil {
		return "", err
	}
	return u.Scheme + "://" + u.Host, nil
}

var (
	_ delivery.Replier = (*Client)(nil)
	_ delivery.Signer  = (*Client)(nil)
)

// answerTime is how long Slack may take for one answer where Client.HTTP does not say.
const answerTime = 30 * time.Second

// session is the Web API with one tenant's token.
type session struct {
	*slack.Client
	token  string
	client *Client
	log    *slog.Logger
}

// with does something with the tenant's token, and once more with a new one where Slack refuses the first. do posts
// nothing before Slack has accepted its token.
func (c *Client) with(ctx context.Context, t *config.Tenant, do func(*session) error) error {
	s, err := c.session(ctx, t)
	if err != nil {
		return err
	}
	err = do(s)
	if c.Refetch == nil || !isTokenRefused(err) {
		return err
	}
	if err := c.Refetch(ctx, t); err != nil {
		return noToken(t, err)
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
		return nil, noToken(t, err)
	}
	options := []slack.Option{slack.OptionHTTPClient(c.http())}
	if c.URL != "" {
		options = append(options, slack.OptionAPIURL(c.URL))
	}
	return &session{slack.New(token, options...), token, c, c.logger().With("tenant", t.Name)}, nil
}

// noToken keeps apart what is wrong with the secret and its cure, so that ops are told it.
func noToken(t *config.Tenant, err error) error {
	var secret *secrets.Error
	if errors.As(err, &secret) {
		return &delivery.Failure{Err: fmt.Errorf("the Slack token of %s: secret %s: %w", t.Name, secret.Secret, secret.Err), Remedy: secret.Remedy,
			Cause: delivery.CauseSecret.With(secret.Secret)}
	}
	return &delivery.Failure{Err: fmt.Errorf("the Slack token of %s: %w", t.Name, err), Cause: causeToken}
}

// http follows no redirect: it would carry the token elsewhere.
func (c *Client) http() *http.Client {
	client := http.Client{Timeout: answerTime}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

func (c *Client) logger() *slog.Logger {
	if c.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Log
}

const (
	maxWait = time.Minute // that a 429 may ask for; the ledger's next try is for what takes longer
	tries   = 3           // of one call
)

// patiently calls, and calls again after a 429 as soon as Slack allows, which is after at most maxWait and within the
// context's time.
func patiently(ctx context.Context, call func() error) error {
	return try(ctx, call, func(error) (time.Duration, bool) { return 0, false })
}

// once is patiently for what everybody sees: it is not done when there is no time left.
func once(ctx context.Context, call func() error) error {
	return patiently(ctx, func() error {
		if err := delivery.CheckDeadline(ctx, time.Now()); err != nil {
			return tooLate{err}
		}
		return call()
	})
}

// tooLate is the error of what was not done for want of time.
type tooLate struct{ cause error }

func (e tooLate) Error() string { return "no time was left: " + e.cause.Error() }
func (e tooLate) Unwrap() error { return e.cause }

// stubbornly is patiently for what does no harm when it is done twice: it calls again after a lost answer too.
func stubbornly(ctx context.Context, call func() error) error {
	pause := time.Second
	return try(ctx, call, func(err error) (time.Duration, bool) {
		pause *= 2
		return pause / 2, isPassing(err)
	})
}

func try(ctx context.Context, call func() error, other func(error) (wait time.Duration, again bool)) error {
	for i := 1; ; i++ {
		err := call()
		if err == nil || i == tries {
			return err
		}
		wait, again := other(err)
		var limited *slack.RateLimitedError
		if errors.As(err, &limited) {
			wait, again = max(limited.RetryAfter, time.Second), limited.RetryAfter <= maxWait
		}
		if deadline, ok := ctx.Deadline(); !again || ok && time.Until(deadline) <= wait {
			return err
		}
		if pause(ctx, wait) != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
