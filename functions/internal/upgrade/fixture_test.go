package upgrade

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/delivery"
	"kindlyweekly/sage/sagefake"
)

var rewrite = flag.Bool("rewrite", false,
	"have the version before write testdata/fixture and testdata/outcome.txt anew")

// Where the fixture is.
const (
	fixtureBucket  = "testdata/fixture/bucket"
	fixtureOutside = "testdata/fixture/outside.json"
	fixtureSlack   = "testdata/fixture/slack.json"
	outcomeFile    = "testdata/outcome.txt"
)

// The days of the fixture. A Monday's reports are due at 8 o'clock in Oslo.
var (
	installed  = time.Date(2026, time.November, 6, 12, 0, 0, 0, time.UTC)
	monday     = time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC) // of week 46; the cut is minutes later
	nextMonday = monday.AddDate(0, 0, 7)
	end        = nextMonday.Add(13 * time.Hour)
)

var tenantNames = []string{"acme", "broken", "names", "over", "paused", "small"}

// teams are the tenants' Slack workspaces.
var teams = map[string]string{"acme": "T0ACME0001", "broken": "T0BROKEN01", "names": "T0NAMES001", "over": "T0OVER0001", "paused": "T0PAUSED01",
	"small": "T0SMALL001"}

// configuration is a file of testdata/tenants. Tests find channels and bots in its text: this
// version may not parse it.
func configuration(name string) []byte {
	return must(os.ReadFile("testdata/tenants/" + name + ".yaml"))
}

var (
	channelIn = regexp.MustCompile(`\bC0[A-Z0-9]{8}\b`)
	botIn     = regexp.MustCompile(`(?m)^  - (?:\{id|id): ([a-z-]+)`)
)

// shops are the bots of all tenants as Sage has them, with a few chats on each day from August on.
var shops = sync.OnceValue(func() []*sagefake.Bot {
	var all []*sagefake.Bot
	for _, tenant := range tenantNames {
		for _, match := range botIn.FindAllStringSubmatch(string(configuration(tenant)), -1) {
			all = append(all, shop(match[1]))
		}
	}
	return all
})

func shop(id string) *sagefake.Bot {
	bot := &sagefake.Bot{ID: id, Key: "key-" + id, TZ: "Europe/Oslo"}
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	size := 4 + int(h.Sum32()%5)
	var all []sagefake.Event
	for day := time.Date(2026, time.August, 10, 0, 0, 0, 0, time.UTC); day.Before(end); day = day.AddDate(0, 0, 1) {
		if id == "quiet" && !day.Before(monday.AddDate(0, 0, -15)) && day.Before(monday) {
			continue // weeks 45 and 46
		}
		for chat := range size + day.YearDay()%3 {
			at := day.Add(8*time.Hour + time.Duration(chat)*17*time.Minute)
			add := func(kind sagefake.Kind, after time.Duration, with sagefake.Event) {
				with.At, with.Kind, with.Source, with.Language = at.Add(after), kind, "web", "nb"
				all = append(all, with)
			}
			page := sagefake.Page{Host: "www.example.com",
				Path: fmt.Sprintf("/help/%d?email=n%d@example.com", chat%3, chat%2)}
			add(sagefake.Chat, 0, sagefake.Event{Page: page})
			add(sagefake.Message, time.Second, sagefake.Event{Page: page})
			add(sagefake.Reply, 2*time.Second, sagefake.Event{})
			switch chat % 5 {
			case 0:
				add(sagefake.BinaryRating, time.Minute, sagefake.Event{Rating: 1 + chat%2})
				label := sagefake.Label{ID: fmt.Sprint("l", day.Day()%2), Text: "Delivery"} // two of one name
				add(sagefake.LabelAdded, time.Minute, sagefake.Event{Label: label})
			case 1:
				add(sagefake.Fallback, 3*time.Second, sagefake.Event{})
			case 2:
				add(sagefake.HandoverRequest, 3*time.Second, sagefake.Event{})
				add(sagefake.HandoverStart, 4*time.Second, sagefake.Event{})
				add(sagefake.HandoverEnd, 5*time.Minute, sagefake.Event{})
			case 3:
				button := sagefake.Button{Text: "Yes", Dialogue: "Delivery"}
				add(sagefake.ButtonClick, time.Second, sagefake.Event{Button: button})
			}
		}
	}
	bot.Add(all...)
	return bot
}

