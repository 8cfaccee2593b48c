package slash_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kindlyweekly/functions/slash"
	"kindlyweekly/report/config"
	"kindlyweekly/report/names"
)

// Typed in the bots' channel, on Monday, 16 November 2026, in week 47.
func TestHandle_Grammar(t *testing.T) {
	const (
		unknown = "There is no bot “"
		example = "`/kindly-report BOT 46` sends the report of week 46; also `w46`, `week 46`, with the year `2026-W46`, a day such as `2026-11-11`, or `last`"
	)
	for _, tc := range []struct{ text, request, answer string }{
		{"nettbutikk", "nettbutikk 2026-W46",
			"Making the report of Nettbutikk chatbot, 9–15 November; it comes to you privately."},
		{"  NettButikk  ", "nettbutikk 2026-W46", ""},
		{"Nettbutikk chatbot", "nettbutikk 2026-W46", ""},
		{"nettbutikk   CHATBOT", "nettbutikk 2026-W46", ""},
		{`"Nettbutikk chatbot"`, "nettbutikk 2026-W46", ""},
		{"“Nettbutikk chatbot” 45", "nettbutikk 2026-W45", ""},
		{"nettb", "nettbutikk 2026-W46", ""},
		{"nettbutikk ch", "nettbutikk 2026-W46", ""},
		{"4217", "4217 2026-W46", ""},
		{"kundeservice &amp; salg", "4217 2026-W46",
			"Making the report of Kundeservice &amp; salg, 9–15 November; it comes to you privately."},
		{"kundeservice & salg", "4217 2026-W46", ""},
		{"nettsalg", "nettsalg 2026-W46", ""},

		{"nettbutikk 46", "nettbutikk 2026-W46", ""},
		{"nettbutikk w46", "nettbutikk 2026-W46", ""},
		{"nettbutikk W46", "nettbutikk 2026-W46", ""},
		{"nettbutikk uke 46", "nettbutikk 2026-W46", ""},
		{"nettbutikk uge 46", "nettbutikk 2026-W46", ""},
		{"nettbutikk Vecka 46", "nettbutikk 2026-W46", ""},
		{"nettbutikk KW 46", "nettbutikk 2026-W46", ""},
		{"nettbutikk Woche 46", "nettbutikk 2026-W46", ""},
		{"nettbutikk Uke46", "nettbutikk 2026-W46", ""},
		{"nettbutikk week 46", "nettbutikk 2026-W46", ""},
		{"nettbutikk 2026-W46", "nettbutikk 2026-W46", ""},
		{"nettbutikk 2026-w46", "nettbutikk 2026-W46", ""},
		{"nettbutikk 2026w46", "nettbutikk 2026-W46", ""},
		{"Nettbutikk chatbot uke 46", "nettbutikk 2026-W46", ""},
		{"4217 46", "4217 2026-W46", ""},
		{"nettbutikk 1", "nettbutikk 2026-W01",
			"Making the report of Nettbutikk chatbot, 29 December 2025 – 4 January 2026; it comes to you privately."},
		{"nettbutikk 07", "nettbutikk 2026-W07", ""},
		{"nettbutikk 48", "nettbutikk 2025-W48",
			"Making the report of Nettbutikk chatbot, 24–30 November 2025; it comes to you privately."},
		// this year's is still to come, and the years between have none
		{"nettbutikk 53", "nettbutikk 2020-W53", ""},
		{"nettbutikk 2020-W53", "nettbutikk 2020-W53", ""},

		// Spellings of package reference, of one word to four.
		{"nettbutikk v. 46", "nettbutikk 2026-W46", ""},
		{"nettbutikk v46", "nettbutikk 2026-W46", ""},
		{"nettbutikk 2026W46", "nettbutikk 2026-W46", ""},
		{"nettbutikk 2026 46", "nettbutikk 2026-W46", ""},
		{"nettbutikk KW 46/2026", "nettbutikk 2026-W46", ""},
		{"nettbutikk uke 46 2026", "nettbutikk 2026-W46", ""},
		{"nettbutikk uke 46 / 2026", "nettbutikk 2026-W46", ""},
		{"nettbutikk uke 45 / 2026 share", "nettbutikk 2026-W45 share", ""},
		{"nettbutikk share uke 45 / 2026", "nettbutikk 2026-W45 share", ""},
		{"nettbutikk 2026-11-11", "nettbutikk 2026-W46", ""},
		{"nettbutikk 11.11.2026", "nettbutikk 2026-W46", ""},
		{"nettbutikk 11. 11. 2026", "nettbutikk 2026-W46", ""},
		{"nettbutikk last", "nettbutikk 2026-W46", ""},
		{"nettbutikk last week", "nettbutikk 2026-W46", ""},
		{"nettbutikk Last Week share", "nettbutikk 2026-W46 share", ""},
		{"nettbutikk forrige uke", "nettbutikk 2026-W46", ""},
		{"nettbutikk förra veckan", "nettbutikk 2026-W46", ""},
		{"nettbutikk sidste uge", "nettbutikk 2026-W46", ""},
		{"nettbutikk letzte Woche", "nettbutikk 2026-W46", ""},
		{"nettbutikk ４６", "nettbutikk 2026-W46", ""},
		{"nettbutikk 46.", "nettbutikk 2026-W46", ""},
		{"nettbutikk `46`", "nettbutikk 2026-W46", ""},
		{"4217 2026 46", "4217 2026-W46", ""},

		{"nettbutikk share", "nettbutikk 2026-W46 share",
			"Making the report of Nettbutikk chatbot, 9–15 November; it will be posted in this channel."},
		{"nettbutikk SHARE", "nettbutikk 2026-W46 share", ""},
		{"nettbutikk 45 share", "nettbutikk 2026-W45 share", ""},
		{"nettbutikk share uke 45", "nettbutikk 2026-W45 share", ""},
		{"nettbutikk share 45", "nettbutikk 2026-W45 share", ""},

		{"", "", "The weekly report of a bot:\n• `/kindly-report BOT` sends you the report of the last complete week\n• " + example +
			"\n• `/kindly-report BOT share` posts it in this channel, for everyone; also after a week\n" +
			"BOT is the name, the id or the beginning of one of them:\n• Nettbutikk chatbot (`nettbutikk`)\n• Kundeservice &amp; salg (`4217`)\n• nettsalg"},
		{"HELP", "", "The weekly report of a bot:"},
		{"nettbutikk 47", "",
			"Week 47 is not over yet. The report of Nettbutikk chatbot will be ready on Monday 23 November 2026, 00:00 (Europe/Oslo). " +
				"For the same week of the year before, write `2025-W47`."},
		{"nettbutikk 2026-W47", "",
			"Week 47 is not over yet. The report of Nettbutikk chatbot will be ready on Monday 23 November 2026, 00:00 (Europe/Oslo)."},
		{"nettsalg 47", "",
			"Week 47 is not over yet. The report of nettsalg will be ready on Monday 23 November 2026, 00:00 (Pacific/Auckland). " +
				"For the same week of the year before, write `2025-W47`."},
		{"nettbutikk 2027-W02", "",
			"Week 2 is not over yet. The report of Nettbutikk chatbot will be ready on Monday 18 January 2027, 00:00 (Europe/Oslo)."},
		{"nettbutikk 54", "", "There is no week 54: weeks are 1 to 53."},
		{"nettbutikk uke 0", "", "There is no week 0: weeks are 1 to 53."},
		{"nettbutikk 2025-W53", "", "There is no week 53 in 2025: its weeks are 1 to 52."},
		{"nettbutikk 2026-11-16", "",
			"Week 47 is not over yet. The report of Nettbutikk chatbot will be ready on Monday 23 November 2026, 00:00 (Europe/Oslo)."},
		{"nettbutikk 2026-02-30", "", "There is no day 2026-02-30."},
		{"nettbutikk 1999-W46", "", "There are no reports of weeks before 2000."},
		{"nettbutikk 0000-W01", "", "There are no reports of weeks before 2000."},
		{"nettbutikk 9999-W01", "",
			"Week 1 is not over yet. The report of Nettbutikk chatbot will be ready on Monday 11 January 9999, 00:00 (Europe/Oslo)."},
		{"nettbutikk 10000-W01", "", "I do not understand “10000-w01” after Nettbutikk chatbot."},
		{"nettbutikk 07/2026", "",
			"It is not clear which week “07/2026” means. Write, for example, `2026-W07`."},
		{"nettbutikk 11/12/2025", "",
			"It is not clear which week “11/12/2025” means. Write, for example, `2025-12-11`, `2025-11-12`."},
		{"nettbutikk 11.11.", "",
			"It is not clear which week “11.11.” means. Write, for example, `2026-11-11`."},
		{"nettbutikk 11.11.26", "",
			"It is not clear which week “11.11.26” means. Write, for example, `2026-11-11`."},
		{"nettbutikk next week", "", "I do not understand “next week” after Nettbutikk chatbot."},
		{"nett", "", "“nett” can mean “Nettbutikk chatbot” and “nettsalg”. Write more of the name."},
		{"nett 45", "",
			"“nett” can mean “Nettbutikk chatbot” and “nettsalg”. Write more of the name."},
		{"netbutikk", "",
			unknown + "netbutikk” whose report you can ask for here. Did you mean “Nettbutikk chatbot”?"},
		{"netbutikk 45", "",
			unknown + "netbutikk” whose report you can ask for here. Did you mean “Nettbutikk chatbot”?"},
		{"4127", "", unknown +
			"4127” whose report you can ask for here. Did you mean “Kundeservice &amp; salg”?"},
		{"nettbutikk please", "",
			"I do not understand “please” after Nettbutikk chatbot. A week, such as `46` or `2026-W46`, or `share` can stand there."},
		{"nettbutikk 45 46", "", "I do not understand “45” after Nettbutikk chatbot."},
		{"something else", "",
			unknown + "something else” whose report you can ask for here.\nThe weekly report of a bot:"},
		{"<!channel> & co", "",
			unknown + "&lt;!channel&gt; &amp; co” whose report you can ask for here."},
		{"&lt;!channel&gt;", "", unknown + "&lt;!channel&gt;” whose report you can ask for here."},
		{"kundeservise & salg", "", unknown +
			"kundeservise &amp; salg” whose report you can ask for here. Did you mean “Kundeservice &amp; salg”?"},
		// a name that cannot be seen
		{"\u200b 46", "", unknown + "” whose report you can ask for here."},
		{"46", "", unknown + "46” whose report you can ask for here."},
		{"share", "", unknown + "share” whose report you can ask for here."},
		{"uke 46", "", unknown + "uke” whose report you can ask for here."},
		{`"" 46`, "", unknown + `""” whose report you can ask for here.`},
	} {
		w := begin(t)
		got := w.types(in("C0ACMECH01", tc.text))
		if got.status != 200 || !strings.HasPrefix(got.text, tc.answer) ||
			strings.HasSuffix(tc.answer, "?") && got.text != tc.answer {
			t.Errorf("%q is answered %q, want %q", tc.text, got.text, tc.answer)
		}
		var request string
		for _, q := range w.sent {
			request = q.Bot + " " + q.Period.String()
			if q.Share {
				request += " share"
			}
		}
		if request != tc.request {
			t.Errorf("%q asks for %q, want %q", tc.text, request, tc.request)
		}
	}
}

