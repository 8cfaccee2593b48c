package sns_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"kindlyweekly/functions/channel/sns"
	"kindlyweekly/functions/connection/connectiontest"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

const topic = "arn:aws:sns:eu-west-1:123456789012:kindly-weekly-prod-alarms"

// double is a fake SNS that keeps messages and has a given answer.
type double struct {
	answer func(w http.ResponseWriter) // nil takes the message
	mu     sync.Mutex
	got    []url.Values
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	var form url.Values
	if err == nil {
		form, err = url.ParseQuery(string(body))
	}
	signed := strings.Contains(r.Header.Get("Authorization"), "/sns/aws4_request")
	if r.Method != http.MethodPost || form.Get("Action") != "Publish" || err != nil || !signed {
		http.Error(w, fmt.Sprint("not a Publish: ", r.Method, r.URL, r.Header, err),
			http.StatusTeapot)
		return
	}
	d.got = append(d.got, form)
	if d.answer != nil {
		d.answer(w)
		return
	}
	fmt.Fprint(w,
		`<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>`)
}

// sender returns a Sender whose client calls the fake, without a network.
func (d *double) sender() *sns.Sender {
	config := moto.Config("http://sns.invalid")
	config.HTTPClient = inProcess{d}
	return &sns.Sender{Client: awssns.NewFromConfig(config)}
}

// inProcess lets a handler answer without a network, so that the clock may be a fake one.
type inProcess struct{ http.Handler }

func (p inProcess) Do(r *http.Request) (answer *http.Response, err error) {
	defer func() {
		if recover() != nil {
			err = io.ErrUnexpectedEOF // the handler has dropped the connection
		}
	}()
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), r.Context().Err()
}

// refuse answers as SNS does where it does not take a message.
func refuse(status int, code string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		fmt.Fprintf(w,
			`<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error><RequestId>%d</RequestId></ErrorResponse>`,
			code, time.Now().UnixNano())
	}
}

func message(subject, text string) delivery.Message {
	return delivery.Message{Key: "acme/notice/slack-token-1/sns",
		Tenant:      &config.Tenant{Name: "acme"},
		Destination: config.Destination{Medium: delivery.Topic, To: topic},
		Payload:     &delivery.Notice{ID: "slack-token-1", Subject: subject, Text: text}}
}

func TestSend(t *testing.T) {
	long := strings.Repeat("o", 100)
	for name, test := range map[string]struct{ subject, text, wantSubject, want string }{
		"the usual": {"acme: something is wrong", "First.\nSecond – «third».",
			"acme: something is wrong", "First.\nSecond – «third»."},
		"a subject alone": {"Something is wrong", "", "Something is wrong",
			"Something is wrong"},
		"a subject in Norwegian": {"Ukas tall – blåbærgrøt", "Text.", "Ukas tall - blabaergrot",
			"Ukas tall – blåbærgrøt\n\nText."},
		"two lines": {"One\r\nBcc:\u2028two", "Text.", "One Bcc: two",
			"One\r\nBcc:\u2028two\n\nText."},
		"control characters": {"a\x00b\u202ec\x7f", "Text.", "ab?c",
			"a\x00b\u202ec\x7f\n\nText."},
		"not UTF-8":            {"a\xff", "b\xff", "a?", "a\uFFFD\n\nb\uFFFD"},
		"as long as can be":    {long[1:], "Text.", long[1:], "Text."},
		"too long":             {long, "Text.", long[4:] + "...", long + "\n\nText."},
		"in another script":    {"日本", "Text.", "??", "日本\n\nText."},
		"a mark and no letter": {"\u0301", "Text.", "", "\u0301\n\nText."},
	} {
		t.Run(name, func(t *testing.T) {
			d := &double{}
			ref, err := d.sender().Send(t.Context(), message(test.subject, test.text))
			if err != nil || ref != "m-1" {
				t.Fatalf("got %q and %v", ref, err)
			}
			got := d.got[0]
			if got.Get("TopicArn") != topic || got.Get("Subject") != test.wantSubject ||
				got.Has("Subject") != (test.wantSubject != "") || got.Get("Message") != test.want {
				t.Errorf("published %q", got)
			}
		})
	}
}

// A text that is too long for SNS is cut, between two letters.
func TestSend_LongText(t *testing.T) {
	d := &double{}
	if _, err := d.sender().Send(t.Context(),
		message("Long", strings.Repeat("å", 200_000))); err != nil {
		t.Fatal(err)
	}
	if text := d.got[0].Get("Message"); len(text) > 256<<10 || len(text) < 256<<10-2 ||
		!utf8.ValidString(text) || !strings.HasSuffix(text, "å…") {
		t.Errorf("%d bytes are published, to %q", len(text), text[len(text)-8:])
	}
}

