package delivery_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// counted counts the requests to a store.
type counted struct {
	delivery.Store
	mu          sync.Mutex
	gets, lists int
}

func (c *counted) Get(ctx context.Context, key string) (delivery.Object, error) {
	c.mu.Lock()
	c.gets++
	c.mu.Unlock()
	return c.Store.Get(ctx, key)
}

func (c *counted) List(ctx context.Context, prefix string) ([]string, error) {
	c.lists++
	return c.Store.List(ctx, prefix)
}

// to is the delivery of week 46 to a channel.
func to(channel string) delivery.Delivery {
	d := one
	d.Destination = config.Destination{Medium: config.Slack, To: channel}
	return d
}

func channels(all []delivery.Delivery) string {
	var names []string
	for _, d := range all {
		names = append(names, d.Destination.To)
	}
	return strings.Join(names, " ")
}

// ready returns the tenant's deliveries that are to be tried now.
func ready(ctx context.Context, l *delivery.Ledger, tenant string, due []delivery.Delivery) (
	[]delivery.Delivery, error) {
	statuses, err := l.Statuses(ctx, tenant, due)
	return delivery.Ready(statuses, l.Now()), err
}

// Of a tenant's deliveries, the tick gets those that are to be tried, cheaply.
func TestReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &counted{Store: new(storetest.Memory)}
		l := &delivery.Ledger{Store: store, Now: time.Now}
		due := []delivery.Delivery{to("NEW"), to("SENT"), to("FAILED"), to("DEAD"), to("NEVER"),
			to("SKIPPED"), to("UNMARKED")}
		try := func(channel, script string) {
			defer func() { _ = recover() }() // the dead
			_, err := l.Deliver(t.Context(), to(channel), message, scripted(script),
				time.Now().Add(5*time.Minute))
			if err != nil {
				t.Fatal(err)
			}
		}
		try("SENT", "ok")
		try("FAILED", "fail")
		try("DEAD", "crash")
		try("NEVER", "never")
		if _, err := l.Skip(t.Context(), to("SKIPPED"), "empty"); err != nil {
			t.Fatal(err)
		}
		// The worker of UNMARKED died between its record and its marker.
		l.Store = &faulty{Store: store, fault: func(key string) string {
			if strings.HasPrefix(key, "acme/done/") {
				return "before"
			}
			return ""
		}}
		try("UNMARKED", "ok")
		l.Store = store

		for _, c := range []struct {
			wait        time.Duration
			want        string
			gets, lists int
		}{
			// all but NEW, SENT and SKIPPED; of NEVER ops are told why
			{0, "NEW", 4, 2},
			{5 * time.Minute, "NEW FAILED", 3, 2}, // UNMARKED has its marker now
			{time.Minute, "NEW FAILED DEAD", 3, 2},
		} {
			time.Sleep(c.wait)
			store.gets, store.lists = 0, 0
			open, err := ready(t.Context(), l, "acme", due)
			if err != nil || channels(open) != c.want {
				t.Errorf("open are %s, want %s; %v", channels(open), c.want, err)
			}
			if store.gets != c.gets || store.lists != c.lists {
				t.Errorf("that took %d GETs and %d LISTs, want %d and %d", store.gets, store.lists,
					c.gets, c.lists)
			}
		}
	})
}

// A record that cannot be read keeps none of the others back, and nothing of another tenant is
// touched.
func TestReadyErrors(t *testing.T) {
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	broken := to("BROKEN")
	if _, err := l.Store.Put(t.Context(), delivery.KeysOf("acme").Record(week46, "shop",
		broken.Destination), delivery.Object{Data: []byte("{")}, delivery.Absent()); err != nil {
		t.Fatal(err)
	}
	open, err := ready(t.Context(), l, "acme", []delivery.Delivery{to("A"), broken, to("B")})
	if channels(open) != "A B" || err == nil ||
		!strings.Contains(err.Error(), "acme/ledger/2026-W46/shop/slack-BROKEN.json") {
		t.Errorf("open are %s, %v", channels(open), err)
	}
	if open, err := ready(t.Context(), l, "other", []delivery.Delivery{to("A")}); err == nil ||
		len(open) > 0 {
		t.Errorf("another's: %s, %v", channels(open), err)
	}
	if _, err := l.Deliver(t.Context(), broken, message, scripted("crash"),
		time.Now().Add(time.Minute)); err == nil {
		t.Error("a record that cannot be read was taken for none")
	}
}

