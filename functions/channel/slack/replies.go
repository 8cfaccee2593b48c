package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
	"kindlyweekly/report/summary"
	"kindlyweekly/report/wording"
)

// SendReplies posts the details in the thread of the digest or portfolio with the ts ref, and then
// the PDF. A portfolio has no details. SendReplies may be unable to share the PDF: at all, before a
// person has acted, or in the last attempt. It then posts one reply that the PDF is missing.
// missing says why. Details that cannot be posted do not prevent the PDF, which has the same
// content.
//
// The thread gets none of these twice, and not both of the last two. SendReplies notes a mark, see
// trace, before it begins either. An attempt that gets a mark looks for them first. It fails if the
// lookup fails, or if an answer was lost and Slack does not show that the call was done.
//
// Once the PDF is shared, the digest or portfolio gets a link to it. If the link fails, SendReplies
// does not.
func (c *Client) SendReplies(
	ctx context.Context, m delivery.Message, ref, mark string, last bool,
	note func(mark string) error,
) (missing *delivery.Failure, err error) {
	belongs, err := repliesOf(m)
	if err != nil {
		return nil, mistake(err)
	}
	before, err := parseTrace(mark)
	if err != nil {
		return nil, mistake(err)
	}
	t := &thread{Message: m, replies: belongs, ts: ref, trace: before, keep: note}
	if mark != "" {
		var found finding
		err := c.withSession(ctx, m.Tenant, func(s *session) (err error) {
			found, err = s.findReplies(ctx, t)
			return err
		})
		switch {
		case isThreadGone(err):
			return asFailure(err), nil
		case err != nil:
			return nil, err
		case found == foundPDF:
			c.addLink(ctx, t)
			return nil, nil
		case found == foundMissing:
			return before.failure(), nil
		}
	}
	if err := c.postDetails(ctx, t, last); err != nil {
		if isThreadGone(err) {
			return asFailure(err), nil
		}
		return nil, err
	}
	if last && before.Reason != "" {
		return c.postMissing(ctx, t, before.failure(), last)
	}
	return c.postPDF(ctx, t, last)
}

// findReplies looks for what the trace may have led to. files.info is the first to show a share;
// where it does not, such as for a deleted file, the thread does. The PDF comes last, so with it
// nothing is left to do. A PDF is ours by its ID, which Slack gave us before anyone saw the file;
// for replies see search.
func (s *session) findReplies(ctx context.Context, t *thread) (found finding, err error) {
	channel := t.Destination.To
	for _, id := range slices.Backward(t.trace.Files) {
		var file *slack.File
		err := retryTransient(ctx, func() (err error) {
			file, _, _, err = s.GetFileInfoContext(ctx, id, 0, 0)
			return err
		})
		switch {
		case err == nil && isShared(file, channel, t.ts):
			t.pdf = id
			return foundPDF, nil
		case err != nil && !isCode(err, "file_not_found", "file_deleted"):
			return foundNothing, s.explain(ctx, fmt.Errorf("files.info: %w", err), channel)
		}
	}
	details, err := s.search(ctx, t.Message, detailsKey)
	if err != nil {
		return foundNothing, err
	}
	missing := *details
	missing.suffix = missingKey
	isOurs := func(f slack.File) bool { return slices.Contains(t.trace.Files, f.ID) }
	for m, err := range s.thread(ctx, channel, t.ts) {
		if err != nil {
			return foundNothing, s.explain(ctx, err, channel)
		}
		if i := slices.IndexFunc(m.Files, isOurs); i >= 0 {
			t.pdf = m.Files[i].ID
			return foundPDF, nil
		}
		switch {
		case t.trace.Reason != "" && missing.isOurs(m):
			found = foundMissing
		case t.trace.Details != "" && details.isOurs(m):
			t.trace.Details = m.Timestamp
		}
	}
	if found == foundNothing {
		for _, f := range []*search{details, &missing} {
			if err := f.ambiguous(ctx, channel); err != nil {
				return foundNothing, err
			}
		}
	}
	return found, nil
}

// postDetails posts the details, unless an earlier attempt has. An error ends this attempt.
func (c *Client) postDetails(ctx context.Context, t *thread, last bool) error {
	if t.details == nil || t.trace.Details != "" && t.trace.Details != begun {
		return nil
	}
	err := c.withSession(ctx, t.Tenant, func(s *session) error { return s.postDetails(ctx, t) })
	if err == nil || t.unnoted != nil {
		return err
	}
	f := asFailure(err)
	c.warn(ctx, t, "the report was sent without its details", f)
	if isThreadGone(f) || !last && f.Remedy == "" { // doubtful or transient
		return f
	}
	return nil
}

// postDetails first notes that it begins.
func (s *session) postDetails(ctx context.Context, t *thread) error {
	if t.trace.Details == "" {
		t.trace.Details = begun
		if err := t.note(); err != nil {
			return err
		}
	}
	ts, err := s.postLayout(ctx, t.Message, *t.details, s.withKey(t.Key+detailsKey),
		slack.MsgOptionTS(t.ts))
	if err == nil {
		t.trace.Details = ts // which the next note keeps
	}
	return err
}

// postPDF shares the PDF, or posts that it is missing.
func (c *Client) postPDF(
	ctx context.Context, t *thread, last bool,
) (missing *delivery.Failure, err error) {
	err = c.withSession(ctx, t.Tenant, func(s *session) error { return s.sharePDF(ctx, t) })
	if err == nil {
		c.addLink(ctx, t)
		return nil, nil
	}
	if t.unnoted != nil {
		return nil, err
	}
	f := asFailure(err)
	c.warn(ctx, t, "the report was sent without its PDF", f)
	switch {
	case isThreadGone(f):
		return f, nil
	case f.MaybeSent && last:
		// The reply waits until the next lookup shows whether the PDF was shared after all.
		if err := t.noteMissing(f); err != nil {
			return nil, err
		}
		return nil, f
	case !last && f.Remedy == "": // doubtful or transient
		return nil, f
	}
	return c.postMissing(ctx, t, f, last)
}

