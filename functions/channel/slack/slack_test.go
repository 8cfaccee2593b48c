package slack_test

import (
	"bytes"
	gocmp "cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/connection/connectiontest"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/portfolio/portfoliotest"
	"kindlyweekly/report/summary"
)

const (
	team    = "T0000ACME"
	token   = "xoxb-1-secret-of-acme"
	channel = "C0000OPS"
	key     = "acme/nettbutikk/2026-W46/slack-C0000OPS"
)

// A fixture is a Slack with one workspace and the channel #ops, and a Client that reaches it
// without a network.
type fixture struct {
	*slackfake.Server
	client *slack.Client
	log    *bytes.Buffer
}

func newFixture() *fixture {
	f := &fixture{
		Server: slackfake.New(slackfake.Workspace{Team: team, Name: "Acme", Token: token,
			Scopes: slack.Scopes()}),
		log: new(bytes.Buffer),
	}
	f.SetChannel(slackfake.Channel{ID: channel, Team: team, Name: "ops", Member: true})
	f.client = &slack.Client{
		Token: func(context.Context, *config.Tenant) (string, error) { return token, nil },
		HTTP:  f.Client(),
		Log:   slog.New(slog.NewTextHandler(f.log, nil)),
	}
	return f
}

func tenant() *config.Tenant {
	return &config.Tenant{Name: "acme", Slack: config.SlackApp{Team: team}}
}

// message is a report for a channel that wants images: there is more that can fail.
func message(r *figures.Report) delivery.Message {
	e := &delivery.Editions{Report: r, Files: []delivery.File{{Name: "report.pdf",
		Type: "application/pdf", Data: []byte("%PDF-1.7")}}}
	for _, name := range []string{"chats", "fallbacks", "labels", "hours", "trend", "weeks"} {
		e.Files = append(e.Files, delivery.File{Name: "charts/" + name + ".png", Type: "image/png",
			Data: []byte("PNG of " + name)})
	}
	return delivery.Message{Key: key, Tenant: tenant(), Subject: config.Subject{ID: "nettbutikk"},
		Destination: config.Destination{Medium: config.Slack, To: channel, Charts: config.Images},
		Payload:     e}
}

func editions(m delivery.Message) *delivery.Editions { return m.Payload.(*delivery.Editions) }

// native is a report for a channel that has said nothing.
func native(r *figures.Report) delivery.Message {
	m := message(r)
	m.Destination.Charts = ""
	return m
}

func (f *fixture) send(t *testing.T) (ts string, err error) {
	t.Helper()
	return f.client.Send(t.Context(), message(figurestest.Busy()))
}

// only is the one message that the channel has.
func (f *fixture) only(t *testing.T) slackfake.Message {
	t.Helper()
	messages := f.Messages(channel)
	if len(messages) != 1 {
		t.Fatalf("%d messages in the channel, want 1", len(messages))
	}
	return messages[0]
}

// pictures are the names of the charts that a message shows.
func (f *fixture) pictures(t *testing.T, m slackfake.Message) []string {
	t.Helper()
	var blocks []struct {
		SlackFile *struct{ ID string } `json:"slack_file"`
	}
	if m.Blocks == nil {
		return nil
	}
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range blocks {
		if b.SlackFile != nil {
			file, ok := f.File(b.SlackFile.ID)
			if !ok {
				t.Fatalf("the message shows %s, which was not uploaded", b.SlackFile.ID)
			}
			names = append(names, strings.TrimSuffix(file.Name, ".png"))
		}
	}
	return names
}

// Of the busy week.
var (
	charts        = []string{"fallbacks"}                        // of the digest
	detailsCharts = []string{"weeks", "chats", "trend", "hours"} // of the details
)

func inBubble(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newFixture()) })
}

func TestSend(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		ts, err := f.send(t)
		if err != nil {
			t.Fatal(err)
		}
		m := f.only(t)
		if m.TS != ts || m.ThreadTS != "" || m.Mrkdwn || m.Unfurl {
			t.Errorf("ts %s in thread %q, mrkdwn %t, unfurled %t; want %s, no thread, false, false",
				m.TS, m.ThreadTS, m.Mrkdwn, m.Unfurl, ts)
		}
		want := &slackfake.Metadata{EventType: "kindly_weekly",
			EventPayload: map[string]any{"key": key}}
		if diff := cmp.Diff(want, m.Metadata); diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(charts, f.pictures(t, m)); diff != "" {
			t.Errorf("pictures (-want +got):\n%s", diff)
		}

		// The blocks are the digest's, with the ids of what was uploaded.
		ids := map[string]string{}
		for _, file := range f.Files() {
			ids[strings.TrimSuffix(file.Name, ".png")] = file.ID
			if strings.HasSuffix(file.Name, ".png") {
				if len(file.Channels) != 0 {
					t.Errorf("%s was shared with %v, want no channels", file.Name, file.Channels)
				}
				if want := "PNG of " + strings.TrimSuffix(file.Name,
					".png"); string(file.Data) != want {
					t.Errorf("%s holds %q, want %q", file.Name, file.Data, want)
				}
			}
		}
		d := digest.Slack(say(t, figurestest.Busy()), digest.Images(ids))
		blocks, err := json.Marshal(d.Blocks.BlockSet)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(blocks), string(m.Blocks)); diff != "" || m.Text != d.Text {
			t.Errorf("text %q, want %q; blocks (-want +got):\n%s", m.Text, d.Text, diff)
		}

		if len(m.Replies) != 0 {
			t.Errorf("thread is %+v, want it empty", m.Replies)
		}
		if f.log.Len() > 0 {
			t.Errorf("nothing was amiss, but the log says:\n%s", f.log)
		}
	})
}

