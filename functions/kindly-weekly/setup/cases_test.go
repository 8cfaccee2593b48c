package setup_test

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/functions/kindly-weekly/setup"
)

// What people do at the questions.
func TestSetup_Cases(t *testing.T) {
	url := moto.StartCloudFormation(t)
	for _, test := range []struct {
		name    string
		prepare func(w *world)
		fails   bool
		prints  []string // in this order
		state   []string // what there is at the end
		without []string // and what there is not
	}{
		{"wrong answers, then right ones", func(w *world) {
			w.answers["Your mail address."] = []string{"", "kari", "Kari <kari@acme.example>",
				"kari@acme.example"}
			w.answers["Sender of the reports"] = []string{"weekly", "weekly@acme.example"}
			w.answers["Send reports to Slack?"] = []string{"perhaps", "yes"}
			w.answers["Short name of your"] = []string{"Acme & Co", "ACME"}
			w.answers["Address of the bot"] = []string{"https://example.com/", "nettbutikk"}
			w.answers["Its time zone"] = []string{"Olso", "oslo"}
			w.answers["Sources that count"] = []string{"wbe", ""}
			w.answers["Languages that count"] = []string{"klingon", "nb"}
			w.answers["Language of the report"] = []string{"fr", "Norsk"}
			w.answers["Slack channels"] = []string{"report", "#reports"}
			w.answers["Mail addresses that get"] = []string{"ola", "ola@acme.example"}
			w.hidden["Bot User OAuth Token"] = []string{"xoxp-wrong-1234567", "xoxb-wrong-1234567", token}
			w.hidden["Signing Secret"] = []string{"not-a-signing-secret", signing}
			w.hidden["API key of nettbutikk"] = []string{"wrong-key-1234567", key}
		}, false, []string{
			"an answer is required", "that is not a mail address", "that is not a mail address",
			"that is not a mail address", "answer yes or none", "use letters, digits and hyphens",
			"Everything is set up.",
		}, []string{"  AlarmEmail=kari@acme.example", "1 messages in D0ACMEKARI"}, nil},
		{"no Slack", func(w *world) {
			w.answers["Send reports to Slack?"] = []string{"no"}
			w.verified["kari@acme.example"] = true
		}, false, []string{"[x] Slack app      none: reports go by mail only",
			"[x] first report   sent to mail:kari@acme.example", "Everything is set up."},
			[]string{"  DivertTo=mail:kari@acme.example"}, []string{"messages", "slack"}},
		{"no mail", func(w *world) {
			w.answers["Sender of the reports"] = []string{""}
		}, false, []string{"[x] mail           none: reports go to Slack only",
			"[x] first report   sent to slack:D0ACMEKARI"}, []string{"  MailFrom=none"}, nil},
		{"neither Slack nor mail", func(w *world) {
			w.answers["Sender of the reports"] = []string{"none"}
			w.answers["Send reports to Slack?"] = []string{"none", "yes"}
		}, false, []string{"without a sender of mail, Slack is the only way: answer yes, or stop",
			"note: without mail only the alarms say that a report failed"}, nil, nil},
		{"the sender is not verified", func(w *world) {
			w.verified = map[string]bool{}
			w.answers["Press Enter when you"] = []string{""}
		}, true, []string{"[ ] mail           SES has to verify weekly@acme.example",
			"[x] first report   sent to slack:D0ACMEKARI", "1 step is still to do:\n  mail: SES",
		}, []string{"1 messages in D0ACMEKARI"}, nil},
		{"the first report waits for a yes", func(w *world) {
			w.answers["Send?"] = []string{"n"}
		}, true, []string{"[x] check", "error: first report: nothing was sent"},
			[]string{"object config/acme.yaml"}, []string{"messages"}},
		{"a private channel", func(w *world) {
			w.answers["Slack channels"] = []string{"secret", "none"}
		}, false, []string{"sees no channel #secret", "Everything is set up."}, nil, nil},
		{"no destination at all", func(w *world) {
			w.answers["Slack channels"] = []string{"none"}
			w.answers["Mail addresses that get"] = []string{"none", "ola@acme.example"}
		}, false, []string{"name an address: the bot has no channel", "Everything is set up."}, nil, nil},
		{"no destination, without mail", func(w *world) {
			w.answers["Sender of the reports"] = []string{"none"}
			w.answers["Slack channels"] = []string{"none", "#reports"}
		}, false, []string{"name a channel: the stack sends no mail", "Everything is set up."}, nil, nil},
		{"the token of prod's app", func(w *world) {
			w.prod()
			w.end = func() {}
			w.hidden["Bot User OAuth Token"] = []string{token, ""}
		}, true, []string{"this is the token of Kindly Weekly, the app of the stage prod: each stage " +
			"has an app of its own"}, nil, []string{"secret"}},
		{"a machine that counts in UTC", func(w *world) {
			w.env["TZ"] = "UTC"
		}, false, []string{"Its time zone, such as Europe/Oslo [Europe/Copenhagen]: "}, nil, nil},
		{"no region", func(w *world) {
			w.config.Region = ""
			w.answers["AWS region"] = []string{"Ireland", "eu-west-1"}
		}, false, []string{`"Ireland" is not a region`, "Everything is set up."}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, url)
			w.kari()
			test.prepare(w)
			said, err := w.setup(t.Context(), setup.Command{})
			if (err != nil) != test.fails {
				t.Errorf("%v", err)
			}
			contains(t, said, test.prints...)
			state := strings.Join(w.state(), "\n")
			for _, want := range test.state {
				if !strings.Contains(state+"\n", want+"\n") {
					t.Errorf("at the end there is no %q:\n%s", want, state)
				}
			}
			for _, no := range test.without {
				if strings.Contains(state, no) {
					t.Errorf("at the end there is %q:\n%s", no, state)
				}
			}
			if t.Failed() {
				t.Log(said)
			}
		})
	}
}

