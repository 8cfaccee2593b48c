package config_test

import (
	"errors"
	"fmt"
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

func TestParse_Portfolio(t *testing.T) {
	p := parsed(t, `
defaults: {locale: en}
portfolio:
  name: Fjellvik kommune
  channels: [C0ACMEALL1, C0ACMEALL2]
  recipients: Kari <kari@example.com>`+twoBots).Portfolio
	if p.Name != "Fjellvik kommune" || p.Locale != "en" || len(p.Destinations) != 3 ||
		p.Destinations[2].Name != "Kari" {
		t.Errorf("%+v", p)
	}
	if p := parsed(t, "portfolio: {channels: C0ACMEALL1}"+twoBots).Portfolio; p.Name != "acme" {
		t.Errorf("without a name it is called %q", p.Name)
	}
}

func TestTenant_WithoutPortfolio(t *testing.T) {
	tenant := parsed(t, twoBots)
	if _, ok := tenant.AllBots(); ok || len(tenant.Subjects()) != 2 {
		t.Error("there is one")
	}
	if _, err := tenant.Subject(config.PortfolioID); err == nil {
		t.Error("it is found by its name")
	}
	silent := parsed(t, "portfolio: {channels: C0ACMEALL1}\nbots: [{id: a, tz: UTC}]")
	if _, ok := silent.AllBots(); ok {
		t.Error("there is one of bots without destinations")
	}
}

func TestParse_PortfolioMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"portfolio: {name: Acme}", `1:12: portfolio: has no destinations: write channels or ` +
			`recipients, or leave portfolio out`},
		{"portfolio: {channels: []}", `1:12: portfolio: has no destinations`},
		{"portfolio: {}", `1:12: portfolio: has no destinations`},
		{"portfolio: C0ACMEALL1", `1:12: portfolio: is`},
		{"portfolio: {channels: '#all'}", `1:23: portfolio.channels: "#all" is not the id of a ` +
			`Slack channel`},
		{"portfolio: {channels: [C0ACMEALL1, c0acmeall1]}", `did you mean "C0ACMEALL1"?`},
		{"portfolio: {channels: C0ACMEALL1, locale: norsk}", `1:43: portfolio.locale: "norsk" is ` +
			`not a language of reports: did you mean "nb"?`},
		{"portfolio: {channels: C0ACMEALL1, destinations: []}", `1:35: portfolio.destinations: ` +
			`unknown key: write channels for Slack and recipients for mail`},
		{"portfolio: {channels: C0ACMEALL1, send: on_alert}", `portfolio.send: unknown key: the ` +
			`portfolio is sent every week when all bots are in`},
		{"portfolio: {channels: C0ACMEALL1, locale: xx}", `portfolio.locale: "xx" is not a ` +
			`language of reports`},
		{"portfolo: {channels: C0ACMEALL1}",
			`1:1: portfolo: unknown key: did you mean "portfolio"?`},
		{"defaults: {portfolio: {channels: C0ACMEALL1}}", `defaults.portfolio: unknown key: it ` +
			`belongs at the left edge, beside bots`},
		{"bots: [{id: _portfolio, tz: UTC}]", `bots[0].id: "_portfolio" must consist of letters`},
	} {
		text := c.text
		if !strings.HasPrefix(text, "bots") {
			text += twoBots
		}
		_, err := config.Parse("config/acme.yaml", []byte(text))
		if mistakes := (config.Mistakes)(nil); !errors.As(err, &mistakes) || len(mistakes) != 1 ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\nwant %s", c.text, err, c.want)
		}
	}
}

