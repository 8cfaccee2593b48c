package stack

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
)

// A permission is what a function asks of AWS, and what its role must allow for that.
type permission struct {
	operation string   // as the AWS SDK for Go names it, or who asks in the function's name
	actions   []string // of IAM
	on        []string // resources
	where     string   // a condition; may be empty
}

const (
	allSecrets = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${SecretPrefix}*"
	// AWS ends the ARN of a secret with a hyphen and six characters.
	tokens  = allSecrets + "/slack/token-??????"
	signing = allSecrets + "/slack/signing-secret-??????"
	fromUs  = "StringLike ses:FromAddress [${MailFrom}]"
	ses     = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:"
)

// objects are the keys of the bucket that begin so; an asterisk in front is a tenant.
func objects(keys ...string) []string {
	for i := range keys {
		keys[i] = "${Bucket.Arn}/" + keys[i]
	}
	return keys
}

// Patterns that match what stands in a folder of a tenant, and nothing in the archive of a bot that
// is called like the folder: no file there begins with slack- or mail-.
var (
	ledger = objects("*/ledger/known.json", "*/ledger/????-W??/*/slack-*",
		"*/ledger/????-W??/*/mail-*")
	done = objects("*/done/????-W??/*/slack-*", "*/done/????-W??/*/mail-*")
)

const addresses = "*/mail/mail-????????????????.json"

// mail is what SES asks for: who sends, and the configuration set.
var mail = []string{ses + "identity/*", ses + "configuration-set/${MailConfiguration}"}

var toLog = []string{"logs:CreateLogStream", "logs:PutLogEvents"}

// permissions is reviewed by hand: each operation of AWS that a function calls, and the actions
// that IAM asks for it. TestOperations holds it to the code, TestPermissions to the template. The
// secrets are those of NarrowSecrets=false.
var permissions = map[string][]permission{
	"Tick": {
		{"Lambda's logging", toLog, []string{"${TickLogs.Arn}"}, ""},
		{"Lambda's failure destination", []string{"sqs:SendMessage"},
			[]string{"${TickDeadLetters.Arn}"}, ""},
		{"sqs.SendMessageBatch", []string{"sqs:SendMessage"}, []string{"${Weekly.Arn}"}, ""},
		{"s3.GetObject", []string{"s3:GetObject"},
			slices.Concat(ledger, objects("deployment.json", "config/*.yaml", "config/senders.json",
				"config/teams.json", "*/config/good.yaml", "*/ops/state.json", "*/ops/notices/*",
				addresses)), ""},
		{"s3.HeadObject", []string{"s3:GetObject"},
			slices.Concat(ledger, objects("deployment.json", "config/teams.json",
				"*/config/good.yaml", "*/ops/state.json", "*/ops/notices/*")), ""},
		{"s3.PutObject", []string{"s3:PutObject"},
			slices.Concat(ledger, done, objects("deployment.json", "config/teams.json",
				"*/config/good.yaml", "*/ops/state.json", "*/ops/notices/*")), ""},
		{"s3.ListObjectsV2", []string{"s3:ListBucket"}, []string{"${Bucket.Arn}"},
			"StringLike s3:prefix [deployment.json config/* */config/good.yaml " +
				"*/ledger/known.json */ledger/????-W??/* */done/????-W??/* */ops/state.json */ops/notices/* " + addresses + "]"},
		{"sns.Publish", []string{"sns:Publish"}, []string{"${Alarms}"}, ""},
		{"secretsmanager.GetSecretValue", []string{"secretsmanager:GetSecretValue"},
			[]string{allSecrets}, ""},
		{"sesv2.SendEmail", []string{"ses:SendEmail", "ses:SendRawEmail"}, mail, fromUs},
	},
	"Worker": {
		{"Lambda's logging", toLog, []string{"${WorkerLogs.Arn}"}, ""},
		{"Lambda's event source mappings", []string{"sqs:ReceiveMessage", "sqs:DeleteMessage",
			"sqs:GetQueueAttributes"},
			[]string{"${Weekly.Arn}", "${Requests.Arn}", "${MailEvents.Arn}"}, ""},
		{"s3.GetObject", []string{"s3:GetObject"},
			slices.Concat(ledger, objects("sage.json", "config/*.yaml", "config/senders.json",
				"*/config/good.yaml", "*/config/*.png", "*/archive/*/????-W??/*", addresses)), ""},
		{"s3.HeadObject", []string{"s3:GetObject"},
			slices.Concat(ledger, objects("*/archive/*/????-W??/*", addresses)), ""},
		{"s3.PutObject", []string{"s3:PutObject"},
			slices.Concat(ledger, done, objects("*/archive/*/????-W??/*", addresses)), ""},
		{"s3.ListObjectsV2", []string{"s3:ListBucket"}, []string{"${Bucket.Arn}"},
			"StringLike s3:prefix [sage.json config/* */config/good.yaml " +
				"*/config/*.png */archive/*/????-W??/* */ledger/known.json */ledger/????-W??/* */done/????-W??/* " + addresses + "]"},
		{"secretsmanager.GetSecretValue", []string{"secretsmanager:GetSecretValue"},
			[]string{allSecrets}, ""},
		{"sesv2.SendEmail", []string{"ses:SendEmail", "ses:SendRawEmail"}, mail, fromUs},
	},
	"Slash": {
		{"Lambda's logging", toLog, []string{"${SlashLogs.Arn}"}, ""},
		{"sqs.SendMessage", []string{"sqs:SendMessage"}, []string{"${Requests.Arn}"}, ""},
		{"s3.GetObject", []string{"s3:GetObject"},
			objects("config/*.yaml", "config/teams.json", "*/config/good.yaml",
				"*/seen/????-??-??/*"), ""},
		{"s3.HeadObject", []string{"s3:GetObject"}, objects("*/seen/????-??-??/*"), ""},
		{"s3.PutObject", []string{"s3:PutObject"}, objects("*/seen/????-??-??/*"), ""},
		{"s3.ListObjectsV2", []string{"s3:ListBucket"}, []string{"${Bucket.Arn}"},
			"StringLike s3:prefix [config/* */config/good.yaml */seen/????-??-??/*]"},
		{"secretsmanager.GetSecretValue", []string{"secretsmanager:GetSecretValue"},
			[]string{allSecrets}, ""},
	},
	"TickSchedule": {
		{"EventBridge Scheduler's start", []string{"lambda:InvokeFunction"},
			[]string{"${Tick.Arn}"}, ""},
		{"EventBridge Scheduler's dead letters", []string{"sqs:SendMessage"},
			[]string{"${TickDeadLetters.Arn}"}, ""},
	},
}

