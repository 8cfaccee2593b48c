package report_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "kindlyweekly/"

// pkg is what `go list` says of a package of ours.
type pkg struct {
	ImportPath, Dir string
	GoFiles         []string
	Imports         []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module)
		all = append(all, p)
	}
	if len(all) < 15 {
		t.Fatalf("go list finds only %d packages", len(all))
	}
	return all
}

// Imports run downwards only: functions, then report, then its subpackages, then sage.
func TestImports_RunDownwards(t *testing.T) {
	// These import nothing of ours but names and period.
	alone := []string{"sage", "sage/sagefake", "report/period", "report/wording", "report/fonts",
		"report/theme", "report/names"}
	asksSage := []string{"report/collect"} // no other package of report
	for _, p := range packages(t) {
		for _, path := range p.Imports {
			imported, ours := strings.CutPrefix(path, module)
			switch {
			case strings.HasPrefix(path, "github.com/aws/") &&
				!strings.HasPrefix(p.ImportPath, "functions/"):
				t.Errorf("%s imports %s: only functions know AWS", p.ImportPath, path)
			case !ours:
			case slices.Contains(alone, p.ImportPath) && imported != "report/names" &&
				imported != "report/period":
				t.Errorf("%s imports %s, but is to import nothing of ours but names and period",
					p.ImportPath, imported)
			case strings.HasPrefix(imported, "functions/") &&
				!strings.HasPrefix(p.ImportPath, "functions/"):
				t.Errorf("%s imports %s, which stands above it", p.ImportPath, imported)
			case imported == "report" && strings.HasPrefix(p.ImportPath, "report/"):
				t.Errorf("%s imports report, of which it is a part", p.ImportPath)
			case imported == "sage" && strings.HasPrefix(p.ImportPath, "report") &&
				!slices.Contains(asksSage, p.ImportPath):
				t.Errorf("%s imports sage: only %v ask it", p.ImportPath, asksSage)
			case imported == "sage/sagefake" &&
				!strings.HasPrefix(p.ImportPath, "functions/kindly-weekly/"):
				t.Errorf("%s imports sagefake, which is for tests and the local command",
					p.ImportPath)
			}
		}
	}
}

// An edition draws the sections of the summary by their kinds and hints. It names no statistic, so
// that a new one changes no edition.
func TestEditions_NameNoStatistic(t *testing.T) {
	named := regexp.MustCompile(`^(Chart|Table)[A-Z]`)
	for _, p := range packages(t) {
		switch p.ImportPath {
		case "report/charts", "report/csv", "report/digest", "report/mail", "report/pdf":
		default:
			continue
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil,
				parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && named.MatchString(s.Sel.Name) {
					if from, ok := s.X.(*ast.Ident); ok && from.Name == "summary" {
						t.Errorf("%s/%s names summary.%s", p.ImportPath, name, s.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

// What report makes depends on its arguments alone: it reads no clock, no environment and no file.
// Packages that run other programs for tests are exempt.
func TestImports_TimeAndEnvironmentAreArguments(t *testing.T) {
	judges := []string{"report/validators", "report/pagetest"}
	for _, p := range packages(t) {
		if !strings.HasPrefix(p.ImportPath, "report") || slices.Contains(judges, p.ImportPath) {
			continue
		}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := call.X.(*ast.Ident); ok {
						switch x.Name + "." + call.Sel.Name {
						case "time.Now", "time.Since", "time.Until", "os.Getenv", "os.LookupEnv",
							"os.ReadFile", "os.Open":
							t.Errorf("%s/%s uses %s.%s", p.ImportPath, name, x.Name, call.Sel.Name)
						}
					}
				}
				return true
			})
		}
	}
}
