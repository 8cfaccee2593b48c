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
	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
)

// errBotsMissing is why a portfolio waits.
var errBotsMissing = errors.New("no worker has tried the reports of some bots that are due")

// allBotsSource is the source of a portfolio.
type allBotsSource struct {
	*Worker
	tenant *config.Tenant
	all    config.Subject
	job    config.Job
}

// forDelivery waits for bots that may still arrive, as when they were queued with the portfolio
// after an outage.
func (w allBotsSource) forDelivery(ctx context.Context, p pending) (editions, error) {
	e, err := w.freeze(ctx, func(made *portfolio.Portfolio) bool {
		due := w.all.SendAt(w.job.Period)
		return len(made.Grouped(portfolio.GroupNotIn)) > 0 && w.mayWait(due, p)
	})
	if errors.Is(err, errBotsMissing) {
		return nil, w.recordWaiting(ctx, p, &delivery.Failure{Err: err})
	}
	return e, err
}

// forResend waits for no bot.
func (w allBotsSource) forResend(ctx context.Context) (editions, error) {
	return w.freeze(ctx, func(*portfolio.Portfolio) bool { return false })
}

// freeze returns the portfolio that every destination gets. It is made once, from what the archive
// holds then; a bot that arrives later is not in it. If wait returns true, freeze archives nothing
// and returns errBotsMissing. Any other error is the store's.
func (w allBotsSource) freeze(
	ctx context.Context, wait func(*portfolio.Portfolio) bool,
) (editions, error) {
	p, frozen, err := w.currentPortfolio(ctx, w.tenant, w.all, w.job.Period)
	switch {
	case err != nil:
		return nil, storeError(err)
	case frozen:
		return w.editions(ctx, p)
	case wait(p):
		return nil, errBotsMissing
	}
	if p, err = w.Archive.SavePortfolio(ctx, w.tenant.Name, p); err != nil {
		return nil, storeError(err)
	}
	w.Log.InfoContext(ctx, "built", "build", p.ID, "bots", len(p.Bots), "absent", len(p.Absent()))
	w.measure(ctx, "", log.Count(log.Built, 1))
	return w.editions(ctx, p)
}

// editions returns the editions of a frozen portfolio in the language that is configured now. It
// archives the document, so that a later attempt sends the same one. If the document cannot be
// rendered, editions logs the error and leaves it out, since the message has the same content. The
// error is that of the store.
func (w allBotsSource) editions(ctx context.Context, p *portfolio.Portfolio) (editions, error) {
	p.Locale = cmp.Or(w.all.Locale, p.Locale)
	var failed error
	render := func(p *portfolio.Portfolio) (data []byte, err error) {
		data, failed = w.renderPortfolio(p)
		return data, failed
	}
	document, err := w.Archive.PortfolioPDF(ctx, w.tenant.Name, p, render)
	switch {
	case failed != nil:
		w.Log.ErrorContext(ctx, "the portfolio is sent without its PDF", "error", failed)
		w.measure(ctx, reasonRender, log.Count(log.Failed, 1))
	case err != nil:
		return nil, storeError(err)
	}
	return portfolioEditions{p, document, w.renderPortfolio}, nil
}

// renderPortfolio renders the document of a portfolio.
func (w *Worker) renderPortfolio(p *portfolio.Portfolio) ([]byte, error) {
	if w.RenderPortfolio != nil {
		return w.RenderPortfolio(p)
	}
	return report.PortfolioPDF(p)
}

// Portfolio returns the portfolio of a tenant's bots: the frozen one or, if there is none yet, what
// it would be now. It writes and sends nothing. The tenant need not have a portfolio configured.
func (w *Worker) Portfolio(
	ctx context.Context, t *config.Tenant, week period.Period,
) (p *portfolio.Portfolio, frozen bool, err error) {
	all, _ := t.AllBots()
	return w.currentPortfolio(ctx, t, all, week)
}

// currentPortfolio is Portfolio for the subject of all bots.
func (w *Worker) currentPortfolio(
	ctx context.Context, t *config.Tenant, all config.Subject, week period.Period,
) (p *portfolio.Portfolio, frozen bool, err error) {
	p, err = w.Archive.Portfolio(ctx, t.Name, week)
	if frozen = !errors.Is(err, delivery.ErrNotFound); !frozen {
		p, err = w.makePortfolio(ctx, t, all, week)
	}
	if err != nil {
		return nil, frozen, err
	}
	// Applies to a portfolio that was frozen before this was configured, too.
	p.WithoutData = p.WithoutData || slices.ContainsFunc(t.Bots,
		func(bot config.Bot) bool { return bot.WithoutData })
	return p, frozen, nil
}

