// Command kindly-weekly makes weekly reports of Kindly chatbots on this machine, and administers a
// deployment in AWS. It sends nothing unless a flag (--send, --send-to) or the command resend asks
// for it.
//
// Without AWS it writes reports to a folder, renders them again, checks configurations, tests
// access to the statistics, and serves a local copy of everything to try it with:
//
//	kindly-weekly demo
//	kindly-weekly report --bot ID
//	kindly-weekly check bots.yaml
//
// With the AWS credentials of the shell, and the name of a deployment's stack, it administers the
// deployment:
//
//	kindly-weekly deploy --stage dev
//	kindly-weekly status --stack NAME
//	kindly-weekly resend --stack NAME --tenant acme --bot ID --week 2026-W46
//	kindly-weekly config pull --stack NAME --tenant acme
//
// kindly-weekly COMMAND --help explains each command, with examples.
//
// Each package below provides a group of commands (reports, settings, deliveries, deploy, doctor,
// preflight, devserver, sageserver) or what several of them share (cli, deployment, outcome,
// filters, suggest, preview). This package ties them together.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // bots' time zones, on machines without a tz database

	"github.com/alecthomas/kong"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/cli/browser"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deliveries"
	"kindlyweekly/functions/kindly-weekly/deploy"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/devserver"
	"kindlyweekly/functions/kindly-weekly/doctor"
	"kindlyweekly/functions/kindly-weekly/preflight"
	"kindlyweekly/functions/kindly-weekly/reports"
	"kindlyweekly/functions/kindly-weekly/sageserver"
	"kindlyweekly/functions/kindly-weekly/settings"
	"kindlyweekly/functions/kindly-weekly/setup"
	"kindlyweekly/report/period/reference"
	"kindlyweekly/report/wording"
	"kindlyweekly/sage"
)

// Exit codes, beside 0 for success.
const (
	exitFailed  = 1 // something failed
	exitUsage   = 2 // the command line is wrong
	exitPartial = 3 // the report was made, but some of its sections could not be fetched
)

