package email_test

import (
	"errors"
	"strings"
	"testing"

	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

func TestSenders_Allows(t *testing.T) {
	for _, c := range []struct {
		list    string
		tenant  string
		address string
		want    bool
	}{
		{"", "acme", "ceo@globex.example", true}, // no list: as before there were lists
		{`{}`, "acme", "weekly@acme.example", false},
		{`{"acme": ["weekly@acme.example"]}`, "acme", "weekly@acme.example", true},
		{`{"acme": ["weekly@acme.example"]}`, "acme", "Weekly@Acme.example", true},
		{`{"acme": ["weekly@acme.example"]}`, "acme", "ceo@acme.example", false},
		{`{"acme": ["weekly@acme.example"]}`, "acme", "weekly@acme.example.com", false},
		{`{"acme": ["weekly@acme.example"]}`, "globex", "weekly@acme.example", false},
		{`{"acme": ["weekly@acme.example"]}`, "acme-2", "weekly@acme.example", false},
		{`{"acme": ["weekly@acme.example"]}`, "ACME", "weekly@acme.example", false},
		{`{"acme": ["*@acme.example"]}`, "acme", "ceo@acme.example", true},
		{`{"acme": ["*@acme.example"]}`, "acme", "ceo@news.acme.example", false},
		{`{"acme": ["*@acme.example"]}`, "acme", "ceo@evil-acme.example", false},
		{`{"acme": ["~weekly@acme.example"]}`, "acme", "~weekly@acme.example", true},
		{`{"*": ["weekly@example.com"], "acme": ["weekly@acme.example"]}`, "globex",
			"weekly@example.com", true},
		{`{"*": ["weekly@example.com"], "acme": ["weekly@acme.example"]}`, "acme",
			"weekly@example.com", true},
		{`{"*": ["weekly@example.com"], "acme": ["weekly@acme.example"]}`, "globex",
			"weekly@acme.example", false},
	} {
		var s email.Senders
		if c.list != "" {
			var err error
			if s, err = email.ParseSenders([]byte(c.list)); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.Allows(c.tenant, c.address); got != c.want {
			t.Errorf("%s: %s from %s: %t", c.list, c.tenant, c.address, got)
		}
	}
}

func TestParseSenders_Mistakes(t *testing.T) {
	for list, want := range map[string]string{
		``:                                    "unexpected end of JSON",
		`null`:                                "it is null",
		`["weekly@example.com"]`:              "cannot unmarshal array",
		`{"acme": "weekly@example.com"}`:      "cannot unmarshal string",
		`{"acme": ["*"]}`:                     `acme: "*" is not a sender`,
		`{"acme": ["*@*"]}`:                   `acme: "*@*" is not a sender`,
		`{"acme": ["*@com"]}`:                 `acme: "*@com" is not a sender`,
		`{"acme": ["week*@example.com"]}`:     `acme: "week*@example.com" is not a sender`,
		`{"acme": ["a@b@example.com"]}`:       `acme: "a@b@example.com" is not a sender`,
		`{"acme": ["kåre@example.com"]}`:      `acme: "kåre@example.com" is not a sender`,
		"{\"acme\": [\"a\x7f@example.com\"]}": `acme: "a\x7f@example.com" is not a sender`,
		`{"acme": ["@example.com"]}`:          `acme: "@example.com" is not a sender`,
		`{"acme": ["Acme <a@example.com>"]}`:  `acme: "Acme <a@example.com>" is not a sender`,
	} {
		if s, err := email.ParseSenders([]byte(list)); s != nil || err == nil ||
			!strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), delivery.SendersKey) {
			t.Errorf("%s: %v, %v; want %s", list, s, err, want)
		}
	}
}

// While the list cannot be read, a tenant may not send as it likes.
func TestSend_SendersUnreadable(t *testing.T) {
	d := &double{}
	s := d.sender(t)
	s.Store = failing(&storetest.Memory{}, 2) // after the block
	_, err := s.Send(t.Context(), message(t))
	if f := failure(t, err); !errors.Is(err, errDown) || f.Cause != "store" || f.Permanent ||
		f.MaybeSent || len(d.all()) != 0 ||
		!strings.HasPrefix(f.Error(), "read the allowed senders: ") {
		t.Errorf("%d mails: %+v", len(d.all()), f)
	}
}

// Without a sender that is what is wrong, whatever the list says.
func TestSend_NoSenderWithAList(t *testing.T) {
	store := store.Folder{Dir: t.TempDir()}
	if _, err := store.Put(t.Context(), delivery.SendersKey, delivery.Object{Data: []byte("{}")},
		delivery.Absent()); err != nil {
		t.Fatal(err)
	}
	d := &double{}
	s := d.sender(t)
	s.Store = store
	m := message(t)
	tenant := *m.Tenant
	tenant.Mail.From = config.Address{}
	m.Tenant = &tenant
	if _, err := s.Send(t.Context(), m); failure(t, err).Cause != "mail-sender" {
		t.Error(err)
	}
}

// A tenant cannot send from an address that the operator does not allow. The refusal is not
// permanent, so the next try sends once that is corrected, and does not affect other tenants. A
// list that cannot be read stops mail with a failure.
func TestSend_AllowedSenders(t *testing.T) {
	for _, c := range []struct {
		name, list string
		want       string // the error; empty: sent
		cause      string
	}{
		{"no list", "", "", ""},
		{"allowed", `{"acme": ["weekly@example.com"]}`, "", ""},
		{"allowed to all", `{"*": ["*@example.com"]}`, "", ""},
		{"another's", `{"acme": ["weekly@acme.example"], "globex": ["weekly@example.com"]}`,
			"the operator does not allow acme to send mail from weekly@example.com: name an allowed one in mail.from (weekly@acme.example), " +
				"or the operator adds the address to config/senders.json",
			"mail-sender-not-allowed"},
		{"not in the list", `{"globex": ["weekly@example.com"]}`,
			"the operator does not allow acme to send mail from weekly@example.com: the operator adds the address to config/senders.json", "mail-sender-not-allowed"},
		{"a broken list", `{"acme": [`,
			"config/senders.json: unexpected end of JSON input: write {\"acme\": [\"weekly@example.com\"]}", "store"},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := store.Folder{Dir: t.TempDir()}
			if c.list != "" {
				if _, err := store.Put(t.Context(), delivery.SendersKey,
					delivery.Object{Data: []byte(c.list)}, delivery.Absent()); err != nil {
					t.Fatal(err)
				}
			}
			d := &double{}
			s := d.sender(t)
			s.Store = store
			m := message(t)
			if from := m.Tenant.Mail.From.Address; from != "weekly@example.com" {
				t.Fatalf("the sender is %s", from)
			}
			_, err := s.Send(t.Context(), m)
			if c.want == "" {
				if err != nil || len(d.all()) != 1 {
					t.Errorf("%d mails: %v", len(d.all()), err)
				}
				return
			}
			f := failure(t, err)
			if len(d.all()) != 0 || f.Error() != c.want || string(f.Cause) != c.cause ||
				f.Permanent || f.MaybeSent {
				t.Errorf("%d mails: %+v", len(d.all()), f)
			}
		})
	}
}
