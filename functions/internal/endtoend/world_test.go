package endtoend

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/functions/tick"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/period"
	"kindlyweekly/sage/sagefake"
)

// A tenant of the test, and the words that only its reports have.
type tenant struct {
	name, config       string
	team, token        string
	signing, bot       string
	key                string
	channel, other     string // the bot's
	ops, user          string
	recipients, traces []string
}

const prefixOfSecrets = "kindly-weekly/test/"

var acme = tenant{
	name: "acme-retail", team: "T0ACME001", token: "xoxb-acme-1111",
	signing: "8f742231b10e8888abcd99yyyzzz85a5",
	bot:     "nettbutikk", key: "demo-key-nettbutikk",
	channel: "C0ACMECH01", other: "C0ACMECH02", ops: "C0ACMEOPS1", user: "U0ACMEKARI",
	recipients: []string{"kari@acme.example", "ola@acme.example"},
	traces:     []string{"acme", "Acme", "ACME", "nettbutikk"},
	config: `
slack: {team: T0ACME001, token_secret: kindly-weekly/test/acme-retail#slack_token, signing_secret: kindly-weekly/test/acme-retail#signing_secret}
mail: {from: Acme Weekly <weekly@acme.example>}
ops: {channels: [C0ACMEOPS1]}
bots:
  - id: nettbutikk
    name: Acme Shop
    tz: Europe/Oslo
    channels: [C0ACMECH01, C0ACMECH02]
    recipients: [Kari Nordmann <kari@acme.example>, ola@acme.example]
    owner: owner@acme.example
`}

var beta = tenant{
	name: "beta-foods", team: "T0BETA001", token: "xoxb-beta-2222",
	signing: "0c2a4b6d8e0f1a3b5c7d9e1f2a4b6c8d",
	bot:     "bakeri", key: "demo-key-bakeri",
	channel: "C0BETACH01", other: "C0BETACH02", ops: "C0BETAOPS1", user: "U0BETALARS",
	recipients: []string{"lars@beta.example"},
	traces:     []string{"beta-foods", "beta.example", "Beta Bakery", "0BETA", "bakeri"},
	config: `
slack: {team: T0BETA001, token_secret: kindly-weekly/test/beta-foods#slack_token, signing_secret: kindly-weekly/test/beta-foods#signing_secret}
mail: {from: Beta Weekly <weekly@beta.example>}
ops: {channels: [C0BETAOPS1]}
bots:
  - id: bakeri
    name: Beta Bakery
    tz: Europe/Oslo
    channels: [C0BETACH01, {channel: C0BETACH02, charts: images}]
    recipients: [lars@beta.example]
`}

// A setting is what every world is made of, once for all of them.
type setting struct {
	rie, programs, moto string
	bots                []*sagefake.Bot
	monday              time.Time     // the last Monday, 08:00 in Oslo
	week                period.Period // the one before it
}

func newSetting(t *testing.T) *setting {
	t.Helper()
	s := &setting{rie: emulator(t), moto: moto.Start(t), programs: build(t)}
	for _, tool := range []string{"qpdf", "make"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%v: .ci/tools installs it", err)
			}
			t.Skipf("%v: .ci/tools installs it", err)
		}
	}
	now := time.Now()
	s.bots = sagefake.Demo(now)
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	y, m, d := now.In(oslo).Date()
	s.monday = time.Date(y, m, d, 8, 0, 0, 0, oslo)
	for s.monday.Weekday() != time.Monday || s.monday.After(now) {
		y, m, d = s.monday.Date()
		s.monday = time.Date(y, m, d-1, 8, 0, 0, 0, oslo)
	}
	year, number := s.monday.AddDate(0, 0, -7).ISOWeek()
	if s.week, err = period.Parse(fmt.Sprintf("%d-W%02d", year, number)); err != nil {
		t.Fatal(err)
	}
	return s
}

// A world is a deployment and all that it touches, empty but for its tenants.
type world struct {
	*setting
	*cloud
	t                   *testing.T
	tenants             []tenant // one for each bot
	apart               bool     // whether the stack has NarrowSecrets=true
	slack               *slackfake.Server
	sage                *sagefake.Server
	tick, worker, slash *function

	// around changes how a function reaches Sage and Slack, and wrap which program is run for it.
	// Nil: they change nothing.
	around func(http.Handler) http.Handler
	wrap   func(program string) string
}

func (s *setting) world(t *testing.T, tenants ...tenant) *world {
	t.Helper()
	w := s.outside(t, tenants...)
	w.run()
	return w
}

