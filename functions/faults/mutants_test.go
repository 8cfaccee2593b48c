package faults

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The mutants still fit the code, so that `make mutants` can show that the runs find them.
func TestMutantsFit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	patches, err := filepath.Glob("testdata/mutants/*.patch")
	if err != nil || len(patches) < 5 {
		t.Fatalf("%d mutants, %v", len(patches), err)
	}
	for _, patch := range patches {
		check := exec.Command("git", "apply", "--check", filepath.Join("functions", "faults", patch))
		check.Dir = filepath.Join("..", "..")
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", patch, err, out)
		}
	}
}
