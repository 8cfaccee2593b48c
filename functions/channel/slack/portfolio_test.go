package slack_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/portfolio"
	"kindlyweekly/report/portfolio/portfoliotest"
)

func allBots(o *portfolio.Portfolio) delivery.Message {
	return delivery.Message{Key: "acme/_portfolio/2026-W46/slack-" + channel, Tenant: tenant(),
		Subject:     config.Subject{ID: config.PortfolioID},
		Destination: config.Destination{Medium: config.Slack, To: channel},
		Payload:     &delivery.Portfolio{Portfolio: o, PDF: []byte("%PDF-1.7")}}
}

// The portfolio is one message without pictures. It can be found by a search.
func TestSend_Portfolio(t *testing.T) {
	for name, o := range portfoliotest.Cases() {
		synctest.Test(t, func(t *testing.T) {
			f := newFixture()
			ts, err := f.client.Send(t.Context(), allBots(o))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			m := f.only(t)
			var blocks []map[string]any
			if err := json.Unmarshal(m.Blocks, &blocks); err != nil || len(blocks) < 3 ||
				m.TS != ts {
				t.Errorf("%s: %d blocks (%v)", name, len(blocks), err)
			}
			if n := len(f.Files()); n != 0 {
				t.Errorf("%s: %d files were uploaded", name, n)
			}
			found, there, err := f.client.Find(t.Context(), allBots(o),
				o.MadeAt.AddDate(-100, 0, 0))
			if err != nil || !there || found != ts {
				t.Errorf("%s: looked for, it is %q, %t (%v)", name, found, there, err)
			}
		})
	}
}

// The thread of a portfolio has the PDF only, and the portfolio has a link to it. Another attempt
// finds both.
func TestSendReplies_Portfolio(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		all := allBots(portfoliotest.Mixed())
		ts, err := f.client.Send(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		before := string(f.only(t).Blocks)
		marks, lacks, err := f.follow(t, all, ts, "", false)
		if lacks != nil || err != nil || len(marks) != 1 {
			t.Fatalf("%v, %v, noted %q", lacks, err, marks)
		}
		m := f.only(t)
		if len(m.Replies) != 1 || len(m.Replies[0].Files) != 1 {
			t.Fatalf("the thread is %+v", m.Replies)
		}
		if pdf := m.Replies[0].Files[0]; pdf.Name != "all-bots-of-acme-2026-W46.pdf" ||
			pdf.Title != "All bots of Acme, 9–15 November 2026" ||
			string(pdf.Data) != "%PDF-1.7" {
			t.Errorf("the thread has %s (%s) with %q", pdf.Name, pdf.Title, pdf.Data)
		}
		if !strings.Contains(string(m.Blocks), "Open the PDF") ||
			strings.Contains(before, "Open the PDF") {
			t.Errorf("the blocks are\n%s", m.Blocks)
		}
		again, lacks, err := f.follow(t, all, ts, marks[0], false)
		if again != nil || lacks != nil || err != nil || len(f.only(t).Replies) != 1 {
			t.Errorf("again: %q, %v, %v, %+v", again, lacks, err, f.only(t).Replies)
		}
	})
}

// If there is no PDF, the thread says so.
func TestSendReplies_PortfolioWithoutPDF(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		all := allBots(portfoliotest.Mixed())
		all.Payload.(*delivery.Portfolio).PDF = nil
		r, _ := f.deliver(t, all)
		if r.State != delivery.Accepted || r.Missing != "the report has no PDF" ||
			f.there() != toldOfAll {
			t.Errorf("in the channel: %s, %+v", f.there(), r)
		}
	})
}

// What Slack refuses is posted as text, or as the headline alone where that is too long or is
// refused too.
func TestSend_PortfolioBlocksRefused(t *testing.T) {
	many := portfoliotest.Many()
	for len(many.Bots) < 1000 {
		many.Bots = append(many.Bots, many.Bots...)
	}
	refused := slackfake.Fault{Error: "invalid_blocks"}
	for name, c := range map[string]struct {
		portfolio *portfolio.Portfolio
		faults    []slackfake.Fault
		fenced    bool
		posts     int
	}{
		"the blocks": {portfoliotest.Mixed(), []slackfake.Fault{refused}, true, 2},
		"the text too": {portfoliotest.Mixed(), []slackfake.Fault{refused, refused}, false,
			3},
		"the text is too long": {many, []slackfake.Fault{refused}, false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.Fail(post, c.faults...)
				if _, err := f.client.Send(t.Context(), allBots(c.portfolio)); err != nil {
					t.Fatal(err)
				}
				page, err := c.portfolio.Page()
				if err != nil {
					t.Fatal(err)
				}
				m, headline := f.only(t), digest.Portfolio(page).Text
				if fenced := strings.HasPrefix(m.Text, "```") && strings.Contains(m.Text, "Too few to judge (2)"); m.Blocks != nil || fenced != c.fenced ||
					m.Mrkdwn != c.fenced || !c.fenced && m.Text != headline || m.Metadata == nil || len(f.Calls(post)) != c.posts {
					t.Errorf("after %d posts: %+v", len(f.Calls(post)), m)
				}
				if said := f.log.String(); !strings.Contains(said, "level=ERROR") || !strings.Contains(said, "key="+allBots(nil).Key) {
					t.Errorf("the log says\n%s", said)
				}
			})
		})
	}
}

func TestSendPortfolio_Fails(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.FailAlways(post, slackfake.Fault{Error: "not_in_channel"})
		if ref, err := f.client.Send(t.Context(), allBots(portfoliotest.Mixed())); ref != "" || asFailure(t, err).Cause != "slack-channel/"+channel {
			t.Errorf("%q, %v", ref, err)
		}
	})
}

func TestPermalink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture()
		ts, err := f.client.Send(t.Context(), allBots(portfoliotest.Calm()))
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
