package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/theme"
	"kindlyweekly/report/wording"
)

// The keys of replies are the delivery's, and after it
const (
	detailsKey = "/details"     // of the reply with all that the digest has no room for
	missingKey = "/pdf-missing" // of the one which says that the PDF is missing
)

// Follow brings the details into the thread of the digest with the ts ref, and then the PDF. A PDF that cannot be brought at
// all, not before somebody acts on a cure, or not in this last attempt, is said to be missing in the thread, once; lacks says
// why. Details that cannot be posted keep no PDF away, which has all that they have.
//
// The thread never gets any of these twice, nor both of the last: a mark, see trace, is noted before either is begun, and
// whoever gets it looks for them first. A lookup that failed is an error. So is an answer that was lost, unless Slack tells
// that it was done.
//
// Once the PDF is there the digest gets a link to it. That may fail: the PDF stands under it all the same.
func (c *Client) SendReplies(
	ctx context.Context, m delivery.Message, ref, mark string, last bool, note func(mark string) error,
) (lacks *delivery.Failure, err error) {
	words, err := summary.Of(m.Report)
	if err != nil {
		return nil, mistake(err)
	}
	before, err := traceOf(mark)
	if err != nil {
		return nil, mistake(err)
	}
	t := &thread{Message: m, ts: ref, words: words, trace: before, keep: note}
	if mark != "" {
		var found finding
		err := c.with(ctx, m.Tenant, func(s *session) (err error) {
			found, err = s.look(ctx, t)
			return err
		})
		switch {
		case isThreadGone(err):
			return asFailure(err), nil
		case err != nil:
			return nil, err
		case found == foundPDF:
			c.link(ctx, t)
			return nil, nil
		case found == foundReply:
			return before.why(), nil
		}
	}
	if err := c.detail(ctx, t, last); err != nil {
		if isThreadGone(err) {
			return asFailure(err), nil
		}
		return nil, err
	}
	if last && before.Reason != "" {
		return c.tellMissing(ctx, t, before.why(), last)
	}
	err = c.with(ctx, m.Tenant, func(s *session) error { return s.bring(ctx, t) })
	if err == nil {
		c.link(ctx, t)
		return nil, nil
	}
	if t.unnoted != nil {
		return nil, err
	}
	f := asFailure(err)
	c.warn(ctx, t, "the report was sent, but not its PDF", f)
	switch {
	case isThreadGone(f):
		return f, nil
	case f.MaybeSent && last: // it is not brought again, but what was in doubt has to be looked for before that is said
		if err := t.noteMissing(f); err != nil {
			return nil, err
		}
		return nil, f
	case !last && f.Remedy == "": // it is in doubt, or passes
		return nil, f
	}
	return c.tellMissing(ctx, t, f, last)
}

// A thread is a digest's, on the way to its PDF.
type thread struct {
	delivery.Message
	ts      string // the digest's
	words   *summary.Summary
	trace   trace
	pdf     string // its id, once it is in the thread
	keep    func(mark string) error
	unnoted error // keep's
}

// A trace says where a later attempt has to look for what an earlier one may have left in the thread. As JSON it is
// Follow's mark.
type trace struct {
	Details string         `json:"details,omitempty"` // begun, or the ts of the reply; empty: there is none
	Files   []string       `json:"files,omitempty"`   // the PDF's ids, one for each time that sharing it was begun
	Reason  string         `json:"reason,omitempty"`  // for a reply that the PDF is missing; empty: there is none
	Cure    string         `json:"cure,omitempty"`
	Cause   delivery.Cause `json:"cause,omitempty"`
}

// begun is the ts of a reply that is perhaps there.
const begun = "begun"

func traceOf(mark string) (t trace, err error) {
	if mark == "" {
		return t, nil
	}
	if err := json.Unmarshal([]byte(mark), &t); err != nil {
		return t, fmt.Errorf("the mark of an earlier attempt cannot be read: %w", err)
	}
	return t, nil
}

// why is what the reply is for.
func (t trace) why() *delivery.Failure {
	return &delivery.Failure{Err: errors.New(t.Reason), Remedy: t.Cure, Cause: t.Cause}
}

// note keeps the trace before something is done that has to be looked for.
func (t *thread) note() error {
	mark, _ := json.Marshal(t.trace) // it has strings alone
	t.unnoted = t.keep(string(mark))
	return t.unnoted
}

// noteMissing keeps why there is to be a reply.
func (t *thread) noteMissing(why *delivery.Failure) error {
	t.trace.Reason, t.trace.Cure, t.trace.Cause = why.Err.Error(), why.Remedy, why.Cause
	return t.note()
}

// A finding is what an earlier attempt has left in the thread.
type finding int

const (
	foundNothing finding = iota
	foundPDF
	foundReply
)

