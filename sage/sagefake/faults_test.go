package sagefake_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/sage/sagefake"
)

const options = "/api/v1/stats/bot/7/meta/options"

func TestFault_Answers(t *testing.T) {
	for _, tt := range []struct {
		name        string
		fault       sagefake.Fault
		status      int
		contentType string
		retryAfter  string
		body        string
	}{
		{"status", sagefake.Fault{Status: 503}, 503, "application/json", "",
			`{"error":"a fault that was switched on"}`},
		{"too many requests", sagefake.Fault{Status: 429, RetryAfter: "7"}, 429, "application/json",
			"7", `{"error":"a fault that was switched on"}`},
		{"error page", sagefake.Fault{Status: 502, Body: "<html>Bad gateway"}, 502,
			"text/html; charset=utf-8", "", "<html>Bad gateway"},
		{"garbage", sagefake.Fault{Body: `{"data":[`}, 200, "text/plain; charset=utf-8", "",
			`{"data":[`},
		{"garbage instead of a refusal", sagefake.Fault{Body: "hello"}, 200,
			"text/plain; charset=utf-8", "", "hello"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := serve(t, twoDays())
			w.server.Fault(tt.fault)
			res, body := w.get(options, "no token")
			if res.StatusCode != tt.status || body != tt.body {
				t.Errorf("got %d %s, want %d %s", res.StatusCode, body, tt.status, tt.body)
			}
			if got := res.Header.Get("Content-Type"); got != tt.contentType {
				t.Errorf("Content-Type %q, want %q", got, tt.contentType)
			}
			if got := res.Header.Get("Retry-After"); got != tt.retryAfter {
				t.Errorf("Retry-After %q, want %q", got, tt.retryAfter)
			}
		})
	}
}

func TestFault_Matches(t *testing.T) {
	const auth = "/api/v2/bot/7/sage/auth"
	for _, tt := range []struct {
		name  string
		fault sagefake.Fault
		path  string
		want  []int // status of requests in turn; without the fault they are refused with 401
	}{
		{"every request", sagefake.Fault{Status: 500}, options, []int{500, 500, 500}},
		{"times", sagefake.Fault{Status: 500, Times: 2}, options, []int{500, 500, 401}},
		{"path", sagefake.Fault{Status: 500, Path: "meta/options"}, options, []int{500}},
		{"other path", sagefake.Fault{Status: 500, Path: "sage/auth"}, options, []int{401}},
		{"auth", sagefake.Fault{Status: 500, Path: "sage/auth"}, auth, []int{500}},
		{"bot", sagefake.Fault{Status: 500, Bot: "7"}, options, []int{500}},
		{"other bot", sagefake.Fault{Status: 500, Bot: "8"}, options, []int{401}},
	} {
		w := serve(t, twoDays())
		w.server.Fault(tt.fault)
		for i, want := range tt.want {
			if res, _ := w.get(tt.path, ""); res.StatusCode != want {
				t.Errorf("%s: request %d answered %s, want %d", tt.name, i, res.Status, want)
			}
		}
	}
}

func TestFault_OrderAndClear(t *testing.T) {
	w := serve(t, twoDays())
	w.server.Fault(sagefake.Fault{Status: 500, Times: 1})
	clear := w.server.Fault(sagefake.Fault{Status: 503})
	for i, want := range []int{500, 503, 503} {
		if res, _ := w.get(options, ""); res.StatusCode != want {
			t.Errorf("request %d: %s, want %d", i, res.Status, want)
		}
	}
	clear()
	clear() // clearing twice is no mistake
	if res, _ := w.get(options, ""); res.StatusCode != 401 {
		t.Errorf("cleared: %s, want the 401 of the server", res.Status)
	}
}

func TestFault_EndsConnection(t *testing.T) {
	bot := twoDays()
	w := serve(t, bot)
	jwt := w.token(bot)
	clear := w.server.Fault(sagefake.Fault{Drop: true})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+options, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+jwt)
	if res, err := w.http.Do(r); err == nil {
		res.Body.Close()
		t.Errorf("dropped: %s, want an error", res.Status)
	}
	clear()

	_, whole := w.get(options, jwt)
	w.server.Fault(sagefake.Fault{Truncate: true})
	res, err := w.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(body) != whole[:len(whole)/2] {
		t.Errorf("truncated: %q, %v; want half of %q and an unexpected EOF", body, err, whole)
	}
}

