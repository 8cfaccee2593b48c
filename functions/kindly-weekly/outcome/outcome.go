// Package outcome describes the state of deliveries to an operator, in words and as a table.
package outcome

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/delivery"
)

// Formats of times that operators read, in the bot's time zone.
const (
	LongTime  = "Monday 2 January 2006 at 15:04 MST"
	ShortTime = "Mon 2 Jan 2006 15:04 MST" // in a table
)

// States of a delivery that are used more than once.
const (
	Waits      = "waits"
	Missed     = "missed"
	NotSent    = "not sent"
	pdfPending = "sent, its PDF follows"
	noPDF      = "sent without its PDF"

	incomplete = "sent incomplete"
)

// maybeArrived is added where a message may have arrived although the attempt failed.
const maybeArrived = "; it may have arrived"

// Describe returns the state of a delivery, as r records it, in words, with the reason or the time
// and reference of the message. The deployment retries an unfinished delivery before until; a zero
// until means that it does not.
func Describe(
	r delivery.Record, zone *time.Location, now, until time.Time,
) (state, why string) {
	clock := func(at time.Time) string { return at.In(zone).Format(ShortTime) }
	sent := clock(cmp.Or(r.SentAt, r.At))
	if r.Ref != "" {
		sent += ", " + r.Ref
	}
	if r.InDoubt() {
		r.Reason += maybeArrived
	}
	if r.State.Final() {
		return describeFinal(r, sent, clock)
	}
	switch live := r.State == delivery.Claimed && now.Before(r.Until); {
	case live && r.Ref != "":
		return pdfPending, sent
	case live:
		return "being sent", "until " + clock(r.Until) + " at the latest"
	}
	// It is unfinished, and no process works on it.
	reason := r.Reason
	if r.State == delivery.Claimed {
		reason = "its process ended before it recorded the result"
	}
	switch again := until.After(now); {
	case again && r.Ref != "":
		return pdfPending, because(sent, reason) + "; " + next(r, now, clock)
	case r.Ref != "":
		return noPDF, because(sent, reason)
	case again:
		return Waits, cmp.Or(reason, "no worker has started it") + "; " + next(r, now, clock) +
			" and until " + clock(until)
	}
	reason = cmp.Or(reason, "it was not tried")
	if r.MaybeSent || r.State == delivery.Claimed {
		reason += maybeArrived
	}
	return NotSent, reason
}

// describeFinal is Describe for a delivery that is finished.
func describeFinal(r delivery.Record, sent string,
	clock func(time.Time) string) (state, why string) {
	switch {
	case r.State == delivery.Bounced:
		return "bounced", because(clock(r.At), r.Reason) + "; sent " + sent
	case r.State == delivery.FailedForGood:
		return "failed", because(clock(r.At), r.Reason)
	case r.State == delivery.Missed:
		return Missed, r.Reason
	case r.State == delivery.Skipped:
		return "not wanted", r.Reason
	case r.Missing != "":
		return noPDF, because(sent, strings.TrimSuffix(r.Missing+"; "+r.Gaps, "; "))
	case r.Gaps != "":
		return incomplete, because(sent, r.Gaps)
	case r.MaybeDuplicate:
		return "possibly sent twice", sent + "; an earlier attempt may have arrived too"
	case r.State == delivery.Delivered:
		return "delivered", sent
	}
	return "sent", sent
}

func because(what, reason string) string {
	if reason == "" {
		return what
	}
	return what + ": " + reason
}

// next says when the deployment tries again.
func next(r delivery.Record, now time.Time, clock func(time.Time) string) string {
	if r.NextTry.After(now) {
		return "retried automatically on " + clock(r.NextTry)
	}
	return "retried automatically at the next tick"
}

// Outcome is the result of one delivery of a command that sends.
type Outcome struct {
	delivery.Delivery
	Record delivery.Record
	Until  time.Time // when retries end; zero: it is not retried
	Note   string    // may be empty
}

// arrived reports whether the message was delivered, or was not wanted.
func (o Outcome) arrived() bool {
	switch o.Record.State {
	case delivery.FailedForGood, delivery.Bounced, delivery.Missed:
		return false
	}
	return o.Record.State.Final() || o.Record.Ref != ""
}

// Print prints the result of each delivery. It returns an error if some did not arrive.
func Print(h cli.Host, all []Outcome) error {
	table := tabwriter.NewWriter(h.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WEEK\tDESTINATION\tSTATE\tWHEN AND WHY")
	undone := 0
	for _, o := range all {
		state, why := Describe(o.Record, o.Subject.Location, h.Now(), o.Until)
		if o.Record.State == "" && o.Until.IsZero() {
			why = "it could not be started; --verbose shows why"
		}
		if o.Note != "" {
			why += " (" + o.Note + ")"
		}
		if o.Record.Remedy != "" { // last, since it may be a command
			why += ": " + o.Record.Remedy
		}
		if !o.arrived() {
			undone++
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", o.Job.Period, Name(o.Delivery), state,
			cli.OneLine(why))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if undone > 0 {
		h.Complain("not delivered to %s", cli.Count(undone, "destination", "destinations"))
		return cli.ErrPrinted
	}
	return nil
}

// Name returns a delivery's destination and, for a resend, its number.
func Name(d delivery.Delivery) string {
	if d.Extra == "" {
		return d.Destination.String()
	}
	return d.Destination.String() + ", " + strings.Replace(d.Extra, "-", " ", 1)
}
