package config

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"kindlyweekly/report/holidays"
	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
	"kindlyweekly/report/wording"
)

// A read reads a value where it stands. The methods here return one for each kind of value.
type read = func(n *yaml.Node, path string)

// one returns the reader of a single value; what parse finds wrong is noted after the value itself.
func one[T any](r *reader, to *T, parse func(s string) (T, string)) read {
	return func(n *yaml.Node, path string) {
		s, ok := r.text(n, path)
		if !ok {
			return
		}
		v, why := parse(s)
		if why != "" {
			if plain := names.Plain(s); plain != s {
				if _, still := parse(plain); still == "" {
					why = odd(s, plain)
				}
			}
			r.wrong(n, path, "%s %s", quote(s), why)
			return
		}
		*to = v
	}
}

var pathElement = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// unsafe says why s cannot be an element of a path and of a key in a bucket; "" if it can.
func unsafe(s string) string {
	const most = 64
	switch {
	case len(s) > most:
		return fmt.Sprintf("is longer than %d characters", most)
	case !pathElement.MatchString(s):
		return "must consist of letters a to z, digits and . _ - and begin with a letter or a digit"
	}
	return ""
}

func (r *reader) id(b *Bot) read {
	return one(r, &b.ID, func(s string) (string, string) { return s, unsafe(s) })
}

func (r *reader) name(b *Bot) read { return r.line(&b.Name, "a name", 300, "") }

// line reads what is shown on one line. What cannot be seen is left out.
func (r *reader) line(to *string, what string, most int, since string) read {
	return func(n *yaml.Node, path string) {
		s, ok := r.text(n, path)
		if !ok {
			return
		}
		s = strings.TrimSpace(s)
		if after := n.LineComment; n.Style == 0 && strings.HasPrefix(after, "#") && !strings.HasPrefix(after, "# ") && after != "#" {
			r.newly(n, path, "%s ends before %s, which is a comment: write %s in quotes, or a space behind the #",
				quote(s), quote(after), quote(s+" "+after))
		}
		switch i := strings.IndexFunc(s, unprintable); {
		case i >= 0:
			c, _ := utf8.DecodeRuneInString(s[i:])
			r.wrong(n, path, "%s holds %s: %s is one line of text", quote(s), called(c), what)
		case utf8.RuneCountInString(s) > most:
			r.wrong(n, path, "%s is longer than %d characters%s", quote(s), most, since)
		case !names.Visible(s):
			r.newly(n, path, "%s cannot be seen: write %s, or remove the key", quote(s), what)
		default:
			*to = s
		}
	}
}

// unprintable finds what would break a heading, a mail's header or a terminal's line, overrides of the direction of
// writing among it. What joins emoji is let through.
func unprintable(c rune) bool {
	return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || c == utf8.RuneError ||
		c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069'
}

var secretID = regexp.MustCompile(`^[A-Za-z0-9/_+=.@:-]{1,512}(#[A-Za-z0-9/_+=.@:-]{1,512})?$`)

// What Slack's tokens and signing secrets look like.
var secretItself = regexp.MustCompile(`^(xox|xapp-|eyJ)|^[0-9a-f]{32}$`)

// secret reads where a secret is kept. No message repeats the value: it may be the secret.
func (r *reader) secret(to *string) read {
	return func(n *yaml.Node, path string) {
		s, ok := r.text(n, path)
		switch {
		case !ok:
		case secretItself.MatchString(s):
			r.wrong(n, path, "this looks like the secret itself: keep it in Secrets Manager, write the id here, "+
				"and have a new secret made, since this one has been written down")
		case !secretID.MatchString(s) && secretID.MatchString(names.Plain(s)):
			r.wrong(n, path, "holds %s: %s", called(firstOdd(s)), retype(firstOdd(s)))
		case !secretID.MatchString(s):
			r.wrong(n, path, "is no id of a secret: it consists of letters, digits and /_+=.@-, "+
				"perhaps with #field behind it, such as kindly-weekly/acme#slack_token")
		default:
			*to = s
		}
	}
}

