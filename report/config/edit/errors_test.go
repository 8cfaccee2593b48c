package edit_test

import (
	"errors"
	"strings"
	"testing"

	"kindlyweekly/report/config"
	"kindlyweekly/report/config/edit"
)

// What is not changed safely has to be changed by hand, and says where and how.
func TestApply_ByHand(t *testing.T) {
	bot := func(b edit.Bot) edit.Changes { b.ID = "a"; return edit.Changes{Bots: []edit.Bot{b}} }
	for _, test := range []struct {
		name, file string
		change     edit.Changes
		want       string
	}{
		{"a text of several lines",
			"bots:\n  - id: a\n    tz: UTC\n    name: >-\n      Butikk\n      Nord\n",
			bot(edit.Bot{Name: "Butikk"}),
			"4:5: bots[0].name: it is on several lines, or in a form that is not changed automatically; write it by hand:\nname: Butikk"},
		{"a plain text of several lines",
			"bots:\n  - id: a\n    tz: UTC\n    name: Butikk\n      Nord\n",
			bot(edit.Bot{Name: "Butikk"}),
			"4:5: bots[0].name: it is on several lines, or in a form that is not changed automatically; write it by hand:\nname: Butikk"},
		{"a comment in the list",
			"bots:\n  - id: a\n    tz: UTC\n    sources:\n      - web   # ours\n      - app\n",
			bot(edit.Bot{Sources: []string{"web"}}),
			"4:5: bots[0].sources: it is on several lines, or in a form that is not changed automatically; write it by hand:\nsources: web"},
		{"a comment in the brackets",
			"bots:\n  - id: a\n    tz: UTC\n    sources: [web,   # ours\n      app]\n",
			bot(edit.Bot{Sources: []string{"web"}}),
			"4:5: bots[0].sources: it is on several lines, or in a form that is not changed automatically; write it by hand:\nsources: web"},
		{"a mapping that is a list of one",
			"bots:\n  - id: a\n    tz: UTC\n    channels:\n      channel: C024OTHER\n",
			bot(edit.Bot{Destinations: edit.Destinations{Channels: []edit.Channel{reports}}}),
			"5:7: bots[0].channels: it is on several lines, or in a form that is not changed automatically; write it by hand:\n- C024BE91L                          # #reports"},
		{"the channels of defaults",
			"defaults: {tz: UTC, channels: C024OTHER}\nbots:\n  - id: a\n",
			bot(edit.Bot{Destinations: edit.Destinations{Channels: []edit.Channel{reports}}}),
			"3:5: bots[0].channels: the bot has the channels of defaults, which channels of its own would replace; write it by hand:\nchannels: C024BE91L                  # #reports"},
		{"all in brackets",
			"{bots: [{id: a, tz: UTC}]}\n",
			edit.Changes{Slack: slack},
			"1:1: slack.team: it is on several lines, or in a form that is not changed automatically; write it by hand:\nslack:\n  team: T024BE7LD"},
		{"a line break of old computers", // YAML counts it as one, and editors do not show it
			"bots:\n  - id: a # x\r    tz: UTC\n  - id: b\n    tz: UTC\n",
			bot(edit.Bot{Sources: []string{"web"}}),
			"2:5: bots[0].sources: it cannot be added without changing something else; write it by hand:\nsources: web"},
		{"after the end of the document",
			"defaults: {tz: UTC}\nbots:\n  - id: b\n...\n# The end.\n",
			edit.Changes{Ops: edit.Destinations{Channels: []edit.Channel{reports}}, Bots: []edit.Bot{{ID: "a"}}},
			""}, // before it
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := edit.Apply("acme.yaml", []byte(test.file), test.change)
			var byHand *edit.Error
			switch {
			case test.want == "" && err == nil:
			case !errors.As(err, &byHand) || err.Error() != test.want || got != nil:
				t.Errorf("%v, %q\nwant %s", err, got, test.want)
			}
		})
	}
}

// Mistakes of the file have their place. Those of the changes have none.
func TestApply_Mistakes(t *testing.T) {
	for _, test := range []struct {
		name, file string
		change     edit.Changes
		want       []string // beginnings
	}{
		{"an alias", "defaults: &all {tz: UTC}\nbots:\n  - *all\n", everything,
			[]string{"1:11: defaults: anchors (&all) are not supported", "3:5: bots[0]: aliases"}},
		{"a key twice", "bots:\n  - id: a\n    tz: UTC\n    tz: UTC\n", everything,
			[]string{"4:5: bots[0].tz: duplicate key, first on line 3"}},
		{"a tab", "slack:\n\tteam: T024BE7LD\nbots:\n  - id: a\n", everything,
			[]string{"2:2: indent with spaces, not with tabs"}},
		{"no mapping", "- id: a\n", everything, []string{"1:1: is a list; write the keys"}},
		{"two documents", "bots: [{id: a, tz: UTC}]\n---\n# none\n", everything,
			[]string{"2:1: a second document begins here"}},
		{"a bot twice", "defaults: {tz: UTC}\nbots:\n  - id: a\n  - id: A\n", everything,
			[]string{`4:5: bots[1].id: "A" is already taken on line 3`}},
		{"an unknown key stays", "bots:\n  - id: a\n    tz: UTC\n    zone: UTC\n",
			edit.Changes{From: kari}, []string{`4:5: bots[0].zone: unknown key: did you mean "tz"?`}},
		{"no bots", "", edit.Changes{Slack: slack}, []string{"the key bots is missing"}},
		{"nothing", "", edit.Changes{}, []string{"the file is empty"}},
		{"a wrong team", "bots: [{id: a, tz: UTC}]\n", edit.Changes{Slack: config.SlackApp{Team: "acme"},
			Bots: []edit.Bot{{ID: "b c", TZ: "Oslo", Sources: []string{"web", "-test"}}}},
			[]string{`slack.team: "acme" is not the id of a Slack workspace`,
				`bots[1].id: "b c" must consist of`, `bots[1].tz: unknown time zone "Oslo"`,
				"bots[1].sources: mixes sources"}},
		{"a secret instead of its id", "bots: [{id: a, tz: UTC}]\n", edit.Changes{Slack: config.SlackApp{
			Team: "T024BE7LD", TokenSecret: "xoxb-secret"}},
			[]string{"slack.token_secret: this looks like the secret itself"}},
		{"a name that another bot has", "bots: [{id: a, tz: UTC}]\n",
			edit.Changes{Bots: []edit.Bot{{ID: "b", Name: "A", TZ: "UTC"}}},
			[]string{`bots[1].name: "A" is already taken, by the bot "a"`}},
		{"a name of two lines", "bots: [{id: a, tz: UTC}]\n", edit.Changes{Bots: []edit.Bot{{ID: "a", Name: "A\nB"}}},
			[]string{`bots[0].name: "A\nB" contains`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := edit.Apply("acme.yaml", []byte(test.file), test.change)
			var mistakes config.Mistakes
			if !errors.As(err, &mistakes) || len(mistakes) != len(test.want) || got != nil {
				t.Fatalf("%v, %q\nwant %q", err, got, test.want)
			}
			for i, m := range mistakes {
				if !strings.HasPrefix(m.String(), test.want[i]) {
					t.Errorf("%s\nwant %s", m, test.want[i])
				}
			}
		})
	}
}
