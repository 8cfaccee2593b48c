package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/slack-go/slack"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/spelling"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/csv"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/sage/sagefake"
)

// monday is half an hour after the send time of week 46 in Oslo. Every test begins then.
var monday = time.Date(2026, time.November, 16, 7, 30, 0, 0, time.UTC)

// acme has one bot, with a channel and a mailbox.
const acme = `
slack: {team: T024BE7LD, token_secret: acme/slack, signing_secret: acme/signing}
mail: {from: Kindly Weekly <weekly@example.com>}
ops: {channels: C0ACMEOPS, recipients: ops@example.com}
defaults: {tz: Europe/Oslo, sources: all}
bots:
  - id: 4217
    name: Nettbutikk
    channels: C024BE91L
    recipients: kari@example.com
    viewers: U0VIEWER1
`

var (
	week    = must(period.Parse("2026-W46"))
	job     = config.Job{Tenant: "acme", Bot: "4217", Period: week}
	channel = config.Destination{Medium: config.Slack, To: "C024BE91L"}
	kari    = config.Destination{Medium: config.Mail, To: "kari@example.com"}
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// harness is a worker with fakes: a store in memory, Sage, Slack, mail and a fake clock.
type harness struct {
	*worker.Worker
	t       *testing.T
	store   *storetest.Memory
	sage    *sagefake.Server
	secrets *keyring
	slack   *post
	mail    *post
	out     *output
	bearers sync.Map // keys and tokens that went over a wire
	faults  []func() // which end them
}

// in runs a test with the configurations, by tenant.
func in(t *testing.T, configs map[string]string, f func(t *testing.T, h *harness)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &harness{t: t, store: &storetest.Memory{}, out: &output{}}
		time.Sleep(time.Until(monday))
		h.sage = sagefake.New(shop("4217", "good-key"))
		h.sage.Now = time.Now
		h.secrets = &keyring{known: map[string]string{"kindly/acme/4217": "good-key"}}
		h.slack, h.mail = &post{}, &post{}
		ledger := &delivery.Ledger{Store: h.store, Now: time.Now}
		h.Worker = &worker.Worker{
			Tenants: &tenantconfig.Loader{Store: h.store, Now: time.Now},
			Ledger:  ledger, Archive: delivery.Archive{Store: h.store},
			Secrets: h.secrets, SecretPrefix: "kindly/",
			Senders: map[config.Medium]delivery.Sender{config.Slack: h.slack, config.Mail: h.mail},
			Slack:   slackSide{h.slack}, Commands: alerting.Commands{Stack: "weekly"},
			SageURL: "https://sage.example", KindlyURL: "https://api.example", HTTP: served(h.sage),
			Render: quick,
			Spelling: (&spelling.Reader{Store: h.store, Now: time.Now,
				Log: log.New(h.out, slog.LevelInfo)}).Spelling,
			CatchUp: 72 * time.Hour, Now: time.Now,
			Log:     log.New(h.out, slog.LevelInfo),
			Metrics: &log.Metrics{Writer: h.out, Stage: "test", Now: time.Now},
		}
		for name, text := range configs {
			h.configure(name, text)
			// The tick has seen the tenants for a week.
			tenant := must(config.Parse("config/"+name+".yaml", []byte(text)))
			_, known := delivery.Plan(tenant, nil, monday.AddDate(0, 0, -7), time.Hour)
			if err := ledger.SaveFirstSeen(t.Context(), name, known, ""); err != nil {
				t.Fatal(err)
			}
		}
		f(t, h)
	})
}

// quick renders the editions that take little time: no charts, PDF or mail.
func quick(r *figures.Report) ([]delivery.File, error) {
	words, err := summary.Of(r)
	if err != nil {
		return nil, err
	}
	numbers, err := r.Encode()
	return []delivery.File{
		{Name: report.JSON, Data: numbers},
		{Name: report.CSV, Data: csv.CSV(r, words)},
		{Name: report.Digest, Data: must(digest.Slack(words, digest.Native).JSON())},
		{Name: report.Details, Data: must(digest.Details(words, digest.Native).JSON())},
		{Name: report.Text, Data: []byte(digest.Text(words, report.TextWidth))},
	}, err
}

