// Package email sends mail with AWS SES v2 and records what SES reports about it later.
//
// [Sender.Send] sends a report's mail edition to one recipient, as a raw message, so that SES does
// not change what [mail.Message] made. It sends the text of a notice, and [mail.Portfolio]'s
// message of a portfolio. SES accepts a message and delivers it later. What happened then comes as
// an event from EventBridge, which [ParseEvent] reads and [Apply] records:
//
//	Email Delivered            the delivery's record says Delivered
//	Email Bounced              the record says Bounced, with the server's words; if the bounce is
//	                           permanent, the address is blocked
//	Email Complaint Received   likewise, and the address is blocked
//	Email Rejected             the record says Bounced: SES found a virus
//
// The record also has the remedy and the cause, for alerts. A blocked address gets no more mail,
// since SES suspends accounts that go on. An event has the tags of its message, which name the
// record. A resend and a requested report have records of their own.
//
// An [Account] is for setting a deployment up: whether SES is in its sandbox, whether it sends from
// an address, and the mail that verifies one.
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
	"kindlyweekly/functions/connection"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/mail"
	"kindlyweekly/report/names"
)

// Client is what a Sender needs of SES's client.
type Client interface {
	SendEmail(context.Context, *sesv2.SendEmailInput, ...func(*sesv2.Options)) (
		*sesv2.SendEmailOutput, error)
}

// maxMessage is the size of a raw message that SES accepts, in bytes.
const maxMessage = 40_000_000

// Sender is the delivery.Sender for mail.
type Sender struct {
	Client           Client
	ConfigurationSet string         // publishes the events; empty: bounces are not recorded
	Store            delivery.Store // has blocked addresses and Senders; nil: nothing is refused
}

// New returns the sender of a deployment, with the SES configuration set of SES_CONFIGURATION_SET.
func New(ctx context.Context, e channel.Env) (*Sender, error) {
	cfg, err := e.AWS(ctx)
	if err != nil {
		return nil, err
	}
	return &Sender{
		Client: sesv2.NewFromConfig(cfg), Store: e.Store,
		ConfigurationSet: e.Getenv("SES_CONFIGURATION_SET"),
	}, nil
}

var _ delivery.Sender = (*Sender)(nil)

// Find returns delivery.ErrCannotSearch: mailboxes cannot be searched.
func (s *Sender) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, delivery.ErrCannotSearch
}

// Send sends the mail edition, the portfolio or the notice, and returns SES's message ID. Its error
// is a *delivery.Failure.
func (s *Sender) Send(ctx context.Context, m delivery.Message) (string, error) {
	if m.Destination.Medium != config.Mail {
		return "", mistake(fmt.Errorf("%s is not a mail address", m.Destination.ID()))
	}
	if _, err := parse(m.Destination.To); err != nil {
		return "", addressFailure(m.Destination, err)
	}
	if err := s.checkBlocked(ctx, m.Tenant.Name, m.Destination.To); err != nil {
		return "", err
	}
	if err := s.checkSender(ctx, m.Tenant.Name, m.Tenant.Mail.From.Address); err != nil {
		return "", err
	}
	from, err := sender(m.Tenant)
	if err != nil {
		return "", err
	}
	raw, err := compose(m, from)
	if err != nil {
		return "", err
	}
	return s.send(ctx, from, m.Destination.To, raw, tagsOf(m))
}

// compose returns the raw message.
func compose(m delivery.Message, from string) (raw []byte, err error) {
	switch p := m.Payload.(type) {
	case *delivery.Editions:
		words, err := p.Summary()
		if err != nil {
			return nil, mistake(err)
		}
		raw, err = mail.Message(p.Report, words, envelope(m, from), p.Chart, p.PDF())
		return raw, headerFailure(err)
	case *delivery.Portfolio:
		page, err := p.Page()
		if err != nil {
			return nil, mistake(err)
		}
		raw, err = mail.Portfolio(p.Portfolio, page, envelope(m, from), p.PDF)
		return raw, headerFailure(err)
	case *delivery.Notice:
		if raw, err = plain(from, m.Destination.To, *p); err != nil {
			return nil, mistake(err)
		}
		return raw, nil
	}
	return nil, mistake(fmt.Errorf("a mail cannot show %T", m.Payload))
}

