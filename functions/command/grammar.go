package command

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"kindlyweekly/report/bots"
	"kindlyweekly/report/period"
)

// A reading is one way to understand what was typed. A name may have spaces and digits in it, so "Shop 46" is the bot
// Shop 46, or week 46 of the bot Shop.
type reading struct {
	name  string // of the bot, as typed; never empty
	week  weekWord
	share bool
}

// A weekWord is the week that was typed: the zero one is the last complete week, one without a year the last with that
// number.
type weekWord struct {
	typed        bool
	year, number int
}

var (
	weekNumber = regexp.MustCompile(`^(?i:w|week|uke|uge|vecka|woche|kw)?(\d{1,2})$`)
	weekName   = regexp.MustCompile(`^(\d{4})-?[Ww](\d{1,2})$`)
	weekNoun   = regexp.MustCompile(`^(?i:w|week|uke|uge|vecka|woche|kw)$`)
)

// readings returns every way to understand a text, the one with the longest name first; none where it is empty.
func readings(text string) []reading {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil
	}
	all := []reading{{name: strings.Join(words, " ")}}
	for rest := all[0]; len(words) > 1; {
		last := words[len(words)-1]
		switch number, name := weekNumber.FindStringSubmatch(last), weekName.FindStringSubmatch(last); {
		case !rest.share && strings.EqualFold(last, "share"):
			rest.share = true
		case !rest.week.typed && name != nil:
			rest.week = weekWord{true, atoi(name[1]), atoi(name[2])}
		case !rest.week.typed && number != nil:
			rest.week = weekWord{true, 0, atoi(number[1])}
			if len(words) > 2 && weekNoun.MatchString(words[len(words)-2]) { // uke 46
				with := rest
				with.name = strings.Join(words[:len(words)-1], " ")
				all = append(all, with)
				words = words[:len(words)-1]
			}
		default:
			return all
		}
		words = words[:len(words)-1]
		rest.name = strings.Join(words, " ")
		all = append(all, rest)
	}
	return all
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // four digits at most
	return n
}

// A choice is the bot that was meant, with the reading that leads to it; or, without one, what to say instead.
type choice struct {
	reading
	bot       bots.Bot
	ambiguous []bots.Bot // the name begins the names of all these
	surplus   string     // what stands behind the bot's name and means nothing
	meant     string     // the bot that was perhaps meant
}

// choose finds the bot that the text means among those that may be seen: one whose whole id or name stands there, or
// else the only one whose id or name begins so.
func choose(text string, seen []bots.Bot) (c choice, found bool) {
	all := readings(text)
	for _, r := range all {
		for _, b := range seen {
			if is := fold(r.name); is == fold(b.ID) || is == fold(b.Name) {
				return choice{reading: r, bot: b}, true
			}
		}
	}
	// What can be a week or share is one, unless that is a bot's whole name: so now the shortest name first.
	slices.Reverse(all)
	for _, r := range all {
		begun := begins(r.name, seen)
		switch {
		case len(begun) == 1:
			return choice{reading: r, bot: begun[0]}, true
		case len(begun) > 1 && c.ambiguous == nil:
			c.reading, c.ambiguous = r, begun
		}
	}
	if c.ambiguous != nil {
		return c, false
	}
	c.reading = all[0]
	for _, b := range seen {
		for _, is := range []string{b.ID, b.Name} {
			if rest, ok := strings.CutPrefix(fold(c.name), fold(is)+" "); ok && (c.surplus == "" || len(rest) < len(c.surplus)) {
				c.bot, c.surplus = b, rest
			}
		}
	}
	names := make(map[string]string)
	var candidates []string
	for _, b := range seen {
		for _, is := range []string{b.Name, b.ID} {
			names[fold(is)] = b.Name
			candidates = append(candidates, fold(is))
		}
	}
	c.meant = names[bots.Nearest(fold(c.name), candidates)]
	return c, false
}

func begins(name string, seen []bots.Bot) []bots.Bot {
	var begun []bots.Bot
	is := fold(name)
	for _, b := range seen {
		if is != "" && (strings.HasPrefix(fold(b.ID), is) || strings.HasPrefix(fold(b.Name), is)) {
			begun = append(begun, b)
		}
	}
	return begun
}

// fold makes equal what people take for equal: case, spaces, quotes around, and the two ways to encode an å.
func fold(s string) string {
	s = strings.Trim(s, "\"'“”„‘’«»")
	return strings.ToLower(norm.NFC.String(strings.Join(strings.Fields(s), " ")))
}

// A noWeek is why there is no report of a week.
type noWeek struct {
	number, year, weeks int         // no such week; year is 0 where none was typed
	running             period.Week // or one that is not over
	ready               time.Time   // since it is over only then, in the bot's zone
	yearAgo             period.Week // the one with its number that is over, where no year was typed
}

// resolve returns the week that was typed, as clocks in the bot's zone see it at an instant.
func (w weekWord) resolve(now time.Time, zone *time.Location) (period.Week, *noWeek) {
	last := period.LastComplete(now, zone)
	running := last.Next()
	switch {
	case !w.typed:
		return last, nil
	case w.year == 0 && (w.number < 1 || w.number > 53):
		return period.Week{}, &noWeek{number: w.number}
	case w.year == 0:
		week := running
		for number(week) != w.number {
			week = week.Previous()
		}
		if week != running {
			return week, nil
		}
		ago := last
		for number(ago) != w.number {
			ago = ago.Previous()
		}
		return period.Week{}, &noWeek{running: week, ready: week.To().Start(zone), yearAgo: ago}
	}
	week, err := period.Parse(fmt.Sprintf("%04d-W%02d", w.year, w.number))
	switch {
	case err != nil:
		_, weeks := period.WeekOf(period.NewDate(w.year, time.December, 28)).ISO() // always in the last week
		return period.Week{}, &noWeek{number: w.number, year: w.year, weeks: weeks}
	case last.From().Before(week.From()):
		return period.Week{}, &noWeek{running: week, ready: week.To().Start(zone)}
	}
	return week, nil
}

func number(w period.Week) int {
	_, n := w.ISO()
	return n
}
