package email_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/report/delivery"
)

// An operatorsSES is SES as an operator's account sees it: identities, and what was asked of it.
type operatorsSES struct {
	account    string            // the answer of GetAccount
	identities map[string]string // the answer of GetEmailIdentity, by name
	refuse     func(http.ResponseWriter)
	asked      []string // identities, and the addresses that a mail was sent to
}

func (s *operatorsSES) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, isIdentity := strings.CutPrefix(r.URL.Path, "/v2/email/identities/")
	if name, err := url.PathUnescape(name); isIdentity && err == nil {
		s.asked = append(s.asked, name)
	}
	verify := r.FormValue("Action") == "VerifyEmailIdentity"
	if verify {
		s.asked = append(s.asked, "verify "+r.FormValue("EmailAddress"))
	}
	switch {
	case s.refuse != nil && (s.account == "" || verify):
		s.refuse(w)
	case r.URL.Path == "/v2/email/account":
		fmt.Fprint(w, s.account)
	case verify:
		fmt.Fprint(w, `<VerifyEmailIdentityResponse><VerifyEmailIdentityResult/>`+
			`</VerifyEmailIdentityResponse>`)
	case isIdentity && s.identities[name] != "":
		fmt.Fprint(w, s.identities[name])
	default:
		refuse(404, "NotFoundException", "no such identity")(w)
	}
}

func (s *operatorsSES) start(t *testing.T) *email.Account {
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return email.NewAccount(moto.Config(server.URL))
}

// Answers of GetEmailIdentity.
const (
	isVerified = `{"VerifiedForSendingStatus": true, "VerificationStatus": "SUCCESS"}`
	isPending  = `{"VerifiedForSendingStatus": false, "VerificationStatus": "PENDING"}`
	hasFailed  = `{"VerifiedForSendingStatus": false, "VerificationStatus": "FAILED"}`
	notStarted = `{"VerifiedForSendingStatus": false, "VerificationStatus": "NOT_STARTED"}`
)

// What SES knows of an address, and whether a mail is sent to verify it.
func TestAccount_Identity(t *testing.T) {
	const address = "Kari@news.Example.com"
	for _, test := range []struct {
		name       string
		identities map[string]string
		state      email.Verification
		by         string
		after      email.Verification // after RequestVerification
	}{
		{"unknown", nil, email.Unknown, "", email.Pending},
		{"the address", map[string]string{"Kari@news.example.com": isVerified},
			email.Verified, "Kari@news.example.com", email.Verified},
		{"its domain", map[string]string{"news.example.com": isVerified},
			email.Verified, "news.example.com", email.Verified},
		{"a parent of its domain", map[string]string{"example.com": isVerified},
			email.Verified, "example.com", email.Verified},
		{"a top-level domain is none", map[string]string{"com": isVerified},
			email.Unknown, "", email.Pending},
		{"the link was not followed yet", map[string]string{"Kari@news.example.com": isPending},
			email.Pending, "", email.Pending},
		{"the link has expired", map[string]string{"Kari@news.example.com": hasFailed},
			email.Expired, "", email.Pending},
		{"no link was sent", map[string]string{"Kari@news.example.com": notStarted},
			email.Expired, "", email.Pending},
		{"the link has expired, and the domain is verified", map[string]string{
			"Kari@news.example.com": hasFailed, "example.com": isVerified},
			email.Verified, "example.com", email.Verified},
		{"the domain's records are not found yet", map[string]string{"example.com": isPending},
			email.Unknown, "", email.Pending},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &operatorsSES{identities: test.identities}
			account := s.start(t)
			want := email.Identity{Address: address, State: test.state, By: test.by}
			got, err := account.Identity(t.Context(), address)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("Identity: %v (-want +got):\n%s", err, diff)
			}
			s.asked = nil
			want.State = test.after
			got, err = account.RequestVerification(t.Context(), address)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("RequestVerification: %v (-want +got):\n%s", err, diff)
			}
			sent := slices.Contains(s.asked, "verify "+address)
			if want := test.state != email.Verified; sent != want {
				t.Errorf("a mail was sent: %t, want %t", sent, want)
			}
		})
	}
}

