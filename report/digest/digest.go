// Package digest writes a report for Slack and for a terminal. [Slack] is the message, which fits
// one screen. [Details] is the reply under it, with the rest. Both are in Block Kit. [Text] is
// plain text with bars of Unicode blocks.
//
// # The message
//
// From top to bottom: the bot and the week, the headline, the notices, the tiles, the insights, the
// targets, one chart with its finding, and the link to the bot. The chart is the one that the
// headline is about. If there is nothing in it, another one takes its place.
//
// # The details
//
// The tiles with all that they are compared with, further charts, the tables, the glossary, and
// where the numbers come from. A section that could not be fetched says so in its place.
//
// The charts and tables come from the summary's sections, in the order of their ranks and as long
// as their hints say.
//
// # Charts and tables
//
// A [Style] says how they are drawn. [Native] leaves it to Slack, which draws them in its own theme
// and reads them out to screen readers. Nothing is uploaded. Slack takes two such charts and one
// table in a message: the table is the one of the lowest rank, and the others are lists. Slack
// draws no heatmap, so that one is said in words. A point cannot be missing, so that a day without
// a rate is left out and not shown as zero.
//
// [Images] are uploaded, never linked. A sender uploads the [Digest.Charts] and passes their IDs. A
// chart that could not be uploaded is left out; the details still have its numbers. Tables are
// lists. Without any picture the message has only blocks that every workspace takes.
//
// The archived editions, digest.json and details.json, are native.
//
// # Text from users
//
// Labels, bot names and reasons of failures may hold any text. They appear only where Slack reads
// no markup: in plain_text with emoji off, in the text elements of rich_text, in cells of tables,
// in labels of charts, in alt texts. The mrkdwn of the tiles has only our own words and numbers,
// and is escaped too. So a label cannot ping a user or fake a link. Text, the notification, is
// mrkdwn to Slack and is escaped; the "mrkdwn": false beside it keeps stars and underscores of a
// name from becoming style.
//
// # Limits
//
// A message keeps within what Slack accepts, whatever the input: its parts are cut to shares of
// [MaxText], measured in UTF-16 units, at the end of a character and with an ellipsis.
package digest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// MaxText is the most text in a message, in UTF-16 units. Slack documents no such limit, but
// answers msg_blocks_too_long somewhere between 9,600 and 13,200 characters.
const MaxText = 9000

// The shares of MaxText; the rest is for headings. Slack's own limits are wider, except for the
// header and for charts.
const (
	maxTitle      = 150 // counts twice: header and notification
	maxHeadline   = 300 // counts twice too
	maxNotices    = 1500
	maxFigures    = 1200
	maxInsights   = 1200
	maxTargets    = 500
	maxLink       = 500
	maxImageTitle = 80
	maxFinding    = 300 // under a chart that Slack draws
	maxAlt        = 1000
)

// Slack's limits.
const (
	maxFields      = 10 // of a section
	maxNative      = 2  // charts in a message
	maxNativeTitle = 50
	maxPoints      = 20
	maxPointLabel  = 20
)

// Digest is a Slack message.
type Digest struct {
	Text   string       // the notification, and what is shown without blocks; escaped mrkdwn
	Blocks slack.Blocks // the layout
	Charts []string     // names of the charts that the blocks show, in their order
}

// JSON returns digest.json or details.json: the arguments text, mrkdwn and blocks of
// chat.postMessage, indented. The same digest gives the same bytes.
func (d Digest) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is a file, not a part of a page
	e.SetIndent("", "  ")
	if err := e.Encode(struct {
		Text   string        `json:"text"`
		Mrkdwn bool          `json:"mrkdwn"`
		Blocks []slack.Block `json:"blocks"`
	}{d.Text, false, d.Blocks.BlockSet}); err != nil {
		return nil, fmt.Errorf("digest.json: %w", err)
	}
	return b.Bytes(), nil
}

// Style says how a message shows charts and tables. The zero Style shows pictures from the archive.
type Style struct {
	native bool
	files  map[string]string
}

// Native leaves charts and tables to Slack.
var Native = Style{native: true}

// Images shows charts as pictures. files maps a chart's name to the ID of its uploaded file; a
// chart that is not in it is left out. If files is nil, the ID is the chart's file in the archive,
// such as "charts/chats.png".
func Images(files map[string]string) Style { return Style{files: files} }

// Block IDs that senders rely on.
const (
	imagePrefix = "chart-" // of charts, native or not
	linkBlock   = "link"
)

