package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"path/filepath"
	"strings"

	weekly "kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/sage"
)

type report struct {
	anyBot
	insisting
	Send    bool   `help:"Send the report: with --bucket to the configured destinations, to each once by the deployment's ledger; with --to there alone. Without --send nothing is sent."`
	To      string `placeholder:"DEST" help:"Send to this destination alone, without any ledger: slack:C024BE91L, slack:U024BE7LH (a person) or mail:me@example.com."`
	From    string `placeholder:"ADDRESS" help:"Whom the mail of --to comes from, where no configuration says it. SES must have verified it."`
	Week    string `default:"last" placeholder:"WEEK" help:"The week: ${weeks}. Without a year it is the last week of that number that has ended in the bot's zone. Default: last."`
	Locale  string `placeholder:"L" help:"The language of the report: en, nb, sv, da or de. That of the configuration where nothing is said, or English."`
	Out     string `default:"out" type:"path" placeholder:"DIR" help:"Folder for the reports; this one goes into DIR/<bot>/<week>. '${default}' where nothing is said."`
	Verbose bool   `short:"v" help:"Tell on standard error what came of each question to Sage, instead of how far the report has come."`
}

func (c *report) Run(ctx context.Context, h host) error {
	if err := c.check(); err != nil {
		return err
	}
	bot, tenant, store, err := c.find(ctx, h)
	if err != nil {
		return err
	}
	if bot, err = bot.With(config.Changes{Locale: c.Locale}); err != nil {
		return fmt.Errorf("%w: --%w", errUsage, err)
	}
	week, err := chooseWeek(c.Week, h, bot)
	if err != nil {
		return err
	}
	if c.Send && c.To == "" {
		if err := h.inTime(ctx, store); err != nil {
			return err
		}
		window, err := c.window(h)
		if err != nil {
			return err
		}
		return h.deliver(ctx, deployment{store, window, h.prefix(c.Secrets), c.commands(h, c.Secrets), c.Verbose}, tenant, bot, week)
	}
	to, err := c.to(&tenant)
	if err != nil {
		return err
	}
	client := c.client(h, tenant, bot)
	if c.Verbose {
		client.Log = slog.New(slog.NewTextHandler(h.err, &slog.HandlerOptions{Level: slog.LevelDebug}))
		h.terminal = false // a bar would be drawn into the lines
	}
	h.zone(bot)
	numbers, err := h.collect(ctx, client, bot, week)
	if err != nil {
		return err
	}
	if err := c.known(numbers); err != nil {
		return err
	}
	made, err := h.draw(numbers, bot, c.logos(ctx, store, tenant))
	if err != nil {
		return err
	}
	if err := made.write(c.Out); err != nil {
		return err
	}
	fmt.Fprintln(h.out, made.words.Subject)
	fmt.Fprintln(h.out, made.words.Headline)
	fmt.Fprintln(h.out, "\n"+short(filepath.Join(made.folder, weekly.PDF)))
	for _, notice := range made.words.Notices {
		fmt.Fprintln(h.err, "note: "+notice)
	}
	if u := numbers.UncheckedFilters; u != nil {
		fmt.Fprintln(h.err, "note: sources and languages were not held against those that Kindly's statistics know: "+u.Reason)
	}
	if c.Send {
		ref, err := h.sendTo(ctx, tenant, made, to)
		if err != nil {
			return fmt.Errorf("not sent to %s: %w", label(to), err)
		}
		fmt.Fprintf(h.out, "sent to %s %s\n", label(to), ref)
	}
	if len(made.numbers.Unavailable) > 0 {
		if !c.Verbose {
			fmt.Fprintln(h.err, "note: --verbose tells what Sage answered")
		}
		return errPartial
	}
	return nil
}

// check refuses flags that contradict each other, before anything is asked or sent.
func (c *report) check() error {
	wrong := func(text string) error { return fmt.Errorf("%w: %s", errUsage, text) }
	switch ledger := c.Send && c.To == ""; {
	case c.To != "" && !c.Send:
		return wrong("--to sends nothing without --send")
	case c.From != "" && c.To == "":
		return wrong("--from is for --to; the configured destinations get their mail from the configured sender")
	case ledger && !c.named():
		return wrong("--send needs --bucket, whose ledger knows what was sent, or --to, which says where to send regardless of it")
	case ledger && (c.Name != "" || c.TZ != "" || c.Source != nil || c.Language != nil || c.Locale != ""):
		return wrong("the configured destinations get the report as it is configured: leave out --name, --tz, --source, --language and --locale, or send to yourself with --to")
	case ledger && c.ForceFilters:
		return wrong("the configured destinations get the report even if Kindly's statistics do not know its filter: leave out --force-filters")
	}
	return nil
}

