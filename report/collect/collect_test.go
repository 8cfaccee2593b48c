package collect_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/collect"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/sage"
	"kindlyweekly/sage/sagefake"
)

// The demo's bots, up to a Monday morning; the week is the one before, 9 to 15 November 2026.
var (
	now      = time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)
	demo     = sync.OnceValue(func() []*sagefake.Bot { return sagefake.Demo(now) })
	thisWeek = period.WeekOf(period.NewDate(2026, time.November, 9))
)

const key = "demo-key-kommune"

func kommune() collect.Request {
	return collect.Request{
		Bot:    figures.Bot{ID: "kommune", Name: "Kommunen", TZ: "Europe/Oslo"},
		Period: thisWeek,
		Locale: "en", Filters: figures.Filters{Sources: []string{"-test"}}, Now: now,
	}
}

func client(url string) *sage.Client {
	return &sage.Client{
		URL: url, APIURL: url, Tries: 1,
		Key: func(_ context.Context, bot string) (string, error) { return "demo-key-" + bot, nil },
	}
}

// wireless returns a client that calls the handler without a network, for testing/synctest.
func wireless(server http.Handler) *sage.Client {
	c := client("https://sage.test")
	c.HTTP = &http.Client{Transport: handlerTransport{server}}
	return c
}

// handlerTransport hands requests to a handler directly.
type handlerTransport struct{ http.Handler }

