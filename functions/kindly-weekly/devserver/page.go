package devserver

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/kindly-weekly/preview"
	"kindlyweekly/functions/tick"
	"kindlyweekly/report/config"
	"kindlyweekly/report/theme"
)

//go:embed page.html.tmpl
var pageTemplate string

var pageTmpl = template.Must(template.New("serve").Parse(pageTemplate))

// handler serves the slash command and the page:
//
//	POST /slack/command   the slash command, as Slack sends it
//	GET  /                what would have been posted and mailed
//	POST /type            a command, typed on the page
//	POST /tick            the weekly tick
//	GET  /files/{id}      a file that was uploaded to Slack
//	GET  /mail/{name}     a mail, as a page
//	GET  /outbox/{name}   a mail, as it was sent
func (o *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/command", o.serveSlash)
	mux.HandleFunc("GET /{$}", o.servePage)
	mux.HandleFunc("POST /type", o.serveType)
	mux.HandleFunc("POST /tick", o.serveTick)
	mux.HandleFunc("GET /files/{id}", o.serveFile)
	mux.HandleFunc("GET /mail/{name}", o.serveMail)
	mux.HandleFunc("GET /outbox/{name}", o.serveEML)
	return localOnly(http.NewCrossOriginProtection().Handler(mux))
}

