// Command tick is the Lambda that queues the reports that are due, every 15 minutes, and alerts
// people of those that do not arrive. Package tick does the work.
package main

import (
	"context"
	"log/slog"
	"os"
	"strconv"
	_ "time/tzdata" // the runtime has no tz database

	"github.com/aws/aws-lambda-go/lambda"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/channel/sns"
	"kindlyweekly/functions/tick"
	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/report/delivery"
)

func main() {
	size := os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
	if mb, err := strconv.ParseInt(size, 10, 64); err == nil {
		tick.LimitMemory(mb)
	}
	handler, err := newHandler(context.Background(), os.Getenv)
	if err != nil {
		slog.Error("the tick cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler.Handle)
}

// newHandler returns the handler that the environment describes.
func newHandler(ctx context.Context, getenv func(string) string) (*tick.Handler, error) {
	d, err := sending.New(ctx, getenv)
	if err != nil {
		return nil, err
	}
	aws, err := d.AWS(ctx)
	if err != nil {
		return nil, err
	}
	d.Senders[delivery.Topic] = &sns.Sender{Client: awssns.NewFromConfig(aws)}
	h := tick.New(d, queues.Weekly{Client: sqs.NewFromConfig(aws), URL: getenv("QUEUE_URL")})
	h.Describe = func(ctx context.Context) error {
		described, err := about.FromEnvironment(getenv)
		if err != nil {
			return err
		}
		return described.Save(ctx, d.Store)
	}
	return h, nil
}
