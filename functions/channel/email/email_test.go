package email_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/connection/connectiontest"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/portfolio/portfoliotest"
)

func TestSend(t *testing.T) {
	d := &double{}
	m := message(t)
	ref, err := d.sender(t).Send(t.Context(), m)
	if err != nil || ref != "m-1" {
		t.Fatalf("got %q and %v", ref, err)
	}
	got := d.all()[0]
	raw := got.Content.Raw.Data
	got.Content.Raw.Data = nil

	var want sent
	want.From = "=?UTF-8?q?Ukas_tall_=E2=80=93_=C3=86rlig?= <weekly@example.com>"
	want.Destination.ToAddresses = []string{kari}
	want.Set = aws.String("kindly-weekly-prod")
	want.Tags = []tag{{"tenant", "acme"}, {"bot", m.Subject.ID},
		{"week", editions(m).Report.Period.Name.String()}, {"delivery", kariID}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	read, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"From": `"Ukas tall – Ærlig" <weekly@example.com>`,
		"To":   `"Kari Nordmann" <kari@example.com>`, "Reply-To": `"Kåre Ås" <owner@example.com>`,
	} {
		list, err := read.Header.AddressList(name)
		if err != nil || len(list) != 1 {
			t.Errorf("%s: %v, %v", name, list, err)
			continue
		}
		if got := fmt.Sprintf("%q <%s>", list[0].Name, list[0].Address); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	said := readByPython(t, raw)
	if said.Images != 2 || len(said.Attached) != 1 ||
		!strings.HasSuffix(said.Attached[0], editions(m).Report.Period.Name.String()+".pdf") {
		t.Errorf("%+v", said)
	}
}

func TestSend_WithoutOptionalParts(t *testing.T) {
	d := &double{}
	s := d.sender(t)
	s.ConfigurationSet = ""
	m := message(t)
	m.Subject.Owner, m.Destination.Name = config.Address{}, ""
	m.Subject.ID = "nett_butikk.no" // a dot is no character of a tag's value
	m.Key = "a report asked for"
	if _, err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := d.all()[0]
	want := []tag{{"tenant", "acme"}, {"bot", "nett_5Fbutikk_2Eno"},
		{"week", editions(m).Report.Period.Name.String()}}
	if diff := cmp.Diff(want, got.Tags); diff != "" || got.Set != nil {
		t.Errorf("configuration set %v, tags (-want +got):\n%s", got.Set, diff)
	}
	if read, err := netmail.ReadMessage(bytes.NewReader(got.Content.Raw.Data)); err != nil ||
		read.Header.Get("Reply-To") != "" {
		t.Errorf("%v, %v", err, read.Header)
	}
}

// TestSend_Diverted: the message goes to another address, and its events still find the delivery.
func TestSend_Diverted(t *testing.T) {
	d := &double{}
	m := message(t)
	m.Destination.To = "~developer@example.com" // the last character that SES takes
	if _, err := d.sender(t).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := d.all()[0]; got.Destination.ToAddresses[0] != m.Destination.To ||
		!slices.Contains(got.Tags, tag{"delivery", kariID}) {
		t.Errorf("%+v", got)
	}
}

func TestFind(t *testing.T) {
	if _, found, err := new(email.Sender).Find(t.Context(), delivery.Message{},
		time.Time{}); found || !errors.Is(err, delivery.ErrCannotSearch) {
		t.Errorf("%v, %v", found, err)
	}
}

// TestSend_Refused is what is not even sent.
func TestSend_Refused(t *testing.T) {
	for name, test := range map[string]struct {
		change    func(m *delivery.Message)
		wrong     string
		cause     string
		permanent bool
	}{
		"no address": {func(m *delivery.Message) { m.Destination.To = "kari" },
			`"kari" is not a mail address: mail: missing '@' or angle-addr: write it as name@example.com`, "address/" + idOf("kari"), true},
		"an address that is two": {func(m *delivery.Message) { m.Destination.To = "a@example.com, b@example.com" },
			`"a@example.com, b@example.com" is not a mail address: mail: expected single address, got ", b@example.com": write it as name@example.com`, "address/" + idOf("a@example.com, b@example.com"), true},
		"an address with a header": {func(m *delivery.Message) { m.Destination.To = "a@example.com\r\nBcc: b@example.com" },
			`"a@example.com\r\nBcc: b@example.com" is not a mail address: `, "address/" + idOf("a@example.com\r\nBcc: b@example.com"), true},
		"a name with a line break": {func(m *delivery.Message) { m.Destination.To = "=?utf-8?q?Kari=0D=0ABcc=3A_b?= <kari@example.com>" },
			`SES does not accept "=?utf-8?q?Kari=0D=0ABcc=3A_b?= <kari@example.com>": use printable ASCII alone`,
			"address/" + idOf("=?utf-8?q?Kari=0D=0ABcc=3A_b?= <kari@example.com>"), true},
		"an address with a space": {func(m *delivery.Message) { m.Destination.To = `"a b"@example.com` },
			`SES does not accept "\"a b\"@example.com": use printable ASCII alone`, "address/" + idOf(`"a b"@example.com`), true},
		"an address in no ASCII": {func(m *delivery.Message) { m.Destination.To = "kåre@example.com" },
			`SES does not accept "kåre@example.com": use printable ASCII alone`, "address/" + idOf("kåre@example.com"), true},
		"a channel": {func(m *delivery.Message) { m.Destination = config.Destination{Medium: config.Slack, To: "C024BE91L"} },
			"slack-C024BE91L is not a mail address", "ses-message", true},
		"no sender": {func(m *delivery.Message) { m.Tenant = &config.Tenant{Name: "acme"} },
			"no sender is configured: add mail: {from: Kindly Weekly <weekly@example.com>} to the configuration of acme", "mail-sender", false},
		"a language without words": {func(m *delivery.Message) {
			editions(*m).Report.Locale = "xx"
		}, `there is no wording for the locale "xx"`, "ses-message", true},
		"a portfolio in a language without words": {func(m *delivery.Message) {
			o := portfoliotest.Mixed()
			o.Locale = "xx"
			m.Payload = &delivery.Portfolio{Portfolio: o}
		}, `there is no wording for the locale "xx"`, "ses-message", true},
		"a portfolio, and an owner with a header": {func(m *delivery.Message) {
			m.Payload = &delivery.Portfolio{Portfolio: portfoliotest.Mixed()}
			m.Subject.Owner.Address = "a@example.com>\r\nBcc: b@example.com"
		}, "mail: reply-to ", "mail-header", false},
		"a notice from a sender with a header": {func(m *delivery.Message) {
			m.Payload = &delivery.Notice{ID: "slack-token-1", Subject: "subject", Text: "text"}
			tenant := *m.Tenant
			tenant.Mail.From.Address = "weekly@example.com>\r\nBcc: b@example.com"
			m.Tenant = &tenant
		}, "mail: sender ", "ses-message", true},
		"an owner with a header": {func(m *delivery.Message) {
			m.Subject.Owner.Address = "a@example.com>\r\nBcc: b@example.com"
		},
			"mail: reply-to ", "mail-header", false},
		"nothing": {func(m *delivery.Message) { m.Payload = nil }, "a mail cannot show <nil>",
			"ses-message", true},
		"too large": {func(m *delivery.Message) {
			files := editions(*m).Files
			for i := range files {
				if files[i].Name == "report.pdf" {
					files[i].Data = make([]byte, 30_000_000)
				}
			}
		}, "the message has 41 MB; SES accepts 40", "ses-message", true},
	} {
		t.Run(name, func(t *testing.T) {
			d := &double{}
			m := message(t)
			test.change(&m)
			_, err := d.sender(t).Send(t.Context(), m)
			f := failure(t, err)
			if !strings.HasPrefix(f.Error(), test.wrong) || f.Permanent != test.permanent ||
				f.MaybeSent || string(f.Cause) != test.cause {
				t.Errorf("got %+v: %v", f, f)
			}
			if len(d.all()) != 0 {
				t.Error("it was sent")
			}
		})
	}
}

// idOf is how an address is called in keys and causes.
func idOf(address string) string {
	return config.Destination{Medium: config.Mail, To: address}.ID()
}

func failure(t *testing.T, err error) *delivery.Failure {
	t.Helper()
	var f *delivery.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%T %v is no Failure", err, err)
	}
	return f
}

