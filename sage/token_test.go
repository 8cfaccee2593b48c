package sage_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/sage"
)

// kindlyAPI makes tokens: jwt-1, jwt-2, ... It counts them, and can take its time.
type kindlyAPI struct {
	ttl   int
	takes time.Duration
	fail  func(nth int) *http.Response // nil, or its nil answer: a token

	mu    sync.Mutex
	asked int
	bots  []string
}

func (k *kindlyAPI) serve(r *http.Request) (*http.Response, error) {
	k.mu.Lock()
	k.asked++
	nth := k.asked
	k.bots = append(k.bots, strings.Split(r.URL.Path, "/")[4])
	k.mu.Unlock()
	select {
	case <-time.After(k.takes):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if k.fail != nil {
		if resp := k.fail(nth); resp != nil {
			return resp, nil
		}
	}
	return respond(200, tokenJSON(fmt.Sprint("jwt-", nth), k.ttl)), nil
}

// accepts is a Sage that knows one token, or several.
func accepts(jwts ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		if slices.Contains(jwts, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")) {
			return respond(200, `{"data": []}`), nil
		}
		return respond(401, `{"error": "bad token"}`), nil
	}
}

// A token is used until shortly before it expires, and by its bot only.
func TestToken_Cached(t *testing.T) {
	for _, tt := range []struct {
		ttl   int
		fresh time.Duration // still the first token
		stale time.Duration // time for another
	}{
		{ttl: 300, fresh: 269 * time.Second, stale: 271 * time.Second},
		{ttl: 3600, fresh: 3569 * time.Second, stale: 3571 * time.Second},
		{ttl: 10, fresh: 8 * time.Second, stale: 9500 * time.Millisecond},
		{ttl: 1 << 50, fresh: 23 * time.Hour, stale: 24 * time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) {
			k := &kindlyAPI{ttl: tt.ttl}
			c := clientOver(wire{auth: k.serve, sage: ok})
			start := time.Now()
			for _, at := range []struct {
				after time.Duration
				bot   string
				asked int
			}{{0, "1", 1}, {0, "1", 1}, {0, "2", 2}, {tt.fresh, "1", 2}, {tt.stale, "1",
				3}, {tt.stale, "1", 3}} {
				time.Sleep(time.Until(start.Add(at.after)))
				if _, err := c.Chats(t.Context(), at.bot, week); err != nil {
					t.Fatal(err)
				}
				if k.asked != at.asked {
					t.Errorf("ttl %d, after %v: %d exchanges, want %d", tt.ttl, at.after, k.asked,
						at.asked)
				}
			}
		})
	}
}

func TestToken_Shared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &kindlyAPI{ttl: 300, takes: time.Second}
		c := clientOver(wire{auth: k.serve, sage: ok})
		parallel(t, 40, func() error { return chats(t.Context(), c) })
		if k.asked != 1 {
			t.Errorf("%d exchanges for 40 requests, want 1", k.asked)
		}
	})
}

// A token that is refused early is renewed, once for all requests that used it.
func TestToken_Renewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &kindlyAPI{ttl: 300, takes: time.Second}
		now := accepts("jwt-1")
		c := clientOver(wire{auth: k.serve, sage: func(r *http.Request) (*http.Response, error) {
			time.Sleep(100 * time.Millisecond)
			return now(r)
		}})
		if err := chats(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		now = accepts("jwt-2") // Sage has forgotten the first
		parallel(t, 40, func() error { return chats(t.Context(), c) })
		if k.asked != 2 {
			t.Errorf("%d exchanges, want 2", k.asked)
		}
	})
}

// A second refusal is final, and so is that of the key.
func TestToken_RefusedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &kindlyAPI{ttl: 300}
		s := steps(accepts("no token at all"))
		err := chats(t.Context(), clientOver(wire{auth: k.serve, sage: s.serve}))
		failure := asError(t, err)
		if failure.Status != 401 || failure.Endpoint != "sessions/chats" || failure.Temporary() ||
			k.asked != 2 || len(s.at) != 2 {
			t.Errorf("%d exchanges, %d requests, want 2 and 2; %v", k.asked, len(s.at), err)
		}
		if says := "Sage refused a token just made"; !strings.Contains(err.Error(), says) {
			t.Errorf("%v does not say %q", err, says)
		}

		k = &kindlyAPI{fail: func(int) *http.Response {
			return respond(401,
				`{"message": "no such key"}`)
		}}
		err = chats(t.Context(), clientOver(wire{auth: k.serve}))
		failure = asError(t, err)
		if failure.Status != 401 || failure.Endpoint != "sage/auth" || failure.Temporary() ||
			k.asked != 1 {
			t.Errorf("%d exchanges, want 1; %v", k.asked, err)
		}
		want := `sage: sage/auth of bot 8152: GET ` +
			`https://api.kindly.ai/api/v2/bot/8152/sage/auth: 401 Unauthorized: ` +
			`the answer was "{\"message\": \"no such key\"}": Kindly refused the API key: make a ` +
			`new key with the permission ` +
			`"read statistics" at https://app.kindly.ai/bot/8152/connect/api-keys`
		if err.Error() != want {
			t.Errorf("error %v\nwant  %v", err, want)
		}
	})
}

