// Package reports provides the commands that write reports to a folder: report, portfolio, demo and
// render. demo also writes a page that shows all editions. The command inspect prints the text of a
// report's PDF as a screen reader reads it.
package reports

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/filters"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

type Report struct {
	deployment.AnyBot
	filters.Flags
	deployment.SendFlags
	Send    bool   `help:"Send the report. With --stack: once to each configured destination. With --to: only there."`
	To      string `placeholder:"DEST" help:"Send only to this destination, without recording it: slack:C024BE91L, slack:U024BE7LH (a person) or mail:me@example.com."`
	From    string `placeholder:"ADDRESS" help:"Sender of the mail of --to. SES must have verified it. Default: the configured sender."`
	Week    string `default:"last" placeholder:"WEEK" help:"The week: ${weeks}. Without a year: the most recent complete week of that number. Default: ${default}."`
	Locale  string `placeholder:"L" help:"The report's language, one of ${locales}. Default: the configured one, or en."`
	Out     string `default:"out" type:"path" placeholder:"DIR" help:"Folder for reports; this one goes to DIR/<bot>/<week>. Default: ${default}."`
	Verbose bool   `short:"v" help:"Log each request to Sage on standard error."`
}

// Help returns the details and examples of the command.
func (Report) Help() string {
	return `Writes every edition of the report to DIR/<bot>/<week>. The bot comes from flags, from a
bots.yaml (--config) or from a deployment (--stack). The API key comes from the environment,
or from the deployment. Exit code 3: the report lacks sections that could not be fetched.

Without --send nothing is sent. With --send and --stack the deployment's ledger ensures that
each configured destination gets the week once. With --send and --to the report goes to that
destination only, and no ledger records it.

Examples:
  kindly-weekly report --bot 4217 --tz Europe/Oslo --week 46
  kindly-weekly report --bot 4217 --config acme.yaml --send --to mail:me@example.com
  kindly-weekly report --bot 4217 --stack kindly-weekly-prod --tenant acme --send`
}

func (c *Report) Run(ctx context.Context, h cli.Host) error {
	if err := c.check(); err != nil {
		return err
	}
	bot, tenant, store, err := c.Find(ctx, h)
	if err != nil {
		return err
	}
	if bot, err = bot.With(config.Changes{Locale: c.Locale}); err != nil {
		return cli.Usagef("--%w", err)
	}
	week, err := deployment.WeekFlag(c.Week, h, bot.Location)
	if err != nil {
		return err
	}
	if c.Send && c.To == "" {
		return c.deliver(ctx, h, store, tenant, bot, week)
	}
	to, err := c.to(&tenant)
	if err != nil {
		return err
	}
	if c.Send {
		what := fmt.Sprintf("send %s of %s", week, bot.ID)
		confirmed, err := c.Confirm(h, c.Place, what, []config.Destination{to})
		if err != nil {
			return err
		}
		to = confirmed[0]
	}
	client := c.SageClient(ctx, h, store, tenant, bot)
	if c.Verbose {
		client.Log = slog.New(slog.NewTextHandler(h.Err,
			&slog.HandlerOptions{Level: slog.LevelDebug}))
		h.Terminal = false // a progress bar would mix with the log
	}
	h.WarnUTC(bot)
	numbers, err := collect(ctx, h, client, bot, week)
	if err != nil {
		return err
	}
	if err := c.known(numbers); err != nil {
		return err
	}
	made, err := render(h, numbers, bot, c.Logos(ctx, store, tenant))
	if err != nil {
		return err
	}
	if err := made.write(c.Out); err != nil {
		return err
	}
	if err := markLocal(ctx, "report", c.Out); err != nil {
		return err
	}
	made.print(h)
	if c.Send {
		ref, err := SendTo(ctx, h, tenant, made, to)
		if err != nil {
			return fmt.Errorf("not sent to %s: %w", to.String(), err)
		}
		fmt.Fprintf(h.Out, "sent to %s %s\n", to.String(), ref)
	}
	if len(made.Numbers.Unavailable) > 0 {
		if !c.Verbose {
			fmt.Fprintln(h.Err, "note: --verbose logs each request to Sage")
		}
		return cli.ErrPartial
	}
	return nil
}

// deliver sends the week to the configured destinations, to each once by the deployment's ledger.
func (c *Report) deliver(
	ctx context.Context, h cli.Host, store deployment.Store, t *config.Tenant, bot config.Bot,
	week period.Period,
) error {
	if err := deployment.CheckClock(ctx, h, store); err != nil {
		return err
	}
	what := fmt.Sprintf("send %s of %s", week, bot.ID)
	if err := c.ConfirmRecorded(h, c.Place, what, bot.Destinations); err != nil {
		return err
	}
	window, err := c.CatchUp(h)
	if err != nil {
		return err
	}
	return deployment.Deliver(ctx, h, deployment.Deployment{
		Store: store, Window: window, Prefix: h.SecretPrefix(), Commands: c.Commands(h),
		Verbose: c.Verbose,
	}, t, bot, week)
}

// check refuses flags that contradict each other, before anything is asked or sent.
func (c *Report) check() error {
	wrong := func(text string) error { return cli.Usagef("%s", text) }
	switch ledger := c.Send && c.To == ""; {
	case c.To != "" && !c.Send:
		return wrong("--to requires --send")
	case c.From != "" && c.To == "":
		return wrong("--from requires --to: configured destinations get mail from the configured sender")
	case ledger && !c.Given():
		return wrong("--send requires --stack or --to")
	case ledger && (c.Name != "" || c.TZ != "" || c.Source != nil || c.Language != nil ||
		c.Locale != ""):
		return wrong("configured destinations get the report as configured: leave out --name, --tz, --source, --language and --locale, or send to yourself with --to")
	case ledger && c.ForceFilters:
		return wrong("configured destinations get the report with unknown filters too: leave out --force-filters")
	}
	return nil
}

// known refuses numbers of sources and languages that Kindly's statistics do not know.
func (c *Report) known(r *figures.Report) error {
	if r.UnknownFilters == nil || c.ForceFilters {
		return nil
	}
	err := fmt.Errorf("%s; to use it anyway, add --force-filters",
		strings.Join(filters.Describe(r.UnknownFilters), "; "))
	if c.Source != nil || c.Language != nil {
		err = cli.Usagef("%w", err)
	}
	return err
}

// to parses --to, and sets the tenant that sends: the declared one, or one with the sender of
// --from.
func (c *Report) to(tenant **config.Tenant) (to config.Destination, err error) {
	if c.To == "" {
		return to, nil
	}
	if to, err = deployment.ParseRecipient("--to", c.To); err != nil {
		return to, err
	}
	t := config.Tenant{Name: "local"}
	if *tenant != nil {
		t = **tenant
	}
	if c.From != "" {
		from, err := mail.ParseAddress(c.From)
		if err != nil {
			return to, cli.Usagef("--from: %w", err)
		}
		t.Mail.From = config.Address{Name: from.Name, Address: from.Address}
	}
	if to.Medium == config.Mail && t.Mail.From.Address == "" {
		return to, cli.Usagef("a mail needs a sender: --from ADDRESS, or a configuration with mail.from")
	}
	*tenant = &t
	return to, nil
}
