package slack_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures/figurestest"
)

const ourApp, otherApp = "B0000BOT", "B0OTHERAPP"

// put adds a message of another author or an earlier time. A thread that is not empty
// is what it answers.
func (f *fixture) put(thread string, change func(*slackfake.Message)) (ts string) {
	ts = f.Say(channel, thread, "what a person posted")
	state := f.State()
	for i := range state.Messages {
		if m := &state.Messages[i]; m.TS == ts {
			m.User = ""
			change(m)
		}
	}
	f.SetState(state)
	return ts
}

// posted is a message with metadata, by an app or, where that is empty, by a person. deployment may
// be empty.
func posted(app, key, deployment string) func(*slackfake.Message) {
	return func(m *slackfake.Message) {
		m.Bot, m.Metadata = app, &slackfake.Metadata{EventType: "kindly_weekly",
			EventPayload: map[string]any{"key": key}}
		if deployment != "" {
			m.Metadata.EventPayload["deployment"] = deployment
		}
		if app == "" {
			m.User = ann
		}
	}
}

// A message is a delivery's if it has the key, the deployment and the app of a claim. Where the app
// cannot be known, that is an error, and not "absent".
func TestFind_WhoseMessage(t *testing.T) {
	claimed := func(s ...delivery.Signature) delivery.Signatures { return delivery.Signatures{Signed: s} }
	now := claimed(delivery.Signature{Key: key, Deployment: "prod", App: ourApp})
	before := delivery.Signatures{Unsigned: true} // by a version that recorded none
	for _, c := range []struct {
		name               string
		app, key, deployed string // of the message
		by                 delivery.Signatures
		want               string
	}{
		{"ours", ourApp, key, "prod", now, "found"},
		{"ours, of another delivery", ourApp, key + "/resend-1", "prod", now, "absent"},
		{"a stack diverted into the channel, with the same app", ourApp, key, "dev", now, "absent"},
		{"such a stack of the version before", ourApp, key, "", now, "absent"},
		{"another app with our metadata", otherApp, key, "prod", now, "absent"},
		{"no app is given", "", key, "prod", now, "doubtful"},
		{"no app is given, and it is another's anyway", "", key, "dev", now, "absent"},
		{"the app that was replaced", otherApp, key, "prod",
			claimed(delivery.Signature{Key: key, Deployment: "prod", App: otherApp},
				delivery.Signature{Key: key, Deployment: "prod", App: ourApp}), "found"},
		{"a claim whose app was not known", otherApp, key, "prod",
			claimed(delivery.Signature{Key: key, Deployment: "prod"}), "doubtful"},
		{"the key of the claim, and not today's", ourApp, "key-1", "prod",
			claimed(delivery.Signature{Key: "key-1", Deployment: "prod", App: ourApp}), "found"},
		{"the deployment of the claim, and not today's", ourApp, key, "old",
			claimed(delivery.Signature{Key: key, Deployment: "old", App: ourApp}), "found"},

		{"the version before", ourApp, key, "", before, "found"},
		{"the version before, with an app that may have been replaced", otherApp, key, "", before,
			"doubtful"},
		{"this version, whose record the version before has written since", ourApp, key, "prod",
			before, "found"},
		{"the same, with an app that may have been replaced", otherApp, key, "prod", before,
			"doubtful"},
		{"the version before, and another deployment", ourApp, key, "dev", before, "absent"},
		{"the version before, and another delivery", ourApp, key + "/resend-1", "", before,
			"absent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.client.Deployment = "prod"
				m := message(figurestest.Tiny())
				m.Signatures = c.by
				ts := f.put("", posted(c.app, c.key, c.deployed))
				got := "absent"
				switch ref, found, err := f.client.Find(t.Context(), m, time.Now()); {
				case err != nil:
					failure := asFailure(t, err)
					if got = "doubtful"; failure.Permanent ||
						!strings.Contains(failure.Error(), "#ops") ||
						!strings.Contains(failure.Remedy, strings.ReplaceAll(ts, ".", "")) {
						t.Errorf("%+v", failure)
					}
				case found && ref == ts:
					got = "found"
				}
				if got != c.want {
					t.Errorf("%s, want %s", got, c.want)
				}
			})
		})
	}
	t.Run("a token that is no app's", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.FailAlways("auth.test", slackfake.Fault{Body: `{"ok": true, "team_id": "T0000ACME"}`})
			f.put("", posted("", key, ""))
			m := message(figurestest.Tiny())
			for _, m.Signatures = range []delivery.Signatures{before,
				claimed(delivery.Signature{Key: key})} {
				if _, found, err := f.client.Find(t.Context(), m, time.Now()); found || err == nil {
					t.Errorf("%+v: found %t, %v", m.Signatures, found, err)
				}
			}
		})
	})
	t.Run("one in doubt, without a link", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.FailAlways("chat.getPermalink", slackfake.Fault{Status: 500})
			f.put("", posted("", key, ""))
			_, _, err := f.client.Find(t.Context(), message(figurestest.Tiny()), time.Now())
			if remedy := asFailure(t,
				err).Remedy; remedy != "look at the message: delete it if it is not the report" {
				t.Errorf("the remedy is %q", remedy)
			}
		})
	})
	t.Run("another event", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.put("", func(m *slackfake.Message) {
				posted(ourApp, key, "")(m)
				m.Metadata.EventType = "task_created"
			})
			if _, found, err := f.client.Find(t.Context(), message(figurestest.Tiny()),
				time.Now()); found || err != nil {
				t.Errorf("found %t, %v", found, err)
			}
		})
	})
	t.Run("one in doubt, and then ours", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			ts := f.put("", posted(ourApp, key, ""))
			f.put("", posted("", key, "")) // which history shows first
			if ref, found, err := f.client.Find(t.Context(), message(figurestest.Tiny()),
				time.Now()); !found || ref != ts || err != nil {
				t.Errorf("%s, %t, %v", ref, found, err)
			}
		})
	})
}

