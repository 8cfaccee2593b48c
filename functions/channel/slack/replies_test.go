package slack_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/portfolio/portfoliotest"
)

const (
	address  = "files.getUploadURLExternal"
	complete = "files.completeUploadExternal"
	info     = "files.info"
	thread   = "conversations.replies"
	post     = "chat.postMessage"
)

const pdfName = "nettbutikk-2026-W46.pdf" // of the busy week

// plain is a report whose PDF is its only file, so that all that is uploaded is the PDF.
func plain() delivery.Message {
	m := message(figurestest.Busy())
	e := editions(m)
	e.Files = e.Files[:1]
	return m
}

// errDied is the panic of a worker that dies.
var errDied = errors.New("died")

// deliver has workers deliver a message for the channel, each as soon as the ledger lets it, until
// it is over, or a day and a half has gone. The message may be diverted.
func (f *fixture) deliver(t *testing.T,
	m delivery.Message) (r delivery.Record, took time.Duration) {
	t.Helper()
	l := &delivery.Ledger{Store: new(storetest.Memory), Now: time.Now}
	about, _ := m.Payload.About()
	d := delivery.Delivery{Job: config.Job{Tenant: "acme", Bot: m.Subject.ID, Period: about},
		Subject: m.Subject, Destination: config.Destination{Medium: config.Slack, To: channel}}
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
func (f *fixture) there() string { return f.thereIn(channel) }

func (f *fixture) thereIn(channel string) string {
	var pdfs, notes, details int
	messages := f.Messages(channel)
	for _, m := range messages {
		for _, r := range m.Replies {
			switch {
			case len(r.Files) > 0:
				pdfs++
			case r.Metadata != nil && strings.HasSuffix(fmt.Sprint(r.Metadata.EventPayload["key"]),
				"/details"):
				details++
			default:
				notes++
			}
		}
	}
	return strings.Join([]string{counted(len(messages), "digest"), counted(details, "details"),
		counted(pdfs, "PDF"), counted(notes, "note")}, ", ")
}

func counted(n int, what string) string { return fmt.Sprint(n, " ", what) }

const (
	good = "1 digest, 1 details, 1 PDF, 0 note"
	told = "1 digest, 1 details, 0 PDF, 1 note"
	bare = "1 digest, 1 details, 0 PDF, 0 note"

	// of a portfolio, which has no details
	goodOfAll = "1 digest, 0 details, 1 PDF, 0 note"
	toldOfAll = "1 digest, 0 details, 0 PDF, 1 note"
)

// Whatever fails on the way of the PDF, and for however long, the thread gets it once, or one note
// that it is missing, or, where there is no other way, neither; and the digest is there once.
func TestSendReplies_PDFFaults(t *testing.T) {
	type faults map[string][]slackfake.Fault
	// files.info does not tell while it is asked
	lost := slackfake.Fault{Lost: true, Late: 3 * time.Minute}
	drop := slackfake.Fault{Drop: true}
	code := func(name string) slackfake.Fault { return slackfake.Fault{Error: name} }
	noUploads := faults{address: {code("file_uploads_disabled")}}
	with := func(f slackfake.Fault,
		n int) []slackfake.Fault {
		return slices.Repeat([]slackfake.Fault{f}, n)
	}
	afterDetails := func(f ...slackfake.Fault) []slackfake.Fault { return append([]slackfake.Fault{{}, {}}, f...) }
	for _, c := range []struct {
		name   string
		once   faults
		always faults // after those
		there  string
		want   string // state, what it lacks and why, when, after how many attempts
	}{
		{"nothing fails", nil, nil, good, "accepted after 0s, 1 follow"},

		// Nothing is shared before the last call, so that everything is begun anew. The first
		// attempt begins it twice: while the digest is posted, and after that.
		{"no address, once", faults{address: {drop}}, nil, good, "accepted after 1s, 1 follow"},
		{"no address, three times", faults{address: with(drop, 3)}, nil, good,
			"accepted after 3s, 1 follow"},
		{"no address, for a while", faults{address: with(drop, 9)}, nil, good,
			"accepted after 20m9s, 3 follow"},
		{"no address, ever", nil, faults{address: {drop}}, told,
			"accepted without: no valid answer from Slack (post slack.com: unexpected EOF) (slack) after 4h20m18s, 5 follow"},
		{"a short 429 for the address", faults{address: {{RetryAfter: 30}}}, nil, good,
			"accepted after 30s, 1 follow"},
		{"a long 429 for the address", faults{address: {{RetryAfter: 600}}}, nil, good,
			"accepted after 10m0s, 2 follow"},
		{"the bytes are lost", faults{slackfake.Upload: {{Lost: true}}}, nil, good,
			"accepted after 1s, 1 follow"},
		{"the bytes are lost, three times",
			faults{slackfake.Upload: with(slackfake.Fault{Lost: true}, 3)}, nil, good,
			"accepted after 3s, 1 follow"},
		{"the bytes fail, three times",
			faults{slackfake.Upload: with(slackfake.Fault{Status: 503}, 3)}, nil, good,
			"accepted after 3s, 1 follow"},
		{"the bytes are refused", nil, faults{slackfake.Upload: {{Status: 400}}}, told,
			"accepted without: no valid answer from Slack (upload: slack server error: 400 Bad Request) (slack) after 4h20m0s, 5 follow"},
		{"no uploads", nil, noUploads, told,
			"accepted without: the workspace allows no uploads (files.getUploadURLExternal: file_uploads_disabled)" +
				" (slack-files: ask an administrator of the workspace to allow apps to upload files) after 0s, 1 follow"},
		{"no scope", nil, faults{address: {code("missing_scope")}}, told,
			"accepted without: the app lacks the scope that this takes (files.getUploadURLExternal: missing_scope) (slack-scope: …) after 0s, 1 follow"},

		// Where the share is in doubt it is looked for.
		{"the share's answer is lost", faults{complete: {{Lost: true}}}, nil, good,
			"accepted after 0s, 1 follow"},
		{"the share's answer is lost, and it comes late", faults{complete: {lost}}, nil, good,
			"accepted after 6m0s, 2 follow"},
		{"the share comes later than the next attempt",
			faults{complete: {{Lost: true, Late: 8 * time.Minute}, code("service_unavailable")}},
			nil, good,
			"accepted after 21m0s, 3 follow"},
		{"the share is lost", faults{complete: {drop}}, nil, good, "accepted after 6m0s, 2 follow"},
		{"the share is lost, always", nil, faults{complete: {drop}}, told,
			"accepted without: no valid answer from Slack (post slack.com: unexpected EOF) (slack) after 10h21m0s, 6 follow"},
		{"the share is lost, always, and then the note, once", faults{post: afterDetails(drop)},
			faults{complete: {drop}}, told,
			"accepted without: no valid answer from Slack (post slack.com: unexpected EOF) (slack) after 16h21m0s, 7 follow"},
		{"the last share comes late", faults{complete: append(with(drop, 4),
			slackfake.Fault{Lost: true, Late: time.Hour})}, nil, good,
			"accepted after 10h21m19.75s, 6 follow"},
		{"the share fails, perhaps after it was done",
			faults{complete: {{Error: "fatal_error", Done: true, Late: 3 * time.Minute}}}, nil,
			good,
			"accepted after 6m0s, 2 follow"},
		{"the share fails with a page", faults{complete: {{Body: "<html>"}, {Status: 502}}}, nil,
			good,
			"accepted after 21m0s, 3 follow"},
		{"a share that passes", faults{complete: {code("service_unavailable")}}, nil, good,
			"accepted after 5m0s, 2 follow"},
		{"a short 429 for the share", faults{complete: {{RetryAfter: 30}}}, nil, good,
			"accepted after 30s, 1 follow"},
		{"a long 429 for the share", faults{complete: {{RetryAfter: 900}}}, nil, good,
			"accepted after 15m0s, 2 follow"},
		{"no files here", nil, faults{complete: {code("slack_connect_file_link_sharing_blocked")}},
			told,
			"accepted without: #ops (C0000OPS) is shared with another organization, which allows no files there" +
				" (files.completeUploadExternal: slack_connect_file_link_sharing_blocked) (slack-channel/C0000OPS: …) after 0s, 1 follow"},
		{"the digest is deleted", faults{complete: {code("thread_not_found")}}, nil, bare,
			"accepted without: the message in #ops (C0000OPS) was deleted, and its thread with it (files.completeUploadExternal: thread_not_found)" +
				" (: nothing, if it was deleted on purpose) after 0s, 1 follow"},
		{"the app is thrown out for an hour",
			faults{complete: {code("not_in_channel")}, post: afterDetails(code("not_in_channel"))},
			nil, good,
			"accepted after 1h0m0s, 2 follow"},
		{"the token dies for good", faults{complete: {code("token_revoked")},
			post: afterDetails(code("token_revoked"))}, nil, bare,
			"accepted without: the app's token was revoked (files.completeUploadExternal: token_revoked) (slack-token: …) after 0s, 1 follow"},

		// A lookup that failed is not "absent".
		{"files.info fails for a while", faults{complete: {lost}, info: with(drop, 16)}, nil, good,
			"accepted after 21m3s, 3 follow"},
		{"files.info is not allowed", faults{complete: {lost}},
			faults{info: {code("missing_scope")}}, good,
			"sent: the app lacks the scope that this takes (files.info: missing_scope) (slack-scope: …)"},
		{"files.info does not know the file", faults{complete: {lost}},
			faults{info: {code("file_not_found")}}, good,
			"accepted after 6m0s, 2 follow"},
		{"the PDF is deleted at once", faults{complete: {lost}},
			faults{info: {code("file_deleted")}}, good,
			"accepted after 6m0s, 2 follow"},
		{"the thread cannot be read for a while",
			faults{complete: {drop}, thread: with(slackfake.Fault{Status: 503}, 3)}, nil, good,
			"accepted after 21m3s, 3 follow"},
		{"the thread can never be read", faults{complete: {drop}},
			faults{thread: {code("missing_scope")}}, bare,
			"sent: the app lacks the scope that this takes (conversations.replies: missing_scope) (slack-scope: …)"},
		{"the thread has pages without end", faults{complete: {drop}},
			faults{thread: {{Body: `{"ok":true,"has_more":true,"messages":[]}`}}}, bare,
			"sent: no valid answer from Slack (conversations.replies: there are more messages, but Slack gives no cursor) (slack)"},
		{"the digest is deleted, and the PDF may have been there",
			faults{complete: {drop}}, faults{thread: {code("thread_not_found")}}, bare,
			"accepted without: the message in #ops (C0000OPS) was deleted, and its thread with it (conversations.replies: thread_not_found)" +
				" (: nothing, if it was deleted on purpose) after 6m0s, 2 follow"},

		// The note comes once, and what it says is what the record says.
		{"the note's answer is lost", faults{post: afterDetails(slackfake.Fault{Lost: true})},
			noUploads, told,
			"accepted without: the workspace allows no uploads (files.getUploadURLExternal: file_uploads_disabled) (slack-files: …) after 6m0s, 2 follow"},
		{"the note is lost", faults{post: afterDetails(drop)},
			faults{address: {code("storage_limit_reached")}}, told,
			"accepted without: the workspace's storage for files is full (files.getUploadURLExternal: storage_limit_reached)" +
				" (slack-files: …) after 6m0s, 2 follow"},
		{"the note is lost, and then uploads are allowed",
			faults{address: {code("file_uploads_disabled")}, post: afterDetails(drop)}, nil, good,
			"accepted after 6m0s, 2 follow"},
		{"the note fails, perhaps after it was posted",
			faults{post: afterDetails(slackfake.Fault{Error: "internal_error", Done: true,
				Late: 3 * time.Minute})}, noUploads, told,
			"accepted without: the workspace allows no uploads (files.getUploadURLExternal: file_uploads_disabled) (slack-files: …) after 6m0s, 2 follow"},
		{"a long 429 for the note", faults{post: afterDetails(slackfake.Fault{RetryAfter: 1200})},
			noUploads, told,
			"accepted without: the workspace allows no uploads (files.getUploadURLExternal: file_uploads_disabled) (slack-files: …) after 20m0s, 2 follow"},
		{"no answers in threads",
			faults{complete: {code("restricted_action_non_threadable_channel")},
				post: afterDetails(code("restricted_action_non_threadable_channel"))}, nil, bare,
			"accepted without: #ops (C0000OPS) accepts no replies in threads (files.completeUploadExternal: restricted_action_non_threadable_channel)" +
				" (slack-channel/C0000OPS: …) after 0s, 1 follow"},
		{"a locked thread", faults{post: afterDetails(with(code("restricted_action_thread_locked"),
			9)...)}, faults{complete: {code("restricted_action_thread_locked")}}, bare,
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
					if string(r.Cause)+r.Remedy == "" {
						return said
					}
					if said += " (" + string(r.Cause); r.Remedy != "" {
						said += ": " + r.Remedy
					}
					return said + ")"
				}
				said := string(r.State)
				switch {
				case !r.State.Final():
					said += ": " + because(r.Reason)
				case r.Missing != "":
					said += " without: " + because(r.Missing) +
						fmt.Sprintf(" after %v, %s", took, counted(r.ReplyTries, "follow"))
				default:
					said += fmt.Sprintf(" after %v, %s", took, counted(r.ReplyTries, "follow"))
				}
				if before, after, _ := strings.Cut(c.want, "…"); !strings.HasPrefix(said, before) ||
					!strings.HasSuffix(said, after) {
					t.Errorf("got  %s\nwant %s", said, c.want)
				}
				if r.MaybeDuplicate || r.Attempts != 1 {
					t.Errorf("the digest was tried again: %+v", r)
				}
			})
		})
	}
}

