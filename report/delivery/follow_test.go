package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// thread is a medium whose messages have something under them. What happens to it is a script, one
// word for each Follow, and then "ok":
//
//	ok       it is there
//	fail     it is not there
//	lost     it is there, and the answer lost
//	never    it will not be there, and readers have been told
//	crash    the worker dies before it is there
//	late     it is there, and the worker dies before it has the answer
//	slow     it takes longer than the worker has
type thread struct {
	*medium
	script []string
	heard  []string // what each Follow was given: ref, mark, last
	under  int      // how often it is there
}

func (s *thread) SendReplies(ctx context.Context, _ delivery.Message, ref, mark string, last bool,
	note func(string) error) (*delivery.Failure, error) {
	said := ref + " " + mark
	if last {
		said += " last"
	}
	s.heard = append(s.heard, strings.TrimSpace(said))
	if s.under > 0 && mark != "" {
		return nil, nil // it looked where the mark says
	}
	word := s.next("follow", &s.script)
	if word == "slow" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if err := note(fmt.Sprintf("mark-%d", len(s.heard))); err != nil {
		return nil, err
	}
	switch word {
	case "ok", "lost", "late":
		s.under++
	}
	switch word {
	case "fail":
		if last {
			return &delivery.Failure{Err: errors.New("tried in vain"), Remedy: "resend it",
				Cause: "files"}, nil
		}
		return nil, &delivery.Failure{Err: errors.New(word), Cause: "files"}
	case "lost":
		return nil, errors.New(word) // of an unknown kind
	case "never":
		return &delivery.Failure{Err: errors.New("no files here"), Remedy: "allow them",
			Cause: "files"}, nil
	case "crash", "late":
		panic(errDied)
	}
	return nil, nil
}

// What belongs under a message is a step of its own: it is tried, looked for and given up apart
// from the message, which is never repeated for it.
func TestFollow(t *testing.T) {
	for _, c := range []struct {
		name, sends, follows string
		heard                []string
		want                 string
	}{
		{"at once", "ok", "ok", []string{"ref-1"}, "accepted after 0s"},
		{"after a while", "ok", "fail fail", []string{"ref-1", "ref-1 mark-1", "ref-1 mark-2"},
			"accepted after 20m0s"},
		{"in doubt", "ok", "lost", []string{"ref-1", "ref-1 mark-1"}, "accepted after 6m0s"},
		{"never", "ok", "never", []string{"ref-1"},
			"accepted without: no files here (allow them, files) after 0s"},
		{"in vain", "ok", "fail fail fail fail fail",
			[]string{"ref-1", "ref-1 mark-1", "ref-1 mark-2", "ref-1 mark-3", "ref-1 mark-4 last"},
			"accepted without: tried in vain (resend it, files) after 4h20m0s"},
		{"a death before it is there", "ok", "crash", []string{"ref-1", "ref-1 mark-1"},
			"accepted after 6m0s"},
		{"a death after it is there", "ok", "late", []string{"ref-1", "ref-1 mark-1"},
			"accepted after 6m0s"},
		{"deaths without end", "ok", "crash crash crash crash fail",
			[]string{"ref-1", "ref-1 mark-1", "ref-1 mark-2", "ref-1 mark-3", "ref-1 mark-4 last"},
			"accepted without: tried in vain (resend it, files) after 24m0s"},
		{"a death after the message", "late", "ok", []string{"ref-1"}, "accepted after 6m0s"},
		{"too slow", "ok", "slow", []string{"ref-1", "ref-1"}, "accepted after 10m0s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &thread{medium: scripted(c.sends), script: strings.Fields(c.follows)}
				l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
				begin := time.Now()
				var r delivery.Record
				for !r.State.Final() && time.Since(begin) < 24*time.Hour {
					var err error
					r, err = deliver(l, s)
					switch {
					case errors.Is(err, errDied):
						time.Sleep(6 * time.Minute)
					case err != nil:
						t.Fatal(err)
					case !r.State.Final():
						if r.State != delivery.Sent || r.Ref == "" || r.SentAt.IsZero() {
							t.Errorf("while it is not there: %+v", r)
						}
						time.Sleep(time.Until(r.NextTry))
					}
				}
				said := string(r.State)
				if r.Missing != "" {
					said += fmt.Sprintf(" without: %s (%s, %s)", r.Missing, r.Remedy, r.Cause)
				}
				if said += fmt.Sprintf(" after %v", time.Since(begin)); said != c.want {
					t.Errorf("%s\nwant %s", said, c.want)
				}
				if strings.Join(s.heard, "\n") != strings.Join(c.heard, "\n") {
					t.Errorf("asked with %q, want %q", s.heard, c.heard)
				}
				if len(s.sent[message.Key]) != 1 || r.Failed() != (r.Missing != "") || s.under > 1 {
					t.Errorf("sent %d times, under it %d times: %+v", len(s.sent[message.Key]),
						s.under, r)
				}
				if r.Reason != "" || r.Missing == "" && r.Remedy+string(r.Cause) != "" {
					t.Errorf("an old reason stands: %+v", r)
				}
			})
		})
	}
}

