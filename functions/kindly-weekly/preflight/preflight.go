// Package preflight provides the command preflight, which checks everything that a deployment
// needs: configurations, API keys, Slack, SES and alarms. It prints one row for each check, with
// what to do.
package preflight

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel"
	"kindlyweekly/functions/channel/registry"
	"kindlyweekly/functions/channel/sns"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/filters"
	"kindlyweekly/functions/kindly-weekly/reports"
	"kindlyweekly/functions/kindly-weekly/settings"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/sage"
)

// Command is the command preflight.
type Command struct {
	deployment.Place
	deployment.SendFlags
	Tenant string `placeholder:"NAME" help:"Only this tenant. Default: all tenants."`
	Alarms string `hidden:"" placeholder:"ARN" help:"The SNS topic of the alarms, which the deployment says itself now."`
	SendTo string `placeholder:"ME" help:"After the checks, send one report there: slack:U024BE7LH (a person), slack:C024BE91L or mail:me@example.com."`
	Bot    string `type:"bot" placeholder:"ID" help:"The bot of that report. Default: the first configured bot."`
}

// Help returns the details and examples of the command.
func (Command) Help() string {
	return `Checks configurations, API keys, Slack, SES and alarms, and lists what to do. Exit code 1: a
check failed. Without --send-to nothing is sent.

Examples:
  kindly-weekly preflight --stack kindly-weekly-prod
  kindly-weekly preflight --stack kindly-weekly-prod --tenant acme --send-to slack:U024BE7LH`
}

// OnlyReads reports that the command changes nothing, so that it may use the stack in use.
func (c *Command) OnlyReads() bool { return c.SendTo == "" }

func (c *Command) Run(ctx context.Context, h cli.Host) error {
	var to config.Destination
	if c.SendTo != "" {
		var err error
		if to, err = deployment.ParseRecipient("--send-to", c.SendTo); err != nil {
			return err
		}
	}
	if c.SendTo != "" {
		confirmed, err := c.Confirm(h, c.Place, "send one report, after the checks",
			[]config.Destination{to})
		if err != nil {
			return err
		}
		to = confirmed[0]
	}
	store, err := c.Open(ctx, h)
	if err != nil {
		return err
	}
	all, err := (&tenantconfig.Loader{Store: store}).All(ctx)
	if err != nil {
		return err
	}
	together := inForce(all)
	if c.Tenant != "" {
		all = slices.DeleteFunc(all, func(t tenantconfig.Loaded) bool { return t.Name != c.Tenant })
	}
	if len(all) == 0 {
		return deployment.NoConfiguration(c.Tenant, c.Commands(h))
	}
	check := &checks{
		host: h, store: store, secrets: &deployment.Secrets{Host: h},
		prefix: h.SecretPrefix(), commands: c.Commands(h),
		undescribed: c.RemedyUndescribed(),
	}
	check.clock(ctx, store)
	alarms := c.Alarms
	if d := h.Deployment; d != nil && alarms == "" {
		alarms = d.AlarmTopic
	}
	if err := check.everything(ctx, all, alarms); err != nil {
		return err
	}
	check.shares(ctx, together, c.Tenant)
	if c.Tenant == "" {
		check.allApart(all)
	}
	if err := check.print(); err != nil {
		return err
	}
	if c.SendTo != "" {
		if err := check.send(ctx, all, c.Bot, to); err != nil {
			return err
		}
	}
	if n := check.problems(); n > 0 {
		h.Complain("%s", cli.Count(n, "problem", "problems"))
		return cli.ErrPrinted
	}
	return nil
}

// checks are what a preflight has found so far.
type checks struct {
	host     cli.Host
	store    deployment.Store
	secrets  *deployment.Secrets
	prefix   string
	commands alerting.Commands
	found    []channel.Finding

	undescribed string // the remedy where the deployment does not say what it is
}

func (c *checks) add(subject, state, cure string) {
	c.found = append(c.found, channel.Finding{Subject: subject, State: state, Remedy: cure})
}

func (c *checks) problems() (n int) {
	for _, f := range c.found {
		if f.State != channel.OK && f.State != channel.NotChecked && !f.Warning {
			n++
		}
	}
	return n
}

func (c *checks) print() error {
	table := tabwriter.NewWriter(c.host.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CHECK\tRESULT\tWHAT TO DO")
	for _, f := range c.found {
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.Subject, cli.OneLine(f.State), cli.OneLine(f.Remedy))
	}
	return table.Flush()
}

