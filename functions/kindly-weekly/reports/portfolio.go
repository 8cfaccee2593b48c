package reports

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	weekly "kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
)

// Portfolio is the command portfolio. Resend sends a portfolio report again.
type Portfolio struct {
	deployment.TenantFlags
	Week    string `default:"last" placeholder:"WEEK" help:"The week: ${weeks}. Without a year: the most recent complete week of that number. Default: ${default}."`
	Out     string `default:"out" type:"path" placeholder:"DIR" help:"Folder for reports; this one goes to DIR/_portfolio/<week>. Default: ${default}."`
	Verbose bool   `short:"v" help:"Show the worker's log on standard error."`
}

// Help returns the details and examples of the command.
func (Portfolio) Help() string {
	return `Writes the portfolio report that was sent, or else the one that would be sent now.
The command resend with --bot _portfolio sends it again.

Examples:
  kindly-weekly portfolio --stack kindly-weekly-prod --tenant acme
  kindly-weekly portfolio --stack kindly-weekly-prod --tenant acme --week 2026-W46`
}

// OnlyReads reports that the command changes nothing, so that it may use the stack in use.
func (Portfolio) OnlyReads() bool { return true }

func (c *Portfolio) Run(ctx context.Context, h cli.Host) error {
	d := deployment.Deployment{Commands: c.Commands(h), Verbose: c.Verbose}
	var err error
	if d.Window, err = c.CatchUp(h); err != nil {
		return err
	}
	if d.Store, err = c.OpenLedger(ctx, h); err != nil {
		return err
	}
	t, err := deployment.ReadTenant(ctx, h, d.Store, c.Tenant, d.Commands)
	if err != nil {
		return err
	}
	week, err := deployment.WeekFlag(c.Week, h, t.Bots[0].Location)
	if err != nil {
		return err
	}
	builder, err := deployment.NewWorker(ctx, h, d, t, config.PortfolioID)
	if err != nil {
		return err
	}
	builder.Permalink = nil // no request to Slack
	o, frozen, err := builder.Portfolio(ctx, t, week)
	if err != nil {
		return err
	}
	made, err := writePortfolio(o, c.Out)
	if err != nil {
		return err
	}
	if !frozen {
		fmt.Fprintln(h.Err,
			"note: not sent yet: this is its current state, and the one that is sent may include more reports")
	}
	fmt.Fprintln(h.Out, made.page.Title)
	fmt.Fprintln(h.Out, made.page.Headline)
	fmt.Fprintln(h.Out, "\n"+cli.ShortPath(filepath.Join(made.folder, weekly.Text)))
	return nil
}

// madePortfolio is a portfolio report that was written to a folder.
type madePortfolio struct {
	page   *portfolio.Page
	folder string // below the folder of all reports
	files  []weekly.File
}

// writePortfolio writes a portfolio report to out/_portfolio/<week>.
func writePortfolio(o *portfolio.Portfolio, out string) (m madePortfolio, err error) {
	if m.page, err = o.Page(); err != nil {
		return m, err
	}
	if m.files, err = weekly.RenderPortfolio(o); err != nil {
		return m, err
	}
	m.folder = filepath.Join(out, config.PortfolioID, o.Period.String())
	return m, cli.WriteFiles(m.folder, m.files)
}

// portfolioOf makes the portfolio report of new reports. Near the end of a week bots in different
// time zones can be in different weeks.
func portfolioOf(name string, week period.Period, now time.Time,
	reports []Made) (*portfolio.Portfolio, error) {
	var all []portfolio.Bot
	for _, m := range reports {
		b := portfolio.Bot{ID: m.bot.ID, Name: m.bot.Name, Link: m.bot.URL(week),
			State: portfolio.NotIn}
		if m.Numbers.Period.Name == week {
			b.State, b.Numbers = portfolio.In, portfolio.Read(m.Numbers)
		}
		all = append(all, b)
	}
	return portfolio.Of(name, week, reports[0].Numbers.Locale, now, all)
}
