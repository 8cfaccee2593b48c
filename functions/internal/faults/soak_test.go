package faults

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
)

var (
	soakBots  = flag.Int("bots", 0, "how many bots the soak has; 0: a few")
	soakWeeks = flag.Int("weeks", 0, "for how many weeks it goes; 0: a few")
	soakSeed  = flag.Uint64("seed", soakSeeds[0],
		"of the soak's accidents, and of the sample of runs beside the race detector; "+
			"0: a new one, which is printed")
)

// soakSeeds are the seeds of TestSoak without flags. A seed that fails in a longer soak is added,
// and stays.
var soakSeeds = []uint64{1}

// A size is that of a soak.
type size struct {
	bots, weeks, workers int

	moment bool // all bots send on Monday at 08:00 in Oslo
	shared int  // of so many tenants, one has a single channel for all its bots; 0: none
}

// small is a soak that everybody can wait for.
var small = map[bool]size{false: {bots: 100, weeks: 3, workers: 20},
	true: {bots: 40, weeks: 1, workers: 20}}[raceEnabled]

// eve is when a soak begins: before the first Monday report is due anywhere. Its weeks end at the
// same hour, when the time to catch up with the last report of the week has ended, and before the
// next one is due in Sydney. Summer time ends in Europe before its second Monday, and in America
// before its third.
var eve = time.Date(2026, time.October, 18, 18, 0, 0, 0, time.UTC)

// A soak is a deployment for many tenants, for weeks, where nothing outside works for long.
type soak struct {
	t       *testing.T
	size    size
	luck    *luck
	people  *people
	tenants []*config.Tenant
	keys    map[string]string // by tenant: the secret with its bots' API keys

	store *shards
	slack *slackfake.Server
	mails *mailbox
	board *board
	queue *fifo

	ticker  *container
	workers []*container
	more    sync.WaitGroup
	tally   tally
	told    telling
	calm    func(request string) kind // what happens to requests in the place of accidents
	heap    []uint64                  // at the end of each week, in bytes
}

// Weeks of many bots, in which everything fails again and again: everything arrives once, who has
// to hear of it hears of it once, and the memory stays as it is.
func TestSoak(t *testing.T) {
	size := small
	size.bots, size.weeks = cmp.Or(*soakBots, size.bots), cmp.Or(*soakWeeks, size.weeks)
	if *soakBots > 0 {
		size.workers = 50
	}
	if *soakSeed == soakSeeds[0] && *soakBots == 0 {
		for _, seed := range soakSeeds {
			t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { soakOnce(t, size, seed) })
		}
		return
	}
	soakOnce(t, size, cmp.Or(*soakSeed, rand.Uint64())) // 0 asks for a new one
}

// soakOnce runs one soak and judges it.
func soakOnce(t *testing.T, size size, seed uint64) {
	t.Logf("%d bots, %d weeks, %d workers; again with -bots %[1]d -weeks %[2]d -seed %[4]d",
		size.bots, size.weeks, size.workers, seed)
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // what is left is measured after a collection
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		s := newSoak(t, size, seed)
		for i := range s.workers {
			s.more.Go(func() { s.works(&s.workers[i]) })
		}
		for week := range size.weeks {
			s.week(week)
		}
		s.queue.close()
		s.more.Wait()
		s.judgeMemory()
		s.judgeWays()
	})
	t.Logf("it took %s on %d processors", time.Since(began).Round(time.Second),
		runtime.GOMAXPROCS(0))
}

func newSoak(t *testing.T, size size, seed uint64) *soak {
	time.Sleep(time.Until(eve))
	s := &soak{t: t, size: size, luck: &luck{seed: seed, came: make(map[uint64]uint64)},
		people: &people{now: make(map[string]exclusion)},
		keys:   make(map[string]string), store: new(shards),
		mails: &mailbox{sent: make(map[string]int)}, board: new(board), queue: newFIFO(),
		told: newTelling(), workers: make([]*container, size.workers)}
	s.settle()
	s.ticker = s.newTick()
	return s
}

// week goes on for a week, and judges it.
func (s *soak) week(n int) {
	s.luck.next(n)
	end := eve.AddDate(0, 0, 7*(n+1))
	for at := eve.AddDate(0, 0, 7*n); at.Before(end); at = at.Add(15 * time.Minute) {
		time.Sleep(time.Until(at))
		s.tick(at)
		if at.Minute() == 0 && at.Hour()%6 == 0 {
			s.queue.redrive()
		}
	}
	time.Sleep(time.Until(end.Add(-time.Minute)))
	s.judge(n, must(period.Parse("2026-W42")).Add(n))
	if n == 0 {
		s.mend()
	}
}

// tick lets the tick of a quarter come: mostly once, and once more if it failed, as Lambda does.
func (s *soak) tick(at time.Time) {
	r := s.luck.of("tick " + at.Format(time.RFC3339))
	switch p := r.Float64(); {
	case p < tickLost:
		s.tally.count("ticks that did not come")
		return
	case p < tickLost+tickTwice:
		s.tally.count("ticks that came twice")
		s.more.Go(func() { s.newTick().ticks(at, 0) })
	}
	for i := range 3 {
		time.Sleep(time.Duration(i) * time.Minute)
		dies := 0
		if r.Float64() < tickDies {
			dies = 1 + r.IntN(300)
		}
		if s.ticker.ticks(at, dies) {
			return
		}
		s.tally.count("ticks that failed")
		if s.ticker.gate.isDead() {
			s.ticker = s.newTick()
		}
	}
}

