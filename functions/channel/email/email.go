// Package email sends mail through AWS SES v2, and makes sense of what SES tells of it afterwards.
//
// [Sender.Send] sends a report's mail edition to one recipient, as a raw message, so that what [mail.Message] made arrives
// as it is; of a notice to ops it sends the text, and of an overview
// what [mail.Portfolio] makes. SES takes a message and tries to deliver it later: accepted is not
// delivered. What became of it comes as an event, by EventBridge, which [ParseEvent] reads and [Apply] writes down:
//
//	Email Delivered            the delivery's record says Delivered
//	Email Bounced              the record says Bounced, with the server's words; if for good, the address is blocked
//	Email Complaint Received   the same, and the address is blocked
//	Email Rejected             the record says Bounced: SES found a virus
//
// Such a record also has the cure and the cause, so that ops can be told from it. Nothing more is sent to a blocked address,
// because SES suspends accounts that go on. Events carry back the tags that the message was sent with; that is how they find
// its record, and that of a resend or of what somebody asked for is one of its own.
package email

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/channel"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/names"
	"kindlyweekly/report/summary"
)

// Client is what a Sender needs of SES's client.
type Client interface {
	SendEmail(context.Context, *sesv2.SendEmailInput, ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error)
}

// maxMessage is what SES takes, in bytes as they are sent.
const maxMessage = 40_000_000

// Sender is the delivery.Sender for mail.
type Sender struct {
	Client           Client
	ConfigurationSet string         // which publishes the events; empty: none, and nobody hears of bounces
	Store            delivery.Store // where Apply blocks addresses, and the operator's Senders are; nil: nothing is refused
}

// New returns the sender of a deployment, with the SES configuration set of SES_CONFIGURATION_SET.
func New(ctx context.Context, e channel.Env) (*Sender, error) {
	cfg, err := e.AWS(ctx)
	if err != nil {
		return nil, err
	}
	return &Sender{
		Client: sesv2.NewFromConfig(cfg), ConfigurationSet: e.Getenv("SES_CONFIGURATION_SET"), Store: e.Store,
	}, nil
}

var _ delivery.Sender = (*Sender)(nil)

// Find returns delivery.ErrCannotSearch: nobody can look into another's mailbox.
func (s *Sender) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, delivery.ErrCannotSearch
}

// Send sends the mail edition, in the language of m.Report, or the notice, and returns SES's message id. Its error is a
// *delivery.Failure.
func (s *Sender) Send(ctx context.Context, m delivery.Message) (string, error) {
	if m.Destination.Medium != config.Mail {
		return "", mistake(fmt.Errorf("%s is no mail address", m.Destination.ID()))
	}
	if _, err := parse(m.Destination.To); err != nil {
		return "", badAddress(m.Destination, err)
	}
	if err := s.refuseBlocked(ctx, m.Tenant.Name, m.Destination.To); err != nil {
		return "", err
	}
	if err := s.refuseForeign(ctx, m.Tenant.Name, m.Tenant.Mail.From.Address); err != nil {
		return "", err
	}
	raw, from, err := compose(m)
	if err != nil {
		return "", err
	}
	return s.send(ctx, from, m.Destination.To, raw, tagsOf(m))
}

// compose makes the raw message.
func compose(m delivery.Message) (raw []byte, from string, err error) {
	if from, err = sender(m.Tenant); err != nil {
		return nil, "", err
	}
	if m.Notice != nil {
		if raw, err = plain(from, m.Destination.To, *m.Notice); err != nil {
			return nil, "", mistake(err)
		}
		return raw, from, nil
	}
	if m.Portfolio != nil {
		p, err := m.Portfolio.Page()
		if err != nil {
			return nil, "", mistake(err)
		}
		if raw, err = mail.Portfolio(m.Portfolio, p, envelope(m, from)); err != nil {
			return nil, "", misaddressed(err)
		}
		return raw, from, nil
	}
	words, err := summary.Of(m.Report)
	if err != nil {
		return nil, "", mistake(err)
	}
	if raw, err = mail.Message(m.Report, words, envelope(m, from), m.Chart, m.PDF()); err != nil {
		return nil, "", misaddressed(err)
	}
	return raw, from, nil
}

