package filters

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
)

func TestWarnings_DidYouMean(t *testing.T) {
	known := []string{"app", "facebook", "test", "web", "web2"}
	for word, want := range map[string]string{
		"website": "web", "Web": "web", "web22": "web2", "WEB": "web", "wbe": "web", "apps": "app",
		"facebok":            "facebook",
		"facebook-messenger": "facebook", "face": "facebook", "tset": "test", "whatsapp": "",
		"none": "", "x": "",
	} {
		if got := NearestSource(word, known); got != want {
			t.Errorf("source %s: %q, want %q", word, got, want)
		}
	}
	if got := NearestSource("website", nil); got != "" {
		t.Errorf("of nothing: %q", got)
	}
	for code, want := range map[string]string{"no": "nb", "nn": "nb", "nb": "", "se": "sv",
		"da": "", "en": ""} {
		if got := NearestLanguage(code, slices.DeleteFunc([]string{"nb", "sv", "de", "es"},
			func(l string) bool { return l == code })); got != want {
			t.Errorf("language %s: %q, want %q", code, got, want)
		}
	}
}

// Names of the service are quoted, cut, and no more than ten.
func TestWarnings_EscapeKnownNames(t *testing.T) {
	u := &figures.UnknownFilters{Sources: []string{"x1"},
		KnownSources: []string{"a\x1b[31m", strings.Repeat("b", 60)}}
	if got, want := Describe(u)[0],
		`source "x1" is unknown to Kindly's statistics (known: "a\x1b[31m" "`+strings.Repeat("b",
			39)+`…")`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	u.KnownSources = strings.Fields(strings.Repeat("name ", 12))
	if got, want := Describe(u)[0],
		`source "x1" is unknown to Kindly's statistics (known:`+strings.Repeat(` "name"`,
			10)+` and 2 more)`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// A configuration is not held up by a service that does not answer.
func TestWarnTenant_NeverFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr strings.Builder
	h := cli.Host{Err: &stderr,
		Getenv: func(name string) string { return map[string]string{"KINDLY_API_KEY": "key"}[name] }}
	tenant, err := config.Parse("acme.yaml",
		[]byte("bots: [{id: bakeri, tz: Europe/Oslo, sources: web}]"))
	if err != nil {
		t.Fatal(err)
	}
	WarnTenant(ctx, h, tenant)
	if got := stderr.String(); !strings.HasPrefix(got,
		"note: bakeri: sources and languages were not checked: ") || strings.Count(got, "\n") != 1 {
		t.Errorf("%q", got)
	}
}
