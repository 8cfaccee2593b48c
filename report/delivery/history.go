package delivery

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/config"
)

// History is every record of a bot's week, in the order of their IDs: of what was planned, of what was sent again, and of
// what somebody asked for.
type History []Record

// History reads the history of a job: one LIST, and one GET for each record. It looks at no marks, which are there for the
// tick and not for long, and it writes nothing.
func (l *Ledger) History(ctx context.Context, j config.Job) (History, error) {
	prefix := KeysOf(j.Tenant).Records(j.Period, j.Bot)
	keys, err := l.Store.List(ctx, prefix)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", prefix, err)
	}
	h := make(History, len(keys))
	gets, ctx := errgroup.WithContext(ctx)
	gets.SetLimit(16)
	for i, key := range keys {
		gets.Go(func() (err error) {
			h[i], _, err = l.read(ctx, slot{record: key})
			return err
		})
	}
	return h, gets.Wait()
}

// find returns a delivery's record, and whether there is one.
func (h History) find(d Delivery) (r Record, ok bool) {
	i := slices.IndexFunc(h, func(r Record) bool { return r.Destination == d.Destination.ID() && r.Extra == d.Extra })
	if i < 0 {
		return Record{}, false
	}
	return h[i], true
}

// Status returns how a delivery stands, as [Ledger.Statuses] does, but always with its own record.
func (h History) Status(d Delivery) Status {
	r, _ := h.find(d)
	s := Status{Delivery: d, Record: r, Over: r.State.Final(), Failed: r.Failed(), Skipped: r.State == Skipped}
	s.setArrival(r)
	if last, ok := h.lastResend(d); ok {
		s.setArrival(last)
		s.Resent = !last.Failed()
		s.Failed = s.Failed || s.Over && last.Failed()
		s.Skipped = !s.Arrived && (s.Skipped || s.Over && last.State == Skipped)
	}
	return s
}

// lastResend returns the record of the last resend that is over, and whether there is one.
func (h History) lastResend(d Delivery) (last Record, ok bool) {
	for _, r := range h.Resends(d) {
		if r.State.Final() {
			last, ok = r, true
		}
	}
	return last, ok
}

// Resends returns the record of each time that a delivery was sent again, the first one first.
func (h History) Resends(d Delivery) []Record {
	var all []Record
	for n := 1; ; n++ {
		r, ok := h.find(d.Resend(n))
		if !ok {
			return all
		}
		all = append(all, r)
	}
}

// NextResend returns the delivery by which one is sent again: a new one; but where the last is not over, since its sending failed
// or its process died, that is tried once more.
func (h History) NextResend(d Delivery) Delivery {
	before := h.Resends(d)
	n := len(before)
	if n == 0 || before[n-1].State.Final() {
		n++
	}
	return d.Resend(n)
}

// IsResend reports whether the record is of a delivery that an operator sent again. Nobody but him tries it.
func (r Record) IsResend() bool { return strings.HasPrefix(r.Extra, resend) }
