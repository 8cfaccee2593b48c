package setup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/setup"
	"kindlyweekly/sage/sagefake"
)

var update = flag.Bool("update", false, "rewrite testdata")

// now is when every test begins.
var now = time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC)

const (
	token   = "xoxb-acme-9999999"
	signing = "8f742231b10e8888abcd99dddddd85a5"
	key     = "demo-key-nettbutikk"
)

// A world is an empty AWS account, a Slack workspace, Kindly's statistics, and the folder of an
// operator. AWS is moto, with what it lacks: SES's account and Lambda's tick.
type world struct {
	t      *testing.T
	source string
	config aws.Config
	slack  *slackfake.Server
	env    map[string]string
	kindly string // the URL of its statistics

	sandbox  bool
	verified map[string]bool // by address
	mails    int             // sent

	mu       sync.Mutex
	requests []request                    // of this run; several of Kindly's come at a time
	before   func(request) *http.Response // called with mu locked

	// The person at the terminal. answers are by a part of the question; the first one of each is
	// typed first, and the last one stays.
	answers map[string][]string
	hidden  map[string][]string
	end     func() // if not nil, called at a question without an answer, which is no error then
	asked   int    // questions of this run
	said    bytes.Buffer
}

// A request is one to AWS, Slack or Kindly.
type request struct {
	service string // such as s3, secretsmanager, slack, kindly
	action  string // such as "PUT /bucket/key", "CreateSecret", chat.postMessage
	body    string
}

// writes reports whether a request changes something.
func (r request) writes() bool {
	switch r.service {
	case "slack":
		for _, read := range []string{"auth.test", ".info", ".list", ".history", ".replies",
			"lookupByEmail", "getPermalink"} {
			if strings.HasSuffix(r.action, read) {
				return false
			}
		}
		return true
	case "kindly", "sts":
		return false
	case "s3", "ses", "lambda":
		return !strings.HasPrefix(r.action, "GET ") && !strings.HasPrefix(r.action, "HEAD ")
	}
	for _, read := range []string{"Describe", "Get", "List"} {
		if strings.HasPrefix(r.action, read) {
			return false
		}
	}
	return true
}

// newWorld returns a world whose AWS is at the URL of a moto, which it empties.
func newWorld(t *testing.T, url string) *world {
	t.Helper()
	answer, err := http.Post(url+"/moto-api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	w := &world{t: t, source: clone(t), config: moto.Config(url), verified: make(map[string]bool),
		env: map[string]string{"USER": "kari", "TZ": "Europe/Oslo"}}
	w.config.HTTPClient = cloud{w}
	w.config.RetryMaxAttempts = 1
	w.newSlack("Kindly Weekly (dev)")
	bots := sagefake.New(sagefake.Demo(now)...)
	bots.Now = w.now
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if answer := w.note(request{service: "kindly", action: r.Method + " " + r.URL.Path}); answer != nil {
			rw.WriteHeader(answer.StatusCode)
			_, _ = io.Copy(rw, answer.Body)
			return
		}
		bots.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	w.kindly = server.URL
	t.Chdir(t.TempDir())
	return w
}

// newSlack gives the workspace, without any message, to an app with this name.
func (w *world) newSlack(app string) {
	w.slack = slackfake.New(slackfake.Workspace{Team: "T0ACME001", Name: "Acme", Token: token,
		AppName: app, Scopes: slices.Concat(slack.Scopes(), slack.SetupScopes())})
	w.slack.SetChannel(slackfake.Channel{ID: "C0REPORTS1", Team: "T0ACME001", Name: "reports"})
	w.slack.SetUser(slackfake.User{ID: "U0ACMEKARI", Team: "T0ACME001", Name: "kari",
		Email: "kari@acme.example", TZ: "Europe/Copenhagen"})
}

// clone returns a source with the project's template, whose functions take no time to build.
func clone(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	template, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"template.yaml": string(template),
		"go.mod":        "module kindlyweekly\n",
		"Makefile":      "build-%:\n\techo $* >$(ARTIFACTS_DIR)/bootstrap\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var root, _ = filepath.Abs(filepath.Join("..", "..", ".."))

func (w *world) now() time.Time { return now }

// seen returns the requests of this run.
func (w *world) seen() []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.requests)
}

// note takes note of a request. It returns the answer that the test has for it, or nil.
func (w *world) note(r request) *http.Response {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = append(w.requests, r)
	if w.before == nil {
		return nil
	}
	return w.before(r)
}

// cloud is AWS as the SDK reaches it.
type cloud struct{ *world }

