package alerting

import (
	"slices"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// unreachable is a destination of ops that could not be notified.
type unreachable struct {
	ID     string    `json:"id"` // of the destination
	To     string    `json:"to"`
	Reason string    `json:"reason"`
	Remedy string    `json:"cure,omitempty"`
	Since  time.Time `json:"since,omitzero"` // after the first try that failed; zero in old states
}

// An attempt is what became of a notice to one destination at a tick.
type attempt struct {
	record delivery.Record
	ended  time.Time
}

// try updates the destinations that cannot be notified after an attempt. A destination is one of
// them from a failure that needs people, or is final, until a notice was certainly sent there after
// that. What a search finds may have been sent before; so may a notice that an earlier tick sent.
func (s *state) try(to config.Destination, a attempt) {
	r := a.record
	i := slices.IndexFunc(s.Unreachable, func(u unreachable) bool { return u.ID == to.ID() })
	switch known := i >= 0; {
	case r.Failed() || r.Remedy != "":
		u := unreachable{to.ID(), to.String(), r.Reason, r.Remedy,
			a.ended.UTC().Truncate(time.Millisecond)}
		if known {
			u.Since = s.Unreachable[i].Since
			s.Unreachable[i] = u
		} else {
			s.Unreachable = append(s.Unreachable, u)
		}
	case known && r.SentSince(s.Unreachable[i].Since):
		s.Unreachable = slices.Delete(s.Unreachable, i, i+1)
	}
}

// cause returns what the other destinations are told.
func (u unreachable) cause() Cause {
	return Cause{ID: "ops/" + u.ID, Notify: true, Remedy: u.Remedy,
		Reason: "ops cannot be notified at " + u.To + ", because " + u.Reason}
}
