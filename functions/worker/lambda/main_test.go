package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

func TestNewWorker(t *testing.T) {
	env := map[string]string{
		"AWS_REGION": "eu-north-1", "BUCKET": "b", "STAGE": "dev", "CATCH_UP_HOURS": "72",
		"SECRET_PREFIX": "kindly-weekly/dev/", "SAGE_URL": "https://sage.example",
		"DIVERT_TO": "slack:C024DEV99", "SES_CONFIGURATION_SET": "set",
		"SLACK_API_URL": "http://127.0.0.1:5005/api/", "SAGE_CONCURRENCY": "8",
	}
	w, err := newWorker(t.Context(), func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if w.CatchUp != 72*time.Hour || w.SageConcurrency != 8 || w.Metrics.Stage != "dev" ||
		w.SecretPrefix != "kindly-weekly/dev/" || w.SageURL != "https://sage.example" {
		t.Errorf("catch-up %v, stage %q, secrets %q, Sage %q", w.CatchUp, w.Metrics.Stage,
			w.SecretPrefix, w.SageURL)
	}
	if w.Divert == nil || w.Divert.To != "C024DEV99" || w.Senders[config.Slack] == nil ||
		w.Senders[config.Mail] == nil {
		t.Errorf("divert %v, senders %v", w.Divert, w.Senders)
	}
	if w.Slack == nil || w.Permalink == nil || w.HTTP == nil || w.Spelling == nil {
		t.Errorf("Slack %v, links %t, HTTP %v, spelling %t", w.Slack, w.Permalink != nil, w.HTTP,
			w.Spelling != nil)
	}
	if c := w.Commands; c.Stack != "dev" || c.Bucket != "b" || c.Store != "" {
		t.Errorf("operators are told commands of %+v", c)
	}

	for name, bad := range map[string]string{"CATCH_UP_HOURS": "three days", "DIVERT_TO": "nobody",
		"SLACK_API_URL": "http://[::1", "SECRET_PREFIX": "", "AWS_REGION": ""} {
		good := env[name]
		env[name] = bad
		if _, err := newWorker(t.Context(),
			func(name string) string { return env[name] }); err == nil {
			t.Errorf("%s=%s does not keep it from starting", name, bad)
		}
		env[name] = good
	}
}

// A number of requests that the template would not give keeps the worker from starting. Without one
// it has sage's default, 0.
func TestNewWorker_SageConcurrency(t *testing.T) {
	env := map[string]string{"AWS_REGION": "eu-north-1", "BUCKET": "b", "CATCH_UP_HOURS": "72",
		"SECRET_PREFIX": "kindly-weekly/dev/"}
	const refused = "SAGE_CONCURRENCY: %q is not a whole number from 1 to 64: " +
		"deploy the stack with such a SageConcurrency, for example its default, 16"
	for value, want := range map[string]int{
		"": 0, "1": 1, "16": 16, "64": 64, "0": -1, "-1": -1, "65": -1, "2.5": -1, "sixteen": -1,
		" 16": -1, "99999999999999999999": -1,
	} {
		env["SAGE_CONCURRENCY"] = value
		w, err := newWorker(t.Context(), func(name string) string { return env[name] })
		switch {
		case want >= 0 && err != nil:
			t.Errorf("%q: %v", value, err)
		case want >= 0 && w.SageConcurrency != want:
			t.Errorf("%q: %d requests at a time, want %d", value, w.SageConcurrency, want)
		case want < 0 && (err == nil || err.Error() != fmt.Sprintf(refused, value)):
			t.Errorf("%q: error %v", value, err)
		}
	}
}

// A configuration that names another tenant's Slack token does not get it. Neither Secrets Manager
// nor Slack is asked.
func TestNewWorker_TokenOfAnotherTenant(t *testing.T) {
	var asked []string
	secrets := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ SecretId string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil ||
			r.Header.Get("X-Amz-Target") != "secretsmanager.GetSecretValue" {
			t.Errorf("not a request for a secret: %s %v %v", r.URL, r.Header, err)
		}
		asked = append(asked, in.SecretId)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		fmt.Fprintf(w, `{"Name": %q, "SecretString": "{\"token\": \"xoxb-of-%s\"}"}`, in.SecretId,
			path.Base(in.SecretId))
	}))
	defer secrets.Close()
	var tokens []string
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens = append(tokens, cmp.Or(r.FormValue("token"), r.Header.Get("Authorization")))
		fmt.Fprint(w, `{"ok": false, "error": "channel_not_found"}`)
	}))
	defer slack.Close()
	env := map[string]string{"CATCH_UP_HOURS": "72", "BUCKET": "b",
		"SECRET_PREFIX": "kindly-weekly/dev/", "SLACK_API_URL": slack.URL + "/",
		"AWS_REGION": "eu-north-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key",
		"AWS_ENDPOINT_URL": secrets.URL}
	w, err := newWorker(t.Context(), func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	sender := w.Senders[config.Slack]
	const arn = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:"
	for _, id := range []string{"kindly-weekly/dev/globex#token", "kindly-weekly/dev/acme-2#token",
		arn + "kindly-weekly/dev/globex-AbCdEf#token"} {
		_, err := sender.Send(t.Context(), notice("acme", id))
		if err == nil || !strings.Contains(err.Error(), "kindly-weekly/dev/acme#field") ||
			len(asked) > 0 || len(tokens) > 0 {
			t.Errorf("%s: %v; Secrets Manager was asked for %v, and Slack with %v", id, err, asked,
				tokens)
		}
	}
	if _, err := sender.Send(t.Context(), notice("acme",
		"kindly-weekly/dev/acme#token")); err == nil ||
		!slices.Equal(asked, []string{"kindly-weekly/dev/acme"}) ||
		len(tokens) == 0 || !strings.Contains(tokens[0], "xoxb-of-acme") {
		t.Errorf("its own: %v; Secrets Manager was asked for %v, and Slack with %v", err, asked,
			tokens)
	}
}

// notice is a message of a tenant whose configuration names the secret of a Slack token.
func notice(tenant, secret string) delivery.Message {
	return delivery.Message{
		Key: "notice", Payload: &delivery.Notice{ID: "n", Subject: "A notice",
			Text: "Something is wrong."},
		Tenant: &config.Tenant{Name: tenant, Locale: "en",
			Slack: config.SlackApp{Team: "T0ACME001", TokenSecret: secret}},
		Destination: config.Destination{Medium: config.Slack, To: "C0ACMECH01", When: config.Always,
			Locale: "en"},
	}
}
