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

// Notifier tells ops and the operator what fails. Set its fields before the first use. It is safe
// for concurrent use.
type Notifier struct {
	Ledger   *delivery.Ledger
	Senders  map[config.Medium]delivery.Sender // for each medium of ops, and for delivery.Topic
	Divert   *config.Destination               // gets everything in the place of ops; nil: ops do
	Topic    string                            // ARN of the operator's SNS topic; empty: none
	Window   time.Duration                     // for how long late reports are retried
	Log      *slog.Logger
	Commands Commands // that notices contain
}

// Tenant is what a tick has found of one tenant.
type Tenant struct {
	Name     string
	Tenant   *config.Tenant // nil if it never had a valid configuration, or none was readable
	Statuses []delivery.Status
	More     []Cause // beside those that the statuses show
	Unknown  bool    // the tick could not read everything, so no cause is over

	// DueStatuses returns the statuses of all deliveries that were due, for the receipt. See
	// delivery.Ledger.DueStatuses.
	DueStatuses func() ([]delivery.Status, error)

	// Watched has the keys of the deliveries that the operator knows of, see [Notifier.Watched].
	// NotifyOperator does not decide what has become of others.
	Watched map[string]bool

	// What Record keeps for Notify and NotifyOperator.
	recorded    bool
	state       state
	receipt     Receipt
	unreachable []unreachable
	found       []Cause // that the statuses show
	watched     deliveries
}

// Watched returns the keys of the deliveries of the operator's open causes. Until NotifyOperator, a
// tick keeps what has become of these, and not of all. It fails if the store does, or if the state
// is not readable; the keys are then of no use, but no harm.
func (n *Notifier) Watched(ctx context.Context) (map[string]bool, error) {
	if n.Topic == "" {
		return map[string]bool{}, nil
	}
	s, err := load(ctx, n.Ledger.Store, delivery.KeysOf(Deployment).Ops())
	return s.watched(), err
}

// Record writes what is new to the tenant's ops at the instant of the tick into the store. After
// that, t needs little: what notices say of each report that has not arrived. So a tick can hold
// all tenants at once. It fails if the store or DueStatuses does.
func (n *Notifier) Record(ctx context.Context, t *Tenant, now time.Time) error {
	defer t.release()
	t.found = Causes(t.Statuses, now)
	t.watched = deliveriesOf(t.Statuses, t.Watched)
	if t.Tenant == nil {
		return nil
	}
	w := n.writer(t.Tenant)
	ops := n.ops(t)
	var uncounted error
	s, err := n.change(ctx, t.Name, func(s *state) {
		s.removeUnreachable(ops)
		t.unreachable = s.Unreachable
		its := known{t.Name: deliveriesOf(t.Statuses, s.watched())}
		s.update(now, t.causes(), its, func(incident) bool { return t.Unknown }, w)
		if !t.Unknown {
			uncounted = s.receipt(t.Tenant, now, t.DueStatuses, w)
		}
	})
	if err != nil {
		return err
	}
	t.recorded, t.state, t.receipt = true, s, s.Receipt
	return uncounted
}

// release drops what needs much memory.
func (t *Tenant) release() {
	t.Statuses, t.DueStatuses = nil, nil
	if t.Tenant != nil {
		small := *t.Tenant
		small.Bots, small.Portfolio = nil, config.Portfolio{}
		t.Tenant = &small
	}
}

// Notify sends the tenant's ops the notices that Record has written. It fails if the store does, or
// if a destination is not reached; then a later tick tries again.
func (n *Notifier) Notify(ctx context.Context, t *Tenant) error {
	if !t.recorded {
		return nil
	}
	return n.notify(ctx, t.state, t.Tenant, n.ops(t), tenantsUntil)
}

// ops returns the destinations of the tenant's notices.
func (n *Notifier) ops(t *Tenant) []config.Destination {
	if n.Divert != nil {
		return []config.Destination{*n.Divert}
	}
	return t.Tenant.Ops
}

// AddTickError adds the cause that a tick could not finish its work for the tenant, once.
func (t *Tenant) AddTickError(err error) {
	const id = "tick"
	if slices.ContainsFunc(t.More, func(c Cause) bool { return c.ID == id }) {
		return
	}
	remedy := "read the tick's log"
	f := new(delivery.Failure) // stays empty if err is none
	if errors.As(err, &f); f.Remedy != "" {
		err, remedy = f.Err, f.Remedy
	}
	t.More = append(t.More, Cause{ID: id, Notify: true, Unconfirmed: true,
		Reason: "the tick could not process all of " + t.Name + " (" + err.Error() + ")",
		Remedy: remedy + "; until then reports may be late and alerts missing",
	})
}

