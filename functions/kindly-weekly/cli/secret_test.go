package cli

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestSecretReader(t *testing.T) {
	const wrong = "xoxb-very-secret value"
	names := []string{"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "KINDLY_API_KEY_a_b",
		"KINDLY_API_KEY_a-b"}
	for _, test := range []struct {
		name          string
		variable, in  string   // the environment's SLACK_BOT_TOKEN, and standard input
		typed         string   // on a terminal; empty: there is none
		asked         []string // for
		want, problem string
	}{
		{"environment", " xoxb-1\n", "", "", names[:1], "xoxb-1", ""},
		{"environment before the terminal", "xoxb-1", "", "xoxb-2", names[:1], "xoxb-1", ""},
		{"environment before standard input", "xoxb-1", "SLACK_BOT_TOKEN=xoxb-2", "", names[:1],
			"xoxb-1", ""},
		{"terminal", "", "", " xoxb-2 \n", names[:1], "xoxb-2", ""},
		{"line", "", "SLACK_BOT_TOKEN=xoxb-2\nSLACK_SIGNING_SECRET=f00\n", "", names[:1], "xoxb-2",
			""},
		{"second line", "", "SLACK_BOT_TOKEN=xoxb-2\nSLACK_SIGNING_SECRET=f00", "", names[1:2],
			"f00", ""},
		{"as in a shell's file", "", "# of acme\r\n\r\nexport SLACK_BOT_TOKEN='xoxb-2'\r\n", "",
			names[:1], "xoxb-2", ""},
		{"value with =", "", "SLACK_BOT_TOKEN=eyJ=\"=\n", "", names[:1], "eyJ=\"=", ""},
		{"any of the names", "", "KINDLY_API_KEY_a-b=k\n", "", names[2:], "k", ""},

		{"nothing", "", "", "", names[1:2], "", "secret not given: set the variable " +
			"SLACK_SIGNING_SECRET, or pipe a line SLACK_SIGNING_SECRET=value to standard input"},
		{"nothing typed", "", "", "\n", names[:1], "", "nothing was typed: secret not given"},
		{"two words in the environment", wrong, "", "", names[:1], "",
			"SLACK_BOT_TOKEN is not a secret: a secret is one word"},
		{"two words typed", "", "", wrong, names[:1], "",
			"what was typed is not a secret: a secret is one word"},
		{"two words in a line", "", "SLACK_BOT_TOKEN=" + wrong, "", names[:1], "",
			"line 1 of standard input is not a secret: a secret is one word"},
		{"no value", "", "\nSLACK_BOT_TOKEN=\n", "", names[:1], "",
			"line 2 of standard input has no value for SLACK_BOT_TOKEN"},
		{"quoted nothing", "", "SLACK_BOT_TOKEN=''\n", "", names[:1], "",
			"line 1 of standard input has no value for SLACK_BOT_TOKEN"},
		{"no name", "", wrong, "", names[:1], "", "line 1 of standard input is not NAME=value; " +
			"the names are SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, "},
		{"unknown name", "", "SLACK_TOKEN=" + wrong, "", names[:1], "",
			"line 1 of standard input has an unknown name; the names are SLACK_BOT_TOKEN, "},
		{"a secret before =", "", "very-secret==", "", names[:1], "",
			"line 1 of standard input has an unknown name"},
		{"twice", "", "SLACK_BOT_TOKEN=a\nSLACK_BOT_TOKEN=b", "", names[:1], "",
			"line 2 of standard input sets SLACK_BOT_TOKEN a second time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := Host{In: strings.NewReader(test.in), Getenv: func(name string) string {
				return map[string]string{"SLACK_BOT_TOKEN": test.variable}[name]
			}}
			if test.typed != "" {
				h.AskHidden = func(_ context.Context, question string) (string, error) {
					if question != "Token: " {
						t.Errorf("the question is %q", question)
					}
					return test.typed, nil
				}
			}
			r := SecretReader{Host: h, Names: names}
			if asks := test.typed != "" && test.variable == ""; r.Asks(test.asked...) != asks {
				t.Errorf("it asks: %v", !asks)
			}
			for range 2 { // standard input is read once
				got, err := r.Get(t.Context(), "Token: ", test.asked...)
				switch {
				case got != test.want, (err == nil) != (test.problem == ""):
					t.Errorf("%q, %v; want %q, %q", got, err, test.want, test.problem)
				case err == nil:
				case !strings.Contains(err.Error(), test.problem):
					t.Errorf("%v; want %q", err, test.problem)
				case strings.Contains(err.Error(), "very-secret"):
					t.Errorf("the error quotes the value: %v", err)
				}
				if err != nil {
					return
				}
			}
		})
	}
}

func TestSecretReader_ReadsInputOnlyIfNeeded(t *testing.T) {
	r := SecretReader{Host: Host{In: failing{}, Getenv: func(string) string { return "s" }}}
	if got, err := r.Get(t.Context(), "", "SLACK_BOT_TOKEN"); got != "s" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	r.Host.Getenv = func(string) string { return "" }
	if _, err := r.Get(t.Context(), "", "SLACK_BOT_TOKEN"); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestReadSecret_TerminalOrStandardInput(t *testing.T) {
	h := Host{In: strings.NewReader("piped\n")}
	if got, err := h.ReadSecret(t.Context(), "Key: "); got != "piped" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	h.AskHidden = func(context.Context, string) (string, error) { return "typed\n", nil }
	if got, err := h.ReadSecret(t.Context(), "Key: "); got != "typed" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
