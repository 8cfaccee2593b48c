package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/period"
)

// medium is a sender that remembers what it was sent. What happens to its calls is a script, one
// word for each Send and, after a slash, for each Find; when the words have ended, "ok":
//
//	ok       it is sent
//	fail     it is not sent
//	cure     it is not sent before a person acts
//	wait     it is not sent; try again after two hours
//	never    it is not sent, and never will be
//	gone     it is not sent, and never will be, though it may have been
//	lost     it is sent, and the answer lost
//	unsent   it is not sent, and the answer lost
//	crash    the worker dies before it is sent
//	late     it is sent, and the worker dies before it has the answer
//	slow     it takes longer than the worker has
//	blind    it cannot be looked for (Find only)
//	absent   it is not found, though it is there (Find only)
//	unsure   it is found, and whose it is cannot be said (Find only)
type medium struct {
	mu           sync.Mutex
	sends, finds []string
	calls        []string            // find and send, as they came
	sent         map[string][]string // refs by key
	since        time.Time           // of the last Find
}

func scripted(script string) *medium {
	sends, finds, _ := strings.Cut(script, "/")
	return &medium{sends: strings.Fields(sends), finds: strings.Fields(finds)}
}

var errDied = errors.New("the worker died")

func (s *medium) next(call string, script *[]string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
	if len(*script) == 0 {
		return "ok"
	}
	word := (*script)[0]
	*script = (*script)[1:]
	return word
}

func (s *medium) Find(ctx context.Context, m delivery.Message,
	since time.Time) (string, bool, error) {
	s.since = since
	switch word := s.next("find", &s.finds); word {
	case "ok":
		if refs := s.sent[m.Key]; len(refs) > 0 {
			return refs[0], true, nil
		}
		return "", false, nil
	case "absent":
		return "", false, nil
	case "fail":
		return "", false, errors.New("history is not there")
	case "unsure":
		return "ref-1", true, errors.New("history is not there")
	case "blind":
		return "", false, delivery.ErrCannotSearch
	case "slow":
		<-ctx.Done()
		return "", false, nil
	default:
		panic(word)
	}
}

func (s *medium) Send(ctx context.Context, m delivery.Message) (string, error) {
	word := s.next("send", &s.sends)
	switch word {
	case "ok", "lost", "late":
		s.mu.Lock()
		if s.sent == nil {
			s.sent = map[string][]string{}
		}
		ref := fmt.Sprintf("ref-%d", len(s.sent[m.Key])+1)
		s.sent[m.Key] = append(s.sent[m.Key], ref)
		s.mu.Unlock()
		if word == "ok" {
			return ref, nil
		}
	case "slow":
		<-ctx.Done()
		return "", ctx.Err()
	}
	failure := &delivery.Failure{Err: errors.New(word)}
	switch word {
	case "cure":
		failure.Remedy = "invite the app"
	case "wait":
		failure.RetryAfter = 2 * time.Hour
	case "never":
		failure.Permanent = true
	case "gone":
		failure.Permanent, failure.MaybeSent = true, true
	case "lost", "unsent":
		return "", errors.New(word) // of an unknown kind
	case "crash", "late":
		panic(errDied)
	}
	return "", fmt.Errorf("slack: %w", failure)
}

var (
	week46, _ = period.Parse("2026-W46")
	job       = config.Job{Tenant: "acme", Bot: "shop", Period: week46}
	channel   = config.Destination{Medium: config.Slack, To: "C024BE91L"}
	one       = delivery.Delivery{Job: job, Subject: config.Subject{ID: "shop"},
		Destination: channel, Due: time.Date(2026, time.November, 16, 7, 0, 0, 0, time.UTC)}
	message = delivery.Message{Key: one.Key(), Build: "b1", Destination: channel, Payload: complete}
	// complete is a report without gaps.
	complete = &delivery.Editions{Report: new(figures.Report)}
)

