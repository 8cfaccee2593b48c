package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/slack-go/slack"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/log"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/wording"
	"kindlyweekly/sage"
)

// Worker handles messages. Its fields are set before the first message. Its methods may be called
// concurrently.
type Worker struct {
	Tenants Tenants
	Ledger  *delivery.Ledger
	Archive delivery.Archive

	Secrets      Secrets
	SecretPrefix string // of all secrets, see secrets.KeyID and secrets.CheckTenant

	Commands alerting.Commands // for the remedies of failures

	Senders map[config.Medium]delivery.Sender
	Slack   Slack

	// Permalink returns the URL of a Slack message, for links in the portfolio. Nil: no links.
	Permalink func(ctx context.Context, t *config.Tenant, channel, ts string) (string, error)

	SageURL, KindlyURL string            // empty: the defaults of package sage
	HTTP               http.RoundTripper // for Sage and Kindly
	SageConcurrency    int               // requests of a report at a time; 0: sage's default

	// Spelling returns how Sage spells what package sage assumes. Nil: as assumed.
	Spelling func(context.Context) sage.Spelling

	Render          func(*figures.Report) ([]delivery.File, error) // nil: report.Render
	RenderPortfolio func(*portfolio.Portfolio) ([]byte, error)     // nil: report.PortfolioPDF

	CatchUp time.Duration       // how long after its send time a report is still sent
	Divert  *config.Destination // receives everything; nil: the configured destinations do

	Now     func() time.Time
	Log     *slog.Logger // made by package log, which adds tenant, bot and period
	Metrics *log.Metrics
}

// Tenants reads configurations.
type Tenants interface {
	// Get returns the current configuration of a tenant. The error is delivery.ErrNotFound if the
	// tenant does not exist, and config.Mistakes if no version of its configuration was ever valid.
	Get(ctx context.Context, name string) (*config.Tenant, error)
}

// Secrets returns secrets by ID. Package secrets implements it.
type Secrets interface {
	Get(ctx context.Context, id string) (string, error)
	// Refetch is Get without a cache, for a secret that was rejected. It may return the same value.
	Refetch(ctx context.Context, id string) (string, error)
}

// Slack answers requests. Package slack implements it.
type Slack interface {
	// Private sends a report to a user as a direct message.
	Private(ctx context.Context, t *config.Tenant, user string, m delivery.Message) error
	// Respond answers a slash command. Only its user sees the answer. The text is mrkdwn.
	Respond(ctx context.Context, responseURL, text string, blocks ...slack.Block) error
}

// errStore marks an error after which nothing can be recorded, so that SQS must repeat the message.
var errStore = errors.New("the store cannot be reached")

func storeError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errStore, err)
}

// Handle handles the messages of an SQS event and returns those that SQS must repeat. Its error is
// always nil: an error would repeat the whole batch.
func (w *Worker) Handle(
	ctx context.Context, event events.SQSEvent,
) (response events.SQSEventResponse, _ error) {
	for _, message := range event.Records {
		if err := w.handle(ctx, message); err != nil {
			response.BatchItemFailures = append(response.BatchItemFailures,
				events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
		}
	}
	return response, nil
}

// handle handles one message. It logs its error, after which SQS must repeat the message.
func (w *Worker) handle(ctx context.Context, message events.SQSMessage) (err error) {
	ctx = log.With(ctx, slog.String("message_id", message.MessageId))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			w.Log.ErrorContext(ctx, "crashed; SQS repeats the message",
				"error", err, "stack", string(debug.Stack()))
		}
	}()
	switch err := w.dispatch(ctx, message); {
	case errors.Is(err, queues.ErrMalformed):
		w.Log.ErrorContext(ctx, "discarded malformed message",
			"queue", message.EventSourceARN, "error", err)
		w.measure(ctx, reasonMessage, log.Count(log.Failed, 1))
		return nil
	case err != nil:
		w.Log.ErrorContext(ctx, "failed; SQS repeats the message", "error", err)
		return err
	}
	return nil
}

// dispatch calls the method for a message. Only jobs come through the FIFO queue. The events of SES
// have the shape that EventBridge gives them. All others are requests.
func (w *Worker) dispatch(ctx context.Context, message events.SQSMessage) error {
	if strings.HasSuffix(message.EventSourceARN, ".fifo") {
		job, err := queues.ParseJob(message.Body)
		if err != nil {
			return err
		}
		return w.Deliver(ctx, job)
	}
	var event struct {
		Source string `json:"source"`
	}
	if _ = json.Unmarshal([]byte(message.Body), &event); event.Source == "aws.ses" {
		return w.HandleMailEvent(ctx, []byte(message.Body))
	}
	request, err := queues.ParseRequest(message.Body)
	if err != nil {
		return err
	}
	done := false
	defer func() { // also after a panic
		if !done && message.Attributes["ApproximateReceiveCount"] != "1" { // there is no third try
			text := wordingFor(wording.Default).Say(wording.SlashTrouble)
			w.respond(withJob(ctx, request.Job()), request, text)
		}
	}()
	err = w.Answer(ctx, request)
	done = err == nil
	return err
}

// Reasons of the metric Failed. A delivery that fails has its medium as the reason.
const (
	reasonMessage = "message" // it is malformed
	reasonKey     = "key"     // it is missing or was rejected
	reasonSage    = "sage"    // it did not answer, or not with what is needed
	reasonRender  = "draw"    // the editions could not be rendered
	reasonBounce  = "bounce"  // a mail bounced or was marked as spam
)

// measure writes metrics. It logs an error, and the work goes on.
func (w *Worker) measure(ctx context.Context, reason string, metrics ...log.Metric) {
	if err := w.Metrics.Write(ctx, reason, metrics...); err != nil {
		w.Log.ErrorContext(ctx, "metrics not written", "error", err)
	}
}

// withJob returns a context whose log lines and metrics name the job.
func withJob(ctx context.Context, j config.Job) context.Context {
	return log.With(ctx, slog.String(log.Tenant, j.Tenant),
		slog.String(log.Bot, j.Bot), slog.String(log.Period, j.Period.String()))
}
