package delivery

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"

	"kindlyweekly/report/config"
)

// Ledger records what becomes of each delivery. It writes conditionally.
type Ledger struct {
	Store  Store
	Now    func() time.Time // the wall clock, not the scheduled time of a tick
	Margin time.Duration    // how long a claim outlasts its worker's deadline; a minute where zero
}

// now returns the wall clock as records have it.
func (l *Ledger) now() time.Time { return l.Now().UTC().Truncate(time.Millisecond) }

func (l *Ledger) margin() time.Duration {
	if l.Margin == 0 {
		return time.Minute
	}
	return l.Margin
}

// Errors of Deliver, Notify, Fail, Wait, Skip and RecordMailEvent that mean: not now. The record is
// returned beside them.
var (
	ErrBusy  = errors.New("another worker has claimed this delivery")
	ErrEarly = errors.New("the next try of this delivery is not due")
)

// FirstSeen returns since when the tenant's destinations are known, and the ETag to save it with.
// Both are empty at first.
func (l *Ledger) FirstSeen(ctx context.Context, tenant string) (
	known FirstSeen, etag string, err error) {
	key := KeysOf(tenant).FirstSeen()
	o, err := l.Store.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", key, err)
	}
	if err := json.Unmarshal(o.Data, &known); err != nil {
		// An empty FirstSeen would make every destination miss the week that is due.
		return nil, "", &Failure{Err: fmt.Errorf("%s: %w", key, err),
			Remedy: "put its last good version back"}
	}
	return known, o.ETag, nil
}

// SaveFirstSeen replaces what FirstSeen returned. It returns ErrConflict if another tick has done
// so: read and plan again.
func (l *Ledger) SaveFirstSeen(ctx context.Context, tenant string, known FirstSeen,
	etag string) error {
	key := KeysOf(tenant).FirstSeen()
	data, err := json.MarshalIndent(known, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	c := Unchanged(etag)
	if etag == "" {
		c = Absent()
	}
	o := Object{Data: data, Type: "application/json"}
	if _, err := l.Store.Put(ctx, key, o, c); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// RecordMailEvent records what SES reports of a mail that it accepted: Delivered or Bounced, with
// the message's ID and, for a bounce, why. id is that of the Delivery. The event also proves that a
// doubtful mail was sent. It returns ErrBusy if the worker has not recorded the sending yet: try
// again later. It returns ErrNotFound if the ledger has no such delivery.
func (l *Ledger) RecordMailEvent(ctx context.Context, j config.Job, id string, s State, ref string,
	why *Failure) (Record, error) {
	at := slotOf(j, id)
	r, _, err := l.change(ctx, at, func(old Record) (Record, error) {
		switch {
		case old.State == "":
			return old, ErrNotFound
		case old.live(l.now()):
			return old, ErrBusy
		case old.State == s || old.State == Bounced: // a complaint outweighs a delivery
			return old, errKeep
		}
		r := old
		r.Job, r.Owner = j, rand.Text()
		r.clearError()
		r.State, r.At, r.Ref = s, l.now(), ref
		if why != nil {
			r.setError(why)
		}
		if r.SentAt.IsZero() {
			r.SentAt = r.At // it was in doubt
		}
		return r, nil
	})
	if err == nil && r.State == Bounced {
		// The delivery was over, so only this marker makes the tick read its record again.
		err = l.mark(ctx, at, r)
	}
	return r, err
}

// Read returns the record of a delivery, or ErrNotFound. id is that of the Delivery.
func (l *Ledger) Read(ctx context.Context, j config.Job, id string) (Record, error) {
	r, _, err := l.read(ctx, slotOf(j, id))
	return r, err
}

func (l *Ledger) read(ctx context.Context, at slot) (r Record, etag string, err error) {
	o, err := l.Store.Get(ctx, at.record)
	if err != nil {
		return Record{}, "", fmt.Errorf("%s: %w", at.record, err)
	}
	if err := json.Unmarshal(o.Data, &r); err != nil {
		return Record{}, "", unreadable{fmt.Errorf("%s: %w", at.record, err)}
	}
	return r, o.ETag, nil
}

// errKeep is what decide of change returns to leave a record as it is.
var errKeep = errors.New("keep")

// next returns the successor of a record, with an owner of its own.
func (l *Ledger) next(old Record) Record {
	r := old
	r.Owner = rand.Text()
	r.MaybeSent = old.MaybeSent || old.State == Claimed // that worker may have sent
	if r.First.IsZero() {
		r.First = l.now()
	}
	return r
}

// change reads a record, empty if there is none, and writes what decide makes of it. After a
// conflict it decides again. It returns the current record and its ETag.
func (l *Ledger) change(ctx context.Context, at slot,
	decide func(old Record) (Record, error)) (Record, string, error) {
	const rounds = 20 // each conflict is another's progress, and a delivery has few steps
	for range rounds {
		old, etag, err := l.read(ctx, at)
		c := Unchanged(etag)
		if errors.Is(err, ErrNotFound) {
			c = Absent()
		} else if err != nil {
			return Record{}, "", err
		}
		r, err := decide(old)
		if errors.Is(err, errKeep) {
			return old, etag, nil
		}
		if err != nil {
			return old, etag, err
		}
		etag, err = l.write(ctx, at, r, c)
		if errors.Is(err, ErrConflict) {
			continue
		}
		return r, etag, err
	}
	return Record{}, "", fmt.Errorf("%s: %w, repeatedly", at.record, ErrConflict)
}

// write puts a record, and its markers if it is final. A Put that failed, even by a conflict, may
// have written: its answer was lost and it was repeated. So write reads the object back and
// compares.
func (l *Ledger) write(ctx context.Context, at slot, r Record, c Condition) (
	etag string, err error) {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("%s: %w", at.record, err)
	}
	etag, err = backoff.Retry(ctx, func() (string, error) {
		etag, err := l.Store.Put(ctx, at.record, Object{Data: data, Type: "application/json"}, c)
		if err == nil {
			return etag, nil
		}
		o, failed := l.Store.Get(ctx, at.record)
		switch {
		case bytes.Equal(o.Data, data):
			return o.ETag, nil
		case failed == nil && errors.Is(err, ErrConflict):
			return "", backoff.Permanent(err)
		}
		return "", err
	}, backoff.WithMaxTries(5))
	if err != nil {
		return "", fmt.Errorf("%s: %w", at.record, err)
	}
	if r.State.Final() {
		_ = l.mark(ctx, at, r) // only speed: Statuses writes a marker that is not there
	}
	return etag, nil
}

// mark writes the markers of a delivery that is over. That of a failure comes first, so that the
// delivery does not look done before.
func (l *Ledger) mark(ctx context.Context, at slot, r Record) error {
	if at.done == "" {
		return nil
	}
	keys := []string{at.done}
	switch {
	case r.Failed():
		keys = []string{at.failed(), at.done}
	case r.State == Skipped:
		keys = []string{at.skipped(), at.done}
	}
	for _, key := range keys {
		if _, err := l.Store.Put(ctx, key, Object{}, Condition{}); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}