// numbersAlone renders only the edition that every build must have.
func numbersAlone(r *figures.Report) ([]delivery.File, error) {
	numbers, err := r.Encode()
	return []delivery.File{{Name: delivery.ReportFile, Data: numbers}}, err
}

func (h *harness) configure(tenant, text string) {
	h.t.Helper()
	if _, err := config.Parse("config/"+tenant+".yaml", []byte(text)); err != nil {
		h.t.Fatal(err)
	}
	object := delivery.Object{Data: []byte(text)}
	if _, err := h.store.Put(h.t.Context(), delivery.KeysOf(tenant).Config(), object,
		delivery.Condition{}); err != nil {
		h.t.Fatal(err)
	}
}

// handle passes an event to the worker and returns how many of its messages SQS must repeat.
func (h *harness) handle(event events.SQSEvent) (again int) {
	h.t.Helper()
	ctx := lambdacontext.NewContext(h.t.Context(),
		&lambdacontext.LambdaContext{AwsRequestID: "invocation-1"})
	response, err := h.Handle(ctx, event)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range response.BatchItemFailures {
		if f.ItemIdentifier != event.Records[0].MessageId {
			h.t.Errorf("%q is to be repeated, which was not sent", f.ItemIdentifier)
		}
	}
	return len(response.BatchItemFailures)
}

// weekly handles the weekly job of acme's bot and expects it to be acknowledged.
func (h *harness) weekly() {
	h.t.Helper()
	before := len(h.out.lines)
	if again := h.handle(fixture(h.t, "weekly.json")); again != 0 {
		h.t.Errorf("the job is to be repeated:\n%s", h.out)
	}
	(&output{lines: h.out.lines[before:]}).hasNot(h.t, "SQS repeats")
}

// ask handles a request for acme's bot, after change, and expects it to be acknowledged.
func (h *harness) ask(change func(*queues.Request)) {
	h.t.Helper()
	event := fixture(h.t, "request.json")
	event.Records[0].Body = asked(h.t, event.Records[0].Body, change)
	if again := h.handle(event); again != 0 {
		h.t.Errorf("the request is to be repeated:\n%s", h.out)
	}
}

func asked(t *testing.T, body string, change func(*queues.Request)) string {
	t.Helper()
	request := must(queues.ParseRequest(body))
	change(&request)
	var fields map[string]any
	if err := json.Unmarshal(must(json.Marshal(request)), &fields); err != nil {
		t.Fatal(err)
	}
	fields["version"] = 1
	return string(must(json.Marshal(fields)))
}

// record returns the ledger's record of a delivery.
func (h *harness) record(d config.Destination) delivery.Record {
	h.t.Helper()
	ledger := &delivery.Ledger{Store: h.store, Now: time.Now}
	r, err := ledger.Read(h.t.Context(), job, d.ID())
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		h.t.Fatal(err)
	}
	return r
}

func (h *harness) states(channelIs, kariIs delivery.State) {
	h.t.Helper()
	if r := h.record(channel); r.State != channelIs {
		h.t.Errorf("the channel's delivery is %q, want %q: %s", r.State, channelIs, r.Reason)
	}
	if r := h.record(kari); r.State != kariIs {
		h.t.Errorf("Kari's delivery is %q, want %q: %s", r.State, kariIs, r.Reason)
	}
}

// fixture is an event as Lambda receives it from SQS.
func fixture(t *testing.T, name string) (event events.SQSEvent) {
	t.Helper()
	if err := json.Unmarshal(must(os.ReadFile(filepath.Join("testdata", name))),
		&event); err != nil {
		t.Fatal(err)
	}
	return event
}

// shop is a bot with 70 chats in week 46, 56 in each of the 13 weeks before, and no handovers.
func shop(id, key string) *sagefake.Bot {
	var events []sagefake.Event
	for day := range 98 {
		chats := 8
		if day < 7 {
			chats = 10
		}
		at := time.Date(2026, time.November, 15-day, 9, 0, 0, 0, time.UTC)
		add := func(k sagefake.Kind) {
			events = append(events, sagefake.Event{At: at, Kind: k, Source: "web", Language: "nb"})
		}
		for range chats {
			add(sagefake.Chat)
			for range 3 {
				add(sagefake.Message)
			}
			add(sagefake.Reply)
		}
		add(sagefake.Fallback)
	}
	bot := &sagefake.Bot{ID: id, Key: key, TZ: "Europe/Oslo"}
	bot.Add(events...)
	return bot
}