// The portfolio opens when the report of its last bot is due, and is due six hours later.
func TestPortfolio_Due(t *testing.T) {
	week, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	const all = "portfolio: {channels: C0ACMEALL1}\nbots:\n"
	bot := func(id, zone, more string) string {
		return "  - {id: " + id + ", tz: " + zone + more + "}\n"
	}
	const (
		oslo, newYork      = "Europe/Oslo", "America/New_York"
		honolulu, kiribati = "Pacific/Honolulu", "Pacific/Kiritimati"

		to     = ", channels: C0ACMECH01"
		sunday = ", send: {day: sunday, time: 23:59}" + to
		friday = ", send: {day: friday, time: 16:00}" + to
		paused = ", paused: true" + to
		until  = ", paused_until: 2026-11-1"
	)
	first := bot("a", oslo, to)
	for _, c := range []struct{ name, bots, opens string }{
		{"one bot", first, "2026-11-16T07:00:00Z"},
		{"the westernmost is last",
			first + bot("b", newYork, to) + bot("c", kiribati, to), "2026-11-16T13:00:00Z"},
		{"the easternmost alone, while it is Sunday in UTC",
			bot("c", kiribati, to), "2026-11-15T18:00:00Z"},
		{"the easternmost, while the week goes on in the zone of the first",
			bot("a", honolulu, paused) + bot("c", kiribati, to), "2026-11-15T18:00:00Z"},
		{"at the end of Sunday", bot("a", oslo, sunday), "2026-11-22T22:59:00Z"},
		{"on Friday", first + bot("b", oslo, friday), "2026-11-20T15:00:00Z"},
		{"a paused bot is not waited for",
			first + bot("b", newYork, paused), "2026-11-16T07:00:00Z"},
		{"nor one that is paused until later",
			first + bot("b", newYork, until+"7"+to), "2026-11-16T07:00:00Z"},
		{"one that is resumed by then is",
			first + bot("b", newYork, until+"6"+to), "2026-11-16T13:00:00Z"},
		{"the last, if all are paused",
			bot("a", newYork, paused) + bot("b", oslo, paused), "2026-11-16T13:00:00Z"},
		{"a bot without destinations is not waited for",
			first + bot("b", newYork, ""), "2026-11-16T07:00:00Z"},
	} {
		o, ok := parsed(t, all+c.bots).AllBots()
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
		for at, want := range map[time.Time]bool{due.Add(-time.Second): false, due: true,
			due.Add(71 * time.Hour): true, due.Add(72 * time.Hour): false} {
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

// The subject of one bot is due and paused as the bot is.
func TestBot_Subject(t *testing.T) {
	week, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"tz: Europe/Oslo", "tz: Pacific/Kiritimati, send: {day: sunday, time: 23:59}",
		"tz: UTC, paused: true", "tz: UTC, paused_until: 2026-11-18",
	} {
		b := parsed(t, `bots: [{id: a, name: A, owner: Kari <kari@example.com>, locale: nb, `+
			"channels: C0ACMECH01, "+text+"}]").Bots[0]
		s := b.Subject()
		if s.ID != "a" || s.Name != "A" || s.Owner != b.Owner || s.Locale != "nb" ||
			s.Location != b.Location || len(s.Destinations) != 1 {
			t.Errorf("%s: %+v", text, s)
		}
		due := b.SendAt(week)
		if !s.OpensAt(week).Equal(due) || !s.SendAt(week).Equal(due) ||
			s.IsPaused(due) != b.IsPaused(due) {
			t.Errorf("%s: it opens %s and is due %s, the bot %s; paused %t", text,
				s.OpensAt(week), s.SendAt(week), due, s.IsPaused(due))
		}
		if got := s.Due(due, time.Minute); len(got) != 1 || got[0] != week {
			t.Errorf("%s: due are %v", text, got)
		}
	}
}

func TestTenant_Subject(t *testing.T) {
	tenant := parsed(t, "portfolio: {channels: C0ACMEALL1}"+twoBots)
	var ids []string
	for _, s := range tenant.Subjects() {
		ids = append(ids, s.ID)
		if found, err := tenant.Subject(s.ID); err != nil || found.Name != s.Name ||
			found.Wait != s.Wait || len(found.Schedules) != len(s.Schedules) {
			t.Errorf("%s: %+v, %v", s.ID, found, err)
		}
	}
	if got := strings.Join(ids, " "); got != "nettbutikk bakeri _portfolio" {
		t.Error(got)
	}
	if s, err := tenant.Subject("nettbutik"); err == nil || s.Schedules != nil {
		t.Errorf("%+v, %v", s, err)
	}
	if _, ok := new(config.Tenant).AllBots(); ok {
		t.Error("there is one without bots")
	}
}

func TestSubject_PausedUntil(t *testing.T) {
	for _, c := range []struct{ first, second, want string }{
		{"paused: false", "paused: true", "0000-00-00 true"},
		{"paused_until: 2026-11-18", "paused: false", "0000-00-00 true"},
		{"paused_until: 2026-11-18", "paused: true", "2026-11-18 true"},
		{"paused: true", "paused_until: 2026-11-18", "2026-11-18 true"},
		{"paused_until: 2026-11-18", "paused_until: 2026-11-17", "2026-11-17 true"},
		{"paused_until: 2026-11-17", "paused_until: 2026-11-18", "2026-11-17 true"},
		{"paused: true", "paused: true", "0000-00-00 false"},
	} {
		o, _ := parsed(t, `
portfolio: {channels: C0ACMEALL1}
defaults: {tz: Europe/Oslo, channels: C0ACMECH01}
bots: [{id: a, `+c.first+"}, {id: b, "+c.second+"}]").AllBots()
		if until, ends := o.PausedUntil(); fmt.Sprint(until, " ", ends) != c.want {
			t.Errorf("%s and %s: %s %t, want %s", c.first, c.second, until, ends, c.want)
		}
	}
}

func TestPortfolio_IsPaused(t *testing.T) {
	at := time.Date(2026, time.November, 16, 12, 0, 0, 0, time.UTC)
	for second, want := range map[string]bool{
		"paused: true": true, "paused_until: 2026-11-18": true,
		"paused: false": false, "paused_until: 2026-11-16": false,
	} {
		o, _ := parsed(t, `
portfolio: {channels: C0ACMEALL1}
defaults: {tz: Europe/Oslo, channels: C0ACMECH01}
bots: [{id: a, paused: true}, {id: b, `+second+"}]").AllBots()
		if got := o.IsPaused(at); got != want {
			t.Errorf("%s: paused %t", second, got)
		}
	}
}