// A worker may die at any call, before it has an effect and after, and the next one at any other:
// what is in the thread in the end is what would have been without.
func TestSendReplies_Crashes(t *testing.T) {
	tiny := plain()
	editions(tiny).Report = figurestest.Tiny() // it is delivered a thousand times
	noFiles := func(f *fixture) {
		f.FailAlways(complete, slackfake.Fault{Error: "blocked_file_type"})
	}
	const why = "the workspace allows no files of this type" +
		" (files.completeUploadExternal: blocked_file_type)"
	for _, c := range []struct {
		name    string
		m       delivery.Message
		prepare func(f *fixture)
		there   string
		lacks   string
	}{
		{"on the way of the PDF", tiny, func(*fixture) {}, good, ""},
		{"on the way of the note", tiny, noFiles, told, why},
		{"on the way of a portfolio's PDF", allBots(portfoliotest.Calm()), func(*fixture) {},
			goodOfAll, ""},
		{"on the way of its note", allBots(portfoliotest.Calm()), noFiles, toldOfAll, why},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := func(deaths ...int) (steps int) {
				inBubble(t, func(t *testing.T, f *fixture) {
					f.Processing = 0
					c.prepare(f)
					var mu sync.Mutex // the PDF is uploaded while the digest is posted
					die := func(string) {
						mu.Lock()
						defer mu.Unlock()
						if steps++; slices.Contains(deaths, steps) {
							panic(errDied)
						}
					}
					f.Before, f.After = die, die
					r, _ := f.deliver(t, c.m)
					if there := f.there(); there != c.there || r.State != delivery.Accepted ||
						r.Missing != c.lacks || r.MaybeDuplicate {
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

// A crash while a picture is uploaded reaches the caller.
func TestSendReplies_CrashAtAPicture(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		var once atomic.Bool
		f.After = func(method string) {
			if method == slackfake.Upload && once.CompareAndSwap(false, true) {
				panic(errDied)
			}
		}
		r, _ := f.deliver(t, message(figurestest.Busy()))
		if there := f.there(); there != good || r.State != delivery.Accepted || !once.Load() {
			t.Errorf("in the channel: %s, %+v", there, r)
		}
	})
}

// The pictures of the details are uploaded while the digest is posted, and again if that failed.
func TestSendReplies_PicturesOfDetails(t *testing.T) {
	const files = 6 // a picture of the digest, four of the details, and the PDF
	for _, c := range []struct {
		name   string
		fault  slackfake.Fault // of all uploads until the digest is posted
		digest []string        // the digest's pictures
		calls  int             // each file has three tries
		took   time.Duration
	}{
		{"nothing fails", slackfake.Fault{}, charts, files, time.Second},
		{"all fail at first", slackfake.Fault{Status: 503}, nil, 3*files + files - 1,
			4 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.Processing = 0
				f.FailAlways(slackfake.Upload, c.fault)
				f.Fail(post, slackfake.Fault{Delay: time.Second}) // after the last tries
				f.After = func(method string) {
					if method == post {
						f.FailAlways(slackfake.Upload, slackfake.Fault{})
					}
				}
				r, took := f.deliver(t, message(figurestest.Busy()))
				if there := f.there(); there != good || r.State != delivery.Accepted ||
					took != c.took {
					t.Fatalf("in the channel: %s after %v, %+v", there, took, r)
				}
				m := f.only(t)
				if diff := cmp.Diff(c.digest, f.pictures(t, m)); diff != "" {
					t.Errorf("pictures of the digest (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(detailsCharts, f.pictures(t, m.Replies[0])); diff != "" {
					t.Errorf("pictures of the details (-want +got):\n%s", diff)
				}
				if n := len(f.Calls(slackfake.Upload)); n != c.calls {
					t.Errorf("%d uploads, want %d", n, c.calls)
				}
			})
		})
	}
}

// A digest that Slack draws needs no pictures, so only the PDF is uploaded.
func TestSendReplies_NoPicturesOfNative(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := message(figurestest.Busy())
		m.Destination.Charts = config.Native
		if r, _ := f.deliver(t, m); r.State != delivery.Accepted || f.there() != good {
			t.Errorf("in the channel: %s, %+v", f.there(), r)
		}
		if n := len(f.Calls(slackfake.Upload)); n != 1 {
			t.Errorf("%d uploads, want 1", n)
		}
	})
}

