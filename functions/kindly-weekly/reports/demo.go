package reports

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/sageserver"
	weekly "kindlyweekly/report"
	"kindlyweekly/report/config"
	"kindlyweekly/sage"
	"kindlyweekly/sage/sagefake"
)

type Demo struct {
	Out string    `default:"out" type:"path" placeholder:"DIR" help:"Folder for the reports and the page index.html. Default: ${default}."`
	Now time.Time `placeholder:"TIME" help:"Make the reports as of this time, such as 2026-11-16T08:00:00Z. Default: now."`
}

// Help returns the details and examples of the command.
func (Demo) Help() string {
	return `Writes every edition of three invented bots, their portfolio report, and index.html, a page
that shows all editions side by side. The same --now gives the same files.

Examples:
  kindly-weekly demo
  kindly-weekly demo --out /tmp/demo --now 2026-11-16T08:00:00Z`
}

func (c *Demo) Run(ctx context.Context, h cli.Host) (err error) {
	if !c.Now.IsZero() {
		h.Now = func() time.Time { return c.Now }
	}
	made, err := makeDemo(ctx, h, c.Out)
	if err != nil {
		return err
	}
	week := made[0].Numbers.Period.Name
	o, err := portfolioOf(demoTenant, week, h.Now(), made)
	if err != nil {
		return err
	}
	all, err := writePortfolio(o, c.Out)
	if err != nil {
		return err
	}
	if err := markLocal(ctx, "demo", c.Out); err != nil {
		return err
	}
	page, err := indexPage(made, all)
	if err != nil {
		return err
	}
	const index = "index.html"
	if err := cli.WriteFiles(c.Out, []weekly.File{{Name: index, Data: page}}); err != nil {
		return err
	}
	for _, m := range made {
		for _, f := range m.files {
			if f.Name == weekly.Text {
				fmt.Fprintf(h.Out, "%s\n", f.Data)
			}
		}
	}
	for _, f := range all.files {
		if f.Name == weekly.Text {
			fmt.Fprintf(h.Out, "%s\n", f.Data)
		}
	}
	fmt.Fprintf(h.Out, "All editions side by side: open %s in a browser.\n",
		cli.ShortPath(filepath.Join(c.Out, index)))
	return nil
}

// demoTenant is the name of the invented bots' tenant.
const demoTenant = "Fjellvik"

// makeDemo makes the reports of the invented bots, over HTTP from a fake Sage.
func makeDemo(ctx context.Context, h cli.Host, out string) (reports []Made, err error) {
	demoBots := sagefake.Demo(h.Now())
	url, stop, err := sageserver.Listen("127.0.0.1:0", demoBots)
	if err != nil {
		return nil, err
	}
	defer func() {
		if stopped := stop(); err == nil {
			err = stopped
		}
	}()
	keys := make(map[string]string)
	for _, bot := range demoBots {
		keys[bot.ID] = bot.Key
	}
	client := &sage.Client{URL: url, APIURL: url,
		Key: func(_ context.Context, bot string) (string, error) { return keys[bot], nil }}
	tenant, err := config.Parse("local.yaml", sageserver.Tenant)
	if err != nil {
		return nil, err
	}
	for _, bot := range tenant.Bots {
		bot.Link = "" // the bot does not exist at Kindly
		m, err := writeReport(ctx, h, client, bot, nil, bot.LastComplete(h.Now()), out)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", bot.ID, err)
		}
		reports = append(reports, m)
	}
	return reports, nil
}
