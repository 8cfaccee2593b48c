package delivery

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/period"
)

// State is what became of a delivery.
type State string

// The states of a record. All but Claimed and Failed are final.
const (
	Claimed       State = "claimed"   // a worker is at it, until its claim ends
	Failed        State = "failed"    // to be tried again at NextTry
	Accepted      State = "accepted"  // Slack or SES has it
	Delivered     State = "delivered" // SES said that the recipient's server took it
	Bounced       State = "bounced"   // SES said that it came back, or that the recipient complained
	FailedForGood State = "failed for good"
	Missed        State = "missed"  // the catch-up window ended
	Skipped       State = "skipped" // nothing to say: an empty week with skip_if_empty, a week without alarm with on_alert
)

// Final reports whether nothing is left to do.
func (s State) Final() bool { return s != Claimed && s != Failed && s != "" }

// Record is the ledger's entry for one delivery: one week of one bot to one destination. Instants are UTC.
type Record struct {
	State       State     `json:"state"`
	Job         bots.Job  `json:"job"`
	Destination string    `json:"destination"`     // its ID
	Build       string    `json:"build,omitempty"` // the build that was or will be sent
	Due         time.Time `json:"due,omitzero"`

	Owner string    `json:"owner"`          // of the claim, or of what was written without one: a nonce
	Since time.Time `json:"since,omitzero"` // when the first claim began: where to look for what may have been sent
	Until time.Time `json:"until,omitzero"` // when the last claim ends
	Look  bool      `json:"look,omitempty"` // an earlier attempt may have sent: look before sending

	Attempts int       `json:"attempts"`
	NextTry  time.Time `json:"next_try,omitzero"`
	Reason   string    `json:"reason,omitempty"` // of the last failure, for people
	Cure     string    `json:"cure,omitempty"`   // what to do about it
	Cause    string    `json:"cause,omitempty"`  // by which failures belong together, see Failure.Cause

	At       time.Time `json:"at,omitzero"`        // when the state became final
	Ref      string    `json:"ref,omitempty"`      // Slack's ts, SES's message id
	Doubtful bool      `json:"doubtful,omitempty"` // possibly sent twice
}

// live reports whether a worker's claim holds at the instant.
func (r Record) live(now time.Time) bool { return r.State == Claimed && now.Before(r.Until) }

// Key names a delivery to whoever looks for it later, such as Slack's message metadata. It is visible to everyone in
// the workspace and holds no secret: acme/nettbutikk/2026-W46/slack-C024BE91L.
func Key(j bots.Job, d bots.Destination) string { return j.String() + "/" + d.ID() }

// Ledger records what becomes of each delivery, by conditional writes only.
type Ledger struct {
	Store  Store
	Now    func() time.Time // the wall clock: claims and next tries do not follow the scheduled time of a tick
	Margin time.Duration    // how long a claim outlasts its worker's deadline; a minute where zero
}

// now is the wall clock as records show it.
func (l *Ledger) now() time.Time { return l.Now().UTC().Truncate(time.Millisecond) }

func (l *Ledger) margin() time.Duration {
	if l.Margin == 0 {
		return time.Minute
	}
	return l.Margin
}

// Errors of Deliver, Fail, Skip and Hear that mean: not now. The record is returned beside them.
var (
	ErrBusy  = errors.New("somebody else is at this delivery")
	ErrEarly = errors.New("the next try of this delivery has not come")
)

// Known returns since when the tenant's destinations are known, and the ETag to save it with; nothing and "" at first.
func (l *Ledger) Known(ctx context.Context, tenant string) (known Known, etag string, err error) {
	key := KeysOf(tenant).Known()
	o, err := l.Store.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", key, err)
	}
	if err := json.Unmarshal(o.Data, &known); err != nil {
		// Not "nothing is known": every destination would then miss the week that is due.
		return nil, "", fmt.Errorf("%s: %w: put its last good version back", key, err)
	}
	return known, o.ETag, nil
}

