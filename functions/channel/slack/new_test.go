package slack_test

import (
	"context"
	"errors"
	"testing"

	"kindlyweekly/functions/aws/secrets"
	slackenv "kindlyweekly/functions/channel"
	"kindlyweekly/functions/channel/slack"
)

func TestNew_ResponseURLsAreBesideTheAPI(t *testing.T) {
	for api, want := range map[string]string{
		"": "", "http://127.0.0.1:5005/api/": "http://127.0.0.1:5005",
	} {
		c, err := slack.New(slackenv.Env{Getenv: func(string) string { return api }})
		if err != nil || c.HooksURL != want || c.URL != api {
			t.Errorf("%q: %+v, %v", api, c, err)
		}
	}
	invalid := func(string) string { return "http://[::1" }
	if _, err := slack.New(slackenv.Env{Getenv: invalid}); err == nil {
		t.Error("http://[::1 is taken for an address")
	}
}

// failing are secrets that cannot be read.
type failing struct{ err error }

func (f failing) Get(context.Context, string, string) (string, error)     { return "", f.err }
func (f failing) Refetch(context.Context, string, string) (string, error) { return "", f.err }

func TestNew_SecretFails(t *testing.T) {
	missing := &secrets.Error{
		Secret: "acme/slack", Err: errors.New("no such secret"), Remedy: "create it"}
	c, err := slack.New(slackenv.Env{
		Getenv: func(string) string { return "" }, Secrets: failing{missing}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Send(t.Context(), notice("Anything"))
	want := "the Slack token of acme cannot be read (secret acme/slack: no such secret): create it"
	if f := asFailure(t, err); f.Error() != want || f.Cause != "secret/acme/slack" {
		t.Errorf("got %v of %s, want %s", f, f.Cause, want)
	}
	if err := c.Refetch(t.Context(), tenant()); !errors.Is(err, missing) {
		t.Errorf("Refetch returns %v", err)
	}
}