// Uploads that were begun end with the digest that is not posted, or with the attempt.
func TestSend_EndsUploads(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(ctx context.Context, f *fixture, m delivery.Message) error
		took time.Duration
	}{
		{"the digest is refused", func(ctx context.Context, f *fixture, m delivery.Message) error {
			f.Fail(post, slackfake.Fault{Error: "restricted_action"})
			_, err := f.client.Send(ctx, m)
			return err
		}, 45 * time.Second}, // for which its pictures are waited for
		{"the attempt ends", func(ctx context.Context, f *fixture, m delivery.Message) error {
			ts, err := f.client.Send(ctx, m)
			if err != nil {
				return nil
			}
			ctx, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			_, err = f.client.SendReplies(ctx, m, ts, "", false, func(string) error { return nil })
			return err
		}, 105 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				m := message(figurestest.Busy())
				if _, err := f.client.Sign(t.Context(), m); err != nil {
					t.Fatal(err)
				}
				f.FailAlways(slackfake.Upload, slackfake.Fault{Delay: time.Hour})
				begun := time.Now()
				err := c.do(t.Context(), f, m)
				if took := time.Since(begun); err == nil || took != c.took {
					t.Errorf("%v after %v, want an error after %v", err, took, c.took)
				}
				time.Sleep(2 * time.Hour)
				if n := len(f.Calls(complete)); n > 0 {
					t.Errorf("%d files were completed", n)
				}
			})
		})
	}
}

