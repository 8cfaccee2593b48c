package sage

import (
	"bytes"
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
)

// Where Kindly serves the two services.
const (
	DefaultURL    = "https://sage.kindly.ai"
	DefaultAPIURL = "https://api.kindly.ai"
)

const (
	defaultConcurrency = 8
	defaultTries       = 5
	maxElapsed         = 2 * time.Minute // no wait begins that would end later than this after the first try
	maxBody            = 8 << 20         // bytes of an answer; the longest true one, 100 pages, is near 30 KB
	maxMessage         = 16 << 10        // bytes of an error page that are looked at

	firstWait = 500 * time.Millisecond
	maxWait   = 15 * time.Second

	tryTimeout = 30 * time.Second // with the client's own http.Client
)

// Client asks Sage for the statistics of any number of bots. Only Key has to be set; the fields must not be
// changed after the first request. A Client is used by pointer, by any number of goroutines at once.
type Client struct {
	// URL and APIURL are where Sage and the Kindly API (which makes the tokens) are found, without the path.
	// Empty means DefaultURL and DefaultAPIURL.
	URL, APIURL string

	// Key gives the API key of a bot. It is called only when a token is needed, once for everyone who waits for
	// it; its context ends when nobody waits any more. The key is sent to APIURL and shown nowhere.
	Key func(ctx context.Context, bot string) (string, error)

	// HTTP sends the requests. Nil means a client that keeps enough connections alive for Concurrency and gives
	// up a try after 30 seconds. Whatever it says of redirects, none is followed: a token goes to no other place.
	HTTP *http.Client

	// Concurrency is how many requests may be on their way at once, to both services and for all bots
	// together. Waiting for the next try does not count. 0 means 8.
	Concurrency int

	// Tries is how often a request is tried before its failure is reported. 0 means 5; 1 means no second try.
	Tries int

	// Log hears of every request (debug) and every failed try (warning). Nil means silence.
	Log *slog.Logger

	once  sync.Once
	http  *http.Client
	slots chan struct{}
	log   *slog.Logger

	mu   sync.Mutex
	bots map[string]*credentials
	skew Skew // see Skew
}

// Format writes Sage's address under any verb, so that printing a struct that holds a Client cannot
// print a token.
func (c *Client) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "sage.Client(%s)", sanitise(orDefault(c.URL, DefaultURL)))
}

func (c *Client) init() {
	c.once.Do(func() {
		concurrency := c.Concurrency
		if concurrency <= 0 {
			concurrency = defaultConcurrency
		}
		c.slots = make(chan struct{}, concurrency)
		c.bots = map[string]*credentials{}

		c.log = c.Log
		if c.log == nil {
			c.log = slog.New(slog.DiscardHandler)
		}

		own := http.Client{Timeout: tryTimeout}
		if c.HTTP != nil {
			own = *c.HTTP
		}
		if own.Transport == nil {
			if t, ok := http.DefaultTransport.(*http.Transport); ok {
				// Two idle connections for a host, the default, would mean a new TLS handshake for nearly every
				// request of the second round.
				t = t.Clone()
				t.MaxIdleConnsPerHost = concurrency
				own.Transport = t
			}
		}
		own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		c.http = &own
	})
}

// endpoint is a path below /api/v1/stats/bot/{bot} and the parameters that only some of them take.
type endpoint struct {
	path     string
	granular bool // gives a series, and takes a granularity
	limited  bool // gives a list, and takes a limit
}

// call is one request that the caller of the package asked for, however often it is tried.
type call struct {
	endpoint string
	bot      string
	url      string
	key      bool // goes to the Kindly API, with the key, instead of to Sage, with a token
}

// fail is how each failure of a call is told. The cause is kept only where its text holds no secret.
func (c *Client) fail(cl call, status int, cause error) *Error {
	return &Error{
		Method: http.MethodGet, URL: sanitise(cl.url), Endpoint: cl.endpoint, Bot: cl.bot,
		Status: status, Err: c.clean(cause), key: cl.key, late: late(cause),
	}
}

// late says whether an error is that time was over.
func late(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout()
}

// ask is what every statistic is: a checked query to an endpoint, and the decoding of its answer.
func ask[T any](ctx context.Context, c *Client, e endpoint, bot string, q Query, decode decoder[T]) (T, error) {
	values, err := q.values(e)
	if err != nil {
		var none T
		return none, err
	}
	return request(ctx, c, e, bot, values, decode)
}

