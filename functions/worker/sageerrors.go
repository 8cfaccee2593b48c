package worker

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/sage"
)

// buildError is why a report could not be built, in words for an operator. A later try may succeed.
type buildError struct {
	reason  string // of the metric Failed
	failure *delivery.Failure
	cause   error // for the log
}

func (e *buildError) Error() string { return e.failure.Error() }

// causeRender is the kind of cause of a report that cannot be rendered. Its subject is the bot.
const causeRender delivery.Cause = "draw"

// renderError returns the error of a report that could not be rendered.
func renderError(bot config.Bot, err error) *buildError {
	return &buildError{reasonRender, &delivery.Failure{
		Err: errors.New("the report could not be drawn"), Cause: causeRender.With(bot.ID),
	}, err}
}

// secretError returns the error of a bot's key that could not be read. id is that of its secret.
// The words of a temporary error differ from try to try, so only the log has them.
func secretError(bot config.Bot, id string, err error) *buildError {
	f := &delivery.Failure{
		Err:   fmt.Errorf("the API key of bot %s could not be read", bot.ID),
		Cause: delivery.CauseSecret.With(id),
	}
	var secret *secrets.Error
	if errors.As(err, &secret) {
		name := secret.Secret
		if secret.Field != "" {
			name += "#" + secret.Field
		}
		f.Remedy, f.Cause = secret.Remedy, delivery.CauseSecret.With(name)
		if secret.Permanent {
			f.Err = fmt.Errorf("the API key in secret %s could not be read (%w)", name, secret.Err)
		} else {
			f.Err = fmt.Errorf(
				"Secrets Manager did not give secret %s, which has an API key", name)
		}
	}
	return &buildError{reasonKey, f, err}
}

// clockError is the error of a period that is over by this machine's clock and not by Kindly's.
type clockError struct{ skew sage.Skew }

func (e clockError) Error() string {
	return fmt.Sprintf("this machine's clock is %v, where the week is not over yet", e.skew)
}

// isRejected reports whether an error means that the key is not, or no longer, the right one.
func isRejected(err error) bool {
	var e *sage.Error
	return errors.As(err, &e) &&
		(e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden)
}

// tokenEndpoint names, in an error, the exchange of a key for a token. Kindly answers it, not Sage.
const tokenEndpoint = "sage/auth"

// Remedies of several failures.
const (
	setClock = "set this machine's clock; if it is right and Kindly's is wrong, tell Kindly"
	rightID  = "correct the bot's id in the configuration, or remove the bot from it: " +
		"the id stands in the address of its page in Kindly"
	rightURLs = "correct SageUrl and KindlyApiUrl, the parameters of the deployment"
)

// sageFailure is an error of Sage or Kindly that is being classified.
type sageFailure struct {
	job      config.Job
	bot      config.Bot
	commands alerting.Commands
	*sage.Error
	cause error // which wraps Error
}

// fails returns a buildError.
func (f *sageFailure) fails(
	reason string, cause delivery.Cause, remedy, text string, args ...any,
) *buildError {
	return &buildError{reason, &delivery.Failure{
		Err: fmt.Errorf(text, args...), Remedy: remedy, Cause: cause,
	}, f.cause}
}

// passes returns a buildError that needs no remedy.
func (f *sageFailure) passes(text string, args ...any) *buildError {
	e := f.fails(reasonSage, delivery.CauseSage, "", text, args...)
	e.failure.RetryAfter = f.RetryAfter
	return e
}

// byKindly reports whether Kindly failed, and not Sage.
func (f *sageFailure) byKindly() bool { return f.Endpoint == tokenEndpoint }

// doctor returns the remedy of a failure that a person has to look at.
func (f *sageFailure) doctor() string {
	command := f.commands.Doctor(f.job.Tenant, f.bot.ID)
	return alerting.Instruction("see what Sage answers now", command)
}

// classifySageError returns why Sage gave no report, with the remedy if there is one. Every try
// that fails in the same way gives the same words, because ops are told once of each. So the words
// contain nothing that varies, such as a time, a number of bytes or which of two questions was
// answered first.
func classifySageError(
	j config.Job, bot config.Bot, commands alerting.Commands, err error,
) *buildError {
	f := &sageFailure{job: j, bot: bot, commands: commands, cause: err}
	var (
		query *sage.QueryError
		clock clockError
	)
	switch {
	case errors.As(err, &clock):
		return f.fails(reasonSage, delivery.CauseClock, setClock, "%w", clock)
	case errors.As(err, &query):
		return f.fails(reasonSage, delivery.CauseBot.With(bot.ID),
			"correct it in the configuration",
			"Sage cannot be asked about bot %s (%s: %s)", bot.ID, query.Param, query.Problem)
	case errors.Is(err, context.Canceled):
		return f.fails(reasonSage, "", "", "the worker was stopped while it asked Sage")
	case !errors.As(err, &f.Error):
		return f.fails(reasonSage, "", rightURLs,
			"the address of Sage or of the Kindly API cannot be used")
	case errors.Is(err, sage.ErrNoKey), isRejected(err):
		return f.ofKey()
	case f.Status >= 300:
		return f.ofStatus()
	}
	return f.ofAnswer()
}

