package upgrade

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/sns"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/slash"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/tick"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
)

// The probe is the three functions of one version in a process of their own. It runs as a test
// because only a test can have a clock of its own: in its bubble it is whatever time an order says.
// Orders come on stdin and answers go to stdout, one JSON object on a line. All that it reaches is
// at the address in PROBE.
//
// Its functions are put together as in their main packages. The version before has a probe too, a
// copy of this file in testdata/before. Whatever is renamed here keeps its name there; what has to
// stay the same are orders, answers and hosts.

// An order is one invocation of a function, at an instant that is not before that of the last
// order.
type order struct {
	At      time.Time                       `json:"at"`
	Tick    time.Time                       `json:"tick,omitzero"`     // when it was scheduled
	Message *events.SQSMessage              `json:"message,omitempty"` // for the worker
	Slash   *events.APIGatewayV2HTTPRequest `json:"slash,omitempty"`
	Audit   []string                        `json:"audit,omitempty"` // keys that are to be read
}

// An answer is what became of an order.
type answer struct {
	Err   string   `json:"err,omitempty"`
	Again bool     `json:"again,omitempty"` // the message is to come again
	Said  string   `json:"said,omitempty"`  // in answer to a slash command
	Audit []string `json:"audit,omitempty"` // what cannot be read, and why
}

// The hosts that a probe asks. They are not looked up: all of them are at the address in PROBE.
const (
	bucketURL = "https://s3.example"
	slackURL  = "https://slack.example/"
	mailURL   = "https://ses.example"
	topicURL  = "https://sns.example"
	queueURL  = "https://sqs.example"
	sageURL   = "https://sage.example"
)

// Headers that the probe adds to a request.
const (
	clockHeader   = "Probe-Clock"   // when it is sent, by the probe's clock
	processHeader = "Probe-Process" // by which process
)

// Where the functions find what they need.
const (
	bucketName    = "weekly"
	topicARN      = "arn:aws:sns:eu-north-1:123456789012:alarms"
	weeklyQueue   = queueURL + "/weekly.fifo"
	requestsQueue = queueURL + "/requests"
	secretPrefix  = "kindly/"
	signing       = "signing-secret"
	window        = 72 * time.Hour // to catch up
	tickTime      = 60 * time.Second
	workerTime    = 300 * time.Second
)

func TestProbe(t *testing.T) {
	if os.Getenv("PROBE") == "" {
		t.Skip("the other tests run it in a process of its own")
	}
	synctest.Test(t, func(t *testing.T) {
		p := newProbe(os.Getenv("PROBE"))
		in, out := json.NewDecoder(bufio.NewReader(os.Stdin)), json.NewEncoder(os.Stdout)
		for {
			var o order
			if err := in.Decode(&o); err != nil {
				os.Exit(0)
			}
			time.Sleep(time.Until(o.At))
			a := p.do(o)
			if err := out.Encode(a); err != nil {
				os.Exit(1)
			}
		}
	})
}

type probe struct {
	tick  *tick.Handler
	work  *worker.Worker
	slash *slash.Handler
	store delivery.Store
}

// transport asks whatever is at the address in PROBE, unencrypted.
type transport struct{ http.Transport }

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme = "http"
	r.Header.Set(clockHeader, time.Now().UTC().Format(time.RFC3339Nano))
	r.Header.Set(processHeader, os.Getenv("PROBE_PROCESS"))
	return t.Transport.RoundTrip(r)
}

func newProbe(address string) *probe {
	// A connection that is kept would keep the bubble's clock from moving.
	wire := &transport{http.Transport{DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		}}}
	client := &http.Client{Transport: wire, Timeout: 30 * time.Second}
	awsConfig := func(url string) aws.Config {
		return aws.Config{Region: "eu-north-1", HTTPClient: client, BaseEndpoint: aws.String(url),
			Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	}
	logger := log.New(os.Stderr, slog.LevelWarn)
	store := store.S3{Bucket: bucketName, Client: s3.NewFromConfig(awsConfig(bucketURL),
		func(o *s3.Options) { o.UsePathStyle = true })}
	slack := &slack.Client{Deployment: store.Deployment(), URL: slackURL,
		HooksURL: strings.TrimSuffix(slackURL, "/"), HTTP: client,
		Token: func(_ context.Context, t *config.Tenant) (string, error) {
			return "xoxb-" + t.Name,
				nil
		}}
	mail := &email.Sender{Client: sesv2.NewFromConfig(awsConfig(mailURL)), Store: store}
	topic := &sns.Sender{Client: awssns.NewFromConfig(awsConfig(topicURL))}
	ledger := &delivery.Ledger{Store: store, Now: time.Now}
	commands := alerting.Commands{Stack: "kindly-weekly-prod", Bucket: bucketName}
	queue := sqs.NewFromConfig(awsConfig(queueURL),
		func(o *sqs.Options) { o.DisableMessageChecksumValidation = true })
	return &probe{
		store: store,
		tick: &tick.Handler{
			Tenants: &tenantconfig.Loader{Store: store, SaveGood: true}, Ledger: ledger,
			Queue: queues.Weekly{Client: queue, URL: weeklyQueue},
			Notifier: &alerting.Notifier{Ledger: ledger, Topic: topicARN, Window: window,
				Log: logger, Commands: commands,
				Senders: map[config.Medium]delivery.Sender{config.Slack: slack, config.Mail: mail,
					delivery.Topic: topic}},
			Window: window, Log: logger,
		},
		work: &worker.Worker{
			Tenants: &tenantconfig.Loader{Store: store}, Ledger: ledger,
			Archive: delivery.Archive{Store: store},
			Secrets: secrets{}, SecretPrefix: secretPrefix, Commands: commands,
			Senders: map[config.Medium]delivery.Sender{config.Slack: slack, config.Mail: mail},
			Slack:   slack, Permalink: slack.Permalink,
			SageURL: sageURL, KindlyURL: sageURL, HTTP: wire, Render: draw, CatchUp: window,
			Now: time.Now, Log: logger, Metrics: &log.Metrics{Writer: io.Discard, Now: time.Now},
		},
		slash: &slash.Handler{
			Tenants: &tenantconfig.Loader{Store: store, MaxAge: time.Minute, Now: time.Now},
			Secrets: secrets{}, SecretPrefix: secretPrefix,
			Seen: store, Requests: queues.Requests{Client: queue, URL: requestsQueue},
			Now: time.Now, Log: logger,
		},
	}
}