func failure(t *testing.T, err error) *delivery.Failure {
	t.Helper()
	var f *delivery.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%T %v is no Failure", err, err)
	}
	return f
}

// What is not even sent.
func TestSend_Refused(t *testing.T) {
	for name, change := range map[string]func(m *delivery.Message){
		"a report":           func(m *delivery.Message) { m.Payload = new(delivery.Editions) },
		"a channel":          func(m *delivery.Message) { m.Destination = config.Destination{Medium: config.Slack, To: "C024BE91L"} },
		"another's ARN":      func(m *delivery.Message) { m.Destination.To = "arn:aws:sqs:eu-west-1:123456789012:weekly" },
		"an ARN and a space": func(m *delivery.Message) { m.Destination.To += " " },
	} {
		d := &double{}
		m := message("Subject", "Text.")
		change(&m)
		_, err := d.sender().Send(t.Context(), m)
		if f := failure(t, err); !f.Permanent || f.MaybeSent || f.Cause != "sns-message" ||
			len(d.got) != 0 {
			t.Errorf("%s: %+v: %v, %d messages were sent", name, f, f, len(d.got))
		}
	}
}

// Every answer that SNS documents for Publish to a topic, and those that are none.
func TestSend_Failures(t *testing.T) {
	const (
		permanent = 1 << iota
		doubtful
	)
	for _, test := range []struct {
		name   string
		answer func(http.ResponseWriter)
		err    string
		cure   string // how it begins
		cause  string
		is     int
		calls  int
	}{
		{"no topic", refuse(404, "NotFound"), "SNS answered with an error (NotFound: no)", "there is no topic " + topic,
			"sns-topic", 0, 1},
		{"denied", refuse(403, "AuthorizationError"), "SNS answered with an error (AuthorizationError: no)",
			"the role may not publish to it: allow sns:Publish on " + topic, "sns-access", 0, 1},
		{"no key", refuse(400, "KMSNotFound"), "SNS answered with an error (KMSNotFound: no)", "the KMS key of " + topic,
			"sns-key", 0, 1},
		{"a key that is disabled", refuse(400, "KMSDisabled"), "SNS answered with an error (KMSDisabled: no)",
			"the KMS key of " + topic, "sns-key", 0, 1},
		{"a key in the wrong state", refuse(400, "KMSInvalidState"), "SNS answered with an error (KMSInvalidState: no)",
			"the KMS key of " + topic, "sns-key", 0, 1},
		{"another account's key", refuse(400, "KMSAccessDenied"), "SNS answered with an error (KMSAccessDenied: no)",
			"the KMS key of " + topic, "sns-key", 0, 1},
		{"too often, for the key", refuse(400, "KMSThrottling"), "SNS answered with an error (KMSThrottling: no)", "",
			"sns", 0, 4},
		{"too often", refuse(429, "Throttled"), "SNS answered with an error (api error Throttled: no)", "", "sns", 0, 4},
		{"not valid", refuse(400, "InvalidParameter"), "SNS answered with an error (InvalidParameter: no)", "",
			"sns-message", permanent, 1},
		{"credentials", refuse(403, "InvalidClientTokenId"),
			"SNS answered with an error (api error InvalidClientTokenId: no)", "the AWS credentials are not valid",
			"aws-credentials", 0, 1},
		{"new", refuse(400, "SomethingNew"), "SNS answered with an error (api error SomethingNew: no)", "", "", 0, 1},
		{"broken", refuse(500, "InternalError"), "SNS answered with an error (InternalError: no)", "", "sns", doubtful, 1},
		{"not theirs", func(w http.ResponseWriter) { fmt.Fprint(w, `<html`) },
			"the answer from SNS cannot be read (", "", "sns", doubtful, 1},
		{"lost", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, "no answer from SNS (",
			"", "sns", doubtful, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // a throttle is waited out
				d := &double{answer: test.answer}
				var said string
				for range 2 {
					_, err := d.sender().Send(t.Context(), message("Subject", "Text."))
					f := failure(t, err)
					if f.Err.Error() != test.err &&
						!(strings.HasSuffix(test.err, "(") &&
							strings.HasPrefix(f.Err.Error(), test.err)) {
						t.Errorf("got  %v\nwant %s", f.Err, test.err)
					}
					if !strings.HasPrefix(f.Remedy, test.cure) || test.cure == "" &&
						f.Remedy != "" || string(f.Cause) != test.cause {
						t.Errorf("the cure is %q, the cause %q", f.Remedy, f.Cause)
					}
					if f.Permanent != (test.is&permanent != 0) ||
						f.MaybeSent != (test.is&doubtful != 0) {
						t.Errorf("permanent %v, doubtful %v", f.Permanent, f.MaybeSent)
					}
					if said != "" && f.Error() != said {
						t.Errorf("the second time it is %v", f)
					}
					said = f.Error()
				}
				if len(d.got) != 2*test.calls {
					t.Errorf("it was sent %d times", len(d.got))
				}
			})
		})
	}
}

