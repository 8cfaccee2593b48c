package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
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
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/channel/sns"
	"kindlyweekly/functions/internal/s3fake"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/tick"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/sage/sagefake"
)

// monday is when the reports of week 46 fall due in Oslo, and when every run begins.
var monday = time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)

const (
	botID = "shop"
	topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
)

var week = must(period.Parse("2026-W46"))

// A customer is a tenant with a Slack of its own. What the bots of all are called at Kindly's is
// the same.
type customer struct {
	name, team string
	ops        string             // the channel of its ops
	bot        string             // the name of its bot
	chats      int                // that it has in a day
	channel    config.Destination // where its report goes, and to whom
	mail       config.Destination
}

var (
	acme = customer{name: "acme", team: "T024BE7LD", ops: "C0ACMEOPS1", bot: "Nettbutikk", chats: 1,
		channel: config.Destination{Medium: config.Slack, To: "C024BE91L"},
		mail:    config.Destination{Medium: config.Mail, To: "kari@example.com"}}
	bakery = customer{name: "bakery", team: "T0BAKERY1", ops: "C0BAKERYOP", bot: "Bakeri", chats: 2,
		channel: config.Destination{Medium: config.Slack, To: "C0BAKERY99"},
		mail:    config.Destination{Medium: config.Mail, To: "ola@bakery.example"}}
)

func (c customer) job() config.Job { return config.Job{Tenant: c.name, Bot: botID, Period: week} }
func (c customer) token() string   { return "xoxb-" + c.name }
func (c customer) key() string     { return "key-" + c.name }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A setting is what a run begins with, and what happens in it beside faults.
type setting struct {
	channel, mail bool // to whom the report goes
	pictures      bool // the digest has them
	bucket        bool // S3 over its wire, and not a store in memory

	neighbour bool // another tenant has a bot of the same id; both are served by the same process
	empty     bool // no chats, and the bot has skip_if_empty
	calm      bool // the mail is for weeks with an alarm, and there is none

	window time.Duration // to catch up; three days where zero
	behind time.Duration // how long after a tick a worker gets its messages
	// what SES tells of a mail, one after the other: the names of email's testdata/events
	events  []string
	early   bool // it does so before its worker hears that SES has it
	resend  bool // in the end an operator sends again what did not arrive
	hasty   bool // at once too, while it is still tried
	happens func(w *world)
}

func (s setting) config(c customer) string {
	config := fmt.Sprintf(`
slack: {team: %s, token_secret: kindly/%s/slack}
mail: {from: Kindly Weekly <weekly@example.com>}
ops: {channels: %s}
defaults: {tz: Europe/Oslo, sources: all}
bots:
  - id: %s
    name: %s
    skip_if_empty: %v
`, c.team, c.name, c.ops, botID, c.bot, s.empty)
	if s.channel {
		config += "    channels: " + c.channel.To + "\n"
	}
	switch {
	case s.calm:
		config += "    targets: {fallback_rate: 8%}\n    recipients: [{address: " + c.mail.To +
			", send: on_alert}]\n"
	case s.mail:
		config += "    recipients: " + c.mail.To + "\n"
	}
	if s.pictures {
		config += "    charts: images\n"
	}
	return config
}

// isWanted reports whether a destination has a reason to get the report.
func (s setting) isWanted(d config.Destination) bool {
	return !s.empty && (!s.calm || d.Medium != config.Mail)
}

// A world is a deployment, and the outside.
type world struct {
	t *testing.T
	setting
	plan      []fault
	customers []customer

	store  delivery.Store // as it is, past every gate
	bucket *s3fake.Server
	slack  *slackfake.Server
	sage   map[string]*sagefake.Server // by customer
	ses    *mailroom
	sns    *board

	queue   []*message
	quarter time.Time // of the last tick
	warm    *process  // that is used again
	before  string    // what people had when all was quiet

	mu        sync.Mutex
	processes []*gate // in the order in which they began
	counts    map[string]int
	pace      uint64         // a seed for how long requests take; zero: no time
	beside    sync.WaitGroup // those who work beside others
}

// A message is one of a queue's. SQS drops one of the FIFO queue's that was sent within the last
// five minutes.
type message struct {
	queue   string
	body    string
	visible time.Time // not before
	sent    time.Time
	gone    bool
}

