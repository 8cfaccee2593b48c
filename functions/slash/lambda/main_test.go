package main

import "testing"

// Without the prefix nothing would tell one tenant's secrets from another's.
func TestNewHandler_WithoutSecretPrefix(t *testing.T) {
	env := map[string]string{"AWS_REGION": "eu-north-1", "BUCKET": "b",
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
