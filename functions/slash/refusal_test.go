package slash_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"kindlyweekly/functions/aws/secrets"
)

// Whatever keeps a request from being verified, the answer is the same, and nothing is stored or
// queued. Only the log says more: an error, with the tenant's name, where people of a tenant are
// refused for a fault of ours.
func TestHandle_RefusalsAreTheSame(t *testing.T) {
	unreadable := func(key string) error { return errors.New("503 Slow Down") }
	for _, test := range []struct {
		what   string
		set    func(w *world, r *events.APIGatewayV2HTTPRequest)
		logged string // as an error; empty: no error is logged
	}{
		{"a team that is unknown", func(w *world, r *events.APIGatewayV2HTTPRequest) {
			*r = signed(typed{"nobody", "C0ACMECH01", "U0KARI001", "help"}.form(), docsSecret,
				w.clock)
		}, ""},
		{"no team", func(w *world, r *events.APIGatewayV2HTTPRequest) {
			*r = signed("", docsSecret,
				w.clock)
		}, ""},
		{"a wrong signature of a known team", func(w *world, r *events.APIGatewayV2HTTPRequest) {
			*r = signed(in("C0ACMECH01", "help").form(), "guess", w.clock)
		}, ""},
		{"another tenant's signature", func(w *world, r *events.APIGatewayV2HTTPRequest) {
			*r = signed(in("C0ACMECH01", "help").form(), w.secrets["kindly/beta#signing"], w.clock)
		}, ""},
		{"no signature", func(w *world, r *events.APIGatewayV2HTTPRequest) { r.Headers = nil }, ""},
		{"an old timestamp",
			func(w *world, r *events.APIGatewayV2HTTPRequest) { w.clock = w.clock.Add(time.Hour) },
			""},
		{"a tenant without a signing secret", func(w *world, r *events.APIGatewayV2HTTPRequest) {
			w.config("acme", strings.Replace(acme, ", signing_secret: kindly/acme#signing", "", 1))
		}, ""},
		{"a secret that is empty", func(w *world, r *events.APIGatewayV2HTTPRequest) {
			w.secrets["kindly/acme#signing"] = ""
			*r = signed(in("C0ACMECH01", "help").form(), "", w.clock)
		}, ""},
		{"a secret that is gone", func(w *world,
			r *events.APIGatewayV2HTTPRequest) {
			delete(w.secrets, "kindly/acme#signing")
		},
			"acme"},
		{"a secret that cannot be read", func(w *world,
			r *events.APIGatewayV2HTTPRequest) {
			w.silent = errors.New("503")
		}, "acme"},
		{"another tenant's secret", func(w *world, r *events.APIGatewayV2HTTPRequest) {
			w.config("acme", strings.Replace(acme, "kindly/acme#signing", "kindly/beta#signing", 1))
			*r = signed(in("C0ACMECH01", "help").form(), w.secrets["kindly/beta#signing"], w.clock)
		}, "acme"},
		{"configurations that cannot be listed",
			func(w *world, r *events.APIGatewayV2HTTPRequest) { w.store.hangs = "list" },
			"deadline"},
		{"configurations that cannot be read",
			func(w *world, r *events.APIGatewayV2HTTPRequest) { w.store.fails = unreadable },
			"configuration of acme"},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := begin(t)
			r := signed(in("C0ACMECH01", "help").form(), docsSecret, w.clock)
			test.set(w, &r)
			got, err := w.Handle(w.Context(), r)
			if want := (events.APIGatewayV2HTTPResponse{StatusCode: http.StatusUnauthorized}); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, %v; want %+v", test.what, got, err, want)
			}
			if keys, err := w.store.Memory.List(t.Context(), "acme/seen/"); err != nil ||
				len(keys) > 0 || len(w.sent) > 0 {
				t.Errorf("%s: stored %v, sent %v, %v", test.what, keys, w.sent, err)
			}
			errors := ""
			for line := range strings.Lines(w.log.String()) {
				if strings.Contains(line, `"level":"ERROR"`) {
					errors += line
				}
			}
			if !strings.Contains(w.log.String(),
				`"message":"a slash command was refused","why":"the `) {
				t.Errorf("%s: the log does not say why:\n%s", test.what, w.log.String())
			}
			if (errors == "") != (test.logged == "") || !strings.Contains(errors, test.logged) {
				t.Errorf("%s: want an error of %q in the log:\n%s", test.what, test.logged,
					w.log.String())
			}
		})
	}
}

