package email

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/channel"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// account is what Preflight needs of SES's client.
type account interface {
	GetAccount(context.Context, *sesv2.GetAccountInput, ...func(*sesv2.Options)) (
		*sesv2.GetAccountOutput, error)
	GetEmailIdentity(context.Context, *sesv2.GetEmailIdentityInput, ...func(*sesv2.Options)) (
		*sesv2.GetEmailIdentityOutput, error)
	GetSuppressedDestination(context.Context, *sesv2.GetSuppressedDestinationInput,
		...func(*sesv2.Options)) (*sesv2.GetSuppressedDestinationOutput, error)
}

// Preflight checks the SES account, each tenant's sender, and each recipient. It sends nothing. If
// SES does not answer, the account is the only finding.
func (s *Sender) Preflight(ctx context.Context, tenants []*config.Tenant) []channel.Finding {
	recipients := 0
	for _, t := range tenants {
		recipients += len(t.DestinationsOf(config.Mail))
	}
	ses, ok := s.Client.(account)
	if recipients == 0 || !ok {
		return nil
	}
	c := &checks{sender: s, ses: ses, verified: make(map[string]bool)}
	if s.ConfigurationSet == "" {
		c.add("SES events", channel.NotChecked,
			"name the deployment with --stack: without its configuration set no bounce is recorded")
	}
	if !c.account(ctx, recipients) {
		return c.found
	}
	allowed, err := ReadSenders(ctx, s.Store)
	if err != nil {
		c.add("allowed senders", err.Error(), "correct it: until then no mail is sent")
	}
	for _, t := range tenants {
		c.from(ctx, allowed, t)
	}
	for _, t := range tenants {
		for _, to := range t.DestinationsOf(config.Mail) {
			c.recipient(ctx, t, to)
		}
	}
	return c.found
}

// checks are what Preflight has found so far.
type checks struct {
	sender   *Sender
	ses      account
	sandbox  bool
	verified map[string]bool // by address and domain, what SES has answered
	found    []channel.Finding
}

func (c *checks) add(subject, state, cure string) {
	c.found = append(c.found, channel.Finding{Subject: subject, State: state, Remedy: cure})
}

// account checks the account and its quota. It reports whether SES answers.
func (c *checks) account(ctx context.Context, recipients int) bool {
	const subject = "SES account"
	account, err := accountStatus(ctx, c.ses)
	if err != nil {
		c.add(subject, retry.Reason(err), retry.Remedy(err))
		return false
	}
	c.sandbox = account.Sandbox
	switch {
	case account.Sandbox:
		c.add(subject, "in the sandbox: mail goes to verified addresses only",
			"request production access: SES console, Account dashboard; it takes about a day")
	case account.Paused:
		c.add(subject, "sending is paused", remedyResume)
	case account.Review != "":
		c.add(subject, "under review by AWS: "+account.Review, remedyCase)
	default:
		c.add(subject, channel.OK, "")
	}
	if left := account.Quota - account.Sent; account.Quota >= 0 && left < float64(recipients) {
		state := fmt.Sprintf("%.0f of %.0f mails of 24 hours are left; recipients: %d",
			left, account.Quota, recipients)
		c.add("SES quota", state, "request a higher quota: SES console, Account dashboard")
	}
	return true
}

// from checks the sender of a tenant.
func (c *checks) from(ctx context.Context, allowed Senders, t *config.Tenant) {
	from := t.Mail.From.Address
	subject := t.Name + ": mail sender"
	switch {
	case len(t.DestinationsOf(config.Mail)) == 0:
		return
	case from == "":
		c.add(subject, "recipients are configured, but no sender", remedySender)
		return
	case !allowed.Allows(t.Name, from):
		refused := new(delivery.Failure)
		errors.As(allowed.Check(t.Name, from), &refused)
		c.add(subject+" "+from, refused.Err.Error(), refused.Remedy)
		return
	}
	switch by, err := c.verifiedBy(ctx, from); {
	case err != nil:
		c.add(subject+" "+from, retry.Reason(err), requestFailure(err, getIdentity).Remedy)
	case by == "":
		c.add(subject+" "+from, "SES has verified neither it nor its domain in this region",
			"verify the domain: SES console, Identities; publish the DNS records it shows")
	default:
		c.add(subject+" "+from, channel.OK, "")
	}
}

// recipient checks the address of a recipient.
func (c *checks) recipient(ctx context.Context, t *config.Tenant, to config.Destination) {
	subject := t.Name + ": " + to.String()
	block, err := Blocked(ctx, c.sender.Store, t.Name, to.ID())
	switch {
	case err != nil:
		c.add(subject, err.Error(), "")
		return
	case block != nil:
		c.add(subject, "blocked: "+block.String(), unblock(t.Name, to.To))
		return
	}
	switch reason, err := c.suppressed(ctx, to.To); {
	case err != nil:
		c.add(subject, retry.Reason(err), "")
		return
	case reason != "":
		c.add(subject, "on the account's suppression list: "+reason, "correct or remove the"+
			" address; if it works after all, remove it from the suppression list in the SES"+
			" console")
		return
	case !c.sandbox:
		c.add(subject, channel.OK, "")
		return
	}
	switch by, err := c.verifiedBy(ctx, to.To); {
	case err != nil:
		c.add(subject, retry.Reason(err), requestFailure(err, getIdentity).Remedy)
	case by == "":
		c.add(subject, "not verified, as the sandbox requires",
			"request production access, or verify the address: SES console, Identities")
	default:
		c.add(subject, channel.OK, "")
	}
}

// verifiedBy returns the identity of the account that allows mail from the address, see
// [Identity.By].
func (c *checks) verifiedBy(ctx context.Context, address string) (string, error) {
	for _, name := range identities(address) {
		is, asked := c.verified[name]
		if !asked {
			out, err := identity(ctx, c.ses, name)
			if err != nil {
				return "", err
			}
			is = out != nil && out.VerifiedForSendingStatus
			c.verified[name] = is
		}
		if is {
			return name, nil
		}
	}
	return "", nil
}

// suppressed returns why SES would accept a mail to the address but not send it; "" if it would
// send it.
func (c *checks) suppressed(ctx context.Context, address string) (string, error) {
	out, err := c.ses.GetSuppressedDestination(ctx,
		&sesv2.GetSuppressedDestinationInput{EmailAddress: &address})
	var absent *types.NotFoundException
	if errors.As(err, &absent) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return strings.ToLower(string(out.SuppressedDestination.Reason)), nil
}
