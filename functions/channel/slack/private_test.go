package slack_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/figures/figurestest"
)

func TestFind(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.PageSize = 3
		m := message(figurestest.Tiny())
		other := m
		other.Key += "-of-another"
		time.Sleep(123456 * time.Microsecond)
		begun := time.Now()
		if _, found, err := f.client.Find(t.Context(), m, begun); found || err != nil {
			t.Fatalf("in an empty channel: found %t, %v", found, err)
		}
		if _, err := f.client.Send(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		ts, err := f.client.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 10 {
			if _, err := f.client.Send(t.Context(), notice(fmt.Sprint("Chatter ", i))); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			since time.Time
			found bool
		}{
			{begun, true},
			{time.Now().Add(4 * time.Minute), true}, // clocks differ
			{time.Now().Add(6 * time.Minute), false},
		} {
			ref, found, err := f.client.Find(t.Context(), m, c.since)
			if err != nil || found != c.found || found && ref != ts {
				t.Errorf("since %v: %s, %t, %v; want %s, %t", c.since.Sub(begun), ref, found, err,
					ts, c.found)
			}
		}
		if n := len(f.Calls("conversations.history")); n != 1+4+4+1 {
			t.Errorf("%d pages were read, want 10", n)
		}
		oldest := f.Calls("conversations.history")[0].Form.Get("oldest")
		if want := begun.Add(-5 * time.Minute); oldest != strconv.FormatInt(want.Unix(),
			10)+".123456" {
			t.Errorf("looked from %s on, want %v", oldest, want)
		}
		m.Key = "another key"
		if _, found, err := f.client.Find(t.Context(), m, begun); found || err != nil {
			t.Errorf("another key: found %t, %v", found, err)
		}
	})
}

// A message that Slack shows late is found late, and not before.
func TestFind_LateMessage(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		begun := time.Now()
		f.Fail("chat.postMessage", slackfake.Fault{Lost: true, Late: 10 * time.Minute})
		m := message(figurestest.Tiny())
		if _, err := f.client.Send(t.Context(), m); !asFailure(t, err).MaybeSent {
			t.Fatal(err)
		}
		for _, want := range []bool{false, true} {
			if _, found, err := f.client.Find(t.Context(), m, begun); err != nil || found != want {
				t.Errorf("after %v: found %t, %v; want %t", time.Since(begun), found, err, want)
			}
			time.Sleep(10 * time.Minute)
		}
	})
}

// A lookup that failed is not "absent".
func TestFind_Fails(t *testing.T) {
	for _, c := range []struct {
		name      string
		fault     slackfake.Fault
		permanent bool
	}{
		{"not in the channel", slackfake.Fault{Error: "not_in_channel"}, false},
		{"not allowed", slackfake.Fault{Error: "missing_scope"}, false},
		{"no such channel", slackfake.Fault{Error: "channel_not_found"}, false},
		{"no answer", slackfake.Fault{Drop: true}, false},
		{"server error", slackfake.Fault{Status: 503}, false},
		{"a page", slackfake.Fault{Body: "<html>"}, false},
		{"too many calls", slackfake.Fault{RetryAfter: 600}, false},
		{"pages without end", slackfake.Fault{Body: `{"ok":true,"has_more":true,"messages":[]}`},
			false},
		{"a circle of pages",
			slackfake.Fault{Body: `{"ok":true,"has_more":true,"messages":[],"response_metadata":{"next_cursor":"a"}}`}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.FailAlways("conversations.history", c.fault)
				_, found, err := f.client.Find(t.Context(), message(figurestest.Tiny()), time.Now())
				if failure := asFailure(t, err); found || failure.Permanent != c.permanent ||
					failure.MaybeSent {
					t.Errorf("found %t, permanent %t, doubtful %t: %v", found, failure.Permanent,
						failure.MaybeSent, err)
				}
			})
		})
	}
	t.Run("pages that break off", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.Fail("conversations.history",
				slackfake.Fault{Body: `{"ok":true,"has_more":true,"messages":[],"response_metadata":{"next_cursor":"a"}}`},
				slackfake.Fault{Body: `{"ok":true,"has_more":true,"messages":[]}`})
			if _, found, err := f.client.Find(t.Context(), message(figurestest.Tiny()),
				time.Now()); found || err == nil {
				t.Errorf("found %t, %v", found, err)
			}
		})
	})
	t.Run("the app is unknown", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.FailAlways("auth.test", slackfake.Fault{Drop: true})
			_, found, err := f.client.Find(t.Context(), message(figurestest.Tiny()), time.Now())
			if failure := asFailure(t, err); found || failure.MaybeSent ||
				len(f.Calls("conversations.history")) != 0 {
				t.Errorf("found %t: %v", found, failure)
			}
		})
	})
	t.Run("one bad answer", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.Fail("conversations.history", slackfake.Fault{Drop: true},
				slackfake.Fault{RetryAfter: 30})
			if _, found, err := f.client.Find(t.Context(), message(figurestest.Tiny()),
				time.Now()); found || err != nil {
				t.Errorf("found %t, %v; want a good one", found, err)
			}
		})
	})
}