// deliver is one invocation of five minutes. It may die.
func deliver(l *delivery.Ledger, s delivery.Sender) (r delivery.Record, err error) {
	defer func() {
		if died := recover(); died == errDied {
			err = errDied
		} else if died != nil {
			panic(died)
		}
	}()
	return l.Deliver(context.Background(), one, message, s, l.Now().Add(5*time.Minute))
}

// Each case is what the medium does, and what the ledger says after each try. The tries are made
// when the ledger says that the next one has come, and, after a death, when the claim has ended.
func TestDeliver(t *testing.T) {
	for _, c := range []struct {
		name, script string
		calls        string
		want         []string
	}{
		{"at once", "ok", "send", []string{"accepted ref-1"}},
		{"in the end, waiting longer and longer", "fail fail fail fail fail fail",
			"send send send send send send send", []string{
				"failed: fail, again in 5m0s", "failed: fail, again in 15m0s",
				"failed: fail, again in 1h0m0s", "failed: fail, again in 3h0m0s",
				"failed: fail, again in 6h0m0s", "failed: fail, again in 6h0m0s", "accepted ref-1"}},
		{"hourly, for people to act", "cure cure cure cure", "send send send send send", []string{
			"failed: cure (invite the app), again in 1h0m0s",
			"failed: cure (invite the app), again in 1h0m0s",
			"failed: cure (invite the app), again in 1h0m0s",
			"failed: cure (invite the app), again in 1h0m0s", "accepted ref-1"}},
		{"what passes does not hide what people have to cure", "cure fail cure fail unsent",
			"send send send send send find find send", []string{
				"failed: cure (invite the app), again in 1h0m0s",
				"failed: cure (invite the app), again in 1h0m0s",
				"failed: cure (invite the app), again in 1h0m0s",
				"failed: cure (invite the app), again in 1h0m0s",
				"failed: cure (invite the app), look, again in 6m0s",
				"failed: cure (invite the app), look, again in 54m0s", "accepted ref-1, look"}},
		{"what is for good does", "cure never", "send send",
			[]string{"failed: cure (invite the app), again in 1h0m0s", "failed for good: never"}},
		{"when the service says so", "wait", "send send",
			[]string{"failed: wait, again in 2h0m0s", "accepted ref-1"}},
		{"never", "never", "send", []string{"failed for good: never"}},
		{"never, and in doubt", "gone", "send", []string{"failed for good: gone, look"}},
		{"never after all", "fail never", "send send",
			[]string{"failed: fail, again in 5m0s", "failed for good: never"}},

		{"a lost answer to what was sent", "lost", "send find",
			[]string{"failed: lost, look, again in 6m0s", "accepted ref-1, look"}},
		{"a lost answer to what was not sent", "unsent", "send find send",
			[]string{"failed: unsent, look, again in 6m0s", "accepted ref-1, look"}},
		{"a lookup that failed is not absence", "lost / fail fail", "send find find find", []string{
			"failed: lost, look, again in 6m0s",
			"failed: history is not there, look, again in 15m0s",
			"failed: history is not there, look, again in 1h0m0s", "accepted ref-1, look"}},
		{"once in doubt, it keeps looking", "lost fail / absent", "send find send find",
			[]string{
				"failed: lost, look, again in 6m0s", "failed: fail, look, again in 15m0s",
				"accepted ref-1, look"}},
		{"a mail in doubt", "lost / blind", "send find send",
			[]string{"failed: lost, look, again in 6m0s", "accepted ref-2, look, possibly twice"}},
		{"a mail that stays in doubt", "unsent fail / blind blind", "send find send find send",
			[]string{
				"failed: unsent, look, again in 6m0s", "failed: fail, look, again in 15m0s",
				"accepted ref-1, look, possibly twice"}},
		{"a mail that was never in doubt", "fail fail", "send send send",
			[]string{"failed: fail, again in 5m0s", "failed: fail, again in 15m0s",
				"accepted ref-1"}},

		{"a death before sending", "crash", "send find send",
			[]string{"died", "accepted ref-1, look"}},
		{"a death after sending", "late", "send find", []string{"died", "accepted ref-1, look"}},
		{"two deaths", "crash late", "send find send find",
			[]string{"died", "died", "accepted ref-1, look"}},
		{"a mail after a death", "late / blind", "send find send",
			[]string{"died", "accepted ref-2, look, possibly twice"}},

		{"too slow", "slow", "send find find send",
			[]string{"failed: slow, look, again in 1m0s", "failed: slow, look, again in 4m0s",
				"accepted ref-1, look"}},
		{"a lost answer after many failures is looked for at once", "fail fail fail fail lost",
			"send send send send send find", []string{
				"failed: fail, again in 5m0s", "failed: fail, again in 15m0s",
				"failed: fail, again in 1h0m0s", "failed: fail, again in 3h0m0s",
				"failed: lost, look, again in 6m0s", "accepted ref-1, look"}},
		{"a mail in doubt after many failures is not sent again at once",
			"fail fail fail unsent / blind blind", "send send send send find find send", []string{
				"failed: fail, again in 5m0s", "failed: fail, again in 15m0s",
				"failed: fail, again in 1h0m0s",
				"failed: unsent, look, again in 6m0s", "failed: unsent, look, again in 2h54m0s",
				"accepted ref-1, look, possibly twice"}},
		{"too slow at looking", "late / slow", "send find find",
			[]string{"died", "failed: no time was left to send, look, again in 0s",
				"accepted ref-1, look"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := scripted(c.script)
				l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
				begin := time.Now()
				var got []string
				for range 20 {
					r, err := deliver(l, s)
					if errors.Is(err, errDied) {
						got = append(got, "died")
						if _, err := deliver(l, s); !errors.Is(err, delivery.ErrBusy) {
							t.Errorf("while the dead one's claim lasts: %v", err)
						}
						time.Sleep(6 * time.Minute)
						continue
					}
					if err != nil {
						t.Fatal(err)
					}
					said := string(r.State)
					if r.State == delivery.Retrying || r.State == delivery.FailedForGood {
						said += ": " + r.Reason
						if r.Remedy != "" {
							said += " (" + r.Remedy + ")"
						}
					}
					if r.Ref != "" {
						said += " " + r.Ref
					}
					if r.MaybeSent {
						said += ", look"
					}
					if r.MaybeDuplicate {
						said += ", possibly twice"
					}
					if r.State.Final() {
						got = append(got, said)
						break
					}
					wait := time.Until(r.NextTry)
					if wait > 0 {
						time.Sleep(wait - time.Millisecond)
						if _, err := deliver(l, s); !errors.Is(err, delivery.ErrEarly) {
							t.Errorf("just before the next try: %v", err)
						}
						time.Sleep(time.Millisecond)
					}
					got = append(got, fmt.Sprintf("%s, again in %v", said, wait))
				}
				// The slow sender fails at the deadline, a minute before the claim ends.
				said, want := strings.Join(got, "\n"),
					strings.ReplaceAll(strings.Join(c.want, "\n"), "failed: slow, look",
						"failed: context deadline exceeded, look")
				if said != want {
					t.Errorf("the ledger says\n%s\nwant\n%s", said, want)
				}
				if calls := strings.Join(s.calls, " "); calls != c.calls {
					t.Errorf("called %s, want %s", calls, c.calls)
				}
				if strings.Contains(c.calls, "find") && s.since.After(begin) {
					t.Errorf("looked since %s, but the first claim was at %s", s.since, begin)
				}
				// It is over: nothing more happens.
				again, err := deliver(l, s)
				if read, _ := l.Read(t.Context(), job, channel.ID()); err != nil ||
					!reflect.DeepEqual(again, read) || strings.Join(s.calls, " ") != c.calls {
					t.Errorf("after the end: %+v, %v, %s", again, err, s.calls)
				}
				if accepted := again.State == delivery.Accepted; accepted &&
					again.Reason+again.Remedy+string(again.Cause) != "" ||
					!again.NextTry.IsZero() || !again.Retry.IsZero() {
					t.Errorf("an earlier failure stands: %+v", again)
				}
				if last := strings.HasSuffix(c.calls, "find"); again.Found != last {
					t.Errorf("found by a search: %v, after %s", again.Found, c.calls)
				}
				marks := []string{"acme/done/2026-W46/shop/slack-C024BE91L"}
				if again.State == delivery.FailedForGood {
					marks = append(marks, marks[0]+".wrong")
				}
				if keys, err := l.Store.List(t.Context(), "acme/done/2026-W46/"); err != nil ||
					!slices.Equal(keys, marks) {
					t.Errorf("marked as done: %v, %v", keys, err)
				}
			})
		})
	}
}

