package sns

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
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
	subscriptions, err := Subscriptions(ctx, load, topic)
	if err != nil {
		add("alarms", err.Error(), retry.Remedy(err))
		return found
	}
	confirmed := false
	for _, s := range subscriptions {
		if s.Confirmed {
			confirmed = true
			continue
		}
		add("alarms to "+s.Endpoint, "the subscription is not confirmed",
			"follow the link in the mail that AWS sent there; for a new one: SNS console,"+
				" Subscriptions, Request confirmation")
	}
	switch {
	case confirmed:
		add("alarms", channel.OK, "")
	case len(subscriptions) == 0:
		add("alarms", "no subscriptions", "aws sns subscribe --topic-arn "+topic+
			" --protocol email --notification-endpoint you@example.com, and follow the link in"+
			" the mail")
	}
	return found
}

// A Subscription is that of one address to a topic.
type Subscription struct {
	Endpoint  string // you@example.com
	Confirmed bool   // SNS sends to it
}

// Subscriptions returns the subscriptions of a topic. SNS deletes one that is not confirmed within
// about three days. It needs sns:ListSubscriptionsByTopic; load returns the operator's account.
func Subscriptions(
	ctx context.Context, load func(context.Context) (aws.Config, error), topic string,
) (all []Subscription, err error) {
	client, err := clientFor(ctx, load, topic)
	if err != nil {
		return nil, err
	}
	pages := sns.NewListSubscriptionsByTopicPaginator(client,
		&sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, answer(err)
		}
		for _, s := range page.Subscriptions {
			all = append(all, Subscription{Endpoint: aws.ToString(s.Endpoint),
				Confirmed: arn.IsARN(aws.ToString(s.SubscriptionArn))})
		}
	}
	return all, nil
}

// clientFor returns a client for the region of a topic.
func clientFor(
	ctx context.Context, load func(context.Context) (aws.Config, error), topic string,
) (*sns.Client, error) {
	at, err := arn.Parse(topic)
	if err != nil || at.Service != "sns" {
		return nil, fmt.Errorf("%q is not a topic ARN", topic)
	}
	cfg, err := load(ctx)
	if err != nil {
		return nil, err
	}
	return sns.NewFromConfig(cfg, func(o *sns.Options) { o.Region = at.Region }), nil
}

// answer returns an error without the request's ID, if SNS answered.
func answer(err error) error {
	if refusal := new(smithyhttp.ResponseError); errors.As(err, &refusal) {
		return fmt.Errorf("SNS answered %d (%s)", refusal.HTTPStatusCode(), retry.Reason(err))
	}
	return err
}
