package worker_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report"
	"kindlyweekly/report/delivery"
	"kindlyweekly/sage/sagefake"
)

// A filter that Kindly does not know, or that could not be checked, stops no report. Each edition
// says so, and the build is complete.
func TestDeliver_UnknownFilters(t *testing.T) {
	const unknown = "Kindly’s statistics do not know the source website."
	const unchecked = "Whether Kindly’s statistics know this filter could not be checked."
	down := sagefake.Fault{Path: "meta/options", Status: http.StatusServiceUnavailable}
	silent := sagefake.Fault{Path: "meta/options", Delay: time.Hour}
	none := sagefake.Fault{Path: "nothing"}
	for _, tc := range []struct {
		name, sources string
		fault         sagefake.Fault
		says          string // "": neither
		within        time.Duration
	}{
		{"no filter", "all", silent, "", 2 * time.Second},
		{"only left out", "-website", silent, "", 2 * time.Second},
		{"known", "web", none, "", 0},
		{"unknown", "website", none, unknown, 0},
		{"unchecked", "web", down, unchecked, 5 * time.Second},
		{"no answer", "web", silent, unchecked, 5 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, map[string]string{"acme": strings.Replace(acme, "sources: all",
				"sources: "+tc.sources, 1)}, func(t *testing.T, h *harness) {
				h.sage.Fault(tc.fault)
				begun := time.Now()
				h.weekly()
				h.states(delivery.Accepted, delivery.Accepted)
				if took := time.Since(begun); took > tc.within {
					t.Errorf("delivered after %v", took)
				}
				h.ask(share)
				read := 0
				for _, m := range append(h.slack.sent, h.mail.sent...) {
					for _, f := range m.Files {
						if f.Name != report.Text {
							continue
						}
						read++
						text := strings.Join(strings.Fields(string(f.Data)), " ")
						for _, notice := range []string{unknown, unchecked} {
							if got := strings.Contains(text, notice); got != (notice == tc.says) {
								t.Errorf("%s: %q is in the text: %t\n%s", m.Destination.To, notice,
									got, f.Data)
							}
						}
					}
				}
				if len(h.slack.sent) != 2 || len(h.mail.sent) != 1 || read != 3 {
					t.Errorf("posted %d times and mailed %d times, %d of them with text",
						len(h.slack.sent), len(h.mail.sent), read)
				}
				if m := must(h.Archive.Manifest(t.Context(), job)); !m.Complete || m.Revision != 1 {
					t.Errorf("revision %d, complete %t", m.Revision, m.Complete)
				}
			})
		})
	}
}