// manager counts what Secrets Manager is asked.
type manager struct {
	secrets.Client
	calls int
	value string
	err   error
}

func (m *manager) GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput,
	...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	m.calls++
	if m.err != nil {
		return nil, m.err
	}
	return &secretsmanager.GetSecretValueOutput{SecretString: &m.value}, nil
}

// A stranger who names an unknown team causes no request at all, and one who names a known team one
// to Secrets Manager in a minute, since the secret may be new. The configurations are listed once a
// minute, for all callers, and read if they have changed.
func TestHandle_UnsignedCausesFewFetches(t *testing.T) {
	long := strings.Repeat("x", 64<<10)
	for _, test := range []struct {
		what          string
		request       func(at time.Time) events.APIGatewayV2HTTPRequest
		store, secret int // requests in ten minutes, each of which a hundred ask
	}{
		{"an unknown team", func(at time.Time) events.APIGatewayV2HTTPRequest {
			return signed(typed{"nobody", "C0ACMECH01", "U0KARI001",
				"help"}.form()+"&enterprise_id=E0NOBODY", "guess", at)
		}, 10 + 3, 0}, // lists, two configurations and the index
		{"a known team", func(at time.Time) events.APIGatewayV2HTTPRequest {
			return signed(in("C0ACMECH01", "help").form(), "guess", at)
		}, 10 + 3, 10},
		{"an old timestamp", func(at time.Time) events.APIGatewayV2HTTPRequest {
			return signed(in("C0ACMECH01", "help").form(), docsSecret, at.Add(-6*time.Minute))
		}, 0, 0},
		{"no form", func(at time.Time) events.APIGatewayV2HTTPRequest {
			return signed("team_id=%zz",
				docsSecret, at)
		}, 0, 0},
		{"no base64", func(at time.Time) events.APIGatewayV2HTTPRequest {
			r := signed("team_id=T0ACME001", docsSecret, at)
			r.IsBase64Encoded = true
			return r
		}, 0, 0},
		{"too long a body", func(at time.Time) events.APIGatewayV2HTTPRequest {
			return signed((in("C0ACMECH01", "help").form() + "&x=" + long), docsSecret, at)
		}, 0, 0},
		{"too long a body in base64", func(at time.Time) events.APIGatewayV2HTTPRequest {
			body := in("C0ACMECH01", "help").form() + "&x=" + long
			r := signed(body, docsSecret, at)
			r.Body, r.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(body)), true
			return r
		}, 0, 0},
	} {
		w, m := begin(t), &manager{value: `{"signing": "` + docsSecret + `"}`}
		w.Secrets = &secrets.Manager{Client: m, TTL: time.Hour,
			Now: func() time.Time { return w.clock }}
		for range 10 {
			for range 100 {
				w.clock = w.clock.Add(600 * time.Millisecond)
				if got := w.handle(test.request(w.clock)); got != (answer{status: 401}) {
					t.Fatalf("%s: %v", test.what, got)
				}
			}
		}
		if len(w.calls) != test.store || m.calls != test.secret {
			t.Errorf("%s: %d requests to the store and %d to Secrets Manager, want %d and %d",
				test.what, len(w.calls), m.calls, test.store, test.secret)
		}
	}
}