var sourceName = regexp.MustCompile(`^-?[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)

func (r *reader) sources(b *Bot) read {
	return func(n *yaml.Node, path string) {
		var sources []string
		var all, in, out bool
		list := r.words(n, path, func(n *yaml.Node, path, s string) {
			switch {
			case s != "all" && strings.EqualFold(strings.TrimPrefix(s, "-"), "all"):
				r.wrong(n, path, "%s is no source: did you mean \"all\"?", quote(s))
			case !sourceName.MatchString(s) && sourceName.MatchString(names.Plain(s)):
				r.wrong(n, path, "%s %s", quote(s), odd(s, names.Plain(s)))
			case !sourceName.MatchString(s):
				r.wrong(n, path, "%s is no source: write a name such as web, a name to leave out such as -test, or all", quote(s))
			case slices.Contains(sources, s):
				r.wrong(n, path, "%s stands here twice", quote(s))
			case s == "all":
				all = true
			default:
				in, out = in || s[0] != '-', out || s[0] == '-'
			}
			sources = append(sources, s)
		})
		switch {
		case !list:
		case len(sources) == 0 && len(n.Content) == 0:
			r.wrong(n, path, "is an empty list: name sources, or write all for no filter")
		case all && (in || out):
			r.wrong(n, path, "all stands beside other sources: write all alone, or leave it out")
		case in && out:
			r.wrong(n, path, "mixes sources to count with sources to leave out: name the one kind or the other")
		case all:
			b.Sources = nil
		default:
			b.Sources = sources
		}
	}
}

var twoLetters = regexp.MustCompile(`^[a-z]{2}$`)

func (r *reader) languages(b *Bot) read {
	return func(n *yaml.Node, path string) {
		var languages []string
		if r.words(n, path, func(n *yaml.Node, path, s string) {
			code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(s), "_", "-"), "-")
			base, err := language.ParseBase(code)
			switch {
			case s == "all":
				r.wrong(n, path, "every language counts where none is named: remove the key, or write []")
			case names.Plain(s) != s && twoLetters.MatchString(names.Plain(s)):
				r.wrong(n, path, "%s %s", quote(s), odd(s, names.Plain(s)))
			case err != nil || len(base.String()) != 2:
				r.wrong(n, path, "%s is no language: write a two-letter code, such as nb, sv or en", quote(s))
			case s != base.String():
				r.wrong(n, path, "%s is no two-letter code of a language: did you mean %q?", quote(s), base)
			case slices.Contains(languages, s):
				r.wrong(n, path, "%s stands here twice", quote(s))
			default:
				languages = append(languages, s)
			}
		}) {
			b.Languages = languages
		}
	}
}

var weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

func (r *reader) day(to *time.Weekday) read {
	return one(r, to, func(s string) (time.Weekday, string) {
		i := slices.Index(weekdays, strings.ToLower(s))
		if i < 0 {
			if day, ok := wording.WeekdayOf(s); ok {
				return 0, fmt.Sprintf("is no day of the week: did you mean %q?", strings.ToLower(day.String()))
			}
			return 0, "is no day of the week: " + meant(s, weekdays, "write ")
		}
		return time.Weekday((i + 1) % 7), ""
	})
}

var clockTime = regexp.MustCompile(`^([01]?\d|2[0-3])([:.])([0-5]\d)$`)

func (r *reader) clock(to *Clock) read {
	return one(r, to, func(s string) (Clock, string) {
		m := clockTime.FindStringSubmatch(s)
		if m == nil {
			if c, ok := otherClock(s); ok {
				return Clock{}, fmt.Sprintf("is no time of day: did you mean %q?", c)
			}
			return Clock{}, "is no time of day: write it from 00:00 to 23:59, such as 08:00"
		}
		hour, _ := strconv.Atoi(m[1])
		minute, _ := strconv.Atoi(m[3])
		c := Clock{hour, minute}
		if m[2] != ":" {
			return Clock{}, fmt.Sprintf("is no time of day: did you mean %q?", c)
		}
		return c, ""
	})
}

// spokenTime is a time of day as people write it: kl. 8, 0800, 8:00:00, 8.30 pm, 8h.
var spokenTime = regexp.MustCompile(`^(?i)(?:kl\.? ?)?(\d{1,2}?)(?:[:.h]?(\d\d))?(?:[:.]\d\d)?(?: ?(?:h|uhr|([ap])\.?m\.?))?$`)

func otherClock(s string) (Clock, bool) {
	m := spokenTime.FindStringSubmatch(s)
	if m == nil {
		return Clock{}, false
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	switch half := strings.ToLower(m[3]); {
	case half != "" && (hour < 1 || hour > 12):
		return Clock{}, false
	case half == "p":
		hour = hour%12 + 12
	case half == "a":
		hour %= 12
	case hour == 24 && minute == 0:
		hour = 0
	}
	return Clock{hour, minute}, hour < 24 && minute < 60
}

// otherDate is a date as people write it: 3.8.2026, 2026-8-3, 20260803, 2026-08-03T00:00. With slashes nobody knows which is the
// month.
var otherDate = regexp.MustCompile(`^(?:(\d{4})-?(\d{1,2})-?(\d{1,2})(?:T[\d:.]+Z?)?|(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}))$`)

func (r *reader) date(to *period.Date) read {
	return one(r, to, func(s string) (period.Date, string) {
		d, err := period.ParseDate(s)
		if err != nil {
			if m := otherDate.FindStringSubmatch(s); m != nil {
				year, _ := strconv.Atoi(m[1] + m[6])
				month, _ := strconv.Atoi(m[2] + m[5])
				day, _ := strconv.Atoi(m[3] + m[4])
				if other, err := period.ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day)); err == nil {
					return d, fmt.Sprintf("is no date: did you mean %q?", other)
				}
			}
			return d, "is no date: write it as year-month-day, such as 2026-08-03"
		}
		return d, ""
	})
}

func (r *reader) yesNo(to *bool) read {
	return one(r, to, func(s string) (bool, string) {
		switch s {
		case "true":
			return true, ""
		case "false":
			return false, ""
		}
		for value, words := range map[bool][]string{
			true: {"yes", "y", "on", "1", "ja", "j", "true"}, false: {"no", "n", "off", "0", "nei", "nej", "nein", "false"},
		} {
			if slices.Contains(words, strings.ToLower(s)) {
				return false, fmt.Sprintf(`is neither true nor false: did you mean "%t"?`, value)
			}
		}
		return false, "is neither true nor false: write true or false"
	})
}

func (r *reader) choice(to *string, allowed []string) read {
	return one(r, to, func(s string) (string, string) {
		if !slices.Contains(allowed, s) {
			return "", "is not among the choices: " + meant(s, allowed, "write ")
		}
		return s, ""
	})
}

// locale reads the language of the report.
func (r *reader) locale(to *string) read {
	return one(r, to, func(s string) (string, string) {
		allowed := wording.Locales()
		if slices.Contains(allowed, s) {
			return s, ""
		}
		word, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(s), "_", "-"), "-") // nb-NO
		if locale := wording.LocaleOf(word); locale != "" {
			return "", "is no language of reports: did you mean " + quote(locale) + "?"
		}
		return "", "is no language of reports: " + meant(s, allowed, "write ")
	})
}

var (
	slackTeam    = regexp.MustCompile(`[TE][A-Z0-9]{8,20}`)
	slackChannel = regexp.MustCompile(`[CG][A-Z0-9]{8,20}`)
	slackUser    = regexp.MustCompile(`[UW][A-Z0-9]{8,20}`)
)

// slackID returns s if it is an id of Slack's as form describes it, and otherwise what to do instead.
func slackID(form *regexp.Regexp, s, cure string) (string, string) {
	id := form.FindString(s)
	switch upper := strings.ToUpper(s); {
	case id == s:
		return s, ""
	case id != "" && strings.ContainsAny(s, "/<|"): // a link to it
		return "", fmt.Sprintf("is no id of Slack's: did you mean %q?", id)
	case form.FindString(upper) == upper && strings.ContainsAny(s, "0123456789"):
		return "", fmt.Sprintf("is no id of Slack's: did you mean %q?", upper)
	}
	return "", cure
}

func (r *reader) slack(n *yaml.Node, path string, app *SlackApp) {
	found := r.mapping(n, path, []key{
		{"team", one(r, &app.Team, func(s string) (string, string) {
			return slackID(slackTeam, s, "is no id of a Slack workspace, T and more letters and digits: "+
				"open Slack in a browser, it stands in the address behind /client/")
		})},
		{"token_secret", r.secret(&app.TokenSecret)},
		{"signing_secret", r.secret(&app.SigningSecret)},
	}, nil)
	if s := found["signing_secret"]; s != nil && found["team"] == nil {
		r.wrong(s, member(path, "signing_secret"), "needs the key team beside it: "+
			"the slash command finds the tenant by the id of the Slack workspace, T…")
	}
}

func (r *reader) charts(to *Charts) read {
	return func(n *yaml.Node, path string) {
		choice := string(*to)
		r.choice(&choice, []string{string(Native), string(Images)})(n, path)
		*to = Charts(choice)
	}
}

// pageQueries reads whether queries of pages are kept.
func (r *reader) pageQueries(keep *bool) read {
	return func(n *yaml.Node, path string) {
		choice := "cut"
		r.choice(&choice, []string{"cut", "keep"})(n, path)
		*keep = choice == "keep"
	}
}

func (r *reader) viewers(b *Bot) read {
	return func(n *yaml.Node, path string) {
		var viewers []string
		if r.list(n, path, func(n *yaml.Node, path string) {
			var user string
			one(r, &user, func(s string) (string, string) {
				return slackID(slackUser, s, "is no id of a Slack user, U or W and more letters and digits; names can change, "+
					"so the id is needed: in Slack open the profile, then ⋮, then Copy member ID")
			})(n, path)
			switch {
			case user == "":
			case slices.Contains(viewers, user):
				r.wrong(n, path, "%s stands here twice", quote(user))
			default:
				viewers = append(viewers, user)
			}
		}) {
			b.Viewers = viewers
		}
	}
}

// What SES takes: plain ASCII, and a domain that the world's name servers can know.
var mailAddress = regexp.MustCompile(`^[!-?A-~]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`)

// anyAddress finds addresses in a text.
var anyAddress = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]*[A-Za-z0-9]`)