// The queues.
const (
	weekly     = "weekly.fifo"
	mailEvents = "mail-events"
)

func newWorld(t *testing.T, s setting, plan ...fault) *world {
	t.Helper()
	if time.Now().Before(monday) {
		time.Sleep(time.Until(monday))
	}
	w := &world{t: t, setting: s, plan: plan, counts: make(map[string]int),
		quarter: monday.Add(-quarter), customers: []customer{acme},
		ses: new(mailroom), sns: new(board), sage: make(map[string]*sagefake.Server)}
	if s.window == 0 {
		w.window = window
	}
	if s.neighbour {
		w.customers = append(w.customers, bakery)
	}
	w.ses.tells = w.hears
	w.store = new(storetest.Memory)
	if s.bucket {
		w.bucket = &s3fake.Server{Bucket: "weekly"}
		w.store = w.s3(w.gate("no process"))
	}
	var workspaces []slackfake.Workspace
	for _, c := range w.customers {
		workspaces = append(workspaces, slackfake.Workspace{Team: c.team, Name: c.name,
			Token: c.token(), Scopes: slack.Scopes()})
	}
	w.slack = slackfake.New(workspaces...)
	w.slack.Processing, w.slack.PageSize = 0, 2
	for _, c := range w.customers {
		for _, id := range []string{c.channel.To, c.ops} {
			w.slack.SetChannel(slackfake.Channel{ID: id, Team: c.team, Name: strings.ToLower(id),
				Member: true})
		}
		w.sage[c.name] = sagefake.New(s.shop(c))
		w.configure(c, s.config(c))
		tenant := must(config.Parse("config/"+c.name+".yaml", []byte(s.config(c))))
		_, known := delivery.Plan(tenant, nil, monday.AddDate(0, 0, -3), time.Hour)
		if err := (&delivery.Ledger{Store: w.store, Now: time.Now}).SaveFirstSeen(t.Context(),
			c.name, known, ""); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// configure writes a customer's configuration.
func (w *world) configure(c customer, config string) {
	must(w.store.Put(context.Background(), delivery.KeysOf(c.name).Config(),
		delivery.Object{Data: []byte(config)}, delivery.Condition{}))
}

// shop is a customer's bot, with a few chats in week 46, unless that is empty.
func (s setting) shop(c customer) *sagefake.Bot {
	bot := &sagefake.Bot{ID: botID, Key: c.key(), TZ: "Europe/Oslo"}
	for day := range 30 {
		if s.empty && day < 7 {
			continue
		}
		at := time.Date(2026, time.November, 15-day, 9, 0, 0, 0, time.UTC)
		for range c.chats {
			for _, kind := range []sagefake.Kind{sagefake.Chat, sagefake.Message, sagefake.Reply} {
				bot.Add(sagefake.Event{At: at, Kind: kind, Source: "web", Language: "nb"})
			}
		}
	}
	return bot
}

// chatsOf is how many of a customer's chats are in week 46.
func (s setting) chatsOf(c customer) int {
	if s.empty {
		return 0
	}
	return 7 * c.chats
}

// serveSage is Kindly's, where the bots of all have the same id: whose is meant, the key says, and
// the token.
func (w *world) serveSage(to http.ResponseWriter, r *http.Request) {
	var answer *httptest.ResponseRecorder
	for _, c := range w.customers {
		answer = httptest.NewRecorder()
		if w.sage[c.name].ServeHTTP(answer, r); answer.Code != http.StatusUnauthorized {
			break
		}
	}
	maps.Copy(to.Header(), answer.Header())
	to.WriteHeader(answer.Code)
	_, _ = to.Write(answer.Body.Bytes())
}

// A mailroom is an SES that keeps what it took, and tells of it.
type mailroom struct {
	tells func(piece) // of what it has just taken; its caller still waits for an answer

	mu   sync.Mutex
	took []piece
}

// A piece is a mail that SES took.
type piece struct {
	id, to string
	tags   map[string]string
	raw    []byte
}

func (m *mailroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Destination struct{ ToAddresses []string }
		EmailTags   []struct{ Name, Value string }
		Content     struct{ Raw struct{ Data []byte } }
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	l := piece{to: strings.Join(in.Destination.ToAddresses, ", "), tags: make(map[string]string),
		raw: in.Content.Raw.Data}
	for _, tag := range in.EmailTags {
		l.tags[tag.Name] = tag.Value
	}
	m.mu.Lock()
	l.id = fmt.Sprintf("m-%d", len(m.took)+1)
	m.took = append(m.took, l)
	m.mu.Unlock()
	m.tells(l)
	fmt.Fprintf(w, `{"MessageId": %q}`, l.id)
}

func (m *mailroom) all() []piece {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.took)
}

// samples are events of SES as it sends them.
var samples = func() map[string][]byte {
	files, err := filepath.Glob("../../channel/email/testdata/events/*.json")
	if err != nil || len(files) == 0 {
		panic(fmt.Sprint("no samples of SES's events: ", err))
	}
	all := make(map[string][]byte)
	for _, file := range files {
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = must(os.ReadFile(file))
	}
	return all
}()

// event is what SES tells of a piece.
func event(name string, l piece) string {
	var e map[string]any
	if err := json.Unmarshal(samples[name], &e); err != nil {
		panic(fmt.Sprintf("%s: %v", name, err))
	}
	mail := e["detail"].(map[string]any)["mail"].(map[string]any)
	tags := make(map[string][]string)
	for name, value := range l.tags {
		tags[name] = []string{value}
	}
	mail["messageId"], mail["destination"], mail["tags"] = l.id, []string{l.to}, tags
	return string(must(json.Marshal(e)))
}

// hears lets SES tell of a piece.
func (w *world) hears(l piece) {
	for _, name := range w.events {
		m := &message{queue: mailEvents, body: event(name, l), sent: time.Now()}
		w.mu.Lock()
		w.queue = append(w.queue, m)
		w.mu.Unlock()
		if w.early {
			w.works(m)
		}
	}
}

// s3 is the bucket behind a gate.
func (w *world) s3(g *gate) delivery.Store {
	return store.S3{Bucket: "weekly", Client: s3.NewFromConfig(awsConfig(wire{g, s3Name, w.bucket}),
		func(o *s3.Options) { o.UsePathStyle = true })}
}

func awsConfig(transport aws.HTTPClient) aws.Config {
	return aws.Config{Region: "eu-north-1", HTTPClient: transport,
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
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
	return strings.TrimSpace(fmt.Sprintf("sage %s %s %s", endpoint, q.Get("granularity"),
		q.Get("from")))
}

func named(name string) func(*http.Request, []byte) string {
	return func(*http.Request, []byte) string { return name }
}

// gate is that of a process which begins now.
func (w *world) gate(name string) *gate {
	return &gate{process: name, plan: w.plan, seen: make(map[string]int), tick: w.ticks,
		takes: func(request string) time.Duration { return w.takes(name + request) },
		hide: func(d time.Duration) {
			w.slack.FailAlways("chat.postMessage",
				slackfake.Fault{Late: d})
		}}
}

// takes says how long a request takes: no time, unless several work at once. Then it is up
// to the seed who is faster.
func (w *world) takes(request string) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pace == 0 {
		return 0
	}
	h := fnv.New64a()
	fmt.Fprint(h, w.pace, request)
	// so that two ask Sage at other seconds, and build other numbers
	return time.Duration(5+h.Sum64()%2000) * time.Millisecond
}

// begin begins a process: worker 1, worker 2, tick 1, …
func (w *world) begin(function string) *gate {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts[function]++
	g := w.gate(fmt.Sprintf("%s %d", function, w.counts[function]))
	w.processes = append(w.processes, g)
	return g
}

// outside is what a process has of the world, through its gate.
type outside struct {
	store   delivery.Store
	senders map[config.Medium]delivery.Sender
	slack   *slack.Client
}

func (w *world) outside(g *gate) outside {
	var o outside
	o.store = gatedStore{g, w.store}
	if w.setting.bucket {
		o.store = w.s3(g)
	}
	o.slack = &slack.Client{Deployment: "faults",
		HTTP: &http.Client{Transport: wire{g, slackName, w.slack}, Timeout: 30 * time.Second},
		Token: func(_ context.Context, t *config.Tenant) (string, error) {
			return "xoxb-" + t.Name,
				nil
		}}
	ses := sesv2.NewFromConfig(awsConfig(wire{g, named("ses SendEmail"), w.ses}))
	o.senders = map[config.Medium]delivery.Sender{
		config.Slack: o.slack,
		config.Mail:  &email.Sender{Client: ses, Store: o.store},
		delivery.Topic: &sns.Sender{Client: awssns.NewFromConfig(awsConfig(wire{g,
			named("sns Publish"), w.sns}))},
	}
	return o
}

// draw draws editions that are small, since what they show is not the matter, but of which numbers
// they are.
func (s setting) draw(r *figures.Report) ([]delivery.File, error) {
	numbers, err := r.Encode()
	files := []delivery.File{{Name: "report.json", Type: "application/json", Data: numbers},
		{Name: "report.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 Report " + r.ID)}}
	if s.pictures {
		for _, name := range []string{"chats", "fallbacks", "hours", "trend", "weeks"} {
			files = append(files, delivery.File{Name: "charts/" + name + ".png", Type: "image/png",
				Data: []byte("\x89PNG\r\n\x1a\n" + name)})
		}
	}
	return files, err
}

