package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	weekly "kindlyweekly/report"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/sage"
)

// errUsage is a mistake in the command line that the parser cannot see.
var errUsage = errors.New("wrong usage")

// choice says which bot a command is about: from a file, from flags, or both.
type choice struct {
	Bot      string   `required:"" placeholder:"ID" help:"Kindly's id of the bot: the number or name in https://app.kindly.ai/bot/ID."`
	Config   string   `type:"existingfile" placeholder:"FILE" help:"A bots.yaml that declares the bot. Flags win over it."`
	Name     string   `help:"What readers know the bot by."`
	TZ       string   `name:"tz" placeholder:"ZONE" help:"Time zone whose days and weeks are counted, such as Europe/Oslo. UTC where nothing is said."`
	Source   []string `placeholder:"S" help:"Count only chats from this source (web, app, ...), or all but this one (--source=-test). May be repeated. Where nothing is said the bot builders' own test chats are left out; 'all' counts everything."`
	Language []string `placeholder:"L" help:"Count only chats in this language, as two letters. May be repeated."`
}

func (c choice) bot() (bots.Bot, error) {
	bot, err := bots.New(c.Bot)
	if c.Config != "" {
		var tenant *bots.Tenant
		if tenant, err = readConfig(c.Config); err != nil {
			return bots.Bot{}, err
		}
		bot, err = tenant.Find(c.Bot)
	}
	if err == nil {
		bot, err = bot.With(bots.Changes{Name: c.Name, TZ: c.TZ, Sources: c.Source, Languages: c.Language})
	}
	if err != nil {
		return bots.Bot{}, fmt.Errorf("%w: %w", errUsage, err)
	}
	return bot, nil
}

func readConfig(file string) (*bots.Tenant, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	tenant, err := bots.Parse(file, data)
	var mistakes bots.Mistakes
	if errors.As(err, &mistakes) {
		return nil, fmt.Errorf("%s has mistakes:\n%s", file, listed(file, mistakes))
	}
	return tenant, err
}

// listed prints mistakes as compilers do, so that editors can jump to them.
func listed(file string, mistakes bots.Mistakes) string {
	var lines []string
	for _, m := range mistakes {
		lines = append(lines, file+":"+m.String())
	}
	return strings.Join(lines, "\n")
}

type report struct {
	choice
	Week string `default:"last" placeholder:"WEEK" help:"The week, such as 2026-W46, or 'last': the last one that has ended in the bot's zone."`
	Out  string `default:"out" type:"path" placeholder:"DIR" help:"Folder for the reports; this one goes into DIR/<bot>/<week>."`
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
	made, err := h.make(ctx, h.client(), bot, week, c.Out)
	if err != nil {
		return err
	}
	fmt.Fprintln(h.out, made.words.Subject)
	fmt.Fprintln(h.out, made.words.Headline)
	fmt.Fprintln(h.out, "\n"+filepath.Join(made.folder, weekly.PDF))
	for _, notice := range made.words.Notices {
		fmt.Fprintln(h.err, "note: "+notice)
	}
	if len(made.numbers.Unavailable) > 0 {
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
	bar := h.progress(bot.Name)
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

// write puts files into a folder. Each takes its name only when it is whole, so that a reader, or a crash, never meets
// half of one.
func write(folder string, files []weekly.File) error {
	for _, f := range files {
		name := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := writeFile(name, f.Data); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(name string, data []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) // nothing to remove once it is renamed
	_, err = temporary.Write(data)
	if err := errors.Join(err, temporary.Chmod(0o644), temporary.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return os.Rename(temporary.Name(), name)
}

type redraw struct {
	Folder string `arg:"" type:"existingdir" help:"DIR/<bot>/<week>, where the report.json is."`
}

func (c *redraw) Run(h host) error {
	data, err := os.ReadFile(filepath.Join(c.Folder, weekly.JSON))
	if err != nil {
		return fmt.Errorf("%w: redraw reads the report.json that 'local report' left", err)
	}
	numbers, err := figures.Decode(data)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Folder, err)
	}
	files, err := weekly.Draw(numbers)
	if err != nil {
		return err
	}
	if err := write(c.Folder, files); err != nil {
		return err
	}
	fmt.Fprintf(h.out, "%d files drawn again in %s\n", len(files), c.Folder)
	return nil
}

type check struct {
	File string `arg:"" type:"existingfile" help:"A bots.yaml."`
}

func (c *check) Run(h host) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	tenant, err := bots.Parse(c.File, data)
	var mistakes bots.Mistakes
	if errors.As(err, &mistakes) {
		fmt.Fprintln(h.err, listed(c.File, mistakes))
		fmt.Fprintf(h.err, "local: %s: %s\n", c.File, counted(len(mistakes), "mistake", "mistakes"))
		return errTold
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(h.out, "%s: no mistakes; tenant %s, %s\n", c.File, tenant.Name, counted(len(tenant.Bots), "bot", "bots"))
	for _, bot := range tenant.Bots {
		fmt.Fprintf(h.out, "  %s (%s): %s at %s, %s, %s%s\n", bot.ID, bot.Name, bot.SendDay, bot.SendTime, bot.TZ,
			counted(len(bot.Destinations), "destination", "destinations"), paused(bot))
	}
	return nil
}

func paused(bot bots.Bot) string {
	switch {
	case bot.Paused:
		return ", paused"
	case !bot.PausedUntil.IsZero():
		return ", paused until " + bot.PausedUntil.String()
	}
	return ""
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
