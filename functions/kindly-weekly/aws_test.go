package main

import (
	"context"
	"io"
	"maps"
	"net/http"
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

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/aws/store"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/sage/sagefake"
)

// dated has AWS's clock show what the test's does.
type dated struct{}

func (dated) Do(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultClient.Do(r)
	if err == nil {
		answer.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	}
	return answer, err
}

// The commands against moto, in the order in which an operator begins with a deployment.
func TestDeployment_AWS(t *testing.T) {
	ctx := context.Background()
	cfg := moto.Config(moto.Start(t))
	cfg.HTTPClient = dated{}
	sage := httptest.NewServer(sagefake.New(sagefake.Demo(now)...))
	defer sage.Close()
	buckets := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := buckets.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("kindly"),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := sesv2.NewFromConfig(cfg).CreateEmailIdentity(ctx,
		&sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("weekly@example.com")}); err != nil {
		t.Fatal(err)
	}
	prod := about.Deployment{Stack: "kindly", Stage: about.Prod, CatchUpHours: 72,
		SecretPrefix: "kindly-weekly/test/"}
	if err := prod.Save(ctx, store.S3{Client: buckets, Bucket: "kindly"}); err != nil {
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

	command := func(stdin string, args ...string) string {
		t.Helper()
		var out, stderr strings.Builder
		h := cli.Host{
			In: strings.NewReader(stdin), Out: &out, Err: &stderr,
			Now: func() time.Time { return now },
			AWS: func(context.Context) (aws.Config, error) { return cfg, nil },
			Getenv: func(name string) string {
				return map[string]string{"SAGE_URL": sage.URL, "KINDLY_API_URL": sage.URL,
					"USER": "kari"}[name]
			},
		}
		if code := run(ctx, h, args); code != 0 {
			t.Fatalf("kindly-weekly %s: exit code %d\n%s%s", strings.Join(args, " "), code,
				out.String(), stderr.String())
		}
		return out.String() + stderr.String()
	}
	said := command("", "config", "push", "--bucket", "kindly", "--tenant", "acme", "--why",
		"first", file)
	said += command("demo-key-bakeri", "key", "set", "--bucket", "kindly", "--tenant", "acme",
		"--bot", "bakeri")
	said += command("", "config", "log", "--bucket", "kindly", "--tenant", "acme")
	said += command("", "report", "--bucket", "kindly", "--tenant", "acme", "--bot", "bakeri",
		"--send", "--yes=prod")
	again := command("", "report", "--bucket", "kindly", "--tenant", "acme", "--bot", "bakeri",
		"--send", "--yes=prod")
	said += command("", "resend", "--bucket", "kindly", "--tenant", "acme", "--bot", "bakeri",
		"--week", "2026-W46", "--to", "mail:kari@example.com",
		"--yes=prod")
	said += command("", "backfill", "--bucket", "kindly", "--tenant", "acme", "--bot", "bakeri",
		"--from", "2026-W45")
	said += command("", "status", "--bucket", "kindly")
	for _, want := range []string{
		"version 1 is in force",
		"stored in kindly-weekly/test/acme/bakeri",
		"kari  first",
		"mail:kari@example.com  sent",
		"mail:kari@example.com, resend 1  sent",
		"2 weeks of bakeri: 1 made, 1 already archived",
		"1 due, 1 delivered",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q in\n%s", want, said)
		}
	}
	if !strings.Contains(again, "(earlier; nothing was sent now)") {
		t.Errorf("the second time it said\n%s", again)
	}

	secret, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx,
		&secretsmanager.GetSecretValueInput{SecretId: aws.String("kindly-weekly/test/acme/bakeri")})
	if err != nil || aws.ToString(secret.SecretString) != "demo-key-bakeri" {
		t.Errorf("the secret is not the key: %v", err)
	}
	if strings.Contains(said, "demo-key") {
		t.Error("the key was shown")
	}
	for _, key := range []string{"config/acme.yaml", "acme/config/log-000001.json",
		"acme/archive/bakeri/2026-W46/manifest.json"} {
		object, err := buckets.GetObject(ctx,
			&s3.GetObjectInput{Bucket: aws.String("kindly"), Key: &key})
		if err != nil {
			t.Error(err)
			continue
		}
		_, _ = io.Copy(io.Discard, object.Body)
		object.Body.Close()
	}
}

