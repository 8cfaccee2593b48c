package sage

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/sync/singleflight"
)

// The addresses of Sage and of the Kindly API.
const (
	DefaultURL    = "https://sage.kindly.ai"
	DefaultAPIURL = "https://api.kindly.ai"
)

const (
	defaultConcurrency = 16
	defaultTries       = 5
	maxElapsed         = 2 * time.Minute // from the first try to the end of the last wait
	maxBody            = 8 << 20         // bytes of an answer; a list of 100 pages has about 30 KB
	maxMessage         = 16 << 10        // bytes of an error page that are read

	firstWait = 500 * time.Millisecond
	maxWait   = 15 * time.Second

	tryTimeout = 30 * time.Second // with the client's own http.Client
)

// A Client asks Sage for the statistics of any number of bots. Only Key is required. The fields
// must not change after the first request. A Client is used by pointer, by any number of
// goroutines.
type Client struct {
	// URL and APIURL are the addresses of Sage and of the Kindly API, which makes the tokens,
	// without the path. The defaults are DefaultURL and DefaultAPIURL.
	URL, APIURL string

	// Key returns the API key of a bot. It is called when a token is needed, once for all requests
	// that wait for it; its context is canceled when none waits. The key is sent to APIURL only.
	Key func(ctx context.Context, bot string) (string, error)

	// Spelling is how the service spells what this package assumes, if it differs.
	Spelling Spelling

	// HTTP sends the requests. By default the client keeps Concurrency connections alive and ends a
	// try after 30 seconds. No redirect is followed, so that no other host gets a token.
	HTTP *http.Client

	// Concurrency limits the requests that are sent at a time, to both services and for all bots
	// together. Waits between tries do not count. It is halved whenever Sage answers 429, down to
	// 1, and stays so as long as the client is used. A 429 of the Kindly API does not change it. 0
	// means 16.
	Concurrency int

	// Tries limits how often a request is tried. 0 means 5.
	Tries int

	// Log gets a debug line for each request and a warning for each failed try. It may be nil.
	Log *slog.Logger

	once      sync.Once
	http      *http.Client
	slots     chan struct{} // of requests that are being sent, and those of limit that are gone
	log       *slog.Logger
	exchanges singleflight.Group // of keys for tokens, by bot

	mu      sync.Mutex
	bots    map[string]*credentials
	skew    Skew      // see Skew
	limit   int       // of requests at a time
	surplus int       // slots to be kept when their requests end
	halved  time.Time // when limit was
}

// Format writes Sage's address under any verb, so that printing a struct that holds a Client prints
// no token.
func (c *Client) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "sage.Client(%s)", sanitize(cmp.Or(c.URL, DefaultURL)))
}

func (c *Client) init() {
	c.once.Do(func() {
		concurrency := c.Concurrency
		if concurrency <= 0 {
			concurrency = defaultConcurrency
		}
		c.slots, c.limit = make(chan struct{}, concurrency), concurrency
		c.bots = map[string]*credentials{}

		c.log = c.Log
		if c.log == nil {
			c.log = slog.New(slog.DiscardHandler)
		}

		own := http.Client{Timeout: tryTimeout}
		if c.HTTP != nil {
			own = *c.HTTP
		}
		if t, ok := http.DefaultTransport.(*http.Transport); ok && own.Transport == nil {
			// The default of two idle connections for a host would need a TLS handshake for nearly
			// every request after the first ones.
			t = t.Clone()
			t.MaxIdleConnsPerHost = concurrency
			own.Transport = t
		}
		own.CheckRedirect = func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}
		c.http = &own
	})
}

// An endpoint is a path below /api/v1/stats/bot/{bot} and the parameters that only some take.
type endpoint struct {
	path     string
	granular bool // returns a series, and takes a granularity
	limited  bool // returns a list, and takes a limit
	assumed  bool // the path is assumed
}

// A call is one request of a caller of the package, in all its tries.
type call struct {
	endpoint string
	bot      string
	url      string
	assumed  bool // the path is assumed
	key      bool // goes to the Kindly API with the key, not to Sage with a token
}

// newError returns the error of a call. It keeps the cause only if its text has no secret.
func (c *Client) newError(cl call, status int, cause error) *Error {
	var network net.Error
	return &Error{
		URL: sanitize(cl.url), Endpoint: cl.endpoint, Bot: cl.bot, Status: status,
		Err: c.clean(cause), key: cl.key, assumed: cl.assumed,
		late: errors.Is(cause, context.DeadlineExceeded) ||
			errors.As(cause, &network) && network.Timeout(),
	}
}

// ask sends a checked query to an endpoint and decodes the answer.
func ask[T any](
	ctx context.Context, c *Client, e endpoint, bot string, q Query, decode decoder[T],
) (T, error) {
	values, err := q.values(e)
	if err != nil {
		return *new(T), err
	}
	return request(ctx, c, e, bot, values, decode)
}

func request[T any](
	ctx context.Context, c *Client, e endpoint, bot string, values url.Values, decode decoder[T],
) (v T, err error) {
	c.init()
	address, err := botURL(cmp.Or(c.URL, DefaultURL), "/api/v1/stats/bot", bot, e.path)
	if err != nil {
		return v, fmt.Errorf("sage: %s: %w", e.path, err)
	}
	if len(values) > 0 {
		address += "?" + values.Encode()
	}
	cl := call{endpoint: e.path, bot: bot, url: address, assumed: e.assumed}
	err = c.try(ctx, cl, func(data json.RawMessage) (err error) {
		v, err = decode(e.path, data)
		return err
	})
	return v, err
}

// try asks until use takes the answer, a failure is permanent, or no time is left.
func (c *Client) try(ctx context.Context, cl call, use func(json.RawMessage) error) error {
	tries := c.Tries
	if tries <= 0 {
		tries = defaultTries
	}
	var (
		waits   = newWaits(ctx)
		renewed bool
		last    *Error
		tried   int
	)
	attempt := func() (none struct{}, err error) {
		r, err := c.attempt(ctx, cl, &renewed)
		if err == nil {
			if err = use(r.body); err == nil {
				return none, nil
			}
			err = c.badAnswer(cl, r, err)
		}
		tried++
		var failure *Error
		if !errors.As(err, &failure) {
			return none, backoff.Permanent(err)
		}
		// The failure before the deadline says more than the deadline itself.
		if last == nil || ctx.Err() == nil || !errors.Is(failure, ctx.Err()) {
			last = failure
		}
		if !failure.Temporary() || ctx.Err() != nil {
			return none, backoff.Permanent(err)
		}
		waits.atLeast = failure.RetryAfter
		return none, err
	}
	_, err := backoff.Retry(ctx, attempt,
		backoff.WithBackOff(waits),
		backoff.WithMaxTries(uint(tries)),
		backoff.WithMaxElapsedTime(maxElapsed),
		backoff.WithNotify(func(err error, wait time.Duration) {
			c.log.LogAttrs(ctx, slog.LevelWarn, "sage: trying again",
				slog.String("endpoint", cl.endpoint), slog.String("bot", cl.bot),
				slog.Duration("wait", wait), slog.Any("error", err))
		}))
	if err == nil || last == nil {
		return err
	}
	// Calls that share an exchange share its error, so a copy is changed.
	failure := *last
	failure.Tries = tried
	if ended := contextError(ctx); ended != nil && !errors.Is(failure.Err, ctx.Err()) {
		ended = fmt.Errorf("no time for another try: %w", ended)
		if failure.Err != nil {
			ended = fmt.Errorf("%w; %w", failure.Err, ended)
		}
		failure.Err = ended
	}
	return &failure
}

// attempt is one try. If Sage refuses the token, attempt asks again with a new one, once in all
// tries of a call. The reply's body is the answer's data.
func (c *Client) attempt(ctx context.Context, cl call, renewed *bool) (reply, error) {
	t, err := c.token(ctx, cl.bot, nil)
	if err != nil {
		return reply{}, err
	}
	r, err := c.send(ctx, cl, t.jwt)
	var refused *Error
	unauthorized := errors.As(err, &refused) && refused.Status == http.StatusUnauthorized
	if unauthorized && !*renewed {
		*renewed = true
		if t, err = c.token(ctx, cl.bot, t); err != nil {
			return reply{}, err
		}
		r, err = c.send(ctx, cl, t.jwt)
	}
	if err != nil {
		return reply{}, err
	}
	r.body, err = c.unwrap(cl, r)
	return r, err
}

