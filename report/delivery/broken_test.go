package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
)

// broken is a store that records its requests, such as "get acme/ledger/known.json", and fails
// those that fail names. n counts from 1. During hears of a Put before it is done.
type broken struct {
	delivery.Store
	fail   func(n int, request string) bool
	during func(key string)

	mu       sync.Mutex
	requests []string
	failed   []string // the keys of what has failed
}

func (b *broken) request(method, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests = append(b.requests, method+" "+key)
	if b.fail != nil && b.fail(len(b.requests), method+" "+key) {
		b.failed = append(b.failed, key)
		return errLost
	}
	return nil
}

func (b *broken) Get(ctx context.Context, key string) (delivery.Object, error) {
	if err := b.request("get", key); err != nil {
		return delivery.Object{}, err
	}
	return b.Store.Get(ctx, key)
}

func (b *broken) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	if err := b.request("put", key); err != nil {
		return "", err
	}
	if b.during != nil {
		b.during(key)
	}
	return b.Store.Put(ctx, key, o, c)
}

func (b *broken) List(ctx context.Context, prefix string) ([]string, error) {
	if err := b.request("list", prefix); err != nil {
		return nil, err
	}
	return b.Store.List(ctx, prefix)
}

// count returns how many requests begin with prefix.
func (b *broken) count(prefix string) int {
	n := 0
	for _, r := range b.requests {
		if strings.HasPrefix(r, prefix) {
			n++
		}
	}
	return n
}

// gap is a report whose chats are not known.
func gap() *delivery.Editions {
	return &delivery.Editions{Report: &figures.Report{Unavailable: []figures.Unavailable{
		{Section: figures.SectionChats, Reason: "Sage did not answer"}}}}
}

// Whatever request of an operation fails, and all that follow, the operation says so and names the
// key. Only a mark may be missing.
func TestStore_Fails(t *testing.T) {
	type work struct {
		*delivery.Ledger
		delivery.Archive
		t *testing.T
	}
	sent := func(w work, s delivery.Sender) {
		if _, err := deliver(w.Ledger, s); err != nil {
			w.t.Fatal(err)
		}
	}
	saved := func(w work) {
		if _, err := w.Save(w.t.Context(), job, figurestest.Busy(),
			editions(w.t, figurestest.Busy(), "text"), delivery.Manifest{}); err != nil {
			w.t.Fatal(err)
		}
	}
	nothing := func(work) {}
	for _, c := range []struct {
		name   string
		before func(w work)
		do     func(w work) error
		marks  bool // a mark that is missing is an error
	}{
		{"Known", nothing, func(w work) error {
			_, _,
				err := w.FirstSeen(w.t.Context(), "acme")
			return err
		}, false},
		{"SaveKnown", nothing, func(w work) error {
			return w.SaveFirstSeen(w.t.Context(), "acme",
				delivery.FirstSeen{}, "")
		}, false},
		{"Deliver", nothing, func(w work) error {
			_,
				err := deliver(w.Ledger, scripted("ok"))
			return err
		}, false},
		{"Deliver what fails", nothing, func(w work) error {
			_,
				err := deliver(w.Ledger, scripted("fail"))
			return err
		}, false},
		{"Deliver what has a thread", nothing, func(w work) error {
			_, err := deliver(w.Ledger, &thread{medium: &medium{}})
			return err
		}, false},
		{"Fail", nothing, func(w work) error {
			_,
				err := w.Fail(w.t.Context(), one, errors.New("x"))
			return err
		}, false},
		{"Skip", nothing, func(w work) error {
			_,
				err := w.Skip(w.t.Context(), one, "x")
			return err
		}, false},
		{"Hear of what arrived", func(w work) { sent(w, scripted("ok")) }, func(w work) error {
			_, err := w.RecordMailEvent(w.t.Context(), job, channel.ID(), delivery.Delivered,
				"ses-1", nil)
			return err
		}, false},
		{"Hear of what came back", func(w work) { sent(w, scripted("ok")) }, func(w work) error {
			_, err := w.RecordMailEvent(w.t.Context(), job, channel.ID(), delivery.Bounced, "ses-1",
				nil)
			return err
		}, true},
		{"Look", func(w work) {
			sent(w, scripted("lost"))
			time.Sleep(time.Hour)
			if _, err := w.MarkMissed(w.t.Context(),
				[]delivery.Status{{Delivery: one}}); err != nil {
				w.t.Fatal(err)
			}
		}, func(w work) error {
			_, err := w.LookUp(w.t.Context(), one, message,
				&medium{sent: map[string][]string{message.Key: {"ref-1"}}})
			return err
		}, false},
		{"Miss", nothing, func(w work) error {
			records, err := w.MarkMissed(w.t.Context(), []delivery.Status{{Delivery: one}})
			if (err == nil) != (len(records) == 1) {
				w.t.Errorf("%v beside %v", records, err)
			}
			return err
		}, false},
		{"Survey", func(w work) { sent(w, scripted("never")) }, func(w work) error {
			_, err := w.Statuses(w.t.Context(), "acme", []delivery.Delivery{one})
			return err
		}, false},
		{"History", func(w work) { sent(w, scripted("ok")) }, func(w work) error {
			_, err := w.History(w.t.Context(), job)
			return err
		}, false},
		{"Save", nothing, func(w work) error {
			_, err := w.Save(w.t.Context(), job, figurestest.Busy(),
				editions(w.t, figurestest.Busy(), "text"), delivery.Manifest{})
			return err
		}, false},
		{"Load", saved, func(w work) error { _, err := w.Load(w.t.Context(), job); return err },
			false},
		{"Numbers", saved, func(w work) error {
			_, err := w.LoadReport(w.t.Context(), job, "")
			if delivery.Unreadable(err) {
				w.t.Errorf("another try is not made after %v", err)
			}
			return err
		}, false},
		{"SavePortfolio", nothing, func(w work) error {
			_, err := w.SavePortfolio(w.t.Context(), "acme", portfoliotest.Calm())
			return err
		}, false},
		{"PortfolioPDF", nothing, func(w work) error {
			_, err := w.PortfolioPDF(w.t.Context(), "acme", portfoliotest.Calm(), document("%PDF"))
			return err
		}, false},
		{"Portfolio", func(w work) {
			if _, err := w.SavePortfolio(w.t.Context(), "acme", portfoliotest.Calm()); err != nil {
				w.t.Fatal(err)
			}
		}, func(w work) error {
			_, err := w.Portfolio(w.t.Context(), "acme", portfoliotest.Calm().Period)
			return err
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := func(fail func(n int, request string) bool) (b *broken, err error) {
				synctest.Test(t, func(t *testing.T) {
					b = &broken{Store: new(storetest.Memory)}
					w := work{&delivery.Ledger{Store: b, Now: time.Now}, delivery.Archive{Store: b},
						t}
					c.before(w)
					b.requests, b.fail = nil, fail
					err = c.do(w)
				})
				return b, err
			}
			good, err := run(nil)
			if err != nil || len(good.requests) == 0 {
				t.Fatalf("with a good store: %v after %q", err, good.requests)
			}
			for first, request := range good.requests {
				if strings.HasPrefix(request, "put acme/done/") && !c.marks {
					break
				}
				b, err := run(func(n int, _ string) bool { return n > first })
				if !errors.Is(err, errLost) ||
					!slices.ContainsFunc(b.failed,
						func(key string) bool { return strings.Contains(err.Error(), key) }) {
					t.Errorf("from %s on, %q failed: %v", request, b.failed, err)
				}
			}
		})
	}
}