const (
	ann = "U0000ANN"
	dm  = "D0000ANN" // hers
)

func TestPrivate(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := message(figurestest.Busy())
		m.Destination.Charts = config.Images
		for range 2 { // the second time, it is there already
			if err := f.client.Private(t.Context(), tenant(), ann, m); err != nil {
				t.Fatal(err)
			}
		}
		messages := f.Messages(dm)
		if len(messages) != 1 || len(messages[0].Replies) != 2 || len(f.Messages(channel)) != 0 {
			t.Fatalf("%d messages to her with %+v in their threads, %d in the channel",
				len(messages), messages[0].Replies, len(f.Messages(channel)))
		}
		if diff := cmp.Diff(charts, f.pictures(t, messages[0])); diff != "" {
			t.Errorf("pictures (-want +got):\n%s", diff)
		}
		if pdf := messages[0].Replies[1].Files; len(pdf) != 1 || pdf[0].Name != pdfName {
			t.Errorf("files of the thread: %+v", pdf)
		}
		f.FailAlways("conversations.history", slackfake.Fault{Error: "missing_scope"})
		if err := f.client.Private(t.Context(), tenant(), ann, m); err != nil ||
			len(f.Messages(dm)) != 2 {
			t.Errorf("%v, %d messages; one who waits is not left without an answer where it cannot be looked for", err, len(f.Messages(dm)))
		}
	})
}

// The person who asked gets the digest, and no error. The thread says what happened to the PDF, if
// that is known.
func TestPrivate_WithoutPDF(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  slackfake.Fault
		thread []string // names of files, or texts
		logged bool
	}{
		{"refused", slackfake.Fault{Error: "blocked_file_type"},
			[]string{"The PDF could not be attached."}, true},
		{"it fails this once", slackfake.Fault{Error: "service_unavailable"},
			[]string{"The PDF could not be attached."}, true},
		{"the answer is lost, but it is there", slackfake.Fault{Lost: true}, []string{pdfName},
			false},
		{"the call is lost, and its effect unknown", slackfake.Fault{Drop: true}, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.Fail("files.completeUploadExternal", c.fault)
				if err := f.client.Private(t.Context(), tenant(), ann,
					native(figurestest.Busy())); err != nil {
					t.Fatal(err)
				}
				var thread []string
				for _, r := range f.Messages(dm)[0].Replies[1:] { // after the details
					for _, file := range r.Files {
						thread = append(thread, file.Name)
					}
					if r.Text != "" {
						thread = append(thread, r.Text)
					}
				}
				if diff := cmp.Diff(c.thread, thread); diff != "" {
					t.Errorf("thread (-want +got):\n%s", diff)
				}
				if logged := strings.Contains(f.log.String(),
					"the report was sent without its PDF"); logged != c.logged {
					t.Errorf("logged: %t, want %t:\n%s", logged, c.logged, f.log)
				}
			})
		})
	}
}

func TestPrivate_Fails(t *testing.T) {
	for _, c := range []struct {
		name, method string
		fault        slackfake.Fault
		noDM         bool
		permanent    bool
	}{
		{"no such user", "conversations.open", slackfake.Fault{Error: "user_not_found"}, true,
			true},
		{"deactivated", "conversations.open", slackfake.Fault{Error: "user_disabled"}, true, true},
		{"a bot", "conversations.open", slackfake.Fault{Error: "cannot_dm_bot"}, true, true},
		{"not allowed", "conversations.open", slackfake.Fault{Error: "missing_scope"}, true, false},
		{"no messages tab", "chat.postMessage", slackfake.Fault{Error: "messages_tab_disabled"},
			true, true},
		{"the token", "conversations.open", slackfake.Fault{Error: "token_revoked"}, false, true},
		{"refused by something before Slack", "conversations.open", slackfake.Fault{Status: 403},
			false, false},
		{"no answer to opening", "conversations.open", slackfake.Fault{Drop: true}, false, false},
		{"Slack is down", "conversations.open", slackfake.Fault{Error: "service_unavailable"},
			false, false},
		{"no answer to posting", "chat.postMessage", slackfake.Fault{Lost: true}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.FailAlways(c.method, c.fault)
				err := f.client.Private(t.Context(), tenant(), ann, message(figurestest.Tiny()))
				if failure := asFailure(t, err); errors.Is(err, slack.ErrNoDM) != c.noDM ||
					failure.Permanent != c.permanent ||
					failure.MaybeSent != (c.method == "chat.postMessage" && !c.noDM) {
					t.Errorf("no direct message: %t, %+v", errors.Is(err, slack.ErrNoDM), failure)
				}
			})
		})
	}
}

