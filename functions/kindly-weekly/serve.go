package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/slash"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/tick"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
	"kindlyweekly/sage/sagefake"
)

type serve struct {
	Addr   string `default:"127.0.0.1:8643" placeholder:"HOST:PORT" help:"Where to listen, on this machine alone. '${default}' where nothing is said. Port 0 takes any that is free."`
	Config string `type:"existingfile" placeholder:"FILE" help:"A bots.yaml whose bots are asked for; their API keys come from the environment. Where nothing is said, three made-up bots."`
	Out    string `default:"out" type:"path" placeholder:"DIR" help:"Folder in which each run gets one of its own, DIR/serve/<time>, with everything that a bucket would hold, and the outbox. '${default}' where nothing is said."`
}

//go:embed serve.yaml
var madeUp []byte

func (c *serve) Run(ctx context.Context, h host) (err error) {
	name, text := "local", madeUp
	if c.Config != "" {
		if text, err = os.ReadFile(c.Config); err != nil {
			return err
		}
		t, err := h.readConfig(c.Config)
		if err != nil {
			return err
		}
		name = t.Name
	}
	addr, err := net.ResolveTCPAddr("tcp", c.Addr)
	if err != nil || !addr.IP.IsLoopback() {
		return fmt.Errorf("%w: --addr: %s is not an address of this machine alone: write 127.0.0.1:8643", errUsage, c.Addr)
	}
	o := &office{host: h, dir: filepath.Join(c.Out, servedFolder, h.now().Format("20060102-150405"))}
	if c.Config == "" {
		demo := sagefake.Demo(h.now())
		url, stop, err := listen("127.0.0.1:0", demo)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
		o.sage, o.keys = url, make(map[string]string)
		for _, bot := range demo {
			o.keys[bot.ID] = bot.Key
		}
	}
	if err := o.furnish(ctx, name, text); err != nil {
		return err
	}
	listener, err := net.ListenTCP("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w: name another place with --addr HOST:PORT; port 0 takes any that is free", err)
	}
	server := &http.Server{Handler: o.handler(), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	fmt.Fprintf(h.out, "Open http://%[1]s in a browser, until Ctrl-C. Nothing leaves this machine.\n\n"+
		"The slash command's URL is http://%[1]s/slack/command; requests are signed with %[2]s.\nThe outbox is %[3]s.\n",
		listener.Addr(), signingSecret, short(o.outbox()))
	select {
	case <-ctx.Done():
	case err := <-ended:
		return err
	}
	closed := server.Close()
	<-ended
	o.pending.Wait()
	return closed
}

// servedFolder is where each run of serve keeps what a bucket would hold, in a folder of its own that is called after the time.
const servedFolder = "serve"

// servedWindow is for how long serve catches up: so that each bot's last report is due, whatever the day.
const servedWindow = 7 * 24 * time.Hour

// Secrets of a Slack that is nobody's.
const (
	signingSecret = "local-signing-secret"
	botToken      = "xoxb-local"
	stranger      = "U0000NOBOD" // may ask in the bots' channels, as everybody there
)

// office is a whole deployment on this machine: its functions are the true ones, its bucket is a folder, its queues are
// function calls, its Slack is a double, and its mail lies in the outbox.
type office struct {
	host
	dir  string
	sage string            // empty: where the environment says
	keys map[string]string // by bot; nil: those of the environment

	tenant  *config.Tenant
	slack   *slackfake.Double
	command *slash.Handler
	tick    *tick.Handler
	worker  *worker.Worker

	pending sync.WaitGroup
	busy    atomic.Int32    // how much of it there is
	turn    sync.Mutex      // the worker does one thing at a time
	ctx     context.Context // ends with the command: what the worker does outlives the request that caused it

	mu    sync.Mutex
	typed []exchange // on the page
}

// exchange is a command that was typed on the page, and what whoever typed it was answered at once.
type exchange struct {
	Who, Where, Text string
	Answer           []template.HTML
}

func (o *office) outbox() string { return filepath.Join(o.dir, "outbox") }

