package faults

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

var (
	mondayBots = flag.Int("monday-bots", 0, "how many bots a simulated Monday has; 0: a few")
	mondayRows = flag.String("monday-rows", "5,50,50 moment,50 sage",
		"the rows of the table: a MaximumConcurrency, and what is unusual, if anything is")
	mondayCPU = flag.Duration("monday-cpu", 1400*time.Millisecond,
		"what a report takes of the worker's share of a processor: an invocation then takes 3.9 s, "+
			"somewhat more than make measure-lambda prints")
	mondayMB   = flag.Int("monday-memory", 512, "the worker's memory in MB")
	mondaySage = flag.Int("monday-sage", 100,
		"the most requests a second that Sage takes in rows that say sage; Kindly names no limit")
	mondayShared = flag.Int("monday-shared", 10,
		"of so many tenants, one has a single channel for all its bots; 0: none")
)

// Latencies of a Monday.
var mondayLatency = map[string]time.Duration{"sage": 200 * time.Millisecond,
	"slack": 200 * time.Millisecond, "ses": 60 * time.Millisecond, "sns": 60 * time.Millisecond,
	"secret": 25 * time.Millisecond, "sqs": 10 * time.Millisecond, "store": 25 * time.Millisecond}

// Prices in eu-north-1, in dollars.
const (
	perGBSecond   = 0.0000133334 // of Lambda on arm64
	perInvocation = 0.20e-6
	perPutOrList  = 0.005e-3
	perGet        = 0.0004e-3
	perSecretGet  = 0.05e-4
	perSQSRequest = 0.50e-6                // of a FIFO queue
	perMail       = 0.10e-3 + 0.20e-3*0.12 // of 0.20 MB
	sqsOfWorker   = 2                      // requests of a message: received and deleted
)

// Limits of a Monday, each within any time that long.
const (
	alarmAfter   = time.Hour // the oldest message's age
	mailsASecond = 14        // of a new SES account in production
	postBurst    = 3         // messages to a Slack channel in as many seconds
	tier3, tier4 = 50, 100   // calls a minute of a method in a workspace
)

// What the tick takes of its share of a processor, as make bench-tick and make measure-lambda print
// it: for a request, and for a tenant's configuration and plans. 50,000 bots that are due together
// take 19 s, as they do when the tick is measured.
const (
	tickMB        = 512
	tickShare     = tickMB / 1769.
	ofTickRequest = 500 * time.Microsecond
	ofTickTenant  = 3 * time.Millisecond
)

// mondaySince is when the bots of a Monday began: a week before the week of the report.
var mondaySince = period.NewDate(2026, time.October, 5)

const (
	// mondayQuarters are from 5:00 on Monday in Sydney until 11:00 in Los Angeles.
	mondayQuarters = 96
	mostQuarters   = 3 * mondayQuarters // in which everything has to be delivered
)

// A scenario is a row of the table.
type scenario struct {
	workers int
	moment  bool // all bots are due at the same moment
	sage    int  // the most requests a second that Sage takes; 0: any
}

// parseScenario reads a scenario such as "50 moment sage".
func parseScenario(s string) (c scenario, err error) {
	for i, word := range strings.Fields(s) {
		switch {
		case i == 0:
			if c.workers, err = strconv.Atoi(word); err != nil {
				return c, err
			}
		case word == "moment":
			c.moment = true
		case word == "sage":
			c.sage = *mondaySage
		default:
			return c, fmt.Errorf("%q: unknown word %q; write moment or sage", s, word)
		}
	}
	return c, nil
}

func (c scenario) String() string {
	what := "usual"
	if c.moment {
		what = "all due at one moment"
	}
	if c.sage > 0 {
		what += fmt.Sprintf(", Sage takes %d a second", c.sage)
	}
	return what
}

// A rush is a soak in which nothing fails, but everything takes its time and has its limits.
type rush struct {
	*soak
	scenario scenario
	configs  *tenantconfig.Loader // of all workers, so that a file is parsed once

	mu       sync.Mutex
	quotas   map[string]*quota
	posts    map[string]int // to a channel, those that Slack took
	mails    int
	limited  map[string]int // requests over a limit, by service
	requests map[string]int // by service and method: store put
	busy     time.Duration  // of all workers
	invoked  int
	ticking  time.Duration // of all ticks
	ticked   int
	oldest   time.Duration // the most that a message waited for a worker
	bare     int           // reports in Slack without their details
}

// A quota knows when the latest requests came that were within a limit. It is a ring.
type quota struct {
	came []time.Time
	next int // the oldest, once there are as many as the limit
}

