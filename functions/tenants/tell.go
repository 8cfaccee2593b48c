package tenants

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kindlyweekly/report/delivery"
)

// told is what delivery.Keys.ToldConfig holds.
type told struct {
	ETag  string    `json:"etag"`           // of the broken version
	Told  bool      `json:"told"`           // ops know
	Until time.Time `json:"until,omitzero"` // somebody is telling them until then
}

// telling is for how long one tick may be at it before another takes over.
const telling = 5 * time.Minute

// Tell calls tell unless that was done for this broken version before, or is being done. If tell fails or the process
// dies, a later Tell tries again: ops may in the end hear of a version twice, but never not at all.
func (l *Loader) Tell(ctx context.Context, x Loaded, tell func(ctx context.Context) error) error {
	key := delivery.KeysOf(x.Name).ToldConfig()
	before, condition := told{}, delivery.Absent()
	switch o, err := l.Store.Get(ctx, key); {
	case err == nil:
		condition = delivery.Unchanged(o.ETag)
		if err := json.Unmarshal(o.Data, &before); err != nil {
			before = told{} // told once too often is better than never
		}
	case !errors.Is(err, delivery.ErrNotFound):
		return fmt.Errorf("look whether ops were told: %w", err)
	}
	if before.ETag == x.ETag && (before.Told || l.Now().Before(before.Until)) {
		return nil
	}
	write := func(t told, c delivery.Condition) (etag string, err error) {
		data, err := json.Marshal(t)
		if err != nil {
			return "", err
		}
		return l.Store.Put(ctx, key, delivery.Object{Data: data, Type: "application/json"}, c)
	}
	etag, err := write(told{ETag: x.ETag, Until: l.Now().Add(telling).UTC()}, condition)
	switch {
	case errors.Is(err, delivery.ErrConflict):
		return nil // another tick is at it
	case err != nil:
		return fmt.Errorf("note that ops are being told: %w", err)
	}
	if err := tell(ctx); err != nil {
		return err
	}
	if _, err := write(told{ETag: x.ETag, Told: true}, delivery.Unchanged(etag)); err != nil && !errors.Is(err, delivery.ErrConflict) {
		return fmt.Errorf("note that ops were told: %w", err)
	}
	return nil
}