func (h handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// logTo makes the client log into the buffer that it returns.
func logTo(c *sage.Client) *bytes.Buffer {
	var log bytes.Buffer
	c.Log = slog.New(slog.NewTextHandler(&log, nil))
	return &log
}

// expectLogged checks that the log has a missing part's reason and the whole error, and no key.
func expectLogged(t *testing.T, log *bytes.Buffer, reason, endpoint string) {
	t.Helper()
	want := fmt.Sprintf(`msg="part of the report is not available" bot=kommune reason=%q `+
		`error="sage: %s of bot kommune: `, reason, endpoint)
	if !strings.Contains(log.String(), want) || strings.Contains(log.String(), key) {
		t.Errorf("the log lacks %s or has the key:\n%s", want, log)
	}
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// asked returns the requests so far, sorted, each as its path and its parameters.
func asked(server *sagefake.Server) []string {
	var all []string
	for _, r := range server.Requests() {
		query, _ := url.QueryUnescape(r.Query.Encode())
		all = append(all, strings.TrimSuffix(r.Path+" "+query, " "))
	}
	slices.Sort(all)
	return all
}

func TestAnswers_Questions(t *testing.T) {
	// more is a granularity, or all for a whole list.
	type question struct{ path, from, to, more string }
	const monday, next = "2026-11-09", "2026-11-16"
	const before, twelve, ago = "2026-11-02", "2026-08-24", "2025-11-10"
	always := []question{
		{"sessions/chats", twelve, next, "day"},
		{"sessions/messages", twelve, next, "day"},
		{"sessions/chats", monday, next, "hour"},
		{"fallbacks/total", monday, next, ""},
		{"fallbacks/total", before, monday, ""},
		{"fallbacks/series", twelve, next, "day"},
		{"fallbacks/series", twelve, next, "week"},
		{"takeovers/series", twelve, next, "day"},
		{"takeovers/series", monday, next, "hour"},
		{"feedback/summary", monday, next, ""},
		{"feedback/summary", before, monday, ""},
		{"feedback/summary", twelve, monday, ""}, // eleven weeks in one
		{"chatbubble/pages", monday, next, "all"},
		{"chatbubble/pages", before, monday, "all"},
		{"buttons/clicks", monday, next, "all"},
		{"buttons/clicks", before, monday, "all"},
		{"chatlabels/added", monday, next, "all"},
		{"chatlabels/added", before, monday, "all"},
		{"sessions/chats", ago, "2025-11-17", "day"},
		{"sessions/messages", ago, "2025-11-17", "day"},
		{"fallbacks/total", ago, "2025-11-17", ""},
	}
	target := slices.Clone(always)
	for i := range 10 {
		w := thisWeek.Add(i - 11)
		target = append(target, question{"feedback/summary", w.From().String(), w.To().String(),
			""})
	}
	// Around 20 October, which is special.
	parts := slices.DeleteFunc(slices.Clone(always),
		func(q question) bool { return q.path == "feedback/summary" && q.from == twelve })
	parts = append(parts, question{"feedback/summary", twelve, "2026-10-19", ""},
		question{"feedback/summary", "2026-10-26", monday, ""})
	tuesday := period.NewDate(2026, time.October, 20)
	special := []figures.Special{{First: tuesday, Last: tuesday, Kind: figures.Note,
		Name: "Campaign"}}
	for name, c := range map[string]struct {
		targets figures.Targets
		special []figures.Special
		want    []question
	}{
		"without targets": {figures.Targets{}, nil, always},
		"with targets but for feedback": {figures.Targets{FallbackRate: new(0.1),
			HandoverRate: new(0.1), RequestsWhileClosed: new(9)}, nil, always},
		"with a target for feedback, too": {figures.Targets{Feedback: new(0.7)}, nil, target},
		"with a special week":             {figures.Targets{}, special, parts},
	} {
		t.Run(name, func(t *testing.T) {
			server := sagefake.New(demo()...)
			q := kommune()
			q.Filters = figures.Filters{Sources: []string{"web", "-test"},
				Languages: []string{"nb"}}
			q.Targets, q.Special = c.targets, c.special
			if _, err := collect.Answers(t.Context(), wireless(server), q, nil); err != nil {
				t.Fatal(err)
			}
			want := []string{"sage/auth", "meta/options"} // web and nb are counted alone
			for _, q := range c.want {
				s := q.path + " from=" + q.from + "&"
				if q.more != "" && q.more != "all" {
					s += "granularity=" + q.more + "&"
				}
				s += "language_code[]=nb&language_codes[]=nb&"
				if q.more == "all" {
					s += "limit=100&"
				}
				want = append(want, s+"sources[]=web&sources[]=-test&to="+q.to+"&tz=Europe/Oslo")
			}
			slices.Sort(want)
			expect(t, "questions", asked(server), want)
		})
	}
}

// If the year before has no week 53, the week 52 weeks earlier takes its place.
func TestAnswers_YearBeforeWeek53(t *testing.T) {
	server := sagefake.New(demo()...)
	q := kommune()
	var err error
	if q.Period, err = period.Parse("2026-W53"); err != nil {
		t.Fatal(err)
	}
	if _, err := collect.Answers(t.Context(), wireless(server), q, nil); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(asked(server), "\n"); strings.Count(got, "from=2025-12-29") != 3 {
		t.Errorf("asked:\n%s", got)
	}
}

func TestAnswers_Progress(t *testing.T) {
	server := sagefake.New(demo()...)
	server.Fault(sagefake.Fault{Path: "chatbubble/pages", Status: http.StatusBadGateway})
	var told []string
	_, err := collect.Answers(t.Context(), wireless(server), kommune(), func(done, total int) {
		told = append(told, fmt.Sprint(done, " of ", total)) // without a lock: calls do not overlap
	})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 21 {
		want = append(want, fmt.Sprint(i+1, " of 22")) // the second round is one so far
	}
	for i := 21; i <= 36; i++ {
		want = append(want, fmt.Sprint(i, " of 36"))
	}
	expect(t, "progress", told, want)
}

// truth asks the fake server other questions than a report does, without the client, and adds up
// the answers.
type truth struct {
	t    *testing.T
	url  string
	bot  string
	zone string
	jwt  string
}

func (s *truth) get(path, bearer string, into any) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s %s %v", path, resp.Status, body, err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
}

type row = map[string]any

// ask asks for an interval that ends before the date to, without the bot builders' own chats.
func (s *truth) ask(path string, from, to period.Date, more string) any {
	s.t.Helper()
	if s.jwt == "" {
		var token struct{ JWT string }
		s.get("/api/v2/bot/"+s.bot+"/sage/auth", "demo-key-"+s.bot, &token)
		s.jwt = token.JWT
	}
	var answer struct{ Data any }
	s.get(fmt.Sprintf("/api/v1/stats/bot/%s/%s?from=%s&to=%s&tz=%s&sources[]=-test%s", s.bot, path,
		from, to, s.zone, more), s.jwt, &answer)
	return answer.Data
}

func (s *truth) rows(path string, from, to period.Date, more string) []row {
	var rows []row
	for _, v := range s.ask(path, from, to, more).([]any) {
		rows = append(rows, v.(row))
	}
	return rows
}

func number(r row, key string) int { return int(r[key].(float64)) }

// sum asks for one day or week in hours and adds them up.
func (s *truth) sum(path string, from, to period.Date) int {
	total := 0
	for _, r := range s.rows(path, from, to, "&granularity=hour") {
		total += number(r, "count")
	}
	return total
}

func TestAnswers_NumbersMatchService(t *testing.T) {
	server := httptest.NewServer(sagefake.New(demo()...))
	defer server.Close()
	for _, bot := range demo() {
		t.Run(bot.ID, func(t *testing.T) {
			q := kommune()
			q.Bot = figures.Bot{ID: bot.ID, Name: bot.Name, TZ: bot.TZ}
			answers, err := collect.Answers(t.Context(), client(server.URL), q, nil)
			if err != nil {
				t.Fatal(err)
			}
			r, err := figures.Compute(answers)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, "unavailable", r.Unavailable, []figures.Unavailable{})
			expect(t, "dropped", r.Dropped, []figures.Dropped{})
			expect(t, "fetched", r.FetchedAt, now)
			if r.Chats.Total == 0 || len(r.Labels) == 0 {
				t.Fatal("nothing happened to the bot: there is nothing to compare")
			}

			truth := &truth{t: t, url: server.URL, bot: bot.ID, zone: bot.TZ}
			week, previous := thisWeek, thisWeek.Previous()
			for i, day := range week.Days() {
				expect(t, fmt.Sprint("chats on ", day), r.Chats.Daily[i].Count,
					truth.sum("sessions/chats", day, day.Add(1)))
				expect(t, fmt.Sprint("messages on ", day), r.Messages.Daily[i].Count,
					truth.sum("sessions/messages", day, day.Add(1)))
				fallbacks := truth.ask("fallbacks/total", day, day.Add(1), "").(row)
				expect(t, fmt.Sprint("fallbacks on ", day), *r.Fallbacks.Daily[i].Count,
					number(fallbacks, "count"))
				if rate := r.Fallbacks.Daily[i].Rate; rate != nil {
					expect(t, fmt.Sprint("fallback rate on ", day), any(*rate), fallbacks["rate"])
				}
				ofHours := 0
				for _, n := range r.Chats.Hourly[i] {
					if n != nil {
						ofHours += *n
					}
				}
				expect(t, fmt.Sprint("chats in the hours of ", day), ofHours,
					r.Chats.Daily[i].Count)
			}
			expect(t, "chats the week before", r.Chats.Previous, truth.sum("sessions/chats",
				previous.From(), previous.To()))
			for i, w := range r.Messages.Trend {
				expect(t, fmt.Sprint("messages of ", w.Period), w.Count,
					truth.sum("sessions/messages", w.Period.From(), w.Period.To()))
				fallbacks := truth.ask("fallbacks/total", w.Period.From(), w.Period.To(), "").(row)
				expect(t, fmt.Sprint("fallbacks of ", w.Period), *r.Fallbacks.Trend[i].Count,
					number(fallbacks, "count"))
			}

			for week, counts := range map[period.Period]figures.HandoverCounts{
				week: r.Handovers.HandoverCounts, previous: r.Handovers.Previous,
			} {
				stages := truth.ask("takeovers/totals", week.From(), week.To(), "").(row)
				expect(t, fmt.Sprint("handovers of ", week), []int{*counts.Requests,
					*counts.RequestsWhileClosed, *counts.Started, *counts.Ended},
					[]int{number(stages, "requests"), number(stages, "requests_while_closed"),
						number(stages, "started"), number(stages, "ended")})
			}
			for i, day := range r.Fallbacks.History {
				if i%9 == 0 { // 84 questions for every bot would take long
					fallbacks := truth.ask("fallbacks/total", day.Date, day.Date.Add(1), "").(row)
					expect(t, fmt.Sprint("fallbacks on ", day.Date), *day.Count, number(fallbacks,
						"count"))
				}
			}
			ago := week.YearAgo()
			expect(t, "chats a year ago", r.YearAgo.Chats, truth.sum("sessions/chats", ago.From(),
				ago.To()))
			expect(t, "fallbacks a year ago", *r.YearAgo.FallbackCount,
				number(truth.ask("fallbacks/total", ago.From(), ago.To(), "").(row), "count"))
			closed := 0
			for _, day := range r.Handovers.HourlyWhileClosed {
				for _, n := range day {
					if n != nil {
						closed += *n
					}
				}
			}
			expect(t, "requests while closed in the hours of the week", closed,
				*r.Handovers.RequestsWhileClosed)
			earlier := truth.ask("feedback/summary", week.Add(-11).From(), week.From(), "").(row)
			for kind, ratings := range map[string][]figures.Rating{
				"binary": r.Feedback.BeforeBinary, "emojis": r.Feedback.BeforeEmojis,
			} {
				for i, rating := range earlier[kind].([]any) {
					expect(t, fmt.Sprint(kind, " of the eleven weeks before"), ratings[i].Count,
						number(rating.(row), "count"))
				}
			}
			feedback := truth.ask("feedback/summary", week.From(), week.To(), "").(row)
			var ratings, wantRatings []int
			for _, rating := range slices.Concat(r.Feedback.Binary, r.Feedback.Emojis) {
				ratings = append(ratings, rating.Count)
			}
			for _, rating := range slices.Concat(feedback["binary"].([]any),
				feedback["emojis"].([]any)) {
				wantRatings = append(wantRatings, number(rating.(row), "count"))
			}
			expect(t, "ratings", ratings, wantRatings)

			// The lists, asked for in full: what was asked for with a limit is their beginning.
			var labels, wantLabels, pages, wantPages, buttons, wantButtons []string
			for _, l := range r.Labels {
				labels = append(labels, fmt.Sprint(l.ID, l.Text, l.Count))
			}
			for _, l := range truth.rows("chatlabels/added", week.From(), week.To(),
				"&limit=100000") {
				wantLabels = append(wantLabels, fmt.Sprint(l["label_id"], l["label_text"],
					l["count"]))
			}
			expect(t, "labels", labels, wantLabels[:min(100, len(wantLabels))])
			before := make(map[any]int)
			for _, l := range truth.rows("chatlabels/added", previous.From(), previous.To(),
				"&limit=100000") {
				before[l["label_id"]] = number(l, "count")
			}
			for _, l := range r.Labels {
				if !l.BelowLimit {
					expect(t, "label "+l.Text+" the week before", *l.Previous, before[l.ID])
				}
			}
			for _, p := range r.Pages {
				pages = append(pages, fmt.Sprint(p.Host, p.Path, p.Sessions, p.Messages))
			}
			for _, p := range truth.rows("chatbubble/pages", week.From(), week.To(),
				"&limit=100000") {
				wantPages = append(wantPages, fmt.Sprint(p["web_host"], p["web_path"],
					p["sessions"], p["messages"]))
			}
			expect(t, "pages", pages, wantPages[:min(100, len(wantPages))])
			for _, b := range r.Buttons {
				buttons = append(buttons, fmt.Sprint(b.Count))
			}
			for _, b := range truth.rows("buttons/clicks", week.From(), week.To(),
				"&limit=100000") {
				wantButtons = append(wantButtons, fmt.Sprint(b["count"]))
			}
			expect(t, "buttons", buttons, wantButtons[:min(100, len(wantButtons))])
		})
	}
}

