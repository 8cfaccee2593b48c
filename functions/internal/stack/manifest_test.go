package stack

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
	"go.yaml.in/yaml/v3"

	"kindlyweekly/functions/channel/slack"
)

// scopes is reviewed by hand: each method of Slack's that the code calls, as slack-go names it, and the scopes that a bot
// needs for it, from the page of the method at https://docs.slack.dev/reference/methods.
var scopes = map[string][]string{
	"AuthTestContext":               nil,
	"PostMessageContext":            {"chat:write"},
	"GetPermalinkContext":           nil, // any token
	"UpdateMessageContext":          {"chat:write"},
	"UploadFileContext":             {"files:write"},
	"GetUploadURLExternalContext":   {"files:write"},
	"UploadToURL":                   nil, // the URL is the permission
	"CompleteUploadExternalContext": {"files:write"},
	"GetFileInfoContext":            {"files:read"},
	"GetConversationHistoryContext": {"channels:history", "groups:history", "im:history"},
	"GetConversationRepliesContext": {"channels:history", "groups:history", "im:history"},
	"GetConversationInfoContext":    {"channels:read", "groups:read"},
	"OpenConversationContext":       {"im:write"},
}

// What the app asks of a workspace is what its methods need, and the slash command itself.
func TestScopes(t *testing.T) {
	want := map[string]bool{"commands": true}
	for _, method := range called(t) {
		needs, ok := scopes[method]
		if !ok {
			t.Errorf("the scopes of %s are not in the table", method)
		}
		for _, scope := range needs {
			want[scope] = true
		}
	}
	got := slices.Sorted(slices.Values(manifest(t).OAuthConfig.Scopes.Bot))
	if diff := cmp.Diff(keys(want), got); diff != "" {
		t.Errorf("scopes (-called +manifest):\n%s", diff)
	}
	if diff := cmp.Diff(slack.Scopes(), got); diff != "" {
		t.Errorf("scopes (-preflight +manifest):\n%s", diff)
	}
}

func TestManifest(t *testing.T) {
	m := manifest(t)
	if len(m.Features.SlashCommands) != 1 {
		t.Fatalf("%d slash commands", len(m.Features.SlashCommands))
	}
	// Escaped, a name typed with an @ would come as an id: bots are called what they are called.
	if c := m.Features.SlashCommands[0]; c.Command != "/kindly-report" || c.ShouldEscape || c.Url != "https://example.com/slack/command" {
		t.Errorf("the slash command is %+v", c)
	}
	if m.OAuthConfig.Scopes.User != nil {
		t.Errorf("it asks for scopes of people: %v", m.OAuthConfig.Scopes.User)
	}

	printed := run(t, "make", "--silent", "manifest", "URL=https://abc.execute-api.eu-north-1.amazonaws.com/slack/command")
	if c := parse(t, []byte(printed)).Features.SlashCommands[0]; c.Url != "https://abc.execute-api.eu-north-1.amazonaws.com/slack/command" {
		t.Errorf("make manifest writes %s", c.Url)
	}
}

func manifest(t *testing.T) slackgo.Manifest {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "functions", "slash", "manifest.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, data)
}

// parse reads a manifest as slack-go knows it; a key that it does not know is a mistake.
func parse(t *testing.T, data []byte) slackgo.Manifest {
	t.Helper()
	var m slackgo.Manifest
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

// called returns the methods of slack-go's client that stand in functions/channel/slack.
func called(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "functions", "channel", "slack", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no code: %v", err)
	}
	client := reflect.TypeFor[*slackgo.Client]()
	found := make(map[string]bool)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
				if _, ok := client.MethodByName(selector.Sel.Name); ok && (strings.HasSuffix(selector.Sel.Name, "Context") || selector.Sel.Name == "UploadToURL") {
					found[selector.Sel.Name] = true
				}
			}
			return true
		})
	}
	return keys(found)
}
