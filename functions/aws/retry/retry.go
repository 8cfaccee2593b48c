// Package retry repeats a request to AWS, such as to send a mail, only if the answer proves that it
// had no effect. An error reports whether the request may have had one.
package retry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"kindlyweekly/functions/connection"
	"kindlyweekly/report/delivery"
)

// throttles are the error codes for too many requests.
var throttles = map[string]struct{}{
	"TooManyRequestsException": {},
	"LimitExceededException":   {},
	"ThrottlingException":      {},
	"Throttling":               {},
	"Throttled":                {},
	"KMSThrottling":            {},
}

// Retryer returns a retryer that repeats only throttled requests, and only before the context's
// deadline. After a lost response it does not repeat a request, which could send a second mail.
// Limits are in requests a second, so short waits suffice.
func Retryer() aws.Retryer {
	return deadlineRetryer{retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 4
		o.MaxBackoff = 5 * time.Second
		o.Retryables = []retry.IsErrorRetryable{retry.RetryableErrorCode{Codes: throttles}}
	})}
}

// deadlineRetryer starts no attempt after the deadline, see delivery.CheckDeadline.
type deadlineRetryer struct{ *retry.Standard }

// GetAttemptToken is called before each attempt.
func (r deadlineRetryer) GetAttemptToken(
	ctx context.Context,
) (release func(error) error, err error) {
	if err := delivery.CheckDeadline(ctx, time.Now()); err != nil {
		return nil, fmt.Errorf("no time was left: %w", err)
	}
	return r.Standard.GetAttemptToken(ctx)
}

// Failure returns what an error of a service means. The same failure has the same text each time.
// If the service refuses the request, refusal is its answer, and the caller adds the remedy, the
// cause and whether it is permanent. Otherwise the Failure is complete; transient is the cause of
// one that passes.
func Failure(
	service string, transient delivery.Cause, err error,
) (f *delivery.Failure, refusal smithy.APIError) {
	var (
		api     smithy.APIError
		garbled *smithy.DeserializationError
	)
	f = &delivery.Failure{Cause: transient}
	var operation *smithy.OperationError
	switch {
	case errors.As(err, &operation) && isAboutCredentials(operation):
		f.Err = fmt.Errorf("nothing was sent to %s, since there are no AWS credentials (%w)", service,
			operation.Err)
		f.Cause, f.Remedy = delivery.CauseAWS, remedyCredentials
		return f, nil
	case errors.As(err, &api):
		f.Err = fmt.Errorf("%s answered with an error (%w)", service, api) // without the request's ID
	case errors.As(err, &garbled):
		f.Err = fmt.Errorf("the answer from %s cannot be read (%w)", service, garbled.Err)
		f.MaybeSent = true
		return f, nil
	default:
		f.Err = fmt.Errorf("no answer from %s (%w)", service, innermost(err))
		f.MaybeSent = mayHaveArrived(err)
		return f, nil
	}
	code := api.ErrorCode()
	if _, ok := throttles[code]; ok { // no remedy: the next try would wait for a person
		return f, api
	}
	if status(err) >= 500 {
		f.MaybeSent = true
		return f, nil
	}
	f.Cause = ""
	switch code {
	case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException",
		"InvalidClientTokenId", "SignatureDoesNotMatch", "InvalidSignatureException":
		f.Cause = delivery.CauseAWS
		f.Remedy = remedyCredentials
		return f, nil
	}
	return f, api
}

const remedyCredentials = "the AWS credentials are not valid or have expired: log in again"

// mayHaveArrived reports whether the request may have reached the service without an answer. If
// that is unknown, it may have.
func mayHaveArrived(err error) bool {
	if connection.IsFailed(err) {
		return false
	}
	var operation *smithy.OperationError
	if !errors.As(err, &operation) {
		return true // not the SDK's
	}
	if isAboutCredentials(operation) {
		return false
	}
	var (
		lost     *smithyhttp.RequestSendError
		canceled *smithy.CanceledError
	)
	// Any other error, such as missing credentials, happens before the request is sent.
	return status(err) != 0 || errors.As(err, &lost) || errors.As(err, &canceled)
}

// isAboutCredentials reports whether another operation of AWS failed in the place of this one. The
// SDK asks for credentials before it signs and sends a request.
func isAboutCredentials(operation *smithy.OperationError) bool {
	var other *smithy.OperationError
	return errors.As(operation.Err, &other)
}

// innermost removes addresses and ports, which differ each time, from a network error.
func innermost(err error) error {
	if lost := new(net.OpError); errors.As(err, &lost) {
		return lost.Err
	}
	if lost := new(url.Error); errors.As(err, &lost) {
		return lost.Err
	}
	return err
}

// status returns the status of the HTTP answer, or 0 if there was none.
func status(err error) int {
	var r *smithyhttp.ResponseError
	if errors.As(err, &r) {
		return r.HTTPStatusCode()
	}
	return 0
}

// Reason returns the text of an AWS error without the request's ID and address.
func Reason(err error) string {
	var (
		api       smithy.APIError
		operation *smithy.OperationError
		lost      *smithyhttp.RequestSendError
	)
	switch {
	case errors.As(err, &api):
		return api.ErrorCode() + ": " + api.ErrorMessage()
	case errors.As(err, &operation) && isAboutCredentials(operation):
		return noCredentials
	case errors.As(err, &operation) && errors.As(err, &lost):
		return fmt.Sprintf("no answer from %s (%v)", operation.ServiceID, innermost(err))
	}
	for _, missing := range []string{"Missing Region", "Invalid region"} { // S3 says the second
		if strings.Contains(err.Error(), missing) {
			return noRegion
		}
	}
	return err.Error()
}

const (
	noCredentials = "there are no AWS credentials"
	noRegion      = "there is no AWS region"
)

// Remedy returns what an operator can do about an error of AWS that ended a command.
func Remedy(err error) string {
	switch Reason(err) {
	case noCredentials:
		return RemedyNoCredentials
	case noRegion:
		return RemedyNoRegion
	}
	return RemedyLogin
}

// What an operator can do.
const (
	// RemedyLogin is for a command that AWS refuses.
	RemedyLogin = "do the AWS credentials and the region of this shell belong to the" +
		" deployment? aws sts get-caller-identity"
	RemedyNoCredentials = "set AWS_PROFILE, or run aws configure or aws sso login"
	RemedyNoRegion      = "set AWS_REGION, such as AWS_REGION=eu-north-1"
)