// over counts a request against a limit of so many within any time that long. It returns how long
// to wait if the request is over it.
func (m *rush) over(what string, most int, within time.Duration) (wait time.Duration) {
	now, q := time.Now(), m.quotas[what]
	if q == nil {
		q = new(quota)
		m.quotas[what] = q
	}
	if len(q.came) < most {
		q.came = append(q.came, now)
		return 0
	}
	if age := now.Sub(q.came[q.next]); age < within {
		return within - age
	}
	q.came[q.next] = now
	q.next = (q.next + 1) % most
	return 0
}

// fate says what happens to a request: it takes its latency, and is refused if it is over a limit.
func (m *rush) fate(name string) kind {
	service, rest, _ := strings.Cut(name, " ")
	method, channel, _ := strings.Cut(rest, " ")
	m.mu.Lock()
	defer m.mu.Unlock()
	k := kind{effect: atOnce, takes: mondayLatency[service]}
	refuse := func(wait time.Duration, who string, status int) kind {
		m.limited[service]++
		seconds := strconv.Itoa(int((wait + time.Second - 1) / time.Second))
		k := httpSays(who, status, "", map[string]string{"Retry-After": seconds}, never)
		k.takes = mondayLatency[service]
		return k
	}
	switch service {
	case "sage":
		if most := m.scenario.sage; most > 0 {
			if wait := m.over("sage", most, time.Second); wait > 0 {
				return refuse(wait, "Sage", http.StatusTooManyRequests)
			}
		}
	case "slack":
		wait := time.Duration(0)
		workspace := channel[:max(0, len(channel)-len("0000X0"))]
		switch method {
		case "chat.postMessage":
			wait = m.over("post "+channel, postBurst, postBurst*time.Second)
		case "chat.update", "conversations.replies", "conversations.history":
			wait = m.over(method+workspace, tier3, time.Minute)
		case "files.completeUploadExternal":
			wait = m.over(method+workspace, tier4, time.Minute)
		}
		if wait > 0 {
			return refuse(wait, "Slack", http.StatusTooManyRequests)
		}
		if method == "chat.postMessage" {
			m.posts[channel]++
		}
	case "ses":
		if m.over("ses", mailsASecond, time.Second) > 0 {
			m.limited[service]++
			k := awsSays(429, "TooManyRequestsException", "", never)
			k.takes = mondayLatency[service]
			return k
		}
		m.mails++
	default:
		m.requests[service+" "+method]++
	}
	return k
}

// works is a worker: Lambda gives it one message after the other.
func (m *rush) works() {
	c := m.newWorker()
	c.worker.Tenants = m.configs
	c.worker.HTTP = wire{c.gate, soakSageName, statistics{since: mondaySince}}
	c.worker.Render = func(r *figures.Report) ([]delivery.File, error) {
		time.Sleep(*mondayCPU)
		return drawMonday(r)
	}
	for {
		l, receipt, ok := m.queue.receive()
		if !ok {
			return
		}
		began := time.Now()
		done := c.work(l.body, 0)
		m.mu.Lock()
		m.busy += time.Since(began)
		m.invoked++
		m.oldest = max(m.oldest, began.Sub(l.sent))
		m.mu.Unlock()
		if done {
			m.queue.acknowledge(l, receipt)
		}
	}
}

// drawMonday draws as many files as the largest bot of kindly-weekly demo has. They are small.
func drawMonday(r *figures.Report) ([]delivery.File, error) {
	files, err := setting{}.draw(r)
	for i := len(files); i < 19; i++ {
		files = append(files, delivery.File{Name: fmt.Sprintf("charts/%d.png", i),
			Type: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")})
	}
	return files, err
}

// A processor is what a function has of one. It does one thing after the other.
type processor struct {
	mu   sync.Mutex
	free time.Time // when it has done all that it has begun
}

// takes returns how long it takes until the processor has done further work.
func (p *processor) takes(work time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); p.free.Before(now) {
		p.free = now
	}
	p.free = p.free.Add(time.Duration(float64(work) / tickShare))
	return time.Until(p.free)
}

// A limit holds within any time that long, not within fixed windows.
func TestMonday_Limits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &rush{quotas: make(map[string]*quota)}
		begun := time.Now()
		for _, c := range []struct{ at, wait time.Duration }{
			{0, 0}, {900 * time.Millisecond, 0}, // two a second
			{950 * time.Millisecond, 50 * time.Millisecond},
			{1000 * time.Millisecond, 0},
			{1100 * time.Millisecond, 800 * time.Millisecond},
			{1900 * time.Millisecond, 0}, {5 * time.Second, 0},
		} {
			time.Sleep(time.Until(begun.Add(c.at)))
			if wait := m.over("any", 2, time.Second); wait != c.wait {
				t.Errorf("after %v a request waits %v, want %v", c.at, wait, c.wait)
			}
		}
	})
}

