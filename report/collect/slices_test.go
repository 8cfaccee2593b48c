package collect_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/collect"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

// A bot is sliced by the sources and languages that its filters leave. There are three questions
// about each.
func TestAnswers_Slices(t *testing.T) {
	for _, c := range []struct {
		sources, languages []string // filters
		want               string
	}{
		{nil, nil, "facebook test web, en nb nn"},
		{[]string{"-test"}, nil, "facebook web, en nb nn"},
		{[]string{"-test", "-facebook"}, nil, ", en nb nn"}, // one source is left
		{[]string{"web"}, nil, ", en nb nn"},
		{[]string{"web", "facebook"}, []string{"nb"}, "web facebook, "},
		{[]string{"-test"}, []string{"nb", "en"}, "facebook web, nb en"},
		{[]string{"web"}, []string{"nb"}, ", "},
	} {
		server := sagefake.New(demo()...)
		q := kommune()
		q.Filters = figures.Filters{Sources: c.sources, Languages: c.languages}
		a, err := collect.Answers(t.Context(), wireless(server), q, nil)
		if err != nil {
			t.Fatal(err)
		}
		var names [2][]string
		for i, all := range [][]figures.SliceAnswers{a.Sources, a.Languages} {
			for _, s := range all {
				names[i] = append(names[i], s.Name)
				if s.Chats.Failed+s.Fallbacks.Failed+s.Handovers.Failed != "" {
					t.Errorf("%s: %+v", s.Name, s)
				}
			}
		}
		got := strings.Join(names[0], " ") + ", " + strings.Join(names[1], " ")
		expect(t, fmt.Sprint("slices of ", c.sources, c.languages), got, c.want)
		expect(t, "requests", len(server.Requests()), 23+3*(len(a.Sources)+len(a.Languages)))
	}
}

// The slices of the demo's bots add up to the whole, and each has its usual values.
func TestAnswers_SlicesAddUp(t *testing.T) {
	server := sagefake.New(demo()...)
	for _, bot := range demo() {
		q := kommune()
		q.Bot = figures.Bot{ID: bot.ID, Name: bot.Name, TZ: bot.TZ}
		a, err := collect.Answers(t.Context(), wireless(server), q, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := figures.Compute(a)
		if err != nil {
			t.Fatal(err)
		}
		none := new(0)
		for name, kind := range map[string]*figures.Sliced{"sources": r.Slices.Sources,
			"languages": r.Slices.Languages} {
			expect(t, bot.ID+": rest of "+name, kind.Rest, figures.SliceRest{Chats: none,
				Fallbacks: none, Requests: none})
			if len(kind.Slices) < 2 || kind.Slices[0].Chats.Baseline == nil {
				t.Errorf("%s: %s %+v", bot.ID, name, kind.Slices)
			}
		}
	}
}

// A bot with many sources and languages takes no more requests than allowed. There are fewer
// questions about each of the kind with more names.
func TestAnswers_SlicesWithinBudget(t *testing.T) {
	for _, c := range []struct {
		sources, languages int
		targets            figures.Targets
		want               [2]int // questions about each
	}{
		{2, 2, figures.Targets{}, [2]int{3, 3}},
		{6, 6, figures.Targets{}, [2]int{3, 3}},
		{4, 12, figures.Targets{}, [2]int{3, 2}},
		{4, 20, figures.Targets{}, [2]int{3, 1}},
		{4, 40, figures.Targets{}, [2]int{3, 0}},
		{40, 4, figures.Targets{}, [2]int{0, 3}},
		{6, 6, figures.Targets{Feedback: new(0.7)}, [2]int{2, 2}},
	} {
		bot := &sagefake.Bot{ID: "kommune", Key: key}
		for i := range c.sources {
			bot.Sources = append(bot.Sources, fmt.Sprint("source", i))
		}
		for i := range c.languages {
			bot.Languages = append(bot.Languages, string([]rune{'a' + rune(i/26), 'a' + rune(i%26)}))
		}
		for _, day := range thisWeek.Days() {
			at := day.UTC().Add(12 * time.Hour)
			bot.Add(sagefake.Event{At: at, Kind: sagefake.Chat, Source: "source0", Language: "aa"})
		}
		server := sagefake.New(bot)
		q := kommune()
		q.Targets = c.targets
		a, err := collect.Answers(t.Context(), wireless(server), q, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got [2]int
		for i, all := range [][]figures.SliceAnswers{a.Sources, a.Languages} {
			if len(all) > 0 {
				for _, asked := range []bool{all[0].Chats != nil, all[0].Fallbacks != nil,
					all[0].Handovers != nil} {
					if asked {
						got[i]++
					}
				}
			}
		}
		expect(t, fmt.Sprintf("questions about each of %d sources and %d languages", c.sources,
			c.languages), got, c.want)
		if n := len(server.Requests()); n > 60 {
			t.Errorf("%d sources, %d languages: %d requests, want 60 at most", c.sources,
				c.languages, n)
		}
	}
}

// Slices that fail are missing. They do not make the report fail, and delay it by ten seconds at
// most.
func TestAnswers_SlicesFail(t *testing.T) {
	demo()
	for _, c := range []struct {
		name   string
		fault  sagefake.Fault
		waited time.Duration // at most
		failed string
	}{
		{"too late", sagefake.Fault{Delay: time.Hour}, 10 * time.Second,
			"Sage did not answer in time"},
		{"refused", sagefake.Fault{Status: http.StatusForbidden}, 0, "Sage answered 403 Forbidden"},
		{"down", sagefake.Fault{Status: http.StatusServiceUnavailable}, 10 * time.Second,
			"Sage answered 503 Service Unavailable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, failing := sagefake.New(demo()...), sagefake.New(demo()...)
				failing.Fault(c.fault)
				asking := wireless(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if slices.Equal(r.URL.Query()["sources[]"], []string{"web"}) {
						failing.ServeHTTP(w, r)
						return
					}
					server.ServeHTTP(w, r)
				}))
				asking.Tries = 0 // as a worker
				start := time.Now()
				a, err := collect.Answers(t.Context(), asking, kommune(), nil)
				if err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(start); waited > c.waited {
					t.Errorf("waited %v, want %v at most", waited, c.waited)
				}
				r, err := figures.Compute(a)
				if err != nil {
					t.Fatal(err)
				}
				expect(t, "unavailable", r.Unavailable, []figures.Unavailable{})
				if r.Slices == nil || r.Slices.Languages == nil {
					t.Fatal("no slices by language")
				}
				for i, s := range a.Sources {
					failed := ""
					if s.Name == "web" {
						failed = c.failed
					}
					expect(t, s.Name, a.Sources[i].Chats.Failed, failed)
				}
				for _, s := range r.Slices.Sources.Slices {
					if s.Name == "web" && s.Chats.Count != nil {
						t.Errorf("web is %+v, want nothing known", s)
					}
				}
			})
		})
	}
}

// After Sage has rejected a request because there were too many, nothing further is asked.
func TestAnswers_BusySageIsNotAskedFurther(t *testing.T) {
	server := sagefake.New(demo()...)
	server.Fault(sagefake.Fault{Path: "chatbubble/pages", Status: http.StatusTooManyRequests})
	a, err := collect.Answers(t.Context(), wireless(server), kommune(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Sources != nil || a.Languages != nil {
		t.Errorf("sources %v, languages %v", a.Sources, a.Languages)
	}
}
