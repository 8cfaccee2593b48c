package main

import (
	"bytes"
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

	"kindlyweekly/sage/sagefake"
)

// furnished is an office of the made-up bots, on the Monday morning on which every test takes place, but later: in New
// York too the report is due.
func furnished(t *testing.T) *office {
	t.Helper()
	later := now.Add(8 * time.Hour)
	demo := sagefake.Demo(later)
	server := httptest.NewServer(sagefake.New(demo...))
	t.Cleanup(server.Close)
	o := &office{host: host{out: io.Discard, err: io.Discard, now: func() time.Time { return later }, getenv: func(string) string { return "" }},
		dir: t.TempDir(), sage: server.URL, keys: make(map[string]string)}
	for _, bot := range demo {
		o.keys[bot.ID] = bot.Key
	}
	if err := o.furnish(context.Background(), "local", madeUp); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.pending.Wait)
	return o
}

// browse makes a request and waits until the worker has done what came of it.
func (o *office) browse(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	o.handler().ServeHTTP(w, r)
	o.pending.Wait()
	return w.Result()
}

func get(path string) *http.Request {
	return httptest.NewRequest("GET", "http://127.0.0.1:8643"+path, nil)
}

func form(path string, values url.Values) *http.Request {
	r := httptest.NewRequest("POST", "http://127.0.0.1:8643"+path, strings.NewReader(values.Encode()))
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

func (o *office) types(t *testing.T, channel, user, text string) {
	t.Helper()
	r := o.browse(form("/type", url.Values{"text": {text}, "channel": {channel}, "user": {user}}))
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%q was answered with %s", text, r.Status)
	}
}

func TestServeAnswersWhatIsTyped(t *testing.T) {
	o := furnished(t)
	o.types(t, "C0000BUTIK", stranger, "help")
	o.types(t, "C0000BUTIK", stranger, "bakeri") // not theirs in this channel
	o.types(t, "C0000OTHER", stranger, "nettbutikk")
	o.types(t, "C0000BUTIK", stranger, "nettbutikk")
	o.types(t, "C0000BUTIK", stranger, "nettbutikk share")

	o.types(t, "C0000BUTIK", stranger, "<script>alert(1)</script>")
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
		`<svg viewBox=`, "<b>Fallback rate</b></th>", // as Slack would draw them
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
	if got := file.Header.Get("Content-Type"); got != "application/pdf" || text(t, file) != string(files[0].Data) {
		t.Errorf("the file %s is served as %s, and not as it was uploaded", files[0].Name, got)
	}
}

func TestServeSendsTheWeekOnce(t *testing.T) {
	o := furnished(t)
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
	letters, err := o.letters()
	if err != nil {
		t.Fatal(err)
	}
	if len(letters) != 3 {
		t.Fatalf("%d mails lie in the outbox, not 3: %v", len(letters), letters)
	}
	if m := o.slack.Messages("C0000ALLE0"); len(m) != 1 || !strings.Contains(m[0].Text, "with 3 bots") {
		t.Errorf("the channel of all bots got %v, not one overview of all of them", m)
	}
	for _, m := range o.slack.Messages("C0000OPS00") {
		if !strings.HasPrefix(m.Text, "Receipt of local for week ") {
			t.Errorf("ops were told of trouble: %s", m.Text)
		}
	}

	for _, l := range letters {
		r := o.browse(get("/mail/" + l.Name))
		page := text(t, r)
		pictures := !strings.HasPrefix(l.Subject, "All bots")
		if strings.Contains(page, "data:image/png;base64,") != pictures || strings.Contains(page, "cid:") {
			t.Errorf("%s: the page has not got the mail's pictures", l.Name)
		}
		if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") {
			t.Errorf("%s may do what it likes: %s", l.Name, policy)
		}
		eml := text(t, o.browse(get("/outbox/"+l.Name)))
		if m, err := netmail.ReadMessage(strings.NewReader(eml)); err != nil || m.Header.Get("From") == "" {
			t.Errorf("%s is no mail: %v", l.Name, err)
		}
	}
	for _, name := range []string{"slack.json", "mail-001.eml", "mail-002.eml"} {
		if _, err := os.Stat(filepath.Join(o.outbox(), name)); err != nil {
			t.Error(err)
		}
	}
	kept, err := filepath.Glob(filepath.Join(o.outbox(), "slack-files", "*.pdf"))
	if err != nil || len(kept) != 3 {
		t.Errorf("the outbox keeps %d PDFs, not 3: %v", len(kept), err)
	}
}

