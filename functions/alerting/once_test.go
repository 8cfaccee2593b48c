package alerting_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// frail is an outside for a tick that dies: before its nth call takes effect, or after. What is
// dead has no effect any more, whatever it still believes to do.
type frail struct {
	*phone
	mu    sync.Mutex
	calls int
	dies  int
	after bool
}

var errDied = errors.New("the tick died")

func (f *frail) call(do func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.calls
	f.calls++
	if n > f.dies || n == f.dies && !f.after {
		return errDied
	}
	if err := do(); n < f.dies {
		return err
	}
	return errDied
}

func (f *frail) Find(ctx context.Context, m delivery.Message,
	since time.Time) (ref string, found bool, err error) {
	err = f.call(func() (err error) { ref, found, err = f.phone.Find(ctx, m, since); return err })
	return ref, found, err
}

func (f *frail) Send(ctx context.Context, m delivery.Message) (ref string, err error) {
	err = f.call(func() (err error) { ref, err = f.phone.Send(ctx, m); return err })
	return ref, err
}

// Wherever a tick dies, ops are told in the end, and where they can be looked for, once.
func TestNotifier_TickDies(t *testing.T) {
	runs := 0
	for _, after := range []bool{false, true} {
		for dies := 0; ; dies++ {
			died := false
			tell(t, map[string]string{"acme": acme}, func(s *story) {
				runs++
				s.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
				s.worker(at("C0SHOP0001", archived))
				store, senders := s.Ledger.Store, s.Senders
				f := &frail{phone: s.phone, dies: dies, after: after}
				s.Ledger.Store = storetest.Wrapped{Store: store, Around: func(
					_ context.Context, _, _ string, do func() error) error {
					return f.call(do)
				}}
				s.Senders = map[config.Medium]delivery.Sender{config.Slack: f, config.Mail: f,
					delivery.Topic: f}
				_ = s.tick() // a dead tick returns nothing
				died = f.calls > dies
				s.Ledger.Store, s.Senders = store, senders
				s.ticks(time.Hour)
				slack, topic := 0, 0
				for _, told := range s.phone.told {
					switch {
					case strings.Contains(told, "Receipt"):
					case strings.Contains(told, "C0ACMEOPS1\n#shop"):
						slack++
					case strings.Contains(told, "alarms\nacme: #shop"):
						topic++
					default:
						s.Errorf("told %q", told)
					}
				}
				if slack != 1 || topic < 1 || topic > 2 {
					s.Errorf("died at %d, after it: %v: ops were told %d times, the operator %d times", dies, after, slack, topic)
				}
			})
			if !died {
				break
			}
		}
	}
	if t.Logf("%d runs", runs); runs < 20 {
		t.Errorf("only %d runs: the tick does less than it did", runs)
	}
}

// slow is a medium that takes its time.
type slow struct{ *phone }

func (s slow) Send(ctx context.Context, m delivery.Message) (string, error) {
	time.Sleep(20 * time.Second)
	return s.phone.Send(ctx, m)
}

// Of ticks that come at once, one tells.
func TestNotifier_ConcurrentTicks(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		s.worker(at("C0SHOP0001", archived))
		s.Senders = map[config.Medium]delivery.Sender{config.Slack: slow{s.phone}}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := s.tick(); err != nil {
					s.Error(err)
				}
			})
		}
		all.Wait()
		if len(s.phone.told) != 1 {
			s.Errorf("told %d times: %q", len(s.phone.told), s.phone.told)
		}
	})
}

// What the tick does not know is not over.
func TestNotifier_UnknownStatusStaysOpen(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		s.worker(at("C0HELP0001", invite))
		s.ticks(30 * time.Minute)
		store := s.Ledger.Store
		s.Ledger.Store = storetest.Unreadable(store, "/ledger/", errDied)
		for range 4 {
			_ = s.tick() // says so
			time.Sleep(15 * time.Minute)
		}
		s.Ledger.Store = store
		if len(s.phone.told) != 1 {
			s.Errorf("told %q", s.phone.told)
		}
	})
}

