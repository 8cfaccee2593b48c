package tick_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/tick"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

const acme = `
ops: {channels: C0ACMEOPS1}
defaults: {tz: Europe/Oslo}
bots:
  - {id: nettbutikk, name: Nettbutikk, channels: C0ACMECH01}
`

// A world is a deployment without AWS, at an instant. Times are those of clocks in Oslo.
type world struct {
	*testing.T
	tick.Handler
	store  *store
	clock  time.Time
	queued []queues.Job // and not yet worked at
	said   []string     // to ops
	mute   bool         // Slack does not take it
	log    bytes.Buffer
	mu     sync.Mutex
	refuse func(queues.Job) error // what the queue does not take
}

type store struct {
	storetest.Memory
	fails func(method, key string) error
}

func (s *store) Get(ctx context.Context, key string) (delivery.Object, error) {
	if err := s.fails("get", key); err != nil {
		return delivery.Object{}, err
	}
	return s.Memory.Get(ctx, key)
}

func (s *store) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	if err := s.fails("put", key); err != nil {
		return "", err
	}
	return s.Memory.Put(ctx, key, o, c)
}

func (s *store) List(ctx context.Context, prefix string) ([]string, error) {
	if err := s.fails("list", prefix); err != nil {
		return nil, err
	}
	return s.Memory.List(ctx, prefix)
}

func begin(t *testing.T) *world {
	w := &world{T: t, store: &store{fails: func(string, string) error { return nil }}}
	now := func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.clock }
	w.Handler = tick.Handler{
		Tenants: &tenantconfig.Loader{Store: w.store, SaveGood: true},
		Ledger:  &delivery.Ledger{Store: w.store, Now: now},
		Queue:   w,
		Window:  72 * time.Hour,
		Log:     log.New(&locked{w: &w.log}, slog.LevelDebug),
	}
	w.Notifier = &alerting.Notifier{
		Ledger: w.Ledger, Senders: map[config.Medium]delivery.Sender{config.Slack: ops{w},
			config.Mail: ops{w}, delivery.Topic: ops{w}},
		Window: w.Window, Log: w.Log, Commands: alerting.Commands{Bucket: "weekly"},
	}
	return w
}

type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// Send is the queue.
func (w *world) Send(_ context.Context, jobs []queues.Job) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	unsent := &queues.UnsentError{}
	for _, j := range jobs {
		if w.refuse != nil && w.refuse(j) != nil {
			unsent.Jobs = append(unsent.Jobs, j)
		} else {
			w.queued = append(w.queued, j)
		}
	}
	if len(unsent.Jobs) > 0 {
		return unsent
	}
	return nil
}

// ops are those who are told.
type ops struct{ *world }

func (o ops) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, delivery.ErrCannotSearch
}

func (o ops) Send(_ context.Context, m delivery.Message) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.mute && m.Destination.Medium == config.Slack {
		return "", errors.New("not_in_channel")
	}
	notice := m.Payload.(*delivery.Notice)
	o.said = append(o.said,
		m.Tenant.Name+" "+m.Destination.To+": "+notice.Subject+"\n"+notice.Text)
	return "ref", nil
}

func (w *world) config(tenant, content string) {
	w.Helper()
	if _, err := w.store.Memory.Put(w.Context(), "config/"+tenant+".yaml",
		delivery.Object{Data: []byte(content)}, delivery.Condition{}); err != nil {
		w.Fatal(err)
	}
}

var oslo = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		panic(err)
	}
	return loc
}()

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, oslo)
	if err != nil {
		panic(err)
	}
	return t
}

// tick is a tick that comes in time. It returns what this tick queued and how many deliveries it
// gave up.
func (w *world) tick(when string) (queued string, missed int) {
	w.Helper()
	w.mu.Lock()
	w.clock = at(when)
	before := len(w.queued)
	w.mu.Unlock()
	counts, err := w.Handle(w.Context(), tick.Tick{Time: at(when).UTC()})
	if err != nil {
		w.Errorf("%s: %v", when, err)
	}
	names := []string{}
	for _, j := range w.queued[before:] {
		names = append(names, j.String())
	}
	slices.Sort(names)
	if counts.Queued != len(names) {
		w.Errorf("%s: %d are said to be queued, and %d are", when, counts.Queued, len(names))
	}
	return strings.Join(names, " "), counts.Missed
}

func (w *world) queues(when, want string) {
	w.Helper()
	if got, missed := w.tick(when); got != want || missed != 0 {
		w.Errorf("the tick of %s queued %q, and gave up %d; want %q", when, got, missed, want)
	}
}

// logs expects so many lines of the log to have the part in them.
func (w *world) logs(part string, times int) {
	w.Helper()
	if n := strings.Count(w.log.String(), part); n != times {
		w.Errorf("%d times in the log, not %d: %s\n%s", n, times, part, &w.log)
	}
}

