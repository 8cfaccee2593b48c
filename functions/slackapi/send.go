package slackapi

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// The metadata of a report's message. Everybody in the workspace can read it.
const (
	eventType  = "kindly_weekly"
	payloadKey = "key"
)

// Send posts the report to the message's channel. ref is the digest's ts. Without an error the digest is there; with
// one it is not, unless the Failure is Doubtful.
func (c *Client) Send(ctx context.Context, m delivery.Message) (ref string, err error) {
	err = c.with(ctx, m.Tenant, func(s *session) error {
		ref, err = s.send(ctx, m, m.Destination.To)
		return err
	})
	return ref, err
}

func (s *session) send(ctx context.Context, m delivery.Message, channel string) (ts string, err error) {
	s.log = s.log.With("key", m.Key, "channel", channel)
	words, err := summary.Of(m.Report)
	if err != nil {
		return "", &delivery.Failure{Err: err, Permanent: true}
	}
	pictures, err := s.pictures(ctx, m, digest.Slack(m.Report, words, nil).Charts)
	if err != nil {
		return "", s.explain(ctx, err, channel)
	}
	if ts, err = s.digest(ctx, m, channel, words, pictures); err != nil {
		return "", err
	}
	s.document(ctx, m, channel, ts, words)
	return ts, nil
}

// digest posts the digest with as many of the pictures as Slack takes.
func (s *session) digest(ctx context.Context, m delivery.Message, channel string, words *summary.Summary, pictures map[string]string) (ts string, err error) {
	metadata := slack.MsgOptionMetadata(slack.SlackMetadata{EventType: eventType, EventPayload: map[string]any{payloadKey: m.Key}})
	var d digest.Digest
	for {
		d = digest.Slack(m.Report, words, pictures)
		ts, err = s.post(ctx, channel, metadata, slack.MsgOptionText(d.Text, false), slack.MsgOptionDisableMarkdown(),
			slack.MsgOptionBlocks(d.Blocks.BlockSet...))
		if !isLayoutRefused(err) || len(d.Charts) == 0 {
			break
		}
		for _, name := range refusedCharts(err, d) {
			s.log.WarnContext(ctx, "the digest is posted without a chart that Slack refuses", "chart", name, "error", err)
			delete(pictures, name)
		}
	}
	if isLayoutRefused(err) {
		s.log.ErrorContext(ctx, "the digest is posted as text, since Slack refuses its blocks", "error", err)
		ts, err = s.post(ctx, channel, metadata, slack.MsgOptionText(fenced(digest.Text(m.Report, words, textWidth)), false))
	}
	if isLayoutRefused(err) {
		ts, err = s.post(ctx, channel, metadata, slack.MsgOptionText(d.Text, false), slack.MsgOptionDisableMarkdown())
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
	at, err := strconv.Atoi(match[1])
	if err != nil {
		return "", false
	}
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
	if err := ctx.Err(); err != nil {
		return "", &delivery.Failure{Err: fmt.Errorf("there was no time left to post it: %w", err)}
	}
	options = append(options, slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	err = patiently(ctx, func() error {
		_, ts, err = s.PostMessageContext(ctx, channel, options...)
		return err
	})
	if err != nil {
		f := s.explain(ctx, err, channel)
		f.Doubtful = isDoubtful(err)
		return "", f
	}
	return ts, nil
}

// document uploads the PDF into the digest's thread, or says there that it is missing. The digest counts, so that there is
// no error.
func (s *session) document(ctx context.Context, m delivery.Message, channel, ts string, words *summary.Summary) {
	shared, err := s.share(ctx, m, channel, ts, words)
	if err == nil {
		return
	}
	s.log.WarnContext(ctx, "the report was sent, but not its PDF", "shared", shared, "error", err)
	if shared == perhaps {
		return
	}
	text := words.Words.Say(wording.PDFMissing)
	if _, err := s.post(ctx, channel, slack.MsgOptionTS(ts), slack.MsgOptionText(text, true), slack.MsgOptionDisableMarkdown()); err != nil {
		s.log.WarnContext(ctx, "nor could the thread be told so", "error", err)
	}
}

// Find looks through the channel's history for a message with the key, from a little before since on, since clocks
// differ. An answer that it does not get is an error.
func (c *Client) Find(ctx context.Context, m delivery.Message, since time.Time) (ref string, found bool, err error) {
	err = c.with(ctx, m.Tenant, func(s *session) error {
		if ref, found, err = s.find(ctx, m.Destination.To, m.Key, since); err != nil {
			return s.explain(ctx, err, m.Destination.To)
		}
		return nil
	})
	return ref, found, err
}

const (
	margin   = 5 * time.Minute // by which clocks may differ
	pageSize = 200             // messages in an answer of conversations.history
)

func (s *session) find(ctx context.Context, channel, key string, since time.Time) (ts string, found bool, err error) {
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
			if m.Metadata.EventType == eventType && m.Metadata.EventPayload[payloadKey] == key {
				return m.Timestamp, true, nil
			}
		}
		next := page.ResponseMetaData.NextCursor
		switch {
		case !page.HasMore:
			return "", false, nil
		case next == "" || next == query.Cursor:
			return "", false, errors.New("the channel's history has more pages, but Slack does not say where")
		}
		query.Cursor = next
	}
}
