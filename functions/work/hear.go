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
	"kindlyweekly/report/wording"
)

// Hear writes down what SES says of a mail that it took, and tells the tenant's ops where it came back or was complained
// of. An error means that the event must come again: the store cannot be reached, or the worker that sent the mail has
// not recorded it yet.
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
	notice, err := sesapi.Apply(ctx, w.Ledger, e)
	if errors.Is(err, delivery.ErrBusy) {
		return err
	}
	if err != nil {
		return storeError(err)
	}
	w.Log.InfoContext(ctx, "heard of a mail", "kind", string(e.Kind), "ref", e.MessageID)
	if notice == nil {
		return nil
	}
	w.measure(ctx, reasonBounce, logs.Count(logs.Failed, 1))
	t, gone, err := w.tenant(ctx, notice.Tenant)
	if err != nil {
		return err
	}
	if gone != "" {
		w.Log.WarnContext(ctx, "nobody is told of the mail", "because", gone)
		return nil
	}
	subject := wording.OpsBounce
	if e.Kind == sesapi.Complained {
		subject = wording.OpsComplaint
	}
	w.tell(ctx, t, news{words(t.Locale).Say(subject), notice.Text})
	return nil
}
