package report_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/sage"
	"kindlyweekly/sage/sagefake"
)

// What a bot's configuration says of its country, its special days and its targets comes as far as
// the headline.
func TestCollect_Configuration(t *testing.T) {
	now := time.Date(2026, time.May, 18, 7, 0, 0, 0, time.UTC)
	tenant, err := config.Parse("acme.yaml", []byte(`
defaults: {tz: Europe/Oslo, holidays: NO}
bots:
- id: kommune
  notes:
  - {from: 2026-05-11, to: 2026-05-12, text: Election}
  - {date: 2024-05-11, text: Long ago}
  targets: {fallback_rate: 1%, requests_while_closed: 100000}
  page_queries: keep
`))
	if err != nil {
		t.Fatal(err)
	}
	carrier, cut := sagefake.Wire(sagefake.New(sagefake.Demo(now)...))
	defer cut()
	client := &sage.Client{
		URL: "https://sage.test", APIURL: "https://sage.test",
		HTTP: &http.Client{Transport: carrier},
		Key:  func(_ context.Context, bot string) (string, error) { return "demo-key-" + bot, nil },
	}
	week := period.LastComplete(now, tenant.Bots[0].Location)
	r, err := report.Collect(t.Context(), client, tenant.Bots[0], week, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range r.Special {
		got = append(got, s.First.String()+" "+s.Kind+" "+s.Name)
	}
	// The twelve weeks begin on 23 February. A year ago 2025-W20 was 12 to 18 May.
	want := []string{
		"2025-05-17 holiday Grunnlovsdag",
		"2026-04-02 holiday Skjærtorsdag", "2026-04-03 holiday Langfredag",
		"2026-04-05 holiday Første påskedag", "2026-04-06 holiday Andre påskedag",
		"2026-05-01 holiday Arbeidernes dag", "2026-05-11 note Election",
		"2026-05-14 holiday Kristi Himmelfartsdag", "2026-05-17 holiday Grunnlovsdag",
	}
	if !slices.Equal(got, want) {
		t.Errorf("special: %q\nwant %q", got, want)
	}
	if len(r.Targets) != 2 || r.Targets[0].State != figures.Missed ||
		r.Targets[1].State != figures.Met {
		t.Errorf("targets: %+v", r.Targets)
	}
	if alerts := report.Alerts(tenant.Bots[0].Targets, r); !slices.Equal(alerts,
		[]string{figures.TargetFallbackRate}) {
		t.Errorf("alerts: %q", alerts)
	}
	if r.PageQueries != figures.PageQueriesKeep {
		t.Errorf("page_queries: %q", r.PageQueries)
	}
	r.Verdict = nil // as of an older report
	s, err := summary.Of(r)
	if err != nil || !strings.HasSuffix(s.Headline,
		" chats in a week with Election, Kristi Himmelfartsdag and Grunnlovsdag.") {
		t.Errorf("headline: %s", s.Headline)
	}
}
