package vault_test

import (
	"errors"
	"strings"
	"testing"

	"kindlyweekly/functions/vault"
	"kindlyweekly/report/bots"
)

func TestTenantsNameTheirOwnSecrets(t *testing.T) {
	const prefix, arn = "kindly-weekly/prod/", "arn:aws:secretsmanager:eu-north-1:123456789012:secret:"
	for _, id := range []string{
		"kindly-weekly/prod/acme", "kindly-weekly/prod/acme#slack_token", "kindly-weekly/prod/acme/4217", "kindly-weekly/prod/acme/keys#4217",
		arn + "kindly-weekly/prod/acme/4217-AbCdEf", vault.KeyID(prefix, "acme", bots.Bot{ID: "4217"}),
		"somebody/elses", "kindly-weekly/dev/acme", arn + "somebody/elses-AbCdEf", // which the role cannot read
	} {
		if err := vault.Own(prefix, "acme", id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for _, id := range []string{
		"kindly-weekly/prod/globex", "kindly-weekly/prod/globex#slack_token", "kindly-weekly/prod/globex/4217", "kindly-weekly/prod/acme-nordic",
		"kindly-weekly/prod/acme-nordic/4217", "kindly-weekly/prod/acm", "kindly-weekly/prod/", "kindly-weekly/prod/ACME/4217",
		"kindly-weekly/prod/globex#acme/4217", arn + "kindly-weekly/prod/globex/4217-AbCdEf", arn + "kindly-weekly/prod/acme-nordic-AbCdEf",
	} {
		err := vault.Own(prefix, "acme", id)
		if e := new(vault.Error); !errors.As(err, &e) || !e.Permanent || !strings.Contains(e.Cure, "begins with kindly-weekly/prod/acme/") {
			t.Errorf("%s: %v", id, err)
		}
	}
	if err := vault.Own("", "acme", "globex/4217"); err != nil {
		t.Errorf("without a deployment: %v", err)
	}
}