// A panic at a picture is one of Send.
func TestSend_PanicAtAPicture(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.After = func(method string) {
			if method == slackfake.Upload {
				panic(errDied)
			}
		}
		defer func() {
			if p := recover(); p != errDied {
				t.Errorf("recovered %v, want %v", p, errDied)
			}
		}()
		_, err := f.send(t)
		t.Errorf("returned %v", err)
	})
}

// follow has one attempt bring the PDF under the digest, and returns what it noted.
func (f *fixture) follow(t *testing.T, m delivery.Message, ref, mark string,
	last bool) (marks []string, lacks *delivery.Failure, err error) {
	t.Helper()
	lacks, err = f.client.SendReplies(t.Context(), m, ref, mark, last, func(mark string) error {
		marks = append(marks, mark)
		return nil
	})
	return marks, lacks, err
}

// The PDF stands in the digest's thread, and its id was noted before it was shared.
func TestSendReplies(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		ts, err := f.send(t)
		if err != nil {
			t.Fatal(err)
		}
		var noted string
		var shared atomic.Bool
		f.Before = func(method string) {
			if method == complete && noted != "" {
				shared.Store(true)
			}
		}
		lacks, err := f.client.SendReplies(t.Context(), message(figurestest.Busy()), ts, "", false,
			func(mark string) error {
				noted = mark
				return nil
			})
		if lacks != nil || err != nil {
			t.Fatal(lacks, err)
		}
		m := f.only(t)
		if len(m.Replies) != 2 || len(m.Replies[1].Files) != 1 || m.Replies[1].Text != "" {
			t.Fatalf("thread is %+v, want the details and the PDF", m.Replies)
		}
		details := m.Replies[0]
		want := &slackfake.Metadata{EventType: "kindly_weekly",
			EventPayload: map[string]any{"key": key + "/details"}}
		if diff := cmp.Diff(want, details.Metadata); diff != "" || details.Mrkdwn ||
			details.Unfurl {
			t.Errorf("the details: %+v, metadata (-want +got):\n%s", details, diff)
		}
		if diff := cmp.Diff(detailsCharts, f.pictures(t, details)); diff != "" {
			t.Errorf("pictures of the details (-want +got):\n%s", diff)
		}
		pdf := m.Replies[1].Files[0]
		if pdf.Name != pdfName || string(pdf.Data) != "%PDF-1.7" ||
			pdf.Title != say(t, figurestest.Busy()).Title {
			t.Errorf("the thread has %s (%s) with %q", pdf.Name, pdf.Title, pdf.Data)
		}
		if !shared.Load() || !strings.Contains(noted, pdf.ID) {
			t.Errorf("noted %q before it was shared: %t", noted, shared.Load())
		}
		if f.log.Len() > 0 {
			t.Errorf("nothing was amiss, but the log says:\n%s", f.log)
		}
		marks, lacks, err := f.follow(t, message(figurestest.Busy()), ts, noted, false)
		if marks != nil || lacks != nil || err != nil || len(f.only(t).Replies) != 2 {
			t.Errorf("again: %v, %v, %v, %+v", marks, lacks, err, f.only(t).Replies)
		}
	})
}

