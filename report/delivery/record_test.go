package delivery_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/delivery"
)

// What is over and lacks something is wrong; what was given up in doubt may be there.
func TestRecord_States(t *testing.T) {
	type r = delivery.Record
	for _, c := range []struct {
		name           string
		r              r
		wrong, inDoubt bool
	}{
		{"nothing", r{}, false, false},
		{"claimed, with gaps", r{State: delivery.Claimed, Gaps: "x", MaybeSent: true}, false,
			false},
		{"failed in doubt", r{State: delivery.Retrying, MaybeSent: true}, false, false},
		{"accepted", r{State: delivery.Accepted}, false, false},
		{"accepted after doubt, and its ref is not known",
			r{State: delivery.Accepted, MaybeSent: true}, false, false},
		{"accepted without its PDF", r{State: delivery.Accepted, Missing: "x", Ref: "ref-1",
			MaybeSent: true}, true, false},
		{"accepted with gaps", r{State: delivery.Accepted, Gaps: "x", Ref: "ref-1",
			MaybeSent: true}, true, false},
		{"delivered with gaps", r{State: delivery.Delivered, Gaps: "x"}, true, false},
		{"skipped", r{State: delivery.Skipped, MaybeSent: true}, false, false},
		{"missed", r{State: delivery.Missed}, true, false},
		{"missed in doubt", r{State: delivery.Missed, MaybeSent: true}, true, true},
		{"failed for good", r{State: delivery.FailedForGood}, true, false},
		{"failed for good in doubt", r{State: delivery.FailedForGood, MaybeSent: true}, true, true},
		{"bounced", r{State: delivery.Bounced, MaybeSent: true, Ref: "ses-1"}, true, false},
	} {
		if c.r.Failed() != c.wrong || c.r.InDoubt() != c.inDoubt {
			t.Errorf("%s: wrong %v, in doubt %v", c.name, c.r.Failed(), c.r.InDoubt())
		}
	}
}

// A message was sent when the service accepted it. One that a search found was sent at any time
// after its first claim.
func TestRecord_SentSince(t *testing.T) {
	began := time.Date(2026, time.November, 16, 8, 0, 0, 0, time.UTC)
	sent := began.Add(time.Hour)
	for _, c := range []struct {
		name  string
		state delivery.State
		found bool
		at    time.Time
		want  bool
	}{
		{"before it was sent", delivery.Accepted, false, sent.Add(-time.Second), true},
		{"when it was sent", delivery.Accepted, false, sent, true},
		{"after it was sent", delivery.Accepted, false, sent.Add(time.Second), false},
		{"a mail that arrived", delivery.Delivered, false, sent, true},
		{"a mail that came back", delivery.Bounced, false, began, false},
		{"given up", delivery.Missed, false, began, false},
		{"not sent yet", delivery.Retrying, false, began, false},
		{"found, before the first claim", delivery.Accepted, true, began.Add(-time.Second), true},
		{"found, at the first claim", delivery.Accepted, true, began, false},
		{"found, before it was found", delivery.Accepted, true, sent.Add(-time.Second), false},
		{"found, and given up", delivery.Missed, true, began.Add(-time.Second), false},
	} {
		r := delivery.Record{State: c.state, Since: began, SentAt: sent, Found: c.found}
		if got := r.SentSince(c.at); got != c.want {
			t.Errorf("%s: sent since is %v, want %v", c.name, got, c.want)
		}
	}
}

// A failure says what to do, and what it comes from is still told apart.
func TestFailure_Error(t *testing.T) {
	cause := errors.New("not in the channel")
	if f := (&delivery.Failure{Err: cause}); f.Error() != "not in the channel" ||
		!errors.Is(f, cause) {
		t.Errorf("%v", f)
	}
	if f := (&delivery.Failure{Err: cause,
		Remedy: "invite the app"}); f.Error() != "not in the channel: invite the app" ||
		!errors.Is(f, cause) {
		t.Errorf("%v", f)
	}
}

// A key has at most 1024 bytes, as on S3. A prefix is a folder.
func TestCheckKey(t *testing.T) {
	for _, c := range []struct {
		key           string
		isKey, folder bool // whether it is a key, and a prefix
	}{
		{"acme", true, false},
		{"acme/", false, true},
		{"acme/done/", false, true},
		{"acme//", false, false},
		{"../", false, false},
		{"", false, false},
		{"/", false, false},
		{strings.Repeat("x", 1024), true, false},
		{strings.Repeat("x", 1025), false, false},
	} {
		if err := delivery.CheckKey(c.key); (err == nil) != c.isKey {
			t.Errorf("%.20q as a key: %v", c.key, err)
		}
		if err := delivery.CheckPrefix(c.key); (err == nil) != c.folder {
			t.Errorf("%.20q as a prefix: %v", c.key, err)
		}
	}
}