// look looks for what the trace may have led to. files.info is the first to know of a share; where it does not tell, as
// where the file was deleted since, the thread does. A PDF comes after all else, so that with it nothing is left to do. That
// it is ours its id says, which Slack gave us before anybody saw the file; whose a reply is, see whose.
func (s *session) look(ctx context.Context, t *thread) (found finding, err error) {
	for _, id := range slices.Backward(t.trace.Files) {
		var file *slack.File
		err := stubbornly(ctx, func() (err error) {
			file, _, _, err = s.GetFileInfoContext(ctx, id, 0, 0)
			return err
		})
		switch {
		case err == nil && isShared(file, t.Destination.To, t.ts):
			t.pdf = id
			return foundPDF, nil
		case err != nil && !isCode(err, "file_not_found", "file_deleted"):
			return foundNothing, s.explain(ctx, fmt.Errorf("files.info: %w", err), t.Destination.To)
		}
	}
	details, err := s.search(ctx, t.Message, detailsKey)
	if err != nil {
		return foundNothing, err
	}
	missing := *details
	missing.suffix = missingKey
	err = s.replies(ctx, t.Destination.To, t.ts, func(m slack.Message) (done bool) {
		isOurs := func(f slack.File) bool { return slices.Contains(t.trace.Files, f.ID) }
		switch {
		case slices.ContainsFunc(m.Files, isOurs):
			found, t.pdf = foundPDF, m.Files[slices.IndexFunc(m.Files, isOurs)].ID
		case t.trace.Reason != "" && missing.isOurs(m):
			found = foundReply
		case t.trace.Details != "" && details.isOurs(m):
			t.trace.Details = m.Timestamp
		}
		return found == foundPDF
	})
	if err != nil {
		return foundNothing, s.explain(ctx, fmt.Errorf("conversations.replies: %w", err), t.Destination.To)
	}
	if found == foundNothing {
		for _, f := range []*search{details, &missing} {
			if err := f.doubt(ctx, t.Destination.To); err != nil {
				return foundNothing, err
			}
		}
	}
	return found, nil
}

// errThreadGone is for a digest of which only the thread is left.
var errThreadGone = slack.SlackErrorResponse{Err: "thread_not_found"}

// replies reads a thread to its end, or until each is done.
func (s *session) replies(ctx context.Context, channel, ts string, each func(slack.Message) (done bool)) error {
	query := slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: ts, IncludeAllMetadata: true, Limit: pageSize}
	for {
		var page []slack.Message
		var more bool
		var next string
		err := stubbornly(ctx, func() (err error) {
			page, more, next, err = s.GetConversationRepliesContext(ctx, &query)
			return err
		})
		if err != nil {
			return err
		}
		for _, m := range page {
			if m.Timestamp == ts && m.SubType == "tombstone" {
				return errThreadGone
			}
			if each(m) {
				return nil
			}
		}
		switch {
		case !more:
			return nil
		case next == "" || next == query.Cursor:
			return errors.New("the thread has more pages, but Slack does not say where")
		}
		query.Cursor = next
	}
}

// detail posts the details, unless an earlier attempt has. Its error ends this attempt.
func (c *Client) detail(ctx context.Context, t *thread, last bool) error {
	if t.trace.Details != "" && t.trace.Details != begun {
		return nil
	}
	err := c.with(ctx, t.Tenant, func(s *session) error { return s.details(ctx, t) })
	if err == nil || t.unnoted != nil {
		return err
	}
	f := asFailure(err)
	c.warn(ctx, t, "the report was sent, but not its details", f)
	if isThreadGone(f) || !last && f.Remedy == "" { // in doubt, or passing
		return f
	}
	return nil
}

// details posts the details. That it was begun is noted first.
func (s *session) details(ctx context.Context, t *thread) error {
	if t.trace.Details == "" {
		t.trace.Details = begun
		if err := t.note(); err != nil {
			return err
		}
	}
	blocks := func(style digest.Style) digest.Digest { return digest.Details(t.words, style) }
	ts, err := s.lay(ctx, t.Message, layout{
		blocks: blocks,
		text:   func() string { return fenced(blocks(digest.Images(map[string]string{})).Plain()) },
	}, s.withKey(t.Key+detailsKey), slack.MsgOptionTS(t.ts))
	if err == nil {
		t.trace.Details = ts // which the next note keeps
	}
	return err
}

// linkTime is how long a link may take. The PDF is there without it.
const linkTime = 15 * time.Second

// link adds a link to the PDF to the digest, as it stands there: which of its layouts was posted, Slack alone knows.
func (c *Client) link(ctx context.Context, t *thread) {
	ctx, cancel := context.WithTimeout(ctx, linkTime)
	defer cancel()
	if err := c.with(ctx, t.Tenant, func(s *session) error { return s.link(ctx, t) }); err != nil {
		c.warn(ctx, t, "the digest has no link to its PDF", redact(err))
	}
}