// The note has a key of its own, and is noted, with what is missing and why, before it is posted.
func TestSendReplies_PDFMissing(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := plain()
		ts, err := f.client.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		f.FailAlways(complete, slackfake.Fault{Error: "blocked_file_type"})
		marks, lacks, err := f.follow(t, m, ts, "", false)
		if err != nil || lacks == nil || lacks.Cause != "slack-files" || lacks.Remedy == "" {
			t.Errorf("%+v, %v", lacks, err)
		}
		if n := len(f.Calls(info)); n != 0 {
			t.Errorf("what was refused is looked for: %d calls", n)
		}
		replies := f.only(t).Replies[1:] // after the details
		if len(replies) != 1 || replies[0].Text != "The PDF could not be attached." ||
			replies[0].Mrkdwn {
			t.Fatalf("%+v", replies)
		}
		want := &slackfake.Metadata{EventType: "kindly_weekly",
			EventPayload: map[string]any{"key": key + "/pdf-missing"}}
		if diff := cmp.Diff(want, replies[0].Metadata); diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
		if len(marks) != 3 || strings.Contains(marks[1], "blocked_file_type") ||
			!strings.Contains(marks[2], "blocked_file_type") {
			t.Errorf("noted %q", marks)
		}
		// After a crash between the two, the next attempt finds it with its reason, whatever Slack
		// says now.
		f.FailAlways(complete, slackfake.Fault{})
		marks, again, err := f.follow(t, m, ts, marks[2], false)
		if err != nil || again == nil || again.Error() != lacks.Error() ||
			again.Cause != lacks.Cause || marks != nil {
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
func TestSendReplies_LongThread(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.PageSize = 3
		m := plain()
		ts, err := f.client.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		other := m
		other.Key += "-of-another"
		f.FailAlways(address, slackfake.Fault{Error: "file_uploads_disabled"})
		for range 7 {
			if _, lacks, err := f.follow(t, other, ts, "", false); lacks == nil || err != nil {
				t.Fatal(lacks, err)
			}
		}
		f.FailAlways(address, slackfake.Fault{})
		f.Fail(complete, slackfake.Fault{Lost: true})
		f.FailAlways(info, slackfake.Fault{Error: "file_not_found"})
		marks, _, err := f.follow(t, m, ts, "", false)
		if !asFailure(t, err).MaybeSent {
			t.Fatal(err)
		}
		before := len(f.Calls(thread))
		if _, lacks, err := f.follow(t, m, ts, marks[len(marks)-1], false); lacks != nil ||
			err != nil {
			t.Errorf("%v, %v", lacks, err)
		}
		if there := f.there(); there != "1 digest, 8 details, 1 PDF, 7 note" {
			t.Errorf("in the channel: %s", there)
		}
		// Six of three messages each, and the first again for the link.
		if n := len(f.Calls(thread)) - before; n != 7 {
			t.Errorf("%d pages were read, want 7", n)
		}
	})
}

// What cannot be read is a mistake, and nothing is done.
func TestFollow_Mistakes(t *testing.T) {
	wordless := plain()
	r := *editions(wordless).Report
	r.Locale, editions(wordless).Report = "xx", &r
	for name, c := range map[string]struct {
		message delivery.Message
		mark    string
		want    string
	}{
		"a broken mark": {plain(), "{",
			"the mark of an earlier attempt cannot be read ("},
		"a language without words": {wordless, "", `there is no wording for the locale "xx"`},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				_, lacks, err := f.follow(t, c.message, "1.000001", c.mark, false)
				failure := asFailure(t, err)
				if lacks != nil || !strings.HasPrefix(failure.Error(), c.want) ||
					!failure.Permanent || failure.Cause != "slack-message" {
					t.Errorf("%v, %+v", lacks, failure)
				}
				if calls := f.Calls(""); len(calls) != 0 {
					t.Errorf("%+v", calls)
				}
			})
		})
	}
}

// A file that Slack says is shared is there, whatever the thread says.
func TestFollow_SharedFile(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.Processing = 0
		f.Fail("chat.update", slackfake.Fault{Drop: true})
		ts, err := f.client.Send(t.Context(), native(figurestest.Busy()))
		if err != nil {
			t.Fatal(err)
		}
		marks, lacks, err := f.follow(t, native(figurestest.Busy()), ts, "", false)
		if lacks != nil || err != nil {
			t.Fatal(lacks, err)
		}
		reads := len(f.Calls(thread))
		marks, lacks, err = f.follow(t, native(figurestest.Busy()), ts, marks[len(marks)-1], false)
		if marks != nil || lacks != nil || err != nil || f.there() != good {
			t.Errorf("%v, %v, %v, in the channel: %s", marks, lacks, err, f.there())
		}
		if !f.only(t).Edited || len(f.Calls(thread)) != reads+1 { // for the link
			t.Errorf("linked: %t after %d more reads of the thread", f.only(t).Edited,
				len(f.Calls(thread))-reads)
		}
	})
}

// While Slack does not say which app a token is of, nothing can be looked for, and nothing is
// posted.
func TestFollow_UnknownApp(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		ts, err := f.client.Send(t.Context(), plain())
		if err != nil {
			t.Fatal(err)
		}
		f.FailAlways("auth.test", slackfake.Fault{Drop: true})
		marks, lacks, err := f.follow(t, plain(), ts, `{"details":"begun"}`, false)
		if marks != nil || lacks != nil || asFailure(t, err).MaybeSent ||
			f.there() != "1 digest, 0 details, 0 PDF, 0 note" {
			t.Errorf("%v, %v, %v, in the channel: %s", marks, lacks, err, f.there())
		}
	})
}

