// Package tenantconfig reads the tenants' configurations from the store: one file for each tenant.
//
// A mistake in one file affects no other tenant. The tenant's last valid version stays in force; it
// is kept beside the file. A file may have been written for an earlier version of this program.
// What that accepted and this one refuses is a warning, and the tenant's reports continue.
//
// The slash command finds a tenant by its Slack team, while a person waits. So the tick writes an
// index of all teams, with which [Loader.ByTeam] reads few files of many.
package tenantconfig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Loader reads the tenants' configurations. It keeps what it has parsed until the file's ETag
// changes. Set its fields before the first use. It is safe for concurrent use.
type Loader struct {
	Store delivery.Store
	// SaveGood makes the loader store the last valid version of each file. The tick alone sets it.
	// The loader then keeps nothing of what it has parsed, since the tick needs each tenant once.
	SaveGood bool
	// MaxAge is for how long ByTeam uses what it has read; zero asks the store each time.
	MaxAge time.Duration
	Now    func() time.Time // needed only beside MaxAge

	parsing sync.Mutex // a large file takes much memory while it is parsed: one at a time

	mu    sync.Mutex
	read  map[string]version // by tenant
	last  []*candidate       // what ByTeam knows
	index index              // likewise
	err   error              // why it knows no more
	until time.Time          // when it asks again
}

// Loaded is one tenant's configuration.
type Loaded struct {
	Name     string         // the tenant's
	Tenant   *config.Tenant // in force; nil beside Err, or if no version was valid
	Mistakes error          // config.Mistakes of the current file; nil if it is in force
	ETag     string         // of the file as it is now

	// Warnings say what config.Parse would refuse of the configuration in force.
	Warnings config.Mistakes

	Err error // why the store did not give it
}

// A version is a parsed file. kept says that its good version needs no saving.
type version struct {
	Loaded
	kept    bool
	indexed indexed
}

// Names returns the tenants that have a configuration, in order.
func (l *Loader) Names(ctx context.Context) ([]string, error) {
	keys, err := l.Store.List(ctx, delivery.ConfigPrefix)
	if err != nil {
		return nil, fmt.Errorf("list the configurations: %w", err)
	}
	return tenantsOf(keys), nil
}

// tenantsOf returns the tenants of those keys that are of configurations.
func tenantsOf(keys []string) (all []string) {
	for _, key := range keys {
		if name, ok := delivery.TenantOf(key); ok {
			all = append(all, name)
		}
	}
	return all
}

// atOnce is how many files are read at the same time.
const atOnce = 32

// All returns every tenant, by name. If the store does not give a file, Err of its Loaded says so.
func (l *Loader) All(ctx context.Context) ([]Loaded, error) {
	names, err := l.Names(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Loaded, len(names))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range all {
		group.Go(func() error {
			all[i] = l.Load(ctx, names[i])
			return nil
		})
	}
	_ = group.Wait() // each error stays with its tenant
	return slices.DeleteFunc(all, func(x Loaded) bool {
		return errors.Is(x.Err, delivery.ErrNotFound) // removed since they were listed
	}), nil
}

// Load returns a tenant. If the store does not give the file, Err says so: delivery.ErrNotFound if
// there is none.
func (l *Loader) Load(ctx context.Context, name string) Loaded {
	loaded, err := l.load(ctx, name)
	if err != nil {
		return Loaded{Name: name, Err: err}
	}
	return loaded
}

// Get returns the tenant of the configuration in force. The error is delivery.ErrNotFound if there
// is no configuration, and config.Mistakes if it never had a valid version.
func (l *Loader) Get(ctx context.Context, name string) (*config.Tenant, error) {
	loaded, err := l.load(ctx, name)
	if err != nil {
		return nil, err
	}
	if loaded.Tenant == nil {
		return nil, fmt.Errorf("the configuration of %s never had a valid version: %w", name,
			loaded.Mistakes)
	}
	return loaded.Tenant, nil
}

// lastGood returns the last valid version of a tenant's configuration, or delivery.ErrNotFound.
func (l *Loader) lastGood(ctx context.Context, name string) (
	*config.Tenant, config.Mistakes, error) {
	keys := delivery.KeysOf(name)
	good, err := l.Store.Get(ctx, keys.GoodConfig())
	if err != nil {
		return nil, nil, err
	}
	t, warnings, _ := l.parse(keys.Config(), config.Whole(good.Data)) // good when it was kept
	return t, warnings, nil
}

// A file is a tenant's configuration as the store has it. Its data is missing if it is too large.
type file struct {
	delivery.Object
	tooLarge bool
}

