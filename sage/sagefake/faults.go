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

// Fault is something that goes wrong with the requests it matches. Its fields combine: a Delay comes before whatever
// else it does. Of several faults that match a request, the one set first acts.
//
// Body without Status is garbage with a status of 200. Status without Body is a JSON error. Drop and Truncate end the
// connection, before any answer or in its middle.
//
// Go's own transport silently repeats a GET that was dropped on a connection it had used before: a Drop to be noticed
// by a client needs more Times than one, or none.
type Fault struct {
	Path string // a suffix of the request's path, such as "fallbacks/total" or "sage/auth"; "" matches every request
	Bot  string // "" matches every bot
	By   string // the granularity that is asked for, such as "day"; "" matches every

	Times int // how many requests it spoils; 0 = until cleared

	Status     int           // answered instead, with Body or a JSON error
	RetryAfter string        // sent as Retry-After, as it stands
	Delay      time.Duration // before anything is answered
	Body       string        // answered instead, as it stands
	Truncate   bool          // only half of the answer, of which the whole was announced
	SlowBody   time.Duration // the answer's head comes at once, its body in 10 chunks, with this pause before each
	Drop       bool          // the connection is closed without an answer

	// What an answer of 200 says that is not so. It is about a list of points with dates.
	Empty   bool   // the list has nothing in it
	Years   int    // the points are of so many years later
	Without string // the points of this date, 2026-11-11, are left out
	Twice   string // the points of this date come once more, as they are
	Differs string // they come once more, with one more of everything
}

// pointTime is how a point tells its time.
const pointTime = "2006-01-02T15:04:05.000000"

// A slow body comes in this many chunks, so that how long it takes follows from SlowBody and not from the answer.
const slowChunks = 10

// activeFault is a fault that is switched on.
type activeFault struct {
	Fault
	left int // requests yet to spoil, where Times says how many
}

// Fault switches a fault on for matching requests, until it has spoiled f.Times of them or clear is called.
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

// fault is what goes wrong with a request; the zero Fault where nothing does.
func (s *Server) fault(bot, path, by string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.faults {
		spent := a.Times > 0 && a.left == 0
		if spent || (a.Bot != "" && a.Bot != bot) || (a.By != "" && a.By != by) || !strings.HasSuffix(path, a.Path) {
			continue
		}
		a.left--
		return a.Fault
	}
	return Fault{}
}

// spoil is the answer as the fault leaves it.
func (f Fault) spoil(honest response) response {
	res := honest
	if f.lies() && res.status == http.StatusOK {
		res.body = f.lie(res.body)
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

func (f Fault) lies() bool { return f.Empty || f.Years != 0 || f.Without+f.Twice+f.Differs != "" }

// lie is the list of an answer as the fault leaves it. An answer that has no list stays as it is.
func (f Fault) lie(body []byte) []byte {
	var honest struct {
		Data []map[string]any `json:"data"`
	}
	if json.Unmarshal(body, &honest) != nil || honest.Data == nil {
		return body
	}
	of := func(point map[string]any, date string) bool {
		at, _ := point["date"].(string)
		return date != "" && strings.HasPrefix(at, date)
	}
	points := []map[string]any{}
	for _, p := range honest.Data {
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

// send writes the answer in the fault's manner.
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
			return // nobody is listening any more
		}
		_ = flush.Flush() // where it cannot flush, the answer only comes later
	}
	if f.Truncate {
		panic(http.ErrAbortHandler)
	}
}

// pause waits, unless the request ends first; it says whether anyone still waits for the answer.
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
