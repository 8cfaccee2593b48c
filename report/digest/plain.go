package digest

import (
	"strings"

	"github.com/slack-go/slack"
)

// Plain returns the digest as text that is not escaped, for a workspace that takes no blocks.
// Native tables and charts are left out.
func (d Digest) Plain() string {
	var lines []string
	for _, block := range d.Blocks.BlockSet {
		switch b := block.(type) {
		case *slack.HeaderBlock:
			lines = append(lines, b.Text.Text)
		case *slack.ContextBlock:
			for _, element := range b.ContextElements.Elements {
				if text, ok := element.(*slack.TextBlockObject); ok {
					lines = append(lines, "", text.Text)
				}
			}
		case *slack.RichTextBlock:
			lines = append(append(lines, ""), richLines(b.Elements)...)
		}
	}
	return strings.Join(lines, "\n")
}

func richLines(elements []slack.RichTextElement) (lines []string) {
	for _, element := range elements {
		switch e := element.(type) {
		case *slack.RichTextSection:
			line := ""
			for _, part := range e.Elements {
				switch text := part.(type) {
				case *slack.RichTextSectionTextElement:
					line += text.Text
				case *slack.RichTextSectionLinkElement:
					line += text.Text
				}
			}
			lines = append(lines, line)
		case *slack.RichTextList:
			for _, item := range richLines(e.Elements) {
				lines = append(lines, "• "+item)
			}
		}
	}
	return lines
}