// Outside the core a failed endpoint removes only the sections that need its answer.
func TestAnswers_EndpointFails(t *testing.T) {
	for path, sections := range map[string][]string{
		"fallbacks/total":  {"fallbacks", "year_ago.fallbacks"},
		"fallbacks/series": {"fallbacks.daily", "fallbacks.weekly"},
		"takeovers/series": {"handovers"},
		"feedback/summary": {"feedback"},
		"chatbubble/pages": {"pages"},
		"buttons/clicks":   {"buttons"},
		"chatlabels/added": {"labels"},
	} {
		t.Run(path, func(t *testing.T) {
			server := sagefake.New(demo()...)
			server.Fault(sagefake.Fault{Path: path, Status: http.StatusServiceUnavailable})
			answers, err := collect.Answers(t.Context(), wireless(server), kommune(), nil)
			if err != nil {
				t.Fatal(err)
			}
			r, err := figures.Compute(answers)
			if err != nil {
				t.Fatal(err)
			}
			var want []figures.Unavailable
			for _, s := range sections {
				want = append(want, figures.Unavailable{Section: s,
					Reason: "Sage answered 503 Service Unavailable", Cause: answered(503)})
			}
			expect(t, "unavailable", r.Unavailable, want)
		})
	}

	// Of one statistic a part may fail.
	for name, c := range map[string]struct {
		fails   func(path string, q url.Values) bool
		section string
	}{
		"chats by hour": {func(path string, q url.Values) bool {
			return strings.HasSuffix(path, "sessions/chats") && q.Get("granularity") == "hour"
		}, "hours"},
		"handovers by hour": {func(path string, q url.Values) bool {
			return strings.HasSuffix(path, "takeovers/series") && q.Get("granularity") == "hour"
		}, "handovers.hourly"},
		"feedback of eleven weeks": {func(path string, q url.Values) bool {
			return strings.HasSuffix(path, "feedback/summary") && q.Get("from") == "2026-08-24" &&
				q.Get("to") == "2026-11-09"
		}, "feedback.before"},
		"feedback of a week long ago": {func(path string, q url.Values) bool {
			return strings.HasSuffix(path, "feedback/summary") && q.Get("from") == "2026-09-07"
		}, "feedback.weekly"},
		"a year ago": {func(path string, q url.Values) bool {
			return strings.HasSuffix(path, "sessions/messages") && q.Get("from") == "2025-11-10"
		}, "year_ago"},
		"fallbacks a year ago": {func(path string, q url.Values) bool {
			return strings.HasSuffix(path, "fallbacks/total") && q.Get("from") == "2025-11-10"
		}, "year_ago.fallbacks"},
	} {
		t.Run(name, func(t *testing.T) {
			server := sagefake.New(demo()...)
			answering := wireless(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.fails(r.URL.Path, r.URL.Query()) {
					http.Error(w, "too much", http.StatusTeapot)
					return
				}
				server.ServeHTTP(w, r)
			}))
			q := kommune()
			q.Targets.Feedback = new(0.7)
			answers, err := collect.Answers(t.Context(), answering, q, nil)
			if err != nil {
				t.Fatal(err)
			}
			r, err := figures.Compute(answers)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, "unavailable", r.Unavailable, []figures.Unavailable{{Section: c.section,
				Reason: "Sage answered 418 I'm a teapot", Refused: true, Cause: answered(418)}})
		})
	}
}

