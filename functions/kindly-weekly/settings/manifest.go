package settings

import (
	"context"
	"errors"
	"fmt"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/slash/manifest"
)

// Manifest is the command that prints the manifest of a deployment's Slack app.
type Manifest struct {
	deployment.Place
	URL   string      `placeholder:"URL" help:"The endpoint of the slash command, instead of the deployment's."`
	Stage about.Stage `enum:"dev,prod" default:"dev" help:"With --url: the stage of the deployment, dev or prod."`
	Link  bool        `help:"Print only the address that opens Slack's form for a new app, filled in."`
}

// Help returns the details and examples of the command.
func (Manifest) Help() string {
	return `Slack creates the app from the manifest. Open the address that --link prints, or choose Create
New App, From a manifest at https://api.slack.com/apps and paste the manifest. The app of a dev
stage has a name and a slash command of its own, /kindly-report-dev: both apps can be in one
workspace.

Examples:
  kindly-weekly manifest --stack kindly-weekly-dev
  kindly-weekly manifest --stack kindly-weekly-prod --link`
}

// OnlyReads reports that the command changes nothing, so that it may use the stack in use.
func (c *Manifest) OnlyReads() bool { return c.URL == "" }

// Run prints the manifest, and on standard error the address of Slack's form.
func (c *Manifest) Run(_ context.Context, h cli.Host) error {
	stage, url := c.Stage, c.URL
	switch d := h.Deployment; {
	case c.URL != "" && c.Given():
		return cli.Usagef("--url and a deployment: leave one out")
	case c.URL != "":
	case !c.Given():
		return cli.Usagef("name the deployment with --stack NAME")
	case d == nil || d.SlashURL == "":
		return errors.New("the deployment does not say where its slash command is: " +
			"name it with --url")
	default:
		stage, url = d.Stage, d.SlashURL
	}
	app, err := manifest.New(stage, url)
	if err != nil {
		return err
	}
	if c.Link {
		fmt.Fprintln(h.Out, app.Link())
		return nil
	}
	fmt.Fprint(h.Out, app.Text())
	fmt.Fprintf(h.Err, "to create the app, paste this at https://api.slack.com/apps, or open:\n%s\n",
		app.Link())
	return nil
}
