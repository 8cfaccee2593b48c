package deploy

import (
	"context"
	"fmt"
	"strings"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/kindly-weekly/cli"
)

// Command is the command deploy.
type Command struct {
	Stage  string   `placeholder:"STAGE" help:"dev or prod: what the stack is for. Default: as it is deployed."`
	Stack  string   `placeholder:"NAME" help:"The stack's name. Default: kindly-weekly-STAGE."`
	Set    []string `sep:"none" placeholder:"NAME=VALUE" help:"Set a parameter of the template. Repeatable. Others keep their values."`
	Source string   `type:"path" placeholder:"DIR" help:"A clone of the source. Default: the one that the current folder is in."`
	DryRun bool     `help:"Print what would change. Changes nothing in AWS."`
	Yes    bool     `help:"Deploy without asking."`
}

// Help returns the details and examples of the command.
func (Command) Help() string {
	return `Builds the functions, uploads them, and creates or updates the stack by CloudFormation. It
prints what changes, and asks. Settings are the stack's parameters, which template.yaml describes:
an upgrade keeps those that --set does not name. An interrupted run can be run again.

Examples:
  kindly-weekly deploy --stage dev
  kindly-weekly deploy --stage prod --set AlarmEmail=ops@example.com --set MailFrom=weekly@example.com
  kindly-weekly deploy --stack kindly-weekly-prod --source ../before`
}

// Run deploys the stack.
func (c *Command) Run(ctx context.Context, h cli.Host) error {
	values, err := c.values()
	if err != nil {
		return err
	}
	source, err := OpenSource(ctx, c.Source)
	if err != nil {
		return err
	}
	s := Stack{Host: h, Source: source, Name: c.Stack, Yes: c.Yes}
	if s.Name == "" {
		s.Name = NameOf(c.Stage)
	}
	for name, value := range values {
		if err := source.Check(name, value); err != nil {
			return cli.Usagef("--set %w", err)
		}
	}
	state, err := s.State(ctx)
	if err != nil {
		return err
	}
	if c.Stage != "" {
		if stage, ok := state.Parameters["Stage"]; ok && stage != c.Stage && values["Stage"] == "" {
			return cli.Usagef("--stage %s: the stack %s is of the stage %s", c.Stage, s.Name, stage)
		}
		values["Stage"] = c.Stage
	}
	if h.Ask != nil && !c.DryRun {
		if err := s.ask(state, values); err != nil {
			return err
		}
	}
	if c.DryRun {
		return s.Preview(ctx, values)
	}
	state, err = s.Deploy(ctx, values)
	if err != nil {
		return err
	}
	fmt.Fprintf(h.Out, "bucket %s\nslash command %s\n", state.Bucket, state.Deployment.SlashURL)
	return nil
}

// values returns the parameters that the flags set.
func (c *Command) values() (map[string]string, error) {
	values := make(map[string]string)
	for _, pair := range c.Set {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, cli.Usagef("--set %s: write NAME=VALUE", pair)
		}
		values[name] = value
	}
	switch {
	case c.Stage != "" && c.Stage != string(about.Dev) && c.Stage != string(about.Prod):
		return nil, cli.Usagef("--stage %s: must be dev or prod", c.Stage)
	case c.Stage == "" && c.Stack == "":
		return nil, cli.Usagef("name the stage with --stage dev or --stage prod, or a stack with --stack")
	case c.Stage != "" && values["Stage"] != "" && values["Stage"] != c.Stage:
		return nil, cli.Usagef("--stage %s and --set Stage=%s: leave one out", c.Stage, values["Stage"])
	}
	return values, nil
}

// ask asks for the parameters that are missing.
func (s Stack) ask(state State, values map[string]string) error {
	for {
		missing, err := s.Missing(state, values)
		if err != nil || len(missing) == 0 {
			return err
		}
		p := missing[0]
		fmt.Fprintf(s.Host.Err, "%s: %s\n", p.Name, p.Description)
		for {
			answer, err := s.Host.Ask(p.Name + ": ")
			if err != nil {
				return err
			}
			answer = strings.TrimSpace(answer)
			if err = p.Check(answer); err == nil && answer != "" {
				values[p.Name] = answer
				break
			} else if err != nil {
				fmt.Fprintln(s.Host.Err, err)
			}
		}
	}
}
