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

	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/digest"
)

// chartsTime is how long all charts together may take. If ctx has less than twice as much left, it
// is half of that, so that the digest can still be posted without them.
const chartsTime = 45 * time.Second

// uploadCharts uploads the layout's charts concurrently, unless Send has, and returns the IDs of
// those that a message can show. It fails only if Slack refuses the token, since a message can do
// without pictures.
func (s *session) uploadCharts(
	ctx context.Context, log *slog.Logger, l layout, charts []string,
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
			ids[i], errs[i] = s.client.finishUpload(limited, chartKey(l.key, name),
				func(ctx context.Context) (string, error) {
					return s.uploadChart(ctx, name+".png", l.chart(name))
				})
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

// beginUploads begins to upload what belongs below a message that is being posted: its PDF and, if
// the destination gets pictures, those of its details. SendReplies takes the uploads before ctx
// ends: a later attempt uploads the files itself. No file has an effect before SendReplies shares
// it or posts a message that names it. drop ends uploads that are of no use. beginUploads does
// nothing unless Slack has accepted the token before, by which the message was signed.
func (c *Client) beginUploads(ctx context.Context, m delivery.Message) (drop func()) {
	drop = func() {}
	if m.Payload == nil || !m.Payload.HasReplies() {
		return drop
	}
	s, err := c.session(ctx, m.Tenant)
	if err != nil {
		return drop // posting the message fails too
	}
	if _, accepted := c.apps.Load(s.token); !accepted {
		return drop
	}
	belongs, err := repliesOf(m)
	if err != nil {
		return drop // SendReplies says so
	}
	begun := map[string]*pending{}
	begin := func(key string, upload func(context.Context) (id string, err error)) {
		begun[key] = start(ctx, upload)
		c.uploads.add(key, begun[key])
	}
	if len(belongs.document) > 0 {
		begin(m.Key, func(ctx context.Context) (string, error) {
			return s.upload(ctx, belongs.name+".pdf", belongs.document)
		})
	}
	if d := belongs.details; d != nil && m.Destination.Charts == config.Images {
		for _, name := range d.blocks(digest.Images(nil)).Charts {
			begin(chartKey(d.key, name), func(ctx context.Context) (string, error) {
				return s.uploadChart(ctx, name+".png", d.chart(name))
			})
		}
	}
	forget := func() {
		for key, p := range begun {
			c.uploads.forget(key, p)
		}
	}
	context.AfterFunc(ctx, forget)
	return func() {
		forget()
		for _, p := range begun {
			p.drop()
		}
	}
}

// finishUpload returns the ID of the file whose upload was begun for the key. If none was, or if it
// failed for now or ended with an earlier attempt, finishUpload uploads the file.
func (c *Client) finishUpload(
	ctx context.Context, key string, upload func(context.Context) (id string, err error),
) (id string, err error) {
	begun := c.uploads.take(key)
	if begun == nil {
		return upload(ctx)
	}
	id, err = begun.wait(ctx)
	if err != nil && ctx.Err() == nil && (isTransient(err) || isTokenRefused(err)) {
		return upload(ctx)
	}
	return id, err
}

// uploads has the uploads that have begun and were not taken, by a message's key for its PDF, and
// by chartKey.
type uploads struct {
	mu  sync.Mutex
	all map[string]*pending
}

// chartKey returns the key of the upload of a chart in a message with the key.
func chartKey(message, chart string) string { return message + "/" + chart }

func (u *uploads) add(key string, p *pending) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.all == nil {
		u.all = make(map[string]*pending)
	}
	u.all[key] = p
}

// take returns the upload that was begun for the key, or nil, and forgets it.
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

// pending is a call that is being made.
type pending struct {
	cancel   context.CancelFunc
	done     chan struct{}
	answer   string // once it is done
	err      error
	panicked any
}

// start begins a call.
func start(ctx context.Context, call func(context.Context) (answer string, err error)) *pending {
	ctx, cancel := context.WithCancel(ctx)
	p := &pending{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		defer cancel()
		defer func() { p.panicked = recover() }() // or it would end the process
		p.answer, p.err = call(ctx)
	}()
	return p
}

// wait returns the answer of the call. It ends the call with ctx.
func (p *pending) wait(ctx context.Context) (answer string, err error) {
	select {
	case <-p.done:
	case <-ctx.Done():
		p.drop()
	}
	if p.panicked != nil {
		panic(p.panicked)
	}
	return p.answer, p.err
}

// drop ends a call that is of no use.
func (p *pending) drop() {
	p.cancel()
	<-p.done
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
