package alerting

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Notifier tells. Its fields are set before its first use; it may be used by many goroutines.
type Notifier struct {
	Ledger  *delivery.Ledger
	Senders map[config.Medium]delivery.Sender // one for each medium of ops, and for delivery.Topic
	Divert  *config.Destination               // who is told everything instead of the tenants' ops; nil: these
	Topic   string                            // ARN of the SNS topic by which the deployment's operator is told; empty: nobody is
	Window  time.Duration                     // within which what is late is caught up
	Log     *slog.Logger

	Commands Commands // which are told
}

// deployment is whose the notices are that concern all tenants. No tenant can be called that.
const deployment = "_deployment"

// Tenant is what a tick has found of one tenant.
type Tenant struct {
	Name     string
	Tenant   *config.Tenant // nil where no version of his configuration was ever free of mistakes, and where it could not be read
	Statuses []delivery.Status
	More     []Cause // that no delivery tells of
	Unknown  bool    // the tick could not find everything out, so that nothing is over

	// Fallen returns how all deliveries stand that have fallen due, for the receipt. See delivery.Ledger.DueStatuses.
	DueStatuses func() ([]delivery.Status, error)

	// What Notifier.Record leaves for Notifier.Notify and Notifier.NotifyOperator, in the place of the standings.
	noted       bool
	state       state // what ops are to be told
	receipt     Receipt
	unreachable []unreachable
	found       []Cause // that deliveries tell of
	fates       map[string]fate
	arrived     map[place]arrival
}

// Record writes down what is news to a tenant's ops at the instant now, the tick's, before anybody is told. After that t holds no
// more than what keeps reports back and a few bytes for each delivery, so that all tenants of a tick can be held at once. Its
// error is the store's.
func (d *Notifier) Record(ctx context.Context, t *Tenant, now time.Time) error {
	defer t.release()
	t.found = Causes(t.Statuses, now)
	t.fates, t.arrived = fates(t.Statuses), lastArrived(t.Statuses)
	if t.Tenant == nil {
		return nil
	}
	w := d.writer(false)
	ops := d.ops(t)
	var uncounted error
	s, err := d.change(ctx, t.Name, func(s *state) {
		s.forget(ops)
		t.unreachable = s.Unreachable
		s.update(now, t.causes(), knowing(t), func(incident) bool { return t.Unknown }, w)
		if !t.Unknown {
			uncounted = s.receipt(t.Tenant, now, t.DueStatuses, w)
		}
	})
	if err != nil {
		return err
	}
	t.noted, t.state, t.receipt = true, s, s.Receipt
	return uncounted
}

// release lets go of what is large.
func (t *Tenant) release() {
	t.Statuses, t.DueStatuses = nil, nil
	if t.Tenant != nil {
		small := *t.Tenant // for whom messages are from, and to
		small.Bots, small.Portfolio = nil, config.Portfolio{}
		t.Tenant = &small
	}
}

// Notify tells a tenant's ops what was noted for them. Its error is the store's, or that somebody could not be told; then a later
// tick does.
func (d *Notifier) Notify(ctx context.Context, t *Tenant) error {
	if !t.noted {
		return nil
	}
	return d.notify(ctx, t.state, t.Tenant, d.ops(t), tenantsLast)
}

// ops are those who are told of a tenant's.
func (d *Notifier) ops(t *Tenant) []config.Destination {
	if d.Divert != nil {
		return []config.Destination{*d.Divert}
	}
	return t.Tenant.Ops
}

// AddTickError adds the cause that a tick could not see to everything of the tenant's, once a tick.
func (t *Tenant) AddTickError(err error) {
	if c := tickError(t.Name, err); !slices.ContainsFunc(t.More, func(o Cause) bool { return o.ID == c.ID }) {
		t.More = append(t.More, c)
	}
}