// TestSend_Failures is every answer that SES documents for SendEmail, and those that are none.
func TestSend_Failures(t *testing.T) {
	const (
		permanent = 1 << iota
		doubtful
	)
	for name, test := range map[string]struct {
		answer func(http.ResponseWriter)
		err    string
		cure   string // how it begins
		cause  string
		is     int
	}{
		"identity": {refuse(400, "MessageRejected",
			"Email address is not verified. The following identities failed the check in region EU-WEST-1: weekly@example.com"),
			"SES answered with an error (MessageRejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: weekly@example.com)",
			"verify the identity that SES names", "ses-identity", 0},
		"content": {refuse(400, "MessageRejected", "Invalid MIME"),
			"SES answered with an error (MessageRejected: Invalid MIME)", "", "ses-message", permanent},
		"mail from": {refuse(400, "MailFromDomainNotVerifiedException", "no"),
			"SES answered with an error (MailFromDomainNotVerifiedException: no)", "publish the MX and SPF records",
			"ses-mail-from", 0},
		"suspended": {refuse(400, "AccountSuspendedException", "no"),
			"SES answered with an error (AccountSuspendedException: no)", "AWS has suspended the account's sending",
			"ses-account", 0},
		"paused": {refuse(400, "SendingPausedException", "no"),
			"SES answered with an error (SendingPausedException: no)", "sending is paused", "ses-paused", 0},
		"set": {refuse(404, "NotFoundException", "Configuration set <x> does not exist."),
			"SES answered with an error (NotFoundException: Configuration set <x> does not exist.)",
			"there is no such configuration set", "ses-configuration-set", 0},
		"malformed": {refuse(400, "BadRequestException", "Missing final '@domain'"),
			"SES answered with an error (BadRequestException: Missing final '@domain')", "", "ses-message", permanent},
		"denied": {refuse(403, "AccessDeniedException", "not authorized"),
			"SES answered with an error (api error AccessDeniedException: not authorized)",
			"the role may not send as this sender", "ses-access", 0},
		"expired": {refuse(403, "ExpiredTokenException", "expired"),
			"SES answered with an error (api error ExpiredTokenException: expired)", "the AWS credentials are not valid",
			"aws-credentials", 0},
		"unknown": {refuse(400, "SomethingNewException", "new"),
			"SES answered with an error (api error SomethingNewException: new)", "", "", 0},
		"broken": {refuse(500, "InternalServiceErrorException", "oops"),
			"SES answered with an error (InternalServiceErrorException: oops)", "", "ses", doubtful},
		"a gateway": {func(w http.ResponseWriter) {
			http.Error(w, "<html>",
				http.StatusBadGateway)
		}, "the answer from SES cannot be read (", "", "ses", doubtful},
		"cut off": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Length",
				"99")
			fmt.Fprint(w, `{"Mess`)
		}, "the answer from SES cannot be read (", "", "ses",
			doubtful},
		"not theirs": {func(w http.ResponseWriter) { fmt.Fprint(w, `<html>`) },
			"the answer from SES cannot be read (", "", "ses", doubtful},
		"lost": {func(w http.ResponseWriter) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Close()
			}
		}, "no answer from SES (EOF)", "", "ses", doubtful},
	} {
		t.Run(name, func(t *testing.T) {
			d := &double{answer: test.answer}
			_, err := d.sender(t).Send(t.Context(), message(t))
			f := failure(t, err)
			if f.Err.Error() != test.err && !(strings.HasSuffix(test.err, "(") &&
				strings.HasPrefix(f.Err.Error(), test.err)) {
				t.Errorf("got  %v\nwant %s", f.Err, test.err)
			}
			if !strings.HasPrefix(f.Remedy, test.cure) || test.cure == "" && f.Remedy != "" {
				t.Errorf("the cure is %q", f.Remedy)
			}
			if string(f.Cause) != test.cause {
				t.Errorf("the cause is %q", f.Cause)
			}
			if f.Permanent != (test.is&permanent != 0) || f.MaybeSent != (test.is&doubtful != 0) {
				t.Errorf("permanent %v, doubtful %v", f.Permanent, f.MaybeSent)
			}
			if len(d.all()) != 1 {
				t.Errorf("it was sent %d times", len(d.all()))
			}
			if api := new(interface{ ErrorCode() string }); strings.HasPrefix(test.err, "SES answered") &&
				!errors.As(err, api) {
				t.Error("the cause is lost")
			}
		})
	}
}

