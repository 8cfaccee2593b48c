package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// folders are the names of a tenant's folders in a store, see delivery.Keys. A role's permissions
// name them, and IAM's asterisk matches slashes too: to IAM the archive of a bot called ledger
// looks like the ledger.
var folders = []string{"archive", "config", "done", "ledger", "mail", "notices", "ops", "seen"}

// Folders returns the names that no new bot may have as its ID, sorted.
func Folders() []string { return slices.Clone(folders) }

// reserved warns about a bot whose ID is the name of a folder. Earlier versions accepted it, and
// keys cannot change.
func (r *reader) reserved(n *yaml.Node, path string, b Bot) {
	if slices.Contains(folders, strings.ToLower(b.ID)) {
		r.warnf(n, member(path, "id"), "%s is the name of a folder for the tenant's data: "+
			"write the bot's other id, the number or the name in https://app.kindly.ai/bot/ID",
			quote(b.ID))
	}
}