// Nothing is brought under a message before it is noted where to look for it.
func TestFollow_RecordsBeforeItSends(t *testing.T) {
	for recorded, asked := range map[int]int{ // of the claim and the message
		1: 0,
		2: 1,
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &thread{medium: &medium{}}
			puts := 0
			l := &delivery.Ledger{Now: time.Now,
				Store: &faulty{Store: new(storetest.Memory), fault: func(string) string {
					if puts++; puts > recorded {
						return "before"
					}
					return ""
				}}}
			if r, err := deliver(l, s); err == nil || s.under > 0 || len(s.heard) != asked {
				t.Errorf("%d recorded: asked %d times, under it %d times: %+v, %v", recorded,
					len(s.heard), s.under, r, err)
			}
		})
	}
}

// A message that is there is not missed, though its window has ended: it only lacks something.
func TestMiss_AlreadySent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		if _, err := deliver(l, &thread{medium: &medium{}, script: []string{"fail"}}); err != nil {
			t.Fatal(err)
		}
		late, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
		if err != nil {
			t.Fatal(err)
		}
		missed, err := l.MarkMissed(t.Context(), late)
		if err != nil || len(missed) != 1 || missed[0].State != delivery.Accepted ||
			missed[0].Missing != "fail" || missed[0].Reason != "" {
			t.Errorf("%+v, %v", missed, err)
		}
		if !late[0].Over || !late[0].Failed || !reflect.DeepEqual(late[0].Record, missed[0]) {
			t.Errorf("it stands as %+v", late[0])
		}
		if !late[0].Arrived || late[0].Gaps {
			t.Errorf("it is not there: %+v", late[0])
		}
	})
}

// What is missed with gaps, and was resent without, is there without.
func TestMiss_WhatIsResent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		m := message
		m.Payload = gap()
		s := &thread{medium: &medium{}, script: []string{"fail"}}
		if _, err := l.Deliver(t.Context(), one, m, s, time.Now().Add(5*time.Minute)); err != nil {
			t.Fatal(err)
		}
		again(t, l, one, "ok")
		late, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
		if err != nil || late[0].Over || !late[0].Arrived || late[0].Gaps {
			t.Fatalf("%+v, %v", late, err)
		}
		if _, err := l.MarkMissed(t.Context(), late); err != nil || !late[0].Failed ||
			!late[0].Arrived || late[0].Gaps {
			t.Errorf("%+v, %v", late[0], err)
		}
	})
}

// How deliveries stand: a resend that has arrived makes good what was wrong, and one that has not
// is what stands.
func TestSurvey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		try := func(d delivery.Delivery, script string) {
			t.Helper()
			m := delivery.Message{Key: d.Key(), Payload: complete}
			if _, err := l.Deliver(t.Context(), d, m, scripted(script),
				time.Now().Add(5*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		all := []delivery.Delivery{to("NEW"), to("SENT"), to("NEVER"), to("RESENT"), to("VAIN"),
			to("TWICE"), to("AGAIN")}
		try(to("SENT"), "ok")
		for _, name := range []string{"NEVER", "RESENT", "VAIN", "TWICE"} {
			try(to(name), "never")
		}
		try(to("RESENT").Resend(1), "ok")
		try(to("VAIN").Resend(1), "never")
		try(to("TWICE").Resend(1), "never")
		try(to("TWICE").Resend(2), "ok")
		try(to("AGAIN"), "ok")
		try(to("AGAIN").Resend(1), "never")
		standings, err := l.Statuses(t.Context(), "acme", all)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range standings {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %v %v %v %q %s", s.Destination.To,
				s.Over, s.Failed, s.Resent, s.Record.State, s.Record.Extra)))
		}
		want := []string{`NEW false false false ""`, `SENT true false false ""`,
			`NEVER true true false "failed for good"`,
			`RESENT true true true "failed for good"`, `VAIN true true false "failed for good" resend-1`, `TWICE true true true "failed for good"`,
			`AGAIN true true false "failed for good" resend-1`}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// A record that cannot be read is told, and changes nothing of what the marks say. Nothing is sent
