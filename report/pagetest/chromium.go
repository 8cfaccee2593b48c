package pagetest

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"testing"

	"kindlyweekly/report/validators"
)

// Browser is a Chromium process with one page. It is controlled by the DevTools protocol over two
// pipes, so it opens no port. See https://chromedevtools.github.io/devtools-protocol/.
type Browser struct {
	to      *os.File
	from    *bufio.Reader
	session string // of the page
	last    int    // the number of the last call
}

// params are the arguments of a call.
type params map[string]any

// start starts Chromium. Chromium ends with the test.
func start(t testing.TB) *Browser {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		validators.Missing(t, "chromium is not installed (Debian: chromium, fonts-liberation)")
	}
	theirIn, ourOut := pipe(t)
	ourIn, theirOut := pipe(t)
	run := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars",
		"--user-data-dir="+t.TempDir(), "--remote-debugging-pipe")
	run.ExtraFiles = []*os.File{theirIn, theirOut} // Chromium uses these as files 3 and 4
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	b := &Browser{to: ourOut, from: bufio.NewReader(ourIn)}
	t.Cleanup(func() {
		b.session = ""
		b.call(t, "Browser.close", nil, nil)
		ourOut.Close()
		_ = run.Wait() // the exit code does not matter
		ourIn.Close()
	})

	var target struct{ TargetID string }
	b.call(t, "Target.createTarget", params{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call(t, "Target.attachToTarget", params{"targetId": target.TargetID, "flatten": true},
		&attached)
	b.session = attached.SessionID
	b.call(t, "Page.enable", nil, nil)
	return b
}

func pipe(t testing.TB) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}

// message is a call, its answer, or an event.
type message struct {
	ID        int             `json:"id,omitempty"`
	Session   string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    any             `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Exception *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// call calls a method, waits for the answer, and decodes it into result, unless result is nil.
func (b *Browser) call(t testing.TB, method string, p params, result any) {
	t.Helper()
	b.last++
	data, err := json.Marshal(message{ID: b.last, Session: b.session, Method: method, Params: p})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.to.Write(append(data, 0)); err != nil {
		t.Fatalf("chromium: %s: %v", method, err)
	}
	answer := b.answer(t)
	if answer.Exception != nil {
		err = errors.New(answer.Exception.Message)
	} else if result != nil {
		err = json.Unmarshal(answer.Result, result)
	}
	if err != nil {
		t.Fatalf("chromium: %s: %v", method, err)
	}
}

// answer waits for the answer to the last call. It skips events.
func (b *Browser) answer(t testing.TB) message {
	t.Helper()
	for {
		data, err := b.from.ReadBytes(0)
		if err != nil {
			t.Fatalf("chromium: %v", err)
		}
		var m message
		if err := json.Unmarshal(data[:len(data)-1], &m); err != nil {
			t.Fatalf("chromium: %v in %s", err, data)
		}
		if m.ID == b.last {
			return m
		}
	}
}

// open opens a URL and waits until the page is loaded.
func (b *Browser) open(t testing.TB, url string) {
	t.Helper()
	var opened struct{ ErrorText string }
	b.call(t, "Page.navigate", params{"url": url}, &opened)
	if opened.ErrorText != "" {
		t.Fatalf("chromium: %s: %s", url, opened.ErrorText)
	}
	b.evaluate(t, `new Promise((loaded) =>
		document.readyState == "complete" ? loaded("") : addEventListener("load", () => loaded("")))`)
}

// show shows the page in a window.
func (b *Browser) show(t testing.TB, w Window) {
	t.Helper()
	b.call(t, "Emulation.setDeviceMetricsOverride", params{"width": w.Width, "height": 800,
		"deviceScaleFactor": 1, "mobile": false}, nil)
	scheme := "light"
	if w.Dark {
		scheme = "dark"
	}
	b.call(t, "Emulation.setEmulatedMedia", params{"features": []params{
		{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// evaluate runs a script and returns the string that its promise gives.
func (b *Browser) evaluate(t testing.TB, script string) string {
	t.Helper()
	var said struct {
		Result           struct{ Value string }
		ExceptionDetails *struct {
			Exception struct{ Description string }
		}
	}
	b.call(t, "Runtime.evaluate", params{"expression": script, "awaitPromise": true,
		"returnByValue": true}, &said)
	if said.ExceptionDetails != nil {
		t.Fatalf("chromium: %s", said.ExceptionDetails.Exception.Description)
	}
	return said.Result.Value
}