// known refuses numbers of sources and languages that Kindly's statistics do not know.
func (c *report) known(r *figures.Report) error {
	if r.UnknownFilters == nil || c.ForceFilters {
		return nil
	}
	err := fmt.Errorf("%s; to count it all the same, add --force-filters", strings.Join(describe(r.UnknownFilters), "; "))
	if c.Source != nil || c.Language != nil {
		err = fmt.Errorf("%w: %w", errUsage, err)
	}
	return err
}

// to reads --to. The tenant is who sends; where nobody is declared it becomes one with the sender of --from.
func (c *report) to(tenant **config.Tenant) (to config.Destination, err error) {
	if c.To == "" {
		return to, nil
	}
	if to, err = recipient("--to", c.To); err != nil {
		return to, err
	}
	t := config.Tenant{Name: "local"}
	if *tenant != nil {
		t = **tenant
	}
	if c.From != "" {
		from, err := mail.ParseAddress(c.From)
		if err != nil {
			return to, fmt.Errorf("%w: --from: %w", errUsage, err)
		}
		t.Mail.From = config.Address{Name: from.Name, Address: from.Address}
	}
	if to.Medium == config.Mail && t.Mail.From.Address == "" {
		return to, fmt.Errorf("%w: a mail needs a sender: --from ADDRESS, or a configuration with mail.from", errUsage)
	}
	*tenant = &t
	return to, nil
}

// chooseWeek reads --week.
func chooseWeek(value string, h host, bot config.Bot) (period.Week, error) {
	return weekOf("--week", value, h, bot)
}

// weekOf reads a flag. A week that is still running would be reported with days missing.
func weekOf(flag, value string, h host, bot config.Bot) (period.Week, error) {
	week, err := period.ParseWeek(value, h.now(), bot.Location)
	if err != nil {
		return week, fmt.Errorf("%w: %s: %w", errUsage, flag, err)
	}
	return week, nil
}

// made is a report.
type made struct {
	bot     config.Bot
	numbers *figures.Report
	words   *summary.Summary
	folder  string // empty: it is not on the disk
	files   []weekly.File
}

// make builds a report and writes it to out/<bot>/<week>.
func (h host) make(ctx context.Context, client *sage.Client, bot config.Bot, logos logos, week period.Week, out string) (made, error) {
	m, err := h.build(ctx, client, bot, logos, week)
	if err != nil {
		return m, err
	}
	return m, m.write(out)
}

// write writes a report to out/<bot>/<week>.
func (m *made) write(out string) error {
	m.folder = filepath.Join(out, m.bot.ID, m.numbers.Week.Name.String())
	return write(m.folder, m.files)
}

// build collects and draws a report.
func (h host) build(ctx context.Context, client *sage.Client, bot config.Bot, logos logos, week period.Week) (made, error) {
	numbers, err := h.collect(ctx, client, bot, week)
	if err != nil {
		return made{bot: bot}, err
	}
	return h.draw(numbers, bot, logos)
}

// collect asks Sage for the numbers of a report.
func (h host) collect(ctx context.Context, client *sage.Client, bot config.Bot, week period.Week) (*figures.Report, error) {
	bar := h.progress(bot.ID)
	defer bar.done()
	return weekly.Collect(ctx, client, bot, week, h.now(), bar.update)
}

// draw draws a report.
func (h host) draw(numbers *figures.Report, bot config.Bot, logos logos) (m made, err error) {
	m = made{bot: bot, numbers: numbers}
	if err := weekly.Dress(m.numbers, bot.Brand, logos); err != nil {
		fmt.Fprintf(h.err, "note: the report is made without its logo: %v\n", err)
	}
	if m.words, err = summary.Of(m.numbers); err != nil {
		return m, err
	}
	m.files, err = weekly.Draw(m.numbers)
	return m, err
}
