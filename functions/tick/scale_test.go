package tick_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/internal/cgroup"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/tick"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/period"
)

var (
	sizes   = flag.String("bots", "1000", "how many bots the measured deployments have")
	perFile = flag.Int("per-tenant", 100, "bots of each tenant that is measured")
	wait    = flag.Duration("latency", 0, "how long each call of the store takes")
	onWire  = flag.Bool("wire", false, "measure with the AWS SDK, and with S3 and SQS in a process")
	share   = flag.Float64("share", 0, "of a processor that the tick has; 0: all it finds")
)

// fleet is a store of tenants with equal bots, each with two recipients. What it was not given it
// computes, so that it takes no memory of its own: the configurations, and what workers have
// written by the moment. It counts its calls as S3 does: a LIST for each 1,000 keys.
type fleet struct {
	tenants, bots   int
	over, failed    int           // bots of a tenant whose reports are over, or failed
	week            period.Period // that is due
	known           delivery.FirstSeen
	config          []byte
	good            []byte
	knownData       []byte
	given           storetest.Memory
	gets, absent    atomic.Int64 // absent: GETs of an object that does not exist
	absentRecords   atomic.Int64
	lists, puts     atomic.Int64
	callsAtOnce     atomic.Int64
	mostCallsAtOnce atomic.Int64
	batches, opened atomic.Int64        // on the wire: batches of jobs, and connections
	remote          func(setting) tally // the fleet of the process with S3 and SQS
}

// setting is the state of all tenants at a tick.
type setting struct {
	Week         period.Period
	Over, Failed int
}

// tally is what was called during a tick.
type tally struct {
	Lists, Gets, Absent, AbsentRecords, Puts, AtOnce, Batches, Opened int64
}

// reset returns what was called since the last reset.
func (f *fleet) reset() tally {
	if f.remote != nil {
		return f.remote(setting{f.week, f.over, f.failed})
	}
	return tally{f.lists.Swap(0), f.gets.Swap(0), f.absent.Swap(0), f.absentRecords.Swap(0),
		f.puts.Swap(0), f.mostCallsAtOnce.Swap(0), f.batches.Swap(0), f.opened.Swap(0)}
}

// tenantsName keeps the order of tenants that of their keys.
func tenantsName(i int) string { return fmt.Sprintf("t%05d", i) }

func newFleet(bots, each int) *fleet {
	f := &fleet{tenants: (bots + each - 1) / each, bots: min(bots, each)}
	f.config = []byte(heavy("fleet", f.bots, 2))
	f.good = config.ForVersionBefore(f.config)
	f.known = delivery.FirstSeen{}
	before := at("2026-11-01 12:00").UTC()
	for i := range f.bots {
		f.known["b"+strconv.Itoa(i)] = map[string]time.Time{
			recipient(0).ID(): before, recipient(1).ID(): before}
	}
	f.knownData, _ = json.Marshal(f.known)
	return f
}

func recipient(i int) config.Destination {
	return config.Destination{Medium: config.Mail, To: fmt.Sprintf("r%d@example.com", i)}
}

// exists reports whether the deliveries of a bot's week have marks and records. Those of earlier
// weeks are over.
func (f *fleet) exists(w string, bot int) (done, record bool) {
	if w != f.week.String() {
		return true, true
	}
	return bot < f.over, bot < f.over+f.failed
}

func (f *fleet) call(calls *atomic.Int64, n int) func() {
	calls.Add(int64(n))
	now := f.callsAtOnce.Add(1)
	for most := f.mostCallsAtOnce.Load(); now > most; most = f.mostCallsAtOnce.Load() {
		if f.mostCallsAtOnce.CompareAndSwap(most, now) {
			break
		}
	}
	time.Sleep(time.Duration(n) * *wait)
	return func() { f.callsAtOnce.Add(-1) }
}

