package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/sage/sagefake"
)

// What the defaults of a configuration say wrongly is told once for all bots that have it, and each
// bot is asked with its own key.
func TestWarnings_AreGrouped(t *testing.T) {
	server := httptest.NewServer(sagefake.New(sagefake.Demo(now)...))
	defer server.Close()
	file := filepath.Join(t.TempDir(), "acme.yaml")
	if err := os.WriteFile(file, []byte(`
defaults: {tz: Europe/Oslo, sources: website}
bots:
  - {id: bakeri}
  - {id: kommune}
  - {id: nettbutikk, sources: web}
  - {id: unasked, sources: -website}
  - {id: keyless}
  - {id: other}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{"SAGE_URL": server.URL, "KINDLY_API_URL": server.URL,
		"KINDLY_API_KEY_bakeri": "demo-key-bakeri", "KINDLY_API_KEY_kommune": "demo-key-kommune",
		"KINDLY_API_KEY_nettbutikk": "demo-key-nettbutikk",
		"KINDLY_API_KEY_unasked":    "key", "KINDLY_API_KEY_other": "wrong"}
	folder := t.TempDir()
	mark(t, folder, 72*time.Hour)
	var out, stderr strings.Builder
	code := run(t.Context(), cli.Host{Out: &out, Err: &stderr, Now: func() time.Time { return now },
		Getenv: func(name string) string { return environment[name] }},
		[]string{"config", "diff", "--store", folder, "--tenant", "acme", file})
	want := `warning: bakeri, kommune: source "website" is unknown to Kindly's statistics: did you mean "web"? (known: `
	lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
	if code != 0 || len(lines) != 2 || !strings.HasPrefix(lines[0], want) ||
		lines[1] != "note: other: sources and languages were not checked: sage/auth answered 404" {
		t.Errorf("exit code %d, %s", code, stderr.String())
	}
}
