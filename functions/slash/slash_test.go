package slash_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"kindlyweekly/functions/aws/queues"
	"kindlyweekly/functions/log"
	"kindlyweekly/functions/slash"
	"kindlyweekly/functions/tenantconfig"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/delivery/storetest"
)

// Slack's documented example of a signed request,
// https://docs.slack.dev/authentication/verifying-requests-from-slack
const (
	docsSecret    = "8f742231b10e8888abcd99yyyzzz85a5"
	docsTimestamp = 1531420618
	docsBody      = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	docsSignature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
)

// Two tenants whose bots have the same ids and names.
const acme = `
slack: {team: T0ACME001, signing_secret: kindly/acme#signing}
defaults: {tz: Europe/Oslo}
bots:
  - {id: nettbutikk, name: Nettbutikk chatbot, channels: [C0ACMECH01, G0ACMECH02], recipients: kari@example.com}
  - {id: "4217", name: Kundeservice & salg, channels: C0ACMECH01, viewers: [U0CHEF0001]}
  - {id: nettsalg, channels: C0ACMECH01, tz: Pacific/Auckland}
  - {id: hemmelig, name: Hemmelig prosjekt, channels: C0SECRET01, viewers: U0CHEF0001}
  - {id: post, name: Bare post, recipients: kari@example.com, viewers: U0CHEF0001}
`

var beta = strings.NewReplacer("ACME", "BETA", "acme", "beta", "C0SECRET01",
	"C0SECRET02").Replace(acme)

// noon is Monday, 16 November 2026, 12:00 UTC, in week 47. The last complete week is 46, 9 to 15
// November.
var noon = time.Date(2026, time.November, 16, 12, 0, 0, 0, time.UTC)

// A world is the slash command without AWS.
type world struct {
	testing.TB
	slash.Handler
	store   *store
	clock   time.Time
	secrets map[string]string // by id
	fetched int               // how often Secrets Manager was asked once more
	silent  error             // of Secrets Manager
	sent    []queues.Request
	refuse  error // of the queue
	log     bytes.Buffer
	mu      sync.Mutex
	calls   []string // what was asked of the world outside; files are read at the same time

	latency time.Duration // of each call
}

func (w *world) called(what string) {
	time.Sleep(w.latency)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, what)
}

type store struct {
	storetest.Memory
	world *world
	hangs string                 // the method that never answers
	fails func(key string) error // of a read
}

func (s *store) Get(ctx context.Context, key string) (delivery.Object, error) {
	if err := s.meet(ctx, "get"); err != nil {
		return delivery.Object{}, err
	}
	if s.fails != nil {
		if err := s.fails(key); err != nil {
			return delivery.Object{}, err
		}
	}
	return s.Memory.Get(ctx, key)
}

