package storetest

import (
	"context"
	"strings"
	"sync"

	"kindlyweekly/report/delivery"
)

// Wrapped is a store whose calls pass through Around. Around calls do, or returns an error in its
// place. The call is get, put or list; the key of a list is its prefix.
type Wrapped struct {
	delivery.Store
	Around func(ctx context.Context, call, key string, do func() error) error
}

// Get calls Around.
func (w Wrapped) Get(ctx context.Context, key string) (o delivery.Object, err error) {
	err = w.Around(ctx, "get", key, func() (err error) { o, err = w.Store.Get(ctx, key); return })
	return o, err
}

// Put calls Around.
func (w Wrapped) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (etag string, err error) {
	err = w.Around(ctx, "put", key, func() (err error) {
		etag, err = w.Store.Put(ctx, key, o, c)
		return
	})
	return etag, err
}

// List calls Around.
func (w Wrapped) List(ctx context.Context, prefix string) (keys []string, err error) {
	err = w.Around(ctx, "list", prefix, func() (err error) {
		keys, err = w.Store.List(ctx, prefix)
		return
	})
	return keys, err
}

// Unreadable returns a store that fails to get keys which contain a text.
func Unreadable(s delivery.Store, text string, err error) Wrapped {
	return Wrapped{s, func(_ context.Context, call, key string, do func() error) error {
		if call == "get" && strings.Contains(key, text) {
			return err
		}
		return do()
	}}
}

// FailOnce returns a store that fails at call n, from 0. After that, failed returns the call and
// its key; before that, it returns an empty text.
func FailOnce(s delivery.Store, n int, err error) (store Wrapped, failed func() string) {
	var mu sync.Mutex
	var at string
	store = Wrapped{s, func(_ context.Context, call, key string, do func() error) error {
		mu.Lock()
		n--
		fails := n == -1
		if fails {
			at = call + " " + key
		}
		mu.Unlock()
		if fails {
			return err
		}
		return do()
	}}
	return store, func() string {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
}
