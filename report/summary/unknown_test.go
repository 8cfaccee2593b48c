package summary_test

import (
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

// Chats that came for another year only are not known in any of the twelve weeks: their chart says
// so instead of drawing an empty frame, and the notice that names the cause is the only one about
// them.
func TestTotals_AnotherYear(t *testing.T) {
	a := figurestest.BusyAnswers()
	for i, p := range a.Chats {
		a.Chats[i].Time = p.Time.Add(-366 * 24 * time.Hour)
	}
	r, err := figures.Compute(a)
	if err != nil {
		t.Fatal(err)
	}
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	if c := s.Chart(summary.ChartChats); c.Missing == "" {
		t.Errorf("the chart is drawn: %q", c.Subtitle)
	}
	if c := s.Chart(summary.ChartMessages); c.Missing != "" {
		t.Errorf("the messages are said to be missing: %q", c.Missing)
	}
	notices := strings.Join(s.Notices, "\n")
	if !strings.Contains(notices, "gave numbers for other dates") ||
		strings.Contains(notices, "not asked for") {
		t.Errorf("notices:\n%s", notices)
	}
}
