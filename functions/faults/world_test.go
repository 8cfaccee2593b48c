package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"kindlyweekly/functions/buckets"
	"kindlyweekly/functions/buckets/s3double"
	"kindlyweekly/functions/incidents"
	"kindlyweekly/functions/logs"
	"kindlyweekly/functions/operator"
	"kindlyweekly/functions/queues"
	"kindlyweekly/functions/schedule"
	"kindlyweekly/functions/sesapi"
	"kindlyweekly/functions/slackapi"
	"kindlyweekly/functions/slackapi/slackdouble"
	"kindlyweekly/functions/snsapi"
	"kindlyweekly/functions/tenants"
	"kindlyweekly/functions/work"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/sage/sagetest"
)

// monday is when the reports of week 46 fall due in Oslo, and when every run begins.
var monday = time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)

const (
	tenantName = "acme"
	botID      = "shop"
	team       = "T024BE7LD"
	token      = "xoxb-acme"
	topic      = "arn:aws:sns:eu-north-1:123456789012:alarms"
	opsChannel = "C0ACMEOPS1"
)

var (
	week    = must(period.Parse("2026-W46"))
	job     = bots.Job{Tenant: tenantName, Bot: botID, Week: week}
	channel = bots.Destination{Medium: bots.Slack, To: "C024BE91L"}
	kari    = bots.Destination{Medium: bots.Mail, To: "kari@example.com"}
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A setting is what a run begins with.
type setting struct {
	channel, mail bool // to whom the report goes
	pictures      bool // the digest has them
	bucket        bool // S3 over its wire, and not a store in memory
}

func (s setting) config() string {
	config := `
slack: {team: T024BE7LD, token_secret: kindly/acme/slack}
mail: {from: Kindly Weekly <weekly@example.com>}
ops: {channels: C0ACMEOPS1}
defaults: {tz: Europe/Oslo, sources: all}
bots:
  - id: shop
    name: Nettbutikk
`
	if s.channel {
		config += "    channels: C024BE91L\n"
	}
	if s.mail {
		config += "    recipients: kari@example.com\n"
	}
	return config
}

// A world is a deployment, and the outside.
type world struct {
	t *testing.T
	setting
	plan []fault

	store  delivery.Store // as it is, past every gate
	bucket *s3double.Double
	slack  *slackdouble.Double
	sage   *sagetest.Server
	ses    *post
	sns    *post

	queue     []message
	processes []*gate // in the order in which they began
	counts    map[string]int
	before    string // what people had when all was quiet
}

// message is one of the FIFO queue's. SQS drops one that was sent within the last five minutes.
type message struct {
	body    string
	visible time.Time // not before
	sent    time.Time
	gone    bool
}

func newWorld(t *testing.T, s setting, plan ...fault) *world {
	t.Helper()
	if time.Now().Before(monday) {
		time.Sleep(time.Until(monday))
	}
	w := &world{t: t, setting: s, plan: plan, counts: make(map[string]int),
		ses: &post{id: "MessageId"}, sns: &post{id: "MessageId"}}
	w.store = new(storetest.Memory)
	if s.bucket {
		w.bucket = &s3double.Double{Bucket: "weekly"}
		w.store = w.s3(w.bucket)
	}
	w.slack = slackdouble.New(slackdouble.Workspace{Team: team, Name: "acme", Token: token, Scopes: slackapi.Scopes()})
	w.slack.Processing = 0
	for _, id := range []string{channel.To, opsChannel} {
		w.slack.SetChannel(slackdouble.Channel{ID: id, Team: team, Name: strings.ToLower(id), Member: true})
	}
	w.sage = sagetest.New(shop())
	w.sage.Now = time.Now

	config := s.config()
	tenant := must(bots.Parse("config/acme.yaml", []byte(config)))
	_, known := delivery.Plan(tenant, nil, monday.AddDate(0, 0, -3), time.Hour)
	must(w.store.Put(t.Context(), delivery.KeysOf(tenantName).Config(), delivery.Object{Data: []byte(config)}, delivery.Absent()))
	if err := (&delivery.Ledger{Store: w.store, Now: time.Now}).SaveKnown(t.Context(), tenantName, known, ""); err != nil {
		t.Fatal(err)
	}
	return w
}

// shop is a bot with a few chats in week 46.
func shop() *sagetest.Bot {
	bot := &sagetest.Bot{ID: botID, Key: "good-key", TZ: "Europe/Oslo"}
	for day := range 30 {
		at := time.Date(2026, time.November, 15-day, 9, 0, 0, 0, time.UTC)
		for _, kind := range []sagetest.Kind{sagetest.Chat, sagetest.Message, sagetest.Reply} {
			bot.Add(sagetest.Event{At: at, Kind: kind, Source: "web", Language: "nb"})
		}
	}
	return bot
}

// post is an AWS service that takes messages, over its wire.
type post struct {
	mu   sync.Mutex
	took []string // bodies
	id   string
}

func (p *post) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.took = append(p.took, string(body))
	if strings.Contains(r.Header.Get("Authorization"), "/sns/") {
		fmt.Fprint(w, `<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`)
		return
	}
	fmt.Fprintf(w, `{"MessageId": "m-%d"}`, len(p.took))
}

