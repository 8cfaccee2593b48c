package sage_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/sage"
)

// script answers its requests one after the other, and remembers when they came.
type script struct {
	steps []func(*http.Request) (*http.Response, error) // the last one goes on for ever
	at    []time.Time
}

func (s *script) serve(r *http.Request) (*http.Response, error) {
	s.at = append(s.at, time.Now())
	return s.steps[min(len(s.at), len(s.steps))-1](r)
}

// waits are the times between the requests.
func (s *script) waits() []time.Duration {
	var w []time.Duration
	for i := 1; i < len(s.at); i++ {
		w = append(w, s.at[i].Sub(s.at[i-1]))
	}
	return w
}

func steps(steps ...func(*http.Request) (*http.Response, error)) *script {
	return &script{steps: steps}
}

func broken(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

func torn(body string, err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		r := respond(200, "")
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader(body), failing{err}))
		return r, nil
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

var ok = always(200, `{"data": []}`)

// address is that of the request that chats sends.
const address = "https://sage.kindly.ai/api/v1/stats/bot/8152/sessions/chats" +
	"?from=2026-11-09&to=2026-11-16&tz=UTC"

func TestClient_RetriesTemporary(t *testing.T) {
	for name, fault := range map[string]func(*http.Request) (*http.Response, error){
		"429": always(429, `{"error": "slow down"}`),
		"500": always(500, ``),
		"502 with a page": always(502, `<html>Bad Gateway</html>`, "Content-Type",
			"text/html"),
		"504":                         always(504, ``),
		"connection refused":          broken(syscall.ECONNREFUSED),
		"connection reset":            broken(syscall.ECONNRESET),
		"body reset":                  torn(`{"data": [`, syscall.ECONNRESET),
		"body shorter than announced": torn(`{"data": [`, io.ErrUnexpectedEOF),
		"body that only ends":         always(200, `{"data": [`),
		"body that does not begin":    always(200, ``),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := steps(fault, fault, ok)
				if _, err := clientOver(wire{sage: s.serve}).Chats(t.Context(), bot,
					week); err != nil {
					t.Fatal(err)
				}
				waits := s.waits()
				if len(waits) != 2 {
					t.Fatalf("%d tries, want 3", len(waits)+1)
				}
				within(t, waits[0], 250*time.Millisecond, 750*time.Millisecond)
				within(t, waits[1], 500*time.Millisecond, 1500*time.Millisecond)
			})
		})
	}
}

func within(t *testing.T, d, least, most time.Duration) {
	t.Helper()
	if d < least || d > most {
		t.Errorf("waited %v, want %v to %v", d, least, most)
	}
}

func TestClient_PermanentFailures(t *testing.T) {
	big := `{"data": [` + strings.Repeat(" ", 9<<20) + `]}`
	for _, tt := range []struct {
		name   string
		fault  func(*http.Request) (*http.Response, error)
		status int
		says   []string
	}{
		{"400", always(400, `{"error": "from is not a date"}`), 400, []string{"400 Bad Request",
			`from is not a date`, "did not accept"}},
		{"403", always(403, ``), 403, []string{"403 Forbidden", "another bot",
			"https://app.kindly.ai/bot/8152/connect/api-keys"}},
		{"404", always(404, `<html>`, "Content-Type", "text/html"), 404, []string{"404 Not Found",
			"is the bot's id right?"}},
		{"408", always(408, ``), 408, []string{"408"}},
		{"418", always(418, "a\x1b[31mteapot\r\n\u202emirrored"), 418,
			[]string{`"a [31mteapot mirrored"`}},
		{"301", always(301, ``, "Location", "https://elsewhere.example/"), 301,
			[]string{"redirects are not followed", "301 Moved Permanently"}},
		{"304", always(304, ``), 304, []string{"304 Not Modified"}},
		{"a page instead of JSON", always(200, `<!doctype html><p>Log in`, "Content-Type",
			"text/html"), 200, []string{"is not JSON", "invalid character '<'",
			"is https://sage.kindly.ai/api/v1/stats/bot/", "the right address?"}},
		{"another shape", always(200, `{"data": [{"n": 1, "day": "2026-11-09"}]}`), 200,
			[]string{"unexpected answer of sessions/chats", `the keys that came: ["day" "n"]`}},
		{"JSON and more", always(200, `{"data": []} []`), 200, []string{"is not JSON",
			"something follows"}},
		{"NaN", always(200, `{"data": NaN}`), 200, []string{"is not JSON"}},
		{"no end", always(200, big), 200, []string{"longer than 8 MiB"}},
		{"another server's certificate",
			broken(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}),
			0, []string{"certificate"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := steps(tt.fault)
			_, err := clientOver(wire{sage: s.serve}).Chats(t.Context(), bot, week)
			failure := asError(t, err)
			if len(s.at) != 1 || failure.Tries != 1 {
				t.Errorf("%d requests, %d tries in the error, want 1", len(s.at), failure.Tries)
			}
			if failure.Temporary() {
				t.Errorf("%v is said to be temporary", err)
			}
			if failure.Status != tt.status || failure.Endpoint != "sessions/chats" ||
				failure.Bot != bot ||
				failure.URL != address {
				t.Errorf("fields %+q", []any{failure.Status, failure.Endpoint, failure.Bot,
					failure.URL})
			}
			for _, s := range tt.says {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%v\ndoes not say %q", err, s)
				}
			}
		})
	}
}

