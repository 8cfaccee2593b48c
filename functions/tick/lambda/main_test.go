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

	"kindlyweekly/functions/alerting"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// The commands that people are told are for this deployment.
func TestMain_CommandsOfThisDeployment(t *testing.T) {
	env := map[string]string{"AWS_REGION": "eu-north-1", "CATCH_UP_HOURS": "72", "BUCKET": "b",
		"STAGE": "kindly-weekly-dev", "SECRET_PREFIX": "kindly-weekly/dev/"}
	h, err := newHandler(t.Context(), func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	want := alerting.Commands{Stack: "kindly-weekly-dev", Bucket: "b"}
	if got := h.Notifier.Commands; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Without the prefix nothing would tell one tenant's secrets from another's.
func TestMain_NeedsSecretPrefix(t *testing.T) {
	env := map[string]string{"AWS_REGION": "eu-north-1", "CATCH_UP_HOURS": "72", "BUCKET": "b",
		"SECRET_PREFIX": "kindly-weekly/dev/"}
	getenv := func(name string) string { return env[name] }
	if _, err := newHandler(t.Context(), getenv); err != nil {
		t.Fatal(err)
	}
	env["SECRET_PREFIX"] = ""
	if _, err := newHandler(t.Context(), getenv); err == nil {
		t.Error("it starts")
	}
}

// A tenant whose configuration names another's Slack token does not get it: nothing is asked of
// Secrets Manager, nor of Slack.
func TestMain_TenantsUseTheirOwnTokens(t *testing.T) {
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
	h, err := newHandler(t.Context(), func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	sender := h.Notifier.Senders[config.Slack]
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
