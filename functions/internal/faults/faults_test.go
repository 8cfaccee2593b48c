package faults

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/sage/sagefake"
)

// a family is the runs of one setting: after the prefix, each kind at each request of a process for
// which it is meant.
type family struct {
	name    string
	setting setting
	prefix  []fault
	process string
	kinds   func(request string) []kind
	of      int // one of so many runs is made, by seed; zero: all
}

var (
	toChannel = setting{channel: true}
	toMail    = setting{mail: true}
	toBoth    = setting{channel: true, mail: true, pictures: true}
	onS3      = setting{mail: true, bucket: true}
)

// at is a fault of the first worker at its first request of the name.
func at(request string, k kind) fault { return fault{"worker 1", request + " 1", k} }

var families = []family{
	{"a worker", toChannel, nil, "worker 1", everything, 0},
	{"a worker with a mail", toMail, nil, "worker 1", everything, 0},
	{"a worker with everything", toBoth, nil, "worker 1", steps, 2},
	{"a worker on S3", onS3, nil, "worker 1", everything, 3},
	{"a tick", toChannel, nil, "tick 1", everything, 0},
	{"a tick on S3", onS3, nil, "tick 1", everything, 2},

	{"a worker after a lost answer", toChannel, []fault{postLost}, "worker 2", everything, 3},
	{"a worker after a death", toChannel, []fault{postDied}, "worker 2", everything, 3},
	{"a worker after a death before it sent", toChannel,
		[]fault{at("slack chat.postMessage", crashBefore)}, "worker 2", everything, 3},
	{"a worker after a mail that was lost", toMail, []fault{mailLost}, "worker 2", everything, 2},
	{"a worker after a lost PDF", toChannel, []fault{at("slack files.completeUploadExternal",
		lost)}, "worker 2", everything, 2},
	{"a worker after a PDF that broke off", toChannel,
		[]fault{at("slack files.completeUploadExternal", dropped)}, "worker 2", everything, 3},
	{"a worker after a death at the PDF", toChannel,
		[]fault{at("slack files.completeUploadExternal", crashAfter)}, "worker 2", everything, 2},
	{"a worker after a death before the PDF", toChannel,
		[]fault{at("slack files.completeUploadExternal", crashBefore)}, "worker 2", everything, 3},
	{"a worker whose PDF is refused", toChannel,
		[]fault{at("slack files.completeUploadExternal", slackSays("blocked_file_type", never))},
		"worker 1", everything, 3},

	{"a worker whose PDF is refused after a death", toChannel,
		[]fault{at("slack files.completeUploadExternal", crashBefore),
			{"worker 2", "slack files.completeUploadExternal 1",
				slackSays("blocked_file_type", never)}}, "worker 2", steps, 0},
	{"a worker whose message comes again at once",
		setting{channel: true, mail: true, happens: comesAgain}, nil, "worker 1", unseen, 0},

	{"two workers side by side", setting{channel: true, mail: true}, nil, "worker 1", sideBySide,
		0},
	{"a worker while the time to catch up ends",
		setting{channel: true, mail: true, window: quarter, behind: quarter - time.Minute}, nil,
		"worker 1", ending, 0},
	{"a worker whose section comes later", setting{channel: true, mail: true,
		happens: lacksFeedback}, []fault{postBroke}, "worker 2", steps, 0},
	{"a worker whose configuration has changed",
		setting{channel: true, mail: true, happens: isReconfigured}, []fault{mailRefused},
		"worker 2", steps, 0},
	{"a worker for two tenants", setting{channel: true, mail: true, neighbour: true}, nil,
		"worker 1", steps, 4},
	{"a worker for two tenants after a lost answer",
		setting{channel: true, mail: true, neighbour: true}, []fault{postLost}, "worker 1", steps,
		4},

	{"a worker for an empty week", setting{channel: true, mail: true, empty: true}, nil, "worker 1",
		everything, 4},
	{"a worker for an empty week after a death", setting{channel: true, mail: true, empty: true},
		[]fault{{"worker 1", "store get acme/archive/shop/2026-W46/manifest.json 1", crashAfter}},
		"worker 2", everything, 4},
	{"a worker without an alarm", setting{channel: true, mail: true, calm: true}, nil, "worker 1",
		steps, 0},

	{"a tick that tells", toChannel, []fault{postArchived}, "tick 2", everything, 0},
	{"a tick that tells after a lost answer", toChannel, []fault{postArchived,
		{"tick 2", "slack chat.postMessage 1", lost}}, "tick 3", everything, 0},
	{"a tick that tells of the end", toChannel,
		[]fault{at("slack chat.postMessage", slackSays("not_in_channel", never))}, "tick 6",
		everything, 2},
	{"a tick that tells of a bounce", setting{mail: true, events: []string{"bounced"}}, nil,
		"tick 2", steps, 0},

	{"an event", setting{mail: true, events: []string{"delivered"}}, nil, "event 1", everything, 0},
	{"an event after a lost answer", setting{mail: true, events: []string{"delivered"}},
		[]fault{mailLost}, "event 1", everything, 0},
	{"an event after a death", setting{mail: true, events: []string{"bounced"}},
		[]fault{at("ses SendEmail", crashAfter)}, "event 1", everything, 0},
	{"a bounce", setting{mail: true, events: []string{"bounced"}}, nil, "event 1", everything, 0},
	{"a complaint", setting{mail: true, events: []string{"sent", "delivered", "complaint"}}, nil,
		"event 3", everything, 0},
	{"a complaint that overtakes", setting{mail: true, events: []string{"complaint", "delivered"}},
		nil, "event 1", steps, 0},
	{"a worker whose event is early", setting{mail: true, events: []string{"delivered"},
		early: true}, nil, "worker 1", steps, 0},
	{"an early event", setting{mail: true, events: []string{"bounced"}, early: true}, nil,
		"event 1", steps, 0},

	{"an operator", setting{channel: true, mail: true, resend: true},
		[]fault{postArchived, mailVirus}, "operator 1", everything, 8},
	{"an operator after a lost answer", setting{channel: true, mail: true, resend: true},
		[]fault{postArchived, mailVirus,
			{"operator 1", "slack chat.postMessage 1", lost}, {"operator 1", "ses SendEmail 1", lost}},
		"operator 2", steps, 0},
	{"an operator after a death", setting{channel: true, resend: true},
		[]fault{postArchived, {"operator 1", "slack chat.postMessage 1", crashAfter}}, "operator 2",
		everything, 6},
	{"an operator after doubt", setting{channel: true, resend: true}, []fault{postLost,
		{"worker 2", "slack conversations.history 1", slackSays("is_archived", never)}},
		"operator 1", everything, 8},
	{"an operator after doubt of their own", setting{channel: true, resend: true},
		[]fault{postArchived,
			{"operator 1", "slack chat.postMessage 1", lost}}, "operator 2", everything, 8},
	{"an operator whose section has come", setting{channel: true, mail: true, resend: true,
		happens: lacksFeedback}, []fault{postArchived}, "operator 1", steps, 2},
	{"an operator who hurries", setting{channel: true, mail: true, hasty: true}, []fault{postBroke},
		"operator 1", steps, 0},
}