func TestRespond(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		to := f.ResponseURL()
		if err := f.client.Respond(t.Context(), to, "*Done*"); err != nil {
			t.Fatal(err)
		}
		block := slackgo.NewDividerBlock()
		if err := f.client.Respond(t.Context(), to, "Done too", block); err != nil {
			t.Fatal(err)
		}
		// Slack refuses this block: the text still arrives.
		if err := f.client.Respond(t.Context(), to, "Done again",
			slackgo.NewHeaderBlock(slackgo.NewTextBlockObject("plain_text",
				strings.Repeat("a", 151), false, false))); err != nil {
			t.Fatal(err)
		}
		f.Fail(slackfake.Respond, slackfake.Fault{RetryAfter: 2})
		for range 2 {
			if err := f.client.Respond(t.Context(), to, "Done"); err != nil {
				t.Fatal(err)
			}
		}
		calls := len(f.Calls(slackfake.Respond))
		if err := f.client.Respond(t.Context(), to, "too often"); !asFailure(t, err).Permanent ||
			len(f.Calls(slackfake.Respond)) != calls+1 {
			t.Errorf("a sixth answer: %v after %d calls", err,
				len(f.Calls(slackfake.Respond))-calls)
		}
		responses := f.Responses()
		if len(responses) != 5 || responses[0].Text != "*Done*" ||
			responses[0].Type != "ephemeral" || responses[0].Blocks != nil ||
			!strings.Contains(string(responses[1].Blocks), "divider") || responses[2].Text != "Done again" || responses[2].Blocks != nil {
			t.Errorf("%+v", responses)
		}
		late := f.ResponseURL()
		time.Sleep(31 * time.Minute)
		failure := asFailure(t, f.client.Respond(t.Context(), late, "too late"))
		if !failure.Permanent || !strings.Contains(failure.Remedy, "type the command again") {
			t.Errorf("after half an hour: %v", failure)
		}
		f.Fail(slackfake.Respond, slackfake.Fault{Status: 403})
		if err := f.client.Respond(t.Context(), f.ResponseURL(), "Done"); asFailure(t,
			err).Permanent || asFailure(t, err).Remedy != "" {
			t.Errorf("refused by something before Slack: %v", err)
		}
		f.Fail(slackfake.Respond, slackfake.Fault{Drop: true})
		if err := f.client.Respond(t.Context(), f.ResponseURL(), "Done"); asFailure(t,
			err).Permanent || !asFailure(t, err).MaybeSent {
			t.Errorf("a lost answer: %v", err)
		}
	})
}

// Nothing is ever sent to an address that is not Slack's.
func TestRespond_OtherHost(t *testing.T) {
	for _, to := range []string{
		"", "hooks.slack.com", "//hooks.slack.com/commands/1", "http://hooks.slack.com/commands/1",
		"https://hooks.slack.com:8443/commands/1",
		"https://hooks.slack.com.evil.example/commands/1", "https://evil.example/hooks.slack.com",
		"https://hooks.slack.com@evil.example/commands/1",
		"https://user@hooks.slack.com/commands/1", "https://xhooks.slack.com/commands/1",
		"https://slack.com/commands/1",
		"https://hooks.slack.com%2eevil.example/", "https://evil.example\\@hooks.slack.com/",
		"https://[::1]/", "file:///etc/passwd",
		"https://HOOKS.SLACK.COM/commands/1",
	} {
		f := newFixture()
		err := f.client.Respond(t.Context(), to, "secret numbers")
		if failure := asFailure(t, err); !failure.Permanent || failure.MaybeSent {
			t.Errorf("%q: %v", to, err)
		}
		if calls := f.Calls(""); len(calls) != 0 {
			t.Errorf("%q was asked: %+v", to, calls)
		}
	}
}

