package sagefake

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
)

// Wire carries requests to a handler without a network: HTTP with all that can happen on its connections, which are pipes
// in memory. So a test may wait on them in a bubble of testing/synctest. https is carried unencrypted, whatever the host.
// The wire has to be cut before the bubble ends.
func Wire(h http.Handler) (carrier http.RoundTripper, cut func()) {
	line := &line{calls: make(chan net.Conn), dead: make(chan struct{})}
	server := &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go func() { _ = server.Serve(line) }() // until it is cut
	transport := &http.Transport{DialContext: line.dial, DialTLSContext: line.dial}
	return transport, func() {
		_ = server.Close() // pipes close without errors
		transport.CloseIdleConnections()
	}
}

// line is a listener for those who dial it themselves.
type line struct {
	calls chan net.Conn
	dead  chan struct{}
	once  sync.Once
}

func (l *line) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.calls <- there:
		return here, nil
	case <-l.dead:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *line) Accept() (net.Conn, error) {
	select {
	case conn := <-l.calls:
		return conn, nil
	case <-l.dead:
		return nil, net.ErrClosed
	}
}

func (l *line) Close() error {
	l.once.Do(func() { close(l.dead) })
	return nil
}

func (l *line) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }
