//go:build unix

package store_test

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"kindlyweekly/functions/aws/store"
	"kindlyweekly/report/delivery"
)

// fullDisk is set in the process in which the size of files is limited.
const fullDisk = "STORE_TEST_FULL_DISK"

// A disk that has room for a part of an object keeps the object that was there, and no part. A
// limit of the size of files replaces a full disk here. It holds for a whole process, also for
// the log that the go command has a test write, so that a process of its own gets it.
func TestFolder_DiskFull(t *testing.T) {
	if os.Getenv(fullDisk) == "" {
		runAlone(t, fullDisk+"=1")
		return
	}
	f := store.Folder{Dir: t.TempDir()}
	etag, err := f.Put(t.Context(), "acme/k", delivery.Object{Data: []byte("before")},
		delivery.Condition{})
	if err != nil {
		t.Fatal(err)
	}
	large := delivery.Object{Data: []byte(strings.Repeat("x", 1<<18))}
	limitFiles(t, 1<<16)
	for name, c := range map[string]delivery.Condition{"always": {},
		"unchanged": delivery.Unchanged(etag)} {
		if _, err := f.Put(t.Context(), "acme/k", large, c); !errors.Is(err, syscall.EFBIG) {
			t.Errorf("%s: %v, want %v", name, err, syscall.EFBIG)
		}
		if o, err := f.Get(t.Context(), "acme/k"); err != nil || string(o.Data) != "before" {
			t.Errorf("%s: it holds %d bytes, %v", name, len(o.Data), err)
		}
	}
	noneUnfinished(t, f)
}

// runAlone runs the calling test in a process of its own, with one more environment variable.
func runAlone(t *testing.T, env string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	c.Env = append(os.Environ(), env)
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
}

// limitFiles lets no file of this process grow beyond so many bytes from now on.
func limitFiles(t *testing.T, bytes uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	limit.Cur = bytes
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
}
