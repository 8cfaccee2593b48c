package config

import (
	"slices"
	"time"

	"kindlyweekly/report/period"
)

// A Subject is what a report is about, and what its delivery needs to know of it: one bot, see
// [Bot.Subject], or all bots of a tenant, see [Tenant.AllBots]. Both follow the same rules: a
// report waits for the last of its Schedules, and is paused with all of them.
type Subject struct {
	ID       string         // of the bot, or PortfolioID; in jobs, keys and the ledger
	Name     string         // what readers call it
	Location *time.Location // its periods end there

	Destinations []Destination
	Owner        Address // answers questions about the report; may be zero
	Locale       string

	Schedules []Schedule    // of its bots, at least one
	Wait      time.Duration // how long after the last of them its report is due
}

// Subject returns what the bot's report is about.
func (b Bot) Subject() Subject {
	return Subject{
		ID: b.ID, Name: b.Name, Location: b.Location, Destinations: b.Destinations,
		Owner: b.Owner, Locale: b.Locale, Schedules: []Schedule{b.schedule()},
	}
}

// Subjects returns what the tenant's reports are about: its bots, and last all of them together if
// there is a portfolio.
func (t *Tenant) Subjects() []Subject {
	all := make([]Subject, 0, len(t.Bots)+1)
	for _, b := range t.Bots {
		all = append(all, b.Subject())
	}
	if s, ok := t.AllBots(); ok {
		all = append(all, s)
	}
	return all
}

// Subject returns the subject with the ID. The error is that of [Tenant.Find].
func (t *Tenant) Subject(id string) (Subject, error) {
	if s, ok := t.AllBots(); ok && id == PortfolioID {
		return s, nil
	}
	b, err := t.Find(id)
	if err != nil {
		return Subject{}, err
	}
	return b.Subject(), nil
}

// OpensAt returns the instant from which the report of a period may be sent, if all numbers are in:
// when the last of the bots that are not paused then is due, or the last bot if all are paused.
func (s Subject) OpensAt(p period.Period) time.Time {
	var last, lastOfAll time.Time
	for _, bot := range s.Schedules {
		at := bot.SendAt(p)
		if lastOfAll.Before(at) {
			lastOfAll = at
		}
		if last.Before(at) && !bot.IsPaused(at) {
			last = at
		}
	}
	if last.IsZero() {
		return lastOfAll
	}
	return last
}

// SendAt returns the instant at which the report of a period is due, whatever is missing: Wait
// after it opens.
func (s Subject) SendAt(p period.Period) time.Time { return s.OpensAt(p).Add(s.Wait) }

// Due returns the periods whose report became due within the window that ends now, oldest first.
func (s Subject) Due(now time.Time, window time.Duration) []period.Period {
	var due []period.Period
	// A bot may be east of the subject's zone, or send late.
	last := period.LastComplete(now, s.Location).Next()
	for back := int(window.Hours()/(7*24)) + 3; back >= 0; back-- {
		p := last.Add(-back)
		if at := s.SendAt(p); !at.After(now) && now.Sub(at) < window {
			due = append(due, p)
		}
	}
	return due
}

// IsPaused reports whether nothing is sent at the instant: all of its bots are paused.
func (s Subject) IsPaused(now time.Time) bool {
	return !slices.ContainsFunc(s.Schedules, func(b Schedule) bool { return !b.IsPaused(now) })
}

// PausedUntil returns the first date on which one of its bots is not paused any more; zero if one
// is not paused on any date. It returns false if all are paused without an end.
func (s Subject) PausedUntil() (first period.Date, ends bool) {
	for _, b := range s.Schedules {
		if until := b.PausedUntil; !b.Paused && (!ends || until.Before(first)) {
			first, ends = until, true
		}
	}
	return first, ends
}

// A Schedule says when a bot's report is sent.
type Schedule struct {
	SendDay     time.Weekday
	SendTime    Clock
	Location    *time.Location
	Paused      bool
	PausedUntil period.Date
}

func (b Bot) schedule() Schedule {
	return Schedule{b.SendDay, b.SendTime, b.Location, b.Paused, b.PausedUntil}
}

// SendAt returns the instant at which the report of a period is due: on the first SendDay at or
// after its end, at SendTime. If the clocks skip that time, it is the instant after the jump.
func (s Schedule) SendAt(p period.Period) time.Time {
	day := p.To().Add(int(s.SendDay-p.To().Weekday()+7) % 7)
	y, m, d := day.UTC().Date()
	at := time.Date(y, m, d, s.SendTime.Hour, s.SendTime.Minute, 0, 0, s.Location)
	clock := Clock{at.Hour(), at.Minute()}
	if period.DateOf(at) == day && clock == s.SendTime {
		return at
	}
	// The clocks skipped it. time.Date may return an instant on either side, so the jump is the
	// nearer end of the time between two changes of the clocks.
	begin, end := at.ZoneBounds()
	if !end.IsZero() && end.Sub(at) < at.Sub(begin) {
		return end.In(s.Location)
	}
	return begin.In(s.Location)
}

// IsPaused reports whether nothing is sent at the instant.
func (s Schedule) IsPaused(now time.Time) bool {
	return s.Paused || !s.PausedUntil.IsZero() && now.Before(s.PausedUntil.Start(s.Location))
}