// The metadata has what this version looks for and, under its old name, what the version before
// does.
func TestSend_NamesKeyAndDeployment(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.client.Deployment = "prod"
		if _, err := f.send(t); err != nil {
			t.Fatal(err)
		}
		if p := f.only(t).Metadata.EventPayload; len(p) != 2 || p["key"] != key ||
			p["deployment"] != "prod" {
			t.Errorf("%v", p)
		}
		for range 2 { // Slack is asked once whose a token is
			s, err := f.client.Sign(t.Context(), message(figurestest.Tiny()))
			if want := (delivery.Signature{Key: key, Deployment: "prod", App: ourApp}); s != want ||
				err != nil {
				t.Errorf("%+v, %v", s, err)
			}
		}
		if n := len(f.Calls("auth.test")); n != 1 {
			t.Errorf("auth.test was asked %d times", n)
		}
	})
}

// While Slack does not say which app a token is of, nothing is sent, and nothing is in doubt.
func TestSign_Fails(t *testing.T) {
	for name, fault := range map[string]slackfake.Fault{
		"no answer": {Drop: true}, "lost": {Lost: true}, "a page": {Body: "<html>"},
		"refused": {Error: "invalid_auth"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.Fail("auth.test", fault, fault, fault)
				f.FailAlways("auth.test", slackfake.Fault{})
				r, took := f.deliver(t, plain())
				if there := f.there(); there != good || r.State != delivery.Accepted ||
					r.MaybeDuplicate || r.MaybeSent || took > 3*time.Hour || fault.Error == "" &&
					took < 5*time.Minute {
					t.Errorf("%s after %v: %+v", there, took, r)
				}
			})
		})
	}
}

// left is a ledger in which a worker of the version before has left a claim whose end has come.
func left(t *testing.T, record map[string]any) *delivery.Ledger {
	t.Helper()
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	data, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Store.Put(t.Context(), "acme/ledger/2026-W46/nettbutikk/slack-C0000OPS.json",
		delivery.Object{Data: data}, delivery.Condition{}); err != nil {
		t.Fatal(err)
	}
	return l
}

