package slack_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
)

// A tenant of a preflight has a bot whose destinations are the channels.
func preflightTenant(channels ...string) *config.Tenant {
	t := tenant()
	t.Slack.TokenSecret = "acme/slack"
	b := config.Bot{ID: "4217"}
	for _, id := range channels {
		b.Destinations = append(b.Destinations, config.Destination{Medium: config.Slack, To: id})
	}
	t.Bots = []config.Bot{b}
	return t
}

// The words of each finding: subject, state, remedy.
func TestPreflight_Findings(t *testing.T) {
	const (
		random, secret = "C0000RAN", "C0000SEC"
		old, none      = "C0000OLD", "C0000NONE"
		own, another   = "D0000OWN", "D0000ELSE" // direct messages of the app, of another app
	)
	const (
		tokenOK  = "acme: Slack token | ok | "
		scopesOK = "acme: Slack scopes | ok | "
		install  = "install the app in the workspace again and store its bot token (xoxb-…)" +
			" in the secret that slack.token_secret names"
		correct = "; otherwise correct its ID in the configuration," +
			" which Slack shows at the end of the channel's details"
	)
	noScopes := slackfake.Workspace{Team: team, Name: "Acme", Token: token,
		Scopes: slices.DeleteFunc(slack.Scopes(), func(s string) bool {
			return strings.HasPrefix(s, "im:")
		})}
	spaced := slackfake.Workspace{Team: team, Name: "Acme", Token: token,
		Scopes: []string{strings.Join(slack.Scopes(), ", ")}}
	fails := func(err error) func(*fixture, *config.Tenant) {
		return func(f *fixture, _ *config.Tenant) {
			f.client.Token = func(context.Context, *config.Tenant) (string, error) {
				return "",
					err
			}
		}
	}
	for _, test := range []struct {
		name     string
		channels []string
		change   func(f *fixture, t *config.Tenant)
		want     []string
	}{
		{"all is well", []string{channel}, nil,
			[]string{tokenOK, scopesOK, "acme: Slack C0000OPS | ok | "}},
		{"no token and no channels", nil,
			func(_ *fixture, t *config.Tenant) { t.Slack.TokenSecret = "" }, nil},
		{"no token", []string{channel},
			func(_ *fixture, t *config.Tenant) { t.Slack.TokenSecret = "" },
			[]string{"acme: Slack token | channels are configured, but no token | " +
				"add slack: {token_secret: ID} to the configuration"}},
		{"no secret", []string{channel},
			fails(&secrets.Error{Secret: "acme/slack", Err: errors.New("not found"),
				Remedy: "create it"}),
			[]string{"acme: Slack token | secret acme/slack: not found | create it"}},
		{"no answer from the secrets", []string{channel}, fails(errors.New("no connection")),
			[]string{"acme: Slack token | no connection | "}},
		{"no workspace is configured", nil,
			func(_ *fixture, t *config.Tenant) { t.Slack.Team = "" }, []string{tokenOK, scopesOK}},
		{"another workspace's token", nil,
			func(_ *fixture, t *config.Tenant) { t.Slack.Team = "T0000ELSE" },
			[]string{"acme: Slack token | " +
				"it is of the workspace T0000ACME (Acme), not of T0000ELSE | correct slack.team in the" +
				" configuration, or store the bot token of the right workspace", scopesOK}},
		{"a refused token", []string{channel},
			func(f *fixture, _ *config.Tenant) { f.SetToken(token, "xoxb-2-new") },
			[]string{
				"acme: Slack token | Slack does not know the app's token (invalid_auth) | " +
					install,
				"acme: Slack scopes | not checked | ",
				"acme: Slack C0000OPS | not checked | "}},
		{"scopes with spaces", nil,
			func(f *fixture, _ *config.Tenant) { f.replace(spaced) }, []string{tokenOK, scopesOK}},
		{"missing scopes", nil,
			func(f *fixture, _ *config.Tenant) { f.replace(noScopes) },
			[]string{tokenOK,
				"acme: Slack scopes | the app lacks the scopes im:history, im:write | " +
					"add the scopes im:history, im:write to the app under OAuth & Permissions, then " +
					install}},
		{"channels", []string{channel, random, secret, old, none}, nil, []string{
			tokenOK, scopesOK,
			"acme: Slack C0000OPS | ok | ",
			"acme: Slack C0000RAN | the app is not in #random (C0000RAN) | " +
				"invite the app to #random (C0000RAN): /invite @Kindly Weekly",
			"acme: Slack C0000SEC | the app cannot see channel C0000SEC (channel_not_found) | " +
				"if it is private, invite the app to C0000SEC: /invite @Kindly Weekly" + correct,
			"acme: Slack C0000OLD | #old (C0000OLD) is archived | " +
				"unarchive it, or name another channel in the configuration",
			"acme: Slack C0000NONE | the app cannot see channel C0000NONE (channel_not_found) | " +
				"if it is private, invite the app to C0000NONE: /invite @Kindly Weekly" + correct}},
		{"no access to direct messages", []string{own},
			func(f *fixture, _ *config.Tenant) {
				f.FailAlways("conversations.history", slackfake.Fault{Error: "access_denied"})
			},
			[]string{tokenOK, scopesOK,
				"acme: Slack D0000OWN | the workspace denies the app access (access_denied) | " +
					"ask an administrator of the workspace to allow the app what it does, or name" +
					" another channel in the configuration"}},
		{"direct messages", []string{own, another}, nil, []string{
			tokenOK, scopesOK,
			"acme: Slack D0000OWN | ok | ",
			"acme: Slack D0000ELSE | the app cannot see the direct messages D0000ELSE" +
				" (channel_not_found) | name those of this app, since each app has its own with a" +
				" person: Slack shows their ID at the end of the app's details, tab About"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, of := newFixture(), preflightTenant(test.channels...)
			f.SetChannel(slackfake.Channel{ID: random, Team: team, Name: "random"})
			f.SetChannel(slackfake.Channel{ID: secret, Team: team, Name: "secret", Private: true})
			f.SetChannel(slackfake.Channel{
				ID: old, Team: team, Name: "old", Member: true, Archived: true})
			f.SetChannel(slackfake.Channel{ID: own, Team: team, Member: true, User: "U0000OWN"})
			if test.change != nil {
				test.change(f, of)
			}
			var got []string
			for _, x := range f.client.Preflight(t.Context(), []*config.Tenant{of}) {
				got = append(got, x.Subject+" | "+x.State+" | "+x.Remedy)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, c := range f.Calls("") {
				asks := "conversations.info"
				if strings.HasPrefix(c.Form.Get("channel"), "D") { // which would need im:read
					asks = "conversations.history"
				}
				if c.Method != "auth.test" && c.Method != asks {
					t.Errorf("it calls %s, which is no check", c.Method)
				}
			}
		})
	}
}

func TestPreflight_EachTenant(t *testing.T) {
	f, other := newFixture(), preflightTenant()
	other.Name = "beta"
	got := f.client.Preflight(t.Context(), []*config.Tenant{preflightTenant(), other})
	if len(got) != 4 || got[0].Subject != "acme: Slack token" ||
		got[2].Subject != "beta: Slack token" {
		t.Errorf("got %+v", got)
	}
}

func TestScopes_Sorted(t *testing.T) {
	if !slices.IsSorted(slack.Scopes()) {
		t.Errorf("got %v", slack.Scopes())
	}
}

// replace puts another Slack in the place of the fixture's.
func (f *fixture) replace(w slackfake.Workspace) {
	f.Server = slackfake.New(w)
	f.client.HTTP = f.Client()
}
