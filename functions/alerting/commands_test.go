package alerting_test

import (
	"testing"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/report/config"
)

// A command names the deployment by its stack, which an operator knows. Nothing is sent from a
// folder, and its keys come from the environment.
func TestCommands_Place(t *testing.T) {
	d := shop(46, "").Delivery
	d.Destination = config.Destination{Medium: config.Slack, To: "C0SHOP0001"}
	const resend = " --tenant acme --bot shop --week 2026-W46 --to slack:C0SHOP0001"
	for name, test := range map[string]struct {
		commands            alerting.Commands
		resend, setKey, log string
	}{
		"stack": {alerting.Commands{Stack: "kindly-weekly-prod", Bucket: "weekly"},
			"kindly-weekly resend --stack kindly-weekly-prod" + resend,
			"kindly-weekly key set --stack kindly-weekly-prod --tenant acme --bot shop",
			"kindly-weekly config log --stack kindly-weekly-prod --tenant acme"},
		"bucket": {alerting.Commands{Name: "./kw", Bucket: "weekly"},
			"./kw resend --bucket weekly" + resend,
			"./kw key set --bucket weekly --tenant acme --bot shop",
			"./kw config log --bucket weekly --tenant acme"},
		"folder": {alerting.Commands{Stack: "serve", Store: "out/serve"}, "", "",
			"kindly-weekly config log --store out/serve --tenant acme"},
	} {
		got := [3]string{test.commands.Resend(d), test.commands.SetKey("acme", "shop"),
			test.commands.Log("acme")}
		if want := [3]string{test.resend, test.setKey, test.log}; got != want {
			t.Errorf("%s: got\n%q\nwant\n%q", name, got, want)
		}
	}
}