// A Monday of many bots, through the real tick and the real workers: how long after they are due
// reports are delivered, and what that costs, by the most workers at a time. Everything arrives
// once. The small one of go test has 60 bots; make simulate-monday prints the table of 10,000.
//
// Real are the handlers, the clients of Sage, Slack and SES, the ledger, and the order of the
// queue: each report is collected from Sage's answers, computed, archived, laid out for Slack and
// composed as a mail. Not real are
//
//   - time: what requests take, and the tick and a report of a processor, is from flags and
//     constants. The clock is that of testing/synctest, so a busy machine changes nothing.
//   - the editions: they have a few bytes. But as many are archived as are of a large bot.
//   - numbers: bots began a week before the week of the report. Sage is asked the same 23 questions
//     that it is asked of an older bot in a week without surprises.
//   - configurations: files are read each time, but parsed once, and not saved as valid.
//   - Slack: it accepts all blocks, and does not return what was posted.
//
// Limits hold within any second or minute. Workers are warm. A usual Monday has the
// bots of the soak: in five time zones, with a mailbox for every third, most due between 7:00 and
// 9:45 on Monday, each with a channel of its own, but for every tenth tenant, which has one channel
// for all its bots.
func TestMonday(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(4 << 30)) // before that it collects less often
	bots, shared := *mondayBots, *mondayShared
	if bots == 0 {
		bots, shared = map[bool]int{false: 60, true: 20}[raceEnabled], 2
	}
	table := t.Output()
	fmt.Fprintln(table, "| MaximumConcurrency | Monday | half within | 95 % within | all within | "+
		"longest wait in the queue | alarm | Lambda: worker, tick | a Monday | "+
		"over a limit: Sage, Slack, SES | in Slack without details |")
	fmt.Fprintln(table, "| ---: | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | --- | ---: |")
	type outcome struct {
		workers int
		last    time.Duration
	}
	before := make(map[string]outcome) // of the row before, by what is unusual
	for _, field := range strings.Split(*mondayRows, ",") {
		row, err := parseScenario(field)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			m := newRush(t, row, bots, shared)
			delays := m.run(t)
			if len(delays) == 0 {
				t.Fatal("nothing was delivered")
			}
			slices.Sort(delays)
			at := func(part float64) time.Duration {
				return delays[min(len(delays)-1, int(part*float64(len(delays))))]
			}
			last := delays[len(delays)-1]
			alarm := "no"
			if m.oldest > alarmAfter {
				alarm = "yes"
			}
			fmt.Fprintf(table, "| %d | %s | %s | %s | %s | %s | %s | %.0f h, %.1f h | $%.2f | %d, %d, %d | %d |\n",
				row.workers, row, minutes(at(0.5)), minutes(at(0.95)), minutes(last),
				minutes(m.oldest), alarm, m.busy.Hours(), m.ticking.Hours(), m.cost(),
				m.limited["sage"], m.limited["slack"], m.limited["ses"], m.bare)
			t.Logf("%d invocations of the worker of %.2f s, %d ticks of %.1f s", m.invoked,
				m.busy.Seconds()/float64(m.invoked), m.ticked, m.ticking.Seconds()/float64(m.ticked))
			if b := before[row.String()]; 0 < b.workers && b.workers < row.workers &&
				last > b.last+15*time.Minute {
				t.Errorf("the last report is later with %d workers than with %d: after %v, not %v",
					row.workers, b.workers, last, b.last)
			}
			before[row.String()] = outcome{row.workers, last}
		})
	}
}

// cost is that of the day in dollars: of the workers and ticks, and of what they ask of AWS.
func (m *rush) cost() float64 {
	gb := (m.busy.Seconds()*float64(*mondayMB) + m.ticking.Seconds()*tickMB) / 1024
	return gb*perGBSecond + float64(m.invoked+m.ticked)*perInvocation +
		float64(m.requests["sqs send"]+m.invoked*sqsOfWorker)*perSQSRequest +
		float64(m.requests["store put"]+m.requests["store list"])*perPutOrList +
		float64(m.requests["store get"])*perGet +
		float64(m.requests["secret get"])*perSecretGet + float64(m.mails)*perMail
}

