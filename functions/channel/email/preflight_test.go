package email_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// An account is what SES says of the operator's account.
type account struct {
	email.Client // is not called
	sesv2.GetAccountOutput
	verified   map[string]bool
	suppressed map[string]types.SuppressionListReason
	down       error          // of the account
	silent     error          // of the suppression list
	closed     error          // of the identities
	asked      map[string]int // identities
}

func (a *account) GetAccount(
	context.Context, *sesv2.GetAccountInput, ...func(*sesv2.Options),
) (*sesv2.GetAccountOutput, error) {
	return &a.GetAccountOutput, a.down
}

func (a *account) GetEmailIdentity(
	_ context.Context, in *sesv2.GetEmailIdentityInput, _ ...func(*sesv2.Options),
) (*sesv2.GetEmailIdentityOutput, error) {
	if a.closed != nil {
		return nil, a.closed
	}
	a.asked[*in.EmailIdentity]++
	verified, known := a.verified[*in.EmailIdentity]
	if !known {
		return nil, &types.NotFoundException{Message: aws.String("no such identity")}
	}
	return &sesv2.GetEmailIdentityOutput{VerifiedForSendingStatus: verified}, nil
}

func (a *account) GetSuppressedDestination(
	_ context.Context, in *sesv2.GetSuppressedDestinationInput, _ ...func(*sesv2.Options),
) (*sesv2.GetSuppressedDestinationOutput, error) {
	reason, ok := a.suppressed[*in.EmailAddress]
	switch {
	case a.silent != nil:
		return nil, a.silent
	case !ok:
		return nil, &types.NotFoundException{Message: aws.String("no such address")}
	}
	return &sesv2.GetSuppressedDestinationOutput{
		SuppressedDestination: &types.SuppressedDestination{Reason: reason}}, nil
}

const ola = "ola@example.com"

// goodAccount is a production account with a verified domain.
func goodAccount() *account {
	a := &account{asked: make(map[string]int), verified: map[string]bool{"example.com": true}}
	a.ProductionAccessEnabled, a.SendingEnabled = true, true
	a.EnforcementStatus = aws.String("HEALTHY")
	a.SendQuota = &types.SendQuota{Max24HourSend: 200, SentLast24Hours: 198}
	return a
}

// mailTenant has a bot that sends to Kari and Ola.
func mailTenant() *config.Tenant {
	t := *acme
	t.Bots = []config.Bot{{ID: "4217", Destinations: []config.Destination{
		{Medium: config.Mail, To: kari}, {Medium: config.Mail, To: ola}}}}
	return &t
}