func (f *fleet) Get(ctx context.Context, key string) (delivery.Object, error) {
	defer f.call(&f.gets, 1)()
	if o, err := f.given.Get(ctx, key); err == nil {
		return o, nil
	}
	if _, ok := delivery.TenantOf(key); ok {
		return delivery.Object{Data: f.config, ETag: "config"}, nil
	}
	switch parts := strings.Split(key, "/"); {
	case strings.HasSuffix(key, "/config/good.yaml"):
		return delivery.Object{Data: f.good, ETag: "good"}, nil
	case strings.HasSuffix(key, "/ledger/known.json"):
		return delivery.Object{Data: f.knownData, ETag: "known"}, nil
	case len(parts) == 5 && parts[1] == "ledger":
		bot, _ := strconv.Atoi(strings.TrimPrefix(parts[3], "b"))
		if _, ok := f.exists(parts[2], bot); ok {
			return delivery.Object{Data: f.record(parts), ETag: "record"}, nil
		}
	}
	f.absent.Add(1)
	if parts := strings.Split(key, "/"); len(parts) == 5 && parts[1] == "ledger" {
		f.absentRecords.Add(1)
	}
	return delivery.Object{}, delivery.ErrNotFound
}

// record is that of a delivery that Sage has failed.
func (f *fleet) record(parts []string) []byte {
	r := delivery.Record{State: delivery.Retrying, Attempts: 1,
		Destination: strings.TrimSuffix(parts[4], ".json"),
		Job:         config.Job{Tenant: parts[0], Bot: parts[3], Period: f.week},
		NextTry:     at("2026-11-16 08:20").UTC(), First: at("2026-11-16 08:10").UTC(),
		Reason: "Kindly's Statistics API did not answer within a minute", Owner: "worker"}
	data, _ := json.Marshal(r)
	return data
}

func (f *fleet) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	defer f.call(&f.puts, 1)()
	return f.given.Put(ctx, key, o, c)
}

func (f *fleet) List(_ context.Context, prefix string) ([]string, error) {
	keys := f.keys(prefix)
	f.call(&f.lists, max(1, (len(keys)+999)/1000))()
	return keys, nil
}

func (f *fleet) keys(prefix string) (keys []string) {
	if prefix == delivery.ConfigPrefix {
		for i := range f.tenants {
			keys = append(keys, delivery.KeysOf(tenantsName(i)).Config())
		}
		return keys
	}
	parts := strings.Split(prefix, "/")
	suffix := map[string]string{"ledger": ".json"}[parts[1]]
	ids := []string{recipient(0).ID() + suffix, recipient(1).ID() + suffix}
	for i := range f.bots {
		done, record := f.exists(parts[2], i)
		if parts[1] == "done" && !done || parts[1] == "ledger" && !record {
			continue
		}
		for _, id := range ids {
			keys = append(keys, prefix+"b"+strconv.Itoa(i)+"/"+id)
		}
	}
	return keys
}

// counting is a queue that counts batches.
type counting struct{ *fleet }

func (c *counting) Send(_ context.Context, jobs []queues.Job) error {
	n := (len(jobs) + 9) / 10
	c.batches.Add(int64(n))
	time.Sleep(time.Duration(n) * *wait)
	return nil
}

// cost is what a tick costs. mb is the most memory that the process has from the system.
type cost struct {
	tally
	counts    tick.Counts
	cpu, wall time.Duration
	mb        int64
}

