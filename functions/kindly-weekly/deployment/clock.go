package deployment

import (
	"context"
	"fmt"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
)

// maxSkew is the largest difference from S3's clock at which a command may use the ledger. A claim
// outlasts its worker's deadline by as much.
const maxSkew = time.Minute

// CheckClock returns an error if this machine's clock is more than maxSkew from the bucket's.
func CheckClock(ctx context.Context, h cli.Host, store Store) error {
	off, err := ClockSkew(ctx, h, store)
	if err == nil && off != "" {
		err = fmt.Errorf("this machine's clock is %s, so claims and due times would be wrong: "+
			"set the clock, then run this again", off)
	}
	return err
}

// ClockSkew describes how far this machine's clock is from the bucket's, or returns an empty string
// if that is at most maxSkew. A folder has no clock.
func ClockSkew(ctx context.Context, h cli.Host, store Store) (off string, err error) {
	clock, ok := store.(interface {
		Time(context.Context) (time.Time, error)
	})
	if !ok {
		return "", nil
	}
	asked := h.Now()
	at, err := clock.Time(ctx)
	came := h.Now()
	if err != nil {
		return "", err
	}
	// S3 rounds to seconds, and read its clock at some time between request and response.
	if ahead := asked.Sub(at.Add(time.Second)); ahead > maxSkew {
		return fmt.Sprintf("%v ahead of S3's", ahead.Round(time.Second)), nil
	}
	if behind := at.Sub(came); behind > maxSkew {
		return fmt.Sprintf("%v behind S3's", behind.Round(time.Second)), nil
	}
	return "", nil
}