// wired returns a client that asks over connections in memory, which can break and be slow.
func wired(t *testing.T, server http.Handler) *sage.Client {
	carrier, cut := sagefake.Wire(server)
	t.Cleanup(cut)
	c := client("https://sage.test")
	c.HTTP = &http.Client{Transport: carrier, Timeout: 30 * time.Second}
	return c
}

// A reason tells readers what happened. The whole error goes to the log.
func TestAnswers_Reasons(t *testing.T) {
	demo() // made outside the bubbles
	for _, c := range []struct {
		name  string
		fault sagefake.Fault
		want  string
		kind  string // of the cause
	}{
		{"refused", sagefake.Fault{Status: 401}, "Sage answered 401 Unauthorized",
			figures.CauseStatus},
		{"forbidden, with an explanation that repeats the key", sagefake.Fault{Status: 403,
			Body: `{"error": "no permission for ` + key +
				`"}`}, "Sage answered 403 Forbidden", figures.CauseStatus},
		{"gone", sagefake.Fault{Status: 404}, "Sage answered 404 Not Found", figures.CauseStatus},
		{"busy", sagefake.Fault{Status: 429, RetryAfter: "7"},
			"Sage answered 429 Too Many Requests", figures.CauseStatus},
		{"broken", sagefake.Fault{Status: 500}, "Sage answered 500 Internal Server Error",
			figures.CauseStatus},
		{"broken before Sage", sagefake.Fault{Status: 502, Body: "<html>Bad Gateway</html>"},
			"Sage answered 502 Bad Gateway", figures.CauseStatus},
		{"a status without a name", sagefake.Fault{Status: 599}, "Sage answered with status 599",
			figures.CauseStatus},
		{"another protocol", sagefake.Fault{Status: 101}, "Sage answered 101 Switching Protocols",
			figures.CauseStatus},
		{"half of another success", sagefake.Fault{Status: 299, Truncate: true},
			"Sage's answer broke off", figures.CauseBroken},
		{"another shape", sagefake.Fault{Body: `{"data": [{"id": 7, "name": "x"}]}`},
			"Sage answered in an unexpected shape", figures.CauseShape},
		{"another wrapping", sagefake.Fault{Body: `{"result": []}`},
			"Sage answered in an unexpected shape", figures.CauseShape},
		{"a page for browsers", sagefake.Fault{Body: "<html>Log in</html>"},
			"Sage answered with a web page instead of data", figures.CausePage},
		{"a text", sagefake.Fault{Body: "all is well"}, "Sage answered with something that could " +
			"not be read", figures.CauseUnreadable},
		{"half an answer", sagefake.Fault{Body: `{"data": [{"label_id": "1", `},
			"Sage's answer broke off", figures.CauseBroken},
		{"a connection that breaks within the answer", sagefake.Fault{Truncate: true},
			"Sage's answer broke off", figures.CauseBroken},
		{"a slow answer", sagefake.Fault{SlowBody: 7 * time.Second},
			"Sage's answer did not come whole in time", figures.CauseUnfinished},
		{"an answer that does not begin", sagefake.Fault{Delay: time.Hour},
			"Sage did not answer in time", figures.CauseLate},
		{"no answer", sagefake.Fault{Drop: true}, "Sage could not be reached",
			figures.CauseUnreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sagefake.New(demo()...)
				c.fault.Path = "chatlabels/added"
				server.Fault(c.fault)
				asking := wired(t, server)
				log := logTo(asking)
				answers, err := collect.Answers(t.Context(), asking, kommune(), nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, labels := range []figures.Answer[[]figures.Label]{answers.Labels.This,
					answers.Labels.Previous} {
					expect(t, "reason", labels.Failed, c.want)
					expect(t, "kind of cause", labels.Cause.Kind, c.kind)
				}
				expect(t, "what else failed", answers.Pages.This.Failed+answers.Handovers.Failed,
					"")
				expectLogged(t, log, c.want, "chatlabels/added")
			})
		})
	}
}

