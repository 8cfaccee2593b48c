package main

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Instants as operators are told them, by the bot's clock.
const (
	longTime  = "Monday 2 January 2006 at 15:04 MST"
	shortTime = "Mon 2 Jan 2006 15:04 MST" // in a table
)

// Words for what has become of a delivery that are used more than once.
const (
	waits   = "waits"
	missed  = "missed"
	notSent = "not sent"
	follows = "sent, its PDF follows"
	lacks   = "sent without its PDF"

	incomplete = "sent incomplete"
)

// told says in words what a record means: what has become of the delivery, and when and where, or why. until is when it is
// given up, if it is tried again by itself.
func told(r delivery.Record, bot config.Bot, now, until time.Time) (state, why string) {
	clock := func(at time.Time) string { return at.In(bot.Location).Format(shortTime) }
	because := func(what, reason string) string {
		if reason == "" {
			return what
		}
		return what + ": " + reason
	}
	sent := clock(cmp.Or(r.SentAt, r.At))
	if r.Ref != "" {
		sent += ", " + r.Ref
	}
	const perhaps = "; it may be there all the same"
	if r.InDoubt() {
		r.Reason += perhaps
	}
	switch live := now.Before(r.Until); {
	case r.State == delivery.Bounced:
		return "came back", because(clock(r.At), r.Reason) + "; sent " + sent
	case r.State == delivery.FailedForGood:
		return "failed", because(clock(r.At), r.Reason)
	case r.State == delivery.Missed:
		return missed, r.Reason
	case r.State == delivery.Skipped:
		return "not wanted", r.Reason
	case r.State.Final() && r.Lacks != "":
		return lacks, because(sent, strings.TrimSuffix(r.Lacks+"; "+r.Gaps, "; "))
	case r.State.Final() && r.Gaps != "":
		return incomplete, because(sent, r.Gaps)
	case r.State.Final() && r.Doubtful:
		return "possibly sent twice", sent + "; an earlier try may have arrived too"
	case r.State == delivery.Delivered:
		return "delivered", sent
	case r.State.Final():
		return "sent", sent
	case r.State == delivery.Claimed && live && r.Ref != "":
		return follows, sent
	case r.State == delivery.Claimed && live:
		return "being sent", "until " + clock(r.Until) + " at the latest"
	}

	// It is not over, and nobody is at it.
	reason := r.Reason
	if r.State == delivery.Claimed {
		reason = "its process ended before it could record what became of it"
	}
	switch again := until.After(now); {
	case again && r.Ref != "":
		return follows, because(sent, reason) + "; " + next(r, now, clock)
	case r.Ref != "":
		return lacks, because(sent, reason)
	case again:
		return waits, cmp.Or(reason, "no worker has got to it yet") + "; " + next(r, now, clock) + " and until " + clock(until)
	}
	reason = cmp.Or(reason, "it was not tried")
	if r.Look || r.State == delivery.Claimed {
		reason += perhaps
	}
	return notSent, reason
}

// next says when the deployment tries again.
func next(r delivery.Record, now time.Time, clock func(time.Time) string) string {
	if r.NextTry.After(now) {
		return "tried again by itself on " + clock(r.NextTry)
	}
	return "tried again by itself at the next tick"
}

// outcome is what a command that sends has made of one delivery.
type outcome struct {
	delivery.Delivery
	record delivery.Record
	until  time.Time // when it is given up, if it is tried again by itself
	note   string    // may be empty
}

// arrived reports whether the message is where it belongs, or nobody wants it.
func (o outcome) arrived() bool {
	switch o.record.State {
	case delivery.FailedForGood, delivery.Bounced, delivery.Missed:
		return false
	}
	return o.record.State.Final() || o.record.Ref != ""
}

// print prints what became of deliveries, and complains of those that have not arrived.
func (h host) print(all []outcome) error {
	table := tabwriter.NewWriter(h.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WEEK\tDESTINATION\tSTATE\tWHEN AND WHY")
	undone := 0
	for _, o := range all {
		state, why := told(o.record, o.Bot, h.now(), o.until)
		if o.record.State == "" && o.until.IsZero() {
			why = "it could not be begun; --verbose tells why"
		}
		if o.note != "" {
			why += " (" + o.note + ")"
		}
		if o.record.Cure != "" { // at the end, where a command may stand
			why += ": " + o.record.Cure
		}
		if !o.arrived() {
			undone++
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", o.Job.Week, called(o.Delivery), state, oneLine(why))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if undone > 0 {
		fmt.Fprintf(h.err, "local: %s\n", counted(undone, "destination has not got it", "destinations have not got it"))
		return errTold
	}
	return nil
}

// called is a delivery's destination and, where it is sent again, for which time.
func called(d delivery.Delivery) string {
	if d.Extra == "" {
		return label(d.Destination)
	}
	return label(d.Destination) + ", " + strings.Replace(d.Extra, "-", " ", 1)
}

// sendable says why nothing of a week can be sent to the configured destinations.
func sendable(t *config.Tenant, bot config.Bot, at, now time.Time, what string) error {
	const instead = "have the command report send it to yourself, with --send --to"
	switch {
	case len(bot.Destinations) == 0:
		return fmt.Errorf("the configuration of %s names no channels and no recipients of %s: add them there, or %s", t.Name, bot.ID, instead)
	case bot.IsPaused(now):
		return fmt.Errorf("%s is paused: resume it in the configuration, or %s", bot.ID, instead)
	case at.After(now):
		return fmt.Errorf("%s of %s is due on %s: wait until then, or %s", what, bot.ID, at.Format(longTime), instead)
	}
	return nil
}

// divert is where everything goes that is sent to configured destinations; nil: to them.
func (h host) divert() (*config.Destination, error) {
	s := h.getenv("DIVERT_TO")
	if s == "" {
		return nil, nil
	}
	d, err := config.ParseDestination(s)
	if err != nil {
		return nil, fmt.Errorf("%w: DIVERT_TO: %w", errUsage, err)
	}
	return &d, nil
}

// names lists destinations, and says where they are diverted to.
func names(to []config.Destination, divert *config.Destination) string {
	var all []string
	for _, d := range to {
		all = append(all, label(d))
	}
	list := strings.Join(all, ", ")
	if divert != nil {
		list += ", all of it diverted to " + label(*divert)
	}
	return list
}
