package sns

import (
	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/report/delivery"
)

// The causes of failures of SNS.
const (
	causeSNS     = "sns"         // passes
	causeMessage = "sns-message" // a bug of this program
	causeTopic   = "sns-topic"
	causeAccess  = "sns-access"
	causeKey     = "sns-key"
)

// failure returns what an error of Publish means.
func failure(err error, topic string) *delivery.Failure {
	f, refusal := retry.Failure("SNS", causeSNS, err)
	if refusal == nil {
		return f
	}
	switch refusal.ErrorCode() {
	case "NotFound":
		f.Cause = causeTopic
		f.Remedy = "there is no topic " + topic + ": deploy the stack again, or correct its ARN"
	case "AuthorizationError", "AccessDenied", "AccessDeniedException":
		f.Cause = causeAccess
		f.Remedy = "the role may not publish to it: allow sns:Publish on " + topic
	case "KMSAccessDenied", "KMSDisabled", "KMSInvalidState", "KMSNotFound", "KMSOptInRequired":
		f.Cause = causeKey
		f.Remedy = "the KMS key of " + topic + " cannot be used: enable it, and allow the role" +
			" kms:GenerateDataKey and kms:Decrypt on it"
	case "InvalidParameter", "ParameterValueInvalid", "InvalidParameterValue",
		"ValidationException":
		f.Cause, f.Permanent = causeMessage, true
	}
	return f
}

// mistake is a failure that this program causes, so no further try helps.
func mistake(err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Cause: causeMessage, Permanent: true}
}