// A refusal fails the same way when it is repeated. A busy or broken service, or an answer of an
// unexpected shape, is no refusal.
func TestAnswers_Refused(t *testing.T) {
	demo()
	for _, c := range []struct {
		fault sagefake.Fault
		want  bool
	}{
		{sagefake.Fault{Body: "all is well"}, false},
		{sagefake.Fault{Drop: true}, false},
		{sagefake.Fault{Status: 399}, false},
		{sagefake.Fault{Status: 400}, true},
		{sagefake.Fault{Status: 403}, true},
		{sagefake.Fault{Status: 408}, false},
		{sagefake.Fault{Status: 425}, false},
		{sagefake.Fault{Status: 429}, false},
		{sagefake.Fault{Status: 499}, true},
		{sagefake.Fault{Status: 500}, false},
		{sagefake.Fault{Status: 503}, false},
	} {
		t.Run(fmt.Sprintf("%d%s", c.fault.Status, c.fault.Body), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sagefake.New(demo()...)
				c.fault.Path = "chatlabels/added"
				server.Fault(c.fault)
				answers, err := collect.Answers(t.Context(), wired(t, server), kommune(), nil)
				if err != nil {
					t.Fatal(err)
				}
				if answers.Labels.This.Failed == "" {
					t.Fatal("the labels came")
				}
				expect(t, "refused", answers.Labels.This.Refused, c.want)
			})
		})
	}
}

