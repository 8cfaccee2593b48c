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

// Preflight checks that the topic of the alarms has confirmed subscriptions: SNS sends nothing to
// an address that has not confirmed. load returns the operator's account.
func Preflight(
	ctx context.Context, load func(context.Context) (aws.Config, error), topic string,
) (found []channel.Finding) {
	add := func(subject, state, remedy string) {
		found = append(found, channel.Finding{Subject: subject, State: state, Remedy: remedy})
	}
	if topic == "" {
		add("alarms", channel.NotChecked,
			"name their topic: --alarms ARN, AlarmTopic of the stack's outputs")
		return found
	}
	subscriptions, err := subscriptions(ctx, load, topic)
	if err != nil {
		add("alarms", err.Error(),
			"is the ARN that of the stack's output AlarmTopic? "+retry.RemedyLogin)
		return found
	}
	confirmed := false
	for _, s := range subscriptions {
		if arn.IsARN(aws.ToString(s.SubscriptionArn)) {
			confirmed = true
			continue
		}
		add("alarms to "+aws.ToString(s.Endpoint), "the subscription is not confirmed",
			"follow the link in the mail that AWS sent there; after three days deploy again"+
				" for a new one")
	}
	switch {
	case confirmed:
		add("alarms", channel.OK, "")
	case len(subscriptions) == 0:
		add("alarms", "no subscriptions", "deploy with AlarmEmail=you@example.com")
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
	pages := sns.NewListSubscriptionsByTopicPaginator(client,
		&sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		var refusal *smithyhttp.ResponseError
		switch {
		case errors.As(err, &refusal):
			return nil, fmt.Errorf("SNS answered %d (%s)",
				refusal.HTTPStatusCode(), retry.Reason(err))
		case err != nil:
			return nil, err
		}
		all = append(all, page.Subscriptions...)
	}
	return all, nil
}