// Faults that others follow.
var (
	postLost     = at("slack chat.postMessage", lost)
	postDied     = at("slack chat.postMessage", crashAfter)
	postBroke    = at("slack chat.postMessage", dropped)
	postArchived = at("slack chat.postMessage", slackSays("is_archived", never))
	mailLost     = at("ses SendEmail", lost)
	mailRefused  = at("ses SendEmail", refused)
	mailVirus    = at("ses SendEmail", awsSays(400, "MessageRejected", "Message contains a virus",
		never))
)

// comesAgain gives the first message to another worker two minutes later, as SQS may: sooner than
// any tick would.
func comesAgain(w *world) {
	time.AfterFunc(2*time.Minute, func() {
		for _, m := range w.messages() {
			w.work(m)
		}
	})
}

// lacksFeedback has Sage refuse a section until a report has gone out without it.
func lacksFeedback(w *world) {
	for _, c := range w.customers {
		mend := w.sage[c.name].Fault(sagefake.Fault{Path: "feedback/summary",
			Status: http.StatusForbidden})
		time.AfterFunc(5*time.Minute, mend)
	}
}

// isReconfigured has people change what the report counts, when it has gone out to some.
func isReconfigured(w *world) {
	for _, c := range w.customers {
		time.AfterFunc(5*time.Minute, func() {
			w.configure(c,
				strings.Replace(w.config(c), "sources: all", "sources: [-test]", 1))
		})
	}
}

// everything is every kind that a request can meet.
func everything(request string) []kind {
	kinds := everywhere
	switch service, _, _ := strings.Cut(request, " "); service {
	case "slack":
		kinds = slices.Concat(kinds, slackAnswers)
		switch {
		case strings.Contains(request, "chat.postMessage"):
			kinds = append(kinds, invisible)
		case strings.Contains(request, "chat.update"): // of whose answer nothing follows
			kinds = everywhere
		case strings.Contains(request, "files.info"): // it knows nothing of threads
			kinds = slices.DeleteFunc(kinds, func(k kind) bool {
				return strings.Contains(k.name, "thread") ||
					strings.Contains(k.name, "cannot_reply")
			})
		}
	case "ses":
		kinds = slices.Concat(kinds, sesAnswers)
	case "sns":
		kinds = slices.Concat(kinds, snsAnswers)
	case "s3":
		kinds = slices.Concat(kinds, s3Answers)
	case "sage", "secret", "sqs":
		kinds = []kind{crashBefore, crashAfter, lost, dropped}
	}
	return kinds
}

