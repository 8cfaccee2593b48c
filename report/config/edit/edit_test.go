package edit_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
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
