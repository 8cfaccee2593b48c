package secrets_test

import (
	"testing"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/report/config"
)

// The secrets that lie apart are the tenant's own and no other's, and no bot's key has the name of
// one.
func TestIDs_BelongToTheTenant(t *testing.T) {
	const prefix = "kindly-weekly/prod/"
	if got := secrets.TokenID(prefix, "acme"); got != "kindly-weekly/prod/acme/slack/token" {
		t.Error(got)
	}
	if got := secrets.SigningID(prefix,
		"acme"); got != "kindly-weekly/prod/acme/slack/signing-secret" {
		t.Error(got)
	}
	for _, id := range []func(prefix, tenant string) string{secrets.TokenID, secrets.SigningID} {
		if err := secrets.CheckTenant(prefix, "acme", id(prefix, "acme")); err != nil {
			t.Error(err)
		}
		for _, other := range []string{"globex", "acme-2", "slack"} {
			if secrets.CheckTenant(prefix, other, id(prefix, "acme")) == nil {
				t.Errorf("%s may name %s", other, id(prefix, "acme"))
			}
		}
		for _, bot := range []string{"slack", "token", "signing-secret"} {
			for _, tenant := range []string{"acme", "slack"} {
				if secrets.KeyID(prefix, tenant, config.Bot{ID: bot}) == id(prefix, tenant) {
					t.Errorf("the key of %s of %s is in %s", bot, tenant, id(prefix, tenant))
				}
			}
		}
	}
}