// load returns the version of a tenant's configuration that the store has now.
func (l *Loader) load(ctx context.Context, name string) (Loaded, error) {
	f, err := l.fetch(ctx, name)
	if err != nil {
		return Loaded{}, err
	}
	return l.interpret(ctx, name, f)
}

// fetch reads the file of a tenant.
func (l *Loader) fetch(ctx context.Context, name string) (file, error) {
	o, err := l.Store.Get(ctx, delivery.KeysOf(name).Config())
	if _, tooLarge := errors.AsType[*delivery.TooLargeError](err); tooLarge {
		return file{o, true}, nil
	}
	if err != nil {
		return file{}, l.failed(name, err)
	}
	return file{o, false}, nil
}

// interpret parses the file of a tenant, unless it is the one that was parsed last.
func (l *Loader) interpret(ctx context.Context, name string, file file) (Loaded, error) {
	keys := delivery.KeysOf(name)
	l.mu.Lock()
	v := l.read[name]
	l.mu.Unlock()
	if v.Name != "" && v.ETag == file.ETag && !l.SaveGood && !file.tooLarge {
		return v.Loaded, nil
	}

	var err error
	v = version{Loaded: Loaded{Name: name, ETag: file.ETag}, kept: v.kept && v.ETag == file.ETag}
	if file.tooLarge {
		v.Mistakes = config.TooLarge()
	} else {
		v.Tenant, v.Warnings, v.Mistakes = l.parse(keys.Config(), file.Data)
	}
	switch {
	case v.Mistakes != nil:
		v.Tenant, v.Warnings, err = l.lastGood(ctx, name)
		if err != nil && !errors.Is(err, delivery.ErrNotFound) {
			return Loaded{}, l.failed(name, err)
		}
	case l.SaveGood && !v.kept:
		v.kept, err = l.saveGood(ctx, keys, file.Object)
		if err != nil {
			return Loaded{}, l.failed(name, err)
		}
	}
	if v.Tenant != nil {
		v.indexed.Team = v.Tenant.Slack.Team
	}
	if v.Mistakes == nil {
		v.indexed.ETag = file.ETag
	}
	loaded := v.Loaded
	if l.SaveGood {
		v.Loaded = Loaded{Name: name, ETag: file.ETag}
	}
	l.mu.Lock()
	if l.read == nil {
		l.read = make(map[string]version)
	}
	l.read[name] = v
	l.mu.Unlock()
	return loaded, nil
}

func (l *Loader) parse(key string, data []byte) (*config.Tenant, config.Mistakes, error) {
	l.parsing.Lock()
	defer l.parsing.Unlock()
	return config.ParseInForce(key, data)
}

func (l *Loader) failed(name string, err error) error {
	if errors.Is(err, delivery.ErrNotFound) {
		l.mu.Lock()
		delete(l.read, name)
		l.mu.Unlock()
	}
	return fmt.Errorf("read the configuration of %s: %w", name, err)
}

// saveGood stores a valid version in a form that the version before this program accepts, and
// reports whether that is done. If two ticks race, the one that read the newer file wins: it reads
// the good version before it reads the file again, and writes conditionally.
func (l *Loader) saveGood(ctx context.Context, keys delivery.Keys, file delivery.Object) (
	done bool, err error) {
	var condition delivery.Condition
	data := config.ForVersionBefore(file.Data)
	good, err := l.Store.Get(ctx, keys.GoodConfig())
	switch {
	case errors.Is(err, delivery.ErrNotFound):
		condition = delivery.Absent()
	case err != nil:
		return false, err
	case bytes.Equal(good.Data, data):
		return true, nil
	default:
		condition = delivery.Unchanged(good.ETag)
	}
	now, err := l.Store.Get(ctx, keys.Config())
	if err != nil {
		return false, err
	}
	if now.ETag != file.ETag {
		return false, nil // the next tick sees to it
	}
	o := delivery.Object{Data: data, Type: "application/yaml"}
	_, err = l.Store.Put(ctx, keys.GoodConfig(), o, condition)
	if errors.Is(err, delivery.ErrConflict) {
		return false, nil
	}
	return err == nil, err
}

// ExplainMistakes returns the mistakes of an invalid file for people, at most the first ten.
func (x Loaded) ExplainMistakes() string { return explain(x.Mistakes) }

// ExplainWarnings returns the warnings likewise; empty if there are none.
func (x Loaded) ExplainWarnings() string { return explain(x.Warnings) }

func explain(mistakes error) string {
	const most = 10
	lines := strings.Split(mistakes.Error(), "\n")
	if n := len(lines) - most; n > 1 {
		lines = append(lines[:most], fmt.Sprintf("… and %d more", n))
	}
	return strings.Join(lines, "\n")
}
