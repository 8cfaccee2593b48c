// Command slash is the Lambda behind /kindly-report. What it answers is package command's.
package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"
	_ "time/tzdata" // the runtime has no tz database

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/functions/buckets"
	"kindlyweekly/functions/command"
	"kindlyweekly/functions/logs"
	"kindlyweekly/functions/queues"
	"kindlyweekly/functions/tenants"
	"kindlyweekly/functions/vault"
)

// fresh is for how long a configuration is taken for the newest: a change of who may ask takes that long to be heard of.
// The worker looks again.
const fresh = time.Minute

func main() {
	handler, err := newHandler(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("the slash command cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

// newHandler makes a handler of what the template sets and the outside world.
func newHandler(ctx context.Context, getenv func(string) string) (*command.Handler, error) {
	prefix := getenv("SECRET_PREFIX")
	if prefix == "" {
		return nil, errors.New("SECRET_PREFIX is empty: any tenant could name any secret")
	}
	aws, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	store := buckets.S3{Client: s3.NewFromConfig(aws), Bucket: getenv("BUCKET")}
	return &command.Handler{
		Tenants:      &tenants.Loader{Store: store, Fresh: fresh, Now: time.Now},
		SecretPrefix: prefix,
		Secrets:      &vault.Vault{Client: secretsmanager.NewFromConfig(aws)},
		Seen:         store,
		Requests:     queues.Requests{Client: sqs.NewFromConfig(aws), URL: getenv("REQUESTS_URL")},
		Now:          time.Now,
		Log:          logs.New(os.Stdout, slog.LevelInfo),
	}, nil
}
