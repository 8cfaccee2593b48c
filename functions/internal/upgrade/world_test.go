package upgrade

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/internal/s3fake"
	"kindlyweekly/report/delivery"
	"kindlyweekly/sage/sagefake"
)

// A world is the outside of a deployment, and the version of the code that is deployed. One
// goroutine uses it; it serves the processes of that version on others.
type world struct {
	t       *testing.T
	store   delivery.Store // the bucket as it is
	bucket  *s3fake.Server
	slack   *slackfake.Server
	sage    *sagefake.Server
	server  *httptest.Server
	program program
	// of tick, worker and slash, where that is not one version
	programs  func(function string) program
	processes map[string]*process // by program

	// dies says whether the process that asks dies at a step: before the step has its effect, or
	// after, before it hears the answer. Nil: it never does.
	dies func(s step) (before, after bool)
	// spoils answers in the place of the outside, and reports whether it did. Nil: it never does.
	spoils func(rw http.ResponseWriter, s step, now time.Time) bool

	mu sync.Mutex
	outside
	began int             // processes
	alive map[string]bool // whose requests are heard, by their number
	steps []step          // that had an effect
}

// outside is what of the outside is kept as JSON.
type outside struct {
	Now     time.Time  `json:"now"` // the latest that a process knew
	Queue   []*message `json:"queue"`
	Mails   []letter   `json:"mails"`
	Notices []letter   `json:"notices"` // to the operator's topic
}

// A message is one of SQS.
type message struct {
	ID       string    `json:"id"`
	Queue    string    `json:"queue"`
	Body     string    `json:"body"`
	Group    string    `json:"group,omitempty"`
	Dedup    string    `json:"dedup,omitempty"`
	Sent     time.Time `json:"sent"`
	Visible  time.Time `json:"visible,omitzero"` // not before
	Received int       `json:"received,omitempty"`
	Gone     bool      `json:"gone,omitempty"`
}

// The queues.
const (
	weekly     = "weekly.fifo"
	mailEvents = "mail-events"
)

// visibility is how long SQS hides a message that a worker has.
const visibility = 30 * time.Minute

// A letter is a mail that SES took, or a notice that SNS took.
type letter struct {
	ID      string            `json:"id"`
	To      string            `json:"to,omitempty"`
	Tags    map[string]string `json:"tags,omitempty"`
	Subject string            `json:"subject"`
}

// A step is a request. Its name is such as "s3 PUT acme/ledger/known.json" and "slack
// chat.postMessage C0SHOP0001".
type step struct {
	Name    string
	Process string
	Effect  bool
}

// A program is a version of the code.
type program struct{ name, probe string }

// A process is a probe that runs.
type process struct {
	number string
	cmd    *exec.Cmd
	stdin  io.Closer
	in     *json.Encoder
	out    *json.Decoder
	log    *bytes.Buffer
}

// newWorld returns a world with Slack's workspaces and Sage's bots, and an empty bucket.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, bucket: &s3fake.Server{Bucket: bucketName}, sage: sagefake.New(shops()...),
		processes: make(map[string]*process), alive: make(map[string]bool)}
	w.sage.Now = w.clock
	w.store = store.S3{Bucket: bucketName, Client: s3.NewFromConfig(aws.Config{Region: "eu-north-1",
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  local{w.bucket}, BaseEndpoint: aws.String(bucketURL),
	}, func(o *s3.Options) { o.UsePathStyle = true })}
	var workspaces []slackfake.Workspace
	for _, name := range tenantNames {
		workspaces = append(workspaces, slackfake.Workspace{Team: teams[name], Name: name,
			Token: "xoxb-" + name, Scopes: slack.Scopes()})
	}
	w.slack = slackfake.New(workspaces...)
	w.slack.URL, w.slack.Processing, w.slack.Now = slackURL, 0, w.clock
	w.server = httptest.NewServer(w)
	t.Cleanup(func() {
		w.end()
		w.server.Close()
	})
	return w
}

// local reaches a handler without a network.
type local struct{ http.Handler }

func (l local) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	l.ServeHTTP(answer, r)
	return answer.Result(), nil
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Now
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// deploy replaces what is deployed.
func (w *world) deploy(p program) {
	w.end()
	w.program, w.programs = p, nil
}

// deployed is the program of a function.
func (w *world) deployed(o order) program {
	switch {
	case w.programs == nil:
		return w.program
	case o.Message != nil:
		return w.programs("worker")
	case o.Slash != nil:
		return w.programs("slash")
	}
	return w.programs("tick")
}

// end ends every process.
func (w *world) end() {
	for name, p := range w.processes {
		_ = p.stdin.Close()
		_ = p.cmd.Wait()
		delete(w.processes, name)
		if w.t.Failed() {
			w.t.Logf("the last that %s said:\n%s", name, p.log.Bytes()[max(0, p.log.Len()-4000):])
		}
	}
}

// order gives an order to the process of what is deployed, a new one where it has none. alive is
// false if it died, as dies said.
func (w *world) order(o order) (a answer, alive bool) {
	w.t.Helper()
	deployed := w.deployed(o)
	p := w.processes[deployed.name]
	if p == nil {
		p = w.begin(deployed)
	}
	w.mu.Lock()
	if o.At.Before(w.Now) {
		o.At = w.Now
	}
	w.Now = o.At
	w.mu.Unlock()
	err := p.in.Encode(o)
	if err == nil {
		err = p.out.Decode(&a)
	}
	if err == nil {
		return a, true
	}
	w.mu.Lock()
	dead := !w.alive[p.number]
	w.mu.Unlock()
	_ = p.stdin.Close()
	_ = p.cmd.Wait()
	delete(w.processes, deployed.name)
	if !dead {
		w.t.Fatalf("the probe of %s has ended: %v\n%s", deployed.name, err, p.log)
	}
	return a, false
}

func (w *world) begin(program program) *process {
	w.t.Helper()
	w.mu.Lock()
	w.began++
	p := &process{number: fmt.Sprint(w.began), log: new(bytes.Buffer)}
	w.alive[p.number] = true
	w.mu.Unlock()
	p.cmd = exec.Command(program.probe, "-test.run=^TestProbe$", "-test.count=1")
	p.cmd.Env = append(os.Environ(), "PROBE="+w.server.Listener.Addr().String(),
		"PROBE_PROCESS="+p.number)
	p.cmd.Stderr = p.log
	in, err := p.cmd.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	p.stdin, p.in, p.out = in, json.NewEncoder(in), json.NewDecoder(out)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.processes[program.name] = p
	return p
}

// kill ends a process in the midst of a request, which gets no answer. What it has sent besides is
// not heard any more.
func (w *world) kill(number string) {
	w.mu.Lock()
	w.alive[number] = false
	for _, p := range w.processes {
		if p.number == number {
			_ = p.cmd.Process.Kill()
		}
	}
	w.mu.Unlock()
	panic(http.ErrAbortHandler)
}

// ServeHTTP is everything that a probe reaches.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	s := stepOf(r, body)
	at, err := time.Parse(time.RFC3339Nano, r.Header.Get(clockHeader))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	w.mu.Lock()
	if at.After(w.Now) {
		w.Now = at
	}
	alive, now := w.alive[s.Process], w.Now
	w.mu.Unlock()
	if !alive {
		panic(http.ErrAbortHandler)
	}
	before, after := false, false
	if w.dies != nil && s.Effect {
		before, after = w.dies(s)
	}
	if before {
		w.kill(s.Process)
	}
	rw.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	if w.spoils != nil && w.spoils(rw, s, now) || refuses(rw, s, now) {
		return
	}
	answer := httptest.NewRecorder()
	w.serve(answer, r, body)
	if s.Effect {
		w.mu.Lock()
		w.steps = append(w.steps, s)
		w.mu.Unlock()
	}
	if after {
		w.kill(s.Process)
	}
	maps.Copy(rw.Header(), answer.Header())
	rw.WriteHeader(answer.Code)
	_, _ = rw.Write(answer.Body.Bytes())
}