func measure(t *testing.T, w *measured, f *fleet, when string) (c cost) {
	w.clock = at(when)
	f.reset()
	debug.FreeOSMemory()
	leave := w.join()
	ended := make(chan struct{})
	var sampling sync.WaitGroup
	sampling.Go(func() {
		for {
			c.mb = max(c.mb, resident()>>20)
			select {
			case <-ended:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	began, used := time.Now(), processor()
	counts, err := w.Handle(t.Context(), tick.Tick{Time: at(when).UTC()})
	c.wall, c.cpu = time.Since(began), processor()-used
	leave()
	if *share > 0 && w.group == "" {
		c.wall = max(c.wall, time.Duration(float64(c.cpu) / *share))
	}
	close(ended)
	sampling.Wait()
	if err != nil {
		t.Fatal(err)
	}
	c.counts, c.tally = counts, f.reset()
	return c
}

// resident returns the bytes of memory that Go's runtime has from the system.
func resident() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}

// processor returns the time of the processor that this process has used.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A quiet tick, the tick of Monday 08:00, when all bots are due, and the next, when workers have
// finished a third of the reports and Sage has failed one in fifty. make bench-tick prints the
// table for large deployments. A tick reads three objects of each tenant, two for the operator, the
// index of Slack teams, and the records of what has begun and is not over. It never asks for a
// record that does not exist, and a quiet tick writes nothing.
//
// With -wire the store and the queue are the SDK's clients, which call S3 and SQS in another
// process over TLS. So the processor time is that of the tick in a Lambda.
func TestTick_Scale(t *testing.T) {
	if *serving {
		serve(t)
		return
	}
	table := t.Output()
	var group string
	if *share > 0 {
		fmt.Fprintf(table, "the tick has %g of a processor\n", *share)
		if group = cgroup.New(t, *share); group == "" {
			fmt.Fprintln(table, "no control group is permitted: wall ms is computed from cpu ms")
		}
	}
	fmt.Fprintf(table, "%7s %-13s %8s %8s %5s %6s %6s %6s %6s %7s %7s %5s\n", "bots", "tick",
		"cpu ms", "wall ms", "MB", "LIST", "GET", "absent", "PUT", "jobs", "batches", "conns")
	for _, size := range strings.Split(*sizes, ",") {
		bots, err := strconv.Atoi(strings.TrimSpace(size))
		if err != nil || bots < 1 {
			t.Fatalf("-bots: %q is not a number of bots", size)
		}
		f := newFleet(bots, *perFile)
		w := &measured{world: begin(t), group: group}
		w.Tenants.Store, w.Ledger.Store, w.Queue = f, f, &counting{f}
		if *onWire {
			tick.LimitMemory(512)
			bucket := w.connect(f, bots)
			w.Tenants.Store, w.Ledger.Store = bucket, bucket
		}
		w.Log = slog.New(slog.DiscardHandler)
		w.Notifier.Log = log.New(discard{}, slog.LevelError)
		w.Notifier.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
		f.week = period.WeekOf(period.DateOf(at("2026-11-16 08:00"))).Previous()
		measure(t, w, f, "2026-11-13 12:00") // the receipts of the week before
		for _, m := range []struct {
			name, when   string
			over, failed int
		}{
			{"quiet", "2026-11-13 12:15", 0, 0},
			{"Monday 08:00", "2026-11-16 08:00", 0, 0},
			{"Monday 08:15", "2026-11-16 08:15", f.bots / 3, max(f.bots/50, 1)},
		} {
			f.over, f.failed = m.over, m.failed
			c := measure(t, w, f, m.when)
			fmt.Fprintf(table, "%7d %-13s %8d %8d %5d %6d %6d %6d %6d %7d %7d %5d\n", bots,
				m.name, c.cpu.Milliseconds(), c.wall.Milliseconds(), c.mb, c.Lists, c.Gets,
				c.Absent, c.Puts, c.counts.Queued, c.Batches, c.Opened)
			records := int64(f.tenants * 2 * m.failed)
			if most := int64(f.tenants)*3 + 3 + records; c.Gets-c.Absent > most {
				t.Errorf("%d bots, %s: %d GETs, want %d at most", bots, m.name, c.Gets, most)
			}
			if m.name == "quiet" && c.Puts > 0 {
				t.Errorf("%d bots, %s: %d PUTs", bots, m.name, c.Puts)
			}
			if other := c.AbsentRecords; other > 0 {
				t.Errorf("%d bots, %s: %d GETs of records that do not exist", bots, m.name, other)
			}
		}
	}
}