// A report that is there is not awaited, though its PDF does not come, and a process is at
// that just when a tick comes.
func TestNotifier_PDFPending(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		due, _ := s.due(s.tenants[0])
		for _, d := range due {
			if d.Destination.To != "C0HELP0001" {
				s.deliver(d, nil)
				continue
			}
			f := &follower{says: []any{invite, "dies"}}
			f.try(s, d)
			time.Sleep(2 * time.Hour)
			f.try(s, d)
		}
		s.ticks(4 * time.Hour)
		if told := strings.Join(s.phone.told, "\n"); len(s.phone.told) != 1 ||
			!strings.Contains(told, "5 due, 5 delivered") {
			s.Errorf("ops heard\n%s", told)
		}
	})
}

// follower does with the PDF as it is told: an error keeps it for now, a lack for good, and "dies"
// is its death.
type follower struct {
	sender
	says []any
}

type lack struct{ delivery.Failure }

func (f *follower) try(s *story, d delivery.Delivery) {
	defer func() { _ = recover() }()
	m := delivery.Message{Key: d.Key(), Payload: complete}
	if _, err := s.Ledger.Deliver(s.Context(), d, m, f,
		time.Now().Add(8*time.Hour)); err != nil {
		s.Fatal(err)
	}
}

func (f *follower) SendReplies(context.Context, delivery.Message, string, string, bool,
	func(string) error) (*delivery.Failure, error) {
	says := f.says[0]
	f.says = f.says[1:]
	switch says := says.(type) {
	case error:
		return nil, says
	case lack:
		return &says.Failure, nil
	}
	panic(says)
}

// weekOf lets the worker do what is due: f is told what becomes of what goes to C0HELP0001, and
// everything else arrives.
func (s *story) weekOf(f *follower) {
	s.Helper()
	for _, d := range s.ready(s.tenants[0]) {
		if d.Destination.To == "C0HELP0001" {
			f.try(s, d)
		} else {
			s.deliver(d, nil)
		}
	}
}

// heads are the subjects of what was told, but for receipts.
func (s *story) heads() (heads []string) {
	for _, told := range s.phone.told {
		if head := strings.Split(told, "\n")[1]; !strings.HasPrefix(head, "Receipt") {
			heads = append(heads, head)
		}
	}
	return heads
}

var (
	noUploads = lack{delivery.Failure{Err: said("no uploads are allowed"), Remedy: "allow them",
		Cause: "slack-files"}}
	slackDown = lack{delivery.Failure{Err: said("Slack is not available"), Cause: "slack"}}
)

// What a report lacks is told each week anew, since it takes an operator to send each again, and is
// over once a later one is whole.
func TestNotifier_NextReportLacksPDF(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		s.weekOf(&follower{says: []any{noUploads}})
		s.ticks(2 * time.Hour)
		time.Sleep(time.Until(monday.AddDate(0, 0, 7)) + time.Second)
		s.weekOf(&follower{says: []any{sageDown}})
		s.ticks(2 * time.Hour)
		s.weekOf(&follower{says: []any{slackDown}})
		s.ticks(2 * time.Hour)
		time.Sleep(time.Until(monday.AddDate(0, 0, 14)) + time.Second)
		s.worker(all(nil))
		s.ticks(2 * time.Hour)
		want := []string{
			"No uploads are allowed: 1 report sent without the PDF",
			"Slack is not available: 1 report sent without the PDF",
			"Resolved: Slack is not available",
		}
		if got := s.heads(); !slices.Equal(got, want) {
			s.Errorf("ops heard %q, want %q", got, want)
		}
	})
}

