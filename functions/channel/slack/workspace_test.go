package slack_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindlyweekly/functions/channel/slack"
	"kindlyweekly/functions/channel/slack/slackfake"
	"kindlyweekly/report/config"
	"kindlyweekly/report/delivery"
	"kindlyweekly/report/portfolio/portfoliotest"
)

const (
	kari     = "U024BE7LH"
	kariMail = "kari@acme.example"
)

// newSetup is a fixture as setup meets it: the app of a dev stage has all scopes, and there are
// members and channels.
func newSetup(scopes ...string) *fixture {
	if scopes == nil {
		scopes = slices.Concat(slack.Scopes(), slack.SetupScopes())
	}
	f := newFixture()
	f.replace(slackfake.Workspace{Team: team, Name: "Acme", Token: token, Scopes: scopes,
		AppName: "Kindly Weekly (dev)"})
	f.client.Token = nil // setup has no tenant
	for _, u := range []slackfake.User{
		{ID: kari, Name: "Kari Nordmann", Email: kariMail, TZ: "Europe/Oslo"},
		{ID: "U0000GONE", Name: "Ola Nordmann", Email: "ola@acme.example", Deleted: true},
		{ID: "U0000ROBOT", Name: "Robot", Email: "robot@acme.example", Bot: true},
	} {
		u.Team = team
		f.SetUser(u)
	}
	f.SetUser(slackfake.User{ID: "U0000ELSE", Team: "T0000ELSE", Email: "else@acme.example"})
	for _, c := range []slackfake.Channel{
		{ID: "C0000REPORT", Name: "reports", Member: true},
		{ID: "C0000BOTS", Name: "chatbot"},
		{ID: "C0000ARCHIVE", Name: "old", Archived: true},
		{ID: "C0000BOARD", Name: "board", Private: true, Member: true},
		{ID: "C0000SECRET", Name: "secret", Private: true},
		{ID: "C0000AERA", Name: "ærlig"},
	} {
		c.Team = team
		f.SetChannel(c)
	}
	return f
}

func (f *fixture) connect(t *testing.T) *slack.Workspace {
	t.Helper()
	w, err := f.client.Connect(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestConnect(t *testing.T) {
	all := slices.Concat(slack.Scopes(), slack.SetupScopes())
	for _, c := range []struct {
		name      string
		scopes    []string
		app, bot  string
		mayPerson bool
		fail      func(*slackfake.Server)
	}{
		{name: "all scopes", scopes: all, app: "A0000APP", bot: "Kindly Weekly (dev)", mayPerson: true},
		{name: "an older app", scopes: slack.Scopes(), bot: "kindlyweekly"},
		{name: "bots.info fails", scopes: all, bot: "kindlyweekly", mayPerson: true,
			fail: func(d *slackfake.Server) {
				d.FailAlways("bots.info", slackfake.Fault{Error: "bot_not_found"})
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newSetup(c.scopes...)
			if c.fail != nil {
				c.fail(f.Server)
			}
			w := f.connect(t)
			got := []string{w.Team, w.Name, w.App, w.Bot, w.BotUser}
			want := []string{team, "Acme", c.app, c.bot, "U0000BOT"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if asked := len(f.Calls("bots.info")) > 0; asked != c.mayPerson {
				t.Errorf("bots.info called: %t", asked)
			}
			if w.May("users:read.email") != c.mayPerson || !w.May("chat:write") {
				t.Errorf("the scopes are %v", w.Scopes)
			}
		})
	}
}

// A name is found in whatever page it is. What people paste is a name, an ID or a link.
func TestChannel(t *testing.T) {
	reports := slack.Channel{ID: "C0000REPORT", Name: "reports", Member: true}
	for _, c := range []struct {
		name string
		want slack.Channel
	}{
		{"reports", reports},
		{"#reports", reports},
		{" #Reports ", reports},
		{"C0000REPORT", reports},
		{"https://acme.slack.com/archives/C0000REPORT", reports},
		{"https://app.slack.com/client/T0000ACME/C0000REPORT/thread", reports},
		{"https://acme.slack.com/archives/C0000REPORT/p1794812400000000?thread_ts=1", reports},
		{"#chatbot", slack.Channel{ID: "C0000BOTS", Name: "chatbot"}},
		{"ærlig", slack.Channel{ID: "C0000AERA", Name: "ærlig"}},
		{"board", slack.Channel{ID: "C0000BOARD", Name: "board", Private: true, Member: true}},
		{"C0000ARCHIVE", slack.Channel{ID: "C0000ARCHIVE", Name: "old", Archived: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newSetup()
			f.PageSize = 2
			got, err := f.connect(t).Channel(t.Context(), c.name)
			if err != nil || got != c.want {
				t.Errorf("%+v, %v, want %+v", got, err, c.want)
			}
		})
	}
}

// The list is read once for many names, and again for a channel that is new.
func TestChannel_ReadsListOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, _ *fixture) {
		f := newSetup()
		f.PageSize = 10
		for i := range 40 {
			f.SetChannel(slackfake.Channel{ID: fmt.Sprintf("C0010%04d", i), Team: team,
				Name: fmt.Sprintf("channel-%d", i)})
		}
		w := f.connect(t)
		var progress []int
		w.Progress = func(n int) { progress = append(progress, n) }
		for _, step := range []struct {
			name  string
			pages int // that are read for it
		}{
			{"channel-0", 1}, {"channel-15", 2}, {"channel-3", 0},
			{"first", 3}, // new, and on a page that was read: two pages, and the first again
			{"channel-39", 4},
			{"new", 5}, // which is not there
		} {
			if step.name == "first" {
				f.SetChannel(slackfake.Channel{ID: "C0000000", Team: team, Name: "first"})
			}
			before := len(f.Calls("conversations.list"))
			_, err := w.Channel(t.Context(), step.name)
			if pages := len(f.Calls("conversations.list")) - before; pages != step.pages ||
				slack.IsUnknown(err) != (step.name == "new") {
				t.Errorf("%s: %d pages, want %d: %v", step.name, pages, step.pages, err)
			}
		}
		f.SetChannel(slackfake.Channel{ID: "C0000NEW", Team: team, Name: "new"})
		if c, err := w.Channel(t.Context(), "new"); err != nil || c.ID != "C0000NEW" {
			t.Errorf("once it is there: %+v, %v", c, err)
		}
		if want := []int{9, 19, 29, 39, 44, 9}; len(progress) < 6 ||
			!slices.Equal(progress[:6], want) {
			t.Errorf("progress %v, want %v and more", progress, want)
		}
		for _, call := range f.Calls("conversations.list") {
			if call.Form.Get("exclude_archived") != "true" || call.Form.Get("limit") != "999" {
				t.Errorf("the list is asked for with %v", call.Form)
			}
		}
	})
}

