package report_test

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
)

// slackPage draws a message of Block Kit approximately as Slack does, in Slack's sizes: text of 15
// px on lines of 22, an avatar at the left, a chart 240 px high. It is for people to look at, and
// to measure how many screens a message takes. A chart of any kind is bars.
func slackPage(t *testing.T, message []byte) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`<!doctype html><meta charset="utf-8"><style>` + slackStyle + `</style><body>` +
		`<div class="avatar"></div><main><p><b>Kindly Weekly</b> <small>8:02</small></p>`)
	for _, block := range blocksOf(t, message) {
		b.WriteString(block.html())
	}
	b.WriteString(`</main>`)
	return b.String()
}

//go:embed testdata/slack.css
var slackStyle string

// block is a block, or an element of one.
type block struct {
	Type     string
	Text     json.RawMessage // an object, or a string in an element
	Fields   []block
	Elements []block
	Title    json.RawMessage
	Style    json.RawMessage
	URL      string
	AltText  string `json:"alt_text"`
	Chart    struct {
		Series []struct {
			Name string
			Data []struct {
				Label string
				Value float64
			}
		}
	}
	Rows      [][]block
	Accessory *block
}

// blocksOf returns the blocks of a message.
func blocksOf(t *testing.T, message []byte) []block {
	t.Helper()
	var m struct{ Blocks []block }
	if err := json.Unmarshal(message, &m); err != nil {
		t.Fatal(err)
	}
	return m.Blocks
}

// content returns the text of an object or of a string.
func content(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var object struct{ Type, Text string }
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	if object.Type == "mrkdwn" {
		return html.UnescapeString(object.Text)
	}
	return object.Text
}

var (
	slackBold = regexp.MustCompile(`\*([^*\n]+)\*`)
	slackLink = regexp.MustCompile(`&lt;(https?://[^|&]+)\|([^&]+)&gt;`)
)

// text returns a block's own text as HTML.
func (b block) text() string {
	s := html.EscapeString(content(b.Text))
	if strings.Contains(string(b.Text), `"mrkdwn"`) || b.Type == "mrkdwn" {
		s = slackLink.ReplaceAllString(slackBold.ReplaceAllString(s, "<b>$1</b>"),
			`<a href="$1">$2</a>`)
	}
	return s
}

func (b block) inner() string {
	var s strings.Builder
	for _, e := range b.Elements {
		s.WriteString(e.html())
	}
	return s.String()
}

// html draws the kinds of blocks that the digest has. Of other kinds, it draws only the texts.
func (b block) html() string {
	switch b.Type {
	case "header":
		return "<h3>" + b.text() + "</h3>"
	case "divider":
		return "<hr>"
	case "section":
		var fields strings.Builder
		for _, f := range b.Fields {
			fields.WriteString("<p>" + f.text() + "</p>")
		}
		s := ""
		if len(b.Text) > 0 {
			s = `<p class="text">` + b.text() + "</p>"
		}
		if len(b.Fields) > 0 {
			s += `<div class="fields">` + fields.String() + "</div>"
		}
		if b.Accessory != nil {
			s += b.Accessory.html()
		}
		return s
	case "rich_text_section":
		return `<p class="text">` + b.inner() + "</p>"
	case "rich_text_quote":
		return `<blockquote class="text">` + b.inner() + "</blockquote>"
	case "rich_text_list":
		list := "ul"
		if string(b.Style) == `"ordered"` {
			list = "ol"
		}
		return "<" + list + ">" + strings.NewReplacer(`<p class="text">`, `<li class="text">`,
			"</p>", "</li>").Replace(b.inner()) + "</" + list + ">"
	case "text", "link":
		s := b.text()
		if b.Type == "link" {
			s = `<a href="` + html.EscapeString(b.URL) + `">` + s + "</a>"
		}
		if strings.Contains(string(b.Style), `"bold":true`) ||
			strings.Contains(string(b.Style), `"bold": true`) {
			s = "<b>" + s + "</b>"
		}
		return s
	case "plain_text", "mrkdwn":
		return b.text()
	case "context":
		return `<p class="context text">` + b.inner() + "</p>"
	case "actions":
		return b.inner()
	case "button":
		return `<a class="button" href="` + html.EscapeString(b.URL) + `">` + b.text() + "</a>"
	case "data_visualization":
		return b.chart()
	case "image":
		return `<div class="chart">` + html.EscapeString(b.AltText) + "</div>"
	case "table":
		var s strings.Builder
		for _, row := range b.Rows {
			s.WriteString("<tr>")
			for _, cell := range row {
				s.WriteString("<td>" + cell.text() + cell.inner() + "</td>")
			}
			s.WriteString("</tr>")
		}
		return "<table>" + s.String() + "</table>"
	}
	return b.text() + b.inner()
}

// chart draws each series as bars in a color of its own, and names them.
func (b block) chart() string {
	colors := []string{"#1264a3", "#e8912d", "#2bac76", "#7c3085", "#e01e5a", "#868686"}
	var bars, labels, series strings.Builder
	most := 0.0
	for i, s := range b.Chart.Series {
		if i > 0 {
			series.WriteString(" &nbsp; ")
		}
		fmt.Fprintf(&series, `<b style="color:%s">■</b> %s`, colors[i%len(colors)],
			html.EscapeString(s.Name))
		for _, d := range s.Data {
			most = max(most, d.Value)
		}
	}
	if len(b.Chart.Series) > 0 {
		for i, d := range b.Chart.Series[0].Data {
			bars.WriteString("<span>")
			for j, s := range b.Chart.Series {
				if i < len(s.Data) {
					fmt.Fprintf(&bars, `<div style="height:%.0f%%;background:%s"></div>`,
						100*s.Data[i].Value/max(most, 1e-9), colors[j%len(colors)])
				}
			}
			bars.WriteString("</span>")
			labels.WriteString("<div>" + html.EscapeString(d.Label) + "</div>")
		}
	}
	return `<div class="chart"><b>` + html.EscapeString(content(b.Title)) +
		`</b><div class="bars">` + bars.String() + `</div><div class="names">` + labels.String() +
		`</div><div class="context">` + series.String() + `</div></div>`
}
