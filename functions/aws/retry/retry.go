// Package retry is about requests to AWS that must not be made twice, such as to send a mail: they are repeated only where
// the answer says that nothing was done, and an error says whether something may have been.
package retry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"kindlyweekly/report/delivery"
)

// throttles are the codes of answers that ask to come again later.
var throttles = map[string]struct{}{
	"TooManyRequestsException": {},
	"LimitExceededException":   {},
	"ThrottlingException":      {},
	"Throttling":               {},
	"Throttled":                {},
	"KMSThrottling":            {},
}

// Retryer keeps the SDK from trying again after a lost response, which may mean a second mail, and from trying at all when
// there is no time left. Limits are of requests a second, so that a short wait gets most of those through that were too many.
func Retryer() aws.Retryer {
	return punctual{retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 4
		o.MaxBackoff = 5 * time.Second
		o.Retryables = []retry.IsErrorRetryable{retry.RetryableErrorCode{Codes: throttles}}
	})}
}

// punctual is a retryer that lets no try begin too late, see delivery.CheckDeadline.
type punctual struct{ *retry.Standard }

// GetAttemptToken is asked before each try.
func (p punctual) GetAttemptToken(ctx context.Context) (release func(error) error, err error) {
	if err := delivery.CheckDeadline(ctx, time.Now()); err != nil {
		return nil, fmt.Errorf("no time was left: %w", err)
	}
	return p.Standard.GetAttemptToken(ctx)
}

// Failure says what an error of a service's means. Its words are the same each time that the same goes wrong. Where the
// service refuses the request, refusal is its answer, and the caller adds the cure, the cause and whether it is permanent;
// else everything is said: passes is the cause of what passes.
func Failure(service string, passes delivery.Cause, err error) (f *delivery.Failure, refusal smithy.APIError) {
	var (
		api     smithy.APIError
		garbled *smithy.DeserializationError
	)
	f = &delivery.Failure{Cause: passes}
	switch {
	case errors.As(err, &api):
		f.Err = fmt.Errorf("%s: %w", service, api) // without the request's id
	case errors.As(err, &garbled):
		f.Err, f.MaybeSent = fmt.Errorf("the answer from %s cannot be read: %w", service, garbled.Err), true
		return f, nil
	default:
		f.Err, f.MaybeSent = fmt.Errorf("no answer from %s: %w", service, innermost(err)), mayHaveArrived(err)
		return f, nil
	}
	code := api.ErrorCode()
	if _, ok := throttles[code]; ok { // a cure would make the next try wait for people
		return f, api
	}
	if status(err) >= 500 {
		f.MaybeSent = true
		return f, nil
	}
	f.Cause = ""
	switch code {
	case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch", "InvalidSignatureException":
		f.Cause, f.Remedy = delivery.CauseAWS, "the AWS credentials are not valid (any more): log in again"
		return f, nil
	}
	return f, api
}

// mayHaveArrived reports whether the request may have reached the service, although no answer came. Where that cannot be
// known, it may.
func mayHaveArrived(err error) bool {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return false
	}
	var operation *smithy.OperationError
	if !errors.As(err, &operation) {
		return true // not the SDK's
	}
	var (
		lost     *smithyhttp.RequestSendError
		canceled *smithy.CanceledError
	)
	// Anything else, such as missing credentials, stopped the request before it was sent.
	return status(err) != 0 || errors.As(err, &lost) || errors.As(err, &canceled)
}

// innermost takes addresses and ports, which differ each time, off an error of the network.
func innermost(err error) error {
	if lost := new(net.OpError); errors.As(err, &lost) {
		return lost.Err
	}
	if lost := new(url.Error); errors.As(err, &lost) {
		return lost.Err
	}
	return err
}

// status is that of the HTTP answer, 0 where there was none.
func status(err error) int {
	var r *smithyhttp.ResponseError
	if errors.As(err, &r) && r.Response != nil && r.Response.Response != nil {
		return r.HTTPStatusCode()
	}
	return 0
}

// Reason returns the words of an error of AWS, without the request's ID and address.
func Reason(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode() + ": " + api.ErrorMessage()
	}
	return err.Error()
}

// RemedyLogin is what an operator can do if AWS refuses a command.
const RemedyLogin = "do the AWS credentials and the region of this shell belong to the deployment? aws sts get-caller-identity"