// Kindly makes the tokens. If a token is refused after the core has come, and no other can be made,
// the reason names Kindly.
func TestAnswers_TokenFailsAfterCore(t *testing.T) {
	demo()
	for _, c := range []struct {
		name  string
		fault sagefake.Fault
		want  string
	}{
		{"broken", sagefake.Fault{Status: http.StatusBadGateway},
			"Kindly answered 502 Bad Gateway"},
		{"another shape", sagefake.Fault{Body: `{"token": "x"}`},
			"Kindly answered in an unexpected shape"},
		{"a page for browsers", sagefake.Fault{Body: "<html>Log in</html>"},
			"Kindly answered with a web page instead of data"},
		{"half an answer", sagefake.Fault{Truncate: true}, "Kindly's answer broke off"},
		{"a slow answer", sagefake.Fault{SlowBody: 7 * time.Second},
			"Kindly's answer did not come whole in time"},
		{"an answer that does not begin", sagefake.Fault{Delay: time.Hour},
			"Kindly did not answer in time"},
		{"no answer", sagefake.Fault{Drop: true}, "Kindly could not be reached"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sagefake.New(demo()...)
				// the first exchange, which goes well
				server.Fault(sagefake.Fault{Path: "sage/auth", Times: 1})
				c.fault.Path = "sage/auth"
				server.Fault(c.fault)
				server.Fault(sagefake.Fault{Path: "takeovers/series",
					Status: http.StatusUnauthorized})
				asking := wired(t, server)
				log := logTo(asking)
				answers, err := collect.Answers(t.Context(), asking, kommune(), nil)
				if err != nil {
					t.Fatal(err)
				}
				expect(t, "reason", answers.Handovers.Failed, c.want)
				expectLogged(t, log, c.want, "sage/auth")
			})
		})
	}
}

