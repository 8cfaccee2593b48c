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

// Hear writes down what SES says of a mail that it took; the tick tells ops of it. An error means that the event must come
// again: the store cannot be reached, or the worker that sent the mail has not recorded it yet.
func (w *Worker) Hear(ctx context.Context, event []byte) error {
	e, err := email.ParseEvent(event)
	if err != nil {
		return fmt.Errorf("%w: %w", queues.ErrMalformed, err)
	}
	for key, value := range map[string]string{log.Tenant: e.Tags.Tenant, log.Bot: e.Tags.Bot, log.Period: e.Tags.Period} {
		if value != "" {
			ctx = log.With(ctx, slog.String(key, value))
		}
	}
	err = email.Apply(ctx, w.Ledger, e)
	if errors.Is(err, delivery.ErrBusy) {
		return err
	}
	if err != nil {
		return storeError(err)
	}
	w.Log.InfoContext(ctx, "heard of a mail", "kind", string(e.Kind), "ref", e.MessageID)
	if e.Kind != email.Delivered && e.Kind != "" {
		w.measure(ctx, reasonBounce, log.Count(log.Failed, 1))
	}
	return nil
}
