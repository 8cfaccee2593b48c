package main

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

func TestWhatWasMeantByAFilter(t *testing.T) {
	known := []string{"app", "facebook", "test", "web", "web2"}
	for word, want := range map[string]string{
		"website": "web", "Web": "web", "web22": "web2", "WEB": "web", "wbe": "web", "apps": "app", "facebok": "facebook",
		"facebook-messenger": "facebook", "face": "facebook", "tset": "test", "whatsapp": "", "none": "", "x": "",
	} {
		if got := meantSource(word, known); got != want {
			t.Errorf("source %s: %q, want %q", word, got, want)
		}
	}
	if got := meantSource("website", nil); got != "" {
		t.Errorf("of nothing: %q", got)
	}
	for code, want := range map[string]string{"no": "nb", "nn": "nb", "nb": "", "se": "sv", "da": "", "en": ""} {
		if got := meantLanguage(code, slices.DeleteFunc([]string{"nb", "sv", "de", "es"}, func(l string) bool { return l == code })); got != want {
			t.Errorf("language %s: %q, want %q", code, got, want)
		}
	}
}

// Names of the service are quoted, cut, and no more than ten.
func TestKnownNamesAreListedSafely(t *testing.T) {
	u := &figures.UnknownFilters{Sources: []string{"x1"}, KnownSources: []string{"a\x1b[31m", strings.Repeat("b", 60)}}
	if got, want := describe(u)[0], `source "x1" is unknown to Kindly's statistics (known: "a\x1b[31m" "`+strings.Repeat("b", 39)+`…")`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	u.KnownSources = strings.Fields(strings.Repeat("name ", 12))
	if got, want := describe(u)[0], `source "x1" is unknown to Kindly's statistics (known:`+strings.Repeat(` "name"`, 10)+` and 2 more)`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// What the defaults of a configuration say wrongly is told once for all bots that have it, and each bot is asked with its
// own key.
func TestWarningsOfAConfigurationAreGrouped(t *testing.T) {
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
		"KINDLY_API_KEY_bakeri": "demo-key-bakeri", "KINDLY_API_KEY_kommune": "demo-key-kommune", "KINDLY_API_KEY_nettbutikk": "demo-key-nettbutikk",
		"KINDLY_API_KEY_unasked": "key", "KINDLY_API_KEY_other": "wrong"}
	var out, stderr strings.Builder
	code := run(t.Context(), host{out: &out, err: &stderr, now: func() time.Time { return now },
		getenv: func(name string) string { return environment[name] }}, []string{"config", "diff", "--store", t.TempDir(), "--tenant", "acme", file})
	want := `warning: bakeri, kommune: source "website" is unknown to Kindly's statistics: did you mean "web"? (known: `
	lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
	if code != 0 || len(lines) != 2 || !strings.HasPrefix(lines[0], want) || lines[1] != "note: other: sources and languages were not checked: sage/auth answered 404" {
		t.Errorf("exit code %d, %s", code, stderr.String())
	}
}

// A configuration is not held up by a service that does not answer.
func TestWarningsHoldUpNoConfiguration(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr strings.Builder
	h := host{err: &stderr, getenv: func(name string) string { return map[string]string{"KINDLY_API_KEY": "key"}[name] }}
	tenant, err := config.Parse("acme.yaml", []byte("bots: [{id: bakeri, tz: Europe/Oslo, sources: web}]"))
	if err != nil {
		t.Fatal(err)
	}
	h.warnOfFilters(ctx, tenant)
	if got := stderr.String(); !strings.HasPrefix(got, "note: bakeri: sources and languages were not checked: ") || strings.Count(got, "\n") != 1 {
		t.Errorf("%q", got)
	}
}