// Slack lays out what fits one screen.
func Slack(s *summary.Summary, style Style) Digest {
	headline := fit(literal(s.Headline), maxHeadline, escapedUnits)
	m := message{Summary: s, style: style}
	m.Text = escape(title(s, escapedUnits) + "\n" + headline)

	m.header(title(s, units))
	m.add(slack.NewRichTextBlock("headline", slack.NewRichTextSection(bold(headline))))
	if len(s.Notices) > 0 {
		notices := regular(strings.Join(share(s.Notices, maxNotices), "\n"))
		m.add(slack.NewRichTextBlock("notices", &slack.RichTextQuote{
			Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{notices},
		}))
	}
	if fields := tileFields(s); len(fields) > 0 {
		m.add(slack.NewSectionBlock(nil, fields, nil, slack.SectionBlockOptionBlockID("figures")))
	}
	if len(s.Insights) > 0 {
		m.add(slack.NewRichTextBlock("insights",
			m.heading(wording.HeadingInsights), bullets(s.Insights, maxInsights)))
	}
	if s.Targets != nil {
		m.table(s.Targets, maxTargets, false)
	}
	native, _ := charted(s)
	native = shown(native)
	m.charts(native[:min(len(native), 1)], maxAlt)
	if link, ok := webLink(s.Link); ok {
		element := slack.NewRichTextSectionLinkElement(link.URL, link.Text, nil)
		m.add(slack.NewRichTextBlock(linkBlock, slack.NewRichTextSection(element)))
	}
	return m.Digest
}

// message is written from top to bottom.
type message struct {
	*summary.Summary
	Digest
	style Style
}

func (m *message) add(blocks ...slack.Block) {
	m.Blocks.BlockSet = append(m.Blocks.BlockSet, blocks...)
}

func (m *message) header(text string) {
	m.add(slack.NewHeaderBlock(plain(text), slack.HeaderBlockOptionBlockID("header")))
}

func (m *message) heading(key wording.Key) slack.RichTextElement {
	return slack.NewRichTextSection(bold(literal(m.Words.Say(key))))
}

// title returns the summary's title. If it is too long, the bot's name is cut and not the dates.
func title(s *summary.Summary, measure func(string) int) string {
	room := maxTitle - measure(s.Words.Say(wording.Title, "", s.Dates))
	return s.Words.Say(wording.Title, fit(literal(s.Bot), room, measure), s.Dates)
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

func bold(text string) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(text, &slack.RichTextSectionTextStyle{Bold: true})
}

func regular(text string) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(text, nil)
}

func bullets(texts []string, room int) slack.RichTextElement {
	var items []slack.RichTextElement
	for _, text := range share(texts, room) {
		items = append(items, slack.NewRichTextSection(regular(text)))
	}
	return slack.NewRichTextList(slack.RTEListBullet, 0, items...)
}

func tileFields(s *summary.Summary) []*slack.TextBlockObject {
	tiles := s.Tiles[:min(len(s.Tiles), maxFields)]
	var fields []*slack.TextBlockObject
	for _, tile := range tiles {
		// The label and the value get half of the room.
		room := maxFigures / len(tiles)
		part := func(text string, share int) string {
			return escape(fit(literal(text), room/share, escapedUnits))
		}
		text := part(tile.Label, 4) + "\n*" + part(tile.Value, 4) + "*"
		if tile.Short != "" {
			tile.Detail = tile.Short // the details have the rest
		}
		if rest := tileRest(s, tile); rest != "" {
			text += "  " + part(rest, 2)
		}
		fields = append(fields, slack.NewTextBlockObject(slack.MarkdownType, text, false, true))
	}
	return fields
}

// tileRest returns what follows a tile's value: "+5.6%, week before 7,607". The notices say why a
// value is missing.
func tileRest(s *summary.Summary, t summary.Tile) string {
	parts := []string{t.Unit, t.Change, t.Detail}
	if t.Missing {
		parts = []string{s.Words.Say(wording.NotAvailable)}
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.Join(parts, ", ")
}

// webLink returns the link. It returns false if the link is no web address, or too long.
func webLink(l summary.Link) (summary.Link, bool) {
	u, err := url.Parse(l.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" ||
		units(u.String()) > maxLink {
		return summary.Link{}, false
	}
	return summary.Link{Text: fit(literal(l.Text), maxImageTitle, units), URL: u.String()}, true
}

// charted returns the charts with a rank, those that Slack can draw and the others. The one that
// the headline is about comes first. Lists are left to their tables.
func charted(s *summary.Summary) (native, others []*summary.Chart) {
	for _, c := range s.RankedCharts() {
		switch {
		case c.Tabled == summary.SameTable:
		case !isNative(c):
			others = append(others, c)
		case c.Name == s.Lead:
			native = slices.Insert(native, 0, c)
		default:
			native = append(native, c)
		}
	}
	return native, others
}

// shown returns the charts that have something in them.
func shown(charts []*summary.Chart) []*summary.Chart {
	return slices.DeleteFunc(charts, func(c *summary.Chart) bool {
		return c.Missing != "" || c.Few || c.Blank()
	})
}