// keys is a Secrets Manager with the bots' keys, through the gate.
type keys struct{ gate *gate }

func (k keys) Get(ctx context.Context, id string) (string, error) {
	secret, _, err := pass(k.gate, ctx, "secret get "+id,
		func() (string, error) { return "key-" + strings.Split(id, "/")[1], nil })
	return secret, err
}

func (k keys) Refetch(ctx context.Context, id string) (string, error) { return k.Get(ctx, id) }

// visibility is how long SQS keeps a message from others that was given to a worker.
const visibility = 30 * time.Minute

// invocation is how long Lambda lets a worker live, and a tick.
const (
	invocation = 300 * time.Second
	tickTime   = 60 * time.Second
)

// commandTime is what an operator's command takes at most; the operator ends one that goes on.
const commandTime = 10 * time.Minute

// What a worker and a tick need at their end to record what they have sent.
const (
	workerSpare = 10 * time.Second
	tickSpare   = 5 * time.Second
)

// A process is one that handles messages, or an operator's command.
type process struct {
	*gate
	*worker.Worker
}

func (w *world) newProcess(function string) *process {
	g := w.begin(function)
	o := w.outside(g)
	return &process{g, &worker.Worker{
		Tenants: &tenantconfig.Loader{Store: o.store},
		Ledger:  &delivery.Ledger{Store: o.store, Now: time.Now},
		Archive: delivery.Archive{Store: o.store},
		Secrets: keys{g}, SecretPrefix: "kindly/", Commands: deployed, Senders: o.senders,
		Slack:   o.slack,
		SageURL: "https://sage.example", KindlyURL: "https://api.example",
		HTTP:   wire{g, sageName, http.HandlerFunc(w.serveSage)},
		Render: w.draw, CatchUp: w.window, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Metrics: &log.Metrics{Writer: io.Discard, Now: time.Now},
	}}
}

