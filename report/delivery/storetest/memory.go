package storetest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"

	"kindlyweekly/report/delivery"
)

// Memory is a store in memory, for tests of what stands on a store. The zero Memory is empty.
type Memory struct {
	mu      sync.Mutex
	objects map[string]delivery.Object
	keys    []string // sorted, so that a List of a few among many is cheap
}

// Get returns an object, or delivery.ErrNotFound.
func (m *Memory) Get(ctx context.Context, key string) (delivery.Object, error) {
	if err := check(ctx, delivery.CheckKey(key)); err != nil {
		return delivery.Object{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok := m.objects[key]
	if !ok {
		return delivery.Object{}, delivery.ErrNotFound
	}
	if err := delivery.CheckSize(key, int64(len(o.Data))); err != nil {
		return delivery.Object{}, err
	}
	o.Data = bytes.Clone(o.Data)
	return o, nil
}

// Put writes an object if the condition holds.
func (m *Memory) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	if err := check(ctx, cmp.Or(delivery.CheckKey(key),
		delivery.CheckSize(key, int64(len(o.Data))))); err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	standing, ok := m.objects[key]
	if ok && c.IfAbsent() || c.IfMatch() != "" && standing.ETag != c.IfMatch() {
		return "", delivery.ErrConflict
	}
	sum := sha256.Sum256(o.Data)
	o.Data, o.ETag = bytes.Clone(o.Data), hex.EncodeToString(sum[:])
	if m.objects == nil {
		m.objects = map[string]delivery.Object{}
	}
	if !ok {
		i, _ := slices.BinarySearch(m.keys, key)
		m.keys = slices.Insert(m.keys, i, key)
	}
	m.objects[key] = o
	return o.ETag, nil
}

// Plant writes an object that a Put refuses, as people do who write to a bucket by other means.
func (m *Memory) Plant(key string, data []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.objects == nil {
		m.objects = map[string]delivery.Object{}
	}
	if i, known := slices.BinarySearch(m.keys, key); !known {
		m.keys = slices.Insert(m.keys, i, key)
	}
	sum := sha256.Sum256(data)
	m.objects[key] = delivery.Object{Data: data, ETag: hex.EncodeToString(sum[:])}
}

// List returns the keys that begin with the prefix, in the order of their bytes.
func (m *Memory) List(ctx context.Context, prefix string) ([]string, error) {
	if err := check(ctx, delivery.CheckPrefix(prefix)); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	begin, _ := slices.BinarySearch(m.keys, prefix)
	for _, key := range m.keys[begin:] {
		if !strings.HasPrefix(key, prefix) {
			break
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// Expire removes the objects whose keys are old, as the lifecycle of a bucket does.
func (m *Memory) Expire(old func(key string) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys = slices.DeleteFunc(m.keys, old)
	maps.DeleteFunc(m.objects, func(key string, _ delivery.Object) bool { return old(key) })
}

func check(ctx context.Context, bad error) error {
	if bad != nil {
		return bad
	}
	return ctx.Err()
}