// work does what is queued, and says of each delivery what the worker would.
func (w *world) work(say func(delivery.Delivery) error) {
	w.Helper()
	for _, j := range w.queued {
		t, err := w.Tenants.Get(w.Context(), j.Tenant)
		if err != nil {
			w.Fatal(err)
		}
		known, _, err := w.Ledger.FirstSeen(w.Context(), j.Tenant)
		if err != nil {
			w.Fatal(err)
		}
		due, _ := delivery.Plan(t, known, w.clock, w.Window)
		for _, d := range due {
			if d.Job == j.Job {
				if err := say(d); err != nil {
					w.Error(err)
				}
			}
		}
	}
	w.queued = nil
}

func (w *world) done(d delivery.Delivery) error {
	_, err := w.Ledger.Skip(w.Context(), d, "this test sends nothing")
	return err
}

const job46 = "acme/nettbutikk/2026-W46"

func TestTick_QueuesAReportUntilItIsDone(t *testing.T) {
	w := begin(t)
	w.config("acme", acme)
	w.queues("2026-11-12 12:00", "") // deploying sends nothing old
	w.queues("2026-11-16 07:45", "")
	w.queues("2026-11-16 08:00", job46)
	// a repeated tick: the queue and the ledger see to it that nothing is sent twice
	w.queues("2026-11-16 08:00", job46)
	w.queues("2026-11-16 08:15", job46) // a worker that died has left it undone
	w.work(w.done)
	w.queues("2026-11-16 08:30", "")
	w.queues("2026-11-16 08:00", "") // a late or repeated one
	w.queues("2026-11-23 08:00", "acme/nettbutikk/2026-W47")
	w.logs(`"INFO","message":"queued","tenant":"acme","bot":"nettbutikk","period":"2026-W47"`, 1)
	w.logs(`"INFO","message":"tick","scheduled":"2026-11-23T07:00:00Z","tenants":1,"broken":0,"queued":1,"missed":0,"failed":0`, 1)
	w.logs(`"level":"ERROR"`, 0)
}

func TestTick_DestinationsShareAJob(t *testing.T) {
	w := begin(t)
	w.config("acme", strings.Replace(acme, "channels: C0ACMECH01}",
		"channels: [C0ACMECH01, C0ACMECH02], recipients: kari@example.com}", 1))
	w.queues("2026-11-13 12:00", "")
	w.queues("2026-11-16 08:00", job46)
	w.work(func(d delivery.Delivery) error { // one of them is done, the others are not
		if d.Destination.To == "C0ACMECH02" {
			return w.done(d)
		}
		return nil
	})
	w.queues("2026-11-16 08:15", job46)
}

func TestTick_CatchesUpAMissedTick(t *testing.T) {
	for _, back := range []string{"2026-11-16 08:15", "2026-11-16 23:45", "2026-11-19 07:45"} {
		w := begin(t)
		w.config("acme", acme)
		w.queues("2026-11-13 12:00", "")
		w.queues(back, job46)
		w.work(w.done)
		w.queues("2026-11-19 08:00", "")
	}
}

func TestTick_MissedAfterTheWindow(t *testing.T) {
	w := begin(t)
	w.config("acme", acme)
	w.queues("2026-11-13 12:00", "")
	w.queues("2026-11-19 07:45", job46)
	w.work(func(delivery.Delivery) error { return nil }) // no worker comes to it
	if queued, missed := w.tick("2026-11-19 08:00"); queued != "" || missed != 1 {
		t.Errorf("queued %q, missed %d; want nothing and 1", queued, missed)
	}
	w.queues("2026-11-19 08:15", "") // said once
	if !strings.Contains(w.log.String(),
		`"bot":"nettbutikk","period":"2026-W46","destination":"slack-C0ACMECH01"`) {
		t.Errorf("the log does not say what was missed:\n%s", &w.log)
	}
	w.queues("2026-11-23 08:00", "acme/nettbutikk/2026-W47")
}

func TestTick_OutageOfWeeks(t *testing.T) {
	w := begin(t)
	w.config("acme", acme)
	w.queues("2026-11-05 12:00", "")
	if queued, missed := w.tick("2026-11-24 08:00"); queued != "acme/nettbutikk/2026-W47" ||
		missed != 1 {
		t.Errorf("queued %q, missed %d; want week 47, and week 46 missed", queued, missed)
	}
}

func TestTick_QueuesAtTheNextTry(t *testing.T) {
	w := begin(t)
	w.config("acme", acme)
	w.queues("2026-11-13 12:00", "")
	w.queues("2026-11-16 08:00", job46)
	w.work(func(d delivery.Delivery) error {
		_, err := w.Ledger.Fail(t.Context(), d,
			&delivery.Failure{Err: errors.New("Sage is down"), RetryAfter: 40 * time.Minute})
		return err
	})
	w.queues("2026-11-16 08:15", "")
	w.queues("2026-11-16 08:30", "")
	w.queues("2026-11-16 08:45", job46)
}