// works gives a message to a worker, a new one unless one is kept warm.
func (w *world) works(m *message) {
	m.visible = time.Now().Add(visibility)
	p := w.warm
	if p == nil || p.isDead() {
		p = w.newProcess(m.function())
	}
	if w.neighbour {
		w.warm = p
	}
	if w.handle(p, m) {
		m.gone = true
	}
	w.beside.Wait()
	w.talk()
}

// function is what a process is called that handles the message.
func (m *message) function() string {
	if m.queue == mailEvents {
		return "event"
	}
	return "worker"
}

// work gives a message to a new worker, whatever has become of the message.
func (w *world) work(m *message) { w.handle(w.newProcess(m.function()), m) }

// handle is one invocation. It reports whether the message is acknowledged.
func (w *world) handle(p *process, m *message) bool {
	p.other = func() { w.work(m) }
	p.gate.beside = func(seed uint64) {
		w.mu.Lock()
		w.pace = seed
		w.mu.Unlock()
		w.beside.Go(func() { w.work(m) })
	}
	end := p.begin(invocation, workerSpare)
	defer end()
	ctx, cancel := context.WithTimeout(w.t.Context(), invocation)
	defer cancel()
	response, err := p.Handle(ctx, events.SQSEvent{Records: []events.SQSMessage{{
		MessageId: "m-1", Body: m.body, EventSourceARN: "arn:aws:sqs:eu-north-1:123456789012:" +
			m.queue,
		Attributes: map[string]string{"ApproximateReceiveCount": "1"}}}})
	return !p.isDead() && err == nil && len(response.BatchItemFailures) == 0
}

