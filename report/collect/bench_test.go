package collect_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kindlyweekly/report/collect"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

// BenchmarkFetch200ms fetches a report from a Sage that takes 200 ms for each answer, with a client
// that has no token yet. The aim is at most 4 latencies: the token and three rounds of eight. A
// target for feedback adds one round.
func BenchmarkFetch200ms(b *testing.B) {
	for name, targets := range map[string]figures.Targets{"plain": {},
		"feedback target": {Feedback: new(0.7)}} {
		b.Run(name, func(b *testing.B) {
			const latency = 200 * time.Millisecond
			server := sagefake.New(demo()...)
			server.Fault(sagefake.Fault{Delay: latency})
			web := httptest.NewServer(http.Handler(server))
			defer web.Close()
			q := kommune()
			q.Targets = targets
			for b.Loop() {
				if _, err := collect.Answers(b.Context(), client(web.URL), q, nil); err != nil {
					b.Fatal(err)
				}
			}
			perReport := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(perReport.Milliseconds()), "ms/report")
			b.ReportMetric(float64(perReport)/float64(latency), "latencies/report")
		})
	}
}