func (p *post) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.took)
}

// s3 is a bucket behind a transport that is not a gate's, or, with a gate, behind it.
func (w *world) s3(to http.Handler) delivery.Store {
	return buckets.S3{Bucket: "weekly", Client: s3.NewFromConfig(config(wire{w.gate("nobody"), s3Name, to}), func(o *s3.Options) { o.UsePathStyle = true })}
}

func config(transport aws.HTTPClient) aws.Config {
	return aws.Config{Region: "eu-north-1", HTTPClient: transport, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		BaseEndpoint: aws.String("https://aws.example")}
}

func s3Name(r *http.Request, _ []byte) string {
	if r.URL.Query().Get("list-type") != "" {
		return "s3 LIST " + r.URL.Query().Get("prefix")
	}
	return "s3 " + r.Method + " " + nameOfKey(strings.TrimPrefix(r.URL.Path, "/weekly/"))
}

func slackName(r *http.Request, _ []byte) string {
	name := path.Base(r.URL.Path)
	if strings.Contains(r.URL.Path, "/upload/") {
		name = "upload"
	}
	return "slack " + name
}

func sageName(r *http.Request, _ []byte) string {
	q := r.URL.Query()
	_, endpoint, _ := strings.Cut(r.URL.Path, "/bot/"+botID+"/")
	return strings.TrimSpace(fmt.Sprintf("sage %s %s %s", endpoint, q.Get("granularity"), q.Get("from")))
}

func named(name string) func(*http.Request, []byte) string {
	return func(*http.Request, []byte) string { return name }
}

// gate is that of a process which begins now.
func (w *world) gate(name string) *gate {
	return &gate{process: name, plan: w.plan, seen: make(map[string]int),
		hide: func(d time.Duration) { w.slack.FailAlways("chat.postMessage", slackdouble.Fault{Late: d}) }}
}

// process begins one: worker 1, worker 2, tick 1, …
func (w *world) process(function string) *gate {
	w.counts[function]++
	g := w.gate(fmt.Sprintf("%s %d", function, w.counts[function]))
	w.processes = append(w.processes, g)
	return g
}

// outside is what a process has of the world, through its gate.
type outside struct {
	store   delivery.Store
	senders map[bots.Medium]delivery.Sender
	slack   *slackapi.Client
}

