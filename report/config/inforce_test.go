package config_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kindlyweekly/report/config"
)

// What an earlier version accepted is a mistake in a new file. In a file in force it is a warning
// with the same text, and the tenant stays as it was.
func TestParseInForce_NewRules(t *testing.T) {
	const (
		fixed  = "If not, write fixed_offset: true beside tz in bots.yaml"
		folder = "is the name of a folder for the tenant's data: write the bot's other id, " +
			"the number or the name in https://app.kindly.ai/bot/ID"
	)
	for _, c := range []struct {
		what, file string
		want       string // the mistakes
		then       string // the bots in force
	}{
		{"an invisible name", "bots: [{id: 4217, name: \u3164, tz: Europe/Oslo}]\n",
			`1:25: bots[0].name: "\u3164" is invisible: write a name, or remove the key`,
			"4217 4217 Europe/Oslo"},
		{"a name in quotes, and without", "defaults: {tz: Europe/Oslo}\nbots:\n- {id: 1, name: " +
			"Ola}\n- {id: 2, name: '\"Ola\"'}\n",
			`4:11: bots[1].name: "\"Ola\"" is too similar to "Ola" on line 3, of the bot "1": ` +
				`the slash command cannot tell them apart; write another name`,
			`1 Ola Europe/Oslo, 2 "Ola" Europe/Oslo`},
		{"an å in two encodings", "defaults: {tz: Europe/Oslo}\nbots:\n- {id: 1, name: " +
			"Påske-bot}\n- {id: 2, name: Pa\u030aske-bot}\n",
			`4:11: bots[1].name: "Pa` + "\u030a" + `ske-bot" is too similar to "Påske-bot" on ` +
				`line 3, of the bot "1", ` +
				`whose letters are encoded in another way: the slash command cannot tell them ` +
				`apart; write another name`,
			"1 Påske-bot Europe/Oslo, 2 Pa\u030aske-bot Europe/Oslo"},
		{"a name like another bot's id", "defaults: {tz: Europe/Oslo}\nbots:\n- {id: ola}\n- " +
			"{id: 2, name: «Ola»}\n",
			`4:11: bots[1].name: "«Ola»" is too similar to "ola" on line 3, of the bot "ola": ` +
				`the slash command cannot tell them apart; write another name`,
			"ola ola Europe/Oslo, 2 «Ola» Europe/Oslo"},
		{"a name like the bot's own id", "bots: [{id: ola, name: “Ola”, tz: Europe/Oslo}]\n",
			"", "ola “Ola” Europe/Oslo"},
		{"a name that was always refused", "defaults: {tz: Europe/Oslo}\nbots:\n- {id: 1, name: " +
			"Ola}\n- {id: 2, name: OLA}\n",
			`4:11: bots[1].name: "OLA" is already taken on line 3, by the bot "1"`, "mistakes"},
		{"two bots with one id",
			"defaults: {tz: Europe/Oslo}\nbots:\n- {id: shop, name: Shop}\n- {id: shop, name: " +
				"Store}\n",
			`4:4: bots[1].id: "shop" is already taken on line 3, by the bot "shop"`,
			"shop Shop Europe/Oslo, shop Store Europe/Oslo"},
		{"zones without a place", "bots:\n- {id: 1, tz: EST}\n- {id: 2, tz: Etc/GMT+1}\n- {id: " +
			"3, tz: Factory}\n",
			`2:15: bots[0].tz: "EST" is UTC-5 all year: did you mean "America/New_York"? ` + fixed +
				"\n" + `3:15: bots[1].tz: "Etc/GMT+1" is UTC-1 all year, ` +
				`since the sign of such names is reversed: did you mean "Europe/Oslo"? ` + fixed +
				"\n" + `4:15: bots[2].tz: "Factory" is the zone of machines without a zone: ` +
				"name a place, such as Europe/Oslo, or write UTC",
			"1 1 EST, 2 2 Etc/GMT+1, 3 3 Factory"},
		{"a zone without a place in defaults", "defaults: {tz: GMT}\nbots: [{id: 1}, {id: 2}]\n",
			`1:16: defaults.tz: "GMT" is UTC all year: did you mean "Europe/London"? If not, ` +
				`write UTC`, "1 1 GMT, 2 2 GMT"},
		{"zones that are meant", "defaults: {tz: Etc/GMT-2, fixed_offset: true}\nbots: [{id: 1}, " +
			"{id: 2, tz: EST, fixed_offset: true}, {id: 3, tz: Zulu}, {id: 4, tz: CET}, {id: 5, " +
			"tz: EST5EDT}]\n",
			"", "1 1 Etc/GMT-2, 2 2 EST, 3 3 Zulu, 4 4 CET, 5 5 EST5EDT"},
		{"a comment that is part of a name", "defaults: {tz: Europe/Oslo}\nbots:\n- id: 1\n  " +
			"name: Bot #1\n",
			`4:9: bots[0].name: "Bot" ends before "#1", which is a comment: write "Bot #1" in ` +
				`quotes, or a space after the #`, "1 Bot Europe/Oslo"},
		{"a comment", "defaults: {tz: Europe/Oslo}\nbots:\n- id: 1\n  name: Bot # 1\n- id: 2\n  " +
			"name: 'Bot 2' #2\n", "", "1 Bot Europe/Oslo, 2 Bot 2 Europe/Oslo"},
		{"ids that are names of folders", "defaults: {tz: Europe/Oslo}\nbots:\n- {id: ledger}\n- " +
			"{id: Archive, name: Arkiv}\n- {id: ledger-2, name: mail}\n",
			`3:4: bots[0].id: "ledger" ` + folder + "\n" + `4:4: bots[1].id: "Archive" ` + folder,
			"ledger ledger Europe/Oslo, Archive Arkiv Europe/Oslo, ledger-2 mail Europe/Oslo"},
		{"both kinds of mistakes", "bots:\n- {id: 1, name: \u2800, tz: Europe/Oslo}\n- {id: 2, " +
			"tz: Europe/Olso}\n",
			`2:17: bots[0].name: "\u2800" is invisible: write a name, or remove the key` + "\n" +
				`3:15: bots[1].tz: unknown time zone "Europe/Olso": did you mean "Europe/Oslo"?`,
			"mistakes"},
	} {
		t.Run(c.what, func(t *testing.T) {
			text := func(err error) string {
				if err == nil {
					return ""
				}
				return err.Error()
			}
			strict, refused := config.Parse("config/acme.yaml", []byte(c.file))
			if got := text(refused); got != c.want || (strict == nil) != (refused != nil) {
				t.Errorf("Parse: %v, %s\nwant %s", strict, got, c.want)
			}
			tenant, warnings, err := config.ParseInForce("config/acme.yaml", []byte(c.file))
			if c.then == "mistakes" {
				if tenant != nil || len(warnings) > 0 || text(err) != c.want {
					t.Errorf("ParseInForce: %v, %v, %v\nwant the mistakes of Parse alone", tenant,
						warnings, err)
				}
				return
			}
			if err != nil || len(warnings) > 0 && warnings.Error() != c.want ||
				(len(warnings) > 0) != (c.want != "") {
				t.Fatalf("ParseInForce: %v, %v\nwant the warnings %s", warnings, err, c.want)
			}
			var got []string
			for _, b := range tenant.Bots {
				got = append(got, strings.Join([]string{b.ID, b.Name, b.TZ}, " "))
			}
			if strings.Join(got, ", ") != c.then {
				t.Errorf("in force: %q, want %q", got, c.then)
			}
		})
	}
}

// An invisible text is left out: the day of a note stays special, and a sender keeps the address.
func TestParseInForce_InvisibleTexts(t *testing.T) {
	tenant, warnings, err := config.ParseInForce("config/acme.yaml",
		[]byte("mail: {from: '\"\u3164\" <weekly@example.com>'}\n"+
			"portfolio: {name: \u2800, channels: C024BE91L}\ndefaults: {tz: Europe/Oslo}\n"+
			"bots: [{id: 1, notes: {date: 2026-11-27, text: \ufe0f}}]\n"))
	if err != nil || len(warnings) != 3 {
		t.Fatalf("%v, %v", warnings, err)
	}
	if from := tenant.Mail.From; from != (config.Address{Address: "weekly@example.com"}) {
		t.Errorf("mail comes from %+v", from)
	}
	if tenant.Portfolio.Name != "acme" {
		t.Errorf("the portfolio is called %q", tenant.Portfolio.Name)
	}
	if notes := tenant.Bots[0].Notes; len(notes) != 1 || notes[0].First.String() != "2026-11-27" ||
		notes[0].Text != "" {
		t.Errorf("the notes are %+v", notes)
	}
}

func TestParseInForce_ManyWarnings(t *testing.T) {
	file := "defaults: {tz: Europe/Oslo}\nbots:\n" + strings.Repeat("- {id: X, name: \u2800}\n",
		3000)
	for i := range 3000 {
		file = strings.Replace(file, "X", "b"+strings.Repeat("i",
			i%60)+string(rune('a'+i/60%26))+string(rune('a'+i/1560)), 1)
	}
	tenant, warnings, err := config.ParseInForce("acme.yaml", []byte(file))
	if err != nil || len(tenant.Bots) != 3000 || len(warnings) != 1001 {
		t.Fatalf("%d warnings, %v", len(warnings), err)
	}
	_, err = config.Parse("acme.yaml", []byte(file))
	var mistakes config.Mistakes
	if !errors.As(err, &mistakes) || !slices.Equal(mistakes, warnings) {
		t.Errorf("%d mistakes, %d warnings", len(mistakes), len(warnings))
	}
}
