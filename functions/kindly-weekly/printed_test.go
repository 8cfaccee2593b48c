package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// printed finds the commands in what this program, or a deployment, prints. A command ends with its
// line, with its cell of a table, or before the next step. The version is no command, nor is the
// usage after an error.
var (
	printed = regexp.MustCompile(`(?m)(?:[A-Z_]+=\S+ )*kindly-weekly .*?(?:$|; then |; or |  )`)
	other   = regexp.MustCompile(`(?m)^(?:Usage: |Run "|kindly-weekly (?:devel|v\d)).*$`)
)

// typed is what reaches this program of a line that a user types into a shell.
type typed struct {
	divertTo, mailSet string // variables of its environment
	args              []string
}

// inShell has a shell read a line that starts this program, and nothing else. In POSIX no function
// has a hyphen in its name.
func inShell(line string) (typed, error) {
	line = strings.Replace(line, "kindly-weekly ", "kindly_weekly ", 1)
	command := exec.Command("sh", "-c",
		`kindly_weekly() { printf '%s\0' "$DIVERT_TO" "$SES_CONFIGURATION_SET" "$@"; }; `+line)
	command.Env = []string{"PATH=", "BUCKET=weekly"}
	out, err := command.CombinedOutput()
	words := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if err != nil || len(words) < 3 {
		return typed{}, fmt.Errorf("%s\nis to a shell %q, %v", line, out, err)
	}
	return typed{words[0], words[1], words[2:]}, nil
}

// understood is what this program's parser makes of what was typed. It starts nothing.
func understood(args []string) (commands, error) {
	var c commands
	_, err := newParser(&c, io.Discard, io.Discard, func(int) {}).Parse(args)
	// a file that config pull fetches first
	if args[0] == "check" && errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return c, err
}

// canBeTyped says what is wrong with a text that holds commands, of which there are n.
func canBeTyped(text string) (n int, err error) {
	for _, command := range printed.FindAllString(other.ReplaceAllString(text, ""), -1) {
		for _, end := range []string{"; then ", "; or "} {
			command = strings.TrimSuffix(command, end)
		}
		n++
		line, failed := inShell(command)
		if failed == nil {
			_, failed = understood(line.args)
		}
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("%s\ncannot be typed: %w", command, failed))
		}
	}
	return n, err
}

