package faults

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/delivery"
	"kindlyweekly/sage/sagefake"
)

// What does not work before the time to catch up has ended is tried ever more rarely, or hourly
// while people have to act, and given up once; and ops and the operator know what to do.
func TestFaults_Permanent(t *testing.T) {
	archive := slackfake.Channel{ID: acme.channel.To, Team: acme.team, Name: "sales", Member: true,
		Archived: true}
	for _, c := range []struct {
		name    string
		setting setting
		breaks  func(w *world)
		mends   func(w *world) // after a day; may be nil
		state   delivery.State
		ops     []string // how the notices begin
		cure    string   // is in one of them
		service string   // that does not work
		tries   int      // how many workers asked it
	}{
		{name: "the app is not invited", setting: toChannel, state: delivery.Missed,
			service: "slack", tries: 72,
			breaks: func(w *world) {
				w.slack.SetChannel(slackfake.Channel{ID: acme.channel.To, Team: acme.team,
					Name: "sales"})
			},
			ops: []string{"The app is not in #sales (C024BE91L)",
				"Receipt for acme, week 2026-W46: 1 due, 0 delivered, 1 waiting",
				"1 report missed: the app is not in #sales (C024BE91L)"},
			cure: "kindly-weekly resend --stack weekly --tenant acme --bot shop --week 2026-W46 --to slack:C024BE91L"},
		{name: "the app is not invited, and Slack fails now and then, and at the last try",
			setting: toChannel, state: delivery.Missed, service: "slack", tries: 73,
			breaks: func(w *world) {
				w.slack.SetChannel(slackfake.Channel{ID: acme.channel.To, Team: acme.team,
					Name: "sales"})
				for _, d := range []time.Duration{30 * time.Hour, 50 * time.Hour,
					71*time.Hour + 10*time.Minute} {
					time.AfterFunc(d, func() {
						w.slack.Fail("chat.postMessage",
							slackfake.Fault{Status: http.StatusServiceUnavailable})
					})
				}
			},
			ops: []string{"The app is not in #sales (C024BE91L)",
				"Receipt for acme, week 2026-W46: 1 due, 0 delivered, 1 waiting",
				"1 report missed: the app is not in #sales (C024BE91L)"},
			cure: "/invite @Kindly Weekly"},
		{name: "the app is invited a day later", setting: toChannel, state: delivery.Accepted,
			service: "slack", tries: 25,
			breaks: func(w *world) {
				w.slack.SetChannel(slackfake.Channel{ID: acme.channel.To, Team: acme.team,
					Name: "sales"})
			},
			mends: func(w *world) {
				w.slack.SetChannel(slackfake.Channel{ID: acme.channel.To, Team: acme.team,
					Name: "sales", Member: true})
			},
			ops: []string{"The app is not in #sales (C024BE91L)",
				"Receipt for acme, week 2026-W46: 1 due, 0 delivered, 1 waiting",
				"Resolved: The app is not in #sales (C024BE91L)"},
			cure: "/invite @Kindly Weekly"},
		{name: "the channel is archived", setting: toChannel, state: delivery.FailedForGood,
			service: "slack", tries: 1,
			breaks: func(w *world) { w.slack.SetChannel(archive) },
			ops:    []string{"#sales (C024BE91L) is archived (is_archived): 1 report not delivered"},
			cure:   "kindly-weekly resend --stack weekly --tenant acme --bot shop --week 2026-W46 --to slack:C024BE91L"},
		{name: "Sage is down", setting: toMail, state: delivery.Missed, service: "sage", tries: 15,
			breaks: func(w *world) {
				w.sage[acme.name].Fault(sagefake.Fault{Path: "sessions/chats",
					Status: http.StatusServiceUnavailable})
				w.sage[acme.name].Fault(sagefake.Fault{Path: "sessions/messages",
					Status: http.StatusServiceUnavailable})
			},
			ops: []string{"Sage answered 503 Service Unavailable: 1 report delayed",
				"Receipt for acme, week 2026-W46: 1 due, 0 delivered, 1 waiting",
				"1 report missed: Sage answered 503 Service Unavailable"},
			cure: "kindly-weekly resend --stack weekly --tenant acme --bot shop --week 2026-W46 --to mail:kari@example.com"},
		{name: "the key is refused", setting: toMail, state: delivery.Missed, service: "sage",
			tries: 72,
			breaks: func(w *world) {
				w.sage[acme.name].Fault(sagefake.Fault{Path: "sage/auth",
					Status: http.StatusUnauthorized})
			},
			ops: []string{"Kindly refused the API key of bot shop: 1 report delayed",
				"Receipt for acme, week 2026-W46: 1 due, 0 delivered, 1 waiting",
				"1 report missed: Kindly refused the API key of bot shop"},
			cure: "kindly-weekly key set --stack weekly --tenant acme --bot shop"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, c.setting)
				c.breaks(w)
				if c.mends != nil {
					time.AfterFunc(24*time.Hour, func() { c.mends(w) })
				}
				w.run()
				if v := w.judge(); len(v) > 0 {
					t.Error(strings.Join(v, "\n"))
				}
				if tries, _ := w.asked(c.service); len(tries) != c.tries {
					t.Errorf("%d workers asked %s, not %d: %v", len(tries), c.service, c.tries,
						tries)
				}
				if r := w.records()[0]; r.State != c.state {
					t.Errorf("%+v, want %s", r, c.state)
				}
				var said []string
				all := ""
				for _, m := range w.slack.Messages(acme.ops) {
					if !isOurs(m) {
						continue
					}
					said, all = append(said, head(m.Text)), all+m.Text+"\n"
				}
				ok := len(said) == len(c.ops)
				for i := range c.ops {
					ok = ok && strings.HasPrefix(said[i], c.ops[i])
				}
				if !ok || !strings.Contains(all, c.cure) {
					t.Errorf("ops were told\n%s\nwant %q and %q", all, c.ops, c.cure)
				}
			})
		})
	}
}
