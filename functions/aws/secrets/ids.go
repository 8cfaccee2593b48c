package secrets

import (
	"errors"
	"strings"

	"kindlyweekly/report/config"
)

// IAM allows a role whole secrets, not fields. So what only one function needs has secrets of its
// own, which a policy selects by the end of their names: "*/slack/token", "*/slack/signing-secret".
// These names belong to the tenant, see [CheckTenant], so every version of this program accepts
// them. The name of a bot's API key never ends so by default: [KeyID] has no slash after the
// tenant's.

// KeyID returns the ID of the secret with a bot's API key: the one that its configuration names,
// else prefix + tenant + "/" + the bot's ID. The prefix is the deployment's, such as
// "kindly-weekly/prod/".
func KeyID(prefix, tenant string, bot config.Bot) string {
	if bot.KeySecret != "" {
		return bot.KeySecret
	}
	return prefix + tenant + "/" + bot.ID
}

// TokenID returns the ID of the secret that has only a tenant's Slack token.
func TokenID(prefix, tenant string) string { return prefix + tenant + "/slack/token" }

// SigningID returns the ID of the secret that has only the signing secret of a tenant's Slack app.
func SigningID(prefix, tenant string) string { return prefix + tenant + "/slack/signing-secret" }

// split returns the secret and the field of an ID. The field may be empty.
func split(id string) (name, field string, err error) {
	name, field, named := strings.Cut(id, "#")
	switch {
	case name == "":
		err = errors.New("no secret is named")
	case named && field == "":
		err = errors.New("no field is named after the #")
	}
	if err != nil {
		return "", "", &Error{Secret: id, Err: err, Permanent: true,
			Remedy: "write id, or id#field, such as kindly-weekly/acme#slack_token"}
	}
	return name, field, nil
}
