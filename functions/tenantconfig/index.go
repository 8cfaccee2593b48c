package tenantconfig

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kindlyweekly/report/delivery"
)

// An index has the Slack team of each tenant, so that ByTeam need not read all files. It is the
// object [delivery.TeamsKey].
//
// A file without mistakes alone decides which team its tenant has. So the index can exclude it as
// long as the store lists the ETag that the index has. Of a file with mistakes the index has no
// ETag, and it is read: since the index was written, its tenant may have got another last valid
// version.
type index struct {
	etag    string
	tenants map[string]indexed // by name
}

type indexed struct {
	ETag string `json:"etag,omitempty"` // of the file, if it is without mistakes
	Team string `json:"team,omitempty"` // of the configuration in force
}

// indexFile is an index as it is stored. Keys are only added to it.
type indexFile struct {
	Schema  int                `json:"schema"` // 1
	Tenants map[string]indexed `json:"tenants"`
}

// readIndex returns the index of the store. If the store does not give it, it returns the one that
// is known.
func (l *Loader) readIndex(ctx context.Context, known index) index {
	o, err := l.Store.Get(ctx, delivery.TeamsKey)
	if err != nil {
		return known
	}
	return parseIndex(o)
}

// parseIndex returns the index of an object; empty if it is damaged or of another schema.
func parseIndex(o delivery.Object) index {
	var f indexFile
	if err := json.Unmarshal(o.Data, &f); err != nil || f.Schema != 1 {
		return index{etag: o.ETag}
	}
	return index{o.ETag, f.Tenants}
}

// SaveIndex writes the index for ByTeam, of what the loader has last read of the named tenants. Of
// a tenant that it could not read, the index stays as it is. If nothing has changed, or another
// tick writes the index at the same time, SaveIndex writes nothing. Without SaveGood it does
// nothing.
func (l *Loader) SaveIndex(ctx context.Context, names []string) error {
	if !l.SaveGood {
		return nil
	}
	o, err := l.Store.Get(ctx, delivery.TeamsKey)
	condition := delivery.Unchanged(o.ETag) // none if it is too large
	switch _, tooLarge := errors.AsType[*delivery.TooLargeError](err); {
	case errors.Is(err, delivery.ErrNotFound):
		condition = delivery.Absent()
	case err != nil && !tooLarge:
		return fmt.Errorf("read the index of teams: %w", err)
	}
	before, now := parseIndex(o), make(map[string]indexed, len(names))
	l.mu.Lock()
	for _, name := range names {
		if v, ok := l.read[name]; ok {
			now[name] = v.indexed
		} else {
			now[name] = before.tenants[name]
		}
	}
	l.mu.Unlock()
	data, err := json.Marshal(indexFile{Schema: 1, Tenants: now})
	if err != nil {
		return err
	}
	if data = append(data, '\n'); bytes.Equal(data, o.Data) {
		return nil
	}
	_, err = l.Store.Put(ctx, delivery.TeamsKey,
		delivery.Object{Data: data, Type: "application/json"}, condition)
	if err != nil && !errors.Is(err, delivery.ErrConflict) {
		return fmt.Errorf("write the index of teams: %w", err)
	}
	return nil
}
