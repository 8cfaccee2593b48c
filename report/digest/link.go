package digest

import (
	"slices"

	"github.com/slack-go/slack"

	"kindlyweekly/report/summary"
)

// WithLink adds a link to the blocks of a message that was posted, beside the one that it has, so that it can be posted anew.
// changed is false where there is nothing to add it to, as in a message of text, and where it is there.
func WithLink(posted []slack.Block, to summary.Link) (blocks []slack.Block, changed bool) {
	link, ok := webLink(to)
	if !ok || len(posted) == 0 {
		return posted, false
	}
	element := slack.NewRichTextSectionLinkElement(link.URL, link.Text, nil)
	at := slices.IndexFunc(posted, func(b slack.Block) bool { return b.ID() == linkBlock })
	blocks = slices.Clone(posted)
	for i, block := range blocks {
		// Slack tells the address of a picture too, and takes only one of both.
		if image, ok := block.(*slack.ImageBlock); ok && image.SlackFile != nil {
			again := *image
			again.ImageURL, again.SlackFile = "", &slack.SlackFileObject{ID: image.SlackFile.ID}
			blocks[i] = &again
		}
	}
	if at < 0 {
		return append(blocks, slack.NewRichTextBlock(linkBlock, slack.NewRichTextSection(element))), true
	}
	block, ok := blocks[at].(*slack.RichTextBlock)
	if !ok || len(block.Elements) == 0 {
		return posted, false
	}
	section, ok := block.Elements[0].(*slack.RichTextSection)
	if !ok {
		return posted, false
	}
	for _, e := range section.Elements {
		if there, ok := e.(*slack.RichTextSectionLinkElement); ok && there.URL == link.URL {
			return posted, false
		}
	}
	elements := append(slices.Clone(section.Elements), regular(" · "), element)
	blocks[at] = slack.NewRichTextBlock(linkBlock, slack.NewRichTextSection(elements...))
	return blocks, true
}
