package worker

import (
	"context"
	"errors"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// work is a job with what it is about, as that is configured now.
type work struct {
	job     config.Job
	tenant  *config.Tenant
	subject config.Subject
	source
}

// A source makes what a job sends. A botSource makes a report, an allBotsSource a portfolio.
type source interface {
	// forDelivery returns the editions that the pending deliveries get. If there are none yet, it
	// records why at each and returns nil. The error is the store's.
	forDelivery(ctx context.Context, p pending) (editions, error)
	// forResend returns the editions that the others have got. If there are none, it makes them.
	// The error is a *buildError or the store's.
	forResend(ctx context.Context) (editions, error)
}

// editions is a build as its readers get it: reportEditions or portfolioEditions. Its methods may
// be called concurrently.
type editions interface {
	// name returns the name of the build.
	name() string
	// unwanted returns why a destination does not want it, or "" if it does.
	unwanted(to config.Destination) string
	// payload returns what a destination gets, in its language. If the deployment diverts, intended
	// is whom it was intended for, and precedes the name that readers see.
	payload(to config.Destination, intended string) (delivery.Payload, error)
}

// findTenant returns a tenant as it is configured now. If there is none, gone says why. The error
// is the store's.
func (w *Worker) findTenant(
	ctx context.Context, name string,
) (t *config.Tenant, gone string, err error) {
	t, err = w.Tenants.Get(ctx, name)
	switch {
	case errors.Is(err, delivery.ErrNotFound):
		return nil, "the tenant is gone", nil
	case errors.As(err, new(config.Mistakes)):
		return nil, "the tenant's configuration was never valid", nil
	case err != nil:
		return nil, "", storeError(err)
	}
	return t, "", nil
}

const botGone = "the bot is gone"

// findBot returns the tenant and the bot of a job, as they are configured now. If one of them does
// not exist any more, gone says which; t is set if it is the bot. The error is the store's.
func (w *Worker) findBot(
	ctx context.Context, j config.Job,
) (t *config.Tenant, bot config.Bot, gone string, err error) {
	if t, gone, err = w.findTenant(ctx, j.Tenant); t == nil {
		return nil, bot, gone, err
	}
	if bot, err = t.Find(j.Bot); err != nil {
		return t, bot, botGone, nil
	}
	return t, bot, "", nil
}

// findWork returns the work of a job. If its tenant or bot does not exist any more, gone says
// which. The error is the store's.
func (w *Worker) findWork(ctx context.Context, j config.Job) (_ *work, gone string, err error) {
	t, gone, err := w.findTenant(ctx, j.Tenant)
	if t == nil {
		return nil, gone, err
	}
	if all, ok := t.AllBots(); ok && j.Bot == config.PortfolioID {
		return &work{j, t, all, allBotsSource{w, t, all, j}}, "", nil
	}
	bot, err := t.Find(j.Bot)
	if err != nil {
		return nil, botGone, nil
	}
	return &work{j, t, bot.Subject(), botSource{w, bot, j}}, "", nil
}
