package delivery_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
)

func portfolioOf(t *testing.T) (*config.Tenant, period.Period) {
	t.Helper()
	tenant, err := config.Parse("config/acme.yaml", []byte(`
portfolio: {channels: C0ACMEALL1}
bots:
  - {id: a, tz: Europe/Oslo, channels: C0ACMECH01}
  - {id: b, tz: America/New_York, channels: C0ACMECH02}
`))
	if err != nil {
		t.Fatal(err)
	}
	week, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	return tenant, week
}

// The portfolio is early from when its last bot was due, 13:00 in UTC, until it is due itself; then
// it is planned like any other.
func TestEarly(t *testing.T) {
	tenant, _ := portfolioOf(t)
	monday := func(hour, minute int) time.Time {
		return time.Date(2026, time.November, 16, hour, minute, 0, 0, time.UTC)
	}
	for _, c := range []struct {
		name           string
		since, now     time.Time
		early, planned bool
	}{
		{"the first bot is due", monday(0, 0), monday(7, 0), false, false},
		{"the last bot is not yet", monday(0, 0), monday(12, 59), false, false},
		{"the last bot is", monday(0, 0), monday(13, 0), true, false},
		{"just before it is due", monday(0, 0), monday(18, 59), true, false},
		{"it is due", monday(0, 0), monday(19, 0), false, true},
		{"known since its bots began to be due", monday(12, 59), monday(13, 0), true, false},
		{"known since its last bot was", monday(13, 0), monday(13, 0), false, false},
		{"and stays unknown", monday(13, 0), monday(19, 0), false, false},
	} {
		known := delivery.FirstSeen{config.PortfolioID: {"slack-C0ACMEALL1": c.since}}
		early := delivery.Early(tenant, known, c.now)
		due, _ := delivery.Plan(tenant, known, c.now, 72*time.Hour)
		planned := 0
		for _, d := range due {
			if d.Job.Bot == config.PortfolioID {
				planned++
			}
		}
		if len(early) != count(c.early) || planned != count(c.planned) {
			t.Errorf("%s: %d early and %d planned", c.name, len(early), planned)
		}
		for _, d := range early {
			if !d.Due.Equal(monday(19, 0)) ||
				d.Key() != "acme/_portfolio/2026-W46/slack-C0ACMEALL1" {
				t.Errorf("%s: %s is due %s", c.name, d.Key(), d.Due)
			}
		}
	}
}