// steps are the kinds that the order of steps has to bear.
func steps(request string) []kind {
	if strings.HasPrefix(request, "sage") {
		return nil
	}
	return []kind{crashBefore, crashAfter, lost, late, twice}
}

// unseen are the kinds after which a message cannot be seen for a while, or is not there.
func unseen(request string) []kind {
	if strings.HasPrefix(request, "slack chat.postMessage") {
		return []kind{crashAfter, lost, late, invisible}
	}
	if strings.HasPrefix(request, "sage") {
		return nil
	}
	return []kind{crashAfter, lost, late}
}

// sideBySide is another worker at the same time, in some of the orders that there can be.
func sideBySide(request string) []kind {
	if strings.HasPrefix(request, "sage") && !strings.HasSuffix(request, "auth") {
		return nil
	}
	return []kind{beside(1), beside(2), beside(3)}
}

// ending is a tick that finds the time to catch up over while a worker is at it, and what the
// worker may leave behind.
func ending(request string) []kind {
	if strings.HasPrefix(request, "sage") {
		return nil
	}
	return []kind{ticked, crashBefore, crashAfter, lost, late}
}

// slackCodes are all that slack knows, as Slack's documentation lists them.
var slackCodes = func() (codes []string) {
	data, err := os.ReadFile("../../channel/slack/testdata/failures.txt")
	if err != nil {
		panic(err)
	}
	for _, match := range regexp.MustCompile(`(?m)\(([a-z_]+)\)`).FindAllStringSubmatch(string(data), -1) {
		codes = append(codes, match[1])
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}()

func slackSays(code string, e effect) kind {
	return kind{name: fmt.Sprintf("Slack says %s, done %v", code, e == atOnce), says: canned,
		effect: e, answer: answer{body: `{"ok": false, "error": "` + code + `"}`}}
}

func httpSays(who string, status int, body string, header map[string]string, e effect) kind {
	return kind{name: fmt.Sprintf("%s answers %d %.20s, done %v", who, status, body, e == atOnce),
		says: canned, effect: e, answer: answer{status: status, header: header, body: body}}
}

var slackAnswers = func() (all []kind) {
	for _, code := range slackCodes {
		all = append(all, slackSays(code, never))
	}
	const page = "<html>Server Error</html>"
	return append(all, slackSays("fatal_error", atOnce), slackSays("internal_error", atOnce),
		httpSays("Slack", http.StatusInternalServerError, page, nil, never),
		httpSays("Slack", http.StatusInternalServerError, page, nil, atOnce),
		httpSays("Slack", http.StatusServiceUnavailable, page, nil, never),
		httpSays("Slack", http.StatusOK, page, nil, atOnce),
		httpSays("Slack", http.StatusTooManyRequests, "", map[string]string{"Retry-After": "30"},
			never),
		httpSays("Slack", http.StatusTooManyRequests, "", map[string]string{"Retry-After": "3600"},
			never))
}()

func awsSays(status int, code, message string, e effect) kind {
	return httpSays("AWS", status, `{"__type": "`+code+`", "message": "`+message+`"}`,
		map[string]string{"X-Amzn-ErrorType": code, "Content-Type": "application/json"}, e)
}

// sesAnswers are those of SendEmail, and those that every service of AWS can give.
var sesAnswers = []kind{
	awsSays(400, "MessageRejected", "Email address is not verified", never),
	awsSays(400, "MessageRejected", "Message contains a virus", never),
	awsSays(400, "MailFromDomainNotVerifiedException", "", never),
	awsSays(400, "AccountSuspendedException", "", never),
	awsSays(400, "SendingPausedException", "", never),
	awsSays(400, "BadRequestException", "", never),
	awsSays(404, "NotFoundException", "", never),
	awsSays(429, "TooManyRequestsException", "", never),
	awsSays(400, "LimitExceededException", "", never),
	awsSays(400, "ThrottlingException", "", never),
	awsSays(403, "AccessDeniedException", "", never),
	awsSays(403, "ExpiredTokenException", "", never),
	awsSays(403, "UnrecognizedClientException", "", never),
	awsSays(400, "ValidationError", "", never), awsSays(500, "InternalFailure", "", never),
	awsSays(500, "InternalFailure", "", atOnce),
	awsSays(503, "ServiceUnavailable", "", never), awsSays(503, "ServiceUnavailable", "", atOnce),
}

func snsSays(status int, code string, e effect) kind {
	return httpSays("SNS", status,
		`<ErrorResponse><Error><Type>Sender</Type><Code>`+code+`</Code><Message>no</Message></Error></ErrorResponse>`, nil, e)
}

// snsAnswers are those of Publish.
var snsAnswers = []kind{
	snsSays(404, "NotFound", never), snsSays(403, "AuthorizationError", never),
	snsSays(400, "InvalidParameter", never), snsSays(400, "InvalidSecurity", never),
	snsSays(400, "KMSDisabled", never), snsSays(400, "KMSAccessDenied", never),
	snsSays(400, "Throttled", never), snsSays(429, "ThrottledException", never),
	snsSays(500, "InternalError", never), snsSays(500, "InternalError", atOnce),
	snsSays(503, "ServiceUnavailable", never),
}

func s3Says(status int, code string, e effect) kind {
	return httpSays("S3", status, `<Error><Code>`+code+`</Code><Message>no</Message></Error>`, nil,
		e)
}

// s3Answers are those of GetObject, PutObject, HeadObject and ListObjectsV2.
var s3Answers = []kind{
	s3Says(409, "ConditionalRequestConflict", never), s3Says(409, "OperationAborted", never),
	s3Says(412, "PreconditionFailed", never),
	s3Says(500, "InternalError", never), s3Says(500, "InternalError", atOnce),
	s3Says(503, "SlowDown", never), s3Says(503, "ServiceUnavailable", atOnce),
	s3Says(400, "RequestTimeout", never), s3Says(403, "AccessDenied", never),
	s3Says(403, "RequestTimeTooSkewed", never), s3Says(404, "NoSuchBucket", never),
}

// requests are those of a family's process, without the fault.
func (f family) requests(t *testing.T) (requests []request) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, f.setting, f.prefix...)
		w.run()
		if v := w.judge(); len(v) > 0 {
			t.Errorf("%s, without the fault: %s", f.name, strings.Join(v, "\n"))
		}
		for _, g := range w.processes {
			if g.process == f.process {
				requests = g.came
			}
		}
	})
	if len(requests) == 0 {
		t.Errorf("%s: there is no %s", f.name, f.process)
	}
	return requests
}

