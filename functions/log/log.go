// Package log writes the log lines and metrics of the Lambdas: a line of JSON for each event, and
// numbers for CloudWatch.
//
// The context carries what a line is about. [With] adds the tenant, the bot, the week or the
// destination, and each line and metric under that context has them, also in packages further down.
// Each message has a new context, so a line of one tenant never names another.
//
//	{"timestamp":"2026-11-16T07:00:04Z","level":"INFO","message":"delivered","request_id":"8f5c…",
//	 "tenant":"acme","bot":"nettbutikk","period":"2026-W46","destination":"slack-C024BE91L"}
//
// # Secrets
//
// Callers do not log secrets. In case an error of a library quotes one, three forms are removed:
// Slack's tokens, what follows "Bearer", and the response_url of a slash command, with which anyone
// can post for half an hour.
//
// # Metrics
//
// [Metrics] writes CloudWatch's embedded metric format: CloudWatch Logs extracts the numbers from a
// line, without a request or a permission. The dimensions are the stage and a reason alone, since
// each combination is billed as a metric. All else is a property, which is free and found by Logs
// Insights:
//
//	filter Failed > 0 | stats count() by tenant, bot, Reason
package log

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Keys of the attributes that lines and metrics carry.
const (
	RequestID   = "request_id" // of the invocation, added from the context that Lambda gives
	Tenant      = "tenant"
	Bot         = "bot"
	Period      = "period"
	Destination = "destination" // its ID, which shows no address
)

// New returns a logger that writes to w in Lambda's own JSON format, so that CloudWatch reads time
// and level.
func New(w io.Writer, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: replace}
	return slog.New(handler{Handler: slog.NewJSONHandler(w, options)})
}

type attributes struct{}

// With returns a context whose lines and metrics have the attributes beside those of ctx. An
// attribute replaces one of the same key.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	all := slices.DeleteFunc(slices.Clone(of(ctx)), func(old slog.Attr) bool {
		return slices.ContainsFunc(attrs, func(a slog.Attr) bool { return a.Key == old.Key })
	})
	return context.WithValue(ctx, attributes{}, append(all, attrs...))
}

func of(ctx context.Context) []slog.Attr {
	attrs, _ := ctx.Value(attributes{}).([]slog.Attr)
	return attrs
}

// about returns all attributes of a context.
func about(ctx context.Context) []slog.Attr {
	var attrs []slog.Attr
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		attrs = append(attrs, slog.String(RequestID, invocation.AwsRequestID))
	}
	return append(attrs, of(ctx)...)
}

// handler adds the context's attributes to each record.
type handler struct {
	slog.Handler
	with []string // keys that the logger itself has
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	// The line's own attribute counts, since JSON should not have a key twice.
	own := make(map[string]bool)
	for _, key := range h.with {
		own[key] = true
	}
	r.Attrs(func(a slog.Attr) bool { own[a.Key] = true; return true })
	line := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	for _, a := range about(ctx) {
		if !own[a.Key] {
			line.AddAttrs(a)
		}
	}
	r.Attrs(func(a slog.Attr) bool { line.AddAttrs(a); return true })
	return h.Handler.Handle(ctx, line)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := slices.Clone(h.with)
	for _, a := range attrs {
		with = append(with, a.Key)
	}
	return handler{h.Handler.WithAttrs(attrs), with}
}
func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name), nil}
}

// replace names time and message as Lambda does, and removes secrets.
func replace(groups []string, a slog.Attr) slog.Attr {
	a = lambdacontext.ReplaceAttr(groups, a)
	switch v := a.Value.Any().(type) {
	case string:
		a.Value = slog.StringValue(withoutSecrets(v))
	case error:
		a.Value = slog.StringValue(withoutSecrets(v.Error()))
	case fmt.Stringer: // a time has another kind
		if a.Value.Kind() == slog.KindAny {
			a.Value = slog.StringValue(withoutSecrets(v.String()))
		}
	}
	return a
}

// secrets matches the forms in which a library may quote one.
var secrets = regexp.MustCompile(`https?://hooks\.slack[^/\s"]*/[^\s"]*|/commands/T\w+/[^\s"]*|\bxox[a-z]-[\w-]+|(?i:\bbearer )[^\s",]+`)

func withoutSecrets(text string) string { return secrets.ReplaceAllString(text, "[removed]") }
