package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// readOnly is a store that must not be written.
type readOnly struct {
	delivery.Store
	t *testing.T
}

func (s readOnly) Put(_ context.Context, key string, _ delivery.Object,
	_ delivery.Condition) (string, error) {
	s.t.Errorf("%s was written", key)
	return "", fmt.Errorf("%s was written", key)
}

// again is what an operator does who sends a delivery again: a try that may die.
func again(t *testing.T, l *delivery.Ledger, d delivery.Delivery, script string) {
	t.Helper()
	h, err := l.History(t.Context(), d.Job)
	if err != nil {
		t.Fatal(err)
	}
	attempt(t, l, h.NextResend(d), script)
}

// attempt tries a delivery. Beside the words of a medium, script is "gaps", for a report with gaps
// that is sent; "skip", for one that is not wanted; or "missed", for one that was never tried.
// After a space, it says what is heard of it later.
func attempt(t *testing.T, l *delivery.Ledger, d delivery.Delivery, script string) {
	t.Helper()
	m := message
	var err error
	switch script {
	case "skip":
		_, err = l.Skip(t.Context(), d, "there were no chats")
	case "missed":
		_, err = l.MarkMissed(t.Context(), []delivery.Status{{Delivery: d}})
	default:
		word, heard, _ := strings.Cut(script, " ")
		if word == "gaps" {
			word, m.Payload = "ok", gap()
		}
		defer func() { _ = recover() }() // the dead
		_, err = l.Deliver(t.Context(), d, m, scripted(word), time.Now().Add(5*time.Minute))
		if heard != "" && err == nil {
			_, err = l.RecordMailEvent(t.Context(), d.Job, d.ID(), delivery.State(heard), "ses-1",
				nil)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Each case is what became of the planned delivery, and of each time that it was sent again. A
// resend that is not over goes on as the same; and the history stands as the marks say, without
// which it is the same.
func TestHistory(t *testing.T) {
	for _, c := range []struct {
		planned string
		resends []string
		// the records, by their Extra; how the planned one stands, and whether it is there; what is
		// sent next
		want string
	}{
		{"", nil, ", waits, then resend-1"},
		{"fail", nil, "failed, waits, then resend-1"},
		{"ok", nil, "accepted, over, there, then resend-1"},
		{"gaps", nil, "accepted, wrong, there with gaps, then resend-1"},
		{"skip", nil, "skipped, over, not wanted, then resend-1"},
		{"missed", nil, "missed, wrong, then resend-1"},
		{"ok delivered", nil, "delivered, over, there, then resend-1"},
		{"gaps delivered", nil, "delivered, wrong, there with gaps, then resend-1"},
		{"ok bounced", nil, "bounced, wrong, then resend-1"},
		{"never", nil, "failed for good, wrong, then resend-1"},
		{"never", []string{"ok"},
			"failed for good resend-1:accepted, wrong but resent, there, then resend-2"},
		{"never", []string{"never", "ok"},
			"failed for good resend-1:failed for good resend-2:accepted, wrong but resent, there, then resend-3"},
		{"never", []string{"never"},
			"failed for good resend-1:failed for good, wrong, then resend-2"},
		{"never", []string{"fail"}, "failed for good resend-1:failed, wrong, then resend-1"},
		{"never", []string{"fail", "ok"},
			"failed for good resend-1:accepted, wrong but resent, there, then resend-2"},
		{"never", []string{"crash"}, "failed for good resend-1:claimed, wrong, then resend-1"},
		{"never", []string{"gaps"},
			"failed for good resend-1:accepted, wrong, there with gaps, then resend-2"},
		{"never", []string{"skip"},
			"failed for good resend-1:skipped, wrong but resent, not wanted, then resend-2"},
		{"fail", []string{"skip"}, "failed resend-1:skipped, resent, then resend-2"},
		{"ok", []string{"skip"}, "accepted resend-1:skipped, resent, there, then resend-2"},
		{"gaps", []string{"skip"},
			"accepted resend-1:skipped, wrong but resent, there with gaps, then resend-2"},
		{"skip", []string{"skip"}, "skipped resend-1:skipped, resent, not wanted, then resend-2"},
		{"skip", []string{"ok"}, "skipped resend-1:accepted, resent, there, then resend-2"},
		{"fail", []string{"never"}, "failed resend-1:failed for good, waits, then resend-2"},
		{"ok", []string{"ok"}, "accepted resend-1:accepted, resent, there, then resend-2"},
		{"ok", []string{"never"}, "accepted resend-1:failed for good, wrong, there, then resend-2"},
		{"ok", []string{"gaps"},
			"accepted resend-1:accepted, wrong, there with gaps, then resend-2"},
		{"gaps", []string{"ok"},
			"accepted resend-1:accepted, wrong but resent, there, then resend-2"},
		{"gaps", []string{"never"},
			"accepted resend-1:failed for good, wrong, there with gaps, then resend-2"},
		{"skip", []string{"gaps"},
			"skipped resend-1:accepted, wrong, there with gaps, then resend-2"},
		{"skip", []string{"never"},
			"skipped resend-1:failed for good, wrong, not wanted, then resend-2"},
		{"never", []string{"ok", "never"},
			"failed for good resend-1:accepted resend-2:failed for good, wrong, then resend-3"},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
			if c.planned != "" {
				attempt(t, l, one, c.planned)
			}
			for _, script := range c.resends {
				again(t, l, one, script)
			}
			other := to("OTHER") // whose resends are none of this one's
			again(t, l, other, "ok")

			marked, err := l.Statuses(t.Context(), "acme", []delivery.Delivery{one})
			if err != nil {
				t.Fatal(err)
			}
			l.Store = readOnly{l.Store, t}
			h, err := l.History(t.Context(), job)
			if err != nil {
				t.Fatal(err)
			}
			s := h.Status(one)
			if m := marked[0]; s.Over != m.Over || s.Failed != m.Failed || s.Skipped != m.Skipped ||
				s.Resent != m.Resent ||
				s.Arrived != m.Arrived || s.Gaps != m.Gaps {
				t.Errorf("%q: the records say %+v, the marks %+v", c.planned, s, m)
			}
			said := []string{string(s.Record.State)}
			for _, r := range h.Resends(one) {
				said = append(said, r.Extra+":"+string(r.State))
			}
			stands := "waits"
			switch {
			case s.Resent && s.Failed:
				stands = "wrong but resent"
			case s.Resent:
				stands = "resent"
			case s.Failed:
				stands = "wrong"
			case s.Over:
				stands = "over"
			}
			switch {
			case s.Gaps:
				stands += ", there with gaps"
			case s.Arrived:
				stands += ", there"
			}
			if s.Skipped {
				stands += ", not wanted"
			}
			if got := strings.Join(said, " ") + ", " + stands + ", then " +
				h.NextResend(one).Extra; got != c.want {
				t.Errorf("%q, %q:\ngot  %s\nwant %s", c.planned, c.resends, got, c.want)
			}
		})
	}
}

// Marks are removed after a while. What was made good stays so.
func TestHistory_WithoutMarkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Now: time.Now, Store: &faulty{Store: new(storetest.Memory),
			fault: func(key string) string {
				if strings.HasPrefix(key, "acme/done/") {
					return "before"
				}
				return ""
			}}}
		if _, err := deliver(l, scripted("never")); err != nil {
			t.Fatal(err)
		}
		again(t, l, one, "ok")
		h, err := l.History(t.Context(), job)
		if s := h.Status(one); err != nil || !s.Failed || !s.Resent {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestHistory_Unreadable(t *testing.T) {
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	key := delivery.KeysOf("acme").Record(week46, "shop", channel)
	if _, err := l.Store.Put(t.Context(), key, delivery.Object{Data: []byte("{")},
		delivery.Absent()); err != nil {
		t.Fatal(err)
	}
	if h, err := l.History(t.Context(), job); err == nil || !strings.Contains(err.Error(), key) {
		t.Errorf("%v, %v", h, err)
	}
}

// What belongs under a message that is there may be there too: it is not tried again before it can
// no longer turn up.
func TestSendingAgain_WaitsForWhatIsUnder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		s := &thread{medium: &medium{}, script: []string{"lost"}}
		try := func() (delivery.Record, error) {
			return l.Deliver(t.Context(), one.Resend(1), message, s, time.Now().Add(5*time.Minute))
		}
		r, err := try()
		if err != nil || r.State != delivery.Sent {
			t.Fatalf("%+v, %v", r, err)
		}
		if _, err := try(); !errors.Is(err, delivery.ErrEarly) {
			t.Errorf("at once: %v", err)
		}
		time.Sleep(6 * time.Minute)
		if r, err := try(); err != nil || r.State != delivery.Accepted || s.under != 1 {
			t.Errorf("%+v, %v, under it %d times", r, err, s.under)
		}
	})
}

