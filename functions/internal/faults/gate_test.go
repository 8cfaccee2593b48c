package faults

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing/iotest"
	"time"

	"kindlyweekly/report/delivery"
)

// A fault is what happens at one request of one process.
type fault struct {
	process string // worker 1, tick 2, …: in the order in which they begin
	request string // its name and how often it came: slack chat.postMessage 1
	kind    kind
}

// isCertain reports whether the caller knows the effect of its request: the answer comes in time,
// or nothing was done and the answer says so. Where the ledger is kept, a refusal can be an answer to the second try of what the first has done.
func (f fault) isCertain() bool {
	switch service, _, _ := strings.Cut(f.request, " "); f.kind.says {
	case truth:
		return f.kind.left == 0
	case canned:
		return f.kind.answer.status >= 400 && f.kind.answer.status < 500 && service != "s3"
	}
	return f.kind.says == refusal
}

func (f fault) String() string { return fmt.Sprintf("%s: %s: %s", f.process, f.request, f.kind.name) }

// A kind is a way to fail.
type kind struct {
	name      string
	effect    effect
	says      says
	answer    answer        // where it says a canned one
	takes     time.Duration // until the request arrives
	slow      time.Duration // from its effect to its answer; where the effect comes later, until it does
	left      time.Duration // the answer comes when its process has no more than this left; zero: sooner
	hidden    bool          // of chat.postMessage: no history shows it yet
	meanwhile func(*gate)   // what others do before its effect
}

// effect says when a request has its effect.
type effect int

const (
	never effect = iota
	atOnce
	later // while the claim still lasts
)

// says is what the process hears.
type says int

const (
	truth   says = iota // the true answer
	canned              // another
	nothing             // the connection ended before there was one
	reset               // it broke while the request was sent
	refusal             // there was none
	silence             // none, for as long as it has
	death               // it does not live to hear it
)

const (
	lateness = 3 * time.Minute // how long after its answer was lost a request has its effect
	hiding   = 5 * time.Minute // how long no history shows a message: a claim lasts at least as long
)

var (
	crashBefore = kind{name: "crash before", says: death}
	crashAfter  = kind{name: "crash after", says: death, effect: atOnce}
	lost        = kind{name: "lost", says: nothing, effect: atOnce}
	dropped     = kind{name: "dropped", says: reset}
	refused     = kind{name: "refused", says: refusal}
	hangsBefore = kind{name: "hangs before", says: silence}
	hangsAfter  = kind{name: "hangs after", says: silence, effect: atOnce}
	late        = kind{name: "late", says: nothing, effect: later, slow: lateness}
	slowest     = kind{name: "slow, until the last seconds", effect: atOnce, left: 2 * time.Second}
	invisible   = kind{name: "invisible", hidden: true, says: nothing, effect: atOnce}
	ticked      = kind{name: "a tick comes", effect: atOnce, meanwhile: func(g *gate) { g.tick() }}
	twice       = kind{name: "twice at once", effect: atOnce, meanwhile: func(g *gate) {
		time.Sleep(time.Second) // so that it asks at another time, and builds other numbers
		g.other()
	}}
)

// beside lets another worker have the same message just then, and both go on, in an order of the seed's.
func beside(seed uint64) kind {
	return kind{name: fmt.Sprintf("another beside it, %d", seed), effect: atOnce, meanwhile: func(g *gate) { g.beside(seed) }}
}

// everywhere are the kinds that any request can meet.
var everywhere = []kind{crashBefore, crashAfter, lost, dropped, refused, hangsBefore, hangsAfter, late, slowest, twice}

// An answer is one that a service documents.
type answer struct {
	status int
	header map[string]string
	body   string
	breaks bool // the connection does, after the body
}

func (a answer) response() *http.Response {
	w := httptest.NewRecorder()
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(cmp.Or(a.status, http.StatusOK))
	_, _ = w.WriteString(a.body)
	response := w.Result()
	if a.breaks {
		response.Body = io.NopCloser(io.MultiReader(response.Body, iotest.ErrReader(io.ErrUnexpectedEOF)))
	}
	return response
}

// A gate is between one process and the outside.
type gate struct {
	process string
	plan    []fault
	fate    func(request string) kind          // what happens to each request, where nothing is planned
	takes   func(request string) time.Duration // until a request arrives; nil: no time
	hide    func(time.Duration)

	// What others do meanwhile.
	other  func()            // another process has the same message
	beside func(seed uint64) // another begins with it
	tick   func()            // the next tick comes

	mu      sync.Mutex
	seen    map[string]int
	came    []request
	met     []fault // of the plan
	dead    bool
	end     time.Time     // when the process is killed; zero: never
	spare   time.Duration // that it needs before its end, to record what it has done
	ended   chan struct{} // is closed then
	overdue []string      // what it began to send when it was too late
}

// A request, as it came.
type request struct {
	name string // with how often it came: slack chat.postMessage 1
	at   time.Time
}

var errDead = errors.New("this process is dead")

// begin gives the process a time to live, after which nothing that it does has an effect. Lambda does not ask.
func (g *gate) begin(limit, spare time.Duration) (end func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	ended := make(chan struct{})
	g.end, g.spare, g.ended = time.Now().Add(limit), spare, ended
	killed := time.AfterFunc(limit, func() {
		g.die()
		close(ended)
	})
	return func() { killed.Stop() }
}

