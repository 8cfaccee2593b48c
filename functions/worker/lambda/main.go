// Command worker is the Lambda that builds reports, delivers them, and answers whoever asked for one. What it does with a
// message is package worker's.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
	_ "time/tzdata" // the runtime has no tz database

	"github.com/aws/aws-lambda-go/lambda"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/email"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/worker"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

func main() {
	worker, err := newWorker(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("the worker cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(worker.Handle)
}

// newWorker makes a worker of what the template sets and the outside world.
func newWorker(ctx context.Context, getenv func(string) string) (*worker.Worker, error) {
	hours, err := strconv.Atoi(getenv("CATCH_UP_HOURS"))
	if err != nil {
		return nil, fmt.Errorf("CATCH_UP_HOURS: %w", err)
	}
	divert, err := worker.ParseDivert(getenv("DIVERT_TO"))
	if err != nil {
		return nil, fmt.Errorf("DIVERT_TO: %w", err)
	}
	hooks, err := hooksBeside(getenv("SLACK_API_URL"))
	if err != nil {
		return nil, fmt.Errorf("SLACK_API_URL: %w", err)
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
		URL:        getenv("SLACK_API_URL"), HooksURL: hooks, Log: logger,
	}
	mail := &email.Sender{Client: sesv2.NewFromConfig(aws), ConfigurationSet: getenv("SES_CONFIGURATION_SET"), Store: store}
	return &worker.Worker{
		Tenants:      &tenantconfig.Loader{Store: store},
		Ledger:       &delivery.Ledger{Store: store, Now: time.Now},
		Archive:      delivery.Archive{Store: store},
		Secrets:      secretStore,
		SecretPrefix: prefix,
		Commands:     alerting.Commands{Bucket: store.Bucket, Secrets: prefix, Divert: divert, MailSet: mail.ConfigurationSet},
		Senders:      map[config.Medium]delivery.Sender{config.Slack: slack, config.Mail: mail},
		Slack:        slack,
		Permalink:    slack.Permalink,
		SageURL:      getenv("SAGE_URL"),
		KindlyURL:    getenv("KINDLY_API_URL"),
		HTTP:         transport(),
		CatchUp:      time.Duration(hours) * time.Hour,
		Divert:       divert,
		Now:          time.Now,
		Log:          logger,
		Metrics:      &log.Metrics{Writer: os.Stdout, Stage: getenv("STAGE"), Now: time.Now},
	}, nil
}

// transport keeps as many connections to Sage as a report uses at once, from one report to the next.
func transport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 8
	return t
}

// hooksBeside returns where response URLs lead if the Web API is not Slack's own: to the same host. Only tests set that.
func hooksBeside(api string) (string, error) {
	if api == "" {
		return "", nil
	}
	u, err := url.Parse(api)
	if err != nil {
		return "", err
	}
	return u.Scheme + "://" + u.Host, nil
}
