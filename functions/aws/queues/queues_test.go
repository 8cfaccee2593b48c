package queues_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/report/config"
	"kindlyweekly/report/period"
)

const responseURL = "https://hooks.slack.com/commands/T024BE7LD/1/s3cr3t?a=1&b=2"

var week = must(period.Parse("2026-W46"))

var weeks = cmp.AllowUnexported(period.Period{}, period.Date{})

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func job(tenant, bot, reason string) queues.Job {
	return queues.Job{Job: config.Job{Tenant: tenant, Bot: bot, Period: week}, Reason: reason}
}

var request = queues.Request{
	Tenant: "acme", Bot: "4217", Period: week, Team: "T024BE7LD", Channel: "C024BE91L",
	User: "U024BE7LH", Share: true,
	ResponseURL: responseURL, At: time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC),
}

// call is a request to SQS as it comes over the wire.
type call struct {
	Operation string
	QueueURL  string `json:"QueueUrl"`
	Body      string `json:"MessageBody"`
	Entries   []entry
}

type entry struct {
	ID            string `json:"Id"`
	Body          string `json:"MessageBody"`
	Group         string `json:"MessageGroupId"`
	Deduplication string `json:"MessageDeduplicationId"`
}

// double is a fake SQS with a given answer for each call.
func double(t *testing.T,
	answer func(call) (status int, body string)) (client *sqs.Client, calls *[]call) {
	calls = new([]call)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
		c := call{Operation: operation}
		if err := json.NewDecoder(r.Body).Decode(&c); err != nil || !ok || r.URL.Path != "/" {
			t.Errorf("not a request to SQS: %s %v %v", r.URL, r.Header, err)
		}
		*calls = append(*calls, c)
		status, body := answer(c)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return sqs.NewFromConfig(moto.Config(server.URL), func(o *sqs.Options) {
		o.RetryMaxAttempts = 1
		o.DisableMessageChecksumValidation = true
	}), calls
}

// taken is SQS's answer that it took every entry.
func taken(c call) (int, string) {
	var done []string
	for _, e := range c.Entries {
		done = append(done, fmt.Sprintf(`{"Id": %q, "MessageId": "m-%[1]s"}`, e.ID))
	}
	return 200, `{"MessageId": "m", "Successful": [` + strings.Join(done, ",") + `]}`
}

func TestWeekly_Send(t *testing.T) {
	client, calls := double(t, taken)
	long := strings.Repeat("x", 64)
	err := queues.Weekly{Client: client, URL: "https://sqs/weekly.fifo"}.Send(t.Context(),
		[]queues.Job{
			job("acme", "4217", "due"), job("acme", "nett_butikk.no", ""), job(long, long, "due"),
		})
	if err != nil {
		t.Fatal(err)
	}
	want := []call{{Operation: "SendMessageBatch", QueueURL: "https://sqs/weekly.fifo",
		Entries: []entry{
			{ID: "0", Group: "acme/4217", Deduplication: "acme/4217/2026-W46/due",
				Body: `{"version":1,"tenant":"acme","bot":"4217","week":"2026-W46","reason":"due"}`},
			{ID: "1", Group: "acme/nett_butikk.no", Deduplication: "acme/nett_butikk.no/2026-W46",
				Body: `{"version":1,"tenant":"acme","bot":"nett_butikk.no","week":"2026-W46"}`},
			// Too long to be what people can read: a hash.
			{ID: "2",
				Body: `{"version":1,"tenant":"` + long + `","bot":"` + long +
					`","week":"2026-W46","reason":"due"}`},
		}}}
	got := *calls
	for _, id := range []string{got[0].Entries[2].Group, got[0].Entries[2].Deduplication} {
		if len(id) != 64 || strings.Trim(id, "0123456789abcdef") != "" {
			t.Errorf("%q is no hash", id)
		}
	}
	want[0].Entries[2].Group, want[0].Entries[2].Deduplication = got[0].Entries[2].Group,
		got[0].Entries[2].Deduplication
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got[0].Entries[2].Group == got[0].Entries[2].Deduplication {
		t.Error("the week and the reason are not in the hash")
	}
}

func TestWeekly_SendsTenAtATime(t *testing.T) {
	client, calls := double(t, taken)
	var jobs []queues.Job
	for i := range 23 {
		jobs = append(jobs, job("acme", strconv.Itoa(i), "due"))
	}
	if err := (queues.Weekly{Client: client}).Send(t.Context(), jobs); err != nil {
		t.Fatal(err)
	}
	var sizes []int
	var sent []queues.Job
	for _, c := range *calls {
		sizes = append(sizes, len(c.Entries))
		for _, e := range c.Entries {
			sent = append(sent, must(queues.ParseJob(e.Body)))
		}
	}
	if diff := cmp.Diff([]int{10, 10, 3}, sizes); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(jobs, sent, weeks); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := (queues.Weekly{Client: client}).Send(t.Context(), nil); err != nil ||
		len(*calls) != 3 {
		t.Errorf("nothing to send: %v, %d calls", err, len(*calls))
	}
}

func TestWeekly_Unsent(t *testing.T) {
	jobs := func(from, to int) (jobs []queues.Job) {
		for i := from; i < to; i++ {
			jobs = append(jobs, job("acme", strconv.Itoa(i), "due"))
		}
		return jobs
	}
	for name, test := range map[string]struct {
		answer func(n int, c call) (int, string)
		unsent []queues.Job
		wrong  string
		calls  int
	}{
		"one of the first batch": {
			answer: func(n int, c call) (int, string) {
				if n > 1 {
					return taken(c)
				}
				return 200, `{"Successful": [], "Failed": [{"Id": "3", "Code": "InternalError", "Message": "oops", "SenderFault": false}]}`
			},
			unsent: jobs(3, 4), calls: 3,
			wrong: "1 not queued: SQS did not accept job acme/3/2026-W46: InternalError: oops",
		},
		"many": {
			answer: func(_ int, c call) (int, string) {
				var failed []string
				for _, e := range c.Entries {
					failed = append(failed, fmt.Sprintf(`{"Id": %q, "Code": "X", "Message": "y"}`,
						e.ID))
				}
				return 200, `{"Failed": [` + strings.Join(failed, ",") + `]}`
			},
			unsent: jobs(0, 25), calls: 3,
			wrong: "25 not queued: SQS did not accept job acme/0/2026-W46: X: y; SQS did not accept job acme/1/2026-W46: X: y; " +
				"SQS did not accept job acme/2/2026-W46: X: y; and 22 more",
		},
		"the second call, after which no other is tried": {
			answer: func(n int, c call) (int, string) {
				if n == 1 {
					return taken(c)
				}
				return 400, `{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "The specified queue does not exist."}`
			},
			unsent: jobs(10, 25), calls: 2,
			wrong: "15 not queued: SQS did not accept jobs: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			client, calls := double(t, func(c call) (int, string) { n++; return test.answer(n, c) })
			err := queues.Weekly{Client: client}.Send(t.Context(), jobs(0, 25))
			var unsent *queues.UnsentError
			if !errors.As(err, &unsent) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(test.unsent, unsent.Jobs, weeks); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if !strings.HasPrefix(err.Error(), test.wrong) {
				t.Errorf("got  %v\nwant %s", err, test.wrong)
			}
			if len(*calls) != test.calls {
				t.Errorf("%d calls, want %d", len(*calls), test.calls)
			}
			var gone *types.QueueDoesNotExist
			if test.calls == 2 && !errors.As(err, &gone) {
				t.Errorf("the cause is lost: %v", err)
			}
		})
	}
}

