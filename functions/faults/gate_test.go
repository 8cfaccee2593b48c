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

func (f fault) String() string { return fmt.Sprintf("%s: %s: %s", f.process, f.request, f.kind.name) }

// A kind is a way to fail.
type kind struct {
	name   string
	effect effect
	says   says
	answer answer        // where it says a canned one
	takes  time.Duration // until the request arrives
	slow   time.Duration // from its effect to its answer; where the effect comes later, until it does
	other  bool          // another process is at the same message just then
	hidden bool          // of chat.postMessage: no history shows it yet
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
	twice       = kind{name: "twice at once", other: true, effect: atOnce}
	invisible   = kind{name: "invisible", hidden: true, says: nothing, effect: atOnce}
)

// everywhere are the kinds that any request can meet.
var everywhere = []kind{crashBefore, crashAfter, lost, dropped, refused, hangsBefore, hangsAfter, late, twice}

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
	fate    func(request string) kind // what happens to each request, where nothing is planned
	other   func()                    // what another process does with the same message
	hide    func(time.Duration)

	mu   sync.Mutex
	seen map[string]int
	came []string // the requests, as they came
	met  []fault  // of the plan
	dead bool
}

var errDead = errors.New("this process is dead")

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
	if err := pause(ctx, k.takes); err != nil {
		return none, nil, err
	}
	if k.other {
		time.Sleep(time.Second) // so that it asks at another time, and builds other numbers
		g.other()
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
		time.AfterFunc(k.slow, func() { _, _ = effect() }) // nobody hears of it
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
		<-ctx.Done()
		return none, nil, ctx.Err()
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
	if d == 0 {
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
	if g.dead {
		return kind{}, true
	}
	if g.fate != nil {
		k = g.fate(name)
		g.dead = k.says == death
		return k, false
	}
	g.seen[name]++
	request := fmt.Sprintf("%s %d", name, g.seen[name])
	g.came = append(g.came, request)
	for _, f := range g.plan {
		if f.process == g.process && f.request == request {
			g.met = append(g.met, f)
			g.dead = f.kind.says == death
			return f.kind, false
		}
	}
	return kind{effect: atOnce}, false
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
		served := r.Clone(context.WithoutCancel(r.Context())) // what has arrived is done, whoever has gone
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

// A store is a delivery.Store through the gate.
type store struct {
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

func (s store) List(ctx context.Context, prefix string) ([]string, error) {
	keys, _, err := pass(s.gate, ctx, "store list "+prefix, func() ([]string, error) { return s.to.List(context.WithoutCancel(ctx), prefix) })
	return keys, err
}

func (s store) Get(ctx context.Context, key string) (delivery.Object, error) {
	o, _, err := pass(s.gate, ctx, "store get "+nameOfKey(key), func() (delivery.Object, error) { return s.to.Get(context.WithoutCancel(ctx), key) })
	return o, err
}

func (s store) Put(ctx context.Context, key string, o delivery.Object, c delivery.Condition) (string, error) {
	etag, _, err := pass(s.gate, ctx, "store put "+nameOfKey(key), func() (string, error) { return s.to.Put(context.WithoutCancel(ctx), key, o, c) })
	return etag, err
}
