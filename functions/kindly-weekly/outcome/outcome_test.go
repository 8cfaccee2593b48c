package outcome

import (
	"testing"
	"time"

	"kindlyweekly/report/delivery"
)

// A report that was sent although its chats are not known says so, beside the PDF that it may lack.
func TestDescribe_ReportWithGaps(t *testing.T) {
	const gap = "chats are not known: Sage's hours show events on days that it leaves out"
	sent := time.Date(2026, time.November, 16, 7, 35, 0, 0, time.UTC)
	for _, c := range []struct {
		record     delivery.Record
		state, why string
	}{
		{delivery.Record{State: delivery.Accepted, SentAt: sent, Gaps: gap}, "sent incomplete",
			"Mon 16 Nov 2026 07:35 UTC: " + gap},
		{delivery.Record{State: delivery.Delivered, SentAt: sent, Gaps: gap}, "sent incomplete",
			"Mon 16 Nov 2026 07:35 UTC: " + gap},
		{delivery.Record{State: delivery.Accepted, SentAt: sent, Gaps: gap, Missing: "no uploads"},
			"sent without its PDF", "Mon 16 Nov 2026 07:35 UTC: no uploads; " + gap},
		{delivery.Record{State: delivery.Accepted, SentAt: sent}, "sent",
			"Mon 16 Nov 2026 07:35 UTC"},
	} {
		state, why := Describe(c.record, time.UTC, sent.Add(time.Hour),
			time.Time{})
		if state != c.state || why != c.why {
			t.Errorf("%+v: %q, %q, want %q, %q", c.record, state, why, c.state, c.why)
		}
	}
}
