package retry_test

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/report/delivery"
)

// An answer is what AWS returns to each request: an HTTP status and an error code, or no answer.
type answer struct {
	status int
	code   string
	lost   error
}

// service is AWS. It counts requests, and remembers when the last one came.
type service struct {
	answer answer
	calls  int
	last   time.Time
}

func (s *service) Do(r *http.Request) (*http.Response, error) {
	s.calls++
	s.last = time.Now()
	if s.answer.lost != nil {
		return nil, s.answer.lost
	}
	body := "<ErrorResponse><Error><Code>" + s.answer.code + "</Code></Error></ErrorResponse>"
	return &http.Response{StatusCode: s.answer.status, Header: make(http.Header), Request: r,
		Body: io.NopCloser(strings.NewReader(body))}, nil
}

// publish sends a request to s with the retryer.
func (s *service) publish(ctx context.Context) error {
	config := moto.Config("http://aws.invalid")
	config.HTTPClient, config.Retryer = s, retry.Retryer
	in := &sns.PublishInput{TopicArn: aws.String("topic"), Message: aws.String("text")}
	_, err := sns.NewFromConfig(config).Publish(ctx, in)
	return err
}

// Only a throttled request is repeated: up to three times, within 15 seconds.
func TestRetryer(t *testing.T) {
	for _, test := range []struct {
		answer answer
		calls  int
	}{
		{answer{status: 400, code: "TooManyRequestsException"}, 4},
		{answer{status: 400, code: "LimitExceededException"}, 4},
		{answer{status: 400, code: "ThrottlingException"}, 4},
		{answer{status: 400, code: "Throttling"}, 4},
		{answer{status: 429, code: "Throttled"}, 4},
		{answer{status: 400, code: "KMSThrottling"}, 4},
		{answer{status: 503, code: "Throttling"}, 4},

		{answer{status: 400, code: "InvalidParameter"}, 1},
		{answer{status: 403, code: "AuthorizationError"}, 1},
		{answer{status: 500, code: "InternalError"}, 1},
		{answer{status: 503, code: "ServiceUnavailable"}, 1},
		{answer{lost: io.ErrUnexpectedEOF}, 1},
		{answer{lost: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}, 1},
	} {
		t.Run(fmt.Sprint(test.answer), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, begin := &service{answer: test.answer}, time.Now()
				if err := s.publish(t.Context()); err == nil {
					t.Error("no error is returned")
				}
				if s.calls != test.calls {
					t.Errorf("%d requests, want %d", s.calls, test.calls)
				}
				if took := time.Since(begin); took > 15*time.Second || took > 0 != (s.calls > 1) {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// One wait lasts at most five seconds, whatever the attempt.
func TestRetryer_LongestWait(t *testing.T) {
	r := retry.Retryer()
	if r.MaxAttempts() != 4 {
		t.Errorf("%d attempts", r.MaxAttempts())
	}
	for attempt := range 100 {
		d, err := r.RetryDelay(attempt, errors.New("throttled"))
		if d > 5*time.Second || err != nil {
			t.Errorf("attempt %d waits %v, %v", attempt, d, err)
		}
	}
}

// suspended is the context of a process that was suspended past its deadline: it is not done yet.
type suspended struct {
	context.Context
	deadline time.Time
}

func (s suspended) Deadline() (time.Time, bool) { return s.deadline, true }

// No request starts at or after the context's deadline.
func TestRetryer_Deadline(t *testing.T) {
	for _, test := range []struct {
		name  string
		limit time.Duration
		calls int // at the least
		want  string
	}{
		{"after all waits", time.Minute, 4, "exceeded maximum number of attempts, 4"},
		{"during a wait", time.Millisecond, 1, "context deadline exceeded"},
		{"suspended until then", 0, 0, "no time was left: context deadline exceeded"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				end := time.Now().Add(test.limit)
				ctx, cancel := context.WithDeadline(t.Context(), end)
				defer cancel()
				if test.limit == 0 {
					ctx = suspended{t.Context(), end}
				}
				s := &service{answer: answer{status: 429, code: "Throttled"}}
				err := s.publish(ctx)
				if s.calls < test.calls || s.calls > 0 && !s.last.Before(end) {
					t.Errorf("%d requests, the last at %v of %v", s.calls, s.last, end)
				}
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want %s", err, test.want)
				}
			})
		})
	}
}