// That it cannot be read for a while what became of a report ends nothing that goes on until it
// arrives, and brings nothing back that was over when it did. Nor has it failed, by the receipt.
func TestNotifier_UnreadableRecordReopensNothing(t *testing.T) {
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		s.worker(at("C0HELP0001", archived))
		s.ticks(3 * time.Hour)
		time.Sleep(time.Until(monday.AddDate(0, 0, 7)) + time.Second)
		s.worker(at("C0HELP0001", sageDown))
		store := s.Ledger.Store
		s.Ledger.Store = storetest.Unreadable(store, "/ledger/2026-W47/", errDied)
		_ = s.tick() // says so
		s.Ledger.Store = store
		time.Sleep(15 * time.Minute)
		s.weekOf(&follower{says: []any{slackDown}})
		s.ticks(time.Hour)
		want := []string{
			"#shop (C0SHOP0001) is archived: 1 report not delivered",
			"Slack is not available: 1 report sent without the PDF",
			"Resolved: #shop (C0SHOP0001) is archived",
		}
		s.Ledger.Store = storetest.Unreadable(store, "/ledger/2026-W47/", errDied)
		for range 8 { // until after the time of the receipt
			_ = s.tick()
			time.Sleep(15 * time.Minute)
		}
		s.Ledger.Store = store
		s.ticks(time.Hour)
		if got := s.heads(); !slices.Equal(got, want) {
			s.Errorf("ops heard %q, want %q", got, want)
		}
		told := strings.Join(s.phone.told, "\n")
		if !strings.Contains(told, "Receipt for acme, week 2026-W47: 5 due, 5 delivered") {
			s.Errorf("there is no true receipt:\n%s", told)
		}
	})
}

// The operator's receipt does not leave out a tenant whose configuration cannot be read at that
// tick: it waits for it, and after Monday says that it is not in it.
func TestReceipt_UnknownTenant(t *testing.T) {
	configs := map[string]string{"acme": acme, "beta": acme}
	for name, c := range map[string]struct {
		silence time.Duration
		want    string
	}{
		"for a while": {3 * time.Hour,
			"Receipt for week 2026-W46: 10 due, 10 delivered\n- acme: 5 due, 5 delivered\n- beta: 5 due, 5 delivered"},
		"for too long": {42 * time.Hour,
			"Receipt for week 2026-W46: 5 due, 5 delivered\n- acme: 5 due, 5 delivered\nNo receipt from beta: see the tick's log."},
	} {
		tell(t, configs, func(s *story) {
			s.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
			s.worker(all(nil))
			s.silent = "beta"
			s.ticks(c.silence)
			s.silent = ""
			s.ticks(time.Hour)
			var receipts []string
			for _, told := range s.phone.told {
				if _, text, _ := strings.Cut(told, "\n"); strings.HasPrefix(text,
					"Receipt for week") {
					receipts = append(receipts, text)
				}
			}
			if len(receipts) != 1 || receipts[0] != c.want {
				s.Errorf("%s: the operator got\n%s\nwant\n%s", name, strings.Join(receipts, "\n"),
					c.want)
			}
		})
	}
}