// A reply is a whole answer with a status of success.
type reply struct {
	body []byte
	page bool // it is a web page
	skew Skew
}

// send sends a request, with the bearer in a header, and reads the answer. No other function sends
// one. It holds a slot until it returns.
func (c *Client) send(ctx context.Context, cl call, bearer secret) (reply, error) {
	select {
	case c.slots <- struct{}{}:
		defer c.release()
	case <-ctx.Done():
		return reply{}, c.newError(cl, 0, contextError(ctx))
	}

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cl.url, nil)
	if err != nil {
		return reply{}, c.newError(cl, 0, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "kindlyweekly")
	req.Header.Set("Authorization", "Bearer "+bearer.reveal())

	start := time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, c.networkError(ctx, cl, 0, err)
	}
	defer resp.Body.Close()
	skew := c.measure(resp.Header, start)
	c.log.LogAttrs(ctx, slog.LevelDebug, "sage: answered",
		slog.String("endpoint", cl.endpoint), slog.String("bot", cl.bot),
		slog.Int("status", resp.StatusCode), slog.Duration("took", time.Since(start)))

	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		e := c.newError(cl, resp.StatusCode, nil)
		e.RetryAfter, e.Skew = retryAfter(resp.Header), skew
		e.Detail, e.Page = c.detail(resp)
		// The limits of the Kindly API, to which the key goes, are not Sage's.
		if e.Status == http.StatusTooManyRequests && !cl.key {
			c.halve(ctx, start)
		}
		return reply{}, e
	}
	r := reply{skew: skew}
	r.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if len(r.body) > maxBody {
		return reply{}, c.badAnswer(cl, r, fmt.Errorf("the answer is longer than %d MiB, "+
			"which no statistic is: is the URL that of Sage?", maxBody>>20))
	}
	if err != nil {
		err = fmt.Errorf("the answer broke off after %d bytes: %w", len(r.body), err)
		e := c.networkError(ctx, cl, resp.StatusCode, err)
		e.Skew = skew
		return reply{}, e
	}
	r.page = isPage(resp.Header, r.body)
	return r, nil
}

// release ends the use of a slot.
func (c *Client) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.surplus > 0 {
		c.surplus--
		return
	}
	<-c.slots
}

// halve halves the number of requests that are sent at a time, after a request that was sent at
// the instant has met a limit of Sage's. Requests that were sent before the last halving say
// nothing of what that has changed.
func (c *Client) halve(ctx context.Context, sent time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limit <= 1 || sent.Before(c.halved) {
		return
	}
	c.surplus += c.limit - c.limit/2
	c.limit, c.halved = c.limit/2, time.Now()
	for free := true; free && c.surplus > 0; {
		select {
		case c.slots <- struct{}{}:
			c.surplus--
		default:
			free = false
		}
	}
	c.log.LogAttrs(ctx, slog.LevelWarn, "sage: too many requests; sending fewer at a time",
		slog.Int("most", c.limit))
}

// isPage reports whether a body is a web page.
func isPage(h http.Header, body []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) &&
		(strings.Contains(h.Get("Content-Type"), "html") ||
			strings.HasPrefix(http.DetectContentType(body), "text/html"))
}

// networkError returns the error of a call whose answer did not come, or not whole. It is temporary
// unless ctx ended or the server's certificate is invalid.
func (c *Client) networkError(ctx context.Context, cl call, status int, err error) *Error {
	if ended := contextError(ctx); ended != nil {
		return c.newError(cl, status, ended)
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // the error names the method and the URL already
	}
	e := c.newError(cl, status, err)
	e.transient = !errors.As(err, new(*tls.CertificateVerificationError))
	return e
}

// badAnswer returns the error of a whole answer, with a status of success, that cannot be used.
func (c *Client) badAnswer(cl call, r reply, cause error) *Error {
	e := c.newError(cl, http.StatusOK, cause)
	e.Skew = r.skew
	return e
}

// unwrap returns the data of {"data": ...}.
func (c *Client) unwrap(cl call, r reply) (json.RawMessage, error) {
	raw, err := c.parse(cl, r)
	if err != nil {
		return nil, err
	}
	read := func(r *record) json.RawMessage { return r.raw("data", "the statistics") }
	data, err := one(read)(cl.endpoint, raw)
	if err != nil {
		return nil, c.badAnswer(cl, r, err)
	}
	return data, nil
}

