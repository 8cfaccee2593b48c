package email

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"kindlyweekly/report/names"
)

// Kind is the kind of an event.
type Kind string

// The kinds that Apply records. Any other event, such as that SES sent a message or retries, is "".
const (
	Delivered  Kind = "delivered"
	Bounced    Kind = "bounced"
	Complained Kind = "complained" // the recipient marked it as spam
	Rejected   Kind = "rejected"   // SES accepted it and then found a virus
)

// Event is what SES reports about one message to one recipient.
type Event struct {
	Kind      Kind
	MessageID string // what Send returned
	Recipient string
	At        time.Time
	Permanent bool   // of a bounce: the address does not work
	Reason    string // in SES's words and those of the recipient's server, one line
	Tags      Tags
}

// ErrMalformed is the error of an event that cannot be read: log and discard it.
var ErrMalformed = errors.New("malformed SES event")

// ParseEvent reads an event as EventBridge delivers it to a Lambda, or to a queue as a message's
// body. The formats are in "Monitoring SES events using Amazon EventBridge" of the SES developer
// guide. Its error is ErrMalformed.
func ParseEvent(body []byte) (Event, error) {
	var in struct {
		Source     string    `json:"source"`
		DetailType string    `json:"detail-type"`
		Time       time.Time `json:"time"`
		Detail     struct {
			Mail struct {
				MessageID   string              `json:"messageId"`
				Destination []string            `json:"destination"`
				Tags        map[string][]string `json:"tags"`
			} `json:"mail"`
			Bounce struct {
				Type       string    `json:"bounceType"`
				SubType    string    `json:"bounceSubType"`
				Timestamp  time.Time `json:"timestamp"`
				Recipients []struct {
					Diagnostic string `json:"diagnosticCode"`
				} `json:"bouncedRecipients"`
			} `json:"bounce"`
			Complaint struct {
				Feedback  string    `json:"complaintFeedbackType"`
				SubType   string    `json:"complaintSubType"`
				Timestamp time.Time `json:"timestamp"`
			} `json:"complaint"`
			Delivery struct {
				Timestamp time.Time `json:"timestamp"`
				Response  string    `json:"smtpResponse"`
			} `json:"delivery"`
			Reject struct {
				Reason string `json:"reason"`
			} `json:"reject"`
		} `json:"detail"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if in.Source != "aws.ses" {
		return Event{}, fmt.Errorf("%w: source %.40q is not aws.ses", ErrMalformed, in.Source)
	}
	d := in.Detail
	e := Event{MessageID: d.Mail.MessageID, At: in.Time}
	var said []string
	switch in.DetailType {
	case "Email Delivered":
		e.Kind, e.At, said = Delivered, d.Delivery.Timestamp, []string{d.Delivery.Response}
	case "Email Bounced":
		e.Kind, e.At, said = Bounced, d.Bounce.Timestamp, []string{d.Bounce.Type, d.Bounce.SubType}
		e.Permanent = d.Bounce.Type == "Permanent"
		if len(d.Bounce.Recipients) > 0 {
			said = append(said, d.Bounce.Recipients[0].Diagnostic)
		}
	case "Email Complaint Received":
		if d.Complaint.Feedback == "not-spam" {
			return e, nil // the recipient moved it out of the spam folder
		}
		e.Kind, e.At = Complained, d.Complaint.Timestamp
		said = []string{d.Complaint.Feedback, d.Complaint.SubType}
	case "Email Rejected":
		e.Kind, said = Rejected, []string{d.Reject.Reason}
	default:
		return e, nil
	}
	var err error
	switch e.Tags, err = decodeTags(d.Mail.Tags); {
	case err != nil:
		return Event{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	case len(d.Mail.Destination) == 0 || e.MessageID == "":
		return Event{}, fmt.Errorf("%w: message ID or recipient is missing", ErrMalformed)
	}
	e.Recipient = d.Mail.Destination[0] // ours have only one
	if e.At.IsZero() {
		e.At = in.Time
	}
	e.Reason = reason(said)
	return e, nil
}

// reason joins the parts that are not empty.
func reason(said []string) string {
	const most = 300
	var parts []string
	for _, s := range said {
		if s = line(s); s != "" {
			parts = append(parts, s)
		}
	}
	return names.Cut(strings.Join(parts, ", "), most)
}
