package sage_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"kindlyweekly/sage"
)

// The services repeat the key and the token in every place of an answer. No error, wrapped error or
// log has them.
func TestClient_HidesSecrets(t *testing.T) {
	echo := map[string]func(secret string) *http.Response{
		"body, 400": func(s string) *http.Response {
			return respond(400,
				`{"you sent": "`+s+`"}`)
		},
		"body, 401": func(s string) *http.Response { return respond(401, s) },
		"body, 500": func(s string) *http.Response {
			return respond(500, strings.Repeat("x ",
				80)+s)
		},
		"many times": func(s string) *http.Response {
			return respond(400, strings.Repeat(s,
				300))
		},
		"a long body": func(s string) *http.Response {
			return respond(400,
				strings.Repeat(s+" ", 3000))
		},
		"percent-encoded": func(s string) *http.Response {
			return respond(400,
				"key="+url.QueryEscape(s))
		},
		"escaped for JSON": func(s string) *http.Response {
			return respond(400,
				strings.ReplaceAll(s, "/", `\/`))
		},
		"status line": func(s string) *http.Response {
			r := respond(418,
				``)
			r.Status = "418 " + s
			return r
		},
		"redirect": func(s string) *http.Response {
			return respond(302, ``, "Location",
				"https://evil.example/?t="+s)
		},
		"broken redirect": func(s string) *http.Response {
			return respond(302, ``, "Location",
				"https://[evil/"+s)
		},
		"retry after": func(s string) *http.Response {
			return respond(429, ``, "Retry-After",
				s)
		},
		"keys": func(s string) *http.Response { return respond(200, `{"`+s+`": 1}`) },
		"keys of data": func(s string) *http.Response {
			return respond(200,
				`{"data": [{"`+s+`": 1}]}`)
		},
		"values of data": func(s string) *http.Response {
			return respond(200,
				`{"data": [{"date": "`+s+`", "count": 1}]}`)
		},
		"data is a text": func(s string) *http.Response {
			return respond(200,
				`{"data": "`+s+`"}`)
		},
		"no JSON": func(s string) *http.Response { return respond(200, s) },
		"header, 403": func(s string) *http.Response {
			return respond(403, ``, "X-Echo", s,
				"WWW-Authenticate", "Bearer "+s)
		},
		"content type": func(s string) *http.Response {
			return respond(200, `nonsense`,
				"Content-Type", s)
		},
		"malformed header": func(s string) *http.Response {
			return respond(200, ``,
				"Content-Length", s)
		},
	}
	// What a transport says is not in our hands either.
	transportErrors := map[string]func(secret string) error{
		"transport": func(s string) error {
			return fmt.Errorf("malformed HTTP response %q",
				"Bearer "+s)
		},
		"wrapped transport": func(s string) error { return fmt.Errorf("dial: %w", errors.New(s)) },
	}
	bearer := func(r *http.Request) string {
		return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}

	check := func(t *testing.T, w wire) {
		synctest.Test(t, func(t *testing.T) {
			var logged bytes.Buffer
			c := clientOver(w)
			c.Log = slog.New(slog.NewTextHandler(&logged,
				&slog.HandlerOptions{Level: slog.LevelDebug}))
			_, err := c.Chats(t.Context(), bot, week)
			if err == nil {
				t.Fatal("no error")
			}
			checkNoSecret(t, err, logged.String(), c)
		})
	}
	for name, fault := range echo {
		t.Run("sage/"+name, func(t *testing.T) {
			check(t, wire{sage: func(r *http.Request) (*http.Response,
				error) {
				return fault(bearer(r)), nil
			}})
		})
		t.Run("sage, the key/"+name, func(t *testing.T) { // a desk where one server plays both
			check(t, wire{sage: func(*http.Request) (*http.Response, error) {
				return fault(testKey),
					nil
			}})
		})
		t.Run("auth/"+name, func(t *testing.T) {
			check(t, wire{auth: func(r *http.Request) (*http.Response,
				error) {
				return fault(bearer(r)), nil
			}})
		})
	}
	for name, fault := range transportErrors {
		t.Run("sage/"+name, func(t *testing.T) {
			check(t, wire{sage: func(r *http.Request) (*http.Response, error) {
				return nil,
					fault(bearer(r))
			}})
		})
		t.Run("auth/"+name, func(t *testing.T) {
			check(t, wire{auth: func(r *http.Request) (*http.Response, error) {
				return nil,
					fault(bearer(r))
			}})
		})
	}

	// The token before the last one is still secret.
	t.Run("sage/the token before", func(t *testing.T) {
		k := &kindlyAPI{ttl: 300}
		c := clientOver(wire{
			auth: func(r *http.Request) (*http.Response, error) {
				if k.asked++; k.asked == 1 {
					return respond(200, tokenJSON(testJWT, 300)), nil
				}
				return respond(200, tokenJSON("jwt-2", 300)), nil
			},
			sage: always(401, "no longer "+testJWT),
		})
		err := chats(t.Context(), c)
		if asError(t, err).Detail != "no longer [redacted]" {
			t.Errorf("Detail %q", asError(t, err).Detail)
		}
		checkNoSecret(t, err, "", c)
	})

	// Over TCP: what net/http itself says about an answer that is none.
	for name, answer := range map[string]string{
		"malformed response": "%s\r\n\r\n",
		"malformed status":   "HTTP/1.1 %s\r\n\r\n",
		"malformed header":   "HTTP/1.1 200 OK\r\n%s\r\n\r\n",
		"malformed length":   "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n",
		"malformed encoding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n",
		"malformed redirect": "HTTP/1.1 302 Found\r\nLocation: http://[%s\r\nContent-Length: " +
			"0\r\n\r\n",
		"malformed chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n",
	} {
		t.Run("tcp/"+name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
				r *http.Request) {
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				fmt.Fprintf(conn, answer, bearer(r))
				if tcp, ok := conn.(*net.TCPConn); ok {
					tcp.CloseWrite()
				}
				io.Copy(io.Discard, conn)
			}))
			defer server.Close()
			var logged bytes.Buffer
			c := &sage.Client{
				URL: server.URL, APIURL: server.URL, Tries: 1,
				Key: func(context.Context, string) (string, error) { return testKey, nil },
				Log: slog.New(slog.NewJSONHandler(&logged,
					&slog.HandlerOptions{Level: slog.LevelDebug})),
			}
			err := chats(t.Context(), c)
			if err == nil {
				t.Fatal("no error")
			}
			checkNoSecret(t, err, logged.String(), c)
		})
	}
}