// works is a worker, and the one that follows when it dies.
func (s *soak) works(as **container) {
	c := s.newWorker()
	for *as = c; ; *as = c {
		l, receipt, ok := s.queue.receive()
		if !ok {
			return
		}
		r := s.luck.of(fmt.Sprint("message ", l.body, receipt))
		if r.Float64() < doubled {
			s.tally.count("messages given to two workers")
			// at once, or while the first may be at it
			n, later := dies(l.body, r), time.Duration(r.IntN(2)*r.IntN(240))*time.Second
			s.more.Go(func() {
				time.Sleep(later)
				s.newWorker().work(l.body, n)
			})
		}
		s.tally.count("invocations of a worker")
		if c.work(l.body, dies(l.body, r)) {
			s.queue.acknowledge(l, receipt)
		}
		if c.gate.isDead() {
			s.tally.count("workers that died")
			c = s.newWorker()
		}
	}
}

// dies says at which of its requests a worker dies of a message; 0: it does not.
func dies(body string, r *rand.Rand) int {
	job, err := queues.ParseJob(body)
	switch now := time.Now().UTC(); {
	case err == nil && job.Bot == deadly && now.Weekday() == time.Monday && now.Hour() < 12:
		return 1 + r.IntN(15) // Sage alone is asked more
	case r.Float64() < mortality:
		return 1 + r.IntN(45)
	}
	return 0
}

// tally counts what happened in a week.
type tally struct {
	mu       sync.Mutex
	requests map[string]int
	faults   map[string]int
	met      map[string]int // of each service's ways to fail
	other    map[string]int
}

// request counts one, with the way in which it fails; empty: it does not.
func (c *tally) request(service, way string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.requests == nil {
		c.requests, c.faults, c.met = make(map[string]int), make(map[string]int),
			make(map[string]int)
	}
	c.requests[service]++
	if way != "" {
		c.faults[service]++
		c.met[service+": "+way]++
	}
}

func (c *tally) count(what string) { c.add(what, 1) }

func (c *tally) add(what string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.other == nil {
		c.other = make(map[string]int)
	}
	c.other[what] += n
}

// lines say what was counted, and begin anew.
func (c *tally) lines() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var requests, other []string
	for _, service := range slices.Sorted(maps.Keys(c.requests)) {
		requests = append(requests, fmt.Sprintf("%s %d (%d failed)", service, c.requests[service],
			c.faults[service]))
	}
	for _, what := range slices.Sorted(maps.Keys(c.other)) {
		other = append(other, fmt.Sprintf("%s %d", what, c.other[what]))
	}
	c.requests, c.faults, c.other = make(map[string]int), make(map[string]int), nil
	return []string{"requests: " + strings.Join(requests, ", "), strings.Join(other, ", ")}
}

// margin is by how much the heap may differ from week to week.
func margin(heap uint64) uint64 { return 1<<20 + heap/100 }

// judgeMemory: from the second week on, when there is a ledger of two weeks, the heap does not
// grow.
func (s *soak) judgeMemory() {
	if len(s.heap) < 3 {
		return
	}
	second, last := s.heap[1], s.heap[len(s.heap)-1]
	if last > second+margin(second) {
		s.t.Errorf("the heap has grown from %s after the second week to %s after the last",
			mega(second), mega(last))
	}
}

// judgeWays: in a soak of some length every way to fail was met.
func (s *soak) judgeWays() {
	if s.size.bots*s.size.weeks < 600 {
		return
	}
	for _, service := range []string{"sage", "slack"} {
		for _, k := range ways[service] {
			if k.name != keptOut.name && s.tally.met[service+": "+k.name] == 0 {
				s.t.Errorf("no request met %s: %s", service, k.name)
			}
		}
	}
}

func mega(bytes uint64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }

// forget lets the doubles forget what was judged, and measures what is left. The store keeps the
// ledger of the last two weeks, at which ticks still look. Processes read all configurations first,
// so that it does not matter which have begun lately.
func (s *soak) forget(w period.Period) {
	s.slack.Forget(time.Now().Add(-25 * time.Hour))
	ended := time.Now().Add(-25 * time.Hour).UTC().Format("20060102T1504")
	s.store.Expire(func(key string) bool {
		parts := strings.Split(key, "/")
		switch {
		case len(parts) < 3:
			return false
		case parts[1] == "archive":
			return parts[3] <= w.String()
		case parts[1] == "ledger", parts[1] == "done":
			return strings.HasPrefix(parts[2], "20") && parts[2] < w.Previous().String()
		}
		return parts[1] == "ops" && parts[2] == "notices" && parts[3] < ended
	})
	var read sync.WaitGroup
	for _, c := range s.workers {
		read.Go(func() {
			ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
			defer cancel()
			// now and then the store does not give one
			_, _ = c.worker.Tenants.(*tenantconfig.Loader).All(ctx)
		})
	}
	read.Wait()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.heap = append(s.heap, m.HeapAlloc)
}
