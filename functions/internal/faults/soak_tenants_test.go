package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/channel/sns"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/tick"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
)

const perTenant = 100 // bots

var zones = []string{"Europe/Oslo", "Europe/Oslo", "Europe/London", "America/New_York",
	"Asia/Tokyo", "Australia/Sydney", "America/Los_Angeles"}

// Bots of the first tenant that are expected to fail in the first week.
const (
	archived  = "t00b001" // people have archived its channel
	uninvited = "t00b002" // the app is not invited
)

// deadly is a bot whose reports kill their workers for a morning, until its message is a dead
// letter.
const deadly = "t01b006"

// configuration is a tenant's: bots in many zones, most of which send on Monday, each to a channel
// of its own. A size can say otherwise.
func (s size) configuration(tenant, from, to int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `
slack: {team: T%08[1]d, token_secret: soak/t%02[1]d/slack}
mail: {from: Kindly Weekly <weekly@example.com>}
ops: {channels: %[2]s}
defaults: {sources: all}
bots:
`, tenant, opsOf(tenant))
	for i := from; i < to; i++ {
		n := i - from
		id, day := fmt.Sprintf("t%02db%03d", tenant, n), "monday"
		switch n % 20 {
		case 7:
			day = "tuesday"
		case 11:
			day = "wednesday"
		case 13:
			day = "thursday"
		case 19:
			id += "q"
		}
		zone, clock := zones[(tenant+n)%len(zones)], fmt.Sprintf("%02d:%02d", 7+n%3, n%4*15)
		if s.moment {
			zone, day, clock = "Europe/Oslo", "monday", "08:00"
		}
		channel := channelOfBot(tenant, n, 0)
		if s.isOfAll(tenant) {
			channel = channelOfBot(tenant, 0, 0)
		}
		fmt.Fprintf(&b,
			"  - id: %[1]s\n    name: Bot %[2]d\n    key_secret: soak/t%02[3]d/keys#%[1]s\n    tz: %[4]s\n",
			id, n, tenant, zone)
		fmt.Fprintf(&b, "    send: {day: %s, time: %q}\n", day, clock)
		fmt.Fprintf(&b, "    channels: [%s", channel)
		if n%25 == 0 {
			fmt.Fprintf(&b, ", %s", channelOfBot(tenant, n, 1))
		}
		b.WriteString("]\n")
		switch {
		case n%20 == 19:
			b.WriteString("    skip_if_empty: true\n")
		case n%10 == 5:
			fmt.Fprintf(&b,
				"    targets: {fallback_rate: 8%%}\n    recipients: [{address: alert%d@t%02d.example, send: on_alert}]\n", n, tenant)
		case n%4 == 0:
			fmt.Fprintf(&b, "    recipients: [bot%d@t%02d.example]\n", n, tenant)
		}
	}
	return b.String()
}

// isOfAll reports whether a tenant has one channel for all its bots.
func (s size) isOfAll(tenant int) bool {
	return s.shared > 0 && tenant%s.shared == s.shared-1
}

func channelOfBot(tenant, bot, nth int) string {
	return fmt.Sprintf("C%02d%04dX%d", tenant, bot, nth)
}
func opsOf(tenant int) string   { return fmt.Sprintf("C%02d00OPS0", tenant) }
func isOps(channel string) bool { return strings.HasSuffix(channel, "00OPS0") }

