package sage_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"kindlyweekly/sage"
)

// A query that the service would refuse is not sent. The error names the parameter and the remedy.
func TestQuery_Refused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*sage.Query)
		param  string
		says   string
	}{
		{"no from", func(q *sage.Query) { q.From = "" }, "from", "write it as YYYY-MM-DD"},
		{"from with a time", func(q *sage.Query) { q.From = "2026-11-09T00:00:00" }, "from",
			"YYYY-MM-DD"},
		{"no such day", func(q *sage.Query) { q.From = "2026-02-29" }, "from",
			`"2026-02-29" is not a date`},
		{"short month", func(q *sage.Query) { q.To = "2026-11-9" }, "to", "YYYY-MM-DD"},
		{"to missing", func(q *sage.Query) { q.To = "" }, "to", "YYYY-MM-DD"},
		{"to is from", func(q *sage.Query) { q.To = q.From }, "to",
			"that one day alone write 2026-11-10"},
		{"to before from", func(q *sage.Query) { q.To = "2026-11-08" }, "to",
			"not after from (2026-11-09)"},

		{"unknown zone", func(q *sage.Query) { q.TZ = "Europe/Olso" }, "tz", "such as Europe/Oslo"},
		{"zone in small letters", func(q *sage.Query) { q.TZ = "europe/oslo" }, "tz",
			"tz database"},
		{"this machine's zone", func(q *sage.Query) { q.TZ = "Local" }, "tz", "tz database"},
		{"this machine's zone, as a file", func(q *sage.Query) { q.TZ = "localtime" }, "tz",
			"tz database"},
		{"a file beside the zones", func(q *sage.Query) { q.TZ = "../../etc/passwd" }, "tz",
			"tz database"},
		{"an offset", func(q *sage.Query) { q.TZ = "+01:00" }, "tz", "tz database"},

		{"unknown granularity", func(q *sage.Query) { q.Granularity = "month" }, "granularity",
			`use "hour", "day" or "week"`},
		{"hours of eight days", func(q *sage.Query) {
			q.Granularity, q.To = sage.Hour,
				"2026-11-17"
		}, "granularity", "at most 7 days, and 2026-11-09 to 2026-11-17 are 8"},

		{"limit below 1", func(q *sage.Query) { q.Limit = -1 }, "limit", "below 1"},
		{"limit of a series", func(q *sage.Query) { q.Limit = 5 }, "limit", "leave the limit 0"},

		{"empty source", func(q *sage.Query) { q.Sources = []string{"web", ""} }, "sources[]",
			"-test to exclude"},
		{"a minus alone", func(q *sage.Query) { q.Sources = []string{"-"} }, "sources[]",
			"names no source"},
		{"two minuses", func(q *sage.Query) { q.Sources = []string{"--test"} }, "sources[]",
			"one minus"},
		{"two sources in one", func(q *sage.Query) { q.Sources = []string{"web,app"} }, "sources[]",
			"an item of its own"},
		{"a source against itself", func(q *sage.Query) { q.Sources = []string{"-web", "web"} },
			"sources[]", "keep one of the two"},

		{"empty language", func(q *sage.Query) { q.Languages = []string{""} }, "language_codes[]",
			"two small letters"},
		{"a language by name", func(q *sage.Query) { q.Languages = []string{"norsk"} },
			"language_codes[]", "such as en or nb"},
		{"a language in capitals", func(q *sage.Query) { q.Languages = []string{"EN"} },
			"language_codes[]", "two small letters"},
		{"an excluded language", func(q *sage.Query) { q.Languages = []string{"-en"} },
			"language_codes[]", "two small letters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := week
			tt.change(&q)
			_, err := untouched(t).Chats(t.Context(), bot, q)
			checkQueryError(t, err, "sessions/chats", tt.param, tt.says)
		})
	}

	// What a series takes, a total does not; what a list takes, neither does.
	daily, limited := week, week
	daily.Granularity, limited.Limit = sage.Day, 5
	type method func(*sage.Client, context.Context, string, sage.Query) error
	for name, ask := range map[string]method{
		"fallbacks/total":  ignore((*sage.Client).FallbackTotal),
		"takeovers/totals": ignore((*sage.Client).HandoverTotals),
		"feedback/summary": ignore((*sage.Client).Feedback),
		"chatbubble/pages": ignore((*sage.Client).Pages),
		"chatlabels/added": ignore((*sage.Client).Labels),
		"buttons/clicks":   ignore((*sage.Client).Buttons),
	} {
		checkQueryError(t, ask(untouched(t), t.Context(), bot, daily), name, "granularity",
			"leave the granularity empty")
	}
	for name, ask := range map[string]method{
		"sessions/messages": ignore((*sage.Client).Messages),
		"fallbacks/series":  ignore((*sage.Client).FallbackSeries),
		"takeovers/series":  ignore((*sage.Client).HandoverSeries),
		"fallbacks/total":   ignore((*sage.Client).FallbackTotal),
		"takeovers/totals":  ignore((*sage.Client).HandoverTotals),
		"feedback/summary":  ignore((*sage.Client).Feedback),
	} {
		checkQueryError(t, ask(untouched(t), t.Context(), bot, limited), name, "limit",
			"leave the limit 0")
	}
}

