package delivery_test

import (
	"testing"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
)

func TestCause_Shared(t *testing.T) {
	for cause, want := range map[delivery.Cause]bool{
		delivery.CauseSage:                   true,
		delivery.CauseSESQuota:               true,
		delivery.CauseKey.With("nettbutikk"): false,
		"":                                   false,
	} {
		if got := cause.Shared(); got != want {
			t.Errorf("%q: %v, want %v", cause, got, want)
		}
	}
}

func TestPayload_About(t *testing.T) {
	w, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	report := new(figures.Report)
	report.Period.Name = w
	for name, c := range map[string]struct {
		payload delivery.Payload
		want    period.Period
		ok      bool
	}{
		"report":    {&delivery.Editions{Report: report}, w, true},
		"portfolio": {&delivery.Portfolio{Portfolio: &portfolio.Portfolio{Period: w}}, w, true},
		"notice":    {new(delivery.Notice), period.Period{}, false},
	} {
		if got, ok := c.payload.About(); got != c.want || ok != c.ok {
			t.Errorf("%s: %s, %v; want %s, %v", name, got, ok, c.want, c.ok)
		}
	}
}