// What is the last complete week, each bot's zone decides. In Auckland the week ends half a day
// earlier than in Oslo.
func TestHandle_WeekEndsInTheBotsZone(t *testing.T) {
	for _, tc := range []struct {
		at        time.Time
		bot, week string
	}{
		{time.Date(2026, time.November, 15, 10, 59, 0, 0, time.UTC), "nettsalg", "2026-W45"},
		{time.Date(2026, time.November, 15, 11, 1, 0, 0, time.UTC), "nettsalg", "2026-W46"},
		{time.Date(2026, time.November, 15, 11, 1, 0, 0, time.UTC), "nettbutikk", "2026-W45"},
		{time.Date(2026, time.November, 15, 23, 1, 0, 0, time.UTC), "nettbutikk", "2026-W46"},
		{time.Date(2027, time.January, 4, 9, 0, 0, 0, time.UTC), "nettbutikk", "2026-W53"},
	} {
		w := begin(t)
		w.clock = tc.at
		w.types(in("C0ACMECH01", tc.bot))
		if len(w.sent) != 1 || w.sent[0].Period.String() != tc.week {
			t.Errorf("%s at %s: %v, want %s", tc.bot, tc.at, w.sent, tc.week)
		}
	}
}

// A bot's whole name is its name, even where it ends as a week or share does.
func TestChoose_NamesThatLookLikeWeeks(t *testing.T) {
	w := begin(t)
	w.config("acme", `
slack: {team: T0ACME001, signing_secret: kindly/acme#signing}
defaults: {tz: Europe/Oslo, channels: C0ACMECH01}
bots: [{id: butikk}, {id: b46, name: Butikk 46}, {id: b47, name: Butikk share}, {id: team, name: Team uke}, {id: "12"},
  {id: b1, name: Last}, {id: b2, name: Last week}, {id: b3, name: Butikk last}, {id: b4, name: Butikk 2026}, {id: b5, name: Butikk 1/2},
  {id: b6, name: Siste uke 2025}]
`)
	for text, want := range map[string]string{
		"butikk":          "butikk 2026-W46",
		"butikk 46":       "b46 2026-W46",
		"butikk 46 45":    "b46 2026-W45",
		"butikk w46":      "butikk 2026-W46",
		"butikk 45":       "butikk 2026-W45",
		"butikk share 44": "b47 2026-W44",
		"team uke 44":     "team 2026-W44",
		"team uke":        "team 2026-W46",
		"12":              "12 2026-W46",
		"12 12":           "12 2026-W12",

		"last":                "b1 2026-W46",
		"last last":           "b1 2026-W46",
		"last 45":             "b1 2026-W45",
		"last week":           "b2 2026-W46", // not the last week of the bot Last
		"last week 45":        "b2 2026-W45",
		"last week last week": "b2 2026-W46",
		"last last week":      "b1 2026-W46",
		"butikk last":         "b3 2026-W46",
		"butikk last 45":      "b3 2026-W45",
		"butikk last week":    "butikk 2026-W46",
		"butikk 2026":         "b4 2026-W46",
		"butikk 2026 45":      "b4 2026-W45", // not week 45 of 2026 of the bot butikk
		"butikk 2026-W45":     "butikk 2026-W45",
		"butikk 1/2":          "b5 2026-W46",
		"butikk 1/2 45":       "b5 2026-W45",
		"siste uke 2025":      "b6 2026-W46",
		"siste uke 45":        "b6 2026-W45",
	} {
		w.sent = nil
		w.types(in("C0ACMECH01", text))
		if len(w.sent) != 1 || w.sent[0].Bot+" "+w.sent[0].Period.String() != want {
			t.Errorf("%q asks for %v, want %s", text, w.sent, want)
		}
	}
}

