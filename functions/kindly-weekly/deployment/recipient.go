package deployment

import (
	"regexp"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
)

// slackUser matches a person in Slack, who gets a direct message.
var slackUser = regexp.MustCompile(`^slack:([UW][A-Z0-9]{8,20})$`)

// ParseRecipient parses the value of a flag: a destination, or a person in Slack.
func ParseRecipient(flag, value string) (config.Destination, error) {
	if m := slackUser.FindStringSubmatch(value); m != nil {
		return config.Destination{Medium: config.Slack, To: m[1], When: config.Always}, nil
	}
	to, err := config.ParseDestination(value)
	if err != nil {
		return to, cli.Usagef("%s: %w; slack:U024BE7LH is a person", flag, err)
	}
	return to, nil
}