func TestTick_ConfigurationChanges(t *testing.T) {
	with := func(change string) string {
		return strings.Replace(acme, "channels: C0ACMECH01}",
			change, 1)
	}
	for _, tc := range []struct {
		name     string
		at       string // when it is changed
		config   string
		then     string // the next tick
		queued   string
		nextWeek string
	}{
		{"a bot is added", "2026-11-16 08:05", acme + "  - {id: intern, channels: C0ACMECH02}\n",
			"2026-11-16 08:15", job46, "acme/intern/2026-W47 acme/nettbutikk/2026-W47"},
		{"a bot is added before its time", "2026-11-16 07:35",
			acme + "  - {id: intern, channels: C0ACMECH02}\n",
			"2026-11-16 07:45", "", "acme/intern/2026-W47 acme/nettbutikk/2026-W47"},
		{"a channel is moved", "2026-11-16 08:05", with("channels: C0ACMECH09}"),
			"2026-11-16 08:15", "", "acme/nettbutikk/2026-W47"},
		{"a bot is removed", "2026-11-16 08:05",
			"defaults: {tz: UTC}\nbots: [{id: intern, channels: C0ACMECH02}]\n",
			"2026-11-16 08:15", "", "acme/intern/2026-W47"},
		{"a bot is paused", "2026-11-16 08:05", with("channels: C0ACMECH01, paused: true}"),
			"2026-11-16 08:15", "", ""},
		{"the time is put off", "2026-11-16 07:35",
			with("channels: C0ACMECH01, send: {time: 10:00}}"),
			"2026-11-16 08:00", "", "acme/nettbutikk/2026-W47"},
		{"another zone, where it is still early", "2026-11-16 08:05",
			with("channels: C0ACMECH01, tz: America/New_York}"),
			"2026-11-16 08:15", "", "acme/nettbutikk/2026-W47"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := begin(t)
			w.config("acme", acme)
			w.queues("2026-11-13 12:00", "")
			if at(tc.at).After(at("2026-11-16 08:00")) {
				w.queues("2026-11-16 08:00", job46) // and the worker is slow
			}
			w.config("acme", tc.config)
			w.queues(tc.then, tc.queued)
			w.tick("2026-11-16 17:00")
			w.work(w.done)
			w.queues("2026-11-23 17:00", tc.nextWeek)
		})
	}
}

func TestTick_PauseIsNotCaughtUp(t *testing.T) {
	w := begin(t)
	w.config("acme", strings.Replace(acme, "C0ACMECH01}", "C0ACMECH01, paused_until: 2026-11-17}",
		1))
	w.queues("2026-11-13 12:00", "")
	w.queues("2026-11-16 08:00", "")
	w.queues("2026-11-17 00:15", "")
	w.queues("2026-11-23 08:00", "acme/nettbutikk/2026-W47")
}

// In the week before, clocks in Oslo went from 02:00 to 03:00 on Sunday, 29 March.
func TestTick_DaylightSavingTime(t *testing.T) {
	w := begin(t)
	w.config("acme", acme)
	w.queues("2026-03-27 12:00", "")
	for _, tc := range []struct{ utc, want string }{
		{"2026-03-30T05:45:00Z", ""},
		{"2026-03-30T06:00:00Z", "acme/nettbutikk/2026-W13"},
	} {
		instant, err := time.Parse(time.RFC3339, tc.utc)
		if err != nil {
			t.Fatal(err)
		}
		w.queues(instant.In(oslo).Format("2006-01-02 15:04"), tc.want)
	}
}

func TestTick_ConcurrentTicksAgree(t *testing.T) {
	w := begin(t)
	w.config("acme", acme)
	w.clock = at("2026-11-13 12:00")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			other := w.Handler // another process: it remembers nothing of the others
			other.Tenants = &tenantconfig.Loader{Store: w.store, SaveGood: true, Now: w.Tenants.Now}
			if _, err := other.Handle(t.Context(),
				tick.Tick{Time: w.clock.Add(time.Duration(i) * 15 * time.Minute)}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	known, _, err := w.Ledger.FirstSeen(t.Context(), "acme")
	if err != nil || len(known["nettbutikk"]) != 1 {
		t.Errorf("known: %v, %v", known, err)
	}
	w.queues("2026-11-16 08:00", job46)
}

func TestTick_ConflictIsPlannedAgain(t *testing.T) {
	w := begin(t)
	w.config("acme", acme)
	conflicts := 0
	w.store.fails = func(method, key string) error {
		if method == "put" && key == "acme/ledger/known.json" && conflicts < 3 {
			conflicts++
			return delivery.ErrConflict
		}
		return nil
	}
	w.queues("2026-11-13 12:00", "")
	if conflicts != 3 {
		t.Errorf("%d conflicts", conflicts)
	}
	w.queues("2026-11-16 08:00", job46)
}

// What is known is saved before anything is queued: a report whose destination is not saved would
// be new at the next tick.
func TestTick_SavesFirstSeenBeforeItQueues(t *testing.T) {
	refused := errors.New("S3 answered 503")
	for name, c := range map[string]struct {
		answer error
		is     error
		text   string
		puts   int
	}{
		"saved":   {nil, nil, "", 1},
		"refused": {refused, refused, "", 1},
		"always conflicts": {delivery.ErrConflict, delivery.ErrConflict,
			"known destinations of acme: ", 5},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t)
			w.config("acme", acme)
			w.queues("2026-11-13 12:00", "")
			w.config("acme", acme+"  - {id: help, channels: C0ACMECH02}\n")
			puts := 0
			w.store.fails = func(method, key string) error {
				if method != "put" || key != "acme/ledger/known.json" {
					return nil
				}
				puts++
				return c.answer
			}
			w.clock = at("2026-11-16 08:00")
			counts, err := w.Handle(t.Context(), tick.Tick{Time: w.clock})
			want := tick.Counts{Tenants: 1, Queued: 1}
			if c.is != nil {
				want = tick.Counts{Tenants: 1, Failed: 1}
			}
			if counts != want || !errors.Is(err, c.is) || puts != c.puts {
				t.Errorf("%+v, %v, and %d puts; want %+v, %v and %d", counts, err, puts, want, c.is,
					c.puts)
			}
			var trouble *tick.PartialError
			if errors.As(err, &trouble) && !strings.Contains(trouble.Errs[0].Error(), c.text) {
				t.Errorf("%v", trouble.Errs)
			}
			if c.is == nil {
				w.queues("2026-11-16 08:15", job46)
				if puts != 1 {
					t.Errorf("what is known is saved again without a change")
				}
			}
		})
	}
}

