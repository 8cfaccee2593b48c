package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/log"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures"
	"kindlyweekly/sage/sagefake"
)

// planned is the weekly delivery to a destination.
func planned(to config.Destination) delivery.Delivery {
	return delivery.Delivery{Job: job, Destination: to, Due: monday.Add(-30 * time.Minute)}
}

// Where two builds of a week may have been sent, the one that was for certain is what the others get, in whichever order they stand.
func TestDeliver_CertainBuildBeforeDoubtfulOne(t *testing.T) {
	for name, certain := range map[string]config.Destination{"the first is in doubt": kari, "the second is": channel} {
		t.Run(name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *house) {
				h.ask(nothing)
				first := must(h.Archive.Manifest(t.Context(), job)).Build
				h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
				h.ask(nothing)
				second := must(h.Archive.Manifest(t.Context(), job)).Build
				lost, doubtful := map[string]error{}, channel
				if certain == channel {
					doubtful = kari
				}
				lost[doubtful.To] = &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}
				sender := &post{refuse: lost}
				for to, build := range map[config.Destination]string{doubtful: second, certain: first} {
					m := delivery.Message{Key: planned(to).Key(), Destination: to, Build: build}
					if _, err := h.Ledger.Deliver(t.Context(), planned(to), m, sender, time.Now().Add(5*time.Minute)); err != nil {
						t.Fatal(err)
					}
				}
				h.slack.sent, h.mail.sent = nil, nil
				time.Sleep(time.Hour)
				h.weekly()
				h.states(delivery.Accepted, delivery.Accepted)
				if sent := append(h.slack.sent, h.mail.sent...); len(sent) != 1 || sent[0].Build != first || first == second {
					t.Errorf("sent %d, of build %q; want %s", len(sent), sent[0].Build, first)
				}
			})
		})
	}
}

// A report waits for its sections for half an hour since it was first tried for any of its destinations.
func TestDeliver_WaitsSinceTheFirstTry(t *testing.T) {
	for name, order := range map[string][2]config.Destination{"the first was tried first": {channel, kari}, "the second was": {kari, channel}} {
		t.Run(name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *house) {
				h.sage.Fault(sagefake.Fault{Path: "feedback/summary", Status: http.StatusServiceUnavailable})
				for _, to := range order {
					if _, err := h.Ledger.Fail(t.Context(), planned(to), &delivery.Failure{Err: errors.New("no answer")}); err != nil {
						t.Fatal(err)
					}
					time.Sleep(15 * time.Minute)
				}
				h.weekly() // 30 minutes after the first, 15 after the second
				h.states(delivery.Accepted, delivery.Accepted)
			})
		})
	}
}

// old makes the build that counts one of a schema that this program cannot read.
func (h *house) old() {
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

// A build of another schema is not loaded, though some have got it: by the job, and by a resend, it is made anew.
func TestDeliver_BuildOfAnotherSchemaIsMadeAnew(t *testing.T) {
	for name, again := range map[string]func(h *house){
		"by the job":  func(h *house) { h.weekly() },
		"by a resend": func(h *house) { h.is(h.resend(channel), "resend-1 accepted") },
	} {
		t.Run(name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *house) {
				h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
				h.weekly()
				h.mail.refuse = nil
				h.old()
				before := h.slack.sent[0].Build
				time.Sleep(time.Hour)
				again(h)
				m := must(h.Archive.Manifest(t.Context(), job))
				if m.Revision != 2 || m.Schema != figures.Schema || m.Build == before {
					t.Errorf("revision %d of schema %d, build %s after %s", m.Revision, m.Schema, m.Build, before)
				}
			})
		})
	}
	t.Run("after a new revision", func(t *testing.T) { // what was sent is a former one
		in(t, onlyAcme, func(t *testing.T, h *house) {
			h.mail.refuse = map[string]error{"kari@example.com": &delivery.Failure{Err: errors.New("SES is busy")}}
			h.weekly()
			h.mail.refuse = nil
			h.old()
			h.ask(nothing)
			second := must(h.Archive.Manifest(t.Context(), job))
			time.Sleep(time.Hour)
			h.weekly()
			if len(h.mail.sent) != 1 || h.mail.sent[0].Build != second.Build || second.Revision != 2 {
				t.Errorf("revision %d, and %d mails", second.Revision, len(h.mail.sent))
			}
		})
	})
}