func (w cloud) Do(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	asked := request{action: r.Method + " " + r.URL.Path, body: string(body)}
	// AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261116/eu-west-1/s3/aws4_request, …
	if parts := strings.Split(r.Header.Get("Authorization"), "/"); len(parts) > 3 {
		asked.service = parts[3]
	}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		_, asked.action, _ = strings.Cut(target, ".")
	} else if _, action, ok := strings.Cut(string(body), "Action="); ok {
		asked.action, _, _ = strings.Cut(action, "&")
	}
	answer := w.note(asked)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if answer == nil {
		answer = w.lacking(asked)
	}
	if answer == nil {
		var err error
		if answer, err = http.DefaultTransport.RoundTrip(r); err != nil {
			return nil, err
		}
	}
	answer.Request = r
	answer.Header.Set("Date", w.now().Format(http.TimeFormat))
	return answer, nil
}

// lacking answers what moto does not have.
func (w cloud) lacking(r request) *http.Response {
	method, path, _ := strings.Cut(r.action, " ")
	address, isIdentity := strings.CutPrefix(path, "/v2/email/identities/")
	switch {
	case isIdentity && method == "GET" && w.verified[address]:
		return respond(200, `{"VerifiedForSendingStatus": true}`)
	case strings.HasPrefix(path, "/v2/email/suppression/"):
		answer := respond(404, `{}`)
		answer.Header.Set("X-Amzn-ErrorType", "NotFoundException")
		return answer
	case path == "/v2/email/outbound-emails":
		w.mails++
		return respond(200, `{"MessageId": "1"}`)
	case path == "/v2/email/account":
		return respond(200, fmt.Sprintf(`{"ProductionAccessEnabled": %v, "SendingEnabled": true,
			"EnforcementStatus": "HEALTHY", "SendQuota": {"Max24HourSend": 50000}}`, !w.sandbox))
	case strings.HasPrefix(path, "/2015-03-31/functions/"):
		name := strings.Split(path, "/")[3]
		w.tick(strings.TrimSuffix(name, "-tick"))
		return respond(200, `{}`)
	}
	return nil
}

func respond(status int, body string) *http.Response {
	r := httptest.NewRecorder()
	r.Header().Set("Content-Type", "application/json")
	r.WriteHeader(status)
	_, _ = r.WriteString(body)
	return r.Result()
}

// denied is the answer of AWS to credentials without the permission.
func denied(r request) *http.Response {
	const code, message = "AccessDeniedException", "User: arn:aws:iam::123456789012:user/kari is not authorized"
	if r.service == "cloudformation" || r.service == "sts" || r.service == "sns" || r.service == "s3" {
		answer := respond(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>"+message+
			"</Message></Error></ErrorResponse>")
		if r.service == "s3" {
			answer = respond(403, "<Error><Code>AccessDenied</Code><Message>"+message+
				"</Message></Error>")
		}
		answer.Header.Set("Content-Type", "text/xml")
		return answer
	}
	answer := respond(400, `{"__type": "`+code+`", "message": "`+message+`"}`)
	answer.Header.Set("X-Amzn-ErrorType", code)
	return answer
}

// tick describes the deployment, as its tick does.
func (w *world) tick(stack string) {
	w.t.Helper()
	plain := w.plain()
	out, err := cloudformation.NewFromConfig(plain).DescribeStacks(context.Background(),
		&cloudformation.DescribeStacksInput{StackName: &stack})
	if err != nil {
		w.t.Errorf("tick: %v", err)
		return
	}
	bucket, d, _ := deployment.OfStack(out.Stacks[0])
	d.Version, d.Bucket = "test", bucket
	data, err := json.Marshal(d)
	if err != nil {
		w.t.Error(err)
		return
	}
	if _, err := s3.NewFromConfig(plain).PutObject(context.Background(), &s3.PutObjectInput{
		Bucket: &bucket, Key: aws.String("deployment.json"), Body: bytes.NewReader(data)}); err != nil {
		w.t.Errorf("tick: %v", err)
	}
}

// plain is AWS without the test's own answers.
func (w *world) plain() aws.Config {
	c := w.config
	c.HTTPClient, c.Region = nil, "eu-west-1"
	return c
}

// wire is Slack as the command reaches it.
type wire struct{ *world }

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	answer := w.note(request{service: "slack", action: r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]})
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if answer != nil {
		answer.Request = r
		return answer, nil
	}
	return w.slack.Client().Transport.RoundTrip(r)
}

// errUnexpected ends a run at a question that the test has no answer for.
var errUnexpected = errors.New("the test has no answer")

// typed returns the next answer to a question.
func (w *world) typed(answers map[string][]string, question string) (string, error) {
	w.said.WriteString(question)
	if w.asked++; w.asked > 100 {
		w.t.Errorf("it asks without an end: %q", question)
		return "", errUnexpected
	}
	for _, part := range slices.Sorted(maps.Keys(answers)) {
		if !strings.Contains(question, part) {
			continue
		}
		typed := answers[part]
		if len(typed) > 1 {
			answers[part] = typed[1:]
		}
		return typed[0], nil
	}
	if w.end == nil {
		w.t.Errorf("an unexpected question: %q", question)
	} else {
		w.end()
	}
	w.said.WriteByte('\n')
	return "", errUnexpected
}