func (w *world) outside(g *gate) outside {
	var o outside
	o.store = store{g, w.store}
	if w.setting.bucket {
		o.store = buckets.S3{Bucket: "weekly", Client: s3.NewFromConfig(config(wire{g, s3Name, w.bucket}), func(o *s3.Options) { o.UsePathStyle = true })}
	}
	o.slack = &slackapi.Client{HTTP: &http.Client{Transport: wire{g, slackName, w.slack}},
		Token: func(context.Context, *bots.Tenant) (string, error) { return token, nil }}
	ses := sesv2.NewFromConfig(config(wire{g, named("ses SendEmail"), w.ses}))
	o.senders = map[bots.Medium]delivery.Sender{
		bots.Slack:     o.slack,
		bots.Mail:      &sesapi.Sender{Client: ses, Store: o.store},
		delivery.Topic: &snsapi.Sender{Client: sns.NewFromConfig(config(wire{g, named("sns Publish"), w.sns}))},
	}
	return o
}

// draw draws editions that are small, since what they show is not the matter.
func (s setting) draw(r *figures.Report) ([]delivery.File, error) {
	numbers, err := r.Encode()
	files := []delivery.File{{Name: "report.json", Type: "application/json", Data: numbers}, {Name: "report.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7")}}
	if s.pictures {
		for _, name := range []string{"chats", "fallbacks", "handovers", "weekdays"} {
			files = append(files, delivery.File{Name: "charts/" + name + ".png", Type: "image/png", Data: []byte("\x89PNG\r\n\x1a\n" + name)})
		}
	}
	return files, err
}

// key is the one secret, through the gate.
type key struct{ gate *gate }

func (k key) Get(ctx context.Context, id string) (string, error) {
	secret, _, err := pass(k.gate, ctx, "secret get "+id, func() (string, error) { return "good-key", nil })
	return secret, err
}

func (k key) Refetch(ctx context.Context, id string) (string, error) { return k.Get(ctx, id) }

// visibility is how long SQS keeps a message from others that was given to a worker.
const visibility = 30 * time.Minute

// invocation is how long Lambda lets a worker live, and a tick.
const (
	invocation = 300 * time.Second
	tickTime   = 60 * time.Second
)

// works gives a message to a new worker.
func (w *world) works(m *message) {
	m.visible = time.Now().Add(visibility)
	if w.work(m.body) {
		m.gone = true
	}
}

// work is one worker's invocation. It reports whether the message is acknowledged.
func (w *world) work(body string) bool {
	g := w.process("worker")
	g.other = func() { w.work(body) }
	o := w.outside(g)
	worker := &work.Worker{
		Tenants: &tenants.Loader{Store: o.store}, Ledger: &delivery.Ledger{Store: o.store, Now: time.Now}, Archive: delivery.Archive{Store: o.store},
		Secrets: key{g}, SecretPrefix: "kindly/", Commands: deployed, Senders: o.senders, Slack: o.slack,
		SageURL: "https://sage.example", KindlyURL: "https://api.example", HTTP: wire{g, sageName, w.sage},
		Draw: w.draw, CatchUp: window, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Metrics: &logs.Metrics{Writer: io.Discard, Now: time.Now},
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), invocation)
	defer cancel()
	response, err := worker.Handle(ctx, events.SQSEvent{Records: []events.SQSMessage{{
		MessageId: "m-1", Body: body, EventSourceARN: "arn:aws:sqs:eu-north-1:123456789012:weekly.fifo",
		Attributes: map[string]string{"ApproximateReceiveCount": "1"}}}})
	return !g.isDead() && err == nil && len(response.BatchItemFailures) == 0
}

// deployed are the commands that operators are told.
var deployed = operator.Commands{Bucket: "weekly", Secrets: "kindly/"}

// window is within which what is late is caught up.
const window = 72 * time.Hour

// tick is a tick, and, if it failed, the one that Lambda lets follow it.
func (w *world) tick(at time.Time) {
	for range 2 {
		if w.tickOnce(at) {
			return
		}
		time.Sleep(time.Minute)
	}
}

