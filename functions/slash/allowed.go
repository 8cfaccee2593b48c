package slash

import (
	"slices"

	"kindlyweekly/report/config"
)

// Allowed reports whether somebody may ask for the bot's report where he stands: in one of the bot's own channels, or,
// as one of its viewers, anywhere in the tenant's workspace. Shared it may be only in the bot's own channels. Who
// decides is Slack's ids, since names can be chosen.
func Allowed(t *config.Tenant, b config.Bot, team, channel, user string, share bool) bool {
	if t.Slack.Team == "" || team != t.Slack.Team {
		return false
	}
	own := slices.ContainsFunc(b.Destinations, func(d config.Destination) bool {
		return d.Medium == config.Slack && d.To == channel
	})
	return own || !share && slices.Contains(b.Viewers, user)
}

// visible returns the bots that somebody may ask for. To that person there are no others.
func (d directory) visible(p place) directory {
	var seen directory
	for _, b := range d {
		if Allowed(b.tenant, *b.Bot, p.team, p.channel, p.user, false) {
			seen = append(seen, b)
		}
	}
	return seen
}

// A place is who asks, and where. The team is the tenants', which the signature has proved.
type place struct{ team, channel, user string }