// settle sets up the tenants: their configurations, their Slack, their channels.
func (s *soak) settle() {
	n := max((s.size.bots+perTenant-1)/perTenant, 2)
	var workspaces []slackfake.Workspace
	for i := range n {
		name := fmt.Sprintf("t%02d", i)
		text := s.size.configuration(i, s.size.bots*i/n, s.size.bots*(i+1)/n)
		must(s.store.Put(s.t.Context(), delivery.KeysOf(name).Config(),
			delivery.Object{Data: []byte(text)}, delivery.Absent()))
		t, err := config.Parse("config/"+name+".yaml", []byte(text))
		if err != nil {
			s.t.Fatal(err)
		}
		s.tenants = append(s.tenants, t)
		s.keys[name] = keysOf(t)
		workspaces = append(workspaces, slackfake.Workspace{Team: t.Slack.Team, Name: name,
			Token: "xoxb-" + name, Scopes: slack.Scopes()})
	}
	s.slack = slackfake.New(workspaces...)
	s.slack.Processing = 1
	for _, t := range s.tenants {
		for _, d := range t.Ops {
			s.slack.SetChannel(slackfake.Channel{ID: d.To, Team: t.Slack.Team,
				Name: strings.ToLower(d.To), Member: true})
		}
		for _, b := range t.Bots {
			for _, d := range b.Destinations {
				if d.Medium == config.Slack {
					s.slack.SetChannel(slackfake.Channel{ID: d.To, Team: t.Slack.Team,
						Name:   strings.ToLower(d.To),
						Member: b.ID != uninvited, Archived: b.ID == archived})
				}
			}
		}
	}
}

// mend makes of the channels of the first week's bots what they should be.
func (s *soak) mend() {
	for _, b := range s.tenants[0].Bots {
		if b.ID == archived || b.ID == uninvited {
			id := b.Destinations[0].To
			s.slack.SetChannel(slackfake.Channel{ID: id, Team: s.tenants[0].Slack.Team,
				Name: strings.ToLower(id), Member: true})
		}
	}
}

// secretsManager is a Secrets Manager with a token and the keys of each tenant's bots.
type secretsManager struct {
	secrets.Client
	gate *gate
	soak *soak
}

func (c secretsManager) GetSecretValue(
	ctx context.Context, in *secretsmanager.GetSecretValueInput, _ ...func(*secretsmanager.Options),
) (*secretsmanager.GetSecretValueOutput, error) {
	out, _, err := pass(c.gate, ctx, "secret get "+*in.SecretId,
		func() (*secretsmanager.GetSecretValueOutput, error) {
			tenant, what, _ := strings.Cut(strings.TrimPrefix(*in.SecretId, "soak/"), "/")
			if what == "slack" {
				return &secretsmanager.GetSecretValueOutput{SecretString: new("xoxb-" + tenant)}, nil
			}
			return &secretsmanager.GetSecretValueOutput{SecretString: new(c.soak.keys[tenant])}, nil
		})
	return out, err
}

// keysOf are the API keys of a tenant's bots, as one secret.
func keysOf(t *config.Tenant) string {
	keys := make(map[string]string)
	for _, b := range t.Bots {
		keys[b.ID] = "key-" + b.ID
	}
	return string(must(json.Marshal(keys)))
}

// A container is a Lambda's process, which lives on from one invocation to the next, with all that
// it remembers, until it dies.
type container struct {
	soak   *soak
	gate   *gate
	left   atomic.Int64 // requests until it dies, where that is positive
	worker *worker.Worker
	tick   *tick.Handler
}

func (s *soak) container() *container {
	c := &container{soak: s}
	c.gate = &gate{fate: func(request string) kind {
		k := s.fate(request)
		if c.left.Add(-1) == 0 {
			k.says = death
		}
		return k
	}}
	return c
}

