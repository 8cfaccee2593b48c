package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

const window = 72 * time.Hour

func parse(t *testing.T, name, list string) *config.Tenant {
	t.Helper()
	tenant, err := config.Parse(name+".yaml", []byte("defaults: {tz: Europe/Oslo}\nbots:\n"+list))
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

var oslo = func() *time.Location {
	l, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		panic(err)
	}
	return l
}()

// at reads an instant in Oslo, where 16 November 2026 is the Monday after week 46.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", s, oslo)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// Each case is a history: ticks with the configuration that they found. want is what was planned
// for the first time, and when; what is delivered is not planned twice by the ledger, so it is left
// out here. missed is what Late says.
func TestPlan(t *testing.T) {
	type tick struct{ at, bots string }
	const (
		shop   = "- {id: shop, channels: [C0000000001]}\n"
		moved  = "- {id: shop, channels: [C0000000002]}\n"
		both   = "- {id: shop, channels: [C0000000001, C0000000002]}\n"
		unsent = "- {id: shop}\n"
		paused = "- {id: shop, channels: [C0000000001], paused: true}\n"
		until  = "- {id: shop, channels: [C0000000001], paused_until: 2026-11-17}\n"
		second = "- {id: second, channels: [C0000000001]}\n"
		kari   = "- {id: shop, recipients: [kari@example.com]}\n"
	)
	for _, c := range []struct {
		name         string
		ticks        []tick
		want, missed string
	}{
		{"in time", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 07:45", shop}, {"2026-11-16 08:00", shop},
			{"2026-11-16 08:15", shop}, {"2026-11-23 08:00", shop},
		}, "11-16 08:00 shop/2026-W46/slack-C0000000001, 11-23 08:00 shop/2026-W47/slack-C0000000001", ""},
		{"deploying sends nothing old", []tick{
			{"2026-11-16 08:15", shop}, {"2026-11-16 08:30", shop}, {"2026-11-22 08:00", shop},
			{"2026-11-23 08:00", shop},
		}, "11-23 08:00 shop/2026-W47/slack-C0000000001", ""},
		{"first seen at the very send time", []tick{
			{"2026-11-16 08:00", shop}, {"2026-11-16 08:15", shop},
		}, "", ""},
		{"adding a bot sends nothing old of it", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 09:00", shop + second},
			{"2026-11-16 09:15", shop + second}, {"2026-11-23 08:00", shop + second},
		}, "11-16 09:00 shop/2026-W46/slack-C0000000001, 11-23 08:00 shop/2026-W47/slack-C0000000001, 11-23 08:00 second/2026-W47/slack-C0000000001", ""},
		{"moving a channel sends nothing old", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 08:00", shop}, {"2026-11-16 09:00", moved},
			{"2026-11-16 09:15", moved}, {"2026-11-23 08:00", moved},
		}, "11-16 08:00 shop/2026-W46/slack-C0000000001, 11-23 08:00 shop/2026-W47/slack-C0000000002", ""},
		{"moving a channel during an outage sends nothing old", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 12:00", moved}, {"2026-11-16 12:15", moved},
		}, "", ""},
		{"moving a channel in time", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 07:45", moved}, {"2026-11-16 08:00", moved},
		}, "11-16 08:00 shop/2026-W46/slack-C0000000002", ""},
		{"a channel beside the other", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 09:00", both}, {"2026-11-23 08:00", both},
		}, "11-16 09:00 shop/2026-W46/slack-C0000000001, 11-23 08:00 shop/2026-W47/slack-C0000000001, 11-23 08:00 shop/2026-W47/slack-C0000000002", ""},
		{"taken away and put back", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-15 13:00", unsent}, {"2026-11-16 09:00", shop},
			{"2026-11-16 09:15", shop},
		}, "", ""},
		{"a bot that has gone and come back", []tick{
			{"2026-11-15 12:00", shop + second}, {"2026-11-15 13:00", shop},
			{"2026-11-16 09:00", shop + second}, {"2026-11-16 09:15", shop + second},
		}, "11-16 09:00 shop/2026-W46/slack-C0000000001", ""},
		{"an outage over Monday morning", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-17 13:00", shop},
		}, "11-17 13:00 shop/2026-W46/slack-C0000000001", ""},
		{"the last moment of the window", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-19 07:59", shop},
		}, "11-19 07:59 shop/2026-W46/slack-C0000000001", ""},
		{"the end of the window", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-19 08:00", shop}, {"2026-11-23 08:00", shop},
		}, "11-23 08:00 shop/2026-W47/slack-C0000000001",
			"11-19 08:00 shop/2026-W46/slack-C0000000001"},
		{"an outage of ten days", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-25 12:00", shop},
		}, "11-25 12:00 shop/2026-W47/slack-C0000000001",
			"11-25 12:00 shop/2026-W46/slack-C0000000001"},
		{"nothing is missed by an unknown destination", []tick{
			{"2026-11-17 12:00", shop}, {"2026-11-20 12:00", shop},
		}, "", ""},
		{"a tick that comes late, and twice", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 08:15", shop}, {"2026-11-16 08:00", shop},
			{"2026-11-16 08:00", shop},
		}, "11-16 08:15 shop/2026-W46/slack-C0000000001", ""},
		{"paused over Monday", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-15 13:00", paused}, {"2026-11-16 08:00", paused},
			{"2026-11-16 10:00", shop}, {"2026-11-23 08:00", shop},
		}, "11-23 08:00 shop/2026-W47/slack-C0000000001", ""},
		{"paused after it fell due", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 09:00", paused}, {"2026-11-16 10:00", shop},
			{"2026-11-20 08:00", shop},
		}, "", ""},
		{"paused between two Mondays", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 08:00", shop}, {"2026-11-17 09:00", paused},
			{"2026-11-20 10:00", shop}, {"2026-11-23 08:00", shop},
		}, "11-16 08:00 shop/2026-W46/slack-C0000000001, 11-23 08:00 shop/2026-W47/slack-C0000000001", ""},
		{"paused until Tuesday", []tick{
			{"2026-11-15 12:00", until}, {"2026-11-16 08:00", until}, {"2026-11-17 00:00", until},
			{"2026-11-23 08:00", until},
		}, "11-23 08:00 shop/2026-W47/slack-C0000000001", ""},
		{"paused until Tuesday, and no tick on Monday", []tick{
			{"2026-11-15 12:00", until}, {"2026-11-17 08:00", until}, {"2026-11-20 08:00", until},
		}, "", ""},
		{"added while paused", []tick{
			{"2026-11-15 12:00", unsent}, {"2026-11-16 07:00", paused},
			{"2026-11-16 08:00", paused}, {"2026-11-16 08:15", shop},
		}, "", ""},
		{"the Monday after the clocks went back", []tick{
			{"2026-10-24 12:00", shop}, {"2026-10-26 07:59", shop}, {"2026-10-26 08:00", shop},
		}, "10-26 08:00 shop/2026-W43/slack-C0000000001", ""},
		{"a send time that the clocks skipped", []tick{
			{"2026-03-28 12:00",
				"- {id: shop, channels: [C0000000001], send: {day: sunday, time: 02:30}}\n"},
			{"2026-03-29 01:45",
				"- {id: shop, channels: [C0000000001], send: {day: sunday, time: 02:30}}\n"},
			{"2026-03-29 03:00",
				"- {id: shop, channels: [C0000000001], send: {day: sunday, time: 02:30}}\n"},
		}, "03-29 03:00 shop/2026-W12/slack-C0000000001", ""},
		{"moved to a later time", []tick{
			{"2026-11-15 12:00", shop}, {"2026-11-16 07:45",
				"- {id: shop, channels: [C0000000001], send: {day: tuesday}}\n"},
			{"2026-11-16 08:00", "- {id: shop, channels: [C0000000001], send: {day: tuesday}}\n"},
			{"2026-11-17 08:00", "- {id: shop, channels: [C0000000001], send: {day: tuesday}}\n"},
		}, "11-17 08:00 shop/2026-W46/slack-C0000000001", ""},
		{"moved to an earlier time, which has passed", []tick{
			{"2026-11-15 12:00", "- {id: shop, channels: [C0000000001], send: {day: friday}}\n"},
			{"2026-11-18 12:00", shop},
		}, "11-18 12:00 shop/2026-W46/slack-C0000000001", ""},
		{"each in its zone", []tick{
			{"2026-11-15 12:00", shop + "- {id: far, tz: Asia/Tokyo, channels: [C0000000001]}\n"},
			{"2026-11-16 00:00", shop + "- {id: far, tz: Asia/Tokyo, channels: [C0000000001]}\n"},
			{"2026-11-16 08:00", shop + "- {id: far, tz: Asia/Tokyo, channels: [C0000000001]}\n"},
		}, "11-16 00:00 far/2026-W46/slack-C0000000001, 11-16 08:00 shop/2026-W46/slack-C0000000001", ""},
		{"mail, without its address", []tick{
			{"2026-11-15 12:00", kari}, {"2026-11-16 08:00", kari},
		}, "11-16 08:00 shop/2026-W46/" + config.Destination{Medium: config.Mail,
			To: "kari@example.com"}.ID(), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var known delivery.FirstSeen
			var planned, missed []string
			seen := map[string]bool{}
			note := func(to *[]string, tick string, all []delivery.Delivery) {
				for _, d := range all {
					if key := strings.TrimPrefix(d.Key(), "acme/"); !seen[key] {
						seen[key] = true
						*to = append(*to, tick[len("2026-"):]+" "+key)
					}
					if d.Job.Tenant != "acme" || d.Subject.ID != d.Job.Bot ||
						!d.Due.Equal(d.Subject.SendAt(d.Job.Period)) ||
						d.Due.Location() != time.UTC {
						t.Errorf("%s is %+v", d.Key(), d)
					}
				}
			}
			for _, k := range c.ticks {
				tenant, now := parse(t, "acme", k.bots), at(t, k.at)
				due, next := delivery.Plan(tenant, known, now, window)
				late := delivery.Late(tenant, next, now, window)
				if again, same := delivery.Plan(tenant, next, now, window); !same.Equal(next) ||
					len(again) != len(due) {
					t.Errorf("at %s the same tick again plans %d instead of %d, and knows %v instead of %v", k.at, len(again), len(due), same, next)
				}
				note(&planned, k.at, due)
				note(&missed, k.at, late)
				known = next
			}
			if got := strings.Join(planned, ", "); got != c.want {
				t.Errorf("planned\ngot  %s\nwant %s", got, c.want)
			}
			if got := strings.Join(missed, ", "); got != c.missed {
				t.Errorf("missed\ngot  %s\nwant %s", got, c.missed)
			}
		})
	}
}