func envelope(m delivery.Message, from string) mail.Envelope {
	e := mail.Envelope{From: from, To: []string{mail.Address(m.Destination.Name, m.Destination.To)}}
	if m.Subject.Owner.Address != "" {
		e.ReplyTo = mail.Address(m.Subject.Owner.Name, m.Subject.Owner.Address)
	}
	return e
}

// headerFailure returns the failure of an invalid header, or nil.
func headerFailure(err error) error {
	if err == nil {
		return nil
	}
	return &delivery.Failure{Err: err, Cause: causeHeader,
		Remedy: "correct the sender or the owner in the configuration"}
}

// send passes a message to SES and returns its ID.
func (s *Sender) send(
	ctx context.Context, from, to string, raw []byte, tags Tags,
) (string, error) {
	if len(raw) > maxMessage {
		return "", mistake(fmt.Errorf("the message has %d MB; SES accepts %d",
			len(raw)/1_000_000, maxMessage/1_000_000))
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
	withRetryer := func(o *sesv2.Options) { o.Retryer = retry.Retryer() }
	ctx, watch := connection.Follow(ctx)
	out, err := s.Client.SendEmail(ctx, in, withRetryer)
	if err != nil {
		return "", failure(watch.Error(err))
	}
	return aws.ToString(out.MessageId), nil
}

// checkBlocked returns a Failure if the address is blocked, or if that cannot be read.
func (s *Sender) checkBlocked(ctx context.Context, tenant, address string) error {
	if s.Store == nil {
		return nil
	}
	block, err := Blocked(ctx, s.Store, tenant, destinationID(address))
	switch {
	case err != nil:
		return &delivery.Failure{Err: err, Cause: delivery.CauseStore}
	case block != nil:
		return &delivery.Failure{
			Err:    fmt.Errorf("%s gets no more mail: %s", address, block),
			Remedy: unblock(tenant, address), Permanent: true,
			Cause: causeAddress.With(destinationID(address)),
		}
	}
	return nil
}

const remedySender = "add mail: {from: Kindly Weekly <weekly@example.com>} to the configuration"

func sender(t *config.Tenant) (string, error) {
	if t.Mail.From.Address == "" {
		return "", &delivery.Failure{Err: errors.New("no sender is configured"),
			Remedy: remedySender + " of " + t.Name, Cause: causeSender}
	}
	return fit(t.Mail.From), nil
}

// maxFrom is the length of an address that SES documents. It does not say whether the name counts,
// so it counts here.
const maxFrom = 320

// fit returns an address that is short enough for SES, with as much of the name as there is room
// for.
func fit(a config.Address) string {
	address := mail.Address(a.Name, a.Address)
	for most := utf8.RuneCountInString(a.Name); len(address) > maxFrom && most > 0; most-- {
		address = mail.Address(names.Cut(a.Name, most), a.Address)
	}
	return address
}

// parse reads an address, with or without a name. It refuses what SES would refuse, and what would
// add a header.
func parse(address string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(address)
	if err != nil {
		return nil, fmt.Errorf("%q is not a mail address: %w: write it as name@example.com",
			address, err)
	}
	if !isASCII(a.Address) || strings.ContainsFunc(a.Name, unicode.IsControl) {
		return nil, fmt.Errorf("SES does not accept %q:"+
			" use printable ASCII alone, with the domain in Punycode (xn--…)", address)
	}
	return a, nil
}

// isASCII reports whether a text is printable ASCII without spaces.
func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// destinationID is the name of an address in keys.
func destinationID(address string) string {
	return config.Destination{Medium: config.Mail, To: address}.ID()
}
