package sagefake

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
)

// Wire returns a transport that carries requests to a handler without a network. Its connections
// are pipes in memory, so a test can use it in a bubble of testing/synctest; close must be called
// before the bubble ends. https is unencrypted, and any host works.
func Wire(h http.Handler) (transport http.RoundTripper, close func()) {
	pipes := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(slog.DiscardHandler,
		slog.LevelError)}
	go func() { _ = server.Serve(pipes) }() // until it is closed
	t := &http.Transport{DialContext: pipes.dial, DialTLSContext: pipes.dial}
	return t, func() {
		_ = server.Close() // pipes close without errors
		t.CloseIdleConnections()
	}
}

// A pipeListener is a listener for its own dial.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }
