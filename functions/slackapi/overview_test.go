package slackapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"

	"kindlyweekly/functions/slackapi/slackdouble"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/overview"
	"kindlyweekly/report/overview/overviewtest"
)

func allBots(o *overview.Overview) delivery.Message {
	return delivery.Message{Key: "acme/_portfolio/2026-W46/slack-" + channel, Tenant: tenant(), Bot: bots.Bot{ID: bots.PortfolioID},
		Destination: bots.Destination{Medium: bots.Slack, To: channel}, Overview: o}
}

// It is one message without pictures, which can be looked for and has nothing under it.
func TestSendOverview(t *testing.T) {
	for name, o := range overviewtest.Cases() {
		synctest.Test(t, func(t *testing.T) {
			f := newFixture()
			ts, err := f.client.Send(t.Context(), allBots(o))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			m := f.only(t)
			var blocks []map[string]any
			if err := json.Unmarshal(m.Blocks, &blocks); err != nil || len(blocks) < 3 || m.TS != ts {
				t.Errorf("%s: %d blocks (%v)", name, len(blocks), err)
			}
			if n := len(f.Files()); n != 0 {
				t.Errorf("%s: %d files were uploaded", name, n)
			}
			found, there, err := f.client.Find(t.Context(), allBots(o), o.MadeAt.AddDate(-100, 0, 0))
			if err != nil || !there || found != ts {
				t.Errorf("%s: looked for, it is %q, %t (%v)", name, found, there, err)
			}
		})
	}
}

func TestOverviewWhoseBlocksAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture()
		f.Fail("chat.postMessage", slackdouble.Fault{Error: "invalid_blocks"})
		if _, err := f.client.Send(t.Context(), allBots(overviewtest.Mixed())); err != nil {
			t.Fatal(err)
		}
		m := f.only(t)
		if m.Blocks != nil || !strings.HasPrefix(m.Text, "```") || !strings.Contains(m.Text, "Too few to judge (1)") {
			t.Errorf("as text it is\n%s", m.Text)
		}
	})
}

func TestPermalink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture()
		ts, err := f.client.Send(t.Context(), allBots(overviewtest.Calm()))
		if err != nil {
			t.Fatal(err)
		}
		link, err := f.client.Permalink(t.Context(), tenant(), channel, ts)
		if want := "https://acme.slack.com/archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", ""); err != nil || link != want {
			t.Errorf("%q (%v), want %q", link, err, want)
		}
		if link, err := f.client.Permalink(t.Context(), tenant(), channel, "1.000001"); err == nil {
			t.Errorf("of a message that is not there it is %q", link)
		}
	})
}