// In the bubble time stops while a goroutine runs, so these durations are exact.
func TestFault_TakesTime(t *testing.T) {
	for name, tt := range map[string]struct {
		fault   sagefake.Fault
		patient time.Duration // how long the client waits
		want    time.Duration
		status  int
	}{
		"delay": {sagefake.Fault{Delay: 3 * time.Second}, time.Hour,
			3 * time.Second, 401},
		"delayed fault": {sagefake.Fault{Delay: time.Second, Status: 504}, time.Hour,
			time.Second, 504},
		"slow body": {sagefake.Fault{SlowBody: 2 * time.Second}, time.Hour,
			20 * time.Second, 401},
		"client gone while waited": {sagefake.Fault{Delay: 3 * time.Second}, time.Second,
			time.Second, 0},
		"client gone in the body": {sagefake.Fault{SlowBody: 2 * time.Second}, 5 * time.Second,
			5 * time.Second, 401},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sagefake.New(twoDays())
				server.Fault(tt.fault)
				ctx, cancel := context.WithTimeout(t.Context(), tt.patient)
				defer cancel()
				answer := httptest.NewRecorder()
				answer.Code = 0 // as long as nothing is answered
				begun := time.Now()
				server.ServeHTTP(answer, httptest.NewRequestWithContext(ctx, http.MethodGet,
					options, nil))
				if took := time.Since(begun); took != tt.want || answer.Code != tt.status {
					t.Errorf("%d after %s, want %d after %s", answer.Code, took, tt.status, tt.want)
				}
			})
		})
	}
}

// The head comes at once, and the body in slow chunks.
func TestFault_SlowBody(t *testing.T) {
	onWire(t, func(t *testing.T, w wire, bot *sagefake.Bot) {
		jwt := w.token(bot)
		_, whole := w.get(options, jwt)
		w.server.Fault(sagefake.Fault{SlowBody: 7 * time.Second})
		begun := time.Now()
		ask := func(ctx context.Context) *http.Response {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+options, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+jwt)
			res, err := w.http.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			return res
		}

		res := ask(t.Context())
		defer res.Body.Close()
		if took := time.Since(begun); took != 0 || res.StatusCode != http.StatusOK {
			t.Errorf("%s after %v, want it at once", res.Status, took)
		}
		var came int
		for drop := 1; drop <= 10; drop++ {
			chunk := make([]byte, len(whole))
			n, err := res.Body.Read(chunk)
			if took := time.Since(begun); n == 0 || err != nil && !(drop == 10 && err == io.EOF) ||
				took != time.Duration(drop)*7*time.Second {
				t.Errorf("drop %d: %d bytes after %v, %v", drop, n, took, err)
			}
			came += n
		}
		if came != len(whole) {
			t.Errorf("%d bytes of %d", came, len(whole))
		}

		// A client that gives up has the beginning.
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		res = ask(ctx)
		defer res.Body.Close()
		part, err := io.ReadAll(res.Body)
		if !errors.Is(err, context.DeadlineExceeded) || string(part) != whole[:len(part)] ||
			len(part) != 4*len(whole)/10 {
			t.Errorf("%q, %v", part, err)
		}
	})
}

func TestFault_WrongData(t *testing.T) {
	const path = "/api/v1/stats/bot/7/sessions/chats?from=2021-02-01&to=2021-02-03"
	for _, tt := range []struct {
		name  string
		fault sagefake.Fault
		want  string
	}{
		{"nothing", sagefake.Fault{}, "3@2021-02-01 1@2021-02-02"},
		{"an empty list", sagefake.Fault{Empty: true}, ""},
		{"another year", sagefake.Fault{Years: 2}, "3@2023-02-01 1@2023-02-02"},
		{"a day is left out", sagefake.Fault{Without: "2021-02-01"}, "1@2021-02-02"},
		{"a day twice", sagefake.Fault{Twice: "2021-02-02"},
			"3@2021-02-01 1@2021-02-02 1@2021-02-02"},
		{"and differently", sagefake.Fault{Differs: "2021-02-02"},
			"3@2021-02-01 1@2021-02-02 2@2021-02-02"},
		{"another granularity", sagefake.Fault{Empty: true, By: "hour"},
			"3@2021-02-01 1@2021-02-02"},
	} {
		bot := twoDays()
		w := serve(t, bot)
		w.server.Fault(tt.fault)
		_, body := w.get(path, w.token(bot))
		var answer struct {
			Data []struct {
				Count int
				Date  string
			}
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range answer.Data {
			got = append(got, fmt.Sprintf("%d@%.10s", p.Count, p.Date))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestFault_MovedTo(t *testing.T) {
	const query = "from=2021-02-01&to=2021-02-03"
	bot := twoDays()
	w := serve(t, bot)
	_, there := w.stats(bot, "buttons/clicks", query)
	clear := w.server.Fault(sagefake.Fault{Path: "buttons/clicks", MovedTo: "buttons/clicked"})
	if status, _ := w.stats(bot, "buttons/clicks", query); status != http.StatusNotFound {
		t.Errorf("where it was: %d", status)
	}
	if status, body := w.stats(bot, "buttons/clicked", query); status != 200 || body != there {
		t.Errorf("where it is: %d %s, want %s", status, body, there)
	}
	if status, _ := w.stats(bot, "chatlabels/added", query); status != http.StatusOK {
		t.Errorf("another path: %d", status)
	}
	clear()
	if status, _ := w.stats(bot, "buttons/clicked", query); status != http.StatusNotFound {
		t.Errorf("afterwards: %d", status)
	}
}
