package main

import (
	"testing"
	"time"

	"kindlyweekly/report/bots"
)

func TestWorkerIsMadeOfItsEnvironment(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-north-1")
	env := map[string]string{
		"BUCKET": "b", "STAGE": "dev", "CATCH_UP_HOURS": "72", "SECRET_PREFIX": "kindly-weekly/dev/", "SAGE_URL": "https://sage.example",
		"DIVERT_TO": "slack:C024DEV99", "SES_CONFIGURATION_SET": "set", "SLACK_API_URL": "http://127.0.0.1:5005/api/",
	}
	w, err := newWorker(t.Context(), func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if w.CatchUp != 72*time.Hour || w.Metrics.Stage != "dev" || w.SecretPrefix != "kindly-weekly/dev/" || w.SageURL != "https://sage.example" {
		t.Errorf("catch-up %v, stage %q, secrets %q, Sage %q", w.CatchUp, w.Metrics.Stage, w.SecretPrefix, w.SageURL)
	}
	if w.Divert == nil || w.Divert.To != "C024DEV99" || w.Senders[bots.Slack] == nil || w.Senders[bots.Mail] == nil {
		t.Errorf("divert %v, senders %v", w.Divert, w.Senders)
	}
	if c := w.Commands; c.Bucket != "b" || c.Secrets != w.SecretPrefix || c.Divert != w.Divert || c.MailSet != "set" || c.Store != "" {
		t.Errorf("operators are told commands of %+v", c)
	}

	for name, bad := range map[string]string{"CATCH_UP_HOURS": "three days", "DIVERT_TO": "nobody", "SLACK_API_URL": "http://[::1", "SECRET_PREFIX": ""} {
		good := env[name]
		env[name] = bad
		if _, err := newWorker(t.Context(), func(name string) string { return env[name] }); err == nil {
			t.Errorf("%s=%s does not keep it from starting", name, bad)
		}
		env[name] = good
	}
}

func TestResponseURLsAreBesideTheAPI(t *testing.T) {
	for api, want := range map[string]string{"": "", "http://127.0.0.1:5005/api/": "http://127.0.0.1:5005"} {
		if got, err := hooksBeside(api); got != want || err != nil {
			t.Errorf("%q: %q, %v", api, got, err)
		}
	}
}
