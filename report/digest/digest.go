// Package digest is the week in one message: [Slack] lays it out in Block Kit, and [Text] says the same to a terminal,
// with bars of Unicode blocks.
//
// # The message
//
// From top to bottom: whose week it is, the headline, what a reader must know before he trusts the page, six figures
// with their change, what stands out, the way to the bot, at most four charts, and where the numbers come from. A chart
// with nothing in it is left out, and another takes its place.
//
// # Pictures
//
// Pictures are uploaded, never linked. The archived edition, digest.json, is made before anything is uploaded: in the
// place of a file's id its image blocks name the chart's file in the archive, "charts/chats.png". A sender uploads the
// [Digest.Charts] and calls [Slack] again with the ids; a chart that could not be uploaded is then left out, and its
// numbers still stand in the message.
//
// # Strangers' words
//
// Labels, bot names and the reasons of failures are typed by strangers. They stand only where Slack reads no markup: in
// plain_text with emoji off, in the text elements of rich_text, in alt texts. The mrkdwn of the figures holds nothing
// but our own words and numbers, escaped all the same. So nobody can be pinged from a label, nor a link be faked.
// Text, the notification, is mrkdwn to Slack and is escaped; the "mrkdwn": false beside it keeps a name's stars and
// underscores from being read as style.
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

// The parts' shares of MaxText; the rest is the headings'. Slack's own limits are wider, but for the header's.
const (
	maxTitle      = 150 // stands twice: as the header and in the notification
	maxHeadline   = 300 // twice as well
	maxNotices    = 1500
	maxFigures    = 1200
	maxInsights   = 1200
	maxLink       = 500
	maxImageTitle = 80
	maxAlts       = 2600 // of all charts together
	maxProvenance = 600
)

const (
	maxCharts = 4  // what one reads without scrolling on
	maxFields = 10 // of a section, by Slack
)

// Digest is a Slack message.
type Digest struct {
	Text   string       // the notification, and all there is where blocks cannot be shown; escaped mrkdwn
	Blocks slack.Blocks // the layout
	Charts []string     // names of the charts that the blocks show, in their order
}

// JSON returns digest.json, which has the arguments of chat.postMessage: text, mrkdwn, blocks. It is indented, and the
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

// Slack lays the week out as blocks. files maps a chart's name to the id of its uploaded file; a chart that is not in
// it is left out. Nil makes the archived edition, whose image blocks name the chart's file in the archive instead.
func Slack(r *figures.Report, s *summary.Summary, files map[string]string) Digest {
	headline := fit(literal(s.Headline), maxHeadline, escapedUnits)
	d := Digest{Text: escape(title(s, escapedUnits) + "\n" + headline)}
	add := func(blocks ...slack.Block) { d.Blocks.BlockSet = append(d.Blocks.BlockSet, blocks...) }

	add(slack.NewHeaderBlock(plain(title(s, units)), slack.HeaderBlockOptionBlockID("header")))
	add(slack.NewRichTextBlock("headline", slack.NewRichTextSection(bold(headline))))
	if len(s.Notices) > 0 {
		add(slack.NewRichTextBlock("notices", &slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{
			slack.NewRichTextSectionTextElement(strings.Join(share(s.Notices, maxNotices), "\n"), nil),
		}}))
	}
	if fields := tileFields(s); len(fields) > 0 {
		add(slack.NewSectionBlock(nil, fields, nil, slack.SectionBlockOptionBlockID("figures")))
	}
	if len(s.Insights) > 0 {
		add(slack.NewRichTextBlock("insights", slack.NewRichTextSection(bold(literal(s.Words.Say(wording.HeadingInsights)))), bullets(s.Insights)))
	}
	if link, ok := webLink(s.Link); ok {
		add(slack.NewRichTextBlock("link", slack.NewRichTextSection(slack.NewRichTextSectionLinkElement(link.URL, link.Text, nil))))
	}
	for _, image := range images(chosen(r, s), files) {
		d.Charts = append(d.Charts, strings.TrimPrefix(image.BlockID, imagePrefix))
		add(image)
	}
	if provenance := literal(strings.Join(s.Provenance, " ")); provenance != "" {
		add(slack.NewContextBlock("provenance", plain(fit(provenance, maxProvenance, units))))
	}
	return d
}

// title is the summary's, with the bot's name cut rather than the dates.
func title(s *summary.Summary, measure func(string) int) string {
	bot := literal(s.Bot)
	if !visible(bot) {
		bot = s.Words.Say(wording.Nameless)
	}
	room := maxTitle - measure(s.Words.Say(wording.Title, "", s.Dates))
	return s.Words.Say(wording.Title, fit(bot, room, measure), s.Dates)
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

func bold(text string) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(text, &slack.RichTextSectionTextStyle{Bold: true})
}

func bullets(texts []string) slack.RichTextElement {
	var items []slack.RichTextElement
	for _, text := range share(texts, maxInsights) {
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

// chosen picks the charts that a digest shows: the best ones that have something in them.
func chosen(r *figures.Report, s *summary.Summary) []summary.Chart {
	var charts []summary.Chart
	for _, candidate := range []struct {
		name  string
		drawn bool
	}{
		{summary.ChartChats, r.Chats.Total > 0},
		{summary.ChartFallbacks, hasRates(r.Fallbacks.Daily)},
		{summary.ChartLabels, len(r.Labels) > 0},
		{summary.ChartHours, busiest(r.Chats.Hourly) > 0},
		{summary.ChartTrend, hasChats(r.Chats.Weekly)},
	} {
		if c := s.Chart(candidate.name); candidate.drawn && c.Missing == "" && len(charts) < maxCharts {
			charts = append(charts, c)
		}
	}
	return charts
}

func hasRates(days []figures.FallbackDay) bool {
	for _, d := range days {
		if d.Rate != nil {
			return true
		}
	}
	return false
}

func hasChats(weeks []figures.WeekCount) bool {
	for _, w := range weeks {
		if w.Count > 0 {
			return true
		}
	}
	return false
}

// busiest returns the highest number of chats in an hour.
func busiest(hourly [][]*int) int {
	most := 0
	for _, hours := range hourly {
		for _, n := range hours {
			if n != nil {
				most = max(most, *n)
			}
		}
	}
	return most
}

const imagePrefix = "chart-" // of image blocks' ids

func images(charts []summary.Chart, files map[string]string) []*slack.ImageBlock {
	var alts []string
	for _, c := range charts {
		alts = append(alts, c.Alt)
	}
	alts = share(alts, maxAlts)
	var images []*slack.ImageBlock
	for i, c := range charts {
		id, uploaded := files[c.Name]
		switch {
		case files == nil:
			id = "charts/" + c.Name + ".png"
		case !uploaded:
			continue
		}
		images = append(images, slack.NewImageBlockSlackFile(&slack.SlackFileObject{ID: id}, alts[i], imagePrefix+c.Name,
			plain(fit(literal(c.Title), maxImageTitle, units))))
	}
	return images
}