// A message that cannot be composed is a mistake, and nothing is posted.
func TestSend_Mistakes(t *testing.T) {
	report, all := native(figurestest.Busy()), allBots(portfoliotest.Mixed())
	editions(report).Report.Locale = "xx"
	all.Payload.(*delivery.Portfolio).Locale = "xx"
	for name, m := range map[string]delivery.Message{"report": report, "portfolio": all} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				_, err := f.client.Send(t.Context(), m)
				failure := asFailure(t, err)
				if failure.Err.Error() != `there is no wording for the locale "xx": there is en, nb, sv, da, de` ||
					!failure.Permanent || failure.Cause != "slack-message" || len(f.Calls("")) != 0 {
					t.Errorf("%+v after %d calls", failure, len(f.Calls("")))
				}
			})
		})
	}
}

// A payload of another kind is a mistake too.
func TestSend_UnknownPayload(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		m := native(figurestest.Busy())
		m.Payload = nil
		_, err := f.client.Send(t.Context(), m)
		if failure := asFailure(t, err); !failure.Permanent || len(f.Calls("")) != 0 ||
			failure.Err.Error() != "a message in Slack cannot show <nil>" {
			t.Errorf("%+v after %d calls", failure, len(f.Calls("")))
		}
		_, _, err = f.follow(t, notice("a notice"), "1.2", "", false)
		if failure := asFailure(t, err); !failure.Permanent || len(f.Calls("")) != 0 ||
			failure.Err.Error() != "*delivery.Notice has no replies" {
			t.Errorf("%+v after %d calls", failure, len(f.Calls("")))
		}
	})
}

// Nothing is uploaded for charts and tables that Slack draws, before the message or ever.
func TestSend_Native(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		ts, err := f.client.Send(t.Context(), native(figurestest.Busy()))
		if err != nil {
			t.Fatal(err)
		}
		if _, lacks, err := f.follow(t, native(figurestest.Busy()), ts, "", false); lacks != nil ||
			err != nil {
			t.Fatal(lacks, err)
		}
		m := f.only(t)
		r := figurestest.Busy()
		for _, c := range []struct {
			sent slackfake.Message
			want digest.Digest
		}{{m, linked(t, digest.Slack(say(t, r), digest.Native), m)},
			{m.Replies[0], digest.Details(say(t, r), digest.Native)}} {
			blocks, err := json.Marshal(c.want.Blocks.BlockSet)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(blocks), string(c.sent.Blocks)); diff != "" ||
				c.sent.Text != c.want.Text {
				t.Errorf("text %q, want %q; blocks (-want +got):\n%s", c.sent.Text, c.want.Text,
					diff)
			}
		}
		if files := f.Files(); len(files) != 1 || !strings.HasSuffix(files[0].Name, ".pdf") {
			t.Errorf("uploaded %+v, want the PDF alone", files)
		}
		if f.log.Len() > 0 {
			t.Errorf("nothing was amiss, but the log says:\n%s", f.log)
		}
	})
}

// linked is a digest with the link to the PDF in the thread of m.
func linked(t *testing.T, d digest.Digest, m slackfake.Message) digest.Digest {
	t.Helper()
	pdf := m.Replies[len(m.Replies)-1].Files[0]
	blocks, changed := digest.WithLink(d.Blocks.BlockSet, summary.Link{Text: "Open the PDF",
		URL: "https://acme.slack.com/files/U0000BOT/" + pdf.ID + "/" + pdf.Name})
	if !changed {
		t.Fatal("the digest takes no link")
	}
	d.Blocks.BlockSet = blocks
	return d
}

