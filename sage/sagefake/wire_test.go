package sagefake_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/sage/sagefake"
)

// wire is a client as thin as can be: what it shows is what goes over the wire.
type wire struct {
	t      *testing.T
	server *sagefake.Server
	url    string
	http   *http.Client
}

// serve puts bots on the wire.
func serve(t *testing.T, bots ...*sagefake.Bot) wire {
	t.Helper()
	server := sagefake.New(bots...)
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	return wire{t, server, listening.URL, listening.Client()}
}

// get asks a path with a credential.
func (w wire) get(path, credential string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if credential != "" {
		r.Header.Set("Authorization", "Bearer "+credential)
	}
	res, err := w.http.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res, string(body)
}

// token exchanges a bot's key.
func (w wire) token(bot *sagefake.Bot) string {
	w.t.Helper()
	res, body := w.get("/api/v2/bot/"+bot.ID+"/sage/auth", bot.Key)
	var answer struct {
		JWT string `json:"jwt"`
		TTL int    `json:"ttl"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil ||
		res.StatusCode != http.StatusOK || answer.JWT == "" || answer.TTL != 300 {
		w.t.Fatalf("token exchange: %s %s (%v), want a jwt with ttl 300", res.Status, body, err)
	}
	return answer.JWT
}

// stats asks a statistic, with a token of its own. Brackets in the query need no escaping here.
func (w wire) stats(bot *sagefake.Bot, path, query string) (status int, body string) {
	w.t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		w.t.Fatal(err)
	}
	res, body := w.get("/api/v1/stats/bot/"+bot.ID+"/"+path+"?"+values.Encode(), w.token(bot))
	if got := res.Header.Get("Content-Type"); got != "application/json" {
		w.t.Errorf("Content-Type = %q, want application/json", got)
	}
	return res.StatusCode, body
}

// data decodes what an answer wraps.
func data[T any](w wire, bot *sagefake.Bot, path, query string) T {
	w.t.Helper()
	status, body := w.stats(bot, path, query)
	if status != http.StatusOK {
		w.t.Fatalf("%s?%s: %d %s", path, query, status, body)
	}
	var answer struct{ Data T }
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		w.t.Fatalf("%s?%s: %v in %s", path, query, err, body)
	}
	return answer.Data
}

type point struct {
	Date  string
	Count int
	Rate  float64
}

func total(series []point) (n int) {
	for _, p := range series {
		n += p.Count
	}
	return n
}

// points writes a series as one line, midnights as dates.
func points(series []point) string {
	var b strings.Builder
	for _, p := range series {
		fmt.Fprintf(&b, "%s:%d ", strings.TrimSuffix(strings.TrimSuffix(p.Date, ":00:00.000000"),
			"T00"), p.Count)
	}
	return strings.TrimSpace(b.String())
}

func instant(t *testing.T, rfc3339 string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// every adds one event each step from from to to.
func every(bot *sagefake.Bot, step time.Duration, from, to time.Time, e sagefake.Event) {
	for e.At = from; e.At.Before(to); e.At = e.At.Add(step) {
		bot.Add(e)
	}
}

// onWire runs a test in a bubble, on a wire to a server of one bot.
func onWire(t *testing.T, f func(t *testing.T, w wire, bot *sagefake.Bot)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		bot := twoDays()
		server := sagefake.New(bot)
		carrier, cut := sagefake.Wire(server)
		t.Cleanup(cut)
		f(t, wire{t, server, "https://sage.example", &http.Client{Transport: carrier}}, bot)
	})
}

func TestWire_Carries(t *testing.T) {
	onWire(t, func(t *testing.T, w wire, bot *sagefake.Bot) {
		for range 3 {
			if status, body := w.stats(bot, "meta/options", ""); status != http.StatusOK ||
				!strings.HasPrefix(body, `{"data":`) {
				t.Errorf("%d %s", status, body)
			}
		}
	})
}

// A closed wire carries nothing.
func TestWire_Closed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		carrier, cut := sagefake.Wire(sagefake.New(twoDays()))
		cut()
		cut() // twice is no mistake
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			"https://sage.example"+options, nil)
		if err != nil {
			t.Fatal(err)
		}
		if res, err := carrier.RoundTrip(r); err == nil {
			res.Body.Close()
			t.Errorf("answered %s", res.Status)
		}
	})
}