// follows is a medium one of whose messages gets nothing under it yet.
type follows struct{ *post }

func (follows) SendReplies(context.Context, delivery.Message, string, string, bool, func(string) error) (*delivery.Failure, error) {
	return nil, &delivery.Failure{Err: errors.New("Slack is busy")}
}

// What may have been sent is not skipped, though nobody would want it by now: it is looked for.
func TestDeliver_NothingIsSkippedThatMayBeThere(t *testing.T) {
	alert := strings.Replace(acme, "channels: C024BE91L", "channels: {channel: C024BE91L, send: on_alert}", 1)
	for name, c := range map[string]struct {
		refuse error
		sender func(*post) delivery.Sender
		want   delivery.State
	}{
		"the answer was lost":      {&delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}, func(p *post) delivery.Sender { return p }, delivery.Accepted},
		"what is under it is not":  {nil, func(p *post) delivery.Sender { return follows{p} }, delivery.Sent},
		"it was certainly refused": {&delivery.Failure{Err: errors.New("Slack is busy")}, func(p *post) delivery.Sender { return p }, delivery.Skipped},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *house) {
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

// A key that is refused and has not changed is not asked with again.
func TestDeliver_RefusedKeyIsTriedOnce(t *testing.T) {
	asked := func(rotated string) (n int) {
		in(t, onlyAcme, func(t *testing.T, h *house) {
			h.secrets.known["kindly/acme/4217"] = "old-key"
			h.secrets.rotated = map[string]string{"kindly/acme/4217": rotated}
			h.weekly()
			h.states(delivery.Retrying, delivery.Retrying)
			n = strings.Count(h.out.String(), log.SageCalls) // which each report measures once
		})
		return n
	}
	if once, twice := asked("old-key"), asked("another-old-key"); once == 0 || twice != 2*once {
		t.Errorf("measured %d times with a key that has not changed, %d times with one that has", once, twice)
	}
}

// A claim that lasts is left to its worker, and that is known before anything is done.
func TestResends_LeavesWhatAWorkerIsAt(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		h.slack.crash = "C024BE91L"
		h.handle(fixture(t, "weekly.json"))
		h.CatchUp = time.Minute // long ago
		for _, c := range []struct {
			after time.Duration
			left  bool
		}{{0, true}, {15 * time.Minute, false}} {
			time.Sleep(c.after)
			all, err := h.Resends(t.Context(), job, []config.Destination{channel})
			if err != nil || all[0].Left() != c.left {
				t.Errorf("after %v: left %t, %v", c.after, all[0].Left(), err)
			}
		}
	})
}

// The overview that waits for its bots is sent by itself, and not beside that.
func TestResend_LeavesAnOverviewThatIsNotDue(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		again, err := h.Resend(t.Context(), all, []config.Destination{allBots})
		if err != nil || !again[0].Left() || len(h.slack.sent) != 0 {
			t.Errorf("%+v, %v, sent %d", again, err, len(h.slack.sent))
		}
	})
}

// meanwhile is a store of which something happens when a key is read for the first time.
type meanwhile struct {
	delivery.Store
	key  string
	then func()
}

func (m *meanwhile) Get(ctx context.Context, key string) (delivery.Object, error) {
	if then := m.then; key == m.key && then != nil {
		m.then = nil
		then()
	}
	return m.Store.Get(ctx, key)
}

// What another worker brings to its end, after all, while a resend is prepared, is not sent again beside that.
func TestResend_LeavesWhatHasArrivedMeanwhile(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *house) {
		h.slack.refuse = map[string]error{"C024BE91L": &delivery.Failure{Err: errors.New("Slack is busy")}}
		h.weekly()
		h.slack.refuse = nil
		time.Sleep(h.CatchUp)
		h.Archive.Store = &meanwhile{Store: h.store, key: delivery.KeysOf("acme").Manifest("4217", week), then: func() {
			m := delivery.Message{Key: planned(channel).Key(), Destination: channel}
			if r, err := h.Ledger.Deliver(t.Context(), planned(channel), m, h.slack, time.Now().Add(time.Minute)); err != nil || r.State != delivery.Accepted {
				t.Errorf("%+v, %v", r, err)
			}
		}}
		h.is(h.resend(channel), "there: accepted")
		if len(h.slack.sent) != 1 {
			t.Errorf("sent %d times", len(h.slack.sent))
		}
	})
}
