package digest_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestSlack(t *testing.T) {
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".json.golden", encode(t, digest.Slack(r, say(t, r), nil)))
		})
	}
}

// Slack's own SDK has to know every block, and every key of it.
func TestSlackIsValidForSlacksSDK(t *testing.T) {
	validate := sdk(t)
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) {
			if err := validate(encode(t, digest.Slack(r, say(t, r), nil))); err != "" {
				t.Error(err)
			}
		})
	}
	t.Run("at the limits", func(t *testing.T) {
		r, s := overfull(t)
		if err := validate(encode(t, digest.Slack(r, s, nil))); err != "" {
			t.Error(err)
		}
	})
	for name, block := range map[string]string{
		"a block that it does not know":  `{"type": "data_visualization", "title": "Chats"}`,
		"an element that it ignores":     `{"type": "rich_text", "elements": [{"type": "rich_text_chart"}]}`,
		"a key that it ignores":          `{"type": "divider", "colour": "red"}`,
		"a header that is too long":      `{"type": "header", "text": {"type": "plain_text", "text": "` + strings.Repeat("a", 151) + `"}}`,
		"an image without an alt text":   `{"type": "image", "slack_file": {"id": "F1"}}`,
		"an image with a mrkdwn caption": `{"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}, "title": {"type": "mrkdwn", "text": "a"}}`,
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			if err := validate([]byte(`{"blocks": [` + block + `]}`)); err == "" {
				t.Error("the judge took it, and can judge nothing")
			}
		})
	}
}

func TestSlackShowsChartsThatHaveSomethingInThem(t *testing.T) {
	for name, want := range map[string][]string{
		"busy":        {"chats", "fallbacks", "labels", "hours"},
		"new":         {"chats", "fallbacks", "trend"},
		"empty":       {"trend"},
		"unavailable": {"chats", "trend"},
	} {
		r := figurestest.Cases()[name]
		d := digest.Slack(r, say(t, r), nil)
		if diff := cmp.Diff(want, d.Charts); diff != "" {
			t.Errorf("%s: charts (-want +got):\n%s", name, diff)
		}
		var ids []string
		for _, chart := range want {
			ids = append(ids, "charts/"+chart+".png")
		}
		if diff := cmp.Diff(ids, imageIDs(d)); diff != "" {
			t.Errorf("%s: archived images (-want +got):\n%s", name, diff)
		}
	}
}

func TestSlackRefersToUploadedFiles(t *testing.T) {
	r := figurestest.Busy()
	s := say(t, r)
	archived := digest.Slack(r, s, nil)
	for _, c := range []struct {
		name   string
		files  map[string]string
		charts []string
		ids    []string
	}{
		{"all", map[string]string{"hours": "F4", "chats": "F1", "fallbacks": "F2", "labels": "F3"}, []string{"chats", "fallbacks", "labels", "hours"}, []string{"F1", "F2", "F3", "F4"}},
		{"one failed", map[string]string{"chats": "F1", "labels": "F3", "hours": "F4"}, []string{"chats", "labels", "hours"}, []string{"F1", "F3", "F4"}},
		{"all failed", map[string]string{}, nil, nil},
		{"others too", map[string]string{"chats": "F1", "pages": "F9"}, []string{"chats"}, []string{"F1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := digest.Slack(r, s, c.files)
			if !slices.Equal(d.Charts, c.charts) || !slices.Equal(imageIDs(d), c.ids) {
				t.Errorf("charts %q, files %q; want %q, %q", d.Charts, imageIDs(d), c.charts, c.ids)
			}
			if got, want := len(d.Blocks.BlockSet), len(archived.Blocks.BlockSet)-len(archived.Charts)+len(c.charts); got != want {
				t.Errorf("%d blocks, want %d: only images may be left out", got, want)
			}
		})
	}
}

