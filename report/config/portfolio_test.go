package config_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
)

const twoBots = `
bots:
  - {id: nettbutikk, tz: Europe/Oslo, channels: C0ACMECH01}
  - {id: bakeri, tz: America/New_York, channels: C0ACMECH02}
`

func parsed(t *testing.T, text string) *config.Tenant {
	t.Helper()
	tenant, err := config.Parse("config/acme.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func TestPortfolioIsRead(t *testing.T) {
	p := parsed(t, `
defaults: {locale: en}
portfolio: {name: Fjellvik kommune, channels: [C0ACMEALL1, C0ACMEALL2], recipients: Kari <kari@example.com>}`+twoBots).Portfolio
	if p.Name != "Fjellvik kommune" || p.Locale != "en" || len(p.Destinations) != 3 || p.Destinations[2].Name != "Kari" {
		t.Errorf("%+v", p)
	}
	if p := parsed(t, "portfolio: {channels: C0ACMEALL1}"+twoBots).Portfolio; p.Name != "acme" {
		t.Errorf("without a name it is called %q", p.Name)
	}
}

func TestWithoutAPortfolioThereIsNoOverview(t *testing.T) {
	tenant := parsed(t, twoBots)
	if _, ok := tenant.PortfolioBot(); ok || len(tenant.Reports()) != 2 {
		t.Error("there is one")
	}
	if _, err := tenant.Report(config.PortfolioID); err == nil {
		t.Error("it is found by its name")
	}
	nobody := parsed(t, "portfolio: {channels: C0ACMEALL1}\nbots: [{id: a, tz: UTC}]")
	if _, ok := nobody.PortfolioBot(); ok {
		t.Error("there is one of bots that report to nobody")
	}
}

func TestPortfolioMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"portfolio: {name: Acme}", `1:12: portfolio: names nobody who gets the overview of all bots: write channels or recipients, or leave portfolio out`},
		{"portfolio: {channels: []}", `1:12: portfolio: names nobody`},
		{"portfolio: {}", `1:12: portfolio: names nobody`},
		{"portfolio: C0ACMEALL1", `1:12: portfolio: is`},
		{"portfolio: {channels: '#all'}", `1:23: portfolio.channels: "#all" is no id of a Slack channel`},
		{"portfolio: {channels: [C0ACMEALL1, c0acmeall1]}", `did you mean "C0ACMEALL1"?`},
		{"portfolio: {channels: C0ACMEALL1, locale: norsk}", `1:43: portfolio.locale: "norsk" is no language of reports: did you mean "nb"?`},
		{"portfolio: {channels: C0ACMEALL1, destinations: []}", `1:35: portfolio.destinations: is no key of this place: write channels for Slack and recipients for mail`},
		{"portfolio: {channels: C0ACMEALL1, send: on_alert}", `portfolio.send: is no key of this place: the overview is sent when all bots are in, and always`},
		{"portfolio: {channels: C0ACMEALL1, locale: xx}", `portfolio.locale: "xx" is no language of reports`},
		{"portfolo: {channels: C0ACMEALL1}", `1:1: portfolo: is no key of this place: did you mean "portfolio"?`},
		{"defaults: {portfolio: {channels: C0ACMEALL1}}", `defaults.portfolio: is no key of this place: it belongs at the left edge, beside bots`},
		{"bots: [{id: _portfolio, tz: UTC}]", `bots[0].id: "_portfolio" must consist of letters`},
	} {
		text := c.text
		if !strings.HasPrefix(text, "bots") {
			text += twoBots
		}
		_, err := config.Parse("config/acme.yaml", []byte(text))
		if mistakes := (config.Mistakes)(nil); !errors.As(err, &mistakes) || len(mistakes) != 1 || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\nwant %s", c.text, err, c.want)
		}
	}
}

