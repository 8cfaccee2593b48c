package deploy_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"kindlyweekly/functions/internal/moto"
)

// A cloud is AWS without a network: CloudFormation with one stack, S3 and STS, as far as Deploy
// asks them. It does what moto does not: take time, and fail.
type cloud struct {
	// statuses are those of the stack. Each look at the stack takes one; the last stays. An empty
	// one is that of a stack that does not exist.
	statuses   []string
	after      map[string][]string // the next statuses after DeleteStack and ExecuteChangeSet
	parameters map[string]string   // of the stack
	template   string              // of the stack
	refused    string              // why CloudFormation makes no change set
	changes    string              // of the change set, as XML
	events     map[string]string   // after DeleteStack and ExecuteChangeSet, newest first, as XML
	s3         string              // the error of S3 when the bucket is looked at
	others     string              // other stacks, as XML, or denied
	late       int                 // how many looks after ExecuteChangeSet show no event of it

	did     []string // what changed something
	objects []string // what is in the bucket
	happens string   // the events now
}

const id = "arn:aws:cloudformation:eu-west-1:123456789012:stack/kindly-weekly-dev/1"

func (c *cloud) config() aws.Config {
	cfg := moto.Config("https://aws.test")
	cfg.HTTPClient = c
	cfg.RetryMaxAttempts = 1
	return cfg
}

// Do answers a request in the place of AWS.
func (c *cloud) Do(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	w := httptest.NewRecorder()
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") != "" {
		c.query(w, form)
	} else {
		c.bucket(w, r)
	}
	response := w.Result()
	response.Request = r
	return response, nil
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>",
		code, message)
}

func (c *cloud) bucket(w http.ResponseWriter, r *http.Request) {
	_, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if key == "" && !strings.HasPrefix(r.URL.Path, "/kindly-weekly-artifacts-") {
		key = strings.TrimPrefix(r.URL.Path, "/") // the bucket is in the host's name
	}
	what := slices.Sorted(maps.Keys(r.URL.Query()))
	creates := key == "" && len(what) == 0 && r.Method == http.MethodPut // another's is an error
	if !creates && r.Header.Get("X-Amz-Expected-Bucket-Owner") != "123456789012" {
		c.did = append(c.did, r.Method+" "+r.URL.Path+" without an owner")
	}
	switch {
	case r.Method == http.MethodGet && c.s3 != "":
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", c.s3)
		if strings.HasPrefix(c.s3, "NoSuch") {
			c.s3 = ""
		}
	case r.Method == http.MethodGet:
	case r.Method == http.MethodHead:
		if !slices.Contains(c.objects, key) {
			w.WriteHeader(http.StatusNotFound)
		}
	case key != "":
		c.objects = append(c.objects, key)
	default:
		c.did = append(c.did, strings.TrimSpace("bucket "+strings.Join(what, " ")))
	}
}

