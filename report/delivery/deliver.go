package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Deliver claims, looks, sends and records. The claim lasts until the deadline, which is that of the whole invocation,
// and the ledger's margin; sending is cut off at the deadline. Recording is not, nor by the end of ctx.
//
// The error is the ledger's: a sending that failed is in the record, as Failed or FailedForGood. ErrBusy and ErrEarly
// mean that nothing was done, and that there is nothing to do but to acknowledge. A record that is already final is
// returned as it is, and nothing is sent.
func (l *Ledger) Deliver(ctx context.Context, d Delivery, m Message, s Sender, deadline time.Time) (Record, error) {
	left := deadline.Sub(l.Now())
	if left <= 0 {
		return Record{}, fmt.Errorf("%s: no time is left to send: %w", d.Key(), context.DeadlineExceeded)
	}
	inTime, cancel := context.WithTimeout(ctx, left)
	defer cancel()

	mine := false
	r, etag, err := l.change(inTime, d.Job, d.Destination.ID(), func(old Record) (Record, error) {
		mine = false
		if err := l.free(old); err != nil {
			return old, err
		}
		mine = true
		r := l.next(old, d)
		r.State, r.Build, r.Until = Claimed, m.Build, deadline.Add(l.margin()).UTC().Truncate(time.Millisecond)
		if r.Since.IsZero() {
			r.Since = l.now()
		}
		r.Attempts++
		r.NextTry = time.Time{}
		return r, nil
	})
	if err != nil || !mine {
		return r, err
	}

	r = l.attempt(inTime, r, m, s)

	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(r.Until.Sub(l.Now()), l.margin()))
	defer cancel()
	if _, err := l.write(recording, r, Unchanged(etag)); err != nil {
		return r, fmt.Errorf("%s is %s, which could not be recorded: %w", d.Key(), r.State, err)
	}
	return r, nil
}

// free says why a delivery is not to be touched: ErrBusy, ErrEarly or, if it is over, errKeep.
func (l *Ledger) free(r Record) error {
	switch now := l.now(); {
	case r.State.Final():
		return errKeep
	case r.live(now):
		return ErrBusy
	case now.Before(r.NextTry):
		return ErrEarly
	}
	return nil
}

// attempt looks and sends, and returns what has become of the claimed delivery.
func (l *Ledger) attempt(ctx context.Context, r Record, m Message, s Sender) Record {
	blind := false
	if r.Look {
		// The medium's clock need not be ours.
		ref, found, err := s.Find(ctx, m, r.Since.Add(-l.margin()))
		switch {
		case errors.Is(err, ErrCannotLook):
			blind = true
		case err != nil:
			return l.failed(r, err)
		case found:
			return l.accepted(r, ref)
		}
	}
	if ctx.Err() != nil {
		r.State, r.NextTry, r.Reason, r.Cure, r.Cause = Failed, l.now(), "no time was left to send", "", ""
		r.Attempts--
		return r
	}
	ref, err := s.Send(ctx, m)
	if err != nil {
		f := &Failure{Err: err, Doubtful: true}
		errors.As(err, &f)
		r.Look = r.Look || f.Doubtful
		r = l.failed(r, f)
		if f.Doubtful && r.State == Failed && r.NextTry.Before(r.Until) {
			r.NextTry = r.Until // it can still turn up
		}
		return r
	}
	r.Doubtful = blind
	return l.accepted(r, ref)
}

func (l *Ledger) accepted(r Record, ref string) Record {
	r.State, r.At, r.Ref, r.Reason, r.Cure, r.Cause = Accepted, l.now(), ref, "", "", ""
	return r
}

// failed returns the record after a failure: with its next try, or none if it is permanent.
func (l *Ledger) failed(r Record, err error) Record {
	f := &Failure{Err: err}
	errors.As(err, &f)
	r.Reason, r.Cure, r.Cause = f.Err.Error(), f.Cure, f.Cause
	if f.Permanent {
		r.State, r.At, r.NextTry = FailedForGood, l.now(), time.Time{}
		return r
	}
	r.State, r.NextTry = Failed, l.now().Add(max(delay(r.Attempts, f), f.RetryAfter))
	return r
}

// delay returns how long to wait after so many failed attempts.
func delay(attempts int, f *Failure) time.Duration {
	if f.Cure != "" {
		return time.Hour // for people to act, and not to wait long after they have
	}
	delays := [...]time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}
	return delays[min(max(attempts, 1), len(delays))-1]
}

// Fail records an attempt that failed before there was anything to send, such as when Sage refused the key. The error
// why is best a *Failure. What is over stays so, and ErrBusy and ErrEarly are those of [Ledger.Deliver].
func (l *Ledger) Fail(ctx context.Context, d Delivery, why error) (Record, error) {
	return l.settle(ctx, d, func(r Record) Record {
		r.Attempts++
		return l.failed(r, why)
	})
}

// Skip records that the destination does not want the week, and why. What is over stays so, and ErrBusy and ErrEarly
// are those of [Ledger.Deliver].
func (l *Ledger) Skip(ctx context.Context, d Delivery, reason string) (Record, error) {
	return l.settle(ctx, d, func(r Record) Record {
		r.State, r.At, r.Reason, r.Cure, r.Cause, r.NextTry = Skipped, l.now(), reason, "", "", time.Time{}
		return r
	})
}

// settle records something of a delivery that needs no claim, as nothing is sent. The end of ctx does not keep it from
// that.
func (l *Ledger) settle(ctx context.Context, d Delivery, to func(Record) Record) (Record, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.margin())
	defer cancel()
	r, _, err := l.change(ctx, d.Job, d.Destination.ID(), func(old Record) (Record, error) {
		if err := l.free(old); err != nil {
			return old, err
		}
		return to(l.next(old, d)), nil
	})
	return r, err
}