// outside is a world without the functions.
func (s *setting) outside(t *testing.T, tenants ...tenant) *world {
	t.Helper()
	w := &world{setting: s, cloud: newCloud(t, s.moto), t: t, sage: sagefake.New(s.bots...)}
	var workspaces []slackfake.Workspace
	for _, x := range tenants {
		workspaces = append(workspaces, slackfake.Workspace{Team: x.team, Name: x.name,
			Token: x.token, Scopes: []string{
				"commands", "chat:write", "files:write", "files:read", "channels:history",
				"channels:read",
				"groups:history", "groups:read", "im:history", "im:write"}})
	}
	w.slack = slackfake.New(workspaces...)
	for _, x := range tenants {
		w.put(t, "config/"+x.name+".yaml", x.config)
		w.secret(t, prefixOfSecrets+x.name, fmt.Sprintf(`{"slack_token": %q, "signing_secret": %q}`,
			x.token, x.signing))
		domain := strings.SplitN(x.recipients[0], "@", 2)[1]
		if _, err := w.ses.CreateEmailIdentity(t.Context(),
			&sesv2.CreateEmailIdentityInput{EmailIdentity: &domain}); err != nil {
			t.Fatal(err)
		}
		w.add(x)
	}
	return w
}

// add adds the bot of a tenant, and where its reports go in Slack.
func (w *world) add(x tenant) {
	w.t.Helper()
	w.tenants = append(w.tenants, x)
	for _, id := range []string{x.channel, x.other, x.ops} {
		w.slack.SetChannel(slackfake.Channel{ID: id, Team: x.team, Name: strings.ToLower(id),
			Member: true})
	}
	w.secret(w.t, prefixOfSecrets+x.name+"/"+x.bot, x.key)
}

// run starts the functions, each with doors of its own to what it reaches.
func (w *world) run() {
	w.t.Helper()
	if w.around == nil {
		w.around = func(h http.Handler) http.Handler { return h }
	}
	if w.wrap == nil {
		w.wrap = func(program string) string { return program }
	}
	sage, slack := newDoor(w.t, w.around(w.sage)), newDoor(w.t, w.around(w.slack))
	w.slack.URL = slack.url + "/"
	slackOfTick := newDoor(w.t, w.slack)

	// What the template sets, and for each function only what it sets there.
	env := map[string]string{"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_REGION": region,
		"STAGE":      "kindly-weekly-test", "BUCKET": bucket, "SECRET_PREFIX": prefixOfSecrets,
		"CATCH_UP_HOURS": "240", "DIVERT_TO": ""}
	run := func(name string, seconds int, more map[string]string, doors ...*door) *function {
		aws := newDoor(w.t, w.proxy(name))
		all := maps.Clone(env)
		maps.Copy(all, more)
		all["AWS_ENDPOINT_URL"] = aws.url
		f := start(w.t, w.rie, w.wrap(filepath.Join(w.programs, name, "bootstrap")),
			seconds, all)
		f.doors = append(doors, aws)
		return f
	}
	w.tick = run("Tick", 60, map[string]string{"QUEUE_URL": w.weekly.url, "ALARM_TOPIC": w.topic,
		"DEPLOYMENT_STAGE": "prod", "SLASH_URL": "https://api.example.com/slack/command",
		"SES_CONFIGURATION_SET": configurationSet, "SLACK_API_URL": slackOfTick.url + "/"},
		slackOfTick)
	w.worker = run("Worker", 300, map[string]string{"QUEUE_URL": w.weekly.url,
		"REQUESTS_URL": w.requests.url, "SES_CONFIGURATION_SET": configurationSet,
		"SAGE_URL": sage.url, "KINDLY_API_URL": sage.url, "SLACK_API_URL": w.slack.URL}, sage,
		slack)
	w.slash = run("Slash", 5, map[string]string{"REQUESTS_URL": w.requests.url})

	w.t.Cleanup(func() {
		w.judgeLogs()
		w.judgePermissions()
	})
}