// sent returns an error of an operation of the SDK.
func sent(err error) error {
	return &smithy.OperationError{ServiceID: "SES", OperationName: "SendEmail", Err: err}
}

// answered returns the SDK's error for an answer with this status.
func answered(status int, err error) error {
	return sent(&smithyhttp.ResponseError{Err: err,
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}})
}

func code(c string) error { return &smithy.GenericAPIError{Code: c, Message: "no"} }

// What the caller learns from an error: what to tell the operator, whether another try may help,
// and whether the request may have had an effect.
func TestFailure(t *testing.T) {
	const (
		refused  = 1 << iota // the caller explains the service's answer
		doubtful             // it may have had an effect
	)
	const login = "the AWS credentials are not valid or have expired: log in again"
	connect := errors.New("connection refused")
	lost := func(err error) error { return sent(&smithyhttp.RequestSendError{Err: err}) }
	for _, test := range []struct {
		name   string
		err    error
		want   string // the failure's text
		cause  delivery.Cause
		remedy string
		is     int
	}{
		// The service answers.
		{"throttled", answered(429, code("Throttling")), "SES answered with an error (api error Throttling: no)",
			"ses", "", refused},
		{"throttled by an ailing service", answered(503, code("Throttled")),
			"SES answered with an error (api error Throttled: no)", "ses", "", refused},
		{"the last error of a client", answered(499, code("Strange")),
			"SES answered with an error (api error Strange: no)", "", "", refused},
		{"the first error of a server", answered(500, code("InternalError")),
			"SES answered with an error (api error InternalError: no)", "ses", "", doubtful},
		{"credentials refused by an ailing service", answered(500, code("ExpiredToken")),
			"SES answered with an error (api error ExpiredToken: no)", "ses", "", doubtful},
		{"expired session", answered(403, code("ExpiredTokenException")),
			"SES answered with an error (api error ExpiredTokenException: no)", delivery.CauseAWS, login, 0},
		{"expired token", answered(403, code("ExpiredToken")),
			"SES answered with an error (api error ExpiredToken: no)", delivery.CauseAWS, login, 0},
		{"unknown client", answered(403, code("UnrecognizedClientException")),
			"SES answered with an error (api error UnrecognizedClientException: no)", delivery.CauseAWS, login, 0},
		{"unknown key", answered(403, code("InvalidClientTokenId")),
			"SES answered with an error (api error InvalidClientTokenId: no)", delivery.CauseAWS, login, 0},
		{"wrong secret", answered(403, code("SignatureDoesNotMatch")),
			"SES answered with an error (api error SignatureDoesNotMatch: no)", delivery.CauseAWS, login, 0},
		{"wrong signature", answered(403, code("InvalidSignatureException")),
			"SES answered with an error (api error InvalidSignatureException: no)", delivery.CauseAWS, login, 0},
		{"no HTTP answer is known", sent(code("Strange")),
			"SES answered with an error (api error Strange: no)", "", "", refused},

		// The answer is no answer of the service.
		{"a page of a proxy", answered(200, &smithy.DeserializationError{Err: io.EOF}),
			"the answer from SES cannot be read (EOF)", "ses", "", doubtful},
		{"neither code nor text", answered(502, io.EOF),
			"no answer from SES (operation error SES: SendEmail," +
				" http response error StatusCode: 502, EOF)", "ses", "", doubtful},

		// There is no answer.
		{"no connection", lost(&url.Error{Op: "Post", URL: "https://10.0.0.1:55", Err: &net.OpError{
			Op: "dial", Net: "tcp", Addr: &net.TCPAddr{Port: 55}, Err: connect}}),
			"no answer from SES (connection refused)", "ses", "", 0},
		{"connection lost", lost(&net.OpError{Op: "read", Net: "tcp", Err: connect}),
			"no answer from SES (connection refused)", "ses", "", doubtful},
		{"answer cut off", lost(&url.Error{Op: "Post", URL: "https://ses.invalid", Err: io.EOF}),
			"no answer from SES (EOF)", "ses", "", doubtful},
		{"time is up", sent(&smithy.CanceledError{Err: context.Canceled}),
			"no answer from SES (operation error SES: SendEmail, canceled, context canceled)",
			"ses", "", doubtful},
		{"no credentials, so not sent", sent(errors.New("no credentials")),
			"no answer from SES (operation error SES: SendEmail, no credentials)", "ses", "", 0},
		{"no credentials, since another service refused", sent(fmt.Errorf("get credentials: %w",
			&smithy.OperationError{ServiceID: "STS", OperationName: "AssumeRole", Err: code("AccessDenied")})),
			"nothing was sent to SES, since there are no AWS credentials (get credentials: " +
				"operation error STS: AssumeRole, api error AccessDenied: no)", delivery.CauseAWS, login, 0},
		{"no credentials, since another service did not answer", sent(fmt.Errorf("get credentials: %w",
			&smithy.OperationError{ServiceID: "ec2imds", OperationName: "GetMetadata",
				Err: &smithyhttp.RequestSendError{Err: io.EOF}})),
			"nothing was sent to SES, since there are no AWS credentials (get credentials: " +
				"operation error ec2imds: GetMetadata, request send failed, EOF)", delivery.CauseAWS, login, 0},
		{"no credentials in time", sent(fmt.Errorf("get credentials: %w",
			&smithy.OperationError{ServiceID: "ec2imds", OperationName: "GetMetadata",
				Err: &smithy.CanceledError{Err: context.DeadlineExceeded}})),
			"nothing was sent to SES, since there are no AWS credentials (get credentials: operation error " +
				"ec2imds: GetMetadata, canceled, context deadline exceeded)", delivery.CauseAWS, login, 0},
		{"no route through the proxy", lost(&net.OpError{Op: "proxyconnect", Net: "tcp", Err: connect}),
			"no answer from SES (connection refused)", "ses", "", 0},
		{"another's certificate", lost(&tls.CertificateVerificationError{Err: errors.New("of a proxy")}),
			"no answer from SES (operation error SES: SendEmail, request send failed, tls: failed to " +
				"verify certificate: of a proxy)", "ses", "", 0},
		{"not an error of the SDK", errors.New("broken"),
			"no answer from SES (broken)", "ses", "", doubtful},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, refusal := retry.Failure("SES", "ses", test.err)
			if f.Err.Error() != test.want {
				t.Errorf("got  %v\nwant %v", f.Err, test.want)
			}
			if f.Cause != test.cause || f.Remedy != test.remedy || f.Permanent {
				t.Errorf("cause %q, remedy %q, permanent %v", f.Cause, f.Remedy, f.Permanent)
			}
			if f.MaybeSent != (test.is&doubtful != 0) {
				t.Errorf("may have been sent: %v", f.MaybeSent)
			}
			if (refusal != nil) != (test.is&refused != 0) {
				t.Errorf("the caller gets %v", refusal)
			}
		})
	}
}