// A note fails: without a thread, or where no further try helps, the thread stays without it.
// Anything else is an error.
func TestFollow_NoteFails(t *testing.T) {
	const missing = "the workspace allows no files of this type"
	for _, c := range []struct {
		name  string
		fault slackfake.Fault // of the note
		last  bool
		lacks string // how it begins; else it is an error
		err   string
	}{
		{"thread gone", slackfake.Fault{Error: "thread_not_found"}, false,
			"the message in #ops (C0000OPS) was deleted, and its thread with it", ""},
		{"for good", slackfake.Fault{Error: "restricted_action_non_threadable_channel"}, false,
			missing, ""},
		{"until a remedy", slackfake.Fault{Error: "not_in_channel"}, false, "",
			"the app is not in #ops (C0000OPS)"},
		{"until a remedy, the last time", slackfake.Fault{Error: "not_in_channel"}, true, missing,
			""},
		{"it passes, the last time", slackfake.Fault{Error: "service_unavailable"}, true, "",
			"Slack is not available"},
		{"in doubt, the last time", slackfake.Fault{Drop: true}, true, "",
			"no valid answer from Slack"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				m := plain()
				m.Destination.Charts = ""
				f.FailAlways(complete, slackfake.Fault{Error: "blocked_file_type"})
				f.Fail(post, slackfake.Fault{}, slackfake.Fault{}, c.fault)
				ts, err := f.client.Send(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				_, lacks, err := f.follow(t, m, ts, "", c.last)
				if c.lacks != "" && (lacks == nil || !strings.HasPrefix(lacks.Error(), c.lacks) ||
					err != nil) {
					t.Errorf("%v, %v; want %s", lacks, err, c.lacks)
				}
				if want := "cannot post in the thread that the PDF is missing: " +
					c.err; c.err != "" {
					if failure := asFailure(t, err); lacks != nil ||
						!strings.HasPrefix(failure.Error(), want) ||
						failure.MaybeSent != c.fault.Drop {
						t.Errorf("%v, %+v; want %s", lacks, failure, want)
					}
				}
				if !strings.Contains(f.log.String(),
					"the thread does not say that the PDF is missing") {
					t.Errorf("the log says\n%s", f.log)
				}
			})
		})
	}
}

// What was in doubt in the last attempt, details and PDF, is looked for once more and not posted
// twice.
func TestFollow_InDoubtTheLastTime(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := plain()
		m.Destination.Charts = ""
		f.Fail(post, slackfake.Fault{}, slackfake.Fault{Lost: true})
		f.Fail(complete, slackfake.Fault{Drop: true})
		ts, err := f.client.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		marks, lacks, err := f.follow(t, m, ts, "", true)
		if lacks != nil || !asFailure(t, err).MaybeSent {
			t.Fatal(lacks, err)
		}
		_, lacks, err = f.follow(t, m, ts, marks[len(marks)-1], true)
		if lacks == nil || err != nil || f.there() != told {
			t.Errorf("%v, %v, in the channel: %s", lacks, err, f.there())
		}
	})
}

// Details that people have deleted are not posted again.
func TestFollow_DeletedDetails(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.Fail(complete, slackfake.Fault{Drop: true})
		ts, err := f.client.Send(t.Context(), plain())
		if err != nil {
			t.Fatal(err)
		}
		marks, _, err := f.follow(t, plain(), ts, "", false)
		if !asFailure(t, err).MaybeSent {
			t.Fatal(err)
		}
		f.Delete(channel, f.only(t).Replies[0].TS)
		if _, lacks, err := f.follow(t, plain(), ts, marks[len(marks)-1], false); lacks != nil ||
			err != nil {
			t.Fatal(lacks, err)
		}
		if there := f.there(); there != "1 digest, 0 details, 1 PDF, 0 note" {
			t.Errorf("in the channel: %s", there)
		}
	})
}