// secrets migrate against moto: the old secret stays as it was, byte for byte and version by
// version, and a second run writes nothing.
func TestMigrate_AWS(t *testing.T) {
	ctx := context.Background()
	cfg := moto.Config(moto.Start(t))
	buckets, vault := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
		secretsmanager.NewFromConfig(cfg)
	if _, err := buckets.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("kindly"),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}}); err != nil {
		t.Fatal(err)
	}
	const old = `{"slack_token":"xoxb-hidden","slack_signing_secret":"sign-hidden","4217":"key-hidden"}`
	if _, err := vault.CreateSecret(ctx,
		&secretsmanager.CreateSecretInput{Name: aws.String("kindly-weekly/test/acme"),
			SecretString: aws.String(old)}); err != nil {
		t.Fatal(err)
	}
	const file = `slack: {team: T024BE7LD, token_secret: kindly-weekly/test/acme#slack_token, signing_secret: kindly-weekly/test/acme#slack_signing_secret}
defaults: {tz: Europe/Oslo}
bots: [{id: 4217, key_secret: kindly-weekly/test/acme#4217, channels: C024BE91L}]
`
	if _, err := buckets.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("kindly"),
		Key: aws.String("config/acme.yaml"), Body: strings.NewReader(file)}); err != nil {
		t.Fatal(err)
	}
	said := ""
	migrate := func(args ...string) {
		t.Helper()
		var out strings.Builder
		h := cli.Host{
			Out: &out, Err: &out, Now: func() time.Time { return now },
			AWS:    func(context.Context) (aws.Config, error) { return cfg, nil },
			Getenv: func(name string) string { return map[string]string{"USER": "kari"}[name] },
		}
		if code := run(ctx, h, append([]string{"secrets", "migrate", "--bucket", "kindly",
			"--secrets", "kindly-weekly/test/"}, args...)); code != 0 {
			t.Fatalf("%v: exit code %d\n%s", args, code, out.String())
		}
		said += out.String()
	}
	state := func() map[string]string {
		t.Helper()
		all := make(map[string]string)
		list, err := vault.ListSecrets(ctx, &secretsmanager.ListSecretsInput{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list.SecretList {
			value, err := vault.GetSecretValue(ctx,
				&secretsmanager.GetSecretValueInput{SecretId: s.Name})
			if err != nil {
				t.Fatal(err)
			}
			all[*s.Name] = *value.SecretString
			all[*s.Name+" version"] = *value.VersionId
		}
		return all
	}
	before := state()
	migrate()
	copied := state()
	migrate("--push")
	migrate("--push")
	after := state()
	for id, want := range map[string]string{
		"kindly-weekly/test/acme":                      old,
		"kindly-weekly/test/acme version":              before["kindly-weekly/test/acme version"],
		"kindly-weekly/test/acme/slack/token":          "xoxb-hidden",
		"kindly-weekly/test/acme/slack/signing-secret": "sign-hidden",
	} {
		if after[id] != want {
			t.Errorf("%s is %q, want %q", id, after[id], want)
		}
	}
	if !maps.Equal(copied, after) || len(after) != 6 {
		t.Errorf("the first run left %d secrets, the next ones\n%v", len(copied)/2, after)
	}
	object, err := buckets.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("kindly"),
		Key: aws.String("config/acme.yaml")})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Body.Close()
	got, err := io.ReadAll(object.Body)
	want := strings.NewReplacer("acme#slack_token", "acme/slack/token", "acme#slack_signing_secret",
		"acme/slack/signing-secret").Replace(file)
	if err != nil || string(got) != want {
		t.Errorf("%v: the configuration is\n%s", err, got)
	}
	if strings.Contains(said, "hidden") {
		t.Errorf("a value is shown:\n%s", said)
	}
}
