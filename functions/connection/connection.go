// Package connection tells whether a request that failed had a connection. Without one it did not
// leave this machine, or its proxy, and so it cannot have had an effect: nothing was sent.
//
// A delivery that may have been sent is looked for, or is sent again and recorded as a possible
// duplicate. So these are not taken for a lost answer: an unknown host, a closed port, a proxy that
// refuses, and a certificate of another host. The errors of package net/http do not tell all of
// them apart.
//
// A [Watch] follows requests that other packages make, such as the SDK of AWS, through their
// context. A [Client] makes requests itself. [IsFailed] recognizes the errors of both.
package connection

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
)

// A Watch follows the requests that are made with its context, one after another.
type Watch struct {
	mu     sync.Mutex
	wanted bool // the last request asked for a connection and has none yet
}

// Follow returns a context whose requests the Watch follows. Requests to other hosts that are made
// with the context, such as for credentials, count too.
func Follow(ctx context.Context) (context.Context, *Watch) {
	w := new(Watch)
	set := func(wanted bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.wanted = wanted
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { set(true) },
		GotConn: func(httptrace.GotConnInfo) { set(false) },
	}), w
}

// Failed reports whether the last request found no connection. Earlier requests do not count. It is
// false if there was no request over a network.
func (w *Watch) Failed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.wanted
}

// Error returns err, which ended the last request, as one that [IsFailed] recognizes if the request
// found no connection. Of nil it returns nil.
func (w *Watch) Error(err error) error {
	if err == nil || !w.Failed() {
		return err
	}
	return &failedError{err}
}

// A failedError ended a request that found no connection.
type failedError struct{ error }

func (e *failedError) Unwrap() error { return e.error }

// IsFailed reports whether a request failed before it had a connection. It recognizes errors of
// [Watch.Error], and those errors of package net/http that tell it by their type.
func IsFailed(err error) bool {
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, new(*failedError)) || errors.As(err, &certificate) ||
		errors.As(err, &network) && (network.Op == "dial" || network.Op == "proxyconnect")
}

// A Client makes requests. Its errors are those of [Watch.Error].
type Client struct{ HTTP *http.Client }

// Do makes a request.
func (c Client) Do(r *http.Request) (*http.Response, error) {
	ctx, watch := Follow(r.Context())
	answer, err := c.HTTP.Do(r.WithContext(ctx))
	return answer, watch.Error(err)
}
