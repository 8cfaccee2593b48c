package work

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"kindlyweekly/functions/logs"
	"kindlyweekly/functions/queues"
	"kindlyweekly/functions/sesapi"
	"kindlyweekly/report/delivery"
)

// Hear writes down what SES says of a mail that it took; the tick tells ops of it. An error means that the event must come
// again: the store cannot be reached, or the worker that sent the mail has not recorded it yet.
func (w *Worker) Hear(ctx context.Context, event []byte) error {
	e, err := sesapi.ParseEvent(event)
	if err != nil {
		if errors.Is(err, sesapi.ErrMalformed) {
			return fmt.Errorf("%w: %w", queues.ErrMalformed, err)
		}
		return err
	}
	for key, value := range map[string]string{logs.Tenant: e.Tags.Tenant, logs.Bot: e.Tags.Bot, logs.Period: e.Tags.Week} {
		if value != "" {
			ctx = logs.With(ctx, slog.String(key, value))
		}
	}
	err = sesapi.Apply(ctx, w.Ledger, e)
	if errors.Is(err, delivery.ErrBusy) {
		return err
	}
	if err != nil {
		return storeError(err)
	}
	w.Log.InfoContext(ctx, "heard of a mail", "kind", string(e.Kind), "ref", e.MessageID)
	if e.Kind != sesapi.Delivered && e.Kind != "" {
		w.measure(ctx, reasonBounce, logs.Count(logs.Failed, 1))
	}
	return nil
}