// TestSend_NothingWasSent is where no request can have reached SES.
func TestSend_NothingWasSent(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	loggedOut := moto.Config(closed.URL)
	loggedOut.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials,
		error) {
		return aws.Credentials{}, errors.New("not logged in")
	})
	nowhere := moto.Config("")
	nowhere.Region, nowhere.BaseEndpoint = "", nil
	for name, test := range map[string]struct {
		config aws.Config
		wrong  string
	}{
		"no server": {moto.Config(closed.URL),
			"no answer from SES (connect: connection refused)"},
		"no credentials": {loggedOut, "not logged in"},
		"no region":      {nowhere, "Missing Region"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &email.Sender{Client: sesv2.NewFromConfig(test.config)}
			_, err := s.Send(t.Context(), message(t))
			if f := failure(t, err); f.MaybeSent || f.Permanent ||
				!strings.Contains(f.Error(), test.wrong) {
				t.Errorf("got %+v: %v", f, f)
			}
		})
	}
}

// TestSend_Deadline: the time is up while the request is on its way.
func TestSend_Deadline(t *testing.T) {
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	d := &double{answer: func(http.ResponseWriter) { cancel(); <-release }}
	s := d.sender(t)
	t.Cleanup(func() { close(release) }) // before the server closes, which waits for its handlers
	_, err := s.Send(ctx, message(t))
	if f := failure(t, err); !f.MaybeSent || f.Permanent || !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v: %v", f, f)
	}
}