func (r *reader) address(to *Address) read {
	return func(n *yaml.Node, path string) {
		one(r, to, parseAddress)(n, path)
		if to.Name != "" && !names.Visible(to.Name) {
			r.newly(n, path, "the name %s cannot be seen: write one that can, or the address alone", quote(to.Name))
			to.Name = ""
		}
	}
}

func parseAddress(s string) (Address, string) {
	const example = "write one such as kari@example.com, or Kari <kari@example.com>"
	if list, err := mail.ParseAddressList(s); err == nil && len(list) > 1 {
		return Address{}, "holds several addresses: write each for itself"
	}
	a, err := mail.ParseAddress(s)
	switch {
	case err != nil:
		found := anyAddress.FindAllString(s, -1)
		found = slices.Compact(found) // a link copied from Slack has it twice
		switch {
		case len(found) > 1:
			return Address{}, "holds several addresses: write each for itself"
		case len(found) == 1 && mailAddress.MatchString(found[0]):
			return Address{}, fmt.Sprintf("is no mail address: did you mean %q?", found[0])
		}
		return Address{}, "is no mail address: " + example
	case len(a.Address) > 254 || !mailAddress.MatchString(a.Address):
		return Address{}, "is no mail address that can be delivered to: " + example +
			"; other letters than a to z are written in the domain's xn-- form"
	case strings.ContainsFunc(a.Name, unprintable):
		return Address{}, "has a line break or another invisible character in the name"
	}
	return Address{Name: a.Name, Address: a.Address}, ""
}