// shareTime is how long to look for a share after its answer was lost.
const shareTime = 20 * time.Second

// sharePDF uploads the PDF and shares it in the thread. If that leaves open whether it is there,
// the Failure is MaybeSent.
func (s *session) sharePDF(ctx context.Context, t *thread) error {
	channel := t.Destination.To
	if len(t.document) == 0 {
		return mistake(errors.New("the report has no PDF"))
	}
	id, err := s.client.finishUpload(ctx, t.Key, func(ctx context.Context) (string, error) {
		return s.upload(ctx, t.name+".pdf", t.document)
	})
	if err != nil {
		return s.explain(ctx, err, channel)
	}
	t.pdf = id
	t.trace.Files = append(t.trace.Files, id)
	if err := t.note(); err != nil {
		return err
	}
	err = retryVisible(ctx, func() error {
		_, err := s.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files:   []slack.FileSummary{{ID: id, Title: t.title}},
			Channel: channel, ThreadTimestamp: t.ts})
		return err
	})
	if err == nil {
		return nil
	}
	doubtful := isDoubtful(err)
	if doubtful {
		limited, cancel := context.WithTimeout(ctx, shareTime)
		defer cancel()
		shared := func(f *slack.File) bool { return isShared(f, channel, t.ts) }
		if s.awaitFile(limited, id, shared) == nil {
			return nil
		}
	}
	f := s.explain(ctx, fmt.Errorf("files.completeUploadExternal: %w", err), channel)
	f.MaybeSent = doubtful
	return f
}

// isShared reports whether a file is in a thread. People may share it elsewhere in the channel.
func isShared(f *slack.File, channel, thread string) bool {
	shares := slices.Concat(f.Shares.Public[channel], f.Shares.Private[channel])
	return slices.ContainsFunc(shares,
		func(s slack.ShareFileInfo) bool { return s.ThreadTs == thread })
}

// postMissing posts in the thread that the PDF is missing. If that cannot be posted for now, it
// fails: by the next attempt the app may have access again, and share the PDF too.
func (c *Client) postMissing(
	ctx context.Context, t *thread, why *delivery.Failure, last bool,
) (missing *delivery.Failure, err error) {
	if err := t.noteMissing(why); err != nil {
		return nil, err
	}
	err = c.withSession(ctx, t.Tenant, func(s *session) error {
		text := slack.MsgOptionText(t.words.Say(wording.PDFMissing), true)
		_, err := s.post(ctx, t.Destination.To, s.withKey(t.Key+missingKey),
			slack.MsgOptionTS(t.ts), text, slack.MsgOptionDisableMarkdown())
		return err
	})
	if err == nil {
		return why, nil
	}
	f := asFailure(err)
	c.warn(ctx, t, "the thread does not say that the PDF is missing", f)
	switch {
	case isThreadGone(f):
		return f, nil
	case f.Permanent || last && f.Remedy != "": // another try does not help
		return why, nil
	}
	told := *f
	told.Err = fmt.Errorf("cannot post in the thread that the PDF is missing: %w", f.Err)
	return nil, &told
}

// linkTime is how long a link may take. The PDF is in the thread without it.
const linkTime = 15 * time.Second

// addLink adds a link to the PDF to the digest as Slack returns it: only Slack knows which layout
// was posted.
func (c *Client) addLink(ctx context.Context, t *thread) {
	ctx, cancel := context.WithTimeout(ctx, linkTime)
	defer cancel()
	err := c.withSession(ctx, t.Tenant, func(s *session) error { return s.addLink(ctx, t) })
	if err != nil {
		c.warn(ctx, t, "the digest has no link to its PDF", redact(err))
	}
}

func (s *session) addLink(ctx context.Context, t *thread) error {
	digests, err := s.search(ctx, t.Message, "")
	if err != nil {
		return err
	}
	permalink := start(ctx, func(ctx context.Context) (string, error) {
		file, _, _, err := s.GetFileInfoContext(ctx, t.pdf, 0, 0)
		if err != nil {
			return "", fmt.Errorf("files.info: %w", err)
		}
		return file.Permalink, nil
	})
	defer permalink.drop()
	var posted slack.Message
	for m, err := range s.thread(ctx, t.Destination.To, t.ts) {
		if err != nil {
			return err
		}
		posted = m // a thread begins with the message that it answers
		break
	}
	address, err := permalink.wait(ctx)
	if err != nil {
		return err
	}
	link := summary.Link{Text: t.words.Say(wording.LinkPDF), URL: address}
	blocks, changed := digest.WithLink(posted.Blocks.BlockSet, link)
	if posted.Timestamp != t.ts || !digests.isOurs(posted) || !changed {
		return nil
	}
	// Slack removes what an update does not repeat.
	_, _, _, err = s.UpdateMessageContext(ctx, t.Destination.To, t.ts,
		slack.MsgOptionText(posted.Text, false), slack.MsgOptionBlocks(blocks...),
		slack.MsgOptionMetadata(posted.Metadata))
	if err != nil {
		return fmt.Errorf("chat.update: %w", err)
	}
	return nil
}

func (c *Client) warn(ctx context.Context, t *thread, what string, because error) {
	c.logger().WarnContext(ctx, what, "tenant", t.Tenant.Name, "key", t.Key,
		"channel", t.Destination.To, "error", because)
}
