package alerting

import (
	"fmt"
	"strings"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Receipt says what has become of a week's reports. It also counts those of other weeks that were
// due since the last receipt, since bots send on other days too.
type Receipt struct {
	Week   period.Period `json:"week"`   // of the reports that were due on Monday
	Cutoff time.Time     `json:"cutoff"` // it counts what was due until then
	Counts
	Other Counts `json:"other,omitzero"` // of other weeks
}

// Counts counts deliveries that were due. Due is the sum of the others except Gaps.
type Counts struct {
	Due       int `json:"due"`
	Delivered int `json:"delivered"`      // with or without the PDF
	Gaps      int `json:"gaps,omitempty"` // of the delivered, those that lack chats or messages
	Failed    int `json:"failed"`
	Waiting   int `json:"waiting"` // retried, or not readable at this tick
	Skipped   int `json:"skipped"` // not wanted: an empty week, or no alert
}

// patience is how long a receipt waits for reports that are still retried.
const patience = 6 * time.Hour

// receiptDue returns the last week whose receipt is due at the instant, and when the last report of
// its Monday was due. Bots that send on other days are in the next receipt.
func receiptDue(t *config.Tenant, now time.Time) (w period.Period, cutoff time.Time) {
	for w = period.WeekOf(period.DateOf(now.UTC())); ; w = w.Previous() {
		cutoff = w.To().UTC().Add(9 * time.Hour) // if no bot sends on Mondays
		for _, b := range t.Bots {
			sends := b.SendDay == time.Monday && len(b.Destinations) > 0 && !b.IsPaused(now)
			if at := b.SendAt(w); sends && at.After(cutoff) {
				cutoff = at
			}
		}
		if !cutoff.After(now) {
			return w, cutoff.UTC()
		}
	}
}

// outcome is what has become of a delivery that was due.
type outcome int

const (
	delivered outcome = iota
	deliveredIncomplete
	failed
	waiting
	skipped
	numOutcomes
)

func outcomeOf(s delivery.Status) outcome {
	switch {
	case s.Err != nil:
		return waiting
	case s.Skipped:
		return skipped
	case s.Arrived && s.Gaps, awaitsPDF(s) && s.Record.Gaps != "":
		return deliveredIncomplete
	case s.Arrived, awaitsPDF(s):
		return delivered
	case s.Over:
		return failed
	}
	return waiting
}

// Count counts deliveries that were due by what has become of them.
func Count(due []delivery.Status) (c Counts) {
	for _, s := range due {
		c.count(outcomeOf(s))
	}
	return c
}

func (c *Counts) count(o outcome) {
	c.Due++
	switch o {
	case delivered:
		c.Delivered++
	case deliveredIncomplete:
		c.Delivered++
		c.Gaps++
	case failed:
		c.Failed++
	case waiting:
		c.Waiting++
	case skipped:
		c.Skipped++
	}
}

// String returns the counts in a line.
func (c Counts) String() string {
	if c.Due == 0 {
		return "nothing was due"
	}
	text := fmt.Sprintf("%d due, %d delivered", c.Due, c.Delivered)
	if c.Gaps > 0 {
		text += fmt.Sprintf(" (%d incomplete)", c.Gaps)
	}
	for _, p := range []struct {
		n    int
		what string
	}{{c.Failed, "failed"}, {c.Waiting, "waiting"}, {c.Skipped, "not wanted this week"}} {
		if p.n > 0 {
			text += fmt.Sprintf(", %d %s", p.n, p.what)
		}
	}
	return text
}

func (c *Counts) add(o Counts) {
	c.Due += o.Due
	c.Delivered += o.Delivered
	c.Gaps += o.Gaps
	c.Failed += o.Failed
	c.Waiting += o.Waiting
	c.Skipped += o.Skipped
}

// other says what else was due; empty if nothing was.
func (r Receipt) other() string {
	if r.Other.Due == 0 {
		return ""
	}
	return "of earlier weeks, due since the last receipt: " + r.Other.String()
}

// receipt adds the notice of a Monday, once all that was due is over or has waited for long enough.
// dueStatuses returns the deliveries that were due.
func (s *state) receipt(t *config.Tenant, now time.Time,
	dueStatuses func() ([]delivery.Status, error), wr writer) error {
	w, cutoff := receiptDue(t, now)
	last := s.Receipt
	if !last.Week.From().Before(w.From()) {
		return nil
	}
	since := cutoff.AddDate(0, 0, -7)
	if last.Cutoff.Before(cutoff) && last.Cutoff.After(since.AddDate(0, 0, -7)) {
		since = last.Cutoff
	}
	all, err := dueStatuses()
	if err != nil {
		return err
	}
	r := Receipt{Week: w, Cutoff: now.UTC()}
	var by [numOutcomes][]Report
	for _, x := range all {
		o := outcomeOf(x)
		switch {
		case x.Job.Period == w:
			r.count(o)
		case x.Opens().After(since) && x.Job.Period.From().Before(w.From()):
			r.Other.count(o)
		default:
			continue
		}
		if o != delivered && o != skipped { // which the notice only counts
			by[o] = append(by[o], reportOf(x))
		}
	}
	if r.Due+r.Other.Due == 0 && last.Week.IsZero() { // deployed after that Monday
		s.Receipt = r
		return nil
	}
	if len(by[waiting]) > 0 && now.Sub(cutoff) < patience || s.unconfirmed(now) {
		return nil
	}
	s.Receipt = r
	s.notify(now, "receipt "+w.String(), wr.receipt(t.Name, r, by))
	return nil
}

// receipt is the notice of a tenant's receipt. It lists the reports that are not as they should be.
func (w writer) receipt(tenant string, r Receipt,
	by [numOutcomes][]Report) delivery.Notice {
	var text []string
	if other := r.other(); other != "" {
		text = append(text, strings.ToUpper(other[:1])+other[1:]+".")
	}
	if all := by[failed]; len(all) > 0 {
		text = append(append(text, "Failed:", w.list(all)), w.resend(undelivered, all)...)
	}
	if all := by[deliveredIncomplete]; len(all) > 0 {
		text = append(text, "Incomplete, without all chats or messages of the week:", w.list(all))
	}
	if all := by[waiting]; len(all) > 0 {
		text = append(text, "Waiting to be retried:", w.list(all))
	}
	return delivery.Notice{
		Subject: fmt.Sprintf("Receipt for %s, week %s: %s", tenant, r.Week, r.Counts),
		Text:    strings.Join(text, "\n"),
	}
}