// furnish puts the configuration into the folder and connects everything.
func (o *office) furnish(ctx context.Context, name string, text []byte) (err error) {
	o.ctx = ctx
	keys := delivery.KeysOf(name)
	if o.tenant, _, err = config.ParseInForce(keys.Config(), text); err != nil {
		return err
	}
	if o.tenant.Slack.Team == "" || o.tenant.Slack.SigningSecret == "" {
		return fmt.Errorf("the slash command needs slack: {team: T…, token_secret: ID, signing_secret: ID} in the configuration of %s; the secrets are not asked for here", name)
	}
	if err := os.MkdirAll(o.outbox(), 0o755); err != nil {
		return err
	}
	store := store.Folder{Dir: o.dir}
	if _, err := store.Put(ctx, keys.Config(), delivery.Object{Data: text}, delivery.Condition{}); err != nil {
		return err
	}

	o.slack = slackfake.New(slackfake.Workspace{Team: o.tenant.Slack.Team, Name: "local", Token: botToken, Scopes: slack.Scopes()})
	o.slack.Processing = 0 // nothing is gained by waiting
	for _, d := range destinations(o.tenant, config.Slack) {
		o.slack.SetChannel(slackfake.Channel{ID: d.To, Team: o.tenant.Slack.Team, Name: o.channelName(d), Member: true})
	}

	logger := log.New(o.err, slog.LevelInfo)
	ledger := &delivery.Ledger{Store: store, Now: o.now}
	secrets := invented{o}
	loader := &tenantconfig.Loader{Store: store}
	slack := &slack.Client{Deployment: store.Deployment(), HTTP: o.slack.Client(), Log: logger, Token: func(context.Context, *config.Tenant) (string, error) { return botToken, nil }}
	mail := &email.Sender{Client: &pigeonhole{dir: o.outbox()}, Store: store}
	o.command = &slash.Handler{Tenants: loader, Secrets: secrets, Seen: store, Requests: requests{o}, Now: o.now, Log: logger}
	commands := alerting.Commands{Store: short(o.dir)} // and the keys are in the environment
	senders := map[config.Medium]delivery.Sender{config.Slack: slack, config.Mail: mail}
	desk := &alerting.Desk{Ledger: ledger, Senders: senders, Window: servedWindow, Log: logger, Commands: commands}
	o.tick = &tick.Handler{Tenants: loader, Ledger: ledger, Queue: jobs{o}, Desk: desk, Window: servedWindow, Log: logger}
	o.worker = &worker.Worker{
		Tenants: loader, Ledger: ledger, Archive: delivery.Archive{Store: store},
		Secrets: secrets, SecretPrefix: keyPrefix, Commands: commands,
		Senders: senders, Slack: slack, // and no links to messages: they would lead to a workspace that is somebody's
		SageURL: cmp.Or(o.sage, o.getenv("SAGE_URL")), KindlyURL: cmp.Or(o.sage, o.getenv("KINDLY_API_URL")),
		CatchUp: servedWindow, Now: o.now, Log: logger, Metrics: &log.Metrics{Writer: io.Discard, Now: o.now},
	}
	// The destinations have been known for long, so that the first tick has something to send.
	return ledger.SaveKnown(ctx, name, o.always(servedWindow), "")
}

// always is what a deployment knows that has had this configuration for as long as the window.
func (o *office) always(window time.Duration) delivery.Known {
	known := delivery.Known{}
	for _, b := range o.tenant.Bots {
		known[b.ID] = make(map[string]time.Time)
		for _, d := range b.Destinations {
			known[b.ID][d.ID()] = o.now().Add(-window).UTC()
		}
	}
	if all, ok := o.tenant.Overview(); ok { // of the last week of which every bot's report is caught up
		known[all.ID] = make(map[string]time.Time)
		since := o.now().UTC()
		for w := period.LastComplete(o.now(), time.UTC).Add(-1); !all.OpensAt(w).After(o.now()); w = w.Next() {
			if !slices.ContainsFunc(all.Of, func(b config.Bot) bool { return o.now().Sub(b.SendAt(w)) >= window }) {
				since = all.OpensAt(w).Add(-time.Second).UTC()
				break
			}
		}
		for _, d := range all.Destinations {
			known[all.ID][d.ID()] = since
		}
	}
	return known
}

// channelName is the name of the bot that reports there.
func (o *office) channelName(d config.Destination) string {
	for _, b := range o.tenant.Reports() {
		if slices.ContainsFunc(b.Destinations, func(own config.Destination) bool { return own.ID() == d.ID() }) {
			return strings.TrimPrefix(b.ID, "_")
		}
	}
	return "ops"
}

// start has the worker do something, after what it is at.
func (o *office) start(what string, do func(context.Context) error) {
	o.busy.Add(1)
	o.pending.Go(func() {
		defer o.busy.Add(-1)
		o.turn.Lock()
		defer o.turn.Unlock()
		if err := errors.Join(do(o.ctx), o.keep()); err != nil {
			fmt.Fprintf(o.err, "local: %s: %v\n", what, err)
		}
	})
}

// requests is the queue of those who wait.
type requests struct{ o *office }

func (r requests) Send(_ context.Context, q queues.Request) error {
	r.o.start(q.Job().String(), func(ctx context.Context) error { return r.o.worker.Answer(ctx, q) })
	return nil
}

// jobs is the weekly queue.
type jobs struct{ o *office }

func (j jobs) Send(_ context.Context, all []queues.Job) error {
	j.o.start(counted(len(all), "job", "jobs"), func(ctx context.Context) error { // in their order: the overview of all bots is the last
		var errs []error
		for _, job := range all {
			if err := j.o.worker.Deliver(ctx, job); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", job, err))
			}
		}
		return errors.Join(errs...)
	})
	return nil
}

// keyPrefix is where bots' keys would be.
const keyPrefix = "local/"

// invented are the secrets: nobody's, but the API keys of true bots.
type invented struct{ o *office }

func (m invented) Get(ctx context.Context, id string) (string, error) {
	if id == m.o.tenant.Slack.SigningSecret {
		return signingSecret, nil
	}
	for _, b := range m.o.tenant.Bots {
		if id != secrets.KeyID(keyPrefix, m.o.tenant.Name, b) {
			continue
		}
		if m.o.keys == nil {
			return m.o.key(ctx, b.ID)
		}
		return m.o.keys[b.ID], nil
	}
	return "", fmt.Errorf("there is no secret %s", id)
}

func (m invented) Refetch(ctx context.Context, id string) (string, error) { return m.Get(ctx, id) }
