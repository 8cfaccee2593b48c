// Package queues sends and reads the two kinds of messages that the functions exchange over SQS.
//
// A message has names, never data: its receiver reads the current configuration. Its only secret is
// [Request.ResponseURL].
//
// The weekly queue is FIFO. The jobs of a bot are a group, so that only one worker at a time has
// the bot, and SQS drops a job that is sent again within five minutes. The queue of requests is a
// standard queue: a person is waiting.
package queues

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// BatchClient is what Weekly needs of SQS's client.
type BatchClient interface {
	SendMessageBatch(context.Context, *sqs.SendMessageBatchInput, ...func(*sqs.Options)) (
		*sqs.SendMessageBatchOutput, error)
}

// Client is what Requests needs of SQS's client.
type Client interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (
		*sqs.SendMessageOutput, error)
}

// maxBatch is the most messages that SQS accepts at once.
const maxBatch = 10

// Weekly is the FIFO queue of jobs.
type Weekly struct {
	Client BatchClient
	URL    string
}

// Send sends jobs. If SQS does not accept some of them, the error is an *UnsentError; the others
// are sent.
func (w Weekly) Send(ctx context.Context, jobs []Job) error {
	var unsent UnsentError
	for len(jobs) > 0 {
		n := min(maxBatch, len(jobs))
		refused, err := w.send(ctx, jobs[:n])
		unsent.Jobs = append(unsent.Jobs, refused.Jobs...)
		unsent.errs = append(unsent.errs, refused.errs...)
		if err != nil {
			// The next calls would fail too.
			unsent.Jobs = append(unsent.Jobs, jobs...)
			unsent.errs = append(unsent.errs, err)
			break
		}
		jobs = jobs[n:]
	}
	if len(unsent.Jobs) > 0 {
		return &unsent
	}
	return nil
}

func (w Weekly) send(ctx context.Context, jobs []Job) (refused UnsentError, err error) {
	in := &sqs.SendMessageBatchInput{QueueUrl: &w.URL}
	for i, job := range jobs {
		body, err := encode(job)
		if err != nil {
			return UnsentError{}, fmt.Errorf("job %s: %w", job.Job, err)
		}
		in.Entries = append(in.Entries, types.SendMessageBatchRequestEntry{
			Id:             aws.String(strconv.Itoa(i)),
			MessageBody:    &body,
			MessageGroupId: aws.String(id(job.Tenant + "/" + job.Bot)),
			MessageDeduplicationId: aws.String(
				id(strings.TrimSuffix(job.String()+"/"+job.Reason, "/"))),
		})
	}
	out, err := w.Client.SendMessageBatch(ctx, in)
	if err != nil {
		return UnsentError{}, fmt.Errorf("SQS did not accept jobs: %w", err)
	}
	for _, f := range out.Failed {
		i, err := strconv.Atoi(aws.ToString(f.Id))
		if err != nil || i < 0 || i >= len(jobs) {
			return UnsentError{}, fmt.Errorf("SQS refused an entry that was not sent: %q",
				aws.ToString(f.Id))
		}
		refused.Jobs = append(refused.Jobs, jobs[i])
		refused.errs = append(refused.errs, fmt.Errorf("SQS did not accept job %s: %s: %s",
			jobs[i].Job, aws.ToString(f.Code), aws.ToString(f.Message)))
	}
	return refused, nil
}

// UnsentError has the jobs that SQS did not accept.
type UnsentError struct {
	Jobs []Job
	errs []error
}

func (e *UnsentError) Error() string {
	const most = 3
	var causes []string
	for _, err := range e.errs[:min(most, len(e.errs))] {
		causes = append(causes, err.Error())
	}
	if more := len(e.errs) - most; more > 0 {
		causes = append(causes, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("%d not queued: %s", len(e.Jobs), strings.Join(causes, "; "))
}

func (e *UnsentError) Unwrap() []error { return e.errs }

// Requests is the queue of reports that a person waits for.
type Requests struct {
	Client Client
	URL    string
}

// Send sends a request.
func (r Requests) Send(ctx context.Context, q Request) error {
	body, err := encode(q)
	if err == nil {
		_, err = r.Client.SendMessage(ctx,
			&sqs.SendMessageInput{QueueUrl: &r.URL, MessageBody: &body})
	}
	if err != nil {
		return fmt.Errorf("SQS did not accept the request for %s/%s: %w",
			q.Tenant, q.Bot, redact(err, q.ResponseURL))
	}
	return nil
}

// redact replaces an error that quotes the response URL.
func redact(err error, url string) error {
	said := err.Error()
	if url != "" && (strings.Contains(said, url) || strings.Contains(said, quoted(url))) {
		return errors.New("[an error that quotes the message]")
	}
	return err
}

// quoted returns a text as a JSON message contains it.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil || len(b) < 2 {
		return s
	}
	return string(b[1 : len(b)-1])
}

// id returns an ID of a group or for deduplication: at most 128 printable ASCII characters. It is
// the text itself if possible, since people read it, else a hash.
func id(s string) string {
	const most = 128
	refused := func(r rune) bool { return r <= ' ' || r > '~' }
	if len(s) <= most && !strings.ContainsFunc(s, refused) {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
