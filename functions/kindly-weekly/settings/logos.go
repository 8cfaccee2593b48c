package settings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/theme"
)

// brands returns the brands of a tenant and of its bots, each once.
func brands(t *config.Tenant) []config.Brand {
	all := []config.Brand{t.Brand}
	for _, bot := range t.Bots {
		if !slices.Contains(all, bot.Brand) {
			all = append(all, bot.Brand)
		}
	}
	return all
}

// logoNames returns the logos that a tenant's configuration names, each once.
func logoNames(t *config.Tenant) (names []string) {
	for _, b := range brands(t) {
		if b.Logo != "" && !slices.Contains(names, b.Logo) {
			names = append(names, b.Logo)
		}
	}
	return names
}

// checkBrands prints which accents are too light and rendered in another shade, and which logos are
// missing. It returns an error for a logo that cannot be drawn.
func checkBrands(h cli.Host, file string, t *config.Tenant) error {
	for _, b := range brands(t) {
		if b.Accent == "" {
			continue
		}
		if shade := theme.Light(b.Accent).Accent; shade.String() != b.Accent {
			fmt.Fprintf(h.Out, "  the accent %s is too light on white: it is rendered as %s\n",
				b.Accent, shade)
		}
	}
	for _, name := range logoNames(t) {
		_, err := deployment.ReadLogo(file, name)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(h.Out, "  the logo %s is not beside %s\n", name, cli.ShortPath(file))
		} else if err != nil {
			return err
		}
	}
	return nil
}

// putLogos stores the logos that a configuration names. It runs before the configuration is stored.
// A logo that is not beside the file must already be in the deployment.
func (c configuration) putLogos(ctx context.Context, h cli.Host, file string,
	t *config.Tenant) error {
	for _, name := range logoNames(t) {
		key := c.keys.Logo(name)
		stored, err := c.store.Get(ctx, key)
		if err != nil && !errors.Is(err, delivery.ErrNotFound) {
			return err
		}
		there := err == nil
		data, err := deployment.ReadLogo(file, name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && there:
			continue
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("the logo %s is neither beside %s nor in the deployment: put it beside the file", name, cli.ShortPath(file))
		case err != nil:
			return err
		case there && bytes.Equal(stored.Data, data):
			continue
		}
		if _, err := c.store.Put(ctx, key, delivery.Object{Data: data, Type: "image/png"},
			delivery.Condition{}); err != nil {
			return err
		}
		fmt.Fprintf(h.Out, "the logo %s is in the deployment\n", name)
	}
	return nil
}
