// Package channel has the types that all kinds of destinations share: [Env], which a sender is made
// of, and [Finding], a result of preflight.
//
// Each kind has a package below this one: Slack, mail, and the SNS topic of a deployment's
// operator. To add a kind:
//
//   - add an entry to the kinds of package config: the keys of its destinations and their syntax;
//   - write a package whose New makes a [delivery.Sender] of an [Env]. The sender renders a message,
//     sends it, looks for one that may have been sent, and explains failures. If a message has
//     replies, the sender is a [delivery.Replier]. If the sender has a method Preflight, the command
//     preflight calls it;
//   - add a case to package registry.
package channel

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"

	"kindlyweekly/report/delivery"
)

// Env is what a sender may use of its deployment and of the process.
type Env struct {
	Getenv     func(string) string
	AWS        func(context.Context) (aws.Config, error)
	HTTP       *http.Client   // nil: the sender's own, with a timeout
	Store      delivery.Store // the deployment's
	Deployment string         // distinguishes its messages from those of other deployments
	Secrets    Secrets
	Log        *slog.Logger // may be nil
}

// Secrets returns tenants' secrets by ID. It refuses a secret of another tenant.
type Secrets interface {
	Get(ctx context.Context, tenant, id string) (string, error)
	// Refetch is Get after a service has refused the secret. It may return the same one.
	Refetch(ctx context.Context, tenant, id string) (string, error)
}

// A Finding is the result of one check of a preflight.
type Finding struct {
	Subject string // acme: Slack token
	State   string // OK, NotChecked, or what is wrong
	Remedy  string // what to do; may be empty
	Warning bool   // reports are sent all the same
}

// States of a Finding that is no problem.
const (
	OK         = "ok"
	NotChecked = "not checked"
)
