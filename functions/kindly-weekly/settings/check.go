package settings

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

type Check struct {
	deployment.Place
	Files []string `arg:"" name:"file" type:"existingfile" help:"A bots.yaml. Several files are also checked for what their tenants share."`
}

// Help returns the details and examples of the command.
func (Check) Help() string {
	return `Lists all mistakes with their lines. With --stack it also checks the mail sender against
those that the operator allows, and lists channels, bots and secrets that other tenants also use.

Examples:
  kindly-weekly check acme.yaml
  kindly-weekly check acme.yaml beta.yaml
  kindly-weekly check --stack kindly-weekly-prod acme.yaml`
}

func (c *Check) Run(ctx context.Context, h cli.Host) error {
	var store delivery.Store
	if c.Given() {
		var err error
		if store, err = c.Open(ctx, h); err != nil {
			return err
		}
	}
	var all []*config.Tenant
	var failed error
	for _, file := range c.Files {
		tenant, err := c.one(ctx, h, store, file)
		switch {
		case errors.Is(err, cli.ErrPrinted):
			failed = err
		case err != nil:
			return err
		default:
			all = append(all, tenant)
		}
	}
	noteShared(ctx, h, store, all...)
	return failed
}

// one checks a file and prints its bots. It returns cli.ErrPrinted if the file has mistakes.
func (c *Check) one(ctx context.Context, h cli.Host, store delivery.Store,
	name string) (*config.Tenant, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	file := cli.ShortPath(name)
	tenant, err := config.Parse(file, data)
	var mistakes config.Mistakes
	if errors.As(err, &mistakes) {
		fmt.Fprintln(h.Err, cli.ListMistakes(file, mistakes))
		h.Complain("%s: %s", file, cli.Count(len(mistakes), "mistake", "mistakes"))
		return nil, cli.ErrPrinted
	}
	if err == nil && store != nil {
		err = checkSender(ctx, h, store, tenant)
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(h.Out, "%s: no mistakes; tenant %s, %s\n", file, tenant.Name,
		cli.Count(len(tenant.Bots), "bot", "bots"))
	for _, bot := range tenant.Bots {
		fmt.Fprintf(h.Out, "  %s (%s): %s at %s, %s, %s%s\n", bot.ID, bot.Name, bot.SendDay,
			bot.SendTime, bot.TZ,
			cli.Count(len(bot.Destinations), "destination", "destinations"), paused(bot))
	}
	if all, ok := tenant.AllBots(); ok {
		fmt.Fprintf(h.Out, "  portfolio report (%s): %s\n", all.Name,
			cli.Count(len(all.Destinations), "destination", "destinations"))
	}
	return tenant, checkBrands(h, name, tenant)
}

// noteShared prints what tenants share with one another and, if store is not nil, with the other
// tenants of the deployment.
func noteShared(ctx context.Context, h cli.Host, store delivery.Store, some ...*config.Tenant) {
	all := slices.Clone(some)
	is := func(name string) bool {
		return slices.ContainsFunc(some, func(t *config.Tenant) bool { return t.Name == name })
	}
	if store != nil && len(some) > 0 {
		others, err := (&tenantconfig.Loader{Store: store}).All(ctx)
		for _, other := range others {
			if !is(other.Name) && other.Tenant != nil {
				all = append(all, other.Tenant)
			}
			err = errors.Join(err, other.Err)
		}
		if err != nil {
			fmt.Fprintf(h.Err, "note: not compared with every other tenant: %v\n", err)
		}
	}
	for _, s := range tenantconfig.Shared(all) {
		if slices.ContainsFunc(s.Tenants, is) {
			fmt.Fprintf(h.Err, "note: %s\n", s)
		}
	}
}

func paused(bot config.Bot) string {
	switch {
	case bot.Paused:
		return ", paused"
	case !bot.PausedUntil.IsZero():
		return ", paused until " + bot.PausedUntil.String()
	}
	return ""
}