// A resend does not wait for a next try that was meant for the tick. It waits only while
// what may have been sent can still turn up; then it is looked for, and not sent twice.
func TestDeliver_WaitsOnlyWhenInDoubt(t *testing.T) {
	for _, c := range []struct {
		script string
		waits  time.Duration
		calls  string
	}{
		{"fail ok", 0, "send send"},
		{"cure ok", 0, "send send"},
		{"wait ok", 0, "send send"},
		{"lost", 6 * time.Minute, "send find"},
		{"unsent", 6 * time.Minute, "send find send"},
		{"late", 6 * time.Minute, "send find"},
		{"lost/fail", 12 * time.Minute, "send find find"},
		{"late/slow", 11 * time.Minute, "send find find"},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
			s, d, begin := scripted(c.script), one.Resend(1), time.Now()
			var r delivery.Record
			for range 20 {
				func() {
					defer func() { _ = recover() }()
					r, _ = l.Deliver(t.Context(), d, message, s, time.Now().Add(5*time.Minute))
				}()
				if r.State.Final() {
					break
				}
				if time.Since(begin) < c.waits {
					time.Sleep(time.Minute)
				}
			}
			if took := time.Since(begin); r.State != delivery.Accepted || took != c.waits ||
				strings.Join(s.calls, " ") != c.calls {
				t.Errorf("%s: %s after %v and %v, want %v and %s", c.script, r.State, took, s.calls,
					c.waits, c.calls)
			}
		})
	}
}