// What the queue did not take is not counted as queued, and the next tick queues it.
func TestQueueRefuses(t *testing.T) {
	const two = acme + "  - {id: help, channels: C0ACMECH02}\n"
	down := errors.New("SQS answered 503")
	for name, c := range map[string]struct {
		queue  func(w *world) tick.Queue
		queued int
	}{
		"one of two": {func(w *world) tick.Queue {
			w.refuse = func(j queues.Job) error {
				if j.Bot == "help" {
					return down
				}
				return nil
			}
			return w
		}, 1},
		"all, and says no more": {func(*world) tick.Queue { return broken{down} }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t)
			w.config("acme", two)
			w.queues("2026-11-13 12:00", "")
			w.Queue = c.queue(w)
			w.clock = at("2026-11-16 08:00")
			counts, err := w.Handle(t.Context(), tick.Tick{Time: w.clock})
			if want := (tick.Counts{Tenants: 1, Queued: c.queued, Failed: 1}); counts != want ||
				err == nil {
				t.Errorf("%+v, %v; want %+v", counts, err, want)
			}
			w.logs(`"message":"queued"`, c.queued)
			w.Queue, w.refuse = w, nil
			w.queues("2026-11-16 08:15", "acme/help/2026-W46 "+job46)
		})
	}
}

// broken is a queue that takes nothing.
type broken struct{ err error }

func (b broken) Send(context.Context, []queues.Job) error { return b.err }

// Two tenants have a bot of the same id and the same name.
func twoTenants(t *testing.T) *world {
	w := begin(t)
	w.config("acme", acme)
	w.config("beta", strings.ReplaceAll(acme, "ACME", "BETA"))
	w.queues("2026-11-13 12:00", "")
	return w
}

func TestTick_OneTenantFails(t *testing.T) {
	broken := errors.New("S3 answered 503 for acme")
	for name, trouble := range map[string]func(w *world){
		"configuration": func(w *world) {
			w.store.fails = func(method, key string) error {
				if key == "config/acme.yaml" {
					return broken
				}
				return nil
			}
		},
		"ledger": func(w *world) {
			w.store.fails = func(method, key string) error {
				if strings.HasPrefix(key, "acme/ledger/") {
					return broken
				}
				return nil
			}
		},
		"queue": func(w *world) {
			w.refuse = func(j queues.Job) error {
				if j.Tenant == "acme" {
					return broken
				}
				return nil
			}
		},
		"a programming error while it loads": func(w *world) {
			w.store.fails = func(method, key string) error {
				if key == "config/acme.yaml" {
					panic("index out of range")
				}
				return nil
			}
		},
		"done list": func(w *world) {
			w.store.fails = func(method, key string) error {
				if strings.HasPrefix(key, "acme/done/") {
					return broken
				}
				return nil
			}
		},
		"a programming error": func(w *world) {
			w.store.fails = func(method, key string) error {
				if key == "acme/ledger/known.json" {
					panic("index out of range")
				}
				return nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := twoTenants(t)
			trouble(w)
			w.clock = at("2026-11-16 08:00")
			counts, err := w.Handle(t.Context(), tick.Tick{Time: w.clock})
			if want := (tick.Counts{Tenants: 2, Queued: 1, Failed: 1}); counts != want {
				t.Errorf("%+v, want %+v", counts, want)
			}
			if len(w.queued) != 1 || w.queued[0].String() != "beta/nettbutikk/2026-W46" {
				t.Errorf("queued %v", w.queued)
			}
			var errs *tick.PartialError
			if !errors.As(err, &errs) ||
				err.Error() != "failed for 1 of 2 tenants: see the log for the error of each" {
				t.Errorf("%v", err)
			}
			w.logs(`"ERROR","message":"tick failed for this tenant, wholly or in part","tenant":"acme"`, 1)
			apart(t, w)
		})
	}
}

func TestHandle_ConfigurationsCannotBeListed(t *testing.T) {
	w := twoTenants(t)
	refused := errors.New("S3 answered 503")
	w.store.fails = func(method, _ string) error {
		if method == "list" {
			return refused
		}
		return nil
	}
	if counts, err := w.Handle(t.Context(),
		tick.Tick{Time: at("2026-11-16 08:00")}); !errors.Is(err, refused) ||
		counts != (tick.Counts{}) {
		t.Errorf("%+v, %v", counts, err)
	}
}