// contains expects texts in this order.
func contains(t *testing.T, said string, texts ...string) {
	t.Helper()
	left := said
	for _, text := range texts {
		_, after, ok := strings.Cut(left, text)
		if !ok {
			t.Errorf("it does not print %q after the others:\n%s", text, said)
			return
		}
		left = after
	}
}

// What follows a setup that is complete.
func TestSetup_Later(t *testing.T) {
	url := moto.StartCloudFormation(t)
	ready := func(t *testing.T) *world {
		t.Helper()
		w := newWorld(t, url)
		w.kari()
		if said, err := w.setup(t.Context(), setup.Command{}); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		return w
	}
	const file = "kindly-weekly-dev/acme.yaml"

	t.Run("a file that a person has changed", func(t *testing.T) {
		w := ready(t)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mine := strings.Replace(string(text), "name: Acme Shop", "name: Acme Store  # renamed", 1)
		if err := os.WriteFile(file, []byte(mine), 0o644); err != nil {
			t.Fatal(err)
		}
		said, err := w.setup(t.Context(), setup.Command{})
		if err != nil {
			t.Errorf("%v\n%s", err, said)
		}
		contains(t, said, "+    name: Acme Store  # renamed", "version 2 is in force")
		after, err := os.ReadFile(file)
		if diff := cmp.Diff(mine, string(after)); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	})
	t.Run("a second bot, from answers", func(t *testing.T) {
		w := ready(t)
		w.answers, w.hidden = nil, nil
		w.env["KINDLY_API_KEY_bakeri"] = "demo-key-bakeri"
		answers := "more.answers"
		if err := os.WriteFile(answers, []byte("bots:\n  - {bot: bakeri, tz: Europe/Oslo, "+
			"channels: reports}\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		said, err := w.setup(t.Context(), setup.Command{Answers: answers, SendFlags: yes(t, "--yes")})
		if err != nil {
			t.Errorf("%v\n%s", err, said)
		}
		contains(t, said, "[x] bots           nettbutikk, bakeri", "version 2 is in force")
	})
	t.Run("a second bot, from answers, with changes that are not in force", func(t *testing.T) {
		w := ready(t)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mine := strings.Replace(string(text), "name: Acme Shop", "name: Acme Store  # renamed", 1)
		if err := os.WriteFile(file, []byte(mine), 0o644); err != nil {
			t.Fatal(err)
		}
		w.answers, w.hidden = nil, nil
		w.env["KINDLY_API_KEY_kommune"] = "demo-key-kommune"
		answers := "more.answers"
		if err := os.WriteFile(answers, []byte("bots:\n  - {bot: kommune, tz: Europe/Oslo, "+
			"channels: reports}\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		said, err := w.setup(t.Context(), setup.Command{Answers: answers, SendFlags: yes(t, "--yes")})
		after, _ := os.ReadFile(file)
		if !strings.Contains(string(after), "Acme Store  # renamed") {
			t.Errorf("the changes are lost: %v\n%s", err, said)
		}
		if err != nil || !strings.Contains(string(after), "kommune") {
			t.Errorf("the bot is not in the file: %v\n%s", err, said)
		}
		contains(t, said, "version 2 is in force", "Everything is set up.")
	})
	t.Run("two bots, and no key of the second one at first", func(t *testing.T) {
		w := ready(t)
		w.answers, w.hidden = nil, nil
		w.env["KINDLY_API_KEY_kommune"] = "demo-key-kommune"
		const answers = "more.answers"
		if err := os.WriteFile(answers, []byte("bots:\n  - {bot: kommune, channels: reports}\n"+
			"  - {bot: support, channels: reports}\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		c := setup.Command{Answers: answers, SendFlags: yes(t, "--yes")}
		for range 2 { // the second time the file has the first one already
			said, err := w.setup(t.Context(), c)
			if err == nil {
				t.Error("support has no key")
			}
			contains(t, said, "error: bots: secret not given: set the variable KINDLY_API_KEY_support")
		}
	})
	t.Run("a version of another person", func(t *testing.T) {
		w := ready(t)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mine := strings.Replace(string(text), "name: Acme Shop", "name: Acme Store", 1)
		if err := os.WriteFile(file, []byte(mine), 0o644); err != nil {
			t.Fatal(err)
		}
		pulled, err := os.ReadFile("kindly-weekly-dev/.acme.yaml.pulled")
		if err != nil {
			t.Fatal(err)
		}
		if said, err := w.setup(t.Context(), setup.Command{}); err != nil {
			t.Errorf("%v\n%s", err, said)
		}
		for name, data := range map[string][]byte{file: text, "kindly-weekly-dev/.acme.yaml.pulled": pulled} {
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		said, err := w.setup(t.Context(), setup.Command{})
		if changed := w.writes(); err != nil || len(changed) > 0 {
			t.Errorf("%v: it changes %q\n%s", err, changed, said)
		}
		contains(t, said, "[x] configuration  in force: 1 bot; kindly-weekly-dev/acme.yaml is an earlier version")
	})
	t.Run("the other stage", func(t *testing.T) {
		w := ready(t)
		said, err := w.setup(t.Context(), setup.Command{Stage: "prod", Stack: "kindly-weekly-dev"})
		if err == nil {
			t.Error("a dev stack is set up as prod")
		}
		contains(t, said, "kindly-weekly-dev is of the stage dev: add --stage dev")
	})
	t.Run("another stack of the stage", func(t *testing.T) {
		w := ready(t)
		said, err := w.setup(t.Context(), setup.Command{Stack: "other"})
		if err != nil {
			t.Errorf("%v\n%s", err, said)
		}
		contains(t, strings.Join(w.state(), "\n"), "SecretPrefix=kindly-weekly/dev/", "SecretPrefix=other/",
			"file kindly-weekly-dev/acme.yaml", "file other/acme.yaml",
			"secret kindly-weekly/dev/acme/nettbutikk", "secret other/acme/nettbutikk")
	})
	for _, test := range []struct{ name, answer, want string }{
		{"prod takes over", "y", ""},
		{"prod does not take over", "n", "Address of the bot"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := ready(t)
			w.prod()
			w.answers["Take over 1 bot"] = []string{test.answer}
			w.verified["kari@acme.example"] = true
			w.answers["Your mail address."] = []string{""}
			w.answers["Sender of the reports"] = []string{""}
			said, err := w.setup(t.Context(), setup.Command{Stage: "prod"})
			if err != nil {
				t.Errorf("%v\n%s", err, said)
			}
			if asks := strings.Contains(said, "Address of the bot"); asks != (test.want != "") {
				t.Errorf("it asks for bots: %v", asks)
			}
			contains(t, said, "Your mail address. It gets the alarms [kari@acme.example]: ",
				"version 1 is in force", "first report", "stage prod\nSend? [y/N] y",
				"[x] first report   sent to slack:U0ACMEKARI, mail:kari@acme.example")
			contains(t, strings.Join(w.state(), "\n"), "1 messages in D0ACMEKARI",
				"secret kindly-weekly/prod/acme/nettbutikk, 1 version")
		})
	}
	t.Run("a dry run", func(t *testing.T) {
		w := ready(t)
		before := w.state()
		w.answers = map[string][]string{}
		said, err := w.setup(t.Context(), setup.Command{DryRun: true})
		if changed := w.writes(); err != nil || len(changed) > 0 || !cmp.Equal(before, w.state()) {
			t.Errorf("%v: it changes %q", err, changed)
		}
		contains(t, said, "[x] first report", "nothing was changed")
	})
}

// prod makes the app in Slack the one of prod.
func (w *world) prod() { w.newSlack("Kindly Weekly") }

// What setup refuses before it does anything.
func TestSetup_Refuses(t *testing.T) {
	url := moto.StartCloudFormation(t)
	const secret = "very-secret-1234567"
	for _, test := range []struct {
		name, answers, want string
		yes                 string
		usage               bool
	}{
		{"no terminal and no answers", "", "setup asks questions, and there is no terminal", "", true},
		{"no yes", "email: kari@acme.example", "add --yes", "", true},
		{"an unknown key", "mail: kari@acme.example", "line 1: the key is unknown", "--yes", false},
		{"a secret in the answers", "token: " + secret, "line 1: the key is unknown", "--yes", false},
		{"a secret as a key", secret + ": 1", "line 1: the key is unknown", "--yes", false},
		{"a secret in place of a list", "bots: " + secret, "line 1: the value is not of the kind", "--yes", false},
		{"a secret that is not YAML", "\"" + secret, "this is not YAML", "--yes", false},
		{"a missing answer", "region: eu-west-1", "email: an answer is required", "--yes", false},
		{"a wrong answer", "email: kari", "email: that is not a mail address", "--yes", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, url)
			c := setup.Command{}
			if test.answers != "" {
				c.Answers = "acme.answers"
				if err := os.WriteFile(c.Answers, []byte(test.answers), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if test.yes != "" {
				c.SendFlags = yes(t, test.yes)
			}
			said, err := w.setup(t.Context(), c)
			if err == nil || !strings.Contains(said, test.want) ||
				errors.Is(err, cli.ErrUsage) != test.usage {
				t.Errorf("%v\n%s", err, said)
			}
			if strings.Contains(said, "secret-1234") {
				t.Errorf("it quotes the secret:\n%s", said)
			}
			if changed := w.writes(); len(changed) > 0 {
				t.Errorf("it changes %q", changed)
			}
		})
	}
}

// Without a permission the error names it, or says what to do.
func TestSetup_Denied(t *testing.T) {
	url := moto.StartCloudFormation(t)
	for _, test := range []struct{ service, action, want string }{
		{"sts", "GetCallerIdentity", "aws sts get-caller-identity"},
		{"cloudformation", "DescribeStacks", "cloudformation:DescribeStacks"},
		{"cloudformation", "CreateChangeSet", "cloudformation:CreateChangeSet"},
		{"secretsmanager", "GetSecretValue", "secretsmanager:GetSecretValue"},
		{"secretsmanager", "CreateSecret", "secretsmanager:CreateSecret"},
		{"ses", "GET /v2/email/account", "ses:GetAccount"},
		{"lambda", "POST ", "lambda:InvokeFunction"},
		{"s3", "PUT /", "s3:CreateBucket"},
	} {
		t.Run(test.service+" "+test.action, func(t *testing.T) {
			w := newWorld(t, url)
			w.kari()
			w.before = func(r request) *http.Response {
				if r.service == test.service && strings.HasPrefix(r.action, test.action) {
					return denied(r)
				}
				return nil
			}
			said, err := w.setup(t.Context(), setup.Command{})
			if err == nil || !strings.Contains(last(said), test.want) {
				t.Errorf("it ends with %s\nwant %s", last(said), test.want)
			}
		})
	}
}

// yes returns the flags of a command line.
func yes(t *testing.T, flag string) (f deployment.SendFlags) {
	t.Helper()
	parser, err := kong.New(&f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{flag}); err != nil {
		t.Fatal(err)
	}
	return f
}
