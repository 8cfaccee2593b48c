package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kindlyweekly/functions/log"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

// planned is the weekly delivery to a destination.
func planned(to config.Destination) delivery.Delivery {
	return delivery.Delivery{Job: job, Destination: to, Due: monday.Add(-30 * time.Minute)}
}

// If two builds may have been sent, the others get the one that certainly was.
func TestDeliver_CertainBuildFirst(t *testing.T) {
	for name, certain := range map[string]config.Destination{"the first is in doubt": kari,
		"the second is": channel} {
		t.Run(name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.ask(nothing)
				first := must(h.Archive.Manifest(t.Context(), job)).Build
				h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
				h.ask(nothing)
				second := must(h.Archive.Manifest(t.Context(), job)).Build
				lost, doubtful := map[string]error{}, channel
				if certain == channel {
					doubtful = kari
				}
				lost[doubtful.To] = &delivery.Failure{Err: errors.New("no proper answer"),
					MaybeSent: true}
				sender := &post{refuse: lost}
				for to, build := range map[config.Destination]string{doubtful: second,
					certain: first} {
					m := delivery.Message{Key: planned(to).Key(), Destination: to, Build: build,
						Payload: complete}
					if _, err := h.Ledger.Deliver(t.Context(), planned(to), m, sender,
						time.Now().Add(5*time.Minute)); err != nil {
						t.Fatal(err)
					}
				}
				h.slack.sent, h.mail.sent = nil, nil
				time.Sleep(time.Hour)
				h.weekly()
				h.states(delivery.Accepted, delivery.Accepted)
				if sent := append(h.slack.sent, h.mail.sent...); len(sent) != 1 ||
					sent[0].Build != first || first == second {
					t.Errorf("sent %d, of build %q; want %s", len(sent), sent[0].Build, first)
				}
			})
		})
	}
}

// A build that may have been sent to one destination is what the other gets.
func TestDeliver_DoubtfulBuildStays(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}}
		h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
		h.weekly()
		first := must(h.Archive.Manifest(t.Context(), job)).Build
		h.slack.refuse, h.mail.refuse = nil, nil
		h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
		h.ask(nothing)
		second := must(h.Archive.Manifest(t.Context(), job)).Build
		h.slack.sent = nil
		time.Sleep(time.Hour)
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
		if s, m := h.slack.sent[0].Build, h.mail.sent[0].Build; s != first || m != first ||
			first == second {
			t.Errorf("build %s was posted and %s mailed, want %s", s, m, first)
		}
	})
}

// A job that sends, waits or fails leaves a delivery that another worker has meanwhile.
func TestDeliver_AnotherWorkerMeanwhile(t *testing.T) {
	for name, prepare := range map[string]func(h *harness){
		"sends": func(*harness) {},
		"waits": func(h *harness) {
			h.sage.Fault(sagefake.Fault{Path: "chatlabels/added",
				Body: `{"data": {}}`})
		},
		"fails": func(h *harness) { h.secrets.known["kindly/acme/4217"] = "old-key" },
	} {
		for other, do := range map[string]func(h *harness, to config.Destination) delivery.State{
			"sends it": func(h *harness, to config.Destination) (state delivery.State) {
				state = delivery.Claimed
				defer func() { _ = recover() }()
				_, _ = h.Ledger.Deliver(h.t.Context(), planned(to),
					delivery.Message{Destination: to, Payload: complete}, &post{crash: to.To},
					time.Now().Add(time.Minute))
				return state
			},
			"has failed": func(h *harness, to config.Destination) delivery.State {
				must(h.Ledger.Fail(h.t.Context(), planned(to), errors.New("another failure")))
				return delivery.Retrying
			},
		} {
			t.Run(name+", the other "+other, func(t *testing.T) {
				in(t, onlyAcme, func(t *testing.T, h *harness) {
					prepare(h)
					var state delivery.State
					h.Archive.Store = meanwhile(h.store,
						delivery.KeysOf("acme").Manifest("4217", week), func() {
							for _, to := range []config.Destination{channel, kari} {
								state = do(h, to)
							}
						})
					h.weekly()
					h.states(state, state)
					if r := h.record(channel); len(h.slack.sent) != 0 ||
						state == delivery.Retrying && r.Reason != "another failure" {
						t.Errorf("sent %d times; %+v", len(h.slack.sent), r)
					}
				})
			})
		}
	}
}

