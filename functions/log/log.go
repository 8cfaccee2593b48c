// Package log is what the Lambdas say of themselves: a line of JSON for each event, and numbers for CloudWatch.
//
// What a line is about travels with the context: [With] adds the tenant, the bot, the week or the destination once, and
// every line and every metric written under that context carries them, those of the packages further down too. Contexts
// are made anew for each message, so that nothing of one tenant can stand in a line of another.
//
//	{"timestamp":"2026-11-16T07:00:04Z","level":"INFO","message":"delivered","request_id":"8f5c…","tenant":"acme",
//	 "bot":"nettbutikk","period":"2026-W46","destination":"slack-C024BE91L"}
//
// # Secrets
//
// No caller hands one over. Where an error of a library quotes one after all, its text is cut: Slack's tokens, what
// follows "Bearer", and the response_url of a slash command, which lets whoever has it post for half an hour.
//
// # Metrics
//
// [Metrics] writes CloudWatch's embedded metric format, a line from which CloudWatch Logs extracts the numbers: no
// request, no permission. Dimensions are the stage and a reason alone, since each combination of dimensions is billed
// as a metric of its own. Everything else is a property, which costs nothing and is found by Logs Insights:
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

// New returns a logger that writes to w as Lambda's own JSON format does, so that CloudWatch reads time and level.
func New(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(handler{Handler: slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: replace})})
}

type attributes struct{}

// With returns a context under which every line and metric carries the attributes beside those of ctx. One of the same
// key is replaced.
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

// about is all that a context says of a line.
func about(ctx context.Context) []slog.Attr {
	var attrs []slog.Attr
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		attrs = append(attrs, slog.String(RequestID, invocation.AwsRequestID))
	}
	return append(attrs, of(ctx)...)
}

// handler adds what the context says to every record.
type handler struct {
	slog.Handler
	with []string // keys that the logger itself has
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	// An attribute of the line's own says the same or more; JSON should not have a key twice.
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

// replace names time and message as Lambda does, and cuts secrets.
func replace(groups []string, a slog.Attr) slog.Attr {
	a = lambdacontext.ReplaceAttr(groups, a)
	switch v := a.Value.Any().(type) {
	case string:
		a.Value = slog.StringValue(withoutSecrets(v))
	case error:
		a.Value = slog.StringValue(withoutSecrets(v.Error()))
	case fmt.Stringer: // a time is none here: its kind is its own
		if a.Value.Kind() == slog.KindAny {
			a.Value = slog.StringValue(withoutSecrets(v.String()))
		}
	}
	return a
}

// secrets are the forms in which a library may quote one.
var secrets = regexp.MustCompile(`https?://hooks\.slack[^/\s"]*/[^\s"]*|/commands/T\w+/[^\s"]*|\bxox[a-z]-[\w-]+|(?i:\bbearer )[^\s",]+`)

func withoutSecrets(text string) string { return secrets.ReplaceAllString(text, "[removed]") }
