package slack_test

import (
	"testing"

	slackenv "kindlyweekly/functions/channel"
	"kindlyweekly/functions/channel/slack"
)

func TestNew_ResponseURLsAreBesideTheAPI(t *testing.T) {
	for api, want := range map[string]string{"": "", "http://127.0.0.1:5005/api/": "http://127.0.0.1:5005"} {
		c, err := slack.New(slackenv.Env{Getenv: func(string) string { return api }})
		if err != nil || c.HooksURL != want || c.URL != api {
			t.Errorf("%q: %+v, %v", api, c, err)
		}
	}
	if _, err := slack.New(slackenv.Env{Getenv: func(string) string { return "http://[::1" }}); err == nil {
		t.Error("http://[::1 is taken for an address")
	}
}