// outside is what a process has of the world, as the functions' mains connect it.
func (c *container) outside() (outside, *secrets.Manager) {
	s, v := c.soak, &secrets.Manager{}
	v.Client = secretsManager{gate: c.gate, soak: s}
	o := outside{store: gatedStore{c.gate, s.store}}
	o.slack = &slack.Client{
		Deployment: "soak",
		HTTP: &http.Client{Transport: wire{c.gate, soakSlackName, s.slack},
			Timeout: 30 * time.Second},
		Token: func(ctx context.Context, t *config.Tenant) (string, error) {
			if err := secrets.CheckTenant("soak/", t.Name, t.Slack.TokenSecret); err != nil {
				return "", err
			}
			return v.Get(ctx, t.Slack.TokenSecret)
		},
		Refetch: func(ctx context.Context, t *config.Tenant) error {
			_, err := v.Refetch(ctx, t.Slack.TokenSecret)
			return err
		},
	}
	o.senders = map[config.Medium]delivery.Sender{
		config.Slack: o.slack,
		config.Mail: &email.Sender{Client: sesv2.NewFromConfig(awsConfig(wire{c.gate,
			named("ses SendEmail"), s.mails})), Store: o.store},
		delivery.Topic: &sns.Sender{Client: awssns.NewFromConfig(awsConfig(wire{c.gate,
			named("sns Publish"), s.board}))},
	}
	return o, v
}

func (s *soak) newWorker() *container {
	c := s.container()
	o, v := c.outside()
	c.worker = &worker.Worker{
		Tenants: &tenantconfig.Loader{Store: o.store},
		Ledger:  &delivery.Ledger{Store: o.store, Now: time.Now},
		Archive: delivery.Archive{Store: o.store},
		Secrets: v, SecretPrefix: "soak/", Commands: deployed, Senders: o.senders, Slack: o.slack,
		SageURL: "https://sage.example", KindlyURL: "https://api.example",
		HTTP:   wire{c.gate, soakSageName, statistics{}},
		Render: draw, CatchUp: window, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Metrics: &log.Metrics{Writer: io.Discard, Now: time.Now},
	}
	return c
}

func (s *soak) newTick() *container {
	c := s.container()
	o, _ := c.outside()
	ledger, log := &delivery.Ledger{Store: o.store, Now: time.Now}, slog.New(slog.DiscardHandler)
	c.tick = &tick.Handler{
		Tenants: &tenantconfig.Loader{Store: o.store, SaveGood: true}, Ledger: ledger,
		Queue: queues.Weekly{Client: sender{c.gate, s.queue}, URL: "weekly.fifo"},
		Notifier: &alerting.Notifier{Ledger: ledger, Senders: o.senders, Topic: topic,
			Commands: deployed, Window: window, Log: log},
		Window: window, Log: log,
	}
	return c
}

// draw draws editions that are small; those of the first tenant's bots have pictures.
func draw(r *figures.Report) ([]delivery.File, error) {
	return setting{pictures: strings.HasPrefix(r.Bot.ID, "t00")}.draw(r)
}

// invoke lets the process do something within the time that Lambda gives it, after which it is
// killed. dies is at which request it dies; 0: it does not. It reports whether the process lived to
// the end.
func (c *container) invoke(limit time.Duration, dies int,
	do func(ctx context.Context)) (lived bool) {
	c.left.Store(int64(dies))
	ctx, cancel := context.WithTimeout(c.soak.t.Context(), limit)
	defer cancel()
	killed := time.AfterFunc(limit, c.gate.die)
	defer killed.Stop()
	do(ctx)
	return !c.gate.isDead()
}

// work handles a message and reports whether it is to be acknowledged.
func (c *container) work(body string, dies int) (done bool) {
	var response events.SQSEventResponse
	var err error
	lived := c.invoke(invocation, dies, func(ctx context.Context) {
		response, err = c.worker.Handle(ctx, events.SQSEvent{Records: []events.SQSMessage{{
			MessageId: "m-1", Body: body,
			EventSourceARN: "arn:aws:sqs:eu-north-1:123456789012:weekly.fifo"}}})
	})
	return lived && err == nil && len(response.BatchItemFailures) == 0
}

// ticks is the tick of a quarter of an hour.
func (c *container) ticks(at time.Time, dies int) (done bool) {
	var err error
	lived := c.invoke(tickTime, dies, func(ctx context.Context) {
		_,
			err = c.tick.Handle(ctx, tick.Tick{Time: at})
	})
	return lived && err == nil
}
