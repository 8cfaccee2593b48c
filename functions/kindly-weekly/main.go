// Command local is Kindly Weekly on one machine, and the hand on a deployment in AWS. It sends nothing to anybody
// unless it is told to with a flag that says so, or with resend, whose name does.
//
// Without AWS it makes reports into a folder, draws them again, checks configurations, examines a bot's access to the
// statistics, and serves a Sage and a Slack of its own to try all that with:
//
//	local demo                             three made-up bots, all editions, and a page that shows them
//	local report --bot ID                  a real bot's week; the API key comes from the environment
//	local redraw out/nettbutikk/2026-W46   all editions again, from report.json
//	local check bots.yaml                  every mistake of a configuration
//	local doctor --bot ID                  asks every endpoint once and says what came back
//	local sage                             the built-in Sage, for trying things
//	local serve                            the slash command, and what would have been sent, in a browser
//
// With the AWS credentials of the shell it lives with a deployment, whose --bucket it is told:
//
//	local report --bot ID --send           sends the week, by the deployment's ledger or to one destination
//	local status                           what became of the last week, and what to do
//	local resend --bot ID --week 2026-W46  sends a week again
//	local portfolio                        the overview of all bots, as it was sent or would be now
//	local backfill --bot ID --from WEEK    fills the archive
//	local config pull | diff | push | rollback | log
//	local key set --bot ID                 tries a bot's API key and stores it
//	local secrets migrate                  copies what only one of the functions needs into secrets of its own
//	local preflight                        everything that would keep reports from arriving, in one table
//
// It ends with 0 when all is well, 1 when something failed, 2 when it was called wrongly, and 3 when a report was made
// but sections of it could not be fetched.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"reflect"
	"syscall"
	"time"
	_ "time/tzdata" // a bot's zone must be known on machines without a tz database too

	"github.com/alecthomas/kong"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"kindlyweekly/report/period"
	"kindlyweekly/sage"
)

// How the command ends.
const (
	exitFailed  = 1
	exitUsage   = 2
	exitPartial = 3
)

// errPartial ends a command that made its report, though not the whole of it. What is missing has been said.
var errPartial = errors.New("some sections could not be fetched")

// errTold ends a command whose complaint has been printed.
var errTold = errors.New("")

// commands is the command line.
type commands struct {
	Demo   demo       `cmd:"" help:"Make the reports of three made-up bots, and a page that shows all their editions. Needs no key and no network."`
	Report report     `cmd:"" help:"Make the report of a bot's week."`
	Redraw redraw     `cmd:"" help:"Draw all editions of a report again from its report.json, without asking Sage."`
	Check  check      `cmd:"" help:"Check a bots.yaml and print every mistake in it."`
	Doctor doctor     `cmd:"" help:"Ask Sage for everything once and say what came back, and what to do where it failed."`
	Sage   sageServer `cmd:"" help:"Serve the built-in Sage with its made-up bots, to try the other commands with."`
	Serve  serve      `cmd:"" help:"Serve the slash command, and a page that shows what would have been posted and mailed. Nothing leaves this machine."`

	Portfolio portfolioCommand `cmd:"" help:"Write the overview of all bots of a tenant: that which was sent, or what it would be now. Sends nothing."`
	Status    status           `cmd:"" help:"Show what became of the last week: every report that was due, where it is, and what to do. Reads only. Where no deployment is named, of the last run of serve."`
	Resend    resend           `cmd:"" help:"Send a bot's week again to its configured destinations, each time as a delivery of its own. What is still tried by itself is left."`
	Backfill  backfill         `cmd:"" help:"Build and archive the weeks that the archive does not hold, or not whole, or not as the bot is configured. Run again it goes on with what is missing. Sends nothing without --send, and then not more than --most weeks."`
	Config    configs          `cmd:"" help:"Read and change a tenant's configuration in a deployment."`
	Key       keys             `cmd:"" help:"Store a bot's API key in a deployment."`
	Secrets   secretsCommands  `cmd:"" help:"Move a deployment's secrets apart."`
	Preflight preflight        `cmd:"" help:"Check everything that a deployment needs, and say what to do. Sends nothing without --send-to."`
}

// host is the machine as a command sees it.
type host struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
	terminal bool // whether err is one, on which progress can be shown

	aws   func(context.Context) (aws.Config, error) // the operator's account
	slack *http.Client                              // nil: one of package slack's
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	os.Exit(run(ctx, host{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now, terminal: isTerminal(os.Stderr),
		aws: func(ctx context.Context) (aws.Config, error) { return config.LoadDefaultConfig(ctx) },
	}, os.Args[1:]))
}

func run(ctx context.Context, h host, args []string) int {
	exited := -1
	parser := newParser(&commands{}, h.out, h.err, func(code int) { exited = code })
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help has been printed
		return exited
	}
	if err != nil {
		parser.Stdout = h.err     // what a pipe reads is no place for the usage
		parser.FatalIfErrorf(err) // prints the usage
		return exitUsage
	}
	command.BindTo(ctx, (*context.Context)(nil))
	switch err := command.Run(h); {
	case err == nil:
		return 0
	case errors.Is(err, errPartial):
		fmt.Fprintf(h.err, "local: %v\n", err)
		return exitPartial
	case errors.Is(ctx.Err(), context.Canceled):
		fmt.Fprintln(h.err, "local: interrupted")
		return exitFailed
	case errors.Is(err, errTold):
		return exitFailed
	case errors.Is(err, errUsage):
		fmt.Fprintf(h.err, "local: %v\n", err)
		return exitUsage
	default:
		fmt.Fprintf(h.err, "local: %v\n", err)
		return exitFailed
	}
}

// newParser reads a command line into c. exit is told how --help ends.
func newParser(c *commands, out, err io.Writer, exit func(code int)) *kong.Kong {
	return kong.Must(c,
		kong.Name("local"),
		kong.Description("Weekly reports of Kindly chatbots, made on this machine, and the hand on a deployment. Nothing is sent without --send or --send-to, but by resend.\n\n"+environment),
		kong.ShortUsageOnError(),
		kong.Vars{"weeks": period.Forms},
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

// client talks to the Sage that the environment names. It is silent: its errors say what matters.
func (h host) client() *sage.Client {
	return &sage.Client{
		URL:    h.getenv("SAGE_URL"),
		APIURL: h.getenv("KINDLY_API_URL"),
		Key:    h.key,
	}
}