// TestSend_AfterStandstill: the time was up before, but the process stood still and has not heard
// of it. Nothing is sent then.
func TestSend_AfterStandstill(t *testing.T) {
	d := &double{answer: func(http.ResponseWriter) { t.Error("it was sent") }}
	_, err := d.sender(t).Send(unaware{t.Context()}, message(t))
	if f := failure(t, err); f.MaybeSent || f.Permanent ||
		!errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %+v: %v", f, f)
	}
}

// unaware is a context whose deadline has passed, of which it has not heard.
type unaware struct{ context.Context }

func (unaware) Deadline() (time.Time, bool) { return time.Now().Add(-time.Second), true }

// inProcess lets a handler answer without a network, so that the clock may be a fake one.
type inProcess struct{ http.Handler }

func (p inProcess) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// TestSend_Throttled: SES's limit is of messages a second, so the next second will do.
func TestSend_Throttled(t *testing.T) {
	const (
		rate  = "Maximum sending rate exceeded."
		daily = "Daily message quota exceeded."
	)
	for name, test := range map[string]struct {
		throttles, sent int
		code, said      string
		wrong, cause    string
	}{
		"for a moment": {throttles: 2, sent: 3, code: "TooManyRequestsException", said: rate},
		"for long": {throttles: 9, sent: 4, code: "TooManyRequestsException", said: rate,
			wrong: "SES answered with an error (TooManyRequestsException: Maximum sending rate exceeded.)", cause: "ses"},
		"for today": {throttles: 9, sent: 4, code: "LimitExceededException", said: daily,
			wrong: "SES answered with an error (LimitExceededException: Daily message quota exceeded.): the account's quota of 24 hours is used up: " +
				"request a higher one in the SES console, Account dashboard", cause: "ses-quota"},
	} {
		t.Run(name, func(t *testing.T) {
			m := message(t)
			synctest.Test(t, func(t *testing.T) {
				d := &double{}
				n := 0
				d.answer = func(w http.ResponseWriter) {
					if n++; n <= test.throttles {
						refuse(429, test.code, test.said)(w)
						return
					}
					fmt.Fprint(w, `{"MessageId": "m-1"}`)
				}
				config := moto.Config("http://ses.invalid")
				config.HTTPClient = inProcess{d}
				start := time.Now()
				_, err := (&email.Sender{Client: sesv2.NewFromConfig(config)}).Send(t.Context(), m)
				if len(d.all()) != test.sent || time.Since(start) > 15*time.Second {
					t.Errorf("sent %d times in %v", len(d.all()), time.Since(start))
				}
				if test.wrong == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				if f := failure(t, err); f.Permanent || f.MaybeSent || f.Error() != test.wrong ||
					string(f.Cause) != test.cause {
					t.Errorf("got %+v: %v", f, f)
				}
			})
		})
	}
}

