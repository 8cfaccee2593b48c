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
	_ "time/tzdata" // a bot's zone must be known on machines without a tz database too

	"github.com/alecthomas/kong"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deliveries"
	"kindlyweekly/functions/kindly-weekly/devserver"
	"kindlyweekly/functions/kindly-weekly/doctor"
	"kindlyweekly/functions/kindly-weekly/preflight"
	"kindlyweekly/functions/kindly-weekly/reports"
	"kindlyweekly/functions/kindly-weekly/sageserver"
	"kindlyweekly/functions/kindly-weekly/settings"
	"kindlyweekly/report/period/reference"
	"kindlyweekly/report/wording"
	"kindlyweekly/sage"
)

// How the command ends.
const (
	exitFailed  = 1
	exitUsage   = 2
	exitPartial = 3
)

// commands is the command line.
type commands struct {
	Version kong.VersionFlag `help:"Print the version of this program."`

	Demo   reports.Demo       `cmd:"" help:"Make the reports of three made-up bots, and a page that shows all their editions. Needs no key and no network."`
	Report reports.Report     `cmd:"" help:"Make the report of a bot's week."`
	Render reports.Render     `cmd:"" help:"Render all editions of a report again from its report.json, without asking Sage."`
	Check  settings.Check     `cmd:"" help:"Check a bots.yaml and print every mistake in it."`
	Doctor doctor.Command     `cmd:"" help:"Ask Sage for everything once and say what came back, and what to do where it failed."`
	Sage   sageserver.Command `cmd:"" help:"Serve the built-in Sage with its made-up bots, to try the other commands with."`
	Serve  devserver.Command  `cmd:"" help:"Serve the slash command, and a page that shows what would have been posted and mailed. Nothing leaves this machine."`

	Portfolio reports.Portfolio   `cmd:"" help:"Write the overview of all bots of a tenant: that which was sent, or what it would be now. Sends nothing."`
	Status    deliveries.Status   `cmd:"" help:"Show what became of the last week: every report that was due, where it is, and what to do. Reads only. Where no deployment is named, of the last run of serve."`
	Resend    deliveries.Resend   `cmd:"" help:"Send a bot's week again to its configured destinations, each time as a delivery of its own. What is still tried by itself is left."`
	Backfill  deliveries.Backfill `cmd:"" help:"Build and archive the weeks that the archive does not hold, or not whole, or not as the bot is configured. Run again it goes on with what is missing. Sends nothing without --send, and then not more than --most weeks."`
	Config    settings.Config     `cmd:"" help:"Read and change a tenant's configuration in a deployment."`
	Key       settings.Key        `cmd:"" help:"Store a bot's API key in a deployment."`
	Secrets   settings.Secrets    `cmd:"" help:"Move a deployment's secrets apart."`
	Preflight preflight.Command   `cmd:"" help:"Check everything that a deployment needs, and say what to do. Sends nothing without --send-to."`

	Redraw reports.Render `cmd:"" hidden:"" help:"The former name of render."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, cli.Host{
		Name: cli.StartedAs(os.Args[0]), In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Now: time.Now, Terminal: cli.IsTerminal(os.Stderr),
		AWS: func(ctx context.Context) (aws.Config, error) { return config.LoadDefaultConfig(ctx) },
	}, os.Args[1:]))
}

func run(ctx context.Context, h cli.Host, args []string) int {
	exited := -1
	parser := newParser(&commands{}, h.Out, h.Err, func(code int) { exited = code })
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help has been printed
		return exited
	}
	if err != nil {
		parser.Stdout = h.Err     // what a pipe reads is no place for the usage
		parser.FatalIfErrorf(err) // prints the usage
		return exitUsage
	}
	command.BindTo(ctx, (*context.Context)(nil))
	switch err := command.Run(h); {
	case err == nil:
		return 0
	case errors.Is(err, cli.ErrPartial):
		h.Complain("%v", err)
		return exitPartial
	case errors.Is(ctx.Err(), context.Canceled):
		h.Complain("interrupted")
		return exitFailed
	case errors.Is(err, cli.ErrPrinted):
		return exitFailed
	case errors.Is(err, cli.ErrUsage):
		h.Complain("%v", err)
		return exitUsage
	default:
		h.Complain("%v", err)
		return exitFailed
	}
}

// newParser reads a command line into c. exit is told how --help ends.
func newParser(c *commands, out, err io.Writer, exit func(code int)) *kong.Kong {
	return kong.Must(c,
		kong.Name("kindly-weekly"),
		kong.Description("Weekly reports of Kindly chatbots, made on this machine, and the hand on a deployment. Nothing is sent without --send or --send-to, but by resend.\n\n"+environment),
		kong.ShortUsageOnError(),
		kong.Vars{
			"weeks": reference.Forms, "locales": strings.Join(wording.Locales(), ", "),
			"version": cli.Version(),
		},
		kong.KindMapper(reflect.String, kong.MapperFunc(filled)),
		kong.NamedMapper("path", kong.MapperFunc(filledPath)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Writers(out, err),
		kong.Exit(exit),
	)
}

const environment = `Environment:
  KINDLY_API_KEY_<bot>   the bot's API key, with "read statistics" permission
  KINDLY_API_KEY         the API key of a bot that has no variable of its own
  SAGE_URL               where Sage is, if not ` + sage.DefaultURL + `
  KINDLY_API_URL         where keys are exchanged for tokens, if not ` + sage.DefaultAPIURL + `
  SLACK_BOT_TOKEN        the token that --send and --send-to post with, if not the one that the configuration names
  SECRET_PREFIX, SES_CONFIGURATION_SET, DIVERT_TO, CATCH_UP_HOURS   as the deployment's functions have them
  AWS_PROFILE, AWS_REGION and what else AWS's own tools read`
