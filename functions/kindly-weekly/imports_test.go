package main

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Each package of the command imports only those that are listed for it. Only main imports all of them.
func TestImports(t *testing.T) {
	const here = "kindlyweekly/functions/kindly-weekly/"
	allowed := map[string]string{
		"cli":        "",
		"preview":    "",
		"outcome":    "cli",
		"sageserver": "cli",
		"deployment": "cli outcome",
		"filters":    "cli deployment",
		"suggest":    "cli filters",
		"doctor":     "cli deployment filters",
		"devserver":  "cli deployment preview sageserver",
		"reports":    "cli deployment filters preview sageserver",
		"settings":   "cli deployment filters",
		"deliveries": "cli deployment outcome",
		"preflight":  "cli deployment filters reports settings",
		"deploy":     "cli deployment",
		"setup":      "cli deploy deployment preflight settings suggest",
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool)
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		name, below := strings.CutPrefix(imports[0], here)
		if !below {
			continue
		}
		found[name] = true
		for _, path := range imports[1:] {
			if other, ours := strings.CutPrefix(path, here); ours && !slices.Contains(strings.Fields(allowed[name]), other) {
				t.Errorf("%s imports %s", name, other)
			}
		}
	}
	if want := slices.Sorted(maps.Keys(allowed)); !slices.Equal(slices.Sorted(maps.Keys(found)), want) {
		t.Errorf("the packages are %v, not %v", slices.Sorted(maps.Keys(found)), want)
	}
}