// What a record holds, and how long its claim lasts.
func TestRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now, Margin: 2 * time.Minute}
		begin := time.Now().UTC()
		time.AfterFunc(time.Minute, func() {
			r, err := l.Read(t.Context(), job, channel.ID())
			want := delivery.Record{
				State: delivery.Claimed, Job: job, Destination: "slack-C024BE91L", Build: "b1",
				Due:   one.Due,
				Owner: r.Owner, First: begin, Since: begin, Until: begin.Add(7 * time.Minute),
				Attempts: 1,
			}
			if err != nil || !reflect.DeepEqual(r, want) || len(r.Owner) < 20 {
				t.Errorf("while it is sent: %+v, %v", r, err)
			}
		})
		r, err := l.Deliver(t.Context(), one, message,
			sendFunc(func(context.Context, delivery.Message) (string, error) {
				time.Sleep(90 * time.Second)
				return "1763276400.000100", nil
			}), time.Now().Add(5*time.Minute))
		want := delivery.Record{
			State: delivery.Accepted, Job: job, Destination: "slack-C024BE91L", Build: "b1",
			Due:   one.Due,
			Owner: r.Owner, First: begin, Since: begin, Until: begin.Add(7 * time.Minute),
			Attempts: 1,
			At:       begin.Add(90 * time.Second), SentAt: begin.Add(90 * time.Second),
			Ref: "1763276400.000100",
		}
		if err != nil || !reflect.DeepEqual(r, want) {
			t.Errorf("got  %+v, %v\nwant %+v", r, err, want)
		}
	})
}

