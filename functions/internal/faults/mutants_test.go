package faults

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// within says where a patch belongs that was made by git diff --relative.
var within = regexp.MustCompile(`(?m)^Within: (.+)$`)

// The mutants still fit the code, so that `make mutants` can show that the runs find them.
func TestMutantsFit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	patches, err := filepath.Glob("../*/testdata/mutants/*.patch")
	if err != nil || len(patches) < 5 {
		t.Fatalf("%d mutants, %v", len(patches), err)
	}
	for _, patch := range patches {
		text, err := os.ReadFile(patch)
		if err != nil {
			t.Fatal(err)
		}
		args := []string{"apply", "--check"}
		if m := within.FindSubmatch(text); m != nil {
			args = append(args, "--directory="+string(m[1]))
		}
		check := exec.Command("git", append(args, filepath.Join("functions", "internal", "faults", patch))...)
		check.Dir = filepath.Join("..", "..", "..")
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", patch, err, out)
		}
	}
}
