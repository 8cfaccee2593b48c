package worker_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/portfolio"
)

// withPortfolio has, beside acme's bot, one without a key, one that no worker has tried, one that
// is paused and one without destinations.
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

// deliver delivers a job.
func (h *harness) deliver(j config.Job) {
	h.t.Helper()
	if err := h.Deliver(h.t.Context(), queues.Job{Job: j, Reason: "due"}); err != nil {
		h.t.Error(err)
	}
}

// deliverAll delivers the portfolio until it waits for no bot.
func (h *harness) deliverAll() {
	h.t.Helper()
	for range 4 {
		h.deliver(all)
		time.Sleep(10 * time.Minute)
	}
}

// portfolios returns the portfolios that were sent.
func (p *post) portfolios() (sent []*portfolio.Portfolio) {
	for _, payload := range p.portfolioPayloads() {
		sent = append(sent, payload.Portfolio)
	}
	return sent
}

func (p *post) portfolioPayloads() (sent []*delivery.Portfolio) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.sent {
		if p, ok := m.Payload.(*delivery.Portfolio); ok {
			sent = append(sent, p)
		}
	}
	return sent
}

func TestDeliver_Portfolio(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.deliver(job)
		refused := job
		refused.Bot = "4218"
		h.deliver(refused) // there is no key of it
		h.deliverAll()
		sent := append(h.slack.portfolios(), h.mail.portfolios()...)
		if len(sent) != 2 || sent[0].ID != sent[1].ID {
			t.Fatalf("%d portfolios were sent:\n%s", len(sent), h.out)
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
		if n := o.Bots[0].Numbers; n == nil || n.Chats != 70 || !o.Judged() || o.Name != "Fjellvik" ||
			o.Period != week {
			t.Errorf("%+v, %+v", o, o.Bots[0].Numbers)
		}
		for _, d := range []config.Destination{allBots, boss} {
			r, err := h.Ledger.Read(t.Context(), all, d.ID())
			if err != nil || r.State != delivery.Accepted || r.Build != o.ID {
				t.Errorf("%s: %+v (%v)", d.To, r, err)
			}
		}
		h.out.hasNot(t, "cannot be read")
		h.out.hasNot(t, "good-key")
	})
}

// A bot that was added after its send time has no report, and the portfolio does not wait for it.
func TestDeliver_PortfolioWithNewBot(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.configure("acme", strings.Replace(withPortfolio, "  - {id: 4218",
			"  - {id: 4299, name: Ny, channels: C024BE99L}\n  - {id: 4218", 1))
		for _, id := range []string{"4217", "4218", "4219"} {
			h.deliver(config.Job{Tenant: "acme", Bot: id, Period: week})
		}
		h.deliver(all)
		if sent := h.slack.portfolios(); len(sent) != 1 || sent[0].Bots[1].State != portfolio.New ||
			len(sent[0].Absent()) != 2 {
			t.Errorf("%d were sent: %+v", len(sent), sent)
		}
	})
}

func TestDeliver_PortfolioColor(t *testing.T) {
	branded := strings.Replace(withPortfolio, "defaults: {",
		"defaults: {brand: {accent: \"#7c3aed\"}, ", 1)
	in(t, map[string]string{"acme": branded}, func(t *testing.T, h *harness) {
		h.deliverAll()
		for _, o := range append(h.slack.portfolios(), h.mail.portfolios()...) {
			if o.Accent == "#7c3aed" {
				return
			}
		}
		t.Errorf("no portfolio has the accent:\n%s", h.out)
	})
}

// Every destination gets the portfolio that was made first, even if a bot arrives later.
func TestDeliver_PortfolioIsFrozen(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.mail.refuse = map[string]error{"boss@example.com": &delivery.Failure{Err: errors.New("SES pauses")}}
		h.deliverAll()
		h.deliver(job)
		h.mail.refuse = nil
		time.Sleep(time.Hour)
		h.deliver(all)
		slack, mail := h.slack.portfolios(), h.mail.portfolios()
		if len(slack) != 1 || len(mail) != 1 || slack[0].ID != mail[0].ID {
			t.Fatalf("%d to Slack and %d by mail", len(slack), len(mail))
		}
		if state := mail[0].Bots[0].State; state != portfolio.NotIn {
			t.Errorf("a bot that came in later is %s", state)
		}
		h.deliver(all)
		if n := len(h.slack.portfolios()) + len(h.mail.portfolios()); n != 2 {
			t.Errorf("it was sent %d times", n)
		}
		// the report of the bot, and the portfolio
		if built := strings.Count(h.out.String(), `"Built":1`); built != 2 {
			t.Errorf("%d were built", built)
		}
	})
}

