// Package suggest offers answers to the questions about a bot, and reads what is typed as answers:
// time zone, sources, languages, language of the report, and recipients.
//
// Answers are values as a bots.yaml has them. An answer that is refused is an *[Unclear], which has
// what was probably meant: a dialogue offers it when it asks again.
package suggest

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"kindlyweekly/functions/kindly-weekly/cli"
	"kindlyweekly/functions/kindly-weekly/filters"
	"kindlyweekly/report/config"
	"kindlyweekly/report/figures"
	"kindlyweekly/report/wording"
	"kindlyweekly/sage"
)

// An Unclear answer cannot be used as it was typed.
type Unclear struct {
	Problem string // what is wrong, and what to type instead
	Meant   string // the answer that was probably meant; may be empty
}

func (u *Unclear) Error() string { return u.Problem }

// A Choice is what is offered as the answer to a question.
type Choice struct {
	Values []string // as bots.yaml has them; none for all languages
	Why    string   // one sentence, which lists what the service knows
}

// String returns the values as they may be typed: "-test", or "web, app", or "all".
func (c Choice) String() string {
	if len(c.Values) == 0 {
		return "all"
	}
	return strings.Join(c.Values, ", ")
}

// Sources offers the sources that count: all but those of the bot's own builders, whether or not
// there are such chats yet. Pass no options if they could not be read.
func Sources(o sage.Options) Choice {
	test := slices.IndexFunc(o.Sources, func(s string) bool { return strings.EqualFold(s, "test") })
	switch {
	case len(o.Sources) == 0:
		return Choice{[]string{"-test"},
			"The bot's sources could not be listed; -test leaves out its builders' own chats."}
	case test < 0:
		return Choice{[]string{"-test"}, fmt.Sprintf("The bot's sources are %s; -test leaves out "+
			"its builders' own chats, should there be any.", cli.Quoted(o.Sources))}
	}
	return Choice{[]string{"-" + o.Sources[test]}, fmt.Sprintf("The bot's sources are %s; -%s "+
		"leaves out its builders' own chats.", cli.Quoted(o.Sources), o.Sources[test])}
}

// Languages offers the languages that count, which are all. Pass no options if they could not be
// read.
func Languages(o sage.Options) Choice {
	if len(o.Languages) == 0 {
		return Choice{nil, "The bot's languages could not be listed; all of them count."}
	}
	return Choice{nil, fmt.Sprintf("The bot's languages are %s; all of them count.",
		cli.Quoted(o.Languages))}
}

// Locale returns the language of the report that fits a bot with the languages, which are codes,
// perhaps with a region: the one that the bot and reports have in common. It returns "" if there is
// none, or more than one. Offer it as a default only, since readers may have another language.
func Locale(languages []string) string {
	var locale string
	for _, l := range languages {
		code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(l), "_", "-"), "-")
		if code == "no" || code == "nn" {
			code = "nb"
		}
		switch {
		case !slices.Contains(wording.Locales(), code) || code == locale:
		case locale != "":
			return ""
		default:
			locale = code
		}
	}
	return locale
}

// MachineZone returns the time zone of this machine. It comes from the variable TZ, the link
// etc/localtime or the file etc/timezone. They are in root, the root of the file system. It returns
// "" if they name none, or if the machine counts in UTC or another fixed offset, as servers do:
// that says nothing about a bot.
func MachineZone(getenv func(string) string, root fs.FS) string {
	link, _ := fs.ReadLink(root, "etc/localtime")
	file, _ := fs.ReadFile(root, "etc/timezone")
	line, _, _ := strings.Cut(string(file), "\n")
	for _, name := range []string{strings.TrimPrefix(getenv("TZ"), ":"), link, line} {
		// A path such as /usr/share/zoneinfo/Europe/Oslo or /var/db/timezone/zoneinfo/Europe/Oslo.
		if _, below, ok := strings.Cut(name, "zoneinfo"); ok {
			_, name, _ = strings.Cut(below, "/")
		}
		name = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(name), "posix/"), "right/")
		switch zone, usable := config.FindZone(name); {
		case !usable || zone != name:
		case zone == "UTC" || strings.HasPrefix(zone, "Etc/") || !strings.Contains(zone, "/"):
			return ""
		default:
			return zone
		}
	}
	return ""
}

// ReadZone reads a time zone: its name, or that of its city, in any case.
func ReadZone(typed string) (string, error) {
	zone, usable := config.FindZone(typed)
	if usable {
		return zone, nil
	}
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", &Unclear{Problem: "no time zone was typed: name a place, such as Europe/Oslo"}
	}
	_, err := with(config.Changes{TZ: typed})
	return "", &Unclear{message(err), zone}
}

// ReadName reads what readers call a bot: one line of text.
func ReadName(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", &Unclear{Problem: "no name was typed"}
	}
	bot, err := with(config.Changes{Name: typed})
	if err != nil {
		return "", &Unclear{Problem: message(err)}
	}
	return bot.Name, nil
}

