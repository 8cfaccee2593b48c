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

// obstacle is why there is no report, in words for an operator. Trying again later may help.
type obstacle struct {
	reason  string // of the metric
	failure *delivery.Failure
	cause   error // for the log
}

func (o *obstacle) Error() string { return o.failure.Error() }
func (o *obstacle) Unwrap() error { return o.cause }

// causeDraw is the kind of cause of a report that cannot be drawn. Its subject is the bot.
const causeDraw delivery.Cause = "draw"

// undrawn is a report that Sage gave and that cannot be drawn.
func undrawn(bot config.Bot, err error) *obstacle {
	return &obstacle{reasonDraw, &delivery.Failure{Err: errors.New("the report could not be drawn"), Cause: causeDraw.With(bot.ID)}, err}
}

// noKey says why the bot's key, the secret of that id, could not be read. What Secrets Manager says of a trouble that passes
// differs from try to try, and is for the log.
func noKey(bot config.Bot, id string, err error) *obstacle {
	f := &delivery.Failure{Err: fmt.Errorf("the API key of bot %s could not be read", bot.ID), Cause: delivery.CauseSecret.With(id)}
	var secret *secrets.Error
	if errors.As(err, &secret) {
		name := secret.Secret // all of it, though the id may name a field
		if secret.Field != "" {
			name += "#" + secret.Field
		}
		f.Remedy, f.Cause = secret.Remedy, delivery.CauseSecret.With(name)
		if secret.Permanent {
			f.Err = fmt.Errorf("an API key could not be read: secret %s: %w", name, secret.Err)
		} else {
			f.Err = fmt.Errorf("an API key could not be read: Secrets Manager did not give secret %s", name)
		}
	}
	return &obstacle{reasonKey, f, err}
}

// early is a week that is over by this machine's clock and not by Kindly's.
type early struct{ skew sage.Skew }

func (e early) Error() string {
	return fmt.Sprintf("this machine's clock is %v, where the week is not over yet", e.skew)
}

// unanswered says in a sentence why Sage gave no report, and where somebody can do something about it, what. The sentence
// is the same for every try that fails in the same way: ops are told once of each. So it holds nothing that varies, such
// as a time, a number of bytes, or which of two questions was answered first.
func unanswered(j config.Job, bot config.Bot, commands alerting.Commands, err error) *obstacle {
	var (
		failed *sage.Error
		query  *sage.QueryError
		soon   early
		say    = func(cause delivery.Cause, cure, text string, args ...any) *obstacle {
			return &obstacle{reasonSage, &delivery.Failure{Err: fmt.Errorf(text, args...), Remedy: cure, Cause: cause}, err}
		}
	)
	switch {
	case errors.As(err, &soon):
		return say(delivery.CauseClock, setClock, "%w", soon)
	case errors.As(err, &query):
		return say(delivery.CauseBot.With(bot.ID), "correct it in the configuration",
			"Sage cannot be asked about bot %s: %s: %s", bot.ID, query.Param, query.Problem)
	case errors.Is(err, context.Canceled):
		return say("", "", "the worker was stopped while it asked Sage")
	case !errors.As(err, &failed):
		return say("", "correct SageUrl and KindlyApiUrl, the parameters of the deployment",
			"the address of Sage or of the Kindly API cannot be used")
	case errors.Is(err, sage.ErrNoKey), refused(err):
		return keyless(j, bot, commands, failed)
	}

	var (
		who, what, setting = "Sage", "statistics", "SageUrl"
		status             = strings.TrimSpace(fmt.Sprint(failed.Status, " ", http.StatusText(failed.Status)))
		look               = alerting.Instruction("see what Sage answers now", commands.Doctor(j.Tenant, bot.ID))
		passes             = func(text string, args ...any) *obstacle {
			o := say(delivery.CauseSage, "", text, args...)
			o.failure.RetryAfter = failed.RetryAfter
			return o
		}
	)
	if failed.Endpoint == tokenEndpoint {
		who, what, setting = "Kindly", "tokens", "KindlyApiUrl"
	}
	switch {
	case failed.Status == http.StatusNotFound && failed.Endpoint == tokenEndpoint:
		return say(delivery.CauseBot.With(bot.ID), rightID, "Kindly knows no bot %s", bot.ID)
	case failed.Status == http.StatusNotFound:
		return say(delivery.CauseBot.With(bot.ID), rightID+"; if it is right, "+look, "Kindly knows no bot %s with statistics", bot.ID)
	case failed.Status == http.StatusTooManyRequests && failed.RetryAfter > 0:
		return passes("%s answered %s and asks us to wait", who, status)
	case failed.Status >= 500 && failed.Page:
		return passes("%s answered %s with a web page instead of JSON", who, status)
	case failed.Status >= 500, failed.Status == http.StatusTooManyRequests:
		return passes("%s answered %s", who, status)
	case failed.Status >= 400:
		return say("", look, "%s did not accept the question: it answered %s", who, status)
	case failed.Status >= 300:
		return say(delivery.CauseShape, "set "+setting+", a parameter of the deployment, to where it is now",
			"%s answered %s: it is no longer where it was", who, status)

	case errors.As(err, new(*sage.ShapeError)):
		return say(delivery.CauseShape, look, "%s's %s are not what they were", who, what)
	case failed.Page:
		return passes("%s's answer could not be read: it is a web page instead of JSON", who)
	case failed.Late() && failed.Status != 0:
		return passes("%s's answer did not come whole in time", who)
	case failed.Late():
		return passes("%s did not answer in time", who)
	case failed.BrokeOff():
		return passes("%s's answer broke off", who)
	case failed.Status != 0:
		return passes("%s's answer could not be read", who)

	case errors.As(err, new(*tls.CertificateVerificationError)):
		return say(delivery.CauseSage, "is this machine's clock right, and is there a proxy between? "+look,
			"%s could not be reached: its certificate is not valid, or not to be trusted", who)
	}
	return passes("%s could not be reached", who)
}