func (c *cloud) query(w http.ResponseWriter, form url.Values) {
	action := form.Get("Action")
	answer := func(format string, args ...any) {
		fmt.Fprintf(w, "<%sResponse><%[1]sResult>%s</%[1]sResult></%[1]sResponse>", action,
			fmt.Sprintf(format, args...))
	}
	switch action {
	case "GetCallerIdentity":
		answer("<Account>123456789012</Account>")
	case "DescribeStacks":
		if form.Get("StackName") == "" {
			if c.others == "denied" {
				refuse(w, 403, "AccessDenied", "no")
				return
			}
			answer("<Stacks>%s</Stacks>", c.others)
			return
		}
		status := c.statuses[0]
		if len(c.statuses) > 1 {
			c.statuses = c.statuses[1:]
		}
		if status == "" {
			refuse(w, 400, "ValidationError", "Stack with id kindly-weekly-dev does not exist")
			return
		}
		var parameters strings.Builder
		for _, name := range slices.Sorted(maps.Keys(c.parameters)) {
			fmt.Fprintf(&parameters, "<member><ParameterKey>%s</ParameterKey>"+
				"<ParameterValue>%s</ParameterValue></member>", name, c.parameters[name])
		}
		answer("<Stacks><member><StackName>kindly-weekly-dev</StackName><StackId>%s</StackId>"+
			"<StackStatus>%s</StackStatus><Parameters>%s</Parameters></member></Stacks>", id, status,
			&parameters)
	case "GetTemplate":
		var escaped strings.Builder
		_ = xml.EscapeText(&escaped, []byte(c.template))
		answer("<TemplateBody>%s</TemplateBody>", &escaped)
	case "CreateChangeSet":
		if form.Get("Capabilities.member.1") != "CAPABILITY_IAM" ||
			form.Get("Capabilities.member.2") != "CAPABILITY_AUTO_EXPAND" {
			refuse(w, 400, "InsufficientCapabilitiesException", "it has roles and a transform")
			return
		}
		c.did = append(c.did, form.Get("ChangeSetType")+" change set"+given(form))
		answer("<Id>arn:set</Id><StackId>%s</StackId>", id)
	case "DescribeChangeSet":
		status := "CREATE_COMPLETE"
		if c.refused != "" {
			status = "FAILED"
		}
		answer("<Status>%s</Status><StatusReason>%s</StatusReason><Changes>%s</Changes>", status,
			c.refused, c.changes)
	case "DescribeStackEvents":
		happens := c.happens
		if slices.Contains(c.did, "ExecuteChangeSet") && c.late > 0 {
			c.late--
			happens = ""
		}
		answer("<StackEvents>%s<member><EventId>before</EventId></member></StackEvents>", happens)
	case "ExecuteChangeSet", "DeleteStack", "DeleteChangeSet":
		c.did = append(c.did, action)
		c.happens = event("begun-"+strconv.Itoa(len(c.did)), "", "IN_PROGRESS", "User Initiated")
		if next := c.after[action]; next != nil {
			c.statuses, c.happens = next, c.events[action]+c.happens
		}
		answer("")
	default:
		refuse(w, 400, "InvalidAction", action)
	}
}

// given returns the parameters of a change set: A=1 for a value, A for the previous value.
func given(form url.Values) (all string) {
	for i := 1; ; i++ {
		prefix := "Parameters.member." + strconv.Itoa(i) + "."
		name := form.Get(prefix + "ParameterKey")
		if name == "" {
			return all
		}
		all += " " + name
		if form.Get(prefix+"UsePreviousValue") != "true" {
			all += "=" + form.Get(prefix+"ParameterValue")
		}
	}
}

// other returns another deployment of the account.
func other(name, prefix string) string {
	return fmt.Sprintf("<member><StackName>%s</StackName><StackStatus>CREATE_COMPLETE</StackStatus>"+
		"<Parameters><member><ParameterKey>Stage</ParameterKey><ParameterValue>prod"+
		"</ParameterValue></member><member><ParameterKey>SecretPrefix</ParameterKey>"+
		"<ParameterValue>%s</ParameterValue></member><member><ParameterKey>CatchUpHours</ParameterKey>"+
		"<ParameterValue>72</ParameterValue></member></Parameters><Outputs><member>"+
		"<OutputKey>BucketName</OutputKey><OutputValue>b</OutputValue></member></Outputs></member>",
		name, prefix)
}

// event returns an event about a resource, or about the stack if it has no name.
func event(eventID, name, status, reason string) string {
	physical := name + "-1"
	if name == "" {
		physical = id
	}
	return fmt.Sprintf("<member><EventId>%s</EventId><LogicalResourceId>%s</LogicalResourceId>"+
		"<PhysicalResourceId>%s</PhysicalResourceId><ResourceType>AWS::IAM::Role</ResourceType>"+
		"<ResourceStatus>%s</ResourceStatus><ResourceStatusReason>%s</ResourceStatusReason></member>",
		eventID, name, physical, status, reason)
}

// changed returns a change of a change set.
func changed(action, name, kind, replacement, policy string, properties ...string) string {
	var details string
	for _, p := range properties {
		details += "<member><Target><Attribute>Properties</Attribute><Name>" + p +
			"</Name></Target></member>"
	}
	return fmt.Sprintf("<member><Type>Resource</Type><ResourceChange><Action>%s</Action>"+
		"<LogicalResourceId>%s</LogicalResourceId><ResourceType>%s</ResourceType>"+
		"<Replacement>%s</Replacement><PolicyAction>%s</PolicyAction><Details>%s</Details>"+
		"</ResourceChange></member>", action, name, kind, replacement, policy, details)
}
