package delivery_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// A process that stood still while it recorded its message brings nothing under it once its time is
// over. That is no attempt.
func TestFollow_OutOfTime(t *testing.T) {
	clock := time.Date(2026, time.November, 16, 8, 0, 0, 0, time.UTC)
	puts := 0
	still := &faulty{Store: new(storetest.Memory), fault: func(string) string {
		if puts++; puts == 2 { // after the claim
			clock = clock.Add(20 * time.Minute)
		}
		return ""
	}}
	l := &delivery.Ledger{Store: still, Now: func() time.Time { return clock }}
	s := &thread{medium: &medium{}}
	r, err := l.Deliver(t.Context(), one, message, s, clock.Add(5*time.Minute))
	if err != nil || r.State != delivery.Sent || r.Ref != "ref-1" || r.ReplyTries != 0 ||
		!r.NextTry.Equal(clock) || s.heard != nil {
		t.Errorf("%+v, %v, after %q", r, err, s.heard)
	}
	if r, err = l.Deliver(t.Context(), one, message, s, clock.Add(5*time.Minute)); err != nil ||
		r.State != delivery.Accepted || r.ReplyTries != 1 {
		t.Errorf("then: %+v, %v", r, err)
	}
}

// A report asked for is not tried again, so the first try of its PDF is the last.
func TestFollow_LastOfWhatWasAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		d := one
		d.Extra = "asked-5d41402abc4b2a76"
		s := &thread{medium: &medium{}, script: []string{"fail"}}
		r, err := l.Deliver(t.Context(), d, delivery.Message{Key: d.Key(), Payload: complete}, s,
			time.Now().Add(5*time.Minute))
		if err != nil || r.State != delivery.Accepted || r.Missing != "tried in vain" ||
			strings.Join(s.heard, "; ") != "ref-1  last" {
			t.Errorf("%+v, %v, after %q", r, err, s.heard)
		}
	})
}

// noting is a thread that notes two marks, the second whatever comes of the first.
type noting struct {
	*thread
	before func()
	errs   []error
}

func (s *noting) SendReplies(_ context.Context, _ delivery.Message, _, _ string, _ bool,
	note func(string) error) (*delivery.Failure, error) {
	s.before()
	for _, mark := range []string{"m1", "m2"} {
		s.errs = append(s.errs, note(mark))
	}
	return nil, s.errs[0]
}

// What was taken over is not written over, however often it is noted.
func TestFollow_NotesAfterTakeover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		var other delivery.Record
		s := &noting{thread: &thread{medium: &medium{}}}
		s.before = func() {
			time.Sleep(time.Hour)
			var err error
			if other, err = deliver(l, s.thread); err != nil || other.State != delivery.Accepted {
				t.Errorf("the other: %+v, %v", other, err)
			}
		}
		_, err := deliver(l, s)
		if !errors.Is(err, delivery.ErrConflict) || len(s.errs) != 2 ||
			!errors.Is(s.errs[0], delivery.ErrConflict) ||
			!errors.Is(s.errs[1], delivery.ErrConflict) {
			t.Errorf("%v, after %v", err, s.errs)
		}
		if r, err := l.Read(t.Context(), job, channel.ID()); err != nil ||
			!reflect.DeepEqual(r, other) {
			t.Errorf("%+v, %v\nwant %+v", r, err, other)
		}
	})
}

// A mark that could not be recorded ends the try, though the store works again: Deliver says so,
// and the claim stands.
func TestFollow_MarkNotRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broken{Store: new(storetest.Memory)}
		b.fail = func(int, string) bool {
			puts := b.count("put")
			// after the claim and the message, all five tries of the mark
			return puts > 2 && puts <= 2+5
		}
		l := &delivery.Ledger{Store: b, Now: time.Now}
		s := &thread{medium: &medium{}}
		if r, err := deliver(l, s); !errors.Is(err, errLost) || s.under > 0 {
			t.Errorf("%+v, %v", r, err)
		}
		b.fail = nil
		if r, err := l.Read(t.Context(), job, channel.ID()); err != nil ||
			r.State != delivery.Claimed || r.Ref != "ref-1" || r.Progress != "" {
			t.Errorf("recorded %+v, %v", r, err)
		}
	})
}

// hooked is a thread of which something happens while it is searched.
type hooked struct {
	*thread
	during func()
}

func (s hooked) Find(ctx context.Context, m delivery.Message,
	since time.Time) (string, bool, error) {
	s.during()
	return s.thread.Find(ctx, m, since)
}

