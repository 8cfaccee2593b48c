package deploy_test

import (
	"bytes"
	"context"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deploy"
)

var update = flag.Bool("update", false, "rewrite testdata")

// root is the project's folder.
const root = "../../.."

// now is when every test begins.
var now = time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC)

// clone returns a source with the project's template, whose functions take no time to build.
func clone(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	template, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "template.yaml", string(template))
	write(t, dir, "go.mod", "module kindlyweekly\n")
	write(t, dir, "Makefile", "build-%:\n\ttest '$(ARCH)' = arm64 && echo $* >$(ARTIFACTS_DIR)/bootstrap\n")
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// edit replaces a text of a file that is there once.
func edit(t *testing.T, dir, name, before, after string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), before); n != 1 {
		t.Fatalf("%s has %q %d times", name, before, n)
	}
	write(t, dir, name, strings.Replace(string(text), before, after, 1))
}

func open(t *testing.T, dir string) *deploy.Source {
	t.Helper()
	source, err := deploy.OpenSource(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// dev are the parameters that a dev stack must be given.
func dev() map[string]string {
	return map[string]string{"Stage": "dev", "DivertTo": "mail:me@example.com",
		"AlarmEmail": "me@example.com", "MailFrom": "weekly@example.com,news@example.com"}
}

// host returns a host whose AWS is cfg, and what it prints.
func host(cfg aws.Config) (cli.Host, *bytes.Buffer) {
	said := new(bytes.Buffer)
	at := now
	return cli.Host{Out: said, Err: said, Getenv: func(string) string { return "" },
		Now: func() time.Time { at = at.Add(time.Second); return at },
		AWS: func(context.Context) (aws.Config, error) { return cfg, nil }}, said
}

// A stack is created, is left alone, is updated, and is restored after a failure. moto has no
// CloudWatch alarms and no HTTP API in its CloudFormation: see functions/internal/moto.
func TestDeploy_Moto(t *testing.T) {
	t.Parallel()
	cfg, dir := moto.Config(moto.StartCloudFormation(t)), clone(t)
	h, said := host(cfg)
	s := deploy.Stack{Host: h, Source: open(t, dir), Name: "kindly-weekly-dev", Yes: true}
	step := func(title string, values map[string]string, succeeds bool) (state deploy.State) {
		t.Helper()
		said.WriteString("== " + title + ", dry run\n")
		if err := s.Preview(t.Context(), values); err != nil {
			t.Fatalf("%s: %v", title, err)
		}
		said.WriteString("== " + title + "\n")
		state, err := s.Deploy(t.Context(), values)
		if err != nil {
			said.WriteString("error: " + err.Error() + "\n")
		}
		if (err == nil) != succeeds {
			t.Errorf("%s: %v", title, err)
		}
		return state
	}

	if state, err := s.State(t.Context()); err != nil || state.Status != deploy.Absent {
		t.Errorf("before: %+v, %v", state, err)
	}
	created := step("create", dev(), true)
	if created.Bucket == "" || created.Status != deploy.Deployed {
		t.Errorf("created: %+v", created)
	}
	want := about.Deployment{Schema: 1, Stack: "kindly-weekly-dev", Stage: about.Dev,
		DivertTo: "mail:me@example.com", SecretPrefix: "kindly-weekly/dev/", CatchUpHours: 72,
		ConfigurationSet: created.Deployment.ConfigurationSet,
		AlarmTopic:       created.Deployment.AlarmTopic, SlashURL: created.Deployment.SlashURL}
	if diff := cmp.Diff(want, created.Deployment); diff != "" || want.SlashURL == "" ||
		!strings.HasPrefix(want.AlarmTopic, "arn:aws:sns:eu-west-1:123456789012:kindly-weekly-dev-") {
		t.Errorf("created: %s", diff)
	}

	if same := step("the same again", nil, true); !cmp.Equal(same, created) {
		t.Errorf("the same again: %s", cmp.Diff(created, same))
	}

	updated := step("a parameter", map[string]string{"LogDays": "30"}, true)
	changed := maps.Clone(created.Parameters)
	changed["LogDays"] = "30"
	if diff := cmp.Diff(changed, updated.Parameters); diff != "" {
		t.Errorf("updated: %s", diff)
	}

	edit(t, dir, "Makefile", "echo $*", "echo new $*")
	edit(t, dir, "template.yaml", "\nOutputs:\n", `
  Taken:
    Type: AWS::S3::Bucket
    Properties: {BucketName: `+created.Bucket+`}

Outputs:
`)
	s.Source = open(t, dir)
	step("a name that is taken", nil, false)
	if state, err := s.State(t.Context()); err != nil || state.Status != deploy.Deployed ||
		!maps.Equal(state.Parameters, changed) {
		t.Errorf("after the failure: %+v, %v", state, err)
	}

	// The programs of the source have changed since, and are not deployed.
	said.WriteString("== only a parameter\n")
	set, err := s.Set(t.Context(), map[string]string{"LogDays": "60"})
	changed["LogDays"] = "60"
	if err != nil || !maps.Equal(set.Parameters, changed) {
		t.Errorf("set: %+v, %v", set, err)
	}
	said.WriteString("== another address for alarms\n")
	if _, err := s.Set(t.Context(), map[string]string{"AlarmEmail": "you@example.com"}); err != nil {
		t.Error(err)
	}
	if _, err := s.Set(t.Context(), map[string]string{"LogDays": "59"}); err == nil {
		t.Error("set to what the template does not allow")
	}

	golden(t, "moto.txt", strings.ReplaceAll(said.String(), created.Bucket, "BUCKET"))
	artifacts(t, cfg)
}

// artifacts checks the bucket that the programs of TestDeploy_Moto are in.
func artifacts(t *testing.T, cfg aws.Config) {
	t.Helper()
	client, name := s3.NewFromConfig(cfg), aws.String("kindly-weekly-artifacts-123456789012-eu-west-1")
	list, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: name})
	if err != nil {
		t.Fatal(err)
	}
	kinds := make(map[string]int)
	for _, o := range list.Contents {
		kind, _, _ := strings.Cut(*o.Key, "-")
		kinds[kind]++
	}
	// The first programs, those of the deployment that failed, and the templates of both.
	if want := map[string]int{"slash": 2, "tick": 2, "worker": 2, "template": 2}; !maps.Equal(kinds, want) {
		t.Errorf("the bucket has %v, want %v", kinds, want)
	}
	public, err := client.GetPublicAccessBlock(t.Context(), &s3.GetPublicAccessBlockInput{Bucket: name})
	if c := public.PublicAccessBlockConfiguration; err != nil || !*c.BlockPublicAcls ||
		!*c.BlockPublicPolicy || !*c.IgnorePublicAcls || !*c.RestrictPublicBuckets {
		t.Errorf("the bucket is not private: %+v, %v", c, err)
	}
	encrypted, err := client.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: name})
	if err != nil || len(encrypted.ServerSideEncryptionConfiguration.Rules) != 1 {
		t.Errorf("the bucket is not encrypted: %v", err)
	}
	policy, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: name})
	if err != nil || !strings.Contains(*policy.Policy, `"arn:aws:s3:::`+*name+`/*"`) {
		t.Errorf("the policy is %s, %v", aws.ToString(policy.Policy), err)
	}
}

// golden compares what a test made with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}