// What is not claimed is not sent.
func TestDeliver_ClaimNotRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broken{Store: new(storetest.Memory),
			fail: func(n int, _ string) bool { return n > 1 }}
		s := &medium{}
		if r, err := deliver(&delivery.Ledger{Store: b, Now: time.Now}, s); !errors.Is(err,
			errLost) || s.calls != nil {
			t.Errorf("%+v, %v, after %v", r, err, s.calls)
		}
	})
}

// One Put that fails is repeated; one that met a conflict is not, unless it may have been its own.
func TestDeliver_RepeatsAPut(t *testing.T) {
	record := delivery.KeysOf("acme").Record(week46, "shop", channel)
	for name, c := range map[string]struct {
		faults   map[int]string // by the number of the Put of the record
		lostGets int            // after the first Put
		want     int            // Puts of the record
	}{
		"every one is done":                     {nil, 0, 2},
		"the first is not done":                 {map[int]string{1: "before"}, 0, 3},
		"the first is done, its answer is lost": {map[int]string{1: "after"}, 0, 2},
		"the first is done, and repeated by S3": {map[int]string{1: "conflict after"}, 0, 2},
		"as before, and it cannot be read back": {map[int]string{1: "conflict after"}, 1, 3},
		"the second is not done":                {map[int]string{2: "before"}, 0, 3},
		"the first is not done for three times": {map[int]string{1: "before", 2: "before",
			3: "before"}, 0, 5},
		"the second is done, its answer is lost": {map[int]string{2: "after"}, 0, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				puts, lost := 0, c.lostGets
				store := &faulty{Store: new(storetest.Memory), fault: func(key string) string {
					if key != record {
						return ""
					}
					puts++
					return c.faults[puts]
				}}
				b := &broken{Store: store, fail: func(_ int, request string) bool {
					if puts == 0 || !strings.HasPrefix(request, "get") || lost == 0 {
						return false
					}
					lost--
					return true
				}}
				l := &delivery.Ledger{Store: b, Now: time.Now}
				s := &medium{}
				r, err := deliver(l, s)
				if err != nil || r.State != delivery.Accepted || puts != c.want ||
					len(s.sent[message.Key]) != 1 {
					t.Errorf("%d Puts, sent %v: %+v, %v", puts, s.sent, r, err)
				}
			})
		})
	}
}