func TestDeliver_UnreadableRecord(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		must(h.store.Put(t.Context(), delivery.KeysOf("acme").Record(week, "4217", kari),
			delivery.Object{Data: []byte("{")}, delivery.Condition{}))
		h.weekly()
		if r := h.record(channel); r.State != delivery.Accepted || len(h.mail.sent) != 0 {
			t.Errorf("the channel's delivery is %q, and %d mails were sent", r.State,
				len(h.mail.sent))
		}
		h.out.has(t, `"ERROR"`, "a record cannot be read", `"destination":"`+kari.ID())
	})
	in(t, map[string]string{"acme": strings.Replace(acme, "    recipients: kari@example.com\n", "",
		1)}, func(t *testing.T, h *harness) {
		must(h.store.Put(t.Context(), delivery.KeysOf("acme").Record(week, "4217", channel),
			delivery.Object{Data: []byte("{")}, delivery.Condition{}))
		if again := h.handle(fixture(t, "weekly.json")); again != 1 {
			t.Error("the job is over, though none of its records could be read")
		}
		h.out.has(t, `"ERROR"`, "SQS repeats the message")
	})
}

func TestDeliver_NoSender(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		delete(h.Senders, config.Mail)
		h.weekly()
		h.states(delivery.Accepted, delivery.Retrying)
		if r := h.record(kari); r.Reason != "there is no way to send to mail" {
			t.Errorf("the ledger says %q", r.Reason)
		}
	})
}

// Work does not stop for a metric that cannot be written.
func TestDeliver_MetricsFail(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.Metrics.Writer = full{}
		h.weekly()
		h.states(delivery.Accepted, delivery.Accepted)
		h.out.has(t, `"ERROR"`, "metrics not written", "the disk is full")
	})
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

// A report waits for its sections for half an hour from the first try of any destination.
func TestDeliver_WaitsSinceFirstTry(t *testing.T) {
	for name, order := range map[string][]config.Destination{
		"the first was tried first": {channel, kari}, "the second was": {kari, channel},
		"the first alone was": {channel}, "the second alone was": {kari},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.sage.Fault(sagefake.Fault{Path: "feedback/summary",
					Status: http.StatusServiceUnavailable})
				for _, to := range order {
					if _, err := h.Ledger.Fail(t.Context(), planned(to),
						&delivery.Failure{Err: errors.New("no answer")}); err != nil {
						t.Fatal(err)
					}
					time.Sleep(15 * time.Minute)
				}
				time.Sleep(time.Until(monday.Add(30 * time.Minute)))
				h.weekly() // 30 minutes after the first, 15 after the second
				h.states(delivery.Accepted, delivery.Accepted)
			})
		})
	}
}

// old gives the current build a schema that this program cannot read.
func (h *harness) old() {
	h.t.Helper()
	key := delivery.KeysOf("acme").Manifest("4217", week)
	o := must(h.store.Get(h.t.Context(), key))
	var m map[string]any
	if err := json.Unmarshal(o.Data, &m); err != nil {
		h.t.Fatal(err)
	}
	m["schema"] = figures.Schema - 1
	o.Data = must(json.Marshal(m))
	must(h.store.Put(h.t.Context(), key, o, delivery.Condition{}))
}

// A build of another schema is built again, by a job and by a resend, even if it was sent.
func TestDeliver_BuildOfAnotherSchema(t *testing.T) {
	for name, again := range map[string]func(h *harness){
		"by the job":  func(h *harness) { h.weekly() },
		"by a resend": func(h *harness) { h.is(h.resend(channel), "resend-1 accepted") },
	} {
		t.Run(name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
				h.weekly()
				h.mail.refuse = nil
				h.old()
				before := h.slack.sent[0].Build
				time.Sleep(time.Hour)
				again(h)
				m := must(h.Archive.Manifest(t.Context(), job))
				if m.Revision != 2 || m.Schema != figures.Schema || m.Build == before {
					t.Errorf("revision %d of schema %d, build %s after %s", m.Revision, m.Schema,
						m.Build, before)
				}
			})
		})
	}
	t.Run("after a new revision", func(t *testing.T) { // what was sent is a former one
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
			h.weekly()
			h.mail.refuse = nil
			h.old()
			time.Sleep(time.Minute) // or the same numbers would be the same build
			h.ask(nothing)
			second := must(h.Archive.Manifest(t.Context(), job))
			h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
			time.Sleep(time.Hour)
			h.weekly()
			if len(h.mail.sent) != 1 || h.mail.sent[0].Build != second.Build ||
				second.Revision != 2 {
				t.Errorf("revision %d, and %d mails", second.Revision, len(h.mail.sent))
			}
		})
	})
}

// follows is a sender whose replies fail.
type follows struct{ *post }

func (follows) SendReplies(context.Context, delivery.Message, string, string, bool,
	func(string) error) (*delivery.Failure, error) {
	return nil, &delivery.Failure{Err: errors.New("Slack is busy")}
}

