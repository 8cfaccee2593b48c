package incidents

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// Receipt is what was due, and what became of it: every delivery that fell due since the receipt before.
type Receipt struct {
	Week      period.Week `json:"week"`   // the reports' that fell due on the Monday
	Cutoff    time.Time   `json:"cutoff"` // when the last of these fell due
	Due       int         `json:"due"`
	Delivered int         `json:"delivered"`
	Gaps      int         `json:"gaps,omitempty"` // of the delivered, those in which chats or messages of the week are not known
	Failed    int         `json:"failed"`
	Waiting   int         `json:"waiting"`
	Skipped   int         `json:"skipped"` // nobody wanted them: an empty week, or nothing to alert of
}

// patience is how long a receipt waits for what still waits itself.
const patience = 6 * time.Hour

// settled returns the week whose receipt is due at the instant, and when the last of that Monday's reports fell due. Bots
// that send on other days are in the receipt of the Monday after.
func settled(t *bots.Tenant, now time.Time) (w period.Week, cutoff time.Time) {
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

// Count counts deliveries by what has become of them.
func Count(standings []delivery.Standing) Receipt {
	r, _, _, _ := tally(standings)
	return r
}

// tally is Count, with those that it counts as failed, as waiting, and as delivered with gaps. What only lacks its PDF, or
// has gaps, has arrived.
func tally(standings []delivery.Standing) (r Receipt, failed, waiting, gaps []delivery.Standing) {
	for _, s := range standings {
		r.Due++
		switch {
		case s.Err != nil: // the next tick knows
			r.Waiting++
			waiting = append(waiting, s)
		case s.Skipped:
			r.Skipped++
		case s.Over && s.Wrong && !s.Resent && s.Record.Lacks == "" && !hasGaps(s):
			r.Failed++
			failed = append(failed, s)
		case s.Over, isThere(s):
			r.Delivered++
			if hasGaps(s) && !s.Resent {
				r.Gaps++
				gaps = append(gaps, s)
			}
		default:
			r.Waiting++
			waiting = append(waiting, s)
		}
	}
	return r, failed, waiting, gaps
}

// count counts what fell due after since and until the cutoff.
func count(w period.Week, since, cutoff time.Time, standings []delivery.Standing) (r Receipt, failed, waiting, gaps []delivery.Standing) {
	r, failed, waiting, gaps = tally(slices.DeleteFunc(slices.Clone(standings), func(s delivery.Standing) bool {
		return !s.Due.After(since) || s.Due.After(cutoff)
	}))
	r.Week, r.Cutoff = w, cutoff
	return r, failed, waiting, gaps
}

// String says it in a line.
func (r Receipt) String() string {
	if r.Due == 0 {
		return "nothing was due"
	}
	parts := []string{fmt.Sprintf("%d due", r.Due), fmt.Sprintf("%d delivered", r.Delivered)}
	if r.Gaps > 0 {
		parts[1] += fmt.Sprintf(" (%d incomplete)", r.Gaps)
	}
	for _, p := range []struct {
		n    int
		what string
	}{{r.Failed, "failed"}, {r.Waiting, "waiting"}, {r.Skipped, "not wanted this week"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

func (r *Receipt) add(o Receipt) {
	r.Due += o.Due
	r.Delivered += o.Delivered
	r.Gaps += o.Gaps
	r.Failed += o.Failed
	r.Waiting += o.Waiting
	r.Skipped += o.Skipped
}

// receipt adds the notice of a Monday, once everything that was due is over or has had its time.
func (s *state) receipt(t *bots.Tenant, now time.Time, standings []delivery.Standing, wr writer) {
	w, cutoff := settled(t, now)
	last := s.Receipt
	if !last.Week.IsZero() && !last.Week.From().Before(w.From()) {
		return
	}
	since := cutoff.AddDate(0, 0, -7)
	if last.Cutoff.Before(cutoff) && last.Cutoff.After(since.AddDate(0, 0, -7)) {
		since = last.Cutoff
	}
	r, failed, waiting, gaps := count(w, since, cutoff, standings)
	switch {
	case r.Due == 0 && last.Week.IsZero(): // deployed after that Monday
		s.Receipt = r
		return
	case r.Waiting > 0 && now.Sub(cutoff) < patience, s.inDoubt(now):
		return
	}
	s.Receipt = r
	n := delivery.Notice{Subject: fmt.Sprintf("Receipt of %s for week %s: %s", t.Name, w, r)}
	var text []string
	if len(failed) > 0 {
		text = append(append(text, "Failed:", wr.list(failed)), wr.again(failed, nil)...)
	}
	if len(gaps) > 0 {
		text = append(text, "Incomplete, since chats or messages of the week are not known:", wr.list(gaps))
	}
	if len(waiting) > 0 {
		text = append(text, "Waiting, and tried again by themselves:", wr.list(waiting))
	}
	n.Text = strings.Join(text, "\n")
	s.notify(now, "receipt "+w.String(), n)
}
