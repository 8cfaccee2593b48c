package buckets_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kindlyweekly/functions/buckets"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

func TestFolder(t *testing.T) {
	storetest.Run(t, func(t *testing.T) delivery.Store {
		return buckets.Folder{Dir: filepath.Join(t.TempDir(), "made", "on demand")}
	})
}

func TestFolderReadsNothingBeyondItsLimit(t *testing.T) {
	dir := t.TempDir()
	storetest.Limits(t, buckets.Folder{Dir: dir}, func(key string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, key), data, 0o644); err != nil {
			t.Fatal(err)
		}
	})
}

// A folder is for people too: its files are those of the keys, readable, and nothing is left lying about.
func TestFolderLayout(t *testing.T) {
	dir := t.TempDir()
	f := buckets.Folder{Dir: dir}
	for range 2 {
		if _, err := f.Put(t.Context(), "acme/archive/shop/2026-W46/manifest.json", delivery.Object{Data: []byte("{}")}, delivery.Condition{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.Put(t.Context(), "acme/archive/shop/2026-W46/manifest.json", delivery.Object{}, delivery.Absent()); err == nil {
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
func TestFolderAmongProcesses(t *testing.T) {
	if dir := os.Getenv("BUCKETS_TEST_RACE"); dir != "" {
		for i := range 20 {
			key := "acme/k" + string(rune('a'+i))
			if _, err := (buckets.Folder{Dir: dir}).Put(t.Context(), key, delivery.Object{}, delivery.Absent()); err == nil {
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
			racer := exec.Command(os.Args[0], "-test.run=^TestFolderAmongProcesses$")
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