// While Secrets Manager fails, strangers who name a known team cause a request in five seconds. It
// is not remembered that a new secret could not be fetched: those whose signature is right go on
// with what is known.
func TestHandle_UnsignedWhileSecretsFail(t *testing.T) {
	w, m := begin(t), &manager{err: errors.New("connection reset")}
	w.Secrets = &secrets.Manager{Client: m, TTL: time.Hour,
		Now: func() time.Time { return w.clock }}
	stranger := func() {
		t.Helper()
		w.clock = w.clock.Add(100 * time.Millisecond)
		if got := w.handle(signed(in("C0ACMECH01", "help").form(), "guess",
			w.clock)); got != (answer{status: 401}) {
			t.Errorf("%v", got)
		}
	}
	for range 3000 {
		stranger()
	}
	if m.calls != 60 {
		t.Errorf("%d requests in five minutes, want 60", m.calls)
	}
	m.err, m.value = nil, `{"signing": "`+docsSecret+`"}`
	w.clock = w.clock.Add(5 * time.Second)
	if got := w.types(in("C0ACMECH01", "nettbutikk")); got.status != 200 || len(w.sent) != 1 {
		t.Errorf("when it answers again: %v", got)
	}
	m.err = errors.New("connection reset")
	w.clock = w.clock.Add(2 * time.Minute)
	stranger()
	if got := w.types(in("C0ACMECH01", "nettbutikk")); got.status != 200 || len(w.sent) != 2 {
		t.Errorf("when it fails again: %v", got)
	}
}

// stale gives what it remembers and cannot fetch anything.
type stale struct{ *world }

func (s stale) Refetch(context.Context, string) (string, error) {
	return "", errors.New("connection reset")
}

func TestHandle_UnsignedLocksNoTenantOut(t *testing.T) {
	w := begin(t)
	w.Secrets = stale{w}
	if got := w.handle(signed(in("C0ACMECH01", "help").form(), "guess",
		w.clock)); got != (answer{status: 401}) {
		t.Errorf("a stranger: %v", got)
	}
	if got := w.types(in("C0ACMECH01", "nettbutikk")); got.status != 200 || len(w.sent) != 1 {
		t.Errorf("whose signature is right: %v", got)
	}
}

// The longest body that is read, and one byte more.
func TestHandle_LongestBody(t *testing.T) {
	for _, encoded := range []bool{false, true} {
		for extra, want := range map[int]int{0: 200, 1: 401} {
			w := begin(t)
			body := in("C0ACMECH01", "help").form() + "&x="
			body += strings.Repeat("x", 64<<10-len(body)+extra)
			r := signed(body, docsSecret, w.clock)
			if encoded {
				r.Body, r.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(body)), true
			}
			if got := w.handle(r); got.status != want {
				t.Errorf("%d bytes, base64 %v: %v, want %d", len(body), encoded, got, want)
			}
		}
	}
}

// shared is acme and beta with one Slack app: one team, and secrets of one value. Kari is in a
// channel of each, and the chief sees a bot of each.
func shared(t *testing.T) *world {
	w := begin(t)
	w.secrets["kindly/beta#signing"] = docsSecret
	w.config("beta", `
slack: {team: T0ACME001, signing_secret: kindly/beta#signing}
defaults: {tz: Europe/Copenhagen, locale: da}
bots:
  - {id: nettbutikk, name: Nettbutikk chatbot, channels: C0BETACH01}
  - {id: support, name: Kundeservice & salg, channels: [C0BETACH01, C0SHARED01], viewers: U0CHEF0001}
  - {id: hemmelig, name: Betas hemmelighed, channels: C0BETASEC1}
  - {id: "4218", name: utsalg, channels: [C0SHARED01, C0TWO00001]}
`)
	w.config("acme",
		acme+"  - {id: felles, channels: [C0SHARED01, C0TWO00001]}\n  - {id: butikk2, name: Utsalg, channels: C0SHARED01}\n")
	return w
}