// A call renews its token once, even if Sage fails in between.
func TestToken_RenewedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &kindlyAPI{ttl: 300}
		s := steps(always(401, ``), always(500, ``), always(401, ``))
		err := chats(t.Context(), clientOver(wire{auth: k.serve, sage: s.serve}))
		if asError(t, err).Status != 401 || k.asked != 2 || len(s.at) != 3 {
			t.Errorf("%d exchanges, %d requests, want 2 and 3; %v", k.asked, len(s.at), err)
		}
	})
}

func TestExchange_Retried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &kindlyAPI{ttl: 300, takes: time.Second, fail: func(nth int) *http.Response {
			if nth <= 2 {
				return respond(503, ``)
			}
			return nil
		}}
		c := clientOver(wire{auth: k.serve, sage: ok})
		parallel(t, 40, func() error { return chats(t.Context(), c) })
		if k.asked != 3 {
			t.Errorf("%d exchanges, want 3", k.asked)
		}
	})
}

// A caller that gives up does not end the exchange for others. The last one does.
func TestExchange_CallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &kindlyAPI{ttl: 300, takes: 10 * time.Second}
		c := clientOver(wire{auth: k.serve, sage: ok})
		first, cancel := context.WithCancel(t.Context())
		left := make(chan error)
		go func() { left <- chats(first, c) }()
		synctest.Wait()
		stayed := make(chan error)
		go func() { stayed <- chats(t.Context(), c) }()
		synctest.Wait()

		start := time.Now()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) || time.Since(start) != 0 {
			t.Errorf("the first left after %v with %v", time.Since(start), err)
		}
		if err := <-stayed; err != nil || k.asked != 1 {
			t.Errorf("the second, after %d exchanges: %v", k.asked, err)
		}
	})

	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		c := clientOver(wire{sage: ok, auth: func(r *http.Request) (*http.Response, error) {
			if asked.Add(1) > 1 {
				return respond(200, tokenJSON(testJWT, 300)), nil
			}
			<-r.Context().Done()
			// slow to notice: the next exchange begins before this one is gone
			time.Sleep(time.Second)
			return nil, r.Context().Err()
		}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := chats(ctx, c); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		start := time.Now()
		if err := chats(t.Context(), c); err != nil || time.Since(start) != 0 {
			t.Errorf("an exchange that was given up failed the next one: %v after %v", err,
				time.Since(start))
		}
		time.Sleep(time.Minute)
		if err := chats(t.Context(), c); err != nil || asked.Load() != 2 {
			t.Errorf("%d exchanges, want 2: the late end of the first took the second one's "+
				"token (error %v)", asked.Load(), err)
		}
	})
}

func TestExchange_Shapes(t *testing.T) {
	for _, tt := range []struct{ body, says string }{
		{`{"token": "a", "expires": 300}`, `want a text under "jwt"; the keys that came: ` +
			`["expires" "token"]`},
		{`{"jwt": "a"}`, `want a whole number from 0 up under "ttl"; the keys that came: ["jwt"]`},
		{`{"jwt": "a", "ttl": 0}`, `a number of seconds above 0`},
		{`{"jwt": "a", "ttl": -300}`, `a whole number from 0 up`},
		{`{"jwt": "a", "ttl": "300"}`, `a whole number from 0 up`},
		{`{"jwt": "", "ttl": 300}`, `a token under "jwt"`},
		{`{"jwt": "a\r\nX-Evil: b", "ttl": 300}`, `a token under "jwt"`},
		{`{"jwt": null, "ttl": 300}`, `a token under "jwt"`},
		{`[]`, `want an object; no keys came`},
		{`<html>`, `is not JSON`},
	} {
		err := chats(t.Context(), clientOver(wire{auth: always(200, tt.body)}))
		failure := asError(t, err)
		if failure.Endpoint != "sage/auth" || failure.Status != 200 || failure.Temporary() ||
			!strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v\ndoes not say %q", tt.body, err, tt.says)
		}
	}
}

func TestExchange_TrimsKey(t *testing.T) {
	var sent string
	c := clientOver(wire{sage: ok, auth: func(r *http.Request) (*http.Response, error) {
		sent = r.Header.Get("Authorization")
		return respond(200, tokenJSON(testJWT, 300)), nil
	}})
	c.Key = func(_ context.Context, b string) (string, error) { return "key-of-" + b + "\n", nil }
	if err := chats(t.Context(), c); err != nil || sent != "Bearer key-of-8152" {
		t.Errorf("sent %q (error %v)", sent, err)
	}
}

func chats(ctx context.Context, c *sage.Client) error {
	_, err := c.Chats(ctx, bot, week)
	return err
}

// parallel does the same n times at once and reports every failure.
func parallel(t *testing.T, n int, do func() error) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if err := do(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