// The error of the last try has the number of tries.
func TestClient_LastTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := steps(broken(syscall.ECONNREFUSED), always(503, `busy`, "Content-Type", "text/plain"))
		_, err := clientOver(wire{sage: s.serve}).Chats(t.Context(), bot, week)
		failure := asError(t, err)
		if len(s.at) != 5 || failure.Tries != 5 || failure.Status != 503 || !failure.Temporary() {
			t.Errorf("after %d requests: %d tries, status %d, temporary %v", len(s.at),
				failure.Tries, failure.Status, failure.Temporary())
		}
		want := "sage: sessions/chats of bot 8152: GET " +
			address + ": " +
			`503 Service Unavailable: the answer was "busy": the service has a problem of its ` +
			`own: try again later (tried 5 times)`
		if err.Error() != want {
			t.Errorf("error %v\nwant  %v", err, want)
		}

		s = steps(broken(syscall.ECONNREFUSED))
		c := clientOver(wire{sage: s.serve})
		c.Tries = 2
		_, err = c.Chats(t.Context(), bot, week)
		if len(s.at) != 2 || !errors.Is(err, syscall.ECONNREFUSED) || !asError(t, err).Temporary() {
			t.Errorf("after %d requests: %v, want 2 and a refused connection", len(s.at), err)
		}
	})
}

func TestClient_RetryAfter(t *testing.T) {
	for _, tt := range []struct {
		name    string
		headers []string
		least   time.Duration
	}{
		{"seconds", []string{"Retry-After", "20"}, 20 * time.Second},
		// In a bubble of synctest it is midnight of 1 January 2000, UTC.
		{"a date", []string{"Retry-After", "Sat, 01 Jan 2000 00:00:30 GMT"}, 30 * time.Second},
		{"a date by another clock", []string{"Retry-After", "Wed, 11 Nov 2026 10:00:40 GMT", "Date",
			"Wed, 11 Nov 2026 10:00:00 GMT"}, 40 * time.Second},
		{"a date gone by", []string{"Retry-After", "Fri, 31 Dec 1999 23:00:00 GMT"},
			250 * time.Millisecond},
		{"at once", []string{"Retry-After", "0"}, 250 * time.Millisecond},
		{"nonsense", []string{"Retry-After", "soon"}, 250 * time.Millisecond},
		{"negative", []string{"Retry-After", "-5"}, 250 * time.Millisecond},
	} {
		for _, status := range []int{429, 503} {
			t.Run(tt.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := steps(always(status, ``, tt.headers...), ok)
					if _, err := clientOver(wire{sage: s.serve}).Chats(t.Context(), bot,
						week); err != nil {
						t.Fatal(err)
					}
					within(t, s.waits()[0], tt.least, tt.least+500*time.Millisecond)
				})
			})
		}
	}
}

// If Retry-After is longer than the time that is left, the 429 is returned at once.
func TestClient_RetryAfterTooLong(t *testing.T) {
	for _, tt := range []struct {
		name     string
		after    string
		deadline time.Duration
		inError  time.Duration
	}{
		{"longer than the deadline", "20", 10 * time.Second, 20 * time.Second},
		{"longer than any wait", "3600", 0, time.Hour},
		{"longer than a number", "99999999999999999999", 0, 24 * time.Hour},
		{"longer than a day", "9999999999", 0, 24 * time.Hour},
	} {
		for _, service := range []string{"sage", "auth"} {
			t.Run(tt.name+", "+service, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx := t.Context()
					if tt.deadline > 0 {
						var cancel context.CancelFunc
						ctx, cancel = context.WithTimeout(ctx, tt.deadline)
						defer cancel()
					}
					s := steps(always(429, ``, "Retry-After", tt.after))
					w := wire{sage: s.serve}
					if service == "auth" {
						w = wire{auth: s.serve}
					}
					start := time.Now()
					_, err := clientOver(w).Chats(ctx, bot, week)
					failure := asError(t, err)
					if len(s.at) != 1 || time.Since(start) != 0 {
						t.Errorf("%d requests in %v, want one, at once", len(s.at),
							time.Since(start))
					}
					if failure.Status != 429 || failure.RetryAfter != tt.inError ||
						!strings.Contains(err.Error(), "try again in "+tt.inError.String()) {
						t.Errorf("status %d, RetryAfter %v, error %v", failure.Status,
							failure.RetryAfter, err)
					}
				})
			})
		}
	}
}