// Where a workspace does not take what Slack draws, the week arrives with images, and a word on it
// goes to the log; and so it does where Slack refuses anything else of it, however often.
func TestSend_NativeRefused(t *testing.T) {
	refused := slackfake.Fault{Error: "invalid_blocks",
		Messages: []string{"[ERROR] unsupported type: data_visualization [json-pointer:/blocks/5/type]"}}
	for _, c := range []struct {
		name     string
		prepare  func(*fixture)
		pictures []string
		text     bool
		posts    int // of the digest
	}{
		{"no such blocks", func(f *fixture) { f.Plain = true }, charts, false, 2},
		{"one table is too many", func(f *fixture) {
			f.Fail(post,
				slackfake.Fault{Error: "invalid_attachments"})
		}, charts, false, 2},
		{"no such blocks, and no uploads", func(f *fixture) {
			f.Plain = true
			f.FailAlways(address, slackfake.Fault{Error: "file_uploads_disabled"})
		}, nil, false, 2},
		{"images neither", func(f *fixture) { f.Fail(post, refused, refused) }, nil, false, 3},
		{"no blocks at all", func(f *fixture) { f.Fail(post, refused, refused, refused) }, nil,
			true, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				c.prepare(f)
				if _, err := f.client.Send(t.Context(), native(figurestest.Busy())); err != nil {
					t.Fatal(err)
				}
				m := f.only(t)
				if diff := cmp.Diff(c.pictures, f.pictures(t, m)); diff != "" ||
					(m.Blocks == nil) != c.text || m.Metadata == nil {
					t.Errorf("%+v; pictures (-want +got):\n%s", m, diff)
				}
				if n := len(f.Calls(post)); n != c.posts ||
					!strings.Contains(f.log.String(), "posting images") {
					t.Errorf("posted %d times, want %d; the log says\n%s", n, c.posts, f.log)
				}
			})
		})
	}
}

// A lost answer ends the attempts: the message may be there.
func TestSend_NativeDoubtful(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.Plain = true
		f.Fail(post, slackfake.Fault{}, slackfake.Fault{Drop: true})
		_, err := f.client.Send(t.Context(), native(figurestest.Busy()))
		if n := len(f.Calls(post)); !asFailure(t, err).MaybeSent || n != 2 {
			t.Errorf("%v after %d posts", err, n)
		}
	})
}

func say(t *testing.T, r *figures.Report) *summary.Summary {
	t.Helper()
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What arrives is judged by Slack's own SDK, for every kind of week.
func TestSend_BlocksAreValidForSlacksSDK(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	python := filepath.Join(root, ".venv", "bin", "python")
	if output, err := exec.Command(python, "-c", "import slack_sdk").CombinedOutput(); err != nil {
		unable := t.Skipf
		if os.Getenv("CI") == "true" {
			unable = t.Fatalf
		}
		unable("Slack's Python SDK is not in .venv (.ci/tools installs it): %v %s", err, output)
	}
	judge := func(t *testing.T, blocks ...string) {
		t.Helper()
		sdk := exec.Command(python, filepath.Join(root, "report", "digest", "testdata",
			"validate_blocks.py"))
		sdk.Stdin = strings.NewReader(`{"blocks": [` + strings.Join(blocks, ",") + `]}`)
		if output, err := sdk.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, output)
		}
	}
	sent := map[string]string{} // the blocks of all messages
	for name, r := range figurestest.Cases() {
		var blocks []string
		for _, m := range []delivery.Message{message(r), native(r)} {
			inBubble(t, func(t *testing.T, f *fixture) {
				ts, err := f.client.Send(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				before := f.only(t)
				if _, _, err := f.follow(t, m, ts, "", false); err != nil {
					t.Fatal(err)
				}
				for _, m := range []slackfake.Message{before, f.only(t), f.only(t).Replies[0]} {
					blocks = append(blocks, strings.Trim(string(m.Blocks), "[]"))
				}
			})
		}
		sent[name] = strings.Join(blocks, ",")
	}
	// in one call, since each takes a while
	if judge(t, slices.Collect(maps.Values(sent))...); !t.Failed() {
		return
	}
	for name, blocks := range sent {
		t.Run(name, func(t *testing.T) { judge(t, blocks) })
	}
}