// A dead ops channel hides nothing: the others hear, and hear that it is dead, until it hears again
// itself.
func TestNotifier_OpsChannelUnreachable(t *testing.T) {
	config := strings.Replace(acme, "C0ACMEOPS1}",
		"C0ACMEOPS1, recipients: ops@example.com}\nmail: {from: weekly@example.com}", 1)
	tell(t, map[string]string{"acme": config}, func(s *story) {
		s.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
		s.phone.fails["C0ACMEOPS1"] = &delivery.Failure{Err: errors.New("#ops is archived"),
			Remedy: "unarchive it", Permanent: true}
		s.worker(at("C0SHOP0001", archived))
		s.ticks(time.Hour)
		heads := func() (all []string) {
			for _, told := range s.phone.told {
				lines := strings.SplitN(told, "\n", 3)
				all = append(all, strings.SplitN(lines[0], " to ", 2)[1]+": "+lines[1])
			}
			return all
		}
		want := []string{
			"ops@example.com: #shop (C0SHOP0001) is archived: 2 reports not delivered",
			s.Topic + ": acme: #shop (C0SHOP0001) is archived: 2 reports not delivered",
			"ops@example.com: Ops cannot be notified at slack:C0ACMEOPS1, because #ops is archived",
			s.Topic + ": acme: ops cannot be notified at slack:C0ACMEOPS1, because #ops is archived",
		}
		if got := heads(); strings.Join(got, "\n") != strings.Join(want, "\n") {
			s.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		s.phone.told = nil
		delete(s.phone.fails, "C0ACMEOPS1")
		s.ticks(3 * time.Hour)
		if got := strings.Join(heads(), "\n"); !strings.Contains(got, "C0ACMEOPS1: Receipt") ||
			!strings.Contains(got, "ops@example.com: Resolved: Ops cannot be notified at slack:C0ACMEOPS1") {
			s.Errorf("after it works again:\n%s", got)
		}
	})
}

// The state stays small, and says how many, where thousands wait.
func TestManyReports(t *testing.T) {
	tell(t, map[string]string{"acme": manyBots(700)}, func(s *story) {
		s.worker(all(sageDown))
		s.ticks(2 * time.Hour)
		o, err := s.Ledger.Store.Get(s.Context(), delivery.KeysOf("acme").Ops())
		if err != nil || len(o.Data) > 100_000 {
			s.Errorf("%d bytes, %v", len(o.Data), err)
		}
		s.worker(all(nil))
		s.ticks(15 * time.Minute)
		told := strings.Join(s.phone.told, "\n\n")
		for _, part := range []string{"700 reports delayed",
			"- 300 reports delivered\n- 400 more, not checked", "700 due, 700 delivered"} {
			if !strings.Contains(told, part) {
				s.Errorf("ops do not hear %q:\n%s", part, told)
			}
		}
	})
}

// Ops whose medium fails in passing are told once it works, and the others are not told twice.
func TestNotifier_OpsToldLater(t *testing.T) {
	var sends atomic.Int64
	tell(t, map[string]string{"acme": acme}, func(s *story) {
		s.Senders = map[config.Medium]delivery.Sender{config.Slack: flaky{s.phone, &sends}}
		s.worker(at("C0SHOP0001", archived))
		s.ticks(90 * time.Minute)
		if len(s.phone.told) != 1 || sends.Load() != 3 {
			s.Errorf("told %q after %d tries", s.phone.told, sends.Load())
		}
	})
}

// flaky fails twice.
type flaky struct {
	*phone
	sends *atomic.Int64
}

func (f flaky) Send(ctx context.Context, m delivery.Message) (string, error) {
	if f.sends.Add(1) <= 2 {
		return "", &delivery.Failure{Err: errors.New("Slack is not available")}
	}
	return f.phone.Send(ctx, m)
}

// What the tick does not know of acme says nothing of acme-2, whose name begins so.
func TestNotifier_TenantsAreIndependent(t *testing.T) {
	configs := map[string]string{"acme": acme,
		"acme-2": strings.ReplaceAll(acme, "C0HELP0001", "C0HELP0002")}
	tell(t, configs, func(s *story) {
		s.Topic = "arn:aws:sns:eu-north-1:123456789012:alarms"
		operator := func() (heads []string) {
			for _, told := range s.phone.told {
				if lines := strings.Split(told, "\n"); strings.Contains(lines[0], " to arn:") {
					heads = append(heads, lines[1])
				}
			}
			return heads
		}
		s.worker(at("C0HELP0002", invite))
		s.ticks(time.Hour)
		begun := operator()
		if len(begun) != 1 || strings.HasPrefix(begun[0], "Resolved") {
			s.Fatalf("the operator heard %q", begun)
		}
		s.silent = "acme"
		s.worker(all(nil))
		s.ticks(time.Hour)
		if got := operator(); len(got) != 2 || !strings.HasPrefix(got[1], "Resolved: ") {
			s.Errorf("the operator heard %q", got)
		}
	})
}
