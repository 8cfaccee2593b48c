package slash

import (
	"slices"

	"kindlyweekly/report/config"
)

// Allowed reports whether a user may ask for the bot's report in a channel: anyone in one of the
// bot's own channels, and its viewers everywhere in the tenant's workspace. A report is shared only
// in the bot's own channels. All are Slack's IDs, since people choose names.
func Allowed(t *config.Tenant, b config.Bot, team, channel, user string, share bool) bool {
	if t.Slack.Team == "" || team != t.Slack.Team {
		return false
	}
	own := slices.ContainsFunc(b.Destinations, func(d config.Destination) bool {
		return d.Medium == config.Slack && d.To == channel
	})
	return own || !share && slices.Contains(b.Viewers, user)
}

// visible returns the bots that the caller may ask for.
func (d directory) visible(c caller) directory {
	var seen directory
	for _, b := range d {
		if Allowed(b.tenant, *b.Bot, c.team, c.channel, c.user, false) {
			seen = append(seen, b)
		}
	}
	return seen
}

// A caller is who asks, and where. The team is the tenants', as the signature proves.
type caller struct{ team, channel, user string }
