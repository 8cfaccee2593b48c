package endtoend

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/sage/sagefake"
)

// secretsOfSetup are what a person pastes.
var secretsOfSetup = map[string]string{
	"SLACK_BOT_TOKEN":           "xoxb-acme-9999999",
	"SLACK_SIGNING_SECRET":      "8f742231b10e8888abcd99dddddd85a5",
	"KINDLY_API_KEY_nettbutikk": "demo-key-nettbutikk",
}

// secretsOfProd are those of the app of prod.
var secretsOfProd = map[string]string{
	"SLACK_BOT_TOKEN":      "xoxb-acme-8888888",
	"SLACK_SIGNING_SECRET": "77f2c2231b10e888abcd99dddddd8123",
}

// answersOfSetup are what a person types.
const answersOfSetup = `
email: kari@acme.example
mail_from: weekly@acme.example
bots:
  - bot: https://app.kindly.ai/bot/nettbutikk/analytics
    name: Acme Shop
    tz: Europe/Oslo
    channels: reports
    recipients: ola@acme.example
`

// An account is an empty AWS account, a Slack workspace and Kindly's statistics, and the command as
// its operator runs it in a folder.
type account struct {
	t       *testing.T
	program string
	dir     string
	env     []string
	config  aws.Config
	cloud   *cloud
	slack   *slackfake.Server

	followed atomic.Value // the address whose link of AWS was followed
}

