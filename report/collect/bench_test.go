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
// that has no token yet. It waits for the token, for three batches of eight requests, and for two
// more for the slices of a quiet week. A target for feedback adds one batch, and an incident about
// five.
func BenchmarkFetch200ms(b *testing.B) {
	for _, c := range []struct {
		name, bot string
		targets   figures.Targets
	}{
		{"quiet", "kommune", figures.Targets{}},
		{"feedback target", "kommune", figures.Targets{Feedback: new(0.7)}},
		{"incident", "nettbutikk", figures.Targets{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			const latency = 200 * time.Millisecond
			server := sagefake.New(demo()...)
			server.Fault(sagefake.Fault{Delay: latency})
			web := httptest.NewServer(http.Handler(server))
			defer web.Close()
			q := kommune()
			q.Bot.ID, q.Targets = c.bot, c.targets
			for b.Loop() {
				if _, err := collect.Answers(b.Context(), client(web.URL), q, nil); err != nil {
					b.Fatal(err)
				}
			}
			perReport := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(perReport.Milliseconds()), "ms/report")
			b.ReportMetric(float64(perReport)/float64(latency), "latencies/report")
			b.ReportMetric(float64(len(server.Requests()))/float64(b.N), "requests/report")
		})
	}
}
