package endtoend

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/aws/aws-lambda-go/events"
)

const (
	region           = "eu-north-1"
	bucket           = "kindly-weekly-bucket"
	configurationSet = "kindly-weekly-mail"
)

// cloud is moto: the test's own clients, and what the functions asked.
type cloud struct {
	moto  string                             // where it is
	proxy func(function string) http.Handler // how a function reaches it
	slow  func(asked) time.Duration          // how long an answer is held back, what was asked being done; nil: not at all

	s3      *s3.Client
	sqs     *sqs.Client
	secrets *secretsmanager.Client
	ses     *sesv2.Client

	weekly, requests, mailEvents queue

	topic    string // of the alarms
	operator queue  // what its subscriber hears

	mu    sync.Mutex
	asked []asked
}

// asked is a request of a function's.
type asked struct {
	Function, Service   string // the template's name of the one, AWS's of the other
	At                  time.Time
	Method, Path        string
	Query               url.Values
	Target, IfNoneMatch string // headers
	Queue, Secret       string // what it is about
	Body                []byte // of SES's alone
	To                  string // of a mail: its recipient
}

type queue struct{ url, arn string }

// newCloud empties moto and sets up what the template declares.
func newCloud(t *testing.T, moto string) *cloud {
	t.Helper()
	r, err := http.Post(moto+"/moto-api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()

	c := &cloud{moto: moto}
	target, err := url.Parse(moto)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	c.proxy = func(function string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := c.note(function, r)
			// What has been asked is done, even if the caller dies before it hears of it.
			ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
			defer cancel()
			forward.ServeHTTP(w, r.WithContext(ctx))
			if c.slow != nil {
				time.Sleep(c.slow(a))
			}
		})
	}

	// The test's own requests do not pass the proxy.
	config := aws.Config{Region: region, BaseEndpoint: &moto, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	c.s3, c.sqs, c.secrets, c.ses = s3.NewFromConfig(config), sqs.NewFromConfig(config), secretsmanager.NewFromConfig(config), sesv2.NewFromConfig(config)

	_, err = c.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: region}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.ses.CreateConfigurationSet(t.Context(), &sesv2.CreateConfigurationSetInput{ConfigurationSetName: aws.String(configurationSet)})
	if err != nil {
		t.Fatal(err)
	}
	fifo := map[string]string{"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
	c.weekly = c.queue(t, "Weekly", ".fifo", "5", "1800", fifo)
	c.requests = c.queue(t, "Requests", "", "2", "420", nil)
	c.mailEvents = c.queue(t, "MailEvents", "", "5", "1800", nil)

	topics := sns.NewFromConfig(config)
	topic, err := topics.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("Alarms")})
	if err != nil {
		t.Fatal(err)
	}
	c.topic, c.operator = *topic.TopicArn, c.queue(t, "Operator", "", "5", "30", nil)
	if _, err := topics.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: &c.topic, Protocol: aws.String("sqs"), Endpoint: &c.operator.arn}); err != nil {
		t.Fatal(err)
	}
	return c
}

// heard are the subjects of what the operator has heard since the last call.
func (c *cloud) heard(t *testing.T) (subjects []string) {
	t.Helper()
	for {
		out, err := c.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &c.operator.url, MaxNumberOfMessages: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return subjects
		}
		for _, m := range out.Messages {
			var notice struct{ Subject, Message string }
			if err := json.Unmarshal([]byte(*m.Body), &notice); err != nil || notice.Message == "" {
				t.Fatalf("a notice: %v: %s", err, *m.Body)
			}
			subjects = append(subjects, notice.Subject)
			if _, err := c.sqs.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &c.operator.url, ReceiptHandle: m.ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// queue makes a queue and its queue of dead letters.
func (c *cloud) queue(t *testing.T, name, suffix, tries, visibility string, attributes map[string]string) queue {
	t.Helper()
	create := func(name string, attributes map[string]string) queue {
		made, err := c.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.sqs.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: made.QueueUrl,
			AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameQueueArn}})
		if err != nil {
			t.Fatal(err)
		}
		return queue{*made.QueueUrl, got.Attributes["QueueArn"]}
	}
	dead := map[string]string{}
	if suffix != "" {
		dead["FifoQueue"] = "true"
	}
	letters := create(name+"DeadLetters"+suffix, dead)
	all := map[string]string{"VisibilityTimeout": visibility,
		"RedrivePolicy": `{"deadLetterTargetArn":"` + letters.arn + `","maxReceiveCount":` + tries + `}`}
	for k, v := range attributes {
		all[k] = v
	}
	return create(name+suffix, all)
}

