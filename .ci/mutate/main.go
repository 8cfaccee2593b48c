// Mutate measures how much the tests of packages notice. It changes their code in one place at a
// time, a mutant, runs the tests that reach the place, and prints each mutant that no test finds: a
// survivor.
//
// All mutants of a package are compiled into one test binary, and an environment variable switches
// one on. The changes are:
//
//   - a condition, or an operand of && and ||, is always true or always false;
//   - <, <=, > and >= take or leave the equal case;
//   - + becomes -, * becomes /, % becomes *, and the other way round; a minus sign goes;
//   - a statement goes: an assignment, a call, a send, a counter, break, continue, return, go and defer (but
//     not a deferred Close, Unlock or cancel, which no test sees);
//   - an error is returned as nil.
//
// A survivor that cannot be found, or need not be, is explained in testdata/survivors.txt of its
// package: one line each, the mutant as printed, then " # " and the reason. A line "with PACKAGE"
// there names another package whose tests run on what survives those of the package itself; a line
// "skip TEST" leaves a slow test of the package out, such as a simulation. Mutate fails if a
// survivor has no explanation, if an explanation fits no survivor, or if fewer than 90 % of the
// mutants are found.
//
// Usage:
//
//	go run ./.ci/mutate [-run REGEXP] PACKAGE...
package main

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go/ast"
)

// least is the share of the mutants that the tests of a package have to find.
const least = 0.9

//go:embed switch.go.txt
var switchSource []byte

func main() {
	only := flag.String("run", "", "only the mutants whose description matches `REGEXP`")
	workers := flag.Int("workers", 2, "run `N` mutants at a time")
	verbose := flag.Bool("v", false, "print each mutant with its end")
	flag.Parse()
	failed := false
	for _, path := range flag.Args() {
		ok, err := measure(path, *only, *workers, *verbose)
		if err != nil {
			fmt.Fprintf(os.Stderr, "mutate %s: %v\n", path, err)
			os.Exit(2)
		}
		failed = failed || !ok
	}
	if failed {
		os.Exit(1)
	}
}

// listed is what `go list -json` says of a package.
type listed struct {
	Dir, ImportPath, Export string
	GoFiles                 []string
	Module                  struct{ Path, Dir string }
}

// goList returns what go list says of path, with its dependencies and their export files.
func goList(path string) (p listed, exports map[string]string, err error) {
	out, err := exec.Command("go", "list", "-export", "-deps",
		"-json=Dir,ImportPath,Export,GoFiles,Module", path).Output()
	if err != nil {
		return p, nil, fmt.Errorf("go list: %w", withStderr(err))
	}
	exports = map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		p = listed{}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return p, nil, err
		}
		exports[p.ImportPath] = p.Export
		if decoder.InputOffset() >= int64(len(bytes.TrimSpace(out))) {
			break // the package itself is the last
		}
	}
	return p, exports, nil
}

func withStderr(err error) error {
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	return err
}

// measure runs the mutants of one package and prints its survivors and its score. It reports
// whether the score is reached and every survivor is explained.
func measure(path, only string, workers int, verbose bool) (bool, error) {
	began := time.Now()
	p, exports, err := goList(path)
	if err != nil {
		return false, err
	}
	notes, err := readNotes(filepath.Join(p.Dir, "testdata", "survivors.txt"))
	if err != nil {
		return false, err
	}
	work, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(work)
	mutants, overlay, err := instrument(p, exports, work)
	if err != nil {
		return false, err
	}
	own, err := newSuite(p, overlay, work, notes.skip)
	if err != nil {
		return false, err
	}
	pick := regexp.MustCompile(only)
	var chosen []*mutant
	for _, m := range mutants {
		if pick.MatchString(m.String()) {
			chosen = append(chosen, m)
		}
	}
	try(own, chosen, workers, verbose)
	for _, other := range notes.with {
		left := slices.DeleteFunc(slices.Clone(chosen),
			func(m *mutant) bool { return m.found != "" })
		if len(left) == 0 {
			break
		} else if q, _, err := goList(other); err != nil {
			return false, err
		} else if suite, err := newSuite(q, overlay, work, nil); err != nil {
			return false, err
		} else {
			try(suite, left, workers, verbose)
		}
	}
	return report(p, notes, chosen, only == "", time.Since(began))
}

// A mutant is one change of the code.
type mutant struct {
	id       int
	place    string // file.go:12
	function string
	change   string // what it was, and what becomes of it
	again    int    // how many alike the function has before it
	found    string // the test that fails, or how it ended; empty for a survivor
	reached  bool   // by a test
}

// String returns the mutant without its line, so that an explanation fits after other lines have
// moved.
func (m *mutant) String() string {
	s := m.function + ": " + m.change
	if m.again > 0 {
		s += " (" + strconv.Itoa(m.again+1) + ")"
	}
	return s
}

