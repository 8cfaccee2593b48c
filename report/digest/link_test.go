package digest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"kindlyweekly/report/digest"
	"kindlyweekly/report/figures/figurestest"
	"kindlyweekly/report/summary"
)

// The link stands beside the one to the bot, or where that would be, once; and what Slack tells of a picture besides its id is
// not told back.
func TestWithLink(t *testing.T) {
	pdf := summary.Link{Text: "Open the PDF", URL: "https://acme.slack.com/files/U1/F1/a.pdf"}
	r := figurestest.Busy()
	posted := digest.Slack(say(t, r), digest.Images(map[string]string{"fallbacks": "F2"}))
	for _, b := range posted.Blocks.BlockSet {
		if image, ok := b.(*slack.ImageBlock); ok {
			image.SlackFile.URL = "https://files.slack.com/F2"
		}
	}
	before := encode(t, posted)
	linked := posted
	var changed bool
	if linked.Blocks.BlockSet, changed = digest.WithLink(posted.Blocks.BlockSet, pdf); !changed {
		t.Fatal("there is no link")
	}
	links := linked.Blocks.BlockSet[len(linked.Blocks.BlockSet)-1].(*slack.RichTextBlock).Elements[0].(*slack.RichTextSection).Elements
	if first, last := links[0].(*slack.RichTextSectionLinkElement), links[2].(*slack.RichTextSectionLinkElement); len(links) != 3 ||
		first.Text != "Open in Kindly" || last.Text != pdf.Text || last.URL != pdf.URL {
		t.Errorf("%+v", links)
	}
	for _, b := range linked.Blocks.BlockSet {
		if image, ok := b.(*slack.ImageBlock); ok && (image.SlackFile.ID != "F2" || image.SlackFile.URL != "") {
			t.Errorf("%+v", image.SlackFile)
		}
	}
	if diff := cmp.Diff(string(before), string(encode(t, posted))); diff != "" {
		t.Errorf("what was posted is changed as well:\n%s", diff)
	}
	if _, changed := digest.WithLink(linked.Blocks.BlockSet, pdf); changed {
		t.Error("the link was added twice")
	}

	r.Bot.Link = ""
	without := digest.Slack(say(t, r), digest.Native)
	if blocks, changed := digest.WithLink(without.Blocks.BlockSet, pdf); !changed || len(blocks) != len(without.Blocks.BlockSet)+1 {
		t.Errorf("of %d blocks it makes %d", len(without.Blocks.BlockSet), len(blocks))
	}
	for _, nothing := range []struct {
		blocks []slack.Block
		to     summary.Link
	}{{nil, pdf}, {posted.Blocks.BlockSet, summary.Link{}}, {posted.Blocks.BlockSet, summary.Link{Text: "a", URL: "javascript:alert(1)"}}} {
		if _, changed := digest.WithLink(nothing.blocks, nothing.to); changed {
			t.Errorf("%+v was changed", nothing)
		}
	}
}
