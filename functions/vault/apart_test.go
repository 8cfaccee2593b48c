package vault_test

import (
	"testing"

	"kindlyweekly/functions/vault"
	"kindlyweekly/report/bots"
)

// The secrets that lie apart are the tenant's own and no other's, and no bot's key has the name of one.
func TestApart(t *testing.T) {
	const prefix = "kindly-weekly/prod/"
	if got := vault.TokenID(prefix, "acme"); got != "kindly-weekly/prod/acme/slack/token" {
		t.Error(got)
	}
	if got := vault.SigningID(prefix, "acme"); got != "kindly-weekly/prod/acme/slack/signing-secret" {
		t.Error(got)
	}
	for _, id := range []func(prefix, tenant string) string{vault.TokenID, vault.SigningID} {
		if err := vault.Own(prefix, "acme", id(prefix, "acme")); err != nil {
			t.Error(err)
		}
		for _, other := range []string{"globex", "acme-2", "slack"} {
			if vault.Own(prefix, other, id(prefix, "acme")) == nil {
				t.Errorf("%s may name %s", other, id(prefix, "acme"))
			}
		}
		for _, bot := range []string{"slack", "token", "signing-secret"} {
			for _, tenant := range []string{"acme", "slack"} {
				if vault.KeyID(prefix, tenant, bots.Bot{ID: bot}) == id(prefix, tenant) {
					t.Errorf("the key of %s of %s is in %s", bot, tenant, id(prefix, tenant))
				}
			}
		}
	}
}