// instrument writes the files of p with all mutants in them, and returns an overlay for the go
// command.
func instrument(p listed, exports map[string]string, work string) ([]*mutant, string, error) {
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil,
			parser.SkipObjectResolution)
		if err != nil {
			return nil, "", err
		}
		files = append(files, f)
	}
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: importer.ForCompiler(set, "gc", lookup)}
	if _, err := config.Check(p.ImportPath, set, files, info); err != nil {
		return nil, "", err
	}
	replace := map[string]string{}
	put := func(path string, content []byte) error {
		to := filepath.Join(work, strconv.Itoa(len(replace))+".go")
		replace[path] = to
		return os.WriteFile(to, content, 0o600)
	}
	var mutants []*mutant
	for i, f := range files {
		name := filepath.Join(p.Dir, p.GoFiles[i])
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, "", err
		}
		m := &mutator{set: set, info: info, source: source, file: set.File(f.Pos()),
			mutants: mutants}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				m.function = functionName(fn)
				m.results = fn.Type.Results
				m.block(fn.Body.List, true)
			}
		}
		if len(m.mutants) == len(mutants) {
			continue
		}
		mutants = m.mutants
		m.insert(f.Name.End(), `; import mutation_ "`+p.Module.Path+`/mutation"`)
		if err := put(name, m.apply()); err != nil {
			return nil, "", err
		}
	}
	seen := map[string]int{}
	for _, m := range mutants {
		key := m.String()
		m.again = seen[key]
		seen[key]++
	}
	if err := put(filepath.Join(p.Module.Dir, "mutation", "mutation.go"),
		switchSource); err != nil {
		return nil, "", err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, "", err
	}
	to := filepath.Join(work, "overlay.json")
	return mutants, to, os.WriteFile(to, overlay, 0o600)
}

func functionName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	t := fn.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if index, ok := t.(*ast.IndexExpr); ok {
		t = index.X
	}
	return t.(*ast.Ident).Name + "." + fn.Name.Name
}

// A suite is the test binary of a package, with all mutants in it.
type suite struct {
	binary, dir, work string
	reach             map[int][]test // by mutant, the quickest first

	mutex   sync.Mutex
	finders map[string][]string // by function, the tests that found the last of its mutants
}

// A test is a top-level test, example or fuzz target.
type test struct {
	name string
	took time.Duration
}

// newSuite compiles the tests of p, and runs each but those to skip alone to learn which mutants it
// reaches.
func newSuite(p listed, overlay, work string, skip []string) (*suite, error) {
	s := &suite{binary: filepath.Join(work,
		"tests"+strconv.Itoa(len(p.ImportPath))+filepath.Base(p.Dir)), dir: p.Dir, work: work,
		reach: map[int][]test{}, finders: map[string][]string{}}
	build := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", s.binary,
		p.ImportPath)
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compiling the tests of %s: %w\n%s", p.ImportPath, err, out)
	}
	list := exec.Command(s.binary, "-test.list", ".")
	list.Dir = s.dir
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the tests: %w", withStderr(err))
	}
	var mutex sync.Mutex
	var failed error
	parallel(2, strings.Fields(string(out)), func(name string) {
		if !regexp.MustCompile(`^(Test|Fuzz|Example)`).MatchString(name) ||
			slices.Contains(skip, name) {
			return
		}
		seen := filepath.Join(work, name+".seen")
		began := time.Now()
		end := s.run("MUTATION_SEEN="+seen, 20*time.Minute, name)
		took := time.Since(began)
		mutex.Lock()
		defer mutex.Unlock()
		if end != "" {
			failed = fmt.Errorf("%s fails without any mutant: %s", name, end)
			return
		}
		ids, _ := os.ReadFile(seen)
		for _, id := range strings.Fields(string(ids)) {
			n, _ := strconv.Atoi(id)
			s.reach[n] = append(s.reach[n], test{name, took})
		}
	})
	for _, tests := range s.reach {
		slices.SortFunc(tests, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	}
	return s, failed
}

// outOfTime is how a run fails that takes too long: most often, a mutant that makes a loop endless.
const outOfTime = "out of time"

// run runs tests, or subtests, with variable in the environment. It returns how the first one
// failed, or an empty string. What is out of time gets four times as much once more, since another
// program may have kept the machine busy.
func (s *suite) run(variable string, timeout time.Duration, names ...string) string {
	end := s.runOnce(variable, timeout, names...)
	if end == outOfTime {
		end = s.runOnce(variable, 4*timeout, names...)
	}
	return end
}