// sample n makes one of n runs, in addition to what each family chooses. The race detector makes a
// run ten times slower.
var sample = map[bool]int{false: 1, true: 12}[raceEnabled]

// Whatever fails, wherever, reports arrive once, and who has to hear of it hears of it once.
func TestDelivery_OnceUnderEveryFault(t *testing.T) {
	var runs, met, failed atomic.Int64
	seed := cmp.Or(*soakSeed, rand.Uint64())          // 0 asks for a new one
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // runs leave much behind, and are over soon
	t.Run("families", func(t *testing.T) {
		for i, f := range families {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				draw := rand.New(rand.NewPCG(seed, uint64(i)))
				requests := f.requests(t)
				if t.Failed() {
					failed.Add(1)
				}
				for _, r := range requests {
					name := r.name[:strings.LastIndex(r.name, " ")]
					for _, k := range f.kinds(name) {
						if draw.IntN(max(f.of, 1)*sample) != 0 || failed.Load() > 0 && failFast() {
							continue
						}
						one := fault{f.process, r.name, k}
						synctest.Test(t, func(t *testing.T) {
							w := newWorld(t, f.setting, append(slices.Clone(f.prefix), one)...)
							w.run()
							runs.Add(1)
							met.Add(int64(w.met()))
							if v := w.judge(); len(v) > 0 && failed.Add(1) <= 20 {
								t.Errorf("%s\n\t%s", one, strings.Join(v, "\n\t"))
							}
						})
					}
				}
			})
		}
	})
	t.Logf("%d runs on %d processors; %d faults were met, %d runs failed; the same again with -seed %d", runs.Load(), runtime.GOMAXPROCS(0), met.Load(), failed.Load(), seed)
	if raceEnabled || failed.Load() > 0 {
		return
	}
	if n := runs.Load(); n < 3000 {
		t.Errorf("only %d runs: do the families still meet all requests?", n)
	}
}

// failFast reports whether one failure is enough.
func failFast() bool { return flag.Lookup("test.failfast").Value.String() == "true" }

// met counts the faults that were met.
func (w *world) met() (n int) {
	for _, g := range w.processes {
		n += len(g.met)
	}
	return n
}
