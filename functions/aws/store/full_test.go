//go:build unix

package store_test

import (
	"errors"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"kindlyweekly/functions/aws/store"
	"kindlyweekly/report/delivery"
)

// A disk that has room for a part of an object keeps the object that was there, and no part. A
// limit of the size of files replaces a full disk here.
func TestFolder_DiskFull(t *testing.T) {
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

// limitFiles lets no file grow beyond so many bytes until the test ends.
func limitFiles(t *testing.T, bytes uint64) {
	t.Helper()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	limit := before
	limit.Cur = bytes
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Error(err)
		}
		signal.Reset(syscall.SIGXFSZ)
	})
}