// Of two that look for what was given up in doubt, the second takes nothing back that the first has
// brought to its end.
func TestLook_WhileAnotherIsAtIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		s := &thread{medium: scripted("lost")}
		if _, err := deliver(l, s); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		late, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.MarkMissed(t.Context(), late); err != nil || !late[0].Record.InDoubt() {
			t.Fatalf("%+v, %v", late[0], err)
		}
		var first delivery.Record
		r, err := l.LookUp(t.Context(), one, message, hooked{s, func() {
			if _, err := l.LookUp(t.Context(), one, message, s); err != nil {
				t.Fatal(err)
			}
			if first, err = deliver(l, s); err != nil || first.State != delivery.Accepted {
				t.Fatalf("%+v, %v", first, err)
			}
			l.Store = readOnly{l.Store, t}
		}})
		if err != nil || !reflect.DeepEqual(r, first) {
			t.Errorf("%+v, %v\nwant %+v", r, err, first)
		}
		if standing, err := l.Read(t.Context(), job, channel.ID()); err != nil ||
			!reflect.DeepEqual(standing, first) {
			t.Errorf("it stands as %+v, %v", standing, err)
		}
	})
}

// What SES says later changes when a delivery became final, and not when it was sent; of one in
// doubt that was not known before.
func TestHear_WhenItWasSent(t *testing.T) {
	for _, script := range []string{"ok", "lost"} {
		synctest.Test(t, func(t *testing.T) {
			l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
			sent, err := deliver(l, scripted(script))
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
			r, err := l.RecordMailEvent(t.Context(), job, channel.ID(), delivery.Delivered, "ses-1",
				nil)
			want := sent.SentAt
			if script == "lost" {
				want = r.At
			}
			if err != nil || !r.At.Equal(time.Now()) || !r.SentAt.Equal(want) || want.IsZero() {
				t.Errorf("%s: sent at %v, final at %v, %v; want %v", script, r.SentAt, r.At, err,
					want)
			}
		})
	}
}

// signing is a medium whose messages say which app has posted them.
type signing struct {
	*thread
	app    string
	err    error
	by     []delivery.Signatures // what each Find was given
	signed int
}

func (s *signing) Sign(_ context.Context, m delivery.Message) (delivery.Signature, error) {
	s.signed++
	return delivery.Signature{Key: m.Key, Deployment: "prod", App: s.app}, s.err
}

func (s *signing) Find(ctx context.Context, m delivery.Message,
	since time.Time) (string, bool, error) {
	s.by = append(s.by, m.Signatures)
	return s.thread.Find(ctx, m, since)
}

func (s *signing) SendReplies(ctx context.Context, m delivery.Message, ref, mark string, last bool,
	note func(string) error) (*delivery.Failure, error) {
	s.by = append(s.by, m.Signatures)
	return s.thread.SendReplies(ctx, m, ref, mark, last, note)
}

func signatures(unsigned bool, apps ...string) delivery.Signatures {
	s := delivery.Signatures{Unsigned: unsigned}
	for _, app := range apps {
		s.Signed = append(s.Signed, delivery.Signature{Key: one.Key(), Deployment: "prod",
			App: app})
	}
	return s
}

// A claim records how its message is signed, before it is sent. Each look-up is given the
// signatures of all claims, and is told where there may be one of which none is known.
func TestDeliver_RecordsSignatures(t *testing.T) {
	for _, c := range []struct {
		name   string
		record string // that stands there; empty: none
		script string
		apps   []string // at each claim
		want   []delivery.Signatures
	}{
		{"a claim", "", "ok", []string{"A"}, []delivery.Signatures{signatures(false, "A")}},
		{"two claims by one app", "", "unsent", []string{"A", "A"},
			[]delivery.Signatures{signatures(false, "A"), signatures(false, "A")}},
		{"the app is replaced in between", "", "unsent", []string{"A", "B"},
			[]delivery.Signatures{signatures(false, "A", "B"), signatures(false, "A", "B")}},
		{"the version before has died at it",
			`{"state": "claimed", "owner": "1", "since": "2000-01-01T00:00:00Z", "until": "2000-01-01T00:00:00Z"}`, "ok",
			[]string{"A"}, []delivery.Signatures{signatures(true, "A"), signatures(true, "A")}},
		{"the version before has lost an answer",
			`{"state": "failed", "owner": "1", "since": "2000-01-01T00:00:00Z", "look": true}`,
			"ok",
			[]string{"A"}, []delivery.Signatures{signatures(true, "A"), signatures(true, "A")}},
		{"the version before has failed for certain",
			`{"state": "failed", "owner": "1", "since": "2000-01-01T00:00:00Z"}`, "ok",
			[]string{"A"}, []delivery.Signatures{signatures(false, "A")}},
		{"the version before has sent it",
			`{"state": "sent", "owner": "1", "since": "2000-01-01T00:00:00Z", "ref": "ref-1", "mark": "m"}`, "ok",
			[]string{"A"}, []delivery.Signatures{signatures(true, "A")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
				if c.record != "" {
					key := delivery.KeysOf("acme").Record(week46, "shop", channel)
					if _, err := l.Store.Put(t.Context(), key,
						delivery.Object{Data: []byte(c.record)}, delivery.Condition{}); err != nil {
						t.Fatal(err)
					}
				}
				s := &signing{thread: &thread{medium: scripted(c.script)}}
				var r delivery.Record
				for _, s.app = range c.apps {
					var err error
					if r, err = deliver(l, s); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Until(r.NextTry))
				}
				if !reflect.DeepEqual(s.by, c.want) ||
					!reflect.DeepEqual(r.Signatures, c.want[len(c.want)-1]) {
					t.Errorf("looked for %+v, recorded %+v; want %+v", s.by, r.Signatures, c.want)
				}
			})
		})
	}
}

