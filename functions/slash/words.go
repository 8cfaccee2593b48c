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

// A speaker says what is to be said, in the tenant's language and in Slack's mrkdwn.
type speaker struct {
	*wording.Wording
	command string // as it was typed: /kindly-report
}

var commandName = regexp.MustCompile(`^/[\p{L}\p{N}_-]{1,32}$`)

func speak(locale, command string) (speaker, error) {
	w, err := wording.For(locale)
	if !commandName.MatchString(command) {
		command = "/kindly-report"
	}
	return speaker{w, command}, err
}

// of speaks of a bot, in its language: before one was found, the tenant's is spoken.
func (s speaker) of(b folded) speaker {
	if w, err := wording.For(b.Locale); err == nil {
		s.Wording = w
	}
	return s
}

// A wish is a report that may be asked for.
type wish struct {
	bot   folded
	week  period.Period
	share bool
}

// understand returns which of the bots that are seen a text asks for, or else, with nil, what to say instead.
func (s speaker) understand(text string, seen directory, who place, now time.Time) (*wish, string) {
	text, more := cut(unescape(text))
	w, refusal := s.read(text, seen, who, now)
	if more { // what was cut may have been the week
		return nil, strings.TrimSpace(s.Say(wording.SlashCut, longest) + " " + refusal)
	}
	return w, refusal
}

func (s speaker) read(text string, seen directory, who place, now time.Time) (*wish, string) {
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
	case c.share && !Allowed(c.bot.tenant, *c.bot.Bot, who.team, who.channel, who.user, true):
		return nil, s.elsewhere(c.bot)
	case err != nil:
		return nil, s.refused(err, c.bot)
	}
	return &wish{c.bot, week, c.share}, ""
}

func (s speaker) help(seen directory, now time.Time) string {
	if len(seen) == 0 {
		return s.Say(wording.SlashNoBots)
	}
	lines := []string{
		s.Say(wording.SlashUsage),
		"• " + s.Say(wording.SlashUsageLast, s.command),
		"• " + s.Say(wording.SlashUsageWeek, s.command, s.example(now), period.LastComplete(now, time.UTC).From().Add(2).String()),
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

// example is a week as it can be written.
func (s speaker) example(now time.Time) string { return period.LastComplete(now, time.UTC).String() }

func (s speaker) unknown(c choice, seen directory, now time.Time) string {
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
		return s.Say(wording.SlashSurplus, shown(c.surplus), shown(c.bot.Name), s.example(now))
	case c.meant != "":
		return s.Say(wording.SlashUnknown, typed) + " " + s.Say(wording.SlashMeant, shown(c.meant))
	case len(seen) == 0:
		return s.Say(wording.SlashNoBots)
	}
	return s.Say(wording.SlashUnknown, typed) + "\n" + s.help(seen, now)
}

// refused says why there is no report of a week. See [reference.Reference.At].
func (s speaker) refused(err error, b folded) string {
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
		return s.Say(wording.SlashNoWeek, fmt.Sprint(noWeek.Number), fmt.Sprint(noWeek.Year), fmt.Sprint(noWeek.Weeks))
	case errors.As(err, &noDay):
		return s.Say(wording.SlashNoDay, shown(noDay.Typed))
	case errors.As(err, &tooEarly):
		return s.Say(wording.SlashTooEarly, fmt.Sprint(reference.FirstYear))
	case errors.As(err, &unclear):
		return s.Say(wording.SlashUnclear, shown(unclear.Typed), "`"+strings.Join(unclear.Write, "`, `")+"`")
	}
	return s.Say(wording.SlashTrouble) // no other error is known
}

func (s speaker) elsewhere(b folded) string {
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

func (s speaker) making(w wish, now time.Time) string {
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

// title is a bot as a list shows it, with its id where that is another word.
func title(b folded) string {
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

// shown is what somebody typed, here or in a configuration, as it may stand in an answer: on one line, not long, and
// without meaning to Slack.
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
