package slash

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"kindlyweekly/report/config"
	"kindlyweekly/report/names"
	"kindlyweekly/report/period"
	"kindlyweekly/report/period/reference"
	"kindlyweekly/report/wording"
)

// replies writes the answers, in the tenant's language and in Slack's mrkdwn.
type replies struct {
	*wording.Wording
	command string // as it was typed: /kindly-report
}

var commandName = regexp.MustCompile(`^/[\p{L}\p{N}_-]{1,32}$`)

func newReplies(locale, command string) (replies, error) {
	w, err := wording.For(locale)
	if !commandName.MatchString(command) {
		command = "/kindly-report"
	}
	return replies{w, command}, err
}

// of returns replies in the bot's language.
func (s replies) of(b entry) replies {
	if w, err := wording.For(b.Locale); err == nil {
		s.Wording = w
	}
	return s
}

// A query is a report that the caller may ask for.
type query struct {
	bot   entry
	week  period.Period
	share bool
}

// parse returns the report that a text asks for, of the bots that are seen; or nil and the refusal.
func (s replies) parse(
	text string, seen directory, who caller, now time.Time,
) (*query, string) {
	text, more := normalize(unescape(text))
	w, refusal := s.read(text, seen, who, now)
	if more { // the part that was not read may have the week
		return nil, strings.TrimSpace(s.Say(wording.SlashCut, maxText) + " " + refusal)
	}
	return w, refusal
}

func (s replies) read(text string, seen directory, who caller, now time.Time) (*query, string) {
	if is := names.Fold(text); is == "" || is == "help" {
		return nil, s.help(seen, now)
	}
	c, found := seen.choose(text, now)
	if !found {
		return nil, s.unknown(c, seen, now)
	}
	s = s.of(c.bot)
	week, err := c.week.At(now, c.bot.Location)
	switch {
	case c.share &&
		!Allowed(c.bot.tenant, *c.bot.Bot, who.team, who.channel, who.user, true):
		return nil, s.elsewhere(c.bot)
	case err != nil:
		return nil, s.refused(err, c.bot)
	}
	return &query{c.bot, week, c.share}, ""
}

func (s replies) help(seen directory, now time.Time) string {
	if len(seen) == 0 {
		return s.Say(wording.SlashNoBots)
	}
	last := period.LastComplete(now, time.UTC)
	lines := []string{
		s.Say(wording.SlashUsage),
		"• " + s.Say(wording.SlashUsageLast, s.command),
		"• " + s.Say(wording.SlashUsageWeek, s.command, last.String(), last.From().Add(2).String()),
		"• " + s.Say(wording.SlashUsageShare, s.command),
		s.Say(wording.SlashBots),
	}
	const most = 50
	for i, b := range seen {
		if i == most {
			lines = append(lines, s.Say(wording.SlashBotsMore, len(seen)-most))
			break
		}
		lines = append(lines, "• "+title(b))
	}
	return strings.Join(lines, "\n")
}

func (s replies) unknown(c choice, seen directory, now time.Time) string {
	typed := shown(c.name)
	switch {
	case c.ambiguous != nil:
		const most = 5
		var all []string
		for _, b := range c.ambiguous[:min(most, len(c.ambiguous))] {
			if c.whole {
				all = append(all, s.Quote(shown(b.Name))+" (`"+b.ref()+"`)")
			} else {
				all = append(all, s.Quote(shown(b.Name)))
			}
		}
		if len(c.ambiguous) > most {
			all = append(all, "…")
		}
		if c.whole {
			return s.Say(wording.SlashAlike, typed, s.List(all))
		}
		return s.Say(wording.SlashAmbiguous, typed, s.List(all))
	case c.surplus != "":
		return s.Say(wording.SlashSurplus, shown(c.surplus), shown(c.bot.Name),
			period.LastComplete(now, time.UTC).String())
	case c.suggested != "":
		return s.Say(wording.SlashUnknown, typed) + " " +
			s.Say(wording.SlashMeant, shown(c.suggested))
	case len(seen) == 0:
		return s.Say(wording.SlashNoBots)
	}
	return s.Say(wording.SlashUnknown, typed) + "\n" + s.help(seen, now)
}

// refused returns why there is no report of a week. See [reference.Reference.At].
func (s replies) refused(err error, b entry) string {
	var (
		notOver  *reference.NotOverError
		noWeek   *period.NoSuchWeekError
		noDay    *reference.NoSuchDayError
		tooEarly *reference.TooEarlyError
		unclear  *reference.UnclearError
	)
	switch {
	case errors.As(err, &notOver):
		text := s.Say(wording.SlashNotYet, s.Sentence(s.Period(notOver.Period)), shown(b.Name),
			s.WeekdayTime(notOver.Ends), b.TZ)
		if !notOver.YearAgo.IsZero() {
			text += " " + s.Say(wording.SlashYearAgo, notOver.YearAgo.String())
		}
		return text
	case errors.As(err, &noWeek) && noWeek.Year == 0:
		return s.Say(wording.SlashNoNumber, fmt.Sprint(noWeek.Number))
	case errors.As(err, &noWeek):
		return s.Say(wording.SlashNoWeek, fmt.Sprint(noWeek.Number), fmt.Sprint(noWeek.Year),
			fmt.Sprint(noWeek.Weeks))
	case errors.As(err, &noDay):
		return s.Say(wording.SlashNoDay, shown(noDay.Typed))
	case errors.As(err, &tooEarly):
		return s.Say(wording.SlashTooEarly, fmt.Sprint(reference.FirstYear))
	case errors.As(err, &unclear):
		return s.Say(wording.SlashUnclear, shown(unclear.Typed),
			"`"+strings.Join(unclear.Write, "`, `")+"`")
	}
	return s.Say(wording.SlashTrouble) // no other error is known
}

func (s replies) elsewhere(b entry) string {
	var channels []string
	for _, d := range b.Destinations {
		if d.Medium == config.Slack {
			channels = append(channels, "<#"+d.To+">")
		}
	}
	if len(channels) == 0 {
		return s.Say(wording.SlashNowhere, shown(b.Name))
	}
	return s.Say(wording.SlashElsewhere, shown(b.Name), s.List(channels))
}

func (s replies) making(w query, now time.Time) string {
	first, last := w.week.From().UTC(), w.week.Last().UTC()
	dates := s.Dates(first, last)
	if last.Year() != now.In(w.bot.Location).Year() {
		dates = s.DatesYear(first, last)
	}
	key := wording.SlashMaking
	if w.share {
		key = wording.SlashSharing
	}
	return s.Say(key, shown(w.bot.Name), dates)
}

// title returns a bot's name for a list, with its ID if that differs.
func title(b entry) string {
	if b.qualified == "" && b.name == b.id {
		return shown(b.Name)
	}
	return shown(b.Name) + " (`" + b.ref() + "`)"
}

var (
	escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	// Slack escapes what was typed.
	unescape = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace
)

// shown returns a text from outside as an answer quotes it: on one line, shortened, and escaped for
// Slack.
func shown(s string) string {
	const most = 100
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u200c', r == '\u200d', unicode.IsMark(r): // emoji and some scripts need them
		case !names.Visible(string(r)):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return escape(s)
}
