package sage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

const tokenEndpoint = "sage/auth"

// secret is an API key or a JWT. It holds a function, because a function is what no way of printing, not even
// one that looks into unexported fields, can show the inside of.
type secret struct{ reveal func() string }

func newSecret(s string) secret { return secret{func() string { return s }} }

const redacted = "[redacted]"

func (secret) Format(f fmt.State, _ rune)   { fmt.Fprint(f, redacted) }
func (secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// token is what Sage wants to see, and until when it is worth showing.
type token struct {
	jwt   secret
	until time.Time
}

// credentials are what the client knows of a bot: its token, the fetch of one if that is under way, and every
// secret that an answer could echo. Guarded by Client.mu.
type credentials struct {
	token  *token
	fetch  *fetch
	key    secret
	before secret // the token before this one, which may still be on its way
}

// fetch is a token exchange under way, shared by everyone who waits for it.
type fetch struct {
	done    chan struct{} // closed when token and err are set
	token   *token
	err     error
	waiting int // guarded by Client.mu
	cancel  context.CancelFunc
}

// token gives the bot's token, made new if there is none, if it is about to end, or if it is the refused one.
// However many ask at once, the key is exchanged once. The exchange belongs to no single request: it goes on as
// long as anyone waits for it. What is shared is one try; whoever wants another one waits and asks again.
func (c *Client) token(ctx context.Context, bot string, refused *token) (*token, error) {
	c.mu.Lock()
	b := c.bots[bot]
	if b == nil {
		b = &credentials{}
		c.bots[bot] = b
	}
	if t := b.token; t != nil && t != refused && time.Now().Before(t.until) {
		c.mu.Unlock()
		return t, nil
	}
	f := b.fetch
	if f == nil {
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f = &fetch{done: make(chan struct{}), cancel: cancel}
		b.fetch = f
		go c.run(shared, bot, b, f)
	}
	f.waiting++
	c.mu.Unlock()

	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		c.leave(b, f)
		cl, err := c.exchangeCall(bot)
		if err != nil {
			return nil, err
		}
		return nil, c.fail(cl, 0, ended(ctx))
	}
}

// leave is for whoever no longer waits for f. The last one ends it.
func (c *Client) leave(b *credentials, f *fetch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.cancel()
	if b.fetch == f {
		b.fetch = nil // whoever comes now must not share an exchange that was cancelled
	}
}

// run does the exchange and shares what came of it.
func (c *Client) run(ctx context.Context, bot string, b *credentials, f *fetch) {
	defer f.cancel()
	f.token, f.err = c.exchange(ctx, bot, b)

	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(f.done)
	if b.fetch != f {
		return // everyone has left it, and there may be a newer one
	}
	b.fetch = nil
	if f.err == nil {
		if b.token != nil {
			b.before = b.token.jwt
		}
		b.token = f.token
	}
}

func (c *Client) exchangeCall(bot string) (call, error) {
	address, err := botURL(orDefault(c.APIURL, DefaultAPIURL), "/api/v2/bot", bot, tokenEndpoint)
	if err != nil {
		return call{}, fmt.Errorf("sage: %s: %w", tokenEndpoint, err)
	}
	return call{endpoint: tokenEndpoint, bot: bot, url: address, key: true}, nil
}

// exchange turns the bot's API key into a token, in one try.
func (c *Client) exchange(ctx context.Context, bot string, b *credentials) (*token, error) {
	cl, err := c.exchangeCall(bot)
	if err != nil {
		return nil, err
	}
	if c.Key == nil {
		return nil, c.fail(cl, 0, fmt.Errorf("%w: the client's Key is not set", ErrNoKey))
	}
	text, err := c.Key(ctx, bot)
	if err != nil {
		return nil, c.fail(cl, 0, fmt.Errorf("%w: %w", ErrNoKey, err))
	}
	text = strings.TrimSpace(text) // a key read from a file ends with a line break
	if text == "" {
		return nil, c.fail(cl, 0, fmt.Errorf("%w: it is empty; %s", ErrNoKey, newKey(bot)))
	}
	if !isBearer(text) {
		return nil, c.fail(cl, 0, fmt.Errorf("%w: it holds a space, a quote or something else that no key holds: copy it again", ErrNoKey))
	}
	key := newSecret(text)
	c.mu.Lock()
	b.key = key
	c.mu.Unlock()

	asked := time.Now()
	r, err := c.send(ctx, cl, key)
	if err != nil {
		return nil, err
	}
	raw, err := c.parse(cl, r)
	if err != nil {
		return nil, err
	}
	t, err := decodeToken(raw, asked)
	if err != nil {
		return nil, c.unfit(cl, r, err)
	}
	return t, nil
}

// decodeToken reads {"jwt": "...", "ttl": seconds}. The token's time is counted from the asking, and ends
// a little early, so that it does not end on its way to Sage.
func decodeToken(raw json.RawMessage, asked time.Time) (*token, error) {
	const longest = 24 * time.Hour
	return one(func(r *record) *token {
		jwt := r.text("jwt")
		if !isBearer(jwt) {
			r.unexpected("a token under %q", "jwt")
		}
		seconds := r.count("ttl")
		if seconds < 1 {
			r.unexpected("a number of seconds above 0 under %q", "ttl")
		}
		ttl := min(time.Duration(seconds), longest/time.Second) * time.Second
		return &token{jwt: newSecret(jwt), until: asked.Add(ttl - min(30*time.Second, ttl/10))}
	})(tokenEndpoint, raw)
}

// isBearer says whether s can be sent after "Bearer ": no space, no quote, nothing that printing would escape,
// so that what could be echoed is what redact looks for.
func isBearer(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"'`\\<>&", r)
	})
}

// redact takes every secret that the client knows out of a text that came from outside.
func (c *Client) redact(s string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.bots {
		known := []secret{b.key, b.before}
		if b.token != nil {
			known = append(known, b.token.jwt)
		}
		for _, k := range known {
			if k.reveal == nil {
				continue
			}
			text := k.reveal()
			// The last is how PHP writes a slash in JSON.
			for _, form := range []string{text, url.QueryEscape(text), url.PathEscape(text), strings.ReplaceAll(text, "/", `\/`)} {
				s = strings.ReplaceAll(s, form, redacted)
			}
		}
	}
	return s
}

// clean gives the error itself if its text holds no secret, and otherwise its redacted text alone: what it
// wraps would tell the secret to whoever unwraps it.
func (c *Client) clean(err error) error {
	if err == nil {
		return nil
	}
	if shape, ok := err.(*ShapeError); ok {
		told := *shape
		told.Keys = make([]string, len(shape.Keys))
		for i, k := range shape.Keys {
			told.Keys[i] = shorten(c.redact(k), 60) // in this order: half a secret would not be found
		}
		return &told
	}
	if text := err.Error(); c.redact(text) != text {
		return errors.New(c.redact(text))
	}
	return err
}
