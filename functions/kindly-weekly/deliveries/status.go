// Package deliveries provides the commands that work with a deployment's ledger and archive: status
// shows what was delivered, resend repeats a delivery, and backfill builds weeks that the archive
// lacks.
package deliveries

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/outcome"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
	"kindlyweekly/report/period/reference"
)

type Status struct {
	deployment.Place
	Tenant string `placeholder:"NAME" help:"Only this tenant. Default: all tenants."`
	Config string `type:"existingfile" placeholder:"FILE" help:"A bots.yaml to use instead of the deployment's configuration. Without --tenant, the tenant is the file's name without .yaml."`
	Week   string `default:"last" placeholder:"WEEK" help:"The week: ${weeks}. Without a year: the most recent complete week of that number. Default: ${default}."`
}

// Help returns the details and examples of the command.
func (Status) Help() string {
	return `Lists every delivery that is due in the week: its state, when and why, and the command that
fixes it. Exit code 1: a delivery failed. Without a flag that names a deployment it shows the stack
in use, or the last run of serve.

Examples:
  kindly-weekly status --stack kindly-weekly-prod
  kindly-weekly status --stack kindly-weekly-prod --tenant acme --week 2026-W46`
}

// OnlyReads reports that the command changes nothing, so that it may use the stack in use.
func (Status) OnlyReads() bool { return true }

func (c *Status) Run(ctx context.Context, h cli.Host) error {
	week, err := parseWeek(c.Week, h.Now())
	if err != nil {
		return err
	}
	s := &statusReport{host: h}
	if err := c.open(ctx, s); err != nil {
		return err
	}
	all, err := c.tenants(ctx, s)
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := s.tenant(ctx, t, week); err != nil {
			return err
		}
	}
	if err := s.print(c.Tenant == ""); err != nil {
		return err
	}
	receipt := alerting.Count(s.standings)
	fmt.Fprintf(h.Out, "\n%s\n", receipt)
	if c.Tenant == "" {
		all = append(all, tenantconfig.Loaded{Name: alerting.Deployment})
	}
	for _, t := range all {
		if err := s.ops(ctx, t); err != nil {
			return err
		}
	}
	if receipt.Failed > 0 {
		s.complain(cli.Count(receipt.Failed, "report did not arrive", "reports did not arrive"))
	}
	if s.wrong {
		return cli.ErrPrinted
	}
	return nil
}

// parseWeek reads --week. Which week that is depends on each bot's zone.
func parseWeek(value string, now time.Time) (reference.Reference, error) {
	r, err := reference.Parse(value)
	if err == nil {
		_, err = planned(r, now, time.UTC)
	}
	if err != nil {
		return r, cli.Usagef("--week: %w", err)
	}
	return r, nil
}

// planned returns the week that r names in a zone. The week may still be running: its deliveries
// are shown as planned.
func planned(r reference.Reference, now time.Time, zone *time.Location) (period.Period, error) {
	week, err := r.At(now, zone)
	var notOver *reference.NotOverError
	if errors.As(err, &notOver) {
		return notOver.Period, nil
	}
	return week, err
}

// Enter enters the deployment, or the last run of serve if no flag names one.
func (c *Status) Enter(ctx context.Context, h cli.Host) (_ cli.Host, err error) {
	if !c.Given() {
		dir := filepath.Join("out", deployment.ServeFolder)
		if c.Store, err = newest(dir); err != nil {
			return h, err
		}
		if c.Store == "" {
			return h, cli.Usagef("name the deployment with --stack NAME, or a folder with --store DIR; or run serve first: %s has no run of it", dir)
		}
		fmt.Fprintf(h.Err,
			"note: this is the last run of serve, in %s; --stack names a deployment, --store another folder\n", c.Store)
	}
	return c.Place.Enter(ctx, h)
}

