package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// oneBot is what a command that works with one bot of a deployment is told.
type oneBot struct {
	whose
	Bot     string `required:"" placeholder:"ID" help:"The bot, as the tenant's configuration calls it; _portfolio is the overview of all bots."`
	Secrets string `placeholder:"PREFIX" help:"What the ids of the deployment's secrets begin with, SecretPrefix of its stack. SECRET_PREFIX where nothing is said. Needed where a week has to be built."`
	Verbose bool   `short:"v" help:"Show the worker's log on standard error."`
}

// open opens the deployment and finds the bot in it.
func (b oneBot) open(ctx context.Context, h host) (d deployment, t *config.Tenant, bot config.Bot, err error) {
	d = deployment{prefix: h.prefix(b.Secrets), commands: b.commands(h, b.Secrets), verbose: b.Verbose}
	if d.window, err = b.window(h); err != nil {
		return d, nil, bot, err
	}
	if d.store, err = b.ledger(ctx, h); err != nil {
		return d, nil, bot, err
	}
	if t, err = h.tenant(ctx, d.store, b.Tenant, d.commands); err != nil {
		return d, nil, bot, err
	}
	if bot, err = t.Report(b.Bot); err != nil {
		return d, nil, bot, fmt.Errorf("%w: --bot: %w", errUsage, err)
	}
	return d, t, bot, nil
}

type resend struct {
	oneBot
	Week string `required:"" placeholder:"WEEK" help:"The week: ${weeks}. Without a year it is the last week of that number that has ended in the bot's zone."`
	Only string `enum:"all,failed" default:"all" placeholder:"failed" help:"'failed' sends only where the report has not arrived as it should have, and was not made good since."`
	To   string `placeholder:"DEST" help:"Send to this one of the bot's destinations alone: slack:C024BE91L or mail:kari@example.com."`
}

func (c *resend) Run(ctx context.Context, h host) error {
	d, t, bot, err := c.open(ctx, h)
	if err != nil {
		return err
	}
	week, err := chooseWeek(c.Week, h, bot)
	if err != nil {
		return err
	}
	if err := sendable(t, bot, bot.OpensAt(week), h.now(), week.String()); err != nil {
		return err
	}
	to := bot.Destinations
	if c.To != "" {
		if to, err = c.one(bot); err != nil {
			return err
		}
	}
	builder, err := h.worker(ctx, d, t, bot)
	if err != nil {
		return err
	}
	job := config.Job{Tenant: t.Name, Bot: bot.ID, Week: week}
	if c.Only == "failed" {
		if to, err = failed(ctx, builder, job, bot, to); err != nil {
			return err
		}
		if len(to) == 0 {
			fmt.Fprintf(h.out, "%s of %s: nothing failed that was not made good since\n", week, bot.ID)
			return nil
		}
	}
	return h.resend(ctx, builder, job, to)
}

// one is the destination of --to. Only those of the bot have a ledger that knows what they got.
func (c *resend) one(bot config.Bot) ([]config.Destination, error) {
	to, err := recipient("--to", c.To)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(bot.Destinations, func(d config.Destination) bool { return d.ID() == to.ID() })
	if i < 0 {
		return nil, fmt.Errorf("%w: --to: %s is none of the destinations of %s, which are %s; the command report sends anywhere, by no ledger, with --send --to",
			errUsage, label(to), bot.ID, names(bot.Destinations, nil))
	}
	return bot.Destinations[i : i+1], nil
}

// failed returns those whose planned delivery is over, and not as it should be, and was not made good.
func failed(ctx context.Context, w *worker.Worker, job config.Job, bot config.Bot, to []config.Destination) ([]config.Destination, error) {
	history, err := w.Ledger.History(ctx, job)
	if err != nil {
		return nil, err
	}
	known, _, err := w.Ledger.Known(ctx, job.Tenant)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(to), func(dest config.Destination) bool {
		d := delivery.Delivery{Job: job, Bot: bot, Destination: dest, Due: bot.SendAt(job.Week).UTC()}
		s, _ := known.Fallen(history.Standing(d), w.Now(), w.CatchUp)
		return !s.Wrong || s.Resent
	}), nil
}

// resend says to whom a week is sent again, sends it, and prints what became of it.
func (h host) resend(ctx context.Context, builder *worker.Worker, job config.Job, to []config.Destination) error {
	ctx, cancel := context.WithTimeout(ctx, 2*sendTime)
	defer cancel()
	planned, err := builder.Resends(ctx, job, to)
	if err != nil {
		return err
	}
	var again []config.Destination
	for _, r := range planned {
		if !r.Left() {
			again = append(again, r.Destination)
		}
	}
	if len(again) > 0 {
		fmt.Fprintf(h.err, "sending %s of %s again to %s\n", job.Week, job.Bot, names(again, builder.Divert))
		h.unheard(again, builder.Divert)
	}
	resent, err := builder.Resend(ctx, job, to)
	if resent == nil && err != nil {
		return fmt.Errorf("nothing was sent: %w", err)
	}
	var all []outcome
	for _, r := range resent {
		o := outcome{Delivery: r.Delivery, record: r.Record, until: r.Until}
		switch {
		case r.Err != nil:
			o.note = fmt.Sprintf("not sent again, since it may be there, and nobody could look: %v; run this again", r.Err)
		case r.Left() && r.Record.State.Final():
			o.note = "not sent again, since it was there"
		case r.Left():
			o.note = "not sent again, since it is not over"
		case !o.record.State.Final() && !live(o.record, h.now()):
			o.note = "run this again"
			if until := o.record.Until; until.After(h.now()) && (o.record.Look || o.record.Ref != "") {
				o.note += " after " + until.In(o.Bot.Location).Format(shortTime)
			}
		}
		all = append(all, o)
	}
	return errors.Join(err, h.print(all))
}