// The context ends waits and requests. The error keeps the failure before that.
func TestClient_ContextEnds(t *testing.T) {
	hang := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	shutdown := errors.New("the machine is going down")
	for _, tt := range []struct {
		name   string
		w      wire
		end    func(context.Context) (context.Context, context.CancelFunc)
		is     []error
		status int
		tries  int
	}{
		{
			name: "canceled in a wait",
			w:    wire{sage: always(429, ``, "Retry-After", "60")},
			end:  cancelAfter(5*time.Second, nil),
			is:   []error{context.Canceled}, status: 429, tries: 1,
		},
		{
			name: "canceled with a cause",
			w:    wire{sage: always(503, ``, "Retry-After", "60")},
			end:  cancelAfter(5*time.Second, shutdown),
			is:   []error{context.Canceled, shutdown}, status: 503, tries: 1,
		},
		{
			name: "deadline in the first request",
			w:    wire{sage: hang},
			end:  timeout(5 * time.Second),
			is:   []error{context.DeadlineExceeded}, status: 0, tries: 1,
		},
		{
			name: "deadline in the second request",
			w:    wire{sage: steps(always(502, `<html>`), hang).serve},
			end:  timeout(5 * time.Second),
			is:   []error{context.DeadlineExceeded}, status: 502, tries: 2,
		},
		{
			name: "deadline in the second body",
			w: wire{sage: steps(always(502, `<html>`), func(r *http.Request) (*http.Response,
				error) {
				<-r.Context().Done()
				return torn(`{"data": [`, r.Context().Err())(r)
			}).serve},
			end: timeout(5 * time.Second),
			is:  []error{context.DeadlineExceeded}, status: 502, tries: 2,
		},
		{
			name: "deadline in the exchange",
			w:    wire{auth: hang},
			end:  timeout(5 * time.Second),
			is:   []error{context.DeadlineExceeded}, status: 0, tries: 1,
		},
		{
			name: "ended before it began",
			w:    wire{auth: hang, sage: hang},
			end:  timeout(-time.Second),
			is:   []error{context.DeadlineExceeded}, status: 0, tries: 1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				ctx, cancel := tt.end(t.Context())
				defer cancel()
				_, err := clientOver(tt.w).Chats(ctx, bot, week)
				failure := asError(t, err)
				if failure.Status != tt.status || failure.Tries != tt.tries {
					t.Errorf("status %d after %d tries, want %d after %d: %v", failure.Status,
						failure.Tries, tt.status, tt.tries, err)
				}
				for _, is := range tt.is {
					if !errors.Is(err, is) {
						t.Errorf("%v is not %v", err, is)
					}
				}
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("it took %v after the context had ended", took-5*time.Second)
				}
			})
		})
	}
}

func timeout(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context,
		context.CancelFunc) {
		return context.WithTimeout(ctx, d)
	}
}

func cancelAfter(d time.Duration, cause error) func(context.Context) (context.Context,
	context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancelCause(ctx)
		time.AfterFunc(d, func() { cancel(cause) })
		return ctx, func() { cancel(nil) }
	}
}

func TestClient_Concurrency(t *testing.T) {
	for _, tt := range []struct{ set, want int }{{0, 16}, {3, 3}} {
		synctest.Test(t, func(t *testing.T) {
			var open requests
			slow := func(answer string) func(*http.Request) (*http.Response, error) {
				return func(*http.Request) (*http.Response, error) {
					open.last(200 * time.Millisecond)
					return respond(200, answer), nil
				}
			}
			c := clientOver(wire{auth: slow(tokenJSON(testJWT, 300)), sage: slow(`{"data": []}`)})
			c.Concurrency = tt.set
			var wg sync.WaitGroup
			for _, b := range []string{"1", "2"} {
				for range 24 {
					wg.Go(func() {
						if _, err := c.Chats(t.Context(), b, week); err != nil {
							t.Error(err)
						}
					})
				}
			}
			wg.Wait()
			if open.most != tt.want {
				t.Errorf("Concurrency %d: %d requests at once, want %d", tt.set, open.most, tt.want)
			}
		})
	}
}

// requests counts the requests that are sent at a time.
type requests struct {
	mu        sync.Mutex
	now, most int
}

