package slackapi_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/slackapi/slackdouble"
	"kindlyweekly/functions/vault"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures/figurestest"
)

const (
	address  = "files.getUploadURLExternal"
	complete = "files.completeUploadExternal"
	info     = "files.info"
	thread   = "conversations.replies"
	post     = "chat.postMessage"
)

// plain is a report whose PDF is its only file, so that all that is uploaded is the PDF.
func plain() delivery.Message {
	m := message(figurestest.Busy())
	m.Files = m.Files[:1]
	return m
}

// errDied is the panic of a worker that dies.
var errDied = errors.New("died")

// deliver has workers deliver a message, each as soon as the ledger lets it, until it is over, or a day and a half has gone.
func (f *fixture) deliver(t *testing.T, m delivery.Message) (r delivery.Record, took time.Duration) {
	t.Helper()
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	d := delivery.Delivery{Job: bots.Job{Tenant: "acme", Bot: m.Bot.ID, Week: m.Report.Week.Name}, Bot: m.Bot, Destination: m.Destination}
	if d.Key() != m.Key {
		t.Fatalf("the message's key is %s, the delivery's %s", m.Key, d.Key())
	}
	begun := time.Now()
	for time.Since(begun) < 36*time.Hour {
		err := func() (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = p.(error)
				}
			}()
			r, err = l.Deliver(t.Context(), d, m, f.client, time.Now().Add(5*time.Minute))
			return err
		}()
		switch {
		case errors.Is(err, errDied):
			time.Sleep(6*time.Minute + time.Second) // for as long as the claim
		case err != nil:
			t.Fatal(err)
		case r.State.Final():
			return r, time.Since(begun)
		default:
			time.Sleep(time.Until(r.NextTry))
		}
	}
	return r, time.Since(begun)
}

// there counts what is in the channel.
func (f *fixture) there() string {
	var pdfs, notes int
	messages := f.Messages(channel)
	for _, m := range messages {
		for _, r := range m.Replies {
			if len(r.Files) > 0 {
				pdfs++
			} else {
				notes++
			}
		}
	}
	return strings.Join([]string{counted(len(messages), "digest"), counted(pdfs, "PDF"), counted(notes, "note")}, ", ")
}

func counted(n int, what string) string { return fmt.Sprint(n, " ", what) }

const (
	good = "1 digest, 1 PDF, 0 note"
	told = "1 digest, 0 PDF, 1 note"
	bare = "1 digest, 0 PDF, 0 note"
)