// open opens the deployment for reading.
func (c *Status) open(ctx context.Context, s *statusReport) error {
	store, err := c.OpenLedger(ctx, s.host)
	if err != nil {
		return err
	}
	s.ledger, s.commands = &delivery.Ledger{Store: store, Now: s.host.Now}, c.Commands(s.host)
	s.window, err = c.CatchUp(s.host)
	return err
}

// newest returns the last folder by name in dir that has configurations, or an empty string.
func newest(dir string) (string, error) {
	entries, err := os.ReadDir(dir) // sorted; serve names folders after the time
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	for _, e := range slices.Backward(entries) {
		folder := filepath.Join(dir, e.Name())
		if _, err := os.Stat(filepath.Join(folder, delivery.ConfigPrefix)); err == nil {
			return folder, nil
		}
	}
	return "", nil
}

// tenants returns the tenants that the table shows.
func (c *Status) tenants(ctx context.Context, s *statusReport) ([]tenantconfig.Loaded, error) {
	if c.Config != "" {
		t, err := s.host.ReadConfig(c.Config)
		if err != nil {
			return nil, err
		}
		t.Name = cmp.Or(c.Tenant, t.Name)
		return []tenantconfig.Loaded{{Name: t.Name, Tenant: t}}, nil
	}
	all, err := (&tenantconfig.Loader{Store: s.ledger.Store}).All(ctx)
	if err != nil {
		return nil, err
	}
	if c.Tenant != "" {
		all = slices.DeleteFunc(all, func(t tenantconfig.Loaded) bool { return t.Name != c.Tenant })
	}
	if len(all) == 0 {
		return nil, deployment.NoConfiguration(c.Tenant, s.commands)
	}
	return all, nil
}

// statusReport collects the deliveries of a week. It only reads.
type statusReport struct {
	host     cli.Host
	ledger   *delivery.Ledger
	commands alerting.Commands
	window   time.Duration // how long a late delivery is caught up

	rows      []row
	standings []delivery.Status // of what was due
	wrong     bool              // a problem was printed
}

// row is a row of the table.
type row struct {
	tenant, bot string
	week        period.Period
	to          string
	due         time.Time
	state, why  string
	cure        string
}

func (s *statusReport) complain(what string) {
	s.wrong = true
	s.host.Complain("%s", what)
}

// mend returns the commands that list the mistakes of a tenant's configuration.
func (s *statusReport) mend(tenant string) string {
	return alerting.Instruction("list them", s.commands.Pull(tenant), s.commands.Check(tenant))
}

// tenant adds the rows of a tenant. The week is each bot's, in its time zone. A configuration or a
// record that cannot be read is printed as a problem; the other rows are complete.
func (s *statusReport) tenant(ctx context.Context, t tenantconfig.Loaded,
	week reference.Reference) error {
	switch {
	case t.Err != nil:
		s.complain(t.Err.Error())
		return nil
	case t.Tenant == nil:
		s.complain(fmt.Sprintf("the configuration of %s has mistakes and no valid earlier version, so nothing is sent: %s",
			t.Name, s.mend(t.Name)))
		return nil
	case len(t.Warnings) > 0 && t.Mistakes == nil && !t.Tenant.Cut:
		fmt.Fprintf(s.host.Err, "note: the configuration of %s breaks %s but stays in force: %s\n",
			t.Name, cli.Count(len(t.Warnings), "new rule", "new rules"), s.mend(t.Name))
	case t.Mistakes != nil:
		fmt.Fprintf(s.host.Err,
			"note: the configuration of %s has mistakes, so its last good version is in force: %s\n",
			t.Name, s.mend(t.Name))
	}
	if t.Tenant.Cut {
		s.complain(fmt.Sprintf("the configuration of %s is over a limit; destinations beyond it get nothing: %s\n%s",
			t.Name, s.mend(t.Name), t.ExplainWarnings()))
	}
	known, _, err := s.ledger.FirstSeen(ctx, t.Name)
	if err != nil {
		return err
	}
	all := t.Tenant.Subjects()
	found := make([][]row, len(all))
	stand := make([][]delivery.Status, len(all))
	errs := make([]error, len(all))
	var reads errgroup.Group
	reads.SetLimit(16)
	for i, bot := range all {
		reads.Go(func() error {
			job := config.Job{Tenant: t.Name, Bot: bot.ID}
			if job.Period, errs[i] = planned(week, s.host.Now(), bot.Location); errs[i] != nil {
				return nil
			}
			var h delivery.History
			if h, errs[i] = s.ledger.History(ctx, job); errs[i] == nil {
				found[i], stand[i] = s.bot(job, bot, h, known)
			}
			return nil
		})
	}
	_ = reads.Wait() // each error is in errs
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for i := range found {
		s.rows, s.standings = append(s.rows, found[i]...), append(s.standings, stand[i]...)
		if errs[i] != nil {
			s.standings = append(s.standings, s.unread(t.Name, all[i], week, known, errs[i])...)
			s.complain(fmt.Sprintf("the deliveries of %s are unknown: %v", all[i].ID, errs[i]))
		}
	}
	return nil
}

