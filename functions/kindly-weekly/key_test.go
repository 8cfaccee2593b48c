package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/settings"
	"kindlyweekly/report/config"
	"kindlyweekly/sage/sagefake"
)

// A dialogue tries a key, stores it, and finds it there when it is run again.
func TestKey_TriedStoredAndFound(t *testing.T) {
	server := httptest.NewServer(sagefake.New(sagefake.Demo(now)...))
	defer server.Close()
	aws := newAccount()
	h := cli.Host{AWS: aws.config, Now: func() time.Time { return now },
		Getenv: func(name string) string {
			return map[string]string{"SAGE_URL": server.URL, "KINDLY_API_URL": server.URL}[name]
		}}
	bot, err := config.New("bakeri")
	if err != nil {
		t.Fatal(err)
	}
	const prefix, key = "kindly-weekly/dev/", "demo-key-bakeri"
	stored := func(prefix, tenant string, bot config.Bot, want, problem string) {
		t.Helper()
		got, err := settings.StoredKey(t.Context(), h, prefix, tenant, bot)
		if got != want || (err == nil) != (problem == "") ||
			err != nil && !strings.Contains(err.Error(), problem) {
			t.Errorf("stored is %q, %v; want %q, %q", got, err, want, problem)
		}
	}

	stored(prefix, "acme", bot, "", "")
	if _, _, err := settings.TryKey(t.Context(), h, bot, "very-secret"); err == nil ||
		!strings.Contains(err.Error(), "Kindly refused the API key") ||
		strings.Contains(err.Error(), "very-secret") {
		t.Errorf("a wrong key: %v", err)
	}
	week, chats, err := settings.TryKey(t.Context(), h, bot, key)
	if err != nil || week.String() != "2026-W46" || chats == 0 {
		t.Errorf("%d chats in %s, %v", chats, week, err)
	}
	id, err := settings.StoreKey(t.Context(), h, prefix, "acme", bot, key)
	if value, _ := aws.secret(id); err != nil || id != prefix+"acme/bakeri" || value != key {
		t.Errorf("%q is stored in %s, %v", value, id, err)
	}
	stored(prefix, "acme", bot, key, "")
	stored(prefix, "globex", bot, "", "")

	// A field of a secret that has others.
	bot.KeySecret = prefix + "acme#bakeri"
	stored(prefix, "acme", bot, "", "")
	aws.setSecret(prefix+"acme", `{"slack_token":"xoxb-1"}`)
	stored(prefix, "acme", bot, "", "")
	if _, err := settings.StoreKey(t.Context(), h, prefix, "acme", bot, key); err != nil {
		t.Error(err)
	}
	if value, _ := aws.secret(prefix + "acme"); value != `{"bakeri":"demo-key-bakeri","slack_token":"xoxb-1"}` {
		t.Errorf("stored is %s", value)
	}
	stored(prefix, "acme", bot, key, "")

	// What is wrong is not taken for missing.
	aws.setSecret(prefix+"acme", "no object")
	stored(prefix, "acme", bot, "", "it is not a JSON object")
	stored(prefix, "globex", bot, "", "it does not belong to globex")
	bot.KeySecret = ""
	stored("", "acme", bot, "", "has no key_secret for bakeri")
}
