package delivery

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/config"
)

// History is all records of a bot's week by ID: of the planned deliveries, of resends and of
// requests.
type History []Record

// History reads the history of a job: one LIST, and one GET per record. It does not read markers,
// which expire, and writes nothing.
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
	i := slices.IndexFunc(h, func(r Record) bool {
		return r.Destination == d.Destination.ID() && r.Extra == d.Extra
	})
	if i < 0 {
		return Record{}, false
	}
	return h[i], true
}

// Status returns the status of a delivery, as [Ledger.Statuses] does, but always with its own
// record.
func (h History) Status(d Delivery) Status {
	r, _ := h.find(d)
	s := Status{Delivery: d, Record: r, Over: r.State.Final(), Failed: r.Failed(),
		Skipped: r.State == Skipped}
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

// Resends returns the records of a delivery's resends, the first one first.
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

// NextResend returns the delivery by which to send d again. It is a new one, unless the last resend
// is not over, since its sending failed or its process died. Then that is tried again.
func (h History) NextResend(d Delivery) Delivery {
	before := h.Resends(d)
	n := len(before)
	if n == 0 || before[n-1].State.Final() {
		n++
	}
	return d.Resend(n)
}

// IsResend reports whether an operator sent the delivery again. The tick does not retry it.
func (r Record) IsResend() bool { return strings.HasPrefix(r.Extra, resend) }