// A workspace with 20,000 channels takes a minute at most, and the next names no time. In one that
// is too large, the ID is needed.
func TestChannel_LargeWorkspace(t *testing.T) {
	for _, c := range []struct {
		channels int
		found    bool
	}{{20_000, true}, {60_500, false}} {
		inBubble(t, func(t *testing.T, _ *fixture) {
			f := newSetup()
			f.PageSize = 1000
			for i := range c.channels {
				f.SetChannel(slackfake.Channel{ID: fmt.Sprintf("C1%07d", i), Team: team,
					Name: fmt.Sprintf("channel-%d", i)})
			}
			f.Fail("conversations.list", append(make([]slackfake.Fault, 18),
				slackfake.Fault{RetryAfter: 30})...)
			w, begun := f.connect(t), time.Now()
			got, err := w.Channel(t.Context(), fmt.Sprint("channel-", c.channels-1))
			if took := time.Since(begun); c.found != (err == nil) || took > time.Minute {
				t.Errorf("%d channels: %+v, %v, in %s", c.channels, got, err, took)
			}
			if !c.found && (!strings.Contains(err.Error(), "give its ID") ||
				len(f.Calls("conversations.list")) > 61) {
				t.Errorf("%v, after %d calls", err, len(f.Calls("conversations.list")))
			}
			before := len(f.Calls("conversations.list"))
			if got, err := w.Channel(t.Context(), "channel-7"); err != nil ||
				got.ID != "C10000007" || len(f.Calls("conversations.list")) > before {
				t.Errorf("one that was read: %+v, %v", got, err)
			}
		})
	}
}

// After an error the list goes on where it was, or from its beginning if the cursor has expired
// while the operator thought.
func TestChannel_ListBreaksOff(t *testing.T) {
	for code, again := range map[string]string{
		"access_denied":  "dGVhbTpDMDAwMEJPQVJE", // team:C0000BOARD
		"invalid_cursor": "",
	} {
		t.Run(code, func(t *testing.T) {
			f := newSetup()
			f.PageSize = 2
			w := f.connect(t)
			if _, err := w.Channel(t.Context(), "ærlig"); err != nil { // on the first page
				t.Fatal(err)
			}
			f.Fail("conversations.list", slackfake.Fault{Error: code})
			if _, err := w.Channel(t.Context(), "reports"); err == nil ||
				!strings.Contains(err.Error(), code) {
				t.Errorf("%v, want %s", err, code)
			}
			before := len(f.Calls("conversations.list"))
			if _, err := w.Channel(t.Context(), "reports"); err != nil {
				t.Error(err)
			}
			if got := f.Calls("conversations.list")[before].Form.Get("cursor"); got != again {
				t.Errorf("it goes on at %q, want %q", got, again)
			}
		})
	}
}