// causes returns all causes of a tenant.
func (t *Tenant) causes() []Cause {
	all := slices.Clone(t.More)
	for _, u := range t.unreachable {
		all = append(all, u.cause())
	}
	return append(all, t.found...)
}

// NotifyOperator records and sends what the operator is to know of all tenants. Call Record for
// each of them first. It fails if the store does, or if the topic is not reached.
func (n *Notifier) NotifyOperator(ctx context.Context, all []*Tenant, now time.Time) error {
	if n.Topic == "" {
		return nil
	}
	w := n.writer(nil)
	causes := sharedCauses(all)
	watched := make(known)
	for _, t := range all {
		watched[t.Name] = t.watched
	}
	s, err := n.change(ctx, Deployment, func(s *state) {
		unsure := func(x incident) bool { return concerns(x, all) }
		s.update(now, causes, watched, unsure, w)
		s.summary(all, now)
	})
	if err != nil {
		return err
	}
	topic := []config.Destination{{Medium: delivery.Topic, To: n.Topic, When: config.Always}}
	return n.notify(ctx, s, &config.Tenant{Name: Deployment}, topic, lastUntil)
}

// sharedCauses returns the causes of all tenants. Those that are shared are merged; the others get
// their tenant's name.
func sharedCauses(all []*Tenant) []Cause {
	var causes []Cause
	at, reports := make(map[string]int), make(map[string]int) // by ID
	for _, t := range all {
		for _, c := range t.causes() {
			reports[c.ID] += len(c.Reports)
		}
	}
	for _, t := range all {
		for _, c := range t.causes() {
			if !c.Shared() {
				c.ID, c.tenant = t.Name+"/"+c.ID, t.Name
			}
			i, merged := at[c.ID]
			if !merged {
				at[c.ID] = len(causes)
				if c.Shared() { // other tenants' reports follow, without growing it again and again
					c.Reports = append(make([]Report, 0, reports[c.ID]), c.Reports...)
					c.said = slices.Clone(c.said)
				}
				causes = append(causes, c)
				continue
			}
			causes[i].Reports = append(causes[i].Reports, c.Reports...)
			causes[i].Notify = causes[i].Notify || c.Notify
			for _, why := range c.said {
				causes[i].say(why)
			}
		}
		t.found = nil
	}
	for i := range causes {
		causes[i].explain()
	}
	return causes
}

// concerns reports whether an incident may last at a tenant that the tick could not read.
func concerns(x incident, all []*Tenant) bool {
	return slices.ContainsFunc(all, func(t *Tenant) bool {
		its := func(key string) bool { return strings.HasPrefix(key, t.Name+"/") }
		return t.Unknown && (its(x.ID) ||
			slices.ContainsFunc(x.Reports, func(a affected) bool { return its(a.Key) }))
	})
}

// writer returns the writer of a tenant's notices; of the operator's if t is nil.
func (n *Notifier) writer(t *config.Tenant) writer {
	return writer{commands: n.Commands, window: n.Window, tenants: t == nil, zone: t.Zone()}
}

func (n *Notifier) change(ctx context.Context, tenant string, update func(*state)) (state, error) {
	return change(ctx, n.Ledger.Store, delivery.KeysOf(tenant).Ops(), update)
}

// summaryPatience is how long after a week's end in UTC the operator's receipt waits for tenants.
// The last Monday of all time zones ends a day and a half later, and receipts wait too.
const summaryPatience = 48 * time.Hour

