package email

import (
	"strings"

	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Causes of failures that only mail has.
const (
	causeMessage    delivery.Cause = "ses-message" // a bug of this program
	causeContent    delivery.Cause = "ses-content"
	causeIdentity   delivery.Cause = "ses-identity"
	causeMailFrom   delivery.Cause = "ses-mail-from"
	causeSender     delivery.Cause = "mail-sender"
	causeNotAllowed delivery.Cause = "mail-sender-not-allowed"
	causeHeader     delivery.Cause = "mail-header"
	causeAddress    delivery.Cause = "address" // is blocked
	causeMailbox    delivery.Cause = "mailbox" // refused a mail and may accept the next
)

const (
	remedyCase   = "answer the case that AWS has opened in the Support Center"
	remedyResume = "check bounces and complaints in the SES console, and resume sending there"
)

// failure returns what an error of SendEmail means.
func failure(err error) *delivery.Failure {
	f, refusal := retry.Failure("SES", delivery.CauseSES, err)
	if refusal == nil {
		return f
	}
	said := refusal.ErrorMessage()
	switch refusal.ErrorCode() {
	case "TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling":
		if strings.Contains(strings.ToLower(said), "daily") {
			f.Cause = delivery.CauseSESQuota
			f.Remedy = "the account's quota of 24 hours is used up: request a higher one in the" +
				" SES console, Account dashboard"
		}
	case "MessageRejected":
		if !strings.Contains(said, "not verified") {
			f.Cause, f.Permanent = causeMessage, true
			break
		}
		f.Cause = causeIdentity
		f.Remedy = "verify the identity that SES names, in this region: SES console, Identities." +
			" If it is the recipient, the account is in the sandbox: request production access"
	case "BadRequestException", "ValidationException":
		f.Cause, f.Permanent = causeMessage, true
	case "MailFromDomainNotVerifiedException":
		f.Cause = causeMailFrom
		f.Remedy = "publish the MX and SPF records of the custom MAIL FROM domain that the SES" +
			" console shows for the identity"
	case "AccountSuspendedException":
		f.Cause = delivery.CauseSESAccount
		f.Remedy = "AWS has suspended the account's sending: " + remedyCase
	case "SendingPausedException":
		f.Cause = delivery.CauseSESPaused
		f.Remedy = "sending is paused for the account or the configuration set: " + remedyResume
	case "NotFoundException":
		f.Cause = delivery.CauseSESSet
		f.Remedy = "there is no such configuration set in this region: deploy the stack again"
	case "AccessDeniedException", "AccessDenied":
		f.Cause = delivery.CauseSESAccess
		f.Remedy = "the role may not send as this sender: allow ses:SendEmail and" +
			" ses:SendRawEmail on the identity and on the configuration set"
	}
	return f
}

// mistake is a failure that this program causes, so no further try helps.
func mistake(err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Cause: causeMessage, Permanent: true}
}

// addressFailure is the failure of an invalid address.
func addressFailure(to config.Destination, err error) *delivery.Failure {
	cause := causeAddress.With(destinationID(to.To))
	return &delivery.Failure{Err: err, Cause: cause, Permanent: true}
}