// notice is one of ops' notices.
func notice(subject string) delivery.Message {
	n := &delivery.Notice{ID: "slack-token-1", Subject: subject}
	return delivery.Message{Key: "acme/notice/" + n.ID + "/slack-" + channel, Tenant: tenant(),
		Payload:     n,
		Destination: config.Destination{Medium: config.Slack, To: channel}}
}

// A notice to ops is shown as it is, without markup, and is found by its key.
func TestSend_Notice(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := notice("*2* bots <!channel>")
		if _, found, err := f.client.Find(t.Context(), m, time.Now()); found || err != nil {
			t.Errorf("before it was sent: %t, %v", found, err)
		}
		m.Payload.(*delivery.Notice).Text = "_First_ & second\nline"
		ts, err := f.client.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		got := f.only(t)
		if want := "*2* bots &lt;!channel&gt;\n_First_ &amp; second\nline"; got.TS != ts ||
			got.Text != want || got.Mrkdwn || got.Unfurl || got.Blocks != nil {
			t.Errorf("%+v, want %s with the text %q alone", got, ts, want)
		}
		if ref, found, err := f.client.Find(t.Context(), m, time.Now()); ref != ts || !found ||
			err != nil {
			t.Errorf("%s, %t, %v; want %s", ref, found, err, ts)
		}
		long := notice("Long")
		long.Key += "-long"
		long.Payload.(*delivery.Notice).Text = strings.Repeat("<&>", 20000)
		if _, err := f.client.Send(t.Context(), long); err != nil {
			t.Fatal(err)
		}
		if text := f.Messages(channel)[1].Text; len(text) < 39990 ||
			!strings.HasSuffix(text, ";…") {
			t.Errorf("of a long one %d bytes are sent, to %q", len(text), text[len(text)-9:])
		}
		long.Payload.(*delivery.Notice).Text = strings.Repeat("a", 50000)
		if _, err := f.client.Send(t.Context(), long); err != nil {
			t.Fatal(err)
		}
		if text := f.Messages(channel)[2].Text; utf8.RuneCountInString(text) != 40000 ||
			!strings.HasSuffix(text, "a…") {
			t.Errorf("of a long one %d characters are sent, to %q", utf8.RuneCountInString(text),
				text[len(text)-9:])
		}
		f.Fail("chat.postMessage", slackfake.Fault{Lost: true})
		if _, err := f.client.Send(t.Context(), notice("Again")); !asFailure(t, err).MaybeSent ||
			len(f.Messages(channel)) != 4 {
			t.Errorf("a lost answer: %v, %d messages", err, len(f.Messages(channel)))
		}
	})
}

// Two tenants through one Client: each call has its tenant's token and reaches its workspace alone.
func TestClient_SeparatesTenants(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.Server = slackfake.New(slackfake.Workspace{Team: team, Token: token,
			Scopes: slack.Scopes()},
			slackfake.Workspace{Team: "T0000BETA", Token: "xoxb-beta", Scopes: slack.Scopes()})
		f.SetChannel(slackfake.Channel{ID: channel, Team: team, Member: true})
		f.SetChannel(slackfake.Channel{ID: "C0000BETA", Team: "T0000BETA", Member: true})
		f.client.HTTP = f.Client()
		tokens := map[string]string{"acme": token, "beta": "xoxb-beta"}
		f.client.Token = func(_ context.Context, t *config.Tenant) (string,
			error) {
			return tokens[t.Name], nil
		}
		of := map[string]string{"acme": channel, "beta": "C0000BETA"}
		var both sync.WaitGroup
		for name, to := range of {
			both.Go(func() {
				m := message(figurestest.Busy())
				m.Tenant, m.Destination.To, m.Key = &config.Tenant{Name: name}, to, name
				if _, err := f.client.Send(t.Context(), m); err != nil {
					t.Error(err)
				}
				if _, found, err := f.client.Find(t.Context(), m, time.Now()); !found ||
					err != nil {
					t.Errorf("%s: found %t, %v", name, found, err)
				}
			})
		}
		both.Wait()
		for name, to := range of {
			messages := f.Messages(to)
			if len(messages) != 1 || messages[0].Metadata.EventPayload["key"] != name {
				t.Errorf("%s got %+v", name, messages)
			}
		}
		over := notice("Over the fence")
		over.Tenant = &config.Tenant{Name: "beta"}
		if _, err := f.client.Send(t.Context(), over); !strings.Contains(asFailure(t, err).Error(),
			"cannot see channel") {
			t.Errorf("to another's channel: %v", err)
		}
	})
}
