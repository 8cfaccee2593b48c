package sage_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/sage"
)

const (
	bot     = "8152"
	testKey = "kindly-key-5f1/a9c+27fe81d04b3a"
	testJWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
		"eyJib3QiOiI4MTUyIiwiZXhwIjoxNzYzMjczMTAwfQ.bm90LWEtdHJ1ZS1zaWduYXR1cmU"
)

var week = sage.Query{From: "2026-11-09", To: "2026-11-16"}

// wire is an http.RoundTripper made of two functions, one for each service. It needs no network, so
// that tests may run in the bubbles of testing/synctest.
type wire struct {
	auth func(*http.Request) (*http.Response, error) // nil: a token, good for five minutes
	sage func(*http.Request) (*http.Response, error)
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.URL.Host == "api.kindly.ai" {
		if w.auth != nil {
			return w.auth(r)
		}
		return respond(200, tokenJSON(testJWT, 300)), nil
	}
	return w.sage(r)
}

func clientOver(w wire) *sage.Client {
	return &sage.Client{
		HTTP: &http.Client{Transport: w},
		Key:  func(context.Context, string) (string, error) { return testKey, nil },
	}
}

func tokenJSON(jwt string, ttl int) string {
	b, _ := json.Marshal(map[string]any{"jwt": jwt, "ttl": ttl})
	return string(b)
}

// respond makes an answer; headers are names and values in turn.
func respond(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: newBody(body), ContentLength: -1}
}

// always answers every request alike.
func always(status int, body string, headers ...string) func(*http.Request) (*http.Response,
	error) {
	return func(*http.Request) (*http.Response, error) {
		return respond(status, body, headers...),
			nil
	}
}