// The endpoint is Slack's: what counts is the signature over the bytes that came.
func TestServeTakesSignedCommandsAlone(t *testing.T) {
	o := furnished(t)
	body := "team_id=T0000LOCAL&channel_id=C0000BUTIK&user_id=U0000KARI0&command=%2Fkindly-report&text=help"
	at := fmt.Sprint(o.now().Unix())
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
		{"altered", strings.Replace(body, "help", "helo", 1), signature, http.StatusUnauthorized, ""},
		{"unsigned", body, "", http.StatusUnauthorized, ""},
	} {
		r := httptest.NewRequest("POST", "http://localhost:8643/slack/command", strings.NewReader(tc.body))
		r.Header.Set("X-Slack-Request-Timestamp", at)
		r.Header.Set("X-Slack-Signature", tc.signature)
		response := o.browse(r)
		answer := text(t, response)
		if response.StatusCode != tc.status || !strings.Contains(answer, tc.want) || tc.want == "" && answer != "" {
			t.Errorf("%s: %s, %q", tc.name, response.Status, answer)
		}
	}
}

// A page of a stranger, open in the same browser, must neither read nor type.
func TestServeIsForThisMachineAlone(t *testing.T) {
	o := furnished(t)
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
	var stderr bytes.Buffer
	h := host{out: io.Discard, err: &stderr, now: func() time.Time { return now }, getenv: func(string) string { return "" }}
	if code := run(context.Background(), h, []string{"serve", "--addr", "0.0.0.0:0", "--out", t.TempDir()}); code != exitUsage || !strings.Contains(stderr.String(), "127.0.0.1:8643") {
		t.Errorf("0.0.0.0: exit code %d, %s", code, stderr.String())
	}
}

// watcher is an output that does something once it has said a word.
type watcher struct {
	lockedBuffer
	word string
	once chan<- string
}

func (w *watcher) Write(p []byte) (int, error) {
	n, err := w.lockedBuffer.Write(p)
	if said := w.String(); w.once != nil && strings.Contains(said, w.word) {
		w.once <- said
		w.once = nil
	}
	return n, err
}

func TestServeUntilInterrupted(t *testing.T) {
	said := make(chan string, 1)
	out := &watcher{word: "outbox", once: said}
	var stderr lockedBuffer
	h := host{out: out, err: &stderr, now: func() time.Time { return now }, getenv: func(string) string { return "" }}
	ctx, interrupt := context.WithCancel(context.Background())
	ended := make(chan int)
	dir := t.TempDir()
	go func() { ended <- run(ctx, h, []string{"serve", "--addr", "127.0.0.1:0", "--out", dir}) }()
	var address string
	select {
	case text := <-said:
		_, rest, _ := strings.Cut(text, "Open ")
		address, _, _ = strings.Cut(rest, " ")
	case code := <-ended:
		t.Fatalf("it ended with %d: %s", code, stderr.String())
	}
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	if page := text(t, response); !strings.Contains(page, "Kindly Weekly on this machine") {
		t.Errorf("the page is %s", page)
	}
	response.Body.Close()
	interrupt()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}

// Every answer, refusals too, forbids other pages to frame it, to read it and to learn its address. The page itself frames
// the mails, whose pages may do nothing.
func TestServeForbidsFraming(t *testing.T) {
	o := furnished(t)
	o.browse(form("/tick", nil))
	o.types(t, "C0000BUTIK", stranger, "nettbutikk share")
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
		if !slices.Contains(policy, "default-src 'none'") || !slices.Contains(policy, "frame-ancestors "+tc.frame) {
			t.Errorf("%s: the policy is %q, want frame-ancestors %s", name, policy, tc.frame)
		}
		for header, want := range map[string]string{
			"X-Frame-Options": tc.options, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			if got := r.Header.Values(header); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q, want %s", name, header, got, want)
			}
		}
	}
}
