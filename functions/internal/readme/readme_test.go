package readme

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"kindlyweekly/functions/kindly-weekly/setup"
)

const root = "../../.."

// document is a Markdown file.
type document struct {
	path   string // from the root, with slashes
	prose  []string
	blocks []block
}

// block is what stands between two fences.
type block struct {
	line int    // of the opening fence
	info string // sh, sh account, yaml, yaml answers, json, text
	text string
}

// documents reads all Markdown files but those of test data, which are for maintainers of the tests.
func documents(t *testing.T) []document {
	t.Helper()
	var all []document
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		hidden := strings.HasPrefix(name, ".") && name != ".github" && path != root
		if entry.IsDir() && (hidden || name == "testdata" || name == "out") {
			return fs.SkipDir
		}
		if filepath.Ext(name) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		all = append(all, parse(t, filepath.ToSlash(relative), string(text)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 7 {
		t.Fatalf("found only %d documents", len(all))
	}
	return all
}

func parse(t *testing.T, path, text string) document {
	d := document{path: path}
	var open *block
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		info, fence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case fence && open == nil:
			open = &block{line: i + 1, info: info}
		case fence:
			d.blocks = append(d.blocks, *open)
			open = nil
		case open != nil:
			open.text += line + "\n"
		default:
			d.prose = append(d.prose, line)
		}
	}
	if open != nil {
		t.Errorf("%s:%d: the block does not end", path, open.line)
	}
	return d
}

// script returns the blocks of one kind as a script that says on standard error where it is.
func (d document) script(info string) string {
	var s strings.Builder
	for _, b := range d.blocks {
		if b.info == info {
			fmt.Fprintf(&s, "echo '== %s:%d' >&2\n%s", d.path, b.line, b.text)
		}
	}
	return s.String()
}

func TestBlocks_HaveAKnownKind(t *testing.T) {
	example, err := os.ReadFile(root + "/report/config/testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			where := fmt.Sprintf("%s:%d", d.path, b.line)
			switch b.info {
			case "sh", "sh account", "text": // text is what a command prints
			case "yaml answers":
				decoder := yaml.NewDecoder(strings.NewReader(b.text))
				decoder.KnownFields(true)
				if err := decoder.Decode(new(setup.Answers)); err != nil {
					t.Errorf("%s: setup does not read these answers: %v", where, err)
				}
			case "json":
				if !json.Valid([]byte(b.text)) {
					t.Errorf("%s: this is not JSON", where)
				}
			case "yaml":
				if b.text != string(example) {
					t.Errorf("%s: this is not the tested report/config/testdata/example.yaml", where)
				}
			default:
				t.Errorf("%s: %q is no known kind of block: write sh, sh account, json, yaml, "+
					"yaml answers or text", where, b.info)
			}
		}
	}
}

// background finds a command that serves an address in the background.
var background = regexp.MustCompile(`(?m)^.*--addr (127\.0\.0\.1:\d+).* &$`)

func TestCommands_Run(t *testing.T) {
	if testing.Short() {
		t.Skip("this compiles the program and runs it")
	}
	env := environment(t)
	for _, d := range documents(t) {
		script := d.script("sh")
		if script == "" {
			continue
		}
		t.Run(d.path, func(t *testing.T) {
			folder := t.TempDir()
			copyTree(t, folder)
			for _, served := range background.FindAllStringSubmatch(script, -1) {
				script = strings.ReplaceAll(script, served[1], freeAddress(t))
			}
			wait := "$0\nfor i in $$(seq 100); do (: >/dev/tcp/$1) 2>/dev/null && break; sleep 0.1; done\n(: >/dev/tcp/$1)"
			script = background.ReplaceAllString(script, wait)
			script = regexp.MustCompile(`/dev/tcp/([\d.]+):`).ReplaceAllString(script, "/dev/tcp/$1/")
			run(t, env, folder, script)
		})
	}
}

