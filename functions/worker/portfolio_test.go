package worker_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/portfolio"
)

// withPortfolio has, beside acme's bot, one whose key Kindly refuses, one that nobody has come to, one that is paused and one that
// reports to nobody.
var withPortfolio = acme + `
  - {id: 4218, name: Skatt, channels: C024BE92L}
  - {id: 4219, name: Parkering, channels: C024BE93L, send: {time: 08:15}}
  - {id: 4220, name: Julebot, paused: true, channels: C024BE94L}
  - {id: 4221, name: Internt}
portfolio: {name: Fjellvik, channels: C024ALLBO, recipients: boss@example.com}
`

var (
	all     = config.Job{Tenant: "acme", Bot: config.PortfolioID, Period: week}
	allBots = config.Destination{Medium: config.Slack, To: "C024ALLBO"}
	boss    = config.Destination{Medium: config.Mail, To: "boss@example.com"}
)

// deliver does a job, as if it had been queued.
func (h *house) deliver(j config.Job) {
	h.t.Helper()
	if err := h.Deliver(h.t.Context(), queues.Job{Job: j, Reason: "due"}); err != nil {
		h.t.Error(err)
	}
}

// deliverAll does the job of the overview until it waits for nobody any more.
func (h *house) deliverAll() {
	h.t.Helper()
	for range 4 {
		h.deliver(all)
		time.Sleep(10 * time.Minute)
	}
}

// overviews are those that a medium got.
func (p *post) overviews() (sent []*portfolio.Portfolio) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.sent {
		if m.Portfolio != nil {
			sent = append(sent, m.Portfolio)
		}
	}
	return sent
}

func TestTheOverviewTellsWhatBecameOfEachBot(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		h.deliver(job)
		refused := job
		refused.Bot = "4218"
		h.deliver(refused) // there is no key of it
		h.deliverAll()
		sent := append(h.slack.overviews(), h.mail.overviews()...)
		if len(sent) != 2 || sent[0].ID != sent[1].ID {
			t.Fatalf("%d overviews were sent:\n%s", len(sent), h.out)
		}
		o := sent[0]
		states := ""
		for _, b := range o.Bots {
			states += b.ID + " " + string(b.State) + " " + string(b.Reason) + "; "
		}
		const want = "4217 in ; 4218 failed access; 4219 not_in ; 4220 paused ; 4221 unsent ; "
		if states != want {
			t.Errorf("%s\nwant %s", states, want)
		}
		if n := o.Bots[0].Numbers; n == nil || n.Chats != 70 || o.Name != "Fjellvik" || o.Period != week {
			t.Errorf("%+v, %+v", o, o.Bots[0].Numbers)
		}
		for _, d := range []config.Destination{allBots, boss} {
			r, err := h.Ledger.Read(t.Context(), all, d.ID())
			if err != nil || r.State != delivery.Accepted || r.Build != o.ID {
				t.Errorf("%s: %+v (%v)", d.To, r, err)
			}
		}
		h.out.hasNot(t, "good-key")
	})
}

// A bot that was added after its report would have been due has none, and nothing waits for it.
func TestTheOverviewKnowsNewBots(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		h.configure("acme", strings.Replace(withPortfolio, "  - {id: 4218", "  - {id: 4299, name: Ny, channels: C024BE99L}\n  - {id: 4218", 1))
		for _, id := range []string{"4217", "4218", "4219"} {
			h.deliver(config.Job{Tenant: "acme", Bot: id, Period: week})
		}
		h.deliver(all)
		if sent := h.slack.overviews(); len(sent) != 1 || sent[0].Bots[1].State != portfolio.New || len(sent[0].Absent()) != 2 {
			t.Errorf("%d were sent: %+v", len(sent), sent)
		}
	})
}

// What everybody gets is what was made first: also whoever gets it later, when a bot has come in since.
func TestTheOverviewHasTheBrandsColour(t *testing.T) {
	branded := strings.Replace(withPortfolio, "defaults: {", "defaults: {brand: {accent: \"#7c3aed\"}, ", 1)
	in(t, map[string]string{"acme": branded}, func(t *testing.T, h *house) {
		h.deliverAll()
		for _, o := range append(h.slack.overviews(), h.mail.overviews()...) {
			if o.Accent == "#7c3aed" {
				return
			}
		}
		t.Errorf("no overview has the accent:\n%s", h.out)
	})
}

func TestTheOverviewIsFrozen(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		h.mail.refuse = map[string]error{"boss@example.com": &delivery.Failure{Err: errors.New("SES pauses")}}
		h.deliverAll()
		h.deliver(job)
		h.mail.refuse = nil
		time.Sleep(time.Hour)
		h.deliver(all)
		slack, mail := h.slack.overviews(), h.mail.overviews()
		if len(slack) != 1 || len(mail) != 1 || slack[0].ID != mail[0].ID {
			t.Fatalf("%d to Slack and %d by mail", len(slack), len(mail))
		}
		if state := mail[0].Bots[0].State; state != portfolio.NotIn {
			t.Errorf("a bot that came in later is %s", state)
		}
		h.deliver(all)
		if n := len(h.slack.overviews()) + len(h.mail.overviews()); n != 2 {
			t.Errorf("it was sent %d times", n)
		}
	})
}

