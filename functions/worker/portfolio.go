package worker

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/functions/log"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
)

// deliverPortfolio does the job of an overview. Where bots are queued together with it, as after an outage, it gives them as
// long to come in as a report gives its sections.
func (w *Worker) deliverPortfolio(ctx context.Context, t *config.Tenant, all config.Bot, j config.Job, o open) error {
	drawn, err := w.portfolio(ctx, t, all, j, func(made *portfolio.Portfolio) bool {
		again := w.Now().Add(sectionAgain)
		return len(made.Grouped(portfolio.GroupNotIn)) > 0 && again.Add(tickTime).Sub(all.SendAt(j.Period)) < w.CatchUp &&
			(o.since.IsZero() || again.Sub(o.since) <= sectionTime)
	})
	switch {
	case errors.Is(err, errNotIn):
		w.Log.InfoContext(ctx, "waits", "because", err)
		again := w.Now().Add(sectionAgain)
		return o.record(func(d delivery.Delivery) (delivery.Record, error) {
			return w.Ledger.Wait(ctx, d, &delivery.Failure{Err: err}, again)
		})
	case err != nil:
		return err
	}
	return w.send(ctx, t, all, &editions{portfolio: drawn}, o)
}

// errNotIn is why an overview waits.
var errNotIn = errors.New("there are bots whose report was due and that no worker has come to yet")

// anyway is for an overview that waits for nobody.
func anyway(*portfolio.Portfolio) bool { return false }

// overview returns the overview of a tenant's bots that everybody gets. It is made once, of what the archive holds then, and
// stays: a bot that comes in later is said not to be in. wait says whether it is too early to freeze it, which is errNotIn. Any
// other error is the store's.
func (w *Worker) portfolio(ctx context.Context, t *config.Tenant, all config.Bot, j config.Job, wait func(*portfolio.Portfolio) bool) (*portfolio.Portfolio, error) {
	o, frozen, err := w.seePortfolio(ctx, t, all, j.Period)
	switch {
	case err != nil:
		return nil, storeError(err)
	case frozen:
		return o, nil
	case wait(o):
		return nil, errNotIn
	}
	if o, err = w.Archive.SavePortfolio(ctx, j.Tenant, o); err != nil {
		return nil, storeError(err)
	}
	w.Log.InfoContext(ctx, "built", "build", o.ID, "bots", len(o.Bots), "absent", len(o.Absent()))
	w.measure(ctx, "", log.Count(log.Built, 1))
	return o, nil
}

// Overview returns the overview of a tenant's bots: the one that the archive has frozen, or else what it would be now. It
// writes and sends nothing.
func (w *Worker) Portfolio(ctx context.Context, t *config.Tenant, week period.Period) (o *portfolio.Portfolio, frozen bool, err error) {
	all, ok := t.PortfolioBot()
	if !ok { // which keeps nobody from looking at one
		all = config.Bot{ID: config.PortfolioID, Name: t.Name, Locale: t.Locale, Brand: t.Brand}
	}
	return w.seePortfolio(ctx, t, all, week)
}

func (w *Worker) seePortfolio(ctx context.Context, t *config.Tenant, all config.Bot, week period.Period) (o *portfolio.Portfolio, frozen bool, err error) {
	o, err = w.Archive.Portfolio(ctx, t.Name, week)
	if errors.Is(err, delivery.ErrNotFound) {
		o, err = w.makePortfolio(ctx, t, all, week)
		return o, false, err
	}
	return o, true, err
}

func (w *Worker) makePortfolio(ctx context.Context, t *config.Tenant, all config.Bot, week period.Period) (*portfolio.Portfolio, error) {
	known, _, err := w.Ledger.FirstSeen(ctx, t.Name)
	if err != nil {
		return nil, err
	}
	found := make([]portfolio.Bot, len(t.Bots))
	reads, inTime := errgroup.WithContext(ctx)
	reads.SetLimit(16)
	asking, cancel := context.WithTimeout(ctx, linkTime)
	defer cancel()
	link := w.newLinker(asking, t)
	for i, bot := range t.Bots {
		reads.Go(func() (err error) {
			found[i], err = w.inPortfolio(inTime, t, bot, week, known, link)
			return err
		})
	}
	if err := reads.Wait(); err != nil {
		return nil, err
	}
	o, err := portfolio.Of(all.Name, week, all.Locale, w.Now(), found)
	if err != nil {
		return nil, err
	}
	o.Accent = all.Brand.Accent
	return o, nil
}

