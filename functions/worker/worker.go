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
	"kindlyweekly/report/wording"
)

// Worker handles the messages. Its fields are set before the first; it may be used by many goroutines.
type Worker struct {
	Tenants Tenants
	Ledger  *delivery.Ledger
	Archive delivery.Archive

	Secrets      Secrets
	SecretPrefix string // where the API key of a bot is that names no secret, see secrets.KeyID, and whose is whose, see secrets.CheckTenant

	Commands alerting.Commands // which operators are told, in the cures of failures

	Senders map[config.Medium]delivery.Sender // one for each medium
	Slack   Slack

	// Permalink returns the address of a message in Slack, for overviews to lead to. Nil: nobody knows one.
	Permalink func(ctx context.Context, t *config.Tenant, channel, ts string) (string, error)

	SageURL, KindlyURL string            // where Sage is, and what makes its tokens; empty: Kindly's own
	HTTP               http.RoundTripper // to both

	Draw func(*figures.Report) ([]delivery.File, error) // draws the editions; nil: report.Render

	CatchUp time.Duration       // for how long a report that is late is still sent
	Divert  *config.Destination // who gets everything instead of whom it is for; nil: nobody

	Now     func() time.Time
	Log     *slog.Logger // made by package log, which adds what a line is about
	Metrics *log.Metrics
}

// Tenants reads configurations.
type Tenants interface {
	// Get returns the tenant as he is now. The error is delivery.ErrNotFound where there is none (any more) and
	// config.Mistakes where no version of his configuration was ever free of them.
	Get(ctx context.Context, name string) (*config.Tenant, error)
}

// Secrets gives secrets by their ids, as package secrets does.
type Secrets interface {
	Get(ctx context.Context, id string) (string, error)
	// Refetch is Get for whoever was refused with what Get gave. It may give the same again.
	Refetch(ctx context.Context, id string) (string, error)
}

// Slack is what is needed of Slack beside sending reports to channels, as package slack does it.
type Slack interface {
	// Private sends a report to a user as a direct message.
	Private(ctx context.Context, t *config.Tenant, user string, m delivery.Message) error
	// Respond answers a slash command, for whoever gave it alone. text is mrkdwn.
	Respond(ctx context.Context, responseURL, text string, blocks ...slack.Block) error
}

// errStore marks an error after which nothing can be recorded, so that the message must come again.
var errStore = errors.New("the store cannot be reached")

func storeError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errStore, err)
}

// Handle handles the messages of an SQS event and returns those that are to come again. It has no error: one would make
// SQS repeat the whole batch.
func (w *Worker) Handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	var response events.SQSEventResponse
	for _, message := range event.Records {
		if err := w.handle(ctx, message); err != nil {
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
		}
	}
	return response, nil
}

// handle handles one message. Its error, which it has logged, means that the message is to come again.
func (w *Worker) handle(ctx context.Context, message events.SQSMessage) (err error) {
	ctx = log.With(ctx, slog.String("message_id", message.MessageId))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			w.Log.ErrorContext(ctx, "crashed; the message comes again", "error", err, "stack", string(debug.Stack()))
		}
	}()
	switch err := w.dispatch(ctx, message); {
	case errors.Is(err, queues.ErrMalformed):
		w.Log.ErrorContext(ctx, "a message that makes no sense was let go", "queue", message.EventSourceARN, "error", err)
		w.measure(ctx, reasonMessage, log.Count(log.Failed, 1))
		return nil
	case err != nil:
		w.Log.ErrorContext(ctx, "the message comes again", "error", err)
		return err
	}
	return nil
}

// dispatch tells the messages apart: jobs come through the one FIFO queue, and of the others those of SES have the shape
// that EventBridge gives its events.
func (w *Worker) dispatch(ctx context.Context, message events.SQSMessage) error {
	if strings.HasSuffix(message.EventSourceARN, ".fifo") {
		job, err := queues.ParseJob(message.Body)
		if err != nil {
			return err
		}
		return w.Deliver(ctx, job)
	}
	var shape struct {
		Source string `json:"source"`
	}
	if _ = json.Unmarshal([]byte(message.Body), &shape); shape.Source == "aws.ses" {
		return w.Hear(ctx, []byte(message.Body))
	}
	request, err := queues.ParseRequest(message.Body)
	if err != nil {
		return err
	}
	done := false
	defer func() { // a panic too
		if !done && message.Attributes["ApproximateReceiveCount"] != "1" { // there is no third try
			w.respond(about(ctx, request.Job()), request, words(wording.Default).Say(wording.SlashTrouble))
		}
	}()
	err = w.Answer(ctx, request)
	done = err == nil
	return err
}

// Reasons of the metric Failed, few and fixed.
const (
	reasonMessage = "message" // one that makes no sense
	reasonKey     = "key"     // missing, or refused
	reasonSage    = "sage"    // did not answer, or not with what is needed
	reasonDraw    = "draw"    // the editions could not be made
	reasonBounce  = "bounce"  // a mail came back or was complained of; otherwise the medium's name
)

// measure writes metrics. Work does not stop for them.
func (w *Worker) measure(ctx context.Context, reason string, metrics ...log.Metric) {
	if err := w.Metrics.Write(ctx, reason, metrics...); err != nil {
		w.Log.ErrorContext(ctx, "not measured", "error", err)
	}
}

// about returns a context whose lines are about the job.
func about(ctx context.Context, j config.Job) context.Context {
	return log.With(ctx, slog.String(log.Tenant, j.Tenant), slog.String(log.Bot, j.Bot), slog.String(log.Period, j.Period.String()))
}

// tenant returns the tenant as he is configured now. gone says, where he is not, why there is nothing to do; an error is the
// store's.
func (w *Worker) tenant(ctx context.Context, name string) (t *config.Tenant, gone string, err error) {
	t, err = w.Tenants.Get(ctx, name)
	var mistakes config.Mistakes
	switch {
	case errors.Is(err, delivery.ErrNotFound):
		return nil, "the tenant is gone", nil
	case errors.As(err, &mistakes):
		return nil, "the tenant's configuration has never been free of mistakes", nil
	}
	return t, "", storeError(err)
}

// find is tenant for the tenant and the bot of a job, or the overview of all his bots. Of a bot that is gone it returns whose
// it was.
func (w *Worker) find(ctx context.Context, j config.Job) (t *config.Tenant, bot config.Bot, gone string, err error) {
	t, gone, err = w.tenant(ctx, j.Tenant)
	if err != nil || gone != "" {
		return nil, bot, gone, err
	}
	if bot, err = t.Report(j.Bot); err != nil {
		return t, bot, "the bot is gone", nil
	}
	return t, bot, "", nil
}
