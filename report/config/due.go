package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"kindlyweekly/report/period"
)

// A Job is one bot's report of one week, to be built and delivered. It carries names, not data: whoever does it reads
// the configuration afresh.
type Job struct {
	Tenant string        `json:"tenant"`
	Bot    string        `json:"bot"`
	Period period.Period `json:"week"`
}

// String names the job as its keys and logs do: acme/nettbutikk/2026-W46.
func (j Job) String() string { return fmt.Sprintf("%s/%s/%s", j.Tenant, j.Bot, j.Period) }

// SendAt returns the instant at which the report of a period is due: the first SendDay at or after its end, at
// SendTime in the bot's zone. A time that the clocks skip is the first one after it. An overview is due when its patience with
// the last of its bots has ended.
func (b Bot) SendAt(p period.Period) time.Time {
	if len(b.Of) > 0 {
		return b.OpensAt(p).Add(Patience)
	}
	day := p.To().Add((int(b.SendDay) - int(time.Monday) + 7) % 7)
	at := time.Date(day.UTC().Year(), day.UTC().Month(), day.UTC().Day(), b.SendTime.Hour, b.SendTime.Minute, 0, 0, b.Location)
	if h, m, _ := at.Clock(); period.DateOf(at) == day && h == b.SendTime.Hour && m == b.SendTime.Minute {
		return at
	}
	// The clocks skipped it. time.Date promises neither side; the jump is the nearer end of its stretch of offset.
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

// Due returns the periods whose report became due within the window that ends now, the oldest first.
func (b Bot) Due(now time.Time, window time.Duration) []period.Period {
	var due []period.Period
	last := b.LastComplete(now)
	most := 0
	if len(b.Of) > 0 { // its bots may lie east of it, where a week has ended that goes on here, or send late
		last, most = last.Next(), 2
	}
	for back := int(window.Hours()/(7*24)) + 1 + most; back >= 0; back-- {
		p := last.Add(-back)
		if at := b.SendAt(p); !at.After(now) && now.Sub(at) < window {
			due = append(due, p)
		}
	}
	return due
}

// IsPaused reports whether nothing is sent at the instant. An overview is paused when all of its bots are.
func (b Bot) IsPaused(now time.Time) bool {
	if len(b.Of) > 0 {
		return b.allPaused(now)
	}
	return b.Paused || !b.PausedUntil.IsZero() && now.Before(b.PausedUntil.Start(b.Location))
}

// hash is enough of a SHA-256 to tell a tenant's addresses apart, in hexadecimal. Case does not matter in an address as
// people use them.
func hash(address string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return hex.EncodeToString(sum[:8])
}
