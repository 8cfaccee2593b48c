package storetest_test

import (
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) delivery.Store { return new(storetest.Memory) })
	m := new(storetest.Memory)
	storetest.Limits(t, m, m.Plant)
}

// What has expired is as if it had never been there, and everything else stays.
func TestMemoryExpires(t *testing.T) {
	m := new(storetest.Memory)
	put := func(key string) error {
		_, err := m.Put(t.Context(), key, delivery.Object{}, delivery.Absent())
		return err
	}
	for _, key := range []string{"acme/old/1", "acme/new/1", "acme/old/2", "acme/new/2"} {
		if err := put(key); err != nil {
			t.Fatal(err)
		}
	}
	m.Expire(func(key string) bool { return strings.HasPrefix(key, "acme/old/") })
	if keys, err := m.List(t.Context(), "acme/"); err != nil || !slices.Equal(keys, []string{"acme/new/1", "acme/new/2"}) {
		t.Errorf("%q, %v", keys, err)
	}
	if err := put("acme/old/2"); err != nil {
		t.Error(err)
	}
	if err := put("acme/new/2"); err == nil {
		t.Error("acme/new/2 has expired too")
	}
	if keys, err := m.List(t.Context(), "acme/old/"); err != nil || !slices.Equal(keys, []string{"acme/old/2"}) {
		t.Errorf("%q, %v", keys, err)
	}
}