// What a worker of the version before may have posted is looked for by its key.
func TestDeliver_ClaimOfVersionBefore(t *testing.T) {
	for _, c := range []struct {
		name   string
		app    string // that posted it
		state  delivery.State
		posts  int
		follow string // a mark; then the digest is there, and its details are in doubt
	}{
		{"by this app", ourApp, delivery.Accepted, 1, ""},
		{"by an app that may have been replaced", otherApp, delivery.Retrying, 1, ""},
		{"the details, by this app", ourApp, delivery.Accepted, 1, `{"details":"begun"}`},
		{"the details, by an app that may have been replaced", otherApp, delivery.Sent, 1,
			`{"details":"begun"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.client.Deployment = "prod"
				m, since := plain(), time.Now()
				record := map[string]any{"state": "claimed", "owner": "before", "since": since,
					"until": since.Add(time.Minute), "attempts": 1}
				digest := f.put("", posted(c.app, key, ""))
				if c.follow != "" {
					f.put(digest, posted(c.app, key+"/details", ""))
					record["ref"], record["mark"], record["state"] = digest, c.follow, "sent"
				}
				l := left(t, record)
				time.Sleep(2 * time.Minute)
				d := delivery.Delivery{Job: config.Job{Tenant: "acme", Bot: m.Subject.ID,
					Period: editions(m).Report.Period.Name}, Subject: m.Subject,
					Destination: m.Destination}
				r, err := l.Deliver(t.Context(), d, m, f.client, time.Now().Add(5*time.Minute))
				if err != nil || r.State != c.state || !r.Unsigned || len(r.Signed) != 1 {
					t.Errorf("%+v, %v", r, err)
				}
				if messages := f.Messages(channel); len(messages) != c.posts {
					t.Errorf("%d digests", len(messages))
				}
				if there := f.there(); c.follow != "" && !strings.Contains(there, "1 details") {
					t.Errorf("in the channel: %s", there)
				}
			})
		})
	}
}

// The answer to a post is lost, and the post with it. That another stack has posted the same report
// there is no reason not to send it.
func TestDeliver_BesideADivertedStack(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.client.Deployment = "prod"
		f.Fail(post, slackfake.Fault{Drop: true})
		f.put("", posted(ourApp, key, "dev"))
		f.put("", posted(otherApp, key, "prod"))
		if r, _ := f.deliver(t, plain()); r.State != delivery.Accepted || r.Attempts != 2 ||
			len(f.Messages(channel)) != 3 {
			t.Errorf("%d messages, %+v", len(f.Messages(channel)), r)
		}
	})
}

// The app is replaced while it is not known whether its post arrived: the claim says which one it
// was.
func TestDeliver_ReplacedApp(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.Server = slackfake.New(slackfake.Workspace{Team: team, Token: token,
			Scopes: slack.Scopes()},
			slackfake.Workspace{Team: team, Token: "xoxb-new", Bot: otherApp,
				Scopes: slack.Scopes()})
		f.SetChannel(slackfake.Channel{ID: channel, Team: team, Name: "ops", Member: true})
		f.client.HTTP = f.Client()
		f.Fail(post, slackfake.Fault{Lost: true})
		f.After = func(method string) {
			if method == post {
				f.client.Token = func(context.Context, *config.Tenant) (string,
					error) {
					return "xoxb-new", nil
				}
			}
		}
		r, _ := f.deliver(t, plain())
		if len(f.Messages(channel)) != 1 || r.State != delivery.Accepted || len(r.Signed) != 2 ||
			r.Signed[0].App != ourApp || r.Signed[1].App != otherApp {
			t.Errorf("%d digests, %+v", len(f.Messages(channel)), r)
		}
	})
}

// A reply in a thread is the PDF, the details or the end of the thread only if it is that of
// this digest.
func TestFollow_WhatOthersHaveInTheThread(t *testing.T) {
	pdf := func(m *slackfake.Message) {
		m.User, m.Files = ann, []slackfake.File{{ID: "F0000ANNS", Name: pdfName}}
	}
	tombstone := func(m *slackfake.Message) { m.Deleted = true }
	for _, c := range []struct {
		name  string
		put   func(*slackfake.Message)
		there string // in the end
	}{
		{"a file of a person's", pdf, "1 digest, 1 details, 2 PDF, 0 note"},
		{"a reply that was deleted", tombstone, "1 digest, 1 details, 1 PDF, 1 note"},
		{"another app's details", posted(otherApp, key+"/details", "prod"),
			"1 digest, 2 details, 1 PDF, 0 note"},
		{"another stack's details", posted(ourApp, key+"/details", "dev"),
			"1 digest, 2 details, 1 PDF, 0 note"},
		{"another app's note", posted(otherApp, key+"/pdf-missing", "prod"),
			"1 digest, 1 details, 1 PDF, 1 note"},
		{"another stack's note", posted(ourApp, key+"/pdf-missing", "dev"),
			"1 digest, 1 details, 1 PDF, 1 note"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.client.Deployment = "prod"
				m := plain()
				ts, err := f.client.Send(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				f.put(ts, c.put)
				// An earlier attempt has begun all of them, and none is there.
				mark := `{"details":"begun","files":["F0000LOST1"],"reason":"the workspace allows no uploads"}`
				if _, lacks, err := f.follow(t, m, ts, mark, false); lacks != nil || err != nil {
					t.Fatal(lacks, err)
				}
				if there := f.there(); there != c.there {
					t.Errorf("in the channel: %s; want %s", there, c.there)
				}
			})
		})
	}
	t.Run("a note that was not begun", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			m := plain()
			ts, err := f.client.Send(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			f.put(ts, posted(ourApp, key+"/pdf-missing", ""))
			if marks, lacks, err := f.follow(t, m, ts, `{"details":"begun"}`,
				false); len(marks) != 1 || lacks != nil || err != nil {
				t.Error(marks, lacks, err)
			}
			if there := f.there(); there != "1 digest, 1 details, 1 PDF, 1 note" {
				t.Errorf("in the channel: %s", there)
			}
		})
	})
	for _, suffix := range []string{"/details", "/pdf-missing"} {
		t.Run("unknown author: "+suffix, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				m := plain()
				ts, err := f.client.Send(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				f.put(ts, posted("", key+suffix, ""))
				const mark = `{"details":"begun","reason":"the workspace allows no uploads"}`
				if _, lacks, err := f.follow(t, m, ts, mark, false); lacks != nil || err == nil ||
					asFailure(t, err).Remedy == "" {
					t.Errorf("%v, %v", lacks, err)
				}
			})
		})
	}
	t.Run("unknown author of the details, but the note is there", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			m := plain()
			ts, err := f.client.Send(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			f.put(ts, posted("", key+"/details", ""))
			f.put(ts, posted(ourApp, key+"/pdf-missing", ""))
			const mark = `{"details":"begun","reason":"the workspace allows no uploads"}`
			if _, lacks, err := f.follow(t, m, ts, mark, false); lacks == nil ||
				lacks.Error() != "the workspace allows no uploads" || err != nil {
				t.Errorf("%v, %v", lacks, err)
			}
		})
	})
}

// People share the PDF in the channel, beside the thread from which it is missing.
func TestFollow_PDFSharedElsewhere(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.Processing = 0
		m := plain()
		ts, err := f.client.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		marks, _, err := f.follow(t, m, ts, "", false)
		if err != nil {
			t.Fatal(err)
		}
		state := f.State()
		for i := range state.Files {
			state.Files[i].Shares = []slackfake.Share{{Channel: channel, TS: ts}}
		}
		for i := range state.Messages {
			state.Messages[i].Files = nil
		}
		f.SetState(state)
		if _, lacks, err := f.follow(t, m, ts, marks[len(marks)-1], false); lacks != nil ||
			err != nil {
			t.Fatal(lacks, err)
		}
		pdfs := 0
		for _, r := range f.Messages(channel)[0].Replies {
			pdfs += len(r.Files)
		}
		if pdfs != 1 {
			t.Errorf("%d PDFs are in the thread", pdfs)
		}
	})
}

// A link goes into a digest of ours alone: not into a message that another delivery, stack or app
// has posted.
func TestFollow_LinkNeedsOurDigest(t *testing.T) {
	for name, c := range map[string]struct {
		put     func(*slackfake.Message)
		updates int
	}{
		"ours":             {posted(ourApp, key, "prod"), 1},
		"another delivery": {posted(ourApp, key+"/resend-1", "prod"), 0},
		"another stack":    {posted(ourApp, key, "dev"), 0},
		"another app":      {posted(otherApp, key, "prod"), 0},
		"no metadata":      {func(m *slackfake.Message) { m.Bot = ourApp }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.client.Deployment = "prod"
				m := native(figurestest.Busy())
				if _, err := f.client.Send(t.Context(), m); err != nil {
					t.Fatal(err)
				}
				blocks := f.only(t).Blocks
				ts := f.put("", func(m *slackfake.Message) { c.put(m); m.Blocks = blocks })
				if _, lacks, err := f.follow(t, m, ts, "", false); lacks != nil || err != nil {
					t.Fatal(lacks, err)
				}
				if n := len(f.Calls("chat.update")); n != c.updates {
					t.Errorf("%d updates, want %d", n, c.updates)
				}
			})
		})
	}
}

// Slack answers with another message than the digest: its text must not replace the digest's.
func TestFollow_LinkNeedsTheDigestItself(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := native(figurestest.Busy())
		ts, err := f.client.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		f.FailAlways(thread, slackfake.Fault{Body: `{"ok": true, "messages": [{"ts": "1.000001", "bot_id": "` + ourApp + `",
			"metadata": {"event_type": "kindly_weekly", "event_payload": {"key": "` + key + `"}}, "blocks": ` + string(f.only(t).Blocks) + `}]}`})
		if _, lacks, err := f.follow(t, m, ts, "", false); lacks != nil || err != nil {
			t.Fatal(lacks, err)
		}
		if n := len(f.Calls("chat.update")); n != 0 {
			t.Errorf("%d updates", n)
		}
	})
}
