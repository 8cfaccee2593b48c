package setup

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deploy"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/report/config"
)

// A run is one run of setup, and what it knows so far.
type run struct {
	asker
	base    cli.Host // as the command line is run, with the region
	host    cli.Host // as the deployment is known; base until then
	cmd     *Command
	answers Answers
	source  *deploy.Source
	secrets *cli.SecretReader

	region, account string
	name            string // of the stack

	// What the stack says once it is deployed.
	place deployment.Place
	store deployment.Store
	about *about.Deployment // nil until then
	email string            // AlarmEmail
	from  []string          // MailFrom

	tenant string         // its name, or the likely one, or empty
	named  bool           // the operator has confirmed the name
	conf   *config.Tenant // its configuration in force, or nil

	model *model // the deployment whose bots this one takes over, or nil

	slack      *slack.Workspace // nil until Slack has accepted the token
	person     string           // the operator's member ID in Slack, or empty
	personZone string           // the time zone of the operator in Slack, or empty
	kept       bool             // the operator keeps the diversion to mail
	zone       string           // of the first bot

	// What was done in this run.
	checked, problems bool
}

// begin returns a run, with its answers.
func (c *Command) begin(ctx context.Context, h cli.Host) (*run, error) {
	r := &run{cmd: c, name: cmp.Or(c.Stack, deploy.NameOf(c.Stage)),
		asker: asker{terminal: h, file: c.Answers}, base: h, host: h}
	var err error
	if r.source, err = deploy.OpenSource(ctx, c.Source); err != nil {
		return nil, err
	}
	if c.Answers != "" {
		if r.answers, err = readAnswers(c.Answers); err != nil {
			return nil, err
		}
	}
	if h.Ask == nil && !c.DryRun {
		if c.Answers == "" {
			return nil, cli.Usagef("setup asks questions, and there is no terminal to ask on: " +
				"name a file of answers with --answers FILE")
		}
		if err := c.CheckYes(about.Stage(c.Stage)); err != nil {
			return nil, cli.Usagef("setup sends you the first report: %w", err)
		}
	}
	r.secrets = &cli.SecretReader{Host: h}
	return r, nil
}

// secretNames are the names that secrets have in the environment and on standard input.
func (r *run) secretNames() []string {
	names := []string{"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}
	var bots []config.Bot
	if r.conf != nil {
		bots = append(bots, r.conf.Bots...)
	}
	if r.model != nil && r.model.tenant != nil {
		bots = append(bots, r.model.tenant.Bots...)
	}
	for _, b := range bots {
		names = append(names, cli.KeyVariables(b.ID)...)
	}
	for _, b := range r.answers.Bots {
		if id, err := config.BotID(b.Bot); err == nil {
			names = append(names, cli.KeyVariables(id)...)
		}
	}
	return names
}

// steps returns the steps in their order.
func (r *run) steps() []step {
	return []step{
		{"AWS account", r.lookAccount, r.askRegion, false},
		{"stack", r.lookStack, r.deploy, false},
		{"Slack app", r.lookSlack, r.connectSlack, false},
		{"diversion", r.lookDiversion, r.divert, false},
		{"mail", r.lookMail, r.verifySender, true},
		{"bots", r.lookBots, r.addBots, false},
		{"configuration", r.lookConfiguration, r.push, false},
		{"tick", r.lookTick, r.tick, false},
		{"check", r.lookCheck, r.check, true},
		{"first report", r.lookFirst, r.sendFirst, true},
	}
}

// print prints a line of the checklist.
func (r *run) print(s step, found state) {
	mark := "[ ]"
	if found.done {
		mark = "[x]"
	}
	fmt.Fprintf(r.host.Out, "%s %-14s %s\n", mark, s.name, cli.OneLine(found.text))
}

// continueWith says how to go on after an interruption.
func (r *run) continueWith() string {
	command := "setup --stage " + r.cmd.Stage
	if r.cmd.Stack != "" {
		command += " --stack " + r.cmd.Stack
	}
	if r.cmd.Like != "" {
		command += " --like " + r.cmd.Like
	}
	if r.file != "" {
		command += " --answers '" + strings.ReplaceAll(cli.ShortPath(r.file), "'", `'\''`) + "'"
	}
	switch {
	case r.base.Ask != nil:
	case r.cmd.Stage == string(about.Prod):
		command += " --yes=prod"
	default:
		command += " --yes"
	}
	return "\nwhat is done stays done; to go on: " + r.typed(command)
}

// next says what the operator can do from now on.
func (r *run) next() string {
	text := "See the deliveries of a week: " + r.typed("status --stack "+r.name)
	if r.name == deploy.NameOf("dev") && r.about.DivertTo != "" {
		text = fmt.Sprintf("This stack sends all of them to %s. When they look right: %s\n%s",
			r.about.DivertTo, r.typed("setup --stage prod"), text)
	}
	return text
}

// typed returns a command as a shell starts it.
func (r *run) typed(command string) string {
	return cmp.Or(r.base.Name, "kindly-weekly") + " " + command
}