// parse returns the JSON of a reply.
func (c *Client) parse(cl call, r reply) (json.RawMessage, error) {
	raw, err := document(r.body)
	if err != nil {
		e := c.badAnswer(cl, r, err)
		e.transient = errors.Is(err, io.ErrUnexpectedEOF)
		e.Page = r.page
		return nil, e
	}
	return raw, nil
}

// document returns a body that is one JSON value. The error is io.ErrUnexpectedEOF if the body ends
// too early, since not every broken connection is reported.
func document(body []byte) (json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	var raw json.RawMessage
	switch err := d.Decode(&raw); {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return nil, fmt.Errorf("the answer broke off after %d bytes: %w",
			len(body), io.ErrUnexpectedEOF)
	case err != nil:
		return nil, fmt.Errorf("the answer is not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("the answer is not JSON: something follows its end")
	}
	return raw, nil
}

// detail returns the text of a failed answer if it is short and not a web page, and whether it is
// a web page. The text is safe to print: one line, without control characters and secrets.
func (c *Client) detail(resp *http.Response) (text string, page bool) {
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxMessage+1))
	page = isPage(resp.Header, b)
	if err != nil || len(b) > maxMessage {
		return "", page // half a text could have half a secret, which redact would not find
	}
	text = strings.TrimSpace(strings.ToValidUTF8(c.redact(string(b)), "\uFFFD"))
	if strings.HasPrefix(text, "<") {
		return "", page // markup is hard to read
	}
	hidden := func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }
	text = strings.Join(strings.FieldsFunc(text, hidden), " ")
	return shorten(text, 200), false
}

// retryAfter reads both forms of Retry-After. A date is compared with the server's clock, if the
// answer has its Date.
func retryAfter(h http.Header) time.Duration {
	const longest = 24 * time.Hour
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseUint(v, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(n, uint64(longest/time.Second))) * time.Second
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(at.Sub(now), 0), longest)
}

// waits are the times between tries. They grow, are randomized, and are at least what the service
// asked for. A wait that would reach beyond the deadline ends the tries.
type waits struct {
	backoff.ExponentialBackOff
	atLeast  time.Duration
	deadline time.Time
}

func newWaits(ctx context.Context) *waits {
	deadline, _ := ctx.Deadline()
	return &waits{
		ExponentialBackOff: backoff.ExponentialBackOff{
			InitialInterval: firstWait, MaxInterval: maxWait,
			Multiplier: 2, RandomizationFactor: 0.5,
		},
		deadline: deadline,
	}
}

func (w *waits) NextBackOff() time.Duration {
	next := w.ExponentialBackOff.NextBackOff()
	if next < w.atLeast {
		// Clients that got the same Retry-After must not ask again in the same millisecond.
		next = w.atLeast + rand.N(firstWait)
	}
	if !w.deadline.IsZero() && time.Until(w.deadline) <= next {
		return backoff.Stop
	}
	return next
}

// contextError returns the error of an ended context, with its cause if that is another one.
func contextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err != nil && !errors.Is(cause, err) {
		return fmt.Errorf("%w: %w", err, cause)
	}
	return err
}

// loopback reports whether a host is this machine. Keys may go there unencrypted.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// botURL returns the address of something of a bot below base.
func botURL(base, before, bot, after string) (string, error) {
	const whereIDs = "it is in the address of the bot's page, " + app + "/bot/BOT_ID"
	hidden := func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return "", errors.New("the service's URL cannot be read: write it like " + DefaultURL)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "", u.User != nil,
		strings.ContainsAny(base, "?#"):
		return "", fmt.Errorf("the service's URL %q is invalid: write it like %s, "+
			"without user, query and fragment", sanitize(base), DefaultURL)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "", fmt.Errorf("the service's URL %q would send keys unencrypted: write https",
			sanitize(base))
	case bot == "":
		return "", errors.New("the bot's id is empty: " + whereIDs)
	case bot == "." || bot == ".." || strings.ContainsFunc(bot, hidden):
		return "", fmt.Errorf("%q is no bot's id: %s", bot, whereIDs)
	}
	return u.JoinPath(before, url.PathEscape(bot), after).String(), nil
}

// sanitize removes the user and the password from an address.
func sanitize(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(an unreadable URL)"
	}
	u.User = nil
	return u.String()
}
