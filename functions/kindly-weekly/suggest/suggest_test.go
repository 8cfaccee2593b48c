package suggest_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"

	"kindlyweekly/functions/kindly-weekly/suggest"
	"kindlyweekly/sage"
)

var options = sage.Options{
	Sources:   []string{"web", "facebook", "test"},
	Languages: []string{"en", "nb", "sv-SE"},
}

func TestChoices(t *testing.T) {
	for _, test := range []struct {
		choice suggest.Choice
		want   string
	}{
		{suggest.Sources(options), `-test: The bot's sources are "web" "facebook" "test"; -test leaves out its builders' own chats.`},
		{suggest.Sources(sage.Options{Sources: []string{"web", "Test"}}), `-Test: The bot's sources are "web" "Test"; -Test leaves out its builders' own chats.`},
		{suggest.Sources(sage.Options{Sources: []string{"web"}}), `-test: The bot's sources are "web"; -test leaves out its builders' own chats, should there be any.`},
		{suggest.Sources(sage.Options{}), `-test: The bot's sources could not be listed; -test leaves out its builders' own chats.`},
		{suggest.Languages(options), `all: The bot's languages are "en" "nb" "sv-SE"; all of them count.`},
		{suggest.Languages(sage.Options{}), `all: The bot's languages could not be listed; all of them count.`},
	} {
		if got := test.choice.String() + ": " + test.choice.Why; got != test.want {
			t.Errorf("%s\nwant %s", got, test.want)
		}
	}
}

func TestLocale(t *testing.T) {
	for _, test := range []struct {
		languages []string
		want      string
	}{
		{[]string{"nb"}, "nb"},
		{[]string{"no"}, "nb"},
		{[]string{"nn", "nb-NO"}, "nb"},
		{[]string{"sv_SE", "fi"}, "sv"},
		{[]string{"de", "de-AT", "fr"}, "de"},
		{[]string{"en", "nb"}, ""},
		{[]string{"fr"}, ""},
		{nil, ""},
	} {
		if got := suggest.Locale(test.languages); got != test.want {
			t.Errorf("%q: %q, want %q", test.languages, got, test.want)
		}
	}
}

func TestMachineZone(t *testing.T) {
	for _, test := range []struct{ variable, link, file, want string }{
		{"Europe/Oslo", "", "", "Europe/Oslo"},
		{":Europe/Oslo", "", "", "Europe/Oslo"},
		{"/usr/share/zoneinfo/Asia/Tokyo", "", "", "Asia/Tokyo"},
		{"", "/usr/share/zoneinfo/Europe/Oslo", "", "Europe/Oslo"},
		{"", "../usr/share/zoneinfo/posix/America/Argentina/Ushuaia", "", "America/Argentina/Ushuaia"},
		{"", "/var/db/timezone/zoneinfo/Europe/Stockholm", "", "Europe/Stockholm"},
		{"", "/usr/share/zoneinfo.default/Europe/Stockholm", "", "Europe/Stockholm"},
		{"", "", "Europe/Copenhagen\n", "Europe/Copenhagen"},
		{"", "/etc/zones/copied", "Europe/Copenhagen\n", "Europe/Copenhagen"},
		{"America/Denver", "/usr/share/zoneinfo/Europe/Oslo", "Asia/Tokyo", "America/Denver"},
		{":/etc/localtime", "/usr/share/zoneinfo/Europe/Oslo", "", "Europe/Oslo"},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "/usr/share/zoneinfo/Europe/Oslo", "", "Europe/Oslo"},
		{"Oslo", "/usr/share/zoneinfo/Asia/Tokyo", "", "Asia/Tokyo"}, // to other programs no zone
		{"UTC", "/usr/share/zoneinfo/Europe/Oslo", "", ""},           // chosen, and not of a place
		{"", "/usr/share/zoneinfo/Etc/UTC", "Etc/UTC", ""},
		{"", "", "", ""},
	} {
		root := fstest.MapFS{}
		if test.link != "" {
			root["etc/localtime"] = &fstest.MapFile{Data: []byte(test.link), Mode: fs.ModeSymlink}
		}
		if test.file != "" {
			root["etc/timezone"] = &fstest.MapFile{Data: []byte(test.file)}
		}
		got := suggest.MachineZone(func(name string) string {
			return map[string]string{"TZ": test.variable}[name]
		}, root)
		if got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
}

// said returns an answer as it was read, or the problem and what was probably meant.
func said(answer any, err error) string {
	var u *suggest.Unclear
	switch {
	case errors.As(err, &u) && u.Meant != "":
		return u.Problem + " -> " + u.Meant
	case err != nil:
		return err.Error()
	}
	return fmt.Sprint(answer)
}

func TestReadZone(t *testing.T) {
	for typed, want := range map[string]string{
		"oslo":    "Europe/Oslo",
		"UTC":     "UTC",
		"Norway":  `unknown time zone "Norway": did you mean "Europe/Oslo"? -> Europe/Oslo`,
		"EST":     `"EST" is UTC-5 all year: did you mean "America/New_York"? If not, write fixed_offset: true beside tz in bots.yaml -> America/New_York`,
		"+01:00":  `unknown time zone "+01:00": name a place, such as Europe/Oslo; an offset or an abbreviation does not say when clocks change`,
		" ":       "no time zone was typed: name a place, such as Europe/Oslo",
		"the sea": `unknown time zone "the sea": name a place, such as Europe/Oslo; an offset or an abbreviation does not say when clocks change`,
	} {
		if got := said(suggest.ReadZone(typed)); got != want {
			t.Errorf("%q: %s\nwant %s", typed, got, want)
		}
	}
}

