package sns

import (
	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/report/delivery"
)

// The causes by which failures belong together, each with one cure.
const (
	causeSNS     = "sns"         // what passes
	causeMessage = "sns-message" // our mistakes
	causeTopic   = "sns-topic"
	causeAccess  = "sns-access"
	causeKey     = "sns-key"
)

// failure says what an error of Publish means.
func failure(err error, topic string) *delivery.Failure {
	f, refusal := retry.Failure("SNS", causeSNS, err)
	if refusal == nil {
		return f
	}
	switch refusal.ErrorCode() {
	case "NotFound":
		f.Cause, f.Remedy = causeTopic, "there is no topic "+topic+": deploy the stack again, or correct its ARN"
	case "AuthorizationError", "AccessDenied", "AccessDeniedException":
		f.Cause, f.Remedy = causeAccess, "the role may not publish to it: allow sns:Publish on "+topic
	case "KMSAccessDenied", "KMSDisabled", "KMSInvalidState", "KMSNotFound", "KMSOptInRequired":
		f.Cause, f.Remedy = causeKey, "the KMS key of "+topic+" cannot be used: enable it, and allow the role kms:GenerateDataKey and kms:Decrypt on it"
	case "InvalidParameter", "ParameterValueInvalid", "InvalidParameterValue", "ValidationException":
		f.Cause, f.Permanent = causeMessage, true
	}
	return f
}

// mistake is a failure of our own making, which no further try can change.
func mistake(err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Cause: causeMessage, Permanent: true}
}
