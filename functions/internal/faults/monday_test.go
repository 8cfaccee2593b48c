package faults

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

var (
	mondayBots = flag.Int("monday-bots", 0, "how many bots a simulated Monday has; 0: a few")
	mondayAt   = flag.String("monday-concurrency", "5,50", "the values of MaximumConcurrency")
	mondayCPU  = flag.Duration("monday-cpu", 600*time.Millisecond,
		"what a report takes of the worker's share of a processor")
	mondayMB   = flag.Int("monday-memory", 512, "the worker's memory in MB")
	mondaySage = flag.Int("monday-sage", 0, "the most requests a second that Sage takes; 0: any")
)

// Latencies of a Monday.
var mondayLatency = map[string]time.Duration{"sage": 200 * time.Millisecond,
	"slack": 200 * time.Millisecond, "ses": 60 * time.Millisecond, "sns": 60 * time.Millisecond,
	"secret": 25 * time.Millisecond, "sqs": 10 * time.Millisecond, "store": 25 * time.Millisecond}

// Prices in eu-north-1, in dollars.
const (
	perGBSecond    = 0.0000133334 // of Lambda on arm64
	perInvocation  = 0.20e-6
	perPutOrList   = 0.005e-3
	perGet         = 0.0004e-3
	perSQSRequest  = 0.50e-6 // of a FIFO queue
	perMail        = 0.10e-3
	alarmAfter     = time.Hour // the oldest message's age
	mailsASecond   = 14        // of a new SES account in production
	postBurst      = 3         // messages to a Slack channel in as many seconds
	tier3, tier4   = 50, 100   // calls a minute of a method in a workspace
	requestsOfSQS  = 3         // of a message: sent, received and deleted, without batches
	mondayQuarters = 96        // from midnight UTC before the first report until the last is due
)

// A rush is a soak in which nothing fails, but everything takes its time and has its limits.
type rush struct {
	*soak
	mu       sync.Mutex
	windows  map[string]*quota
	posts    map[string]int // to a channel, those that Slack took
	mails    int
	limited  map[string]int // requests over a limit, by service
	requests map[string]int // to the store, by kind
	busy     time.Duration  // of all workers
	invoked  int
	oldest   time.Duration // the most that a message waited for a worker
}

// quota counts what came in the current window of a limit.
type quota struct {
	begin time.Time
	n     int
}

// over counts a request against a limit, and returns how long to wait if it is over it.
func (m *rush) over(what string, most int, each time.Duration) (wait time.Duration) {
	now := time.Now()
	w := m.windows[what]
	if w == nil || now.Sub(w.begin) >= each {
		w = &quota{begin: now}
		m.windows[what] = w
	}
	if w.n >= most {
		return each - now.Sub(w.begin)
	}
	w.n++
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
	case "store":
		m.requests[method]++
	case "sage":
		if *mondaySage > 0 {
			if wait := m.over("sage", *mondaySage, time.Second); wait > 0 {
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
	}
	return k
}

// works is a worker: Lambda gives it one message after the other.
func (m *rush) works() {
	c := m.newWorker()
	c.worker.Render = func(r *figures.Report) ([]delivery.File, error) {
		time.Sleep(*mondayCPU)
		return draw(r)
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

// A Monday of many bots, through the real tick and the real workers: how long after they are due
// reports are delivered, and what that costs, by the most workers at a time. Everything arrives
// once. The small one of go test has 60 bots; make simulate-monday prints the table of 50,000.
//
// Real are the handlers, the clients of Sage, Slack and SES, the ledger, and the order of the
// queue. Not real are the time that requests and a report's drawing take, and the drawing itself.
// Workers are warm. The bots are those of the soak: in five time zones, with a mailbox for every
// third, most due between 7:00 and 9:45 on Monday.
func TestMonday(t *testing.T) {
	bots := cmp.Or(*mondayBots, map[bool]int{false: 60, true: 20}[raceEnabled])
	table := t.Output()
	fmt.Fprintln(table, "| MaximumConcurrency | half within | 95 % within | all within | longest wait in "+
		"the queue | alarm | Lambda | a Monday | over a limit: Sage, Slack, SES |")
	fmt.Fprintln(table, "| ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | --- |")
	var before time.Duration
	for _, field := range strings.Split(*mondayAt, ",") {
		workers, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			m := newRush(t, bots, workers)
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
			gb := m.busy.Seconds() * float64(*mondayMB) / 1024
			cost := gb*perGBSecond + float64(m.invoked)*(perInvocation+requestsOfSQS*perSQSRequest) +
				float64(m.requests["put"]+m.requests["list"])*perPutOrList +
				float64(m.requests["get"])*perGet + float64(m.mails)*perMail
			fmt.Fprintf(table, "| %d | %s | %s | %s | %s | %s | %.0f h | $%.2f | %d, %d, %d |\n", workers,
				minutes(at(0.5)), minutes(at(0.95)), minutes(last), minutes(m.oldest), alarm,
				m.busy.Hours(), cost, m.limited["sage"], m.limited["slack"], m.limited["ses"])
			if before > 0 && last > before+15*time.Minute {
				t.Errorf("the last report is later with %d workers: after %v, not %v", workers, last,
					before)
			}
			before = last
		})
	}
}

func newRush(t *testing.T, bots, workers int) *rush {
	m := &rush{windows: make(map[string]*quota), posts: make(map[string]int),
		limited: make(map[string]int), requests: make(map[string]int)}
	m.soak = newSoak(t, size{bots: bots, weeks: 1, workers: workers}, 1)
	m.calm = m.fate
	m.soak.mend()
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
	for i := range mondayQuarters {
		at := eve.Add(time.Duration(i) * 15 * time.Minute)
		time.Sleep(time.Until(at))
		if !m.ticker.ticks(at, 0) {
			t.Fatalf("the tick of %v failed", at)
		}
		m.slack.Forget(time.Now().Add(-time.Hour))
	}
	time.Sleep(time.Until(eve.Add(mondayQuarters * 15 * time.Minute)))
	m.queue.close()
	workers.Wait()
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
				}
				if n := m.posts[d.To]; d.Medium == config.Slack && n != 2 &&
					r.State != delivery.Skipped { // the digest and the details
					t.Errorf("%s: %d messages in %s, want 2", b.ID, n, d)
				}
			}
		}
	}
	return delays
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
