package alerting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// state is what ops of a tenant know, and what they are still to be told.
type state struct {
	Open        []incident        `json:"open,omitempty"`
	Notices     []delivery.Notice `json:"notices,omitempty"` // the oldest first
	Receipt     Receipt           `json:"receipt,omitzero"`  // the last
	Unreachable []unreachable     `json:"deaf,omitempty"`    // of ops, the last time

	// Seen is since when ticks have found the causes that ops have not been told of, by ID.
	Seen map[string]time.Time `json:"seen,omitempty"`

	etag string
}

// load reads a state; an empty one if there is none.
func load(ctx context.Context, store delivery.Store, key string) (state, error) {
	o, err := store.Get(ctx, key)
	if errors.Is(err, delivery.ErrNotFound) {
		return state{}, nil
	}
	if err != nil {
		return state{}, fmt.Errorf("alerting state: %s: %w", key, err)
	}
	var s state
	if err := json.Unmarshal(o.Data, &s); err != nil {
		// An empty state would repeat every notice, and miss the end of every open cause.
		return state{}, &delivery.Failure{Err: fmt.Errorf("alerting state: %s: %w", key, err),
			Remedy: "put its last good version back, or delete it to have everything told again"}
	}
	s.etag = o.ETag
	return s, nil
}

// change saves what update makes of a state, if that differs, and returns it. If another tick saves
// in between, it updates that state instead.
func change(ctx context.Context, store delivery.Store, key string,
	update func(*state)) (state, error) {
	const tries = 5
	for range tries {
		s, err := load(ctx, store, key)
		if err != nil {
			return s, err
		}
		before, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			return s, err
		}
		update(&s)
		after, err := json.MarshalIndent(s, "", "  ")
		if err != nil || bytes.Equal(before, after) {
			return s, err
		}
		condition := delivery.Absent()
		if s.etag != "" {
			condition = delivery.Unchanged(s.etag)
		}
		o := delivery.Object{Data: after, Type: "application/json"}
		_, err = store.Put(ctx, key, o, condition)
		switch {
		case err == nil:
			return s, nil
		case !errors.Is(err, delivery.ErrConflict):
			return s, fmt.Errorf("alerting state: %s: %w", key, err)
		}
	}
	return state{}, fmt.Errorf("alerting state: %s: %w, %d times in a row",
		key, delivery.ErrConflict, tries)
}

// update compares the causes with those that ops know, and adds a notice for each change. An open
// cause for which unsure returns true stays open, though it is not among the causes.
func (s *state) update(now time.Time, causes []Cause, known known,
	unsure func(incident) bool, w writer) {
	var open []incident
	seen := make(map[string]time.Time)
	for _, c := range causes {
		since := now.UTC()
		if at, ok := s.Seen[c.ID]; ok {
			since = at
		}
		i := slices.IndexFunc(s.Open, func(x incident) bool { return x.ID == c.ID })
		if i < 0 && (!c.Notify || c.Unconfirmed && now.Sub(since) < confirmAfter) {
			if c.Notify || !c.Unconfirmed {
				seen[c.ID] = since
			}
			continue
		}
		x := incident{ID: c.ID, Version: c.Version, Since: since, Reason: c.title()}
		if i >= 0 {
			x = s.Open[i]
		}
		x.add(c)
		if i < 0 || x.Version != c.Version {
			x.Version, x.Reason, x.Since = c.Version, c.title(), since
			s.notify(now, c.ID+c.Version, w.begun(c, now))
		}
		open = append(open, x)
	}
	s.Seen = seen
	for _, x := range s.Open {
		if slices.ContainsFunc(open, func(o incident) bool { return o.ID == x.ID }) {
			continue
		}
		ends, sure := x.endings(now, known, w.window+delivery.Lookback)
		switch {
		case !sure || unsure(x):
			open = append(open, x)
		case ends.changed() || len(x.Reports) == 0:
			s.notify(now, "over "+x.ID, w.over(x, ends, now))
		}
	}
	s.Open = open
}

// watched returns the keys of the reports of the open causes.
func (s *state) watched() map[string]bool {
	keys := make(map[string]bool)
	for _, x := range s.Open {
		for _, a := range x.Reports {
			keys[a.Key] = true
		}
	}
	return keys
}

// confirmAfter is how long ago another tick must have found what is Unconfirmed. What no worker has
// finished may just have been queued, by the first tick after an outage.
const confirmAfter = 15 * time.Minute

// unconfirmed reports whether ticks have found reports without a worker for too short a time.
func (s *state) unconfirmed(now time.Time) bool {
	return now.Sub(s.Seen[string(untried)]) < confirmAfter
}

// notify adds a notice. Its ID is made of the time and of what it is about.
func (s *state) notify(now time.Time, about string, n delivery.Notice) {
	sum := sha256.Sum256([]byte(about))
	n.ID = now.UTC().Format("20060102T1504") + "-" + hex.EncodeToString(sum[:6])
	n.At = now.UTC()
	s.Notices = append(s.Notices, n)
}

// removeUnreachable forgets destinations that are no longer ops.
func (s *state) removeUnreachable(ops []config.Destination) {
	s.Unreachable = slices.DeleteFunc(s.Unreachable, func(u unreachable) bool {
		is := func(to config.Destination) bool { return to.ID() == u.ID }
		return !slices.ContainsFunc(ops, is)
	})
}
