package deploy_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/kindly-weekly/deploy"
)

// small is a template with what Deploy looks at.
const small = `
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod], Description: what the stack is for}
  DivertTo: {Type: String, Default: "", AllowedPattern: '(mail:[^@\s]+@[^@\s]+)?', ConstraintDescription: must be mail:me@example.com or empty}
  SecretPrefix: {Type: String, Description: prefix of the secrets}
  AlarmEmail: {Type: String, AllowedPattern: '[^@\s]+@[^@\s]+', Description: address for alarms}
  LogDays: {Type: Number, Default: 90, MinValue: 1, MaxValue: 731}
Rules:
  DevIsDiverted:
    RuleCondition: !Equals [!Ref Stage, dev]
    Assertions:
      - Assert: !Not [!Equals [!Ref DivertTo, ""]]
        AssertDescription: a dev stack needs DivertTo
Globals:
  Function: {CodeUri: ., Runtime: provided.al2023}
Resources:
  Tick: {Type: AWS::Serverless::Function, Properties: {Timeout: 120}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref LogDays}}
`

// smallClone returns a source with the template small.
func smallClone(t *testing.T) string {
	t.Helper()
	dir := clone(t)
	write(t, dir, "template.yaml", small)
	return dir
}

// deployed are the parameters of a stack that another version has deployed: it has Former, and
// lacks LogDays.
func deployed() map[string]string {
	return map[string]string{"Stage": "dev", "DivertTo": "mail:me@example.com",
		"SecretPrefix": "kindly-weekly/dev/", "AlarmEmail": "me@example.com", "Former": "x"}
}

const inputs = " Stage DivertTo SecretPrefix AlarmEmail"

