// Package tenantconfig reads who is served: one configuration file for each tenant, from the store.
//
// A mistake in one file touches no other tenant. A file with a mistake leaves the tenant's last good version in force,
// which is kept beside it in the store. What lies in the store may have been written for an earlier version of this
// program. What that version took and this one refuses is a warning, and the tenant's reports go on.
package tenantconfig

import (
	"bytes"
	"cmp"
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

// A Loader reads the tenants' configurations. What it has parsed it keeps until the file's ETag changes. It may be used
// by many goroutines; its fields are set before the first use.
type Loader struct {
	Store delivery.Store
	// SaveGood lets the loader store the last good version of each file. One function does that, the tick. Since it needs all
	// tenants, one after the other, the loader does not hold on to what it has parsed.
	SaveGood bool
	// MaxAge is for how long ByTeam takes what it has read for the newest; zero asks the store each time.
	MaxAge time.Duration
	Now    func() time.Time // needed only beside MaxAge

	parsing sync.Mutex // a large file takes much memory while it is parsed: one at a time

	mu    sync.Mutex
	read  map[string]version // by tenant
	last  []Loaded           // what ByTeam knows
	err   error              // why it knows no more
	until time.Time          // when it asks again
}

// retry is how long ByTeam does not ask again after a failure, or MaxAge if that is shorter.
const retry = 5 * time.Second

// Loaded is one tenant's configuration.
type Loaded struct {
	Name     string         // the tenant's
	Tenant   *config.Tenant // what is in force; nil where no version was ever free of mistakes, and beside Err
	Mistakes error          // config.Mistakes of the file as it is now; nil if it is what is in force
	ETag     string         // of the file as it is now

	// Warnings are of what is in force: what config.Parse refuses, and an earlier version of this program took.
	Warnings config.Mistakes

	Err error // why the store did not give it
}

// A version is what a file came to. Kept says that nothing is left to store of it.
type version struct {
	Loaded
	kept bool
}

// Names returns the tenants that have a configuration, in order.
func (l *Loader) Names(ctx context.Context) ([]string, error) {
	keys, err := l.Store.List(ctx, delivery.ConfigPrefix)
	if err != nil {
		return nil, fmt.Errorf("list the configurations: %w", err)
	}
	var all []string
	for _, key := range keys {
		if name, ok := delivery.TenantOf(key); ok {
			all = append(all, name)
		}
	}
	return all, nil
}

// All returns every tenant, by name. That the store did not give one of the files is told there, in Err.
func (l *Loader) All(ctx context.Context) ([]Loaded, error) {
	names, err := l.Names(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Loaded, len(names))
	var group errgroup.Group
	group.SetLimit(32)
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

// Load returns a tenant. That the store did not give the file is told there, in Err: delivery.ErrNotFound where there is none
// (any more).
func (l *Loader) Load(ctx context.Context, name string) Loaded {
	loaded, err := l.load(ctx, name)
	if err != nil {
		return Loaded{Name: name, Err: err}
	}
	return loaded
}

// Get returns the tenant as his configuration in force declares him. The error is delivery.ErrNotFound where he has
// none (any more), and config.Mistakes where no version of it was ever free of mistakes.
func (l *Loader) Get(ctx context.Context, name string) (*config.Tenant, error) {
	loaded, err := l.load(ctx, name)
	if err != nil {
		return nil, err
	}
	if loaded.Tenant == nil {
		return nil, fmt.Errorf("no version of the configuration of %s was ever free of mistakes: %w", name, loaded.Mistakes)
	}
	return loaded.Tenant, nil
}

// ByTeam returns the tenants whose Slack workspace has the id, by name. There is one, unless two departments share a
// workspace; the signing secrets of their apps tell which of them is meant. While the store is silent the last that is
// known of a tenant stands: what was read before, or else its last good version.
//
// An error says that there may be more tenants than were found: nothing is known of one of them, or, where none was
// found, the store did not list them. The store is not asked more often than MaxAge allows, and not again for a few
// seconds after a failure, so that strangers cannot drive it.
func (l *Loader) ByTeam(ctx context.Context, team string) (found []*config.Tenant, err error) {
	all, unlisted := l.latest(ctx)
	for _, loaded := range all {
		if t := loaded.Tenant; t != nil && team != "" && t.Slack.Team == team {
			found = append(found, t)
		}
		err = cmp.Or(err, loaded.Err)
	}
	if len(found) == 0 {
		err = cmp.Or(err, unlisted)
	}
	return found, err
}

// latest is All, as long ago as MaxAge allows. Where the store did not give a file it returns what it last knew of the
// tenant, and beside an error what it last knew of all.
func (l *Loader) latest(ctx context.Context) ([]Loaded, error) {
	l.mu.Lock()
	before, err, until := l.last, l.err, l.until
	l.mu.Unlock()
	if l.MaxAge > 0 && l.Now().Before(until) {
		return before, err
	}
	fresh := l.MaxAge
	all, err := l.All(ctx)
	if err != nil {
		all, fresh = before, min(fresh, retry)
	} else {
		for i, x := range all {
			if x.Err == nil {
				continue
			}
			if all[i] = l.lastKnown(ctx, x, before); all[i].Err != nil {
				fresh = min(fresh, retry)
			}
		}
	}
	l.mu.Lock()
	l.last, l.err = all, err
	if l.MaxAge > 0 {
		l.until = l.Now().Add(fresh)
	}
	l.mu.Unlock()
	return all, err
}

// lastKnown returns what is known of a tenant whose file the store did not give; x, with its error, if nothing is.
func (l *Loader) lastKnown(ctx context.Context, x Loaded, before []Loaded) Loaded {
	if j := slices.IndexFunc(before, func(b Loaded) bool { return b.Name == x.Name && b.Err == nil }); j >= 0 {
		return before[j]
	}
	if t, warnings, _ := l.lastGood(ctx, x.Name); t != nil {
		return Loaded{Name: x.Name, Tenant: t, Warnings: warnings}
	}
	return x
}

// lastGood returns the last good version of a tenant's configuration; none is delivery.ErrNotFound.
func (l *Loader) lastGood(ctx context.Context, name string) (*config.Tenant, config.Mistakes, error) {
	keys := delivery.KeysOf(name)
	good, err := l.Store.Get(ctx, keys.GoodConfig())
	if err != nil {
		return nil, nil, err
	}
	t, warnings, _ := l.parse(keys.Config(), config.Whole(good.Data)) // good when it was kept
	return t, warnings, nil
}

// load returns the version of a tenant's configuration that the store holds now.
func (l *Loader) load(ctx context.Context, name string) (Loaded, error) {
	keys := delivery.KeysOf(name)
	file, err := l.Store.Get(ctx, keys.Config())
	tooLarge, _ := errors.AsType[*delivery.TooLargeError](err)
	if err != nil && tooLarge == nil {
		return Loaded{}, l.failed(name, err)
	}
	l.mu.Lock()
	v := l.read[name]
	l.mu.Unlock()
	if v.Name != "" && v.ETag == file.ETag && !l.SaveGood && tooLarge == nil {
		return v.Loaded, nil
	}

	v = version{Loaded: Loaded{Name: name, ETag: file.ETag}, kept: v.kept && v.ETag == file.ETag}
	if tooLarge != nil {
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
		v.kept, err = l.saveGood(ctx, keys, file)
		if err != nil {
			return Loaded{}, l.failed(name, err)
		}
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

// saveGood stores a good version, so that the version before this program takes it too, and reports whether that is settled.
// Of two ticks the one that saw the newer file wins: the good version is looked at before the file is read once more, and
// written only if it is still the same.
func (l *Loader) saveGood(ctx context.Context, keys delivery.Keys, file delivery.Object) (settled bool, err error) {
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
	_, err = l.Store.Put(ctx, keys.GoodConfig(), delivery.Object{Data: data, Type: "application/yaml"}, condition)
	if errors.Is(err, delivery.ErrConflict) {
		return false, nil
	}
	return err == nil, err
}

// ExplainMistakes returns the mistakes of a broken file for people, the first of them where there are many.
func (x Loaded) ExplainMistakes() string { return explain(x.Mistakes) }

// ExplainWarnings returns the warnings likewise; empty where there are none.
func (x Loaded) ExplainWarnings() string { return explain(x.Warnings) }

func explain(mistakes error) string {
	const most = 10
	lines := strings.Split(mistakes.Error(), "\n")
	if n := len(lines) - most; n > 1 {
		lines = append(lines[:most], fmt.Sprintf("… and %d more", n))
	}
	return strings.Join(lines, "\n")
}