// unread returns a bot's deliveries that are due and whose records could not be read.
func (s *statusReport) unread(tenant string, bot config.Subject, week reference.Reference,
	known delivery.FirstSeen, err error) (due []delivery.Status) {
	now := s.host.Now()
	w, _ := planned(week, now, bot.Location) // its error was reported before
	for _, to := range bot.Destinations {
		d := delivery.Planned(tenant, bot, w, to)
		if st, isDue := known.DueStatus(delivery.Status{Delivery: d, Err: err}, now,
			s.window); isDue {
			due = append(due, st)
		}
	}
	return due
}

// bot returns the rows of a bot's week, and the status of its deliveries that are due.
func (s *statusReport) bot(job config.Job, bot config.Subject, h delivery.History,
	known delivery.FirstSeen) (rows []row, due []delivery.Status) {
	add := func(d delivery.Delivery, to, state, why, cure string) {
		rows = append(rows, row{job.Tenant, job.Bot, job.Period, to, d.Due.In(bot.Location), state,
			cli.OneLine(why), cli.OneLine(cure)})
	}
	now := s.host.Now()
	for _, to := range bot.Destinations {
		d := delivery.Planned(job.Tenant, bot, job.Period, to)
		st, isDue := known.DueStatus(h.Status(d), now, s.window)
		state, why, cure := s.describe(st, isDue, known)
		switch {
		case !st.Failed || st.Record.State.Final() && !st.Record.Failed(): // a failed resend has its own row
		case st.Resent:
			why, cure = why+"; sent again since", ""
		default:
			cure = s.again(d, st.Record, cure)
		}
		add(d, outcome.Name(d), state, why, cure)
		if isDue {
			due = append(due, st)
		}
		resends := h.Resends(d)
		for i, r := range resends {
			state, why := outcome.Describe(r, bot.Location, now, time.Time{})
			cure := r.Remedy
			if last := i == len(resends)-1; last && r.Failed() || !r.State.Final() &&
				!live(r, now) { // only the operator can retry it
				cure = s.again(d, r, cure)
			}
			add(d, outcome.Name(d.Resend(i+1)), state, why, cure)
		}
	}
	for _, r := range h {
		if r.Extra != "" || slices.ContainsFunc(bot.Destinations,
			func(d config.Destination) bool { return d.ID() == r.Destination }) {
			continue
		}
		state, why := outcome.Describe(r, bot.Location, now, time.Time{})
		add(delivery.Delivery{Due: r.Due}, r.Destination, state, why+"; no longer configured", "")
	}
	return rows, due
}

// live reports whether a process is working on a delivery.
func live(r delivery.Record, now time.Time) bool {
	return r.State == delivery.Claimed && now.Before(r.Until)
}

