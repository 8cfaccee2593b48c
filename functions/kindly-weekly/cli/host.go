// Package cli provides what every command needs: the Host with its input, output, environment and
// clock; errors that select an exit code; questions, and secrets that are typed or piped; and
// reading and printing of files, keys, configurations and progress.
package cli

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/wire/sending"
	"kindlyweekly/report/config"
	"kindlyweekly/sage"
)

// WarnUTC warns if days are counted in UTC because no time zone was named.
func (h Host) WarnUTC(bot config.Bot) {
	if bot.DefaultTZ {
		fmt.Fprintln(h.Err,
			"warning: no time zone is named, so days and weeks are counted in UTC; name the bot's with --tz, such as --tz Europe/Oslo")
	}
}

// StartedAs returns how a shell starts this command again, given os.Args[0].
func StartedAs(arg0 string) string {
	switch {
	case arg0 == "":
		return "kindly-weekly"
	case strings.Contains(filepath.ToSlash(arg0), "/go-build"): // where go run puts it
		return "go run ./functions/kindly-weekly"
	}
	return alerting.Quote(arg0)
}

// Host is the environment of a command.
type Host struct {
	Name     string // how a shell starts this command, see StartedAs; empty: kindly-weekly
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	Now      func() time.Time
	Terminal bool // whether Err is a terminal, which can show progress

	ConfigDir func() (string, error) // where this user's programs keep their settings

	// Ask prints a question and returns the line that is typed. It is nil if standard input is no
	// terminal.
	Ask func(question string) (answer string, err error)

	// AskHidden is Ask for a secret, which the terminal does not show. It is nil if standard input
	// is no terminal.
	AskHidden func(ctx context.Context, question string) (answer string, err error)

	// Browse opens an address in the person's browser. It is nil if standard input is no terminal.
	Browse func(url string) error

	// Deployment is what the deployment that the command line names says of itself. It is nil if
	// none is named, or if it says nothing.
	Deployment *about.Deployment

	AWS   func(context.Context) (aws.Config, error) // the operator's account
	Slack *http.Client                              // nil: one of package slack's
}

// Complain prints what went wrong on standard error.
func (h Host) Complain(format string, args ...any) {
	fmt.Fprintf(h.Err, "kindly-weekly: "+format+"\n", args...)
}

// SageClient returns a client of the statistics service that the environment names. It logs
// nothing.
func (h Host) SageClient() *sage.Client {
	return &sage.Client{
		URL:    h.Getenv("SAGE_URL"),
		APIURL: h.Getenv("KINDLY_API_URL"),
		Key:    h.APIKey,
	}
}

// SageClientWith is SageClient with one key for every bot.
func (h Host) SageClientWith(key string) *sage.Client {
	c := h.SageClient()
	c.Key = func(context.Context, string) (string, error) { return key, nil }
	return c
}

// With returns the host with a variable set in its environment.
func (h Host) With(name, value string) Host {
	getenv := h.Getenv
	h.Getenv = func(n string) string {
		if n == name {
			return value
		}
		return getenv(n)
	}
	return h
}

// SecretPrefix returns the prefix of the ids of the deployment's secrets, or an empty string if it
// is unknown.
func (h Host) SecretPrefix() string { return h.Getenv("SECRET_PREFIX") }

// Divert returns the destination that replaces all configured ones, or nil.
func (h Host) Divert() (*config.Destination, error) {
	d, err := sending.Divert(h.Getenv)
	if err != nil {
		return nil, Usagef("%w", err)
	}
	return d, nil
}
