package tenantconfig

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// retry is how long ByTeam does not ask the store again after a failure, or MaxAge if shorter.
const retry = 5 * time.Second

// ByTeam returns the tenants of a Slack workspace, by name. There is one, unless departments share
// a workspace; the signing secrets of their apps tell them apart. If the store fails, ByTeam
// returns what it last knew of a tenant, or else its last valid version.
//
// A file takes milliseconds to parse, and a person waits. So ByTeam first parses only the files in
// which the team's ID is found. If none is the team's, it parses the others too: the last valid
// version of a file with mistakes may be.
//
// An error means that there may be more tenants: one of them is not known or, if none was found,
// the store did not list them. The store is asked no more often than MaxAge allows, and not for a
// few seconds after a failure, since strangers can call ByTeam.
func (l *Loader) ByTeam(ctx context.Context, team string) (found []*config.Tenant, err error) {
	all, unlisted := l.latest(ctx)
	for _, c := range all {
		if c.err != nil {
			err = cmp.Or(err, c.err)
		}
	}
	for _, first := range []bool{true, false} {
		for _, c := range all {
			if c.err != nil || team == "" || c.mentions(team) != first {
				continue
			}
			if ctx.Err() != nil {
				return found, cmp.Or(err, ctx.Err())
			}
			loaded := l.interpretOnce(ctx, c)
			if t := loaded.Tenant; t != nil && t.Slack.Team == team {
				found = append(found, t)
			}
			err = cmp.Or(err, loaded.Err)
		}
		if len(found) > 0 {
			break
		}
	}
	if len(found) == 0 {
		err = cmp.Or(err, unlisted)
	}
	return found, err
}

// A candidate is a tenant for ByTeam. Its file is parsed when it may be the team's.
type candidate struct {
	name string
	err  error // why the file could not be read, if nothing else is known of the tenant
	file file

	mu     sync.Mutex
	etag   string  // of the file; empty if it is to be read again
	loaded *Loaded // nil: not parsed yet
}

// mentions reports whether the ID of a team may be in the file. It is there as it is, unless YAML
// has it escaped or encoded. A file that is parsed, or too large to be, costs nothing more.
func (c *candidate) mentions(team string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loaded != nil || c.file.tooLarge {
		return true
	}
	data := c.file.Data
	return bytes.Contains(data, []byte(team)) || bytes.ContainsAny(data, "\\\x00") ||
		bytes.Contains(data, []byte("!!"))
}

// readable reports whether something is known of the tenant.
func (c *candidate) readable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err == nil && (c.loaded == nil || c.loaded.Err == nil)
}

// is reports whether the candidate is from the file with the ETag.
func (c *candidate) is(etag string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.etag != "" && c.etag == etag
}

// interpretOnce parses the file of a candidate. If the last valid version is needed and cannot be
// read, it returns what was last known, and the file is read again: soon, if nothing was known.
func (l *Loader) interpretOnce(ctx context.Context, c *candidate) Loaded {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loaded != nil {
		return *c.loaded
	}
	loaded, err := l.interpret(ctx, c.name, c.file)
	if err != nil {
		c.etag = ""
		l.mu.Lock()
		if loaded = l.read[c.name].Loaded; loaded.Name == "" {
			loaded = Loaded{Name: c.name, Err: err}
			if l.MaxAge > 0 {
				if soon := l.Now().Add(retry); soon.Before(l.until) {
					l.until = soon
				}
			}
		}
		l.mu.Unlock()
	}
	c.loaded, c.file = &loaded, file{}
	return loaded
}

// latest returns all tenants, not older than MaxAge. If the store does not give a file it returns
// what it last knew of the tenant, and with an error what it last knew of all.
func (l *Loader) latest(ctx context.Context) ([]*candidate, error) {
	l.mu.Lock()
	before, err, until := l.last, l.err, l.until
	l.mu.Unlock()
	if l.MaxAge > 0 && l.Now().Before(until) {
		return before, err
	}
	fresh := l.MaxAge
	all, err := l.fetchAll(ctx, before)
	if err != nil {
		all, fresh = before, min(fresh, retry)
	} else {
		for i, x := range all {
			if x.err == nil {
				continue
			}
			if all[i] = l.lastKnown(ctx, x, before); all[i].err != nil {
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

// etagger is a store that lists ETags too.
type etagger interface {
	ETags(ctx context.Context, prefix string) (map[string]string, error)
}

// fetchAll returns all tenants, by name. It reads their files, unless the store lists the ETag of
// one that was read before. If the store does not give a file, err of its candidate says so.
func (l *Loader) fetchAll(ctx context.Context, before []*candidate) ([]*candidate, error) {
	var etags map[string]string
	var names []string
	var err error
	if s, ok := l.Store.(etagger); ok {
		etags, err = s.ETags(ctx, delivery.ConfigPrefix)
		if err != nil {
			return nil, fmt.Errorf("list the configurations: %w", err)
		}
		names = tenantsOf(slices.Sorted(maps.Keys(etags)))
	} else if names, err = l.Names(ctx); err != nil {
		return nil, err
	}
	same := make(map[string]*candidate, len(before))
	for _, c := range before {
		if c.readable() && c.is(etags[delivery.KeysOf(c.name).Config()]) {
			same[c.name] = c
		}
	}
	all := make([]*candidate, len(names))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, name := range names {
		if all[i] = same[name]; all[i] != nil {
			continue
		}
		group.Go(func() error {
			c := &candidate{name: name}
			c.file, c.err = l.fetch(ctx, name)
			c.etag = c.file.ETag
			all[i] = c
			return nil
		})
	}
	_ = group.Wait() // each error stays with its tenant
	return slices.DeleteFunc(all, func(c *candidate) bool {
		return errors.Is(c.err, delivery.ErrNotFound) // removed since they were listed
	}), nil
}

// lastKnown returns what is known of a tenant whose file the store did not give; x, with its error,
// if nothing is.
func (l *Loader) lastKnown(ctx context.Context, x *candidate, before []*candidate) *candidate {
	known := func(b *candidate) bool { return b.name == x.name && b.readable() }
	if j := slices.IndexFunc(before, known); j >= 0 {
		return before[j]
	}
	if t, warnings, _ := l.lastGood(ctx, x.name); t != nil {
		return &candidate{name: x.name, loaded: &Loaded{Name: x.name, Tenant: t, Warnings: warnings}}
	}
	return x
}
