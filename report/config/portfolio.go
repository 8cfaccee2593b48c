package config

import (
	"slices"
	"time"

	"kindlyweekly/report/period"
)

// PortfolioID takes the place of a bot's id for the portfolio, in jobs, keys and the ledger. No bot
// has it, since ids do not begin with an underscore.
const PortfolioID = "_portfolio"

// PortfolioWait is how long the portfolio waits for bots whose report was due.
const PortfolioWait = 6 * time.Hour

// A Portfolio says who gets the report about all bots of a tenant.
type Portfolio struct {
	Name         string        // what readers call the bots together; by default the tenant's name
	Destinations []Destination // none: there is no portfolio
	Locale       string
}

// PortfolioBot returns the portfolio as a Bot, and whether there is one. It has no key, and waits
// for the bots in Of: those with destinations.
func (t *Tenant) PortfolioBot() (Bot, bool) {
	p := t.Portfolio
	if len(p.Destinations) == 0 || len(t.Bots) == 0 {
		return Bot{}, false
	}
	b := Bot{
		ID: PortfolioID, Name: p.Name, Destinations: p.Destinations, Locale: p.Locale,
		Brand: t.Brand, TZ: t.Bots[0].TZ, Location: t.Bots[0].Location,
	}
	for _, bot := range t.Bots {
		if len(bot.Destinations) > 0 {
			b.Of = append(b.Of, bot)
		}
	}
	return b, len(b.Of) > 0
}

// Reports returns the bots, and the portfolio last if there is one.
func (t *Tenant) Reports() []Bot {
	if p, ok := t.PortfolioBot(); ok {
		return append(slices.Clone(t.Bots), p)
	}
	return t.Bots
}

// Report is [Tenant.Find], and finds the portfolio under PortfolioID too.
func (t *Tenant) Report(id string) (Bot, error) {
	if p, ok := t.PortfolioBot(); ok && id == PortfolioID {
		return p, nil
	}
	return t.Find(id)
}

// OpensAt returns the instant from which the report of a period may be sent. For a bot that is when
// it is due. The portfolio may be sent when the report of its last bot is due, if all are in.
func (b Bot) OpensAt(p period.Period) time.Time {
	if len(b.Of) == 0 {
		return b.SendAt(p)
	}
	var last, lastOfAll time.Time
	for _, bot := range b.Of {
		at := bot.SendAt(p)
		if lastOfAll.Before(at) {
			lastOfAll = at
		}
		if last.Before(at) && !bot.IsPaused(at) {
			last = at
		}
	}
	if last.IsZero() { // all bots are paused, and so is the portfolio
		return lastOfAll
	}
	return last
}
