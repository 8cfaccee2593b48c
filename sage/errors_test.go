package sage_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"kindlyweekly/sage"
	"kindlyweekly/sage/sagefake"
)

func TestError_Kinds(t *testing.T) {
	type kind struct {
		status                          int
		late, brokeOff, page, temporary bool
	}
	const page = "<!DOCTYPE html><title>502</title>"
	for name, tt := range map[string]struct {
		w    wire
		want kind
	}{
		"a status": {wire{sage: always(500, ``)}, kind{status: 500,
			temporary: true}},
		"a status with a page": {wire{sage: always(502, page)}, kind{status: 502,
			page: true, temporary: true}},
		"a status with a long page": {wire{sage: always(502, page+strings.Repeat("x", 20<<10))},
			kind{status: 502, page: true, temporary: true}},
		"a status with a text": {wire{sage: always(502, `no server`, "Content-Type",
			"text/html")}, kind{status: 502, temporary: true}},
		"a status with XML": {wire{sage: always(403, `<?xml version="1.0"?><Error/>`,
			"Content-Type", "application/xml")}, kind{status: 403}},
		"a page": {wire{sage: always(200, page)}, kind{status: 200,
			page: true}},
		"a page that only says so": {wire{sage: always(200, `<my-app></my-app>`, "Content-Type",
			"text/html; charset=utf-8")}, kind{status: 200, page: true}},
		"a page instead of a token": {wire{auth: always(200, page)}, kind{status: 200,
			page: true}},
		"JSON that is called a page": {wire{sage: always(200, `{"data": {}}`, "Content-Type",
			"text/html")}, kind{status: 200}},
		"a text": {wire{sage: always(200, `hello`)}, kind{status: 200}},
		"a text that is called a page": {wire{sage: always(200, `hello`, "Content-Type",
			"text/html")}, kind{status: 200}},
		"half an answer": {wire{sage: always(200, `{"data": [`)}, kind{status: 200,
			brokeOff: true, temporary: true}},
		"nothing": {wire{sage: always(200, ``)}, kind{status: 200,
			brokeOff: true, temporary: true}},
		"a reset within the answer": {wire{sage: torn(`{"data": [`, syscall.ECONNRESET)},
			kind{status: 200, brokeOff: true, temporary: true}},
		"a timeout within the answer": {wire{sage: torn(`{"data": [`, os.ErrDeadlineExceeded)},
			kind{status: 200, late: true, temporary: true}},
		"a reset": {wire{sage: broken(syscall.ECONNRESET)},
			kind{temporary: true}},
		"a refused connection": {wire{sage: broken(syscall.ECONNREFUSED)},
			kind{temporary: true}},
		"a connection that takes too long": {wire{sage: broken(&net.OpError{Op: "dial", Net: "tcp",
			Err: os.ErrDeadlineExceeded})},
			kind{late: true, temporary: true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := clientOver(tt.w)
				c.Tries = 1
				err := chats(t.Context(), c)
				e := asError(t, err)
				if got := (kind{e.Status, e.Late(), e.BrokeOff(), e.Page,
					e.Temporary()}); got != tt.want {
					t.Errorf("%v is %+v, want %+v", err, got, tt.want)
				}
				if strings.Contains(err.Error(), "<") && !strings.Contains(err.Error(),
					"invalid character '<'") {
					t.Errorf("the page is in the error: %v", err)
				}
			})
		})
	}
}

// The error is the failure of the earlier try, not the deadline.
func TestError_DeadlineInLaterTry(t *testing.T) {
	hang := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	for name, first := range map[string]func(*http.Request) (*http.Response, error){
		"a status":             always(503, ``),
		"a refused connection": broken(syscall.ECONNREFUSED),
		"half an answer":       always(200, `{"data": [`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				e := asError(t, chats(ctx, clientOver(wire{sage: steps(first, hang).serve})))
				if e.Late() || !errors.Is(e, context.DeadlineExceeded) || e.Tries != 2 {
					t.Errorf("late %t after %d tries: %v", e.Late(), e.Tries, e)
				}
			})
		})
	}
}

// A slow answer is given up when the time of a try is over, and requested again.
func TestClient_SlowAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked int
		carrier, cut := sagefake.Wire(http.HandlerFunc(func(w http.ResponseWriter,
			r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "sage/auth") {
				_, _ = io.WriteString(w, tokenJSON(testJWT, 300))
				return
			}
			asked++
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
				select {
				case <-time.After(7 * time.Second):
				case <-r.Context().Done():
				}
			}
		}))
		defer cut()
		c := clientOver(wire{})
		c.HTTP = &http.Client{Transport: carrier, Timeout: 30 * time.Second}
		c.Tries = 3
		begun := time.Now()
		e := asError(t, chats(t.Context(), c))
		if e.Status != 200 || !e.Late() || e.BrokeOff() || !e.Temporary() || e.Tries != 3 ||
			asked != 3 {
			t.Errorf("status %d, late %t, broke off %t, temporary %t after %d tries: %v", e.Status,
				e.Late(), e.BrokeOff(), e.Temporary(), e.Tries, e)
		}
		within(t, time.Since(begun), 90*time.Second+750*time.Millisecond,
			90*time.Second+2250*time.Millisecond)

		// The time of the caller ends it too, and is not asked to begin again.
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		e = asError(t, chats(ctx, c))
		if e.Status != 200 || !e.Late() || e.BrokeOff() || e.Tries != 1 {
			t.Errorf("status %d, late %t, broke off %t after %d tries: %v", e.Status, e.Late(),
				e.BrokeOff(), e.Tries, e)
		}
	})
}

// A text that cannot be a key is not sent. The error is neither late nor temporary.
func TestClient_NoKey(t *testing.T) {
	for name, tt := range map[string]struct {
		key  string
		err  error
		says string
	}{
		"unreadable": {err: &url.Error{Op: "Get", URL: "vault", Err: io.EOF},
			says: `no API key: Get "vault": EOF`},
		"empty":     {key: " \n", says: "no API key: it is empty; make a new key"},
		"two words": {key: "Bearer " + testKey, says: "no API key: it has a space"},
		"with its quotes": {key: `"` + testKey + `"`,
			says: "no API key: it has a space, a quote"},
		"one not yet pasted": {key: "<the key>", says: "no API key"},
	} {
		t.Run(name, func(t *testing.T) {
			c := clientOver(wire{auth: func(*http.Request) (*http.Response, error) {
				t.Error("something was sent")
				return nil, io.EOF
			}})
			c.Key = func(context.Context, string) (string, error) { return tt.key, tt.err }
			e := asError(t, chats(t.Context(), c))
			if !errors.Is(e, sage.ErrNoKey) || !strings.Contains(e.Error(), tt.says) ||
				e.Status != 0 || e.Late() || e.BrokeOff() || e.Temporary() {
				t.Errorf("%v, late %t, temporary %t", e, e.Late(), e.Temporary())
			}
			checkNoSecret(t, e, "", c)
		})
	}
	c := clientOver(wire{})
	c.Key = nil
	if e := asError(t, chats(t.Context(), c)); !errors.Is(e, sage.ErrNoKey) {
		t.Error(e)
	}
}