func TestChoose_BeginningOfAName(t *testing.T) {
	for _, tc := range []struct{ bots, text, request, answer string }{
		{"{id: x1, name: Bot 46}", "bot 4", "x1 2026-W04", ""}, // a week, not more of the name
		{"{id: x1, name: Bot 41}, {id: x2, name: Bot 42}", "bot 4", "",
			"“bot” can mean “Bot 41” and “Bot 42”."},
		{"{id: x1, name: Bot 41}, {id: x2, name: Bot share}", "bot sh", "x2 2026-W46", ""},
		// as a week it would be no one's
		{"{id: x1, name: Bot 41}, {id: x2, name: Bot 51}", "bot 4", "x1 2026-W46", ""},
		// more of the name, since it is no clear day
		{"{id: x1}, {id: x2, name: Bot 1/2 Oslo}", "bot 1/2", "x2 2026-W46", ""},
		// there is no week 54
		{"{id: x1, name: Bot}, {id: x2, name: Bot 54 Oslo}", "bot 54", "x2 2026-W46", ""},
		{"{id: x1, name: Bot}, {id: x2, name: Bot 47 Oslo}", "bot 47", "",
			"Week 47 is not over yet."}, // there is one
		// no week
		{"{id: x1, name: Bot}, {id: x2, name: Last Mile}", "last m", "x2 2026-W46", ""},
		// a week, not more of the name
		{"{id: x1, name: Bot}, {id: x2, name: Bot Last Mile}", "bot last", "x1 2026-W46", ""},
		// none of the name
		{"{id: x2, name: Bot 1/2 Oslo}", "bot 3/2", "", "It is not clear which week “3/2” means."},
		// å in one character, and in two
		{"{id: x1, name: Bl\u00e5b\u00e6r}", "bla\u030ab", "x1 2026-W46", ""},
	} {
		w := begin(t)
		w.config("acme",
			"slack: {team: T0ACME001, signing_secret: kindly/acme#signing}\ndefaults: {tz: Europe/Oslo, channels: C0ACMECH01}\nbots: ["+tc.bots+"]\n")
		got := w.types(in("C0ACMECH01", tc.text))
		request := ""
		for _, q := range w.sent {
			request = q.Bot + " " + q.Period.String()
		}
		if request != tc.request || !strings.HasPrefix(got.text, tc.answer) {
			t.Errorf("%q of %s asks for %q and is answered %q; want %q, %q", tc.text, tc.bots,
				request, got.text, tc.request, tc.answer)
		}
	}
}