// unused are operations that are in a package which the function uses, but not in what it uses of
// it.
var unused = map[string]map[string]string{
	"Tick": {
		"sqs.SendMessage":               "requests are the slash command's",
		"secretsmanager.PutSecretValue": "keys are stored by `local key set`",
		"secretsmanager.CreateSecret":   "keys are stored by `local key set`",
	},
	"Worker": {
		"secretsmanager.PutSecretValue": "keys are stored by `local key set`",
		"secretsmanager.CreateSecret":   "keys are stored by `local key set`",
		"sqs.SendMessage":               "it only reads messages",
		"sqs.SendMessageBatch":          "it only reads messages",
	},
	"Slash": {
		"secretsmanager.PutSecretValue": "keys are stored by `local key set`",
		"secretsmanager.CreateSecret":   "keys are stored by `local key set`",
		"sqs.SendMessageBatch":          "weekly jobs are the tick's",
	},
}

// narrow are the secrets that a function may read with NarrowSecrets=true.
var narrow = map[string]string{"Tick": tokens, "Worker": allSecrets, "Slash": signing}

// Each role may do what the table says, and nothing else.
func TestPermissions(t *testing.T) {
	for _, apart := range []string{"", "false", "true"} {
		t.Run("NarrowSecrets="+apart, func(t *testing.T) {
			parameters := map[string]string{"NarrowSecrets": apart}
			if apart == "" {
				parameters = nil // an upgrade
			}
			testPermissions(t, readWith(t, parameters), apart == "true")
		})
	}
}

func testPermissions(t *testing.T, tpl template, apart bool) {
	if diff := cmp.Diff(len(permissions), len(tpl.named("AWS::IAM::Role"))); diff != "" {
		t.Errorf("a table for each role: %s", diff)
	}
	for name, table := range permissions {
		want := make(map[string]bool)
		for _, p := range table {
			for _, action := range p.actions {
				for _, resource := range p.on {
					if resource == allSecrets && apart {
						resource = narrow[name]
					}
					want[strings.TrimSpace(action+" on "+resource+" "+p.where)] = true
				}
			}
		}
		got := make(map[string]bool)
		for _, s := range statements(t, tpl, name) {
			if s.Effect != "Allow" || s.Principal != nil {
				t.Errorf("%s: a role's statements allow: %+v", name, s)
			}
			for _, action := range s.Action {
				for _, resource := range s.Resource {
					got[strings.TrimSpace(action+" on "+resource+" "+s.where())] = true
				}
			}
		}
		if diff := cmp.Diff(keys(want), keys(got)); diff != "" {
			t.Errorf("the role of %s (-table +template):\n%s", name, diff)
		}
	}
}

