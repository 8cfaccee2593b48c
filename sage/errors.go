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

// Error is the failure of a request, after the tries that were worth making. It holds neither key nor token.
type Error struct {
	Method   string
	URL      string // without user info
	Endpoint string // sessions/chats, ..., or sage/auth for the exchange of the key for a token
	Bot      string

	Status     int           // of the answer; 0 where none came
	Page       bool          // the answer was a page for browsers, which no answer of the service is
	RetryAfter time.Duration // how long the service asked to wait; 0 where it did not say
	Skew       Skew          // how far this machine's clock was ahead of the service's when it answered; 0 where unknown
	Detail     string        // what the service said about it, shortened; mostly empty
	Tries      int           // how often it was tried

	// Err is the cause, where the status is not: of the network, a context's end, a *ShapeError, ... Nil otherwise.
	Err error

	key       bool // it was the key that was sent, not a token
	transient bool // the network broke; it may not next time
	late      bool // time was over
}

// ErrNoKey is the cause of an [Error] where there was no key to send, or one that can be none.
var ErrNoKey = errors.New("no API key")

// Temporary says whether the same request may succeed later: the service was busy or broken (429, 5xx), or the
// network was.
func (e *Error) Temporary() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500 || e.transient
}

// Late says whether time was over, that of a try or of the context, before the answer was whole. Where Status is not 0
// the answer had begun.
func (e *Error) Late() bool { return e.late && !e.failedStatus() }

// BrokeOff says whether the answer began and ended before it was whole.
func (e *Error) BrokeOff() bool { return e.transient && !e.late && e.Status != 0 }

func (e *Error) Unwrap() error { return e.Err }

// Error says what failed, why, and what to do.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sage: %s of bot %s: ", e.Endpoint, e.Bot)
	var parts []string
	if e.failedStatus() {
		status := fmt.Sprintf("%s %s: %d", e.Method, e.URL, e.Status)
		if text := http.StatusText(e.Status); text != "" {
			status += " " + text
		}
		parts = append(parts, status)
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
	b.WriteString(strings.Join(parts, ": "))
	if e.Tries > 1 {
		fmt.Fprintf(&b, " (tried %d times)", e.Tries)
	}
	return b.String()
}

// failedStatus tells a status that is the failure from one that only came with it.
func (e *Error) failedStatus() bool { return e.Status != 0 && (e.Status < 200 || e.Status > 299) }

func (e *Error) advice() string {
	switch {
	case e.Status == 0 && e.transient:
		return "no answer from " + e.URL + ": is the address right, and the network up?"
	case !e.failedStatus() && errors.As(e.Err, new(*json.SyntaxError)):
		return "is " + e.URL + " the right address?"
	case !e.failedStatus():
		return ""
	case e.Status < 400:
		return "redirects are not followed, because the token must go nowhere else: set the URL to where the service is now"
	case e.Status == http.StatusUnauthorized && e.Skew.Matters():
		return fmt.Sprintf("this machine's clock is %v, for which tokens can be refused: set it; if that is not it, %s", e.Skew, newKey(e.Bot))
	case e.Status == http.StatusUnauthorized && e.key:
		return "Kindly refused the API key: " + newKey(e.Bot)
	case e.Status == http.StatusUnauthorized:
		return "Sage refused a token just made: do the URLs of Sage and of the Kindly API belong together? If so, " + newKey(e.Bot)
	case e.Status == http.StatusForbidden:
		return "the API key may not do this, or belongs to another bot: " + newKey(e.Bot)
	case e.Status == http.StatusNotFound:
		return fmt.Sprintf("is the bot's id right? It is in the address of its page, %s. And is %s where the service is?", botPage(e.Bot), e.URL)
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

// ShapeError is an answer that is JSON, but not the JSON that the endpoint is known to give. Nothing of it was
// used.
type ShapeError struct {
	Endpoint string
	Want     string   // what was looked for
	Keys     []string // the keys that came instead, sorted; empty where it was no object
}

func (e *ShapeError) Error() string {
	came := "no keys came"
	if len(e.Keys) > 0 {
		came = fmt.Sprintf("the keys that came: %q", e.Keys)
	}
	return fmt.Sprintf("unexpected answer of %s: want %s; %s: has the service changed?", e.Endpoint, e.Want, came)
}

// QueryError is a query that was not sent, because the service would refuse it or answer something else.
type QueryError struct {
	Endpoint string
	Param    string // the parameter, as the service spells it
	Problem  string // what is wrong with it and what to do
}

func (e *QueryError) Error() string {
	return fmt.Sprintf("sage: %s: %s: %s", e.Endpoint, e.Param, e.Problem)
}

// app is the platform, where people make keys and find ids.
const app = "https://app.kindly.ai"

func newKey(bot string) string {
	return `make a new key with the permission "read statistics" at ` + botPage(bot) + "/connect/api-keys"
}

func botPage(bot string) string { return app + "/bot/" + url.PathEscape(bot) }
