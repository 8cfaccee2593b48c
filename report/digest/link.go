package digest

import (
	"slices"

	"github.com/slack-go/slack"

	"kindlyweekly/report/summary"
)

// WithLink adds a link to the blocks of a posted message, beside the link that it has, so that the
// message can be updated. changed is false if the message has no blocks, or has the link.
func WithLink(posted []slack.Block, to summary.Link) (blocks []slack.Block, changed bool) {
	link, ok := webLink(to)
	if !ok || len(posted) == 0 {
		return posted, false
	}
	element := slack.NewRichTextSectionLinkElement(link.URL, link.Text, nil)
	at := slices.IndexFunc(posted, func(b slack.Block) bool { return b.ID() == linkBlock })
	blocks = slices.Clone(posted)
	for i, block := range blocks {
		// Slack returns the ID and the URL of a picture, and takes only one of them.
		if image, ok := block.(*slack.ImageBlock); ok && image.SlackFile != nil {
			again := *image
			again.ImageURL, again.SlackFile = "", &slack.SlackFileObject{ID: image.SlackFile.ID}
			blocks[i] = &again
		}
	}
	if at < 0 {
		block := slack.NewRichTextBlock(linkBlock, slack.NewRichTextSection(element))
		return append(blocks, block), true
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
