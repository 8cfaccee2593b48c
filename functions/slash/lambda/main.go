// Command slash is the Lambda behind /kindly-report. Package slash does the work.
package main

import (
	"context"
	"log/slog"
	"os"
	"time"
	_ "time/tzdata" // the runtime has no tz database

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/slash"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/functions/wire"
)

// fresh is how long a configuration is used before it is read again, and so how long a change of
// who may ask takes. The worker checks again.
const fresh = time.Minute

func main() {
	handler, err := newHandler(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("the slash command cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

// newHandler returns the handler that the environment describes.
func newHandler(ctx context.Context, getenv func(string) string) (*slash.Handler, error) {
	d, err := wire.New(getenv)
	if err != nil {
		return nil, err
	}
	aws, err := d.AWS(ctx)
	if err != nil {
		return nil, err
	}
	return &slash.Handler{
		Tenants:      &tenantconfig.Loader{Store: d.Store, MaxAge: fresh, Now: d.Now},
		SecretPrefix: d.Prefix,
		Secrets:      d.Secrets,
		Seen:         d.Store,
		Requests:     queues.Requests{Client: sqs.NewFromConfig(aws), URL: getenv("REQUESTS_URL")},
		Now:          d.Now,
		Log:          d.Log,
	}, nil
}