func TestHandle_TenantRemovedSinceItWasListed(t *testing.T) {
	w := twoTenants(t)
	w.store.fails = func(_, key string) error {
		if key == "config/acme.yaml" {
			return delivery.ErrNotFound
		}
		return nil
	}
	w.clock = at("2026-11-16 08:00")
	counts, err := w.Handle(t.Context(), tick.Tick{Time: w.clock})
	if want := (tick.Counts{Tenants: 1, Queued: 1}); counts != want || err != nil {
		t.Errorf("%+v, %v; want %+v", counts, err, want)
	}
}

// What ops cannot be notified is the tenant's trouble, and what the operator cannot be told is the
// tick's error. Reports go on.
func TestHandle_PeopleCannotBeTold(t *testing.T) {
	for name, c := range map[string]struct {
		key  string
		want tick.Counts
		log  string
	}{
		"ops": {"acme/ops/notices/", tick.Counts{Tenants: 2, Broken: 1, Queued: 2, Failed: 1},
			`"ERROR","message":"tick failed for this tenant, wholly or in part","tenant":"acme"`},
		"operator": {"_deployment/ops/", tick.Counts{Tenants: 2, Broken: 1, Queued: 2},
			`"ERROR","message":"the operator was not notified"`},
	} {
		t.Run(name, func(t *testing.T) {
			w := twoTenants(t)
			w.Notifier.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
			w.config("acme", "bots: []")
			refused := errors.New("S3 answered 503")
			w.store.fails = func(_, key string) error {
				if strings.HasPrefix(key, c.key) {
					return refused
				}
				return nil
			}
			w.clock = at("2026-11-16 08:00")
			counts, err := w.Handle(t.Context(), tick.Tick{Time: w.clock})
			if counts != c.want || !errors.Is(err, refused) {
				t.Errorf("%+v, %v; want %+v", counts, err, c.want)
			}
			w.logs(c.log, 1)
		})
	}
}

// A configuration with mistakes is counted, and ops and the log say whether an earlier version is
// in force.
func TestHandle_ConfigurationWithMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		before  string
		want    tick.Counts
		log     string
		opsHear string
	}{
		"the last good version is in force": {acme, tick.Counts{Tenants: 1, Broken: 1, Queued: 1},
			`"WARN","message":"the configuration is not valid","tenant":"acme","in_force":true,"mistakes":"1:7: bots: is an empty list`,
			"Its last valid version stays in force"},
		"nothing is in force": {"", tick.Counts{Tenants: 1, Broken: 1},
			`"WARN","message":"the configuration is not valid","tenant":"acme","in_force":false,"mistakes":"1:7: bots: is an empty list`,
			"It has no valid version"},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t)
			w.Notifier.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
			if c.before != "" {
				w.config("acme", c.before)
				w.queues("2026-11-13 12:00", "")
			}
			w.config("acme", "bots: []")
			w.clock = at("2026-11-16 08:00")
			counts, err := w.Handle(t.Context(), tick.Tick{Time: w.clock})
			if counts != c.want || err != nil {
				t.Errorf("%+v, %v; want %+v", counts, err, c.want)
			}
			w.logs(c.log, 1)
			if said := strings.Join(w.said, "\n"); !strings.Contains(said, c.opsHear) {
				t.Errorf("said %s", said)
			}
		})
	}
}

// While the ledger does not say what has become of reports, nothing that ops know of is over.
func TestHandle_LedgerCannotBeListed(t *testing.T) {
	w := begin(t)
	w.config("acme", acme)
	w.queues("2026-11-13 12:00", "")
	w.queues("2026-11-16 08:00", job46)
	w.work(func(d delivery.Delivery) error {
		_, err := w.Ledger.Fail(t.Context(), d,
			&delivery.Failure{Err: errors.New("the app is not invited"), Remedy: "invite it"})
		return err
	})
	w.tick("2026-11-16 08:15")
	if len(w.said) != 1 || !strings.HasPrefix(w.said[0],
		"acme C0ACMEOPS1: The app is not invited: 1 report delayed\n") {
		t.Fatalf("said %q", w.said)
	}
	refused := errors.New("S3 answered 503")
	w.store.fails = func(method, _ string) error {
		if method == "list" {
			return refused
		}
		return nil
	}
	w.Tenants.Store = &w.store.Memory
	w.clock = at("2026-11-16 08:30")
	if _, err := w.Handle(t.Context(), tick.Tick{Time: w.clock}); !errors.Is(err, refused) {
		t.Errorf("%v", err)
	}
	if len(w.said) != 1 {
		t.Errorf("said %q", w.said)
	}
}