func TestAnswers_KeyFailsAfterCore(t *testing.T) {
	server := sagefake.New(demo()...)
	server.Fault(sagefake.Fault{Path: "takeovers/series", Status: http.StatusUnauthorized})
	asking, asked := wireless(server), 0
	log := logTo(asking)
	asking.Key = func(context.Context, string) (string, error) {
		if asked++; asked > 1 {
			return "", errors.New("access denied")
		}
		return key, nil
	}
	answers, err := collect.Answers(t.Context(), asking, kommune(), nil)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "reason", answers.Handovers.Failed, "the question could not be sent to Sage")
	expectLogged(t, log, answers.Handovers.Failed, "sage/auth")
}

func TestAnswers_CoreFails(t *testing.T) {
	for _, c := range []struct {
		path string
		want string // in the error
	}{
		{"sage/auth", "sage/auth of bot kommune"},
		{"sessions/chats", "sessions/chats of bot kommune"},
		{"sessions/messages", "sessions/messages of bot kommune"},
	} {
		t.Run(c.path, func(t *testing.T) {
			server := sagefake.New(demo()...)
			server.Fault(sagefake.Fault{Path: c.path, Status: http.StatusForbidden})
			asking := wireless(server)
			log := logTo(asking)
			answers, err := collect.Answers(t.Context(), asking, kommune(), nil)
			var failed *sage.Error
			if !errors.As(err, &failed) {
				t.Fatalf("error %v, want a *sage.Error", err)
			}
			expect(t, "status", failed.Status, http.StatusForbidden)
			prefix := "no report of bot kommune, week 2026-W46: sage: " + c.want
			if !strings.HasPrefix(err.Error(), prefix) || strings.Contains(err.Error(), key) {
				t.Errorf("error: %v", err)
			}
			if answers.Chats != nil || answers.Messages != nil {
				t.Error("answers came with the error")
			}
			if c.path == "sage/auth" {
				expect(t, "log of the other parts, whose reason is the same", log.String(), "")
			}
		})
	}
}

