package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Where no deployment is named it is the last run of serve, by whose longer window it is looked at.
func TestStatus_LastServe(t *testing.T) {
	dir, h, out, stderr := deployed(t,
		"defaults: {tz: Europe/Oslo}\nbots: [{id: bakeri, channels: C024BE91L, send: {day: tuesday}}]\n", func(*http.Request) {})
	t.Chdir(t.TempDir())
	last := filepath.Join("out", "serve", "20261116-070000")
	for _, run := range []string{filepath.Join("out", "serve", "20261115-070000"),
		filepath.Join("out", "serve", "20261117-070000")} {
		if err := os.MkdirAll(run, 0o755); err != nil { // in which serve left nothing
			t.Fatal(err)
		}
	}
	if code := run(context.Background(), h, []string{"status"}); code != exitUsage ||
		!strings.Contains(stderr.String(), "--stack NAME") {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	if err := os.Rename(dir, last); err != nil {
		t.Fatal(err)
	}
	mark(t, last, 7*24*time.Hour)
	known := `{"bakeri": {"slack-C024BE91L": "2026-11-01T00:00:00Z"}}`
	if err := os.MkdirAll(filepath.Join(last, "acme", "ledger"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(last, "acme", "ledger", "known.json"), []byte(known),
		0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"status", "--week", "2026-W45"},
		{"status", "--week", "2026-W45", "--store", last}} {
		if code := run(context.Background(), h, args); code != 0 ||
			!strings.Contains(out.String(), "waits") {
			t.Errorf("%q: exit code %d: %s%s", args, code, out.String(), stderr.String())
		}
	}
	if !strings.Contains(stderr.String(), "note: this is the last run of serve, in "+last+";") {
		t.Errorf("it does not say what it shows: %s", stderr.String())
	}
}
