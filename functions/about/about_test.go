package about_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kindlyweekly/functions/about"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// environment returns the variables that the template sets for the tick.
func environment() map[string]string {
	return map[string]string{"STAGE": "kindly-weekly-dev", "BUCKET": "weekly", "DEPLOYMENT_STAGE": "dev",
		"DIVERT_TO": "mail:me@example.com", "SECRET_PREFIX": "kindly-weekly/dev/",
		"SES_CONFIGURATION_SET": "set", "ALARM_TOPIC": "arn:aws:sns:eu-north-1:1:alarms",
		"SLASH_URL": "https://api.example.com/slack/command", "CATCH_UP_HOURS": "72"}
}

func TestDeployment_ReadAsSaved(t *testing.T) {
	env := environment()
	want, err := about.FromEnvironment(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if want.Stage != about.Dev || want.DivertTo != "mail:me@example.com" ||
		want.Bucket != "weekly" || want.CatchUpHours != 72 {
		t.Errorf("%+v", want)
	}
	store := &storetest.Memory{}
	if err := want.Save(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	if got, err := about.Read(t.Context(), store); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

// A tick writes only what has changed, since there are a hundred a day.
func TestDeployment_SavedOnce(t *testing.T) {
	puts := 0
	store := storetest.Wrapped{Store: &storetest.Memory{},
		Around: func(_ context.Context, call, _ string, do func() error) error {
			if call == "put" {
				puts++
			}
			return do()
		}}
	env := environment()
	save := func() {
		t.Helper()
		d, err := about.FromEnvironment(func(name string) string { return env[name] })
		if err == nil {
			err = d.Save(t.Context(), store)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	save()
	save()
	if puts != 1 {
		t.Errorf("the same description was written %d times", puts)
	}
	env["DIVERT_TO"] = "slack:C024DEV99"
	save()
	if d, err := about.Read(t.Context(), store); err != nil || d.DivertTo != "slack:C024DEV99" {
		t.Errorf("after a change: %+v, %v", d, err)
	}
}

func TestFromEnvironment_Errors(t *testing.T) {
	for name, bad := range map[string]string{"CATCH_UP_HOURS": "three", "DEPLOYMENT_STAGE": "test"} {
		env := environment()
		env[name] = bad
		_, err := about.FromEnvironment(func(name string) string { return env[name] })
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, bad, err)
		}
	}
}

func TestRead_Errors(t *testing.T) {
	store := &storetest.Memory{}
	if _, err := about.Read(t.Context(), store); !errors.Is(err, delivery.ErrNotFound) {
		t.Errorf("without a description: %v", err)
	}
	for _, bad := range []string{"", "{", `{"stage": "staging"}`} {
		store.Plant("deployment.json", []byte(bad))
		if d, err := about.Read(t.Context(), store); err == nil ||
			!strings.Contains(err.Error(), "deployment.json") {
			t.Errorf("%s: %+v, %v", bad, d, err)
		}
	}
}