// summary adds the operator's receipt once each tenant has one, or has had the time for it.
func (s *state) summary(all []*Tenant, now time.Time) {
	w := period.WeekOf(period.DateOf(now.UTC())).Previous()
	if !s.Receipt.Week.From().Before(w.From()) {
		return
	}
	sum := Receipt{Week: w, Cutoff: now.UTC()}
	var lines, absent []string
	for _, t := range all {
		switch r := t.receipt; {
		case t.Tenant == nil && !t.Unknown: // it never had reports
		case r.Week != w:
			absent = append(absent, t.Name)
		default:
			sum.Counts.add(r.Counts)
			sum.Other.add(r.Other)
			line := "- " + t.Name + ": " + r.Counts.String()
			if other := r.other(); other != "" {
				line += "; " + other
			}
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 && len(absent) == 0 ||
		len(absent) > 0 && now.Before(w.To().UTC().Add(summaryPatience)) {
		return
	}
	first := s.Receipt.Week.IsZero()
	s.Receipt = sum
	if first && sum.Due+sum.Other.Due == 0 { // deployed after that Monday
		return
	}
	if len(absent) > 0 {
		lines = append(lines, "No receipt from "+strings.Join(absent, ", ")+": see the tick's log.")
	}
	s.notify(now, "receipt "+w.String(), delivery.Notice{
		Subject: fmt.Sprintf("Receipt for week %s: %s", w, sum.Counts),
		Text:    strings.Join(lines, "\n"),
	})
}

// Time limits of sending notices.
const (
	sendTime     = 20 * time.Second // for one notice to one destination
	leastTime    = 10 * time.Second // below which no sending begins
	lastUntil    = 5 * time.Second  // sending ends so long before the context does
	tenantsUntil = 30 * time.Second // the same for tenants, to leave time for the operator
	giveUpAfter  = 24 * time.Hour   // after which a notice is too old to be sent
)

// notify sends each notice to the destinations that do not have it, until so long before the end of
// the context. It then forgets the notices that all of them have, or will never have.
func (n *Notifier) notify(ctx context.Context, s state, t *config.Tenant, ops []config.Destination,
	until time.Duration) error {
	if len(s.Notices) == 0 {
		return nil
	}
	var errs []error
	over := make(map[string]bool)
	tries := make([][]attempt, len(ops)) // by destination, in the order of the notices
	for _, notice := range s.Notices {
		if len(ops) == 0 {
			n.Log.ErrorContext(ctx, "notice dropped: the tenant has no ops", "subject",
				notice.Subject)
		}
		over[notice.ID] = true
		for i, to := range ops {
			r, err := n.notifyOne(ctx, notice, t, to, until)
			errs = append(errs, err)
			tries[i] = append(tries[i], attempt{r, n.Ledger.Now()})
			over[notice.ID] = over[notice.ID] && r.State.Final()
		}
	}
	_, err := n.change(ctx, t.Name, func(s *state) {
		s.Notices = slices.DeleteFunc(s.Notices, func(n delivery.Notice) bool { return over[n.ID] })
		for i, to := range ops {
			for _, a := range tries[i] {
				s.try(to, a)
			}
		}
	})
	return errors.Join(append(errs, err)...)
}

// notifyOne sends a notice to one destination and returns the ledger's record. A notice that could
// not be sent for a day counts as missed.
func (n *Notifier) notifyOne(ctx context.Context, notice delivery.Notice, t *config.Tenant,
	to config.Destination, until time.Duration) (delivery.Record, error) {
	now := n.Ledger.Now()
	deadline := now.Add(sendTime)
	if end, limited := ctx.Deadline(); limited && end.Add(-until).Before(deadline) {
		deadline = end.Add(-until)
	}
	if deadline.Sub(now) < leastTime {
		return delivery.Record{}, nil // the next tick has time
	}
	sender, ok := n.Senders[to.Medium]
	if !ok {
		return delivery.Record{}, fmt.Errorf("notify ops %s: no sender for %s", to.ID(), to.Medium)
	}
	r, err := n.Ledger.Notify(ctx, notice, to, delivery.Message{Tenant: t}, sender, deadline)
	busy := errors.Is(err, delivery.ErrBusy)
	if err != nil && !busy && !errors.Is(err, delivery.ErrEarly) {
		return delivery.Record{}, fmt.Errorf("notify ops %s: %w", to.ID(), err)
	}
	if err != nil {
		r.Remedy = "" // of an earlier try; another notice may have been sent since
	}
	if !busy && !r.State.Final() && now.Sub(notice.At) >= giveUpAfter {
		r.State = delivery.Missed
	}
	log := n.Log.With("ops", to.ID(), "notice", notice.ID, "because", r.Reason)
	switch {
	case r.Failed():
		log.ErrorContext(ctx, "ops not notified", "cure", r.Remedy)
		if to.Medium == delivery.Topic { // only the alarm on the tick's errors can reach them
			return r, fmt.Errorf("notify the operator: %s", r.Reason)
		}
	case !r.State.Final():
		log.WarnContext(ctx, "ops not notified yet", "next_try", r.NextTry)
	}
	return r, nil
}
