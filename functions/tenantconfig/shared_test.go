package tenantconfig_test

import (
	"strings"
	"testing"

	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
)

func TestShared(t *testing.T) {
	const (
		acme  = "slack: {team: T0ACME001, token_secret: acme#token, signing_secret: acme#signing}\nops: {channels: C0OPS00001}\ndefaults: {tz: UTC}\nbots: [{id: shop, channels: [C0SHOP0001, C0ALL00001], recipients: kari@example.com}]\n"
		beta  = "slack: {team: T0BETA001, token_secret: beta#token, signing_secret: beta#signing}\ndefaults: {tz: UTC}\nbots: [{id: help, channels: C0BETA0001, recipients: ola@example.com}]\n"
		gamma = "defaults: {tz: UTC}\nbots: [{id: web, recipients: eva@example.com}]\n"
	)
	for _, test := range []struct {
		what  string
		files []string // of the tenants a, b and c
		want  string
	}{
		{"nothing", []string{acme, beta, gamma}, ""},
		{"nothing, without Slack", []string{gamma, strings.ReplaceAll(strings.Replace(gamma, "eva", "ola", 1), "web", "web2")}, ""},
		{"one tenant", []string{acme}, ""},
		{"a team", []string{acme, strings.Replace(beta, "T0BETA001", "T0ACME001", 1)}, "a and b share: Slack team T0ACME001"},
		{"a signing secret", []string{acme, strings.Replace(beta, "beta#signing", "acme#signing", 1)}, "a and b share: secret acme#signing"},
		{"a token", []string{acme, strings.Replace(beta, "beta#token", "acme#token", 1)}, "a and b share: secret acme#token"},
		{"a key", []string{strings.Replace(acme, "id: shop", "id: shop, key_secret: acme#token", 1), strings.Replace(beta, "id: help", "id: help, key_secret: acme#token", 1)},
			"a and b share: secret acme#token"},
		{"a channel", []string{acme, strings.Replace(beta, "C0BETA0001", "C0ALL00001", 1)}, "a and b share: channel C0ALL00001"},
		{"the channel of ops", []string{acme, "ops: {channels: C0OPS00001}\n" + beta}, "a and b share: channel C0OPS00001"},
		{"a channel of one's reports and of the other's ops", []string{acme, strings.Replace(beta, "C0BETA0001", "C0OPS00001", 1)}, "a and b share: channel C0OPS00001"},
		{"a recipient", []string{acme, strings.Replace(beta, "ola@", "kari@", 1)}, "a and b share: recipient kari@example.com"},
		{"a bot", []string{acme, strings.Replace(beta, "id: help", "id: shop", 1)}, "a and b share: bot shop"},
		{"a tenant's own twice", []string{strings.Replace(acme, "}]", "}, {id: shop2, channels: C0SHOP0001}]", 1), beta}, ""},
		{"a copy", []string{acme, acme}, "a and b share: Slack team T0ACME001, secret acme#signing, secret acme#token, " +
			"channel C0ALL00001, channel C0OPS00001, channel C0SHOP0001, recipient kari@example.com, bot shop"},
		{"three", []string{acme, strings.Replace(beta, "ola@", "kari@", 1), strings.NewReplacer("eva@", "kari@", "web", "shop").Replace(gamma)},
			"a and b and c share: recipient kari@example.com\na and c share: bot shop"},
	} {
		var all []*config.Tenant
		for i, file := range test.files {
			tenant, err := config.Parse(string(rune('a'+i))+".yaml", []byte(file))
			if err != nil {
				t.Fatalf("%s: %v", test.what, err)
			}
			all = append([]*config.Tenant{tenant}, all...) // in whatever order
		}
		var got []string
		for _, s := range tenantconfig.Shared(all) {
			got = append(got, s.String())
		}
		if got := strings.Join(got, "\n"); got != test.want {
			t.Errorf("%s: %q, want %q", test.what, got, test.want)
		}
	}
}