// NotifyOperator tells whoever runs the deployment, about all tenants. They have been given to Notifier.Record before.
func (d *Notifier) NotifyOperator(ctx context.Context, all []*Tenant, now time.Time) error {
	if d.Topic == "" {
		return nil
	}
	w := d.writer(true)
	var causes []Cause
	for _, t := range all {
		for _, c := range t.causes() {
			if !c.Shared() {
				c.ID, c.tenant = t.Name+"/"+c.ID, t.Name
				causes = append(causes, c)
				continue
			}
			i := slices.IndexFunc(causes, func(o Cause) bool { return o.ID == c.ID })
			if i < 0 {
				causes = append(causes, c)
				continue
			}
			causes[i].Reports = append(causes[i].Reports, c.Reports...)
			causes[i].Notify = causes[i].Notify || c.Notify
		}
	}
	for i := range causes {
		causes[i].explain()
	}
	s, err := d.change(ctx, deployment, func(s *state) {
		s.update(now, causes, knowing(all...), func(x incident) bool { return concerns(x, all) }, w)
		s.summary(all, now)
	})
	if err != nil {
		return err
	}
	return d.notify(ctx, s, &config.Tenant{Name: deployment}, []config.Destination{{Medium: delivery.Topic, To: d.Topic, When: config.Always}}, tellLast)
}

// concerns reports whether an incident may go on at a tenant of whom the tick does not know everything.
func concerns(x incident, all []*Tenant) bool {
	return slices.ContainsFunc(all, func(t *Tenant) bool {
		return t.Unknown && (strings.HasPrefix(x.ID, t.Name+"/") ||
			slices.ContainsFunc(x.Reports, func(a affected) bool { return strings.HasPrefix(a.Key, t.Name+"/") }))
	})
}

// causes are all of a tenant's.
func (t *Tenant) causes() []Cause {
	all := slices.Clone(t.More)
	for _, d := range t.unreachable {
		all = append(all, d.cause())
	}
	return append(all, t.found...)
}

func (d *Notifier) writer(tenants bool) writer {
	return writer{commands: d.Commands, window: d.Window, forgotten: d.Window + delivery.Lookback, tenants: tenants}
}

func (d *Notifier) change(ctx context.Context, tenant string, update func(*state)) (state, error) {
	return change(ctx, d.Ledger.Store, delivery.KeysOf(tenant).Ops(), update)
}

// summaryLast is how long after a week's end by UTC the summary waits for tenants without a receipt: the last Monday of all
// ends a day and a half later, and a receipt waits for what waits.
const summaryLast = 48 * time.Hour

// summary adds the receipt of all tenants, once each of them has his, or nobody can have his any more.
func (s *state) summary(all []*Tenant, now time.Time) {
	w := period.WeekOf(period.DateOf(now.UTC())).Previous()
	if !s.Receipt.Week.From().Before(w.From()) {
		return
	}
	sum := Receipt{Week: w, Cutoff: now.UTC()}
	var lines, absent []string
	for _, t := range all {
		switch {
		case t.Tenant == nil && !t.Unknown: // he has never had reports
		case t.receipt.Week != w:
			absent = append(absent, t.Name)
		default:
			sum.Counts.add(t.receipt.Counts)
			sum.Other.add(t.receipt.Other)
			lines = append(lines, "- "+t.Name+": "+t.receipt.Counts.String()+t.receipt.other())
		}
	}
	if len(lines) == 0 && len(absent) == 0 || len(absent) > 0 && now.Before(w.To().UTC().Add(summaryLast)) {
		return
	}
	first := s.Receipt.Week.IsZero()
	s.Receipt = sum
	if first && sum.Due+sum.Other.Due == 0 { // deployed after that Monday
		return
	}
	n := delivery.Notice{Subject: fmt.Sprintf("Receipt for week %s: %s", w, sum.Counts)}
	if len(absent) > 0 {
		lines = append(lines, "No receipt of "+strings.Join(absent, ", ")+": see the tick's log.")
	}
	n.Text = strings.Join(lines, "\n")
	s.notify(now, "receipt "+w.String(), n)
}

// Times of telling.
const (
	tellTime    = 20 * time.Second // for one of ops and one notice
	tellLast    = 5 * time.Second  // before the context's end
	tenantsLast = 30 * time.Second // the same for tenants' ops, so that time is left to tell whoever runs the deployment
	forgetOps   = 24 * time.Hour   // after which nobody is told what is old
	leastTime   = 10 * time.Second // without which nothing is begun
)

