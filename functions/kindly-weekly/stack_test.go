package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
)

// deployedStack has the parameters and the outputs of template.yaml by which a command knows a
// deployment.
const deployedStack = `
Parameters:
  Stage: {Type: String}
  DivertTo: {Type: String}
  SecretPrefix: {Type: String}
  CatchUpHours: {Type: Number, Default: 72}
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: weekly}}
  Alarms: {Type: AWS::SNS::Topic, Properties: {TopicName: alarms}}
Outputs:
  BucketName: {Value: !Ref Bucket}
  AlarmTopic: {Value: !Ref Alarms}
  MailConfigurationSet: {Value: set}
  SlashUrl: {Value: "https://api.example.com/slack/command"}
`

// A deployment that has not ticked yet is known by its stack: by its name, or by its bucket.
func TestEnter_Stack(t *testing.T) {
	cfg := moto.Config(moto.Start(t))
	stacks := cloudformation.NewFromConfig(cfg)
	parameter := func(name, value string) types.Parameter {
		return types.Parameter{ParameterKey: &name, ParameterValue: &value}
	}
	if _, err := stacks.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("kindly-weekly-dev"), TemplateBody: aws.String(deployedStack),
		Parameters: []types.Parameter{parameter("Stage", "dev"),
			parameter("DivertTo", "mail:me@example.com"),
			parameter("SecretPrefix", "kindly-weekly/dev/")},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := stacks.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("other"), TemplateBody: aws.String(
			"Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: other}}}"),
	}); err != nil {
		t.Fatal(err)
	}
	cfg.HTTPClient = pathStyle{}
	h := cli.Host{Getenv: func(string) string { return "" }, Now: func() time.Time { return now },
		AWS: func(context.Context) (aws.Config, error) { return cfg, nil }}
	want := about.Deployment{Schema: 1, Stack: "kindly-weekly-dev", Stage: about.Dev,
		DivertTo: "mail:me@example.com", SecretPrefix: "kindly-weekly/dev/",
		ConfigurationSet: "set", SlashURL: "https://api.example.com/slack/command",
		AlarmTopic: "arn:aws:sns:eu-west-1:123456789012:alarms", CatchUpHours: 72}
	for name, place := range map[string]deployment.Place{
		"by its name":   {Stack: "kindly-weekly-dev"},
		"by its bucket": {Bucket: "weekly"},
	} {
		in, err := place.Enter(t.Context(), h)
		if err != nil || in.Deployment == nil || *in.Deployment != want || place.Bucket != "weekly" {
			t.Errorf("%s: %+v, bucket %q, %v", name, in.Deployment, place.Bucket, err)
			continue
		}
		if divert, err := in.Divert(); err != nil || divert.To != "me@example.com" ||
			in.SecretPrefix() != "kindly-weekly/dev/" {
			t.Errorf("%s: diverts to %v (%v), secrets in %s", name, divert, err, in.SecretPrefix())
		}
	}
	// A command that only reads uses the stack in use, and no other command does.
	dir := t.TempDir()
	h.ConfigDir = func() (string, error) { return dir, nil }
	execute := func(args ...string) string {
		var said strings.Builder
		h := h
		h.Out, h.Err = &said, &said
		run(t.Context(), h, args)
		return said.String()
	}
	if said := execute("use", "other"); !strings.Contains(said, "not one of kindly-weekly") {
		t.Errorf("use of another stack: %s", said)
	}
	if said := execute("use"); said != "no stack is in use\n" {
		t.Errorf("use: %s", said)
	}
	if said := execute("use", "kindly-weekly-dev"); said != "kindly-weekly-dev, stage dev, bucket "+
		"weekly: commands that only read use it\n" {
		t.Errorf("use: %s", said)
	}
	const note = "note: the stack in use is kindly-weekly-dev\n"
	for args, reads := range map[string]bool{
		"status":                                     true,
		"config pull --tenant acme":                  true,
		"config diff --tenant acme":                  true,
		"config log --tenant acme":                   true,
		"portfolio --tenant acme":                    true,
		"preflight":                                  true,
		"manifest":                                   true,
		"manifest --url https://example.com/slack":   false,
		"preflight --send-to mail:me@example.com":    false,
		"config push --tenant acme --why x":          false,
		"config rollback --tenant acme --why x":      false,
		"resend --tenant acme --bot b --week last":   false,
		"backfill --tenant acme --bot b --from last": false,
		"report --tenant acme --bot b --send":        false,
		"secrets migrate --tenant acme --secrets x/": false,
	} {
		said := execute(strings.Fields(args)...)
		if strings.HasPrefix(said, note) != reads {
			t.Errorf("%s: %s", args, said)
		}
	}
	if said := execute("use"); said != "kindly-weekly-dev\n" {
		t.Errorf("use: %s", said)
	}
	if said := execute("use", "--none") + execute("use", "--none") + execute("use"); said !=
		"no stack is in use\n" {
		t.Errorf("use --none: %s", said)
	}
	for stack, says := range map[string]string{
		"kindly-weekly-prod": "the stack kindly-weekly-prod cannot be read (ValidationError: ",
		"other":              "the stack other is not one of kindly-weekly, or its deployment has not ended",
	} {
		if _, err := (&deployment.Place{Stack: stack}).Enter(t.Context(), h); err == nil ||
			!strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", stack, err)
		}
	}
}

