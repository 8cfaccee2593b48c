package email

import (
	"strings"

	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Kinds of causes of mail alone.
const (
	causeMessage  delivery.Cause = "ses-message" // a mistake in this program
	causeContent  delivery.Cause = "ses-content"
	causeIdentity delivery.Cause = "ses-identity"
	causeMailFrom delivery.Cause = "ses-mail-from"
	causeSender   delivery.Cause = "mail-sender"
	causeForeign  delivery.Cause = "mail-sender-not-allowed"
	causeHeader   delivery.Cause = "mail-header"
	causeAddress  delivery.Cause = "address" // it gets no mail
	causeMailbox  delivery.Cause = "mailbox" // it did not get a mail; it may get the next one
)

// failure says what an error of SendEmail means.
func failure(err error) *delivery.Failure {
	f, refusal := retry.Failure("SES", delivery.CauseSES, err)
	if refusal == nil {
		return f
	}
	said := refusal.ErrorMessage()
	switch refusal.ErrorCode() {
	case "TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling":
		if strings.Contains(strings.ToLower(said), "daily") {
			f.Cause, f.Remedy = delivery.CauseSESQuota, "the account's quota of 24 hours is used up: ask for a higher one in the SES console, Account dashboard"
		}
	case "MessageRejected":
		if !strings.Contains(said, "not verified") {
			f.Cause, f.Permanent = causeMessage, true
			break
		}
		f.Cause, f.Remedy = causeIdentity, "verify the identity that SES names, in this region: SES console, Identities. "+
			"If it is the recipient, the account is still in the sandbox: request production access"
	case "BadRequestException", "ValidationException":
		f.Cause, f.Permanent = causeMessage, true
	case "MailFromDomainNotVerifiedException":
		f.Cause, f.Remedy = causeMailFrom, "publish the MX and SPF records of the custom MAIL FROM domain that the SES console shows for the identity"
	case "AccountSuspendedException":
		f.Cause, f.Remedy = delivery.CauseSESAccount, "AWS has suspended the account's sending: answer the case that AWS has opened in the Support Center"
	case "SendingPausedException":
		f.Cause, f.Remedy = delivery.CauseSESPaused, "sending is paused for the account or the configuration set: look at bounces and complaints in the SES console and resume it there"
	case "NotFoundException":
		f.Cause, f.Remedy = delivery.CauseSESSet, "there is no such configuration set in this region: deploy the stack again, or correct SES_CONFIGURATION_SET"
	case "AccessDeniedException", "AccessDenied":
		f.Cause, f.Remedy = delivery.CauseSESAccess, "the role may not send as this sender: allow ses:SendEmail and ses:SendRawEmail on the identity and on the configuration set"
	}
	return f
}

// mistake is a failure of our own making, which no further try can change.
func mistake(err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Cause: causeMessage, Permanent: true}
}

// badAddress is a failure of an address that is none.
func badAddress(to config.Destination, err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Cause: causeAddress.With(destinationID(to.To)), Permanent: true}
}
