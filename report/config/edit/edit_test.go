package edit_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kindlyweekly/report/config"
	"kindlyweekly/report/config/edit"
)

var update = flag.Bool("update", false, "write testdata/*.want.yaml")

var (
	kari = config.Address{Name: "Kari Nordmann", Address: "kari@example.com"}
	ola  = config.Address{Address: "ola@example.com"}

	slack = config.SlackApp{Team: "T024BE7LD", TokenSecret: "kindly-weekly/dev/acme/slack/token",
		SigningSecret: "kindly-weekly/dev/acme/slack/signing-secret"}
	reports = edit.Channel{ID: "C024BE91L", Name: "reports"}
	alerts  = edit.Channel{ID: "C024ALERT", Name: "#alerts"}

	// everything is what a first setup writes.
	everything = edit.Changes{
		Stack: "kindly-weekly-dev",
		Slack: slack,
		From:  config.Address{Name: "Kindly Weekly", Address: "weekly@example.com"},
		Ops:   edit.Destinations{Channels: []edit.Channel{alerts}, Recipients: []config.Address{ola}},
		TZ:    "Europe/Oslo",
		Bots: []edit.Bot{
			{ID: "4217", Name: "Nettbutikk: spør oss", TZ: "Europe/Oslo", Sources: []string{"-test"},
				Languages: []string{}, Destinations: edit.Destinations{
					Channels:   []edit.Channel{reports},
					Recipients: []config.Address{kari, ola},
				}},
			{ID: "intern-hjelp", Name: "Intern hjälp", TZ: "Europe/Stockholm",
				Sources: []string{"web", "app"}, Languages: []string{"sv"}, Locale: "sv",
				Destinations: edit.Destinations{Channels: []edit.Channel{reports, alerts}}},
		},
	}
)

// Each case changes testdata/NAME.yaml to NAME.want.yaml. A file that is not there is new.
func TestApply(t *testing.T) {
	bot := func(b edit.Bot) edit.Changes { return edit.Changes{Bots: []edit.Bot{b}} }
	for name, c := range map[string]edit.Changes{
		"acme":    everything, // a new file
		"example": everything,
		"minimal": everything,
		"flow":    everything,
		"windows": everything,
		"edges":   everything,
		"newbot":  bot(edit.Bot{ID: "99", Destinations: edit.Destinations{Recipients: []config.Address{ola}}}),
		"values": {Slack: slack, From: kari, TZ: "Europe/Stockholm", Bots: []edit.Bot{{ID: "4217",
			Name: "# Ny butikk", Sources: []string{"all"}, Languages: []string{"nb", "nn"}, Locale: "nb"}}},
	} {
		t.Run(name, func(t *testing.T) {
			before, err := os.ReadFile(filepath.Join("testdata", name+".yaml"))
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			got, err := edit.Apply(name+".yaml", before, c)
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".want.yaml")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("it is not that of %s:\n%s", golden, got)
			}
			again, err := edit.Apply(name+".yaml", got, c)
			if err != nil || !bytes.Equal(again, got) {
				t.Errorf("the same changes again: %v\n%s", err, again)
			}
		})
	}
}

