package deployment

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/theme"
)

// ReadLogo returns the PNG of a logo beside a configuration's file. It returns an error that wraps
// fs.ErrNotExist if there is none, and an error if the logo cannot be drawn.
func ReadLogo(file, name string) ([]byte, error) {
	name = filepath.Join(filepath.Dir(file), name)
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if _, err := theme.ReadLogo(data); err != nil {
		return nil, fmt.Errorf("%s: %w", cli.ShortPath(name), err)
	}
	return data, nil
}

// LogoFunc returns the PNG of a logo by its name.
type LogoFunc func(name string) ([]byte, error)

// Logos returns a LogoFunc that reads from store, or beside the configuration if store is nil.
func (a AnyBot) Logos(ctx context.Context, store delivery.Store, t *config.Tenant) LogoFunc {
	if store == nil {
		return func(name string) ([]byte, error) { return ReadLogo(a.Config, name) }
	}
	return StoredLogos(ctx, store, t)
}

// StoredLogos returns a LogoFunc that reads the tenant's logos from store.
func StoredLogos(ctx context.Context, store delivery.Store, t *config.Tenant) LogoFunc {
	return func(name string) ([]byte, error) {
		o, err := store.Get(ctx, delivery.KeysOf(t.Name).Logo(name))
		return o.Data, err
	}
}