// ReadLocale reads the language of a report: nb, or what people call it, as in Norsk.
func ReadLocale(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", &Unclear{Problem: "no language was typed: type one of " +
			strings.Join(wording.Locales(), ", ")}
	}
	if locale := wording.LocaleOf(typed); locale != "" {
		return locale, nil
	}
	_, err := with(config.Changes{Locale: typed})
	if err == nil {
		return typed, nil
	}
	code, _, _ := strings.Cut(strings.ReplaceAll(typed, "_", "-"), "-") // nb of nb-NO
	return "", &Unclear{message(err), wording.LocaleOf(code)}
}

// ReadSources reads sources as in "web, app", "-test" or "all", and checks them against those that
// the bot has. Pass no options if they could not be read. It returns [all] for all. If sources are
// unknown it returns them with the error, since a source may be new: an operator may insist.
func ReadSources(typed string, o sage.Options) ([]string, error) {
	words := split(typed)
	for i, w := range words {
		words[i] = sameAs(w, o.Sources)
	}
	if len(words) == 0 {
		return nil, &Unclear{Problem: "no source was typed: type names with commas between " +
			"them, or all"}
	}
	bot, err := with(config.Changes{Sources: words})
	if err != nil {
		return nil, &Unclear{message(err), ""}
	}
	if len(bot.Sources) == 0 {
		return []string{"all"}, nil
	}
	return bot.Sources, known(bot, o, filters.NearestSource)
}

// ReadLanguages reads languages as in "nb, en" or "all", and checks them against those that the bot
// has. Pass no options if they could not be read. It returns an empty list, not nil, for all.
func ReadLanguages(typed string, o sage.Options) ([]string, error) {
	words := split(strings.ToLower(typed))
	if len(words) == 1 && words[0] == "all" {
		return []string{}, nil
	}
	if len(words) == 0 {
		return nil, &Unclear{Problem: "no language was typed: type two-letter codes with commas " +
			"between them, or all"}
	}
	bot, err := with(config.Changes{Languages: words})
	if err != nil {
		var meant string
		if len(words) == 1 {
			code, _, _ := strings.Cut(words[0], "-") // nb of nb-NO
			meant = cmp.Or(wording.LocaleOf(words[0]), wording.LocaleOf(code))
		}
		return nil, &Unclear{message(err), meant}
	}
	return bot.Languages, known(bot, o, filters.NearestLanguage)
}

// known returns an *Unclear if the bot counts something alone that is not among the options.
func known(bot config.Bot, o sage.Options, nearest func(string, []string) string) error {
	unknown, _ := filters.Of(bot).Unknown(figures.Options(o))
	if unknown == nil {
		return nil
	}
	words := bot.Sources
	if len(bot.Languages) > 0 {
		words = bot.Languages
	}
	all := slices.Concat(unknown.Sources, unknown.Languages)
	var meant []string
	for _, w := range words {
		if slices.Contains(all, w) {
			w = nearest(w, slices.Concat(unknown.KnownSources, unknown.KnownLanguages))
		}
		if w == "" {
			meant = nil
			break
		}
		if !slices.Contains(meant, w) {
			meant = append(meant, w)
		}
	}
	return &Unclear{strings.Join(filters.Describe(unknown), "; "), strings.Join(meant, ", ")}
}

// ReadRecipients reads mail addresses with commas, semicolons or line breaks between them, each
// perhaps with a name, as in "kari@example.com, Ola <ola@example.com>". The error names the address
// that is wrong. An address that comes twice counts once.
func ReadRecipients(typed string) ([]config.Address, error) {
	var all []config.Address
	for _, part := range splitAddresses(typed) {
		a, err := config.ParseAddress(part)
		if err != nil {
			return nil, &Unclear{Problem: err.Error()}
		}
		if !slices.ContainsFunc(all, func(b config.Address) bool {
			return strings.EqualFold(a.Address, b.Address)
		}) {
			all = append(all, a)
		}
	}
	return all, nil
}

// splitAddresses splits at separators that are neither in quotes nor in angle brackets.
func splitAddresses(typed string) (parts []string) {
	var quoted, bracket, escaped bool
	begin := 0
	add := func(end int) {
		if part := strings.TrimSpace(typed[begin:end]); part != "" {
			parts = append(parts, part)
		}
		begin = end + 1
	}
	for i, c := range typed {
		switch {
		case escaped:
			escaped = false
		case c == '\\' && quoted:
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<' || c == '>':
			bracket = c == '<'
		case !bracket && strings.ContainsRune(",;\n", c):
			add(i)
		}
	}
	add(len(typed))
	return parts
}

// split returns the words between commas and spaces.
func split(typed string) []string {
	return strings.FieldsFunc(typed, func(r rune) bool {
		return strings.ContainsRune(",; \t\r\n", r)
	})
}

// sameAs returns the known source that differs from w at most in case, or w.
func sameAs(w string, known []string) string {
	name, out := strings.CutPrefix(w, "-")
	for _, k := range known {
		if strings.EqualFold(k, name) {
			if out {
				return "-" + k
			}
			return k
		}
	}
	return w
}

// with applies an answer to a bot, so that the rules of the file decide.
func with(answer config.Changes) (config.Bot, error) {
	bot, err := config.New("bot")
	if err != nil {
		return bot, err
	}
	return bot.With(answer)
}

// message returns the first mistake without its place.
func message(err error) string {
	var m config.Mistakes
	if errors.As(err, &m) && len(m) > 0 {
		return m[0].Message
	}
	return err.Error()
}
