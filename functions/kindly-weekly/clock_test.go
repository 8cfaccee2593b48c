package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"kindlyweekly/functions/internal/s3fake"
	"kindlyweekly/functions/kindly-weekly/cli"
)

// Every command that works with the ledger refuses to run by a clock that is more than a minute
// from S3's. What works with a folder, which has no clock, and what only edits the configuration,
// does not ask.
func TestClock_IsHeldToS3s(t *testing.T) {
	text := "mail: {from: weekly@example.com}\ndefaults: {tz: Europe/Oslo}\nbots:\n  - {id: bakeri, recipients: kari@example.com}\n"
	double := &s3fake.Server{Bucket: "kindly"}
	var s3 time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s3.UTC().Format(http.TimeFormat))
		double.ServeHTTP(w, r)
	}))
	defer server.Close()
	put, err := http.NewRequest(http.MethodPut, server.URL+"/kindly/config/acme.yaml",
		strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := http.DefaultClient.Do(put); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	cfg := aws.Config{Region: "eu-north-1", BaseEndpoint: &server.URL, HTTPClient: pathStyle{},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	folder := t.TempDir()
	mark(t, folder, 72*time.Hour)
	if err := os.MkdirAll(filepath.Join(folder, "config"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "config", "acme.yaml"), []byte(text),
		0o644); err != nil {
		t.Fatal(err)
	}
	execute := func(off time.Duration, args ...string) string {
		s3 = now.Add(-off)
		var said strings.Builder
		h := cli.Host{In: strings.NewReader(""), Out: &said, Err: &said,
			Now:    func() time.Time { return now },
			AWS:    func(context.Context) (aws.Config, error) { return cfg, nil },
			Getenv: func(name string) string { return map[string]string{"SECRET_PREFIX": "kindly-weekly/test/"}[name] }}
		run(t.Context(), h, args)
		return said.String()
	}
	bot := []string{"--tenant", "acme", "--bot", "bakeri"}
	for _, command := range [][]string{
		{"status"},
		append([]string{"resend", "--week", "2026-W46"}, bot...),
		append([]string{"report", "--send"}, bot...),
		append([]string{"backfill", "--from", "2026-W45"}, bot...),
		{"portfolio", "--tenant", "acme", "--out", t.TempDir()},
	} {
		for _, tc := range []struct {
			off   time.Duration // of this machine's clock
			wrong string
		}{
			{0, ""},
			{61 * time.Second, ""}, // it may have been a second less
			{62 * time.Second, "1m1s ahead of S3's"},
			{-60 * time.Second, ""},
			{-61 * time.Second, "1m1s behind S3's"},
			{-2 * time.Hour, "2h0m0s behind S3's"},
		} {
			said := execute(tc.off, append(command, "--bucket", "kindly")...)
			want := "kindly-weekly: this machine's clock is " + tc.wrong +
				", so claims and due times would be wrong: set the clock, then run this again\n"
			if tc.wrong != "" && said != want || tc.wrong == "" && strings.Contains(said, "clock") {
				t.Errorf("%s with a clock that is off by %v says %q", command[0], tc.off, said)
			}
		}
		if said := execute(2*time.Hour, append(command, "--store",
			folder)...); strings.Contains(said, "clock") {
			t.Errorf("%s in a folder says %q", command[0], said)
		}
	}
	if said := execute(2*time.Hour, "config", "log", "--bucket", "kindly", "--tenant",
		"acme"); strings.Contains(said, "clock") {
		t.Errorf("config log says %q", said)
	}
	said := strings.Join(strings.Fields(execute(2*time.Hour, "preflight", "--bucket", "kindly")),
		" ")
	if row := "this machine's clock 1h59m59s ahead of S3's set it; until then"; !strings.Contains(said, row) {
		t.Errorf("preflight does not say %q but %s", row, said)
	}
}

// pathStyle sends what is for the bucket's own host to the double, which has none.
type pathStyle struct{}

func (pathStyle) Do(r *http.Request) (*http.Response, error) {
	if bucket, host, ok := strings.Cut(r.URL.Host, ".127.0.0.1:"); ok {
		r.URL.Host, r.URL.Path = "127.0.0.1:"+host, "/"+bucket+r.URL.Path
	}
	return http.DefaultClient.Do(r)
}