// What becomes of a delivery by itself, though it is in no plan.
func TestProspect(t *testing.T) {
	for _, c := range []struct {
		since, bots, at string
		want            delivery.Eligibility
	}{
		{"2026-11-15 12:00", "", "2026-11-16 07:59", delivery.NotDue},
		{"2026-11-15 12:00", "", "2026-11-16 08:00", delivery.Expected},
		{"2026-11-15 12:00", "", "2026-11-19 07:59", delivery.Expected},
		{"2026-11-15 12:00", "", "2026-11-19 08:00", delivery.GivenUp},
		{"2026-11-15 12:00", "", "2027-11-19 08:00", delivery.GivenUp},
		{"2026-11-16 08:00", "", "2026-11-16 08:15", delivery.AddedLater},
		{"", "", "2026-11-16 08:15", delivery.AddedLater},
		{"", "", "2026-11-16 07:00", delivery.NotDue},
		{"2026-11-15 12:00", "paused: true", "2026-11-16 07:00", delivery.Paused},
		{"2026-11-15 12:00", "paused: true", "2026-11-20 07:00", delivery.Paused},
		{"2026-11-15 12:00", "paused_until: 2026-11-17", "2026-11-16 07:00", delivery.Paused},
		// it fell due in the pause
		{"2026-11-15 12:00", "paused_until: 2026-11-17", "2026-11-17 09:00", delivery.Paused},
		// which ends in time
		{"2026-11-15 12:00", "paused_until: 2026-11-16", "2026-11-15 09:00", delivery.NotDue},
	} {
		bot := parse(t, "acme", "- {id: shop, channels: [C0000000001], "+c.bots+"}\n").Bots[0]
		known := delivery.FirstSeen{}
		if c.since != "" {
			known["shop"] = map[string]time.Time{"slack-C0000000001": at(t, c.since)}
		}
		d := delivery.Planned("acme", bot.Subject(), week46, bot.Destinations[0])
		if got := known.Eligibility(d, at(t, c.at), window); got != c.want {
			t.Errorf("known since %q, %q, at %s: %s, want %s", c.since, c.bots, c.at, got, c.want)
		}
	}
}