// Whatever fails on the way of the PDF, and for however long, the thread gets it once, or one note that it is missing, or,
// where there is no other way, neither; and the digest is there once.
func TestPDFOnItsWay(t *testing.T) {
	type faults map[string][]slackdouble.Fault
	lost := slackdouble.Fault{Lost: true, Late: 3 * time.Minute} // files.info does not tell while it is asked
	drop := slackdouble.Fault{Drop: true}
	code := func(name string) slackdouble.Fault { return slackdouble.Fault{Error: name} }
	noUploads := faults{address: {code("file_uploads_disabled")}}
	with := func(f slackdouble.Fault, n int) []slackdouble.Fault { return slices.Repeat([]slackdouble.Fault{f}, n) }
	afterDigest := func(f ...slackdouble.Fault) []slackdouble.Fault { return append([]slackdouble.Fault{{}}, f...) }
	for _, c := range []struct {
		name   string
		once   faults
		always faults // after those
		there  string
		want   string // state, what it lacks and why, when, after how many attempts
	}{
		{"nothing fails", nil, nil, good, "accepted after 0s, 1 follow"},

		// Nothing is shared before the last call, so that everything is begun anew.
		{"no address, once", faults{address: {drop}}, nil, good, "accepted after 1s, 1 follow"},
		{"no address, for a while", faults{address: with(drop, 6)}, nil, good, "accepted after 20m6s, 3 follow"},
		{"no address, ever", nil, faults{address: {drop}}, told,
			"accepted without: no proper answer from Slack: post slack.com: unexpected EOF (slack) after 4h20m15s, 5 follow"},
		{"a short 429 for the address", faults{address: {{RetryAfter: 30}}}, nil, good, "accepted after 30s, 1 follow"},
		{"a long 429 for the address", faults{address: {{RetryAfter: 600}}}, nil, good, "accepted after 10m0s, 2 follow"},
		{"the bytes are lost", faults{slackdouble.Upload: {{Lost: true}}}, nil, good, "accepted after 1s, 1 follow"},
		{"the bytes are refused", nil, faults{slackdouble.Upload: {{Status: 400}}}, told,
			"accepted without: no proper answer from Slack: upload: slack server error: 400 Bad Request (slack) after 4h20m0s, 5 follow"},
		{"no uploads", nil, noUploads, told,
			"accepted without: the workspace allows no uploads (files.getUploadURLExternal: file_uploads_disabled)" +
				" (slack-files: ask an administrator of the workspace to allow apps to upload files) after 0s, 1 follow"},
		{"no scope", nil, faults{address: {code("missing_scope")}}, told,
			"accepted without: the app lacks the scope that this takes (files.getUploadURLExternal: missing_scope) (slack-scope: …) after 0s, 1 follow"},

		// Where the share is in doubt it is looked for.
		{"the share's answer is lost", faults{complete: {{Lost: true}}}, nil, good, "accepted after 0s, 1 follow"},
		{"the share's answer is lost, and it comes late", faults{complete: {lost}}, nil, good, "accepted after 6m0s, 2 follow"},
		{"the share comes later than the next attempt", faults{complete: {{Lost: true, Late: 8 * time.Minute}, code("service_unavailable")}}, nil, good,
			"accepted after 21m0s, 3 follow"},
		{"the share is lost", faults{complete: {drop}}, nil, good, "accepted after 6m0s, 2 follow"},
		{"the share is lost, always", nil, faults{complete: {drop}}, told,
			"accepted without: no proper answer from Slack: post slack.com: unexpected EOF (slack) after 10h21m0s, 6 follow"},
		{"the share is lost, always, and then the note, once", faults{post: afterDigest(drop)}, faults{complete: {drop}}, told,
			"accepted without: no proper answer from Slack: post slack.com: unexpected EOF (slack) after 16h21m0s, 7 follow"},
		{"the last share comes late", faults{complete: append(with(drop, 4), slackdouble.Fault{Lost: true, Late: time.Hour})}, nil, good,
			"accepted after 10h21m20s, 6 follow"},
		{"the share fails, perhaps after it was done", faults{complete: {{Error: "fatal_error", Done: true, Late: 3 * time.Minute}}}, nil, good,
			"accepted after 6m0s, 2 follow"},
		{"the share fails with a page", faults{complete: {{Body: "<html>"}, {Status: 502}}}, nil, good,
			"accepted after 21m0s, 3 follow"},
		{"a share that passes", faults{complete: {code("service_unavailable")}}, nil, good, "accepted after 5m0s, 2 follow"},
		{"a short 429 for the share", faults{complete: {{RetryAfter: 30}}}, nil, good, "accepted after 30s, 1 follow"},
		{"a long 429 for the share", faults{complete: {{RetryAfter: 900}}}, nil, good, "accepted after 15m0s, 2 follow"},
		{"no files here", nil, faults{complete: {code("slack_connect_file_link_sharing_blocked")}}, told,
			"accepted without: #ops (C0000OPS) is shared with another organization, which allows no files there" +
				" (files.completeUploadExternal: slack_connect_file_link_sharing_blocked) (slack-channel/C0000OPS: …) after 0s, 1 follow"},
		{"the digest is deleted", faults{complete: {code("thread_not_found")}}, nil, bare,
			"accepted without: the message in #ops (C0000OPS) is gone, and with it its thread (files.completeUploadExternal: thread_not_found)" +
				" (: nothing, if it was deleted on purpose) after 0s, 1 follow"},
		{"the app is thrown out for an hour", faults{complete: {code("not_in_channel")}, post: afterDigest(code("not_in_channel"))}, nil, good,
			"accepted after 1h0m0s, 2 follow"},
		{"the token dies for good", faults{complete: {code("token_revoked")}, post: afterDigest(code("token_revoked"))}, nil, bare,
			"accepted without: the app's token was revoked (files.completeUploadExternal: token_revoked) (slack-token: …) after 0s, 1 follow"},

		// A lookup that failed is not "absent".
		{"files.info fails for a while", faults{complete: {lost}, info: with(drop, 16)}, nil, good, "accepted after 21m3s, 3 follow"},
		{"files.info is not allowed", faults{complete: {lost}}, faults{info: {code("missing_scope")}}, good,
			"sent: the app lacks the scope that this takes (files.info: missing_scope) (slack-scope: …)"},
		{"files.info does not know the file", faults{complete: {lost}}, faults{info: {code("file_not_found")}}, good,
			"accepted after 6m0s, 2 follow"},
		{"the PDF is deleted at once", faults{complete: {lost}}, faults{info: {code("file_deleted")}}, good,
			"accepted after 6m0s, 2 follow"},
		{"the thread cannot be read for a while", faults{complete: {drop}, thread: with(slackdouble.Fault{Status: 503}, 3)}, nil, good,
			"accepted after 21m3s, 3 follow"},
		{"the thread can never be read", faults{complete: {drop}}, faults{thread: {code("missing_scope")}}, bare,
			"sent: the app lacks the scope that this takes (conversations.replies: missing_scope) (slack-scope: …)"},
		{"the thread has pages without end", faults{complete: {drop}}, faults{thread: {{Body: `{"ok":true,"has_more":true,"messages":[]}`}}}, bare,
			"sent: no proper answer from Slack: conversations.replies: the thread has more pages, but Slack does not say where (slack)"},
		{"the digest is deleted, and nobody knows whether the PDF was there", faults{complete: {drop}}, faults{thread: {code("thread_not_found")}}, bare,
			"accepted without: the message in #ops (C0000OPS) is gone, and with it its thread (conversations.replies: thread_not_found)" +
				" (: nothing, if it was deleted on purpose) after 6m0s, 2 follow"},

		// The note comes once, and what it says is what the record says.
		{"the note's answer is lost", faults{post: afterDigest(slackdouble.Fault{Lost: true})}, noUploads, told,
			"accepted without: the workspace allows no uploads (files.getUploadURLExternal: file_uploads_disabled) (slack-files: …) after 6m0s, 2 follow"},
		{"the note is lost", faults{post: afterDigest(drop)}, faults{address: {code("storage_limit_reached")}}, told,
			"accepted without: the workspace has no room for files left (files.getUploadURLExternal: storage_limit_reached)" +
				" (slack-files: …) after 6m0s, 2 follow"},
		{"the note is lost, and then uploads are allowed", faults{address: {code("file_uploads_disabled")}, post: afterDigest(drop)}, nil, good,
			"accepted after 6m0s, 2 follow"},
		{"the note fails, perhaps after it was posted",
			faults{post: afterDigest(slackdouble.Fault{Error: "internal_error", Done: true, Late: 3 * time.Minute})}, noUploads, told,
			"accepted without: the workspace allows no uploads (files.getUploadURLExternal: file_uploads_disabled) (slack-files: …) after 6m0s, 2 follow"},
		{"a long 429 for the note", faults{post: afterDigest(slackdouble.Fault{RetryAfter: 1200})}, noUploads, told,
			"accepted without: the workspace allows no uploads (files.getUploadURLExternal: file_uploads_disabled) (slack-files: …) after 20m0s, 2 follow"},
		{"no answers in threads", faults{complete: {code("restricted_action_non_threadable_channel")}, post: afterDigest(code("restricted_action_non_threadable_channel"))}, nil, bare,
			"accepted without: #ops (C0000OPS) takes no answers in threads (files.completeUploadExternal: restricted_action_non_threadable_channel)" +
				" (slack-channel/C0000OPS: …) after 0s, 1 follow"},
		{"a locked thread", faults{post: afterDigest(with(code("restricted_action_thread_locked"), 9)...)}, faults{complete: {code("restricted_action_thread_locked")}}, bare,
			"accepted without: the thread in #ops (C0000OPS) is locked (files.completeUploadExternal: restricted_action_thread_locked)" +
				" (slack-channel/C0000OPS: …) after 4h0m0s, 5 follow"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.Processing = 0
				for method, faults := range c.once {
					f.Fail(method, faults...)
				}
				for method, fault := range c.always {
					f.FailAlways(method, fault[0])
				}
				r, took := f.deliver(t, plain())
				if there := f.there(); there != c.there {
					t.Errorf("in the channel: %s; want %s", there, c.there)
				}
				because := func(said string) string {
					if r.Cause+r.Cure == "" {
						return said
					}
					if said += " (" + r.Cause; r.Cure != "" {
						said += ": " + r.Cure
					}
					return said + ")"
				}
				said := string(r.State)
				switch {
				case !r.State.Final():
					said += ": " + because(r.Reason)
				case r.Lacks != "":
					said += " without: " + because(r.Lacks) + fmt.Sprintf(" after %v, %s", took, counted(r.Follows, "follow"))
				default:
					said += fmt.Sprintf(" after %v, %s", took, counted(r.Follows, "follow"))
				}
				if before, after, _ := strings.Cut(c.want, "…"); !strings.HasPrefix(said, before) || !strings.HasSuffix(said, after) {
					t.Errorf("got  %s\nwant %s", said, c.want)
				}
				if r.Doubtful || r.Attempts != 1 {
					t.Errorf("the digest was tried again: %+v", r)
				}
			})
		})
	}
}