// for it.
func TestSurvey_Unreadable(t *testing.T) {
	for _, c := range []struct {
		name            string
		planned, resend string // scripts; empty: none
		broken          delivery.Delivery
		over, wrong     bool
	}{
		{"one that waits", "fail", "", one, false, false},
		{"one that is wrong", "never", "", one, true, true},
		{"one that waits, and whose resend is wrong", "fail", "never", one, false, false},
		{"the resend of one that is wrong", "never", "never", one.Resend(1), true, true},
		{"one whose resend is wrong", "never", "never", one, true, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
			attempt(t, l, one, c.planned)
			if c.resend != "" {
				again(t, l, one, c.resend)
			}
			time.Sleep(time.Hour)
			key := delivery.KeysOf("acme").Records(week46, "shop") + c.broken.ID() + ".json"
			if _, err := l.Store.Put(t.Context(), key, delivery.Object{Data: []byte("{")},
				delivery.Condition{}); err != nil {
				t.Fatal(err)
			}
			store := &broken{Store: readOnly{l.Store, t}}
			l.Store = store
			all, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
			if s := all[0]; err == nil || s.Err == nil || s.Over != c.over || s.Failed != c.wrong ||
				s.Arrived || s.Ready(time.Now()) {
				t.Errorf("%s: %+v, %v", c.name, s, err)
			}
			store.requests = nil
			if missed, err := l.MarkMissed(t.Context(), all); err != nil || missed != nil ||
				store.requests != nil {
				t.Errorf("%s: missed %v, %v, after %q", c.name, missed, err, store.requests)
			}
		})
	}
}

// Only what is not over, or is wrong, costs a GET, and the LIST that finds its record.
func TestSurvey_Requests(t *testing.T) {
	for _, c := range []struct {
		planned, resend string // empty: none
		gets            int
	}{
		{"ok", "", 0},
		{"skip", "", 0},
		{"ok", "ok", 0},
		{"ok", "never", 1},
		{"never", "", 1},
		{"never", "ok", 1},
		{"never", "never", 2}, // it may be there all the same
		{"fail", "", 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &broken{Store: new(storetest.Memory)}
			l := &delivery.Ledger{Store: b, Now: time.Now}
			attempt(t, l, one, c.planned)
			if c.resend != "" {
				again(t, l, one, c.resend)
			}
			b.requests = nil
			if _, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one}); err != nil ||
				b.count("list") != 1+min(c.gets, 1) || b.count("get") != c.gets {
				t.Errorf("%s, %s: %v after %q", c.planned, c.resend, err, b.requests)
			}
		})
	}
}

// RecordOf returns the planned delivery's record, and reads it only if its status has it not.
func TestLedger_RecordOf(t *testing.T) {
	for _, c := range []struct {
		planned, resend string // empty: none
		gets            int
	}{
		{"", "", 0},
		{"ok", "", 1},
		{"skip", "", 1},
		{"never", "", 0},
		{"fail", "", 0},
		{"ok", "ok", 1},
		{"ok", "never", 1}, // the status has the record of the resend
		{"never", "ok", 0},
		{"never", "never", 1},
		{"fail", "never", 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &broken{Store: new(storetest.Memory)}
			l := &delivery.Ledger{Store: b, Now: time.Now}
			if c.planned != "" {
				attempt(t, l, one, c.planned)
			}
			if c.resend != "" {
				again(t, l, one, c.resend)
			}
			want, err := l.Read(t.Context(), one.Job, one.ID())
			if err != nil && c.planned != "" {
				t.Fatal(err)
			}
			all, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
			if err != nil {
				t.Fatal(err)
			}
			b.requests = nil
			got, err := l.RecordOf(t.Context(), all[0])
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s: got %+v, %v; want %+v", c.planned, c.resend, got, err, want)
			}
			if len(b.requests) != c.gets {
				t.Errorf("%s, %s: %q, want %d requests", c.planned, c.resend, b.requests, c.gets)
			}
		})
	}
}

// A record that could not be read is read again.
func TestLedger_RecordOfUnreadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		attempt(t, l, one, "fail")
		want, err := l.Read(t.Context(), one.Job, one.ID())
		if err != nil {
			t.Fatal(err)
		}
		lost := errors.New("503 Slow Down")
		store := l.Store
		l.Store, _ = storetest.FailOnce(store, 2, lost) // after two LISTs
		all, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
		if !errors.Is(err, lost) || len(all) != 1 || !errors.Is(all[0].Err, lost) {
			t.Fatalf("%+v, %v", all, err)
		}
		l.Store, _ = storetest.FailOnce(store, 0, lost)
		if got, err := l.RecordOf(t.Context(), all[0]); !errors.Is(err, lost) {
			t.Errorf("got %+v, %v; want %v", got, err, lost)
		}
		got, err := l.RecordOf(t.Context(), all[0])
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
		l.Store = new(storetest.Memory) // its marker is left, and the record was deleted
		got, err = l.RecordOf(t.Context(), delivery.Status{Delivery: one, Over: true})
		if err != nil || !reflect.DeepEqual(got, delivery.Record{}) {
			t.Errorf("got %+v, %v; want an empty record", got, err)
		}
	})
}