// host is the terminal of the operator.
func (w *world) host() cli.Host {
	h := cli.Host{In: strings.NewReader(""), Out: &w.said, Err: &w.said, Now: w.now,
		Getenv: func(name string) string {
			if name == "SAGE_URL" || name == "KINDLY_API_URL" {
				return w.kindly
			}
			return w.env[name]
		},
		AWS:   func(context.Context) (aws.Config, error) { return w.config, nil },
		Slack: &http.Client{Transport: wire{w}},
	}
	if w.answers == nil {
		return h
	}
	h.Ask = func(question string) (string, error) {
		answer, err := w.typed(w.answers, question)
		if err == nil {
			w.said.WriteString(answer + "\n")
		}
		return answer + "\n", err
	}
	h.AskHidden = func(_ context.Context, question string) (string, error) {
		answer, err := w.typed(w.hidden, question)
		if err == nil {
			w.said.WriteByte('\n')
		}
		return answer, err
	}
	return h
}

// setup runs the command and returns what it prints.
func (w *world) setup(ctx context.Context, c setup.Command) (string, error) {
	w.t.Helper()
	w.said.Reset()
	w.mu.Lock()
	w.requests, w.asked = nil, 0
	w.mu.Unlock()
	c.Source = w.source
	if c.Stage == "" {
		c.Stage = "dev"
	}
	err := c.Run(ctx, w.host())
	said := w.said.String()
	if err != nil && !errors.Is(err, cli.ErrPrinted) {
		said += "error: " + err.Error() + "\n"
	}
	w.checkSecrets(said)
	return said, err
}

// checkSecrets expects no secret in what was printed, in the operator's folder, and in requests
// other than those that store or use it.
func (w *world) checkSecrets(said string) {
	w.t.Helper()
	places := map[string]string{"what is printed": said}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		places[path] = string(data)
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
	for i, r := range w.seen() {
		if r.service != "secretsmanager" && r.service != "kindly" && r.service != "slack" {
			places[fmt.Sprintf("request %d, %s %s", i, r.service, r.action)] = r.action + r.body
		}
	}
	for place, text := range places {
		for _, secret := range w.secrets() {
			if strings.Contains(text, secret) {
				w.t.Errorf("%s has the secret %.6s…:\n%s", place, secret, text)
			}
		}
	}
}

// secrets are all secrets of the test, with those that are typed wrong.
func (w *world) secrets() []string {
	all := []string{token, signing, key}
	for _, typed := range w.hidden {
		for _, s := range typed {
			if len(s) > 5 {
				all = append(all, s)
			}
		}
	}
	return all
}

// writes are the requests of the last run that change something.
func (w *world) writes() (all []string) {
	for _, r := range w.seen() {
		if r.writes() {
			all = append(all, r.service+" "+r.action)
		}
	}
	return all
}

// state describes what there is in AWS, in Slack and in the operator's folder, such that two ways
// to the same end can be compared.
func (w *world) state() (lines []string) {
	w.t.Helper()
	ctx, cfg := context.Background(), w.plain()
	stacks, err := cloudformation.NewFromConfig(cfg).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{})
	if err != nil {
		w.t.Fatal(err)
	}
	var buckets []string
	for _, s := range stacks.Stacks {
		lines = append(lines, fmt.Sprintf("stack %s %s", *s.StackName, s.StackStatus))
		for _, p := range s.Parameters {
			if slices.Contains([]string{"DivertTo", "MailFrom", "AlarmEmail", "Stage", "SecretPrefix"},
				*p.ParameterKey) {
				lines = append(lines, fmt.Sprintf("  %s=%s", *p.ParameterKey, *p.ParameterValue))
			}
		}
		if bucket, _, ok := deployment.OfStack(s); ok {
			buckets = append(buckets, bucket)
		}
	}
	stored, err := secretsmanager.NewFromConfig(cfg).ListSecrets(ctx, &secretsmanager.ListSecretsInput{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range stored.SecretList {
		lines = append(lines, fmt.Sprintf("secret %s, %s", *s.Name,
			cli.Count(len(s.SecretVersionsToStages), "version", "versions")))
	}
	for _, bucket := range buckets {
		list, err := s3.NewFromConfig(cfg).ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, o := range list.Contents {
			lines = append(lines, "object "+*o.Key)
		}
	}
	if w.mails > 0 {
		lines = append(lines, fmt.Sprintf("%d mails", w.mails))
	}
	for _, c := range w.slack.Channels() {
		if n := len(w.slack.Messages(c.ID)); n > 0 {
			lines = append(lines, fmt.Sprintf("%d messages in %s", n, c.ID))
		}
	}
	_ = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			lines = append(lines, "file "+path)
		}
		return nil
	})
	slices.Sort(lines)
	return lines
}

// golden compares what a test made with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join(root, "functions", "kindly-weekly", "setup", "testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