func TestTwoWorkersSendTheSameOverviewOnce(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		for _, id := range []string{"4217", "4218", "4219"} {
			h.deliver(config.Job{Tenant: "acme", Bot: id, Period: week})
		}
		var workers sync.WaitGroup
		for range 4 {
			workers.Go(func() { h.deliver(all) })
		}
		workers.Wait()
		slack, mail := h.slack.overviews(), h.mail.overviews()
		if len(slack) != 1 || len(mail) != 1 || slack[0].ID != mail[0].ID {
			t.Errorf("%d to Slack and %d by mail", len(slack), len(mail))
		}
	})
}

func TestTheOverviewIsNotSentBeforeItsLastBotIsDue(t *testing.T) {
	in(t, map[string]string{"acme": strings.Replace(withPortfolio, "08:15", "09:00", 1)}, func(t *testing.T, h *house) {
		h.deliver(all)
		if n := len(h.slack.overviews()); n != 0 {
			t.Errorf("it was sent %d times", n)
		}
		h.out.has(t, "nothing to do", "no destination is waiting for it")
		time.Sleep(time.Hour)
		h.deliverAll()
		if n := len(h.slack.overviews()); n != 1 {
			t.Errorf("it was sent %d times", n)
		}
	})
}

// After an outage bots and overview are queued together. Which of them a worker gets first does not matter.
func TestTheOverviewWaitsALittleForBotsThatNobodyHasComeTo(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		h.deliver(all)
		if n := len(h.slack.overviews()); n != 0 {
			t.Fatalf("%d were sent before any bot was in", n)
		}
		for _, id := range []string{"4217", "4218", "4219"} {
			h.deliver(config.Job{Tenant: "acme", Bot: id, Period: week})
		}
		time.Sleep(10 * time.Minute)
		h.deliver(all)
		if sent := h.slack.overviews(); len(sent) != 1 || sent[0].Bots[0].State != portfolio.In {
			t.Errorf("%d were sent: %+v", len(sent), sent)
		}
	})
}

// What an overview is made of is read; what cannot be read now makes the message come again, and nothing is frozen.
func TestTheOverviewWaitsForTheStore(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		h.deliver(job)
		h.Archive.Store = &unreadable{Store: h.store, key: "acme/archive/4217/"}
		if err := h.Deliver(t.Context(), queues.Job{Job: all}); err == nil {
			t.Error("the job is over")
		}
		h.Archive.Store = h.store
		h.deliverAll()
		if sent := h.slack.overviews(); len(sent) != 1 || sent[0].Bots[0].State != portfolio.In {
			t.Errorf("%d were sent", len(sent))
		}
	})
}

// unreadable is a store that does not give some keys.
type unreadable struct {
	delivery.Store
	key string
}

func (u *unreadable) Get(ctx context.Context, key string) (delivery.Object, error) {
	if strings.HasPrefix(key, u.key) {
		return delivery.Object{}, errors.New("503 Slow Down")
	}
	return u.Store.Get(ctx, key)
}

// What is there and cannot be read is one bot's fault, which is told, and holds up nobody: a later try reads the same.
func TestWhatCannotBeReadHoldsUpNoOverview(t *testing.T) {
	keys := delivery.KeysOf("acme")
	for _, tc := range []struct {
		name  string
		key   func(m delivery.Manifest) string
		state portfolio.State
	}{
		{"a report", func(m delivery.Manifest) string { return keys.Edition(job.Bot, week, m.Build, delivery.ReportFile) }, portfolio.Failed},
		{"a manifest", func(delivery.Manifest) string { return keys.Manifest(job.Bot, week) }, portfolio.Failed},
		{"a record", func(delivery.Manifest) string { return keys.Record(week, job.Bot, channel) }, portfolio.In},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
				h.deliver(job)
				m, err := h.Archive.Manifest(t.Context(), job)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := h.store.Put(t.Context(), tc.key(m), delivery.Object{Data: []byte("{")}, delivery.Condition{}); err != nil {
					t.Fatal(err)
				}
				h.deliverAll()
				sent := h.slack.overviews()
				if len(sent) != 1 {
					t.Fatalf("%d were sent", len(sent))
				}
				if b := sent[0].Bots[0]; b.State != tc.state || b.State == portfolio.Failed && b.Reason != portfolio.Unmade {
					t.Errorf("the bot is %s %s", b.State, b.Reason)
				}
				h.out.has(t, "cannot be read for the overview")
			})
		})
	}
}

