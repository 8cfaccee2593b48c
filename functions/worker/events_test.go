package worker_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"kindlyweekly/report/delivery"
)

func TestHandleMailEvent_Bounce(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		if again := h.handle(fixture(t, "mail-bounced.json")); again != 0 {
			t.Fatal("SQS repeats the event")
		}
		h.states(delivery.Accepted, delivery.Bounced)
		if r := h.record(kari); !strings.Contains(r.Reason, "550 5.1.1 user unknown") {
			t.Errorf("the ledger says %q", r.Reason)
		}
		h.out.has(t, `"Failed":1`, `"Reason":"bounce"`, `"tenant":"acme"`, `"period":"2026-W46"`)
	})
}

func TestHandleMailEvent_Complaint(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		event := fixture(t, "mail-bounced.json")
		event.Records[0].Body = strings.NewReplacer("Email Bounced", "Email Complaint Received",
			`"bounce":{`, `"complaint":{`).Replace(event.Records[0].Body)
		h.handle(event)
		if r := h.record(kari); r.State != delivery.Bounced ||
			!strings.Contains(r.Reason, "marked it as spam") {
			t.Errorf("the ledger says %+v", r)
		}
	})
}

func TestHandleMailEvent_Delivered(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		event := fixture(t, "mail-bounced.json")
		event.Records[0].Body = strings.NewReplacer("Email Bounced", "Email Delivered",
			`"bounce":{`, `"delivery":{`).Replace(event.Records[0].Body)
		if again := h.handle(event); again != 0 {
			t.Fatal("SQS repeats the event")
		}
		h.states(delivery.Accepted, delivery.Delivered)
		h.out.hasNot(t, `"Failed":1`)
	})
}

// An event that says nothing about a delivery changes nothing.
func TestHandleMailEvent_Other(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		event := fixture(t, "mail-bounced.json")
		event.Records[0].Body = strings.Replace(event.Records[0].Body, "Email Bounced",
			"Email Sent", 1)
		h.out.lines = nil
		if again := h.handle(event); again != 0 {
			t.Fatal("SQS repeats the event")
		}
		h.states(delivery.Accepted, delivery.Accepted)
		h.out.hasNot(t, `"Failed":1`)
		h.out.hasNot(t, `"tenant"`) // it does not say whose it is
	})
}

// A worker must first record that it sent the mail.
func TestHandleMailEvent_BeforeRecord(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.mail.crash = "kari@example.com"
		h.handle(fixture(t, "weekly.json"))
		h.states(delivery.Accepted, delivery.Claimed)
		if again := h.handle(fixture(t, "mail-bounced.json")); again != 1 {
			t.Error("the event is lost")
		}
		h.out.hasNot(t, "the store cannot be reached")
	})
}

func TestHandleMailEvent_TenantGone(t *testing.T) {
	in(t, nil, func(t *testing.T, h *harness) {
		if again := h.handle(fixture(t, "mail-bounced.json")); again != 0 {
			t.Error("SQS repeats the event")
		}
	})
}

func TestHandle_MalformedMessage(t *testing.T) {
	for name, file := range map[string]string{
		"not JSON at all: topsecret": "weekly.json",
		`{"version":1,"tenant":"../globex","bot":"4217","week":"2026-W46","secret":"topsecret"}`: "weekly.json",
		`{"version":1,"tenant":"acme","response_url":"topsecret"}`:                               "request.json",
		`{"source":"aws.ses","detail-type":"Email Bounced","id":"topsecret"}`:                    "mail-bounced.json",
		`{"source":"aws.ses","detail":"topsecret"}`:                                              "mail-bounced.json",
	} {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			event := fixture(t, file)
			event.Records[0].Body = name
			if again := h.handle(event); again != 0 {
				t.Errorf("SQS repeats %s", name)
			}
			h.out.has(t, `"ERROR"`, "discarded malformed message",
				`"message_id":"`+event.Records[0].MessageId, event.Records[0].EventSourceARN)
			h.out.has(t, `"Failed":1`, `"Reason":"message"`)
			h.out.hasNot(t, "topsecret")
		})
	}
}

// Such a message comes from a deployment that is under way or was rolled back.
func TestHandle_MessageOfAnotherVersion(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		event := fixture(t, "weekly.json")
		event.Records[0].Body = strings.Replace(event.Records[0].Body, `"version":1`, `"version":2`,
			1)
		if again := h.handle(event); again != 1 {
			t.Error("the message is lost")
		}
	})
}

// A message that fails does not fail the others of its batch.
func TestHandle_BatchFailsInPart(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		bad := fixture(t, "weekly.json").Records[0]
		bad.MessageId, bad.Body = "bad", strings.Replace(bad.Body, `"version":1`, `"version":2`, 1)
		response, err := h.Handle(t.Context(),
			events.SQSEvent{Records: []events.SQSMessage{bad,
				fixture(t, "weekly.json").Records[0]}})
		if err != nil || len(response.BatchItemFailures) != 1 ||
			response.BatchItemFailures[0].ItemIdentifier != "bad" {
			t.Errorf("%v, %v", response, err)
		}
		h.states(delivery.Accepted, delivery.Accepted)
	})
}