func TestSharedApp(t *testing.T) {
	for _, test := range []struct{ channel, user, text, request, answer string }{
		// Each tenant's own channel finds its own bots, by its own language, as if there were no
		// other tenant.
		{"C0ACMECH01", "U0KARI001", "nettbutikk", "acme nettbutikk",
			"Making the report of Nettbutikk chatbot, "},
		{"C0BETACH01", "U0KARI001", "nettbutikk", "beta nettbutikk",
			"Rapporten for Nettbutikk chatbot, "},
		{"C0BETACH01", "U0KARI001", "nettbutikk share", "beta nettbutikk share", "Rapporten for "},
		{"C0ACMECH01", "U0KARI001", "support", "",
			"There is no bot “support” whose report you can ask for here.\n"},
		{"C0BETACH01", "U0KARI001", "4217", "", "Her er der ingen bot »4217«"},
		{"C0BETACH01", "U0KARI001", "hemmelig", "", "Her er der ingen bot »hemmelig«"},
		{"C0BETASEC1", "U0KARI001", "4217", "", "Her er der ingen bot »4217«"},
		{"C0ACMECH01", "U0KARI001", "beta/nettbutikk", "", "There is no bot “beta/nettbutikk” "},
		// one tenant: no need of it
		{"C0ACMECH01", "U0KARI001", "acme/nettbutikk", "", "There is no bot “acme/nettbutikk” "},
		{"C0RANDOM01", "U0KARI001", "nettbutikk", "",
			"There is no bot whose report you can ask for here. "},

		// Where a person may ask for bots of both, a name of both is ambiguous, and tenant/id tells
		// them apart.
		{"D0DIRECT01", "U0CHEF0001", "kundeservice & salg", "",
			"“kundeservice &amp; salg” can mean “Kundeservice &amp; salg” (`acme/4217`) and “Kundeservice &amp; salg” (`beta/support`). Write the id."},
		{"D0DIRECT01", "U0CHEF0001", "kunde 45", "",
			"“kunde” can mean “Kundeservice &amp; salg” (`acme/4217`) and “Kundeservice &amp; salg” (`beta/support`). Write the id."},
		{"D0DIRECT01", "U0CHEF0001", "beta/support", "beta support", ""},
		{"D0DIRECT01", "U0CHEF0001", "ACME/4217 45", "acme 4217", ""},
		{"D0DIRECT01", "U0CHEF0001", "acme/4217 please", "",
			"I do not understand “please” after Kundeservice &amp; salg."},
		{"D0DIRECT01", "U0CHEF0001", "support", "beta support", ""},
		{"D0DIRECT01", "U0CHEF0001", "beta/nettbutikk", "", "There is no bot “beta/nettbutikk” "},
		{"C0SHARED01", "U0KARI001", "felles", "acme felles", ""},
		{"C0SHARED01", "U0KARI001", "support", "beta support", ""},
		{"C0SHARED01", "U0KARI001", "support share", "beta support share", ""},
		// acme's to the letter, and beta's but for the case
		{"C0SHARED01", "U0KARI001", "Utsalg", "",
			"“Utsalg” can mean “Utsalg” (`acme/butikk2`) and “utsalg” (`beta/4218`). Write the id."},
		{"C0SHARED01", "U0KARI001", "4218", "beta 4218", ""},
		{"C0SHARED01", "U0KARI001", "ut", "",
			"“ut” can mean “Utsalg” (`acme/butikk2`) and “utsalg” (`beta/4218`). Write the id."},
		{"C0SHARED01", "U0KARI001", "hemmelig", "", "There is no bot “hemmelig” "},
	} {
		w := shared(t)
		got := w.types(typed{"acme", test.channel, test.user, test.text})
		request := ""
		for _, q := range w.sent {
			request = q.Tenant + " " + q.Bot
			if q.Share {
				request += " share"
			}
			if q.Team != "T0ACME001" {
				t.Errorf("%q: of team %s", test.text, q.Team)
			}
		}
		if got.status != 200 || request != test.request ||
			!strings.HasPrefix(got.text, test.answer) {
			t.Errorf("%q in %s asks for %q and is answered %q; want %q, %q", test.text,
				test.channel, request, got.text, test.request, test.answer)
		}
	}
}

// The names of two tenants that share an app may differ in case alone.
func TestSharedApp_NamesDifferInCase(t *testing.T) {
	for text, want := range map[string]string{
		"acme/nettbutikk": "acme", "Acme/nettbutikk": "Acme",
		"ACME/nettbutikk": "“ACME/nettbutikk” can mean “nettbutikk” (`Acme/nettbutikk`) and “Nettbutikk chatbot” (`acme/nettbutikk`). Write the id.",
	} {
		w := begin(t)
		w.secrets["kindly/Acme"] = docsSecret
		w.config("Acme", aaa("T0ACME001", "kindly/Acme"))
		got := w.types(in("C0ACMECH01", text))
		if len(w.sent) == 1 {
			got.text = w.sent[0].Tenant
		}
		if got.text != want {
			t.Errorf("%q: %s, want %s", text, got.text, want)
		}
	}
}

