package preflight

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// mail looks at SES: the account, each sender, and each address that reports go to.
func (c *checks) mail(ctx context.Context, all []*config.Tenant) {
	type address struct {
		tenant *config.Tenant
		config.Destination
	}
	var to []address
	for _, t := range all {
		for _, d := range deployment.Destinations(t, config.Mail) {
			to = append(to, address{t, d})
		}
	}
	if len(to) == 0 {
		return
	}
	cfg, err := c.host.AWS(ctx)
	if err != nil {
		c.add("SES", err.Error(), loginCure)
		return
	}
	if c.commands.MailSet == "" {
		c.add("SES events", notChecked, "set SES_CONFIGURATION_SET to the stack's MailConfigurationSet: without it bounces are not recorded")
	}
	ses := &identities{client: sesv2.NewFromConfig(cfg), known: make(map[string]bool)}
	account, err := ses.client.GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil {
		c.add("SES account", explained(err), loginCure)
		return
	}
	c.account(account, len(to))
	senders, err := email.ReadSenders(ctx, c.store)
	if err != nil {
		c.add("allowed senders", err.Error(), "correct it: until then no mail is sent")
	}
	for _, t := range all {
		c.sender(ctx, ses, senders, t)
	}
	for _, a := range to {
		if !c.blocked(ctx, a.tenant, a.Destination) {
			c.address(ctx, ses, a.tenant.Name+": "+cli.Label(a.Destination), a.To, !account.ProductionAccessEnabled)
		}
	}
}

// account adds rows for the state of the SES account and for its quota.
func (c *checks) account(account *sesv2.GetAccountOutput, recipients int) {
	switch {
	case !account.ProductionAccessEnabled:
		c.add("SES account", "in the sandbox: mail goes to verified addresses only", "request production access: SES console, Account dashboard; it takes about a day")
	case !account.SendingEnabled:
		c.add("SES account", "sending is paused", "look at bounces and complaints in the SES console, and resume it there")
	case aws.ToString(account.EnforcementStatus) != "HEALTHY" && account.EnforcementStatus != nil:
		c.add("SES account", "under review by AWS: "+*account.EnforcementStatus, "answer the case that AWS has opened in the Support Center")
	default:
		c.add("SES account", ok, "")
	}
	if q := account.SendQuota; q != nil && q.Max24HourSend >= 0 && q.Max24HourSend-q.SentLast24Hours < float64(recipients) {
		c.add("SES quota", fmt.Sprintf("%.0f of %.0f mails of 24 hours are left, for %s", q.Max24HourSend-q.SentLast24Hours, q.Max24HourSend,
			cli.Count(recipients, "recipient", "recipients")), "request a higher quota: SES console, Account dashboard")
	}
}

// address adds a row for an address that reports are mailed to.
func (c *checks) address(ctx context.Context, ses *identities, subject, to string, sandbox bool) {
	switch reason, err := ses.suppressed(ctx, to); {
	case err != nil:
		c.add(subject, explained(err), "")
	case reason != "":
		c.add(subject, "on the account's suppression list: "+reason, "correct or remove the address; "+
			"if it works after all, remove it from the suppression list in the SES console")
	case sandbox && !ses.verified(ctx, to):
		c.add(subject, "not verified, as the sandbox demands",
			"request production access, or verify the address: SES console, Identities")
	default:
		c.add(subject, ok, "")
	}
}

const loginCure = "do the AWS credentials and the region of this shell belong to the deployment? aws sts get-caller-identity"

func (c *checks) sender(ctx context.Context, ses *identities, senders email.Senders, t *config.Tenant) {
	from := t.Mail.From.Address
	switch {
	case len(deployment.Destinations(t, config.Mail)) == 0:
	case from == "":
		c.add(t.Name+": mail sender", "recipients are configured, but no sender", "add mail: {from: Kindly Weekly <weekly@example.com>} to the configuration")
	case !senders.Allows(t.Name, from):
		refused := new(delivery.Failure)
		errors.As(senders.Check(t.Name, from), &refused)
		c.add(t.Name+": mail sender "+from, refused.Err.Error(), refused.Cure)
	case !ses.verified(ctx, from):
		c.add(t.Name+": mail sender "+from, "SES has verified neither it nor its domain in this region", "verify the domain: SES console, Identities; publish the DNS records it shows")
	default:
		c.add(t.Name+": mail sender "+from, ok, "")
	}
}

// identities asks SES about addresses.
type identities struct {
	client *sesv2.Client
	known  map[string]bool
}

// verified reports whether SES takes an address, or its domain, for the account's own.
func (i *identities) verified(ctx context.Context, address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	for _, name := range []string{address, domain} {
		is, asked := i.known[name]
		if !asked {
			out, err := i.client.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: &name})
			is = err == nil && out.VerifiedForSendingStatus
			i.known[name] = is
		}
		if is {
			return true
		}
	}
	return false
}

// suppressed says why SES would take a mail to an address and not send it; empty: it would send it.
func (i *identities) suppressed(ctx context.Context, address string) (string, error) {
	out, err := i.client.GetSuppressedDestination(ctx, &sesv2.GetSuppressedDestinationInput{EmailAddress: &address})
	var absent *types.NotFoundException
	if errors.As(err, &absent) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return strings.ToLower(string(out.SuppressedDestination.Reason)), nil
}

// explained is an error of AWS without the request's id and address.
func explained(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode() + ": " + api.ErrorMessage()
	}
	return err.Error()
}

// alarms checks for confirmed subscriptions. SNS sends nothing to an address before its link was followed.
func (c *checks) alarms(ctx context.Context, topic string) {
	if topic == "" {
		c.add("alarms", notChecked, "name their topic: --alarms ARN, AlarmTopic of the stack's outputs")
		return
	}
	listed, err := c.subscriptions(ctx, topic)
	if err != nil {
		c.add("alarms", err.Error(), "is the ARN that of the stack's output AlarmTopic? "+loginCure)
		return
	}
	confirmed := 0
	for _, s := range listed {
		if arn.IsARN(aws.ToString(s.SubscriptionArn)) {
			confirmed++
			continue
		}
		c.add("alarms to "+aws.ToString(s.Endpoint), "the subscription is not confirmed", "follow the link in the mail that AWS sent there; after three days deploy again for a new one")
	}
	if len(listed) == 0 {
		c.add("alarms", "no subscriptions", "deploy with AlarmEmail=you@example.com")
	} else if confirmed > 0 {
		c.add("alarms", ok, "")
	}
}

// subscriptions asks SNS who listens to a topic.
func (c *checks) subscriptions(ctx context.Context, topic string) (all []snstypes.Subscription, err error) {
	at, err := arn.Parse(topic)
	if err != nil || at.Service != "sns" {
		return nil, fmt.Errorf("%q is not a topic ARN", topic)
	}
	cfg, err := c.host.AWS(ctx)
	if err != nil {
		return nil, err
	}
	client := sns.NewFromConfig(cfg, func(o *sns.Options) { o.Region = at.Region })
	pages := sns.NewListSubscriptionsByTopicPaginator(client, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		var refusal *smithyhttp.ResponseError
		switch {
		case errors.As(err, &refusal):
			return nil, fmt.Errorf("SNS answered %d: %s", refusal.HTTPStatusCode(), explained(err))
		case err != nil:
			return nil, err
		}
		all = append(all, page.Subscriptions...)
	}
	return all, nil
}
