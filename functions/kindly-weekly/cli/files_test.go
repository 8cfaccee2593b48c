package cli

import (
	"os"
	"path/filepath"
	"testing"
)

func TestShortPath(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		filepath.Join(here, "out", "index.html"): filepath.Join("out", "index.html"),
		filepath.Join(here, "..out"):             "..out",
		filepath.Dir(here):                       filepath.Dir(here),
		filepath.Join(here, "..", "bots.yaml"):   filepath.Join(filepath.Dir(here), "bots.yaml"),
	} {
		if got := ShortPath(name); got != want {
			t.Errorf("%s is called %s, not %s", name, got, want)
		}
	}
}
