package sage

import (
	"cmp"
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

// A secret is an API key or a JWT. It holds a function, since no way of printing can show what is
// inside of one, not even a way that reads unexported fields.
type secret struct{ reveal func() string }

func newSecret(s string) secret { return secret{func() string { return s }} }

const redacted = "[redacted]"

func (secret) Format(f fmt.State, _ rune)   { fmt.Fprint(f, redacted) }
func (secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// A token is what Sage expects with each request. It is not used after until.
type token struct {
	jwt   secret
	until time.Time
}

// credentials are a bot's token, and every secret that an answer could repeat. Client.mu guards
// them.
type credentials struct {
	token  *token
	key    secret
	before secret // the token before this one; a request may still use it

	waiting int             // callers that wait for an exchange
	shared  context.Context // of their exchange; canceled when no caller waits
	cancel  context.CancelFunc
}

// token returns the bot's token. It makes a new one if there is none, if it is about to expire, or
// if it is the refused one. Callers at the same time share one exchange of the key, in one try. A
// caller whose ctx ends gets an error and does not end the exchange, unless it is the last.
func (c *Client) token(ctx context.Context, bot string, refused *token) (*token, error) {
	address, err := botURL(cmp.Or(c.APIURL, DefaultAPIURL), "/api/v2/bot", bot, tokenEndpoint)
	if err != nil {
		return nil, fmt.Errorf("sage: %s: %w", tokenEndpoint, err)
	}
	cl := call{endpoint: tokenEndpoint, bot: bot, url: address, key: true}

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
	if b.waiting == 0 {
		b.shared, b.cancel = context.WithCancel(context.WithoutCancel(ctx))
	}
	b.waiting++
	shared := b.shared
	exchange := c.exchanges.DoChan(bot, func() (any, error) { return c.exchange(shared, cl, b) })
	c.mu.Unlock()
	defer c.stopWaiting(b, bot)

	select {
	case result := <-exchange:
		return result.Val.(*token), result.Err
	case <-ctx.Done():
		return nil, c.newError(cl, 0, contextError(ctx))
	}
}

// stopWaiting is called when a caller no longer waits for an exchange. The last caller cancels it,
// and a later one does not share a canceled exchange.
func (c *Client) stopWaiting(b *credentials, bot string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if b.waiting--; b.waiting == 0 {
		b.cancel()
		c.exchanges.Forget(bot)
	}
}

// exchange exchanges the bot's API key for a token, in one try, and stores both.
func (c *Client) exchange(ctx context.Context, cl call, b *credentials) (*token, error) {
	key, err := c.key(ctx, cl.bot)
	if err != nil {
		return nil, c.newError(cl, 0, fmt.Errorf("%w: %w", ErrNoKey, err))
	}
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
		return nil, c.badAnswer(cl, r, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if b.token != nil {
		b.before = b.token.jwt
	}
	b.token = t
	return t, nil
}

// key returns the bot's API key, if it can be one.
func (c *Client) key(ctx context.Context, bot string) (secret, error) {
	if c.Key == nil {
		return secret{}, errors.New("the client's Key is not set")
	}
	text, err := c.Key(ctx, bot)
	text = strings.TrimSpace(text) // a key read from a file ends with a line break
	switch {
	case err != nil:
		return secret{}, err
	case text == "":
		return secret{}, fmt.Errorf("it is empty; %s", newKey(bot))
	case !isBearer(text):
		return secret{}, errors.New("it has a space, a quote or another character " +
			"that no key has: copy it again")
	}
	return newSecret(text), nil
}

// decodeToken reads {"jwt": "...", "ttl": seconds}. The lifetime begins when the token was asked
// for. The token is not used in the last tenth of it, at most 30 seconds.
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

// isBearer reports whether s can be sent after "Bearer ". It has no space, no quote and nothing
// that printing would escape, so that redact finds it in an answer that repeats it.
func isBearer(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"'`\\<>&", r)
	})
}

// redact removes every secret that the client knows from a text of an answer.
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
			for _, form := range []string{
				text, url.QueryEscape(text), url.PathEscape(text),
				strings.ReplaceAll(text, "/", `\/`), // as PHP writes JSON
			} {
				s = strings.ReplaceAll(s, form, redacted)
			}
		}
	}
	return s
}

// clean returns err if its text has no secret. Otherwise it returns the redacted text alone, since
// unwrapping err would reveal the secret.
func (c *Client) clean(err error) error {
	if err == nil {
		return nil
	}
	if shape, ok := err.(*ShapeError); ok {
		cleaned := *shape
		cleaned.Keys = make([]string, len(shape.Keys))
		for i, k := range shape.Keys {
			cleaned.Keys[i] = shorten(c.redact(k), 60) // in this order: half a secret is not found
		}
		return &cleaned
	}
	if text := c.redact(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}
