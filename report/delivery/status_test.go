package delivery_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// Week 46 falls due on Monday 16 November at 08:00. What the tick will record as missed is over
// already, and what does not count is left out.
func TestKnown_Fallen(t *testing.T) {
	const sunday, monday, friday = "2026-11-15 12:00", "2026-11-16 09:00", "2026-11-20 08:00"
	failed := delivery.Record{State: delivery.Retrying, Reason: "no answer"}
	sent := delivery.Record{State: delivery.Sent, Ref: "ref-1", Reason: "no PDF"}
	live := delivery.Record{State: delivery.Claimed, Until: at(t, friday).Add(time.Minute)}
	accepted := delivery.Record{State: delivery.Accepted, Ref: "ref-1"}
	unread := errors.New("no answer")
	none := delivery.Status{}
	missed := delivery.Status{Over: true, Failed: true}
	gaps := func(r delivery.Record) delivery.Record { r.Gaps = "chats are not known"; return r }
	lacks := func(r delivery.Record, why string) delivery.Record { r.Missing = why; return r }
	untold := delivery.Record{State: delivery.Sent, Ref: "ref-1"}
	for _, c := range []struct {
		name       string
		since, now string // since when its destination is known; empty: it is not
		bot        string
		s, want    delivery.Status
		counts     bool
	}{
		{"not due", sunday, sunday, "", none, none, false},
		{"due, and nothing tried", sunday, monday, "", none, none, true},
		{"due, and failed", sunday, monday, "", delivery.Status{Record: failed},
			delivery.Status{Record: failed}, true},
		{"given up, and nothing tried", sunday, friday, "", none, missed, true},
		{"given up, and failed", sunday, friday, "", delivery.Status{Record: failed},
			delivery.Status{Over: true, Failed: true, Record: failed}, true},
		{"given up, and there without its PDF", sunday, friday, "", delivery.Status{Record: sent},
			delivery.Status{Over: true, Failed: true, Arrived: true, Record: lacks(sent, "no PDF")},
			true},
		{"given up, and there, and nothing is said of its PDF", sunday, friday, "",
			delivery.Status{Record: untold},
			delivery.Status{Over: true, Failed: true, Arrived: true,
				Record: lacks(untold, "there was no time left for it")}, true},
		{"given up, and there with gaps", sunday, friday, "", delivery.Status{Record: gaps(sent)},
			delivery.Status{Over: true, Failed: true, Arrived: true, Gaps: true,
				Record: lacks(gaps(sent), "no PDF")}, true},
		{"given up, and there with gaps, and resent without", sunday, friday, "",
			delivery.Status{Record: gaps(sent), Resent: true, Arrived: true},
			delivery.Status{Over: true, Failed: true, Arrived: true, Resent: true,
				Record: lacks(gaps(sent), "no PDF")}, true},
		{"given up, and a worker is at it", sunday, friday, "", delivery.Status{Record: live},
			delivery.Status{Record: live}, true},
		{"not known, and nothing tried", monday, friday, "", none, none, false},
		{"not known, and tried before", monday, friday, "", delivery.Status{Record: failed},
			delivery.Status{Over: true, Failed: true, Record: failed}, true},
		{"not known, and a worker is at it", monday, friday, "", delivery.Status{Record: live},
			delivery.Status{Record: live}, true},
		{"not known, and over", monday, monday, "", delivery.Status{Over: true},
			delivery.Status{Over: true}, true},
		{"not known, and accepted", monday, friday, "",
			delivery.Status{Over: true, Record: accepted},
			delivery.Status{Over: true, Record: accepted}, true},
		{"given up, and over", sunday, friday, "", delivery.Status{Over: true},
			delivery.Status{Over: true}, true},
		{"paused, and nothing tried", sunday, monday, "paused: true", none, none, false},
		{"paused, and failed", sunday, monday, "paused: true", delivery.Status{Record: failed},
			delivery.Status{Record: failed}, false},
		{"paused, and there without its PDF", sunday, monday, "paused: true",
			delivery.Status{Record: sent}, delivery.Status{Record: sent}, true},
		{"paused, and over", sunday, monday, "paused: true", delivery.Status{Over: true},
			delivery.Status{Over: true}, true},
		{"due, and unread", sunday, monday, "", delivery.Status{Err: unread},
			delivery.Status{Err: unread}, true},
		{"given up, and unread", sunday, friday, "", delivery.Status{Err: unread},
			delivery.Status{Err: unread}, true},
		{"not due, and unread", sunday, sunday, "", delivery.Status{Err: unread},
			delivery.Status{Err: unread}, false},
		{"not known, and unread", monday, friday, "", delivery.Status{Err: unread},
			delivery.Status{Err: unread}, false},
		{"paused, and unread", sunday, friday, "paused: true", delivery.Status{Err: unread},
			delivery.Status{Err: unread}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			bot := parse(t, "acme", "- {id: shop, channels: [C0000000001], "+c.bot+"}\n").Bots[0]
			d := delivery.Planned("acme", bot.Subject(), week46, bot.Destinations[0])
			known := delivery.FirstSeen{"shop": {"slack-C0000000001": at(t, c.since)}}
			c.s.Delivery, c.want.Delivery = d, d
			got, counts := known.DueStatus(c.s, at(t, c.now), window)
			if counts != c.counts || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v, %v\nwant %+v, %v", got, counts, c.want, c.counts)
			}
		})
	}
}

