package deployment

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kindlyweekly/functions/kindly-weekly/cli"
)

// Use is the command that names a stack for the commands that only read.
type Use struct {
	Stack string `arg:"" optional:"" help:"The stack, such as kindly-weekly-prod. Default: print the one in use."`
	None  bool   `help:"Use none any more."`
}

// Help returns the details and examples of the command.
func (Use) Help() string {
	return `Commands that only read then need no --stack and no --bucket: status, config pull, config
diff, config log, manifest, preflight without --send-to, and portfolio. Commands that write or send
always need one.

Examples:
  kindly-weekly use kindly-weekly-prod
  kindly-weekly use --none`
}

// Run reads the stack and remembers its name.
func (c *Use) Run(ctx context.Context, h cli.Host) error {
	file, err := usedFile(h)
	if err != nil {
		return err
	}
	switch {
	case c.None && c.Stack != "":
		return cli.Usagef("--none and a stack: leave one out")
	case c.None:
		if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	case c.Stack == "":
		stack, err := used(h)
		if err == nil && stack == "" {
			stack = "no stack is in use"
		}
		fmt.Fprintln(h.Out, stack)
		return err
	}
	bucket, d, err := readStack(ctx, h, c.Stack)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file, []byte(c.Stack+"\n"), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(h.Out, "%s, stage %s, bucket %s: commands that only read use it\n", c.Stack, d.Stage,
		bucket)
	return nil
}

// UseStack makes the place the stack that is in use, if no flag names one. Main calls it for
// commands that only read.
func (p *Place) UseStack(h cli.Host) error {
	if p.Given() || h.ConfigDir == nil {
		return nil
	}
	stack, err := used(h)
	if stack != "" {
		fmt.Fprintf(h.Err, "note: the stack in use is %s\n", stack)
		p.Stack = stack
	}
	return err
}

// used returns the stack in use, or an empty text.
func used(h cli.Host) (string, error) {
	file, err := usedFile(h)
	if err != nil {
		return "", err
	}
	name, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(name)), err
}

// usedFile returns the file with the name of the stack in use.
func usedFile(h cli.Host) (string, error) {
	dir, err := h.ConfigDir()
	return filepath.Join(dir, "kindly-weekly", "stack"), err
}
