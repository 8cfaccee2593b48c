package slack

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
)

// Send posts the report's digest, the portfolio or the notice to the message's channel and returns
// its ts. After an error it was not posted, unless the Failure is MaybeSent. Meanwhile it uploads
// the files that SendReplies needs.
func (c *Client) Send(ctx context.Context, m delivery.Message) (ref string, err error) {
	drop := c.beginUploads(ctx, m)
	err = c.withSession(ctx, m.Tenant, func(s *session) error {
		ref, err = s.postMessage(ctx, m)
		return err
	})
	if err != nil {
		drop()
	}
	return ref, err
}

func (s *session) postMessage(ctx context.Context, m delivery.Message) (ts string, err error) {
	switch p := m.Payload.(type) {
	case *delivery.Editions:
		return s.postDigest(ctx, m, p)
	case *delivery.Portfolio:
		return s.postPortfolio(ctx, m, p)
	case *delivery.Notice:
		return s.postNotice(ctx, m, p)
	}
	return "", mistake(fmt.Errorf("a message in Slack cannot show %T", m.Payload))
}

// maxText is the most characters that Slack takes in a message's text.
const maxText = 40000

// postNotice posts a notice as plain text: markup in it is shown as it is.
func (s *session) postNotice(
	ctx context.Context, m delivery.Message, n *delivery.Notice,
) (ts string, err error) {
	text, size := strings.TrimSpace(n.Subject+"\n"+n.Text), 0
	for i, r := range text {
		if size += utf8.RuneCountInString(escape(string(r))); size >= maxText {
			text = text[:i] + "…"
			break
		}
	}
	return s.post(ctx, m.Destination.To, s.withKey(m.Key), slack.MsgOptionText(text, true),
		slack.MsgOptionDisableMarkdown())
}

func (s *session) postDigest(
	ctx context.Context, m delivery.Message, e *delivery.Editions,
) (ts string, err error) {
	words, err := e.Summary()
	if err != nil {
		return "", mistake(err)
	}
	return s.postLayout(ctx, m, layout{
		key:    m.Key,
		blocks: func(style digest.Style) digest.Digest { return digest.Slack(words, style) },
		chart:  e.Chart,
		text:   func() string { return codeBlock(digest.Text(words, textWidth)) },
	}, s.withKey(m.Key))
}

// postPortfolio posts the report on all bots, which has no pictures: as blocks, or else as text.
func (s *session) postPortfolio(
	ctx context.Context, m delivery.Message, all *delivery.Portfolio,
) (ts string, err error) {
	channel, key := m.Destination.To, s.withKey(m.Key)
	s.log = s.log.With("key", m.Key, "channel", channel)
	p, err := all.Page()
	if err != nil {
		return "", mistake(err)
	}
	d := digest.Portfolio(p)
	ts, err = s.post(ctx, channel, key, asBlocks(d))
	if isLayoutRefused(err) {
		s.log.ErrorContext(ctx, "Slack refuses the portfolio's blocks; posting text", "error", err)
		text := codeBlock(digest.PortfolioText(p, textWidth))
		if utf8.RuneCountInString(text) <= maxText {
			ts, err = s.post(ctx, channel, key, slack.MsgOptionText(text, false))
		}
	}
	if isLayoutRefused(err) {
		ts, err = s.post(ctx, channel, key, asNotification(d))
	}
	return ts, err
}

// layout is a message in the forms in which it can be posted.
type layout struct {
	key    string // of the message
	blocks func(digest.Style) digest.Digest
	chart  func(name string) []byte // a picture that blocks name, as a PNG
	text   func() string            // escaped mrkdwn
}

// asNotification is a message of the digest's notification text alone.
func asNotification(d digest.Digest) slack.MsgOption {
	return slack.MsgOptionCompose(
		slack.MsgOptionText(d.Text, false), slack.MsgOptionDisableMarkdown())
}

func asBlocks(d digest.Digest) slack.MsgOption {
	return slack.MsgOptionCompose(asNotification(d), slack.MsgOptionBlocks(d.Blocks.BlockSet...))
}

// postLayout posts a message in the first form that Slack accepts: with charts and tables that
// Slack draws, with pictures, with fewer pictures, as text. It tries the next form only after an
// answer that proves that nothing was posted.
func (s *session) postLayout(
	ctx context.Context, m delivery.Message, l layout, options ...slack.MsgOption,
) (ts string, err error) {
	channel, common := m.Destination.To, slack.MsgOptionCompose(options...)
	log := s.log.With("key", m.Key, "channel", channel)
	if m.Destination.Charts != config.Images {
		ts, err = s.post(ctx, channel, common, asBlocks(l.blocks(digest.Native)))
		if !isLayoutRefused(err) {
			return ts, err
		}
		log.WarnContext(ctx, "Slack refuses charts and tables; posting images", "error", err)
	}
	pictures, err := s.uploadCharts(ctx, log, l, l.blocks(digest.Images(nil)).Charts)
	if err != nil {
		return "", s.explain(ctx, err, channel)
	}
	var d digest.Digest
	for {
		d = l.blocks(digest.Images(pictures))
		ts, err = s.post(ctx, channel, common, asBlocks(d))
		if !isLayoutRefused(err) || len(d.Charts) == 0 {
			break
		}
		for _, name := range refusedCharts(err, d) {
			log.WarnContext(ctx, "Slack refuses a chart; posting without it",
				"chart", name, "error", err)
			delete(pictures, name)
		}
	}
	if isLayoutRefused(err) {
		log.ErrorContext(ctx, "Slack refuses the message's blocks; posting text", "error", err)
		ts, err = s.post(ctx, channel, common, slack.MsgOptionText(l.text(), false))
	}
	if isLayoutRefused(err) {
		ts, err = s.post(ctx, channel, common, asNotification(d))
	}
	return ts, err
}

