package store_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"kindlyweekly/functions/aws/store"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

func TestFolder_Contract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) delivery.Store {
		return store.Folder{Dir: filepath.Join(t.TempDir(), "made", "on demand")}
	})
}

func TestFolder_Limit(t *testing.T) {
	dir := t.TempDir()
	storetest.Limits(t, store.Folder{Dir: dir}, func(key string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, key), data, 0o644); err != nil {
			t.Fatal(err)
		}
	})
}

// A folder is for people too: its files are those of the keys, readable, and nothing is left lying
// about.
func TestFolder_Layout(t *testing.T) {
	dir := t.TempDir()
	f := store.Folder{Dir: dir}
	for range 2 {
		if _, err := f.Put(t.Context(), "acme/archive/shop/2026-W46/manifest.json",
			delivery.Object{Data: []byte("{}")}, delivery.Condition{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.Put(t.Context(), "acme/archive/shop/2026-W46/manifest.json", delivery.Object{},
		delivery.Absent()); err == nil {
		t.Fatal("no conflict")
	}
	names, err := os.ReadDir(filepath.Join(dir, "acme/archive/shop/2026-W46"))
	if err != nil || len(names) != 1 || names[0].Name() != "manifest.json" {
		t.Errorf("%v, %v", names, err)
	}
	info, err := os.Stat(filepath.Join(dir, "acme/archive/shop/2026-W46/manifest.json"))
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// Several processes race for the same key: this test runs itself as each of them.
func TestFolder_Processes(t *testing.T) {
	if dir := os.Getenv("BUCKETS_TEST_RACE"); dir != "" {
		for i := range 20 {
			key := "acme/k" + string(rune('a'+i))
			if _, err := (store.Folder{Dir: dir}).Put(t.Context(), key, delivery.Object{},
				delivery.Absent()); err == nil {
				os.Stdout.WriteString("won " + key + "\n")
			}
		}
		return
	}
	dir := t.TempDir()
	var mu sync.Mutex
	wins := map[string]int{}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			racer := exec.Command(os.Args[0], "-test.run=^TestFolder_Processes$",
				"-test.timeout=1m")
			racer.Env = append(os.Environ(), "BUCKETS_TEST_RACE="+dir)
			out, err := racer.CombinedOutput()
			if err != nil {
				t.Errorf("%v: %s", err, out)
			}
			mu.Lock()
			defer mu.Unlock()
			for line := range strings.Lines(string(out)) {
				if key, ok := strings.CutPrefix(strings.TrimSpace(line), "won "); ok {
					wins[key]++
				}
			}
		})
	}
	all.Wait()
	if len(wins) != 20 {
		t.Errorf("%d keys were won, want 20", len(wins))
	}
	for key, n := range wins {
		if n != 1 {
			t.Errorf("%s was won %d times", key, n)
		}
	}
}

// What the operating system refuses is an error with its cause, which is neither a conflict nor an
// object that is missing. What is there stays as it is, and nothing is left lying about.
func TestFolder_OperatingSystemRefuses(t *testing.T) {
	long := "acme/" + strings.Repeat("x", 300) // a name has 255 bytes at most
	for _, c := range []struct {
		name  string
		there string // an object, whose folders are there too
		do    func(store.Folder) error
		want  error
	}{
		{"get below a file", "acme", getting("acme/k"), syscall.ENOTDIR},
		{"get a folder", "acme/k/x", getting("acme/k"), syscall.EISDIR},
		{"get too long a name", "acme/k", getting(long), syscall.ENAMETOOLONG},
		{"list below a file", "acme", listing("acme/k/"), syscall.ENOTDIR},
		{"put below a file", "acme", putting("acme/k", delivery.Condition{}), syscall.ENOTDIR},
		{"put too long a name", "acme/k", putting(long, delivery.Condition{}),
			syscall.ENAMETOOLONG},
		{"put too long a name if absent", "acme/k", putting(long, delivery.Absent()),
			syscall.ENAMETOOLONG},
		{"put over a folder", "acme/k/x", putting("acme/k", delivery.Condition{}), syscall.EEXIST},
		{"put over a folder if absent", "acme/k/x", putting("acme/k", delivery.Absent()),
			syscall.EISDIR},
		{"put over a folder if unchanged", "acme/k/x",
			putting("acme/k", delivery.Unchanged("etag")), syscall.EISDIR},
		{"put without a lock", ".lock/acme", putting("acme/k", delivery.Condition{}),
			syscall.EISDIR},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := store.Folder{Dir: t.TempDir()}
			path := filepath.Join(f.Dir, filepath.FromSlash(c.there))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("before"), 0o644); err != nil {
				t.Fatal(err)
			}
			err := c.do(f)
			if !errors.Is(err, c.want) || errors.Is(err, delivery.ErrConflict) ||
				errors.Is(err, delivery.ErrNotFound) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if got, err := os.ReadFile(path); string(got) != "before" {
				t.Errorf("%s holds %q, %v", c.there, got, err)
			}
			noneUnfinished(t, f)
		})
	}
}

func getting(key string) func(store.Folder) error {
	return func(f store.Folder) error {
		_, err := f.Get(context.Background(), key)
		return err
	}
}

func listing(prefix string) func(store.Folder) error {
	return func(f store.Folder) error {
		_, err := f.List(context.Background(), prefix)
		return err
	}
}

func putting(key string, c delivery.Condition) func(store.Folder) error {
	return func(f store.Folder) error {
		_, err := f.Put(context.Background(), key, delivery.Object{Data: []byte("{}")}, c)
		return err
	}
}

// noneUnfinished reports the files that a Put has left.
func noneUnfinished(t *testing.T, f store.Folder) {
	t.Helper()
	err := filepath.WalkDir(f.Dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(e.Name(), ".unfinished-") {
			t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// The deployment of a folder is that of its path, however it is written, and does not show it.
func TestFolder_Deployment(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	of := func(dir string) string { return store.Folder{Dir: dir}.Deployment() }
	absolute, relative, other := of(filepath.Join(dir, "acme")), of("acme"), of("globex")
	if absolute != relative || absolute == other || len(absolute) != 16 ||
		strings.Contains(absolute, "acme") {
		t.Errorf("absolute %s, relative %s, another %s", absolute, relative, other)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if a, b := of("acme"), of("globex"); a == b {
		t.Errorf("without a working directory two folders are one deployment, %s", a)
	}
}