// A report that may have been sent is looked for, even if its destination does not want it any
// more.
func TestDeliver_MaybeSentIsNotSkipped(t *testing.T) {
	alert := strings.Replace(acme, "channels: C024BE91L",
		"channels: {channel: C024BE91L, send: on_alert}", 1)
	for name, c := range map[string]struct {
		refuse error
		sender func(*post) delivery.Sender
		want   delivery.State
	}{
		"the answer was lost": {&delivery.Failure{Err: errors.New("no proper answer"),
			MaybeSent: true}, func(p *post) delivery.Sender { return p }, delivery.Accepted},
		"what is under it is not": {nil, func(p *post) delivery.Sender { return follows{p} },
			delivery.Sent},
		"it was certainly refused": {&delivery.Failure{Err: errors.New("Slack is busy")},
			func(p *post) delivery.Sender { return p }, delivery.Skipped},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				h.Senders[config.Slack] = c.sender(h.slack)
				h.slack.refuse = map[string]error{"C024BE91L": c.refuse}
				h.weekly()
				h.slack.refuse, h.slack.found = nil, map[string]bool{planned(channel).Key(): true}
				h.configure("acme", alert)
				time.Sleep(time.Hour)
				h.weekly()
				h.states(c.want, delivery.Accepted)
			})
		})
	}
}

// A rejected key that has not changed is not used again.
func TestDeliver_RejectedKeyIsTriedOnce(t *testing.T) {
	asked := func(rotated string, status int) (n int) {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			h.secrets.known["kindly/acme/4217"] = "old-key"
			if status != 0 {
				exchange(sagefake.Fault{Status: status})(h)
			}
			h.secrets.rotated = map[string]string{"kindly/acme/4217": rotated}
			h.weekly()
			h.states(delivery.Retrying, delivery.Retrying)
			n = strings.Count(h.out.String(), log.SageCalls) // which each report measures once
		})
		return n
	}
	once, twice, down := asked("old-key", 0), asked("another-old-key", 0),
		asked("another-old-key", 503)
	if once == 0 || twice != 2*once || down != once {
		t.Errorf("measured %d times with a key that has not changed, %d times with one that has, %d times where Kindly is down", once, twice, down)
	}
}

// A delivery that a worker has claimed is left to it.
func TestPlanResend_Claimed(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.slack.crash = "C024BE91L"
		h.handle(fixture(t, "weekly.json"))
		h.CatchUp = time.Minute // long ago
		for _, c := range []struct {
			after time.Duration
			left  bool
		}{{0, true}, {15 * time.Minute, false}} {
			time.Sleep(c.after)
			all, err := h.PlanResend(t.Context(), job, []config.Destination{channel})
			if err != nil || all[0].NotSent() != c.left {
				t.Errorf("after %v: left %t, %v", c.after, all[0].NotSent(), err)
			}
		}
	})
}

// A portfolio that waits for its bots is sent automatically, so a resend leaves it.
func TestResend_PortfolioNotDue(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		again, err := h.Resend(t.Context(), all, []config.Destination{allBots})
		if err != nil || !again[0].NotSent() || len(h.slack.sent) != 0 {
			t.Errorf("%+v, %v, sent %d", again, err, len(h.slack.sent))
		}
	})
}

// meanwhile returns a store that calls then before the key is read for the first time.
func meanwhile(s delivery.Store, key string, then func()) storetest.Wrapped {
	first := sync.OnceFunc(then)
	return storetest.Wrapped{Store: s,
		Around: func(_ context.Context, call, at string, do func() error) error {
			if call == "get" && at == key {
				first()
			}
			return do()
		}}
}

// A delivery that another worker finishes while a resend is prepared is not sent again.
func TestResend_DeliveredMeanwhile(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("Slack is busy")}}
		h.weekly()
		h.slack.refuse = nil
		time.Sleep(h.CatchUp)
		h.Archive.Store = meanwhile(h.store,
			delivery.KeysOf("acme").Manifest("4217", week), func() {
				m := delivery.Message{Key: planned(channel).Key(), Destination: channel,
					Payload: complete}
				if r, err := h.Ledger.Deliver(t.Context(), planned(channel), m, h.slack,
					time.Now().Add(time.Minute)); err != nil || r.State != delivery.Accepted {
					t.Errorf("%+v, %v", r, err)
				}
			})
		h.is(h.resend(channel), "there: accepted")
		if len(h.slack.sent) != 1 {
			t.Errorf("sent %d times", len(h.slack.sent))
		}
	})
}