func TestADivertedOverviewSaysForWhomItIs(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		h.Divert = &config.Destination{Medium: config.Slack, To: "C0TRIAL000"}
		h.deliverAll()
		sent := h.slack.overviews()
		if len(sent) != 2 {
			t.Fatalf("%d were sent", len(sent))
		}
		names := sent[0].Name + ", " + sent[1].Name
		if !strings.Contains(names, "[for C024ALLBO] Fjellvik") || !strings.Contains(names, "[for boss@example.com] Fjellvik") {
			t.Errorf("they are called %s", names)
		}
	})
}

func TestAnOverviewIsSentAgain(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		h.deliverAll()
		h.deliver(job)
		again, err := h.Resend(t.Context(), all, []config.Destination{allBots})
		if err != nil || len(again) != 1 || again[0].Record.State != delivery.Accepted {
			t.Fatalf("%+v (%v)", again, err)
		}
		sent := h.slack.overviews()
		if len(sent) != 2 || sent[0].ID != sent[1].ID {
			t.Errorf("%d were sent", len(sent))
		}
		if last := h.slack.sent[len(h.slack.sent)-1].Key; last != "acme/_portfolio/2026-W46/slack-C024ALLBO/resend-1" {
			t.Errorf("its key is %s", last)
		}
	})
}

// Nobody can ask for it: whose it is says the configuration alone.
func TestNobodyAsksForTheOverview(t *testing.T) {
	if _, err := queues.ParseRequest(`{"version": 1, "tenant": "acme", "bot": "_portfolio", "week": "2026-W46", "team": "T024BE7LD", "channel": "C024BE91L",
		"user": "U024BE7LH", "response_url": "https://hooks.slack.com/x", "at": "2026-11-16T07:00:00Z"}`); !errors.Is(err, queues.ErrMalformed) {
		t.Errorf("the request is taken: %v", err)
	}
	j, err := queues.ParseJob(`{"version": 1, "tenant": "acme", "bot": "_portfolio", "week": "2026-W46"}`)
	if err != nil || j.Job != all {
		t.Errorf("the job is %v (%v)", j, err)
	}
	if _, err := queues.ParseJob(`{"version": 1, "tenant": "acme", "bot": "_other", "week": "2026-W46"}`); !errors.Is(err, queues.ErrMalformed) {
		t.Errorf("another underscore is taken: %v", err)
	}
}

// A bot leads to its report in Slack. Where Slack does not say where that is, or does not answer in time, it leads to the bot in
// Kindly's platform, and nothing waits for it.
func TestTheOverviewLeadsToTheReports(t *testing.T) {
	const kindly = "https://app.kindly.ai/bot/4217"
	text := strings.Replace(withPortfolio, "defaults: {", "defaults: {link: 'https://app.kindly.ai/bot/{bot}', ", 1)
	for name, c := range map[string]struct {
		link func(context.Context, *config.Tenant, string, string) (string, error)
		want string
	}{
		"Slack says": {func(_ context.Context, t *config.Tenant, channel, ts string) (string, error) {
			return "https://" + t.Name + "/" + channel + "/" + ts, nil
		}, "https://acme/C024BE91L/slack-1"},
		"Slack refuses": {func(context.Context, *config.Tenant, string, string) (string, error) {
			return "", errors.New("message_not_found")
		}, kindly},
		"Slack is silent": {func(ctx context.Context, _ *config.Tenant, _, _ string) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		}, kindly},
		"nobody knows": {nil, kindly},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, map[string]string{"acme": text}, func(t *testing.T, h *house) {
				h.Permalink = c.link
				h.deliver(job)
				h.deliverAll()
				sent := h.slack.overviews()
				if len(sent) != 1 || sent[0].Bots[0].Link != c.want {
					t.Errorf("%d sent: %+v", len(sent), sent)
				}
			})
		})
	}
}

// The overview has the numbers that the bot's readers have, though the week has been made anew since.
func TestTheOverviewHasTheNumbersThatWereSent(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *house) {
		h.deliver(job)
		sent, err := h.Archive.Load(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		later := *sent.Report
		later.ID = "4217-2026-W46-later"
		data, err := later.Encode()
		if err != nil {
			t.Fatal(err)
		}
		files := []delivery.File{{Name: delivery.ReportFile, Type: "application/json", Data: data}}
		if _, err := h.Archive.Save(t.Context(), job, &later, files, sent.Manifest); err != nil {
			t.Fatal(err)
		}
		h.deliverAll()
		if o := h.slack.overviews(); len(o) != 1 || o[0].Bots[0].Numbers.ReportID != sent.Report.ID {
			t.Errorf("%d were sent, of %s", len(o), o[0].Bots[0].Numbers.ReportID)
		}
	})
}