// note writes a request down, unless the caller dies before it is all there: then, as at AWS, nothing was asked.
func (c *cloud) note(function string, r *http.Request) asked {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	a := asked{Function: function, At: time.Now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(),
		Target: r.Header.Get("X-Amz-Target"), IfNoneMatch: r.Header.Get("If-None-Match")}
	// Credential=test/20261116/eu-north-1/s3/aws4_request
	if parts := strings.Split(r.Header.Get("Authorization"), "/"); len(parts) > 3 {
		a.Service = parts[3]
	}
	a.detail(body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, a)
	return a
}

// requestsTo returns what the functions asked of a service so far, or of all where it is empty, the oldest first.
func (c *cloud) requestsTo(service string) []asked {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.asked), func(a asked) bool { return service != "" && a.Service != service })
}

func (c *cloud) secret(t *testing.T, id, value string) {
	t.Helper()
	_, err := c.secrets.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: &id, SecretString: &value})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *cloud) put(t *testing.T, key, data string) {
	t.Helper()
	_, err := c.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(bucket), Key: &key, Body: strings.NewReader(data)})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *cloud) get(t *testing.T, key string) []byte {
	t.Helper()
	out, err := c.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(bucket), Key: &key})
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// read reads an object that is JSON.
func read[T any](t *testing.T, c *cloud, key string) (v T) {
	t.Helper()
	if err := json.Unmarshal(c.get(t, key), &v); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return v
}

// keys returns the keys that begin with the prefix.
func (c *cloud) keys(t *testing.T, prefix string) (keys []string) {
	t.Helper()
	pages := s3.NewListObjectsV2Paginator(c.s3, &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			keys = append(keys, *o.Key)
		}
	}
	return keys
}

// A letter is a message in SES's store.
type letter struct {
	ID  string `json:"id"`
	Raw string `json:"raw_data"`
	To  []string
}

// letters are the mails that SES took, with the recipients of the envelope.
func (c *cloud) letters(t *testing.T) []letter {
	t.Helper()
	r, err := http.Get(c.moto + "/moto-api/data.json")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var store struct {
		SES struct {
			RawMessage []letter
		} `json:"ses"`
	}
	if err := json.NewDecoder(r.Body).Decode(&store); err != nil {
		t.Fatal(err)
	}
	sent := c.mails()
	if len(sent) != len(store.SES.RawMessage) {
		t.Fatalf("SES was asked to send %d times and has %d messages", len(sent), len(store.SES.RawMessage))
	}
	letters := store.SES.RawMessage
	for i := range letters {
		// Several are sent at once, so the order in the store need not be that of the requests.
		for _, to := range sent {
			if strings.Contains(letters[i].Raw, "<"+to+">") {
				letters[i].To = []string{to}
			}
		}
	}
	return letters
}

// mails are the recipients of what SES was asked to send.
func (c *cloud) mails() (to []string) {
	for _, a := range c.requestsTo("ses") {
		if a.Path == "/v2/email/outbound-emails" {
			to = append(to, a.To)
		}
	}
	return to
}

// receive takes the messages of a queue, as Lambda's event source mapping does: each as an event of its own.
func (c *cloud) receive(t *testing.T, q queue) (all []events.SQSEvent) {
	t.Helper()
	for {
		out, err := c.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &q.url, MaxNumberOfMessages: 1,
			MessageSystemAttributeNames: []sqstypes.MessageSystemAttributeName{sqstypes.MessageSystemAttributeNameAll}})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return all
		}
		var event events.SQSEvent
		if err := json.Unmarshal(fixture(t, "worker/testdata/weekly.json"), &event); err != nil {
			t.Fatal(err)
		}
		m, record := out.Messages[0], &event.Records[0]
		record.MessageId, record.ReceiptHandle, record.Body, record.Md5OfBody = *m.MessageId, *m.ReceiptHandle, *m.Body, *m.MD5OfBody
		record.Attributes, record.EventSourceARN, record.AWSRegion = m.Attributes, q.arn, region
		all = append(all, event)
	}
}

// deliver gives the worker an event of SQS's, and deletes the message unless the worker wants it again.
func (w *world) deliver(event events.SQSEvent, q queue) {
	w.t.Helper()
	data, err := json.Marshal(event)
	if err != nil {
		w.t.Fatal(err)
	}
	answer := invoke[events.SQSEventResponse](w.t, w.worker, data)
	if len(answer.BatchItemFailures) > 0 {
		w.t.Fatalf("the worker wants the message again: %v\n%s", answer, w.worker.log)
	}
	_, err = w.sqs.DeleteMessage(w.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &q.url, ReceiptHandle: &event.Records[0].ReceiptHandle})
	if err != nil {
		w.t.Fatal(err)
	}
}

// work has the worker empty a queue, and returns what was in it.
func (w *world) work(q queue) []events.SQSEvent {
	w.t.Helper()
	all := w.receive(w.t, q)
	for _, event := range all {
		w.deliver(event, q)
	}
	return all
}

// fixture is an event as AWS sends it, from the testdata of the package that reads it.
func fixture(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(path.Join("..", "..", file)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
