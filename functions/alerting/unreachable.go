package alerting

import (
	"slices"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// unreachable is a destination of ops that cannot be notified.
type unreachable struct {
	ID     string    `json:"id"` // of the destination
	To     string    `json:"to"`
	Reason string    `json:"reason"`
	Remedy string    `json:"cure,omitempty"`
	Since  time.Time `json:"since,omitzero"` // end of the first failed attempt; zero in old states
}

// An attempt is the outcome of sending a notice to one destination in one tick.
type attempt struct {
	record delivery.Record
	ended  time.Time
}

// try updates the unreachable destinations after an attempt. A destination becomes unreachable by a
// failure that is final or that needs people. It becomes reachable by a notice that was certainly
// sent there after that failure. A notice that a search finds, or that an earlier tick sent, may be
// older.
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

// cause returns the cause that the other destinations are notified of.
func (u unreachable) cause() Cause {
	return Cause{ID: "ops/" + u.ID, Notify: true, Remedy: u.Remedy,
		Reason: "ops cannot be notified at " + u.To + ", because " + u.Reason}
}
