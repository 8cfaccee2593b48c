package sagefake

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Fault makes matching requests fail. Its fields combine. A Delay comes first. If several faults
// match a request, the first one applies. Body without Status is an answer of 200. Status without
// Body is a JSON error. Drop closes the connection before the answer, Truncate in its middle. Go's
// transport repeats a GET that is dropped on a reused connection, so a client notices a Drop only
// if Times is 0 or above 1.
type Fault struct {
	// Path is a suffix of the request's path, such as "fallbacks/total" or "sage/auth". "" matches
	// every request.
	Path string
	Bot  string // "" matches every bot
	By   string // the granularity that is asked for, such as "day"; "" matches every

	Times int // how many requests it applies to; 0: until cleared

	Status     int           // answered instead, with Body or a JSON error
	RetryAfter string        // sent as Retry-After, as it is
	Delay      time.Duration // before anything is answered
	Body       string        // answered instead, as it is
	Truncate   bool          // only half of the answer, of which the whole was announced
	// the answer's head comes at once, its body in 10 chunks, with this pause before each
	SlowBody time.Duration
	Drop     bool // the connection is closed without an answer

	// MovedTo is where the statistic that Path names, such as "buttons/clicks", is instead. A request
	// for Path gets 404.
	MovedTo string

	// Wrong data in an answer of 200 that is a list of points with dates.
	Empty   bool   // the list is empty
	Years   int    // the points are of so many years later
	Without string // the points of this date, 2026-11-11, are left out
	Twice   string // the points of this date come once more, as they are
	Differs string // they come once more, with one more of everything
}

// pointTime is the layout of a point's time.
const pointTime = "2006-01-02T15:04:05.000000"

// slowChunks is how many chunks a slow body has. So its duration depends on SlowBody, and not on
// the answer.
const slowChunks = 10

// An activeFault is a fault that is switched on.
type activeFault struct {
	Fault
	left int // of Times
}

// Fault switches a fault on. It applies to f.Times matching requests, or until clear is called.
func (s *Server) Fault(f Fault) (clear func()) {
	active := &activeFault{Fault: f, left: f.Times}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, active)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(a *activeFault) bool { return a == active })
	}
}

// fault returns the fault of a request, or the zero Fault.
func (s *Server) fault(bot, path, by string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.faults {
		spent := a.Times > 0 && a.left == 0
		if spent || (a.Bot != "" && a.Bot != bot) || (a.By != "" && a.By != by) ||
			!strings.HasSuffix(path, a.Path) {
			continue
		}
		a.left--
		return a.Fault
	}
	return Fault{}
}

// moved returns the path of the statistic that is at a path, or "" if it has moved away.
func (s *Server) moved(bot, path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := path
	for _, a := range s.faults {
		switch {
		case a.MovedTo == "" || a.Bot != "" && a.Bot != bot:
		case path == a.MovedTo:
			return a.Path
		case path == a.Path:
			from = ""
		}
	}
	return from
}

// apply returns the answer as the fault changes it.
func (f Fault) apply(res response) response {
	if f.alters() && res.status == http.StatusOK {
		res.body = f.alter(res.body)
	}
	if f.Status != 0 {
		res = refuse(f.Status, "a fault that was switched on")
	}
	if f.Body != "" {
		if f.Status == 0 {
			res.status = http.StatusOK
		}
		res.contentType, res.body = http.DetectContentType([]byte(f.Body)), []byte(f.Body)
	}
	return res
}

func (f Fault) alters() bool { return f.Empty || f.Years != 0 || f.Without+f.Twice+f.Differs != "" }

// alter returns the list of an answer as the fault changes it. An answer without a list stays as it
// is.
func (f Fault) alter(body []byte) []byte {
	var answer struct {
		Data []map[string]any `json:"data"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Data == nil {
		return body
	}
	of := func(point map[string]any, date string) bool {
		at, _ := point["date"].(string)
		return date != "" && strings.HasPrefix(at, date)
	}
	points := []map[string]any{}
	for _, p := range answer.Data {
		if f.Empty || of(p, f.Without) {
			continue
		}
		points = append(points, p)
		if of(p, f.Twice) {
			points = append(points, maps.Clone(p))
		}
		if of(p, f.Differs) {
			other := maps.Clone(p)
			for key, v := range other {
				if n, ok := v.(float64); ok && n == math.Trunc(n) && key != "rate" {
					other[key] = n + 1
				}
			}
			points = append(points, other)
		}
	}
	for _, p := range points {
		if at, err := time.Parse(pointTime, fmt.Sprint(p["date"])); err == nil && f.Years != 0 {
			p["date"] = at.AddDate(f.Years, 0, 0).Format(pointTime)
		}
	}
	return data(points).body
}

// send writes the answer as slowly, or as incompletely, as the fault says.
func (f Fault) send(w http.ResponseWriter, r *http.Request, res response) {
	w.Header().Set("Content-Type", res.contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(res.body)))
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	w.WriteHeader(res.status)
	body := res.body
	if f.Truncate {
		body = body[:len(body)/2]
	}
	chunks := 1
	if f.SlowBody > 0 {
		chunks = slowChunks
	}
	flush := http.NewResponseController(w)
	if f.SlowBody > 0 {
		_ = flush.Flush() // where it cannot flush, the head only comes later
	}
	for i := range chunks {
		if !pause(r, f.SlowBody) {
			return
		}
		if _, err := w.Write(body[i*len(body)/chunks : (i+1)*len(body)/chunks]); err != nil {
			return // the client is gone
		}
		_ = flush.Flush() // where it cannot flush, the answer only comes later
	}
	if f.Truncate {
		panic(http.ErrAbortHandler)
	}
}

// pause waits for d. It returns false if the request ends first.
func pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return r.Context().Err() == nil
	}
	select {
	case <-time.After(d):
		return true
	case <-r.Context().Done():
		return false
	}
}
