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

// chartsTime is how long all charts together may take. If ctx has less than twice as much left, it
// is half of that, so that the digest can still be posted without them.
const chartsTime = 45 * time.Second

// uploadCharts uploads the charts concurrently and returns the IDs of those that a message can
// show. It fails only if Slack refuses the token, since a message can do without pictures.
func (s *session) uploadCharts(
	ctx context.Context, log *slog.Logger, charts []string, picture func(name string) []byte,
) (map[string]string, error) {
	most := chartsTime
	if deadline, ok := ctx.Deadline(); ok {
		most = min(most, time.Until(deadline)/2)
	}
	limited, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	ids, errs := make([]string, len(charts)), make([]error, len(charts))
	panics := make([]any, len(charts))
	var all sync.WaitGroup
	for i, name := range charts {
		all.Go(func() {
			defer func() { panics[i] = recover() }() // or it would end the process
			ids[i], errs[i] = s.uploadChart(limited, name+".png", picture(name))
		})
	}
	all.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p)
		}
	}
	pictures := map[string]string{} // not nil: then the digest would name files of the archive
	for i, name := range charts {
		switch {
		case isTokenRefused(errs[i]):
			return nil, errs[i]
		case errs[i] != nil:
			log.WarnContext(ctx, "a chart could not be uploaded; posting without it",
				"chart", name, "error", redact(errs[i]))
		default:
			pictures[name] = ids[i]
		}
	}
	return pictures, nil
}

// uploadChart uploads a file that no channel shows yet and waits until Slack has processed it.
func (s *session) uploadChart(
	ctx context.Context, name string, data []byte,
) (id string, err error) {
	if id, err = s.upload(ctx, name, data); err != nil {
		return "", err
	}
	err = retryRateLimit(ctx, func() error {
		_, err := s.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files: []slack.FileSummary{{ID: id, Title: name}}})
		return err
	})
	if err != nil && !isDoubtful(err) {
		return "", fmt.Errorf("files.completeUploadExternal: %w", err)
	}
	// After a lost answer, this shows whether the upload was completed.
	return id, s.awaitFile(ctx, id, func(f *slack.File) bool { return f.Mimetype != "" })
}

// upload sends a file's bytes. The file has no effect before the upload is completed.
func (s *session) upload(ctx context.Context, name string, data []byte) (id string, err error) {
	if len(data) == 0 {
		return "", fmt.Errorf("the report has no %s", name)
	}
	err = retryTransient(ctx, func() error {
		to, err := s.GetUploadURLExternalContext(ctx,
			slack.GetUploadURLExternalParameters{FileName: name, FileSize: len(data)})
		if err != nil {
			return fmt.Errorf("files.getUploadURLExternal: %w", err)
		}
		id = to.FileID
		return redactUpload(s.UploadToURL(ctx, slack.UploadToURLParameters{
			UploadURL: to.UploadURL, Reader: bytes.NewReader(data), Filename: name}))
	})
	return id, err
}

// uploads has the PDFs that are uploaded while their digests are posted, by the message's key.
type uploads struct {
	mu  sync.Mutex
	all map[string]*pending
}

// pending is an upload that has begun. The file has no effect before SendReplies completes it.
type pending struct {
	cancel   context.CancelFunc
	done     chan struct{}
	id       string // once it is done
	err      error
	panicked any
}

// beginUpload begins to upload the PDF of a message that is being posted. SendReplies takes it,
// before ctx ends: a later attempt uploads the PDF itself. beginUpload does nothing unless Slack
// has accepted the token before, by which the message was signed.
func (c *Client) beginUpload(ctx context.Context, m delivery.Message) {
	if m.Payload == nil || !m.Payload.HasReplies() {
		return
	}
	s, err := c.session(ctx, m.Tenant)
	if err != nil {
		return // posting the message fails too
	}
	if _, accepted := c.apps.Load(s.token); !accepted {
		return
	}
	attempt := ctx
	ctx, cancel := context.WithCancel(ctx)
	p := &pending{cancel: cancel, done: make(chan struct{})}
	c.uploads.add(m.Key, p)
	context.AfterFunc(attempt, func() { c.uploads.forget(m.Key, p) })
	go func() {
		defer close(p.done)
		defer cancel()
		defer func() { p.panicked = recover() }() // or it would end the process
		belongs, err := repliesOf(m.Payload)
		if err != nil || len(belongs.document) == 0 {
			return // SendReplies says so
		}
		p.id, p.err = s.upload(ctx, belongs.name+".pdf", belongs.document)
	}()
}

func (u *uploads) add(key string, p *pending) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.all == nil {
		u.all = make(map[string]*pending)
	}
	u.all[key] = p
}

// take returns the upload of the message with the key, or nil, and forgets it.
func (u *uploads) take(key string) *pending {
	u.mu.Lock()
	defer u.mu.Unlock()
	p := u.all[key]
	delete(u.all, key)
	return p
}

// forget removes an upload that was not taken.
func (u *uploads) forget(key string, p *pending) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.all[key] == p {
		delete(u.all, key)
	}
}

// wait returns the ID of the uploaded file, or why it could not be uploaded. Both are zero if no
// upload has begun.
func (p *pending) wait(ctx context.Context) (id string, err error) {
	if p == nil {
		return "", nil
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		p.drop()
	}
	if p.panicked != nil {
		panic(p.panicked)
	}
	return p.id, p.err
}

// drop ends an upload that is of no use.
func (p *pending) drop() {
	if p != nil {
		p.cancel()
		<-p.done
	}
}

// redactUpload removes the upload address from an error: anyone who has it can upload.
func redactUpload(err error) error {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var network *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited), errors.As(err, &status), errors.As(err, &network):
		return fmt.Errorf("upload: %w", redact(err))
	}
	return errors.New("upload: the request to the upload address failed")
}

var errNotReady = errors.New("not processed by Slack in time")

// awaitFile polls files.info until ready reports true or ctx ends. Slack has no event for that:
// files.info has a mimetype once the file is processed, and a share once it is done.
func (s *session) awaitFile(ctx context.Context, id string, ready func(*slack.File) bool) error {
	err := retry(ctx, 0, firstPoll, isTransient, func() error {
		file, _, _, err := s.GetFileInfoContext(ctx, id, 0, 0)
		if err == nil && !ready(file) {
			return errNotReady // which is transient, as it is not an answer of Slack
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("files.info: %w", err)
	}
	return nil
}
