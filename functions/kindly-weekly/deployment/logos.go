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

// ReadLogo returns a logo beside a configuration's file. The error is fs.ErrNotExist where it is
// elsewhere, perhaps in the deployment alone.
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

// LogoFunc reads a logo by its name.
type LogoFunc func(name string) ([]byte, error)

// Logos reads logos from where the configuration is: a deployment, or a file's folder.
func (a AnyBot) Logos(ctx context.Context, store delivery.Store, t *config.Tenant) LogoFunc {
	if store == nil {
		return func(name string) ([]byte, error) { return ReadLogo(a.Config, name) }
	}
	return StoredLogos(ctx, store, t)
}

func StoredLogos(ctx context.Context, store delivery.Store, t *config.Tenant) LogoFunc {
	return func(name string) ([]byte, error) {
		o, err := store.Get(ctx, delivery.KeysOf(t.Name).Logo(name))
		return o.Data, err
	}
}
