package config

import (
	"cmp"
	"time"
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

// AllBots returns the subject of the portfolio, and whether a portfolio is sent: it has
// destinations, and so has a bot. It waits for the bots that have destinations.
func (t *Tenant) AllBots() (s Subject, ok bool) {
	if len(t.Bots) == 0 {
		return Subject{}, false
	}
	p := t.Portfolio
	s = Subject{
		ID: PortfolioID, Name: cmp.Or(p.Name, t.Name), Locale: cmp.Or(p.Locale, t.Locale),
		Location: t.Bots[0].Location, Destinations: p.Destinations, Wait: PortfolioWait,
	}
	for _, bot := range t.Bots {
		if len(bot.Destinations) > 0 {
			s.Schedules = append(s.Schedules, bot.schedule())
		}
	}
	return s, len(p.Destinations) > 0 && len(s.Schedules) > 0
}
