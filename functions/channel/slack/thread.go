package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// The keys of replies are the delivery's with one of these.
const (
	detailsKey = "/details"     // the reply with what the digest has no room for
	missingKey = "/pdf-missing" // the reply that the PDF is missing
)

// A thread is that of a digest or a portfolio, while SendReplies posts in it.
type thread struct {
	delivery.Message
	replies
	ts      string // of the message that the thread belongs to
	trace   trace
	pdf     string // the file's ID, once it is in the thread
	keep    func(mark string) error
	unnoted error // of keep
}

// replies are the replies that a thread gets.
type replies struct {
	words    *wording.Wording
	details  *layout // nil: there are none
	document []byte  // the PDF
	name     string  // of its file
	title    string  // that readers see
}

// repliesOf returns the replies to a report or a portfolio. A portfolio has no details, since its
// message has them all.
func repliesOf(m delivery.Message) (r replies, err error) {
	switch p := m.Payload.(type) {
	case *delivery.Editions:
		words, err := p.Summary()
		if err != nil {
			return r, err
		}
		blocks := func(s digest.Style) digest.Digest { return digest.Details(words, s) }
		none := map[string]string{}
		details := &layout{key: m.Key + detailsKey, blocks: blocks, chart: p.Chart,
			text: func() string { return codeBlock(blocks(digest.Images(none)).Plain()) }}
		bot := p.Report.Bot
		return replies{words: words.Words, details: details, document: p.PDF(),
			name:  theme.FileName(bot.ID, bot.Name, p.Report.Period.Name.String()),
			title: words.Title}, nil
	case *delivery.Portfolio:
		page, err := p.Page()
		if err != nil {
			return r, err
		}
		return replies{words: page.Words, document: p.PDF,
			name: theme.FileName("", page.Name, p.Period.String()), title: page.Title}, nil
	}
	return r, fmt.Errorf("%T has no replies", m.Payload)
}

// A trace says what earlier attempts may have left in the thread. As JSON it is SendReplies's mark.
type trace struct {
	// Details is begun, or the ts of the reply; empty: it was not begun.
	Details string `json:"details,omitempty"`
	// Files has the PDF's IDs, one for each share that was begun.
	Files []string `json:"files,omitempty"`
	// Reason is why the PDF is missing, if a reply about that was begun.
	Reason string         `json:"reason,omitempty"`
	Cure   string         `json:"cure,omitempty"`
	Cause  delivery.Cause `json:"cause,omitempty"`
}

// begun is trace.Details of a reply that may be there.
const begun = "begun"

func parseTrace(mark string) (t trace, err error) {
	if mark == "" {
		return t, nil
	}
	if err := json.Unmarshal([]byte(mark), &t); err != nil {
		return t, fmt.Errorf("the mark of an earlier attempt cannot be read (%w)", err)
	}
	return t, nil
}

// failure returns why the PDF is missing.
func (t trace) failure() *delivery.Failure {
	return &delivery.Failure{Err: errors.New(t.Reason), Remedy: t.Cure, Cause: t.Cause}
}

// note keeps the trace, before the step that the next attempt has to look for.
func (t *thread) note() error {
	mark, _ := json.Marshal(t.trace) // strings always have JSON
	t.unnoted = t.keep(string(mark))
	return t.unnoted
}

// noteMissing notes why the PDF is missing.
func (t *thread) noteMissing(why *delivery.Failure) error {
	t.trace.Reason, t.trace.Cure, t.trace.Cause = why.Err.Error(), why.Remedy, why.Cause
	return t.note()
}

// A finding is what earlier attempts have left in the thread.
type finding int

const (
	foundNothing finding = iota
	foundPDF
	foundMissing // the reply that the PDF is missing
)

// errThreadGone is for a digest that was deleted, of which only the thread is left.
var errThreadGone = slack.SlackErrorResponse{Err: "thread_not_found"}

// isThreadGone reports whether the digest was deleted, so that nothing can be posted under it.
func isThreadGone(err error) bool { return isCode(err, errThreadGone.Err) }

// thread returns a thread's messages, the one that it answers first. If that was deleted, the error
// is errThreadGone. The caller stops after an error.
func (s *session) thread(
	ctx context.Context, channel, ts string,
) iter.Seq2[slack.Message, error] {
	query := slack.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: ts, IncludeAllMetadata: true, Limit: pageSize,
	}
	all := messages(ctx, func(cursor string) ([]slack.Message, bool, string, error) {
		query.Cursor = cursor
		return s.GetConversationRepliesContext(ctx, &query)
	})
	return func(yield func(slack.Message, error) bool) {
		for m, err := range all {
			if m.Timestamp == ts && m.SubType == "tombstone" {
				err = errThreadGone
			}
			if err != nil {
				err = fmt.Errorf("conversations.replies: %w", err)
			}
			if !yield(m, err) {
				return
			}
		}
	}
}

// asFailure returns the Failure that an error of a session is or wraps.
func asFailure(err error) *delivery.Failure {
	f := &delivery.Failure{Err: err}
	errors.As(err, &f)
	return f
}

// mistake is a failure that this program causes, so no further try helps.
func mistake(err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Remedy: remedyBug, Cause: causeMessage, Permanent: true}
}
