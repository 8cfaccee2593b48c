package config

import (
	"slices"
	"time"

	"kindlyweekly/report/period"
)

// PortfolioID names the overview of all bots of a tenant where a bot's id names a bot's report: in jobs, keys and the ledger, so
// that it is queued, claimed, tried again, sent again and told of by the same code. No bot can have it, since ids do not begin
// with an underscore.
const PortfolioID = "_portfolio"

// Patience is how long the overview waits for bots whose report was due.
const Patience = 6 * time.Hour

// A Portfolio is the overview of all bots of a tenant, for whoever runs many of them.
type Portfolio struct {
	Name         string        // what readers know the bots by together; the tenant's name where the file has none
	Destinations []Destination // none: there is no overview
	Locale       string
}

// PortfolioBot returns the overview as that which is sent of the tenant's bots, and whether there is one. It is no bot: it has no
// key and is not asked about. It is due when the last of its bots was and its patience has ended, and opens when the last of
// them was due, see [Bot.OpensAt].
func (t *Tenant) PortfolioBot() (Bot, bool) {
	if len(t.Portfolio.Destinations) == 0 || len(t.Bots) == 0 {
		return Bot{}, false
	}
	b := Bot{
		ID: PortfolioID, Name: t.Portfolio.Name, Destinations: t.Portfolio.Destinations, Locale: t.Portfolio.Locale, Brand: t.Brand,
		TZ: t.Bots[0].TZ, Location: t.Bots[0].Location,
	}
	for _, bot := range t.Bots {
		if len(bot.Destinations) > 0 {
			b.Of = append(b.Of, bot)
		}
	}
	return b, len(b.Of) > 0
}

// Reports returns all that reports are sent of: the bots, and the overview of them if there is one, which comes last.
func (t *Tenant) Reports() []Bot {
	if o, ok := t.PortfolioBot(); ok {
		return append(slices.Clone(t.Bots), o)
	}
	return t.Bots
}

// Report is [Tenant.Find] for what reports are sent of, so that PortfolioID finds the overview.
func (t *Tenant) Report(id string) (Bot, error) {
	if o, ok := t.PortfolioBot(); ok && id == PortfolioID {
		return o, nil
	}
	return t.Find(id)
}

// OpensAt returns the instant from which on the report of week w may be sent. It is when it is due, but for an overview, which
// may be sent once the last of its bots has fallen due, if all of them are in.
func (b Bot) OpensAt(w period.Period) time.Time {
	if len(b.Of) == 0 {
		return b.SendAt(w)
	}
	var last, lastOfAll time.Time
	for _, bot := range b.Of {
		at := bot.SendAt(w)
		if lastOfAll.Before(at) {
			lastOfAll = at
		}
		if last.Before(at) && !bot.IsPaused(at) {
			last = at
		}
	}
	if last.IsZero() { // it is paused, since all of them are
		last = lastOfAll
	}
	return last
}

// allPaused reports whether there is nothing to give an overview of at the instant.
func (b Bot) allPaused(now time.Time) bool {
	return !slices.ContainsFunc(b.Of, func(bot Bot) bool { return !bot.IsPaused(now) })
}
