// Command slash is the Lambda behind /kindly-report. What it answers is package slash's.
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

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/slash"
	"kindlyweekly/functions/tenantconfig"
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
func newHandler(ctx context.Context, getenv func(string) string) (*slash.Handler, error) {
	prefix := getenv("SECRET_PREFIX")
	if prefix == "" {
		return nil, errors.New("SECRET_PREFIX is empty: any tenant could name any secret")
	}
	aws, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	store := store.S3{Client: s3.NewFromConfig(aws), Bucket: getenv("BUCKET")}
	return &slash.Handler{
		Tenants:      &tenantconfig.Loader{Store: store, Fresh: fresh, Now: time.Now},
		SecretPrefix: prefix,
		Secrets:      &secrets.Vault{Client: secretsmanager.NewFromConfig(aws)},
		Seen:         store,
		Requests:     queues.Requests{Client: sqs.NewFromConfig(aws), URL: getenv("REQUESTS_URL")},
		Now:          time.Now,
		Log:          log.New(os.Stdout, slog.LevelInfo),
	}, nil
}
