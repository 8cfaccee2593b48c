// Package connectiontest makes requests fail before they have a connection, and after.
package connectiontest

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// A Route is a way to a service. Client makes requests to URL; the other fields say what becomes of
// them.
type Route struct {
	Name   string
	URL    string
	Client *http.Client
	Leaves bool // a request reaches the service, which does not answer

	reached chan struct{} // receives when the caller's time is up; nil: never
}

// Context returns the context of a caller that takes the route once.
func (r Route) Context(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() {
		select {
		case <-r.reached:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx
}

// Routes returns every way that ends without an answer. All are on the loopback interface.
func Routes(t *testing.T) []Route {
	t.Helper()
	broken := func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			c.Close()
		}
	}
	start := func(f http.HandlerFunc, begin func(*httptest.Server)) *httptest.Server {
		s := httptest.NewUnstartedServer(f)
		s.Config.ErrorLog = nil
		begin(s)
		t.Cleanup(s.Close)
		return s
	}
	plain, secure := (*httptest.Server).Start, (*httptest.Server).StartTLS
	closed := httptest.NewServer(nil)
	closed.Close()
	ends, untrusted := start(broken, plain), start(broken, secure)
	accepted, asked := make(chan struct{}, 1), make(chan struct{}, 1)
	silent := listen(t, accepted)
	slow := start(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		tell(asked)
		<-r.Context().Done()
	}, plain)
	proxy := func(status int) func(*http.Request) (*url.URL, error) {
		s := start(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }, plain)
		at, err := url.Parse(s.URL)
		return func(*http.Request) (*url.URL, error) { return at, err }
	}
	via := func(t *http.Transport) *http.Client { return &http.Client{Transport: t} }
	return []Route{
		{Name: "closed port", URL: closed.URL, Client: via(&http.Transport{})},
		{Name: "unknown host", URL: "https://service.invalid", Client: via(&http.Transport{})},
		{Name: "proxy that cannot be reached", URL: "https://service.invalid",
			Client: via(&http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
				return url.Parse(closed.URL)
			}})},
		{Name: "proxy that forbids it", URL: "https://service.invalid",
			Client: via(&http.Transport{Proxy: proxy(http.StatusForbidden)})},
		{Name: "proxy that wants a password", URL: "https://service.invalid",
			Client: via(&http.Transport{Proxy: proxy(http.StatusProxyAuthRequired)})},
		{Name: "certificate of another", URL: untrusted.URL, Client: via(&http.Transport{})},
		{Name: "no TLS", URL: "https" + ends.URL[len("http"):], Client: via(&http.Transport{})},
		{Name: "time is up before TLS is", URL: "https://" + silent, Client: via(&http.Transport{}),
			reached: accepted},
		{Name: "the client's time is up before TLS is", URL: "https://" + silent,
			Client: &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Millisecond}},

		{Name: "connection lost", URL: ends.URL, Client: via(&http.Transport{}), Leaves: true},
		{Name: "connection lost under TLS", URL: untrusted.URL, Client: untrusted.Client(),
			Leaves: true},
		{Name: "time is up before the answer", URL: slow.URL, Client: via(&http.Transport{}),
			reached: asked, Leaves: true},
	}
}

// listen returns the address of a listener that accepts connections and says nothing on them.
func listen(t *testing.T, accepted chan<- struct{}) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			tell(accepted)
		}
	}()
	return l.Addr().String()
}

// tell sends on a channel with room for one, unless one is there.
func tell(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