// The operations that the code of a function can call are those of its table.
func TestOperations(t *testing.T) {
	for _, name := range []string{"Tick", "Worker", "Slash"} {
		t.Run(name, func(t *testing.T) {
			want := make(map[string]bool)
			for _, p := range permissions[name] {
				if !strings.Contains(p.operation, " ") { // what AWS does in its name is in no code
					want[p.operation] = true
				}
			}
			for operation := range unused[name] {
				if want[operation] {
					t.Errorf("%s is used and unused", operation)
				}
				want[operation] = true
			}
			if diff := cmp.Diff(keys(want), keys(operations(t,
				strings.ToLower(name)))); diff != "" {
				t.Errorf("operations (-table +code):\n%s", diff)
			}
		})
	}
}

// The functions reach the keys of the bucket that they need: r reads, w writes, l lists, - none of
// it. A key that is read is one that may be missing, so it must be listable too: without that S3
// answers 403 and not 404.
func TestKeys(t *testing.T) {
	week, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	channel, address := config.Destination{Medium: config.Slack, To: "C024BE91L"},
		config.Destination{Medium: config.Mail, To: "ola@example.com"}
	acme := delivery.KeysOf("acme")
	tpl := read(t)
	for _, c := range []struct {
		key                 string
		tick, worker, slash string
	}{
		{acme.Config(), "rl", "rl", "rl"},
		{acme.GoodConfig(), "rwl", "rl", "rl"},
		{acme.Logo("acme.png"), "-", "rl", "-"},
		{delivery.SendersKey, "rl", "rl", "l"},
		{delivery.TeamsKey, "rwl", "l", "rl"},
		{"deployment.json", "rwl", "-", "-"},
		{"sage.json", "-", "rl", "-"}, // the command doctor writes it
		{acme.Edition("4217", week, "b1", "charts/chats.png"), "-", "rwl", "-"},
		{acme.Manifest("4217", week), "-", "rwl", "-"},
		{acme.Portfolio(week), "-", "rwl", "-"},
		{acme.Edition(config.PortfolioID, week, "b1", "locales/en/report.pdf"), "-", "rwl", "-"},
		{acme.FirstSeen(), "rwl", "rwl", "-"},
		{acme.Record(week, "4217", channel), "rwl", "rwl", "-"},
		{acme.DonePrefix(week), "l", "l", "-"},
		{acme.Done(week, "4217", channel), "wl", "wl", "-"},
		{acme.Ops(), "rwl", "-", "-"},
		{acme.Notice("20261116T0800-1f2e3d4c5b6a", channel), "rwl", "-", "-"},
		{"acme/ops/else.json", "-", "-", "-"},
		{acme.Record(week, "4217", address), "rwl", "rwl", "-"},
		{acme.Done(week, "4217", address), "wl", "wl", "-"},
		{acme.Done(week, "4217", channel) + ".resend-2.wrong", "wl", "wl", "-"},
		{acme.Address(address.ID()), "rl", "rwl", "-"},
		{acme.Seen(period.DateOf(time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)), "5f1e"), "-", "-",
			"rwl"},
		// A bot may be called what a folder is called.
		{acme.Manifest("seen", week), "-", "rwl", "-"},
		// No function writes a configuration: people do.
		{"config/acme.yaml.bak", "l", "l", "l"},
		{"elsewhere.txt", "-", "-", "-"},
	} {
		got := []string{may(t, tpl, "Tick", c.key), may(t, tpl, "Worker", c.key),
			may(t, tpl, "Slash", c.key)}
		if diff := cmp.Diff([]string{c.tick, c.worker, c.slash}, got); diff != "" {
			t.Errorf("%s: tick, worker, slash (-want +template)\n%s", c.key, diff)
		}
	}
}

// A name that is also a folder's opens no key to a role that another name would not. What IAM
// cannot tell apart is listed: names of keys, and no content.
func TestKeys_NamesOfFolders(t *testing.T) {
	tpl := read(t)
	week, err := period.Parse("2026-W46")
	if err != nil {
		t.Fatal(err)
	}
	day := period.DateOf(time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC))
	channel, address := config.Destination{Medium: config.Slack, To: "C024BE91L"},
		config.Destination{Medium: config.Mail, To: "ola@example.com"}
	keysOf := func(tenant, bot string) []string {
		k := delivery.KeysOf(tenant)
		all := []string{
			k.Config(), k.GoodConfig(), k.Logo("acme.png"), k.Manifest(bot, week),
			k.Portfolio(week), k.FirstSeen(), k.Ops(),
			k.Record(week, bot, channel), k.Record(week, bot, address), k.Done(week, bot, channel),
			k.Done(week, bot, address),
			k.Done(week, bot, address) + ".wrong", k.Notice("20261116T0800-1f2e3d4c5b6a", channel),
			k.Address(address.ID()),
			k.Seen(day, "5f1e"),
		}
		for _, edition := range []string{"report.json", "report.pdf", "digest.json", "details.json",
			"mail.eml", "report.csv", "digest.txt",
			"logo.png", "charts/chats.png", "charts/slack.png"} {
			all = append(all, k.Edition(bot, week, "5d41402abc4b2a76", edition))
		}
		return all
	}
	strip := func(allowed string) string {
		return strings.TrimSuffix(strings.ReplaceAll(allowed,
			"l", ""), "-")
	}
	for _, folder := range slices.Concat(config.Folders(),
		[]string{"good.yaml", "known.json", "state.json", "manifest.json", "2026-W46",
			"slack-C024BE91L"}) {
		for _, role := range []string{"Tick", "Worker", "Slash"} {
			for i, key := range keysOf("acme", folder) {
				ordinary := keysOf("acme", "4217")[i]
				if got, want := strip(may(t, tpl, role, key)),
					strip(may(t, tpl, role, ordinary)); got != want {
					t.Errorf("a bot called %s: %s may %q %s, and %q %s", folder, role, got, key,
						want, ordinary)
				}
			}
			if folder == "config" { // as a tenant it is refused, see config.Parse
				continue
			}
			for i, key := range keysOf(folder, "4217") {
				ordinary := keysOf("acme", "4217")[i]
				if got, want := may(t, tpl, role, key), may(t, tpl, role, ordinary); got != want {
					t.Errorf("a tenant called %s: %s may %q %s, and %q %s", folder, role, got, key,
						want, ordinary)
				}
			}
		}
	}
}

// With NarrowSecrets=true the slash command reads signing secrets alone, and the tick tokens alone.
func TestSecretsApart(t *testing.T) {
	const prefix = "kindly-weekly/prod/"
	arn := func(id string) string {
		return "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${SecretPrefix}" + strings.TrimPrefix(id, prefix) + "-Ab1cD2"
	}
	for _, c := range []struct {
		secret              string
		tick, worker, slash [2]bool // with NarrowSecrets=false and true
	}{
		{secrets.TokenID(prefix, "acme"), [2]bool{true, true}, [2]bool{true, true},
			[2]bool{true, false}},
		{secrets.SigningID(prefix, "acme"), [2]bool{true, false}, [2]bool{true, true},
			[2]bool{true, true}},
		{secrets.KeyID(prefix, "acme", config.Bot{ID: "4217"}), [2]bool{true, false},
			[2]bool{true, true}, [2]bool{true, false}},
		// where all of them were
		{prefix + "acme", [2]bool{true, false}, [2]bool{true, true}, [2]bool{true, false}},
		// Neither a tenant nor a bot can be called so that its API key lies where a token would.
		{secrets.KeyID(prefix, "slack", config.Bot{ID: "token"}), [2]bool{true, false},
			[2]bool{true, true}, [2]bool{true, false}},
		{secrets.KeyID(prefix, "slack", config.Bot{ID: "signing-secret"}), [2]bool{true, false},
			[2]bool{true, true}, [2]bool{true, false}},
		{secrets.KeyID(prefix, "acme", config.Bot{ID: "slack"}), [2]bool{true, false},
			[2]bool{true, true}, [2]bool{true, false}},
	} {
		for i, apart := range []string{"false", "true"} {
			tpl := readWith(t, map[string]string{"NarrowSecrets": apart})
			for role, want := range map[string]bool{"Tick": c.tick[i], "Worker": c.worker[i],
				"Slash": c.slash[i]} {
				got := slices.ContainsFunc(statements(t, tpl, role), func(s statement) bool {
					return slices.Contains(s.Action, "secretsmanager:GetSecretValue") &&
						slices.ContainsFunc(s.Resource,
							func(p string) bool { return like(p, arn(c.secret)) })
				})
				if got != want {
					t.Errorf("NarrowSecrets=%s: %s reads %s: %t", apart, role, c.secret, got)
				}
			}
		}
	}
}

// may says what a role allows with a key of the bucket.
func may(t *testing.T, tpl template, name, key string) string {
	t.Helper()
	allowed := ""
	for _, a := range []struct{ letter, action string }{{"r", "s3:GetObject"},
		{"w", "s3:PutObject"}, {"l", "s3:ListBucket"}} {
		for _, s := range statements(t, tpl, name) {
			if !slices.Contains(s.Action, a.action) {
				continue
			}
			patterns := s.Condition["StringLike"]["s3:prefix"]
			if a.letter != "l" {
				patterns = s.Resource
			}
			if slices.ContainsFunc(patterns, func(p string) bool {
				return like(strings.TrimPrefix(p,
					"${Bucket.Arn}/"), key)
			}) {
				allowed += a.letter
			}
		}
	}
	if strings.Contains(allowed, "r") && !strings.Contains(allowed, "l") {
		t.Errorf("%s: reads %s and would be told 403 where it is missing", name, key)
	}
	if strings.Contains(allowed, "w") && !strings.Contains(allowed, "r") &&
		!strings.Contains(key, "/done/") { // the tenant of a mark is not asked for
		t.Errorf("%s: writes %s and could not tell whose it is where an answer was lost", name, key)
	}
	if allowed == "" {
		return "-"
	}
	return allowed
}

// like matches as IAM does: an asterisk is any text, slashes too, a question mark any one
// character.
func like(pattern, s string) bool {
	expression := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("^(" + expression + ")$").MatchString(s)
}

// A document is an IAM policy.
type document struct {
	Statement []statement `yaml:"Statement"`
}

type statement struct {
	Sid       string                     `yaml:"Sid"`
	Effect    string                     `yaml:"Effect"`
	Principal any                        `yaml:"Principal"`
	Action    list                       `yaml:"Action"`
	Resource  list                       `yaml:"Resource"`
	Condition map[string]map[string]list `yaml:"Condition"`
}

// where is the statement's condition in one line.
func (s statement) where() string {
	var all []string
	for operator, of := range s.Condition {
		for key, values := range of {
			all = append(all, fmt.Sprintf("%s %s %v", operator, key, []string(values)))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// A list may be written as one string.
type list []string

func (l *list) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = list{n.Value}
		return nil
	}
	return n.Decode((*[]string)(l))
}

// statements returns those of a function's role.
func statements(t *testing.T, tpl template, function string) []statement {
	t.Helper()
	role := properties[struct {
		Policies []struct {
			PolicyDocument document `yaml:"PolicyDocument"`
		} `yaml:"Policies"`
		ManagedPolicyArns []string `yaml:"ManagedPolicyArns"`
	}](t, tpl, function+"Role")
	if len(role.ManagedPolicyArns) > 0 {
		t.Errorf("%s: managed policies are for all resources: %v", function, role.ManagedPolicyArns)
	}
	var all []statement
	for _, p := range role.Policies {
		all = append(all, p.PolicyDocument.Statement...)
	}
	return all
}

// operations returns the operations of the AWS SDK that stand in the code of a main and of what it
// imports of ours. Each call takes the operation's input, so that type is what is looked for.
func operations(t *testing.T, main string) map[string]bool {
	t.Helper()
	found := make(map[string]bool)
	for _, file := range sources(t, main) {
		maps.Copy(found, inputs(t, file))
	}
	return found
}

// sources returns the files of a main and of what it imports of ours. A channel's preflight.go and
// identity.go are for the commands preflight and setup alone: the linker leaves them out of a
// function.
func sources(t *testing.T, main string) []string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-f",
		`{{if not .Standard}}{{$dir := .Dir}}{{range .GoFiles}}{{$.ImportPath}} {{$dir}}/{{.}}{{"\n"}}{{end}}{{end}}`, "./functions/"+main+"/lambda")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list of functions/%s: %v", main, err)
	}
	var files []string
	for line := range strings.Lines(string(out)) {
		pkg, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		ours := pkg == "kindlyweekly" || strings.HasPrefix(pkg, "kindlyweekly/")
		name := filepath.Base(file)
		if ours && name != "preflight.go" && name != "identity.go" {
			files = append(files, file)
		}
	}
	return files
}

// inputs returns the operations whose input types stand in a file.
func inputs(t *testing.T, file string) map[string]bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Clean(file), nil,
		parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	services := make(map[string]string) // by the name that the file has for it
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil || path.Dir(imported) != "github.com/aws/aws-sdk-go-v2/service" {
			continue
		}
		services[path.Base(imported)] = path.Base(imported)
		if spec.Name != nil {
			services[spec.Name.Name] = path.Base(imported)
		}
	}
	found := make(map[string]bool)
	ast.Inspect(parsed, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		service, _ := selector.X.(*ast.Ident)
		operation, isInput := strings.CutSuffix(selector.Sel.Name, "Input")
		if service != nil && isInput && services[service.Name] != "" {
			found[services[service.Name]+"."+operation] = true
		}
		return true
	})
	return found
}
