package endtoend

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kindlyweekly/functions/internal/moto"
)

// build makes the three programs by the Makefile's recipe, for this machine, and returns where they are.
func build(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	cmd := exec.Command("make", "build", "BUILD="+dir, "ARCH="+runtime.GOARCH)
	cmd.Dir = filepath.Join("..", "..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make build: %v\n%s", err, out)
	}
	return dir
}

// emulator returns AWS's runtime interface emulator, which comes with SAM.
func emulator(t *testing.T) string {
	t.Helper()
	lib := filepath.Join(filepath.Dir(filepath.Dir(moto.Tool(t, "sam"))), "lib")
	name := map[string]string{"amd64": "aws-lambda-rie-x86_64", "arm64": "aws-lambda-rie-arm64"}[runtime.GOARCH]
	found, err := filepath.Glob(filepath.Join(lib, "python3*", "site-packages", "samcli", "local", "rapid", name))
	if err == nil && len(found) > 0 {
		return found[0]
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("SAM in .venv has no emulator for %s", runtime.GOARCH)
	}
	t.Skipf("SAM in .venv has no emulator for %s", runtime.GOARCH)
	return ""
}

// A function is one Lambda under the emulator.
type function struct {
	url      string
	log      *safeBuffer
	emulator int     // its process
	doors    []*door // by which it reaches the outside
}

// start runs a program under the emulator until the test ends. seconds is its timeout in the template.
func start(t *testing.T, rie, program string, seconds int, env map[string]string) *function {
	t.Helper()
	// The emulator takes no port 0. Between the choice of a port and its use another process may take it: then again.
	for range 5 {
		invoke, api := freePort(t), freePort(t)
		f := &function{url: "http://" + invoke, log: &safeBuffer{}}
		cmd := exec.Command(rie, "--runtime-interface-emulator-address", invoke, "--runtime-api-address", api, program)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		cmd.Stdout, cmd.Stderr = f.log, f.log
		cmd.WaitDelay = 5 * time.Second
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), fmt.Sprintf("AWS_LAMBDA_FUNCTION_TIMEOUT=%d", seconds)}
		for k, v := range env {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		f.emulator = cmd.Process.Pid
		if listens(invoke, ended) {
			t.Cleanup(func() { f.stop(cmd, ended) })
			return f
		}
		f.stop(cmd, ended)
		t.Logf("the emulator did not start; once more: %s", f.log)
	}
	t.Fatal("the emulator does not start")
	return nil
}

// stop lets the emulator end its function, which has a process group of its own, and then ends whatever is left.
func (f *function) stop(cmd *exec.Cmd, ended <-chan error) {
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		f.kill()
	}
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// kill ends the program with SIGKILL, and reports whether it was there. That is how Lambda ends one that has used up its
// memory or its time, and so does the end of its machine look to all others. The emulator is Lambda's part, so it lives on:
// it answers the invocation with Runtime.ExitError, as Lambda does, and starts the program again for the next.
func (f *function) kill() bool {
	pid := f.process()
	return pid > 0 && syscall.Kill(pid, syscall.SIGKILL) == nil
}

// process returns the ID of the process in which the program runs; 0 if it does not.
func (f *function) process() int {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	for _, stat := range stats {
		data, _ := os.ReadFile(stat) // it may have ended
		var pid, parent int
		var state byte
		// 18900 (bootstrap) S 18878 …
		if i := bytes.LastIndexByte(data, ')'); i > 0 {
			_, _ = fmt.Sscanf(string(data), "%d", &pid)
			_, _ = fmt.Sscanf(string(data[i+1:]), " %c %d", &state, &parent)
		}
		if parent == f.emulator && state != 'Z' {
			return pid
		}
	}
	return 0
}

// revive lets the emulator start a program again that was killed while it had nothing to do: the first to invoke it then hears
// of the death.
func (f *function) revive() { _, _ = f.call([]byte("{}")) }

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// listens waits until a server listens at the address, or the process has ended.
func listens(address string, ended chan error) bool {
	for range 500 {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return true
		}
		select {
		case err := <-ended:
			ended <- err // for stop
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
	return false
}

// call invokes the function and returns its answer, or the error it ended with.
func (f *function) call(event []byte) (answer []byte, err error) {
	r, err := http.Post(f.url+"/2015-03-31/functions/function/invocations", "application/json", bytes.NewReader(event))
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	if answer, err = io.ReadAll(r.Body); err != nil {
		return nil, err
	}
	var failed struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal(answer, &failed) == nil && failed.Type+failed.Message != "" || r.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the function failed: %d %s", r.StatusCode, answer)
	}
	return answer, nil
}

// invoke is call for what may not fail.
func invoke[T any](t *testing.T, f *function, event []byte) (answer T) {
	t.Helper()
	data, err := f.call(event)
	if err == nil {
		err = json.Unmarshal(data, &answer)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, f.log)
	}
	return answer
}

// lines are what the function itself has logged, line by line. The emulator's own lines are no JSON.
func (f *function) lines() (lines []string) {
	for line := range strings.Lines(f.log.String()) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "{") {
			lines = append(lines, line)
		}
	}
	return lines
}

// safeBuffer is written by a process while it is read.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