// Small files, in which one thing matters.
func TestApply_Text(t *testing.T) {
	bot := func(b edit.Bot) edit.Changes { b.ID = "a"; return edit.Changes{Bots: []edit.Bot{b}} }
	to := func(a config.Address) edit.Changes {
		return bot(edit.Bot{Destinations: edit.Destinations{Recipients: []config.Address{a}}})
	}
	const plain = "mail: {from: a@example.com}\nbots:\n  - id: a\n    tz: UTC\n"
	for _, test := range []struct {
		name, file string
		change     edit.Changes
		want       string
	}{
		{"a byte order mark stays", "\ufeff" + plain, bot(edit.Bot{Name: "A"}),
			"\ufeff" + strings.Replace(plain, "a\n", "a\n    name: A\n", 1)},
		{"without a byte order mark", "\ufeff" + plain, bot(edit.Bot{TZ: "UTC"}), "\ufeff" + plain},
		{"after a text of several lines",
			"bots:\n  - id: a\n    name: >-\n      A\n      # B\n    # c\n    tz: UTC\n",
			bot(edit.Bot{KeySecret: "x"}),
			"bots:\n  - id: a\n    name: >-\n      A\n      # B\n    key_secret: x\n    # c\n    tz: UTC\n"},
		{"after a quoted text of several lines",
			"bots:\n  - id: a\n    name: 'It''s\n      A'\n    tz: UTC\n", bot(edit.Bot{KeySecret: "x"}),
			"bots:\n  - id: a\n    name: 'It''s\n      A'\n    key_secret: x\n    tz: UTC\n"},
		{"letters of several bytes before the place", "bots: [{name: Ærlig «ø», id: a, tz: UTC}]\n",
			bot(edit.Bot{TZ: "Europe/Oslo"}),
			"bots: [{name: Ærlig «ø», id: a, tz: Europe/Oslo}]\n"},
		{"a name that looks like nothing", plain, bot(edit.Bot{Name: "null"}),
			strings.Replace(plain, "a\n", "a\n    name: \"null\"\n", 1)},
		{"a name that looks like a number", plain, bot(edit.Bot{Name: "0123"}),
			strings.Replace(plain, "a\n", "a\n    name: 0123\n", 1)},
		{"quotes in a name", plain, bot(edit.Bot{Name: `"A" \ 'B': #1`}),
			strings.Replace(plain, "a\n", "a\n    name: \"\\\"A\\\" \\\\ 'B': #1\"\n", 1)},
		{"an address with a comma in the name", plain,
			to(config.Address{Name: "Nordmann, Kari", Address: "kari@example.com"}),
			plain + "    recipients: '\"Nordmann, Kari\" <kari@example.com>'\n"},
		{"an address with letters beyond ASCII", plain,
			to(config.Address{Name: "Kåre Ø", Address: "kare@example.com"}),
			plain + "    recipients: Kåre Ø <kare@example.com>\n"},
		{"the same address in other letters", plain + "    recipients: KARI@example.com\n", to(kari),
			plain + "    recipients: KARI@example.com\n"},
		{"an address with an option", plain + "    recipients: {address: kari@example.com, send: on_alert}\n",
			to(ola), plain + "    recipients: [{address: kari@example.com, send: on_alert}, ola@example.com]\n"},
		{"a key with only comments below it", plain + "ops:\n  # channels: C024OTHER\n",
			edit.Changes{Ops: edit.Destinations{Channels: []edit.Channel{reports}}},
			plain + "ops:\n  channels: C024BE91L                # #reports\n  # channels: C024OTHER\n"},
		{"a list without items", plain + "    channels: []   # none yet\n",
			bot(edit.Bot{Destinations: edit.Destinations{Channels: []edit.Channel{reports}}}),
			plain + "    channels: C024BE91L # none yet\n"},
		{"a channel with a strange name", plain, bot(edit.Bot{Destinations: edit.Destinations{
			Channels: []edit.Channel{{ID: "C024BE91L", Name: "a\r\nbots: []\u2028b"}}}}),
			plain + "    channels: C024BE91L              # #a bots: [] b\n"},
		{"what the defaults say is not repeated",
			"defaults: {tz: UTC, sources: all, languages: [nb, en], locale: nb}\nbots: [{id: a}]\n",
			bot(edit.Bot{Name: "a", TZ: "UTC", Sources: []string{"all"}, Languages: []string{"nb", "en"},
				Locale: "nb"}),
			"defaults: {tz: UTC, sources: all, languages: [nb, en], locale: nb}\nbots: [{id: a}]\n"},
		{"what the defaults say is not wanted",
			"defaults: {tz: UTC, sources: all, languages: [nb, en], locale: nb}\nbots: [{id: a}]\n",
			bot(edit.Bot{TZ: "CET", Sources: []string{"-test"}, Languages: []string{}, Locale: "en"}),
			"defaults: {tz: UTC, sources: all, languages: [nb, en], locale: nb}\n" +
				"bots: [{id: a, tz: CET, sources: -test, languages: [], locale: en}]\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := edit.Apply("acme.yaml", []byte(test.file), test.change)
			if err != nil || string(got) != test.want {
				t.Errorf("%v\n%s\nwant\n%s", err, got, test.want)
			}
		})
	}
}

// What a new file only hints at is right without the #.
func TestApply_HintsAreSettings(t *testing.T) {
	file, err := edit.Apply("acme.yaml", nil, everything)
	if err != nil {
		t.Fatal(err)
	}
	with := strings.ReplaceAll(string(file), "\n  # ", "\n  ")
	tenant, err := config.Parse("acme.yaml", []byte(with))
	if err != nil {
		t.Fatal(err)
	}
	first := tenant.Bots[0]
	if n := strings.Count(string(file), "\n  # "); n != 5 || first.Locale != "nb" ||
		first.Owner.Address != "kari@example.com" || first.Holidays != "NO" ||
		first.Targets.FallbackRate == nil {
		t.Errorf("%d hints, and the bot is %+v", n, first)
	}
}