// refuses is what goes wrong outside, whatever version asks: it answers, and reports whether it
// did.
func refuses(rw http.ResponseWriter, s step, now time.Time) bool {
	before := func(at time.Duration) bool { return now.Before(monday.Add(at)) }
	status := 0
	switch {
	case s.Name == "sage incomplete/feedback/summary" && before(-5*24*time.Hour):
		status = http.StatusServiceUnavailable // for longer than a report waits
	case s.Name == "sage section-missing/feedback/summary" && !before(0) && before(38*time.Minute):
		status = http.StatusServiceUnavailable
	case s.Name == "slack chat.postMessage C0FAILED01" && !before(0) && before(10*time.Minute):
		status = http.StatusInternalServerError
	case s.Name == "ses SendEmail failed@acme.example" && !before(0) && before(10*time.Minute):
		rw.Header().Set("X-Amzn-ErrorType", "TooManyRequestsException")
		status = http.StatusTooManyRequests
	case s.Name == "slack chat.postMessage C0UNINVIT1" && before(2*time.Hour+20*time.Minute):
		fmt.Fprint(rw, `{"ok": false, "error": "not_in_channel"}`)
		return true
	}
	if status != 0 {
		rw.WriteHeader(status)
	}
	return status != 0
}

// happens lets happen what people and SES do after an instant, until another.
func (w *world) happens(after, until time.Time) {
	w.t.Helper()
	for _, e := range []struct {
		at time.Time
		do func(at time.Time)
	}{
		{installed.Add(-time.Minute), func(time.Time) {
			for _, tenant := range tenantNames {
				w.put("config/"+tenant+".yaml", configuration(tenant))
			}
		}},
		{monday.AddDate(0, 0, -7).Add(40 * time.Minute), func(time.Time) { // before, mails of week 45 were taken
			w.tells("delivered", "kari@acme.example")
			w.tells("bounced", "n07@crowd.example")
		}},
		{monday.AddDate(0, 0, -4), func(time.Time) { w.put("config/broken.yaml", configuration("broken-now")) }},
		{monday.AddDate(0, 0, -4).Add(time.Hour), func(at time.Time) {
			w.types(at, "acme", "C0SHOP0001", "U0KARI0001", "nettbutikk 45")
		}},
		{monday.Add(89 * time.Minute), func(at time.Time) {
			w.types(at, "acme", "C0QUEUED01", "U0KARI0001", "not-taken")
			w.types(at, "acme", "C0INCOMPL1", "U0KARI0001", "incomplete share")
		}},
		{monday.Add(4 * time.Hour), func(time.Time) { w.tells("delivered", "queued@acme.example") }},
		{nextMonday.Add(3 * time.Hour), func(at time.Time) {
			w.types(at, "acme", "C0SHOP0001", "U0KARI0001", "nettbutikk 46 share")
			w.types(at, "names", "C0NAMES001", "U0OLA00001", "archive 46")
		}},
	} {
		if e.at.After(after) && !e.at.After(until) {
			e.do(e.at)
		}
	}
}

func (w *world) put(key string, data []byte) {
	w.t.Helper()
	if _, err := w.store.Put(w.t.Context(), key, delivery.Object{Data: data}, delivery.Condition{}); err != nil {
		w.t.Fatal(err)
	}
}