// everything fills the table. It returns an error only if ctx ends.
func (c *checks) everything(ctx context.Context, all []tenantconfig.Loaded, alarms string) error {
	for _, t := range all {
		c.configuration(t)
	}
	for _, t := range inForce(all) {
		fmt.Fprintf(c.host.Err, "checking %s\n", t.Name)
		for _, bot := range t.Bots {
			c.key(ctx, t, bot)
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		c.signing(ctx, t)
		c.apart(t)
	}
	c.channels(ctx, inForce(all))
	if alarms == "" {
		c.add("alarms", channel.NotChecked, c.undescribed)
		return ctx.Err()
	}
	c.found = append(c.found, sns.Preflight(ctx, c.host.AWS, alarms)...)
	return ctx.Err()
}

// clock holds this machine's to S3's. The commands that work with the ledger refuse one that is
// off.
func (c *checks) clock(ctx context.Context, store deployment.Store) {
	switch off, err := deployment.ClockSkew(ctx, c.host, store); {
	case err != nil:
		c.add("this machine's clock", err.Error(), "")
	case off != "":
		c.add("this machine's clock", off,
			"set it; until then commands that work with the ledger refuse to run")
	}
}

// inForce returns the tenants of which a configuration is in force.
func inForce(all []tenantconfig.Loaded) (some []*config.Tenant) {
	for _, t := range all {
		if t.Tenant != nil {
			some = append(some, t.Tenant)
		}
	}
	return some
}

// shares adds a row for what tenants share, which may be meant; with a tenant's name only for what
// that one does.
func (c *checks) shares(ctx context.Context, all []*config.Tenant, tenant string) {
	add := func(names []string, state, cure string) {
		if tenant == "" || slices.Contains(names, tenant) {
			c.found = append(c.found, channel.Finding{Subject: strings.Join(names, " and "),
				State: state, Remedy: cure, Warning: true})
		}
	}
	for _, s := range tenantconfig.Shared(all) {
		add(s.Tenants, "share "+strings.Join(s.What, ", "),
			"if not intended, correct the configuration that names another's")
	}
	type app struct{ team, secret string }
	apps := make(map[app][]string)
	for _, t := range all {
		if t.Slack.SigningSecret == "" || secrets.CheckTenant(c.prefix, t.Name,
			t.Slack.SigningSecret) != nil {
			continue
		}
		if secret, err := c.secrets.Get(ctx, t.Slack.SigningSecret); err == nil {
			a := app{t.Slack.Team, secret}
			apps[a] = append(apps[a], t.Name)
		}
	}
	for _, names := range slices.SortedFunc(maps.Values(apps), slices.Compare) {
		if len(names) > 1 {
			add(names, "share one Slack app: their signing secrets have one value",
				"nothing, if intended: its command answers for all of them")
		}
	}
}

func (c *checks) configuration(t tenantconfig.Loaded) {
	subject := t.Name + ": configuration"
	switch mistakes := (config.Mistakes)(nil); {
	case t.Err != nil:
		c.add(subject, t.Err.Error(), "")
	case errors.As(t.Mistakes, &mistakes):
		state := cli.Count(len(mistakes), "mistake", "mistakes") +
			", so the last good version is in force"
		if t.Tenant == nil {
			state = cli.Count(len(mistakes), "mistake", "mistakes") +
				", and no valid earlier version: nothing is sent"
		}
		cure := strings.Join(c.commands.Fix(t.Name), "; then ")
		if t.Tenant != nil {
			cure += "; or " + c.commands.Rollback(t.Name)
		}
		c.add(subject, state, cure)
	case t.Tenant != nil && t.Tenant.Cut:
		c.add(subject, "over a limit, and what is beyond it is not sent: "+t.ExplainWarnings(),
			strings.Join(c.commands.Fix(t.Name), "; then "))
	case len(t.Warnings) > 0:
		c.found = append(c.found, channel.Finding{Subject: subject, Warning: true,
			State:  "in force, but breaks " + cli.Count(len(t.Warnings), "new rule", "new rules"),
			Remedy: strings.Join(c.commands.Fix(t.Name), "; then ")})
	default:
		c.add(subject, channel.OK, "")
	}
}

// key tries a bot's API key with the question that every report begins with.
func (c *checks) key(ctx context.Context, t *config.Tenant, bot config.Bot) {
	subject := fmt.Sprintf("%s: key of %s", t.Name, bot.ID)
	id, err := deployment.KeyID(c.prefix, t.Name, bot)
	if err != nil {
		c.add(subject, channel.NotChecked, c.undescribed)
		return
	}
	if err := secrets.CheckTenant(c.prefix, t.Name, id); err != nil {
		c.secret(subject, err, "")
		return
	}
	store := c.commands.SetKey(t.Name, bot.ID)
	key, err := c.secrets.Get(ctx, id)
	if err != nil {
		c.secret(subject, err, store)
		return
	}
	client := c.host.SageClient()
	client.Tries = 2
	client.Key = func(context.Context, string) (string, error) { return key, nil }
	week := bot.LastComplete(c.host.Now())
	_, err = client.Chats(ctx, bot.ID, sage.Query{From: week.From().String(),
		To: week.To().String(), TZ: bot.TZ})
	var failed *sage.Error
	switch {
	case err == nil:
		c.add(subject, channel.OK, "")
		for _, w := range filters.Warnings(ctx, client, bot) {
			filters.Warn(c.host, w, bot.ID)
		}
	case errors.As(err, &failed) && (failed.Status == 401 || failed.Status == 403):
		cure := fmt.Sprintf(`make a new key with the permission "read statistics" at https://app.kindly.ai/bot/%s/connect/api-keys`, bot.ID)
		if store != "" {
			cure += "; then " + store
		}
		c.add(subject, fmt.Sprintf("Kindly refuses it (%d)", failed.Status), cure)
	default:
		c.add(subject, err.Error(), c.commands.Doctor(t.Name, bot.ID))
	}
}

// own reads a secret as the functions do: not if it is another tenant's.
func (c *checks) own(ctx context.Context, t *config.Tenant, id string) error {
	if err := secrets.CheckTenant(c.prefix, t.Name, id); err != nil {
		return err
	}
	_, err := c.secrets.Get(ctx, id)
	return err
}

// secret adds a finding for a secret that could not be read. cure is the remedy if it is missing.
func (c *checks) secret(subject string, err error, cure string) {
	var e *secrets.Error
	var absent *types.ResourceNotFoundException
	switch {
	case !errors.As(err, &e):
		c.add(subject, err.Error(), cure)
	case errors.As(err, &absent) && cure != "":
		c.add(subject, "there is no secret "+e.Secret, cure)
	default:
		c.add(subject, e.Reason(), e.Remedy)
	}
}

// signing checks that the signing secret of the tenant's Slack app can be read.
func (c *checks) signing(ctx context.Context, t *config.Tenant) {
	if t.Slack.SigningSecret == "" {
		return
	}
	subject := t.Name + ": Slack signing secret"
	if err := c.own(ctx, t, t.Slack.SigningSecret); err != nil {
		c.secret(subject, err, "")
		return
	}
	c.add(subject, channel.OK, "")
}

// preflighter is a sender that can check its destinations without sending to them.
type preflighter interface {
	Preflight(ctx context.Context, tenants []*config.Tenant) []channel.Finding
}

// channels checks the destinations, kind by kind. If the deployment diverts everything, only the
// destination that gets it counts, for each tenant, since each has its own app and sender.
func (c *checks) channels(ctx context.Context, tenants []*config.Tenant) {
	switch divert, err := c.host.Divert(); {
	case err != nil:
		c.add("diversion", err.Error(), "")
		return
	case divert != nil:
		c.add("configured destinations", channel.NotChecked, "nothing, since the deployment diverts"+
			" everything to "+divert.String())
		tenants = diverted(tenants, *divert)
	}
	env := deployment.Channels(c.host, c.store, nil)
	env.Secrets = secrets.Tenants{Secrets: c.secrets, Prefix: c.prefix}
	for _, m := range config.Media() {
		sender, err := registry.New(ctx, m, env)
		if err != nil {
			c.add(string(m), err.Error(), retry.Remedy(err))
			continue
		}
		if p, ok := sender.(preflighter); ok {
			c.found = append(c.found, p.Preflight(ctx, tenants)...)
		}
	}
}

// diverted returns the tenants as if to were the only destination of each.
func diverted(tenants []*config.Tenant, to config.Destination) []*config.Tenant {
	var all []*config.Tenant
	for _, t := range tenants {
		all = append(all, &config.Tenant{Name: t.Name, Slack: t.Slack, Mail: t.Mail,
			Ops: []config.Destination{to}})
	}
	return all
}

// apart checks whether the token and the signing secret are where NarrowSecrets=true lets the
// functions read them. If not, that is a warning.
func (c *checks) apart(t *config.Tenant) {
	if c.prefix == "" || t.Slack.TokenSecret == "" && t.Slack.SigningSecret == "" {
		return
	}
	subject := t.Name + ": separate Slack secrets"
	if err := settings.CheckKeyApart(c.prefix, t); err != nil {
		c.found = append(c.found, channel.Finding{Subject: subject, State: err.Error(),
			Warning: true})
		return
	}
	var together []string
	for _, m := range settings.Moves(c.prefix, t) {
		together = append(together, m.Key)
	}
	if len(together) > 0 {
		c.found = append(c.found, channel.Finding{Subject: subject, Warning: true,
			State:  "not yet: " + strings.Join(together, " and "),
			Remedy: c.commands.Migrate(t.Name)})
		return
	}
	c.add(subject, channel.OK, "")
}

// allApart checks whether the deployment may set NarrowSecrets=true.
func (c *checks) allApart(all []tenantconfig.Loaded) {
	const subject = "NarrowSecrets"
	if c.prefix == "" {
		c.add(subject, channel.NotChecked, c.undescribed)
		return
	}
	waiting := 0
	for _, t := range all {
		if t.Tenant == nil || len(settings.Moves(c.prefix, t.Tenant)) > 0 ||
			settings.CheckKeyApart(c.prefix, t.Tenant) != nil {
			waiting++
		}
	}
	if waiting > 0 {
		c.found = append(c.found, channel.Finding{Subject: subject, Warning: true,
			State: cli.Count(waiting, "tenant's Slack secrets are", "tenants' Slack secrets are") +
				" not known to be separate: it must be false", Remedy: c.commands.Migrate("")})
		return
	}
	c.add(subject, channel.OK,
		"all Slack secrets are separate: the stack may set NarrowSecrets=true")
}

// send makes one report and sends it to the operator.
func (c *checks) send(ctx context.Context, all []tenantconfig.Loaded, id string,
	to config.Destination) error {
	for _, loaded := range all {
		if loaded.Tenant == nil {
			continue
		}
		for _, bot := range loaded.Tenant.Bots {
			if id != "" && bot.ID != id {
				continue
			}
			if err := SendReport(ctx, c.host, c.store, loaded.Tenant, bot, c.prefix,
				[]config.Destination{to}, nil); err != nil {
				return err
			}
			return nil
		}
	}
	return cli.Usagef("--bot: no tenant has a bot %q", id)
}

// SendReport makes the report of a bot's last week with the key that the deployment has, and sends
// it to the destinations. It reads and writes no ledger. prefix is that of the deployment's
// secrets, such as kindly-weekly/prod/. sent, which may be nil, is called after each destination;
// SendReport ends with its error.
func SendReport(ctx context.Context, h cli.Host, store deployment.Store, t *config.Tenant,
	bot config.Bot, prefix string, to []config.Destination,
	sent func(config.Destination) error) error {
	client := h.SageClient()
	client.Spelling = deployment.Spelling(ctx, h, store)
	client.Key = func(ctx context.Context, _ string) (string, error) {
		id, err := deployment.TenantKeyID(prefix, t.Name, bot)
		if err != nil {
			return "", err
		}
		return (&deployment.Secrets{Host: h}).Get(ctx, id)
	}
	m, err := reports.Build(ctx, h, client, bot, deployment.StoredLogos(ctx, store, t),
		bot.LastComplete(h.Now()))
	if err != nil {
		return err
	}
	for _, d := range to {
		ref, err := reports.SendTo(ctx, h, t, m, d)
		if err != nil {
			return fmt.Errorf("not sent to %s: %w", d.String(), err)
		}
		fmt.Fprintf(h.Out, "\nthe report of %s, %s, was sent to %s %s\n", bot.ID,
			m.Numbers.Period.Name, d.String(), ref)
		if sent == nil {
			continue
		}
		if err := sent(d); err != nil {
			return err
		}
	}
	return nil
}
