package settings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kindlyweekly/report/delivery"
)

// configuration is a tenant's configuration in a deployment, with all its versions:
//
//	<tenant>/config/log-000007.json
type configuration struct {
	store delivery.Store
	keys  delivery.Keys
}

// version is an entry of a configuration's log.
type version struct {
	Number int       `json:"number"` // from 1
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	Why    string    `json:"why"`
	Back   int       `json:"back,omitempty"` // the version that this one puts back
	Text   string    `json:"text"`
}

// now returns the configuration in force, or the zero Object if there is none.
func (c configuration) now(ctx context.Context) (delivery.Object, error) {
	o, err := c.store.Get(ctx, c.keys.Config())
	if errors.Is(err, delivery.ErrNotFound) {
		return delivery.Object{}, nil
	}
	return o, err
}

// replace puts next into force instead of now, and logs it. If now is not in the log, it logs now
// first, so that a rollback can restore it. It fails if the configuration has changed since now was
// read.
func (c configuration) replace(ctx context.Context, now delivery.Object,
	next version) (etag string, number int, err error) {
	versions, err := c.versions(ctx)
	if err != nil {
		return "", 0, err
	}
	known := slices.ContainsFunc(versions,
		func(v version) bool { return v.Text == string(now.Data) })
	if n := len(versions); now.ETag != "" && !known {
		found := version{At: next.At, Who: "unknown",
			Why:  "was in force when version " + fmt.Sprint(n+2) + " was pushed",
			Text: string(now.Data)}
		if _, err := c.log(ctx, n+1, found); err != nil {
			return "", 0, err
		}
		versions = append(versions, found)
	}
	condition := delivery.Absent()
	if now.ETag != "" {
		condition = delivery.Unchanged(now.ETag)
	}
	etag, err = c.store.Put(ctx, c.keys.Config(),
		delivery.Object{Data: []byte(next.Text), Type: "application/yaml"}, condition)
	if errors.Is(err, delivery.ErrConflict) {
		return "", 0,
			errors.New("the configuration has just changed; nothing was written: pull, and make your changes again")
	}
	if err != nil {
		return "", 0, err
	}
	if number, err = c.log(ctx, len(versions)+1, next); err != nil {
		return "", 0,
			fmt.Errorf("the new version is in force but not in the log; the next push logs it, without your name: %w", err)
	}
	return etag, number, nil
}

// log stores a version under the number, or under the next free one.
func (c configuration) log(ctx context.Context, number int, v version) (int, error) {
	for {
		v.Number = number
		data, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return 0, err
		}
		_, err = c.store.Put(ctx, c.folder()+fmt.Sprintf("log-%06d.json", number),
			delivery.Object{Data: data, Type: "application/json"}, delivery.Absent())
		if !errors.Is(err, delivery.ErrConflict) {
			return number, err
		}
		number++
	}
}

// alike returns an error if another tenant's name differs only in case: on some file systems both
// would be one file.
func (c configuration) alike(ctx context.Context, tenant string) error {
	all, err := c.store.List(ctx, delivery.ConfigPrefix)
	if err != nil {
		return err
	}
	for _, key := range all {
		if other, ok := delivery.TenantOf(key); ok && other != tenant &&
			strings.EqualFold(other, tenant) {
			return fmt.Errorf("there is no tenant %s, but there is %s: write --tenant %s, or another name", tenant, other, other)
		}
	}
	return nil
}

// folder returns the folder of the versions.
func (c configuration) folder() string { return path.Dir(c.keys.GoodConfig()) + "/" }

// versions returns all versions, the first one first.
func (c configuration) versions(ctx context.Context) ([]version, error) {
	all, err := c.store.List(ctx, c.folder())
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, key := range all {
		if strings.HasPrefix(path.Base(key), "log-") {
			keys = append(keys, key)
		}
	}
	versions := make([]version, len(keys))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for i, key := range keys {
		group.Go(func() error {
			o, err := c.store.Get(ctx, key)
			if err == nil {
				err = json.Unmarshal(o.Data, &versions[i])
			}
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			return nil
		})
	}
	return versions, group.Wait()
}