// sendFunc sends, and cannot be searched.
type sendFunc func(context.Context, delivery.Message) (string, error)

func (f sendFunc) Find(context.Context, delivery.Message, time.Time) (string, bool, error) {
	return "", false, delivery.ErrCannotSearch
}
func (f sendFunc) Send(ctx context.Context, m delivery.Message) (string, error) { return f(ctx, m) }

// Nothing is begun after the deadline, and nothing is sent past it.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		s := &signing{thread: &thread{medium: &medium{}}}
		if _, err := l.Deliver(t.Context(), one, message, s, time.Now()); !errors.Is(err,
			context.DeadlineExceeded) || s.signed > 0 {
			t.Errorf("at the deadline: %v, signed %d times", err, s.signed)
		}
		if _, err := l.Read(t.Context(), job, channel.ID()); !errors.Is(err, delivery.ErrNotFound) {
			t.Errorf("and yet there is a record: %v", err)
		}
		deadline := time.Now().Add(time.Minute)
		r, err := l.Deliver(t.Context(), one, message,
			sendFunc(func(ctx context.Context, _ delivery.Message) (string, error) {
				if d, ok := ctx.Deadline(); !ok || d.After(deadline) {
					t.Errorf("the sender may take until %v", d)
				}
				return "ref", nil
			}), deadline)
		if err != nil || r.State != delivery.Accepted {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// A process that stood still after it had claimed, and knows nothing of it, sends nothing once its
// time is over: another process may be at it by then.
func TestStandstill(t *testing.T) {
	for _, stood := range []time.Duration{5 * time.Minute, 20 * time.Minute} {
		clock := time.Date(2026, time.November, 16, 8, 0, 0, 0, time.UTC)
		still := &faulty{Store: new(storetest.Memory), fault: func(key string) string {
			// while the claim is put; the context's own clock stood still too
			clock = clock.Add(stood)
			return ""
		}}
		l := &delivery.Ledger{Store: still, Now: func() time.Time { return clock }}
		s := &medium{}
		r, err := l.Deliver(t.Context(), one, message, s, clock.Add(5*time.Minute))
		if err != nil || r.State != delivery.Retrying || len(s.calls) > 0 || r.Attempts != 0 {
			t.Errorf("%v: %+v, %v, after %v", stood, r, err, s.calls)
		}
	}
}

// A worker that is told to stop while it looks sends nothing after that.
func TestStopped_WhileLooking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		if _, err := deliver(l, scripted("crash")); !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		time.Sleep(6 * time.Minute)
		ctx, stop := context.WithCancel(t.Context())
		s := &thread{medium: &medium{}}
		r, err := l.Deliver(ctx, one, message, hooked{s, stop}, time.Now().Add(5*time.Minute))
		if calls := strings.Join(s.calls, " "); err != nil || r.State != delivery.Retrying ||
			r.Attempts != 1 || calls != "find" {
			t.Errorf("%+v, %v, after %s", r, err, calls)
		}
	})
}