// The message is never lost to a picture: each case says what Slack does, and what of the digest
// arrives all the same.
func TestSend_PicturesFail(t *testing.T) {
	invalid := func(messages ...string) slackfake.Fault {
		return slackfake.Fault{Error: "invalid_blocks", Messages: messages}
	}
	// The block with the picture of the busy week's chart.
	const picture = "[ERROR] invalid slack file [json-pointer:/blocks/5/slack_file]"
	for _, c := range []struct {
		name     string
		prepare  func(f *fixture)
		pictures []string
		text     bool // the digest arrives as text
	}{
		{"no upload", func(f *fixture) {
			f.FailAlways(address,
				slackfake.Fault{Error: "file_uploads_disabled"})
		}, nil, false},
		{"uploads break off", func(f *fixture) {
			f.FailAlways(slackfake.Upload,
				slackfake.Fault{Drop: true})
		}, nil, false},
		{"one upload breaks off, and is begun again",
			func(f *fixture) { f.Fail(slackfake.Upload, slackfake.Fault{Drop: true}) }, charts,
			false},
		{"the answer to completing is lost", func(f *fixture) {
			f.Fail(complete,
				slackfake.Fault{Lost: true})
		}, charts, false},
		{"may not look whether it is processed",
			func(f *fixture) {
				f.FailAlways("files.info",
					slackfake.Fault{Error: "missing_scope"})
			}, nil, false},
		{"looking fails once", func(f *fixture) {
			f.Fail("files.info",
				slackfake.Fault{Status: 503})
		}, charts, false},
		{"processed late", func(f *fixture) { f.Processing = 10 }, charts, false},
		{"never processed", func(f *fixture) { f.Processing = 1 << 20 }, nil, false},
		{"one is refused, by its block", func(f *fixture) {
			f.Fail("chat.postMessage",
				invalid(picture))
		}, nil, false},
		{"blocks are refused, unnamed", func(f *fixture) { f.Fail("chat.postMessage", invalid()) },
			nil, false},
		{"a block is refused that is no picture",
			func(f *fixture) {
				f.Fail("chat.postMessage",
					invalid("[ERROR] [json-pointer:/blocks/0/text]"))
			}, nil, false},
		{"one is refused, then another thing",
			func(f *fixture) { f.Fail("chat.postMessage", invalid(picture), invalid()) }, nil,
			true},
		{"files are not for shared channels", func(f *fixture) {
			f.Fail("chat.postMessage",
				slackfake.Fault{Error: "slack_connect_file_link_sharing_blocked"})
		}, nil, false},
		{"too long with the alt texts", func(f *fixture) {
			f.Fail("chat.postMessage",
				slackfake.Fault{Error: "msg_blocks_too_long"})
		}, nil, false},
		{"blocks are refused, without pictures too",
			func(f *fixture) { f.Fail("chat.postMessage", invalid(), invalid()) }, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				c.prepare(f)
				ts, err := f.send(t)
				if err != nil {
					t.Fatal(err)
				}
				m := f.only(t)
				if m.TS != ts || m.Metadata == nil {
					t.Errorf("ts %s with metadata %v, want %s with the key", m.TS, m.Metadata, ts)
				}
				if diff := cmp.Diff(c.pictures, f.pictures(t, m)); diff != "" {
					t.Errorf("pictures (-want +got):\n%s", diff)
				}
				if got := m.Blocks == nil; got != c.text {
					t.Errorf("as text: %t, want %t", got, c.text)
				}
				if c.text && (!m.Mrkdwn || !strings.HasPrefix(m.Text, "```\nNettbutikk") || !strings.Contains(m.Text, "8,031")) {
					t.Errorf("the text has not the week in a code block:\n%s", m.Text)
				}
				if logged := strings.Contains(f.log.String(), "level=ERROR"); logged != c.text {
					t.Errorf("logged as an error: %t, want %t", logged, c.text)
				}
				if isWhole := cmp.Diff(charts, c.pictures) == ""; isWhole != (f.log.Len() == 0) {
					t.Errorf("what is missing is to be logged, and nothing else:\n%s", f.log)
				}
			})
		})
	}
}

// Of several pictures those go that Slack names, and all if it complains of anything else.
func TestSend_PicturesRefused(t *testing.T) {
	m := message(figurestest.Busy())
	details := digest.Details(say(t, editions(m).Report),
		digest.Images(map[string]string{"weeks": "F1", "chats": "F2", "trend": "F3", "hours": "F4"}))
	var at []int // of the pictures among the blocks
	for i, block := range details.Blocks.BlockSet {
		if _, ok := block.(*slackgo.ImageBlock); ok {
			at = append(at, i)
		}
	}
	if diff := cmp.Diff(detailsCharts, details.Charts); diff != "" || len(at) != 4 || at[0] == 0 {
		t.Fatalf("pictures at %v (-want +got):\n%s", at, diff)
	}
	named := func(block any) string {
		return fmt.Sprintf("[ERROR] invalid slack file [json-pointer:/blocks/%v/slack_file]", block)
	}
	for _, c := range []struct {
		name     string
		messages []string
		pictures []string
	}{
		{"the first", []string{named(at[0])}, []string{"chats", "trend", "hours"}},
		{"the last", []string{named(at[3])}, []string{"weeks", "chats", "trend"}},
		{"two", []string{named(at[0]), named(at[2])}, []string{"chats", "hours"}},
		{"one, and a block that is no picture", []string{named(at[0]), named(0)}, nil},
		{"a block that is not there", []string{named(99)}, nil},
		{"a block without a number", []string{named("1e9")[:40]}, nil},
		{"a block with too large a number", []string{named("99999999999999999999")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.Fail(post, slackfake.Fault{}, slackfake.Fault{Error: "invalid_blocks", Messages: c.messages})
				ts, err := f.client.Send(t.Context(), m)
				if err != nil {
					t.Fatal(err)
				}
				if _, lacks, err := f.follow(t, m, ts, "", false); lacks != nil || err != nil {
					t.Fatal(lacks, err)
				}
				if diff := cmp.Diff(c.pictures, f.pictures(t, f.only(t).Replies[0])); diff != "" || len(f.Calls(post)) != 3 {
					t.Errorf("%d posts; pictures (-want +got):\n%s", len(f.Calls(post)), diff)
				}
			})
		})
	}
}