func (w *Worker) makePortfolio(
	ctx context.Context, t *config.Tenant, all config.Subject, week period.Period,
) (*portfolio.Portfolio, error) {
	seen, _, err := w.Ledger.FirstSeen(ctx, t.Name)
	if err != nil {
		return nil, err
	}
	bots := make([]portfolio.Bot, len(t.Bots))
	reads, reading := errgroup.WithContext(ctx)
	reads.SetLimit(16)
	asking, cancel := context.WithTimeout(ctx, linkTimeout)
	defer cancel()
	link := w.newLinker(asking, t)
	for i, bot := range t.Bots {
		reads.Go(func() (err error) {
			bots[i], err = w.portfolioBot(reading, t, bot, week, seen, link)
			return err
		})
	}
	if err := reads.Wait(); err != nil {
		return nil, err
	}
	p, err := portfolio.Of(all.Name, week, all.Locale, w.Now(), bots)
	if err != nil {
		return nil, err
	}
	p.Accent = t.Brand.Accent
	return p, nil
}

// portfolioBot returns what a portfolio shows of a bot: the numbers of the build that was sent or,
// if none was, of the current one; without numbers, why. The error is the store's.
func (w *Worker) portfolioBot(
	ctx context.Context, t *config.Tenant, bot config.Bot, week period.Period,
	seen delivery.FirstSeen, link linker,
) (portfolio.Bot, error) {
	b := portfolio.Bot{ID: bot.ID, Name: bot.Name, Link: bot.URL(week), State: portfolio.NotIn}
	j := config.Job{Tenant: t.Name, Bot: bot.ID, Period: week}
	subject := bot.Subject()
	wasThere := func(to config.Destination) bool {
		d := delivery.Planned(t.Name, subject, week, to)
		return seen.Eligibility(d, w.Now(), w.CatchUp) != delivery.AddedLater
	}
	switch {
	case bot.IsPaused(bot.SendAt(week)):
		b.State = portfolio.Paused
		return b, nil
	case len(bot.Destinations) == 0:
		b.State = portfolio.Unsent
	case !slices.ContainsFunc(bot.Destinations, wasThere):
		b.State = portfolio.New
	}
	sent, err := w.sentBuild(ctx, bot, j, &b)
	if err != nil {
		return b, err
	}
	r, err := w.Archive.LoadReport(ctx, j, sent.build)
	switch {
	case errors.Is(err, delivery.ErrNotFound):
		return b, nil
	case delivery.Unreadable(err):
		w.Log.ErrorContext(ctx, "a report cannot be read for the portfolio",
			log.Bot, bot.ID, "error", err)
		b.State, b.Reason = portfolio.Failed, portfolio.Unmade
		return b, nil
	case err != nil:
		return b, err
	}
	b.State, b.Reason, b.Numbers = portfolio.In, "", portfolio.Read(r)
	b.Link = cmp.Or(link(sent.channel, sent.ref), b.Link)
	return b, nil
}

// sentBuild is the build of a bot that was sent, or may have been, and its first post in Slack.
type sentBuild struct{ build, channel, ref string }

// sentBuild reads the records of a bot's report. It sets the state and the reason of b if a
// delivery failed. A record that cannot be read does not hide the numbers, so it is logged. The
// error is the store's.
func (w *Worker) sentBuild(
	ctx context.Context, bot config.Bot, j config.Job, b *portfolio.Bot,
) (s sentBuild, err error) {
	for _, to := range bot.Destinations {
		r, err := w.Ledger.Read(ctx, j, to.ID())
		switch {
		case delivery.Unreadable(err):
			w.Log.ErrorContext(ctx, "a record cannot be read for the portfolio",
				log.Bot, bot.ID, log.Destination, to.ID(), "error", err)
		case err != nil && !errors.Is(err, delivery.ErrNotFound):
			return s, err
		}
		if s.build == "" || r.Ref != "" {
			s.build = r.Build
		}
		if to.Medium == config.Slack && s.ref == "" {
			s.channel, s.ref = to.To, r.Ref
		}
		if r.Reason != "" {
			b.State, b.Reason = portfolio.Failed, reasonOf(r.Cause)
		}
	}
	return s, nil
}

const (
	linkTimeout     = 20 * time.Second // for all links of a portfolio
	maxLinkFailures = 5                // after which no more links are asked for
)

// linker returns the URL of a message that was posted in a channel, or "" if it is not known. The
// portfolio then links to the bot's page in Kindly's platform.
type linker func(channel, ts string) string

// newLinker returns a linker that asks Slack until ctx ends or Slack has failed too often.
func (w *Worker) newLinker(ctx context.Context, t *config.Tenant) linker {
	var failed atomic.Int32
	return func(channel, ts string) string {
		if w.Permalink == nil || ts == "" || failed.Load() >= maxLinkFailures {
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
			w.Log.WarnContext(ctx, "the portfolio does not link to a report", "error", err)
			return ""
		}
		return link
	}
}

// reasonOf returns the reason, for readers, of a report that failed.
func reasonOf(cause delivery.Cause) portfolio.Reason {
	switch cause.Kind() {
	case delivery.CauseKey, delivery.CauseBot, delivery.CauseSecret:
		return portfolio.NoAccess
	case delivery.CauseSage, delivery.CauseShape, delivery.CauseClock:
		return portfolio.Statistics
	}
	return portfolio.Unmade
}