func TestJoin(t *testing.T) {
	f := newSetup()
	w := f.connect(t)
	for name, joins := range map[string]bool{"chatbot": true, "reports": false, "board": false} {
		before := len(f.Calls("conversations.join"))
		c, err := w.Channel(t.Context(), name)
		if err == nil {
			err = w.Join(t.Context(), c)
		}
		if called := len(f.Calls("conversations.join")) > before; err != nil || called != joins {
			t.Errorf("%s: %v, called %t", name, err, called)
		}
		if c, err = w.Channel(t.Context(), name); err != nil || !c.Member {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

func TestPerson(t *testing.T) {
	known := slack.Person{ID: kari, Name: "Kari Nordmann", TZ: "Europe/Oslo"}
	for _, c := range []struct {
		name, who string
		scopes    []string
		want      slack.Person
	}{
		{"address", kariMail, nil, known},
		{"address as Slack has it", "Kari@Acme.example", nil, known},
		{"member ID", kari, nil, known},
		{"member ID, an older app", kari, slack.Scopes(), slack.Person{ID: kari}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newSetup(c.scopes...)
			w := f.connect(t)
			got, err := w.Person(t.Context(), c.who)
			if err != nil || got != c.want {
				t.Errorf("%+v, %v, want %+v", got, err, c.want)
			}
			dm, err := w.DirectMessage(t.Context(), got.ID)
			if err != nil || dm != "D024BE7LH" {
				t.Errorf("direct messages: %q, %v", dm, err)
			}
			if len(f.Messages(dm)) > 0 {
				t.Errorf("posted %+v", f.Messages(dm))
			}
		})
	}
}

// What an operator reads of a Workspace is in testdata/setup.txt. No error has the token.
func TestWorkspace_Failures(t *testing.T) {
	older := slack.Scopes()
	channel := func(name string) func(*testing.T, *slack.Workspace) error {
		return func(t *testing.T, w *slack.Workspace) error {
			_, err := w.Channel(t.Context(), name)
			return err
		}
	}
	join := func(name string) func(*testing.T, *slack.Workspace) error {
		return func(t *testing.T, w *slack.Workspace) error {
			c, err := w.Channel(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			return w.Join(t.Context(), c)
		}
	}
	person := func(who string) func(*testing.T, *slack.Workspace) error {
		return func(t *testing.T, w *slack.Workspace) error {
			_, err := w.Person(t.Context(), who)
			return err
		}
	}
	dm := func(who string) func(*testing.T, *slack.Workspace) error {
		return func(t *testing.T, w *slack.Workspace) error {
			_, err := w.DirectMessage(t.Context(), who)
			return err
		}
	}
	fails := func(method, code string) func(*slackfake.Server) {
		return func(d *slackfake.Server) { d.FailAlways(method, slackfake.Fault{Error: code}) }
	}
	var words strings.Builder
	for _, c := range []struct {
		name   string
		scopes []string
		change func(*slackfake.Server)
		do     func(*testing.T, *slack.Workspace) error // nil: Connect fails
		kind   string                                   // scope, unknown, or neither
	}{
		{"Connect: another token", nil, fails("auth.test", "invalid_auth"), nil, ""},
		{"Connect: a revoked token", nil, fails("auth.test", "token_revoked"), nil, ""},
		{"Connect: the app was removed", nil, fails("auth.test", "account_inactive"), nil, ""},
		{"Connect: not from here", nil, fails("auth.test", "accesslimited"), nil, ""},
		{"Connect: no answer", nil, func(d *slackfake.Server) {
			d.FailAlways("auth.test", slackfake.Fault{Drop: true})
		}, nil, ""},
		{"Connect: too many calls", nil, func(d *slackfake.Server) {
			d.FailAlways("auth.test", slackfake.Fault{RetryAfter: 90})
		}, nil, ""},
		{"Connect: scopes are missing", []string{"chat:write", "commands"}, nil, nil, "scope"},
		{"Person: unknown address", nil, nil, person("nobody@acme.example"), "unknown"},
		{"Person: address of another workspace", nil, nil, person("else@acme.example"), "unknown"},
		{"Person: deactivated, by address", nil, nil, person("ola@acme.example"), "unknown"},
		{"Person: deactivated, by ID", nil, nil, person("U0000GONE"), ""},
		{"Person: a bot", nil, nil, person("robot@acme.example"), ""},
		{"Person: unknown ID", nil, nil, person("U0000NONE"), "unknown"},
		{"Person: neither", nil, nil, person("kari"), ""},
		{"Person: an older app", older, nil, person(kariMail), "scope"},
		{"Channel: unknown", nil, nil, channel("#helpdesk"), "unknown"},
		{"Channel: misspelled", nil, nil, channel("#repotrs"), "unknown"},
		{"Channel: two are similar", nil, func(d *slackfake.Server) {
			d.SetChannel(slackfake.Channel{ID: "C0000REPORT2", Team: team, Name: "reports-2"})
		}, channel("#report"), "unknown"},
		{"Channel: many are similar", nil, func(d *slackfake.Server) {
			for i := range 9 {
				d.SetChannel(slackfake.Channel{ID: fmt.Sprintf("C0000TEAM%d", i), Team: team,
					Name: fmt.Sprintf("team-%d", 9-i)})
			}
		}, channel("#team-x"), "unknown"},
		{"Channel: private, by name", nil, nil, channel("secret"), "unknown"},
		{"Channel: private, by ID", nil, nil, channel("C0000SECRET"), "unknown"},
		{"Channel: archived, by name", nil, nil, channel("old"), "unknown"},
		{"Channel: a person", nil, nil, channel("@kari"), "unknown"},
		{"Join: archived", nil, nil, join("C0000ARCHIVE"), ""},
		{"Join: an older app", older, nil, join("chatbot"), "scope"},
		{"Join: not that kind", nil,
			fails("conversations.join", "method_not_supported_for_channel_type"),
			join("chatbot"), ""},
		{"Join: full", nil, fails("conversations.join", "too_many_members"), join("chatbot"), ""},
		{"Join: limited", nil, fails("conversations.join", "channel_is_limited_access"),
			join("chatbot"), ""},
		{"DirectMessage: unknown", nil, fails("conversations.open", "user_not_found"), dm(kari),
			"unknown"},
		{"DirectMessage: deactivated", nil, nil, dm("U0000GONE"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newSetup(c.scopes...)
				if c.change != nil {
					c.change(f.Server)
				}
				w, err := f.client.Connect(t.Context(), token)
				if c.do != nil {
					if err != nil {
						t.Fatal(err)
					}
					err = c.do(t, w)
				}
				failure := asFailure(t, err)
				if strings.Contains(failure.Error(), token) ||
					strings.ContainsAny(failure.Error(), "{}") ||
					strings.Contains(failure.Remedy, "configuration") {
					t.Errorf("it has the token, a placeholder, or is not for setup: %v", failure)
				}
				if slack.IsScopeMissing(err) != (c.kind == "scope") ||
					slack.IsUnknown(err) != (c.kind == "unknown") {
					t.Errorf("want %q: scope %t, unknown %t", c.kind, slack.IsScopeMissing(err),
						slack.IsUnknown(err))
				}
				fmt.Fprintf(&words, "# %s\n%s\n", c.name, failure.Err)
				if failure.Remedy != "" {
					fmt.Fprintf(&words, "  %s\n", failure.Remedy)
				}
				words.WriteString("\n")
			})
		})
	}
	golden(t, "setup.txt", words.String())
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// A wrong secret is named, and where the right one is. The error has no secret.
func TestCredentials(t *testing.T) {
	const (
		hex    = "8f742231b10e8888abcd99yyyzzz85a5" // not hexadecimal
		secret = "0123456789abcdef0123456789abcdef"
		bot    = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy"
	)
	for _, c := range []struct {
		given         string
		token, secret string // what is said; empty: nothing
	}{
		{bot, "", "this is the bot token (xoxb-…)"},
		{secret, "this is the signing secret or the client secret", ""},
		{"", "nothing was given", "nothing was given"},
		{"xoxp-1-2-3-abcdef", "this is a person's token (xoxp-…)", "this is a person's token (xoxp-…)"},
		{"xapp-1-A1-2-abcdef", "this is an app-level token (xapp-…)",
			"this is an app-level token (xapp-…)"},
		{"xoxe.xoxp-1-abcdef", "this is a token that expires (xoxe…)",
			"this is a token that expires (xoxe…)"},
		{"xoxe-1-abcdef", "this is a token that expires (xoxe…)",
			"this is a token that expires (xoxe…)"},
		{"xoxe.xoxb-1-abcdef", "this is a token that expires (xoxe…)",
			"this is a token that expires (xoxe…)"},
		{"xoxb-", "this is only a part of the bot token", "this is only a part of the bot token"},
		{bot[:6] + " " + bot[7:], "this contains spaces", "this contains spaces"},
		{secret + "\n", "this contains spaces or line breaks", "this contains spaces or line breaks"},
		{"1234567890.1234567890123", "this is the client ID", "this is the client ID"},
		{"A0123456789", "this is the app ID", "this is the app ID"},
		{"gIkuvaNzQIHg97ATvDxqgjtO", "this is the verification token",
			"this is the verification token"},
		{secret[1:], "this is not one of the app's secrets", "this is not one of the app's secrets"},
		{hex, "this is not one of the app's secrets", "this is not one of the app's secrets"},
	} {
		for what, checked := range map[string]struct {
			err  error
			want string
		}{
			"bot token":      {slack.CheckToken(c.given), c.token},
			"signing secret": {slack.CheckSigningSecret(c.given), c.secret},
		} {
			switch err := checked.err; {
			case checked.want == "" && err != nil:
				t.Errorf("%s %q: %v", what, c.given, err)
			case checked.want == "":
			case err == nil || !strings.HasPrefix(err.Error(), checked.want) ||
				!strings.Contains(err.Error(), ": the "+what+" "):
				t.Errorf("%s %q: %v, want %s", what, c.given, err, checked.want)
			case c.given != "" && len(c.given) > 8 && strings.Contains(err.Error(), c.given):
				t.Errorf("%s: the error has it: %v", what, err)
			}
		}
	}
}

// Connect does not call Slack with what is not a bot token.
func TestConnect_NotABotToken(t *testing.T) {
	f := newSetup()
	_, err := f.client.Connect(t.Context(), "xoxp-1-2-3-abcdef")
	if err == nil || !strings.HasPrefix(err.Error(), "this is a person's token") ||
		len(f.Calls("")) > 0 {
		t.Errorf("%v, calls %v", err, f.Calls(""))
	}
}

// A deployment can divert everything to a person's direct messages, with the scopes of an app that
// is in no channel: they get the digest and its thread once, whatever answer is lost.
func TestDeliver_ToDirectMessages(t *testing.T) {
	lost := slackfake.Fault{Lost: true}
	late := slackfake.Fault{Lost: true, Late: 3 * time.Minute}
	portfolio := func() delivery.Message { return allBots(portfoliotest.Mixed()) }
	for name, c := range map[string]struct {
		message func() delivery.Message
		method  string // that has the faults
		faults  []slackfake.Fault
		there   string
	}{
		"nothing fails":          {plain, "", nil, good},
		"the digest's answer":    {plain, post, []slackfake.Fault{lost}, good},
		"the details' answer":    {plain, post, []slackfake.Fault{{}, lost}, good},
		"the PDF's answer":       {plain, complete, []slackfake.Fault{lost}, good},
		"the PDF comes late":     {plain, complete, []slackfake.Fault{late}, good},
		"a portfolio":            {portfolio, "", nil, goodOfAll},
		"a portfolio's answer":   {portfolio, post, []slackfake.Fault{lost}, goodOfAll},
		"a portfolio's PDF late": {portfolio, complete, []slackfake.Fault{late}, goodOfAll},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newSetup(slack.Scopes()...)
				dm, err := f.connect(t).DirectMessage(t.Context(), kari)
				if err != nil {
					t.Fatal(err)
				}
				f.client.Token = func(context.Context, *config.Tenant) (string, error) {
					return token, nil
				}
				f.Fail(c.method, c.faults...)
				m := c.message()
				m.Destination = config.Destination{Medium: config.Slack, To: dm}
				if r, _ := f.deliver(t, m); r.State != delivery.Accepted || r.Missing != "" {
					t.Errorf("%+v", r)
				}
				if got := f.thereIn(dm); got != c.there {
					t.Errorf("%s, want %s", got, c.there)
				}
				for _, other := range f.Channels() {
					if other.ID != dm && len(f.Messages(other.ID)) > 0 {
						t.Errorf("%s got %+v", other.ID, f.Messages(other.ID))
					}
				}
				if c.faults == nil && f.log.Len() > 0 {
					t.Errorf("logged:\n%s", f.log)
				}
			})
		})
	}
}
