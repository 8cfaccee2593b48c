package deliveries

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/outcome"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
)

type Backfill struct {
	botFlags
	deployment.SendFlags
	From string `required:"" placeholder:"WEEK" help:"The first week: ${weeks}."`
	To   string `default:"last" placeholder:"WEEK" help:"The last week, in the same forms. Default: ${default}."`
	Send bool   `help:"Also send each week once to each configured destination that has not received it."`
	Most int    `default:"4" placeholder:"N" help:"Refuse to send more weeks than this. Default: ${default}."`
}

// Help returns the details and examples of the command.
func (Backfill) Help() string {
	return `Builds the weeks that are missing in the archive, incomplete, or built with an older
configuration, the oldest first. Run it again to continue after an interruption. Without
--send nothing is sent.

Examples:
  kindly-weekly backfill --stack kindly-weekly-prod --tenant acme --bot 4217 --from 2026-W01
  kindly-weekly backfill --stack kindly-weekly-prod --tenant acme --bot 4217 --from 44 --to 46 --send`
}

func (c *Backfill) Run(ctx context.Context, h cli.Host) error {
	d, t, err := c.open(ctx, h)
	if err != nil {
		return err
	}
	if c.Bot == config.PortfolioID {
		return cli.Usagef("--bot: the portfolio report is made when it is sent, and cannot be backfilled")
	}
	bot, err := t.Find(c.Bot)
	if err != nil {
		return cli.Usagef("--bot: %w", err)
	}
	weeks, err := c.weeks(h, bot)
	if err != nil {
		return err
	}
	if c.Send {
		if err := c.sendable(h, t, bot, weeks); err != nil {
			return err
		}
	}
	builder, err := deployment.NewWorker(ctx, h, d, t, bot.ID)
	if err != nil {
		return err
	}
	if c.Send {
		what := fmt.Sprintf("send the weeks %s to %s of %s that were not delivered", weeks[0],
			weeks[len(weeks)-1], bot.ID)
		if err := c.ConfirmRecorded(h, c.Place, what, bot.Destinations); err != nil {
			return err
		}
	}
	if c.Verbose {
		h.Terminal = false // a progress bar would mix with the log
	}
	f := &backfillReport{host: h, bot: bot, all: len(weeks)}
	bar := h.Bar(bot.ID)
	bar.Update(0, len(weeks))
	err = builder.Backfill(ctx, t.Name, bot.ID, weeks, func(week worker.BackfillResult) error {
		if c.Send && week.Err == nil {
			sent, err := deployment.DeliverJob(ctx, h, builder, week.Job, bot.Subject())
			if err != nil {
				return err
			}
			f.sent = append(f.sent, sent...) // printed at the end
		}
		f.add(week)
		bar.Update(f.done, len(weeks))
		return nil
	})
	bar.Done()
	return f.print(err)
}

// weeks returns the weeks of the flags, the oldest first.
func (c *Backfill) weeks(h cli.Host, bot config.Bot) ([]period.Period, error) {
	from, err := deployment.ParseWeek("--from", c.From, h, bot.Location)
	if err != nil {
		return nil, err
	}
	to, err := deployment.ParseWeek("--to", c.To, h, bot.Location)
	if err != nil {
		return nil, err
	}
	if to.From().Before(from.From()) {
		return nil, cli.Usagef("--from: %s is after %s", from, to)
	}
	var weeks []period.Period
	for w := from; !to.From().Before(w.From()); w = w.Next() {
		weeks = append(weeks, w)
	}
	return weeks, nil
}

// sendable returns an error if the weeks cannot be sent.
func (c *Backfill) sendable(h cli.Host, t *config.Tenant, bot config.Bot,
	weeks []period.Period) error {
	if len(weeks) > c.Most {
		return cli.Usagef("--send: these are %d weeks, each to %s: send fewer, or allow it with --most %[1]d", len(weeks), deployment.Names(bot.Destinations, nil))
	}
	last := weeks[len(weeks)-1]
	return deployment.CheckSendable(t, bot.Subject(), bot.SendAt(last), h.Now(), last.String())
}

// backfillReport collects the results of a backfill.
type backfillReport struct {
	host cli.Host
	bot  config.Bot
	all  int // weeks

	done, made, kept int
	bad              []string // rows of the table of problems
	failed           int
	incomplete       bool
	sent             []outcome.Outcome
}

func (f *backfillReport) add(w worker.BackfillResult) {
	f.done++
	word := "already archived"
	switch {
	case w.Err != nil:
		word = "not made"
		f.failed++
		f.bad = append(f.bad, fmt.Sprintf("%s\t%s\t%s", w.Job.Period, word,
			cli.OneLine(w.Err.Error())))
	case w.Built:
		word = "made"
		f.made++
	default:
		f.kept++
	}
	if len(w.Missing) > 0 {
		var missing []string
		for _, u := range w.Missing {
			missing = append(missing, u.Section+": "+u.Reason)
		}
		word += ", incomplete"
		f.incomplete = true
		f.bad = append(f.bad, fmt.Sprintf("%s\tincomplete\t%s", w.Job.Period,
			cli.OneLine(strings.Join(missing, "; "))))
	}
	if !f.host.Terminal {
		fmt.Fprintf(f.host.Err, "%s %s\n", w.Job.Period, word)
	}
}

// print prints the counts, the problems and what was sent. It returns err, which ended the work, or
// an error for what failed.
func (f *backfillReport) print(err error) error {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{f.made, "made"}, {f.kept, "already archived"}, {f.failed, "not made"},
		{f.all - f.done, "left"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	fmt.Fprintf(f.host.Out, "%s of %s: %s\n", cli.Count(f.all, "week", "weeks"), f.bot.ID,
		strings.Join(parts, ", "))
	if len(f.bad) > 0 {
		table := tabwriter.NewWriter(f.host.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintf(table, "\nWEEK\tSTATE\tWHY\n%s\n", strings.Join(f.bad, "\n"))
		if err := table.Flush(); err != nil {
			return err
		}
	}
	var undelivered error
	if len(f.sent) > 0 {
		fmt.Fprintln(f.host.Out)
		undelivered = outcome.Print(f.host, f.sent)
	}
	switch {
	case err != nil:
		return err
	case f.failed > 0:
		f.host.Complain("%s not made: run this again to continue",
			cli.Count(f.failed, "week was", "weeks were"))
		return cli.ErrPrinted
	case undelivered != nil:
		return undelivered
	case f.incomplete:
		return cli.ErrPartial
	}
	return nil
}