// An operator who may not read the stack can name the bucket.
func TestEnter_StackCannotBeRead(t *testing.T) {
	for name, tc := range map[string]struct{ code, want string }{
		"permission": {"AccessDenied", "the stack weekly cannot be read (AccessDenied: no): allow" +
			" cloudformation:DescribeStacks, or name the bucket with --bucket"},
		"region": {"ValidationError", "the stack weekly cannot be read (ValidationError: no): is this" +
			" its name, and is AWS_REGION its region?"},
		"login": {"ExpiredToken", "the stack weekly cannot be read (ExpiredToken: no): do the AWS" +
			" credentials and the region of this shell belong to the deployment?" +
			" aws sts get-caller-identity"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code><Message>no</Message></Error>"+
				"</ErrorResponse>", tc.code)
		}))
		defer server.Close()
		h := cli.Host{Getenv: func(string) string { return "" },
			AWS: func(context.Context) (aws.Config, error) { return moto.Config(server.URL), nil }}
		_, err := (&deployment.Place{Stack: "weekly"}).Enter(t.Context(), h)
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is wrong with the shell is said in a few words, and not in those of the SDK.
func TestEnter_WrongShell(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*aws.Config)
		want   string
	}{
		"no region": {func(c *aws.Config) { c.Region, c.BaseEndpoint = "", nil },
			"(there is no AWS region): set AWS_REGION, such as AWS_REGION=eu-north-1"},
		"no credentials": {func(c *aws.Config) {
			c.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{}, &smithy.OperationError{ServiceID: "ec2imds",
					Err: errors.New("disabled")}
			})
		}, "(there are no AWS credentials): set AWS_PROFILE, or run aws configure or aws sso login"},
	} {
		cfg := moto.Config("http://127.0.0.1:1")
		tc.change(&cfg)
		h := cli.Host{Getenv: func(string) string { return "" },
			AWS: func(context.Context) (aws.Config, error) { return cfg, nil }}
		for place, what := range map[deployment.Place]string{
			{Stack: "weekly"}: "stack", {Bucket: "weekly"}: "bucket",
		} {
			_, err := place.Enter(t.Context(), h)
			if want := "the " + what + " weekly cannot be read " + tc.want; err == nil ||
				err.Error() != want {
				t.Errorf("%s: got\n%v\nwant\n%s", name, err, want)
			}
		}
	}
}

// Commands name the stack that a bucket belongs to. A folder that was copied into it has none.
func TestPlace_Commands(t *testing.T) {
	for _, tc := range []struct {
		about about.Deployment
		want  string
	}{
		{about.Deployment{Stack: "kindly-weekly-prod", Stage: about.Prod},
			"kindly-weekly config pull --stack kindly-weekly-prod --tenant acme"},
		{about.LocalFolder("serve", time.Hour), "kindly-weekly config pull --bucket weekly --tenant acme"},
	} {
		place := deployment.Place{Bucket: "weekly"}
		if got := place.Commands(cli.Host{Deployment: &tc.about}).Pull("acme"); got != tc.want {
			t.Errorf("%s: %s", tc.about.Stack, got)
		}
	}
}

// The help of use lists the commands that use the stack in use, and no others.
func TestUse_Help(t *testing.T) {
	var c commands
	parser := newParser(&c, io.Discard, io.Discard, func(int) {})
	_, list, _ := strings.Cut(deployment.Use{}.Help(), ": ")
	list, _, _ = strings.Cut(list, ". ")
	list = strings.ReplaceAll(strings.ReplaceAll(list, "\n", " "), ", and ", ", ")
	var listed, want []string
	for item := range strings.SplitSeq(list, ", ") {
		name, _, _ := strings.Cut(item, " without")
		listed = append(listed, name)
	}
	for _, command := range parser.Model.Leaves(false) {
		if _, reads := command.Target.Addr().Interface().(interface{ OnlyReads() bool }); reads {
			want = append(want, strings.TrimPrefix(command.Path(), "kindly-weekly "))
		}
	}
	slices.Sort(listed)
	slices.Sort(want)
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Errorf("-commands +help:\n%s", diff)
	}
}
