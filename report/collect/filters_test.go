package collect_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/collect"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

// A failure of the options fails no report, and delays it by at most 5 seconds.
func TestAnswers_OptionsFail(t *testing.T) {
	demo()
	for _, tc := range []struct {
		name   string
		fault  sagefake.Fault
		waited time.Duration // at most
		failed string
	}{
		{"answered", sagefake.Fault{Path: "none"}, 0, ""},
		{"late, and in time", sagefake.Fault{Delay: 4 * time.Second}, 4 * time.Second, ""},
		{"too late", sagefake.Fault{Delay: time.Hour}, 5 * time.Second,
			"Sage did not answer in time"},
		{"refused", sagefake.Fault{Status: http.StatusForbidden}, 0, "Sage answered 403 Forbidden"},
		{"down", sagefake.Fault{Status: http.StatusServiceUnavailable}, 5 * time.Second,
			"Sage answered 503 Service Unavailable"},
		{"busy", sagefake.Fault{Status: http.StatusTooManyRequests, RetryAfter: "60"},
			5 * time.Second, "Sage answered 429 Too Many Requests"},
		{"another shape", sagefake.Fault{Body: `{"data": [{"source": "web"}]}`}, 0,
			"Sage answered in an unexpected shape"},
		{"names of languages", sagefake.Fault{Body: `{"data": {"sources": ["web"], "languages": ` +
			`["English", "Norwegian"]}}`}, 0, "Sage answered in an unexpected shape"},
		{"no JSON", sagefake.Fault{Body: "hello"}, 0, "Sage answered with something that could " +
			"not be read"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sagefake.New(demo()...)
				if tc.fault.Path == "" {
					tc.fault.Path = "meta/options"
				}
				server.Fault(tc.fault)
				q := kommune()
				q.Filters = figures.Filters{Sources: []string{"web"}}
				asking := wireless(server)
				asking.Tries = 0 // as a worker
				log := logTo(asking)
				start := time.Now()
				a, err := collect.Answers(t.Context(), asking, q, nil)
				if err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(start); waited > tc.waited {
					t.Errorf("waited %v, want %v at most", waited, tc.waited)
				}
				expect(t, "reason", a.Options.Failed, tc.failed)
				if tc.failed != "" {
					expectLogged(t, log, tc.failed, "meta/options")
				}
				r, err := figures.Compute(a)
				if err != nil {
					t.Fatal(err)
				}
				if len(r.Unavailable) > 0 || r.UnknownFilters != nil ||
					(r.UncheckedFilters != nil) != (tc.failed != "") {
					t.Errorf("unavailable %v, unknown %v, unchecked %v", r.Unavailable,
						r.UnknownFilters, r.UncheckedFilters)
				}
			})
		})
	}
}

// A failed core and a canceled context end the question for the options.
func TestAnswers_ErrorCancelsOptions(t *testing.T) {
	demo()
	synctest.Test(t, func(t *testing.T) {
		server := sagefake.New(demo()...)
		server.Fault(sagefake.Fault{Path: "meta/options", Delay: time.Hour})
		q := kommune()
		q.Filters = figures.Filters{Sources: []string{"web"}}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		start := time.Now()
		if _, err := collect.Answers(ctx, wireless(server), q, nil); !errors.Is(err,
			context.Canceled) {
			t.Errorf("error %v, want that of the cancellation", err)
		}
		expect(t, "waited", time.Since(start), 2*time.Second)

		server.Fault(sagefake.Fault{Path: "sessions/chats", Status: http.StatusNotFound})
		start = time.Now()
		asking := false
		_, err := collect.Answers(t.Context(), wireless(http.HandlerFunc(func(w http.ResponseWriter,
			r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "meta/options") {
				asking = true
				defer func() { asking = false }()
			}
			server.ServeHTTP(w, r)
		})), q, nil)
		if err == nil {
			t.Error("a report without its core")
		}
		expect(t, "waited", time.Since(start), time.Duration(0))
		expect(t, "still asking for options", asking, false)
	})
}

// Of a list that is longer than requested, the most frequent items are kept.
func TestAnswers_CutsLists(t *testing.T) {
	const sent = 250
	body := func(item string) string {
		var items []string
		for i := range sent {
			items = append(items, fmt.Sprintf(item, i, i))
		}
		return `{"data": [` + strings.Join(items, ",") + `]}`
	}
	server := sagefake.New(demo()...)
	for path, item := range map[string]string{
		"chatbubble/pages": `{"web_host": "h", "web_path": "/%d", "sessions": %d, "messages": 1}`,
		"buttons/clicks": `{"button_text": "%d", "dialogue_name": "d", "count": %d,
			"ratio": 0.1}`,
		"chatlabels/added": `{"label_id": "%[1]d", "label_text": "l%[1]d", "count": %[1]d}`,
	} {
		server.Fault(sagefake.Fault{Path: path, Body: body(item)})
	}
	a, err := collect.Answers(t.Context(), wireless(server), kommune(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Pages) != 100 || r.Pages[0].Path != "/249" || r.Pages[99].Path != "/150" {
		t.Errorf("%d pages: %v", len(r.Pages), r.Pages)
	}
	if len(r.Buttons) != 100 || r.Buttons[99].Text != "150" || len(r.Labels) != 100 ||
		r.Labels[99].ID != "150" {
		t.Errorf("%d buttons, %d labels", len(r.Buttons), len(r.Labels))
	}
	var want []figures.Surplus
	for _, section := range []string{"pages", "pages.previous", "buttons", "buttons.previous",
		"labels", "labels.previous"} {
		want = append(want, figures.Surplus{Section: section, Items: sent - 100})
	}
	expect(t, "surplus", r.Surplus, want)
}
