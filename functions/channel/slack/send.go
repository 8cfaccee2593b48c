package slack

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/summary"
)

// Send posts the report's digest, the overview, or the notice, to the message's channel. ref is its ts. Without an error it is there; with
// one it is not, unless the Failure is MaybeSent.
func (c *Client) Send(ctx context.Context, m delivery.Message) (ref string, err error) {
	err = c.with(ctx, m.Tenant, func(s *session) error {
		switch {
		case m.Notice != nil:
			ref, err = s.notice(ctx, m)
		case m.Portfolio != nil:
			ref, err = s.portfolio(ctx, m)
		default:
			ref, err = s.digest(ctx, m)
		}
		return err
	})
	return ref, err
}

// maxText is the most characters that Slack takes in a message's text.
const maxText = 40000

// notice posts a notice as plain text: what looks like markup in it is shown as it is.
func (s *session) notice(ctx context.Context, m delivery.Message) (ts string, err error) {
	text, size := strings.TrimSpace(m.Notice.Subject+"\n"+m.Notice.Text), 0
	for i, r := range text {
		if size += utf8.RuneCountInString(escape(string(r))); size >= maxText {
			text = text[:i] + "…"
			break
		}
	}
	return s.post(ctx, m.Destination.To, s.withKey(m.Key), slack.MsgOptionText(text, true), slack.MsgOptionDisableMarkdown())
}

// digest posts the digest.
func (s *session) digest(ctx context.Context, m delivery.Message) (ts string, err error) {
	words, err := summary.Of(m.Report)
	if err != nil {
		return "", mistake(err)
	}
	return s.lay(ctx, m, layout{
		blocks: func(style digest.Style) digest.Digest { return digest.Slack(words, style) },
		text:   func() string { return fenced(digest.Text(words, textWidth)) },
	}, s.withKey(m.Key))
}

// layout is a message in all the ways in which it can be posted.
type layout struct {
	blocks func(digest.Style) digest.Digest
	text   func() string // escaped mrkdwn
}

// lay posts a message with as much of its layout as Slack takes: with charts and tables that Slack draws, with pictures, with
// fewer, as text. Each of these comes only after an answer that says for certain that the one before was not posted.
func (s *session) lay(ctx context.Context, m delivery.Message, l layout, options ...slack.MsgOption) (ts string, err error) {
	channel := m.Destination.To
	log := s.log.With("key", m.Key, "channel", channel)
	post := func(d digest.Digest) (ts string, err error) {
		return s.post(ctx, channel, append(options[:len(options):len(options)], slack.MsgOptionText(d.Text, false), slack.MsgOptionDisableMarkdown(),
			slack.MsgOptionBlocks(d.Blocks.BlockSet...))...)
	}
	if m.Destination.Charts != config.Images {
		if ts, err = post(l.blocks(digest.Native)); !isLayoutRefused(err) {
			return ts, err
		}
		log.WarnContext(ctx, "the message is posted with images, since Slack refuses charts and tables of its own", "error", err)
	}
	pictures, err := s.pictures(ctx, log, m, l.blocks(digest.Images(nil)).Charts)
	if err != nil {
		return "", s.explain(ctx, err, channel)
	}
	var d digest.Digest
	for {
		d = l.blocks(digest.Images(pictures))
		ts, err = post(d)
		if !isLayoutRefused(err) || len(d.Charts) == 0 {
			break
		}
		for _, name := range refusedCharts(err, d) {
			log.WarnContext(ctx, "the message is posted without a chart that Slack refuses", "chart", name, "error", err)
			delete(pictures, name)
		}
	}
	if isLayoutRefused(err) {
		log.ErrorContext(ctx, "the message is posted as text, since Slack refuses its blocks", "error", err)
		ts, err = s.post(ctx, channel, append(options[:len(options):len(options)], slack.MsgOptionText(l.text(), false))...)
	}
	if isLayoutRefused(err) {
		ts, err = s.post(ctx, channel, append(options[:len(options):len(options)], slack.MsgOptionText(d.Text, false), slack.MsgOptionDisableMarkdown())...)
	}
	return ts, err
}

// portfolio posts the portfolio of all bots, which has no pictures: as blocks, or else as text.
func (s *session) portfolio(ctx context.Context, m delivery.Message) (ts string, err error) {
	channel, key := m.Destination.To, s.withKey(m.Key)
	s.log = s.log.With("key", m.Key, "channel", channel)
	p, err := m.Portfolio.Page()
	if err != nil {
		return "", mistake(err)
	}
	d := digest.Portfolio(p)
	ts, err = s.post(ctx, channel, key, slack.MsgOptionText(d.Text, false), slack.MsgOptionDisableMarkdown(),
		slack.MsgOptionBlocks(d.Blocks.BlockSet...))
	if isLayoutRefused(err) {
		s.log.ErrorContext(ctx, "the overview is posted as text, since Slack refuses its blocks", "error", err)
		if text := fenced(digest.PortfolioText(p, textWidth)); utf8.RuneCountInString(text) <= maxText {
			ts, err = s.post(ctx, channel, key, slack.MsgOptionText(text, false))
		}
	}
	if isLayoutRefused(err) {
		ts, err = s.post(ctx, channel, key, slack.MsgOptionText(d.Text, false), slack.MsgOptionDisableMarkdown())
	}
	return ts, err
}

