package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/log"
	"kindlyweekly/report/delivery"
)

// HandleMailEvent records an event of SES about a mail. The tick tells ops of it. After an error,
// SQS must repeat the event: the store cannot be reached, or the worker that sent the mail has not
// recorded that yet.
func (w *Worker) HandleMailEvent(ctx context.Context, event []byte) error {
	e, err := email.ParseEvent(event)
	if err != nil {
		return fmt.Errorf("%w: %w", queues.ErrMalformed, err)
	}
	for key, value := range map[string]string{
		log.Tenant: e.Tags.Tenant, log.Bot: e.Tags.Bot, log.Period: e.Tags.Period,
	} {
		if value != "" {
			ctx = log.With(ctx, slog.String(key, value))
		}
	}
	switch err := email.Apply(ctx, w.Ledger, e); {
	case errors.Is(err, delivery.ErrBusy):
		return err
	case err != nil:
		return storeError(err)
	}
	w.Log.InfoContext(ctx, "mail event recorded", "kind", string(e.Kind), "ref", e.MessageID)
	if e.Kind != email.Delivered && e.Kind != "" {
		w.measure(ctx, reasonBounce, log.Count(log.Failed, 1))
	}
	return nil
}
