package email_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "events", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func event(t *testing.T, name string) email.Event {
	t.Helper()
	e, err := email.ParseEvent(fixture(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// instant is a time on the day of the fixtures.
func instant(s string) time.Time {
	at, err := time.Parse(time.RFC3339, "2026-11-16T"+s+"Z")
	if err != nil {
		panic(err)
	}
	return at
}

const messageID = "010201937e0c1d2c-5f6a8b3e-61c1-4d0f-9d0a-3b1f0f2b7a55-000000"

func TestParseEvent(t *testing.T) {
	ours := email.Tags{Tenant: "acme", Bot: "4217", Period: "2026-W46", Delivery: kariID}
	seen := map[string]bool{}
	for name, want := range map[string]email.Event{
		"delivered": {Kind: email.Delivered, At: instant("07:01:14.010"),
			Reason: "250 2.0.0 OK 1763276474 a640c23a62f3a"},
		"bounced": {Kind: email.Bounced, At: instant("07:01:14.980"), Permanent: true,
			Reason: "Permanent, NoEmail, smtp; 550 5.1.1 <kari@example.com>: user unknown"},
		"suppressed": {Kind: email.Bounced, At: instant("07:01:14.980"), Permanent: true,
			Reason: "Permanent, OnAccountSuppressionList, " +
				"Amazon SES did not send the message to this address because it is on the suppression list for your account."},
		"mailbox-full": {Kind: email.Bounced, At: instant("07:01:14.980"),
			// on one line
			Reason: "Transient, MailboxFull, smtp; 552 5.2.2 mailbox full Bcc: all@example.com"},
		"out-of-office": {Kind: email.Bounced, At: instant("07:01:14.980"),
			Reason: "Transient, General"},
		"undetermined": {Kind: email.Bounced, At: instant("07:01:14.980"),
			Reason: "Undetermined, Undetermined"},
		"complaint": {Kind: email.Complained, At: instant("09:30:00"), Reason: "abuse"},
		"rejected":  {Kind: email.Rejected, At: instant("07:01:15"), Reason: "Bad content"},
		"not-spam":  {},
		"delayed":   {},
		"sent":      {},
	} {
		t.Run(name, func(t *testing.T) {
			want.MessageID = messageID
			if want.Kind != "" {
				want.Recipient, want.Tags = kari, ours
			} else {
				want.At = instant("07:01:15")
			}
			if diff := cmp.Diff(want, event(t, name)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
		seen[name+".json"] = true
	}
	files, err := os.ReadDir(filepath.Join("testdata", "events"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !seen[f.Name()] {
			t.Errorf("%s is not tested", f.Name())
		}
	}
}

// What an event need not say.
func TestParseEvent_Incomplete(t *testing.T) {
	bounced := string(fixture(t, "bounced"))
	recipients := regexp.MustCompile(`(?s)"bouncedRecipients": \[.*?\],`).FindString(bounced)
	for name, c := range map[string]struct {
		from, to string
		want     email.Event // of it At and Reason
	}{
		"no recipient": {recipients, `"bouncedRecipients": [],`,
			email.Event{At: instant("07:01:14.980"), Reason: "Permanent, NoEmail"}},
		"no instant of the bounce": {`"timestamp": "2026-11-16T07:01:14.980Z",`, "",
			email.Event{At: instant("07:01:15"),
				Reason: "Permanent, NoEmail, smtp; 550 5.1.1 <kari@example.com>: user unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.Replace(bounced, c.from, c.to, 1)
			if body == bounced {
				t.Fatal("nothing is missing")
			}
			e, err := email.ParseEvent([]byte(body))
			if err != nil || !e.At.Equal(c.want.At) || e.Reason != c.want.Reason ||
				e.Kind != email.Bounced || !e.Permanent {
				t.Errorf("%+v, %v", e, err)
			}
		})
	}
}

func TestParseEvent_Malformed(t *testing.T) {
	good := string(fixture(t, "delivered"))
	for name, test := range map[string]struct{ from, to, wrong string }{
		"not JSON": {good, "event", "malformed SES event: invalid character"},
		"null": {good, "null",
			`malformed SES event: source "" is not aws.ses`},
		"of S3": {`"aws.ses"`, `"aws.s3"`,
			`malformed SES event: source "aws.s3" is not aws.ses`},
		"no recipient": {"\"destination\": [\n        \"kari@example.com\"\n      ]", `"destination": []`, "malformed SES event: message ID or recipient is missing"},
		"of no message": {`"messageId": "` + messageID + `",` +
			"\n      \"destination\"", `"destination"`,
			"malformed SES event: message ID or recipient is missing"},
		"of another's prefix": {`"acme"`, `"_2E_2E_2Fbeta"`,
			`malformed SES event: tag tenant: "_2E_2E_2Fbeta" is not a value that was sent`},
		"of a tag that is not escaped": {`"4217"`, `"42.17"`,
			`malformed SES event: tag bot: "42.17" is not a value that was sent`},
		"of all bots, as a tenant": {`"acme"`, `"_5Fportfolio"`,
			`malformed SES event: tag tenant: "_5Fportfolio" is not a value that was sent`},
		"of a tag of no making": {`"4217"`, `"4_217"`,
			`malformed SES event: tag bot: "4_217" is not a value that was sent`},
		"of another type of tag": {"\"tenant\": [\n          \"acme\"\n        ]",
			`"tenant": 7`, "malformed SES event: json: cannot unmarshal number"},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.Replace(good, test.from, test.to, 1)
			if body == good {
				t.Fatal("nothing is wrong with it")
			}
			e, err := email.ParseEvent([]byte(body))
			if !errors.Is(err, email.ErrMalformed) || !strings.HasPrefix(err.Error(), test.wrong) {
				t.Errorf("got %+v and %v, want %s", e, err, test.wrong)
			}
		})
	}
}

func FuzzParseEvent(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	key := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := email.ParseEvent(body)
		if err != nil {
			if !errors.Is(err, email.ErrMalformed) {
				t.Errorf("%v is not ErrMalformed", err)
			}
			return
		}
		for _, part := range []string{e.Tags.Tenant, e.Tags.Bot, e.Tags.Period, e.Tags.Delivery} {
			if part != "" && !key.MatchString(part) {
				t.Errorf("%q would become part of a key", part)
			}
		}
		if strings.ContainsAny(e.Reason, "\r\n") {
			t.Errorf("the reason %q has more than one line", e.Reason)
		}
		if err := email.Apply(t.Context(), &delivery.Ledger{Store: &storetest.Memory{},
			Now: time.Now}, e); err != nil {
			t.Errorf("applying %+v: %v", e, err)
		}
	})
}

// world is a ledger with at most one record, at an hour after the mail was sent.
type world struct {
	*delivery.Ledger
	job config.Job
}

func newWorld(t *testing.T, r delivery.Record) world {
	t.Helper()
	w := world{&delivery.Ledger{Store: &storetest.Memory{},
		Now: func() time.Time { return instant("08:00:00") }},
		config.Job{Tenant: "acme", Bot: "4217", Period: week(t, "2026-W46")}}
	if r.State == "" {
		return w
	}
	r.Job, r.Destination = w.job, kariID
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	key := delivery.KeysOf("acme").Record(w.job.Period, "4217",
		config.Destination{Medium: config.Mail, To: kari})
	if _, err := w.Store.Put(t.Context(), key, delivery.Object{Data: data},
		delivery.Absent()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w world) state(t *testing.T) delivery.Record {
	t.Helper()
	r, err := w.Read(t.Context(), w.job, kariID)
	if err != nil && !errors.Is(err, delivery.ErrNotFound) {
		t.Fatal(err)
	}
	return r
}

func (w world) blocked(t *testing.T, tenant string) *email.Block {
	t.Helper()
	b, err := email.Blocked(t.Context(), w.Store, tenant, kariID)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestApply(t *testing.T) {
	accepted := delivery.Record{State: delivery.Accepted, Ref: messageID, At: instant("07:01:12")}
	delivered := delivery.Record{State: delivery.Delivered, Ref: messageID}
	const (
		unblock = "correct or remove the address in the configuration; if it works after all, remove it from the suppression list in the SES console " +
			"and delete acme/mail/" + kariID + ".json from the bucket"
		mailbox = "ask the recipient whether the mailbox is full or refuses attachments"
	)
	for name, test := range map[string]struct {
		record  delivery.Record
		event   string
		state   delivery.State
		reason  string
		cure    string
		cause   string
		blocked email.Kind
	}{
		"the usual": {record: accepted, event: "delivered", state: delivery.Delivered},
		"a hard bounce": {record: accepted, event: "bounced", state: delivery.Bounced,
			blocked: email.Bounced,
			reason:  "the mail to kari@example.com bounced permanently (Permanent, NoEmail, smtp; 550 5.1.1 <kari@example.com>: user unknown)",
			cure:    unblock, cause: "address/" + kariID},
		"a suppressed address": {record: accepted, event: "suppressed", state: delivery.Bounced,
			blocked: email.Bounced,
			reason: "the mail to kari@example.com bounced permanently (" +
				event(t, "suppressed").Reason + ")", cure: unblock, cause: "address/" + kariID},
		"a full mailbox": {record: accepted, event: "mailbox-full", state: delivery.Bounced,
			reason: "the mail to kari@example.com bounced (Transient, MailboxFull, smtp; 552 5.2.2 mailbox full Bcc: all@example.com)",
			cure:   mailbox, cause: "mailbox/" + kariID},
		"unknown reason": {record: accepted, event: "undetermined", state: delivery.Bounced,
			reason: "the mail to kari@example.com bounced (Undetermined, Undetermined)",
			cure:   mailbox, cause: "mailbox/" + kariID},
		"out of office": {record: delivered, event: "out-of-office", state: delivery.Delivered},
		"a bounce that the server sends": {record: delivered, event: "bounced",
			state: delivery.Bounced,
			reason: "the mail to kari@example.com bounced permanently (" +
				event(t, "bounced").Reason + ")", cure: unblock, cause: "address/" + kariID,
			blocked: email.Bounced},
		"a complaint": {record: delivered, event: "complaint", state: delivery.Bounced,
			reason: "kari@example.com marked it as spam (abuse)",
			cure:   unblock, cause: "address/" + kariID, blocked: email.Complained},
		"praise": {record: delivered, event: "not-spam", state: delivery.Delivered},
		"a virus": {record: accepted, event: "rejected", state: delivery.Bounced,
			reason: "SES rejected it (Bad content)",
			cure:   "send it again; if SES rejects it again, check the texts of the bot's labels and buttons", cause: "ses-content"},
		"still trying": {record: accepted, event: "delayed", state: delivery.Accepted},
		"delivered, late": {record: delivery.Record{State: delivery.Bounced,
			Reason: "came back"}, reason: "came back", event: "delivered", state: delivery.Bounced},
		"a doubt is lifted": {record: delivery.Record{State: delivery.Retrying,
			Reason: "no answer"}, event: "delivered", state: delivery.Delivered},
		"of a worker that died": {record: delivery.Record{State: delivery.Claimed,
			Until: instant("07:30:00")}, event: "delivered", state: delivery.Delivered},
		"sent without a ledger":  {event: "delivered"},
		"bounced without ledger": {event: "bounced", blocked: email.Bounced},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.record)
			e := event(t, test.event)
			var first delivery.Record
			for again := range 3 { // SQS delivers it more than once
				if err := email.Apply(t.Context(), w.Ledger, e); err != nil {
					t.Fatal(err)
				}
				if again == 0 {
					first = w.state(t)
				}
			}
			r := w.state(t)
			if !reflect.DeepEqual(first, r) {
				t.Errorf("after it came again: %+v, and not %+v any more", r, first)
			}
			if r.State != test.state || r.Reason != test.reason || r.Remedy != test.cure ||
				string(r.Cause) != test.cause {
				t.Errorf("the record: %+v", r)
			}
			if r.State != test.record.State && r.Ref != messageID {
				t.Errorf("the record: %+v", r)
			}
			b := w.blocked(t, "acme")
			if (b == nil) != (test.blocked == "") {
				t.Fatalf("the block: %+v", b)
			}
			if b != nil {
				want := email.Block{Kind: test.blocked, Reason: e.Reason, At: e.At,
					MessageID: messageID}
				if diff := cmp.Diff(want, *b); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
			if b := w.blocked(t, "beta"); b != nil {
				t.Errorf("another tenant's address is blocked: %+v", b)
			}
		})
	}
}

// TestApply_RecordOfItsOwn: what SES says of a report, of a resend of it and of one that a person
// asked for is written down where that delivery is, by what came with the mail.
func TestApply_RecordOfItsOwn(t *testing.T) {
	planned := delivery.Delivery{Job: config.Job{Tenant: "acme", Bot: "4217",
		Period: week(t, "2026-W46")}, Destination: config.Destination{Medium: config.Mail,
		To: kari}}
	asked := planned
	asked.Extra = "asked-5d41402abc4b2a76"
	all := []delivery.Delivery{planned, planned.Resend(1), planned.Resend(12), asked}
	d := &double{}
	s := d.sender(t)
	l := &delivery.Ledger{Store: &storetest.Memory{}, Now: time.Now}
	for _, one := range all {
		m := message(t)
		m.Key = one.Key()
		m.Subject.ID, editions(m).Report.Period.Name = one.Job.Bot, one.Job.Period
		if r, err := l.Deliver(t.Context(), one, m, s, time.Now().Add(time.Minute)); err != nil ||
			r.State != delivery.Accepted {
			t.Fatalf("%s: %+v, %v", one.Key(), r, err)
		}
	}
	var body map[string]any
	if err := json.Unmarshal(fixture(t, "bounced"), &body); err != nil {
		t.Fatal(err)
	}
	for i, mail := range d.all() {
		tags := map[string]any{}
		for _, tag := range mail.Tags {
			tags[tag.Name] = []string{tag.Value}
		}
		body["detail"].(map[string]any)["mail"].(map[string]any)["tags"] = tags
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		e, err := email.ParseEvent(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := email.Apply(t.Context(), l, e); err != nil {
			t.Fatal(err)
		}
		for j, one := range all {
			r, err := l.Read(t.Context(), one.Job, one.ID())
			want := delivery.Accepted
			if j <= i {
				want = delivery.Bounced
			}
			if err != nil || r.State != want || r.Extra != one.Extra {
				t.Errorf("after %d events, %s: %+v, %v", i+1, one.ID(), r, err)
			}
		}
	}
}

// TestApply_InFlight: SES was faster than the worker's own record. The event must come again, and
// then counts.
func TestApply_InFlight(t *testing.T) {
	for _, name := range []string{"delivered", "bounced"} {
		w := newWorld(t, delivery.Record{State: delivery.Claimed, Until: instant("08:05:00")})
		err := email.Apply(t.Context(), w.Ledger, event(t, name))
		if !errors.Is(err, delivery.ErrBusy) || w.state(t).State != delivery.Claimed {
			t.Errorf("%s: %v, %+v", name, err, w.state(t))
		}
		w.Now = func() time.Time { return instant("08:05:01") }
		if err := email.Apply(t.Context(), w.Ledger, event(t, name)); err != nil ||
			!w.state(t).State.Final() {
			t.Errorf("%s: %v, %+v", name, err, w.state(t))
		}
	}
}

func TestApply_ForeignEvent(t *testing.T) {
	w := newWorld(t, delivery.Record{State: delivery.Accepted})
	foreign := event(t, "bounced")
	foreign.Tags = email.Tags{}
	if err := email.Apply(t.Context(), w.Ledger, foreign); err != nil ||
		w.state(t).State != delivery.Accepted || w.blocked(t, "acme") != nil {
		t.Errorf("%v, %+v", err, w.state(t))
	}

	ops := event(t, "bounced") // of a message to ops
	ops.Tags = email.Tags{Tenant: "acme"}
	if err := email.Apply(t.Context(), w.Ledger, ops); err != nil ||
		w.state(t).State != delivery.Accepted || w.blocked(t, "acme") == nil {
		t.Errorf("%v, %+v", err, w.state(t))
	}

	delayed := event(t, "bounced") // an event of no kind that matters
	delayed.Kind, delayed.Permanent = "", false
	if err := email.Apply(t.Context(), w.Ledger, delayed); err != nil ||
		w.state(t).State != delivery.Accepted {
		t.Errorf("%v, %+v", err, w.state(t))
	}

	// Of a report that was asked for, and of others that are in no ledger.
	store := broken{Store: w.Store, done: new(int)}
	w.Store = store
	for name, change := range map[string]func(*email.Tags){
		"no delivery":    func(tags *email.Tags) { tags.Delivery = "" },
		"no bot":         func(tags *email.Tags) { tags.Bot = "" },
		"no week":        func(tags *email.Tags) { tags.Period = "" },
		"a strange week": func(tags *email.Tags) { tags.Period = "2026-W99" },
	} {
		e := event(t, "mailbox-full")
		change(&e.Tags)
		if err := email.Apply(t.Context(), w.Ledger, e); err != nil || *store.done != 0 {
			t.Errorf("%s: %v after %d operations of the store", name, err, *store.done)
		}
	}
}

// An event has the tags of its message: that of a notice to ops has the tenant alone, that of a
// message of another program none.
func TestParseEvent_Tags(t *testing.T) {
	bounced := string(fixture(t, "bounced"))
	tags := regexp.MustCompile(`(?s)"tags": \{.*?\}`).FindString(bounced)
	for replaced, want := range map[string]email.Tags{
		`"tags": {"tenant": ["acme"], "bot": []}`:   {Tenant: "acme"},
		`"tags": {"ses:source-ip": ["192.0.2.10"]}`: {},
	} {
		e, err := email.ParseEvent([]byte(strings.Replace(bounced, tags, replaced, 1)))
		if err != nil || e.Tags != want || e.Kind != email.Bounced || e.Recipient != kari {
			t.Errorf("%s: %+v, %v", replaced, e, err)
		}
	}
}

// broken is a store of which the operations from the first to the last fail, counted from 1.
type broken struct {
	delivery.Store
	first, last int
	done        *int
}

// failing returns a store of which one operation fails.
func failing(s delivery.Store, nth int) broken { return broken{s, nth, nth, new(int)} }

var errDown = errors.New("the store is down")

func (b broken) up() error {
	if *b.done++; b.first <= *b.done && *b.done <= b.last {
		return errDown
	}
	return nil
}

func (b broken) Get(ctx context.Context, key string) (delivery.Object, error) {
	if err := b.up(); err != nil {
		return delivery.Object{}, err
	}
	return b.Store.Get(ctx, key)
}

func (b broken) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	if err := b.up(); err != nil {
		return "", err
	}
	return b.Store.Put(ctx, key, o, c)
}

// An address that cannot be blocked is an error, although the record could be written: the event
// has to come again.
func TestApply_BlockFails(t *testing.T) {
	w := newWorld(t, delivery.Record{State: delivery.Accepted})
	whole := w.Store
	w.Store = failing(whole, 1)
	err := email.Apply(t.Context(), w.Ledger, event(t, "bounced"))
	const want = "block an address that bounced: acme/mail/" + kariID + ".json: the store is down"
	if !errors.Is(err, errDown) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	w.Store = whole
	if r := w.state(t); r.State != delivery.Accepted || w.blocked(t, "acme") != nil {
		t.Errorf("%+v", r)
	}
	late := event(t, "bounced")
	late.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) // JSON has no such year
	if err := email.Apply(t.Context(), w.Ledger, late); err == nil || w.blocked(t, "acme") != nil {
		t.Errorf("an instant that cannot be written: %v, %+v", err, w.blocked(t, "acme"))
	}
}

// TestApply_StoreDown: whatever fails, the event comes again, and is written down all the same,
// where the tick finds it.
func TestApply_StoreDown(t *testing.T) {
	for name, operations := range map[string]int{"bounced": 7, "delivered": 2} {
		for done := range operations {
			synctest.Test(t, func(t *testing.T) { // the ledger waits before it tries again
				w := newWorld(t, delivery.Record{State: delivery.Accepted})
				whole := w.Store
				w.Store = broken{whole, done + 1, 1000, new(int)}
				if err := email.Apply(t.Context(), w.Ledger, event(t, name)); !errors.Is(err,
					errDown) {
					t.Errorf("%s: after %d operations: %v", name, done, err)
				}
				w.Store = whole
				if err := email.Apply(t.Context(), w.Ledger, event(t, name)); err != nil ||
					w.state(t).State == delivery.Accepted {
					t.Errorf("%s: %v, %+v", name, err, w.state(t))
				}
				marks, err := whole.List(t.Context(), "acme/done/2026-W46/4217/")
				if want := map[string]int{"bounced": 2, "delivered": 1}[name]; err != nil ||
					len(marks) != want {
					t.Errorf("%s: the marks are %q, %v", name, marks, err)
				}
			})
		}
	}
}