func newRush(t *testing.T, row scenario, bots, shared int) *rush {
	m := &rush{scenario: row, quotas: make(map[string]*quota), posts: make(map[string]int),
		limited: make(map[string]int), requests: make(map[string]int)}
	m.soak = newSoak(t, size{bots: bots, weeks: 1, workers: row.workers, moment: row.moment,
		shared: shared}, 1)
	m.calm = m.fate
	m.soak.mend()
	m.slack.Lenient = true
	m.configs = &tenantconfig.Loader{Store: gatedStore{&gate{fate: m.fate}, m.store}}
	m.ticker.tick.Tenants.SaveGood = false // so that it keeps what it parsed
	var p processor
	m.ticker.gate.takes = func(request string) time.Duration {
		work := ofTickRequest
		if strings.HasPrefix(request, "store get "+delivery.ConfigPrefix) {
			work += ofTickTenant
		}
		return p.takes(work)
	}
	return m
}

// run lets Monday come, and returns how long after it was due each delivery was sent. Every one is
// sent once.
func (m *rush) run(t *testing.T) (delays []time.Duration) {
	var workers sync.WaitGroup
	for range m.size.workers {
		workers.Go(m.works)
	}
	due := must(period.Parse("2026-W42"))
	for i := 0; i < mondayQuarters || i < mostQuarters && m.isOpen(t.Context(), due); i++ {
		at := eve.Add(time.Duration(i) * quarter)
		time.Sleep(time.Until(at))
		if !m.ticker.ticks(at, 0) {
			t.Fatalf("the tick of %v failed", at)
		}
		m.ticking += time.Since(at)
		m.ticked++
		m.slack.Forget(time.Now().Add(-30 * time.Minute))
	}
	time.Sleep(quarter)
	m.queue.close()
	workers.Wait()
	want := make(map[string]int) // messages in a channel: a digest and its details for each report
	for _, tenant := range m.tenants {
		for _, b := range tenant.Bots {
			if b.SendDay != time.Monday {
				continue
			}
			for _, d := range b.Destinations {
				r, err := m.record(t.Context(), tenant.Name, b.ID, due, d)
				switch {
				case err != nil:
					t.Errorf("%s: %v", b.ID, err)
				case r.State == delivery.Skipped:
				case r.State != delivery.Accepted && r.State != delivery.Delivered, r.MaybeDuplicate:
					t.Errorf("%s to %s: %+v", b.ID, d, r)
				default:
					delays = append(delays, r.SentAt.Sub(r.Due))
					if d.Medium == config.Slack {
						want[d.To] += 2
					}
				}
			}
		}
	}
	for channel, n := range want {
		switch lacking := n - m.posts[channel]; {
		case lacking < 0, lacking > n/2, lacking > 0 && n == 2:
			t.Errorf("%d messages in %s, want %d", m.posts[channel], channel, n)
		default:
			m.bare += lacking
		}
	}
	return delays
}

// isOpen reports whether a delivery of Monday is not over.
func (m *rush) isOpen(ctx context.Context, due period.Period) bool {
	for _, tenant := range m.tenants {
		for _, b := range tenant.Bots {
			for _, d := range b.Destinations {
				r, err := m.record(ctx, tenant.Name, b.ID, due, d)
				if b.SendDay == time.Monday && (err != nil || !r.State.Final()) {
					return true
				}
			}
		}
	}
	return false
}

func (m *rush) record(ctx context.Context, tenant, bot string, w period.Period,
	d config.Destination) (delivery.Record, error) {
	ledger := &delivery.Ledger{Store: m.store, Now: time.Now}
	return ledger.Read(ctx, config.Job{Tenant: tenant, Bot: bot, Period: w}, d.ID())
}

// minutes is a duration in a table.
func minutes(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	if d < 2*time.Hour {
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

// shards are a store in memory for each tenant, so that a LIST does not look at all keys.
type shards struct {
	mu  sync.Mutex
	all map[string]*storetest.Memory
}

func (s *shards) of(key string) *storetest.Memory {
	tenant, _, _ := strings.Cut(key, "/")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = make(map[string]*storetest.Memory)
	}
	if s.all[tenant] == nil {
		s.all[tenant] = new(storetest.Memory)
	}
	return s.all[tenant]
}

func (s *shards) Get(ctx context.Context, key string) (delivery.Object, error) {
	return s.of(key).Get(ctx, key)
}

func (s *shards) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	return s.of(key).Put(ctx, key, o, c)
}

func (s *shards) List(ctx context.Context, prefix string) ([]string, error) {
	return s.of(prefix).List(ctx, prefix)
}

// Expire removes what is old.
func (s *shards) Expire(old func(key string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.all {
		m.Expire(old)
	}
}