// An exact match wins before a folded one. Where the fold finds several, their ids tell them apart,
// and each id finds its own.
func TestChoose_NamesThatFoldAlike(t *testing.T) {
	tenant := &config.Tenant{Name: "acme", Slack: config.SlackApp{Team: "T0ACME001"}}
	for _, b := range []struct{ id, name string }{
		{"a1", "Ola"}, {"a2", `"Ola"`}, {"a3", "P\u00e5ske-bot"}, {"a4", "Pa\u030aske-bot"},
		{"a5", "SHOP 46"}, {"a6", "Shop 46"}, {"Shop", "Shop"}, {"a7", "a1"},
		{"b1", "Bergen"}, {"b12", "Bodø"},
	} {
		tenant.Bots = append(tenant.Bots, config.Bot{ID: b.id, Name: b.name, Location: time.UTC,
			TZ: "UTC", Locale: "en"})
	}
	choose := slash.Choose(tenant)
	for _, tc := range []struct{ text, bot, answer string }{
		{"Ola", "a1", ""},
		{`"Ola"`, "a2", ""},
		{"Ola 45", "a1", ""},
		{"ola", "", "“ola” can mean “Ola” (`a1`) and “\"Ola\"” (`a2`). Write the id."},
		{"“Ola”", "", "““Ola”” can mean “Ola” (`a1`) and “\"Ola\"” (`a2`). Write the id."},
		{"P\u00e5ske-bot", "a3", ""},
		{"Pa\u030aske-bot", "a4", ""},
		{"p\u00e5ske-bot", "",
			"“p\u00e5ske-bot” can mean “P\u00e5ske-bot” (`a3`) and “Pa\u030aske-bot” (`a4`). Write the id."},
		{"SHOP 46", "a5", ""},
		{"Shop 46", "a6", ""},
		// the longest name first
		{"shop 46", "", "“shop 46” can mean “SHOP 46” (`a5`) and “Shop 46” (`a6`). Write the id."},
		{"shop 45", "Shop", ""},
		{"a1", "a1", ""}, // an id wins before a name, or it could not tell apart
		{"a2", "a2", ""},
		{"A2", "a2", ""},
		{"a7", "a7", ""},
		{"B1", "b1", ""}, // though the id of another bot begins so
		{"ola please", "",
			"I do not understand “please” after Ola. A week, such as `46` or `2026-W46`, or `share` can stand there."},
	} {
		if bot, answer := choose(tc.text, noon); bot != tc.bot || answer != tc.answer {
			t.Errorf("%q: %q, %q; want %q, %q", tc.text, bot, answer, tc.bot, tc.answer)
		}
	}
}

