package main

import (
	"context"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"kindlyweekly/functions/mototest"
	"kindlyweekly/sage/sagetest"
)

// The commands against moto, in the order in which an operator begins with a deployment.
func TestDeploymentInAWS(t *testing.T) {
	ctx := context.Background()
	cfg := mototest.Config(mototest.Start(t))
	sage := httptest.NewServer(sagetest.New(sagetest.Demo(now)...))
	defer sage.Close()
	buckets := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := buckets.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("kindly"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := sesv2.NewFromConfig(cfg).CreateEmailIdentity(ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("weekly@example.com")}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "acme.yaml")
	if err := os.WriteFile(file, []byte(`
mail: {from: weekly@example.com}
defaults: {tz: Europe/Oslo}
bots:
  - {id: bakeri, recipients: kari@example.com}
`), 0o644); err != nil {
		t.Fatal(err)
	}

	local := func(stdin string, args ...string) string {
		t.Helper()
		var out, stderr strings.Builder
		h := host{
			in: strings.NewReader(stdin), out: &out, err: &stderr, now: func() time.Time { return now },
			aws: func(context.Context) (aws.Config, error) { return cfg, nil },
			getenv: func(name string) string {
				return map[string]string{"SAGE_URL": sage.URL, "KINDLY_API_URL": sage.URL, "USER": "kari", "SECRET_PREFIX": "kindly-weekly/test/"}[name]
			},
		}
		if code := run(ctx, h, args); code != 0 {
			t.Fatalf("local %s: exit code %d\n%s%s", strings.Join(args, " "), code, out.String(), stderr.String())
		}
		return out.String() + stderr.String()
	}
	said := local("", "config", "push", "--bucket", "kindly", "--tenant", "acme", "--why", "first", file)
	said += local("demo-key-bakeri", "key", "set", "--bucket", "kindly", "--tenant", "acme", "--bot", "bakeri")
	said += local("", "config", "log", "--bucket", "kindly", "--tenant", "acme")
	said += local("", "report", "--bucket", "kindly", "--tenant", "acme", "--bot", "bakeri", "--send")
	again := local("", "report", "--bucket", "kindly", "--tenant", "acme", "--bot", "bakeri", "--send")
	said += local("", "resend", "--bucket", "kindly", "--tenant", "acme", "--bot", "bakeri", "--week", "2026-W46", "--to", "mail:kari@example.com")
	said += local("", "backfill", "--bucket", "kindly", "--tenant", "acme", "--bot", "bakeri", "--from", "2026-W45")
	said += local("", "status", "--bucket", "kindly")
	for _, want := range []string{
		"version 1 is in force",
		"stored in kindly-weekly/test/acme/bakeri",
		"kari  first",
		"mail:kari@example.com  sent",
		"mail:kari@example.com, resend 1  sent",
		"2 weeks of bakeri: 1 made, 1 there before",
		"1 due, 1 delivered",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q in\n%s", want, said)
		}
	}
	if !strings.Contains(again, "(before; nothing was sent now)") {
		t.Errorf("the second time it said\n%s", again)
	}

	secret, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String("kindly-weekly/test/acme/bakeri")})
	if err != nil || aws.ToString(secret.SecretString) != "demo-key-bakeri" {
		t.Errorf("the secret is not the key: %v", err)
	}
	if strings.Contains(said, "demo-key") {
		t.Error("the key was shown")
	}
	for _, key := range []string{"config/acme.yaml", "acme/config/log-000001.json", "acme/archive/bakeri/2026-W46/manifest.json"} {
		object, err := buckets.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("kindly"), Key: &key})
		if err != nil {
			t.Error(err)
			continue
		}
		_, _ = io.Copy(io.Discard, object.Body)
		object.Body.Close()
	}
}
