package faults

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// everyBot is who gets the overview of all bots, of which there is one.
var (
	overviewJob = config.Job{Tenant: acme.name, Bot: config.PortfolioID, Period: week}
	everyBot    = config.Destination{Medium: config.Slack, To: "C0ACMEALL1"}
	boss        = config.Destination{Medium: config.Mail, To: "boss@example.com"}
)

// overviewKinds are the ways to fail that the order of claim, look, send and record has to bear.
func overviewKinds(request string) []kind {
	kinds := everywhere
	if strings.Contains(request, "chat.postMessage") {
		kinds = append(slices.Clone(kinds), invisible)
	}
	return kinds
}

// The overview of all bots arrives once, whatever fails at the worker that brings it or at the tick
// that queues it, and everybody gets the same.
func TestPortfolio_OnceUnderEveryFault(t *testing.T) {
	for _, process := range []string{"worker 2", "tick 2"} {
		t.Run(process, func(t *testing.T) {
			t.Parallel()
			var requests []request
			synctest.Test(t, func(t *testing.T) {
				w := newPortfolio(t)
				w.runPortfolio()
				if v := w.judgePortfolio(); len(v) > 0 {
					t.Errorf("without a fault: %s", strings.Join(v, "\n"))
				}
				for _, g := range w.processes {
					if g.process == process {
						requests = g.came
					}
				}
			})
			n := 0
			for _, request := range requests {
				for _, k := range overviewKinds(request.name) {
					if n++; n%sample != 0 {
						continue
					}
					one := fault{process, request.name, k}
					synctest.Test(t, func(t *testing.T) {
						w := newPortfolio(t, one)
						w.runPortfolio()
						if w.met() == 0 {
							t.Errorf("%s was not met", one)
						}
						if v := w.judgePortfolio(); len(v) > 0 {
							t.Errorf("%s\n\t%s", one, strings.Join(v, "\n\t"))
						}
					})
				}
			}
			if least := map[string]int{"worker 2": 150, "tick 2": 50}[process]; n < least {
				t.Errorf("only %d runs: does the process still do what it is there for?", n)
			}
		})
	}
}

// newPortfolio is a world whose tenant wants the overview, and did so before the week ended.
func newPortfolio(t *testing.T, plan ...fault) *world {
	w := newWorld(t, setting{channel: true}, plan...)
	w.slack.SetChannel(slackfake.Channel{ID: everyBot.To, Team: acme.team, Name: "all-bots",
		Member: true})
	text := w.config(acme) + "portfolio: {channels: C0ACMEALL1, recipients: boss@example.com}\n"
	tenant := must(config.Parse("config/acme.yaml", []byte(text)))
	must(w.store.Put(t.Context(), delivery.KeysOf(acme.name).Config(),
		delivery.Object{Data: []byte(text)}, delivery.Condition{}))
	ledger := &delivery.Ledger{Store: w.store, Now: time.Now}
	_, known := delivery.Plan(tenant, nil, monday.AddDate(0, 0, -3), time.Hour)
	_, etag, err := ledger.FirstSeen(t.Context(), acme.name)
	if err == nil {
		err = ledger.SaveFirstSeen(t.Context(), acme.name, known, etag)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) overviewRecord(d config.Destination) delivery.Record {
	r, _ := (&delivery.Ledger{Store: w.store, Now: time.Now}).Read(w.t.Context(), overviewJob,
		d.ID())
	return r
}

// runPortfolio lets ticks and workers come until the overview is over, and once more.
func (w *world) runPortfolio() {
	for range 4 * 24 {
		w.ticks()
		w.workers()
		if w.overviewRecord(everyBot).State.Final() && w.overviewRecord(boss).State.Final() &&
			w.isQuiet() {
			break
		}
	}
	time.Sleep(hiding + lateness)
	w.work(&message{queue: weekly, body: string(must(json.Marshal(map[string]any{"version": 1,
		"tenant": acme.name, "bot": config.PortfolioID, "week": week}))), sent: time.Now()})
	w.tick()
	w.workers()
}

// judgePortfolio: each of the two has the overview once, or the mail as often as the ledger doubts;
// it is the one that is frozen; and the bot's own report is there once, as ever.
func (w *world) judgePortfolio() verdict {
	var v verdict
	frozen, err := delivery.Archive{Store: w.store}.Portfolio(w.t.Context(), acme.name, week)
	if err != nil {
		v.wrong("there is no overview: %v", err)
		return v
	}
	pdf := delivery.KeysOf(acme.name).Edition(config.PortfolioID, week, frozen.ID,
		"locales/en/report.pdf")
	if _, err := w.store.Get(w.t.Context(), pdf); err != nil {
		v.wrong("the PDF is not archived: %v", err)
	}
	for _, d := range []config.Destination{everyBot, boss} {
		if r := w.overviewRecord(d); r.State != delivery.Accepted || r.Build != frozen.ID {
			v.wrong("%s: %+v, of the overview %s", d.To, r, frozen.ID)
		}
	}
	if frozen.Bots[0].State != "in" {
		v.wrong("the overview says that the bot is %s", frozen.Bots[0].State)
	}
	posts := w.slack.Messages(everyBot.To)
	if len(posts) != 1 || !strings.Contains(string(posts[0].Blocks), frozen.ID) {
		v.wrong("%d messages in the channel", len(posts))
	}
	for _, post := range posts {
		if len(post.Replies) != 1 || len(post.Replies[0].Files) != 1 {
			v.wrong("in the thread: %+v", post.Replies)
		}
	}
	mails := 0
	for _, l := range w.ses.all() {
		if l.to == boss.To {
			mails++
		}
	}
	if doubtful := w.overviewRecord(boss).MaybeDuplicate; mails != 1 && !(doubtful && mails == 2) {
		v.wrong("%d mails, doubtful %t", mails, doubtful)
	}
	own := slices.DeleteFunc(w.slack.Messages(acme.channel.To),
		func(m slackfake.Message) bool { return !isOurs(m) })
	if n := len(own); n != 1 {
		v.wrong("the bot's own report is there %d times", n)
	}
	for _, m := range w.slack.Messages(acme.ops) {
		if text := fmt.Sprint(m.Text); strings.Contains(text, "missed") ||
			strings.Contains(text, "not delivered") {
			v.wrong("ops were told: %s", text)
		}
	}
	return v
}