// tells has SES tell of every mail to an address that it has not told of yet, by one of its events
// as email has them.
func (w *world) tells(name, to string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.Mails {
		isToldOf := func(m *message) bool { return strings.Contains(m.Body, `"`+l.ID+`"`) }
		if l.To != to || l.Tags["delivery"] == "" || slices.ContainsFunc(w.Queue, isToldOf) {
			continue
		}
		var e map[string]any
		if err := json.Unmarshal(must(os.ReadFile("../../channel/email/testdata/events/"+name+".json")), &e); err != nil {
			w.t.Fatal(err)
		}
		tags := make(map[string][]string)
		for name, value := range l.Tags {
			tags[name] = []string{strings.ReplaceAll(value, ".", "_2E")}
		}
		mail := e["detail"].(map[string]any)["mail"].(map[string]any)
		mail["messageId"], mail["destination"], mail["tags"] = l.ID, []string{to}, tags
		w.Queue = append(w.Queue, &message{ID: fmt.Sprintf("m-%d", len(w.Queue)+1), Queue: mailEvents,
			Body: string(must(json.Marshal(e))), Sent: w.Now})
	}
}

// types has a person type a slash command.
func (w *world) types(at time.Time, tenant, channel, user, text string) {
	w.t.Helper()
	body := url.Values{"team_id": {teams[tenant]}, "channel_id": {channel}, "user_id": {user},
		"command": {"/kindly-report"}, "text": {text}, "response_url": {w.slack.ResponseURL()}}.Encode()
	timestamp := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, []byte(signing))
	fmt.Fprintf(mac, "v0:%s:%s", timestamp, body)
	a, _ := w.order(order{At: at, Slash: &events.APIGatewayV2HTTPRequest{Body: body, Headers: map[string]string{
		"x-slack-request-timestamp": timestamp, "x-slack-signature": "v0=" + hex.EncodeToString(mac.Sum(nil)),
	}}})
	if a.Err != "" || !strings.HasPrefix(a.Said, "200 ") {
		w.t.Errorf("%s: %q of %s is answered with %q, %s", w.program.name, text, tenant, a.Said, a.Err)
	}
}

// write has the version before live until the cut, and writes what it leaves.
func write(t *testing.T) {
	t.Helper()
	w := newWorld(t)
	w.deploy(versionBefore(t))
	for _, tenant := range tenantNames {
		for _, id := range channelIn.FindAllString(string(configuration(tenant)), -1) {
			w.slack.SetChannel(slackfake.Channel{ID: id, Team: teams[tenant], Name: strings.ToLower(id),
				Member: true})
		}
	}
	w.Now = installed.Add(-time.Hour)
	w.run(monday.Add(-time.Minute))

	w.tick(monday)
	at := monday.Add(time.Minute)
	// Each of these dies at the step that its name begins with, once: before its effect, or after.
	deaths := map[string]bool{
		"acme/digest-alone":    false,
		"acme/pdf-in-doubt":    true,
		"acme/posted-in-doubt": true,
		"acme/claimed-alone":   false,
		"acme/mailed-in-doubt": true,
		"names/crowd":          true,
	}
	steps := map[string]string{
		"acme/digest-alone":    "slack chat.postMessage C0ALONE001", // the second, that of the details
		"acme/pdf-in-doubt":    "slack files.completeUploadExternal C0PDF00001",
		"acme/posted-in-doubt": "slack chat.postMessage C0POSTED01",
		"acme/claimed-alone":   "slack chat.postMessage C0CLAIMED1",
		"acme/mailed-in-doubt": "ses SendEmail doubt@acme.example",
		"names/crowd":          "ses SendEmail n20@crowd.example",
	}
	for _, group := range []string{"acme/nettbutikk", "acme/digest-alone", "acme/pdf-in-doubt",
		"acme/posted-in-doubt", "acme/claimed-alone", "acme/mailed-in-doubt", "acme/section-missing",
		"acme/slack-failed", "acme/not-invited", "acme/quiet", "acme/no-alert",
		"names/config", "names/ledger", "names/crowd"} {
		var mu sync.Mutex
		left := 1
		if group == "acme/digest-alone" {
			left = 2
		}
		w.dies = func(s step) (before, after bool) {
			mu.Lock()
			defer mu.Unlock()
			if s.Name != steps[group] {
				return false, false
			}
			left--
			return left == 0 && !deaths[group], left == 0 && deaths[group]
		}
		for _, m := range w.messages() {
			if m.Group == group && !m.Gone {
				w.work(at, m)
				if _, dies := steps[group]; dies == m.Gone {
					t.Fatalf("%s: whether its worker was to die is %v, and whether its message is gone %v",
						group, dies, m.Gone)
				}
			}
		}
		w.dies = nil
	}
	w.types(at.Add(time.Minute), "acme", "C0SHOP0001", "U0KARI0001", "nettbutikk 46")
	w.types(at.Add(time.Minute), "acme", "C0ALONE001", "U0KARI0001", "digest-alone 45 share")
	w.tells("delivered", "kari@acme.example")
	for _, m := range w.messages() { // redriven from the dead letter queue, although they are done
		if m.Group == "acme/nettbutikk" || m.Group == "acme/not-invited" && m.Sent.Before(monday) {
			again := *m
			again.ID, again.Dedup, again.Sent = m.ID+"-again", m.Dedup+"-again", w.Now
			again.Gone, again.Received = false, 0
			w.Queue = append(w.Queue, &again)
		}
	}
	w.save()
}