func TestAnswers_CoreFailsCancelsRest(t *testing.T) {
	demo() // made outside the bubble
	synctest.Test(t, func(t *testing.T) {
		server := sagefake.New(demo()...)
		server.Fault(sagefake.Fault{Path: "takeovers/series", Delay: time.Hour})
		asking := wireless(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// The messages of a year ago are no part of the core.
			if strings.HasSuffix(r.URL.Path, "sessions/messages") &&
				r.URL.Query().Get("to") == thisWeek.To().String() {
				time.Sleep(time.Second)
				http.Error(w, "broken", http.StatusInternalServerError)
				return
			}
			server.ServeHTTP(w, r)
		}))
		log := logTo(asking)
		start := time.Now()
		_, err := collect.Answers(t.Context(), asking, kommune(), nil)
		if err == nil || !strings.Contains(err.Error(), "500 Internal Server Error") {
			t.Errorf("error: %v", err)
		}
		expect(t, "waited", time.Since(start), time.Second)
		expect(t, "log of what was cancelled", log.String(), "")
	})
}

func TestAnswers_DeadlineAfterCore(t *testing.T) {
	demo()
	synctest.Test(t, func(t *testing.T) {
		server := sagefake.New(demo()...)
		server.Fault(sagefake.Fault{Path: "takeovers/series", Delay: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		answers, err := collect.Answers(ctx, wireless(server), kommune(), nil)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "reason", answers.Handovers.Failed, "Sage did not answer in time")
		expect(t, "labels", answers.Labels.This.Failed, "")
		if len(answers.Chats) == 0 {
			t.Error("no chats")
		}
	})
}

func TestAnswers_ClientTimeout(t *testing.T) {
	demo()
	synctest.Test(t, func(t *testing.T) {
		server := sagefake.New(demo()...)
		server.Fault(sagefake.Fault{Path: "takeovers/series", Delay: time.Hour})
		asking := wireless(server)
		asking.HTTP.Timeout = 30 * time.Second
		answers, err := collect.Answers(t.Context(), asking, kommune(), nil)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "reason", answers.Handovers.Failed, "Sage did not answer in time")
	})
}

func TestAnswers_DeadlineBeforeCore(t *testing.T) {
	demo()
	synctest.Test(t, func(t *testing.T) {
		server := sagefake.New(demo()...)
		server.Fault(sagefake.Fault{Path: "sessions/chats", Delay: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		_, err := collect.Answers(ctx, wireless(server), kommune(), nil)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want that of the deadline", err)
		}
	})
}

// A canceled context is an error even if the core has come.
func TestAnswers_Canceled(t *testing.T) {
	demo()
	for name, path := range map[string]string{"before the core": "sessions/chats",
		"after the core": "takeovers/series"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := sagefake.New(demo()...)
				server.Fault(sagefake.Fault{Path: path, Delay: time.Hour})
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(20*time.Second, cancel)
				start := time.Now()
				_, err := collect.Answers(ctx, wireless(server), kommune(), nil)
				if !errors.Is(err, context.Canceled) {
					t.Errorf("error %v, want that of the cancellation", err)
				}
				if name == "before the core" && !errors.As(err, new(*sage.Error)) {
					t.Errorf("error %v, want that of the core", err)
				}
				expect(t, "waited", time.Since(start), 20*time.Second)
			})
		})
	}
}

func answered(status int) figures.Cause {
	return figures.Cause{Kind: figures.CauseStatus, Who: "Sage", Status: status}
}