func TestSlackLinksToTheWebOnly(t *testing.T) {
	for link, want := range map[string]bool{
		"https://app.kindly.ai/bot/42?a=1&b=2": true,
		"http://localhost:8080/":               true,
		"":                                     false,
		"javascript:alert(1)":                  false,
		"slack://user?team=T1":                 false,
		"/bot/42":                              false,
		"https://":                             false,
		"https://app.kindly.ai/\x1b[31m":       false,
		"https://a.example/" + strings.Repeat("a", 500): false,
	} {
		r := figurestest.Tiny()
		r.Bot.Link = link
		s := say(t, r)
		data := string(encode(t, digest.Slack(r, s, nil)))
		if got := strings.Contains(data, `"type": "link"`); got != want {
			t.Errorf("%q in the message: %t, want %t", link, got, want)
		}
		if got := strings.Contains(digest.Text(r, s, 80), "Open in Kindly: "); got != want {
			t.Errorf("%q in the text: %t, want %t", link, got, want)
		}
	}
}

// The rule by which nobody is pinged from a label: whatever strangers type, the mrkdwn of the message stays the same.
func TestSlackKeepsStrangersOutOfMrkdwn(t *testing.T) {
	kind := figurestest.Busy()
	hostile := figurestest.Busy()
	for i, name := range figurestest.Names() {
		hostile.Labels[i].Text, hostile.Buttons[i%len(hostile.Buttons)].Text = name, name
	}
	hostile.Bot.Name = "<!channel> *Nettbutikk*"
	const reason = "<!here> `502` *Bad* <https://evil.example|Gateway>"
	for _, r := range []*figures.Report{kind, hostile} {
		r.Fallbacks.Count, r.Fallbacks.Rate = nil, nil
		r.Unavailable = []figures.Unavailable{{Section: figures.SectionFallbacks, Reason: "HTTP 502"}}
	}
	hostile.Unavailable[0].Reason = reason
	want := decode(t, encode(t, digest.Slack(kind, say(t, kind), nil))).texts("mrkdwn")
	d := digest.Slack(hostile, say(t, hostile), nil)
	got := decode(t, encode(t, d)).texts("mrkdwn")
	if diff := cmp.Diff(want, got); len(want) == 0 || diff != "" {
		t.Errorf("mrkdwn (-kind +hostile):\n%s", diff)
	}
	if want := "&lt;!channel&gt; *Nettbutikk*, 9–15 November 2026\n"; !strings.HasPrefix(d.Text, want) {
		t.Errorf("notification %q does not begin with %q", d.Text, want)
	}
	if data := encode(t, d); !bytes.Contains(data, []byte(reason)) {
		t.Error("the reason is nowhere in the message")
	}
}

// A long name leaves room for the dates.
func TestSlackCutsTheNameRatherThanTheDates(t *testing.T) {
	r := figurestest.Tiny()
	r.Bot.Name = strings.Repeat("<3 🙋🏽‍♀️ ", 60)
	d := digest.Slack(r, say(t, r), nil)
	header := d.Blocks.BlockSet[0].(*slack.HeaderBlock).Text.Text
	notification, _, _ := strings.Cut(d.Text, "\n")
	for _, title := range []string{header, notification} {
		if !strings.HasSuffix(title, "…, 9–15 November 2026") {
			t.Errorf("%q lacks the ellipsis or the dates", title)
		}
	}
	if strings.Count(notification, "&") != strings.Count(notification, "&lt;3") {
		t.Errorf("%q has a cut entity", notification)
	}
}

func say(t testing.TB, r *figures.Report) *summary.Summary {
	t.Helper()
	s, err := summary.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func encode(t testing.TB, d digest.Digest) []byte {
	t.Helper()
	data, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.JSON()
	if err != nil || !bytes.Equal(data, again) {
		t.Fatalf("the same digest was encoded in two ways (%v)", err)
	}
	return data
}

func imageIDs(d digest.Digest) []string {
	var ids []string
	for _, b := range d.Blocks.BlockSet {
		if image, ok := b.(*slack.ImageBlock); ok {
			ids = append(ids, image.SlackFile.ID)
		}
	}
	return ids
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// sdk returns Slack's Python SDK as a judge of digest.json, which says what is wrong. Where it is not installed, the
// test is skipped; in CI that is a failure.
func sdk(t *testing.T) func(digest []byte) string {
	t.Helper()
	root, err := filepath.Abs("../..")
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
	return func(digest []byte) string {
		cmd := exec.Command(python, filepath.Join("testdata", "validate_blocks.py"))
		cmd.Stdin = bytes.NewReader(digest)
		if output, err := cmd.CombinedOutput(); err != nil {
			return err.Error() + "\n" + string(output)
		}
		return ""
	}
}
