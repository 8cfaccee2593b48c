package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	weekly "kindlyweekly/report"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/sage"
)

type report struct {
	choice
	Week    string `default:"last" placeholder:"WEEK" help:"The week, such as 2026-W46, or 'last', which is where nothing is said: the last one that has ended in the bot's zone."`
	Out     string `default:"out" type:"path" placeholder:"DIR" help:"Folder for the reports; this one goes into DIR/<bot>/<week>. '${default}' where nothing is said."`
	Verbose bool   `short:"v" help:"Tell on standard error what came of each question to Sage, instead of how far the report has come."`
}

func (c *report) Run(ctx context.Context, h host) error {
	bot, err := c.bot()
	if err != nil {
		return err
	}
	week, err := chooseWeek(c.Week, h, bot)
	if err != nil {
		return err
	}
	client := h.client()
	if c.Verbose {
		client.Log = slog.New(slog.NewTextHandler(h.err, &slog.HandlerOptions{Level: slog.LevelDebug}))
		h.terminal = false // a bar would be drawn into the lines
	}
	if c.TZ == "" && c.Config == "" {
		fmt.Fprintf(h.err, "note: days are counted in %s; --tz names another zone\n", bot.TZ)
	}
	made, err := h.make(ctx, client, bot, week, c.Out)
	if err != nil {
		return err
	}
	fmt.Fprintln(h.out, made.words.Subject)
	fmt.Fprintln(h.out, made.words.Headline)
	fmt.Fprintln(h.out, "\n"+short(filepath.Join(made.folder, weekly.PDF)))
	for _, notice := range made.words.Notices {
		fmt.Fprintln(h.err, "note: "+notice)
	}
	if len(made.numbers.Unavailable) > 0 {
		if !c.Verbose {
			fmt.Fprintln(h.err, "note: --verbose tells what Sage answered")
		}
		return errPartial
	}
	return nil
}

// chooseWeek reads the flag. A week that is still running would be reported with days missing.
func chooseWeek(flag string, h host, bot bots.Bot) (period.Week, error) {
	last := period.LastComplete(h.now(), bot.Location)
	if flag == "last" {
		return last, nil
	}
	week, err := period.Parse(flag)
	if err != nil {
		return week, fmt.Errorf("%w: --week: %w; or 'last'", errUsage, err)
	}
	if _, end := week.Bounds(bot.Location); end.After(h.now()) {
		return week, fmt.Errorf("%w: --week: %s is not over: it ends on %s; the last complete week is %s", errUsage, week, end.Format("Monday 2 January 2006 at 15:04 MST"), last)
	}
	return week, nil
}

// made is a report on the disk.
type made struct {
	bot     bots.Bot
	numbers *figures.Report
	words   *summary.Summary
	folder  string
	files   []weekly.File
}

// make collects and draws a report and writes it to out/<bot>/<week>.
func (h host) make(ctx context.Context, client *sage.Client, bot bots.Bot, week period.Week, out string) (made, error) {
	m := made{bot: bot, folder: filepath.Join(out, bot.ID, week.String())}
	bar := h.progress(bot.ID)
	defer bar.done()
	var err error
	if m.numbers, err = weekly.Collect(ctx, client, bot, week, h.now(), bar.update); err != nil {
		return m, err
	}
	if m.words, err = summary.Of(m.numbers); err != nil {
		return m, err
	}
	if m.files, err = weekly.Draw(m.numbers); err != nil {
		return m, err
	}
	return m, write(m.folder, m.files)
}
