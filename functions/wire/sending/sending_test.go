package sending_test

import (
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/report/config"
)

func TestNew_NamesTheVariable(t *testing.T) {
	env := map[string]string{"AWS_REGION": "eu-north-1", "BUCKET": "b", "CATCH_UP_HOURS": "72",
		"SECRET_PREFIX": "kindly-weekly/dev/"}
	getenv := func(name string) string { return env[name] }
	d, err := sending.New(t.Context(), getenv)
	if err != nil || d.CatchUp != 72*time.Hour || d.Divert != nil || d.Commands.Bucket != "b" {
		t.Fatalf("%+v, %v", d, err)
	}
	for name, bad := range map[string][]string{
		"CATCH_UP_HOURS": {"", "three days", "0", "-1"}, "DIVERT_TO": {"nobody"}, "SECRET_PREFIX": {""},
		"AWS_REGION": {""},
	} {
		good := env[name]
		for _, value := range bad {
			env[name] = value
			if _, err := sending.New(t.Context(), getenv); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
		env[name] = good
	}
}

func TestDivert(t *testing.T) {
	divert := func(value string) (*config.Destination, error) {
		return sending.Divert(func(string) string { return value })
	}
	for s, want := range map[string]*config.Destination{
		"":                     nil,
		"slack:C024DEV99":      {Medium: config.Slack, To: "C024DEV99", When: config.Always},
		"mail:dev@example.com": {Medium: config.Mail, To: "dev@example.com", When: config.Always},
	} {
		got, err := divert(s)
		if err != nil || (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"C024DEV99", "slack:", "slack:general", "mail:nobody", "fax:123", "none"} {
		if d, err := divert(s); err == nil {
			t.Errorf("%q is %v", s, d)
		}
	}
}
