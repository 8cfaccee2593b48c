package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"kindlyweekly/report/delivery"
)

// S3 is a bucket as a store.
//
// It needs s3:GetObject and s3:PutObject, and s3:ListBucket also where nothing is listed: without it S3 answers 403
// instead of 404 for a key that is not there.
type S3 struct {
	Client *s3.Client
	Bucket string
}

// Deployment names the deployment whose bucket it is, among all others, without naming the bucket.
func (b S3) Deployment() string { return hash([]byte("s3://" + b.Bucket))[:16] }

// Get returns an object, or delivery.ErrNotFound.
func (b S3) Get(ctx context.Context, key string) (delivery.Object, error) {
	if err := delivery.CheckKey(key); err != nil {
		return delivery.Object{}, err
	}
	out, err := b.Client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.Bucket, Key: &key})
	if _, missing := errors.AsType[*types.NoSuchKey](err); missing {
		return delivery.Object{}, delivery.ErrNotFound
	}
	if err != nil {
		return delivery.Object{}, fmt.Errorf("get %s from bucket %s: %w", key, b.Bucket, err)
	}
	defer out.Body.Close()
	data, err := delivery.ReadObject(out.Body, key, aws.ToInt64(out.ContentLength))
	if err != nil {
		return delivery.Object{}, fmt.Errorf("get %s from bucket %s: %w", key, b.Bucket, err)
	}
	return delivery.Object{Data: data, Type: aws.ToString(out.ContentType), ETag: aws.ToString(out.ETag)}, nil
}

// Time returns what time it is by S3's clock, to the second: the Date of an answer. It needs no more than List.
func (b S3) Time(ctx context.Context) (time.Time, error) {
	out, err := b.Client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &b.Bucket, Prefix: aws.String(delivery.ConfigPrefix), MaxKeys: aws.Int32(1)})
	if err != nil {
		return time.Time{}, fmt.Errorf("list %s in bucket %s: %w", delivery.ConfigPrefix, b.Bucket, err)
	}
	at, ok := awsmiddleware.GetServerTime(out.ResultMetadata)
	if !ok {
		return time.Time{}, fmt.Errorf("list %s in bucket %s: the answer has no Date", delivery.ConfigPrefix, b.Bucket)
	}
	return at, nil
}

// nonce is the metadata that tells one Put from every other.
const nonce = "put"

// Put writes an object if the condition holds.
//
// The SDK repeats a request whose answer was lost, and the second then meets a 412 that the first may have caused. So
// each Put leaves a nonce with the object, and after such a 412 looks whose it is. If it is another's, the first may
// still have been written and been replaced since, and the error is not delivery.ErrConflict.
//
// S3's 409, which says that another request for the key is under way, is repeated under the same condition, which by
// then holds or does not.
func (b S3) Put(ctx context.Context, key string, o delivery.Object, c delivery.Condition) (string, error) {
	if err := errors.Join(delivery.CheckKey(key), delivery.CheckSize(key, int64(len(o.Data)))); err != nil {
		return "", err
	}
	mine := rand.Text()
	in := &s3.PutObjectInput{
		Bucket:   &b.Bucket,
		Key:      &key,
		Body:     bytes.NewReader(o.Data),
		Metadata: map[string]string{nonce: mine},
	}
	if o.Type != "" {
		in.ContentType = &o.Type
	}
	if c.IfAbsent() {
		in.IfNoneMatch = aws.String("*")
	} else if etag := c.IfMatch(); etag != "" {
		in.IfMatch = &etag
	}
	w := &witness{}
	out, err := b.Client.PutObject(ctx, in, w.listen)
	switch {
	case err == nil:
		return aws.ToString(out.ETag), nil
	case code(err) == "PreconditionFailed", code(err) == "NoSuchKey" && c.IfMatch() != "": // changed, or gone
		if !w.doubtful {
			return "", delivery.ErrConflict
		}
		head, failed := b.Client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.Bucket, Key: &key})
		if failed == nil && head.Metadata[nonce] == mine {
			return aws.ToString(head.ETag), nil
		}
		err = fmt.Errorf("it may have been done and undone: %w", errors.Join(err, failed))
	}
	return "", fmt.Errorf("put %s into bucket %s: %w", key, b.Bucket, err)
}

// A witness hears of every attempt at a Put.
type witness struct {
	aws.RetryerV2
	doubtful bool // an attempt has failed that may have written
}

// listen makes the witness the retryer of one request. It also lets it wait for those under way: each takes
// milliseconds, but there may be many.
func (w *witness) listen(o *s3.Options) {
	patient := retry.AddWithMaxAttempts(retry.AddWithErrorCodes(o.Retryer, busy), 8)
	w.RetryerV2 = patient.(aws.RetryerV2) // as all that package retry makes
	o.Retryer = w
}

const busy = "ConditionalRequestConflict"

// IsErrorRetryable is asked after every attempt that failed.
func (w *witness) IsErrorRetryable(err error) bool {
	again := w.RetryerV2.IsErrorRetryable(err)
	w.doubtful = w.doubtful || again && code(err) != busy
	return again
}

// code returns S3's own word for an error, "" where it did not come from S3.
func code(err error) string {
	if failure, ok := errors.AsType[smithy.APIError](err); ok {
		return failure.ErrorCode()
	}
	return ""
}

// List returns the keys that begin with the prefix, in the order of their bytes, as S3 gives them.
func (b S3) List(ctx context.Context, prefix string) ([]string, error) {
	if err := delivery.CheckPrefix(prefix); err != nil {
		return nil, err
	}
	var keys []string
	for pages := s3.NewListObjectsV2Paginator(b.Client, &s3.ListObjectsV2Input{Bucket: &b.Bucket, Prefix: &prefix}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list %s in bucket %s: %w", prefix, b.Bucket, err)
		}
		for _, o := range page.Contents {
			keys = append(keys, aws.ToString(o.Key))
		}
	}
	return keys, nil
}