func TestQuery_Accepted(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*sage.Query)
		want   string // the parameters, encoded
	}{
		{"the zero values", func(*sage.Query) {}, "from=2026-11-09&to=2026-11-16&tz=UTC"},
		{"hours of seven days", func(q *sage.Query) { q.Granularity = sage.Hour },
			"from=2026-11-09&granularity=hour&to=2026-11-16&tz=UTC"},
		{"weeks of a year", func(q *sage.Query) { q.Granularity, q.To = sage.Week, "2027-11-08" },
			"from=2026-11-09&granularity=week&to=2027-11-08&tz=UTC"},
		{"a leap day", func(q *sage.Query) { q.From, q.To = "2028-02-29", "2028-03-01" },
			"from=2028-02-29&to=2028-03-01&tz=UTC"},
		{"a zone of three parts", func(q *sage.Query) { q.TZ = "America/Argentina/Ushuaia" },
			"from=2026-11-09&to=2026-11-16&tz=America%2FArgentina%2FUshuaia"},
		{"in and out", func(q *sage.Query) { q.Sources = []string{"web", "-test", "å&b"} },
			"from=2026-11-09&sources%5B%5D=web&sources%5B%5D=-test&sources%5B%5D=%C3%A5%26b" +
				"&to=2026-11-16&tz=UTC"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var sent string
			c := clientOver(wire{sage: func(r *http.Request) (*http.Response, error) {
				sent = r.URL.RawQuery
				return respond(200, `{"data": []}`), nil
			}})
			q := week
			tt.change(&q)
			if _, err := c.Chats(t.Context(), bot, q); err != nil {
				t.Fatal(err)
			}
			if sent != tt.want {
				t.Errorf("sent %s\nwant %s", sent, tt.want)
			}
		})
	}
}

// Without a bot, a key or a valid address nothing is sent.
func TestClient_RefusedBeforeSending(t *testing.T) {
	key := func(s string, err error) func(*sage.Client) {
		return func(c *sage.Client) {
			c.Key = func(context.Context, string) (string,
				error) {
				return s, err
			}
		}
	}
	vault := errors.New("the vault is shut")
	for _, tt := range []struct {
		name   string
		bot    string
		change func(*sage.Client)
		says   string
	}{
		{"no bot", "", nil, "the bot's id is empty"},
		{"a bot that is a path", "..", nil, `".." is no bot's id`},
		{"a bot with a line break", "81\n52", nil, `"81\n52" is no bot's id`},
		{"no Key", bot, func(c *sage.Client) { c.Key = nil }, "Key is not set"},
		{"an empty key", bot, key(" \n", nil), "it is empty; make a new key"},
		{"a key with a space", bot, key("kindly key", nil), "copy it again"},
		{"a key that cannot be had", bot, key("", vault), "the vault is shut"},
		{"a URL without a scheme", bot, func(c *sage.Client) { c.URL = "sage.kindly.ai" },
			"write it like https://sage.kindly.ai"},
		{"a URL with a password", bot,
			func(c *sage.Client) { c.URL = "https://me:hunter2@sage.kindly.ai" }, "without user"},
		{"a URL with a query", bot, func(c *sage.Client) { c.APIURL = "https://api.kindly.ai?" },
			"without user, query"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := untouched(t)
			if tt.change != nil {
				tt.change(c)
			}
			_, err := c.Chats(t.Context(), tt.bot, week)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("error %v, want one that says %q", err, tt.says)
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(),
				"kindly key") {
				t.Errorf("the error has a secret: %v", err)
			}
			if tt.says == vault.Error() && !errors.Is(err, vault) {
				t.Errorf("%v does not wrap what Key returned", err)
			}
		})
	}
}

// A bot's id is one element of the path, and the address may have a path of its own.
func TestClient_Address(t *testing.T) {
	var paths []string
	hear := func(answer string) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			paths = append(paths, r.URL.Host+r.URL.EscapedPath())
			return respond(200, answer), nil
		}
	}
	c := clientOver(wire{auth: hear(tokenJSON(testJWT, 300)), sage: hear(`{"data": []}`)})
	c.URL = "http://127.0.0.1:8080/proxy/"
	if _, err := c.Chats(t.Context(), "a/../b?c", week); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"api.kindly.ai/api/v2/bot/a%2F..%2Fb%3Fc/sage/auth",
		"127.0.0.1:8080/proxy/api/v1/stats/bot/a%2F..%2Fb%3Fc/sessions/chats",
	}
	if strings.Join(paths, " ") != strings.Join(want, " ") {
		t.Errorf("asked %q\nwant %q", paths, want)
	}
}

// untouched is a client whose every request is a failure of the test.
func untouched(t *testing.T) *sage.Client {
	never := func(r *http.Request) (*http.Response, error) {
		t.Errorf("a request was sent: %s", r.URL)
		return nil, errors.New("not to be sent")
	}
	return clientOver(wire{auth: never, sage: never})
}

func checkQueryError(t *testing.T, err error, endpoint, param, says string) {
	t.Helper()
	var refused *sage.QueryError
	if !errors.As(err, &refused) {
		t.Fatalf("%s: error %v, want a QueryError", endpoint, err)
	}
	if refused.Endpoint != endpoint || refused.Param != param || !strings.Contains(refused.Problem,
		says) {
		t.Errorf("%v\nwant one of %s, %s, that says %q", err, endpoint, param, says)
	}
	if want := "sage: " + endpoint + ": " + param + ": " + refused.Problem; err.Error() != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
}

func ignore[T any](ask func(*sage.Client, context.Context, string, sage.Query) (T,
	error)) func(*sage.Client, context.Context, string, sage.Query) error {
	return func(c *sage.Client, ctx context.Context, bot string, q sage.Query) error {
		_, err := ask(c, ctx, bot, q)
		return err
	}
}
