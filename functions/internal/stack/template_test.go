package stack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"kindlyweekly/functions/log"
	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/functions/worker"
)

// root is the project's.
const root = "../../.."

// A template is template.yaml with its short functions of CloudFormation as text, the way !Sub
// writes them:
//
//	!Ref Weekly           ${Weekly}
//	!GetAtt Weekly.Arn    ${Weekly.Arn}
//	!Sub "${A}/b"         ${A}/b
//
// Of !If [C, a, b] there is a if the condition C holds for the parameters, and b if not. Others are
// maps: !Not [x] is {Fn::Not: [x]}.
type template struct {
	Parameters map[string]struct {
		Description string  `yaml:"Description"`
		MinValue    int     `yaml:"MinValue"`
		MaxValue    int     `yaml:"MaxValue"`
		Default     *string `yaml:"Default"`
	} `yaml:"Parameters"`
	Rules   map[string]any `yaml:"Rules"`
	Globals struct {
		Function function `yaml:"Function"`
	} `yaml:"Globals"`
	Resources map[string]resource `yaml:"Resources"`
	Outputs   map[string]struct {
		Description string `yaml:"Description"`
		Value       string `yaml:"Value"`
	} `yaml:"Outputs"`
}

type resource struct {
	Type           string            `yaml:"Type"`
	DeletionPolicy string            `yaml:"DeletionPolicy"`
	Replace        string            `yaml:"UpdateReplacePolicy"`
	Metadata       map[string]string `yaml:"Metadata"`
	Properties     yaml.Node         `yaml:"Properties"`
}

type function struct {
	Runtime       string   `yaml:"Runtime"`
	Architectures []string `yaml:"Architectures"`
	Handler       string   `yaml:"Handler"`
	Timeout       int      `yaml:"Timeout"`
	MemorySize    int      `yaml:"MemorySize"`
	Role          string   `yaml:"Role"`
	LoggingConfig struct {
		LogGroup string `yaml:"LogGroup"`
	} `yaml:"LoggingConfig"`
	Environment struct {
		Variables map[string]string `yaml:"Variables"`
	} `yaml:"Environment"`
	Events map[string]struct {
		Type       string      `yaml:"Type"`
		Properties eventSource `yaml:"Properties"`
	} `yaml:"Events"`
	EventInvokeConfig struct {
		DestinationConfig struct {
			OnFailure struct {
				Destination string `yaml:"Destination"`
			} `yaml:"OnFailure"`
		} `yaml:"DestinationConfig"`
	} `yaml:"EventInvokeConfig"`
}

type eventSource struct {
	Queue                 string            `yaml:"Queue"`
	BatchSize             int               `yaml:"BatchSize"`
	FunctionResponseTypes []string          `yaml:"FunctionResponseTypes"`
	ScalingConfig         map[string]string `yaml:"ScalingConfig"`
	Method                string            `yaml:"Method"`
	Path                  string            `yaml:"Path"`
}

type queue struct {
	FifoQueue              bool `yaml:"FifoQueue"`
	VisibilityTimeout      int  `yaml:"VisibilityTimeout"`
	MessageRetentionPeriod int  `yaml:"MessageRetentionPeriod"`
	RedrivePolicy          struct {
		Target   string `yaml:"deadLetterTargetArn"`
		Receives int    `yaml:"maxReceiveCount"`
	} `yaml:"RedrivePolicy"`
}

type alarm struct {
	Namespace  string `yaml:"Namespace"`
	MetricName string `yaml:"MetricName"`
	Dimensions []struct {
		Name  string `yaml:"Name"`
		Value string `yaml:"Value"`
	} `yaml:"Dimensions"`
	Period           int      `yaml:"Period"`
	Comparison       string   `yaml:"ComparisonOperator"`
	Threshold        float64  `yaml:"Threshold"`
	TreatMissingData string   `yaml:"TreatMissingData"`
	AlarmActions     []string `yaml:"AlarmActions"`
	OKActions        []string `yaml:"OKActions"`
}

// read returns the template with its parameters' defaults.
func read(t *testing.T) template { return readWith(t, nil) }

