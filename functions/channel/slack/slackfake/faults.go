package slackfake

import (
	"fmt"
	"net/http"
	"time"
)

// Upload and Respond name, for Fail and Calls, what is not a method of Slack: the bytes of a file,
// and an answer to a slash command.
const (
	Upload  = "upload"
	Respond = "respond"
)

// A Fault is a way for one call to fail. Its zero value is no fault.
type Fault struct {
	Delay      time.Duration // before any other fault
	Error      string        // Slack's code: {"ok": false, "error": …}
	Messages   []string      // with Error: response_metadata
	RetryAfter int           // 429; seconds
	Status     int           // this HTTP status, with HTML; redirects to "elsewhere"
	Body       string        // this body instead of Slack's answer, with status 200
	Drop       bool          // the connection breaks, and the call has no effect
	Lost       bool          // the connection breaks after the call took effect
	Done       bool          // with Error, Status or Body: the call took effect
	Late       time.Duration // for how long the message or the share stays hidden
}

// Fail makes the next calls of a method fail, one for each fault, in this order. A method is one of
// Slack's, such as "chat.postMessage", Upload or Respond.
func (d *Server) Fail(method string, faults ...Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults[method] = append(d.faults[method], faults...)
}

// FailAlways makes all calls of a method fail, after those of Fail. The zero Fault ends that.
func (d *Server) FailAlways(method string, fault Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.always[method] = fault
}

func (d *Server) nextFault(method string) Fault {
	d.mu.Lock()
	defer d.mu.Unlock()
	queue := d.faults[method]
	if len(queue) == 0 {
		return d.always[method]
	}
	d.faults[method] = queue[1:]
	return queue[0]
}

// isDone reports whether the call takes effect.
func (f Fault) isDone() bool {
	return f.Lost || f.Done ||
		f.Error == "" && f.RetryAfter == 0 && f.Status == 0 && f.Body == "" && !f.Drop
}

// answer writes the fault's answer instead of Slack's, and reports whether it has one.
func (f Fault) answer(w http.ResponseWriter) bool {
	switch {
	case f.Drop || f.Lost:
		panic(http.ErrAbortHandler)
	case f.RetryAfter > 0:
		w.Header().Set("Retry-After", fmt.Sprint(f.RetryAfter))
		w.WriteHeader(http.StatusTooManyRequests)
	case f.Status != 0:
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Location", "https://elsewhere.example/elsewhere")
		w.WriteHeader(f.Status)
		fmt.Fprint(w, "<html>Server Error</html>")
	case f.Body != "":
		fmt.Fprint(w, f.Body)
	case f.Error != "":
		write(w, refusal{code: f.Error, messages: f.Messages}.answer())
	default:
		return false
	}
	return true
}