// A picture that Slack does not complete is not waited for. A token that is refused for one is refused for the message.
func TestSend_PicturesCannotBeUploaded(t *testing.T) {
	t.Run("not completed", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.FailAlways(complete, slackfake.Fault{Error: "file_uploads_disabled"})
			begun := time.Now()
			if _, err := f.send(t); err != nil {
				t.Fatal(err)
			}
			if names := f.pictures(t, f.only(t)); names != nil || time.Since(begun) > time.Second || len(f.Calls(info)) != 0 ||
				!strings.Contains(f.log.String(), "files.completeUploadExternal: file_uploads_disabled") {
				t.Errorf("%v after %v; the log says\n%s", names, time.Since(begun), f.log)
			}
		})
	})
	t.Run("token", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.Fail(address, slackfake.Fault{Error: "token_revoked"})
			if _, err := f.send(t); asFailure(t, err).Cause != "slack-token" || len(f.Calls(post)) != 0 {
				t.Errorf("%v after %d posts", err, len(f.Calls(post)))
			}
		})
	})
	for name, c := range map[string]struct{ to, want string }{
		"to no address":   {"https://files.slack.com/secret%zz", "upload: parse Slack: invalid URL escape"},
		"to no host":      {"/secret", "upload: the request to the upload address failed"},
		"to another host": {"https://evil.example/secret", "upload: the request to the upload address failed"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.FailAlways(address, slackfake.Fault{Body: `{"ok": true, "file_id": "F0000000001", "upload_url": "` + c.to + `"}`})
				if _, err := f.send(t); err != nil {
					t.Fatal(err)
				}
				if said := f.log.String(); !strings.Contains(said, c.want) || strings.Contains(said, "secret") {
					t.Errorf("the log says\n%s", said)
				}
			})
		})
	}
	for name, c := range map[string]struct {
		fault slackfake.Fault
		want  string
	}{
		"no answer": {slackfake.Fault{Drop: true}, "upload: post files.slack.com: unexpected EOF"},
		"refused":   {slackfake.Fault{Status: 400}, "upload: slack server error: 400 Bad Request"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.FailAlways(slackfake.Upload, c.fault)
				if _, err := f.send(t); err != nil {
					t.Fatal(err)
				}
				if said := f.log.String(); !strings.Contains(said, c.want) {
					t.Errorf("the log says\n%s", said)
				}
			})
		})
	}
}

// Labels and names cannot end the code block of the last resort, nor ping anybody.
func TestSend_TextIsLiteral(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		r := figurestest.Busy()
		r.Bot.Name, r.Labels[0].Text = "<!channel>", "```<!here>```"
		f.FailAlways("chat.postMessage", slackfake.Fault{Error: "invalid_blocks"})
		f.Fail("chat.postMessage", slackfake.Fault{Error: "invalid_blocks"}, slackfake.Fault{Error: "invalid_blocks"}, slackfake.Fault{})
		if _, err := f.client.Send(t.Context(), message(r)); err != nil {
			t.Fatal(err)
		}
		text := f.only(t).Text
		if strings.Count(text, "`") != 6 || strings.Contains(text, "<!") || !strings.Contains(text, "&lt;!channel&gt;") {
			t.Errorf("markup of strangers got through:\n%s", text)
		}
	})
}

// Where even the text is too long, the headline arrives.
func TestSend_LastResort(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.Fail("chat.postMessage", slackfake.Fault{Error: "invalid_blocks"},
			slackfake.Fault{Error: "invalid_blocks"}, slackfake.Fault{Error: "msg_too_long"})
		if _, err := f.send(t); err != nil {
			t.Fatal(err)
		}
		m := f.only(t)
		if want := digest.Slack(say(t, figurestest.Busy()), digest.Native).Text; m.Text != want ||
			m.Mrkdwn || m.Metadata == nil {
			t.Errorf("%+v, want %q and the key", m, want)
		}
		f.FailAlways("chat.postMessage", slackfake.Fault{Error: "invalid_blocks"})
		if _, err := f.send(t); !asFailure(t, err).Permanent || asFailure(t, err).MaybeSent {
			t.Errorf("when all is refused: %v", err)
		}
		if posts := len(f.Calls("chat.postMessage")); posts != 4+4 {
			t.Errorf("%d posts, want 4 for each", posts)
		}
	})
}

// Pictures take at most half of the time there is.
func TestSend_PicturesLeaveTime(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.Processing = 1 << 20
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		begun := time.Now()
		if _, err := f.client.Send(ctx, message(figurestest.Busy())); err != nil {
			t.Fatal(err)
		}
		f.only(t)
		if took := time.Since(begun); took > 11*time.Second || len(f.Calls(post)) != 1 {
			t.Errorf("it was sent after %v of 20 s, with %d posts", took, len(f.Calls(post)))
		}
	})
}

// Without a log a report is sent as well.
func TestSend_WithoutLog(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.client.Log = nil
		f.FailAlways(address, slackfake.Fault{Error: "file_uploads_disabled"})
		if _, err := f.send(t); err != nil {
			t.Error(err)
		}
	})
}

