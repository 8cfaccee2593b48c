package config_test

import (
	"strings"
	"testing"

	"kindlyweekly/report/config"
)

func TestBotID(t *testing.T) {
	for _, test := range []struct{ typed, id, err string }{
		{"4217", "4217", ""},
		{" 4217\n", "4217", ""},
		{"intern-hjelp.2", "intern-hjelp.2", ""},
		{"https://app.kindly.ai/bot/4217", "4217", ""},
		{"https://app.kindly.ai/bot/4217/", "4217", ""},
		{"https://app.kindly.ai/bot/4217/connect/api-keys", "4217", ""},
		{"https://app.kindly.ai/bot/4217/inbox?chat=1&x=/workspace/2#top", "4217", ""},
		{"https://app.kindly.ai/bot/4217?tab=1", "4217", ""},
		{"https://app.kindly.ai/bot/4217#statistics", "4217", ""},
		{"  app.kindly.ai/bot/4217/settings ", "4217", ""},
		{"HTTPS://App.Kindly.AI/bot/nettbutikk", "nettbutikk", ""},
		{"http://app.kindly.ai:443/bot/4217", "4217", ""},
		{"<https://app.kindly.ai/bot/4217>", "4217", ""},
		{"\"https://app.kindly.ai/bot/4217\"", "4217", ""},
		{"/bot/4217/build", "4217", ""},
		{"bot/4217", "4217", ""},
		{"https://sage.kindly.ai/api/v1/stats/bot/4217/sessions/chats", "4217", ""},

		{"", "", "is empty: open the bot at Kindly"},
		{"our bot", "", `"our bot" is not the ID of a bot: it must consist of letters`},
		{"4217,4218", "", "is not the ID of a bot"},
		{"https://app.kindly.ai/workspace/31", "", "is a page at Kindly, but not one of a bot"},
		{"https://app.kindly.ai/", "", "is a page at Kindly, but not one of a bot"},
		{"https://app.kindly.ai/bot", "", "is a page at Kindly, but not one of a bot"},
		{"https://app.kindly.ai/bot/", "", "is a page at Kindly, but not one of a bot"},
		{"https://app.kindly.ai/bot//x", "", "must consist of letters"},
		{"https://app.kindly.ai/bot/a%2fb", "", "must consist of letters"},
		{"https://app.kindly.ai/bot/a%20b", "", "must consist of letters"},
		{"https://app.kindly.ai/bot/%zz", "", "is not the address of a bot"},
		{"https://app.kindly.ai/robot/4217", "", "not one of a bot"},
		{"https://kindly.example.com/bot/4217", "", `but at "kindly.example.com"`},
		{"https://evilkindly.ai/bot/4217", "", `but at "evilkindly.ai"`},
		{"https://acme.slack.com/archives/C024BE91L", "", `but at "acme.slack.com"`},
		{"ftp://app.kindly.ai/bot/4217", "", "is not the address of a bot"},
		{"config/acme.yaml", "", "is not the address of a bot"},
	} {
		id, err := config.BotID(test.typed)
		if id != test.id || (err == nil) != (test.err == "") ||
			err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%q: %q, %v; want %q, %q", test.typed, id, err, test.id, test.err)
		}
	}
}
