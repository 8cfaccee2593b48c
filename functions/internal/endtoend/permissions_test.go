package endtoend

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A role is what the template lets a function do.
type role []statement

type statement struct {
	Action    oneOrMore                       `yaml:"Action"`
	Resource  oneOrMore                       `yaml:"Resource"`
	Condition map[string]map[string]oneOrMore `yaml:"Condition"`
}

// oneOrMore is a list, or its only element. What !Sub and !GetAtt would make of a text does not matter here.
type oneOrMore []string

func (l *oneOrMore) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = oneOrMore{n.Value}
		return nil
	}
	*l = nil
	for _, c := range n.Content {
		*l = append(*l, c.Value)
	}
	return nil
}

// roles reads the template's roles: Tick, Worker, Slash. apart is its parameter NarrowSecrets.
func roles(t *testing.T, apart bool) map[string]role {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Resources map[string]struct {
			Properties yaml.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(data, &template); err != nil {
		t.Fatal(err)
	}
	all := make(map[string]role)
	for _, name := range []string{"Tick", "Worker", "Slash"} {
		var of struct {
			Policies []struct {
				PolicyDocument struct {
					Statement []statement `yaml:"Statement"`
				} `yaml:"PolicyDocument"`
			} `yaml:"Policies"`
		}
		properties := template.Resources[name+"Role"].Properties
		choose(&properties, apart)
		if err := properties.Decode(&of); err != nil || len(of.Policies) == 0 {
			t.Fatalf("the template's %sRole: %v", name, err)
		}
		for _, p := range of.Policies {
			all[name] = append(all[name], p.PolicyDocument.Statement...)
		}
	}
	return all
}

// choose puts in the place of each !If what it comes to.
func choose(n *yaml.Node, condition bool) {
	if n.Tag == "!If" && len(n.Content) == 3 {
		chosen := n.Content[2]
		if condition {
			chosen = n.Content[1]
		}
		*n = *chosen
	}
	for _, c := range n.Content {
		choose(c, condition)
	}
}

// allows reports whether the role may do something with a resource as the template calls it. prefix is that of a list.
func (r role) allows(action, resource, prefix string) bool {
	return slices.ContainsFunc(r, func(s statement) bool {
		of := func(patterns oneOrMore, text string) bool {
			return slices.ContainsFunc(patterns, func(p string) bool { return like(p, text) })
		}
		return of(s.Action, action) && of(s.Resource, resource) &&
			(action != "s3:ListBucket" || of(s.Condition["StringLike"]["s3:prefix"], prefix))
	})
}

// like matches as IAM does.
func like(pattern, text string) bool {
	quoted := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("^" + quoted + "$").MatchString(text)
}

// judgePermissions holds what the functions asked of AWS to what their roles allow. moto asks for no permission.
func (w *world) judgePermissions() {
	w.t.Helper()
	all := roles(w.t, w.apart)
	for _, a := range w.requestsTo("") {
		action, resource, prefix := "", "", ""
		switch a.Service {
		case "s3":
			key, _ := strings.CutPrefix(a.Path, "/"+bucket)
			resource = "${Bucket.Arn}" + key
			switch {
			case key == "" || key == "/":
				action, resource, prefix = "s3:ListBucket", "Bucket.Arn", a.Query.Get("prefix")
			case a.Method == http.MethodPut:
				action = "s3:PutObject"
			default:
				action = "s3:GetObject"
			}
		case "sqs":
			action, resource = "sqs:SendMessage", a.Queue+".Arn"
		case "secretsmanager":
			action = "secretsmanager:" + strings.TrimPrefix(a.Target, "secretsmanager.")
			resource = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:" + strings.Replace(a.Secret, prefixOfSecrets, "${SecretPrefix}", 1) + "-Ab1cD2"
		case "sns":
			action, resource = "sns:Publish", "Alarms"
		case "ses":
			action, resource = "ses:SendEmail", "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/example.com"
		}
		if !all[a.Function].allows(action, resource, prefix) {
			w.t.Errorf("the template does not allow %s %s on %s%s (%s %s)", a.Function, action, resource, prefix, a.Method, a.Path)
		}
	}
}

// detail reads from a request's body what it is about.
func (a *asked) detail(body []byte) {
	switch a.Service {
	case "sqs":
		var in struct{ QueueUrl string }
		if json.Unmarshal(body, &in) == nil {
			if u, err := url.Parse(in.QueueUrl); err == nil {
				a.Queue = strings.TrimSuffix(u.Path[strings.LastIndex(u.Path, "/")+1:], ".fifo")
			}
		}
	case "secretsmanager":
		var in struct{ SecretId string }
		if json.Unmarshal(body, &in) == nil {
			a.Secret = in.SecretId
		}
	case "ses":
		a.Body = body
		var in struct {
			Destination struct{ ToAddresses []string }
		}
		if json.Unmarshal(body, &in) == nil && len(in.Destination.ToAddresses) == 1 { // no recipient sees another
			a.To = in.Destination.ToAddresses[0]
		}
	}
}

// The judge can refuse: each of these is another role's to do.
func TestRolesRefuse(t *testing.T) {
	const secrets = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${SecretPrefix}"
	all := roles(t, true)
	for _, c := range []struct{ function, action, resource, prefix string }{
		{"Slash", "secretsmanager:GetSecretValue", secrets + "acme/slack/token-Ab1cD2", ""},
		{"Slash", "secretsmanager:GetSecretValue", secrets + "acme/4217-Ab1cD2", ""},
		{"Slash", "secretsmanager:GetSecretValue", secrets + "acme-Ab1cD2", ""},
		{"Tick", "secretsmanager:GetSecretValue", secrets + "acme/slack/signing-secret-Ab1cD2", ""},
		{"Tick", "secretsmanager:GetSecretValue", secrets + "acme/4217-Ab1cD2", ""},
		{"Tick", "s3:GetObject", "${Bucket.Arn}/acme/archive/ledger/2026-W46/manifest.json", ""},
		{"Tick", "s3:PutObject", "${Bucket.Arn}/acme/archive/config/2026-W46/b1/report.json", ""},
		{"Slash", "s3:GetObject", "${Bucket.Arn}/acme/archive/4217/2026-W46/manifest.json", ""},
		{"Slash", "s3:PutObject", "${Bucket.Arn}/acme/ledger/known.json", ""},
		{"Slash", "s3:ListBucket", "Bucket.Arn", "acme/archive/"},
		{"Slash", "sqs:SendMessage", "Weekly.Arn", ""},
		{"Tick", "s3:GetObject", "${Bucket.Arn}/acme/archive/4217/2026-W46/report.json", ""},
		{"Tick", "sqs:SendMessage", "Requests.Arn", ""},
		{"Worker", "s3:PutObject", "${Bucket.Arn}/config/acme.yaml", ""},
		{"Worker", "sqs:SendMessage", "Weekly.Arn", ""},
		{"Worker", "s3:PutObject", "${Bucket.Arn}/sage.json", ""},
		{"Tick", "s3:GetObject", "${Bucket.Arn}/sage.json", ""},
		{"Slash", "s3:GetObject", "${Bucket.Arn}/sage.json", ""},
	} {
		if all[c.function].allows(c.action, c.resource, c.prefix) {
			t.Errorf("%s may %s %s%s", c.function, c.action, c.resource, c.prefix)
		}
	}
}
