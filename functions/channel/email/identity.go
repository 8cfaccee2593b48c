package email

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/report/delivery"
)

// An Account is the operator's SES account in one region.
//
// Its methods need these permissions: Status ses:GetAccount, Identity ses:GetEmailIdentity, and
// RequestVerification ses:GetEmailIdentity and ses:VerifyEmailIdentity. Their errors are
// *[delivery.Failure].
type Account struct {
	v2 *sesv2.Client
	v1 *ses.Client
}

// NewAccount returns the account of cfg's credentials, in cfg's region.
func NewAccount(cfg aws.Config) *Account {
	return &Account{v2: sesv2.NewFromConfig(cfg), v1: ses.NewFromConfig(cfg)}
}

// AccountStatus is what SES says of an account in one region.
type AccountStatus struct {
	Sandbox bool    // mail goes to verified addresses only
	Paused  bool    // no mail is sent
	Review  string  // why AWS reviews the account, such as PROBATION; empty: it does not
	Quota   float64 // mails in 24 hours; -1: unlimited
	Sent    float64 // mails of the last 24 hours
}

// Status returns the status of the account.
func (a *Account) Status(ctx context.Context) (AccountStatus, error) {
	s, err := accountStatus(ctx, a.v2)
	if err != nil {
		return s, requestFailure(err, "ses:GetAccount")
	}
	return s, nil
}

func accountStatus(ctx context.Context, api account) (s AccountStatus, err error) {
	out, err := api.GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil {
		return s, err
	}
	s = AccountStatus{Sandbox: !out.ProductionAccessEnabled, Paused: !out.SendingEnabled, Quota: -1}
	if status := aws.ToString(out.EnforcementStatus); status != "HEALTHY" {
		s.Review = status
	}
	if out.SendQuota != nil {
		s.Quota, s.Sent = out.SendQuota.Max24HourSend, out.SendQuota.SentLast24Hours
	}
	return s, nil
}

// An Identity is what SES knows of a mail address.
type Identity struct {
	Address string
	State   Verification
	By      string // what is verified: the address, its domain, or a parent of it; empty: nothing
}

// Verification says whether SES sends mail from an address and, in the sandbox, to it.
type Verification string

// The states of an address.
const (
	Verified Verification = "verified"
	// Pending: AWS has sent a mail with a link, which is valid for 24 hours.
	Pending Verification = "pending"
	// Expired: the link was not followed in time, or the mail did not arrive.
	Expired Verification = "expired"
	// Unknown: SES has no such identity.
	Unknown Verification = "unknown"
)

// Identity returns what SES knows of an address. A verified domain counts for all addresses of it
// and of its subdomains.
func (a *Account) Identity(ctx context.Context, address string) (Identity, error) {
	id := Identity{Address: address, State: Unknown}
	parsed, err := parse(address)
	if err != nil {
		return id, &delivery.Failure{Err: err, Permanent: true}
	}
	id.Address = parsed.Address
	for i, name := range identities(id.Address) {
		out, err := identity(ctx, a.v2, name)
		switch {
		case err != nil:
			return id, requestFailure(err, getIdentity)
		case out == nil:
		case out.VerifiedForSendingStatus:
			id.State, id.By = Verified, name
			return id, nil
		case i == 0:
			id.State = verification(out.VerificationStatus)
		}
	}
	return id, nil
}

// getIdentity is the permission that Identity needs.
const getIdentity = "ses:GetEmailIdentity"

// identities returns the identities of SES that allow mail from an address: the address, its
// domain, and the parents of the domain.
func identities(address string) []string {
	local, domain, _ := strings.Cut(address, "@")
	domain = strings.ToLower(domain)
	all := []string{local + "@" + domain, domain}
	for {
		_, parent, _ := strings.Cut(domain, ".")
		if !strings.Contains(parent, ".") {
			return all
		}
		all = append(all, parent)
		domain = parent
	}
}

// identity returns an identity of the account, or nil if it has none of that name.
func identity(ctx context.Context, api account, name string) (
	*sesv2.GetEmailIdentityOutput, error,
) {
	out, err := api.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: &name})
	if absent := new(types.NotFoundException); errors.As(err, &absent) {
		return nil, nil
	}
	return out, err
}

// verification returns the state of an address that SES does not send from.
func verification(s types.VerificationStatus) Verification {
	switch s {
	case types.VerificationStatusFailed, types.VerificationStatusNotStarted:
		return Expired
	}
	return Pending
}

// RequestVerification has AWS send a mail to the address, with a link that verifies it. It does so
// again if a link was not followed. It does nothing if SES sends from the address already. It
// returns what SES knows of the address afterwards.
//
// It calls VerifyEmailIdentity of SES's first API: the second one refuses an address that it knows,
// so that it would have to be deleted first.
func (a *Account) RequestVerification(ctx context.Context, address string) (Identity, error) {
	id, err := a.Identity(ctx, address)
	if err != nil || id.State == Verified {
		return id, err
	}
	if _, err := a.v1.VerifyEmailIdentity(ctx,
		&ses.VerifyEmailIdentityInput{EmailAddress: &id.Address}); err != nil {
		return id, requestFailure(err, "ses:VerifyEmailIdentity")
	}
	id.State = Pending
	return id, nil
}

// requestFailure explains an error of a request that needs a permission.
func requestFailure(err error, permission string) *delivery.Failure {
	f, refusal := retry.Failure("SES", delivery.CauseSES, err)
	if refusal == nil {
		if f.Remedy == "" {
			f.Remedy = "try again; if it stays, check the network and the region of this shell"
		}
		return f
	}
	switch refusal.ErrorCode() {
	case "AccessDeniedException", "AccessDenied":
		f.Cause = delivery.CauseSESAccess
		f.Remedy = "allow " + permission + " to the AWS credentials of this shell"
	case "Throttling", "ThrottlingException", "TooManyRequestsException":
		f.Remedy = "wait a minute and try again"
	case "LimitExceededException":
		f.Remedy = "the account has as many identities as SES allows: delete one in the SES" +
			" console, Identities"
	default:
		f.Remedy = retry.RemedyLogin
	}
	return f
}
