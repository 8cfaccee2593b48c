package wire

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// In the environment of a Lambda, Config returns what the SDK's own package config does.
func TestConfig_AsTheSDKDoes(t *testing.T) {
	for _, env := range []map[string]string{
		{"AWS_ENDPOINT_URL": ""},
		{"AWS_ENDPOINT_URL": "http://127.0.0.1:5000"},
	} {
		for _, variable := range os.Environ() { // those of the machine that runs the test
			if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
				t.Setenv(name, "")
			}
		}
		for name, value := range map[string]string{"AWS_REGION": "eu-north-1",
			"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret",
			"AWS_SESSION_TOKEN": "not-a-token", "AWS_ENDPOINT_URL": env["AWS_ENDPOINT_URL"],
			"HOME": t.TempDir()} {
			t.Setenv(name, value)
		}
		got, err := Config(os.Getenv)
		if err != nil {
			t.Fatal(err)
		}
		want, err := awsconfig.LoadDefaultConfig(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		credentials, err := got.Credentials.Retrieve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wantCredentials, err := want.Credentials.Retrieve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		credentials.Source, wantCredentials.Source = "", "" // for the SDK's own statistics
		if diff := cmp.Diff(wantCredentials, credentials); diff != "" {
			t.Errorf("credentials: %s", diff)
		}
		// Not where the SDK found its settings, the log of its warnings, and the permissions of
		// files, of which it writes none here.
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(aws.Config{},
			"Credentials", "ConfigSources", "Logger", "RestrictFilePermissions",
			"HTTPClient")); diff != "" {
			t.Errorf("%v: %s", env, diff)
		}
	}
}

// Hundreds of requests at a time open 64 connections, and later ones none: connections are used
// again.
func TestConfig_Connections(t *testing.T) {
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "{}") }))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	env := map[string]string{"AWS_REGION": "eu-north-1", "AWS_ENDPOINT_URL": server.URL,
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}
	cfg, err := Config(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	for range 4 {
		var group sync.WaitGroup
		for range 256 {
			group.Go(func() {
				bucket, key := "reports", "acme/config.yaml"
				o, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, o.Body)
				o.Body.Close()
			})
		}
		group.Wait()
	}
	if n := opened.Load(); n > connections {
		t.Errorf("1,024 requests opened %d connections, want %d at most", n, connections)
	}
}