// commands is the command line.
type commands struct {
	Version kong.VersionFlag `help:"Print the version of this program."`

	Demo    reports.Demo       `cmd:"" help:"Make the reports of three invented bots. Needs no key and no network."`
	Report  reports.Report     `cmd:"" help:"Make the report of a bot's week."`
	Render  reports.Render     `cmd:"" help:"Render all editions of a report again from its report.json."`
	Inspect reports.Inspect    `cmd:"" help:"Print what a screen reader reads of a report's PDF."`
	Check   settings.Check     `cmd:"" help:"Check a bots.yaml and list its mistakes."`
	Doctor  doctor.Command     `cmd:"" help:"Query every endpoint of Kindly's statistics once. Explain what fails."`
	Sage    sageserver.Command `cmd:"" help:"Serve a fake of Kindly's statistics with three invented bots."`
	Serve   devserver.Command  `cmd:"" help:"Run the slash command and the weekly delivery on this machine, with a fake Slack."`

	Portfolio reports.Portfolio   `cmd:"" help:"Write the portfolio report of all bots of a tenant. Sends nothing."`
	Status    deliveries.Status   `cmd:"" help:"Show the deliveries of a week, and what to do about them. Reads only."`
	Resend    deliveries.Resend   `cmd:"" help:"Send a bot's week again to its destinations."`
	Backfill  deliveries.Backfill `cmd:"" help:"Build and archive the weeks that the archive lacks."`
	Config    settings.Config     `cmd:"" help:"Read and change a tenant's configuration in a deployment."`
	Key       settings.Key        `cmd:"" help:"Store a bot's API key in a deployment."`
	Secrets   settings.Secrets    `cmd:"" help:"Give each Slack secret of a deployment a secret of its own."`
	Manifest  settings.Manifest   `cmd:"" help:"Print the manifest of a deployment's Slack app, and a link that creates it."`
	Use       deployment.Use      `cmd:"" help:"Name the stack for commands that only read."`
	Setup     setup.Command       `cmd:"" help:"Lead from an AWS account to the first report, step by step."`
	Deploy    deploy.Command      `cmd:"" help:"Build the functions, and create or update a stack in AWS."`
	Preflight preflight.Command   `cmd:"" help:"Check everything that a deployment needs. Sends nothing without --send-to."`

	Redraw reports.Render `cmd:"" hidden:"" help:"The former name of render."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	var ask func(string) (string, error)
	var askHidden func(context.Context, string) (string, error)
	var browse func(string) error
	if cli.IsTerminal(os.Stdin) {
		ask = cli.Until(ctx, cli.AskOn(os.Stdin, os.Stderr))
		askHidden = cli.AskHiddenOn(os.Stdin, os.Stderr)
		browser.Stdout, browser.Stderr = io.Discard, io.Discard
		browse = browser.OpenURL
	}
	os.Exit(run(ctx, cli.Host{
		Name: cli.StartedAs(os.Args[0]),
		In:   os.Stdin, Out: os.Stdout, Err: os.Stderr, Terminal: cli.IsTerminal(os.Stderr),
		Ask: ask, AskHidden: askHidden, Browse: browse, ConfigDir: os.UserConfigDir,
		Getenv: os.Getenv, Now: time.Now,
		AWS: func(ctx context.Context) (aws.Config, error) { return config.LoadDefaultConfig(ctx) },
	}, os.Args[1:]))
}

// run executes a command line and returns its exit code.
func run(ctx context.Context, h cli.Host, args []string) int {
	exited := -1
	parser := newParser(&commands{}, h.Out, h.Err, func(code int) { exited = code })
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help or --version has been printed
		return exited
	}
	if err != nil {
		parser.Stdout = h.Err     // where the usage goes
		parser.FatalIfErrorf(err) // prints the usage
		return exitUsage
	}
	command.BindTo(ctx, (*context.Context)(nil))
	if r, ok := command.Selected().Target.Addr().Interface().(interface {
		OnlyReads() bool
		UseStack(cli.Host) error
	}); ok && r.OnlyReads() {
		err = r.UseStack(h)
	}
	if d, ok := command.Selected().Target.Addr().Interface().(interface {
		Enter(context.Context, cli.Host) (cli.Host, error)
	}); ok && err == nil {
		h, err = d.Enter(ctx, h)
	}
	if err == nil {
		err = command.Run(h)
	}
	code := exitFailed
	switch {
	case err == nil:
		return 0
	case errors.Is(err, cli.ErrPartial):
		code = exitPartial
	case errors.Is(ctx.Err(), context.Canceled):
		err = errors.New("interrupted")
	case errors.Is(err, cli.ErrPrinted):
		return exitFailed
	case errors.Is(err, cli.ErrUsage):
		code = exitUsage
	}
	h.Complain("%v", err)
	return code
}

// newParser returns a parser that reads a command line into c. It passes the exit code of --help
// and --version to exit.
func newParser(c *commands, out, err io.Writer, exit func(code int)) *kong.Kong {
	return kong.Must(c,
		kong.Name("kindly-weekly"),
		kong.Description(description),
		kong.ShortUsageOnError(),
		kong.Vars{
			"weeks": reference.Forms, "locales": strings.Join(wording.Locales(), ", "),
			"version": cli.Version(),
		},
		kong.KindMapper(reflect.String, kong.MapperFunc(cli.NonEmpty)),
		kong.NamedMapper("bot", kong.MapperFunc(cli.BotFlag)),
		kong.NamedMapper("path", kong.MapperFunc(cli.NonEmptyPath)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Writers(out, err),
		kong.Exit(exit),
	)
}

const description = `Weekly reports of Kindly chatbots: make them on this machine, or administer a deployment.
Nothing is sent without --send or --send-to, except by resend.

Exit codes: 0 success, 1 failure, 2 wrong command line, 3 the report lacks sections that could not be fetched.

Environment:
  KINDLY_API_KEY_<bot>   the bot's API key, with the permission "read statistics"
  KINDLY_API_KEY         the API key of bots without a variable of their own
  SAGE_URL               the statistics service; default: ` + sage.DefaultURL + `
  KINDLY_API_URL         exchanges keys for tokens; default: ` + sage.DefaultAPIURL + `
  SLACK_BOT_TOKEN        a Slack token to use instead of the configured one
  DIVERT_TO              gets what --to or --send-to names; a deployment's diversion needs no variable
  AWS_PROFILE, AWS_REGION and the other variables of AWS's tools`