// localOnly refuses requests for another host name: another site's page in the same browser may
// have had its name lead here. No page may frame what is served, read it, or be told its addresses;
// the page itself frames the mails.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy",
			"default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-src 'self'; "+
				"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		name, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			name = r.Host
		}
		if ip, err := netip.ParseAddr(strings.Trim(name, "[]")); name != "localhost" &&
			(err != nil || !ip.IsLoopback()) {
			http.Error(w, "served to this machine only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// serveSlash gives a request to the function as API Gateway does.
func (o *server) serveSlash(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	request := events.APIGatewayV2HTTPRequest{Headers: make(map[string]string),
		Body: base64.StdEncoding.EncodeToString(body), IsBase64Encoded: true}
	for name, values := range r.Header {
		request.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	response, err := o.command.Handle(r.Context(), request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	for name, value := range response.Headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(response.StatusCode)
	_, _ = io.WriteString(w, response.Body) // who has gone needs no answer
}

// serveType sends what was typed on the page as Slack would.
func (o *server) serveType(w http.ResponseWriter, r *http.Request) {
	x := exchange{Who: r.FormValue("user"), Where: r.FormValue("channel"),
		Text: r.FormValue("text")}
	body := url.Values{
		"team_id": {o.tenant.Slack.Team}, "channel_id": {x.Where}, "user_id": {x.Who},
		"command": {"/kindly-report"}, "text": {x.Text}, "response_url": {o.slack.ResponseURL()},
	}.Encode()
	at := strconv.FormatInt(o.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(signingSecret))
	fmt.Fprintf(mac, "v0:%s:%s", at, body)
	response, err := o.command.Handle(r.Context(),
		events.APIGatewayV2HTTPRequest{Body: body, Headers: map[string]string{
			"x-slack-request-timestamp": at, "x-slack-signature": "v0=" +
				hex.EncodeToString(mac.Sum(nil)),
		}})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var answer struct{ Text string }
	if response.Body != "" {
		if err := json.Unmarshal([]byte(response.Body), &answer); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	x.Answer = mrkdwn(answer.Text)
	if response.StatusCode != http.StatusOK {
		x.Answer = mrkdwn("refused: " + http.StatusText(response.StatusCode))
	}
	o.mu.Lock()
	o.typed = append(o.typed, x)
	o.mu.Unlock()
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (o *server) serveTick(w http.ResponseWriter, r *http.Request) {
	if _, err := o.tick.Handle(r.Context(), tick.Tick{Time: o.Now()}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (o *server) serveFile(w http.ResponseWriter, r *http.Request) {
	f, ok := o.slack.File(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.Mimetype)
	_, _ = w.Write(f.Data)
}

var emlName = regexp.MustCompile(`^mail-\d+\.eml$`)

// eml returns the mail that a request names; it has answered where there is none.
func (o *server) eml(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	name := r.PathValue("name")
	if emlName.MatchString(name) {
		if data, err := os.ReadFile(filepath.Join(o.outbox(), name)); err == nil {
			return data, true
		}
	}
	http.NotFound(w, r)
	return nil, false
}

func (o *server) serveEML(w http.ResponseWriter, r *http.Request) {
	if data, ok := o.eml(w, r); ok {
		w.Header().Set("Content-Type", "message/rfc822")
		_, _ = w.Write(data)
	}
}

func (o *server) serveMail(w http.ResponseWriter, r *http.Request) {
	data, ok := o.eml(w, r)
	if !ok {
		return
	}
	page, err := mailHTML(data)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy",
		"default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'")
	w.Header().Set("X-Frame-Options", "SAMEORIGIN") // the page shows it
	_, _ = w.Write(page)
}

// mrkdwn converts Slack's mrkdwn to HTML for the page.
func mrkdwn(mrkdwn string) []template.HTML {
	return preview.Texts(map[string]any{"type": "mrkdwn", "text": mrkdwn})
}

// post is a message as the page shows it.
type post struct {
	Blocks []preview.Block
	Texts  []template.HTML // where there are no blocks
	Files  []slackfake.File
	Thread []post
}

// conversation is a channel, or a direct message.
type conversation struct {
	Title string
	Posts []post // the newest first
}

func (o *server) servePage(w http.ResponseWriter, r *http.Request) {
	conversations, err := o.conversations()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	letters, err := o.mails()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	o.mu.Lock()
	typed := slices.Clone(o.typed)
	o.mu.Unlock()
	slices.Reverse(typed)
	var answers []post
	for _, a := range o.slack.Responses() {
		answer, err := posted(slackfake.Message{Text: a.Text, Blocks: a.Blocks})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answers = append(answers, answer)
	}
	people := []string{anyUser}
	for _, b := range o.tenant.Bots {
		people = append(people, b.Viewers...)
	}
	slices.Sort(people)
	var page bytes.Buffer
	if err := pageTmpl.Execute(&page, map[string]any{
		"Light": preview.Colors(theme.Light("")), "Dark": preview.Colors(theme.Dark("")),
		"Tenant": o.tenant, "Channels": o.tenant.DestinationsOf(config.Slack),
		"People": slices.Compact(people), "Typed": typed,
		"Busy": o.busy.Load() > 0, "Conversations": conversations, "Answers": answers,
		"Mails": letters,
	}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page.Bytes())
}

// conversations returns the conversations that have messages.
func (o *server) conversations() ([]conversation, error) {
	var all []conversation
	for _, c := range o.slack.Channels() {
		x := conversation{Title: "#" + c.Name + " (" + c.ID + ")"}
		if c.User != "" {
			x.Title = "direct message to " + c.User
		}
		for _, m := range o.slack.Messages(c.ID) {
			p, err := posted(m)
			if err != nil {
				return nil, err
			}
			x.Posts = append(x.Posts, p)
		}
		slices.Reverse(x.Posts)
		if len(x.Posts) > 0 {
			all = append(all, x)
		}
	}
	return all, nil
}

func posted(m slackfake.Message) (post, error) {
	p := post{Texts: mrkdwn(m.Text), Files: m.Files}
	if m.Blocks != nil {
		blocks, err := preview.Blocks(fmt.Appendf(nil, `{"blocks": %s}`, m.Blocks), "files")
		if err != nil {
			return p, err
		}
		p.Blocks, p.Texts = blocks, nil
	}
	for _, reply := range m.Replies {
		r, err := posted(reply)
		if err != nil {
			return p, err
		}
		p.Thread = append(p.Thread, r)
	}
	return p, nil
}