func TestSend_BlockedAddress(t *testing.T) {
	d := &double{}
	s := d.sender(t)
	store := &storetest.Memory{}
	s.Store = store
	put := func(tenant, data string) {
		t.Helper()
		if _, err := store.Put(t.Context(), delivery.KeysOf(tenant).Address(kariID),
			delivery.Object{Data: []byte(data)}, delivery.Condition{}); err != nil {
			t.Fatal(err)
		}
	}
	const block = `{"kind": "bounced", "reason": "user unknown", "at": "2026-11-09T07:00:00Z", "message_id": "m-0"}`
	m := message(t)
	put("beta", block) // another tenant's bounce is none of ours
	if _, err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}

	put("acme", block)
	m.Destination.To = "Kari@Example.com" // the same mailbox
	for name, send := range map[string]func() error{
		"Send": func() error { _, err := s.Send(t.Context(), m); return err },
		"Send, of a notice": func() error {
			_,
				err := s.Send(t.Context(), notice(m.Destination.To, "subject", "text"))
			return err
		},
	} {
		f := failure(t, send())
		const want = "Kari@Example.com gets no more mail: bounced on 2026-11-09 UTC (user unknown): correct or remove the address in the configuration; " +
			"if it works after all, remove it from the suppression list in the SES console and delete acme/mail/mail-7ce44e0d2b942bf2.json from the bucket"
		if f.Error() != want || !f.Permanent || f.MaybeSent || f.Cause != "address/"+kariID {
			t.Errorf("%s: got %+v: %v", name, f, f)
		}
	}

	put("acme", "}")
	_, err := s.Send(t.Context(), m)
	if f := failure(t, err); f.Permanent || f.MaybeSent || f.Cause != "store" ||
		!strings.HasPrefix(f.Error(), "cannot read from acme/mail/") {
		t.Errorf("got %+v: %v", f, f)
	}
	s.Store = failing(store, 1)
	_, err = s.Send(t.Context(), m)
	if f := failure(t, err); f.Permanent || f.MaybeSent || f.Cause != "store" ||
		!errors.Is(err, errDown) {
		t.Errorf("without an answer of the store: %+v: %v", f, f)
	}
	if len(d.all()) != 1 {
		t.Errorf("%d messages were sent, want the first one alone", len(d.all()))
	}
}

// notice is a notice to ops.
func notice(to, subject, text string) delivery.Message {
	n := &delivery.Notice{ID: "slack-token-1", Subject: subject, Text: text}
	return delivery.Message{Key: "acme/notice/" + n.ID + "/" + idOf(to), Tenant: acme,
		Destination: config.Destination{Medium: config.Mail, To: to}, Payload: n}
}

