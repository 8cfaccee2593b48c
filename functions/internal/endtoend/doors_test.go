package endtoend

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// A door is a server of the test's as one function reaches it.
type door struct {
	url string

	mu   sync.Mutex
	open map[string]bool // the connections, by the address from which they come
}

func newDoor(t *testing.T, to http.Handler) *door {
	t.Helper()
	d := &door{open: make(map[string]bool)}
	server := httptest.NewUnstartedServer(to)
	server.Config.ConnState = func(c net.Conn, state http.ConnState) {
		d.mu.Lock()
		defer d.mu.Unlock()
		switch state {
		case http.StateNew:
			d.open[c.RemoteAddr().String()] = true
		case http.StateClosed, http.StateHijacked:
			delete(d.open, c.RemoteAddr().String())
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

// settle waits until nothing is under way that a function has asked for before it died. What the server has not yet taken is
// under way too; but connections are taken in the order in which they came, so it waits for one of its own.
func (d *door) settle(t *testing.T) {
	t.Helper()
	c, err := net.Dial("tcp", d.url[len("http://"):])
	if err != nil {
		t.Fatal(err)
	}
	d.wait(t, func() bool { return d.open[c.LocalAddr().String()] })
	c.Close()
	d.wait(t, func() bool { return len(d.open) == 0 })
}

func (d *door) wait(t *testing.T, until func() bool) {
	t.Helper()
	for range 30_000 {
		d.mu.Lock()
		yes := until()
		d.mu.Unlock()
		if yes {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("what a function asked for before it died is never done")
}

// settle waits for what a function has asked for that is not there any more.
func TestDoorSettles(t *testing.T) {
	asked, ended := make(chan bool), false
	d := newDoor(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(asked)
		time.Sleep(50 * time.Millisecond) // the longer, the surer
		ended = true
	}))
	c, err := net.Dial("tcp", d.url[len("http://"):])
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: aws.example\r\nContent-Length: 0\r\n\r\n")
	<-asked
	c.Close()
	if d.settle(t); !ended {
		t.Error("something is under way after all")
	}
}
