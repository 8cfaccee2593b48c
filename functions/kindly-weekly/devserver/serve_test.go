package devserver

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/sageserver"
	"kindlyweekly/sage/sagefake"
)

// now is a Monday morning at which every test takes place.
var now = time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)

// newTestServer is an office of the invented bots, on the Monday morning on which every test takes
// place, but later: in New York too the report is due.
func newTestServer(t *testing.T) *server {
	t.Helper()
	later := now.Add(8 * time.Hour)
	demo := sagefake.Demo(later)
	fake := httptest.NewServer(sagefake.New(demo...))
	t.Cleanup(fake.Close)
	o := &server{Host: cli.Host{Out: io.Discard, Err: io.Discard,
		Now: func() time.Time { return later }, Getenv: func(string) string { return "" }},
		dir: t.TempDir(), sage: fake.URL, keys: make(map[string]string)}
	for _, bot := range demo {
		o.keys[bot.ID] = bot.Key
	}
	if err := o.wire(context.Background(), "local", sageserver.Tenant); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.pending.Wait)
	return o
}

// browse makes a request and waits until the worker has done what came of it.
func (o *server) browse(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	o.handler().ServeHTTP(w, r)
	o.pending.Wait()
	return w.Result()
}

func get(path string) *http.Request {
	return httptest.NewRequest("GET", "http://127.0.0.1:8643"+path, nil)
}

func form(path string, values url.Values) *http.Request {
	r := httptest.NewRequest("POST", "http://127.0.0.1:8643"+path,
		strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func (o *server) types(t *testing.T, channel, user, text string) {
	t.Helper()
	r := o.browse(form("/type", url.Values{"text": {text}, "channel": {channel}, "user": {user}}))
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%q was answered with %s", text, r.Status)
	}
}

func TestServe_AnswersCommands(t *testing.T) {
	o := newTestServer(t)
	o.types(t, "C0000BUTIK", anyUser, "help")
	o.types(t, "C0000BUTIK", anyUser, "bakeri") // not theirs in this channel
	o.types(t, "C0000OTHER", anyUser, "nettbutikk")
	o.types(t, "C0000BUTIK", anyUser, "nettbutikk")
	o.types(t, "C0000BUTIK", anyUser, "nettbutikk share")

	o.types(t, "C0000BUTIK", anyUser, "<script>alert(1)</script>")
	raw := text(t, o.browse(get("/")))
	if strings.Contains(raw, "<script") {
		t.Error("what was typed is markup on the page")
	}
	page := html.UnescapeString(raw)
	for _, want := range []string{
		"U0000NOBOD in C0000BUTIK: /kindly-report help",
		"Nettbutikk chatbot",
		"direct message to U0000NOBOD",
		"#nettbutikk (C0000BUTIK)",
		`<svg viewBox=`, "<b>Did not understand</b></th>", // as Slack draws them
		"Open the PDF",
		"Nothing was mailed.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if n := len(o.slack.Messages("C0000BUTIK")); n != 1 {
		t.Errorf("%d messages were shared, not 1", n)
	}
	if strings.Contains(page, "Bakeri") {
		t.Error("the page answers about a bot that may not be asked for there")
	}

	files := o.slack.Files()
	if len(files) == 0 {
		t.Fatal("nothing was uploaded")
	}
	file := o.browse(get("/files/" + files[0].ID))
	if got := file.Header.Get("Content-Type"); got != "application/pdf" ||
		text(t, file) != string(files[0].Data) {
		t.Errorf("the file %s is served as %s, and not as it was uploaded", files[0].Name, got)
	}
}

func TestServe_SendsTheWeekOnce(t *testing.T) {
	o := newTestServer(t)
	for range 2 {
		if r := o.browse(form("/tick", nil)); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("the tick was answered with %s: %s", r.Status, text(t, r))
		}
	}
	for _, channel := range []string{"C0000BUTIK", "C0000KOMMU", "C0000BAKER"} {
		if n := len(o.slack.Messages(channel)); n != 1 {
			t.Errorf("%s got %d messages, not 1", channel, n)
		}
	}
	letters, err := o.mails()
	if err != nil {
		t.Fatal(err)
	}
	if len(letters) != 3 {
		t.Fatalf("%d mails lie in the outbox, not 3: %v", len(letters), letters)
	}
	if m := o.slack.Messages("C0000ALLE0"); len(m) != 1 ||
		!strings.Contains(m[0].Text, "1 of 3 bots needs a look") {
		t.Errorf("the channel of all bots got %v, not one overview of all of them", m)
	}
	for _, m := range o.slack.Messages("C0000OPS00") {
		if !strings.HasPrefix(m.Text, "Receipt for local, week ") {
			t.Errorf("ops were told of trouble: %s", m.Text)
		}
	}

	for _, l := range letters {
		r := o.browse(get("/mail/" + l.Name))
		page := text(t, r)
		pictures := !strings.HasSuffix(l.Subject, " – Fjellvik")
		if strings.Contains(page, "data:image/png;base64,") != pictures ||
			strings.Contains(page, "cid:") {
			t.Errorf("%s: the page has not got the mail's pictures", l.Name)
		}
		if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") {
			t.Errorf("%s may do what it likes: %s", l.Name, policy)
		}
		eml := text(t, o.browse(get("/outbox/"+l.Name)))
		if m, err := netmail.ReadMessage(strings.NewReader(eml)); err != nil ||
			m.Header.Get("From") == "" {
			t.Errorf("%s is no mail: %v", l.Name, err)
		}
	}
	for _, name := range []string{"slack.json", "mail-001.eml", "mail-002.eml"} {
		if _, err := os.Stat(filepath.Join(o.outbox(), name)); err != nil {
			t.Error(err)
		}
	}
	kept, err := filepath.Glob(filepath.Join(o.outbox(), "slack-files", "*.pdf"))
	if err != nil || len(kept) != 4 { // of three bots, and of the portfolio
		t.Errorf("the outbox keeps %d PDFs, not 4: %v", len(kept), err)
	}
}

