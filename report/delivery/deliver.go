package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kindlyweekly/report/config"
)

// Deliver claims, searches, sends and records. The claim lasts until the deadline, which is that of
// the whole invocation, and the ledger's margin. Sending ends at the deadline; recording does not,
// nor with ctx.
//
// The error is the ledger's: a failure to send is in the record, as Retrying, Sent or
// FailedForGood. ErrBusy and ErrEarly mean that there is nothing to do. A final record is returned,
// and nothing is sent.
func (l *Ledger) Deliver(ctx context.Context, d Delivery, m Message, s Sender,
	deadline time.Time) (Record, error) {
	return l.deliver(ctx, d.slot(), d.begin, m, s, deadline)
}

// Notify delivers a notice to one of the tenant's ops, as Deliver does a report.
func (l *Ledger) Notify(ctx context.Context, n Notice, to config.Destination, m Message, s Sender,
	deadline time.Time) (Record, error) {
	tenant := m.Tenant.Name
	m.Key, m.Destination, m.Payload = tenant+"/notice/"+n.ID+"/"+to.ID(), to, &n
	at := slot{record: KeysOf(tenant).Notice(n.ID, to)}
	return l.deliver(ctx, at, func(r Record) Record {
		r.Job.Tenant, r.Notice, r.Destination, r.Due = tenant, n.ID, to.ID(), n.At
		return r
	}, m, s, deadline)
}

func (l *Ledger) deliver(ctx context.Context, at slot, begin func(Record) Record, m Message,
	s Sender, deadline time.Time) (Record, error) {
	left := deadline.Sub(l.Now())
	if left <= 0 {
		return Record{}, fmt.Errorf("%s: no time is left to send: %w", m.Key,
			context.DeadlineExceeded)
	}
	inTime, cancel := context.WithTimeout(ctx, left)
	defer cancel()

	mine, first := false, false
	signature, unsigned := signed(inTime, m, s)
	r, etag, err := l.change(inTime, at, func(old Record) (Record, error) {
		mine, first = false, old.Since.IsZero()
		if err := l.checkClaimable(old); err != nil {
			return old, err
		}
		mine = true
		r := l.next(begin(old))
		r.State, r.NextTry = Claimed, time.Time{}
		r.Until = deadline.Add(l.margin()).UTC().Truncate(time.Millisecond)
		if r.Since.IsZero() {
			r.Since = l.now()
		}
		if r.Ref == "" {
			r.Build, r.Gaps = m.Build, m.Payload.Gaps()
			r.Attempts++
		} else {
			r.ReplyTries++
		}
		if signature != nil {
			r.sign(*signature)
		}
		return r, nil
	})
	if err != nil || !mine {
		return r, err
	}
	c := &claim{Record: r, ledger: l, at: at, etag: etag, recording: context.WithoutCancel(ctx)}
	if first {
		c.clearError() // why there was nothing to send
	}
	m.Signatures = c.signatures()
	if unsigned != nil {
		c.setRefused(unsigned)
		err = c.record()
	} else {
		err = c.try(inTime, m, s)
	}
	if err != nil {
		return c.Record, fmt.Errorf("%s is %s, but that was not recorded: %w", m.Key, c.State, err)
	}
	return c.Record, nil
}