// notify delivers the notices that not everybody has, until so long before the context's end, and forgets those that everybody
// has, or never will.
func (d *Notifier) notify(ctx context.Context, s state, t *config.Tenant, ops []config.Destination, last time.Duration) error {
	if len(s.Notices) == 0 {
		return nil
	}
	var errs []error
	over := make(map[string]bool)
	heard := make(map[string]delivery.Record) // by destination: what became of the last notice that is over, or waits for people
	for _, n := range s.Notices {
		if len(ops) == 0 {
			d.Log.ErrorContext(ctx, "nobody is told, since the tenant names no ops", "subject", n.Subject)
		}
		over[n.ID] = true
		for _, to := range ops {
			r, err := d.notifyOne(ctx, n, t, to, last)
			errs = append(errs, err)
			if r.State.Final() || r.Remedy != "" {
				heard[to.ID()] = r
			}
			over[n.ID] = over[n.ID] && r.State.Final()
		}
	}
	_, err := d.change(ctx, t.Name, func(s *state) {
		s.Notices = slices.DeleteFunc(s.Notices, func(n delivery.Notice) bool { return over[n.ID] })
		s.Unreachable = slices.DeleteFunc(s.Unreachable, func(x unreachable) bool { _, again := heard[x.ID]; return again })
		for _, to := range ops {
			if r := heard[to.ID()]; r.Failed() || r.Remedy != "" {
				s.Unreachable = append(s.Unreachable, unreachable{to.ID(), to.String(), r.Reason, r.Remedy})
			}
		}
	})
	return errors.Join(append(errs, err)...)
}

// forget leaves out who is not of ops any more.
func (s *state) forget(ops []config.Destination) {
	s.Unreachable = slices.DeleteFunc(s.Unreachable, func(x unreachable) bool {
		return !slices.ContainsFunc(ops, func(to config.Destination) bool { return to.ID() == x.ID })
	})
}

// notifyOne tells one of ops, and returns what the ledger says of it then. Whoever cannot be told for a day counts as missed.
func (d *Notifier) notifyOne(ctx context.Context, n delivery.Notice, t *config.Tenant, to config.Destination, last time.Duration) (delivery.Record, error) {
	now := d.Ledger.Now()
	deadline := now.Add(tellTime)
	if end, limited := ctx.Deadline(); limited && end.Add(-last).Before(deadline) {
		deadline = end.Add(-last)
	}
	if deadline.Sub(now) < leastTime {
		return delivery.Record{}, nil // the next tick has time
	}
	sender, ok := d.Senders[to.Medium]
	if !ok {
		return delivery.Record{}, fmt.Errorf("tell ops %s: there is no way to send to %s", to.ID(), to.Medium)
	}
	r, err := d.Ledger.Notify(ctx, n, to, delivery.Message{Tenant: t}, sender, deadline)
	busy := errors.Is(err, delivery.ErrBusy)
	if err != nil && !busy && !errors.Is(err, delivery.ErrEarly) {
		return delivery.Record{}, fmt.Errorf("tell ops %s: %w", to.ID(), err)
	}
	if err != nil {
		r.Remedy = "" // that of an earlier try; he may have been told something else since
	}
	if !busy && !r.State.Final() && now.Sub(n.At) >= forgetOps {
		r.State = delivery.Missed
	}
	switch {
	case r.Failed():
		d.Log.ErrorContext(ctx, "ops are not told", "ops", to.ID(), "notice", n.ID, "because", r.Reason, "cure", r.Remedy)
		if to.Medium == delivery.Topic { // there is no other way to the operator but the alarm on the tick's errors
			return r, fmt.Errorf("tell the operator: %s", r.Reason)
		}
	case !r.State.Final():
		d.Log.WarnContext(ctx, "ops are not told yet", "ops", to.ID(), "notice", n.ID, "because", r.Reason, "next_try", r.NextTry)
	}
	return r, nil
}