func TestRequests_Send(t *testing.T) {
	client, calls := double(t, taken)
	if err := (queues.Requests{Client: client, URL: "https://sqs/requests"}).Send(t.Context(),
		request); err != nil {
		t.Fatal(err)
	}
	want := []call{{Operation: "SendMessage", QueueURL: "https://sqs/requests",
		Body: `{"version":1,"tenant":"acme","bot":"4217","week":"2026-W46","team":"T024BE7LD","channel":"C024BE91L","user":"U024BE7LH",` +
			`"share":true,"response_url":"https://hooks.slack.com/commands/T024BE7LD/1/s3cr3t?a=1\u0026b=2","at":"2026-11-16T07:00:00Z"}`}}
	if diff := cmp.Diff(want, *calls); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := must(queues.ParseRequest((*calls)[0].Body)); got != request {
		t.Errorf("%+v came back as %+v", request, got)
	}
}

// TestRequest_HidesResponseURL: anyone who has it can post in the channel.
func TestRequest_HidesResponseURL(t *testing.T) {
	var shown strings.Builder
	holder := struct{ Q queues.Request }{request}
	fmt.Fprintf(&shown, "%v %+v %#v %s %+v %#v\n", request, request, request, request, holder,
		&holder)
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("got", "request", request)
	slog.New(slog.NewTextHandler(&shown, nil)).Info("got", "request", request)

	client, calls := double(t, func(c call) (int, string) {
		body := must(json.Marshal(map[string]string{"__type": "InvalidMessageContents",
			"message": "invalid: " + c.Body}))
		return 400, string(body)
	})
	err := queues.Requests{Client: client}.Send(t.Context(), request)
	if err == nil || !strings.Contains(err.Error(), "quotes") {
		t.Errorf("an error that quotes the message became %v", err)
	}
	fmt.Fprintln(&shown, err)

	for _, body := range []string{
		strings.Replace((*calls)[0].Body, "2026-W46", "2026-W99", 1),
		strings.Replace((*calls)[0].Body, `true`, `"true"`, 1),
		strings.Replace((*calls)[0].Body, `"T024BE7LD"`, `""`, 1),
		strings.TrimSuffix((*calls)[0].Body, "}"),
		`{"version": 1, "response_url": ["` + responseURL + `"]}`,
	} {
		_, err := queues.ParseRequest(body)
		if !errors.Is(err, queues.ErrMalformed) {
			t.Errorf("%s: %v", body, err)
		}
		fmt.Fprintln(&shown, err)
	}
	if strings.Contains(shown.String(), "s3cr3t") ||
		strings.Contains(shown.String(), "hooks.slack.com") {
		t.Errorf("the response URL is shown:\n%s", shown.String())
	}
	if !strings.Contains(shown.String(),
		"request of acme/4217/2026-W46 by U024BE7LH in T024BE7LD/C024BE91L at 2026-11-16T07:00:00Z") {
		t.Errorf("what may be shown is not:\n%s", shown.String())
	}
}

