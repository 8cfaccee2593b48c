package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	weekly "kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
	"kindlyweekly/report/portfolio"
)

// portfolioCommand writes the overview of all bots of a deployment's tenant. To send it again is resend's.
type portfolioCommand struct {
	whose
	Week    string `default:"last" placeholder:"WEEK" help:"The week: ${weeks}. Without a year it is the last week of that number that has ended in the zone of the tenant's first bot. Default: last."`
	Out     string `default:"out" type:"path" placeholder:"DIR" help:"Folder for the overview, which goes into DIR/_portfolio/<week>. '${default}' where nothing is said."`
	Verbose bool   `short:"v" help:"Show the worker's log on standard error."`
}

func (c *portfolioCommand) Run(ctx context.Context, h host) error {
	d := deployment{commands: c.commands(h, ""), verbose: c.Verbose}
	var err error
	if d.window, err = c.window(h); err != nil {
		return err
	}
	if d.store, err = c.ledger(ctx, h); err != nil {
		return err
	}
	t, err := h.tenant(ctx, d.store, c.Tenant, d.commands)
	if err != nil {
		return err
	}
	week, err := chooseWeek(c.Week, h, t.Bots[0])
	if err != nil {
		return err
	}
	builder, err := h.worker(ctx, d, t, t.Bots[0])
	if err != nil {
		return err
	}
	builder.Permalink = nil // who only looks asks Slack nothing
	o, frozen, err := builder.Overview(ctx, t, week)
	if err != nil {
		return err
	}
	made, err := madeOverview(o, c.Out)
	if err != nil {
		return err
	}
	if !frozen {
		fmt.Fprintln(h.err, "note: this is as it would be now; it has not been sent, and what is sent may tell of more reports")
	}
	fmt.Fprintln(h.out, made.page.Subject)
	fmt.Fprintln(h.out, made.page.Headline)
	fmt.Fprintln(h.out, "\n"+short(filepath.Join(made.folder, weekly.Text)))
	return nil
}

// madePortfolio is an overview of all bots, on the disk.
type madePortfolio struct {
	page   *portfolio.Page
	folder string // in the folder of all reports
	files  []weekly.File
}

// madeOverview writes an overview to out/_portfolio/<week>.
func madeOverview(o *portfolio.Overview, out string) (m madePortfolio, err error) {
	if m.page, err = o.Page(); err != nil {
		return m, err
	}
	if m.files, err = weekly.DrawOverview(o); err != nil {
		return m, err
	}
	m.folder = filepath.Join(out, config.PortfolioID, o.Week.String())
	return m, write(m.folder, m.files)
}

// overviewOf makes the overview of reports that have just been made. Around the turn of the week some bots are in another one.
func overviewOf(name string, week period.Week, now time.Time, reports []made) (*portfolio.Overview, error) {
	var all []portfolio.Bot
	for _, m := range reports {
		b := portfolio.Bot{ID: m.bot.ID, Name: m.bot.Name, Link: m.bot.URL(week), State: portfolio.NotIn}
		if m.numbers.Week.Name == week {
			b.State, b.Numbers = portfolio.In, portfolio.Read(m.numbers)
		}
		all = append(all, b)
	}
	return portfolio.Of(name, week, reports[0].numbers.Locale, now, all)
}