// readWith returns the template as it is with some parameters.
func readWith(t *testing.T, parameters map[string]string) template {
	t.Helper()
	data, err := os.ReadFile(root + "/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	holds := conditions(t, &document, parameters)
	plain(&document, holds)
	var parsed template
	if err := document.Decode(&parsed); err != nil {
		t.Fatal(err)
	}
	return parsed
}

// conditions returns which of the template's conditions hold. Each compares a parameter with a
// text.
func conditions(t *testing.T, document *yaml.Node, parameters map[string]string) map[string]bool {
	t.Helper()
	var of struct {
		Parameters map[string]struct {
			Default string `yaml:"Default"`
		} `yaml:"Parameters"`
		Conditions map[string]yaml.Node `yaml:"Conditions"`
	}
	if err := document.Decode(&of); err != nil {
		t.Fatal(err)
	}
	holds := make(map[string]bool)
	for name, n := range of.Conditions {
		if n.Tag != "!Equals" || len(n.Content) != 2 || n.Content[0].Tag != "!Ref" {
			t.Fatalf("condition %s: this test reads !Equals [!Ref Parameter, text] alone", name)
		}
		parameter := n.Content[0].Value
		if _, ok := of.Parameters[parameter]; !ok {
			t.Fatalf("condition %s: there is no parameter %s", name, parameter)
		}
		value, given := parameters[parameter]
		if !given {
			value = of.Parameters[parameter].Default
		}
		holds[name] = value == n.Content[1].Value
	}
	return holds
}

// plain writes CloudFormation's tags as a template describes. holds are the conditions.
func plain(n *yaml.Node, holds map[string]bool) {
	for _, child := range n.Content {
		plain(child, holds)
	}
	switch name, ok := strings.CutPrefix(n.Tag, "!"); {
	case name == "If" && len(n.Content) == 3:
		chosen := n.Content[2]
		if holds[n.Content[0].Value] {
			chosen = n.Content[1]
		}
		*n = *chosen
	case !ok || strings.HasPrefix(name, "!"): // one of YAML's own: !!str
	case name == "Sub" && n.Kind == yaml.ScalarNode:
		n.Tag = "!!str"
	case name == "Ref" || name == "GetAtt":
		n.Tag, n.Value = "!!str", "${"+n.Value+"}"
	default:
		argument := *n
		argument.Tag = ""
		*n = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{
			{Kind: yaml.ScalarNode, Tag: "!!str", Value: "Fn::" + name}, &argument,
		}}
	}
}