// What Deploy does depends on the status of the stack.
func TestDeploy_Statuses(t *testing.T) {
	const created = "CREATE change set Stage=dev DivertTo=mail:me@example.com " +
		"SecretPrefix=kindly-weekly/dev/ AlarmEmail=me@example.com"
	const updated = "UPDATE change set Stage=dev DivertTo=mail:me@example.com SecretPrefix " +
		"AlarmEmail=me@example.com"
	for _, tc := range []struct {
		name     string
		statuses []string
		after    map[string][]string // besides ExecuteChangeSet
		did      []string
		says     string // in what is printed
		err      string
	}{
		{name: "absent", statuses: []string{""},
			did: []string{created, "ExecuteChangeSet"}},
		{name: "only a change set of an interrupted run", statuses: []string{"REVIEW_IN_PROGRESS"},
			did: []string{created, "ExecuteChangeSet"}},
		{name: "created", statuses: []string{"CREATE_COMPLETE"},
			did: []string{updated, "ExecuteChangeSet"}},
		{name: "restored", statuses: []string{"UPDATE_ROLLBACK_COMPLETE"},
			did: []string{updated, "ExecuteChangeSet"}},
		{name: "being updated by an interrupted run",
			statuses: []string{"UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS",
				"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"},
			did:  []string{updated, "ExecuteChangeSet"},
			says: "kindly-weekly-dev is UPDATE_IN_PROGRESS: waiting\n"},
		{name: "being deleted", statuses: []string{"DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS", ""},
			did: []string{created, "ExecuteChangeSet"}},
		{name: "not created", statuses: []string{"ROLLBACK_COMPLETE"},
			after: map[string][]string{"DeleteStack": {"DELETE_IN_PROGRESS", "DELETE_COMPLETE"}},
			did:   []string{"DeleteStack", created, "ExecuteChangeSet"},
			says:  "kindly-weekly-dev was not created completely: ROLLBACK_COMPLETE\n"},
		{name: "not deleted", statuses: []string{"DELETE_FAILED"},
			after: map[string][]string{"DeleteStack": {"DELETE_IN_PROGRESS", "DELETE_FAILED"}},
			did:   []string{"DeleteStack"},
			err:   "the stack kindly-weekly-dev was not deleted (DELETE_FAILED): correct the cause"},
		{name: "not restored", statuses: []string{"UPDATE_ROLLBACK_FAILED"},
			err: "the stack kindly-weekly-dev is UPDATE_ROLLBACK_FAILED: its events say why; correct " +
				"the cause, then run aws cloudformation continue-update-rollback --stack-name " +
				"kindly-weekly-dev"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := smallClone(t)
			synctest.Test(t, func(t *testing.T) {
				c := &cloud{statuses: tc.statuses, parameters: deployed(), after: tc.after}
				if c.after == nil {
					c.after = make(map[string][]string)
				}
				c.after["ExecuteChangeSet"] = []string{"UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"}
				h, said := host(c.config())
				s := deploy.Stack{Host: h, Source: open(t, dir), Name: "kindly-weekly-dev", Yes: true}
				_, err := s.Deploy(t.Context(), map[string]string{"Stage": "dev",
					"DivertTo": "mail:me@example.com", "AlarmEmail": "me@example.com"})
				if got := message(err); !strings.HasPrefix(got, tc.err) || (tc.err == "") != (err == nil) {
					t.Errorf("error %q, want %q", got, tc.err)
				}
				if diff := cmp.Diff(tc.did, c.did); diff != "" {
					t.Errorf("did (-want +got):\n%s", diff)
				}
				if !strings.Contains(said.String(), tc.says) {
					t.Errorf("does not say %q but\n%s", tc.says, said)
				}
			})
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A parameter that is set gets the value, one that the stack has keeps its own, a new one gets its
// default, and one that the template does not have any more is dropped.
func TestDeploy_KeepsParameters(t *testing.T) {
	c := &cloud{statuses: []string{"UPDATE_COMPLETE"}, parameters: deployed()}
	h, said := host(c.config())
	s := deploy.Stack{Host: h, Source: open(t, smallClone(t)), Name: "kindly-weekly-dev", Yes: true}
	if _, err := s.Deploy(t.Context(), map[string]string{"DivertTo": "mail:you@example.com"}); err != nil {
		t.Fatal(err)
	}
	want := "UPDATE change set Stage DivertTo=mail:you@example.com SecretPrefix AlarmEmail"
	if c.did[0] != want {
		t.Errorf("%s, want %s", c.did[0], want)
	}
	for _, line := range []string{
		"  set DivertTo=mail:you@example.com, was mail:me@example.com\n",
		"  set LogDays=90\n",
		"  drop Former, was x\n",
	} {
		if !strings.Contains(said.String(), line) {
			t.Errorf("does not print %q but\n%s", line, said)
		}
	}
}

// A stack that was not created is deleted, so CloudFormation does not know its parameters any more.
func TestDeploy_KeepsParametersOfWhatFailed(t *testing.T) {
	c := &cloud{statuses: []string{"ROLLBACK_COMPLETE"}, parameters: deployed(),
		after: map[string][]string{"DeleteStack": {""}, "ExecuteChangeSet": {"CREATE_COMPLETE"}}}
	h, _ := host(c.config())
	s := deploy.Stack{Host: h, Source: open(t, smallClone(t)), Name: "kindly-weekly-dev", Yes: true}
	_, err := s.Deploy(t.Context(), map[string]string{"AlarmEmail": "you@example.com"})
	want := []string{"DeleteStack", "CREATE change set Stage=dev DivertTo=mail:me@example.com " +
		"SecretPrefix=kindly-weekly/dev/ AlarmEmail=you@example.com", "ExecuteChangeSet"}
	if err != nil || !slices.Equal(c.did, want) {
		t.Errorf("%v, did %q, want %q", err, c.did, want)
	}
}

// Deploy asks before anything changes, and leaves nothing behind if the answer is no.
func TestDeploy_Asks(t *testing.T) {
	for _, tc := range []struct {
		name, status string
		answers      []string
		yes          bool
		did          string
		err          string
	}{
		{name: "yes", status: "CREATE_COMPLETE", answers: []string{"y\n"},
			did: "UPDATE change set" + inputs + ", ExecuteChangeSet"},
		{name: "no", status: "CREATE_COMPLETE", answers: []string{"\n"},
			did: "UPDATE change set" + inputs + ", DeleteChangeSet", err: "nothing was deployed"},
		{name: "no, and the stack is new", status: "", answers: []string{"no\n"},
			did: "CREATE change set Stage=dev DivertTo=mail:me@example.com " +
				"SecretPrefix=kindly-weekly/dev/ AlarmEmail=me@example.com, DeleteChangeSet, DeleteStack",
			err: "nothing was deployed"},
		{name: "no to the deletion", status: "ROLLBACK_COMPLETE", answers: []string{"n\n"},
			err: "nothing was deployed"},
		{name: "no terminal", status: "CREATE_COMPLETE",
			err: "deploying asks first, and there is no terminal to ask on: to deploy, add --yes"},
		{name: "no terminal, --yes", status: "CREATE_COMPLETE", yes: true,
			did: "UPDATE change set" + inputs + ", ExecuteChangeSet"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := &cloud{statuses: []string{tc.status}, parameters: deployed()}
			h, _ := host(c.config())
			if tc.answers != nil {
				h.Ask = typed(tc.answers...)
			}
			var values map[string]string
			if tc.status != "CREATE_COMPLETE" {
				values = map[string]string{"Stage": "dev", "DivertTo": "mail:me@example.com",
					"AlarmEmail": "me@example.com"}
			}
			s := deploy.Stack{Host: h, Source: open(t, smallClone(t)), Name: "kindly-weekly-dev",
				Yes: tc.yes}
			if _, err := s.Deploy(t.Context(), values); message(err) != tc.err {
				t.Errorf("error %q, want %q", message(err), tc.err)
			}
			if did := strings.Join(c.did, ", "); did != tc.did {
				t.Errorf("did %s\nwant %s", did, tc.did)
			}
		})
	}
}

// typed returns a Host.Ask that gets the answers, one after the other.
func typed(answers ...string) func(string) (string, error) {
	return func(string) (string, error) {
		if len(answers) == 0 {
			return "", errors.New("one question too many")
		}
		answer := answers[0]
		answers = answers[1:]
		return answer, nil
	}
}

// What is lost is read first, and what holds data is named.
func TestDeploy_PrintsChanges(t *testing.T) {
	c := &cloud{statuses: []string{"CREATE_COMPLETE"}, parameters: deployed(),
		changes: changed("Add", "Api", "AWS::ApiGatewayV2::Api", "", "") +
			changed("Modify", "Tick", "AWS::Lambda::Function", "False", "", "Code", "Timeout", "Code") +
			changed("Modify", "Schedule", "AWS::Scheduler::Schedule", "Conditional", "", "GroupName") +
			changed("Modify", "Topic", "AWS::SNS::Topic", "Conditional", "", "TopicName") +
			changed("Modify", "Weekly", "AWS::SQS::Queue", "True", "ReplaceAndDelete", "QueueName") +
			changed("Modify", "Bucket", "AWS::S3::Bucket", "True", "ReplaceAndRetain", "BucketName") +
			changed("Remove", "Logs", "AWS::Logs::LogGroup", "", "Delete")}
	h, said := host(c.config())
	s := deploy.Stack{Host: h, Source: open(t, smallClone(t)), Name: "kindly-weekly-dev", Yes: true}
	if _, err := s.Deploy(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	const want = `
  remove       Logs      AWS::Logs::LogGroup       DELETES its logs
  replace      Weekly    AWS::SQS::Queue           DELETES its messages
  replace      Bucket    AWS::S3::Bucket           the old one is kept, outside the stack
  may replace  Schedule  AWS::Scheduler::Schedule  GroupName
  may replace  Topic     AWS::SNS::Topic           DELETES its confirmed subscriptions
  add          Api       AWS::ApiGatewayV2::Api
  change       Tick      AWS::Lambda::Function     Code, Timeout
`
	if !strings.Contains(said.String(), want) {
		t.Errorf("%s\nlacks%s", said, want)
	}
}

// The failures come in the order of time, without those that are only their consequence.
func TestDeploy_Fails(t *testing.T) {
	failures := map[string]string{"ExecuteChangeSet": event("5", "Bucket", "DELETE_SKIPPED", "") +
		event("4", "SlashRole", "CREATE_FAILED", "Resource creation cancelled") +
		event("3", "WorkerRole", "CREATE_FAILED", "quota") +
		event("2", "TickRole", "CREATE_FAILED", "not authorized to perform iam:CreateRole") +
		event("1", "Bucket", "CREATE_COMPLETE", "")}
	for _, tc := range []struct{ before, after, err string }{
		{"", "ROLLBACK_COMPLETE", "the stack kindly-weekly-dev was not created (ROLLBACK_COMPLETE): " +
			"correct the cause and deploy again; what is left of it is deleted then"},
		{"CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "the stack kindly-weekly-dev was not updated " +
			"(UPDATE_ROLLBACK_COMPLETE): it is as it was before; correct the cause and deploy again"},
		{"CREATE_COMPLETE", "UPDATE_ROLLBACK_FAILED", "the stack kindly-weekly-dev is " +
			"UPDATE_ROLLBACK_FAILED: its events say why; correct the cause, then run aws " +
			"cloudformation continue-update-rollback --stack-name kindly-weekly-dev"},
		{"CREATE_COMPLETE", "", "the stack kindly-weekly-dev was deleted meanwhile"},
	} {
		t.Run(tc.after, func(t *testing.T) {
			c := &cloud{statuses: []string{tc.before}, parameters: deployed(), events: failures,
				after: map[string][]string{"ExecuteChangeSet": {tc.after}}}
			h, said := host(c.config())
			s := deploy.Stack{Host: h, Source: open(t, smallClone(t)), Name: "kindly-weekly-dev",
				Yes: true}
			values := map[string]string{"Stage": "dev", "DivertTo": "mail:me@example.com",
				"AlarmEmail": "me@example.com"}
			if _, err := s.Deploy(t.Context(), values); message(err) != tc.err {
				t.Errorf("error %q\nwant %q", message(err), tc.err)
			}
			const want = `deploying; if this is interrupted, CloudFormation continues
  created Bucket
  kept Bucket
failed: TickRole (AWS::IAM::Role): not authorized to perform iam:CreateRole
failed: WorkerRole (AWS::IAM::Role): quota
`
			if tc.after != "" && !strings.HasSuffix(said.String(), want) {
				t.Errorf("%s\nlacks\n%s", said, want)
			}
		})
	}
}

// CloudFormation makes no change set: nothing changes, or it refuses the template.
func TestDeploy_NoChangeSet(t *testing.T) {
	for reason, tc := range map[string]struct{ says, err string }{
		"The submitted information didn&apos;t contain changes. Submit different information to " +
			"create a change set.": {says: "kindly-weekly-dev is up to date: nothing changes\n"},
		"No updates are to be performed.": {says: "kindly-weekly-dev is up to date: nothing changes\n"},
		"Transform AWS::Serverless-2016-10-31 failed": {err: "CloudFormation made no change set for " +
			"kindly-weekly-dev: Transform AWS::Serverless-2016-10-31 failed"},
	} {
		c := &cloud{statuses: []string{"CREATE_COMPLETE"}, parameters: deployed(), refused: reason}
		h, said := host(c.config())
		s := deploy.Stack{Host: h, Source: open(t, smallClone(t)), Name: "kindly-weekly-dev", Yes: true}
		if _, err := s.Deploy(t.Context(), nil); message(err) != tc.err {
			t.Errorf("%s: error %q, want %q", reason, message(err), tc.err)
		}
		if !strings.HasSuffix(said.String(), tc.says) {
			t.Errorf("%s: %s", reason, said)
		}
		if want := []string{"UPDATE change set" + inputs, "DeleteChangeSet"}; !slices.Equal(c.did, want) {
			t.Errorf("%s: did %q", reason, c.did)
		}
	}
}

// The bucket for programs is created once, is completed if a run was interrupted, and belongs to
// the account.
func TestDeploy_Bucket(t *testing.T) {
	configured := []string{"bucket publicAccessBlock", "bucket encryption", "bucket policy"}
	for code, tc := range map[string]struct {
		did []string
		err string
	}{
		"":                   {},
		"NoSuchBucket":       {did: slices.Concat([]string{"bucket"}, configured)},
		"NoSuchBucketPolicy": {did: configured},
		"AccessDenied": {err: "the bucket kindly-weekly-artifacts-123456789012-eu-west-1 for programs " +
			"cannot be used by the account 123456789012: "},
	} {
		c := &cloud{statuses: []string{"CREATE_COMPLETE"}, parameters: deployed(), s3: code}
		h, _ := host(c.config())
		s := deploy.Stack{Host: h, Source: open(t, smallClone(t)), Name: "kindly-weekly-dev", Yes: true}
		_, err := s.Deploy(t.Context(), nil)
		if !strings.HasPrefix(message(err), tc.err) || (tc.err == "") != (err == nil) {
			t.Errorf("%q: error %q, want %q", code, message(err), tc.err)
		}
		if err == nil {
			tc.did = append(tc.did, "UPDATE change set"+inputs, "ExecuteChangeSet")
		}
		if !slices.Equal(c.did, tc.did) {
			t.Errorf("%q: did %q, want %q", code, c.did, tc.did)
		}
	}
}

// The status of before, which CloudFormation may show for a moment, is not that of the end.
func TestDeploy_WaitsForTheBegin(t *testing.T) {
	dir := smallClone(t)
	synctest.Test(t, func(t *testing.T) {
		c := &cloud{statuses: []string{"CREATE_COMPLETE"}, parameters: deployed(), late: 1,
			after: map[string][]string{"ExecuteChangeSet": {"CREATE_COMPLETE", "UPDATE_IN_PROGRESS",
				"UPDATE_COMPLETE"}}}
		h, _ := host(c.config())
		s := deploy.Stack{Host: h, Source: open(t, dir), Name: "kindly-weekly-dev", Yes: true}
		if state, err := s.Deploy(t.Context(), nil); err != nil || state.Reason != "UPDATE_COMPLETE" {
			t.Errorf("%+v, %v", state, err)
		}
	})
}

// A run that is interrupted while it waits says so, and changes nothing more.
func TestDeploy_Interrupted(t *testing.T) {
	dir := smallClone(t)
	synctest.Test(t, func(t *testing.T) {
		c := &cloud{statuses: []string{"CREATE_COMPLETE"}, parameters: deployed(),
			after: map[string][]string{"ExecuteChangeSet": {"UPDATE_IN_PROGRESS"}}}
		h, _ := host(c.config())
		s := deploy.Stack{Host: h, Source: open(t, dir), Name: "kindly-weekly-dev", Yes: true}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := s.Deploy(ctx, nil)
			done <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if last := c.did[len(c.did)-1]; last != "ExecuteChangeSet" {
			t.Errorf("the last that it did is %s", last)
		}
	})
}

func TestMissing(t *testing.T) {
	source := open(t, smallClone(t))
	has := deploy.State{Status: deploy.Deployed, Parameters: deployed()}
	for _, tc := range []struct {
		name    string
		state   deploy.State
		values  map[string]string
		missing string
		err     string
	}{
		{name: "a new stack", missing: "Stage AlarmEmail"},
		{name: "a dev stack must be diverted", values: map[string]string{"Stage": "dev"},
			missing: "DivertTo AlarmEmail"},
		{name: "a prod stack need not", values: map[string]string{"Stage": "prod"},
			missing: "AlarmEmail"},
		{name: "a stack has them", state: has},
		{name: "so has one that was not created",
			state: deploy.State{Status: deploy.Broken, Parameters: deployed()}},
		{name: "diversion taken from a dev stack", state: has,
			values: map[string]string{"DivertTo": ""}, missing: "DivertTo"},
		{name: "a wrong value", state: has, values: map[string]string{"DivertTo": "me"},
			err: "DivertTo=me: must be mail:me@example.com or empty"},
		{name: "an unknown parameter", state: has, values: map[string]string{"Alarm": "me"},
			err: "Alarm: unknown parameter; there are AlarmEmail, DivertTo, LogDays, SecretPrefix, Stage"},
	} {
		s := deploy.Stack{Source: source, Name: "kindly-weekly-dev"}
		missing, err := s.Missing(tc.state, tc.values)
		var names []string
		for _, p := range missing {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != tc.missing || message(err) != tc.err {
			t.Errorf("%s: %q, %q, want %q, %q", tc.name, got, message(err), tc.missing, tc.err)
		}
	}
}

// Two stacks do not read secrets of each other. A stack that exists keeps the prefix that it has.
func TestDeploy_SecretPrefix(t *testing.T) {
	const clash = "SecretPrefix=kindly-weekly/dev/: the stack acme has the secrets in "
	for _, tc := range []struct{ name, others, prefix, err, status string }{
		{name: "no other stack"},
		{name: "of another stack", others: other("kindly-weekly-prod", "kindly-weekly/prod/")},
		{name: "not known", others: "denied"},
		{name: "its own, not created", others: other("kindly-weekly-dev", "kindly-weekly/dev/")},
		{name: "the same", others: other("acme", "kindly-weekly/dev/"), err: clash},
		{name: "in the other", others: other("acme", "kindly-weekly/"), err: clash},
		{name: "around the other", others: other("acme", "kindly-weekly/dev/acme/"), err: clash},
		{name: "set", others: other("acme", "kindly-weekly/dev/"), prefix: "kindly-weekly/other/"},
		{name: "of a stack that exists", status: "UPDATE_COMPLETE",
			others: other("acme", "kindly-weekly/dev/")},
		{name: "of a stack that exists, set to that of another one", status: "UPDATE_COMPLETE",
			others: other("acme", "kindly-weekly/acme/"), prefix: "kindly-weekly/acme/",
			err: "SecretPrefix=kindly-weekly/acme/: the stack acme has the secrets in "},
	} {
		c := &cloud{statuses: []string{tc.status}, others: tc.others, parameters: deployed(),
			after: map[string][]string{"ExecuteChangeSet": {"CREATE_COMPLETE"}}}
		h, _ := host(c.config())
		s := deploy.Stack{Host: h, Source: open(t, smallClone(t)), Name: "kindly-weekly-dev", Yes: true}
		values := map[string]string{"Stage": "prod", "AlarmEmail": "me@example.com"}
		if tc.prefix != "" {
			values["SecretPrefix"] = tc.prefix
		}
		_, err := s.Deploy(t.Context(), values)
		if !strings.HasPrefix(message(err), tc.err) || (tc.err == "") != (err == nil) ||
			(err != nil) != (c.did == nil) {
			t.Errorf("%s: %v, did %q", tc.name, err, c.did)
		}
	}
}

// The values that CloudFormation or a function refuses are refused before anything is built.
func TestCheck(t *testing.T) {
	source := open(t, root)
	for _, tc := range []struct{ name, value, err string }{
		{"Stage", "dev", ""},
		{"Stage", "test", "Stage=test: must be one of dev, prod"},
		{"DivertTo", "", ""},
		{"DivertTo", "slack:C024BE91L", ""},
		{"DivertTo", "mail:me@example.com", ""},
		{"DivertTo", "me@example.com", "DivertTo=me@example.com: must be slack:C024BE91L, " +
			"mail:me@example.com, or empty"},
		{"DivertTo", "mail:me@example.com\nx", "DivertTo=mail:me@example.com\nx: must be " +
			"slack:C024BE91L, mail:me@example.com, or empty"},
		{"SecretPrefix", "kindly-weekly/acme/", ""},
		{"SecretPrefix", "kindly-weekly", "SecretPrefix=kindly-weekly: must end with a slash, such as " +
			"kindly-weekly/prod/"},
		{"MailFrom", "none", ""},
		{"MailFrom", "weekly@example.com, *@example.org", ""},
		{"MailFrom", "weekly@example.com,", "MailFrom=weekly@example.com,: must be addresses such as " +
			"weekly@example.com or *@example.com, separated by commas, or none"},
		{"CatchUpHours", "240", ""},
		{"CatchUpHours", "0", "CatchUpHours=0: must be at least 1"},
		{"CatchUpHours", "241", "CatchUpHours=241: must be at most 240"},
		{"CatchUpHours", "three", "CatchUpHours=three: must be a whole number"},
		{"SageConcurrency", "16", ""},
		{"SageConcurrency", "2.5", "SageConcurrency=2.5: must be a whole number"},
		{"LogDays", "31", "LogDays=31: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, " +
			"365, 400, 545, 731"},
	} {
		if err := source.Check(tc.name, tc.value); message(err) != tc.err {
			t.Errorf("%s=%s: %q, want %q", tc.name, tc.value, message(err), tc.err)
		}
	}
}

func TestOpenSource(t *testing.T) {
	dir := smallClone(t)
	below := filepath.Join(dir, "functions", "tick")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	write(t, other, "go.mod", "module example.com/other\n")

	t.Chdir(below)
	s, err := deploy.OpenSource(t.Context(), "")
	if err != nil || !sameFolder(s.Dir, dir) {
		t.Errorf("from below: %v", err)
	}
	t.Chdir(other)
	_, err = deploy.OpenSource(t.Context(), "")
	if want := "there is no source of Kindly Weekly here: run this in a clone of it, or name the " +
		"clone with --source DIR"; message(err) != want {
		t.Errorf("elsewhere: %v", err)
	}
	if _, err := deploy.OpenSource(t.Context(), dir); err != nil {
		t.Errorf("named: %v", err)
	}
	if _, err = deploy.OpenSource(t.Context(), other); !strings.Contains(message(err),
		"is not a clone of Kindly Weekly") {
		t.Errorf("another module: %v", err)
	}
	write(t, dir, "template.yaml", "Parameters: {Stage: [}")
	if _, err = deploy.OpenSource(t.Context(), dir); !strings.Contains(message(err), "template.yaml: ") {
		t.Errorf("no template: %v", err)
	}
}

func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	y, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(x, y)
}

// A preview does not compare with a template that another tool has written in its own way.
func TestPreview_AnotherTool(t *testing.T) {
	c := &cloud{statuses: []string{"UPDATE_COMPLETE"}, parameters: deployed(), template: small}
	h, said := host(c.config())
	s := deploy.Stack{Host: h, Source: open(t, smallClone(t)), Name: "kindly-weekly-dev"}
	if err := s.Preview(t.Context(), map[string]string{"LogDays": "30"}); err != nil {
		t.Fatal(err)
	}
	const want = `update kindly-weekly-dev in eu-west-1, account 123456789012
  set LogDays=30
  drop Former, was x
  the stack was deployed by another tool, so what changes is not known here
`
	if !strings.HasSuffix(said.String(), want) || c.did != nil || c.objects != nil {
		t.Errorf("it did %q, and said\n%s", c.did, said)
	}
}

// A function that cannot be built ends the deployment before anything changes.
func TestDeploy_NotBuilt(t *testing.T) {
	for name, tc := range map[string]struct{ makefile, err string }{
		"make fails": {"build-%:\n\t@echo tick.go:3: undefined >&2; exit 1\n", "Tick was not built: "},
		"make makes nothing": {"build-%:\n\t@:\n",
			"Tick was not built: make build-Tick made no bootstrap"},
	} {
		c := &cloud{statuses: []string{"CREATE_COMPLETE"}, parameters: deployed()}
		h, _ := host(c.config())
		dir := smallClone(t)
		write(t, dir, "Makefile", tc.makefile)
		s := deploy.Stack{Host: h, Source: open(t, dir), Name: "kindly-weekly-dev", Yes: true}
		if _, err := s.Deploy(t.Context(), nil); !strings.HasPrefix(message(err), tc.err) ||
			c.did != nil {
			t.Errorf("%s: %q, did %q", name, message(err), c.did)
		}
	}
}

func TestCommand(t *testing.T) {
	for _, tc := range []struct {
		name    string
		status  string
		command deploy.Command
		answers []string
		did     string
		err     string
	}{
		{name: "no stack", err: "name the stage with --stage dev or --stage prod, or a stack with --stack"},
		{name: "an unknown stage", command: deploy.Command{Stage: "test"},
			err: "--stage test: must be dev or prod"},
		{name: "no value", command: deploy.Command{Stage: "dev", Set: []string{"LogDays"}},
			err: "--set LogDays: write NAME=VALUE"},
		{name: "a wrong value", command: deploy.Command{Stage: "dev", Set: []string{"LogDays=0"}},
			err: "--set LogDays=0: must be at least 1"},
		{name: "two stages", command: deploy.Command{Stage: "dev", Set: []string{"Stage=prod"}},
			err: "--stage dev and --set Stage=prod: leave one out"},
		{name: "the stack is of another stage", status: "CREATE_COMPLETE",
			command: deploy.Command{Stage: "prod", Stack: "kindly-weekly-dev"},
			err:     "--stage prod: the stack kindly-weekly-dev is of the stage dev"},
		{name: "missing", command: deploy.Command{Stage: "dev", Yes: true},
			err: "these parameters are missing:\n  --set DivertTo=...  \n" +
				"  --set AlarmEmail=...  address for alarms"},
		{name: "asked", command: deploy.Command{Stage: "dev", Yes: true},
			answers: []string{"me\n", "mail:me@example.com\n", "\n", "me@example.com\n"},
			did: "CREATE change set Stage=dev DivertTo=mail:me@example.com " +
				"SecretPrefix=kindly-weekly/dev/ AlarmEmail=me@example.com, ExecuteChangeSet"},
		{name: "another stack", command: deploy.Command{Stage: "prod", Stack: "acme", Yes: true,
			Set: []string{"AlarmEmail=me@example.com"}},
			did: "CREATE change set Stage=prod SecretPrefix=acme/ AlarmEmail=me@example.com, " +
				"ExecuteChangeSet"},
		{name: "an upgrade", status: "CREATE_COMPLETE", command: deploy.Command{Stage: "dev", Yes: true},
			did: "UPDATE change set Stage=dev DivertTo SecretPrefix AlarmEmail, ExecuteChangeSet"},
		{name: "a dry run", status: "CREATE_COMPLETE", command: deploy.Command{Stage: "dev", DryRun: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := &cloud{statuses: []string{tc.status}, parameters: deployed(), template: small,
				after: map[string][]string{"ExecuteChangeSet": {"UPDATE_COMPLETE"}}}
			h, said := host(c.config())
			if tc.answers != nil {
				h.Ask = typed(tc.answers...)
			}
			tc.command.Source = smallClone(t)
			err := tc.command.Run(t.Context(), h)
			if message(err) != tc.err {
				t.Errorf("error %q\nwant %q\n%s", message(err), tc.err, said)
			}
			if did := strings.Join(c.did, ", "); did != tc.did {
				t.Errorf("did %s\nwant %s", did, tc.did)
			}
		})
	}
}

// Set changes what the stack has, and nothing else: a parameter of a later template comes with a
// deployment.
func TestSet(t *testing.T) {
	for _, tc := range []struct {
		name, value string
		did         []string
		err         string
	}{
		{name: "AlarmEmail", value: "ops@example.com",
			did: []string{"UPDATE change set AlarmEmail=ops@example.com DivertTo Former " +
				"SecretPrefix Stage", "ExecuteChangeSet"}},
		{name: "LogDays", value: "30",
			err: "kindly-weekly-dev has no parameter LogDays yet: deploy it first"},
		{name: "AlarmEmail", value: "ops", err: "AlarmEmail=ops: must match "},
		{name: "Former", value: "y", err: "Former: unknown parameter; there are "},
	} {
		t.Run(tc.name+"="+tc.value, func(t *testing.T) {
			dir := smallClone(t)
			synctest.Test(t, func(t *testing.T) {
				c := &cloud{statuses: []string{"UPDATE_COMPLETE"}, parameters: deployed(),
					after: map[string][]string{
						"ExecuteChangeSet": {"UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"}}}
				h, _ := host(c.config())
				s := deploy.Stack{Host: h, Source: open(t, dir), Name: "kindly-weekly-dev", Yes: true}
				_, err := s.Set(t.Context(), map[string]string{tc.name: tc.value})
				if got := message(err); !strings.HasPrefix(got, tc.err) || (tc.err == "") != (err == nil) {
					t.Errorf("error %q, want %q", got, tc.err)
				}
				if diff := cmp.Diff(tc.did, c.did); diff != "" {
					t.Errorf("did (-want +got):\n%s", diff)
				}
			})
		})
	}
}
