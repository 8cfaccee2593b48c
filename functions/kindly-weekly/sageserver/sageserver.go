// Package sageserver serves the fake Sage over HTTP, with three invented bots. It provides the
// command sage, and the tenant that demo and serve use.
package sageserver

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"text/tabwriter"
	"time"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/sage/sagefake"
)

// Listen serves the built-in Sage with its invented bots until stop is called. It serves both of
// Kindly's hosts.
func Listen(addr string, bots []*sagefake.Bot) (url string, stop func() error, err error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: sagefake.New(bots...), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	return "http://" + listener.Addr().String(), func() error {
		closed := server.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return closed
	}, nil
}

type Command struct {
	Addr string `default:"127.0.0.1:8642" placeholder:"HOST:PORT" help:"Address to listen on; port 0 picks a free one. Default: ${default}."`
}

// Help returns the details and examples of the command.
func (Command) Help() string {
	return `Prints the invented bots with their keys, and the variables that point the other commands to
this server. Ctrl-C ends it.

Examples:
  kindly-weekly sage
  kindly-weekly sage --addr 127.0.0.1:0`
}

func (c *Command) Run(ctx context.Context, h cli.Host) error {
	bots := sagefake.Demo(h.Now())
	url, stop, err := Listen(c.Addr, bots)
	if err != nil {
		return fmt.Errorf("%w: choose another address with --addr HOST:PORT; port 0 picks a free one", err)
	}
	fmt.Fprintf(h.Out, "The built-in Sage serves invented bots at %s until Ctrl-C.\n\n", url)
	table := tabwriter.NewWriter(h.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "BOT\tKEY\tTIME ZONE\tNAME")
	for _, bot := range bots {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", bot.ID, bot.Key, bot.TZ, bot.Name)
	}
	if err := table.Flush(); err != nil {
		return errors.Join(err, stop())
	}
	fmt.Fprintf(h.Out,
		"\nTry in another shell:\n\n  export SAGE_URL=%[1]s KINDLY_API_URL=%[1]s KINDLY_API_KEY=%[2]s\n"+
			"  %[5]s report --bot %[3]s --tz %[4]s\n  %[5]s doctor --bot %[3]s --tz %[4]s\n",
		url, bots[0].Key, bots[0].ID, bots[0].TZ, cmp.Or(h.Name, "kindly-weekly"))
	<-ctx.Done()
	return stop()
}

//go:embed bots.yaml
var Tenant []byte
