package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// Every command's help has one to three examples, which the command's own flags accept.
func TestHelp_ExamplesCanBeTyped(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll(filepath.FromSlash("out/4217/2026-W46"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"acme.yaml", "beta.yaml", "bots.yaml", "key.txt",
		"acme.answers", "secrets.txt"} {
		if err := os.WriteFile(file, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	parser := newParser(&commands{}, io.Discard, io.Discard, func(int) {})
	for _, command := range parser.Model.Leaves(true) {
		path := command.Path()
		_, examples, ok := strings.Cut(command.Detail, "\n\nExamples:\n")
		lines := strings.Split(examples, "\n")
		if !ok || len(lines) > 3 {
			t.Errorf("%s has %d examples", path, len(lines))
		}
		for _, line := range lines {
			typed, err := inShell(line)
			if err != nil {
				t.Error(err)
				continue
			}
			var c commands
			parsed, err := newParser(&c, io.Discard, io.Discard, func(int) {}).Parse(typed.args)
			if err != nil || !sameCommand(parsed, command) {
				t.Errorf("%s: the example%s: %v", path, line, err)
			}
		}
	}
}

func sameCommand(parsed *kong.Context, command *kong.Node) bool {
	return parsed.Selected() != nil && parsed.Selected().Path() == command.Path()
}