func (w *world) serve(rw http.ResponseWriter, r *http.Request, body []byte) {
	switch "https://" + r.Host {
	case bucketURL:
		w.bucket.ServeHTTP(rw, r)
	case strings.TrimSuffix(slackURL, "/"):
		w.slack.ServeHTTP(rw, r)
	case sageURL:
		w.sage.ServeHTTP(rw, r)
	case mailURL:
		w.mail(rw, body)
	case topicURL:
		w.notice(rw, body)
	case queueURL:
		w.enqueue(rw, body)
	default:
		http.NotFound(rw, r)
	}
}

// stepOf names a request.
func stepOf(r *http.Request, body []byte) step {
	s := step{Process: r.Header.Get(processHeader)}
	switch service, _, _ := strings.Cut(r.Host, "."); service {
	case "s3":
		s.Name = "s3 " + r.Method + " " + strings.TrimPrefix(r.URL.Path, "/"+bucketName+"/")
		s.Effect = r.Method == http.MethodPut
		if r.URL.Query().Has("list-type") {
			s.Name = "s3 LIST " + r.URL.Query().Get("prefix")
		}
	case "slack":
		method := path.Base(r.URL.Path)
		if strings.Contains(r.URL.Path, "/upload/") {
			method = slackfake.Upload
		}
		form, _ := url.ParseQuery(string(body))
		s.Name = strings.TrimSpace("slack " + method + " " + form.Get("channel") +
			form.Get("channel_id"))
		s.Effect = !strings.HasPrefix(method, "conversations.") && method != "files.info" &&
			method != "chat.getPermalink"
	case "sage":
		s.Name = "sage " + strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/api/v1/stats/bot/"),
			"/api/v2/bot/")
	case "ses":
		var in struct {
			Destination struct{ ToAddresses []string }
		}
		_ = json.Unmarshal(body, &in)
		s.Name, s.Effect = "ses SendEmail "+strings.Join(in.Destination.ToAddresses, ","), true
	default:
		s.Name, s.Effect = service, true
	}
	return s
}

// encoded is a byte of a tag that SES would not take.
var encoded = regexp.MustCompile(`_[0-9A-F]{2}`)

// mail is SES.
func (w *world) mail(rw http.ResponseWriter, body []byte) {
	var in struct {
		Destination struct{ ToAddresses []string }
		EmailTags   []struct{ Name, Value string }
		Content     struct{ Raw struct{ Data []byte } }
	}
	if err := json.Unmarshal(body, &in); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	m, err := mail.ReadMessage(bytes.NewReader(in.Content.Raw.Data))
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	l := letter{To: strings.Join(in.Destination.ToAddresses, ","), Tags: make(map[string]string),
		Subject: subject}
	for _, tag := range in.EmailTags {
		l.Tags[tag.Name] = encoded.ReplaceAllStringFunc(tag.Value, func(x string) string {
			return string(must(hex.DecodeString(x[1:])))
		})
	}
	w.mu.Lock()
	l.ID = fmt.Sprintf("mail-%d", len(w.Mails)+1)
	w.Mails = append(w.Mails, l)
	w.mu.Unlock()
	fmt.Fprintf(rw, `{"MessageId": %q}`, l.ID)
}