func (s *store) meet(ctx context.Context, method string) error {
	s.world.called(method)
	if method == s.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

func (s *store) Put(ctx context.Context, key string, o delivery.Object,
	c delivery.Condition) (string, error) {
	if err := s.meet(ctx, "put"); err != nil {
		return "", err
	}
	return s.Memory.Put(ctx, key, o, c)
}

func (s *store) List(ctx context.Context, prefix string) ([]string, error) {
	if err := s.meet(ctx, "list"); err != nil {
		return nil, err
	}
	return s.Memory.List(ctx, prefix)
}

// ETags lists as S3 does.
func (s *store) ETags(ctx context.Context, prefix string) (map[string]string, error) {
	if err := s.meet(ctx, "list"); err != nil {
		return nil, err
	}
	keys, err := s.Memory.List(ctx, prefix)
	etags := make(map[string]string)
	for _, key := range keys {
		o, _ := s.Memory.Get(ctx, key)
		etags[key] = o.ETag
	}
	return etags, err
}

func (w *world) Get(ctx context.Context, id string) (string, error) {
	w.called("secret")
	return w.secret(id)
}

func (w *world) Refetch(ctx context.Context, id string) (string, error) {
	w.fetched++
	if s, ok := w.secrets[id+" (new)"]; ok {
		return s, nil
	}
	return w.secret(id)
}

func (w *world) secret(id string) (string, error) {
	s, ok := w.secrets[id]
	if w.silent == nil && !ok {
		return "", errors.New("ResourceNotFoundException")
	}
	return s, w.silent
}

func (w *world) Send(ctx context.Context, q queues.Request) error {
	w.called("send")
	if w.store.hangs == "send" {
		<-ctx.Done()
		return ctx.Err()
	}
	if w.refuse != nil {
		return w.refuse
	}
	w.sent = append(w.sent, q)
	return nil
}

func begin(t testing.TB) *world {
	w := &world{TB: t, clock: noon, secrets: map[string]string{
		"kindly/acme#signing": docsSecret,
		"kindly/beta#signing": "0123456789abcdef0123456789abcdef",
	}}
	w.store = &store{world: w}
	now := func() time.Time { return w.clock }
	w.Handler = slash.Handler{
		Tenants: &tenantconfig.Loader{Store: w.store, MaxAge: time.Minute, Now: now},
		Secrets: w, SecretPrefix: "kindly/", Seen: w.store, Requests: w, Now: now,
		Log: log.New(&w.log, slog.LevelDebug),
	}
	w.config("acme", acme)
	w.config("beta", beta)
	return w
}

func (w *world) config(tenant, content string) {
	w.Helper()
	if _, err := config.Parse(tenant+".yaml", []byte(content)); err != nil {
		w.Fatal(err)
	}
	w.put("config/"+tenant+".yaml", content)
}

func (w *world) put(key, content string) {
	w.Helper()
	if _, err := w.store.Memory.Put(w.Context(), key, delivery.Object{Data: []byte(content)},
		delivery.Condition{}); err != nil {
		w.Fatal(err)
	}
}

// An answer is what Slack gets.
type answer struct {
	status int
	text   string // of an ephemeral message
}

func (w *world) handle(r events.APIGatewayV2HTTPRequest) answer {
	w.Helper()
	response, err := w.Handle(w.Context(), r)
	if err != nil {
		w.Fatal(err)
	}
	a := answer{status: response.StatusCode}
	if response.Body == "" {
		return a
	}
	var body map[string]string
	if err := json.Unmarshal([]byte(response.Body), &body); err != nil {
		w.Fatal(err)
	}
	if body["response_type"] != "ephemeral" || len(body) != 2 ||
		response.Headers["content-type"] != "application/json; charset=utf-8" {
		w.Errorf("not an ephemeral answer: %v %v", response.Headers, body)
	}
	a.text = body["text"]
	return a
}

// A typed is the text of a command, and where it was typed.
type typed struct{ tenant, channel, user, text string }

// form is the body that Slack sends.
func (x typed) form() string {
	upper := strings.ToUpper(x.tenant)
	return url.Values{
		"team_id": {"T0" + upper + "001"}, "team_domain": {x.tenant}, "channel_id": {x.channel},
		"channel_name": {"nettbutikk"},
		"user_id":      {x.user}, "user_name": {"chef"}, "command": {"/kindly-report"}, "text": {x.text},
		"response_url": {"https://hooks.slack.com/commands/T0" + upper + "001/1/x"},
	}.Encode()
}

func signed(body, secret string, at time.Time) events.APIGatewayV2HTTPRequest {
	timestamp := fmt.Sprint(at.Unix())
	return events.APIGatewayV2HTTPRequest{Body: body, Headers: map[string]string{
		"x-slack-request-timestamp": timestamp,
		"x-slack-signature":         slash.Sign(timestamp, []byte(body), secret),
	}}
}

// types is a request as the tenant's Slack workspace sends it, and its answer. Each comes a second
// after the last.
func (w *world) types(x typed) answer {
	w.Helper()
	w.clock = w.clock.Add(time.Second)
	return w.handle(signed(x.form(), w.secrets["kindly/"+x.tenant+"#signing"], w.clock))
}

func in(channel, text string) typed { return typed{"acme", channel, "U0KARI001", text} }

func fixture(t *testing.T, name string) events.APIGatewayV2HTTPRequest {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var r events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// The fixtures were signed by Slack's Python SDK.
func TestHandle_EventOfTheHTTPAPI(t *testing.T) {
	for _, name := range []string{"slash.json", "slash-base64.json"} {
		w := begin(t)
		w.clock = time.Date(2026, time.November, 16, 9, 2, 12, 0, time.UTC)
		got := w.handle(fixture(t, name))
		if want := (answer{200,
			"Making the report of Nettbutikk chatbot, 2–8 November; it comes to you privately."}); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if len(w.sent) != 1 {
			t.Fatalf("%s: sent %v", name, w.sent)
		}
		got2, err := json.Marshal(w.sent[0])
		if want := `{"tenant":"acme","bot":"nettbutikk","week":"2026-W45","team":"T0ACME001","channel":"C0ACMECH01","user":"U0KARI001",` +
			`"share":false,"response_url":"https://hooks.slack.com/commands/T0ACME001/5912345678901/kYvJ2bq1Xw9rXo5Z","at":"2026-11-16T09:02:12Z"}`; err != nil || string(got2) != want {
			t.Errorf("%s: sent %s, want %s", name, got2, want)
		}
		slices.Sort(w.calls[:2]) // the list and the index come at the same time
		if want := []string{"get", "list", "get", "get", "secret", "put", "send"}; !slices.Equal(
			w.calls, want) {
			t.Errorf("%s: before the answer came %v, want %v", name, w.calls, want)
		}
		keys, err := w.store.Memory.List(t.Context(), "acme/seen/2026-11-16/")
		if err != nil || len(keys) != 1 || strings.Contains(keys[0], "v0") ||
			len(keys[0]) != len("acme/seen/2026-11-16/")+64 {
			t.Errorf("%s: seen %v, %v", name, keys, err)
		}
		if o, err := w.store.Memory.Get(t.Context(), keys[0]); err != nil || len(o.Data) != 0 {
			t.Errorf("%s: the mark has content, and the bucket removes empty ones: %q, %v", name,
				o.Data, err)
		}
	}
}

// documented is Slack's own example, answered at an instant.
func documented(t *testing.T, at time.Time, alter func(r *events.APIGatewayV2HTTPRequest)) answer {
	t.Helper()
	w := begin(t)
	w.config("docs",
		"slack: {team: T1DC2JH3J, signing_secret: kindly/docs}\nbots: [{id: roadrunner, tz: UTC, channels: G8PSS9T3V}]\n")
	w.secrets["kindly/docs"] = docsSecret
	w.clock = at
	r := events.APIGatewayV2HTTPRequest{Body: docsBody, Headers: map[string]string{
		"x-slack-request-timestamp": fmt.Sprint(docsTimestamp), "x-slack-signature": docsSignature,
	}}
	if alter != nil {
		alter(&r)
	}
	return w.handle(r)
}

func TestSign(t *testing.T) {
	if got := slash.Sign(fmt.Sprint(docsTimestamp), []byte(docsBody),
		docsSecret); got != docsSignature {
		t.Errorf("Slack's documented example is signed %s, want %s", got, docsSignature)
	}
	then := time.Unix(docsTimestamp, 0)
	header := func(name, value string) func(r *events.APIGatewayV2HTTPRequest) {
		return func(r *events.APIGatewayV2HTTPRequest) { r.Headers[name] = value }
	}
	for _, tc := range []struct {
		name  string
		at    time.Time
		alter func(r *events.APIGatewayV2HTTPRequest)
		want  int
	}{
		{"as documented", then, nil, 200},
		{"base64", then, func(r *events.APIGatewayV2HTTPRequest) {
			r.Body, r.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(r.Body)), true
		}, 200},
		{"five minutes old", then.Add(5 * time.Minute), nil, 200},
		{"older", then.Add(5*time.Minute + time.Second), nil, 401},
		{"five minutes ahead", then.Add(-5 * time.Minute), nil, 200},
		{"further ahead", then.Add(-5*time.Minute - time.Second), nil, 401},
		{"another timestamp", then, header("x-slack-request-timestamp",
			fmt.Sprint(docsTimestamp+1)), 401},
		{"a timestamp with a sign", then, header("x-slack-request-timestamp",
			fmt.Sprintf("+%d", docsTimestamp)), 401},
		{"no timestamp", then, header("x-slack-request-timestamp", ""), 401},
		{"a timestamp that is none", then, header("x-slack-request-timestamp", "now"), 401},
		{"a timestamp that is none, and signed", then, func(r *events.APIGatewayV2HTTPRequest) {
			r.Headers = map[string]string{"x-slack-request-timestamp": "now",
				"x-slack-signature": slash.Sign("now", []byte(r.Body), docsSecret)}
		}, 401},
		{"a huge timestamp", then, header("x-slack-request-timestamp", "9223372036854775807"), 401},
		{"no signature", then, header("x-slack-signature", ""), 401},
		{"no headers", then, func(r *events.APIGatewayV2HTTPRequest) { r.Headers = nil }, 401},
		{"capital letters", then, header("x-slack-signature", strings.ToUpper(docsSignature)), 401},
		{"cut short", then, header("x-slack-signature", docsSignature[:20]), 401},
		{"an empty body", then, func(r *events.APIGatewayV2HTTPRequest) { r.Body = "" }, 401},
		{"a body that is not base64", then,
			func(r *events.APIGatewayV2HTTPRequest) { r.IsBase64Encoded = true }, 401},
		{"no form", then, func(r *events.APIGatewayV2HTTPRequest) { r.Body = "team_id=%zz" }, 401},
		{"a huge body", then,
			func(r *events.APIGatewayV2HTTPRequest) { r.Body += strings.Repeat("x", 1<<17) }, 401},
		{"another tenant's team", then, func(r *events.APIGatewayV2HTTPRequest) {
			r.Body = strings.Replace(r.Body, "T1DC2JH3J", "T0BETA001", 1)
		}, 401},
		{"a team that is unknown", then, func(r *events.APIGatewayV2HTTPRequest) {
			r.Body = strings.Replace(r.Body, "T1DC2JH3J", "T1DC2JH3X", 1)
		}, 401},
		{"no team", then, func(r *events.APIGatewayV2HTTPRequest) {
			r.Body = strings.Replace(r.Body,
				"team_id", "team", 1)
		}, 401},
	} {
		if got := documented(t, tc.at, tc.alter); got.status != tc.want || got.status == 401 &&
			got != (answer{status: 401}) {
			t.Errorf("%s: %v, want %d", tc.name, got, tc.want)
		}
	}
}

func TestHandle_AlteredBody(t *testing.T) {
	for i := range len(docsBody) {
		got := documented(t, time.Unix(docsTimestamp, 0), func(r *events.APIGatewayV2HTTPRequest) {
			altered := []byte(r.Body)
			altered[i] ^= 1
			r.Body = string(altered)
		})
		if got != (answer{status: 401}) {
			t.Errorf("byte %d: %v", i, got)
		}
	}
}

func TestHandle_SignedByAnotherTenant(t *testing.T) {
	w := begin(t)
	x := in("C0ACMECH01", "nettbutikk")
	if got := w.handle(signed(x.form(), w.secrets["kindly/beta#signing"],
		w.clock)); got != (answer{status: 401}) {
		t.Errorf("beta speaks for acme: %v", got)
	}
	if got := w.handle(signed(x.form(), "", w.clock)); got != (answer{status: 401}) {
		t.Errorf("the empty secret: %v", got)
	}
	w.config("acme", strings.Replace(acme, ", signing_secret: kindly/acme#signing", "", 1))
	w.clock = w.clock.Add(time.Hour)
	if got := w.handle(signed(x.form(), "", w.clock)); got != (answer{status: 401}) {
		t.Errorf("a tenant without a signing secret: %v", got)
	}
	w.config("acme", acme)
	w.secrets["kindly/acme#signing"] = ""
	w.clock = w.clock.Add(time.Hour)
	if got := w.handle(signed(x.form(), "", w.clock)); got != (answer{status: 401}) {
		t.Errorf("a signing secret that is empty: %v", got)
	}
}

// Slack's Python SDK has a signer; its signatures are judged here, and the verdict of its verifier
// on one altered byte.
func TestHandle_SignedBySlacksSDK(t *testing.T) {
	python, err := filepath.Abs("../../.venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command(python, "-c",
		"import slack_sdk.signature").CombinedOutput(); err != nil {
		unable := t.Skipf
		if os.Getenv("CI") == "true" {
			unable = t.Fatalf
		}
		unable("Slack's Python SDK is not in .venv (.ci/tools installs it): %v %s", err, output)
	}
	w := begin(t)
	texts := []string{"", "help", "nettbutikk", "nettbutikk uke 46", "Nettbutikk chatbot share",
		"blåbær & <@U1> 🫐 \"quoted\"", strings.Repeat("lang ", 300)}
	var lines, bodies, stamps []string
	for i, text := range texts {
		body, timestamp := in("C0ACMECH01", text).form(), fmt.Sprint(noon.Unix()+int64(i))
		line, err := json.Marshal(map[string]string{"secret": docsSecret, "timestamp": timestamp,
			"body": body})
		if err != nil {
			t.Fatal(err)
		}
		lines, bodies, stamps = append(lines, string(line)), append(bodies, body),
			append(stamps, timestamp)
	}
	cmd := exec.Command(python, "testdata/sign.py")
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n"))
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	signatures := strings.Fields(string(output))
	if len(signatures) != len(texts) {
		t.Fatalf("%d signatures of %d requests", len(signatures), len(texts))
	}
	for i, text := range texts {
		r := events.APIGatewayV2HTTPRequest{Body: bodies[i], Headers: map[string]string{
			"x-slack-request-timestamp": stamps[i], "x-slack-signature": signatures[i],
		}}
		if got := w.handle(r); got.status != 200 || got.text == "" {
			t.Errorf("%q: %v", text, got)
		}
		altered := []byte(r.Body)
		altered[len(altered)/2] ^= 1
		r.Body = string(altered)
		if got := w.handle(r); got != (answer{status: 401}) {
			t.Errorf("%q, one byte altered: %v", text, got)
		}
	}
}

func TestHandle_Replay(t *testing.T) {
	w := begin(t)
	w.clock = time.Date(2026, time.November, 16, 23, 58, 0, 0, time.UTC)
	r := signed(in("C0ACMECH01", "nettbutikk").form(), docsSecret, w.clock)
	if got := w.handle(r); got.text == "" {
		t.Fatalf("%v", got)
	}
	for range 3 { // and past midnight
		w.clock = w.clock.Add(time.Minute)
		w.log.Reset()
		if got := w.handle(r); got != (answer{status: 200}) {
			t.Errorf("a replay: %v", got)
		}
		if log := w.log.String(); !strings.Contains(log, `"level":"WARN"`) ||
			!strings.Contains(log, `"tenant":"acme"`) {
			t.Errorf("a replay is not in the log: %s", log)
		}
	}
	if len(w.sent) != 1 {
		t.Errorf("sent %v", w.sent)
	}
}

func TestHandle_NewSigningSecret(t *testing.T) {
	w := begin(t)
	w.secrets["kindly/acme#signing (new)"] = "rotated"
	if got := w.handle(signed(in("C0ACMECH01", "nettbutikk").form(), "rotated",
		w.clock)); got.status != 200 || len(w.sent) != 1 {
		t.Errorf("%v", got)
	}
	w.fetched = 0
	w.types(in("C0ACMECH01", "help"))
	if w.fetched != 0 {
		t.Error("fetched again where nothing failed")
	}
}

func TestHandle_TwoTenantsOfAWorkspace(t *testing.T) {
	w := begin(t)
	w.config("beta", strings.ReplaceAll(strings.ReplaceAll(beta, "T0BETA001", "T0ACME001"),
		"C0BETACH01", "C0ACMECH01"))
	for tenant, secret := range map[string]string{"acme": w.secrets["kindly/acme#signing"],
		"beta": w.secrets["kindly/beta#signing"]} {
		w.sent = nil
		w.handle(signed(in("C0ACMECH01", "nettbutikk").form(), secret, w.clock))
		if len(w.sent) != 1 || w.sent[0].Tenant != tenant {
			t.Errorf("%s: sent %v", tenant, w.sent)
		}
	}
}

// A configuration that names another tenant's team and signing secret does not get its commands.
func TestHandle_AnothersSecret(t *testing.T) {
	w := begin(t)
	w.config("aaa",
		strings.Replace(beta, "slack: {team: T0BETA001, signing_secret: kindly/beta#signing}",
			"slack: {team: T0ACME001, signing_secret: kindly/acme#signing}", 1))
	got := w.types(in("C0ACMECH01", "nettbutikk"))
	if got.status != 200 || len(w.sent) != 1 || w.sent[0].Tenant != "acme" {
		t.Errorf("%v, sent %v", got, w.sent)
	}
	if got := w.handle(signed(in("C0ACMECH01", "nettbutikk").form(), "a stranger's",
		w.clock)); got.status != 401 {
		t.Errorf("a stranger: %v", got)
	}
	if log := w.log.String(); !strings.Contains(log, `"tenant":"aaa"`) ||
		!strings.Contains(log, "begins with kindly/aaa/") {
		t.Errorf("the log does not say what to do:\n%s", log)
	}
}

func TestGrid_Team(t *testing.T) {
	w := begin(t)
	w.config("acme", strings.Replace(acme, "T0ACME001", "E0ACMEGRID", 1))
	got := w.handle(signed(in("C0ACMECH01", "nettbutikk").form()+"&enterprise_id=E0ACMEGRID",
		docsSecret, w.clock))
	if got.status != 200 || len(w.sent) != 1 || w.sent[0].Team != "E0ACMEGRID" {
		t.Errorf("%v, sent %v", got, w.sent)
	}
}

// recorded is the tenants that a request may be of, and the teams that are asked for.
type recorded struct {
	all   []*config.Tenant
	teams []string
}

func (r *recorded) ByTeam(_ context.Context, team string) (found []*config.Tenant, err error) {
	r.teams = append(r.teams, team)
	for _, t := range r.all {
		if t.Slack.Team == team {
			found = append(found, t)
		}
	}
	return found, nil
}

// A tenant without a Slack team is not found by a request that names no grid.
func TestGrid_Unknown(t *testing.T) {
	for grid, want := range map[string][]string{"": {"T0ACME001"},
		"E0ACMEGRID": {"T0ACME001", "E0ACMEGRID"}} {
		w, asked := begin(t), &recorded{}
		w.Tenants = asked
		form := in("C0ACMECH01", "nettbutikk").form() + "&enterprise_id=" + grid
		if got := w.handle(signed(form, docsSecret, w.clock)); got.status != 401 ||
			!slices.Equal(asked.teams, want) {
			t.Errorf("grid %q: %v, asked for %q, want %q", grid, got, asked.teams, want)
		}
	}
}

// refusing is a store that refuses to note what was answered.
type refusing struct{}

func (refusing) Put(context.Context, string, delivery.Object, delivery.Condition) (string, error) {
	return "", errors.New("503 Slow Down")
}

// config.Parse lets no locale through that has no wording. If one came through, that is an error of
// the function where it is the tenant's, and the tenant's language is spoken where it is a bot's.
func TestHandle_LocaleWithoutWording(t *testing.T) {
	for what, c := range map[string]struct {
		tenant, bot string
		seen        slash.Seen // nil: the store
		want        string     // empty: an error
	}{
		"a tenant's":                    {"xx", "xx", nil, ""},
		"a tenant's, and nothing works": {"xx", "xx", refusing{}, ""},
		"a bot's": {"en", "xx", nil,
			"Making the report of Nettbutikk chatbot, 9–15 November; it comes to you privately."},
		"none, and nothing works": {"en", "en", refusing{}, trouble},
	} {
		tenant, err := config.Parse("acme.yaml", []byte(acme))
		if err != nil {
			t.Fatal(err)
		}
		tenant.Locale, tenant.Bots[0].Locale = c.tenant, c.bot
		w := begin(t)
		w.Tenants = &recorded{all: []*config.Tenant{tenant}}
		if c.seen != nil {
			w.Seen = c.seen
		}
		got, err := w.Handle(t.Context(), signed(in("C0ACMECH01", "nettbutikk").form(), docsSecret,
			w.clock))
		if (err != nil) != (c.want == "") || !strings.Contains(got.Body, c.want) || c.want == "" &&
			len(w.sent) > 0 {
			t.Errorf("%s: %v, %v, sent %v; want %q", what, got, err, w.sent, c.want)
		}
	}
}

const trouble = "The service behind this command did not answer in time. If nothing comes within a few minutes, please ask again."

// What hangs before the request is verified is answered as a stranger is.
func TestHandle_AnswersInTime(t *testing.T) {
	for hangs, want := range map[string]answer{"list": {status: 401}, "get": {status: 401},
		"put": {200, trouble}, "send": {200, trouble}} {
		synctest.Test(t, func(t *testing.T) {
			w := begin(t)
			w.store.hangs = hangs
			start := time.Now()
			got := w.types(in("C0ACMECH01", "nettbutikk"))
			if got != want {
				t.Errorf("%s hangs: %v, want %v", hangs, got, want)
			}
			if !strings.Contains(w.log.String(), `"level":"ERROR"`) {
				t.Errorf("%s hangs: no error is logged, which an alarm would count:\n%s", hangs,
					w.log.String())
			}
			if took := time.Since(start); took != 2*time.Second {
				t.Errorf("%s hangs: answered after %v, want 2s", hangs, took)
			}
		})
	}
	w := begin(t)
	w.refuse = errors.New("503")
	if got, want := w.types(in("C0ACMECH01", "nettbutikk")), (answer{200, trouble}); got != want {
		t.Errorf("the queue: %v, want %v", got, want)
	}
}

func TestHandle_SeparatesTenants(t *testing.T) {
	w := begin(t)
	answers := map[string][]string{}
	for _, text := range []string{"help", "nettbutikk", "nettbutikk 45 share", "nett", "nobody",
		"hemmelig", "4217 99"} {
		for _, tenant := range []string{"acme", "beta"} {
			a := w.types(typed{tenant, "C0" + strings.ToUpper(tenant) + "CH01", "U0CHEF0001", text})
			answers[tenant] = append(answers[tenant], a.text)
		}
		// Nor does a channel of the one open a bot of the other.
		if a := w.types(typed{"acme", "C0BETACH01", "U0KARI001", text}); strings.Contains(a.text,
			"Making") {
			t.Errorf("%s in another tenant's channel: %v", text, a)
		}
	}
	for tenant, other := range map[string]string{"acme": "beta", "beta": "acme"} {
		for _, text := range answers[tenant] {
			if strings.Contains(strings.ToLower(text), other) {
				t.Errorf("%s reads of %s: %s", tenant, other, text)
			}
		}
		for _, q := range w.sent {
			if q.Tenant == tenant && (strings.Contains(q.Channel+q.Team+q.ResponseURL,
				strings.ToUpper(other)) || q.Team == "") {
				t.Errorf("a request of %s: %+v", tenant, q)
			}
		}
		keys, err := w.store.Memory.List(t.Context(), tenant+"/")
		if err != nil || len(keys) < 7 {
			t.Errorf("%s: keys %v, %v", tenant, keys, err)
		}
		lines := 0
		for _, line := range strings.Split(w.log.String(), "\n") {
			if strings.Contains(line, `"tenant":"`+tenant+`"`) {
				lines++
				if line = strings.ReplaceAll(line, "C0BETACH01",
					""); strings.Contains(strings.ToLower(line), other) {
					t.Errorf("a log line of %s: %s", tenant, line)
				}
			}
			if strings.Contains(line, "hooks.slack.com") || strings.Contains(line, docsSecret) {
				t.Errorf("a secret in the log: %s", line)
			}
		}
		if lines < 7 {
			t.Errorf("%s has %d log lines", tenant, lines)
		}
	}
	if len(w.sent) < 6 {
		t.Errorf("sent %v", w.sent)
	}
}
