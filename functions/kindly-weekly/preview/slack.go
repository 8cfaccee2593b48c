// Package preview shows Slack messages as HTML, and the colors of a theme as CSS, for the pages of
// demo and serve.
package preview

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"path"
	"regexp"
	"strings"
)

// Block is what the page shows of one block of a Slack message.
type Block struct {
	// header, section, fields, rich_text, image, context, divider, data_visualization, table
	Kind  string
	Texts []template.HTML
	Drawn template.HTML // a chart or a table
	Image string
	Alt   string
}

// Blocks converts a digest to an approximation of how Slack shows it.
func Blocks(digest []byte, folder string) ([]Block, error) {
	var message struct{ Blocks []map[string]any }
	if err := json.Unmarshal(digest, &message); err != nil {
		return nil, fmt.Errorf("preview of the digest: %w", err)
	}
	var blocks []Block
	for _, raw := range message.Blocks {
		b := Block{Kind: fmt.Sprint(raw["type"])}
		switch {
		case b.Kind == "image":
			b.Alt, b.Texts = fmt.Sprint(raw["alt_text"]), Texts(raw["title"])
			if file, ok := raw["slack_file"].(map[string]any); ok {
				b.Image = path.Join(folder, fmt.Sprint(file["id"]))
			}
		case b.Kind == "data_visualization":
			var err error
			if b.Drawn, err = chartHTML(fmt.Sprint(raw["title"]), raw["chart"]); err != nil {
				return nil, err
			}
		case b.Kind == "table":
			b.Drawn = tableHTML(raw["rows"], raw["column_settings"])
		case raw["fields"] != nil:
			b.Kind, b.Texts = "fields", Texts(raw["fields"])
		default:
			b.Texts = Texts(raw)
		}
		blocks = append(blocks, b)
	}
	return blocks, nil
}

var bold = regexp.MustCompile(`\*([^*\n]+)\*`)

// Texts finds the texts inside a block, in their order. Each text object is one, and so is each
// section of rich text.
func Texts(value any) []template.HTML {
	var found []template.HTML
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			found = append(found, Texts(element)...)
		}
	case map[string]any:
		kind, _ := v["type"].(string)
		text, isText := v["text"].(string)
		switch {
		case kind == "rich_text_section" || kind == "rich_text_preformatted":
			var whole strings.Builder
			for _, part := range Texts(v["elements"]) {
				whole.WriteString(string(part))
			}
			return []template.HTML{template.HTML(whole.String())}
		case kind == "rich_text_list":
			for i, item := range Texts(v["elements"]) {
				lead := "• "
				if v["style"] == "ordered" {
					lead = fmt.Sprintf("%d. ", i+1)
				}
				found = append(found, template.HTML(lead)+item)
			}
		case kind == "mrkdwn":
			text = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
			return []template.HTML{template.HTML(bold.ReplaceAllString(html.EscapeString(text),
				"<b>$1</b>"))}
		case isText:
			escaped := html.EscapeString(text)
			if style, ok := v["style"].(map[string]any); ok && style["bold"] == true {
				escaped = "<b>" + escaped + "</b>"
			}
			return []template.HTML{template.HTML(escaped)}
		default:
			for _, key := range []string{"text", "elements"} {
				found = append(found, Texts(v[key])...)
			}
		}
	}
	return found
}