// SaveKnown replaces what Known returned. ErrConflict: another tick has done so; read and plan again.
func (l *Ledger) SaveKnown(ctx context.Context, tenant string, known Known, etag string) error {
	key := KeysOf(tenant).Known()
	data, err := json.MarshalIndent(known, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	c := Unchanged(etag)
	if etag == "" {
		c = Absent()
	}
	if _, err := l.Store.Put(ctx, key, Object{Data: data, Type: "application/json"}, c); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// Open returns those of the tenant's due deliveries that are to be tried now: they are not over, their next try has
// come, and nobody is at them. It costs one LIST for each week and one GET for each delivery that is not over. Beside
// an error it returns those of which it is sure.
func (l *Ledger) Open(ctx context.Context, tenant string, due []Delivery) ([]Delivery, error) {
	records, err := l.undone(ctx, tenant, due)
	var open []Delivery
	for _, d := range due {
		r, ok := records[d.Key()]
		if now := l.now(); ok && !r.live(now) && !now.Before(r.NextTry) {
			open = append(open, d)
		}
	}
	return open, err
}

// Miss records those of the tenant's late deliveries as missed that are not over and that nobody is at, and returns
// their records. Of several callers one is given each. Beside an error it returns those that it has recorded.
func (l *Ledger) Miss(ctx context.Context, tenant string, late []Delivery) ([]Record, error) {
	records, err := l.undone(ctx, tenant, late)
	var missed []Record
	for _, d := range late {
		if r, ok := records[d.Key()]; !ok || r.live(l.now()) {
			continue
		}
		mine := false
		r, _, e := l.change(ctx, d.Job, d.Destination.ID(), func(old Record) (Record, error) {
			if mine = !old.State.Final() && !old.live(l.now()); !mine {
				return old, errKeep
			}
			r := l.next(old, d)
			r.State, r.At, r.NextTry = Missed, l.now(), time.Time{}
			if r.Reason == "" {
				r.Reason = "it was not tried while there was time to catch up"
			}
			return r, nil
		})
		if e != nil {
			err = errors.Join(err, e)
		} else if mine {
			missed = append(missed, r)
		}
	}
	return missed, err
}

// undone returns the records, by key, of those deliveries that are not over. One that was never tried has an empty
// record. Those whose record could not be read are left out, and are in the error.
func (l *Ledger) undone(ctx context.Context, tenant string, all []Delivery) (map[string]Record, error) {
	keys := KeysOf(tenant)
	listed := map[period.Week]bool{}
	done := map[string]bool{}
	for _, d := range all {
		if d.Job.Tenant != tenant {
			return nil, fmt.Errorf("%s is no delivery of the tenant %s", d.Key(), tenant)
		}
		if listed[d.Job.Week] {
			continue
		}
		listed[d.Job.Week] = true
		over, err := l.Store.List(ctx, keys.DonePrefix(d.Job.Week))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", keys.DonePrefix(d.Job.Week), err)
		}
		for _, key := range over {
			done[key] = true
		}
	}

	var (
		mu      sync.Mutex
		errs    []error
		records = map[string]Record{}
		gets    errgroup.Group
	)
	gets.SetLimit(16)
	for _, d := range all {
		if done[keys.Done(d.Job.Week, d.Job.Bot, d.Destination)] {
			continue
		}
		gets.Go(func() error {
			r, _, err := l.read(ctx, d.Job, d.Destination.ID())
			if err == nil && r.State.Final() {
				l.mark(ctx, d.Job, d.Destination.ID()) // its worker died before he did
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil || errors.Is(err, ErrNotFound) {
				records[d.Key()] = r
			} else {
				errs = append(errs, err)
			}
			return nil
		})
	}
	_ = gets.Wait() // each leaves its error in errs
	return records, errors.Join(errs...)
}

// Hear records what SES says of a mail after it has taken it: Delivered or Bounced, with the message's id and, for a
// bounce, the reason. destination is the ID of one. It is news to an accepted delivery, and proof to one whose fate
// was in doubt. ErrBusy: the worker that sent it has not yet recorded so; tell it again later. ErrNotFound: the ledger
// has no such delivery.
func (l *Ledger) Hear(ctx context.Context, j bots.Job, destination string, s State, ref, reason string) (Record, error) {
	r, _, err := l.change(ctx, j, destination, func(old Record) (Record, error) {
		switch {
		case old.State == "":
			return old, ErrNotFound
		case old.live(l.now()):
			return old, ErrBusy
		case old.State == s || old.State == Bounced: // a complaint comes after the delivery, and outweighs it
			return old, errKeep
		}
		r := old
		r.Job, r.Destination, r.Owner = j, destination, rand.Text()
		r.State, r.At, r.Ref, r.Reason, r.Cure, r.Cause, r.NextTry = s, l.now(), ref, reason, "", "", time.Time{}
		return r, nil
	})
	return r, err
}

// Read returns the record of a delivery, or ErrNotFound. destination is the ID of one.
func (l *Ledger) Read(ctx context.Context, j bots.Job, destination string) (Record, error) {
	r, _, err := l.read(ctx, j, destination)
	return r, err
}

func (l *Ledger) read(ctx context.Context, j bots.Job, destination string) (r Record, etag string, err error) {
	key := KeysOf(j.Tenant).record(j.Week, j.Bot, destination)
	o, err := l.Store.Get(ctx, key)
	if err != nil {
		return Record{}, "", fmt.Errorf("%s: %w", key, err)
	}
	if err := json.Unmarshal(o.Data, &r); err != nil {
		return Record{}, "", fmt.Errorf("%s: %w", key, err)
	}
	return r, o.ETag, nil
}

// errKeep is decide's error for a record that stays as it is.
var errKeep = errors.New("keep")

// next returns what follows a record for the delivery, under an owner of its own.
func (l *Ledger) next(old Record, d Delivery) Record {
	r := old
	r.Job, r.Destination, r.Due = d.Job, d.Destination.ID(), d.Due
	r.Owner = rand.Text()
	r.Look = old.Look || old.State == Claimed // whoever claimed it may have sent before he died
	return r
}

// change reads a delivery's record, empty where there is none, and writes what decide makes of it. What somebody else
// writes in between is decided upon anew. It returns the record that stands, and its ETag.
func (l *Ledger) change(ctx context.Context, j bots.Job, destination string, decide func(old Record) (Record, error)) (Record, string, error) {
	const rounds = 20 // every conflict is somebody else's progress, and a delivery has few steps
	for range rounds {
		old, etag, err := l.read(ctx, j, destination)
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
		etag, err = l.write(ctx, r, c)
		if errors.Is(err, ErrConflict) {
			continue
		}
		return r, etag, err
	}
	return Record{}, "", fmt.Errorf("%s/%s: %w, again and again", j, destination, ErrConflict)
}

// write puts a record, and its marker if it is final. A Put that failed, even by a conflict, may have written all the
// same, if its answer was lost and it was repeated. So what stands there is read back: it is this record if it has this
// owner and everything else of it.
func (l *Ledger) write(ctx context.Context, r Record, c Condition) (etag string, err error) {
	key := KeysOf(r.Job.Tenant).record(r.Job.Week, r.Job.Bot, r.Destination)
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	etag, err = backoff.Retry(ctx, func() (string, error) {
		etag, err := l.Store.Put(ctx, key, Object{Data: data, Type: "application/json"}, c)
		if err == nil {
			return etag, nil
		}
		o, failed := l.Store.Get(ctx, key)
		switch {
		case failed == nil && bytes.Equal(o.Data, data):
			return o.ETag, nil
		case failed == nil && errors.Is(err, ErrConflict):
			return "", backoff.Permanent(err)
		}
		return "", err
	}, backoff.WithMaxTries(5))
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	if r.State.Final() {
		l.mark(ctx, r.Job, r.Destination)
	}
	return etag, nil
}

// mark leaves the marker of a delivery that is over. It only spares the tick a GET, and Open makes up for it where it
// is not there; so its error is nobody's.
func (l *Ledger) mark(ctx context.Context, j bots.Job, destination string) {
	_, _ = l.Store.Put(ctx, KeysOf(j.Tenant).done(j.Week, j.Bot, destination), Object{}, Condition{})
}