// last counts a request for the time that it lasts.
func (r *requests) last(d time.Duration) {
	r.mu.Lock()
	r.now++
	r.most = max(r.most, r.now)
	r.mu.Unlock()
	time.Sleep(d)
	r.mu.Lock()
	r.now--
	r.mu.Unlock()
}

// A service that allows five requests at a time answers the others 429. After two rounds of that
// the client sends four. One round halves once, however many of its requests were refused.
func TestClient_ConcurrencyHalved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, at := 0, map[time.Duration]int{} // the most at once, by second
		begun := time.Now()
		c := clientOver(wire{sage: func(*http.Request) (*http.Response, error) {
			mu.Lock()
			now++
			refused, second := now > 5, time.Since(begun).Truncate(time.Second)
			at[second] = max(at[second], now)
			mu.Unlock()
			time.Sleep(200 * time.Millisecond)
			mu.Lock()
			now--
			mu.Unlock()
			if refused {
				return respond(429, ``, "Retry-After", "1"), nil
			}
			return respond(200, `{"data": []}`), nil
		}})
		var wg sync.WaitGroup
		for range 60 {
			wg.Go(func() {
				if _, err := c.Chats(t.Context(), bot, week); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		seconds := slices.Sorted(maps.Keys(at))
		if first, last := at[seconds[0]], at[seconds[len(seconds)-1]]; first != 16 || last > 4 {
			t.Errorf("%d requests at once in the first second and %d in the last, want 16 and at "+
				"most 4: %v", first, last, at)
		}
	})
}

// A 429 of the exchange says nothing of Sage's limits. As many requests are sent at a time as
// without it.
func TestClient_ConcurrencyAfterLimitedExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var open requests
		auth := steps(always(429, ``), always(429, ``), always(200, tokenJSON(testJWT, 300)))
		c := clientOver(wire{auth: auth.serve, sage: func(*http.Request) (*http.Response, error) {
			open.last(3 * time.Second) // longer than the longest wait for the exchange
			return respond(200, `{"data": []}`), nil
		}})
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if _, err := c.Chats(t.Context(), bot, week); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if open.most != 16 || len(auth.at) != 3 {
			t.Errorf("%d requests at once after %d exchanges, want 16 after 3", open.most,
				len(auth.at))
		}
	})
}

// Sixteen requests take the exchange and one round.
func TestClient_Rounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency = 200 * time.Millisecond
		slow := func(answer string) func(*http.Request) (*http.Response, error) {
			return func(*http.Request) (*http.Response, error) {
				time.Sleep(latency)
				return respond(200, answer), nil
			}
		}
		c := clientOver(wire{auth: slow(tokenJSON(testJWT, 300)), sage: slow(`{"data": []}`)})
		start := time.Now()
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if _, err := c.Chats(t.Context(), bot, week); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); took != 2*latency {
			t.Errorf("took %v, want %v", took, 2*latency)
		}
	})
}

// The default http.Client keeps a connection for each slot.
func TestClient_KeepsConnections(t *testing.T) {
	var mu sync.Mutex
	var arrived, connections int
	full := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter,
		r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "sage/auth") {
			io.WriteString(w, tokenJSON(testJWT, 300))
			return
		}
		mu.Lock() // all eight must wait before one is answered
		wait := full
		if arrived++; arrived%8 == 0 {
			close(full)
			full = make(chan struct{})
		}
		mu.Unlock()
		<-wait
		io.WriteString(w, `{"data": []}`)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			mu.Lock()
			connections++
			mu.Unlock()
		}
	}
	server.Start()
	defer server.Close()

	c := &sage.Client{
		URL: server.URL, APIURL: server.URL,
		Key: func(context.Context, string) (string, error) { return testKey, nil },
	}
	for range 3 {
		parallel(t, 8, func() error { return chats(t.Context(), c) })
	}
	if connections > 8 {
		t.Errorf("%d connections, want 8 at most", connections)
	}
}

func TestClient_WaitHoldsNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOver(wire{sage: func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "sessions/chats") {
				return respond(429, ``, "Retry-After", "60"), nil
			}
			return respond(200, `{"data": []}`), nil
		}})
		c.Concurrency, c.Tries = 1, 2
		go c.Chats(t.Context(), bot, week)
		synctest.Wait() // now it waits for its second try
		start := time.Now()
		if _, err := c.Messages(t.Context(), bot, week); err != nil || time.Since(start) != 0 {
			t.Errorf("Messages waited %v (error %v)", time.Since(start), err)
		}
		time.Sleep(2 * time.Minute)
	})
}

func asError(t *testing.T, err error) *sage.Error {
	t.Helper()
	var failure *sage.Error
	if !errors.As(err, &failure) {
		t.Fatalf("error %v (%T), want an *Error", err, err)
	}
	return failure
}
