package deliveries

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/outcome"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// botFlags is the flags of a command for one bot of a deployment.
type botFlags struct {
	deployment.TenantFlags
	Bot     string `type:"bot" required:"" placeholder:"ID" help:"The bot's ID in the tenant's configuration; _portfolio for the portfolio report."`
	Verbose bool   `short:"v" help:"Show the worker's log on standard error."`
}

// open opens the deployment and reads the tenant's configuration.
func (b botFlags) open(
	ctx context.Context, h cli.Host,
) (d deployment.Deployment, t *config.Tenant, err error) {
	d = deployment.Deployment{Prefix: h.SecretPrefix(), Commands: b.Commands(h),
		Verbose: b.Verbose}
	if d.Window, err = b.CatchUp(h); err != nil {
		return d, nil, err
	}
	if d.Store, err = b.OpenLedger(ctx, h); err != nil {
		return d, nil, err
	}
	t, err = deployment.ReadTenant(ctx, h, d.Store, b.Tenant, d.Commands)
	return d, t, err
}

type Resend struct {
	botFlags
	deployment.SendFlags
	Week string `required:"" placeholder:"WEEK" help:"The week: ${weeks}. Without a year: the most recent complete week of that number."`
	Only string `enum:"all,failed" default:"all" placeholder:"failed" help:"'failed': only the destinations whose delivery failed and was not repeated successfully."`
	To   string `placeholder:"DEST" help:"Only this one of the bot's destinations: slack:C024BE91L or mail:kari@example.com."`
}

// Help returns the details and examples of the command.
func (Resend) Help() string {
	return `Sends the archived report again, to each destination, and records each as a new delivery. It
leaves out deliveries that the deployment is still trying.

Examples:
  kindly-weekly resend --stack kindly-weekly-prod --tenant acme --bot 4217 --week 2026-W46 --only failed
  kindly-weekly resend --stack kindly-weekly-prod --tenant acme --bot 4217 --week 46 --to slack:C024BE91L
  kindly-weekly resend --stack kindly-weekly-prod --tenant acme --bot _portfolio --week last`
}

func (c *Resend) Run(ctx context.Context, h cli.Host) error {
	d, t, err := c.open(ctx, h)
	if err != nil {
		return err
	}
	subject, err := t.Subject(c.Bot)
	if err != nil {
		return cli.Usagef("--bot: %w", err)
	}
	week, err := deployment.WeekFlag(c.Week, h, subject.Location)
	if err != nil {
		return err
	}
	if err := deployment.CheckSendable(t, subject, subject.OpensAt(week), h.Now(),
		week.String()); err != nil {
		return err
	}
	to := subject.Destinations
	if c.To != "" {
		if to, err = c.one(subject); err != nil {
			return err
		}
	}
	builder, err := deployment.NewWorker(ctx, h, d, t, subject.ID)
	if err != nil {
		return err
	}
	job := config.Job{Tenant: t.Name, Bot: subject.ID, Period: week}
	if c.Only == "failed" {
		if to, err = failed(ctx, builder, job, subject, to); err != nil {
			return err
		}
		if len(to) == 0 {
			fmt.Fprintf(h.Out, "%s of %s: no failed delivery\n", week, subject.ID)
			return nil
		}
	}
	return c.resendTo(ctx, h, builder, job, to)
}

// one returns the subject's destination that --to names.
func (c *Resend) one(s config.Subject) ([]config.Destination, error) {
	to, err := deployment.ParseRecipient("--to", c.To)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.Destinations,
		func(d config.Destination) bool { return d.ID() == to.ID() })
	if i < 0 {
		return nil, cli.Usagef("--to: %s is not a destination of %s, which has %s; the command report sends anywhere with --send --to", to.String(), s.ID, deployment.Names(s.Destinations, nil))
	}
	return s.Destinations[i : i+1], nil
}

// failed returns the destinations whose planned delivery failed and whose resends did too.
func failed(ctx context.Context, w *worker.Worker, job config.Job, subject config.Subject,
	to []config.Destination) ([]config.Destination, error) {
	history, err := w.Ledger.History(ctx, job)
	if err != nil {
		return nil, err
	}
	known, _, err := w.Ledger.FirstSeen(ctx, job.Tenant)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(to), func(dest config.Destination) bool {
		d := delivery.Planned(job.Tenant, subject, job.Period, dest)
		s, _ := known.DueStatus(history.Status(d), w.Now(), w.CatchUp)
		return !s.Failed || s.Resent
	}), nil
}

// resendTo asks, sends a week again, and prints the result of each destination.
func (c *Resend) resendTo(ctx context.Context, h cli.Host, builder *worker.Worker, job config.Job,
	to []config.Destination) error {
	planned, err := builder.PlanResend(ctx, job, to)
	if err != nil {
		return err
	}
	var again []config.Destination
	var at []int // where they are in planned
	for i, r := range planned {
		if !r.NotSent() {
			again, at = append(again, r.Destination), append(at, i)
		}
	}
	if len(again) > 0 {
		what := fmt.Sprintf("send %s of %s again", job.Period, job.Bot)
		if err := c.ConfirmRecorded(h, c.Place, what, again); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, 2*deployment.SendTime)
		defer cancel()
		// Only those that were confirmed, whatever has happened since.
		var resent []worker.ResendResult
		resent, err = builder.Resend(ctx, job, again)
		if resent == nil && err != nil {
			return fmt.Errorf("nothing was sent: %w", err)
		}
		for i, r := range resent {
			planned[at[i]] = r
		}
	}
	var all []outcome.Outcome
	for _, r := range planned {
		o := outcome.Outcome{Delivery: r.Delivery, Record: r.Record, Until: r.Until}
		switch {
		case r.Err != nil:
			o.Note = fmt.Sprintf("not sent again: it may have arrived, and the check failed: %v; run this again", r.Err)
		case r.NotSent() && r.Record.State.Final():
			o.Note = "not sent again: it was delivered"
		case r.NotSent():
			o.Note = "not sent again: the deployment is still trying"
		case !o.Record.State.Final() && !live(o.Record, h.Now()):
			o.Note = "run this again"
			if until := o.Record.Until; until.After(h.Now()) &&
				(o.Record.MaybeSent || o.Record.Ref != "") {
				o.Note += " after " + until.In(o.Subject.Location).Format(outcome.ShortTime)
			}
		}
		all = append(all, o)
	}
	return errors.Join(err, outcome.Print(h, all))
}