func request[T any](ctx context.Context, c *Client, e endpoint, bot string, values url.Values, decode decoder[T]) (T, error) {
	c.init()
	address, err := botURL(orDefault(c.URL, DefaultURL), "/api/v1/stats/bot", bot, e.path)
	if err != nil {
		var none T
		return none, fmt.Errorf("sage: %s: %w", e.path, err)
	}
	if len(values) > 0 {
		address += "?" + values.Encode()
	}
	cl := call{endpoint: e.path, bot: bot, url: address}

	var v T
	err = c.try(ctx, cl, func(data json.RawMessage) (err error) {
		v, err = decode(e.path, data)
		return err
	})
	return v, err
}

// try asks until there is an answer to use, or a failure that asking again will not cure, or no time left.
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
	type nothing = struct{}
	attempt := func() (nothing, error) {
		r, err := c.attempt(ctx, cl, &renewed)
		if err == nil {
			if err = use(r.body); err == nil {
				return nothing{}, nil
			}
			err = c.unfit(cl, r, err)
		}
		tried++
		var failure *Error
		if !errors.As(err, &failure) {
			return nothing{}, backoff.Permanent(err)
		}
		// What went wrong before the time was over says more than that it was over.
		if last == nil || ctx.Err() == nil || !errors.Is(failure, ctx.Err()) {
			last = failure
		}
		if !failure.Temporary() || ctx.Err() != nil {
			return nothing{}, backoff.Permanent(err)
		}
		waits.atLeast = failure.RetryAfter
		return nothing{}, err
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
	// The failure may be one that other calls share (that of their common token), so a copy is changed.
	told := *last
	told.Tries = tried
	if ended := ended(ctx); ended != nil && !errors.Is(told.Err, ctx.Err()) {
		told.Err = join(told.Err, fmt.Errorf("no time for another try: %w", ended))
	}
	return &told
}

// attempt is one try: with a token that should be alive, and, if Sage refuses that one, with a new one, once in
// the life of a call. The reply's body is the answer's data.
func (c *Client) attempt(ctx context.Context, cl call, renewed *bool) (reply, error) {
	t, err := c.token(ctx, cl.bot, nil)
	if err != nil {
		return reply{}, err
	}
	r, err := c.send(ctx, cl, t.jwt)
	var refused *Error
	if errors.As(err, &refused) && refused.Status == http.StatusUnauthorized && !*renewed {
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

// reply is an answer that came whole and with a status of success.
type reply struct {
	body []byte
	page bool // it is a page for browsers
	skew Skew
}

// send is the one place where a request leaves. It holds a slot from there until the body has been read.
func (c *Client) send(ctx context.Context, cl call, bearer secret) (reply, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return reply{}, c.fail(cl, 0, ended(ctx))
	}

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cl.url, nil)
	if err != nil {
		return reply{}, c.fail(cl, 0, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "kindlyweekly")
	req.Header.Set("Authorization", "Bearer "+bearer.reveal())

	start := time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, c.unanswered(ctx, cl, 0, err)
	}
	defer resp.Body.Close()
	skew := c.measure(resp.Header, start)
	c.log.LogAttrs(ctx, slog.LevelDebug, "sage: answered",
		slog.String("endpoint", cl.endpoint), slog.String("bot", cl.bot),
		slog.Int("status", resp.StatusCode), slog.Duration("took", time.Since(start)))

	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		e := c.fail(cl, resp.StatusCode, nil)
		e.RetryAfter, e.Skew = retryAfter(resp.Header), skew
		e.Detail, e.Page = c.detail(resp)
		return reply{}, e
	}
	r := reply{skew: skew}
	r.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if len(r.body) > maxBody {
		return reply{}, c.unfit(cl, r, fmt.Errorf("the answer is longer than %d MiB, which no statistic is: is the URL that of Sage?", maxBody>>20))
	}
	if err != nil {
		e := c.unanswered(ctx, cl, resp.StatusCode, fmt.Errorf("the answer broke off after %d bytes: %w", len(r.body), err))
		e.Skew = skew
		return reply{}, e
	}
	r.page = isPage(resp.Header, r.body)
	return r, nil
}

// isPage says whether a body is a page for browsers.
func isPage(h http.Header, body []byte) bool {
	markup := bytes.HasPrefix(bytes.TrimSpace(body), []byte("<"))
	return markup && (strings.Contains(h.Get("Content-Type"), "html") || strings.HasPrefix(http.DetectContentType(body), "text/html"))
}

// unanswered is a failure of the network. Another try may cure it, unless it is the caller who ended it or a
// server that is not who it should be.
func (c *Client) unanswered(ctx context.Context, cl call, status int, err error) *Error {
	if ended := ended(ctx); ended != nil {
		return c.fail(cl, status, ended)
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // the method and the URL are told already
	}
	var unverified *tls.CertificateVerificationError
	e := c.fail(cl, status, err)
	e.transient = !errors.As(err, &unverified)
	return e
}

