package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/deployment"
	"kindlyweekly/report/config"
)

// On a terminal a command that sends says what it sends, from where and to whom, and only y and yes
// send it.
func TestConfirm_Asks(t *testing.T) {
	to := []config.Destination{{Medium: config.Slack, To: "C024BE91L"}}
	for answer, sends := range map[string]bool{
		"y": true, "Yes ": true, "": false, "n": false, "prod": false, "yess": false,
	} {
		var said strings.Builder
		h := cli.Host{Err: &said, Getenv: func(string) string { return "" },
			Deployment: &about.Deployment{Stack: "kindly-weekly-prod", Stage: about.Prod},
			Ask:        cli.AskOn(strings.NewReader(answer+"\n"), &said)}
		_, err := deployment.SendFlags{}.Confirm(h, deployment.Place{Bucket: "weekly"},
			"send 2026-W46 of bakeri", to)
		if (err == nil) != sends {
			t.Errorf("%q: %v", answer, err)
		}
		const want = "send 2026-W46 of bakeri to slack:C024BE91L\n" +
			"from kindly-weekly-prod, stage prod\nSend? [y/N] "
		if said.String() != want {
			t.Errorf("it says %q, not %q", said.String(), want)
		}
	}
	closed := cli.Host{Err: io.Discard, Getenv: func(string) string { return "" },
		Ask: cli.AskOn(strings.NewReader(""), io.Discard)}
	_, err := deployment.SendFlags{}.Confirm(closed, deployment.Place{}, "send", to)
	if !errors.Is(err, io.EOF) || err.Error() != "there was no answer: EOF" {
		t.Errorf("without an answer: %v", err)
	}
}

// A question ends with Ctrl-C, though nothing is typed.
func TestConfirm_Interrupted(t *testing.T) {
	in, typing := io.Pipe()
	defer typing.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	ask := cli.Until(ctx, func(question string) (string, error) {
		interrupt() // once it has asked
		return cli.AskOn(in, io.Discard)(question)
	})
	if answer, err := ask("Send? "); !errors.Is(err, context.Canceled) || answer != "" {
		t.Errorf("it is answered %q, %v", answer, err)
	}
}