// The time is up during the request; or there is no connection, and nothing was sent.
func TestSend_NoAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := &double{answer: func(http.ResponseWriter) { cancel() }}
	_, err := d.sender().Send(ctx, message("Subject", "Text."))
	if f := failure(t, err); !f.MaybeSent || f.Permanent || !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v: %v", f, f)
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	_, err = (&sns.Sender{Client: awssns.NewFromConfig(moto.Config(closed.URL))}).Send(t.Context(),
		message("Subject", "Text."))
	if f := failure(t, err); f.MaybeSent || f.Permanent ||
		f.Error() != "no answer from SNS (connect: connection refused)" {
		t.Errorf("got %+v: %v", f, f)
	}
}

// What has not left this machine was not published, and what has may have been.
func TestSend_Routes(t *testing.T) {
	for _, route := range connectiontest.Routes(t) {
		t.Run(route.Name, func(t *testing.T) {
			config := moto.Config(route.URL)
			config.HTTPClient = route.Client
			s := &sns.Sender{Client: awssns.NewFromConfig(config)}
			_, err := s.Send(route.Context(t), message("Subject", "Text."))
			if f := failure(t, err); f.MaybeSent != route.Leaves || f.Permanent {
				t.Errorf("maybe sent %t, permanent %t: %v", f.MaybeSent, f.Permanent, f)
			}
		})
	}
}

// The ledger delivers a notice, and repeats a doubtful one, since SNS cannot be searched.
func TestSend_OfTheLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &double{}
		lost := true
		d.answer = func(w http.ResponseWriter) {
			if lost {
				lost = false
				panic(http.ErrAbortHandler)
			}
			d.answer = nil
			fmt.Fprint(w,
				`<PublishResponse><PublishResult><MessageId>m-2</MessageId></PublishResult></PublishResponse>`)
		}
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		m := message("Subject", "Text.")
		var r delivery.Record
		for range 2 {
			var err error
			notice := *m.Payload.(*delivery.Notice)
			if r, err = l.Notify(t.Context(), notice, m.Destination, m, d.sender(),
				time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
		}
		if r.State != delivery.Accepted || r.Ref != "m-2" || !r.MaybeDuplicate || len(d.got) != 2 {
			t.Errorf("published %d times: %+v", len(d.got), r)
		}
	})
}

// A subscriber of the topic gets the notice.
func TestSend_Moto(t *testing.T) {
	config := moto.Config(moto.Start(t))
	client, queues := awssns.NewFromConfig(config), sqs.NewFromConfig(config)
	s := &sns.Sender{Client: client}
	_, err := s.Send(t.Context(), message("Subject", "Text."))
	if f := failure(t, err); f.Cause != "sns-topic" || f.MaybeSent {
		t.Errorf("without a topic: %+v: %v", f, f)
	}
	created, err := client.CreateTopic(t.Context(),
		&awssns.CreateTopicInput{Name: aws.String("kindly-weekly-prod-alarms")})
	if err != nil || *created.TopicArn != topic {
		t.Fatal(err, aws.ToString(created.TopicArn))
	}
	queue, err := queues.CreateQueue(t.Context(),
		&sqs.CreateQueueInput{QueueName: aws.String("ops")})
	if err != nil {
		t.Fatal(err)
	}
	attributes, err := queues.GetQueueAttributes(t.Context(),
		&sqs.GetQueueAttributesInput{QueueUrl: queue.QueueUrl,
			AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameQueueArn}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Subscribe(t.Context(),
		&awssns.SubscribeInput{TopicArn: created.TopicArn, Protocol: aws.String("sqs"),
			Endpoint: aws.String(attributes.Attributes["QueueArn"])}); err != nil {
		t.Fatal(err)
	}
	ref, err := s.Send(t.Context(), message("Blåbærgrøt", "Første.\nAndre."))
	if err != nil {
		t.Fatal(err)
	}
	received, err := queues.ReceiveMessage(t.Context(),
		&sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl})
	if err != nil || len(received.Messages) != 1 {
		t.Fatal(err, received)
	}
	var got struct{ MessageId, Subject, Message string }
	if err := json.Unmarshal([]byte(*received.Messages[0].Body), &got); err != nil {
		t.Fatal(err)
	}
	if got.MessageId != ref || got.Subject != "Blabaergrot" ||
		got.Message != "Blåbærgrøt\n\nFørste.\nAndre." {
		t.Errorf("ops got %+v, want the notice with the id %s", got, ref)
	}
}