// textWidth is how many columns of a code block a window of Slack has room for.
const textWidth = 60

// fenced makes a code block, in which columns stand under each other. Nobody's backtick can end it, and nobody's label
// is markup.
func fenced(text string) string {
	return "```\n" + escape(strings.ReplaceAll(text, "`", "'")) + "\n```"
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// atBlock finds the block that Slack's complaint is about: [ERROR] invalid slack file [json-pointer:/blocks/6/slack_file].
var atBlock = regexp.MustCompile(`json-pointer:/blocks/(\d+)`)

// refusedCharts returns the charts that Slack complains of, or all of them where it complains of anything else.
func refusedCharts(err error, d digest.Digest) []string {
	var refused slack.SlackErrorResponse
	errors.As(err, &refused)
	var charts []string
	for _, message := range refused.ResponseMetadata.Messages {
		chart, ok := chartAt(d, atBlock.FindStringSubmatch(message))
		if !ok {
			return d.Charts
		}
		charts = append(charts, chart)
	}
	if len(charts) == 0 {
		return d.Charts
	}
	return charts
}

func chartAt(d digest.Digest, match []string) (name string, ok bool) {
	if match == nil {
		return "", false
	}
	at, _ := strconv.Atoi(match[1]) // what is too large for a number is no block
	nth := 0
	for i, block := range d.Blocks.BlockSet {
		if _, isImage := block.(*slack.ImageBlock); isImage {
			if i == at {
				return d.Charts[nth], true
			}
			nth++
		}
	}
	return "", false
}

// post posts one message, at most once: after a lost answer it is not posted again.
func (s *session) post(ctx context.Context, channel string, options ...slack.MsgOption) (ts string, err error) {
	options = append(options, slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	err = once(ctx, func() error {
		_, ts, err = s.PostMessageContext(ctx, channel, options...)
		return err
	})
	if err != nil {
		f := s.explain(ctx, err, channel)
		f.MaybeSent = isDoubtful(err)
		return "", f
	}
	return ts, nil
}

// Permalink returns the address of a message that was posted, for whoever may see the channel. It needs no scope.
func (c *Client) Permalink(ctx context.Context, t *config.Tenant, channel, ts string) (link string, err error) {
	err = c.with(ctx, t, func(s *session) error {
		if link, err = s.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: channel, Ts: ts}); err != nil {
			return s.explain(ctx, err, channel)
		}
		return nil
	})
	return link, err
}

// Find looks through the channel's history for the message, see whose, from a little before since on, since clocks differ. An
// answer that it does not get is an error, and so is a message that may be ours.
func (c *Client) Find(ctx context.Context, m delivery.Message, since time.Time) (ref string, found bool, err error) {
	err = c.with(ctx, m.Tenant, func(s *session) error {
		if ref, found, err = s.find(ctx, m.Destination.To, m, since); err != nil {
			return s.explain(ctx, err, m.Destination.To)
		}
		return nil
	})
	return ref, found, err
}

const (
	margin   = 5 * time.Minute // by which clocks may differ
	pageSize = 200             // messages in an answer of conversations.history or conversations.replies
)

func (s *session) find(ctx context.Context, channel string, of delivery.Message, since time.Time) (ts string, found bool, err error) {
	search, err := s.search(ctx, of, "")
	if err != nil {
		return "", false, err
	}
	oldest := since.Add(-margin)
	query := slack.GetConversationHistoryParameters{ChannelID: channel, IncludeAllMetadata: true, Inclusive: true, Limit: pageSize,
		Oldest: fmt.Sprintf("%d.%06d", oldest.Unix(), oldest.Nanosecond()/1000)}
	for {
		var page *slack.GetConversationHistoryResponse
		err := stubbornly(ctx, func() error {
			page, err = s.GetConversationHistoryContext(ctx, &query)
			return err
		})
		if err != nil {
			return "", false, err
		}
		for _, m := range page.Messages {
			if search.isOurs(m) {
				return m.Timestamp, true, nil
			}
		}
		next := page.ResponseMetaData.NextCursor
		switch {
		case !page.HasMore:
			return "", false, search.doubt(ctx, channel)
		case next == "" || next == query.Cursor:
			return "", false, errors.New("the channel's history has more pages, but Slack does not say where")
		}
		query.Cursor = next
	}
}
