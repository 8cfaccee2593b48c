package tenantconfig

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
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
// A file takes milliseconds to read and to parse, and a person waits. So ByTeam reads only the
// files that the index does not exclude, see [Loader.SaveIndex]; without an index, all. The index
// never makes a tenant the team's: its file does.
//
// A file with mistakes may have lost the team that its last valid version names. So of the files
// that it reads, ByTeam first parses those with the team's ID, those without any team, and those
// whose tenant is the team's by the index, or was when ByTeam parsed it before. Only if none is the
// team's, it parses the others: files that name another team.
//
// An error means that there may be more tenants: one of them is not known or, if none was found,
// the store did not list them. The store is asked no more often than MaxAge allows, and not for a
// few seconds after a failure, since strangers can call ByTeam.
func (l *Loader) ByTeam(ctx context.Context, team string) (found []*config.Tenant, err error) {
	if team == "" {
		return nil, nil // no tenant is of no team
	}
	all, index, unlisted := l.latest(ctx)
	all = slices.DeleteFunc(slices.Clone(all), func(c *candidate) bool {
		return c.excluded(index, team)
	})
	forAll(all, func(c *candidate) { l.readOnce(ctx, c) })
	var first, others []*candidate
	for _, c := range all {
		switch unread := c.unread(); {
		case unread != nil:
			err = cmp.Or(err, unread)
		case l.mayBe(c, index, team):
			first = append(first, c)
		default:
			others = append(others, c)
		}
	}
	for _, some := range [][]*candidate{first, others} {
		forAll(some, func(c *candidate) {
			if ctx.Err() == nil {
				l.interpretOnce(ctx, c)
			}
		})
		for _, c := range some {
			loaded := c.parsed()
			if loaded == nil {
				err = cmp.Or(err, ctx.Err())
				continue
			}
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

// forAll calls do for each candidate, for several at the same time.
func forAll(all []*candidate, do func(*candidate)) {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, c := range all {
		group.Go(func() error {
			do(c)
			return nil
		})
	}
	_ = group.Wait() // do returns no error
}

// A candidate is a tenant for ByTeam. Its file is read and parsed when it may be a team's.
type candidate struct {
	name   string
	listed string // the ETag of the file, if the store lists ETags

	mu     sync.Mutex
	before *candidate // of an earlier file, until this one is read
	read   bool
	err    error // why the file could not be read, if nothing else is known of the tenant
	file   file
	etag   string  // of the file that was read; empty if it is to be read again
	loaded *Loaded // nil: not parsed yet
}

// excluded reports whether the file need not be read, since the index says that it is of another
// team.
func (c *candidate) excluded(index index, team string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := index.tenants[c.name]
	return !c.read && c.listed != "" && c.listed == known.ETag && known.Team != team
}

// mayBe reports whether a tenant may be the team's, by all that is known without parsing its file.
func (l *Loader) mayBe(c *candidate, index index, team string) bool {
	if index.tenants[c.name].Team == team || c.mentions(team) || !c.namesTeam() {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.read[c.name].Tenant // of an earlier file
	return t != nil && t.Slack.Team == team
}

// mentions reports whether the ID of a team may be in the file. It is there as it is, unless YAML
// has it escaped.
func (c *candidate) mentions(team string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Contains(c.file.Data, []byte(team)) || bytes.ContainsRune(c.file.Data, '\\')
}

var teamKey = regexp.MustCompile(`team["']?\s*:\s*["']?[TE][A-Z0-9]{8,20}\b`)

// namesTeam reports whether the file seems to name a team. One that is parsed, or too large to be,
// names none, and costs nothing more.
func (c *candidate) namesTeam() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return teamKey.Match(c.file.Data)
}

// unread returns why the file could not be read, if nothing is known of the tenant.
func (c *candidate) unread() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// parsed returns the parsed file, or nil if it is not parsed yet.
func (c *candidate) parsed() *Loaded {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.loaded
}

// of reports whether the candidate is of the file that has the ETag.
func (c *candidate) of(etag string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return etag != "" && etag == c.etag
}

// known reports whether something is known of the tenant by this candidate.
func (c *candidate) known() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read && c.err == nil && (c.loaded == nil || c.loaded.Err == nil)
}

// readOnce reads the file of a candidate. If the store does not give it, the candidate is what was
// last known of the tenant, or else its last valid version. Then the file is read again after
// MaxAge, and soon if there is neither.
func (l *Loader) readOnce(ctx context.Context, c *candidate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.read {
		return
	}
	f, err := l.fetch(ctx, c.name)
	before := c.before
	c.read, c.before = true, nil
	switch {
	case err == nil:
		c.file, c.etag = f, f.ETag
		return
	case errors.Is(err, delivery.ErrNotFound): // removed since it was listed
		c.loaded = &Loaded{Name: c.name}
		return
	case before != nil:
		before.mu.Lock()
		defer before.mu.Unlock()
		c.file, c.etag, c.loaded = before.file, before.etag, before.loaded
		return
	}
	if t, warnings, _ := l.lastGood(ctx, c.name); t != nil {
		c.loaded = &Loaded{Name: c.name, Tenant: t, Warnings: warnings}
		return
	}
	c.err = err
	l.askSoon()
}

// interpretOnce parses the file of a candidate. If the last valid version is needed and cannot be
// read, it takes what was last known, and the file is read again: soon, if nothing was known.
func (l *Loader) interpretOnce(ctx context.Context, c *candidate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loaded != nil {
		return
	}
	loaded, err := l.interpret(ctx, c.name, c.file)
	if err != nil {
		c.etag = ""
		l.mu.Lock()
		loaded = l.read[c.name].Loaded
		l.mu.Unlock()
		if loaded.Name == "" {
			loaded = Loaded{Name: c.name, Err: err}
			l.askSoon()
		}
	}
	c.loaded, c.file = &loaded, file{}
}

// askSoon makes ByTeam ask the store again soon.
func (l *Loader) askSoon() {
	if l.MaxAge == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if soon := l.Now().Add(retry); soon.Before(l.until) {
		l.until = soon
	}
}

// latest returns all tenants and the index, listed not longer ago than MaxAge. If the store does
// not list them, it returns with an error what it last knew.
func (l *Loader) latest(ctx context.Context) ([]*candidate, index, error) {
	l.mu.Lock()
	all, index, err, until := l.last, l.index, l.err, l.until
	l.mu.Unlock()
	if l.MaxAge > 0 && l.Now().Before(until) {
		return all, index, err
	}
	listed, index, err := l.list(ctx, all, index)
	fresh := l.MaxAge
	if err == nil {
		all = listed
	} else {
		fresh = min(fresh, retry)
	}
	l.mu.Lock()
	l.last, l.index, l.err = all, index, err
	if l.MaxAge > 0 {
		l.until = l.Now().Add(fresh)
	}
	l.mu.Unlock()
	return all, index, err
}

// etagger is a store that lists ETags too.
type etagger interface {
	ETags(ctx context.Context, prefix string) (map[string]string, error)
}

// list returns all tenants, by name, and the index. If the store lists the ETag of a file that was
// read before, the candidate is the same. A store that lists no ETags needs no index.
func (l *Loader) list(ctx context.Context, before []*candidate, known index) (
	[]*candidate, index, error) {
	etags, names, known, err := l.listETags(ctx, before == nil, known)
	if err != nil {
		return nil, known, err
	}
	last := make(map[string]*candidate, len(before))
	for _, c := range before {
		last[c.name] = c
	}
	all := make([]*candidate, len(names))
	for i, name := range names {
		etag := etags[delivery.KeysOf(name).Config()]
		c := last[name]
		if c != nil && c.of(etag) {
			all[i] = c
			continue
		}
		all[i] = &candidate{name: name, listed: etag}
		if c != nil && c.known() {
			all[i].before = c
		}
	}
	return all, known, nil
}

// listETags returns the ETags of all files by key, if the store lists them, the names of all
// tenants, and the index. At first it reads the index while the store lists, and later if it is
// another.
func (l *Loader) listETags(ctx context.Context, first bool, known index) (
	etags map[string]string, names []string, now index, err error) {
	s, ok := l.Store.(etagger)
	if !ok {
		names, err = l.Names(ctx)
		return nil, names, known, err
	}
	var reading sync.WaitGroup
	if first {
		reading.Go(func() { known = l.readIndex(ctx, known) })
	}
	etags, err = s.ETags(ctx, delivery.ConfigPrefix)
	reading.Wait()
	if err != nil {
		return nil, nil, known, fmt.Errorf("list the configurations: %w", err)
	}
	switch etag := etags[delivery.TeamsKey]; etag {
	case "":
		known = index{}
	case known.etag:
	default:
		known = l.readIndex(ctx, known)
	}
	return etags, tenantsOf(slices.Sorted(maps.Keys(etags))), known, nil
}
