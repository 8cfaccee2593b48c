// Package digest is the week in Slack: [Slack] is the message that fits one screen, [Details] is the reply under it with
// all the rest, both in Block Kit; and [Text] says the week to a terminal, with bars of Unicode blocks.
//
// # The message
//
// From top to bottom: whose week it is, the headline, what a reader must know before he trusts the page, six figures with
// their change, what stands out, the targets where the bot has some, one chart with its finding, and the way to the bot. The
// chart is of what the headline is about; one with nothing in it is not shown, and another takes its place.
//
// # The details
//
// Every figure with all that it is held against, further charts, the days, the lists, the words, and where the numbers come
// from. What could not be fetched says so in its place.
//
// # Charts and tables
//
// A [Style] says how they are drawn. [Native] leaves it to Slack, which draws them in its own theme and reads them out to
// whoever cannot see them; nothing is uploaded. Slack takes two such charts and one table in a message, which is that of the
// days: the other tables are lists. Its charts have at most 20 points, so that the hours of a week stand in words; and a point
// cannot be missing, so that a day without a rate is left out rather than shown as zero.
//
// [Images] are uploaded, never linked. A sender uploads the [Digest.Charts] and hands over their ids; a chart that could not
// be uploaded is left out, and its numbers still stand in the details. Tables are lists there, and without any picture the
// message consists of nothing but what every workspace takes.
//
// The archived editions, digest.json and details.json, are native.
//
// # Strangers' words
//
// Labels, bot names and the reasons of failures are typed by strangers. They stand only where Slack reads no markup: in
// plain_text with emoji off, in the text elements of rich_text, in the cells of tables and the labels of charts, in alt texts.
// The mrkdwn of the figures holds nothing but our own words and numbers, escaped all the same. So nobody can be pinged from a
// label, nor a link be faked. Text, the notification, is mrkdwn to Slack and is escaped; the "mrkdwn": false beside it keeps a
// name's stars and underscores from being read as style.
//
// # Limits
//
// Whatever the input, a message keeps within what Slack accepts: its parts are cut to shares of [MaxText], measured in
// UTF-16 units, at a character's end and with an ellipsis.
package digest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"kindlyweekly/report/figures"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// MaxText is the most text that a message carries, all its parts together. Slack documents no such limit but answers
// msg_blocks_too_long somewhere between 9,600 and 13,200 characters.
const MaxText = 9000

// The parts' shares of MaxText; the rest is the headings'. Slack's own limits are wider, but for the header's and those of
// charts.
const (
	maxTitle      = 150 // stands twice: as the header and in the notification
	maxHeadline   = 300 // twice as well
	maxNotices    = 1500
	maxFigures    = 1200
	maxInsights   = 1200
	maxTargets    = 500
	maxLink       = 500
	maxImageTitle = 80
	maxFinding    = 300 // under a chart that Slack draws
	maxAlt        = 1000
)

const (
	maxFields      = 10 // of a section, by Slack
	maxNative      = 2  // charts in a message that Slack draws, by Slack
	maxNativeTitle = 50
	maxPoints      = 20
	maxPointLabel  = 20
)

// Digest is a Slack message.
type Digest struct {
	Text   string       // the notification, and all there is where blocks cannot be shown; escaped mrkdwn
	Blocks slack.Blocks // the layout
	Charts []string     // names of the charts that the blocks show, in their order
}

// JSON returns digest.json or details.json, which has the arguments of chat.postMessage: text, mrkdwn, blocks. It is indented, and the
// same for the same digest.
func (d Digest) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is a file, not part of a page
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

// A Style is how a message shows charts and tables.
type Style struct {
	native bool
	files  map[string]string
}

// Native leaves charts and tables to Slack.
var Native = Style{native: true}

// Images shows charts as pictures: files maps a chart's name to the id of its uploaded file, and a chart that is not in it is
// left out. Nil names the chart's file in the archive instead, such as "charts/chats.png".
func Images(files map[string]string) Style { return Style{files: files} }

// Block ids that others know.
const (
	imagePrefix = "chart-" // of charts, whatever draws them
	linkBlock   = "link"
)

// Slack lays out what fits one screen.
func Slack(_ *figures.Report, s *summary.Summary, style Style) Digest {
	headline := fit(literal(s.Headline), maxHeadline, escapedUnits)
	m := message{Summary: s, style: style}
	m.Text = escape(title(s, escapedUnits) + "\n" + headline)

	m.add(slack.NewHeaderBlock(plain(title(s, units)), slack.HeaderBlockOptionBlockID("header")))
	m.add(slack.NewRichTextBlock("headline", slack.NewRichTextSection(bold(headline))))
	if len(s.Notices) > 0 {
		m.add(slack.NewRichTextBlock("notices", &slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{
			slack.NewRichTextSectionTextElement(strings.Join(share(s.Notices, maxNotices), "\n"), nil),
		}}))
	}
	if fields := tileFields(s); len(fields) > 0 {
		m.add(slack.NewSectionBlock(nil, fields, nil, slack.SectionBlockOptionBlockID("figures")))
	}
	if len(s.Insights) > 0 {
		m.add(slack.NewRichTextBlock("insights", slack.NewRichTextSection(bold(literal(s.Words.Say(wording.HeadingInsights)))), bullets(s.Insights, maxInsights)))
	}
	if s.Targets != nil {
		m.table(s.Targets, maxTargets, false)
	}
	native, _ := charted(s)
	native = shown(native)
	m.charts(native[:min(len(native), 1)], maxAlt)
	if link, ok := webLink(s.Link); ok {
		m.add(slack.NewRichTextBlock(linkBlock, slack.NewRichTextSection(slack.NewRichTextSectionLinkElement(link.URL, link.Text, nil))))
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

// title is the summary's, with the bot's name cut rather than the dates.
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
		items = append(items, slack.NewRichTextSection(slack.NewRichTextSectionTextElement(text, nil)))
	}
	return slack.NewRichTextList(slack.RTEListBullet, 0, items...)
}

func tileFields(s *summary.Summary) []*slack.TextBlockObject {
	tiles := s.Tiles[:min(len(s.Tiles), maxFields)]
	var fields []*slack.TextBlockObject
	for _, tile := range tiles {
		// Half is the label's and the value's.
		room := maxFigures / len(tiles)
		part := func(text string, share int) string { return escape(fit(literal(text), room/share, escapedUnits)) }
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

// tileRest is what stands after a tile's value: "+5.6%, last week 7,607". Why a value could not be fetched stands among
// the notices, once.
func tileRest(s *summary.Summary, t summary.Tile) string {
	parts := []string{t.Unit, t.Change, t.Detail}
	if t.Missing {
		parts = []string{s.Words.Say(wording.NotAvailable)}
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// webLink returns the link if it leads to the web and is not longer than its share.
func webLink(l summary.Link) (summary.Link, bool) {
	u, err := url.Parse(l.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || units(u.String()) > maxLink {
		return summary.Link{}, false
	}
	return summary.Link{Text: fit(literal(l.Text), maxImageTitle, units), URL: u.String()}, true
}

// charted returns the charts of editions with little room, the one that the headline is about first:
// those that Slack can draw, and the others. Lists are left to their tables.
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
	return slices.DeleteFunc(charts, func(c *summary.Chart) bool { return c.Missing != "" || c.Few || c.Blank() })
}