func (s *suite) runOnce(variable string, timeout time.Duration, names ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	dir, err := os.MkdirTemp(s.work, "run")
	if err != nil {
		return err.Error()
	}
	defer os.RemoveAll(dir)
	patterns := make([]string, len(names))
	for i, name := range names {
		patterns[i] = "^" + strings.ReplaceAll(regexp.QuoteMeta(name), "/", "$/^") + "$"
	}
	c := exec.CommandContext(ctx, s.binary, "-test.run", strings.Join(patterns, "|"),
		"-test.failfast", "-test.v")
	c.Dir = s.dir
	c.Env = append(os.Environ(), variable, "TMPDIR="+dir)
	c.WaitDelay = time.Second
	out, err := c.CombinedOutput()
	switch {
	case err == nil:
		return ""
	case ctx.Err() != nil:
		return outOfTime
	}
	if m := regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`).FindAllSubmatch(out, -1); m != nil {
		return string(m[len(m)-1][1])
	}
	return "panic"
}

// likely returns the tests that found mutants of a function lately.
func (s *suite) likely(function string) []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.finders[function])
}

// remember notes what found a mutant.
func (s *suite) remember(m *mutant) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if names := s.finders[m.function]; strings.HasPrefix(m.found, "Test") &&
		!slices.Contains(names, m.found) {
		s.finders[m.function] = append(names[max(0, len(names)-5):], m.found)
	}
}

// brief is how long a test may take to be run together with others.
const brief = 300 * time.Millisecond

// try runs the tests that reach each of the mutants.
func try(s *suite, mutants []*mutant, workers int, verbose bool) {
	parallel(workers, mutants, func(m *mutant) {
		tests := s.reach[m.id]
		m.reached = m.reached || len(tests) > 0
		// Most mutants of a function are found by the same few subtests.
		if likely := s.likely(m.function); len(tests) > 0 && len(likely) > 0 {
			m.found = s.run("MUTATION="+strconv.Itoa(m.id), 20*time.Second, likely...)
		}
		for len(tests) > 0 && m.found == "" {
			together := []string{tests[0].name}
			took := tests[0].took
			tests = tests[1:]
			for len(tests) > 0 && tests[0].took < brief && len(together) < 40 {
				together, took, tests = append(together, tests[0].name), took+tests[0].took,
					tests[1:]
			}
			m.found = s.run("MUTATION="+strconv.Itoa(m.id), 5*time.Second+5*took, together...)
		}
		s.remember(m)
		if verbose {
			fmt.Printf("%s %s: %s\n", m.place, m, cmp.Or(m.found, "SURVIVES"))
		}
	})
}

func parallel[T any](workers int, all []T, do func(T)) {
	var group sync.WaitGroup
	work := make(chan T)
	for range workers {
		group.Go(func() {
			for item := range work {
				do(item)
			}
		})
	}
	for _, item := range all {
		work <- item
	}
	close(work)
	group.Wait()
}

// report prints the survivors and the score. It reports whether they are as they have to be.
func report(p listed, notes notes, mutants []*mutant, whole bool,
	took time.Duration) (bool, error) {
	explained := notes.reasons
	ok, found, unreached, late := true, 0, 0, 0
	for _, m := range mutants {
		if m.found == outOfTime {
			late++
		}
		reason, is := explained[m.String()]
		switch {
		case m.found != "":
			found++
			continue
		case !m.reached:
			unreached++
		}
		if is {
			fmt.Printf("explained  %s %s # %s\n", m.place, m, reason)
			delete(explained, m.String())
		} else {
			ok = false
			fmt.Printf("SURVIVED   %s %s%s\n", m.place, m,
				map[bool]string{false: "   (no test reaches it)"}[m.reached])
		}
	}
	if whole {
		for _, left := range slices.Sorted(maps.Keys(explained)) {
			ok = false
			fmt.Printf("NO SURVIVOR  %s explains: %s\n", notes.file, left)
		}
	}
	share := float64(found) / max(1, float64(len(mutants)))
	fmt.Printf("%s: %d mutants, %d found (%.1f %%; %d out of time), %d survived, %d of them not reached by a test; %.0f s\n",
		p.ImportPath, len(mutants), found, 100*share, late, len(mutants)-found, unreached,
		took.Seconds())
	if whole && share < least {
		ok = false
		fmt.Printf("%s: fewer than %.0f %% were found\n", p.ImportPath, 100*least)
	}
	return ok, nil
}

// notes is what testdata/survivors.txt of a package says.
type notes struct {
	file    string
	with    []string          // packages
	skip    []string          // tests
	reasons map[string]string // by mutant
}

func readNotes(file string) (notes, error) {
	n := notes{file: file, reasons: map[string]string{}}
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return n, nil
	}
	if err != nil {
		return n, err
	}
	for i, line := range strings.Split(string(content), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if other, ok := strings.CutPrefix(line, "with "); ok {
			n.with = append(n.with, other)
			continue
		}
		if name, ok := strings.CutPrefix(line, "skip "); ok {
			n.skip = append(n.skip, name)
			continue
		}
		at := strings.LastIndex(line, " # ")
		if at < 0 {
			return n, fmt.Errorf("%s:%d: no reason: write MUTANT # REASON", file, i+1)
		}
		n.reasons[strings.TrimSpace(line[:at])] = line[at+3:]
	}
	return n, nil
}