func TestTick_TenantsAreIndependent(t *testing.T) {
	w := twoTenants(t)
	w.queues("2026-11-16 08:00", job46+" beta/nettbutikk/2026-W46")
	w.queued = slices.DeleteFunc(w.queued, func(j queues.Job) bool { return j.Tenant == "beta" })
	w.work(w.done)
	w.queues("2026-11-16 08:15", "beta/nettbutikk/2026-W46")
	w.config("beta", "bots: nonsense of beta")
	w.queues("2026-11-16 08:30", "beta/nettbutikk/2026-W46")
	w.queues("2026-11-16 08:45", "beta/nettbutikk/2026-W46")
	if _, missed := w.tick("2026-11-19 08:00"); missed != 1 {
		t.Errorf("missed %d, want beta's", missed)
	}
	var heard []string
	for _, said := range w.said {
		heard = append(heard, strings.SplitN(said, "\n", 2)[0])
	}
	slices.Sort(heard)
	if want := []string{
		"acme C0ACMEOPS1: Receipt for acme, week 2026-W46: 1 due, 0 delivered, 1 not wanted this week",
		"beta C0BETAOPS1: 1 report missed: no worker finished before the catch-up window ended",
		"beta C0BETAOPS1: Receipt for beta, week 2026-W46: 1 due, 0 delivered, 1 failed",
		"beta C0BETAOPS1: The configuration of beta has mistakes",
	}; !slices.Equal(heard, want) || !strings.Contains(w.said[0], "1:7: bots: is ") {
		t.Errorf("ops heard %q\nwant %q", w.said, want)
	}
	apart(t, w)
}

