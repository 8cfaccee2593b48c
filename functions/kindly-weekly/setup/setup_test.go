package setup_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/internal/moto"
	"kindlyweekly/functions/kindly-weekly/setup"
)

// kari has an answer to every question.
func (w *world) kari() {
	w.answers = map[string][]string{
		"Your mail address.":      {"kari@acme.example"},
		"Sender of the reports":   {"weekly@acme.example"},
		"in the account":          {""},
		"Send reports to Slack?":  {""},
		"Short name of your":      {""},
		"Send it to your direct":  {""},
		"Address of the bot":      {"https://app.kindly.ai/bot/nettbutikk/analytics"},
		"Its name":                {"Acme Shop"},
		"Its time zone":           {""},
		"Sources that count":      {""},
		"Languages that count":    {""},
		"Language of the report":  {""},
		"Slack channels":          {"#reports"},
		"Mail addresses that get": {"ola@acme.example"},
		"Another bot?":            {""},
		"Send?":                   {"y"},
	}
	w.hidden = map[string][]string{
		"Bot User OAuth Token":  {token},
		"Signing Secret":        {signing},
		"API key of nettbutikk": {key},
	}
	w.verified["weekly@acme.example"] = true
}

// varying are what differs from run to run: names that moto makes, and Slack's time of a message.
var varying = regexp.MustCompile(`kindly-weekly-dev-Api-\w+|\d{10}\.\d{6}|(slash|tick|worker)-[0-9a-f]{40}`)

func TestSetup(t *testing.T) {
	url := moto.StartCloudFormation(t)

	t.Run("from nothing to the report", func(t *testing.T) {
		w := newWorld(t, url)
		w.kari()
		said, err := w.setup(t.Context(), setup.Command{})
		if err != nil {
			t.Error(err)
		}
		golden(t, "interactive.txt", varying.ReplaceAllString(said, "VARIES"))
		golden(t, "state.txt", strings.Join(w.state(), "\n")+"\n")

		w.answers = map[string][]string{} // nothing is asked
		before := w.state()
		said, err = w.setup(t.Context(), setup.Command{})
		if err != nil {
			t.Error(err)
		}
		golden(t, "again.txt", varying.ReplaceAllString(said, "VARIES"))
		if changed := w.writes(); len(changed) > 0 {
			t.Errorf("run again, it changes %q", changed)
		}
		if diff := cmp.Diff(before, w.state()); diff != "" {
			t.Error(diff)
		}
	})

	// What is not an answer is asked again. Prod takes over the bots of dev.
	t.Run("slips, then prod", func(t *testing.T) {
		w := newWorld(t, url)
		w.kari()
		w.answers["Your mail address."] = []string{"kari@acme", "Kari <kari@acme.example>",
			"kari@acme.example"}
		w.answers["Short name of your"] = []string{"0123456789abcdef0123456789abcdef", "acme"}
		w.answers["Send it to your direct"] = []string{"kari@acme.example", "y"}
		w.answers["Another bot?"] = []string{"https://app.kindly.ai/bot/4217", "n"}
		said, err := w.setup(t.Context(), setup.Command{})
		if err != nil {
			t.Error(err)
		}
		expect(t, said,
			"alarms: kari@acme\n  that is not a mail address, such as you@example.com\n",
			"this looks like a secret, which is asked for later",
			"instead? [Y/n] kari@acme.example\n  answer y or n\n",
			"Another bot? [y/N] https://app.kindly.ai/bot/4217\n  answer y or n\n",
			"This stack sends all of them to slack:D0ACMEKARI. When they look right: kindly-weekly setup --stage prod\n")

		w.newSlack("Kindly Weekly")
		w.answers["Your mail address."] = []string{""}
		w.answers["Sender of the reports"] = []string{""}
		w.answers["Take over 1 bot"] = []string{"4217", ""}
		said, err = w.setup(t.Context(), setup.Command{Stage: "prod"})
		if err != nil {
			t.Errorf("%v\n%s", err, said)
		}
		expect(t, said,
			"[ ] bots           take over those of kindly-weekly-dev, with keys and destinations\n",
			"destinations? [Y/n] 4217\n  answer y or n\n",
			"+#   kindly-weekly config push --stack kindly-weekly-prod --tenant acme ")
		if strings.Contains(said, "config push --stack kindly-weekly-dev") {
			t.Errorf("the file of prod names the stack of dev:\n%s", said)
		}
	})

	t.Run("the command that goes on", func(t *testing.T) {
		w := newWorld(t, url)
		const answers = "kari's answers"
		if err := os.WriteFile(answers, []byte("email: kari@acme.example\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := w.setup(t.Context(), setup.Command{Stack: "acme-two", Answers: answers,
			SendFlags: yes(t, "--yes")})
		if err == nil {
			t.Error("it needs no secret")
		}
		expect(t, said, "to go on: kindly-weekly setup --stage dev --stack acme-two "+
			`--answers 'kari'\''s answers' --yes`+"\n")

		ctx, cancel := context.WithCancel(t.Context())
		w.answers, w.end = map[string][]string{}, cancel // at the first question
		if said, err = w.setup(ctx, setup.Command{}); err == nil {
			t.Error("it goes on after an interruption")
		}
		expect(t, said, "It gets the alarms: \n\nwhat is done stays done; "+
			"to go on: kindly-weekly setup --stage dev\n")
	})
}

// expect expects texts in what was printed.
func expect(t *testing.T, said string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
}

var every = flag.Int("every", 60, "TestSetup_Interrupted fails each request of this number")

// Wherever setup is interrupted, it goes on from there, and ends as if it had not been.
func TestSetup_Interrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("it deploys a stack for each case")
	}
	url := moto.StartCloudFormation(t)
	var want []string
	requests := 0
	for name, interrupt := range map[string]func(w *world, cancel func(), r request) *http.Response{
		"denied": func(_ *world, _ func(), r request) *http.Response {
			if r.service == "slack" {
				return respond(200, `{"ok": false, "error": "internal_error"}`)
			}
			if r.service == "kindly" {
				return respond(500, "{}")
			}
			return denied(r)
		},
		"Ctrl-C": func(_ *world, cancel func(), _ request) *http.Response { cancel(); return nil },
	} {
		for n := 0; n <= requests; n += *every {
			t.Run(fmt.Sprintf("%s %d", name, n), func(t *testing.T) {
				w := newWorld(t, url)
				w.kari()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var at request
				w.before = func(r request) *http.Response {
					if len(w.requests) != n {
						return nil
					}
					at = r
					return interrupt(w, cancel, r)
				}
				said, err := w.setup(ctx, setup.Command{})
				first := said
				if n == 0 {
					want, requests = w.state(), len(w.seen())
				}
				w.before = nil
				for range 3 {
					if err == nil {
						break
					}
					said, err = w.setup(t.Context(), setup.Command{})
				}
				if err != nil {
					t.Errorf("%s %s: %v\n%s\n== again\n%s", at.service, at.action, err, first, said)
				}
				got := w.state()
				if at.service == "slack" { // the digest may be there without its thread
					for i, line := range got {
						got[i] = strings.Replace(line, "2 messages", "1 messages", 1)
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s %s: %s\n%s\n== again\n%s", at.service, at.action, diff, first, said)
				}
				if *every == 1 {
					t.Logf("%s %s: %s", at.service, at.action, last(first))
				}
			})
		}
	}
}

// last returns the error with which a run ended.
func last(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "error: ") })
	if i < 0 {
		return lines[len(lines)-1]
	}
	return lines[i]
}
