package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/operator"
	"kindlyweekly/report/bots"
)

// The commands that people are told are for this deployment, and for nobody but whom it diverts to.
func TestCommandsAreOfThisDeployment(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-north-1")
	env := map[string]string{"CATCH_UP_HOURS": "72", "BUCKET": "b", "SECRET_PREFIX": "kindly-weekly/dev/", "DIVERT_TO": "mail:me@example.com", "SES_CONFIGURATION_SET": "set"}
	h, err := newHandler(t.Context(), func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	me := &bots.Destination{Medium: bots.Mail, To: "me@example.com", When: bots.Always}
	if diff := cmp.Diff(operator.Commands{Bucket: "b", Secrets: "kindly-weekly/dev/", Divert: me, MailSet: "set"}, h.Desk.Commands); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Without the prefix nothing would tell one tenant's secrets from another's.
func TestNothingStartsWithoutASecretPrefix(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-north-1")
	env := map[string]string{"CATCH_UP_HOURS": "72", "BUCKET": "b", "SECRET_PREFIX": "kindly-weekly/dev/"}
	getenv := func(name string) string { return env[name] }
	if _, err := newHandler(t.Context(), getenv); err != nil {
		t.Fatal(err)
	}
	env["SECRET_PREFIX"] = ""
	if _, err := newHandler(t.Context(), getenv); err == nil {
		t.Error("it starts")
	}
}
