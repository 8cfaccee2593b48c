package cli

import (
	"context"
	"testing"
)

func TestAPIKey(t *testing.T) {
	for _, tc := range []struct{ variable, bot string }{
		{"KINDLY_API_KEY", "nettbutikk"},
		{"KINDLY_API_KEY_nettbutikk", "nettbutikk"},
		{"KINDLY_API_KEY_intern_hjelp_2", "intern-hjelp.2"},
		{"KINDLY_API_KEY_INTERN_HJELP_2", "intern-hjelp.2"},
	} {
		h := Host{Getenv: func(name string) string {
			return map[string]string{tc.variable: " secret\n"}[name]
		}}
		if key, err := h.APIKey(context.Background(), tc.bot); key != "secret" || err != nil {
			t.Errorf("%s for %s: %q, %v", tc.variable, tc.bot, key, err)
		}
	}
	h := Host{Getenv: func(name string) string {
		return map[string]string{"KINDLY_API_KEY": "general", "KINDLY_API_KEY_a": "its own"}[name]
	}}
	if key, _ := h.APIKey(context.Background(), "a"); key != "its own" {
		t.Errorf("the bot's own key loses against the general one: %q", key)
	}
}
