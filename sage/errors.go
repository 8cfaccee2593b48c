package sage

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// An Error is the failure of a request after its last try. It holds neither key nor token.
type Error struct {
	URL      string // without user info
	Endpoint string // such as sessions/chats; sage/auth for the exchange of the key for a token
	Bot      string

	Status     int           // of the answer; 0 if there was none
	Page       bool          // the answer was a web page
	RetryAfter time.Duration // as the service asked; 0 if it did not
	Skew       Skew          // when the service answered
	Detail     string        // text of the answer, shortened; often empty
	Tries      int           // how often the request was sent

	// Err is the cause: a network error, the end of a context, a *ShapeError or another one. It is
	// nil if the status is the cause.
	Err error

	key       bool // the key was sent, not a token
	assumed   bool // the path is assumed
	transient bool // the network failed, and may not the next time
	late      bool // a deadline passed
}

// ErrNoKey is the cause of an [Error] if there is no API key, or one that cannot be valid.
var ErrNoKey = errors.New("no API key")

// Temporary reports whether the same request may succeed later: the service was busy or broken
// (429, 5xx), or the network failed.
func (e *Error) Temporary() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500 || e.transient
}

// Late reports whether the deadline of a try or of the context passed before the answer was whole.
// If Status is not 0, the answer had begun.
func (e *Error) Late() bool { return e.late && !e.failedStatus() }

// BrokeOff reports whether the answer began and ended before it was whole.
func (e *Error) BrokeOff() bool { return e.transient && !e.late && e.Status != 0 }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Error says what failed, why, and what to do.
func (e *Error) Error() string {
	var parts []string
	if e.failedStatus() {
		status := fmt.Sprintf("GET %s: %d %s", e.URL, e.Status, http.StatusText(e.Status))
		parts = append(parts, strings.TrimSpace(status))
	}
	if e.Detail != "" {
		parts = append(parts, fmt.Sprintf("the answer was %q", e.Detail))
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	if advice := e.advice(); advice != "" {
		parts = append(parts, advice)
	}
	text := fmt.Sprintf("sage: %s of bot %s: %s", e.Endpoint, e.Bot, strings.Join(parts, ": "))
	if e.Tries > 1 {
		text += fmt.Sprintf(" (tried %d times)", e.Tries)
	}
	return text
}

// failedStatus reports whether the status is the failure.
func (e *Error) failedStatus() bool { return e.Status != 0 && (e.Status < 200 || e.Status > 299) }

// advice returns what to do about the failure, or "".
func (e *Error) advice() string {
	switch {
	case e.Status == 0 && e.transient:
		return "no answer from " + e.URL + ": is the address right, and the network up?"
	case !e.failedStatus() && errors.As(e.Err, new(*json.SyntaxError)):
		return "is " + e.URL + " the right address?"
	case !e.failedStatus():
		return ""
	case e.Status < 400:
		return "redirects are not followed, so that no other host gets the token: " +
			"set the URL to the service's new one"
	case e.Status == http.StatusUnauthorized:
		return e.unauthorized()
	case e.Status == http.StatusForbidden:
		return "the API key may not do this, or belongs to another bot: " + newKey(e.Bot)
	case e.Status == http.StatusNotFound && e.assumed:
		return "the path is assumed, and the service may have another one: " +
			"the command doctor looks for it"
	case e.Status == http.StatusNotFound:
		return fmt.Sprintf("is the bot's id right? It is in the address of its page, %s. "+
			"And is %s the address of the service?", botPage(e.Bot), e.URL)
	case e.Status == http.StatusTooManyRequests && e.RetryAfter > 0:
		return fmt.Sprintf("too many requests: try again in %v", e.RetryAfter)
	case e.Status == http.StatusTooManyRequests:
		return "too many requests: try again in a few minutes"
	case e.Status < 500:
		return "the service did not accept the request"
	default:
		return "the service has a problem of its own: try again later"
	}
}

func (e *Error) unauthorized() string {
	switch {
	case e.Skew.Matters():
		return fmt.Sprintf("this machine's clock is %v, which can make tokens invalid: set it; "+
			"if that does not help, %s", e.Skew, newKey(e.Bot))
	case e.key:
		return "Kindly refused the API key: " + newKey(e.Bot)
	default:
		return "Sage refused a token just made: do the URLs of Sage and of the Kindly API " +
			"belong together? If so, " + newKey(e.Bot)
	}
}

// A ShapeError is an answer whose JSON is not what the endpoint is known to return. No part of it
// is used.
type ShapeError struct {
	Endpoint string
	Want     string   // what is missing
	Keys     []string // of the object that came instead, sorted; empty if it was no object
}

// Error says what was expected and what came.
func (e *ShapeError) Error() string {
	came := "no keys came"
	if len(e.Keys) > 0 {
		came = fmt.Sprintf("the keys that came: %q", e.Keys)
	}
	return fmt.Sprintf("unexpected answer of %s: want %s; %s: has the service changed?",
		e.Endpoint, e.Want, came)
}

// A QueryError is a query that was not sent, since the service would refuse it or answer another
// question.
type QueryError struct {
	Endpoint string
	Param    string // the parameter, as the service spells it
	Problem  string // what is wrong with it, and what to do
}

// Error says which parameter is wrong, why, and what to do.
func (e *QueryError) Error() string {
	return fmt.Sprintf("sage: %s: %s: %s", e.Endpoint, e.Param, e.Problem)
}

// app is the platform in which people make keys and find ids.
const app = "https://app.kindly.ai"

func newKey(bot string) string {
	return `make a new key with the permission "read statistics" at ` + botPage(bot) +
		"/connect/api-keys"
}

func botPage(bot string) string { return app + "/bot/" + url.PathEscape(bot) }
