// Command tick is the Lambda that, every quarter of an hour, queues the reports that are due and tells of those that do not
// arrive. What it does with a tick is package tick's.
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
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/sns"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/tick"
	"kindlyweekly/report/config"
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
func newHandler(ctx context.Context, getenv func(string) string) (*tick.Handler, error) {
	hours, err := strconv.Atoi(getenv("CATCH_UP_HOURS"))
	if err != nil {
		return nil, fmt.Errorf("CATCH_UP_HOURS: %w", err)
	}
	var divert *config.Destination
	if s := getenv("DIVERT_TO"); s != "" {
		d, err := config.ParseDestination(s)
		if err != nil {
			return nil, fmt.Errorf("DIVERT_TO: %w", err)
		}
		divert = &d
	}
	prefix := getenv("SECRET_PREFIX")
	if prefix == "" {
		return nil, errors.New("SECRET_PREFIX is empty: any tenant could name any secret")
	}
	aws, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	logger := log.New(os.Stdout, slog.LevelInfo)
	store := store.S3{Client: s3.NewFromConfig(aws), Bucket: getenv("BUCKET")}
	secretStore := &secrets.Vault{Client: secretsmanager.NewFromConfig(aws)}
	slack := &slack.Client{
		Token: func(ctx context.Context, t *config.Tenant) (string, error) {
			if err := secrets.Own(prefix, t.Name, t.Slack.TokenSecret); err != nil {
				return "", err
			}
			return secretStore.Get(ctx, t.Slack.TokenSecret)
		},
		Refetch: func(ctx context.Context, t *config.Tenant) error {
			_, err := secretStore.Refetch(ctx, t.Slack.TokenSecret)
			return err
		},
		Deployment: store.Deployment(),
		URL:        getenv("SLACK_API_URL"), Log: logger,
	}
	mail := &email.Sender{Client: sesv2.NewFromConfig(aws), ConfigurationSet: getenv("SES_CONFIGURATION_SET"), Store: store}
	ledger, window := &delivery.Ledger{Store: store, Now: time.Now}, time.Duration(hours)*time.Hour
	return &tick.Handler{
		Tenants: &tenantconfig.Loader{Store: store, Keep: true},
		Ledger:  ledger,
		Queue:   queues.Weekly{Client: sqs.NewFromConfig(aws), URL: getenv("QUEUE_URL")},
		Desk: &alerting.Desk{
			Ledger: ledger,
			Senders: map[config.Medium]delivery.Sender{
				config.Slack: slack, config.Mail: mail, delivery.Topic: &sns.Sender{Client: awssns.NewFromConfig(aws)},
			},
			Divert:   divert,
			Topic:    getenv("ALARM_TOPIC"),
			Window:   window,
			Log:      logger,
			Commands: alerting.Commands{Bucket: store.Bucket, Secrets: prefix, Divert: divert, MailSet: mail.ConfigurationSet},
		},
		Window: window,
		Log:    logger,
	}, nil
}
