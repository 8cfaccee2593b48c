// Package setup provides the command setup, which leads an operator from an AWS account to the
// first report. It asks, checks and does one step after the other:
//
//	AWS account     whose credentials these are, and the region
//	stack           deployed from the source by package deploy
//	Slack app       token and signing secret tried and stored in Secrets Manager
//	diversion       of a dev stack: everything goes to the operator's direct messages
//	mail            the sender verified by SES
//	bots            keys tried and stored; name, zone, filters and destinations asked
//	configuration   the tenant's file checked and put into force
//	tick            run once, so that the deployment describes itself
//	check           the table of preflight
//	first report    sent to the operator only, after a yes
//
// A step has a look and a do. Look reads from AWS, Slack and the bucket whether the step is done;
// nothing is stored on this machine, except the tenant's file. So setup can be interrupted at any
// point and run again: what is done is listed, and not done again. A dry run only looks.
//
// Answers come from the terminal, or all of them from a file. Secrets come from the terminal
// without echo, from the environment, or from standard input; they are stored and shown nowhere
// else.
package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
)

type Command struct {
	deployment.SendFlags
	Stage   string `enum:"dev,prod" default:"dev" help:"dev sends everything to you, prod to the configured destinations."`
	Stack   string `placeholder:"NAME" help:"The name of the stack. Default: kindly-weekly-STAGE."`
	Like    string `placeholder:"NAME" help:"A stack whose bots are taken over, with their keys. Default for prod: kindly-weekly-dev."`
	Answers string `type:"existingfile" placeholder:"FILE" help:"A file with the answers, instead of questions."`
	Source  string `type:"existingdir" placeholder:"DIR" help:"The source of Kindly Weekly. Default: the current folder."`
	DryRun  bool   `help:"Print what is done and what would be done. Change nothing."`
}

// Help returns the details and examples of the command.
func (Command) Help() string {
	return `Deploys a stack and asks for everything that the first report needs. Run it in a clone of the
source, with AWS credentials in the environment. It can be stopped and run again at any time.

The keys of an answers file, which is YAML: region, email, mail_from, tenant, slack, person,
divert_to, and bots with bot, name, tz, sources, languages, locale, channels, recipients. Secrets
are read from the variables SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET and KINDLY_API_KEY_<bot>, or from lines
such as SLACK_BOT_TOKEN=xoxb-... on standard input.

Examples:
  kindly-weekly setup
  kindly-weekly setup --stage prod
  kindly-weekly setup --stage prod --answers acme.answers --yes=prod < secrets.txt`
}

// A step is a part of the setup.
type step struct {
	name string
	// look reads whether the step is done, and what the later steps need of it. It changes nothing.
	look func(context.Context) (state, error)
	// do asks, and does it.
	do func(context.Context) error
	// waits says that the later steps do not need this one, which may wait for a person.
	waits bool
}

// failed returns the error of a step, and says how to go on.
func (r *run) failed(ctx context.Context, s step, err error) error {
	if ctx.Err() != nil { // the program only prints that it was interrupted
		fmt.Fprintln(r.base.Err, r.continueWith())
		return err
	}
	return fmt.Errorf("%s: %w%s", s.name, explain(err), r.continueWith())
}

// explain adds to an error of AWS which permission is missing.
func explain(err error) error {
	operation, refusal := new(smithy.OperationError), smithy.APIError(nil)
	if !errors.As(err, &operation) || !errors.As(err, &refusal) ||
		!strings.HasPrefix(refusal.ErrorCode(), "AccessDenied") {
		return err
	}
	service := strings.ToLower(strings.ReplaceAll(operation.ServiceID, " ", ""))
	permission := strings.TrimSuffix(service, "v2") + ":" + operation.OperationName
	if strings.Contains(err.Error(), permission) || service == "sts" {
		return err
	}
	return fmt.Errorf("%w: allow %s to the AWS credentials of this shell", err, permission)
}

// state is what a look has found.
type state struct {
	done bool
	text string // what is done, or else what is to do
}

func done(format string, args ...any) state { return state{true, fmt.Sprintf(format, args...)} }
func todo(format string, args ...any) state { return state{false, fmt.Sprintf(format, args...)} }

// Run does the steps that are not done.
func (c *Command) Run(ctx context.Context, h cli.Host) error {
	r, err := c.begin(ctx, h)
	if err != nil {
		return err
	}
	steps := r.steps()
	states := make([]state, len(steps))
	for i, s := range steps {
		if states[i], err = s.look(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, explain(err))
		}
		r.print(s, states[i])
	}
	if c.DryRun {
		fmt.Fprintln(h.Out, "nothing was changed")
		return nil
	}
	var open []string
	changed := false
	for i, s := range steps {
		found := states[i]
		if changed { // a step may be done now, or be to do again
			if found, err = s.look(ctx); err != nil {
				return r.failed(ctx, s, err)
			}
		}
		if states[i].done && found.done {
			continue
		}
		fmt.Fprintf(h.Out, "\n%s\n", s.name)
		if found.done {
			r.print(s, found)
			continue
		}
		changed = true
		if err := s.do(ctx); err != nil {
			return r.failed(ctx, s, err)
		}
		if found, err = s.look(ctx); err != nil {
			return r.failed(ctx, s, err)
		}
		r.print(s, found)
		switch {
		case found.done:
		case !s.waits:
			return fmt.Errorf("%s: this is not done: %s%s", s.name, found.text, r.continueWith())
		default:
			open = append(open, s.name+": "+found.text)
		}
	}
	if len(open) > 0 {
		h.Complain("%s still to do:\n  %s%s", cli.Count(len(open), "step is", "steps are"),
			strings.Join(open, "\n  "), r.continueWith())
		return cli.ErrPrinted
	}
	fmt.Fprintf(h.Out, "\nEverything is set up. The reports come each week from now on.\n%s\n",
		r.next())
	return nil
}