// Tenant/id is looked for before the names of bots.
func TestSharedApp_TenantAndIDBeforeName(t *testing.T) {
	for _, text := range []string{"acme/4217", "ACME/4217"} {
		w := begin(t)
		w.secrets["kindly/aaa"] = docsSecret
		w.config("aaa", strings.Replace(aaa("T0ACME001", "kindly/aaa"), "{id: bbb}",
			"{id: bbb, name: ACME/4217}", 1))
		if got := w.types(in("C0ACMECH01", text)); len(w.sent) != 1 || w.sent[0].Tenant != "acme" {
			t.Errorf("%q: %v, sent %v", text, got, w.sent)
		}
	}
}

// The log says whose request it is: of both before a bot was found, and then of its tenant.
func TestSharedApp_LogNamesTheTenants(t *testing.T) {
	for text, want := range map[string][]string{
		"help": {`"level":"INFO","message":"slash command answered at once","tenant":"acme beta"`},
		"support": {`"message":"slash command queued"`, `"channel":"C0SHARED01"`, `"tenant":"beta"`,
			`"bot":"support"`, `"period":"2026-W46"`},
	} {
		w := shared(t)
		w.types(typed{"acme", "C0SHARED01", "U0KARI001", text})
		for _, part := range want {
			if !strings.Contains(w.log.String(), part) {
				t.Errorf("%q: the log lacks %s:\n%s", text, part, w.log.String())
			}
		}
	}
}

func TestSharedApp_Help(t *testing.T) {
	for where, want := range map[typed]string{
		{"acme", "C0SHARED01", "U0KARI001",
			"help"}: "• felles (`acme/felles`)\n• Utsalg (`acme/butikk2`)\n• Kundeservice &amp; salg (`beta/support`)\n• utsalg (`beta/4218`)",
		{"acme", "C0TWO00001", "U0KARI001",
			"help"}: "• felles (`acme/felles`)\n• utsalg (`beta/4218`)",
		{"acme", "G0ACMECH02", "U0KARI001", "help"}: "• Nettbutikk chatbot (`nettbutikk`)",
		{"acme", "C0BETASEC1", "U0KARI001", "help"}: "• Betas hemmelighed (`hemmelig`)",
		{"acme", "C0ACMECH01", "U0KARI001",
			"help"}: "• Nettbutikk chatbot (`nettbutikk`)\n• Kundeservice &amp; salg (`4217`)\n• nettsalg",
	} {
		w := shared(t)
		w.secrets["kindly/zeta"] = docsSecret // a third tenant, with no bot for these places
		w.config("zeta", strings.NewReplacer("C0ACMECH01, C0SHARED01",
			"C0ZETA00001").Replace(aaa("T0ACME001", "kindly/zeta")))
		got := w.types(where)
		if _, list, _ := strings.Cut(got.text, ":\n• "); !strings.HasSuffix(got.text, "\n"+want) ||
			strings.Count(list, "\n• ") != 3+strings.Count(want, "\n") {
			t.Errorf("%v: %q, want %q", where, got.text, want)
		}
	}
}

// What a tenant has in a channel or for a person that another tenant's bots cannot be asked for in
// is not seen to be there: every answer is as if the other tenant had no such bots.
func TestSharedApp_HidesOtherBots(t *testing.T) {
	alone := func(t *testing.T) *world {
		w := begin(t)
		w.config("acme", acme)
		return w
	}
	for _, channel := range []string{"C0ACMECH01", "C0RANDOM01"} {
		for _, text := range []string{
			"", "help", "hemmelig", "betas", "Betas hemmelighed", "support", "beta/hemmelig",
			"beta/", "acme/nettbutikk", "nettbutikk 99", "nett", "4218", "utsal share",
			"kundeservice & salg share",
		} {
			w := shared(t)
			w.config("acme", acme)
			both := w.types(typed{"acme", channel, "U0KARI001", text})
			if want := alone(t).types(typed{"acme", channel, "U0KARI001", text}); both != want {
				t.Errorf("%q in %s: %q, want %q", text, channel, both.text, want.text)
			}
		}
	}
}

