package main

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/sage/sagefake"
)

// deployed is a folder with acme's configuration, and a machine on which the built-in Sage is
// asked.
func deployed(t *testing.T, configuration string,
	asked func(*http.Request)) (dir string, h cli.Host, out, stderr *lockedBuffer) {
	t.Helper()
	sage := sagefake.New(sagefake.Demo(now)...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked(r)
		sage.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	dir, out, stderr = t.TempDir(), &lockedBuffer{}, &lockedBuffer{}
	if err := os.MkdirAll(filepath.Join(dir, "config"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config", "acme.yaml"), []byte(configuration),
		0o644); err != nil {
		t.Fatal(err)
	}
	mark(t, dir, 72*time.Hour)
	return dir, cli.Host{Out: out, Err: stderr, Now: func() time.Time { return now },
		AWS: func(context.Context) (aws.Config, error) { return aws.Config{}, nil },
		Getenv: func(name string) string {
			return map[string]string{"SAGE_URL": server.URL, "KINDLY_API_URL": server.URL,
				"KINDLY_API_KEY": "demo-key-bakeri"}[name]
		}}, out, stderr
}

// mark makes a folder one of kindly-weekly.
func mark(t *testing.T, dir string, catchUp time.Duration) {
	t.Helper()
	local := about.LocalFolder("test", catchUp)
	if err := local.Save(t.Context(), store.Folder{Dir: dir}); err != nil {
		t.Fatal(err)
	}
}

const onlyBakeri = "defaults: {tz: Europe/Oslo}\nbots: [{id: bakeri}]\n"

// Ctrl-C leaves whole weeks and nothing else, and the next time goes on.
func TestBackfill_ContinuesAfterInterrupt(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	dir, h, out, stderr := deployed(t, onlyBakeri, func(r *http.Request) {
		if r.URL.Query().Get("to") == "2026-11-09" { // of week 45
			interrupt()
		}
	})
	args := []string{"backfill", "--store", dir, "--tenant", "acme", "--bot", "bakeri", "--from",
		"2026-W44"}
	if code := run(ctx, h, args); code != exitFailed ||
		stderr.String() != "2026-W44 made\nkindly-weekly: interrupted\n" ||
		out.String() != "3 weeks of bakeri: 1 made, 2 left\n" {
		t.Errorf("exit code %d, %q, %q", code, out.String(), stderr.String())
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if strings.Contains(path, "unfinished") || strings.Contains(path, "2026-W45") ||
			strings.Contains(path, "2026-W46") {
			t.Errorf("%s was left", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if code := run(context.Background(), h, args); code != 0 ||
		!strings.HasSuffix(out.String(), "\n3 weeks of bakeri: 2 made, 1 already archived\n") {
		t.Errorf("exit code %d, %q, %q", code, out.String(), stderr.String())
	}
}

func TestBackfill_ShowsProgress(t *testing.T) {
	var (
		stderr  *lockedBuffer
		once    sync.Once
		atFirst string
	)
	dir, h, _, stderr := deployed(t, onlyBakeri, func(*http.Request) {
		once.Do(func() { atFirst = stderr.String() })
	})
	h.Terminal = true
	if code := run(context.Background(), h, []string{"backfill", "--store", dir, "--tenant", "acme",
		"--bot", "bakeri", "--from", "2026-W44"}); code != 0 {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	if !strings.Contains(atFirst, "bakeri") || !strings.Contains(atFirst, "0/3") {
		t.Errorf("it shows %q while it waits for the first answer", atFirst)
	}
	lines := strings.Split(stderr.String(), "\r")
	if last := lines[len(lines)-1]; strings.TrimSpace(last) != "" ||
		!strings.Contains(stderr.String(), "2/3") || strings.Contains(stderr.String(), "2026-W44") {
		t.Errorf("it draws %q", stderr.String())
	}
}