// apart looks into everything that was written, for one tenant's words in what is another's.
func apart(t *testing.T, w *world) {
	t.Helper()
	mine := map[string][]string{"acme": {"beta", "BETA"}, "beta": {"acme", "ACME"}}
	foreign := func(tenant, what, text string) {
		t.Helper()
		for _, word := range mine[tenant] {
			if strings.Contains(text, word) {
				t.Errorf("%s of %s has %q in it: %s", what, tenant, word, text)
			}
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(w.log.String()), "\n") {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		if tenant, ok := fields["tenant"].(string); ok {
			foreign(tenant, "a log line", line)
		} else if strings.Contains(line, "acme") || strings.Contains(line, "beta") {
			t.Errorf("a log line without a tenant names one: %s", line)
		}
	}
	keys := 0
	for tenant := range mine {
		list, err := w.store.List(t.Context(), tenant+"/")
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range list {
			keys++
			o, err := w.store.Memory.Get(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			foreign(tenant, key, key+" "+string(o.Data))
		}
	}
	if keys < 4 {
		t.Errorf("only %d keys: does this test look at the right place?", keys)
	}
	for _, said := range w.said {
		tenant, rest, _ := strings.Cut(said, " ")
		foreign(tenant, "what ops heard", rest)
	}
}

func TestTick_NoOpsConfigured(t *testing.T) {
	w := begin(t)
	w.config("acme", strings.Replace(acme, "ops: {channels: C0ACMEOPS1}", "", 1))
	w.queues("2026-11-13 12:00", "")
	w.config("acme", "bots: []")
	w.config("new", "bots: []") // never was free of mistakes
	w.queues("2026-11-16 08:00", job46)
	w.queues("2026-11-16 08:15", job46)
	if n := strings.Count(w.log.String(), "notice dropped: the tenant has no ops"); n != 1 ||
		len(w.said) != 0 {
		t.Errorf("logged %d times, said %q", n, w.said)
	}
}

// An ops channel that cannot be reached delays no other, and gets its notice later.
func TestTick_OpsChannelOfEachTenant(t *testing.T) {
	w := begin(t)
	w.config("acme", strings.Replace(acme, "C0ACMEOPS1}",
		"C0ACMEOPS1, recipients: ops@example.com}\nmail: {from: weekly@example.com}", 1))
	w.queues("2026-11-13 12:00", "")
	w.config("acme", "bots: []")
	w.mute = true
	w.queues("2026-11-13 12:15", "")
	w.queues("2026-11-13 12:30", "")
	if len(w.said) != 1 || !strings.HasPrefix(w.said[0],
		"acme ops@example.com: The configuration of acme has mistakes\n") {
		t.Errorf("said %q", w.said)
	}
	w.config("acme", strings.Replace(acme, "tz: Europe/Oslo", "tz: Oslo", 1))
	w.mute = false
	w.queues("2026-11-13 13:00", "")
	w.queues("2026-11-13 13:15", "")
	if len(w.said) != 4 { // the first on Slack too, and the second everywhere
		t.Errorf("said %q", w.said)
	}
}

// What breaks new rules stays in force. Ops are told once, also where another mistake comes to it,
// and once more where the file changes.
func TestTick_NewRulesStopNothing(t *testing.T) {
	w := begin(t)
	invisible := strings.Replace(acme, "name: Nettbutikk", "name: \u3164", 1)
	w.config("acme", invisible)
	w.queues("2026-11-13 12:00", "")
	w.queues("2026-11-13 12:15", "")
	w.queues("2026-11-16 08:00", job46)
	w.work(w.done)
	w.queues("2026-11-16 08:15", "")
	w.config("acme", "bots: []")
	w.queues("2026-11-16 08:30", "")
	w.config("acme", invisible+"  - {id: help, name: \u2800}\n")
	w.queues("2026-11-16 08:45", "")
	w.config("acme", acme)
	w.queues("2026-11-16 09:00", "")
	w.queues("2026-11-16 09:15", "")
	var heard []string
	for _, said := range w.said {
		heard = append(heard, strings.TrimPrefix(strings.SplitN(said, "\n", 2)[0],
			"acme C0ACMEOPS1: "))
	}
	rules, broken := "The configuration of acme breaks new rules",
		"The configuration of acme has mistakes"
	if want := []string{rules, broken, rules, "Resolved: " + broken,
		"Resolved: " + rules}; !slices.Equal(heard, want) {
		t.Errorf("ops heard %q\nwant %q", heard, want)
	}
	if !strings.Contains(w.said[0], "\n5:28: bots[0].name: \"\\u3164\" is invisible") ||
		!strings.Contains(w.said[0], "reports continue") {
		t.Errorf("ops were told %s", w.said[0])
	}
}

// Ops who are told of mistakes are not told of new rules beside them: both may be mended at once.
func TestTick_MistakesHideNewRules(t *testing.T) {
	w := begin(t)
	w.config("acme", strings.Replace(acme, "name: Nettbutikk", "name: \u3164", 1))
	w.queues("2026-11-13 12:00", "")
	w.logs(`"WARN","message":"the configuration breaks new rules and stays in force","tenant":"acme","over_limit":false,"warnings":"5:28: `, 1)
	if _, err := w.store.Memory.Put(t.Context(), "acme/ops/state.json",
		delivery.Object{Data: []byte("{}")}, delivery.Condition{}); err != nil {
		t.Fatal(err)
	}
	w.said = nil
	w.config("acme", "bots: []")
	w.queues("2026-11-13 12:15", "")
	if len(w.said) != 1 || !strings.HasPrefix(w.said[0],
		"acme C0ACMEOPS1: The configuration of acme has mistakes\n") {
		t.Errorf("ops were told %q", w.said)
	}
}

// What is over a limit and in force is cut off, and ops are told what is not sent, once. The other
// tenant notices nothing.
func TestTick_OverALimit(t *testing.T) {
	w := begin(t)
	var channels strings.Builder
	for i := range 60 {
		fmt.Fprintf(&channels, ", C0ACME%04d", i)
	}
	w.config("acme", strings.Replace(acme, "channels: C0ACMECH01",
		"channels: ["+channels.String()[2:]+"]", 1))
	w.config("beta", strings.ReplaceAll(acme, "ACME", "BETA"))
	w.queues("2026-11-13 12:00", "")
	w.queues("2026-11-16 08:00", job46+" beta/nettbutikk/2026-W46")
	sent := 0
	w.work(func(d delivery.Delivery) error {
		if d.Job.Tenant == "acme" {
			sent++
		}
		return w.done(d)
	})
	if sent != 50 {
		t.Errorf("acme's bot is sent to %d channels", sent)
	}
	w.queues("2026-11-16 08:15", "")
	if len(w.said) != 1 || !strings.HasPrefix(w.said[0],
		"acme C0ACMEOPS1: The configuration of acme exceeds a limit, and the excess is not sent\n") ||
		!strings.Contains(w.said[0], "only the first 50 are used, up to \"C0ACME0049\"") {
		t.Errorf("ops were told %q", w.said)
	}
	w.config("acme", acme)
	w.queues("2026-11-16 08:30", "")
	if len(w.said) != 2 || !strings.HasPrefix(w.said[1],
		"acme C0ACMEOPS1: Resolved: The configuration of acme exceeds a limit") {
		t.Errorf("ops were told %q", w.said)
	}
}

// The operator hears of every tenant once, even of one that has no ops.
func TestTick_TellsTheOperator(t *testing.T) {
	w := twoTenants(t)
	w.Notifier.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
	w.config("acme", "bots: []")
	w.config("new", "bots: []") // never was free of mistakes
	w.queues("2026-11-13 12:15", "")
	w.queues("2026-11-13 12:30", "")
	w.config("acme", acme)
	w.queues("2026-11-13 12:45", "")
	var heard []string
	for _, said := range w.said {
		if head := strings.SplitN(said, "\n", 2)[0]; strings.HasPrefix(head, "_deployment ") {
			heard = append(heard, strings.TrimPrefix(head, "_deployment "+w.Notifier.Topic+": "))
		}
	}
	if want := []string{"acme: the configuration of acme has mistakes",
		"new: the configuration of new has mistakes",
		"Resolved: acme: the configuration of acme has mistakes"}; !slices.Equal(heard, want) {
		t.Errorf("the operator heard %q, want %q", heard, want)
	}
}

// What keeps a tick from seeing to a tenant is told once two ticks in a row have met it, to whom it
// can be told; and that it is over.
func TestTick_TellsOps(t *testing.T) {
	const operator = "_deployment arn:aws:sns:eu-north-1:123456789012:alarms: "
	for key, want := range map[string][]string{
		"acme/ledger/known.json": {
			"acme C0ACMEOPS1: The tick could not process all of acme (acme/ledger/known.json: unexpected end of JSON input)",
			operator + "acme: the tick could not process all of acme (acme/ledger/known.json: unexpected end of JSON input)",
			"acme C0ACMEOPS1: Resolved: The tick could not process all of acme (acme/ledger/known.json: unexpected end of JSON input)",
			operator + "Resolved: acme: the tick could not process all of acme (acme/ledger/known.json: unexpected end of JSON input)",
		},
		"acme/ops/state.json": {
			operator + "acme: the tick could not process all of acme (alerting state: acme/ops/state.json: unexpected end of JSON input)",
			operator + "Resolved: acme: the tick could not process all of acme (alerting state: acme/ops/state.json: unexpected end of JSON input)",
		},
	} {
		w := begin(t)
		w.Notifier.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
		w.config("acme", acme)
		w.queues("2026-11-13 12:00", "")
		breaks := func(with []byte) {
			if _, err := w.store.Memory.Put(t.Context(), key, delivery.Object{Data: with},
				delivery.Condition{}); err != nil {
				t.Fatal(err)
			}
		}
		good, err := w.store.Memory.Get(t.Context(), key)
		if err != nil && !errors.Is(err, delivery.ErrNotFound) {
			t.Fatal(err)
		}
		if good.Data == nil {
			good.Data = []byte("{}")
		}
		ticks := func(times ...string) {
			for _, when := range times {
				w.clock = at(when)
				_, _ = w.Handle(t.Context(), tick.Tick{Time: w.clock}) // says so
			}
		}
		breaks([]byte("{"))
		ticks("2026-11-13 12:15")
		breaks(good.Data)
		ticks("2026-11-13 12:30")
		if len(w.said) != 0 {
			t.Errorf("%s: after one tick said %q", key, w.said)
		}
		breaks([]byte("{"))
		ticks("2026-11-13 12:45", "2026-11-13 13:00", "2026-11-13 13:15")
		breaks(good.Data)
		ticks("2026-11-13 13:30", "2026-11-13 13:45")
		var heads []string
		for _, said := range w.said {
			heads = append(heads, strings.SplitN(said, "\n", 2)[0])
		}
		if got := strings.Join(heads, "\n"); got != strings.Join(want, "\n") {
			t.Errorf("%s: said\n%s\nwant\n%s", key, got, strings.Join(want, "\n"))
		}
	}
}

// Slack takes no message to any ops, and answers none. That keeps no report back, and the operator
// hears of it within the same tick.
func TestTick_SlowOpsChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(at("2026-11-13 12:00")))
		w := begin(t)
		w.Ledger.Now = time.Now
		w.Notifier.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
		w.Notifier.Senders[config.Slack] = hanging{}
		const tenants = 100
		for i := range tenants {
			w.config(fmt.Sprintf("t%03d", i), acme)
		}
		handle := func() {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			_, _ = w.Handle(ctx, tick.Tick{Time: time.Now()}) // says so
			if err := ctx.Err(); err != nil {
				t.Error("the tick took too long")
			}
		}
		handle()
		for i := range tenants {
			w.config(fmt.Sprintf("t%03d", i),
				strings.Replace(acme, "tz: Europe/Oslo", "tz: Oslo", 1)) // something to tell
		}
		time.Sleep(time.Until(at("2026-11-16 08:00")))
		handle()
		if len(w.queued) != tenants || len(w.said) != tenants {
			t.Errorf("%d reports are queued, and the operator heard %d things", len(w.queued),
				len(w.said))
		}
	})
}