// served calls handlers without a network. The first that accepts the key answers.
func served(handlers ...http.Handler) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		var w *httptest.ResponseRecorder
		for _, h := range handlers { // the first that accepts the key answers
			w = httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusUnauthorized {
				break
			}
		}
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		response := w.Result()
		response.Request = r
		return response, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// keyring returns known secrets until Refetch replaces them by rotated ones.
type keyring struct {
	known   map[string]string
	rotated map[string]string
	err     error // of Get and Refetch
	late    error // of Refetch
}

func (s *keyring) Get(_ context.Context, id string) (string, error) {
	if key, ok := s.known[id]; ok && s.err == nil {
		return key, nil
	}
	if s.err != nil {
		return "", s.err
	}
	return "", fmt.Errorf("no secret %s", id)
}

func (s *keyring) Refetch(ctx context.Context, id string) (string, error) {
	if s.late != nil {
		return "", s.late
	}
	if key, ok := s.rotated[id]; ok {
		s.known[id] = key
	}
	return s.Get(ctx, id)
}

// message is a message that was sent, with its payload if that is a report.
type message struct {
	delivery.Message
	*delivery.Editions
}

func messageOf(m delivery.Message) message {
	e, _ := m.Payload.(*delivery.Editions)
	return message{m, e}
}

// complete is a report without gaps.
var complete = &delivery.Editions{Report: new(figures.Report)}

// post is a fake medium.
type post struct {
	mu         sync.Mutex
	sent       []message
	found      map[string]bool  // keys that Find finds
	looked     int              // how often Find was asked
	lookErr    error            // that Find has
	refuse     map[string]error // by whom it is for: what Send, or Private, says
	crash      string           // for whom Send panics
	private    []string         // users who got a direct message
	replies    []reply          // to commands
	replyLimit int              // the number, from 1, of the first reply that fails; zero: none
}

type reply struct {
	url, text string
	blocks    int
}

func (p *post) Find(_ context.Context, m delivery.Message, _ time.Time) (string, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.looked++
	if p.lookErr != nil {
		return "", false, p.lookErr
	}
	return "found", p.found[m.Key], nil
}

func (p *post) Send(_ context.Context, m delivery.Message) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.crash != "" && m.Destination.To == p.crash {
		panic("the sender is broken")
	}
	if err := p.refuse[m.Destination.To]; err != nil {
		return "", err
	}
	p.sent = append(p.sent, messageOf(m))
	return fmt.Sprintf("%s-%d", m.Destination.Medium, len(p.sent)), nil
}

// to returns the recipients of all messages, in their order.
func (p *post) to() (all []string) {
	for _, m := range p.sent {
		all = append(all, m.Destination.To)
	}
	return all
}

type slackSide struct{ *post }

func (s slackSide) Private(ctx context.Context, _ *config.Tenant, user string,
	m delivery.Message) error {
	if _, err := s.Send(ctx, m); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.private = append(s.private, user)
	return nil
}

func (s slackSide) Respond(_ context.Context, url, text string, blocks ...slack.Block) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.replyLimit > 0 && len(s.replies) == s.replyLimit-1 {
		return errors.New("the response_url has expired")
	}
	s.replies = append(s.replies, reply{url, text, len(blocks)})
	return nil
}

// output is the log of the Lambda.
type output struct {
	mu    sync.Mutex
	lines []string
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines = append(o.lines, string(p))
	return len(p), nil
}

func (o *output) String() string { return strings.Join(o.lines, "") }

// has expects a line with all the parts.
func (o *output) has(t *testing.T, parts ...string) {
	t.Helper()
	for _, line := range o.lines {
		all := true
		for _, part := range parts {
			all = all && strings.Contains(line, part)
		}
		if all {
			return
		}
	}
	t.Errorf("no line has %q:\n%s", parts, o)
}

// hasNot expects no line with the part.
func (o *output) hasNot(t *testing.T, part string) {
	t.Helper()
	for _, line := range o.lines {
		if strings.Contains(line, part) {
			t.Errorf("a line has %q: %s", part, line)
		}
	}
}