// Words after a name are those after the longest one, in any order of the bots.
func TestChoose_WordsAfterTheLongestName(t *testing.T) {
	all := []config.Bot{{ID: "b1", Name: "Butikk"}, {ID: "b2", Name: "Butikk Oslo"},
		{ID: "b3", Name: "Butikk Oslo S"}}
	for i, b := range all {
		all[i].Location, b.TZ, all[i].Locale = time.UTC, "UTC", "en"
	}
	for _, order := range [][]config.Bot{{all[0], all[1], all[2]}, {all[2], all[1], all[0]},
		{all[1], all[0], all[2]}} {
		choose := slash.Choose(&config.Tenant{Name: "acme", Bots: order})
		if bot, answer := choose("butikk oslo please", noon); !strings.HasPrefix(answer,
			"I do not understand “please” after Butikk Oslo. ") {
			t.Errorf("%s first: %q, %q", order[0].ID, bot, answer)
		}
	}
}

// A bot whose name cannot be seen, as an earlier version of this program took, is found by its id
// alone.
func TestChoose_InvisibleName(t *testing.T) {
	choose := slash.Choose(&config.Tenant{Name: "acme", Bots: []config.Bot{
		{ID: "a1", Name: "\u3164", Location: time.UTC, TZ: "UTC", Locale: "en"},
		{ID: "a2", Name: "Ola", Location: time.UTC, TZ: "UTC", Locale: "en"},
	}})
	for text, want := range map[string]string{"a1": "a1", "a1 45": "a1", "\u200b 45": "",
		"something else": ""} {
		bot, answer := choose(text, noon)
		if bot != want || want == "" && (!strings.HasPrefix(answer, "There is no bot “") ||
			strings.Contains(answer, "Did you mean")) {
			t.Errorf("%q: %q, %q", text, bot, answer)
		}
	}
}

// A week that is not over is offered of the year before, unless the year was written.
func TestHandle_WeekNotOver(t *testing.T) {
	const until = "Week 47 is not over yet. The report of Nettbutikk chatbot will be ready on Monday 23 November 2026, 00:00 (Europe/Oslo)."
	for text, want := range map[string]string{
		"nettbutikk 47":         until + " For the same week of the year before, write `2025-W47`.",
		"nettbutikk 2026-W47":   until,
		"nettbutikk 2026-11-16": until,
	} {
		if got := begin(t).types(in("C0ACMECH01", text)); got != (answer{200, want}) {
			t.Errorf("%q: %v, want %q", text, got, want)
		}
	}
}

// What is typed is shown as the command was typed, unless that is no command.
func TestHandle_CommandName(t *testing.T) {
	for typed, want := range map[string]string{
		"/kindly-report": "`/kindly-report BOT`", "/Ukerapport_2": "`/Ukerapport_2 BOT`",
		"/översikt": "`/översikt BOT`",
		"":          "`/kindly-report BOT`", "report": "`/kindly-report BOT`",
		"<!channel>":     "`/kindly-report BOT`",
		"/x` <!channel>": "`/kindly-report BOT`", "/" + strings.Repeat("x", 33): "`/kindly-report BOT`",
	} {
		w := begin(t)
		form := strings.Replace(in("C0ACMECH01", "help").form(), "command=%2Fkindly-report", "command="+url.QueryEscape(typed), 1)
		if got := w.handle(signed(form, docsSecret, w.clock)); !strings.Contains(got.text, want) {
			t.Errorf("%q: %v, want %s", typed, got, want)
		}
	}
}

// An answer has only the visible characters of a name.
func TestShown_Names(t *testing.T) {
	for name, want := range map[string]string{
		"Ola":                            "Ola",
		"<@U123> & Ola":                  "&lt;@U123&gt; &amp; Ola",
		"O\u3164la\u2066\n\ufeff\u00a0x": "Ola  x",
		"👩\u200d💻 ❤\ufe0f":               "👩\u200d💻 ❤\ufe0f",
		"\U0001faff":                     "\U0001faff", // an emoji that is not known here yet
		"Pa\u030aske":                    "Pa\u030aske",
		"\u0645\u06cc\u200c\u0631\u0648": "\u0645\u06cc\u200c\u0631\u0648", // Persian
		strings.Repeat("x", 100):         strings.Repeat("x", 100),
		strings.Repeat("x", 101):         strings.Repeat("x", 100) + "…",
	} {
		if got := slash.Shown(name); got != want {
			t.Errorf("Shown(%q) is %q, want %q", name, got, want)
		}
		if !names.Visible(slash.Shown(name)) {
			t.Errorf("nothing of %q is shown", name)
		}
	}
}

// Only so much is read. Of what is longer nothing is made, since a week or share may stand in the rest.
func TestHandle_LongTexts(t *testing.T) {
	name, typed := strings.Repeat("\u00e5", 248), strings.Repeat("a\u030a", 248) // of 248 characters, and of 496
	const cut = "Only the first 500 characters of that were read."
	for _, tc := range []struct{ text, request, answer string }{
		{"nettbutikk" + strings.Repeat(" \t", 1000) + "45", "nettbutikk 2026-W45", "Making the report"}, // one space
		{typed + " 45.", "lang 2026-W45", "Making the report"},
		{typed + " 2026-W45", "", cut}, // of which 202 is left
		{typed + " 45 share", "", cut}, // 45
		{typed + " 2 2026", "", cut},   // 2 2
		{strings.Repeat("å", 501), "", cut + " There is no bot “" + strings.Repeat("å", 100) + "…”"},
		{"nettbutikk " + strings.Repeat("x", 600), "", cut + " I do not understand “" + strings.Repeat("x", 100) + "…” after Nettbutikk chatbot."},
		{strings.Repeat("&amp;", 500), "", "There is no bot “" + strings.Repeat("&amp;", 100) + "…”"}, // as typed
		{strings.Repeat("&", 501), "", cut + " There is no bot “"},
		{strings.Repeat("uke 46 ", 8000), "", cut},
		{strings.Repeat("\xff", 501), "", cut},
	} {
		w := begin(t)
		w.config("acme", acme+"  - {id: lang, name: "+name+", channels: C0ACMECH01}\n")
		got := w.types(in("C0ACMECH01", tc.text))
		request := ""
		for _, q := range w.sent {
			request = q.Bot + " " + q.Period.String()
		}
		if got.status != 200 || request != tc.request || !strings.HasPrefix(got.text, tc.answer) {
			t.Errorf("%.40q… asks for %q and is answered %q; want %q, %q", tc.text, request, got.text, tc.request, tc.answer)
		}
	}
}

// Whatever is typed is read in a few ways, each of which looks at each bot a fixed number of times: what is allocated does
// not grow faster than the bots do. The names are folded before, once for a configuration.
func TestChoose_LinearInTheBots(t *testing.T) {
	for what, text := range longTexts {
		if all := slash.Readings(text); len(all) == 0 || len(all) > 6 {
			t.Errorf("%s: %d readings: %q", what, len(all), all)
		}
		before := 0.0
		for _, n := range []int{500, 1000, 2000} {
			choose := slash.Choose(manyBots(n))
			work := testing.AllocsPerRun(3, func() { choose(text, noon) })
			if work > float64(4*n+1000) || before > 0 && work > 2.1*before {
				t.Errorf("%s: %v allocations for %d bots, %v for half of them", what, work, n, before)
			}
			before = work
		}
	}
}

// What is known of a configuration is folded once, and anew when there is another.
func TestHandle_NewConfiguration(t *testing.T) {
	w := begin(t)
	w.types(in("C0ACMECH01", "nettbutikk"))
	w.config("acme", strings.Replace(acme, "Nettbutikk chatbot", "Butikken", 1))
	w.clock = w.clock.Add(2 * time.Minute)
	if got := w.types(in("C0ACMECH01", "butikken")); !strings.HasPrefix(got.text, "Making the report of Butikken") {
		t.Errorf("%q", got.text)
	}
	if got := w.types(typed{"beta", "C0BETACH01", "U0KARI001", "nettbutikk chatbot"}); !strings.HasPrefix(got.text, "Making the report of Nettbutikk chatbot") {
		t.Errorf("%q", got.text)
	}
}

// Up to 500 characters, as many as are read.
var longTexts = map[string]string{
	"nothing like a bot":     strings.Repeat("abcde ", 83),
	"one word":               strings.Repeat("x", 500),
	"weeks and shares":       strings.Repeat("46 share ", 55),
	"weeks of several words": strings.Repeat("uke 46 / 2026 ", 35),
	"a slip":                 "nettbutikk 1x34 i hela vaar store verden 46",
	"a name and much more":   "nettbutikk 99 i hele vår store verden " + strings.Repeat("x ", 230),
	"a name":                 "nettbutikk 99 i hele vår store verden uke 46 share",
	"a beginning":            "nettbutikk",
}

func manyBots(n int) *config.Tenant {
	t := &config.Tenant{Name: "acme", Bots: make([]config.Bot, n)}
	for i := range t.Bots {
		t.Bots[i] = config.Bot{ID: fmt.Sprintf("bot-%d", i), Name: fmt.Sprintf("Nettbutikk %d i hele vår store verden", i), TZ: "UTC", Location: time.UTC}
	}
	return t
}

func BenchmarkChoose(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		tenant := manyBots(n)
		b.Run(fmt.Sprintf("configuration of %d", n), func(b *testing.B) {
			for b.Loop() {
				slash.Choose(tenant)
			}
		})
		for what, text := range longTexts {
			choose := slash.Choose(tenant)
			b.Run(fmt.Sprintf("%s of %d", what, n), func(b *testing.B) {
				for b.Loop() {
					choose(text, noon)
				}
			})
		}
	}
}