// A reason has no ID of a request, which differs each time.
func TestReason(t *testing.T) {
	for _, test := range []struct {
		err    error
		want   string
		remedy string // empty: RemedyLogin
	}{
		{answered(403, code("AccessDenied")), "AccessDenied: no", ""},
		{errors.New("no profile"), "no profile", ""},
		{sent(&smithy.OperationError{ServiceID: "ec2imds", Err: errors.New("disabled")}),
			"there are no AWS credentials", retry.RemedyNoCredentials},
		{sent(&smithy.OperationError{ServiceID: "STS", Err: code("AccessDenied")}), "AccessDenied: no", ""},
		{sent(&smithyhttp.RequestSendError{Err: &net.OpError{Op: "dial", Err: io.EOF}}),
			"no answer from SES (EOF)", ""},
		{sent(errors.New("Invalid Configuration: Missing Region")),
			"there is no AWS region", retry.RemedyNoRegion},
	} {
		if got := retry.Reason(test.err); got != test.want {
			t.Errorf("Reason(%v) = %q, want %q", test.err, got, test.want)
		}
		want := cmp.Or(test.remedy, retry.RemedyLogin)
		if got := retry.Remedy(test.err); got != want {
			t.Errorf("Remedy(%v) = %q, want %q", test.err, got, want)
		}
	}
}