func TestSend_Notice(t *testing.T) {
	d := &double{}
	const text = "Nothing was delivered to #support:\r\ninvite the app – «/invite @Kindly Weekly»\n\n.\nFrom the start\n"
	ref, err := d.sender(t).Send(t.Context(),
		notice("ops@example.com", "Rød\abot\r\nBcc: all@example.com\u2028\u202e x", text))
	if err != nil || ref != "m-1" {
		t.Fatal(ref, err)
	}
	got := d.all()[0]
	if diff := cmp.Diff([]tag{{"tenant", "acme"}}, got.Tags); diff != "" ||
		aws.ToString(got.Set) != "kindly-weekly-prod" ||
		got.Destination.ToAddresses[0] != "ops@example.com" {
		t.Errorf("%+v", got)
	}
	read, err := netmail.ReadMessage(bytes.NewReader(got.Content.Raw.Data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
	if want := "Rød bot Bcc: all@example.com x"; err != nil || subject != want ||
		read.Header.Get("Bcc") != "" {
		t.Errorf("subject %q, %v, headers %v", subject, err, read.Header)
	}
	if from, err := read.Header.AddressList("From"); err != nil ||
		from[0].Address != "weekly@example.com" ||
		read.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%v, %v", err, read.Header)
	}

	body, err := io.ReadAll(read.Body)
	if err != nil || !strings.Contains(string(body), "Nothing was delivered to #support:") {
		t.Errorf("%s, %v", body, err)
	}
	if _, err := d.sender(t).Send(t.Context(),
		notice("ops@example.com", "All is said", "")); err != nil ||
		!strings.HasSuffix(string(d.all()[1].Content.Raw.Data), "\r\n\r\nAll is said") {
		t.Errorf("%v, %s", err, d.all()[1].Content.Raw.Data)
	}

	for address, wrong := range map[string]string{
		"ops":                     `"ops" is not a mail address`,
		"ops@example.com\r\nX: y": `"ops@example.com\r\nX: y" is not a mail address`,
	} {
		_, err := d.sender(t).Send(t.Context(), notice(address, "s", "t"))
		if f := failure(t, err); !strings.HasPrefix(f.Error(), wrong) || !f.Permanent {
			t.Errorf("got %+v: %v", f, f)
		}
	}
	unsigned := notice("ops@example.com", "s", "t")
	unsigned.Tenant = &config.Tenant{Name: "acme"}
	_, err = d.sender(t).Send(t.Context(), unsigned)
	if f := failure(t, err); f.Remedy == "" || f.Cause != "mail-sender" {
		t.Errorf("got %+v: %v", f, f)
	}
	d.answer = refuse(400, "SendingPausedException", "no")
	_, err = d.sender(t).Send(t.Context(), notice("ops@example.com", "s", "t"))
	if f := failure(t, err); !strings.HasPrefix(f.Remedy, "sending is paused") {
		t.Errorf("got %+v: %v", f, f)
	}
	if len(d.all()) != 3 {
		t.Errorf("%d messages were sent", len(d.all()))
	}
}

func TestSend_Moto(t *testing.T) {
	url := moto.Start(t)
	client := sesv2.NewFromConfig(moto.Config(url))
	s := &email.Sender{Client: client}
	m := message(t)

	_, err := s.Send(t.Context(), m)
	if f := failure(t, err); !strings.HasPrefix(f.Error(), "SES answered with an error (MessageRejected: ") ||
		f.MaybeSent {
		t.Errorf("without an identity: %+v: %v", f, f)
	}
	if _, err := client.CreateEmailIdentity(t.Context(),
		&sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("example.com")}); err != nil {
		t.Fatal(err)
	}
	ref, err := s.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Send(t.Context(), notice("ops@example.com", "Something is wrong",
		"This is.")); err != nil {
		t.Fatal(err)
	}

	answer, err := http.Get(url + "/moto-api/data.json")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var held struct {
		SES map[string][]struct {
			ID           string   `json:"id"`
			Source       string   `json:"source"`
			Destinations []string `json:"destinations"`
			Raw          string   `json:"raw_data"`
		} `json:"ses"`
	}
	if err := json.Unmarshal(body, &held); err != nil {
		t.Fatal(err)
	}
	mails := held.SES["RawMessage"]
	if len(mails) != 2 || mails[0].ID != ref || !slices.Contains(mails[0].Destinations, kari) {
		t.Fatalf("SES holds %d messages, the first %s to %v", len(mails), mails[0].ID,
			mails[0].Destinations)
	}
	said := readByPython(t, []byte(mails[0].Raw))
	if said.Images != 2 || len(said.Attached) != 1 ||
		said.From != "Ukas tall – Ærlig <weekly@example.com>" ||
		said.To != "Kari Nordmann <kari@example.com>" {
		t.Errorf("Python reads %+v", said)
	}
}