// 429s are waited out, on each call, and nothing is done twice.
func TestSend_RateLimits(t *testing.T) {
	for _, method := range []string{"files.getUploadURLExternal", slackfake.Upload,
		"files.completeUploadExternal", "files.info", "chat.postMessage"} {
		t.Run(method, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.Fail(method, slackfake.Fault{RetryAfter: 17}, slackfake.Fault{RetryAfter: 5})
				begun := time.Now()
				if _, err := f.send(t); err != nil {
					t.Fatal(err)
				}
				m := f.only(t)
				if diff := cmp.Diff(charts, f.pictures(t, m)); diff != "" {
					t.Errorf("pictures (-want +got):\n%s", diff)
				}
				if took := time.Since(begun); took < 17*time.Second || took > 27*time.Second {
					t.Errorf("it took %v, want 17 to 27 s", took)
				}
			})
		})
	}
	t.Run("a channel that many reports go to", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.Fail("chat.postMessage", slices.Repeat([]slackfake.Fault{{RetryAfter: 2}}, 20)...)
			if _, err := f.send(t); err != nil {
				t.Fatal(err)
			}
			f.only(t)
		})
	})
	for _, c := range []struct {
		name   string
		time   time.Duration // that the context has
		faults []slackfake.Fault
		wait   time.Duration // at most
		after  time.Duration // RetryAfter of the Failure
	}{
		{"longer than the context lasts", 20 * time.Second, []slackfake.Fault{{RetryAfter: 30}},
			2 * time.Second, 30 * time.Second},
		{"longer than is worth waiting", time.Hour, []slackfake.Fault{{RetryAfter: 90}},
			2 * time.Second, 90 * time.Second},
		{"again and again", time.Hour, []slackfake.Fault{{RetryAfter: 10}, {RetryAfter: 10},
			{RetryAfter: 40}, {RetryAfter: 30}}, 62 * time.Second, 30 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.Fail("chat.postMessage", c.faults...)
				ctx, cancel := context.WithTimeout(t.Context(), c.time)
				defer cancel()
				begun := time.Now()
				_, err := f.client.Send(ctx, message(figurestest.Busy()))
				failure := asFailure(t, err)
				if failure.RetryAfter != c.after || failure.Permanent || failure.MaybeSent {
					t.Errorf("%+v; want one that passes after %v", failure, c.after)
				}
				if took := time.Since(begun); took > c.wait {
					t.Errorf("it took %v, want at most %v", took, c.wait)
				}
				if n := len(f.Messages(channel)); n != 0 {
					t.Errorf("%d messages were posted", n)
				}
			})
		})
	}
}

// A 429 is waited out for a minute at most, and not up to the context's end.
func TestRateLimits_Bounds(t *testing.T) {
	for _, c := range []struct {
		name         string
		after        int           // that Slack asks for, in seconds
		ends, cancel time.Duration // of the context; zero: never
		took         time.Duration
		sent         bool
	}{
		{"a minute", 60, 0, 0, time.Minute, true},
		{"a second more", 61, 0, 0, 0, false},
		{"up to the deadline", 30, 30 * time.Second, 0, 0, false},
		{"a second less", 29, 30 * time.Second, 0, 29 * time.Second, true},
		{"canceled while waiting", 30, 0, 5 * time.Second, 5 * time.Second, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.ends > 0 {
					ctx, cancel = context.WithTimeout(ctx, c.ends)
					defer cancel()
				}
				if c.cancel > 0 {
					time.AfterFunc(c.cancel, cancel)
				}
				f.Fail(post, slackfake.Fault{RetryAfter: c.after})
				begun := time.Now()
				ref, err := f.client.Send(ctx, notice("Anything"))
				if took := time.Since(begun); took != c.took ||
					len(f.Messages(channel)) == 1 != c.sent {
					t.Errorf("%v after %v, with %d messages", err, took, len(f.Messages(channel)))
				}
				if c.sent && (ref == "" || err != nil) {
					t.Errorf("%q, %v", ref, err)
				}
				if !c.sent && (ref != "" || asFailure(t,
					err).RetryAfter != time.Duration(c.after)*time.Second) {
					t.Errorf("%q, %+v", ref, asFailure(t, err))
				}
			})
		})
	}
}

func asFailure(t *testing.T, err error) *delivery.Failure {
	t.Helper()
	var f *delivery.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%v (%T) is no Failure", err, err)
	}
	return f
}