// Without its marks, whose worker has died, a delivery stands as with them; Survey leaves them.
func TestSurvey_WithoutMarks(t *testing.T) {
	for _, script := range []string{"ok", "gaps", "skip", "never", "missed", "fail", "crash"} {
		synctest.Test(t, func(t *testing.T) {
			store := new(storetest.Memory)
			l := &delivery.Ledger{Store: store, Now: time.Now}
			attempt(t, l, one, script)
			survey := func() delivery.Status {
				all, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
				if err != nil {
					t.Fatal(err)
				}
				// which is not read of what is marked as over and good
				all[0].Record = delivery.Record{}
				return all[0]
			}
			marked := survey()
			marks, _ := l.Store.List(t.Context(), "acme/done/")
			store.Expire(func(key string) bool { return strings.HasPrefix(key, "acme/done/") })
			if unmarked := survey(); !reflect.DeepEqual(unmarked, marked) {
				t.Errorf("%s: it stands as\n%+v, and with its marks as\n%+v", script, unmarked,
					marked)
			}
			if left, err := l.Store.List(t.Context(), "acme/done/"); err != nil ||
				!slices.Equal(left, marks) {
				t.Errorf("%s: marks %q, want %q, %v", script, left, marks, err)
			}
			l.Store = readOnly{store, t}
			survey() // writes no mark that is there
		})
	}
}

// Each time a delivery is sent again it has another key, and another record.
func TestResendNames(t *testing.T) {
	again := to("C024BE91L").Resend(2)
	if again.Key() != "acme/shop/2026-W46/slack-C024BE91L/resend-2" ||
		again.ID() != "slack-C024BE91L.resend-2" {
		t.Errorf("%s, %s", again.Key(), again.ID())
	}
	if d := to("C024BE91L"); d.Key() != "acme/shop/2026-W46/slack-C024BE91L" ||
		d.ID() != "slack-C024BE91L" {
		t.Errorf("%s, %s", d.Key(), d.ID())
	}
}

// What was given up in doubt may be there. A resend looks first, and where it
// is, goes on from there.
func TestLook(t *testing.T) {
	for _, c := range []struct {
		name, script string
		found        bool
	}{
		{"it is there", "lost / fail", true},
		{"it is not", "unsent / fail", false},
		{"no search is possible", "lost / fail blind", false},
		{"the lookup fails", "lost / fail fail", false},
		{"the lookup fails with what it found", "lost / fail unsure", false},
		{"it was never in doubt", "fail", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
				s := &thread{medium: scripted(c.script)}
				for range 2 {
					r, err := deliver(l, s)
					if err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Until(r.NextTry))
				}
				if c.name == "it was never in doubt" { // the second try has sent it
					if r, err := l.LookUp(t.Context(), one, message, s); err != nil ||
						r.State != delivery.Accepted || slices.Contains(s.calls, "find") {
						t.Errorf("%+v, %v, after %v", r, err, s.calls)
					}
					return
				}
				late, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := l.MarkMissed(t.Context(), late); err != nil ||
					!late[0].Record.InDoubt() {
					t.Fatalf("%+v, %v", late[0], err)
				}
				r, err := l.LookUp(t.Context(), one, message, s)
				if (err != nil) != strings.HasPrefix(c.name, "the lookup fails") ||
					(r.State == delivery.Sent) != c.found || (r.Ref != "") != c.found ||
					(r.Reason == "") != c.found || r.Found != c.found {
					t.Errorf("%+v, %v", r, err)
				}
				// the clock of the medium need not be the ledger's
				if !s.since.Equal(r.Since.Add(-time.Minute)) {
					t.Errorf("looked since %v, and the first claim was at %v", s.since, r.Since)
				}
				standings, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
				if err != nil || standings[0].Over == c.found {
					t.Errorf("it stands as %+v, %v", standings[0], err)
				}
				if !c.found {
					return
				}
				if r, err = deliver(l, s); err != nil || r.State != delivery.Accepted ||
					s.under != 1 || len(s.sent[message.Key]) != 1 {
					t.Errorf("%+v, %v: sent %d times, under it %d times", r, err,
						len(s.sent[message.Key]), s.under)
				}
				if standings, err := l.Statuses(t.Context(), "acme",
					[]delivery.Delivery{one}); err != nil || !standings[0].Over ||
					standings[0].Failed {
					t.Errorf("it stands as %+v, %v", standings[0], err)
				}
			})
		})
	}
}
