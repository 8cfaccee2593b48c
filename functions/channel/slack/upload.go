package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
)

// pictureTime is how long pictures may take, all together; where the context has less than twice as much left, half of
// that, so that the digest can still be posted without them.
const pictureTime = 45 * time.Second

// pictures uploads the charts, all at once, and returns the ids of those that can stand in a message. It fails only if
// Slack refuses the token; the message can do without a picture.
func (s *session) pictures(ctx context.Context, log *slog.Logger, m delivery.Message, charts []string) (map[string]string, error) {
	most := pictureTime
	if deadline, ok := ctx.Deadline(); ok {
		most = min(most, time.Until(deadline)/2)
	}
	limited, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	ids, errs, panics := make([]string, len(charts)), make([]error, len(charts)), make([]any, len(charts))
	var all sync.WaitGroup
	for i, name := range charts {
		all.Go(func() {
			defer func() { panics[i] = recover() }() // nobody else would, and it would be the end of every worker
			ids[i], errs[i] = s.picture(limited, name+".png", m.Chart(name))
		})
	}
	all.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
	pictures := map[string]string{} // not nil, which would make the digest name files of the archive
	for i, name := range charts {
		switch {
		case isTokenRefused(errs[i]):
			return nil, errs[i]
		case errs[i] != nil:
			log.WarnContext(ctx, "the message is posted without a chart that could not be uploaded", "chart", name, "error", redact(errs[i]))
		default:
			pictures[name] = ids[i]
		}
	}
	return pictures, nil
}

// picture uploads a file that nobody sees yet, and waits until Slack has processed it.
func (s *session) picture(ctx context.Context, name string, data []byte) (id string, err error) {
	if id, err = s.upload(ctx, name, data); err != nil {
		return "", err
	}
	err = patiently(ctx, func() error {
		_, err := s.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{Files: []slack.FileSummary{{ID: id, Title: name}}})
		return err
	})
	if err != nil && !isDoubtful(err) {
		return "", fmt.Errorf("files.completeUploadExternal: %w", err)
	}
	// After a lost answer, too, this tells whether it was done.
	return id, s.await(ctx, id, func(f *slack.File) bool { return f.Mimetype != "" })
}

// upload sends a file's bytes, which belong to nothing before the upload is completed.
func (s *session) upload(ctx context.Context, name string, data []byte) (id string, err error) {
	if len(data) == 0 {
		return "", fmt.Errorf("the report has no %s", name)
	}
	err = stubbornly(ctx, func() error {
		to, err := s.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: name, FileSize: len(data)})
		if err != nil {
			return fmt.Errorf("files.getUploadURLExternal: %w", err)
		}
		id = to.FileID
		return sent(s.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: to.UploadURL, Reader: bytes.NewReader(data), Filename: name}))
	})
	return id, err
}

// sent keeps of an upload's error what does not tell the address, by which anybody could upload.
func sent(err error) error {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var broken *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited), errors.As(err, &status), errors.As(err, &broken):
		return fmt.Errorf("upload: %w", redact(err))
	}
	return errors.New("upload: it could not be sent to where Slack said")
}

const (
	firstPoll = 250 * time.Millisecond
	lastPoll  = 2 * time.Second // polls become rarer up to this
)

// await asks for a file until it is ready. Slack has no event for that: files.info tells of the mimetype when it has
// processed a file, and of a share when it is done.
func (s *session) await(ctx context.Context, id string, ready func(*slack.File) bool) error {
	for wait := firstPoll; ; wait = min(2*wait, lastPoll) {
		file, _, _, err := s.GetFileInfoContext(ctx, id, 0, 0)
		switch {
		case err == nil && ready(file):
			return nil
		case err != nil && !isPassing(err):
			return fmt.Errorf("files.info: %w", err)
		}
		var limited *slack.RateLimitedError
		if errors.As(err, &limited) {
			wait = max(wait, limited.RetryAfter)
		}
		if pause(ctx, wait) != nil {
			return errors.New("not processed by Slack in time")
		}
	}
}