func TestReadSources(t *testing.T) {
	for _, test := range []struct {
		typed   string
		options sage.Options
		want    string
	}{
		{"web", options, "[web]"},
		{"Web, FACEBOOK", options, "[web facebook]"},
		{"web facebook", options, "[web facebook]"},
		{"-test", options, "[-test]"},
		{"-Test", options, "[-test]"},
		{"-viber", options, "[-viber]"}, // what is left out may be absent
		{"all", options, "[all]"},
		{"anything", sage.Options{}, "[anything]"},
		{"website, facebook", options, `source "website" is unknown to Kindly's statistics: did you mean "web"? (known: "web" "facebook" "test") -> web, facebook`},
		{"viber", options, `source "viber" is unknown to Kindly's statistics (known: "web" "facebook" "test")`},
		{"web, -test", options, "mixes sources to count with sources to leave out: write only one kind"},
		{"all, web", options, "contains all beside other sources: write all alone, or leave it out"},
		{"web, web", options, `"web" is listed twice`},
		{"w€b", options, `"w€b" is not a source: write a name such as web, a name to leave out such as -test, or all`},
		{" , ", options, "no source was typed: type names with commas between them, or all"},
	} {
		if got := said(suggest.ReadSources(test.typed, test.options)); got != test.want {
			t.Errorf("%q: %s\nwant %s", test.typed, got, test.want)
		}
	}
}

func TestReadLanguages(t *testing.T) {
	for _, test := range []struct {
		typed   string
		options sage.Options
		want    string
	}{
		{"nb", options, "[nb]"},
		{"NB,en", options, "[nb en]"},
		{"sv", options, "[sv]"},
		{"all", options, "[]"},
		{"fi", sage.Options{}, "[fi]"},
		{"no", options, `language "no" is unknown to Kindly's statistics: did you mean "nb"? (known: "en" "nb" "sv-SE") -> nb`},
		{"fi", options, `language "fi" is unknown to Kindly's statistics (known: "en" "nb" "sv-SE")`},
		{"norsk", options, `"norsk" is not a language: write a two-letter code, such as nb, sv or en -> nb`},
		{"nb-NO", options, `"nb-no" is not a two-letter code of a language: did you mean "nb"? -> nb`},
		{"", options, "no language was typed: type two-letter codes with commas between them, or all"},
	} {
		if got := said(suggest.ReadLanguages(test.typed, test.options)); got != test.want {
			t.Errorf("%q: %s\nwant %s", test.typed, got, test.want)
		}
	}
}

func TestReadName(t *testing.T) {
	for typed, want := range map[string]string{
		" Nettbutikk: spør oss ": "Nettbutikk: spør oss",
		"A\x1b[2J":               `"A\x1b[2J" contains an invisible character (U+001B): a name is one line of text`,
		" ":                      "no name was typed",
	} {
		if got := said(suggest.ReadName(typed)); got != want {
			t.Errorf("%q: %s\nwant %s", typed, got, want)
		}
	}
}

func TestReadLocale(t *testing.T) {
	for typed, want := range map[string]string{
		"nb":      "nb",
		"NB":      "nb",
		"Norsk":   "nb",
		"svenska": "sv",
		"nb-NO":   `"nb-NO" is not a language of reports: did you mean "nb"? -> nb`,
		"fi":      `"fi" is not a language of reports: write en, nb, sv, da or de`,
		"":        "no language was typed: type one of en, nb, sv, da, de",
	} {
		if got := said(suggest.ReadLocale(typed)); got != want {
			t.Errorf("%q: %s\nwant %s", typed, got, want)
		}
	}
}

func TestReadRecipients(t *testing.T) {
	for typed, want := range map[string]string{
		"kari@example.com":                                     "[{ kari@example.com}]",
		"kari@example.com, Ola <ola@example.com>,":             "[{ kari@example.com} {Ola ola@example.com}]",
		"kari@example.com; ola@example.com\n":                  "[{ kari@example.com} { ola@example.com}]",
		`"Nordmann, Kari" <kari@example.com>, ola@example.com`: "[{Nordmann, Kari kari@example.com} { ola@example.com}]",
		"<kari,ola@example.com>":                               `"<kari,ola@example.com>" is not a mail address: did you mean "ola@example.com"?`,
		`"A \", B" <kari@example.com>`:                         `[{A ", B kari@example.com}]`,
		"Kåre <kare@example.com>":                              "[{Kåre kare@example.com}]",
		"kari@example.com, KARI@example.com":                   "[{ kari@example.com}]",
		"":                                                     "[]",

		"kari@example.com, ola":             `"ola" is not a mail address: write one such as kari@example.com, or Kari <kari@example.com>`,
		"Nordmann, Kari <kari@example.com>": `"Nordmann" is not a mail address: write one such as kari@example.com, or Kari <kari@example.com>`,
		"kari@example.com ola@example.com":  `"kari@example.com ola@example.com" contains several addresses: write each as an item of its own`,
		"kari@localhost":                    `"kari@localhost" is not a mail address that can be delivered to: write one such as kari@example.com, or Kari <kari@example.com>; write letters other than a to z in the domain's xn-- form`,
	} {
		if got := said(suggest.ReadRecipients(typed)); got != want {
			t.Errorf("%q: %s\nwant %s", typed, got, want)
		}
	}
}