// A replay is one for each tenant that the request is of, so that it is known although one of them
// is not there any more.
func TestSharedApp_Replay(t *testing.T) {
	w := shared(t)
	r := signed(in("C0SHARED01", "support").form(), docsSecret, w.clock)
	if got := w.handle(r); got.text == "" || len(w.sent) != 1 {
		t.Fatalf("%v", got)
	}
	for _, gone := range []string{"", "acme", "beta"} {
		w := shared(t)
		w.handle(r)
		if gone != "" {
			w.config(gone, strings.Replace(acme, "T0ACME001", "T0OTHER01", 1))
		}
		w.clock = w.clock.Add(2 * time.Minute)
		if got := w.handle(r); got != (answer{status: 200}) || len(w.sent) != 1 {
			t.Errorf("without %q: %v, sent %v", gone, got, w.sent)
		}
	}
}

// The secret is new, and each tenant's copy of it has to be fetched anew.
func TestSharedApp_NewSecret(t *testing.T) {
	w := shared(t)
	w.secrets["kindly/acme#signing (new)"], w.secrets["kindly/beta#signing (new)"] = "rotated",
		"rotated"
	w.handle(signed(in("C0SHARED01", "support").form(), "rotated", w.clock))
	if len(w.sent) != 1 || w.sent[0].Tenant != "beta" {
		t.Errorf("sent %v", w.sent)
	}
}

// A tenant that cannot be verified keeps no other from being answered, whatever its file says.
func TestHandle_TenantsOfATeamDoNotHarm(t *testing.T) {
	for what, set := range map[string]func(w *world){
		"no such secret":  func(w *world) { delete(w.secrets, "kindly/aaa") },
		"another secret":  func(w *world) { w.secrets["kindly/aaa"] = "another" },
		"an empty secret": func(w *world) { w.secrets["kindly/aaa"] = "" },
		"another tenant's secret": func(w *world) {
			w.config("aaa",
				aaa("T0ACME001", "kindly/acme#signing"))
		},
	} {
		w := begin(t)
		w.config("aaa", aaa("T0ACME001", "kindly/aaa"))
		set(w)
		if got := w.types(in("C0ACMECH01", "nettbutikk")); len(w.sent) != 1 ||
			w.sent[0].Tenant != "acme" {
			t.Errorf("%s: %v, sent %v", what, got, w.sent)
		}
		// what could not be read is an error of each request, also where it is not asked for again
		w.log.Reset()
		if got := w.types(in("C0ACMECH01", "bbb")); !strings.HasPrefix(got.text,
			"There is no bot “bbb”") {
			t.Errorf("%s: %v", what, got)
		}
		logged := strings.Contains(w.log.String(),
			`"level":"ERROR","message":"a tenant's slash command is not answered","tenant":"aaa"`)
		if want := what == "no such secret" || what == "another tenant's secret"; logged != want {
			t.Errorf("%s: logged %v, want %v:\n%s", what, logged, want, w.log.String())
		}
	}
}

func aaa(team, secret string) string {
	return fmt.Sprintf("slack: {team: %s, signing_secret: %s}\ndefaults: {tz: UTC, channels: [C0ACMECH01, C0SHARED01]}\nbots: [{id: nettbutikk}, {id: bbb}]\n", team, secret)
}

