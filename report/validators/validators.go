// Package validators finds the external validators that .ci/tools installs, for tests.
package validators

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the path of a file in the project's folder .ci. If the file does not exist, it
// calls [Missing].
func Path(t testing.TB, names ...string) string {
	t.Helper()
	path := filepath.Join(root(t), ".ci", filepath.Join(names...))
	if _, err := os.Stat(path); err != nil {
		Missing(t, path+" does not exist: run .ci/tools")
	}
	return path
}

// Missing skips the test since a validator is missing. In CI it fails the test.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// root returns the folder with go.mod.
func root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no go.mod above the test")
		}
		folder = filepath.Dir(folder)
	}
}
