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
// It needs s3:GetObject, s3:PutObject and s3:ListBucket. Without the last, S3 answers 403 instead
// of 404 for a missing key.
type S3 struct {
	Client *s3.Client
	Bucket string
}

// Deployment returns a name that distinguishes the bucket from other deployments, without revealing
// the bucket's name.
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
	return delivery.Object{
		Data: data, Type: aws.ToString(out.ContentType), ETag: aws.ToString(out.ETag)}, nil
}

// Time returns the time of S3's clock, to the second: the Date of an answer. It needs the
// permissions of List.
func (b S3) Time(ctx context.Context) (time.Time, error) {
	out, err := b.Client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
		Bucket: &b.Bucket, Prefix: aws.String(delivery.ConfigPrefix), MaxKeys: aws.Int32(1)})
	if err != nil {
		return time.Time{}, fmt.Errorf("list %s in bucket %s: %w",
			delivery.ConfigPrefix, b.Bucket, err)
	}
	at, ok := awsmiddleware.GetServerTime(out.ResultMetadata)
	if !ok {
		return time.Time{}, fmt.Errorf("list %s in bucket %s: the answer has no Date",
			delivery.ConfigPrefix, b.Bucket)
	}
	return at, nil
}

// nonce is the key of the metadata that identifies a Put.
const nonce = "put"

// Put writes an object if the condition holds, else it returns delivery.ErrConflict.
//
// The SDK repeats a request whose answer was lost, and the repetition may get a 412 that the first
// attempt caused. So each Put stores a nonce with the object and compares it after such a 412. If
// it differs, the first attempt may still have written, before another caller replaced it, so the
// error is not delivery.ErrConflict.
//
// After a 409, which says that another request for the key is under way, the SDK repeats the
// request under the same condition.
func (b S3) Put(
	ctx context.Context, key string, o delivery.Object, c delivery.Condition,
) (string, error) {
	size := int64(len(o.Data))
	if err := errors.Join(delivery.CheckKey(key), delivery.CheckSize(key, size)); err != nil {
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
	attempts := &attempts{}
	out, err := b.Client.PutObject(ctx, in, attempts.observe)
	switch {
	case err == nil:
		return aws.ToString(out.ETag), nil
	case code(err) == "PreconditionFailed", // changed
		code(err) == "NoSuchKey" && c.IfMatch() != "": // deleted
		if !attempts.maybeWritten {
			return "", delivery.ErrConflict
		}
		head, failed := b.Client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.Bucket, Key: &key})
		if failed == nil && head.Metadata[nonce] == mine {
			return aws.ToString(head.ETag), nil
		}
		err = fmt.Errorf("it may have been written and replaced: %w", errors.Join(err, failed))
	}
	return "", fmt.Errorf("put %s into bucket %s: %w", key, b.Bucket, err)
}

// attempts is a retryer that observes the attempts of one Put.
type attempts struct {
	aws.RetryerV2
	maybeWritten bool // an attempt failed that may have written
}

// observe makes a the retryer of one request. It also repeats the request after a 409: other
// requests take milliseconds, but there may be many.
func (a *attempts) observe(o *s3.Options) {
	r := retry.AddWithMaxAttempts(retry.AddWithErrorCodes(o.Retryer, busy), 8)
	a.RetryerV2 = r.(aws.RetryerV2) // as are all of package retry
	o.Retryer = a
}

const busy = "ConditionalRequestConflict"

// IsErrorRetryable is called after every attempt that failed.
func (a *attempts) IsErrorRetryable(err error) bool {
	again := a.RetryerV2.IsErrorRetryable(err)
	a.maybeWritten = a.maybeWritten || again && code(err) != busy
	return again
}

// code returns S3's error code, or "" if the error does not come from S3.
func code(err error) string {
	if failure, ok := errors.AsType[smithy.APIError](err); ok {
		return failure.ErrorCode()
	}
	return ""
}

// List returns the keys that begin with the prefix, in byte order, as S3 returns them.
func (b S3) List(ctx context.Context, prefix string) (keys []string, err error) {
	err = b.list(ctx, prefix, func(o types.Object) { keys = append(keys, aws.ToString(o.Key)) })
	return keys, err
}

// ETags returns the ETags of the objects whose keys begin with the prefix, by key, in one request
// for each 1,000. They are those of Get.
func (b S3) ETags(ctx context.Context, prefix string) (map[string]string, error) {
	etags := make(map[string]string)
	err := b.list(ctx, prefix, func(o types.Object) {
		etags[aws.ToString(o.Key)] = aws.ToString(o.ETag)
	})
	return etags, err
}

func (b S3) list(ctx context.Context, prefix string, found func(types.Object)) error {
	if err := delivery.CheckPrefix(prefix); err != nil {
		return err
	}
	in := &s3.ListObjectsV2Input{Bucket: &b.Bucket, Prefix: &prefix}
	for pages := s3.NewListObjectsV2Paginator(b.Client, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list %s in bucket %s: %w", prefix, b.Bucket, err)
		}
		for _, o := range page.Contents {
			found(o)
		}
	}
	return nil
}
