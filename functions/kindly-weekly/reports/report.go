package reports

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"path/filepath"
	"strings"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/filters"
	weekly "kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
)

type Report struct {
	deployment.AnyBot
	filters.Flags
	Send    bool   `help:"Send the report: with --bucket to the configured destinations, to each once by the deployment's ledger; with --to there alone. Without --send nothing is sent."`
	To      string `placeholder:"DEST" help:"Send to this destination alone, without any ledger: slack:C024BE91L, slack:U024BE7LH (a person) or mail:me@example.com."`
	From    string `placeholder:"ADDRESS" help:"Whom the mail of --to comes from, where no configuration says it. SES must have verified it."`
	Week    string `default:"last" placeholder:"WEEK" help:"The week: ${weeks}. Without a year it is the last week of that number that has ended in the bot's zone. Default: last."`
	Locale  string `placeholder:"L" help:"The language of the report, one of ${locales}. Default: the language of the configuration, or English."`
	Out     string `default:"out" type:"path" placeholder:"DIR" help:"Folder for the reports; this one goes into DIR/<bot>/<week>. '${default}' where nothing is said."`
	Verbose bool   `short:"v" help:"Tell on standard error what came of each question to Sage, instead of how far the report has come."`
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
		return fmt.Errorf("%w: --%w", cli.ErrUsage, err)
	}
	week, err := deployment.WeekFlag(c.Week, h, bot)
	if err != nil {
		return err
	}
	if c.Send && c.To == "" {
		if err := deployment.CheckClock(ctx, h, store); err != nil {
			return err
		}
		window, err := c.CatchUp(h)
		if err != nil {
			return err
		}
		return deployment.Deliver(ctx, h, deployment.Deployment{
			Store: store, Window: window, Prefix: h.SecretPrefix(c.Secrets), Commands: c.Commands(h, c.Secrets), Verbose: c.Verbose,
		}, tenant, bot, week)
	}
	to, err := c.to(&tenant)
	if err != nil {
		return err
	}
	client := c.SageClient(h, tenant, bot)
	if c.Verbose {
		client.Log = slog.New(slog.NewTextHandler(h.Err, &slog.HandlerOptions{Level: slog.LevelDebug}))
		h.Terminal = false // a bar would be drawn into the lines
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
	fmt.Fprintln(h.Out, made.words.Subject)
	fmt.Fprintln(h.Out, made.words.Headline)
	fmt.Fprintln(h.Out, "\n"+cli.ShortPath(filepath.Join(made.folder, weekly.PDF)))
	for _, notice := range made.words.Notices {
		fmt.Fprintln(h.Err, "note: "+notice)
	}
	if u := numbers.UncheckedFilters; u != nil {
		fmt.Fprintln(h.Err, "note: sources and languages were not held against those that Kindly's statistics know: "+u.Reason)
	}
	if c.Send {
		ref, err := SendTo(ctx, h, tenant, made, to)
		if err != nil {
			return fmt.Errorf("not sent to %s: %w", cli.Label(to), err)
		}
		fmt.Fprintf(h.Out, "sent to %s %s\n", cli.Label(to), ref)
	}
	if len(made.Numbers.Unavailable) > 0 {
		if !c.Verbose {
			fmt.Fprintln(h.Err, "note: --verbose tells what Sage answered")
		}
		return cli.ErrPartial
	}
	return nil
}

// check refuses flags that contradict each other, before anything is asked or sent.
func (c *Report) check() error {
	wrong := func(text string) error { return fmt.Errorf("%w: %s", cli.ErrUsage, text) }
	switch ledger := c.Send && c.To == ""; {
	case c.To != "" && !c.Send:
		return wrong("--to sends nothing without --send")
	case c.From != "" && c.To == "":
		return wrong("--from is for --to; the configured destinations get their mail from the configured sender")
	case ledger && !c.Given():
		return wrong("--send needs --bucket, whose ledger knows what was sent, or --to, which says where to send regardless of it")
	case ledger && (c.Name != "" || c.TZ != "" || c.Source != nil || c.Language != nil || c.Locale != ""):
		return wrong("the configured destinations get the report as it is configured: leave out --name, --tz, --source, --language and --locale, or send to yourself with --to")
	case ledger && c.ForceFilters:
		return wrong("the configured destinations get the report even if Kindly's statistics do not know its filter: leave out --force-filters")
	}
	return nil
}

// known refuses numbers of sources and languages that Kindly's statistics do not know.
func (c *Report) known(r *figures.Report) error {
	if r.UnknownFilters == nil || c.ForceFilters {
		return nil
	}
	err := fmt.Errorf("%s; to count it all the same, add --force-filters", strings.Join(filters.Describe(r.UnknownFilters), "; "))
	if c.Source != nil || c.Language != nil {
		err = fmt.Errorf("%w: %w", cli.ErrUsage, err)
	}
	return err
}

// to reads --to. The tenant is who sends; where nobody is declared it becomes one with the sender of --from.
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
			return to, fmt.Errorf("%w: --from: %w", cli.ErrUsage, err)
		}
		t.Mail.From = config.Address{Name: from.Name, Address: from.Address}
	}
	if to.Medium == config.Mail && t.Mail.From.Address == "" {
		return to, fmt.Errorf("%w: a mail needs a sender: --from ADDRESS, or a configuration with mail.from", cli.ErrUsage)
	}
	*tenant = &t
	return to, nil
}