// withoutAccount replaces the commands that need an account, or a person, by functions that do nothing.
// The program itself runs without a network: it fails, but exits with 2 only if its arguments are wrong.
// setup only looks, since without answers it needs a terminal.
const withoutAccount = `
aws() { [ -t 0 ] || timeout 0.1 cat >/dev/null || :; echo weekly; }
make() { :; }
git() { :; }
pass() { echo secret; }
sleep() { :; }
EDITOR=true
cp report/config/testdata/example.yaml acme.yaml
mkdir kindly-weekly-prod
cp acme.yaml kindly-weekly-prod
BUCKET=weekly
kindly-weekly() {
	local code=0
	[ "$1" != setup ] || set -- "$@" --dry-run
	timeout 20 "$(type -P kindly-weekly)" "$@" </dev/null >"$TMPDIR/said" 2>&1 || code=$?
	[ $code != 2 ] || { echo "kindly-weekly $*" >&2; cat "$TMPDIR/said" >&2; exit 2; }
}
`

func TestCommands_ForAccountsAreUnderstood(t *testing.T) {
	if testing.Short() {
		t.Skip("this compiles the program and runs it")
	}
	env := slices.Concat(environment(t), []string{
		"SAGE_URL=http://127.0.0.1:1", "KINDLY_API_URL=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1",
		"AWS_REGION=eu-north-1", "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/dev/null",
		"AWS_SHARED_CREDENTIALS_FILE=/dev/null"})
	for _, d := range documents(t) {
		if script := d.script("sh account"); script != "" {
			t.Run(d.path, func(t *testing.T) {
				t.Parallel()
				folder := t.TempDir()
				copyTree(t, folder)
				for _, b := range d.blocks {
					if b.info == "yaml answers" {
						file := filepath.Join(folder, "acme.answers")
						if err := os.WriteFile(file, []byte(b.text), 0o644); err != nil {
							t.Fatal(err)
						}
					}
				}
				run(t, slices.Concat(env, []string{"TMPDIR=" + t.TempDir()}), folder, withoutAccount+script)
			})
		}
	}
}

// environment installs the program and returns an environment that finds it, without credentials.
func environment(t *testing.T) []string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the blocks are for a POSIX shell")
	}
	bin, home := t.TempDir(), t.TempDir()
	var env []string
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOSUMDB", "GOTOOLCHAIN"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(value)))
	}
	// With -trimpath the cache of builds serves all copies of the tree.
	env = append(env, "GOFLAGS=-trimpath", "GOBIN="+bin, "HOME="+home, "USER=kari",
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	install := exec.Command("go", "install", "./functions/kindly-weekly")
	install.Dir, install.Env = root, env
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return env
}

// copyTree copies what the commands may need into folder, where they may write.
func copyTree(t *testing.T, folder string) {
	t.Helper()
	for _, name := range []string{"go.mod", "go.sum", "Makefile", "samconfig.toml", "template.yaml"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"functions", "report", "sage"} {
		if err := os.CopyFS(filepath.Join(folder, name), os.DirFS(filepath.Join(root, name))); err != nil {
			t.Fatal(err)
		}
	}
}

// run has bash run a script in folder. It fails the test with what was printed, and ends what the script
// has left in the background.
func run(t *testing.T, env []string, folder, script string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	output, err := os.Create(filepath.Join(t.TempDir(), "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	command := exec.Command(bash, "-c", "set -e\n"+script)
	command.Dir, command.Env, command.Stdout, command.Stderr = folder, env, output, output
	command.Stdin = lines{}
	command.WaitDelay = time.Second
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	err = command.Wait()
	if err != nil && err != exec.ErrWaitDelay {
		said, _ := os.ReadFile(output.Name())
		t.Errorf("%v\n%s", err, said[max(0, len(said)-4000):])
	}
}

// lines is an endless input of lines, for a person at the keyboard.
type lines struct{}

func (lines) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat([]byte("typed\n"), len(p)/6+1)), nil
}

