package email

import (
	"strings"

	"kindlyweekly/functions/aws/retry"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// The causes by which failures belong together, each with one cure.
const (
	causeSES      = "ses"         // what passes
	causeMessage  = "ses-message" // our mistakes
	causeContent  = "ses-content"
	causeQuota    = "ses-quota"
	causeIdentity = "ses-identity"
	causeMailFrom = "ses-mail-from"
	causeAccount  = "ses-account"
	causePaused   = "ses-paused"
	causeSet      = "ses-configuration-set"
	causeAccess   = "ses-access"
	causeSender   = "mail-sender"
	causeForeign  = "mail-sender-not-allowed"
	causeHeader   = "mail-header"
	causeStore    = "store"
)

// causeAddress is an address that gets no mail.
func causeAddress(address string) string { return "address/" + destinationID(address) }

// causeMailbox is one that did not get a mail, but the next one, perhaps.
func causeMailbox(address string) string { return "mailbox/" + destinationID(address) }

// failure says what an error of SendEmail means.
func failure(err error) *delivery.Failure {
	f, refusal := retry.Failure("SES", causeSES, err)
	if refusal == nil {
		return f
	}
	said := refusal.ErrorMessage()
	switch refusal.ErrorCode() {
	case "TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling":
		if strings.Contains(strings.ToLower(said), "daily") {
			f.Cause, f.Cure = causeQuota, "the account's quota of 24 hours is used up: ask for a higher one in the SES console, Account dashboard"
		}
	case "MessageRejected":
		if !strings.Contains(said, "not verified") {
			f.Cause, f.Permanent = causeMessage, true
			break
		}
		f.Cause, f.Cure = causeIdentity, "verify the identity that SES names, in this region: SES console, Identities. "+
			"If it is the recipient, the account is still in the sandbox: request production access"
	case "BadRequestException", "ValidationException":
		f.Cause, f.Permanent = causeMessage, true
	case "MailFromDomainNotVerifiedException":
		f.Cause, f.Cure = causeMailFrom, "publish the MX and SPF records of the custom MAIL FROM domain that the SES console shows for the identity"
	case "AccountSuspendedException":
		f.Cause, f.Cure = causeAccount, "AWS has suspended the account's sending: answer the case that AWS has opened in the Support Center"
	case "SendingPausedException":
		f.Cause, f.Cure = causePaused, "sending is paused for the account or the configuration set: look at bounces and complaints in the SES console and resume it there"
	case "NotFoundException":
		f.Cause, f.Cure = causeSet, "there is no such configuration set in this region: deploy the stack again, or correct SES_CONFIGURATION_SET"
	case "AccessDeniedException", "AccessDenied":
		f.Cause, f.Cure = causeAccess, "the role may not send as this sender: allow ses:SendEmail and ses:SendRawEmail on the identity and on the configuration set"
	}
	return f
}

// mistake is a failure of our own making, which no further try can change.
func mistake(err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Cause: causeMessage, Permanent: true}
}

// badAddress is a failure of an address that is none.
func badAddress(to config.Destination, err error) *delivery.Failure {
	return &delivery.Failure{Err: err, Cause: causeAddress(to.To), Permanent: true}
}