func TestDeliver_PortfolioOnceByTwoWorkers(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		for _, id := range []string{"4217", "4218", "4219"} {
			h.deliver(config.Job{Tenant: "acme", Bot: id, Period: week})
		}
		var workers sync.WaitGroup
		for range 4 {
			workers.Go(func() { h.deliver(all) })
		}
		workers.Wait()
		slack, mail := h.slack.portfolios(), h.mail.portfolios()
		if len(slack) != 1 || len(mail) != 1 || slack[0].ID != mail[0].ID {
			t.Errorf("%d to Slack and %d by mail", len(slack), len(mail))
		}
	})
}

func TestDeliver_PortfolioNotBeforeLastBot(t *testing.T) {
	in(t, map[string]string{"acme": strings.Replace(withPortfolio, "08:15", "09:00", 1)},
		func(t *testing.T, h *harness) {
			h.deliver(all)
			if n := len(h.slack.portfolios()); n != 0 {
				t.Errorf("it was sent %d times", n)
			}
			h.out.has(t, "nothing to do", "no destination is waiting for it")
			time.Sleep(time.Hour)
			h.deliverAll()
			if n := len(h.slack.portfolios()); n != 1 {
				t.Errorf("it was sent %d times", n)
			}
		})
}

// After an outage, bots and portfolio are queued together. Their order does not matter.
func TestDeliver_PortfolioWaitsForBots(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.deliver(all)
		if n := len(h.slack.portfolios()); n != 0 {
			t.Fatalf("%d were sent before any bot was in", n)
		}
		for _, id := range []string{"4217", "4218", "4219"} {
			h.deliver(config.Job{Tenant: "acme", Bot: id, Period: week})
		}
		time.Sleep(10 * time.Minute)
		h.deliver(all)
		if sent := h.slack.portfolios(); len(sent) != 1 || sent[0].Bots[0].State != portfolio.In {
			t.Errorf("%d were sent: %+v", len(sent), sent)
		}
	})
}

// If the store does not give a report, SQS repeats the message, and nothing is archived.
func TestDeliver_PortfolioStoreFails(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.deliver(job)
		h.Archive.Store = storetest.Unreadable(h.store, "acme/archive/4217/", errOnce)
		if err := h.Deliver(t.Context(), queues.Job{Job: all}); err == nil {
			t.Error("the job is over")
		}
		h.Archive.Store = h.store
		h.deliverAll()
		if sent := h.slack.portfolios(); len(sent) != 1 || sent[0].Bots[0].State != portfolio.In {
			t.Errorf("%d were sent", len(sent))
		}
	})
}

// An object that cannot be read fails one bot. It is logged, and the portfolio is sent.
func TestDeliver_PortfolioUnreadable(t *testing.T) {
	keys := delivery.KeysOf("acme")
	for _, tc := range []struct {
		name  string
		key   func(m delivery.Manifest) string
		state portfolio.State
	}{
		{"a report", func(m delivery.Manifest) string {
			return keys.Edition(job.Bot, week, m.Build,
				delivery.ReportFile)
		}, portfolio.Failed},
		{"a manifest", func(delivery.Manifest) string { return keys.Manifest(job.Bot, week) },
			portfolio.Failed},
		{"a record", func(delivery.Manifest) string { return keys.Record(week, job.Bot, channel) },
			portfolio.In},
		{"a report of another version",
			func(m delivery.Manifest) string {
				return keys.Edition(job.Bot, week, m.Build,
					delivery.ReportFile)
			}, portfolio.Failed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
				h.deliver(job)
				m, err := h.Archive.Manifest(t.Context(), job)
				if err != nil {
					t.Fatal(err)
				}
				data := []byte("{")
				if tc.name == "a report of another version" {
					r := *must(h.Archive.Load(t.Context(), job)).Report
					r.Schema--
					data = must(r.Encode())
				}
				if _, err := h.store.Put(t.Context(), tc.key(m), delivery.Object{Data: data},
					delivery.Condition{}); err != nil {
					t.Fatal(err)
				}
				h.deliverAll()
				sent := h.slack.portfolios()
				if len(sent) != 1 {
					t.Fatalf("%d were sent", len(sent))
				}
				if b := sent[0].Bots[0]; b.State != tc.state || b.State == portfolio.Failed &&
					b.Reason != portfolio.Unmade {
					t.Errorf("the bot is %s %s", b.State, b.Reason)
				}
				h.out.has(t, "cannot be read for the portfolio")
			})
		})
	}
}