// hanging is a medium that answers when it is too late.
type hanging struct{}

func (hanging) Find(ctx context.Context, _ delivery.Message, _ time.Time) (string, bool, error) {
	<-ctx.Done()
	return "", false, ctx.Err()
}

func (hanging) Send(ctx context.Context, _ delivery.Message) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

func TestTick_DivertsAlerts(t *testing.T) {
	w := begin(t)
	w.Notifier.Divert = &config.Destination{Medium: config.Slack, To: "C0DIVERT1"}
	w.config("acme", acme)
	w.queues("2026-11-13 12:00", "")
	w.config("acme", "bots: []")
	w.queues("2026-11-13 12:15", "")
	if len(w.said) != 1 || !strings.HasPrefix(w.said[0], "acme C0DIVERT1: ") {
		t.Errorf("said %q", w.said)
	}
}

func TestTick_SchedulerEvent(t *testing.T) {
	data, err := os.ReadFile("testdata/tick.json")
	if err != nil {
		t.Fatal(err)
	}
	var event tick.Tick
	if err := json.Unmarshal(data, &event); err != nil ||
		!event.Time.Equal(at("2026-11-16 08:00")) {
		t.Fatalf("%v, %v", event, err)
	}
	w := begin(t)
	w.config("acme", acme)
	w.queues("2026-11-13 12:00", "")
	if counts, err := w.Handle(t.Context(), event); err != nil || counts.Queued != 1 {
		t.Errorf("%+v, %v", counts, err)
	}
	if _, err := w.Handle(t.Context(), tick.Tick{}); err == nil ||
		!strings.Contains(err.Error(), "<aws.scheduler.scheduled-time>") {
		t.Errorf("a tick without a time: %v", err)
	}
}
