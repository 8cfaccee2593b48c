package digest_test

import (
	"bytes"
	"fmt"
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

// styles are all ways to draw a message, by the ending of its golden files.
var styles = map[string]digest.Style{"": digest.Native, ".images": digest.Images(nil)}

// allMessages are the message and its details in every style.
func allMessages(r *figures.Report, s *summary.Summary) map[string]digest.Digest {
	all := make(map[string]digest.Digest)
	for ending, style := range styles {
		all["message"+ending], all["details"+ending] = digest.Slack(s, style),
			digest.Details(s, style)
	}
	return all
}

// Slack's own SDK has to know every block, and every key of it. It knows no charts yet: those,
// slack-go judges.
func TestSlack_ValidForSlacksSDK(t *testing.T) {
	validate := sdk(t)
	judged := func(t *testing.T, r *figures.Report, s *summary.Summary) {
		var all digest.Digest // one after the other, since each call of the SDK takes a while
		for name, d := range allMessages(r, s) {
			all.Blocks.BlockSet = append(all.Blocks.BlockSet, d.Blocks.BlockSet...)
			for _, block := range d.Blocks.BlockSet {
				if chart, ok := block.(*slack.DataVisualizationBlock); ok {
					if err := chart.Validate(); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				}
			}
		}
		if err := validate(encode(t, all)); err != "" {
			t.Error(err)
		}
	}
	for name, r := range figurestest.Cases() {
		t.Run(name, func(t *testing.T) { judged(t, r, say(t, r)) })
	}
	t.Run("at the limits", func(t *testing.T) {
		r, s := overfull(t)
		judged(t, r, s)
	})
	for name, block := range map[string]string{
		"a block that it does not know":  `{"type": "chart", "title": "Chats"}`,
		"an element that it ignores":     `{"type": "rich_text", "elements": [{"type": "rich_text_chart"}]}`,
		"a table without rows":           `{"type": "table", "block_id": "t"}`,
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

// One chart fits the screen: of fallbacks where they jumped, else of chats. The details have the
// others, and first the verdict's measure in the last 12 weeks.
func TestCharts_NotBlank(t *testing.T) {
	for name, want := range map[string]struct{ message, details, native []string }{
		"busy": {[]string{"fallbacks"}, []string{"weeks", "chats", "trend", "hours"},
			[]string{"weeks", "chats"}},
		"new": {[]string{"chats"}, []string{"trend", "fallbacks", "hours"},
			[]string{"trend", "fallbacks"}},
		"empty":       {[]string{"trend"}, nil, nil},
		"unavailable": {[]string{"chats"}, []string{"trend"}, []string{"trend"}},
	} {
		r := figurestest.Cases()[name]
		s := say(t, r)
		all := allMessages(r, s)
		for which, charts := range map[string][]string{
			"message": want.message, "message.images": want.message, "details": want.native,
			"details.images": want.details,
		} {
			if diff := cmp.Diff(charts, chartsOf(all[which])); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, which, diff)
			}
		}
		if native := slices.Concat(all["message"].Charts, all["details"].Charts); native != nil {
			t.Errorf("%s: %q are to be uploaded for what Slack draws", name, native)
		}
	}
}

// chartsOf are the names of the charts in a message, whatever draws them.
func chartsOf(d digest.Digest) (names []string) {
	for _, b := range d.Blocks.BlockSet {
		switch b.(type) {
		case *slack.ImageBlock, *slack.DataVisualizationBlock:
			names = append(names, strings.TrimPrefix(b.ID(), "chart-"))
		}
	}
	return names
}

// A day without a rate is no day with a rate of zero.
func TestNativeCharts_MissingIsNotZero(t *testing.T) {
	r := figurestest.Busy()
	r.Fallbacks.Daily[2].Rate = nil
	data := encode(t, digest.Slack(say(t, r), digest.Native))
	if !bytes.Contains(data, []byte(`"title": "Did not understand: Thu 18.7%, others 9.0–11.2%"`)) ||
		bytes.Contains(data, []byte("Wed 11")) {
		t.Errorf("Wednesday had no rate:\n%s", data)
	}
}

// Slack draws nothing whose labels are long or the same.
func TestNativeCharts_LabelsDiffer(t *testing.T) {
	r := figurestest.Busy()
	for i := range r.Chats.Daily {
		r.Chats.Daily[i].Date = r.Chats.Daily[0].Date
	}
	s := say(t, r)
	for name, d := range allMessages(r, s) {
		for _, mistake := range decode(t, encode(t, d)).mistakes() {
			t.Errorf("%s: %s", name, mistake)
		}
	}
}

func TestSlack_ImagesReferToUploads(t *testing.T) {
	r := figurestest.Busy()
	s := say(t, r)
	archived := digest.Details(s, digest.Images(nil))
	for _, c := range []struct {
		name   string
		files  map[string]string
		charts []string
		ids    []string
	}{
		{"all", map[string]string{"hours": "F4", "chats": "F1", "trend": "F2", "weeks": "F3"},
			[]string{"weeks", "chats", "trend", "hours"}, []string{"F3", "F1", "F2", "F4"}},
		{"one failed", map[string]string{"chats": "F1", "hours": "F4"}, []string{"chats", "hours"},
			[]string{"F1", "F4"}},
		{"all failed", map[string]string{}, nil, nil},
		{"others too", map[string]string{"chats": "F1", "pages": "F9"}, []string{"chats"},
			[]string{"F1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := digest.Details(s, digest.Images(c.files))
			if !slices.Equal(d.Charts, c.charts) || !slices.Equal(imageIDs(d), c.ids) {
				t.Errorf("charts %q, files %q; want %q, %q", d.Charts, imageIDs(d), c.charts, c.ids)
			}
			if got, want := len(d.Blocks.BlockSet), len(archived.Blocks.BlockSet); got != want {
				t.Errorf("%d blocks, want %d: each image, or words instead", got, want)
			}
		})
	}
}

// From top to bottom, the message says what happened, whether it is good, and what to look at.
func TestSlack_Order(t *testing.T) {
	old := figurestest.Busy()
	old.Verdict = nil // an older report, without a verdict
	for _, c := range []struct {
		name   string
		report *figures.Report
		blocks []string
	}{
		{"busy", figurestest.Busy(),
			[]string{"header", "title", "facts", "figures", "chart-fallbacks", "look", "link"}},
		{"a dead week", figurestest.Empty(),
			[]string{"header", "title", "facts", "chart-trend", "look", "link"}},
		{"missing sections", figurestest.Unavailable(),
			[]string{"header", "title", "notices", "figures", "chart-chats", "link"}},
		{"without a verdict", old,
			[]string{"header", "title", "figures", "chart-fallbacks", "link"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := say(t, c.report)
			var got []string
			for _, b := range digest.Slack(s, digest.Native).Blocks.BlockSet {
				got = append(got, b.ID())
				if h, ok := b.(*slack.HeaderBlock); ok && h.Text.Text != s.Headline {
					t.Errorf("the header is %q, want %q", h.Text.Text, s.Headline)
				}
			}
			if !slices.Equal(got, c.blocks) {
				t.Errorf("the blocks are %q, want %q", got, c.blocks)
			}
		})
	}
}

// A verdict that is too long for a header is cut at a word, and follows in full.
func TestSlack_LongVerdict(t *testing.T) {
	s := say(t, figurestest.Busy())
	s.Verdict = strings.Repeat("Something happened on Wednesday, ", 8) + "usually 10.2%."
	s.Headline = "Needs a look: " + s.Verdict
	for _, b := range digest.Slack(s, digest.Native).Blocks.BlockSet {
		if h, ok := b.(*slack.HeaderBlock); ok {
			if got := h.Text.Text; !strings.HasSuffix(got, "happened on Wednesday…") {
				t.Errorf("the header is %q", got)
			}
		}
	}
	data := encode(t, digest.Slack(s, digest.Native))
	if !bytes.Contains(data, []byte(`"text": "`+s.Verdict+`\n`)) {
		t.Errorf("the verdict is not in the message in full:\n%s", data)
	}
}

// What is usual, this week and the target are separate series, in this order, so that what is usual
// is on the left of this week.
func TestNativeCharts_UsualAndTarget(t *testing.T) {
	for _, c := range []struct {
		report *figures.Report
		want   string
	}{
		{figurestest.Busy(), "line: Usually 10.1, Week 46 10.1, Target: 10.0% 10"},
		{figurestest.New(), "bar: Week 46 58"},
	} {
		var got string
		for _, b := range digest.Slack(say(t, c.report), digest.Native).Blocks.BlockSet {
			chart, ok := b.(*slack.DataVisualizationBlock)
			if !ok {
				continue
			}
			var names []string
			for _, s := range seriesOf(chart) {
				names = append(names, fmt.Sprint(s.Name, " ", s.Data[0].Value))
			}
			got = string(chart.Chart.DataVisualizationChartType()) + ": " +
				strings.Join(names, ", ")
		}
		if got != c.want {
			t.Errorf("the chart has %s; want %s", got, c.want)
		}
	}
}

func TestSlack_WebLinksOnly(t *testing.T) {
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
		data := string(encode(t, digest.Slack(s, digest.Images(nil))))
		if got := strings.Contains(data, `"type": "link"`); got != want {
			t.Errorf("%q in the message: %t, want %t", link, got, want)
		}
		if got := strings.Contains(digest.Text(s, 80), "Open in Kindly: "); got != want {
			t.Errorf("%q in the text: %t, want %t", link, got, want)
		}
	}
}

