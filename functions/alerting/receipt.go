package alerting

import (
	"fmt"
	"strings"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Receipt is what became of the reports of a week that had fallen due when it was made, and of what else had fallen due since
// the receipt before: bots send on other days too.
type Receipt struct {
	Week   period.Period `json:"week"`   // the reports' that fell due on the Monday
	Cutoff time.Time     `json:"cutoff"` // until when it counts
	Counts
	Other Counts `json:"other,omitzero"` // of other weeks
}

// Counts are how deliveries stand that have fallen due, see [delivery.FirstSeen.DueStatus]. Due is the sum of the others but Gaps.
type Counts struct {
	Due       int `json:"due"`
	Delivered int `json:"delivered"`      // also what only lacks its PDF
	Gaps      int `json:"gaps,omitempty"` // of the delivered, those in which chats or messages of the week are not known
	Failed    int `json:"failed"`
	Waiting   int `json:"waiting"` // also what could not be read: the next tick knows
	Skipped   int `json:"skipped"` // not wanted: an empty week, or nothing to alert of
}

// patience is how long a receipt waits for what still waits itself.
const patience = 6 * time.Hour

// settled returns the week whose receipt is due at the instant, and when the last of that Monday's reports fell due. Bots
// that send on other days are in the receipt of the Monday after.
func settled(t *config.Tenant, now time.Time) (w period.Period, cutoff time.Time) {
	for w = period.WeekOf(period.DateOf(now.UTC())); ; w = w.Previous() {
		cutoff = w.To().UTC().Add(9 * time.Hour) // where no bot sends on Mondays
		for _, b := range t.Bots {
			if at := b.SendAt(w); b.SendDay == time.Monday && len(b.Destinations) > 0 && !b.IsPaused(now) && at.After(cutoff) {
				cutoff = at
			}
		}
		if !cutoff.After(now) {
			return w, cutoff.UTC()
		}
	}
}

// outcome is what has become of a delivery that has fallen due.
type outcome int

const (
	delivered outcome = iota
	failed
	waiting
	skipped
)

func outcomeOf(s delivery.Status) outcome {
	switch {
	case s.Err != nil:
		return waiting
	case s.Skipped:
		return skipped
	case s.Arrived, isThere(s):
		return delivered
	case s.Over:
		return failed
	}
	return waiting
}

// Count counts deliveries that have fallen due by what has become of them.
func Count(fallen []delivery.Status) Counts {
	c := Counts{Due: len(fallen)}
	for _, s := range fallen {
		switch outcomeOf(s) {
		case delivered:
			c.Delivered++
			if s.Gaps {
				c.Gaps++
			}
		case failed:
			c.Failed++
		case waiting:
			c.Waiting++
		case skipped:
			c.Skipped++
		}
	}
	return c
}

// String says it in a line.
func (c Counts) String() string {
	if c.Due == 0 {
		return "nothing was due"
	}
	parts := []string{fmt.Sprintf("%d due", c.Due), fmt.Sprintf("%d delivered", c.Delivered)}
	if c.Gaps > 0 {
		parts[1] += fmt.Sprintf(" (%d incomplete)", c.Gaps)
	}
	for _, p := range []struct {
		n    int
		what string
	}{{c.Failed, "failed"}, {c.Waiting, "waiting"}, {c.Skipped, "not wanted this week"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

func (c *Counts) add(o Counts) {
	c.Due += o.Due
	c.Delivered += o.Delivered
	c.Gaps += o.Gaps
	c.Failed += o.Failed
	c.Waiting += o.Waiting
	c.Skipped += o.Skipped
}

// other says what else fell due, empty if nothing did.
func (r Receipt) other() string {
	if r.Other.Due == 0 {
		return ""
	}
	return "; of earlier weeks, due since the receipt before: " + r.Other.String()
}

// receipt adds the notice of a Monday, once everything that was due is over or has had its time. fallen returns all that has
// fallen due.
func (s *state) receipt(t *config.Tenant, now time.Time, fallen func() ([]delivery.Status, error), wr writer) error {
	w, cutoff := settled(t, now)
	last := s.Receipt
	if !last.Week.From().Before(w.From()) {
		return nil
	}
	since := cutoff.AddDate(0, 0, -7)
	if last.Cutoff.Before(cutoff) && last.Cutoff.After(since.AddDate(0, 0, -7)) {
		since = last.Cutoff
	}
	all, err := fallen()
	if err != nil {
		return err
	}
	var own, other, gone, gaps, late []delivery.Status
	for _, x := range all {
		switch {
		case x.Job.Period == w:
			own = append(own, x)
		case x.Opens().After(since) && x.Job.Period.From().Before(w.From()):
			other = append(other, x)
		default:
			continue
		}
		switch outcomeOf(x) {
		case failed:
			gone = append(gone, x)
		case waiting:
			late = append(late, x)
		case delivered:
			if x.Gaps {
				gaps = append(gaps, x)
			}
		}
	}
	r := Receipt{Week: w, Cutoff: now.UTC(), Counts: Count(own), Other: Count(other)}
	switch {
	case r.Due+r.Other.Due == 0 && last.Week.IsZero(): // deployed after that Monday
		s.Receipt = r
		return nil
	case len(late) > 0 && now.Sub(cutoff) < patience, s.inDoubt(now):
		return nil
	}
	s.Receipt = r
	n := delivery.Notice{Subject: fmt.Sprintf("Receipt of %s for week %s: %s", t.Name, w, r.Counts)}
	var text []string
	if r.Other.Due > 0 {
		text = append(text, "Of earlier weeks, due since the receipt before: "+r.Other.String()+".")
	}
	if len(gone) > 0 {
		text = append(append(text, "Failed:", wr.list(gone)), wr.again(gone, nil)...)
	}
	if len(gaps) > 0 {
		text = append(text, "Incomplete, since chats or messages of the week are not known:", wr.list(gaps))
	}
	if len(late) > 0 {
		text = append(text, "Waiting, and tried again by themselves:", wr.list(late))
	}
	n.Text = strings.Join(text, "\n")
	s.notify(now, "receipt "+w.String(), n)
	return nil
}