// What operators are told to type comes to this program as it was meant, whatever a shell has for
// the letters in it.
func TestPrintedCommands_Parse(t *testing.T) {
	week, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	folder, err := filepath.Abs("Kari's $folder")
	if err != nil {
		t.Fatal(err)
	}
	to := func(medium config.Medium, address string) delivery.Delivery {
		return delivery.Delivery{Job: config.Job{Tenant: "acme", Bot: "4217", Period: week},
			Destination: config.Destination{Medium: medium, To: address}}
	}
	const strange = "o'hara&$(id)`id`|x@example.com" // all of which may stand in an address
	var (
		stack = alerting.Commands{Stack: "kindly-weekly-prod", Bucket: "weekly"}
		at    = deployment.Place{Stack: "kindly-weekly-prod"}
		store = alerting.Commands{Store: folder}
	)
	resent := func(at deployment.Place, to string) func(*commands) bool {
		return func(c *commands) bool {
			r := c.Resend
			return r.Place == at && r.Tenant == "acme" && r.Bot == "4217" && r.Week == "2026-W46" &&
				r.To == to
		}
	}
	for _, tc := range []struct {
		line  string
		meant func(c *commands) bool
	}{
		{stack.Resend(to(config.Slack, "C024BE91L")), resent(at, "slack:C024BE91L")},
		{stack.Resend(to(config.Mail, strange)), resent(at, "mail:"+strange)},
		{alerting.Commands{Bucket: "weekly"}.Resend(to(config.Mail, strange)),
			resent(deployment.Place{Bucket: "weekly"}, "mail:"+strange)},
		{stack.Status("acme", week), func(c *commands) bool {
			return c.Status.Place == at && c.Status.Tenant == "acme" && c.Status.Week == "2026-W46"
		}},
		{stack.SetKey("acme", "4217"), func(c *commands) bool {
			k := c.Key.Set
			return k.Place == at && k.Tenant == "acme" && k.Bot == "4217"
		}},
		{stack.Migrate("acme"), func(c *commands) bool {
			m := c.Secrets.Migrate
			return m.Place == at && m.Tenant == "acme" && m.Push && !m.Overwrite
		}},
		{stack.Migrate(""), func(c *commands) bool {
			return c.Secrets.Migrate.Place == at && c.Secrets.Migrate.Tenant == ""
		}},
		{stack.Doctor("acme", "4217"), func(c *commands) bool {
			d := c.Doctor
			return d.Place == at && d.Tenant == "acme" && d.Bot == "4217" && !d.Save
		}},
		{stack.SaveSpelling("acme", "4217"), func(c *commands) bool {
			d := c.Doctor
			return d.Place == at && d.Tenant == "acme" && d.Bot == "4217" && d.Save
		}},
		{stack.Pull("acme"), func(c *commands) bool {
			return c.Config.Pull.Place == at && c.Config.Pull.Tenant == "acme" &&
				c.Config.Pull.File == ""
		}},
		{store.Pull("acme"), func(c *commands) bool {
			return c.Config.Pull.Place == deployment.Place{Store: folder}
		}},
		{stack.PullTo("acme", "acme in force.yaml"), func(c *commands) bool {
			return c.Config.Pull.Tenant == "acme" &&
				filepath.Base(c.Config.Pull.File) == "acme in force.yaml"
		}},
		{stack.Check("acme"), func(c *commands) bool { return true }},
		{stack.Push("acme", "Kari's first"), func(c *commands) bool {
			return c.Config.Push.Place == at && c.Config.Push.Tenant == "acme" &&
				c.Config.Push.Why == "Kari's first" && c.Config.Push.File == ""
		}},
		{stack.Rollback("acme"), func(c *commands) bool {
			return c.Config.Rollback.Place == at && c.Config.Rollback.Tenant == "acme" &&
				c.Config.Rollback.Why != "" && c.Config.Rollback.To == 0
		}},
		{stack.Log("acme"), func(c *commands) bool {
			return c.Config.Log.Place == at && c.Config.Log.Tenant == "acme"
		}},
		// From notices that earlier versions have sent.
		{"SES_CONFIGURATION_SET=set kindly-weekly resend --bucket weekly --tenant acme --secrets" +
			" keys/ --bot 4217 --week 2026-W46 --to mail:kari@example.com",
			resent(deployment.Place{Bucket: "weekly", Secrets: "keys/"}, "mail:kari@example.com")},
		{"kindly-weekly key set --bucket weekly --tenant acme --secrets keys/ --bot 4217",
			func(c *commands) bool { return c.Key.Set.Secrets == "keys/" }},
	} {
		line, err := inShell(tc.line)
		if err != nil {
			t.Error(err)
			continue
		}
		if c, err := understood(line.args); err != nil || !tc.meant(&c) {
			t.Errorf("%s\nis misunderstood: %v, %q", tc.line, err, line.args)
		}
	}
}

// In what ops and the operator read, see the stories of package alerting, each command stands on a
// line of its own.
func TestPrintedCommands_InNotices(t *testing.T) {
	stories, err := os.ReadFile(filepath.Join("..", "alerting", "testdata", "stories.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(stories)) {
		if found := printed.FindString(line); found != "" && line != "  "+found+"\n" {
			t.Errorf("there is more than the command on %q", line)
		}
	}
	if n, err := canBeTyped(string(stories)); n == 0 || err != nil {
		t.Errorf("%d commands: %v", n, err)
	}
}

// Commands with flags are written by package alerting, whose are held to the flags above, and in
// the examples of the help.
func TestPrintedCommands_ComeFromOnePackage(t *testing.T) {
	command := regexp.MustCompile(`\b(?:kindly-weekly|%s|%\[\d\]s) (?:config|key|secrets|resend|status|preflight|doctor|report|backfill|check) --`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		ours := filepath.Join("..", "alerting") == filepath.Dir(path)
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			ours {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, err := strconv.Unquote(literal.Value)
				text, _, _ = strings.Cut(text, "\nExamples:\n") // which TestHelp reads
				if err == nil && command.MatchString(text) {
					t.Errorf("%s has a command of its own: %s", path, text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
