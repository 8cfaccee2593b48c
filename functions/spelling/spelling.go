// Package spelling keeps, with a deployment, how Kindly's statistics service spells what package
// sage assumes of it.
//
// The command doctor finds it out and saves it as sage.json in the bucket. The worker and the
// commands that build reports read it there. What cannot be read never stops a report: the service
// is then asked as package sage assumes.
package spelling

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"kindlyweekly/report/delivery"
	"kindlyweekly/sage"
)

// key is the key of the spelling in the bucket.
const key = "sage.json"

// file is what is stored. Keys are only added.
type file struct {
	Schema  int     `json:"schema"` // 1
	Buttons buttons `json:"buttons"`
}

// buttons are the fields of a [sage.Spelling].
type buttons struct {
	Path     string `json:"path,omitempty"`
	Text     string `json:"text,omitempty"`
	Dialogue string `json:"dialogue,omitempty"`
}

// Read returns the spelling in a store. It returns the zero Spelling if none was saved. Its error
// names the object.
func Read(ctx context.Context, store delivery.Store) (sage.Spelling, error) {
	s, _, err := read(ctx, store)
	return s, err
}

// read is Read, and returns the ETag of the object, also if it cannot be decoded.
func read(ctx context.Context, store delivery.Store) (s sage.Spelling, etag string, err error) {
	o, err := store.Get(ctx, key)
	if errors.Is(err, delivery.ErrNotFound) {
		return s, "", nil
	}
	if err != nil {
		return s, "", fmt.Errorf("%s: %w", key, err)
	}
	var f file
	if err = json.Unmarshal(o.Data, &f); err == nil && f.Schema != 1 {
		err = fmt.Errorf("schema %d is not one of this version", f.Schema)
	}
	s = sage.Spelling{ButtonPath: f.Buttons.Path, ButtonText: f.Buttons.Text,
		ButtonDialogue: f.Buttons.Dialogue}
	if err == nil {
		err = s.Check()
	}
	if err != nil {
		return sage.Spelling{}, o.ETag, fmt.Errorf("%s: %w", key, err)
	}
	return s, o.ETag, nil
}

// Save writes the spelling, in the place of the one that is there. It returns an error that wraps
// delivery.ErrConflict if another process writes it at the same time.
func Save(ctx context.Context, store delivery.Store, s sage.Spelling) error {
	if err := s.Check(); err != nil {
		return err
	}
	_, etag, err := read(ctx, store)
	if err != nil && etag == "" {
		return err
	}
	condition := delivery.Absent()
	if etag != "" {
		condition = delivery.Unchanged(etag)
	}
	data, err := json.MarshalIndent(file{1, buttons{s.ButtonPath, s.ButtonText, s.ButtonDialogue}},
		"", "  ")
	if err != nil {
		return err
	}
	object := delivery.Object{Data: append(data, '\n'), Type: "application/json"}
	if _, err := store.Put(ctx, key, object, condition); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// A Reader is a process's view of the spelling in a store. It is safe for concurrent use. Set its
// fields before the first use.
type Reader struct {
	Store delivery.Store
	Now   func() time.Time
	Log   *slog.Logger // is told what cannot be read

	mu    sync.Mutex
	last  sage.Spelling
	until time.Time // when the store is asked again
}

const (
	maxAge  = 15 * time.Minute // for which a spelling is used without asking the store
	retry   = time.Minute      // after which the store is asked again if that failed
	timeout = 5 * time.Second  // of reading
)

// Spelling returns the spelling, at most 15 minutes old. If it cannot be read, Spelling returns the
// last one that could, by default the zero Spelling.
func (r *Reader) Spelling(ctx context.Context) sage.Spelling {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Now()
	if now.Before(r.until) {
		return r.last
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	s, err := Read(ctx, r.Store)
	if err != nil {
		r.Log.WarnContext(ctx, "the spelling of button clicks could not be read", "error", err)
		r.until = now.Add(retry)
		return r.last
	}
	r.last, r.until = s, now.Add(maxAge)
	return s
}