// A thread that is read in part is not read.
func TestFollow_PagesBreakOff(t *testing.T) {
	for name, pages := range map[string][]string{
		"at once":         {`{"ok":true,"has_more":true,"messages":[]}`},
		"after the first": {`{"ok":true,"has_more":true,"messages":[],"response_metadata":{"next_cursor":"a"}}`, `{"ok":true,"has_more":true,"messages":[]}`},
		"in a circle": {`{"ok":true,"has_more":true,"messages":[],"response_metadata":{"next_cursor":"a"}}`,
			`{"ok":true,"has_more":true,"messages":[],"response_metadata":{"next_cursor":"a"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				for _, page := range pages {
					f.Fail(thread, slackfake.Fault{Body: page})
				}
				ts, err := f.client.Send(t.Context(), plain())
				if err != nil {
					t.Fatal(err)
				}
				_, lacks, err := f.follow(t, plain(), ts, `{"details":"begun"}`, false)
				if lacks != nil || err == nil ||
					!strings.Contains(err.Error(), "gives no cursor") ||
					f.there() != "1 digest, 0 details, 0 PDF, 0 note" {
					t.Errorf("%v, %v, in the channel: %s", lacks, err, f.there())
				}
			})
		})
	}
}

// Of a digest that people deleted before its first reply, nothing is said to be missing.
func TestFollow_DeletedDigest(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		ts, err := f.client.Send(t.Context(), plain())
		if err != nil {
			t.Fatal(err)
		}
		f.Delete(channel, ts)
		_, lacks, err := f.follow(t, plain(), ts, "", false)
		if err != nil || lacks == nil || !strings.Contains(lacks.Error(),
			"was deleted, and its thread with it") || len(f.Files()) != 0 {
			t.Errorf("%v, %v, %d files", lacks, err, len(f.Files()))
		}
	})
}

// Of a digest that people deleted, with a thread or without, nothing is said to be missing.
func TestSendReplies_DigestDeletedMeanwhile(t *testing.T) {
	for _, talked := range []bool{false, true} {
		inBubble(t, func(t *testing.T, f *fixture) {
			m := plain()
			ts, err := f.client.Send(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if talked {
				other := m
				other.Key = "another's"
				other.Payload = &delivery.Editions{Report: editions(m).Report} // without a PDF
				if _, lacks, err := f.follow(t, other, ts, "", false); lacks == nil || err != nil {
					t.Fatal(lacks, err)
				}
			}
			f.Fail(post, slackfake.Fault{Error: "restricted_action"}) // no details either
			f.Fail(complete, slackfake.Fault{Drop: true})
			marks, _, err := f.follow(t, m, ts, "", false)
			if !asFailure(t, err).MaybeSent {
				t.Fatal(err)
			}
			before := f.there()
			f.Delete(channel, ts)
			_, lacks, err := f.follow(t, m, ts, marks[len(marks)-1], false)
			if err != nil || lacks == nil || !strings.Contains(lacks.Error(),
				"was deleted, and its thread with it") || lacks.Cause != "" {
				t.Errorf("talked about: %t: %v, %v", talked, lacks, err)
			}
			if there := f.there(); talked && there != before || !talked &&
				there != "0 digest, 0 details, 0 PDF, 0 note" {
				t.Errorf("talked about: %t: in the channel: %s", talked, there)
			}
		})
	}
}

// What cannot be noted is not done.
func TestSendReplies_NotNoted(t *testing.T) {
	errFull := errors.New("the ledger is full")
	for _, c := range []struct {
		name  string
		notes int // that succeed before the one that fails
		fault slackfake.Fault
		there string
	}{
		{"the details", 0, slackfake.Fault{}, "1 digest, 0 details, 0 PDF, 0 note"},
		{"the PDF", 1, slackfake.Fault{}, bare},
		{"that it is missing", 2, slackfake.Fault{Error: "blocked_file_type"}, bare},
		{"that it is in doubt", 2, slackfake.Fault{Drop: true}, bare},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				ts, err := f.client.Send(t.Context(), plain())
				if err != nil {
					t.Fatal(err)
				}
				f.FailAlways(complete, c.fault)
				notes := 0
				lacks, err := f.client.SendReplies(t.Context(), plain(), ts, "", true,
					func(string) error {
						if notes++; notes == c.notes+1 {
							return errFull
						}
						return nil
					})
				if lacks != nil || err != errFull {
					t.Errorf("%v, %v", lacks, err)
				}
				if there := f.there(); there != c.there {
					t.Errorf("in the channel: %s", there)
				}
			})
		})
	}
}

// The details stand in the thread before the PDF, once, whatever fails on their way; and what keeps
// them away for good, or until a person acts, no longer keeps the PDF away.
func TestSendReplies_DetailsFaults(t *testing.T) {
	drop, lost := slackfake.Fault{Drop: true}, slackfake.Fault{Lost: true, Late: 3 * time.Minute}
	code := func(name string) slackfake.Fault { return slackfake.Fault{Error: name} }
	with := func(f slackfake.Fault,
		n int) []slackfake.Fault {
		return slices.Repeat([]slackfake.Fault{f}, n)
	}
	const alone = "1 digest, 0 details, 1 PDF, 0 note"
	for _, c := range []struct {
		name    string
		faults  []slackfake.Fault // of chat.postMessage, after the digest
		threads []slackfake.Fault // of conversations.replies
		there   string
		want    string
	}{
		{"nothing fails", nil, nil, good, "accepted after 0s"},
		{"the call is lost", with(drop, 1), nil, good, "accepted after 6m0s"},
		{"the answer is lost", []slackfake.Fault{{Lost: true}}, nil, good, "accepted after 6m0s"},
		{"the answer is lost, and they come late", []slackfake.Fault{lost}, nil, good,
			"accepted after 6m0s"},
		{"the answer is lost, and the thread cannot be read for a while", []slackfake.Fault{lost},
			with(slackfake.Fault{Status: 503}, 3), good,
			"accepted after 21m3s"},
		{"it fails, perhaps after it was done",
			[]slackfake.Fault{{Error: "fatal_error", Done: true}}, nil, good,
			"accepted after 6m0s"},
		{"Slack is not available", with(code("service_unavailable"), 2), nil, good,
			"accepted after 20m0s"},
		{"a long 429", []slackfake.Fault{{RetryAfter: 900}}, nil, good, "accepted after 15m0s"},
		{"every call is lost", with(drop, 5), nil, alone, "accepted after 4h21m0s"},
		{"no answers of apps", with(code("restricted_action"), 1), nil, alone, "accepted after 0s"},
		{"a layout that Slack refuses in every way", with(code("invalid_blocks"), 4), nil, alone,
			"accepted after 0s"},
		{"a layout that Slack refuses as blocks", with(code("invalid_blocks"), 2), nil, good,
			"accepted after 0s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.Processing = 0
				f.Fail(post, append([]slackfake.Fault{{}}, c.faults...)...)
				f.Fail(thread, c.threads...)
				m := plain()
				m.Destination.Charts = ""
				r, took := f.deliver(t, m)
				if there, said := f.there(), fmt.Sprintf("%s after %v", r.State,
					took); there != c.there || said != c.want {
					t.Errorf("%s; %s; want %s; %s", there, said, c.there, c.want)
				}
				replies := f.only(t).Replies
				if n := len(replies); len(replies[n-1].Files) != 1 {
					t.Errorf("the PDF is not the last: %+v", replies)
				}
				if silent := c.there == alone; silent != strings.Contains(f.log.String(),
					"without its details") && silent {
					t.Errorf("the log says\n%s", f.log)
				}
			})
		})
	}
}

// The app is thrown out between digest and details, and let in again: what it could not post it
// posts then.
func TestSendReplies_DetailsAfterARemedy(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		out := slackfake.Fault{Error: "not_in_channel"}
		f.Fail(post, slackfake.Fault{}, out, out)
		f.Fail(complete, out)
		m := plain()
		m.Destination.Charts = ""
		r, took := f.deliver(t, m)
		if there := f.there(); there != good || r.State != delivery.Accepted || took != time.Hour {
			t.Errorf("%s, %s after %v", there, r.State, took)
		}
	})
}

// Once the PDF is in the thread, the digest leads to it; nothing else of the digest changes. A link
// that cannot be made is logged, and is no error.
func TestSendReplies_PDFLink(t *testing.T) {
	for name, charts := range map[string]config.Charts{"native": config.Native,
		"images": config.Images} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				m := message(figurestest.Busy())
				m.Destination.Charts = charts
				ts, err := f.client.Send(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				before := f.only(t)
				marks, lacks, err := f.follow(t, m, ts, "", false)
				if lacks != nil || err != nil {
					t.Fatal(lacks, err)
				}
				after := f.only(t)
				pdf := after.Replies[1].Files[0]
				link := `,{"type":"text","text":" · "},{"type":"link","url":"https://acme.slack.com/files/U0000BOT/` + pdf.ID + "/" + pdfName + `","text":"Open the PDF"}`
				if got := strings.Replace(string(after.Blocks), link, "",
					1); got == string(after.Blocks) || got != string(before.Blocks) {
					t.Errorf("blocks (-want +got):\n%s", cmp.Diff(string(before.Blocks), got))
				}
				if after.Text != before.Text || cmp.Diff(before.Metadata, after.Metadata) != "" ||
					!after.Edited {
					t.Errorf("%+v, before it was %+v", after, before)
				}
				// An attempt that finds the PDF adds the link.
				if _, lacks, err := f.follow(t, m, ts, marks[len(marks)-1], false); lacks != nil ||
					err != nil || len(f.Calls("chat.update")) != 1 {
					t.Errorf("%v, %v, %d updates", lacks, err, len(f.Calls("chat.update")))
				}
				if f.log.Len() > 0 {
					t.Errorf("nothing was amiss, but the log says:\n%s", f.log)
				}
			})
		})
	}
	t.Run("the app is unknown", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.FailAlways("auth.test", slackfake.Fault{Drop: true})
			ts, err := f.client.Send(t.Context(), native(figurestest.Busy()))
			if err != nil {
				t.Fatal(err)
			}
			if _, lacks, err := f.follow(t, native(figurestest.Busy()), ts, "",
				false); lacks != nil || err != nil {
				t.Error(lacks, err)
			}
			if f.only(t).Edited || !strings.Contains(f.log.String(), "no link to its PDF") {
				t.Errorf("the log says\n%s", f.log)
			}
		})
	})
	t.Run("made by the next attempt", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.Fail("chat.update", slackfake.Fault{Drop: true})
			ts, err := f.client.Send(t.Context(), native(figurestest.Busy()))
			if err != nil {
				t.Fatal(err)
			}
			mark := ""
			for range 2 {
				marks, lacks, err := f.follow(t, native(figurestest.Busy()), ts, mark, false)
				if lacks != nil || err != nil {
					t.Fatal(lacks, err)
				}
				if f.only(t).Edited != (mark != "") {
					t.Errorf("with the mark %q: edited: %t", mark, f.only(t).Edited)
				}
				mark = strings.Join(marks[max(0, len(marks)-1):], "")
			}
		})
	})
	t.Run("a digest of text", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			refused := slackfake.Fault{Error: "invalid_blocks"}
			f.Fail(post, refused, refused)
			if r, _ := f.deliver(t, plain()); r.State != delivery.Accepted || f.there() != good ||
				len(f.Calls("chat.update")) != 0 || f.only(t).Blocks != nil {
				t.Errorf("%s, %+v", f.there(), r)
			}
		})
	})
	for name, fail := range map[string]func(*fixture){
		"refused": func(f *fixture) {
			f.Fail("chat.update",
				slackfake.Fault{Error: "cant_update_message"})
		},
		"lost": func(f *fixture) {
			f.Fail("chat.update",
				slackfake.Fault{Drop: true})
		},
		"no answer": func(f *fixture) {
			f.Fail("chat.update",
				slackfake.Fault{Delay: time.Hour})
		},
		"not to be read": func(f *fixture) {
			f.FailAlways(thread,
				slackfake.Fault{Error: "missing_scope"})
		},
		"no file to be asked": func(f *fixture) {
			f.FailAlways(info,
				slackfake.Fault{Error: "missing_scope"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				fail(f)
				m := plain()
				m.Destination.Charts = ""
				r, took := f.deliver(t, m)
				if r.State != delivery.Accepted || r.Missing != "" || f.there() != good ||
					took > 20*time.Second {
					t.Errorf("%s after %v, %+v", f.there(), took, r)
				}
				if !strings.Contains(f.log.String(), "no link to its PDF") {
					t.Errorf("the log says\n%s", f.log)
				}
			})
		})
	}
}

func TestSendReplies_WithoutPDF(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := plain()
		editions(m).Files = nil
		r, _ := f.deliver(t, m)
		if r.State != delivery.Accepted || r.Missing != "the report has no PDF" ||
			r.Cause != "slack-message" || f.there() != told {
			t.Errorf("in the channel: %s, %+v", f.there(), r)
		}
		f.client.Token = func(context.Context, *config.Tenant) (string, error) {
			return "", &secrets.Error{Secret: "acme/slack", Err: errors.New("no such secret"),
				Remedy: "create it"}
		}
		_, lacks, err := f.follow(t, plain(), r.Ref, "", false)
		if failure := asFailure(t, err); lacks != nil || failure.Cause != "secret/acme/slack" ||
			failure.Remedy != "create it" {
			t.Errorf("without a token: %v, %+v", lacks, failure)
		}
	})
}

// The token is rotated between the digest and the PDF, at any call.
func TestSendReplies_RotatedToken(t *testing.T) {
	for _, method := range []string{address, complete, info, thread} {
		t.Run(method, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.client.Refetch = func(context.Context, *config.Tenant) error {
					f.client.Token = func(context.Context, *config.Tenant) (string,
						error) {
						return "xoxb-2-new", nil
					}
					f.SetToken(token, "xoxb-2-new")
					return nil
				}
				if method == info || method == thread {
					f.Fail(complete, slackfake.Fault{Drop: true})
				}
				if method == info {
					f.Fail(info, slackfake.Fault{Error: "file_not_found"}) // right after the share
				}
				f.Fail(method, slackfake.Fault{Error: "token_revoked"})
				r, _ := f.deliver(t, plain())
				if r.State != delivery.Accepted || r.Missing != "" || f.there() != good {
					t.Errorf("in the channel: %s, %+v", f.there(), r)
				}
			})
		})
	}
}