// deployed are the commands that operators are told.
var deployed = alerting.Commands{Stack: "weekly"}

// window is within which what is late is caught up.
const window = 72 * time.Hour

// ticks lets the next tick come.
func (w *world) ticks() {
	for w.quarter = w.quarter.Add(quarter); w.quarter.Before(time.Now()); w.quarter = w.quarter.Add(quarter) {
		// It passed during work.
	}
	time.Sleep(time.Until(w.quarter))
	w.tick()
}

// tick is the tick of this quarter, and, if it failed, the one that Lambda lets follow it.
func (w *world) tick() {
	for range 2 {
		done := w.tickOnce(w.quarter)
		if w.talk(); done {
			return
		}
		time.Sleep(time.Minute)
	}
}

// quarter is of an hour.
const quarter = 15 * time.Minute

// tickOnce is one invocation of the tick. It reports whether that went well.
func (w *world) tickOnce(at time.Time) bool {
	g := w.begin("tick")
	g.other = func() { w.tickOnce(at) }
	o := w.outside(g)
	ledger := &delivery.Ledger{Store: o.store, Now: time.Now}
	log := slog.New(slog.DiscardHandler)
	handler := &tick.Handler{
		Tenants: &tenantconfig.Loader{Store: o.store, SaveGood: true}, Ledger: ledger,
		Queue: queue{w, g},
		Notifier: &alerting.Notifier{Ledger: ledger, Senders: o.senders, Topic: topic,
			Commands: deployed, Window: w.window, Log: log},
		Window: w.window, Log: log,
	}
	end := g.begin(tickTime, tickSpare)
	defer end()
	ctx, cancel := context.WithTimeout(w.t.Context(), tickTime)
	defer cancel()
	_, err := handler.Handle(ctx, tick.Tick{Time: at})
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
			body := string(must(json.Marshal(map[string]any{"version": 1, "tenant": j.Tenant,
				"bot": j.Bot, "week": j.Period, "reason": j.Reason})))
			q.w.mu.Lock()
			if !slices.ContainsFunc(q.w.queue,
				func(m *message) bool {
					return m.body == body &&
						time.Since(m.sent) < 5*time.Minute
				}) {
				q.w.queue = append(q.w.queue, &message{queue: weekly, body: body, sent: time.Now()})
			}
			q.w.mu.Unlock()
		}
		return struct{}{}, nil
	})
	return err
}

// run lets ticks and workers come until all is quiet, and then an operator, where one is to. Then
// all comes once more, which changes nothing.
func (w *world) run() {
	if w.happens != nil {
		w.happens(w)
	}
	if w.hasty {
		time.AfterFunc(7*time.Minute, func() { w.operate(w.customers[0]) })
	}
	w.quiet()
	if w.resend {
		for _, c := range w.customers {
			w.operates(c)
		}
		w.quiet()
	}
	time.Sleep(hiding + lateness) // what is still under way arrives
	w.before = w.said()
	came := make(map[string]bool)
	for _, m := range w.messages() { // SQS delivers at least once, and people redrive dead letters
		if !came[m.body] {
			came[m.body] = true
			w.work(m)
		}
	}
	w.tick()
	w.workers()
}

// quiet goes on until nothing is left to do, and no one has heard anything new at two ticks: the
// first may have something to tell of what the workers did after it.
func (w *world) quiet() {
	quiet := 0
	for range 4 * 96 {
		before := w.said()
		w.ticks()
		time.Sleep(w.behind)
		w.workers()
		if quiet++; !w.isQuiet() || w.said() != before {
			quiet = 0
		}
		if quiet == 2 {
			break
		}
	}
}

// workers are given what is visible. In a FIFO queue a message waits for the one before it of its
// group.
func (w *world) workers() {
	waits := make(map[string]bool)
	for i := 0; i < len(w.messages()); i++ { // SES adds some
		m := w.messages()[i]
		switch {
		case m.gone, waits[m.body]: // a group has only one kind of message
			continue
		case !m.visible.After(time.Now()):
			w.works(m)
		}
		waits[m.body] = !m.gone && m.queue == weekly
	}
}

func (w *world) messages() []*message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.queue)
}