// judgeLogs holds, at the end of every test, what the functions have logged to what may stand in a
// log.
func (w *world) judgeLogs() {
	secrets := []string{"/commands/", "Bearer"}
	for _, x := range w.tenants {
		secrets = append(secrets, x.token, x.signing, x.key)
		secrets = append(secrets, x.recipients...)
	}
	for _, f := range []*function{w.tick, w.worker, w.slash} {
		for _, secret := range secrets {
			if strings.Contains(f.log.String(), secret) {
				w.t.Errorf("a log holds %q:\n%s", secret, f.log)
			}
		}
		for _, line := range f.lines() {
			var said struct {
				Tenant string
				AWS    *struct {
					CloudWatchMetrics []struct{ Dimensions [][]string }
				} `json:"_aws"`
			}
			if err := json.Unmarshal([]byte(line), &said); err != nil {
				w.t.Errorf("a line is no JSON: %v: %s", err, line)
				continue
			}
			for _, x := range w.tenants {
				if said.Tenant != "" && said.Tenant != x.name {
					for _, trace := range x.traces {
						if strings.Contains(line, trace) {
							w.t.Errorf("a line about %s says %q: %s", said.Tenant, trace, line)
						}
					}
				}
			}
			if said.AWS != nil {
				for _, dimensions := range said.AWS.CloudWatchMetrics[0].Dimensions {
					if slices.ContainsFunc(dimensions,
						func(d string) bool { return d != "Stage" && d != "Reason" }) {
						w.t.Errorf("a metric is kept by %v: %s", dimensions, line)
					}
				}
			}
		}
	}
}

// ticks is what EventBridge Scheduler does at an instant.
func (w *world) ticks(at time.Time) tick.Counts {
	w.t.Helper()
	return invoke[tick.Counts](w.t, w.tick, w.scheduled(at))
}