// describe returns the state of a planned delivery, its reason, and its remedy.
func (s *statusReport) describe(st delivery.Status, isDue bool,
	known delivery.FirstSeen) (state, why, cure string) {
	r, now := st.Record, s.host.Now()
	prospect := known.Eligibility(st.Delivery, now, s.window)
	switch {
	case isDue && r.State == "" && prospect == delivery.NotDue:
		return outcome.Waits, "for the reports of all bots, until " +
			st.Due.In(st.Subject.Location).Format(outcome.ShortTime) + " at the latest", ""
	case isDue:
		until := time.Time{}
		if prospect == delivery.Expected || prospect == delivery.NotDue {
			until = st.Due.Add(s.window)
		}
		state, why = outcome.Describe(r, st.Subject.Location, now, until)
		if state == outcome.NotSent {
			state = outcome.Missed
		}
		if cure = r.Remedy; r.State == "" && now.Sub(st.Due) >= alerting.Late {
			cure = "see the alarms of the queue and the worker's log"
		}
		return state, why, cure
	case prospect == delivery.NotDue:
		return "not due yet", "", ""
	case prospect == delivery.AddedLater:
		why = "no tick has seen this destination; it gets reports due after the first one"
		if since, ok := known[st.Job.Bot][st.Destination.ID()]; ok {
			why = "known since " + since.In(st.Subject.Location).Format(outcome.ShortTime) +
				"; it gets reports due after that"
		}
		return "not known yet", why, ""
	default:
		why = paused(st.Subject, now)
	}
	if r.Reason != "" {
		why += "; before that: " + r.Reason
	}
	return "paused", why, r.Remedy
}

// paused says until when a subject is paused.
func paused(s config.Subject, now time.Time) string {
	switch until, ends := s.PausedUntil(); {
	case !ends:
		return "until the bot is resumed"
	case s.IsPaused(now):
		return "until " + until.String()
	}
	return "the bot was paused when this fell due"
}

// again returns the command that sends a delivery again, after its remedy if it has one.
func (s *statusReport) again(d delivery.Delivery, r delivery.Record, cure string) string {
	command := s.commands.Resend(d)
	if cure == "" || command == "" {
		return cure + command
	}
	return cure + "; then " + command
}

func (s *statusReport) print(tenants bool) error {
	var aligned bytes.Buffer
	table := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	write := func(tenant string, cells ...string) {
		if tenants {
			cells = slices.Insert(cells, 0, tenant)
		}
		fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	write("TENANT", "BOT", "WEEK", "DESTINATION", "DUE", "STATE", "WHEN AND WHY", "WHAT TO DO")
	for _, r := range s.rows {
		write(r.tenant, r.bot, r.week.String(), r.to, r.due.Format(outcome.ShortTime), r.state,
			r.why, r.cure)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(aligned.String()) {
		fmt.Fprintln(s.host.Out, strings.TrimRight(line, " \n")) // the last column is often empty
	}
	return nil
}

// ops prints a tenant's open alerts, and those not yet sent to ops.
func (s *statusReport) ops(ctx context.Context, t tenantconfig.Loaded) error {
	book, err := alerting.Read(ctx, s.ledger.Store, t.Name)
	if err != nil {
		return err
	}
	who, untold := t.Name, "not yet reported to ops"
	if t.Name == alerting.Deployment {
		who, untold = "all tenants", "not yet reported to the operator"
	}
	for _, o := range book.Open {
		fmt.Fprintf(s.host.Out, "%s: open since %s: %s\n", who,
			o.Since.In(t.Tenant.Zone()).Format(outcome.ShortTime), cli.OneLine(o.Reason))
	}
	for _, n := range book.Waiting {
		fmt.Fprintf(s.host.Out, "%s: %s, since %s: %s\n", who, untold,
			n.At.In(t.Tenant.Zone()).Format(outcome.ShortTime), cli.OneLine(n.Subject))
	}
	return nil
}
