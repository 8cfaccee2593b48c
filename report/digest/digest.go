// Package digest writes a report for Slack and for a terminal. [Slack] makes the message, which
// fits one screen of a phone. [Details] makes the reply under it, with the rest. Both are in Block
// Kit. [Text] makes plain text with bars of Unicode blocks, and [Portfolio] the message about all
// bots.
//
// # The message
//
// From top to bottom, it has:
//
//   - the status and the verdict as the header
//   - the bot and the week in small print
//   - the notices
//   - the facts, and what coincides with them
//   - the four figures, each with what is usual
//   - one chart with its finding: the one of the verdict, or another one if that is empty
//   - what to look at
//   - the link to the bot
//
// The notification begins with the status, too.
//
// An older report, without a verdict, has its headline as the header, and no status.
//
// # The details
//
// They have what the message has no room for: the rest of the facts, the insights, the figures with
// everything that they are compared with, and the targets. Then come further charts, the tables,
// the glossary, and where the numbers come from. The first chart is the verdict's measure in the
// last 12 weeks. If a section could not be fetched, its place says so.
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
// chart that could not be uploaded is left out of the message, and the details have it in words.
// Tables are lists. Without any picture the message has only blocks that every workspace takes.
//
// Every chart is also in words: its finding and each of its numbers. A picture has them as its alt
// text. Those of a chart that Slack draws are in the message and its details.
//
// The archived editions, digest.json and details.json, are native.
//
// # Text from users
//
// Labels, bot names and reasons of failures may hold any text. They appear only where Slack reads
// no markup: in plain_text with emoji off, in the text elements of rich_text, in cells of tables,
// in labels of charts, in alt texts. The mrkdwn of the tiles has only our own words and numbers,
// and is escaped too. So a label cannot ping a user or fake a link. Text, the notification, is
// mrkdwn to Slack and is escaped; the "mrkdwn": false next to it keeps stars and underscores of a
// name from becoming style.
//
// # Limits
//
// A message keeps within what Slack accepts, whatever the input: its parts are cut to shares of
// [MaxText], measured in UTF-16 units, at the end of a character and with an ellipsis.
package digest

import (
	"bytes"
	"cmp"
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
	maxTitle      = 150
	maxHeader     = 150 // Slack's limit
	maxSubject    = 300
	maxVerdict    = 400
	maxNotices    = 1500
	maxFacts      = 1200
	maxFigures    = 1000
	maxLook       = 400 // without the URLs
	maxLink       = 500
	maxImageTitle = 80
	maxFinding    = 360 // under a chart that Slack draws
	maxAlt        = 1000
	maxBoxes      = 120 // the line that explains boxes
)

// Slack's limits.
const (
	maxFields      = 10 // of a section
	maxNative      = 2  // charts in a message
	maxNativeTitle = 50
	maxPoints      = 20
	maxPointLabel  = 20
)

// maxBoxed is the maximum number of names that explain the boxes in a picture.
const maxBoxed = 3

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

// has reports whether the style has a picture of a chart.
func (s Style) has(c *summary.Chart) bool {
	_, uploaded := s.files[c.Name]
	return !s.native && (s.files == nil || uploaded)
}

// Block IDs that senders rely on.
const (
	imagePrefix = "chart-" // of charts, native or not
	linkBlock   = "link"
)

// Headline is how the message of Slack begins: the headline, the bot and the dates.
func Headline(s *summary.Summary) Digest {
	m, _ := begin(s, Native)
	return m.Digest
}

// begin returns a message with the headline, and what of the headline it has.
func begin(s *summary.Summary, style Style) (m message, header string) {
	m = message{Summary: s, style: style}
	m.Text = escape(fitWords(literal(s.Headline), maxSubject, escapedUnits) + "\n" +
		title(s, escapedUnits))
	header = fitWords(literal(s.Headline), maxHeader, units)
	m.header(header)
	m.small("title", title(s, units))
	return m, header
}

// Slack lays out what fits one screen.
func Slack(s *summary.Summary, style Style) Digest {
	m, header := begin(s, style)
	if len(s.Notices) > 0 {
		m.small("notices", strings.Join(share(s.Notices, maxNotices), "\n"))
	}
	facts, _ := facts(s)
	if header != literal(s.Headline) {
		facts = slices.Insert(facts, 0, fit(literal(s.Verdict), maxVerdict, units))
	}
	if len(facts) > 0 {
		text := regular(strings.Join(share(facts, maxFacts), "\n"))
		m.add(slack.NewRichTextBlock("facts", slack.NewRichTextSection(text)))
	}
	if fields := tileFields(s); len(fields) > 0 {
		m.add(slack.NewSectionBlock(nil, fields, nil, slack.SectionBlockOptionBlockID("figures")))
	}
	if c := lead(s); c != nil {
		if s.Status.Tone != summary.Neutral && c.Title == c.Topic && c.Kind != summary.Periods {
			m.finding(c, c.Subtitle) // neither its title nor the verdict says it
		}
		m.charts([]*summary.Chart{c}, maxAlt, false)
	}
	m.lookAt()
	if link, ok := webLink(s.Link); ok {
		element := slack.NewRichTextSectionLinkElement(link.URL, link.Text, nil)
		m.add(slack.NewRichTextBlock(linkBlock, slack.NewRichTextSection(element)))
	}
	return m.Digest
}