// The endpoint is Slack's: what counts is the signature over the bytes that came.
func TestServe_RejectsUnsignedCommands(t *testing.T) {
	o := newTestServer(t)
	body := "team_id=T0000LOCAL&channel_id=C0000BUTIK&user_id=U0000KARI0&command=%2Fkindly-report&text=help"
	at := fmt.Sprint(o.Now().Unix())
	mac := hmac.New(sha256.New, []byte(signingSecret))
	fmt.Fprintf(mac, "v0:%s:%s", at, body)
	signature := "v0=" + hex.EncodeToString(mac.Sum(nil))
	for _, tc := range []struct {
		name, body, signature string
		status                int
		want                  string
	}{
		{"signed", body, signature, http.StatusOK, "Nettbutikk chatbot"},
		{"again", body, signature, http.StatusOK, ""},
		{"altered", strings.Replace(body, "help", "helo", 1), signature, http.StatusUnauthorized,
			""},
		{"unsigned", body, "", http.StatusUnauthorized, ""},
	} {
		r := httptest.NewRequest("POST", "http://localhost:8643/slack/command",
			strings.NewReader(tc.body))
		r.Header.Set("X-Slack-Request-Timestamp", at)
		r.Header.Set("X-Slack-Signature", tc.signature)
		response := o.browse(r)
		answer := text(t, response)
		if response.StatusCode != tc.status || !strings.Contains(answer, tc.want) ||
			tc.want == "" && answer != "" {
			t.Errorf("%s: %s, %q", tc.name, response.Status, answer)
		}
	}
}

// A page of a stranger, open in the same browser, must neither read nor type.
func TestServe_LoopbackOnly(t *testing.T) {
	o := newTestServer(t)
	rebound := get("/")
	rebound.Host = "evil.example:8643"
	if r := o.browse(rebound); r.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("another name is answered with %s", r.Status)
	}
	foreign := form("/tick", nil)
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	if r := o.browse(foreign); r.StatusCode != http.StatusForbidden {
		t.Errorf("a form on a stranger's page is answered with %s", r.Status)
	}
	for _, name := range []string{"..%2Fconfig%2Flocal.yaml", "slack.json", "mail-009.eml"} {
		if r := o.browse(get("/outbox/" + name)); r.StatusCode != http.StatusNotFound {
			t.Errorf("/outbox/%s is answered with %s", name, r.Status)
		}
	}
}

// Every answer, refusals too, forbids other pages to frame it, to read it and to learn its address.
// The page itself frames the mails, whose pages may do nothing.
func TestServe_ForbidsFraming(t *testing.T) {
	o := newTestServer(t)
	o.browse(form("/tick", nil))
	o.types(t, "C0000BUTIK", anyUser, "nettbutikk share")
	rebound := get("/")
	rebound.Host = "evil.example:8643"
	foreign := form("/tick", nil)
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	for _, tc := range []struct {
		request        *http.Request
		status         int
		frame, options string
	}{
		{get("/"), 200, "'none'", "DENY"},
		{get("/files/" + o.slack.Files()[0].ID), 200, "'none'", "DENY"},
		{get("/outbox/mail-001.eml"), 200, "'none'", "DENY"},
		{get("/mail/mail-001.eml"), 200, "'self'", "SAMEORIGIN"},
		{get("/mail/mail-999.eml"), 404, "'none'", "DENY"},
		{get("/nowhere"), 404, "'none'", "DENY"},
		{form("/slack/command", nil), 401, "'none'", "DENY"},
		{form("/type", url.Values{"text": {"help"}}), 303, "'none'", "DENY"},
		{foreign, 403, "'none'", "DENY"},
		{rebound, 421, "'none'", "DENY"},
	} {
		name := tc.request.Method + " " + tc.request.Host + tc.request.URL.Path
		r := o.browse(tc.request)
		if r.StatusCode != tc.status {
			t.Errorf("%s: %s, want %d", name, r.Status, tc.status)
		}
		policy := strings.Split(r.Header.Get("Content-Security-Policy"), "; ")
		if !slices.Contains(policy, "default-src 'none'") ||
			!slices.Contains(policy, "frame-ancestors "+tc.frame) {
			t.Errorf("%s: the policy is %q, want frame-ancestors %s", name, policy, tc.frame)
		}
		for header, want := range map[string]string{
			"X-Frame-Options": tc.options, "X-Content-Type-Options": "nosniff",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			if got := r.Header.Values(header); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q, want %s", name, header, got, want)
			}
		}
	}
}