// properties decodes those of a resource.
func properties[T any](t *testing.T, from template, name string) T {
	t.Helper()
	r, ok := from.Resources[name]
	if !ok {
		t.Fatalf("the template has no %s", name)
	}
	var p T
	if err := r.Properties.Decode(&p); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

// named returns the names of the resources of a type, sorted.
func (tpl template) named(kind string) []string {
	var names []string
	for name, r := range tpl.Resources {
		if r.Type == kind {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

const (
	isFunction = "AWS::Serverless::Function"
	isQueue    = "AWS::SQS::Queue"
	isAlarm    = "AWS::CloudWatch::Alarm"
)

func TestFunctions(t *testing.T) {
	tpl := read(t)
	if diff := cmp.Diff([]string{"Slash", "Tick", "Worker"}, tpl.named(isFunction)); diff != "" {
		t.Fatal(diff)
	}
	if f := tpl.Globals.Function; f.Runtime != "provided.al2023" || f.Handler != "bootstrap" ||
		!slices.Equal(f.Architectures, []string{"arm64"}) {
		t.Errorf("functions are %s, %s, %v", f.Runtime, f.Handler, f.Architectures)
	}
	for _, name := range tpl.named(isFunction) {
		f := properties[function](t, tpl, name)
		if f.Role != "${"+name+"Role.Arn}" {
			t.Errorf("%s: its role is %s", name, f.Role)
		}
		if f.LoggingConfig.LogGroup != "${"+name+"Logs}" {
			t.Errorf("%s: its log group is %s", name, f.LoggingConfig.LogGroup)
		}
		if got := tpl.Resources[name].Metadata["BuildMethod"]; got != "makefile" {
			t.Errorf("%s: sam build builds it by %q, not by the Makefile", name, got)
		}
	}
}

// Each main finds in its environment what it and the packages that it links read there, and nothing
// is set that it does not read. SLACK_API_URL and AWS_ENDPOINT_URL are for tests. What the globals
// set is there for all, and what else begins with AWS_ Lambda sets itself.
func TestEnvironment(t *testing.T) {
	tpl := read(t)
	get := regexp.MustCompile(`(?i:getenv)\("([A-Z_]+)"\)`)
	for _, name := range tpl.named(isFunction) {
		reads := make(map[string]bool)
		for _, file := range sources(t, strings.ToLower(name)) {
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range get.FindAllStringSubmatch(string(code), -1) {
				reads[m[1]] = true
			}
		}
		own := properties[function](t, tpl, name).Environment.Variables
		for variable := range own {
			if !reads[variable] {
				t.Errorf("%s does not read %s", name, variable)
			}
		}
		for variable := range reads {
			_, everywhere := tpl.Globals.Function.Environment.Variables[variable]
			everywhere = everywhere || strings.HasPrefix(variable, "AWS_")
			if _, ok := own[variable]; !ok && !everywhere && variable != "SLACK_API_URL" {
				t.Errorf("%s reads %s, which is not set", name, variable)
			}
		}
	}
}

// The worker's queues hand over one message at a time, to a bounded number of workers, and take
// back only what failed.
func TestEventSources(t *testing.T) {
	tpl := read(t)
	events := properties[function](t, tpl, "Worker").Events
	concurrency := map[string]string{"Weekly": "${MaximumConcurrency}", "Requests": "5",
		"MailEvents": "2"}
	if len(events) != len(concurrency) {
		t.Errorf("the worker has %d event sources, not %d", len(events), len(concurrency))
	}
	for name, most := range concurrency {
		want := eventSource{
			Queue: "${" + name + ".Arn}", BatchSize: 1,
			FunctionResponseTypes: []string{"ReportBatchItemFailures"},
			ScalingConfig:         map[string]string{"MaximumConcurrency": most},
		}
		if diff := cmp.Diff(want, events[name].Properties); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	slash := properties[function](t, tpl, "Slash").Events["Command"]
	if got := slash.Properties.Method + " " + slash.Properties.Path; got != "POST /slack/command" {
		t.Errorf("the slash command is %s", got)
	}
	throttle := properties[struct {
		DefaultRouteSettings struct {
			Rate  int `yaml:"ThrottlingRateLimit"`
			Burst int `yaml:"ThrottlingBurstLimit"`
		} `yaml:"DefaultRouteSettings"`
	}](t, tpl, "Api").DefaultRouteSettings
	if throttle.Rate < 1 || throttle.Rate > 100 || throttle.Burst < throttle.Rate {
		t.Errorf("the API lets %d requests a second through, and %d at once", throttle.Rate,
			throttle.Burst)
	}
}

// The worker starts with every SageConcurrency that the template allows, and with no other.
func TestSageConcurrency(t *testing.T) {
	tpl := read(t)
	env := map[string]string{"AWS_REGION": "eu-north-1", "BUCKET": "b", "CATCH_UP_HOURS": "72",
		"SECRET_PREFIX": "kindly-weekly/dev/"}
	d, err := sending.New(t.Context(), func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	allowed := tpl.Parameters["SageConcurrency"]
	for n, want := range map[int]bool{
		allowed.MinValue - 1: false, allowed.MinValue: true,
		allowed.MaxValue: true, allowed.MaxValue + 1: false,
	} {
		env["SAGE_CONCURRENCY"] = strconv.Itoa(n)
		if _, err := worker.New(d); (err == nil) != want {
			t.Errorf("%d: %v", n, err)
		}
	}
	if *allowed.Default != "16" { // which the worker names as the remedy
		t.Errorf("the default is %s", *allowed.Default)
	}
}

func TestQueues(t *testing.T) {
	tpl := read(t)
	worker := time.Duration(properties[function](t, tpl, "Worker").Timeout) * time.Second
	window := time.Duration(tpl.Parameters["CatchUpHours"].MaxValue) * time.Hour
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }

	for name, want := range map[string]struct {
		receives   int
		fifo       bool
		visibility time.Duration // exactly
	}{
		"Weekly":     {receives: 5, fifo: true, visibility: 6 * worker},
		"MailEvents": {receives: 5, visibility: 6 * worker},
		// Its claim ends with the worker's timeout and a minute at the latest.
		"Requests": {receives: 2, visibility: worker + 2*time.Minute},
	} {
		q := properties[queue](t, tpl, name)
		if q.RedrivePolicy.Receives != want.receives || q.FifoQueue != want.fifo ||
			seconds(q.VisibilityTimeout) != want.visibility {
			t.Errorf("%s: %+v, want %+v", name, q, want)
		}
		if q.RedrivePolicy.Target != "${"+name+"DeadLetters.Arn}" {
			t.Errorf("%s: its dead letters go to %q", name, q.RedrivePolicy.Target)
		}
		dead := properties[queue](t, tpl, name+"DeadLetters")
		if dead.FifoQueue != want.fifo {
			t.Errorf("%s: SQS wants the queue of dead letters to be FIFO where the queue is, and only there", name)
		}
		if dead.MessageRetentionPeriod != 14*24*60*60 {
			t.Errorf("%s: dead letters are kept for %v, not for the two weeks that SQS allows",
				name, seconds(dead.MessageRetentionPeriod))
		}
	}

	if kept := seconds(properties[queue](t, tpl, "Weekly").MessageRetentionPeriod); window == 0 ||
		kept <= window {
		t.Errorf("the weekly queue keeps a job for %v, and the catch-up window can be %v", kept,
			window)
	}
	requests := properties[queue](t, tpl, "Requests")
	if kept := seconds(requests.MessageRetentionPeriod); kept < 25*time.Minute ||
		kept > 30*time.Minute {
		t.Errorf("a request is kept for %v; after 30 minutes Slack takes no answer", kept)
	}
	if tries := seconds(requests.VisibilityTimeout) * 2; tries > 25*time.Minute {
		t.Errorf("two tries of a request take %v, and after 25 minutes it is dropped", tries)
	}
}

// Every queue is either one that the worker reads or one of dead letters with an alarm; nothing is
// lost in between.
func TestTemplate_EveryQueueHasAlarms(t *testing.T) {
	tpl := read(t)
	for _, name := range tpl.named(isQueue) {
		source, dead := strings.CutSuffix(name, "DeadLetters")
		switch {
		case !dead:
			if _, ok := properties[function](t, tpl, "Worker").Events[name]; !ok {
				t.Errorf("%s is not read", name)
			}
		default:
			a := properties[alarm](t, tpl, source+"Dead")
			if a.MetricName != "ApproximateNumberOfMessagesVisible" || a.Threshold != 0 ||
				a.Dimensions[0].Value != "${"+name+".QueueName}" {
				t.Errorf("no alarm for %s: %+v", name, a)
			}
		}
	}
}

func TestSchedule(t *testing.T) {
	type schedule struct {
		Name               string `yaml:"Name"`
		GroupName          string `yaml:"GroupName"`
		ScheduleExpression string `yaml:"ScheduleExpression"`
		Target             struct {
			Arn              string `yaml:"Arn"`
			RoleArn          string `yaml:"RoleArn"`
			Input            string `yaml:"Input"`
			DeadLetterConfig struct {
				Arn string `yaml:"Arn"`
			} `yaml:"DeadLetterConfig"`
		} `yaml:"Target"`
	}
	tpl := read(t)
	s := properties[schedule](t, tpl, "TickSchedule")
	if s.GroupName != "${TickScheduleGroup}" || s.Name != "${AWS::StackName}-tick" {
		t.Errorf("the schedule is %q in group %q", s.Name, s.GroupName)
	}
	if s.ScheduleExpression != "cron(0/15 * * * ? *)" {
		t.Errorf("the tick comes at %s", s.ScheduleExpression)
	}
	if s.Target.Arn != "${Tick.Arn}" || s.Target.RoleArn != "${TickScheduleRole.Arn}" ||
		s.Target.DeadLetterConfig.Arn != "${TickDeadLetters.Arn}" {
		t.Errorf("the schedule's target is %+v", s.Target)
	}
	var input map[string]string
	if err := json.Unmarshal([]byte(s.Target.Input), &input); err != nil ||
		input["time"] != "<aws.scheduler.scheduled-time>" {
		t.Errorf("the tick gets %s: %v", s.Target.Input, err)
	}
	// Scheduler starts a Lambda asynchronously, so a tick that fails is not the schedule's failure
	// but the function's.
	if got := properties[function](t, tpl,
		"Tick").EventInvokeConfig.DestinationConfig.OnFailure.Destination; got != "${TickDeadLetters.Arn}" {
		t.Errorf("a tick that failed for good goes to %q", got)
	}
}

// A role is assumed by its service alone; the schedule's by schedules of this stack's group and
// account alone. AWS says that aws:SourceArn is the group's ARN, never that of a schedule.
func TestTrust(t *testing.T) {
	tpl := read(t)
	for _, name := range tpl.named("AWS::IAM::Role") {
		trust := properties[struct {
			Policy document `yaml:"AssumeRolePolicyDocument"`
		}](t, tpl, name).Policy
		want := document{Statement: []statement{{Effect: "Allow",
			Principal: map[string]any{"Service": "lambda.amazonaws.com"},
			Action:    list{"sts:AssumeRole"}}}}
		if name == "TickScheduleRole" {
			want.Statement[0].Principal = map[string]any{"Service": "scheduler.amazonaws.com"}
			want.Statement[0].Condition = map[string]map[string]list{
				"StringEquals": {"aws:SourceAccount": {"${AWS::AccountId}"},
					"aws:SourceArn": {"${TickScheduleGroup.Arn}"}},
			}
		}
		if diff := cmp.Diff(want, trust); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The API logs who asked and what was answered, for LogDays, and nothing that a stranger or Slack
// wrote.
func TestAccessLog(t *testing.T) {
	tpl := read(t)
	api := properties[struct {
		AccessLogSettings struct {
			DestinationArn string `yaml:"DestinationArn"`
			Format         string `yaml:"Format"`
		} `yaml:"AccessLogSettings"`
	}](t, tpl, "Api").AccessLogSettings
	if api.DestinationArn != "${ApiLogs.Arn}" {
		t.Errorf("it logs to %s", api.DestinationArn)
	}
	group := properties[struct {
		LogGroupName    string `yaml:"LogGroupName"`
		RetentionInDays string `yaml:"RetentionInDays"`
	}](t, tpl, "ApiLogs")
	if !strings.HasPrefix(group.LogGroupName, "/aws/vendedlogs/") ||
		group.RetentionInDays != "${LogDays}" {
		t.Errorf("the log group is %+v", group)
	}
	var fields map[string]string
	if err := json.Unmarshal([]byte(api.Format), &fields); err != nil {
		t.Fatal(err)
	}
	allowed := []string{
		"requestId", "requestTime", "identity.sourceIp", "routeKey", "protocol", "status",
		"responseLength", "responseLatency",
		"integrationStatus", "integrationLatency", "error.responseType",
	}
	for name, value := range fields {
		if field, ok := strings.CutPrefix(value, "$context."); !ok ||
			!slices.Contains(allowed, field) {
			t.Errorf("%s: %s can hold what a stranger wrote", name, value)
		}
	}
	for _, field := range []string{"requestTime", "identity.sourceIp", "routeKey", "status"} {
		if !slices.Contains(slices.Collect(maps.Values(fields)), "$context."+field) {
			t.Errorf("it does not log %s", field)
		}
	}
}

// The alarms' topic takes nothing that is not encrypted on its way, and from AWS only CloudWatch's
// alarms of this account. The tick may publish by its role. SNS refuses sns:* in a topic's policy.
func TestAlarmsPolicy(t *testing.T) {
	p := properties[struct {
		Topics         []string `yaml:"Topics"`
		PolicyDocument document `yaml:"PolicyDocument"`
	}](t, read(t), "AlarmsPolicy")
	if !slices.Equal(p.Topics, []string{"${Alarms}"}) {
		t.Errorf("it is of %v", p.Topics)
	}
	want := document{Statement: []statement{
		{Sid: "TLSOnly", Effect: "Deny", Principal: "*",
			Action: list{"sns:Publish", "sns:Subscribe", "sns:ListSubscriptionsByTopic",
				"sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:AddPermission",
				"sns:RemovePermission", "sns:DeleteTopic"},
			Resource:  list{"${Alarms}"},
			Condition: map[string]map[string]list{"Bool": {"aws:SecureTransport": {"false"}}}},
		{Sid: "AlarmsOfThisAccount", Effect: "Allow",
			Principal: map[string]any{"Service": "cloudwatch.amazonaws.com"},
			Action:    list{"sns:Publish"}, Resource: list{"${Alarms}"},
			Condition: map[string]map[string]list{
				"StringEquals": {"aws:SourceAccount": {"${AWS::AccountId}"}},
				"ArnLike":      {"aws:SourceArn": {"arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"}},
			}},
	}}
	if diff := cmp.Diff(want, p.PolicyDocument); diff != "" {
		t.Error(diff)
	}
}

func TestAlarms(t *testing.T) {
	tpl := read(t)
	watched := make(map[string]alarm)
	for _, name := range tpl.named(isAlarm) {
		a := properties[alarm](t, tpl, name)
		for _, actions := range [][]string{a.AlarmActions, a.OKActions} {
			if !slices.Equal(actions, []string{"${Alarms}"}) {
				t.Errorf("%s: tells %v", name, actions)
			}
		}
		where := a.Namespace + " " + a.MetricName
		for _, d := range a.Dimensions {
			where += " " + d.Name + "=" + d.Value
		}
		watched[where] = a
	}
	for _, f := range tpl.named(isFunction) {
		if a, ok := watched["AWS/Lambda Errors FunctionName=${"+f+"}"]; !ok || a.Threshold != 0 {
			t.Errorf("no alarm for errors of %s", f)
		}
	}
	for q, most := range map[string]float64{"Weekly": 3600, "Requests": 300} {
		if a, ok := watched["AWS/SQS ApproximateAgeOfOldestMessage QueueName=${"+q+".QueueName}"]; !ok || a.Threshold != most {
			t.Errorf("no alarm for messages of %s that are older than %v s", q, most)
		}
	}
	silent := watched["AWS/Lambda Invocations FunctionName=${Tick}"]
	if silent.Period != 3600 || silent.Comparison != "LessThanThreshold" || silent.Threshold != 1 ||
		silent.TreatMissingData != "breaching" {
		t.Errorf("no alarm for an hour without a tick: %+v", silent)
	}

	// The slash command's errors, as package log writes them: the answer does not show them.
	filter := properties[struct {
		LogGroupName          string `yaml:"LogGroupName"`
		FilterPattern         string `yaml:"FilterPattern"`
		MetricTransformations []struct {
			MetricNamespace string `yaml:"MetricNamespace"`
			MetricName      string `yaml:"MetricName"`
			MetricValue     string `yaml:"MetricValue"`
		} `yaml:"MetricTransformations"`
	}](t, tpl, "SlashTroubles")
	var said bytes.Buffer
	log.New(&said, slog.LevelInfo).Error("a tenant's slash command is not answered")
	if !strings.Contains(said.String(), `"level":"ERROR"`) ||
		filter.FilterPattern != `{ $.level = "ERROR" }` || filter.LogGroupName != "${SlashLogs}" {
		t.Errorf("errors like %s are not counted by %+v", said.String(), filter)
	}
	for _, m := range filter.MetricTransformations {
		if a, ok := watched[m.MetricNamespace+" "+m.MetricName]; !ok || a.Threshold != 0 ||
			m.MetricValue != "1" {
			t.Errorf("no alarm for %+v", m)
		}
	}
	if len(filter.MetricTransformations) != 1 ||
		!strings.Contains(filter.MetricTransformations[0].MetricName, "${AWS::StackName}") {
		t.Errorf("another stack's errors can be mixed with these: %+v",
			filter.MetricTransformations)
	}

	// The metric of our own is looked for where the Lambdas put it.
	var line bytes.Buffer
	metrics := log.Metrics{Writer: &line, Stage: "kindly-weekly-prod",
		Now: func() time.Time { return time.Unix(0, 0) }}
	const reason = "message" // as package worker counts those that make no sense
	if err := metrics.Write(t.Context(), reason, log.Count(log.Failed, 1)); err != nil {
		t.Fatal(err)
	}
	var embedded struct {
		AWS struct {
			CloudWatchMetrics []struct {
				Namespace  string
				Dimensions [][]string
			}
		} `json:"_aws"`
		Stage string
	}
	if err := json.Unmarshal(line.Bytes(), &embedded); err != nil {
		t.Fatal(err)
	}
	put := embedded.AWS.CloudWatchMetrics[0]
	stage := tpl.Globals.Function.Environment.Variables["STAGE"]
	where := fmt.Sprintf("%s %s %s=%s %s=%s", put.Namespace, log.Failed, put.Dimensions[1][0],
		stage, put.Dimensions[1][1], reason)
	if a, ok := watched[where]; !ok || a.Threshold != 0 {
		t.Errorf("no alarm for %s among %v", where, keys(watched))
	}
	if stage != "${AWS::StackName}" {
		t.Errorf("STAGE is %s, which another stack of the account can have too: their failures would be mixed", stage)
	}

	topic := properties[struct {
		Subscription []map[string]string `yaml:"Subscription"`
	}](t, tpl, "Alarms")
	if diff := cmp.Diff([]map[string]string{{"Protocol": "email", "Endpoint": "${AlarmEmail}"}},
		topic.Subscription); diff != "" {
		t.Error(diff)
	}
}

// What is kept is private, versioned, encrypted, and outlives the stack; what is only a marker goes
// away.
func TestBucket(t *testing.T) {
	tpl := read(t)
	if r := tpl.Resources["Bucket"]; r.DeletionPolicy != "Retain" || r.Replace != "Retain" {
		t.Errorf("the bucket would be deleted with the stack: %s, %s", r.DeletionPolicy, r.Replace)
	}
	b := properties[struct {
		BucketName              string            `yaml:"BucketName"`
		VersioningConfiguration map[string]string `yaml:"VersioningConfiguration"`
		BucketEncryption        struct {
			Rules []struct {
				Default map[string]string `yaml:"ServerSideEncryptionByDefault"`
			} `yaml:"ServerSideEncryptionConfiguration"`
		} `yaml:"BucketEncryption"`
		PublicAccessBlockConfiguration map[string]bool `yaml:"PublicAccessBlockConfiguration"`
		OwnershipControls              struct {
			Rules []map[string]string `yaml:"Rules"`
		} `yaml:"OwnershipControls"`
		LifecycleConfiguration struct {
			Rules []struct {
				ID                          string         `yaml:"Id"`
				Status                      string         `yaml:"Status"`
				Prefix                      string         `yaml:"Prefix"`
				ObjectSizeLessThan          string         `yaml:"ObjectSizeLessThan"`
				ExpirationInDays            int            `yaml:"ExpirationInDays"`
				NoncurrentVersionExpiration map[string]int `yaml:"NoncurrentVersionExpiration"`
			} `yaml:"Rules"`
		} `yaml:"LifecycleConfiguration"`
	}](t, tpl, "Bucket")
	if b.BucketName != "" {
		t.Error("a fixed name allows one stack in the world")
	}
	if b.VersioningConfiguration["Status"] != "Enabled" ||
		b.BucketEncryption.Rules[0].Default["SSEAlgorithm"] != "AES256" ||
		b.OwnershipControls.Rules[0]["ObjectOwnership"] != "BucketOwnerEnforced" {
		t.Errorf("not versioned, encrypted and the owner's: %+v", b)
	}
	private := map[string]bool{"BlockPublicAcls": true, "BlockPublicPolicy": true,
		"IgnorePublicAcls": true, "RestrictPublicBuckets": true}
	if diff := cmp.Diff(private, b.PublicAccessBlockConfiguration); diff != "" {
		t.Error(diff)
	}
	window := time.Duration(tpl.Parameters["CatchUpHours"].MaxValue) * time.Hour
	rules := b.LifecycleConfiguration.Rules
	if len(rules) != 2 {
		t.Fatalf("%d lifecycle rules", len(rules))
	}
	for _, rule := range rules {
		// Of what expires, only the empty may: a configuration or a record would be lost.
		if rule.ExpirationInDays != 0 && (rule.ObjectSizeLessThan != "1" ||
			time.Duration(rule.ExpirationInDays)*24*time.Hour <= window) {
			t.Errorf("%s: expires what is still needed", rule.ID)
		}
		if rule.Status != "Enabled" || rule.Prefix != "" ||
			rule.NoncurrentVersionExpiration["NoncurrentDays"] < 1 {
			t.Errorf("%s: old versions are kept: %+v", rule.ID, rule)
		}
	}

	policy := properties[struct {
		PolicyDocument document `yaml:"PolicyDocument"`
	}](t, tpl, "BucketPolicy").PolicyDocument
	want := document{Statement: []statement{{
		Sid: "TLSOnly", Effect: "Deny", Principal: "*", Action: list{"s3:*"},
		Resource:  list{"${Bucket.Arn}", "${Bucket.Arn}/*"},
		Condition: map[string]map[string]list{"Bool": {"aws:SecureTransport": {"false"}}},
	}}}
	if diff := cmp.Diff(want, policy); diff != "" {
		t.Error(diff)
	}
}

// Every queue refuses what is not encrypted on its way, and only SES's events may be put into one
// by AWS.
func TestQueuePolicies(t *testing.T) {
	tpl := read(t)
	covered := make(map[string]bool)
	for _, name := range tpl.named("AWS::SQS::QueuePolicy") {
		policy := properties[struct {
			Queues         []string `yaml:"Queues"`
			PolicyDocument document `yaml:"PolicyDocument"`
		}](t, tpl, name)
		for _, s := range policy.PolicyDocument.Statement {
			switch {
			case s.Effect == "Deny" && s.Condition["Bool"]["aws:SecureTransport"] != nil:
				for _, q := range policy.Queues {
					covered[q] = true
				}
			case name == "MailEventsPolicy" && s.Condition["ArnEquals"]["aws:SourceArn"] != nil &&
				s.Condition["ArnEquals"]["aws:SourceArn"][0] == "${MailEventsRule.Arn}":
			default:
				t.Errorf("%s: allows too much: %+v", name, s)
			}
		}
	}
	for _, q := range tpl.named(isQueue) {
		if !covered["${"+q+"}"] {
			t.Errorf("%s takes what is not encrypted on its way", q)
		}
	}
}

// A stack hears of its own mails only: other stacks use the same event bus.
func TestMailEvents(t *testing.T) {
	rule := properties[struct {
		EventPattern map[string]any   `yaml:"EventPattern"`
		Targets      []map[string]any `yaml:"Targets"`
	}](t, read(t), "MailEventsRule")
	want := map[string]any{
		"source": []any{"aws.ses"},
		"detail": map[string]any{"mail": map[string]any{"tags": map[string]any{"ses:configuration-set": []any{"${MailConfiguration}"}}}},
	}
	if diff := cmp.Diff(want, rule.EventPattern); diff != "" {
		t.Error(diff)
	}
	if len(rule.Targets) != 1 || rule.Targets[0]["Arn"] != "${MailEvents.Arn}" {
		t.Errorf("the events go to %v", rule.Targets)
	}
}

func TestTemplate_DevNeedsDivertTo(t *testing.T) {
	want := map[string]any{
		"RuleCondition": map[string]any{"Fn::Equals": []any{"${Stage}", "dev"}},
		"Assert":        map[string]any{"Fn::Not": []any{map[string]any{"Fn::Equals": []any{"${DivertTo}", ""}}}},
	}
	rule, _ := read(t).Rules["DevIsDiverted"].(map[string]any)
	assertions, _ := rule["Assertions"].([]any)
	if len(assertions) != 1 {
		t.Fatalf("the rule is %v", rule)
	}
	got := map[string]any{"RuleCondition": rule["RuleCondition"],
		"Assert": assertions[0].(map[string]any)["Assert"]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Each parameter is explained, and what a deployer needs next is among the outputs.
func TestTemplate_ParametersAndOutputs(t *testing.T) {
	tpl := read(t)
	for name, p := range tpl.Parameters {
		if p.Description == "" {
			t.Errorf("parameter %s is not described", name)
		}
	}
	want := map[string]string{
		"SlashUrl":             "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/slack/command",
		"BucketName":           "${Bucket}",
		"WeeklyQueueUrl":       "${Weekly}",
		"RequestsQueueUrl":     "${Requests}",
		"MailEventsQueueUrl":   "${MailEvents}",
		"MailConfigurationSet": "${MailConfiguration}",
		"AlarmTopic":           "${Alarms}",
	}
	got := make(map[string]string)
	for name, o := range tpl.Outputs {
		got[name] = o.Value
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// CloudFormation takes a resource whose logical ID or type changes for another one: it deletes the
// old one, and what is in it. A parameter that is renamed loses what a deployment gives it, and one
// that is new needs a default.
func TestTemplate_UpgradeKeepsNames(t *testing.T) {
	tpl := read(t)
	for kind, names := range map[string]string{
		"AWS::S3::Bucket":                            "Bucket",
		"AWS::S3::BucketPolicy":                      "BucketPolicy",
		"AWS::SQS::Queue":                            "Weekly WeeklyDeadLetters Requests RequestsDeadLetters MailEvents MailEventsDeadLetters TickDeadLetters",
		"AWS::SQS::QueuePolicy":                      "QueuesPolicy MailEventsPolicy",
		"AWS::SES::ConfigurationSet":                 "MailConfiguration",
		"AWS::SES::ConfigurationSetEventDestination": "MailConfigurationEvents",
		"AWS::Events::Rule":                          "MailEventsRule",
		"AWS::Serverless::Function":                  "Tick Worker Slash",
		"AWS::Serverless::HttpApi":                   "Api",
		"AWS::Scheduler::Schedule":                   "TickSchedule",
		"AWS::Logs::LogGroup":                        "TickLogs WorkerLogs SlashLogs",
		"AWS::IAM::Role":                             "TickScheduleRole TickRole WorkerRole SlashRole",
		"AWS::SNS::Topic":                            "Alarms",
		"AWS::CloudWatch::Alarm":                     "TickErrors WorkerErrors SlashErrors TickSilent MessagesMalformed WeeklyLate RequestsLate WeeklyDead RequestsDead MailEventsDead TickDead",
	} {
		for _, name := range strings.Fields(names) {
			if got := tpl.Resources[name].Type; got != kind {
				t.Errorf("%s is a %q, and was a %s", name, got, kind)
			}
		}
	}
	before := strings.Fields("Stage DivertTo AlarmEmail SecretPrefix MailFrom SageUrl KindlyApiUrl CatchUpHours MaximumConcurrency LogDays")
	for _, name := range before {
		if _, ok := tpl.Parameters[name]; !ok {
			t.Errorf("there is no parameter %s any more", name)
		}
	}
	for name, p := range tpl.Parameters {
		if !slices.Contains(before, name) && p.Default == nil {
			t.Errorf("the parameter %s is new and has no default: an upgrade would stop at it",
				name)
		}
	}
	if p := tpl.Parameters["NarrowSecrets"]; p.Default == nil || *p.Default != "false" {
		t.Error("an upgrade would take secrets from functions that read them")
	}
}

// samconfig.toml has no parameters: a stack that it deploys keeps its own. `make` finds the stacks by
// their names.
func TestSamconfig(t *testing.T) {
	data, err := os.ReadFile(root + "/samconfig.toml")
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`(?m)^parameter_overrides`).Match(data) {
		t.Error("sam deploy would replace the settings of a stack by those of the file")
	}
	for _, stage := range []string{"dev", "prod"} {
		_, section, ok := strings.Cut(string(data), "["+stage+".deploy.parameters]")
		if !ok {
			t.Fatalf("no section for %s", stage)
		}
		section, _, _ = strings.Cut(section, "\n[")
		if !strings.Contains(section, `stack_name = "kindly-weekly-`+stage+`"`) {
			t.Errorf("%s: the Makefile takes its stack for kindly-weekly-%[1]s", stage)
		}
	}
}

// A stack that is told of no sender may not send mail: an address that the condition allows has
// an @.
func TestTemplate_MailIsOptional(t *testing.T) {
	p := read(t).Parameters["MailFrom"]
	if p.Default == nil || *p.Default == "" || strings.ContainsAny(*p.Default, "@*?") {
		t.Errorf("MailFrom is %v by default", p.Default)
	}
}

func keys[V any](m map[string]V) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