// An attempt is what was tried: a claim that only waits is none.
func TestDeliver_CountsAttempts(t *testing.T) {
	for script, want := range map[string]int{
		"ok":                         1,
		"fail fail":                  3,
		"lost":                       2, // it was looked for
		"unsent":                     2,
		"late / slow":                2, // too slow at looking
		"cure fail unsent":           4, // after the doubt it is too early to send again
		"fail fail unsent / blind":   4,
		"fail fail unsent / ok fail": 5,
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
			s := scripted(script)
			var r delivery.Record
			for range 20 {
				if r, _ = deliver(l, s); r.State.Final() {
					break
				}
				time.Sleep(max(time.Until(r.NextTry), time.Minute))
			}
			if r.State != delivery.Accepted || r.Attempts != want {
				t.Errorf("%s: %s after %d attempts, want %d", script, r.State, r.Attempts, want)
			}
		})
	}
}

// The record says what is not known of the report that is sent, while it is sent and afterwards.
// Such a delivery is not as it should be once it is over.
func TestDeliver_Gaps(t *testing.T) {
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	m := delivery.Message{Key: one.Key(), Payload: gap()}
	const want = "chats are not known: Sage did not answer"
	r, err := l.Deliver(t.Context(), one, m, sendFunc(func(context.Context,
		delivery.Message) (string, error) {
		if r, err := l.Read(t.Context(), job, channel.ID()); err != nil || r.Gaps != want ||
			r.Failed() {
			t.Errorf("while it is sent: %+v, %v", r, err)
		}
		return "ref", nil
	}), time.Now().Add(time.Minute))
	if err != nil || r.State != delivery.Accepted || r.Gaps != want || !r.Failed() {
		t.Errorf("%+v, %v", r, err)
	}
}

// The deadline of a context is over when the wall clock says so, whatever its timer has come to.
func TestInTime(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	late := lateContext{t.Context(), time.Now().Add(-time.Millisecond)}
	for _, c := range []struct {
		ctx  context.Context
		want error
	}{{t.Context(), nil}, {stopped, context.Canceled}, {late, context.DeadlineExceeded},
		{lateContext{t.Context(), time.Now().Add(time.Hour)}, nil}} {
		if err := delivery.CheckDeadline(c.ctx, time.Now()); !errors.Is(err, c.want) ||
			(err == nil) != (c.want == nil) {
			t.Errorf("%v, want %v", err, c.want)
		}
	}
}

// lateContext has a deadline of which it has not heard.
type lateContext struct {
	context.Context
	end time.Time
}

func (c lateContext) Deadline() (time.Time, bool) { return c.end, true }