// The words of each finding: subject, state, remedy.
func TestPreflight_Findings(t *testing.T) {
	const (
		accountOK = "SES account | ok | "
		senderOK  = "acme: mail sender weekly@example.com | ok | "
		kariOK    = "acme: mail:kari@example.com | ok | "
		olaOK     = "acme: mail:ola@example.com | ok | "
		login     = "do the AWS credentials and the region of this shell belong to the deployment?" +
			" aws sts get-caller-identity"
		resume  = "check bounces and complaints in the SES console, and resume sending there"
		unblock = "correct or remove the address in the configuration; if it works after all," +
			" remove it from the suppression list in the SES console and delete" +
			" acme/mail/mail-7ce44e0d2b942bf2.json from the bucket"
		sandbox = "SES account | in the sandbox: mail goes to verified addresses only |" +
			" request production access: SES console, Account dashboard; it takes about a day"
		denied = "AccessDeniedException: not authorized | allow ses:GetEmailIdentity to the AWS" +
			" credentials of this shell"
		verify = "request production access, or verify the address: SES console, Identities"
	)
	put := func(key, data string) func(*account, *email.Sender, *config.Tenant) {
		return func(_ *account, s *email.Sender, _ *config.Tenant) {
			_, err := s.Store.Put(context.Background(), key,
				delivery.Object{Data: []byte(data)}, delivery.Condition{})
			if err != nil {
				panic(err)
			}
		}
	}
	for _, test := range []struct {
		name   string
		change func(a *account, s *email.Sender, t *config.Tenant)
		want   []string
	}{
		{"all is well", nil, []string{accountOK, senderOK, kariOK, olaOK}},
		{"no mail", func(_ *account, _ *email.Sender, t *config.Tenant) {
			t.Bots, t.Mail.From.Address = nil, ""
		}, nil},
		{"not SES", func(a *account, s *email.Sender, _ *config.Tenant) { s.Client = a.Client }, nil},
		{"no events", func(_ *account, s *email.Sender, _ *config.Tenant) { s.ConfigurationSet = "" },
			[]string{"SES events | not checked | name the deployment with --stack: without its" +
				" configuration set no bounce is recorded",
				accountOK, senderOK, kariOK, olaOK}},
		{"no account", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.down = errors.New("no profile")
		}, []string{"SES account | no profile | " + login}},
		{"sending is paused", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.SendingEnabled = false
		}, []string{"SES account | sending is paused | " + resume, senderOK, kariOK, olaOK}},
		{"under review", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.EnforcementStatus = aws.String("PROBATION")
		}, []string{"SES account | under review by AWS: PROBATION | " +
			"answer the case that AWS has opened in the Support Center", senderOK, kariOK, olaOK}},
		{"no word on a review and no quota", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.EnforcementStatus, a.SendQuota = nil, nil
		}, []string{accountOK, senderOK, kariOK, olaOK}},
		{"unlimited quota", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.SendQuota.Max24HourSend = -1
		}, []string{accountOK, senderOK, kariOK, olaOK}},
		{"no quota left", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.SendQuota = &types.SendQuota{}
		}, []string{accountOK, "SES quota | 0 of 0 mails of 24 hours are left; recipients: 2 | " +
			"request a higher quota: SES console, Account dashboard", senderOK, kariOK, olaOK}},
		{"quota", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.SendQuota.SentLast24Hours = 199
		}, []string{accountOK, "SES quota | 1 of 200 mails of 24 hours are left; recipients: 2 | " +
			"request a higher quota: SES console, Account dashboard", senderOK, kariOK, olaOK}},
		{"sandbox", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.ProductionAccessEnabled = false
			a.verified = map[string]bool{"weekly@example.com": true, kari: true, ola: false}
		}, []string{sandbox, senderOK, kariOK,
			"acme: mail:ola@example.com | not verified, as the sandbox requires | " + verify}},
		{"sandbox with a verified domain", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.ProductionAccessEnabled = false
		}, []string{sandbox, senderOK, kariOK, olaOK}},
		{"no sender", func(_ *account, _ *email.Sender, t *config.Tenant) { t.Mail = config.Sender{} },
			[]string{accountOK, "acme: mail sender | recipients are configured, but no sender | " +
				"add mail: {from: Kindly Weekly <weekly@example.com>} to the configuration",
				kariOK, olaOK}},
		{"sender that the operator does not allow",
			put(delivery.SendersKey, `{"acme": ["weekly@acme.example"]}`),
			[]string{accountOK, "acme: mail sender weekly@example.com | the operator does not allow" +
				" acme to send mail from weekly@example.com | name an allowed one in mail.from" +
				" (weekly@acme.example), or the operator adds the address to config/senders.json",
				kariOK, olaOK}},
		{"senders that cannot be read", put(delivery.SendersKey, `null`),
			[]string{accountOK, "allowed senders | config/senders.json: it is null: write" +
				` {"acme": ["weekly@example.com"]}, or delete it to allow every sender | ` +
				"correct it: until then no mail is sent", senderOK, kariOK, olaOK}},
		{"sender that is not verified", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.verified = nil
		}, []string{accountOK, "acme: mail sender weekly@example.com | SES has verified neither it" +
			" nor its domain in this region | verify the domain: SES console, Identities; publish" +
			" the DNS records it shows", kariOK, olaOK}},
		{"blocked", put("acme/mail/"+kariID+".json",
			`{"kind": "bounced", "reason": "no such user", "at": "2026-11-16T08:00:00Z"}`),
			[]string{accountOK, senderOK, "acme: mail:kari@example.com | blocked: bounced on" +
				" 2026-11-16 UTC (no such user) | " + unblock, olaOK}},
		{"a block that cannot be read", put("acme/mail/"+kariID+".json", "{"),
			[]string{accountOK, senderOK, "acme: mail:kari@example.com | cannot read from" +
				" acme/mail/mail-7ce44e0d2b942bf2.json whether mail-7ce44e0d2b942bf2 of acme is" +
				" blocked (unexpected end of JSON input) | ", olaOK}},
		{"suppressed", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.suppressed = map[string]types.SuppressionListReason{
				ola: types.SuppressionListReasonBounce}
		}, []string{accountOK, senderOK, kariOK,
			"acme: mail:ola@example.com | on the account's suppression list: bounce | " +
				"correct or remove the address; if it works after all, remove it from the" +
				" suppression list in the SES console"}},
		{"sender of a subdomain", func(_ *account, _ *email.Sender, t *config.Tenant) {
			t.Mail.From.Address = "weekly@news.example.com"
		}, []string{accountOK, "acme: mail sender weekly@news.example.com | ok | ", kariOK, olaOK}},
		{"identities that the operator may not read", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.ProductionAccessEnabled, a.closed = false, &smithy.GenericAPIError{
				Code: "AccessDeniedException", Message: "not authorized"}
		}, []string{sandbox,
			"acme: mail sender weekly@example.com | " + denied,
			"acme: mail:kari@example.com | " + denied, "acme: mail:ola@example.com | " + denied}},
		{"suppression list does not answer", func(a *account, _ *email.Sender, _ *config.Tenant) {
			a.silent = errors.New("no connection")
		}, []string{accountOK, senderOK, "acme: mail:kari@example.com | no connection | ",
			"acme: mail:ola@example.com | no connection | "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, of := goodAccount(), mailTenant()
			s := &email.Sender{Client: a, ConfigurationSet: "weekly", Store: new(storetest.Memory)}
			if test.change != nil {
				test.change(a, s, of)
			}
			var got []string
			for _, f := range s.Preflight(t.Context(), []*config.Tenant{of}) {
				got = append(got, f.Subject+" | "+f.State+" | "+f.Remedy)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for identity, n := range a.asked {
				if n > 1 {
					t.Errorf("SES was asked %d times for %s", n, identity)
				}
			}
		})
	}
}

// A tenant without recipients has no findings of its own.
func TestPreflight_EachTenant(t *testing.T) {
	other, none := mailTenant(), mailTenant()
	other.Name, none.Name, none.Bots = "beta", "gamma", nil
	s := &email.Sender{Client: goodAccount(), ConfigurationSet: "weekly", Store: new(storetest.Memory)}
	var got []string
	for _, f := range s.Preflight(t.Context(), []*config.Tenant{mailTenant(), none, other}) {
		got = append(got, f.Subject)
	}
	want := []string{"SES account", "SES quota",
		"acme: mail sender weekly@example.com", "beta: mail sender weekly@example.com",
		"acme: mail:kari@example.com", "acme: mail:ola@example.com",
		"beta: mail:kari@example.com", "beta: mail:ola@example.com"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("subjects (-want +got):\n%s", diff)
	}
}

func TestBlock_String(t *testing.T) {
	cet := time.FixedZone("CET", 3600)
	b := &email.Block{Kind: email.Bounced, Reason: "no such user",
		At: time.Date(2026, 11, 16, 0, 30, 0, 0, cet)}
	if got := b.String(); got != "bounced on 2026-11-15 UTC (no such user)" {
		t.Errorf("got %q", got)
	}
}
