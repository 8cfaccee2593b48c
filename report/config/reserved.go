package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// folders are the names of a tenant's folders in a store, see delivery.Keys. A role's permissions go by them, and IAM's
// asterisk matches slashes too: to IAM the archive of a bot called ledger looks like the ledger.
var folders = []string{"archive", "config", "done", "ledger", "mail", "notices", "ops", "seen"}

// Folders returns the names that no new bot may have as its ID, sorted.
func Folders() []string { return slices.Clone(folders) }

// reserved notes a bot whose ID is the name of a folder. Earlier versions took those, and keys do not move, so it is a
// warning for what is in force.
func (r *reader) reserved(n *yaml.Node, path string, b Bot) {
	if slices.Contains(folders, strings.ToLower(b.ID)) {
		r.newly(n, member(path, "id"), "%s is the name of a folder in which the deployment keeps what is the tenant's: "+
			"write the bot's other id, the number or the name in https://app.kindly.ai/bot/ID", quote(b.ID))
	}
}