// The clock of the ledger counts, not that of the machine, where the ledger has another.
func TestDeliver_DeadlineByTheLedgersClock(t *testing.T) {
	monday := time.Date(2031, time.November, 17, 8, 0, 0, 0, time.UTC)
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: func() time.Time { return monday }}
	r, err := l.Deliver(t.Context(), one, message,
		sendFunc(func(ctx context.Context, _ delivery.Message) (string, error) {
			return "ref", ctx.Err()
		}), monday.Add(time.Minute))
	if err != nil || r.State != delivery.Accepted || !r.At.Equal(monday) {
		t.Errorf("%+v, %v", r, err)
	}
}

// A worker that is stopped while it sends still records the result.
func TestStopped(t *testing.T) {
	for _, sent := range []bool{true, false} {
		ctx, stop := context.WithCancel(t.Context())
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		_, err := l.Deliver(ctx, one, message,
			sendFunc(func(ctx context.Context, _ delivery.Message) (string, error) {
				stop()
				if sent {
					return "ref", nil
				}
				return "", ctx.Err()
			}), time.Now().Add(time.Minute))
		r, readErr := l.Read(t.Context(), job, channel.ID())
		want := delivery.Retrying
		if sent {
			want = delivery.Accepted
		}
		if err != nil || readErr != nil || r.State != want || r.MaybeSent == sent {
			t.Errorf("sent %v: %+v, %v, %v", sent, r, err, readErr)
		}
	}
}

// A hundred workers get the same job, and some get it again later. One sends.
func TestRace(t *testing.T) {
	for name, store := range map[string]func() delivery.Store{
		"a good store": func() delivery.Store { return new(storetest.Memory) },
		"a store that loses answers": func() delivery.Store {
			var puts atomic.Int64
			return &faulty{Store: new(storetest.Memory), fault: func(string) string {
				return [...]string{"", "", "after", "", "before", "",
					"conflict after"}[puts.Add(1)%7]
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &delivery.Ledger{Store: store(), Now: time.Now}
				s := &medium{}
				var all sync.WaitGroup
				var owners atomic.Int64
				for i := range 100 {
					all.Go(func() {
						time.Sleep(time.Duration(i%3) * time.Second)
						r, err := l.Deliver(t.Context(), one, message,
							slowly{s, 2500 * time.Millisecond}, time.Now().Add(5*time.Minute))
						switch {
						case err == nil && r.State == delivery.Accepted:
							owners.Add(1)
						case !errors.Is(err, delivery.ErrBusy) && !errors.Is(err, errLost):
							t.Errorf("%+v, %v", r, err)
						}
					})
				}
				all.Wait()
				if n := len(s.sent[message.Key]); n != 1 || owners.Load() < 1 {
					t.Errorf("sent %d times; %d say so", n, owners.Load())
				}
			})
		})
	}
}

type slowly struct {
	*medium
	d time.Duration
}

func (s slowly) Send(ctx context.Context, m delivery.Message) (string, error) {
	time.Sleep(s.d)
	return s.medium.Send(ctx, m)
}

// faulty is a store some of whose Puts fail: before they are done, after, or, after they are done,
// by a conflict with themselves, as when S3 is asked twice; or the worker dies before they are
// done, or after. fault hears the key.
type faulty struct {
	delivery.Store
	fault func(key string) string
}

var errLost = errors.New("the answer of the store was lost")

func (f *faulty) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	fault := f.fault(key)
	switch fault {
	case "before":
		return "", errLost
	case "died before":
		panic(errDied)
	}
	etag, err := f.Store.Put(ctx, key, o, c)
	switch {
	case fault == "after" && err == nil:
		return "", errLost
	case fault == "conflict after" && err == nil:
		return "", delivery.ErrConflict
	case fault == "died after":
		panic(errDied)
	}
	return etag, err
}