// inPortfolio is what an overview says of a bot: the numbers of the build that was sent, or of the one that counts where none
// was; or why there are none, as far as the ledger knows.
func (w *Worker) inPortfolio(ctx context.Context, t *config.Tenant, bot config.Bot, week period.Period, known delivery.FirstSeen, link linker) (portfolio.Bot, error) {
	b := portfolio.Bot{ID: bot.ID, Name: bot.Name, Link: bot.URL(week), State: portfolio.NotIn}
	if bot.IsPaused(bot.SendAt(week)) {
		b.State = portfolio.Paused
		return b, nil
	}
	j := config.Job{Tenant: t.Name, Bot: bot.ID, Period: week}
	switch {
	case len(bot.Destinations) == 0:
		b.State = portfolio.Unsent
	case !slices.ContainsFunc(bot.Destinations, func(to config.Destination) bool {
		d := delivery.Delivery{Job: j, Bot: bot, Destination: to, Due: bot.SendAt(week).UTC()}
		return known.Eligibility(d, w.Now(), w.CatchUp) != delivery.AddedLater
	}):
		b.State = portfolio.New
	}
	build, posted := "", delivery.Record{}
	for _, to := range bot.Destinations {
		r, err := w.Ledger.Read(ctx, j, to.ID())
		switch {
		case delivery.Unreadable(err): // so that it is not known what was sent there; the numbers are
			w.Log.ErrorContext(ctx, "a record cannot be read for the overview", log.Bot, bot.ID, log.Destination, to.ID(), "error", err)
		case err != nil && !errors.Is(err, delivery.ErrNotFound):
			return b, err
		}
		if build == "" || r.Ref != "" {
			build = r.Build
		}
		if to.Medium == config.Slack && posted.Ref == "" {
			posted = r
			posted.Destination = to.To
		}
		if r.Reason != "" || r.State == delivery.Missed {
			b.State, b.Reason = portfolio.Failed, reasonOf(r.Cause)
		}
	}
	r, err := w.Archive.LoadReport(ctx, j, build)
	switch {
	case errors.Is(err, delivery.ErrNotFound):
		return b, nil
	case delivery.Unreadable(err), err == nil && r.Schema != figures.Schema:
		w.Log.ErrorContext(ctx, "a report cannot be read for the overview", log.Bot, bot.ID, "error", err)
		b.State, b.Reason = portfolio.Failed, portfolio.Unmade
		return b, nil
	case err != nil:
		return b, err
	}
	b.State, b.Reason, b.Numbers = portfolio.In, "", portfolio.Read(r)
	b.Link = cmp.Or(link(posted.Destination, posted.Ref), b.Link)
	return b, nil
}

// How long an overview asks for links, and after how many that it did not get it asks for no more.
const (
	linkTime   = 20 * time.Second
	mostFailed = 5
)

// linker returns the address of a message that was posted for a channel; empty: it is not known, and
// the bot's page in Kindly's platform takes its place.
type linker func(channel, ts string) string

// newLinker returns a linker that asks Slack until ctx ends or Slack has failed too often.
func (w *Worker) newLinker(ctx context.Context, t *config.Tenant) linker {
	var failed atomic.Int32
	return func(channel, ts string) string {
		if w.Permalink == nil || ts == "" || failed.Load() >= mostFailed {
			return ""
		}
		if w.Divert != nil {
			if w.Divert.Medium != config.Slack {
				return ""
			}
			channel = w.Divert.To
		}
		link, err := w.Permalink(ctx, t, channel, ts)
		if err != nil {
			failed.Add(1)
			w.Log.WarnContext(ctx, "the overview does not link to a report", "error", err)
			return ""
		}
		return link
	}
}

// reasonOf says for readers what operators are told of a report that was not built.
func reasonOf(cause delivery.Cause) portfolio.Reason {
	switch cause.Kind() {
	case delivery.CauseKey, delivery.CauseBot, delivery.CauseSecret:
		return portfolio.NoAccess
	case delivery.CauseSage, delivery.CauseShape, delivery.CauseClock:
		return portfolio.Statistics
	}
	return portfolio.Unmade
}