// A portfolio counts from when the last of its bots is due, 13:00 in UTC, though it is due itself
// at 19:00; but not for a destination that was not known by then.
func TestKnown_FallenPortfolio(t *testing.T) {
	if !one.Opens().Equal(one.Due) {
		t.Errorf("what is no portfolio opens at %s", one.Opens())
	}
	tenant, week := portfolioOf(t)
	all, _ := tenant.AllBots()
	hour := func(h int) time.Time {
		return time.Date(2026, time.November, 16, h, 0, 0, 0,
			time.UTC)
	}
	d := delivery.Planned("acme", all, week, all.Destinations[0])
	if !d.Due.Equal(hour(19)) || !d.Opens().Equal(hour(13)) {
		t.Fatalf("opens at %s, due at %s", d.Opens(), d.Due)
	}
	for _, c := range []struct {
		since, now int
		want       bool
	}{{0, 12, false}, {0, 13, true}, {0, 19, true}, {12, 13, true}, {13, 14, false},
		{13, 19, false}} {
		known := delivery.FirstSeen{all.ID: {"slack-C0ACMEALL1": hour(c.since)}}
		if s, counts := known.DueStatus(delivery.Status{Delivery: d}, hour(c.now),
			window); counts != c.want || s.Over {
			t.Errorf("known since %d:00, at %d:00: %v, %+v", c.since, c.now, counts, s)
		}
	}
}

// Excluded are the deliveries of paused bots and unknown destinations, as far back as what is
// missed is told.
func TestAside(t *testing.T) {
	tenant := parse(t, "acme",
		"- {id: shop, channels: [C0000000001, C0000000002]}\n- {id: paused, channels: [C0000000003], paused: true}\n")
	known := delivery.FirstSeen{
		"shop": {"slack-C0000000001": at(t, "2026-11-01 12:00"),
			"slack-C0000000002": at(t, "2026-11-16 09:00")},
		"paused": {"slack-C0000000003": at(t, "2026-11-01 12:00")},
	}
	for now, want := range map[string]string{
		"2026-11-16 10:00": "shop/2026-W45/slack-C0000000002 shop/2026-W46/slack-C0000000002 paused/2026-W45/slack-C0000000003 paused/2026-W46/slack-C0000000003",
		"2026-11-20 07:59": "shop/2026-W45/slack-C0000000002 shop/2026-W46/slack-C0000000002 paused/2026-W45/slack-C0000000003 paused/2026-W46/slack-C0000000003",
		"2026-11-20 08:00": "shop/2026-W46/slack-C0000000002 paused/2026-W46/slack-C0000000003",
	} {
		var got []string
		for _, d := range delivery.Excluded(tenant, known, at(t, now), window) {
			got = append(got, strings.TrimPrefix(d.Key(), "acme/"))
		}
		if said := strings.Join(got, " "); said != want {
			t.Errorf("at %s\ngot  %s\nwant %s", now, said, want)
		}
	}
}

// What has fallen due is what the tick found, and what it does not try and was sent all the same.
// Where the marks cannot be listed it is not known.
func TestLedger_Fallen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := at(t, "2026-11-16 09:00")
		tenant := parse(t, "acme",
			"- {id: shop, channels: [C0000000001]}\n- {id: paused, channels: [C0000000003, C0000000004], paused: true}\n")
		_, known := delivery.Plan(tenant, nil, at(t, "2026-11-15 12:00"), window)
		due, known := delivery.Plan(tenant, known, now, window)
		b := &broken{Store: new(storetest.Memory)}
		l := &delivery.Ledger{Store: b, Now: func() time.Time { return now }}
		for _, d := range delivery.Excluded(tenant, known, now, window) {
			if d.Destination.To == "C0000000003" && d.Job.Period == week46 {
				m := delivery.Message{Key: d.Key(), Payload: complete}
				if _, err := l.Deliver(t.Context(), d, m, &medium{},
					now.Add(time.Minute)); err != nil {
					t.Fatal(err)
				}
			}
		}
		standings, err := l.Statuses(t.Context(), "acme", due)
		if err != nil || len(standings) != 1 {
			t.Fatalf("%+v, %v", standings, err)
		}
		fallen, err := l.DueStatuses(t.Context(), tenant, known, standings, now, window)
		if err != nil || len(fallen) != 2 || fallen[0].Destination.To != "C0000000001" ||
			fallen[0].Over ||
			fallen[1].Destination.To != "C0000000003" || !fallen[1].Arrived {
			t.Errorf("%+v, %v", fallen, err)
		}
		b.fail = func(_ int, request string) bool { return strings.HasPrefix(request, "list") }
		if fallen, err := l.DueStatuses(t.Context(), tenant, known, standings, now,
			window); !errors.Is(err, errLost) || fallen != nil {
			t.Errorf("%+v, %v", fallen, err)
		}
	})
}
