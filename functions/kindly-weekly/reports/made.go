package reports

import (
	"context"
	"fmt"
	"path/filepath"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	weekly "kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
	"kindlyweekly/report/summary"
	"kindlyweekly/sage"
)

// Made is a report.
type Made struct {
	bot     config.Bot
	Numbers *figures.Report
	words   *summary.Summary
	folder  string // empty: it is not on the disk
	files   []weekly.File
}

// writeReport builds a report and writes it to out/<bot>/<week>.
func writeReport(ctx context.Context, h cli.Host, client *sage.Client, bot config.Bot,
	logos deployment.LogoFunc, week period.Period, out string) (Made, error) {
	m, err := Build(ctx, h, client, bot, logos, week)
	if err != nil {
		return m, err
	}
	return m, m.write(out)
}

// write writes a report to out/<bot>/<week>.
func (m *Made) write(out string) error {
	m.folder = filepath.Join(out, m.bot.ID, m.Numbers.Period.Name.String())
	return cli.WriteFiles(m.folder, m.files)
}

// markLocal makes out a folder of the command, from which no command sends.
func markLocal(ctx context.Context, command, out string) error {
	local := about.LocalFolder(command, deployment.DefaultCatchUp)
	return local.Save(ctx, store.Folder{Dir: out})
}

// Build collects and renders a report.
func Build(ctx context.Context, h cli.Host, client *sage.Client, bot config.Bot,
	logos deployment.LogoFunc, week period.Period) (Made, error) {
	numbers, err := collect(ctx, h, client, bot, week)
	if err != nil {
		return Made{bot: bot}, err
	}
	return render(h, numbers, bot, logos)
}

// collect requests the figures of a report.
func collect(ctx context.Context, h cli.Host, client *sage.Client, bot config.Bot,
	week period.Period) (*figures.Report, error) {
	bar := h.Progress(bot.ID)
	defer bar.Done()
	return weekly.Collect(ctx, client, bot, week, h.Now(), bar.Update)
}

// render renders all editions of a report.
func render(h cli.Host, numbers *figures.Report, bot config.Bot,
	logos deployment.LogoFunc) (m Made, err error) {
	m = Made{bot: bot, Numbers: numbers}
	if err := weekly.ApplyBrand(m.Numbers, bot.Brand, logos); err != nil {
		fmt.Fprintf(h.Err, "note: the report is made without its logo: %v\n", err)
	}
	if m.words, err = summary.Of(m.Numbers); err != nil {
		return m, err
	}
	m.files, err = weekly.Render(m.Numbers)
	return m, err
}

// print prints what the report says first, and its notices.
func (m *Made) print(h cli.Host) {
	fmt.Fprintln(h.Out, m.words.Title)
	fmt.Fprintln(h.Out, m.words.Headline)
	fmt.Fprintln(h.Out, "\n"+cli.ShortPath(filepath.Join(m.folder, weekly.PDF)))
	for _, notice := range m.words.Notices {
		fmt.Fprintln(h.Err, "note: "+notice)
	}
	if u := m.Numbers.UncheckedFilters; u != nil {
		fmt.Fprintln(h.Err, "note: sources and languages were not checked: "+u.Reason)
	}
}