func envelope(m delivery.Message, from string) mail.Envelope {
	e := mail.Envelope{From: from, To: []string{mail.Address(m.Destination.Name, m.Destination.To)}}
	if m.Bot.Owner.Address != "" {
		e.ReplyTo = mail.Address(m.Bot.Owner.Name, m.Bot.Owner.Address)
	}
	return e
}

func misaddressed(err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Remedy: "correct the sender or the owner in the configuration", Cause: causeHeader}
}

// send hands a message to SES.
func (s *Sender) send(ctx context.Context, from, to string, raw []byte, tags Tags) (string, error) {
	if len(raw) > maxMessage {
		return "", mistake(fmt.Errorf("the message has %d MB, and SES takes %d", len(raw)/1_000_000, maxMessage/1_000_000))
	}
	in := &sesv2.SendEmailInput{
		FromEmailAddress: &from,
		Destination:      &types.Destination{ToAddresses: []string{to}},
		Content:          &types.EmailContent{Raw: &types.RawMessage{Data: raw}},
		EmailTags:        tags.encode(),
	}
	if s.ConfigurationSet != "" {
		in.ConfigurationSetName = &s.ConfigurationSet
	}
	out, err := s.Client.SendEmail(ctx, in, func(o *sesv2.Options) { o.Retryer = retry.Retryer() })
	if err != nil {
		return "", failure(err)
	}
	return aws.ToString(out.MessageId), nil
}

// refuseBlocked returns a Failure if the address is blocked, or if that cannot be known.
func (s *Sender) refuseBlocked(ctx context.Context, tenant, address string) error {
	if s.Store == nil {
		return nil
	}
	block, err := Blocked(ctx, s.Store, tenant, destinationID(address))
	switch {
	case err != nil:
		return &delivery.Failure{Err: err, Cause: delivery.CauseStore}
	case block != nil:
		return &delivery.Failure{Err: fmt.Errorf("%s gets no more mail: %s on %s: %s", address, block.Kind,
			block.At.UTC().Format(time.DateOnly), block.Reason), Remedy: unblock(tenant, address), Cause: causeAddress.With(destinationID(address)), Permanent: true}
	}
	return nil
}

func sender(t *config.Tenant) (string, error) {
	if t.Mail.From.Address == "" {
		return "", &delivery.Failure{Err: errors.New("no sender is configured"),
			Remedy: "add mail: {from: Kindly Weekly <weekly@example.com>} to the configuration of " + t.Name, Cause: causeSender}
	}
	return from(t.Mail.From), nil
}

// maxFrom is how long SES says that an address may be. Whether a name counts, which replaces that of the raw message, it does
// not say.
const maxFrom = 320

// from is the sender as SES takes it, with as much of the name as it takes.
func from(a config.Address) string {
	address := mail.Address(a.Name, a.Address)
	for most := utf8.RuneCountInString(a.Name); len(address) > maxFrom && most > 0; most-- {
		address = mail.Address(names.Cut(a.Name, most), a.Address)
	}
	return address
}

// parse reads an address, perhaps with a name, and refuses what SES would, or what would smuggle in a header.
func parse(address string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(address)
	if err != nil {
		return nil, fmt.Errorf("%q is no mail address: %w: write it as name@example.com", address, err)
	}
	if strings.ContainsFunc(a.Address, func(r rune) bool { return r <= ' ' || r > '~' }) || strings.ContainsFunc(a.Name, unicode.IsControl) {
		return nil, fmt.Errorf("%q is no address that SES takes: only printable ASCII, domains in Punycode (xn--…)", address)
	}
	return a, nil
}

// destinationID is how an address is called in keys.
func destinationID(address string) string {
	return config.Destination{Medium: config.Mail, To: address}.ID()
}