// sends are the requests that people notice. None is to be begun when there is no time left to record it.
var sends = []string{"slack chat.postMessage", "slack files.completeUploadExternal", "ses SendEmail", "sns Publish"}

// pass lets a request through to its effect, or not, as planned, and returns what the process hears of it. Where that is a
// canned answer it is not nil.
func pass[T any](g *gate, ctx context.Context, name string, effect func() (T, error)) (result T, instead *answer, err error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, nil, err // the connection is not even begun
	}
	k, dead := g.meet(name)
	if dead {
		return none, nil, errDead
	}
	if g.takes != nil {
		k.takes += g.takes(name)
	}
	if err := pause(ctx, k.takes); err != nil {
		return none, nil, err
	}
	if k.meanwhile != nil {
		k.meanwhile(g)
	}
	if k.hidden {
		g.hide(hiding)
		defer g.hide(0)
	}
	switch k.effect {
	case atOnce:
		result, err = effect()
		if ended := pause(ctx, k.slow); ended != nil {
			return none, nil, ended
		}
	case later:
		time.AfterFunc(k.slow, func() { _, _ = effect() }) // without an answer
	}
	switch k.says {
	case canned:
		return none, &k.answer, nil
	case nothing:
		return none, nil, io.ErrUnexpectedEOF
	case reset:
		return none, nil, &net.OpError{Op: "write", Net: "tcp", Err: errors.New("connection reset by peer")}
	case refusal:
		return none, nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	case silence:
		select {
		case <-ctx.Done():
			return none, nil, ctx.Err()
		case <-g.killed():
			return none, nil, errDead
		}
	case death:
		return none, nil, errDead
	}
	if g.isDead() { // of another request, meanwhile
		return none, nil, errDead
	}
	return result, nil, err
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// meet counts a request, and returns what is planned for it: nothing, mostly.
func (g *gate) meet(name string) (k kind, dead bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.end.IsZero() && slices.Contains(sends, name) && !time.Now().Before(g.end.Add(-g.spare)) {
		g.overdue = append(g.overdue, name)
	}
	if g.dead {
		return kind{}, true
	}
	if g.fate != nil {
		k = g.fate(name)
		g.dead = k.says == death
		return k, false
	}
	g.seen[name]++
	nth := fmt.Sprintf("%s %d", name, g.seen[name])
	g.came = append(g.came, request{nth, time.Now()})
	for _, f := range g.plan {
		if f.process == g.process && f.request == nth {
			g.met = append(g.met, f)
			g.dead = f.kind.says == death
			if k = f.kind; k.left > 0 && !g.end.IsZero() {
				k.slow = time.Until(g.end) - k.left
			}
			return k, false
		}
	}
	return kind{effect: atOnce}, false
}

// killed is closed at the end of the process's time.
func (g *gate) killed() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ended
}

// isOver reports whether the process lived until it was killed.
func (g *gate) isOver() bool {
	select {
	case <-g.killed():
		return true
	default:
		return false
	}
}

func (g *gate) die() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dead = true
}

func (g *gate) isDead() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.dead
}

// A wire is an http.RoundTripper through the gate to a double.
type wire struct {
	gate *gate
	name func(r *http.Request, body []byte) string
	to   http.Handler
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		defer r.Body.Close()
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	response, instead, err := pass(w.gate, r.Context(), w.name(r, body), func() (*http.Response, error) {
		served := r.Clone(context.WithoutCancel(r.Context())) // what has arrived is done, even if the client is gone
		served.Body, served.RequestURI = io.NopCloser(bytes.NewReader(body)), r.URL.RequestURI()
		recorder := httptest.NewRecorder()
		w.to.ServeHTTP(recorder, served)
		return recorder.Result(), nil
	})
	if instead != nil {
		response = instead.response()
	}
	if response != nil {
		response.Request = r
	}
	return response, err
}

// Do is RoundTrip for the AWS SDK.
func (w wire) Do(r *http.Request) (*http.Response, error) { return w.RoundTrip(r) }

// A gatedStore is a delivery.Store through the gate.
type gatedStore struct {
	gate *gate
	to   delivery.Store
}

// build and notice are parts of keys that differ from run to run.
var variable = regexp.MustCompile(`/[0-9a-f]{16}/|/\d{8}T\d{4}-[0-9a-f]{12}`)

func nameOfKey(key string) string {
	return variable.ReplaceAllStringFunc(key, func(s string) string {
		if strings.Contains(s, "T") {
			return "/<notice>"
		}
		return "/<build>/"
	})
}

func (s gatedStore) List(ctx context.Context, prefix string) ([]string, error) {
	keys, _, err := pass(s.gate, ctx, "store list "+prefix, func() ([]string, error) { return s.to.List(context.WithoutCancel(ctx), prefix) })
	return keys, err
}

func (s gatedStore) Get(ctx context.Context, key string) (delivery.Object, error) {
	o, _, err := pass(s.gate, ctx, "store get "+nameOfKey(key), func() (delivery.Object, error) { return s.to.Get(context.WithoutCancel(ctx), key) })
	return o, err
}

func (s gatedStore) Put(ctx context.Context, key string, o delivery.Object, c delivery.Condition) (string, error) {
	etag, _, err := pass(s.gate, ctx, "store put "+nameOfKey(key), func() (string, error) { return s.to.Put(context.WithoutCancel(ctx), key, o, c) })
	return etag, err
}
