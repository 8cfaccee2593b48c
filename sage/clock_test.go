package sage_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/sage"
)

// date is an answer's Date where the service's clock is behind this machine's by so much.
func date(behind time.Duration) []string {
	return []string{"Date", time.Now().Add(-behind).UTC().Format(http.TimeFormat)}
}

func TestError_Skew(t *testing.T) {
	for _, tt := range []struct {
		name string
		w    func(headers ...string) wire
	}{
		{"a refused key", func(h ...string) wire { return wire{auth: always(401, ``, h...)} }},
		{"a key of another bot", func(h ...string) wire {
			return wire{auth: always(403, ``,
				h...)}
		}},
		{"no token", func(h ...string) wire { return wire{auth: always(200, `{}`, h...)} }},
		{"a refused token", func(h ...string) wire { return wire{sage: always(401, ``, h...)} }},
		{"a busy service", func(h ...string) wire { return wire{sage: always(503, ``, h...)} }},
		{"a page", func(h ...string) wire { return wire{sage: always(200, `<html>`, h...)} }},
		{"another wrapping", func(h ...string) wire {
			return wire{sage: always(200,
				`{"result": []}`, h...)}
		}},
		{"another shape", func(h ...string) wire {
			return wire{sage: always(200, `{"data": {}}`,
				h...)}
		}},
		{"half an answer", func(h ...string) wire {
			return wire{sage: always(200, `{"data": [`,
				h...)}
		}},
		{"an answer without end", func(h ...string) wire {
			return wire{sage: always(200,
				strings.Repeat(" ", 9<<20), h...)}
		}},
		{"a torn answer", func(h ...string) wire {
			return wire{sage: func(r *http.Request) (*http.Response, error) {
				resp, err := torn(`{"data": [`, syscall.ECONNRESET)(r)
				resp.Header.Set(h[0], h[1])
				return resp, err
			}}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := clientOver(tt.w(date(2 * time.Hour)...))
				c.Tries = 1
				err := chats(t.Context(), c)
				// How much of the last second of the clock of the service has passed is unknown.
				if skew := time.Duration(asError(t, err).Skew); skew != 2*time.Hour-time.Second {
					t.Errorf("skew %v of %v", skew, err)
				}
			})
		})
	}
}

// Neither the second to which Date is cut nor the time of the answer counts as skew.
func TestSkew_IgnoresSecondAndDelay(t *testing.T) {
	for _, tt := range []struct {
		name    string
		takes   time.Duration
		headers func() []string // when the answer is written
		want    time.Duration
	}{
		{"the same clock", 0, func() []string { return date(0) }, 0},
		{"within the second", 0, func() []string { return date(999 * time.Millisecond) }, 0},
		{"ahead", 0, func() []string { return date(time.Hour + time.Second) }, time.Hour},
		{"behind", 0, func() []string { return date(-time.Hour) }, -time.Hour},
		{"an answer that took long", 20 * time.Second, func() []string { return date(0) }, 0},
		{"an answer written midway", 20 * time.Second,
			func() []string { return date(10 * time.Second) }, 0},
		{"ahead, after long", 20 * time.Second, func() []string {
			return date(time.Hour +
				time.Second)
		}, time.Hour - 20*time.Second},
		{"behind, after long", 20 * time.Second, func() []string { return date(-time.Hour) },
			-time.Hour},
		{"no date", 0, func() []string { return nil }, 0},
		{"no date that can be read", 0, func() []string { return []string{"Date", "yesterday"} },
			0},
		{"out of a cache", 0, func() []string { return append(date(time.Hour), "Age", "3600") }, 0},
		{"an age ago", 0, func() []string {
			return []string{"Date",
				"Thu, 01 Jan 1970 00:00:00 GMT"}
		}, 30*365*24*time.Hour + 7*24*time.Hour - time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				err := chats(t.Context(), clientOver(wire{sage: func(*http.Request) (*http.Response,
					error) {
					time.Sleep(tt.takes)
					return respond(400, ``, tt.headers()...), nil
				}}))
				if skew := time.Duration(asError(t, err).Skew); skew != tt.want {
					t.Errorf("skew %v, want %v", skew, tt.want)
				}
			})
		})
	}
}

