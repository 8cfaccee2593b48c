package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"kindlyweekly/functions/kindly-weekly/cli"
)

// Source is a clone of the source, from which stacks are deployed.
type Source struct {
	Dir     string // the folder of go.mod, Makefile and template.yaml
	Version string // the revision, as git describes it; empty if git does not know it

	template template
}

// OpenSource reads the source in the folder dir. Without dir it is the current folder, or the
// nearest one above it that has the source.
func OpenSource(ctx context.Context, dir string) (*Source, error) {
	found, err := findSource(dir)
	if err != nil {
		return nil, err
	}
	s := &Source{Dir: found, Version: describe(ctx, found)}
	s.template, err = readTemplate(filepath.Join(found, "template.yaml"))
	return s, err
}

// Check returns an error if the stack of the source has no such parameter, or if it does not take
// the value.
func (s *Source) Check(name, value string) error {
	for _, p := range s.template.parameters {
		if p.Name == name {
			return p.Check(value)
		}
	}
	var names []string
	for _, p := range s.template.parameters {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return fmt.Errorf("%s: unknown parameter; there are %s", name, strings.Join(names, ", "))
}

// errNoSource is the error for a folder without the source.
var errNoSource = errors.New("there is no source of Kindly Weekly here: run this in a clone of " +
	"it, or name the clone with --source DIR")

func findSource(dir string) (string, error) {
	if dir != "" {
		if !isSource(dir) {
			return "", fmt.Errorf("%s is not a clone of Kindly Weekly: it has no go.mod of the module "+
				"kindlyweekly", dir)
		}
		return filepath.Abs(dir)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if isSource(dir) {
			return dir, nil
		}
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		above := filepath.Dir(dir)
		if err == nil || above == dir { // another module, or none
			return "", errNoSource
		}
		dir = above
	}
}

// isSource reports whether dir has the go.mod of this module.
func isSource(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return false
	}
	for line := range bytes.Lines(text) {
		if name, ok := bytes.CutPrefix(line, []byte("module ")); ok {
			return string(bytes.TrimSpace(name)) == "kindlyweekly"
		}
	}
	return false
}

// describe returns the revision of the folder, or nothing if git does not know it. The Makefile
// describes it in the same way.
func describe(ctx context.Context, dir string) string {
	git := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty")
	git.Dir = dir
	out, err := git.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// bootstrap is the name that Lambda has for the program of a function.
const bootstrap = "bootstrap"

// build builds a function as the Makefile does for SAM, and returns the program.
func (s *Source) build(ctx context.Context, h cli.Host, function string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "kindly-weekly-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	// A make that runs this command shares its options and variables with the one here.
	cmd := exec.CommandContext(ctx, "make", "--silent", "build-"+function, "ARTIFACTS_DIR="+dir,
		"VERSION="+s.Version, "ARCH=arm64") // not what the environment says
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.Dir, h.Err, h.Err
	err = cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("make is not installed: it builds the functions")
	}
	if err != nil {
		return nil, fmt.Errorf("%s was not built: %w", function, err)
	}
	program, err := os.ReadFile(filepath.Join(dir, bootstrap))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s was not built: make build-%[1]s made no %s", function, bootstrap)
	}
	return program, err
}
