package delivery

import "strings"

// Cause groups failures that end together, so that people are told once. It is a kind and, if each
// subject has its own, a slash and the subject: sage, key/nettbutikk, slack-channel/C024BE91L.
// Records hold it. Failures without a cause are grouped by their words.
type Cause string

// Kinds of causes that more than one package names. Those of one channel alone are in its package.
const (
	CauseSage   Cause = "sage"       // Sage or Kindly does not answer, or fails; it passes
	CauseShape  Cause = "sage-shape" // Sage's answers or addresses have changed
	CauseClock  Cause = "clock"      // this machine's clock differs from Kindly's
	CauseStore  Cause = "store"      // the bucket does not answer
	CauseAWS    Cause = "aws-credentials"
	CauseSlack  Cause = "slack" // Slack does not answer, or fails; it passes
	CauseSES    Cause = "ses"   // SES does not answer, or fails; it passes
	CauseKey    Cause = "key"   // of a bot: Kindly does not accept its API key
	CauseBot    Cause = "bot"   // unknown, or configured so that Sage cannot be asked
	CauseSecret Cause = "secret"

	CauseSESQuota   Cause = "ses-quota"
	CauseSESAccount Cause = "ses-account"
	CauseSESPaused  Cause = "ses-paused"
	CauseSESSet     Cause = "ses-configuration-set"
	CauseSESAccess  Cause = "ses-access"
)

// With returns the cause of kind c that is the subject's own.
func (c Cause) With(subject string) Cause { return c + "/" + Cause(subject) }

// Kind returns c without its subject.
func (c Cause) Kind() Cause {
	kind, _, _ := strings.Cut(string(c), "/")
	return Cause(kind)
}

// Shared reports whether the cause concerns all tenants, so that the operator is told once.
func (c Cause) Shared() bool {
	switch c {
	case CauseSage, CauseShape, CauseClock, CauseStore, CauseAWS, CauseSlack, CauseSES,
		CauseSESQuota, CauseSESAccount, CauseSESPaused, CauseSESSet, CauseSESAccess:
		return true
	}
	return false
}
