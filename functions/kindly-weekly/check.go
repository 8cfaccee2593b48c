package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

type check struct {
	place
	Files []string `arg:"" name:"file" type:"existingfile" help:"A bots.yaml; of several it also says what their tenants share. With --bucket the sender is checked too, against those that the deployment's operator allows, and the tenants are compared with its others."`
}

func (c *check) Run(ctx context.Context, h host) error {
	var store delivery.Store
	if c.named() {
		var err error
		if store, err = c.open(ctx, h); err != nil {
			return err
		}
	}
	var all []*config.Tenant
	var failed error
	for _, file := range c.Files {
		tenant, err := c.one(ctx, h, store, file)
		switch {
		case errors.Is(err, errTold):
			failed = err
		case err != nil:
			return err
		default:
			all = append(all, tenant)
		}
	}
	h.compare(ctx, store, all...)
	return failed
}

// one checks a file and says what is in it. errTold: it has mistakes.
func (c *check) one(ctx context.Context, h host, store delivery.Store, name string) (*config.Tenant, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	file := short(name)
	tenant, err := config.Parse(file, data)
	var mistakes config.Mistakes
	if errors.As(err, &mistakes) {
		fmt.Fprintln(h.err, listed(file, mistakes))
		fmt.Fprintf(h.err, "local: %s: %s\n", file, counted(len(mistakes), "mistake", "mistakes"))
		return nil, errTold
	}
	if err == nil && store != nil {
		err = h.mayMail(ctx, store, tenant)
	}
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(h.out, "%s: no mistakes; tenant %s, %s\n", file, tenant.Name, counted(len(tenant.Bots), "bot", "bots"))
	for _, bot := range tenant.Bots {
		fmt.Fprintf(h.out, "  %s (%s): %s at %s, %s, %s%s\n", bot.ID, bot.Name, bot.SendDay, bot.SendTime, bot.TZ,
			counted(len(bot.Destinations), "destination", "destinations"), paused(bot))
	}
	if all, ok := tenant.Overview(); ok {
		fmt.Fprintf(h.out, "  overview of all bots (%s): %s\n", all.Name, counted(len(all.Destinations), "destination", "destinations"))
	}
	return tenant, looks(h, name, tenant)
}

// compare notes what tenants share with one another, and with the deployment's others where there is a store.
func (h host) compare(ctx context.Context, store delivery.Store, some ...*config.Tenant) {
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
			fmt.Fprintf(h.err, "note: not compared with every other tenant: %v\n", err)
		}
	}
	for _, s := range tenantconfig.Shared(all) {
		if slices.ContainsFunc(s.Tenants, is) {
			fmt.Fprintf(h.err, "note: %s\n", s)
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

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