var (
	placeholder = regexp.MustCompile(`\{[^{}]*\}`)
	linkText    = regexp.MustCompile("^[^\\s<>\"|\\\\^`{}]*$") // what ends a link in Slack or in mail is left out
)

// link reads the template of a link; shared by all bots, it must say which of them is meant.
func (r *reader) link(to *string, shared bool) read {
	return one(r, to, func(s string) (string, string) {
		const example = ": write one such as https://app.kindly.ai/bot/{bot}"
		for _, p := range placeholder.FindAllString(s, -1) {
			if known := []string{"{bot}", "{from}", "{to}"}; !slices.Contains(known, p) {
				return "", "holds the unknown placeholder " + quote(p) + ": " + meant(p, known, "write ")
			}
		}
		bare := placeholder.ReplaceAllString(s, "0")
		u, err := url.Parse(bare)
		switch {
		case err != nil || !linkText.MatchString(bare) || len(s) > 2000 || u.Host == "":
			return "", "is no link" + example
		case u.Scheme != "https":
			return "", "does not begin with https://" + example
		case u.User != nil:
			return "", "holds a user's name or password" + example
		case !strings.HasPrefix(s, "https://"+u.Host):
			return "", "has a placeholder in the host" + example
		case shared && !strings.Contains(s, "{bot}"):
			return "", "leads every bot to the same place" + example
		}
		return s, ""
	})
}

var hexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func (r *reader) colour(to *string) read {
	return func(n *yaml.Node, path string) {
		if isNull(n) {
			r.wrong(n, path, `has no value; # begins a comment, so a colour stands in quotes: "#0b5fff"`)
			return
		}
		one(r, to, func(s string) (string, string) {
			colour := strings.ToLower(s)
			if hexColour.MatchString(colour) {
				return colour, ""
			}
			digits := strings.TrimPrefix(colour, "#")
			if len(digits) == 3 {
				digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
			}
			if hexColour.MatchString("#" + digits) {
				return "", fmt.Sprintf("is no colour: did you mean %q?", "#"+digits)
			}
			return "", `is no colour: write red, green and blue as "#0b5fff", in quotes`
		})(n, path)
	}
}

var logoFile = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,60}\.png$`)

func (r *reader) logo(to *string) read {
	return one(r, to, func(s string) (string, string) {
		if !logoFile.MatchString(s) {
			return "", "is no name of a PNG file beside this one: write one such as logo.png, without a folder"
		}
		return s, ""
	})
}

func (r *reader) country(to *string) read {
	return one(r, to, func(s string) (string, string) {
		region, err := language.ParseRegion(s)
		known := holidays.Countries()
		switch {
		case err != nil || !region.IsCountry():
			return "", "is no country: write its two letters, such as NO, SE or DE"
		case !slices.Contains(known, region.Canonicalize().String()):
			return "", "is a country whose holidays are not known here; known are " + strings.Join(known, ", ") +
				": leave the key out, and write the days that matter as notes"
		case region.Canonicalize().String() != s:
			return "", fmt.Sprintf("is no country: did you mean %q?", region.Canonicalize())
		}
		return s, ""
	})
}

// notes reads a list of days, or of stretches of days, each with a text.
func (r *reader) notes(to *[]Note) read {
	return func(n *yaml.Node, path string) {
		var notes []Note
		if r.list(n, path, func(n *yaml.Node, path string) {
			if n.Kind == yaml.ScalarNode && !isNull(n) {
				r.wrong(n, path, "%s is no note: write {date: 2026-11-27, text: Black Friday}", quote(n.Value))
				return
			}
			note, ok := r.note(n, path)
			switch {
			case !ok:
			case slices.Contains(notes, note):
				r.wrong(n, path, "stands here twice")
			default:
				notes = append(notes, note)
			}
		}) {
			*to = notes
		}
	}
}

// longestNote is how many days a note covers at most. A longer one is a slip, most often in the year; and it would leave
// no week to compare with.
const longestNote = 92

// note reads one; without it the mistakes say why.
func (r *reader) note(n *yaml.Node, path string) (Note, bool) {
	var date, from, to period.Date
	var note Note
	before := len(r.mistakes)
	found := r.mapping(n, path, []key{
		{"date", r.date(&date)},
		{"from", r.date(&from)},
		{"to", r.date(&to)},
		{"text", r.line(&note.Text, "a note", 80, ": it has to find room in a headline")},
	}, nil)
	if found == nil {
		return note, false
	}
	has := func(key string) bool { return found[key] != nil }
	const example = "write {date: 2026-11-27, text: Black Friday}, or {from: 2026-11-23, to: 2026-11-29, text: Black Week}"
	switch {
	case has("date") && (has("from") || has("to")):
		r.wrong(n, path, "has date beside from or to: "+example)
	case !has("date") && !has("from") && !has("to"):
		r.wrong(n, path, "has no date: "+example)
	case has("from") != has("to"):
		r.wrong(n, path, "has only one of from and to: "+example)
	}
	if !has("text") {
		r.wrong(n, path, "the key text is missing: what was special about the days, such as Black Friday")
	}
	if len(r.mistakes) > before {
		return note, false
	}
	note.First, note.Last = date, date
	if has("from") {
		note.First, note.Last = from, to
	}
	switch days := note.Last.Sub(note.First) + 1; {
	case days < 1:
		r.wrong(found["to"], member(path, "to"), "%s is before from: to is the last of the days", note.Last)
		return note, false
	case days > longestNote:
		r.wrong(n, path, "covers %d days, and %d are the most: did you mean another year? "+
			"What holds for longer is not special: leave it out", days, longestNote)
		return note, false
	}
	return note, true
}

var number = regexp.MustCompile(`^(\d{1,9})([.,]\d{1,9})?( ?%)?$`)

// rate reads a part of a whole, from 0 to 1, or from 0% to 100%.
func (r *reader) rate(to **float64) read {
	return one(r, to, func(s string) (*float64, string) {
		m := number.FindStringSubmatch(s)
		if m == nil {
			return nil, "is no part of a whole: write a number from 0 to 1, such as 0.08, or a percentage, such as 8%"
		}
		f, _ := strconv.ParseFloat(m[1]+strings.ReplaceAll(m[2], ",", "."), 64)
		if m[3] != "" {
			f /= 100
		}
		switch {
		case f > 1 && f <= 100 && m[3] == "":
			return nil, fmt.Sprintf("is more than the whole, which is 1: did you mean %s%%?",
				m[1]+strings.ReplaceAll(m[2], ",", "."))
		case f > 1:
			return nil, "is more than the whole: write a number from 0 to 1, such as 0.08, or a percentage, such as 8%"
		case strings.HasPrefix(m[2], ","):
			return nil, fmt.Sprintf("has a comma: did you mean %q?", strings.ReplaceAll(s, ",", "."))
		}
		return &f, ""
	})
}

func (r *reader) count(to **int) read {
	return one(r, to, func(s string) (*int, string) {
		i, err := strconv.Atoi(s)
		if err != nil || i < 0 || s[0] == '+' {
			return nil, "is no count: write a whole number such as 5, or 0"
		}
		return &i, ""
	})
}
