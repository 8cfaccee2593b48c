package stack

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
	"go.yaml.in/yaml/v3"

	"kindlyweekly/functions/about"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/slash/manifest"
)

// scopes is reviewed by hand: each method of Slack's that the code calls, as slack-go names it, and
// the scopes that a bot needs for it, from the page of the method at
// https://docs.slack.dev/reference/methods.
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

	// Of a Workspace.
	"GetBotInfoContext":       {"users:read"},
	"GetConversationsContext": {"channels:read", "groups:read"},
	"GetUserByEmailContext":   {"users:read", "users:read.email"}, // neither is granted alone
	"GetUserInfoContext":      {"users:read"},
	"JoinConversationContext": {"channels:join"},
}

// What reports need is what the methods that send them need, and the slash command itself. Setup
// needs more, for the methods of a Workspace. The app asks for all of it.
func TestScopes(t *testing.T) {
	sending := needed(t, func(file string) bool { return file != "workspace.go" })
	sending["commands"] = true
	all := needed(t, func(string) bool { return true })
	all["commands"] = true
	onlySetup := maps.Clone(all)
	maps.DeleteFunc(onlySetup, func(scope string, _ bool) bool { return sending[scope] })
	for name, c := range map[string]struct{ want, got []string }{
		"Scopes":      {keys(sending), slack.Scopes()},
		"SetupScopes": {keys(onlySetup), slack.SetupScopes()},
		"manifest":    {keys(all), app(t, about.Prod).OAuthConfig.Scopes.Bot},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-called +asked for):\n%s", name, diff)
		}
	}
}

// needed returns the scopes of the methods that some files of functions/channel/slack call.
func needed(t *testing.T, of func(file string) bool) map[string]bool {
	t.Helper()
	all := make(map[string]bool)
	for _, method := range called(t, of) {
		needs, ok := scopes[method]
		if !ok {
			t.Errorf("the scopes of %s are not in the table", method)
		}
		for _, scope := range needs {
			all[scope] = true
		}
	}
	return all
}

const endpoint = "https://abc.execute-api.eu-north-1.amazonaws.com/slack/command"

func TestManifest(t *testing.T) {
	for _, c := range []struct {
		stage         about.Stage
		name, command string
	}{
		{about.Prod, "Kindly Weekly", "/kindly-report"},
		{about.Dev, "Kindly Weekly (dev)", "/kindly-report-dev"},
	} {
		m := app(t, c.stage)
		if len(m.Features.SlashCommands) != 1 {
			t.Fatalf("%d slash commands", len(m.Features.SlashCommands))
		}
		// Escaped, a name typed with an @ would come as an ID. Bots have names.
		if got := m.Features.SlashCommands[0]; got.Command != c.command || got.ShouldEscape ||
			got.Url != endpoint {
			t.Errorf("%s: the slash command is %+v", c.stage, got)
		}
		if m.Display.Name != c.name || m.Features.BotUser.DisplayName != c.name {
			t.Errorf("%s: the name is %s, of its user %s", c.stage, m.Display.Name,
				m.Features.BotUser.DisplayName)
		}
		if m.OAuthConfig.Scopes.User != nil {
			t.Errorf("it asks for scopes of people: %v", m.OAuthConfig.Scopes.User)
		}
		printed := run(t, "make", "--silent", "manifest", "STAGE="+string(c.stage), "URL="+endpoint)
		if diff := cmp.Diff(m, parse(t, []byte(printed))); diff != "" {
			t.Errorf("make manifest STAGE=%s (-package +printed):\n%s", c.stage, diff)
		}
	}
}

// app returns the manifest of a stage's app.
func app(t *testing.T, stage about.Stage) slackgo.Manifest {
	t.Helper()
	a, err := manifest.New(stage, endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, []byte(a.Text()))
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

// called returns the methods of slack-go's client that some files of functions/channel/slack call.
func called(t *testing.T, of func(file string) bool) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "functions", "channel", "slack", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no code: %v", err)
	}
	client := reflect.TypeFor[*slackgo.Client]()
	found := make(map[string]bool)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || !of(filepath.Base(file)) {
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
