// Package moto runs moto, an emulator of AWS, for a test.
package moto

import (
	"bufio"
	_ "embed" // cloudformation.py
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

var running = regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)

// Start starts an empty moto on a free port of the loopback interface and returns its URL. It ends
// with the test. Without moto, which .ci/tools installs into .venv, the test is skipped; if CI=true
// it fails.
func Start(t testing.TB) (url string) {
	t.Helper()
	return start(t, Tool(t, "moto_server"))
}

// StartCloudFormation is Start with a CloudFormation that deploys template.yaml, with SAM's
// transform. See cloudformation.py for what it makes, and for what it only names: of the latter are
// policies of queues, buckets and topics, alarms, the HTTP API, and the schedule.
func StartCloudFormation(t testing.TB) (url string) {
	t.Helper()
	return start(t, Tool(t, "python"), "-c", cloudFormation)
}

//go:embed cloudformation.py
var cloudFormation string

func start(t testing.TB, program string, args ...string) (url string) {
	t.Helper()
	server := exec.Command(program, append(args, "-H", "127.0.0.1", "-p", "0")...)
	server.Env = append(os.Environ(), "PYTHONUNBUFFERED=1", "AWS_DEFAULT_REGION=eu-west-1")
	out, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	found := make(chan string, 1)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(out); lines.Scan(); { // to the end, or moto would block
			if m := running.FindStringSubmatch(lines.Text()); m != nil {
				select {
				case found <- m[1]:
				default:
				}
			}
		}
	}()
	t.Cleanup(func() {
		_ = server.Process.Kill()
		<-read
		_ = server.Wait() // killed
	})
	select {
	case url := <-found:
		return url
	case <-read:
		t.Fatal("moto ended before it ran")
	case <-time.After(time.Minute):
		t.Fatal("moto does not say where it runs")
	}
	return ""
}

// Config returns the SDK's configuration for moto, or another fake of AWS, at the URL.
func Config(url string) aws.Config {
	return aws.Config{
		Region:       "eu-west-1",
		BaseEndpoint: &url,
		Credentials:  credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "not-a-secret", ""),
	}
}

// Tool returns the path of a program in .venv. Without it the test is skipped; if CI=true it fails.
func Tool(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || dir == filepath.Dir(dir) {
			break
		}
	}
	path := filepath.Join(dir, ".venv", "bin", name)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	const absent = "there is no .venv/bin/%s: run .ci/tools; it is what this is tested against"
	if os.Getenv("CI") == "true" {
		t.Fatalf(absent, name)
	}
	t.Skipf(absent, name)
	return ""
}