// It may be sent when the last of its bots has fallen due, wherever that is, and is due six hours after that.
func TestWhenAnOverviewIsDue(t *testing.T) {
	week, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	const all = "portfolio: {channels: C0ACMEALL1}\nbots:\n"
	for _, c := range []struct{ name, bots, opens string }{
		{"one bot", "  - {id: a, tz: Europe/Oslo, channels: C0ACMECH01}", "2026-11-16T07:00:00Z"},
		{"the westernmost is last", "  - {id: a, tz: Europe/Oslo, channels: C0ACMECH01}\n  - {id: b, tz: America/New_York, channels: C0ACMECH01}\n" +
			"  - {id: c, tz: Pacific/Kiritimati, channels: C0ACMECH01}", "2026-11-16T13:00:00Z"},
		{"the easternmost alone, while it is Sunday in UTC", "  - {id: c, tz: Pacific/Kiritimati, channels: C0ACMECH01}", "2026-11-15T18:00:00Z"},
		{"the easternmost, while the week goes on in the zone of the first", "  - {id: a, tz: Pacific/Honolulu, paused: true, channels: C0ACMECH01}\n" +
			"  - {id: c, tz: Pacific/Kiritimati, channels: C0ACMECH01}", "2026-11-15T18:00:00Z"},
		{"one that sends at the end of Sunday", "  - {id: a, tz: Europe/Oslo, send: {day: sunday, time: 23:59}, channels: C0ACMECH01}", "2026-11-22T22:59:00Z"},
		{"one that sends on Friday", "  - {id: a, tz: Europe/Oslo, channels: C0ACMECH01}\n  - {id: b, tz: Europe/Oslo, send: {day: friday, time: 16:00}, channels: C0ACMECH01}", "2026-11-20T15:00:00Z"},
		{"one that is paused is not waited for", "  - {id: a, tz: Europe/Oslo, channels: C0ACMECH01}\n  - {id: b, tz: America/New_York, paused: true, channels: C0ACMECH01}", "2026-11-16T07:00:00Z"},
		{"nor one that is paused until later", "  - {id: a, tz: Europe/Oslo, channels: C0ACMECH01}\n  - {id: b, tz: America/New_York, paused_until: 2026-11-17, channels: C0ACMECH01}", "2026-11-16T07:00:00Z"},
		{"one that is resumed by then is", "  - {id: a, tz: Europe/Oslo, channels: C0ACMECH01}\n  - {id: b, tz: America/New_York, paused_until: 2026-11-16, channels: C0ACMECH01}", "2026-11-16T13:00:00Z"},
		{"one that reports to nobody is not", "  - {id: a, tz: Europe/Oslo, channels: C0ACMECH01}\n  - {id: b, tz: America/New_York}", "2026-11-16T07:00:00Z"},
	} {
		o, ok := parsed(t, all+c.bots).PortfolioBot()
		opens, err := time.Parse(time.RFC3339, c.opens)
		if !ok || err != nil {
			t.Fatalf("%s: %t %v", c.name, ok, err)
		}
		if got := o.OpensAt(week); !got.Equal(opens) {
			t.Errorf("%s: it opens %s, want %s", c.name, got.UTC(), opens)
		}
		due := opens.Add(6 * time.Hour)
		if got := o.SendAt(week); !got.Equal(due) {
			t.Errorf("%s: it is due %s, want %s", c.name, got.UTC(), due)
		}
		for at, want := range map[time.Time]bool{due.Add(-time.Second): false, due: true, due.Add(71 * time.Hour): true, due.Add(72 * time.Hour): false} {
			weeks := o.Due(at, 72*time.Hour)
			if got := len(weeks) == 1 && weeks[0] == week; got != want {
				t.Errorf("%s: at %s due are %v", c.name, at.UTC(), weeks)
			}
		}
		const long = 7*24*time.Hour - time.Minute
		if weeks := o.Due(due.Add(long-time.Second), long); len(weeks) != 1 || weeks[0] != week {
			t.Errorf("%s: at the end of a long window due are %v", c.name, weeks)
		}
	}
}

func TestAnOverviewIsPausedWhenAllItsBotsAre(t *testing.T) {
	at := time.Date(2026, time.November, 16, 12, 0, 0, 0, time.UTC)
	for second, want := range map[string]bool{"paused: true": true, "paused_until: 2026-11-18": true, "paused_until: 2026-11-16": false, "paused: false": false} {
		o, _ := parsed(t, "portfolio: {channels: C0ACMEALL1}\ndefaults: {tz: Europe/Oslo, channels: C0ACMECH01}\nbots:\n  - {id: a, paused: true}\n  - {id: b, "+second+"}").PortfolioBot()
		if got := o.IsPaused(at); got != want {
			t.Errorf("%s: paused %t", second, got)
		}
	}
}