func TestDeliver_PortfolioDiverted(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.Divert = &config.Destination{Medium: config.Slack, To: "C0TRIAL000"}
		h.deliverAll()
		sent := h.slack.portfolios()
		if len(sent) != 2 {
			t.Fatalf("%d were sent", len(sent))
		}
		names := sent[0].Name + ", " + sent[1].Name
		if !strings.Contains(names, "[for C024ALLBO] Fjellvik") ||
			!strings.Contains(names, "[for boss@example.com] Fjellvik") {
			t.Errorf("they are called %s", names)
		}
	})
}

func TestResend_Portfolio(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.deliverAll()
		h.deliver(job)
		again, err := h.Resend(t.Context(), all, []config.Destination{allBots})
		if err != nil || len(again) != 1 || again[0].Record.State != delivery.Accepted {
			t.Fatalf("%+v (%v)", again, err)
		}
		sent := h.slack.portfolios()
		if len(sent) != 2 || sent[0].ID != sent[1].ID {
			t.Errorf("%d were sent", len(sent))
		}
		if last := h.slack.sent[len(h.slack.sent)-1].Key; last != "acme/_portfolio/2026-W46/slack-C024ALLBO/resend-1" {
			t.Errorf("its key is %s", last)
		}
	})
}

// The portfolio cannot be requested: only the configuration says who gets it.
func TestParse_PortfolioIsNoRequest(t *testing.T) {
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

// A bot links to its report in Slack. If Slack gives no link in time, it links to the bot's page
// in Kindly's platform.
func TestDeliver_PortfolioLinks(t *testing.T) {
	const kindly = "https://app.kindly.ai/bot/4217"
	text := strings.Replace(withPortfolio, "defaults: {",
		"defaults: {link: 'https://app.kindly.ai/bot/{bot}', ", 1)
	for name, c := range map[string]struct {
		link func(context.Context, *config.Tenant, string, string) (string, error)
		want string
	}{
		"Slack says": {func(_ context.Context, t *config.Tenant, channel, ts string) (string,
			error) {
			return "https://" + t.Name + "/" + channel + "/" + ts, nil
		}, "https://acme/C024BE91L/slack-1"},
		"Slack refuses": {func(context.Context, *config.Tenant, string, string) (string, error) {
			return "", errors.New("message_not_found")
		}, kindly},
		"Slack is silent": {func(ctx context.Context, _ *config.Tenant, _, _ string) (string,
			error) {
			<-ctx.Done()
			return "", ctx.Err()
		}, kindly},
		"links are off": {nil, kindly},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, map[string]string{"acme": text}, func(t *testing.T, h *harness) {
				h.Permalink = c.link
				h.deliver(job)
				h.deliverAll()
				sent := h.slack.portfolios()
				if len(sent) != 1 || sent[0].Bots[0].Link != c.want {
					t.Errorf("%d sent: %+v", len(sent), sent)
				}
			})
		})
	}
}

// The portfolio has the numbers of the bot's readers, even if there is a newer revision.
func TestDeliver_PortfolioNumbers(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
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
		if o := h.slack.portfolios(); len(o) != 1 ||
			o[0].Bots[0].Numbers.ReportID != sent.Report.ID {
			t.Errorf("%d were sent, of %s", len(o), o[0].Bots[0].Numbers.ReportID)
		}
	})
}

