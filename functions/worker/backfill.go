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

// Filled is what became of one week of a [Worker.Backfill].
type Filled struct {
	Job     config.Job
	Made    bool                  // it was built now; else the archive held it, or does not
	Missing []figures.Unavailable // the sections that it lacks
	Err     error                 // why it could not be built, with the cure
}

// Backfill archives those of a bot's weeks that the archive does not hold, or not whole, or not as the bot is configured now,
// in the order in which they are given, and sends nothing. each is told of every week, also of those that the archive held.
// Run again it goes on with what is missing.
//
// A week that cannot be built keeps no other from it, unless the bot's key is missing or refused, as it would be for every
// week. The error is that, the end of ctx, each's, or the store's.
func (w *Worker) Backfill(ctx context.Context, tenant, bot string, weeks []period.Period, each func(Filled) error) error {
	for _, week := range weeks {
		j := config.Job{Tenant: tenant, Bot: bot, Period: week}
		filled, err := w.fill(about(ctx, j), j)
		if ctx.Err() != nil {
			return ctx.Err() // and no fault of the week
		}
		var stuck *obstacle
		switch {
		case errors.As(err, &stuck) && stuck.reason != reasonKey:
			filled.Err = stuck
		case err != nil:
			return err
		}
		if err := each(filled); err != nil {
			return err
		}
	}
	return nil
}

// fill is Backfill for one week. Its error is an *obstacle, or the store's.
func (w *Worker) fill(ctx context.Context, j config.Job) (Filled, error) {
	f := Filled{Job: j}
	_, bot, gone, err := w.find(ctx, j)
	if err != nil {
		return f, err
	}
	if gone != "" {
		return f, fmt.Errorf("%s: %s", j, gone)
	}
	m, err := w.Archive.Manifest(ctx, j)
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		return f, storeError(err)
	}
	if serves(m, bot) {
		return f, nil
	}
	b, err := w.build(ctx, bot, j, m, never)
	if err != nil {
		return f, err
	}
	f.Made, f.Missing = b.Manifest.Build != m.Build, b.Report.Unavailable
	return f, nil
}