// scheduled is the event of a tick.
func (w *world) scheduled(at time.Time) []byte {
	w.t.Helper()
	var tick tick.Tick
	if err := json.Unmarshal(fixture(w.t, "tick/testdata/tick.json"), &tick); err != nil {
		w.t.Fatal(err)
	}
	tick.Time = at.UTC()
	data, err := json.Marshal(tick)
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

// deployed lets a tick of the day before the Monday see the destinations for the first time.
func (w *world) deployed() {
	w.t.Helper()
	if c := w.ticks(w.monday.AddDate(0, 0, -1)); c.Queued != 0 || c.Failed != 0 {
		w.t.Fatalf("the first tick: %+v\n%s", c, w.tick.log)
	}
}

func (w *world) job(x tenant) config.Job {
	return config.Job{Tenant: x.name, Bot: x.bot, Period: w.week}
}

// record is what the ledger says of a delivery of the Monday's.
func (w *world) record(x tenant, d config.Destination) delivery.Record {
	w.t.Helper()
	return read[delivery.Record](w.t, w.cloud, delivery.KeysOf(x.name).Record(w.week, x.bot, d))
}

func (w *world) manifest(x tenant) delivery.Manifest {
	w.t.Helper()
	return read[delivery.Manifest](w.t, w.cloud, delivery.KeysOf(x.name).Manifest(x.bot, w.week))
}

// laterOn lets the time of a delivery's next try come: an hour has passed since the last.
func (w *world) laterOn(x tenant, d config.Destination) {
	w.t.Helper()
	r := w.record(x, d)
	r.NextTry, r.First = time.Now().UTC().Add(-time.Minute), r.First.Add(-time.Hour)
	data, err := json.Marshal(r)
	if err != nil {
		w.t.Fatal(err)
	}
	w.put(w.t, delivery.KeysOf(x.name).Record(w.week, x.bot, d), string(data))
}

func channel(id string) config.Destination {
	return config.Destination{Medium: config.Slack, To: id}
}
func address(to string) config.Destination {
	return config.Destination{Medium: config.Mail, To: to}
}

// A command is what a user types in Slack.
type command struct {
	tenant
	channel, user, text string
	signing             string // what it is signed with; empty: the tenant's
	plain               bool   // the body comes as it is, not in base64
	responseURL         string
}

func (x tenant) types(channel, text string) command {
	return command{tenant: x, channel: channel, user: x.user, text: text}
}

// event is the command as API Gateway sends it, signed by Slack's own SDK. alter, which may be nil,
// changes the body after that.
func (w *world) event(c command, alter func(body []byte)) []byte {
	w.t.Helper()
	file := "slash/testdata/slash-base64.json"
	if c.plain {
		file = "slash/testdata/slash.json"
	}
	var r events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(fixture(w.t, file), &r); err != nil {
		w.t.Fatal(err)
	}
	body := r.Body
	if r.IsBase64Encoded {
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			w.t.Fatal(err)
		}
		body = string(raw)
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		w.t.Fatal(err)
	}
	for name, value := range map[string]string{"team_id": c.team, "channel_id": c.channel,
		"user_id": c.user, "text": c.text, "response_url": c.responseURL} {
		form.Set(name, value)
	}
	raw, timestamp := []byte(form.Encode()), fmt.Sprint(time.Now().Unix())

	line, err := json.Marshal(map[string]string{"secret": cmp.Or(c.signing, c.tenant.signing),
		"timestamp": timestamp, "body": string(raw)})
	if err != nil {
		w.t.Fatal(err)
	}
	signature := python(w.t, filepath.Join("..", "..", "slash", "testdata", "sign.py"), line)
	if alter != nil {
		alter(raw)
	}
	r.Headers["x-slack-request-timestamp"], r.Headers["x-slack-signature"] = timestamp,
		strings.TrimSpace(string(signature))
	if r.Body = string(raw); r.IsBase64Encoded {
		r.Body = base64.StdEncoding.EncodeToString(raw)
	}
	data, err := json.Marshal(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

// asks gives the slash function a command and returns what the user sees at once.
func (w *world) asks(event []byte) (status int, text string) {
	w.t.Helper()
	answer := invoke[events.APIGatewayV2HTTPResponse](w.t, w.slash, event)
	if answer.Body == "" {
		return answer.StatusCode, ""
	}
	var said struct {
		Type string `json:"response_type"`
		Text string
	}
	if err := json.Unmarshal([]byte(answer.Body), &said); err != nil || said.Type != "ephemeral" {
		w.t.Fatalf("an answer that Slack does not show to one alone: %v: %s", err, answer.Body)
	}
	return answer.StatusCode, said.Text
}

// python runs a judge and returns what it prints.
func python(t *testing.T, script string, input []byte) []byte {
	t.Helper()
	cmd := exec.Command(moto.Tool(t, "python"), script)
	var complaint bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", script, err, out, complaint.String())
	}
	return out
}

// judgeBlocks has Slack's Python SDK judge a message.
func judgeBlocks(t *testing.T, blocks json.RawMessage) {
	t.Helper()
	python(t, filepath.Join("..", "..", "..", "report", "digest", "testdata", "validate_blocks.py"),
		fmt.Appendf(nil, `{"blocks": %s}`, blocks))
}

// judgeReport holds a message to what a report in Slack is: the digest with its chart, and in its
// thread the details and the PDF, to which the digest leads.
func (w *world) judgeReport(m slackfake.Message) {
	w.t.Helper()
	if len(m.Replies) != 2 || m.Replies[0].Metadata == nil || len(m.Replies[1].Files) != 1 {
		w.t.Fatalf("%s: the thread holds not just the details and the PDF: %+v", m.Channel,
			m.Replies)
	}
	for _, message := range []slackfake.Message{m, m.Replies[0]} {
		judgeBlocks(w.t, message.Blocks)
		var blocks []struct {
			Type string
			File struct{ ID string } `json:"slack_file"`
		}
		if err := json.Unmarshal(message.Blocks, &blocks); err != nil {
			w.t.Fatal(err)
		}
		charts := 0
		for _, b := range blocks {
			switch b.Type {
			case "data_visualization":
				charts++
			case "image":
				charts++
				if f, ok := w.slack.File(b.File.ID); !ok ||
					!bytes.HasPrefix(f.Data, []byte("\x89PNG\r\n")) {
					w.t.Errorf("%s: a picture is no PNG that was uploaded: %+v", m.Channel, f)
				}
			}
		}
		if charts == 0 {
			w.t.Errorf("%s: there are no charts: %s", m.Channel, message.Blocks)
		}
	}
	f, _ := w.slack.File(m.Replies[1].Files[0].ID)
	judgePDF(w.t, f.Data)
	if !bytes.Contains(m.Blocks, []byte("/files/U0000BOT/"+f.ID+"/")) {
		w.t.Errorf("%s: the digest has no link to its PDF: %s", m.Channel, m.Blocks)
	}
}

// judgeMail has Python's email package read a mail, and qpdf its PDF.
func (w *world) judgeMail(l letter) (said struct {
	Subject, From, To string
	Images            int
}) {
	w.t.Helper()
	out := python(w.t, filepath.Join("..", "..", "..", "report", "mail", "testdata",
		"read_mail.py"), []byte(l.Raw))
	if err := json.Unmarshal(out, &said); err != nil {
		w.t.Fatal(err)
	}
	judgePDF(w.t, python(w.t, filepath.Join("testdata", "attached.py"), []byte(l.Raw)))
	return said
}

func judgePDF(t *testing.T, data []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--check", file).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %v\n%s", err, out)
	}
}