// currentPortfolio returns the portfolio of acme's bots.
func (h *harness) currentPortfolio(text string) (o *portfolio.Portfolio, frozen bool) {
	h.t.Helper()
	o, frozen, err := h.Portfolio(h.t.Context(),
		must(config.Parse("config/acme.yaml", []byte(text))), week)
	if err != nil {
		h.t.Fatal(err)
	}
	return o, frozen
}

func TestPortfolio_Frozen(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		if o, frozen := h.currentPortfolio(acme); frozen || o.Name != "acme" || len(o.Bots) != 1 {
			t.Errorf("without a portfolio: frozen %t, %+v", frozen, o)
		}
		h.deliver(job)
		before, frozen := h.currentPortfolio(withPortfolio)
		if frozen || before.Name != "Fjellvik" || before.Bots[0].State != portfolio.In {
			t.Errorf("before it is sent: frozen %t, %+v", frozen, before)
		}
		h.deliverAll()
		after, frozen := h.currentPortfolio(withPortfolio)
		if sent := h.slack.portfolios(); !frozen || len(sent) != 1 || after.ID != sent[0].ID {
			t.Errorf("after it was sent: frozen %t, %+v", frozen, after)
		}
		// the report of the bot, and the portfolio
		if built := strings.Count(h.out.String(), `"Built":1`); built != 2 {
			t.Errorf("%d were built", built)
		}
	})
}

// A bot is paused for a week if its send time is within the pause.
func TestPortfolio_EndedPause(t *testing.T) {
	paused := acme + "    paused_until: 2026-11-17\n"
	in(t, map[string]string{"acme": paused}, func(t *testing.T, h *harness) {
		time.Sleep(48 * time.Hour)
		if o, _ := h.currentPortfolio(paused); o.Bots[0].State != portfolio.Paused {
			t.Errorf("the bot is %s", o.Bots[0].State)
		}
	})
}

func TestPortfolio_MissedReport(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		must(h.Ledger.MarkMissed(t.Context(), []delivery.Status{{Delivery: planned(channel)}}))
		if o, _ := h.currentPortfolio(acme); o.Bots[0].State != portfolio.Failed ||
			o.Bots[0].Reason != portfolio.Unmade {
			t.Errorf("the bot is %s %s", o.Bots[0].State, o.Bots[0].Reason)
		}
	})
}

// The portfolio has the numbers of the build that was sent for certain, else of the one that may
// have been.
func TestPortfolio_SentBuild(t *testing.T) {
	lost := map[string]error{}
	for _, to := range []config.Destination{channel, kari} {
		lost[to.To] = &delivery.Failure{Err: errors.New("no proper answer"), MaybeSent: true}
	}
	for _, tc := range []struct {
		name          string
		channel, kari string // which build they were sent, and ? if that is in doubt
		want          string
	}{
		{"the first for certain", "first", "second?", "first"},
		{"the second for certain", "second?", "first", "first"},
		{"one in doubt", "first?", "", "first"},
		{"none", "", "", "second"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, onlyAcme, func(t *testing.T, h *harness) {
				builds := make(map[string]delivery.Build)
				for _, name := range []string{"first", "second"} {
					h.ask(nothing)
					builds[name] = must(h.Archive.Load(t.Context(), job))
					h.configure("acme", strings.Replace(acme, "sources: all", "sources: web", 1))
				}
				for to, sent := range map[config.Destination]string{channel: tc.channel,
					kari: tc.kari} {
					name, doubtful := strings.CutSuffix(sent, "?")
					sender := &post{}
					if doubtful {
						sender.refuse = lost
					}
					if name != "" {
						m := delivery.Message{Destination: to, Build: builds[name].Manifest.Build,
							Payload: complete}
						must(h.Ledger.Deliver(t.Context(), planned(to), m, sender,
							time.Now().Add(time.Minute)))
					}
				}
				o, _ := h.currentPortfolio(acme)
				if n := o.Bots[0].Numbers; n == nil || n.ReportID != builds[tc.want].Report.ID {
					t.Errorf("the portfolio has %+v, want %s", n, builds[tc.want].Report.ID)
				}
			})
		})
	}
}

