package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
)

type check struct {
	place
	File string `arg:"" type:"existingfile" help:"A bots.yaml. With --bucket its sender is checked too, against those that the deployment's operator allows."`
}

func (c *check) Run(ctx context.Context, h host) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	file := short(c.File)
	tenant, err := bots.Parse(file, data)
	var mistakes bots.Mistakes
	if errors.As(err, &mistakes) {
		fmt.Fprintln(h.err, listed(file, mistakes))
		fmt.Fprintf(h.err, "local: %s: %s\n", file, counted(len(mistakes), "mistake", "mistakes"))
		return errTold
	}
	if err == nil && c.named() {
		var store delivery.Store
		if store, err = c.open(ctx, h); err == nil {
			err = h.mayMail(ctx, store, tenant)
		}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(h.out, "%s: no mistakes; tenant %s, %s\n", file, tenant.Name, counted(len(tenant.Bots), "bot", "bots"))
	for _, bot := range tenant.Bots {
		fmt.Fprintf(h.out, "  %s (%s): %s at %s, %s, %s%s\n", bot.ID, bot.Name, bot.SendDay, bot.SendTime, bot.TZ,
			counted(len(bot.Destinations), "destination", "destinations"), paused(bot))
	}
	if all, ok := tenant.Overview(); ok {
		fmt.Fprintf(h.out, "  overview of all bots (%s): %s\n", all.Name, counted(len(all.Destinations), "destination", "destinations"))
	}
	return looks(h, c.File, tenant)
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
