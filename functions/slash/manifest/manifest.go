// Package manifest has the manifest of the Slack app, from which Slack creates the app: its name,
// its slash command and its scopes. An operator opens [App.Link], or pastes [App.Text].
//
// The app has a messages tab, in which people read private answers. Names in the command are not
// escaped, since with escaping Slack replaces a name after @ by an ID. functions/channel/slack says
// what the scopes are for.
package manifest

import (
	_ "embed"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"kindlyweekly/functions/about"
)

// source is the manifest of a production app, with an example of a URL.
//
//go:embed manifest.yaml
var source string

// App is the Slack app of a deployment. The apps of two stages can be in one workspace: they differ
// in their names and in their commands. If two apps have the same command, Slack calls the one that
// was installed last.
type App struct {
	Name    string // as people see it: Kindly Weekly
	Command string // the slash command: /kindly-report
	URL     string // where Slack sends the command
}

// Slack accepts only HTTPS. Other characters would need quotes in the YAML.
var endpoint = regexp.MustCompile(`^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$`)

// New returns the app of a deployment. slashURL is the stack's output SlashUrl. Every stage but
// prod is part of the app's name and command: Kindly Weekly (dev), /kindly-report-dev. New fails if
// slashURL is not the address of an HTTPS endpoint.
func New(stage about.Stage, slashURL string) (App, error) {
	if !endpoint.MatchString(slashURL) {
		return App{}, fmt.Errorf("the URL of the slash command, %q, is not one such as "+
			"https://example.com/slack/command", slashURL)
	}
	app := App{Name: name, Command: command, URL: slashURL}
	if stage != about.Prod {
		app.Name += " (" + string(stage) + ")"
		app.Command += "-" + string(stage)
	}
	return app, nil
}

// What the source has in the place of the fields of an App.
const (
	name    = "Kindly Weekly"
	command = "/kindly-report"
	example = "https://example.com/slack/command"
)

// Text returns the manifest as YAML.
func (a App) Text() string {
	return strings.NewReplacer(name, a.Name, command, a.Command, example, a.URL).Replace(source)
}

// Link returns an address that opens Slack's form for a new app with the manifest filled in.
func (a App) Link() string {
	return "https://api.slack.com/apps?new_app=1&manifest_yaml=" +
		strings.ReplaceAll(url.QueryEscape(a.Text()), "+", "%20")
}
