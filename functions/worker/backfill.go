package worker

import (
	"context"
	"errors"
	"fmt"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

// BackfillResult is the result of one period of [Worker.Backfill].
type BackfillResult struct {
	Job     config.Job
	Built   bool                  // now; false if the archive held it, or after an error
	Missing []figures.Unavailable // the sections that the report lacks
	Err     error                 // why it could not be built, with the remedy
}

// Backfill archives the given periods of a bot, in their order, and sends nothing. It skips those
// that the archive holds complete and as the bot is configured now. It calls each with every
// result.
//
// A period that cannot be built does not stop the others, unless the bot's key is missing or was
// rejected, which would fail every period. Backfill returns that error, or one of ctx, each or the
// store.
func (w *Worker) Backfill(
	ctx context.Context, tenant, bot string, periods []period.Period,
	each func(BackfillResult) error,
) error {
	for _, p := range periods {
		j := config.Job{Tenant: tenant, Bot: bot, Period: p}
		result, err := w.backfill(withJob(ctx, j), j)
		if ctx.Err() != nil {
			return ctx.Err() // which is no fault of the period
		}
		var failed *buildError
		switch {
		case errors.As(err, &failed) && failed.reason != reasonKey:
			result.Err = failed
		case err != nil:
			return err
		}
		if err := each(result); err != nil {
			return err
		}
	}
	return nil
}

// backfill is Backfill for one period. Its error is a *buildError or the store's.
func (w *Worker) backfill(ctx context.Context, j config.Job) (BackfillResult, error) {
	result := BackfillResult{Job: j}
	_, bot, gone, err := w.findBot(ctx, j)
	if err != nil {
		return result, err
	}
	if gone != "" {
		return result, fmt.Errorf("%s: %s", j, gone)
	}
	m, err := w.Archive.Manifest(ctx, j)
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		return result, storeError(err)
	}
	if matches(m, bot) {
		return result, nil
	}
	b, err := w.build(ctx, bot, j, m, neverWait)
	if err != nil {
		return result, err
	}
	result.Built, result.Missing = b.Manifest.Build != m.Build, b.Report.Unavailable
	return result, nil
}