// What was not sent in time is missed: each once, but not while a process is at it.
func TestMiss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		late := []delivery.Delivery{to("NEW"), to("SENT"), to("FAILED"), to("DYING")}
		for channel, script := range map[string]string{"SENT": "ok", "FAILED": "cure",
			"DYING": "late"} {
			func() {
				defer func() { _ = recover() }()
				if _, err := l.Deliver(t.Context(), to(channel), message, scripted(script),
					time.Now().Add(5*time.Minute)); err != nil {
					t.Fatal(err)
				}
			}()
		}
		var mu sync.Mutex
		var missed []delivery.Record
		tick := func() {
			standings, err := l.Statuses(t.Context(), "acme", late)
			if err != nil {
				t.Error(err)
			}
			records, err := l.MarkMissed(t.Context(), standings)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			missed = append(missed, records...)
			mu.Unlock()
		}
		say := func() string {
			var all []string
			for _, r := range missed {
				if r.State != delivery.Missed || r.At.IsZero() || !r.NextTry.IsZero() {
					t.Errorf("%+v", r)
				}
				said := r.Destination + ": " + r.Reason
				if r.MaybeSent {
					said += ", possibly sent"
				}
				all = append(all, said)
			}
			slices.Sort(all)
			return strings.Join(all, "\n")
		}
		var ticks sync.WaitGroup
		for range 10 {
			ticks.Go(tick)
		}
		ticks.Wait()
		if got, want := say(),
			"slack-FAILED: cure\nslack-NEW: no worker finished before the catch-up window ended"; got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		time.Sleep(6 * time.Minute) // the claim of DYING has ended
		missed = nil
		tick()
		tick()
		if got, want := say(),
			"slack-DYING: no worker finished before the catch-up window ended, possibly sent"; got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if open, err := ready(t.Context(), l, "acme", late); err != nil || len(open) > 0 {
			t.Errorf("still open: %s, %v", channels(open), err)
		}
	})
}

// What is over, what a worker is at and what could not be read costs no request. What has happened
// since the survey stays: the claim of another worker, or what it has sent.
func TestMiss_LeavesAlone(t *testing.T) {
	for _, c := range []struct {
		before, since string
		state         delivery.State
		requests      int
	}{
		{"ok", "", delivery.Accepted, 0},
		{"never", "", delivery.FailedForGood, 0},
		{"crash", "", delivery.Claimed, 0},
		{"fail", "crash", delivery.Claimed, 1},
		{"fail", "ok", delivery.Accepted, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
			attempt(t, l, one, c.before)
			late, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
			if err != nil {
				t.Fatal(err)
			}
			if c.since != "" {
				time.Sleep(5 * time.Minute)
				attempt(t, l, one, c.since)
			}
			store := &broken{Store: readOnly{l.Store, t}}
			l.Store = store
			missed, err := l.MarkMissed(t.Context(), late)
			if err != nil || missed != nil || len(store.requests) != c.requests {
				t.Errorf("%s, %s: missed %+v, %v, after %q", c.before, c.since, missed, err,
					store.requests)
			}
			if r, err := l.Read(t.Context(), job, channel.ID()); err != nil || r.State != c.state {
				t.Errorf("%s, %s: it stands as %+v, %v", c.before, c.since, r, err)
			}
			if late[0].Over != c.state.Final() {
				t.Errorf("%s, %s: %+v", c.before, c.since, late[0])
			}
		})
	}
}

// A bounce that could not be recorded is told again: it leaves no mark, and the error says so.
func TestHear_NotRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broken{Store: new(storetest.Memory)}
		l := &delivery.Ledger{Store: b, Now: time.Now}
		sent, err := deliver(l, scripted("ok"))
		if err != nil {
			t.Fatal(err)
		}
		b.requests, b.fail = nil, func(_ int,
			request string) bool {
			return strings.HasPrefix(request, "put acme/ledger/")
		}
		if _, err := l.RecordMailEvent(t.Context(), job, channel.ID(), delivery.Bounced, "ses-1",
			nil); !errors.Is(err, errLost) || b.count("put acme/done/") > 0 {
			t.Errorf("%v, after %q", err, b.requests)
		}
		if r, err := l.Read(t.Context(), job, channel.ID()); err != nil ||
			!reflect.DeepEqual(r, sent) {
			t.Errorf("it stands as %+v, %v", r, err)
		}
	})
}