// save writes the fixture.
func (w *world) save() {
	w.t.Helper()
	if err := os.RemoveAll(fixtureBucket); err != nil {
		w.t.Fatal(err)
	}
	for _, key := range w.keys() {
		o, err := w.store.Get(w.t.Context(), key)
		file := filepath.Join(fixtureBucket, filepath.FromSlash(key))
		if err = errors.Join(err, os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, o.Data, 0o644)); err != nil {
			w.t.Fatal(err)
		}
	}
	for file, state := range map[string]any{fixtureOutside: w.outside, fixtureSlack: w.slack.State()} {
		data, err := json.Marshal(state)
		if err = errors.Join(err, os.WriteFile(file, append(data, '\n'), 0o644)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// keys are those of the bucket.
func (w *world) keys() (all []string) {
	w.t.Helper()
	for _, prefix := range append([]string{"config", "_deployment"}, tenantNames...) {
		all = append(all, must(w.store.List(w.t.Context(), prefix+"/"))...)
	}
	return all
}

// restored returns a world that is as the fixture says; where tenants are named, of these alone.
func restored(t *testing.T, tenants ...string) *world {
	t.Helper()
	w := newWorld(t)
	isLeft := func(tenant string) bool {
		return len(tenants) > 0 && slices.Contains(tenantNames, tenant) && !slices.Contains(tenants, tenant)
	}
	err := filepath.WalkDir(fixtureBucket, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		key := filepath.ToSlash(must(filepath.Rel(fixtureBucket, path)))
		tenant, isConfig := delivery.TenantOf(key)
		if !isConfig {
			tenant, _, _ = strings.Cut(key, "/")
		}
		if !isLeft(tenant) {
			w.put(key, must(os.ReadFile(path)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var state slackfake.State
	err = errors.Join(json.Unmarshal(must(os.ReadFile(fixtureOutside)), &w.outside),
		json.Unmarshal(must(os.ReadFile(fixtureSlack)), &state))
	if err != nil {
		t.Fatal(err)
	}
	whose := make(map[string]string) // tenants, by their channels
	for _, c := range state.Channels {
		for tenant, team := range teams {
			if c.Team == team {
				whose[c.ID] = tenant
			}
		}
	}
	state.Messages = slices.DeleteFunc(state.Messages, func(m slackfake.Message) bool {
		return isLeft(whose[m.Channel])
	})
	w.slack.SetState(state)
	w.Mails = slices.DeleteFunc(w.Mails, func(l letter) bool { return isLeft(l.Tags["tenant"]) })
	w.Queue = slices.DeleteFunc(w.Queue, func(m *message) bool { return isLeft(tenantOf(m.Body)) })
	return w
}

// tenantOf is whose a message of a queue is.
func tenantOf(body string) string {
	var m struct {
		Tenant string
		Detail struct {
			Mail struct{ Tags struct{ Tenant []string } }
		}
	}
	_ = json.Unmarshal([]byte(body), &m)
	if all := m.Detail.Mail.Tags.Tenant; len(all) > 0 {
		return all[0]
	}
	return m.Tenant
}
