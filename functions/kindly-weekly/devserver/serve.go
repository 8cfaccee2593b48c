// Package devserver provides the command serve: the whole product on this machine. Its functions
// are the real ones. The bucket is a folder, queues are function calls, Slack is a fake, and mail
// is written to files. A page shows what was sent, takes slash commands, and runs the weekly send.
package devserver

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/sageserver"
	"kindlyweekly/functions/slash"
	"kindlyweekly/functions/tick"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/sage/sagefake"
)

type Command struct {
	Addr   string `default:"127.0.0.1:8643" placeholder:"HOST:PORT" help:"Loopback address to listen on; port 0 picks a free one. Default: ${default}."`
	Config string `type:"existingfile" placeholder:"FILE" help:"A bots.yaml; its bots' API keys come from the environment. Default: three invented bots."`
	Out    string `default:"out" type:"path" placeholder:"DIR" help:"Folder for the data of each run, in DIR/serve/<time>. Default: ${default}."`
}

// Help returns the details and examples of the command.
func (Command) Help() string {
	return `Runs all functions on this machine, with a folder as the bucket and a fake Slack. A page shows
what is posted and mailed, takes slash commands, and runs the weekly delivery. Nothing leaves
this machine. Ctrl-C ends it; status then shows the last run.

Examples:
  kindly-weekly serve
  kindly-weekly serve --config acme.yaml --addr 127.0.0.1:0`
}

func (c *Command) Run(ctx context.Context, h cli.Host) (err error) {
	name, text := "local", sageserver.Tenant
	if c.Config != "" {
		if text, err = os.ReadFile(c.Config); err != nil {
			return err
		}
		t, err := h.ReadConfig(c.Config)
		if err != nil {
			return err
		}
		name = t.Name
	}
	addr, err := net.ResolveTCPAddr("tcp", c.Addr)
	if err != nil || !addr.IP.IsLoopback() {
		return cli.Usagef("--addr: %s is not a loopback address: write 127.0.0.1:8643", c.Addr)
	}
	o := &server{Host: h, dir: filepath.Join(c.Out, deployment.ServeFolder,
		h.Now().Format("20060102-150405"))}
	if c.Config == "" {
		demo := sagefake.Demo(h.Now())
		url, stop, err := sageserver.Listen("127.0.0.1:0", demo)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
		o.sage, o.keys = url, make(map[string]string)
		for _, bot := range demo {
			o.keys[bot.ID] = bot.Key
		}
	}
	// Listen first: a run that cannot start leaves no folder.
	listener, err := net.ListenTCP("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w: choose another address with --addr HOST:PORT; port 0 picks a free one", err)
	}
	defer listener.Close()
	if err := o.wire(ctx, name, text); err != nil {
		return err
	}
	server := &http.Server{Handler: o.handler(), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	fmt.Fprintf(h.Out,
		"Open http://%[1]s in a browser, until Ctrl-C. Nothing leaves this machine.\n\n"+
			"The slash command's URL is http://%[1]s/slack/command; requests are signed with %[2]s.\nThe outbox is %[3]s.\n",
		listener.Addr(), signingSecret, cli.ShortPath(o.outbox()))
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

// Secrets of the fake Slack.
const (
	signingSecret = "local-signing-secret"
	botToken      = "xoxb-local"
	anyUser       = "U0000NOBOD" // a member of the bots' channels
)

// server is a deployment on this machine. Its functions are the real ones; the bucket is a folder,
// queues are function calls, Slack is a fake, and mail is written to the outbox.
type server struct {
	cli.Host
	dir  string
	sage string            // empty: where the environment says
	keys map[string]string // by bot; nil: those of the environment

	tenant  *config.Tenant
	slack   *slackfake.Server
	command *slash.Handler
	tick    *tick.Handler
	worker  *worker.Worker

	pending sync.WaitGroup
	busy    atomic.Int32    // number of pending calls
	turn    sync.Mutex      // one call of the worker at a time
	ctx     context.Context // the command's: the worker outlives the request that called it

	mu    sync.Mutex
	typed []exchange // on the page
}

// exchange is a command that was typed on the page, and its immediate reply.
type exchange struct {
	Who, Where, Text string
	Answer           []template.HTML
}

func (o *server) outbox() string { return filepath.Join(o.dir, "outbox") }

// start runs do after the worker's pending calls.
func (o *server) start(what string, do func(context.Context) error) {
	o.busy.Add(1)
	o.pending.Go(func() {
		defer o.busy.Add(-1)
		o.turn.Lock()
		defer o.turn.Unlock()
		if err := errors.Join(do(o.ctx), o.saveOutbox()); err != nil {
			o.Complain("%s: %v", what, err)
		}
	})
}

// requestQueue is the queue of slash commands.
type requestQueue struct{ o *server }

func (r requestQueue) Send(_ context.Context, q queues.Request) error {
	r.o.start(q.Job().String(), func(ctx context.Context) error {
		return r.o.worker.Answer(ctx,
			q)
	})
	return nil
}

// jobQueue is the weekly queue.
type jobQueue struct{ o *server }

func (j jobQueue) Send(_ context.Context, all []queues.Job) error {
	// in order: the portfolio is last
	j.o.start(cli.Count(len(all), "job", "jobs"), func(ctx context.Context) error {
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

// keyPrefix is the prefix of the ids of bots' API keys.
const keyPrefix = "local/"

// fakeSecrets returns invented secrets, and the API keys of real bots from the environment.
type fakeSecrets struct{ o *server }

func (m fakeSecrets) Get(ctx context.Context, id string) (string, error) {
	if id == m.o.tenant.Slack.SigningSecret {
		return signingSecret, nil
	}
	for _, b := range m.o.tenant.Bots {
		if id != secrets.KeyID(keyPrefix, m.o.tenant.Name, b) {
			continue
		}
		if m.o.keys == nil {
			return m.o.APIKey(ctx, b.ID)
		}
		return m.o.keys[b.ID], nil
	}
	return "", fmt.Errorf("there is no secret %s", id)
}

func (m fakeSecrets) Refetch(ctx context.Context, id string) (string, error) {
	return m.Get(ctx, id)
}
