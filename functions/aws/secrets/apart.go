package secrets

// A role is allowed secrets, and not fields of one. So what only one of the functions needs lies in secrets of its own,
// which a role can select by the end of their names: "*/slack/token", "*/slack/signing-secret". These names are below the
// tenant's own, see [CheckTenant], so every version of this program takes them, and no bot's API key has one unless its
// configuration says so: [KeyID] has no slash behind the tenant's.

// TokenID returns the id of the secret that holds a tenant's Slack token and nothing else.
func TokenID(prefix, tenant string) string { return prefix + tenant + "/slack/token" }

// SigningID returns the id of the secret that holds the signing secret of a tenant's Slack app and nothing else.
func SigningID(prefix, tenant string) string { return prefix + tenant + "/slack/signing-secret" }
