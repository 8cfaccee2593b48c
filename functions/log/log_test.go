package log_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/log"
)

// line is what was written, as CloudWatch reads it.
func line(t *testing.T, b *bytes.Buffer) map[string]any {
	t.Helper()
	if strings.Count(b.String(), "\n") != 1 || !strings.HasSuffix(b.String(), "\n") {
		t.Fatalf("not one line: %q", b)
	}
	var fields map[string]any
	if err := json.Unmarshal(b.Bytes(), &fields); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return fields
}

func invocation(ctx context.Context) context.Context {
	return lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: "8f5c"})
}

func TestLog_LineNamesItsSubject(t *testing.T) {
	var b bytes.Buffer
	ctx := log.With(invocation(t.Context()), slog.String(log.Tenant, "acme"),
		slog.String(log.Bot, "4217"))
	ctx = log.With(ctx, slog.String(log.Period, "2026-W46"))
	log.New(&b, slog.LevelInfo).With("a", 1).InfoContext(ctx, "delivered", "ref", "1794.2")
	got := line(t, &b)
	if _, err := time.Parse(time.RFC3339Nano, fmt.Sprint(got["timestamp"])); err != nil {
		t.Error(err)
	}
	delete(got, "timestamp")
	want := map[string]any{
		"level": "INFO", "message": "delivered", "request_id": "8f5c", "tenant": "acme",
		"bot": "4217", "period": "2026-W46", "ref": "1794.2", "a": 1.0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A context for one destination leaves that of its neighbour, and of the job, as it was.
func TestLog_ContextsDoNotMix(t *testing.T) {
	var b bytes.Buffer
	job := log.With(t.Context(), slog.String(log.Tenant, "acme"))
	log.With(job, slog.String(log.Destination, "slack-C1"))
	other := log.With(job, slog.String(log.Destination, "slack-C2"))
	for ctx, want := range map[context.Context]any{job: nil, other: "slack-C2"} {
		b.Reset()
		log.New(&b, slog.LevelInfo).InfoContext(ctx, "x")
		if got := line(t, &b)[log.Destination]; got != want {
			t.Errorf("destination %v, want %v", got, want)
		}
	}
}

func TestLog_NoDuplicateKeys(t *testing.T) {
	var b bytes.Buffer
	ctx := log.With(t.Context(), slog.String(log.Bot, "context's"))
	ctx = log.With(ctx, slog.String(log.Bot, "newer"))
	log.New(&b, slog.LevelInfo).InfoContext(ctx, "x", log.Bot, "own")
	if strings.Count(b.String(), `"bot"`) != 1 || line(t, &b)["bot"] != "own" {
		t.Error(b.String())
	}
}

func TestLevel(t *testing.T) {
	var b bytes.Buffer
	log.New(&b, slog.LevelInfo).DebugContext(t.Context(), "x")
	if b.Len() != 0 {
		t.Error(b.String())
	}
}

// No code logs a secret on purpose, but libraries quote.
func TestLog_CutsSecrets(t *testing.T) {
	const hook = "https://hooks.slack.com/commands/T024BE7LD/8912/topsecret"
	for name, value := range map[string]any{
		"an error of package http": &url.Error{Op: "Post", URL: hook,
			Err: errors.New("no route to host")},
		"a wrapped error":         fmt.Errorf("respond: %w", errors.New(hook+": 404")),
		"a text":                  "token xoxb-1234-topsecret was refused",
		"a header":                "Authorization: Bearer topsecret",
		"a path":                  "/commands/T024BE7LD/8912/topsecret",
		"another host":            "http://127.0.0.1:5005/commands/T024BE7LD/8912/topsecret",
		"something with a String": must(url.Parse(hook)),
	} {
		var b bytes.Buffer
		logger := log.New(&b, slog.LevelInfo)
		logger.InfoContext(t.Context(), fmt.Sprint(value), "error", value,
			slog.Group("in", "a", value))
		logger.With("error", value).InfoContext(log.With(t.Context(), slog.Any("about", value)),
			"x")
		m := &log.Metrics{Writer: &b, Now: time.Now}
		if err := m.Write(log.With(t.Context(), slog.Any("about", value)), ""); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "topsecret") {
			t.Errorf("%s: %s", name, &b)
		}
		if !strings.Contains(b.String(), "[removed]") {
			t.Errorf("%s leaves no trace: %s", name, &b)
		}
	}
}

// A package that is given a logger for one tenant says so itself, and the context says it too.
func TestLog_NoDuplicateBuiltinKeys(t *testing.T) {
	var b bytes.Buffer
	logger := log.New(&b, slog.LevelInfo).With(log.Tenant, "acme")
	logger.InfoContext(log.With(t.Context(), slog.String(log.Tenant, "acme"),
		slog.String(log.Bot, "4217")), "x", log.Bot, "4217")
	for _, key := range []string{log.Tenant, log.Bot} {
		if n := strings.Count(b.String(), `"`+key+`":`); n != 1 {
			t.Errorf("%s stands %d times: %s", key, n, &b)
		}
	}
}

func TestLog_KeepsOtherTexts(t *testing.T) {
	for _, text := range []string{"https://app.kindly.ai/bot/4217/connect/api-keys",
		"slack-C024BE91L", "the bearer of bad news", "x"} {
		var b bytes.Buffer
		log.New(&b, slog.LevelInfo).InfoContext(t.Context(), "x", "text", text, "for",
			3*time.Second, "at", time.Unix(0, 0).UTC(), "n", nil)
		got := line(t, &b)
		if text == "the bearer of bad news" {
			text = "the [removed] bad news" // too careful is careful enough
		}
		if got["text"] != text || got["for"] != 3e9 || got["at"] != "1970-01-01T00:00:00Z" ||
			got["n"] != nil {
			t.Errorf("%q: %s", text, &b)
		}
	}
}

// The format is that of "Specification: Embedded metric format" in the CloudWatch user guide.
func TestMetrics_EmbeddedFormat(t *testing.T) {
	var b bytes.Buffer
	m := &log.Metrics{Writer: &b, Stage: "prod",
		Now: func() time.Time { return time.UnixMilli(1794812401123) }}
	ctx := log.With(invocation(t.Context()), slog.String(log.Tenant, "acme"),
		slog.String(log.Destination, "slack-C1"))
	if err := m.Write(ctx, "key", log.Count(log.Failed, 2),
		log.Took(log.Duration, 1500*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"_aws": map[string]any{
			"Timestamp": 1794812401123.0,
			"CloudWatchMetrics": []any{map[string]any{
				"Namespace":  "KindlyWeekly",
				"Dimensions": []any{[]any{"Stage"}, []any{"Stage", "Reason"}},
				"Metrics": []any{
					map[string]any{"Name": "Failed", "Unit": "Count"},
					map[string]any{"Name": "Duration", "Unit": "Milliseconds"},
				},
			}},
		},
		"Stage": "prod", "Reason": "key", "Failed": 2.0, "Duration": 1500.0,
		// properties, which cost nothing
		"request_id": "8f5c", "tenant": "acme", "destination": "slack-C1",
	}
	if diff := cmp.Diff(want, line(t, &b)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMetrics_WithoutReason(t *testing.T) {
	var b bytes.Buffer
	m := &log.Metrics{Writer: &b, Stage: "prod", Now: time.Now}
	if err := m.Write(t.Context(), "", log.Count(log.Built, 1)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"Dimensions":[["Stage"]]`) ||
		strings.Contains(b.String(), "Reason") {
		t.Error(b.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestMetrics_WriteFails(t *testing.T) {
	m := &log.Metrics{Writer: full{}, Now: time.Now}
	if err := m.Write(t.Context(), "", log.Count(log.Built, 1)); err == nil ||
		!strings.Contains(err.Error(), "no space left") {
		t.Error(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