func TestAccount_Status(t *testing.T) {
	for _, test := range []struct {
		name, answer string
		want         email.AccountStatus
	}{
		{"production", `{"ProductionAccessEnabled": true, "SendingEnabled": true,
			"EnforcementStatus": "HEALTHY", "SendQuota": {"Max24HourSend": 50000, "SentLast24Hours": 12}}`,
			email.AccountStatus{Quota: 50000, Sent: 12}},
		{"sandbox", `{"SendingEnabled": true, "EnforcementStatus": "HEALTHY",
			"SendQuota": {"Max24HourSend": 200}}`,
			email.AccountStatus{Sandbox: true, Quota: 200}},
		{"paused and under review", `{"ProductionAccessEnabled": true,
			"EnforcementStatus": "PROBATION", "SendQuota": {"Max24HourSend": -1}}`,
			email.AccountStatus{Paused: true, Review: "PROBATION", Quota: -1}},
		{"no quota is named", `{"ProductionAccessEnabled": true, "SendingEnabled": true}`,
			email.AccountStatus{Quota: -1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := (&operatorsSES{account: test.answer}).start(t).Status(t.Context())
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// Each error says what to do.
func TestAccount_Refused(t *testing.T) {
	status := func(t *testing.T, a *email.Account) error {
		_, err := a.Status(t.Context())
		return err
	}
	look := func(t *testing.T, a *email.Account) error {
		_, err := a.Identity(t.Context(), "kari@example.com")
		return err
	}
	request := func(address string) func(*testing.T, *email.Account) error {
		return func(t *testing.T, a *email.Account) error {
			_, err := a.RequestVerification(t.Context(), address)
			return err
		}
	}
	denied := refuse(403, "AccessDeniedException", "not authorized")
	v1 := func(code string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.WriteHeader(400)
			fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code><Message>no</Message></Error></ErrorResponse>",
				code)
		}
	}
	const answered = "SES answered with an error (api error "
	for _, test := range []struct {
		name   string
		ses    *operatorsSES
		do     func(*testing.T, *email.Account) error
		reason string
		remedy string
	}{
		{"the account", &operatorsSES{refuse: denied}, status, answered + "AccessDeniedException: not authorized)",
			"allow ses:GetAccount to the AWS credentials of this shell"},
		{"an identity", &operatorsSES{refuse: denied}, look, answered + "AccessDeniedException: not authorized)",
			"allow ses:GetEmailIdentity to the AWS credentials of this shell"},
		{"a mail", &operatorsSES{account: "{}", refuse: v1("AccessDenied")}, request("kari@example.com"),
			answered + "AccessDenied: no)", "allow ses:VerifyEmailIdentity to the AWS credentials of this shell"},
		{"too many requests", &operatorsSES{account: "{}", refuse: v1("Throttling")},
			request("kari@example.com"), answered + "Throttling: no)", "wait a minute and try again"},
		{"too many identities", &operatorsSES{account: "{}", refuse: v1("LimitExceededException")},
			request("kari@example.com"), answered + "LimitExceededException: no)",
			"the account has as many identities as SES allows: delete one in the SES console, Identities"},
		{"an account without SES", &operatorsSES{refuse: refuse(400, "OptInRequired", "no")}, look,
			answered + "OptInRequired: no)", "do the AWS credentials and the region of this shell belong to" +
				" the deployment? aws sts get-caller-identity"},
		{"old credentials", &operatorsSES{refuse: refuse(403, "ExpiredTokenException", "old")}, look,
			answered + "ExpiredTokenException: old)",
			"the AWS credentials are not valid or have expired: log in again"},
		{"no address", &operatorsSES{}, request("kari"),
			`"kari" is not a mail address: mail: missing '@' or angle-addr: write it as name@example.com`, ""},
		{"an address that SES refuses", &operatorsSES{}, request("kåre@example.com"),
			`SES does not accept "kåre@example.com": use printable ASCII alone, with the domain in Punycode (xn--…)`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := moto.Config("")
			server := httptest.NewServer(test.ses)
			defer server.Close()
			cfg.BaseEndpoint, cfg.RetryMaxAttempts = &server.URL, 1
			f := new(delivery.Failure)
			if err := test.do(t, email.NewAccount(cfg)); !errors.As(err, &f) {
				t.Fatalf("got %v", err)
			}
			if f.Err.Error() != test.reason || f.Remedy != test.remedy {
				t.Errorf("got %q, %q", f.Err, f.Remedy)
			}
		})
	}
}

// Moto takes both requests. It sends no mail and knows no pending address: it says SUCCESS and not
// verified, and lets the address send.
func TestAccount_Moto(t *testing.T) {
	cfg := moto.Config(moto.Start(t))
	account := email.NewAccount(cfg)
	const address = "weekly@example.com"
	want := []email.Verification{email.Unknown, email.Pending, email.Pending, email.Pending}
	var got []email.Verification
	for _, ask := range []func() (email.Identity, error){
		func() (email.Identity, error) { return account.Identity(t.Context(), address) },
		func() (email.Identity, error) { return account.RequestVerification(t.Context(), address) },
		func() (email.Identity, error) { return account.Identity(t.Context(), address) },
		func() (email.Identity, error) { return account.RequestVerification(t.Context(), address) },
	} {
		id, err := ask()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, id.State)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	out, err := sesv2.NewFromConfig(cfg).GetEmailIdentity(t.Context(),
		&sesv2.GetEmailIdentityInput{EmailIdentity: aws.String(address)})
	if err != nil || out.IdentityType != types.IdentityTypeEmailAddress {
		t.Errorf("SES has %+v, %v", out, err)
	}
}