// notice is SNS.
func (w *world) notice(rw http.ResponseWriter, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("TopicArn") != topicARN {
		http.Error(rw, "not a notice to the topic", http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	l := letter{ID: fmt.Sprintf("notice-%d", len(w.Notices)+1), Subject: form.Get("Subject")}
	w.Notices = append(w.Notices, l)
	w.mu.Unlock()
	fmt.Fprintf(rw,
		`<PublishResponse><PublishResult><MessageId>%s</MessageId></PublishResult></PublishResponse>`, l.ID)
}

// enqueue is SQS. Within five minutes it drops a message of the FIFO queue that it has taken
// before.
func (w *world) enqueue(rw http.ResponseWriter, body []byte) {
	type entry struct{ Id, MessageBody, MessageGroupId, MessageDeduplicationId string }
	var in struct {
		QueueUrl string
		entry
		Entries []entry
	}
	if err := json.Unmarshal(body, &in); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	if in.MessageBody != "" {
		in.Entries = append(in.Entries, in.entry)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var done []map[string]string
	for _, e := range in.Entries {
		m := &message{ID: fmt.Sprintf("m-%d", len(w.Queue)+1), Queue: path.Base(in.QueueUrl),
			Body:  e.MessageBody,
			Group: e.MessageGroupId, Dedup: e.MessageDeduplicationId, Sent: w.Now}
		done = append(done, map[string]string{"Id": e.Id, "MessageId": m.ID})
		isKnown := func(o *message) bool {
			return o.Dedup == m.Dedup &&
				m.Sent.Sub(o.Sent) < 5*time.Minute
		}
		if m.Dedup == "" || !slices.ContainsFunc(w.Queue, isKnown) {
			w.Queue = append(w.Queue, m)
		}
	}
	answer := map[string]any{"MessageId": done[0]["MessageId"]}
	if in.MessageBody == "" {
		answer = map[string]any{"Successful": done, "Failed": []any{}}
	}
	rw.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(rw).Encode(answer)
}

// tick is one of EventBridge's. Where its process dies Lambda invokes it again a minute later.
func (w *world) tick(at time.Time) {
	w.t.Helper()
	for i := range 2 {
		a, alive := w.order(order{At: at.Add(time.Duration(i) * time.Minute), Tick: at})
		if a.Err != "" {
			w.t.Logf("%s: the tick of %s: %s", w.program.name, at.Format(time.RFC3339), a.Err)
		}
		if alive {
			return
		}
	}
}

// work gives a message to a worker. Where that dies, or says so, the message comes again.
func (w *world) work(at time.Time, m *message) {
	w.t.Helper()
	m.Received++
	a, alive := w.order(order{At: at, Message: &events.SQSMessage{MessageId: m.ID, Body: m.Body,
		EventSourceARN: "arn:aws:sqs:eu-north-1:123456789012:" + m.Queue,
		Attributes:     map[string]string{"ApproximateReceiveCount": fmt.Sprint(m.Received)}}})
	if a.Err != "" {
		w.t.Errorf("%s: the worker failed at %s: %s", w.program.name, m.Body, a.Err)
	}
	if m.Gone = alive && !a.Again; !m.Gone {
		m.Visible = at.Add(visibility)
	}
}

// workers are given every message that is visible, in an order that is the same in every run. In a
// FIFO queue a message waits for those before it of its group.
func (w *world) workers(at time.Time) {
	w.t.Helper()
	for again := true; again; {
		again = false
		waits := make(map[string]bool)
		for _, m := range w.messages() {
			if m.Gone || m.Group != "" && waits[m.Group] {
				continue
			}
			if m.Visible.After(at) {
				waits[m.Group] = true
				continue
			}
			w.work(at, m)
			waits[m.Group] = !m.Gone
			again = true
		}
	}
}

// messages are those of all queues, in order.
func (w *world) messages() []*message {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := slices.Clone(w.Queue)
	slices.SortStableFunc(all, func(a, b *message) int {
		if c := a.Sent.Compare(b.Sent); c != 0 {
			return c
		}
		return strings.Compare(a.Body, b.Body)
	})
	return all
}

// run lets time go by until an instant: what happens outside, ticks, and a minute after each the
// workers.
func (w *world) run(until time.Time) {
	w.t.Helper()
	for last := w.clock(); ; {
		next := nextTick(last)
		if next.After(until) {
			return
		}
		w.happens(last, next)
		w.tick(next)
		w.workers(next.Add(time.Minute))
		last = next
	}
}

// nextTick is the next of those ticks that a test needs: every quarter of an hour on a Monday
// morning, every hour that day, and otherwise two a day.
func nextTick(after time.Time) time.Time {
	const quarter = 15 * time.Minute
	t := after.UTC().Truncate(quarter)
	for {
		t = t.Add(quarter)
		monday := t.Weekday() == time.Monday
		switch hour, whole := t.Hour(), t.Minute() == 0; {
		case monday && hour >= 6 && hour < 10, monday && hour >= 6 && whole, hour%12 == 0 && whole:
			return t
		}
	}
}