// permalinks records the messages that it is asked for.
type permalinks struct {
	mu    sync.Mutex
	asked []string
	err   error
}

func (p *permalinks) of(_ context.Context, _ *config.Tenant, channel, ts string) (string, error) {
	p.mu.Lock()
	p.asked = append(p.asked, channel+" "+ts)
	p.mu.Unlock()
	time.Sleep(time.Second)
	return "https://slack.example/" + channel, p.err
}

// The portfolio links to the first post of a report, in the channel where it was posted.
func TestPortfolio_Links(t *testing.T) {
	two := strings.Replace(acme, "channels: C024BE91L", "channels: [C024BE91L, C024BE92L]", 1)
	for _, tc := range []struct {
		name   string
		refuse string // the channel that Slack refuses
		divert *config.Destination
		asked  string
	}{
		{"both were posted", "", nil, "C024BE91L slack-1"},
		{"the second alone", "C024BE91L", nil, "C024BE92L slack-1"},
		{"diverted to Slack", "", &config.Destination{Medium: config.Slack, To: "C0TRIAL000"},
			"C0TRIAL000 slack-1"},
		{"diverted to mail", "", &config.Destination{Medium: config.Mail, To: "dev@example.com"},
			""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, map[string]string{"acme": two}, func(t *testing.T, h *harness) {
				for i, to := range []string{"C024BE91L", "C024BE92L"} { // one after the other
					h.slack.refuse = map[string]error{tc.refuse: errors.New("not_in_channel"),
						"C024BE92L": errors.New("not yet")}
					if i > 0 && to != tc.refuse {
						delete(h.slack.refuse, to)
						time.Sleep(time.Hour)
					}
					h.weekly()
				}
				links := &permalinks{}
				h.Permalink, h.Divert = links.of, tc.divert
				o, _ := h.currentPortfolio(two)
				if asked := strings.Join(links.asked, ", "); asked != tc.asked ||
					(o.Bots[0].Link == "") != (tc.asked == "") {
					t.Errorf("asked for %s, want %s; the link is %q", asked, tc.asked,
						o.Bots[0].Link)
				}
			})
		})
	}
	t.Run("nothing was posted", func(t *testing.T) {
		in(t, onlyAcme, func(t *testing.T, h *harness) {
			h.slack.refuse = archived
			h.weekly()
			links := &permalinks{}
			h.Permalink = links.of
			if h.currentPortfolio(acme); len(links.asked) != 0 {
				t.Errorf("asked for %q", links.asked)
			}
		})
	})
}

// After some failures Slack is asked for no more links.
func TestPortfolio_LinksFail(t *testing.T) {
	in(t, onlyAcme, func(t *testing.T, h *harness) {
		h.weekly()
		b := must(h.Archive.Load(t.Context(), job))
		text := acme
		for i := range 40 {
			id := fmt.Sprint(5000 + i)
			text += fmt.Sprintf("  - {id: %s, name: Bot %s, channels: C024BE91L}\n", id, id)
			j := config.Job{Tenant: "acme", Bot: id, Period: week}
			must(h.Archive.Save(t.Context(), j, b.Report, b.Files, delivery.Manifest{}))
			d := delivery.Delivery{Job: j, Destination: channel}
			m := delivery.Message{Destination: channel, Payload: complete}
			must(h.Ledger.Deliver(t.Context(), d, m, &post{},
				time.Now().Add(time.Minute)))
		}
		links := &permalinks{err: errors.New("message_not_found")}
		h.Permalink = links.of
		if o, _ := h.currentPortfolio(text); len(links.asked) > 20 ||
			o.Bots[20].State != portfolio.In { // some are asked for at a time
			t.Errorf("Slack was asked %d times; a bot is %s", len(links.asked), o.Bots[20].State)
		}
		h.out.has(t, `"WARN"`, "does not link to a report", "message_not_found")
	})
}