// keyless is unanswered for a key that is none, or that Kindly, or Sage, does not take. A clock that is far off comes
// first, since that alone can be why.
func keyless(j config.Job, bot config.Bot, commands alerting.Commands, failed *sage.Error) *obstacle {
	var (
		store = stored(commands.SetKey(j.Tenant, bot))
		renew = fmt.Sprintf("make a new key with the permission \"read statistics\" at https://app.kindly.ai/bot/%s/connect/api-keys and %s",
			url.PathEscape(bot.ID), store)
		asked = failed.Endpoint == tokenEndpoint // Kindly, and not Sage
		say   = func(cause delivery.Cause, cure, text string, args ...any) *obstacle {
			return &obstacle{reasonKey, &delivery.Failure{Err: fmt.Errorf(text, args...), Remedy: cure, Cause: cause}, failed}
		}
	)
	switch {
	case errors.Is(failed, sage.ErrNoKey):
		return say(delivery.CauseKey.With(bot.ID), "copy the key again, alone, and "+store,
			"what is stored as the API key of bot %s is none: it is empty, or holds a space, a quote or something else that no key holds", bot.ID)
	case failed.Status == http.StatusForbidden:
		who := "Sage"
		if asked {
			who = "Kindly"
		}
		return say(delivery.CauseKey.With(bot.ID), renew,
			"%s answered 403 Forbidden: the API key of bot %s lacks the permission \"read statistics\", or is of another bot", who, bot.ID)
	case failed.Skew.Matters() && asked:
		return say(delivery.CauseClock, setClock, "this machine's clock is %v, and Kindly refused an API key", failed.Skew)
	case failed.Skew.Matters():
		return say(delivery.CauseClock, setClock, "this machine's clock is %v, and Sage refused a token just made", failed.Skew)
	case asked:
		return say(delivery.CauseKey.With(bot.ID), renew, "Kindly refused the API key of bot %s", bot.ID)
	}
	return say(delivery.CauseKey.With(bot.ID), "see that SageUrl and KindlyApiUrl, the parameters of the deployment, belong together; if they do, "+renew,
		"Sage refused a token that Kindly had just made for bot %s", bot.ID)
}

// stored says where a key belongs.
func stored(command string) string {
	if command == "" {
		return "put it into the environment, where the old one came from"
	}
	return alerting.Instruction("store it", command)
}

// tokenEndpoint is how an error names the exchange of the key for a token, which is Kindly's and not Sage's.
const tokenEndpoint = "sage/auth"

// Cures of several failures.
const (
	setClock = "set this machine's clock; if it is right and Kindly's is wrong, tell Kindly"
	rightID  = "correct the bot's id in the configuration, or remove the bot from it: the id stands in the address of its page in Kindly"
)

// refused reports whether an error means that the key is not, or no longer, the right one.
func refused(err error) bool {
	var e *sage.Error
	return errors.As(err, &e) && (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden)
}
