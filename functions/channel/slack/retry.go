package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/slack-go/slack"

	"kindlyweekly/report/delivery"
)

const (
	// maxWait is how long one call waits for Slack's rate limits, all 429s together. The ledger
	// retries later.
	maxWait = time.Minute
	tries   = 3 // of one call, without those that got a 429
)

// retryRateLimit calls call, and again after each 429, when Slack allows it. In a channel that many
// reports go to at once that may be many times. It waits no longer than maxWait and not beyond the
// deadline of ctx. It returns the last error of call.
func retryRateLimit(ctx context.Context, call func() error) error {
	return retry(ctx, tries, time.Second, func(error) bool { return false }, call)
}

// errNoTime is the error of a call that was not made, since the time of its context was over.
var errNoTime = errors.New("no time was left")

// retryVisible is retryRateLimit for a call whose effect people see. It does not call when no time
// is left.
func retryVisible(ctx context.Context, call func() error) error {
	return retryRateLimit(ctx, func() error {
		if err := delivery.CheckDeadline(ctx, time.Now()); err != nil {
			return fmt.Errorf("%w: %w", errNoTime, err)
		}
		return call()
	})
}

// retryTransient is retryRateLimit for a call that may be made twice. It also repeats it after a
// lost answer, after one second and after two.
func retryTransient(ctx context.Context, call func() error) error {
	return retry(ctx, tries, time.Second, isTransient, call)
}

const (
	firstPoll = 250 * time.Millisecond
	lastPause = 2 * time.Second // pauses become longer up to this
)

// retry calls call until it succeeds, at most limit times; 0 means no limit. Calls that get a 429
// do not count. Pauses begin with first and double.
func retry(
	ctx context.Context, limit uint, first time.Duration, again func(error) bool, call func() error,
) (err error) {
	pauses := &backoff.ExponentialBackOff{
		InitialInterval: first, Multiplier: 2, MaxInterval: lastPause,
	}
	var left time.Duration // 0: unlimited
	if deadline, ok := ctx.Deadline(); ok {
		left = time.Until(deadline) - 1 // a wait that ends with the deadline is in vain
	}
	var made uint
	var waited time.Duration
	_, _ = backoff.Retry(ctx, func() (struct{}, error) {
		err = call()
		var limited *slack.RateLimitedError
		switch {
		case errors.As(err, &limited):
			wait := max(limited.RetryAfter, time.Second)
			if waited += wait; waited > maxWait {
				return struct{}{}, backoff.Permanent(err)
			}
			return struct{}{}, &backoff.RetryAfterError{Duration: wait}
		case err != nil:
			if made++; made == limit || !again(err) {
				return struct{}{}, backoff.Permanent(err)
			}
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(left))
	return err
}
