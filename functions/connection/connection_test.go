package connection_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kindlyweekly/functions/connection"
	"kindlyweekly/functions/connection/connectiontest"
)

// An error tells whether the request left.
func TestClient_Errors(t *testing.T) {
	for _, route := range connectiontest.Routes(t) {
		t.Run(route.Name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(route.Context(t), http.MethodPost, route.URL,
				strings.NewReader("message"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err = (connection.Client{HTTP: route.Client}).Do(r); err == nil {
				t.Fatal("it is answered")
			}
			if connection.IsFailed(err) == route.Leaves {
				t.Errorf("failed without a connection: %t: %v", !route.Leaves, err)
			}
		})
	}
}

// The last request counts: one that was answered before has had its effect.
func TestWatch_LastRequest(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	ctx, watch := connection.Follow(t.Context())
	get := func(url string) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
		}
	}
	if watch.Failed() {
		t.Error("failed before a request")
	}
	for _, step := range []struct {
		url  string
		want bool
	}{{server.URL, false}, {closed.URL, true}, {server.URL, false}} {
		if get(step.url); watch.Failed() != step.want {
			t.Errorf("after %s: failed %t", step.url, !step.want)
		}
	}
	if err := watch.Error(io.EOF); !errors.Is(err, io.EOF) || connection.IsFailed(err) {
		t.Errorf("got %v", err)
	}
	get(closed.URL)
	if err := watch.Error(io.EOF); !errors.Is(err, io.EOF) || !connection.IsFailed(err) {
		t.Errorf("got %v", err)
	}
	if err := watch.Error(nil); err != nil {
		t.Errorf("got %v", err)
	}
}
