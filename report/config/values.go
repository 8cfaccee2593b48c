package config

import (
	"errors"
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

// This file reads values. A parse function returns the value, and what is wrong with it or "".

var pathElement = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// parseID parses an id, which must be safe as an element of a path and of a key in a bucket.
func parseID(s string) (string, string) {
	const most = 64
	switch {
	case strings.Contains(s, "/"):
		if id, err := BotID(s); err == nil {
			return "", fmt.Sprintf("is an address: did you mean %q?", id)
		}
		return "", noID
	case len(s) > most:
		return "", fmt.Sprintf("is longer than %d characters", most)
	case !pathElement.MatchString(s):
		return "", noID
	}
	return s, ""
}

const noID = "must consist of letters a to z, digits and . _ - and begin with a letter or a digit"

func (r *reader) name(to *string) read { return r.line(to, "a name", 300, "") }

// line returns the reader of a text of one line. why says why it may not be longer than most
// characters. A text that is invisible is left out.
func (r *reader) line(to *string, what string, most int, why string) read {
	return func(n *yaml.Node, path string) {
		s, ok := r.text(n, path)
		if !ok {
			return
		}
		s = strings.TrimSpace(s)
		after := n.LineComment
		if n.Style == 0 && len(after) > 1 && !strings.HasPrefix(after, "# ") {
			r.warnf(n, path, "%s ends before %s, which is a comment: "+
				"write %s in quotes, or a space after the #",
				quote(s), quote(after), quote(s+" "+after))
		}
		switch i := strings.IndexFunc(s, unprintable); {
		case i >= 0:
			c, _ := utf8.DecodeRuneInString(s[i:])
			r.errorf(n, path, "%s contains %s: %s is one line of text", quote(s), called(c), what)
		case utf8.RuneCountInString(s) > most:
			r.errorf(n, path, "%s is longer than %d characters%s", quote(s), most, why)
		case !names.Visible(s):
			r.warnf(n, path, "%s is invisible: write %s, or remove the key", quote(s), what)
		default:
			*to = s
		}
	}
}

// unprintable reports whether a character would break a heading, a mail's header or a terminal's
// line. Overrides of the direction of writing would, what joins emoji would not.
func unprintable(c rune) bool {
	return unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || c == utf8.RuneError ||
		c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069'
}

var secretID = regexp.MustCompile(
	`^[A-Za-z0-9/_+=.@:-]{1,512}(#[A-Za-z0-9/_+=.@:-]{1,512})?$`)

// secretItself matches Slack's tokens and signing secrets.
var secretItself = regexp.MustCompile(`^(xox|xapp-|eyJ)|^[0-9a-f]{32}$`)

// secret returns the reader of a secret's id. No message repeats the value, since it may be the
// secret.
func (r *reader) secret(to *string) read {
	return func(n *yaml.Node, path string) {
		s, ok := r.text(n, path)
		switch {
		case !ok:
		case secretItself.MatchString(s):
			r.errorf(n, path, "this looks like the secret itself: keep it in Secrets Manager, "+
				"write the id here, and make a new secret, since this one has been written down")
		case !secretID.MatchString(s) && secretID.MatchString(names.Plain(s)):
			r.errorf(n, path, "contains %s: %s", called(firstOdd(s)), retype(firstOdd(s)))
		case !secretID.MatchString(s):
			r.errorf(n, path, "is not a secret's id, which has letters, digits and /_+=.@-, and "+
				"may end in #field: write one such as kindly-weekly/acme#slack_token")
		default:
			*to = s
		}
	}
}

var sourceName = regexp.MustCompile(`^-?[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)

func parseSource(s string) (string, string) {
	switch {
	case s != "all" && strings.EqualFold(strings.TrimPrefix(s, "-"), "all"):
		return "", `is not a source: did you mean "all"?`
	case !sourceName.MatchString(s):
		return "", "is not a source: write a name such as web, " +
			"a name to leave out such as -test, or all"
	}
	return s, ""
}

func (r *reader) sources(to *[]string) read {
	return func(n *yaml.Node, path string) {
		var sources []string
		before := len(r.mistakes)
		several(r, &sources, r.word(parseSource))(n, path)
		out := slices.ContainsFunc(sources, func(s string) bool { return s[0] == '-' })
		in := slices.ContainsFunc(sources, func(s string) bool { return s[0] != '-' && s != "all" })
		all := slices.Contains(sources, "all")
		switch {
		case n.Kind == yaml.SequenceNode && len(n.Content) == 0:
			r.errorf(n, path, "is an empty list: name sources, or write all for no filter")
		case all && (in || out):
			r.errorf(n, path, "contains all beside other sources: write all alone, or leave it out")
		case in && out:
			r.errorf(n, path, "mixes sources to count with sources to leave out: "+
				"write only one kind")
		case len(r.mistakes) > before:
		case all:
			*to = nil
		default:
			*to = sources
		}
	}
}

// word returns the reader of a list's item that is a single value.
func (r *reader) word(parse func(string) (string, string)) func(*yaml.Node, string) (string, bool) {
	return func(n *yaml.Node, path string) (word string, ok bool) {
		one(r, &word, parse)(n, path)
		return word, word != ""
	}
}

func parseLanguage(s string) (string, string) {
	code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(s), "_", "-"), "-")
	base, err := language.ParseBase(code)
	switch {
	case s == "all":
		return "", "is not needed, since without languages all count: remove the key, or write []"
	case err != nil || len(base.String()) != 2:
		return "", "is not a language: write a two-letter code, such as nb, sv or en"
	case s != base.String():
		return "", fmt.Sprintf("is not a two-letter code of a language: did you mean %q?", base)
	}
	return s, ""
}

var weekdays = []string{
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
}

func parseDay(s string) (time.Weekday, string) {
	const wrong = "is not a day of the week: "
	if i := slices.Index(weekdays, strings.ToLower(s)); i >= 0 {
		return time.Weekday((i + 1) % 7), ""
	}
	if day, ok := wording.WeekdayOf(s); ok {
		return 0, fmt.Sprintf(wrong+"did you mean %q?", strings.ToLower(day.String()))
	}
	return 0, wrong + meant(s, weekdays, "write ")
}

var clockTime = regexp.MustCompile(`^([01]?\d|2[0-3]):([0-5]\d)$`)

func parseClock(s string) (Clock, string) {
	if m := clockTime.FindStringSubmatch(s); m != nil {
		return Clock{atoi(m[1]), atoi(m[2])}, ""
	}
	if c, ok := otherClock(s); ok {
		return Clock{}, fmt.Sprintf("is not a time of day: did you mean %q?", c)
	}
	return Clock{}, "is not a time of day: write it from 00:00 to 23:59, such as 08:00"
}

// atoi returns the number that digits denote, and 0 for none.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// spokenTime is a time of day as people write it: kl. 8, 0800, 8:00:00, 8.30 pm, 8h.
var spokenTime = regexp.MustCompile(`^(?i)(?:kl\.? ?)?(\d{1,2}?)(?:[:.h]?(\d\d))?(?:[:.]\d\d)?` +
	`(?: ?(?:h|uhr|([ap])\.?m\.?))?$`)

func otherClock(s string) (Clock, bool) {
	m := spokenTime.FindStringSubmatch(s)
	if m == nil {
		return Clock{}, false
	}
	hour, minute := atoi(m[1]), atoi(m[2])
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

// otherDate is a date as people write it: 3.8.2026, 2026-8-3, 20260803, 2026-08-03T00:00. A date
// with slashes is ambiguous.
var otherDate = regexp.MustCompile(`^(?:(\d{4})-?(\d{1,2})-?(\d{1,2})(?:T[\d:.]+Z?)?|` +
	`(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}))$`)

func parseDate(s string) (period.Date, string) {
	if d, err := period.ParseDate(s); err == nil {
		return d, ""
	}
	if m := otherDate.FindStringSubmatch(s); m != nil {
		day := fmt.Sprintf("%04d-%02d-%02d", atoi(m[1]+m[6]), atoi(m[2]+m[5]), atoi(m[3]+m[4]))
		if other, err := period.ParseDate(day); err == nil {
			return period.Date{}, fmt.Sprintf("is not a date: did you mean %q?", other)
		}
	}
	return period.Date{}, "is not a date: write it as year-month-day, such as 2026-08-03"
}

var (
	yes = []string{"true", "yes", "y", "on", "1", "ja", "j"}
	no  = []string{"false", "no", "n", "off", "0", "nei", "nej", "nein"}
)

func parseBool(s string) (bool, string) {
	const wrong = "is neither true nor false: "
	switch word := strings.ToLower(s); {
	case s == "true":
		return true, ""
	case s == "false":
		return false, ""
	case slices.Contains(yes, word):
		return false, wrong + `did you mean "true"?`
	case slices.Contains(no, word):
		return false, wrong + `did you mean "false"?`
	}
	return false, wrong + "write true or false"
}

// choice returns the parse function of one of the allowed words.
func choice[T ~string](allowed ...T) func(string) (T, string) {
	return func(s string) (T, string) {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = string(a)
		}
		if slices.Contains(words, s) {
			return T(s), ""
		}
		return "", "is not one of the choices: " + meant(s, words, "write ")
	}
}

// parseNot parses true as false and false as true.
func parseNot(s string) (bool, string) {
	is, why := parseBool(s)
	return !is && why == "", why
}

// parsePageQueries parses whether queries of pages are kept.
func parsePageQueries(s string) (keep bool, why string) {
	s, why = choice("cut", "keep")(s)
	return s == "keep", why
}

// parseLocale parses the language of the report.
func parseLocale(s string) (string, string) {
	const wrong = "is not a language of reports: "
	allowed := wording.Locales()
	if slices.Contains(allowed, s) {
		return s, ""
	}
	word, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(s), "_", "-"), "-") // nb-NO
	if locale := wording.LocaleOf(word); locale != "" {
		return "", wrong + "did you mean " + quote(locale) + "?"
	}
	return "", wrong + meant(s, allowed, "write ")
}

// slackID returns the parse function of an id of Slack with one of the first letters. remedy says
// where to find the id.
func slackID(letters, what, remedy string) func(string) (string, string) {
	form := regexp.MustCompile(`[` + letters + `][A-Z0-9]{8,20}`)
	first := strings.Join(strings.Split(letters, ""), " or ")
	return func(s string) (string, string) {
		id := form.FindString(s)
		switch upper := strings.ToUpper(s); {
		case id == s:
			return s, ""
		case id != "" && strings.ContainsAny(s, "/<|"): // a link to it
			return "", fmt.Sprintf("is not an id of Slack: did you mean %q?", id)
		case form.FindString(upper) == upper && strings.ContainsAny(s, "0123456789"):
			return "", fmt.Sprintf("is not an id of Slack: did you mean %q?", upper)
		}
		return "", fmt.Sprintf("is not the id of a Slack %s, which is %s and more letters "+
			"and digits: %s", what, first, remedy)
	}
}

var (
	parseTeam = slackID("TE", "workspace",
		"open Slack in a browser and copy it from the address, after /client/")
	parseChannel = slackID("CG", "channel", "names can change, so the id is needed; "+
		"in Slack click the channel's name at the top, it is at the bottom of About")
	parseUser = slackID("UW", "user", "names can change, so the id is needed; "+
		"in Slack open the profile, then ⋮, then Copy member ID")
)

func (r *reader) slack(n *yaml.Node, path string, app *SlackApp) {
	found := r.mapping(n, path, []key{
		{"team", one(r, &app.Team, parseTeam)},
		{"token_secret", r.secret(&app.TokenSecret)},
		{"signing_secret", r.secret(&app.SigningSecret)},
	}, nil)
	if s := found["signing_secret"]; s != nil && found["team"] == nil {
		r.errorf(s, member(path, "signing_secret"), "needs the key team beside it: "+
			"the slash command finds the tenant by the id of the Slack workspace, T…")
	}
}

// mailAddress is what SES accepts: ASCII, and a domain that name servers can know.
var mailAddress = regexp.MustCompile(`^[!-?A-~]{1,64}@` +
	`([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+` +
	`[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`)

// anyAddress finds addresses in a text.
var anyAddress = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]*[A-Za-z0-9]`)

func (r *reader) address(to *Address) read {
	return func(n *yaml.Node, path string) {
		one(r, to, parseAddress)(n, path)
		if to.Name != "" && !names.Visible(to.Name) {
			r.warnf(n, path, "the name %s is invisible: write another one, or the address alone",
				quote(to.Name))
			to.Name = ""
		}
	}
}

// ParseAddress reads a mail address as a file may have it, with or without a name.
func ParseAddress(s string) (Address, error) {
	if strings.TrimSpace(s) == "" {
		return Address{}, errors.New("the mail address is empty")
	}
	a, why := parseAddress(s)
	if why != "" {
		return Address{}, fmt.Errorf("%s %s", quote(s), why)
	}
	return a, nil
}

func parseAddress(s string) (Address, string) {
	const (
		example = "write one such as kari@example.com, or Kari <kari@example.com>"
		several = "contains several addresses: write each as an item of its own"
	)
	a, err := mail.ParseAddress(s)
	found := slices.Compact(anyAddress.FindAllString(s, -1)) // a link of Slack has it twice
	list, _ := mail.ParseAddressList(s)
	switch {
	case len(list) > 1, err != nil && len(found) > 1:
		return Address{}, several
	case err != nil && len(found) == 1 && mailAddress.MatchString(found[0]):
		return Address{}, fmt.Sprintf("is not a mail address: did you mean %q?", found[0])
	case err != nil:
		return Address{}, "is not a mail address: " + example
	case len(a.Address) > 254 || !mailAddress.MatchString(a.Address):
		return Address{}, "is not a mail address that can be delivered to: " + example +
			"; write letters other than a to z in the domain's xn-- form"
	case strings.ContainsFunc(a.Name, unprintable):
		return Address{}, "has a line break or another invisible character in the name"
	}
	return Address{Name: a.Name, Address: a.Address}, ""
}

var (
	placeholder  = regexp.MustCompile(`\{[^{}]*\}`)
	placeholders = []string{"{bot}", "{from}", "{to}"}

	// linkText has no character that ends a link in Slack or in mail.
	linkText = regexp.MustCompile("^[^\\s<>\"|\\\\^`{}]*$")
)

// link returns the reader of a template of a link. One that all bots share must contain {bot}.
func (r *reader) link(to *string, shared bool) read {
	return one(r, to, func(s string) (string, string) {
		for _, p := range placeholder.FindAllString(s, -1) {
			if !slices.Contains(placeholders, p) {
				return "", "contains the unknown placeholder " + quote(p) + ": " +
					meant(p, placeholders, "write ")
			}
		}
		bare := placeholder.ReplaceAllString(s, "0")
		u, err := url.Parse(bare)
		if err != nil {
			u = new(url.URL)
		}
		for _, rule := range []struct {
			broken bool
			why    string
		}{
			{u.Host == "" || !linkText.MatchString(bare) || len(s) > 2000, "is not a link"},
			{u.Scheme != "https", "does not begin with https://"},
			{u.User != nil, "contains a user's name or password"},
			{!strings.HasPrefix(s, "https://"+u.Host), "has a placeholder in the host"},
			{shared && !strings.Contains(s, "{bot}"), "is the same for every bot"},
		} {
			if rule.broken {
				return "", rule.why + ": write one such as https://app.kindly.ai/bot/{bot}"
			}
		}
		return s, ""
	})
}

var hexColor = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func (r *reader) color(to *string) read {
	return func(n *yaml.Node, path string) {
		if isNull(n) {
			r.errorf(n, path,
				`has no value; # begins a comment, so write a color in quotes: "#0b5fff"`)
			return
		}
		one(r, to, parseColor)(n, path)
	}
}

func parseColor(s string) (string, string) {
	color := strings.ToLower(s)
	if hexColor.MatchString(color) {
		return color, ""
	}
	digits := strings.TrimPrefix(color, "#")
	if len(digits) == 3 {
		digits = strings.Repeat(digits[:1], 2) + strings.Repeat(digits[1:2], 2) +
			strings.Repeat(digits[2:], 2)
	}
	if hexColor.MatchString("#" + digits) {
		return "", fmt.Sprintf("is not a color: did you mean %q?", "#"+digits)
	}
	return "", `is not a color: write red, green and blue as "#0b5fff", in quotes`
}

var logoFile = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,60}\.png$`)

func parseLogo(s string) (string, string) {
	if !logoFile.MatchString(s) {
		return "", "is not the name of a PNG file beside this one: " +
			"write one such as logo.png, without a folder"
	}
	return s, ""
}

func parseCountry(s string) (string, string) {
	region, err := language.ParseRegion(s)
	known := holidays.Countries()
	switch code := region.Canonicalize().String(); {
	case err != nil || !region.IsCountry():
		return "", "is not a country: write its two letters, such as NO, SE or DE"
	case !slices.Contains(known, code):
		return "", "is a country without known holidays; known are " + strings.Join(known, ", ") +
			": leave the key out, and write the days that matter as notes"
	case code != s:
		return "", fmt.Sprintf("is not a country: did you mean %q?", code)
	}
	return s, ""
}

var number = regexp.MustCompile(`^(\d{1,9})([.,]\d{1,9})?( ?%)?$`)

// parseRate parses a part of a whole, from 0 to 1, or from 0% to 100%.
func parseRate(s string) (*float64, string) {
	const example = "write a number from 0 to 1, such as 0.08, or a percentage, such as 8%"
	m := number.FindStringSubmatch(s)
	if m == nil {
		return nil, "is not a rate: " + example
	}
	decimal := m[1] + strings.ReplaceAll(m[2], ",", ".")
	f, _ := strconv.ParseFloat(decimal, 64)
	if m[3] != "" {
		f /= 100
	}
	switch {
	case f > 1 && f <= 100 && m[3] == "":
		return nil, fmt.Sprintf("is more than the whole, which is 1: did you mean %s%%?", decimal)
	case f > 1:
		return nil, "is more than the whole: " + example
	case strings.HasPrefix(m[2], ","):
		return nil, fmt.Sprintf("has a comma: did you mean %q?", decimal+m[3])
	}
	return &f, ""
}

func parseCount(s string) (*int, string) {
	i, err := strconv.Atoi(s)
	if err != nil || i < 0 || s[0] == '+' {
		return nil, "is not a count: write a whole number such as 5, or 0"
	}
	return &i, ""
}