// Whatever the store and the medium do at each step, and wherever the worker dies, it is sent once
// in the end.
func TestDeliver_OnceUnderEveryFault(t *testing.T) {
	runs := 0
	for _, store := range []string{"", "before", "after", "conflict after", "died before",
		"died after"} {
		for put := range 6 {
			for _, script := range []string{"ok", "fail", "cure", "lost", "unsent", "crash", "late",
				"slow", "lost / fail", "crash lost", "late / slow fail"} {
				runs++
				synctest.Test(t, func(t *testing.T) {
					n := -1
					s := scripted(script)
					l := &delivery.Ledger{Now: time.Now,
						Store: &faulty{Store: new(storetest.Memory), fault: func(string) string {
							if n++; n == put {
								return store
							}
							return ""
						}}}
					var r delivery.Record
					for range 20 {
						open, err := ready(t.Context(), l, "acme", []delivery.Delivery{one})
						if err != nil {
							t.Fatal(err)
						}
						if len(open) > 0 {
							// what it says is in the ledger, or it is lost
							r, _ = deliver(l, s)
						}
						time.Sleep(15 * time.Minute)
					}
					r, err := l.Read(t.Context(), job, channel.ID())
					if err != nil || r.State != delivery.Accepted ||
						len(s.sent[message.Key]) != 1 || r.Ref != "ref-1" {
						t.Errorf("store %q at put %d, medium %q: sent %d times, %+v, %v", store,
							put, script, len(s.sent[message.Key]), r, err)
					}
				})
			}
		}
	}
	t.Logf("%d runs", runs)
}

// What stops an attempt before there is anything to send waits like a failure to send.
func TestFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		sage := errors.New("Sage does not answer")
		r, err := l.Fail(t.Context(), one, sage)
		if err != nil || r.State != delivery.Retrying || r.Reason != sage.Error() ||
			!r.NextTry.Equal(time.Now().Add(5*time.Minute)) || r.MaybeSent || !r.Since.IsZero() {
			t.Errorf("first: %+v, %v", r, err)
		}
		if _, err := l.Fail(t.Context(), one, sage); !errors.Is(err, delivery.ErrEarly) {
			t.Errorf("again at once: %v", err)
		}
		time.Sleep(5 * time.Minute)
		stopped, stop := context.WithCancel(t.Context())
		stop()
		r, err = l.Fail(stopped, one, fmt.Errorf("key: %w",
			&delivery.Failure{Err: errors.New("refused"), Remedy: "key set"}))
		if err != nil || r.State != delivery.Retrying || r.Remedy != "key set" ||
			!r.NextTry.Equal(time.Now().Add(time.Hour)) || r.Attempts != 2 {
			t.Errorf("second: %+v, %v", r, err)
		}
		time.Sleep(time.Hour)
		if _, err := deliver(l, scripted("late")); !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		if _, err := l.Fail(t.Context(), one, sage); !errors.Is(err, delivery.ErrBusy) {
			t.Errorf("while another process is at it: %v", err)
		}
		time.Sleep(6 * time.Minute)
		r, err = l.Fail(t.Context(), one, &delivery.Failure{Err: errors.New("the bot is gone"),
			Permanent: true})
		if err != nil || r.State != delivery.FailedForGood || !r.MaybeSent || r.Attempts != 4 ||
			!r.At.Equal(time.Now()) {
			t.Errorf("last: %+v, %v", r, err)
		}
		if again, err := l.Fail(t.Context(), one, sage); err != nil ||
			!reflect.DeepEqual(again, r) {
			t.Errorf("after the end: %+v, %v", again, err)
		}
	})
}