// checkClaimable returns why a delivery cannot be claimed: ErrBusy, ErrEarly or, if it is over,
// errKeep.
func (l *Ledger) checkClaimable(r Record) error {
	r.NextTry = r.earliest()
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

// earliest returns when a delivery may be tried next. A resend is tried at once, since an operator
// has asked for it. It only waits for the end of a claim that may have sent.
func (r Record) earliest() time.Time {
	inDoubt := r.MaybeSent || r.Ref != ""
	switch {
	case r.IsResend() && !inDoubt:
		return time.Time{}
	case r.IsResend() && r.Until.Before(r.NextTry):
		return r.Until
	}
	return r.NextTry
}

// claim is a delivery that this process has claimed, with its record.
type claim struct {
	Record
	ledger    *Ledger
	at        slot
	etag      string
	recording context.Context // does not end with what is recorded
}

// record writes the record.
func (c *claim) record() error {
	left := max(c.Until.Sub(c.ledger.Now()), c.ledger.margin())
	ctx, cancel := context.WithTimeout(c.recording, left)
	defer cancel()
	etag, err := c.ledger.write(ctx, c.at, c.Record, Unchanged(c.etag))
	if err == nil {
		c.etag = etag
	}
	return err
}

// try sends the message, then its replies, and records each. Its error is that of recording.
func (c *claim) try(ctx context.Context, m Message, s Sender) error {
	follower, follows := s.(Replier)
	follows = follows && m.Payload.HasReplies()
	if c.Ref == "" {
		if c.send(ctx, m, s); c.Ref == "" {
			return c.record()
		}
		c.clearError()
		if follows {
			c.ReplyTries++
			if err := c.record(); err != nil { // from here on the message need not be searched for
				return err
			}
		}
	}
	if follows {
		if err := c.sendReplies(ctx, m, follower); err != nil {
			return err
		}
	} else {
		c.State, c.At = Accepted, c.ledger.now()
	}
	return c.record()
}

// send searches for the message and sends it. Afterwards Ref is set, or State says why not.
func (c *claim) send(ctx context.Context, m Message, s Sender) {
	blind := false
	if c.MaybeSent {
		// The medium's clock need not be ours.
		ref, found, err := s.Find(ctx, m, c.Since.Add(-c.ledger.margin()))
		switch {
		case errors.Is(err, ErrCannotSearch):
			blind = true
		case err != nil:
			c.Record = c.ledger.failed(c.Record, err)
			return
		case found:
			c.Ref, c.SentAt, c.Found = ref, c.ledger.now(), true
			return
		}
	}
	switch now := c.ledger.now(); {
	case c.outOfTime(ctx):
		c.setError(&Failure{Err: errors.New("no time was left to send")})
		c.State, c.NextTry = Retrying, now
		c.Attempts--
		return
	case now.Before(c.Retry):
		c.State, c.NextTry = Retrying, c.Retry
		c.Attempts--
		return
	}
	ref, err := s.Send(ctx, m)
	if err != nil {
		f := &Failure{Err: err, MaybeSent: true}
		errors.As(err, &f)
		c.MaybeSent = c.MaybeSent || f.MaybeSent
		c.Record = c.ledger.failed(c.Record, f)
		c.deferRetry(f)
		return
	}
	c.Ref, c.SentAt, c.MaybeDuplicate = ref, c.ledger.now(), blind
}

// setRefused records why nothing is done under this claim.
func (c *claim) setRefused(err error) {
	if c.Ref == "" {
		c.Record = c.ledger.failed(c.Record, err)
		return
	}
	c.retryReplies(&Failure{Err: err})
}

// deferRetry sets the next try of a message that may have been sent to the end of the claim. Until
// then it can still appear. If it is not found then, it is sent again no sooner than after any
// other failure.
func (c *claim) deferRetry(f *Failure) {
	if !f.MaybeSent || c.State.Final() {
		return
	}
	if c.Retry = c.NextTry; c.Retry.Before(c.Until) {
		c.Retry = c.Until
	}
	c.NextTry = c.Until
}

// outOfTime reports whether it is too late to send. A suspended process does not notice that by
// ctx.
func (c *claim) outOfTime(ctx context.Context) bool {
	return ctx.Err() != nil || !c.ledger.Now().Before(c.Until.Add(-c.ledger.margin()))
}

// maxReplyTries is how often replies are tried: for four and a half hours.
const maxReplyTries = 5

// sendReplies sends the replies. Its error is that of recording.
func (c *claim) sendReplies(ctx context.Context, m Message, s Replier) error {
	if c.outOfTime(ctx) {
		c.State, c.NextTry = Sent, c.ledger.now()
		c.ReplyTries--
		return nil
	}
	var unnoted error
	last := c.ReplyTries >= maxReplyTries || c.at.done == "" // what has no marker is not retried
	lacks, err := s.SendReplies(ctx, m, c.Ref, c.Progress, last, func(mark string) error {
		c.Progress = mark
		unnoted = c.record()
		return unnoted
	})
	switch {
	case unnoted != nil:
		return unnoted
	case err != nil:
		c.retryReplies(&Failure{Err: err, MaybeSent: true})
		return nil
	}
	c.clearError()
	c.State, c.At = Accepted, c.ledger.now()
	if lacks != nil {
		c.Missing, c.Remedy, c.Cause = lacks.Err.Error(), lacks.Remedy, lacks.Cause
	}
	return nil
}

// retryReplies records that the replies are to be tried again, and why.
func (c *claim) retryReplies(f *Failure) {
	errors.As(f.Err, &f)
	c.setError(f)
	c.State, c.NextTry = Sent, c.ledger.now().Add(max(c.delay(c.ReplyTries), f.RetryAfter))
	if f.MaybeSent && c.NextTry.Before(c.Until) {
		c.NextTry = c.Until // until then it can still appear
	}
}

// LookUp searches for the message of a delivery that was given up although it may have been sent.
// If it is found, deliver it again, which sends the replies. The error is the ledger's or that of
// the search. If the service cannot be searched, the record is returned unchanged.
func (l *Ledger) LookUp(ctx context.Context, d Delivery, m Message, s Sender) (Record, error) {
	r, _, err := l.read(ctx, d.slot())
	if !r.InDoubt() { // or not known
		return r, err
	}
	m.Signatures = r.signatures()
	ref, found, err := s.Find(ctx, m, r.Since.Add(-l.margin()))
	if errors.Is(err, ErrCannotSearch) {
		return r, nil
	}
	if err != nil || !found {
		return r, err
	}
	r, _, err = l.change(ctx, d.slot(), func(old Record) (Record, error) {
		if !old.InDoubt() {
			return old, errKeep
		}
		r := l.next(old)
		r.clearError()
		r.State, r.Ref, r.SentAt, r.Found, r.At = Sent, ref, l.now(), true, time.Time{}
		return r, nil
	})
	return r, err
}

// failed returns the record after a failure, with its next try unless the failure is permanent.
func (l *Ledger) failed(r Record, err error) Record {
	f := &Failure{Err: err}
	errors.As(err, &f)
	r.setError(f)
	if f.Permanent {
		r.State, r.At, r.NextTry = FailedForGood, l.now(), time.Time{}
		return r
	}
	r.State, r.NextTry = Retrying, l.now().Add(max(r.delay(r.Attempts), f.RetryAfter))
	return r
}

// Fail records a try that failed before there was anything to send, such as when Sage refused the
// key. why should be a *Failure. A final record stays; ErrBusy and ErrEarly are as in
// [Ledger.Deliver].
func (l *Ledger) Fail(ctx context.Context, d Delivery, why error) (Record, error) {
	return l.decide(ctx, d, func(r Record) Record {
		r.Attempts++
		return l.failed(r, why)
	})
}

// Wait records that there is nothing to send yet, why, and when to look again. It is no try, and
// clears earlier errors. A final record stays; ErrBusy and ErrEarly are as in [Ledger.Deliver].
func (l *Ledger) Wait(ctx context.Context, d Delivery, why *Failure,
	until time.Time) (Record, error) {
	return l.decide(ctx, d, func(r Record) Record {
		r.clearError()
		r.setError(why)
		r.State, r.NextTry = Retrying, until.UTC().Truncate(time.Millisecond)
		return r
	})
}

// Skip records that the destination does not want the week, and why. A final record stays; ErrBusy
// and ErrEarly are as in [Ledger.Deliver].
func (l *Ledger) Skip(ctx context.Context, d Delivery, reason string) (Record, error) {
	return l.decide(ctx, d, func(r Record) Record {
		r.clearError()
		r.State, r.At, r.Reason = Skipped, l.now(), reason
		return r
	})
}

// decide changes a record without a claim, since nothing is sent. It does not end with ctx.
func (l *Ledger) decide(ctx context.Context, d Delivery, to func(Record) Record) (Record, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.margin())
	defer cancel()
	r, _, err := l.change(ctx, d.slot(), func(old Record) (Record, error) {
		if err := l.checkClaimable(old); err != nil {
			return old, err
		}
		return to(l.next(d.begin(old))), nil
	})
	return r, err
}
