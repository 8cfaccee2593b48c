package sesapi

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

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
}

// failure says what an error of SendEmail means.
func failure(err error) *delivery.Failure {
	var (
		api     smithy.APIError
		garbled *smithy.DeserializationError
	)
	switch {
	case errors.As(err, &api):
	case errors.As(err, &garbled):
		return &delivery.Failure{Err: fmt.Errorf("the answer from SES cannot be read: %w", garbled.Err), Doubtful: true}
	default:
		return &delivery.Failure{Err: fmt.Errorf("no answer from SES: %w", innermost(err)), Doubtful: mayHaveArrived(err)}
	}
	code, said, broken := api.ErrorCode(), api.ErrorMessage(), status(err) >= 500
	err = fmt.Errorf("SES: %w", api) // without the request's id, so that the same mistake reads the same each time
	if _, ok := throttles[code]; ok {
		if strings.Contains(strings.ToLower(said), "daily") {
			return &delivery.Failure{Err: err, Cure: "the account's quota of 24 hours is used up: ask for a higher one in the SES console, Account dashboard"}
		}
		return &delivery.Failure{Err: err} // too many at once; a cure would make the next try wait for people
	}
	if broken {
		return &delivery.Failure{Err: err, Doubtful: true}
	}
	f := &delivery.Failure{Err: err}
	switch code {
	case "MessageRejected":
		if !strings.Contains(said, "not verified") {
			return refused(err)
		}
		f.Cure = "verify the identity that SES names, in this region: SES console, Identities. " +
			"If it is the recipient, the account is still in the sandbox: request production access"
	case "BadRequestException", "ValidationException":
		return refused(err)
	case "MailFromDomainNotVerifiedException":
		f.Cure = "publish the MX and SPF records of the custom MAIL FROM domain that the SES console shows for the identity"
	case "AccountSuspendedException":
		f.Cure = "AWS has suspended the account's sending: answer the case that AWS has opened in the Support Center"
	case "SendingPausedException":
		f.Cure = "sending is paused for the account or the configuration set: look at bounces and complaints in the SES console and resume it there"
	case "NotFoundException":
		f.Cure = "there is no such configuration set in this region: deploy the stack again, or correct SES_CONFIGURATION_SET"
	case "AccessDeniedException", "AccessDenied":
		f.Cure = "the role may not send as this sender: allow ses:SendEmail and ses:SendRawEmail on the identity and on the configuration set"
	case "ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch", "InvalidSignatureException":
		f.Cure = "the AWS credentials are not valid (any more): log in again"
	}
	return f
}

// mayHaveArrived reports whether the request may have reached SES, although no answer came. Where that cannot be known,
// it may.
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
