// Package sending connects a function that sends. Beyond package wire it makes the sender of every
// kind of destination, and reads the catch-up window and the diversion.
package sending

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"kindlyweekly/functions/alerting"
	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel"
	"kindlyweekly/functions/channel/registry"
	"kindlyweekly/functions/wire"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
)

// Deployment is a deployment as a function that sends reaches it, or a command that acts for it.
type Deployment struct {
	wire.Base
	Senders  map[config.Medium]delivery.Sender
	CatchUp  time.Duration       // how long after its send time a report is still sent
	Divert   *config.Destination // receives everything; nil: the configured destinations do
	Commands alerting.Commands   // for operators
	Metrics  io.Writer
}

// New returns the deployment that the environment describes. Beyond [wire.New] it reads
// CATCH_UP_HOURS, DIVERT_TO and STAGE, the name of the stack, and each sender reads its own
// variables.
func New(ctx context.Context, getenv func(string) string) (*Deployment, error) {
	base, err := wire.New(getenv)
	if err != nil {
		return nil, err
	}
	d := &Deployment{Base: *base, Metrics: os.Stdout}
	if d.CatchUp, err = CatchUp(getenv); err != nil {
		return nil, err
	}
	if d.Divert, err = Divert(getenv); err != nil {
		return nil, err
	}
	d.Commands = alerting.Commands{Stack: getenv("STAGE"), Bucket: getenv("BUCKET")}
	d.Senders, err = registry.Senders(ctx, channel.Env{
		Getenv: getenv, AWS: d.AWS, Store: d.Store, Deployment: d.Store.Deployment(),
		Secrets: secrets.Tenants{Secrets: d.Secrets, Prefix: d.Prefix}, Log: d.Log,
	})
	return d, err
}

// Ledger returns the deployment's ledger.
func (d *Deployment) Ledger() *delivery.Ledger {
	return &delivery.Ledger{Store: d.Store, Now: d.Now}
}

// CatchUp reads CATCH_UP_HOURS, the catch-up window. It must be above 0.
func CatchUp(getenv func(string) string) (time.Duration, error) {
	s := getenv("CATCH_UP_HOURS")
	hours, err := strconv.Atoi(s)
	if err != nil || hours <= 0 {
		return 0, fmt.Errorf("CATCH_UP_HOURS: %q is not a number of hours: "+
			"set it to CatchUpHours of the deployment's stack", s)
	}
	return time.Duration(hours) * time.Hour, nil
}

// Divert reads DIVERT_TO, the destination that receives everything, such as slack:C024BE91L. It
// returns nil if the variable is not set.
func Divert(getenv func(string) string) (*config.Destination, error) {
	s := getenv("DIVERT_TO")
	if s == "" {
		return nil, nil
	}
	d, err := config.ParseDestination(s)
	if err != nil {
		return nil, fmt.Errorf("DIVERT_TO: %w", err)
	}
	return &d, nil
}