func TestParse_Malformed(t *testing.T) {
	const good = `{"version":1,"tenant":"acme","bot":"4217","week":"2026-W46","team":"T1","channel":"C1","user":"U1","at":"2026-11-16T07:00:00Z","later":{}}`
	for name, test := range map[string]struct{ from, to, wrong string }{
		"not JSON": {`{"version"`, `version`,
			"malformed message: invalid character 'v' looking for beginning of value"},
		"cut off": {`,"later":{}}`, ``,
			"malformed message: unexpected end of JSON input"},
		"not an object": {good, `[1]`, "malformed message: json: cannot unmarshal array"},
		"null":          {good, `null`, "malformed message: the version is missing"},
		"no version":    {`"version":1,`, ``, "malformed message: the version is missing"},
		"no tenant": {`"acme"`, `""`,
			`malformed message: tenant "" is not a tenant's name`},
		"another's prefix": {`"acme"`, `"../beta"`,
			`malformed message: tenant "../beta" is not a tenant's name`},
		"a bot with slash": {`"4217"`, `"4217/x"`,
			`malformed message: bot "4217/x" is not a bot's ID`},
		"a bot of another": {`"4217"`, `4217`, "malformed message: json: cannot unmarshal number"},
		"no week":          {`"week":"2026-W46",`, ``, "malformed message: it names no week"},
		"no such week": {`W46`, `W54`,
			"malformed message: there is no week 54 in 2026: its weeks are 1 to 53"},
		"no team": {`"T1"`, `""`, `malformed message: team "" is not an ID of Slack`},
		"a user, injected": {`"U1"`, `"U1> <!channel"`,
			`malformed message: user "U1> <!channel" is not an ID of Slack`},
		"without a time": {`,"at":"2026-11-16T07:00:00Z"`, ``,
			"malformed message: the time of the request (at) is missing"},
		"with another time": {`2026-11-16T07`, `yesterday`, "malformed message: parsing time"},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.Replace(good, test.from, test.to, 1)
			if body == good {
				t.Fatal("nothing is wrong with it")
			}
			check := func(err error) {
				t.Helper()
				if !errors.Is(err, queues.ErrMalformed) ||
					!strings.Contains(err.Error(), test.wrong) {
					t.Errorf("got  %v\nwant %s", err, test.wrong)
				}
			}
			_, err := queues.ParseRequest(body)
			check(err)
			switch name {
			case "no team", "a user, injected", "without a time", "with another time":
				_, err = queues.ParseJob(body)
				if err != nil {
					t.Errorf("a job has no such field, but: %v", err)
				}
			default:
				_, err = queues.ParseJob(body)
				check(err)
			}
		})
	}
	if _, err := queues.ParseRequest(good); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

// TestParse_LaterVersion: a message of a deployment under way is not lost. It is retried, and then
// kept in the dead letter queue.
func TestParse_LaterVersion(t *testing.T) {
	for name, parse := range map[string]func(string) error{
		"job":     func(s string) error { _, err := queues.ParseJob(s); return err },
		"request": func(s string) error { _, err := queues.ParseRequest(s); return err },
	} {
		err := parse(`{"version": 2, "tenant": {"id": 1}}`)
		if err == nil || errors.Is(err, queues.ErrMalformed) ||
			!strings.Contains(err.Error(), "version 2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestQueues_Moto(t *testing.T) {
	client := sqs.NewFromConfig(moto.Config(moto.Start(t)))
	create := func(name string, attributes map[string]string) string {
		out, err := client.CreateQueue(t.Context(),
			&sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
		if err != nil {
			t.Fatal(err)
		}
		return *out.QueueUrl
	}
	receive := func(url string) (bodies []string) {
		out, err := client.ReceiveMessage(t.Context(),
			&sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range out.Messages {
			bodies = append(bodies, aws.ToString(m.Body))
		}
		return bodies
	}

	weekly := queues.Weekly{Client: client, URL: create("weekly.fifo",
		map[string]string{"FifoQueue": "true"})}
	sent := []queues.Job{job("acme", "4217", "due"), job("acme", "kundeservice", "due")}
	for range 2 { // the tick comes twice
		if err := weekly.Send(t.Context(), sent); err != nil {
			t.Fatal(err)
		}
	}
	var got []queues.Job
	for _, body := range receive(weekly.URL) {
		got = append(got, must(queues.ParseJob(body)))
	}
	if diff := cmp.Diff(sent, got, weeks); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := weekly.Send(t.Context(), []queues.Job{job("acme", "4217", "retry")}); err != nil {
		t.Fatal(err)
	}
	if bodies := receive(weekly.URL); len(bodies) != 0 {
		t.Errorf("while a worker is at the bot, another was given %q", bodies)
	}

	requests := queues.Requests{Client: client, URL: create("requests", nil)}
	if err := requests.Send(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if bodies := receive(requests.URL); len(bodies) != 1 ||
		must(queues.ParseRequest(bodies[0])) != request {
		t.Errorf("%q came", bodies)
	}

	err := queues.Requests{Client: client, URL: requests.URL + "-gone"}.Send(context.Background(),
		request)
	var gone *types.QueueDoesNotExist
	if !errors.As(err, &gone) {
		t.Errorf("a queue that is not there: %v", err)
	}
}