// facts returns the facts and what coincides with them: those for the message, and the rest for the
// details. If something coincides, the message has room for one statement of each.
func facts(s *summary.Summary) (above, rest []string) {
	if len(s.Where) == 0 {
		return s.Facts, nil
	}
	all, screen := s.Reasons(), min(len(s.Facts), 1)+1
	return all[:screen:screen], all[screen:]
}

// lookAt adds what to look at, with links where there are any.
func (m *message) lookAt() {
	var items []slack.RichTextElement
	for _, l := range m.LookAt {
		l.Text = cmp.Or(l.Short, l.Text) // the screen has the rest above
		text := fit(literal(l.Text), maxLook/len(m.LookAt), units)
		var element slack.RichTextSectionElement = regular(text)
		if link, ok := webLink(l); ok {
			element = slack.NewRichTextSectionLinkElement(link.URL, text, nil)
		}
		items = append(items, slack.NewRichTextSection(element))
	}
	if len(items) > 0 {
		m.add(slack.NewRichTextBlock("look", m.heading(wording.HeadingLookAt),
			slack.NewRichTextList(slack.RTEListBullet, 0, items...)))
	}
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

// small adds a text in small print.
func (m *message) small(id, text string) { m.add(slack.NewContextBlock(id, plain(text))) }

func (m *message) heading(key wording.Key) slack.RichTextElement {
	return slack.NewRichTextSection(bold(literal(m.Words.Say(key))))
}

// title returns the summary's title. If it is too long, the bot's name is cut and not the dates.
func title(s *summary.Summary, measure func(string) int) string {
	const isolates = 2
	room := maxTitle - isolates - measure(s.Words.Say(wording.Title, "", s.Dates))
	return s.Words.Say(wording.Title, wording.Name(fit(literal(s.Bot), room, measure)), s.Dates)
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

func bullets(texts []string) slack.RichTextElement {
	var items []slack.RichTextElement
	for _, text := range texts {
		items = append(items, slack.NewRichTextSection(regular(text)))
	}
	return slack.NewRichTextList(slack.RTEListBullet, 0, items...)
}

// tileFields returns the figures, each with what is usual. The details have the rest.
func tileFields(s *summary.Summary) []*slack.TextBlockObject {
	tiles := s.Tiles[:min(len(s.Tiles), maxFields)]
	var fields []*slack.TextBlockObject
	for _, tile := range tiles {
		// The label and the value get half of the room.
		room := maxFigures / len(tiles)
		part := func(text string, share int) string {
			return escape(fit(literal(text), room/share, escapedUnits))
		}
		if tile.Scale != "" {
			tile.Label, tile.Unit = s.Words.Say(wording.ListNext, tile.Label, tile.Scale), ""
		}
		text := part(tile.Label, 4) + "\n*" + part(tile.Value, 4) + "*"
		if tile.Missing {
			tile.Usual = s.Words.Say(wording.NotAvailable) // the notices say why
		}
		if tile.Usual != "" {
			text += "  " + part(tile.Usual, 4)
		}
		if tile.Unit != "" {
			text += "\n" + part(tile.Unit, 4)
		}
		fields = append(fields, slack.NewTextBlockObject(slack.MarkdownType, text, false, true))
	}
	return fields
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

// lead returns the chart that the verdict is about. If Slack cannot draw it, or it is empty, lead
// returns the first other one, or nil if there is none.
func lead(s *summary.Summary) *summary.Chart {
	charts := s.Charts()
	if i := slices.IndexFunc(charts,
		func(c *summary.Chart) bool { return c.Name == s.Lead }); i >= 0 && isShown(charts[i]) &&
		isNative(charts[i]) {
		return charts[i]
	}
	if native, _ := charted(s); len(native) > 0 {
		return native[0]
	}
	return nil
}

// charted returns the charts with a rank: those that Slack can draw and that are not empty, and
// those that Slack cannot draw. Lists are left to their tables.
func charted(s *summary.Summary) (native, others []*summary.Chart) {
	for _, c := range s.RankedCharts() {
		switch {
		case c.Tabled == summary.SameTable:
		case !isNative(c):
			others = append(others, c)
		case isShown(c):
			native = append(native, c)
		}
	}
	return native, others
}

// isDead reports whether nothing happened in the week. The verdict says so, and zeros are left out.
func isDead(s *summary.Summary) bool { return len(s.Tiles) == 0 }

// isShown reports whether a chart has something to show.
func isShown(c *summary.Chart) bool { return c.Missing == "" && !c.Few && !c.Blank() }
