package sns

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/channel"
)

// Preflight checks that the topic of the alarms has subscribers: SNS sends nothing to an address that has
// not confirmed its subscription. load returns the operator's account.
func Preflight(ctx context.Context, load func(context.Context) (aws.Config, error), topic string) []channel.Finding {
	if topic == "" {
		return []channel.Finding{{Subject: "alarms", State: channel.NotChecked,
			Remedy: "name their topic: --alarms ARN, AlarmTopic of the stack's outputs"}}
	}
	subscriptions, err := subscriptions(ctx, load, topic)
	if err != nil {
		return []channel.Finding{{Subject: "alarms", State: err.Error(),
			Remedy: "is the ARN that of the stack's output AlarmTopic? " + retry.RemedyLogin}}
	}
	var found []channel.Finding
	confirmed := 0
	for _, s := range subscriptions {
		if arn.IsARN(aws.ToString(s.SubscriptionArn)) {
			confirmed++
			continue
		}
		found = append(found, channel.Finding{Subject: "alarms to " + aws.ToString(s.Endpoint),
			State:  "the subscription is not confirmed",
			Remedy: "follow the link in the mail that AWS sent there; after three days deploy again for a new one"})
	}
	switch {
	case len(subscriptions) == 0:
		found = append(found, channel.Finding{Subject: "alarms", State: "no subscriptions",
			Remedy: "deploy with AlarmEmail=you@example.com"})
	case confirmed > 0:
		found = append(found, channel.Finding{Subject: "alarms", State: channel.OK})
	}
	return found
}

// subscriptions returns the subscriptions of a topic.
func subscriptions(
	ctx context.Context, load func(context.Context) (aws.Config, error), topic string,
) (all []types.Subscription, err error) {
	at, err := arn.Parse(topic)
	if err != nil || at.Service != "sns" {
		return nil, fmt.Errorf("%q is not a topic ARN", topic)
	}
	cfg, err := load(ctx)
	if err != nil {
		return nil, err
	}
	client := sns.NewFromConfig(cfg, func(o *sns.Options) { o.Region = at.Region })
	pages := sns.NewListSubscriptionsByTopicPaginator(client, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		var refusal *smithyhttp.ResponseError
		switch {
		case errors.As(err, &refusal):
			return nil, fmt.Errorf("SNS answered %d: %s", refusal.HTTPStatusCode(), retry.Reason(err))
		case err != nil:
			return nil, err
		}
		all = append(all, page.Subscriptions...)
	}
	return all, nil
}