// A name that just fits is not cut.
func TestSend_LongestSender(t *testing.T) {
	d := &double{}
	m := notice("ops@example.com", "subject", "text")
	tenant := *acme
	from := &tenant.Mail.From
	for from.Name = strings.Repeat("a", 320); len(mail.Address(from.Name, from.Address)) > 320; {
		from.Name = from.Name[1:]
	}
	m.Tenant = &tenant
	if _, err := d.sender(t).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got, want := d.all()[0].From, mail.Address(from.Name, from.Address); got != want ||
		len(got) != 320 {
		t.Errorf("%d characters: %s, want %s", len(got), got, want)
	}
}

// An address that is too long by itself is sent as it is: SES says what is wrong with it.
func TestSend_LongAddress(t *testing.T) {
	d := &double{}
	m := message(t)
	tenant := *acme
	tenant.Mail.From.Address = "weekly@" + strings.Repeat("a.", 160) + "example.com"
	m.Tenant = &tenant
	if _, err := d.sender(t).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if from := d.all()[0].From; !strings.HasSuffix(from, "<"+tenant.Mail.From.Address+">") {
		t.Errorf("sent from %s", from)
	}
}

// A sender's name is sent to SES as long as SES takes an address, and never cut within a character.
func TestSend_LongSenderFits(t *testing.T) {
	for _, name := range []string{strings.Repeat("a", 300),
		strings.Repeat("Avdeling for støtte, ", 14), strings.Repeat("👩\u200d👩\u200d👧", 20)} {
		d := &double{}
		m := message(t)
		tenant := *acme
		tenant.Mail.From.Name = name
		m.Tenant = &tenant
		if _, err := d.sender(t).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		from := d.all()[0].From
		read, err := netmail.ParseAddress(from)
		if err != nil || len(from) > 320 || len(from) < 200 || !strings.HasSuffix(read.Name, "…") &&
			read.Name != strings.TrimSpace(name) {
			t.Errorf("%d characters: %s is read as %q, %v", len(from), from, read, err)
		}
		if whole := strings.TrimSuffix(read.Name, "…"); !strings.HasPrefix(name, whole) ||
			strings.HasPrefix(name, "👩") && strings.Count(whole, "👩") != 2*strings.Count(whole,
				"👧") {
			t.Errorf("%q is not the beginning of the name in whole characters", read.Name)
		}
	}
}

// What has not left this machine was not sent, and what has may have been.
func TestSend_NoAnswer(t *testing.T) {
	m := message(t)
	for _, route := range connectiontest.Routes(t) {
		t.Run(route.Name, func(t *testing.T) {
			config := moto.Config(route.URL)
			config.HTTPClient = route.Client
			s := &email.Sender{Client: sesv2.NewFromConfig(config)}
			_, err := s.Send(route.Context(t), m)
			if f := failure(t, err); f.MaybeSent != route.Leaves || f.Permanent {
				t.Errorf("maybe sent %t, permanent %t: %v", f.MaybeSent, f.Permanent, f)
			}
		})
	}
}