// Look searches by the signatures of the claims, and not by that of the process that looks.
func TestLook_BySignatures(t *testing.T) {
	for record, want := range map[string]delivery.Signatures{
		`{"state": "missed", "look": true, "since": "2000-01-01T00:00:00Z", "signed": [{"key": "acme/shop/2026-W46/slack-C024BE91L", "deployment": "prod", "app": "A"}]}`: signatures(false, "A"),
		`{"state": "missed", "look": true, "since": "2000-01-01T00:00:00Z"}`:                                                                                              signatures(true),
	} {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		key := delivery.KeysOf("acme").Record(week46, "shop", channel)
		if _, err := l.Store.Put(t.Context(), key, delivery.Object{Data: []byte(record)},
			delivery.Condition{}); err != nil {
			t.Fatal(err)
		}
		s := &signing{thread: &thread{medium: &medium{}}, app: "B"}
		if _, err := l.LookUp(t.Context(), one, message, s); err != nil ||
			!reflect.DeepEqual(s.by, []delivery.Signatures{want}) {
			t.Errorf("looked for %+v, %v; want %+v", s.by, err, want)
		}
	}
}

// Where it is not known who would sign it, nothing is sent and nothing brought under what was; each
// is tried again.
func TestDeliver_Unsigned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		s := &signing{thread: &thread{medium: &medium{}, script: []string{"fail"}},
			err: &delivery.Failure{Err: errors.New("no answer"), Cause: "slack"}}
		r, err := deliver(l, s)
		if err != nil || r.State != delivery.Retrying || r.MaybeSent || r.Attempts != 1 ||
			r.Reason != "no answer" || r.Signed != nil || s.calls != nil ||
			!r.NextTry.Equal(time.Now().Add(5*time.Minute)) {
			t.Fatalf("%+v, %v, after %v", r, err, s.calls)
		}
		time.Sleep(5 * time.Minute)
		failed := s.err
		s.err = nil
		if r, err = deliver(l, s); err != nil || r.State != delivery.Sent || r.Ref == "" ||
			r.Unsigned {
			t.Fatalf("%+v, %v", r, err)
		}
		time.Sleep(time.Until(r.NextTry))
		s.err = failed
		heard := len(s.heard)
		if r, err = deliver(l, s); err != nil || r.State != delivery.Sent ||
			r.Reason != "no answer" || len(s.heard) != heard || !r.NextTry.After(time.Now()) {
			t.Fatalf("%+v, %v, asked %q", r, err, s.heard)
		}
		time.Sleep(time.Until(r.NextTry))
		s.err = nil
		if r, err = deliver(l, s); err != nil || r.State != delivery.Accepted ||
			len(s.medium.sent[message.Key]) != 1 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// A record of a medium without signatures is as it was before there were any.
func TestDeliver_RecordWithoutSignatures(t *testing.T) {
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	if _, err := deliver(l, &medium{}); err != nil {
		t.Fatal(err)
	}
	o, err := l.Store.Get(t.Context(), delivery.KeysOf("acme").Record(week46, "shop", channel))
	if err != nil || strings.Contains(string(o.Data), "signed") {
		t.Errorf("%s, %v", o.Data, err)
	}
}