// unfit is the failure of an answer that came whole, with a status of success, and is not what was asked for.
func (c *Client) unfit(cl call, r reply, cause error) *Error {
	e := c.fail(cl, http.StatusOK, cause)
	e.Skew = r.skew
	return e
}

// unwrap takes the answer out of {"data": ...}.
func (c *Client) unwrap(cl call, r reply) (json.RawMessage, error) {
	raw, err := c.parse(cl, r)
	if err != nil {
		return nil, err
	}
	data, err := one(func(r *record) json.RawMessage { return r.raw("data", "the statistics") })(cl.endpoint, raw)
	if err != nil {
		return nil, c.unfit(cl, r, err)
	}
	return data, nil
}

// parse checks that a reply is JSON.
func (c *Client) parse(cl call, r reply) (json.RawMessage, error) {
	raw, err := document(r.body)
	if err != nil {
		e := c.unfit(cl, r, err)
		e.transient = errors.Is(err, io.ErrUnexpectedEOF)
		e.Page = r.page
		return nil, e
	}
	return raw, nil
}

// document checks that a body is one JSON value. A body that only ends too early is io.ErrUnexpectedEOF: not
// every connection tells that it broke.
func document(body []byte) (json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	var raw json.RawMessage
	err := d.Decode(&raw)
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return nil, fmt.Errorf("the answer broke off after %d bytes: %w", len(body), io.ErrUnexpectedEOF)
	case err != nil:
		return nil, fmt.Errorf("the answer is not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("the answer is not JSON: something follows its end")
	}
	return raw, nil
}

// detail is what a service said about a failure, if that is short and meant for reading, and whether it was a page
// instead. It is made safe to print: one line, no control characters, no secret.
func (c *Client) detail(resp *http.Response) (text string, page bool) {
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxMessage+1))
	page = isPage(resp.Header, b)
	if err != nil || len(b) > maxMessage {
		return "", page // half a text could hold half a secret, which would not be found
	}
	text = strings.TrimSpace(strings.ToValidUTF8(c.redact(string(b)), "\uFFFD"))
	if strings.HasPrefix(text, "<") {
		return "", page // markup is not for reading
	}
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }), " ")
	return shorten(text, 200), false
}

// retryAfter reads both forms of Retry-After. A date is compared with the server's own clock where it tells it.
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

// waits is the time between tries: growing, scattered, never shorter than the service asked for, and none at
// all if the context would end before it does.
type waits struct {
	backoff.ExponentialBackOff
	atLeast  time.Duration
	deadline time.Time
}

func newWaits(ctx context.Context) *waits {
	deadline, _ := ctx.Deadline()
	return &waits{
		ExponentialBackOff: backoff.ExponentialBackOff{
			InitialInterval: firstWait, Multiplier: 2, MaxInterval: maxWait, RandomizationFactor: 0.5,
		},
		deadline: deadline,
	}
}

func (w *waits) NextBackOff() time.Duration {
	next := w.ExponentialBackOff.NextBackOff()
	if next < w.atLeast {
		// Everyone who was told the same second must not come back in the same millisecond.
		next = w.atLeast + rand.N(firstWait)
	}
	if !w.deadline.IsZero() && time.Until(w.deadline) <= next {
		return backoff.Stop
	}
	return next
}

// ended is why a context ended, or nil. It is the context's error, whatever cause came with it.
func ended(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err != nil && !errors.Is(cause, err) {
		return fmt.Errorf("%w: %w", err, cause)
	}
	return err
}

// join keeps both errors; the first may be nil.
func join(first, second error) error {
	if first == nil {
		return second
	}
	return fmt.Errorf("%w; %w", first, second)
}

// loopback reports whether a host is this machine, to which keys may go unencrypted.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// botURL is the address of something of a bot below base.
func botURL(base, before, bot, after string) (string, error) {
	const whereIDs = "it is in the address of the bot's page, " + app + "/bot/BOT_ID"
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return "", errors.New("the service's URL cannot be read: write it like " + DefaultURL)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.ContainsAny(base, "?#"):
		return "", fmt.Errorf("the service's URL %q will not do: write it like %s, without user, query and fragment", sanitise(base), DefaultURL)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "", fmt.Errorf("the service's URL %q would send keys unencrypted: write https", sanitise(base))
	case bot == "":
		return "", errors.New("no bot is named: give its id; " + whereIDs)
	case bot == "." || bot == ".." || strings.ContainsFunc(bot, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }):
		return "", fmt.Errorf("%q is no bot's id: %s", bot, whereIDs)
	}
	return u.JoinPath(before, url.PathEscape(bot), after).String(), nil
}

// sanitise takes out of an address what may be secret.
func sanitise(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(an unreadable URL)"
	}
	u.User = nil
	return u.String()
}

func orDefault(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