// The portfolio is in the configured language, even if it was frozen in another.
func TestDeliver_PortfolioLanguage(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.mail.refuse = map[string]error{"boss@example.com": &delivery.Failure{Err: errors.New("SES pauses")}}
		h.deliverAll()
		h.mail.refuse = nil
		h.configure("acme", strings.Replace(withPortfolio, "portfolio: {",
			"portfolio: {locale: nb, ", 1))
		time.Sleep(time.Hour)
		h.deliver(all)
		slack, mail := h.slack.portfolios(), h.mail.portfolios()
		if len(slack) != 1 || slack[0].Locale != "en" || len(mail) != 1 || mail[0].Locale != "nb" {
			t.Errorf("sent %+v and %+v", slack, mail)
		}
	})
}

// The portfolio waits for bots for half an hour, and not if no tick would look again in time.
func TestDeliver_PortfolioWaitingTime(t *testing.T) {
	due := time.Date(2026, time.November, 16, 7, 15, 0, 0, time.UTC).Add(config.PortfolioWait)
	for _, tc := range []struct {
		name  string
		begin time.Time
		tries int // until it is sent
	}{
		{"half an hour", monday, 4},
		{"no longer than there is a next tick", due.Add(72*time.Hour - 25*time.Minute), 1},
		{"as long as there is one", due.Add(72*time.Hour - 25*time.Minute - 1), 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
				time.Sleep(time.Until(tc.begin))
				tries := 0
				for len(h.slack.portfolios()) == 0 && tries < 6 {
					h.deliver(all)
					tries++
					time.Sleep(10 * time.Minute)
				}
				if tries != tc.tries {
					t.Errorf("sent after %d tries, want %d", tries, tc.tries)
				}
			})
		})
	}
}

// A resend of the portfolio waits for no bot.
func TestResend_PortfolioNeverSent(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		time.Sleep(h.CatchUp + config.PortfolioWait)
		again, err := h.Resend(t.Context(), all, []config.Destination{allBots})
		if err != nil || again[0].Record.State != delivery.Accepted ||
			len(h.slack.portfolios()) != 1 {
			t.Errorf("%+v, %v, sent %d", again, err, len(h.slack.sent))
		}
	})
}

// Each destination gets the archived PDF. It is rendered once for each language, even if a
// destination gets it in a later attempt.
func TestDeliver_PortfolioPDF(t *testing.T) {
	text := strings.Replace(withPortfolio, "boss@example.com",
		"[boss@example.com, sjef@example.com]", 1)
	in(t, map[string]string{"acme": text}, func(t *testing.T, h *harness) {
		rendered := 0
		h.RenderPortfolio = func(p *portfolio.Portfolio) ([]byte, error) {
			rendered++
			return fmt.Appendf(nil, "%s %s %d", p.ID, p.Locale, rendered), nil
		}
		pauses := &delivery.Failure{Err: errors.New("SES pauses")}
		h.mail.refuse = map[string]error{"boss@example.com": pauses, "sjef@example.com": pauses}
		h.deliverAll()
		delete(h.mail.refuse, "boss@example.com")
		time.Sleep(time.Hour)
		h.deliver(all)
		if n := len(h.mail.portfolios()); rendered != 1 || n != 1 {
			t.Errorf("%d were rendered, and %d sent by mail", rendered, n)
		}
		h.configure("acme", strings.Replace(text, "portfolio: {", "portfolio: {locale: nb, ", 1))
		delete(h.mail.refuse, "sjef@example.com")
		time.Sleep(4 * time.Hour)
		h.deliver(all)
		sent := append(h.slack.portfolioPayloads(), h.mail.portfolioPayloads()...)
		if len(sent) != 3 || rendered != 2 || sent[2].Locale != "nb" {
			t.Fatalf("%d were sent, and %d rendered:\n%s", len(sent), rendered, h.out)
		}
		for _, p := range sent {
			key := delivery.KeysOf("acme").Edition(all.Bot, week, p.ID,
				"locales/"+p.Locale+"/report.pdf")
			archived, err := h.store.Get(t.Context(), key)
			if err != nil || string(archived.Data) != string(p.PDF) ||
				!strings.HasPrefix(string(p.PDF), p.ID+" "+p.Locale) {
				t.Errorf("in %s it is %q, and %q (%v) is archived", p.Locale, p.PDF, archived.Data,
					err)
			}
		}
	})
}