// A refused delivery waits for people, whatever else fails then, until there is something to send.
func TestDeliver_FailureWithRemedy(t *testing.T) {
	sage, refused := errors.New("Sage does not answer"),
		&delivery.Failure{Err: errors.New("refused"), Remedy: "key set", Cause: "key/shop"}
	for name, then := range map[string]func(l *delivery.Ledger) (delivery.Record, error){
		"sent": func(l *delivery.Ledger) (delivery.Record,
			error) {
			return deliver(l, scripted("fail"))
		},
		"waited": func(l *delivery.Ledger) (delivery.Record, error) {
			return l.Wait(t.Context(), one, &delivery.Failure{Err: errors.New("fail")}, time.Now())
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
			before := &delivery.Failure{Err: errors.New("no key"), Remedy: "set one", Cause: "key"}
			if r, err := l.Fail(t.Context(), one, before); err != nil || r.Reason != "no key" ||
				r.Remedy != "set one" {
				t.Errorf("before: %+v, %v", r, err)
			}
			time.Sleep(time.Hour)
			for i, why := range []error{refused, sage, sage} {
				r, err := l.Fail(t.Context(), one, why)
				if err != nil || r.Reason != "refused" || r.Remedy != "key set" ||
					r.Cause != "key/shop" || !r.NextTry.Equal(time.Now().Add(time.Hour)) {
					t.Errorf("%d: %+v, %v", i, r, err)
				}
				time.Sleep(time.Hour)
			}
			if r, err := then(l); err != nil || r.Reason != "fail" ||
				r.Remedy+string(r.Cause) != "" {
				t.Errorf("%s: %+v, %v", name, r, err)
			}
		})
	}
}

// Waiting is not a try: it does not make later tries rarer.
func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		begin := time.Now()
		why := &delivery.Failure{Err: errors.New("labels are missing"), Cause: "sage"}
		for i := range 3 {
			r, err := l.Wait(t.Context(), one, why, time.Now().Add(10*time.Minute))
			if err != nil || r.State != delivery.Retrying || r.Reason != "labels are missing" ||
				r.Cause != "sage" || r.Attempts != 0 ||
				!r.First.Equal(begin) || !r.NextTry.Equal(time.Now().Add(10*time.Minute)) {
				t.Errorf("%d: %+v, %v", i, r, err)
			}
			if _, err := l.Wait(t.Context(), one, why, time.Now()); !errors.Is(err,
				delivery.ErrEarly) {
				t.Errorf("%d: again at once: %v", i, err)
			}
			time.Sleep(10 * time.Minute)
		}
		if r, err := deliver(l, &medium{}); err != nil || r.State != delivery.Accepted ||
			r.Attempts != 1 || r.Reason != "" {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestSkip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		if _, err := l.Fail(t.Context(), one,
			&delivery.Failure{Err: errors.New("refused"), Remedy: "key set",
				Cause: "key"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		r, err := l.Skip(t.Context(), one, "there were no chats")
		if err != nil || r.State != delivery.Skipped || r.Reason != "there were no chats" ||
			r.Attempts != 1 || r.Remedy+string(r.Cause) != "" || !r.NextTry.IsZero() {
			t.Errorf("%+v, %v", r, err)
		}
		if again, err := deliver(l, scripted("crash")); err != nil || !reflect.DeepEqual(again, r) {
			t.Errorf("it was tried all the same: %+v, %v", again, err)
		}
		done := delivery.KeysOf("acme").Done(week46, "shop", channel)
		if keys, err := l.Store.List(t.Context(), "acme/done/"); err != nil ||
			!slices.Equal(keys, []string{done, done + ".skipped"}) {
			t.Errorf("marks %q, %v", keys, err)
		}
	})
}

// A worker that was suspended until its claim had ended, and been taken over, says so and changes
// nothing.
func TestTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		s := &medium{}
		_, err := l.Deliver(t.Context(), one, message,
			sendFunc(func(ctx context.Context, m delivery.Message) (string, error) {
				ref, err := s.Send(ctx, m)
				time.Sleep(time.Hour) // long past the claim
				if r, err := deliver(l, s); err != nil || r.State != delivery.Accepted || r.Ref != ref {
					t.Errorf("the other: %+v, %v", r, err)
				}
				return "another", err
			}), time.Now().Add(5*time.Minute))
		if !errors.Is(err, delivery.ErrConflict) {
			t.Errorf("the suspended one: %v", err)
		}
		if r, err := l.Read(t.Context(), job, channel.ID()); err != nil || r.Ref != "ref-1" ||
			len(s.sent[message.Key]) != 1 {
			t.Errorf("%+v, %v, sent %v", r, err, s.sent)
		}
	})
}