// Without a portfolio there is none to send early.
func TestEarly_WithoutPortfolio(t *testing.T) {
	for name, tenant := range map[string]*config.Tenant{
		"no destination": parse(t, "acme", "- {id: shop, channels: [C0000000001]}\n"),
		"no bot":         {Name: "acme"},
	} {
		if early := delivery.Early(tenant, nil, at(t, "2026-11-16 14:00")); early != nil {
			t.Errorf("%s: %v", name, early)
		}
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func TestAllIn(t *testing.T) {
	_, week := portfolioOf(t)
	standing := func(bot string, s delivery.Status) delivery.Status {
		s.Job = config.Job{Tenant: "acme", Bot: bot, Period: week}
		return s
	}
	var (
		in     = delivery.Status{Over: true}
		missed = delivery.Status{Over: true, Failed: true,
			Record: delivery.Record{State: delivery.Missed}}
		waiting = delivery.Status{}
		made    = delivery.Status{Record: delivery.Record{State: delivery.Retrying, Build: "b1"}}
		unread  = delivery.Status{Over: true, Err: errors.New("no answer")}
	)
	for _, c := range []struct {
		name string
		all  []delivery.Status
		want bool
	}{
		{"nothing was due", nil, false},
		{"both are in", []delivery.Status{standing("a", in), standing("b", in)}, true},
		{"one waits", []delivery.Status{standing("a", in), standing("b", waiting)}, false},
		{"one has been given up", []delivery.Status{standing("a", in), standing("b", missed)},
			true},
		{"one of two places has been given up, and the other waits",
			[]delivery.Status{standing("b", missed), standing("b", waiting)}, false},
		{"one of two places waits, and the other has been given up",
			[]delivery.Status{standing("b", waiting), standing("b", missed)}, false},
		{"one of two places is in, and the other waits",
			[]delivery.Status{standing("a", in), standing("b", in), standing("b", waiting)}, true},
		{"one is made, and waits to be sent",
			[]delivery.Status{standing("a", in), standing("b", made), standing("b", waiting)},
			true},
		{"one is not known", []delivery.Status{standing("a", in), standing("b", unread)}, false},
		{"the portfolio itself does not count",
			[]delivery.Status{standing("a", in), standing(config.PortfolioID, waiting)}, true},
		{"nor alone", []delivery.Status{standing(config.PortfolioID, in)}, false},
	} {
		if got := delivery.BotsReady(week, c.all); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
		if delivery.BotsReady(week.Next(), c.all) {
			t.Errorf("%s: another week is in", c.name)
		}
	}
}

// Of two that make a portfolio at once both send that of the first.
func TestArchive_FirstPortfolioStays(t *testing.T) {
	a := delivery.Archive{Store: &storetest.Memory{}}
	first, second := portfoliotest.Calm(), portfoliotest.Nothing()
	if _, err := a.Portfolio(t.Context(), "acme", first.Period); !errors.Is(err,
		delivery.ErrNotFound) {
		t.Errorf("before there is one: %v", err)
	}
	for _, o := range []*portfolio.Portfolio{first, second} {
		got, err := a.SavePortfolio(t.Context(), "acme", o)
		if err != nil || got.ID != first.ID {
			t.Errorf("%v (%v); want the first", got, err)
		}
	}
	if got, err := a.Portfolio(t.Context(), "acme", first.Period); err != nil ||
		got.ID != first.ID {
		t.Errorf("%v (%v) is archived", got, err)
	}
	key := delivery.KeysOf("acme").Portfolio(first.Period)
	if _, err := a.Store.Put(t.Context(), key, delivery.Object{Data: []byte("{")},
		delivery.Condition{}); err != nil {
		t.Fatal(err)
	}
	if got, err := a.Portfolio(t.Context(), "acme", first.Period); err == nil ||
		!strings.Contains(err.Error(), key) {
		t.Errorf("%v (%v) is read of a broken one", got, err)
	}
	if _, err := a.Portfolio(t.Context(), "other", first.Period); !errors.Is(err,
		delivery.ErrNotFound) {
		t.Errorf("another tenant's: %v", err)
	}
}

// All destinations of a language get the document that was archived first. It is rendered only if
// there is none yet. If it cannot be rendered, nothing is archived.
func TestArchive_FirstPortfolioPDFStays(t *testing.T) {
	a := delivery.Archive{Store: &storetest.Memory{}}
	o := portfoliotest.Calm()
	inNorwegian := *o
	inNorwegian.Locale = "nb"
	broken := errors.New("no font")
	fails := func(*portfolio.Portfolio) ([]byte, error) { return nil, broken }
	if data, err := a.PortfolioPDF(t.Context(), "acme", o, fails); data != nil ||
		!errors.Is(err, broken) {
		t.Errorf("not rendered, it is %q, %v", data, err)
	}
	for _, c := range []struct {
		o      *portfolio.Portfolio
		render func(*portfolio.Portfolio) ([]byte, error)
		want   string
	}{
		{o, document("first"), "first"},
		{o, document("second"), "first"},
		{o, fails, "first"},
		{&inNorwegian, document("in Norwegian"), "in Norwegian"},
		{o, fails, "first"},
	} {
		data, err := a.PortfolioPDF(t.Context(), "acme", c.o, c.render)
		if err != nil || string(data) != c.want {
			t.Errorf("in %s it is %q (%v), want %q", c.o.Locale, data, err, c.want)
		}
	}
	// Another worker archives its document first.
	other := *o
	other.ID = "portfolio-2026-W46-00"
	data, err := a.PortfolioPDF(t.Context(), "acme", &other,
		func(o *portfolio.Portfolio) ([]byte, error) {
			_, err := a.PortfolioPDF(t.Context(), "acme", o, document("of the faster one"))
			return []byte("of the slower one"), err
		})
	if err != nil || string(data) != "of the faster one" {
		t.Errorf("it is %q (%v)", data, err)
	}
	keys, err := a.Store.List(t.Context(), "acme/")
	if want := "acme/archive/_portfolio/2026-W46/" + o.ID + "/locales/en/report.pdf"; err != nil ||
		!slices.Contains(keys, want) || len(keys) != 3 {
		t.Errorf("the keys are %q (%v), want %s among them", keys, err, want)
	}
}