func TestHandle_Permission(t *testing.T) {
	const (
		kari, chef = "U0KARI001", "U0CHEF0001"
		own, alert = "C0ACMECH01", "G0ACMECH02"
		elsewhere  = "C0RANDOM01"
	)
	for _, tc := range []struct {
		user, channel, text string
		allowed             bool
	}{
		{kari, own, "nettbutikk", true},
		{kari, alert, "nettbutikk", true},
		{kari, alert, "4217", false},
		{kari, elsewhere, "nettbutikk", false},
		{kari, "D0DIRECT01", "nettbutikk", false},
		{chef, elsewhere, "nettbutikk", false}, // not a viewer of this one
		{chef, elsewhere, "4217", true},
		{chef, "D0DIRECT01", "4217", true},
		{kari, elsewhere, "4217", false},
		{kari, own, "hemmelig", false},
		{chef, own, "hemmelig", true},
		{kari, "C0SECRET01", "hemmelig", true},
		{chef, elsewhere, "post", true},
		{kari, "kari@example.com", "post", false},

		{kari, own, "nettbutikk share", true},
		{kari, alert, "nettbutikk share", true},
		{chef, own, "4217 share", true},
		{chef, elsewhere, "4217 share", false},
		{chef, own, "hemmelig share", false},
		{chef, elsewhere, "post share", false},
	} {
		w := begin(t)
		got := w.types(typed{"acme", tc.channel, tc.user, tc.text})
		if allowed := len(w.sent) == 1; allowed != tc.allowed || got.status != 200 {
			t.Errorf("%s in %s: %q: %v, sent %v; want allowed %v", tc.user, tc.channel, tc.text, got, w.sent, tc.allowed)
		}
	}
}

// For a person who may not ask for it, a bot does not exist, whatever they type.
func TestHandle_HidesOtherBots(t *testing.T) {
	without := strings.Replace(acme, "  - {id: hemmelig, name: Hemmelig prosjekt, channels: C0SECRET01, viewers: U0CHEF0001}\n", "", 1)
	if without == acme {
		t.Fatal("the bot is still there")
	}
	for _, channel := range []string{"C0ACMECH01", "C0RANDOM01"} {
		for _, text := range []string{
			"", "help", "hemmelig", "Hemmelig prosjekt", "hemmelig 46", "hemmelig 47", "hemmelig 99", "hemmelig share", "hemmeli", "hemelig", "h", "hemmelig please",
		} {
			with := begin(t)
			there := with.types(in(channel, text))
			w := begin(t)
			w.config("acme", without)
			if absent := w.types(in(channel, text)); there != absent {
				t.Errorf("%q in %s: %q with the bot, %q without", text, channel, there.text, absent.text)
			}
		}
	}
}

func TestHandle_SharingElsewhere(t *testing.T) {
	w := begin(t)
	for text, want := range map[string]string{
		"4217 share": "The report of Kundeservice &amp; salg can be shared only in its own channels: <#C0ACMECH01>. Without `share` it comes to you privately.",
		"post share": "The report of Bare post has no channel in which it could be shared. Without `share` it comes to you privately.",
	} {
		if got := w.types(typed{"acme", "C0RANDOM01", "U0CHEF0001", text}); got.text != want {
			t.Errorf("%q: %q, want %q", text, got.text, want)
		}
	}
	if got := w.types(in("C0RANDOM01", "help")); !strings.HasPrefix(got.text, "There is no bot whose report you can ask for here. Ask in the channel") {
		t.Errorf("help where there is nothing: %q", got.text)
	}
}

func TestAllowed(t *testing.T) {
	acme := &config.Tenant{Slack: config.SlackApp{Team: "T0ACME001"}}
	bot := config.Bot{
		Viewers:      []string{"U0CHEF0001"},
		Destinations: []config.Destination{{Medium: config.Slack, To: "C0ACMECH01"}, {Medium: config.Mail, To: "kari@example.com"}},
	}
	for _, tc := range []struct {
		team, channel, user string
		private, shared     bool
	}{
		{"T0ACME001", "C0ACMECH01", "U0KARI001", true, true},
		{"T0ACME001", "C0RANDOM01", "U0KARI001", false, false},
		{"T0ACME001", "C0RANDOM01", "U0CHEF0001", true, false},
		{"T0BETA001", "C0ACMECH01", "U0CHEF0001", false, false},
		{"", "C0ACMECH01", "U0CHEF0001", false, false},
		{"T0ACME001", "kari@example.com", "", false, false},
		{"T0ACME001", "", "", false, false},
	} {
		if got := slash.Allowed(acme, bot, tc.team, tc.channel, tc.user, false); got != tc.private {
			t.Errorf("%+v: private %v", tc, got)
		}
		if got := slash.Allowed(acme, bot, tc.team, tc.channel, tc.user, true); got != tc.shared {
			t.Errorf("%+v: shared %v", tc, got)
		}
	}
	if slash.Allowed(&config.Tenant{}, bot, "", "C0ACMECH01", "U0CHEF0001", false) {
		t.Error("a tenant without a team is everybody's")
	}
}

func TestHandle_ManyBots(t *testing.T) {
	w := begin(t)
	config := "slack: {team: T0ACME001, signing_secret: kindly/acme#signing}\ndefaults: {tz: UTC, channels: C0ACMECH01}\nbots:\n"
	for i := range 120 {
		config += fmt.Sprintf("  - {id: bot%d, name: \"%s%d\"}\n", i, strings.Repeat("&", 290), i)
	}
	w.config("acme", config)
	got := w.types(in("C0ACMECH01", "help"))
	if !strings.HasSuffix(got.text, "\n… and 70 more") || len(got.text) > 40_000 {
		t.Errorf("%d bytes, ending %q", len(got.text), got.text[max(0, len(got.text)-50):])
	}
	if got := w.types(in("C0ACMECH01", "bot")); !strings.HasSuffix(got.text, " and …. Write more of the name.") {
		t.Errorf("%q", got.text)
	}
	for n, want := range map[int]string{
		5: "“b” can mean “b1”, “b2”, “b3”, “b4” and “b5”. Write more of the name.",
		6: "“b” can mean “b1”, “b2”, “b3”, “b4”, “b5” and …. Write more of the name.",
	} {
		w := begin(t)
		config := "slack: {team: T0ACME001, signing_secret: kindly/acme#signing}\ndefaults: {tz: UTC, channels: C0ACMECH01}\nbots:\n"
		for i := range n {
			config += fmt.Sprintf("  - {id: b%d}\n", i+1)
		}
		w.config("acme", config)
		if got := w.types(in("C0ACMECH01", "b")); got != (answer{200, want}) {
			t.Errorf("%d bots: %v, want %s", n, got, want)
		}
	}
}

// Whatever is typed, the answer is one that Slack takes, and what is asked for is what the one who asks may have.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "help", "nettbutikk uke 46 share", "“Nettbutikk chatbot” 2026-W46", "nett", "0000-W00", "9999-W53", "<@U1|kari> &amp; \x00\u202e",
		"uke 46 uke 46", "share share", "kundeservice & salg w53", "'", "\xff 46", "hemmelig"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w := begin(t)
		got := w.types(in("C0ACMECH01", text))
		if got.status != 200 || got.text == "" || !utf8.ValidString(got.text) || len(got.text) > 40_000 {
			t.Fatalf("%q: %v", text, got)
		}
		plain := strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(got.text)
		if strings.ContainsAny(plain, "&<>") || strings.Contains(got.text, "Hemmelig prosjekt") {
			t.Errorf("%q: %q", text, got.text)
		}
		if (len(w.sent) == 1) != strings.HasPrefix(got.text, "Making the report") {
			t.Errorf("%q: %q, sent %v", text, got.text, w.sent)
		}
		for _, q := range w.sent {
			if bot := q.Bot; bot != "nettbutikk" && bot != "4217" && bot != "nettsalg" {
				t.Errorf("%q asks for %s", text, bot)
			}
			if zone := time.FixedZone("", 13*3600); q.Period.To().Start(zone).After(w.clock) {
				t.Errorf("%q asks for %s, which is not over anywhere", text, q.Period)
			}
		}
	})
}

// A body without a valid signature is refused, and one with it is answered, whatever it is.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{docsBody, in("C0ACMECH01", "nettbutikk").form(), "team_id=T0ACME001", "team_id=T0ACME001&team_id=T0BETA001", "%zz", "a;b", "team_id=T0ACME001&text=%00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w := begin(t)
		if got := w.handle(signed(body, "guess", w.clock)); got != (answer{status: 401}) || len(w.sent) > 0 {
			t.Fatalf("%q: %v", body, got)
		}
		got := w.handle(signed(body, docsSecret, w.clock))
		form, err := url.ParseQuery(body)
		known := err == nil && len(body) <= 64<<10 && (form.Get("team_id") == "T0ACME001" || form.Get("team_id") != "T0BETA001" && form.Get("enterprise_id") == "T0ACME001")
		if known != (got.status == 200 && got.text != "") || !known && got != (answer{status: 401}) {
			t.Errorf("%q: %v, want an answer: %v", body, got, known)
		}
	})
}

// Of a bot one hears in its language, and before one was found in the tenant's.
func TestHandle_BotsLanguage(t *testing.T) {
	w := begin(t)
	w.config("acme", strings.NewReplacer("{tz: Europe/Oslo}", "{tz: Europe/Oslo, locale: nb}",
		`{id: "4217",`, `{id: "4217", locale: de,`).Replace(acme))
	for _, tc := range []struct{ text, answer string }{
		{"nettbutikk", "Lager rapporten for Nettbutikk chatbot, 9.–15. november; du får den privat."},
		{"4217", "Der Bericht von Kundeservice &amp; salg, 9.–15. November, ist unterwegs; Sie bekommen ihn privat."},
		{"4217 54", "Es gibt keine Woche 54: Die Wochen gehen von 1 bis 53."},
		{"nettbutikk 47", "Uke 47 er ikke over ennå. Rapporten for Nettbutikk chatbot er klar mandag 23. november 2026 kl.\u00a000.00 (Europe/Oslo)."},
		{"nett", "«nett» kan bety «Nettbutikk chatbot» og «nettsalg». Skriv mer av navnet."},
		{"nettbuttik", "Her er det ingen bot «nettbuttik» du kan be om rapporten for. Mente du «Nettbutikk chatbot»?"},
	} {
		if got := w.types(in("C0ACMECH01", tc.text)); !strings.HasPrefix(got.text, tc.answer) {
			t.Errorf("%q is answered %q, want %q", tc.text, got.text, tc.answer)
		}
	}
}
