// Command tick is the Lambda that, every quarter of an hour, queues the reports that are due and tells of those that do not
// arrive. What it does with a tick is package schedule's.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"strconv"
	"time"
	_ "time/tzdata" // the runtime has no tz database

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/functions/buckets"
	"kindlyweekly/functions/incidents"
	"kindlyweekly/functions/logs"
	"kindlyweekly/functions/operator"
	"kindlyweekly/functions/queues"
	"kindlyweekly/functions/schedule"
	"kindlyweekly/functions/sesapi"
	"kindlyweekly/functions/slackapi"
	"kindlyweekly/functions/snsapi"
	"kindlyweekly/functions/tenants"
	"kindlyweekly/functions/vault"
	"kindlyweekly/report/bots"
	"kindlyweekly/report/delivery"
)

func main() {
	// The collector works harder before Lambda ends the function: a large tenant lives on a third of the memory that there is.
	if mb, err := strconv.ParseInt(os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), 10, 64); err == nil {
		debug.SetMemoryLimit(mb << 20 * 8 / 10)
	}
	handler, err := newHandler(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("the tick cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

// newHandler makes a handler of what the template sets and the outside world.
func newHandler(ctx context.Context, getenv func(string) string) (*schedule.Handler, error) {
	hours, err := strconv.Atoi(getenv("CATCH_UP_HOURS"))
	if err != nil {
		return nil, fmt.Errorf("CATCH_UP_HOURS: %w", err)
	}
	var divert *bots.Destination
	if s := getenv("DIVERT_TO"); s != "" {
		d, err := bots.ParseDestination(s)
		if err != nil {
			return nil, fmt.Errorf("DIVERT_TO: %w", err)
		}
		divert = &d
	}
	prefix := getenv("SECRET_PREFIX")
	if prefix == "" {
		return nil, errors.New("SECRET_PREFIX is empty: any tenant could name any secret")
	}
	aws, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	log := logs.New(os.Stdout, slog.LevelInfo)
	store := buckets.S3{Client: s3.NewFromConfig(aws), Bucket: getenv("BUCKET")}
	secrets := &vault.Vault{Client: secretsmanager.NewFromConfig(aws)}
	slack := &slackapi.Client{
		Token: func(ctx context.Context, t *bots.Tenant) (string, error) {
			if err := vault.Own(prefix, t.Name, t.Slack.TokenSecret); err != nil {
				return "", err
			}
			return secrets.Get(ctx, t.Slack.TokenSecret)
		},
		Refetch: func(ctx context.Context, t *bots.Tenant) error {
			_, err := secrets.Refetch(ctx, t.Slack.TokenSecret)
			return err
		},
		Deployment: store.Deployment(),
		URL:        getenv("SLACK_API_URL"), Log: log,
	}
	mail := &sesapi.Sender{Client: sesv2.NewFromConfig(aws), ConfigurationSet: getenv("SES_CONFIGURATION_SET"), Store: store}
	ledger, window := &delivery.Ledger{Store: store, Now: time.Now}, time.Duration(hours)*time.Hour
	return &schedule.Handler{
		Tenants: &tenants.Loader{Store: store, Keep: true},
		Ledger:  ledger,
		Queue:   queues.Weekly{Client: sqs.NewFromConfig(aws), URL: getenv("QUEUE_URL")},
		Desk: &incidents.Desk{
			Ledger: ledger,
			Senders: map[bots.Medium]delivery.Sender{
				bots.Slack: slack, bots.Mail: mail, delivery.Topic: &snsapi.Sender{Client: sns.NewFromConfig(aws)},
			},
			Divert:   divert,
			Topic:    getenv("ALARM_TOPIC"),
			Window:   window,
			Log:      log,
			Commands: operator.Commands{Bucket: store.Bucket, Secrets: prefix, Divert: divert, MailSet: mail.ConfigurationSet},
		},
		Window: window,
		Log:    log,
	}, nil
}