// What SES says again writes nothing. Its second word on a delivery is not the time at which it
// became final.
func TestHear_Again(t *testing.T) {
	for _, c := range []struct {
		heard, again delivery.State
		writes       int // of marks
	}{
		{delivery.Delivered, delivery.Delivered, 0},
		// the first event may have been cut off before its marks
		{delivery.Bounced, delivery.Bounced, 2},
		{delivery.Bounced, delivery.Delivered, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &broken{Store: new(storetest.Memory)}
			l := &delivery.Ledger{Store: b, Now: time.Now}
			sent, err := deliver(l, scripted("ok"))
			if err != nil {
				t.Fatal(err)
			}
			first, err := l.RecordMailEvent(t.Context(), job, channel.ID(), c.heard, "ses-1", nil)
			if err != nil || first.Owner == sent.Owner {
				t.Fatalf("%+v, %v", first, err)
			}
			time.Sleep(time.Hour)
			b.requests = nil
			again, err := l.RecordMailEvent(t.Context(), job, channel.ID(), c.again, "ses-1", nil)
			if err != nil || !reflect.DeepEqual(again, first) || b.count("put") != c.writes ||
				b.count("put acme/done/") != c.writes {
				t.Errorf("%s, then %s: %+v, %v, after %q", c.heard, c.again, again, err, b.requests)
			}
		})
	}
}

// A bounce of what was accepted, and is marked as over, leaves the mark that has it looked at. Word
// of an arrival leaves none.
func TestHear_Marks(t *testing.T) {
	done := delivery.KeysOf("acme").Done(week46, "shop", channel)
	asked := one
	asked.Extra = "asked-5d41402abc4b2a76"
	for _, c := range []struct {
		name string
		d    delivery.Delivery
		s    delivery.State
		puts int // in order to record and mark it
		want []string
	}{
		{"arrived", one, delivery.Delivered, 2, []string{done}},
		{"came back", one, delivery.Bounced, 5, []string{done, done + ".wrong"}},
		{"asked for, and came back", asked, delivery.Bounced, 1, nil},
	} {
		b := &broken{Store: new(storetest.Memory)}
		l := &delivery.Ledger{Store: b, Now: time.Now}
		m := delivery.Message{Key: c.d.Key(), Payload: complete}
		if _, err := l.Deliver(t.Context(), c.d, m, &medium{},
			time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		b.requests = nil
		if r, err := l.RecordMailEvent(t.Context(), job, c.d.ID(), c.s, "ses-1", nil); err != nil ||
			r.State != c.s {
			t.Errorf("%s: %+v, %v", c.name, r, err)
		}
		if keys, err := l.Store.List(t.Context(), "acme/done/"); err != nil ||
			!slices.Equal(keys, c.want) || b.count("put") != c.puts {
			t.Errorf("%s: marks %q, %v, after %q", c.name, keys, err, b.requests)
		}
	}
}

// What SES says of a mail later, and why it came back.
func TestHear(t *testing.T) {
	why := &delivery.Failure{Err: errors.New("user unknown"), Remedy: "correct the address",
		Cause: "address/1"}
	for _, c := range []struct {
		script string
		heard  []delivery.State
		want   delivery.State
	}{
		{"ok", []delivery.State{delivery.Delivered}, delivery.Delivered},
		{"ok", []delivery.State{delivery.Bounced}, delivery.Bounced},
		// a complaint
		{"ok", []delivery.State{delivery.Delivered, delivery.Bounced}, delivery.Bounced},
		{"ok", []delivery.State{delivery.Bounced, delivery.Delivered}, delivery.Bounced},
		{"ok", []delivery.State{delivery.Delivered, delivery.Delivered}, delivery.Delivered},
		{"lost", []delivery.State{delivery.Delivered}, delivery.Delivered}, // so it was sent
		{"late", []delivery.State{delivery.Bounced}, delivery.Bounced},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
			if _, err := l.RecordMailEvent(t.Context(), job, channel.ID(), delivery.Delivered,
				"ses-1", nil); !errors.Is(err, delivery.ErrNotFound) {
				t.Errorf("before there was anything: %v", err)
			}
			if _, err := deliver(l, scripted(c.script)); errors.Is(err, errDied) {
				if _, err := l.RecordMailEvent(t.Context(), job, channel.ID(), c.heard[0], "ses-1",
					nil); !errors.Is(err, delivery.ErrBusy) {
					t.Errorf("before it was recorded: %v", err)
				}
				time.Sleep(6 * time.Minute)
			}
			for _, s := range c.heard {
				because := why
				if s == delivery.Delivered {
					because = nil
				}
				if _, err := l.RecordMailEvent(t.Context(), job, channel.ID(), s, "ses-1",
					because); err != nil {
					t.Fatal(err)
				}
			}
			r, err := l.Read(t.Context(), job, channel.ID())
			if err != nil || r.State != c.want || r.Ref != "ses-1" || r.Build != "b1" ||
				r.Job != job {
				t.Errorf("%s, %v: %+v, %v", c.script, c.heard, r, err)
			}
			wrong := ""
			if c.want == delivery.Bounced {
				wrong = "user unknown, correct the address, address/1"
			}
			if said := strings.Trim(strings.Join([]string{r.Reason, r.Remedy, string(r.Cause)},
				", "), ", "); said != wrong {
				t.Errorf("%s, %v: the record says %q, want %q", c.script, c.heard, said, wrong)
			}
			time.Sleep(24 * time.Hour)
			s := &medium{}
			if again, err := deliver(l, s); err != nil || !reflect.DeepEqual(again, r) ||
				len(s.calls) > 0 {
				t.Errorf("%s, %v: sent again: %+v, %v", c.script, c.heard, again, err)
			}
			if open, err := ready(t.Context(), l, "acme", []delivery.Delivery{one}); err != nil ||
				len(open) > 0 {
				t.Errorf("%s, %v: still open, %v", c.script, c.heard, err)
			}
		})
	}
}

