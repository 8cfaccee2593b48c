package email

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"kindlyweekly/report/names"
)

// Kind is what an event says.
type Kind string

// The kinds that matter. Every other event of SES, such as that it sent a message or tries again, is "".
const (
	Delivered  Kind = "delivered"
	Bounced    Kind = "bounced"
	Complained Kind = "complained" // the recipient called it spam
	Rejected   Kind = "rejected"   // SES took it and then found a virus
)

// Event is what SES tells of one message to one recipient.
type Event struct {
	Kind      Kind
	MessageID string // what Send returned
	Recipient string
	At        time.Time
	Permanent bool   // of a bounce: the address does not work, and trying again would harm the account
	Reason    string // in SES's words and those of the recipient's server, one line
	Tags      Tags
}

// ErrMalformed is an event that no try can make sense of: log it and let it go.
var ErrMalformed = errors.New("malformed SES event")

// ParseEvent reads an event as EventBridge delivers it, which is also the body of a message where its target is a
// queue. The formats are those of "Monitoring SES events using Amazon EventBridge" in the SES developer guide.
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
		return Event{}, fmt.Errorf("%w: its source is %.40q, not aws.ses", ErrMalformed, in.Source)
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
			return e, nil // praise: somebody took it out of the spam folder
		}
		e.Kind, e.At, said = Complained, d.Complaint.Timestamp, []string{d.Complaint.Feedback, d.Complaint.SubType}
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
		return Event{}, fmt.Errorf("%w: it does not say of which message to whom", ErrMalformed)
	}
	e.Recipient = d.Mail.Destination[0] // ours have only one
	if e.At.IsZero() {
		e.At = in.Time
	}
	e.Reason = reason(said)
	return e, nil
}

// reason joins what was said.
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