// textWidth is how many columns of a code block Slack's window shows.
const textWidth = 60

// codeBlock returns text as a code block, in which columns align. Backticks in the text are
// replaced and markup is escaped, since labels can contain both.
func codeBlock(text string) string {
	return "```\n" + escape(strings.ReplaceAll(text, "`", "'")) + "\n```"
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// blockPointer finds the block in a complaint of Slack:
// [ERROR] invalid slack file [json-pointer:/blocks/6/slack_file].
var blockPointer = regexp.MustCompile(`json-pointer:/blocks/(\d+)`)

// refusedCharts returns the charts that Slack refuses, or all if it refuses anything else.
func refusedCharts(err error, d digest.Digest) []string {
	var refused slack.SlackErrorResponse
	errors.As(err, &refused)
	var charts []string
	for _, message := range refused.ResponseMetadata.Messages {
		chart, ok := chartAt(d, blockPointer.FindStringSubmatch(message))
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

// chartAt returns the chart of the block that blockPointer matched.
func chartAt(d digest.Digest, match []string) (name string, ok bool) {
	if match == nil {
		return "", false
	}
	at, _ := strconv.Atoi(match[1]) // a number that is too large is beyond all blocks
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

// post posts a message at most once: after a lost answer it is not posted again.
func (s *session) post(
	ctx context.Context, channel string, options ...slack.MsgOption,
) (ts string, err error) {
	options = append(options,
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	err = retryVisible(ctx, func() error {
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

// Permalink returns the address of a posted message, for people who can see the channel. It needs
// no scope.
func (c *Client) Permalink(
	ctx context.Context, t *config.Tenant, channel, ts string,
) (link string, err error) {
	err = c.withSession(ctx, t, func(s *session) error {
		at := &slack.PermalinkParameters{Channel: channel, Ts: ts}
		if link, err = s.GetPermalinkContext(ctx, at); err != nil {
			return s.explain(ctx, err, channel)
		}
		return nil
	})
	return link, err
}

// Find looks for the message in the channel's history, from a little before since, as clocks
// differ. It fails if Slack does not answer, and if it finds a message that may or may not be ours.
func (c *Client) Find(
	ctx context.Context, m delivery.Message, since time.Time,
) (ref string, found bool, err error) {
	err = c.withSession(ctx, m.Tenant, func(s *session) error {
		if ref, found, err = s.find(ctx, m.Destination.To, m, since); err != nil {
			return s.explain(ctx, err, m.Destination.To)
		}
		return nil
	})
	return ref, found, err
}

const (
	clockSkew = 5 * time.Minute
	pageSize  = 200 // messages in an answer of conversations.history or conversations.replies
)

func (s *session) find(
	ctx context.Context, channel string, of delivery.Message, since time.Time,
) (ts string, found bool, err error) {
	search, err := s.search(ctx, of, "")
	if err != nil {
		return "", false, err
	}
	for m, err := range s.history(ctx, channel, since.Add(-clockSkew)) {
		if err != nil {
			return "", false, err
		}
		if search.isOurs(m) {
			return m.Timestamp, true, nil
		}
	}
	return "", false, search.ambiguous(ctx, channel)
}

// history returns a channel's messages since oldest, the newest first.
func (s *session) history(
	ctx context.Context, channel string, oldest time.Time,
) iter.Seq2[slack.Message, error] {
	query := slack.GetConversationHistoryParameters{
		ChannelID: channel, IncludeAllMetadata: true, Inclusive: true, Limit: pageSize,
		Oldest: fmt.Sprintf("%d.%06d", oldest.Unix(), oldest.Nanosecond()/1000),
	}
	return messages(ctx, func(cursor string) ([]slack.Message, bool, string, error) {
		query.Cursor = cursor
		r, err := s.GetConversationHistoryContext(ctx, &query)
		if err != nil {
			return nil, false, "", err
		}
		return r.Messages, r.HasMore, r.ResponseMetaData.NextCursor, nil
	})
}

// messages returns the messages of all pages. After an error it ends.
func messages(
	ctx context.Context,
	read func(cursor string) (page []slack.Message, more bool, next string, err error),
) iter.Seq2[slack.Message, error] {
	return func(yield func(slack.Message, error) bool) {
		for cursor := ""; ; {
			var page []slack.Message
			var more bool
			var next string
			err := retryTransient(ctx, func() (err error) {
				page, more, next, err = read(cursor)
				return err
			})
			if more && (next == "" || next == cursor) {
				err = errors.New("there are more messages, but Slack gives no cursor")
			}
			for _, m := range page {
				if !yield(m, nil) {
					return
				}
			}
			if err != nil {
				yield(slack.Message{}, err)
				return
			}
			if !more {
				return
			}
			cursor = next
		}
	}
}