// A worker may die at any call, before it has an effect and after, and the next one at any other: what is in the thread in
// the end is what would have been without.
func TestDeaths(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(f *fixture)
		there   string
		lacks   string
	}{
		{"on the way of the PDF", func(*fixture) {}, good, ""},
		{"on the way of the note", func(f *fixture) { f.FailAlways(complete, slackdouble.Fault{Error: "blocked_file_type"}) }, told,
			"the workspace allows no files of this type (files.completeUploadExternal: blocked_file_type)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := func(deaths ...int) (steps int) {
				inBubble(t, func(t *testing.T, f *fixture) {
					f.Processing = 0
					c.prepare(f)
					die := func(string) {
						if steps++; slices.Contains(deaths, steps) {
							panic(errDied)
						}
					}
					f.Before, f.After = die, die
					r, _ := f.deliver(t, plain())
					if there := f.there(); there != c.there || r.State != delivery.Accepted || r.Lacks != c.lacks || r.Doubtful {
						t.Errorf("deaths at %v: in the channel %s, %+v", deaths, there, r)
					}
				})
				return steps
			}
			for first := 1; run(first) >= first; first++ {
				for second := first + 1; run(first, second) >= second; second++ {
				}
			}
		})
	}
}

// Who dies at a picture dies where he can be found.
func TestDeathAtAPicture(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		var once atomic.Bool
		f.After = func(method string) {
			if method == slackdouble.Upload && once.CompareAndSwap(false, true) {
				panic(errDied)
			}
		}
		r, _ := f.deliver(t, message(figurestest.Busy()))
		if there := f.there(); there != good || r.State != delivery.Accepted || !once.Load() {
			t.Errorf("in the channel: %s, %+v", there, r)
		}
	})
}

// follow has one attempt bring the PDF under the digest, and returns what it noted.
func (f *fixture) follow(t *testing.T, m delivery.Message, ref, mark string, last bool) (marks []string, lacks *delivery.Failure, err error) {
	t.Helper()
	lacks, err = f.client.Follow(t.Context(), m, ref, mark, last, func(mark string) error {
		marks = append(marks, mark)
		return nil
	})
	return marks, lacks, err
}

// The PDF stands in the digest's thread, and its id was noted before it was shared.
func TestFollow(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		ts, err := f.send(t)
		if err != nil {
			t.Fatal(err)
		}
		var noted string
		shared := false
		f.Before = func(method string) { shared = shared || method == complete && noted != "" }
		lacks, err := f.client.Follow(t.Context(), message(figurestest.Busy()), ts, "", false, func(mark string) error {
			noted = mark
			return nil
		})
		if lacks != nil || err != nil {
			t.Fatal(lacks, err)
		}
		m := f.only(t)
		if len(m.Replies) != 1 || len(m.Replies[0].Files) != 1 || m.Replies[0].Text != "" {
			t.Fatalf("thread is %+v, want the PDF", m.Replies)
		}
		pdf := m.Replies[0].Files[0]
		if pdf.Name != "nettbutikk-2026-W46.pdf" || string(pdf.Data) != "%PDF-1.7" || pdf.Title != say(t, figurestest.Busy()).Title {
			t.Errorf("the thread has %s (%s) with %q", pdf.Name, pdf.Title, pdf.Data)
		}
		if !shared || !strings.Contains(noted, pdf.ID) {
			t.Errorf("noted %q before it was shared: %t", noted, shared)
		}
		if f.log.Len() > 0 {
			t.Errorf("nothing was amiss, but the log says:\n%s", f.log)
		}
		marks, lacks, err := f.follow(t, message(figurestest.Busy()), ts, noted, false)
		if marks != nil || lacks != nil || err != nil || len(f.only(t).Replies) != 1 {
			t.Errorf("again: %v, %v, %v, %+v", marks, lacks, err, f.only(t).Replies)
		}
	})
}