func TestClient_Endpoints(t *testing.T) {
	full := sage.Query{
		From: "2026-11-09", To: "2026-11-16", TZ: "Europe/Oslo",
		Sources: []string{"web", "-test"}, Languages: []string{"en", "nb"},
	}
	hourly, limited := full, full
	hourly.Granularity = sage.Hour
	limited.Limit = 100

	filters := url.Values{
		"from": {"2026-11-09"}, "to": {"2026-11-16"}, "tz": {"Europe/Oslo"},
		"sources[]":        {"web", "-test"},
		"language_code[]":  {"en", "nb"},
		"language_codes[]": {"en", "nb"},
	}
	with := func(key, value string) url.Values {
		v := url.Values{key: {value}}
		for k, s := range filters {
			v[k] = s
		}
		return v
	}

	for _, tt := range []struct {
		name  string
		path  string
		query url.Values
		data  string
		ask   func(context.Context, *sage.Client) (any, error)
		want  any
	}{
		{
			name: "Chats", path: "sessions/chats", query: with("granularity", "hour"),
			data: `[{"count": 12, "date": "2026-11-09T00:00:00.000000"}, {"count": 7, "date": ` +
				`"2026-11-09T01:00:00"}]`,
			ask: func(ctx context.Context, c *sage.Client) (any, error) {
				return c.Chats(ctx, bot,
					hourly)
			},
			want: []sage.CountPoint{{Time: wall("2026-11-09 00:00"), Count: 12},
				{Time: wall("2026-11-09 01:00"), Count: 7}},
		},
		{
			name: "Messages", path: "sessions/messages", query: filters,
			data: `[{"count": 40, "date": "2026-11-09"}]`,
			ask: func(ctx context.Context, c *sage.Client) (any, error) {
				return c.Messages(ctx,
					bot, full)
			},
			want: []sage.CountPoint{{Time: wall("2026-11-09 00:00"), Count: 40}},
		},
		{
			name: "FallbackSeries", path: "fallbacks/series", query: with("granularity", "hour"),
			data: `[{"count": 3, "rate": 0.12, "date": "2026-11-09T00:00:00"}, {"count": 0, ` +
				`"rate": null, "date": "2026-11-10T00:00:00"}, {"count": 0, "rate": 0, "date": ` +
				`"2026-11-11T00:00:00"}]`,
			ask: func(ctx context.Context, c *sage.Client) (any,
				error) {
				return c.FallbackSeries(ctx, bot, hourly)
			},
			want: []sage.FallbackPoint{
				{Time: wall("2026-11-09 00:00"), Fallback: sage.Fallback{Count: 3,
					Rate: new(0.12)}},
				{Time: wall("2026-11-10 00:00"), Fallback: sage.Fallback{Count: 0, Rate: nil}},
				{Time: wall("2026-11-11 00:00"), Fallback: sage.Fallback{Count: 0, Rate: new(0.0)}},
			},
		},
		{
			name: "FallbackTotal", path: "fallbacks/total", query: filters,
			data: `{"count": 3, "rate": 0.12}`,
			ask: func(ctx context.Context, c *sage.Client) (any,
				error) {
				return c.FallbackTotal(ctx, bot, full)
			},
			want: sage.Fallback{Count: 3, Rate: new(0.12)},
		},
		{
			name: "Pages", path: "chatbubble/pages", query: with("limit", "100"),
			data: `[{"web_host": "www.example.no", "web_path": "/blåbær?<b>", "sessions": 1, ` +
				`"messages": 2}, {"web_host": null, "web_path": null, "sessions": 0, ` +
				`"messages": 0}]`,
			ask: func(ctx context.Context, c *sage.Client) (any, error) {
				return c.Pages(ctx, bot,
					limited)
			},
			want: []sage.Page{{Host: "www.example.no", Path: "/blåbær?<b>", Sessions: 1,
				Messages: 2}, {}},
		},
		{
			name: "HandoverSeries", path: "takeovers/series", query: with("granularity", "hour"),
			data: `[{"date": "2026-11-09T00:00:00", "requests": 4, "requests_while_closed": 3, ` +
				`"started": 2, "ended": 1}]`,
			ask: func(ctx context.Context, c *sage.Client) (any,
				error) {
				return c.HandoverSeries(ctx, bot, hourly)
			},
			want: []sage.HandoverPoint{{
				Time: wall("2026-11-09 00:00"),
				Handovers: sage.Handovers{Requests: 4, RequestsWhileClosed: 3, Started: 2,
					Ended: 1},
			}},
		},
		{
			name: "HandoverTotals", path: "takeovers/totals", query: filters,
			data: `{"requests": 4, "requests_while_closed": 3, "started": 2, "ended": 1}`,
			ask: func(ctx context.Context, c *sage.Client) (any,
				error) {
				return c.HandoverTotals(ctx, bot, full)
			},
			want: sage.Handovers{Requests: 4, RequestsWhileClosed: 3, Started: 2, Ended: 1},
		},
		{
			name: "Feedback", path: "feedback/summary", query: filters,
			data: `{"binary": [{"rating": 1, "count": 1, "ratio": 0.25}, {"rating": 2, "count": ` +
				`3, "ratio": 0.75}], "emojis": []}`,
			ask: func(ctx context.Context, c *sage.Client) (any, error) {
				return c.Feedback(ctx,
					bot, full)
			},
			want: sage.Feedback{
				Binary: []sage.Rating{{Rating: 1, Count: 1, Ratio: 0.25}, {Rating: 2, Count: 3,
					Ratio: 0.75}},
				Emojis: []sage.Rating{},
			},
		},
		{
			name: "Labels", path: "chatlabels/added", query: with("limit", "100"),
			data: `[{"label_id": "a1", "label_text": "Søknad 🎓", "count": 3}, {"label_id": 17, ` +
				`"label_text": null, "count": 1}]`,
			ask: func(ctx context.Context, c *sage.Client) (any, error) {
				return c.Labels(ctx, bot,
					limited)
			},
			want: []sage.Label{{ID: "a1", Text: "Søknad 🎓", Count: 3}, {ID: "17", Count: 1}},
		},
		{
			name: "Buttons", path: "buttons/clicks", query: with("limit", "100"),
			data: `[{"button_text": "Ja", "dialogue_title": "Retur", "count": 6, "ratio": 0.6}, ` +
				`{"text": "Nei", "dialogue": "Retur", "count": 4, "ratio": 0.4}]`,
			ask: func(ctx context.Context, c *sage.Client) (any, error) {
				return c.Buttons(ctx,
					bot, limited)
			},
			want: []sage.Button{{Text: "Ja", Dialogue: "Retur", Count: 6, Ratio: 0.6},
				{Text: "Nei", Dialogue: "Retur", Count: 4, Ratio: 0.4}},
		},
		{
			name: "Options", path: "meta/options", query: url.Values{},
			data: `{"sources": ["test", "web"], "language_codes": ["en", "nb"]}`,
			ask: func(ctx context.Context, c *sage.Client) (any, error) {
				return c.Options(ctx,
					bot)
			},
			want: sage.Options{Sources: []string{"test", "web"}, Languages: []string{"en", "nb"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var auth, asked []*http.Request
			c := clientOver(wire{
				auth: func(r *http.Request) (*http.Response, error) {
					auth = append(auth, r)
					return respond(200, tokenJSON(testJWT, 300)), nil
				},
				sage: func(r *http.Request) (*http.Response, error) {
					asked = append(asked, r)
					return respond(200, `{"data": `+tt.data+`}`), nil
				},
			})
			got, err := tt.ask(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}

			if len(auth) != 1 || len(asked) != 1 {
				t.Fatalf("%d requests for a token and %d to Sage, want one each", len(auth),
					len(asked))
			}
			checkRequest(t, auth[0], "https://api.kindly.ai/api/v2/bot/8152/sage/auth", testKey)
			if len(auth[0].URL.Query()) != 0 {
				t.Errorf("the exchange sent parameters: %v", auth[0].URL.Query())
			}
			checkRequest(t, asked[0], "https://sage.kindly.ai/api/v1/stats/bot/8152/"+tt.path,
				testJWT)
			if diff := cmp.Diff(tt.query, asked[0].URL.Query()); diff != "" {
				t.Errorf("parameters (-want +got):\n%s", diff)
			}
		})
	}
}

func checkRequest(t *testing.T, r *http.Request, address, bearer string) {
	t.Helper()
	bare := *r.URL
	bare.RawQuery = ""
	if r.Method != http.MethodGet || bare.String() != address {
		t.Errorf("request %s %s, want GET %s", r.Method, &bare, address)
	}
	want := http.Header{
		"Accept":        {"application/json"},
		"Authorization": {"Bearer " + bearer},
		"User-Agent":    {"kindlyweekly"},
	}
	if diff := cmp.Diff(want, r.Header); diff != "" {
		t.Errorf("headers of %s (-want +got):\n%s", address, diff)
	}
}

func newBody(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }

// wall is a wall-clock time, carried in UTC.
func wall(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}