// What is known is what the configuration names, since the first tick that saw it, and changes with
// nothing else.
func TestKnown(t *testing.T) {
	first, later := at(t, "2026-11-15 12:00"), at(t, "2026-11-18 12:00")
	_, known := delivery.Plan(parse(t, "acme",
		"- {id: shop, channels: [C0000000001]}\n- {id: quiet}\n- {id: old, channels: [C0000000001]}\n"), nil, first, window)
	before := fmt.Sprint(known)
	_, next := delivery.Plan(parse(t, "acme",
		"- {id: shop, channels: [C0000000001, C0000000002]}\n- {id: quiet}\n"), known, later,
		window)
	want := delivery.FirstSeen{"shop": {"slack-C0000000001": first.UTC(),
		"slack-C0000000002": later.UTC()}}
	if diff := cmp.Diff(want, next); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if next.Equal(known) || !next.Equal(want) || known.Equal(nil) ||
		!(delivery.FirstSeen{}).Equal(nil) {
		t.Error("Equal is wrong")
	}
	// A pause is noted when a send time passes, and not at every tick.
	paused := parse(t, "acme", "- {id: shop, channels: [C0000000001], paused: true}\n")
	_, noted := delivery.Plan(paused, known, later, window)
	if _, next := delivery.Plan(paused, noted, later.Add(15*time.Minute),
		window); noted.Equal(known) || !next.Equal(noted) {
		t.Errorf("paused: %v, then %v, then %v", known, noted, next)
	}
	if after := fmt.Sprint(known); after != before {
		t.Errorf("Plan changed what was known from %s to %s", before, after)
	}
}

// Many bots cost little, since this runs every 15 minutes.
func BenchmarkPlan(b *testing.B) {
	var list strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&list,
			"- {id: bot-%d, tz: Europe/Oslo, channels: [C%010d], recipients: [kari@example.com]}\n",
			i, i)
	}
	tenant, err := config.Parse("acme.yaml", []byte("bots:\n"+list.String()))
	if err != nil {
		b.Fatal(err)
	}
	sunday := time.Date(2026, time.November, 15, 12, 0, 0, 0, time.UTC)
	_, known := delivery.Plan(tenant, nil, sunday, window)
	for b.Loop() {
		if due, _ := delivery.Plan(tenant, known, sunday.Add(24*time.Hour),
			window); len(due) != 4000 {
			b.Fatal(len(due))
		}
	}
}
