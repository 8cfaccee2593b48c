package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"kindlyweekly/functions/internal/moto"
)

// account is an AWS account without a network: its stacks, buckets and secrets, its SES and its SNS,
// as far as the command asks them.
type account struct {
	mu         sync.Mutex
	secrets    map[string]string
	sent       []string // the raw mails
	production bool
	verified   map[string]bool
	suppressed map[string]bool
	subscribed map[string]bool // whether each subscription is confirmed
	buckets    buckets
}

func newAccount() *account {
	return &account{secrets: make(map[string]string), production: true, verified: map[string]bool{"example.com": true},
		suppressed: make(map[string]bool), subscribed: make(map[string]bool)}
}

// set changes something: cure (all is well), sandbox, suppress ADDRESS, unverify NAME, subscribe ADDRESS, confirm ADDRESS.
func (a *account) set(args ...string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch args[0] {
	case "cure":
		a.production, a.verified["example.com"] = true, true
		clear(a.suppressed)
	case "sandbox":
		a.production = false
	case "suppress":
		a.suppressed[args[1]] = true
	case "unverify":
		delete(a.verified, args[1])
	case "subscribe":
		a.subscribed[args[1]] = false
	case "confirm":
		a.subscribed[args[1]] = true
	default:
		return fmt.Errorf("an account has no %s", args[0])
	}
	return nil
}

func (a *account) setSecret(id, value string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.secrets[id] = value
}

func (a *account) secret(id string) (value string, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	value, ok = a.secrets[id]
	return value, ok
}

func (a *account) mails() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.sent...)
}

func (a *account) config(context.Context) (aws.Config, error) {
	cfg := moto.Config("https://aws.test")
	cfg.HTTPClient = a
	cfg.RetryMaxAttempts = 1
	return cfg, nil
}

// Do answers a request in the place of AWS.
func (a *account) Do(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	w := httptest.NewRecorder()
	a.mu.Lock()
	defer a.mu.Unlock()
	target, isSecret := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")
	switch path, isSES := strings.CutPrefix(r.URL.Path, "/v2/email/"); {
	case !strings.Contains(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256"):
		refuse(w, http.StatusForbidden, "MissingAuthenticationToken")
	case strings.HasSuffix(r.URL.Host, ".aws.test"):
		a.buckets.serve(w, r, body)
	case isSecret:
		a.secretsManager(w, target, body)
	case isSES:
		a.ses(w, path, body)
	case strings.Contains(string(body), "Action=DescribeStacks"):
		a.stacks(w, string(body))
	default:
		a.sns(w, string(body))
	}
	response := w.Result()
	response.Request = r
	return response, nil
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("X-Amzn-Errortype", code)
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"__type": %q, "message": "it was refused"}`, code)
}

func (a *account) secretsManager(w http.ResponseWriter, target string, body []byte) {
	var in struct{ SecretId, Name, SecretString string }
	_ = json.Unmarshal(body, &in) // what is wrong has no secret
	value, there := a.secrets[in.SecretId]
	switch {
	case target == "CreateSecret":
		a.secrets[in.Name] = in.SecretString
		fmt.Fprint(w, "{}")
	case !there:
		refuse(w, http.StatusBadRequest, "ResourceNotFoundException")
	case target == "GetSecretValue":
		answer, _ := json.Marshal(map[string]string{"SecretString": value})
		_, _ = w.Write(answer)
	case target == "PutSecretValue":
		a.secrets[in.SecretId] = in.SecretString
		fmt.Fprint(w, "{}")
	}
}

func (a *account) ses(w http.ResponseWriter, path string, body []byte) {
	kind, name, _ := strings.Cut(path, "/")
	name, _ = url.PathUnescape(name)
	switch kind {
	case "outbound-emails":
		var in struct {
			Content struct{ Raw struct{ Data []byte } }
		}
		if err := json.Unmarshal(body, &in); err != nil {
			refuse(w, http.StatusBadRequest, "BadRequestException")
			return
		}
		a.sent = append(a.sent, string(in.Content.Raw.Data))
		fmt.Fprintf(w, `{"MessageId": "ses-%d"}`, len(a.sent))
	case "account":
		fmt.Fprintf(w, `{"ProductionAccessEnabled": %t, "SendingEnabled": true, "EnforcementStatus": "HEALTHY", "SendQuota": {"Max24HourSend": 200, "MaxSendRate": 1, "SentLast24Hours": 0}}`, a.production)
	case "identities":
		if !a.verified[name] {
			refuse(w, http.StatusNotFound, "NotFoundException")
			return
		}
		fmt.Fprint(w, `{"VerifiedForSendingStatus": true}`)
	case "suppression":
		address := strings.TrimPrefix(name, "addresses/")
		if !a.suppressed[address] {
			refuse(w, http.StatusNotFound, "NotFoundException")
			return
		}
		fmt.Fprintf(w, `{"SuppressedDestination": {"EmailAddress": %q, "Reason": "BOUNCE", "LastUpdateTime": 1794000000}}`, address)
	default:
		refuse(w, http.StatusNotFound, "UnknownOperationException")
	}
}

// stacks describes the stack kindly-weekly-prod, which has the bucket store.
func (a *account) stacks(w http.ResponseWriter, body string) {
	form, err := url.ParseQuery(body)
	if err != nil || form.Get("StackName") != "kindly-weekly-prod" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>`)
		return
	}
	fmt.Fprint(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>kindly-weekly-prod</StackName><Parameters>`)
	for key, value := range map[string]string{"Stage": "prod", "SecretPrefix": "keys/", "CatchUpHours": "72"} {
		fmt.Fprintf(w, `<member><ParameterKey>%s</ParameterKey><ParameterValue>%s</ParameterValue></member>`, key, value)
	}
	fmt.Fprint(w, `</Parameters><Outputs>`)
	for key, value := range map[string]string{"BucketName": "store", "MailConfigurationSet": "set",
		"AlarmTopic": "arn:aws:sns:eu-west-1:123456789012:alarms"} {
		fmt.Fprintf(w, `<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>`, key, value)
	}
	fmt.Fprint(w, `</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`)
}

func (a *account) sns(w http.ResponseWriter, body string) {
	form, err := url.ParseQuery(body)
	if err != nil || form.Get("Action") != "ListSubscriptionsByTopic" || !strings.HasSuffix(form.Get("TopicArn"), ":alarms") {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `<ErrorResponse><Error><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>`)
		return
	}
	fmt.Fprint(w, `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult><Subscriptions>`)
	for address, confirmed := range a.subscribed {
		arn := "PendingConfirmation"
		if confirmed {
			arn = form.Get("TopicArn") + ":1"
		}
		fmt.Fprintf(w, `<member><Protocol>email</Protocol><SubscriptionArn>%s</SubscriptionArn><Endpoint>%s</Endpoint></member>`, arn, address)
	}
	fmt.Fprint(w, `</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`)
}