// Of two ticks that saw different configurations, the second to save reads and plans again.
func TestSaveKnown(t *testing.T) {
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	known, etag, err := l.FirstSeen(t.Context(), "acme")
	if err != nil || len(known) != 0 || etag != "" {
		t.Fatalf("at first: %v, %q, %v", known, etag, err)
	}
	monday := time.Date(2026, time.November, 16, 7, 0, 0, 123, time.UTC)
	mine := delivery.FirstSeen{"shop": {"slack-C024BE91L": monday}}
	if err := l.SaveFirstSeen(t.Context(), "acme", mine, etag); err != nil {
		t.Fatal(err)
	}
	if err := l.SaveFirstSeen(t.Context(), "acme", delivery.FirstSeen{}, etag); !errors.Is(err,
		delivery.ErrConflict) {
		t.Errorf("a second one at first: %v", err)
	}
	known, etag, err = l.FirstSeen(t.Context(), "acme")
	if err != nil || !known.Equal(mine) || etag == "" {
		t.Errorf("got %v, %q, %v", known, etag, err)
	}
	if err := l.SaveFirstSeen(t.Context(), "acme", delivery.FirstSeen{}, etag); err != nil {
		t.Error(err)
	}
	if err := l.SaveFirstSeen(t.Context(), "acme", mine, etag); !errors.Is(err,
		delivery.ErrConflict) {
		t.Errorf("with an old ETag: %v", err)
	}
	if other, _, err := l.FirstSeen(t.Context(), "acme2"); err != nil || len(other) != 0 {
		t.Errorf("another tenant's: %v, %v", other, err)
	}
	if _, err := l.Store.Put(t.Context(), "acme/ledger/known.json",
		delivery.Object{Data: []byte("{")}, delivery.Condition{}); err != nil {
		t.Fatal(err)
	}
	if known, _, err := l.FirstSeen(t.Context(), "acme"); err == nil {
		t.Errorf("a broken file is taken for %v", known)
	}
}