// ofStatus classifies an answer that is an error by its status.
func (f *sageFailure) ofStatus() *buildError {
	who, setting := "Sage", "SageUrl"
	if f.byKindly() {
		who, setting = "Kindly", "KindlyApiUrl"
	}
	status := strings.TrimSpace(fmt.Sprint(f.Status, " ", http.StatusText(f.Status)))
	switch bot := delivery.CauseBot.With(f.bot.ID); {
	case f.Status == http.StatusNotFound && f.byKindly():
		return f.fails(reasonSage, bot, rightID, "Kindly knows no bot %s", f.bot.ID)
	case f.Status == http.StatusNotFound:
		return f.fails(reasonSage, bot, rightID+"; if it is right, "+f.doctor(),
			"Kindly knows no bot %s with statistics", f.bot.ID)
	case f.Status == http.StatusTooManyRequests && f.RetryAfter > 0:
		return f.passes("%s answered %s and asks us to wait", who, status)
	case f.Status >= 500 && f.Page:
		return f.passes("%s answered %s with a web page instead of JSON", who, status)
	case f.Status >= 500, f.Status == http.StatusTooManyRequests:
		return f.passes("%s answered %s", who, status)
	case f.Status >= 400:
		return f.fails(reasonSage, "", f.doctor(),
			"%s did not accept the question (it answered %s)", who, status)
	}
	return f.fails(reasonSage, delivery.CauseShape,
		"set "+setting+", a parameter of the deployment, to where it is now",
		"%s is no longer where it was (it answered %s)", who, status)
}

// ofAnswer classifies an answer that did not arrive or could not be read.
func (f *sageFailure) ofAnswer() *buildError {
	who, what := "Sage", "statistics"
	if f.byKindly() {
		who, what = "Kindly", "tokens"
	}
	switch {
	case errors.As(f.cause, new(*sage.ShapeError)):
		return f.fails(reasonSage, delivery.CauseShape, f.doctor(),
			"%s's %s are not what they were", who, what)
	case f.Page:
		return f.passes("%s answered with a web page instead of JSON", who)
	case f.Late() && f.Status != 0:
		return f.passes("%s's answer did not come whole in time", who)
	case f.Late():
		return f.passes("%s did not answer in time", who)
	case f.BrokeOff():
		return f.passes("%s's answer broke off", who)
	case f.Status != 0:
		return f.passes("%s's answer could not be read", who)
	case errors.As(f.cause, new(*tls.CertificateVerificationError)):
		return f.fails(reasonSage, delivery.CauseSage,
			"is this machine's clock right, and is there a proxy between? "+f.doctor(),
			"%s could not be reached, since its certificate is not valid or not trusted", who)
	}
	return f.passes("%s could not be reached", who)
}

// ofKey classifies a key that is malformed or that Kindly or Sage rejects. A clock that is far off
// comes first, because it alone can be the reason.
func (f *sageFailure) ofKey() *buildError {
	store := "put it into the environment, where the old one came from"
	if command := f.commands.SetKey(f.job.Tenant, f.bot.ID); command != "" {
		store = alerting.Instruction("store it", command)
	}
	id, key, who := f.bot.ID, delivery.CauseKey.With(f.bot.ID), "Sage"
	if f.byKindly() {
		who = "Kindly"
	}
	renew := fmt.Sprintf("make a new key with the permission \"read statistics\" at "+
		"https://app.kindly.ai/bot/%s/connect/api-keys and %s", url.PathEscape(id), store)
	switch {
	case errors.Is(f.Error, sage.ErrNoKey):
		return f.fails(reasonKey, key, "copy the key again, alone, and "+store,
			"what is stored as the API key of bot %s is none (it is empty, "+
				"or has a space, a quote or another character that no key has)", id)
	case f.Status == http.StatusForbidden:
		return f.fails(reasonKey, key, renew, "the API key of bot %s lacks the permission "+
			"\"read statistics\", or is of another bot (%s answered 403 Forbidden)", id, who)
	case f.Skew.Matters() && f.byKindly():
		return f.fails(reasonKey, delivery.CauseClock, setClock,
			"this machine's clock is %v, and Kindly refused an API key", f.Skew)
	case f.Skew.Matters():
		return f.fails(reasonKey, delivery.CauseClock, setClock,
			"this machine's clock is %v, and Sage refused a token just made", f.Skew)
	case f.byKindly():
		return f.fails(reasonKey, key, renew, "Kindly refused the API key of bot %s", id)
	}
	return f.fails(reasonKey, key, "see that SageUrl and KindlyApiUrl, the parameters of the "+
		"deployment, belong together; if they do, "+renew,
		"Sage refused a token that Kindly had just made for bot %s", id)
}
