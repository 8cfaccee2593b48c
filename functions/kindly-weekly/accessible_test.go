package main

import (
	"bytes"
	"context"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/pagetest"
)

// axe finds no fault on the page of the demo.
func TestDemo_Accessible(t *testing.T) {
	b, dir := pagetest.Start(t), t.TempDir()
	var said bytes.Buffer
	h := cli.Host{Out: &said, Err: &said, Now: func() time.Time { return now },
		Getenv: func(string) string { return "" }}
	if code := run(context.Background(), h, []string{"demo", "--out", dir}); code != 0 {
		t.Fatalf("exit code %d: %s", code, &said)
	}
	file := &url.URL{Scheme: "file", Path: filepath.Join(dir, "index.html")}
	pagetest.Check(t, b.Judge(t, []pagetest.Page{{Name: "index.html", URL: file.String()}},
		pagetest.Windows))
}