// A delivery costs one GET and three PUTs: its claim, its end and its mark.
func TestDeliver_Requests(t *testing.T) {
	b := &broken{Store: new(storetest.Memory)}
	if _, err := deliver(&delivery.Ledger{Store: b, Now: time.Now}, &medium{}); err != nil {
		t.Fatal(err)
	}
	record, done := delivery.KeysOf("acme").Record(week46, "shop", channel),
		delivery.KeysOf("acme").Done(week46, "shop", channel)
	if want := []string{"get " + record, "put " + record, "put " + record,
		"put " + done}; !slices.Equal(b.requests, want) {
		t.Errorf("%q, want %q", b.requests, want)
	}
}

// What another worker writes between reading and writing is decided upon anew: its claim stands.
func TestDeliver_AnotherClaimsInBetween(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		other := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
		s, first := &medium{}, true
		b := &broken{Store: other.Store, during: func(string) {
			if first {
				first = false
				if _, err := deliver(other, scripted("crash")); !errors.Is(err, errDied) {
					t.Fatal(err)
				}
			}
		}}
		if r, err := deliver(&delivery.Ledger{Store: b, Now: time.Now}, s); !errors.Is(err,
			delivery.ErrBusy) || s.calls != nil {
			t.Errorf("%+v, %v, after %v", r, err, s.calls)
		}
	})
}

// A record that another worker always changes first is left alone in the end, and a conflict puts
// nothing twice.
func TestFail_AnotherAlwaysWritesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, n := new(storetest.Memory), 0
		b := &broken{Store: store, during: func(key string) {
			n++
			data := fmt.Sprintf(`{"state": "failed", "attempts": %d}`, n)
			if _, err := store.Put(t.Context(), key, delivery.Object{Data: []byte(data)},
				delivery.Condition{}); err != nil {
				t.Fatal(err)
			}
		}}
		key := delivery.KeysOf("acme").Record(week46, "shop", channel)
		r, err := (&delivery.Ledger{Store: b, Now: time.Now}).Fail(t.Context(), one,
			errors.New("x"))
		if !errors.Is(err, delivery.ErrConflict) || !strings.Contains(err.Error(), key) ||
			b.count("put") != 20 {
			t.Errorf("%+v, %v, after %d Puts", r, err, b.count("put"))
		}
	})
}

// What is written is not read back: neither costs more than its Puts, nor needs a store that can be
// read.
func TestArchive_ReadsNothingBack(t *testing.T) {
	a := delivery.Archive{Store: &broken{Store: new(storetest.Memory),
		fail: func(_ int, request string) bool { return strings.HasPrefix(request, "get") }}}
	r := figurestest.Busy()
	if b, err := a.Save(t.Context(), job, r, editions(t, r, "text"),
		delivery.Manifest{}); err != nil || b.Report != r {
		t.Errorf("save: %+v, %v", b.Manifest, err)
	}
	if o, err := a.SavePortfolio(t.Context(), "acme", portfoliotest.Calm()); err != nil ||
		o == nil {
		t.Errorf("save portfolio: %v, %v", o, err)
	}
}

// document returns a function that renders any portfolio as text.
func document(text string) func(*portfolio.Portfolio) ([]byte, error) {
	return func(*portfolio.Portfolio) ([]byte, error) { return []byte(text), nil }
}

// A notice is recorded by its id, and brings nothing under its message.
func TestTell(t *testing.T) {
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	n := delivery.Notice{ID: "n1", At: one.Due, Subject: "s"}
	s := &thread{medium: &medium{}}
	m := delivery.Message{Tenant: &config.Tenant{Name: "acme"}}
	for range 2 {
		r, err := l.Notify(t.Context(), n, channel, m, s, time.Now().Add(time.Minute))
		if err != nil || r.State != delivery.Accepted || r.Job.Tenant != "acme" ||
			r.Notice != "n1" || r.Destination != channel.ID() ||
			!r.Due.Equal(n.At) || r.ReplyTries != 0 || s.heard != nil {
			t.Errorf("%+v, %v, under it %q", r, err, s.heard)
		}
	}
	if len(s.sent) != 1 || len(s.sent["acme/notice/n1/slack-C024BE91L"]) != 1 {
		t.Errorf("sent %v", s.sent)
	}
	if keys, err := l.Store.List(t.Context(), "acme/"); err != nil ||
		!slices.Equal(keys, []string{"acme/ops/notices/n1/slack-C024BE91L.json"}) {
		t.Errorf("%q, %v", keys, err)
	}
}

// A portfolio has a thread, like a report.
func TestDeliver_PortfolioHasThread(t *testing.T) {
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	s := &thread{medium: &medium{}}
	r, err := l.Deliver(t.Context(), one, delivery.Message{Key: one.Key(),
		Payload: &delivery.Portfolio{Portfolio: portfoliotest.Calm()}}, s,
		time.Now().Add(time.Minute))
	if err != nil || r.State != delivery.Accepted || r.ReplyTries != 1 ||
		!slices.Equal(s.heard, []string{r.Ref}) {
		t.Errorf("%+v, %v, under it %q", r, err, s.heard)
	}
}
