package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
)

// watcher is an output that does something once it has said a word.
type watcher struct {
	lockedBuffer
	word string
	once chan<- string
}

func (w *watcher) Write(p []byte) (int, error) {
	n, err := w.lockedBuffer.Write(p)
	if said := w.String(); w.once != nil && strings.Contains(said, w.word) {
		w.once <- said
		w.once = nil
	}
	return n, err
}

func TestServe_UntilInterrupted(t *testing.T) {
	said := make(chan string, 1)
	out := &watcher{word: "outbox", once: said}
	var stderr lockedBuffer
	h := cli.Host{Out: out, Err: &stderr, Now: func() time.Time { return now },
		Getenv: func(string) string { return "" }}
	ctx, interrupt := context.WithCancel(context.Background())
	ended := make(chan int)
	dir := t.TempDir()
	go func() { ended <- run(ctx, h, []string{"serve", "--addr", "127.0.0.1:0", "--out", dir}) }()
	var address string
	select {
	case text := <-said:
		_, rest, _ := strings.Cut(text, "Open ")
		address, _, _ = strings.Cut(rest, " ")
	case code := <-ended:
		t.Fatalf("it ended with %d: %s", code, stderr.String())
	}
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(response.Body)
	if err != nil || !strings.Contains(string(page), "Kindly Weekly on this machine") {
		t.Errorf("%v, the page is %s", err, page)
	}
	response.Body.Close()
	interrupt()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}

func TestServe_OnlyOnLoopback(t *testing.T) {
	var stderr bytes.Buffer
	h := cli.Host{Out: io.Discard, Err: &stderr, Now: func() time.Time { return now },
		Getenv: func(string) string { return "" }}
	if code := run(context.Background(), h, []string{"serve", "--addr", "0.0.0.0:0", "--out",
		t.TempDir()}); code != exitUsage || !strings.Contains(stderr.String(), "127.0.0.1:8643") {
		t.Errorf("0.0.0.0: exit code %d, %s", code, stderr.String())
	}
}

// A serve that cannot start leaves no folder, which status would take for its last run.
func TestServe_LeavesNothingIfItCannotStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	mute := filepath.Join(t.TempDir(), "acme.yaml")
	if err := os.WriteFile(mute, []byte(onlyBakeri), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"its tenant has no Slack": {"--addr", "127.0.0.1:0", "--config", mute},
		"its address is taken":    {"--addr", taken.Addr().String()},
		"it has no address":       {"--addr", "0.0.0.0:0"},
	} {
		dir := t.TempDir()
		var said strings.Builder
		h := cli.Host{Out: &said, Err: &said, Now: func() time.Time { return now },
			Getenv: func(string) string { return "" }}
		code := run(t.Context(), h, append([]string{"serve", "--out", dir}, args...))
		if left, err := os.ReadDir(dir); code == 0 || err != nil || len(left) > 0 {
			t.Errorf("%s: exit code %d, left %v, %v\n%s", name, code, left, err, said.String())
		}
	}
}