// The note has a key of its own, and is noted, with what is missing and why, before it is posted.
func TestPDFMissing(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := plain()
		ts, err := f.client.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		f.FailAlways(complete, slackdouble.Fault{Error: "blocked_file_type"})
		marks, lacks, err := f.follow(t, m, ts, "", false)
		if err != nil || lacks == nil || lacks.Cause != "slack-files" || lacks.Cure == "" {
			t.Errorf("%+v, %v", lacks, err)
		}
		replies := f.only(t).Replies
		if len(replies) != 1 || replies[0].Text != "The PDF could not be attached." || replies[0].Mrkdwn {
			t.Fatalf("%+v", replies)
		}
		want := &slackdouble.Metadata{EventType: "kindly_weekly", EventPayload: map[string]any{"key": key + "/pdf-missing"}}
		if diff := cmp.Diff(want, replies[0].Metadata); diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
		if len(marks) != 2 || strings.Contains(marks[0], "blocked_file_type") || !strings.Contains(marks[1], "blocked_file_type") {
			t.Errorf("noted %q", marks)
		}
		// Whoever comes after a death between the two finds it, and knows why, whatever Slack says now.
		f.FailAlways(complete, slackdouble.Fault{})
		marks, again, err := f.follow(t, m, ts, marks[1], false)
		if err != nil || again == nil || again.Error() != lacks.Error() || again.Cause != lacks.Cause || marks != nil {
			t.Errorf("again: %+v, %v, noted %q", again, err, marks)
		}
		if there := f.there(); there != told {
			t.Errorf("in the channel: %s", there)
		}
		if _, found, err := f.client.Find(t.Context(), m, time.Now()); !found || err != nil {
			t.Errorf("the digest is found: %t, %v", found, err)
		}
	})
}

// A thread is read to its end, and what people wrote in it does not matter.
func TestLongThread(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.PageSize = 3
		m := plain()
		ts, err := f.client.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		other := m
		other.Key += "-of-another"
		f.FailAlways(address, slackdouble.Fault{Error: "file_uploads_disabled"})
		for range 7 {
			if _, lacks, err := f.follow(t, other, ts, "", false); lacks == nil || err != nil {
				t.Fatal(lacks, err)
			}
		}
		f.FailAlways(address, slackdouble.Fault{})
		f.Fail(complete, slackdouble.Fault{Lost: true})
		f.FailAlways(info, slackdouble.Fault{Error: "file_not_found"})
		marks, _, err := f.follow(t, m, ts, "", false)
		if !asFailure(t, err).Doubtful {
			t.Fatal(err)
		}
		if _, lacks, err := f.follow(t, m, ts, marks[0], false); lacks != nil || err != nil {
			t.Errorf("%v, %v", lacks, err)
		}
		if there := f.there(); there != "1 digest, 1 PDF, 7 note" {
			t.Errorf("in the channel: %s", there)
		}
		if n := len(f.Calls(thread)); n != 3 {
			t.Errorf("%d pages were read, want 3", n)
		}
	})
}