// On a cold start a file cannot be read, and it may be that of the tenant whose people ask. No
// other tenant answers for it what it might have answered otherwise.
func TestHandle_UnreadableConfiguration(t *testing.T) {
	const grid, team = "E0ACMEGRID", "T0ACME001"
	for _, test := range []struct {
		what    string
		aaa     string   // the team of the other tenant, whose app and channels acme shares
		unread  []string // keys
		keep    bool     // acme has a last good version
		text    string
		request string
		want    answer
	}{
		{"nothing fails", grid, nil, false, "nettbutikk", "acme nettbutikk", answer{200, "Making"}},
		{"the workspace's own fails", grid, []string{"config/acme.yaml"}, false, "nettbutikk", "",
			answer{status: 401}},
		{"the workspace's own fails, and has a good version", grid, []string{"config/acme.yaml"},
			true, "nettbutikk", "acme nettbutikk", answer{200, "Making"}},
		{"both of the workspace's own fail", grid,
			[]string{"config/acme.yaml", "acme/config/good.yaml"}, true, "bbb", "",
			answer{status: 401}},
		{"a third tenant's fails", grid, []string{"config/beta.yaml"}, false, "nettbutikk",
			"acme nettbutikk", answer{200, "Making"}},
		{"the grid's fails", grid, []string{"config/aaa.yaml"}, false, "nettbutikk",
			"acme nettbutikk", answer{200, "Making"}},
		{"a bot of the grid's", grid, nil, false, "bbb", "", answer{200, "There is no bot “bbb”"}},

		{"two of one workspace", team, nil, false, "nettbutikk", "",
			answer{200, "“nettbutikk” can mean"}},
		{"the right one fails", team, []string{"config/acme.yaml"}, false, "felles", "",
			answer{200, trouble}},
		{"the right one fails, and help", team, []string{"config/acme.yaml"}, false, "help", "",
			answer{200, trouble}},
		{"the right one fails, and has a good version", team, []string{"config/acme.yaml"}, true,
			"4217", "acme 4217", answer{200, "Making"}},
		{"the other one answers for its own", team, []string{"config/acme.yaml"}, false, "bbb",
			"aaa bbb", answer{200, "Making"}},
		{"all fail", team, []string{"config/acme.yaml", "config/aaa.yaml", "config/beta.yaml"},
			false, "bbb", "", answer{status: 401}},
	} {
		w := begin(t)
		w.secrets["kindly/aaa"] = docsSecret
		w.config("aaa", aaa(test.aaa, "kindly/aaa"))
		if test.keep {
			w.put("acme/config/good.yaml", acme)
		}
		w.store.fails = func(key string) error {
			for _, unread := range test.unread {
				if key == unread {
					return errors.New("503 Slow Down")
				}
			}
			return nil
		}
		got := w.handle(signed(in("C0ACMECH01", test.text).form()+"&enterprise_id="+grid,
			docsSecret, w.clock))
		request := ""
		for _, q := range w.sent {
			request = q.Tenant + " " + q.Bot
		}
		if got.status != test.want.status || !strings.HasPrefix(got.text, test.want.text) ||
			test.want.text == "" && got.text != "" || request != test.request {
			t.Errorf("%s: %v, sent %q; want %v, %q", test.what, got, request, test.want,
				test.request)
		}
		if refused := got.status == 401 || got.text == trouble; refused &&
			!strings.Contains(w.log.String(), `"level":"ERROR"`) {
			t.Errorf("%s: nothing of it is in the log:\n%s", test.what, w.log.String())
		}
	}
}

// The grid's tenant answers in a workspace that has none of its own, and in no other.
func TestGrid_WorkspaceBeforeGrid(t *testing.T) {
	for _, test := range []struct {
		what, own string // acme's configuration
		secret    string // that the request is signed with
		want      string // the tenant that answers
	}{
		{"a tenant of its own", acme, docsSecret, "acme"},
		{"the grid's secret", acme, "grid", ""},
		{"one without a signing secret", strings.Replace(acme,
			", signing_secret: kindly/acme#signing", "", 1), "grid", ""},
		{"none", strings.Replace(acme, "T0ACME001", "T0OTHER01", 1), "grid", "aaa"},
		{"none, and its secret", strings.Replace(acme, "T0ACME001", "T0OTHER01", 1), docsSecret,
			""},
	} {
		w := begin(t)
		w.config("acme", test.own)
		w.config("aaa", aaa("E0ACMEGRID", "kindly/aaa"))
		w.secrets["kindly/aaa"] = "grid"
		w.handle(signed(in("C0ACMECH01", "nettbutikk").form()+"&enterprise_id=E0ACMEGRID",
			test.secret, w.clock))
		got := ""
		for _, q := range w.sent {
			got = q.Tenant
		}
		if got != test.want {
			t.Errorf("%s: %q answers, want %q", test.what, got, test.want)
		}
	}
}
