package tick_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"

	"kindlyweekly/functions/log"
	"kindlyweekly/functions/tick"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// scale measures what lives in memory while a tick goes on: whenever it begins with a tenant, has
// found what is due, and writes down what ops are to hear. Of tenants other than the
// largest it looks at some.
type scale struct {
	*store
	mu   sync.Mutex
	most uint64
	when string
	came int
}

func (s *scale) weigh(what, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.came++; s.came%60 != 0 && !strings.Contains(key, "hostile") {
		return
	}
	if live := live(); live > s.most {
		s.most, s.when = live, what+" "+key
	}
}

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (s *scale) Get(ctx context.Context, key string) (delivery.Object, error) {
	if strings.HasSuffix(key, ".yaml") || strings.HasSuffix(key, "state.json") {
		s.weigh("get", key)
	}
	return s.store.Get(ctx, key)
}

func (s *scale) List(ctx context.Context, prefix string) ([]string, error) {
	s.weigh("list", prefix)
	return s.store.List(ctx, prefix)
}

func (s *scale) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	if strings.HasSuffix(key, "state.json") || strings.HasSuffix(key, "known.json") {
		s.weigh("put", key)
	}
	return s.store.Put(ctx, key, o, c)
}

// heavy is the file of a tenant with so many bots, each of which has so many recipients.
func heavy(name string, bots, recipients int) string {
	var file strings.Builder
	fmt.Fprintf(&file,
		"mail: {from: weekly@example.com}\nops: {channels: C0%sOPS1}\ndefaults:\n  tz: Europe/Oslo\n  recipients:\n", strings.ToUpper(name))
	for i := range recipients {
		fmt.Fprintf(&file, "    - r%d@example.com\n", i)
	}
	file.WriteString("bots:\n")
	for i := range bots {
		fmt.Fprintf(&file, "  - {id: b%d}\n", i)
	}
	return file.String()
}

// A hundred tenants have a hundred bots each, and one has a hostile file: 600 bots with 1,000
// recipients each. All fall due at once, nothing is done, and the receipts of the Monday are made.
// The tick has 512 MB.
func TestTick_Memory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	// Bytes that live, without what the store held before. 80 to 95 MB are usual, and 122 MB were
	// measured with the race detector on a busy machine: it depends on how many tenants are handled
	// at a time. Without its limits the hostile file alone needs 575 MB.
	const most = 200 << 20
	w := begin(t)
	s := &scale{store: w.store}
	w.Tenants.Store, w.Ledger.Store = s, s
	w.Log, w.Notifier.Log = slog.New(slog.DiscardHandler), log.New(discard{}, slog.LevelError)
	for i := range 100 {
		name := fmt.Sprintf("tenant%03d", i)
		w.config(name, heavy(name, 100, 2))
	}
	w.config("hostile", heavy("hostile", 600, 1000))
	tick := func(when string) tick.Counts {
		w.clock = at(when)
		w.queued = nil
		before := live()
		s.most = 0
		counts, err := w.Handle(t.Context(), tick.Tick{Time: at(when).UTC()})
		if err != nil {
			t.Fatal(err)
		}
		grown := int64(s.most) - int64(before)
		t.Logf("%s: %d jobs, %d missed, %d MB at most, on %s; %d MB stay", when, counts.Queued,
			counts.Missed, grown>>20, s.when, (int64(live())-int64(before))>>20)
		if grown > most {
			t.Errorf("%s: %d MB live on %s, more than %d", when, grown>>20, s.when, most>>20)
		}
		return counts
	}
	tick("2026-11-13 12:00")
	if c := tick("2026-11-16 08:00"); c.Queued != 100*100+config.MostDeliveries/config.MostDestinations {
		t.Errorf("%d jobs", c.Queued)
	}
	tick("2026-11-16 16:00") // all wait, and the receipts come
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