// What may have been posted is doubtful and is not posted again; what was certainly not is not.
func TestSend_Doubtful(t *testing.T) {
	for _, c := range []struct {
		name     string
		fault    slackfake.Fault
		posted   int
		doubtful bool
	}{
		{"answer lost", slackfake.Fault{Lost: true}, 1, true},
		{"call lost", slackfake.Fault{Drop: true}, 0, true},
		{"server error after posting", slackfake.Fault{Status: 500, Done: true}, 1, true},
		{"bad gateway", slackfake.Fault{Status: 502}, 0, true},
		{"refused by something before Slack", slackfake.Fault{Status: 403}, 0, false},
		{"sent elsewhere", slackfake.Fault{Status: 307}, 0, false},
		{"a page instead of an answer", slackfake.Fault{Body: "<html>", Done: true}, 1, true},
		{"an answer cut short", slackfake.Fault{Body: `{"ok":true,"ts":"1`, Done: true}, 1, true},
		{"fatal_error after posting", slackfake.Fault{Error: "fatal_error", Done: true}, 1, true},
		{"no answer in time", slackfake.Fault{Delay: time.Hour}, 0, true},
		{"refused", slackfake.Fault{Error: "not_in_channel"}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				f.Fail("chat.postMessage", c.fault)
				_, err := f.client.Send(ctx, message(figurestest.Busy()))
				if failure := asFailure(t, err); failure.MaybeSent != c.doubtful {
					t.Errorf("doubtful: %t, want %t: %v", failure.MaybeSent, c.doubtful, err)
				}
				if posts, n := len(f.Calls("chat.postMessage")),
					len(f.Messages(channel)); posts != 1 || n != c.posted {
					t.Errorf("posted %d times with %d messages, want once with %d", posts, n,
						c.posted)
				}
				if calls := f.Calls("elsewhere"); len(calls) != 0 {
					t.Errorf("the message and the token went elsewhere: %+v", calls)
				}
			})
		})
	}
	t.Run("no server", func(t *testing.T) {
		f := newFixture()
		stop := f.Start()
		stop()
		f.client.HTTP, f.client.URL = nil, f.URL
		m := message(figurestest.Busy())
		editions(m).Files = nil // no upload, no waiting
		if _, err := f.client.Send(t.Context(), m); asFailure(t, err).MaybeSent {
			t.Errorf("without a connection nothing was posted: %v", err)
		}
	})
	for _, route := range connectiontest.Routes(t) {
		t.Run(route.Name, func(t *testing.T) {
			client := newFixture().client
			client.HTTP, client.URL = route.Client, route.URL+"/"
			m := message(figurestest.Busy())
			editions(m).Files = nil // nothing that comes before
			_, err := client.Send(route.Context(t), m)
			if f := asFailure(t, err); f.MaybeSent != route.Leaves || f.Permanent {
				t.Errorf("doubtful: %t, permanent %t: %v", f.MaybeSent, f.Permanent, err)
			}
		})
	}
	t.Run("no time left", func(t *testing.T) {
		stopped, stop := context.WithCancel(t.Context())
		stop()
		for _, ctx := range []context.Context{stopped, unaware{t.Context()}} {
			f := newFixture()
			m := message(figurestest.Busy())
			editions(m).Files = nil // nothing that comes before
			if _, err := f.client.Send(ctx, m); asFailure(t, err).MaybeSent ||
				!strings.HasPrefix(err.Error(), "no time was left") ||
				!errors.Is(err, gocmp.Or(ctx.Err(), context.DeadlineExceeded)) {
				t.Errorf("nothing was begun, but: %v", err)
			}
			if calls := f.Calls("chat.postMessage"); len(calls) != 0 {
				t.Errorf("it was posted after all")
			}
		}
	})
}

// unaware is a context whose deadline has passed while the process stood still, so that it has not
// heard of it.
type unaware struct{ context.Context }

func (unaware) Deadline() (time.Time, bool) { return time.Now().Add(-time.Second), true }

func TestSend_RotatedToken(t *testing.T) {
	for _, code := range []string{"invalid_auth", "token_revoked", "token_expired"} {
		t.Run(code, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				current, fetched := token, 0
				f.client.Token = func(context.Context, *config.Tenant) (string,
					error) {
					return current, nil
				}
				f.client.Refetch = func(_ context.Context, got *config.Tenant) error {
					fetched++
					current = "xoxb-2-new"
					if got.Name != "acme" {
						t.Errorf("the token of %s was fetched", got.Name)
					}
					return nil
				}
				f.SetToken(token, "xoxb-2-new")
				if code != "invalid_auth" {
					f.Fail("files.getUploadURLExternal", slackfake.Fault{Error: code})
				}
				if _, err := f.send(t); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(charts, f.pictures(t, f.only(t))); diff != "" || fetched != 1 {
					t.Errorf("fetched %d times, want once; pictures (-want +got):\n%s", fetched,
						diff)
				}
				if f.log.Len() > 0 {
					t.Errorf("nothing is missing, but the log says:\n%s", f.log)
				}
			})
		})
	}
	t.Run("not rotated", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			f.SetToken(token, "xoxb-2-new")
			fetched := 0
			f.client.Refetch = func(context.Context, *config.Tenant) error { fetched++; return nil }
			_, err := f.send(t)
			if failure := asFailure(t, err); failure.Permanent || fetched != 1 ||
				!strings.Contains(failure.Remedy, "slack.token_secret") {
				t.Errorf("fetched %d times, then: %v", fetched, err)
			}
			if calls := len(f.Calls("files.getUploadURLExternal")); calls != len(charts) {
				t.Errorf("the same token was tried in %d calls, want %d", calls, len(charts))
			}
		})
	})
	for name, c := range map[string]struct {
		refetch, token error // in the second place
		fault          slackfake.Fault
		want           string
	}{
		"cannot be fetched anew": {refetch: errors.New("no secrets today"),
			want: "the Slack token of acme cannot be read (no secrets today)"},
		"cannot be read anew": {token: errors.New("no secrets today"),
			want: "the Slack token of acme cannot be read (no secrets today)"},
		"does not help": {fault: slackfake.Fault{Error: "is_archived"},
			want: "#ops (C0000OPS) is archived (is_archived)"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				current, failure := token, error(nil)
				f.client.Token = func(context.Context, *config.Tenant) (string,
					error) {
					return current, failure
				}
				f.client.Refetch = func(context.Context, *config.Tenant) error {
					current, failure = "xoxb-2-new", c.token
					return c.refetch
				}
				f.SetToken(token, "xoxb-2-new")
				f.Fail(post, slackfake.Fault{Error: "invalid_auth"}, c.fault)
				_, err := f.client.Send(t.Context(), notice("Anything"))
				if failure := asFailure(t, err); failure.Err.Error() != c.want ||
					failure.MaybeSent {
					t.Errorf("%+v, want %s", failure, c.want)
				}
			})
		})
	}
	t.Run("cannot be fetched", func(t *testing.T) {
		inBubble(t, func(t *testing.T, f *fixture) {
			cause := errors.New("no secrets today")
			f.client.Token = func(context.Context, *config.Tenant) (string, error) {
				return "",
					cause
			}
			_, err := f.send(t)
			if failure := asFailure(t, err); !errors.Is(err, cause) || failure.Permanent ||
				failure.MaybeSent {
				t.Errorf("%+v, want what passes, because of %v", failure, cause)
			}
		})
	})
}