// Of a digest that people deleted, with a thread or without, nothing is said to be missing.
func TestDeletedDigest(t *testing.T) {
	for _, talked := range []bool{false, true} {
		inBubble(t, func(t *testing.T, f *fixture) {
			m := plain()
			ts, err := f.client.Send(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if talked {
				other := m
				other.Key, other.Files = "another's", nil
				if _, lacks, err := f.follow(t, other, ts, "", false); lacks == nil || err != nil {
					t.Fatal(lacks, err)
				}
			}
			f.Fail(complete, slackdouble.Fault{Drop: true})
			marks, _, err := f.follow(t, m, ts, "", false)
			if !asFailure(t, err).Doubtful {
				t.Fatal(err)
			}
			before := f.there()
			f.Delete(channel, ts)
			_, lacks, err := f.follow(t, m, ts, marks[0], false)
			if err != nil || lacks == nil || !strings.Contains(lacks.Error(), "is gone, and with it its thread") || lacks.Cause != "" {
				t.Errorf("talked about: %t: %v, %v", talked, lacks, err)
			}
			if there := f.there(); talked && there != before || !talked && there != "0 digest, 0 PDF, 0 note" {
				t.Errorf("talked about: %t: in the channel: %s", talked, there)
			}
		})
	}
}

// What cannot be noted is not done.
func TestNotNoted(t *testing.T) {
	errFull := errors.New("the ledger is full")
	for _, c := range []struct {
		name  string
		notes int // that succeed
		fault slackdouble.Fault
	}{
		{"the PDF", 0, slackdouble.Fault{}},
		{"that it is missing", 1, slackdouble.Fault{Error: "blocked_file_type"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				ts, err := f.client.Send(t.Context(), plain())
				if err != nil {
					t.Fatal(err)
				}
				f.FailAlways(complete, c.fault)
				notes := 0
				lacks, err := f.client.Follow(t.Context(), plain(), ts, "", true, func(string) error {
					if notes++; notes > c.notes {
						return errFull
					}
					return nil
				})
				if lacks != nil || err != errFull {
					t.Errorf("%v, %v", lacks, err)
				}
				if there := f.there(); there != bare {
					t.Errorf("in the channel: %s", there)
				}
			})
		})
	}
}

func TestFollowWithoutPDF(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := plain()
		m.Files = nil
		r, _ := f.deliver(t, m)
		if r.State != delivery.Accepted || r.Lacks != "the report has no PDF" || r.Cause != "slack-message" || f.there() != told {
			t.Errorf("in the channel: %s, %+v", f.there(), r)
		}
		f.client.Token = func(context.Context, *bots.Tenant) (string, error) {
			return "", &vault.Error{Secret: "acme/slack", Err: errors.New("no such secret"), Cure: "create it"}
		}
		_, lacks, err := f.follow(t, plain(), r.Ref, "", false)
		if failure := asFailure(t, err); lacks != nil || failure.Cause != "secret/acme/slack" || failure.Cure != "create it" {
			t.Errorf("without a token: %v, %+v", lacks, failure)
		}
	})
}

// The token is rotated between the digest and the PDF, at any call.
func TestFollowWithRotatedToken(t *testing.T) {
	for _, method := range []string{address, complete, info, thread} {
		t.Run(method, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.client.Refetch = func(context.Context, *bots.Tenant) error {
					f.client.Token = func(context.Context, *bots.Tenant) (string, error) { return "xoxb-2-new", nil }
					f.SetToken(token, "xoxb-2-new")
					return nil
				}
				if method == info || method == thread {
					f.Fail(complete, slackdouble.Fault{Drop: true})
				}
				if method == info {
					f.Fail(info, slackdouble.Fault{Error: "file_not_found"}) // right after the share
				}
				f.Fail(method, slackdouble.Fault{Error: "token_revoked"})
				r, _ := f.deliver(t, plain())
				if r.State != delivery.Accepted || r.Lacks != "" || f.there() != good {
					t.Errorf("in the channel: %s, %+v", f.there(), r)
				}
			})
		})
	}
}