// No label pings a user: whatever users type, the mrkdwn of the message stays the same.
func TestSlack_MrkdwnHasNoUserText(t *testing.T) {
	kind := figurestest.Busy()
	hostile := figurestest.Busy()
	for i, name := range figurestest.Names() {
		hostile.Labels[i].Text, hostile.Buttons[i%len(hostile.Buttons)].Text = name, name
	}
	hostile.Bot.Name = "<!channel> *Nettbutikk*"
	const reason = "<!here> `502` *Bad* <https://evil.example|Gateway>"
	for _, r := range []*figures.Report{kind, hostile} {
		r.Fallbacks.Count, r.Fallbacks.Rate = nil, nil
		r.Unavailable = []figures.Unavailable{{Section: figures.SectionFallbacks,
			Reason: "HTTP 502"}}
	}
	hostile.Unavailable[0].Reason = reason
	want := allMessages(kind, say(t, kind))
	for which, d := range allMessages(hostile, say(t, hostile)) {
		ours := decode(t, encode(t, want[which])).texts("mrkdwn")
		if diff := cmp.Diff(ours, decode(t, encode(t, d)).texts("mrkdwn")); diff != "" ||
			len(ours) == 0 && strings.HasPrefix(which, "message") {
			t.Errorf("%s: mrkdwn (-kind +hostile):\n%s", which, diff)
		}
	}
	d := digest.Slack(say(t, hostile), digest.Native)
	if want := "\n&lt;!channel&gt; *Nettbutikk*, 9–15"; !strings.Contains(d.Text, want) {
		t.Errorf("notification %q does not have %q", d.Text, want)
	}
	if strings.Contains(string(encode(t, d)), "evil") {
		t.Error("the message has the reason, which is for a log")
	}
}

// A long name leaves room for the dates, and comes after the verdict in the notification.
func TestSlack_LongName(t *testing.T) {
	r := figurestest.Busy()
	r.Bot.Name = strings.Repeat("<3 🙋🏽‍♀️ ", 60)
	d := digest.Slack(say(t, r), digest.Images(nil))
	title := d.Blocks.BlockSet[1].(*slack.ContextBlock).ContextElements.Elements[0]
	if text := title.(*slack.TextBlockObject).Text; !strings.HasSuffix(text,
		"…, 9–15 November 2026") {
		t.Errorf("the title is %q", text)
	}
	if !strings.HasPrefix(d.Text, "Needs a look: did not understand") ||
		!strings.HasSuffix(d.Text, "…, 9–15 November 2026") ||
		strings.Count(d.Text, "&") != strings.Count(d.Text, "&lt;3") {
		t.Errorf("the notification is %q", d.Text)
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

// sdk returns Slack's Python SDK as a judge of digest.json, which says what is wrong. Where it is
// not installed, the test is skipped; in CI that is a failure.
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