func newAccount(t *testing.T) *account {
	t.Helper()
	a := &account{t: t, dir: t.TempDir()}
	a.program = filepath.Join(t.TempDir(), "kindly-weekly")
	build := exec.Command("go", "build", "-o", a.program, "./functions/kindly-weekly")
	build.Dir = filepath.Join("..", "..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dev := slackfake.Workspace{Team: "T0ACME001", Name: "Acme", AppName: "Kindly Weekly (dev)",
		Bot: "B0000DEV", Token: secretsOfSetup["SLACK_BOT_TOKEN"],
		Scopes: slices.Concat(slack.Scopes(), slack.SetupScopes())}
	prod := dev
	prod.AppName, prod.Bot, prod.Token = "Kindly Weekly", "", secretsOfProd["SLACK_BOT_TOKEN"]
	a.slack = slackfake.New(dev, prod)
	a.slack.SetChannel(slackfake.Channel{ID: "C0REPORTS1", Team: "T0ACME001", Name: "reports"})
	a.slack.SetUser(slackfake.User{ID: "U0ACMEKARI", Team: "T0ACME001", Name: "kari",
		Email: "kari@acme.example"})
	sage := sagefake.New(sagefake.Demo(time.Now())...)
	slackURL, sageURL := newDoor(t, a.slack).url, newDoor(t, sage).url
	a.slack.URL = slackURL + "/"

	motoURL := moto.StartCloudFormation(t)
	a.cloud = &cloud{moto: motoURL}
	target, err := url.Parse(motoURL)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(target)
	aws := newDoor(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := strings.CutPrefix(r.URL.Path, "/2015-03-31/functions/"); ok &&
			strings.HasSuffix(name, "/invocations") {
			a.invoke(w, r, strings.TrimSuffix(name, "/invocations"))
			return
		}
		a.cloud.note("setup", r)
		if address, ok := strings.CutPrefix(r.URL.Path, "/v2/email/identities/"); ok &&
			a.followed.Load() == address {
			_, _ = io.WriteString(w, `{"VerifiedForSendingStatus": true}`)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/v2/email/suppression/") { // moto does not have it
			w.Header().Set("X-Amzn-ErrorType", "NotFoundException")
			http.Error(w, "{}", http.StatusNotFound)
			return
		}
		if r.URL.Path == "/v2/email/account" { // nor this
			_, _ = io.WriteString(w, `{"ProductionAccessEnabled": true, "SendingEnabled": true,
				"EnforcementStatus": "HEALTHY", "SendQuota": {"Max24HourSend": 50000}}`)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	a.config = moto.Config(motoURL)
	a.config.Region = region
	a.env = append(os.Environ(), "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_REGION="+region, "AWS_ENDPOINT_URL="+aws.url, "AWS_EC2_METADATA_DISABLED=true",
		"SLACK_API_URL="+a.slack.URL, "SAGE_URL="+sageURL, "KINDLY_API_URL="+sageURL,
		"USER=kari", "DIVERT_TO=", "KINDLY_API_KEY=", "XDG_CONFIG_HOME="+t.TempDir())
	return a
}

// invoke runs the tick under Lambda's emulator, with the environment that its function has in moto.
func (a *account) invoke(w http.ResponseWriter, r *http.Request, name string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer, err := a.tick(r.Context(), name, body)
	if err != nil {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		answer, _ = json.Marshal(map[string]string{"errorMessage": err.Error()})
	}
	_, _ = w.Write(answer)
}

func (a *account) tick(ctx context.Context, name string, event []byte) ([]byte, error) {
	// moto has numbers in the environment, which the SDK does not read.
	req, err := http.NewRequestWithContext(ctx, http.MethodGet,
		a.cloud.moto+"/2015-03-31/functions/"+name+"/configuration", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization",
		"AWS4-HMAC-SHA256 Credential=test/20261130/"+region+"/lambda/aws4_request")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var deployed struct {
		Timeout     int
		Environment struct{ Variables map[string]any }
	}
	if err := json.NewDecoder(answer.Body).Decode(&deployed); err != nil {
		return nil, err
	}
	env := map[string]string{"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_REGION": region, "AWS_ENDPOINT_URL": a.cloud.moto, "SLACK_API_URL": a.slack.URL}
	for k, v := range deployed.Environment.Variables {
		env[k] = fmt.Sprint(v)
	}
	dir := a.t.TempDir()
	build := exec.Command("make", "build-Tick", "ARTIFACTS_DIR="+dir, "ARCH="+runtime.GOARCH)
	build.Dir = filepath.Join("..", "..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	return start(a.t, emulator(a.t), filepath.Join(dir, "bootstrap"), deployed.Timeout, env).call(event)
}

// run runs the command. input are lines of standard input. It returns what was printed.
func (a *account) run(input string, args ...string) (string, error) {
	a.t.Helper()
	cmd := exec.CommandContext(a.t.Context(), a.program, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = a.dir, a.env, strings.NewReader(input)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	for _, secrets := range []map[string]string{secretsOfSetup, secretsOfProd} {
		for name, secret := range secrets {
			if strings.Contains(said.String(), secret) {
				a.t.Errorf("it prints %s", name)
			}
		}
	}
	return said.String(), err
}

// setup runs the command setup, with the source of this project.
func (a *account) setup(input string, args ...string) (string, error) {
	a.t.Helper()
	source, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		a.t.Fatal(err)
	}
	return a.run(input, append([]string{"setup", "--source", source}, args...)...)
}

// lines are secrets as lines of standard input.
func lines(secrets map[string]string) string {
	var b strings.Builder
	for name, value := range secrets {
		b.WriteString(name + "=" + value + "\n")
	}
	return b.String()
}

// From an empty account to a report in the operator's direct messages, and in prod by mail too,
// with a file of answers and three secrets. Nothing goes to anyone else.
func TestSetup(t *testing.T) {
	if testing.Short() {
		t.Skip("it deploys the whole stack twice")
	}
	a := newAccount(t)
	answers := a.file("acme.answers", answersOfSetup)
	const kari, dm = "kari@acme.example", "D0ACMEKARI"

	a.step("a dry run changes nothing", "", nil, []string{
		"[ ] stack          deploy kindly-weekly-dev, which takes some minutes",
		"nothing was changed",
	}, "--answers", answers, "--dry-run")
	a.cloud.mu.Lock()
	asked := slices.Clone(a.cloud.asked)
	a.cloud.mu.Unlock()
	for _, r := range asked {
		if r.Service != "sts" && r.Service != "cloudformation" {
			t.Errorf("a dry run asks %s: %s %s", r.Service, r.Method, r.Path)
		}
	}

	a.step("without the secrets it ends, and the stack stays", "", errFailed, []string{
		"[x] stack          kindly-weekly-dev, version ",
		"Slack app: secret not given: set the variable SLACK_BOT_TOKEN, or pipe a line " +
			"SLACK_BOT_TOKEN=value to standard input",
		"to go on: ",
	}, "--answers", answers, "--yes")

	a.step("the app of another stage is refused", lines(secretsOfProd), errFailed, []string{
		"this is the token of Kindly Weekly, the app of the stage prod",
	}, "--answers", answers, "--yes")

	a.step("it goes on, to all but the mail", lines(secretsOfSetup), errFailed, []string{
		"[x] Slack app      Kindly Weekly (dev), in the workspace Acme (T0ACME001)",
		"[x] diversion      everything goes to slack:" + dm,
		"AWS sends a mail to weekly@acme.example. Follow its link.",
		"[x] bots           nettbutikk",
		"version 1 is in force",
		"[x] configuration  kindly-weekly-dev/acme.yaml is in force",
		"[x] tick           it runs every 15 minutes; version ",
		"[x] check          everything is in order",
		"[x] first report   sent to slack:" + dm,
		"1 step is still to do:\n  mail: SES has to verify weekly@acme.example",
	}, "--answers", answers, "--yes")
	a.expect(dm, 1, 0)
	text, err := os.ReadFile(filepath.Join(a.dir, "kindly-weekly-dev", "acme.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"channels: C0REPORTS1", "# #reports", "tz: Europe/Oslo",
		"recipients: ola@acme.example", "token_secret: kindly-weekly/dev/acme/slack/token"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the configuration lacks %q:\n%s", want, text)
		}
	}

	a.follow("weekly@acme.example")
	a.step("once the link was followed, all is done, and nothing is sent again",
		lines(secretsOfSetup), nil, []string{
			"[x] mail           from weekly@acme.example",
			"[x] configuration  kindly-weekly-dev/acme.yaml is in force",
			"[x] first report   sent to slack:" + dm,
			"Everything is set up.",
		}, "--answers", answers, "--yes")
	a.expect(dm, 1, 0)

	nothing := a.file("prod.answers", "")
	a.step("prod needs its own yes", lines(secretsOfProd), errFailed,
		[]string{"to send, add --yes=prod"}, "--answers", nothing, "--stage", "prod", "--yes")
	a.step("prod takes over the bots of dev, with their keys", lines(secretsOfProd), nil, []string{
		"set DivertTo=\n", "set MailFrom=weekly@acme.example",
		"[x] bots           nettbutikk", "[x] check          everything is in order",
		"[x] first report   sent to slack:U0ACMEKARI, mail:" + kari,
		"Everything is set up.",
	}, "--answers", nothing, "--stage", "prod", "--yes=prod")
	a.expect(dm, 2, 1)
	a.judgeMailTo(kari)

	said, err := a.run("", "status", "--stack", "kindly-weekly-prod")
	if err != nil || !strings.Contains(said, "nettbutikk") {
		t.Errorf("status: %v\n%s", err, said)
	}
}

// errFailed stands for any exit code but zero.
var errFailed = errors.New("failed")

// file writes a file to the folder of the operator.
func (a *account) file(name, text string) string {
	a.t.Helper()
	path := filepath.Join(a.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return path
}

// step runs setup, and expects some texts in what it prints, in this order.
func (a *account) step(title, input string, fails error, texts []string, args ...string) {
	a.t.Helper()
	said, err := a.setup(input, args...)
	if (err != nil) != (fails != nil) {
		a.t.Fatalf("%s: %v\n%s", title, err, said)
	}
	left := said
	for _, text := range texts {
		_, after, ok := strings.Cut(left, text)
		if !ok {
			a.t.Fatalf("%s: it does not print %q:\n%s", title, text, said)
		}
		left = after
	}
}

// follow is what the owner of an address does with the mail of AWS.
func (a *account) follow(address string) {
	a.t.Helper()
	a.followed.Store(address)
	_, domain, _ := strings.Cut(address, "@") // moto sends from domains that it knows
	if _, err := sesv2.NewFromConfig(a.config).CreateEmailIdentity(a.t.Context(),
		&sesv2.CreateEmailIdentityInput{EmailIdentity: &domain}); err != nil {
		a.t.Fatal(err)
	}
}

// judgeMailTo judges the only mail that SES got, and expects its recipient.
func (a *account) judgeMailTo(to string) {
	a.t.Helper()
	for _, r := range a.cloud.requestsTo("ses") {
		if r.Path != "/v2/email/outbound-emails" {
			continue
		}
		var sent struct {
			Content struct{ Raw struct{ Data []byte } }
		}
		if err := json.Unmarshal(r.Body, &sent); err != nil || r.To != to {
			a.t.Fatalf("a mail to %s: %v", r.To, err)
		}
		(&world{t: a.t}).judgeMail(letter{Raw: string(sent.Content.Raw.Data)})
	}
}

// expect expects a number of reports in the operator's direct messages, and of mails, and no other
// message.
func (a *account) expect(dm string, reports, mails int) {
	a.t.Helper()
	for _, c := range a.slack.Channels() {
		found := a.slack.Messages(c.ID)
		if want := map[bool]int{true: reports}[c.ID == dm]; len(found) != want {
			a.t.Errorf("%s has %d messages, not %d", c.ID, len(found), want)
		}
		for _, m := range found {
			(&world{t: a.t, slack: a.slack}).judgeReport(m)
		}
	}
	quota, err := ses.NewFromConfig(a.config).GetSendQuota(a.t.Context(), &ses.GetSendQuotaInput{})
	if err != nil {
		a.t.Fatal(err)
	}
	// moto counts the recipient of the envelope and that of the header.
	if stored := quota.SentLast24Hours / 2; int(stored) != mails || len(a.cloud.mails()) != mails {
		a.t.Errorf("mails went to %v; SES has %v, want %d", a.cloud.mails(), stored, mails)
	}
}
