// Package storetest tests implementations of [delivery.Store]. It also has one in memory.
//
// [Run] is the whole suite. [Operations] is the part of it without races, for emulators of S3 that
// do not serialize conditional writes as S3 does. [Faulty] is the races, for a store that sometimes
// cannot tell what became of a Put.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"kindlyweekly/report/delivery"
)

// Run holds a store to its contract. open returns an empty one.
func Run(t *testing.T, open func(t *testing.T) delivery.Store) {
	Operations(t, open)
	races(t, open, false)
}

// Limits holds an empty store to reading no object beyond its limit, and to writing none. plant
// writes one all the same.
func Limits(t *testing.T, s delivery.Store, plant func(key string, data []byte)) {
	const key = "acme/done/2026-W46/shop/slack-C024BE91L"
	most := int(delivery.MaxBytes(key))
	within := delivery.Object{Data: bytes.Repeat([]byte("x"), most)}
	etag, err := s.Put(t.Context(), key, within, delivery.Absent())
	if err != nil {
		t.Fatalf("put %d bytes: %v", most, err)
	}
	if o, err := s.Get(t.Context(), key); err != nil || len(o.Data) != most {
		t.Fatalf("get %d of %d bytes: %v", len(o.Data), most, err)
	}
	beyond := delivery.Object{Data: append(within.Data, 'x')}
	tooLarge := func(what string, err error) {
		t.Helper()
		if x, ok := errors.AsType[*delivery.TooLargeError](err); !ok ||
			*x != (delivery.TooLargeError{Key: key, Max: int64(most)}) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = s.Put(t.Context(), key, beyond, delivery.Unchanged(etag))
	tooLarge("put beyond the limit", err)
	if o, err := s.Get(t.Context(), key); err != nil || o.ETag != etag {
		t.Errorf("a Put that was refused has written: %v", err)
	}
	plant(key, beyond.Data)
	o, err := s.Get(t.Context(), key)
	if tooLarge("get beyond the limit", err); o.Data != nil {
		t.Errorf("%d bytes came with the error", len(o.Data))
	}
	if keys, err := s.List(t.Context(), "acme/done/"); err != nil || len(keys) != 1 {
		t.Errorf("list: %v, %v", keys, err)
	}
}

// Faulty runs the races and allows for errors other than delivery.ErrConflict, which leave open
// what was written. open returns an empty store.
func Faulty(t *testing.T, open func(t *testing.T) delivery.Store) { races(t, open, true) }

// Operations holds a store to what its contract says of one operation after the other. open returns
// an empty one.
func Operations(t *testing.T, open func(t *testing.T) delivery.Store) {
	run := func(name string, test func(t *testing.T, s store)) {
		t.Run(name, func(t *testing.T) { test(t, store{t, open(t)}) })
	}

	run("what is put is got", func(t *testing.T, s store) {
		everyByte := make([]byte, 300_000)
		for i := range everyByte {
			everyByte[i] = byte(i)
		}
		for name, data := range map[string][]byte{"empty": {}, "text": []byte("två\r\n"),
			"bytes": everyByte} {
			given := bytes.Clone(data)
			etag, err := s.Put(t.Context(), "acme/"+name,
				delivery.Object{Data: given, Type: "text/plain"}, delivery.Condition{})
			if err != nil || etag == "" {
				t.Fatalf("put %s: ETag %q, %v", name, etag, err)
			}
			clear(given) // the store is to have its own
			if o := s.get("acme/" + name); !bytes.Equal(o.Data, data) || o.ETag != etag {
				t.Errorf("%s: got %d bytes with ETag %s; put %d with %s", name, len(o.Data), o.ETag,
					len(data), etag)
			}
		}
	})

	run("what is not there is not found", func(t *testing.T, s store) {
		s.put("acme/ledger/known.json", "{}", delivery.Condition{})
		for _, key := range []string{"acme/ledger/known", "acme/ledger/known.json.json",
			"acme2/ledger/known.json", "other"} {
			if _, err := s.Get(t.Context(), key); !errors.Is(err, delivery.ErrNotFound) {
				t.Errorf("get %s: %v", key, err)
			}
		}
		if keys, err := s.List(t.Context(), "nobody/"); err != nil || len(keys) != 0 {
			t.Errorf("list nobody/: %v, %v", keys, err)
		}
	})

	run("absent", func(t *testing.T, s store) {
		s.put("k", "first", delivery.Absent())
		s.conflict("k", "second", delivery.Absent())
		s.conflict("k", "first", delivery.Absent()) // though it is the same
		s.holds("k", "first")
	})

	run("unchanged", func(t *testing.T, s store) {
		first := s.put("k", "first", delivery.Condition{})
		second := s.put("k", "second", delivery.Unchanged(first))
		if first == second {
			t.Errorf("two contents have the ETag %s", first)
		}
		s.conflict("k", "third", delivery.Unchanged(first))
		s.conflict("other", "third", delivery.Unchanged(first))
		s.holds("k", "second")
		s.put("k", "third", delivery.Unchanged(s.get("k").ETag))
		s.holds("k", "third")
		if _, err := s.Get(t.Context(), "other"); !errors.Is(err, delivery.ErrNotFound) {
			t.Errorf("a Put that failed has written: %v", err)
		}
	})

	run("always", func(t *testing.T, s store) {
		s.put("k", "first", delivery.Condition{})
		s.put("k", "a longer second", delivery.Condition{})
		s.put("k", "3", delivery.Condition{})
		s.holds("k", "3")
	})

	run("list", func(t *testing.T, s store) {
		want := map[string][]string{
			"acme/done/":          nil,
			"acme/done/2026-W46/": nil,
			"acme-2/":             {"acme-2/done/2026-W46/b/d"},
			"acme2/":              {"acme2/done/2026-W46/b/d"},
			"acme/done/2026-W4/":  {},
		}
		for i := range 40 { // more than a page, where there are pages
			key := fmt.Sprintf("acme/done/2026-W46/bot-%d/slack-C%d", i%7, i)
			want["acme/done/2026-W46/"] = append(want["acme/done/2026-W46/"], key)
		}
		want["acme/done/2026-W46/"] = append(want["acme/done/2026-W46/"],
			"acme/done/2026-W46/a/x", "acme/done/2026-W46/a-b/x", "acme/done/2026-W46/a.b",
			"acme/done/2026-W46/A/x", "acme/done/2026-W46/a_b/x")
		want["acme/done/"] = append(slices.Clone(want["acme/done/2026-W46/"]),
			"acme/done/2026-W47/b/d")
		for _, prefix := range []string{"acme/done/", "acme-2/", "acme2/"} {
			for _, key := range want[prefix] {
				s.put(key, "", delivery.Condition{})
			}
		}
		for prefix, keys := range want {
			slices.Sort(keys)
			if got, err := s.List(t.Context(), prefix); err != nil || !slices.Equal(got, keys) {
				t.Errorf("list %s: %v\ngot  %q\nwant %q", prefix, err, got, keys)
			}
		}
	})

	run("keys that lead elsewhere are refused", func(t *testing.T, s store) {
		for _, key := range []string{
			"", "/", "/etc/passwd", "a/", "a//b", ".", "..", "../b", "a/..", "a/../b", "a/./b",
			".lock", "a/.hidden", `a\b`, "C:b",
			"a b", "a\nb", "a\x00b", "å", "a%2Fb", "a?b", "a#b", "a*", "~",
			"a/" + strings.Repeat("x", 1100),
		} {
			if _, err := s.Get(t.Context(), key); err == nil ||
				errors.Is(err, delivery.ErrNotFound) {
				t.Errorf("get %q: %v", key, err)
			}
			if _, err := s.Put(t.Context(), key, delivery.Object{},
				delivery.Absent()); err == nil || errors.Is(err, delivery.ErrConflict) {
				t.Errorf("put %q: %v", key, err)
			}
		}
		for _, prefix := range []string{"", "/", "acme", "../", "acme/../", "acme//", "acme/x",
			"./"} {
			if _, err := s.List(t.Context(), prefix); err == nil {
				t.Errorf("list %q was not refused", prefix)
			}
		}
	})

	run("a canceled context has no effect", func(t *testing.T, s store) {
		stopped, stop := context.WithCancel(t.Context())
		stop()
		if _, err := s.Put(stopped, "k", delivery.Object{}, delivery.Condition{}); !errors.Is(err,
			context.Canceled) {
			t.Errorf("put: %v", err)
		}
		if _, err := s.Get(stopped, "k"); !errors.Is(err, context.Canceled) {
			t.Errorf("get: %v", err)
		}
		if _, err := s.List(stopped, "a/"); !errors.Is(err, context.Canceled) {
			t.Errorf("list: %v", err)
		}
		if _, err := s.Get(t.Context(), "k"); !errors.Is(err, delivery.ErrNotFound) {
			t.Errorf("get: %v", err)
		}
	})
}

func races(t *testing.T, open func(t *testing.T) delivery.Store, faulty bool) {
	// race has a hundred goroutines put what data says under the same condition. data is "" where
	// all write the same.
	race := func(t *testing.T, s store, data func(i int) string, c delivery.Condition) {
		t.Helper()
		errs := together(100, func(i int) error {
			_, err := s.Put(t.Context(), "acme/k", delivery.Object{Data: []byte(data(i))}, c)
			return err
		})
		won, open := 0, 0
		written := string(s.get("acme/k").Data)
		for i, err := range errs {
			switch {
			case err == nil:
				won++
				if written != data(i) {
					t.Errorf("%d has won, but it holds %q", i, written)
				}
			case !errors.Is(err, delivery.ErrConflict):
				open++
				if !faulty {
					t.Errorf("a loser's error: %v", err)
				}
			case written != "" && written == data(i):
				t.Errorf("%d was told of a conflict, but it holds %q", i, written)
			}
		}
		if won > 1 || won+open == 0 {
			t.Errorf("%d have won", won)
		}
	}
	own := func(i int) string { return "written by " + strconv.Itoa(i) }
	same := func(int) string { return "" }

	t.Run("one of a hundred is first", func(t *testing.T) {
		race(t, store{t, open(t)}, own, delivery.Absent())
	})
	t.Run("one of a hundred is first though all write the same", func(t *testing.T) {
		race(t, store{t, open(t)}, same, delivery.Absent())
	})
	t.Run("one of a hundred changes it", func(t *testing.T) {
		s := store{t, open(t)}
		race(t, s, own, delivery.Unchanged(s.put("acme/k", "before", delivery.Condition{})))
	})

	t.Run("no addition is lost or made twice", func(t *testing.T) {
		s := store{t, open(t)}
		s.put("acme/sum", "", delivery.Absent())
		const adders, additions = 8, 5
		var want []string
		for i := range adders * additions {
			want = append(want, fmt.Sprintf("%d of %d", i/adders, i%adders))
		}
		for _, err := range together(adders, func(adder int) error {
			for added := 0; added < additions; {
				o, err := s.Get(t.Context(), "acme/sum")
				if err != nil {
					return err
				}
				mine := fmt.Sprintf("%d of %d\n", added, adder)
				if strings.Contains(string(o.Data), mine) { // whatever the Put said
					added++
					continue
				}
				_, err = s.Put(t.Context(), "acme/sum",
					delivery.Object{Data: append(o.Data, mine...)}, delivery.Unchanged(o.ETag))
				if err == nil {
					added++
				} else if !faulty && !errors.Is(err, delivery.ErrConflict) {
					return err
				}
			}
			return nil
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		got := strings.Split(strings.TrimSpace(string(s.get("acme/sum").Data)), "\n")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})

	t.Run("a read returns one whole write", func(t *testing.T) {
		s := store{t, open(t)}
		content := func(i int) string { return strings.Repeat(string(rune('a'+i)), 50_000) }
		s.put("acme/k", content(0), delivery.Absent())
		for _, err := range together(16, func(i int) error {
			for range 5 {
				if i%2 == 0 {
					if _, err := s.Put(t.Context(), "acme/k",
						delivery.Object{Data: []byte(content(i))},
						delivery.Condition{}); err != nil {
						return err
					}
					continue
				}
				o, err := s.Get(t.Context(), "acme/k")
				if err != nil {
					return err
				}
				if len(o.Data) != 50_000 || strings.Trim(string(o.Data), string(o.Data[:1])) != "" {
					return fmt.Errorf("%d bytes of more than one writing", len(o.Data))
				}
				if keys, err := s.List(t.Context(), "acme/"); err != nil ||
					!slices.Equal(keys, []string{"acme/k"}) {
					return fmt.Errorf("list: %q, %w", keys, err)
				}
			}
			return nil
		}) {
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// together runs f(0) to f(n-1) at the same time and returns their errors.
func together(n int, f func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// store is the store under test with what its tests ask of it again and again.
type store struct {
	t *testing.T
	delivery.Store
}

func (s store) get(key string) delivery.Object {
	s.t.Helper()
	o, err := s.Get(s.t.Context(), key)
	if err != nil {
		s.t.Fatalf("get %s: %v", key, err)
	}
	return o
}

func (s store) put(key, data string, c delivery.Condition) (etag string) {
	s.t.Helper()
	etag, err := s.Put(s.t.Context(), key, delivery.Object{Data: []byte(data)}, c)
	if err != nil {
		s.t.Fatalf("put %s: %v", key, err)
	}
	return etag
}

func (s store) conflict(key, data string, c delivery.Condition) {
	s.t.Helper()
	if etag, err := s.Put(s.t.Context(), key, delivery.Object{Data: []byte(data)},
		c); !errors.Is(err, delivery.ErrConflict) {
		s.t.Errorf("put %s: ETag %q, %v; want a conflict", key, etag, err)
	}
}

func (s store) holds(key, data string) {
	s.t.Helper()
	if got := string(s.get(key).Data); got != data {
		s.t.Errorf("%s holds %q, want %q", key, got, data)
	}
}
