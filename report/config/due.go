package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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

// SendAt returns the instant at which the report of a period is due, see [Schedule.SendAt].
func (b Bot) SendAt(p period.Period) time.Time { return b.schedule().SendAt(p) }

// IsPaused reports whether nothing is sent at the instant.
func (b Bot) IsPaused(now time.Time) bool { return b.schedule().IsPaused(now) }

// LastComplete returns the last period that is over in the bot's zone.
func (b Bot) LastComplete(now time.Time) period.Period {
	return period.LastComplete(now, b.Location)
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