// checkNoSecret looks for the secrets, and for beginnings of them, in whatever can be printed.
func checkNoSecret(t *testing.T, err error, logged string, c *sage.Client) {
	t.Helper()
	printed := []string{logged, fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c, c)}
	for e := err; e != nil; e = errors.Unwrap(e) {
		printed = append(printed, fmt.Sprintf("%v %+v %#v %q", e, e, e, e))
		if b, err := json.Marshal(e); err == nil {
			printed = append(printed, string(b))
		}
	}
	var shape *sage.ShapeError
	if errors.As(err, &shape) {
		printed = append(printed, strings.Join(shape.Keys, " "))
	}
	for _, secret := range []string{testKey, testJWT} {
		for _, part := range []string{secret[:12], secret[len(secret)-12:]} {
			for _, p := range printed {
				if strings.Contains(p, part) {
					t.Errorf("%q is in %s", part, p)
				}
			}
		}
	}
}

// No verb prints a token, not even one that reads unexported fields.
func TestClient_Format(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOver(wire{sage: ok})
		if err := chats(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // fmt reads without locks, so all must be quiet

		if got, want := fmt.Sprintf("%+v", c), "sage.Client(https://sage.kindly.ai)"; got != want {
			t.Errorf("printed %s, want %s", got, want)
		}
		var printed bytes.Buffer
		holder := struct{ hidden *sage.Client }{c}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			for _, v := range []any{c, &c, holder, []*sage.Client{c}} {
				fmt.Fprintf(&printed, verb+"\n", v)
			}
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&printed, nil),
			slog.NewJSONHandler(&printed, nil)} {
			slog.New(h).Info("a client", "client", c)
		}
		for _, secret := range []string{testKey, testJWT} {
			if p := printed.String(); strings.Contains(p, secret[:12]) ||
				strings.Contains(p, fmt.Sprintf("%x", secret[:12])) {
				t.Errorf("%s is in\n%s", secret, p)
			}
		}
	})
}

func TestClient_FollowsNoRedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the redirect was followed, with Authorization %q", r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()

	for _, h := range []*http.Client{nil, {CheckRedirect: func(*http.Request,
		[]*http.Request) error {
		return nil
	}}} {
		c := &sage.Client{
			URL: server.URL, APIURL: server.URL, HTTP: h,
			Key: func(context.Context, string) (string, error) { return testKey, nil },
		}
		if failure := asError(t, chats(t.Context(),
			c)); failure.Status != http.StatusTemporaryRedirect {
			t.Errorf("status %d, want 307", failure.Status)
		}
	}
}
