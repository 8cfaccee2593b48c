package work

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/functions/logs"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/overview"
	"kindlyweekly/report/period"
)

// overview returns the overview of a tenant's bots that everybody gets. It is made once, of what the archive holds then, and
// stays: a bot that comes in later is said not to be in. Nothing is asked of Sage. Its error is the store's.
func (w *Worker) overview(ctx context.Context, t *bots.Tenant, all bots.Bot, j bots.Job) (*overview.Overview, error) {
	o, err := w.Archive.Overview(ctx, j.Tenant, j.Week)
	if !errors.Is(err, delivery.ErrNotFound) {
		return o, storeError(err)
	}
	found := make([]overview.Bot, len(t.Bots))
	reads, inTime := errgroup.WithContext(ctx)
	reads.SetLimit(16)
	for i, bot := range t.Bots {
		reads.Go(func() (err error) {
			found[i], err = w.inOverview(inTime, t, bot, j.Week)
			return err
		})
	}
	if err := reads.Wait(); err != nil {
		return nil, storeError(err)
	}
	if o, err = overview.Of(all.Name, j.Week, all.Locale, w.Now(), found); err != nil {
		return nil, err
	}
	if o, err = w.Archive.SaveOverview(ctx, j.Tenant, o); err != nil {
		return nil, storeError(err)
	}
	w.Log.InfoContext(ctx, "built", "build", o.ID, "bots", len(o.Bots), "absent", len(o.Absent()))
	w.measure(ctx, "", logs.Count(logs.Built, 1))
	return o, nil
}

// inOverview is what an overview says of a bot: the numbers of the build that was sent, or of the one that counts where none
// was; or why there are none, as far as the ledger knows.
func (w *Worker) inOverview(ctx context.Context, t *bots.Tenant, bot bots.Bot, week period.Week) (overview.Bot, error) {
	b := overview.Bot{ID: bot.ID, Name: bot.Name, Link: bot.URL(week), State: overview.NotIn}
	if bot.IsPaused(bot.SendAt(week)) {
		b.State = overview.Paused
		return b, nil
	}
	j := bots.Job{Tenant: t.Name, Bot: bot.ID, Week: week}
	if len(bot.Destinations) == 0 {
		b.State = overview.Unsent
	}
	build := ""
	for _, to := range bot.Destinations {
		r, err := w.Ledger.Read(ctx, j, to.ID())
		if errors.Is(err, delivery.ErrNotFound) {
			continue
		}
		if err != nil {
			return b, err
		}
		if build == "" || r.Ref != "" {
			build = r.Build
		}
		if r.Reason != "" || r.State == delivery.Missed {
			b.State, b.Reason = overview.Failed, reasonOf(r.Cause)
		}
	}
	r, err := w.Archive.Numbers(ctx, j, build)
	switch {
	case errors.Is(err, delivery.ErrNotFound):
		return b, nil
	case delivery.Unreadable(err), err == nil && r.Schema != figures.Schema:
		w.Log.ErrorContext(ctx, "a report cannot be read for the overview", logs.Bot, bot.ID, "error", err)
		b.State, b.Reason = overview.Failed, overview.Unmade
		return b, nil
	case err != nil:
		return b, err
	}
	b.State, b.Reason, b.Numbers = overview.In, "", overview.Read(r)
	return b, nil
}

// reasonOf says for readers what operators are told of a report that was not built.
func reasonOf(cause string) overview.Reason {
	for _, whose := range []string{causeKey, causeBot, causeSecret} {
		if strings.HasPrefix(cause, whose) {
			return overview.NoAccess
		}
	}
	switch cause {
	case causeSage, causeShape, causeClock:
		return overview.Statistics
	}
	return overview.Unmade
}