// Skew is zero before the first answer. An answer without a Date does not change it.
func TestClient_Skew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clientOver(wire{sage: steps(
			always(200, `{"data": []}`, date(time.Hour+time.Second)...),
			always(200, `{"data": []}`),
			broken(syscall.ECONNREFUSED),
			always(200, `{"data": []}`, date(-time.Minute)...),
		).serve})
		c.Tries = 1
		if c.Skew() != 0 {
			t.Errorf("before any answer: %v", c.Skew())
		}
		for i, want := range []time.Duration{time.Hour, time.Hour, time.Hour, -time.Minute} {
			if err := chats(t.Context(), c); (err != nil) != (i == 2) {
				t.Error(err)
			}
			if got := time.Duration(c.Skew()); got != want {
				t.Errorf("after answer %d: %v, want %v", i+1, got, want)
			}
		}
	})
}

// A likely skew is in the middle of a step, so that its text does not vary.
func TestSkew_String(t *testing.T) {
	for _, tt := range []struct {
		skew time.Duration
		want string
	}{
		{time.Minute, "about 1 min ahead of Kindly's"},
		{-3 * time.Minute, "about 3 min behind Kindly's"},
		{5 * time.Minute, "about 5 min ahead of Kindly's"},
		{-10 * time.Minute, "about 10 min behind Kindly's"},
		{30 * time.Minute, "about 30 min ahead of Kindly's"},
		{time.Hour, "about 1 h ahead of Kindly's"},
		{-2 * time.Hour, "about 2 h behind Kindly's"},
		{5*time.Hour + 30*time.Minute, "about 5 h 30 min ahead of Kindly's"},
		{5*time.Hour + 45*time.Minute, "about 5 h 45 min ahead of Kindly's"},
		{-12 * time.Hour, "about 12 h behind Kindly's"},
		{24 * time.Hour, "about 24 h ahead of Kindly's"},
		{60 * time.Hour, "about 60 h ahead of Kindly's"},
		{-72 * time.Hour, "about 3 days behind Kindly's"},
		{7 * 24 * time.Hour, "about 7 days ahead of Kindly's"},
		{-56 * 365 * 24 * time.Hour, "about 20440 days behind Kindly's"},
	} {
		for _, jitter := range []time.Duration{-20 * time.Second, -time.Second, 0, time.Second,
			20 * time.Second} {
			if got := sage.Skew(tt.skew + jitter).String(); got != tt.want {
				t.Errorf("%v is %q, want %q", tt.skew+jitter, got, tt.want)
			}
		}
	}
	for skew, matters := range map[time.Duration]bool{
		0: false, 5 * time.Minute: false, 5*time.Minute +
			1: true, -5 * time.Minute: false, -5*time.Minute - 1: true,
	} {
		if sage.Skew(skew).Matters() != matters {
			t.Errorf("%v matters: %t", skew, !matters)
		}
	}
}

// If the clock is off, a refusal may be due to it. The error says so before it advises a new key.
func TestError_UnauthorizedWithSkew(t *testing.T) {
	for name, w := range map[string]func(headers ...string) wire{
		"the key":   func(h ...string) wire { return wire{auth: always(401, ``, h...)} },
		"the token": func(h ...string) wire { return wire{sage: always(401, ``, h...)} },
	} {
		for behind, want := range map[time.Duration]string{
			-2 * time.Hour: "401 Unauthorized: this machine's clock is about 2 h behind " +
				"Kindly's, which can make tokens invalid: set it; " +
				"if that does not help, make a new key",
			2 * time.Minute: "refused",
		} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					err := chats(t.Context(), clientOver(w(date(behind)...)))
					if says := err.Error(); !strings.Contains(says, want) || strings.Contains(says,
						"clock") != (behind < 0) {
						t.Errorf("%v\ndoes not say %q", says, want)
					}
				})
			})
		}
	}
}