// tickOnce is one invocation of the tick. It reports whether that went well.
func (w *world) tickOnce(at time.Time) bool {
	g := w.process("tick")
	g.other = func() { w.tickOnce(at) }
	o := w.outside(g)
	ledger := &delivery.Ledger{Store: o.store, Now: time.Now}
	log := slog.New(slog.DiscardHandler)
	handler := &schedule.Handler{
		Tenants: &tenants.Loader{Store: o.store, Keep: true}, Ledger: ledger, Queue: queue{w, g},
		Desk:   &incidents.Desk{Ledger: ledger, Senders: o.senders, Topic: topic, Commands: deployed, Window: window, Log: log},
		Window: window, Log: log,
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), tickTime)
	defer cancel()
	_, err := handler.Handle(ctx, schedule.Tick{Time: at})
	return err == nil && !g.isDead()
}

// queue is SQS as the tick has it.
type queue struct {
	w    *world
	gate *gate
}

func (q queue) Send(ctx context.Context, jobs []queues.Job) error {
	_, _, err := pass(q.gate, ctx, "sqs SendMessageBatch", func() (struct{}, error) {
		for _, j := range jobs {
			body := must(json.Marshal(map[string]any{"version": 1, "tenant": j.Tenant, "bot": j.Bot, "week": j.Week, "reason": j.Reason}))
			if i := slices.IndexFunc(q.w.queue, func(m message) bool { return m.body == string(body) && time.Since(m.sent) < 5*time.Minute }); i < 0 {
				q.w.queue = append(q.w.queue, message{body: string(body), sent: time.Now()})
			}
		}
		return struct{}{}, nil
	})
	return err
}

// run lets ticks and workers come until all is quiet, and nobody has heard anything new at two ticks: the first may have
// something to tell of what the workers did after it. Then all comes once more, which changes nothing.
func (w *world) run() {
	quarter, quiet := monday, 0
	for range 4 * 96 {
		time.Sleep(time.Until(quarter))
		before := w.said()
		w.tick(quarter)
		w.workers()
		if quiet++; !w.isQuiet() || w.said() != before {
			quiet = 0
		}
		if quiet == 2 {
			break
		}
		quarter = quarter.Add(15 * time.Minute)
		for !quarter.After(time.Now()) {
			quarter = quarter.Add(15 * time.Minute)
		}
	}
	time.Sleep(hiding + lateness) // what is still under way arrives
	w.before = w.said()
	w.work(w.queue[0].body) // SQS delivers at least once, and people redrive dead letters
	w.tick(quarter)
	w.workers()
}

// workers are given what is visible. In a FIFO queue a message waits for the one before it.
func (w *world) workers() {
	for i := range w.queue {
		m := &w.queue[i]
		if m.gone {
			continue
		}
		if m.visible.After(time.Now()) {
			return
		}
		if w.works(m); !m.gone {
			return
		}
	}
}

// isQuiet reports whether nothing is left to do: no message, no delivery that is not over, no notice.
func (w *world) isQuiet() bool {
	if slices.ContainsFunc(w.queue, func(m message) bool { return !m.gone }) {
		return false
	}
	for _, d := range w.destinations() {
		if r := w.record(d); !r.State.Final() {
			return false
		}
	}
	for _, of := range []string{tenantName, "_deployment"} {
		if len(w.ops(of).Notices) > 0 {
			return false
		}
	}
	return true
}

func (w *world) destinations() (all []bots.Destination) {
	if w.channel {
		all = append(all, channel)
	}
	if w.mail {
		all = append(all, kari)
	}
	return all
}

// record is what the ledger says; the zero Record where it says nothing.
func (w *world) record(d bots.Destination) delivery.Record {
	r, _ := (&delivery.Ledger{Store: w.store, Now: time.Now}).Read(w.t.Context(), job, d.ID())
	return r
}

// ops is what of a tenant's ops is to be told.
func (w *world) ops(tenant string) (s struct {
	Open    []struct{ ID, Reason string }
	Notices []delivery.Notice
}) {
	if o, err := w.store.Get(w.t.Context(), delivery.KeysOf(tenant).Ops()); err == nil {
		_ = json.Unmarshal(o.Data, &s)
	}
	return s
}