// A portfolio whose PDF cannot be rendered is sent without it.
func TestDeliver_PortfolioPDFFails(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.RenderPortfolio = func(*portfolio.Portfolio) ([]byte, error) {
			return nil, errors.New("no font")
		}
		h.deliverAll()
		sent := append(h.slack.portfolioPayloads(), h.mail.portfolioPayloads()...)
		if len(sent) != 2 || sent[0].PDF != nil || sent[1].PDF != nil {
			t.Errorf("sent %+v", sent)
		}
		h.out.has(t, `"ERROR"`, "the portfolio is sent without its PDF", "no font")
	})
}

// If the store cannot save or read the PDF, nothing is sent and SQS repeats the message.
func TestDeliver_PortfolioPDFStoreFails(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		for _, id := range []string{"4217", "4218", "4219"} {
			h.deliver(config.Job{Tenant: "acme", Bot: id, Period: week})
		}
		h.Archive.Store = storetest.Unreadable(h.store,
			"acme/archive/_portfolio/2026-W46/portfolio-", errOnce)
		if err := h.Deliver(t.Context(), queues.Job{Job: all}); !errors.Is(err, errOnce) {
			t.Errorf("the job ends with %v, want an error", err)
		}
		if n := len(h.slack.portfolios()) + len(h.mail.portfolios()); n != 0 {
			t.Errorf("%d were sent", n)
		}
		h.Archive.Store = h.store
		h.deliver(all)
		for _, p := range append(h.slack.portfolioPayloads(), h.mail.portfolioPayloads()...) {
			if !strings.HasPrefix(string(p.PDF), "%PDF-") {
				t.Errorf("the PDF is %q", p.PDF)
			}
		}
	})
}

// A portfolio that an earlier version has frozen without a PDF gets one when it is sent.
func TestDeliver_PortfolioOfEarlierVersion(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		frozen, _ := h.currentPortfolio(withPortfolio)
		frozen = must(h.Archive.SavePortfolio(t.Context(), "acme", frozen))
		h.deliver(all)
		sent := append(h.slack.portfolioPayloads(), h.mail.portfolioPayloads()...)
		if len(sent) != 2 || sent[0].ID != frozen.ID || len(sent[0].PDF) == 0 ||
			string(sent[0].PDF) != string(sent[1].PDF) {
			t.Errorf("%d were sent", len(sent))
		}
	})
}

// The PDF has no embedded data if any bot has attach_data: false, even if the portfolio was frozen
// before.
func TestDeliver_PortfolioWithoutData(t *testing.T) {
	without := strings.Replace(withPortfolio, "name: Skatt,", "name: Skatt, attach_data: false,", 1)
	for _, frozen := range []bool{false, true} {
		in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
			if frozen {
				o, _ := h.currentPortfolio(withPortfolio)
				must(h.Archive.SavePortfolio(t.Context(), "acme", o))
			}
			h.configure("acme", without)
			h.deliverAll()
			sent := h.slack.portfolios()
			if len(sent) != 1 || !sent[0].WithoutData {
				t.Errorf("frozen %t: sent %+v", frozen, sent)
			}
		})
	}
}

// A diverted PDF names the intended destination, and is not archived.
func TestDeliver_PortfolioPDFDiverted(t *testing.T) {
	in(t, map[string]string{"acme": withPortfolio}, func(t *testing.T, h *harness) {
		h.Divert = &config.Destination{Medium: config.Mail, To: "dev@example.com"}
		h.RenderPortfolio = func(p *portfolio.Portfolio) ([]byte, error) {
			return []byte(p.Name), nil
		}
		h.deliverAll()
		names := make(map[string]bool)
		for _, p := range h.mail.portfolioPayloads() {
			names[string(p.PDF)] = true
		}
		for _, want := range []string{"[for C024ALLBO] Fjellvik",
			"[for boss@example.com] Fjellvik"} {
			if !names[want] {
				t.Errorf("no PDF is named %s, only %v", want, names)
			}
		}
		key := "acme/archive/_portfolio/2026-W46/"
		for _, key := range must(h.store.List(t.Context(), key)) {
			if o := must(h.store.Get(t.Context(), key)); strings.Contains(string(o.Data), "[for") {
				t.Errorf("%s is archived although it is diverted", key)
			}
		}
	})
}