// secrets are all that a deployment has, by their ids: a Slack app's signing secret, and the bots'
// keys.
type secrets struct{}

func (secrets) Get(_ context.Context, id string) (string, error) {
	parts := strings.Split(id, "/")
	if name := parts[len(parts)-1]; name != "signing" {
		return "key-" + name, nil
	}
	return signing, nil
}

func (s secrets) Refetch(ctx context.Context, id string) (string, error) { return s.Get(ctx, id) }

// draw draws every edition of one report. Those of the others are small, since what they show is
// not the matter.
func draw(r *figures.Report) ([]delivery.File, error) {
	if r.Bot.ID == "nettbutikk" && r.Period.Name.String() == "2026-W46" && r.Locale == "en" {
		return report.Render(r)
	}
	numbers, err := r.Encode()
	return []delivery.File{{Name: delivery.ReportFile, Type: "application/json", Data: numbers},
		{Name: "report.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 Report " + r.ID)}}, err
}

func (p *probe) do(o order) (a answer) {
	fail := func(err error) {
		if err != nil {
			a.Err = err.Error()
		}
	}
	switch {
	case !o.Tick.IsZero():
		ctx, cancel := context.WithTimeout(context.Background(), tickTime)
		defer cancel()
		_, err := p.tick.Handle(ctx, tick.Tick{Time: o.Tick})
		fail(err)
	case o.Message != nil:
		ctx, cancel := context.WithTimeout(context.Background(), workerTime)
		defer cancel()
		response, err := p.work.Handle(ctx,
			events.SQSEvent{Records: []events.SQSMessage{*o.Message}})
		fail(err)
		a.Again = len(response.BatchItemFailures) > 0
	case o.Slash != nil:
		response, err := p.slash.Handle(context.Background(), *o.Slash)
		fail(err)
		a.Said = fmt.Sprint(response.StatusCode, " ", response.Body)
	default:
		for _, key := range o.Audit {
			if err := p.read(context.Background(), key); err != nil {
				a.Audit = append(a.Audit, fmt.Sprintf("%s: %v", key, err))
			}
		}
	}
	return a
}

// read reads what a key holds as the functions do. What is only found, such as an empty mark, or
// only sent, such as a PDF, needs no reading.
func (p *probe) read(ctx context.Context, key string) error {
	ledger, archive := &delivery.Ledger{Store: p.store, Now: time.Now},
		delivery.Archive{Store: p.store}
	parts := strings.Split(key, "/")
	tenant, kind := parts[0], parts[1]
	week := func(name string) period.Period {
		w, err := period.Parse(name)
		if err != nil {
			panic(err)
		}
		return w
	}
	switch {
	case tenant == "config":
		_, err := (&tenantconfig.Loader{Store: p.store}).Get(ctx, strings.TrimSuffix(kind, ".yaml"))
		return err
	case kind == "ledger" && parts[2] == "known.json":
		_, _, err := ledger.FirstSeen(ctx, tenant)
		return err
	case kind == "ledger":
		job := config.Job{Tenant: tenant, Bot: parts[3], Period: week(parts[2])}
		r, err := ledger.Read(ctx, job, strings.TrimSuffix(parts[4], ".json"))
		if err == nil && (r.State == "" || r.Job != job || r.Destination == "") {
			return fmt.Errorf("it is a record without its state, job or destination: %+v", r)
		}
		return err
	case kind == "archive" && parts[2] == config.PortfolioID:
		o, err := archive.Portfolio(ctx, tenant, week(parts[3]))
		if err == nil {
			_, err = o.Page()
		}
		return err
	case kind == "archive" && parts[4] == "manifest.json":
		job := config.Job{Tenant: tenant, Bot: parts[2], Period: week(parts[3])}
		m, err := archive.Manifest(ctx, job)
		if err != nil {
			return err
		}
		for _, f := range append([]delivery.Former{{Build: m.Build}}, m.Former...) {
			at, ok := m.ForBuild(f.Build)
			if !ok {
				return fmt.Errorf("it does not know its build %s", f.Build)
			}
			b, err := archive.LoadBuild(ctx, at)
			if err != nil {
				return err
			}
			if b.Report.Schema != figures.Schema {
				return errors.New("its numbers are of another schema")
			}
			if _, err := summary.Of(b.Report); err != nil {
				return err
			}
		}
		return nil
	case kind == "ops" && parts[2] == "state.json":
		_, err := alerting.Read(ctx, p.store, tenant)
		return err
	case kind == "ops":
		object, err := p.store.Get(ctx, key)
		var r delivery.Record
		if err == nil {
			err = json.Unmarshal(object.Data, &r)
		}
		if err == nil && (r.State == "" || r.Notice == "") {
			return fmt.Errorf("it is a record without its state or notice: %+v", r)
		}
		return err
	case kind == "mail":
		block, err := email.Blocked(ctx, p.store, tenant, strings.TrimSuffix(parts[2], ".json"))
		if err == nil && block == nil {
			return errors.New("it blocks nothing")
		}
		return err
	}
	return nil
}
