package sns_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/channel/sns"
	"kindlyweekly/functions/internal/moto"
)

// subscriber is a subscription as SNS lists it: ARN and endpoint.
type subscriber struct{ arn, endpoint string }

// A list is a topic's subscriptions, a page for each answer.
type list [][]subscriber

func (l list) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page := 0
	fmt.Sscan(r.FormValue("NextToken"), &page)
	fmt.Fprint(w, "<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>")
	for _, s := range l[page] {
		fmt.Fprintf(w, "<member><SubscriptionArn>%s</SubscriptionArn><Endpoint>%s</Endpoint></member>",
			s.arn, s.endpoint)
	}
	fmt.Fprint(w, "</Subscriptions>")
	if page+1 < len(l) {
		fmt.Fprintf(w, "<NextToken>%d</NextToken>", page+1)
	}
	fmt.Fprint(w, "</ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>")
}

// The words of each finding: subject, state, remedy.
func TestPreflight_Findings(t *testing.T) {
	confirmed := subscriber{topic + ":1", "ops@example.com"}
	pending := subscriber{"PendingConfirmation", "kari@example.com"}
	const follow = "follow the link in the mail that AWS sent there;" +
		" for a new one: SNS console, Subscriptions, Request confirmation"
	const login = "do the AWS credentials and the region of this shell belong to the deployment? aws sts get-caller-identity"
	refused := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(403, "AuthorizationError")(w)
	})
	for _, test := range []struct {
		name  string
		topic string
		aws   http.Handler // nil: AWS is not asked
		want  []string
	}{
		{"no ARN", "alarms", nil, []string{`alarms | "alarms" is not a topic ARN | ` + login}},
		{"the ARN of a queue", "arn:aws:sqs:eu-west-1:123456789012:alarms", nil, []string{
			`alarms | "arn:aws:sqs:eu-west-1:123456789012:alarms" is not a topic ARN | ` + login}},
		{"refused", topic, refused, []string{
			"alarms | SNS answered 403 (AuthorizationError: no) | " + login}},
		{"no subscriptions", topic, list{{}}, []string{
			"alarms | no subscriptions | aws sns subscribe --topic-arn " + topic + " --protocol email" +
				" --notification-endpoint you@example.com, and follow the link in the mail"}},
		{"confirmed", topic, list{{confirmed}}, []string{"alarms | ok | "}},
		{"not confirmed", topic, list{{pending}}, []string{
			"alarms to kari@example.com | the subscription is not confirmed | " + follow}},
		{"one of two pages", topic, list{{pending}, {confirmed}}, []string{
			"alarms to kari@example.com | the subscription is not confirmed | " + follow,
			"alarms | ok | "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			load := func(context.Context) (aws.Config, error) {
				cfg := moto.Config("http://sns.invalid")
				cfg.Region, cfg.HTTPClient = "us-east-1", inProcess{http.HandlerFunc(
					func(w http.ResponseWriter, r *http.Request) {
						if region := "/eu-west-1/sns/"; !strings.Contains(r.Header.Get("Authorization"), region) {
							t.Errorf("the request is not for the topic's region")
						}
						test.aws.ServeHTTP(w, r)
					})}
				return cfg, nil
			}
			var got []string
			for _, f := range sns.Preflight(t.Context(), load, test.topic) {
				got = append(got, f.Subject+" | "+f.State+" | "+f.Remedy)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPreflight_NoAccount(t *testing.T) {
	load := func(context.Context) (aws.Config, error) { return aws.Config{}, errors.New("no profile") }
	got := sns.Preflight(t.Context(), load, topic)
	if len(got) != 1 || got[0].State != "no profile" {
		t.Errorf("got %+v", got)
	}
}

// Moto confirms a subscription at once.
func TestSubscriptions_Moto(t *testing.T) {
	cfg := moto.Config(moto.Start(t))
	client := awssns.NewFromConfig(cfg)
	made, err := client.CreateTopic(t.Context(),
		&awssns.CreateTopicInput{Name: aws.String("alarms")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Subscribe(t.Context(), &awssns.SubscribeInput{TopicArn: made.TopicArn,
		Protocol: aws.String("email"), Endpoint: aws.String("ops@example.com")}); err != nil {
		t.Fatal(err)
	}
	got, err := sns.Subscriptions(t.Context(),
		func(context.Context) (aws.Config, error) { return cfg, nil }, *made.TopicArn)
	want := []sns.Subscription{{Endpoint: "ops@example.com", Confirmed: true}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