func (s *session) link(ctx context.Context, t *thread) error {
	digests, err := s.search(ctx, t.Message, "")
	if err != nil {
		return err
	}
	file, _, _, err := s.GetFileInfoContext(ctx, t.pdf, 0, 0)
	if err != nil {
		return fmt.Errorf("files.info: %w", err)
	}
	var posted slack.Message
	if err := s.replies(ctx, t.Destination.To, t.ts, func(m slack.Message) (done bool) {
		posted = m // a thread begins with what it is under
		return true
	}); err != nil {
		return fmt.Errorf("conversations.replies: %w", err)
	}
	blocks, changed := digest.WithLink(posted.Blocks.BlockSet, summary.Link{Text: t.words.Words.Say(wording.LinkPDF), URL: file.Permalink})
	if posted.Timestamp != t.ts || !digests.isOurs(posted) || !changed {
		return nil
	}
	// What is not said again, Slack takes away.
	_, _, _, err = s.UpdateMessageContext(ctx, t.Destination.To, t.ts, slack.MsgOptionText(posted.Text, false), slack.MsgOptionBlocks(blocks...),
		slack.MsgOptionMetadata(posted.Metadata))
	if err != nil {
		return fmt.Errorf("chat.update: %w", err)
	}
	return nil
}

// shareTime is how long to look for a share after its answer was lost.
const shareTime = 20 * time.Second

// bring uploads the PDF and shares it into the thread. Where that leaves open whether it is there, its Failure is MaybeSent.
func (s *session) bring(ctx context.Context, t *thread) error {
	channel, data := t.Destination.To, t.PDF()
	if len(data) == 0 {
		return mistake(errors.New("the report has no PDF"))
	}
	id, err := s.upload(ctx, theme.FileName(t.Report.Bot.ID, t.Report.Bot.Name, t.Report.Period.Name.String())+".pdf", data)
	if err != nil {
		return s.explain(ctx, err, channel)
	}
	t.pdf = id
	t.trace.Files = append(t.trace.Files, id)
	if err := t.note(); err != nil {
		return err
	}
	err = once(ctx, func() error {
		_, err := s.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files: []slack.FileSummary{{ID: id, Title: t.words.Title}}, Channel: channel, ThreadTimestamp: t.ts})
		return err
	})
	if err == nil {
		return nil
	}
	doubtful := isDoubtful(err)
	if doubtful {
		limited, cancel := context.WithTimeout(ctx, shareTime)
		defer cancel()
		if s.await(limited, id, func(f *slack.File) bool { return isShared(f, channel, t.ts) }) == nil {
			return nil
		}
	}
	f := s.explain(ctx, fmt.Errorf("files.completeUploadExternal: %w", err), channel)
	f.MaybeSent = doubtful
	return f
}

// isShared reports whether a file is in a thread. People may share it elsewhere in the channel.
func isShared(f *slack.File, channel, thread string) bool {
	return slices.ContainsFunc(slices.Concat(f.Shares.Public[channel], f.Shares.Private[channel]),
		func(share slack.ShareFileInfo) bool { return share.ThreadTs == thread })
}

// tellMissing says in the thread that the PDF is missing. Where nobody can be told there, for now, that is an error: by the
// next attempt whoever keeps the app out may have let it in again, and with it the PDF.
func (c *Client) tellMissing(ctx context.Context, t *thread, why *delivery.Failure, last bool) (lacks *delivery.Failure, err error) {
	if err := t.noteMissing(why); err != nil {
		return nil, err
	}
	err = c.with(ctx, t.Tenant, func(s *session) error {
		_, err := s.post(ctx, t.Destination.To, s.withKey(t.Key+missingKey), slack.MsgOptionTS(t.ts),
			slack.MsgOptionText(t.words.Words.Say(wording.PDFMissing), true), slack.MsgOptionDisableMarkdown())
		return err
	})
	if err == nil {
		return why, nil
	}
	f := asFailure(err)
	c.warn(ctx, t, "nor could the thread be told so", f)
	switch {
	case isThreadGone(f):
		return f, nil
	case f.Permanent || last && f.Remedy != "": // no further try helps; what is in doubt has no cure
		return why, nil
	}
	told := *f
	told.Err = fmt.Errorf("the thread could not be told that the PDF is missing: %w", f.Err)
	return nil, &told
}

func (c *Client) warn(ctx context.Context, t *thread, what string, because error) {
	c.logger().WarnContext(ctx, what, "tenant", t.Tenant.Name, "key", t.Key, "channel", t.Destination.To, "error", because)
}

// isThreadGone reports whether people have deleted the digest, so that nothing can be under it.
func isThreadGone(err error) bool { return isCode(err, "thread_not_found") }

// asFailure is an error of a session.
func asFailure(err error) *delivery.Failure {
	f := &delivery.Failure{Err: err}
	errors.As(err, &f)
	return f
}

// mistake is a failure of the program's own making.
func mistake(err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Remedy: cureProgram, Cause: causeMessage, Permanent: true}
}
