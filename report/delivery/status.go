package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/config"
)

// Status is the state of a delivery.
type Status struct {
	Delivery
	// Record is zero if nothing was tried, or if the delivery is over and succeeded: it is not read
	// then. If the last resend failed, it is the record of that.
	Record  Record
	Over    bool
	Failed  bool // it is over and did not succeed
	Skipped bool // it is over without a message, since none was wanted
	Resent  bool // it was sent again, the last time successfully
	Arrived bool // it is over and was sent, with or without its replies
	Gaps    bool // it has arrived without all chats or messages of the week
	Err     error
}

// Ready reports whether the delivery is to be tried at the instant.
func (s Status) Ready(now time.Time) bool {
	return s.Err == nil && !s.Over && !s.Record.live(now) && !now.Before(s.Record.NextTry)
}

// setArrival sets Arrived and Gaps from a record.
func (s *Status) setArrival(r Record) {
	if r.arrived() {
		s.Arrived, s.Gaps = true, r.Gaps != ""
	}
}

// Statuses returns the status of each of the tenant's deliveries, in their order. It costs a LIST
// of the markers of each week, a LIST of the records of each week that is not all over, and a GET
// for each record that exists and whose delivery is not over or has failed. If a record cannot be
// read, Err of its Status says why, and the returned error joins all of these.
func (l *Ledger) Statuses(ctx context.Context, tenant string, all []Delivery) ([]Status, error) {
	for _, d := range all {
		if d.Job.Tenant != tenant {
			return nil, fmt.Errorf("%s is no delivery of the tenant %s", d.Key(), tenant)
		}
	}
	slots := make([]slot, len(all))
	for i, d := range all {
		slots[i] = d.slot()
	}
	weeks, err := l.listings(ctx, tenant, all, slots)
	if err != nil {
		return nil, err
	}
	statuses := make([]Status, len(all))
	var gets errgroup.Group
	gets.SetLimit(16)
	for i, d := range all {
		week := weeks[d.Job.Period]
		marks := week.marks
		s, at := &statuses[i], slots[i]
		s.Delivery, s.Over = d, marks[at.done]
		s.Failed, s.Skipped = marks[at.failed()], marks[at.skipped()]
		again, wrongAgain, unwanted := week.lastResend(d)
		s.Arrived = s.Over && !s.Failed && !s.Skipped
		arrived := false // the last resend, as it should
		if again != nil {
			s.Resent = !wrongAgain
			arrived = s.Resent && !unwanted
			s.Arrived = s.Arrived || arrived
			s.Skipped = s.Skipped && !s.Arrived
			s.Failed = s.Failed || s.Over && wrongAgain
		}
		if s.Over && !s.Failed {
			continue
		}
		own := at
		if s.Over && wrongAgain {
			at = again.slot() // the last resend failed: its record has the reason
		}
		if !s.Over && !s.Failed && !s.Skipped && again == nil && !week.records[at.record] {
			continue // nothing was tried
		}
		gets.Go(func() error {
			s.Record, s.Err = l.readListed(ctx, at, week)
			if !arrived { // which tells more
				s.setArrival(s.Record)
			}
			if s.Err == nil && !s.Arrived && at != own {
				var r Record
				r, s.Err = l.readListed(ctx, own, week)
				s.setArrival(r)
			}
			switch r := s.Record; {
			case s.Err != nil:
			case r.State.Final():
				s.Over, s.Failed = true, r.Failed()
				if at == own {
					s.Skipped = r.State == Skipped
				}
				if !marks[at.done] { // the worker crashed before it wrote the marker
					_ = l.mark(ctx, at, r)
				}
			default: // it was given up, and then found, see LookUp
				s.Over, s.Failed = false, false
			}
			s.Skipped = !s.Arrived && (s.Skipped || s.Over && unwanted)
			return nil
		})
	}
	_ = gets.Wait() // each error is in its Status
	var errs []error
	for _, s := range statuses {
		errs = append(errs, s.Err)
	}
	return statuses, errors.Join(errs...)
}

// readListed reads a record. It returns an empty one if there is none.
func (l *Ledger) readListed(ctx context.Context, at slot, week *listing) (Record, error) {
	if !week.records[at.record] {
		return Record{}, nil
	}
	r, _, err := l.read(ctx, at)
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return r, err
}

// DueStatuses returns the statuses of a tenant's deliveries that were due, see
// [FirstSeen.DueStatus]: of those that a tick has found, and of those that it does not try, see
// [Excluded]. It costs what [Ledger.Statuses] does for the latter.
func (l *Ledger) DueStatuses(ctx context.Context, t *config.Tenant, known FirstSeen,
	statuses []Status, now time.Time, window time.Duration) ([]Status, error) {
	aside := Excluded(t, known, now, window)
	found, err := l.Statuses(ctx, t.Name, aside)
	if len(found) < len(aside) {
		return nil, err
	}
	due := make([]Status, 0, len(statuses)+len(found))
	for _, some := range [][]Status{statuses, found} {
		for _, s := range some {
			if s, ok := known.DueStatus(s, now, window); ok {
				due = append(due, s)
			}
		}
	}
	return due, nil
}

// RecordOf returns the record of a status's delivery, as it was planned, or an empty one if nothing
// was tried. It reads the record only if the status does not have it.
func (l *Ledger) RecordOf(ctx context.Context, s Status) (Record, error) {
	read := s.Err != nil || s.Record.IsResend() || s.Over && s.Record.State == ""
	if !read {
		return s.Record, nil
	}
	r, err := l.Read(ctx, s.Job, s.ID())
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return r, err
}

// Ready returns the deliveries that are to be tried at the instant: not over, due for their next
// try, and not claimed.
func Ready(statuses []Status, now time.Time) []Delivery {
	var open []Delivery
	for _, s := range statuses {
		if s.Ready(now) {
			open = append(open, s.Delivery)
		}
	}
	return open
}

// MarkMissed records late deliveries as missed, unless they are over or claimed. If the message was
// sent and only its replies were not, it records that they are missing. It updates the statuses and
// returns the records. Of several callers one gets each record. If it returns an error too, the
// returned records are written.
func (l *Ledger) MarkMissed(ctx context.Context, late []Status) ([]Record, error) {
	var (
		mu     sync.Mutex
		errs   []error
		missed = make([]*Record, len(late))
		puts   errgroup.Group
	)
	puts.SetLimit(16)
	for i := range late {
		s := &late[i]
		if s.Err != nil || s.Over || s.Record.live(l.now()) {
			continue
		}
		puts.Go(func() error {
			mine := false
			r, _, err := l.change(ctx, s.slot(), func(old Record) (Record, error) {
				if mine = !old.State.Final() && !old.live(l.now()); !mine {
					return old, errKeep
				}
				r := l.next(s.begin(old))
				r.State, r.At, r.NextTry = Missed, l.now(), time.Time{}
				if r.Reason == "" {
					r.Reason = "no worker finished before the catch-up window ended"
				}
				if r.Ref != "" {
					r.State, r.Missing, r.Reason = Accepted, r.Reason, ""
				}
				return r, nil
			})
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
				return nil
			}
			s.Record, s.Over, s.Failed = r, r.State.Final(), r.Failed()
			if !s.Arrived { // by a resend, which tells more
				s.setArrival(r)
			}
			if mine {
				missed[i] = &r
			}
			return nil
		})
	}
	_ = puts.Wait() // the errors are in errs
	var records []Record
	for _, r := range slices.DeleteFunc(missed, func(r *Record) bool { return r == nil }) {
		records = append(records, *r)
	}
	return records, errors.Join(errs...)
}
