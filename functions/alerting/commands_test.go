package alerting_test

import (
	"testing"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/report/config"
)

// Only what goes by mail needs the SES configuration set: it is the place that counts to which the
// deployment really sends.
func TestCommands_Resend(t *testing.T) {
	const resend = "kindly-weekly resend --bucket weekly --tenant acme --bot shop" +
		" --week 2026-W46 --to "
	const withSet = "SES_CONFIGURATION_SET=set " + resend
	channel := config.Destination{Medium: config.Slack, To: "C0SHOP0001"}
	mailbox := config.Destination{Medium: config.Mail, To: "kari@example.com"}
	for name, c := range map[string]struct {
		to      config.Destination
		divert  *config.Destination
		mailSet string
		want    string
	}{
		"channel":         {channel, nil, "set", resend + "slack:C0SHOP0001"},
		"mailbox":         {mailbox, nil, "set", withSet + "mail:kari@example.com"},
		"mailbox, no set": {mailbox, nil, "", resend + "mail:kari@example.com"},
		"channel, diverted to a mailbox": {channel, &mailbox, "set",
			"DIVERT_TO=mail:kari@example.com " + withSet + "slack:C0SHOP0001"},
		"mailbox, diverted to a channel": {mailbox, &channel, "set",
			"DIVERT_TO=slack:C0SHOP0001 " + resend + "mail:kari@example.com"},
	} {
		commands := alerting.Commands{Bucket: "weekly", Divert: c.divert, MailSet: c.mailSet}
		d := shop(46, "").Delivery
		d.Destination = c.to
		if got := commands.Resend(d); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// A key that came from the environment has no place where it could be stored.
func TestCommands_SetKey(t *testing.T) {
	const set = "kindly-weekly key set --bucket weekly --tenant acme "
	for name, c := range map[string]struct {
		secrets, keySecret string
		want               string
	}{
		"no place":              {"", "", ""},
		"secrets of the bucket": {"prod/", "", set + "--secrets prod/ --bot shop"},
		"the bot's own secret":  {"", "acme#shop", set + "--bot shop"},
		"both":                  {"prod/", "acme#shop", set + "--secrets prod/ --bot shop"},
	} {
		commands := alerting.Commands{Bucket: "weekly", Secrets: c.secrets}
		got := commands.SetKey("acme", config.Bot{ID: "shop", KeySecret: c.keySecret})
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
