// Command worker is the Lambda that builds and delivers reports, and answers requests for one.
// Package worker does the work.
package main

import (
	"context"
	"log/slog"
	"os"
	_ "time/tzdata" // the runtime has no tz database

	"github.com/aws/aws-lambda-go/lambda"

	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/functions/worker"
)

func main() {
	worker, err := newWorker(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("the worker cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(worker.Handle)
}

// newWorker returns the worker that the environment describes.
func newWorker(ctx context.Context, getenv func(string) string) (*worker.Worker, error) {
	d, err := sending.New(ctx, getenv)
	if err != nil {
		return nil, err
	}
	return worker.New(d)
}