// Whatever goes wrong, no error and no log line has the token or any address in it: that of an
// upload and a response URL are as good as a password.
func TestClient_ShowsNoSecrets(t *testing.T) {
	faults := []slackfake.Fault{{Drop: true}, {Lost: true}, {Status: 500}, {Status: 302},
		{Body: "<html>"}, {Error: "invalid_auth"},
		{Error: "missing_scope"}, {Error: "made_up"}, {RetryAfter: 3600}, {Delay: time.Hour}}
	r := figurestest.Tiny()
	for _, method := range []string{"files.getUploadURLExternal", slackfake.Upload,
		"files.completeUploadExternal", "files.info",
		"chat.postMessage", "chat.update", "conversations.history", "conversations.replies",
		"conversations.open", "conversations.info", "auth.test", slackfake.Respond} {
		for _, fault := range faults {
			t.Run(fmt.Sprintf("%s %+v", method, fault), func(t *testing.T) {
				inBubble(t, func(t *testing.T, f *fixture) {
					f.FailAlways(method, fault)
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					defer cancel()
					responseURL := f.ResponseURL()
					_, sent := f.client.Send(t.Context(), message(r))
					_, _, found := f.client.Find(ctx, message(r), time.Now())
					marks, lacks, followed := f.follow(t, message(r), "1.000001",
						`{"files":["F0000000001"]}`, false)
					more, lacks2, last := f.follow(t, message(r), "1.000001", "", true)
					_, noticed := f.client.Send(ctx, notice("Trouble"))
					said := fmt.Sprint(sent, found, marks, lacks, followed, more, lacks2, last,
						noticed,
						f.client.Private(ctx, tenant(), "U0000ANN", message(r)),
						f.client.Respond(ctx, responseURL, "here it is"),
						f.client.Preflight(ctx, []*config.Tenant{preflightTenant(channel)}), f.log)
					for _, secret := range []string{token, "/upload/", "/commands/", responseURL,
						"https://slack.com"} {
						if strings.Contains(said, secret) {
							t.Errorf("%s is in:\n%s", secret, said)
						}
					}
				})
			})
		}
	}
}

// Many reports at once, over a real connection.
func TestSend_OverHTTP(t *testing.T) {
	f := newFixture()
	f.Processing = 1
	defer f.Start()()
	f.client.HTTP, f.client.URL, f.client.HooksURL = nil, f.URL, f.URL
	done := make(chan error)
	const reports = 8
	for range reports {
		go func() {
			m := message(figurestest.Busy())
			ts, err := f.client.Send(t.Context(), m)
			if err == nil {
				_, _, err = f.follow(t, m, ts, "", false)
			}
			done <- err
		}()
	}
	for range reports {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	messages := f.Messages(channel)
	for _, m := range messages {
		if diff := cmp.Diff(charts, f.pictures(t, m)); diff != "" || len(m.Replies) != 2 {
			t.Errorf("%d replies, pictures (-want +got):\n%s", len(m.Replies), diff)
		}
	}
	if len(messages) != reports {
		t.Errorf("%d messages, want %d", len(messages), reports)
	}
	if err := f.client.Respond(t.Context(), f.ResponseURL(), "here"); err != nil {
		t.Error(err)
	}
	f.Fail("chat.postMessage", slackfake.Fault{Lost: true})
	if _, err := f.client.Send(t.Context(), message(figurestest.Busy())); !asFailure(t,
		err).MaybeSent || len(f.Messages(channel)) != reports+1 {
		t.Errorf("a lost answer gives %v", err)
	}
}
