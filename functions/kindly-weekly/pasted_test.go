package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
	"kindlyweekly/sage/sagefake"
)

// An operator has a shell, a terminal at which they say yes, and a deployment whose bucket is a
// folder.
type operator struct {
	t      *testing.T
	dir    string // has the bucket, which is named store
	aws    *account
	slack  *slackfake.Server
	sage   *sagefake.Server
	env    map[string]string
	answer string       // to the question whether to send
	way    *http.Client // to Slack and SES; nil: the fakes answer
}

func newOperator(t *testing.T) *operator {
	fake := sagefake.New(sagefake.Demo(now)...)
	sage := httptest.NewServer(fake)
	t.Cleanup(sage.Close)
	o := &operator{t: t, dir: t.TempDir(), aws: newAccount(), answer: "y", sage: fake,
		env: map[string]string{
			"SAGE_URL": sage.URL, "KINDLY_API_URL": sage.URL, "USER": "kari",
		}}
	o.aws.buckets = buckets{dir: o.dir, now: func() time.Time { return now }}
	o.aws.setSecret("keys/acme", `{"slack_token": "xoxb-good", "signing": "8f742231b10e8888abcd99e8a1c785a5"}`)
	o.slack = slackfake.New(slackfake.Workspace{Team: "T024BE7LD", Name: "acme", Token: "xoxb-good",
		Scopes: slack.Scopes()})
	for _, id := range []string{"C024BE91L", "C024DEV99"} {
		o.slack.SetChannel(slackfake.Channel{ID: id, Team: "T024BE7LD", Name: strings.ToLower(id),
			Member: true})
	}
	o.slack.Processing = 0
	return o
}

// paste types a line into a shell, and stdin into the program that it starts.
func (o *operator) paste(line, stdin string) (code int, said string) {
	o.t.Helper()
	typed, err := inShell(line)
	if err != nil {
		o.t.Fatal(err)
	}
	var out lockedBuffer
	h := cli.Host{In: strings.NewReader(stdin), Out: &out, Err: &out,
		Getenv: func(name string) string { return o.env[name] },
		Now:    func() time.Time { return now }, AWS: o.aws.config, Slack: o.slack.Client()}
	if o.way != nil {
		h.Slack, h.AWS = o.way, func(ctx context.Context) (aws.Config, error) {
			cfg, err := o.aws.config(ctx)
			cfg.HTTPClient = mailBy{o.way, o.aws}
			return cfg, err
		}
	}
	if o.answer != "" {
		h.Ask = cli.AskOn(strings.NewReader(o.answer+"\n"), &out)
	}
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	code = run(ctx, h, typed.args)
	return code, out.String()
}

// mailBy makes requests to SES by another way than those to the rest of AWS.
type mailBy struct {
	way  *http.Client
	rest *account
}

func (m mailBy) Do(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Path, "/v2/email/") {
		return m.way.Do(r)
	}
	return m.rest.Do(r)
}

const acmeYAML = `slack: {team: T024BE7LD, token_secret: keys/acme#slack_token, signing_secret: keys/acme#signing}
mail: {from: weekly@example.com}
defaults: {tz: Europe/Oslo}
bots:
  - {id: bakeri, channels: C024BE91L, recipients: kari@example.com}
`

// Each kind of command that is printed does what it says when it is pasted into a shell.
func TestPrintedCommands_Run(t *testing.T) {
	week, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	to := func(d config.Destination) delivery.Delivery {
		return delivery.Delivery{Job: config.Job{Tenant: "acme", Bot: "bakeri", Period: week},
			Destination: d}
	}
	channel := to(config.Destination{Medium: config.Slack, To: "C024BE91L"})
	mailbox := to(config.Destination{Medium: config.Mail, To: "kari@example.com"})
	ran := make(map[string]bool)
	for name, c := range map[string]alerting.Commands{
		"stack":  {Stack: "kindly-weekly-prod", Bucket: "store"},
		"bucket": {Bucket: "store"},
		"folder": {Store: "local"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOperator(t)
			t.Chdir(t.TempDir())
			write := func(text string) {
				t.Helper()
				if err := os.WriteFile("acme.yaml", []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if c.Store != "" {
				local := about.LocalFolder("serve", 72*time.Hour)
				if err := local.Save(t.Context(), store.Folder{Dir: "local"}); err != nil {
					t.Fatal(err)
				}
				o.env["SECRET_PREFIX"], o.env["KINDLY_API_KEY"] = "keys/", "demo-key-bakeri"
			}
			changed := acmeYAML + "# changed\n"
			for _, step := range []struct {
				kind, line string
				prepare    func()
				stdin      string
				says       string
			}{
				{"Push", c.Push("acme", "first"), func() { write(acmeYAML) }, "", "version 1"},
				{"Push", c.Push("acme", "second"), func() { write(changed) }, "", "version 2"},
				{"Rollback", c.Rollback("acme"), nil, "", "version 3"},
				{"Log", c.Log("acme"), nil, "", "it has mistakes"},
				{"Pull", c.Pull("acme"), func() { _ = os.Remove("acme.yaml") }, "", "acme.yaml"},
				{"PullTo", c.PullTo("acme", "in force.yaml"), nil, "", "in force.yaml"},
				{"Check", c.Check("acme"), nil, "", "1 bot"},
				{"Fix", c.Fix("acme")[0], func() { _ = os.Remove("acme.yaml") }, "", "acme.yaml"},
				{"Fix", c.Fix("acme")[1], func() { write(changed) }, "", "1 bot"},
				{"Fix", c.Fix("acme")[2], nil, "", "version 4"},
				{"SetKey", c.SetKey("acme", "bakeri"), nil, "demo-key-bakeri\n",
					"It is stored in keys/acme/bakeri"},
				{"Doctor", c.Doctor("acme", "bakeri"), nil, "", "Assumptions about the service"},
				{"SaveSpelling", c.SaveSpelling("acme", "bakeri"), func() {
					o.sage.Fault(sagefake.Fault{Path: "buttons/clicks", MovedTo: "buttons/total"})
				}, "", "It is saved"},
				{"Resend", c.Resend(channel), nil, "", "sent"},
				{"Resend", c.Resend(mailbox), nil, "", "sent"},
				{"Status", c.Status("acme", week), nil, "", "slack:C024BE91L"},
				{"Migrate", c.Migrate("acme"), nil, "", "version 5"},
				{"Migrate", c.Migrate(""), nil, "", "its Slack secrets are separate"},
			} {
				if step.prepare != nil {
					step.prepare()
				}
				if step.line == "" { // not printed for a folder
					continue
				}
				ran[step.kind] = true
				code, said := o.paste(step.line, step.stdin)
				if wrong := code != 0 && step.kind != "Status"; wrong ||
					!strings.Contains(said, step.says) {
					t.Errorf("%s: exit code %d, says not %q but\n%s", step.line, code, step.says, said)
				}
			}
			posted, mailed := len(o.slack.Messages("C024BE91L")), len(o.aws.mails())
			if want := 1; c.Store == "" && (posted != want || mailed != want) ||
				c.Store != "" && posted+mailed != 0 {
				t.Errorf("%d messages and %d mails were sent", posted, mailed)
			}
		})
	}
	for m := range reflect.TypeFor[alerting.Commands]().Methods() {
		if !ran[m.Name] {
			t.Errorf("%s is printed and was not run", m.Name)
		}
	}
}