// operates is what an operator does: they send again what did not arrive, and run the command
// again, as it says, until that is over. They wait after each failure, and give up at last.
func (w *world) operates(c customer) {
	for range 6 {
		if w.operate(c) {
			return
		}
		time.Sleep(15 * time.Minute)
	}
}

// operate is the command by which an operator sends again what did not arrive. It reports whether
// that is over.
func (w *world) operate(c customer) (done bool) {
	var failed []config.Destination
	for _, d := range w.deliveries(c) {
		if s := w.history(c).Status(d); s.Failed && !s.Resent || w.hasty && !s.Over {
			failed = append(failed, d.Destination)
		}
	}
	if len(failed) == 0 {
		return true
	}
	p := w.newProcess("operator")
	p.other = func() { w.resends(w.newProcess("operator"), c, failed) }
	w.resends(p, c, failed)
	w.talk()
	return false
}

// resends is `local resend`.
func (w *world) resends(p *process, c customer, to []config.Destination) {
	end := p.begin(2*commandTime, 0)
	defer end()
	ctx, cancel := context.WithTimeout(w.t.Context(), commandTime)
	defer cancel()
	_, _ = p.Resend(ctx, c.job(), to) // its errors are in the ledger too
}

// talk lets people talk below what they have been told, so that it is not the last that Slack's
// pages show.
func (w *world) talk() {
	isTheirs := func(m slackfake.Message) bool { return !isOurs(m) }
	for _, c := range w.customers {
		for _, id := range []string{c.channel.To, c.ops} {
			all := w.slack.Messages(id)
			if n := len(all); n > 0 && isOurs(all[n-1]) {
				w.say(id, "")
			}
			for _, m := range all {
				if isOurs(m) && id == c.channel.To && !slices.ContainsFunc(m.Replies, isTheirs) {
					w.say(id, m.TS)
				}
			}
		}
	}
}

// say lets people say more than a page.
func (w *world) say(channel, thread string) {
	for range w.slack.PageSize + 1 {
		w.slack.Say(channel, thread, "Lunch?")
	}
}

// isOurs reports whether the app posted a message.
func isOurs(m slackfake.Message) bool { return m.Metadata != nil || len(m.Files) > 0 }

// isQuiet reports whether nothing is left to do: no message, no delivery that is not over, no
// notice.
func (w *world) isQuiet() bool {
	if slices.ContainsFunc(w.messages(), func(m *message) bool { return !m.gone }) {
		return false
	}
	for _, r := range w.records() {
		if !r.State.Final() {
			return false
		}
	}
	for _, of := range w.all() {
		if len(w.ops(of).Notices) > 0 {
			return false
		}
	}
	return true
}

// all are the names of the customers and of the deployment, which has something to tell too.
func (w *world) all() (names []string) {
	for _, c := range w.customers {
		names = append(names, c.name)
	}
	return append(names, deployment)
}

const deployment = "_deployment"

// deliveries are those that are planned for some customers.
func (w *world) deliveries(of ...customer) (all []delivery.Delivery) {
	for _, c := range of {
		if w.channel {
			all = append(all, delivery.Delivery{Job: c.job(), Destination: c.channel})
		}
		if w.mail {
			all = append(all, delivery.Delivery{Job: c.job(), Destination: c.mail})
		}
	}
	return all
}

// records are what the ledger says of what is planned.
func (w *world) records() (all []delivery.Record) {
	for _, d := range w.deliveries(w.customers...) {
		all = append(all, w.record(d))
	}
	return all
}

// record is what the ledger says; the zero Record where it says nothing.
func (w *world) record(d delivery.Delivery) delivery.Record {
	r, _ := (&delivery.Ledger{Store: w.store, Now: time.Now}).Read(w.t.Context(), d.Job, d.ID())
	return r
}

// history is everything that the ledger says of a customer.
func (w *world) history(c customer) delivery.History {
	return must((&delivery.Ledger{Store: w.store, Now: time.Now}).History(w.t.Context(), c.job()))
}

// ops is what of a tenant's ops is to be told.
func (w *world) ops(tenant string) (s opsState) {
	if o, err := w.store.Get(w.t.Context(), delivery.KeysOf(tenant).Ops()); err == nil {
		_ = json.Unmarshal(o.Data, &s)
	}
	return s
}
