package edit_test

import (
	"fmt"

	"kindlyweekly/report/config"
	"kindlyweekly/report/config/edit"
)

// A bot gets a channel, and the comments stay.
func ExampleApply() {
	file := `defaults: {tz: Europe/Oslo}   # of the shop
bots:
  - id: 4217
    # who asked for it
    recipients: kari@example.com   # wants it on Mondays
`
	changed, err := edit.Apply("acme.yaml", []byte(file), edit.Changes{
		Bots: []edit.Bot{{
			ID: "4217", Name: "Nettbutikk", TZ: "Europe/Oslo",
			Destinations: edit.Destinations{
				Channels:   []edit.Channel{{ID: "C024BE91L", Name: "reports"}},
				Recipients: []config.Address{{Name: "Ola", Address: "ola@example.com"}},
			},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(changed))
	// Output:
	// defaults: {tz: Europe/Oslo}   # of the shop
	// bots:
	//   - id: 4217
	//     name: Nettbutikk
	//     channels: C024BE91L              # #reports
	//     # who asked for it
	//     recipients: [kari@example.com, Ola <ola@example.com>]   # wants it on Mondays
}
