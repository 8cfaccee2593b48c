package manifest_test

import (
	"net/url"
	"strings"
	"testing"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/slash/manifest"
)

const endpoint = "https://abc.execute-api.eu-north-1.amazonaws.com/slack/command"

func TestApp(t *testing.T) {
	for _, c := range []struct {
		stage about.Stage
		lines string // of the manifest
	}{
		{about.Prod, `  name: Kindly Weekly
    display_name: Kindly Weekly
    - command: /kindly-report
      url: ` + endpoint},
		{about.Dev, `  name: Kindly Weekly (dev)
    display_name: Kindly Weekly (dev)
    - command: /kindly-report-dev
      url: ` + endpoint},
	} {
		app, err := manifest.New(c.stage, endpoint)
		if err != nil {
			t.Fatal(err)
		}
		text := app.Text()
		for line := range strings.SplitSeq(c.lines, "\n") {
			if !strings.Contains(text, line+"\n") {
				t.Errorf("%s: the manifest lacks the line %q:\n%s", c.stage, line, text)
			}
		}
		link, err := url.Parse(app.Link())
		if err != nil {
			t.Fatal(err)
		}
		if q := link.Query(); link.Host != "api.slack.com" || link.Path != "/apps" ||
			q.Get("new_app") != "1" || q.Get("manifest_yaml") != text {
			t.Errorf("%s: the link is %s", c.stage, link)
		}
		// Slack's form may read a plus as such. Longer addresses than this are cut on the way.
		if n := len(app.Link()); strings.Contains(app.Link(), "+") || n > 2000 {
			t.Errorf("%s: the link has %d characters: %s", c.stage, n, app.Link())
		}
		// The names fit: 35 characters for the app's, 80 for its user's, 32 for the command's.
		if len(app.Name) > 35 || len(app.Command) > 32 {
			t.Errorf("%s: %s, %s", c.stage, app.Name, app.Command)
		}
	}
}

func TestNew_NoEndpoint(t *testing.T) {
	for _, address := range []string{
		"", "abc.execute-api.eu-north-1.amazonaws.com", "http://example.com/slack/command",
		endpoint + "?a=b", endpoint + "\n", "https://example.com/a\nname: Another", `https://a"b/c`,
		"https://kari@example.com/", "https:///slack/command",
	} {
		if app, err := manifest.New(about.Prod, address); err == nil {
			t.Errorf("%q is taken for an endpoint: %s", address, app.Text())
		}
	}
}