var _ io.Reader = lines{}

// freeAddress returns an address of this machine where nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestLinks_LeadSomewhere(t *testing.T) {
	all := documents(t)
	for _, d := range all {
		// A link may be broken over two lines.
		for _, found := range link.FindAllStringSubmatch(strings.Join(d.prose, "\n"), -1) {
			target := found[1]
			if strings.Contains(target, "://") {
				continue
			}
			file, heading, _ := strings.Cut(target, "#")
			path := d.path
			if file != "" {
				path = filepath.ToSlash(filepath.Join(filepath.Dir(d.path), file))
			}
			if _, err := os.Stat(filepath.Join(root, path)); err != nil {
				t.Errorf("%s: %s leads nowhere: %v", d.path, target, err)
				continue
			}
			i := slices.IndexFunc(all, func(o document) bool { return o.path == path })
			if heading != "" && (i < 0 || !slices.Contains(all[i].anchors(), heading)) {
				t.Errorf("%s: %s: there is no such heading", d.path, target)
			}
		}
	}
}

// anchors returns the headings as GitHub writes them in links.
func (d document) anchors() []string {
	var all []string
	for _, line := range d.prose {
		heading := strings.TrimLeft(line, "#")
		if heading == line || !strings.HasPrefix(heading, " ") {
			continue
		}
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, strings.TrimSpace(heading)))
	}
	return all
}

var mentioned = regexp.MustCompile("`(make [a-z-]+|go doc \\./[a-z/-]+|go (?:test|run) \\./[a-z/.-]+)")

// Targets of make and packages that a sentence names exist.
func TestNames_Exist(t *testing.T) {
	makefile, err := os.ReadFile(root + "/Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents(t) {
		for _, found := range mentioned.FindAllStringSubmatch(strings.Join(d.prose, "\n"), -1) {
			words := strings.Fields(found[1])
			name := words[len(words)-1]
			if words[0] == "make" {
				if !bytes.Contains(makefile, []byte("\n"+name+":")) {
					t.Errorf("%s: there is no target %q", d.path, name)
				}
			} else if _, err := os.Stat(filepath.Join(root, strings.TrimSuffix(name, "/..."))); err != nil {
				t.Errorf("%s: there is no package %s", d.path, name)
			}
		}
	}
}

// functions/REFERENCE.md has a row for each key of an answers file.
func TestReference_NamesEachAnswer(t *testing.T) {
	text, err := os.ReadFile(root + "/functions/REFERENCE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## What setup asks\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, answers := range []reflect.Type{
		reflect.TypeFor[setup.Answers](), reflect.TypeFor[setup.BotAnswers](),
	} {
		for i := range answers.NumField() {
			key := answers.Field(i).Tag.Get("yaml")
			if key != "bots" && !regexp.MustCompile("(?m)^\\|[^|]*`"+key+"`").MatchString(section) {
				t.Errorf("the table of answers lacks %s", key)
			}
		}
	}
}

// What a person reads in one go has at most so many lines.
func TestREADME_IsShort(t *testing.T) {
	longest := map[string]int{"README.md": 200, "functions/README.md": 80}
	for _, d := range documents(t) {
		length := len(d.prose)
		for _, b := range d.blocks {
			length += 2 + strings.Count(b.text, "\n")
		}
		if most, limited := longest[d.path]; limited && length > most {
			t.Errorf("%s has %d lines, more than %d", d.path, length, most)
		}
		delete(longest, d.path)
		for _, line := range d.prose {
			whole := strings.HasPrefix(line, "|") || strings.Contains(line, "://") // cannot be broken
			if n := utf8.RuneCountInString(line); n > 100 && !whole {
				t.Errorf("%s: a line of %d columns: %s", d.path, n, line)
			}
		}
	}
	for path := range longest {
		t.Errorf("%s does not exist", path)
	}
}
