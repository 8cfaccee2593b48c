package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/period"
)

// A Job is one bot's report of one period, to be built and delivered. It carries names and no data,
// so the worker reads the configuration again.
type Job struct {
	Tenant string        `json:"tenant"`
	Bot    string        `json:"bot"`
	Period period.Period `json:"week"`
}

// String returns the job's name in keys and logs: acme/nettbutikk/2026-W46.
func (j Job) String() string { return fmt.Sprintf("%s/%s/%s", j.Tenant, j.Bot, j.Period) }

// SendAt returns the instant at which the report of a period is due: on the first SendDay at or
// after its end, at SendTime in the bot's zone. If the clocks skip that time, it is the instant
// after the jump. The portfolio is due [PortfolioWait] after it opens.
func (b Bot) SendAt(p period.Period) time.Time {
	if len(b.Of) > 0 {
		return b.OpensAt(p).Add(PortfolioWait)
	}
	day := p.To().Add(int(b.SendDay-p.To().Weekday()+7) % 7)
	y, m, d := day.UTC().Date()
	at := time.Date(y, m, d, b.SendTime.Hour, b.SendTime.Minute, 0, 0, b.Location)
	clock := Clock{at.Hour(), at.Minute()}
	if period.DateOf(at) == day && clock == b.SendTime {
		return at
	}
	// The clocks skipped it. time.Date may return an instant on either side, so the jump is the
	// nearer end of the time between two changes of the clocks.
	begin, end := at.ZoneBounds()
	if !end.IsZero() && end.Sub(at) < at.Sub(begin) {
		return end.In(b.Location)
	}
	return begin.In(b.Location)
}

// LastComplete returns the last period that is over in the bot's zone.
func (b Bot) LastComplete(now time.Time) period.Period {
	return period.LastComplete(now, b.Location)
}

// Due returns the periods whose report became due within the window that ends now, oldest first.
func (b Bot) Due(now time.Time, window time.Duration) []period.Period {
	var due []period.Period
	last := b.LastComplete(now)
	more := 0
	if len(b.Of) > 0 { // a bot may be east of the portfolio's zone, or send late
		last, more = last.Next(), 2
	}
	for back := int(window.Hours()/(7*24)) + 1 + more; back >= 0; back-- {
		p := last.Add(-back)
		if at := b.SendAt(p); !at.After(now) && now.Sub(at) < window {
			due = append(due, p)
		}
	}
	return due
}

// IsPaused reports whether nothing is sent at the instant. The portfolio is paused if all of its
// bots are.
func (b Bot) IsPaused(now time.Time) bool {
	if len(b.Of) > 0 {
		return !slices.ContainsFunc(b.Of, func(bot Bot) bool { return !bot.IsPaused(now) })
	}
	return b.Paused || !b.PausedUntil.IsZero() && now.Before(b.PausedUntil.Start(b.Location))
}

// hash returns half of a SHA-256, which distinguishes a tenant's addresses, in hexadecimal. Case
// makes no difference, as in mail.
func hash(address string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return hex.EncodeToString(sum[:8])
}

// Zone returns the time zone of a tenant's bots: UTC if they have different ones, or if t is nil.
func (t *Tenant) Zone() *time.Location {
	zone := time.UTC
	if t == nil {
		return zone
	}
	for i, b := range t.Bots {
		if i > 0 && b.TZ != zone.String() {
			return time.UTC
		}
		zone = b.Location
	}
	return zone
}
